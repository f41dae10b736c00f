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

static crux_call *call_of(napi_env env, client *owner, pieces *spec, napi_value accepted)
{
    char kind = pieces_kind(spec);
    const char *first = NULL, *second = NULL, *file, *type;

    if (kind == 'l')
        return crux.call_login(owner->handle);
    if (kind == 'o')
        return crux.call_logout(owner->handle);
    if (kind == 'a')
        return crux.call_await(owner->handle, unwrap(env, accepted));
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

/* start(client, spec or call, blobs, flags, what is awaited): the number of its slot, or [code, message] */
napi_value request_start(napi_env env, napi_callback_info info)
{
    ARGUMENTS(5);
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
        call = call_of(env, owner, &spec, arguments[4]);
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
