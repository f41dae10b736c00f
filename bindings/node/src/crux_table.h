/* Made from include/crux.json by `make bindings`. */

#ifndef CRUX_TABLE_H
#define CRUX_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define CRUX_NEEDED_ABI 1
#define CRUX_VERSION_MAJOR (0)
#define CRUX_VERSION_MINOR (2)
#define CRUX_VERSION_PATCH (0)
#define CRUX_ABI (1)
#define CRUX_PENDING (-1)
#define CRUX_OK (0)
#define CRUX_ERR_ARGUMENT (1)
#define CRUX_ERR_RESOLVE (2)
#define CRUX_ERR_CONNECT (3)
#define CRUX_ERR_TLS (4)
#define CRUX_ERR_IO (5)
#define CRUX_ERR_PROTOCOL (6)
#define CRUX_ERR_TIMEOUT (7)
#define CRUX_ERR_CANCELLED (8)
#define CRUX_ERR_AUTH (9)
#define CRUX_ERR_HTTP (10)
#define CRUX_ERR_TOO_LARGE (11)
#define CRUX_ERR_JOB (12)
#define CRUX_ERR_FILE (13)
#define CRUX_ERR_INTERNAL (14)
#define CRUX_JSON_NONE (0)
#define CRUX_JSON_NULL (1)
#define CRUX_JSON_BOOL (2)
#define CRUX_JSON_NUMBER (3)
#define CRUX_JSON_STRING (4)
#define CRUX_JSON_ARRAY (5)
#define CRUX_JSON_OBJECT (6)
#define CRUX_PHASE_LOGIN (1)
#define CRUX_PHASE_CONNECT (2)
#define CRUX_PHASE_SEND (3)
#define CRUX_PHASE_WAIT (4)
#define CRUX_PHASE_RECEIVE (5)
#define CRUX_PHASE_PAUSE (6)
#define CRUX_PHASE_JOB (7)
#define CRUX_LOG_OFF (0)
#define CRUX_LOG_ERROR (1)
#define CRUX_LOG_WARNING (2)
#define CRUX_LOG_INFO (3)
#define CRUX_LOG_DEBUG (4)
#define CRUX_LOG_TRACE (5)

typedef struct crux_call crux_call;
typedef struct crux_client crux_client;
typedef struct crux_options crux_options;
typedef struct crux_response crux_response;
typedef void (*crux_log_fn)(void *context, int32_t level, const char *line);
typedef int32_t (*crux_tick_fn)(void *context, int32_t phase, int64_t done, int64_t total);
typedef void (*crux_release_fn)(void *context);
typedef ptrdiff_t (*crux_read_fn)(void *context, void *buffer, size_t capacity);
typedef int32_t (*crux_json_fn)(void *context, int32_t depth, int32_t type, const char *key, size_t key_length, const char *text, size_t length);
typedef ptrdiff_t (*crux_token_fn)(void *context, const char *refused, void *buffer, size_t capacity);

