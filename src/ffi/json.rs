//! JSON without a JSON library.

use std::ffi::c_char;

use crate::ffi::handle;
use crate::ffi::text;
use crate::ffi::types::crux_response;
use crate::json::{Json, Type};

/// Asks the JSON of a response; `None` if there is none, or the pointer is not text.
///
/// # Safety
/// `pointer` is NULL or NUL-terminated.
unsafe fn ask<T>(
    response: *const crux_response,
    pointer: *const c_char,
    question: impl FnOnce(Json<'_>, &str) -> Option<T>,
) -> Option<T> {
    let object = handle::response(response).ok()?;
    // SAFETY: the caller's promise.
    let pointer = unsafe { text::required(pointer, "pointer") }.ok()?;
    question(object.response.json(), pointer)
}

/// Tells what stands at a place in the answer's JSON.
///
/// @param response  from any function that makes one
/// @param pointer   RFC 6901: "" is the whole, "/users/0/name" a member; "~1" is a slash in a name, "~0" a tilde
/// @return one of CRUX_JSON_...; CRUX_JSON_NONE if nothing stands there, or the body is no JSON
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `response` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_type(response: *const crux_response, pointer: *const c_char) -> i32 {
    guard!(0, {
        // SAFETY: the caller's promise.
        unsafe { ask(response, pointer, |json, pointer| Some(json.kind(pointer))) }.unwrap_or(Type::None)
            as i32
    })
}

/// Gives what stands at a place as text: of a string its characters, of anything else the JSON as it
/// stands, digits unaltered.
///
/// @param response  from any function that makes one
/// @param pointer   RFC 6901
/// @return the text; NULL if nothing stands there. A NUL inside a string ends it; crux_copy with
///         "json:POINTER" gives all of it
/// @owner   the response, until it is freed; kept once for each pointer
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `response` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_text(
    response: *const crux_response,
    pointer: *const c_char,
) -> *const c_char {
    guard!(std::ptr::null(), {
        // SAFETY: the caller's promise.
        let (Ok(object), Ok(pointer)) =
            (handle::response(response), unsafe { text::required(pointer, "pointer") })
        else {
            return std::ptr::null();
        };
        if object.response.finished().is_none() {
            return std::ptr::null();
        }
        let found = || object.response.json().get(pointer).map(|text| text.into_owned().into_bytes());
        object.texts.get(&format!("j{pointer}"), found)
    })
}

/// Gives a whole number.
///
/// @param response  from any function that makes one
/// @param pointer   RFC 6901
/// @param fallback  what to return if no whole number stands there, or it does not fit
/// @return the number; also of "42" and 1e3; 1 and 0 of true and false
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `response` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_int(
    response: *const crux_response,
    pointer: *const c_char,
    fallback: i64,
) -> i64 {
    guard!(fallback, {
        // SAFETY: the caller's promise.
        unsafe { ask(response, pointer, |json, pointer| json.int(pointer)) }.unwrap_or(fallback)
    })
}

/// Gives a number.
///
/// @param response  from any function that makes one
/// @param pointer   RFC 6901
/// @param fallback  what to return if no number stands there
/// @return the number; also of "42.5"; 1 and 0 of true and false
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `response` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_double(
    response: *const crux_response,
    pointer: *const c_char,
    fallback: f64,
) -> f64 {
    guard!(fallback, {
        // SAFETY: the caller's promise.
        unsafe { ask(response, pointer, |json, pointer| json.double(pointer)) }.unwrap_or(fallback)
    })
}

/// Counts the members of an array or object.
///
/// @param response  from any function that makes one
/// @param pointer   RFC 6901
/// @return how many; 0 for anything else
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `response` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_count(response: *const crux_response, pointer: *const c_char) -> usize {
    guard!(0, {
        // SAFETY: the caller's promise.
        unsafe { ask(response, pointer, |json, pointer| Some(json.count(pointer))) }.unwrap_or(0)
    })
}

/// Gives the names of an object's members, in the order they stand in.
///
/// @param response  from any function that makes one
/// @param pointer   RFC 6901
/// @param index     from 0
/// @return the name, not escaped for a pointer; NULL past the end, or if it is no object
/// @owner   the response, until it is freed
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `response` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_key(
    response: *const crux_response,
    pointer: *const c_char,
    index: usize,
) -> *const c_char {
    guard!(std::ptr::null(), {
        // SAFETY: the caller's promise.
        let (Ok(object), Ok(pointer)) =
            (handle::response(response), unsafe { text::required(pointer, "pointer") })
        else {
            return std::ptr::null();
        };
        let Some(key) = object.response.json().key(pointer, index) else { return std::ptr::null() };
        object.texts.get(&format!("k{index}:{pointer}"), || Some(key.into_bytes()))
    })
}
