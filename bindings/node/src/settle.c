/* A request that has finished: all that is known of it goes to JavaScript in one call, and it is freed. */

#include "addon.h"

/* A larger answer is not that of a request that starts a job. */
#define JOB_SIZE (16 * 1024)
/* A larger body stands in memory once, as bytes. */
#define TEXT_SIZE (16 * 1024)

static void response_collected(napi_env env, void *response, void *hint)
{
    (void)env, (void)hint;
    crux.free(response);
}

static napi_value external(napi_env env, void *object)
{
    napi_value result;

    napi_create_external(env, object, response_collected, NULL, &result);
    return result;
}

/* [phase, percent, sent, send_total, received, receive_total]; -1 = unknown */
napi_value progress_of(napi_env env, const void *response)
{
    static const char *const FACTS[] = { "phase", "percent", "sent", "send_total", "received", "receive_total" };
    napi_value list;

    napi_create_array_with_length(env, 6, &list);
    for (uint32_t at = 0; at < 6; at++)
        napi_set_element(env, list, at, number(env, (double)crux.number(response, FACTS[at])));
    return list;
}

static bool is_ascii(const char *bytes, size_t length)
{
    uint64_t eight = 0, all = 0;

    for (; length >= sizeof eight; length -= sizeof eight, bytes += sizeof eight) {
        memcpy(&eight, bytes, sizeof eight);
        all |= eight;
    }
    memcpy(&eight, bytes, length);
    return ((all | eight) & 0x8080808080808080u) == 0;
}

/* Short ASCII goes over as a string, which costs less than a buffer and is what json() reads. */
static napi_value body_of(napi_env env, const char *body, size_t length)
{
    napi_value result;

    if (length <= TEXT_SIZE && is_ascii(body, length))
        napi_create_string_latin1(env, body, length, &result);
    else
        napi_create_buffer_copy(env, length, body, NULL, &result);
    return result;
}

void settle(state *self, slot *one)
{
    enum { NUMBER, CODE, STATUS, HEAD, BODY, FACTS, MESSAGE, KEPT, NEXT, PROGRESS, COUNT };
    napi_env env = self->env;
    napi_value is[COUNT];
    client *owner = one->client;
    crux_response *response = one->response;
    uint32_t slot_number = one->number, flags = one->flags;
    int32_t code = crux.code(response), status = crux.status(response);
    size_t length;
    const char *body = crux.body(response, &length);
    bool kept = false;

    slot_free(self, one);
    for (int at = 0; at < COUNT; at++)
        napi_get_undefined(env, &is[at]);
    is[NUMBER] = number(env, slot_number);
    is[CODE] = number(env, code);
    is[STATUS] = number(env, status);
    is[HEAD] = head_of(self, response);
    is[FACTS] = json_facts(self, response);
    if (code != CRUX_OK)
        is[MESSAGE] = text(env, crux.message(response));
    if (flags & WANT_PROGRESS)
        is[PROGRESS] = progress_of(env, response);
    if (code == CRUX_OK && flags & WANT_STREAM) {
        is[KEPT] = stream_of(self, response, slot_number);
        kept = true;
    } else {
        is[BODY] = body_of(env, body, length);
    }
    if (code == CRUX_OK && flags & WANT_NEXT_PAGE && owner->handle) {
        crux_call *next = crux.call_next(owner->handle, response);

        if (next)
            is[NEXT] = external(env, next);
    }
    if (code == CRUX_OK && flags & MAY_BE_JOB && length <= JOB_SIZE) {
        is[KEPT] = external(env, response);
        kept = true;
    }
    if (!kept)
        crux.free(response);
    call_script(self, self->on_finished, COUNT, is);
}
