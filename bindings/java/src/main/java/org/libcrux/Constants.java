// Made by bindings/generator from include/crux.json.

package org.libcrux;

/**
 * The numbers of libcrux: outcomes, types of JSON, phases and levels of the log.
 *
 * @since 0.2
 */
public final class Constants {
    private Constants() {}

    /** The version of this header. */
    public static final int VERSION_MAJOR = 0;

    /** The number of CRUX_VERSION_MINOR. */
    public static final int VERSION_MINOR = 2;

    /** The number of CRUX_VERSION_PATCH. */
    public static final int VERSION_PATCH = 0;

    /** Grows by one with each release that adds functions; what crux_abi returns. */
    public static final int ABI = 1;

    /** Not finished yet. */
    public static final int PENDING = -1;

    /** Success: status 2xx, 304, or a 303 that means "exists already". */
    public static final int OK = 0;

    /** An argument or option is not usable; nothing was sent. */
    public static final int ERR_ARGUMENT = 1;

    /** The host name could not be resolved. */
    public static final int ERR_RESOLVE = 2;

    /** No connection could be made. */
    public static final int ERR_CONNECT = 3;

    /** No trusted, encrypted connection could be made. */
    public static final int ERR_TLS = 4;

    /** The connection broke. */
    public static final int ERR_IO = 5;

    /** The response is not valid HTTP, or not what the service promises. */
    public static final int ERR_PROTOCOL = 6;

    /** A time limit was reached; the message says which. */
    public static final int ERR_TIMEOUT = 7;

    /** Ended by crux_cancel, by a tick, or by the source of a body that gave up. */
    public static final int ERR_CANCELLED = 8;

    /** Login refused, or 401. */
    public static final int ERR_AUTH = 9;

    /** Any other 4xx or 5xx, or a redirect that is not followed; status, headers and body are kept. */
    public static final int ERR_HTTP = 10;

    /** The response is larger than the limit. */
    public static final int ERR_TOO_LARGE = 11;

    /** The server says that its job failed. */
    public static final int ERR_JOB = 12;

    /** A local file could not be read or written. */
    public static final int ERR_FILE = 13;

    /** A fault inside libcrux. */
    public static final int ERR_INTERNAL = 14;

    /** Nothing stands at the pointer, or the body is no JSON. */
    public static final int JSON_NONE = 0;

    /** The number of CRUX_JSON_NULL. */
    public static final int JSON_NULL = 1;

    /** The number of CRUX_JSON_BOOL. */
    public static final int JSON_BOOL = 2;

    /** The number of CRUX_JSON_NUMBER. */
    public static final int JSON_NUMBER = 3;

    /** The number of CRUX_JSON_STRING. */
    public static final int JSON_STRING = 4;

    /** The number of CRUX_JSON_ARRAY. */
    public static final int JSON_ARRAY = 5;

    /** The number of CRUX_JSON_OBJECT. */
    public static final int JSON_OBJECT = 6;

    /** What a call does while it waits. In LOGIN, CONNECT and WAIT `done` and `total` are unknown. */
    public static final int PHASE_LOGIN = 1;

    /** The number of CRUX_PHASE_CONNECT. */
    public static final int PHASE_CONNECT = 2;

    /** `done` and `total` are bytes. */
    public static final int PHASE_SEND = 3;

    /** The number of CRUX_PHASE_WAIT. */
    public static final int PHASE_WAIT = 4;

    /** `done` and `total` are bytes. */
    public static final int PHASE_RECEIVE = 5;

    /** Before a retry, in milliseconds; or a started request waits for its turn. */
    public static final int PHASE_PAUSE = 6;

    /** While a job of the server runs: percent, -1 if the service tells none, and 100. */
    public static final int PHASE_JOB = 7;

    /** Levels of log lines. */
    public static final int LOG_OFF = 0;

    /** The number of CRUX_LOG_ERROR. */
    public static final int LOG_ERROR = 1;

    /** The number of CRUX_LOG_WARNING. */
    public static final int LOG_WARNING = 2;

    /** The number of CRUX_LOG_INFO. */
    public static final int LOG_INFO = 3;

    /** The number of CRUX_LOG_DEBUG. */
    public static final int LOG_DEBUG = 4;

    /** The number of CRUX_LOG_TRACE. */
    public static final int LOG_TRACE = 5;
}
