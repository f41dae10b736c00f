/* Flows through the C interface against the sandbox's shop: see flows.h. */
#define _GNU_SOURCE
#include "flows.h"

#include "faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_SIZE (1 << 20)
#define OLD "what stood here before"
/* For everything: a fault must not make a flow longer than that. */
#define TOTAL_MS "3000"

struct stage stage;

/* ======== The stage ========================================================= */

static const char *given(const char *name)
{
    const char *value = getenv(name);

    if (value == NULL) {
        fprintf(stderr, "%s is not set; run this under the sandbox: sandbox --shop PROGRAM\n", name);
        exit(2);
    }
    return value;
}

void stage_enter(void)
{
    stage.http = given("CRUX_SANDBOX_HTTP");
    stage.https = given("CRUX_SANDBOX_HTTPS");
    stage.ca = given("CRUX_SANDBOX_CA");
    stage.user = given("CRUX_USER");
    stage.password = given("CRUX_PASSWORD");
}

const char *in_folder(const char *name)
{
    static char paths[8][4096];
    static int next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof *paths, "%s/%s", stage.folder, name);
    return path;
}

void wrong(const char *format, ...)
{
    va_list more;

    va_start(more, format);
    vdprintf(stage.report, format, more);
    va_end(more);
    dprintf(stage.report, "\n");
    stage.wrong++;
}

/*
 * The bytes of a file, until the next one; NULL if it cannot be read. By system calls, which no fault meets, and
 * without memory, of which there may be none.
 */
static const char *contents(const char *path, size_t *length)
{
    static char bytes[FILE_SIZE + 2];
    long file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC), amount;

    *length = 0;
    if (file < 0)
        return NULL;
    while ((amount = syscall(SYS_read, file, bytes + *length, FILE_SIZE + 1 - *length)) > 0)
        *length += (size_t) amount;
    syscall(SYS_close, file);
    bytes[*length] = 0;
    return bytes;
}

static void put(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
        wrong("%s could not be made: %s", path, strerror(errno));
}

static void copy(const char *from, const char *to)
{
    size_t length;
    const char *bytes = contents(from, &length);

    if (bytes != NULL)
        put(to, bytes, length);
    /* As the library makes them: it believes what is this user's alone. */
    chmod(to, 0600);
}

void stage_prepare(void)
{
    DIR *folder;
    struct dirent *entry;

    mkdir(stage.folder, 0700);
    folder = opendir(stage.folder);
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.')
            unlink(in_folder(entry->d_name));
    if (folder != NULL)
        closedir(folder);
    put(in_folder("resumed"), OLD, strlen(OLD));
    copy(in_folder("../part/resumed.part"), in_folder("resumed.part"));
    copy(in_folder("../part/resumed.part.tag"), in_folder("resumed.part.tag"));
}

/* ======== Judging =========================================================== */

int succeeded(const void *object, const char *what)
{
    int32_t code = crux_code(object);
    const char *message = crux_message(object);

    if (code == CRUX_OK)
        return 1;
    if (code < CRUX_OK || code > CRUX_ERR_INTERNAL)
        wrong("%s: its code is %d: %s", what, (int) code, message);
    if (code == CRUX_ERR_INTERNAL && strstr(message, "refused to start a thread") == NULL)
        wrong("%s: a fault inside libcrux: %s", what, message);
    if (strlen(message) < 20 || message[strlen(message) - 1] != '.' || strchr(message, '\n') != NULL)
        wrong("%s: this is no sentence: %s", what, message);
    if (strstr(message, stage.password) != NULL || strstr(message, "tok-7d1c") != NULL)
        wrong("%s: a secret in a message", what);
    return 0;
}

/* The file of a download: what was there before, or all of the new one; `must` = nothing but the new one. */
static void whole_or_old(const char *name, const char *old, int must)
{
    size_t length, at = 0;
    const char *bytes = contents(in_folder(name), &length);

    while (at < length && bytes[at] == (char) (at % 256))
        at++;
    if (must ? length != FILE_SIZE || at != length
             : length != 0 && (length != FILE_SIZE || at != length) &&
                   (old == NULL || length != strlen(old) || memcmp(bytes, old, length) != 0))
        wrong("%s has %zu bytes, and %zu of them are right", name, length, at);
    if (!must && bytes != NULL && length == 0)
        wrong("%s is empty", name);
    if (old != NULL && bytes == NULL)
        wrong("%s is gone", name);
}

