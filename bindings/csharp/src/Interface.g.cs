// Written by bindings/generator from include/crux.json: make bindings.
#pragma warning disable 1591
using System;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.InteropServices;

[assembly: AssemblyVersion("0.2.0.0")]

namespace Crux
{
    /// <summary>The functions of libcrux, as <c>crux.h</c> declares them.</summary>
    internal static class Native
    {
        internal const int Abi = 1;
        internal const string Soname = "libcrux.so.0";

        internal const int Pending = -1;
        internal const int Ok = 0;
        internal const int JsonNone = 0;
        internal const int JsonNull = 1;
        internal const int JsonBool = 2;
        internal const int JsonNumber = 3;
        internal const int JsonString = 4;
        internal const int JsonArray = 5;
        internal const int JsonObject = 6;
        internal const int PhaseLogin = 1;
        internal const int PhaseConnect = 2;
        internal const int PhaseSend = 3;
        internal const int PhaseWait = 4;
        internal const int PhaseReceive = 5;
        internal const int PhasePause = 6;
        internal const int PhaseJob = 7;
        internal const int LogOff = 0;
        internal const int LogError = 1;
        internal const int LogWarning = 2;
        internal const int LogInfo = 3;
        internal const int LogDebug = 4;
        internal const int LogTrace = 5;

        // Makes the fields below wait until Library.Require has said what is wrong with the library.
        static Native() { }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void LogHook(IntPtr context, int level, IntPtr line);
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int TickHook(IntPtr context, int phase, long done, long total);
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void ReleaseHook(IntPtr context);
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr ReadHook(IntPtr context, IntPtr buffer, UIntPtr capacity);
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int JsonHook(IntPtr context, int depth, int type, IntPtr key, UIntPtr key_length, IntPtr text, UIntPtr length);
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr TokenHook(IntPtr context, IntPtr refused, IntPtr buffer, UIntPtr capacity);

        /// <summary>Logs in, and returns the client that makes all requests.</summary>
        internal static readonly crux_login_fn crux_login = Library.Function<crux_login_fn>("crux_login");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_login_fn(byte[] service, byte[] base_url, byte[] user, byte[] secret);

        /// <summary>Sends a request and waits for the whole response.</summary>
        internal static readonly crux_request_fn crux_request = Library.Function<crux_request_fn>("crux_request");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_request_fn(Handle client, byte[] method, byte[] path, byte[] body, IntPtr body_len);

        /// <summary>Ends an object of any kind, in any order; what was made from it stays good until it is freed itself. With a client end its idle connections and its crux_event.</summary>
        internal static readonly crux_free_fn crux_free = Library.Function<crux_free_fn>("crux_free");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void crux_free_fn(IntPtr @object);

        /// <summary>Returns the outcome of an object.</summary>
        internal static readonly crux_code_fn crux_code = Library.Function<crux_code_fn>("crux_code");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_code_fn(Handle @object);

        /// <summary>Returns the outcome of an object in one English sentence, for the person at the screen. It holds no secret.</summary>
        internal static readonly crux_message_fn crux_message = Library.Function<crux_message_fn>("crux_message");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_message_fn(Handle @object);

        /// <summary>Returns the HTTP status of a response.</summary>
        internal static readonly crux_status_fn crux_status = Library.Function<crux_status_fn>("crux_status");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_status_fn(Handle @object);

        /// <summary>Returns the body of a response, decoded from gzip. In that of a login, "[secret]" stands for each secret.</summary>
        internal static readonly crux_body_fn crux_body = Library.Function<crux_body_fn>("crux_body");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_body_fn(Handle @object, out UIntPtr length);

        /// <summary>Returns a header of a response. That of a login has no cookies.</summary>
        internal static readonly crux_header_fn crux_header = Library.Function<crux_header_fn>("crux_header");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_header_fn(Handle @object, byte[] name, UIntPtr nth);

        /// <summary>Returns the headers of a response one by one.</summary>
        internal static readonly crux_header_at_fn crux_header_at = Library.Function<crux_header_at_fn>("crux_header_at");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_header_at_fn(Handle @object, UIntPtr index, out IntPtr name, out IntPtr value);

        /// <summary>Returns a fact as text. A fact of a response never changes once it is known.</summary>
        internal static readonly crux_info_fn crux_info = Library.Function<crux_info_fn>("crux_info");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_info_fn(Handle @object, byte[] name);

        /// <summary>Returns a fact as a number.</summary>
        internal static readonly crux_number_fn crux_number = Library.Function<crux_number_fn>("crux_number");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate long crux_number_fn(Handle @object, byte[] name);

        /// <summary>Copies something into a buffer of the caller, for languages that cannot borrow.</summary>
        internal static readonly crux_copy_fn crux_copy = Library.Function<crux_copy_fn>("crux_copy");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate UIntPtr crux_copy_fn(Handle @object, byte[] what, IntPtr buffer, UIntPtr capacity);

        /// <summary>Returns the type of what stands at a place in the JSON of a response.</summary>
        internal static readonly crux_json_type_fn crux_json_type = Library.Function<crux_json_type_fn>("crux_json_type");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_json_type_fn(Handle @object, byte[] pointer);

        /// <summary>Returns what stands at a place as text: of a string its characters, of anything else the JSON as it stands, digits unaltered. Half a surrogate pair becomes one U+FFFD.</summary>
        internal static readonly crux_json_text_fn crux_json_text = Library.Function<crux_json_text_fn>("crux_json_text");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_json_text_fn(Handle @object, byte[] pointer);

        /// <summary>Returns a whole number.</summary>
        internal static readonly crux_json_int_fn crux_json_int = Library.Function<crux_json_int_fn>("crux_json_int");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate long crux_json_int_fn(Handle @object, byte[] pointer, long fallback);

        /// <summary>Returns a number.</summary>
        internal static readonly crux_json_double_fn crux_json_double = Library.Function<crux_json_double_fn>("crux_json_double");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate double crux_json_double_fn(Handle @object, byte[] pointer, double fallback);

        /// <summary>Returns the number of members of an array or object. Of members with the same name only the last counts.</summary>
        internal static readonly crux_json_count_fn crux_json_count = Library.Function<crux_json_count_fn>("crux_json_count");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate UIntPtr crux_json_count_fn(Handle @object, byte[] pointer);

