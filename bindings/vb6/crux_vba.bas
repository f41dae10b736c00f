Attribute VB_Name = "Crux"
' libcrux 0.2.0 for VBA, 32 and 64 bit. Made from include/crux.json by "make bindings".
'
' A text is a pointer to UTF-8 bytes with a NUL: VarPtr(bytes(0)) of bytes = CruxBytes(text). What comes back is read
' with CruxText. An argument that may be NULL is 0 then. A number of 64 bits is a LongLong in 64 bit, and in 32 bit a
' Currency that holds ten-thousandths of it: times 10000 is the number. A hook is an AddressOf. Call crux_abi first.
Option Explicit

Public Const CRUX_VERSION_MAJOR As Long = 0 ' The version of this header.
Public Const CRUX_VERSION_MINOR As Long = 2 ' 
Public Const CRUX_VERSION_PATCH As Long = 0 ' 
Public Const CRUX_ABI_OF_HEADER As Long = 1 ' Grows by one with each release that adds functions; what crux_abi returns.
Public Const CRUX_PENDING As Long = -1 ' Not finished yet.
Public Const CRUX_OK As Long = 0 ' Success: status 2xx, 304, or a 303 that means "exists already".
Public Const CRUX_ERR_ARGUMENT As Long = 1 ' An argument or option is not usable; nothing was sent.
Public Const CRUX_ERR_RESOLVE As Long = 2 ' The host name could not be resolved.
Public Const CRUX_ERR_CONNECT As Long = 3 ' No connection could be made.
Public Const CRUX_ERR_TLS As Long = 4 ' No trusted, encrypted connection could be made.
Public Const CRUX_ERR_IO As Long = 5 ' The connection broke.
Public Const CRUX_ERR_PROTOCOL As Long = 6 ' The response is not valid HTTP, or not what the service promises.
Public Const CRUX_ERR_TIMEOUT As Long = 7 ' A time limit was reached; the message says which.
Public Const CRUX_ERR_CANCELLED As Long = 8 ' Ended by crux_cancel, by a tick, or by the source of a body that gave up.
Public Const CRUX_ERR_AUTH As Long = 9 ' Login refused, or 401.
Public Const CRUX_ERR_HTTP As Long = 10 ' Any other 4xx or 5xx, or a redirect that is not followed; status, headers and body are kept.
Public Const CRUX_ERR_TOO_LARGE As Long = 11 ' The response is larger than the limit.
Public Const CRUX_ERR_JOB As Long = 12 ' The server says that its job failed.
Public Const CRUX_ERR_FILE As Long = 13 ' A local file could not be read or written.
Public Const CRUX_ERR_INTERNAL As Long = 14 ' A fault inside libcrux.
Public Const CRUX_JSON_NONE As Long = 0 ' Nothing stands at the pointer, or the body is no JSON.
Public Const CRUX_JSON_NULL As Long = 1 ' 
Public Const CRUX_JSON_BOOL As Long = 2 ' 
Public Const CRUX_JSON_NUMBER As Long = 3 ' 
Public Const CRUX_JSON_STRING As Long = 4 ' 
Public Const CRUX_JSON_ARRAY As Long = 5 ' 
Public Const CRUX_JSON_OBJECT As Long = 6 ' 
Public Const CRUX_PHASE_LOGIN As Long = 1 ' What a call does while it waits. In LOGIN, CONNECT and WAIT `done` and `total` are unknown.
Public Const CRUX_PHASE_CONNECT As Long = 2 ' 
Public Const CRUX_PHASE_SEND As Long = 3 ' `done` and `total` are bytes.
Public Const CRUX_PHASE_WAIT As Long = 4 ' 
Public Const CRUX_PHASE_RECEIVE As Long = 5 ' `done` and `total` are bytes.
Public Const CRUX_PHASE_PAUSE As Long = 6 ' Before a retry, in milliseconds; or a started request waits for its turn.
Public Const CRUX_PHASE_JOB As Long = 7 ' While a job of the server runs: percent, -1 if the service tells none, and 100.
Public Const CRUX_LOG_OFF As Long = 0 ' Levels of log lines.
Public Const CRUX_LOG_ERROR As Long = 1 ' 
Public Const CRUX_LOG_WARNING As Long = 2 ' 
Public Const CRUX_LOG_INFO As Long = 3 ' 
Public Const CRUX_LOG_DEBUG As Long = 4 ' 
Public Const CRUX_LOG_TRACE As Long = 5 ' 

