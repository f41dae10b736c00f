/*
 * libcrux: log in once to a token-authenticated REST API, then call it, correctly, for as long as the
 * program runs.
 *
 *     #include <crux.h>
 *     #include <stdio.h>
 *
 *     int main(void)
 *     {
 *         crux_client *me = crux_login("crunch", NULL, "ada@example.com", "password");
 *         crux_response *response = crux_request(me, "GET", "datasets/all/", NULL, 0);
 *         puts(crux_code(response) == CRUX_OK ? crux_body(response, NULL) : crux_message(response));
 *         if (crux_info(response, "warning") != NULL)
 *             fprintf(stderr, "%s\n", crux_info(response, "warning"));
 *         crux_free(response);
 *         crux_free(me);
 *         return 0;
 *     }
 *
 * Rules of the whole header
 *
 * Text in is UTF-8 and ends in a NUL; NULL means "not given". Bytes are a pointer and a length; -1 means
 * up to the NUL.
 * Every function that makes an object returns one that is not NULL, unless it says so. The object carries its
 * own outcome: crux_code(object) and crux_message(object). There is no errno and no "last error".
 * Nothing takes ownership of what it is given. Each object is ended once with crux_free, in any order, on
 * any thread; what was made from an object stays good when the object is freed.
 * Text out is borrowed: good until the object it came from is freed; never NULL unless it says so.
 * An object taken as const may be used by many threads at once, any other by one thread at a time.
 * NULL, bad UTF-8, a freed or foreign handle and a handle of the wrong kind are outcomes, not crashes.
 * Nothing is ever printed. Memory that runs out ends the program, as in any Rust library.
 *
 * How to read the comments
 *
 * An argument may be NULL if its text holds the word NULL. One that "receives" something is written to.
 * "@owner" names the argument that a result belongs to, the caller, or the library (then it is static).
 * "@waits" is "no", or what the function waits for: the network, a job, another thread's work. A function
 * that does not wait may be called from an event loop. Everything that waits can be ended with crux_cancel or
 * by a tick (crux_options_tick, crux_call_tick), and ends by itself when its time is over.
 *
 * Hooks: functions of the program that libcrux calls
 *
 * A hook must return normally: no exception, no longjmp. No lock of libcrux is held while it runs, so it may
 * call libcrux; its own request waits for it. What it is given is good during the call only. Its context is
 * passed to "release" once, when no hook of that context will be called again: on a thread of the program
 * that is inside a function of libcrux, or on the one of libcrux that sent the body of a started call. If the
 * function that takes the hook fails, that is at once.
 *
 * This file is made from src/ffi by "make header"; the tests compare the two.
 */

#ifndef CRUX_H
#define CRUX_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header. */
#define CRUX_VERSION_MAJOR 0

#define CRUX_VERSION_MINOR 2

#define CRUX_VERSION_PATCH 0

/* Grows by one with each release that adds functions; what crux_abi returns. */
#define CRUX_ABI 1

/* Not finished yet. */
#define CRUX_PENDING (-1)

/* Success: status 2xx, 304, or a 303 that means "exists already". */
#define CRUX_OK 0

/* An argument or option is not usable; nothing was sent. */
#define CRUX_ERR_ARGUMENT 1

/* The host name could not be resolved. */
#define CRUX_ERR_RESOLVE 2

/* No connection could be made. */
#define CRUX_ERR_CONNECT 3

/* No trusted, encrypted connection could be made. */
#define CRUX_ERR_TLS 4

/* The connection broke. */
#define CRUX_ERR_IO 5

/* The response is not valid HTTP, or not what the service promises. */
#define CRUX_ERR_PROTOCOL 6

/* A time limit was reached; the message says which. */
#define CRUX_ERR_TIMEOUT 7

/* Ended by crux_cancel, by a tick, or by the source of a body that gave up. */
#define CRUX_ERR_CANCELLED 8

/* Login refused, or 401. */
#define CRUX_ERR_AUTH 9

/* Any other 4xx or 5xx, or a redirect that is not followed; status, headers and body are kept. */
#define CRUX_ERR_HTTP 10

/* The response is larger than the limit. */
#define CRUX_ERR_TOO_LARGE 11

/* The server says that its job failed. */
#define CRUX_ERR_JOB 12

/* A local file could not be read or written. */
#define CRUX_ERR_FILE 13

/* A fault inside libcrux. */
#define CRUX_ERR_INTERNAL 14

/* Nothing stands at the pointer, or the body is no JSON. */
#define CRUX_JSON_NONE 0

#define CRUX_JSON_NULL 1

#define CRUX_JSON_BOOL 2

#define CRUX_JSON_NUMBER 3

#define CRUX_JSON_STRING 4

#define CRUX_JSON_ARRAY 5

#define CRUX_JSON_OBJECT 6

/* What a call does while it waits. In LOGIN, CONNECT and WAIT `done` and `total` are unknown. */
#define CRUX_PHASE_LOGIN 1

#define CRUX_PHASE_CONNECT 2

/* `done` and `total` are bytes. */
#define CRUX_PHASE_SEND 3

#define CRUX_PHASE_WAIT 4

/* `done` and `total` are bytes. */
#define CRUX_PHASE_RECEIVE 5

/* Before a retry, in milliseconds; or a started request waits for its turn. */
#define CRUX_PHASE_PAUSE 6

/* While a job of the server runs: percent, -1 if the service tells none, and 100. */
#define CRUX_PHASE_JOB 7

/* Levels of log lines. */
#define CRUX_LOG_OFF 0

#define CRUX_LOG_ERROR 1

#define CRUX_LOG_WARNING 2

#define CRUX_LOG_INFO 3

#define CRUX_LOG_DEBUG 4

#define CRUX_LOG_TRACE 5

