//! Bodies that are sent from where they are arrive whole, however they fall into pieces; so do those below
//! the size from which that is done.

#[path = "sandbox/mod.rs"]
mod sandbox;
mod support;

use sandbox::Sandbox;
use support::{CRUX_OK, Client};

const K: usize = 1024;

/// Text in which no two pieces are alike.
fn text(length: usize) -> String {
    let mut text: String = (0..length / 8 + 1).map(|number| format!("{number:08x}")).collect();
    text.truncate(length);
    text
}

#[test]
fn a_long_body_arrives_whole() {
    let sandbox = Sandbox::start();
    for origin in [sandbox.http(), sandbox.https()] {
        let me = Client::ready(&origin, &[("tls.ca_file", sandbox.ca_file().to_str().unwrap())]);
        for length in [128 * K - 1, 128 * K, 128 * K + 1, 256 * K, 700 * K + 3] {
            let body = text(length);
            let call = me.call("PUT", "echo/");
            assert_eq!(call.body(body.as_bytes(), Some("text/plain")), CRUX_OK);
            // Twice: the second travels on a connection that has sent one before.
            for _ in 0..2 {
                let answer = call.send().expect(CRUX_OK);
                assert_eq!(answer.json_int("/body_length"), length as i64);
                let echoed = answer.json("/body").unwrap();
                assert!(echoed == body, "{length} at {origin}");
                assert_eq!(answer.number("sent"), length as i64);
            }
            let short = me.request("POST", "echo/", Some("{}")).expect(CRUX_OK);
            assert_eq!(short.json("/body").as_deref(), Some("{}"));
        }
    }
}
