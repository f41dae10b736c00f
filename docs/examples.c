/*
 * One example for each function of crux.h, for the reference in the documentation: "make docs" shows the body of the
 * function of that name. The tests compile this file and run it against the sandbox:
 *
 *     examples BASE_URL_OF_CRUNCH CA_FILE PASSWORD
 */
#include <crux.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the examples have at hand. */
static const char *base, *ca, *password;
static crux_client *me;
static crux_options *options;
static crux_call *call;
static crux_response *response;

static void example_crux_login(void)
{
    crux_client *ada = crux_login("crunch", base, "ada@example.com", "password");

    if (crux_code(ada) != CRUX_OK)
        fprintf(stderr, "%s\n", crux_message(ada));
    crux_free(ada);
}

static void example_crux_request(void)
{
    crux_response *made = crux_request(me, "POST", "datasets/",
        "{\"body\": {\"name\": \"Survey\", \"project\": \"/api/projects/personal/\"}}", -1);

    if (crux_code(made) == CRUX_OK)
        printf("made %s\n", crux_info(made, "result"));
    crux_free(made);
}

static void example_crux_free(void)
{
    crux_response *page = crux_request(me, "GET", "datasets/all/", NULL, 0);
    const char *name = crux_json_text(page, "/element");

    printf("%s\n", name != NULL ? name : "?");
    crux_free(page); /* now name is gone too */
}

static void example_crux_code(void)
{
    switch (crux_code(response)) {
    case CRUX_OK:
        puts(crux_body(response, NULL));
        break;
    case CRUX_ERR_AUTH:
        puts("Please log in again.");
        break;
    default: /* codes may be added */
        puts(crux_message(response));
    }
}

static void example_crux_message(void)
{
    if (crux_code(response) != CRUX_OK)
        fprintf(stderr, "Sorry: %s\n", crux_message(response));
}

static void example_crux_status(void)
{
    if (crux_code(response) == CRUX_ERR_HTTP && crux_status(response) == 404)
        puts("There is no such dataset.");
}

static void example_crux_body(void)
{
    size_t length;
    const char *body = crux_body(response, &length);

    fwrite(body, 1, length, stdout);
}

static void example_crux_header(void)
{
    const char *type = crux_header(response, "Content-Type", 0);

    printf("%s\n", type != NULL ? type : "no type");
}

static void example_crux_header_at(void)
{
    const char *name, *value;
    size_t i;

    for (i = 0; crux_header_at(response, i, &name, &value); i++)
        printf("%s: %s\n", name, value);
}

static void example_crux_info(void)
{
    const char *warning = crux_info(response, "warning");

    printf("from %s\n", crux_info(response, "url"));
    if (warning != NULL)
        printf("the service warns: %s\n", warning);
}

static void example_crux_number(void)
{
    printf("%ld attempts, %ld ms\n", (long)crux_number(response, "attempts"),
        (long)crux_number(response, "elapsed_ms"));
    if (crux_number(response, "maybe_sent") == 1)
        puts("It may have taken effect: look before you send it again.");
}

static void example_crux_copy(void)
{
    char text[256], *facts;
    size_t size = crux_copy(response, "message", text, sizeof text);

    if (size < sizeof text) /* else it was cut; size is what it takes */
        puts(text);
    size = crux_copy(response, "facts", NULL, 0) + 1; /* the size first, then the text */
    facts = malloc(size);
    if (facts != NULL && crux_copy(response, "facts", facts, size) < size)
        puts(facts);
    free(facts);
}

static void example_crux_json_type(void)
{
    if (crux_json_type(response, "/index") == CRUX_JSON_OBJECT)
        puts("a catalogue");
}

static void example_crux_json_text(void)
{
    const char *element = crux_json_text(response, "/element");

    puts(element != NULL ? element : "no element");
}

static void example_crux_json_int(void)
{
    printf("%ld datasets\n", (long)crux_json_int(response, "/total", 0));
}

static void example_crux_json_double(void)
{
    printf("weight %.2f\n", crux_json_double(response, "/body/weight", 1.0));
}

static void example_crux_json_count(void)
{
    printf("%lu datasets on this page\n", (unsigned long)crux_json_count(response, "/index"));
}

static void example_crux_json_key(void)
{
    const char *link;
    size_t i;

    for (i = 0; (link = crux_json_key(response, "/index", i)) != NULL; i++)
        puts(link);
}

