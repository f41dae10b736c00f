//! JSON without a JSON library.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use crate::ffi::handle::ResponseObject;
use crate::ffi::subject;
use crate::ffi::text;
use crate::ffi::types::crux_json_fn;
use crate::json::{Json, Type};
use crate::sys::fork;

/// What has a body that may be JSON; a body that is still to come must not be remembered as empty.
fn json_of(object: *const c_void) -> Option<Arc<ResponseObject>> {
    subject::find(object, true).filter(|object| object.response.finished().is_some())
}

/// Asks the JSON of an object; `None` if there is none, or the pointer is not text.
///
/// # Safety
/// `pointer` is NULL or NUL-terminated.
unsafe fn ask<T>(
    object: *const c_void,
    pointer: *const c_char,
    question: impl FnOnce(Json<'_>, &str) -> Option<T>,
) -> Option<T> {
    let document = json_of(object)?;
    // SAFETY: the caller's promise.
    let pointer = unsafe { text::required(pointer, "pointer") }.ok()?;
    question(document.response.json(), pointer)
}

/// Returns the type of what stands at a place in the JSON of a response.
///
/// @param object   a response, or a client: the response of its last login
/// @param pointer  RFC 6901: "" is the whole, "/users/0/name" a member; "~1" is a slash in a name, "~0" a tilde
/// @return one of CRUX_JSON_...; CRUX_JSON_NONE if nothing stands there, or the body is no JSON:
///         crux_info(object, "json_error") then says why not
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_type(object: *const c_void, pointer: *const c_char) -> i32 {
    guard!(0, {
        // SAFETY: the caller's promise.
        unsafe { ask(object, pointer, |json, pointer| Some(json.kind(pointer))) }.unwrap_or(Type::None) as i32
    })
}

/// Returns what stands at a place as text: of a string its characters, of anything else the JSON as it
/// stands, digits unaltered. Half a surrogate pair becomes one U+FFFD.
///
/// @param object   a response, or a client: the response of its last login
/// @param pointer  RFC 6901
/// @return the text; NULL if nothing stands there. A NUL inside a string ends it; crux_json_walk, and
///         crux_copy with "json:POINTER", give all of it
/// @owner   the object, until it is freed; kept once for each place
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_text(object: *const c_void, pointer: *const c_char) -> *const c_char {
    guard!(std::ptr::null(), {
        // SAFETY: the caller's promise.
        let text = unsafe { ask(object, pointer, |json, pointer| json.c_text(pointer)) };
        text.map_or(std::ptr::null(), |text| text.cast())
    })
}

/// Returns a whole number.
///
/// @param object    a response, or a client: the response of its last login
/// @param pointer   RFC 6901
/// @param fallback  what to return if no whole number stands there, or it does not fit
/// @return the number; also of "42" and 1e3; 1 and 0 of true and false
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_int(object: *const c_void, pointer: *const c_char, fallback: i64) -> i64 {
    guard!(fallback, {
        // SAFETY: the caller's promise.
        unsafe { ask(object, pointer, |json, pointer| json.int(pointer)) }.unwrap_or(fallback)
    })
}

/// Returns a number.
///
/// @param object    a response, or a client: the response of its last login
/// @param pointer   RFC 6901
/// @param fallback  what to return if no number stands there
/// @return the number; also of "42.5"; 1 and 0 of true and false
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_double(
    object: *const c_void,
    pointer: *const c_char,
    fallback: f64,
) -> f64 {
    guard!(fallback, {
        // SAFETY: the caller's promise.
        unsafe { ask(object, pointer, |json, pointer| json.double(pointer)) }.unwrap_or(fallback)
    })
}

/// Returns the number of members of an array or object. Of members with the same name only the last counts.
///
/// @param object   a response, or a client: the response of its last login
/// @param pointer  RFC 6901
/// @return how many; 0 for anything else
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_count(object: *const c_void, pointer: *const c_char) -> usize {
    guard!(0, {
        // SAFETY: the caller's promise.
        unsafe { ask(object, pointer, |json, pointer| Some(json.count(pointer))) }.unwrap_or(0)
    })
}

/// Returns the name of an object's member, in the order in which they stand.
///
/// @param object   a response, or a client: the response of its last login
/// @param pointer  RFC 6901
/// @param index    from 0
/// @return the name, not escaped for a pointer; NULL past the end, or if it is no object
/// @owner   the object, until it is freed
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `pointer` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_key(
    object: *const c_void,
    pointer: *const c_char,
    index: usize,
) -> *const c_char {
    guard!(std::ptr::null(), {
        // SAFETY: the caller's promise.
        let key = unsafe { ask(object, pointer, |json, pointer| json.c_key(pointer, index)) };
        key.map_or(std::ptr::null(), |key| key.cast())
    })
}

/// Visits what stands at a place and all that is below it, in the order of the document, without an index.
///
/// `visit` gets the context; the depth, 0 for what stands at the pointer, 1 for its members; one of
/// CRUX_JSON_...; of a member of an object its name, otherwise NULL; of anything that is no array and no
/// object its text as crux_json_text gives it, otherwise NULL. Lengths are in bytes; name and text are good
/// during the call and have no NUL behind them, but may have one inside. 0 goes on, anything else stops. Of
/// members with the same name each is visited; the last one counts.
///
/// @param object   a response, or a client: the response of its last login
/// @param pointer  RFC 6901: "" is the whole
/// @param visit    the function; it must return normally and may call libcrux
/// @param context  passed to it; may be NULL
/// @return 0 after the last one; what `visit` returned if it stopped; -1 if nothing stands there
/// @threads any number at once
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `object` is any pointer; `pointer` is NULL or NUL-terminated; `visit` may be called with `context`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_json_walk(
    object: *const c_void,
    pointer: *const c_char,
    visit: crux_json_fn,
    context: *mut c_void,
) -> i32 {
    guard!(-1, {
        let (Some(visit), Some(document)) = (visit, json_of(object)) else { return -1 };
        // SAFETY: the caller's promise.
        let Ok(pointer) = (unsafe { text::required(pointer, "pointer") }) else { return -1 };
        let parts = |bytes: Option<&[u8]>| {
            bytes.map_or((std::ptr::null(), 0), |bytes| (bytes.as_ptr().cast::<c_char>(), bytes.len()))
        };
        let json = document.response.json();
        let Some(start) = json.place(pointer) else { return -1 };
        // Found inside, where locks are taken; visited outside, where none is.
        fork::outside(|| {
            json.walk(start, |step| {
                let (key, key_length) = parts(step.key);
                let (text, length) = parts(step.text);
                let depth = i32::try_from(step.depth).unwrap_or(i32::MAX);
                // SAFETY: the caller's promise; what the addresses point to stays during the call.
                unsafe { visit(context, depth, step.kind as i32, key, key_length, text, length) }
            })
        })
    })
}
