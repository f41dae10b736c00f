/* R while a function of libcrux waits: interrupts, time limits, events, progress, the log, a body that R supplies. */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "glue.h"

static struct wait *innermost;
static pthread_t thread_of_r;

void remember_the_thread_of_r(void) { thread_of_r = pthread_self(); }

int on_the_thread_of_r(void) { return pthread_equal(thread_of_r, pthread_self()); }

void wait_begin(struct wait *wait, SEXP progress, int phase)
{
    memset(wait, 0, sizeof *wait);
    wait->token = PROTECT(R_MakeUnwindCont());
    wait->progress = progress;
    wait->phase = phase;
    wait->outer = innermost;
    innermost = wait;
}

struct wait *wait_innermost(void) { return innermost; }

void wait_end(struct wait *wait, SEXP handle)
{
    innermost = wait->outer;
    if (wait->jumped) {
        handle_free(handle);
        R_ContinueUnwind(wait->token);
    }
    UNPROTECT(1);
}

/* ---- R under a net ---- */

static void leave(void *back, Rboolean jump)
{
    if (jump)
        longjmp(*(jmp_buf *)back, 1);
}

/* Runs `function`; what would jump out of it, an error, an interrupt, a restart, is kept in the token. */
static SEXP under_net(struct wait *wait, SEXP (*function)(void *), void *data)
{
    jmp_buf back;
    if (wait->jumped)
        return NULL;
    wait->busy = 1;
    if (setjmp(back)) {
        wait->busy = 0;
        wait->jumped = 1;
        innermost = wait; /* if R jumped out of a wait of the hook as well */
        return NULL;
    }
    SEXP value = R_UnwindProtect(function, data, leave, &back, wait->token);
    wait->busy = 0;
    return value;
}

static SEXP evaluate(void *call) { return Rf_eval((SEXP)call, package()); }

SEXP wait_eval(struct wait *wait, SEXP call) { return under_net(wait, evaluate, call); }

/* ---- the tick ---- */

static SEXP check_interrupt(void *unused)
{
    R_CheckUserInterrupt();
    return R_NilValue;
}

/* What R serves at its prompt: the event handlers of graphics windows and their like. */
static SEXP serve_events(void *unused)
{
    SEXP call = PROTECT(Rf_lang1(Rf_install("serve_events")));
    Rf_eval(call, package());
    UNPROTECT(1);
    return R_NilValue;
}

static int some_time_is_over(void)
{
    static struct timespec last;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if ((now.tv_sec - last.tv_sec) * 1000 + (now.tv_nsec - last.tv_nsec) / 1000000 < 50)
        return 0;
    last = now;
    return 1;
}

int wait_tell(struct wait *wait, int64_t done, int64_t total)
{
    if (Rf_isNull(wait->progress) || (wait->told && wait->done == done))
        return 1;
    wait->told = 1;
    wait->done = done;
    SEXP first = PROTECT(Rf_ScalarReal(done < 0 ? NA_REAL : (double)done));
    SEXP second = PROTECT(Rf_ScalarReal(total < 0 ? NA_REAL : (double)total));
    SEXP call = PROTECT(Rf_lang3(wait->progress, first, second));
    SEXP said = wait_eval(wait, call);
    UNPROTECT(3);
    if (said && TYPEOF(said) == LGLSXP && XLENGTH(said) == 1 && LOGICAL(said)[0] == FALSE)
        wait->stopped = 1;
    return said && !wait->stopped;
}

int32_t wait_tick(void *context, int32_t phase, int64_t done, int64_t total)
{
    struct wait *wait = innermost;
    if (!wait || wait->busy || !on_the_thread_of_r())
        return 0;
    if (wait->stopped || !under_net(wait, some_time_is_over() ? serve_events : check_interrupt, NULL))
        return 1;
    return phase == wait->phase && !wait_tell(wait, done, total);
}

/* ---- the log and the body ---- */

/* `context` is a function that R/login.R has wrapped: it turns an error of the hook into a warning. While a hook runs,
 * the collector may free a client that has something to say: that is lost, for the token is in use. */
void wait_log(void *context, int32_t level, const char *line)
{
    struct wait *wait = innermost;
    if (!wait || wait->jumped || wait->busy || !on_the_thread_of_r())
        return;
    SEXP number = PROTECT(Rf_ScalarInteger(level));
    SEXP text = PROTECT(text_from(line));
    SEXP call = PROTECT(Rf_lang3((SEXP)context, number, text));
    wait_eval(wait, call);
    UNPROTECT(3);
}

/* `context` is a function that R/request.R has made: it returns at most as many bytes as it is asked for. */
ptrdiff_t wait_read(void *context, void *buffer, size_t capacity)
{
    struct wait *wait = innermost;
    if (!wait || !on_the_thread_of_r())
        return -1;
    SEXP number = PROTECT(Rf_ScalarReal((double)capacity));
    SEXP call = PROTECT(Rf_lang2((SEXP)context, number));
    SEXP bytes = wait_eval(wait, call);
    UNPROTECT(2);
    if (!bytes || TYPEOF(bytes) != RAWSXP || (size_t)XLENGTH(bytes) > capacity)
        return -1;
    memcpy(buffer, RAW(bytes), (size_t)XLENGTH(bytes));
    return (ptrdiff_t)XLENGTH(bytes);
}
