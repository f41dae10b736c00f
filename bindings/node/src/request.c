/* Requests: described by one text, started on the library's own threads, known by their slot until they finish. */

#include "addon.h"

static size_t bucket_of(const crux_response *response)
{
    uint64_t mixed = (uint64_t)(uintptr_t)response * 0x9E3779B97F4A7C15u;

    return mixed >> 56;
}

slot *slot_new(state *self, client *owner, uint32_t flags)
{
    slot *one = self->unused;

    if (one) {
        self->unused = one->next;
    } else {
        one = calloc(1, sizeof *one);
        self->slots = realloc(self->slots, (self->slot_count + 1) * sizeof *self->slots);
        one->number = self->slot_count++;
        self->slots[one->number] = one;
    }
    one->client = owner;
    one->flags = flags;
    if (owner->under_way++ == 0)
        uv_ref((uv_handle_t *)&owner->poll);
    return one;
}

void slot_enter(state *self, slot *one, crux_response *response)
{
    slot **bucket = &self->buckets[bucket_of(response)];

    one->response = response;
    one->next = *bucket;
    *bucket = one;
}

slot *slot_of(state *self, const crux_response *response)
{
    slot *one = self->buckets[bucket_of(response)];

    while (one && one->response != response)
        one = one->next;
    return one;
}

/* Its number may be used again at once. */
void slot_free(state *self, slot *one)
{
    slot **link = &self->buckets[bucket_of(one->response)];

    while (*link && *link != one)
        link = &(*link)->next;
    if (*link)
        *link = one->next;
    one->response = NULL;
    one->next = self->unused;
    self->unused = one;
    if (--one->client->under_way == 0 && one->client->handle)
        uv_unref((uv_handle_t *)&one->client->poll);
}

/* A part or body of bytes. */
static void *bytes_of(napi_env env, napi_value blobs, uint32_t index, size_t *length)
{
    napi_value blob;
    void *data = NULL;

    *length = 0;
    napi_get_element(env, blobs, index, &blob);
    napi_get_typedarray_info(env, blob, NULL, length, &data, NULL, NULL);
    /* NULL would be "no body". */
    return data ? data : "";
}

static int32_t body_from(napi_env env, crux_call *call, napi_value blobs, uint32_t index, pieces *spec)
{
    const char *type = pieces_next(spec), *length = pieces_next(spec);
    napi_value blob;
    source *one;

    napi_get_element(env, blobs, index, &blob);
    one = unwrap(env, blob);
    one->refs++;
    return crux.call_source(call, source_read, one, source_release, length ? atoll(length) : -1, type);
}

/* One setting of a call after another, until one is refused. */
static int32_t describe(napi_env env, crux_call *call, pieces *spec, napi_value blobs)
{
    uint32_t blob = 0;
    int32_t code = crux.code(call);

    while (code == CRUX_OK && pieces_left(spec)) {
        char kind = pieces_kind(spec);
        const char *name, *value, *type;
        size_t length;
        void *data;

        if (kind == 's') {
            code = body_from(env, call, blobs, blob++, spec);
            continue;
        }
        name = pieces_next(spec);
        if (kind == 'b') {
            data = bytes_of(env, blobs, blob++, &length);
            code = crux.call_body(call, data, (ptrdiff_t)length, name);
            continue;
        }
        value = pieces_next(spec);
        switch (kind) {
        case 'q': code = crux.call_query(call, name, value); break;
        case 'h': code = crux.call_header(call, name, value); break;
        case 'o': code = crux.call_set(call, name, value); break;
        case 'f': code = crux.call_fill(call, name, value); break;
        case 't': code = crux.call_part(call, name, value, NULL, pieces_next(spec)); break;
        case 'd':
            type = pieces_next(spec);
            data = bytes_of(env, blobs, blob++, &length);
            code = crux.call_part_data(call, name, value, data, (ptrdiff_t)length, type);
            break;
        default: code = CRUX_ERR_INTERNAL;
        }
    }
    return code;
}

static crux_call *call_of(client *owner, pieces *spec)
{
    char kind = pieces_kind(spec);
    const char *first = NULL, *second = NULL, *file, *type;

    if (kind == 'l')
        return crux.call_login(owner->handle);
    if (kind == 'o')
        return crux.call_logout(owner->handle);
    first = pieces_next(spec);
    if (kind == 'p')
        return crux.call_reset_password(owner->handle, first);
    second = pieces_next(spec);
    if (kind == 'r')
        return crux.call_new(owner->handle, first, second);
    file = pieces_next(spec);
    type = pieces_next(spec);
    return crux.call_upload(owner->handle, first, second, file, type);
}

