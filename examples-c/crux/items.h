/*
 * The items after the path: name==value, Name:value, field=text, field:=JSON, field@FILE and @FILE; and the
 * bodies of -d and -F, which are the same in curl's spelling.
 */
#ifndef ITEMS_H
#define ITEMS_H

#include "wish.h"

#include <ctype.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* Adds a member to the body. The library sends a body as it is, so the JSON is checked here. */
static int32_t add_member(struct wish *wish, const struct item *item)
{
    int good = text_add(&wish->body, wish->has_body ? "," : "{", 1) &&
               text_add_quoted(&wish->body, item->name, strlen(item->name)) && text_add(&wish->body, ":", 1);

    if (item->kind == JSON_FIELD)
        good = good && text_add(&wish->body, item->value, strlen(item->value));
    else
        good = good && text_add_quoted(&wish->body, item->value, strlen(item->value));
    wish->has_body = 1;
    return good ? CRUX_OK : fail(no_memory, NULL);
}

/* Makes the body of all fields, once it is known whether they are a form. */
static int32_t close_body(struct wish *wish)
{
    int32_t code = CRUX_OK;
    size_t i;

    if (wish->is_data || wish->body_file != NULL)
        return wish->is_form ? fail_word("--form", "the body is given already", "leave one of them out") : CRUX_OK;
    for (i = 0; i < wish->item_count && code == CRUX_OK; i++) {
        const struct item *item = &wish->items[i];

        if (item->kind < TEXT_FIELD)
            continue;
        if (!wish->is_form)
            code = add_member(wish, item);
        else if (item->kind == JSON_FIELD)
            code = fail_word(item->name, "a form has texts and files only", "write field=text");
    }
    if (code == CRUX_OK && wish->has_body && !text_add(&wish->body, "}", 1))
        code = fail(no_memory, NULL);
    wish->has_body |= wish->is_form;
    return code;
}

static int32_t add_field(struct wish *wish, const struct item *item)
{
    const struct item *other;

    if (wish->is_data || wish->body_file != NULL)
        return fail(body_twice, item->name);
    for (other = wish->items; other < item && !wish->is_form; other++)
        if (other->kind >= TEXT_FIELD && item->kind != FILE_FIELD && strcmp(other->name, item->name) == 0)
            return fail("the field is given twice", item->name);
    if (!is_utf8(item->name) || (item->kind != FILE_FIELD && !is_utf8(item->value)))
        return fail_word(item->name, "the field is not UTF-8", "write it so, or send the body with -d @FILE");
    if (item->kind == JSON_FIELD && !json_is_valid(item->value))
        return fail("this is not JSON (a text is written with = alone)", item->value);
    wish->is_form |= item->kind == FILE_FIELD;
    wish->item_count++;
    return CRUX_OK;
}

/*
 * Returns CRUX_OK if the file can be read; sets whether it is a plain one, which has a length. It is not opened: what
 * writes into a pipe would believe that it was read.
 */
static int32_t look_at_file(const char *name, int *is_plain)
{
    struct stat about = {0};

    if (name[0] == '\0')
        return fail("the name of a file is missing", "write field@FILE, @FILE or -T FILE");
    if (stat(name, &about) != 0 || access(name, R_OK) != 0 || S_ISDIR(about.st_mode)) {
        fail(name, S_ISDIR(about.st_mode) ? "this is a folder" : strerror(errno));
        return CRUX_ERR_FILE;
    }
    *is_plain = S_ISREG(about.st_mode);
    return CRUX_OK;
}

/* The same of a file in a form, whose length is announced before it is read. */
static int32_t look_at_part(const char *name)
{
    int is_plain = 1;
    int32_t code = look_at_file(name, &is_plain);

    return is_plain ? code : fail_word(name, "this is no plain file", "write what comes from there to a file first");
}

static int32_t read_body(struct wish *wish, const char *name)
{
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    char piece[8192];
    size_t count;
    int good = file != NULL && text_add(&wish->body, "", 0);

    while (good && (count = fread(piece, 1, sizeof piece, file)) > 0)
        good = text_add(&wish->body, piece, count);
    good = good && !ferror(file);
    if (!good)
        fail(name, strerror(errno));
    if (file != NULL && file != stdin)
        fclose(file);
    return good ? CRUX_OK : CRUX_ERR_FILE;
}

