/*
 * Calls crux_std.dll as Visual Basic 6 does by Declare: by name, arguments on the stack from the right, and the stack
 * pointer must be where it was when the function returns. 32 bit only. sandbox --shop wine stdcall.exe
 */
#include <windows.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define MOST 8
#define STD __attribute__((stdcall))

/* What a call gave: eax, edx, st0, and how far the stack pointer was off afterwards. */
struct given {
    uint32_t low, high;
    double real;
    int32_t moved;
};

static HMODULE library;

static struct given call_at(FARPROC function, int count, const uint32_t *words, int is_real)
{
    struct given given = {0, 0, 0, 0};
    uint32_t before, after, low, high;
    /* The arguments are copied below the stack pointer, which is put back by hand whatever was done to it. */
    __asm__ volatile(
        "movl %%esp, %%ebx\n\t"
        "movl %[count], %%ecx\n\t"
        "1: testl %%ecx, %%ecx\n\t"
        "jz 2f\n\t"
        "decl %%ecx\n\t"
        "pushl (%[words],%%ecx,4)\n\t"
        "jmp 1b\n\t"
        "2: call *%[function]\n\t"
        "movl %%esp, %%ecx\n\t"
        "movl %%ebx, %%esp\n\t"
        : "=a"(low), "=d"(high), "=c"(after), "=b"(before)
        : [count] "m"(count), [words] "S"(words), [function] "D"(function)
        : "memory", "cc");
    if (is_real) __asm__ volatile("fstpl %0" : "=m"(given.real));
    given.low = low, given.high = high, given.moved = (int32_t) (after - before);
    return given;
}

static int balanced, unbalanced;

static struct given call(const char *name, int count, const uint32_t *words, int is_real)
{
    FARPROC function = GetProcAddress(library, name);
    struct given given;
    if (function == NULL) printf("FAILED %s is missing\n", name), exit(1);
    given = call_at(function, count, words, is_real);
    if (given.moved == 0) balanced++;
    else unbalanced++, printf("FAILED %s moves the stack pointer by %d\n", name, (int) given.moved);
    return given;
}

#define ARGUMENTS(...) (sizeof((uint32_t[]) {__VA_ARGS__}) / 4), (uint32_t[]) {__VA_ARGS__}
#define AT(text) (uint32_t) (uintptr_t) (text)
#define CALL(name, ...) word(name, ARGUMENTS(__VA_ARGS__))
#define NOTHING(name) word(name, 0, NULL)

static uint32_t word(const char *name, int count, const uint32_t *words) { return call(name, count, words, 0).low; }

static int ticks, lines, released, visited, read_left = 3;
static uint32_t in_hook;

/* Hooks as AddressOf has them. */
static int32_t STD tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    (void) phase, (void) done, (void) total;
    in_hook = (uint32_t) (uintptr_t) context;
    return ++ticks >= 5;
}
static void STD take_line(void *context, int32_t level, const char *line) { (void) context, (void) level, lines += line[0] != 0; }
static void STD release(void *context) { (void) context, released++; }
static int32_t STD visit(void *context, int32_t depth, int32_t type, const char *key, size_t key_length, const char *text, size_t length)
{
    (void) context, (void) depth, (void) type, (void) key, (void) key_length, (void) text, (void) length;
    visited++;
    return 0;
}
static ptrdiff_t STD give(void *context, void *buffer, size_t capacity)
{
    (void) context, (void) capacity;
    if (read_left-- == 0) return 0;
    memcpy(buffer, "piece", 5);
    return 5;
}
static ptrdiff_t STD fetch(void *context, const char *refused, void *buffer, size_t capacity)
{
    (void) context, (void) refused, (void) capacity;
    memcpy(buffer, "tok-7d1c", 8);
    return 8;
}

