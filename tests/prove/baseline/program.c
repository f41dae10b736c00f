/*
 * A program of the time of the baseline: compiled with the header next to it, linked with a library of that time, run
 * with the library of today against the shop of the sandbox. It must never be changed; a newer baseline gets its own.
 */
#include "crux.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const size_t functions_of_the_baseline;

static int checks, wrong;
static int ticks, released, lines, visited;

static void check(int fine, const char *what)
{
    checks++;
    if (!fine) {
        wrong++;
        fprintf(stderr, "program.c: %s\n", what);
    }
}

static int32_t tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    (void)phase, (void)done, (void)total;
    ++*(int *)context;
    return 0;
}

static void release(void *context) { (void)context, released++; }

static void line(void *context, int32_t level, const char *text)
{
    check(level >= CRUX_LOG_ERROR && level <= CRUX_LOG_TRACE && text != NULL, "a log line has a level and a text");
    ++*(int *)context;
}

static int32_t visit(void *context, int32_t depth, int32_t type, const char *key, size_t key_length, const char *text,
                     size_t length)
{
    (void)key_length, (void)length;
    ++*(int *)context;
    check(depth >= 0 && type >= CRUX_JSON_NULL && type <= CRUX_JSON_OBJECT, "a node has a depth and a type");
    check(depth != 1 || key != NULL, "a member has a key");
    check(type != CRUX_JSON_STRING || text != NULL, "a string has a text");
    return 0;
}

static ptrdiff_t source(void *context, void *buffer, size_t capacity)
{
    const char **left = context;
    size_t length = strlen(*left) < capacity ? strlen(*left) : capacity;

    memcpy(buffer, *left, length);
    *left += length;
    return (ptrdiff_t)length;
}

static void everyday(const crux_client *me)
{
    crux_response *things = crux_request(me, "GET", "things/", NULL, 0), *page = things, *next, *made;
    crux_call *call;
    size_t pages = 1, length = 0;
    char small[8];

    check(crux_code(things) == CRUX_OK && crux_status(things) == 200, crux_message(things));
    check(crux_body(things, &length) != NULL && length > 20, "a body has a length");
    check(crux_copy(things, "body", small, sizeof small) == length, "crux_copy returns the full size");
    check(crux_json_int(things, "/count", -1) == 7 && crux_json_count(things, "/results") == 3, "the list is read");
    check(crux_json_type(things, "/results") == CRUX_JSON_ARRAY, "a list is an array");
    check(crux_json_walk(things, "", visit, &visited) == CRUX_OK && visited > 10, "every node is visited");
    check(crux_header(things, "content-type", 0) != NULL && crux_info(things, "url") != NULL, "facts are there");
    check(crux_number(things, "attempts") == 1, "one attempt");
    while ((next = crux_next_page(me, page)) != NULL) {
        if (page != things)
            crux_free(page);
        page = next;
        pages += crux_code(page) == CRUX_OK;
    }
    check(pages == 3, "three pages");
    crux_free(page);
    crux_free(things);

    call = crux_call_new(me, "POST", "things/");
    check(crux_call_put_text(call, "/name", "baseline") == CRUX_OK, "a text is put");
    check(crux_call_put_int(call, "/size", 12) == CRUX_OK && crux_call_put_double(call, "/part", 0.5) == CRUX_OK, "numbers");
    check(crux_call_put_json(call, "/tags", "[null]") == CRUX_OK && crux_call_query(call, "a", "b") == CRUX_OK, "JSON");
    check(crux_call_tick(call, tick, &ticks, release) == CRUX_OK, "a call takes a tick");
    made = crux_call_send(call);
    check(crux_status(made) == 201 && crux_info(made, "location") != NULL, "a thing is made");
    crux_free(made);
    crux_free(call);
}

