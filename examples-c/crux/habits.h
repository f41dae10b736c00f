/*
 * Habits of people who come from curl and HTTPie: options that mean nothing here because the library does it
 * anyway, options that set an option of the library, and options that have another answer.
 */
#ifndef HABITS_H
#define HABITS_H

#include "wish.h"

enum habit_kind {
    ANYWAY,  /* accepted: the library always does so */
    SETS,    /* has a value, and sets an option of the library */
    SECONDS, /* the same, but the option counts milliseconds */
    ELSE     /* refused, with the answer */
};

struct habit {
    const char *name;
    enum habit_kind kind;
    const char *text; /* the option, or the answer */
};

static const struct habit habits[] = {
    {"-L", ANYWAY, NULL},
    {"--location", ANYWAY, NULL},
    {"--follow", ANYWAY, NULL},
    {"-f", ELSE, "HTTPie's -f is written --form here; curl's -f is what crux does anyway"},
    {"--fail", ANYWAY, NULL},
    {"--fail-with-body", ANYWAY, NULL},
    {"--check-status", ANYWAY, NULL},
    {"-s", ANYWAY, NULL},
    {"--silent", ANYWAY, NULL},
    {"-S", ANYWAY, NULL},
    {"--show-error", ANYWAY, NULL},
    {"--compressed", ANYWAY, NULL},
    {"--http1.1", ANYWAY, NULL},
    {"--ignore-stdin", ANYWAY, NULL},
    {"-x", SETS, "proxy"},
    {"--proxy", SETS, "proxy"},
    {"--noproxy", SETS, "no_proxy"},
    {"-A", SETS, "user_agent"},
    {"--user-agent", SETS, "user_agent"},
    {"-E", SETS, "tls.client_cert_file"},
    {"--cert", SETS, "tls.client_cert_file"},
    {"--key", SETS, "tls.client_key_file"},
    {"--cert-key", SETS, "tls.client_key_file"},
    {"--cacert", SETS, "tls.ca_file"},
    {"--retry", SETS, "retry.max"},
    {"--max-redirs", SETS, "redirect.max"},
    {"--max-redirects", SETS, "redirect.max"},
    {"-m", SECONDS, "timeout.total_ms"},
    {"--max-time", SECONDS, "timeout.total_ms"},
    {"--timeout", SECONDS, "timeout.total_ms"},
    {"--connect-timeout", SECONDS, "timeout.connect_ms"},
    {"-k", ELSE, "write --ca FILE to trust an authority of your own; for tests alone there is -o tls.verify=0"},
    {"--insecure", ELSE, "write --ca FILE to trust an authority of your own; for tests alone there is -o tls.verify=0"},
    {"--verify", ELSE, "write --ca FILE to trust an authority of your own; for tests alone there is -o tls.verify=0"},
    {"-a", ELSE, "write --user NAME, and the password in CRUX_PASSWORD"},
    {"--auth", ELSE, "write --user NAME, and the password in CRUX_PASSWORD"},
    {"--oauth2-bearer", ELSE, "put the token into CRUX_TOKEN, where other users cannot read it"},
    {"-b", ELSE, "there are no cookies here: the token is in a header"},
    {"-c", ELSE, "there are no cookies here: --token-file FILE keeps the login for the next run"},
    {"-j", ELSE, "the body is JSON unless it is a form or a file: leave it out"},
    {"--cookie", ELSE, "there are no cookies here: the token is in a header"},
    {"--cookie-jar", ELSE, "there are no cookies here: --token-file FILE keeps the login for the next run"},
    {"--session", ELSE, "write --token-file FILE: it keeps the login for the next run"},
    {"-G", ELSE, "write a pair of the query as name==value"},
    {"--get", ELSE, "write a pair of the query as name==value"},
    {"--data-urlencode", ELSE, "write a pair of the query as name==value, it is encoded for you"},
    {"-w", ELSE, "-i prints status and headers, the exit status is the outcome"},
    {"--write-out", ELSE, "-i prints status and headers, the exit status is the outcome"},
    {"-C", ELSE, "leave it out: --download goes on where it was interrupted by itself"},
    {"--continue-at", ELSE, "leave it out: --download goes on where it was interrupted by itself"},
    {"--continue", ELSE, "leave it out: --download goes on where it was interrupted by itself"},
    {"-p", ELSE, "write -i for the headers of the response, -v for the request too"},
    {"--print", ELSE, "write -i for the headers of the response, -v for the request too"},
    {"--headers", ELSE, "write -i for the headers of the response, -I for nothing but them"},
    {"-n", ELSE, "a .netrc is not read; put the credentials into the environment (crux --help)"},
    {"--netrc", ELSE, "a .netrc is not read; put the credentials into the environment (crux --help)"},
    {"--http2", ELSE, "leave it out: the library speaks HTTP/1.1"},
    {"--digest", ELSE, "leave it out: the service decides how a login is made"},
    {"--password", ELSE, NULL},
    {"--token", ELSE, NULL},
};

static const char never[] = "a secret on the command line can be read by others; use the environment (crux --help)";

static const struct habit *find_habit(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof habits / sizeof *habits; i++)
        if (strcmp(habits[i].name, name) == 0)
            return &habits[i];
    return NULL;
}

#endif
