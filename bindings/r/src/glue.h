/* What the files of the glue share. Only the thread of R ever runs in here, but for token.c: libcrux calls the hooks on the
 * thread that waits, and nothing is started with a body that comes from R. */
#ifndef GLUE_H
#define GLUE_H

#include <setjmp.h>

#define R_NO_REMAP
#include <R.h>
#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>
#include <Rinternals.h>

#include "crux_api.h"

/* The functions of libcrux, found by library.c. */
#define X(result, name, arguments) extern result(*name) arguments attribute_hidden;
CRUX_FUNCTIONS(X)
#undef X

/* ---- wait.c: R while a function of libcrux waits ---- */

/* One function of libcrux that waits, from wait_begin to wait_end. In between no R function may be called but through
 * wait_eval: a jump of R must not cross the frames of libcrux. */
struct wait {
    struct wait *outer;
    SEXP token;    /* keeps a jump of R that came up in a hook, until wait_end goes on with it */
    int jumped;    /* there is one */
    int busy;      /* R runs in a hook of this wait */
    SEXP progress; /* a function, or R_NilValue */
    int phase;     /* what progress wants to hear of */
    int64_t done;  /* what it heard last */
    int told;      /* whether it heard anything */
    int stopped;   /* it returned FALSE */
};

attribute_hidden void wait_begin(struct wait *wait, SEXP progress, int phase);
/* Evaluates a call; NULL if R jumped, which ends the wait. */
attribute_hidden SEXP wait_eval(struct wait *wait, SEXP call);
/* Tells progress how far it is; 0 if the request is to be ended. */
attribute_hidden int wait_tell(struct wait *wait, int64_t done, int64_t total);
/* Closes the wait. If R jumped meanwhile, frees `handle`, clears it, and does not return. */
attribute_hidden void wait_end(struct wait *wait, SEXP handle);

attribute_hidden int32_t wait_tick(void *context, int32_t phase, int64_t done, int64_t total);
attribute_hidden void wait_log(void *context, int32_t level, const char *line);
attribute_hidden ptrdiff_t wait_read(void *context, void *buffer, size_t capacity);
attribute_hidden int on_the_thread_of_r(void);
attribute_hidden void remember_the_thread_of_r(void);

attribute_hidden struct wait *wait_innermost(void);

/* ---- token.c: a token that R supplies ---- */

attribute_hidden ptrdiff_t token_fetch(void *context, const char *refused, void *buffer, size_t capacity);
/* Whom token_serve serves from now on; what others ask fails. Returns who was served before. */
attribute_hidden SEXP token_serves(SEXP function);
/* Answers what threads of libcrux ask. Never from a tick: what the function calls could not be interrupted. */
attribute_hidden void token_serve(struct wait *wait);

/* ---- text.c: texts in and out ---- */

/* The UTF-8 of a string, or an error that names `what`. Good until the .Call returns. */
attribute_hidden const char *utf8_of(SEXP string, const char *what);
/* The same of a vector of length one; NULL of R_NilValue. */
attribute_hidden const char *text_of(SEXP vector, const char *what);
/* A string of R; what is no UTF-8 is taken as latin1. */
attribute_hidden SEXP string_from(const char *text);
/* A vector of length one; NA of NULL. */
attribute_hidden SEXP text_from(const char *text);
attribute_hidden int is_utf8(const char *bytes, size_t length);
/* The text of a body, or R_NilValue. */
attribute_hidden SEXP r_text(SEXP body);
attribute_hidden int has_nul(SEXP body);
/* Ends with a crux_argument_error. */
attribute_hidden void refuse(const char *format, ...);
/* The environment of the package. */
attribute_hidden SEXP package(void);

/* ---- handle.c: objects of libcrux in R ---- */

attribute_hidden SEXP handle_new(SEXP keep);
attribute_hidden void handle_free(SEXP handle);
/* Says that lazy members ask the object. */
attribute_hidden void handle_is_lazy(SEXP handle);
/* The object, or an error that it is closed. */
attribute_hidden void *object_of(SEXP handle, const char *what);

/* ---- call.c: a request in the making ---- */

/* Where each member of a request stands in the list that R/request.R makes. */
enum { AT_KIND, AT_METHOD, AT_PATH, AT_FILL, AT_QUERY, AT_HEADERS, AT_OPTIONS, AT_BODY, AT_TYPE, AT_UPLOAD };

/* Fills `handle` with the call that a request describes; R_NilValue stays if there is no next page. */
attribute_hidden void call_build(SEXP handle, SEXP source, SEXP request);

/* ---- response.c: answers as lists ---- */

/* What came of a request: a crux_response, or a crux_failure. Frees the object unless it may be needed again. */
attribute_hidden SEXP answer_from(SEXP handle);
/* The same of a stream, whose object goes on. */
attribute_hidden SEXP answer_of_stream(SEXP handle);
/* A crux_failure of any object, with a response if there was one. */
attribute_hidden SEXP failure_from(SEXP handle);
/* A fact as a text, or all "headers" or their "names". */
attribute_hidden SEXP texts_of(const void *object, const char *what);
/* Ends with the error that a crux_failure stands for. */
attribute_hidden void end_with(SEXP failure);

/* ---- lazy.c: what is asked of libcrux when R first looks at it ---- */

attribute_hidden void lazy_begin(DllInfo *library);
/* What texts_of would return. */
attribute_hidden SEXP lazy_texts_of(SEXP handle, const char *what);
/* The values of the headers, with their names. */
attribute_hidden SEXP lazy_headers_of(SEXP handle);

#endif
