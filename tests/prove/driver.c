/*
 * Runs each flow of flows.c in a process of its own, while a function of the system fails or one of its limits is near,
 * and judges what comes of it. Under the sandbox with --shop:
 *
 *     driver plain FOLDER                              every flow once, in this process
 *     driver faults FOLDER MOST                        each function, each call, each error; a sample of MOST if not 0
 *     driver limits FOLDER STEPS                       memory, descriptors and sizes of files, in so many steps
 *     driver full FOLDER                               FOLDER is a small disk, which is filled
 *     driver one FOLDER FLOW FUNCTION NTH ERROR [1]    one fault; 1 = and all calls from there on
 *     driver overrun FOLDER; driver leak FOLDER        an error of its own, for a tool that looks for such
 *     driver one FOLDER FLOW LIMIT VALUE               one limit: memory, descriptors or files
 *
 * The last line of output is what was tried. The status is 0 if nothing is wrong.
 */
#define _GNU_SOURCE
#include "faults.h"
#include "flows.h"
#include "limits.h"
#include "trials.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_TRIALS 200000

/* ======== Faults ============================================================ */

static struct trial *trials;
static long trial_count;

static void add(struct trial trial)
{
    if (trial_count < MOST_TRIALS)
        trials[trial_count++] = trial;
}

/* A call that may be tried again for ever must not say EINTR for ever, and of waits that are none one is enough. */
static int may_last(int function, int error, long nth)
{
    const char *name = faulty[function].name;

    if (error == EINTR)
        return strcmp(name, "poll") == 0;
    if (error == EAGAIN && (strcmp(name, "recv") == 0 || strcmp(name, "send") == 0 || strcmp(name, "poll") == 0))
        return nth == 1;
    return error != FAULT_SHORT && error != FAULT_HELD;
}

