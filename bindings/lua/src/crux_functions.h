/* Made from include/crux.json by "make bindings". */

static int low_login(lua_State *L)
{
    core *core = core_of(L);
    const char *service = text_at(L, 1, 1);
    const char *base_url = text_at(L, 2, 1);
    const char *user = text_at(L, 3, 1);
    const char *secret = text_at(L, 4, 1);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_login(service, base_url, user, secret);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_request(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    const char *method = text_at(L, 2, 0);
    const char *path = text_at(L, 3, 0);
    size_t body_size = 0;
    const char *body = luaL_optlstring(L, 4, NULL, &body_size);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_request(client, method, path, body, (ptrdiff_t)body_size);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_code(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_code(object);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_message(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *result;
    enter(core, L);
    result = core->api.crux_message(object);
    leave(core, L);
    lua_pushstring(L, result);
    return 1;
}

static int low_status(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_status(object);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_body(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    size_t length = 0;
    const char *result;
    enter(core, L);
    result = core->api.crux_body(object, &length);
    leave(core, L);
    lua_pushlstring(L, result, length);
    return 1;
}

static int low_header(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *name = text_at(L, 2, 0);
    size_t nth = (size_t)integer_at(L, 3);
    const char *result;
    enter(core, L);
    result = core->api.crux_header(object, name, nth);
    leave(core, L);
    lua_pushstring(L, result);
    return 1;
}

static int low_header_at(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    size_t index = (size_t)integer_at(L, 2);
    const char *name = NULL;
    const char *value = NULL;
    int32_t result;
    enter(core, L);
    result = core->api.crux_header_at(object, index, &name, &value);
    leave(core, L);
    if (!result)
        return 0;
    lua_pushstring(L, name);
    lua_pushstring(L, value);
    return 2;
}

static int low_info(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *name = text_at(L, 2, 0);
    const char *result;
    enter(core, L);
    result = core->api.crux_info(object, name);
    leave(core, L);
    lua_pushstring(L, result);
    return 1;
}

static int low_number(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *name = text_at(L, 2, 0);
    int64_t result;
    enter(core, L);
    result = core->api.crux_number(object, name);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_json_type(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    int32_t result;
    enter(core, L);
    result = core->api.crux_json_type(object, pointer);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_json_text(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    const char *result;
    enter(core, L);
    result = core->api.crux_json_text(object, pointer);
    leave(core, L);
    lua_pushstring(L, result);
    return 1;
}

static int low_json_int(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    int64_t fallback = (int64_t)integer_at(L, 3);
    int64_t result;
    enter(core, L);
    result = core->api.crux_json_int(object, pointer, fallback);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_json_double(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    double fallback = (double)luaL_checknumber(L, 3);
    double result;
    enter(core, L);
    result = core->api.crux_json_double(object, pointer, fallback);
    leave(core, L);
    lua_pushnumber(L, result);
    return 1;
}

static int low_json_count(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    size_t result;
    enter(core, L);
    result = core->api.crux_json_count(object, pointer);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_json_key(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    size_t index = (size_t)integer_at(L, 3);
    const char *result;
    enter(core, L);
    result = core->api.crux_json_key(object, pointer, index);
    leave(core, L);
    lua_pushstring(L, result);
    return 1;
}

static int low_options_new(lua_State *L)
{
    core *core = core_of(L);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_options_new();
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_options_set(lua_State *L)
{
    core *core = core_of(L);
    void *options = handle_at(L, 1);
    const char *key = text_at(L, 2, 0);
    const char *value = text_at(L, 3, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_options_set(options, key, value);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_options_env(lua_State *L)
{
    core *core = core_of(L);
    void *options = handle_at(L, 1);
    const char *account = text_at(L, 2, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_options_env(options, account);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_login_with(lua_State *L)
{
    core *core = core_of(L);
    void *options = handle_at(L, 1);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_login_with(options);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_set_token(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    const char *token = text_at(L, 2, 0);
    int32_t result;
    enter(core, L);
    result = core->api.crux_set_token(client, token);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_login(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_login(client);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_logout(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_logout(client);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_call_logout(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_logout(client);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_reset_password(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    const char *email = text_at(L, 2, 0);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_reset_password(client, email);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_call_reset_password(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    const char *email = text_at(L, 2, 0);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_reset_password(client, email);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_call_new(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    const char *method = text_at(L, 2, 0);
    const char *path = text_at(L, 3, 0);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_new(client, method, path);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_call_fill(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *name = text_at(L, 2, 0);
    const char *value = text_at(L, 3, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_fill(call, name, value);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_query(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *name = text_at(L, 2, 0);
    const char *value = text_at(L, 3, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_query(call, name, value);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_header(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *name = text_at(L, 2, 0);
    const char *value = text_at(L, 3, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_header(call, name, value);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_set(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *key = text_at(L, 2, 0);
    const char *value = text_at(L, 3, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_set(call, key, value);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_body(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    size_t data_size = 0;
    const char *data = luaL_optlstring(L, 2, NULL, &data_size);
    const char *type = text_at(L, 3, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_body(call, data, (ptrdiff_t)data_size, type);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_put_text(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    const char *value = text_at(L, 3, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_put_text(call, pointer, value);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_put_int(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    int64_t value = (int64_t)integer_at(L, 3);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_put_int(call, pointer, value);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_put_double(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    double value = (double)luaL_checknumber(L, 3);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_put_double(call, pointer, value);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_put_json(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *pointer = text_at(L, 2, 0);
    const char *json = text_at(L, 3, 0);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_put_json(call, pointer, json);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_file(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *file = text_at(L, 2, 0);
    const char *type = text_at(L, 3, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_file(call, file, type);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_part(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *field = text_at(L, 2, 0);
    const char *value = text_at(L, 3, 1);
    const char *file = text_at(L, 4, 1);
    const char *type = text_at(L, 5, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_part(call, field, value, file, type);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_part_data(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    const char *field = text_at(L, 2, 0);
    const char *filename = text_at(L, 3, 0);
    size_t data_size = 0;
    const char *data = luaL_optlstring(L, 4, NULL, &data_size);
    const char *type = text_at(L, 5, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_call_part_data(call, field, filename, data, (ptrdiff_t)data_size, type);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_call_send(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_send(call);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_call_stream(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_stream(call);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_call_start(lua_State *L)
{
    core *core = core_of(L);
    void *call = handle_at(L, 1);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_start(call);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_wait(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    int32_t timeout_ms = (int32_t)integer_at(L, 2);
    int32_t result;
    enter(core, L);
    result = core->api.crux_wait(object, timeout_ms);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_event(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    ptrdiff_t result;
    enter(core, L);
    result = core->api.crux_event(object);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_cancel(lua_State *L)
{
    core *core = core_of(L);
    void *object = handle_at(L, 1);
    enter(core, L);
    core->api.crux_cancel(object);
    leave(core, L);
    return 0;
}

static int low_await(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    void *accepted = handle_at(L, 2);
    int32_t timeout_ms = (int32_t)integer_at(L, 3);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_await(client, accepted, timeout_ms);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_call_await(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    void *accepted = handle_at(L, 2);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_await(client, accepted);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_next_page(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    void *page = handle_at(L, 2);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_next_page(client, page);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_call_next(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    void *page = handle_at(L, 2);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_next(client, page);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_call_follow(lua_State *L)
{
    core *core = core_of(L);
    void *from = handle_at(L, 1);
    const char *method = text_at(L, 2, 0);
    const char *link = text_at(L, 3, 0);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_follow(from, method, link);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_download(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    const char *url = text_at(L, 2, 0);
    const char *file = text_at(L, 3, 0);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_download(client, url, file);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_upload(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    const char *path = text_at(L, 2, 1);
    const char *field = text_at(L, 3, 1);
    const char *file = text_at(L, 4, 0);
    const char *type = text_at(L, 5, 1);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_upload(client, path, field, file, type);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_call_upload(lua_State *L)
{
    core *core = core_of(L);
    void *client = handle_at(L, 1);
    const char *path = text_at(L, 2, 1);
    const char *field = text_at(L, 3, 1);
    const char *file = text_at(L, 4, 0);
    const char *type = text_at(L, 5, 1);
    void **made = new_handle(L);
    enter(core, L);
    *made = core->api.crux_call_upload(client, path, field, file, type);
    leave(core, L);
    if (!*made)
        lua_pushnil(L);
    return 1;
}

static int low_version(lua_State *L)
{
    core *core = core_of(L);
    const char *result;
    enter(core, L);
    result = core->api.crux_version();
    leave(core, L);
    lua_pushstring(L, result);
    return 1;
}

static int low_abi(lua_State *L)
{
    core *core = core_of(L);
    int32_t result;
    enter(core, L);
    result = core->api.crux_abi();
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_shutdown(lua_State *L)
{
    core *core = core_of(L);
    int32_t timeout_ms = (int32_t)integer_at(L, 1);
    int32_t result;
    enter(core, L);
    result = core->api.crux_shutdown(timeout_ms);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_constant(lua_State *L)
{
    core *core = core_of(L);
    const char *name = text_at(L, 1, 0);
    int32_t fallback = (int32_t)integer_at(L, 2);
    int32_t result;
    enter(core, L);
    result = core->api.crux_constant(name, fallback);
    leave(core, L);
    push_integer(L, result);
    return 1;
}

static int low_error_at(lua_State *L)
{
    core *core = core_of(L);
    size_t index = (size_t)integer_at(L, 1);
    int32_t code = 0;
    const char *name = NULL;
    const char *text = NULL;
    int32_t result;
    enter(core, L);
    result = core->api.crux_error_at(index, &code, &name, &text);
    leave(core, L);
    if (!result)
        return 0;
    push_integer(L, code);
    lua_pushstring(L, name);
    lua_pushstring(L, text);
    return 3;
}

static int low_error_name(lua_State *L)
{
    core *core = core_of(L);
    int32_t code = (int32_t)integer_at(L, 1);
    const char *result;
    enter(core, L);
    result = core->api.crux_error_name(code);
    leave(core, L);
    lua_pushstring(L, result);
    return 1;
}

static int low_option_at(lua_State *L)
{
    core *core = core_of(L);
    size_t index = (size_t)integer_at(L, 1);
    const char *key = NULL;
    const char *fallback = NULL;
    const char *help = NULL;
    int32_t result;
    enter(core, L);
    result = core->api.crux_option_at(index, &key, &fallback, &help);
    leave(core, L);
    if (!result)
        return 0;
    lua_pushstring(L, key);
    lua_pushstring(L, fallback);
    lua_pushstring(L, help);
    return 3;
}

static int low_option_info(lua_State *L)
{
    core *core = core_of(L);
    const char *key = text_at(L, 1, 0);
    const char *what = text_at(L, 2, 0);
    const char *result;
    enter(core, L);
    result = core->api.crux_option_info(key, what);
    leave(core, L);
    lua_pushstring(L, result);
    return 1;
}

static int low_fact_at(lua_State *L)
{
    core *core = core_of(L);
    size_t index = (size_t)integer_at(L, 1);
    const char *name = NULL;
    const char *help = NULL;
    int32_t result;
    enter(core, L);
    result = core->api.crux_fact_at(index, &name, &help);
    leave(core, L);
    if (!result)
        return 0;
    lua_pushstring(L, name);
    lua_pushstring(L, help);
    return 2;
}

static const luaL_Reg made_functions[] = {
    {"login", low_login},
    {"request", low_request},
    {"code", low_code},
    {"message", low_message},
    {"status", low_status},
    {"body", low_body},
    {"header", low_header},
    {"header_at", low_header_at},
    {"info", low_info},
    {"number", low_number},
    {"json_type", low_json_type},
    {"json_text", low_json_text},
    {"json_int", low_json_int},
    {"json_double", low_json_double},
    {"json_count", low_json_count},
    {"json_key", low_json_key},
    {"options_new", low_options_new},
    {"options_set", low_options_set},
    {"options_env", low_options_env},
    {"login_with", low_login_with},
    {"set_token", low_set_token},
    {"call_login", low_call_login},
    {"logout", low_logout},
    {"call_logout", low_call_logout},
    {"reset_password", low_reset_password},
    {"call_reset_password", low_call_reset_password},
    {"call_new", low_call_new},
    {"call_fill", low_call_fill},
    {"call_query", low_call_query},
    {"call_header", low_call_header},
    {"call_set", low_call_set},
    {"call_body", low_call_body},
    {"call_put_text", low_call_put_text},
    {"call_put_int", low_call_put_int},
    {"call_put_double", low_call_put_double},
    {"call_put_json", low_call_put_json},
    {"call_file", low_call_file},
    {"call_part", low_call_part},
    {"call_part_data", low_call_part_data},
    {"call_send", low_call_send},
    {"call_stream", low_call_stream},
    {"call_start", low_call_start},
    {"wait", low_wait},
    {"event", low_event},
    {"cancel", low_cancel},
    {"await", low_await},
    {"call_await", low_call_await},
    {"next_page", low_next_page},
    {"call_next", low_call_next},
    {"call_follow", low_call_follow},
    {"download", low_download},
    {"upload", low_upload},
    {"call_upload", low_call_upload},
    {"version", low_version},
    {"abi", low_abi},
    {"shutdown", low_shutdown},
    {"constant", low_constant},
    {"error_at", low_error_at},
    {"error_name", low_error_name},
    {"option_at", low_option_at},
    {"option_info", low_option_info},
    {"fact_at", low_fact_at},
    {NULL, NULL},
};
