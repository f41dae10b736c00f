//! The types and constants of the header.

use std::ffi::{c_char, c_void};

/// An account at a service; made by crux_login or crux_login_with.
pub struct crux_client(());

/// Settings for a client to come; made by crux_options_new.
pub struct crux_options(());

/// A request in the making; made by crux_call_new.
pub struct crux_call(());

/// What came of a request.
pub struct crux_response(());

/// A hook that receives one line of the log.
///
/// @param context  as it was handed over; may be NULL
/// @param level    CRUX_LOG_ERROR to CRUX_LOG_TRACE
/// @param line     a text without a line end, good during the call
/// @threads any that is inside a function of libcrux, possibly several at once
/// @since   0.2
pub type crux_log_fn = Option<unsafe extern "C" fn(context: *mut c_void, level: i32, line: *const c_char)>;

/// A hook that is called about every "tick.every_ms" while a function waits.
///
/// @param context  as it was handed over; may be NULL
/// @param phase    one of CRUX_PHASE_...
/// @param done     how far the phase is; -1 = unknown
/// @param total    how far it goes; -1 = unknown
/// @return 0 to go on; anything else ends the request with CRUX_ERR_CANCELLED
/// @threads the one that waits
/// @since   0.2
pub type crux_tick_fn =
    Option<unsafe extern "C" fn(context: *mut c_void, phase: i32, done: i64, total: i64) -> i32>;

/// A hook that is called exactly once, when no other hook of the same context will be called any more.
///
/// @param context  as it was handed over; may be NULL
/// @threads a thread of the program that is inside a function of libcrux; for a source of a started call, also
///          one of libcrux
/// @since   0.2
pub type crux_release_fn = Option<unsafe extern "C" fn(context: *mut c_void)>;

/// A hook that supplies the bytes of a body, piece by piece.
///
/// @param context   as it was handed over; may be NULL
/// @param buffer    receives the bytes
/// @param capacity  its size in bytes
/// @return how many bytes were put into it; 0 = the end; -1 = give up
/// @threads the one that waits; for a started call, one of libcrux
/// @since   0.2
pub type crux_read_fn =
    Option<unsafe extern "C" fn(context: *mut c_void, buffer: *mut c_void, capacity: usize) -> isize>;

/// A hook that visits one node of a JSON document.
///
/// @param context     as it was handed over; may be NULL
/// @param depth       0 for the node that the walk began with
/// @param type        one of CRUX_JSON_...
/// @param key         the member's name, good during the call; NULL in arrays
/// @param key_length  its length in bytes; a NUL inside is part of it
/// @param text        of a string its characters, of a number, true, false or null the JSON as it stands;
///                    NULL for arrays and objects; good during the call
/// @param length      its length in bytes; a NUL inside is part of it
/// @return 0 to go on; anything else ends the walk
/// @threads the one that walks
/// @since   0.2
pub type crux_json_fn = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        depth: i32,
        r#type: i32,
        key: *const c_char,
        key_length: usize,
        text: *const c_char,
        length: usize,
    ) -> i32,
>;

/// A hook that fetches a token from elsewhere: a keyring, a vault, single sign-on.
///
/// @param context   as it was handed over; may be NULL
/// @param refused   the token that the server refused; NULL if none was
/// @param buffer    receives the token; wiped afterwards
/// @param capacity  its size in bytes
/// @return the token's length in bytes; 0 = there is none; -1 = give up; the request then ends with
///         CRUX_ERR_AUTH. More than capacity is CRUX_ERR_ARGUMENT
/// @threads one at a time; any that is inside a function of libcrux, or one of libcrux
/// @since   0.2
pub type crux_token_fn = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        refused: *const c_char,
        buffer: *mut c_void,
        capacity: usize,
    ) -> isize,
>;

