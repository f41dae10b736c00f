/*
 * The library with the calling convention stdcall, as Visual Basic 6, VBA in 32 bit and their kin call it: crux_std.dll.
 * Made from include/crux.json by "make bindings".
 */
#include <crux.h>
#include <stdlib.h>

#define STD __attribute__((stdcall))

typedef void (STD *std_release_fn)(void *context);

/* A hook that is called with stdcall, and what it is called with. The library has this as its context. */
struct hook {
    void (*call)(void);
    void *context;
    std_release_fn release;
};

static struct hook *keep(void (*call)(void), void *context, std_release_fn release)
{
    struct hook *kept = malloc(sizeof *kept);
    if (kept == NULL) abort();
    kept->call = call, kept->context = context, kept->release = release;
    return kept;
}

/* The library calls this once for each hook, also for one that it refused. */
static void give_back(void *kept)
{
    struct hook hook = *(struct hook *) kept;
    free(kept);
    if (hook.release != NULL) hook.release(hook.context);
}

typedef void (STD *std_log_fn)(void *context, int32_t level, const char *line);

static void call_log_fn(void *context, int32_t level, const char *line)
{
    struct hook *hook = context;
    ((std_log_fn) hook->call)(hook->context, level, line);
}

typedef int32_t (STD *std_tick_fn)(void *context, int32_t phase, int64_t done, int64_t total);

static int32_t call_tick_fn(void *context, int32_t phase, int64_t done, int64_t total)
{
    struct hook *hook = context;
    return ((std_tick_fn) hook->call)(hook->context, phase, done, total);
}

typedef ptrdiff_t (STD *std_read_fn)(void *context, void *buffer, size_t capacity);

static ptrdiff_t call_read_fn(void *context, void *buffer, size_t capacity)
{
    struct hook *hook = context;
    return ((std_read_fn) hook->call)(hook->context, buffer, capacity);
}

typedef int32_t (STD *std_json_fn)(void *context, int32_t depth, int32_t type, const char *key, size_t key_length, const char *text, size_t length);

static int32_t call_json_fn(void *context, int32_t depth, int32_t type, const char *key, size_t key_length, const char *text, size_t length)
{
    struct hook *hook = context;
    return ((std_json_fn) hook->call)(hook->context, depth, type, key, key_length, text, length);
}

typedef ptrdiff_t (STD *std_token_fn)(void *context, const char *refused, void *buffer, size_t capacity);

static ptrdiff_t call_token_fn(void *context, const char *refused, void *buffer, size_t capacity)
{
    struct hook *hook = context;
    return ((std_token_fn) hook->call)(hook->context, refused, buffer, capacity);
}

crux_client *STD std_crux_login(const char *service, const char *base_url, const char *user, const char *secret);
crux_client *STD std_crux_login(const char *service, const char *base_url, const char *user, const char *secret)
{
    return crux_login(service, base_url, user, secret);
}

crux_response *STD std_crux_request(const crux_client *client, const char *method, const char *path, const void *body, ptrdiff_t body_len);
crux_response *STD std_crux_request(const crux_client *client, const char *method, const char *path, const void *body, ptrdiff_t body_len)
{
    return crux_request(client, method, path, body, body_len);
}

void STD std_crux_free(void *object);
void STD std_crux_free(void *object)
{
    crux_free(object);
}

int32_t STD std_crux_code(const void *object);
int32_t STD std_crux_code(const void *object)
{
    return crux_code(object);
}

const char *STD std_crux_message(const void *object);
const char *STD std_crux_message(const void *object)
{
    return crux_message(object);
}

int32_t STD std_crux_status(const void *object);
int32_t STD std_crux_status(const void *object)
{
    return crux_status(object);
}

const char *STD std_crux_body(const void *object, size_t *length);
const char *STD std_crux_body(const void *object, size_t *length)
{
    return crux_body(object, length);
}

const char *STD std_crux_header(const void *object, const char *name, size_t nth);
const char *STD std_crux_header(const void *object, const char *name, size_t nth)
{
    return crux_header(object, name, nth);
}

int32_t STD std_crux_header_at(const void *object, size_t index, const char **name, const char **value);
int32_t STD std_crux_header_at(const void *object, size_t index, const char **name, const char **value)
{
    return crux_header_at(object, index, name, value);
}

const char *STD std_crux_info(const void *object, const char *name);
const char *STD std_crux_info(const void *object, const char *name)
{
    return crux_info(object, name);
}

int64_t STD std_crux_number(const void *object, const char *name);
int64_t STD std_crux_number(const void *object, const char *name)
{
    return crux_number(object, name);
}

