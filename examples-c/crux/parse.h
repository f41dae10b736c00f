/*
 * The command line of crux.c, word by word.
 */
#ifndef PARSE_H
#define PARSE_H

#include "flags.h"
#include "items.h"

#include <ctype.h>

static int32_t set(struct wish *wish, const char *key, const char *value)
{
    if (crux_options_set(wish->options, key, value) != CRUX_OK)
        return fail(crux_message(wish->options), NULL);
    if (strcmp(key, "user") == 0)
        wish->user = value;
    wish->has_token_file |= strcmp(key, "token_file") == 0;
    return CRUX_OK;
}

static int is_option_key(const char *word)
{
    const char *key;
    size_t i;

    for (i = 0; crux_option_at(i, &key, NULL, NULL); i++)
        if (strcmp(key, word) == 0)
            return 1;
    return 0;
}

static int32_t save_to(struct wish *wish, const char *file)
{
    if (wish->save != NULL || wish->save_by_name)
        return fail("a file for the body is given twice", file);
    if (strcmp(file, "-") == 0)
        return fail_word(file, "the body goes to standard output by itself", "leave it out");
    wish->save = file;
    return CRUX_OK;
}

/* -o KEY=VALUE; and -o FILE, as curl and HTTPie have it. */
static int32_t set_pair(struct wish *wish, char *pair)
{
    char *value = strchr(pair, '=');

    if (value == NULL)
        return is_option_key(pair) ? fail("an option is written KEY=VALUE", pair) : save_to(wish, pair);
    *value++ = '\0';
    if (strcmp(pair, "secret") == 0 || strcmp(pair, "token") == 0)
        return fail(never, NULL);
    if (strcmp(pair, "save") == 0)
        return save_to(wish, value);
    return set(wish, pair, value);
}

/* As curl has it: -u NAME, but never -u NAME:PASSWORD. */
static int32_t set_user(struct wish *wish, const char *user)
{
    const char *colon = strchr(user, ':');

    if (colon != NULL && colon[1] != '\0')
        return fail(never, NULL);
    if (colon != NULL)
        return fail_word(user, "an empty password is not sent", "write --user NAME, and the password in CRUX_PASSWORD");
    return set(wish, "user", user);
}

static int32_t set_seconds(struct wish *wish, const char *key, const char *seconds)
{
    char *end, milliseconds[32];
    double number = strtod(seconds, &end);

    if (*end != '\0' || end == seconds || !(number >= 0 && number <= 2678400))
        return fail_word(seconds, "this is no number of seconds", "write it as 30 or 0.5");
    /* 0 is no limit; the least time that is one is a millisecond. */
    sprintf(milliseconds, "%.0f", number > 0 && number < 0.001 ? 1 : number * 1000);
    /* As for curl it is the time of all, the job's included. */
    if (strcmp(key, "timeout.total_ms") == 0 && set(wish, "job.timeout_ms", milliseconds) != CRUX_OK)
        return CRUX_ERR_ARGUMENT;
    return set(wish, key, milliseconds);
}

