//! Text, memory and handles across the boundary, without a network: what miri can see of it.

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::{null, null_mut, without_provenance, without_provenance_mut};

use super::body::*;
use super::call::*;
use super::facts::*;
use super::handle::client;
use super::json::*;
use super::options::*;
use super::simple::*;
use super::*;
use crate::response::Response;
use crate::send::request::Finished;
use crate::transport::exchange::Exchange;
use crate::transport::head::Head;

fn c(text: &str) -> CString {
    CString::new(text).unwrap()
}

/// What a function returned, copied at once.
fn text(borrowed: *const c_char) -> Option<String> {
    // SAFETY: NULL, or a text of an object that the test has not freed.
    (!borrowed.is_null()).then(|| unsafe { CStr::from_ptr(borrowed) }.to_str().unwrap().to_owned())
}

fn message(object: *const c_void) -> String {
    // SAFETY: any pointer may be asked about.
    text(unsafe { crux_message(object) }).unwrap()
}

fn set(options: *mut crux_options, key: &str, value: &str) -> i32 {
    // SAFETY: texts that end.
    unsafe { crux_options_set(options, c(key).as_ptr(), c(value).as_ptr()) }
}

/// A client that has sent nothing.
fn ready() -> *mut crux_client {
    let options = crux_options_new();
    for (key, value) in
        [("service", "custom"), ("base_url", "https://api.test/v1/"), ("token", "t0"), ("proxy", "direct")]
    {
        assert_eq!(set(options, key, value), CRUX_OK);
    }
    // SAFETY: any pointers.
    unsafe {
        let made = crux_login_with(options);
        crux_free(options.cast());
        assert_eq!(crux_code(made.cast()), CRUX_OK, "{}", message(made.cast()));
        made
    }
}

/// A response of that client.
fn received(of: *mut crux_client, body: &[u8]) -> *mut crux_response {
    let client = client(of.cast_const()).unwrap().client.clone().unwrap();
    let head = Head::of(200, [("Content-Type", "application/json"), ("X-One", "1"), ("X-One", "2")]);
    let finished = Finished { status: 200, head, body: body.to_vec(), ..Finished::default() };
    let exchange = Exchange::new(client.settings.limits);
    give_response(Response::of(client, exchange, finished, None), Default::default())
}

#[test]
fn options_are_set_refused_and_freed_twice() {
    let options = crux_options_new();
    assert_eq!(set(options, "retry.max", "3"), CRUX_OK);
    assert_eq!(set(options, "retry.max", "many"), CRUX_ERR_ARGUMENT);
    assert!(message(options.cast()).contains("retry.max"));
    // SAFETY: NULL, texts that end, and any pointers.
    unsafe {
        assert_eq!(crux_options_set(options, null(), null()), CRUX_ERR_ARGUMENT);
        assert_eq!(crux_options_set(options, c"retry.max".as_ptr(), c"\xff".as_ptr()), CRUX_ERR_ARGUMENT);
        assert_eq!(crux_options_set(options, c"retry.max".as_ptr(), null()), CRUX_OK);
        crux_free(options.cast());
        crux_free(options.cast());
        assert_eq!(crux_options_set(options, c"retry.max".as_ptr(), null()), CRUX_ERR_ARGUMENT);
        assert_eq!(crux_code(options.cast()), CRUX_ERR_ARGUMENT);
        crux_free(options.wrapping_byte_add(8).cast());
    }
}

#[test]
fn a_call_is_described_and_outlives_its_client() {
    let client = ready();
    let body = *b"[1]and more";
    // SAFETY: handles, texts that end, and memory as large as the numbers beside it say.
    unsafe {
        let call = crux_call_new(client, c"POST".as_ptr(), c"things/{id}/".as_ptr());
        assert_eq!(crux_call_fill(call, c"id".as_ptr(), c"a b".as_ptr()), CRUX_OK);
        assert_eq!(crux_call_query(call, c"q".as_ptr(), c"\xc3\xbc".as_ptr()), CRUX_OK);
        assert_eq!(crux_call_header(call, c"X-Kind".as_ptr(), c"one".as_ptr()), CRUX_OK);
        assert_eq!(crux_call_set(call, c"retry.max".as_ptr(), c"1".as_ptr()), CRUX_OK);
        assert_eq!(crux_call_put_text(call, c"/name".as_ptr(), c"ada".as_ptr()), CRUX_OK);
        assert_eq!(crux_call_put_int(call, c"/list/-".as_ptr(), i64::MIN), CRUX_OK);
        assert_eq!(crux_call_put_double(call, c"/list/-".as_ptr(), f64::NAN), CRUX_ERR_ARGUMENT);
        assert_eq!(crux_call_put_json(call, c"/list/-".as_ptr(), c"{\"a\":[]}".as_ptr()), CRUX_OK);
        let other = crux_call_new(client, c"PUT".as_ptr(), c"raw".as_ptr());
        assert_eq!(crux_call_body(other, body.as_ptr().cast(), 3, null()), CRUX_OK);
        assert_eq!(crux_call_body(other, body.as_ptr().cast(), isize::MAX, null()), CRUX_ERR_ARGUMENT);
        let form = crux_call_new(client, c"POST".as_ptr(), c"form".as_ptr());
        let (field, name) = (c"f".as_ptr(), c"n.bin".as_ptr());
        assert_eq!(crux_call_part_data(form, field, name, body.as_ptr().cast(), 11, null()), CRUX_OK);
        assert_eq!(crux_call_part_data(form, field, name, null(), 11, null()), CRUX_ERR_ARGUMENT);
        crux_free(client.cast());
        assert_eq!(crux_call_query(call, c"q".as_ptr(), c"2".as_ptr()), CRUX_OK);
        for object in [call, other, form] {
            crux_free(object.cast());
        }
        // A call of a client that is gone says so.
        let none = crux_call_new(client, c"GET".as_ptr(), c"x".as_ptr());
        assert_eq!(crux_code(none.cast()), CRUX_ERR_ARGUMENT);
        crux_free(none.cast());
    }
}