        /// <summary>Returns the name of an object's member, in the order in which they stand.</summary>
        internal static readonly crux_json_key_fn crux_json_key = Library.Function<crux_json_key_fn>("crux_json_key");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_json_key_fn(Handle @object, byte[] pointer, UIntPtr index);

        /// <summary>Visits what stands at a place and all that is below it, in the order of the document, without an index. `visit` gets the context; the depth, 0 for what stands at the pointer, 1 for its members; one of CRUX_JSON_...; of a member of an object its name, otherwise NULL; of anything that is no array and no object its text as crux_json_text gives it, otherwise NULL. Lengths are in bytes; name and text are good during the call and have no NUL behind them, but may have one inside. 0 goes on, anything else stops. Of members with the same name each is visited; the last one counts.</summary>
        internal static readonly crux_json_walk_fn crux_json_walk = Library.Function<crux_json_walk_fn>("crux_json_walk");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_json_walk_fn(Handle @object, byte[] pointer, JsonHook visit, IntPtr context);

        /// <summary>Returns new options, all at their defaults. docs/options.md and crux_option_at list them.</summary>
        internal static readonly crux_options_new_fn crux_options_new = Library.Function<crux_options_new_fn>("crux_options_new");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_options_new_fn();

        /// <summary>Sets an option.</summary>
        internal static readonly crux_options_set_fn crux_options_set = Library.Function<crux_options_set_fn>("crux_options_set");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_options_set_fn(Handle options, byte[] key, byte[] value);

        /// <summary>Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists them). What is set by hand wins. Without the option "service", the service whose variables are found is taken.</summary>
        internal static readonly crux_options_env_fn crux_options_env = Library.Function<crux_options_env_fn>("crux_options_env");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_options_env_fn(Handle options, byte[] account);

        /// <summary>Sets what takes the log. It is called on threads that are inside a function of libcrux, possibly several at once; it may call libcrux, and must return normally.</summary>
        internal static readonly crux_options_log_fn crux_options_log = Library.Function<crux_options_log_fn>("crux_options_log");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_options_log_fn(Handle options, int level, LogHook log, IntPtr context, ReleaseHook release);

        /// <summary>Sets what is called while anything of the client waits: for Ctrl-C, progress bars, and tools that must serve their window from their only thread. It runs on the thread that waits; for started requests, in crux_wait and crux_next_finished, unless these only look (0 ms). An event loop that only looks needs no tick: it reads crux_number(response, "phase") on a timer, and crux_cancel ends the request. The tick may call libcrux, but is not called again by that; it must return normally.</summary>
        internal static readonly crux_options_tick_fn crux_options_tick = Library.Function<crux_options_tick_fn>("crux_options_tick");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_options_tick_fn(Handle options, TickHook tick, IntPtr context, ReleaseHook release);

        /// <summary>Sets what gives the token, instead of a password: a keyring, a vault, single sign-on. It is asked when a token is needed or was refused, by one request at a time, whose result all share.</summary>
        internal static readonly crux_options_token_fn crux_options_token = Library.Function<crux_options_token_fn>("crux_options_token");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_options_token_fn(Handle options, TokenHook fetch, IntPtr context, ReleaseHook release);

        /// <summary>Logs in as the options say; like crux_login otherwise.</summary>
        internal static readonly crux_login_with_fn crux_login_with = Library.Function<crux_login_with_fn>("crux_login_with");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_login_with_fn(Handle options);

        /// <summary>Sets the token of a client to one from elsewhere, such as one pasted from a browser. Requests that start later carry it; a login that was refused is forgotten. crux_code(client) stays as the login left it.</summary>
        internal static readonly crux_set_token_fn crux_set_token = Library.Function<crux_set_token_fn>("crux_set_token");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_set_token_fn(Handle client, byte[] token);

        /// <summary>Returns a call that logs in, now or again, and so says whether the credentials work. Sent or started, it can be ticked, bounded and cancelled like any other; with the option "login.when" set to first_use, it is the first login. Its phase is CRUX_PHASE_LOGIN from start to end. A token that is there, also one of "token_file", is replaced. A password that was refused is not sent again: new credentials need a new client.</summary>
        internal static readonly crux_call_login_fn crux_call_login = Library.Function<crux_call_login_fn>("crux_call_login");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_login_fn(Handle client);

        /// <summary>Ends the session. Token and password are forgotten here whatever the server responds; services without a logout call are not asked. Later requests are anonymous until crux_set_token.</summary>
        internal static readonly crux_logout_fn crux_logout = Library.Function<crux_logout_fn>("crux_logout");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_logout_fn(Handle client);

        /// <summary>Returns the call that ends the session, as crux_logout does, to be sent or started.</summary>
        internal static readonly crux_call_logout_fn crux_call_logout = Library.Function<crux_call_logout_fn>("crux_call_logout");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_logout_fn(Handle client);

        /// <summary>Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and does not show whether there is such an account.</summary>
        internal static readonly crux_reset_password_fn crux_reset_password = Library.Function<crux_reset_password_fn>("crux_reset_password");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_reset_password_fn(Handle client, byte[] email);

        /// <summary>Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or started.</summary>
        internal static readonly crux_call_reset_password_fn crux_call_reset_password = Library.Function<crux_call_reset_password_fn>("crux_call_reset_password");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_reset_password_fn(Handle client, byte[] email);

        /// <summary>Returns a new call: a request to be described, then sent. A refused setting can be corrected by setting the same name, field or pointer again. If no value is right, such as for a header that libcrux sets itself, make a new call.</summary>
        internal static readonly crux_call_new_fn crux_call_new = Library.Function<crux_call_new_fn>("crux_call_new");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_new_fn(Handle client, byte[] method, byte[] path);

        /// <summary>Sets what a {name} of the path stands for; percent-encoded, so that it stays one piece of the path.</summary>
        internal static readonly crux_call_fill_fn crux_call_fill = Library.Function<crux_call_fill_fn>("crux_call_fill");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_fill_fn(Handle call, byte[] name, byte[] value);

        /// <summary>Adds a pair to the query, percent-encoded.</summary>
        internal static readonly crux_call_query_fn crux_call_query = Library.Function<crux_call_query_fn>("crux_call_query");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_query_fn(Handle call, byte[] name, byte[] value);

        /// <summary>Adds a header. Those that libcrux sets itself (Authorization, Host, Content-Length and their like) are refused. To another origin only headers go that are known to hold no credentials.</summary>
        internal static readonly crux_call_header_fn crux_call_header = Library.Function<crux_call_header_fn>("crux_call_header");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_header_fn(Handle call, byte[] name, byte[] value);

