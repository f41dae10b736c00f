/* What Go cannot do itself in one crossing: hooks by number, and all facts of a response at once. */
#ifndef CRUX_SHIM_H
#define CRUX_SHIM_H

#include "crux_abi.h"

/* What becomes a Response or an Error. Texts are borrowed from the object; NULL where nothing is known. */
struct crux_go_facts {
    int32_t code, status;
    const char *message, *server_message, *url, *location, *warning, *job_url, *result;
    int64_t attempts, elapsed_ms, retry_after_ms, retryable, maybe_sent;
    const char *body;
    size_t body_length;
};

/* Most headers that one crossing brings. */
#define CRUX_GO_HEADERS 32

struct crux_go_headers {
    int32_t count;
    const char *names[CRUX_GO_HEADERS], *values[CRUX_GO_HEADERS];
};

/* Fills in both; the result is looked for only if asked, since that reads the body. */
void crux_go_facts(const void *object, int32_t with_result, struct crux_go_facts *facts,
                   struct crux_go_headers *headers);
/* The headers from an index on. */
void crux_go_headers(const void *object, size_t from, struct crux_go_headers *headers);

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
