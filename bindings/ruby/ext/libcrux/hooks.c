/* Procs of the program that the library calls: log and body. Each is pinned until the library releases it. */
#include "native.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct pin {
    VALUE value;
    struct pin *next;
    atomic_int released;
};

static struct pin *pins;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The collector has stopped every thread that could change the list. */
static void mark_pins(void *unused)
{
    for (struct pin *pin = pins; pin; pin = pin->next)
        if (!atomic_load(&pin->released))
            rb_gc_mark(pin->value);
}

static const rb_data_type_t pins_type = {"crux_pins", {mark_pins, NULL, NULL, NULL, {0}}, NULL, NULL, 0};

/* Keeps a value where it is, and forgets those that were released since. */
static struct pin *pin_new(VALUE value)
{
    struct pin *made = malloc(sizeof *made);
    if (!made)
        rb_memerror();
    made->value = value;
    atomic_init(&made->released, 0);
    pthread_mutex_lock(&lock);
    for (struct pin **at = &pins; *at;) {
        struct pin *pin = *at;
        if (atomic_load(&pin->released)) {
            *at = pin->next;
            free(pin);
        } else {
            at = &pin->next;
        }
    }
    made->next = pins;
    pins = made;
    pthread_mutex_unlock(&lock);
    return made;
}

/* May run without the interpreter's lock, and while the collector runs. */
static void pin_release(void *context)
{
    atomic_store(&((struct pin *)context)->released, 1);
}

struct line {
    VALUE log;
    int32_t level;
    const char *text;
};

static VALUE write_line(VALUE data)
{
    struct line *line = (struct line *)data;
    return rb_funcall(line->log, rb_intern("call"), 2, INT2NUM(line->level), text_out(line->text));
}

static void log_hook(void *context, int32_t level, const char *text)
{
    struct line line = {((struct pin *)context)->value, level, text};
    with_lock(write_line, &line);
}

/* options_log(options, level, log): what responds to call(level, line). */
static VALUE native_options_log(VALUE self, VALUE options, VALUE level, VALUE log)
{
    int number = NUM2INT(level);
    void *pointer = handle_in(options);
    return INT2NUM(library.crux_options_log(pointer, number, log_hook, pin_new(log), pin_release));
}

/* options_tick(options): lets signals and Timeout reach what waits. */
static VALUE native_options_tick(VALUE self, VALUE options)
{
    return INT2NUM(library.crux_options_tick(handle_in(options), tick, NULL, NULL));
}

struct piece {
    VALUE source;
    void *buffer;
    size_t capacity;
    ptrdiff_t length;
};

static VALUE read_piece(VALUE data)
{
    struct piece *piece = (struct piece *)data;
    VALUE bytes = rb_funcall(piece->source, rb_intern("call"), 1, SIZET2NUM(piece->capacity));
    if (NIL_P(bytes)) {
        piece->length = 0;
        return Qnil;
    }
    Check_Type(bytes, T_STRING);
    if ((size_t)RSTRING_LEN(bytes) > piece->capacity)
        rb_raise(rb_eRangeError, "A piece of a body is longer than was asked for.");
    memcpy(piece->buffer, RSTRING_PTR(bytes), RSTRING_LEN(bytes));
    piece->length = RSTRING_LEN(bytes);
    RB_GC_GUARD(bytes);
    return Qnil;
}

static ptrdiff_t read_hook(void *context, void *buffer, size_t capacity)
{
    struct piece piece = {((struct pin *)context)->value, buffer, capacity, -1};
    return with_lock(read_piece, &piece) ? piece.length : -1;
}

/* call_source(call, source, length, type): what responds to call(capacity) with bytes, and with nil at the end. */
static VALUE native_call_source(VALUE self, VALUE call, VALUE source, VALUE length, VALUE type)
{
    const char *text = text_or_null(&type);
    int64_t bytes = NUM2LL(length);
    void *pointer = handle_in(call);
    VALUE result = INT2NUM(library.crux_call_source(pointer, read_hook, pin_new(source), pin_release, bytes, text));
    RB_GC_GUARD(type);
    return result;
}

void define_hooks(VALUE native)
{
    rb_gc_register_mark_object(TypedData_Wrap_Struct(rb_cObject, &pins_type, &pins));
    rb_define_singleton_method(native, "options_log", native_options_log, 3);
    rb_define_singleton_method(native, "options_tick", native_options_tick, 1);
    rb_define_singleton_method(native, "call_source", native_call_source, 4);
}
