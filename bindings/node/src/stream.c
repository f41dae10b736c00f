/* The body of a started stream: read without waiting, watched by its own descriptor while there is nothing yet. */

#include "addon.h"

static void let_go(stream *self)
{
    if (--self->refs == 0)
        free(self);
}

static void on_closed(uv_handle_t *handle)
{
    stream *self = handle->data;
    state *state = self->state;

    let_go(self);
    handle_closed(state);
}

void stream_end(stream *self)
{
    crux_response *response = self->response;

    if (response == NULL)
        return;
    UNLINK(self);
    self->response = NULL;
    if (self->polled) {
        self->state->closing++;
        uv_close((uv_handle_t *)&self->poll, on_closed);
    }
    crux.free(response);
}

static void collected(napi_env env, void *data, void *hint)
{
    (void)env, (void)hint;
    stream_end(data);
    let_go(data);
}

napi_value stream_of(state *self, crux_response *response, uint32_t number)
{
    stream *one = calloc(1, sizeof *one);
    napi_value result;

    one->state = self;
    one->response = response;
    one->number = number;
    one->refs = 1;
    LINK(self->streams, one);
    napi_create_external(self->env, one, collected, NULL, &result);
    return result;
}

/* read(stream, bytes): how many, 0 at the end, -2 for nothing yet, or [code, message] */
napi_value stream_read(napi_env env, napi_callback_info info)
{
    ARGUMENTS(2);
    stream *one = unwrap(env, arguments[0]);
    size_t capacity = 0;
    void *buffer = NULL;
    ptrdiff_t count;

    (void)self;
    napi_get_typedarray_info(env, arguments[1], NULL, &capacity, &buffer, NULL, NULL);
    count = crux.read(one->response, buffer, capacity);
    return count == -1 ? outcome(env, one->response) : number(env, (double)count);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    stream *self = poll->data;
    state *state = self->state;
    napi_handle_scope handles;
    napi_callback_scope callbacks;
    napi_value resource, which;

    (void)status, (void)events;
    uv_poll_stop(poll);
    napi_open_handle_scope(state->env, &handles);
    napi_create_object(state->env, &resource);
    napi_open_callback_scope(state->env, resource, state->context, &callbacks);
    which = number(state->env, self->number);
    call_script(state, state->on_readable, 1, &which);
    napi_close_callback_scope(state->env, callbacks);
    napi_close_handle_scope(state->env, handles);
}

/* watch(stream, number): on_readable(number) once there is more; false if it cannot be watched */
napi_value stream_watch(napi_env env, napi_callback_info info)
{
    ARGUMENTS(2);
    stream *one = unwrap(env, arguments[0]);
    napi_value result;
    bool good = true;

    if (!one->polled) {
        ptrdiff_t descriptor = crux.event(one->response);

        good = descriptor >= 0 && uv_poll_init(self->loop, &one->poll, (int)descriptor) == 0;
        if (good) {
            one->polled = true;
            one->poll.data = one;
            one->refs++;
        }
    }
    one->number = number_of(env, arguments[1]);
    good = good && uv_poll_start(&one->poll, UV_READABLE, on_readable) == 0;
    napi_get_boolean(env, good, &result);
    return result;
}

napi_value stream_cancel(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    (void)self;
    crux.cancel(((stream *)unwrap(env, arguments[0]))->response);
    return NULL;
}

napi_value stream_close(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    (void)self;
    stream_end(unwrap(env, arguments[0]));
    return NULL;
}