size_t STD std_crux_copy(const void *object, const char *what, void *buffer, size_t capacity);
size_t STD std_crux_copy(const void *object, const char *what, void *buffer, size_t capacity)
{
    return crux_copy(object, what, buffer, capacity);
}

int32_t STD std_crux_json_type(const void *object, const char *pointer);
int32_t STD std_crux_json_type(const void *object, const char *pointer)
{
    return crux_json_type(object, pointer);
}

const char *STD std_crux_json_text(const void *object, const char *pointer);
const char *STD std_crux_json_text(const void *object, const char *pointer)
{
    return crux_json_text(object, pointer);
}

int64_t STD std_crux_json_int(const void *object, const char *pointer, int64_t fallback);
int64_t STD std_crux_json_int(const void *object, const char *pointer, int64_t fallback)
{
    return crux_json_int(object, pointer, fallback);
}

double STD std_crux_json_double(const void *object, const char *pointer, double fallback);
double STD std_crux_json_double(const void *object, const char *pointer, double fallback)
{
    return crux_json_double(object, pointer, fallback);
}

size_t STD std_crux_json_count(const void *object, const char *pointer);
size_t STD std_crux_json_count(const void *object, const char *pointer)
{
    return crux_json_count(object, pointer);
}

const char *STD std_crux_json_key(const void *object, const char *pointer, size_t index);
const char *STD std_crux_json_key(const void *object, const char *pointer, size_t index)
{
    return crux_json_key(object, pointer, index);
}

int32_t STD std_crux_json_walk(const void *object, const char *pointer, std_json_fn visit, void *context);
int32_t STD std_crux_json_walk(const void *object, const char *pointer, std_json_fn visit, void *context)
{
    struct hook own = {(void (*)(void)) visit, context, NULL}, *hook = &own;
    return crux_json_walk(object, pointer, visit != NULL ? call_json_fn : NULL, hook);
}

crux_options *STD std_crux_options_new(void);
crux_options *STD std_crux_options_new(void)
{
    return crux_options_new();
}

int32_t STD std_crux_options_set(crux_options *options, const char *key, const char *value);
int32_t STD std_crux_options_set(crux_options *options, const char *key, const char *value)
{
    return crux_options_set(options, key, value);
}

int32_t STD std_crux_options_env(crux_options *options, const char *account);
int32_t STD std_crux_options_env(crux_options *options, const char *account)
{
    return crux_options_env(options, account);
}

int32_t STD std_crux_options_log(crux_options *options, int32_t level, std_log_fn log, void *context, std_release_fn release);
int32_t STD std_crux_options_log(crux_options *options, int32_t level, std_log_fn log, void *context, std_release_fn release)
{
    struct hook *hook = keep((void (*)(void)) log, context, release);
    return crux_options_log(options, level, log != NULL ? call_log_fn : NULL, hook, give_back);
}

int32_t STD std_crux_options_tick(crux_options *options, std_tick_fn tick, void *context, std_release_fn release);
int32_t STD std_crux_options_tick(crux_options *options, std_tick_fn tick, void *context, std_release_fn release)
{
    struct hook *hook = keep((void (*)(void)) tick, context, release);
    return crux_options_tick(options, tick != NULL ? call_tick_fn : NULL, hook, give_back);
}

int32_t STD std_crux_options_token(crux_options *options, std_token_fn fetch, void *context, std_release_fn release);
int32_t STD std_crux_options_token(crux_options *options, std_token_fn fetch, void *context, std_release_fn release)
{
    struct hook *hook = keep((void (*)(void)) fetch, context, release);
    return crux_options_token(options, fetch != NULL ? call_token_fn : NULL, hook, give_back);
}

crux_client *STD std_crux_login_with(const crux_options *options);
crux_client *STD std_crux_login_with(const crux_options *options)
{
    return crux_login_with(options);
}

int32_t STD std_crux_set_token(const crux_client *client, const char *token);
int32_t STD std_crux_set_token(const crux_client *client, const char *token)
{
    return crux_set_token(client, token);
}

crux_call *STD std_crux_call_login(const crux_client *client);
crux_call *STD std_crux_call_login(const crux_client *client)
{
    return crux_call_login(client);
}

crux_response *STD std_crux_logout(const crux_client *client);
crux_response *STD std_crux_logout(const crux_client *client)
{
    return crux_logout(client);
}

crux_call *STD std_crux_call_logout(const crux_client *client);
crux_call *STD std_crux_call_logout(const crux_client *client)
{
    return crux_call_logout(client);
}

crux_response *STD std_crux_reset_password(const crux_client *client, const char *email);
crux_response *STD std_crux_reset_password(const crux_client *client, const char *email)
{
    return crux_reset_password(client, email);
}

