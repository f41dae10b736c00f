/* A client: its handle, its queue of finished requests, and the one descriptor by which the event loop watches it. */

#include "addon.h"

/* So many at most in one turn of the loop: timers and others must come to their turn too. */
#define ONE_TURN 256

static void on_readable(uv_poll_t *poll, int status, int events)
{
    client *self = poll->data;
    state *state = self->state;
    napi_handle_scope handles;
    napi_callback_scope callbacks;
    napi_value resource;

    (void)status, (void)events;
    client_hold(self);
    napi_open_handle_scope(state->env, &handles);
    napi_create_object(state->env, &resource);
    napi_open_callback_scope(state->env, resource, state->context, &callbacks);
    for (int turn = 0; turn < ONE_TURN && self->handle; turn++) {
        crux_response *response = crux.next_finished(self->handle, 0);
        slot *one;

        log_drain(self);
        if (response == NULL)
            break;
        one = slot_of(state, response);
        if (one)
            settle(state, one);
        if (self->under_way == 0)
            break;
    }
    napi_close_callback_scope(state->env, callbacks);
    napi_close_handle_scope(state->env, handles);
    client_let_go(self);
}

void client_hold(client *self)
{
    self->refs++;
}

void client_let_go(client *self)
{
    if (--self->refs > 0)
        return;
    if (self->log)
        log_release(self->log);
    free(self);
}

static void on_closed(uv_handle_t *handle)
{
    client *self = handle->data;
    state *state = self->state;

    client_let_go(self);
    handle_closed(state);
}

/* The loop stops watching before the descriptor goes. */
void client_end(client *self)
{
    crux_client *handle = self->handle;

    if (handle == NULL)
        return;
    UNLINK(self);
    self->handle = NULL;
    tokens_abandon(self);
    self->state->closing++;
    uv_close((uv_handle_t *)&self->poll, on_closed);
    crux.free(handle);
    log_drain(self);
}

static void collected(napi_env env, void *data, void *hint)
{
    client *self = data;

    (void)env, (void)hint;
    if (self->log && self->handle) {
        /* Nobody is left to read what freeing it may say. */
        log_release(self->log);
        self->log = NULL;
    }
    client_end(self);
    client_let_go(self);
}

/* Reads settings into options, and says whether all were taken. */
static bool set(crux_options *options, pieces *settings)
{
    while (pieces_left(settings)) {
        char kind = pieces_kind(settings);
        const char *name = pieces_next(settings);
        int32_t code = kind == 'e' ? crux.options_env(options, name)
                                   : crux.options_set(options, name, pieces_next(settings));

        if (code != CRUX_OK)
            return false;
    }
    return true;
}

/* open(settings, number, level of the log, whether it asks for tokens): a client, or [code, message] */
napi_value client_open(napi_env env, napi_callback_info info)
{
    ARGUMENTS(4);
    crux_options *options = crux.options_new();
    crux_client *handle = NULL;
    client *one = calloc(1, sizeof *one);
    log_queue *log = NULL;
    pieces settings;
    napi_value result;
    int32_t level = (int32_t)number_of(env, arguments[2]);
    ptrdiff_t descriptor;
    bool good, asks = false;

    /* What has come is read by the loop, which is woken anyway. */
    good = crux.options_set(options, "event.early", "1") == CRUX_OK;
    pieces_open(&settings, env, arguments[0]);
    good = good && set(options, &settings);
    pieces_close(&settings);
    if (good && level > CRUX_LOG_OFF) {
        log = log_new();
        good = crux.options_log(options, level, log_hook, log, log_release) == CRUX_OK;
    }
    napi_get_value_bool(env, arguments[3], &asks);
    if (good && asks) {
        one->tokens = tokens_new(self);
        good = crux.options_token(options, token_fetch, one->tokens, token_release) == CRUX_OK;
    }
    if (good)
        handle = crux.login_with(options);
    if (!good || crux.code(handle) != CRUX_OK) {
        result = outcome(env, good ? (void *)handle : (void *)options);
        crux.free(handle);
        crux.free(options);
        tokens_abandon(one);
        free(one);
        if (log)
            log_release(log);
        return result;
    }
    crux.free(options);
    descriptor = crux.event(handle);
    if (descriptor < 0 || uv_poll_init(self->loop, &one->poll, (int)descriptor) != 0) {
        crux.free(handle);
        tokens_abandon(one);
        free(one);
        if (log)
            log_release(log);
        napi_throw_error(env, "EMFILE", "The system has no descriptor left for one more client.");
        return NULL;
    }
    one->state = self;
    one->handle = handle;
    one->log = log;
    one->number = number_of(env, arguments[1]);
    one->refs = 2;
    one->poll.data = one;
    LINK(self->clients, one);
    uv_poll_start(&one->poll, UV_READABLE, on_readable);
    /* Only a request under way keeps the program running. */
    uv_unref((uv_handle_t *)&one->poll);
    napi_create_external(env, one, collected, NULL, &result);
    log_drain(one);
    return result;
}

napi_value client_close(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    client_end(unwrap(env, arguments[0]));
    return NULL;
}

napi_value client_cancel(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    crux.cancel(((client *)unwrap(env, arguments[0]))->handle);
    return NULL;
}

napi_value client_facts(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    return json_facts(self, ((client *)unwrap(env, arguments[0]))->handle);
}

/* setToken(client, "=token\0"): undefined, or [code, message] */
napi_value client_set_token(napi_env env, napi_callback_info info)
{
    ARGUMENTS(2);
    client *one = unwrap(env, arguments[0]);
    pieces token;
    napi_value result = NULL;
    int32_t code;

    pieces_open(&token, env, arguments[1]);
    code = crux.set_token(one->handle, pieces_next(&token));
    pieces_close(&token);
    if (code != CRUX_OK) {
        napi_create_array_with_length(env, 2, &result);
        napi_set_element(env, result, 0, number(env, code));
        napi_set_element(env, result, 1, text(env, "The token is empty, or holds what cannot stand in a header."));
    }
    return result;
}
