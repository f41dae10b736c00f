"""The functions, constants and options of libcrux 0.2.0, for ctypes."""

# Made from include/crux.json by "make bindings": change it there.

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Mapping, TypedDict

VERSION = "0.2.0"
SONAME = "libcrux.so.0"
# Grows by one with each release that adds functions; what crux_abi returns.
ABI = 1
# Not finished yet.
PENDING = -1
# Success: status 2xx, 304, or a 303 that means "exists already".
OK = 0
# An argument or option is not usable; nothing was sent.
ERR_ARGUMENT = 1
# The host name could not be resolved.
ERR_RESOLVE = 2
# No connection could be made.
ERR_CONNECT = 3
# No trusted, encrypted connection could be made.
ERR_TLS = 4
# The connection broke.
ERR_IO = 5
# The response is not valid HTTP, or not what the service promises.
ERR_PROTOCOL = 6
# A time limit was reached; the message says which.
ERR_TIMEOUT = 7
# Ended by crux_cancel, by a tick, or by the source of a body that gave up.
ERR_CANCELLED = 8
# Login refused, or 401.
ERR_AUTH = 9
# Any other 4xx or 5xx, or a redirect that is not followed; status, headers and body are kept.
ERR_HTTP = 10
# The response is larger than the limit.
ERR_TOO_LARGE = 11
# The server says that its job failed.
ERR_JOB = 12
# A local file could not be read or written.
ERR_FILE = 13
# A fault inside libcrux.
ERR_INTERNAL = 14
# Nothing stands at the pointer, or the body is no JSON.
JSON_NONE = 0
JSON_NULL = 1
JSON_BOOL = 2
JSON_NUMBER = 3
JSON_STRING = 4
JSON_ARRAY = 5
JSON_OBJECT = 6
# What a call does while it waits. In LOGIN, CONNECT and WAIT `done` and `total` are unknown.
PHASE_LOGIN = 1
PHASE_CONNECT = 2
# `done` and `total` are bytes.
PHASE_SEND = 3
PHASE_WAIT = 4
# `done` and `total` are bytes.
PHASE_RECEIVE = 5
# Before a retry, in milliseconds; or a started request waits for its turn.
PHASE_PAUSE = 6
# While a job of the server runs: percent, -1 if the service tells none, and 100.
PHASE_JOB = 7
# Levels of log lines.
LOG_OFF = 0
LOG_ERROR = 1
LOG_WARNING = 2
LOG_INFO = 3
LOG_DEBUG = 4
LOG_TRACE = 5


class Handle(ctypes.c_void_p):
    """An object of libcrux that is ended with its last reference."""


# A hook that receives one line of the log.
LogHook = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int32, ctypes.c_char_p)
# A hook that is called about every "tick.every_ms" while a function waits.
TickHook = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_int32, ctypes.c_int64, ctypes.c_int64)
# A hook that is called exactly once, when no other hook of the same context will be called any more.
ReleaseHook = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
# A hook that supplies the bytes of a body, piece by piece.
ReadHook = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
# A hook that visits one node of a JSON document.
JsonHook = ctypes.CFUNCTYPE(
    ctypes.c_int32,
    ctypes.c_void_p,
    ctypes.c_int32,
    ctypes.c_int32,
    ctypes.c_char_p,
    ctypes.c_size_t,
    ctypes.c_char_p,
    ctypes.c_size_t,
)
# A hook that fetches a token from elsewhere: a keyring, a vault, single sign-on.
TokenHook = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t)

