/*
 * crux: calls a token-authenticated REST API from the command line, in the spirit of curl and HTTPie.
 *
 *     crux --service crunch --user grace@example.com GET datasets/ limit==10
 *
 * Passwords and tokens come from the environment or from a prompt, never from the command line: every user
 * of the computer could read them there.
 */
#define _POSIX_C_SOURCE 200809L

#include "json_text.h"
#include "prompt.h"

#include <crux.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: crux [OPTIONS] [METHOD] PATH [ITEM...]\n"
    "\n"
    "PATH is relative to the base, or a whole URL; without METHOD it is GET, or POST if there is a body.\n"
    "\n"
    "ITEM  name==value    a pair of the query       Name:value   a header\n"
    "      field=text     a member of the body      field:=JSON  the same, as JSON: 5, true, [1,2]\n"
    "      @FILE          the body from a file, @- from standard input\n"
    "      A backslash before : = @ \\ in a name takes away its meaning.\n"
    "\n"
    "  --service NAME     crux-connect (default), crux-connect-sandbox, crunch, custom\n"
    "  --base URL         where the API lives, if not at the service's own address\n"
    "  --user NAME        log in with a password: CRUX_PASSWORD, else it is asked for\n"
    "  --account NAME     take credentials from the variables that end in _NAME\n"
    "  --token-file FILE  keep the token there, for you alone; the next run needs no login\n"
    "  --ca FILE          trust these certificate authorities too (PEM)\n"
    "  -o, --option K=V   any option of the library\n"
    "  -i, --include      print status and headers too\n"
    "      --raw          print the body as it came; JSON is indented otherwise\n"
    "  -v, -vv, -vvv      tell on standard error what happens\n"
    "      --options  --errors  --version  --help\n"
    "\n"
    "Without --user: CRUX_TOKEN, or CRUX_USER and CRUX_PASSWORD, or for Crunch R_CRUNCH_API_KEY; with none\n"
    "of them the call is anonymous. The exit status is the outcome: 0, or a number that --errors lists.\n";

enum kind { QUERY, HEADER, TEXT_FIELD, JSON_FIELD };

struct item {
    enum kind kind;
    const char *name, *value;
};

/* The command line, parsed. */
struct wish {
    crux_options *options;
    const char *user, *account, *method, *path;
    struct item *items;
    size_t item_count;
    struct text body;
    int has_body, has_file, has_token_file, include, raw, level;
};

static int32_t fail(const char *what, const char *about)
{
    fprintf(stderr, "crux: %s%s%s\n", what, about != NULL ? ": " : "", about != NULL ? about : "");
    return CRUX_ERR_ARGUMENT;
}

static void hear(void *context, int32_t level, const char *line)
{
    static const char *const names[] = {"", "error", "warning", "info", "debug", "trace"};
    const struct wish *wish = context;

    if (level == CRUX_LOG_ERROR && wish->level <= CRUX_LOG_WARNING)
        return; /* the outcome reports the same */
    fprintf(stderr, "crux: %s: %s\n", names[level >= 1 && level <= 5 ? level : 0], line);
}

static const char never[] = "a secret on the command line can be read by others; use the environment (crux --help)";

static int32_t set(struct wish *wish, const char *key, const char *value)
{
    if (crux_options_set(wish->options, key, value) != CRUX_OK)
        return fail(crux_message(wish->options), NULL);
    if (strcmp(key, "user") == 0)
        wish->user = value;
    wish->has_token_file |= strcmp(key, "token_file") == 0;
    return CRUX_OK;
}

static int32_t set_pair(struct wish *wish, char *pair)
{
    char *value = strchr(pair, '=');

    if (value == NULL)
        return fail("an option is written KEY=VALUE", pair);
    *value++ = '\0';
    if (strcmp(pair, "secret") == 0 || strcmp(pair, "token") == 0)
        return fail(never, NULL);
    return set(wish, pair, value);
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
    wish->has_file = wish->has_body = 1;
    return good ? CRUX_OK : CRUX_ERR_FILE;
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
        if (*from == '=' || *from == ':') {
            int is_double = from[1] == '=';

            item->value = from + 1 + is_double;
            item->kind = *from == '=' ? (is_double ? QUERY : TEXT_FIELD) : (is_double ? JSON_FIELD : HEADER);
            item->name = word;
            *to = '\0';
            return 1;
        }
        *to++ = *from;
    }
    return 0;
}

