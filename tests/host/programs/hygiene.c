/*
 * What a host finds after libcrux was at work: its floating-point state, its signals, its process.
 * hygiene REPORT MODE BASE [CA_FILE | OTHER_BASE]
 */
#include <crux.h>
#include <dirent.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

extern char **environ;

static crux_client *log_in(const char *base, const char *ca_file)
{
    crux_options *options = crux_options_new();
    crux_client *client;
    crux_options_set(options, "service", "custom");
    crux_options_set(options, "base_url", base);
    crux_options_set(options, "user", "ada");
    crux_options_set(options, "secret", "horse");
    crux_options_set(options, "retry.max", "0");
    crux_options_set(options, "tls.ca_file", ca_file);
    client = crux_login_with(options);
    crux_free(options);
    return client;
}

#ifdef __x86_64__

/* Rounds towards zero, flushes what is tiny, computes in single precision, and faults at every exception. */
#define SSE_STRANGE 0xe040u
#define X87_STRANGE 0x0c40u

static unsigned sse_now(void)
{
    unsigned state;
    __asm__ volatile("stmxcsr %0" : "=m"(state));
    return state;
}

static unsigned x87_now(void)
{
    unsigned short state;
    __asm__ volatile("fnstcw %0" : "=m"(state));
    return state;
}

static void set_float(unsigned sse, unsigned short x87)
{
    __asm__ volatile("fnclex\n\tfldcw %0\n\tldmxcsr %1" : : "m"(x87), "m"(sse));
}

/* Writing a report computes; so what was seen is kept and looked at once the state is usual again. */
static unsigned seen_sse = SSE_STRANGE, seen_x87 = X87_STRANGE;
static const char *seen_after = "nothing";

static void look(const char *after)
{
    if (seen_sse != SSE_STRANGE || seen_x87 != X87_STRANGE) return;
    seen_sse = sse_now();
    seen_x87 = x87_now();
    seen_after = after;
}

#define DO(call) (call); look(#call)

static void log_line(void *context, int32_t level, const char *line)
{
    (void) level;
    *(size_t *) context += strlen(line);
}

static void floating_point(const char *base, const char *ca_file)
{
    const unsigned sse = sse_now();
    const unsigned short x87 = x87_now();
    crux_options *options;
    crux_client *client, *lost;
    crux_response *answer, *sent, *none;
    crux_call *call;
    char text[100];
    size_t size = 0, logged = 0;
    double tenth, third;
    const char *name, *value, *help;
    int32_t number;

    set_float(SSE_STRANGE, X87_STRANGE);
    options = DO(crux_options_new());
    DO(crux_options_set(options, "service", "custom"));
    DO(crux_options_set(options, "base_url", base));
    DO(crux_options_set(options, "user", "ada"));
    DO(crux_options_set(options, "secret", "horse"));
    DO(crux_options_set(options, "tls.ca_file", ca_file));
    DO(crux_options_env(options, "NOBODY"));
    DO(crux_options_log(options, CRUX_LOG_TRACE, log_line, &logged, NULL));
    client = DO(crux_login_with(options));
    answer = DO(crux_request(client, "GET", "numbers/", NULL, 0));
    call = DO(crux_call_new(client, "POST", "numbers/"));
    DO(crux_call_query(call, "a", "b c"));
    DO(crux_call_header(call, "X-Note", "none"));
    DO(crux_call_body(call, "{}", -1, NULL));
    DO(crux_call_set(call, "timeout.total_ms", "20000"));
    sent = DO(crux_call_send(call));
    DO(crux_set_token(client, "another"));
    none = DO(crux_request(client, "GET", "absent/", NULL, 0));
    DO(crux_options_set(options, "base_url", "https://no-such-host.invalid/"));
    DO(crux_options_set(options, "retry.max", "0"));
    lost = DO(crux_login_with(options));
    DO(crux_json_type(answer, "/tenth"));
    DO(crux_json_text(answer, "/tenth"));
    DO(crux_json_int(answer, "/big", 0));
    tenth = DO(crux_json_double(answer, "/tenth", 0));
    third = DO(crux_json_double(answer, "/none", 1e-310));
    DO(crux_json_count(answer, ""));
    DO(crux_json_key(answer, "", 0));
    DO(crux_status(answer));
    DO(crux_body(answer, &size));
    DO(crux_header(answer, "content-type", 0));
    DO(crux_header_at(answer, 0, &name, &value));
    DO(crux_info(answer, "url"));
    DO(crux_number(answer, "elapsed_ms"));
    DO(crux_copy(answer, "body", text, sizeof text));
    DO(crux_message(none));
    DO(crux_constant("CRUX_OK", 1));
    DO(crux_error_at(1, &number, &name, &value));
    DO(crux_option_at(1, &name, &value, &help));
    set_float(sse, x87);

    if (seen_sse != SSE_STRANGE || seen_x87 != X87_STRANGE) {
        fprintf(report, "after %s: SSE %x, x87 %x\n", seen_after, seen_sse, seen_x87);
        failures++;
    }
    REQUIRE_CODE(client, CRUX_OK);
    REQUIRE_CODE(answer, CRUX_OK);
    REQUIRE_CODE(sent, CRUX_OK);
    REQUIRE_CODE(none, CRUX_ERR_HTTP);
    REQUIRE(crux_code(lost) == CRUX_ERR_RESOLVE || crux_code(lost) == CRUX_ERR_TIMEOUT);
    REQUIRE(tenth == 0.1);
    REQUIRE(third == 1e-310);
    REQUIRE(size > 10 && logged > 10);
    crux_free(client);
    crux_free(options);
    crux_free(call);
    crux_free(answer);
    crux_free(sent);
    crux_free(none);
    crux_free(lost);
}

