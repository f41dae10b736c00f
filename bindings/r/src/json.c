/* Values of R as JSON. jsonlite keeps 15 digits of a number at most; what this sends reads back as the same number. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glue.h"

struct text {
    char *bytes; /* of R_alloc: goes when .Call returns */
    size_t used, size;
};

static void put(struct text *text, const char *bytes, size_t length)
{
    if (length > text->size - text->used) {
        size_t size = 2 * (text->size + length);
        char *larger = R_alloc(size, 1);
        memcpy(larger, text->bytes, text->used);
        text->bytes = larger;
        text->size = size;
    }
    memcpy(text->bytes + text->used, bytes, length);
    text->used += length;
}

static void put_text(struct text *text, const char *string) { put(text, string, strlen(string)); }

static void put_string(struct text *text, SEXP string)
{
    const char *at = utf8_of(string, "text in the JSON body");
    put(text, "\"", 1);
    while (*at) {
        size_t plain = 0;
        while ((unsigned char)at[plain] >= 0x20 && at[plain] != '"' && at[plain] != '\\')
            plain++;
        put(text, at, plain);
        at += plain;
        if (*at) {
            char escape[8];
            const char *found = strchr("\"\"\\\\\nn\tt\rr\bb\ff", *at);
            if (found)
                snprintf(escape, sizeof escape, "\\%c", found[1]);
            else
                snprintf(escape, sizeof escape, "\\u%04x", (unsigned char)*at);
            put_text(text, escape);
            at++;
        }
    }
    put(text, "\"", 1);
}

/* The fewest digits that give the same number again. */
static void put_number(struct text *text, double number)
{
    char digits[32];
    if (ISNA(number)) {
        put_text(text, "null");
        return;
    }
    if (!R_FINITE(number))
        refuse("JSON has no NaN and no infinite numbers.");
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number)
            break;
    }
    put_text(text, digits);
}

/* The package bit64 keeps 64-bit integers as the bits of doubles. */
static void put_integer64(struct text *text, double bits)
{
    char digits[24];
    int64_t whole;
    memcpy(&whole, &bits, sizeof whole);
    snprintf(digits, sizeof digits, "%" PRId64, whole);
    put_text(text, whole == INT64_MIN ? "null" : digits);
}

static void put_element(struct text *text, SEXP vector, R_xlen_t i)
{
    char digits[16];
    switch (TYPEOF(vector)) {
    case LGLSXP:
        put_text(text, LOGICAL(vector)[i] == NA_LOGICAL ? "null" : LOGICAL(vector)[i] ? "true" : "false");
        break;
    case INTSXP:
        snprintf(digits, sizeof digits, "%d", INTEGER(vector)[i]);
        put_text(text, INTEGER(vector)[i] == NA_INTEGER ? "null" : digits);
        break;
    case REALSXP:
        if (Rf_inherits(vector, "integer64"))
            put_integer64(text, REAL(vector)[i]);
        else
            put_number(text, REAL(vector)[i]);
        break;
    case STRSXP:
        if (STRING_ELT(vector, i) == NA_STRING)
            put_text(text, "null");
        else
            put_string(text, STRING_ELT(vector, i));
        break;
    default:
        refuse("A value of type %s cannot be sent as JSON.", Rf_type2char(TYPEOF(vector)));
    }
}

static void put_value(struct text *text, SEXP value);

/* A list or a vector as an object if it has names, else as an array. */
static void put_members(struct text *text, SEXP list)
{
    SEXP names = PROTECT(Rf_getAttrib(list, R_NamesSymbol));
    int is_object = !Rf_isNull(names);
    put(text, is_object ? "{" : "[", 1);
    for (R_xlen_t i = 0; i < XLENGTH(list); i++) {
        if (i > 0)
            put(text, ",", 1);
        if (is_object) {
            if (!*CHAR(STRING_ELT(names, i)))
                refuse("Some members of a list or vector have names and others have none.");
            put_string(text, STRING_ELT(names, i));
            put(text, ":", 1);
        }
        if (TYPEOF(list) == VECSXP)
            put_value(text, VECTOR_ELT(list, i));
        else
            put_element(text, list, i);
    }
    put(text, is_object ? "}" : "]", 1);
    UNPROTECT(1);
}

/* One value is itself, none or several are an array, and named ones an object; I() makes an array of any. */
static void put_vector(struct text *text, SEXP vector)
{
    if (!Rf_isVectorAtomic(vector))
        refuse("A value of type %s cannot be sent as JSON.", Rf_type2char(TYPEOF(vector)));
    if (!Rf_inherits(vector, "AsIs") && !Rf_isNull(Rf_getAttrib(vector, R_NamesSymbol))) {
        put_members(text, vector);
        return;
    }
    int boxed = XLENGTH(vector) != 1 || Rf_inherits(vector, "AsIs");
    if (boxed)
        put(text, "[", 1);
    for (R_xlen_t i = 0; i < XLENGTH(vector); i++) {
        if (i > 0)
            put(text, ",", 1);
        put_element(text, vector, i);
    }
    if (boxed)
        put(text, "]", 1);
}

static void put_value(struct text *text, SEXP value)
{
    R_CheckStack();
    if (Rf_inherits(value, "json") && TYPEOF(value) == STRSXP && XLENGTH(value) == 1) {
        put_text(text, utf8_of(STRING_ELT(value, 0), "JSON"));
        return;
    }
    int is_number = TYPEOF(value) == REALSXP && Rf_inherits(value, "integer64");
    int has_class = OBJECT(value) && !Rf_inherits(value, "AsIs") && !is_number;
    if (has_class || !Rf_isNull(Rf_getAttrib(value, R_DimSymbol))) {
        SEXP call = PROTECT(Rf_lang2(Rf_install("plain"), value));
        SEXP plain = PROTECT(Rf_eval(call, package()));
        put_value(text, plain);
        UNPROTECT(2);
    } else if (Rf_isNull(value))
        put_text(text, "null");
    else if (TYPEOF(value) == VECSXP)
        put_members(text, value);
    else
        put_vector(text, value);
}

SEXP attribute_hidden r_json(SEXP value)
{
    struct text text = {R_alloc(256, 1), 0, 256};
    put_value(&text, value);
    SEXP bytes = Rf_allocVector(RAWSXP, (R_xlen_t)text.used);
    memcpy(RAW(bytes), text.bytes, text.used);
    return bytes;
}