# Of each function: whether it may wait, its result, its arguments.
PROTOTYPES: dict[str, tuple[bool, Any, list[Any]]] = {
    "crux_login": (True, Handle, [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_request": (
        True,
        Handle,
        [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
            ctypes.c_void_p,
            ctypes.c_ssize_t,
        ],
    ),
    "crux_free": (False, None, [ctypes.c_void_p]),
    "crux_code": (False, ctypes.c_int32, [ctypes.c_void_p]),
    "crux_message": (False, ctypes.c_char_p, [ctypes.c_void_p]),
    "crux_status": (False, ctypes.c_int32, [ctypes.c_void_p]),
    "crux_body": (False, ctypes.c_void_p, [ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t)]),
    "crux_header": (False, ctypes.c_char_p, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]),
    "crux_header_at": (
        False,
        ctypes.c_int32,
        [
            ctypes.c_void_p,
            ctypes.c_size_t,
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.POINTER(ctypes.c_char_p),
        ],
    ),
    "crux_info": (False, ctypes.c_char_p, [ctypes.c_void_p, ctypes.c_char_p]),
    "crux_number": (False, ctypes.c_int64, [ctypes.c_void_p, ctypes.c_char_p]),
    "crux_copy": (False, ctypes.c_size_t, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t]),
    "crux_json_type": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p]),
    "crux_json_text": (False, ctypes.c_char_p, [ctypes.c_void_p, ctypes.c_char_p]),
    "crux_json_int": (False, ctypes.c_int64, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64]),
    "crux_json_double": (False, ctypes.c_double, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_double]),
    "crux_json_count": (False, ctypes.c_size_t, [ctypes.c_void_p, ctypes.c_char_p]),
    "crux_json_key": (False, ctypes.c_char_p, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]),
    "crux_json_walk": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p]),
    "crux_options_new": (False, Handle, []),
    "crux_options_set": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_options_env": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p]),
    "crux_options_log": (
        False,
        ctypes.c_int32,
        [
            ctypes.c_void_p,
            ctypes.c_int32,
            ctypes.c_void_p,
            ctypes.c_void_p,
            ctypes.c_void_p,
        ],
    ),
    "crux_options_tick": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]),
    "crux_options_token": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]),
    "crux_login_with": (True, Handle, [ctypes.c_void_p]),
    "crux_set_token": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p]),
    "crux_call_login": (False, Handle, [ctypes.c_void_p]),
    "crux_logout": (True, Handle, [ctypes.c_void_p]),
    "crux_call_logout": (False, Handle, [ctypes.c_void_p]),
    "crux_reset_password": (True, Handle, [ctypes.c_void_p, ctypes.c_char_p]),
    "crux_call_reset_password": (False, Handle, [ctypes.c_void_p, ctypes.c_char_p]),
    "crux_call_new": (False, Handle, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_call_fill": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_call_query": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_call_header": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_call_set": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_call_tick": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]),
    "crux_call_body": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_char_p]),
    "crux_call_put_text": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_call_put_int": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64]),
    "crux_call_put_double": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_double]),
    "crux_call_put_json": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_call_file": (False, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_call_part": (
        False,
        ctypes.c_int32,
        [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
        ],
    ),
    "crux_call_part_data": (
        False,
        ctypes.c_int32,
        [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
            ctypes.c_void_p,
            ctypes.c_ssize_t,
            ctypes.c_char_p,
        ],
    ),
    "crux_call_source": (
        False,
        ctypes.c_int32,
        [
            ctypes.c_void_p,
            ctypes.c_void_p,
            ctypes.c_void_p,
            ctypes.c_void_p,
            ctypes.c_int64,
            ctypes.c_char_p,
        ],
    ),
    "crux_call_send": (True, Handle, [ctypes.c_void_p]),
    "crux_call_stream": (True, Handle, [ctypes.c_void_p]),
    "crux_call_start": (False, Handle, [ctypes.c_void_p]),
    "crux_read": (True, ctypes.c_ssize_t, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]),
    "crux_wait": (True, ctypes.c_int32, [ctypes.c_void_p, ctypes.c_int32]),
    "crux_next_finished": (True, ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int32]),
    "crux_event": (False, ctypes.c_ssize_t, [ctypes.c_void_p]),
    "crux_cancel": (False, None, [ctypes.c_void_p]),
    "crux_await": (True, Handle, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32]),
    "crux_call_await": (False, Handle, [ctypes.c_void_p, ctypes.c_void_p]),
    "crux_next_page": (True, Handle, [ctypes.c_void_p, ctypes.c_void_p]),
    "crux_call_next": (False, Handle, [ctypes.c_void_p, ctypes.c_void_p]),
    "crux_call_follow": (False, Handle, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_download": (True, Handle, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]),
    "crux_upload": (
        True,
        Handle,
        [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
        ],
    ),
    "crux_call_upload": (
        False,
        Handle,
        [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
            ctypes.c_char_p,
        ],
    ),
    "crux_version": (False, ctypes.c_char_p, []),
    "crux_abi": (False, ctypes.c_int32, []),
    "crux_shutdown": (True, ctypes.c_int32, [ctypes.c_int32]),
    "crux_constant": (False, ctypes.c_int32, [ctypes.c_char_p, ctypes.c_int32]),
    "crux_error_at": (
        False,
        ctypes.c_int32,
        [
            ctypes.c_size_t,
            ctypes.POINTER(ctypes.c_int32),
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.POINTER(ctypes.c_char_p),
        ],
    ),
    "crux_error_name": (False, ctypes.c_char_p, [ctypes.c_int32]),
    "crux_option_at": (
        False,
        ctypes.c_int32,
        [
            ctypes.c_size_t,
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.POINTER(ctypes.c_char_p),
        ],
    ),
    "crux_option_info": (False, ctypes.c_char_p, [ctypes.c_char_p, ctypes.c_char_p]),
    "crux_fact_at": (
        False,
        ctypes.c_int32,
        [
            ctypes.c_size_t,
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.POINTER(ctypes.c_char_p),
        ],
    ),
}