        /// <summary>Sets an option for this call only; docs/options.md marks those that can be.</summary>
        internal static readonly crux_call_set_fn crux_call_set = Library.Function<crux_call_set_fn>("crux_call_set");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_set_fn(Handle call, byte[] key, byte[] value);

        /// <summary>Sets what is called while this call waits, instead of the client's tick. crux_wait and crux_next_finished call none if they only look (0 ms).</summary>
        internal static readonly crux_call_tick_fn crux_call_tick = Library.Function<crux_call_tick_fn>("crux_call_tick");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_tick_fn(Handle call, TickHook tick, IntPtr context, ReleaseHook release);

        /// <summary>Sets the body; the bytes are copied.</summary>
        internal static readonly crux_call_body_fn crux_call_body = Library.Function<crux_call_body_fn>("crux_call_body");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_body_fn(Handle call, byte[] data, IntPtr length, byte[] type);

        /// <summary>Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer is made, "-" appends to an array. The first put takes the place of any other body.</summary>
        internal static readonly crux_call_put_text_fn crux_call_put_text = Library.Function<crux_call_put_text_fn>("crux_call_put_text");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_put_text_fn(Handle call, byte[] pointer, byte[] value);

        /// <summary>Puts a whole number into the JSON body, as crux_call_put_text does with a text.</summary>
        internal static readonly crux_call_put_int_fn crux_call_put_int = Library.Function<crux_call_put_int_fn>("crux_call_put_int");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_put_int_fn(Handle call, byte[] pointer, long value);

        /// <summary>Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the locale.</summary>
        internal static readonly crux_call_put_double_fn crux_call_put_double = Library.Function<crux_call_put_double_fn>("crux_call_put_double");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_put_double_fn(Handle call, byte[] pointer, double value);

        /// <summary>Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits.</summary>
        internal static readonly crux_call_put_json_fn crux_call_put_json = Library.Function<crux_call_put_json_fn>("crux_call_put_json");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_put_json_fn(Handle call, byte[] pointer, byte[] json);

        /// <summary>Sends a file as the body, straight from the disk; its length is taken when the call is sent.</summary>
        internal static readonly crux_call_file_fn crux_call_file = Library.Function<crux_call_file_fn>("crux_call_file");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_file_fn(Handle call, byte[] file, byte[] type);

        /// <summary>Adds a part to a form (multipart/form-data), which becomes the body.</summary>
        internal static readonly crux_call_part_fn crux_call_part = Library.Function<crux_call_part_fn>("crux_call_part");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_part_fn(Handle call, byte[] field, byte[] value, byte[] file, byte[] type);

        /// <summary>Adds a part to a form from memory; the server sees it as a file of that name. The bytes are copied.</summary>
        internal static readonly crux_call_part_data_fn crux_call_part_data = Library.Function<crux_call_part_data_fn>("crux_call_part_data");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_part_data_fn(Handle call, byte[] field, byte[] filename, byte[] data, IntPtr length, byte[] type);

        /// <summary>Sets a function that supplies the body, piece by piece, on the thread that waits; when the call is started, on a thread of libcrux. It is sent once: not again after a lost connection, an expired token or a redirect.</summary>
        internal static readonly crux_call_source_fn crux_call_source = Library.Function<crux_call_source_fn>("crux_call_source");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_call_source_fn(Handle call, ReadHook read, IntPtr context, ReleaseHook release, long length, byte[] type);

        /// <summary>Sends the request and waits for the whole response. May be repeated. With the option "save", the body goes to a file, as with crux_download.</summary>
        internal static readonly crux_call_send_fn crux_call_send = Library.Function<crux_call_send_fn>("crux_call_send");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_send_fn(Handle call);

        /// <summary>Sends the request and waits for the head of the response; its body is read with crux_read, in as little memory as you like. Free the response when you have had enough of it. A stream takes no option "save", and the option "await" has no effect on it.</summary>
        internal static readonly crux_call_stream_fn crux_call_stream = Library.Function<crux_call_stream_fn>("crux_call_stream");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_stream_fn(Handle call);

        /// <summary>Sends the request in the background and returns at once. The response is CRUX_PENDING until it is finished: crux_wait, crux_event and crux_next_finished say when. With the option "stream", it is finished when the head is there, and crux_read takes the body without waiting. Freeing it before ends the request. At most "background.max" requests of a client run at once; a request whose "timeout.total_ms" is over before its turn is never sent. Log lines of the request reach the hook in crux_wait, crux_next_finished or crux_free.</summary>
        internal static readonly crux_call_start_fn crux_call_start = Library.Function<crux_call_start_fn>("crux_call_start");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_start_fn(Handle call);

        /// <summary>Reads a piece of the body of a streamed response.</summary>
        internal static readonly crux_read_fn crux_read = Library.Function<crux_read_fn>("crux_read");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_read_fn(Handle response, IntPtr buffer, UIntPtr capacity);

        /// <summary>Waits until a request that was started in the background has finished, or a started stream has more. Meanwhile its tick is called on this thread.</summary>
        internal static readonly crux_wait_fn crux_wait = Library.Function<crux_wait_fn>("crux_wait");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_wait_fn(Handle @object, int timeout_ms);

        /// <summary>Returns the next request of a client that was started in the background and has finished, in order of finishing, each once. Those that were freed are passed over. Meanwhile the client's tick is called on this thread, with the progress of the request that was started first; if it ends them, it ends all.</summary>
        internal static readonly crux_next_finished_fn crux_next_finished = Library.Function<crux_next_finished_fn>("crux_next_finished");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_next_finished_fn(Handle client, int timeout_ms);

        /// <summary>Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. It is made when it is first asked for. It is the object's, at the longest until that is freed: do not read from it and do not close it. That of a response ends with the crux_wait that returns 1: stop watching it before.</summary>
        internal static readonly crux_event_fn crux_event = Library.Function<crux_event_fn>("crux_event");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_event_fn(Handle @object);

        /// <summary>Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms.</summary>
        internal static readonly crux_cancel_fn crux_cancel = Library.Function<crux_cancel_fn>("crux_cancel");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate void crux_cancel_fn(Handle @object);

        /// <summary>Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost connections and expired tokens in between are survived. crux_number(accepted, "percent") is meanwhile how far it is; crux_cancel(accepted) ends the waiting, not the job.</summary>
        internal static readonly crux_await_fn crux_await = Library.Function<crux_await_fn>("crux_await");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_await_fn(Handle client, Handle accepted, int timeout_ms);

