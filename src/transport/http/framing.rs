//! How the end of a response's body is known, and heads that leave it in doubt.

use crate::error::{Code, Error, Result};
use crate::transport::head::Head;

/// What tells that a body is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    Empty,
    Length(u64),
    Chunked,
    /// Nothing but the end of the connection.
    UntilClose,
}

/// The content coding of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    None,
    Gzip,
    /// A coding that is not supported, by its name.
    Unsupported(&'static str),
}

/// Content codings that exist and are not supported: the registered ones, and names in use. Any other word in
/// Content-Encoding (`UTF-8`, `binary`, `aws-chunked`) is a mistake of the server; the body is as it should be.
const UNSUPPORTED: &[&str] = &[
    "br",
    "deflate",
    "zstd",
    "compress",
    "x-compress",
    "x-deflate",
    "dcb",
    "dcz",
    "exi",
    "pack200-gzip",
    "aes128gcm",
    "bzip2",
    "x-bzip2",
    "lzma",
    "xz",
    "x-xz",
    "lz4",
    "snappy",
];

impl Coding {
    pub fn of(head: &Head) -> Coding {
        let mut found = Coding::None;
        let values = head.all("content-encoding");
        for word in values.flat_map(|value| value.split(|byte| *byte == b',')) {
            let word = word.trim_ascii().to_ascii_lowercase();
            let unsupported = UNSUPPORTED.iter().find(|name| name.as_bytes() == word);
            found = match (found, word.as_slice()) {
                (Coding::None, b"gzip" | b"x-gzip") => Coding::Gzip,
                (Coding::Gzip, b"gzip" | b"x-gzip") => Coding::Unsupported("gzip, gzip"),
                (Coding::None | Coding::Gzip, _) => {
                    unsupported.map_or(found, |name| Coding::Unsupported(name))
                }
                (Coding::Unsupported(_), _) => found,
            };
        }
        found
    }
}

impl Framing {
    /// The head that makes ureq expect this body: it is shown no other. A body that says where it ends is read without it.
    pub fn shown(self) -> &'static [u8] {
        match self {
            Framing::Empty | Framing::Length(_) | Framing::Chunked => b"HTTP/1.1 204 \r\n\r\n",
            Framing::UntilClose => b"HTTP/1.1 200 \r\n\r\n",
        }
    }
}

/// Judges the head of a response, to HEAD if `to_head`. What RFC 9112 calls a likely attack or error is refused, not
/// guessed at.
pub fn of(head: &Head, to_head: bool) -> Result<Framing> {
    let wrong = |what: &str| Err(Error::new(Code::Protocol, format!("The response's head {what}.")));
    if head.status == 101 {
        return wrong("switches to a protocol that was not asked for");
    }
    if to_head || matches!(head.status, 100..=199 | 204 | 304) {
        return Ok(Framing::Empty);
    }
    let (mut codings, mut lengths) = (head.all("transfer-encoding"), head.all("content-length"));
    match (codings.next(), lengths.next()) {
        (Some(_), Some(_)) => wrong("gives both a length and a transfer coding"),
        (Some(_), None) if head.is_http10 => wrong("uses a transfer coding that HTTP/1.0 does not have"),
        (Some(coding), None) => match coding.eq_ignore_ascii_case(b"chunked") && codings.next().is_none() {
            true => Ok(Framing::Chunked),
            false => wrong("uses a transfer coding that is not supported"),
        },
        (None, Some(first)) => match number(first) {
            Some(length) if lengths.all(|other| number(other) == Some(length)) => {
                Ok(if length == 0 { Framing::Empty } else { Framing::Length(length) })
            }
            _ => wrong("gives lengths that are not numbers, or that differ"),
        },
        (None, None) => Ok(Framing::UntilClose),
    }
}

/// Digits, and nothing else.
fn number(digits: &[u8]) -> Option<u64> {
    let next = |number: u64, digit: &u8| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        number.checked_mul(10)?.checked_add(digit.into())
    };
    if digits.is_empty() { None } else { digits.iter().try_fold(0, next) }
}

