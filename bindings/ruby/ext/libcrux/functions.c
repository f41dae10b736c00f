/* Made from include/crux.json by `make bindings`; do not edit. */
#include "native.h"

/* Returns the outcome of an object. */
static VALUE native_code(VALUE self, VALUE object)
{
    VALUE result = INT2NUM(library.crux_code(handle_in(object)));
    RB_GC_GUARD(object);
    return result;
}

/* Returns the outcome of an object in one English sentence, for the person at the screen. */
static VALUE native_message(VALUE self, VALUE object)
{
    VALUE result = text_out(library.crux_message(handle_in(object)));
    RB_GC_GUARD(object);
    return result;
}

/* Returns the HTTP status of a response. */
static VALUE native_status(VALUE self, VALUE object)
{
    VALUE result = INT2NUM(library.crux_status(handle_in(object)));
    RB_GC_GUARD(object);
    return result;
}

/* Returns a header of a response. */
static VALUE native_header(VALUE self, VALUE object, VALUE name, VALUE nth)
{
    const char *name_text = text_in(&name);
    VALUE result = text_out(library.crux_header(handle_in(object), name_text, NUM2SIZET(nth)));
    RB_GC_GUARD(object);
    RB_GC_GUARD(name);
    RB_GC_GUARD(nth);
    return result;
}

/* Returns a fact as text. */
static VALUE native_info(VALUE self, VALUE object, VALUE name)
{
    const char *name_text = text_in(&name);
    VALUE result = text_out(library.crux_info(handle_in(object), name_text));
    RB_GC_GUARD(object);
    RB_GC_GUARD(name);
    return result;
}

/* Returns a fact as a number. */
static VALUE native_number(VALUE self, VALUE object, VALUE name)
{
    const char *name_text = text_in(&name);
    VALUE result = LL2NUM(library.crux_number(handle_in(object), name_text));
    RB_GC_GUARD(object);
    RB_GC_GUARD(name);
    return result;
}

/* Returns the type of what stands at a place in the JSON of a response. */
static VALUE native_json_type(VALUE self, VALUE object, VALUE pointer)
{
    const char *pointer_text = text_in(&pointer);
    VALUE result = INT2NUM(library.crux_json_type(handle_in(object), pointer_text));
    RB_GC_GUARD(object);
    RB_GC_GUARD(pointer);
    return result;
}

/* Returns what stands at a place as text: of a string its characters, of anything else the JSON as it stands, digits unaltered. */
static VALUE native_json_text(VALUE self, VALUE object, VALUE pointer)
{
    const char *pointer_text = text_in(&pointer);
    VALUE result = text_out(library.crux_json_text(handle_in(object), pointer_text));
    RB_GC_GUARD(object);
    RB_GC_GUARD(pointer);
    return result;
}

/* Returns a whole number. */
static VALUE native_json_int(VALUE self, VALUE object, VALUE pointer, VALUE fallback)
{
    const char *pointer_text = text_in(&pointer);
    VALUE result = LL2NUM(library.crux_json_int(handle_in(object), pointer_text, NUM2LL(fallback)));
    RB_GC_GUARD(object);
    RB_GC_GUARD(pointer);
    RB_GC_GUARD(fallback);
    return result;
}

/* Returns a number. */
static VALUE native_json_double(VALUE self, VALUE object, VALUE pointer, VALUE fallback)
{
    const char *pointer_text = text_in(&pointer);
    VALUE result = DBL2NUM(library.crux_json_double(handle_in(object), pointer_text, NUM2DBL(fallback)));
    RB_GC_GUARD(object);
    RB_GC_GUARD(pointer);
    RB_GC_GUARD(fallback);
    return result;
}

/* Returns the number of members of an array or object. */
static VALUE native_json_count(VALUE self, VALUE object, VALUE pointer)
{
    const char *pointer_text = text_in(&pointer);
    VALUE result = SIZET2NUM(library.crux_json_count(handle_in(object), pointer_text));
    RB_GC_GUARD(object);
    RB_GC_GUARD(pointer);
    return result;
}

/* Returns the name of an object's member, in the order in which they stand. */
static VALUE native_json_key(VALUE self, VALUE object, VALUE pointer, VALUE index)
{
    const char *pointer_text = text_in(&pointer);
    VALUE result = text_out(library.crux_json_key(handle_in(object), pointer_text, NUM2SIZET(index)));
    RB_GC_GUARD(object);
    RB_GC_GUARD(pointer);
    RB_GC_GUARD(index);
    return result;
}