#endif

/* The lines of /proc/self/status that tell what signals do. */
static void read_signals(char *text, size_t size)
{
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    text[0] = 0;
    while (fgets(line, sizeof line, status))
        if (!strncmp(line, "SigBlk", 6) || !strncmp(line, "SigIgn", 6) || !strncmp(line, "SigCgt", 6))
            strncat(text, line, size - strlen(text) - 1);
    fclose(status);
}

static void signals(const char *base, const char *resetting)
{
    enum { SIZE = 8 << 20 };
    char before[1000], after[1000], *large = calloc(1, SIZE);
    struct sigaction pipe_before, pipe_after;
    crux_client *client, *other;
    crux_response *answer, *broken;
    int i;
    read_signals(before, sizeof before);
    sigaction(SIGPIPE, NULL, &pipe_before);
    REQUIRE(pipe_before.sa_handler == SIG_DFL);

    client = log_in(base, NULL);
    answer = crux_request(client, "GET", "numbers/", NULL, 0);
    REQUIRE_CODE(answer, CRUX_OK);
    /* Writing to a peer that is gone raises SIGPIPE, unless it is asked not to. */
    other = crux_login("custom", resetting, NULL, "token");
    for (i = 0; i < 5; i++) {
        broken = crux_request(other, "POST", "x/", large, SIZE);
        REQUIRE_CODE(broken, CRUX_ERR_IO);
        crux_free(broken);
    }
    read_signals(after, sizeof after);
    sigaction(SIGPIPE, NULL, &pipe_after);
    REQUIRE(!strcmp(before, after));
    REQUIRE(pipe_after.sa_handler == SIG_DFL && pipe_after.sa_flags == pipe_before.sa_flags);
    crux_free(answer);
    crux_free(client);
    crux_free(other);
    free(large);
}

static int count_of(const char *folder)
{
    DIR *entries = opendir(folder);
    int count = 0;
    while (readdir(entries)) count++;
    closedir(entries);
    return count;
}

static unsigned long environment(void)
{
    unsigned long sum = 5381;
    char **variable, *c;
    for (variable = environ; *variable; variable++)
        for (c = *variable; *c; c++) sum = sum * 33 + (unsigned char) *c;
    return sum;
}

static void process(const char *base, const char *ca_file)
{
    char here[4096], there[4096], locale[1000];
    const unsigned long variables = environment();
    const mode_t mask = umask(027);
    const int files = count_of("/proc/self/fd"), threads = count_of("/proc/self/task");
    int i;
    (void) mask;
    REQUIRE(getcwd(here, sizeof here));
    strcpy(locale, setlocale(LC_ALL, NULL));
    for (i = 0; i < 3; i++) {
        crux_client *client = log_in(base, ca_file);
        crux_response *answer = crux_request(client, "GET", "numbers/", NULL, 0);
        crux_response *none = crux_request(client, "GET", "absent/", NULL, 0);
        REQUIRE_CODE(client, CRUX_OK);
        REQUIRE_CODE(answer, CRUX_OK);
        REQUIRE_CODE(none, CRUX_ERR_HTTP);
        crux_free(client);
        crux_free(answer);
        crux_free(none);
    }
    REQUIRE(getcwd(there, sizeof there) && !strcmp(here, there));
    REQUIRE(umask(0) == 027);
    REQUIRE(!strcmp(locale, setlocale(LC_ALL, NULL)));
    REQUIRE(environment() == variables);
    REQUIRE(count_of("/proc/self/fd") == files);
    /* A thread that looked up a name may live a moment longer. */
    for (i = 0; i < 100 && count_of("/proc/self/task") > threads; i++) usleep(50000);
    REQUIRE(count_of("/proc/self/task") == threads);
}

int main(int count, char **words)
{
    if (count < 4 || !(report = fopen(words[1], "w"))) return 2;
    switch (words[2][0]) {
#ifdef __x86_64__
    case 'f': floating_point(words[3], words[4]); break;
#endif
    case 's': signals(words[3], words[4]); break;
    case 'p': process(words[3], words[4]); break;
    default: return 3;
    }
    fclose(report);
    return failures ? 1 : 0;
}