/// Whether the connection may serve again when the body is complete.
pub fn keeps_open(head: &Head) -> bool {
    let closes = |value: &[u8]| {
        value.split(|b| *b == b',').any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
    };
    !head.is_http10 && !head.all("connection").any(closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(status: u16, is_http10: bool, pairs: &[(&str, &str)]) -> Head {
        let mut head = Head::of(status, pairs.iter().copied());
        head.is_http10 = is_http10;
        head
    }

    fn judge(status: u16, pairs: &[(&str, &str)]) -> Option<Framing> {
        of(&head(status, false, pairs), false).ok()
    }

    #[test]
    fn a_head_is_clear_or_refused() {
        let get = |pairs: &[(&str, &str)]| judge(200, pairs);
        assert_eq!(get(&[("content-length", "5")]), Some(Framing::Length(5)));
        assert_eq!(get(&[("content-length", "5"), ("content-length", "5")]), Some(Framing::Length(5)));
        assert_eq!(get(&[("content-length", "0")]), Some(Framing::Empty));
        assert_eq!(get(&[("transfer-encoding", "Chunked")]), Some(Framing::Chunked));
        assert_eq!(get(&[]), Some(Framing::UntilClose));
        for refused in [
            &[("content-length", "5"), ("content-length", "6")][..],
            &[("content-length", "-5")],
            &[("content-length", "+5")],
            &[("content-length", "5x")],
            &[("content-length", "")],
            &[("content-length", "99999999999999999999")],
            &[("content-length", "5"), ("transfer-encoding", "chunked")],
            &[("transfer-encoding", "gzip, chunked")],
            &[("transfer-encoding", "chunked"), ("transfer-encoding", "chunked")],
            &[("transfer-encoding", "identity")],
        ] {
            assert_eq!(get(refused), None, "{refused:?}");
        }
        assert_eq!(of(&head(200, true, &[("transfer-encoding", "chunked")]), false).ok(), None);
        assert_eq!(judge(101, &[]), None);
        assert_eq!(of(&head(200, false, &[("content-length", "9")]), true).ok(), Some(Framing::Empty));
        assert_eq!(judge(304, &[("content-length", "9")]), Some(Framing::Empty));
    }

    #[test]
    fn a_connection_stays_open_unless_it_is_said_to_close() {
        for (is_http10, values, expected) in [
            (false, &[][..], true),
            (false, &["keep-alive"], true),
            (false, &["closed"], true),
            (false, &["Close"], false),
            (false, &["keep-alive, close"], false),
            (false, &["keep-alive", "close"], false),
            (true, &["keep-alive"], false),
        ] {
            let pairs: Vec<_> = values.iter().map(|value| ("Connection", *value)).collect();
            assert_eq!(keeps_open(&head(200, is_http10, &pairs)), expected, "{is_http10} {values:?}");
        }
    }

    #[test]
    fn codings() {
        let of = |values: &[&str]| {
            Coding::of(&Head::of(200, values.iter().map(|value| ("Content-Encoding", value))))
        };
        for none in [
            &[][..],
            &[""],
            &["identity"],
            &["identity", "Identity"],
            &["identity, identity"],
            &["UTF-8"],
            &["none"],
            &["aws-chunked"],
            &["binary"],
            &["base64,, 8bit"],
        ] {
            assert_eq!(of(none), Coding::None, "{none:?}");
        }
        for gzip in [
            &["gzip"][..],
            &["X-GZip"],
            &["identity", "gzip"],
            &["gzip, identity"],
            &["identity,gzip"],
            &["gzip,aws-chunked"],
            &["utf-8", "gzip"],
        ] {
            assert_eq!(of(gzip), Coding::Gzip, "{gzip:?}");
        }
        for (values, name) in [
            (&["br"][..], "br"),
            (&["gzip, gzip"], "gzip, gzip"),
            (&["gzip", "x-gzip"], "gzip, gzip"),
            (&["br", "identity"], "br"),
            (&["gzip, ZSTD"], "zstd"),
            (&["Deflate, gzip"], "deflate"),
        ] {
            assert_eq!(of(values), Coding::Unsupported(name), "{values:?}");
        }
    }
}
