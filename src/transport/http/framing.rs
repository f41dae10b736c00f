//! How the end of an answer's body is known, and heads that leave it in doubt.

use http::{HeaderMap, HeaderValue, Method, Version, header};

use crate::error::{Code, Error, Result};

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
    pub fn of(headers: &HeaderMap) -> Coding {
        let mut found = Coding::None;
        if !headers.contains_key(header::CONTENT_ENCODING) {
            return found;
        }
        let values = headers.get_all(header::CONTENT_ENCODING).iter();
        for word in values.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')) {
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

/// Judges a head. What RFC 9112 calls a likely attack or error is refused, not guessed at.
pub fn of(method: &Method, status: u16, version: Version, headers: &HeaderMap) -> Result<Framing> {
    let wrong = |what: &str| Err(Error::new(Code::Protocol, format!("The answer's head {what}.")));
    if status == 101 {
        return wrong("switches to a protocol that was not asked for");
    }
    if *method == Method::HEAD || matches!(status, 100..=199 | 204 | 304) {
        return Ok(Framing::Empty);
    }
    // Only a head that names something twice needs a closer look.
    let repeats = headers.len() > headers.keys_len();
    let all = |name, fits: &dyn Fn(&[u8]) -> bool| {
        !repeats || headers.get_all(name).iter().all(|value: &HeaderValue| fits(value.as_bytes()))
    };
    match (headers.get(header::TRANSFER_ENCODING), headers.get(header::CONTENT_LENGTH)) {
        (Some(_), Some(_)) => wrong("gives both a length and a transfer coding"),
        (Some(_), None) if version == Version::HTTP_10 => {
            wrong("uses a transfer coding that HTTP/1.0 does not have")
        }
        (Some(coding), None) => {
            let chunked = coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked");
            match chunked && headers.get_all(header::TRANSFER_ENCODING).iter().count() == 1 {
                true => Ok(Framing::Chunked),
                false => wrong("uses a transfer coding that is not supported"),
            }
        }
        (None, Some(first)) => {
            let number = |value: &[u8]| {
                let digits = value.trim_ascii();
                let next = |number: u64, digit: &u8| {
                    let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
                    number.checked_mul(10)?.checked_add(digit.into())
                };
                if digits.is_empty() { None } else { digits.iter().try_fold(0, next) }
            };
            match number(first.as_bytes()) {
                Some(length) if all(header::CONTENT_LENGTH, &|other| number(other) == Some(length)) => {
                    Ok(if length == 0 { Framing::Empty } else { Framing::Length(length) })
                }
                _ => wrong("gives lengths that are not numbers, or that differ"),
            }
        }
        (None, None) => Ok(Framing::UntilClose),
    }
}

/// Whether the connection may serve again when the body is complete.
pub fn keeps_open(version: Version, headers: &HeaderMap) -> bool {
    let closes = |value: &HeaderValue| {
        value
            .as_bytes()
            .split(|b| *b == b',')
            .any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
    };
    version == Version::HTTP_11 && !headers.get_all(header::CONNECTION).iter().any(closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(method: Method, status: u16, version: Version, pairs: &[(&str, &str)]) -> Option<Framing> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let name: header::HeaderName = name.parse().unwrap();
            headers.append(name, value.parse().unwrap());
        }
        of(&method, status, version, &headers).ok()
    }

    #[test]
    fn a_head_is_clear_or_refused() {
        let get = |pairs: &[(&str, &str)]| judge(Method::GET, 200, Version::HTTP_11, pairs);
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
        assert_eq!(judge(Method::GET, 200, Version::HTTP_10, &[("transfer-encoding", "chunked")]), None);
        assert_eq!(judge(Method::GET, 101, Version::HTTP_11, &[]), None);
        assert_eq!(
            judge(Method::HEAD, 200, Version::HTTP_11, &[("content-length", "9")]),
            Some(Framing::Empty)
        );
        assert_eq!(
            judge(Method::GET, 304, Version::HTTP_11, &[("content-length", "9")]),
            Some(Framing::Empty)
        );
    }

    #[test]
    fn a_connection_stays_open_unless_it_is_said_to_close() {
        for (version, values, expected) in [
            (Version::HTTP_11, &[][..], true),
            (Version::HTTP_11, &["keep-alive"], true),
            (Version::HTTP_11, &["closed"], true),
            (Version::HTTP_11, &["Close"], false),
            (Version::HTTP_11, &["keep-alive, close"], false),
            (Version::HTTP_11, &["keep-alive", "close"], false),
            (Version::HTTP_10, &["keep-alive"], false),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::CONNECTION, value.parse().unwrap());
            }
            assert_eq!(keeps_open(version, &headers), expected, "{version:?} {values:?}");
        }
    }

    #[test]
    fn codings() {
        let of = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::CONTENT_ENCODING, value.parse().unwrap());
            }
            Coding::of(&headers)
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
