//! Text and bytes across the boundary.

use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_void};

use crate::error::{Error, Result};
use crate::sync::Lock;

/// Longest body or buffer that is believed.
pub const MOST_BYTES: i64 = 1 << 47;

/// Texts that were handed out by an object: each is kept once, until the object is freed, so that a
/// borrowed pointer stays good and a program that asks for weeks does not grow.
#[derive(Debug, Default)]
pub struct Texts(Lock<HashMap<String, Option<CString>>>);

impl Texts {
    /// The text of a key, made the first time it is asked for. A text with a NUL inside ends there.
    pub fn get(&self, key: &str, make: impl FnOnce() -> Option<Vec<u8>>) -> *const c_char {
        if let Some(known) = self.0.lock().get(key) {
            return pointer(known);
        }
        // Made outside the lock: it may parse a large body.
        let made = make().map(|bytes| {
            let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
            CString::new(&bytes[..end]).unwrap_or_default()
        });
        // What is absent takes no room: a program may ask for any number of such.
        if made.is_none() {
            return std::ptr::null();
        }
        pointer(self.0.lock().entry(key.to_owned()).or_insert(made))
    }

    /// A text that is its own key.
    pub fn keep(&self, text: &str) -> *const c_char {
        self.get(&format!("={text}"), || Some(text.as_bytes().to_vec()))
    }
}

fn pointer(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())
}

/// A text that may be absent (NULL).
///
/// # Safety
/// `text` is NULL, or points to a NUL-terminated string that stays as it is during the call.
pub unsafe fn optional<'a>(text: *const c_char, name: &str) -> Result<Option<&'a str>> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str()
        .map(Some)
        .map_err(|_| Error::argument(format!("The argument \"{name}\" is not valid UTF-8.")))
}

/// A text that must be there.
///
/// # Safety
/// As `optional`.
pub unsafe fn required<'a>(text: *const c_char, name: &str) -> Result<&'a str> {
    // SAFETY: the caller's promise.
    unsafe { optional(text, name) }?
        .ok_or_else(|| Error::argument(format!("The argument \"{name}\" is NULL.")))
}

/// Bytes; a length of −1 means up to the NUL, a NULL pointer means none.
///
/// # Safety
/// `data` is NULL, or points to `length` bytes, or to a NUL-terminated string if `length` is −1.
pub unsafe fn bytes<'a>(data: *const c_void, length: isize, name: &str) -> Result<Option<&'a [u8]>> {
    // In 32 bit the highest length is the one that no memory can have.
    if !(-1..=MOST_BYTES).contains(&(length as i64)) || length == isize::MAX {
        return Err(Error::argument(format!("The length of \"{name}\" is out of range: {length}.")));
    }
    if data.is_null() {
        return match length {
            -1 | 0 => Ok(None),
            _ => {
                Err(Error::argument(format!("The argument \"{name}\" is NULL, but its length is {length}.")))
            }
        };
    }
    Ok(Some(match length {
        // SAFETY: the caller's promise.
        -1 => unsafe { CStr::from_ptr(data.cast()) }.to_bytes(),
        // SAFETY: the caller's promise; the length is not negative.
        _ => unsafe { std::slice::from_raw_parts(data.cast(), length as usize) },
    }))
}

/// Fills the caller's buffer, with a NUL if there is room; returns the full size.
///
/// # Safety
/// `buffer` is NULL, or has room for `capacity` bytes.
pub unsafe fn fill(from: &[u8], buffer: *mut c_void, capacity: usize) -> usize {
    if !buffer.is_null() && capacity > 0 {
        let amount = from.len().min(capacity);
        let buffer: *mut u8 = buffer.cast();
        // SAFETY: the caller's promise, and `amount` is within both.
        unsafe {
            std::ptr::copy_nonoverlapping(from.as_ptr(), buffer, amount);
            if amount < capacity {
                *buffer.add(amount) = 0;
            }
        }
    }
    from.len()
}