crux_call *STD std_crux_call_reset_password(const crux_client *client, const char *email);
crux_call *STD std_crux_call_reset_password(const crux_client *client, const char *email)
{
    return crux_call_reset_password(client, email);
}

crux_call *STD std_crux_call_new(const crux_client *client, const char *method, const char *path);
crux_call *STD std_crux_call_new(const crux_client *client, const char *method, const char *path)
{
    return crux_call_new(client, method, path);
}

int32_t STD std_crux_call_fill(crux_call *call, const char *name, const char *value);
int32_t STD std_crux_call_fill(crux_call *call, const char *name, const char *value)
{
    return crux_call_fill(call, name, value);
}

int32_t STD std_crux_call_query(crux_call *call, const char *name, const char *value);
int32_t STD std_crux_call_query(crux_call *call, const char *name, const char *value)
{
    return crux_call_query(call, name, value);
}

int32_t STD std_crux_call_header(crux_call *call, const char *name, const char *value);
int32_t STD std_crux_call_header(crux_call *call, const char *name, const char *value)
{
    return crux_call_header(call, name, value);
}

int32_t STD std_crux_call_set(crux_call *call, const char *key, const char *value);
int32_t STD std_crux_call_set(crux_call *call, const char *key, const char *value)
{
    return crux_call_set(call, key, value);
}

int32_t STD std_crux_call_tick(crux_call *call, std_tick_fn tick, void *context, std_release_fn release);
int32_t STD std_crux_call_tick(crux_call *call, std_tick_fn tick, void *context, std_release_fn release)
{
    struct hook *hook = keep((void (*)(void)) tick, context, release);
    return crux_call_tick(call, tick != NULL ? call_tick_fn : NULL, hook, give_back);
}

int32_t STD std_crux_call_body(crux_call *call, const void *data, ptrdiff_t length, const char *type);
int32_t STD std_crux_call_body(crux_call *call, const void *data, ptrdiff_t length, const char *type)
{
    return crux_call_body(call, data, length, type);
}

int32_t STD std_crux_call_put_text(crux_call *call, const char *pointer, const char *value);
int32_t STD std_crux_call_put_text(crux_call *call, const char *pointer, const char *value)
{
    return crux_call_put_text(call, pointer, value);
}

int32_t STD std_crux_call_put_int(crux_call *call, const char *pointer, int64_t value);
int32_t STD std_crux_call_put_int(crux_call *call, const char *pointer, int64_t value)
{
    return crux_call_put_int(call, pointer, value);
}

int32_t STD std_crux_call_put_double(crux_call *call, const char *pointer, double value);
int32_t STD std_crux_call_put_double(crux_call *call, const char *pointer, double value)
{
    return crux_call_put_double(call, pointer, value);
}

int32_t STD std_crux_call_put_json(crux_call *call, const char *pointer, const char *json);
int32_t STD std_crux_call_put_json(crux_call *call, const char *pointer, const char *json)
{
    return crux_call_put_json(call, pointer, json);
}

int32_t STD std_crux_call_file(crux_call *call, const char *file, const char *type);
int32_t STD std_crux_call_file(crux_call *call, const char *file, const char *type)
{
    return crux_call_file(call, file, type);
}

int32_t STD std_crux_call_part(crux_call *call, const char *field, const char *value, const char *file, const char *type);
int32_t STD std_crux_call_part(crux_call *call, const char *field, const char *value, const char *file, const char *type)
{
    return crux_call_part(call, field, value, file, type);
}

int32_t STD std_crux_call_part_data(crux_call *call, const char *field, const char *filename, const void *data, ptrdiff_t length, const char *type);
int32_t STD std_crux_call_part_data(crux_call *call, const char *field, const char *filename, const void *data, ptrdiff_t length, const char *type)
{
    return crux_call_part_data(call, field, filename, data, length, type);
}

int32_t STD std_crux_call_source(crux_call *call, std_read_fn read, void *context, std_release_fn release, int64_t length, const char *type);
int32_t STD std_crux_call_source(crux_call *call, std_read_fn read, void *context, std_release_fn release, int64_t length, const char *type)
{
    struct hook *hook = keep((void (*)(void)) read, context, release);
    return crux_call_source(call, read != NULL ? call_read_fn : NULL, hook, give_back, length, type);
}

crux_response *STD std_crux_call_send(crux_call *call);
crux_response *STD std_crux_call_send(crux_call *call)
{
    return crux_call_send(call);
}

crux_response *STD std_crux_call_stream(crux_call *call);
crux_response *STD std_crux_call_stream(crux_call *call)
{
    return crux_call_stream(call);
}

