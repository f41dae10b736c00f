//! About the library itself.

use std::ffi::{CStr, CString, c_char};

use once_cell::sync::OnceCell;

use crate::error::CODES;
use crate::ffi::send::limit;
use crate::ffi::text;
use crate::ffi::types::*;
use crate::options::table::{OptionRow, ROWS};
use crate::response::facts::{FACTS, FactRow};
use crate::threads;

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

/// Returns the version of the library that is loaded.
///
/// @return such as "0.2.0"; never NULL
/// @owner   the library, for ever
/// @threads any number at once
/// @waits   no
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

/// Returns the CRUX_ABI of the library that is loaded: at least that of the header a program was made with.
///
/// @return the number
/// @threads any number at once
/// @waits   no
/// @since   0.1
#[unsafe(no_mangle)]
pub extern "C" fn crux_abi() -> i32 {
    CRUX_ABI
}

/// Waits until no thread of libcrux is left. A program that unloads a plugin with libcrux inside (the static
/// library, or its own build without -z nodelete) calls this after it has freed all objects.
///
/// @param timeout_ms  how long to wait; 0 = only look; -1 = as long as it takes
/// @return 1 if none is left: all code of libcrux may be unloaded; 0 if some are: a client lives on, or the
///         system still looks for the address of a host
/// @threads any number at once; not from a hook of a started call
/// @waits   up to timeout_ms
/// @since   0.2
#[unsafe(no_mangle)]
pub extern "C" fn crux_shutdown(timeout_ms: i32) -> i32 {
    guard!(0, { threads::wait_for_none(limit(timeout_ms)).into() })
}

/// Returns any #define of this header by its name, for languages that cannot read it.
///
/// @param name      such as "CRUX_ERR_AUTH"
/// @param fallback  what to return if there is none of that name
/// @return its number
/// @threads any number at once
/// @waits   no
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

fn c_text(text: &str) -> CString {
    CString::new(text).unwrap_or_default()
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

/// Returns the outcomes one by one.
///
/// @param index  from 0
/// @param code   receives the number; may be NULL
/// @param name   receives the name of its #define; may be NULL
/// @param text   receives what it means; may be NULL
/// @return 1, or 0 past the end
/// @owner   the library, for ever
/// @threads any number at once
/// @waits   no
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
        let (Some(row), Some([row_name, row_text])) = (CODES.get(index), error_texts().get(index)) else {
            return 0;
        };
        // SAFETY: the caller's promise.
        unsafe {
            if !code.is_null() {
                *code = row.number;
            }
            hand_out(&[(name, row_name), (text, row_text)]);
        }
        1
    })
}

/// Name and meaning of each outcome.
fn error_texts() -> &'static [[CString; 2]] {
    static TEXTS: OnceCell<Vec<[CString; 2]>> = OnceCell::new();
    TEXTS.get_or_init(|| CODES.iter().map(|row| [row.name, row.text].map(c_text)).collect())
}

/// Returns the name of an outcome, such as "CRUX_ERR_AUTH".
///
/// @param code  what crux_code returned
/// @return the name; NULL if there is no such outcome
/// @owner   the library, for ever
/// @threads any number at once
/// @waits   no
/// @since   0.2
#[unsafe(no_mangle)]
pub extern "C" fn crux_error_name(code: i32) -> *const c_char {
    guard!(std::ptr::null(), {
        let at = CODES.iter().position(|row| row.number == code);
        at.and_then(|at| error_texts().get(at)).map_or(std::ptr::null(), |[name, _]| name.as_ptr())
    })
}

/// Returns the options one by one.
///
/// @param index     from 0
/// @param key       receives the key; may be NULL
/// @param fallback  receives the default, "" if there is none or it depends on the service; may be NULL
/// @param help      receives what it does; may be NULL
/// @return 1, or 0 past the end
/// @owner   the library, for ever
/// @threads any number at once
/// @waits   no
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
        let Some(texts) = option_texts().get(index) else { return 0 };
        // SAFETY: the caller's promise.
        unsafe { hand_out(&[(key, &texts.key), (fallback, &texts.infos[0]), (help, &texts.infos[1])]) };
        1
    })
}

/// What crux_option_info knows of an option.
const OPTION_INFOS: [&str; 6] = ["default", "help", "type", "values", "scope", "secret"];

struct OptionTexts {
    key: CString,
    /// In the order of `OPTION_INFOS`.
    infos: [CString; OPTION_INFOS.len()],
}

fn option_texts() -> &'static [OptionTexts] {
    static TEXTS: OnceCell<Vec<OptionTexts>> = OnceCell::new();
    TEXTS.get_or_init(|| {
        let texts = |row: &OptionRow| OptionTexts {
            key: c_text(row.key),
            infos: OPTION_INFOS.map(|what| c_text(&row.info(what).unwrap_or_default())),
        };
        ROWS.iter().map(texts).collect()
    })
}

/// Returns what is known of an option, for dialogs, generated code and checks.
///
/// @param key   such as "timeout.total_ms"
/// @param what  "type": text, flag (0 or 1), number, choice, url, pointer, json, header, ascii or sha256;
///              "values": what it takes, such as "0 to 20" or "bearer, cookie"; "scope": "call" if crux_call_set
///              takes it too, else "client"; "secret": "1" if its value must not be shown, else "0"; "default";
///              "help"
/// @return the text; NULL if there is no such option, or nothing of that name
/// @owner   the library, for ever
/// @threads any number at once
/// @waits   no
/// @since   0.2
///
/// # Safety
/// The texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_option_info(key: *const c_char, what: *const c_char) -> *const c_char {
    guard!(std::ptr::null(), {
        // SAFETY: the caller's promise.
        let (Ok(key), Ok(what)) =
            (unsafe { text::required(key, "key") }, unsafe { text::required(what, "what") })
        else {
            return std::ptr::null();
        };
        let row = ROWS.iter().position(|row| row.key == key).and_then(|at| option_texts().get(at));
        match (row, OPTION_INFOS.iter().position(|known| *known == what)) {
            (Some(row), Some(at)) => row.infos[at].as_ptr(),
            _ => std::ptr::null(),
        }
    })
}

/// Returns the facts one by one: what crux_info and crux_number know.
///
/// @param index  from 0
/// @param name   receives the name; may be NULL
/// @param help   receives what it means; first its kind and what it is a fact of, such as
///               "number, client: Retries of the client so far."; may be NULL
/// @return 1, or 0 past the end
/// @owner   the library, for ever
/// @threads any number at once
/// @waits   no
/// @since   0.2
///
/// # Safety
/// The pointers are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_fact_at(
    index: usize,
    name: *mut *const c_char,
    help: *mut *const c_char,
) -> i32 {
    static TEXTS: OnceCell<Vec<[CString; 2]>> = OnceCell::new();
    guard!(0, {
        let texts = TEXTS.get_or_init(|| {
            let help = |row: &FactRow| format!("{}, {}: {}", row.kind.word(), row.of(), row.help);
            FACTS.iter().map(|row| [c_text(row.name), c_text(&help(row))]).collect()
        });
        let Some([row_name, row_help]) = texts.get(index) else { return 0 };
        // SAFETY: the caller's promise.
        unsafe { hand_out(&[(name, row_name), (help, row_help)]) };
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
