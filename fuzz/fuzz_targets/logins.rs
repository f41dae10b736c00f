//! Responses to a login, of services that the first byte chooses: the token is the text that serde_json finds, it can
//! be sent in a header, and it lives for a while or for an unknown time.
#![no_main]

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use crux::client::Client;
use crux::send::login_response::take;
use crux::send::request::Finished;
use crux::transport::head::Head;
use fuzz::{client, is_sentence, prepare};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

type Pairs = &'static [(&'static str, &'static str)];

/// Services by their options; some have a token deep inside, or the whole document.
const SERVICES: &[Pairs] = &[
    &[("login.token_pointer", "/token")],
    &[("login.token_pointer", "")],
    &[("login.token_pointer", "/data/0/access~1token"), ("token.expires_pointer", "/expires_in")],
    &[("login.token_pointer", "/access"), ("refresh.path", "refresh/"), ("auth.scheme", "")],
    &[("service", "crunch")],
];

static CLIENTS: LazyLock<Vec<Arc<Client>>> =
    LazyLock::new(|| SERVICES.iter().map(|options| client(options)).collect());

fn run(data: &[u8]) {
    let Some((chosen, body)) = data.split_first() else { return };
    let chosen = usize::from(*chosen) % SERVICES.len();
    let client = &CLIENTS[chosen];
    let head = Head::of(200, [("Content-Type", "application/json")]);
    let response = Finished { status: 200, head, body: body.to_vec(), ..Finished::default() };
    let login = match take(client, &response, Duration::ZERO, None) {
        Ok(login) => login,
        Err(error) => return is_sentence(&error),
    };
    let token = login.token.text.expose();
    assert!(!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()), "{token:?}");
    assert!(login.token.header.1.as_bytes().ends_with(token.as_bytes()));
    assert!(login.token.lifetime.is_none_or(|life| life >= Duration::from_millis(1)));
    if let Ok(whole) = serde_json::from_slice::<Value>(body) {
        let pointer = &client.profile.token_pointer;
        assert_eq!(whole.pointer(pointer).and_then(Value::as_str), Some(token), "{pointer}");
    }
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
