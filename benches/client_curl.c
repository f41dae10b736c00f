/* libcurl as its manual recommends it: one easy handle for each thread, used again for each request. */
#include "bench.h"
#include <curl/curl.h>

struct own {
    CURL *curl;
    struct curl_slist *headers;
    char url[512];
    char *body; /* kept from request to request, which is more than most programs do */
    size_t length, room;
    int drops;
};

static size_t take(char *data, size_t size, size_t count, void *context)
{
    struct own *own = context;
    size *= count;
    if (!own->drops) {
        if (own->length + size + 1 > own->room) {
            own->room = 2 * (own->length + size + 1);
            own->body = realloc(own->body, own->room);
        }
        memcpy(own->body + own->length, data, size);
        own->body[own->length + size] = 0;
    }
    own->length += size;
    return size;
}

static void process_open(const struct task *task)
{
    (void)task;
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void *thread_open(const struct task *task)
{
    struct own *own = calloc(1, sizeof *own);
    own->curl = curl_easy_init();
    own->drops = task->is_download;
    snprintf(own->url, sizeof own->url, "%s%s", task->base, task->path);
    own->headers = curl_slist_append(own->headers, "Authorization: Bearer " TOKEN);
    own->headers = curl_slist_append(own->headers, "Accept: application/json, */*;q=0.8");
    if (task->is_post || task->is_put || task->is_upload) {
        const char *type = task->is_post ? "Content-Type: application/json" : "Content-Type: application/octet-stream";
        own->headers = curl_slist_append(own->headers, type);
        own->headers = curl_slist_append(own->headers, "Expect:");
        curl_easy_setopt(own->curl, CURLOPT_POSTFIELDS, task->is_post ? POSTED : task->upload);
        curl_easy_setopt(own->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)(task->is_post ? sizeof POSTED - 1 : UPLOAD));
    }
    for (int i = 0; i < OWN_HEADERS && task->is_own; i++) {
        char line[256];
        snprintf(line, sizeof line, "%s: %s", OWN[i][0], OWN[i][1]);
        own->headers = curl_slist_append(own->headers, line);
    }
    if (task->is_put)
        curl_easy_setopt(own->curl, CURLOPT_CUSTOMREQUEST, "PUT");
    curl_easy_setopt(own->curl, CURLOPT_HTTPHEADER, own->headers);
    curl_easy_setopt(own->curl, CURLOPT_USERAGENT, "bench");
    curl_easy_setopt(own->curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(own->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(own->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(own->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(own->curl, CURLOPT_WRITEDATA, own);
    if (task->ca)
        curl_easy_setopt(own->curl, CURLOPT_CAINFO, task->ca);
    if (task->is_fresh)
        curl_easy_setopt(own->curl, CURLOPT_FORBID_REUSE, 1L);
    return own;
}

static void request(const struct task *task, void *context)
{
    struct own *own = context;
    long status = 0;
    (void)task;
    own->length = 0;
    curl_easy_setopt(own->curl, CURLOPT_URL, own->url);
    CURLcode code = curl_easy_perform(own->curl);
    curl_easy_getinfo(own->curl, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status / 100 != 2)
        die("curl", curl_easy_strerror(code));
}

static void thread_close(void *context)
{
    struct own *own = context;
    curl_easy_cleanup(own->curl);
    curl_slist_free_all(own->headers);
    free(own->body);
    free(own);
}

static void process_close(void)
{
    curl_global_cleanup();
}