crux_response *STD std_crux_call_start(crux_call *call);
crux_response *STD std_crux_call_start(crux_call *call)
{
    return crux_call_start(call);
}

ptrdiff_t STD std_crux_read(crux_response *response, void *buffer, size_t capacity);
ptrdiff_t STD std_crux_read(crux_response *response, void *buffer, size_t capacity)
{
    return crux_read(response, buffer, capacity);
}

int32_t STD std_crux_wait(const void *object, int32_t timeout_ms);
int32_t STD std_crux_wait(const void *object, int32_t timeout_ms)
{
    return crux_wait(object, timeout_ms);
}

crux_response *STD std_crux_next_finished(const crux_client *client, int32_t timeout_ms);
crux_response *STD std_crux_next_finished(const crux_client *client, int32_t timeout_ms)
{
    return crux_next_finished(client, timeout_ms);
}

ptrdiff_t STD std_crux_event(const void *object);
ptrdiff_t STD std_crux_event(const void *object)
{
    return crux_event(object);
}

void STD std_crux_cancel(const void *object);
void STD std_crux_cancel(const void *object)
{
    crux_cancel(object);
}

crux_response *STD std_crux_await(const crux_client *client, const crux_response *accepted, int32_t timeout_ms);
crux_response *STD std_crux_await(const crux_client *client, const crux_response *accepted, int32_t timeout_ms)
{
    return crux_await(client, accepted, timeout_ms);
}

crux_call *STD std_crux_call_await(const crux_client *client, const crux_response *accepted);
crux_call *STD std_crux_call_await(const crux_client *client, const crux_response *accepted)
{
    return crux_call_await(client, accepted);
}

crux_response *STD std_crux_next_page(const crux_client *client, const crux_response *page);
crux_response *STD std_crux_next_page(const crux_client *client, const crux_response *page)
{
    return crux_next_page(client, page);
}

crux_call *STD std_crux_call_next(const crux_client *client, const crux_response *page);
crux_call *STD std_crux_call_next(const crux_client *client, const crux_response *page)
{
    return crux_call_next(client, page);
}

crux_call *STD std_crux_call_follow(const crux_response *from, const char *method, const char *link);
crux_call *STD std_crux_call_follow(const crux_response *from, const char *method, const char *link)
{
    return crux_call_follow(from, method, link);
}

crux_response *STD std_crux_download(const crux_client *client, const char *url, const char *file);
crux_response *STD std_crux_download(const crux_client *client, const char *url, const char *file)
{
    return crux_download(client, url, file);
}

crux_response *STD std_crux_upload(const crux_client *client, const char *path, const char *field, const char *file, const char *type);
crux_response *STD std_crux_upload(const crux_client *client, const char *path, const char *field, const char *file, const char *type)
{
    return crux_upload(client, path, field, file, type);
}

crux_call *STD std_crux_call_upload(const crux_client *client, const char *path, const char *field, const char *file, const char *type);
crux_call *STD std_crux_call_upload(const crux_client *client, const char *path, const char *field, const char *file, const char *type)
{
    return crux_call_upload(client, path, field, file, type);
}

const char *STD std_crux_version(void);
const char *STD std_crux_version(void)
{
    return crux_version();
}

int32_t STD std_crux_abi(void);
int32_t STD std_crux_abi(void)
{
    return crux_abi();
}

int32_t STD std_crux_shutdown(int32_t timeout_ms);
int32_t STD std_crux_shutdown(int32_t timeout_ms)
{
    return crux_shutdown(timeout_ms);
}

int32_t STD std_crux_constant(const char *name, int32_t fallback);
int32_t STD std_crux_constant(const char *name, int32_t fallback)
{
    return crux_constant(name, fallback);
}

int32_t STD std_crux_error_at(size_t index, int32_t *code, const char **name, const char **text);
int32_t STD std_crux_error_at(size_t index, int32_t *code, const char **name, const char **text)
{
    return crux_error_at(index, code, name, text);
}

const char *STD std_crux_error_name(int32_t code);
const char *STD std_crux_error_name(int32_t code)
{
    return crux_error_name(code);
}

int32_t STD std_crux_option_at(size_t index, const char **key, const char **fallback, const char **help);
int32_t STD std_crux_option_at(size_t index, const char **key, const char **fallback, const char **help)
{
    return crux_option_at(index, key, fallback, help);
}

const char *STD std_crux_option_info(const char *key, const char *what);
const char *STD std_crux_option_info(const char *key, const char *what)
{
    return crux_option_info(key, what);
}

int32_t STD std_crux_fact_at(size_t index, const char **name, const char **help);
int32_t STD std_crux_fact_at(size_t index, const char **name, const char **help)
{
    return crux_fact_at(index, name, help);
}
