/*
 * crux: calls a token-authenticated REST API from the command line, in the spirit of curl and HTTPie.
 *
 *     crux --service crunch --user grace@example.com GET datasets/all/ limit==10
 *
 * Passwords and tokens come from the environment or from a prompt, never from the command line: every user
 * of the computer could read them there.
 *
 * This file uses the library: it logs in, makes the call, waits for the job, turns the pages. The folder crux/ has
 * what any such program needs: the command line (parse.h, flags.h, habits.h, items.h), the output (show.h, bar.h,
 * json_text.h) and the prompt.
 */
#define _POSIX_C_SOURCE 200809L

#include "crux/parse.h"
#include "crux/prompt.h"
#include "crux/show.h"

#include <crux.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Puts into the call what the words say. */
static int32_t make_call(const struct wish *wish, crux_call *call)
{
    int32_t code = crux_code(call);
    const char *type = NULL;
    size_t i;

    for (i = 0; code == CRUX_OK && i < wish->item_count; i++) {
        const struct item *item = &wish->items[i];

        if (item->kind == QUERY)
            code = crux_call_query(call, item->name, item->value);
        else if (item->kind == HEADER)
            code = crux_call_header(call, item->name, item->value);
        else if (item->kind == FILE_FIELD)
            code = crux_call_part(call, item->name, NULL, item->value, item->type);
        else if (wish->is_form)
            code = crux_call_part(call, item->name, item->value, NULL, NULL);
        if (item->kind == HEADER && strcasecmp(item->name, "Content-Type") == 0)
            type = ""; /* given by hand, so not twice */
    }
    if (code == CRUX_OK && wish->body_file != NULL)
        code = crux_call_file(call, wish->body_file, type != NULL ? type : wish->body_type);
    else if (code == CRUX_OK && wish->has_body && !wish->is_form)
        code = crux_call_body(call, wish->body.data, (ptrdiff_t)wish->body.size, type);
    /* Of a job, the result is saved, not the response that starts it. */
    if (code == CRUX_OK && wish->save != NULL && !wish->waits)
        code = crux_call_set(call, "save", wish->save);
    return code;
}

/*
 * Waits for the job, and gets its result if it is to be saved. What is no job passes through. Sets the code if there
 * is nothing to save: an older file of that name must not pass for the result.
 */
static crux_response *wait_for_job(const struct wish *wish, const crux_client *me, crux_response *started,
                                   int32_t *code)
{
    crux_response *done, *saved;
    const char *place;

    if (crux_code(started) != CRUX_OK)
        return started;
    bar.job = started;
    done = crux_await(me, started, -1);
    bar.job = NULL;
    crux_free(started);
    place = crux_info(done, "location");
    if (wish->save == NULL || crux_code(done) != CRUX_OK)
        return done;
    if (place == NULL) {
        *code = fail("the response names no result that could be saved", wish->save);
        return done;
    }
    saved = crux_download(me, place, wish->save);
    crux_free(done);
    return saved;
}

/* Prints a list page by page. Returns the outcome and, for its message, the last page. */
static int32_t print_pages(const struct wish *wish, const crux_client *me, crux_response **page)
{
    int32_t code = CRUX_OK;

    while (code == CRUX_OK) {
        crux_response *next = crux_next_page(me, *page);

        if (next == NULL)
            break;
        crux_free(*page);
        *page = next;
        code = crux_code(next);
        wipe_bar(&bar);
        if (wish->level > CRUX_LOG_WARNING)
            show_heads(wish, "GET", next);
        if (print_response(wish, next) != CRUX_OK && code == CRUX_OK)
            code = CRUX_ERR_PROTOCOL;
        if (fflush(stdout) != 0 || ferror(stdout))
            break; /* run() reports it */
    }
    return code;
}

