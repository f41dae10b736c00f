/*
 * 32 threads on the same clients, in each other's way: requests, started requests that others wait for, cancel and
 * free, a queue, streams, pages, files, tokens that expire, hooks, and one response that all of them read. For a program that
 * looks for data races. Under the sandbox with --shop:
 *
 *     storm FOLDER ROUNDS [race]
 *
 * With "race" they race: what they count with is then no atomic. The last line of output is what was done. The status is 0
 * if every outcome was one that this may have.
 */
#define _GNU_SOURCE
#include <crux.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define THREADS 32
#define SLOTS 16

static struct {
    /* Of the shop: with a password, and with hooks. And one whose tokens the server takes back. */
    crux_client *client, *hooked, *renewing;
    /* Read by all, all the time. */
    crux_response *known;
    /* Started responses: whoever takes one out frees it, while others still wait for it. */
    crux_response *slots[SLOTS];
    const char *folder;
    int rounds, race;
    long requests, cancels, frees, lines, ticks, tokens, released, wrong;
} all;

static void count(long *number)
{
    if (all.race)
        *number += 1;
    __atomic_add_fetch(number, 1, __ATOMIC_RELAXED);
}

/* What may come of a request here: it is cancelled, or its new token is taken back as well. */
static int judge(const char *what, const crux_response *response)
{
    int32_t code = crux_code(response);

    count(&all.requests);
    if (code == CRUX_OK)
        return 1;
    if (code != CRUX_ERR_CANCELLED && code != CRUX_ERR_AUTH) {
        count(&all.wrong);
        fprintf(stderr, "%s: %d: %s\n", what, (int) code, crux_message(response));
    }
    return 0;
}

static void expect(int holds, const char *what)
{
    if (!holds) {
        count(&all.wrong);
        fprintf(stderr, "%s\n", what);
    }
}

/* ======== Hooks ============================================================= */

static void log_line(void *context, int32_t level, const char *line)
{
    (void) context, (void) level;
    if (line[0] != 0)
        count(&all.lines);
}

static int32_t tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    (void) context, (void) phase, (void) done, (void) total;
    count(&all.ticks);
    return 0;
}

static ptrdiff_t fetch(void *context, const char *refused, void *buffer, size_t capacity)
{
    static const char token[] = "tok-7d1c";

    (void) context, (void) refused, (void) capacity;
    count(&all.tokens);
    memcpy(buffer, token, sizeof token - 1);
    return sizeof token - 1;
}

static void release(void *context)
{
    (void) context;
    count(&all.released);
}

static ptrdiff_t supply(void *context, void *buffer, size_t capacity)
{
    int *left = context;
    size_t amount = capacity < 1000 ? capacity : 1000;

    if ((*left)-- <= 0)
        return 0;
    memset(buffer, 'x', amount);
    return (ptrdiff_t) amount;
}

/* ======== What the threads do =============================================== */

static void get(crux_client *client)
{
    crux_response *response = crux_request(client, "GET", "things/1/", NULL, 0);

    if (judge("GET", response))
        expect(crux_json_int(response, "/id", -1) == 1, "GET: another thing");
    crux_free(response);
}

static void pages(crux_client *client)
{
    crux_response *page = crux_request(client, "GET", "things/?limit=2", NULL, 0), *next;
    size_t things = 0;
    int whole = 1;

    while (page != NULL) {
        whole = judge("page", page) && whole;
        things += crux_json_count(page, "/results");
        next = crux_next_page(client, page);
        crux_free(page);
        page = next;
    }
    expect(!whole || things == 7, "pages: not 7 things");
}

/* A thread of its own waits for what it started, while a second one may cancel it. */
static void stream(crux_client *client)
{
    crux_call *call = crux_call_new(client, "GET", "files/out.bin");
    crux_response *response;
    char piece[65536];
    ptrdiff_t got;
    long length = 0;

    crux_call_set(call, "stream", "1");
    response = crux_call_start(call);
    crux_free(call);
    do {
        got = crux_read(response, piece, sizeof piece);
        length += got > 0 ? got : 0;
    } while (got > 0 || (got == -2 && crux_wait(response, 5000)));
    if (judge("stream", response))
        expect(got == 0 && length == 1 << 20, "stream: not the whole");
    crux_free(response);
}