/* A request in the making; made by crux_call_new. */
typedef struct crux_call crux_call;

/* An account at a service; made by crux_login or crux_login_with. */
typedef struct crux_client crux_client;

/* Settings for a client to come; made by crux_options_new. */
typedef struct crux_options crux_options;

/* What came of a request. */
typedef struct crux_response crux_response;

/*
 A hook that receives one line of the log.

 @param context  as it was handed over; may be NULL
 @param level    CRUX_LOG_ERROR to CRUX_LOG_TRACE
 @param line     a text without a line end, good during the call
 @threads any that is inside a function of libcrux, possibly several at once
 @since   0.2
 */
typedef void (*crux_log_fn)(void *context, int32_t level, const char *line);

/*
 A hook that is called about every "tick.every_ms" while a function waits.

 @param context  as it was handed over; may be NULL
 @param phase    one of CRUX_PHASE_...
 @param done     how far the phase is; -1 = unknown
 @param total    how far it goes; -1 = unknown
 @return 0 to go on; anything else ends the request with CRUX_ERR_CANCELLED
 @threads the one that waits
 @since   0.2
 */
typedef int32_t (*crux_tick_fn)(void *context, int32_t phase, int64_t done, int64_t total);

/*
 A hook that is called exactly once, when no other hook of the same context will be called any more.

 @param context  as it was handed over; may be NULL
 @threads a thread of the program that is inside a function of libcrux; for a source of a started call, also
          one of libcrux
 @since   0.2
 */
typedef void (*crux_release_fn)(void *context);

/*
 A hook that supplies the bytes of a body, piece by piece.

 @param context   as it was handed over; may be NULL
 @param buffer    receives the bytes
 @param capacity  its size in bytes
 @return how many bytes were put into it; 0 = the end; -1 = give up
 @threads the one that waits; for a started call, one of libcrux
 @since   0.2
 */
typedef ptrdiff_t (*crux_read_fn)(void *context, void *buffer, size_t capacity);

/*
 A hook that visits one node of a JSON document.

 @param context     as it was handed over; may be NULL
 @param depth       0 for the node that the walk began with
 @param type        one of CRUX_JSON_...
 @param key         the member's name, good during the call; NULL in arrays
 @param key_length  its length in bytes; a NUL inside is part of it
 @param text        of a string its characters, of a number, true, false or null the JSON as it stands;
                    NULL for arrays and objects; good during the call
 @param length      its length in bytes; a NUL inside is part of it
 @return 0 to go on; anything else ends the walk
 @threads the one that walks
 @since   0.2
 */
typedef int32_t (*crux_json_fn)(void *context,
                                int32_t depth,
                                int32_t type,
                                const char *key,
                                size_t key_length,
                                const char *text,
                                size_t length);

/*
 A hook that fetches a token from elsewhere: a keyring, a vault, single sign-on.

 @param context   as it was handed over; may be NULL
 @param refused   the token that the server refused; NULL if none was
 @param buffer    receives the token; wiped afterwards
 @param capacity  its size in bytes
 @return the token's length in bytes; 0 = there is none; -1 = give up; the request then ends with
         CRUX_ERR_AUTH. More than capacity is CRUX_ERR_ARGUMENT
 @threads one at a time; any that is inside a function of libcrux, or one of libcrux
 @since   0.2
 */
typedef ptrdiff_t (*crux_token_fn)(void *context, const char *refused, void *buffer, size_t capacity);

/* ======== The simple path =================================================== */

/*
 Logs in, and returns the client that makes all requests.

 @param service   a built-in service such as "crux-connect" or "crunch", or "custom"; crux_option_info with
                  "service" and "values" lists them; NULL = "crux-connect"
 @param base_url  where the API lives; NULL = the service's own address
 @param user      user name or e-mail address: logs in with a password, at once;
                  NULL = `secret` is a ready token or API key, and nothing is sent yet
 @param secret    the password, token or API key; NULL as well = anonymous, for public endpoints
 @return a client, never NULL; crux_code(client) says how it went, crux_message(client) in words
 @owner   the caller; end it with crux_free
 @threads any; the client may then be used by many at once
 @waits   for the login; no if there is no user
 @since   0.1
 */
crux_client *crux_login(const char *service,
                        const char *base_url,
                        const char *user,
                        const char *secret);

/*
 Sends a request and waits for the whole response.

 @param client    from crux_login
 @param method    such as "GET" or "POST"
 @param path      a path below the base ("users/"), from the root ("/api/users/"), or a whole URL out
                  of a response; only the client's own origin ever gets the token
 @param body      what to send, as the service's JSON; NULL = nothing
 @param body_len  its length in bytes; -1 = up to the NUL
 @return a response, never NULL; crux_code(response) says how it went
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   for the whole response
 @since   0.1
 */
crux_response *crux_request(const crux_client *client,
                            const char *method,
                            const char *path,
                            const void *body,
                            ptrdiff_t body_len);

/*
 Ends an object of any kind, in any order; what was made from it stays good until it is freed itself. With a
 client end its idle connections and its crux_event.

 @param object  a client, response, call or options; NULL is fine; a pointer that was freed before, or
                is not ours, is refused without harm
 @threads any; other threads must not be using this same handle
 @waits   no
 @since   0.1
 */
void crux_free(void *object);

/*
 Returns the outcome of an object.

 @param object  a client, response, call or options
 @return CRUX_OK, CRUX_PENDING, or one of CRUX_ERR_...; for a client, how crux_login or crux_login_with
         went: a later login is an outcome of the request that needed it; for a call or options, the first
         refused setting that was not set well since; CRUX_ERR_ARGUMENT if the object is NULL, freed or
         not ours
 @threads any number at once
 @waits   no
 @since   0.1
 */
