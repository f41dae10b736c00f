/* A request in the making: from the list of R/request.R to a crux_call, and on its way. */
#include <string.h>

#include "glue.h"

typedef int32_t (*setter)(crux_call *call, const char *name, const char *value);

/* What a setter refuses makes the call fail when it is sent, with its sentence. */
static void set_each(crux_call *call, SEXP pairs, setter set, const char *what)
{
    if (Rf_isNull(pairs))
        return;
    SEXP names = PROTECT(Rf_getAttrib(pairs, R_NamesSymbol));
    for (R_xlen_t i = 0; i < XLENGTH(pairs); i++) {
        const char *name = utf8_of(STRING_ELT(names, i), what);
        set(call, name, utf8_of(STRING_ELT(pairs, i), what));
    }
    UNPROTECT(1);
}

static void set_body(crux_call *call, SEXP body, const char *type)
{
    if (TYPEOF(body) == RAWSXP)
        crux_call_body(call, RAW(body), (ptrdiff_t)XLENGTH(body), type);
    else if (TYPEOF(body) == STRSXP)
        crux_call_body(call, text_of(body, "body"), -1, type);
    else if (Rf_isFunction(body))
        crux_call_source(call, wait_read, body, NULL, -1, type);
}

static SEXP member(SEXP list, const char *name)
{
    SEXP names = Rf_getAttrib(list, R_NamesSymbol);
    for (R_xlen_t i = 0; i < XLENGTH(list); i++)
        if (!strcmp(CHAR(STRING_ELT(names, i)), name))
            return VECTOR_ELT(list, i);
    return R_NilValue;
}

/* A file of the disk, or bytes under a name. */
static crux_call *upload(const crux_client *client, const char *path, SEXP what)
{
    const char *field = text_of(member(what, "field"), "field");
    const char *file = text_of(member(what, "file"), "file");
    const char *type = text_of(member(what, "type"), "type");
    if (file)
        return crux_call_upload(client, path, field, file, type);
    SEXP data = member(what, "data");
    crux_call *call = crux_call_new(client, "POST", path);
    crux_call_part_data(call, field, text_of(member(what, "filename"), "filename"), RAW(data),
                        (ptrdiff_t)XLENGTH(data), type);
    return call;
}

void call_build(SEXP handle, SEXP source, SEXP request)
{
    const char *kind = CHAR(STRING_ELT(VECTOR_ELT(request, AT_KIND), 0));
    const char *method = text_of(VECTOR_ELT(request, AT_METHOD), "method");
    const char *path = text_of(VECTOR_ELT(request, AT_PATH), "path");
    const char *type = text_of(VECTOR_ELT(request, AT_TYPE), "type");
    const void *from = object_of(source, TYPEOF(R_ExternalPtrProtected(source)) == EXTPTRSXP ? "response" : "client");
    crux_call *call;
    if (!strcmp(kind, "follow"))
        call = crux_call_follow(from, method, path);
    else if (!strcmp(kind, "upload"))
        call = upload(from, path, VECTOR_ELT(request, AT_UPLOAD));
    else if (!strcmp(kind, "next"))
        call = crux_call_next(from, object_of(VECTOR_ELT(request, AT_UPLOAD), "page"));
    else if (!strcmp(kind, "await"))
        call = crux_call_await(object_of(R_ExternalPtrProtected(source), "client"), from);
    else if (!strcmp(kind, "logout"))
        call = crux_call_logout(from);
    else if (!strcmp(kind, "reset_password"))
        call = crux_call_reset_password(from, path);
    else
        call = crux_call_new(from, method, path);
    R_SetExternalPtrAddr(handle, call);
    if (!call)
        return;
    set_each(call, VECTOR_ELT(request, AT_FILL), crux_call_fill, "fill");
    set_each(call, VECTOR_ELT(request, AT_QUERY), crux_call_query, "query");
    set_each(call, VECTOR_ELT(request, AT_HEADERS), crux_call_header, "header");
    set_each(call, VECTOR_ELT(request, AT_OPTIONS), crux_call_set, "option");
    set_body(call, VECTOR_ELT(request, AT_BODY), type);
}

/* The client of a source: a response keeps its own. */
static SEXP client_of(SEXP source)
{
    SEXP kept = R_ExternalPtrProtected(source);
    return TYPEOF(kept) == EXTPTRSXP ? kept : source;
}

/* The last tick may have come before the last byte. */
static void tell_the_end(struct wait *wait, const crux_response *response)
{
    if (crux_code(response) != CRUX_OK)
        return;
    if (wait->phase == CRUX_PHASE_RECEIVE)
        wait_tell(wait, crux_number(response, "received"), crux_number(response, "receive_total"));
    else if (wait->phase == CRUX_PHASE_SEND)
        wait_tell(wait, crux_number(response, "sent"), crux_number(response, "send_total"));
    else if (wait->phase == CRUX_PHASE_JOB)
        wait_tell(wait, 100, 100);
}

