/* What Go cannot do itself in one crossing: hooks by number, and all facts of a response at once. */
#ifndef CRUX_SHIM_H
#define CRUX_SHIM_H

#include "crux_abi.h"

/*
 * What becomes a Response or an Error. Its texts stand in the room, each behind its length as a uint32_t: url, location,
 * warning, job_url and result, of a failure message and server_message, then name and value of each header. Behind them is
 * the body, if that fits too.
 */
struct crux_go_facts {
    int32_t code, status;
    int64_t attempts, elapsed_ms, retry_after_ms, retryable, maybe_sent;
    size_t texts; /* bytes that they need; if the room has less, nothing is to be read */
    size_t headers;
    const char *body; /* borrowed from the response; NULL if it stands in the room */
    size_t body_length;
};

/* It makes something: the result is looked for, which reads the body, and the response may have started a job. */
#define CRUX_GO_MAKES 1
/* The response is needed after this. */
#define CRUX_GO_KEEPS 2

/*
 * Fills in the facts, and frees the response: NULL. One that is still needed comes back, and one that the room is too small
 * for.
 */
crux_response *crux_go_take(crux_response *response, int32_t how, struct crux_go_facts *facts, char *room, size_t capacity);

/* Sends a call, and takes its response. */
crux_response *crux_go_send(crux_call *call, int32_t how, struct crux_go_facts *facts, char *room, size_t capacity);

/* Takes up to `most` finished responses without waiting, and returns how many there were. */
int32_t crux_go_finished(const crux_client *client, crux_response **finished, int32_t most);

/* What a call under way does, and how far it is. */
struct crux_go_progress {
    int64_t phase, percent, sent, send_total, received, receive_total;
};
void crux_go_progress(const crux_response *response, struct crux_go_progress *progress);

/* A descriptor for the same event that Go may close; -1 if there is none left. */
int32_t crux_go_event(const void *object);

/* Hooks whose context is a cgo.Handle, which is deleted when the library releases it. */
int32_t crux_go_log(crux_options *options, int32_t level, uintptr_t handle);
int32_t crux_go_token(crux_options *options, uintptr_t handle);
int32_t crux_go_source(crux_call *call, uintptr_t handle, int64_t length, const char *type);

#endif
