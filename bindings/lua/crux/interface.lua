-- Made from include/crux.json by "make bindings".

---@class crux.CallOptions
---@field max_body? integer Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it.
---@field timeout_resolve_ms? integer Longest wait for the host's address, in ms. 0: no limit.
---@field timeout_connect_ms? integer Longest wait for a connection, TLS included, in ms. 0: no limit.
---@field timeout_head_ms? integer Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit.
---@field timeout_idle_ms? integer Longest pause while a body is sent or received, in ms. 0: no limit.
---@field timeout_total_ms? integer Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless it is set.
---@field retry_max? integer How often a call that may safely be repeated is repeated.
---@field retry_max_wait_ms? integer Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once.
---@field redirect_max? integer How many redirects a call follows.
---@field job_timeout_ms? integer How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is given -1. 0: no limit.
---@field idempotent? boolean 1 says that a POST or PATCH may safely be repeated.
---@field save? string File that the body is written to, as crux_download does; with `await`, and by crux_call_await, the result of the job. A stream takes none.
---@field await? boolean 1: a call that starts a job goes on until the job has ended; with `save`, its result is then downloaded.
---@field stream? boolean 1: a call that is started finishes with the head of its response; the body is read with crux_read, which never waits.
---@field tick_every_ms? integer How often the tick hook is called while a call waits, in ms.
---@field resume? boolean 0 keeps no FILE.part of a download that failed.
---@field sha256? string SHA-256 in hexadecimal that a downloaded file must have.

