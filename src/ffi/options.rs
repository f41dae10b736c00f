//! Options: what a plain login does not say.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use crate::error::{Code, Error};
use crate::ffi::handle::{self, Object, OptionsObject};
use crate::ffi::hook::{HookContext, log_hook, tick_hook, token_hook};
use crate::ffi::simple::{failed_client, log_in};
use crate::ffi::sticky::Sticky;
use crate::ffi::text::{self, Texts};
use crate::ffi::types::{
    crux_client, crux_log_fn, crux_options, crux_release_fn, crux_tick_fn, crux_token_fn,
};
use crate::sync::Lock;

/// Returns new options, all at their defaults. docs/options.md and crux_option_at list them.
///
/// @return options, never NULL
/// @owner   the caller; end it with crux_free
/// @threads any
/// @waits   no
/// @since   0.1
#[unsafe(no_mangle)]
pub extern "C" fn crux_options_new() -> *mut crux_options {
    let make = || {
        handle::give(Object::Options(Arc::new(OptionsObject {
            options: Lock::default(),
            hooks: Lock::default(),
            refused: Sticky::default(),
            texts: Texts::default(),
        })))
    };
    guard!(std::ptr::null_mut(), { make() })
}

/// Sets an option.
///
/// @param options  from crux_options_new
/// @param key      such as "base_url" or "timeout.total_ms"
/// @param value    as text; NULL restores the default
/// @return CRUX_OK; CRUX_ERR_ARGUMENT if the key is not known (crux_message(options) names the nearest
///         one) or the value is not usable, and then the option stays as it was
/// @threads one at a time
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `options` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_options_set(
    options: *mut crux_options,
    key: *const c_char,
    value: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        let Ok(object) = handle::options(options) else { return Code::Argument.number() };
        // SAFETY: the caller's promise.
        let (key, value) = unsafe { (text::required(key, "key"), text::optional(value, "value")) };
        let name = format!("set:{}", key.as_deref().unwrap_or_default());
        let outcome = (|| object.options.lock().set(key?, value?))();
        object.refused.note(&name, outcome)
    })
}

/// Sets base URL and credentials from environment variables: CRUX_API, CRUX_TOKEN, CRUX_USER and
/// CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists them). What is set by
/// hand wins. Without the option "service", the service whose variables are found is taken.
///
/// @param options  from crux_options_new
/// @param account  NULL, or a name that is added to each variable: "acme" reads CRUX_TOKEN_ACME
/// @return CRUX_OK, also if no variable is set; CRUX_ERR_ARGUMENT if one is not usable
/// @threads one at a time, and none that changes the environment meanwhile
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `options` is any pointer; `account` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_options_env(options: *mut crux_options, account: *const c_char) -> i32 {
    guard!(Code::Internal.number(), {
        let Ok(object) = handle::options(options) else { return Code::Argument.number() };
        // SAFETY: the caller's promise.
        let outcome = unsafe { text::optional(account, "account") }
            .and_then(|account| object.options.lock().read_env(account, |name| std::env::var_os(name)));
        object.refused.note("env", outcome)
    })
}

/// Sets what takes the log. It is called on threads that are inside a function of libcrux, possibly several
/// at once; it may call libcrux, and must return normally.
///
/// @param options  from crux_options_new
/// @param level    CRUX_LOG_OFF to CRUX_LOG_TRACE: lines above it are not made
/// @param log      the function; NULL = none. `line` is a text without a line end, good during the call
/// @param context  passed to log and release; may be NULL
/// @param release  called once with context when log will never be called again: after the options, the client
///                 and all that was made from it are freed. NULL = nothing to release
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
/// @threads one at a time
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `options` is any pointer; `log` and `release` may be called with `context`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_options_log(
    options: *mut crux_options,
    level: i32,
    log: crux_log_fn,
    context: *mut c_void,
    release: crux_release_fn,
) -> i32 {
    let context = HookContext::new(context, release);
    guard!(Code::Internal.number(), {
        let Ok(object) = handle::options(options) else { return Code::Argument.number() };
        let outcome = object.options.lock().set("log.level", Some(&level.to_string()));
        if outcome.is_ok() {
            object.hooks.lock().log = log_hook(log, context);
        }
        object.refused.note("log", outcome)
    })
}

/// Sets what is called while anything of the client waits: for Ctrl-C, progress bars, and tools that must
/// serve their window from their only thread. It runs on the thread that waits; for started requests, in
/// crux_wait and crux_next_finished, unless these only look (0 ms). An event loop that only looks needs no
/// tick: it reads crux_number(response, "phase") on a timer, and crux_cancel ends the request. The tick may
/// call libcrux, but is not called again by that; it must return normally.
///
/// @param options  from crux_options_new
/// @param tick     called about every "tick.every_ms", after each signal and at each change of phase; other
///                 than 0 ends the request with CRUX_ERR_CANCELLED. NULL = none
/// @param context  passed to tick and release; may be NULL
/// @param release  called once with context when tick will never be called again: after the options, the
///                 client and all that was made from it are freed. NULL = nothing to release
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
/// @threads one at a time
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `options` is any pointer; `tick` and `release` may be called with `context`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_options_tick(
    options: *mut crux_options,
    tick: crux_tick_fn,
    context: *mut c_void,
    release: crux_release_fn,
) -> i32 {
    let context = HookContext::new(context, release);
    guard!(Code::Internal.number(), {
        let Ok(object) = handle::options(options) else { return Code::Argument.number() };
        object.hooks.lock().tick = tick_hook(tick, context);
        object.refused.note("tick", Ok(()))
    })
}

/// Sets what gives the token, instead of a password: a keyring, a vault, single sign-on. It is asked when a
/// token is needed or was refused, by one request at a time, whose result all share.
///
/// @param options  from crux_options_new
/// @param fetch    writes a token into a buffer and returns its length; 0 = there is none, -1 to give up: the
///                 request then ends with CRUX_ERR_AUTH, and the next one asks again. For a started request
///                 it may run on a thread of libcrux. NULL = none
/// @param context  passed to fetch and release
/// @param release  called once with context when fetch will never be called again: after the options, the
///                 client and all that was made from it are freed. NULL = nothing to release
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
/// @threads one at a time
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `options` is any pointer; `fetch` and `release` may be called with `context`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_options_token(
    options: *mut crux_options,
    fetch: crux_token_fn,
    context: *mut c_void,
    release: crux_release_fn,
) -> i32 {
    let context = HookContext::new(context, release);
    guard!(Code::Internal.number(), {
        let Ok(object) = handle::options(options) else { return Code::Argument.number() };
        object.hooks.lock().token = token_hook(fetch, context);
        object.refused.note("token", Ok(()))
    })
}

/// Logs in as the options say; like crux_login otherwise.
///
/// @param options  from crux_options_new; may be freed or used again afterwards
/// @return a client, never NULL; crux_code(client) says how it went
/// @owner   the caller; end it with crux_free
/// @threads any number at once, while no thread changes the options
/// @waits   for the login, if there is a user and "login.when" is not first_use
/// @since   0.1
///
/// # Safety
/// `options` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_login_with(options: *const crux_options) -> *mut crux_client {
    guard!(failed_client(Error::fault()), {
        match handle::options(options) {
            Ok(object) => {
                let (chosen, hooks) = (object.options.lock().clone(), object.hooks.lock().clone());
                log_in(object.refused.check().map(|()| chosen), hooks)
            }
            Err(error) => failed_client(error),
        }
    })
}
