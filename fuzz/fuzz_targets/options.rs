//! Options, one `key=value` a line: what is accepted reads back, what is refused is refused in a sentence without it.
#![no_main]

use std::sync::Arc;

use crux::Options;
use crux::client::Client;
use crux::clock::FakeClock;
use crux::hooks::Hooks;
use crux::options::settings::Settings;
use crux::options::table::{Kind, row};
use fuzz::{canary, is_sentence, prepare};
use libfuzzer_sys::fuzz_target;

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut options = Options::new();
    for line in text.split('\n').take(12) {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        set(&mut options, key, value);
        hides_secrets(key, value, &canary(data));
    }
    let settings = Settings::from_options(&options);
    assert!(settings.retry_max <= 20 && settings.redirect_max <= 20 && settings.max_body >= 1);
    match Client::new(&options, &Hooks::default(), Arc::new(FakeClock::default())) {
        Ok(client) => assert!(client.origin.covers(&client.base)),
        Err(error) => is_sentence(&error),
    }
}

fn set(options: &mut Options, key: &str, value: &str) {
    let found = match row(key) {
        Ok(found) => found,
        Err(error) => return is_sentence(&error),
    };
    // What it names would be read, be it a device without an end.
    if found.key.ends_with("_file") {
        return;
    }
    let before = options.text(key).map(str::to_owned);
    match options.set(key, Some(value)) {
        Ok(()) if value.is_empty() => {}
        Ok(()) => {
            assert_eq!(options.text(key), Some(value));
            if let Kind::Number(low, high) = found.kind {
                assert!(options.number(key).is_some_and(|number| (low..=high).contains(&number)));
            }
        }
        Err(error) => {
            is_sentence(&error);
            assert_eq!(options.text(key), before.as_deref(), "what is refused changes nothing");
        }
    }
}

/// What is refused of a secret is not shown.
fn hides_secrets(key: &str, value: &str, secret: &str) {
    if row(key).is_ok_and(|found| found.is_secret() && !found.key.ends_with("_file"))
        && let Err(error) = Options::new().set(key, Some(&format!("{value}{secret}")))
    {
        is_sentence(&error);
        assert!(!error.message.contains(secret), "{error:?}");
    }
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
