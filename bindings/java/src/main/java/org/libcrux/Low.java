// Made by bindings/generator from include/crux.json.

package org.libcrux;

import com.sun.jna.Callback;

/** The functions of libcrux as they are. Texts are UTF-8 and end in a NUL. */
final class Low {
    /** The CRUX_ABI that this file was made from. */
    static final int ABI = 1;

    static final String SONAME = "libcrux.so.0";

    private Low() {}

    /** Logs in, and returns the client that makes all requests. It may wait. */
    static native long crux_login(byte[] service, byte[] base_url, byte[] user, byte[] secret);

    /** Sends a request and waits for the whole response. It may wait. */
    static native long crux_request(long client, byte[] method, byte[] path, byte[] body, long body_len);

    /** Ends an object of any kind, in any order; what was made from it stays good until it is freed itself. With a client end its idle connections and its crux_event. */
    static native void crux_free(long object);

    /** Returns the outcome of an object. */
    static native int crux_code(long object);

    /** Returns the outcome of an object in one English sentence, for the person at the screen. It holds no secret. */
    static native long crux_message(long object);

    /** Returns the HTTP status of a response. */
    static native int crux_status(long object);

    /** Returns the body of a response, decoded from gzip. In that of a login, "[secret]" stands for each secret. */
    static native long crux_body(long object, long[] length);

    /** Returns a header of a response. That of a login has no cookies. */
    static native long crux_header(long object, byte[] name, long nth);

    /** Returns the headers of a response one by one. */
    static native int crux_header_at(long object, long index, long[] name, long[] value);

    /** Returns a fact as text. A fact of a response never changes once it is known. */
    static native long crux_info(long object, byte[] name);

    /** Returns a fact as a number. */
    static native long crux_number(long object, byte[] name);

    /** Copies something into a buffer of the caller, for languages that cannot borrow. */
    static native long crux_copy(long object, byte[] what, long buffer, long capacity);

    /** Returns the type of what stands at a place in the JSON of a response. */
    static native int crux_json_type(long object, byte[] pointer);

    /** Returns what stands at a place as text: of a string its characters, of anything else the JSON as it stands, digits unaltered. Half a surrogate pair becomes one U+FFFD. */
    static native long crux_json_text(long object, byte[] pointer);

    /** Returns a whole number. */
    static native long crux_json_int(long object, byte[] pointer, long fallback);

    /** Returns a number. */
    static native double crux_json_double(long object, byte[] pointer, double fallback);

    /** Returns the number of members of an array or object. Of members with the same name only the last counts. */
    static native long crux_json_count(long object, byte[] pointer);

    /** Returns the name of an object's member, in the order in which they stand. */
    static native long crux_json_key(long object, byte[] pointer, long index);

    /** Visits what stands at a place and all that is below it, in the order of the document, without an index. `visit` gets the context; the depth, 0 for what stands at the pointer, 1 for its members; one of CRUX_JSON_...; of a member of an object its name, otherwise NULL; of anything that is no array and no object its text as crux_json_text gives it, otherwise NULL. Lengths are in bytes; name and text are good during the call and have no NUL behind them, but may have one inside. 0 goes on, anything else stops. Of members with the same name each is visited; the last one counts. */
    static native int crux_json_walk(long object, byte[] pointer, long visit, long context);

    /** Returns new options, all at their defaults. docs/options.md and crux_option_at list them. */
    static native long crux_options_new();

    /** Sets an option. */
    static native int crux_options_set(long options, byte[] key, byte[] value);

    /** Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists them). What is set by hand wins. Without the option "service", the service whose variables are found is taken. */
    static native int crux_options_env(long options, byte[] account);

    /** Sets what takes the log. It is called on threads that are inside a function of libcrux, possibly several at once; it may call libcrux, and must return normally. */
    static native int crux_options_log(long options, int level, long log, long context, long release);

    /** Sets what is called while anything of the client waits: for Ctrl-C, progress bars, and tools that must serve their window from their only thread. It runs on the thread that waits; for started requests, in crux_wait and crux_next_finished, unless these only look (0 ms). An event loop that only looks needs no tick: it reads crux_number(response, "phase") on a timer, and crux_cancel ends the request. The tick may call libcrux, but is not called again by that; it must return normally. */
    static native int crux_options_tick(long options, long tick, long context, long release);

    /** Sets what gives the token, instead of a password: a keyring, a vault, single sign-on. It is asked when a token is needed or was refused, by one request at a time, whose result all share. */
    static native int crux_options_token(long options, long fetch, long context, long release);

    /** Logs in as the options say; like crux_login otherwise. It may wait. */
    static native long crux_login_with(long options);

    /** Sets the token of a client to one from elsewhere, such as one pasted from a browser. Requests that start later carry it; a login that was refused is forgotten. crux_code(client) stays as the login left it. */
    static native int crux_set_token(long client, byte[] token);

