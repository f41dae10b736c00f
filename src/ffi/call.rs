//! A call in detail: query, headers, names in the path, options of its own.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use crate::call::Call;
use crate::client::Client;
use crate::client::running::Running;
use crate::error::{Code, Error, Result};
use crate::ffi::handle::{self, CallObject, Object};
use crate::ffi::hook::{HookContext, tick_hook};
use crate::ffi::simple::live_client;
use crate::ffi::sticky::Sticky;
use crate::ffi::text::{self, Texts};
use crate::ffi::types::{crux_call, crux_client, crux_release_fn, crux_tick_fn};
use crate::hooks::Hooks;
use crate::sync::Lock;

/// A handle for a call; `client` is asked for if it could not be made.
pub(super) fn give_call(
    call: Result<(Call, Hooks)>,
    client: impl FnOnce() -> Option<(Arc<Client>, Hooks)>,
) -> *mut crux_call {
    let refused = Sticky::with(call.as_ref().err().cloned());
    let (call, unmade_for, hooks) = match call {
        Ok((call, hooks)) => (Ok(call), None, hooks),
        Err(error) => {
            let (client, hooks) = client().unzip();
            (Err(error), client, hooks.unwrap_or_default())
        }
    };
    handle::give(Object::Call(Arc::new(CallObject {
        call: Lock::new(call),
        unmade_for,
        refused,
        running: Running::default(),
        hooks: Lock::new((hooks, Hooks::default())),
        texts: Texts::default(),
    })))
}

pub(super) fn no_call() -> *mut crux_call {
    give_call(Err(Error::fault()), || None)
}

/// Changes a call, and notes how setting `what` went. Each such thing is told apart by a kind and a name.
pub(super) fn change(
    handle: *mut crux_call,
    kind: &str,
    name: Result<&str>,
    work: impl FnOnce(&mut Call, &str) -> Result<()>,
) -> i32 {
    let Ok(object) = handle::call(handle) else { return Code::Argument.number() };
    let what = format!("{kind}:{}", name.as_deref().unwrap_or_default());
    let outcome = match &mut *object.call.lock() {
        Ok(call) => name.and_then(|name| work(call, name)),
        Err(error) => Err(error.clone()),
    };
    object.refused.note(&what, outcome)
}

/// Returns a new call: a request to be described, then sent. A refused setting can be corrected by setting the
/// same name, field or pointer again. If no value is right, such as for a header that libcrux sets itself, make
/// a new call.
///
/// @param client  from crux_login; may be freed before the call is
/// @param method  such as "GET" or "POST"
/// @param path    as for crux_request
/// @return a call, never NULL; crux_code(call) says whether the arguments are usable
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `client` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_new(
    client: *const crux_client,
    method: *const c_char,
    path: *const c_char,
) -> *mut crux_call {
    guard!(no_call(), {
        let call = live_client(client).and_then(|(client, hooks)| {
            // SAFETY: the caller's promise.
            let (method, path) =
                unsafe { (text::required(method, "method")?, text::required(path, "path")?) };
            Ok((Call::new(client, method, path)?, hooks))
        });
        give_call(call, || live_client(client).ok())
    })
}

/// Sets what a {name} of the path stands for; percent-encoded, so that it stays one piece of the path.
///
/// @param call   from crux_call_new, with a path such as "by_name/{name}/"
/// @param name   the name, without braces
/// @param value  plain text; NULL = ""
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
/// @threads one at a time
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `call` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_fill(
    call: *mut crux_call,
    name: *const c_char,
    value: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        // SAFETY: the caller's promise.
        let (name, value) = unsafe { (text::required(name, "name"), text::optional(value, "value")) };
        change(call, "fill", name, |call, name| call.fill(name, value?.unwrap_or_default()))
    })
}

/// Adds a pair to the query, percent-encoded.
///
/// @param call   from crux_call_new
/// @param name   plain text
/// @param value  plain text; NULL = ""
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
/// @threads one at a time
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `call` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_query(
    call: *mut crux_call,
    name: *const c_char,
    value: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        // SAFETY: the caller's promise.
        let (name, value) = unsafe { (text::required(name, "name"), text::optional(value, "value")) };
        change(call, "query", name, |call, name| call.query(name, value?.unwrap_or_default()))
    })
}

/// Adds a header. Those that libcrux sets itself (Authorization, Host, Content-Length and
/// their like) are refused. To another origin only headers go that are known to hold no credentials.
///
/// @param call   from crux_call_new
/// @param name   the header's name
/// @param value  its value; NULL = ""
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
/// @threads one at a time
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `call` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_header(
    call: *mut crux_call,
    name: *const c_char,
    value: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        // SAFETY: the caller's promise.
        let (name, value) = unsafe { (text::required(name, "name"), text::optional(value, "value")) };
        change(call, "header", name, |call, name| call.header(name, value?.unwrap_or_default()))
    })
}

/// Sets an option for this call only; docs/options.md marks those that can be.
///
/// @param call   from crux_call_new
/// @param key    such as "timeout.total_ms"
/// @param value  as text; NULL restores the client's value
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
/// @threads one at a time
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `call` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_set(
    call: *mut crux_call,
    key: *const c_char,
    value: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        // SAFETY: the caller's promise.
        let (key, value) = unsafe { (text::required(key, "key"), text::optional(value, "value")) };
        change(call, "set", key, |call, key| call.set(key, value?))
    })
}

/// Sets what is called while this call waits, instead of the client's tick. crux_wait and crux_next_finished
/// call none if they only look (0 ms).
///
/// @param call     from crux_call_new and its kin
/// @param tick     called on the thread that waits inside a function of libcrux, about every "tick.every_ms",
///                 after each signal and at each change of phase; other than 0 ends the request. NULL = the
///                 client's tick again
/// @param context  passed to tick and release; may be NULL
/// @param release  called once with context when tick will never be called again; NULL = nothing to release
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once
/// @threads one at a time
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `call` is any pointer; `tick` and `release` may be called with `context`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_tick(
    call: *mut crux_call,
    tick: crux_tick_fn,
    context: *mut c_void,
    release: crux_release_fn,
) -> i32 {
    let context = HookContext::new(context, release);
    guard!(Code::Internal.number(), {
        let Ok(object) = handle::call(call) else { return Code::Argument.number() };
        let hook = tick_hook(tick, context);
        let code = change(call, "tick", Ok(""), |call, _| {
            call.tick = hook.as_ref().map(Arc::downgrade);
            Ok(())
        });
        if code == Code::Ok.number() {
            object.hooks.lock().1.tick = hook;
        }
        code
    })
}
