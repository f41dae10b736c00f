/*
 * Downloads a file in a program of one thread: a tick shows how far it is, and Esc or Ctrl-C ends it, the login too.
 *
 *     CRUX_PASSWORD='battery staple' console_tool http://127.0.0.1:8080/api/ grace@example.com datasets/all/ list.json
 *
 * The status is the outcome: 0 for success, CRUX_ERR_CANCELLED after Esc or Ctrl-C, else another CRUX_ERR_...
 * What came stays in FILE.part; the same command goes on from there if the server can.
 */
#define _POSIX_C_SOURCE 200809L

#include <crux.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define ESCAPE 27

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

/* Looks without waiting. An arrow key begins with Esc, and counts as one. */
static int escape_was_pressed(void)
{
    struct pollfd keys = {STDIN_FILENO, POLLIN, 0};
    char key;

    return poll(&keys, 1, 0) == 1 && read(STDIN_FILENO, &key, 1) == 1 && key == ESCAPE;
}

static int32_t tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    static const char *const doing[] = {"", "Logging in", "Connecting", "Sending", "Waiting", "Receiving",
                                        "Pausing before another try", "In the works"};
    size_t known = sizeof doing / sizeof *doing;

    (void)context;
    if (isatty(STDERR_FILENO)) {
        /* Later versions may have more phases. */
        fprintf(stderr, "\r%-28s", phase >= 0 && (size_t)phase < known ? doing[phase] : "Working");
        if (done >= 0 && total > 0)
            fprintf(stderr, " %3d %%", (int)(100 * done / total));
    }
    if (escape_was_pressed())
        interrupted = 1; /* also for what would follow, such as another login */
    return interrupted;
}

int main(int argc, char **argv)
{
    struct termios before, raw;
    struct sigaction on_interrupt;
    crux_options *options;
    crux_response *saved;
    crux_client *me;
    crux_call *call;
    int has_keys = tcgetattr(STDIN_FILENO, &before) == 0;
    int32_t code;

    if (argc != 5) {
        fprintf(stderr, "usage: CRUX_PASSWORD=... %s BASE_URL USER PATH FILE\n", argv[0]);
        return CRUX_ERR_ARGUMENT;
    }
    memset(&on_interrupt, 0, sizeof on_interrupt);
    on_interrupt.sa_handler = interrupt;
    sigaction(SIGINT, &on_interrupt, NULL);
    if (has_keys) {
        /* Keys come at once, and are not shown. */
        raw = before;
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }

    options = crux_options_new();
    crux_options_set(options, "service", "crunch");
    crux_options_set(options, "base_url", argv[1]);
    crux_options_set(options, "user", argv[2]);
    crux_options_set(options, "secret", getenv("CRUX_PASSWORD"));
    crux_options_tick(options, tick, NULL, NULL);
    me = crux_login_with(options); /* a setting that was refused is its outcome */
    call = crux_call_new(me, "GET", argv[3]);
    crux_call_set(call, "save", argv[4]);
    saved = crux_call_send(call);
    if (has_keys)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%36s\r", "");

    code = crux_code(saved);
    if (code == CRUX_OK)
        printf("%s: %lld bytes\n", argv[4], (long long)crux_number(saved, "received"));
    else
        fprintf(stderr, "%s\n", crux_message(saved));
    crux_free(saved);
    crux_free(call);
    crux_free(me);
    crux_free(options);
    return code;
}
