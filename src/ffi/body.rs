//! What a call sends: bytes, files, forms, JSON member by member, or what a function of the host gives.

use std::ffi::{c_char, c_void};

use bytes::Bytes;

use crate::call::Call;
use crate::call::body::Content;
use crate::call::json_body::Node;
use crate::error::{Code, Error, Result};
use crate::ffi::call::change;
use crate::ffi::handle;
use crate::ffi::hook::HookContext;
use crate::ffi::text;
use crate::ffi::types::{crux_call, crux_read_fn, crux_release_fn};
use crate::transport::http::host_source::{Given, HostSource};

/// Changes the body as a whole: what was refused of the one before is void.
fn replace(handle: *mut crux_call, work: impl FnOnce(&mut Call) -> Result<()>) -> i32 {
    let code = change(handle, "body", Ok(""), |call, _| work(call));
    if code == 0
        && let Ok(object) = handle::call(handle)
    {
        object.refused.forget("put:");
        object.refused.forget("part:");
    }
    code
}

/// Sets the body; the bytes are copied.
///
/// @param call    from crux_call_new
/// @param data    the bytes; NULL = no body
/// @param length  how many; -1 = up to the NUL
/// @param type    the Content-Type; NULL = the service's JSON; "" = none
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
/// @threads one at a time
/// @waits   no
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
        // SAFETY: the caller's promise.
        let (data, kind) = unsafe { (text::bytes(data, length, "data"), text::optional(r#type, "type")) };
        replace(call, |call| match data? {
            Some(data) => call.body(data, kind?),
            None => {
                call.no_body();
                Ok(())
            }
        })
    })
}

/// Puts a text into the JSON body, which is made member by member: what is missing on the way to the pointer
/// is made, "-" appends to an array. The first put takes the place of any other body.
///
/// @param call     from crux_call_new
/// @param pointer  RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body
/// @param value    plain text; NULL = the JSON null
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
/// @threads one at a time
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `call` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_put_text(
    call: *mut crux_call,
    pointer: *const c_char,
    value: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        // SAFETY: the caller's promise.
        let (pointer, value) =
            unsafe { (text::required(pointer, "pointer"), text::optional(value, "value")) };
        change(call, "put", pointer, |call, pointer| {
            let value = value?.map_or_else(|| Node::json("null"), Node::text)?;
            call.put(pointer, value)
        })
    })
}

/// Puts a whole number into the JSON body, as crux_call_put_text does with a text.
///
/// @param call     from crux_call_new
/// @param pointer  RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body
/// @param value    any number
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
/// @threads one at a time
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `call` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_put_int(call: *mut crux_call, pointer: *const c_char, value: i64) -> i32 {
    guard!(Code::Internal.number(), {
        // SAFETY: the caller's promise.
        let pointer = unsafe { text::required(pointer, "pointer") };
        change(call, "put", pointer, |call, pointer| call.put(pointer, Node::int(value)))
    })
}

/// Puts a number into the JSON body, as crux_call_put_text does with a text; with a point, whatever the locale.
///
/// @param call     from crux_call_new
/// @param pointer  RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body
/// @param value    any number but NaN and the infinities, which JSON does not have
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
/// @threads one at a time
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `call` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_put_double(
    call: *mut crux_call,
    pointer: *const c_char,
    value: f64,
) -> i32 {
    guard!(Code::Internal.number(), {
        // SAFETY: the caller's promise.
        let pointer = unsafe { text::required(pointer, "pointer") };
        change(call, "put", pointer, |call, pointer| call.put(pointer, Node::double(value)?))
    })
}

/// Puts any JSON into the JSON body, as crux_call_put_text does with a text; numbers keep their digits.
///
/// @param call     from crux_call_new
/// @param pointer  RFC 6901 pointer, such as "/name" or "/tags/-"; "" is the whole body
/// @param json     such as true, null, [1,2] or {"a":1}; it is checked
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
/// @threads one at a time
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `call` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_put_json(
    call: *mut crux_call,
    pointer: *const c_char,
    json: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        // SAFETY: the caller's promise.
        let (pointer, json) = unsafe { (text::required(pointer, "pointer"), text::required(json, "json")) };
        change(call, "put", pointer, |call, pointer| call.put(pointer, Node::json(json?)?))
    })
}

/// Sends a file as the body, straight from the disk; its length is taken when the call is sent.
///
/// @param call  from crux_call_new
/// @param file  its path
/// @param type  the Content-Type; NULL = application/octet-stream; "" = none
/// @return CRUX_OK, CRUX_ERR_ARGUMENT, or CRUX_ERR_FILE if it cannot be read; the call stays as it was
///         then, and cannot be sent until this is set well
/// @threads one at a time
/// @waits   no
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
        // SAFETY: the caller's promise.
        let (file, kind) = unsafe { (text::required(file, "file"), text::optional(r#type, "type")) };
        replace(call, |call| call.file(file?, kind?))
    })
}

