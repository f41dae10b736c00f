//! About the library itself.

use std::ffi::{CStr, CString, c_char};

use once_cell::sync::OnceCell;

use crate::error::CODES;
use crate::ffi::text;
use crate::ffi::types::*;
use crate::options::table::ROWS;

macro_rules! constants {
    ($($name:ident)*) => { &[$((stringify!($name), $name),)*] };
}

/// Every #define of the header.
const CONSTANTS: &[(&str, i32)] = constants! {
    CRUX_VERSION_MAJOR CRUX_VERSION_MINOR CRUX_VERSION_PATCH CRUX_ABI
    CRUX_PENDING CRUX_OK CRUX_ERR_ARGUMENT CRUX_ERR_RESOLVE CRUX_ERR_CONNECT CRUX_ERR_TLS CRUX_ERR_IO
    CRUX_ERR_PROTOCOL CRUX_ERR_TIMEOUT CRUX_ERR_CANCELLED CRUX_ERR_AUTH CRUX_ERR_HTTP CRUX_ERR_TOO_LARGE
    CRUX_ERR_JOB CRUX_ERR_FILE CRUX_ERR_INTERNAL
    CRUX_JSON_NONE CRUX_JSON_NULL CRUX_JSON_BOOL CRUX_JSON_NUMBER CRUX_JSON_STRING CRUX_JSON_ARRAY
    CRUX_JSON_OBJECT
    CRUX_PHASE_LOGIN CRUX_PHASE_CONNECT CRUX_PHASE_SEND CRUX_PHASE_WAIT CRUX_PHASE_RECEIVE CRUX_PHASE_PAUSE
    CRUX_PHASE_JOB
    CRUX_LOG_OFF CRUX_LOG_ERROR CRUX_LOG_WARNING CRUX_LOG_INFO CRUX_LOG_DEBUG CRUX_LOG_TRACE
};

/// Tells the version of the library that is loaded.
///
/// @return such as "0.2.0"
/// @owner   the library, for ever
/// @threads any number at once
/// @since   0.1
#[unsafe(no_mangle)]
pub extern "C" fn crux_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}

/// Tells the CRUX_ABI of the library that is loaded: at least that of the header a program was made with.
///
/// @return the number
/// @threads any number at once
/// @since   0.1
#[unsafe(no_mangle)]
pub extern "C" fn crux_abi() -> i32 {
    CRUX_ABI
}

/// Gives any #define of this header by its name, for languages that cannot read it.
///
/// @param name      such as "CRUX_ERR_AUTH"
/// @param fallback  what to return if there is none of that name
/// @return its number
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `name` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_constant(name: *const c_char, fallback: i32) -> i32 {
    guard!(fallback, {
        // SAFETY: the caller's promise.
        let name = unsafe { text::required(name, "name") }.unwrap_or_default();
        CONSTANTS.iter().find(|(known, _)| *known == name).map_or(fallback, |(_, number)| *number)
    })
}

/// A column of a table as C strings, made once.
fn column(
    cell: &'static OnceCell<Vec<CString>>,
    make: impl FnOnce() -> Vec<&'static str>,
) -> &'static [CString] {
    cell.get_or_init(|| make().into_iter().map(|text| CString::new(text).unwrap_or_default()).collect())
}

/// Writes the pointers of one row to wherever the caller wants them.
///
/// # Safety
/// Each place is NULL or writable.
unsafe fn hand_out(row: &[(*mut *const c_char, &CString)]) {
    for (place, text) in row {
        if !place.is_null() {
            // SAFETY: the caller's promise.
            unsafe { **place = text.as_ptr() };
        }
    }
}

/// Gives the outcomes one by one.
///
/// @param index  from 0
/// @param code   receives the number; may be NULL
/// @param name   receives the name of its #define; may be NULL
/// @param text   receives what it means; may be NULL
/// @return 1, or 0 past the end
/// @owner   the library, for ever
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// The pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_error_at(
    index: usize,
    code: *mut i32,
    name: *mut *const c_char,
    text: *mut *const c_char,
) -> i32 {
    guard!(0, {
        static NAMES: OnceCell<Vec<CString>> = OnceCell::new();
        static TEXTS: OnceCell<Vec<CString>> = OnceCell::new();
        let Some(row) = CODES.get(index) else { return 0 };
        let names = column(&NAMES, || CODES.iter().map(|row| row.name).collect());
        let texts = column(&TEXTS, || CODES.iter().map(|row| row.text).collect());
        // SAFETY: the caller's promise.
        unsafe {
            if !code.is_null() {
                *code = row.number;
            }
            hand_out(&[(name, &names[index]), (text, &texts[index])]);
        }
        1
    })
}

/// Gives the options one by one.
///
/// @param index     from 0
/// @param key       receives the key; may be NULL
/// @param fallback  receives the default, "" if there is none or it depends on the service; may be NULL
/// @param help      receives what it does; may be NULL
/// @return 1, or 0 past the end
/// @owner   the library, for ever
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// The pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_option_at(
    index: usize,
    key: *mut *const c_char,
    fallback: *mut *const c_char,
    help: *mut *const c_char,
) -> i32 {
    guard!(0, {
        static KEYS: OnceCell<Vec<CString>> = OnceCell::new();
        static FALLBACKS: OnceCell<Vec<CString>> = OnceCell::new();
        static HELPS: OnceCell<Vec<CString>> = OnceCell::new();
        if index >= ROWS.len() {
            return 0;
        }
        let keys = column(&KEYS, || ROWS.iter().map(|row| row.key).collect());
        let fallbacks = column(&FALLBACKS, || ROWS.iter().map(|row| row.fallback).collect());
        let helps = column(&HELPS, || ROWS.iter().map(|row| row.help).collect());
        // SAFETY: the caller's promise.
        unsafe { hand_out(&[(key, &keys[index]), (fallback, &fallbacks[index]), (help, &helps[index])]) };
        1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_are_those_of_the_tables() {
        for row in CODES {
            assert!(CONSTANTS.contains(&(row.name, row.number)), "{}", row.name);
        }
        let version = format!("{CRUX_VERSION_MAJOR}.{CRUX_VERSION_MINOR}.{CRUX_VERSION_PATCH}");
        assert_eq!(version, crate::VERSION);
    }
}
