/*
 * Makes requests through a proxy with a password, and with a client certificate, frees everything, and counts how
 * often the secrets of both can be found in this program's own writable memory: before and after.
 *
 *     connections BASE CA-FILE CERT-FILE KEY-FILE PROXY PASSWORD CODED KEY-TEXT KEY-DER
 *
 * From PROXY on they come as scan.h says.
 */
#include <crux.h>

#include "../secrets/scan.h"

enum { SECRETS = 4 };

int main(int argc, char **argv)
{
    struct secret secrets[SECRETS];
    unsigned long before[SECRETS], after[SECRETS];
    char *proxy;
    crux_options *options = crux_options_new();
    crux_client *me;
    crux_response *answer;
    int i;

    if (argc != 10)
        return 2;
    for (i = 0; i < SECRETS; ++i)
        secrets[i] = inverted(argv[6 + i]);
    proxy = revealed(inverted(argv[5]));
    crux_options_set(options, "base_url", argv[1]);
    crux_options_set(options, "tls.ca_file", argv[2]);
    crux_options_set(options, "tls.client_cert_file", argv[3]);
    crux_options_set(options, "tls.client_key_file", argv[4]);
    crux_options_set(options, "token", "abc-123");
    crux_options_set(options, "allow_http", "1");
    crux_options_set(options, "proxy", proxy);
    wipe(proxy);

    me = crux_login_with(options);
    crux_free(options);
    for (i = 0; i < 3; ++i) {
        answer = crux_request(me, "GET", "x", NULL, 0);
        if (crux_code(answer) != CRUX_OK) {
            fprintf(stderr, "%s\n", crux_message(answer));
            return 4;
        }
        crux_free(answer);
    }
    count(secrets, SECRETS, before);
    crux_free(me);
    go_on();
    count(secrets, SECRETS, after);
    for (i = 0; i < SECRETS; ++i)
        printf("%lu %lu\n", before[i], after[i]);
    return 0;
}
