// Made from include/crux.json by `make bindings`.

import { CruxError } from './index.js';

/** What an option takes as a value: it is handed to the library as text. */
export type OptionValue = string | number | boolean | bigint | null;

/** The library's options for a client. */
export interface LibraryOptions {
  /** `service`: Which service to speak: one of the built-in rows, or custom for any other. Takes crux-connect, crux-connect-sandbox, crunch, custom. Default: crux-connect. null: the default. */
  service?: 'crux-connect' | 'crux-connect-sandbox' | 'crunch' | 'custom' | null;
  /** `base_url`: Where the API lives; a missing trailing slash is added. Empty: the service's own. Takes URL. null: the default. */
  baseUrl?: string | null;
  /** `user`: User name or e-mail address for a password login. Takes text. null: the default. */
  user?: string | null;
  /** `secret`: The password for `user`; without a user, a ready token or API key. Takes text, secret. null: the default. */
  secret?: string | null;
  /** `token`: A ready token or API key; no login is made. Takes text, secret. null: the default. */
  token?: string | null;
  /** `token_file`: File that keeps the token between runs, for this user alone (mode 0600). Empty: the token stays in memory. Takes text. null: the default. */
  tokenFile?: string | null;
  /** `keep_password`: 0 wipes the password after the first login; an expired token is then an error. Takes 0, 1. Default: 1. null: the default. */
  keepPassword?: boolean | 0 | 1 | null;
  /** `allow_http`: 1 lets credentials travel over plain http to a host that is not loopback. Takes 0, 1. Default: 0. null: the default. */
  allowHttp?: boolean | 0 | 1 | null;
  /** `origins`: Further origins that get the token, separated by blanks, such as https://files.example.com. Takes text. null: the default. */
  origins?: string | null;
  /** `user_agent`: Text that is added to `User-Agent: libcrux/VERSION`. Takes visible ASCII. null: the default. */
  userAgent?: string | null;
  /** `max_body`: Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it. Takes 1 to 140737488355328. Default: 67108864. null: the default. */
  maxBody?: number | bigint | null;
  /** `log.level`: What reaches the log hook: 0 off, 1 error, 2 warning, 3 info, 4 debug, 5 trace. Takes 0 to 5. Default: 2. null: the default. */
  logLevel?: number | bigint | null;
  /** `login.path`: Path of the login, relative to the base. Takes text. null: the default. */
  loginPath?: string | null;
  /** `login.method`: Method of the login, POST unless set; GET only with `login.encoding` basic. Takes POST, PUT, GET. null: the default. */
  loginMethod?: 'POST' | 'PUT' | 'GET' | null;
  /** `login.encoding`: How the login carries user name and password: as a JSON body, as a form, or in the header Authorization. Empty: json. Takes json, form, basic. null: the default. */
  loginEncoding?: 'json' | 'form' | 'basic' | null;
  /** `login.when`: When a password login is made: with the client, or by the first request that needs a token. Takes now, first_use. Default: now. null: the default. */
  loginWhen?: 'now' | 'first_use' | null;
  /** `login.user_field`: Member of the login body that holds the user name. Takes text. null: the default. */
  loginUserField?: string | null;
  /** `login.secret_field`: Member of the login body that holds the password. Takes text. null: the default. */
  loginSecretField?: string | null;
  /** `login.extra`: JSON object whose members are added to the login body. Takes JSON object. null: the default. */
  loginExtra?: string | object | null;
  /** `login.token_pointer`: RFC 6901 pointer to the token in the login's response; empty: the whole document. Takes JSON pointer. null: the default. */
  loginTokenPointer?: string | null;
  /** `login.mode`: Whether the login brings a token in its body, or in a `token` cookie. Takes bearer, cookie. Default: bearer. null: the default. */
  loginMode?: 'bearer' | 'cookie' | null;
  /** `logout.path`: Path of the GET that ends a session at the server, relative to the base. Takes text. null: the default. */
  logoutPath?: string | null;
  /** `reset.path`: Path of the POST that mails a link for a new password, relative to the base. Takes text. null: the default. */
  resetPath?: string | null;
  /** `auth.scheme`: The word before the token, such as Bearer or Token. Set to the empty text: the bare token. Takes visible ASCII. null: the default. */
  authScheme?: string | null;
  /** `auth.header`: The header that carries the token. Takes header name. null: the default. */
  authHeader?: string | null;
  /** `headers`: Headers of every request to the client's own origins, `Name: value`, one a line; other origins never get them. Takes header lines, secret. null: the default. */
  headers?: string | Record<string, string> | null;
  /** `token.expires_pointer`: RFC 6901 pointer to the token's lifetime in seconds in the login's response. Without it the `exp` of a JWT is read. Takes JSON pointer. null: the default. */
  tokenExpiresPointer?: string | null;
  /** `token.lifetime_ms`: How long a token lives, in ms, counted from the start of the login. 0: unknown. Takes 0 to 2678400000. null: the default. */
  tokenLifetimeMs?: number | bigint | null;
  /** `token.renew_before_ms`: How long before its end a token is renewed, in ms; at most half its life. Takes 0 to 2678400000. Default: 600000. null: the default. */
  tokenRenewBeforeMs?: number | bigint | null;
  /** `refresh.path`: Path of the POST that brings a new token for a refresh token, relative to the base. Empty: the password is sent again. Takes text. null: the default. */
  refreshPath?: string | null;
  /** `refresh.field`: Member of the refresh body that holds the refresh token. Takes text. Default: refresh. null: the default. */
  refreshField?: string | null;
  /** `refresh.pointer`: RFC 6901 pointer to the refresh token in the responses of login and refresh. Takes JSON pointer. Default: /refresh. null: the default. */
  refreshPointer?: string | null;
  /** `refresh.extra`: JSON object whose members are added to the refresh body, such as a grant_type. Takes JSON object. null: the default. */
  refreshExtra?: string | object | null;
  /** `page.next_pointer`: RFC 6901 pointer to the link to the next page. Empty: every usual place is looked at, the Link header among them. Takes JSON pointer. null: the default. */
  pageNextPointer?: string | null;
  /** `upload.field`: Name of the form field that carries the file of an upload. Empty: the service's own. Takes text. null: the default. */
  uploadField?: string | null;
  /** `error.pointers`: Pointers to the text for people in an error document, separated by blanks, tried in order. Takes text. null: the default. */
  errorPointers?: string | null;
  /** `timeout.resolve_ms`: Longest wait for the host's address, in ms. 0: no limit. Takes 0 to 2678400000. Default: 5000. null: the default. */
  timeoutResolveMs?: number | bigint | null;
  /** `timeout.connect_ms`: Longest wait for a connection, TLS included, in ms. 0: no limit. Takes 0 to 2678400000. Default: 10000. null: the default. */
  timeoutConnectMs?: number | bigint | null;
  /** `timeout.head_ms`: Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit. Takes 0 to 2678400000. Default: 30000. null: the default. */
  timeoutHeadMs?: number | bigint | null;
  /** `timeout.idle_ms`: Longest pause while a body is sent or received, in ms. 0: no limit. Takes 0 to 2678400000. Default: 30000. null: the default. */
  timeoutIdleMs?: number | bigint | null;
  /** `timeout.total_ms`: Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless it is set. Takes 0 to 2678400000. Default: 300000. null: the default. */
  timeoutTotalMs?: number | bigint | null;
  /** `retry.max`: How often a call that may safely be repeated is repeated. Takes 0 to 20. Default: 3. null: the default. */
  retryMax?: number | bigint | null;
  /** `retry.max_wait_ms`: Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once. Takes 0 to 2678400000. Default: 120000. null: the default. */
  retryMaxWaitMs?: number | bigint | null;
  /** `redirect.max`: How many redirects a call follows. Takes 0 to 20. Default: 5. null: the default. */
  redirectMax?: number | bigint | null;
  /** `tls.ca_file`: PEM file of certificate authorities that are trusted in addition to the system's. Takes text. null: the default. */
  tlsCaFile?: string | null;
  /** `tls.ca_pem`: The same as text. Takes text. null: the default. */
  tlsCaPem?: string | null;
  /** `tls.pin_sha256`: SHA-256 of the server's public key in base64, several separated by `;`: of the own origins (base and `origins`) only such a server is accepted, and its issuer need not be known. Takes text. null: the default. */
  tlsPinSha256?: string | null;
  /** `tls.client_cert_file`: PEM file of the client certificate chain; the own origins (base and `origins`) alone get to see it. Takes text. null: the default. */
  tlsClientCertFile?: string | null;
  /** `tls.client_key_file`: PEM file of the client certificate's private key. Takes text. null: the default. */
  tlsClientKeyFile?: string | null;
  /** `tls.min_version`: Lowest TLS version that is accepted. Takes 1.2, 1.3. Default: 1.2. null: the default. */
  tlsMinVersion?: '1.2' | '1.3' | null;
  /** `tls.verify`: 0 accepts any certificate: for tests only, and logged as a warning. Takes 0, 1. Default: 1. null: the default. */
  tlsVerify?: boolean | 0 | 1 | null;
  /** `proxy`: URL of a proxy (http, https, socks5, socks4 or socks4a), or `direct` for none. Empty: as the environment says; on Windows, if it names none, as Internet Options say. Takes text. null: the default. */
  proxy?: string | null;
  /** `no_proxy`: Hosts that are reached without the proxy: names, .suffixes, addresses, CIDR, each with an optional port. Takes text. null: the default. */
  noProxy?: string | null;
  /** `pool.max_idle`: How many idle connections are kept for each host. Takes 0 to 1000. Default: 64. null: the default. */
  poolMaxIdle?: number | bigint | null;
  /** `job.timeout_ms`: How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is given -1. 0: no limit. Takes 0 to 2678400000. Default: 900000. null: the default. */
  jobTimeoutMs?: number | bigint | null;
  /** `job.location_pointer`: RFC 6901 pointer to the address of a job's progress in the response that starts it. Empty: the service's own, else its Location. Takes JSON pointer. null: the default. */
  jobLocationPointer?: string | null;
  /** `job.status_pointer`: RFC 6901 pointer to the status in a progress document. Takes JSON pointer. null: the default. */
  jobStatusPointer?: string | null;
  /** `job.percent_pointer`: RFC 6901 pointer to the percentage in a progress document; below 0 says that the job failed, 100 that it is done where there is no status. Takes JSON pointer. null: the default. */
  jobPercentPointer?: string | null;
  /** `job.result_pointer`: RFC 6901 pointer to the address of the result in the progress document of a job that is done. Empty: the service's own, else where a 303 of the progress leads, or the Location. Takes JSON pointer. null: the default. */
  jobResultPointer?: string | null;
  /** `job.done`: Words of the status that say that the job is done, separated by blanks. Takes text. null: the default. */
  jobDone?: string | null;
  /** `job.failed`: Words that the status holds when the job has failed, separated by blanks. Takes text. null: the default. */
  jobFailed?: string | null;
  /** `result.pointers`: Pointers to the id of what was made, separated by blanks, tried in order; for crux_info "result". Takes text. null: the default. */
  resultPointers?: string | null;
  /** `idempotent`: 1 says that a POST or PATCH may safely be repeated. Takes 0, 1. Default: 0. null: the default. */
  idempotent?: boolean | 0 | 1 | null;
  /** `save`: File that the body is written to, as crux_download does; with `await`, and by crux_call_await, the result of the job. A stream takes none. Takes text. null: the default. */
  save?: string | null;
  /** `await`: 1: a call that starts a job goes on until the job has ended; with `save`, its result is then downloaded. Takes 0, 1. Default: 0. null: the default. */
  await?: boolean | 0 | 1 | null;
  /** `stream`: 1: a call that is started finishes with the head of its response; the body is read with crux_read, which never waits. Takes 0, 1. Default: 0. null: the default. */
  stream?: boolean | 0 | 1 | null;
  /** `tick.every_ms`: How often the tick hook is called while a call waits, in ms. Takes 10 to 10000. Default: 100. null: the default. */
  tickEveryMs?: number | bigint | null;
  /** `background.max`: How many started calls of a client run at once; the others wait in order. Takes 1 to 1024. Default: 64. null: the default. */
  backgroundMax?: number | bigint | null;
  /** `event.early`: 1: the client's crux_event also wakes when a part of a response has come, which crux_next_finished with 0 ms then reads: cheaper, and it may bring none. For event loops; on Linux. Takes 0, 1. Default: 0. null: the default. */
  eventEarly?: boolean | 0 | 1 | null;
  /** `resume`: 0 keeps no FILE.part of a download that failed. Takes 0, 1. Default: 1. null: the default. */
  resume?: boolean | 0 | 1 | null;
  /** `sha256`: SHA-256 in hexadecimal that a downloaded file must have. Takes 64 hexadecimal digits. null: the default. */
  sha256?: string | null;
}