        /// <summary>Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started; the call's option "job.timeout_ms" says how long. crux_number(accepted, "percent") is meanwhile how far the job is; crux_cancel of the call, of its response or of `accepted` ends the waiting, not the job.</summary>
        internal static readonly crux_call_await_fn crux_call_await = Library.Function<crux_call_await_fn>("crux_call_await");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_await_fn(Handle client, Handle accepted);

        /// <summary>Requests the page after a page of a list, in any form the services have: `pagination` objects, totals, offset and limit, links; in the query or in the body.</summary>
        internal static readonly crux_next_page_fn crux_next_page = Library.Function<crux_next_page_fn>("crux_next_page");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_next_page_fn(Handle client, Handle page);

        /// <summary>Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or awaited.</summary>
        internal static readonly crux_call_next_fn crux_call_next = Library.Function<crux_call_next_fn>("crux_call_next");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_next_fn(Handle client, Handle page);

        /// <summary>Returns a call to a link as it stands in a response. A relative one is resolved against the URL that the response came from, which need not be the base.</summary>
        internal static readonly crux_call_follow_fn crux_call_follow = Library.Function<crux_call_follow_fn>("crux_call_follow");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_follow_fn(Handle from, byte[] method, byte[] link);

        /// <summary>Downloads a file. An incomplete file never has the final name: data goes to FILE.part, and FILE.part.tag identifies its source. With the option "resume" (the default) a later try goes on from there if the server can show that it is the same file. To watch the progress, or not to wait, use crux_call_start with the option "save" instead.</summary>
        internal static readonly crux_download_fn crux_download = Library.Function<crux_download_fn>("crux_download");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_download_fn(Handle client, byte[] url, byte[] file);

        /// <summary>Uploads a file as a form, straight from the disk.</summary>
        internal static readonly crux_upload_fn crux_upload = Library.Function<crux_upload_fn>("crux_upload");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_upload_fn(Handle client, byte[] path, byte[] field, byte[] file, byte[] type);

        /// <summary>Returns the call that uploads a file as a form, as crux_upload does, to be sent or started.</summary>
        internal static readonly crux_call_upload_fn crux_call_upload = Library.Function<crux_call_upload_fn>("crux_call_upload");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_call_upload_fn(Handle client, byte[] path, byte[] field, byte[] file, byte[] type);

        /// <summary>Returns the version of the library that is loaded.</summary>
        internal static readonly crux_version_fn crux_version = Library.Function<crux_version_fn>("crux_version");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_version_fn();

        /// <summary>Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with.</summary>
        internal static readonly crux_abi_fn crux_abi = Library.Function<crux_abi_fn>("crux_abi");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_abi_fn();

        /// <summary>Waits until no thread of libcrux is left. A program that unloads a plugin with libcrux inside (the static library, or its own build without -z nodelete) calls this after it has freed all objects.</summary>
        internal static readonly crux_shutdown_fn crux_shutdown = Library.Function<crux_shutdown_fn>("crux_shutdown");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_shutdown_fn(int timeout_ms);

        /// <summary>Returns any #define of this header by its name, for languages that cannot read it.</summary>
        internal static readonly crux_constant_fn crux_constant = Library.Function<crux_constant_fn>("crux_constant");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_constant_fn(byte[] name, int fallback);

        /// <summary>Returns the outcomes one by one.</summary>
        internal static readonly crux_error_at_fn crux_error_at = Library.Function<crux_error_at_fn>("crux_error_at");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_error_at_fn(UIntPtr index, out int code, out IntPtr name, out IntPtr text);

        /// <summary>Returns the name of an outcome, such as "CRUX_ERR_AUTH".</summary>
        internal static readonly crux_error_name_fn crux_error_name = Library.Function<crux_error_name_fn>("crux_error_name");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_error_name_fn(int code);

        /// <summary>Returns the options one by one.</summary>
        internal static readonly crux_option_at_fn crux_option_at = Library.Function<crux_option_at_fn>("crux_option_at");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_option_at_fn(UIntPtr index, out IntPtr key, out IntPtr fallback, out IntPtr help);

        /// <summary>Returns what is known of an option, for dialogs, generated code and checks.</summary>
        internal static readonly crux_option_info_fn crux_option_info = Library.Function<crux_option_info_fn>("crux_option_info");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate IntPtr crux_option_info_fn(byte[] key, byte[] what);

        /// <summary>Returns the facts one by one: what crux_info and crux_number know.</summary>
        internal static readonly crux_fact_at_fn crux_fact_at = Library.Function<crux_fact_at_fn>("crux_fact_at");
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int crux_fact_at_fn(UIntPtr index, out IntPtr name, out IntPtr help);
    }

    /// <summary>What came of a call: the numbers of the library.</summary>
    public enum Outcome
    {
        /// <summary>The operation succeeded.</summary>
        Ok = 0,
        /// <summary>An argument or option is not usable; nothing was sent.</summary>
        Argument = 1,
        /// <summary>The host name could not be resolved.</summary>
        Resolve = 2,
        /// <summary>No connection could be made.</summary>
        Connect = 3,
        /// <summary>A trusted, encrypted connection could not be made.</summary>
        Tls = 4,
        /// <summary>The connection broke.</summary>
        Io = 5,
        /// <summary>The server's response is not valid HTTP, or not what the service promises.</summary>
        Protocol = 6,
        /// <summary>A time limit was reached.</summary>
        Timeout = 7,
        /// <summary>The operation was cancelled.</summary>
        Cancelled = 8,
        /// <summary>The login was refused, or the server did not accept the token.</summary>
        Auth = 9,
        /// <summary>The server answered with an error status, or a redirect that is not followed.</summary>
        Http = 10,
        /// <summary>The response is larger than the limit.</summary>
        TooLarge = 11,
        /// <summary>The server says that its job failed.</summary>
        Job = 12,
        /// <summary>A local file could not be read or written.</summary>
        File = 13,
        /// <summary>A fault inside libcrux.</summary>
        Internal = 14,
    }

    /// <summary>An argument or option is not usable; nothing was sent.</summary>
    public sealed class CruxArgumentException : CruxException
    {
        internal CruxArgumentException(Failure failure) : base(failure) { }
    }

