/*
 * Provokes the outcomes one after the other, and prints for each what a program does about it.
 *
 *     errors HTTP_BASE HTTPS_BASE USER        (CRUX_PASSWORD holds the password)
 *
 * Both bases belong to one Crunch; the sandbox has them. Its HTTPS certificate comes from an authority that
 * this computer does not trust: that is one of the trials. A small server below provides the faults that a
 * healthy service never has. The status is 0 if every trial ended as it should.
 */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <crux.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The base of a trial; any other value is a URL. */
#define HTTP "http"
#define HTTPS "https"
#define RUDE "rude"

struct trial {
    int32_t expected;
    const char *what;
    const char *base;
    const char *path;
    const char *key, *value; /* one option; NULL = none */
    const char *reply;       /* sent by the rude server before it closes; NULL = it sends nothing and stays open */
};

static const struct trial trials[] = {
    {CRUX_OK, "a list that is there", HTTP, "datasets/all/", NULL, NULL, NULL},
    {CRUX_ERR_ARGUMENT, "an option that does not exist", HTTP, "", "timeout.totl_ms", "1", NULL},
    {CRUX_ERR_ARGUMENT, "a service that does not exist", HTTP, "", "service", "munch", NULL},
    {CRUX_ERR_ARGUMENT, "a line end in the path", HTTP, "data\r\nsets/", NULL, NULL, NULL},
    {CRUX_ERR_ARGUMENT, "a password over open http", "http://192.0.2.1/api/", "", NULL, NULL, NULL},
    {CRUX_ERR_RESOLVE, "a host that does not exist", "https://crux.invalid/api/", "", NULL, NULL, NULL},
    {CRUX_ERR_CONNECT, "a port where nobody listens", "http://127.0.0.1:1/api/", "", NULL, NULL, NULL},
    {CRUX_ERR_TLS, "a certificate that nobody vouches for", HTTPS, "", NULL, NULL, NULL},
    {CRUX_ERR_IO, "a server that hangs up", RUDE, "", NULL, NULL, ""},
    {CRUX_ERR_IO, "a body that is cut short", RUDE, "", NULL, NULL,
     "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"access_token\":"},
    {CRUX_ERR_PROTOCOL, "a server that speaks something else", RUDE, "", NULL, NULL, "220 mail.example ESMTP\r\n"},
    {CRUX_ERR_PROTOCOL, "a login page instead of a login", RUDE, "", NULL, NULL,
     "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>"},
    {CRUX_ERR_TIMEOUT, "a server that says nothing", RUDE, "", "timeout.head_ms", "200", NULL},
    {CRUX_ERR_AUTH, "a wrong password", HTTP, "", "secret", "not the password", NULL},
    {CRUX_ERR_AUTH, "a token that means nothing", HTTP, "", "token", "0123456789abcdef", NULL},
    {CRUX_ERR_HTTP, "a dataset that is not there", HTTP, "datasets/0/", NULL, NULL, NULL},
    {CRUX_ERR_HTTP, "a server that is busy", RUDE, "", "token", "0123456789abcdef",
     "HTTP/1.1 503 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"},
    {CRUX_ERR_TOO_LARGE, "more than was asked for", HTTP, "datasets/all/", "max_body", "4096", NULL},
    {CRUX_ERR_FILE, "a token file that is a folder", HTTP, "", "token_file", "/", NULL},
};

/*
 * Returns the advice for a code. Every code is listed, also those that no function returns yet. A code that is
 * newer than this program falls to the end and is a failure like any other.
 */
static const char *advice(const void *object, int32_t code)
{
    switch (code) {
    case CRUX_OK:
        return "Go on.";
    case CRUX_PENDING:
        return "Not an error: wait for it.";
    case CRUX_ERR_ARGUMENT:
        return "Mend the program or its settings; nothing was sent, and trying again changes nothing.";
    case CRUX_ERR_RESOLVE:
    case CRUX_ERR_CONNECT:
        return "Check the address and the network, and try again; nothing was sent.";
    case CRUX_ERR_TLS:
        return "Do not go on: the server may be a false one. If it is yours, name its authority in tls.ca_file.";
    case CRUX_ERR_IO:
    case CRUX_ERR_TIMEOUT:
        /* A POST that may have arrived must not be sent again unchecked. */
        return crux_number(object, "maybe_sent") == 0 ? "Try again; nothing was sent."
                                                      : "See what the server has done before you try again.";
    case CRUX_ERR_PROTOCOL:
    case CRUX_ERR_TOO_LARGE:
        return "Check the base URL; if it is right, the service has changed, or max_body is too small.";
    case CRUX_ERR_CANCELLED:
        return "Somebody wanted it so: clean up in silence.";
    case CRUX_ERR_AUTH:
        return "Ask the user for the password, or for a new token.";
    case CRUX_ERR_HTTP:
        return crux_number(object, "retryable") == 1 ? "Try again later; retry_after_ms may say when."
                                                     : "Show the sentence: the server says what is wrong.";
    case CRUX_ERR_JOB:
        return "Show the sentence: the service could not do its work; asking again does not help.";
    case CRUX_ERR_FILE:
        return "Check the file's name, its rights and the space on the disk.";
    case CRUX_ERR_INTERNAL:
    default:
        return "Report it, with the sentence.";
    }
}

