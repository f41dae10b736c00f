/*
 * A body that JavaScript supplies. The library asks for bytes on a thread of its own, which waits here until
 * JavaScript, told by way of its loop, has pushed a piece, the end, or a failure.
 */

#include "addon.h"

static void let_go(source *self)
{
    if (atomic_fetch_sub(&self->refs, 1) > 1)
        return;
    free(self->piece);
    uv_cond_destroy(&self->wake);
    uv_mutex_destroy(&self->mutex);
    free(self);
}

ptrdiff_t source_read(void *context, void *buffer, size_t capacity)
{
    source *self = context;
    ptrdiff_t count = -1;

    uv_mutex_lock(&self->mutex);
    while (!self->failed && !self->ended && self->at == self->length) {
        if (!self->hungry && self->state) {
            self->hungry = true;
            uv_async_send(&self->state->hungry);
        }
        uv_cond_wait(&self->wake, &self->mutex);
    }
    if (!self->failed) {
        size_t left = self->length - self->at, taken = left < capacity ? left : capacity;

        memcpy(buffer, self->piece + self->at, taken);
        self->at += taken;
        count = (ptrdiff_t)taken;
    }
    uv_mutex_unlock(&self->mutex);
    return count;
}

void source_release(void *context)
{
    let_go(context);
}

/* Tells JavaScript of those that wait for a piece, or for a token. */
void sources_fed(uv_async_t *async)
{
    state *self = async->data;
    napi_handle_scope handles;
    napi_callback_scope callbacks;
    napi_value resource;
    uint32_t hungry[64];
    size_t count = 0;

    for (source *one = self->sources; one && count < 64; one = one->next) {
        uv_mutex_lock(&one->mutex);
        if (one->hungry) {
            one->hungry = false;
            hungry[count++] = one->number;
        }
        uv_mutex_unlock(&one->mutex);
    }
    if (count == 64)
        uv_async_send(async);
    napi_open_handle_scope(self->env, &handles);
    napi_create_object(self->env, &resource);
    napi_open_callback_scope(self->env, resource, self->context, &callbacks);
    for (size_t at = 0; at < count; at++) {
        napi_value which = number(self->env, hungry[at]);

        call_script(self, self->on_hungry, 1, &which);
    }
    tokens_asked(self);
    napi_close_callback_scope(self->env, callbacks);
    napi_close_handle_scope(self->env, handles);
}

/* Whoever waits for it gives up. */
void source_abandon(source *self)
{
    uv_mutex_lock(&self->mutex);
    self->failed = true;
    self->state = NULL;
    uv_cond_broadcast(&self->wake);
    uv_mutex_unlock(&self->mutex);
    UNLINK(self);
    self->link = NULL;
}

static void collected(napi_env env, void *data, void *hint)
{
    source *self = data;

    (void)env, (void)hint;
    if (self->link)
        source_abandon(self);
    let_go(self);
}

/* source(number) */
napi_value source_new(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    source *one = calloc(1, sizeof *one);
    napi_value result;

    uv_mutex_init(&one->mutex);
    uv_cond_init(&one->wake);
    one->state = self;
    one->number = number_of(env, arguments[0]);
    one->refs = 1;
    LINK(self->sources, one);
    napi_create_external(env, one, collected, NULL, &result);
    return result;
}

/* push(source, bytes, or nothing at the end) */
napi_value source_push(napi_env env, napi_callback_info info)
{
    ARGUMENTS(2);
    source *one = unwrap(env, arguments[0]);
    size_t length = 0;
    void *data = NULL;
    bool is_bytes = false;
    char *piece = NULL;

    (void)self;
    napi_is_typedarray(env, arguments[1], &is_bytes);
    if (is_bytes) {
        napi_get_typedarray_info(env, arguments[1], NULL, &length, &data, NULL, NULL);
        piece = malloc(length ? length : 1);
        memcpy(piece, data, length);
    }
    uv_mutex_lock(&one->mutex);
    free(one->piece);
    one->piece = piece;
    one->length = length;
    one->at = 0;
    one->ended = !is_bytes;
    uv_cond_signal(&one->wake);
    uv_mutex_unlock(&one->mutex);
    return NULL;
}

napi_value source_fail(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    source *one = unwrap(env, arguments[0]);

    (void)self;
    uv_mutex_lock(&one->mutex);
    one->failed = true;
    uv_cond_broadcast(&one->wake);
    uv_mutex_unlock(&one->mutex);
    return NULL;
}