/* All faults of a flow, each counted call once, and from it on. */
static void plan_faults(int flow)
{
    long *counts = mmap(NULL, sizeof *counts * 64, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    count_calls(flow, counts);
    for (int function = 0; function < faulty_functions; function++)
        for (int at = 0; at < FAULTS_ERRORS && faulty[function].errors[at] != 0; at++)
            for (long nth = 1; nth <= counts[function]; nth++) {
                int error = faulty[function].errors[at];
                add((struct trial){.flow = flow, .function = function, .nth = nth, .error = error});
                if (may_last(function, error, nth))
                    add((struct trial){.flow = flow, .function = function, .nth = nth, .error = error, .forever = 1});
            }
    munmap(counts, sizeof *counts * 64);
}

/* The same order each time, in which no flow and no function comes first. */
static void shuffle(void)
{
    unsigned long long state = 88172645463325252ULL;

    for (long at = trial_count - 1; at > 0; at--) {
        struct trial kept = trials[at];
        long other;
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        other = (long) (state % (unsigned long long) (at + 1));
        trials[at] = trials[other];
        trials[other] = kept;
    }
}

static void try_faults(long most)
{
    long planned;
    int functions = 0;

    for (int flow = 0; flow < flow_count; flow++)
        plan_faults(flow);
    planned = trial_count;
    shuffle();
    if (most > 0 && trial_count > most)
        trial_count = most;
    all.tried = 0;
    run_trials(trials, trial_count);
    for (int function = 0; function < faulty_functions; function++)
        functions += all.met[function];
    printf("%ld of %ld faults in %d functions of the system, %ld wrong\n", all.tried - all.unmet, planned,
           functions, all.wrong);
}

/* ======== What the command line asks for ==================================== */

static void try_limits(long steps)
{
    static const long sizes[] = {0, 1, 100, 4096, 100000, 262144, 300000, 700000, 1048575, 1048576};

    for (int flow = 0; flow < flow_count; flow++) {
        /* From nothing to what is enough for all threads, in steps that grow. */
        for (long step = 0; step < steps; step++) {
            long value = (96L << 20) * step * step * step / (steps * steps * steps);
            add((struct trial){.flow = flow, .limit = &limits[MEMORY], .value = value});
        }
        for (long left = 0; left < 12; left++)
            add((struct trial){.flow = flow, .limit = &limits[DESCRIPTORS], .value = left});
        for (size_t at = 0; at < sizeof sizes / sizeof *sizes; at++)
            add((struct trial){.flow = flow, .limit = &limits[FILES], .value = sizes[at]});
    }
    run_trials(trials, trial_count);
    printf("%ld limits of memory, descriptors and files, %ld wrong (%ld ended the program for want of memory)\n",
           all.tried, all.wrong, all.aborted);
}

static void try_full_disk(void)
{
    for (int flow = 0; flow < flow_count; flow++)
        for (long left = 0; left < 1200000; left = left < 4096 ? left + 4096 : left * 2)
            add((struct trial){.flow = flow, .limit = &limits[DISK], .value = left});
    /* One at a time: they share the disk. */
    for (long at = 0; at < trial_count; at++)
        run_trials(&trials[at], 1);
    printf("%ld disks that were full, %ld wrong\n", all.tried, all.wrong);
}

static void try_plain(void)
{
    static char folder[4096];

    snprintf(folder, sizeof folder, "%s/plain", all.folder);
    stage.folder = folder;
    for (int flow = 0; flow < flow_count; flow++) {
        stage_prepare();
        flows[flow].run();
        flows[flow].check();
        end_client();
    }
    all.wrong = stage.wrong;
    printf("%d flows, %ld wrong\n", flow_count, all.wrong);
}

/* The library reads what lies behind the body that it is given. */
static void overrun(void)
{
    crux_client *client = log_in(stage.http, NULL);
    crux_call *call = crux_call_new(client, "POST", "upload/");

    char *body = calloc(10, 1);

    crux_call_body(call, body, 100, NULL);
    free(body);
    crux_free(call);
    crux_free(client);
}

/* gcc's analyzer finds it as well. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wunknown-warning-option"
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
static void leak(void)
{
    static void *volatile lost;

    lost = malloc(77);
    lost = NULL;
    (void) lost;
}
#pragma GCC diagnostic pop

static int number_of(const char *name, int function)
{
    int count = function ? faulty_functions : flow_count, at = 0;

    while (at < count && strcmp(name, function ? faulty[at].name : flows[at].name) != 0)
        at++;
    if (at < count)
        return at;
    fprintf(stderr, "%s is not known\n", name);
    exit(2);
}

/* The file that is uploaded, and the piece of the one that is resumed. */
static void set_the_stage(void)
{
    static char upload[4096], part[4096], bytes[UPLOADED];
    FILE *file;

    mkdir(all.folder, 0700);
    snprintf(upload, sizeof upload, "%s/upload.bin", all.folder);
    snprintf(part, sizeof part, "%s/part", all.folder);
    file = fopen(upload, "wb");
    if (file == NULL || fwrite(bytes, 1, sizeof bytes, file) != sizeof bytes || fclose(file) != 0) {
        fprintf(stderr, "%s cannot be written: %s\n", upload, strerror(errno));
        exit(2);
    }
    stage.upload = upload;
    stage.report = 2;
    stage.folder = part;
    /* Not in this process: those that it forks begin with a library that has done nothing yet. */
    if (fork() == 0) {
        stage_prepare();
        exit(flow_leave_part() ? 0 : 1);
    }
    int status;
    wait(&status);
    if (status != 0) {
        fprintf(stderr, "No piece of a download could be made in %s.\n", part);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    const char *mode = argc > 2 ? argv[1] : "";
    long amount = argc > 3 ? atol(argv[3]) : 0;

    stage_enter();
    all.folder = argv[2];
    trials = malloc(sizeof *trials * MOST_TRIALS);
    if (mode[0] != 0)
        set_the_stage();
    if (strcmp(mode, "plain") == 0) {
        try_plain();
    } else if (strcmp(mode, "faults") == 0) {
        try_faults(amount);
    } else if (strcmp(mode, "limits") == 0) {
        try_limits(amount);
    } else if (strcmp(mode, "full") == 0) {
        try_full_disk();
    } else if (strcmp(mode, "overrun") == 0) {
        overrun();
    } else if (strcmp(mode, "leak") == 0) {
        leak();
    } else if (strcmp(mode, "one") == 0 && argc == 6) {
        struct trial trial = {.flow = number_of(argv[3], 0), .value = atol(argv[5]), .limit = limits};
        while (strcmp(trial.limit->name, argv[4]) != 0)
            trial.limit++;
        run_trials(&trial, 1);
        printf("1 limit, %ld wrong\n", all.wrong);
    } else if (strcmp(mode, "one") == 0 && argc > 6) {
        struct trial trial = {.flow = number_of(argv[3], 0), .function = number_of(argv[4], 1), .nth = atol(argv[5]),
                              .error = atoi(argv[6]), .forever = argc > 7};
        run_trials(&trial, 1);
        printf("1 fault, %ld wrong, %ld not met\n", all.wrong, all.unmet);
    } else {
        fprintf(stderr, "usage: driver plain|faults|limits|full|one FOLDER ...; see driver.c\n");
        return 2;
    }
    free(trials);
    return all.wrong > 0;
}