---@class crux.ClientOptions
---@field service? string Which service to speak: one of the built-in rows, or custom for any other.
---@field base_url? string Where the API lives; a missing trailing slash is added. Empty: the service's own.
---@field user? string User name or e-mail address for a password login.
---@field secret? string The password for `user`; without a user, a ready token or API key.
---@field token? string A ready token or API key; no login is made.
---@field token_file? string File that keeps the token between runs, for this user alone (mode 0600). Empty: the token stays in memory.
---@field keep_password? boolean 0 wipes the password after the first login; an expired token is then an error.
---@field allow_http? boolean 1 lets credentials travel over plain http to a host that is not loopback.
---@field origins? string Further origins that get the token, separated by blanks, such as https://files.example.com.
---@field user_agent? string Text that is added to `User-Agent: libcrux/VERSION`.
---@field max_body? integer Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it.
---@field log_level? integer What reaches the log hook: 0 off, 1 error, 2 warning, 3 info, 4 debug, 5 trace.
---@field login_path? string Path of the login, relative to the base.
---@field login_method? string Method of the login, POST unless set; GET only with `login.encoding` basic.
---@field login_encoding? string How the login carries user name and password: as a JSON body, as a form, or in the header Authorization. Empty: json.
---@field login_when? string When a password login is made: with the client, or by the first request that needs a token.
---@field login_user_field? string Member of the login body that holds the user name.
---@field login_secret_field? string Member of the login body that holds the password.
---@field login_extra? string JSON object whose members are added to the login body.
---@field login_token_pointer? string RFC 6901 pointer to the token in the login's response; empty: the whole document.
---@field login_mode? string Whether the login brings a token in its body, or in a `token` cookie.
---@field logout_path? string Path of the GET that ends a session at the server, relative to the base.
---@field reset_path? string Path of the POST that mails a link for a new password, relative to the base.
---@field auth_scheme? string The word before the token, such as Bearer or Token. Set to the empty text: the bare token.
---@field auth_header? string The header that carries the token.
---@field headers? string Headers of every request to the client's own origins, `Name: value`, one a line; other origins never get them.
---@field token_expires_pointer? string RFC 6901 pointer to the token's lifetime in seconds in the login's response. Without it the `exp` of a JWT is read.
---@field token_lifetime_ms? integer How long a token lives, in ms, counted from the start of the login. 0: unknown.
---@field token_renew_before_ms? integer How long before its end a token is renewed, in ms; at most half its life.
---@field refresh_path? string Path of the POST that brings a new token for a refresh token, relative to the base. Empty: the password is sent again.
---@field refresh_field? string Member of the refresh body that holds the refresh token.
---@field refresh_pointer? string RFC 6901 pointer to the refresh token in the responses of login and refresh.
---@field refresh_extra? string JSON object whose members are added to the refresh body, such as a grant_type.
---@field page_next_pointer? string RFC 6901 pointer to the link to the next page. Empty: every usual place is looked at, the Link header among them.
---@field upload_field? string Name of the form field that carries the file of an upload. Empty: the service's own.
---@field error_pointers? string Pointers to the text for people in an error document, separated by blanks, tried in order.
---@field timeout_resolve_ms? integer Longest wait for the host's address, in ms. 0: no limit.
---@field timeout_connect_ms? integer Longest wait for a connection, TLS included, in ms. 0: no limit.
---@field timeout_head_ms? integer Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit.
---@field timeout_idle_ms? integer Longest pause while a body is sent or received, in ms. 0: no limit.
---@field timeout_total_ms? integer Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless it is set.
---@field retry_max? integer How often a call that may safely be repeated is repeated.
---@field retry_max_wait_ms? integer Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once.
---@field redirect_max? integer How many redirects a call follows.
---@field tls_ca_file? string PEM file of certificate authorities that are trusted in addition to the system's.
---@field tls_ca_pem? string The same as text.
---@field tls_pin_sha256? string SHA-256 of the server's public key in base64, several separated by `;`: of the own origins (base and `origins`) only such a server is accepted, and its issuer need not be known.
---@field tls_client_cert_file? string PEM file of the client certificate chain; the own origins (base and `origins`) alone get to see it.
---@field tls_client_key_file? string PEM file of the client certificate's private key.
---@field tls_min_version? string Lowest TLS version that is accepted.
---@field tls_verify? boolean 0 accepts any certificate: for tests only, and logged as a warning.
---@field proxy? string URL of a proxy (http, https, socks5, socks4 or socks4a), or `direct` for none. Empty: as the environment says; on Windows, if it names none, as Internet Options say.
---@field no_proxy? string Hosts that are reached without the proxy: names, .suffixes, addresses, CIDR, each with an optional port.
---@field pool_max_idle? integer How many idle connections are kept for each host.
---@field job_timeout_ms? integer How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is given -1. 0: no limit.
---@field job_location_pointer? string RFC 6901 pointer to the address of a job's progress in the response that starts it. Empty: the service's own, else its Location.
---@field job_status_pointer? string RFC 6901 pointer to the status in a progress document.
---@field job_percent_pointer? string RFC 6901 pointer to the percentage in a progress document; below 0 says that the job failed, 100 that it is done where there is no status.
---@field job_result_pointer? string RFC 6901 pointer to the address of the result in the progress document of a job that is done. Empty: the service's own, else where a 303 of the progress leads, or the Location.
---@field job_done? string Words of the status that say that the job is done, separated by blanks.
---@field job_failed? string Words that the status holds when the job has failed, separated by blanks.
---@field result_pointers? string Pointers to the id of what was made, separated by blanks, tried in order; for crux_info "result".
---@field idempotent? boolean 1 says that a POST or PATCH may safely be repeated.
---@field save? string File that the body is written to, as crux_download does; with `await`, and by crux_call_await, the result of the job. A stream takes none.
---@field await? boolean 1: a call that starts a job goes on until the job has ended; with `save`, its result is then downloaded.
---@field stream? boolean 1: a call that is started finishes with the head of its response; the body is read with crux_read, which never waits.
---@field tick_every_ms? integer How often the tick hook is called while a call waits, in ms.
---@field background_max? integer How many started calls of a client run at once; the others wait in order.
---@field event_early? boolean 1: the client's crux_event also wakes when a part of a response has come, which crux_next_finished with 0 ms then reads: cheaper, and it may bring none. For event loops; on Linux.
---@field resume? boolean 0 keeps no FILE.part of a download that failed.
---@field sha256? string SHA-256 in hexadecimal that a downloaded file must have.

local interface = {
  version = "0.2.0",
  abi = 1,
  soname = "libcrux.so.0",
}

