/*
 * Logs in and sends requests on a thread with a small stack, as hosts with many threads have them.
 * small_stack REPORT BASE CA
 */
#include <pthread.h>
#include <stdlib.h>

#include "report.h"

#define STACK (128 * 1024)

static const char *base, *ca;

static void *work(void *unused)
{
    crux_options *options = crux_options_new();
    crux_client *client;
    int i;

    (void) unused;
    crux_options_set(options, "service", "custom");
    crux_options_set(options, "base_url", base);
    crux_options_set(options, "user", "ada");
    crux_options_set(options, "secret", "horse");
    crux_options_set(options, "tls.ca_file", ca);
    client = crux_login_with(options);
    REQUIRE_CODE(client, CRUX_OK);
    for (i = 0; i < 3; i++) {
        crux_response *answer = crux_request(client, i ? "POST" : "GET", "numbers/", i ? "{}" : NULL, i ? -1 : 0);
        REQUIRE_CODE(answer, CRUX_OK);
        crux_json_double(answer, "/tenth", 0);
        crux_free(answer);
        answer = crux_request(client, "GET", "absent/", NULL, 0);
        REQUIRE_CODE(answer, CRUX_ERR_HTTP);
        crux_free(answer);
    }
    crux_free(client);
    crux_free(options);
    return NULL;
}

int main(int count, char **words)
{
    pthread_attr_t small;
    pthread_t thread;
    if (count != 4 || !(report = fopen(words[1], "w"))) return 2;
    base = words[2];
    ca = words[3];
    pthread_attr_init(&small);
    if (pthread_attr_setstacksize(&small, STACK) || pthread_create(&thread, &small, work, NULL)) return 3;
    pthread_join(thread, NULL);
    return failures ? 1 : 0;
}
