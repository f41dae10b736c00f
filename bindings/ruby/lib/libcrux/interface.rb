# frozen_string_literal: true

# Made from include/crux.json by `make bindings`; do not edit.

module Crux
  # The version of the interface that this gem was made for.
  VERSION = "0.2.0"

  # The least `crux_abi` that this gem can use.
  ABI = 1

  # The name under which the system's loader knows the library.
  SONAME = "libcrux.so.0"

  # An argument or option is not usable; nothing was sent.
  class InvalidArgumentError < ::ArgumentError
    include Error

    # The number of this outcome.
    CODE = 1
  end

  # The host name could not be resolved.
  class ResolveError < ::SocketError
    include Error

    # The number of this outcome.
    CODE = 2
  end

  # No connection could be made.
  class ConnectError < ::SocketError
    include Error

    # The number of this outcome.
    CODE = 3
  end

  # A trusted, encrypted connection could not be made.
  class TLSError < ::StandardError
    include Error

    # The number of this outcome.
    CODE = 4
  end

  # The connection broke.
  class BrokenConnectionError < ::IOError
    include Error

    # The number of this outcome.
    CODE = 5
  end

  # The server's response is not valid HTTP, or not what the service promises.
  class ProtocolError < ::StandardError
    include Error

    # The number of this outcome.
    CODE = 6
  end

  # A time limit was reached.
  class TimeoutError < ::Timeout::Error
    include Error

    # The number of this outcome.
    CODE = 7
  end

  # The operation was cancelled.
  class CancelledError < ::StandardError
    include Error

    # The number of this outcome.
    CODE = 8
  end

  # The login was refused, or the server did not accept the token.
  class AuthError < ::StandardError
    include Error

    # The number of this outcome.
    CODE = 9
  end

  # The server answered with an error status, or a redirect that is not followed.
  class HTTPError < ::StandardError
    include Error

    # The number of this outcome.
    CODE = 10
  end

  # The response is larger than the limit.
  class TooLargeError < ::StandardError
    include Error

    # The number of this outcome.
    CODE = 11
  end

  # The server says that its job failed.
  class JobError < ::StandardError
    include Error

    # The number of this outcome.
    CODE = 12
  end

  # A local file could not be read or written.
  class FileError < ::IOError
    include Error

    # The number of this outcome.
    CODE = 13
  end

  # A fault inside libcrux.
  class InternalError < ::StandardError
    include Error

    # The number of this outcome.
    CODE = 14
  end

  # The class of each outcome, by its number.
  ERRORS = {
    1 => InvalidArgumentError,
    2 => ResolveError,
    3 => ConnectError,
    4 => TLSError,
    5 => BrokenConnectionError,
    6 => ProtocolError,
    7 => TimeoutError,
    8 => CancelledError,
    9 => AuthError,
    10 => HTTPError,
    11 => TooLargeError,
    12 => JobError,
    13 => FileError,
    14 => InternalError,
  }.freeze

  # What a request does now: the first argument of a `progress:`.
  PHASES = {
    1 => :login,
    2 => :connect,
    3 => :send,
    4 => :wait,
    5 => :receive,
    6 => :pause,
    7 => :job,
  }.freeze

  # Every option, by its keyword; those marked *call* may also be given to a single request.
  OPTIONS = {
    # Which service to speak: one of the built-in rows, or custom for any other (crux-connect, crux-connect-sandbox, crunch, custom; default crux-connect).
    service: "service",
    # Where the API lives; a missing trailing slash is added. Empty: the service's own (URL).
    base_url: "base_url",
    # User name or e-mail address for a password login (text).
    user: "user",
    # The password for `user`; without a user, a ready token or API key (text, secret).
    secret: "secret",
    # A ready token or API key; no login is made (text, secret).
    token: "token",
    # File that keeps the token between runs, for this user alone (mode 0600). Empty: the token stays in memory (text).
    token_file: "token_file",
    # 0 wipes the password after the first login; an expired token is then an error (0, 1; default 1).
    keep_password: "keep_password",
    # 1 lets credentials travel over plain http to a host that is not loopback (0, 1; default 0).
    allow_http: "allow_http",
    # Further origins that get the token, separated by blanks, such as https://files.example.com (text).
    origins: "origins",
    # Text that is added to `User-Agent: libcrux/VERSION` (visible ASCII).
    user_agent: "user_agent",
    # *call* Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it (1 to 140737488355328; default 67108864).
    max_body: "max_body",
    # What reaches the log hook: 0 off, 1 error, 2 warning, 3 info, 4 debug, 5 trace (0 to 5; default 2).
    log_level: "log.level",
    # Path of the login, relative to the base (text).
    login_path: "login.path",
    # Method of the login, POST unless set; GET only with `login.encoding` basic (POST, PUT, GET).
    login_method: "login.method",
    # How the login carries user name and password: as a JSON body, as a form, or in the header Authorization. Empty: json (json, form, basic).
    login_encoding: "login.encoding",
    # When a password login is made: with the client, or by the first request that needs a token (now, first_use; default now).
    login_when: "login.when",
    # Member of the login body that holds the user name (text).
    login_user_field: "login.user_field",
    # Member of the login body that holds the password (text).
    login_secret_field: "login.secret_field",
    # JSON object whose members are added to the login body (JSON object).
    login_extra: "login.extra",
    # RFC 6901 pointer to the token in the login's response; empty: the whole document (JSON pointer).
    login_token_pointer: "login.token_pointer",
    # Whether the login brings a token in its body, or in a `token` cookie (bearer, cookie; default bearer).
    login_mode: "login.mode",
    # Path of the GET that ends a session at the server, relative to the base (text).
    logout_path: "logout.path",
    # Path of the POST that mails a link for a new password, relative to the base (text).
    reset_path: "reset.path",
    # The word before the token, such as Bearer or Token. Set to the empty text: the bare token (visible ASCII).
    auth_scheme: "auth.scheme",
    # The header that carries the token (header name).
    auth_header: "auth.header",
    # Headers of every request to the client's own origins, `Name: value`, one a line; other origins never get them (header lines, secret).
    headers: "headers",
    # RFC 6901 pointer to the token's lifetime in seconds in the login's response. Without it the `exp` of a JWT is read (JSON pointer).
    token_expires_pointer: "token.expires_pointer",
    # How long a token lives, in ms, counted from the start of the login. 0: unknown (0 to 2678400000).
    token_lifetime_ms: "token.lifetime_ms",
    # How long before its end a token is renewed, in ms; at most half its life (0 to 2678400000; default 600000).
    token_renew_before_ms: "token.renew_before_ms",
    # Path of the POST that brings a new token for a refresh token, relative to the base. Empty: the password is sent again (text).
    refresh_path: "refresh.path",
    # Member of the refresh body that holds the refresh token (text; default refresh).
    refresh_field: "refresh.field",
    # RFC 6901 pointer to the refresh token in the responses of login and refresh (JSON pointer; default /refresh).
    refresh_pointer: "refresh.pointer",
    # JSON object whose members are added to the refresh body, such as a grant_type (JSON object).
    refresh_extra: "refresh.extra",
    # RFC 6901 pointer to the link to the next page. Empty: every usual place is looked at, the Link header among them (JSON pointer).
    page_next_pointer: "page.next_pointer",
    # Name of the form field that carries the file of an upload. Empty: the service's own (text).
    upload_field: "upload.field",
    # Pointers to the text for people in an error document, separated by blanks, tried in order (text).
    error_pointers: "error.pointers",
    # *call* Longest wait for the host's address, in ms. 0: no limit (0 to 2678400000; default 5000).
    timeout_resolve_ms: "timeout.resolve_ms",
    # *call* Longest wait for a connection, TLS included, in ms. 0: no limit (0 to 2678400000; default 10000).
    timeout_connect_ms: "timeout.connect_ms",
    # *call* Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit (0 to 2678400000; default 30000).
    timeout_head_ms: "timeout.head_ms",
    # *call* Longest pause while a body is sent or received, in ms. 0: no limit (0 to 2678400000; default 30000).
    timeout_idle_ms: "timeout.idle_ms",
    # *call* Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless it is set (0 to 2678400000; default 300000).
    timeout_total_ms: "timeout.total_ms",
    # *call* How often a call that may safely be repeated is repeated (0 to 20; default 3).
    retry_max: "retry.max",
    # *call* Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once (0 to 2678400000; default 120000).
    retry_max_wait_ms: "retry.max_wait_ms",
    # *call* How many redirects a call follows (0 to 20; default 5).
    redirect_max: "redirect.max",
    # PEM file of certificate authorities that are trusted in addition to the system's (text).
    tls_ca_file: "tls.ca_file",
    # The same as text (text).
    tls_ca_pem: "tls.ca_pem",
    # SHA-256 of the server's public key in base64, several separated by `;`: of the own origins (base and `origins`) only such a server is accepted, and its issuer need not be known (text).
    tls_pin_sha256: "tls.pin_sha256",
    # PEM file of the client certificate chain; the own origins (base and `origins`) alone get to see it (text).
    tls_client_cert_file: "tls.client_cert_file",
    # PEM file of the client certificate's private key (text).
    tls_client_key_file: "tls.client_key_file",
    # Lowest TLS version that is accepted (1.2, 1.3; default 1.2).
    tls_min_version: "tls.min_version",
    # 0 accepts any certificate: for tests only, and logged as a warning (0, 1; default 1).
    tls_verify: "tls.verify",
    # URL of a proxy (http, https, socks5, socks4 or socks4a), or `direct` for none. Empty: as the environment says; on Windows, if it names none, as Internet Options say (text).
    proxy: "proxy",
    # Hosts that are reached without the proxy: names, .suffixes, addresses, CIDR, each with an optional port (text).
    no_proxy: "no_proxy",
    # How many idle connections are kept for each host (0 to 1000; default 64).
    pool_max_idle: "pool.max_idle",
    # *call* How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is given -1. 0: no limit (0 to 2678400000; default 900000).
    job_timeout_ms: "job.timeout_ms",
    # RFC 6901 pointer to the address of a job's progress in the response that starts it. Empty: the service's own, else its Location (JSON pointer).
    job_location_pointer: "job.location_pointer",
    # RFC 6901 pointer to the status in a progress document (JSON pointer).
    job_status_pointer: "job.status_pointer",
    # RFC 6901 pointer to the percentage in a progress document; below 0 says that the job failed, 100 that it is done where there is no status (JSON pointer).
    job_percent_pointer: "job.percent_pointer",
    # RFC 6901 pointer to the address of the result in the progress document of a job that is done. Empty: the service's own, else where a 303 of the progress leads, or the Location (JSON pointer).
    job_result_pointer: "job.result_pointer",
    # Words of the status that say that the job is done, separated by blanks (text).
    job_done: "job.done",
    # Words that the status holds when the job has failed, separated by blanks (text).
    job_failed: "job.failed",
    # Pointers to the id of what was made, separated by blanks, tried in order; for crux_info "result" (text).
    result_pointers: "result.pointers",
    # *call* 1 says that a POST or PATCH may safely be repeated (0, 1; default 0).
    idempotent: "idempotent",
    # *call* File that the body is written to, as crux_download does; with `await`, and by crux_call_await, the result of the job. A stream takes none (text).
    save: "save",
    # *call* 1: a call that starts a job goes on until the job has ended; with `save`, its result is then downloaded (0, 1; default 0).
    await: "await",
    # *call* 1: a call that is started finishes with the head of its response; the body is read with crux_read, which never waits (0, 1; default 0).
    stream: "stream",
    # *call* How often the tick hook is called while a call waits, in ms (10 to 10000; default 100).
    tick_every_ms: "tick.every_ms",
    # How many started calls of a client run at once; the others wait in order (1 to 1024; default 64).
    background_max: "background.max",
    # 1: the client's crux_event also wakes when a part of a response has come, which crux_next_finished with 0 ms then reads: cheaper, and it may bring none. For event loops; on Linux (0, 1; default 0).
    event_early: "event.early",
    # *call* 0 keeps no FILE.part of a download that failed (0, 1; default 1).
    resume: "resume",
    # *call* SHA-256 in hexadecimal that a downloaded file must have (64 hexadecimal digits).
    sha256: "sha256",
  }.freeze

  # The options whose values must not be shown.
  SECRETS = %i[
    secret
    token
    login_extra
    headers
    refresh_extra
    proxy
  ].freeze

  # The keys of options that are numbers.
  NUMBERS = %w[
    max_body
    log.level
    token.lifetime_ms
    token.renew_before_ms
    timeout.resolve_ms
    timeout.connect_ms
    timeout.head_ms
    timeout.idle_ms
    timeout.total_ms
    retry.max
    retry.max_wait_ms
    redirect.max
    pool.max_idle
    job.timeout_ms
    tick.every_ms
    background.max
  ].freeze

  private_constant :SONAME, :ERRORS, :NUMBERS
end
