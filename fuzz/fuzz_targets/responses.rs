//! The reader of responses, over a connection: arbitrary bytes, once in one piece and held in memory, once in pieces
//! and read as a stream. Both come to the same, and a body that counts as complete is what its head announces.
#![no_main]

use std::sync::LazyLock;

use crux::ffi::{CRUX_ERR_TOO_LARGE, CRUX_OK};
use crux::transport::head::Head;
use crux::transport::http::framing::{self, Coding, Framing};
use fuzz::c::Handle;
use fuzz::peer::Peer;
use fuzz::{canary, prepare};
use libfuzzer_sys::fuzz_target;

/// What unpacks to more than this is refused where it is held in memory.
const MOST: usize = 100_000;

static PEER: LazyLock<Peer> = LazyLock::new(Peer::start);
static CLIENT: LazyLock<Handle> = LazyLock::new(|| {
    Handle::client(&[
        ("service", "custom"),
        ("base_url", &PEER.url()),
        ("proxy", "direct"),
        // Nothing is kept, repeated or followed.
        ("pool.max_idle", "0"),
        ("retry.max", "0"),
        ("redirect.max", "0"),
        ("max_body", &MOST.to_string()),
        ("timeout.total_ms", "30000"),
    ])
});

fn run(data: &[u8]) {
    let Some((at, bytes)) = data.split_first() else { return };
    let secret = canary(data);
    CLIENT.set_token(&secret);
    PEER.say(&[bytes]);
    let held = CLIENT.get("x", &secret);
    let (first, rest) = bytes.split_at(usize::from(*at).min(bytes.len()));
    let (second, third) = rest.split_at(rest.len() / 2);
    PEER.say(&[first, second, third]);
    let stream = CLIENT.stream("x", &secret);
    let body = stream.read_all(1 + usize::from(*at));
    assert_eq!(held.status(), stream.status());
    // A stream has no bound.
    if held.code() == CRUX_ERR_TOO_LARGE {
        return;
    }
    assert_eq!(held.code(), stream.code(), "{} / {}", held.message(), stream.message());
    if held.code() == CRUX_OK {
        assert_eq!(held.body(), body, "the same bytes in other pieces");
        assert_eq!(held.number("verified"), stream.number("verified"));
        announced(bytes, &body, held.number("verified") == 1);
    }
}

/// Checks a body that counts as complete against the last head that came.
fn announced(bytes: &[u8], body: &[u8], verified: bool) {
    let mut rest = bytes;
    let head = loop {
        let head = Head::parse(rest).ok().flatten().expect("a success has a head");
        rest = &rest[head.length()..];
        if head.status >= 200 {
            break head;
        }
    };
    if Coding::of(&head) != Coding::None {
        return;
    }
    match framing::of(&head, false).expect("a success has an end") {
        Framing::Empty => assert!(body.is_empty()),
        Framing::Length(length) => assert!(verified && body == &rest[..length as usize]),
        Framing::Chunked => assert!(verified && body.len() < rest.len()),
        Framing::UntilClose => assert!(!verified && body == rest),
    }
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
