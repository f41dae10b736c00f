/* Members of a response that are asked of libcrux when R first looks at them. Each holds the handle until then. */
#include "glue.h"

#include <R_ext/Altrep.h>

static R_altrep_class_t lazy_texts;

/* data1 is the handle, or the vector once it was made; data2 is the symbol of what it shows. */
static SEXP made(SEXP lazy)
{
    SEXP data = R_altrep_data1(lazy);
    if (TYPEOF(data) == EXTPTRSXP) {
        data = PROTECT(texts_of(R_ExternalPtrAddr(data), CHAR(PRINTNAME(R_altrep_data2(lazy)))));
        R_set_altrep_data1(lazy, data);
        UNPROTECT(1);
    }
    return data;
}

static R_xlen_t length_of(SEXP lazy) { return Rf_xlength(made(lazy)); }

static SEXP element(SEXP lazy, R_xlen_t i) { return STRING_ELT(made(lazy), i); }

static void set_element(SEXP lazy, R_xlen_t i, SEXP string) { SET_STRING_ELT(made(lazy), i, string); }

static void *pointer(SEXP lazy, Rboolean writable) { return (void *)STRING_PTR_RO(made(lazy)); }

static const void *pointer_or_null(SEXP lazy)
{
    SEXP data = R_altrep_data1(lazy);
    return TYPEOF(data) == STRSXP ? STRING_PTR_RO(data) : NULL;
}

void lazy_begin(DllInfo *library)
{
    lazy_texts = R_make_altstring_class("crux_lazy", "libcrux", library);
    R_set_altrep_Length_method(lazy_texts, length_of);
    R_set_altvec_Dataptr_method(lazy_texts, pointer);
    R_set_altvec_Dataptr_or_null_method(lazy_texts, pointer_or_null);
    R_set_altstring_Elt_method(lazy_texts, element);
    R_set_altstring_Set_elt_method(lazy_texts, set_element);
}

SEXP lazy_texts_of(SEXP handle, const char *what) { return R_new_altrep(lazy_texts, handle, Rf_install(what)); }

/* Empty until they have the handle: R compares the lengths of a vector and of its names. */
SEXP lazy_headers_of(SEXP handle)
{
    SEXP values = PROTECT(lazy_texts_of(R_NilValue, "headers"));
    SEXP names = PROTECT(lazy_texts_of(R_NilValue, "names"));
    Rf_setAttrib(values, R_NamesSymbol, names);
    R_set_altrep_data1(values, handle);
    R_set_altrep_data1(names, handle);
    UNPROTECT(2);
    return values;
}