static int32_t print_node(void *context, int32_t depth, int32_t type, const char *key, size_t key_length,
    const char *text, size_t length)
{
    FILE *out = context;

    fprintf(out, "%*s", (int)depth * 2, "");
    if (key != NULL)
        fprintf(out, "%.*s: ", (int)key_length, key);
    if (type == CRUX_JSON_OBJECT || type == CRUX_JSON_ARRAY)
        fprintf(out, "\n");
    else
        fprintf(out, "%.*s\n", (int)length, text);
    return 0; /* go on */
}

static void example_crux_json_walk(void)
{
    if (crux_json_walk(response, "/index", print_node, stdout) == -1)
        puts("nothing stands there");
}

static void example_crux_options_new(void)
{
    crux_options *mine = crux_options_new();

    crux_options_set(mine, "service", "crunch");
    crux_free(mine);
}

static void example_crux_options_set(void)
{
    if (crux_options_set(options, "timeout.total_ms", "60000") != CRUX_OK)
        fprintf(stderr, "%s\n", crux_message(options));
}

static void example_crux_options_env(void)
{
    /* R_CRUNCH_API_KEY_ACME and its kin. */
    if (crux_options_env(options, "acme") != CRUX_OK)
        fprintf(stderr, "%s\n", crux_message(options));
}

static void print_line(void *context, int32_t level, const char *line)
{
    fprintf(context, "%d %s\n", (int)level, line);
}

static void example_crux_options_log(void)
{
    crux_options_log(options, CRUX_LOG_INFO, print_line, stderr, NULL);
}

static int32_t look_for_ctrl_c(void *context, int32_t phase, int64_t done, int64_t total)
{
    const volatile int *interrupted = context; /* set by a signal handler */

    if (phase == CRUX_PHASE_RECEIVE && total > 0)
        fprintf(stderr, "\r%d %%", (int)(done * 100 / total));
    return *interrupted;
}

static void example_crux_options_tick(void)
{
    static int interrupted;

    crux_options_tick(options, look_for_ctrl_c, &interrupted, NULL);
}

static ptrdiff_t from_keyring(void *context, const char *refused, void *buffer, size_t capacity)
{
    const char *token = context;

    if (refused && !strcmp(refused, token)) return 0; /* the keyring has no other */
    if (strlen(token) > capacity) return -1;
    memcpy(buffer, token, strlen(token));
    return (ptrdiff_t)strlen(token);
}

static void example_crux_options_token(void)
{
    static char token[] = "t0ken-of-the-keyring";

    crux_options_token(options, from_keyring, token, NULL);
    crux_options_token(options, NULL, NULL, NULL); /* and none again */
}

static void example_crux_login_with(void)
{
    crux_client *grace;

    crux_options_set(options, "service", "crunch");
    crux_options_set(options, "base_url", base);
    crux_options_set(options, "user", "grace@example.com");
    crux_options_set(options, "secret", password);
    crux_options_set(options, "tls.ca_file", ca);
    grace = crux_login_with(options);
    puts(crux_message(grace));
    crux_free(grace);
}

static void example_crux_set_token(void)
{
    crux_client *guest = crux_login("crunch", base, NULL, NULL);

    crux_set_token(guest, "0123456789abcdef");
    crux_free(guest);
}

static void example_crux_call_login(void)
{
    crux_call *login = crux_call_login(me);
    crux_response *outcome = crux_call_send(login);

    puts(crux_code(outcome) == CRUX_OK ? "The password is right." : crux_message(outcome));
    crux_free(outcome);
    crux_free(login);
}

static void example_crux_logout(void)
{
    crux_response *ended = crux_logout(me);

    puts(crux_message(ended));
    crux_free(ended);
}

static void example_crux_call_logout(void)
{
    crux_call *logout = crux_call_logout(me);
    crux_response *ended = crux_call_start(logout);

    crux_wait(ended, 1000);
    crux_free(ended);
    crux_free(logout);
}

static void example_crux_reset_password(void)
{
    crux_response *mailed = crux_reset_password(me, "ada@example.com");

    puts(crux_message(mailed));
    crux_free(mailed);
}

static void example_crux_call_reset_password(void)
{
    crux_call *reset = crux_call_reset_password(me, "ada@example.com");
    crux_response *mailed = crux_call_send(reset);

    puts(crux_message(mailed));
    crux_free(mailed);
    crux_free(reset);
}

static void example_crux_call_new(void)
{
    crux_call *list = crux_call_new(me, "GET", "datasets/all/");
    crux_response *datasets = crux_call_send(list);

    puts(crux_message(datasets));
    crux_free(datasets);
    crux_free(list);
}

