//! Header names: which may go to another origin, and which only libcrux sets.

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use crate::secret::{Secret, SecretBytes};

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
    let is_ours = RESERVED.contains(&name.as_str()) || HARMLESS.contains(&name.as_str());
    name != "authorization" && (is_ours || name.starts_with("proxy-"))
}

pub fn is_reserved(name: &HeaderName) -> bool {
    RESERVED.contains(&name.as_str()) || name.as_str().starts_with("proxy-")
}

/// Headers out of `Name: value`, one a line; `Err` is the half sentence that says what they should be.
pub fn lines(text: &str) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        // The line may hold a secret.
        let wrong = || format!("lines such as \"X-Api-Version: 2\", in visible ASCII; line {number} is none");
        let (name, value) = line.split_once(':').ok_or_else(wrong)?;
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| wrong())?;
        if is_reserved(&name) || name.as_str() == "cookie" {
            return Err(format!("lines without the header {name}, which is set by libcrux itself"));
        }
        let value = value.trim();
        if !value.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b)) {
            return Err(wrong());
        }
        // It may hold a key, and is wiped.
        let value = Bytes::from_owner(SecretBytes::from(Secret::new(value)));
        let mut value = HeaderValue::from_maybe_shared(value).map_err(|_| wrong())?;
        value.set_sensitive(true);
        found.push((name, value));
    }
    Ok(found)
}