/* [code, message, facts] of what failed as it was started: it does not come to the queue. */
static napi_value refused_at_once(state *self, crux_response *response)
{
    napi_value refused = NULL;
    int32_t code = crux.code(response);

    if (code == CRUX_PENDING || code == CRUX_OK || crux.status(response) != 0)
        return NULL;
    refused = outcome(self->env, response);
    napi_set_element(self->env, refused, 2, json_facts(self, response));
    /* If it did come to the queue, it is passed over there. */
    crux.free(response);
    return refused;
}

/* start(client, spec or call, blobs, flags): the number of its slot, or [code, message, perhaps facts] */
napi_value request_start(napi_env env, napi_callback_info info)
{
    ARGUMENTS(4);
    client *owner = unwrap(env, arguments[0]);
    napi_valuetype type;
    crux_call *call;
    crux_response *response;
    napi_value refused;
    slot *one;
    bool own;

    napi_typeof(env, arguments[1], &type);
    own = type == napi_string;
    if (own) {
        pieces spec;
        int32_t code;

        pieces_open(&spec, env, arguments[1]);
        call = call_of(owner, &spec);
        code = describe(env, call, &spec, arguments[2]);
        pieces_close(&spec);
        if (code != CRUX_OK) {
            refused = outcome(env, call);
            crux.free(call);
            return refused;
        }
    } else {
        call = unwrap(env, arguments[1]);
    }
    response = crux.call_start(call);
    if (own)
        crux.free(call);
    refused = refused_at_once(self, response);
    if (refused)
        return refused;
    one = slot_new(self, owner, number_of(env, arguments[3]));
    slot_enter(self, one, response);
    return number(env, one->number);
}

static slot *slot_at(napi_env env, state *self, napi_value value)
{
    uint32_t at = number_of(env, value);

    return at < self->slot_count && self->slots[at]->response ? self->slots[at] : NULL;
}

napi_value request_cancel(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    slot *one = slot_at(env, self, arguments[0]);

    if (one)
        crux.cancel(one->response);
    return NULL;
}

napi_value request_progress(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    slot *one = slot_at(env, self, arguments[0]);

    return one ? progress_of(env, one->response) : NULL;
}

napi_value call_free(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    (void)self;
    /* The finalizer frees it again, which is refused without harm. */
    crux.free(unwrap(env, arguments[0]));
    return NULL;
}

/* A look at the job of a response: the one thing of the library that waits and cannot be started. */
typedef struct {
    state *state;
    slot *slot;
    crux_response *accepted, *seen;
    crux_client *client;
    napi_ref keep;
    napi_async_work work;
} look;

static void look_away(napi_env env, void *data)
{
    look *one = data;

    (void)env;
    one->seen = crux.await(one->client, one->accepted, 0);
}

static void looked(napi_env env, napi_status status, void *data)
{
    look *one = data;
    state *self = one->state;

    (void)status;
    napi_delete_async_work(env, one->work);
    self->looking--;
    if (self->ending) {
        crux.free(one->seen);
        state_end(self);
    } else {
        client *owner = one->slot->client;

        client_hold(owner);
        napi_delete_reference(env, one->keep);
        slot_enter(self, one->slot, one->seen);
        log_drain(owner);
        settle(self, one->slot);
        client_let_go(owner);
    }
    free(one);
}

/* look(client, accepted): as start */
napi_value request_look(napi_env env, napi_callback_info info)
{
    ARGUMENTS(2);
    client *owner = unwrap(env, arguments[0]);
    look *one = calloc(1, sizeof *one);
    napi_value name = text(env, "crux_await");

    one->state = self;
    one->client = owner->handle;
    one->accepted = unwrap(env, arguments[1]);
    one->slot = slot_new(self, owner, 0);
    /* What a cancel goes to meanwhile. */
    one->slot->response = one->accepted;
    napi_create_reference(env, arguments[1], 1, &one->keep);
    napi_create_async_work(env, NULL, name, look_away, looked, one, &one->work);
    self->looking++;
    napi_queue_async_work(env, one->work);
    return number(env, one->slot->number);
}
