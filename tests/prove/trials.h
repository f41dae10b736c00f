/* One flow, in a process of its own, with one fault or under one limit; and many of them, a few at a time. */
#ifndef TRIALS_H
#define TRIALS_H

#include "limits.h"

struct trial {
    int flow;
    /* Or NULL, and then a fault. */
    const struct limit *limit;
    long value;
    /* As faults_arm takes them; with error 0 calls are only counted. */
    int function, error, forever;
    long nth;
};

/* What came of all trials so far, and where they work. */
struct outcomes {
    const char *folder;
    /* `unmet`: the call that was to fail was not made; `aborted`: the program ended for want of memory. */
    long tried, wrong, unmet, aborted;
    /* Whether a fault of this function was met. */
    int met[64];
};

extern struct outcomes all;

/* Runs trials, and prints those that went wrong. */
void run_trials(const struct trial *trials, long count);

/* Runs a trial without any fault, and counts the calls of each function. */
void count_calls(int flow, long *counts);

/* Ends the client of the stage, and requires that no thread is left. */
void end_client(void);

#endif