int32_t crux_code(const void *object);

/*
 Returns the outcome of an object in one English sentence, for the person at the screen. It holds no secret.

 @param object  a client, response, call or options
 @return the sentence, about what crux_code returns: of several refused settings, about the first; never NULL
 @owner   the object, until it is freed
 @threads any number at once
 @waits   no
 @since   0.1
 */
const char *crux_message(const void *object);

/*
 Returns the HTTP status of a response.

 @param object  a response, or a client: the response of its last login
 @return such as 200 or 404; 0 if there was no response
 @threads any number at once
 @waits   no
 @since   0.1
 */
int32_t crux_status(const void *object);

/*
 Returns the body of a response, decoded from gzip. In that of a login, "[secret]" stands for each secret.

 @param object  a response, or a client: the response of its last login
 @param length  receives the number of bytes; may be NULL
 @return the bytes with a NUL behind them, "" if there are none; never NULL
 @owner   the object, until it is freed
 @threads any number at once
 @waits   no
 @since   0.1
 */
const char *crux_body(const void *object,
                      size_t *length);

/* ======== Facts about a response ============================================ */

/*
 Returns a header of a response. That of a login has no cookies.

 @param object  a response, or a client: the response of its last login
 @param name    the header's name, in any case
 @param nth     0 for the first of that name, 1 for the next
 @return its value, the bytes as they came; NULL if there is none
 @owner   the object, until it is freed
 @threads any number at once
 @waits   no
 @since   0.1
 */
const char *crux_header(const void *object, const char *name, size_t nth);

/*
 Returns the headers of a response one by one.

 @param object  a response, or a client: the response of its last login
 @param index   from 0
 @param name    receives the name, in lower case; may be NULL
 @param value   receives the value; may be NULL
 @return 1, or 0 past the end
 @owner   the object, until it is freed
 @threads any number at once
 @waits   no
 @since   0.1
 */
int32_t crux_header_at(const void *object, size_t index, const char **name, const char **value);

/*
 Returns a fact as text. A fact of a response never changes once it is known.

 @param object  a response or a client; a client also has the facts of its last login
 @param name    service, base_url, url, server_message, location, warning, job_url, token_source,
                json_error (why the body is not JSON), result (the address or id of what was made);
                crux_fact_at lists all
 @return the fact; NULL if it is not known
 @owner   the object, until it is freed
 @threads any number at once
 @waits   no
 @since   0.1
 */
const char *crux_info(const void *object, const char *name);

/*
 Returns a fact as a number.

 @param object  a response or a client; a client also has the facts of its last login
 @param name    attempts, elapsed_ms, retry_after_ms, retryable (0/1), maybe_sent (0/1), verified (0/1),
                token_expires_in_s; live while a request runs: phase, percent, sent, send_total, received,
                receive_total; of a client: requests, retries, logins, bytes_sent, bytes_received,
                open_connections, under_way; crux_fact_at lists all
 @return the number; -1 if it is not known
 @threads any number at once
 @waits   no
 @since   0.1
 */
int64_t crux_number(const void *object,
                    const char *name);

/*
 Copies something into a buffer of the caller, for languages that cannot borrow.

 @param object    a client, response, call or options
 @param what      body, message, token (of a client), header:NAME, json:POINTER (a NUL inside included),
                  facts (all that crux_info and crux_number know, as one JSON object; code, status and
                  message are not among them), or a name that crux_info knows
 @param buffer    receives it; NULL = only the size is asked for
 @param capacity  its size in bytes; a NUL is added if there is room
 @return the full size without the NUL, whatever the capacity; 0 if there is nothing
 @threads any number at once
 @waits   no
 @since   0.1
 */
size_t crux_copy(const void *object,
                 const char *what,
                 void *buffer,
                 size_t capacity);

/* ======== JSON ============================================================== */

/*
 Returns the type of what stands at a place in the JSON of a response.

 @param object   a response, or a client: the response of its last login
 @param pointer  RFC 6901: "" is the whole, "/users/0/name" a member; "~1" is a slash in a name, "~0" a tilde
 @return one of CRUX_JSON_...; CRUX_JSON_NONE if nothing stands there, or the body is no JSON:
         crux_info(object, "json_error") then says why not
 @threads any number at once
 @waits   no
 @since   0.1
 */
int32_t crux_json_type(const void *object,
                       const char *pointer);

/*
 Returns what stands at a place as text: of a string its characters, of anything else the JSON as it
 stands, digits unaltered. Half a surrogate pair becomes one U+FFFD.

 @param object   a response, or a client: the response of its last login
 @param pointer  RFC 6901
 @return the text; NULL if nothing stands there. A NUL inside a string ends it; crux_json_walk, and
         crux_copy with "json:POINTER", give all of it
 @owner   the object, until it is freed; kept once for each place
 @threads any number at once
 @waits   no
 @since   0.1
 */
const char *crux_json_text(const void *object, const char *pointer);

/*
 Returns a whole number.

 @param object    a response, or a client: the response of its last login
 @param pointer   RFC 6901
 @param fallback  what to return if no whole number stands there, or it does not fit
 @return the number; also of "42" and 1e3; 1 and 0 of true and false
 @threads any number at once
 @waits   no
 @since   0.1
 */
int64_t crux_json_int(const void *object, const char *pointer, int64_t fallback);

/*
 Returns a number.

 @param object    a response, or a client: the response of its last login
 @param pointer   RFC 6901
 @param fallback  what to return if no number stands there
 @return the number; also of "42.5"; 1 and 0 of true and false
 @threads any number at once
 @waits   no
 @since   0.1
 */
double crux_json_double(const void *object, const char *pointer, double fallback);

