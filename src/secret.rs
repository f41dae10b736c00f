//! Text that must not be seen: wiped when dropped, never printed.

use std::fmt;
use std::sync::atomic::{Ordering, compiler_fence};

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Zeroes memory that held a secret, as fast as memory can be zeroed: what zeroize does byte by byte
/// would cost more than the request. Nothing is optimized away, because the compiler must believe that
/// the bytes are looked at afterwards.
pub fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    std::hint::black_box(bytes);
    compiler_fence(Ordering::SeqCst);
}

/// Makes a buffer longer, with zeroes; where its bytes were before nothing is left of them.
pub fn lengthen(bytes: &mut Vec<u8>, length: usize) {
    let mut longer = vec![0; length];
    longer[..bytes.len()].copy_from_slice(bytes);
    wipe(bytes);
    *bytes = longer;
}

/// A password, token or key.
#[derive(Clone, Zeroize, ZeroizeOnDrop, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// Joins texts in memory that is taken once: a string that grows leaves copies of itself behind.
    pub fn concat(parts: &[&str]) -> Secret {
        Secret(parts.concat())
    }

    /// A text as JSON.
    pub fn quoted(text: &str) -> Secret {
        // Six bytes are the longest escape.
        let mut bytes = Vec::with_capacity(text.len() * 6 + 2);
        // Writing a string into memory does not fail, and gives UTF-8.
        let _ = serde_json::to_writer(&mut bytes, text);
        Secret(String::from_utf8(bytes).unwrap_or_default())
    }

    /// A text as a name or a value of a form.
    pub fn form(text: &str) -> Secret {
        let mut bytes = Vec::with_capacity(text.len() * 3);
        for byte in text.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => bytes.push(byte),
                _ => {
                    let digit = |n: u8| b"0123456789ABCDEF"[usize::from(n)];
                    bytes.extend([b'%', digit(byte >> 4), digit(byte & 15)]);
                }
            }
        }
        Secret(String::from_utf8(bytes).unwrap_or_default())
    }

    /// The text itself; the name makes each use easy to find.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Takes the secret out of a text that somebody else wrote. One that is too short would take
    /// ordinary words out.
    pub fn hide_in(&self, text: String) -> String {
        // Also as a JSON body or a form has carried it.
        let (quoted, form) = (Secret::quoted(&self.0), Secret::form(&self.0));
        let inside = quoted.0.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default();
        [&self.0, inside, &form.0].into_iter().fold(text, |text, secret| hide(secret, text))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Takes `secret` out of a text, and out of memory.
pub fn hide(secret: &str, mut text: String) -> String {
    if secret.len() < 4 || !text.contains(secret) {
        return text;
    }
    let clean = text.replace(secret, "[secret]");
    text.zeroize();
    clean
}

/// Bytes that held a secret, such as the body of a login.
#[derive(Clone, Default, Zeroize, ZeroizeOnDrop)]
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    pub fn new(bytes: Vec<u8>) -> SecretBytes {
        SecretBytes(bytes)
    }

    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for SecretBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Secret> for SecretBytes {
    fn from(mut secret: Secret) -> SecretBytes {
        SecretBytes(std::mem::take(&mut secret.0).into_bytes())
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret bytes]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_buffer_holds_what_the_shorter_held() {
        let mut bytes = b"abc".to_vec();
        lengthen(&mut bytes, 5);
        assert_eq!(bytes, b"abc\0\0");
        let mut bytes = Vec::new();
        lengthen(&mut bytes, 2);
        assert_eq!(bytes, [0, 0]);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "[secret]");
        assert_eq!(format!("{:?}", SecretBytes::new(b"hunter2".to_vec())), "[secret bytes]");
    }

    #[test]
    fn json_of_any_text_in_memory_taken_once() {
        for text in ["", "plain", "\"\\\n\u{1}\u{1f}ü🦊", &"\u{2}".repeat(1000)] {
            let quoted = Secret::quoted(text);
            assert_eq!(serde_json::from_str::<String>(quoted.expose()).unwrap(), text);
            assert!(quoted.0.capacity() == text.len() * 6 + 2);
        }
    }

    #[test]
    fn hiding() {
        let hidden = |text: &str| Secret::new("hunter2").hide_in(text.to_owned());
        assert_eq!(hidden("is hunter2 or hunter22"), "is [secret] or [secret]2");
        assert_eq!(hidden("nothing"), "nothing");
        assert_eq!(Secret::new("in").hide_in("in".to_owned()), "in");
    }
}