/* Returns new options, all at their defaults. */
static VALUE native_options_new(VALUE self)
{
    struct handle *made;
    VALUE object = handle_new(&made);
    made->pointer = library.crux_options_new();
    return made->pointer ? object : Qnil;
}

/* Sets an option. */
static VALUE native_options_set(VALUE self, VALUE options, VALUE key, VALUE value)
{
    const char *key_text = text_in(&key);
    const char *value_text = text_or_null(&value);
    VALUE result = INT2NUM(library.crux_options_set(handle_in(options), key_text, value_text));
    RB_GC_GUARD(options);
    RB_GC_GUARD(key);
    RB_GC_GUARD(value);
    return result;
}

/* Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the names that a service's own tools use (docs/options. */
static VALUE native_options_env(VALUE self, VALUE options, VALUE account)
{
    const char *account_text = text_or_null(&account);
    VALUE result = INT2NUM(library.crux_options_env(handle_in(options), account_text));
    RB_GC_GUARD(options);
    RB_GC_GUARD(account);
    return result;
}

struct login_with {
    struct handle *made;
    void *options;
};

static void run_login_with(void *data)
{
    struct login_with *given = data;
    given->made->pointer = library.crux_login_with(given->options);
}

/* Logs in as the options say; like crux_login otherwise. */
static VALUE native_login_with(VALUE self, VALUE options)
{
    struct login_with given;
    VALUE object = handle_new(&given.made);
    given.options = handle_in(options);
    without_lock(run_login_with, &given);
    RB_GC_GUARD(options);
    return given.made->pointer ? object : Qnil;
}

/* Sets the token of a client to one from elsewhere, such as one pasted from a browser. */
static VALUE native_set_token(VALUE self, VALUE client, VALUE token)
{
    const char *token_text = text_in(&token);
    VALUE result = INT2NUM(library.crux_set_token(handle_in(client), token_text));
    RB_GC_GUARD(client);
    RB_GC_GUARD(token);
    return result;
}

/* Returns a call that logs in, now or again, and so says whether the credentials work. */
static VALUE native_call_login(VALUE self, VALUE client)
{
    struct handle *made;
    VALUE object = handle_new(&made);
    made->pointer = library.crux_call_login(handle_in(client));
    RB_GC_GUARD(client);
    return made->pointer ? object : Qnil;
}

struct logout {
    struct handle *made;
    void *client;
};

static void run_logout(void *data)
{
    struct logout *given = data;
    given->made->pointer = library.crux_logout(given->client);
}

/* Ends the session. */
static VALUE native_logout(VALUE self, VALUE client)
{
    struct logout given;
    VALUE object = handle_new(&given.made);
    given.client = handle_in(client);
    without_lock(run_logout, &given);
    RB_GC_GUARD(client);
    return given.made->pointer ? object : Qnil;
}

/* Returns the call that ends the session, as crux_logout does, to be sent or started. */
static VALUE native_call_logout(VALUE self, VALUE client)
{
    struct handle *made;
    VALUE object = handle_new(&made);
    made->pointer = library.crux_call_logout(handle_in(client));
    RB_GC_GUARD(client);
    return made->pointer ? object : Qnil;
}

/* Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or started. */
static VALUE native_call_reset_password(VALUE self, VALUE client, VALUE email)
{
    const char *email_text = text_in(&email);
    struct handle *made;
    VALUE object = handle_new(&made);
    made->pointer = library.crux_call_reset_password(handle_in(client), email_text);
    RB_GC_GUARD(client);
    RB_GC_GUARD(email);
    return made->pointer ? object : Qnil;
}

/* Returns a new call: a request to be described, then sent. */
static VALUE native_call_new(VALUE self, VALUE client, VALUE method, VALUE path)
{
    const char *method_text = text_in(&method);
    const char *path_text = text_in(&path);
    struct handle *made;
    VALUE object = handle_new(&made);
    made->pointer = library.crux_call_new(handle_in(client), method_text, path_text);
    RB_GC_GUARD(client);
    RB_GC_GUARD(method);
    RB_GC_GUARD(path);
    return made->pointer ? object : Qnil;
}

/* Sets what a {name} of the path stands for; percent-encoded, so that it stays one piece of the path. */
static VALUE native_call_fill(VALUE self, VALUE call, VALUE name, VALUE value)
{
    const char *name_text = text_in(&name);
    const char *value_text = text_or_null(&value);
    VALUE result = INT2NUM(library.crux_call_fill(handle_in(call), name_text, value_text));
    RB_GC_GUARD(call);
    RB_GC_GUARD(name);
    RB_GC_GUARD(value);
    return result;
}

