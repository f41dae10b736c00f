/* Made from include/crux.json by "make bindings". */
#include <stddef.h>
#include <stdint.h>

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

#define CRUX_ABI 1
#define CRUX_JSON_NONE 0
#define CRUX_JSON_NULL 1
#define CRUX_JSON_BOOL 2
#define CRUX_JSON_NUMBER 3
#define CRUX_JSON_STRING 4
#define CRUX_JSON_ARRAY 5
#define CRUX_JSON_OBJECT 6

typedef struct crux_api {
    crux_client *(*crux_login)(const char *service, const char *base_url, const char *user, const char *secret);
    crux_response *(*crux_request)(const crux_client *client, const char *method, const char *path, const void *body, ptrdiff_t body_len);
    void (*crux_free)(void *object);
    int32_t (*crux_code)(const void *object);
    const char *(*crux_message)(const void *object);
    int32_t (*crux_status)(const void *object);
    const char *(*crux_body)(const void *object, size_t *length);
    const char *(*crux_header)(const void *object, const char *name, size_t nth);
    int32_t (*crux_header_at)(const void *object, size_t index, const char **name, const char **value);
    const char *(*crux_info)(const void *object, const char *name);
    int64_t (*crux_number)(const void *object, const char *name);
    size_t (*crux_copy)(const void *object, const char *what, void *buffer, size_t capacity);
    int32_t (*crux_json_type)(const void *object, const char *pointer);
    const char *(*crux_json_text)(const void *object, const char *pointer);
    int64_t (*crux_json_int)(const void *object, const char *pointer, int64_t fallback);
    double (*crux_json_double)(const void *object, const char *pointer, double fallback);
    size_t (*crux_json_count)(const void *object, const char *pointer);
    const char *(*crux_json_key)(const void *object, const char *pointer, size_t index);
    int32_t (*crux_json_walk)(const void *object, const char *pointer, crux_json_fn visit, void *context);
    crux_options *(*crux_options_new)(void);
    int32_t (*crux_options_set)(crux_options *options, const char *key, const char *value);
    int32_t (*crux_options_env)(crux_options *options, const char *account);
    int32_t (*crux_options_log)(crux_options *options, int32_t level, crux_log_fn log, void *context, crux_release_fn release);
    int32_t (*crux_options_tick)(crux_options *options, crux_tick_fn tick, void *context, crux_release_fn release);
    int32_t (*crux_options_token)(crux_options *options, crux_token_fn fetch, void *context, crux_release_fn release);
    crux_client *(*crux_login_with)(const crux_options *options);
    int32_t (*crux_set_token)(const crux_client *client, const char *token);
    crux_call *(*crux_call_login)(const crux_client *client);
    crux_response *(*crux_logout)(const crux_client *client);
    crux_call *(*crux_call_logout)(const crux_client *client);
    crux_response *(*crux_reset_password)(const crux_client *client, const char *email);
    crux_call *(*crux_call_reset_password)(const crux_client *client, const char *email);
    crux_call *(*crux_call_new)(const crux_client *client, const char *method, const char *path);
    int32_t (*crux_call_fill)(crux_call *call, const char *name, const char *value);
    int32_t (*crux_call_query)(crux_call *call, const char *name, const char *value);
    int32_t (*crux_call_header)(crux_call *call, const char *name, const char *value);
    int32_t (*crux_call_set)(crux_call *call, const char *key, const char *value);
    int32_t (*crux_call_tick)(crux_call *call, crux_tick_fn tick, void *context, crux_release_fn release);
    int32_t (*crux_call_body)(crux_call *call, const void *data, ptrdiff_t length, const char *type);
    int32_t (*crux_call_put_text)(crux_call *call, const char *pointer, const char *value);
    int32_t (*crux_call_put_int)(crux_call *call, const char *pointer, int64_t value);
    int32_t (*crux_call_put_double)(crux_call *call, const char *pointer, double value);
    int32_t (*crux_call_put_json)(crux_call *call, const char *pointer, const char *json);
    int32_t (*crux_call_file)(crux_call *call, const char *file, const char *type);
    int32_t (*crux_call_part)(crux_call *call, const char *field, const char *value, const char *file, const char *type);
    int32_t (*crux_call_part_data)(crux_call *call, const char *field, const char *filename, const void *data, ptrdiff_t length, const char *type);
    int32_t (*crux_call_source)(crux_call *call, crux_read_fn read, void *context, crux_release_fn release, int64_t length, const char *type);
    crux_response *(*crux_call_send)(crux_call *call);
    crux_response *(*crux_call_stream)(crux_call *call);
    crux_response *(*crux_call_start)(crux_call *call);
    ptrdiff_t (*crux_read)(crux_response *response, void *buffer, size_t capacity);
    int32_t (*crux_wait)(const void *object, int32_t timeout_ms);
    crux_response *(*crux_next_finished)(const crux_client *client, int32_t timeout_ms);
    ptrdiff_t (*crux_event)(const void *object);
    void (*crux_cancel)(const void *object);
    crux_response *(*crux_await)(const crux_client *client, const crux_response *accepted, int32_t timeout_ms);
    crux_call *(*crux_call_await)(const crux_client *client, const crux_response *accepted);
    crux_response *(*crux_next_page)(const crux_client *client, const crux_response *page);
    crux_call *(*crux_call_next)(const crux_client *client, const crux_response *page);
    crux_call *(*crux_call_follow)(const crux_response *from, const char *method, const char *link);
    crux_response *(*crux_download)(const crux_client *client, const char *url, const char *file);
    crux_response *(*crux_upload)(const crux_client *client, const char *path, const char *field, const char *file, const char *type);
    crux_call *(*crux_call_upload)(const crux_client *client, const char *path, const char *field, const char *file, const char *type);
    const char *(*crux_version)(void);
    int32_t (*crux_abi)(void);
    int32_t (*crux_shutdown)(int32_t timeout_ms);
    int32_t (*crux_constant)(const char *name, int32_t fallback);
    int32_t (*crux_error_at)(size_t index, int32_t *code, const char **name, const char **text);
    const char *(*crux_error_name)(int32_t code);
    int32_t (*crux_option_at)(size_t index, const char **key, const char **fallback, const char **help);
    const char *(*crux_option_info)(const char *key, const char *what);
    int32_t (*crux_fact_at)(size_t index, const char **name, const char **help);
} crux_api;