    /// <summary>The host name could not be resolved.</summary>
    public sealed class ResolveException : CruxException
    {
        internal ResolveException(Failure failure) : base(failure) { }
    }

    /// <summary>No connection could be made.</summary>
    public sealed class ConnectException : CruxException
    {
        internal ConnectException(Failure failure) : base(failure) { }
    }

    /// <summary>A trusted, encrypted connection could not be made.</summary>
    public sealed class TlsException : CruxException
    {
        internal TlsException(Failure failure) : base(failure) { }
    }

    /// <summary>The connection broke.</summary>
    public sealed class CruxIOException : CruxException
    {
        internal CruxIOException(Failure failure) : base(failure) { }
    }

    /// <summary>The server's response is not valid HTTP, or not what the service promises.</summary>
    public sealed class ProtocolException : CruxException
    {
        internal ProtocolException(Failure failure) : base(failure) { }
    }

    /// <summary>A time limit was reached.</summary>
    public sealed class CruxTimeoutException : CruxException
    {
        internal CruxTimeoutException(Failure failure) : base(failure) { }
    }

    /// <summary>The login was refused, or the server did not accept the token.</summary>
    public sealed class AuthException : CruxException
    {
        internal AuthException(Failure failure) : base(failure) { }
    }

    /// <summary>The server answered with an error status, or a redirect that is not followed.</summary>
    public sealed class HttpException : CruxException
    {
        internal HttpException(Failure failure) : base(failure) { }
    }

    /// <summary>The response is larger than the limit.</summary>
    public sealed class TooLargeException : CruxException
    {
        internal TooLargeException(Failure failure) : base(failure) { }
    }

    /// <summary>The server says that its job failed.</summary>
    public sealed class JobException : CruxException
    {
        internal JobException(Failure failure) : base(failure) { }
    }

    /// <summary>A local file could not be read or written.</summary>
    public sealed class FileException : CruxException
    {
        internal FileException(Failure failure) : base(failure) { }
    }

    /// <summary>A fault inside libcrux.</summary>
    public sealed class CruxInternalException : CruxException
    {
        internal CruxInternalException(Failure failure) : base(failure) { }
    }

    public partial class CruxException
    {
        internal static CruxException Of(Failure failure)
        {
            switch (failure.Code)
            {
                case Outcome.Argument: return new CruxArgumentException(failure);
                case Outcome.Resolve: return new ResolveException(failure);
                case Outcome.Connect: return new ConnectException(failure);
                case Outcome.Tls: return new TlsException(failure);
                case Outcome.Io: return new CruxIOException(failure);
                case Outcome.Protocol: return new ProtocolException(failure);
                case Outcome.Timeout: return new CruxTimeoutException(failure);
                case Outcome.Auth: return new AuthException(failure);
                case Outcome.Http: return new HttpException(failure);
                case Outcome.TooLarge: return new TooLargeException(failure);
                case Outcome.Job: return new JobException(failure);
                case Outcome.File: return new FileException(failure);
                case Outcome.Internal: return new CruxInternalException(failure);
                default: return new CruxException(failure);
            }
        }
    }

    public sealed partial class Options
    {
        /// <summary>Which service to speak: one of the built-in rows, or custom for any other. Takes crux-connect, crux-connect-sandbox, crunch, custom. Default: crux-connect.</summary>
        public string Service { get { return settings.Text("service"); } set { settings.Set("service", value); } }

        /// <summary>Where the API lives; a missing trailing slash is added. Empty: the service's own. Takes URL.</summary>
        public string BaseUrl { get { return settings.Text("base_url"); } set { settings.Set("base_url", value); } }

        /// <summary>User name or e-mail address for a password login. Takes text.</summary>
        public string User { get { return settings.Text("user"); } set { settings.Set("user", value); } }

        /// <summary>The password for `user`; without a user, a ready token or API key. Takes text, secret.</summary>
        public string Secret { get { return settings.Text("secret"); } set { settings.Set("secret", value); } }

        /// <summary>A ready token or API key; no login is made. Takes text, secret.</summary>
        public string Token { get { return settings.Text("token"); } set { settings.Set("token", value); } }

        /// <summary>File that keeps the token between runs, for this user alone (mode 0600). Empty: the token stays in memory. Takes text.</summary>
        public string TokenFile { get { return settings.Text("token_file"); } set { settings.Set("token_file", value); } }

        /// <summary>0 wipes the password after the first login; an expired token is then an error. Takes 0, 1. Default: 1.</summary>
        public bool? KeepPassword { get { return settings.Flag("keep_password"); } set { settings.Set("keep_password", value); } }

        /// <summary>1 lets credentials travel over plain http to a host that is not loopback. Takes 0, 1. Default: 0.</summary>
        public bool? AllowHttp { get { return settings.Flag("allow_http"); } set { settings.Set("allow_http", value); } }

        /// <summary>Further origins that get the token, separated by blanks, such as https://files.example.com. Takes text.</summary>
        public string Origins { get { return settings.Text("origins"); } set { settings.Set("origins", value); } }

        /// <summary>Text that is added to `User-Agent: libcrux/VERSION`. Takes visible ASCII.</summary>
        public string UserAgent { get { return settings.Text("user_agent"); } set { settings.Set("user_agent", value); } }

        /// <summary>Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it. Takes 1 to 140737488355328. Default: 67108864.</summary>
        public long? MaxBody { get { return settings.Number("max_body"); } set { settings.Set("max_body", value); } }

        /// <summary>Path of the login, relative to the base. Takes text.</summary>
        public string LoginPath { get { return settings.Text("login.path"); } set { settings.Set("login.path", value); } }

        /// <summary>Method of the login, POST unless set; GET only with `login.encoding` basic. Takes POST, PUT, GET.</summary>
        public string LoginMethod { get { return settings.Text("login.method"); } set { settings.Set("login.method", value); } }

        /// <summary>How the login carries user name and password: as a JSON body, as a form, or in the header Authorization. Empty: json. Takes json, form, basic.</summary>
        public string LoginEncoding { get { return settings.Text("login.encoding"); } set { settings.Set("login.encoding", value); } }

        /// <summary>When a password login is made: with the client, or by the first request that needs a token. Takes now, first_use. Default: now.</summary>
        public string LoginWhen { get { return settings.Text("login.when"); } set { settings.Set("login.when", value); } }

        /// <summary>Member of the login body that holds the user name. Takes text.</summary>
        public string LoginUserField { get { return settings.Text("login.user_field"); } set { settings.Set("login.user_field", value); } }

