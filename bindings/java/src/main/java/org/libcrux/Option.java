// Made by bindings/generator from include/crux.json.

package org.libcrux;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The keys of all options, for {@link Options} and {@link Call#option}.
 *
 * @since 0.2
 */
public final class Option {
    /** Which service to speak: one of the built-in rows, or custom for any other. Of a client: choice (crux-connect, crux-connect-sandbox, crunch, custom); crux-connect if not set. */
    public static final String SERVICE = "service";

    /** Where the API lives; a missing trailing slash is added. Empty: the service's own. Of a client: url (URL). */
    public static final String BASE_URL = "base_url";

    /** User name or e-mail address for a password login. Of a client: text (text). */
    public static final String USER = "user";

    /** The password for `user`; without a user, a ready token or API key. Of a client: text (text, secret). */
    public static final String SECRET = "secret";

    /** A ready token or API key; no login is made. Of a client: text (text, secret). */
    public static final String TOKEN = "token";

    /** File that keeps the token between runs, for this user alone (mode 0600). Empty: the token stays in memory. Of a client: text (text). */
    public static final String TOKEN_FILE = "token_file";

    /** 0 wipes the password after the first login; an expired token is then an error. Of a client: flag (0, 1); 1 if not set. */
    public static final String KEEP_PASSWORD = "keep_password";

    /** 1 lets credentials travel over plain http to a host that is not loopback. Of a client: flag (0, 1); 0 if not set. */
    public static final String ALLOW_HTTP = "allow_http";

    /** Further origins that get the token, separated by blanks, such as https://files.example.com. Of a client: text (text). */
    public static final String ORIGINS = "origins";

    /** Text that is added to `User-Agent: libcrux/VERSION`. Of a client: ascii (visible ASCII). */
    public static final String USER_AGENT = "user_agent";

    /** Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it. Of a client or call: number (1 to 140737488355328); 67108864 if not set. */
    public static final String MAX_BODY = "max_body";

    /** What reaches the log hook: 0 off, 1 error, 2 warning, 3 info, 4 debug, 5 trace. Of a client: number (0 to 5); 2 if not set. */
    public static final String LOG_LEVEL = "log.level";

    /** Path of the login, relative to the base. Of a client: text (text). */
    public static final String LOGIN_PATH = "login.path";

    /** Method of the login, POST unless set; GET only with `login.encoding` basic. Of a client: choice (POST, PUT, GET). */
    public static final String LOGIN_METHOD = "login.method";

    /** How the login carries user name and password: as a JSON body, as a form, or in the header Authorization. Empty: json. Of a client: choice (json, form, basic). */
    public static final String LOGIN_ENCODING = "login.encoding";

    /** When a password login is made: with the client, or by the first request that needs a token. Of a client: choice (now, first_use); now if not set. */
    public static final String LOGIN_WHEN = "login.when";

    /** Member of the login body that holds the user name. Of a client: text (text). */
    public static final String LOGIN_USER_FIELD = "login.user_field";

    /** Member of the login body that holds the password. Of a client: text (text). */
    public static final String LOGIN_SECRET_FIELD = "login.secret_field";

    /** JSON object whose members are added to the login body. Of a client: json (JSON object). */
    public static final String LOGIN_EXTRA = "login.extra";

    /** RFC 6901 pointer to the token in the login's response; empty: the whole document. Of a client: pointer (JSON pointer). */
    public static final String LOGIN_TOKEN_POINTER = "login.token_pointer";

    /** Whether the login brings a token in its body, or in a `token` cookie. Of a client: choice (bearer, cookie); bearer if not set. */
    public static final String LOGIN_MODE = "login.mode";

    /** Path of the GET that ends a session at the server, relative to the base. Of a client: text (text). */
    public static final String LOGOUT_PATH = "logout.path";

    /** Path of the POST that mails a link for a new password, relative to the base. Of a client: text (text). */
    public static final String RESET_PATH = "reset.path";

    /** The word before the token, such as Bearer or Token. Set to the empty text: the bare token. Of a client: ascii (visible ASCII). */
    public static final String AUTH_SCHEME = "auth.scheme";

    /** The header that carries the token. Of a client: header (header name). */
    public static final String AUTH_HEADER = "auth.header";

    /** Headers of every request to the client's own origins, `Name: value`, one a line; other origins never get them. Of a client: headers (header lines, secret). */
    public static final String HEADERS = "headers";

    /** RFC 6901 pointer to the token's lifetime in seconds in the login's response. Without it the `exp` of a JWT is read. Of a client: pointer (JSON pointer). */
    public static final String TOKEN_EXPIRES_POINTER = "token.expires_pointer";

    /** How long a token lives, in ms, counted from the start of the login. 0: unknown. Of a client: number (0 to 2678400000). */
    public static final String TOKEN_LIFETIME_MS = "token.lifetime_ms";

    /** How long before its end a token is renewed, in ms; at most half its life. Of a client: number (0 to 2678400000); 600000 if not set. */
    public static final String TOKEN_RENEW_BEFORE_MS = "token.renew_before_ms";

    /** Path of the POST that brings a new token for a refresh token, relative to the base. Empty: the password is sent again. Of a client: text (text). */
    public static final String REFRESH_PATH = "refresh.path";

    /** Member of the refresh body that holds the refresh token. Of a client: text (text); refresh if not set. */
    public static final String REFRESH_FIELD = "refresh.field";

    /** RFC 6901 pointer to the refresh token in the responses of login and refresh. Of a client: pointer (JSON pointer); /refresh if not set. */
    public static final String REFRESH_POINTER = "refresh.pointer";

    /** JSON object whose members are added to the refresh body, such as a grant_type. Of a client: json (JSON object). */
    public static final String REFRESH_EXTRA = "refresh.extra";

    /** RFC 6901 pointer to the link to the next page. Empty: every usual place is looked at, the Link header among them. Of a client: pointer (JSON pointer). */
    public static final String PAGE_NEXT_POINTER = "page.next_pointer";

    /** Name of the form field that carries the file of an upload. Empty: the service's own. Of a client: text (text). */
    public static final String UPLOAD_FIELD = "upload.field";

    /** Pointers to the text for people in an error document, separated by blanks, tried in order. Of a client: text (text). */
    public static final String ERROR_POINTERS = "error.pointers";

    /** Longest wait for the host's address, in ms. 0: no limit. Of a client or call: number (0 to 2678400000); 5000 if not set. */
    public static final String TIMEOUT_RESOLVE_MS = "timeout.resolve_ms";

    /** Longest wait for a connection, TLS included, in ms. 0: no limit. Of a client or call: number (0 to 2678400000); 10000 if not set. */
    public static final String TIMEOUT_CONNECT_MS = "timeout.connect_ms";

    /** Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit. Of a client or call: number (0 to 2678400000); 30000 if not set. */
    public static final String TIMEOUT_HEAD_MS = "timeout.head_ms";

    /** Longest pause while a body is sent or received, in ms. 0: no limit. Of a client or call: number (0 to 2678400000); 30000 if not set. */
    public static final String TIMEOUT_IDLE_MS = "timeout.idle_ms";

    /** Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless it is set. Of a client or call: number (0 to 2678400000); 300000 if not set. */
    public static final String TIMEOUT_TOTAL_MS = "timeout.total_ms";

    /** How often a call that may safely be repeated is repeated. Of a client or call: number (0 to 20); 3 if not set. */
    public static final String RETRY_MAX = "retry.max";

    /** Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once. Of a client or call: number (0 to 2678400000); 120000 if not set. */
    public static final String RETRY_MAX_WAIT_MS = "retry.max_wait_ms";

    /** How many redirects a call follows. Of a client or call: number (0 to 20); 5 if not set. */
    public static final String REDIRECT_MAX = "redirect.max";

    /** PEM file of certificate authorities that are trusted in addition to the system's. Of a client: text (text). */
    public static final String TLS_CA_FILE = "tls.ca_file";

    /** The same as text. Of a client: text (text). */
    public static final String TLS_CA_PEM = "tls.ca_pem";

    /** SHA-256 of the server's public key in base64, several separated by `;`: of the own origins (base and `origins`) only such a server is accepted, and its issuer need not be known. Of a client: text (text). */
    public static final String TLS_PIN_SHA256 = "tls.pin_sha256";

    /** PEM file of the client certificate chain; the own origins (base and `origins`) alone get to see it. Of a client: text (text). */
    public static final String TLS_CLIENT_CERT_FILE = "tls.client_cert_file";

    /** PEM file of the client certificate's private key. Of a client: text (text). */
    public static final String TLS_CLIENT_KEY_FILE = "tls.client_key_file";

    /** Lowest TLS version that is accepted. Of a client: choice (1.2, 1.3); 1.2 if not set. */
    public static final String TLS_MIN_VERSION = "tls.min_version";

    /** 0 accepts any certificate: for tests only, and logged as a warning. Of a client: flag (0, 1); 1 if not set. */
    public static final String TLS_VERIFY = "tls.verify";

    /** URL of a proxy (http, https, socks5, socks4 or socks4a), or `direct` for none. Empty: as the environment says; on Windows, if it names none, as Internet Options say. Of a client: text (text). */
    public static final String PROXY = "proxy";

    /** Hosts that are reached without the proxy: names, .suffixes, addresses, CIDR, each with an optional port. Of a client: text (text). */
    public static final String NO_PROXY = "no_proxy";

    /** How many idle connections are kept for each host. Of a client: number (0 to 1000); 64 if not set. */
    public static final String POOL_MAX_IDLE = "pool.max_idle";

    /** How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is given -1. 0: no limit. Of a client or call: number (0 to 2678400000); 900000 if not set. */
    public static final String JOB_TIMEOUT_MS = "job.timeout_ms";

    /** RFC 6901 pointer to the address of a job's progress in the response that starts it. Empty: the service's own, else its Location. Of a client: pointer (JSON pointer). */
    public static final String JOB_LOCATION_POINTER = "job.location_pointer";

    /** RFC 6901 pointer to the status in a progress document. Of a client: pointer (JSON pointer). */
    public static final String JOB_STATUS_POINTER = "job.status_pointer";

    /** RFC 6901 pointer to the percentage in a progress document; below 0 says that the job failed, 100 that it is done where there is no status. Of a client: pointer (JSON pointer). */
    public static final String JOB_PERCENT_POINTER = "job.percent_pointer";

    /** RFC 6901 pointer to the address of the result in the progress document of a job that is done. Empty: the service's own, else where a 303 of the progress leads, or the Location. Of a client: pointer (JSON pointer). */
    public static final String JOB_RESULT_POINTER = "job.result_pointer";

    /** Words of the status that say that the job is done, separated by blanks. Of a client: text (text). */
    public static final String JOB_DONE = "job.done";

    /** Words that the status holds when the job has failed, separated by blanks. Of a client: text (text). */
    public static final String JOB_FAILED = "job.failed";

    /** Pointers to the id of what was made, separated by blanks, tried in order; for crux_info "result". Of a client: text (text). */
    public static final String RESULT_POINTERS = "result.pointers";

    /** 1 says that a POST or PATCH may safely be repeated. Of a client or call: flag (0, 1); 0 if not set. */
    public static final String IDEMPOTENT = "idempotent";

    /** File that the body is written to, as crux_download does; with `await`, and by crux_call_await, the result of the job. A stream takes none. Of a client or call: text (text). */
    public static final String SAVE = "save";

    /** 1: a call that starts a job goes on until the job has ended; with `save`, its result is then downloaded. Of a client or call: flag (0, 1); 0 if not set. */
    public static final String AWAIT = "await";

    /** 1: a call that is started finishes with the head of its response; the body is read with crux_read, which never waits. Of a client or call: flag (0, 1); 0 if not set. */
    public static final String STREAM = "stream";

    /** How often the tick hook is called while a call waits, in ms. Of a client or call: number (10 to 10000); 100 if not set. */
    public static final String TICK_EVERY_MS = "tick.every_ms";

    /** How many started calls of a client run at once; the others wait in order. Of a client: number (1 to 1024); 64 if not set. */
    public static final String BACKGROUND_MAX = "background.max";

    /** 1: the client's crux_event also wakes when a part of a response has come, which crux_next_finished with 0 ms then reads: cheaper, and it may bring none. For event loops; on Linux. Of a client: flag (0, 1); 0 if not set. */
    public static final String EVENT_EARLY = "event.early";

    /** 0 keeps no FILE.part of a download that failed. Of a client or call: flag (0, 1); 1 if not set. */
    public static final String RESUME = "resume";

    /** SHA-256 in hexadecimal that a downloaded file must have. Of a client or call: sha256 (64 hexadecimal digits). */
    public static final String SHA256 = "sha256";

    private static final Map<String, String> KEYS = new HashMap<>();

    private static final Set<String> SECRETS = new HashSet<>(Arrays.asList(
        "secret",
        "token",
        "login.extra",
        "headers",
        "refresh.extra",
        "proxy"));

    static {
        for (String key : new String[] {
            "service",
            "base_url",
            "user",
            "secret",
            "token",
            "token_file",
            "keep_password",
            "allow_http",
            "origins",
            "user_agent",
            "max_body",
            "log.level",
            "login.path",
            "login.method",
            "login.encoding",
            "login.when",
            "login.user_field",
            "login.secret_field",
            "login.extra",
            "login.token_pointer",
            "login.mode",
            "logout.path",
            "reset.path",
            "auth.scheme",
            "auth.header",
            "headers",
            "token.expires_pointer",
            "token.lifetime_ms",
            "token.renew_before_ms",
            "refresh.path",
            "refresh.field",
            "refresh.pointer",
            "refresh.extra",
            "page.next_pointer",
            "upload.field",
            "error.pointers",
            "timeout.resolve_ms",
            "timeout.connect_ms",
            "timeout.head_ms",
            "timeout.idle_ms",
            "timeout.total_ms",
            "retry.max",
            "retry.max_wait_ms",
            "redirect.max",
            "tls.ca_file",
            "tls.ca_pem",
            "tls.pin_sha256",
            "tls.client_cert_file",
            "tls.client_key_file",
            "tls.min_version",
            "tls.verify",
            "proxy",
            "no_proxy",
            "pool.max_idle",
            "job.timeout_ms",
            "job.location_pointer",
            "job.status_pointer",
            "job.percent_pointer",
            "job.result_pointer",
            "job.done",
            "job.failed",
            "result.pointers",
            "idempotent",
            "save",
            "await",
            "stream",
            "tick.every_ms",
            "background.max",
            "event.early",
            "resume",
            "sha256"
        }) {
            KEYS.put(key.replace('.', '_'), key);
        }
    }

    private Option() {}

    /** A key with underscores for its points as libcrux spells it; any other as it is. */
    static String key(String word) {
        return KEYS.getOrDefault(word, word);
    }

    static boolean isSecret(String key) {
        return SECRETS.contains(key);
    }
}
