/*
 * The wish of a command line: what the parser of crux.c fills in, and how it reports what it cannot.
 */
#ifndef WISH_H
#define WISH_H

#include "json_text.h"

#include <crux.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { QUERY, HEADER, TEXT_FIELD, JSON_FIELD, FILE_FIELD };

struct item {
    enum kind kind;
    const char *name, *value;
    const char *type; /* of a file; NULL = by its ending */
};

struct wish {
    crux_options *options;
    const char *user, *account, *method, *path;
    struct item *items;
    size_t item_count;
    struct text body;
    const char *body_file, *body_type, *save, *pointer;
    int has_body, is_data, is_form, has_token_file, include, raw, level;
    int waits, all, save_by_name, is_upload;
    int on_screen, is_coloured; /* whether standard error and standard output are terminals, for people */
};

static int32_t fail(const char *what, const char *about)
{
    fprintf(stderr, "crux: %s%s%s\n", what, about != NULL ? ": " : "", about != NULL ? about : "");
    return CRUX_ERR_ARGUMENT;
}

/* The same, about a word, with advice. */
static int32_t fail_word(const char *word, const char *what, const char *advice)
{
    fprintf(stderr, "crux: %s: %s; %s\n", word, what, advice);
    return CRUX_ERR_ARGUMENT;
}

/* What is printed counts once it is written. */
static int32_t flush_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CRUX_OK;
    fail("standard output", strerror(errno));
    return CRUX_ERR_FILE;
}

static const char no_memory[] = "there is no memory left";
static const char body_twice[] = "the body is given twice";

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters differ: added, left out, replaced. Words longer than a line are far from everything. */
static size_t distance(const char *one, const char *other)
{
    size_t row[64], i, k, before, corner, width = strlen(other);

    if (width >= 64 || strlen(one) >= 64)
        return 64;
    for (k = 0; k <= width; k++)
        row[k] = k;
    for (i = 1; one[i - 1] != '\0'; i++) {
        corner = row[0];
        row[0] = i;
        for (k = 1; k <= width; k++) {
            before = row[k];
            row[k] = least(least(row[k], row[k - 1]) + 1, corner + (one[i - 1] != other[k - 1]));
            corner = before;
        }
    }
    return row[width];
}

/* Keeps the nearest of all words it is shown. */
struct nearest {
    const char *wanted, *found;
    size_t distance;
};

static void look_at(struct nearest *nearest, const char *word)
{
    size_t letters = distance(nearest->wanted, word);

    /* An abbreviation is near, whatever it leaves out. */
    if (strlen(nearest->wanted) > 3 && strncmp(nearest->wanted, word, strlen(nearest->wanted)) == 0)
        letters = 1;
    if (letters < nearest->distance) {
        nearest->distance = letters;
        nearest->found = word;
    }
}

/* Returns the word that was probably meant, or NULL. */
static const char *meant(const struct nearest *nearest)
{
    return nearest->found != NULL && nearest->distance <= 1 + strlen(nearest->wanted) / 4 ? nearest->found
                                                                                          : NULL;
}

#endif
