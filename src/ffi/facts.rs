//! Facts about an answer: headers, and what libcrux itself knows.

use std::ffi::{c_char, c_void};

use crate::ffi::handle::{self, Object};
use crate::ffi::simple::crux_message;
use crate::ffi::text;
use crate::ffi::types::crux_response;

/// Gives a header of an answer.
///
/// @param response  from any function that makes one
/// @param name      the header's name, in any case
/// @param nth       0 for the first of that name, 1 for the next
/// @return its value, the bytes as they came; NULL if there is none
/// @owner   the response, until it is freed
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `response` is any pointer; `name` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_header(
    response: *const crux_response,
    name: *const c_char,
    nth: usize,
) -> *const c_char {
    guard!(std::ptr::null(), {
        // SAFETY: the caller's promise.
        let (Ok(object), Ok(name)) = (handle::response(response), unsafe { text::required(name, "name") })
        else {
            return std::ptr::null();
        };
        let Some(value) = object.response.header(name, nth) else { return std::ptr::null() };
        object.texts.get(&format!("h{nth}:{}", name.to_ascii_lowercase()), || Some(value.as_bytes().to_vec()))
    })
}

/// Gives the headers of an answer one by one.
///
/// @param response  from any function that makes one
/// @param index     from 0
/// @param name      receives the name, in lower case; may be NULL
/// @param value     receives the value; may be NULL
/// @return 1, or 0 past the end
/// @owner   the response, until it is freed
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `response` is any pointer; `name` and `value` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_header_at(
    response: *const crux_response,
    index: usize,
    name: *mut *const c_char,
    value: *mut *const c_char,
) -> i32 {
    guard!(0, {
        let Ok(object) = handle::response(response) else { return 0 };
        let Some((key, data)) = object.response.headers().and_then(|all| all.iter().nth(index)) else {
            return 0;
        };
        let key = object.texts.get(&format!("n{index}"), || Some(key.as_str().as_bytes().to_vec()));
        let data = object.texts.get(&format!("v{index}"), || Some(data.as_bytes().to_vec()));
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

/// Gives a fact about a client or a response as text. Facts never change once they are known.
///
/// @param object  a client or a response
/// @param name    service, base_url, url, server_message, location, warning, job_url, token_source, result (the
///                address or id of what was made), json_error (why the body is no JSON)
/// @return the fact; NULL if it is not known
/// @owner   the object, until it is freed
/// @threads any number at once
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
    match object {
        Object::Response(object) => object.response.info(name),
        Object::Client(object) => object.client.as_ref().ok().and_then(|client| match name {
            "service" => Some(client.profile.service.name.to_owned()),
            "base_url" => Some(client.base.to_string()),
            "token_source" => client.session.token().map(|token| token.source.words()),
            _ => None,
        }),
        _ => None,
    }
}

/// Gives a fact about a client or a response as a number.
///
/// @param object  a client or a response
/// @param name    attempts, elapsed_ms, retry_after_ms, retryable (0/1), maybe_sent (0/1), verified (0/1),
///                token_expires_in_s; and, live while a request runs: sent, send_total, received,
///                receive_total, percent
/// @return the number; -1 if it is not known
/// @threads any number at once
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
        match object {
            Object::Response(object) => object.response.number(name),
            Object::Client(object) if name == "token_expires_in_s" => {
                let left = object.client.as_ref().ok().and_then(|client| client.session.expires_in());
                left.map_or(-1, |left| left.as_secs() as i64)
            }
            _ => -1,
        }
    })
}

/// Copies something into a buffer of yours, for languages that cannot borrow.
///
/// @param object    a client, response, call or options
/// @param what      body, message, token (of a client), header:NAME, json:POINTER (a NUL inside included),
///                  or a name that crux_info knows
/// @param buffer    where to; may be NULL to ask for the size
/// @param capacity  its size in bytes; a NUL is added if there is room
/// @return the full size without the NUL, whatever the capacity; 0 if there is nothing
/// @threads any number at once
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
        let (Some(found), Ok(what)) = (handle::find(object), unsafe { text::required(what, "what") }) else {
            // SAFETY: the caller's promise.
            return unsafe { text::fill(b"", buffer, capacity) };
        };
        // SAFETY: the caller's promise.
        let copy = |bytes: &[u8]| unsafe { text::fill(bytes, buffer, capacity) };
        match (&found, what) {
            (_, "message") => {
                // SAFETY: the handle is live, and its message is NUL-terminated.
                copy(unsafe { std::ffi::CStr::from_ptr(crux_message(object)) }.to_bytes())
            }
            (Object::Response(object), "body") => copy(object.response.body()),
            (Object::Client(object), "token") => {
                match object.client.as_ref().ok().and_then(|c| c.session.token()) {
                    Some(token) => copy(token.text.expose().as_bytes()),
                    None => copy(b""),
                }
            }
            (Object::Response(object), _) if what.starts_with("header:") => copy(
                object.response.header(&what["header:".len()..], 0).map_or(b"", |value| value.as_bytes()),
            ),
            (Object::Response(object), _) if what.starts_with("json:") => {
                copy(object.response.json().get(&what["json:".len()..]).unwrap_or_default().as_bytes())
            }
            (object, name) => copy(info(object, name).unwrap_or_default().as_bytes()),
        }
    })
}
