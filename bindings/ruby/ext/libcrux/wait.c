/* Waiting. The library calls `tick` on the thread that waits, at once after a signal and otherwise about ten times a
   second. Only if Ruby has something for this thread is the interpreter's lock taken. An exception never passes
   through the library: it is kept, the request is ended, and then it goes on. */
#include "native.h"

#include <ruby/thread.h>

struct wait {
    /* That of the hook inside of which this one waits. */
    struct wait *outer;
    VALUE thread;
    /* What rb_protect said of the exception that is kept. */
    int state;
    /* The exception; nil if it is a throw, a break or a kill, which only the interpreter can keep. */
    VALUE exception;
};

struct region {
    void (*function)(void *);
    void *arguments;
    struct wait wait;
};

struct protected_call {
    VALUE (*function)(VALUE);
    void *arguments;
    struct wait *wait;
};

static __thread struct wait *current;
static __thread int is_collecting;

void collecting(int begins)
{
    is_collecting = begins;
}

static void *inside(void *data)
{
    struct region *region = data;
    region->wait.outer = current;
    current = &region->wait;
    region->function(region->arguments);
    current = region->wait.outer;
    return NULL;
}

void without_lock(void (*function)(void *), void *arguments)
{
    struct region region = {function, arguments, {NULL, rb_thread_current(), 0, Qnil}};
    rb_nogvl(inside, &region, RUBY_UBF_IO, NULL, 0);
    if (!NIL_P(region.wait.exception))
        rb_exc_raise(region.wait.exception);
    if (region.wait.state)
        rb_jump_tag(region.wait.state);
}

static void *protect(void *data)
{
    struct protected_call *call = data;
    rb_protect(call->function, (VALUE)call->arguments, &call->wait->state);
    if (call->wait->state && rb_obj_is_kind_of(rb_errinfo(), rb_eException)) {
        call->wait->exception = rb_errinfo();
        rb_set_errinfo(Qnil);
    }
    return NULL;
}

int is_inside(void)
{
    return current && !is_collecting;
}

int with_lock(VALUE (*function)(VALUE), void *arguments)
{
    if (!is_inside() || current->state)
        return 0;
    struct protected_call call = {function, arguments, current};
    /* The program may call the library from here. */
    current = NULL;
    rb_thread_call_with_gvl(protect, &call);
    current = call.wait;
    return !call.wait->state;
}

static VALUE check_interrupts(VALUE unused)
{
    rb_thread_check_ints();
    return Qnil;
}

int32_t tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    if (!is_inside())
        return 0;
    if (!current->state && !rb_thread_interrupted(current->thread))
        return 0;
    return !with_lock(check_interrupts, NULL);
}
