//! A call in detail: query, headers, body, options of its own.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use crate::call::Call;
use crate::call::body::Content;
use crate::client::running::Running;
use crate::error::{Code, Error, Result};
use crate::ffi::guard::panicked;
use crate::ffi::handle::{self, CallObject, Object};
use crate::ffi::hook::{HookContext, tick_hook};
use crate::ffi::simple::live_client;
use crate::ffi::text::{self, Texts};
use crate::ffi::types::{crux_call, crux_client, crux_release_fn, crux_tick_fn};
use crate::hooks::Hooks;
use crate::sync::Lock;

pub(super) fn give_call(call: Result<(Call, Hooks)>) -> *mut crux_call {
    let last = Lock::new(call.as_ref().err().cloned());
    let (call, hooks) = match call {
        Ok((call, hooks)) => (Ok(call), hooks),
        Err(error) => (Err(error), Hooks::default()),
    };
    handle::give(Object::Call(Arc::new(CallObject {
        call: Lock::new(call),
        last,
        running: Running::default(),
        hooks: Lock::new((hooks, Hooks::default())),
        texts: Texts::default(),
    })))
}

/// Changes a call, and remembers how that went.
fn change(handle: *mut crux_call, work: impl FnOnce(&mut Call) -> Result<()>) -> i32 {
    let Ok(object) = handle::call(handle) else { return Code::Argument.number() };
    let outcome = match &mut *object.call.lock() {
        Ok(call) => work(call),
        Err(error) => Err(error.clone()),
    };
    let code = outcome.as_ref().map_or_else(|error: &Error| error.code, |()| Code::Ok);
    *object.last.lock() = outcome.err();
    code.number()
}

/// Starts to describe a request.
///
/// @param client  from crux_login; may be freed before the call is
/// @param method  such as "GET" or "POST"
/// @param path    as for crux_request
/// @return a call, never NULL; crux_code(call) says whether the arguments are usable
/// @owner   the caller; end it with crux_free
/// @threads any number at once
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
    guard!(give_call(Err(panicked())), {
        give_call(live_client(client).and_then(|(client, hooks)| {
            // SAFETY: the caller's promise.
            let (method, path) =
                unsafe { (text::required(method, "method")?, text::required(path, "path")?) };
            Ok((Call::new(client, method, path)?, hooks))
        }))
    })
}

/// Adds a pair to the query, percent-encoded.
///
/// @param call   from crux_call_new
/// @param name   plain text
/// @param value  plain text; NULL = ""
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then the call stays as it was
/// @threads one at a time
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
        change(call, |call| {
            // SAFETY: the caller's promise.
            let (name, value) = unsafe { (text::required(name, "name")?, text::optional(value, "value")?) };
            call.query(name, value.unwrap_or_default())
        })
    })
}

/// Adds a header. Those that libcrux answers for itself (Authorization, Host, Content-Length and
/// their like) are refused. To a foreign origin only headers go that are known to hold no credentials.
///
/// @param call   from crux_call_new
/// @param name   the header's name
/// @param value  its value; NULL = ""
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then the call stays as it was
/// @threads one at a time
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
        change(call, |call| {
            // SAFETY: the caller's promise.
            let (name, value) = unsafe { (text::required(name, "name")?, text::optional(value, "value")?) };
            call.header(name, value.unwrap_or_default())
        })
    })
}

/// Sets the body; the bytes are copied.
///
/// @param call    from crux_call_new
/// @param data    the bytes; NULL = no body
/// @param length  how many; -1 = up to the NUL
/// @param type    the Content-Type; NULL = the service's JSON; "" = none
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then the call stays as it was
/// @threads one at a time
/// @since   0.1
///
/// # Safety
/// `call` is any pointer; `data` has `length` bytes; `type` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_body(
    call: *mut crux_call,
    data: *const c_void,
    length: isize,
    r#type: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        change(call, |call| {
            // SAFETY: the caller's promise.
            let (data, kind) =
                unsafe { (text::bytes(data, length, "data")?, text::optional(r#type, "type")?) };
            match data {
                Some(data) => call.body(data, kind),
                None => {
                    call.no_body();
                    Ok(())
                }
            }
        })
    })
}

/// Sets an option for this call only; docs/options.md marks those that can be.
///
/// @param call   from crux_call_new
/// @param key    such as "timeout.total_ms"
/// @param value  as text; NULL restores the client's value
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then the call stays as it was
/// @threads one at a time
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
        change(call, |call| {
            // SAFETY: the caller's promise.
            let (key, value) = unsafe { (text::required(key, "key")?, text::optional(value, "value")?) };
            call.set(key, value)
        })
    })
}

/// Sends a file as the body, straight from the disk; its length is taken when the call is sent.
///
/// @param call  from crux_call_new
/// @param file  its path
/// @param type  the Content-Type; NULL = application/octet-stream; "" = none
/// @return CRUX_OK, CRUX_ERR_ARGUMENT, or CRUX_ERR_FILE if it cannot be read; then the call stays as it was
/// @threads one at a time
/// @since   0.1
///
/// # Safety
/// `call` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_file(
    call: *mut crux_call,
    file: *const c_char,
    r#type: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        change(call, |call| {
            // SAFETY: the caller's promise.
            let (file, kind) = unsafe { (text::required(file, "file")?, text::optional(r#type, "type")?) };
            call.file(file, kind)
        })
    })
}

/// Adds a part to a form (multipart/form-data), which becomes the body.
///
/// @param call   from crux_call_new
/// @param field  the field's name
/// @param value  its text; NULL if it is a file
/// @param file   the file it holds, sent straight from the disk under its own name; NULL if it is a text
/// @param type   the part's type; NULL = none for a text, by its ending for a file
/// @return CRUX_OK, CRUX_ERR_ARGUMENT, or CRUX_ERR_FILE if it cannot be read; then the call stays as it was
/// @threads one at a time
/// @since   0.1
///
/// # Safety
/// `call` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_part(
    call: *mut crux_call,
    field: *const c_char,
    value: *const c_char,
    file: *const c_char,
    r#type: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        change(call, |call| {
            // SAFETY: the caller's promise.
            let (field, value, file, kind) = unsafe {
                (
                    text::required(field, "field")?,
                    text::optional(value, "value")?,
                    text::optional(file, "file")?,
                    text::optional(r#type, "type")?,
                )
            };
            let content = match (value, file) {
                (Some(value), None) => Content::Value(value.to_owned()),
                (None, Some(file)) => Content::File(file.to_owned()),
                _ => return Err(Error::argument("A part needs either a value or a file.")),
            };
            call.part(field, content, kind)
        })
    })
}

/// Sets what is called while this call waits, instead of the client's tick.
///
/// @param call     from crux_call_new and its kin
/// @param tick     called on the thread that waits inside a function of libcrux, about every "tick.every_ms",
///                 after each signal and at each change of phase; other than 0 ends the request. NULL = the
///                 client's tick again
/// @param context  passed to tick and release
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
        let code = change(call, |call| {
            call.tick = hook.as_ref().map(Arc::downgrade);
            Ok(())
        });
        let before = std::mem::replace(&mut object.hooks.lock().1.tick, hook);
        // Outside the lock: it may call the host.
        drop(before);
        code
    })
}