static const char *name_of(int32_t code)
{
    const char *name;
    int32_t number;
    size_t i;

    for (i = 0; crux_error_at(i, &number, &name, NULL); i++)
        if (number == code)
            return name;
    return "(unknown)";
}

/* Starts a server for one trial in a process of its own. Returns its base URL and its process number. */
static const char *be_rude(const char *reply, pid_t *server)
{
    static char base[64];
    struct sockaddr_in here;
    socklen_t size = sizeof here;
    int door = socket(AF_INET, SOCK_STREAM, 0);

    memset(&here, 0, sizeof here);
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (door < 0 || bind(door, (struct sockaddr *)&here, sizeof here) != 0 || listen(door, 8) != 0 ||
        getsockname(door, (struct sockaddr *)&here, &size) != 0 || (*server = fork()) < 0) {
        perror("the rude server");
        exit(CRUX_ERR_INTERNAL);
    }
    while (*server == 0) {
        char request[4096];
        int guest = accept(door, NULL, NULL);

        if (reply == NULL)
            for (;;)
                pause();
        if (guest < 0 || read(guest, request, sizeof request) < 0 || write(guest, reply, strlen(reply)) < 0)
            _exit(1);
        close(guest);
    }
    close(door);
    sprintf(base, "http://127.0.0.1:%u/api/", (unsigned)ntohs(here.sin_port));
    return base;
}

/* Prints the outcome of an object of any kind. Returns 1 if it is the expected one. */
static int report(const struct trial *trial, const void *object)
{
    int32_t code = crux_code(object);

    printf("%s: %s\n  %s\n  -> %s\n", name_of(code), trial->what, crux_message(object), advice(object, code));
    if (code != trial->expected)
        printf("  UNEXPECTED: %s was to come\n", name_of(trial->expected));
    return code == trial->expected;
}

/* Runs one trial from its options to the end. Returns 1 if it ended as it should. */
static int run(const struct trial *trial, char **argv)
{
    crux_options *options = crux_options_new();
    crux_client *me = NULL;
    crux_response *response = NULL;
    const void *last = options;
    const char *base = trial->base;
    pid_t server = 0;
    int good;

    if (strcmp(base, RUDE) == 0)
        base = be_rude(trial->reply, &server);
    else if (strcmp(base, HTTP) == 0 || strcmp(base, HTTPS) == 0)
        base = strcmp(base, HTTP) == 0 ? argv[1] : argv[2];

    crux_options_set(options, "service", "crunch");
    crux_options_set(options, "base_url", base);
    crux_options_set(options, "user", argv[3]);
    crux_options_set(options, "secret", getenv("CRUX_PASSWORD"));
    crux_options_set(options, "retry.max", "0"); /* a retry would hide the first outcome */
    if (trial->key != NULL)
        crux_options_set(options, trial->key, trial->value);

    /* Each step is checked before the next: the first failure is the one to report. */
    if (crux_code(options) == CRUX_OK)
        last = me = crux_login_with(options);
    if (crux_code(last) == CRUX_OK)
        last = response = crux_request(me, "GET", trial->path, NULL, 0);
    good = report(trial, last);

    crux_free(response);
    crux_free(me);
    crux_free(options);
    if (server > 0) {
        kill(server, SIGKILL);
        waitpid(server, NULL, 0);
    }
    return good;
}

/* Lists the outcomes of the library's table that no trial provokes. */
static void list_the_rest(void)
{
    const char *name, *text;
    int32_t code;
    size_t i, j;

    puts("Not provoked here:");
    for (i = 0; crux_error_at(i, &code, &name, &text); i++) {
        for (j = 0; j < sizeof trials / sizeof *trials && trials[j].expected != code; j++)
            ;
        if (j == sizeof trials / sizeof *trials)
            printf("%s: %s\n  -> %s\n", name, text, advice(NULL, code));
    }
}

int main(int argc, char **argv)
{
    size_t count = sizeof trials / sizeof *trials, good = 0, i;

    if (argc != 4) {
        fprintf(stderr, "usage: CRUX_PASSWORD=... %s HTTP_BASE HTTPS_BASE USER\n", argv[0]);
        return CRUX_ERR_ARGUMENT;
    }
    setvbuf(stdout, NULL, _IOLBF, 0); /* a forked child must not inherit half a page of output */
    for (i = 0; i < count; i++)
        good += run(&trials[i], argv) ? 1 : 0;
    list_the_rest();
    printf("%lu of %lu trials ended as they should\n", (unsigned long)good, (unsigned long)count);
    return good == count ? 0 : 1;
}