/* The type of a file by its ending; what is not known is sent as mere bytes. */
static const char *type_of(const char *name)
{
    static const char *const types[][2] = {{".json", "application/json"}, {".csv", "text/csv"},
        {".txt", "text/plain"}, {".tsv", "text/tab-separated-values"}, {".xml", "application/xml"},
        {".html", "text/html"}, {".zip", "application/zip"}, {".gz", "application/gzip"},
        {".pdf", "application/pdf"}, {".png", "image/png"}, {".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"},
        {".gif", "image/gif"}, {".svg", "image/svg+xml"},
        {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}};
    const char *dot = strrchr(name, '.');
    char ending[8] = "";
    size_t i;

    for (i = 0; dot != NULL && dot[i] != '\0' && i + 1 < sizeof ending; i++)
        ending[i] = (char)tolower((unsigned char)dot[i]);
    for (i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i][0], ending) == 0)
            return types[i][1];
    return "application/octet-stream";
}

static int has_fields(const struct wish *wish)
{
    size_t i;

    for (i = 0; i < wish->item_count; i++)
        if (wish->items[i].kind >= TEXT_FIELD)
            return 1;
    return 0;
}

/* @FILE: straight from the disk if it is a plain file, read now if it is a pipe. */
static int32_t take_file_body(struct wish *wish, const char *name)
{
    int is_plain = 0;
    int32_t code = CRUX_OK;

    if (wish->is_data || wish->body_file != NULL || has_fields(wish))
        return fail(body_twice, name);
    if (strcmp(name, "-") != 0)
        code = look_at_file(name, &is_plain);
    wish->has_body = 1;
    if (code != CRUX_OK)
        return code;
    if (is_plain) {
        wish->body_file = name;
        wish->body_type = type_of(name);
        return CRUX_OK;
    }
    wish->is_data = 1;
    return read_body(wish, name);
}

/* -d: the body as it is. */
static int32_t take_data(struct wish *wish, const char *data)
{
    if (data[0] == '@')
        return take_file_body(wish, data + 1);
    if (wish->is_data || wish->body_file != NULL || has_fields(wish))
        return fail(body_twice, "-d");
    if (!json_is_valid(data) || !is_utf8(data))
        return fail_word(data, "this is not JSON", "write field=text, or -d @FILE for a body of another kind");
    wish->is_data = wish->has_body = 1;
    return text_add(&wish->body, data, strlen(data)) ? CRUX_OK : fail(no_memory, NULL);
}

/* -F field=text or field=@FILE;type=TYPE */
static int32_t take_form(struct wish *wish, char *word)
{
    struct item *item = &wish->items[wish->item_count];
    char *value = strchr(word, '='), *type;
    int32_t code = CRUX_OK;

    if (value == NULL)
        return fail_word(word, "this is no field of a form", "write -F field=text or -F field=@FILE");
    *value++ = '\0';
    item->name = word;
    item->kind = *value == '@' ? FILE_FIELD : TEXT_FIELD;
    item->value = value + (*value == '@');
    type = item->kind == FILE_FIELD ? strstr(value, ";type=") : NULL;
    if (type != NULL) {
        item->type = type + strlen(";type=");
        *type = '\0';
    }
    if (item->kind == FILE_FIELD)
        code = look_at_part(item->value);
    wish->is_form = 1;
    return code == CRUX_OK ? add_field(wish, item) : code;
}

/* Splits a word at its first separator, in place. */
static int cut_item(char *word, struct item *item)
{
    char *to = word, *from;

    for (from = word; *from != '\0'; from++) {
        if (*from == '\\' && from[1] != '\0' && strchr(":=@\\", from[1]) != NULL) {
            *to++ = *++from;
            continue;
        }
        if (*from == '=' || *from == ':' || *from == '@') {
            int is_double = *from != '@' && from[1] == '=';

            item->value = from + 1 + is_double;
            item->kind = *from == '@'   ? FILE_FIELD
                         : *from == '=' ? (is_double ? QUERY : TEXT_FIELD)
                                        : (is_double ? JSON_FIELD : HEADER);
            item->name = word;
            *to = '\0';
            return 1;
        }
        *to++ = *from;
    }
    return 0;
}

static int32_t take_item(struct wish *wish, char *word)
{
    struct item *item = &wish->items[wish->item_count];
    int32_t code;

    if (word[0] == '@')
        return take_file_body(wish, word + 1);
    if (word[0] == '{' || word[0] == '[')
        return fail_word(word, "this is no item", "write -d JSON for a whole body");
    if (!cut_item(word, item))
        return fail_word(word, "this is neither a pair, a header nor a field",
            "write name==value, Name:value, field=text, field:=JSON or field@FILE");
    if (item->name[0] == '\0')
        return fail_word(item->value, "there is no name before it", "write name==value or field=text");
    if (item->kind == FILE_FIELD && (code = look_at_part(item->value)) != CRUX_OK)
        return code;
    if (item->kind >= TEXT_FIELD)
        return add_field(wish, item);
    wish->item_count++;
    return CRUX_OK;
}

#endif
