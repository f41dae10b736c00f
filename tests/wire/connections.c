/*
 * Makes requests through a proxy with a password, and with a client certificate, frees everything, and counts how
 * often the secrets of both can be found in this program's own writable memory: before and after.
 *
 *     connections BASE CA-FILE CERT-FILE KEY-FILE PROXY PASSWORD CODED KEY-TEXT KEY-DER
 *
 * From PROXY on they come disguised, as the other program has them.
 */
#define main main_of_logins
#include "../secrets/memory.c"
#undef main

enum { SECRETS = 4 };

static void count_all(const unsigned char **secrets, const size_t *sizes, unsigned long *found)
{
    size_t i;
    for (i = 0; i < SECRETS; i += 2)
        count(secrets + i, sizes + i, found + i);
}

int main(int argc, char **argv)
{
    const unsigned char *secrets[SECRETS], *hidden;
    size_t sizes[SECRETS], size, i;
    unsigned long before[SECRETS], after[SECRETS];
    char *proxy;
    crux_options *options = crux_options_new();
    crux_client *me;
    crux_response *answer;

    if (argc != 10)
        return 2;
    for (i = 0; i < SECRETS; ++i)
        secrets[i] = inverted(argv[6 + i], &sizes[i]);
    hidden = inverted(argv[5], &size);
    proxy = calloc(1, size + 1);
    for (i = 0; i < size; ++i)
        proxy[i] = (char)(hidden[i] ^ 0xff);
    crux_options_set(options, "base_url", argv[1]);
    crux_options_set(options, "tls.ca_file", argv[2]);
    crux_options_set(options, "tls.client_cert_file", argv[3]);
    crux_options_set(options, "tls.client_key_file", argv[4]);
    crux_options_set(options, "token", "abc-123");
    crux_options_set(options, "allow_http", "1");
    crux_options_set(options, "proxy", proxy);
    for (i = 0; i < size; ++i)
        ((volatile char *)proxy)[i] = 0;
    free(proxy);

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
    count_all(secrets, sizes, before);
    crux_free(me);
    go_on();
    count_all(secrets, sizes, after);
    for (i = 0; i < SECRETS; ++i)
        printf("%lu %lu\n", before[i], after[i]);
    return 0;
}