class Functions:
    """The functions of the library, by their names without `crux_`."""

    if TYPE_CHECKING:

        def login(self, service: bytes | None, base_url: bytes | None, user: bytes | None, secret: bytes | None) -> Handle:
            """Logs in, and returns the client that makes all requests.

            service: a built-in service such as "crux-connect" or "crunch", or "custom"; crux_option_info with
            "service" and "values" lists them; NULL = "crux-connect"

            base_url: where the API lives; NULL = the service's own address

            user: user name or e-mail address: logs in with a password, at once; NULL = `secret` is a ready token or
            API key, and nothing is sent yet

            secret: the password, token or API key; NULL as well = anonymous, for public endpoints

            Returns a client, never NULL; crux_code(client) says how it went, crux_message(client) in words
            """
            ...


        def request(self, client: Any, method: bytes, path: bytes, body: Any, body_len: int) -> Handle:
            """Sends a request and waits for the whole response.

            client: from crux_login

            method: such as "GET" or "POST"

            path: a path below the base ("users/"), from the root ("/api/users/"), or a whole URL out of a response;
            only the client's own origin ever gets the token

            body: what to send, as the service's JSON; NULL = nothing

            body_len: its length in bytes; -1 = up to the NUL

            Returns a response, never NULL; crux_code(response) says how it went
            """
            ...


        def free(self, object: Any) -> None:
            """Ends an object of any kind, in any order; what was made from it stays good until it is freed itself. With
            a client end its idle connections and its crux_event.

            object: a client, response, call or options; NULL is fine; a pointer that was freed before, or is not
            ours, is refused without harm
            """
            ...


        def code(self, object: Any) -> int:
            """Returns the outcome of an object.

            object: a client, response, call or options

            Returns CRUX_OK, CRUX_PENDING, or one of CRUX_ERR_...; for a client, how crux_login or crux_login_with
            went: a later login is an outcome of the request that needed it; for a call or options, the first refused
            setting that was not set well since; CRUX_ERR_ARGUMENT if the object is NULL, freed or not ours
            """
            ...


        def message(self, object: Any) -> bytes | None:
            """Returns the outcome of an object in one English sentence, for the person at the screen. It holds no
            secret.

            object: a client, response, call or options

            Returns the sentence, about what crux_code returns: of several refused settings, about the first; never
            NULL
            """
            ...


        def status(self, object: Any) -> int:
            """Returns the HTTP status of a response.

            object: a response, or a client: the response of its last login

            Returns such as 200 or 404; 0 if there was no response
            """
            ...


        def body(self, object: Any, length: Any) -> int | None:
            """Returns the body of a response, decoded from gzip. In that of a login, "[secret]" stands for each secret.

            object: a response, or a client: the response of its last login

            length: receives the number of bytes; may be NULL

            Returns the bytes with a NUL behind them, "" if there are none; never NULL
            """
            ...


        def header(self, object: Any, name: bytes, nth: int) -> bytes | None:
            """Returns a header of a response. That of a login has no cookies.

            object: a response, or a client: the response of its last login

            name: the header's name, in any case

            nth: 0 for the first of that name, 1 for the next

            Returns its value, the bytes as they came; NULL if there is none
            """
            ...


        def header_at(self, object: Any, index: int, name: Any, value: Any) -> int:
            """Returns the headers of a response one by one.

            object: a response, or a client: the response of its last login

            index: from 0

            name: receives the name, in lower case; may be NULL

            value: receives the value; may be NULL

            Returns 1, or 0 past the end
            """
            ...


        def info(self, object: Any, name: bytes) -> bytes | None:
            """Returns a fact as text. A fact of a response never changes once it is known.

            object: a response or a client; a client also has the facts of its last login

            name: service, base_url, url, server_message, location, warning, job_url, token_source, json_error (why
            the body is not JSON), result (the address or id of what was made); crux_fact_at lists all

            Returns the fact; NULL if it is not known
            """
            ...


        def number(self, object: Any, name: bytes) -> int:
            """Returns a fact as a number.

            object: a response or a client; a client also has the facts of its last login

            name: attempts, elapsed_ms, retry_after_ms, retryable (0/1), maybe_sent (0/1), verified (0/1),
            token_expires_in_s; live while a request runs: phase, percent, sent, send_total, received, receive_total;
            of a client: requests, retries, logins, bytes_sent, bytes_received, open_connections, under_way;
            crux_fact_at lists all

            Returns the number; -1 if it is not known
            """
            ...


        def copy(self, object: Any, what: bytes, buffer: Any, capacity: int) -> int:
            """Copies something into a buffer of the caller, for languages that cannot borrow.

            object: a client, response, call or options

            what: body, message, token (of a client), header:NAME, json:POINTER (a NUL inside included), facts (all
            that crux_info and crux_number know, as one JSON object; code, status and message are not among them), or
            a name that crux_info knows

            buffer: receives it; NULL = only the size is asked for

            capacity: its size in bytes; a NUL is added if there is room

            Returns the full size without the NUL, whatever the capacity; 0 if there is nothing
            """
            ...


        def json_type(self, object: Any, pointer: bytes) -> int:
            """Returns the type of what stands at a place in the JSON of a response.

            object: a response, or a client: the response of its last login

            pointer: RFC 6901: "" is the whole, "/users/0/name" a member; "~1" is a slash in a name, "~0" a tilde

            Returns one of CRUX_JSON_...; CRUX_JSON_NONE if nothing stands there, or the body is no JSON:
            crux_info(object, "json_error") then says why not
            """
            ...


        def json_text(self, object: Any, pointer: bytes) -> bytes | None:
            """Returns what stands at a place as text: of a string its characters, of anything else the JSON as it
            stands, digits unaltered. Half a surrogate pair becomes one U+FFFD.

            object: a response, or a client: the response of its last login

            pointer: RFC 6901

            Returns the text; NULL if nothing stands there. A NUL inside a string ends it; crux_json_walk, and
            crux_copy with "json:POINTER", give all of it
            """
            ...


        def json_int(self, object: Any, pointer: bytes, fallback: int) -> int:
            """Returns a whole number.

            object: a response, or a client: the response of its last login

            pointer: RFC 6901

            fallback: what to return if no whole number stands there, or it does not fit

            Returns the number; also of "42" and 1e3; 1 and 0 of true and false
            """
            ...


        def json_double(self, object: Any, pointer: bytes, fallback: float) -> float:
            """Returns a number.

            object: a response, or a client: the response of its last login

            pointer: RFC 6901

            fallback: what to return if no number stands there

            Returns the number; also of "42.5"; 1 and 0 of true and false
            """
            ...


        def json_count(self, object: Any, pointer: bytes) -> int:
            """Returns the number of members of an array or object. Of members with the same name only the last counts.

            object: a response, or a client: the response of its last login

            pointer: RFC 6901

            Returns how many; 0 for anything else
            """
            ...


        def json_key(self, object: Any, pointer: bytes, index: int) -> bytes | None:
            """Returns the name of an object's member, in the order in which they stand.

            object: a response, or a client: the response of its last login

            pointer: RFC 6901

            index: from 0

            Returns the name, not escaped for a pointer; NULL past the end, or if it is no object
            """
            ...


        def json_walk(self, object: Any, pointer: bytes, visit: Any, context: Any) -> int:
            """Visits what stands at a place and all that is below it, in the order of the document, without an index.
            `visit` gets the context; the depth, 0 for what stands at the pointer, 1 for its members; one of
            CRUX_JSON_...; of a member of an object its name, otherwise NULL; of anything that is no array and no
            object its text as crux_json_text gives it, otherwise NULL. Lengths are in bytes; name and text are good
            during the call and have no NUL behind them, but may have one inside. 0 goes on, anything else stops. Of
            members with the same name each is visited; the last one counts.

            object: a response, or a client: the response of its last login

            pointer: RFC 6901: "" is the whole

            visit: the function; it must return normally and may call libcrux

            context: passed to it; may be NULL

            Returns 0 after the last one; what `visit` returned if it stopped; -1 if nothing stands there
            """
            ...


        def options_new(self) -> Handle:
            """Returns new options, all at their defaults. docs/options.md and crux_option_at list them.

            Returns options, never NULL
            """
            ...


        def options_set(self, options: Any, key: bytes, value: bytes | None) -> int:
            """Sets an option.

            options: from crux_options_new

            key: such as "base_url" or "timeout.total_ms"

            value: as text; NULL restores the default

            Returns CRUX_OK; CRUX_ERR_ARGUMENT if the key is not known (crux_message(options) names the nearest one)
            or the value is not usable, and then the option stays as it was
            """
            ...


        def options_env(self, options: Any, account: bytes | None) -> int:
            """Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and
            CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists them). What is set by
            hand wins. Without the option "service", the service whose variables are found is taken.

            options: from crux_options_new

            account: NULL, or a name that is added to each variable: "acme" reads CRUX_TOKEN_ACME

            Returns CRUX_OK, also if no variable is set; CRUX_ERR_ARGUMENT if one is not usable
            """
            ...


        def options_log(self, options: Any, level: int, log: Any, context: Any, release: Any) -> int:
            """Sets what takes the log. It is called on threads that are inside a function of libcrux, possibly several
            at once; it may call libcrux, and must return normally.

            options: from crux_options_new

            level: CRUX_LOG_OFF to CRUX_LOG_TRACE: lines above it are not made

            log: the function; NULL = none. `line` is a text without a line end, good during the call

            context: passed to log and release; may be NULL

            release: called once with context when log will never be called again: after the options, the client and
            all that was made from it are freed. NULL = nothing to release

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
            """
            ...


        def options_tick(self, options: Any, tick: Any, context: Any, release: Any) -> int:
            """Sets what is called while anything of the client waits: for Ctrl-C, progress bars, and tools that must
            serve their window from their only thread. It runs on the thread that waits; for started requests, in
            crux_wait and crux_next_finished, unless these only look (0 ms). An event loop that only looks needs no
            tick: it reads crux_number(response, "phase") on a timer, and crux_cancel ends the request. The tick may
            call libcrux, but is not called again by that; it must return normally.

            options: from crux_options_new

            tick: called about every "tick.every_ms", after each signal and at each change of phase; other than 0 ends
            the request with CRUX_ERR_CANCELLED. NULL = none

            context: passed to tick and release; may be NULL

            release: called once with context when tick will never be called again: after the options, the client and
            all that was made from it are freed. NULL = nothing to release

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
            """
            ...


        def options_token(self, options: Any, fetch: Any, context: Any, release: Any) -> int:
            """Sets what gives the token, instead of a password: a keyring, a vault, single sign-on. It is asked when a
            token is needed or was refused, by one request at a time, whose result all share.

            options: from crux_options_new

            fetch: writes a token into a buffer and returns its length; 0 = there is none, -1 to give up: the request
            then ends with CRUX_ERR_AUTH, and the next one asks again. For a started request it may run on a thread of
            libcrux. NULL = none

            context: passed to fetch and release

            release: called once with context when fetch will never be called again: after the options, the client and
            all that was made from it are freed. NULL = nothing to release

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
            """
            ...


        def login_with(self, options: Any) -> Handle:
            """Logs in as the options say; like crux_login otherwise.

            options: from crux_options_new; may be freed or used again afterwards

            Returns a client, never NULL; crux_code(client) says how it went
            """
            ...


        def set_token(self, client: Any, token: bytes) -> int:
            """Sets the token of a client to one from elsewhere, such as one pasted from a browser. Requests that start
            later carry it; a login that was refused is forgotten. crux_code(client) stays as the login left it.

            client: from crux_login, also while other threads use it

            token: the token; blanks at its end are dropped

            Returns CRUX_OK; CRUX_ERR_ARGUMENT if it is NULL, empty, or holds what cannot stand in a header, and then
            the client keeps the token it has
            """
            ...


        def call_login(self, client: Any) -> Handle:
            """Returns a call that logs in, now or again, and so says whether the credentials work. Sent or started, it
            can be ticked, bounded and cancelled like any other; with the option "login.when" set to first_use, it is
            the first login. Its phase is CRUX_PHASE_LOGIN from start to end. A token that is there, also one of
            "token_file", is replaced. A password that was refused is not sent again: new credentials need a new
            client.

            client: from crux_login or crux_login_with

            Returns a call, never NULL; its response carries the outcome of the login
            """
            ...


        def logout(self, client: Any) -> Handle:
            """Ends the session. Token and password are forgotten here whatever the server responds; services without a
            logout call are not asked. Later requests are anonymous until crux_set_token.

            client: from crux_login

            Returns a response, never NULL; its message says what was done
            """
            ...


        def call_logout(self, client: Any) -> Handle:
            """Returns the call that ends the session, as crux_logout does, to be sent or started.

            client: from crux_login

            Returns a call, never NULL
            """
            ...


        def reset_password(self, client: Any, email: bytes) -> Handle:
            """Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and does not show
            whether there is such an account.

            client: from crux_login, anonymous or not

            email: whose password was forgotten

            Returns a response, never NULL
            """
            ...


        def call_reset_password(self, client: Any, email: bytes) -> Handle:
            """Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or
            started.

            client: from crux_login; needs no login

            email: the address of the account

            Returns a call, never NULL; crux_code(call) says whether the service has such a call
            """
            ...


        def call_new(self, client: Any, method: bytes, path: bytes) -> Handle:
            """Returns a new call: a request to be described, then sent. A refused setting can be corrected by setting
            the same name, field or pointer again. If no value is right, such as for a header that libcrux sets
            itself, make a new call.

            client: from crux_login; may be freed before the call is

            method: such as "GET" or "POST"

            path: as for crux_request

            Returns a call, never NULL; crux_code(call) says whether the arguments are usable
            """
            ...


        def call_fill(self, call: Any, name: bytes, value: bytes | None) -> int:
            """Sets what a {name} of the path stands for; percent-encoded, so that it stays one piece of the path.

            call: from crux_call_new, with a path such as "by_name/{name}/"

            name: the name, without braces

            value: plain text; NULL = ""

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
            """
            ...


        def call_query(self, call: Any, name: bytes, value: bytes | None) -> int:
            """Adds a pair to the query, percent-encoded.

            call: from crux_call_new

            name: plain text

            value: plain text; NULL = ""

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
            """
            ...


        def call_header(self, call: Any, name: bytes, value: bytes | None) -> int:
            """Adds a header. Those that libcrux sets itself (Authorization, Host, Content-Length and their like) are
            refused. To another origin only headers go that are known to hold no credentials.

            call: from crux_call_new

            name: the header's name

            value: its value; NULL = ""

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
            """
            ...


        def call_set(self, call: Any, key: bytes, value: bytes | None) -> int:
            """Sets an option for this call only; docs/options.md marks those that can be.

            call: from crux_call_new

            key: such as "timeout.total_ms"

            value: as text; NULL restores the client's value

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
            """
            ...


        def call_tick(self, call: Any, tick: Any, context: Any, release: Any) -> int:
            """Sets what is called while this call waits, instead of the client's tick. crux_wait and crux_next_finished
            call none if they only look (0 ms).

            call: from crux_call_new and its kin

            tick: called on the thread that waits inside a function of libcrux, about every "tick.every_ms", after
            each signal and at each change of phase; other than 0 ends the request. NULL = the client's tick again

            context: passed to tick and release; may be NULL

            release: called once with context when tick will never be called again; NULL = nothing to release

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
            """
            ...


        def call_body(self, call: Any, data: Any, length: int, type: bytes | None) -> int:
            """Sets the body; the bytes are copied.

            call: from crux_call_new

            data: the bytes; NULL = no body

            length: how many; -1 = up to the NUL

            type: the Content-Type; NULL = the service's JSON; "" = none

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
            """
            ...


        def call_put_text(self, call: Any, pointer: bytes, value: bytes | None) -> int:
            """Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer
            is made, "-" appends to an array. The first put takes the place of any other body.

            call: from crux_call_new

            pointer: RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body

            value: plain text; NULL = the JSON null

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
            """
            ...


        def call_put_int(self, call: Any, pointer: bytes, value: int) -> int:
            """Puts a whole number into the JSON body, as crux_call_put_text does with a text.

            call: from crux_call_new

            pointer: RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body

            value: any number

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
            """
            ...


        def call_put_double(self, call: Any, pointer: bytes, value: float) -> int:
            """Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the
            locale.

            call: from crux_call_new

            pointer: RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body

            value: any number but NaN and the infinities, which JSON does not have

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
            """
            ...


        def call_put_json(self, call: Any, pointer: bytes, json: bytes) -> int:
            """Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits.

            call: from crux_call_new

            pointer: RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body

            json: such as true, null, [1,2] or {"a":1}; it is checked

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
            """
            ...


        def call_file(self, call: Any, file: bytes, type: bytes | None) -> int:
            """Sends a file as the body, straight from the disk; its length is taken when the call is sent.

            call: from crux_call_new

            file: its path

            type: the Content-Type; NULL = application/octet-stream; "" = none

            Returns CRUX_OK, CRUX_ERR_ARGUMENT, or CRUX_ERR_FILE if it cannot be read; the call stays as it was then,
            and cannot be sent until this is set well
            """
            ...


        def call_part(self, call: Any, field: bytes, value: bytes | None, file: bytes | None, type: bytes | None) -> int:
            """Adds a part to a form (multipart/form-data), which becomes the body.

            call: from crux_call_new

            field: the field's name

            value: its text; NULL if it is a file

            file: the file it holds, sent straight from the disk under its own name; NULL if it is a text

            type: the part's type; NULL = none for a text, by its ending for a file

            Returns CRUX_OK, CRUX_ERR_ARGUMENT, or CRUX_ERR_FILE if it cannot be read; the call stays as it was then,
            and cannot be sent until a part of this field is set well, which counts as the correction
            """
            ...


        def call_part_data(self, call: Any, field: bytes, filename: bytes, data: Any, length: int, type: bytes | None) -> int:
            """Adds a part to a form from memory; the server sees it as a file of that name. The bytes are copied.

            call: from crux_call_new

            field: the field's name

            filename: the name that the server sees

            data: the bytes; NULL = none, an empty file

            length: how many; -1 = up to the NUL

            type: the part's type; NULL = by the ending of the name

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
            """
            ...


        def call_source(self, call: Any, read: Any, context: Any, release: Any, length: int, type: bytes | None) -> int:
            """Sets a function that supplies the body, piece by piece, on the thread that waits; when the call is
            started, on a thread of libcrux. It is sent once: not again after a lost connection, an expired token or a
            redirect.

            call: from crux_call_new

            read: fills a buffer and returns how many bytes it put there, 0 at the end, -1 to give up: the call then
            ends with CRUX_ERR_CANCELLED. It must return normally

            context: passed to read and release; may be NULL

            release: called once with context when read will never be called again; NULL = nothing to release

            length: how many bytes there will be; -1 = unknown: they are sent in chunks. If `read` supplies more or
            fewer, the request ends with CRUX_ERR_FILE

            type: the Content-Type; NULL = application/octet-stream; "" = none

            Returns CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once, and the call cannot be sent until
            it gets a body
            """
            ...


        def call_send(self, call: Any) -> Handle:
            """Sends the request and waits for the whole response. May be repeated. With the option "save", the body goes
            to a file, as with crux_download.

            call: from crux_call_new

            Returns a response, never NULL; crux_code(response) says how it went
            """
            ...


        def call_stream(self, call: Any) -> Handle:
            """Sends the request and waits for the head of the response; its body is read with crux_read, in as little
            memory as you like. Free the response when you have had enough of it. A stream takes no option "save", and
            the option "await" has no effect on it.

            call: from crux_call_new

            Returns a response, never NULL; crux_code(response) says how it went so far
            """
            ...


        def call_start(self, call: Any) -> Handle:
            """Sends the request in the background and returns at once. The response is CRUX_PENDING until it is
            finished: crux_wait, crux_event and crux_next_finished say when. With the option "stream", it is finished
            when the head is there, and crux_read takes the body without waiting. Freeing it before ends the request.
            At most "background.max" requests of a client run at once; a request whose "timeout.total_ms" is over
            before its turn is never sent. Log lines of the request reach the hook in crux_wait, crux_next_finished or
            crux_free.

            call: from crux_call_new and its kin; may be freed, changed or sent again meanwhile

            Returns a response, never NULL; crux_next_finished brings it, also if the call cannot be sent as it is,
            which crux_code(response) says at once. Out of no queue comes only what is no call of a client, and what a
            client made whose options were refused: it has no queue, and crux_event returns -1
            """
            ...


        def read(self, response: Any, buffer: Any, capacity: int) -> int:
            """Reads a piece of the body of a streamed response.

            response: from crux_call_stream, or from crux_call_start with the option "stream"

            buffer: receives the bytes

            capacity: its size in bytes; 256 KiB cost less for each byte than 16 do

            Returns how many bytes were read; 0 at the end of a complete body; -1 on an error, which crux_code and
            crux_message then say: what was read before is not the whole; -2 if a started stream has nothing yet, not
            even its head: crux_wait and crux_event say when it has
            """
            ...


        def wait(self, object: Any, timeout_ms: int) -> int:
            """Waits until a request that was started in the background has finished, or a started stream has more.
            Meanwhile its tick is called on this thread.

            object: a response or a client; a response of crux_call_start until it is finished or has more to read,
            any other is finished already; a client until crux_next_finished has one

            timeout_ms: how long to wait; 0 = only look; -1 = as long as it takes

            Returns 1 if so, 0 if not yet; 1 for what is no client or response, and for a client with nothing under
            way: there is nothing to wait for
            """
            ...


        def next_finished(self, client: Any, timeout_ms: int) -> int | None:
            """Returns the next request of a client that was started in the background and has finished, in order of
            finishing, each once. Those that were freed are passed over. Meanwhile the client's tick is called on this
            thread, with the progress of the request that was started first; if it ends them, it ends all.

            client: from crux_login

            timeout_ms: how long to wait; 0 = only look; -1 = as long as it takes

            Returns the very handle that crux_call_start gave; NULL if none has finished in time, or nothing is under
            way
            """
            ...


        def event(self, object: Any) -> int:
            """Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. It is made when it is
            first asked for. It is the object's, at the longest until that is freed: do not read from it and do not
            close it. That of a response ends with the crux_wait that returns 1: stop watching it before.

            object: a response or a client; that of a response is readable once it is finished, and given back by the
            crux_wait that says so; that of a started stream while there is more to read; that of a client while
            crux_next_finished has one, however many requests there are; with the option "event.early" also when some
            of a response has come, which crux_next_finished with 0 reads

            Returns a descriptor; on Windows the HANDLE of an event, set while a descriptor would be readable; -1 if
            it could not be made, for a client whose options were refused, or for what is neither client nor response
            """
            ...


        def cancel(self, object: Any) -> None:
            """Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms.

            object: a call: what is under way of it; if nothing is, the next crux_call_send, _stream or _start of it
            ends at once, once. A response: its request, its stream, or a crux_await on it. A client: all its
            requests; it stays usable. Anything else is ignored
            """
            ...


        def await_(self, client: Any, accepted: Any, timeout_ms: int) -> Handle:
            """Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost
            connections and expired tokens in between are survived. crux_number(accepted, "percent") is meanwhile how
            far it is; crux_cancel(accepted) ends the waiting, not the job.

            client: from crux_login

            accepted: the response of the request that started the job, an export record, or the response of an
            earlier crux_await, or of a call with the option "await", that timed out or was cancelled

            timeout_ms: how long to wait; 0 = look once; -1 = as the option "job.timeout_ms" says

            Returns a response, never NULL: the last progress document or record, with crux_info "location" (the
            result) and "job_url". CRUX_ERR_JOB if the server says that the job failed; CRUX_ERR_TIMEOUT if it goes on
            """
            ...


        def call_await(self, client: Any, accepted: Any) -> Handle:
            """Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started;
            the call's option "job.timeout_ms" says how long. crux_number(accepted, "percent") is meanwhile how far
            the job is; crux_cancel of the call, of its response or of `accepted` ends the waiting, not the job.

            client: from crux_login

            accepted: as for crux_await; may be freed before the call is

            Returns a call, never NULL; its response is as that of crux_await. With the option "save", the result is
            saved
            """
            ...


        def next_page(self, client: Any, page: Any) -> Handle:
            """Requests the page after a page of a list, in any form the services have: `pagination` objects, totals,
            offset and limit, links; in the query or in the body.

            client: from crux_login

            page: a response that holds a page, from crux_request, crux_call_send or this function

            Returns a response; NULL after the last page, after a page that failed, and while the page is pending
            """
            ...


        def call_next(self, client: Any, page: Any) -> Handle:
            """Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or
            awaited.

            client: from crux_login

            page: a response that holds a page

            Returns a call, never sent yet; NULL after the last page, after a page that failed, and while the page is
            pending
            """
            ...


        def call_follow(self, from_: Any, method: bytes, link: bytes) -> Handle:
            """Returns a call to a link as it stands in a response. A relative one is resolved against the URL that the
            response came from, which need not be the base.

            from: a finished response

            method: such as "GET"

            link: the link, out of the body or a header

            Returns a call, never NULL; crux_code(call) says whether the link is usable
            """
            ...


        def download(self, client: Any, url: bytes, file: bytes) -> Handle:
            """Downloads a file. An incomplete file never has the final name: data goes to FILE.part, and FILE.part.tag
            identifies its source. With the option "resume" (the default) a later try goes on from there if the server
            can show that it is the same file. To watch the progress, or not to wait, use crux_call_start with the
            option "save" instead.

            client: from crux_login

            url: a path, or a whole URL; to another origin, such as a storage service, no token goes

            file: where to; a file that is there is replaced once the new one is complete

            Returns a response without a body, never NULL; CRUX_ERR_FILE if the disk is to blame
            """
            ...


        def upload(self, client: Any, path: bytes | None, field: bytes | None, file: bytes, type: bytes | None) -> Handle:
            """Uploads a file as a form, straight from the disk.

            client: from crux_login

            path: where to; NULL = where the service takes files

            field: the name of the form's field; NULL = the one the service wants

            file: the file

            type: its type, such as "text/csv"; NULL = by its ending

            Returns a response, never NULL; crux_info(response, "result") is the address or the id of what was made
            """
            ...


        def call_upload(self, client: Any, path: bytes | None, field: bytes | None, file: bytes, type: bytes | None) -> Handle:
            """Returns the call that uploads a file as a form, as crux_upload does, to be sent or started.

            client: from crux_login

            path: where to; NULL = where the service takes files

            field: the name of the form's field; NULL = the one the service wants

            file: the file

            type: its type, such as "text/csv"; NULL = by its ending

            Returns a call, never NULL; crux_code(call) says whether the file can be read
            """
            ...


        def version(self) -> bytes | None:
            """Returns the version of the library that is loaded.

            Returns such as "0.2.0"; never NULL
            """
            ...


        def abi(self) -> int:
            """Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with.

            Returns the number
            """
            ...


        def shutdown(self, timeout_ms: int) -> int:
            """Waits until no thread of libcrux is left. A program that unloads a plugin with libcrux inside (the static
            library, or its own build without -z nodelete) calls this after it has freed all objects.

            timeout_ms: how long to wait; 0 = only look; -1 = as long as it takes

            Returns 1 if none is left: all code of libcrux may be unloaded; 0 if some are: a client lives on, or the
            system still looks for the address of a host
            """
            ...


        def constant(self, name: bytes, fallback: int) -> int:
            """Returns any #define of this header by its name, for languages that cannot read it.

            name: such as "CRUX_ERR_AUTH"

            fallback: what to return if there is none of that name

            Returns its number
            """
            ...


        def error_at(self, index: int, code: Any, name: Any, text: Any) -> int:
            """Returns the outcomes one by one.

            index: from 0

            code: receives the number; may be NULL

            name: receives the name of its #define; may be NULL

            text: receives what it means; may be NULL

            Returns 1, or 0 past the end
            """
            ...


        def error_name(self, code: int) -> bytes | None:
            """Returns the name of an outcome, such as "CRUX_ERR_AUTH".

            code: what crux_code returned

            Returns the name; NULL if there is no such outcome
            """
            ...


        def option_at(self, index: int, key: Any, fallback: Any, help: Any) -> int:
            """Returns the options one by one.

            index: from 0

            key: receives the key; may be NULL

            fallback: receives the default, "" if there is none or it depends on the service; may be NULL

            help: receives what it does; may be NULL

            Returns 1, or 0 past the end
            """
            ...


        def option_info(self, key: bytes, what: bytes) -> bytes | None:
            """Returns what is known of an option, for dialogs, generated code and checks.

            key: such as "timeout.total_ms"

            what: "type": text, flag (0 or 1), number, choice, url, pointer, json, header, ascii or sha256; "values":
            what it takes, such as "0 to 20" or "bearer, cookie"; "scope": "call" if crux_call_set takes it too, else
            "client"; "secret": "1" if its value must not be shown, else "0"; "default"; "help"

            Returns the text; NULL if there is no such option, or nothing of that name
            """
            ...


        def fact_at(self, index: int, name: Any, help: Any) -> int:
            """Returns the facts one by one: what crux_info and crux_number know.

            index: from 0

            name: receives the name; may be NULL

            help: receives what it means; first its kind and what it is a fact of, such as "number, client: Retries of
            the client so far."; may be NULL

            Returns 1, or 0 past the end
            """
            ...