        /// <summary>Member of the login body that holds the password. Takes text.</summary>
        public string LoginSecretField { get { return settings.Text("login.secret_field"); } set { settings.Set("login.secret_field", value); } }

        /// <summary>JSON object whose members are added to the login body. Takes JSON object.</summary>
        public string LoginExtra { get { return settings.Text("login.extra"); } set { settings.Set("login.extra", value); } }

        /// <summary>RFC 6901 pointer to the token in the login's response; empty: the whole document. Takes JSON pointer.</summary>
        public string LoginTokenPointer { get { return settings.Text("login.token_pointer"); } set { settings.Set("login.token_pointer", value); } }

        /// <summary>Whether the login brings a token in its body, or in a `token` cookie. Takes bearer, cookie. Default: bearer.</summary>
        public string LoginMode { get { return settings.Text("login.mode"); } set { settings.Set("login.mode", value); } }

        /// <summary>Path of the GET that ends a session at the server, relative to the base. Takes text.</summary>
        public string LogoutPath { get { return settings.Text("logout.path"); } set { settings.Set("logout.path", value); } }

        /// <summary>Path of the POST that mails a link for a new password, relative to the base. Takes text.</summary>
        public string ResetPath { get { return settings.Text("reset.path"); } set { settings.Set("reset.path", value); } }

        /// <summary>The word before the token, such as Bearer or Token. Set to the empty text: the bare token. Takes visible ASCII.</summary>
        public string AuthScheme { get { return settings.Text("auth.scheme"); } set { settings.Set("auth.scheme", value); } }

        /// <summary>The header that carries the token. Takes header name.</summary>
        public string AuthHeader { get { return settings.Text("auth.header"); } set { settings.Set("auth.header", value); } }

        /// <summary>Headers of every request to the client's own origins, `Name: value`, one a line; other origins never get them. Takes header lines, secret.</summary>
        public string Headers { get { return settings.Text("headers"); } set { settings.Set("headers", value); } }

        /// <summary>RFC 6901 pointer to the token's lifetime in seconds in the login's response. Without it the `exp` of a JWT is read. Takes JSON pointer.</summary>
        public string TokenExpiresPointer { get { return settings.Text("token.expires_pointer"); } set { settings.Set("token.expires_pointer", value); } }

        /// <summary>How long a token lives, in ms, counted from the start of the login. 0: unknown. Takes 0 to 2678400000.</summary>
        public long? TokenLifetimeMs { get { return settings.Number("token.lifetime_ms"); } set { settings.Set("token.lifetime_ms", value); } }

        /// <summary>How long before its end a token is renewed, in ms; at most half its life. Takes 0 to 2678400000. Default: 600000.</summary>
        public long? TokenRenewBeforeMs { get { return settings.Number("token.renew_before_ms"); } set { settings.Set("token.renew_before_ms", value); } }

        /// <summary>Path of the POST that brings a new token for a refresh token, relative to the base. Empty: the password is sent again. Takes text.</summary>
        public string RefreshPath { get { return settings.Text("refresh.path"); } set { settings.Set("refresh.path", value); } }

        /// <summary>Member of the refresh body that holds the refresh token. Takes text. Default: refresh.</summary>
        public string RefreshField { get { return settings.Text("refresh.field"); } set { settings.Set("refresh.field", value); } }

        /// <summary>RFC 6901 pointer to the refresh token in the responses of login and refresh. Takes JSON pointer. Default: /refresh.</summary>
        public string RefreshPointer { get { return settings.Text("refresh.pointer"); } set { settings.Set("refresh.pointer", value); } }

        /// <summary>JSON object whose members are added to the refresh body, such as a grant_type. Takes JSON object.</summary>
        public string RefreshExtra { get { return settings.Text("refresh.extra"); } set { settings.Set("refresh.extra", value); } }

        /// <summary>RFC 6901 pointer to the link to the next page. Empty: every usual place is looked at, the Link header among them. Takes JSON pointer.</summary>
        public string PageNextPointer { get { return settings.Text("page.next_pointer"); } set { settings.Set("page.next_pointer", value); } }

        /// <summary>Name of the form field that carries the file of an upload. Empty: the service's own. Takes text.</summary>
        public string UploadField { get { return settings.Text("upload.field"); } set { settings.Set("upload.field", value); } }

        /// <summary>Pointers to the text for people in an error document, separated by blanks, tried in order. Takes text.</summary>
        public string ErrorPointers { get { return settings.Text("error.pointers"); } set { settings.Set("error.pointers", value); } }

        /// <summary>Longest wait for the host's address, in ms. 0: no limit. Takes 0 to 2678400000. Default: 5000.</summary>
        public long? TimeoutResolveMs { get { return settings.Number("timeout.resolve_ms"); } set { settings.Set("timeout.resolve_ms", value); } }

        /// <summary>Longest wait for a connection, TLS included, in ms. 0: no limit. Takes 0 to 2678400000. Default: 10000.</summary>
        public long? TimeoutConnectMs { get { return settings.Number("timeout.connect_ms"); } set { settings.Set("timeout.connect_ms", value); } }

        /// <summary>Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit. Takes 0 to 2678400000. Default: 30000.</summary>
        public long? TimeoutHeadMs { get { return settings.Number("timeout.head_ms"); } set { settings.Set("timeout.head_ms", value); } }

        /// <summary>Longest pause while a body is sent or received, in ms. 0: no limit. Takes 0 to 2678400000. Default: 30000.</summary>
        public long? TimeoutIdleMs { get { return settings.Number("timeout.idle_ms"); } set { settings.Set("timeout.idle_ms", value); } }

        /// <summary>Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless it is set. Takes 0 to 2678400000. Default: 300000.</summary>
        public long? TimeoutTotalMs { get { return settings.Number("timeout.total_ms"); } set { settings.Set("timeout.total_ms", value); } }

        /// <summary>How often a call that may safely be repeated is repeated. Takes 0 to 20. Default: 3.</summary>
        public long? RetryMax { get { return settings.Number("retry.max"); } set { settings.Set("retry.max", value); } }

        /// <summary>Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once. Takes 0 to 2678400000. Default: 120000.</summary>
        public long? RetryMaxWaitMs { get { return settings.Number("retry.max_wait_ms"); } set { settings.Set("retry.max_wait_ms", value); } }

