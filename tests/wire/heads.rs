//! Heads of responses as a program sees them: every field by its name and by its number, however the head came.

use std::ffi::CStr;
use std::ptr::null;
use std::time::Duration;

use sandbox::fault::{FaultServer, Step};
use support::{CRUX_OK, Client, Response, c, crux_header, crux_header_at};

const HEAD: &str = "HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Length: 2\r\nETag:\t\"e\" \r\nX-Fold: a \r\n\t b,\r\n c\r\n\
    x-one: two\r\nX-Empty:\r\nX-Ctl: a\x01b\r\n\r\n";
const FIELDS: &[(&str, &str)] = &[
    ("x-one", "1"),
    ("content-length", "2"),
    ("etag", "\"e\""),
    ("x-fold", "a b, c"),
    ("x-one", "two"),
    ("x-empty", ""),
    ("x-ctl", "a\x01b"),
];

fn value(response: &Response, name: &str, nth: usize) -> Option<String> {
    let value = unsafe { crux_header(response.0.cast(), c(name).as_ptr(), nth) };
    (!value.is_null()).then(|| unsafe { CStr::from_ptr(value) }.to_str().unwrap().to_owned())
}

fn all(response: &Response) -> Vec<(String, String)> {
    let text = |pointer| unsafe { CStr::from_ptr(pointer) }.to_str().unwrap().to_owned();
    let field = |index| {
        let (mut name, mut value) = (null(), null());
        let there = unsafe { crux_header_at(response.0.cast(), index, &mut name, &mut value) };
        (there == 1).then(|| (text(name), text(value)))
    };
    (0..).map_while(field).collect()
}

#[test]
fn fields_by_name_and_by_number_in_whatever_pieces_they_come() {
    for piece in [1, 7, HEAD.len() + 2] {
        let bytes = [HEAD, "{}"].concat().into_bytes();
        let slowly = Step::SendSlowly { bytes, piece, every: Duration::from_millis(1) };
        let server = FaultServer::start(vec![Step::ReadHead, slowly, Step::Stall]);
        let response = Client::ready(&server.url(), &[]).get("x").expect(CRUX_OK);
        let seen = all(&response);
        let seen: Vec<_> = seen.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(seen, FIELDS, "in pieces of {piece}");
        for (name, nth, want) in [
            ("X-ONE", 0, Some("1")),
            ("x-one", 1, Some("two")),
            ("X-One", 2, None),
            ("X-Fold", 0, Some("a b, c")),
            ("X-Empty", 0, Some("")),
            ("X-Ctl", 0, Some("a\x01b")),
            ("c", 0, None),
            ("", 0, None),
        ] {
            assert_eq!(value(&response, name, nth).as_deref(), want, "{name} {nth}");
        }
    }
}

/// What is folded means the same as what is not, also to the library itself.
#[test]
fn folded_fields_count() {
    let moved = "HTTP/1.1 302 Found\r\nLocation:\r\n /there\r\nContent-Length: 0\r\n\r\n";
    let found = "HTTP/1.1 200 OK\r\nWarning: 299 -\r\n \"soon\"\r\nContent-Encoding: gzip,\r\n\tbr\r\nContent-Length: 0\r\n\r\n";
    let server =
        FaultServer::start(vec![Step::ReadHead, Step::send(moved), Step::ReadHead, Step::send(found)]);
    let response = Client::ready(&server.url(), &[]).get("x").expect(CRUX_OK);
    assert_eq!(response.info("warning").as_deref(), Some("299 - \"soon\""));
    assert!(response.info("url").unwrap().ends_with("/there"));
}

/// What comes behind a response was not asked for: it is not the next response.
#[test]
fn what_follows_a_response_is_never_taken_for_another() {
    let stray = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray";
    for (method, first) in [
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
        ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
        ("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    ] {
        let begun = vec![Step::ReadHead, Step::send([first, stray].concat()), Step::Stall];
        let fine =
            vec![Step::ReadHead, Step::send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"), Step::Stall];
        let server = FaultServer::scripts(None, vec![begun, fine]);
        let client = Client::ready(&server.url(), &[]);
        client.request(method, "x", None).expect(CRUX_OK);
        assert_eq!(client.get("y").expect(CRUX_OK).body(), b"fine", "behind {first:?}");
        assert_eq!(server.connections(), 2);
    }
}
