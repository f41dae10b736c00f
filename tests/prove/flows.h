/*
 * What programs do with libcrux, flow by flow, each outcome judged: a code, with a sentence if it is an error, and if it
 * is none the right data. Flows are run by driver.c, with faults, and by the sanitizers.
 */
#ifndef FLOWS_H
#define FLOWS_H

#include <crux.h>

struct flow {
    const char *name;
    /* Leaves its client in stage.client, to be used again. */
    void (*run)(void);
    /* What must hold afterwards, whatever failed, when nothing fails any more. */
    void (*check)(void);
};

extern const struct flow flows[];
extern const int flow_count;

/* Where a flow takes place; what it finds wrong goes to `report`, a descriptor. */
struct stage {
    const char *http, *https, *ca, *user, *password;
    /* A folder of its own, and the file that is uploaded. */
    const char *folder, *upload;
    crux_client *client;
    int report, wrong;
};

extern struct stage stage;

#define UPLOADED 100000

/* Reads the place from the environment that the sandbox gives with --shop; ends the program if it is not there. */
void stage_enter(void);

/* Empties the folder, and puts into it what a flow expects. */
void stage_prepare(void);

/* A path in the folder; one of a few buffers. */
const char *in_folder(const char *name);

/* Notes what is wrong. */
void wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Judges an outcome; 1 if it is success. */
int succeeded(const void *object, const char *what);

/* Makes a client of the shop at a base. */
crux_client *log_in(const char *base, const char *token_file);

/* Puts a piece of the download into the folder of the stage, as an interrupted one leaves it. */
int flow_leave_part(void);

#endif