/* Adds a member to the body. The library sends a body as it is, so the JSON is checked here. */
static int32_t add_field(struct wish *wish, const struct item *item)
{
    const struct item *other;
    int good;

    for (other = wish->items; other < item; other++)
        if (other->kind >= TEXT_FIELD && strcmp(other->name, item->name) == 0)
            return fail("the field is given twice", item->name);
    if (item->kind == JSON_FIELD && !json_is_valid(item->value))
        return fail("this is not JSON (a text is written with = alone)", item->value);
    good = text_add(&wish->body, wish->has_body ? "," : "{", 1) &&
           text_add_quoted(&wish->body, item->name, strlen(item->name)) && text_add(&wish->body, ":", 1);
    if (item->kind == JSON_FIELD)
        good = good && text_add(&wish->body, item->value, strlen(item->value));
    else
        good = good && text_add_quoted(&wish->body, item->value, strlen(item->value));
    wish->has_body = 1;
    return good ? CRUX_OK : fail("there is no memory left", NULL);
}

static int32_t take_item(struct wish *wish, char *word)
{
    struct item *item = &wish->items[wish->item_count];
    int is_field;

    if (word[0] == '@')
        return wish->has_body ? fail("the body is given twice", word) : read_body(wish, word + 1);
    if (!cut_item(word, item))
        return fail("this is neither name==value, Name:value, field=text nor field:=JSON", word);
    is_field = item->kind == TEXT_FIELD || item->kind == JSON_FIELD;
    if (is_field && wish->has_file)
        return fail("the body is given twice", item->name);
    wish->item_count++;
    return is_field ? add_field(wish, item) : CRUX_OK;
}

static int32_t take_word(struct wish *wish, char *word)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    if (wish->path != NULL)
        return take_item(wish, word);
    if (wish->method == NULL && word[0] != '\0' && word[strspn(word, capitals)] == '\0')
        wish->method = word;
    else
        wish->path = word;
    return CRUX_OK;
}

/* Applies an option that has a value. Returns 1 if the word was one. */
static int take_setting(struct wish *wish, const char *name, char *value, int32_t *code)
{
    static const char *const settings[][2] = {{"--service", "service"}, {"--base", "base_url"},
        {"--user", "user"}, {"--ca", "tls.ca_file"}, {"--token-file", "token_file"}, {"--account", NULL},
        {"--option", NULL}, {"-o", NULL}};
    size_t i, count = sizeof settings / sizeof *settings;

    for (i = 0; i < count && strcmp(settings[i][0], name) != 0; i++)
        ;
    if (i == count)
        return 0;
    if (value == NULL)
        *code = fail("a value is missing", name);
    else if (strcmp(name, "--account") == 0)
        wish->account = value;
    else if (settings[i][1] == NULL)
        *code = set_pair(wish, value);
    else
        *code = set(wish, settings[i][1], value);
    return 1;
}

static int32_t parse(struct wish *wish, int argc, char **argv)
{
    int32_t code = CRUX_OK;
    int i, options_end = 0;

    for (i = 1; i < argc && code == CRUX_OK; i++) {
        char *word = argv[i];
        /* --name VALUE or --name=VALUE */
        char *equals = !options_end && strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;

        if (equals != NULL)
            *equals = '\0';
        if (options_end || word[0] != '-' || word[1] == '\0')
            code = take_word(wish, word);
        else if (strcmp(word, "--") == 0)
            options_end = 1;
        else if (strcmp(word, "-i") == 0 || strcmp(word, "--include") == 0)
            wish->include = 1;
        else if (strcmp(word, "--raw") == 0)
            wish->raw = 1;
        else if (word[1 + strspn(word + 1, "v")] == '\0')
            wish->level += (int)strlen(word + 1);
        else if (take_setting(wish, word, equals != NULL ? equals + 1 : argv[i + 1], &code))
            i += equals == NULL;
        else if (strcmp(word, "--password") == 0 || strcmp(word, "--token") == 0)
            code = fail(never, NULL);
        else
            code = fail("there is no such option (crux --help)", word);
    }
    if (code == CRUX_OK && wish->path == NULL)
        code = fail("a PATH is needed (crux --help)", NULL);
    if (code == CRUX_OK && wish->has_body && !wish->has_file && !text_add(&wish->body, "}", 1))
        code = fail("there is no memory left", NULL);
    return code;
}

static void print_answer(const struct wish *wish, const crux_response *answer)
{
    const char *name, *value, *body;
    size_t size, i;

    body = crux_body(answer, &size);
    if (wish->include && crux_status(answer) != 0) {
        printf("HTTP %d\n", (int)crux_status(answer));
        for (i = 0; crux_header_at(answer, i, &name, &value); i++)
            printf("%s: %s\n", name, value);
        putchar('\n');
    }
    /* A body with a NUL inside is not text, so it is not JSON either. */
    if (!wish->raw && strlen(body) == size && json_is_valid(body)) {
        json_walk(skip_blanks(body), 0, stdout);
        putchar('\n');
    } else {
        fwrite(body, 1, size, stdout);
    }
}

