/*
 * What the clients share: the same arguments, the same loop, the same clock, the same report, so that
 * what differs between two of them is the library.
 *
 *     CLIENT KIND BASE PATH COUNT [THREADS]      with the CA's certificate in $BENCH_CA
 *
 *     get, post     COUNT small requests on a connection kept alive
 *     download      GET, the body passed on or dropped in pieces where the library can
 *     put           COUNT uploads of 64 MiB from memory, described once
 *     upload        COUNT POSTs of 64 MiB, the body handed over in each request
 *     own           COUNT GETs with ten headers of the caller's
 *     fresh         GET, a new connection for each
 *     cold          one GET with nothing before it; the caller watches the clock
 *     threads       COUNT GETs by THREADS threads
 *     burst         COUNT GETs, THREADS of them at a time, all of which wait for the last
 *
 * Prints microseconds of CPU (user and system), microseconds by the clock, and the peak of resident
 * memory in KiB, all but the last without the first request, which connects.
 */
#ifndef BENCH_H
#define BENCH_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define TOKEN "0123456789abcdef0123456789abcdef01234567"
#define UPLOAD ((size_t)64 << 20)

static const char POSTED[] =
    "{\"name\": \"Ada Lovelace\", \"email\": \"ada@example.com\", \"role\": \"analyst\", \"active\": true}";

/* Headers of a caller, name and value. */
#define OWN_HEADERS 10
static const char *const OWN[OWN_HEADERS][2] = {
    { "X-Request-Id", "7b0c7a52-5a3d-4f6e-9a38-1f1f0d7f7c55" },
    { "X-Correlation-Id", "0f3a2b1c" },
    { "X-Client-Name", "bench" },
    { "X-Client-Version", "1.2.3" },
    { "X-Tenant", "research" },
    { "X-Locale", "en-GB" },
    { "X-Trace", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
    { "X-Feature", "exports=on; preview=off" },
    { "If-None-Match", "\"33a64df551425fcc55e4d42a148795d9f25f89d4\"" },
    { "Cache-Control", "no-cache" },
};

struct task {
    const char *kind, *base, *path, *ca;
    long count, threads;
    int is_post, is_put, is_upload, is_own, is_fresh, is_download;
    char *upload; /* UPLOAD bytes, for put and upload */
};

/* What each client brings: once for the process, once for each thread, once for each request. */
static void process_open(const struct task *task);
static void *thread_open(const struct task *task);
static void request(const struct task *task, void *own);
static void thread_close(void *own);
static void process_close(void);

static void die(const char *why, const char *more)
{
    fprintf(stderr, "%s: %s\n", why, more ? more : "");
    exit(1);
}

static double wall_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static double cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

/* Not from getrusage, which remembers what the parent had before exec. */
static long peak_kib(void)
{
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib;
}

struct lane {
    pthread_t thread;
    const struct task *task;
    pthread_barrier_t *barrier; /* NULL: run free */
    long count;
};

static void *run_lane(void *argument)
{
    struct lane *lane = argument;
    void *own = thread_open(lane->task);
    request(lane->task, own);
    pthread_barrier_wait(lane->barrier);
    pthread_barrier_wait(lane->barrier);
    for (long i = 0; i < lane->count; i++) {
        if (strcmp(lane->task->kind, "burst") == 0)
            pthread_barrier_wait(lane->barrier);
        request(lane->task, own);
    }
    thread_close(own);
    return NULL;
}

static void run_threads(const struct task *task, double *cpu, double *wall)
{
    struct lane *lanes = calloc(task->threads, sizeof *lanes);
    pthread_barrier_t barrier;
    int burst = strcmp(task->kind, "burst") == 0;
    long each = task->count / task->threads;
    /* This thread takes part in the start only. */
    pthread_barrier_init(&barrier, NULL, task->threads + 1);
    for (long i = 0; i < task->threads; i++) {
        lanes[i] = (struct lane){ .task = task, .barrier = &barrier, .count = each };
        pthread_create(&lanes[i].thread, NULL, run_lane, &lanes[i]);
    }
    pthread_barrier_wait(&barrier);
    *cpu = cpu_us();
    *wall = wall_us();
    pthread_barrier_wait(&barrier);
    for (long i = 0; burst && i < each; i++)
        pthread_barrier_wait(&barrier);
    for (long i = 0; i < task->threads; i++)
        pthread_join(lanes[i].thread, NULL);
    *cpu = cpu_us() - *cpu;
    *wall = wall_us() - *wall;
    pthread_barrier_destroy(&barrier);
    free(lanes);
}

int main(int argc, char **argv)
{
    if (argc < 5)
        die("usage", "KIND BASE PATH COUNT [THREADS]");
    struct task task = { .kind = argv[1], .base = argv[2], .path = argv[3], .ca = getenv("BENCH_CA") };
    task.count = atol(argv[4]);
    task.threads = argc > 5 ? atol(argv[5]) : 1;
    task.is_post = strcmp(task.kind, "post") == 0;
    task.is_put = strcmp(task.kind, "put") == 0;
    task.is_upload = strcmp(task.kind, "upload") == 0;
    task.is_own = strcmp(task.kind, "own") == 0;
    task.is_fresh = strcmp(task.kind, "fresh") == 0;
    task.is_download = strcmp(task.kind, "download") == 0;
    if (task.is_put || task.is_upload) {
        task.upload = malloc(UPLOAD);
        for (size_t i = 0; i < UPLOAD; i++)
            task.upload[i] = (char)(i * 31 + (i >> 12));
    }
    double cpu = 0, wall = 0;
    process_open(&task);
    if (strcmp(task.kind, "threads") == 0 || strcmp(task.kind, "burst") == 0) {
        run_threads(&task, &cpu, &wall);
    } else {
        void *own = thread_open(&task);
        if (strcmp(task.kind, "cold") != 0)
            request(&task, own);
        cpu = cpu_us();
        wall = wall_us();
        for (long i = 0; i < task.count; i++)
            request(&task, own);
        cpu = cpu_us() - cpu;
        wall = wall_us() - wall;
        thread_close(own);
    }
    printf("%.0f %.0f %ld\n", cpu, wall, peak_kib());
    process_close();
    free(task.upload);
    return 0;
}

#endif
