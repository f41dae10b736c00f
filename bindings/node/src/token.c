/*
 * A token that JavaScript supplies. The library asks on a thread of its own, which waits here until JavaScript, told by
 * way of its loop, has answered. It asks one question at a time.
 */

#include "addon.h"

static void let_go(tokens *self)
{
    if (atomic_fetch_sub(&self->refs, 1) > 1)
        return;
    free(self->answer);
    uv_cond_destroy(&self->wake);
    uv_mutex_destroy(&self->mutex);
    free(self);
}

tokens *tokens_new(state *state)
{
    tokens *self = calloc(1, sizeof *self);

    uv_mutex_init(&self->mutex);
    uv_cond_init(&self->wake);
    self->state = state;
    self->refs = 2;
    return self;
}

ptrdiff_t token_fetch(void *context, const char *refused, void *buffer, size_t capacity)
{
    tokens *self = context;
    ptrdiff_t length = -1;

    uv_mutex_lock(&self->mutex);
    self->answered = false;
    if (self->state) {
        self->refused = refused;
        self->capacity = capacity;
        self->asked = true;
        uv_async_send(&self->state->hungry);
    }
    while (self->state && !self->answered)
        uv_cond_wait(&self->wake, &self->mutex);
    self->asked = false;
    if (self->answered && self->answer) {
        size_t size = strlen(self->answer);

        if (size <= capacity) {
            memcpy(buffer, self->answer, size);
            length = (ptrdiff_t)size;
        }
        free(self->answer);
        self->answer = NULL;
    }
    uv_mutex_unlock(&self->mutex);
    return length;
}

void token_release(void *context)
{
    let_go(context);
}

/* Tells JavaScript of one that is asked for: (number of the client, the refused token, the room for another). */
static void tell(state *state, uint32_t client, tokens *self)
{
    napi_value told[3];
    bool asked;

    uv_mutex_lock(&self->mutex);
    asked = self->asked;
    self->asked = false;
    if (asked) {
        told[0] = number(state->env, client);
        told[1] = text(state->env, self->refused);
        told[2] = number(state->env, (double)self->capacity);
    }
    uv_mutex_unlock(&self->mutex);
    if (asked)
        call_script(state, state->on_asked, 3, told);
}

void tokens_asked(state *self)
{
    /* JavaScript may close clients meanwhile: each is looked up again. */
    for (uint32_t number = 0;;) {
        client *next = NULL;

        for (client *one = self->clients; one; one = one->next)
            if (one->tokens && one->number > number && (next == NULL || one->number < next->number))
                next = one;
        if (next == NULL)
            return;
        number = next->number;
        tell(self, number, next->tokens);
    }
}

/* Whoever waits for it gives up. */
void tokens_abandon(client *client)
{
    tokens *self = client->tokens;

    if (self == NULL)
        return;
    client->tokens = NULL;
    uv_mutex_lock(&self->mutex);
    self->state = NULL;
    uv_cond_broadcast(&self->wake);
    uv_mutex_unlock(&self->mutex);
    let_go(self);
}

/* answer(client, "=token\0", or nothing if it failed) */
napi_value token_answer(napi_env env, napi_callback_info info)
{
    ARGUMENTS(2);
    tokens *one = ((client *)unwrap(env, arguments[0]))->tokens;
    pieces answer;
    napi_valuetype type;

    (void)self;
    if (one == NULL)
        return NULL;
    napi_typeof(env, arguments[1], &type);
    uv_mutex_lock(&one->mutex);
    free(one->answer);
    one->answer = NULL;
    if (type == napi_string) {
        pieces_open(&answer, env, arguments[1]);
        one->answer = strdup(pieces_next(&answer));
        pieces_close(&answer);
    }
    one->answered = true;
    uv_cond_broadcast(&one->wake);
    uv_mutex_unlock(&one->mutex);
    return NULL;
}