static int32_t make_call(const struct wish *wish, crux_call *call)
{
    int32_t code = crux_code(call);
    size_t i;

    for (i = 0; code == CRUX_OK && i < wish->item_count; i++) {
        const struct item *item = &wish->items[i];

        if (item->kind == QUERY)
            code = crux_call_query(call, item->name, item->value);
        else if (item->kind == HEADER)
            code = crux_call_header(call, item->name, item->value);
    }
    if (code == CRUX_OK && wish->has_body)
        code = crux_call_body(call, wish->body.data, (ptrdiff_t)wish->body.size, NULL);
    return code;
}

/* Logs in and sends the call. With `may_ask` a refusal is not printed: a prompt follows. */
static int32_t attempt(const struct wish *wish, int may_ask)
{
    const char *method = wish->method != NULL ? wish->method : wish->has_body ? "POST" : "GET";
    crux_client *me = crux_login_with(wish->options);
    crux_call *call = crux_call_new(me, method, wish->path);
    crux_response *answer = NULL;
    const void *last = me;
    int32_t code = crux_code(me);

    if (code == CRUX_OK) {
        last = call;
        code = make_call(wish, call);
    }
    if (code == CRUX_OK) {
        last = answer = crux_call_send(call);
        code = crux_code(answer);
    }
    if (!(may_ask && code == CRUX_ERR_AUTH)) {
        print_answer(wish, answer);
        if (code != CRUX_OK)
            fprintf(stderr, "crux: %s\n", crux_message(last));
    }
    crux_free(answer);
    crux_free(call);
    crux_free(me);
    return code;
}

static int32_t take_password(struct wish *wish)
{
    char password[1024];
    volatile char *wipe = password; /* volatile, or the compiler may remove the loop */
    size_t i;
    const char *problem = ask_password(wish->user, password, sizeof password);
    int32_t code = problem != NULL ? fail(problem, NULL) : set(wish, "secret", password);

    for (i = 0; i < sizeof password; i++)
        wipe[i] = '\0';
    return code;
}

static int32_t run(struct wish *wish)
{
    const char *password = wish->user != NULL ? getenv("CRUX_PASSWORD") : NULL;
    int may_ask = wish->user != NULL && password == NULL;
    int32_t code, level = wish->level < CRUX_LOG_TRACE ? wish->level : CRUX_LOG_TRACE;

    crux_options_log(wish->options, level, hear, wish, NULL);
    if (crux_options_env(wish->options, wish->account) != CRUX_OK)
        return fail(crux_message(wish->options), NULL);
    if (password != NULL && set(wish, "secret", password) != CRUX_OK)
        return CRUX_ERR_ARGUMENT;
    /* A token from the file may still be valid; the password is needed only if it is not. */
    code = may_ask && !wish->has_token_file ? CRUX_ERR_AUTH : attempt(wish, may_ask);
    if (code == CRUX_ERR_AUTH && may_ask) {
        code = take_password(wish);
        if (code == CRUX_OK)
            code = attempt(wish, 0);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fail("standard output", strerror(errno));
        code = CRUX_ERR_FILE;
    }
    return code;
}

static int tell(const char *what)
{
    const char *name, *fallback, *text;
    int32_t code;
    size_t i;

    if (strcmp(what, "--help") == 0)
        fputs(help, stdout);
    else if (strcmp(what, "--version") == 0)
        printf("crux %s\n", crux_version());
    else if (strcmp(what, "--errors") == 0)
        for (i = 0; crux_error_at(i, &code, &name, &text); i++)
            printf("%2d  %-19s %s\n", (int)code, name, text);
    else if (strcmp(what, "--options") == 0)
        for (i = 0; crux_option_at(i, &name, &fallback, &text); i++)
            printf("%s%s%s\n    %s\n", name, fallback[0] != '\0' ? " = " : "", fallback, text);
    else
        return 0;
    return 1;
}

int main(int argc, char **argv)
{
    struct wish wish;
    int32_t code;

    if (argc == 2 && tell(argv[1]))
        return 0;
    memset(&wish, 0, sizeof wish);
    wish.level = CRUX_LOG_WARNING;
    wish.options = crux_options_new();
    wish.items = calloc((size_t)argc + 1, sizeof *wish.items);
    code = wish.items != NULL ? parse(&wish, argc, argv) : fail("there is no memory left", NULL);
    if (code == CRUX_OK)
        code = run(&wish);
    crux_free(wish.options);
    free(wish.items);
    free(wish.body.data);
    return code;
}