/*
 Returns the number of members of an array or object. Of members with the same name only the last counts.

 @param object   a response, or a client: the response of its last login
 @param pointer  RFC 6901
 @return how many; 0 for anything else
 @threads any number at once
 @waits   no
 @since   0.1
 */
size_t crux_json_count(const void *object,
                       const char *pointer);

/*
 Returns the name of an object's member, in the order in which they stand.

 @param object   a response, or a client: the response of its last login
 @param pointer  RFC 6901
 @param index    from 0
 @return the name, not escaped for a pointer; NULL past the end, or if it is no object
 @owner   the object, until it is freed
 @threads any number at once
 @waits   no
 @since   0.1
 */
const char *crux_json_key(const void *object, const char *pointer, size_t index);

/*
 Visits what stands at a place and all that is below it, in the order of the document, without an index.

 `visit` gets the context; the depth, 0 for what stands at the pointer, 1 for its members; one of
 CRUX_JSON_...; of a member of an object its name, otherwise NULL; of anything that is no array and no
 object its text as crux_json_text gives it, otherwise NULL. Lengths are in bytes; name and text are good
 during the call and have no NUL behind them, but may have one inside. 0 goes on, anything else stops. Of
 members with the same name each is visited; the last one counts.

 @param object   a response, or a client: the response of its last login
 @param pointer  RFC 6901: "" is the whole
 @param visit    the function; it must return normally and may call libcrux
 @param context  passed to it; may be NULL
 @return 0 after the last one; what `visit` returned if it stopped; -1 if nothing stands there
 @threads any number at once
 @waits   no
 @since   0.2
 */
int32_t crux_json_walk(const void *object,
                       const char *pointer,
                       crux_json_fn visit,
                       void *context);

/* ======== Options =========================================================== */

/*
 Returns new options, all at their defaults. docs/options.md and crux_option_at list them.

 @return options, never NULL
 @owner   the caller; end it with crux_free
 @threads any
 @waits   no
 @since   0.1
 */
crux_options *crux_options_new(void);

/*
 Sets an option.

 @param options  from crux_options_new
 @param key      such as "base_url" or "timeout.total_ms"
 @param value    as text; NULL restores the default
 @return CRUX_OK; CRUX_ERR_ARGUMENT if the key is not known (crux_message(options) names the nearest
         one) or the value is not usable, and then the option stays as it was
 @threads one at a time
 @waits   no
 @since   0.1
 */
int32_t crux_options_set(crux_options *options, const char *key, const char *value);

/*
 Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and
 CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists them). What is set by
 hand wins. Without the option "service", the service whose variables are found is taken.

 @param options  from crux_options_new
 @param account  NULL, or a name that is added to each variable: "acme" reads CRUX_TOKEN_ACME
 @return CRUX_OK, also if no variable is set; CRUX_ERR_ARGUMENT if one is not usable
 @threads one at a time, and none that changes the environment meanwhile
 @waits   no
 @since   0.1
 */
int32_t crux_options_env(crux_options *options,
                         const char *account);

/*
 Sets what takes the log. It is called on threads that are inside a function of libcrux, possibly several
 at once; it may call libcrux, and must return normally.

 @param options  from crux_options_new
 @param level    CRUX_LOG_OFF to CRUX_LOG_TRACE: lines above it are not made
 @param log      the function; NULL = none. `line` is a text without a line end, good during the call
 @param context  passed to log and release; may be NULL
 @param release  called once with context when log will never be called again: after the options, the client
                 and all that was made from it are freed. NULL = nothing to release
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
 @threads one at a time
 @waits   no
 @since   0.1
 */
int32_t crux_options_log(crux_options *options,
                         int32_t level,
                         crux_log_fn log,
                         void *context,
                         crux_release_fn release);

/*
 Sets what is called while anything of the client waits: for Ctrl-C, progress bars, and tools that must
 serve their window from their only thread. It runs on the thread that waits; for started requests, in
 crux_wait and crux_next_finished, unless these only look (0 ms). An event loop that only looks needs no
 tick: it reads crux_number(response, "phase") on a timer, and crux_cancel ends the request. The tick may
 call libcrux, but is not called again by that; it must return normally.

 @param options  from crux_options_new
 @param tick     called about every "tick.every_ms", after each signal and at each change of phase; other
                 than 0 ends the request with CRUX_ERR_CANCELLED. NULL = none
 @param context  passed to tick and release; may be NULL
 @param release  called once with context when tick will never be called again: after the options, the
                 client and all that was made from it are freed. NULL = nothing to release
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
 @threads one at a time
 @waits   no
 @since   0.2
 */
int32_t crux_options_tick(crux_options *options,
                          crux_tick_fn tick,
                          void *context,
                          crux_release_fn release);

/*
 Sets what gives the token, instead of a password: a keyring, a vault, single sign-on. It is asked when a
 token is needed or was refused, by one request at a time, whose result all share.

 @param options  from crux_options_new
 @param fetch    writes a token into a buffer and returns its length; 0 = there is none, -1 to give up: the
                 request then ends with CRUX_ERR_AUTH, and the next one asks again. For a started request
                 it may run on a thread of libcrux. NULL = none
 @param context  passed to fetch and release
 @param release  called once with context when fetch will never be called again: after the options, the
                 client and all that was made from it are freed. NULL = nothing to release
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
 @threads one at a time
 @waits   no
 @since   0.2
 */
int32_t crux_options_token(crux_options *options,
                           crux_token_fn fetch,
                           void *context,
                           crux_release_fn release);

/*
 Logs in as the options say; like crux_login otherwise.

 @param options  from crux_options_new; may be freed or used again afterwards
 @return a client, never NULL; crux_code(client) says how it went
 @owner   the caller; end it with crux_free
 @threads any number at once, while no thread changes the options
 @waits   for the login, if there is a user and "login.when" is not first_use
 @since   0.1
 */
