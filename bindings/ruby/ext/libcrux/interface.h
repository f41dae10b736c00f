/* Made from include/crux.json by `make bindings`; do not edit. */
#ifndef CRUX_INTERFACE_H
#define CRUX_INTERFACE_H

#include <stddef.h>
#include <stdint.h>

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

/* Every function of the library: its result, its name, its arguments. */
#define CRUX_FUNCTIONS(F) \
    F(crux_client *, crux_login, (const char *service, const char *base_url, const char *user, const char *secret)) \
    F(crux_response *, crux_request, (const crux_client *client, const char *method, const char *path, const void *body, ptrdiff_t body_len)) \
    F(void, crux_free, (void *object)) \
    F(int32_t, crux_code, (const void *object)) \
    F(const char *, crux_message, (const void *object)) \
    F(int32_t, crux_status, (const void *object)) \
    F(const char *, crux_body, (const void *object, size_t *length)) \
    F(const char *, crux_header, (const void *object, const char *name, size_t nth)) \
    F(int32_t, crux_header_at, (const void *object, size_t index, const char **name, const char **value)) \
    F(const char *, crux_info, (const void *object, const char *name)) \
    F(int64_t, crux_number, (const void *object, const char *name)) \
    F(size_t, crux_copy, (const void *object, const char *what, void *buffer, size_t capacity)) \
    F(int32_t, crux_json_type, (const void *object, const char *pointer)) \
    F(const char *, crux_json_text, (const void *object, const char *pointer)) \
    F(int64_t, crux_json_int, (const void *object, const char *pointer, int64_t fallback)) \
    F(double, crux_json_double, (const void *object, const char *pointer, double fallback)) \
    F(size_t, crux_json_count, (const void *object, const char *pointer)) \
    F(const char *, crux_json_key, (const void *object, const char *pointer, size_t index)) \
    F(int32_t, crux_json_walk, (const void *object, const char *pointer, crux_json_fn visit, void *context)) \
    F(crux_options *, crux_options_new, (void)) \
    F(int32_t, crux_options_set, (crux_options *options, const char *key, const char *value)) \
    F(int32_t, crux_options_env, (crux_options *options, const char *account)) \
    F(int32_t, crux_options_log, (crux_options *options, int32_t level, crux_log_fn log, void *context, crux_release_fn release)) \
    F(int32_t, crux_options_tick, (crux_options *options, crux_tick_fn tick, void *context, crux_release_fn release)) \
    F(int32_t, crux_options_token, (crux_options *options, crux_token_fn fetch, void *context, crux_release_fn release)) \
    F(crux_client *, crux_login_with, (const crux_options *options)) \
    F(int32_t, crux_set_token, (const crux_client *client, const char *token)) \
    F(crux_call *, crux_call_login, (const crux_client *client)) \
    F(crux_response *, crux_logout, (const crux_client *client)) \
    F(crux_call *, crux_call_logout, (const crux_client *client)) \
    F(crux_response *, crux_reset_password, (const crux_client *client, const char *email)) \
    F(crux_call *, crux_call_reset_password, (const crux_client *client, const char *email)) \
    F(crux_call *, crux_call_new, (const crux_client *client, const char *method, const char *path)) \
    F(int32_t, crux_call_fill, (crux_call *call, const char *name, const char *value)) \
    F(int32_t, crux_call_query, (crux_call *call, const char *name, const char *value)) \
    F(int32_t, crux_call_header, (crux_call *call, const char *name, const char *value)) \
    F(int32_t, crux_call_set, (crux_call *call, const char *key, const char *value)) \
    F(int32_t, crux_call_tick, (crux_call *call, crux_tick_fn tick, void *context, crux_release_fn release)) \
    F(int32_t, crux_call_body, (crux_call *call, const void *data, ptrdiff_t length, const char *type)) \
    F(int32_t, crux_call_put_text, (crux_call *call, const char *pointer, const char *value)) \
    F(int32_t, crux_call_put_int, (crux_call *call, const char *pointer, int64_t value)) \
    F(int32_t, crux_call_put_double, (crux_call *call, const char *pointer, double value)) \
    F(int32_t, crux_call_put_json, (crux_call *call, const char *pointer, const char *json)) \
    F(int32_t, crux_call_file, (crux_call *call, const char *file, const char *type)) \
    F(int32_t, crux_call_part, (crux_call *call, const char *field, const char *value, const char *file, const char *type)) \
    F(int32_t, crux_call_part_data, (crux_call *call, const char *field, const char *filename, const void *data, ptrdiff_t length, const char *type)) \
    F(int32_t, crux_call_source, (crux_call *call, crux_read_fn read, void *context, crux_release_fn release, int64_t length, const char *type)) \
    F(crux_response *, crux_call_send, (crux_call *call)) \
    F(crux_response *, crux_call_stream, (crux_call *call)) \
    F(crux_response *, crux_call_start, (crux_call *call)) \
    F(ptrdiff_t, crux_read, (crux_response *response, void *buffer, size_t capacity)) \
    F(int32_t, crux_wait, (const void *object, int32_t timeout_ms)) \
    F(crux_response *, crux_next_finished, (const crux_client *client, int32_t timeout_ms)) \
    F(ptrdiff_t, crux_event, (const void *object)) \
    F(void, crux_cancel, (const void *object)) \
    F(crux_response *, crux_await, (const crux_client *client, const crux_response *accepted, int32_t timeout_ms)) \
    F(crux_call *, crux_call_await, (const crux_client *client, const crux_response *accepted)) \
    F(crux_response *, crux_next_page, (const crux_client *client, const crux_response *page)) \
    F(crux_call *, crux_call_next, (const crux_client *client, const crux_response *page)) \
    F(crux_call *, crux_call_follow, (const crux_response *from, const char *method, const char *link)) \
    F(crux_response *, crux_download, (const crux_client *client, const char *url, const char *file)) \
    F(crux_response *, crux_upload, (const crux_client *client, const char *path, const char *field, const char *file, const char *type)) \
    F(crux_call *, crux_call_upload, (const crux_client *client, const char *path, const char *field, const char *file, const char *type)) \
    F(const char *, crux_version, (void)) \
    F(int32_t, crux_abi, (void)) \
    F(int32_t, crux_shutdown, (int32_t timeout_ms)) \
    F(int32_t, crux_constant, (const char *name, int32_t fallback)) \
    F(int32_t, crux_error_at, (size_t index, int32_t *code, const char **name, const char **text)) \
    F(const char *, crux_error_name, (int32_t code)) \
    F(int32_t, crux_option_at, (size_t index, const char **key, const char **fallback, const char **help)) \
    F(const char *, crux_option_info, (const char *key, const char *what)) \
    F(int32_t, crux_fact_at, (size_t index, const char **name, const char **help))

#endif
