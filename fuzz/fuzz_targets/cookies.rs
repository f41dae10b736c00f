//! Set-Cookie lines of a login, behind the line of its Date: the token is a value that came, and can be sent back.
#![no_main]

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use crux::client::Client;
use crux::send::login_response::take;
use crux::send::request::Finished;
use crux::transport::head::Head;
use fuzz::{client, is_sentence, prepare};
use libfuzzer_sys::fuzz_target;

static CLIENT: LazyLock<Arc<Client>> = LazyLock::new(|| client(&[("login.mode", "cookie")]));

fn run(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n').take(100);
    let date = lines.next().unwrap_or_default();
    let cookies: Vec<&[u8]> = lines.collect();
    let fields =
        [(&b"Date"[..], date)].into_iter().chain(cookies.iter().map(|line| (&b"Set-Cookie"[..], *line)));
    let response = Finished { status: 200, head: Head::of(200, fields), ..Finished::default() };
    match take(&CLIENT, &response, Duration::ZERO, None) {
        Ok(login) => {
            let token = login.token.text.expose();
            let sendable = |byte: u8| byte.is_ascii_graphic() && !b";,\"\\".contains(&byte);
            assert!(!token.is_empty() && token.bytes().all(sendable), "{token:?}");
            assert_eq!(login.token.header.1.as_bytes(), format!("token={token}").as_bytes());
            let came = |line: &&[u8]| {
                let line = String::from_utf8_lossy(line);
                line.split_once('=')
                    .is_some_and(|(name, rest)| name.trim() == "token" && rest.contains(token))
            };
            assert!(cookies.iter().any(came), "{token:?} never came");
            assert!(login.refresh.is_none());
        }
        Err(error) => is_sentence(&error),
    }
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
