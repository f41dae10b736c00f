/* Objects of libcrux in R: an external pointer each, whose finalizer may run in any order and at exit. */
#include "glue.h"

void handle_free(SEXP handle)
{
    if (TYPEOF(handle) != EXTPTRSXP)
        return;
    void *object = R_ExternalPtrAddr(handle);
    R_ClearExternalPtr(handle);
    if (object)
        crux_free(object);
}

static void free_protected(SEXP later) { handle_free(R_ExternalPtrProtected(later)); }

/* What has lazy members lives until the next collection: the finalizers of R that run together with this one may look at
 * them. */
static void finalize(SEXP handle)
{
    if (R_ExternalPtrTag(handle) == R_NilValue) {
        handle_free(handle);
        return;
    }
    SEXP later = PROTECT(R_MakeExternalPtr(NULL, R_NilValue, handle));
    R_RegisterCFinalizerEx(later, free_protected, FALSE);
    UNPROTECT(1);
}

SEXP handle_new(SEXP keep)
{
    SEXP handle = PROTECT(R_MakeExternalPtr(NULL, R_NilValue, keep));
    R_RegisterCFinalizerEx(handle, finalize, TRUE);
    UNPROTECT(1);
    return handle;
}

void handle_is_lazy(SEXP handle) { R_SetExternalPtrTag(handle, R_NamesSymbol); }

void *object_of(SEXP handle, const char *what)
{
    if (TYPEOF(handle) != EXTPTRSXP)
        refuse("This is no %s of libcrux.", what);
    void *object = R_ExternalPtrAddr(handle);
    if (!object)
        refuse("The %s was closed, or comes from another session of R.", what);
    return object;
}

SEXP attribute_hidden r_close(SEXP handle)
{
    handle_free(handle);
    return R_NilValue;
}

SEXP attribute_hidden r_is_open(SEXP handle)
{
    return Rf_ScalarLogical(TYPEOF(handle) == EXTPTRSXP && R_ExternalPtrAddr(handle));
}