crux_client *crux_login_with(const crux_options *options);

/* ======== The session ======================================================= */

/*
 Sets the token of a client to one from elsewhere, such as one pasted from a browser. Requests that
 start later carry it; a login that was refused is forgotten. crux_code(client) stays as the login left it.

 @param client  from crux_login, also while other threads use it
 @param token   the token; blanks at its end are dropped
 @return CRUX_OK; CRUX_ERR_ARGUMENT if it is NULL, empty, or holds what cannot stand in a header, and
         then the client keeps the token it has
 @threads any number at once
 @waits   no
 @since   0.1
 */
int32_t crux_set_token(const crux_client *client,
                       const char *token);

/*
 Returns a call that logs in, now or again, and so says whether the credentials work. Sent or started, it
 can be ticked, bounded and cancelled like any other; with the option "login.when" set to first_use, it is
 the first login. Its phase is CRUX_PHASE_LOGIN from start to end. A token that is there, also one of
 "token_file", is replaced. A password that was refused is not sent again: new credentials need a new client.

 @param client  from crux_login or crux_login_with
 @return a call, never NULL; its response carries the outcome of the login
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   no
 @since   0.2
 */
crux_call *crux_call_login(const crux_client *client);

/*
 Ends the session. Token and password are forgotten here whatever the server responds; services without
 a logout call are not asked. Later requests are anonymous until crux_set_token.

 @param client  from crux_login
 @return a response, never NULL; its message says what was done
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   for the whole response
 @since   0.1
 */
crux_response *crux_logout(const crux_client *client);

/*
 Returns the call that ends the session, as crux_logout does, to be sent or started.

 @param client  from crux_login
 @return a call, never NULL
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   no
 @since   0.2
 */
crux_call *crux_call_logout(const crux_client *client);

/*
 Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and does not
 show whether there is such an account.

 @param client  from crux_login, anonymous or not
 @param email   whose password was forgotten
 @return a response, never NULL
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   for the whole response
 @since   0.1
 */
crux_response *crux_reset_password(const crux_client *client,
                                   const char *email);

/*
 Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or
 started.

 @param client  from crux_login; needs no login
 @param email   the address of the account
 @return a call, never NULL; crux_code(call) says whether the service has such a call
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   no
 @since   0.2
 */
crux_call *crux_call_reset_password(const crux_client *client,
                                    const char *email);

/* ======== A call in detail ================================================== */

/*
 Returns a new call: a request to be described, then sent. A refused setting can be corrected by setting the
 same name, field or pointer again. If no value is right, such as for a header that libcrux sets itself, make
 a new call.

 @param client  from crux_login; may be freed before the call is
 @param method  such as "GET" or "POST"
 @param path    as for crux_request
 @return a call, never NULL; crux_code(call) says whether the arguments are usable
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   no
 @since   0.1
 */
crux_call *crux_call_new(const crux_client *client,
                         const char *method,
                         const char *path);

/*
 Sets what a {name} of the path stands for; percent-encoded, so that it stays one piece of the path.

 @param call   from crux_call_new, with a path such as "by_name/{name}/"
 @param name   the name, without braces
 @param value  plain text; NULL = ""
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
 @threads one at a time
 @waits   no
 @since   0.2
 */
int32_t crux_call_fill(crux_call *call, const char *name, const char *value);

/*
 Adds a pair to the query, percent-encoded.

 @param call   from crux_call_new
 @param name   plain text
 @param value  plain text; NULL = ""
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
 @threads one at a time
 @waits   no
 @since   0.1
 */
int32_t crux_call_query(crux_call *call, const char *name, const char *value);

/*
 Adds a header. Those that libcrux sets itself (Authorization, Host, Content-Length and
 their like) are refused. To another origin only headers go that are known to hold no credentials.

 @param call   from crux_call_new
 @param name   the header's name
 @param value  its value; NULL = ""
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
 @threads one at a time
 @waits   no
 @since   0.1
 */
int32_t crux_call_header(crux_call *call, const char *name, const char *value);

/*
 Sets an option for this call only; docs/options.md marks those that can be.

 @param call   from crux_call_new
 @param key    such as "timeout.total_ms"
 @param value  as text; NULL restores the client's value
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
 @threads one at a time
 @waits   no
 @since   0.1
 */
int32_t crux_call_set(crux_call *call, const char *key, const char *value);

/*
 Sets what is called while this call waits, instead of the client's tick. crux_wait and crux_next_finished
 call none if they only look (0 ms).

 @param call     from crux_call_new and its kin
 @param tick     called on the thread that waits inside a function of libcrux, about every "tick.every_ms",
                 after each signal and at each change of phase; other than 0 ends the request. NULL = the
                 client's tick again
 @param context  passed to tick and release; may be NULL
 @param release  called once with context when tick will never be called again; NULL = nothing to release
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
 @threads one at a time
 @waits   no
 @since   0.2
 */
int32_t crux_call_tick(crux_call *call,
                       crux_tick_fn tick,
                       void *context,
                       crux_release_fn release);

/* ======== What a call sends ================================================= */

/*
 Sets the body; the bytes are copied.

 @param call    from crux_call_new
 @param data    the bytes; NULL = no body
 @param length  how many; -1 = up to the NUL
 @param type    the Content-Type; NULL = the service's JSON; "" = none
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
 @threads one at a time
 @waits   no
 @since   0.1
 */
int32_t crux_call_body(crux_call *call, const void *data, ptrdiff_t length, const char *type);

/*
 Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer
 is made, "-" appends to an array. The first put takes the place of any other body.

 @param call     from crux_call_new
 @param pointer  RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body
 @param value    plain text; NULL = the JSON null
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
 @threads one at a time
 @waits   no
 @since   0.2
 */
