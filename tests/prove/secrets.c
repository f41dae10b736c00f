/*
 * Does what programs do, tells all that a person may see of it, frees everything, and counts how often secrets can be
 * found in its own writable memory: before and after.
 *
 *     secrets WORD:REST...
 *
 * `secret:HEX` is what to look for, `option:KEY=VALUE` and `hidden:KEY=HEX` are options (hexadecimal as scan.h says).
 * Then come the steps, in order: a method and a path, `login:PATH` (another client, which logs in there), `stream:PATH`,
 * `start:PATH`, `job:PATH`, `upload:FILE`, `save:FILE`. Lines of the output that begin with `=` are the counts.
 */
#include <crux.h>

#include "../secrets/scan.h"

enum { MOST = 32 };

static void see(const char *what, const char *text)
{
    printf("%s: %s\n", what, text ? text : "(none)");
}

static void hear(void *context, int32_t level, const char *line)
{
    (void)context;
    printf("log %d: %s\n", (int)level, line);
}

/* All that is known of an object: sentence, facts one by one and as JSON, headers. */
static void look(const char *what, const void *object)
{
    const char *name, *value;
    static char facts[1 << 16];
    size_t i;
    printf("%s ended with %d\n", what, (int)crux_code(object));
    see("message", crux_message(object));
    for (i = 0; crux_fact_at(i, &name, NULL); ++i)
        see(name, crux_info(object, name));
    for (i = 0; crux_header_at(object, i, &name, &value); ++i)
        printf("header %s: %s\n", name, value);
    memset(facts, 0, sizeof facts);
    crux_copy(object, "facts", facts, sizeof facts - 1);
    see("facts", facts);
}

static void end(const char *what, crux_response *response)
{
    look(what, response);
    crux_free(response);
}

static void stream(const crux_client *me, const char *path)
{
    char piece[256];
    crux_call *call = crux_call_new(me, "GET", path);
    crux_response *response = crux_call_stream(call);
    while (crux_read(response, piece, sizeof piece) > 0)
        ;
    end("stream", response);
    look("call", call);
    crux_free(call);
}

static void start(const crux_client *me, const char *path)
{
    crux_call *call = crux_call_new(me, "GET", path);
    crux_response *response = crux_call_start(call);
    crux_wait(response, -1);
    end("start", response);
    crux_free(call);
}

static void job(const crux_client *me, const char *path)
{
    crux_response *accepted = crux_request(me, "POST", path, "{}", -1);
    end("job", crux_await(me, accepted, 10000));
    end("accepted", accepted);
}

/* Another client with the same options, which logs in elsewhere. */
static void log_in(crux_options *options, const char *path)
{
    crux_client *other;
    crux_options_set(options, "login.path", path);
    other = crux_login_with(options);
    look("login", other);
    end("after it", crux_request(other, "GET", "json", NULL, 0));
    crux_free(other);
    crux_options_set(options, "login.path", "login");
}

static void step(const crux_client *me, crux_options *options, const char *word, const char *rest)
{
    if (strcmp(word, "stream") == 0)
        stream(me, rest);
    else if (strcmp(word, "start") == 0)
        start(me, rest);
    else if (strcmp(word, "job") == 0)
        job(me, rest);
    else if (strcmp(word, "login") == 0)
        log_in(options, rest);
    else if (strcmp(word, "upload") == 0)
        end(word, crux_upload(me, "upload", "file", rest, NULL));
    else if (strcmp(word, "save") == 0)
        end(word, crux_download(me, "json", rest));
    else
        end(rest, crux_request(me, word, rest, strcmp(word, "GET") == 0 ? NULL : "{}", -1));
}

static void set(crux_options *options, char *pair, int is_hidden)
{
    char *value = strchr(pair, '=');
    if (!value)
        exit(2);
    *value++ = 0;
    if (is_hidden) {
        struct secret secret = inverted(value);
        char *text = revealed(secret);
        crux_options_set(options, pair, text);
        wipe(text);
        free((void *)secret.bytes);
    } else {
        crux_options_set(options, pair, value);
    }
    see(pair, crux_message(options));
}

int main(int argc, char **argv)
{
    struct secret secrets[MOST] = { { NULL, 0 } };
    unsigned long before[MOST], after[MOST];
    size_t amount = 0, i;
    int at;
    crux_options *options = crux_options_new();
    crux_client *me = NULL;

    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    crux_options_log(options, CRUX_LOG_TRACE, hear, NULL, NULL);
    crux_options_set(options, "log.level", "5");
    for (at = 1; at < argc; ++at) {
        char *word = argv[at], *rest = strchr(word, ':');
        if (!rest)
            exit(2);
        *rest++ = 0;
        if (strcmp(word, "secret") == 0 && amount < MOST) {
            secrets[amount++] = inverted(rest);
        } else if (strcmp(word, "option") == 0 || strcmp(word, "hidden") == 0) {
            set(options, rest, strcmp(word, "hidden") == 0);
        } else {
            if (!me) {
                me = crux_login_with(options);
                look("client", me);
            }
            step(me, options, word, rest);
        }
    }
    look("client", me);
    count(secrets, amount, before);
    crux_free(options);
    crux_free(me);
    go_on();
    count(secrets, amount, after);
    for (i = 0; i < amount; ++i)
        printf("= %lu %lu\n", before[i], after[i]);
    return 0;
}
