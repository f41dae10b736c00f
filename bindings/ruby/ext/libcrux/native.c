/* Handles, and the functions of the library that generated code cannot serve. */
#include "native.h"

#include <ruby/encoding.h>

static VALUE handle_class;

/* What a response takes besides its body, in bytes. */
#define RESPONSE 2048

static void lighten(struct handle *handle)
{
    if (handle->weight)
        rb_gc_adjust_memory_usage(-(ssize_t)handle->weight);
    handle->weight = 0;
}

/* Runs while the collector does: no hook may reach Ruby now. */
static void handle_free(void *data)
{
    struct handle *handle = data;
    if (handle->pointer) {
        collecting(1);
        library.crux_free(handle->pointer);
        collecting(0);
    }
    lighten(handle);
    ruby_xfree(handle);
}

static size_t handle_size(const void *data)
{
    return sizeof(struct handle) + ((const struct handle *)data)->weight;
}

static const rb_data_type_t handle_type = {
    "crux_handle", {NULL, handle_free, handle_size, NULL, {0}}, NULL, NULL,
    RUBY_TYPED_FREE_IMMEDIATELY | RUBY_TYPED_WB_PROTECTED};

VALUE handle_new(struct handle **made)
{
    return TypedData_Make_Struct(handle_class, struct handle, &handle_type, *made);
}

struct handle *handle_of(VALUE object)
{
    return rb_check_typeddata(object, &handle_type);
}

void *handle_in(VALUE object)
{
    return NIL_P(object) ? NULL : handle_of(object)->pointer;
}

static void run_free(void *data)
{
    struct handle *handle = data;
    void *pointer = handle->pointer;
    handle->pointer = NULL;
    library.crux_free(pointer);
}

/* free(handle): ends an object now, not when the collector comes. Nothing if that was done before. */
static VALUE native_free(VALUE self, VALUE object)
{
    struct handle *handle = handle_of(object);
    lighten(handle);
    if (handle->pointer)
        without_lock(run_free, handle);
    RB_GC_GUARD(object);
    return Qnil;
}

/* address(handle): an Integer that no other handle has while it lives. */
static VALUE native_address(VALUE self, VALUE object)
{
    return ULL2NUM((uintptr_t)handle_in(object));
}

/* weigh(response): lets the collector know how large it is. */
static VALUE native_weigh(VALUE self, VALUE object)
{
    struct handle *handle = handle_of(object);
    size_t length = 0;
    library.crux_body(handle->pointer, &length);
    if (!handle->weight) {
        handle->weight = RESPONSE + length;
        rb_gc_adjust_memory_usage((ssize_t)handle->weight);
    }
    return object;
}

/* body(object): its bytes. */
static VALUE native_body(VALUE self, VALUE object)
{
    size_t length = 0;
    const char *bytes = library.crux_body(handle_in(object), &length);
    VALUE body = rb_str_new(bytes, (long)length);
    RB_GC_GUARD(object);
    return body;
}

/* copy(object, what): what stands there as bytes. */
static VALUE native_copy(VALUE self, VALUE object, VALUE what)
{
    const char *name = text_in(&what);
    void *pointer = handle_in(object);
    size_t length = library.crux_copy(pointer, name, NULL, 0);
    for (;;) {
        VALUE copy = rb_str_new(NULL, (long)length);
        size_t full = library.crux_copy(pointer, name, RSTRING_PTR(copy), length);
        /* Facts of what is under way grow. */
        if (full <= length) {
            rb_str_set_len(copy, (long)full);
            RB_GC_GUARD(object);
            return rb_enc_associate_index(copy, rb_utf8_encindex());
        }
        length = full;
    }
}

/* headers(object): pairs of names in lower case and values. */
static VALUE native_headers(VALUE self, VALUE object)
{
    VALUE pairs = rb_ary_new();
    const char *name, *value;
    void *pointer = handle_in(object);
    for (size_t index = 0; library.crux_header_at(pointer, index, &name, &value); index++)
        rb_ary_push(pairs, rb_assoc_new(text_out(name), text_out(value)));
    RB_GC_GUARD(object);
    return pairs;
}

struct reading {
    void *response;
    void *buffer;
    size_t capacity;
    ptrdiff_t length;
};

static void run_read(void *data)
{
    struct reading *reading = data;
    reading->length = library.crux_read(reading->response, reading->buffer, reading->capacity);
}

/* read(response, capacity): a piece of the body; nil at its end, :later if a started one has nothing yet, :failed. */
static VALUE native_read(VALUE self, VALUE response, VALUE capacity)
{
    size_t most = NUM2SIZET(capacity);
    VALUE piece = rb_str_buf_new((long)most);
    struct reading reading = {handle_in(response), RSTRING_PTR(piece), most, 0};
    without_lock(run_read, &reading);
    RB_GC_GUARD(response);
    if (reading.length == 0)
        return Qnil;
    if (reading.length < 0)
        return ID2SYM(rb_intern(reading.length == -2 ? "later" : "failed"));
    rb_str_set_len(piece, reading.length);
    /* A long buffer is not kept for a short piece. */
    return (size_t)reading.length * 2 < most ? rb_str_resize(piece, reading.length) : piece;
}

struct taking {
    void *client;
    void *response;
};

static void run_next_finished(void *data)
{
    struct taking *taking = data;
    taking->response = library.crux_next_finished(taking->client, 0);
}

/* next_finished(client): the address of a started response that has finished; nil if there is none. */
static VALUE native_next_finished(VALUE self, VALUE client)
{
    struct taking taking = {handle_in(client), NULL};
    without_lock(run_next_finished, &taking);
    RB_GC_GUARD(client);
    return taking.response ? ULL2NUM((uintptr_t)taking.response) : Qnil;
}

RUBY_FUNC_EXPORTED void Init_native(void)
{
#ifdef HAVE_RB_EXT_RACTOR_SAFE
    rb_ext_ractor_safe(true);
#endif
    VALUE native = rb_define_module_under(rb_define_module("Crux"), "Native");
    handle_class = rb_define_class_under(native, "Handle", rb_cObject);
    rb_gc_register_mark_object(handle_class);
    rb_undef_alloc_func(handle_class);
    rb_define_singleton_method(native, "free", native_free, 1);
    rb_define_singleton_method(native, "address", native_address, 1);
    rb_define_singleton_method(native, "weigh", native_weigh, 1);
    rb_define_singleton_method(native, "body", native_body, 1);
    rb_define_singleton_method(native, "copy", native_copy, 2);
    rb_define_singleton_method(native, "headers", native_headers, 1);
    rb_define_singleton_method(native, "read", native_read, 2);
    rb_define_singleton_method(native, "next_finished", native_next_finished, 1);
    define_library(native);
    define_hooks(native);
    define_tokens(native);
    define_functions(native);
}