static void example_crux_call_query(void)
{
    crux_call_query(call, "limit", "10");
    crux_call_query(call, "name", "a & b"); /* is encoded */
}

static void example_crux_call_fill(void)
{
    crux_call *by_name = crux_call_new(me, "GET", "datasets/by_name/{name}/");

    crux_call_fill(by_name, "name", "a/b & c"); /* stays one piece of the path */
    crux_free(by_name);
}

static void example_crux_call_header(void)
{
    crux_call_header(call, "Accept-Language", "en");
}

static void example_crux_call_body(void)
{
    static const char row[] = "id,name\n1,Ada\n";

    crux_call_body(call, row, sizeof row - 1, "text/csv");
}

static void example_crux_call_put_text(void)
{
    crux_call *make = crux_call_new(me, "POST", "datasets/");

    crux_call_put_text(make, "/body/name", "Survey \"May\"");
    crux_call_put_text(make, "/body/project", "/api/projects/personal/");
    crux_call_put_text(make, "/body/tags/-", "first");
    crux_free(make);
}

static void example_crux_call_put_int(void)
{
    crux_call_put_int(call, "/body/rows", 1000000);
}

static void example_crux_call_put_double(void)
{
    crux_call_put_double(call, "/body/weight", 0.5); /* with a point, whatever the locale */
}

static void example_crux_call_put_json(void)
{
    if (crux_call_put_json(call, "/body/limits", "[1, 2, null]") != CRUX_OK)
        fprintf(stderr, "%s\n", crux_message(call));
}

static void example_crux_call_set(void)
{
    if (crux_call_set(call, "timeout.total_ms", "5000") != CRUX_OK)
        fprintf(stderr, "%s\n", crux_message(call));
}

static void example_crux_call_file(void)
{
    if (crux_call_file(call, "rows.csv", "text/csv") == CRUX_ERR_FILE)
        fprintf(stderr, "%s\n", crux_message(call));
}

static void example_crux_call_part(void)
{
    crux_call_part(call, "description", "Rows of May", NULL, NULL);
    crux_call_part(call, "uploaded_file", NULL, "rows.csv", NULL);
}

static void example_crux_call_part_data(void)
{
    crux_call_part_data(call, "uploaded_file", "rows.csv", "id\n1\n", -1, NULL); /* text/csv by its ending */
}

static ptrdiff_t read_file(void *context, void *buffer, size_t capacity)
{
    size_t count = fread(buffer, 1, capacity, context);

    return ferror((FILE *)context) ? -1 : (ptrdiff_t)count;
}

static void close_file(void *context)
{
    fclose(context);
}

static void example_crux_call_source(void)
{
    FILE *rows = fopen("rows.csv", "rb");

    if (rows != NULL)
        crux_call_source(call, read_file, rows, close_file, -1, "text/csv");
}

static void example_crux_call_tick(void)
{
    static int interrupted;

    crux_call_tick(call, look_for_ctrl_c, &interrupted, NULL);
}

static void example_crux_call_send(void)
{
    crux_response *response = crux_call_send(call);

    puts(crux_message(response));
    crux_free(response);
}

static void example_crux_call_stream(void)
{
    crux_response *head = crux_call_stream(call);

    if (crux_code(head) == CRUX_OK)
        printf("%d, now its body\n", (int)crux_status(head));
    crux_free(head); /* the rest is not wanted */
}

static void example_crux_call_start(void)
{
    crux_response *later = crux_call_start(call);

    while (crux_code(later) == CRUX_PENDING)
        crux_wait(later, 100); /* or do something else */
    puts(crux_message(later));
    crux_free(later);
}

static void example_crux_read(void)
{
    crux_response *stream = crux_call_stream(call);
    char piece[16384];
    ptrdiff_t count;

    while ((count = crux_read(stream, piece, sizeof piece)) > 0)
        fwrite(piece, 1, (size_t)count, stdout);
    if (count < 0) /* what was read is not the whole */
        fprintf(stderr, "%s\n", crux_message(stream));
    crux_free(stream);
}

static void example_crux_wait(void)
{
    crux_response *later = crux_call_start(call);

    if (!crux_wait(later, 2000))
        puts("This takes longer than two seconds.");
    crux_free(later); /* ends it */
}

static void example_crux_next_finished(void)
{
    crux_response *done;

    crux_call_start(call);
    crux_call_start(call);
    while ((done = crux_next_finished(me, -1)) != NULL) {
        printf("%d\n", (int)crux_status(done));
        crux_free(done);
    }
}