-- The #defines of crux.h, without CRUX_.
interface.constants = {
  VERSION_MAJOR = 0, -- The version of this header.
  VERSION_MINOR = 2, -- 
  VERSION_PATCH = 0, -- 
  ABI = 1, -- Grows by one with each release that adds functions; what crux_abi returns.
  PENDING = -1, -- Not finished yet.
  OK = 0, -- Success: status 2xx, 304, or a 303 that means "exists already".
  ERR_ARGUMENT = 1, -- An argument or option is not usable; nothing was sent.
  ERR_RESOLVE = 2, -- The host name could not be resolved.
  ERR_CONNECT = 3, -- No connection could be made.
  ERR_TLS = 4, -- No trusted, encrypted connection could be made.
  ERR_IO = 5, -- The connection broke.
  ERR_PROTOCOL = 6, -- The response is not valid HTTP, or not what the service promises.
  ERR_TIMEOUT = 7, -- A time limit was reached; the message says which.
  ERR_CANCELLED = 8, -- Ended by crux_cancel, by a tick, or by the source of a body that gave up.
  ERR_AUTH = 9, -- Login refused, or 401.
  ERR_HTTP = 10, -- Any other 4xx or 5xx, or a redirect that is not followed; status, headers and body are kept.
  ERR_TOO_LARGE = 11, -- The response is larger than the limit.
  ERR_JOB = 12, -- The server says that its job failed.
  ERR_FILE = 13, -- A local file could not be read or written.
  ERR_INTERNAL = 14, -- A fault inside libcrux.
  JSON_NONE = 0, -- Nothing stands at the pointer, or the body is no JSON.
  JSON_NULL = 1, -- 
  JSON_BOOL = 2, -- 
  JSON_NUMBER = 3, -- 
  JSON_STRING = 4, -- 
  JSON_ARRAY = 5, -- 
  JSON_OBJECT = 6, -- 
  PHASE_LOGIN = 1, -- What a call does while it waits. In LOGIN, CONNECT and WAIT `done` and `total` are unknown.
  PHASE_CONNECT = 2, -- 
  PHASE_SEND = 3, -- `done` and `total` are bytes.
  PHASE_WAIT = 4, -- 
  PHASE_RECEIVE = 5, -- `done` and `total` are bytes.
  PHASE_PAUSE = 6, -- Before a retry, in milliseconds; or a started request waits for its turn.
  PHASE_JOB = 7, -- While a job of the server runs: percent, -1 if the service tells none, and 100.
  LOG_OFF = 0, -- Levels of log lines.
  LOG_ERROR = 1, -- 
  LOG_WARNING = 2, -- 
  LOG_INFO = 3, -- 
  LOG_DEBUG = 4, -- 
  LOG_TRACE = 5, -- 
}

-- The outcomes by number.
interface.errors = {
  [-1] = { code = "pending", text = "The operation has not finished yet." },
  [0] = { code = "ok", text = "The operation succeeded." },
  [1] = { code = "argument", text = "An argument or option is not usable; nothing was sent." },
  [2] = { code = "resolve", text = "The host name could not be resolved." },
  [3] = { code = "connect", text = "No connection could be made." },
  [4] = { code = "tls", text = "A trusted, encrypted connection could not be made." },
  [5] = { code = "io", text = "The connection broke." },
  [6] = { code = "protocol", text = "The server's response is not valid HTTP, or not what the service promises." },
  [7] = { code = "timeout", text = "A time limit was reached." },
  [8] = { code = "cancelled", text = "The operation was cancelled." },
  [9] = { code = "auth", text = "The login was refused, or the server did not accept the token." },
  [10] = { code = "http", text = "The server answered with an error status, or a redirect that is not followed." },
  [11] = { code = "too_large", text = "The response is larger than the limit." },
  [12] = { code = "job", text = "The server says that its job failed." },
  [13] = { code = "file", text = "A local file could not be read or written." },
  [14] = { code = "internal", text = "A fault inside libcrux." },
}