int32_t crux_call_put_text(crux_call *call,
                           const char *pointer,
                           const char *value);

/*
 Puts a whole number into the JSON body, as crux_call_put_text does with a text.

 @param call     from crux_call_new
 @param pointer  RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body
 @param value    any number
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
 @threads one at a time
 @waits   no
 @since   0.2
 */
int32_t crux_call_put_int(crux_call *call, const char *pointer, int64_t value);

/*
 Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the locale.

 @param call     from crux_call_new
 @param pointer  RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body
 @param value    any number but NaN and the infinities, which JSON does not have
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
 @threads one at a time
 @waits   no
 @since   0.2
 */
int32_t crux_call_put_double(crux_call *call,
                             const char *pointer,
                             double value);

/*
 Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits.

 @param call     from crux_call_new
 @param pointer  RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body
 @param json     such as true, null, [1,2] or {"a":1}; it is checked
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
 @threads one at a time
 @waits   no
 @since   0.2
 */
int32_t crux_call_put_json(crux_call *call,
                           const char *pointer,
                           const char *json);

/*
 Sends a file as the body, straight from the disk; its length is taken when the call is sent.

 @param call  from crux_call_new
 @param file  its path
 @param type  the Content-Type; NULL = application/octet-stream; "" = none
 @return CRUX_OK, CRUX_ERR_ARGUMENT, or CRUX_ERR_FILE if it cannot be read; the call stays as it was
         then, and cannot be sent until this is set well
 @threads one at a time
 @waits   no
 @since   0.1
 */
int32_t crux_call_file(crux_call *call, const char *file, const char *type);

/*
 Adds a part to a form (multipart/form-data), which becomes the body.

 @param call   from crux_call_new
 @param field  the field's name
 @param value  its text; NULL if it is a file
 @param file   the file it holds, sent straight from the disk under its own name; NULL if it is a text
 @param type   the part's type; NULL = none for a text, by its ending for a file
 @return CRUX_OK, CRUX_ERR_ARGUMENT, or CRUX_ERR_FILE if it cannot be read; the call stays as it was
         then, and cannot be sent until a part of this field is set well, which counts as the correction
 @threads one at a time
 @waits   no
 @since   0.1
 */
int32_t crux_call_part(crux_call *call,
                       const char *field,
                       const char *value,
                       const char *file,
                       const char *type);

/*
 Adds a part to a form from memory; the server sees it as a file of that name. The bytes are copied.

 @param call      from crux_call_new
 @param field     the field's name
 @param filename  the name that the server sees
 @param data      the bytes; NULL = none, an empty file
 @param length    how many; -1 = up to the NUL
 @param type      the part's type; NULL = by the ending of the name
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
 @threads one at a time
 @waits   no
 @since   0.2
 */
int32_t crux_call_part_data(crux_call *call,
                            const char *field,
                            const char *filename,
                            const void *data,
                            ptrdiff_t length,
                            const char *type);

/*
 Sets a function that supplies the body, piece by piece, on the thread that waits; when the call is started,
 on a thread of libcrux. It is sent once: not again after a lost connection, an expired token or a redirect.

 @param call     from crux_call_new
 @param read     fills a buffer and returns how many bytes it put there, 0 at the end, -1 to give up: the call
                 then ends with CRUX_ERR_CANCELLED. It must return normally
 @param context  passed to read and release; may be NULL
 @param release  called once with context when read will never be called again; NULL = nothing to release
 @param length   how many bytes there will be; -1 = unknown: they are sent in chunks. If `read` supplies
                 more or fewer, the request ends with CRUX_ERR_FILE
 @param type     the Content-Type; NULL = application/octet-stream; "" = none
 @return CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once, and the call cannot be sent until it
         gets a body
 @threads one at a time
 @waits   no
 @since   0.2
 */
int32_t crux_call_source(crux_call *call,
                         crux_read_fn read,
                         void *context,
                         crux_release_fn release,
                         int64_t length,
                         const char *type);

/* ======== A call under way ================================================== */

/*
 Sends the request and waits for the whole response. May be repeated. With the option "save", the body
 goes to a file, as with crux_download.

 @param call  from crux_call_new
 @return a response, never NULL; crux_code(response) says how it went
 @owner   the caller; end it with crux_free
 @threads one at a time; crux_cancel(call) from any
 @waits   for the whole response
 @since   0.1
 */
crux_response *crux_call_send(crux_call *call);

/*
 Sends the request and waits for the head of the response; its body is read with crux_read, in as little
 memory as you like. Free the response when you have had enough of it. A stream takes no option
 "save", and the option "await" has no effect on it.

 @param call  from crux_call_new
 @return a response, never NULL; crux_code(response) says how it went so far
 @owner   the caller; end it with crux_free
 @threads one at a time; crux_cancel(call) from any
 @waits   for the head of the response
 @since   0.1
 */
crux_response *crux_call_stream(crux_call *call);

/*
 Sends the request in the background and returns at once. The response is CRUX_PENDING until it is
 finished: crux_wait, crux_event and crux_next_finished say when. With the option "stream", it is finished
 when the head is there, and crux_read takes the body without waiting. Freeing it before ends the request.
 At most "background.max" requests of a client run at once; a request whose "timeout.total_ms" is over
 before its turn is never sent. Log lines of the request reach the hook in crux_wait, crux_next_finished
 or crux_free.

 @param call  from crux_call_new and its kin; may be freed, changed or sent again meanwhile
 @return a response, never NULL; crux_next_finished brings it, also if the call cannot be sent as it is,
         which crux_code(response) says at once. Out of no queue comes only what is no call of a client,
         and what a client made whose options were refused: it has no queue, and crux_event returns -1
 @owner   the caller; end it with crux_free
 @threads one at a time
 @waits   no
 @since   0.1
 */
