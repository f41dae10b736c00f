/* A pipe that R watches as it watches a graphics window. */
#include <unistd.h>
#include <R.h>
#include <Rinternals.h>
#include <R_ext/eventloop.h>

static int ends[2], served;

static void serve(void *unused)
{
    char byte;
    if (read(ends[0], &byte, 1) == 1)
        served++;
}

SEXP watch(void)
{
    if (pipe(ends) == 0)
        addInputHandler(R_InputHandlers, ends[0], serve, 9);
    return R_NilValue;
}

SEXP poke(void) { return Rf_ScalarInteger((int)write(ends[1], "x", 1)); }

SEXP count(void) { return Rf_ScalarInteger(served); }
