/*
 * How the cost of a request grows with what is around it. One line for each step: what was stepped, CPU
 * microseconds for each request (or as the title says), KiB of memory in use.
 *
 *     growth threads|requests|live|body|json|ways|nodes BASE PATH MOST
 */
#include <crux.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static crux_client *client;
static const char *path;

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static long memory_kib(void)
{
    long pages = 0, resident = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (!statm || fscanf(statm, "%ld %ld", &pages, &resident) != 2)
        resident = 0;
    if (statm)
        fclose(statm);
    return resident * 4;
}

static crux_response *get(void)
{
    crux_response *response = crux_request(client, "GET", path, NULL, 0);
    if (crux_code(response) != CRUX_OK) {
        fprintf(stderr, "%s\n", crux_message(response));
        exit(1);
    }
    return response;
}

static void many(long count)
{
    for (long i = 0; i < count; i++)
        crux_free(get());
}

static void *lane(void *count)
{
    many(*(long *)count);
    return NULL;
}

static void threads(long most)
{
    for (long number = 1; number <= most; number *= 2) {
        pthread_t all[64];
        long each = 16000 / number;
        double before = cpu_us();
        for (long i = 0; i < number; i++)
            pthread_create(&all[i], NULL, lane, &each);
        for (long i = 0; i < number; i++)
            pthread_join(all[i], NULL);
        printf("%ld %.2f %ld\n", number, (cpu_us() - before) / (each * number), memory_kib());
    }
}

static void requests(long most)
{
    long done = 0;
    for (long upto = 1000; upto <= most; upto *= 10) {
        double before = cpu_us();
        many(upto - done);
        printf("%ld %.2f %ld\n", upto, (cpu_us() - before) / (upto - done), memory_kib());
        done = upto;
    }
}

static void live(long most)
{
    crux_response **held = calloc(most, sizeof *held);
    long count = 0;
    for (long number = 1; number <= most; number *= 10) {
        while (count < number)
            held[count++] = get();
        double before = cpu_us();
        many(2000);
        printf("%ld %.2f %ld\n", number, (cpu_us() - before) / 2000, memory_kib());
    }
    while (count > 0)
        crux_free(held[--count]);
    free(held);
}

/* Files of these sizes lie beside PATH, with the size behind it. */
static void body(long most)
{
    const char *stem = path;
    for (long kib = 64; kib <= most; kib *= 4) {
        char name[256];
        long times = 1 + 65536 / kib;
        snprintf(name, sizeof name, "%s%ld", stem, kib);
        path = name;
        many(2);
        double before = cpu_us();
        many(times);
        printf("%ld %.2f %ld\n", kib, (cpu_us() - before) * 1024 / (times * kib), memory_kib());
    }
}

static void json(long most)
{
    static const char *pointers[] = { "/count", "/products/0/name", "/products/900000/name", "/products/900000/price",
                                      "/products/17/tags/1", "/none" };
    crux_response *response = get();
    long start = memory_kib();
    (void)most;
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++) {
        double before = cpu_us();
        const char *text = crux_json_text(response, pointers[i]);
        printf("%s=%.12s %.0f %ld\n", pointers[i], text ? text : "-", cpu_us() - before, memory_kib() - start);
    }
    crux_free(response);
}

static int tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    (void)context, (void)phase, (void)done, (void)total;
    return 0;
}

static crux_client *new_client(const char *base, int ticks)
{
    crux_options *options = crux_options_new();
    crux_client *made;
    crux_options_set(options, "service", "custom");
    crux_options_set(options, "base_url", base);
    crux_options_set(options, "token", "0123456789abcdef");
    crux_options_set(options, "max_body", "1073741824");
    crux_options_set(options, "background.max", "16");
    if (ticks)
        crux_options_tick(options, tick, NULL, NULL);
    made = crux_login_with(options);
    crux_free(options);
    return made;
}

/* In turns, so that what disturbs the machine disturbs all alike. */
enum { TURNS = 20, WINDOW = 16 };

static void in_flight(long count)
{
    crux_call *call = crux_call_new(client, "GET", path);
    long started = 0;
    for (long finished = 0; finished < count; finished++) {
        for (; started < count && started - finished < WINDOW; started++)
            crux_call_start(call);
        crux_free(crux_next_finished(client, -1));
    }
    crux_free(call);
}

static void start_and_wait(long count)
{
    crux_call *call = crux_call_new(client, "GET", path);
    for (long i = 0; i < count; i++) {
        crux_response *response = crux_call_start(call);
        crux_wait(response, -1);
        crux_free(response);
    }
    crux_free(call);
}

static void ways(long most, const char *base)
{
    crux_client *plain = client, *ticked = new_client(base, 1);
    struct {
        const char *name;
        crux_client *client;
        void (*run)(long);
        double spent;
    } all[] = {
        { "crux_request", plain, many, 0 },
        { "the same with a tick", ticked, many, 0 },
        { "16 started, crux_next_finished", plain, in_flight, 0 },
        { "one started, crux_wait", plain, start_and_wait, 0 },
    };
    for (int turn = 0; turn <= TURNS; turn++)
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            double before = cpu_us();
            client = all[i].client;
            all[i].run(most / TURNS);
            if (turn > 0) /* the first warms up */
                all[i].spent += cpu_us() - before;
        }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        printf("%s %.2f %.2f\n", all[i].name, all[i].spent / most, all[i].spent / all[0].spent);
    client = plain;
    crux_free(ticked);
}

/* Asks for each of the nodes by its own pointer: an array of MOST rows of two members. */
static void nodes(long most)
{
    crux_response *response = get();
    size_t length;
    long start = memory_kib(), found = 0;
    double before = cpu_us();
    crux_body(response, &length);
    for (long i = 0; i < most; i++) {
        char pointer[64];
        snprintf(pointer, sizeof pointer, "/%ld/id", i);
        found += crux_json_int(response, pointer, -1) == i;
        snprintf(pointer, sizeof pointer, "/%ld/name", i);
        found += crux_json_text(response, pointer) != NULL;
    }
    printf("%ld %.0f %.2f\n", found, (cpu_us() - before) / 1000, (memory_kib() - start) * 1024.0 / length);
    crux_free(response);
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    client = new_client(argv[2], 0);
    path = argv[3];
    long most = atol(argv[4]);
    switch (argv[1][0]) {
    case 't': many(100); threads(most); break;
    case 'r': requests(most); break;
    case 'l': many(100); live(most); break;
    case 'b': body(most); break;
    case 'j': json(most); break;
    case 'w': ways(most, argv[2]); break;
    case 'n': nodes(most); break;
    }
    crux_free(client);
    return 0;
}