static const struct { const char *name; size_t place; } crux_symbols[] = {
    {"crux_login", offsetof(crux_api, crux_login)},
    {"crux_request", offsetof(crux_api, crux_request)},
    {"crux_free", offsetof(crux_api, crux_free)},
    {"crux_code", offsetof(crux_api, crux_code)},
    {"crux_message", offsetof(crux_api, crux_message)},
    {"crux_status", offsetof(crux_api, crux_status)},
    {"crux_body", offsetof(crux_api, crux_body)},
    {"crux_header", offsetof(crux_api, crux_header)},
    {"crux_header_at", offsetof(crux_api, crux_header_at)},
    {"crux_info", offsetof(crux_api, crux_info)},
    {"crux_number", offsetof(crux_api, crux_number)},
    {"crux_copy", offsetof(crux_api, crux_copy)},
    {"crux_json_type", offsetof(crux_api, crux_json_type)},
    {"crux_json_text", offsetof(crux_api, crux_json_text)},
    {"crux_json_int", offsetof(crux_api, crux_json_int)},
    {"crux_json_double", offsetof(crux_api, crux_json_double)},
    {"crux_json_count", offsetof(crux_api, crux_json_count)},
    {"crux_json_key", offsetof(crux_api, crux_json_key)},
    {"crux_json_walk", offsetof(crux_api, crux_json_walk)},
    {"crux_options_new", offsetof(crux_api, crux_options_new)},
    {"crux_options_set", offsetof(crux_api, crux_options_set)},
    {"crux_options_env", offsetof(crux_api, crux_options_env)},
    {"crux_options_log", offsetof(crux_api, crux_options_log)},
    {"crux_options_tick", offsetof(crux_api, crux_options_tick)},
    {"crux_options_token", offsetof(crux_api, crux_options_token)},
    {"crux_login_with", offsetof(crux_api, crux_login_with)},
    {"crux_set_token", offsetof(crux_api, crux_set_token)},
    {"crux_call_login", offsetof(crux_api, crux_call_login)},
    {"crux_logout", offsetof(crux_api, crux_logout)},
    {"crux_call_logout", offsetof(crux_api, crux_call_logout)},
    {"crux_reset_password", offsetof(crux_api, crux_reset_password)},
    {"crux_call_reset_password", offsetof(crux_api, crux_call_reset_password)},
    {"crux_call_new", offsetof(crux_api, crux_call_new)},
    {"crux_call_fill", offsetof(crux_api, crux_call_fill)},
    {"crux_call_query", offsetof(crux_api, crux_call_query)},
    {"crux_call_header", offsetof(crux_api, crux_call_header)},
    {"crux_call_set", offsetof(crux_api, crux_call_set)},
    {"crux_call_tick", offsetof(crux_api, crux_call_tick)},
    {"crux_call_body", offsetof(crux_api, crux_call_body)},
    {"crux_call_put_text", offsetof(crux_api, crux_call_put_text)},
    {"crux_call_put_int", offsetof(crux_api, crux_call_put_int)},
    {"crux_call_put_double", offsetof(crux_api, crux_call_put_double)},
    {"crux_call_put_json", offsetof(crux_api, crux_call_put_json)},
    {"crux_call_file", offsetof(crux_api, crux_call_file)},
    {"crux_call_part", offsetof(crux_api, crux_call_part)},
    {"crux_call_part_data", offsetof(crux_api, crux_call_part_data)},
    {"crux_call_source", offsetof(crux_api, crux_call_source)},
    {"crux_call_send", offsetof(crux_api, crux_call_send)},
    {"crux_call_stream", offsetof(crux_api, crux_call_stream)},
    {"crux_call_start", offsetof(crux_api, crux_call_start)},
    {"crux_read", offsetof(crux_api, crux_read)},
    {"crux_wait", offsetof(crux_api, crux_wait)},
    {"crux_next_finished", offsetof(crux_api, crux_next_finished)},
    {"crux_event", offsetof(crux_api, crux_event)},
    {"crux_cancel", offsetof(crux_api, crux_cancel)},
    {"crux_await", offsetof(crux_api, crux_await)},
    {"crux_call_await", offsetof(crux_api, crux_call_await)},
    {"crux_next_page", offsetof(crux_api, crux_next_page)},
    {"crux_call_next", offsetof(crux_api, crux_call_next)},
    {"crux_call_follow", offsetof(crux_api, crux_call_follow)},
    {"crux_download", offsetof(crux_api, crux_download)},
    {"crux_upload", offsetof(crux_api, crux_upload)},
    {"crux_call_upload", offsetof(crux_api, crux_call_upload)},
    {"crux_version", offsetof(crux_api, crux_version)},
    {"crux_abi", offsetof(crux_api, crux_abi)},
    {"crux_shutdown", offsetof(crux_api, crux_shutdown)},
    {"crux_constant", offsetof(crux_api, crux_constant)},
    {"crux_error_at", offsetof(crux_api, crux_error_at)},
    {"crux_error_name", offsetof(crux_api, crux_error_name)},
    {"crux_option_at", offsetof(crux_api, crux_option_at)},
    {"crux_option_info", offsetof(crux_api, crux_option_info)},
    {"crux_fact_at", offsetof(crux_api, crux_fact_at)},
};