static int32_t set_method(struct wish *wish, char *method)
{
    char *at;

    if (wish->method != NULL)
        return fail("the method is given twice", method);
    for (at = method; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    wish->method = method;
    return CRUX_OK;
}

/* -I: a request for the head alone. */
static int32_t ask_for_head(struct wish *wish)
{
    if (wish->method != NULL && strcmp(wish->method, "HEAD") != 0)
        return fail_word("-I", "it asks with HEAD, another method is given", "write -i for the headers of any response");
    wish->method = "HEAD";
    wish->include = 1;
    return CRUX_OK;
}

static int32_t set_path(struct wish *wish, const char *path)
{
    if (wish->path != NULL)
        return fail_word(path, "the PATH is given twice", "call crux once for each");
    wish->path = path;
    return CRUX_OK;
}

static int32_t set_pointer(struct wish *wish, const char *pointer)
{
    if (pointer[0] == '{' || pointer[0] == '[')
        return fail_word("--json", "it prints a part of the response", "write -d JSON for a body");
    if (pointer[0] != '\0' && pointer[0] != '/')
        return fail_word(pointer, "a JSON pointer begins with a slash", "write it as /users/0/name");
    wish->pointer = pointer;
    return CRUX_OK;
}

static int32_t take_header(struct wish *wish, char *line)
{
    struct item *item = &wish->items[wish->item_count];
    char *value = strchr(line, ':');

    if (value == NULL)
        return fail_word(line, "this is no header", "write it as Name:value");
    *value++ = '\0';
    item->kind = HEADER;
    item->name = line;
    item->value = value + strspn(value, " ");
    wish->item_count++;
    return CRUX_OK;
}

/* Acts on an option, whose value is there if it needs one. */
static int32_t take_flag(struct wish *wish, const struct flag *flag, char *value)
{
    switch (flag->id) {
    case SETTING:
        /* A variable of the shell that is not set must not log in as somebody else, or somewhere else. */
        if (value[0] == '\0')
            return fail_word(flag->name != NULL ? flag->name : flag->letter, "its value is empty", "leave it out, or give one");
        return strcmp(flag->key, "user") == 0 ? set_user(wish, value) : set(wish, flag->key, value);
    case ACCOUNT:
        wish->account = value;
        return CRUX_OK;
    case OPTION:
        return set_pair(wish, value);
    case METHOD:
        return set_method(wish, value);
    case DATA:
        return take_data(wish, value);
    case FORM_FIELD:
        return take_form(wish, value);
    case HEADER_LINE:
        return take_header(wish, value);
    case UPLOAD:
        wish->is_upload = 1;
        return take_file_body(wish, value);
    case HEAD_ONLY:
        return ask_for_head(wish);
    case POINTER:
        return set_pointer(wish, value);
    case DOWNLOAD:
        return value[0] != '\0' ? save_to(wish, value) : fail_word(flag->name, "its value is empty", "name a file");
    case URL:
        return set_path(wish, value);
    case FORM:
        wish->is_form = 1;
        return CRUX_OK;
    case INCLUDE:
        wish->include = 1;
        return CRUX_OK;
    case RAW:
        wish->raw = 1;
        return CRUX_OK;
    case BY_NAME:
        wish->save_by_name = 1;
        return CRUX_OK;
    case WAIT:
        wish->waits = 1;
        return CRUX_OK;
    case ALL:
        wish->all = 1;
        return CRUX_OK;
    case VERBOSE:
        wish->level++;
        return CRUX_OK;
    case TELL:
        break;
    }
    return fail_word(flag->name, "it stands alone", "leave out the other words");
}

static int32_t take_habit(struct wish *wish, const struct habit *habit, const char *value)
{
    switch (habit->kind) {
    case ANYWAY:
        return CRUX_OK;
    case SETS:
        return set(wish, habit->text, value);
    case SECONDS:
        return set_seconds(wish, habit->text, value);
    case ELSE:
        break;
    }
    return habit->text != NULL ? fail(habit->name, habit->text) : fail(never, NULL);
}

static int32_t unknown(const char *word)
{
    struct nearest nearest = {word, NULL, 64};
    const char *found;
    size_t i;

    for (i = 0; i < FLAG_COUNT; i++)
        if (flags[i].name != NULL && flags[i].help != NULL)
            look_at(&nearest, flags[i].name);
    found = meant(&nearest);
    if (found != NULL)
        fprintf(stderr, "crux: %s: there is no such option; did you mean %s?\n", word, found);
    else
        fprintf(stderr, "crux: %s: there is no such option; crux --help lists them\n", word);
    return CRUX_ERR_ARGUMENT;
}

/*
 * Takes one option. `value` is what stands behind it in the same word, `next` the next word. Sets `used` if
 * that one was its value, `glued` if the value was.
 */
static int32_t take_option(struct wish *wish, const char *name, char *value, char *next, int *used, int *glued)
{
    const struct flag *flag = find_flag(name);
    const struct habit *habit = flag == NULL ? find_habit(name) : NULL;
    int wants = flag != NULL ? flag->value != NULL : habit != NULL && (habit->kind == SETS || habit->kind == SECONDS);

    *used = *glued = 0;
    if (flag == NULL && habit == NULL)
        return unknown(name);
    if (wants && value == NULL && next == NULL)
        return fail("a value is missing", name);
    if (wants && value == NULL && (find_flag(next) != NULL || find_habit(next) != NULL))
        return fail_word(name, "a value is missing", "what follows is an option of its own");
    *glued = wants && value != NULL;
    *used = wants && value == NULL;
    if (value == NULL)
        value = next;
    return flag != NULL ? take_flag(wish, flag, value) : take_habit(wish, habit, value);
}

/* -sSL, -vv, -XPOST: letters in one word; the value of the last one may stand there too. */
static int32_t take_letters(struct wish *wish, char *word, char *next, int *used)
{
    char name[3] = "-";
    int32_t code = CRUX_OK;
    int glued = 0, is_alone = word[1] != '\0' && word[2] == '\0';
    char *at;

    *used = 0;
    for (at = word + 1; *at != '\0' && code == CRUX_OK && !glued; at++) {
        name[1] = *at;
        if (*at == 'f' && !is_alone)
            continue; /* of curl's -fsSL */
        if (find_flag(name) == NULL && find_habit(name) == NULL)
            return unknown(word);
        code = take_option(wish, name, at[1] != '\0' ? at + 1 : NULL, next, used, &glued);
    }
    return code;
}

/* --name VALUE or --name=VALUE */
static int32_t take_long(struct wish *wish, char *word, char *next, int *used)
{
    char *equals = strchr(word, '=');
    int32_t code;
    int glued;

    if (equals != NULL)
        *equals++ = '\0';
    code = take_option(wish, word, equals, next, used, &glued);
    if (code == CRUX_OK && equals != NULL && !glued)
        code = fail_word(word, "it has no value", "leave out the = and what follows");
    return code;
}

static const char *const methods[] = {"get", "post", "put", "patch", "delete", "head", "options"};

static int is_method(const char *word, int is_last)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t i;

    if (word[0] != '\0' && word[strspn(word, capitals)] == '\0')
        return 1;
    for (i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i], word) == 0)
            return !is_last; /* "crux get" alone asks for the path */
    return 0;
}