static void example_crux_event(void)
{
    crux_response *one = crux_call_start(call), *other = crux_call_start(call), *done;
    struct pollfd ready;
    int left = 2;

    ready.fd = (int)crux_event(me); /* the client's: do not read from it, do not close it */
    ready.events = POLLIN;
    while (left > 0) {
        if (poll(&ready, 1, 100) == 0) /* or what else the loop does ten times a second */
            printf("phases %d, %d\n", (int)crux_number(one, "phase"), (int)crux_number(other, "phase"));
        for (; (done = crux_next_finished(me, 0)) != NULL; left--)
            printf("%s: %s\n", done == one ? "one" : "other", crux_message(done));
    }
    crux_free(one);
    crux_free(other);
}

static void example_crux_cancel(void)
{
    crux_response *later = crux_call_start(call);

    crux_cancel(later); /* any thread may */
    crux_wait(later, -1);
    puts(crux_message(later));
    crux_free(later);
}

static void example_crux_await(void)
{
    crux_response *accepted = crux_request(me, "POST", "datasets/1/export/csv/", "{}", -1);
    crux_response *done = crux_await(me, accepted, 60000);

    if (crux_code(done) == CRUX_OK)
        printf("the result is at %s\n", crux_info(done, "location"));
    crux_free(done);
    crux_free(accepted);
}

static void example_crux_call_await(void)
{
    crux_response *accepted = crux_request(me, "POST", "datasets/1/export/csv/", "{}", -1);
    crux_call *job = crux_call_await(me, accepted);
    crux_response *done;

    crux_call_set(job, "job.timeout_ms", "60000");
    done = crux_call_start(job); /* meanwhile the program goes on */
    crux_wait(done, -1);
    puts(crux_message(done));
    crux_free(done);
    crux_free(job);
    crux_free(accepted);
}

static void example_crux_shutdown(void)
{
    /* In a plugin, after it has freed all it had and before it is unloaded. */
    if (!crux_shutdown(0))
        puts("a thread of libcrux still runs");
}

static void example_crux_next_page(void)
{
    crux_response *page = crux_request(me, "GET", "datasets/all/", NULL, 0), *next;

    while (page != NULL && crux_code(page) == CRUX_OK) {
        printf("%lu datasets\n", (unsigned long)crux_json_count(page, "/index"));
        next = crux_next_page(me, page);
        crux_free(page);
        page = next;
    }
    crux_free(page);
}

static void example_crux_call_next(void)
{
    crux_call *next = crux_call_new(me, "GET", "datasets/all/");

    while (next != NULL) { /* NULL after the last page */
        crux_response *page = crux_call_start(next);

        crux_free(next);
        crux_wait(page, -1); /* or go on; crux_call_next needs a page that is no longer pending */
        puts(crux_message(page));
        next = crux_call_next(me, page);
        crux_free(page);
    }
}

static void example_crux_call_follow(void)
{
    const char *link = crux_json_key(response, "/index", 0); /* such as "../datasets/1/" */
    crux_call *follow = crux_call_follow(response, "GET", link);
    crux_response *dataset = crux_call_send(follow);

    puts(crux_message(dataset));
    crux_free(dataset);
    crux_free(follow);
}

static void example_crux_download(void)
{
    crux_response *saved = crux_download(me, "datasets/all/", "datasets.json");

    puts(crux_message(saved));
    crux_free(saved);
}

static void example_crux_upload(void)
{
    crux_response *sent = crux_upload(me, NULL, NULL, "rows.csv", "text/csv");

    if (crux_code(sent) == CRUX_OK)
        printf("it is %s\n", crux_info(sent, "result"));
    crux_free(sent);
}

static void example_crux_call_upload(void)
{
    crux_call *upload = crux_call_upload(me, NULL, NULL, "rows.csv", NULL);
    crux_response *later = crux_call_start(upload);

    while (!crux_wait(later, 100))
        printf("%ld bytes\n", (long)crux_number(later, "sent"));
    crux_free(later);
    crux_free(upload);
}

static void example_crux_version(void)
{
    printf("libcrux %s\n", crux_version());
}

static void example_crux_abi(void)
{
    if (crux_abi() < CRUX_ABI)
        puts("The library is older than the header that this program was made with.");
}

static void example_crux_constant(void)
{
    printf("%d\n", (int)crux_constant("CRUX_ERR_AUTH", -99));
}

static void example_crux_error_at(void)
{
    const char *name, *text;
    int32_t code;
    size_t i;

    for (i = 0; crux_error_at(i, &code, &name, &text); i++)
        printf("%d %s: %s\n", (int)code, name, text);
}