/** Those that a single call may have too. */
export interface LibraryCallOptions {
  /** `max_body`: Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it. Takes 1 to 140737488355328. Default: 67108864. null: the client's value. */
  maxBody?: number | bigint | null;
  /** `timeout.resolve_ms`: Longest wait for the host's address, in ms. 0: no limit. Takes 0 to 2678400000. Default: 5000. null: the client's value. */
  timeoutResolveMs?: number | bigint | null;
  /** `timeout.connect_ms`: Longest wait for a connection, TLS included, in ms. 0: no limit. Takes 0 to 2678400000. Default: 10000. null: the client's value. */
  timeoutConnectMs?: number | bigint | null;
  /** `timeout.head_ms`: Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit. Takes 0 to 2678400000. Default: 30000. null: the client's value. */
  timeoutHeadMs?: number | bigint | null;
  /** `timeout.idle_ms`: Longest pause while a body is sent or received, in ms. 0: no limit. Takes 0 to 2678400000. Default: 30000. null: the client's value. */
  timeoutIdleMs?: number | bigint | null;
  /** `timeout.total_ms`: Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless it is set. Takes 0 to 2678400000. Default: 300000. null: the client's value. */
  timeoutTotalMs?: number | bigint | null;
  /** `retry.max`: How often a call that may safely be repeated is repeated. Takes 0 to 20. Default: 3. null: the client's value. */
  retryMax?: number | bigint | null;
  /** `retry.max_wait_ms`: Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once. Takes 0 to 2678400000. Default: 120000. null: the client's value. */
  retryMaxWaitMs?: number | bigint | null;
  /** `redirect.max`: How many redirects a call follows. Takes 0 to 20. Default: 5. null: the client's value. */
  redirectMax?: number | bigint | null;
  /** `job.timeout_ms`: How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is given -1. 0: no limit. Takes 0 to 2678400000. Default: 900000. null: the client's value. */
  jobTimeoutMs?: number | bigint | null;
  /** `idempotent`: 1 says that a POST or PATCH may safely be repeated. Takes 0, 1. Default: 0. null: the client's value. */
  idempotent?: boolean | 0 | 1 | null;
  /** `save`: File that the body is written to, as crux_download does; with `await`, and by crux_call_await, the result of the job. A stream takes none. Takes text. null: the client's value. */
  save?: string | null;
  /** `await`: 1: a call that starts a job goes on until the job has ended; with `save`, its result is then downloaded. Takes 0, 1. Default: 0. null: the client's value. */
  await?: boolean | 0 | 1 | null;
  /** `stream`: 1: a call that is started finishes with the head of its response; the body is read with crux_read, which never waits. Takes 0, 1. Default: 0. null: the client's value. */
  stream?: boolean | 0 | 1 | null;
  /** `tick.every_ms`: How often the tick hook is called while a call waits, in ms. Takes 10 to 10000. Default: 100. null: the client's value. */
  tickEveryMs?: number | bigint | null;
  /** `resume`: 0 keeps no FILE.part of a download that failed. Takes 0, 1. Default: 1. null: the client's value. */
  resume?: boolean | 0 | 1 | null;
  /** `sha256`: SHA-256 in hexadecimal that a downloaded file must have. Takes 64 hexadecimal digits. null: the client's value. */
  sha256?: string | null;
}

