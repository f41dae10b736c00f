/*
 * Logs in, sends one request, prints the response.
 *
 *     CRUX_PASSWORD='correct horse' login crux-connect http://127.0.0.1:8080/timp/ ada@example.com organizations/
 *
 * An empty BASE_URL means the service's own address. The status is the outcome: 0 for success, else
 * one of CRUX_ERR_...
 */
#include <crux.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    crux_client *me;
    crux_response *response;
    int32_t code;

    if (argc != 5) {
        fprintf(stderr, "usage: CRUX_PASSWORD=... %s SERVICE BASE_URL USER PATH\n", argv[0]);
        return CRUX_ERR_ARGUMENT;
    }

    /* After a failed login the request fails with the same sentence, so one check is enough. */
    me = crux_login(argv[1], argv[2], argv[3], getenv("CRUX_PASSWORD"));
    response = crux_request(me, "GET", argv[4], NULL, 0);
    code = crux_code(response);
    if (code == CRUX_OK)
        puts(crux_body(response, NULL));
    else
        fprintf(stderr, "%s\n", crux_message(response));
    if (crux_info(response, "warning") != NULL)
        fprintf(stderr, "The service warns: %s\n", crux_info(response, "warning"));
    crux_free(response);
    crux_free(me);
    return code;
}