class CallOptions(TypedDict, total=False):
    """Options that a single request may have."""

    # Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it.
    # Values: 1 to 140737488355328. Default: 67108864.
    max_body: int

    # Longest wait for the host's address, in ms. 0: no limit. Values: 0 to 2678400000. Default: 5000.
    timeout_resolve_ms: int

    # Longest wait for a connection, TLS included, in ms. 0: no limit. Values: 0 to 2678400000. Default: 10000.
    timeout_connect_ms: int

    # Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit. Values: 0 to
    # 2678400000. Default: 30000.
    timeout_head_ms: int

    # Longest pause while a body is sent or received, in ms. 0: no limit. Values: 0 to 2678400000. Default: 30000.
    timeout_idle_ms: int

    # Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless
    # it is set. Values: 0 to 2678400000. Default: 300000.
    timeout_total_ms: int

    # How often a call that may safely be repeated is repeated. Values: 0 to 20. Default: 3.
    retry_max: int

    # Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once. Values: 0 to 2678400000.
    # Default: 120000.
    retry_max_wait_ms: int

    # How many redirects a call follows. Values: 0 to 20. Default: 5.
    redirect_max: int

    # How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is
    # given -1. 0: no limit. Values: 0 to 2678400000. Default: 900000.
    job_timeout_ms: int

    # 1 says that a POST or PATCH may safely be repeated. Values: 0, 1. Default: 0.
    idempotent: bool

    # How often the tick hook is called while a call waits, in ms. Values: 10 to 10000. Default: 100.
    tick_every_ms: int

    # 0 keeps no FILE.part of a download that failed. Values: 0, 1. Default: 1.
    resume: bool

    # SHA-256 in hexadecimal that a downloaded file must have. Values: 64 hexadecimal digits.
    sha256: str