    /** Returns a call that logs in, now or again, and so says whether the credentials work. Sent or started, it can be ticked, bounded and cancelled like any other; with the option "login.when" set to first_use, it is the first login. Its phase is CRUX_PHASE_LOGIN from start to end. A token that is there, also one of "token_file", is replaced. A password that was refused is not sent again: new credentials need a new client. */
    static native long crux_call_login(long client);

    /** Ends the session. Token and password are forgotten here whatever the server responds; services without a logout call are not asked. Later requests are anonymous until crux_set_token. It may wait. */
    static native long crux_logout(long client);

    /** Returns the call that ends the session, as crux_logout does, to be sent or started. */
    static native long crux_call_logout(long client);

    /** Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and does not show whether there is such an account. It may wait. */
    static native long crux_reset_password(long client, byte[] email);

    /** Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or started. */
    static native long crux_call_reset_password(long client, byte[] email);

    /** Returns a new call: a request to be described, then sent. A refused setting can be corrected by setting the same name, field or pointer again. If no value is right, such as for a header that libcrux sets itself, make a new call. */
    static native long crux_call_new(long client, byte[] method, byte[] path);

    /** Sets what a {name} of the path stands for; percent-encoded, so that it stays one piece of the path. */
    static native int crux_call_fill(long call, byte[] name, byte[] value);

    /** Adds a pair to the query, percent-encoded. */
    static native int crux_call_query(long call, byte[] name, byte[] value);

    /** Adds a header. Those that libcrux sets itself (Authorization, Host, Content-Length and their like) are refused. To another origin only headers go that are known to hold no credentials. */
    static native int crux_call_header(long call, byte[] name, byte[] value);

    /** Sets an option for this call only; docs/options.md marks those that can be. */
    static native int crux_call_set(long call, byte[] key, byte[] value);

    /** Sets what is called while this call waits, instead of the client's tick. crux_wait and crux_next_finished call none if they only look (0 ms). */
    static native int crux_call_tick(long call, long tick, long context, long release);

    /** Sets the body; the bytes are copied. */
    static native int crux_call_body(long call, byte[] data, long length, byte[] type);

    /** Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer is made, "-" appends to an array. The first put takes the place of any other body. */
    static native int crux_call_put_text(long call, byte[] pointer, byte[] value);

    /** Puts a whole number into the JSON body, as crux_call_put_text does with a text. */
    static native int crux_call_put_int(long call, byte[] pointer, long value);

    /** Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the locale. */
    static native int crux_call_put_double(long call, byte[] pointer, double value);

    /** Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits. */
    static native int crux_call_put_json(long call, byte[] pointer, byte[] json);

    /** Sends a file as the body, straight from the disk; its length is taken when the call is sent. */
    static native int crux_call_file(long call, byte[] file, byte[] type);

    /** Adds a part to a form (multipart/form-data), which becomes the body. */
    static native int crux_call_part(long call, byte[] field, byte[] value, byte[] file, byte[] type);

    /** Adds a part to a form from memory; the server sees it as a file of that name. The bytes are copied. */
    static native int crux_call_part_data(long call, byte[] field, byte[] filename, byte[] data, long length, byte[] type);

    /** Sets a function that supplies the body, piece by piece, on the thread that waits; when the call is started, on a thread of libcrux. It is sent once: not again after a lost connection, an expired token or a redirect. */
    static native int crux_call_source(long call, long read, long context, long release, long length, byte[] type);

    /** Sends the request and waits for the whole response. May be repeated. With the option "save", the body goes to a file, as with crux_download. It may wait. */
    static native long crux_call_send(long call);

    /** Sends the request and waits for the head of the response; its body is read with crux_read, in as little memory as you like. Free the response when you have had enough of it. A stream takes no option "save", and the option "await" has no effect on it. It may wait. */
    static native long crux_call_stream(long call);

    /** Sends the request in the background and returns at once. The response is CRUX_PENDING until it is finished: crux_wait, crux_event and crux_next_finished say when. With the option "stream", it is finished when the head is there, and crux_read takes the body without waiting. Freeing it before ends the request. At most "background.max" requests of a client run at once; a request whose "timeout.total_ms" is over before its turn is never sent. Log lines of the request reach the hook in crux_wait, crux_next_finished or crux_free. */
    static native long crux_call_start(long call);

    /** Reads a piece of the body of a streamed response. It may wait. */
    static native long crux_read(long response, long buffer, long capacity);

    /** Waits until a request that was started in the background has finished, or a started stream has more. Meanwhile its tick is called on this thread. It may wait. */
    static native int crux_wait(long object, int timeout_ms);

