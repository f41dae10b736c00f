#include "shim.h"

#include <fcntl.h>
#include <string.h>

#include "_cgo_export.h"

/* The room that texts are put into, and how much they need of it. */
struct room {
    char *start;
    size_t capacity, used;
};

static char *room_left(const struct room *room, size_t *left)
{
    size_t from = room->used + sizeof(uint32_t);
    *left = from < room->capacity ? room->capacity - from : 0;
    return *left > 0 ? room->start + from : NULL;
}

/* Puts the length before what stands where room_left said, if it had room. */
static void put_length(struct room *room, size_t size)
{
    uint32_t length = (uint32_t)size;
    if (room->used + sizeof length <= room->capacity)
        memcpy(room->start + room->used, &length, sizeof length);
    room->used += sizeof length + size;
}

static size_t put_fact(struct room *room, const void *object, const char *name)
{
    size_t left, size;
    char *at = room_left(room, &left);
    size = crux_copy(object, name, at, left);
    put_length(room, size);
    return size;
}

static void put_text(struct room *room, const char *text)
{
    size_t left, size = strlen(text);
    char *at = room_left(room, &left);
    if (size > 0 && size <= left)
        memcpy(at, text, size);
    put_length(room, size);
}

crux_response *crux_go_take(crux_response *response, int32_t how, struct crux_go_facts *facts, char *start, size_t capacity)
{
    struct room room = {start, capacity, 0};
    const char *name, *value;

    facts->code = crux_code(response);
    facts->status = crux_status(response);
    facts->attempts = crux_number(response, "attempts");
    facts->elapsed_ms = crux_number(response, "elapsed_ms");
    put_fact(&room, response, "url");
    put_fact(&room, response, "location");
    put_fact(&room, response, "warning");
    int kept = put_fact(&room, response, "job_url") > 0 || (how & CRUX_GO_KEEPS) != 0;
    if (how & CRUX_GO_MAKES) {
        put_fact(&room, response, "result");
        kept = kept || facts->code == CRUX_OK;
    } else {
        put_text(&room, "");
    }
    if (facts->code != CRUX_OK) {
        facts->retry_after_ms = crux_number(response, "retry_after_ms");
        facts->retryable = crux_number(response, "retryable");
        facts->maybe_sent = crux_number(response, "maybe_sent");
        put_fact(&room, response, "message");
        put_fact(&room, response, "server_message");
    }
    for (facts->headers = 0; crux_header_at(response, facts->headers, &name, &value); facts->headers++) {
        put_text(&room, name);
        put_text(&room, value);
    }
    facts->texts = room.used;
    facts->body = crux_body(response, &facts->body_length);
    if (room.used <= capacity && facts->body_length <= capacity - room.used) {
        memcpy(start + room.used, facts->body, facts->body_length);
        facts->body = NULL;
    }
    if (kept || facts->body != NULL)
        return response;
    crux_free(response);
    return NULL;
}

crux_response *crux_go_send(crux_call *call, int32_t how, struct crux_go_facts *facts, char *room, size_t capacity)
{
    return crux_go_take(crux_call_send(call), how, facts, room, capacity);
}

int32_t crux_go_finished(const crux_client *client, crux_response **finished, int32_t most)
{
    int32_t count = 0;
    while (count < most && (finished[count] = crux_next_finished(client, 0)) != NULL)
        count++;
    return count;
}

void crux_go_progress(const crux_response *response, struct crux_go_progress *progress)
{
    progress->phase = crux_number(response, "phase");
    progress->percent = crux_number(response, "percent");
    progress->sent = crux_number(response, "sent");
    progress->send_total = crux_number(response, "send_total");
    progress->received = crux_number(response, "received");
    progress->receive_total = crux_number(response, "receive_total");
}

int32_t crux_go_event(const void *object)
{
    ptrdiff_t event = crux_event(object);
    return event < 0 ? -1 : fcntl((int)event, F_DUPFD_CLOEXEC, 3);
}

static void on_log(void *context, int32_t level, const char *line)
{
    cruxGoLog((uintptr_t)context, level, (char *)line);
}

static ptrdiff_t on_token(void *context, const char *refused, void *buffer, size_t capacity)
{
    return cruxGoToken((uintptr_t)context, (char *)refused, buffer, capacity);
}

static ptrdiff_t on_read(void *context, void *buffer, size_t capacity)
{
    return cruxGoRead((uintptr_t)context, buffer, capacity);
}

static void on_release(void *context)
{
    cruxGoRelease((uintptr_t)context);
}

int32_t crux_go_log(crux_options *options, int32_t level, uintptr_t handle)
{
    return crux_options_log(options, level, on_log, (void *)handle, on_release);
}

int32_t crux_go_token(crux_options *options, uintptr_t handle)
{
    return crux_options_token(options, on_token, (void *)handle, on_release);
}

int32_t crux_go_source(crux_call *call, uintptr_t handle, int64_t length, const char *type)
{
    return crux_call_source(call, on_read, (void *)handle, on_release, length, type);
}