/** What is known of a response beside status, headers and body. */
export interface ResponseFacts {
  /** The service, as the option service names it. */
  service?: string;
  /** The base of all paths. */
  baseUrl?: string;
  /** Where the response came from, after redirects. */
  url?: string;
  /** What the server says about an error, without secrets. */
  serverMessage?: string;
  /** The Location of the response as a whole URL; of a 201 without one, where the id that it names should be; of a job, its result. */
  location?: string;
  /** The Warning of the response. */
  warning?: string;
  /** The URL of the job that was waited for. */
  jobUrl?: string;
  /** Why the body is not JSON; unknown if it is. */
  jsonError?: string;
  /** Where the token came from. */
  tokenSource?: string;
  /** The address or the id of what was made. */
  result?: string;
  /** How many requests it took, retries and redirects included. */
  attempts?: number;
  /** How long it took, in ms. */
  elapsedMs?: number;
  /** How long the server asks to wait, in ms. */
  retryAfterMs?: number;
  /** 1 if the same request may succeed later, else 0. */
  retryable?: number;
  /** 1 if the request may have reached the server, else 0. */
  maybeSent?: number;
  /** 1 if the end of the body was marked, by its length or by chunks; 0 if it ended with its connection. */
  verified?: number;
  /** How long the token lives, in seconds. */
  tokenExpiresInS?: number;
  /** What the request does now or did last, one of CRUX_PHASE_...; 0 before it begins. */
  phase?: number;
  /** How far the job is, or the transfer if its length is known. */
  percent?: number;
  /** Bytes of the body that were sent. */
  sent?: number;
  /** Length of the body to send. */
  sendTotal?: number;
  /** Bytes of the body that were received. */
  received?: number;
  /** Length of the body to receive. */
  receiveTotal?: number;
}

