/* Answers as lists of R: all is copied once, and the object of libcrux freed unless it may be needed again. */
#include <string.h>

#include "glue.h"

/* A vector that all may share, since R copies it before it is changed. */
static SEXP shared(SEXP vector)
{
    R_PreserveObject(vector);
    MARK_NOT_MUTABLE(vector);
    return vector;
}

/* The names or the values of all headers; what libcrux lends is asked for once. */
static SEXP each_header(const void *object, int names)
{
    size_t count = 0, room = 32;
    const char *few[32], **lent = few;
    while (crux_header_at(object, count, names ? &lent[count] : NULL, names ? NULL : &lent[count]))
        if (++count == room) {
            const char **more = (const char **)R_alloc(2 * room, sizeof *lent);
            memcpy(more, lent, room * sizeof *lent);
            lent = more;
            room *= 2;
        }
    SEXP texts = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)count));
    for (size_t i = 0; i < count; i++)
        SET_STRING_ELT(texts, (R_xlen_t)i, string_from(lent[i]));
    UNPROTECT(1);
    return texts;
}

SEXP texts_of(const void *object, const char *what)
{
    if (!strcmp(what, "headers"))
        return each_header(object, 0);
    return strcmp(what, "names") ? text_from(crux_info(object, what)) : each_header(object, 1);
}

/* What may be asked of libcrux later is not asked before. */
static SEXP texts_from(SEXP handle, const char *what, int keep)
{
    return keep ? lazy_texts_of(handle, what) : texts_of(R_ExternalPtrAddr(handle), what);
}

/* The headers as a named vector. */
static SEXP headers_from(SEXP handle, int keep)
{
    static SEXP class;
    if (!class)
        class = shared(Rf_mkString("crux_headers"));
    SEXP values = PROTECT(keep ? lazy_headers_of(handle) : texts_of(R_ExternalPtrAddr(handle), "headers"));
    if (!keep)
        Rf_setAttrib(values, R_NamesSymbol, texts_of(R_ExternalPtrAddr(handle), "names"));
    Rf_setAttrib(values, R_ClassSymbol, class);
    UNPROTECT(1);
    return values;
}

static SEXP number_of(const void *object, const char *name, double unit)
{
    int64_t number = crux_number(object, name);
    return Rf_ScalarReal(number < 0 ? NA_REAL : (double)number / unit);
}

static SEXP count_of(const void *object, const char *name)
{
    int64_t number = crux_number(object, name);
    return Rf_ScalarInteger(number < 0 ? NA_INTEGER : (int)number);
}

static SEXP flag_of(const void *object, const char *name) { return Rf_ScalarLogical(crux_number(object, name) == 1); }

/* A list with the names and the class of a response, to be copied. */
static SEXP blank_response(void)
{
    static const char *const members[] = {"status", "headers", "body",     "url",    "location",
                                          "result", "warning", "attempts", "handle", ""};
    static SEXP blank;
    if (!blank) {
        SEXP list = PROTECT(Rf_mkNamed(VECSXP, (const char **)members));
        Rf_setAttrib(list, R_ClassSymbol, Rf_mkString("crux_response"));
        blank = shared(list);
        UNPROTECT(1);
    }
    return blank;
}

/* Where the members stand. */
enum { IN_STATUS, IN_HEADERS, IN_BODY, IN_URL, IN_LOCATION, IN_RESULT, IN_WARNING, IN_ATTEMPTS, IN_HANDLE, IN_ALL };