/* What stands after the path. A word that is no item, behind a single word, tells of a misspelt method. */
static int32_t take_word(struct wish *wish, char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    struct nearest nearest = {wish->path, NULL, 64};
    const char *found;
    size_t i;

    if (wish->method == NULL && wish->path[strspn(wish->path, letters)] == '\0' && strpbrk(word, ":=@") == NULL) {
        for (i = 0; i < sizeof methods / sizeof *methods; i++)
            look_at(&nearest, methods[i]);
        found = meant(&nearest);
        if (found != NULL) {
            fprintf(stderr, "crux: %s: there is no such method; did you mean %s?\n", wish->path, found);
            return CRUX_ERR_ARGUMENT;
        }
    }
    return take_item(wish, word);
}

static int32_t parse(struct wish *wish, int argc, char **argv)
{
    int32_t code = CRUX_OK;
    int i, used = 0, options_end = 0;

    for (i = 1; i < argc && code == CRUX_OK; i++) {
        char *word = argv[i], *next = argv[i + 1]; /* the last one is NULL */

        if (!options_end && strcmp(word, "--") == 0)
            options_end = 1;
        else if (!options_end && strncmp(word, "--", 2) == 0)
            code = take_long(wish, word, next, &used), i += used;
        else if (!options_end && word[0] == '-' && word[1] != '\0')
            code = take_letters(wish, word, next, &used), i += used;
        else if (wish->path != NULL)
            code = take_word(wish, word);
        else if (wish->method == NULL && is_method(word, i + 1 == argc))
            code = set_method(wish, word);
        else
            wish->path = word;
    }
    if (code == CRUX_OK && wish->path == NULL)
        code = fail("a PATH is needed (crux --help)", NULL);
    /* A variable of the shell that is not set must not delete the base. */
    if (code == CRUX_OK && wish->path[0] == '\0' && wish->method != NULL && strcmp(wish->method, "GET") != 0)
        code = fail("the PATH is empty", "write . for the base itself");
    if (code == CRUX_OK && strchr(wish->path, '{') != NULL)
        code = fail_word(wish->path, "what stands in braces is not filled in", "write its value, or %7B for a brace");
    if (code == CRUX_OK && strpbrk(wish->path, " #") != NULL)
        code = fail_word(wish->path, "no blank and no # can stand in a path", "write %20 or %23, or a pair of the query as name==value");
    if (code == CRUX_OK)
        code = close_body(wish);
    if (code == CRUX_OK && wish->has_body && wish->method != NULL && strcmp(wish->method, "HEAD") == 0)
        code = fail_word("HEAD", "a body is given, which nobody reads", "leave it out, or write another method");
    if (code == CRUX_OK && wish->pointer != NULL && (wish->save != NULL || wish->save_by_name))
        code = fail_word("--json", "it prints a part of the body, which goes to a file", "leave one of them out");
    if (code == CRUX_OK && wish->all && (wish->save != NULL || wish->save_by_name))
        code = fail_word("--all", "it prints the pages", "write > FILE instead of a download");
    return code;
}

#endif
