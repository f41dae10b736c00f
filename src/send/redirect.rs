//! What a redirect leads to. No sockets.

use std::fmt;

use http::Method;
use url::Url;

use crate::address::shown;

/// What to do with an answer of the 300 class.
#[derive(Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is the answer.
    Keep,
    /// It is the answer to a write, and means that what was to be made exists already.
    Exists,
    /// Go there, with this method and without a body.
    Follow(Method, Url),
    /// An answer that must not be followed; the half sentence says why.
    Refuse(&'static str),
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Keep => f.write_str("Keep"),
            Verdict::Exists => f.write_str("Exists"),
            Verdict::Follow(method, to) => {
                write!(f, "Follow({method} {})", shown::origin_of(to))
            }
            Verdict::Refuse(why) => write!(f, "Refuse({why})"),
        }
    }
}

/// Decides. `hops` is how many redirects may still be followed.
pub fn judge(method: &Method, status: u16, from: &Url, location: Option<&str>, hops: u32) -> Verdict {
    let reads = *method == Method::GET || *method == Method::HEAD;
    let see_other = *method == Method::POST && status == 303;
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return if status == 304 { Verdict::Keep } else { Verdict::Refuse("leads nowhere in particular") };
    }
    if !reads && !see_other {
        return Verdict::Refuse("answers a write, which is never sent on to another place");
    }
    let Some(location) = location else { return Verdict::Refuse("does not say where to") };
    let Ok(to) = crate::address::resolve(from, location) else {
        return Verdict::Refuse("leads to an address that cannot be called");
    };
    if from.scheme() == "https" && to.scheme() == "http" {
        return Verdict::Refuse("leads from https to plain http");
    }
    match (hops, see_other) {
        (0, true) => Verdict::Exists,
        (0, false) => Verdict::Refuse("is one more than may be followed (option redirect.max)"),
        (_, true) => Verdict::Follow(Method::GET, to),
        (_, false) => Verdict::Follow(method.clone(), to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table() {
        let from = Url::parse("https://a.test/api/x/").unwrap();
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            for status in [300, 301, 302, 303, 304, 305, 307, 308] {
                let method: Method = method.parse().unwrap();
                let verdict = judge(&method, status, &from, Some("../y/"), 5);
                let moved = matches!(status, 301 | 302 | 303 | 307 | 308);
                let to = Url::parse("https://a.test/api/y/").unwrap();
                match method.as_str() {
                    _ if status == 304 => assert_eq!(verdict, Verdict::Keep),
                    "GET" | "HEAD" if moved => assert_eq!(verdict, Verdict::Follow(method, to)),
                    "POST" if status == 303 => assert_eq!(verdict, Verdict::Follow(Method::GET, to)),
                    _ => assert!(matches!(verdict, Verdict::Refuse(_)), "{method} {status}"),
                }
            }
        }
    }

    #[test]
    fn places_that_are_not_gone_to() {
        let from = Url::parse("https://a.test/").unwrap();
        for location in [
            None,
            Some("http://a.test/"),
            Some("ftp://a.test/"),
            Some("https://u:p@a.test/"),
            Some("https://"),
        ] {
            assert!(
                matches!(judge(&Method::GET, 302, &from, location, 5), Verdict::Refuse(_)),
                "{location:?}"
            );
        }
        assert!(matches!(judge(&Method::GET, 302, &from, Some("/y"), 0), Verdict::Refuse(_)));
        assert_eq!(judge(&Method::POST, 303, &from, Some("/y"), 0), Verdict::Exists);
    }
}