/* Adds a pair to the query, percent-encoded. */
static VALUE native_call_query(VALUE self, VALUE call, VALUE name, VALUE value)
{
    const char *name_text = text_in(&name);
    const char *value_text = text_or_null(&value);
    VALUE result = INT2NUM(library.crux_call_query(handle_in(call), name_text, value_text));
    RB_GC_GUARD(call);
    RB_GC_GUARD(name);
    RB_GC_GUARD(value);
    return result;
}

/* Adds a header. */
static VALUE native_call_header(VALUE self, VALUE call, VALUE name, VALUE value)
{
    const char *name_text = text_in(&name);
    const char *value_text = text_or_null(&value);
    VALUE result = INT2NUM(library.crux_call_header(handle_in(call), name_text, value_text));
    RB_GC_GUARD(call);
    RB_GC_GUARD(name);
    RB_GC_GUARD(value);
    return result;
}

/* Sets an option for this call only; docs/options. */
static VALUE native_call_set(VALUE self, VALUE call, VALUE key, VALUE value)
{
    const char *key_text = text_in(&key);
    const char *value_text = text_or_null(&value);
    VALUE result = INT2NUM(library.crux_call_set(handle_in(call), key_text, value_text));
    RB_GC_GUARD(call);
    RB_GC_GUARD(key);
    RB_GC_GUARD(value);
    return result;
}

/* Sets the body; the bytes are copied. */
static VALUE native_call_body(VALUE self, VALUE call, VALUE data, VALUE type)
{
    bytes_in(&data);
    const char *type_text = text_or_null(&type);
    VALUE result = INT2NUM(library.crux_call_body(handle_in(call), bytes_start(data), bytes_length(data), type_text));
    RB_GC_GUARD(call);
    RB_GC_GUARD(data);
    RB_GC_GUARD(type);
    return result;
}

/* Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer is made, "-" appends to an array. */
static VALUE native_call_put_text(VALUE self, VALUE call, VALUE pointer, VALUE value)
{
    const char *pointer_text = text_in(&pointer);
    const char *value_text = text_or_null(&value);
    VALUE result = INT2NUM(library.crux_call_put_text(handle_in(call), pointer_text, value_text));
    RB_GC_GUARD(call);
    RB_GC_GUARD(pointer);
    RB_GC_GUARD(value);
    return result;
}

/* Puts a whole number into the JSON body, as crux_call_put_text does with a text. */
static VALUE native_call_put_int(VALUE self, VALUE call, VALUE pointer, VALUE value)
{
    const char *pointer_text = text_in(&pointer);
    VALUE result = INT2NUM(library.crux_call_put_int(handle_in(call), pointer_text, NUM2LL(value)));
    RB_GC_GUARD(call);
    RB_GC_GUARD(pointer);
    RB_GC_GUARD(value);
    return result;
}

/* Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the locale. */
static VALUE native_call_put_double(VALUE self, VALUE call, VALUE pointer, VALUE value)
{
    const char *pointer_text = text_in(&pointer);
    VALUE result = INT2NUM(library.crux_call_put_double(handle_in(call), pointer_text, NUM2DBL(value)));
    RB_GC_GUARD(call);
    RB_GC_GUARD(pointer);
    RB_GC_GUARD(value);
    return result;
}

/* Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits. */
static VALUE native_call_put_json(VALUE self, VALUE call, VALUE pointer, VALUE json)
{
    const char *pointer_text = text_in(&pointer);
    const char *json_text = text_in(&json);
    VALUE result = INT2NUM(library.crux_call_put_json(handle_in(call), pointer_text, json_text));
    RB_GC_GUARD(call);
    RB_GC_GUARD(pointer);
    RB_GC_GUARD(json);
    return result;
}

/* Sends a file as the body, straight from the disk; its length is taken when the call is sent. */
static VALUE native_call_file(VALUE self, VALUE call, VALUE file, VALUE type)
{
    const char *file_text = text_in(&file);
    const char *type_text = text_or_null(&type);
    VALUE result = INT2NUM(library.crux_call_file(handle_in(call), file_text, type_text));
    RB_GC_GUARD(call);
    RB_GC_GUARD(file);
    RB_GC_GUARD(type);
    return result;
}