        /// <summary>How many redirects a call follows. Takes 0 to 20. Default: 5.</summary>
        public long? RedirectMax { get { return settings.Number("redirect.max"); } set { settings.Set("redirect.max", value); } }

        /// <summary>PEM file of certificate authorities that are trusted in addition to the system's. Takes text.</summary>
        public string TlsCaFile { get { return settings.Text("tls.ca_file"); } set { settings.Set("tls.ca_file", value); } }

        /// <summary>The same as text. Takes text.</summary>
        public string TlsCaPem { get { return settings.Text("tls.ca_pem"); } set { settings.Set("tls.ca_pem", value); } }

        /// <summary>SHA-256 of the server's public key in base64, several separated by `;`: of the own origins (base and `origins`) only such a server is accepted, and its issuer need not be known. Takes text.</summary>
        public string TlsPinSha256 { get { return settings.Text("tls.pin_sha256"); } set { settings.Set("tls.pin_sha256", value); } }

        /// <summary>PEM file of the client certificate chain; the own origins (base and `origins`) alone get to see it. Takes text.</summary>
        public string TlsClientCertFile { get { return settings.Text("tls.client_cert_file"); } set { settings.Set("tls.client_cert_file", value); } }

        /// <summary>PEM file of the client certificate's private key. Takes text.</summary>
        public string TlsClientKeyFile { get { return settings.Text("tls.client_key_file"); } set { settings.Set("tls.client_key_file", value); } }

        /// <summary>Lowest TLS version that is accepted. Takes 1.2, 1.3. Default: 1.2.</summary>
        public string TlsMinVersion { get { return settings.Text("tls.min_version"); } set { settings.Set("tls.min_version", value); } }

        /// <summary>0 accepts any certificate: for tests only, and logged as a warning. Takes 0, 1. Default: 1.</summary>
        public bool? TlsVerify { get { return settings.Flag("tls.verify"); } set { settings.Set("tls.verify", value); } }

        /// <summary>URL of a proxy (http, https, socks5, socks4 or socks4a), or `direct` for none. Empty: as the environment says; on Windows, if it names none, as Internet Options say. Takes text.</summary>
        public string Proxy { get { return settings.Text("proxy"); } set { settings.Set("proxy", value); } }

        /// <summary>Hosts that are reached without the proxy: names, .suffixes, addresses, CIDR, each with an optional port. Takes text.</summary>
        public string NoProxy { get { return settings.Text("no_proxy"); } set { settings.Set("no_proxy", value); } }

        /// <summary>How many idle connections are kept for each host. Takes 0 to 1000. Default: 64.</summary>
        public long? PoolMaxIdle { get { return settings.Number("pool.max_idle"); } set { settings.Set("pool.max_idle", value); } }

        /// <summary>How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is given -1. 0: no limit. Takes 0 to 2678400000. Default: 900000.</summary>
        public long? JobTimeoutMs { get { return settings.Number("job.timeout_ms"); } set { settings.Set("job.timeout_ms", value); } }

        /// <summary>RFC 6901 pointer to the address of a job's progress in the response that starts it. Empty: the service's own, else its Location. Takes JSON pointer.</summary>
        public string JobLocationPointer { get { return settings.Text("job.location_pointer"); } set { settings.Set("job.location_pointer", value); } }

        /// <summary>RFC 6901 pointer to the status in a progress document. Takes JSON pointer.</summary>
        public string JobStatusPointer { get { return settings.Text("job.status_pointer"); } set { settings.Set("job.status_pointer", value); } }

        /// <summary>RFC 6901 pointer to the percentage in a progress document; below 0 says that the job failed, 100 that it is done where there is no status. Takes JSON pointer.</summary>
        public string JobPercentPointer { get { return settings.Text("job.percent_pointer"); } set { settings.Set("job.percent_pointer", value); } }

        /// <summary>RFC 6901 pointer to the address of the result in the progress document of a job that is done. Empty: the service's own, else where a 303 of the progress leads, or the Location. Takes JSON pointer.</summary>
        public string JobResultPointer { get { return settings.Text("job.result_pointer"); } set { settings.Set("job.result_pointer", value); } }

        /// <summary>Words of the status that say that the job is done, separated by blanks. Takes text.</summary>
        public string JobDone { get { return settings.Text("job.done"); } set { settings.Set("job.done", value); } }

        /// <summary>Words that the status holds when the job has failed, separated by blanks. Takes text.</summary>
        public string JobFailed { get { return settings.Text("job.failed"); } set { settings.Set("job.failed", value); } }

        /// <summary>Pointers to the id of what was made, separated by blanks, tried in order; for crux_info "result". Takes text.</summary>
        public string ResultPointers { get { return settings.Text("result.pointers"); } set { settings.Set("result.pointers", value); } }

        /// <summary>1 says that a POST or PATCH may safely be repeated. Takes 0, 1. Default: 0.</summary>
        public bool? Idempotent { get { return settings.Flag("idempotent"); } set { settings.Set("idempotent", value); } }

        /// <summary>How many started calls of a client run at once; the others wait in order. Takes 1 to 1024. Default: 64.</summary>
        public long? BackgroundMax { get { return settings.Number("background.max"); } set { settings.Set("background.max", value); } }

        /// <summary>1: the client's crux_event also wakes when a part of a response has come, which crux_next_finished with 0 ms then reads: cheaper, and it may bring none. For event loops; on Linux. Takes 0, 1. Default: 0.</summary>
        public bool? EventEarly { get { return settings.Flag("event.early"); } set { settings.Set("event.early", value); } }

        /// <summary>0 keeps no FILE.part of a download that failed. Takes 0, 1. Default: 1.</summary>
        public bool? Resume { get { return settings.Flag("resume"); } set { settings.Set("resume", value); } }

        /// <summary>SHA-256 in hexadecimal that a downloaded file must have. Takes 64 hexadecimal digits.</summary>
        public string Sha256 { get { return settings.Text("sha256"); } set { settings.Set("sha256", value); } }
    }

    public sealed partial class Call
    {
        /// <summary>Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it. Takes 1 to 140737488355328. Default: 67108864.</summary>
        public long? MaxBody { get { return settings.Number("max_body"); } set { settings.Set("max_body", value); } }

        /// <summary>Longest wait for the host's address, in ms. 0: no limit. Takes 0 to 2678400000. Default: 5000.</summary>
        public long? TimeoutResolveMs { get { return settings.Number("timeout.resolve_ms"); } set { settings.Set("timeout.resolve_ms", value); } }

