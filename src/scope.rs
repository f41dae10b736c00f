//! What may be shown to whom: headers that may go to a foreign origin, texts that may reach a person.

use ureq::http::{HeaderName, Method};

use crate::json::{Json, Type, escape};
use crate::link::Link;

/// Headers of the caller's that may go anywhere. Everything else may be a credential.
const HARMLESS: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "content-type",
    "content-language",
    "content-disposition",
    "range",
    "if-range",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "cache-control",
    "user-agent",
];

pub fn is_harmless(name: &HeaderName) -> bool {
    HARMLESS.contains(&name.as_str())
}

/// Headers that are ours alone to set.
const RESERVED: &[&str] = &[
    "authorization",
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "expect",
];

/// Whether a header says how the request travels, so that nothing else may be put into it.
pub fn frames(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name != "authorization" && RESERVED.contains(&name.as_str())
}

pub fn is_reserved(name: &HeaderName) -> bool {
    RESERVED.contains(&name.as_str()) || name.as_str().starts_with("proxy-")
}

/// Sentences for successes that mean something else than they say.
const NOTES: &[(&str, &str, u16, &str)] =
    &[("GET", "/accept-invite/", 201, "The invitation had expired; a new e-mail was sent.")];

pub fn note(method: &Method, link: &Link, status: u16) -> Option<&'static str> {
    let fits = |row: &&(&str, &str, u16, &'static str)| {
        status == row.2 && method == row.0 && link.path().contains(row.1)
    };
    NOTES.iter().find(fits).map(|row| row.3)
}

/// A server's text in one line of bearable length.
pub fn bounded(text: &str) -> String {
    const MOST: usize = 500;
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Errors given as `{"field": ["what is wrong", …], …}`.
pub fn field_errors(json: &Json<'_>) -> Option<String> {
    let mut told = Vec::new();
    for index in 0..json.count("").min(10) {
        let Some(key) = json.key("", index) else { break };
        let pointer = format!("/{}", escape(&key));
        let first = match json.kind(&pointer) {
            Type::Array => json.string(&format!("{pointer}/0")),
            _ => None,
        };
        if let Some(text) = first {
            told.push(format!("{key}: {text}"));
        }
    }
    if told.is_empty() { None } else { Some(told.join("; ")) }
}