/* Adds a part to a form (multipart/form-data), which becomes the body. */
static VALUE native_call_part(VALUE self, VALUE call, VALUE field, VALUE value, VALUE file, VALUE type)
{
    const char *field_text = text_in(&field);
    const char *value_text = text_or_null(&value);
    const char *file_text = text_or_null(&file);
    const char *type_text = text_or_null(&type);
    VALUE result = INT2NUM(library.crux_call_part(handle_in(call), field_text, value_text, file_text, type_text));
    RB_GC_GUARD(call);
    RB_GC_GUARD(field);
    RB_GC_GUARD(value);
    RB_GC_GUARD(file);
    RB_GC_GUARD(type);
    return result;
}

/* Adds a part to a form from memory; the server sees it as a file of that name. */
static VALUE native_call_part_data(VALUE self, VALUE call, VALUE field, VALUE filename, VALUE data, VALUE type)
{
    const char *field_text = text_in(&field);
    const char *filename_text = text_in(&filename);
    bytes_in(&data);
    const char *type_text = text_or_null(&type);
    VALUE result = INT2NUM(library.crux_call_part_data(handle_in(call), field_text, filename_text, bytes_start(data), bytes_length(data), type_text));
    RB_GC_GUARD(call);
    RB_GC_GUARD(field);
    RB_GC_GUARD(filename);
    RB_GC_GUARD(data);
    RB_GC_GUARD(type);
    return result;
}

struct call_send {
    struct handle *made;
    void *call;
};

static void run_call_send(void *data)
{
    struct call_send *given = data;
    given->made->pointer = library.crux_call_send(given->call);
}

/* Sends the request and waits for the whole response. */
static VALUE native_call_send(VALUE self, VALUE call)
{
    struct call_send given;
    VALUE object = handle_new(&given.made);
    given.call = handle_in(call);
    without_lock(run_call_send, &given);
    RB_GC_GUARD(call);
    return given.made->pointer ? object : Qnil;
}

struct call_stream {
    struct handle *made;
    void *call;
};

static void run_call_stream(void *data)
{
    struct call_stream *given = data;
    given->made->pointer = library.crux_call_stream(given->call);
}

/* Sends the request and waits for the head of the response; its body is read with crux_read, in as little memory as you like. */
static VALUE native_call_stream(VALUE self, VALUE call)
{
    struct call_stream given;
    VALUE object = handle_new(&given.made);
    given.call = handle_in(call);
    without_lock(run_call_stream, &given);
    RB_GC_GUARD(call);
    return given.made->pointer ? object : Qnil;
}

/* Sends the request in the background and returns at once. */
static VALUE native_call_start(VALUE self, VALUE call)
{
    struct handle *made;
    VALUE object = handle_new(&made);
    made->pointer = library.crux_call_start(handle_in(call));
    RB_GC_GUARD(call);
    return made->pointer ? object : Qnil;
}

struct wait {
    int32_t result;
    void *object;
    int32_t timeout_ms;
};

static void run_wait(void *data)
{
    struct wait *given = data;
    given->result = library.crux_wait(given->object, given->timeout_ms);
}

/* Waits until a request that was started in the background has finished, or a started stream has more. */
static VALUE native_wait(VALUE self, VALUE object, VALUE timeout_ms)
{
    struct wait given;
    given.object = handle_in(object);
    given.timeout_ms = NUM2INT(timeout_ms);
    without_lock(run_wait, &given);
    RB_GC_GUARD(object);
    RB_GC_GUARD(timeout_ms);
    return INT2NUM(given.result);
}

/* Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. */
static VALUE native_event(VALUE self, VALUE object)
{
    VALUE result = SSIZET2NUM(library.crux_event(handle_in(object)));
    RB_GC_GUARD(object);
    return result;
}

/* Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms. */
static VALUE native_cancel(VALUE self, VALUE object)
{
    library.crux_cancel(handle_in(object));
    RB_GC_GUARD(object);
    return Qnil;
}

struct await {
    struct handle *made;
    void *client;
    void *accepted;
    int32_t timeout_ms;
};

static void run_await(void *data)
{
    struct await *given = data;
    given->made->pointer = library.crux_await(given->client, given->accepted, given->timeout_ms);
}

/* Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost connections and expired tokens in between are survived. */
static VALUE native_await(VALUE self, VALUE client, VALUE accepted, VALUE timeout_ms)
{
    struct await given;
    VALUE object = handle_new(&given.made);
    given.client = handle_in(client);
    given.accepted = handle_in(accepted);
    given.timeout_ms = NUM2INT(timeout_ms);
    without_lock(run_await, &given);
    RB_GC_GUARD(client);
    RB_GC_GUARD(accepted);
    RB_GC_GUARD(timeout_ms);
    return given.made->pointer ? object : Qnil;
}

/* Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started; the call's option "job. */
static VALUE native_call_await(VALUE self, VALUE client, VALUE accepted)
{
    struct handle *made;
    VALUE object = handle_new(&made);
    made->pointer = library.crux_call_await(handle_in(client), handle_in(accepted));
    RB_GC_GUARD(client);
    RB_GC_GUARD(accepted);
    return made->pointer ? object : Qnil;
}

struct next_page {
    struct handle *made;
    void *client;
    void *page;
};

static void run_next_page(void *data)
{
    struct next_page *given = data;
    given->made->pointer = library.crux_next_page(given->client, given->page);
}

/* Requests the page after a page of a list, in any form the services have: `pagination` objects, totals, offset and limit, links; in the query or in the body. */
static VALUE native_next_page(VALUE self, VALUE client, VALUE page)
{
    struct next_page given;
    VALUE object = handle_new(&given.made);
    given.client = handle_in(client);
    given.page = handle_in(page);
    without_lock(run_next_page, &given);
    RB_GC_GUARD(client);
    RB_GC_GUARD(page);
    return given.made->pointer ? object : Qnil;
}

/* Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or awaited. */
static VALUE native_call_next(VALUE self, VALUE client, VALUE page)
{
    struct handle *made;
    VALUE object = handle_new(&made);
    made->pointer = library.crux_call_next(handle_in(client), handle_in(page));
    RB_GC_GUARD(client);
    RB_GC_GUARD(page);
    return made->pointer ? object : Qnil;
}

/* Returns a call to a link as it stands in a response. */
static VALUE native_call_follow(VALUE self, VALUE from, VALUE method, VALUE link)
{
    const char *method_text = text_in(&method);
    const char *link_text = text_in(&link);
    struct handle *made;
    VALUE object = handle_new(&made);
    made->pointer = library.crux_call_follow(handle_in(from), method_text, link_text);
    RB_GC_GUARD(from);
    RB_GC_GUARD(method);
    RB_GC_GUARD(link);
    return made->pointer ? object : Qnil;
}

/* Returns the call that uploads a file as a form, as crux_upload does, to be sent or started. */
static VALUE native_call_upload(VALUE self, VALUE client, VALUE path, VALUE field, VALUE file, VALUE type)
{
    const char *path_text = text_or_null(&path);
    const char *field_text = text_or_null(&field);
    const char *file_text = text_in(&file);
    const char *type_text = text_or_null(&type);
    struct handle *made;
    VALUE object = handle_new(&made);
    made->pointer = library.crux_call_upload(handle_in(client), path_text, field_text, file_text, type_text);
    RB_GC_GUARD(client);
    RB_GC_GUARD(path);
    RB_GC_GUARD(field);
    RB_GC_GUARD(file);
    RB_GC_GUARD(type);
    return made->pointer ? object : Qnil;
}

/* Returns the version of the library that is loaded. */
static VALUE native_version(VALUE self)
{
    VALUE result = text_out(library.crux_version());
    return result;
}

/* Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with. */
static VALUE native_abi(VALUE self)
{
    VALUE result = INT2NUM(library.crux_abi());
    return result;
}

struct shutdown {
    int32_t result;
    int32_t timeout_ms;
};

static void run_shutdown(void *data)
{
    struct shutdown *given = data;
    given->result = library.crux_shutdown(given->timeout_ms);
}

/* Waits until no thread of libcrux is left. */
static VALUE native_shutdown(VALUE self, VALUE timeout_ms)
{
    struct shutdown given;
    given.timeout_ms = NUM2INT(timeout_ms);
    without_lock(run_shutdown, &given);
    RB_GC_GUARD(timeout_ms);
    return INT2NUM(given.result);
}

/* Returns any #define of this header by its name, for languages that cannot read it. */
static VALUE native_constant(VALUE self, VALUE name, VALUE fallback)
{
    const char *name_text = text_in(&name);
    VALUE result = INT2NUM(library.crux_constant(name_text, NUM2INT(fallback)));
    RB_GC_GUARD(name);
    RB_GC_GUARD(fallback);
    return result;
}

