/*
 * The options of the command line: one table for the parser, --help, the completions and "did you mean".
 */
#ifndef FLAGS_H
#define FLAGS_H

#include "habits.h"

enum flag_id {
    SETTING, ACCOUNT, OPTION, METHOD, DATA, FORM_FIELD, FORM, HEADER_LINE, UPLOAD, HEAD_ONLY,
    INCLUDE, POINTER, RAW, DOWNLOAD, BY_NAME, WAIT, ALL, VERBOSE, URL, TELL
};

struct flag {
    const char *letter, *name; /* "-o" and "--option"; either may be NULL */
    const char *value;         /* what its value is called; NULL if it has none */
    enum flag_id id;
    const char *key; /* of the library's option that a SETTING sets */
    const char *help;
};

static const struct flag flags[] = {
    {NULL, "--service", "NAME", SETTING, "service", "which service: %s"},
    {NULL, "--base", "URL", SETTING, "base_url", "where the API lives, if not at the service's own address"},
    {"-u", "--user", "NAME", SETTING, "user", "log in with a password: CRUX_PASSWORD, else it is asked for"},
    {NULL, "--account", "NAME", ACCOUNT, NULL, "take credentials from the variables that end in _NAME"},
    {NULL, "--token-file", "FILE", SETTING, "token_file", "keep the token there; the next run needs no login"},
    {NULL, "--ca", "FILE", SETTING, "tls.ca_file", "trust these certificate authorities too (PEM)"},
    {"-o", "--option", "KEY=VALUE", OPTION, NULL, "any option of the library; -o FILE is --download FILE"},
    {"-X", "--request", "METHOD", METHOD, NULL, "the method, as in curl; it may stand before PATH alone"},
    {"-d", "--data", "JSON", DATA, NULL, "the whole body; @FILE from a file, @- from standard input"},
    {"-F", NULL, "FIELD=TEXT", FORM_FIELD, NULL, "a field of a form; FIELD=@FILE[;type=TYPE] a file"},
    {NULL, "--form", NULL, FORM, NULL, "send the fields as a form, not as JSON"},
    {"-H", "--header", "NAME:VALUE", HEADER_LINE, NULL, "a header, as in curl"},
    {"-T", "--upload-file", "FILE", UPLOAD, NULL, "PUT the file, its type by its ending"},
    {"-I", "--head", NULL, HEAD_ONLY, NULL, "ask for status and headers only"},
    {"-i", "--include", NULL, INCLUDE, NULL, "print status and headers too"},
    {NULL, "--json", "POINTER", POINTER, NULL, "print only what stands there, such as /users/0/name"},
    {NULL, "--raw", NULL, RAW, NULL, "print the body as it came; JSON is indented otherwise"},
    {NULL, "--download", "FILE", DOWNLOAD, NULL, "write the body to a file; a later try resumes it"},
    {"-O", "--remote-name", NULL, BY_NAME, NULL, "the same, under the last name of the URL"},
    {NULL, "--wait", NULL, WAIT, NULL, "if the request starts a job, wait until it has ended"},
    {NULL, "--all", NULL, ALL, NULL, "print all pages of a list, one after the other"},
    {"-v", "--verbose", NULL, VERBOSE, NULL, "show request and response heads; -vv, -vvv say more"},
    {NULL, "--url", "URL", URL, NULL, "PATH, as in curl"},
    {"-h", "--help", NULL, TELL, NULL, "print this text"},
    {"-V", "--version", NULL, TELL, NULL, "print the version"},
    {NULL, "--options", NULL, TELL, NULL, "list the options of the library"},
    {NULL, "--errors", NULL, TELL, NULL, "list the outcomes, which are the exit statuses"},
    {NULL, "--complete", NULL, TELL, NULL, NULL},
};
#define FLAG_COUNT (sizeof flags / sizeof *flags)

static const char help_above[] =
    "usage: crux [OPTIONS] [METHOD] PATH [ITEM...]\n"
    "\n"
    "PATH is relative to the base, or a whole URL; without METHOD it is GET, or POST if there is a body.\n"
    "\n"
    "ITEM  name==value    a pair of the query       Name:value   a header\n"
    "      field=text     a member of the body      field:=JSON  the same, as JSON: 5, true, [1,2]\n"
    "      field@FILE     a file, in a form         @FILE        the body from a file, @- from standard input\n"
    "      A backslash before : = @ \\ in a name takes away its meaning.\n"
    "\n";