/** What is known of a client. */
export interface ClientFacts {
  /** The service, as the option service names it. */
  service?: string;
  /** The base of all paths. */
  baseUrl?: string;
  /** Where the token came from. */
  tokenSource?: string;
  /** How long the token lives, in seconds. */
  tokenExpiresInS?: number;
  /** Requests of the client so far; retries, redirects and logins are among them. */
  requests?: number;
  /** Retries of the client so far. */
  retries?: number;
  /** Logins of the client so far, failed ones included. */
  logins?: number;
  /** Bytes that finished requests sent, heads included. */
  bytesSent?: number;
  /** Bytes of bodies that finished requests received, as they came. */
  bytesReceived?: number;
  /** Connections that are open now, idle ones included. */
  openConnections?: number;
  /** Requests, logins and streams that are under way now. */
  underWay?: number;
}

/** `CRUX_ERR_ARGUMENT`: An argument or option is not usable; nothing was sent. Since 0.2. */
export class ArgumentError extends CruxError {}

/** `CRUX_ERR_RESOLVE`: The host name could not be resolved. Since 0.2. */
export class ResolveError extends CruxError {}

/** `CRUX_ERR_CONNECT`: No connection could be made. Since 0.2. */
export class ConnectError extends CruxError {}

/** `CRUX_ERR_TLS`: A trusted, encrypted connection could not be made. Since 0.2. */
export class TLSError extends CruxError {}