static void upload(crux_client *client)
{
    crux_call *call = crux_call_new(client, "POST", "upload/");
    int pieces = 20;
    crux_response *response;

    crux_call_source(call, supply, &pieces, release, -1, "text/plain");
    response = crux_call_send(call);
    /* No form: refused, once it is read to its end. */
    if (crux_status(response) != 400)
        judge("upload", response);
    crux_free(response);
    crux_free(call);
}

static void download(crux_client *client, long thread)
{
    char path[4096];
    crux_response *response;

    snprintf(path, sizeof path, "%s/%ld", all.folder, thread);
    response = crux_download(client, "files/out.bin", path);
    judge("download", response);
    crux_free(response);
}

/* Puts a started request where all see it, and frees the one that was there: under those who wait for it. */
static void start(crux_client *client, unsigned *seed)
{
    crux_call *call = crux_call_new(client, "GET", rand_r(seed) % 4 == 0 ? "drip/20" : "things/2/");
    crux_response *response = crux_call_start(call), *before;

    crux_call_tick(call, tick, NULL, release);
    crux_free(call);
    crux_event(response);
    before = __atomic_exchange_n(&all.slots[rand_r(seed) % SLOTS], response, __ATOMIC_SEQ_CST);
    crux_free(before);
    count(&all.frees);
}

/* Numbers only: a text would go with its object. */
static void look(unsigned *seed)
{
    crux_response *response = __atomic_load_n(&all.slots[rand_r(seed) % SLOTS], __ATOMIC_SEQ_CST);
    int32_t code;

    if (response == NULL)
        return;
    crux_wait(response, rand_r(seed) % 5);
    code = crux_code(response);
    expect(code >= CRUX_PENDING && code <= CRUX_ERR_FILE, "a started request has an odd code");
    crux_status(response);
    crux_number(response, "received");
    crux_number(response, "phase");
    crux_json_int(response, "/id", 0);
}

/* Whoever takes one out of the queue looks at it; it may be freed at any moment. */
static void take(crux_client *client)
{
    crux_response *finished = crux_next_finished(client, 3);

    if (finished != NULL)
        crux_code(finished);
}

static void cancel(crux_client *client, unsigned *seed)
{
    if (rand_r(seed) % 8 == 0)
        crux_cancel(client);
    else
        crux_cancel(__atomic_load_n(&all.slots[rand_r(seed) % SLOTS], __ATOMIC_SEQ_CST));
    count(&all.cancels);
    usleep(rand_r(seed) % 2000);
}

/* Takes back all tokens: of those that come next one renews it, for all. */
static void take_back(crux_client *client, unsigned *seed)
{
    crux_response *response = crux_request(client, "POST", "_sandbox/revoke", NULL, 0);

    judge("revoke", response);
    crux_free(response);
    crux_set_token(all.client, "tok-7d1c");
    usleep(rand_r(seed) % 5000);
}

static void renew(void)
{
    crux_response *response = crux_request(all.renewing, "GET", "organizations/", NULL, 0);

    judge("renewal", response);
    crux_free(response);
}

static void read_known(unsigned *seed)
{
    char pointer[32], text[256];

    snprintf(pointer, sizeof pointer, "/results/%d/name", rand_r(seed) % 9);
    crux_json_text(all.known, pointer);
    crux_json_count(all.known, "/results");
    crux_json_key(all.known, "/results/0", 1);
    crux_header(all.known, "content-type", 0);
    crux_info(all.known, "url");
    crux_copy(all.known, "facts", text, sizeof text);
    crux_info(all.client, "base_url");
    crux_number(all.client, "open_connections");
}