static const char help_below[] =
    "\n"
    "Without --user: CRUX_TOKEN, or CRUX_USER and CRUX_PASSWORD, or what the tools of the service read; with\n"
    "none of them the call is anonymous. The exit status is the outcome: 0, or a number that --errors lists.\n"
    "What curl and HTTPie spell otherwise is in the manual: man crux.\n";

static const struct flag *find_flag(const char *word)
{
    size_t i;

    for (i = 0; i < FLAG_COUNT; i++)
        if ((flags[i].letter != NULL && strcmp(flags[i].letter, word) == 0) ||
            (flags[i].name != NULL && strcmp(flags[i].name, word) == 0))
            return &flags[i];
    return NULL;
}

/* The services that the library knows, as it lists them when it is asked for another: "one, two, three". */
static const char *services(const crux_options *asked)
{
    static const char before[] = "one of ";
    const char *list = strstr(crux_message(asked), before);

    return list != NULL ? list + strlen(before) : "";
}

static crux_options *ask_for_services(void)
{
    crux_options *options = crux_options_new();

    crux_options_set(options, "service", "?");
    return options;
}

static void print_help(void)
{
    crux_options *asked = ask_for_services();
    const char *list = services(asked);
    size_t i;

    fputs(help_above, stdout);
    for (i = 0; i < FLAG_COUNT; i++) {
        const struct flag *flag = &flags[i];
        char left[64];

        if (flag->help == NULL)
            continue;
        snprintf(left, sizeof left, "%s%s%s%s%s", flag->letter != NULL ? flag->letter : "  ",
            flag->name == NULL ? "" : flag->letter != NULL ? ", " : "  ", flag->name != NULL ? flag->name : "",
            flag->value != NULL ? " " : "", flag->value != NULL ? flag->value : "");
        printf("  %-25s ", left);
        if (strcmp(flag->help, "which service: %s") == 0)
            printf("which service: %.*s", (int)strcspn(list, "."), list);
        else
            fputs(flag->help, stdout);
        putchar('\n');
    }
    fputs(help_below, stdout);
    crux_free(asked);
}

/* One candidate of a completion, with its meaning behind a tab. */
static void offer(const char *word, size_t length, const char *more, const char *help)
{
    printf("%.*s%s\t%s\n", (int)length, word, more, help != NULL ? help : "");
}

static void offer_services(void)
{
    crux_options *asked = ask_for_services();
    const char *at = services(asked);

    while (*at != '\0') {
        size_t length = strcspn(at, ",.");

        offer(at, length, "", "a service");
        at += length;
        at += strspn(at, ",. ");
    }
    crux_free(asked);
}

/* crux --complete WORDS...: what the last word may become. The shells call this; see packaging/completions. */
static void complete(int count, char **words)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};
    const char *last = count > 0 ? words[count - 1] : "", *before = count > 1 ? words[count - 2] : "";
    const struct flag *flag = find_flag(before);
    const char *name, *fallback, *text;
    size_t i;

    if (flag != NULL && flag->value != NULL && flag->id != METHOD) {
        if (strcmp(before, "--service") == 0)
            offer_services();
        else if (flag->id == OPTION)
            for (i = 0; crux_option_at(i, &name, &fallback, &text); i++)
                offer(name, strlen(name), "=", text);
        return; /* the shell offers files */
    }
    if (last[0] == '-') {
        for (i = 0; i < FLAG_COUNT; i++)
            if (flags[i].help != NULL) {
                name = flags[i].name != NULL ? flags[i].name : flags[i].letter;
                offer(name, strlen(name), "", flags[i].key != NULL && strcmp(flags[i].key, "service") == 0
                                                  ? "which service" : flags[i].help);
            }
        return;
    }
    for (i = 0; i < sizeof methods / sizeof *methods; i++)
        offer(methods[i], strlen(methods[i]), "", "a method");
}

static int tell(const struct flag *flag, int count, char **words)
{
    const char *name, *fallback, *text, *what = flag->name;
    int32_t code;
    size_t i;

    if (strcmp(what, "--help") == 0)
        print_help();
    else if (strcmp(what, "--version") == 0)
        printf("crux %s\n", crux_version());
    else if (strcmp(what, "--errors") == 0)
        for (i = 0; crux_error_at(i, &code, &name, &text); i++)
            printf("%2d  %-19s %s\n", (int)code, name, text);
    else if (strcmp(what, "--options") == 0)
        for (i = 0; crux_option_at(i, &name, &fallback, &text); i++)
            printf("%s%s%s\n    %s\n", name, fallback[0] != '\0' ? " = " : "", fallback, text);
    else
        complete(count, words);
    return flush_output();
}

#endif
