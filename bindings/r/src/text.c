/* Texts in and out. */
#ifndef _WIN32
#include <langinfo.h>
#endif
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "glue.h"

SEXP package(void)
{
    static SEXP environment;
    if (!environment) {
        SEXP name = PROTECT(Rf_mkString("libcrux"));
        environment = R_FindNamespace(name);
        R_PreserveObject(environment);
        UNPROTECT(1);
    }
    return environment;
}

void refuse(const char *format, ...)
{
    char text[512];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    SEXP message = PROTECT(text_from(text));
    SEXP call = PROTECT(Rf_lang2(Rf_install("refuse"), message));
    Rf_eval(call, package());
    UNPROTECT(2);
}

/* How many bytes the character at `at` has; 0 if it is none. RFC 3629: no surrogate, nothing longer than need be. */
static size_t character(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t first;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t more = 0; more < 4; more++) {
        if ((at[0] & forms[more].mask) != forms[more].lead)
            continue;
        uint32_t code = at[0] & (unsigned char)~forms[more].mask;
        if (left <= more)
            return 0;
        for (size_t i = 1; i <= more; i++) {
            if ((at[i] & 0xc0) != 0x80)
                return 0;
            code = code << 6 | (at[i] & 0x3f);
        }
        return code < forms[more].first || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0 : more + 1;
    }
    return 0;
}

int is_utf8(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes, *end = at + length;
    while (at < end) {
        size_t used = *at < 0x80 ? 1 : character(at, (size_t)(end - at));
        if (!used)
            return 0;
        at += used;
    }
    return 1;
}

/* Whether what R holds in the encoding of the session is taken as it is: where that is UTF-8, and in the locale "C" of
 * cron and containers, where it is most likely UTF-8 too. R would write what is not valid as "<ff>". */
static int taken_as_it_is(void)
{
#ifdef _WIN32
    return 0;
#else
    const char *codes = nl_langinfo(CODESET);
    return !strcmp(codes, "UTF-8") || !strcmp(codes, "ANSI_X3.4-1968");
#endif
}

static int is_valid_in_its_encoding(SEXP string)
{
    SEXP vector = PROTECT(Rf_ScalarString(string));
    SEXP call = PROTECT(Rf_lang2(Rf_install("validEnc"), vector));
    SEXP valid = Rf_eval(call, R_BaseEnv);
    UNPROTECT(2);
    return Rf_asLogical(valid) == TRUE;
}

static int is_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80)
        text++;
    return !*text;
}

const char *utf8_of(SEXP string, const char *what)
{
    if (string == NA_STRING)
        refuse("The %s is NA.", what);
    if (Rf_getCharCE(string) == CE_BYTES)
        refuse("The %s has no encoding: give it as text.", what);
    const char *text = CHAR(string);
    if (is_ascii(text))
        return text;
    if (Rf_getCharCE(string) != CE_NATIVE || !taken_as_it_is()) {
        if (!is_valid_in_its_encoding(string))
            refuse("The %s is not valid in its encoding.", what);
        text = Rf_translateCharUTF8(string);
    }
    if (!is_utf8(text, strlen(text)))
        refuse("The %s is not valid in its encoding.", what);
    return text;
}

const char *text_of(SEXP vector, const char *what)
{
    if (Rf_isNull(vector))
        return NULL;
    if (TYPEOF(vector) != STRSXP || XLENGTH(vector) != 1)
        refuse("The %s must be one character string.", what);
    return utf8_of(STRING_ELT(vector, 0), what);
}

SEXP string_from(const char *text)
{
    return Rf_mkCharCE(text, is_utf8(text, strlen(text)) ? CE_UTF8 : CE_LATIN1);
}

SEXP text_from(const char *text)
{
    SEXP string = PROTECT(text ? string_from(text) : NA_STRING);
    SEXP vector = Rf_ScalarString(string);
    UNPROTECT(1);
    return vector;
}

/* The text of a body; NULL if it is no UTF-8 or holds a NUL, which no string of R can. */
SEXP attribute_hidden r_text(SEXP body)
{
    const char *bytes = (const char *)RAW(body);
    size_t length = (size_t)XLENGTH(body);
    if (length > INT_MAX || memchr(bytes, 0, length) || !is_utf8(bytes, length))
        return R_NilValue;
    SEXP string = PROTECT(Rf_mkCharLenCE(bytes, (int)length, CE_UTF8));
    SEXP vector = Rf_ScalarString(string);
    UNPROTECT(1);
    return vector;
}

/* Whether JSON holds the escape of a NUL, which jsonlite would take for the end of a text. */
int has_nul(SEXP body)
{
    const char *at = (const char *)RAW(body), *end = at + XLENGTH(body);
    while ((at = memchr(at, '\\', (size_t)(end - at)))) {
        if (end - at >= 6 && !memcmp(at, "\\u0000", 6))
            return 1;
        at += end - at < 2 ? 1 : 2;
    }
    return 0;
}

SEXP attribute_hidden r_has_nul(SEXP body) { return Rf_ScalarLogical(has_nul(body)); }

