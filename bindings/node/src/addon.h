/* What the files of the addon share. Everything but the hooks runs on the thread of one JavaScript environment. */

#ifndef ADDON_H
#define ADDON_H

#include <stdbool.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define NAPI_VERSION 8
#include <node_api.h>
#include <uv.h>

#include "crux_table.h"

/* The functions of the library; filled once in a process. */
extern struct crux_table crux;

typedef struct state state;
typedef struct client client;
typedef struct slot slot;
typedef struct source source;
typedef struct stream stream;
typedef struct tokens tokens;

/* A request under way, known to JavaScript by its number. */
struct slot {
    crux_response *response;
    client *client;
    uint32_t number;
    uint32_t flags;
    slot *next; /* of the same bucket, or of those that are unused */
};

/* What start is asked for besides its request. */
enum { WANT_STREAM = 1, WANT_NEXT_PAGE = 2, WANT_PROGRESS = 4, MAY_BE_JOB = 8 };

#define BUCKETS 256

/* One JavaScript environment: the main thread or a worker. */
struct state {
    napi_env env;
    uv_loop_t *loop;
    napi_async_context context;
    napi_ref on_finished, on_log, on_hungry, on_readable, on_asked;
    uv_async_t hungry;
    client *clients;
    source *sources;
    stream *streams;
    slot *buckets[BUCKETS];
    slot **slots; /* by number */
    uint32_t slot_count;
    slot *unused;
    char *scratch;
    size_t scratch_size;
    /* At the end: handles whose close has not been confirmed. */
    size_t closing;
    bool ending;
    napi_async_cleanup_hook_handle cleanup;
};

/* Lines of the log, from whichever thread, until JavaScript takes them. */
typedef struct log_line {
    struct log_line *next;
    int32_t level;
    char text[];
} log_line;

typedef struct {
    uv_mutex_t mutex;
    log_line *first, **last;
    atomic_int refs; /* the client's, and the hook's */
} log_queue;

struct client {
    state *state;
    crux_client *handle; /* NULL once it is closed */
    uv_poll_t poll;
    uint32_t number;
    uint32_t under_way;
    log_queue *log;
    tokens *tokens; /* NULL if it has a token or a password of its own */
    int refs; /* JavaScript's, and that of the poll until it is closed */
    client *next, **link;
};

/* A token that JavaScript supplies to a thread of the library. */
struct tokens {
    uv_mutex_t mutex;
    uv_cond_t wake;
    state *state; /* NULL once the client is closed */
    const char *refused;
    size_t capacity;
    char *answer; /* NULL if it failed */
    bool asked, answered;
    atomic_int refs; /* the client's, and the hook's */
};

/* A body that JavaScript supplies piece by piece to a thread of the library. */
struct source {
    uv_mutex_t mutex;
    uv_cond_t wake;
    state *state; /* NULL once the environment ends */
    uint32_t number;
    char *piece;
    size_t length, at;
    bool ended, failed, hungry;
    atomic_int refs; /* JavaScript's, and the hook's */
    source *next, **link;
};

/* The body of a started stream. */
struct stream {
    state *state;
    crux_response *response; /* NULL once it is ended */
    uv_poll_t poll;
    bool polled;
    uint32_t number;
    int refs;
    stream *next, **link;
};

/* The arguments of a call from JavaScript. */
#define ARGUMENTS(count)                                                        \
    napi_value arguments[count];                                                \
    size_t given = count;                                                       \
    state *self;                                                                \
    napi_get_cb_info(env, info, &given, arguments, NULL, (void **)&self)

#define LINK(list, item)                                                        \
    do {                                                                        \
        (item)->next = (list);                                                  \
        if ((item)->next) (item)->next->link = &(item)->next;                   \
        (list) = (item);                                                        \
        (item)->link = &(list);                                                 \
    } while (0)

#define UNLINK(item)                                                            \
    do {                                                                        \
        *(item)->link = (item)->next;                                           \
        if ((item)->next) (item)->next->link = (item)->link;                    \
    } while (0)

/* addon.c */
void call_script(state *self, napi_ref function, size_t count, napi_value *arguments);
void handle_closed(state *self);
char *scratch(state *self, size_t size);

/* value.c */
void *unwrap(napi_env env, napi_value value);
uint32_t number_of(napi_env env, napi_value value);
napi_value number(napi_env env, double value);
napi_value text(napi_env env, const char *value);
napi_value outcome(napi_env env, const void *object);
napi_value json_facts(state *self, const void *object);
napi_value head_of(state *self, const void *response);

/* pieces.c */
typedef struct {
    char *at, *end, *owned;
    char small[2048];
} pieces;
void pieces_open(pieces *these, napi_env env, napi_value value);
bool pieces_left(const pieces *these);
char pieces_kind(pieces *these);
const char *pieces_next(pieces *these);
void pieces_close(pieces *these);

/* client.c */
napi_value client_open(napi_env env, napi_callback_info info);
napi_value client_close(napi_env env, napi_callback_info info);
napi_value client_cancel(napi_env env, napi_callback_info info);
napi_value client_facts(napi_env env, napi_callback_info info);
napi_value client_set_token(napi_env env, napi_callback_info info);
void client_end(client *self);
void client_hold(client *self);
void client_let_go(client *self);

/* log.c */
log_queue *log_new(void);
void log_hook(void *context, int32_t level, const char *line);
void log_release(void *context);
void log_drain(client *self);

/* request.c */
napi_value request_start(napi_env env, napi_callback_info info);
napi_value request_cancel(napi_env env, napi_callback_info info);
napi_value request_progress(napi_env env, napi_callback_info info);
napi_value call_free(napi_env env, napi_callback_info info);
slot *slot_new(state *self, client *owner, uint32_t flags);
void slot_enter(state *self, slot *one, crux_response *response);
slot *slot_of(state *self, const crux_response *response);
void slot_free(state *self, slot *one);

/* settle.c */
void settle(state *self, slot *one);
napi_value progress_of(napi_env env, const void *response);

/* source.c */
napi_value source_new(napi_env env, napi_callback_info info);
napi_value source_push(napi_env env, napi_callback_info info);
napi_value source_fail(napi_env env, napi_callback_info info);
void source_abandon(source *self);
void sources_fed(uv_async_t *async);
ptrdiff_t source_read(void *context, void *buffer, size_t capacity);
void source_release(void *context);

/* token.c */
napi_value token_answer(napi_env env, napi_callback_info info);
tokens *tokens_new(state *state);
void tokens_asked(state *self);
void tokens_abandon(client *client);
ptrdiff_t token_fetch(void *context, const char *refused, void *buffer, size_t capacity);
void token_release(void *context);

/* stream.c */
napi_value stream_of(state *self, crux_response *response, uint32_t number);
napi_value stream_read(napi_env env, napi_callback_info info);
napi_value stream_watch(napi_env env, napi_callback_info info);
napi_value stream_cancel(napi_env env, napi_callback_info info);
napi_value stream_close(napi_env env, napi_callback_info info);
void stream_end(stream *self);

#endif