#If Win64 Then
' Logs in, and returns the client that makes all requests.
Public Declare PtrSafe Function crux_login Lib "crux.dll" (ByVal service As LongPtr, ByVal base_url As LongPtr, ByVal user As LongPtr, ByVal secret As LongPtr) As LongPtr
' Sends a request and waits for the whole response.
Public Declare PtrSafe Function crux_request Lib "crux.dll" (ByVal client As LongPtr, ByVal method As LongPtr, ByVal path As LongPtr, ByVal body As LongPtr, ByVal body_len As LongPtr) As LongPtr
' Ends an object of any kind, in any order; what was made from it stays good until it is freed itself. With a client end its idle connections and its crux_event.
Public Declare PtrSafe Sub crux_free Lib "crux.dll" (ByVal object_ As LongPtr)
' Returns the outcome of an object.
Public Declare PtrSafe Function crux_code Lib "crux.dll" (ByVal object_ As LongPtr) As Long
' Returns the outcome of an object in one English sentence, for the person at the screen. It holds no secret.
Public Declare PtrSafe Function crux_message Lib "crux.dll" (ByVal object_ As LongPtr) As LongPtr
' Returns the HTTP status of a response.
Public Declare PtrSafe Function crux_status Lib "crux.dll" (ByVal object_ As LongPtr) As Long
' Returns the body of a response, decoded from gzip. In that of a login, "[secret]" stands for each secret.
Public Declare PtrSafe Function crux_body Lib "crux.dll" (ByVal object_ As LongPtr, ByRef length As LongPtr) As LongPtr
' Returns a header of a response. That of a login has no cookies.
Public Declare PtrSafe Function crux_header Lib "crux.dll" (ByVal object_ As LongPtr, ByVal name_ As LongPtr, ByVal nth As LongPtr) As LongPtr
' Returns the headers of a response one by one.
Public Declare PtrSafe Function crux_header_at Lib "crux.dll" (ByVal object_ As LongPtr, ByVal index As LongPtr, ByRef name_ As LongPtr, ByRef value As LongPtr) As Long
' Returns a fact as text. A fact of a response never changes once it is known.
Public Declare PtrSafe Function crux_info Lib "crux.dll" (ByVal object_ As LongPtr, ByVal name_ As LongPtr) As LongPtr
' Returns a fact as a number.
Public Declare PtrSafe Function crux_number Lib "crux.dll" (ByVal object_ As LongPtr, ByVal name_ As LongPtr) As LongLong
' Copies something into a buffer of the caller, for languages that cannot borrow.
Public Declare PtrSafe Function crux_copy Lib "crux.dll" (ByVal object_ As LongPtr, ByVal what As LongPtr, ByVal buffer As LongPtr, ByVal capacity As LongPtr) As LongPtr
' Returns the type of what stands at a place in the JSON of a response.
Public Declare PtrSafe Function crux_json_type Lib "crux.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr) As Long
' Returns what stands at a place as text: of a string its characters, of anything else the JSON as it stands, digits unaltered. Half a surrogate pair becomes one U+FFFD.
Public Declare PtrSafe Function crux_json_text Lib "crux.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr) As LongPtr
' Returns a whole number.
Public Declare PtrSafe Function crux_json_int Lib "crux.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr, ByVal fallback As LongLong) As LongLong
' Returns a number.
Public Declare PtrSafe Function crux_json_double Lib "crux.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr, ByVal fallback As Double) As Double
' Returns the number of members of an array or object. Of members with the same name only the last counts.
Public Declare PtrSafe Function crux_json_count Lib "crux.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr) As LongPtr
' Returns the name of an object's member, in the order in which they stand.
Public Declare PtrSafe Function crux_json_key Lib "crux.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr, ByVal index As LongPtr) As LongPtr
' Visits what stands at a place and all that is below it, in the order of the document, without an index. `visit` gets the context; the depth, 0 for what stands at the pointer, 1 for its members; one of CRUX_JSON_...; of a member of an object its name, otherwise NULL; of anything that is no array and no object its text as crux_json_text gives it, otherwise NULL. Lengths are in bytes; name and text are good during the call and have no NUL behind them, but may have one inside. 0 goes on, anything else stops. Of members with the same name each is visited; the last one counts.
Public Declare PtrSafe Function crux_json_walk Lib "crux.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr, ByVal visit As LongPtr, ByVal context As LongPtr) As Long
' Returns new options, all at their defaults. docs/options.md and crux_option_at list them.
Public Declare PtrSafe Function crux_options_new Lib "crux.dll" () As LongPtr
' Sets an option.
Public Declare PtrSafe Function crux_options_set Lib "crux.dll" (ByVal options As LongPtr, ByVal key As LongPtr, ByVal value As LongPtr) As Long
' Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists them). What is set by hand wins. Without the option "service", the service whose variables are found is taken.
Public Declare PtrSafe Function crux_options_env Lib "crux.dll" (ByVal options As LongPtr, ByVal account As LongPtr) As Long
' Sets what takes the log. It is called on threads that are inside a function of libcrux, possibly several at once; it may call libcrux, and must return normally.
Public Declare PtrSafe Function crux_options_log Lib "crux.dll" (ByVal options As LongPtr, ByVal level As Long, ByVal log As LongPtr, ByVal context As LongPtr, ByVal release As LongPtr) As Long
' Sets what is called while anything of the client waits: for Ctrl-C, progress bars, and tools that must serve their window from their only thread. It runs on the thread that waits; for started requests, in crux_wait and crux_next_finished, unless these only look (0 ms). An event loop that only looks needs no tick: it reads crux_number(response, "phase") on a timer, and crux_cancel ends the request. The tick may call libcrux, but is not called again by that; it must return normally.
Public Declare PtrSafe Function crux_options_tick Lib "crux.dll" (ByVal options As LongPtr, ByVal tick As LongPtr, ByVal context As LongPtr, ByVal release As LongPtr) As Long
' Sets what gives the token, instead of a password: a keyring, a vault, single sign-on. It is asked when a token is needed or was refused, by one request at a time, whose result all share.
Public Declare PtrSafe Function crux_options_token Lib "crux.dll" (ByVal options As LongPtr, ByVal fetch As LongPtr, ByVal context As LongPtr, ByVal release As LongPtr) As Long
' Logs in as the options say; like crux_login otherwise.
Public Declare PtrSafe Function crux_login_with Lib "crux.dll" (ByVal options As LongPtr) As LongPtr
' Sets the token of a client to one from elsewhere, such as one pasted from a browser. Requests that start later carry it; a login that was refused is forgotten. crux_code(client) stays as the login left it.
Public Declare PtrSafe Function crux_set_token Lib "crux.dll" (ByVal client As LongPtr, ByVal token As LongPtr) As Long
' Returns a call that logs in, now or again, and so says whether the credentials work. Sent or started, it can be ticked, bounded and cancelled like any other; with the option "login.when" set to first_use, it is the first login. Its phase is CRUX_PHASE_LOGIN from start to end. A token that is there, also one of "token_file", is replaced. A password that was refused is not sent again: new credentials need a new client.
Public Declare PtrSafe Function crux_call_login Lib "crux.dll" (ByVal client As LongPtr) As LongPtr
' Ends the session. Token and password are forgotten here whatever the server responds; services without a logout call are not asked. Later requests are anonymous until crux_set_token.
Public Declare PtrSafe Function crux_logout Lib "crux.dll" (ByVal client As LongPtr) As LongPtr
' Returns the call that ends the session, as crux_logout does, to be sent or started.
Public Declare PtrSafe Function crux_call_logout Lib "crux.dll" (ByVal client As LongPtr) As LongPtr
' Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and does not show whether there is such an account.
Public Declare PtrSafe Function crux_reset_password Lib "crux.dll" (ByVal client As LongPtr, ByVal email As LongPtr) As LongPtr
' Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or started.
Public Declare PtrSafe Function crux_call_reset_password Lib "crux.dll" (ByVal client As LongPtr, ByVal email As LongPtr) As LongPtr
' Returns a new call: a request to be described, then sent. A refused setting can be corrected by setting the same name, field or pointer again. If no value is right, such as for a header that libcrux sets itself, make a new call.
Public Declare PtrSafe Function crux_call_new Lib "crux.dll" (ByVal client As LongPtr, ByVal method As LongPtr, ByVal path As LongPtr) As LongPtr
' Sets what a {name} of the path stands for; percent-encoded, so that it stays one piece of the path.
Public Declare PtrSafe Function crux_call_fill Lib "crux.dll" (ByVal call_ As LongPtr, ByVal name_ As LongPtr, ByVal value As LongPtr) As Long
' Adds a pair to the query, percent-encoded.
Public Declare PtrSafe Function crux_call_query Lib "crux.dll" (ByVal call_ As LongPtr, ByVal name_ As LongPtr, ByVal value As LongPtr) As Long
' Adds a header. Those that libcrux sets itself (Authorization, Host, Content-Length and their like) are refused. To another origin only headers go that are known to hold no credentials.
Public Declare PtrSafe Function crux_call_header Lib "crux.dll" (ByVal call_ As LongPtr, ByVal name_ As LongPtr, ByVal value As LongPtr) As Long
' Sets an option for this call only; docs/options.md marks those that can be.
Public Declare PtrSafe Function crux_call_set Lib "crux.dll" (ByVal call_ As LongPtr, ByVal key As LongPtr, ByVal value As LongPtr) As Long
' Sets what is called while this call waits, instead of the client's tick. crux_wait and crux_next_finished call none if they only look (0 ms).
Public Declare PtrSafe Function crux_call_tick Lib "crux.dll" (ByVal call_ As LongPtr, ByVal tick As LongPtr, ByVal context As LongPtr, ByVal release As LongPtr) As Long
' Sets the body; the bytes are copied.
Public Declare PtrSafe Function crux_call_body Lib "crux.dll" (ByVal call_ As LongPtr, ByVal data As LongPtr, ByVal length As LongPtr, ByVal type_ As LongPtr) As Long
' Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer is made, "-" appends to an array. The first put takes the place of any other body.
Public Declare PtrSafe Function crux_call_put_text Lib "crux.dll" (ByVal call_ As LongPtr, ByVal pointer As LongPtr, ByVal value As LongPtr) As Long
' Puts a whole number into the JSON body, as crux_call_put_text does with a text.
Public Declare PtrSafe Function crux_call_put_int Lib "crux.dll" (ByVal call_ As LongPtr, ByVal pointer As LongPtr, ByVal value As LongLong) As Long
' Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the locale.
Public Declare PtrSafe Function crux_call_put_double Lib "crux.dll" (ByVal call_ As LongPtr, ByVal pointer As LongPtr, ByVal value As Double) As Long
' Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits.
Public Declare PtrSafe Function crux_call_put_json Lib "crux.dll" (ByVal call_ As LongPtr, ByVal pointer As LongPtr, ByVal json As LongPtr) As Long
' Sends a file as the body, straight from the disk; its length is taken when the call is sent.
Public Declare PtrSafe Function crux_call_file Lib "crux.dll" (ByVal call_ As LongPtr, ByVal file As LongPtr, ByVal type_ As LongPtr) As Long
' Adds a part to a form (multipart/form-data), which becomes the body.
Public Declare PtrSafe Function crux_call_part Lib "crux.dll" (ByVal call_ As LongPtr, ByVal field As LongPtr, ByVal value As LongPtr, ByVal file As LongPtr, ByVal type_ As LongPtr) As Long
' Adds a part to a form from memory; the server sees it as a file of that name. The bytes are copied.
Public Declare PtrSafe Function crux_call_part_data Lib "crux.dll" (ByVal call_ As LongPtr, ByVal field As LongPtr, ByVal filename As LongPtr, ByVal data As LongPtr, ByVal length As LongPtr, ByVal type_ As LongPtr) As Long
' Sets a function that supplies the body, piece by piece, on the thread that waits; when the call is started, on a thread of libcrux. It is sent once: not again after a lost connection, an expired token or a redirect.
Public Declare PtrSafe Function crux_call_source Lib "crux.dll" (ByVal call_ As LongPtr, ByVal read_ As LongPtr, ByVal context As LongPtr, ByVal release As LongPtr, ByVal length As LongLong, ByVal type_ As LongPtr) As Long
' Sends the request and waits for the whole response. May be repeated. With the option "save", the body goes to a file, as with crux_download.
Public Declare PtrSafe Function crux_call_send Lib "crux.dll" (ByVal call_ As LongPtr) As LongPtr
' Sends the request and waits for the head of the response; its body is read with crux_read, in as little memory as you like. Free the response when you have had enough of it. A stream takes no option "save", and the option "await" has no effect on it.
Public Declare PtrSafe Function crux_call_stream Lib "crux.dll" (ByVal call_ As LongPtr) As LongPtr
' Sends the request in the background and returns at once. The response is CRUX_PENDING until it is finished: crux_wait, crux_event and crux_next_finished say when. With the option "stream", it is finished when the head is there, and crux_read takes the body without waiting. Freeing it before ends the request. At most "background.max" requests of a client run at once; a request whose "timeout.total_ms" is over before its turn is never sent. Log lines of the request reach the hook in crux_wait, crux_next_finished or crux_free.
Public Declare PtrSafe Function crux_call_start Lib "crux.dll" (ByVal call_ As LongPtr) As LongPtr
' Reads a piece of the body of a streamed response.
Public Declare PtrSafe Function crux_read Lib "crux.dll" (ByVal response As LongPtr, ByVal buffer As LongPtr, ByVal capacity As LongPtr) As LongPtr
' Waits until a request that was started in the background has finished, or a started stream has more. Meanwhile its tick is called on this thread.
Public Declare PtrSafe Function crux_wait Lib "crux.dll" (ByVal object_ As LongPtr, ByVal timeout_ms As Long) As Long
' Returns the next request of a client that was started in the background and has finished, in order of finishing, each once. Those that were freed are passed over. Meanwhile the client's tick is called on this thread, with the progress of the request that was started first; if it ends them, it ends all.
Public Declare PtrSafe Function crux_next_finished Lib "crux.dll" (ByVal client As LongPtr, ByVal timeout_ms As Long) As LongPtr
' Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. It is made when it is first asked for. It is the object's, at the longest until that is freed: do not read from it and do not close it. That of a response ends with the crux_wait that returns 1: stop watching it before.
Public Declare PtrSafe Function crux_event Lib "crux.dll" (ByVal object_ As LongPtr) As LongPtr
' Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms.
Public Declare PtrSafe Sub crux_cancel Lib "crux.dll" (ByVal object_ As LongPtr)
' Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost connections and expired tokens in between are survived. crux_number(accepted, "percent") is meanwhile how far it is; crux_cancel(accepted) ends the waiting, not the job.
Public Declare PtrSafe Function crux_await Lib "crux.dll" (ByVal client As LongPtr, ByVal accepted As LongPtr, ByVal timeout_ms As Long) As LongPtr
' Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started; the call's option "job.timeout_ms" says how long. crux_number(accepted, "percent") is meanwhile how far the job is; crux_cancel of the call, of its response or of `accepted` ends the waiting, not the job.
Public Declare PtrSafe Function crux_call_await Lib "crux.dll" (ByVal client As LongPtr, ByVal accepted As LongPtr) As LongPtr
' Requests the page after a page of a list, in any form the services have: `pagination` objects, totals, offset and limit, links; in the query or in the body.
Public Declare PtrSafe Function crux_next_page Lib "crux.dll" (ByVal client As LongPtr, ByVal page As LongPtr) As LongPtr
' Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or awaited.
Public Declare PtrSafe Function crux_call_next Lib "crux.dll" (ByVal client As LongPtr, ByVal page As LongPtr) As LongPtr
' Returns a call to a link as it stands in a response. A relative one is resolved against the URL that the response came from, which need not be the base.
Public Declare PtrSafe Function crux_call_follow Lib "crux.dll" (ByVal from As LongPtr, ByVal method As LongPtr, ByVal link As LongPtr) As LongPtr
' Downloads a file. An incomplete file never has the final name: data goes to FILE.part, and FILE.part.tag identifies its source. With the option "resume" (the default) a later try goes on from there if the server can show that it is the same file. To watch the progress, or not to wait, use crux_call_start with the option "save" instead.
Public Declare PtrSafe Function crux_download Lib "crux.dll" (ByVal client As LongPtr, ByVal url As LongPtr, ByVal file As LongPtr) As LongPtr
' Uploads a file as a form, straight from the disk.
Public Declare PtrSafe Function crux_upload Lib "crux.dll" (ByVal client As LongPtr, ByVal path As LongPtr, ByVal field As LongPtr, ByVal file As LongPtr, ByVal type_ As LongPtr) As LongPtr
' Returns the call that uploads a file as a form, as crux_upload does, to be sent or started.
Public Declare PtrSafe Function crux_call_upload Lib "crux.dll" (ByVal client As LongPtr, ByVal path As LongPtr, ByVal field As LongPtr, ByVal file As LongPtr, ByVal type_ As LongPtr) As LongPtr
' Returns the version of the library that is loaded.
Public Declare PtrSafe Function crux_version Lib "crux.dll" () As LongPtr
' Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with.
Public Declare PtrSafe Function crux_abi Lib "crux.dll" () As Long
' Waits until no thread of libcrux is left. A program that unloads a plugin with libcrux inside (the static library, or its own build without -z nodelete) calls this after it has freed all objects.
Public Declare PtrSafe Function crux_shutdown Lib "crux.dll" (ByVal timeout_ms As Long) As Long
' Returns any #define of this header by its name, for languages that cannot read it.
Public Declare PtrSafe Function crux_constant Lib "crux.dll" (ByVal name_ As LongPtr, ByVal fallback As Long) As Long
' Returns the outcomes one by one.
Public Declare PtrSafe Function crux_error_at Lib "crux.dll" (ByVal index As LongPtr, ByRef code As Long, ByRef name_ As LongPtr, ByRef text_ As LongPtr) As Long
' Returns the name of an outcome, such as "CRUX_ERR_AUTH".
Public Declare PtrSafe Function crux_error_name Lib "crux.dll" (ByVal code As Long) As LongPtr
' Returns the options one by one.
Public Declare PtrSafe Function crux_option_at Lib "crux.dll" (ByVal index As LongPtr, ByRef key As LongPtr, ByRef fallback As LongPtr, ByRef help As LongPtr) As Long
' Returns what is known of an option, for dialogs, generated code and checks.
Public Declare PtrSafe Function crux_option_info Lib "crux.dll" (ByVal key As LongPtr, ByVal what As LongPtr) As LongPtr
' Returns the facts one by one: what crux_info and crux_number know.
Public Declare PtrSafe Function crux_fact_at Lib "crux.dll" (ByVal index As LongPtr, ByRef name_ As LongPtr, ByRef help As LongPtr) As Long
Private Declare PtrSafe Function WideCharToMultiByte Lib "kernel32" (ByVal page As Long, ByVal flags As Long, ByVal wide As LongPtr, ByVal wide_length As Long, ByVal narrow As LongPtr, ByVal narrow_size As Long, ByVal missing As LongPtr, ByVal used As LongPtr) As Long
Private Declare PtrSafe Function MultiByteToWideChar Lib "kernel32" (ByVal page As Long, ByVal flags As Long, ByVal narrow As LongPtr, ByVal narrow_length As Long, ByVal wide As LongPtr, ByVal wide_size As Long) As Long
Private Declare PtrSafe Function lstrlenA Lib "kernel32" (ByVal narrow As LongPtr) As Long
#ElseIf VBA7 Then
' Logs in, and returns the client that makes all requests.
Public Declare PtrSafe Function crux_login Lib "crux_std.dll" (ByVal service As LongPtr, ByVal base_url As LongPtr, ByVal user As LongPtr, ByVal secret As LongPtr) As LongPtr
' Sends a request and waits for the whole response.
Public Declare PtrSafe Function crux_request Lib "crux_std.dll" (ByVal client As LongPtr, ByVal method As LongPtr, ByVal path As LongPtr, ByVal body As LongPtr, ByVal body_len As LongPtr) As LongPtr
' Ends an object of any kind, in any order; what was made from it stays good until it is freed itself. With a client end its idle connections and its crux_event.
Public Declare PtrSafe Sub crux_free Lib "crux_std.dll" (ByVal object_ As LongPtr)
' Returns the outcome of an object.
Public Declare PtrSafe Function crux_code Lib "crux_std.dll" (ByVal object_ As LongPtr) As Long
' Returns the outcome of an object in one English sentence, for the person at the screen. It holds no secret.
Public Declare PtrSafe Function crux_message Lib "crux_std.dll" (ByVal object_ As LongPtr) As LongPtr
' Returns the HTTP status of a response.
Public Declare PtrSafe Function crux_status Lib "crux_std.dll" (ByVal object_ As LongPtr) As Long
' Returns the body of a response, decoded from gzip. In that of a login, "[secret]" stands for each secret.
Public Declare PtrSafe Function crux_body Lib "crux_std.dll" (ByVal object_ As LongPtr, ByRef length As LongPtr) As LongPtr
' Returns a header of a response. That of a login has no cookies.
Public Declare PtrSafe Function crux_header Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal name_ As LongPtr, ByVal nth As LongPtr) As LongPtr
' Returns the headers of a response one by one.
Public Declare PtrSafe Function crux_header_at Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal index As LongPtr, ByRef name_ As LongPtr, ByRef value As LongPtr) As Long
' Returns a fact as text. A fact of a response never changes once it is known.
Public Declare PtrSafe Function crux_info Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal name_ As LongPtr) As LongPtr
' Returns a fact as a number.
Public Declare PtrSafe Function crux_number Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal name_ As LongPtr) As Currency
' Copies something into a buffer of the caller, for languages that cannot borrow.
Public Declare PtrSafe Function crux_copy Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal what As LongPtr, ByVal buffer As LongPtr, ByVal capacity As LongPtr) As LongPtr
' Returns the type of what stands at a place in the JSON of a response.
Public Declare PtrSafe Function crux_json_type Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr) As Long
' Returns what stands at a place as text: of a string its characters, of anything else the JSON as it stands, digits unaltered. Half a surrogate pair becomes one U+FFFD.
Public Declare PtrSafe Function crux_json_text Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr) As LongPtr
' Returns a whole number.
Public Declare PtrSafe Function crux_json_int Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr, ByVal fallback As Currency) As Currency
' Returns a number.
Public Declare PtrSafe Function crux_json_double Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr, ByVal fallback As Double) As Double
' Returns the number of members of an array or object. Of members with the same name only the last counts.
Public Declare PtrSafe Function crux_json_count Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr) As LongPtr
' Returns the name of an object's member, in the order in which they stand.
Public Declare PtrSafe Function crux_json_key Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr, ByVal index As LongPtr) As LongPtr
' Visits what stands at a place and all that is below it, in the order of the document, without an index. `visit` gets the context; the depth, 0 for what stands at the pointer, 1 for its members; one of CRUX_JSON_...; of a member of an object its name, otherwise NULL; of anything that is no array and no object its text as crux_json_text gives it, otherwise NULL. Lengths are in bytes; name and text are good during the call and have no NUL behind them, but may have one inside. 0 goes on, anything else stops. Of members with the same name each is visited; the last one counts.
Public Declare PtrSafe Function crux_json_walk Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal pointer As LongPtr, ByVal visit As LongPtr, ByVal context As LongPtr) As Long
' Returns new options, all at their defaults. docs/options.md and crux_option_at list them.
Public Declare PtrSafe Function crux_options_new Lib "crux_std.dll" () As LongPtr
' Sets an option.
Public Declare PtrSafe Function crux_options_set Lib "crux_std.dll" (ByVal options As LongPtr, ByVal key As LongPtr, ByVal value As LongPtr) As Long
' Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists them). What is set by hand wins. Without the option "service", the service whose variables are found is taken.
Public Declare PtrSafe Function crux_options_env Lib "crux_std.dll" (ByVal options As LongPtr, ByVal account As LongPtr) As Long
' Sets what takes the log. It is called on threads that are inside a function of libcrux, possibly several at once; it may call libcrux, and must return normally.
Public Declare PtrSafe Function crux_options_log Lib "crux_std.dll" (ByVal options As LongPtr, ByVal level As Long, ByVal log As LongPtr, ByVal context As LongPtr, ByVal release As LongPtr) As Long
' Sets what is called while anything of the client waits: for Ctrl-C, progress bars, and tools that must serve their window from their only thread. It runs on the thread that waits; for started requests, in crux_wait and crux_next_finished, unless these only look (0 ms). An event loop that only looks needs no tick: it reads crux_number(response, "phase") on a timer, and crux_cancel ends the request. The tick may call libcrux, but is not called again by that; it must return normally.
Public Declare PtrSafe Function crux_options_tick Lib "crux_std.dll" (ByVal options As LongPtr, ByVal tick As LongPtr, ByVal context As LongPtr, ByVal release As LongPtr) As Long
' Sets what gives the token, instead of a password: a keyring, a vault, single sign-on. It is asked when a token is needed or was refused, by one request at a time, whose result all share.
Public Declare PtrSafe Function crux_options_token Lib "crux_std.dll" (ByVal options As LongPtr, ByVal fetch As LongPtr, ByVal context As LongPtr, ByVal release As LongPtr) As Long
' Logs in as the options say; like crux_login otherwise.
Public Declare PtrSafe Function crux_login_with Lib "crux_std.dll" (ByVal options As LongPtr) As LongPtr
' Sets the token of a client to one from elsewhere, such as one pasted from a browser. Requests that start later carry it; a login that was refused is forgotten. crux_code(client) stays as the login left it.
Public Declare PtrSafe Function crux_set_token Lib "crux_std.dll" (ByVal client As LongPtr, ByVal token As LongPtr) As Long
' Returns a call that logs in, now or again, and so says whether the credentials work. Sent or started, it can be ticked, bounded and cancelled like any other; with the option "login.when" set to first_use, it is the first login. Its phase is CRUX_PHASE_LOGIN from start to end. A token that is there, also one of "token_file", is replaced. A password that was refused is not sent again: new credentials need a new client.
Public Declare PtrSafe Function crux_call_login Lib "crux_std.dll" (ByVal client As LongPtr) As LongPtr
' Ends the session. Token and password are forgotten here whatever the server responds; services without a logout call are not asked. Later requests are anonymous until crux_set_token.
Public Declare PtrSafe Function crux_logout Lib "crux_std.dll" (ByVal client As LongPtr) As LongPtr
' Returns the call that ends the session, as crux_logout does, to be sent or started.
Public Declare PtrSafe Function crux_call_logout Lib "crux_std.dll" (ByVal client As LongPtr) As LongPtr
' Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and does not show whether there is such an account.
Public Declare PtrSafe Function crux_reset_password Lib "crux_std.dll" (ByVal client As LongPtr, ByVal email As LongPtr) As LongPtr
' Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or started.
Public Declare PtrSafe Function crux_call_reset_password Lib "crux_std.dll" (ByVal client As LongPtr, ByVal email As LongPtr) As LongPtr
' Returns a new call: a request to be described, then sent. A refused setting can be corrected by setting the same name, field or pointer again. If no value is right, such as for a header that libcrux sets itself, make a new call.
Public Declare PtrSafe Function crux_call_new Lib "crux_std.dll" (ByVal client As LongPtr, ByVal method As LongPtr, ByVal path As LongPtr) As LongPtr
' Sets what a {name} of the path stands for; percent-encoded, so that it stays one piece of the path.
Public Declare PtrSafe Function crux_call_fill Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal name_ As LongPtr, ByVal value As LongPtr) As Long
' Adds a pair to the query, percent-encoded.
Public Declare PtrSafe Function crux_call_query Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal name_ As LongPtr, ByVal value As LongPtr) As Long
' Adds a header. Those that libcrux sets itself (Authorization, Host, Content-Length and their like) are refused. To another origin only headers go that are known to hold no credentials.
Public Declare PtrSafe Function crux_call_header Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal name_ As LongPtr, ByVal value As LongPtr) As Long
' Sets an option for this call only; docs/options.md marks those that can be.
Public Declare PtrSafe Function crux_call_set Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal key As LongPtr, ByVal value As LongPtr) As Long
' Sets what is called while this call waits, instead of the client's tick. crux_wait and crux_next_finished call none if they only look (0 ms).
Public Declare PtrSafe Function crux_call_tick Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal tick As LongPtr, ByVal context As LongPtr, ByVal release As LongPtr) As Long
' Sets the body; the bytes are copied.
Public Declare PtrSafe Function crux_call_body Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal data As LongPtr, ByVal length As LongPtr, ByVal type_ As LongPtr) As Long
' Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer is made, "-" appends to an array. The first put takes the place of any other body.
Public Declare PtrSafe Function crux_call_put_text Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal pointer As LongPtr, ByVal value As LongPtr) As Long
' Puts a whole number into the JSON body, as crux_call_put_text does with a text.
Public Declare PtrSafe Function crux_call_put_int Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal pointer As LongPtr, ByVal value As Currency) As Long
' Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the locale.
Public Declare PtrSafe Function crux_call_put_double Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal pointer As LongPtr, ByVal value As Double) As Long
' Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits.
Public Declare PtrSafe Function crux_call_put_json Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal pointer As LongPtr, ByVal json As LongPtr) As Long
' Sends a file as the body, straight from the disk; its length is taken when the call is sent.
Public Declare PtrSafe Function crux_call_file Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal file As LongPtr, ByVal type_ As LongPtr) As Long
' Adds a part to a form (multipart/form-data), which becomes the body.
Public Declare PtrSafe Function crux_call_part Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal field As LongPtr, ByVal value As LongPtr, ByVal file As LongPtr, ByVal type_ As LongPtr) As Long
' Adds a part to a form from memory; the server sees it as a file of that name. The bytes are copied.
Public Declare PtrSafe Function crux_call_part_data Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal field As LongPtr, ByVal filename As LongPtr, ByVal data As LongPtr, ByVal length As LongPtr, ByVal type_ As LongPtr) As Long
' Sets a function that supplies the body, piece by piece, on the thread that waits; when the call is started, on a thread of libcrux. It is sent once: not again after a lost connection, an expired token or a redirect.
Public Declare PtrSafe Function crux_call_source Lib "crux_std.dll" (ByVal call_ As LongPtr, ByVal read_ As LongPtr, ByVal context As LongPtr, ByVal release As LongPtr, ByVal length As Currency, ByVal type_ As LongPtr) As Long
' Sends the request and waits for the whole response. May be repeated. With the option "save", the body goes to a file, as with crux_download.
Public Declare PtrSafe Function crux_call_send Lib "crux_std.dll" (ByVal call_ As LongPtr) As LongPtr
' Sends the request and waits for the head of the response; its body is read with crux_read, in as little memory as you like. Free the response when you have had enough of it. A stream takes no option "save", and the option "await" has no effect on it.
Public Declare PtrSafe Function crux_call_stream Lib "crux_std.dll" (ByVal call_ As LongPtr) As LongPtr
' Sends the request in the background and returns at once. The response is CRUX_PENDING until it is finished: crux_wait, crux_event and crux_next_finished say when. With the option "stream", it is finished when the head is there, and crux_read takes the body without waiting. Freeing it before ends the request. At most "background.max" requests of a client run at once; a request whose "timeout.total_ms" is over before its turn is never sent. Log lines of the request reach the hook in crux_wait, crux_next_finished or crux_free.
Public Declare PtrSafe Function crux_call_start Lib "crux_std.dll" (ByVal call_ As LongPtr) As LongPtr
' Reads a piece of the body of a streamed response.
Public Declare PtrSafe Function crux_read Lib "crux_std.dll" (ByVal response As LongPtr, ByVal buffer As LongPtr, ByVal capacity As LongPtr) As LongPtr
' Waits until a request that was started in the background has finished, or a started stream has more. Meanwhile its tick is called on this thread.
Public Declare PtrSafe Function crux_wait Lib "crux_std.dll" (ByVal object_ As LongPtr, ByVal timeout_ms As Long) As Long
' Returns the next request of a client that was started in the background and has finished, in order of finishing, each once. Those that were freed are passed over. Meanwhile the client's tick is called on this thread, with the progress of the request that was started first; if it ends them, it ends all.
Public Declare PtrSafe Function crux_next_finished Lib "crux_std.dll" (ByVal client As LongPtr, ByVal timeout_ms As Long) As LongPtr
' Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. It is made when it is first asked for. It is the object's, at the longest until that is freed: do not read from it and do not close it. That of a response ends with the crux_wait that returns 1: stop watching it before.
Public Declare PtrSafe Function crux_event Lib "crux_std.dll" (ByVal object_ As LongPtr) As LongPtr
' Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms.
Public Declare PtrSafe Sub crux_cancel Lib "crux_std.dll" (ByVal object_ As LongPtr)
' Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost connections and expired tokens in between are survived. crux_number(accepted, "percent") is meanwhile how far it is; crux_cancel(accepted) ends the waiting, not the job.
Public Declare PtrSafe Function crux_await Lib "crux_std.dll" (ByVal client As LongPtr, ByVal accepted As LongPtr, ByVal timeout_ms As Long) As LongPtr
' Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started; the call's option "job.timeout_ms" says how long. crux_number(accepted, "percent") is meanwhile how far the job is; crux_cancel of the call, of its response or of `accepted` ends the waiting, not the job.
Public Declare PtrSafe Function crux_call_await Lib "crux_std.dll" (ByVal client As LongPtr, ByVal accepted As LongPtr) As LongPtr
' Requests the page after a page of a list, in any form the services have: `pagination` objects, totals, offset and limit, links; in the query or in the body.
Public Declare PtrSafe Function crux_next_page Lib "crux_std.dll" (ByVal client As LongPtr, ByVal page As LongPtr) As LongPtr
' Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or awaited.
Public Declare PtrSafe Function crux_call_next Lib "crux_std.dll" (ByVal client As LongPtr, ByVal page As LongPtr) As LongPtr
' Returns a call to a link as it stands in a response. A relative one is resolved against the URL that the response came from, which need not be the base.
Public Declare PtrSafe Function crux_call_follow Lib "crux_std.dll" (ByVal from As LongPtr, ByVal method As LongPtr, ByVal link As LongPtr) As LongPtr
' Downloads a file. An incomplete file never has the final name: data goes to FILE.part, and FILE.part.tag identifies its source. With the option "resume" (the default) a later try goes on from there if the server can show that it is the same file. To watch the progress, or not to wait, use crux_call_start with the option "save" instead.
Public Declare PtrSafe Function crux_download Lib "crux_std.dll" (ByVal client As LongPtr, ByVal url As LongPtr, ByVal file As LongPtr) As LongPtr
' Uploads a file as a form, straight from the disk.
Public Declare PtrSafe Function crux_upload Lib "crux_std.dll" (ByVal client As LongPtr, ByVal path As LongPtr, ByVal field As LongPtr, ByVal file As LongPtr, ByVal type_ As LongPtr) As LongPtr
' Returns the call that uploads a file as a form, as crux_upload does, to be sent or started.
Public Declare PtrSafe Function crux_call_upload Lib "crux_std.dll" (ByVal client As LongPtr, ByVal path As LongPtr, ByVal field As LongPtr, ByVal file As LongPtr, ByVal type_ As LongPtr) As LongPtr
' Returns the version of the library that is loaded.
Public Declare PtrSafe Function crux_version Lib "crux_std.dll" () As LongPtr
' Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with.
Public Declare PtrSafe Function crux_abi Lib "crux_std.dll" () As Long
' Waits until no thread of libcrux is left. A program that unloads a plugin with libcrux inside (the static library, or its own build without -z nodelete) calls this after it has freed all objects.
Public Declare PtrSafe Function crux_shutdown Lib "crux_std.dll" (ByVal timeout_ms As Long) As Long
' Returns any #define of this header by its name, for languages that cannot read it.
Public Declare PtrSafe Function crux_constant Lib "crux_std.dll" (ByVal name_ As LongPtr, ByVal fallback As Long) As Long
' Returns the outcomes one by one.
Public Declare PtrSafe Function crux_error_at Lib "crux_std.dll" (ByVal index As LongPtr, ByRef code As Long, ByRef name_ As LongPtr, ByRef text_ As LongPtr) As Long
' Returns the name of an outcome, such as "CRUX_ERR_AUTH".
Public Declare PtrSafe Function crux_error_name Lib "crux_std.dll" (ByVal code As Long) As LongPtr
' Returns the options one by one.
Public Declare PtrSafe Function crux_option_at Lib "crux_std.dll" (ByVal index As LongPtr, ByRef key As LongPtr, ByRef fallback As LongPtr, ByRef help As LongPtr) As Long
' Returns what is known of an option, for dialogs, generated code and checks.
Public Declare PtrSafe Function crux_option_info Lib "crux_std.dll" (ByVal key As LongPtr, ByVal what As LongPtr) As LongPtr
' Returns the facts one by one: what crux_info and crux_number know.
Public Declare PtrSafe Function crux_fact_at Lib "crux_std.dll" (ByVal index As LongPtr, ByRef name_ As LongPtr, ByRef help As LongPtr) As Long
Private Declare PtrSafe Function WideCharToMultiByte Lib "kernel32" (ByVal page As Long, ByVal flags As Long, ByVal wide As LongPtr, ByVal wide_length As Long, ByVal narrow As LongPtr, ByVal narrow_size As Long, ByVal missing As LongPtr, ByVal used As LongPtr) As Long
Private Declare PtrSafe Function MultiByteToWideChar Lib "kernel32" (ByVal page As Long, ByVal flags As Long, ByVal narrow As LongPtr, ByVal narrow_length As Long, ByVal wide As LongPtr, ByVal wide_size As Long) As Long
Private Declare PtrSafe Function lstrlenA Lib "kernel32" (ByVal narrow As LongPtr) As Long
#Else
' Logs in, and returns the client that makes all requests.
Public Declare Function crux_login Lib "crux_std.dll" (ByVal service As Long, ByVal base_url As Long, ByVal user As Long, ByVal secret As Long) As Long
' Sends a request and waits for the whole response.
Public Declare Function crux_request Lib "crux_std.dll" (ByVal client As Long, ByVal method As Long, ByVal path As Long, ByVal body As Long, ByVal body_len As Long) As Long
' Ends an object of any kind, in any order; what was made from it stays good until it is freed itself. With a client end its idle connections and its crux_event.
Public Declare Sub crux_free Lib "crux_std.dll" (ByVal object_ As Long)
' Returns the outcome of an object.
Public Declare Function crux_code Lib "crux_std.dll" (ByVal object_ As Long) As Long
' Returns the outcome of an object in one English sentence, for the person at the screen. It holds no secret.
Public Declare Function crux_message Lib "crux_std.dll" (ByVal object_ As Long) As Long
' Returns the HTTP status of a response.
Public Declare Function crux_status Lib "crux_std.dll" (ByVal object_ As Long) As Long
' Returns the body of a response, decoded from gzip. In that of a login, "[secret]" stands for each secret.
Public Declare Function crux_body Lib "crux_std.dll" (ByVal object_ As Long, ByRef length As Long) As Long
' Returns a header of a response. That of a login has no cookies.
Public Declare Function crux_header Lib "crux_std.dll" (ByVal object_ As Long, ByVal name_ As Long, ByVal nth As Long) As Long
' Returns the headers of a response one by one.
Public Declare Function crux_header_at Lib "crux_std.dll" (ByVal object_ As Long, ByVal index As Long, ByRef name_ As Long, ByRef value As Long) As Long
' Returns a fact as text. A fact of a response never changes once it is known.
Public Declare Function crux_info Lib "crux_std.dll" (ByVal object_ As Long, ByVal name_ As Long) As Long
' Returns a fact as a number.
Public Declare Function crux_number Lib "crux_std.dll" (ByVal object_ As Long, ByVal name_ As Long) As Currency
' Copies something into a buffer of the caller, for languages that cannot borrow.
Public Declare Function crux_copy Lib "crux_std.dll" (ByVal object_ As Long, ByVal what As Long, ByVal buffer As Long, ByVal capacity As Long) As Long
' Returns the type of what stands at a place in the JSON of a response.
Public Declare Function crux_json_type Lib "crux_std.dll" (ByVal object_ As Long, ByVal pointer As Long) As Long
' Returns what stands at a place as text: of a string its characters, of anything else the JSON as it stands, digits unaltered. Half a surrogate pair becomes one U+FFFD.
Public Declare Function crux_json_text Lib "crux_std.dll" (ByVal object_ As Long, ByVal pointer As Long) As Long
' Returns a whole number.
Public Declare Function crux_json_int Lib "crux_std.dll" (ByVal object_ As Long, ByVal pointer As Long, ByVal fallback As Currency) As Currency
' Returns a number.
Public Declare Function crux_json_double Lib "crux_std.dll" (ByVal object_ As Long, ByVal pointer As Long, ByVal fallback As Double) As Double
' Returns the number of members of an array or object. Of members with the same name only the last counts.
Public Declare Function crux_json_count Lib "crux_std.dll" (ByVal object_ As Long, ByVal pointer As Long) As Long
' Returns the name of an object's member, in the order in which they stand.
Public Declare Function crux_json_key Lib "crux_std.dll" (ByVal object_ As Long, ByVal pointer As Long, ByVal index As Long) As Long
' Visits what stands at a place and all that is below it, in the order of the document, without an index. `visit` gets the context; the depth, 0 for what stands at the pointer, 1 for its members; one of CRUX_JSON_...; of a member of an object its name, otherwise NULL; of anything that is no array and no object its text as crux_json_text gives it, otherwise NULL. Lengths are in bytes; name and text are good during the call and have no NUL behind them, but may have one inside. 0 goes on, anything else stops. Of members with the same name each is visited; the last one counts.
Public Declare Function crux_json_walk Lib "crux_std.dll" (ByVal object_ As Long, ByVal pointer As Long, ByVal visit As Long, ByVal context As Long) As Long
' Returns new options, all at their defaults. docs/options.md and crux_option_at list them.
Public Declare Function crux_options_new Lib "crux_std.dll" () As Long
' Sets an option.
Public Declare Function crux_options_set Lib "crux_std.dll" (ByVal options As Long, ByVal key As Long, ByVal value As Long) As Long
' Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists them). What is set by hand wins. Without the option "service", the service whose variables are found is taken.
Public Declare Function crux_options_env Lib "crux_std.dll" (ByVal options As Long, ByVal account As Long) As Long
' Sets what takes the log. It is called on threads that are inside a function of libcrux, possibly several at once; it may call libcrux, and must return normally.
Public Declare Function crux_options_log Lib "crux_std.dll" (ByVal options As Long, ByVal level As Long, ByVal log As Long, ByVal context As Long, ByVal release As Long) As Long
' Sets what is called while anything of the client waits: for Ctrl-C, progress bars, and tools that must serve their window from their only thread. It runs on the thread that waits; for started requests, in crux_wait and crux_next_finished, unless these only look (0 ms). An event loop that only looks needs no tick: it reads crux_number(response, "phase") on a timer, and crux_cancel ends the request. The tick may call libcrux, but is not called again by that; it must return normally.
Public Declare Function crux_options_tick Lib "crux_std.dll" (ByVal options As Long, ByVal tick As Long, ByVal context As Long, ByVal release As Long) As Long
' Sets what gives the token, instead of a password: a keyring, a vault, single sign-on. It is asked when a token is needed or was refused, by one request at a time, whose result all share.
Public Declare Function crux_options_token Lib "crux_std.dll" (ByVal options As Long, ByVal fetch As Long, ByVal context As Long, ByVal release As Long) As Long
' Logs in as the options say; like crux_login otherwise.
Public Declare Function crux_login_with Lib "crux_std.dll" (ByVal options As Long) As Long
' Sets the token of a client to one from elsewhere, such as one pasted from a browser. Requests that start later carry it; a login that was refused is forgotten. crux_code(client) stays as the login left it.
Public Declare Function crux_set_token Lib "crux_std.dll" (ByVal client As Long, ByVal token As Long) As Long
' Returns a call that logs in, now or again, and so says whether the credentials work. Sent or started, it can be ticked, bounded and cancelled like any other; with the option "login.when" set to first_use, it is the first login. Its phase is CRUX_PHASE_LOGIN from start to end. A token that is there, also one of "token_file", is replaced. A password that was refused is not sent again: new credentials need a new client.
Public Declare Function crux_call_login Lib "crux_std.dll" (ByVal client As Long) As Long
' Ends the session. Token and password are forgotten here whatever the server responds; services without a logout call are not asked. Later requests are anonymous until crux_set_token.
Public Declare Function crux_logout Lib "crux_std.dll" (ByVal client As Long) As Long
' Returns the call that ends the session, as crux_logout does, to be sent or started.
Public Declare Function crux_call_logout Lib "crux_std.dll" (ByVal client As Long) As Long
' Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and does not show whether there is such an account.
Public Declare Function crux_reset_password Lib "crux_std.dll" (ByVal client As Long, ByVal email As Long) As Long
' Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or started.
Public Declare Function crux_call_reset_password Lib "crux_std.dll" (ByVal client As Long, ByVal email As Long) As Long
' Returns a new call: a request to be described, then sent. A refused setting can be corrected by setting the same name, field or pointer again. If no value is right, such as for a header that libcrux sets itself, make a new call.
Public Declare Function crux_call_new Lib "crux_std.dll" (ByVal client As Long, ByVal method As Long, ByVal path As Long) As Long
' Sets what a {name} of the path stands for; percent-encoded, so that it stays one piece of the path.
Public Declare Function crux_call_fill Lib "crux_std.dll" (ByVal call_ As Long, ByVal name_ As Long, ByVal value As Long) As Long
' Adds a pair to the query, percent-encoded.
Public Declare Function crux_call_query Lib "crux_std.dll" (ByVal call_ As Long, ByVal name_ As Long, ByVal value As Long) As Long
' Adds a header. Those that libcrux sets itself (Authorization, Host, Content-Length and their like) are refused. To another origin only headers go that are known to hold no credentials.
Public Declare Function crux_call_header Lib "crux_std.dll" (ByVal call_ As Long, ByVal name_ As Long, ByVal value As Long) As Long
' Sets an option for this call only; docs/options.md marks those that can be.
Public Declare Function crux_call_set Lib "crux_std.dll" (ByVal call_ As Long, ByVal key As Long, ByVal value As Long) As Long
' Sets what is called while this call waits, instead of the client's tick. crux_wait and crux_next_finished call none if they only look (0 ms).
Public Declare Function crux_call_tick Lib "crux_std.dll" (ByVal call_ As Long, ByVal tick As Long, ByVal context As Long, ByVal release As Long) As Long
' Sets the body; the bytes are copied.
Public Declare Function crux_call_body Lib "crux_std.dll" (ByVal call_ As Long, ByVal data As Long, ByVal length As Long, ByVal type_ As Long) As Long
' Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer is made, "-" appends to an array. The first put takes the place of any other body.
Public Declare Function crux_call_put_text Lib "crux_std.dll" (ByVal call_ As Long, ByVal pointer As Long, ByVal value As Long) As Long
' Puts a whole number into the JSON body, as crux_call_put_text does with a text.
Public Declare Function crux_call_put_int Lib "crux_std.dll" (ByVal call_ As Long, ByVal pointer As Long, ByVal value As Currency) As Long
' Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the locale.
Public Declare Function crux_call_put_double Lib "crux_std.dll" (ByVal call_ As Long, ByVal pointer As Long, ByVal value As Double) As Long
' Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits.
Public Declare Function crux_call_put_json Lib "crux_std.dll" (ByVal call_ As Long, ByVal pointer As Long, ByVal json As Long) As Long
' Sends a file as the body, straight from the disk; its length is taken when the call is sent.
Public Declare Function crux_call_file Lib "crux_std.dll" (ByVal call_ As Long, ByVal file As Long, ByVal type_ As Long) As Long
' Adds a part to a form (multipart/form-data), which becomes the body.
Public Declare Function crux_call_part Lib "crux_std.dll" (ByVal call_ As Long, ByVal field As Long, ByVal value As Long, ByVal file As Long, ByVal type_ As Long) As Long
' Adds a part to a form from memory; the server sees it as a file of that name. The bytes are copied.
Public Declare Function crux_call_part_data Lib "crux_std.dll" (ByVal call_ As Long, ByVal field As Long, ByVal filename As Long, ByVal data As Long, ByVal length As Long, ByVal type_ As Long) As Long
' Sets a function that supplies the body, piece by piece, on the thread that waits; when the call is started, on a thread of libcrux. It is sent once: not again after a lost connection, an expired token or a redirect.
Public Declare Function crux_call_source Lib "crux_std.dll" (ByVal call_ As Long, ByVal read_ As Long, ByVal context As Long, ByVal release As Long, ByVal length As Currency, ByVal type_ As Long) As Long
' Sends the request and waits for the whole response. May be repeated. With the option "save", the body goes to a file, as with crux_download.
Public Declare Function crux_call_send Lib "crux_std.dll" (ByVal call_ As Long) As Long
' Sends the request and waits for the head of the response; its body is read with crux_read, in as little memory as you like. Free the response when you have had enough of it. A stream takes no option "save", and the option "await" has no effect on it.
Public Declare Function crux_call_stream Lib "crux_std.dll" (ByVal call_ As Long) As Long
' Sends the request in the background and returns at once. The response is CRUX_PENDING until it is finished: crux_wait, crux_event and crux_next_finished say when. With the option "stream", it is finished when the head is there, and crux_read takes the body without waiting. Freeing it before ends the request. At most "background.max" requests of a client run at once; a request whose "timeout.total_ms" is over before its turn is never sent. Log lines of the request reach the hook in crux_wait, crux_next_finished or crux_free.
Public Declare Function crux_call_start Lib "crux_std.dll" (ByVal call_ As Long) As Long
' Reads a piece of the body of a streamed response.
Public Declare Function crux_read Lib "crux_std.dll" (ByVal response As Long, ByVal buffer As Long, ByVal capacity As Long) As Long
' Waits until a request that was started in the background has finished, or a started stream has more. Meanwhile its tick is called on this thread.
Public Declare Function crux_wait Lib "crux_std.dll" (ByVal object_ As Long, ByVal timeout_ms As Long) As Long
' Returns the next request of a client that was started in the background and has finished, in order of finishing, each once. Those that were freed are passed over. Meanwhile the client's tick is called on this thread, with the progress of the request that was started first; if it ends them, it ends all.
Public Declare Function crux_next_finished Lib "crux_std.dll" (ByVal client As Long, ByVal timeout_ms As Long) As Long
' Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. It is made when it is first asked for. It is the object's, at the longest until that is freed: do not read from it and do not close it. That of a response ends with the crux_wait that returns 1: stop watching it before.
Public Declare Function crux_event Lib "crux_std.dll" (ByVal object_ As Long) As Long
' Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms.
Public Declare Sub crux_cancel Lib "crux_std.dll" (ByVal object_ As Long)
' Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost connections and expired tokens in between are survived. crux_number(accepted, "percent") is meanwhile how far it is; crux_cancel(accepted) ends the waiting, not the job.
Public Declare Function crux_await Lib "crux_std.dll" (ByVal client As Long, ByVal accepted As Long, ByVal timeout_ms As Long) As Long
' Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started; the call's option "job.timeout_ms" says how long. crux_number(accepted, "percent") is meanwhile how far the job is; crux_cancel of the call, of its response or of `accepted` ends the waiting, not the job.
Public Declare Function crux_call_await Lib "crux_std.dll" (ByVal client As Long, ByVal accepted As Long) As Long
' Requests the page after a page of a list, in any form the services have: `pagination` objects, totals, offset and limit, links; in the query or in the body.
Public Declare Function crux_next_page Lib "crux_std.dll" (ByVal client As Long, ByVal page As Long) As Long
' Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or awaited.
Public Declare Function crux_call_next Lib "crux_std.dll" (ByVal client As Long, ByVal page As Long) As Long
' Returns a call to a link as it stands in a response. A relative one is resolved against the URL that the response came from, which need not be the base.
Public Declare Function crux_call_follow Lib "crux_std.dll" (ByVal from As Long, ByVal method As Long, ByVal link As Long) As Long
' Downloads a file. An incomplete file never has the final name: data goes to FILE.part, and FILE.part.tag identifies its source. With the option "resume" (the default) a later try goes on from there if the server can show that it is the same file. To watch the progress, or not to wait, use crux_call_start with the option "save" instead.
Public Declare Function crux_download Lib "crux_std.dll" (ByVal client As Long, ByVal url As Long, ByVal file As Long) As Long
' Uploads a file as a form, straight from the disk.
Public Declare Function crux_upload Lib "crux_std.dll" (ByVal client As Long, ByVal path As Long, ByVal field As Long, ByVal file As Long, ByVal type_ As Long) As Long
' Returns the call that uploads a file as a form, as crux_upload does, to be sent or started.
Public Declare Function crux_call_upload Lib "crux_std.dll" (ByVal client As Long, ByVal path As Long, ByVal field As Long, ByVal file As Long, ByVal type_ As Long) As Long
' Returns the version of the library that is loaded.
Public Declare Function crux_version Lib "crux_std.dll" () As Long
' Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with.
Public Declare Function crux_abi Lib "crux_std.dll" () As Long
' Waits until no thread of libcrux is left. A program that unloads a plugin with libcrux inside (the static library, or its own build without -z nodelete) calls this after it has freed all objects.
Public Declare Function crux_shutdown Lib "crux_std.dll" (ByVal timeout_ms As Long) As Long
' Returns any #define of this header by its name, for languages that cannot read it.
Public Declare Function crux_constant Lib "crux_std.dll" (ByVal name_ As Long, ByVal fallback As Long) As Long
' Returns the outcomes one by one.
Public Declare Function crux_error_at Lib "crux_std.dll" (ByVal index As Long, ByRef code As Long, ByRef name_ As Long, ByRef text_ As Long) As Long
' Returns the name of an outcome, such as "CRUX_ERR_AUTH".
Public Declare Function crux_error_name Lib "crux_std.dll" (ByVal code As Long) As Long
' Returns the options one by one.
Public Declare Function crux_option_at Lib "crux_std.dll" (ByVal index As Long, ByRef key As Long, ByRef fallback As Long, ByRef help As Long) As Long
' Returns what is known of an option, for dialogs, generated code and checks.
Public Declare Function crux_option_info Lib "crux_std.dll" (ByVal key As Long, ByVal what As Long) As Long
' Returns the facts one by one: what crux_info and crux_number know.
Public Declare Function crux_fact_at Lib "crux_std.dll" (ByVal index As Long, ByRef name_ As Long, ByRef help As Long) As Long
Private Declare Function WideCharToMultiByte Lib "kernel32" (ByVal page As Long, ByVal flags As Long, ByVal wide As Long, ByVal wide_length As Long, ByVal narrow As Long, ByVal narrow_size As Long, ByVal missing As Long, ByVal used As Long) As Long
Private Declare Function MultiByteToWideChar Lib "kernel32" (ByVal page As Long, ByVal flags As Long, ByVal narrow As Long, ByVal narrow_length As Long, ByVal wide As Long, ByVal wide_size As Long) As Long
Private Declare Function lstrlenA Lib "kernel32" (ByVal narrow As Long) As Long
#End If

