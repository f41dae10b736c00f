/*
 * memory PROGRAM ROUNDS: runs a program of Lua again and again, each time with memory that ends further on. An error that
 * left a hook would jump out of libcrux. It prints how often memory ran out; a crash is the failure.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

static long left; /* until an allocation fails */

static void *allocate(void *context, void *block, size_t before, size_t size)
{
    (void)context;
    if (!size) {
        free(block);
        return NULL;
    }
    /* From then on, for Lua tries again after a collection. A block that shrinks must not fail. */
    if (left && (!block || size > before) && left-- == 1) {
        left = 1;
        return NULL;
    }
    return realloc(block, size);
}

static int run(const char *program, long fails_at, long *used)
{
    lua_State *L;
    int failed;
    left = 0;
    L = lua_newstate(allocate, NULL);
    luaL_openlibs(L);
    failed = luaL_loadfile(L, program);
    left = fails_at;
    failed = failed || lua_pcall(L, 0, 0, 0);
    *used = fails_at - left;
    left = 0;
    if (failed && fails_at == 100000000)
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
    lua_close(L);
    return failed;
}

int main(int count, char **words)
{
    long rounds = count == 3 ? atol(words[2]) : 0, all, used, round, ran_out = 0;
    if (rounds < 1 || run(words[1], 100000000, &all))
        return 1;
    for (round = 1; round <= rounds; round++)
        ran_out += run(words[1], all * round / rounds, &used);
    printf("%ld of %ld\n", ran_out, rounds);
    return 0;
}
