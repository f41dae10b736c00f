/* Clients: login, the session, what is known of them. */
#include <string.h>

#include "glue.h"

static void release(void *function)
{
    /* Elsewhere R must not be touched; what stays is one closure. */
    if (on_the_thread_of_r())
        R_ReleaseObject((SEXP)function);
}

/* The handle of a client, or a crux_failure. `account` is NULL, or what is added to the names of the variables; `log` and
 * `source`, of tokens, are functions or NULL. */
SEXP attribute_hidden r_login(SEXP settings, SEXP account, SEXP log, SEXP level, SEXP source)
{
    SEXP names = PROTECT(Rf_getAttrib(settings, R_NamesSymbol));
    SEXP held = PROTECT(handle_new(R_NilValue));
    crux_options *options = crux_options_new();
    R_SetExternalPtrAddr(held, options);

    int32_t code = CRUX_OK;
    for (R_xlen_t i = 0; i < XLENGTH(settings) && code == CRUX_OK; i++) {
        const char *key = utf8_of(STRING_ELT(names, i), "name of an option");
        code = crux_options_set(options, key, utf8_of(STRING_ELT(settings, i), key));
    }
    if (code == CRUX_OK && !Rf_isNull(account)) {
        const char *name = text_of(account, "account");
        code = crux_options_env(options, *name ? name : NULL);
    }
    if (code == CRUX_OK)
        code = crux_options_tick(options, wait_tick, NULL, NULL);
    if (code == CRUX_OK && !Rf_isNull(log)) {
        R_PreserveObject(log);
        code = crux_options_log(options, Rf_asInteger(level), wait_log, log, release);
    }
    if (code == CRUX_OK && !Rf_isNull(source)) {
        R_PreserveObject(source);
        code = crux_options_token(options, token_fetch, source, release);
    }
    if (code != CRUX_OK) {
        SEXP failure = failure_from(held);
        UNPROTECT(2);
        return failure;
    }

    SEXP handle = PROTECT(handle_new(source));
    struct wait wait;
    wait_begin(&wait, R_NilValue, 0);
    R_SetExternalPtrAddr(handle, crux_login_with(options));
    wait_end(&wait, handle);
    handle_free(held);
    SEXP result = handle;
    if (crux_code(R_ExternalPtrAddr(handle)) != CRUX_OK)
        result = failure_from(handle);
    UNPROTECT(3);
    return result;
}

SEXP attribute_hidden r_set_token(SEXP handle, SEXP token)
{
    const char *text = text_of(token, "token");
    if (crux_set_token(object_of(handle, "client"), text) != CRUX_OK)
        refuse("The token is empty, or holds what cannot stand in a header.");
    return R_NilValue;
}

/* All facts as a JSON object. */
SEXP attribute_hidden r_facts(SEXP handle)
{
    void *object = object_of(handle, "object");
    size_t size = crux_copy(object, "facts", NULL, 0);
    SEXP bytes = PROTECT(Rf_allocVector(RAWSXP, (R_xlen_t)size));
    size_t now = crux_copy(object, "facts", RAW(bytes), size);
    SEXP facts = now == size ? bytes : Rf_lengthgets(bytes, (R_xlen_t)(now < size ? now : size));
    UNPROTECT(1);
    return facts;
}
