/* Made from include/crux.json by "make bindings". */
#ifndef CRUX_API_H
#define CRUX_API_H

#include <stddef.h>
#include <stdint.h>

#define CRUX_SONAME "libcrux.so.0"

typedef struct crux_call crux_call;
typedef struct crux_client crux_client;
typedef struct crux_options crux_options;
typedef struct crux_response crux_response;

enum {
    CRUX_VERSION_MAJOR = 0,
    CRUX_VERSION_MINOR = 2,
    CRUX_VERSION_PATCH = 0,
    CRUX_ABI = 1,
    CRUX_PENDING = -1,
    CRUX_OK = 0,
    CRUX_ERR_ARGUMENT = 1,
    CRUX_ERR_RESOLVE = 2,
    CRUX_ERR_CONNECT = 3,
    CRUX_ERR_TLS = 4,
    CRUX_ERR_IO = 5,
    CRUX_ERR_PROTOCOL = 6,
    CRUX_ERR_TIMEOUT = 7,
    CRUX_ERR_CANCELLED = 8,
    CRUX_ERR_AUTH = 9,
    CRUX_ERR_HTTP = 10,
    CRUX_ERR_TOO_LARGE = 11,
    CRUX_ERR_JOB = 12,
    CRUX_ERR_FILE = 13,
    CRUX_ERR_INTERNAL = 14,
    CRUX_JSON_NONE = 0,
    CRUX_JSON_NULL = 1,
    CRUX_JSON_BOOL = 2,
    CRUX_JSON_NUMBER = 3,
    CRUX_JSON_STRING = 4,
    CRUX_JSON_ARRAY = 5,
    CRUX_JSON_OBJECT = 6,
    CRUX_PHASE_LOGIN = 1,
    CRUX_PHASE_CONNECT = 2,
    CRUX_PHASE_SEND = 3,
    CRUX_PHASE_WAIT = 4,
    CRUX_PHASE_RECEIVE = 5,
    CRUX_PHASE_PAUSE = 6,
    CRUX_PHASE_JOB = 7,
    CRUX_LOG_OFF = 0,
    CRUX_LOG_ERROR = 1,
    CRUX_LOG_WARNING = 2,
    CRUX_LOG_INFO = 3,
    CRUX_LOG_DEBUG = 4,
    CRUX_LOG_TRACE = 5,
};

typedef void (*crux_log_fn)(void *context, int32_t level, const char *line);
typedef int32_t (*crux_tick_fn)(void *context, int32_t phase, int64_t done, int64_t total);
typedef void (*crux_release_fn)(void *context);
typedef ptrdiff_t (*crux_read_fn)(void *context, void *buffer, size_t capacity);
typedef int32_t (*crux_json_fn)(void *context, int32_t depth, int32_t type, const char *key, size_t key_length, const char *text, size_t length);
typedef ptrdiff_t (*crux_token_fn)(void *context, const char *refused, void *buffer, size_t capacity);

