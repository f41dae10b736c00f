/* What .Call may call. */
#include "glue.h"

extern SEXP r_load(SEXP), r_version(void), r_soname(void);
extern SEXP r_login(SEXP, SEXP, SEXP, SEXP, SEXP), r_set_token(SEXP, SEXP), r_facts(SEXP);
extern SEXP r_close(SEXP), r_is_open(SEXP);
extern SEXP r_request(SEXP, SEXP, SEXP), r_send(SEXP, SEXP, SEXP, SEXP), r_send_all(SEXP, SEXP, SEXP);
extern SEXP r_stream(SEXP, SEXP), r_text(SEXP), r_has_nul(SEXP), r_json(SEXP), r_json_of(SEXP);

#define ROUTINE(name, count) {#name, (DL_FUNC)&name, count}

static const R_CallMethodDef routines[] = {
    ROUTINE(r_load, 1),    ROUTINE(r_version, 0),   ROUTINE(r_soname, 0),   ROUTINE(r_login, 5),
    ROUTINE(r_facts, 1),   ROUTINE(r_set_token, 2), ROUTINE(r_close, 1),    ROUTINE(r_is_open, 1),
    ROUTINE(r_request, 3), ROUTINE(r_send, 4),      ROUTINE(r_send_all, 3), ROUTINE(r_stream, 2),
    ROUTINE(r_text, 1),    ROUTINE(r_has_nul, 1),   ROUTINE(r_json, 1),     ROUTINE(r_json_of, 1),
    {NULL, NULL, 0},
};

void attribute_visible R_init_libcrux(DllInfo *library)
{
    remember_the_thread_of_r();
    lazy_begin(library);
    R_registerRoutines(library, NULL, routines, NULL, NULL);
    R_useDynamicSymbols(library, FALSE);
    R_forceSymbols(library, TRUE);
}
