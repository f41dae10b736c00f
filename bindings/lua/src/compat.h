/* One source for Lua 5.1 to 5.4 and LuaJIT. */
#ifndef COMPAT_H
#define COMPAT_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#ifdef _WIN32
#include <windows.h>
#define PUBLIC __declspec(dllexport)
#define open_library(path) ((void *)LoadLibraryA(path))
#define symbol_of(library, name) ((void *)GetProcAddress((HMODULE)(library), name))
typedef DWORD thread_id;
#define this_thread() GetCurrentThreadId()
#define same_thread(one, other) ((one) == (other))
#else
#include <dlfcn.h>
#include <pthread.h>
#define PUBLIC __attribute__((visibility("default")))
#define open_library(path) dlopen(path, RTLD_NOW | RTLD_LOCAL)
#define symbol_of(library, name) dlsym(library, name)
typedef pthread_t thread_id;
#define this_thread() pthread_self()
#define same_thread(one, other) pthread_equal(one, other)
#endif

#if LUA_VERSION_NUM < 502
#define lua_rawlen lua_objlen
#endif

/* Whole numbers are integers where Lua has them, else doubles. */
static void push_integer(lua_State *L, int64_t value)
{
#if LUA_VERSION_NUM >= 503
    lua_pushinteger(L, (lua_Integer)value);
#else
    lua_pushnumber(L, (lua_Number)value);
#endif
}

static int64_t integer_at(lua_State *L, int place)
{
#if LUA_VERSION_NUM >= 503
    return (int64_t)luaL_checkinteger(L, place);
#else
    lua_Number value = luaL_checknumber(L, place);
    luaL_argcheck(L, value >= -9223372036854775808.0 && value < 9223372036854775808.0, place,
                  "number has no integer representation");
    return (int64_t)value;
#endif
}

/* Calls a function of C so that no error leaves it. A hook may do nothing else that can fail. Whatever was raised is
   on the stack then. */
static int guarded(lua_State *L, lua_CFunction function, void *argument)
{
#if LUA_VERSION_NUM < 502
    return lua_cpcall(L, function, argument);
#else
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, argument);
    return lua_pcall(L, 1, 0, 0);
#endif
}

#endif
