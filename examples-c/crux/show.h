/*
 * What crux prints: bodies, parts of them, heads, and the log.
 */
#ifndef SHOW_H
#define SHOW_H

#include "bar.h"
#include "wish.h"

#include <ctype.h>

static struct bar bar;

static void take_line(void *context, int32_t level, const char *line)
{
    static const char *const names[] = {"", "error", "warning", "info", "debug", "trace"};
    const struct wish *wish = context;

    if (level == CRUX_LOG_ERROR && wish->level <= CRUX_LOG_WARNING)
        return; /* the outcome reports the same */
    wipe_bar(&bar);
    fprintf(stderr, "crux: %s: %s\n", names[level >= 1 && level <= 5 ? level : 0], line);
}

/* Prints a text that may hold credentials in the query of a URL, without them. */
static void print_url(FILE *out, const char *url)
{
    size_t length = strcspn(url, "?#");

    fprintf(out, "%.*s%s\n", (int)length, url, url[length] == '?' ? "?..." : "");
}

/* Returns true if a header may hold a credential: what people show each other must not. */
static int is_secret(const char *name)
{
    static const char *const parts[] = {"cookie", "token", "auth", "secret", "key", "signature", "session", "pass",
        "pwd", "credential"};
    char lower[64];
    size_t i;

    for (i = 0; name[i] != '\0' && i + 1 < sizeof lower; i++)
        lower[i] = (char)tolower((unsigned char)name[i]);
    lower[i] = '\0';
    for (i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(lower, parts[i]) != NULL)
            return 1;
    return 0;
}

/* Returns true if it may be a URL with parameters, be it absolute, relative or in angle brackets. */
static int has_parameters(const char *value)
{
    const char *query = strpbrk(value, "?#");

    return query != NULL && strchr(query, '=') != NULL;
}

static void show_header(const char *mark, const char *name, const char *value)
{
    fprintf(stderr, "%s %s: ", mark, name);
    if (is_secret(name))
        fputs("(not shown)\n", stderr);
    else if (has_parameters(value))
        print_url(stderr, value);
    else
        fprintf(stderr, "%s\n", value);
}

/* -v: the head of the request as far as it was given here, and the head of the response. */
static void show_heads(const struct wish *wish, const char *method, const crux_response *response)
{
    const char *name, *value, *url = crux_info(response, "url");
    size_t i;

    wipe_bar(&bar);
    fprintf(stderr, "> %s ", method);
    print_url(stderr, url != NULL ? url : wish->path);
    for (i = 0; i < wish->item_count; i++)
        if (wish->items[i].kind == HEADER)
            show_header(">", wish->items[i].name, wish->items[i].value);
    if (wish->body_file != NULL)
        fprintf(stderr, "> (the body is the file %s, %s)\n", wish->body_file, wish->body_type);
    else if (wish->is_form)
        fputs("> (the body is a form)\n", stderr);
    else if (wish->has_body)
        fprintf(stderr, "> (the body has %lu bytes)\n", (unsigned long)wish->body.size);
    if (crux_status(response) != 0)
        fprintf(stderr, "< HTTP %d\n", (int)crux_status(response));
    for (i = 0; crux_header_at(response, i, &name, &value); i++)
        show_header("<", name, value);
    fprintf(stderr, "< (%ld ms, attempts: %ld)\n", (long)crux_number(response, "elapsed_ms"),
        (long)crux_number(response, "attempts"));
}

static void print_json(const char *json)
{
    json_walk(skip_blanks(json), 0, stdout);
    putchar('\n');
}

/* --json POINTER: a text as it is, anything else as JSON. */
static int32_t print_part(const struct wish *wish, const crux_response *response)
{
    const char *text = crux_json_text(response, wish->pointer);
    size_t length = strlen(wish->pointer) + sizeof "json:", size;
    char *what, *whole;

    if (text == NULL) {
        if (crux_json_type(response, "") == CRUX_JSON_NONE)
            fail("the response is not JSON", crux_info(response, "json_error"));
        else
            fail("nothing stands there in the response", wish->pointer);
        return CRUX_ERR_PROTOCOL;
    }
    if (crux_json_type(response, wish->pointer) != CRUX_JSON_STRING) {
        print_json(text);
        return CRUX_OK;
    }
    /* A text may hold a NUL, which only a copy shows. */
    what = malloc(length);
    if (what == NULL)
        return fail(no_memory, NULL);
    sprintf(what, "json:%s", wish->pointer);
    size = crux_copy(response, what, NULL, 0);
    whole = malloc(size + 1);
    if (whole != NULL && crux_copy(response, what, whole, size + 1) == size)
        fwrite(whole, 1, size, stdout);
    putchar('\n');
    free(whole);
    free(what);
    return CRUX_OK;
}

static int32_t print_response(const struct wish *wish, const crux_response *response)
{
    const char *name, *value, *body, *bold = wish->is_coloured ? "\033[1m" : "";
    const char *plain = wish->is_coloured ? "\033[0m" : "";
    size_t size, i;

    body = crux_body(response, &size);
    if (wish->include && crux_status(response) != 0) {
        printf("%sHTTP %d%s\n", bold, (int)crux_status(response), plain);
        for (i = 0; crux_header_at(response, i, &name, &value); i++)
            printf("%s%s%s: %s\n", bold, name, plain, value);
        putchar('\n');
    }
    if (wish->pointer != NULL && crux_code(response) == CRUX_OK)
        return print_part(wish, response);
    /* A body with a NUL inside is not text, so it is not JSON either. */
    if (!wish->raw && strlen(body) == size && json_is_valid(body))
        print_json(body);
    else
        fwrite(body, 1, size, stdout);
    return CRUX_OK;
}

#endif
