//! No secret is ever seen: every flow runs at the finest log level with canaries for secrets, and no
//! message, log line, fact, Debug text, output of the process or freed memory holds one.

mod echoes;
mod flows;
mod hostile;
// A C program that reads its own memory.
#[cfg(unix)]
mod memory;
mod misuse;

use std::fmt::Debug;

use support::canary::has_canary;
use support::*;

pub const PASSWORD: &str = "Canary  Pa55word \"1\" with two  blanks";
pub const TOKEN: &str = "canarytoken0123456789abcdef";
pub const KEY: &str = "apk-canarykey0123456789abcdef=";
pub const RESET: &str = "canaryreset0123456789";
pub const SIGNED: &str =
    "Signature=canary%2Bsignature%3D&Expires=1&AWSAccessKeyId=CANARYID0123&canary-bare-pair";

/// Everything that a person might see.
#[derive(Default)]
pub struct Sink {
    seen: Vec<(String, String)>,
    ears: Vec<&'static Lines>,
    flow: &'static str,
}

impl Sink {
    pub fn begin(&mut self, flow: &'static str) {
        self.flow = flow;
    }

    pub fn see(&mut self, what: &str, text: impl Into<String>) {
        self.seen.push((format!("{}: {what}", self.flow), text.into()));
    }

    pub fn see_debug(&mut self, what: &str, value: &impl Debug) {
        self.see(what, format!("{value:?}"));
        self.see(what, format!("{value:#?}"));
    }

    /// Makes a client that tells all it does.
    pub fn client(&mut self, pairs: &[(&str, &str)]) -> Client {
        let options = Options::new();
        for (key, value) in pairs {
            options.set(key, Some(value));
            self.see(key, options.message());
        }
        let ear: &'static Lines = Box::leak(Box::default());
        ear.listen(&options, 5);
        self.ears.push(ear);
        let client = options.login();
        self.see("login", client.message());
        for fact in ["service", "base_url", "token_source"] {
            self.see(fact, client.info(fact).unwrap_or_default());
        }
        client
    }

    /// All facts but those that have to be exact.
    pub fn response(&mut self, response: &Response) {
        self.see("message", response.message());
        self.see("message", String::from_utf8_lossy(&response.copy("message")));
        for fact in ["service", "base_url", "server_message", "warning", "token_source"] {
            self.see(fact, response.info(fact).unwrap_or_default());
        }
    }

    /// Sends what can be sent with a call, and takes in what comes of it.
    pub fn send(&mut self, client: &Client, method: &str, path: &str, body: Option<&str>) -> Response {
        let call = client.call(method, path);
        self.see("call", call.message());
        call.header("X-Api-Key", "canary-header");
        // Refused where the token itself is a cookie: then it is not sent at all.
        if call.header("Cookie", "session=canary-cookie") != CRUX_OK {
            self.see("call", call.message());
            let response = call.send();
            self.response(&response);
            let response = client.request(method, path, body);
            self.response(&response);
            return response;
        }
        if let Some(body) = body {
            call.body(body.as_bytes(), None);
        }
        self.see("call", call.message());
        let response = call.send();
        self.response(&response);
        response
    }

    /// Fails if a canary is in anything seen.
    fn check(&self) {
        let lines = self.ears.iter().flat_map(|ear| ear.all());
        let lines: Vec<_> = lines.map(|(level, line)| (format!("log level {level}"), line)).collect();
        assert!(lines.iter().any(|(level, _)| level.ends_with('4')), "somebody listened");
        assert!(self.seen.len() > 300, "{}", self.seen.len());
        let leaks: Vec<_> = self.seen.iter().chain(&lines).filter(|(_, text)| has_canary(text)).collect();
        assert!(leaks.is_empty(), "{leaks:#?}");
    }
}

#[test]
fn no_flow_shows_a_secret() {
    if is_alone() {
        return all_flows();
    }
    let output = again("no_flow_shows_a_secret").env("RUST_BACKTRACE", "1").output().unwrap();
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let text = String::from_utf8_lossy(bytes);
        assert!(!has_canary(&text), "on {name}:\n{text}");
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Its output is looked at by the test above.
fn all_flows() {
    let mut sink = Sink::default();
    flows::run(&mut sink);
    hostile::run(&mut sink);
    misuse::run(&mut sink);
    sink.check();
}

#[test]
fn a_canary_would_be_found() {
    for text in ["x Canary y", "63616E617279", "[99, 97, 110, 97, 114, 121]", "dTpjYW5hcnk=", "Y2FuYXJ5"] {
        assert!(has_canary(text), "{text}");
    }
    assert!(!has_canary("a sparrow"));
}