int main(void)
{
    const char *base = getenv("CRUX_BASE");
    uint32_t me, options, response, request;
    struct given given;
    HMODULE other = LoadLibraryA("crux.dll");
    library = LoadLibraryA("crux_std.dll");
    if (library == NULL || other == NULL || base == NULL) return 2;

    /* The measure itself: a function that leaves its arguments to the caller moves the pointer. */
    given = call_at(GetProcAddress(other, "crux_code"), ARGUMENTS(0), 0);
    CHECK("the measure sees the other convention", given.moved == -4 && given.low == 1);

    CHECK("text and number without arguments", strcmp((const char *) (uintptr_t) NOTHING("crux_version"), "") > 0 && NOTHING("crux_abi") > 0);
    options = NOTHING("crux_options_new");
    CALL("crux_options_set", options, AT("service"), AT("custom"));
    CALL("crux_options_set", options, AT("base_url"), AT(base));
    CHECK("hooks are taken", CALL("crux_options_log", options, 5, AT(take_line), 7, AT(release)) == 0);
    CHECK("a token of a hook", CALL("crux_options_token", options, AT(fetch), 7, AT(release)) == 0);
    CHECK("a refused hook is released", CALL("crux_options_tick", 0, AT(tick), 7, AT(release)) == 1 && released == 1);
    me = CALL("crux_login_with", options);
    CHECK("the login", CALL("crux_code", me) == 0);
    response = CALL("crux_request", me, AT("GET"), AT("things/"), 0, 0);
    CHECK("a request", CALL("crux_code", response) == 0 && CALL("crux_status", response) == 200);
    given = call("crux_json_int", ARGUMENTS(response, AT("/count"), 0xffffffff, 0xffffffff), 0);
    CHECK("64 bits come back in two halves", given.low == 7 && given.high == 0);
    given = call("crux_json_int", ARGUMENTS(response, AT("/none"), 0x89abcdef, 0x01234567), 0);
    CHECK("and go in so", given.low == 0x89abcdef && given.high == 0x01234567);
    given = call("crux_json_double", ARGUMENTS(response, AT("/count"), 0, 0), 1);
    CHECK("a real number comes back", given.real == 7.0);
    given = call("crux_json_double", ARGUMENTS(response, AT("/none"), 0, 0x40040000), 1);
    CHECK("and goes in", given.real == 2.5);
    CHECK("a walk", CALL("crux_json_walk", response, AT(""), AT(visit), 0) == 0 && visited > 10);
    CALL("crux_free", response);

    request = CALL("crux_call_new", me, AT("GET"), AT("slow/"));
    CALL("crux_call_set", request, AT("tick.every_ms"), AT("20"));
    CALL("crux_call_tick", request, AT(tick), 99, AT(release));
    response = CALL("crux_call_send", request);
    CHECK("a tick ends it", CALL("crux_code", response) == 8 && ticks == 5 && in_hook == 99);
    CALL("crux_free", response), CALL("crux_free", request);
    CHECK("and is released", released == 2);

    request = CALL("crux_call_new", me, AT("POST"), AT("echo/"));
    CALL("crux_call_source", request, AT(give), 0, AT(release), 15, 0, AT("text/plain"));
    response = CALL("crux_call_send", request);
    CHECK("a source", CALL("crux_code", response) == 0 && strstr((const char *) (uintptr_t) CALL("crux_body", response, 0), "piecepiecepiece") != NULL);
    CALL("crux_free", response), CALL("crux_free", request);
    CHECK("is released", released == 3);

    request = CALL("crux_call_new", me, AT("GET"), AT("things/0/"));
    response = CALL("crux_call_start", request);
    CHECK("a started request", WaitForSingleObject((HANDLE) (uintptr_t) CALL("crux_event", me), 20000) == WAIT_OBJECT_0);
    CHECK("comes back by the queue", CALL("crux_next_finished", me, 0) == response && CALL("crux_wait", response, 0) == 1);
    CALL("crux_free", response), CALL("crux_free", request);
    CALL("crux_cancel", me);
    CALL("crux_free", me), CALL("crux_free", options);
    for (ticks = 0; released < 5 && ticks < 200; ticks++) Sleep(10);
    CHECK("all hooks are released", released == 5 && lines > 0);
    CHECK("every call left the stack pointer where it was", unbalanced == 0 && balanced > 40);
    FreeLibrary(library);
    return verdict();
}
