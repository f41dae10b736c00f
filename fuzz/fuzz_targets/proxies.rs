//! What a proxy of a kind that the first byte chooses says, and what it says of itself: an error is a sentence without
//! the password, and only a proxy that forwards can bring a response without TLS.
#![no_main]

use std::sync::LazyLock;

use crux::ffi::CRUX_OK;
use crux::transport::net::proxy::Proxy;
use fuzz::c::Handle;
use fuzz::peer::Peer;
use fuzz::{CANARY, prepare};
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
static CLIENTS: LazyLock<Vec<Handle>> = LazyLock::new(|| {
    let client = |(scheme, named, base): &(&str, bool, &str)| {
        let user = if *named { format!("ada:{CANARY}@") } else { String::new() };
        Handle::client(&[
            ("service", "custom"),
            ("base_url", base),
            ("token", CANARY),
            ("proxy", &format!("{scheme}://{user}127.0.0.1:{}", PEER.port)),
            ("pool.max_idle", "0"),
            ("retry.max", "0"),
            ("redirect.max", "0"),
            ("max_body", "100000"),
            ("timeout.total_ms", "30000"),
            ("tls.verify", "0"),
        ])
    };
    WAYS.iter().map(client).collect()
});

fn run(data: &[u8]) {
    let Some((chosen, bytes)) = data.split_first() else { return };
    parsed(&String::from_utf8_lossy(bytes));
    let chosen = usize::from(*chosen) % WAYS.len();
    PEER.say(&[bytes]);
    // Its message is judged there.
    let response = CLIENTS[chosen].get("x");
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
    let echoed = proxy.hide_in(format!("you said {}!", proxy.password.expose()));
    let long = proxy.password.expose().len() >= CANARY.len();
    assert!(!long || !echoed.contains(proxy.password.expose()), "a password is shown");
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
