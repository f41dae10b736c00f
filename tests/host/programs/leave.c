/*
 * Ends while requests are under way. leave REPORT MODE BASE; the end of its input is the sign to go.
 * Mode r: main returns; x: another thread calls exit; t: main's thread ends first, then exit.
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "report.h"

static const char *base;
static crux_client *client;

static void *request(void *unused)
{
    (void) unused;
    for (;;) crux_free(crux_request(client, "GET", "stalls/", NULL, 0));
    return NULL;
}

static void *log_in(void *unused)
{
    (void) unused;
    for (;;) crux_free(crux_login("custom", base, "ada", "horse"));
    return NULL;
}

static void *churn(void *unused)
{
    (void) unused;
    for (;;) crux_free(crux_options_new());
    return NULL;
}

static void *leave(void *unused)
{
    (void) unused;
    while (getchar() != EOF) {}
    exit(0);
}

int main(int count, char **words)
{
    pthread_t thread;
    if (count != 4 || !(report = fopen(words[1], "w"))) return 2;
    base = words[3];
    client = crux_login("custom", base, NULL, "token");
    REQUIRE_CODE(client, CRUX_OK);
    pthread_create(&thread, NULL, request, NULL);
    pthread_create(&thread, NULL, log_in, NULL);
    pthread_create(&thread, NULL, churn, NULL);
    switch (words[2][0]) {
    case 'r':
        while (getchar() != EOF) {}
        return failures ? 1 : 0;
    case 'x':
        pthread_create(&thread, NULL, leave, NULL);
        pthread_join(thread, NULL);
        return 3;
    default:
        pthread_create(&thread, NULL, leave, NULL);
        pthread_exit(NULL);
    }
}
