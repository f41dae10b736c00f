/*
 * low.json and low.json_keys: a JSON document as values of Lua. While libcrux walks, the nodes are only written down, for nothing that
 * can raise may run there; the values are made from them afterwards.
 */
#ifndef JSON_H
#define JSON_H

#include <locale.h>

#define NODES "crux.nodes"
#define DEEPEST 1000

typedef struct node {
    int32_t depth, type;
    int has_key;
    size_t key, text; /* lengths; the characters follow, each with a NUL behind */
} node;

typedef struct nodes {
    char *bytes;
    size_t used, capacity, read;
    int failed, too_deep;
} nodes;

static int nodes_free(lua_State *L)
{
    nodes *nodes = luaL_checkudata(L, 1, NODES);
    free(nodes->bytes);
    nodes->bytes = NULL;
    return 0;
}

static char *room(nodes *nodes, size_t size)
{
    char *place;
    if (size > nodes->capacity - nodes->used) {
        size_t capacity = (nodes->capacity + size) * 2;
        char *bytes = realloc(nodes->bytes, capacity);
        if (!bytes)
            return NULL;
        nodes->bytes = bytes;
        nodes->capacity = capacity;
    }
    place = nodes->bytes + nodes->used;
    nodes->used += size;
    return place;
}

static int32_t on_node(void *context, int32_t depth, int32_t type, const char *key, size_t key_length, const char *text,
                       size_t length)
{
    nodes *nodes = context;
    node node = {0};
    char *place;
    /* push_value calls itself for each level. */
    if (depth > DEEPEST) {
        nodes->too_deep = 1;
        return 1;
    }
    place = room(nodes, sizeof node + key_length + 1 + length + 1);
    if (!place) {
        nodes->failed = 1;
        return 1;
    }
    node.depth = depth, node.type = type, node.has_key = key != NULL, node.key = key_length, node.text = length;
    memcpy(place, &node, sizeof node);
    place += sizeof node;
    if (key_length)
        memcpy(place, key, key_length);
    place[key_length] = 0;
    place += key_length + 1;
    if (length)
        memcpy(place, text, length);
    place[length] = 0;
    return 0;
}

/* Reads as C does in any locale. */
static lua_Number number_of(char *text)
{
    char *end, *point;
    double value = strtod(text, &end);
    if (*end == '.' && (point = strchr(text, '.')) != NULL) {
        *point = *localeconv()->decimal_point;
        value = strtod(text, NULL);
    }
    return (lua_Number)value;
}

static void push_number(lua_State *L, char *text)
{
#if LUA_VERSION_NUM >= 503
    int minus = *text == '-';
    const char *digit = text + minus;
    lua_Unsigned value = 0, most = (lua_Unsigned)LUA_MAXINTEGER + (lua_Unsigned)minus;
    for (; *digit >= '0' && *digit <= '9'; digit++) {
        lua_Unsigned next = (lua_Unsigned)(*digit - '0');
        if (value > (most - next) / 10)
            break;
        value = value * 10 + next;
    }
    if (!*digit) {
        lua_pushinteger(L, (lua_Integer)(minus ? 0 - value : value));
        return;
    }
#endif
    lua_pushnumber(L, number_of(text));
}

/* The arguments of low.json. */
enum { NULL_VALUE = 3, ARRAY = 4, OBJECT = 5 };

/* The node at hand and all that is below it, as one value on the stack. */
static void push_value(lua_State *L, nodes *nodes)
{
    node node, next;
    char *key, *text;
    memcpy(&node, nodes->bytes + nodes->read, sizeof node);
    key = nodes->bytes + nodes->read + sizeof node;
    text = key + node.key + 1;
    nodes->read += sizeof node + node.key + 1 + node.text + 1;
    switch (node.type) {
    case CRUX_JSON_BOOL:
        lua_pushboolean(L, *text == 't');
        return;
    case CRUX_JSON_NUMBER:
        push_number(L, text);
        return;
    case CRUX_JSON_STRING:
        lua_pushlstring(L, text, node.text);
        return;
    case CRUX_JSON_ARRAY:
    case CRUX_JSON_OBJECT: {
        int count = 0;
        luaL_checkstack(L, 8, "the document is nested too deep");
        lua_newtable(L);
        lua_pushvalue(L, node.type == CRUX_JSON_ARRAY ? ARRAY : OBJECT);
        lua_setmetatable(L, -2);
        while (nodes->read < nodes->used) {
            memcpy(&next, nodes->bytes + nodes->read, sizeof next);
            if (next.depth <= node.depth)
                break;
            if (next.has_key) {
                lua_pushlstring(L, nodes->bytes + nodes->read + sizeof next, next.key);
                push_value(L, nodes);
                lua_rawset(L, -3);
            } else {
                push_value(L, nodes);
                lua_rawseti(L, -2, ++count);
            }
        }
        return;
    }
    default:
        lua_pushvalue(L, NULL_VALUE);
    }
}

/* What a walk writes down, on the top of the stack. */
static nodes *walked(lua_State *L, void *object, const char *pointer, crux_json_fn visit)
{
    core *core = core_of(L);
    nodes *nodes = lua_newuserdata(L, sizeof *nodes);
    memset(nodes, 0, sizeof *nodes);
    luaL_getmetatable(L, NODES);
    lua_setmetatable(L, -2);
    enter(core, L);
    core->api.crux_json_walk(object, pointer, visit, nodes);
    leave(core, L);
    if (nodes->failed)
        luaL_error(L, "not enough memory");
    if (nodes->too_deep)
        luaL_error(L, "the document is nested too deep");
    return nodes;
}

static void forget(nodes *nodes)
{
    free(nodes->bytes);
    nodes->bytes = NULL;
    nodes->used = 0;
}

/* low.json(object, pointer, null, array, object): what stands at the pointer; nothing if nothing does. `null` stands for
   JSON's null, the others are the metatables of arrays and objects. */
static int low_json(lua_State *L)
{
    void *object = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    nodes *nodes;
    luaL_checktype(L, ARRAY, LUA_TTABLE);
    luaL_checktype(L, OBJECT, LUA_TTABLE);
    lua_settop(L, OBJECT);
    nodes = walked(L, object, pointer, on_node);
    if (!nodes->used)
        return 0;
    push_value(L, nodes);
    forget(nodes);
    return 1;
}

/* Writes down the names of members, which may have a NUL inside. */
static int32_t on_key(void *context, int32_t depth, int32_t type, const char *key, size_t key_length, const char *text,
                      size_t length)
{
    nodes *nodes = context;
    char *place;
    (void)type, (void)text, (void)length;
    if (depth != 1 || !key)
        return 0;
    place = room(nodes, sizeof key_length + key_length);
    if (!place) {
        nodes->failed = 1;
        return 1;
    }
    memcpy(place, &key_length, sizeof key_length);
    if (key_length)
        memcpy(place + sizeof key_length, key, key_length);
    return 0;
}

/* low.json_keys(object, pointer): the names of the object's members as they stand, in a table; of anything else none. */
static int low_json_keys(lua_State *L)
{
    void *object = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    nodes *nodes = walked(L, object, pointer, on_key);
    size_t length;
    int count = 0;
    lua_newtable(L);
    while (nodes->read < nodes->used) {
        memcpy(&length, nodes->bytes + nodes->read, sizeof length);
        nodes->read += sizeof length;
        lua_pushlstring(L, nodes->bytes + nodes->read, length);
        lua_rawseti(L, -2, ++count);
        nodes->read += length;
    }
    forget(nodes);
    return 1;
}

#endif
