/* Functions of Lua that libcrux calls. */
#ifndef HOOKS_H
#define HOOKS_H

/* The context of every hook. */
typedef struct hook {
    core *core;
    int function; /* reference; LUA_NOREF = none: then Ctrl-C alone is looked for */
} hook;

/* A call of a hook, on its way into guarded code. */
typedef struct visit {
    hook *hook;
    lua_Integer level;
    int64_t done, total;
    const char *text;
    char *buffer;
    size_t capacity;
    ptrdiff_t result;
} visit;

/* libcrux may have a thread of its own ask for a token or a body; Lua has only one. */
static int is_on_its_thread(const core *core)
{
    return core->depth > 0 && same_thread(core->thread, this_thread());
}

/* Keeps what a hook has raised, from the top of the stack, for leave(). Nothing here can fail: the place is there. */
static void keep(core *core, lua_State *L)
{
    if (!core->raised) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, core->kept);
        lua_pushvalue(L, -2);
        lua_rawseti(L, -2, 1);
        core->raised = core->depth;
    }
}

/* lua and its kin answer Ctrl-C with a hook that raises at the next instruction: end the call, so that there is one. */
static int is_interrupted(const core *core)
{
    lua_Hook now = lua_gethook(core->main ? core->main : core->running);
    return now && now != core->interrupt;
}

/* Whether it is what that hook raises, at the top of the stack. */
static int is_interrupt(lua_State *L)
{
    static const char interrupt[] = "interrupted!";
    size_t length, ending = sizeof interrupt - 1;
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &length) : NULL;
    return text && length >= ending && !memcmp(text + length - ending, interrupt, ending);
}

/* Runs `run` with the visit; false if it raised. */
static int call_hook(visit *visit, lua_CFunction run, int keeps)
{
    core *core = visit->hook->core;
    lua_State *L = core->running;
    int top = lua_gettop(L);
    int failed = guarded(L, run, visit);
    if (failed && (keeps || is_interrupt(L)))
        keep(core, L);
    lua_settop(L, top);
    core->running = L;
    return !failed;
}

/* The visit, and its function on the stack. */
static visit *visit_at(lua_State *L)
{
    visit *visit = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, visit->hook->function);
    return visit;
}

static void release(void *context)
{
    hook *hook = context;
    if (is_on_its_thread(hook->core))
        luaL_unref(hook->core->running, LUA_REGISTRYINDEX, hook->function);
    free(hook);
}

/* A hook for the function at `place`; nil there is LUA_NOREF. */
static hook *new_hook(lua_State *L, core *core, int place)
{
    hook *hook;
    int function = LUA_NOREF;
    if (!lua_isnoneornil(L, place)) {
        luaL_checktype(L, place, LUA_TFUNCTION);
        lua_pushvalue(L, place);
        function = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    hook = malloc(sizeof *hook);
    if (!hook) {
        luaL_unref(L, LUA_REGISTRYINDEX, function);
        luaL_error(L, "not enough memory");
        return NULL;
    }
    hook->core = core;
    hook->function = function;
    return hook;
}

/* ---- Tick ---- */

static int run_tick(lua_State *L)
{
    visit *visit = visit_at(L);
    push_integer(L, visit->level);
    push_integer(L, visit->done);
    push_integer(L, visit->total);
    lua_call(L, 3, 1);
    visit->result = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
    return 0;
}

static int32_t on_tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    hook *hook = context;
    visit visit = {0};
    if (!is_on_its_thread(hook->core))
        return 0;
    if (is_interrupted(hook->core) || hook->core->raised)
        return 1;
    if (hook->function == LUA_NOREF)
        return 0;
    visit.hook = hook, visit.level = phase, visit.done = done, visit.total = total;
    return !call_hook(&visit, run_tick, 1) || visit.result;
}

/* low.options_tick(options, function(phase, done, total)): `false` from the function ends the call. Without a function
   Ctrl-C alone is looked for. */
static int low_options_tick(lua_State *L)
{
    core *core = core_of(L);
    void *options = handle_at(L, 1);
    hook *hook = new_hook(L, core, 2);
    int32_t code;
    enter(core, L);
    code = core->api.crux_options_tick(options, on_tick, hook, release);
    leave(core, L);
    push_integer(L, code);
    return 1;
}