crux_response *crux_call_start(crux_call *call);

/*
 Reads a piece of the body of a streamed response.

 @param response  from crux_call_stream, or from crux_call_start with the option "stream"
 @param buffer    receives the bytes
 @param capacity  its size in bytes; 256 KiB cost less for each byte than 16 do
 @return how many bytes were read; 0 at the end of a complete body; -1 on an error, which crux_code and
         crux_message then say: what was read before is not the whole; -2 if a started stream has nothing
         yet, not even its head: crux_wait and crux_event say when it has
 @threads one at a time; crux_cancel(response) from any
 @waits   for the next bytes; never for a stream that was started
 @since   0.1
 */
ptrdiff_t crux_read(crux_response *response,
                    void *buffer,
                    size_t capacity);

/*
 Waits until a request that was started in the background has finished, or a started stream has more.
 Meanwhile its tick is called on this thread.

 @param object      a response or a client; a response of crux_call_start until it is finished or has more to
                    read, any other is finished already; a client until crux_next_finished has one
 @param timeout_ms  how long to wait; 0 = only look; -1 = as long as it takes
 @return 1 if so, 0 if not yet; 1 for what is no client or response, and for a client with nothing under way:
         there is nothing to wait for
 @threads any number at once
 @waits   up to timeout_ms
 @since   0.1
 */
int32_t crux_wait(const void *object,
                  int32_t timeout_ms);

/*
 Returns the next request of a client that was started in the background and has finished, in order of
 finishing, each once. Those that were freed are passed over. Meanwhile the client's tick is called on
 this thread, with the progress of the request that was started first; if it ends them, it ends all.

 @param client      from crux_login
 @param timeout_ms  how long to wait; 0 = only look; -1 = as long as it takes
 @return the very handle that crux_call_start gave; NULL if none has finished in time, or nothing is under way
 @owner   the caller, since crux_call_start; end it with crux_free
 @threads any number at once; each finished request goes to one of them
 @waits   up to timeout_ms
 @since   0.2
 */
crux_response *crux_next_finished(const crux_client *client,
                                  int32_t timeout_ms);

/*
 Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. It is made when it is
 first asked for. It is the object's, at the longest until that is freed: do not read from it and do not
 close it. That of a response ends with the crux_wait that returns 1: stop watching it before.

 @param object  a response or a client; that of a response is readable once it is finished, and given back by
                the crux_wait that says so; that of a started stream while there is more to read; that of a
                client while crux_next_finished has one, however many requests there are; with the option
                "event.early" also when some of a response has come, which crux_next_finished with 0 reads
 @return a descriptor; on Windows the HANDLE of an event, set while a descriptor would be readable; -1 if it
         could not be made, for a client whose options were refused, or for what is neither client nor
         response
 @threads any number at once
 @waits   no
 @since   0.1
 */
ptrdiff_t crux_event(const void *object);

/*
 Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms.

 @param object  a call: what is under way of it; if nothing is, the next crux_call_send, _stream or _start
                of it ends at once, once. A response: its request, its stream, or a crux_await on it. A
                client: all its requests; it stays usable. Anything else is ignored
 @threads any, also while another thread is inside a function with the same object; not from a signal
          handler
 @waits   no
 @since   0.1
 */
void crux_cancel(const void *object);

/* ======== Flows: jobs, pages, files ========================================= */

/*
 Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost
 connections and expired tokens in between are survived. crux_number(accepted, "percent") is
 meanwhile how far it is; crux_cancel(accepted) ends the waiting, not the job.

 @param client      from crux_login
 @param accepted    the response of the request that started the job, an export record, or the response of
                    an earlier crux_await, or of a call with the option "await", that timed out or was
                    cancelled
 @param timeout_ms  how long to wait; 0 = look once; -1 = as the option "job.timeout_ms" says
 @return a response, never NULL: the last progress document or record, with crux_info "location" (the
         result) and "job_url". CRUX_ERR_JOB if the server says that the job failed; CRUX_ERR_TIMEOUT if it
         goes on
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   as long as timeout_ms says
 @since   0.1
 */
crux_response *crux_await(const crux_client *client,
                          const crux_response *accepted,
                          int32_t timeout_ms);

/*
 Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started;
 the call's option "job.timeout_ms" says how long. crux_number(accepted, "percent") is meanwhile how far the
 job is; crux_cancel of the call, of its response or of `accepted` ends the waiting, not the job.

 @param client    from crux_login
 @param accepted  as for crux_await; may be freed before the call is
 @return a call, never NULL; its response is as that of crux_await. With the option "save", the result is
         saved
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   no
 @since   0.2
 */
crux_call *crux_call_await(const crux_client *client,
                           const crux_response *accepted);

/*
 Requests the page after a page of a list, in any form the services have: `pagination` objects, totals,
 offset and limit, links; in the query or in the body.

 @param client  from crux_login
 @param page    a response that holds a page, from crux_request, crux_call_send or this function
 @return a response; NULL after the last page, after a page that failed, and while the page is pending
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   for the whole response
 @since   0.1
 */
crux_response *crux_next_page(const crux_client *client,
                              const crux_response *page);

/*
 Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or awaited.

 @param client  from crux_login
 @param page    a response that holds a page
 @return a call, never sent yet; NULL after the last page, after a page that failed, and while the page is
         pending
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   no
 @since   0.2
 */
crux_call *crux_call_next(const crux_client *client,
                          const crux_response *page);

/*
 Returns a call to a link as it stands in a response. A relative one is resolved against the URL that the
 response came from, which need not be the base.

 @param from    a finished response
 @param method  such as "GET"
 @param link    the link, out of the body or a header
 @return a call, never NULL; crux_code(call) says whether the link is usable
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   no
 @since   0.2
 */