#[test]
fn a_response_is_looked_at_and_copied() {
    let client = ready();
    let response = received(client, br#"{"n":[1,2.5,"x\u0000y"],"who":{"name":"ad\u00fc"}}"#);
    let object = response.cast_const().cast();
    // SAFETY: handles, texts that end, and memory as large as the numbers beside it say.
    unsafe {
        crux_free(client.cast());
        assert_eq!((crux_status(object), crux_code(object)), (200, CRUX_OK));
        let mut length = 0;
        let body = crux_body(object, &raw mut length);
        assert_eq!((*body.add(length), *body), (0, b'{' as c_char));
        assert_eq!(text(crux_json_text(object, c"/who/name".as_ptr())).as_deref(), Some("ad\u{fc}"));
        assert_eq!(text(crux_json_text(object, c"/n/2".as_ptr())).as_deref(), Some("x"));
        assert_eq!(crux_json_int(object, c"/n/0".as_ptr(), -1), 1);
        assert_eq!(crux_json_int(object, c"/n/7".as_ptr(), -1), -1);
        assert_eq!(crux_json_double(object, c"/n/1".as_ptr(), 0.0), 2.5);
        assert_eq!(crux_json_count(object, c"/n".as_ptr()), 3);
        assert_eq!(text(crux_json_key(object, c"".as_ptr(), 1)).as_deref(), Some("who"));
        assert!(crux_json_key(object, c"".as_ptr(), 2).is_null());
        assert_eq!(text(crux_header(object, c"x-one".as_ptr(), 1)).as_deref(), Some("2"));
        assert!(crux_header(object, c"x-one".as_ptr(), 2).is_null());
        let (mut name, mut value) = (null(), null());
        assert_eq!(crux_header_at(object, 0, &raw mut name, &raw mut value), 1);
        assert_eq!(text(value).as_deref(), Some("application/json"));
        // A buffer that is too small is filled, and the size told.
        let mut buffer = [7_u8; 4];
        let what = c"json:/n/2".as_ptr();
        assert_eq!(crux_copy(object, what, buffer.as_mut_ptr().cast(), 2), 3);
        assert_eq!(&buffer, b"x\0\x07\x07");
        assert_eq!(crux_copy(object, what, buffer.as_mut_ptr().cast(), 4), 3);
        assert_eq!(&buffer, b"x\0y\0");
        assert_eq!(crux_copy(object, what, null_mut(), 0), 3);
        let mut seen = 0_usize;
        crux_json_walk(object, c"".as_ptr(), Some(count), (&raw mut seen).cast());
        assert_eq!(seen, 7);
        crux_free(response.cast());
        assert!(crux_json_text(object, c"/n/0".as_ptr()).is_null());
    }
}

unsafe extern "C" fn count(
    context: *mut c_void,
    _: i32,
    _: i32,
    key: *const c_char,
    key_length: usize,
    value: *const c_char,
    length: usize,
) -> i32 {
    // SAFETY: what the caller has passed as context; texts are as long as is said.
    unsafe {
        *context.cast::<usize>() += 1;
        for (start, length) in [(key, key_length), (value, length)] {
            if !start.is_null() {
                let bytes = std::slice::from_raw_parts(start.cast::<u8>(), length);
                assert!(std::str::from_utf8(bytes).is_ok());
            }
        }
    }
    0
}

#[test]
fn threads_share_a_client_and_free_it_under_each_other() {
    let client = ready();
    let response = received(client, b"{\"a\":\"b\"}");
    let (client, response) = (client.addr(), response.addr());
    let work = || {
        std::thread::spawn(move || {
            for _ in 0..5 {
                // SAFETY: any pointers, of objects that may be gone; texts that end.
                unsafe {
                    let call = crux_call_new(without_provenance(client), c"GET".as_ptr(), c"x".as_ptr());
                    crux_json_int(without_provenance(response), c"/a".as_ptr(), 0);
                    crux_free(call.cast());
                }
            }
            // SAFETY: as above.
            unsafe { crux_free(without_provenance_mut(client)) };
        })
    };
    let threads: Vec<_> = (0..3).map(|_| work()).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    // SAFETY: as above.
    unsafe {
        assert_eq!(crux_code(without_provenance(client)), CRUX_ERR_ARGUMENT);
        crux_free(without_provenance_mut(response));
    }
}
