//! Header names: which may go to another origin, and which only libcrux sets.

use http::HeaderName;

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
