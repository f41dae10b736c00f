/*
 * A request as one text, so that it crosses from JavaScript once: pieces, each with a NUL behind it. A piece is one
 * letter that says what follows, or '=' and a text, or '-' for NULL. JavaScript lets no NUL into a text.
 */

#include "addon.h"

void pieces_open(pieces *these, napi_env env, napi_value value)
{
    size_t length = 0;

    these->owned = NULL;
    these->at = these->small;
    napi_get_value_string_utf8(env, value, these->small, sizeof these->small, &length);
    /* A character that did not fit whole is left out. */
    if (length + 4 >= sizeof these->small) {
        napi_get_value_string_utf8(env, value, NULL, 0, &length);
        these->at = these->owned = malloc(length + 1);
        napi_get_value_string_utf8(env, value, these->owned, length + 1, &length);
    }
    these->end = these->at + length;
}

bool pieces_left(const pieces *these)
{
    return these->at < these->end;
}

char pieces_kind(pieces *these)
{
    char kind = pieces_left(these) ? *these->at : '\0';

    pieces_next(these);
    return kind;
}

const char *pieces_next(pieces *these)
{
    char *piece = these->at;

    if (!pieces_left(these))
        return NULL;
    these->at += strlen(piece) + 1;
    return *piece == '=' ? piece + 1 : NULL;
}

void pieces_close(pieces *these)
{
    free(these->owned);
}
