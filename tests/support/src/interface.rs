//! The C interface as tests use it: thin, so that what is tested is what a C program gets.

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::null;
use std::sync::Mutex;

use crate::library::c_interface::*;

/// A text as C gives it.
pub fn c(text: &str) -> CString {
    CString::new(text).expect("no NUL in a test's text")
}

/// A text that may be NULL.
pub fn or_null(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(null(), |text| text.as_ptr())
}

/// A text as C gets it; `None` for NULL.
#[allow(clippy::not_unsafe_ptr_arg_deref)] // Tests pass on what the library has returned.
pub fn text(pointer: *const c_char) -> Option<String> {
    let bytes = (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec());
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

macro_rules! owner {
    ($name:ident, $type:ty) => {
        /// Owns a handle and frees it; shared by threads as the header allows.
        pub struct $name(pub *mut $type);
        unsafe impl Send for $name {}
        unsafe impl Sync for $name {}

        impl Drop for $name {
            fn drop(&mut self) {
                unsafe { crux_free(self.0.cast()) };
            }
        }

        impl $name {
            pub fn code(&self) -> i32 {
                unsafe { crux_code(self.0.cast()) }
            }

            pub fn message(&self) -> String {
                text(unsafe { crux_message(self.0.cast()) }).expect("a message is never NULL")
            }

            pub fn info(&self, name: &str) -> Option<String> {
                text(unsafe { crux_info(self.0.cast(), c(name).as_ptr()) })
            }

            pub fn number(&self, name: &str) -> i64 {
                unsafe { crux_number(self.0.cast(), c(name).as_ptr()) }
            }

            pub fn copy(&self, what: &str) -> Vec<u8> {
                let what = c(what);
                let size = unsafe { crux_copy(self.0.cast(), what.as_ptr(), std::ptr::null_mut(), 0) };
                let mut bytes = vec![0; size + 1];
                unsafe { crux_copy(self.0.cast(), what.as_ptr(), bytes.as_mut_ptr().cast(), bytes.len()) };
                bytes.truncate(size);
                bytes
            }

            /// Fails the test with the message unless the outcome is `code`.
            #[track_caller]
            pub fn expect(self, code: i32) -> Self {
                assert_eq!(self.code(), code, "{}", self.message());
                self
            }
        }
    };
}

owner!(Client, crux_client);
owner!(Response, crux_response);
owner!(Call, crux_call);
owner!(Options, crux_options);

impl Default for Options {
    fn default() -> Options {
        Options::new()
    }
}

impl Options {
    pub fn new() -> Options {
        Options(crux_options_new())
    }

    /// Options from pairs, each of which must be accepted.
    #[track_caller]
    pub fn of(pairs: &[(&str, &str)]) -> Options {
        let options = Options::new();
        for (key, value) in pairs {
            assert_eq!(options.set(key, Some(value)), 0, "{key}: {}", options.message());
        }
        options
    }

    pub fn set(&self, key: &str, value: Option<&str>) -> i32 {
        unsafe { crux_options_set(self.0, c(key).as_ptr(), or_null(&value.map(c))) }
    }

    pub fn login(&self) -> Client {
        Client(unsafe { crux_login_with(self.0) })
    }
}

impl Client {
    pub fn login(service: &str, base: &str, user: Option<&str>, secret: Option<&str>) -> Client {
        let (service, base, user, secret) = (c(service), c(base), user.map(c), secret.map(c));
        Client(unsafe { crux_login(service.as_ptr(), base.as_ptr(), or_null(&user), or_null(&secret)) })
    }

    /// A client made from option pairs.
    #[track_caller]
    pub fn with(pairs: &[(&str, &str)]) -> Client {
        Options::of(pairs).login()
    }

    /// A client of a plain service at `url`, with a ready token, no proxy and no repeats.
    #[track_caller]
    pub fn ready(url: &str, more: &[(&str, &str)]) -> Client {
        let base = format!("{url}/");
        let own = [
            ("service", "custom"),
            ("base_url", base.as_str()),
            ("token", "abc-123"),
            ("proxy", "direct"),
            ("retry.max", "0"),
        ];
        Client::with(&[&own[..], more].concat()).expect(CRUX_OK)
    }

    pub fn request(&self, method: &str, path: &str, body: Option<&str>) -> Response {
        let (method, path) = (c(method), c(path));
        let (data, size) = body.map_or((null(), 0), |body| (body.as_ptr(), body.len() as isize));
        Response(unsafe { crux_request(self.0, method.as_ptr(), path.as_ptr(), data.cast(), size) })
    }

    pub fn get(&self, path: &str) -> Response {
        self.request("GET", path, None)
    }

    pub fn call(&self, method: &str, path: &str) -> Call {
        Call(unsafe { crux_call_new(self.0, c(method).as_ptr(), c(path).as_ptr()) })
    }
}

impl Call {
    pub fn query(&self, name: &str, value: &str) -> i32 {
        unsafe { crux_call_query(self.0, c(name).as_ptr(), c(value).as_ptr()) }
    }

    pub fn header(&self, name: &str, value: &str) -> i32 {
        unsafe { crux_call_header(self.0, c(name).as_ptr(), c(value).as_ptr()) }
    }

    pub fn body(&self, bytes: &[u8], kind: Option<&str>) -> i32 {
        let kind = kind.map(c);
        unsafe { crux_call_body(self.0, bytes.as_ptr().cast(), bytes.len() as isize, or_null(&kind)) }
    }

    pub fn set(&self, key: &str, value: &str) -> i32 {
        unsafe { crux_call_set(self.0, c(key).as_ptr(), c(value).as_ptr()) }
    }

    pub fn send(&self) -> Response {
        Response(unsafe { crux_call_send(self.0) })
    }
}

impl Response {
    pub fn status(&self) -> i32 {
        unsafe { crux_status(self.0.cast()) }
    }

    pub fn body(&self) -> Vec<u8> {
        let mut size = usize::MAX;
        let body = unsafe { crux_body(self.0.cast(), &raw mut size) };
        assert!(!body.is_null());
        let bytes = unsafe { std::slice::from_raw_parts(body.cast::<u8>(), size + 1) };
        assert_eq!(bytes[size], 0, "a NUL follows the body");
        bytes[..size].to_vec()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        text(unsafe { crux_header(self.0.cast(), c(name).as_ptr(), 0) })
    }

    pub fn json(&self, pointer: &str) -> Option<String> {
        text(unsafe { crux_json_text(self.0.cast(), c(pointer).as_ptr()) })
    }

    pub fn json_type(&self, pointer: &str) -> i32 {
        unsafe { crux_json_type(self.0.cast(), c(pointer).as_ptr()) }
    }

    pub fn json_int(&self, pointer: &str) -> i64 {
        unsafe { crux_json_int(self.0.cast(), c(pointer).as_ptr(), i64::MIN) }
    }

    pub fn json_count(&self, pointer: &str) -> usize {
        unsafe { crux_json_count(self.0.cast(), c(pointer).as_ptr()) }
    }

    pub fn json_key(&self, pointer: &str, index: usize) -> Option<String> {
        text(unsafe { crux_json_key(self.0.cast(), c(pointer).as_ptr(), index) })
    }
}

/// Log lines that a client's hook heard.
#[derive(Default)]
pub struct Lines(Mutex<Vec<(i32, String)>>);

impl Lines {
    /// Lets options log into this, which must outlive the client.
    pub fn listen(&self, options: &Options, level: i32) {
        unsafe extern "C" fn hear(context: *mut c_void, level: i32, line: *const c_char) {
            let lines = unsafe { &*context.cast::<Lines>() };
            lines.0.lock().unwrap().push((level, text(line).unwrap()));
        }
        let context = std::ptr::from_ref(self).cast_mut().cast();
        assert_eq!(unsafe { crux_options_log(options.0, level, Some(hear), context, None) }, 0);
    }

    pub fn all(&self) -> Vec<(i32, String)> {
        self.0.lock().unwrap().clone()
    }
}
