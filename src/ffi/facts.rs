//! Facts about a response: headers, and what libcrux itself knows.

use std::borrow::Cow;
use std::ffi::{CStr, c_char, c_void};

use crate::ffi::handle::{self, Object};
use crate::ffi::simple::crux_message;
use crate::ffi::subject;
use crate::ffi::text;

/// Returns a header of a response. That of a login has no cookies.
///
/// @param object  a response, or a client: the response of its last login
/// @param name    the header's name, in any case
/// @param nth     0 for the first of that name, 1 for the next
/// @return its value, the bytes as they came; NULL if there is none
/// @owner   the object, until it is freed
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `name` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_header(
    object: *const c_void,
    name: *const c_char,
    nth: usize,
) -> *const c_char {
    guard!(std::ptr::null(), {
        // SAFETY: the caller's promise.
        let (Some(object), Ok(name)) = (subject::find(object, true), unsafe { text::required(name, "name") })
        else {
            return std::ptr::null();
        };
        let is_named = |field: &(&str, &[u8])| field.0.eq_ignore_ascii_case(name);
        let head = object.response.head();
        // Most names that are asked for are not there.
        let index = head.filter(|head| head.get(name).is_some()).and_then(|head| {
            head.fields().enumerate().filter(|(_, field)| is_named(field)).nth(nth).map(|(index, _)| index)
        });
        index.and_then(|index| object.header(index)).map_or(std::ptr::null(), |(_, value)| value)
    })
}

/// Returns the headers of a response one by one.
///
/// @param object  a response, or a client: the response of its last login
/// @param index   from 0
/// @param name    receives the name, in lower case; may be NULL
/// @param value   receives the value; may be NULL
/// @return 1, or 0 past the end
/// @owner   the object, until it is freed
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `name` and `value` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_header_at(
    object: *const c_void,
    index: usize,
    name: *mut *const c_char,
    value: *mut *const c_char,
) -> i32 {
    guard!(0, {
        let Some(object) = subject::find(object, true) else { return 0 };
        let Some((key, data)) = object.header(index) else { return 0 };
        // SAFETY: the caller's promise.
        unsafe {
            if !name.is_null() {
                *name = key;
            }
            if !value.is_null() {
                *value = data;
            }
        }
        1
    })
}

/// Returns a fact as text. A fact of a response never changes once it is known.
///
/// @param object  a response or a client; a client also has the facts of its last login
/// @param name    service, base_url, url, server_message, location, warning, job_url, token_source,
///                json_error (why the body is not JSON), result (the address or id of what was made);
///                crux_fact_at lists all
/// @return the fact; NULL if it is not known
/// @owner   the object, until it is freed
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `name` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_info(object: *const c_void, name: *const c_char) -> *const c_char {
    guard!(std::ptr::null(), {
        // SAFETY: the caller's promise.
        let (Some(object), Ok(name)) = (handle::find(object), unsafe { text::required(name, "name") }) else {
            return std::ptr::null();
        };
        match info(&object, name) {
            // Only what is known is kept: a pending response may come to know more.
            Some(fact) => object.texts().get(&format!("i{name}={fact}"), || Some(fact.into_bytes())),
            None => std::ptr::null(),
        }
    })
}

fn info(object: &Object, name: &str) -> Option<String> {
    subject::facts(object, |subject| subject.text(name).map(Cow::into_owned))?
}

/// Returns a fact as a number.
///
/// @param object  a response or a client; a client also has the facts of its last login
/// @param name    attempts, elapsed_ms, retry_after_ms, retryable (0/1), maybe_sent (0/1), verified (0/1),
///                token_expires_in_s; live while a request runs: phase, percent, sent, send_total, received,
///                receive_total; of a client: requests, retries, logins, bytes_sent, bytes_received,
///                open_connections, under_way; crux_fact_at lists all
/// @return the number; -1 if it is not known
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `name` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_number(object: *const c_void, name: *const c_char) -> i64 {
    guard!(-1, {
        // SAFETY: the caller's promise.
        let (Some(object), Ok(name)) = (handle::find(object), unsafe { text::required(name, "name") }) else {
            return -1;
        };
        subject::facts(&object, |subject| subject.number(name)).unwrap_or(-1)
    })
}

/// Copies something into a buffer of the caller, for languages that cannot borrow.
///
/// @param object    a client, response, call or options
/// @param what      body, message, token (of a client), header:NAME, json:POINTER (a NUL inside included),
///                  facts (all that crux_info and crux_number know, as one JSON object; code, status and
///                  message are not among them), or a name that crux_info knows
/// @param buffer    receives it; NULL = only the size is asked for
/// @param capacity  its size in bytes; a NUL is added if there is room
/// @return the full size without the NUL, whatever the capacity; 0 if there is nothing
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `what` is NULL or NUL-terminated; `buffer` is NULL or has `capacity` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_copy(
    object: *const c_void,
    what: *const c_char,
    buffer: *mut c_void,
    capacity: usize,
) -> usize {
    guard!(0, {
        // SAFETY: the caller's promise.
        let copy = |bytes: &[u8]| unsafe { text::fill(bytes, buffer, capacity) };
        // SAFETY: the caller's promise.
        let (Some(found), Ok(what)) = (handle::find(object), unsafe { text::required(what, "what") }) else {
            return copy(b"");
        };
        // A body that is still to come must not be remembered as empty.
        let response = || subject::of(&found, false).filter(|object| object.response.finished().is_some());
        if what == "message" {
            // SAFETY: the handle is live, and its message is NUL-terminated.
            copy(unsafe { CStr::from_ptr(crux_message(object)) }.to_bytes())
        } else if what == "body" {
            response().map_or_else(|| copy(b""), |object| copy(object.response.body()))
        } else if what == "facts" {
            copy(subject::facts(&found, |subject| subject.all()).unwrap_or("{}".to_owned()).as_bytes())
        } else if what == "token" {
            let Object::Client(object) = &found else { return copy(b"") };
            let token = object.client.as_ref().ok().and_then(|client| client.session.token());
            token.map_or_else(|| copy(b""), |token| copy(token.text.expose().as_bytes()))
        } else if let Some(name) = what.strip_prefix("header:") {
            let Some(object) = response() else { return copy(b"") };
            copy(object.response.header(name, 0).unwrap_or_default())
        } else if let Some(pointer) = what.strip_prefix("json:") {
            let Some(object) = response() else { return copy(b"") };
            copy(object.response.json().get(pointer).unwrap_or_default().as_bytes())
        } else {
            copy(info(&found, what).unwrap_or_default().as_bytes())
        }
    })
}
