/*
 * A hook that jumps out of the library, which the header forbids: later requests work all the same.
 * jump REPORT MODE BASE; mode r: a tick of a request, l: a tick of a login, w: one of a login, with a request of another
 * thread that waits for it, o: a log line.
 */
#include <pthread.h>
#include <setjmp.h>
#include <string.h>

#include "report.h"

static jmp_buf back;
static int is_armed, mode;
static crux_client *client;
static pthread_t owner;

static void perhaps_jump(void)
{
    if (!is_armed || !pthread_equal(pthread_self(), owner)) return;
    is_armed = 0;
    longjmp(back, 1);
}

static int32_t tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    (void) context, (void) done, (void) total;
    if (mode == 'r' || mode == 'l' || mode == 'w') {
        if (mode == 'r' || phase == CRUX_PHASE_LOGIN) perhaps_jump();
    }
    return 0;
}

static void take_line(void *context, int32_t level, const char *line)
{
    (void) context, (void) level, (void) line;
    if (mode == 'o') perhaps_jump();
}

static void request(void)
{
    crux_response *response = crux_request(client, "GET", "numbers/", NULL, 0);
    REQUIRE_CODE(response, CRUX_OK);
    crux_free(response);
}

/* Another thread cannot know that nobody logs in any more, until the time of that login is over. */
static void *another(void *unused)
{
    crux_response *response = NULL;
    int tries;
    (void) unused;
    for (tries = 0; tries < 20; tries++) {
        crux_free(response);
        response = crux_request(client, "GET", "numbers/", NULL, 0);
        if (crux_code(response) != CRUX_ERR_TIMEOUT) break;
    }
    REQUIRE_CODE(response, CRUX_OK);
    crux_free(response);
    return NULL;
}

int main(int count, char **words)
{
    static const char *const options[][2] = {{"service", "custom"}, {"user", "ada"}, {"secret", "horse"},
        {"proxy", "direct"}, {"login.when", "first_use"}, {"timeout.total_ms", "500"}, {"log.level", "5"}};
    crux_options *given = crux_options_new();
    pthread_t thread;
    size_t i;

    if (count != 4 || !(report = fopen(words[1], "w"))) return 2;
    mode = words[2][0];
    owner = pthread_self();
    for (i = 0; i < sizeof options / sizeof *options; i++) crux_options_set(given, options[i][0], options[i][1]);
    crux_options_set(given, "base_url", words[3]);
    crux_options_tick(given, tick, NULL, NULL);
    crux_options_log(given, CRUX_LOG_TRACE, take_line, NULL, NULL);
    client = crux_login_with(given);
    REQUIRE_CODE(client, CRUX_OK);
    is_armed = 1;
    if (!setjmp(back)) {
        request();
        REQUIRE(!"the hook jumps");
    }
    REQUIRE(!is_armed);
    if (mode == 'w') {
        pthread_create(&thread, NULL, another, NULL);
        pthread_join(thread, NULL);
    }
    request();
    request();
    crux_free(client);
    crux_free(given);
    fclose(report);
    return failures ? 1 : 0;
}
