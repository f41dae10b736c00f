/* The addon: finds the library's functions once a process, and keeps one state for each JavaScript environment. */

#include <stdio.h>

#include "addon.h"

struct crux_table crux;
static uv_once_t once = UV_ONCE_INIT;
static uv_mutex_t loading;
static bool loaded;
static int32_t loaded_abi;

static void prepare(void)
{
    uv_mutex_init(&loading);
}

char *scratch(state *self, size_t size)
{
    if (size > self->scratch_size) {
        self->scratch_size = size < 2048 ? 2048 : 2 * size;
        self->scratch = realloc(self->scratch, self->scratch_size);
    }
    return self->scratch;
}

/* A function of JavaScript that throws, which ours do not, ends the program as any uncaught error does. */
void call_script(state *self, napi_ref function, size_t count, napi_value *arguments)
{
    napi_value callee, receiver, error;

    if (self->ending)
        return;
    napi_get_reference_value(self->env, function, &callee);
    napi_get_undefined(self->env, &receiver);
    if (napi_call_function(self->env, receiver, callee, count, arguments, NULL) == napi_pending_exception &&
        napi_get_and_clear_last_exception(self->env, &error) == napi_ok)
        napi_fatal_exception(self->env, error);
}

static bool resolve(uv_lib_t *library, char *why, size_t size)
{
    void *address;

#define FIND(name)                                                              \
    if (uv_dlsym(library, "crux_" #name, &address) != 0) {                      \
        snprintf(why, size, "it has no function crux_" #name);                  \
        return false;                                                           \
    }                                                                           \
    memcpy(&crux.name, &address, sizeof address);
    CRUX_TABLE(FIND)
    return true;
}

/* Its number first: an older library lacks functions. It stays loaded, as does every one that was looked at. */
static bool load(const char *path, char *why, size_t size)
{
    static uv_lib_t library;
    void *address;
    int32_t (*abi)(void);

    if (uv_dlopen(path, &library) != 0) {
        snprintf(why, size, "%s", uv_dlerror(&library));
        uv_dlclose(&library);
        return false;
    }
    if (uv_dlsym(&library, "crux_abi", &address) != 0) {
        snprintf(why, size, "it is not libcrux");
        return false;
    }
    memcpy(&abi, &address, sizeof address);
    loaded_abi = abi();
    if (loaded_abi < CRUX_NEEDED_ABI) {
        snprintf(why, size, "its interface has the number %d, and %d or later is needed", loaded_abi, CRUX_NEEDED_ABI);
        return false;
    }
    return resolve(&library, why, size);
}

/* load(path): undefined, or why not. Once one is loaded in this process, the path is not looked at. */
static napi_value addon_load(napi_env env, napi_callback_info info)
{
    ARGUMENTS(1);
    char path[4096], why[4096];
    size_t length;
    bool good;

    napi_get_value_string_utf8(env, arguments[0], path, sizeof path, &length);
    (void)self;
    uv_once(&once, prepare);
    uv_mutex_lock(&loading);
    good = loaded = loaded || load(path, why, sizeof why);
    uv_mutex_unlock(&loading);
    return good ? NULL : text(env, why);
}

static napi_value addon_version(napi_env env, napi_callback_info info)
{
    (void)info;
    return text(env, crux.version());
}

/* listen(finished, log, hungry, readable, asked): what is told of */
static napi_value addon_listen(napi_env env, napi_callback_info info)
{
    ARGUMENTS(5);
    napi_create_reference(env, arguments[0], 1, &self->on_finished);
    napi_create_reference(env, arguments[1], 1, &self->on_log);
    napi_create_reference(env, arguments[2], 1, &self->on_hungry);
    napi_create_reference(env, arguments[3], 1, &self->on_readable);
    napi_create_reference(env, arguments[4], 1, &self->on_asked);
    return NULL;
}

/* The end of an environment: cancel what is under way, then close all, then let Node go on. */

static void hungry_closed(uv_handle_t *handle)
{
    handle_closed(handle->data);
}

void handle_closed(state *self)
{
    self->closing--;
    if (self->ending && self->closing == 0)
        napi_remove_async_cleanup_hook(self->cleanup);
}

static void on_end(napi_async_cleanup_hook_handle handle, void *data)
{
    state *self = data;

    (void)handle;
    self->ending = true;
    while (self->sources)
        source_abandon(self->sources);
    for (client *one = self->clients; one; one = one->next) {
        crux.cancel(one->handle);
        tokens_abandon(one);
    }
    for (size_t at = 0; at < BUCKETS; at++)
        while (self->buckets[at]) {
            slot *one = self->buckets[at];

            crux.free(one->response);
            slot_free(self, one);
        }
    while (self->streams)
        stream_end(self->streams);
    while (self->clients)
        client_end(self->clients);
    self->closing++;
    uv_close((uv_handle_t *)&self->hungry, hungry_closed);
}

static void state_collected(napi_env env, void *data, void *hint)
{
    state *self = data;

    (void)env, (void)hint;
    for (uint32_t at = 0; at < self->slot_count; at++)
        free(self->slots[at]);
    free(self->slots);
    free(self->scratch);
    free(self);
}

NAPI_MODULE_INIT()
{
    static const struct {
        const char *name;
        napi_callback function;
    } FUNCTIONS[] = {
        { "load", addon_load },
        { "version", addon_version },
        { "listen", addon_listen },
        { "open", client_open },
        { "close", client_close },
        { "cancelAll", client_cancel },
        { "facts", client_facts },
        { "setToken", client_set_token },
        { "start", request_start },
        { "cancel", request_cancel },
        { "progress", request_progress },
        { "freeCall", call_free },
        { "answer", token_answer },
        { "source", source_new },
        { "push", source_push },
        { "fail", source_fail },
        { "read", stream_read },
        { "watch", stream_watch },
        { "cancelStream", stream_cancel },
        { "closeStream", stream_close },
    };
    state *self = calloc(1, sizeof *self);
    napi_value resource, name;

    self->env = env;
    napi_get_uv_event_loop(env, &self->loop);
    napi_create_object(env, &resource);
    napi_create_string_utf8(env, "libcrux", NAPI_AUTO_LENGTH, &name);
    napi_async_init(env, resource, name, &self->context);
    uv_async_init(self->loop, &self->hungry, sources_fed);
    self->hungry.data = self;
    uv_unref((uv_handle_t *)&self->hungry);
    for (size_t at = 0; at < sizeof FUNCTIONS / sizeof *FUNCTIONS; at++) {
        napi_value function;

        napi_create_function(env, FUNCTIONS[at].name, NAPI_AUTO_LENGTH, FUNCTIONS[at].function, self, &function);
        napi_set_named_property(env, exports, FUNCTIONS[at].name, function);
    }
    napi_set_instance_data(env, self, state_collected, NULL);
    napi_add_async_cleanup_hook(env, on_end, self, &self->cleanup);
    return exports;
}