-- The options by their Lua names.
interface.options = {
  service = { key = "service", type = "choice", values = "crux-connect, crux-connect-sandbox, crunch, custom", default = "crux-connect", scope = "client", secret = false, help = "Which service to speak: one of the built-in rows, or custom for any other." },
  base_url = { key = "base_url", type = "url", values = "URL", default = "", scope = "client", secret = false, help = "Where the API lives; a missing trailing slash is added. Empty: the service's own." },
  user = { key = "user", type = "text", values = "text", default = "", scope = "client", secret = false, help = "User name or e-mail address for a password login." },
  secret = { key = "secret", type = "text", values = "text, secret", default = "", scope = "client", secret = true, help = "The password for `user`; without a user, a ready token or API key." },
  token = { key = "token", type = "text", values = "text, secret", default = "", scope = "client", secret = true, help = "A ready token or API key; no login is made." },
  token_file = { key = "token_file", type = "text", values = "text", default = "", scope = "client", secret = false, help = "File that keeps the token between runs, for this user alone (mode 0600). Empty: the token stays in memory." },
  keep_password = { key = "keep_password", type = "flag", values = "0, 1", default = "1", scope = "client", secret = false, help = "0 wipes the password after the first login; an expired token is then an error." },
  allow_http = { key = "allow_http", type = "flag", values = "0, 1", default = "0", scope = "client", secret = false, help = "1 lets credentials travel over plain http to a host that is not loopback." },
  origins = { key = "origins", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Further origins that get the token, separated by blanks, such as https://files.example.com." },
  user_agent = { key = "user_agent", type = "ascii", values = "visible ASCII", default = "", scope = "client", secret = false, help = "Text that is added to `User-Agent: libcrux/VERSION`." },
  max_body = { key = "max_body", type = "number", values = "1 to 140737488355328", default = "67108864", scope = "call", secret = false, help = "Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it." },
  log_level = { key = "log.level", type = "number", values = "0 to 5", default = "2", scope = "client", secret = false, help = "What reaches the log hook: 0 off, 1 error, 2 warning, 3 info, 4 debug, 5 trace." },
  login_path = { key = "login.path", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Path of the login, relative to the base." },
  login_method = { key = "login.method", type = "choice", values = "POST, PUT, GET", default = "", scope = "client", secret = false, help = "Method of the login, POST unless set; GET only with `login.encoding` basic." },
  login_encoding = { key = "login.encoding", type = "choice", values = "json, form, basic", default = "", scope = "client", secret = false, help = "How the login carries user name and password: as a JSON body, as a form, or in the header Authorization. Empty: json." },
  login_when = { key = "login.when", type = "choice", values = "now, first_use", default = "now", scope = "client", secret = false, help = "When a password login is made: with the client, or by the first request that needs a token." },
  login_user_field = { key = "login.user_field", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Member of the login body that holds the user name." },
  login_secret_field = { key = "login.secret_field", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Member of the login body that holds the password." },
  login_extra = { key = "login.extra", type = "json", values = "JSON object", default = "", scope = "client", secret = true, help = "JSON object whose members are added to the login body." },
  login_token_pointer = { key = "login.token_pointer", type = "pointer", values = "JSON pointer", default = "", scope = "client", secret = false, help = "RFC 6901 pointer to the token in the login's response; empty: the whole document." },
  login_mode = { key = "login.mode", type = "choice", values = "bearer, cookie", default = "bearer", scope = "client", secret = false, help = "Whether the login brings a token in its body, or in a `token` cookie." },
  logout_path = { key = "logout.path", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Path of the GET that ends a session at the server, relative to the base." },
  reset_path = { key = "reset.path", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Path of the POST that mails a link for a new password, relative to the base." },
  auth_scheme = { key = "auth.scheme", type = "ascii", values = "visible ASCII", default = "", scope = "client", secret = false, help = "The word before the token, such as Bearer or Token. Set to the empty text: the bare token." },
  auth_header = { key = "auth.header", type = "header", values = "header name", default = "", scope = "client", secret = false, help = "The header that carries the token." },
  headers = { key = "headers", type = "headers", values = "header lines, secret", default = "", scope = "client", secret = true, help = "Headers of every request to the client's own origins, `Name: value`, one a line; other origins never get them." },
  token_expires_pointer = { key = "token.expires_pointer", type = "pointer", values = "JSON pointer", default = "", scope = "client", secret = false, help = "RFC 6901 pointer to the token's lifetime in seconds in the login's response. Without it the `exp` of a JWT is read." },
  token_lifetime_ms = { key = "token.lifetime_ms", type = "number", values = "0 to 2678400000", default = "", scope = "client", secret = false, help = "How long a token lives, in ms, counted from the start of the login. 0: unknown." },
  token_renew_before_ms = { key = "token.renew_before_ms", type = "number", values = "0 to 2678400000", default = "600000", scope = "client", secret = false, help = "How long before its end a token is renewed, in ms; at most half its life." },
  refresh_path = { key = "refresh.path", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Path of the POST that brings a new token for a refresh token, relative to the base. Empty: the password is sent again." },
  refresh_field = { key = "refresh.field", type = "text", values = "text", default = "refresh", scope = "client", secret = false, help = "Member of the refresh body that holds the refresh token." },
  refresh_pointer = { key = "refresh.pointer", type = "pointer", values = "JSON pointer", default = "/refresh", scope = "client", secret = false, help = "RFC 6901 pointer to the refresh token in the responses of login and refresh." },
  refresh_extra = { key = "refresh.extra", type = "json", values = "JSON object", default = "", scope = "client", secret = true, help = "JSON object whose members are added to the refresh body, such as a grant_type." },
  page_next_pointer = { key = "page.next_pointer", type = "pointer", values = "JSON pointer", default = "", scope = "client", secret = false, help = "RFC 6901 pointer to the link to the next page. Empty: every usual place is looked at, the Link header among them." },
  upload_field = { key = "upload.field", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Name of the form field that carries the file of an upload. Empty: the service's own." },
  error_pointers = { key = "error.pointers", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Pointers to the text for people in an error document, separated by blanks, tried in order." },
  timeout_resolve_ms = { key = "timeout.resolve_ms", type = "number", values = "0 to 2678400000", default = "5000", scope = "call", secret = false, help = "Longest wait for the host's address, in ms. 0: no limit." },
  timeout_connect_ms = { key = "timeout.connect_ms", type = "number", values = "0 to 2678400000", default = "10000", scope = "call", secret = false, help = "Longest wait for a connection, TLS included, in ms. 0: no limit." },
  timeout_head_ms = { key = "timeout.head_ms", type = "number", values = "0 to 2678400000", default = "30000", scope = "call", secret = false, help = "Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit." },
  timeout_idle_ms = { key = "timeout.idle_ms", type = "number", values = "0 to 2678400000", default = "30000", scope = "call", secret = false, help = "Longest pause while a body is sent or received, in ms. 0: no limit." },
  timeout_total_ms = { key = "timeout.total_ms", type = "number", values = "0 to 2678400000", default = "300000", scope = "call", secret = false, help = "Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless it is set." },
  retry_max = { key = "retry.max", type = "number", values = "0 to 20", default = "3", scope = "call", secret = false, help = "How often a call that may safely be repeated is repeated." },
  retry_max_wait_ms = { key = "retry.max_wait_ms", type = "number", values = "0 to 2678400000", default = "120000", scope = "call", secret = false, help = "Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once." },
  redirect_max = { key = "redirect.max", type = "number", values = "0 to 20", default = "5", scope = "call", secret = false, help = "How many redirects a call follows." },
  tls_ca_file = { key = "tls.ca_file", type = "text", values = "text", default = "", scope = "client", secret = false, help = "PEM file of certificate authorities that are trusted in addition to the system's." },
  tls_ca_pem = { key = "tls.ca_pem", type = "text", values = "text", default = "", scope = "client", secret = false, help = "The same as text." },
  tls_pin_sha256 = { key = "tls.pin_sha256", type = "text", values = "text", default = "", scope = "client", secret = false, help = "SHA-256 of the server's public key in base64, several separated by `;`: of the own origins (base and `origins`) only such a server is accepted, and its issuer need not be known." },
  tls_client_cert_file = { key = "tls.client_cert_file", type = "text", values = "text", default = "", scope = "client", secret = false, help = "PEM file of the client certificate chain; the own origins (base and `origins`) alone get to see it." },
  tls_client_key_file = { key = "tls.client_key_file", type = "text", values = "text", default = "", scope = "client", secret = false, help = "PEM file of the client certificate's private key." },
  tls_min_version = { key = "tls.min_version", type = "choice", values = "1.2, 1.3", default = "1.2", scope = "client", secret = false, help = "Lowest TLS version that is accepted." },
  tls_verify = { key = "tls.verify", type = "flag", values = "0, 1", default = "1", scope = "client", secret = false, help = "0 accepts any certificate: for tests only, and logged as a warning." },
  proxy = { key = "proxy", type = "text", values = "text", default = "", scope = "client", secret = true, help = "URL of a proxy (http, https, socks5, socks4 or socks4a), or `direct` for none. Empty: as the environment says; on Windows, if it names none, as Internet Options say." },
  no_proxy = { key = "no_proxy", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Hosts that are reached without the proxy: names, .suffixes, addresses, CIDR, each with an optional port." },
  pool_max_idle = { key = "pool.max_idle", type = "number", values = "0 to 1000", default = "64", scope = "client", secret = false, help = "How many idle connections are kept for each host." },
  job_timeout_ms = { key = "job.timeout_ms", type = "number", values = "0 to 2678400000", default = "900000", scope = "call", secret = false, help = "How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is given -1. 0: no limit." },
  job_location_pointer = { key = "job.location_pointer", type = "pointer", values = "JSON pointer", default = "", scope = "client", secret = false, help = "RFC 6901 pointer to the address of a job's progress in the response that starts it. Empty: the service's own, else its Location." },
  job_status_pointer = { key = "job.status_pointer", type = "pointer", values = "JSON pointer", default = "", scope = "client", secret = false, help = "RFC 6901 pointer to the status in a progress document." },
  job_percent_pointer = { key = "job.percent_pointer", type = "pointer", values = "JSON pointer", default = "", scope = "client", secret = false, help = "RFC 6901 pointer to the percentage in a progress document; below 0 says that the job failed, 100 that it is done where there is no status." },
  job_result_pointer = { key = "job.result_pointer", type = "pointer", values = "JSON pointer", default = "", scope = "client", secret = false, help = "RFC 6901 pointer to the address of the result in the progress document of a job that is done. Empty: the service's own, else where a 303 of the progress leads, or the Location." },
  job_done = { key = "job.done", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Words of the status that say that the job is done, separated by blanks." },
  job_failed = { key = "job.failed", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Words that the status holds when the job has failed, separated by blanks." },
  result_pointers = { key = "result.pointers", type = "text", values = "text", default = "", scope = "client", secret = false, help = "Pointers to the id of what was made, separated by blanks, tried in order; for crux_info \"result\"." },
  idempotent = { key = "idempotent", type = "flag", values = "0, 1", default = "0", scope = "call", secret = false, help = "1 says that a POST or PATCH may safely be repeated." },
  save = { key = "save", type = "text", values = "text", default = "", scope = "call", secret = false, help = "File that the body is written to, as crux_download does; with `await`, and by crux_call_await, the result of the job. A stream takes none." },
  await = { key = "await", type = "flag", values = "0, 1", default = "0", scope = "call", secret = false, help = "1: a call that starts a job goes on until the job has ended; with `save`, its result is then downloaded." },
  stream = { key = "stream", type = "flag", values = "0, 1", default = "0", scope = "call", secret = false, help = "1: a call that is started finishes with the head of its response; the body is read with crux_read, which never waits." },
  tick_every_ms = { key = "tick.every_ms", type = "number", values = "10 to 10000", default = "100", scope = "call", secret = false, help = "How often the tick hook is called while a call waits, in ms." },
  background_max = { key = "background.max", type = "number", values = "1 to 1024", default = "64", scope = "client", secret = false, help = "How many started calls of a client run at once; the others wait in order." },
  event_early = { key = "event.early", type = "flag", values = "0, 1", default = "0", scope = "client", secret = false, help = "1: the client's crux_event also wakes when a part of a response has come, which crux_next_finished with 0 ms then reads: cheaper, and it may bring none. For event loops; on Linux." },
  resume = { key = "resume", type = "flag", values = "0, 1", default = "1", scope = "call", secret = false, help = "0 keeps no FILE.part of a download that failed." },
  sha256 = { key = "sha256", type = "sha256", values = "64 hexadecimal digits", default = "", scope = "call", secret = false, help = "SHA-256 in hexadecimal that a downloaded file must have." },
}

-- What fact() knows.
interface.facts = {
  service = { kind = "text", of = "response and client", help = "The service, as the option service names it." },
  base_url = { kind = "text", of = "response and client", help = "The base of all paths." },
  url = { kind = "text", of = "response", help = "Where the response came from, after redirects." },
  server_message = { kind = "text", of = "response", help = "What the server says about an error, without secrets." },
  location = { kind = "text", of = "response", help = "The Location of the response as a whole URL; of a 201 without one, where the id that it names should be; of a job, its result." },
  warning = { kind = "text", of = "response", help = "The Warning of the response." },
  job_url = { kind = "text", of = "response", help = "The URL of the job that was waited for." },
  json_error = { kind = "text", of = "response", help = "Why the body is not JSON; unknown if it is." },
  token_source = { kind = "text", of = "response and client", help = "Where the token came from." },
  result = { kind = "text", of = "response", help = "The address or the id of what was made." },
  attempts = { kind = "number", of = "response", help = "How many requests it took, retries and redirects included." },
  elapsed_ms = { kind = "number", of = "response", help = "How long it took, in ms." },
  retry_after_ms = { kind = "number", of = "response", help = "How long the server asks to wait, in ms." },
  retryable = { kind = "number", of = "response", help = "1 if the same request may succeed later, else 0." },
  maybe_sent = { kind = "number", of = "response", help = "1 if the request may have reached the server, else 0." },
  verified = { kind = "number", of = "response", help = "1 if the end of the body was marked, by its length or by chunks; 0 if it ended with its connection." },
  token_expires_in_s = { kind = "number", of = "response and client", help = "How long the token lives, in seconds." },
  phase = { kind = "number", of = "response", help = "What the request does now or did last, one of CRUX_PHASE_...; 0 before it begins." },
  percent = { kind = "number", of = "response", help = "How far the job is, or the transfer if its length is known." },
  sent = { kind = "number", of = "response", help = "Bytes of the body that were sent." },
  send_total = { kind = "number", of = "response", help = "Length of the body to send." },
  received = { kind = "number", of = "response", help = "Bytes of the body that were received." },
  receive_total = { kind = "number", of = "response", help = "Length of the body to receive." },
  requests = { kind = "number", of = "client", help = "Requests of the client so far; retries, redirects and logins are among them." },
  retries = { kind = "number", of = "client", help = "Retries of the client so far." },
  logins = { kind = "number", of = "client", help = "Logins of the client so far, failed ones included." },
  bytes_sent = { kind = "number", of = "client", help = "Bytes that finished requests sent, heads included." },
  bytes_received = { kind = "number", of = "client", help = "Bytes of bodies that finished requests received, as they came." },
  open_connections = { kind = "number", of = "client", help = "Connections that are open now, idle ones included." },
  under_way = { kind = "number", of = "client", help = "Requests, logins and streams that are under way now." },
}

interface.cdef = [[
typedef struct crux_call crux_call;
typedef struct crux_client crux_client;
typedef struct crux_options crux_options;
typedef struct crux_response crux_response;
typedef void (*crux_log_fn)(void *context, int32_t level, const char *line);
typedef int32_t (*crux_tick_fn)(void *context, int32_t phase, int64_t done, int64_t total);
typedef void (*crux_release_fn)(void *context);
typedef ptrdiff_t (*crux_read_fn)(void *context, void *buffer, size_t capacity);
typedef int32_t (*crux_json_fn)(void *context, int32_t depth, int32_t type, const char *key, size_t key_length, const char *text, size_t length);
typedef ptrdiff_t (*crux_token_fn)(void *context, const char *refused, void *buffer, size_t capacity);
crux_client *crux_login(const char *service, const char *base_url, const char *user, const char *secret);
crux_response *crux_request(const crux_client *client, const char *method, const char *path, const void *body, ptrdiff_t body_len);
void crux_free(void *object);
int32_t crux_code(const void *object);
const char *crux_message(const void *object);
int32_t crux_status(const void *object);
const char *crux_body(const void *object, size_t *length);
const char *crux_header(const void *object, const char *name, size_t nth);
int32_t crux_header_at(const void *object, size_t index, const char **name, const char **value);
const char *crux_info(const void *object, const char *name);
int64_t crux_number(const void *object, const char *name);
size_t crux_copy(const void *object, const char *what, void *buffer, size_t capacity);
int32_t crux_json_type(const void *object, const char *pointer);
const char *crux_json_text(const void *object, const char *pointer);
int64_t crux_json_int(const void *object, const char *pointer, int64_t fallback);
double crux_json_double(const void *object, const char *pointer, double fallback);
size_t crux_json_count(const void *object, const char *pointer);
const char *crux_json_key(const void *object, const char *pointer, size_t index);
int32_t crux_json_walk(const void *object, const char *pointer, crux_json_fn visit, void *context);
crux_options *crux_options_new(void);
int32_t crux_options_set(crux_options *options, const char *key, const char *value);
int32_t crux_options_env(crux_options *options, const char *account);
int32_t crux_options_log(crux_options *options, int32_t level, crux_log_fn log, void *context, crux_release_fn release);
int32_t crux_options_tick(crux_options *options, crux_tick_fn tick, void *context, crux_release_fn release);
int32_t crux_options_token(crux_options *options, crux_token_fn fetch, void *context, crux_release_fn release);
crux_client *crux_login_with(const crux_options *options);
int32_t crux_set_token(const crux_client *client, const char *token);
crux_call *crux_call_login(const crux_client *client);
crux_response *crux_logout(const crux_client *client);
crux_call *crux_call_logout(const crux_client *client);
crux_response *crux_reset_password(const crux_client *client, const char *email);
crux_call *crux_call_reset_password(const crux_client *client, const char *email);
crux_call *crux_call_new(const crux_client *client, const char *method, const char *path);
int32_t crux_call_fill(crux_call *call, const char *name, const char *value);
int32_t crux_call_query(crux_call *call, const char *name, const char *value);
int32_t crux_call_header(crux_call *call, const char *name, const char *value);
int32_t crux_call_set(crux_call *call, const char *key, const char *value);
int32_t crux_call_tick(crux_call *call, crux_tick_fn tick, void *context, crux_release_fn release);
int32_t crux_call_body(crux_call *call, const void *data, ptrdiff_t length, const char *type);
int32_t crux_call_put_text(crux_call *call, const char *pointer, const char *value);
int32_t crux_call_put_int(crux_call *call, const char *pointer, int64_t value);
int32_t crux_call_put_double(crux_call *call, const char *pointer, double value);
int32_t crux_call_put_json(crux_call *call, const char *pointer, const char *json);
int32_t crux_call_file(crux_call *call, const char *file, const char *type);
int32_t crux_call_part(crux_call *call, const char *field, const char *value, const char *file, const char *type);
int32_t crux_call_part_data(crux_call *call, const char *field, const char *filename, const void *data, ptrdiff_t length, const char *type);
int32_t crux_call_source(crux_call *call, crux_read_fn read, void *context, crux_release_fn release, int64_t length, const char *type);
crux_response *crux_call_send(crux_call *call);
crux_response *crux_call_stream(crux_call *call);
crux_response *crux_call_start(crux_call *call);
ptrdiff_t crux_read(crux_response *response, void *buffer, size_t capacity);
int32_t crux_wait(const void *object, int32_t timeout_ms);
crux_response *crux_next_finished(const crux_client *client, int32_t timeout_ms);
ptrdiff_t crux_event(const void *object);
void crux_cancel(const void *object);
crux_response *crux_await(const crux_client *client, const crux_response *accepted, int32_t timeout_ms);
crux_call *crux_call_await(const crux_client *client, const crux_response *accepted);
crux_response *crux_next_page(const crux_client *client, const crux_response *page);
crux_call *crux_call_next(const crux_client *client, const crux_response *page);
crux_call *crux_call_follow(const crux_response *from, const char *method, const char *link);
crux_response *crux_download(const crux_client *client, const char *url, const char *file);
crux_response *crux_upload(const crux_client *client, const char *path, const char *field, const char *file, const char *type);
crux_call *crux_call_upload(const crux_client *client, const char *path, const char *field, const char *file, const char *type);
const char *crux_version(void);
int32_t crux_abi(void);
int32_t crux_shutdown(int32_t timeout_ms);
int32_t crux_constant(const char *name, int32_t fallback);
int32_t crux_error_at(size_t index, int32_t *code, const char **name, const char **text);
const char *crux_error_name(int32_t code);
int32_t crux_option_at(size_t index, const char **key, const char **fallback, const char **help);
const char *crux_option_info(const char *key, const char *what);
int32_t crux_fact_at(size_t index, const char **name, const char **help);
]]

return interface
