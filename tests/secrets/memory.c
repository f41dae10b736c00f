/*
 * Logs in, asks, frees everything, and counts how often the password and the token can be found in this
 * program's own writable memory: before and after.
 *
 *     memory BASE CA-FILE USER PASSWORD TOKEN LOGIN-MODE
 *
 * With "headers" for the mode, the password is a header of every request instead.
 *
 * Password and token come as scan.h says.
 */
#include <crux.h>

#include "scan.h"

int main(int argc, char **argv)
{
    struct secret secrets[2];
    unsigned long before[2], after[2];
    char *password;
    crux_options *options = crux_options_new();
    crux_client *me;
    crux_response *answer;
    int i;

    if (argc != 7)
        return 2;
    secrets[0] = inverted(argv[4]);
    secrets[1] = inverted(argv[5]);
    password = revealed(secrets[0]);
    crux_options_set(options, "base_url", argv[1]);
    crux_options_set(options, "tls.ca_file", argv[2]);
    if (strcmp(argv[6], "headers") == 0) {
        /* The secret is a header of every request. */
        char *line = calloc(1, strlen(password) + 20);
        strcat(strcpy(line, "X-Api-Key: "), password);
        crux_options_set(options, "headers", line);
        wipe(line);
    } else {
        crux_options_set(options, "user", argv[3]);
        crux_options_set(options, "secret", password);
        crux_options_set(options, "login.mode", argv[6]);
    }
    wipe(password);

    me = crux_login_with(options);
    crux_free(options);
    for (i = 0; i < 3; ++i) {
        answer = crux_request(me, "POST", "x/", "{}", -1);
        (void)crux_message(answer);
        crux_free(answer);
    }
    (void)crux_message(me);
    count(secrets, 2, before);
    crux_free(me);
    go_on();
    count(secrets, 2, after);
    printf("%lu %lu %lu %lu\n", before[0], before[1], after[0], after[1]);
    return 0;
}