/// The version of this header. build.rs writes the three numbers there, from Cargo.toml.
pub const CRUX_VERSION_MAJOR: i32 = number(env!("CARGO_PKG_VERSION_MAJOR"));
pub const CRUX_VERSION_MINOR: i32 = number(env!("CARGO_PKG_VERSION_MINOR"));
pub const CRUX_VERSION_PATCH: i32 = number(env!("CARGO_PKG_VERSION_PATCH"));

const fn number(digits: &str) -> i32 {
    match i32::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("a part of the version is no number"),
    }
}

/// Grows by one with each release that adds functions; what crux_abi returns.
pub const CRUX_ABI: i32 = 1;

/// Not finished yet.
pub const CRUX_PENDING: i32 = -1;
/// Success: status 2xx, 304, or a 303 that means "exists already".
pub const CRUX_OK: i32 = 0;
/// An argument or option is not usable; nothing was sent.
pub const CRUX_ERR_ARGUMENT: i32 = 1;
/// The host name could not be resolved.
pub const CRUX_ERR_RESOLVE: i32 = 2;
/// No connection could be made.
pub const CRUX_ERR_CONNECT: i32 = 3;
/// No trusted, encrypted connection could be made.
pub const CRUX_ERR_TLS: i32 = 4;
/// The connection broke.
pub const CRUX_ERR_IO: i32 = 5;
/// The response is not valid HTTP, or not what the service promises.
pub const CRUX_ERR_PROTOCOL: i32 = 6;
/// A time limit was reached; the message says which.
pub const CRUX_ERR_TIMEOUT: i32 = 7;
/// Ended by crux_cancel, by a tick, or by the source of a body that gave up.
pub const CRUX_ERR_CANCELLED: i32 = 8;
/// Login refused, or 401.
pub const CRUX_ERR_AUTH: i32 = 9;
/// Any other 4xx or 5xx, or a redirect that is not followed; status, headers and body are kept.
pub const CRUX_ERR_HTTP: i32 = 10;
/// The response is larger than the limit.
pub const CRUX_ERR_TOO_LARGE: i32 = 11;
/// The server says that its job failed.
pub const CRUX_ERR_JOB: i32 = 12;
/// A local file could not be read or written.
pub const CRUX_ERR_FILE: i32 = 13;
/// A fault inside libcrux.
pub const CRUX_ERR_INTERNAL: i32 = 14;

/// Nothing stands at the pointer, or the body is no JSON.
pub const CRUX_JSON_NONE: i32 = 0;
pub const CRUX_JSON_NULL: i32 = 1;
pub const CRUX_JSON_BOOL: i32 = 2;
pub const CRUX_JSON_NUMBER: i32 = 3;
pub const CRUX_JSON_STRING: i32 = 4;
pub const CRUX_JSON_ARRAY: i32 = 5;
pub const CRUX_JSON_OBJECT: i32 = 6;

/// What a call does while it waits. In LOGIN, CONNECT and WAIT `done` and `total` are unknown.
pub const CRUX_PHASE_LOGIN: i32 = 1;
pub const CRUX_PHASE_CONNECT: i32 = 2;
/// `done` and `total` are bytes.
pub const CRUX_PHASE_SEND: i32 = 3;
pub const CRUX_PHASE_WAIT: i32 = 4;
/// `done` and `total` are bytes.
pub const CRUX_PHASE_RECEIVE: i32 = 5;
/// Before a retry, in milliseconds; or a started request waits for its turn.
pub const CRUX_PHASE_PAUSE: i32 = 6;
/// While a job of the server runs: percent, -1 if the service tells none, and 100.
pub const CRUX_PHASE_JOB: i32 = 7;

/// Levels of log lines.
pub const CRUX_LOG_OFF: i32 = 0;
pub const CRUX_LOG_ERROR: i32 = 1;
pub const CRUX_LOG_WARNING: i32 = 2;
pub const CRUX_LOG_INFO: i32 = 3;
pub const CRUX_LOG_DEBUG: i32 = 4;
pub const CRUX_LOG_TRACE: i32 = 5;