#define CRUX_FUNCTIONS(X) \
    X(crux_client *, crux_login, (const char *service, const char *base_url, const char *user, const char *secret)) \
    X(crux_response *, crux_request, (const crux_client *client, const char *method, const char *path, const void *body, ptrdiff_t body_len)) \
    X(void, crux_free, (void *object)) \
    X(int32_t, crux_code, (const void *object)) \
    X(const char *, crux_message, (const void *object)) \
    X(int32_t, crux_status, (const void *object)) \
    X(const char *, crux_body, (const void *object, size_t *length)) \
    X(const char *, crux_header, (const void *object, const char *name, size_t nth)) \
    X(int32_t, crux_header_at, (const void *object, size_t index, const char **name, const char **value)) \
    X(const char *, crux_info, (const void *object, const char *name)) \
    X(int64_t, crux_number, (const void *object, const char *name)) \
    X(size_t, crux_copy, (const void *object, const char *what, void *buffer, size_t capacity)) \
    X(int32_t, crux_json_type, (const void *object, const char *pointer)) \
    X(const char *, crux_json_text, (const void *object, const char *pointer)) \
    X(int64_t, crux_json_int, (const void *object, const char *pointer, int64_t fallback)) \
    X(double, crux_json_double, (const void *object, const char *pointer, double fallback)) \
    X(size_t, crux_json_count, (const void *object, const char *pointer)) \
    X(const char *, crux_json_key, (const void *object, const char *pointer, size_t index)) \
    X(int32_t, crux_json_walk, (const void *object, const char *pointer, crux_json_fn visit, void *context)) \
    X(crux_options *, crux_options_new, (void)) \
    X(int32_t, crux_options_set, (crux_options *options, const char *key, const char *value)) \
    X(int32_t, crux_options_env, (crux_options *options, const char *account)) \
    X(int32_t, crux_options_log, (crux_options *options, int32_t level, crux_log_fn log, void *context, crux_release_fn release)) \
    X(int32_t, crux_options_tick, (crux_options *options, crux_tick_fn tick, void *context, crux_release_fn release)) \
    X(int32_t, crux_options_token, (crux_options *options, crux_token_fn fetch, void *context, crux_release_fn release)) \
    X(crux_client *, crux_login_with, (const crux_options *options)) \
    X(int32_t, crux_set_token, (const crux_client *client, const char *token)) \
    X(crux_call *, crux_call_login, (const crux_client *client)) \
    X(crux_response *, crux_logout, (const crux_client *client)) \
    X(crux_call *, crux_call_logout, (const crux_client *client)) \
    X(crux_response *, crux_reset_password, (const crux_client *client, const char *email)) \
    X(crux_call *, crux_call_reset_password, (const crux_client *client, const char *email)) \
    X(crux_call *, crux_call_new, (const crux_client *client, const char *method, const char *path)) \
    X(int32_t, crux_call_fill, (crux_call *call, const char *name, const char *value)) \
    X(int32_t, crux_call_query, (crux_call *call, const char *name, const char *value)) \
    X(int32_t, crux_call_header, (crux_call *call, const char *name, const char *value)) \
    X(int32_t, crux_call_set, (crux_call *call, const char *key, const char *value)) \
    X(int32_t, crux_call_tick, (crux_call *call, crux_tick_fn tick, void *context, crux_release_fn release)) \
    X(int32_t, crux_call_body, (crux_call *call, const void *data, ptrdiff_t length, const char *type)) \
    X(int32_t, crux_call_put_text, (crux_call *call, const char *pointer, const char *value)) \
    X(int32_t, crux_call_put_int, (crux_call *call, const char *pointer, int64_t value)) \
    X(int32_t, crux_call_put_double, (crux_call *call, const char *pointer, double value)) \
    X(int32_t, crux_call_put_json, (crux_call *call, const char *pointer, const char *json)) \
    X(int32_t, crux_call_file, (crux_call *call, const char *file, const char *type)) \
    X(int32_t, crux_call_part, (crux_call *call, const char *field, const char *value, const char *file, const char *type)) \
    X(int32_t, crux_call_part_data, (crux_call *call, const char *field, const char *filename, const void *data, ptrdiff_t length, const char *type)) \
    X(int32_t, crux_call_source, (crux_call *call, crux_read_fn read, void *context, crux_release_fn release, int64_t length, const char *type)) \
    X(crux_response *, crux_call_send, (crux_call *call)) \
    X(crux_response *, crux_call_stream, (crux_call *call)) \
    X(crux_response *, crux_call_start, (crux_call *call)) \
    X(ptrdiff_t, crux_read, (crux_response *response, void *buffer, size_t capacity)) \
    X(int32_t, crux_wait, (const void *object, int32_t timeout_ms)) \
    X(crux_response *, crux_next_finished, (const crux_client *client, int32_t timeout_ms)) \
    X(ptrdiff_t, crux_event, (const void *object)) \
    X(void, crux_cancel, (const void *object)) \
    X(crux_response *, crux_await, (const crux_client *client, const crux_response *accepted, int32_t timeout_ms)) \
    X(crux_call *, crux_call_await, (const crux_client *client, const crux_response *accepted)) \
    X(crux_response *, crux_next_page, (const crux_client *client, const crux_response *page)) \
    X(crux_call *, crux_call_next, (const crux_client *client, const crux_response *page)) \
    X(crux_call *, crux_call_follow, (const crux_response *from, const char *method, const char *link)) \
    X(crux_response *, crux_download, (const crux_client *client, const char *url, const char *file)) \
    X(crux_response *, crux_upload, (const crux_client *client, const char *path, const char *field, const char *file, const char *type)) \
    X(crux_call *, crux_call_upload, (const crux_client *client, const char *path, const char *field, const char *file, const char *type)) \
    X(const char *, crux_version, (void)) \
    X(int32_t, crux_abi, (void)) \
    X(int32_t, crux_shutdown, (int32_t timeout_ms)) \
    X(int32_t, crux_constant, (const char *name, int32_t fallback)) \
    X(int32_t, crux_error_at, (size_t index, int32_t *code, const char **name, const char **text)) \
    X(const char *, crux_error_name, (int32_t code)) \
    X(int32_t, crux_option_at, (size_t index, const char **key, const char **fallback, const char **help)) \
    X(const char *, crux_option_info, (const char *key, const char *what)) \
    X(int32_t, crux_fact_at, (size_t index, const char **name, const char **help))

#endif