/* Returns the name of an outcome, such as "CRUX_ERR_AUTH". */
static VALUE native_error_name(VALUE self, VALUE code)
{
    VALUE result = text_out(library.crux_error_name(NUM2INT(code)));
    RB_GC_GUARD(code);
    return result;
}

/* Returns what is known of an option, for dialogs, generated code and checks. */
static VALUE native_option_info(VALUE self, VALUE key, VALUE what)
{
    const char *key_text = text_in(&key);
    const char *what_text = text_in(&what);
    VALUE result = text_out(library.crux_option_info(key_text, what_text));
    RB_GC_GUARD(key);
    RB_GC_GUARD(what);
    return result;
}

void define_functions(VALUE native)
{
    rb_define_singleton_method(native, "code", native_code, 1);
    rb_define_singleton_method(native, "message", native_message, 1);
    rb_define_singleton_method(native, "status", native_status, 1);
    rb_define_singleton_method(native, "header", native_header, 3);
    rb_define_singleton_method(native, "info", native_info, 2);
    rb_define_singleton_method(native, "number", native_number, 2);
    rb_define_singleton_method(native, "json_type", native_json_type, 2);
    rb_define_singleton_method(native, "json_text", native_json_text, 2);
    rb_define_singleton_method(native, "json_int", native_json_int, 3);
    rb_define_singleton_method(native, "json_double", native_json_double, 3);
    rb_define_singleton_method(native, "json_count", native_json_count, 2);
    rb_define_singleton_method(native, "json_key", native_json_key, 3);
    rb_define_singleton_method(native, "options_new", native_options_new, 0);
    rb_define_singleton_method(native, "options_set", native_options_set, 3);
    rb_define_singleton_method(native, "options_env", native_options_env, 2);
    rb_define_singleton_method(native, "login_with", native_login_with, 1);
    rb_define_singleton_method(native, "set_token", native_set_token, 2);
    rb_define_singleton_method(native, "call_login", native_call_login, 1);
    rb_define_singleton_method(native, "logout", native_logout, 1);
    rb_define_singleton_method(native, "call_logout", native_call_logout, 1);
    rb_define_singleton_method(native, "call_reset_password", native_call_reset_password, 2);
    rb_define_singleton_method(native, "call_new", native_call_new, 3);
    rb_define_singleton_method(native, "call_fill", native_call_fill, 3);
    rb_define_singleton_method(native, "call_query", native_call_query, 3);
    rb_define_singleton_method(native, "call_header", native_call_header, 3);
    rb_define_singleton_method(native, "call_set", native_call_set, 3);
    rb_define_singleton_method(native, "call_body", native_call_body, 3);
    rb_define_singleton_method(native, "call_put_text", native_call_put_text, 3);
    rb_define_singleton_method(native, "call_put_int", native_call_put_int, 3);
    rb_define_singleton_method(native, "call_put_double", native_call_put_double, 3);
    rb_define_singleton_method(native, "call_put_json", native_call_put_json, 3);
    rb_define_singleton_method(native, "call_file", native_call_file, 3);
    rb_define_singleton_method(native, "call_part", native_call_part, 5);
    rb_define_singleton_method(native, "call_part_data", native_call_part_data, 5);
    rb_define_singleton_method(native, "call_send", native_call_send, 1);
    rb_define_singleton_method(native, "call_stream", native_call_stream, 1);
    rb_define_singleton_method(native, "call_start", native_call_start, 1);
    rb_define_singleton_method(native, "wait", native_wait, 2);
    rb_define_singleton_method(native, "event", native_event, 1);
    rb_define_singleton_method(native, "cancel", native_cancel, 1);
    rb_define_singleton_method(native, "await", native_await, 3);
    rb_define_singleton_method(native, "call_await", native_call_await, 2);
    rb_define_singleton_method(native, "next_page", native_next_page, 2);
    rb_define_singleton_method(native, "call_next", native_call_next, 2);
    rb_define_singleton_method(native, "call_follow", native_call_follow, 3);
    rb_define_singleton_method(native, "call_upload", native_call_upload, 5);
    rb_define_singleton_method(native, "version", native_version, 0);
    rb_define_singleton_method(native, "abi", native_abi, 0);
    rb_define_singleton_method(native, "shutdown", native_shutdown, 1);
    rb_define_singleton_method(native, "constant", native_constant, 2);
    rb_define_singleton_method(native, "error_name", native_error_name, 1);
    rb_define_singleton_method(native, "option_info", native_option_info, 2);
}
