#include "shim.h"

#include <fcntl.h>

#include "_cgo_export.h"

void crux_go_headers(const void *object, size_t from, struct crux_go_headers *headers)
{
    int32_t count = 0;
    while (count < CRUX_GO_HEADERS
           && crux_header_at(object, from + (size_t)count, &headers->names[count], &headers->values[count]))
        count++;
    headers->count = count;
}

void crux_go_facts(const void *object, int32_t with_result, struct crux_go_facts *facts,
                   struct crux_go_headers *headers)
{
    facts->code = crux_code(object);
    facts->status = crux_status(object);
    facts->url = crux_info(object, "url");
    facts->location = crux_info(object, "location");
    facts->warning = crux_info(object, "warning");
    facts->job_url = crux_info(object, "job_url");
    facts->result = with_result ? crux_info(object, "result") : NULL;
    facts->attempts = crux_number(object, "attempts");
    facts->elapsed_ms = crux_number(object, "elapsed_ms");
    facts->body = crux_body(object, &facts->body_length);
    if (facts->code != CRUX_OK) {
        facts->message = crux_message(object);
        facts->server_message = crux_info(object, "server_message");
        facts->retry_after_ms = crux_number(object, "retry_after_ms");
        facts->retryable = crux_number(object, "retryable");
        facts->maybe_sent = crux_number(object, "maybe_sent");
    }
    crux_go_headers(object, 0, headers);
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
