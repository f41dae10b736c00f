/*
 * Exports all items of a Crux Connect account into a CSV file, by one call.
 *
 *     CRUX_PASSWORD='correct horse' export_crux http://127.0.0.1:8080/timp/ ada@example.com items.csv
 *
 * The status is the outcome: 0 for success, else one of CRUX_ERR_... An incomplete file never has the final
 * name. An interrupted download resumes when the same link is downloaded again.
 */
#define _POSIX_C_SOURCE 200809L
#include "progress.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    crux_client *me;
    crux_call *call;
    int32_t code;

    if (argc != 4) {
        fprintf(stderr, "usage: CRUX_PASSWORD=... %s BASE_URL USER FILE\n", argv[0]);
        return CRUX_ERR_ARGUMENT;
    }
    me = crux_login("crux-connect", argv[1], argv[2], getenv("CRUX_PASSWORD"));
    call = crux_call_new(me, "POST", "products/items/search/export/");
    code = export_to(call, argv[3]);
    crux_free(call);
    crux_free(me);
    return code;
}
