/* A token that the program supplies. On a thread that is inside a function of the library, the proc is called there. For
   a started request the library asks on a thread that Ruby does not know: then one that waits for such a request takes
   the question and brings the answer; when none does any more, there is none. */
#include "native.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct ask {
    const char *refused;
    char *buffer;
    size_t capacity;
    ptrdiff_t length;
    uint64_t number;
    int taken, answered;
    struct ask *next;
};

struct tokens {
    /* What responds to call(refused, capacity) with a String or nil; it lives as long as the client's object in Ruby. */
    VALUE source;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    struct ask *asks;
    uint64_t last;
    int waiters;
    /* The collector's, and the library's. */
    int references;
};

static VALUE tokens_class;

static void let_go(void *data)
{
    struct tokens *tokens = data;
    pthread_mutex_lock(&tokens->lock);
    int left = --tokens->references;
    pthread_mutex_unlock(&tokens->lock);
    if (!left) {
        pthread_cond_destroy(&tokens->answered);
        pthread_mutex_destroy(&tokens->lock);
        free(tokens);
    }
}

static void mark(void *data)
{
    rb_gc_mark(((struct tokens *)data)->source);
}

static const rb_data_type_t tokens_type = {
    "crux_tokens", {mark, let_go, NULL, NULL, {0}}, NULL, NULL, RUBY_TYPED_FREE_IMMEDIATELY};

static struct tokens *tokens_of(VALUE object)
{
    return rb_check_typeddata(object, &tokens_type);
}

/* tokens(source) */
static VALUE native_tokens(VALUE self, VALUE source)
{
    struct tokens *tokens = calloc(1, sizeof *tokens);
    if (!tokens)
        rb_memerror();
    pthread_mutex_init(&tokens->lock, NULL);
    pthread_cond_init(&tokens->answered, NULL);
    tokens->source = source;
    tokens->references = 1;
    return TypedData_Wrap_Struct(tokens_class, &tokens_type, tokens);
}

/* Copies a token; nil is none, false that it failed. */
static void answer(struct ask *ask, VALUE token)
{
    if (token == Qfalse || (!NIL_P(token) && (size_t)RSTRING_LEN(token) > ask->capacity))
        return;
    ask->length = NIL_P(token) ? 0 : RSTRING_LEN(token);
    if (ask->length)
        memcpy(ask->buffer, RSTRING_PTR(token), ask->length);
}

struct here {
    VALUE source;
    struct ask *ask;
};

static VALUE ask_here(VALUE data)
{
    struct here *here = (struct here *)data;
    VALUE capacity = SIZET2NUM(here->ask->capacity);
    VALUE token = rb_funcall(here->source, rb_intern("call"), 2, text_out(here->ask->refused), capacity);
    answer(here->ask, token);
    RB_GC_GUARD(token);
    return Qnil;
}

static void ask_those_who_wait(struct tokens *tokens, struct ask *ask)
{
    pthread_mutex_lock(&tokens->lock);
    ask->number = ++tokens->last;
    ask->next = tokens->asks;
    tokens->asks = ask;
    while (!ask->answered && tokens->waiters > 0)
        pthread_cond_wait(&tokens->answered, &tokens->lock);
    struct ask **at = &tokens->asks;
    while (*at != ask)
        at = &(*at)->next;
    *at = ask->next;
    pthread_mutex_unlock(&tokens->lock);
}

static ptrdiff_t token_hook(void *context, const char *refused, void *buffer, size_t capacity)
{
    struct tokens *tokens = context;
    struct ask ask = {refused, buffer, capacity, -1, 0, 0, 0, NULL};
    if (is_inside()) {
        struct here here = {tokens->source, &ask};
        return with_lock(ask_here, &here) ? ask.length : -1;
    }
    ask_those_who_wait(tokens, &ask);
    return ask.length;
}

/* options_token(options, tokens) */
static VALUE native_options_token(VALUE self, VALUE options, VALUE object)
{
    struct tokens *tokens = tokens_of(object);
    tokens->references++;
    return INT2NUM(library.crux_options_token(handle_in(options), token_hook, tokens, let_go));
}

/* tokens_waiters(tokens, change): one more waits for a started request, or one less. */
static VALUE native_tokens_waiters(VALUE self, VALUE object, VALUE change)
{
    struct tokens *tokens = tokens_of(object);
    int by = NUM2INT(change);
    pthread_mutex_lock(&tokens->lock);
    tokens->waiters += by;
    pthread_cond_broadcast(&tokens->answered);
    pthread_mutex_unlock(&tokens->lock);
    return Qnil;
}

/* tokens_take(tokens): the number of a question, the refused token and the room for another; nil if nobody asks. */
static VALUE native_tokens_take(VALUE self, VALUE object)
{
    struct tokens *tokens = tokens_of(object);
    char *refused = NULL;
    uint64_t number = 0;
    size_t capacity = 0;
    pthread_mutex_lock(&tokens->lock);
    struct ask *ask = tokens->asks;
    while (ask && ask->taken)
        ask = ask->next;
    if (ask) {
        ask->taken = 1;
        number = ask->number;
        capacity = ask->capacity;
        refused = ask->refused ? strdup(ask->refused) : NULL;
    }
    pthread_mutex_unlock(&tokens->lock);
    if (!ask)
        return Qnil;
    VALUE text = text_out(refused);
    free(refused);
    return rb_ary_new_from_args(3, ULL2NUM(number), text, SIZET2NUM(capacity));
}

/* tokens_answer(tokens, number, token): nil is none, false that it failed. Nothing if nobody waits for it any more. */
static VALUE native_tokens_answer(VALUE self, VALUE object, VALUE which, VALUE token)
{
    struct tokens *tokens = tokens_of(object);
    uint64_t number = NUM2ULL(which);
    if (RTEST(token))
        Check_Type(token, T_STRING);
    pthread_mutex_lock(&tokens->lock);
    for (struct ask *ask = tokens->asks; ask; ask = ask->next)
        if (ask->number == number) {
            ask->answered = 1;
            answer(ask, token);
        }
    pthread_cond_broadcast(&tokens->answered);
    pthread_mutex_unlock(&tokens->lock);
    RB_GC_GUARD(token);
    return Qnil;
}

void define_tokens(VALUE native)
{
    tokens_class = rb_define_class_under(native, "Tokens", rb_cObject);
    rb_gc_register_mark_object(tokens_class);
    rb_undef_alloc_func(tokens_class);
    rb_define_singleton_method(native, "tokens", native_tokens, 1);
    rb_define_singleton_method(native, "options_token", native_options_token, 2);
    rb_define_singleton_method(native, "tokens_waiters", native_tokens_waiters, 2);
    rb_define_singleton_method(native, "tokens_take", native_tokens_take, 1);
    rb_define_singleton_method(native, "tokens_answer", native_tokens_answer, 3);
}
