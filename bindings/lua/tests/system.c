/* What the tests need of the system and Lua does not have. */
#include <dirent.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lua.h>

static int system_now_ms(lua_State *L)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    lua_pushnumber(L, (lua_Number)now.tv_sec * 1e3 + (lua_Number)now.tv_nsec / 1e6);
    return 1;
}

/* poll(descriptor, timeout_ms): whether it is readable */
static int system_poll(lua_State *L)
{
    struct pollfd one = {(int)luaL_checknumber(L, 1), POLLIN, 0};
    lua_pushboolean(L, poll(&one, 1, (int)luaL_checknumber(L, 2)) > 0);
    return 1;
}

static int system_fork(lua_State *L)
{
    lua_pushnumber(L, fork());
    return 1;
}

/* The exit status of a child; -1 if it was killed. */
static int system_wait(lua_State *L)
{
    int status;
    waitpid((pid_t)luaL_checknumber(L, 1), &status, 0);
    lua_pushnumber(L, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return 1;
}

static int system_leave(lua_State *L)
{
    _exit((int)luaL_checknumber(L, 1));
}

static int system_setenv(lua_State *L)
{
    if (lua_isnil(L, 2))
        unsetenv(luaL_checkstring(L, 1));
    else
        setenv(luaL_checkstring(L, 1), luaL_checkstring(L, 2), 1);
    return 0;
}

static int count_of(lua_State *L, const char *folder)
{
    DIR *all = opendir(folder);
    int count = 0;
    while (readdir(all))
        count++;
    closedir(all);
    lua_pushnumber(L, count);
    return 1;
}

static int system_descriptors(lua_State *L)
{
    return count_of(L, "/proc/self/fd");
}

static int system_threads(lua_State *L)
{
    return count_of(L, "/proc/self/task");
}

/* CPU of this process so far, in microseconds. */
static int system_cpu_us(lua_State *L)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    lua_pushnumber(L, (lua_Number)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
                          (lua_Number)(used.ru_utime.tv_usec + used.ru_stime.tv_usec));
    return 1;
}

__attribute__((visibility("default"))) int luaopen_system(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"now_ms", system_now_ms},   {"poll", system_poll},     {"fork", system_fork},
        {"wait", system_wait},       {"leave", system_leave},   {"setenv", system_setenv},
        {"cpu_us", system_cpu_us},   {"threads", system_threads}, {"descriptors", system_descriptors},
        {NULL, NULL},
    };
    const luaL_Reg *one;
    lua_newtable(L);
    for (one = functions; one->name; one++) {
        lua_pushcfunction(L, one->func);
        lua_setfield(L, -2, one->name);
    }
    return 1;
}
