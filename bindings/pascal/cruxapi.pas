{ Made from include/crux.json by bindings/generator: do not edit. The C functions of libcrux, as crux.h has them. }
unit cruxapi;
{$ifdef fpc}{$mode delphi}{$h+}{$endif}

interface

const
  CRUX_VERSION_MAJOR = 0;
  CRUX_VERSION_MINOR = 2;
  CRUX_VERSION_PATCH = 0;
  CRUX_ABI_OF_HEADER = 1;
  CRUX_PENDING = -1;
  CRUX_OK = 0;
  CRUX_ERR_ARGUMENT = 1;
  CRUX_ERR_RESOLVE = 2;
  CRUX_ERR_CONNECT = 3;
  CRUX_ERR_TLS = 4;
  CRUX_ERR_IO = 5;
  CRUX_ERR_PROTOCOL = 6;
  CRUX_ERR_TIMEOUT = 7;
  CRUX_ERR_CANCELLED = 8;
  CRUX_ERR_AUTH = 9;
  CRUX_ERR_HTTP = 10;
  CRUX_ERR_TOO_LARGE = 11;
  CRUX_ERR_JOB = 12;
  CRUX_ERR_FILE = 13;
  CRUX_ERR_INTERNAL = 14;
  CRUX_JSON_NONE = 0;
  CRUX_JSON_NULL = 1;
  CRUX_JSON_BOOL = 2;
  CRUX_JSON_NUMBER = 3;
  CRUX_JSON_STRING = 4;
  CRUX_JSON_ARRAY = 5;
  CRUX_JSON_OBJECT = 6;
  CRUX_PHASE_LOGIN = 1;
  CRUX_PHASE_CONNECT = 2;
  CRUX_PHASE_SEND = 3;
  CRUX_PHASE_WAIT = 4;
  CRUX_PHASE_RECEIVE = 5;
  CRUX_PHASE_PAUSE = 6;
  CRUX_PHASE_JOB = 7;
  CRUX_LOG_OFF = 0;
  CRUX_LOG_ERROR = 1;
  CRUX_LOG_WARNING = 2;
  CRUX_LOG_INFO = 3;
  CRUX_LOG_DEBUG = 4;
  CRUX_LOG_TRACE = 5;
  CRUX_SONAME = {$ifdef mswindows}'crux.dll'{$else}'libcrux.so.0'{$endif};

type
  {$ifndef fpc}PPAnsiChar = ^PAnsiChar;{$endif}
  {$ifndef fpc}PNativeUInt = ^NativeUInt;{$endif}
  { A hook that receives one line of the log. }
  TCruxLogFn = procedure(context: Pointer; level: LongInt; line: PAnsiChar); cdecl;
  { A hook that is called about every "tick.every_ms" while a function waits. }
  TCruxTickFn = function(context: Pointer; phase: LongInt; done: Int64; total: Int64): LongInt; cdecl;
  { A hook that is called exactly once, when no other hook of the same context will be called any more. }
  TCruxReleaseFn = procedure(context: Pointer); cdecl;
  { A hook that supplies the bytes of a body, piece by piece. }
  TCruxReadFn = function(context: Pointer; buffer: Pointer; capacity: NativeUInt): NativeInt; cdecl;
  { A hook that visits one node of a JSON document. }
  TCruxJsonFn = function(context: Pointer; depth: LongInt; a_type: LongInt; key: PAnsiChar; key_length: NativeUInt; text: PAnsiChar; length: NativeUInt): LongInt; cdecl;
  { A hook that fetches a token from elsewhere: a keyring, a vault, single sign-on. }
  TCruxTokenFn = function(context: Pointer; refused: PAnsiChar; buffer: Pointer; capacity: NativeUInt): NativeInt; cdecl;

