/* Trials in processes of their own, and what comes of them: see trials.h. */
#define _GNU_SOURCE
#include "trials.h"

#include "faults.h"
#include "flows.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Processes at a time; most of them wait. */
#define SLOTS 10
/* A flow has some ten requests of at most 3 s each; longer is an endless wait. */
#define LONGEST_S 60
/* The status of a process in which the fault was not met. */
#define UNMET 3

struct outcomes all;

/* ======== One trial, in a process of its own ================================ */

static int open_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    return count;
}

void end_client(void)
{
    crux_free(stage.client);
    stage.client = NULL;
    if (!crux_shutdown(10000))
        wrong("a thread of libcrux is left");
}

static int act(const struct trial *trial)
{
    int opened;

    stage_prepare();
    opened = open_descriptors();
    if (trial->limit != NULL)
        trial->limit->tighten(trial->value);
    else
        faults_arm(trial->function, trial->nth, trial->error, trial->forever);
    flows[trial->flow].run();
    faults_disarm();
    if (trial->limit != NULL)
        trial->limit->loosen();
    flows[trial->flow].check();
    end_client();
    if (open_descriptors() != opened)
        wrong("of %d descriptors %d are left", opened, open_descriptors());
    if (trial->error != 0 && faults_met() == 0 && stage.wrong == 0)
        return UNMET;
    return stage.wrong > 0;
}

/* ======== Many trials ======================================================= */

struct slot {
    pid_t process;
    struct trial trial;
    char folder[4096], report[4096], noise[4096];
    /* Whether it is inside the system's resolver; shared with it. */
    int *looking_up;
};

static struct slot slots[SLOTS];

static void start(struct slot *slot, const struct trial *trial, long *counts)
{
    int noise;

    slot->trial = *trial;
    snprintf(slot->folder, sizeof slot->folder, "%s/%ld", all.folder, (long) (slot - slots));
    snprintf(slot->report, sizeof slot->report, "%s/%ld.report", all.folder, (long) (slot - slots));
    snprintf(slot->noise, sizeof slot->noise, "%s/%ld.noise", all.folder, (long) (slot - slots));
    if (slot->looking_up == NULL)
        slot->looking_up = mmap(NULL, sizeof *slot->looking_up, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *slot->looking_up = 0;
    slot->process = fork();
    if (slot->process != 0)
        return;
    alarm(LONGEST_S);
    faults_looking_up = slot->looking_up;
    stage.folder = slot->folder;
    stage.report = open(slot->report, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    noise = open(slot->noise, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    dup2(noise, 1);
    dup2(noise, 2);
    close(noise);
    noise = act(trial);
    for (int function = 0; counts != NULL && function < faulty_functions; function++)
        counts[function] = faults_calls(function);
    exit(noise);
}

/* What is written in a file; the first bytes of it. */
static const char *text_of(const char *path)
{
    static char text[4096];
    FILE *file = fopen(path, "r");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);

    if (file != NULL)
        fclose(file);
    text[length] = 0;
    return text;
}

/* Whether the program said, as a Rust library does, or the C library for it, that memory ran out. */
static int memory_ran_out(const char *noise)
{
    return strstr(noise, "memory allocation of ") != NULL || strstr(noise, "cannot allocate memory") != NULL;
}

static void judge(struct slot *slot, int status)
{
    const struct trial *trial = &slot->trial;
    const char *noise = text_of(slot->noise);
    int aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && memory_ran_out(noise);

    /* glibc's resolver takes the NULL of an allocation that failed for a table of its own, and goes down with it. */
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV && *slot->looking_up > 0)
        aborted = 1;

    all.tried++;
    if (trial->limit != NULL && trial->limit->may_abort && aborted) {
        all.aborted++;
        return;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == UNMET && noise[0] == 0) {
        all.unmet++;
        return;
    }
    if (trial->error != 0 && trial->limit == NULL)
        all.met[trial->function] = 1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && noise[0] == 0)
        return;
    all.wrong++;
    if (trial->limit != NULL)
        printf("WRONG: one %s %s %s %ld", all.folder, flows[trial->flow].name, trial->limit->name, trial->value);
    else
        printf("WRONG: one %s %s %s %ld %d%s", all.folder, flows[trial->flow].name, faulty[trial->function].name,
               trial->nth, trial->error, trial->forever ? " 1" : "");
    if (WIFSIGNALED(status))
        printf(WTERMSIG(status) == SIGALRM ? ": it did not end" : ": signal %d", WTERMSIG(status));
    printf("\n%s", noise);
    printf("%s", text_of(slot->report));
    fflush(stdout);
}

static void finish_one(void)
{
    int status;
    pid_t ended = waitpid(-1, &status, 0);

    for (int at = 0; at < SLOTS; at++)
        if (slots[at].process == ended) {
            slots[at].process = 0;
            judge(&slots[at], status);
            return;
        }
}

void run_trials(const struct trial *trials, long count)
{
    for (long at = 0; at < count; at++) {
        int slot = 0;
        while (slots[slot].process != 0)
            if (++slot == SLOTS) {
                finish_one();
                slot = 0;
            }
        start(&slots[slot], &trials[at], NULL);
    }
    for (int slot = 0; slot < SLOTS; slot++)
        while (slots[slot].process != 0)
            finish_one();
}

void count_calls(int flow, long *counts)
{
    const struct trial plain = {.flow = flow};

    start(&slots[0], &plain, counts);
    finish_one();
}