/* Logs in and sends the call. With `may_ask` a refusal is not printed: a prompt follows. */
static int32_t attempt(const struct wish *wish, int may_ask)
{
    const char *method = wish->method != NULL ? wish->method
                       : wish->is_upload      ? "PUT"
                       : wish->has_body       ? "POST"
                                              : "GET";
    crux_client *me = crux_login_with(wish->options);
    crux_call *call = crux_call_new(me, method, wish->path);
    crux_response *response = NULL;
    const void *last = me;
    int32_t code = crux_code(me), printed = CRUX_OK;

    if (code == CRUX_OK) {
        last = call;
        code = make_call(wish, call);
    }
    if (code == CRUX_OK) {
        response = crux_call_send(call);
        if (wish->waits && wish->level > CRUX_LOG_WARNING)
            show_heads(wish, method, response);
        if (wish->waits)
            response = wait_for_job(wish, me, response, &code);
        last = response;
        if (code == CRUX_OK)
            code = crux_code(response);
    }
    wipe_bar(&bar);
    if (!(may_ask && code == CRUX_ERR_AUTH)) {
        if (response != NULL && !wish->waits && wish->level > CRUX_LOG_WARNING)
            show_heads(wish, method, response);
        printed = print_response(wish, response);
        if (code == CRUX_OK && printed == CRUX_OK && wish->all) {
            code = print_pages(wish, me, &response);
            last = response;
        }
        if (code != CRUX_OK && crux_code(last) != CRUX_OK)
            fprintf(stderr, "crux: %s\n", crux_message(last));
        if (code == CRUX_OK && wish->save != NULL && wish->on_screen)
            fprintf(stderr, "crux: saved as %s\n", wish->save);
    }
    crux_free(response);
    crux_free(call);
    crux_free(me);
    return code != CRUX_OK ? code : printed;
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

/* -O: the last name of the path, as long as it is one. */
static int32_t name_file(struct wish *wish, struct text *name)
{
    size_t length = strcspn(wish->path, "?#"), start = length;
    const char *origin = strstr(wish->path, "://");

    while (start > 0 && wish->path[start - 1] != '/')
        start--;
    if (origin != NULL && start == (size_t)(origin - wish->path) + strlen("://"))
        start = length; /* a host is no name of a file */
    if (!text_add(name, wish->path + start, length - start))
        return fail(no_memory, NULL);
    if (length == start || strcmp(name->data, ".") == 0 || strcmp(name->data, "..") == 0)
        return fail_word(wish->path, "there is no name of a file at its end", "write --download FILE");
    wish->save = name->data;
    return CRUX_OK;
}

/* The password of the account from its own variable, as crux_options_env names it. */
static const char *password_of(const char *account)
{
    char name[256] = "CRUX_PASSWORD";
    size_t i = strlen(name);

    if (account != NULL && *account != '\0') {
        if (snprintf(name + i, sizeof name - i, "_%s", account) >= (int)(sizeof name - i))
            return NULL;
    }
    for (; name[i] != '\0'; i++)
        name[i] = strchr(".-", name[i]) != NULL ? '_' : (char)toupper((unsigned char)name[i]);
    return getenv(name);
}

static int32_t run(struct wish *wish)
{
    const char *password = wish->user != NULL ? password_of(wish->account) : NULL;
    int may_ask = wish->user != NULL && password == NULL;
    int32_t code, level = wish->level < CRUX_LOG_TRACE ? wish->level : CRUX_LOG_TRACE;

    crux_options_log(wish->options, level, take_line, wish, NULL);
    bar.since = now_ms();
    if (wish->on_screen)
        crux_options_tick(wish->options, draw_bar, &bar, NULL);
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
    return flush_output() != CRUX_OK ? CRUX_ERR_FILE : code;
}

/* Colours and bars are for people: NO_COLOR and a dumb terminal turn them off. */
static void look_around(struct wish *wish)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    int is_dumb = terminal != NULL && strcmp(terminal, "dumb") == 0;

    wish->on_screen = isatty(STDERR_FILENO) && !is_dumb;
    wish->is_coloured = isatty(STDOUT_FILENO) && !is_dumb && (no_colour == NULL || no_colour[0] == '\0');
    json_is_coloured = wish->is_coloured;
}

int main(int argc, char **argv)
{
    const struct flag *flag = argc > 1 ? find_flag(argv[1]) : NULL;
    struct wish wish;
    struct text name = {NULL, 0, 0};
    int32_t code;

    if (flag != NULL && flag->id == TELL && (argc == 2 || flag->help == NULL))
        return tell(flag, argc - 2, argv + 2);
    memset(&wish, 0, sizeof wish);
    wish.level = CRUX_LOG_WARNING;
    look_around(&wish);
    wish.options = crux_options_new();
    wish.items = calloc((size_t)argc + 1, sizeof *wish.items);
    code = wish.items != NULL ? parse(&wish, argc, argv) : fail(no_memory, NULL);
    if (code == CRUX_OK && wish.save_by_name)
        code = name_file(&wish, &name);
    if (code == CRUX_OK)
        code = run(&wish);
    crux_free(wish.options);
    free(wish.items);
    free(wish.body.data);
    free(name.data);
    return code;
}