/* Sends a request: a crux_response, a crux_failure, or NULL after the last page. */
SEXP attribute_hidden r_send(SEXP source, SEXP request, SEXP progress, SEXP phase)
{
    SEXP call = PROTECT(handle_new(R_NilValue));
    call_build(call, source, request);
    if (!R_ExternalPtrAddr(call)) {
        UNPROTECT(1);
        return R_NilValue;
    }
    SEXP handle = PROTECT(handle_new(client_of(source)));
    struct wait wait;
    wait_begin(&wait, progress, Rf_asInteger(phase));
    crux_response *response = crux_call_send(R_ExternalPtrAddr(call));
    R_SetExternalPtrAddr(handle, response);
    tell_the_end(&wait, response);
    wait_end(&wait, handle);
    handle_free(call);
    SEXP answer = answer_from(handle);
    UNPROTECT(2);
    return answer;
}

/* The handle of a crux_client. */
static SEXP handle_of(SEXP client)
{
    if (TYPEOF(client) == VECSXP && XLENGTH(client) == 1 && Rf_inherits(client, "crux_client"))
        return VECTOR_ELT(client, 0);
    /* Quoted: a symbol or a call is no client either, and must not be run. */
    SEXP quoted = PROTECT(Rf_lang2(R_QuoteSymbol, client));
    SEXP call = PROTECT(Rf_lang2(Rf_install("handle_of"), quoted));
    SEXP handle = Rf_eval(call, package());
    UNPROTECT(2);
    return handle;
}

/* A request of nothing but method and path: a crux_response, or an error of R. */
SEXP attribute_hidden r_request(SEXP client, SEXP method, SEXP path)
{
    SEXP source = PROTECT(handle_of(client));
    const crux_client *from = object_of(source, "client");
    const char *verb = text_of(method, "method");
    const char *where = text_of(path, "path");
    SEXP handle = PROTECT(handle_new(source));
    struct wait wait;
    wait_begin(&wait, R_NilValue, 0);
    R_SetExternalPtrAddr(handle, crux_request(from, verb, where, NULL, 0));
    wait_end(&wait, handle);
    SEXP answer = PROTECT(answer_from(handle));
    if (Rf_inherits(answer, "crux_failure"))
        end_with(answer);
    UNPROTECT(3);
    return answer;
}

/* Waits for a started request; 0 if R wants an end. The library itself ticks only once the request has its token. */
static int wait_for(struct wait *wait, const crux_response *response)
{
    while (!crux_wait(response, 50)) {
        token_serve(wait);
        if (wait_tick(NULL, -1, 0, 0))
            return 0;
    }
    return 1;
}

/* Starts all requests at once, and waits for each in turn: a list of what r_send returns. */
SEXP attribute_hidden r_send_all(SEXP client, SEXP requests, SEXP progress)
{
    R_xlen_t count = XLENGTH(requests);
    SEXP handles = PROTECT(Rf_allocVector(VECSXP, count));
    SEXP answers = PROTECT(Rf_allocVector(VECSXP, count));
    for (R_xlen_t i = 0; i < count; i++) {
        SET_VECTOR_ELT(answers, i, handle_new(R_NilValue));
        SET_VECTOR_ELT(handles, i, handle_new(client));
        call_build(VECTOR_ELT(answers, i), client, VECTOR_ELT(requests, i));
    }
    /* Nothing is sent before all are known to be usable for R. One wait for all: between two of them nobody would answer
     * a request that needs a token from R. */
    struct wait wait;
    R_xlen_t done = 0;
    wait_begin(&wait, progress, 0);
    SEXP before = token_serves(R_ExternalPtrProtected(client));
    for (R_xlen_t i = 0; i < count; i++) {
        SEXP call = VECTOR_ELT(answers, i);
        R_SetExternalPtrAddr(VECTOR_ELT(handles, i), crux_call_start(R_ExternalPtrAddr(call)));
        handle_free(call);
    }
    while (done < count && wait_for(&wait, R_ExternalPtrAddr(VECTOR_ELT(handles, done)))) {
        done++;
        if (!wait_tell(&wait, (int64_t)done, (int64_t)count))
            break;
    }
    token_serves(before);
    int ended = wait.jumped || done < count;
    for (R_xlen_t i = 0; i < count && ended; i++)
        handle_free(VECTOR_ELT(handles, i));
    wait_end(&wait, handles);
    for (R_xlen_t i = 0; i < count && !ended; i++)
        SET_VECTOR_ELT(answers, i, answer_from(VECTOR_ELT(handles, i)));
    UNPROTECT(2);
    return ended ? R_NilValue : answers;
}
