/* What the files of this extension share. Ruby code sees it as the private module Crux::Native. */
#ifndef CRUX_NATIVE_H
#define CRUX_NATIVE_H

#include <ruby.h>

#include "interface.h"

/* The functions of the library that was loaded. */
#define CRUX_MEMBER(result, name, arguments) result(*name) arguments;
struct library {
    CRUX_FUNCTIONS(CRUX_MEMBER)
};
#undef CRUX_MEMBER
extern struct library library;

/* An object of the library; NULL once it was freed. */
struct handle {
    void *pointer;
    /* What Ruby's collector was told of its size. */
    size_t weight;
};

/* A Handle of Ruby that holds nothing yet. */
VALUE handle_new(struct handle **made);
struct handle *handle_of(VALUE object);
/* Its object; NULL for nil. */
void *handle_in(VALUE object);

/* A String or Symbol as UTF-8 without a NUL; the value is replaced by what the pointer belongs to. */
const char *text_in(VALUE *value);
/* The same; NULL for nil. */
const char *text_or_null(VALUE *value);
/* A text of the library; nil for NULL. */
VALUE text_out(const char *text);

/* Refuses what is neither a String nor nil. */
void bytes_in(VALUE *value);
const char *bytes_start(VALUE bytes);
ptrdiff_t bytes_length(VALUE bytes);

/* Runs a function of the library without the lock of the interpreter. Meanwhile signals, Thread#raise, Timeout and
   Thread#kill end it. */
void without_lock(void (*function)(void *), void *arguments);
/* For a hook: calls a function with the lock. False if an exception ended it, or an earlier one; it is raised when
   without_lock is over. */
int with_lock(VALUE (*function)(VALUE), void *arguments);
/* Whether this thread is inside without_lock, so that a hook may take the lock. */
int is_inside(void);
/* While this is so, hooks do nothing: the collector runs. */
void collecting(int begins);
int32_t tick(void *context, int32_t phase, int64_t done, int64_t total);

void define_library(VALUE native);
void define_functions(VALUE native);
void define_hooks(VALUE native);
void define_tokens(VALUE native);

#endif
