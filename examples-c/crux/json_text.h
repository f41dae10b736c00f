/*
 * JSON as text, for crux.c: a growing text, quoting, and a walker that checks or prints. It converts no numbers
 * and keeps the order, so the output is the server's text, only indented and, on a terminal, coloured.
 */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Real data is never this deep; each level costs stack. */
#define JSON_LEVELS 256

struct text {
    char *data; /* NUL-terminated as soon as something was added */
    size_t size, room;
};

/* Appends bytes. Returns 1, or 0 if there is no memory left. */
static int text_add(struct text *text, const char *bytes, size_t count)
{
    if (text->size + count + 1 > text->room) {
        size_t room = (text->size + count + 64) * 2;
        char *data = realloc(text->data, room);

        if (data == NULL)
            return 0;
        text->data = data;
        text->room = room;
    }
    if (count > 0)
        memcpy(text->data + text->size, bytes, count);
    text->size += count;
    text->data[text->size] = '\0';
    return 1;
}

/* Appends a JSON string. Only quotes, backslashes and control characters need an escape; UTF-8 stays. */
static int text_add_quoted(struct text *text, const char *plain, size_t count)
{
    int good = text_add(text, "\"", 1);
    size_t i;

    for (i = 0; i < count && good; i++) {
        unsigned char c = (unsigned char)plain[i];
        char escape[8] = "";

        if (c == '"' || c == '\\')
            sprintf(escape, "\\%c", c);
        else if (c == '\n')
            strcpy(escape, "\\n");
        else if (c < 0x20 || c == 0x7f)
            sprintf(escape, "\\u%04x", c);
        good = escape[0] != '\0' ? text_add(text, escape, strlen(escape)) : text_add(text, plain + i, 1);
    }
    return good && text_add(text, "\"", 1);
}

/* Whether a text is UTF-8, as JSON has to be: no stray byte, nothing longer than needed, no half of a pair. */
static int is_utf8(const char *text)
{
    static const unsigned long least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;

    while (*at != '\0') {
        int more = *at < 0x80 ? 0 : *at >= 0xc2 && *at < 0xe0 ? 1 : (*at & 0xf0) == 0xe0 ? 2 : (*at & 0xf8) == 0xf0 ? 3 : -1;
        unsigned long code = more <= 0 ? *at : *at & (0x3f >> more);
        int i;

        for (i = 0; i < more; i++) {
            if ((*++at & 0xc0) != 0x80)
                return 0;
            code = code << 6 | (*at & 0x3f);
        }
        if (more < 0 || code < least[more] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
            return 0;
        at++;
    }
    return 1;
}

static void put(FILE *out, const char *bytes, size_t count)
{
    if (out != NULL)
        fwrite(bytes, 1, count, out);
}

static int json_is_coloured;

/* Escape sequences of a terminal: names blue, texts green, everything else as it is. */
static void put_colour(FILE *out, const char *sequence)
{
    if (out != NULL && json_is_coloured)
        fputs(sequence, out);
}

static void put_line(FILE *out, int level)
{
    if (out != NULL)
        fprintf(out, "\n%*s", 4 * level, "");
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

static const char *json_string(const char *at, FILE *out)
{
    const char *end = at + 1;

    for (; *end != '"'; end++) {
        if ((unsigned char)*end < 0x20) /* the NUL at the end included */
            return NULL;
        if (*end != '\\')
            continue;
        if (*++end == '\0' || strchr("\"\\/bfnrtu", *end) == NULL)
            return NULL;
        if (*end == 'u' && strspn(end + 1, "0123456789abcdefABCDEF") < 4)
            return NULL;
    }
    put(out, at, (size_t)(end + 1 - at));
    return end + 1;
}

static const char *json_digits(const char *at)
{
    size_t count = strspn(at, "0123456789");

    return count > 0 ? at + count : NULL;
}

static const char *json_word(const char *at, FILE *out)
{
    static const char *const words[] = {"true", "false", "null"};
    const char *end = at + (*at == '-');
    size_t i;

    for (i = 0; i < 3; i++) {
        size_t length = strlen(words[i]);

        if (strncmp(at, words[i], length) == 0) {
            put(out, at, length);
            return at + length;
        }
    }
    end = *end == '0' ? end + 1 : json_digits(end);
    if (end != NULL && *end == '.')
        end = json_digits(end + 1);
    if (end != NULL && (*end == 'e' || *end == 'E'))
        end = json_digits(end + 1 + (end[1] == '+' || end[1] == '-'));
    if (end != NULL)
        put(out, at, (size_t)(end - at));
    return end;
}

/* Walks one value and prints it if there is an `out`. Returns what follows, or NULL if it is not JSON. */
static const char *json_walk(const char *at, int level, FILE *out)
{
    char close = *at == '{' ? '}' : ']';
    int is_object = *at == '{';

    if (*at == '"') {
        put_colour(out, "\033[32m");
        at = json_string(at, out);
        put_colour(out, "\033[0m");
        return at;
    }
    if (*at != '{' && *at != '[')
        return json_word(at, out);
    if (level == JSON_LEVELS)
        return NULL;
    put(out, at, 1);
    at = skip_blanks(at + 1);
    if (*at == close) {
        put(out, at, 1);
        return at + 1;
    }
    for (;;) {
        put_line(out, level + 1);
        if (is_object) {
            if (*at != '"')
                return NULL;
            put_colour(out, "\033[34m");
            at = json_string(at, out);
            put_colour(out, "\033[0m");
            if (at == NULL || *(at = skip_blanks(at)) != ':')
                return NULL;
            put(out, ": ", 2);
            at = skip_blanks(at + 1);
        }
        at = json_walk(at, level + 1, out);
        if (at == NULL)
            return NULL;
        at = skip_blanks(at);
        if (*at != ',')
            break;
        put(out, ",", 1);
        at = skip_blanks(at + 1);
    }
    if (*at != close)
        return NULL;
    put_line(out, level);
    put(out, at, 1);
    return at + 1;
}

/* Returns true if the whole text is one JSON value. */
static int json_is_valid(const char *text)
{
    const char *end = json_walk(skip_blanks(text), 0, NULL);

    return end != NULL && *skip_blanks(end) == '\0';
}

#endif