crux_call *crux_call_follow(const crux_response *from,
                            const char *method,
                            const char *link);

/*
 Downloads a file. An incomplete file never has the final name: data goes to FILE.part, and FILE.part.tag
 identifies its source. With the option "resume" (the default) a later try goes on from there if
 the server can show that it is the same file. To watch the progress, or not to wait, use crux_call_start
 with the option "save" instead.

 @param client  from crux_login
 @param url     a path, or a whole URL; to another origin, such as a storage service, no token goes
 @param file    where to; a file that is there is replaced once the new one is complete
 @return a response without a body, never NULL; CRUX_ERR_FILE if the disk is to blame
 @owner   the caller; end it with crux_free
 @threads any number at once, each with a file of its own
 @waits   for the whole file
 @since   0.1
 */
crux_response *crux_download(const crux_client *client,
                             const char *url,
                             const char *file);

/*
 Uploads a file as a form, straight from the disk.

 @param client  from crux_login
 @param path    where to; NULL = where the service takes files
 @param field   the name of the form's field; NULL = the one the service wants
 @param file    the file
 @param type    its type, such as "text/csv"; NULL = by its ending
 @return a response, never NULL; crux_info(response, "result") is the address or the id of what was made
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   for the whole response
 @since   0.1
 */
crux_response *crux_upload(const crux_client *client,
                           const char *path,
                           const char *field,
                           const char *file,
                           const char *type);

/*
 Returns the call that uploads a file as a form, as crux_upload does, to be sent or started.

 @param client  from crux_login
 @param path    where to; NULL = where the service takes files
 @param field   the name of the form's field; NULL = the one the service wants
 @param file    the file
 @param type    its type, such as "text/csv"; NULL = by its ending
 @return a call, never NULL; crux_code(call) says whether the file can be read
 @owner   the caller; end it with crux_free
 @threads any number at once
 @waits   no
 @since   0.2
 */
crux_call *crux_call_upload(const crux_client *client,
                            const char *path,
                            const char *field,
                            const char *file,
                            const char *type);

/* ======== About the library ================================================= */

/*
 Returns the version of the library that is loaded.

 @return such as "0.2.0"; never NULL
 @owner   the library, for ever
 @threads any number at once
 @waits   no
 @since   0.1
 */
const char *crux_version(void);

/*
 Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with.

 @return the number
 @threads any number at once
 @waits   no
 @since   0.1
 */
int32_t crux_abi(void);

/*
 Waits until no thread of libcrux is left. A program that unloads a plugin with libcrux inside (the static
 library, or its own build without -z nodelete) calls this after it has freed all objects.

 @param timeout_ms  how long to wait; 0 = only look; -1 = as long as it takes
 @return 1 if none is left: all code of libcrux may be unloaded; 0 if some are: a client lives on, or the
         system still looks for the address of a host
 @threads any number at once; not from a hook of a started call
 @waits   up to timeout_ms
 @since   0.2
 */
int32_t crux_shutdown(int32_t timeout_ms);

/*
 Returns any #define of this header by its name, for languages that cannot read it.

 @param name      such as "CRUX_ERR_AUTH"
 @param fallback  what to return if there is none of that name
 @return its number
 @threads any number at once
 @waits   no
 @since   0.1
 */
int32_t crux_constant(const char *name, int32_t fallback);

/*
 Returns the outcomes one by one.

 @param index  from 0
 @param code   receives the number; may be NULL
 @param name   receives the name of its #define; may be NULL
 @param text   receives what it means; may be NULL
 @return 1, or 0 past the end
 @owner   the library, for ever
 @threads any number at once
 @waits   no
 @since   0.1
 */
int32_t crux_error_at(size_t index, int32_t *code, const char **name, const char **text);

/*
 Returns the name of an outcome, such as "CRUX_ERR_AUTH".

 @param code  what crux_code returned
 @return the name; NULL if there is no such outcome
 @owner   the library, for ever
 @threads any number at once
 @waits   no
 @since   0.2
 */
const char *crux_error_name(int32_t code);

/*
 Returns the options one by one.

 @param index     from 0
 @param key       receives the key; may be NULL
 @param fallback  receives the default, "" if there is none or it depends on the service; may be NULL
 @param help      receives what it does; may be NULL
 @return 1, or 0 past the end
 @owner   the library, for ever
 @threads any number at once
 @waits   no
 @since   0.1
 */
int32_t crux_option_at(size_t index,
                       const char **key,
                       const char **fallback,
                       const char **help);

/*
 Returns what is known of an option, for dialogs, generated code and checks.

 @param key   such as "timeout.total_ms"
 @param what  "type": text, flag (0 or 1), number, choice, url, pointer, json, header, ascii or sha256;
              "values": what it takes, such as "0 to 20" or "bearer, cookie"; "scope": "call" if crux_call_set
              takes it too, else "client"; "secret": "1" if its value must not be shown, else "0"; "default";
              "help"
 @return the text; NULL if there is no such option, or nothing of that name
 @owner   the library, for ever
 @threads any number at once
 @waits   no
 @since   0.2
 */
const char *crux_option_info(const char *key,
                             const char *what);

/*
 Returns the facts one by one: what crux_info and crux_number know.

 @param index  from 0
 @param name   receives the name; may be NULL
 @param help   receives what it means; first its kind and what it is a fact of, such as
               "number, client: Retries of the client so far."; may be NULL
 @return 1, or 0 past the end
 @owner   the library, for ever
 @threads any number at once
 @waits   no
 @since   0.2
 */
int32_t crux_fact_at(size_t index, const char **name, const char **help);

#ifdef __cplusplus
}
#endif

#endif /* CRUX_H */
