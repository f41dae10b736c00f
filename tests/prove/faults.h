/*
 * Faults of the system: the nth call of a function fails. faults.c, linked into a program, stands before the C library
 * for it and for libcrux.so; nothing fails and nothing counts unless armed.
 */
#ifndef FAULTS_H
#define FAULTS_H

/* What a call does instead of failing at once; errors of the system are positive. */
enum {
    FAULT_SHORT = -1,  /* moves one byte only */
    FAULT_END = -2,    /* says that nothing more comes */
    FAULT_HELD = -3,   /* EINTR, although the call took effect */
    FAULT_LATE = -4    /* EIO, although the call took effect */
};

#define FAULTS_ERRORS 8

/* A function, and what becomes of its calls; 0 ends the list. */
struct faulty {
    const char *name;
    int errors[FAULTS_ERRORS];
};

extern const struct faulty faulty[];
extern const int faulty_functions;

/* Lets call `nth`, from 1, of a function do as `error` says, or with `forever` all from there on; 0 only counts. */
void faults_arm(int function, long nth, int error, int forever);
void faults_disarm(void);

/* How often a function was called while armed. */
long faults_calls(int function);

/* How many threads are inside getaddrinfo; a program may let it point to memory that it shares with others. */
extern int *faults_looking_up;

/* How many calls failed. */
long faults_met(void);

#endif
