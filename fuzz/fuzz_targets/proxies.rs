//! What a proxy of a kind that the first byte chooses says, and what it says of itself: an error is a sentence without
//! the password, and only a proxy that forwards can bring a response without TLS.
#![no_main]

use std::sync::LazyLock;

use crux::ffi::CRUX_OK;
use crux::transport::net::proxy::Proxy;
use fuzz::c::Handle;
use fuzz::peer::Peer;
use fuzz::{canary, prepare};
use libfuzzer_sys::fuzz_target;

/// Scheme and credentials of a proxy, and the base that is reached through it.
const WAYS: &[(&str, bool, &str)] = &[
    ("http", true, "https://a.test/"),
    ("http", false, "https://a.test/"),
    ("http", true, "http://127.0.0.9/"),
    ("socks5", true, "https://a.test/"),
    ("socks5", false, "http://127.0.0.9/"),
    ("socks4a", false, "https://a.test/"),
    ("socks4", false, "http://127.0.0.9/"),
    ("https", true, "https://a.test/"),
];

static PEER: LazyLock<Peer> = LazyLock::new(Peer::start);

/// A client of one of the ways, whose secrets the input cannot hold.
fn client((scheme, named, base): &(&str, bool, &str), secret: &str) -> Handle {
    let user = if *named { format!("ada:{secret}@") } else { String::new() };
    Handle::client(&[
        ("service", "custom"),
        ("base_url", base),
        ("token", secret),
        ("proxy", &format!("{scheme}://{user}127.0.0.1:{}", PEER.port)),
        ("pool.max_idle", "0"),
        ("retry.max", "0"),
        ("redirect.max", "0"),
        ("max_body", "100000"),
        ("timeout.total_ms", "30000"),
        ("tls.verify", "0"),
    ])
}

fn run(data: &[u8]) {
    let Some((chosen, bytes)) = data.split_first() else { return };
    parsed(&String::from_utf8_lossy(bytes));
    let chosen = usize::from(*chosen) % WAYS.len();
    PEER.say(&[bytes]);
    // Its message is judged there.
    let secret = canary(data);
    let response = client(&WAYS[chosen], &secret).get("x", &secret);
    if response.code() == CRUX_OK {
        assert!(
            WAYS[chosen].2.starts_with("http://"),
            "a response without TLS counts as one of {}",
            WAYS[chosen].2
        );
    }
}

/// The name of a proxy.
fn parsed(text: &str) {
    let Ok(proxy) = Proxy::parse(text) else { return };
    let place = proxy.place();
    assert!(!proxy.host.is_empty() && !place.contains(['@', '/', '\\']), "{place}");
    assert!(proxy.port > 0 || text.contains(":0"), "{text}");
    let echoed = proxy.hide_in(format!("<{}>", proxy.password.expose()));
    // A shorter one may be a part of what is written in its place.
    let long = proxy.password.expose().len() > 32;
    assert!(!long || !echoed.contains(proxy.password.expose()), "a password is shown");
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
