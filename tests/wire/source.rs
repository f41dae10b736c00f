//! Bodies that a function of the host gives.

use std::ffi::c_void;
use std::ptr::null;

use sandbox::{Canned, Sandbox};
use support::*;

/// What is still to be given, and what is returned after that.
struct Script {
    pieces: Vec<&'static [u8]>,
    end: isize,
}

unsafe extern "C" fn read(context: *mut c_void, buffer: *mut c_void, capacity: usize) -> isize {
    let script = unsafe { &mut *context.cast::<Script>() };
    let Some(piece) = script.pieces.first_mut() else { return script.end };
    let amount = piece.len().min(capacity);
    unsafe { buffer.cast::<u8>().copy_from(piece.as_ptr(), amount) };
    *piece = &piece[amount..];
    if piece.is_empty() {
        script.pieces.remove(0);
    }
    amount as isize
}

unsafe extern "C" fn release(context: *mut c_void) {
    drop(unsafe { Box::from_raw(context.cast::<Script>()) });
}

fn sourced(client: &Client, pieces: &[&'static [u8]], end: isize, length: i64) -> Call {
    let call = client.call("POST", "list");
    let script = Box::into_raw(Box::new(Script { pieces: pieces.to_vec(), end })).cast();
    let set = unsafe { crux_call_source(call.0, Some(read), script, Some(release), length, null()) };
    assert_eq!(set, CRUX_OK);
    call
}

#[test]
fn the_whole_arrives_on_any_connection() {
    let sandbox = Sandbox::start();
    sandbox.respond("POST", "/api/list", Canned::json(200, &serde_json::json!({})));
    let ca = sandbox.ca_file().to_str().unwrap().to_owned();
    for base in [sandbox.http(), sandbox.https()] {
        for length in [-1, 6] {
            let client = Client::ready(&format!("{base}/api"), &[("tls.ca_file", &ca)]);
            // The first has a connection of its own, the second that of the first.
            for way in ["send", "send", "start", "stream"] {
                let call = sourced(&client, &[b"abc", b"def"], 0, length);
                let response = match way {
                    "send" => call.send(),
                    "start" => call.start().finished(),
                    _ => call.stream(),
                };
                response.expect(CRUX_OK);
                let last = sandbox.requests().pop().unwrap();
                assert_eq!(String::from_utf8_lossy(&last.body), "abcdef", "{base} {length} {way}");
            }
        }
    }
}

#[test]
fn a_source_that_gives_up_or_errs_sends_no_whole_body() {
    let sandbox = Sandbox::start();
    sandbox.respond("POST", "/api/list", Canned::json(200, &serde_json::json!({})));
    let base = format!("{}/api", sandbox.http());
    for (pieces, end, length, want) in [
        (&[][..], -1, -1, CRUX_ERR_CANCELLED),
        (&[&b"abc"[..]][..], -1, -1, CRUX_ERR_CANCELLED),
        (&[&b"abc"[..]][..], -1, 3, CRUX_ERR_CANCELLED),
        (&[&b"abc"[..]][..], -1, 6, CRUX_ERR_CANCELLED),
        (&[&b"abc"[..]][..], -2, -1, CRUX_ERR_FILE),
        (&[&b"abc"[..]][..], isize::MAX, -1, CRUX_ERR_FILE),
        (&[&b"abc"[..]][..], 0, 6, CRUX_ERR_FILE),
        (&[&b"abc"[..]][..], 0, 2, CRUX_ERR_FILE),
    ] {
        let client = Client::ready(&base, &[("retry.max", "0")]);
        let response = sourced(&client, pieces, end, length).send();
        assert_eq!(response.code(), want, "{end} {length}: {}", response.message());
    }
    // Their heads have arrived; of none the server saw the end.
    assert!(sandbox.requests().iter().all(|request| request.status == 0));
}

/// A source that sends another body, out of a source, before it gives its own.
unsafe extern "C" fn nested(context: *mut c_void, _: *mut c_void, _: usize) -> isize {
    let client = unsafe { &*context.cast::<Client>() };
    sourced(client, &[b"inner"], 0, -1).send().expect(CRUX_OK);
    0
}

#[test]
fn a_hook_may_send_what_comes_from_a_source() {
    let sandbox = Sandbox::start();
    sandbox.respond("POST", "/api/list", Canned::json(200, &serde_json::json!({})));
    let client = Client::ready(&format!("{}/api", sandbox.http()), &[]);
    for background in [false, true] {
        let call = client.call("POST", "list");
        let context = (&raw const client).cast_mut().cast();
        let set = unsafe { crux_call_source(call.0, Some(nested), context, None, -1, null()) };
        assert_eq!(set, CRUX_OK);
        let sent = if background { call.start().finished() } else { call.send() };
        sent.expect(CRUX_OK);
        assert!(sandbox.requests().iter().any(|request| request.body == b"inner"), "{background}");
        sandbox.clear();
    }
}
