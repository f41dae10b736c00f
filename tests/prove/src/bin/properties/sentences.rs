//! Whatever goes wrong, and whatever a server echoes: each error has a sentence of one line, and no secret is in it, in
//! a fact about it, or in a line of the log.

use std::cell::Cell;

use proptest::prelude::*;
use support::{CRUX_OK, Lines, Options};

use crate::Trial;
use crate::scripted::{End, Reply, Servers};

/// Where a server may put what it was sent.
#[derive(Clone, Copy, Debug)]
enum Echo {
    Detail,
    Html,
    Text,
    Reason,
    Header,
    Warning,
    Location,
    List,
    Cut,
    NoJson,
}

const ECHOES: &[Echo] = &[
    Echo::Detail,
    Echo::Html,
    Echo::Text,
    Echo::Reason,
    Echo::Header,
    Echo::Warning,
    Echo::Location,
    Echo::List,
    Echo::Cut,
    Echo::NoJson,
];

/// The form in which it comes back.
#[derive(Clone, Copy, Debug)]
enum Form {
    Plain,
    Json,
    Percent,
}

impl Form {
    fn of(self, secret: &str) -> String {
        let percent = |byte: u8| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        };
        match self {
            Form::Plain => secret.to_owned(),
            Form::Json => serde_json::to_string(secret).expect("a text").trim_matches('"').to_owned(),
            Form::Percent => secret.bytes().map(percent).collect(),
        }
    }
}

fn reply(echo: Echo, status: u16, around: &str, secret: &str) -> Reply {
    let framed = |headers: &str, body: &str| Reply::framed(&format!("{status} No"), headers, body);
    let said = format!("{around}{secret}{around}");
    match echo {
        Echo::Detail => framed("", &serde_json::json!({ "detail": said, "message": secret }).to_string()),
        Echo::Html => framed("", &format!("<html><title>{said}</title><h1>{secret}</h1></html>")),
        Echo::Text => framed("Content-Type: text/plain\r\n", &said),
        Echo::Reason => Reply::framed(&format!("{status} {secret}"), "", ""),
        Echo::Header => {
            framed(&format!("X-Echo: {secret}\r\nWWW-Authenticate: Basic realm=\"{secret}\"\r\n"), "")
        }
        Echo::Warning => framed(&format!("Warning: 299 - \"{secret}\"\r\n"), "{}"),
        Echo::Location => {
            framed(&format!("Location: elsewhere?signature={}\r\n", Form::Percent.of(secret)), "")
        }
        Echo::List => framed(
            "",
            &serde_json::json!({ "errors": { "name": [said, { "message": secret }] } }).to_string(),
        ),
        Echo::Cut => Reply {
            end: End::Reset,
            ..Reply::of(format!("HTTP/1.1 {status} No\r\nContent-Length: 5000\r\n\r\n{said}"))
        },
        Echo::NoJson => framed("Content-Type: application/json\r\n", &format!("{{\"{secret}")),
    }
}

pub fn check(trial: &Trial) -> Result<(), String> {
    let servers = Servers::start(1);
    let statuses = prop::sample::select(&[200, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503, 599][..]);
    let forms = prop::sample::select(&[Form::Plain, Form::Json, Form::Percent][..]);
    let inputs = (
        // As long as a password that is worth one, of letters that are encoded in all kinds of ways.
        "[A-Za-z0-9!-/:-@ ]{4}[A-Za-z0-9+/=&%\"\\\\<>ü]{10,20}[a-z]",
        "[A-Za-z0-9._~+/=-]{12,30}",
        prop::sample::select(ECHOES),
        statuses,
        forms,
        (
            any::<bool>(),
            any::<bool>(),
            prop::sample::select(&["", " ", "x", "\"", "ü", "%"][..]),
            0..600_usize,
        ),
    );
    let failed = Cell::new(0);
    trial.holds(
        &inputs,
        |(password, token, echo, status, form, (at_login, of_token, around, distance))| {
            let around = around.repeat(distance);
            // Before a login has brought one there is no token.
            let secret = form.of(if of_token && !at_login { &token } else { &password });
            let bad = reply(echo, status, &around, &secret);
            let login = Reply::framed("200 OK", "", &serde_json::json!({ "token": token }).to_string());
            let first = if at_login { bad.clone() } else { login };
            servers.play([bad.clone(), bad.clone(), bad], first);
            let lines = Lines::default();
            {
                let options = Options::of(&[
                    ("service", "custom"),
                    ("base_url", &servers.base()),
                    ("user", "ada"),
                    ("secret", &password),
                    ("login.path", "login"),
                    ("retry.max", "1"),
                    ("retry.max_wait_ms", "1"),
                ]);
                lines.listen(&options, 5);
                let client = options.login();
                judged(&client.message(), client.code(), &[&password, &token]);
                let response = client.request("POST", "place", Some("{}"));
                failed.set(failed.get() + usize::from(response.code() != CRUX_OK));
                judged(&response.message(), response.code(), &[&password, &token]);
                for fact in ["server_message", "warning", "json_error", "token_source"] {
                    let told = [response.info(fact), client.info(fact)].into_iter().flatten();
                    told.for_each(|text| hides(fact, &text, &[&password, &token]));
                }
            }
            for (_, line) in lines.all() {
                hides("a line of the log", &line, &[&password, &token]);
            }
        },
    )?;
    match failed.get() * 2 > trial.cases {
        true => Ok(()),
        false => Err(format!("only {} requests failed", failed.get())),
    }
}

#[track_caller]
fn judged(message: &str, code: i32, secrets: &[&str]) {
    assert!(code == CRUX_OK || message.ends_with(['.', '…', ')']), "no sentence: {message:?}");
    assert!(!message.contains(char::is_control), "no line: {message:?}");
    hides("a message", message, secrets);
}

/// No secret in any form, and no larger part of one.
#[track_caller]
fn hides(what: &str, text: &str, secrets: &[&str]) {
    for secret in secrets {
        for form in [Form::Plain, Form::Json, Form::Percent] {
            let secret = form.of(secret);
            assert!(!text.contains(&secret), "{what} has {secret:?}: {text:?}");
        }
        let letters: Vec<char> = secret.chars().collect();
        for part in letters.windows(10) {
            let part: String = part.iter().collect();
            assert!(!text.contains(&part), "{what} has a part of a secret, {part:?}: {text:?}");
        }
    }
}