/** `CRUX_ERR_IO`: The connection broke. Since 0.2. */
export class IOError extends CruxError {}

/** `CRUX_ERR_PROTOCOL`: The server's response is not valid HTTP, or not what the service promises. Since 0.2. */
export class ProtocolError extends CruxError {}

/** `CRUX_ERR_TIMEOUT`: A time limit was reached. Since 0.2. */
export class TimeoutError extends CruxError {}

/** `CRUX_ERR_CANCELLED`: The operation was cancelled. Since 0.2. */
export class CancelledError extends CruxError {}

/** `CRUX_ERR_AUTH`: The login was refused, or the server did not accept the token. Since 0.2. */
export class AuthError extends CruxError {}

/** `CRUX_ERR_HTTP`: The server answered with an error status, or a redirect that is not followed. Since 0.2. */
export class HTTPError extends CruxError {}

/** `CRUX_ERR_TOO_LARGE`: The response is larger than the limit. Since 0.2. */
export class TooLargeError extends CruxError {}

/** `CRUX_ERR_JOB`: The server says that its job failed. Since 0.2. */
export class JobError extends CruxError {}

/** `CRUX_ERR_FILE`: A local file could not be read or written. Since 0.2. */
export class FileError extends CruxError {}

/** `CRUX_ERR_INTERNAL`: A fault inside libcrux. Since 0.2. */
export class InternalError extends CruxError {}

/** What stands in `error.code`. */
export type ErrorCode =
  | 'CRUX_ERR_ARGUMENT'
  | 'CRUX_ERR_RESOLVE'
  | 'CRUX_ERR_CONNECT'
  | 'CRUX_ERR_TLS'
  | 'CRUX_ERR_IO'
  | 'CRUX_ERR_PROTOCOL'
  | 'CRUX_ERR_TIMEOUT'
  | 'CRUX_ERR_CANCELLED'
  | 'CRUX_ERR_AUTH'
  | 'CRUX_ERR_HTTP'
  | 'CRUX_ERR_TOO_LARGE'
  | 'CRUX_ERR_JOB'
  | 'CRUX_ERR_FILE'
  | 'CRUX_ERR_INTERNAL';
