/*
 * crux.core: the functions of libcrux for Lua, as they are: a handle is a userdata, a text is a string, NULL is nil.
 * crux/init.lua is for people. libcrux is loaded at run time, so that this compiles without it.
 *
 * No error of Lua may pass through libcrux. A hook therefore runs guarded; what it raises is kept, the call is ended,
 * and leave() raises it again when libcrux has returned.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "crux_api.h"

#define HANDLE "crux.handle"
#define BUFFER "crux.buffer"

/* One for each Lua state, and the first upvalue of each function. */
typedef struct core {
    crux_api api;
    lua_State *main;    /* where the interpreter's own hook for Ctrl-C is set */
    lua_State *running; /* what is inside libcrux; NULL = nothing */
    thread_id thread;   /* ... and on which thread */
    lua_Hook interrupt; /* the hook when libcrux was entered */
    int depth;          /* how often it was entered, hooks that call it included */
    int raised;         /* the depth at which a hook raised; 0 = none did */
    int kept;           /* reference to a table: { what it raised } */
} core;

static core *core_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

/* Around each call of libcrux. */
static void enter(core *core, lua_State *L)
{
    if (core->depth++ == 0) {
        core->thread = this_thread();
        core->interrupt = lua_gethook(core->main ? core->main : L);
    }
    core->running = L;
}

static void leave(core *core, lua_State *L)
{
    int raised = core->raised == core->depth;
    core->depth -= 1;
    if (!raised)
        return;
    core->raised = 0;
    lua_rawgeti(L, LUA_REGISTRYINDEX, core->kept);
    lua_rawgeti(L, -1, 1);
    lua_pushboolean(L, 0);
    lua_rawseti(L, -3, 1);
    lua_error(L);
}

/* ---- Handles ---- */

static void **new_handle(lua_State *L)
{
    void **handle = lua_newuserdata(L, sizeof *handle);
    *handle = NULL;
    luaL_getmetatable(L, HANDLE);
    lua_setmetatable(L, -2);
    return handle;
}

/* nil and a handle that was freed are NULL, which libcrux refuses in words. */
static void *handle_at(lua_State *L, int place)
{
    return lua_isnil(L, place) ? NULL : *(void **)luaL_checkudata(L, place, HANDLE);
}

static const char *text_at(lua_State *L, int place, int may_be_nil)
{
    size_t length;
    const char *text;
    if (may_be_nil && lua_isnoneornil(L, place))
        return NULL;
    text = luaL_checklstring(L, place, &length);
    luaL_argcheck(L, strlen(text) == length, place, "text holds a NUL");
    return text;
}

static int low_free(lua_State *L)
{
    core *core = core_of(L);
    void **handle = luaL_checkudata(L, 1, HANDLE);
    void *object = *handle;
    *handle = NULL;
    if (object) {
        enter(core, L);
        core->api.crux_free(object);
        leave(core, L);
    }
    return 0;
}

/* What next_finished() returns for this handle. */
static int low_key(lua_State *L)
{
    void *object = handle_at(L, 1);
    lua_pushlightuserdata(L, object);
    return 1;
}

static int low_next_finished(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    int32_t timeout = (int32_t)integer_at(L, 2);
    void *finished;
    enter(core, L);
    finished = core->api.crux_next_finished(client, timeout);
    leave(core, L);
    if (!finished)
        return 0;
    lua_pushlightuserdata(L, finished);
    return 1;
}

#include "bytes.h"
#include "crux_functions.h"
#include "hooks.h"
#include "json.h"

/* ---- The library ---- */

/* low.open(path): the library's ABI number; it may be used if that is at least CRUX_ABI. nil and why not, otherwise. */
static int low_open(lua_State *L)
{
    core *core = core_of(L);
    const char *path = text_at(L, 1, 0);
    void *library = open_library(path);
    int32_t (*abi)(void);
    size_t i;
    if (!library) {
        lua_pushnil(L);
#ifdef _WIN32
        lua_pushfstring(L, "error %d of Windows", (int)GetLastError());
#else
        lua_pushstring(L, dlerror());
#endif
        return 2;
    }
    *(void **)&abi = symbol_of(library, "crux_abi");
    if (!abi) {
        lua_pushnil(L);
        lua_pushliteral(L, "it has no crux_abi");
        return 2;
    }
    for (i = 0; abi() >= CRUX_ABI && i < sizeof crux_symbols / sizeof *crux_symbols; i++) {
        void *symbol = symbol_of(library, crux_symbols[i].name);
        if (!symbol) {
            lua_pushnil(L);
            lua_pushfstring(L, "it has no %s", crux_symbols[i].name);
            return 2;
        }
        *(void **)((char *)&core->api + crux_symbols[i].place) = symbol;
    }
    lua_pushinteger(L, abi());
    return 1;
}

static const luaL_Reg own_functions[] = {
    {"open", low_open},
    {"free", low_free},
    {"key", low_key},
    {"next_finished", low_next_finished},
    {"options_log", low_options_log},
    {"options_tick", low_options_tick},
    {"options_token", low_options_token},
    {"call_tick", low_call_tick},
    {"call_source", low_call_source},
    {"buffer", low_buffer},
    {"read", low_read},
    {"copy", low_copy},
    {"json", low_json},
    {"json_keys", low_json_keys},
    {NULL, NULL},
};

/* Into the table below the core, which stays. */
static void add(lua_State *L, const luaL_Reg *functions)
{
    for (; functions->name; functions++) {
        lua_pushvalue(L, -1);
        lua_pushcclosure(L, functions->func, 1);
        lua_setfield(L, -3, functions->name);
    }
}

static void finalized_by(lua_State *L, const char *name, lua_CFunction finalizer)
{
    luaL_newmetatable(L, name);
    lua_pushvalue(L, -2);
    lua_pushcclosure(L, finalizer, 1);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}

PUBLIC int luaopen_crux_core(lua_State *L)
{
    core *core;
    lua_newtable(L);
    core = lua_newuserdata(L, sizeof *core);
    memset(core, 0, sizeof *core);
#if LUA_VERSION_NUM >= 502
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    core->main = lua_tothread(L, -1);
#else
    core->main = lua_pushthread(L) ? L : NULL;
#endif
    lua_pop(L, 1);
    lua_createtable(L, 1, 0);
    lua_pushboolean(L, 0);
    lua_rawseti(L, -2, 1);
    core->kept = luaL_ref(L, LUA_REGISTRYINDEX);
    finalized_by(L, HANDLE, low_free);
    finalized_by(L, NODES, nodes_free);
    luaL_newmetatable(L, BUFFER);
    lua_pop(L, 1);
    add(L, own_functions);
    add(L, made_functions);
    lua_pop(L, 1);
    return 1;
}