static void example_crux_error_name(void)
{
    const char *name = crux_error_name(crux_code(response));

    puts(name != NULL ? name : "a newer outcome");
}

static void example_crux_option_at(void)
{
    const char *key, *fallback, *help;
    size_t i;

    for (i = 0; crux_option_at(i, &key, &fallback, &help); i++)
        printf("%s (%s): %s\n", key, fallback, help);
}

static void example_crux_option_info(void)
{
    printf("%s\n", crux_option_info("timeout.total_ms", "values"));
}

static void example_crux_fact_at(void)
{
    const char *name, *help;
    size_t i;

    for (i = 0; crux_fact_at(i, &name, &help); i++)
        printf("%s: %s\n", name, help);
}

#define EXAMPLE(name) {#name, example_##name}
static const struct {
    const char *name;
    void (*run)(void);
} examples[] = {
    EXAMPLE(crux_login), EXAMPLE(crux_request), EXAMPLE(crux_free), EXAMPLE(crux_code), EXAMPLE(crux_message),
    EXAMPLE(crux_status), EXAMPLE(crux_body), EXAMPLE(crux_header), EXAMPLE(crux_header_at), EXAMPLE(crux_info),
    EXAMPLE(crux_number), EXAMPLE(crux_copy), EXAMPLE(crux_json_type), EXAMPLE(crux_json_text),
    EXAMPLE(crux_json_int), EXAMPLE(crux_json_double), EXAMPLE(crux_json_count), EXAMPLE(crux_json_key),
    EXAMPLE(crux_json_walk), EXAMPLE(crux_options_new), EXAMPLE(crux_options_set), EXAMPLE(crux_options_log), EXAMPLE(crux_options_tick),
    EXAMPLE(crux_options_token),
    EXAMPLE(crux_login_with), EXAMPLE(crux_options_env), EXAMPLE(crux_set_token), EXAMPLE(crux_call_login),
    EXAMPLE(crux_reset_password), EXAMPLE(crux_call_reset_password), EXAMPLE(crux_call_new), EXAMPLE(crux_call_send),
    EXAMPLE(crux_call_stream), EXAMPLE(crux_call_start), EXAMPLE(crux_read), EXAMPLE(crux_wait),
    EXAMPLE(crux_next_finished), EXAMPLE(crux_event), EXAMPLE(crux_cancel), EXAMPLE(crux_await), EXAMPLE(crux_call_await),
    EXAMPLE(crux_next_page), EXAMPLE(crux_call_next), EXAMPLE(crux_call_follow), EXAMPLE(crux_download),
    EXAMPLE(crux_upload), EXAMPLE(crux_call_upload), EXAMPLE(crux_call_query), EXAMPLE(crux_call_header),
    EXAMPLE(crux_call_body), EXAMPLE(crux_call_file), EXAMPLE(crux_call_part), EXAMPLE(crux_call_set),
    EXAMPLE(crux_call_tick), EXAMPLE(crux_call_fill), EXAMPLE(crux_call_put_text), EXAMPLE(crux_call_put_int), EXAMPLE(crux_call_put_double),
    EXAMPLE(crux_call_put_json), EXAMPLE(crux_call_part_data), EXAMPLE(crux_call_source), EXAMPLE(crux_error_name),
    EXAMPLE(crux_option_info), EXAMPLE(crux_fact_at), EXAMPLE(crux_version), EXAMPLE(crux_abi), EXAMPLE(crux_constant), EXAMPLE(crux_shutdown),
    EXAMPLE(crux_error_at), EXAMPLE(crux_option_at), EXAMPLE(crux_logout), EXAMPLE(crux_call_logout),
};

int main(int argc, char **argv)
{
    crux_options *login = crux_options_new();
    size_t i;

    if (argc != 4)
        return 1;
    base = argv[1];
    ca = argv[2];
    password = argv[3];
    crux_options_set(login, "service", "crunch");
    crux_options_set(login, "base_url", base);
    crux_options_set(login, "user", "grace@example.com");
    crux_options_set(login, "secret", password);
    crux_options_set(login, "tls.ca_file", ca);
    me = crux_login_with(login);
    options = crux_options_new();
    call = crux_call_new(me, "GET", "datasets/all/");
    response = crux_request(me, "GET", "datasets/all/", NULL, 0);
    for (i = 0; i < sizeof examples / sizeof *examples; i++) {
        printf("== %s\n", examples[i].name);
        examples[i].run();
    }
    crux_free(response);
    crux_free(call);
    crux_free(options);
    crux_free(me);
    crux_free(login);
    return 0;
}