#If VBA7 Then

' A text as UTF-8 with a NUL behind it. A NUL inside is refused, for the library would end the text there.
Public Function CruxBytes(ByVal source As String) As Byte()
    Dim bytes() As Byte, size As Long
    If InStr(source, vbNullChar) > 0 Then Err.Raise 5, "Crux", "A text holds a NUL."
    If Len(source) > 0 Then size = WideCharToMultiByte(65001, 0, StrPtr(source), Len(source), 0, 0, 0, 0)
    ReDim bytes(0 To size)
    If size > 0 Then WideCharToMultiByte 65001, 0, StrPtr(source), Len(source), VarPtr(bytes(0)), size, 0, 0
    CruxBytes = bytes
End Function

' The text at a pointer; empty for NULL.
Public Function CruxText(ByVal pointer As LongPtr) As String
    Dim wide As String, length As Long, size As Long
    If pointer <> 0 Then length = lstrlenA(pointer)
    If length > 0 Then
        size = MultiByteToWideChar(65001, 0, pointer, length, 0, 0)
        wide = String$(size, vbNullChar)
        MultiByteToWideChar 65001, 0, pointer, length, StrPtr(wide), size
    End If
    CruxText = wide
End Function
#Else

' A text as UTF-8 with a NUL behind it. A NUL inside is refused, for the library would end the text there.
Public Function CruxBytes(ByVal source As String) As Byte()
    Dim bytes() As Byte, size As Long
    If InStr(source, vbNullChar) > 0 Then Err.Raise 5, "Crux", "A text holds a NUL."
    If Len(source) > 0 Then size = WideCharToMultiByte(65001, 0, StrPtr(source), Len(source), 0, 0, 0, 0)
    ReDim bytes(0 To size)
    If size > 0 Then WideCharToMultiByte 65001, 0, StrPtr(source), Len(source), VarPtr(bytes(0)), size, 0, 0
    CruxBytes = bytes
End Function

' The text at a pointer; empty for NULL.
Public Function CruxText(ByVal pointer As Long) As String
    Dim wide As String, length As Long, size As Long
    If pointer <> 0 Then length = lstrlenA(pointer)
    If length > 0 Then
        size = MultiByteToWideChar(65001, 0, pointer, length, 0, 0)
        wide = String$(size, vbNullChar)
        MultiByteToWideChar 65001, 0, pointer, length, StrPtr(wide), size
    End If
    CruxText = wide
End Function
#End If