class ClientOptions(CallOptions, total=False):
    """Options of a client; those of a call hold for all its requests."""

    # File that keeps the token between runs, for this user alone (mode 0600). Empty: the token stays in memory.
    # Values: text.
    token_file: Any

    # 0 wipes the password after the first login; an expired token is then an error. Values: 0, 1. Default: 1.
    keep_password: bool

    # 1 lets credentials travel over plain http to a host that is not loopback. Values: 0, 1. Default: 0.
    allow_http: bool

    # Further origins that get the token, separated by blanks, such as https://files.example.com. Values: text.
    origins: str

    # Text that is added to `User-Agent: libcrux/VERSION`. Values: visible ASCII.
    user_agent: str

    # What reaches the log hook: 0 off, 1 error, 2 warning, 3 info, 4 debug, 5 trace. Values: 0 to 5. Default: 2.
    log_level: int

    # Path of the login, relative to the base. Values: text.
    login_path: str

    # Method of the login, POST unless set; GET only with `login.encoding` basic. Values: POST, PUT, GET.
    login_method: str

    # How the login carries user name and password: as a JSON body, as a form, or in the header Authorization. Empty:
    # json. Values: json, form, basic.
    login_encoding: str

    # When a password login is made: with the client, or by the first request that needs a token. Values: now,
    # first_use. Default: now.
    login_when: str

    # Member of the login body that holds the user name. Values: text.
    login_user_field: str

    # Member of the login body that holds the password. Values: text.
    login_secret_field: str

    # JSON object whose members are added to the login body. Values: JSON object.
    login_extra: str

    # RFC 6901 pointer to the token in the login's response; empty: the whole document. Values: JSON pointer.
    login_token_pointer: str

    # Whether the login brings a token in its body, or in a `token` cookie. Values: bearer, cookie. Default: bearer.
    login_mode: str

    # Path of the GET that ends a session at the server, relative to the base. Values: text.
    logout_path: str

    # Path of the POST that mails a link for a new password, relative to the base. Values: text.
    reset_path: str

    # The word before the token, such as Bearer or Token. Set to the empty text: the bare token. Values: visible
    # ASCII.
    auth_scheme: str

    # The header that carries the token. Values: header name.
    auth_header: str

    # Headers of every request to the client's own origins, `Name: value`, one a line; other origins never get them.
    # Values: header lines, secret.
    headers: str | Mapping[str, str]

    # RFC 6901 pointer to the token's lifetime in seconds in the login's response. Without it the `exp` of a JWT is
    # read. Values: JSON pointer.
    token_expires_pointer: str

    # How long a token lives, in ms, counted from the start of the login. 0: unknown. Values: 0 to 2678400000.
    token_lifetime_ms: int

    # How long before its end a token is renewed, in ms; at most half its life. Values: 0 to 2678400000. Default:
    # 600000.
    token_renew_before_ms: int

    # Path of the POST that brings a new token for a refresh token, relative to the base. Empty: the password is sent
    # again. Values: text.
    refresh_path: str

    # Member of the refresh body that holds the refresh token. Values: text. Default: refresh.
    refresh_field: str

    # RFC 6901 pointer to the refresh token in the responses of login and refresh. Values: JSON pointer. Default:
    # /refresh.
    refresh_pointer: str

    # JSON object whose members are added to the refresh body, such as a grant_type. Values: JSON object.
    refresh_extra: str

    # RFC 6901 pointer to the link to the next page. Empty: every usual place is looked at, the Link header among
    # them. Values: JSON pointer.
    page_next_pointer: str

    # Name of the form field that carries the file of an upload. Empty: the service's own. Values: text.
    upload_field: str

    # Pointers to the text for people in an error document, separated by blanks, tried in order. Values: text.
    error_pointers: str

    # PEM file of certificate authorities that are trusted in addition to the system's. Values: text.
    tls_ca_file: Any

    # The same as text. Values: text.
    tls_ca_pem: str

    # SHA-256 of the server's public key in base64, several separated by `;`: of the own origins (base and `origins`)
    # only such a server is accepted, and its issuer need not be known. Values: text.
    tls_pin_sha256: str

    # PEM file of the client certificate chain; the own origins (base and `origins`) alone get to see it. Values:
    # text.
    tls_client_cert_file: Any

    # PEM file of the client certificate's private key. Values: text.
    tls_client_key_file: Any

    # Lowest TLS version that is accepted. Values: 1.2, 1.3. Default: 1.2.
    tls_min_version: str

    # 0 accepts any certificate: for tests only, and logged as a warning. Values: 0, 1. Default: 1.
    tls_verify: bool

    # URL of a proxy (http, https, socks5, socks4 or socks4a), or `direct` for none. Empty: as the environment says;
    # on Windows, if it names none, as Internet Options say. Values: text.
    proxy: str

    # Hosts that are reached without the proxy: names, .suffixes, addresses, CIDR, each with an optional port. Values:
    # text.
    no_proxy: str

    # How many idle connections are kept for each host. Values: 0 to 1000. Default: 64.
    pool_max_idle: int

    # RFC 6901 pointer to the address of a job's progress in the response that starts it. Empty: the service's own,
    # else its Location. Values: JSON pointer.
    job_location_pointer: str

    # RFC 6901 pointer to the status in a progress document. Values: JSON pointer.
    job_status_pointer: str

    # RFC 6901 pointer to the percentage in a progress document; below 0 says that the job failed, 100 that it is done
    # where there is no status. Values: JSON pointer.
    job_percent_pointer: str

    # RFC 6901 pointer to the address of the result in the progress document of a job that is done. Empty: the
    # service's own, else where a 303 of the progress leads, or the Location. Values: JSON pointer.
    job_result_pointer: str

    # Words of the status that say that the job is done, separated by blanks. Values: text.
    job_done: str

    # Words that the status holds when the job has failed, separated by blanks. Values: text.
    job_failed: str

    # Pointers to the id of what was made, separated by blanks, tried in order; for crux_info "result". Values: text.
    result_pointers: str

    # How many started calls of a client run at once; the others wait in order. Values: 1 to 1024. Default: 64.
    background_max: int

    # 1: the client's crux_event also wakes when a part of a response has come, which crux_next_finished with 0 ms
    # then reads: cheaper, and it may bring none. For event loops; on Linux. Values: 0, 1. Default: 0.
    event_early: bool