/// Adds a part to a form (multipart/form-data), which becomes the body.
///
/// @param call   from crux_call_new
/// @param field  the field's name
/// @param value  its text; NULL if it is a file
/// @param file   the file it holds, sent straight from the disk under its own name; NULL if it is a text
/// @param type   the part's type; NULL = none for a text, by its ending for a file
/// @return CRUX_OK, CRUX_ERR_ARGUMENT, or CRUX_ERR_FILE if it cannot be read; the call stays as it was
///         then, and cannot be sent until a part of this field is set well, which counts as the correction
/// @threads one at a time
/// @waits   no
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
        // SAFETY: the caller's promise.
        let (field, value, file, kind) = unsafe {
            (
                text::required(field, "field"),
                text::optional(value, "value"),
                text::optional(file, "file"),
                text::optional(r#type, "type"),
            )
        };
        change(call, "part", field, |call, field| {
            let content = match (value?, file?) {
                (Some(value), None) => Content::Value(value.to_owned()),
                (None, Some(file)) => Content::File(file.to_owned()),
                _ => return Err(Error::argument("A part needs either a value or a file.")),
            };
            call.part(field, content, kind?)
        })
    })
}

/// Adds a part to a form from memory; the server sees it as a file of that name. The bytes are copied.
///
/// @param call      from crux_call_new
/// @param field     the field's name
/// @param filename  the name that the server sees
/// @param data      the bytes; NULL = none, an empty file
/// @param length    how many; -1 = up to the NUL
/// @param type      the part's type; NULL = by the ending of the name
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then it is not sent before this is set well
/// @threads one at a time
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `call` is any pointer; `data` has `length` bytes; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_part_data(
    call: *mut crux_call,
    field: *const c_char,
    filename: *const c_char,
    data: *const c_void,
    length: isize,
    r#type: *const c_char,
) -> i32 {
    guard!(Code::Internal.number(), {
        // SAFETY: the caller's promise.
        let (field, filename, data, kind) = unsafe {
            (
                text::required(field, "field"),
                text::required(filename, "filename"),
                text::bytes(data, length, "data"),
                text::optional(r#type, "type"),
            )
        };
        change(call, "part", field, |call, field| {
            let bytes = Bytes::copy_from_slice(data?.unwrap_or_default());
            call.part(field, Content::Data { filename: filename?.to_owned(), bytes }, kind?)
        })
    })
}

/// Sets a function that supplies the body, piece by piece, on the thread that waits; when the call is started,
/// on a thread of libcrux. It is sent once: not again after a lost connection, an expired token or a redirect.
///
/// @param call     from crux_call_new
/// @param read     fills a buffer and returns how many bytes it put there, 0 at the end, -1 to give up: the call
///                 then ends with CRUX_ERR_CANCELLED. It must return normally
/// @param context  passed to read and release; may be NULL
/// @param release  called once with context when read will never be called again; NULL = nothing to release
/// @param length   how many bytes there will be; -1 = unknown: they are sent in chunks. If `read` supplies
///                 more or fewer, the request ends with CRUX_ERR_FILE
/// @param type     the Content-Type; NULL = application/octet-stream; "" = none
/// @return CRUX_OK or CRUX_ERR_ARGUMENT; then context is released at once, and the call cannot be sent until it
///         gets a body
/// @threads one at a time
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `call` is any pointer; `read` and `release` may be called with `context`; `type` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_source(
    call: *mut crux_call,
    read: crux_read_fn,
    context: *mut c_void,
    release: crux_release_fn,
    length: i64,
    r#type: *const c_char,
) -> i32 {
    let context = HookContext::new(context, release);
    guard!(Code::Internal.number(), {
        // SAFETY: the caller's promise.
        let kind = unsafe { text::optional(r#type, "type") };
        replace(call, |call| {
            let read = read.ok_or_else(|| Error::argument("The argument \"read\" is NULL."))?;
            let length = match length {
                -1 => None,
                0..=text::MOST_BYTES => Some(length as u64),
                _ => {
                    return Err(Error::argument(format!(
                        "The length of the source is out of range: {length}."
                    )));
                }
            };
            let give = move |buffer: &mut [u8]| {
                // SAFETY: the promise of crux_call_source; the buffer is as long as it says.
                match unsafe { read(context.get(), buffer.as_mut_ptr().cast(), buffer.len()) } {
                    0 => Given::End,
                    -1 => Given::GaveUp,
                    amount => usize::try_from(amount).map_or(Given::Nonsense(amount), Given::Bytes),
                }
            };
            call.source(HostSource::new(Box::new(give), length), kind?)
        })
    })
}
