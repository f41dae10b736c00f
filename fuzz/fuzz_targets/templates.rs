//! A path with names in braces, and a `name=value` a line: the filled call goes where a path goes in which each value
//! was percent-encoded by other means.
#![no_main]

use std::sync::{Arc, LazyLock};

use crux::Call;
use crux::client::Client;
use fuzz::{client, is_sentence, prepare};
use libfuzzer_sys::fuzz_target;

static CLIENT: LazyLock<Arc<Client>> = LazyLock::new(|| client(&[]));

fn encoded(value: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(one).collect()
}

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (path, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let mut call = match Call::new(CLIENT.clone(), "GET", path) {
        Ok(call) => call,
        Err(error) => return is_sentence(&error),
    };
    let mut expected = path.to_owned();
    for line in rest.split('\n') {
        let Some((name, value)) = line.split_once('=') else { continue };
        match call.fill(name, value) {
            // The first value of a name would be replaced by a later one.
            Ok(()) if expected.contains(&format!("{{{name}}}")) => {
                expected = expected.replace(&format!("{{{name}}}"), &encoded(value));
            }
            Ok(()) => return,
            Err(error) => is_sentence(&error),
        }
    }
    match call.request() {
        Ok(request) => {
            let plain = Call::new(CLIENT.clone(), "GET", &expected).and_then(|call| call.request());
            let plain = plain.unwrap_or_else(|error| panic!("{expected}: {}", error.message));
            assert_eq!(request.url.as_str(), plain.url.as_str());
            assert!(!request.url.request_target().contains(['{', '}']));
        }
        Err(error) => is_sentence(&error),
    }
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