    /** Returns the next request of a client that was started in the background and has finished, in order of finishing, each once. Those that were freed are passed over. Meanwhile the client's tick is called on this thread, with the progress of the request that was started first; if it ends them, it ends all. It may wait. */
    static native long crux_next_finished(long client, int timeout_ms);

    /** Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. It is made when it is first asked for. It is the object's, at the longest until that is freed: do not read from it and do not close it. That of a response ends with the crux_wait that returns 1: stop watching it before. */
    static native long crux_event(long object);

    /** Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms. */
    static native void crux_cancel(long object);

    /** Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost connections and expired tokens in between are survived. crux_number(accepted, "percent") is meanwhile how far it is; crux_cancel(accepted) ends the waiting, not the job. It may wait. */
    static native long crux_await(long client, long accepted, int timeout_ms);

    /** Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started; the call's option "job.timeout_ms" says how long. crux_number(accepted, "percent") is meanwhile how far the job is; crux_cancel of the call, of its response or of `accepted` ends the waiting, not the job. */
    static native long crux_call_await(long client, long accepted);

    /** Requests the page after a page of a list, in any form the services have: `pagination` objects, totals, offset and limit, links; in the query or in the body. It may wait. */
    static native long crux_next_page(long client, long page);

    /** Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or awaited. */
    static native long crux_call_next(long client, long page);

    /** Returns a call to a link as it stands in a response. A relative one is resolved against the URL that the response came from, which need not be the base. */
    static native long crux_call_follow(long from, byte[] method, byte[] link);

    /** Downloads a file. An incomplete file never has the final name: data goes to FILE.part, and FILE.part.tag identifies its source. With the option "resume" (the default) a later try goes on from there if the server can show that it is the same file. To watch the progress, or not to wait, use crux_call_start with the option "save" instead. It may wait. */
    static native long crux_download(long client, byte[] url, byte[] file);

    /** Uploads a file as a form, straight from the disk. It may wait. */
    static native long crux_upload(long client, byte[] path, byte[] field, byte[] file, byte[] type);

    /** Returns the call that uploads a file as a form, as crux_upload does, to be sent or started. */
    static native long crux_call_upload(long client, byte[] path, byte[] field, byte[] file, byte[] type);

    /** Returns the version of the library that is loaded. */
    static native long crux_version();

    /** Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with. */
    static native int crux_abi();

    /** Waits until no thread of libcrux is left. A program that unloads a plugin with libcrux inside (the static library, or its own build without -z nodelete) calls this after it has freed all objects. It may wait. */
    static native int crux_shutdown(int timeout_ms);

    /** Returns any #define of this header by its name, for languages that cannot read it. */
    static native int crux_constant(byte[] name, int fallback);

    /** Returns the outcomes one by one. */
    static native int crux_error_at(long index, int[] code, long[] name, long[] text);

    /** Returns the name of an outcome, such as "CRUX_ERR_AUTH". */
    static native long crux_error_name(int code);

    /** Returns the options one by one. */
    static native int crux_option_at(long index, long[] key, long[] fallback, long[] help);

    /** Returns what is known of an option, for dialogs, generated code and checks. */
    static native long crux_option_info(byte[] key, byte[] what);

    /** Returns the facts one by one: what crux_info and crux_number know. */
    static native int crux_fact_at(long index, long[] name, long[] help);

    /** A hook that receives one line of the log. */
    interface LogFn extends Callback {
        void invoke(long context, int level, long line);
    }

    static long logHook() {
        return Ffi.hook((LogFn) Hooks::log);
    }

    /** A hook that is called about every "tick.every_ms" while a function waits. */
    interface TickFn extends Callback {
        int invoke(long context, int phase, long done, long total);
    }

    static long tickHook() {
        return Ffi.hook((TickFn) Hooks::tick);
    }

    /** A hook that is called exactly once, when no other hook of the same context will be called any more. */
    interface ReleaseFn extends Callback {
        void invoke(long context);
    }

    static long releaseHook() {
        return Ffi.hook((ReleaseFn) Hooks::release);
    }

    /** A hook that supplies the bytes of a body, piece by piece. */
    interface ReadFn extends Callback {
        long invoke(long context, long buffer, long capacity);
    }

    static long readHook() {
        return Ffi.hook((ReadFn) Hooks::read);
    }

    /** A hook that visits one node of a JSON document. */
    interface JsonFn extends Callback {
        int invoke(long context, int depth, int type, long key, long key_length, long text, long length);
    }

    static long jsonHook() {
        return Ffi.hook((JsonFn) Hooks::json);
    }

    /** A hook that fetches a token from elsewhere: a keyring, a vault, single sign-on. */
    interface TokenFn extends Callback {
        long invoke(long context, long refused, long buffer, long capacity);
    }

    static long tokenHook() {
        return Ffi.hook((TokenFn) Hooks::token);
    }
}
