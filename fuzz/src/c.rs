//! The few functions of the C interface by which targets with a connection send what they send.

use std::ffi::{CStr, CString, c_void};

use crux::ffi::call::{crux_call_new, crux_call_set};
use crux::ffi::facts::crux_number;
use crux::ffi::options::{crux_login_with, crux_options_new, crux_options_set};
use crux::ffi::send::{crux_call_stream, crux_read};
use crux::ffi::session::crux_set_token;
use crux::ffi::simple::{crux_body, crux_code, crux_free, crux_message, crux_request, crux_status};
use crux::ffi::{CRUX_ERR_INTERNAL, CRUX_OK};

use crate::says_well;

fn c(text: &str) -> CString {
    CString::new(text).expect("no NUL in a text of a target")
}

/// Owns a handle of whatever kind.
pub struct Handle(*mut c_void);

// SAFETY: the library lets any thread use a client.
unsafe impl Send for Handle {}
// SAFETY: as above, and any number at once.
unsafe impl Sync for Handle {}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: any pointer may be freed.
        unsafe { crux_free(self.0) };
    }
}

impl Handle {
    /// A client by option pairs, all of which must be good.
    pub fn client(pairs: &[(&str, &str)]) -> Handle {
        let options = Handle(crux_options_new().cast());
        for (key, value) in pairs {
            // SAFETY: texts that end.
            let code = unsafe { crux_options_set(options.0.cast(), c(key).as_ptr(), c(value).as_ptr()) };
            assert_eq!(code, CRUX_OK, "{key}: {}", options.message());
        }
        // SAFETY: a handle.
        let client = Handle(unsafe { crux_login_with(options.0.cast()) }.cast());
        assert_eq!(client.code(), CRUX_OK, "{}", client.message());
        client
    }

    /// Gives the client another token.
    pub fn set_token(&self, token: &str) {
        // SAFETY: a handle, and a text that ends.
        let code = unsafe { crux_set_token(self.0.cast(), c(token).as_ptr()) };
        assert_eq!(code, CRUX_OK);
    }

    /// GET, its body held in memory.
    pub fn get(&self, path: &str, secret: &str) -> Handle {
        // SAFETY: a handle, texts that end, no body.
        let response =
            unsafe { crux_request(self.0.cast(), c("GET").as_ptr(), c(path).as_ptr(), std::ptr::null(), 0) };
        Handle(response.cast()).judged(secret)
    }

    /// GET, its body still to be read.
    pub fn stream(&self, path: &str, secret: &str) -> Handle {
        // SAFETY: handles, and texts that end.
        let response = unsafe {
            let call = Handle(crux_call_new(self.0.cast(), c("GET").as_ptr(), c(path).as_ptr()).cast());
            crux_call_set(call.0.cast(), c("timeout.total_ms").as_ptr(), c("30000").as_ptr());
            crux_call_stream(call.0.cast())
        };
        Handle(response.cast()).judged(secret)
    }

    /// Asserts what holds of every outcome: it is no fault of the library's, and its message a sentence without the secret.
    fn judged(self, secret: &str) -> Handle {
        let (code, message) = (self.code(), self.message());
        assert_ne!(code, CRUX_ERR_INTERNAL, "{message}");
        assert!(code == CRUX_OK || says_well(&message), "{message:?}");
        assert!(!message.contains(secret), "{message:?}");
        self
    }

    pub fn code(&self) -> i32 {
        // SAFETY: a handle.
        unsafe { crux_code(self.0) }
    }

    pub fn message(&self) -> String {
        // SAFETY: a handle; the message lives as long.
        unsafe { CStr::from_ptr(crux_message(self.0)) }.to_string_lossy().into_owned()
    }

    pub fn status(&self) -> i32 {
        // SAFETY: a handle.
        unsafe { crux_status(self.0) }
    }

    pub fn number(&self, name: &str) -> i64 {
        // SAFETY: a handle, and a text that ends.
        unsafe { crux_number(self.0, c(name).as_ptr()) }
    }

    pub fn body(&self) -> Vec<u8> {
        let mut length = 0;
        // SAFETY: a handle; the body lives as long, with a NUL behind it.
        let bytes = unsafe {
            let body: *const u8 = crux_body(self.0, &raw mut length).cast();
            std::slice::from_raw_parts(body, length + 1)
        };
        assert_eq!(bytes[length], 0, "a NUL follows the body");
        bytes[..length].to_vec()
    }

    /// Reads a stream in pieces of this size to its end, which may come early.
    pub fn read_all(&self, piece: usize) -> Vec<u8> {
        let (mut all, mut buffer) = (Vec::new(), vec![0_u8; piece]);
        loop {
            // SAFETY: a handle, and a buffer of this size.
            match unsafe { crux_read(self.0.cast(), buffer.as_mut_ptr().cast(), piece) } {
                amount @ 1.. => all.extend_from_slice(&buffer[..amount as usize]),
                _ => return all,
            }
        }
    }
}