crux_client *log_in(const char *base, const char *token_file)
{
    crux_options *options = crux_options_new();
    const char *const set[][2] = {
        {"service", "custom"}, {"base_url", base}, {"user", stage.user}, {"secret", stage.password},
        {"tls.ca_file", stage.ca}, {"token_file", token_file}, {"timeout.total_ms", TOTAL_MS},
        {"retry.max_wait_ms", "5"}, {"proxy", "direct"},
    };
    crux_client *client;
    size_t at;

    for (at = 0; at < sizeof set / sizeof *set; at++)
        if (crux_options_set(options, set[at][0], set[at][1]) != CRUX_OK)
            wrong("option %s: %s", set[at][0], crux_message(options));
    client = crux_login_with(options);
    succeeded(client, "login");
    crux_free(options);
    return client;
}

static void get_one(const crux_client *client)
{
    crux_response *response = crux_request(client, "GET", "things/0/", NULL, 0);

    if (succeeded(response, "GET") && crux_json_int(response, "/id", -1) != 0)
        wrong("GET: %s", crux_body(response, NULL));
    crux_free(response);
}

/* The same client works again, or, if it could not be made, says so as before and a new one works. */
static void works_again(void)
{
    crux_client *client = stage.client;
    crux_response *response = crux_request(client, "GET", "things/0/", NULL, 0);
    crux_client *other = NULL;

    if (crux_code(response) != CRUX_OK && strcmp(crux_message(response), crux_message(client)) == 0) {
        other = log_in(stage.http, NULL);
        crux_free(response);
        response = crux_request(other, "GET", "things/0/", NULL, 0);
    }
    if (crux_code(response) != CRUX_OK || crux_json_int(response, "/id", -1) != 0)
        wrong("a new request fails as well: %s; the client: %s", crux_message(response), crux_message(client));
    crux_free(response);
    crux_free(other);
}

/* ======== The flows ========================================================= */

static void pages(const char *base)
{
    crux_response *page, *next;
    size_t things = 0, failed = 0;

    stage.client = log_in(base, NULL);
    get_one(stage.client);
    page = crux_request(stage.client, "GET", "things/?limit=3", NULL, 0);
    while (page != NULL) {
        if (succeeded(page, "page"))
            things += crux_json_count(page, "/results");
        else
            failed++;
        next = crux_next_page(stage.client, page);
        crux_free(page);
        page = next;
    }
    if (failed == 0 && things != 7)
        wrong("the pages have %zu things", things);
}

static void over_http(void)
{
    pages(stage.http);
}

static void over_https(void)
{
    pages(stage.https);
}

/* Up, and down into a file of which a piece is there. */
static void files(void)
{
    crux_response *response;

    stage.client = log_in(stage.http, NULL);
    response = crux_upload(stage.client, "upload/", "file", stage.upload, NULL);
    if (succeeded(response, "upload") && crux_json_int(response, "/size", 0) != UPLOADED)
        wrong("upload: %s", crux_body(response, NULL));
    crux_free(response);
    response = crux_download(stage.client, "files/out.bin", in_folder("resumed"));
    if (succeeded(response, "download"))
        whole_or_old("resumed", NULL, 1);
    crux_free(response);
}

static void files_are_whole(void)
{
    crux_response *response;

    whole_or_old("resumed", OLD, 0);
    works_again();
    response = crux_download(stage.client, "files/out.bin", in_folder("resumed"));
    if (crux_code(response) == CRUX_OK)
        whole_or_old("resumed", NULL, 1);
    else if (strcmp(crux_message(response), crux_message(stage.client)) != 0)
        wrong("a new download fails as well: %s", crux_message(response));
    crux_free(response);
}

/* One client leaves its token in a file, the next one finds it there. */
static void token_file(void)
{
    crux_client *first = log_in(stage.http, in_folder("token"));

    get_one(first);
    crux_free(first);
    stage.client = log_in(stage.http, in_folder("token"));
    get_one(stage.client);
}