static SEXP response_from(SEXP handle, int keep)
{
    const void *object = R_ExternalPtrAddr(handle);
    size_t length;
    const char *body = crux_body(object, &length);
    if (keep)
        handle_is_lazy(handle);
    SEXP list = PROTECT(Rf_shallow_duplicate(blank_response()));
    SET_VECTOR_ELT(list, IN_STATUS, Rf_ScalarInteger(crux_status(object)));
    SET_VECTOR_ELT(list, IN_HEADERS, headers_from(handle, keep));
    SET_VECTOR_ELT(list, IN_BODY, Rf_allocVector(RAWSXP, (R_xlen_t)length));
    if (length)
        memcpy(RAW(VECTOR_ELT(list, IN_BODY)), body, length);
    SET_VECTOR_ELT(list, IN_URL, texts_from(handle, "url", keep));
    SET_VECTOR_ELT(list, IN_LOCATION, texts_from(handle, "location", keep));
    SET_VECTOR_ELT(list, IN_RESULT, texts_from(handle, "result", keep));
    SET_VECTOR_ELT(list, IN_WARNING, texts_from(handle, "warning", keep));
    SET_VECTOR_ELT(list, IN_ATTEMPTS, count_of(object, "attempts"));
    SET_VECTOR_ELT(list, IN_HANDLE, keep ? handle : R_NilValue);
    UNPROTECT(1);
    return list;
}

/* A document has links to follow, a next page, or a job to wait for, and libcrux needs the response for that. Other
 * bodies have none of these, and may be large. */
static int is_document(const void *object)
{
    const char *type = crux_header(object, "content-type", 0);
    size_t length;
    crux_body(object, &length);
    return length == 0 || (type && strstr(type, "json"));
}

SEXP failure_from(SEXP handle)
{
    static const char *const members[] = {"code",       "status",      "message",  "server_message", "retryable",
                                          "maybe_sent", "retry_after", "attempts", "response",       ""};
    const void *object = R_ExternalPtrAddr(handle);
    SEXP list = PROTECT(Rf_mkNamed(VECSXP, (const char **)members));
    SET_VECTOR_ELT(list, 0, Rf_ScalarInteger(crux_code(object)));
    SET_VECTOR_ELT(list, 1, Rf_ScalarInteger(crux_status(object)));
    SET_VECTOR_ELT(list, 2, text_from(crux_message(object)));
    SET_VECTOR_ELT(list, 3, text_from(crux_info(object, "server_message")));
    SET_VECTOR_ELT(list, 4, flag_of(object, "retryable"));
    SET_VECTOR_ELT(list, 5, flag_of(object, "maybe_sent"));
    SET_VECTOR_ELT(list, 6, number_of(object, "retry_after_ms", 1000));
    SET_VECTOR_ELT(list, 7, count_of(object, "attempts"));
    SET_VECTOR_ELT(list, 8, crux_status(object) ? response_from(handle, 0) : R_NilValue);
    Rf_setAttrib(list, R_ClassSymbol, Rf_mkString("crux_failure"));
    handle_free(handle);
    UNPROTECT(1);
    return list;
}

void end_with(SEXP failure)
{
    SEXP call = PROTECT(Rf_lang2(Rf_install("answer"), failure));
    Rf_eval(call, package());
    UNPROTECT(1);
}

SEXP answer_from(SEXP handle)
{
    const void *object = R_ExternalPtrAddr(handle);
    if (crux_code(object) != CRUX_OK)
        return failure_from(handle);
    int keep = is_document(object);
    SEXP response = PROTECT(response_from(handle, keep));
    if (!keep)
        handle_free(handle);
    UNPROTECT(1);
    return response;
}

SEXP answer_of_stream(SEXP handle)
{
    if (crux_code(R_ExternalPtrAddr(handle)) != CRUX_OK)
        return failure_from(handle);
    return response_from(handle, 0);
}

/* The body of a response as a text that jsonlite can read as it is; NULL if it cannot, and for all that is not just a
 * crux_response as it was made. */
SEXP attribute_hidden r_json_of(SEXP x)
{
    if (TYPEOF(x) != VECSXP || XLENGTH(x) != IN_ALL || XLENGTH(Rf_getAttrib(x, R_ClassSymbol)) != 1 ||
        !Rf_inherits(x, "crux_response"))
        return R_NilValue;
    SEXP body = VECTOR_ELT(x, IN_BODY);
    if (TYPEOF(body) != RAWSXP || XLENGTH(body) == 0 || has_nul(body))
        return R_NilValue;
    return r_text(body);
}