        /// <summary>Longest wait for a connection, TLS included, in ms. 0: no limit. Takes 0 to 2678400000. Default: 10000.</summary>
        public long? TimeoutConnectMs { get { return settings.Number("timeout.connect_ms"); } set { settings.Set("timeout.connect_ms", value); } }

        /// <summary>Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit. Takes 0 to 2678400000. Default: 30000.</summary>
        public long? TimeoutHeadMs { get { return settings.Number("timeout.head_ms"); } set { settings.Set("timeout.head_ms", value); } }

        /// <summary>Longest pause while a body is sent or received, in ms. 0: no limit. Takes 0 to 2678400000. Default: 30000.</summary>
        public long? TimeoutIdleMs { get { return settings.Number("timeout.idle_ms"); } set { settings.Set("timeout.idle_ms", value); } }

        /// <summary>Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless it is set. Takes 0 to 2678400000. Default: 300000.</summary>
        public long? TimeoutTotalMs { get { return settings.Number("timeout.total_ms"); } set { settings.Set("timeout.total_ms", value); } }

        /// <summary>How often a call that may safely be repeated is repeated. Takes 0 to 20. Default: 3.</summary>
        public long? RetryMax { get { return settings.Number("retry.max"); } set { settings.Set("retry.max", value); } }

        /// <summary>Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once. Takes 0 to 2678400000. Default: 120000.</summary>
        public long? RetryMaxWaitMs { get { return settings.Number("retry.max_wait_ms"); } set { settings.Set("retry.max_wait_ms", value); } }

        /// <summary>How many redirects a call follows. Takes 0 to 20. Default: 5.</summary>
        public long? RedirectMax { get { return settings.Number("redirect.max"); } set { settings.Set("redirect.max", value); } }

        /// <summary>How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is given -1. 0: no limit. Takes 0 to 2678400000. Default: 900000.</summary>
        public long? JobTimeoutMs { get { return settings.Number("job.timeout_ms"); } set { settings.Set("job.timeout_ms", value); } }

        /// <summary>1 says that a POST or PATCH may safely be repeated. Takes 0, 1. Default: 0.</summary>
        public bool? Idempotent { get { return settings.Flag("idempotent"); } set { settings.Set("idempotent", value); } }

        /// <summary>0 keeps no FILE.part of a download that failed. Takes 0, 1. Default: 1.</summary>
        public bool? Resume { get { return settings.Flag("resume"); } set { settings.Set("resume", value); } }

        /// <summary>SHA-256 in hexadecimal that a downloaded file must have. Takes 64 hexadecimal digits.</summary>
        public string Sha256 { get { return settings.Text("sha256"); } set { settings.Set("sha256", value); } }
    }

    internal sealed partial class Settings
    {
        static readonly Dictionary<string, string> keys = new Dictionary<string, string>
        {
            ["service"] = "service",
            ["base_url"] = "base_url",
            ["user"] = "user",
            ["secret"] = "secret",
            ["token"] = "token",
            ["token_file"] = "token_file",
            ["keep_password"] = "keep_password",
            ["allow_http"] = "allow_http",
            ["origins"] = "origins",
            ["user_agent"] = "user_agent",
            ["max_body"] = "max_body",
            ["log_level"] = "log.level",
            ["login_path"] = "login.path",
            ["login_method"] = "login.method",
            ["login_encoding"] = "login.encoding",
            ["login_when"] = "login.when",
            ["login_user_field"] = "login.user_field",
            ["login_secret_field"] = "login.secret_field",
            ["login_extra"] = "login.extra",
            ["login_token_pointer"] = "login.token_pointer",
            ["login_mode"] = "login.mode",
            ["logout_path"] = "logout.path",
            ["reset_path"] = "reset.path",
            ["auth_scheme"] = "auth.scheme",
            ["auth_header"] = "auth.header",
            ["headers"] = "headers",
            ["token_expires_pointer"] = "token.expires_pointer",
            ["token_lifetime_ms"] = "token.lifetime_ms",
            ["token_renew_before_ms"] = "token.renew_before_ms",
            ["refresh_path"] = "refresh.path",
            ["refresh_field"] = "refresh.field",
            ["refresh_pointer"] = "refresh.pointer",
            ["refresh_extra"] = "refresh.extra",
            ["page_next_pointer"] = "page.next_pointer",
            ["upload_field"] = "upload.field",
            ["error_pointers"] = "error.pointers",
            ["timeout_resolve_ms"] = "timeout.resolve_ms",
            ["timeout_connect_ms"] = "timeout.connect_ms",
            ["timeout_head_ms"] = "timeout.head_ms",
            ["timeout_idle_ms"] = "timeout.idle_ms",
            ["timeout_total_ms"] = "timeout.total_ms",
            ["retry_max"] = "retry.max",
            ["retry_max_wait_ms"] = "retry.max_wait_ms",
            ["redirect_max"] = "redirect.max",
            ["tls_ca_file"] = "tls.ca_file",
            ["tls_ca_pem"] = "tls.ca_pem",
            ["tls_pin_sha256"] = "tls.pin_sha256",
            ["tls_client_cert_file"] = "tls.client_cert_file",
            ["tls_client_key_file"] = "tls.client_key_file",
            ["tls_min_version"] = "tls.min_version",
            ["tls_verify"] = "tls.verify",
            ["proxy"] = "proxy",
            ["no_proxy"] = "no_proxy",
            ["pool_max_idle"] = "pool.max_idle",
            ["job_timeout_ms"] = "job.timeout_ms",
            ["job_location_pointer"] = "job.location_pointer",
            ["job_status_pointer"] = "job.status_pointer",
            ["job_percent_pointer"] = "job.percent_pointer",
            ["job_result_pointer"] = "job.result_pointer",
            ["job_done"] = "job.done",
            ["job_failed"] = "job.failed",
            ["result_pointers"] = "result.pointers",
            ["idempotent"] = "idempotent",
            ["save"] = "save",
            ["await"] = "await",
            ["stream"] = "stream",
            ["tick_every_ms"] = "tick.every_ms",
            ["background_max"] = "background.max",
            ["event_early"] = "event.early",
            ["resume"] = "resume",
            ["sha256"] = "sha256",
        };

        static readonly HashSet<string> secrets = new HashSet<string>
        {
            "secret",
            "token",
            "login.extra",
            "headers",
            "refresh.extra",
            "proxy",
        };
    }
}