var
  { Logs in, and returns the client that makes all requests. }
  crux_login: function(service: PAnsiChar; base_url: PAnsiChar; user: PAnsiChar; secret: PAnsiChar): Pointer; cdecl;
  { Sends a request and waits for the whole response. }
  crux_request: function(client: Pointer; method: PAnsiChar; path: PAnsiChar; body: Pointer; body_len: NativeInt): Pointer; cdecl;
  { Ends an object of any kind, in any order; what was made from it stays good until it is freed itself. With a client end its idle connections and its crux_event. }
  crux_free: procedure(a_object: Pointer); cdecl;
  { Returns the outcome of an object. }
  crux_code: function(a_object: Pointer): LongInt; cdecl;
  { Returns the outcome of an object in one English sentence, for the person at the screen. It holds no secret. }
  crux_message: function(a_object: Pointer): PAnsiChar; cdecl;
  { Returns the HTTP status of a response. }
  crux_status: function(a_object: Pointer): LongInt; cdecl;
  { Returns the body of a response, decoded from gzip. In that of a login, "[secret]" stands for each secret. }
  crux_body: function(a_object: Pointer; length: PNativeUInt): PAnsiChar; cdecl;
  { Returns a header of a response. That of a login has no cookies. }
  crux_header: function(a_object: Pointer; name: PAnsiChar; nth: NativeUInt): PAnsiChar; cdecl;
  { Returns the headers of a response one by one. }
  crux_header_at: function(a_object: Pointer; index: NativeUInt; name: PPAnsiChar; value: PPAnsiChar): LongInt; cdecl;
  { Returns a fact as text. A fact of a response never changes once it is known. }
  crux_info: function(a_object: Pointer; name: PAnsiChar): PAnsiChar; cdecl;
  { Returns a fact as a number. }
  crux_number: function(a_object: Pointer; name: PAnsiChar): Int64; cdecl;
  { Copies something into a buffer of the caller, for languages that cannot borrow. }
  crux_copy: function(a_object: Pointer; what: PAnsiChar; buffer: Pointer; capacity: NativeUInt): NativeUInt; cdecl;
  { Returns the type of what stands at a place in the JSON of a response. }
  crux_json_type: function(a_object: Pointer; pointer: PAnsiChar): LongInt; cdecl;
  { Returns what stands at a place as text: of a string its characters, of anything else the JSON as it stands, digits unaltered. Half a surrogate pair becomes one U+FFFD. }
  crux_json_text: function(a_object: Pointer; pointer: PAnsiChar): PAnsiChar; cdecl;
  { Returns a whole number. }
  crux_json_int: function(a_object: Pointer; pointer: PAnsiChar; fallback: Int64): Int64; cdecl;
  { Returns a number. }
  crux_json_double: function(a_object: Pointer; pointer: PAnsiChar; fallback: Double): Double; cdecl;
  { Returns the number of members of an array or object. Of members with the same name only the last counts. }
  crux_json_count: function(a_object: Pointer; pointer: PAnsiChar): NativeUInt; cdecl;
  { Returns the name of an object's member, in the order in which they stand. }
  crux_json_key: function(a_object: Pointer; pointer: PAnsiChar; index: NativeUInt): PAnsiChar; cdecl;
  { Visits what stands at a place and all that is below it, in the order of the document, without an index. `visit` gets the context; the depth, 0 for what stands at the pointer, 1 for its members; one of CRUX_JSON_...; of a member of an object its name, otherwise NULL; of anything that is no array and no object its text as crux_json_text gives it, otherwise NULL. Lengths are in bytes; name and text are good during the call and have no NUL behind them, but may have one inside. 0 goes on, anything else stops. Of members with the same name each is visited; the last one counts. }
  crux_json_walk: function(a_object: Pointer; pointer: PAnsiChar; visit: TCruxJsonFn; context: Pointer): LongInt; cdecl;
  { Returns new options, all at their defaults. docs/options.md and crux_option_at list them. }
  crux_options_new: function: Pointer; cdecl;
  { Sets an option. }
  crux_options_set: function(options: Pointer; key: PAnsiChar; value: PAnsiChar): LongInt; cdecl;
  { Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists them). What is set by hand wins. Without the option "service", the service whose variables are found is taken. }
  crux_options_env: function(options: Pointer; account: PAnsiChar): LongInt; cdecl;
  { Sets what takes the log. It is called on threads that are inside a function of libcrux, possibly several at once; it may call libcrux, and must return normally. }
  crux_options_log: function(options: Pointer; level: LongInt; log: TCruxLogFn; context: Pointer; release: TCruxReleaseFn): LongInt; cdecl;
  { Sets what is called while anything of the client waits: for Ctrl-C, progress bars, and tools that must serve their window from their only thread. It runs on the thread that waits; for started requests, in crux_wait and crux_next_finished, unless these only look (0 ms). An event loop that only looks needs no tick: it reads crux_number(response, "phase") on a timer, and crux_cancel ends the request. The tick may call libcrux, but is not called again by that; it must return normally. }
  crux_options_tick: function(options: Pointer; tick: TCruxTickFn; context: Pointer; release: TCruxReleaseFn): LongInt; cdecl;
  { Sets what gives the token, instead of a password: a keyring, a vault, single sign-on. It is asked when a token is needed or was refused, by one request at a time, whose result all share. }
  crux_options_token: function(options: Pointer; fetch: TCruxTokenFn; context: Pointer; release: TCruxReleaseFn): LongInt; cdecl;
  { Logs in as the options say; like crux_login otherwise. }
  crux_login_with: function(options: Pointer): Pointer; cdecl;
  { Sets the token of a client to one from elsewhere, such as one pasted from a browser. Requests that start later carry it; a login that was refused is forgotten. crux_code(client) stays as the login left it. }
  crux_set_token: function(client: Pointer; token: PAnsiChar): LongInt; cdecl;
  { Returns a call that logs in, now or again, and so says whether the credentials work. Sent or started, it can be ticked, bounded and cancelled like any other; with the option "login.when" set to first_use, it is the first login. Its phase is CRUX_PHASE_LOGIN from start to end. A token that is there, also one of "token_file", is replaced. A password that was refused is not sent again: new credentials need a new client. }
  crux_call_login: function(client: Pointer): Pointer; cdecl;
  { Ends the session. Token and password are forgotten here whatever the server responds; services without a logout call are not asked. Later requests are anonymous until crux_set_token. }
  crux_logout: function(client: Pointer): Pointer; cdecl;
  { Returns the call that ends the session, as crux_logout does, to be sent or started. }
  crux_call_logout: function(client: Pointer): Pointer; cdecl;
  { Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and does not show whether there is such an account. }
  crux_reset_password: function(client: Pointer; email: PAnsiChar): Pointer; cdecl;
  { Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or started. }
  crux_call_reset_password: function(client: Pointer; email: PAnsiChar): Pointer; cdecl;
  { Returns a new call: a request to be described, then sent. A refused setting can be corrected by setting the same name, field or pointer again. If no value is right, such as for a header that libcrux sets itself, make a new call. }
  crux_call_new: function(client: Pointer; method: PAnsiChar; path: PAnsiChar): Pointer; cdecl;
  { Sets what a 'name' of the path stands for; percent-encoded, so that it stays one piece of the path. }
  crux_call_fill: function(call: Pointer; name: PAnsiChar; value: PAnsiChar): LongInt; cdecl;
  { Adds a pair to the query, percent-encoded. }
  crux_call_query: function(call: Pointer; name: PAnsiChar; value: PAnsiChar): LongInt; cdecl;
  { Adds a header. Those that libcrux sets itself (Authorization, Host, Content-Length and their like) are refused. To another origin only headers go that are known to hold no credentials. }
  crux_call_header: function(call: Pointer; name: PAnsiChar; value: PAnsiChar): LongInt; cdecl;
  { Sets an option for this call only; docs/options.md marks those that can be. }
  crux_call_set: function(call: Pointer; key: PAnsiChar; value: PAnsiChar): LongInt; cdecl;
  { Sets what is called while this call waits, instead of the client's tick. crux_wait and crux_next_finished call none if they only look (0 ms). }
  crux_call_tick: function(call: Pointer; tick: TCruxTickFn; context: Pointer; release: TCruxReleaseFn): LongInt; cdecl;
  { Sets the body; the bytes are copied. }
  crux_call_body: function(call: Pointer; data: Pointer; length: NativeInt; a_type: PAnsiChar): LongInt; cdecl;
  { Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer is made, "-" appends to an array. The first put takes the place of any other body. }
  crux_call_put_text: function(call: Pointer; pointer: PAnsiChar; value: PAnsiChar): LongInt; cdecl;
  { Puts a whole number into the JSON body, as crux_call_put_text does with a text. }
  crux_call_put_int: function(call: Pointer; pointer: PAnsiChar; value: Int64): LongInt; cdecl;
  { Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the locale. }
  crux_call_put_double: function(call: Pointer; pointer: PAnsiChar; value: Double): LongInt; cdecl;
  { Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits. }
  crux_call_put_json: function(call: Pointer; pointer: PAnsiChar; json: PAnsiChar): LongInt; cdecl;
  { Sends a file as the body, straight from the disk; its length is taken when the call is sent. }
  crux_call_file: function(call: Pointer; a_file: PAnsiChar; a_type: PAnsiChar): LongInt; cdecl;
  { Adds a part to a form (multipart/form-data), which becomes the body. }
  crux_call_part: function(call: Pointer; field: PAnsiChar; value: PAnsiChar; a_file: PAnsiChar; a_type: PAnsiChar): LongInt; cdecl;
  { Adds a part to a form from memory; the server sees it as a file of that name. The bytes are copied. }
  crux_call_part_data: function(call: Pointer; field: PAnsiChar; filename: PAnsiChar; data: Pointer; length: NativeInt; a_type: PAnsiChar): LongInt; cdecl;
  { Sets a function that supplies the body, piece by piece, on the thread that waits; when the call is started, on a thread of libcrux. It is sent once: not again after a lost connection, an expired token or a redirect. }
  crux_call_source: function(call: Pointer; read: TCruxReadFn; context: Pointer; release: TCruxReleaseFn; length: Int64; a_type: PAnsiChar): LongInt; cdecl;
  { Sends the request and waits for the whole response. May be repeated. With the option "save", the body goes to a file, as with crux_download. }
  crux_call_send: function(call: Pointer): Pointer; cdecl;
  { Sends the request and waits for the head of the response; its body is read with crux_read, in as little memory as you like. Free the response when you have had enough of it. A stream takes no option "save", and the option "await" has no effect on it. }
  crux_call_stream: function(call: Pointer): Pointer; cdecl;
  { Sends the request in the background and returns at once. The response is CRUX_PENDING until it is finished: crux_wait, crux_event and crux_next_finished say when. With the option "stream", it is finished when the head is there, and crux_read takes the body without waiting. Freeing it before ends the request. At most "background.max" requests of a client run at once; a request whose "timeout.total_ms" is over before its turn is never sent. Log lines of the request reach the hook in crux_wait, crux_next_finished or crux_free. }
  crux_call_start: function(call: Pointer): Pointer; cdecl;
  { Reads a piece of the body of a streamed response. }
  crux_read: function(response: Pointer; buffer: Pointer; capacity: NativeUInt): NativeInt; cdecl;
  { Waits until a request that was started in the background has finished, or a started stream has more. Meanwhile its tick is called on this thread. }
  crux_wait: function(a_object: Pointer; timeout_ms: LongInt): LongInt; cdecl;
  { Returns the next request of a client that was started in the background and has finished, in order of finishing, each once. Those that were freed are passed over. Meanwhile the client's tick is called on this thread, with the progress of the request that was started first; if it ends them, it ends all. }
  crux_next_finished: function(client: Pointer; timeout_ms: LongInt): Pointer; cdecl;
  { Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. It is made when it is first asked for. It is the object's, at the longest until that is freed: do not read from it and do not close it. That of a response ends with the crux_wait that returns 1: stop watching it before. }
  crux_event: function(a_object: Pointer): NativeInt; cdecl;
  { Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms. }
  crux_cancel: procedure(a_object: Pointer); cdecl;
  { Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost connections and expired tokens in between are survived. crux_number(accepted, "percent") is meanwhile how far it is; crux_cancel(accepted) ends the waiting, not the job. }
  crux_await: function(client: Pointer; accepted: Pointer; timeout_ms: LongInt): Pointer; cdecl;
  { Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started; the call's option "job.timeout_ms" says how long. crux_number(accepted, "percent") is meanwhile how far the job is; crux_cancel of the call, of its response or of `accepted` ends the waiting, not the job. }
  crux_call_await: function(client: Pointer; accepted: Pointer): Pointer; cdecl;
  { Requests the page after a page of a list, in any form the services have: `pagination` objects, totals, offset and limit, links; in the query or in the body. }
  crux_next_page: function(client: Pointer; page: Pointer): Pointer; cdecl;
  { Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or awaited. }
  crux_call_next: function(client: Pointer; page: Pointer): Pointer; cdecl;
  { Returns a call to a link as it stands in a response. A relative one is resolved against the URL that the response came from, which need not be the base. }
  crux_call_follow: function(from: Pointer; method: PAnsiChar; link: PAnsiChar): Pointer; cdecl;
  { Downloads a file. An incomplete file never has the final name: data goes to FILE.part, and FILE.part.tag identifies its source. With the option "resume" (the default) a later try goes on from there if the server can show that it is the same file. To watch the progress, or not to wait, use crux_call_start with the option "save" instead. }
  crux_download: function(client: Pointer; url: PAnsiChar; a_file: PAnsiChar): Pointer; cdecl;
  { Uploads a file as a form, straight from the disk. }
  crux_upload: function(client: Pointer; path: PAnsiChar; field: PAnsiChar; a_file: PAnsiChar; a_type: PAnsiChar): Pointer; cdecl;
  { Returns the call that uploads a file as a form, as crux_upload does, to be sent or started. }
  crux_call_upload: function(client: Pointer; path: PAnsiChar; field: PAnsiChar; a_file: PAnsiChar; a_type: PAnsiChar): Pointer; cdecl;
  { Returns the version of the library that is loaded. }
  crux_version: function: PAnsiChar; cdecl;
  { Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with. }
  crux_abi: function: LongInt; cdecl;
  { Waits until no thread of libcrux is left. A program that unloads a plugin with libcrux inside (the static library, or its own build without -z nodelete) calls this after it has freed all objects. }
  crux_shutdown: function(timeout_ms: LongInt): LongInt; cdecl;
  { Returns any #define of this header by its name, for languages that cannot read it. }
  crux_constant: function(name: PAnsiChar; fallback: LongInt): LongInt; cdecl;
  { Returns the outcomes one by one. }
  crux_error_at: function(index: NativeUInt; code: PLongInt; name: PPAnsiChar; text: PPAnsiChar): LongInt; cdecl;
  { Returns the name of an outcome, such as "CRUX_ERR_AUTH". }
  crux_error_name: function(code: LongInt): PAnsiChar; cdecl;
  { Returns the options one by one. }
  crux_option_at: function(index: NativeUInt; key: PPAnsiChar; fallback: PPAnsiChar; help: PPAnsiChar): LongInt; cdecl;
  { Returns what is known of an option, for dialogs, generated code and checks. }
  crux_option_info: function(key: PAnsiChar; what: PAnsiChar): PAnsiChar; cdecl;
  { Returns the facts one by one: what crux_info and crux_number know. }
  crux_fact_at: function(index: NativeUInt; name: PPAnsiChar; help: PPAnsiChar): LongInt; cdecl;

type
  TCruxFunction = record
    Name: string;
    Slot: PPointer;
  end;

{ The functions by name, for the loader. }
const
  CruxFunctions: array[0..71] of TCruxFunction = (
    (Name: 'crux_login'; Slot: @@crux_login),
    (Name: 'crux_request'; Slot: @@crux_request),
    (Name: 'crux_free'; Slot: @@crux_free),
    (Name: 'crux_code'; Slot: @@crux_code),
    (Name: 'crux_message'; Slot: @@crux_message),
    (Name: 'crux_status'; Slot: @@crux_status),
    (Name: 'crux_body'; Slot: @@crux_body),
    (Name: 'crux_header'; Slot: @@crux_header),
    (Name: 'crux_header_at'; Slot: @@crux_header_at),
    (Name: 'crux_info'; Slot: @@crux_info),
    (Name: 'crux_number'; Slot: @@crux_number),
    (Name: 'crux_copy'; Slot: @@crux_copy),
    (Name: 'crux_json_type'; Slot: @@crux_json_type),
    (Name: 'crux_json_text'; Slot: @@crux_json_text),
    (Name: 'crux_json_int'; Slot: @@crux_json_int),
    (Name: 'crux_json_double'; Slot: @@crux_json_double),
    (Name: 'crux_json_count'; Slot: @@crux_json_count),
    (Name: 'crux_json_key'; Slot: @@crux_json_key),
    (Name: 'crux_json_walk'; Slot: @@crux_json_walk),
    (Name: 'crux_options_new'; Slot: @@crux_options_new),
    (Name: 'crux_options_set'; Slot: @@crux_options_set),
    (Name: 'crux_options_env'; Slot: @@crux_options_env),
    (Name: 'crux_options_log'; Slot: @@crux_options_log),
    (Name: 'crux_options_tick'; Slot: @@crux_options_tick),
    (Name: 'crux_options_token'; Slot: @@crux_options_token),
    (Name: 'crux_login_with'; Slot: @@crux_login_with),
    (Name: 'crux_set_token'; Slot: @@crux_set_token),
    (Name: 'crux_call_login'; Slot: @@crux_call_login),
    (Name: 'crux_logout'; Slot: @@crux_logout),
    (Name: 'crux_call_logout'; Slot: @@crux_call_logout),
    (Name: 'crux_reset_password'; Slot: @@crux_reset_password),
    (Name: 'crux_call_reset_password'; Slot: @@crux_call_reset_password),
    (Name: 'crux_call_new'; Slot: @@crux_call_new),
    (Name: 'crux_call_fill'; Slot: @@crux_call_fill),
    (Name: 'crux_call_query'; Slot: @@crux_call_query),
    (Name: 'crux_call_header'; Slot: @@crux_call_header),
    (Name: 'crux_call_set'; Slot: @@crux_call_set),
    (Name: 'crux_call_tick'; Slot: @@crux_call_tick),
    (Name: 'crux_call_body'; Slot: @@crux_call_body),
    (Name: 'crux_call_put_text'; Slot: @@crux_call_put_text),
    (Name: 'crux_call_put_int'; Slot: @@crux_call_put_int),
    (Name: 'crux_call_put_double'; Slot: @@crux_call_put_double),
    (Name: 'crux_call_put_json'; Slot: @@crux_call_put_json),
    (Name: 'crux_call_file'; Slot: @@crux_call_file),
    (Name: 'crux_call_part'; Slot: @@crux_call_part),
    (Name: 'crux_call_part_data'; Slot: @@crux_call_part_data),
    (Name: 'crux_call_source'; Slot: @@crux_call_source),
    (Name: 'crux_call_send'; Slot: @@crux_call_send),
    (Name: 'crux_call_stream'; Slot: @@crux_call_stream),
    (Name: 'crux_call_start'; Slot: @@crux_call_start),
    (Name: 'crux_read'; Slot: @@crux_read),
    (Name: 'crux_wait'; Slot: @@crux_wait),
    (Name: 'crux_next_finished'; Slot: @@crux_next_finished),
    (Name: 'crux_event'; Slot: @@crux_event),
    (Name: 'crux_cancel'; Slot: @@crux_cancel),
    (Name: 'crux_await'; Slot: @@crux_await),
    (Name: 'crux_call_await'; Slot: @@crux_call_await),
    (Name: 'crux_next_page'; Slot: @@crux_next_page),
    (Name: 'crux_call_next'; Slot: @@crux_call_next),
    (Name: 'crux_call_follow'; Slot: @@crux_call_follow),
    (Name: 'crux_download'; Slot: @@crux_download),
    (Name: 'crux_upload'; Slot: @@crux_upload),
    (Name: 'crux_call_upload'; Slot: @@crux_call_upload),
    (Name: 'crux_version'; Slot: @@crux_version),
    (Name: 'crux_abi'; Slot: @@crux_abi),
    (Name: 'crux_shutdown'; Slot: @@crux_shutdown),
    (Name: 'crux_constant'; Slot: @@crux_constant),
    (Name: 'crux_error_at'; Slot: @@crux_error_at),
    (Name: 'crux_error_name'; Slot: @@crux_error_name),
    (Name: 'crux_option_at'; Slot: @@crux_option_at),
    (Name: 'crux_option_info'; Slot: @@crux_option_info),
    (Name: 'crux_fact_at'; Slot: @@crux_fact_at)
  );

implementation

end.
