/* The log: lines come on any thread that is inside the library, and reach JavaScript on its own. */

#include "addon.h"

log_queue *log_new(void)
{
    log_queue *self = calloc(1, sizeof *self);

    uv_mutex_init(&self->mutex);
    self->last = &self->first;
    self->refs = 2;
    return self;
}

void log_hook(void *context, int32_t level, const char *line)
{
    log_queue *self = context;
    size_t size = strlen(line) + 1;
    log_line *one = malloc(sizeof *one + size);

    one->next = NULL;
    one->level = level;
    memcpy(one->text, line, size);
    uv_mutex_lock(&self->mutex);
    *self->last = one;
    self->last = &one->next;
    uv_mutex_unlock(&self->mutex);
}

static log_line *take(log_queue *self)
{
    uv_mutex_lock(&self->mutex);
    log_line *lines = self->first;
    self->first = NULL;
    self->last = &self->first;
    uv_mutex_unlock(&self->mutex);
    return lines;
}

void log_release(void *context)
{
    log_queue *self = context;

    if (atomic_fetch_sub(&self->refs, 1) > 1)
        return;
    for (log_line *one = self->first, *next; one; one = next) {
        next = one->next;
        free(one);
    }
    uv_mutex_destroy(&self->mutex);
    free(self);
}

void log_drain(client *self)
{
    state *state = self->state;

    if (self->log == NULL || state->ending)
        return;
    for (log_line *one = take(self->log), *next; one; one = next) {
        napi_value arguments[] = { number(state->env, self->number), number(state->env, one->level),
                                   text(state->env, one->text) };

        next = one->next;
        free(one);
        call_script(state, state->on_log, 3, arguments);
    }
}
