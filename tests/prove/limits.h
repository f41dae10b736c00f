/* Limits of the system that are tightened while a flow runs: memory, descriptors, the sizes of files, a full disk. */
#ifndef LIMITS_H
#define LIMITS_H

struct limit {
    const char *name;
    /* So many bytes or descriptors more than there are. */
    void (*tighten)(long value);
    void (*loosen)(void);
    /* Whether the program may end, as README says of memory. */
    int may_abort;
};

enum { MEMORY, DESCRIPTORS, FILES, DISK };

extern const struct limit limits[];

#endif
