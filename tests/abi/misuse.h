/*
 * What every generated case of misuse stands on: good arguments, bad ones, and what may be seen after a call.
 * The cases are made by tests/misuse.rs from crux.h.
 */
#include <crux.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <sys/mman.h>
#endif

#define ERRNO_BEFORE 4242
#define FILLER 0x5a

/* Programs have addresses below the first, and the library believes lengths below the second. */
#if UINTPTR_MAX > UINT32_MAX
#define FIRST_NO_ADDRESS 0x800000000000
#define FIRST_TOO_LONG (((ptrdiff_t) 1 << 47) + 1)
#else
#define FIRST_NO_ADDRESS 0xc0000000
#define FIRST_TOO_LONG PTRDIFF_MAX
#endif

/* Arguments that are fine; options and call are new for each case. */
static struct {
    crux_client *client;
    crux_options *options;
    crux_call *call;
    crux_response *response;
} good;

/* What out-parameters and buffers point to. */
static size_t out_size;
static int32_t out_number;
static const char *out_text;
static unsigned char buffer[4096];

/* Addresses that were never handles. */
static char heap_zeros[256] __attribute__((aligned(64)));
static void *heap, *heap_ones, *unmapped;

/* Texts that are too much, or not quite right. */
static char *million_letters, *million_slashes;

/* A file to send, and a name for one to come; both in the folder of the report. */
static char some_file[4096], target_file[4096];

static const char *base;
static FILE *report;
static const char *label = "before the first case";
static int failures;

static void failed(const char *what)
{
    failures++;
    fprintf(report, "FAILED %s: %s\n", label, what);
    fflush(report);
}

static void quiet_log(void *context, int32_t level, const char *line)
{
    (void) context, (void) level, (void) line;
}

static int32_t quiet_tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    return (void) context, (void) phase, (void) done, (void) total, 0;
}

static ptrdiff_t quiet_read(void *context, void *buffer, size_t capacity)
{
    return (void) context, (void) buffer, (void) capacity, 0;
}

static ptrdiff_t quiet_fetch(void *context, const char *refused, void *buffer, size_t capacity)
{
    return (void) context, (void) refused, (void) buffer, (void) capacity, 0;
}

static int32_t quiet_visit(void *context, int32_t depth, int32_t type, const char *key, size_t key_length,
                           const char *text, size_t length)
{
    return (void) context, (void) depth, (void) type, (void) key, (void) key_length, (void) text, (void) length, 0;
}

static int released;
static void quiet_release(void *context) { (void) context, released++; }

static char *filled(char byte, size_t size)
{
    char *text = malloc(size + 1);
    memset(text, byte, size);
    text[size] = 0;
    return text;
}

static crux_call *make_call(void)
{
    crux_call *call = crux_call_new(good.client, "GET", "must-not-arrive/{name}/");
    crux_call_fill(call, "name", "x");
    return call;
}

static crux_options *make_options(void)
{
    crux_options *options = crux_options_new();
    crux_options_set(options, "service", "custom");
    crux_options_set(options, "base_url", base);
    return options;
}

static crux_client *make_client(void)
{
    crux_options *options = make_options();
    crux_client *client;
    crux_options_set(options, "token", "token");
    crux_options_set(options, "reset.path", "must-not-arrive/");
    client = crux_login_with(options);
    crux_free(options);
    return client;
}

static void *freed(void *object)
{
    crux_free(object);
    return object;
}

static void *freed_client(void) { return freed(make_client()); }
static void *freed_call(void) { return freed(make_call()); }
static void *freed_options(void) { return freed(make_options()); }
static void *freed_response(void) { return freed(crux_request(NULL, NULL, NULL, NULL, 0)); }

static void begin(const char *name)
{
    label = name;
    released = 0;
    fprintf(report, "%s\n", name);
    fflush(report);
    good.options = make_options();
    good.call = make_call();
    out_size = 77;
    out_number = 77;
    out_text = "untouched";
    memset(buffer, FILLER, sizeof buffer);
    errno = ERRNO_BEFORE;
}

static int is_live(const void *object)
{
    return strncmp(crux_message(object), "The handle is NULL", 18) != 0;
}

static void finish(void)
{
    if (!is_live(good.options) || !is_live(good.call)) failed("another object was ended");
    if (crux_code(good.client) != CRUX_OK) failed("the client is not as it was");
    if (crux_code(good.response) != CRUX_OK || crux_status(good.response) != 200)
        failed("the response is not as it was");
    crux_free(good.options);
    crux_free(good.call);
}

static void errno_is_kept(void)
{
    if (errno != ERRNO_BEFORE) failed("errno was changed");
}

/* An object that a function made: never NULL, with an outcome of its own. */
static void object_is(void *object, int32_t code)
{
    if (!object) {
        failed("NULL was returned");
        return;
    }
    /* What runs in the background has no outcome before it is finished. */
    crux_wait(object, 10000);
    if (code >= 0 && crux_code(object) != code) failed(crux_message(object));
    if (!crux_message(object)[0]) failed("it has no message");
    crux_free(object);
}

static void buffer_is_kept_from(size_t start)
{
    size_t i;
    for (i = start; i < sizeof buffer; i++)
        if (buffer[i] != FILLER) {
            failed("bytes behind the buffer's end were written");
            return;
        }
}

static void prepare(void)
{
    heap = calloc(1, 256);
    heap_ones = filled((char) 0xff, 255);
#ifdef _WIN32
    unmapped = VirtualAlloc(NULL, 4096, MEM_RESERVE, PAGE_NOACCESS);
#else
    unmapped = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#endif
    million_letters = filled('a', 1000000);
    million_slashes = filled('/', 1000000);
    good.client = make_client();
    good.response = crux_request(good.client, "GET", "prepared/", NULL, 0);
    if (crux_code(good.response) != CRUX_OK) failed(crux_message(good.response));
}