static void token_file_is_whole(void)
{
    size_t length;
    const char *text = contents(in_folder("token"), &length);
    struct stat facts;

    if (text != NULL && (length < 40 || text[0] != '{' || strcmp(text + length - 2, "}\n") != 0 ||
                         strstr(text, "\"tok-7d1c\"") == NULL))
        wrong("the token file holds %zu bytes", length);
    if (text != NULL && (stat(in_folder("token"), &facts) != 0 || (facts.st_mode & 077) != 0))
        wrong("others may read the token file");
    works_again();
}

/* Started requests: one into memory, one into a file, one as a stream; each handle comes back once. */
static void started(void)
{
    static const char *const paths[] = {"things/0/", "files/out.bin", "things/?limit=7"};
    crux_response *all[3], *next, *finished[3];
    char piece[512];
    ptrdiff_t got = 0;
    size_t at, back = 0, read = 0;

    stage.client = log_in(stage.http, NULL);
    if (crux_event(stage.client) < -1)
        wrong("the event is no descriptor");
    for (at = 0; at < 3; at++) {
        crux_call *call = crux_call_new(stage.client, "GET", paths[at]);
        if (at == 1)
            crux_call_set(call, "save", in_folder("saved"));
        if (at == 2)
            crux_call_set(call, "stream", "1");
        all[at] = crux_call_start(call);
        crux_free(call);
    }
    while (back < 3 && (next = crux_next_finished(stage.client, 10000)) != NULL)
        finished[back++] = next;
    /* Those of a client that could not be made come out of no queue. */
    if (back < 3 && strcmp(crux_message(all[0]), crux_message(stage.client)) != 0)
        wrong("of 3 started requests %zu came back", back);
    for (at = 0; at < back; at++)
        if (finished[at] != all[0] && finished[at] != all[1] && finished[at] != all[2])
            wrong("another handle came back");
    for (at = 0; at < 3; at++)
        if (!crux_wait(all[at], 10000))
            wrong("%s never ends", paths[at]);
    if (succeeded(all[0], "started GET") && crux_json_int(all[0], "/id", -1) != 0)
        wrong("started GET: %s", crux_body(all[0], NULL));
    if (succeeded(all[1], "started download"))
        whole_or_old("saved", NULL, 1);
    if (succeeded(all[2], "started stream")) {
        while ((got = crux_read(all[2], piece, sizeof piece)) > 0 || (got == -2 && crux_wait(all[2], 10000)))
            read += got > 0 ? (size_t) got : 0;
        if (got == 0 && read < 100)
            wrong("the stream ended after %zu bytes", read);
        if (got < 0 && succeeded(all[2], "stream"))
            wrong("the stream broke without an error");
    }
    for (at = 0; at < 3; at++)
        crux_free(all[at]);
}

static void started_are_whole(void)
{
    whole_or_old("saved", NULL, 0);
    works_again();
}

static void job(void)
{
    crux_response *accepted, *ended;

    stage.client = log_in(stage.http, NULL);
    accepted = crux_request(stage.client, "POST", "jobs/", "{}", -1);
    succeeded(accepted, "job");
    ended = crux_await(stage.client, accepted, 3000);
    if (succeeded(ended, "await") && crux_json_int(ended, "/value/progress", -1) != 100)
        wrong("await: %s", crux_body(ended, NULL));
    crux_free(accepted);
    crux_free(ended);
}

const struct flow flows[] = {
    {"http", over_http, works_again},
    {"https", over_https, works_again},
    {"files", files, files_are_whole},
    {"token", token_file, token_file_is_whole},
    {"started", started, started_are_whole},
    {"job", job, works_again},
};
const int flow_count = sizeof flows / sizeof *flows;

int flow_leave_part(void)
{
    crux_client *client = log_in(stage.http, NULL);
    crux_response *response;
    int at, there;

    for (at = 0; strcmp(faulty[at].name, "write") != 0; at++)
        ;
    faults_arm(at, 4, ENOSPC, 1);
    response = crux_download(client, "files/out.bin", in_folder("resumed"));
    faults_disarm();
    there = crux_code(response) == CRUX_ERR_FILE && access(in_folder("resumed.part.tag"), R_OK) == 0;
    crux_free(response);
    crux_free(client);
    return there;
}
