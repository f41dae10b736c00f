/*
 * A service that is not built in, described by options: lists all things, adds one, saves the result of a job.
 *
 *     CRUX_PASSWORD='open sesame' custom_service http://127.0.0.1:8080/depot/ kim parcel.csv
 *
 * docs/custom-service.md explains each option. The status is the outcome: 0 for success, else one of CRUX_ERR_...
 */
#define _POSIX_C_SOURCE 200809L
#include "progress.h"

#include <stdlib.h>

/* The depot, in the order in which its facts are met. A key that is misspelt makes the login fail, and is named. */
static const char *const DEPOT[][2] = {
    {"service", "custom"},
    {"login.path", "enter"},                 /* POST enter, */
    {"login.user_field", "name"},            /* {"name": USER, "phrase": PASSWORD}, */
    {"login.secret_field", "phrase"},
    {"login.token_pointer", "/session/key"}, /* answered with {"session": {"key": TOKEN}}; then */
    {"auth.header", "X-Depot-Key"},          /* X-Depot-Key: Key TOKEN */
    {"auth.scheme", "Key"},
    {"error.pointers", "/trouble"},          /* {"trouble": "There is no such place."} */
    {"page.next_pointer", "/more"},          /* {"things": [...], "more": "/depot/things?from=2"} */
    {"result.pointers", "/thing/number"},    /* {"thing": {"number": "t-7"}} */
    {"job.location_pointer", "/ticket"},     /* 202 {"ticket": "/depot/ticket"} */
    {"job.status_pointer", "/state"},        /* {"state": "packed", "parcel": "/depot/parcel"} */
    {"job.done", "packed"},
    {"job.failed", "torn"},
    {"job.result_pointer", "/parcel"},
    {"logout.path", "leave"},
};

static crux_client *enter(const char *base_url, const char *user, const char *password)
{
    crux_options *options = crux_options_new();
    crux_client *me;
    size_t i;

    for (i = 0; i < sizeof DEPOT / sizeof DEPOT[0]; i++)
        crux_options_set(options, DEPOT[i][0], DEPOT[i][1]);
    crux_options_set(options, "base_url", base_url);
    crux_options_set(options, "user", user);
    crux_options_set(options, "secret", password);
    me = crux_login_with(options);
    crux_free(options);
    return me;
}

/* Prints every thing of every page. */
static int32_t list(const crux_client *me)
{
    crux_response *page = crux_request(me, "GET", "things", NULL, 0), *next;
    int32_t code = crux_code(page);
    char pointer[64];
    size_t i;

    for (;;) {
        for (i = 0; code == CRUX_OK && i < crux_json_count(page, "/things"); i++) {
            snprintf(pointer, sizeof pointer, "/things/%u", (unsigned)i);
            printf("thing %s\n", crux_json_text(page, pointer));
        }
        next = code == CRUX_OK ? crux_next_page(me, page) : NULL;
        if (next == NULL)
            break;
        crux_free(page);
        page = next;
        code = crux_code(page);
    }
    if (code != CRUX_OK)
        fprintf(stderr, "%s\n", crux_message(page));
    crux_free(page);
    return code;
}

static int32_t add(const crux_client *me)
{
    crux_response *made = crux_request(me, "POST", "things", "{\"name\": \"rope\"}", -1);
    int32_t code = crux_code(made);

    if (code == CRUX_OK)
        printf("added %s\n", crux_info(made, "result"));
    else
        fprintf(stderr, "%s\n", crux_message(made));
    crux_free(made);
    return code;
}

/* Has all things packed, waits until that is done, and saves the parcel. */
static int32_t pack(const crux_client *me, const char *file)
{
    crux_call *call = crux_call_new(me, "POST", "pack");
    int32_t code = export_to(call, file);

    crux_free(call);
    return code;
}

int main(int argc, char **argv)
{
    crux_client *me;
    int32_t code;

    if (argc != 4) {
        fprintf(stderr, "usage: CRUX_PASSWORD=... %s BASE_URL USER FILE\n", argv[0]);
        return CRUX_ERR_ARGUMENT;
    }
    me = enter(argv[1], argv[2], getenv("CRUX_PASSWORD"));
    code = list(me);
    if (code == CRUX_OK)
        code = add(me);
    if (code == CRUX_OK)
        code = pack(me, argv[3]);
    crux_free(crux_logout(me));
    crux_free(me);
    return code;
}
