/* Finds libcrux at run time. */
#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif
#include <stdio.h>
#include <string.h>

#include "glue.h"

#define X(result, name, arguments) result(*name) arguments = NULL;
CRUX_FUNCTIONS(X)
#undef X

static const struct {
    const char *name;
    void **place;
} functions[] = {
#define X(result, name, arguments) {#name, (void **)&name},
    CRUX_FUNCTIONS(X)
#undef X
};
#define COUNT (sizeof functions / sizeof *functions)

#ifdef _WIN32
static void *library_open(const char *file) { return (void *)LoadLibraryA(file); }
static void *library_symbol(void *library, const char *name)
{
    return (void *)GetProcAddress((HMODULE)library, name);
}
static void library_close(void *library) { FreeLibrary((HMODULE)library); }
static const char *library_error(void)
{
    static char text[64];
    snprintf(text, sizeof text, "Windows error %lu", GetLastError());
    return text;
}
#else
static void *library_open(const char *file) { return dlopen(file, RTLD_NOW | RTLD_LOCAL); }
static void *library_symbol(void *library, const char *name) { return dlsym(library, name); }
static void library_close(void *library) { dlclose(library); }
static const char *library_error(void) { return dlerror(); }
#endif

/* Says in `why` what is wrong with a library; 0 if it was taken. */
static int take(const char *file, char *why, size_t size)
{
    void *library = library_open(file);
    if (!library) {
        snprintf(why, size, "%s", library_error());
        return -1;
    }
    int32_t (*abi)(void) = NULL;
    *(void **)&abi = library_symbol(library, "crux_abi");
    if (!abi)
        snprintf(why, size, "it is no libcrux, for it has no crux_abi");
    else if (abi() < CRUX_ABI)
        snprintf(why, size, "it is of interface %d, and this package needs %d or later", (int)abi(), CRUX_ABI);
    else {
        void *found[COUNT];
        size_t i;
        for (i = 0; i < COUNT && (found[i] = library_symbol(library, functions[i].name)); i++) {
        }
        if (i == COUNT) {
            for (i = 0; i < COUNT; i++)
                *functions[i].place = found[i];
            return 0;
        }
        snprintf(why, size, "it has no %s", functions[i].name);
    }
    library_close(library);
    return -1;
}

/* TRUE once a library is there; otherwise, of each file, why it was not taken. */
SEXP attribute_hidden r_load(SEXP files)
{
    if (crux_abi)
        return Rf_ScalarLogical(TRUE);
    SEXP reasons = PROTECT(Rf_allocVector(STRSXP, XLENGTH(files)));
    for (R_xlen_t i = 0; i < XLENGTH(files); i++) {
        char why[1024];
        if (take(Rf_translateChar(STRING_ELT(files, i)), why, sizeof why) == 0) {
            UNPROTECT(1);
            return Rf_ScalarLogical(TRUE);
        }
        SET_STRING_ELT(reasons, i, string_from(why));
    }
    UNPROTECT(1);
    return reasons;
}

SEXP attribute_hidden r_version(void) { return text_from(crux_version()); }

/* The name of the library's file, as the system's loader looks for it. */
SEXP attribute_hidden r_soname(void)
{
#ifdef _WIN32
    return Rf_mkString("crux.dll");
#else
    return Rf_mkString(CRUX_SONAME);
#endif
}