/* low.call_tick(call, function(phase, done, total)) */
static int low_call_tick(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    hook *hook = new_hook(L, core, 2);
    int32_t code;
    enter(core, L);
    code = core->api.crux_call_tick(call, on_tick, hook, release);
    leave(core, L);
    push_integer(L, code);
    return 1;
}

/* ---- Log ---- */

static int run_log(lua_State *L)
{
    visit *visit = visit_at(L);
    lua_pushinteger(L, visit->level);
    lua_pushstring(L, visit->text);
    lua_call(L, 2, 0);
    return 0;
}

/* An error in a log is no error of the call; Ctrl-C there is not lost. */
static void on_log(void *context, int32_t level, const char *line)
{
    visit visit = {0};
    visit.hook = context, visit.level = level, visit.text = line;
    if (is_on_its_thread(visit.hook->core) && !is_interrupted(visit.hook->core))
        call_hook(&visit, run_log, 0);
}

/* low.options_log(options, level, function(level, line)) */
static int low_options_log(lua_State *L)
{
    core *core = core_of(L);
    void *options = handle_at(L, 1);
    int32_t level = (int32_t)integer_at(L, 2);
    hook *hook;
    int32_t code;
    luaL_checktype(L, 3, LUA_TFUNCTION);
    hook = new_hook(L, core, 3);
    enter(core, L);
    code = core->api.crux_options_log(options, level, on_log, hook, release);
    leave(core, L);
    push_integer(L, code);
    return 1;
}

/* ---- Token, and the source of a body ---- */

/* Puts the string on the top into the buffer; nil is nothing. */
static void hand_over(lua_State *L, visit *visit, const char *what)
{
    size_t length = 0;
    const char *text = NULL;
    if (!lua_isnil(L, -1)) {
        if (lua_type(L, -1) != LUA_TSTRING)
            luaL_error(L, "%s must be a string or nil, not a %s", what, luaL_typename(L, -1));
        text = lua_tolstring(L, -1, &length);
    }
    if (length > visit->capacity)
        luaL_error(L, "%s is longer than %d bytes", what, (int)visit->capacity);
    if (length)
        memcpy(visit->buffer, text, length);
    visit->result = (ptrdiff_t)length;
}

static int run_token(lua_State *L)
{
    visit *visit = visit_at(L);
    lua_pushstring(L, visit->text);
    lua_call(L, 1, 1);
    hand_over(L, visit, "a token");
    return 0;
}

static ptrdiff_t on_token(void *context, const char *refused, void *buffer, size_t capacity)
{
    visit visit = {0};
    visit.hook = context, visit.text = refused, visit.buffer = buffer, visit.capacity = capacity;
    return is_on_its_thread(visit.hook->core) && call_hook(&visit, run_token, 1) ? visit.result : -1;
}

/* low.options_token(options, function(refused)): the function returns a token, or nil. */
static int low_options_token(lua_State *L)
{
    core *core = core_of(L);
    void *options = handle_at(L, 1);
    hook *hook;
    int32_t code;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    hook = new_hook(L, core, 2);
    enter(core, L);
    code = core->api.crux_options_token(options, on_token, hook, release);
    leave(core, L);
    push_integer(L, code);
    return 1;
}

static int run_read(lua_State *L)
{
    visit *visit = visit_at(L);
    push_integer(L, (int64_t)visit->capacity);
    lua_call(L, 1, 1);
    hand_over(L, visit, "a piece of the body");
    return 0;
}

static ptrdiff_t on_read(void *context, void *buffer, size_t capacity)
{
    visit visit = {0};
    visit.hook = context, visit.buffer = buffer, visit.capacity = capacity;
    return is_on_its_thread(visit.hook->core) && call_hook(&visit, run_read, 1) ? visit.result : -1;
}

/* low.call_source(call, function(capacity), length, type): the function returns at most `capacity` bytes, nil at the
   end. Not for call_start, which reads on another thread. */
static int low_call_source(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    int64_t length = integer_at(L, 3);
    const char *type = text_at(L, 4, 1);
    hook *hook;
    int32_t code;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    hook = new_hook(L, core, 2);
    enter(core, L);
    code = core->api.crux_call_source(call, on_read, hook, release, length, type);
    leave(core, L);
    push_integer(L, code);
    return 1;
}

#endif
