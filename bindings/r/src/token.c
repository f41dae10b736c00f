/* A token that a function of R supplies. It is called on the thread of R: at once if that asks; if a started request asks
 * on a thread of libcrux, as soon as R, which waits for it, looks. */
#include <pthread.h>
#include <string.h>

#include "glue.h"

struct ask {
    SEXP function;
    const char *refused;
    void *buffer;
    size_t capacity;
    ptrdiff_t length;
    int answered;
    struct ask *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t news = PTHREAD_COND_INITIALIZER;
static struct ask *asks;
static SEXP served; /* the function of the client whose started requests R waits for; NULL if there is none */

/* `function` is one that R/login.R has wrapped: it returns at most as many bytes as it is given room for. */
static ptrdiff_t fetch(struct wait *wait, const struct ask *ask)
{
    SEXP refused = PROTECT(ask->refused ? text_from(ask->refused) : R_NilValue);
    SEXP capacity = PROTECT(Rf_ScalarReal((double)ask->capacity));
    SEXP call = PROTECT(Rf_lang3(ask->function, refused, capacity));
    SEXP token = wait_eval(wait, call);
    UNPROTECT(3);
    if (!token || TYPEOF(token) != RAWSXP || (size_t)XLENGTH(token) > ask->capacity)
        return -1;
    memcpy(ask->buffer, RAW(token), (size_t)XLENGTH(token));
    return (ptrdiff_t)XLENGTH(token);
}

/* Asked by a thread of libcrux, which waits as long as R serves. */
static void ask_r(struct ask *ask)
{
    pthread_mutex_lock(&lock);
    ask->answered = served != ask->function;
    ask->next = asks;
    asks = ask;
    while (!ask->answered)
        pthread_cond_wait(&news, &lock);
    struct ask **at = &asks;
    while (*at != ask)
        at = &(*at)->next;
    *at = ask->next;
    pthread_mutex_unlock(&lock);
}

ptrdiff_t token_fetch(void *context, const char *refused, void *buffer, size_t capacity)
{
    struct ask ask = {context, refused, buffer, capacity, -1, 0, NULL};
    if (!on_the_thread_of_r())
        ask_r(&ask);
    else if (wait_innermost())
        return fetch(wait_innermost(), &ask);
    return ask.length;
}

SEXP token_serves(SEXP function)
{
    pthread_mutex_lock(&lock);
    SEXP before = served;
    served = function;
    for (struct ask *ask = asks; ask; ask = ask->next)
        ask->answered |= ask->function != function;
    pthread_cond_broadcast(&news);
    pthread_mutex_unlock(&lock);
    return before;
}

void token_serve(struct wait *wait)
{
    for (;;) {
        pthread_mutex_lock(&lock);
        struct ask *ask = asks;
        while (ask && ask->answered)
            ask = ask->next;
        pthread_mutex_unlock(&lock);
        if (!ask)
            return;
        /* It stays: only this thread lets it go. */
        ptrdiff_t length = fetch(wait, ask);
        pthread_mutex_lock(&lock);
        ask->length = length;
        ask->answered = 1;
        pthread_cond_broadcast(&news);
        pthread_mutex_unlock(&lock);
    }
}