static void *work(void *argument)
{
    long thread = (long) argument;
    unsigned seed = (unsigned) thread + 1;

    for (int round = 0; round < all.rounds; round++) {
        crux_client *client = rand_r(&seed) % 4 == 0 ? all.hooked : all.client;
        switch ((thread + round) % 20) {
        case 0: case 1: case 2: get(client); break;
        case 3: pages(client); break;
        case 4: stream(client); break;
        case 5: upload(client); break;
        case 6: download(client, thread); break;
        case 7: case 8: case 9: start(client, &seed); break;
        case 10: case 11: look(&seed); break;
        case 12: take(client); break;
        case 13: cancel(client, &seed); break;
        case 14: read_known(&seed); break;
        case 15: take_back(client, &seed); break;
        default: renew(); break;
        }
    }
    return NULL;
}

/* ======== The clients ======================================================= */

static crux_client *log_in(int with_hooks)
{
    crux_options *options = crux_options_new();
    crux_client *client;

    crux_options_set(options, "service", "custom");
    crux_options_set(options, "base_url", getenv(with_hooks ? "CRUX_SANDBOX_HTTPS" : "CRUX_SANDBOX_HTTP"));
    crux_options_set(options, "tls.ca_file", getenv("CRUX_SANDBOX_CA"));
    crux_options_set(options, "proxy", "direct");
    crux_options_set(options, "tick.every_ms", "10");
    crux_options_set(options, "background.max", "6");
    crux_options_log(options, CRUX_LOG_TRACE, log_line, NULL, release);
    crux_options_tick(options, tick, NULL, release);
    if (with_hooks) {
        crux_options_token(options, fetch, NULL, release);
    } else {
        crux_options_set(options, "user", getenv("CRUX_USER"));
        crux_options_set(options, "secret", getenv("CRUX_PASSWORD"));
    }
    client = crux_login_with(options);
    crux_free(options);
    return client;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    crux_response *last;
    char base[256];
    long renewals;

    if (argc < 3 || getenv("CRUX_SANDBOX_HTTP") == NULL) {
        fprintf(stderr, "usage: sandbox --shop %s FOLDER ROUNDS [race]\n", argv[0]);
        return 2;
    }
    all.folder = argv[1];
    mkdir(all.folder, 0700);
    all.rounds = atoi(argv[2]);
    all.race = argc > 3;
    all.client = log_in(0);
    all.hooked = log_in(1);
    snprintf(base, sizeof base, "%s/timp/", getenv("CRUX_SANDBOX_HTTP"));
    all.renewing = crux_login("crux-connect", base, "ada@example.com", "correct horse");
    all.known = crux_request(all.client, "GET", "things/?limit=9", NULL, 0);
    expect(crux_code(all.known) == CRUX_OK, crux_message(all.known));
    for (long thread = 0; thread < THREADS; thread++)
        pthread_create(&threads[thread], NULL, work, (void *) thread);
    for (int thread = 0; thread < THREADS; thread++)
        pthread_join(threads[thread], NULL);

    /* After all that: quiet, and as good as new. */
    for (int slot = 0; slot < SLOTS; slot++)
        crux_free(all.slots[slot]);
    for (int pass = 0; pass < 2; pass++) {
        last = crux_request(pass ? all.hooked : all.client, "GET", "things/1/", NULL, 0);
        expect(crux_code(last) == CRUX_OK, crux_message(last));
        crux_free(last);
    }
    crux_free(all.known);
    crux_free(all.client);
    crux_free(all.hooked);
    renewals = crux_number(all.renewing, "logins") - 1;
    crux_free(all.renewing);
    expect(crux_shutdown(10000), "a thread of libcrux is left");
    printf("%d threads, %ld requests, %ld cancels, %ld frees, %ld renewals, %ld log lines, %ld ticks, %ld wrong\n", THREADS,
           all.requests, all.cancels, all.frees, renewals, all.lines, all.ticks, all.wrong);
    return all.wrong > 0;
}
