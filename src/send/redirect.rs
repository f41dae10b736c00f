//! What a redirect leads to. No sockets.

use std::fmt;

use http::Method;
use url::Url;

use crate::address::shown;

/// What to do with a response of the 300 class.
#[derive(Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is the response.
    Keep,
    /// It is the response to a write, and means that what was to be made exists already.
    Exists,
    /// Go there, with this method and without a body.
    Follow(Method, Url),
    /// A response that must not be followed; the half sentence says why.
    Refuse(String),
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

/// Decides. `hops` is how many redirects may still be followed; `shown` writes a URL as a person may see it.
pub fn judge(
    method: &Method,
    status: u16,
    from: &Url,
    location: Option<&str>,
    hops: u32,
    shown: &dyn Fn(&Url) -> String,
) -> Verdict {
    let refuse = |why: &str| Verdict::Refuse(why.to_owned());
    let reads = *method == Method::GET || *method == Method::HEAD;
    let see_other = *method == Method::POST && status == 303;
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return if status == 304 { Verdict::Keep } else { refuse("leads nowhere in particular") };
    }
    let to = location.map(|location| crate::address::resolve(from, location));
    if !reads && !see_other {
        return Verdict::Refuse(of_write(from, to.and_then(Result::ok).as_ref(), shown));
    }
    let to = match to {
        None => return refuse("does not say where to"),
        Some(Err(_)) => return refuse("leads to an address that cannot be called"),
        Some(Ok(to)) => to,
    };
    if from.scheme() == "https" && to.scheme() == "http" {
        return refuse("leads from https to plain http");
    }
    match (hops, see_other) {
        (0, true) => Verdict::Exists,
        (0, false) => refuse("is one more than may be followed (option \"redirect.max\")"),
        (_, true) => Verdict::Follow(Method::GET, to),
        (_, false) => Verdict::Follow(method.clone(), to),
    }
}

/// Why a write is not sent on, and what to call instead.
fn of_write(from: &Url, to: Option<&Url>, shown: &dyn Fn(&Url) -> String) -> String {
    const WRITE: &str = "answers a write, which is never sent on to another place";
    let Some(to) = to else { return WRITE.to_owned() };
    let mut slashed = from.clone();
    slashed.set_path(&format!("{}/", from.path()));
    let mut bare = from.clone();
    bare.set_path(from.path().trim_end_matches('/'));
    match () {
        () if to == from => format!("{WRITE}; it leads to the same address again"),
        () if *to == slashed => {
            format!("{WRITE}; only a slash is missing at the end of the path, call {}", shown(to))
        }
        () if *to == bare => {
            format!("{WRITE}; only the slash at the end of the path is too much, call {}", shown(to))
        }
        () => format!("{WRITE}; it leads to {}: call that, if it is right", shown(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(method: &Method, status: u16, from: &Url, location: Option<&str>, hops: u32) -> Verdict {
        super::judge(method, status, from, location, hops, &|to| shown::shown(to, &["/token/"]))
    }

    #[test]
    fn where_a_write_would_have_been_sent() {
        let from = Url::parse("https://a.test/api/x?y=1").unwrap();
        for (location, words) in [
            (
                Some("/api/x/?y=1"),
                "only a slash is missing at the end of the path, call https://a.test/api/x/?y=…",
            ),
            (Some("https://b.test/z?key=secret"), "it leads to https://b.test/z?key=…: call that"),
            (Some("https://a.test/token/secret"), "it leads to https://a.test/token/…"),
            (Some("/api/x?y=1"), "it leads to the same address again"),
            (Some("?y=1"), "it leads to the same address again"),
            (Some("ftp://x"), "never sent on to another place"),
            (None, "never sent on to another place"),
        ] {
            for status in [301, 302, 307, 308] {
                let Verdict::Refuse(why) = judge(&Method::PATCH, status, &from, location, 5) else {
                    panic!("{location:?}")
                };
                assert!(why.contains(words) && !why.contains("secret"), "{why}");
            }
        }
    }

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
