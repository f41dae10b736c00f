//! A request URL that is parsed only when one of its parts is needed.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use url::{Position, Url};

use crate::address;
use crate::error::{Error, Result};

/// The longest URL that is sent.
const MOST: usize = 65_534;

/// The URL of a request.
#[derive(Clone)]
pub struct Link {
    plain: Option<Plain>,
    parsed: OnceLock<Url>,
}

/// The base with a path behind it that means itself, byte for byte.
#[derive(Clone)]
struct Plain {
    text: String,
    path_from: usize,
}

impl Link {
    /// Resolves a reference against a base; see `address::resolve`.
    pub fn resolve(base: &Url, reference: &str) -> Result<Link> {
        let kept = match reference.starts_with('/') {
            true => &base[..Position::BeforePath],
            false => base.as_str(),
        };
        if !means_itself(reference) || !base.path().ends_with('/') || base.query().is_some() {
            return address::resolve(base, reference).map(Link::from);
        }
        let plain = Plain { text: [kept, reference].concat(), path_from: base[..Position::BeforePath].len() };
        Ok(Link { plain: Some(plain), parsed: OnceLock::new() })
    }

    pub fn as_str(&self) -> &str {
        self.plain.as_ref().map_or_else(|| self.url().as_str(), |plain| &plain.text)
    }

    /// Path and query.
    pub fn request_target(&self) -> &str {
        match &self.plain {
            Some(plain) => &plain.text[plain.path_from..],
            None => &self.url()[Position::BeforePath..Position::AfterQuery],
        }
    }

    /// Path and query, if they can stand in the first line of a request.
    pub fn sendable(&self) -> Result<&str> {
        let target = self.request_target();
        let fits = self.plain.is_some() || target.bytes().all(|byte| byte.is_ascii_graphic());
        match fits && self.as_str().len() <= MOST {
            true => Ok(target),
            false => Err(Error::argument(
                "The URL cannot be sent; it is too long, or holds a character that is not allowed.",
            )),
        }
    }

    /// Whether this is known, without a closer look, to have the origin of a base.
    pub fn is_surely_at(&self, base: &Url) -> bool {
        let plain = self.plain.as_ref();
        plain.is_some_and(|plain| plain.text[..plain.path_from] == base[..Position::BeforePath])
    }

    pub fn url(&self) -> &Url {
        self.parsed.get_or_init(|| {
            let text = self.plain.as_ref().map_or("", |plain| &plain.text);
            Url::parse(text).expect("a base that was parsed, and a path of plain characters")
        })
    }
}

impl From<Url> for Link {
    fn from(url: Url) -> Link {
        Link { plain: None, parsed: OnceLock::from(url) }
    }
}

impl Deref for Link {
    type Target = Url;

    fn deref(&self) -> &Url {
        self.url()
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&address::shown::origin_of(self.url()))
    }
}

/// Whether a reference is a path, perhaps with a query, that no parser would change: nothing to encode or
/// to decode, no dot segment, no scheme, no host, no fragment.
fn means_itself(reference: &str) -> bool {
    let mut last = b'/';
    for (at, byte) in reference.bytes().enumerate() {
        let fits = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' | b'?' | b'=' | b'&' | b',' => true,
            // A segment that starts with a dot may be a step.
            b'.' => last.is_ascii_alphanumeric(),
            b'/' => last != b'/' || at == 0,
            _ => false,
        };
        if !fits {
            return false;
        }
        last = byte;
    }
    !reference.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_leads_where_the_long_way_leads() {
        let parts = [
            "users",
            "/",
            "?",
            "a=b",
            "&",
            ".",
            "..",
            "small.json",
            "~x",
            "-",
            "_",
            "0",
            ",",
            "%2e",
            ":",
            "#",
            "//",
            "@",
            " ",
            "é",
            "'",
            "\\",
        ];
        for base in [
            "https://a.test/",
            "http://a.test:8080/api/v1/",
            "https://[::1]:8443/x%20y/",
            "https://a.test/no-slash",
        ] {
            let base = Url::parse(base).unwrap();
            let mut short = 0;
            for a in parts {
                for b in parts {
                    for c in ["", "x", "/", ".", "?q", "/.."] {
                        let reference = format!("{a}{b}{c}");
                        let (link, long) =
                            (Link::resolve(&base, &reference), address::resolve(&base, &reference));
                        match (&link, &long) {
                            (Ok(link), Ok(long)) => {
                                assert_eq!(link.as_str(), long.as_str(), "{base} {reference}");
                                assert_eq!(link.url(), long);
                                assert_eq!(link.request_target(), &long[Position::BeforePath..]);
                                let sure = link.is_surely_at(&base);
                                assert!(!sure || long.origin() == base.origin());
                                short += usize::from(sure);
                            }
                            (Err(_), Err(_)) => {}
                            _ => panic!("{base} {reference}"),
                        }
                    }
                }
            }
            assert!(short > 100 || !base.path().ends_with('/'));
            let elsewhere = Url::parse("https://b.test/").unwrap();
            assert!(!Link::resolve(&base, "users").unwrap().is_surely_at(&elsewhere));
        }
    }
}