# The key of each keyword.
OPTIONS: dict[str, str] = {
    "service": "service",
    "base_url": "base_url",
    "user": "user",
    "secret": "secret",
    "token": "token",
    "token_file": "token_file",
    "keep_password": "keep_password",
    "allow_http": "allow_http",
    "origins": "origins",
    "user_agent": "user_agent",
    "max_body": "max_body",
    "log_level": "log.level",
    "login_path": "login.path",
    "login_method": "login.method",
    "login_encoding": "login.encoding",
    "login_when": "login.when",
    "login_user_field": "login.user_field",
    "login_secret_field": "login.secret_field",
    "login_extra": "login.extra",
    "login_token_pointer": "login.token_pointer",
    "login_mode": "login.mode",
    "logout_path": "logout.path",
    "reset_path": "reset.path",
    "auth_scheme": "auth.scheme",
    "auth_header": "auth.header",
    "headers": "headers",
    "token_expires_pointer": "token.expires_pointer",
    "token_lifetime_ms": "token.lifetime_ms",
    "token_renew_before_ms": "token.renew_before_ms",
    "refresh_path": "refresh.path",
    "refresh_field": "refresh.field",
    "refresh_pointer": "refresh.pointer",
    "refresh_extra": "refresh.extra",
    "page_next_pointer": "page.next_pointer",
    "upload_field": "upload.field",
    "error_pointers": "error.pointers",
    "timeout_resolve_ms": "timeout.resolve_ms",
    "timeout_connect_ms": "timeout.connect_ms",
    "timeout_head_ms": "timeout.head_ms",
    "timeout_idle_ms": "timeout.idle_ms",
    "timeout_total_ms": "timeout.total_ms",
    "retry_max": "retry.max",
    "retry_max_wait_ms": "retry.max_wait_ms",
    "redirect_max": "redirect.max",
    "tls_ca_file": "tls.ca_file",
    "tls_ca_pem": "tls.ca_pem",
    "tls_pin_sha256": "tls.pin_sha256",
    "tls_client_cert_file": "tls.client_cert_file",
    "tls_client_key_file": "tls.client_key_file",
    "tls_min_version": "tls.min_version",
    "tls_verify": "tls.verify",
    "proxy": "proxy",
    "no_proxy": "no_proxy",
    "pool_max_idle": "pool.max_idle",
    "job_timeout_ms": "job.timeout_ms",
    "job_location_pointer": "job.location_pointer",
    "job_status_pointer": "job.status_pointer",
    "job_percent_pointer": "job.percent_pointer",
    "job_result_pointer": "job.result_pointer",
    "job_done": "job.done",
    "job_failed": "job.failed",
    "result_pointers": "result.pointers",
    "idempotent": "idempotent",
    "save": "save",
    "await": "await",
    "stream": "stream",
    "tick_every_ms": "tick.every_ms",
    "background_max": "background.max",
    "event_early": "event.early",
    "resume": "resume",
    "sha256": "sha256",
}

# Keywords whose values must not be shown.
SECRETS = frozenset(
    {
        "secret",
        "token",
        "login_extra",
        "headers",
        "refresh_extra",
        "proxy",
    }
)

# Keys of options that are numbers.
NUMBERS = frozenset(
    {
        "max_body",
        "log.level",
        "token.lifetime_ms",
        "token.renew_before_ms",
        "timeout.resolve_ms",
        "timeout.connect_ms",
        "timeout.head_ms",
        "timeout.idle_ms",
        "timeout.total_ms",
        "retry.max",
        "retry.max_wait_ms",
        "redirect.max",
        "pool.max_idle",
        "job.timeout_ms",
        "tick.every_ms",
        "background.max",
    }
)