struct crux_table {
    crux_client *(*login)(const char *service, const char *base_url, const char *user, const char *secret);
    crux_response *(*request)(const crux_client *client, const char *method, const char *path, const void *body, ptrdiff_t body_len);
    void (*free)(void *object);
    int32_t (*code)(const void *object);
    const char *(*message)(const void *object);
    int32_t (*status)(const void *object);
    const char *(*body)(const void *object, size_t *length);
    const char *(*header)(const void *object, const char *name, size_t nth);
    int32_t (*header_at)(const void *object, size_t index, const char **name, const char **value);
    const char *(*info)(const void *object, const char *name);
    int64_t (*number)(const void *object, const char *name);
    size_t (*copy)(const void *object, const char *what, void *buffer, size_t capacity);
    int32_t (*json_type)(const void *object, const char *pointer);
    const char *(*json_text)(const void *object, const char *pointer);
    int64_t (*json_int)(const void *object, const char *pointer, int64_t fallback);
    double (*json_double)(const void *object, const char *pointer, double fallback);
    size_t (*json_count)(const void *object, const char *pointer);
    const char *(*json_key)(const void *object, const char *pointer, size_t index);
    int32_t (*json_walk)(const void *object, const char *pointer, crux_json_fn visit, void *context);
    crux_options *(*options_new)(void);
    int32_t (*options_set)(crux_options *options, const char *key, const char *value);
    int32_t (*options_env)(crux_options *options, const char *account);
    int32_t (*options_log)(crux_options *options, int32_t level, crux_log_fn log, void *context, crux_release_fn release);
    int32_t (*options_tick)(crux_options *options, crux_tick_fn tick, void *context, crux_release_fn release);
    int32_t (*options_token)(crux_options *options, crux_token_fn fetch, void *context, crux_release_fn release);
    crux_client *(*login_with)(const crux_options *options);
    int32_t (*set_token)(const crux_client *client, const char *token);
    crux_call *(*call_login)(const crux_client *client);
    crux_response *(*logout)(const crux_client *client);
    crux_call *(*call_logout)(const crux_client *client);
    crux_response *(*reset_password)(const crux_client *client, const char *email);
    crux_call *(*call_reset_password)(const crux_client *client, const char *email);
    crux_call *(*call_new)(const crux_client *client, const char *method, const char *path);
    int32_t (*call_fill)(crux_call *call, const char *name, const char *value);
    int32_t (*call_query)(crux_call *call, const char *name, const char *value);
    int32_t (*call_header)(crux_call *call, const char *name, const char *value);
    int32_t (*call_set)(crux_call *call, const char *key, const char *value);
    int32_t (*call_tick)(crux_call *call, crux_tick_fn tick, void *context, crux_release_fn release);
    int32_t (*call_body)(crux_call *call, const void *data, ptrdiff_t length, const char *type);
    int32_t (*call_put_text)(crux_call *call, const char *pointer, const char *value);
    int32_t (*call_put_int)(crux_call *call, const char *pointer, int64_t value);
    int32_t (*call_put_double)(crux_call *call, const char *pointer, double value);
    int32_t (*call_put_json)(crux_call *call, const char *pointer, const char *json);
    int32_t (*call_file)(crux_call *call, const char *file, const char *type);
    int32_t (*call_part)(crux_call *call, const char *field, const char *value, const char *file, const char *type);
    int32_t (*call_part_data)(crux_call *call, const char *field, const char *filename, const void *data, ptrdiff_t length, const char *type);
    int32_t (*call_source)(crux_call *call, crux_read_fn read, void *context, crux_release_fn release, int64_t length, const char *type);
    crux_response *(*call_send)(crux_call *call);
    crux_response *(*call_stream)(crux_call *call);
    crux_response *(*call_start)(crux_call *call);
    ptrdiff_t (*read)(crux_response *response, void *buffer, size_t capacity);
    int32_t (*wait)(const void *object, int32_t timeout_ms);
    crux_response *(*next_finished)(const crux_client *client, int32_t timeout_ms);
    ptrdiff_t (*event)(const void *object);
    void (*cancel)(const void *object);
    crux_response *(*await)(const crux_client *client, const crux_response *accepted, int32_t timeout_ms);
    crux_call *(*call_await)(const crux_client *client, const crux_response *accepted);
    crux_response *(*next_page)(const crux_client *client, const crux_response *page);
    crux_call *(*call_next)(const crux_client *client, const crux_response *page);
    crux_call *(*call_follow)(const crux_response *from, const char *method, const char *link);
    crux_response *(*download)(const crux_client *client, const char *url, const char *file);
    crux_response *(*upload)(const crux_client *client, const char *path, const char *field, const char *file, const char *type);
    crux_call *(*call_upload)(const crux_client *client, const char *path, const char *field, const char *file, const char *type);
    const char *(*version)(void);
    int32_t (*abi)(void);
    int32_t (*shutdown)(int32_t timeout_ms);
    int32_t (*constant)(const char *name, int32_t fallback);
    int32_t (*error_at)(size_t index, int32_t *code, const char **name, const char **text);
    const char *(*error_name)(int32_t code);
    int32_t (*option_at)(size_t index, const char **key, const char **fallback, const char **help);
    const char *(*option_info)(const char *key, const char *what);
    int32_t (*fact_at)(size_t index, const char **name, const char **help);
};

/* Where each is, and by which name it is found. */
#define CRUX_TABLE(X) \
    X(login) \
    X(request) \
    X(free) \
    X(code) \
    X(message) \
    X(status) \
    X(body) \
    X(header) \
    X(header_at) \
    X(info) \
    X(number) \
    X(copy) \
    X(json_type) \
    X(json_text) \
    X(json_int) \
    X(json_double) \
    X(json_count) \
    X(json_key) \
    X(json_walk) \
    X(options_new) \
    X(options_set) \
    X(options_env) \
    X(options_log) \
    X(options_tick) \
    X(options_token) \
    X(login_with) \
    X(set_token) \
    X(call_login) \
    X(logout) \
    X(call_logout) \
    X(reset_password) \
    X(call_reset_password) \
    X(call_new) \
    X(call_fill) \
    X(call_query) \
    X(call_header) \
    X(call_set) \
    X(call_tick) \
    X(call_body) \
    X(call_put_text) \
    X(call_put_int) \
    X(call_put_double) \
    X(call_put_json) \
    X(call_file) \
    X(call_part) \
    X(call_part_data) \
    X(call_source) \
    X(call_send) \
    X(call_stream) \
    X(call_start) \
    X(read) \
    X(wait) \
    X(next_finished) \
    X(event) \
    X(cancel) \
    X(await) \
    X(call_await) \
    X(next_page) \
    X(call_next) \
    X(call_follow) \
    X(download) \
    X(upload) \
    X(call_upload) \
    X(version) \
    X(abi) \
    X(shutdown) \
    X(constant) \
    X(error_at) \
    X(error_name) \
    X(option_at) \
    X(option_info) \
    X(fact_at)

#endif
