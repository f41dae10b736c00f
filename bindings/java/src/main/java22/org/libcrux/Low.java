// Made by bindings/generator from include/crux.json.

package org.libcrux;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;

/** The functions of libcrux as they are. Texts are UTF-8 and end in a NUL. */
final class Low {
    /** The CRUX_ABI that this file was made from. */
    static final int ABI = 1;

    static final String SONAME = "libcrux.so.0";

    private Low() {}

    private static final MethodHandle CRUX_LOGIN =
        Ffi.function("crux_login", long.class, long.class, long.class, long.class, long.class);

    /** Logs in, and returns the client that makes all requests. It may wait. */
    static long crux_login(byte[] service, byte[] base_url, byte[] user, byte[] secret) {
        try (Arena arena = Arena.ofConfined()) {
            long serviceAt = Ffi.lend(arena, service);
            long base_urlAt = Ffi.lend(arena, base_url);
            long userAt = Ffi.lend(arena, user);
            long secretAt = Ffi.lend(arena, secret);
            return (long) CRUX_LOGIN.invokeExact(serviceAt, base_urlAt, userAt, secretAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_REQUEST =
        Ffi.function("crux_request", long.class, long.class, long.class, long.class, long.class, long.class);

    /** Sends a request and waits for the whole response. It may wait. */
    static long crux_request(long client, byte[] method, byte[] path, byte[] body, long body_len) {
        try (Arena arena = Arena.ofConfined()) {
            long methodAt = Ffi.lend(arena, method);
            long pathAt = Ffi.lend(arena, path);
            long bodyAt = Ffi.lend(arena, body);
            return (long) CRUX_REQUEST.invokeExact(client, methodAt, pathAt, bodyAt, body_len);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_FREE =
        Ffi.function("crux_free", void.class, long.class);

    /** Ends an object of any kind, in any order; what was made from it stays good until it is freed itself. With a client end its idle connections and its crux_event. */
    static void crux_free(long object) {
        try {
            CRUX_FREE.invokeExact(object);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CODE =
        Ffi.function("crux_code", int.class, long.class);

    /** Returns the outcome of an object. */
    static int crux_code(long object) {
        try {
            return (int) CRUX_CODE.invokeExact(object);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_MESSAGE =
        Ffi.function("crux_message", long.class, long.class);

    /** Returns the outcome of an object in one English sentence, for the person at the screen. It holds no secret. */
    static long crux_message(long object) {
        try {
            return (long) CRUX_MESSAGE.invokeExact(object);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_STATUS =
        Ffi.function("crux_status", int.class, long.class);

    /** Returns the HTTP status of a response. */
    static int crux_status(long object) {
        try {
            return (int) CRUX_STATUS.invokeExact(object);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_BODY =
        Ffi.function("crux_body", long.class, long.class, long.class);

    /** Returns the body of a response, decoded from gzip. In that of a login, "[secret]" stands for each secret. */
    static long crux_body(long object, long[] length) {
        try (Arena arena = Arena.ofConfined()) {
            long lengthAt = Ffi.lend(arena, length);
            long result = (long) CRUX_BODY.invokeExact(object, lengthAt);
            Ffi.take(lengthAt, length);
            return result;
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_HEADER =
        Ffi.function("crux_header", long.class, long.class, long.class, long.class);

    /** Returns a header of a response. That of a login has no cookies. */
    static long crux_header(long object, byte[] name, long nth) {
        try (Arena arena = Arena.ofConfined()) {
            long nameAt = Ffi.lend(arena, name);
            return (long) CRUX_HEADER.invokeExact(object, nameAt, nth);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_HEADER_AT =
        Ffi.function("crux_header_at", int.class, long.class, long.class, long.class, long.class);

    /** Returns the headers of a response one by one. */
    static int crux_header_at(long object, long index, long[] name, long[] value) {
        try (Arena arena = Arena.ofConfined()) {
            long nameAt = Ffi.lend(arena, name);
            long valueAt = Ffi.lend(arena, value);
            int result = (int) CRUX_HEADER_AT.invokeExact(object, index, nameAt, valueAt);
            Ffi.take(nameAt, name);
            Ffi.take(valueAt, value);
            return result;
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_INFO =
        Ffi.function("crux_info", long.class, long.class, long.class);

    /** Returns a fact as text. A fact of a response never changes once it is known. */
    static long crux_info(long object, byte[] name) {
        try (Arena arena = Arena.ofConfined()) {
            long nameAt = Ffi.lend(arena, name);
            return (long) CRUX_INFO.invokeExact(object, nameAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_NUMBER =
        Ffi.function("crux_number", long.class, long.class, long.class);

    /** Returns a fact as a number. */
    static long crux_number(long object, byte[] name) {
        try (Arena arena = Arena.ofConfined()) {
            long nameAt = Ffi.lend(arena, name);
            return (long) CRUX_NUMBER.invokeExact(object, nameAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_COPY =
        Ffi.function("crux_copy", long.class, long.class, long.class, long.class, long.class);

    /** Copies something into a buffer of the caller, for languages that cannot borrow. */
    static long crux_copy(long object, byte[] what, long buffer, long capacity) {
        try (Arena arena = Arena.ofConfined()) {
            long whatAt = Ffi.lend(arena, what);
            return (long) CRUX_COPY.invokeExact(object, whatAt, buffer, capacity);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_JSON_TYPE =
        Ffi.function("crux_json_type", int.class, long.class, long.class);

    /** Returns the type of what stands at a place in the JSON of a response. */
    static int crux_json_type(long object, byte[] pointer) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            return (int) CRUX_JSON_TYPE.invokeExact(object, pointerAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_JSON_TEXT =
        Ffi.function("crux_json_text", long.class, long.class, long.class);

    /** Returns what stands at a place as text: of a string its characters, of anything else the JSON as it stands, digits unaltered. Half a surrogate pair becomes one U+FFFD. */
    static long crux_json_text(long object, byte[] pointer) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            return (long) CRUX_JSON_TEXT.invokeExact(object, pointerAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_JSON_INT =
        Ffi.function("crux_json_int", long.class, long.class, long.class, long.class);

    /** Returns a whole number. */
    static long crux_json_int(long object, byte[] pointer, long fallback) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            return (long) CRUX_JSON_INT.invokeExact(object, pointerAt, fallback);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_JSON_DOUBLE =
        Ffi.function("crux_json_double", double.class, long.class, long.class, double.class);

    /** Returns a number. */
    static double crux_json_double(long object, byte[] pointer, double fallback) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            return (double) CRUX_JSON_DOUBLE.invokeExact(object, pointerAt, fallback);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_JSON_COUNT =
        Ffi.function("crux_json_count", long.class, long.class, long.class);

    /** Returns the number of members of an array or object. Of members with the same name only the last counts. */
    static long crux_json_count(long object, byte[] pointer) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            return (long) CRUX_JSON_COUNT.invokeExact(object, pointerAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_JSON_KEY =
        Ffi.function("crux_json_key", long.class, long.class, long.class, long.class);

    /** Returns the name of an object's member, in the order in which they stand. */
    static long crux_json_key(long object, byte[] pointer, long index) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            return (long) CRUX_JSON_KEY.invokeExact(object, pointerAt, index);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_JSON_WALK =
        Ffi.function("crux_json_walk", int.class, long.class, long.class, long.class, long.class);

    /** Visits what stands at a place and all that is below it, in the order of the document, without an index. `visit` gets the context; the depth, 0 for what stands at the pointer, 1 for its members; one of CRUX_JSON_...; of a member of an object its name, otherwise NULL; of anything that is no array and no object its text as crux_json_text gives it, otherwise NULL. Lengths are in bytes; name and text are good during the call and have no NUL behind them, but may have one inside. 0 goes on, anything else stops. Of members with the same name each is visited; the last one counts. */
    static int crux_json_walk(long object, byte[] pointer, long visit, long context) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            return (int) CRUX_JSON_WALK.invokeExact(object, pointerAt, visit, context);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_OPTIONS_NEW =
        Ffi.function("crux_options_new", long.class);

    /** Returns new options, all at their defaults. docs/options.md and crux_option_at list them. */
    static long crux_options_new() {
        try {
            return (long) CRUX_OPTIONS_NEW.invokeExact();
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_OPTIONS_SET =
        Ffi.function("crux_options_set", int.class, long.class, long.class, long.class);

    /** Sets an option. */
    static int crux_options_set(long options, byte[] key, byte[] value) {
        try (Arena arena = Arena.ofConfined()) {
            long keyAt = Ffi.lend(arena, key);
            long valueAt = Ffi.lend(arena, value);
            return (int) CRUX_OPTIONS_SET.invokeExact(options, keyAt, valueAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_OPTIONS_ENV =
        Ffi.function("crux_options_env", int.class, long.class, long.class);

    /** Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists them). What is set by hand wins. Without the option "service", the service whose variables are found is taken. */
    static int crux_options_env(long options, byte[] account) {
        try (Arena arena = Arena.ofConfined()) {
            long accountAt = Ffi.lend(arena, account);
            return (int) CRUX_OPTIONS_ENV.invokeExact(options, accountAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_OPTIONS_LOG =
        Ffi.function("crux_options_log", int.class, long.class, int.class, long.class, long.class, long.class);

    /** Sets what takes the log. It is called on threads that are inside a function of libcrux, possibly several at once; it may call libcrux, and must return normally. */
    static int crux_options_log(long options, int level, long log, long context, long release) {
        try {
            return (int) CRUX_OPTIONS_LOG.invokeExact(options, level, log, context, release);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_OPTIONS_TICK =
        Ffi.function("crux_options_tick", int.class, long.class, long.class, long.class, long.class);

    /** Sets what is called while anything of the client waits: for Ctrl-C, progress bars, and tools that must serve their window from their only thread. It runs on the thread that waits; for started requests, in crux_wait and crux_next_finished, unless these only look (0 ms). An event loop that only looks needs no tick: it reads crux_number(response, "phase") on a timer, and crux_cancel ends the request. The tick may call libcrux, but is not called again by that; it must return normally. */
    static int crux_options_tick(long options, long tick, long context, long release) {
        try {
            return (int) CRUX_OPTIONS_TICK.invokeExact(options, tick, context, release);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_OPTIONS_TOKEN =
        Ffi.function("crux_options_token", int.class, long.class, long.class, long.class, long.class);

    /** Sets what gives the token, instead of a password: a keyring, a vault, single sign-on. It is asked when a token is needed or was refused, by one request at a time, whose result all share. */
    static int crux_options_token(long options, long fetch, long context, long release) {
        try {
            return (int) CRUX_OPTIONS_TOKEN.invokeExact(options, fetch, context, release);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_LOGIN_WITH =
        Ffi.function("crux_login_with", long.class, long.class);

    /** Logs in as the options say; like crux_login otherwise. It may wait. */
    static long crux_login_with(long options) {
        try {
            return (long) CRUX_LOGIN_WITH.invokeExact(options);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_SET_TOKEN =
        Ffi.function("crux_set_token", int.class, long.class, long.class);

    /** Sets the token of a client to one from elsewhere, such as one pasted from a browser. Requests that start later carry it; a login that was refused is forgotten. crux_code(client) stays as the login left it. */
    static int crux_set_token(long client, byte[] token) {
        try (Arena arena = Arena.ofConfined()) {
            long tokenAt = Ffi.lend(arena, token);
            return (int) CRUX_SET_TOKEN.invokeExact(client, tokenAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_LOGIN =
        Ffi.function("crux_call_login", long.class, long.class);

    /** Returns a call that logs in, now or again, and so says whether the credentials work. Sent or started, it can be ticked, bounded and cancelled like any other; with the option "login.when" set to first_use, it is the first login. Its phase is CRUX_PHASE_LOGIN from start to end. A token that is there, also one of "token_file", is replaced. A password that was refused is not sent again: new credentials need a new client. */
    static long crux_call_login(long client) {
        try {
            return (long) CRUX_CALL_LOGIN.invokeExact(client);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_LOGOUT =
        Ffi.function("crux_logout", long.class, long.class);

    /** Ends the session. Token and password are forgotten here whatever the server responds; services without a logout call are not asked. Later requests are anonymous until crux_set_token. It may wait. */
    static long crux_logout(long client) {
        try {
            return (long) CRUX_LOGOUT.invokeExact(client);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_LOGOUT =
        Ffi.function("crux_call_logout", long.class, long.class);

    /** Returns the call that ends the session, as crux_logout does, to be sent or started. */
    static long crux_call_logout(long client) {
        try {
            return (long) CRUX_CALL_LOGOUT.invokeExact(client);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_RESET_PASSWORD =
        Ffi.function("crux_reset_password", long.class, long.class, long.class);

    /** Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and does not show whether there is such an account. It may wait. */
    static long crux_reset_password(long client, byte[] email) {
        try (Arena arena = Arena.ofConfined()) {
            long emailAt = Ffi.lend(arena, email);
            return (long) CRUX_RESET_PASSWORD.invokeExact(client, emailAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_RESET_PASSWORD =
        Ffi.function("crux_call_reset_password", long.class, long.class, long.class);

    /** Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or started. */
    static long crux_call_reset_password(long client, byte[] email) {
        try (Arena arena = Arena.ofConfined()) {
            long emailAt = Ffi.lend(arena, email);
            return (long) CRUX_CALL_RESET_PASSWORD.invokeExact(client, emailAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_NEW =
        Ffi.function("crux_call_new", long.class, long.class, long.class, long.class);

    /** Returns a new call: a request to be described, then sent. A refused setting can be corrected by setting the same name, field or pointer again. If no value is right, such as for a header that libcrux sets itself, make a new call. */
    static long crux_call_new(long client, byte[] method, byte[] path) {
        try (Arena arena = Arena.ofConfined()) {
            long methodAt = Ffi.lend(arena, method);
            long pathAt = Ffi.lend(arena, path);
            return (long) CRUX_CALL_NEW.invokeExact(client, methodAt, pathAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_FILL =
        Ffi.function("crux_call_fill", int.class, long.class, long.class, long.class);

    /** Sets what a {name} of the path stands for; percent-encoded, so that it stays one piece of the path. */
    static int crux_call_fill(long call, byte[] name, byte[] value) {
        try (Arena arena = Arena.ofConfined()) {
            long nameAt = Ffi.lend(arena, name);
            long valueAt = Ffi.lend(arena, value);
            return (int) CRUX_CALL_FILL.invokeExact(call, nameAt, valueAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_QUERY =
        Ffi.function("crux_call_query", int.class, long.class, long.class, long.class);

    /** Adds a pair to the query, percent-encoded. */
    static int crux_call_query(long call, byte[] name, byte[] value) {
        try (Arena arena = Arena.ofConfined()) {
            long nameAt = Ffi.lend(arena, name);
            long valueAt = Ffi.lend(arena, value);
            return (int) CRUX_CALL_QUERY.invokeExact(call, nameAt, valueAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_HEADER =
        Ffi.function("crux_call_header", int.class, long.class, long.class, long.class);

    /** Adds a header. Those that libcrux sets itself (Authorization, Host, Content-Length and their like) are refused. To another origin only headers go that are known to hold no credentials. */
    static int crux_call_header(long call, byte[] name, byte[] value) {
        try (Arena arena = Arena.ofConfined()) {
            long nameAt = Ffi.lend(arena, name);
            long valueAt = Ffi.lend(arena, value);
            return (int) CRUX_CALL_HEADER.invokeExact(call, nameAt, valueAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_SET =
        Ffi.function("crux_call_set", int.class, long.class, long.class, long.class);

    /** Sets an option for this call only; docs/options.md marks those that can be. */
    static int crux_call_set(long call, byte[] key, byte[] value) {
        try (Arena arena = Arena.ofConfined()) {
            long keyAt = Ffi.lend(arena, key);
            long valueAt = Ffi.lend(arena, value);
            return (int) CRUX_CALL_SET.invokeExact(call, keyAt, valueAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_TICK =
        Ffi.function("crux_call_tick", int.class, long.class, long.class, long.class, long.class);

    /** Sets what is called while this call waits, instead of the client's tick. crux_wait and crux_next_finished call none if they only look (0 ms). */
    static int crux_call_tick(long call, long tick, long context, long release) {
        try {
            return (int) CRUX_CALL_TICK.invokeExact(call, tick, context, release);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_BODY =
        Ffi.function("crux_call_body", int.class, long.class, long.class, long.class, long.class);

    /** Sets the body; the bytes are copied. */
    static int crux_call_body(long call, byte[] data, long length, byte[] type) {
        try (Arena arena = Arena.ofConfined()) {
            long dataAt = Ffi.lend(arena, data);
            long typeAt = Ffi.lend(arena, type);
            return (int) CRUX_CALL_BODY.invokeExact(call, dataAt, length, typeAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_PUT_TEXT =
        Ffi.function("crux_call_put_text", int.class, long.class, long.class, long.class);

    /** Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer is made, "-" appends to an array. The first put takes the place of any other body. */
    static int crux_call_put_text(long call, byte[] pointer, byte[] value) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            long valueAt = Ffi.lend(arena, value);
            return (int) CRUX_CALL_PUT_TEXT.invokeExact(call, pointerAt, valueAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_PUT_INT =
        Ffi.function("crux_call_put_int", int.class, long.class, long.class, long.class);

    /** Puts a whole number into the JSON body, as crux_call_put_text does with a text. */
    static int crux_call_put_int(long call, byte[] pointer, long value) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            return (int) CRUX_CALL_PUT_INT.invokeExact(call, pointerAt, value);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_PUT_DOUBLE =
        Ffi.function("crux_call_put_double", int.class, long.class, long.class, double.class);

    /** Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the locale. */
    static int crux_call_put_double(long call, byte[] pointer, double value) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            return (int) CRUX_CALL_PUT_DOUBLE.invokeExact(call, pointerAt, value);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_PUT_JSON =
        Ffi.function("crux_call_put_json", int.class, long.class, long.class, long.class);

    /** Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits. */
    static int crux_call_put_json(long call, byte[] pointer, byte[] json) {
        try (Arena arena = Arena.ofConfined()) {
            long pointerAt = Ffi.lend(arena, pointer);
            long jsonAt = Ffi.lend(arena, json);
            return (int) CRUX_CALL_PUT_JSON.invokeExact(call, pointerAt, jsonAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_FILE =
        Ffi.function("crux_call_file", int.class, long.class, long.class, long.class);

    /** Sends a file as the body, straight from the disk; its length is taken when the call is sent. */
    static int crux_call_file(long call, byte[] file, byte[] type) {
        try (Arena arena = Arena.ofConfined()) {
            long fileAt = Ffi.lend(arena, file);
            long typeAt = Ffi.lend(arena, type);
            return (int) CRUX_CALL_FILE.invokeExact(call, fileAt, typeAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_PART =
        Ffi.function("crux_call_part", int.class, long.class, long.class, long.class, long.class, long.class);

    /** Adds a part to a form (multipart/form-data), which becomes the body. */
    static int crux_call_part(long call, byte[] field, byte[] value, byte[] file, byte[] type) {
        try (Arena arena = Arena.ofConfined()) {
            long fieldAt = Ffi.lend(arena, field);
            long valueAt = Ffi.lend(arena, value);
            long fileAt = Ffi.lend(arena, file);
            long typeAt = Ffi.lend(arena, type);
            return (int) CRUX_CALL_PART.invokeExact(call, fieldAt, valueAt, fileAt, typeAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_PART_DATA =
        Ffi.function("crux_call_part_data", int.class, long.class, long.class, long.class, long.class, long.class, long.class);

    /** Adds a part to a form from memory; the server sees it as a file of that name. The bytes are copied. */
    static int crux_call_part_data(long call, byte[] field, byte[] filename, byte[] data, long length, byte[] type) {
        try (Arena arena = Arena.ofConfined()) {
            long fieldAt = Ffi.lend(arena, field);
            long filenameAt = Ffi.lend(arena, filename);
            long dataAt = Ffi.lend(arena, data);
            long typeAt = Ffi.lend(arena, type);
            return (int) CRUX_CALL_PART_DATA.invokeExact(call, fieldAt, filenameAt, dataAt, length, typeAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_SOURCE =
        Ffi.function("crux_call_source", int.class, long.class, long.class, long.class, long.class, long.class, long.class);

    /** Sets a function that supplies the body, piece by piece, on the thread that waits; when the call is started, on a thread of libcrux. It is sent once: not again after a lost connection, an expired token or a redirect. */
    static int crux_call_source(long call, long read, long context, long release, long length, byte[] type) {
        try (Arena arena = Arena.ofConfined()) {
            long typeAt = Ffi.lend(arena, type);
            return (int) CRUX_CALL_SOURCE.invokeExact(call, read, context, release, length, typeAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_SEND =
        Ffi.function("crux_call_send", long.class, long.class);

    /** Sends the request and waits for the whole response. May be repeated. With the option "save", the body goes to a file, as with crux_download. It may wait. */
    static long crux_call_send(long call) {
        try {
            return (long) CRUX_CALL_SEND.invokeExact(call);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_STREAM =
        Ffi.function("crux_call_stream", long.class, long.class);

    /** Sends the request and waits for the head of the response; its body is read with crux_read, in as little memory as you like. Free the response when you have had enough of it. A stream takes no option "save", and the option "await" has no effect on it. It may wait. */
    static long crux_call_stream(long call) {
        try {
            return (long) CRUX_CALL_STREAM.invokeExact(call);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_START =
        Ffi.function("crux_call_start", long.class, long.class);

    /** Sends the request in the background and returns at once. The response is CRUX_PENDING until it is finished: crux_wait, crux_event and crux_next_finished say when. With the option "stream", it is finished when the head is there, and crux_read takes the body without waiting. Freeing it before ends the request. At most "background.max" requests of a client run at once; a request whose "timeout.total_ms" is over before its turn is never sent. Log lines of the request reach the hook in crux_wait, crux_next_finished or crux_free. */
    static long crux_call_start(long call) {
        try {
            return (long) CRUX_CALL_START.invokeExact(call);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_READ =
        Ffi.function("crux_read", long.class, long.class, long.class, long.class);

    /** Reads a piece of the body of a streamed response. It may wait. */
    static long crux_read(long response, long buffer, long capacity) {
        try {
            return (long) CRUX_READ.invokeExact(response, buffer, capacity);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_WAIT =
        Ffi.function("crux_wait", int.class, long.class, int.class);

    /** Waits until a request that was started in the background has finished, or a started stream has more. Meanwhile its tick is called on this thread. It may wait. */
    static int crux_wait(long object, int timeout_ms) {
        try {
            return (int) CRUX_WAIT.invokeExact(object, timeout_ms);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_NEXT_FINISHED =
        Ffi.function("crux_next_finished", long.class, long.class, int.class);

    /** Returns the next request of a client that was started in the background and has finished, in order of finishing, each once. Those that were freed are passed over. Meanwhile the client's tick is called on this thread, with the progress of the request that was started first; if it ends them, it ends all. It may wait. */
    static long crux_next_finished(long client, int timeout_ms) {
        try {
            return (long) CRUX_NEXT_FINISHED.invokeExact(client, timeout_ms);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_EVENT =
        Ffi.function("crux_event", long.class, long.class);

    /** Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. It is made when it is first asked for. It is the object's, at the longest until that is freed: do not read from it and do not close it. That of a response ends with the crux_wait that returns 1: stop watching it before. */
    static long crux_event(long object) {
        try {
            return (long) CRUX_EVENT.invokeExact(object);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CANCEL =
        Ffi.function("crux_cancel", void.class, long.class);

    /** Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms. */
    static void crux_cancel(long object) {
        try {
            CRUX_CANCEL.invokeExact(object);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_AWAIT =
        Ffi.function("crux_await", long.class, long.class, long.class, int.class);

    /** Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost connections and expired tokens in between are survived. crux_number(accepted, "percent") is meanwhile how far it is; crux_cancel(accepted) ends the waiting, not the job. It may wait. */
    static long crux_await(long client, long accepted, int timeout_ms) {
        try {
            return (long) CRUX_AWAIT.invokeExact(client, accepted, timeout_ms);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_AWAIT =
        Ffi.function("crux_call_await", long.class, long.class, long.class);

    /** Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started; the call's option "job.timeout_ms" says how long. crux_number(accepted, "percent") is meanwhile how far the job is; crux_cancel of the call, of its response or of `accepted` ends the waiting, not the job. */
    static long crux_call_await(long client, long accepted) {
        try {
            return (long) CRUX_CALL_AWAIT.invokeExact(client, accepted);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_NEXT_PAGE =
        Ffi.function("crux_next_page", long.class, long.class, long.class);

    /** Requests the page after a page of a list, in any form the services have: `pagination` objects, totals, offset and limit, links; in the query or in the body. It may wait. */
    static long crux_next_page(long client, long page) {
        try {
            return (long) CRUX_NEXT_PAGE.invokeExact(client, page);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_NEXT =
        Ffi.function("crux_call_next", long.class, long.class, long.class);

    /** Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or awaited. */
    static long crux_call_next(long client, long page) {
        try {
            return (long) CRUX_CALL_NEXT.invokeExact(client, page);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_FOLLOW =
        Ffi.function("crux_call_follow", long.class, long.class, long.class, long.class);

    /** Returns a call to a link as it stands in a response. A relative one is resolved against the URL that the response came from, which need not be the base. */
    static long crux_call_follow(long from, byte[] method, byte[] link) {
        try (Arena arena = Arena.ofConfined()) {
            long methodAt = Ffi.lend(arena, method);
            long linkAt = Ffi.lend(arena, link);
            return (long) CRUX_CALL_FOLLOW.invokeExact(from, methodAt, linkAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_DOWNLOAD =
        Ffi.function("crux_download", long.class, long.class, long.class, long.class);

    /** Downloads a file. An incomplete file never has the final name: data goes to FILE.part, and FILE.part.tag identifies its source. With the option "resume" (the default) a later try goes on from there if the server can show that it is the same file. To watch the progress, or not to wait, use crux_call_start with the option "save" instead. It may wait. */
    static long crux_download(long client, byte[] url, byte[] file) {
        try (Arena arena = Arena.ofConfined()) {
            long urlAt = Ffi.lend(arena, url);
            long fileAt = Ffi.lend(arena, file);
            return (long) CRUX_DOWNLOAD.invokeExact(client, urlAt, fileAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_UPLOAD =
        Ffi.function("crux_upload", long.class, long.class, long.class, long.class, long.class, long.class);

    /** Uploads a file as a form, straight from the disk. It may wait. */
    static long crux_upload(long client, byte[] path, byte[] field, byte[] file, byte[] type) {
        try (Arena arena = Arena.ofConfined()) {
            long pathAt = Ffi.lend(arena, path);
            long fieldAt = Ffi.lend(arena, field);
            long fileAt = Ffi.lend(arena, file);
            long typeAt = Ffi.lend(arena, type);
            return (long) CRUX_UPLOAD.invokeExact(client, pathAt, fieldAt, fileAt, typeAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CALL_UPLOAD =
        Ffi.function("crux_call_upload", long.class, long.class, long.class, long.class, long.class, long.class);

    /** Returns the call that uploads a file as a form, as crux_upload does, to be sent or started. */
    static long crux_call_upload(long client, byte[] path, byte[] field, byte[] file, byte[] type) {
        try (Arena arena = Arena.ofConfined()) {
            long pathAt = Ffi.lend(arena, path);
            long fieldAt = Ffi.lend(arena, field);
            long fileAt = Ffi.lend(arena, file);
            long typeAt = Ffi.lend(arena, type);
            return (long) CRUX_CALL_UPLOAD.invokeExact(client, pathAt, fieldAt, fileAt, typeAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_VERSION =
        Ffi.function("crux_version", long.class);

    /** Returns the version of the library that is loaded. */
    static long crux_version() {
        try {
            return (long) CRUX_VERSION.invokeExact();
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_ABI =
        Ffi.function("crux_abi", int.class);

    /** Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with. */
    static int crux_abi() {
        try {
            return (int) CRUX_ABI.invokeExact();
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_SHUTDOWN =
        Ffi.function("crux_shutdown", int.class, int.class);

    /** Waits until no thread of libcrux is left. A program that unloads a plugin with libcrux inside (the static library, or its own build without -z nodelete) calls this after it has freed all objects. It may wait. */
    static int crux_shutdown(int timeout_ms) {
        try {
            return (int) CRUX_SHUTDOWN.invokeExact(timeout_ms);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_CONSTANT =
        Ffi.function("crux_constant", int.class, long.class, int.class);

    /** Returns any #define of this header by its name, for languages that cannot read it. */
    static int crux_constant(byte[] name, int fallback) {
        try (Arena arena = Arena.ofConfined()) {
            long nameAt = Ffi.lend(arena, name);
            return (int) CRUX_CONSTANT.invokeExact(nameAt, fallback);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_ERROR_AT =
        Ffi.function("crux_error_at", int.class, long.class, long.class, long.class, long.class);

    /** Returns the outcomes one by one. */
    static int crux_error_at(long index, int[] code, long[] name, long[] text) {
        try (Arena arena = Arena.ofConfined()) {
            long codeAt = Ffi.lend(arena, code);
            long nameAt = Ffi.lend(arena, name);
            long textAt = Ffi.lend(arena, text);
            int result = (int) CRUX_ERROR_AT.invokeExact(index, codeAt, nameAt, textAt);
            Ffi.take(codeAt, code);
            Ffi.take(nameAt, name);
            Ffi.take(textAt, text);
            return result;
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_ERROR_NAME =
        Ffi.function("crux_error_name", long.class, int.class);

    /** Returns the name of an outcome, such as "CRUX_ERR_AUTH". */
    static long crux_error_name(int code) {
        try {
            return (long) CRUX_ERROR_NAME.invokeExact(code);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_OPTION_AT =
        Ffi.function("crux_option_at", int.class, long.class, long.class, long.class, long.class);

    /** Returns the options one by one. */
    static int crux_option_at(long index, long[] key, long[] fallback, long[] help) {
        try (Arena arena = Arena.ofConfined()) {
            long keyAt = Ffi.lend(arena, key);
            long fallbackAt = Ffi.lend(arena, fallback);
            long helpAt = Ffi.lend(arena, help);
            int result = (int) CRUX_OPTION_AT.invokeExact(index, keyAt, fallbackAt, helpAt);
            Ffi.take(keyAt, key);
            Ffi.take(fallbackAt, fallback);
            Ffi.take(helpAt, help);
            return result;
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_OPTION_INFO =
        Ffi.function("crux_option_info", long.class, long.class, long.class);

    /** Returns what is known of an option, for dialogs, generated code and checks. */
    static long crux_option_info(byte[] key, byte[] what) {
        try (Arena arena = Arena.ofConfined()) {
            long keyAt = Ffi.lend(arena, key);
            long whatAt = Ffi.lend(arena, what);
            return (long) CRUX_OPTION_INFO.invokeExact(keyAt, whatAt);
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    private static final MethodHandle CRUX_FACT_AT =
        Ffi.function("crux_fact_at", int.class, long.class, long.class, long.class);

    /** Returns the facts one by one: what crux_info and crux_number know. */
    static int crux_fact_at(long index, long[] name, long[] help) {
        try (Arena arena = Arena.ofConfined()) {
            long nameAt = Ffi.lend(arena, name);
            long helpAt = Ffi.lend(arena, help);
            int result = (int) CRUX_FACT_AT.invokeExact(index, nameAt, helpAt);
            Ffi.take(nameAt, name);
            Ffi.take(helpAt, help);
            return result;
        } catch (Throwable error) {
            throw Ffi.never(error);
        }
    }

    /** A hook that receives one line of the log. */
    static long logHook() {
        return Ffi.hook("log", void.class, long.class, int.class, long.class);
    }

    /** A hook that is called about every "tick.every_ms" while a function waits. */
    static long tickHook() {
        return Ffi.hook("tick", int.class, long.class, int.class, long.class, long.class);
    }

    /** A hook that is called exactly once, when no other hook of the same context will be called any more. */
    static long releaseHook() {
        return Ffi.hook("release", void.class, long.class);
    }

    /** A hook that supplies the bytes of a body, piece by piece. */
    static long readHook() {
        return Ffi.hook("read", long.class, long.class, long.class, long.class);
    }

    /** A hook that visits one node of a JSON document. */
    static long jsonHook() {
        return Ffi.hook("json", int.class, long.class, int.class, int.class, long.class, long.class, long.class, long.class);
    }

    /** A hook that fetches a token from elsewhere: a keyring, a vault, single sign-on. */
    static long tokenHook() {
        return Ffi.hook("token", long.class, long.class, long.class, long.class, long.class);
    }
}