static void long_ways(const crux_client *me)
{
    const char *text = "twelve bytes";
    crux_call *call = crux_call_new(me, "POST", "jobs/");
    crux_response *job, *stream, *started, *file;
    char buffer[4096];
    ptrdiff_t got;
    int64_t all = 0;

    crux_call_put_json(call, "", "{}");
    job = crux_call_send(call);
    check(crux_status(job) == 202, "a job is accepted");
    crux_free(call);
    file = crux_await(me, job, 10000);
    check(crux_code(file) == CRUX_OK && crux_json_int(file, "/value/progress", 0) == 100, crux_message(file));
    crux_free(file);
    crux_free(job);

    call = crux_call_new(me, "GET", "files/out.bin");
    stream = crux_call_stream(call);
    while ((got = crux_read(stream, buffer, sizeof buffer)) > 0)
        all += got;
    check(got == 0 && all == 1 << 20, "a stream is read to its end");
    crux_free(stream);
    started = crux_call_start(call);
    check(crux_event(me) >= 0 && crux_code(started) == CRUX_PENDING, "a call is started");
    check(crux_next_finished(me, 10000) == started && crux_code(started) == CRUX_OK, "it is finished");
    crux_free(started);
    crux_cancel(call);
    stream = crux_call_send(call);
    check(crux_code(stream) == CRUX_ERR_CANCELLED, "a cancelled call ends");
    crux_free(stream);
    crux_free(call);

    call = crux_call_new(me, "POST", "things/");
    check(crux_call_source(call, source, &text, release, 12, "text/plain") == CRUX_OK, "a body may come from a hook");
    crux_free(crux_call_send(call));
    check(*text == '\0', "the hook was asked to the end");
    crux_free(call);
}

static void tables(void)
{
    const char *name = NULL, *text = NULL;
    int32_t code = 0;
    size_t count = 0;

    check(crux_abi() >= CRUX_ABI, "the library is no older than the header");
    check(crux_constant("CRUX_ERR_INTERNAL", -1) == CRUX_ERR_INTERNAL, "constants have their values");
    while (crux_error_at(count, &code, &name, &text) == 1)
        count++;
    check(count >= 16 && crux_error_name(CRUX_OK) != NULL, "the table of outcomes is read");
    check(crux_option_info("base_url", "type") != NULL && crux_fact_at(0, &name, &text) == 1, "options and facts are told");
    check(functions_of_the_baseline > 70, "every function is linked");
}

int main(void)
{
    crux_options *options = crux_options_new();
    crux_client *me, *refused;

    crux_options_set(options, "service", "custom");
    crux_options_set(options, "base_url", getenv("CRUX_BASE"));
    crux_options_set(options, "user", getenv("CRUX_USER"));
    crux_options_set(options, "secret", getenv("CRUX_PASSWORD"));
    check(crux_options_set(options, "no_such_option", "1") == CRUX_ERR_ARGUMENT, "an unknown option is refused");
    check(crux_options_log(options, CRUX_LOG_DEBUG, line, &lines, release) == CRUX_OK, "a log is taken");
    crux_free(options);

    options = crux_options_new();
    crux_options_set(options, "service", "custom");
    crux_options_set(options, "base_url", getenv("CRUX_BASE"));
    crux_options_set(options, "user", getenv("CRUX_USER"));
    crux_options_set(options, "secret", getenv("CRUX_PASSWORD"));
    crux_options_log(options, CRUX_LOG_DEBUG, line, &lines, release);
    me = crux_login_with(options);
    check(crux_code(me) == CRUX_OK, crux_message(me));
    refused = crux_login("custom", getenv("CRUX_BASE"), getenv("CRUX_USER"), "wrong");
    check(crux_code(refused) == CRUX_ERR_AUTH && crux_status(refused) == 401, "a wrong password is refused");
    crux_free(refused);
    everyday(me);
    long_ways(me);
    tables();
    crux_free(me);
    crux_free(options);
    check(lines > 0 && released == 4, "each hook is released once");
    check(crux_shutdown(10000) == 1, "no thread is left");
    printf("%d checks, %d wrong\n", checks, wrong);
    return wrong != 0;
}
