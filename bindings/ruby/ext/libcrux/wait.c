/* Waiting. The library calls `tick` on the thread that waits, at once after a signal and otherwise about ten times a
   second. Only if Ruby has something for this thread, or the program wants progress, is the interpreter's lock taken.
   An exception never passes through the library: it is kept, the request is ended, and then it goes on. */
#include "native.h"

#include <ruby/thread.h>

struct wait {
    /* That of the hook inside of which this one waits. */
    struct wait *outer;
    VALUE thread;
    VALUE progress;
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

struct moment {
    VALUE progress;
    int32_t phase;
    int64_t done, total;
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
    VALUE progress = rb_block_given_p() ? rb_block_proc() : Qnil;
    struct region region = {function, arguments, {NULL, rb_thread_current(), progress, 0, Qnil}};
    rb_nogvl(inside, &region, RUBY_UBF_IO, NULL, 0);
    if (!NIL_P(region.wait.exception))
        rb_exc_raise(region.wait.exception);
    if (region.wait.state)
        rb_jump_tag(region.wait.state);
    RB_GC_GUARD(progress);
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

int with_lock(VALUE (*function)(VALUE), void *arguments)
{
    if (!current || is_collecting || current->state)
        return 0;
    struct protected_call call = {function, arguments, current};
    /* The program may call the library from here. */
    current = NULL;
    rb_thread_call_with_gvl(protect, &call);
    current = call.wait;
    return !call.wait->state;
}

static VALUE look(VALUE data)
{
    struct moment *moment = (struct moment *)data;
    rb_thread_check_ints();
    if (!NIL_P(moment->progress)) {
        VALUE values[] = {INT2NUM(moment->phase), LL2NUM(moment->done), LL2NUM(moment->total)};
        rb_proc_call(moment->progress, rb_ary_new_from_values(3, values));
    }
    return Qnil;
}

int32_t tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    struct wait *wait = current;
    if (!wait || is_collecting)
        return 0;
    if (NIL_P(wait->progress) && !wait->state && !rb_thread_interrupted(wait->thread))
        return 0;
    struct moment moment = {wait->progress, phase, done, total};
    return !with_lock(look, &moment);
}
