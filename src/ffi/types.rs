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

/// Releases what a context points to: called once, when libcrux will never call the hook beside it again.
pub type crux_release_fn = Option<unsafe extern "C" fn(context: *mut c_void)>;

/// Reads a piece of a body: returns how many bytes it put into the buffer, 0 at the end, -1 to give up.
pub type crux_read_fn =
    Option<unsafe extern "C" fn(context: *mut c_void, buffer: *mut c_void, capacity: usize) -> isize>;

/// Visits a JSON value; see crux_json_walk.
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

/// The version of this header.
pub const CRUX_VERSION_MAJOR: i32 = 0;
pub const CRUX_VERSION_MINOR: i32 = 1;
pub const CRUX_VERSION_PATCH: i32 = 0;

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
/// The answer is not valid HTTP, or not what the service promises.
pub const CRUX_ERR_PROTOCOL: i32 = 6;
/// A time limit was reached; the message says which.
pub const CRUX_ERR_TIMEOUT: i32 = 7;
/// Ended by crux_cancel.
pub const CRUX_ERR_CANCELLED: i32 = 8;
/// Login refused, or 401.
pub const CRUX_ERR_AUTH: i32 = 9;
/// Any other 4xx or 5xx, or a redirect that is not followed; status, headers and body are kept.
pub const CRUX_ERR_HTTP: i32 = 10;
/// The answer is larger than the limit.
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

/// Levels of log lines.
pub const CRUX_LOG_OFF: i32 = 0;
pub const CRUX_LOG_ERROR: i32 = 1;
pub const CRUX_LOG_WARNING: i32 = 2;
pub const CRUX_LOG_INFO: i32 = 3;
pub const CRUX_LOG_DEBUG: i32 = 4;
pub const CRUX_LOG_TRACE: i32 = 5;
