/* libcrux as a program uses it: one client for all threads, a token, every timeout at its default. */
#include "bench.h"
#include <crux.h>

static crux_client *client;

static void process_open(const struct task *task)
{
    crux_options *options = crux_options_new();
    crux_options_set(options, "service", "custom");
    crux_options_set(options, "base_url", task->base);
    crux_options_set(options, "token", TOKEN);
    crux_options_set(options, "max_body", "1073741824");
    if (task->ca && strncmp(task->base, "https", 5) == 0)
        crux_options_set(options, "tls.ca_file", task->ca);
    if (task->is_fresh)
        crux_options_set(options, "pool.max_idle", "0");
    client = crux_login_with(options);
    if (crux_code(client) != CRUX_OK)
        die("crux_login_with", crux_message(client));
    crux_free(options);
}

/* A body of 64 MiB is set once and sent many times, as curl is told of it once. */
static void *thread_open(const struct task *task)
{
    if (!task->is_put && !task->is_download && !task->is_own)
        return NULL;
    crux_call *call = crux_call_new(client, task->is_put ? "PUT" : "GET", task->path);
    for (int i = 0; i < OWN_HEADERS && task->is_own; i++)
        crux_call_header(call, OWN[i][0], OWN[i][1]);
    if (task->is_put)
        crux_call_body(call, task->upload, UPLOAD, "application/octet-stream");
    return call;
}

static void request(const struct task *task, void *own)
{
    crux_response *response;
    size_t length = 0;
    if (task->is_download) {
#ifdef HAVE_STREAM
        static char piece[256 * 1024];
        ptrdiff_t amount;
        response = crux_call_stream(own);
        while ((amount = crux_read(response, piece, sizeof piece)) > 0)
            length += amount;
#else
        response = crux_call_send(own);
        crux_body(response, &length);
#endif
    } else if (task->is_put || task->is_own) {
        response = crux_call_send(own);
        length = 1;
    } else {
        if (task->is_upload)
            response = crux_request(client, "POST", task->path, task->upload, UPLOAD);
        else if (task->is_post)
            response = crux_request(client, "POST", task->path, POSTED, sizeof POSTED - 1);
        else
            response = crux_request(client, "GET", task->path, NULL, 0);
        crux_body(response, &length);
    }
    if (crux_code(response) != CRUX_OK || length == 0)
        die("crux", crux_message(response));
    crux_free(response);
}

static void thread_close(void *own)
{
    crux_free(own);
}

static void process_close(void)
{
    crux_free(client);
}
