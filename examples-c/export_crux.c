/*
 * Exports all items of a Crux Connect account into a CSV file: ask, await, download.
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
    crux_response *asked, *done, *saved = NULL;
    const crux_response *last;
    crux_client *me;
    int32_t code;

    if (argc != 4) {
        fprintf(stderr, "usage: CRUX_PASSWORD=... %s BASE_URL USER FILE\n", argv[0]);
        return CRUX_ERR_ARGUMENT;
    }
    me = crux_login("crux-connect", argv[1], argv[2], getenv("CRUX_PASSWORD"));

    /* Without a bar: crux_await(me, asked, -1) and crux_download(me, url, file). A failure is passed on. */
    asked = crux_request(me, "POST", "products/items/search/export/", "{}", -1);
    done = await_with_bar(me, asked);
    if (crux_code(done) == CRUX_OK)
        saved = download_with_bar(me, crux_info(done, "location"), argv[3]);

    last = saved != NULL ? saved : done;
    code = crux_code(last);
    if (code == CRUX_OK)
        printf("%s: %lld bytes\n", argv[3], (long long)crux_number(last, "received"));
    else
        fprintf(stderr, "%s\n", crux_message(last));
    crux_free(saved);
    crux_free(done);
    crux_free(asked);
    crux_free(me);
    return code;
}
