/* Functions of libcrux that write into a buffer. */
#ifndef BYTES_H
#define BYTES_H

/* low.buffer(size): what read() reads into. */
static int low_buffer(lua_State *L)
{
    lua_newuserdata(L, (size_t)integer_at(L, 1));
    luaL_getmetatable(L, BUFFER);
    lua_setmetatable(L, -2);
    return 1;
}

/* low.read(response, buffer): a string, or 0 at the end, -1 on an error, -2 if there is nothing yet. */
static int low_read(lua_State *L)
{
    core *core = core_of(L);
    void *response = handle_at(L, 1);
    char *buffer = luaL_checkudata(L, 2, BUFFER);
    size_t capacity = lua_rawlen(L, 2);
    ptrdiff_t got;
    enter(core, L);
    got = core->api.crux_read(response, buffer, capacity);
    leave(core, L);
    if (got > 0)
        lua_pushlstring(L, buffer, (size_t)got);
    else
        push_integer(L, got);
    return 1;
}

/* low.copy(object, what): a string; nil if there is nothing. */
static int low_copy(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *what = text_at(L, 2, 0);
    size_t size, copied;
    char *buffer;
    enter(core, L);
    size = core->api.crux_copy(object, what, NULL, 0);
    leave(core, L);
    if (!size)
        return 0;
    buffer = lua_newuserdata(L, size);
    enter(core, L);
    copied = core->api.crux_copy(object, what, buffer, size);
    leave(core, L);
    lua_pushlstring(L, buffer, copied < size ? copied : size);
    memset(buffer, 0, size);
    return 1;
}

#endif
