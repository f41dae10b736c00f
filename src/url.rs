//! Where a request goes: origins, the base, and references resolved against it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::error::{Error, Result};

/// Scheme, host and effective port: what a token is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    pub https: bool,
    /// Lower case, IDNA in ASCII form, IPv6 in brackets.
    pub host: String,
    pub port: u16,
}

impl Origin {
    /// The origin of an http or https URL.
    pub fn of(url: &Url) -> Option<Origin> {
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        Some(Origin { https, host: url.host_str()?.to_owned(), port: url.port_or_known_default()? })
    }

    /// Whether a URL has this origin, without making another one.
    pub fn covers(&self, url: &Url) -> bool {
        url.scheme() == if self.https { "https" } else { "http" }
            && url.port_or_known_default() == Some(self.port)
            && url.host_str() == Some(&self.host)
            && url.username().is_empty()
            && url.password().is_none()
    }

    /// The host as a name or address, without the brackets of IPv6.
    pub fn bare_host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    pub fn is_loopback(&self) -> bool {
        is_loopback(self.bare_host())
    }
}

/// Whether a host is this computer.
pub fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.https { ("https", 443) } else { ("http", 80) };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port != usual { write!(f, ":{}", self.port) } else { Ok(()) }
    }
}

/// What a WHATWG parser would quietly drop or turn into something else.
fn has_tricks(text: &str) -> bool {
    text.bytes().any(|b| b < 0x20 || b == 0x7f || b == b'\\')
}

/// Parses a base URL; `Err` is the half sentence that says what it should be.
pub fn parse_base(text: &str) -> std::result::Result<Url, &'static str> {
    const WANT: &str = "an absolute URL that starts with https:// or http://";
    if has_tricks(text) || text.trim() != text {
        return Err("a URL without control characters, backslashes or blanks around it");
    }
    let mut url = Url::parse(text).map_err(|_| WANT)?;
    // The parser forgives a missing slash after the scheme; a person's typing error is better told.
    let forgiven = text.get(url.scheme().len()..).is_none_or(|rest| !rest.starts_with("://"));
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || forgiven {
        return Err(WANT);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a URL without user name and password; they have options of their own");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("a URL without query and fragment");
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Parses one origin of the option `origins`.
pub fn parse_origin(text: &str) -> Result<Origin> {
    let url = parse_base(text)
        .map_err(|want| Error::argument(format!("Each of the option \"origins\" must be {want}.")))?;
    Origin::of(&url).filter(|_| url.path() == "/").ok_or_else(|| {
        Error::argument("Each of the option \"origins\" must be an origin: scheme, host and port, no path.")
    })
}

/// Resolves a path, a relative link or an absolute link against a base, as RFC 3986 says.
/// Percent-encoding is passed on byte for byte; a fragment is dropped.
pub fn resolve(base: &Url, reference: &str) -> Result<Url> {
    if has_tricks(reference) {
        return Err(Error::argument(
            "The path holds a control character or a backslash; percent-encode it if it is meant.",
        ));
    }
    let bad = |_| Error::argument("The path is not a valid URL or URL reference.");
    let mut url = base.join(reference).map_err(bad)?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(Error::argument("Only http and https URLs can be called."));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::argument(
            "The URL holds a user name or password; credentials never travel in URLs.",
        ));
    }
    url.set_fragment(None);
    Ok(url)
}

/// All that may not stand in the value of a query pair.
const PAIR: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Adds a query pair, percent-encoded, keeping what the URL already has.
pub fn add_query(url: &mut Url, name: &str, value: &str) {
    let mut query = url.query().map(|q| format!("{q}&")).unwrap_or_default();
    query.extend(utf8_percent_encode(name, PAIR));
    query.push('=');
    query.extend(utf8_percent_encode(value, PAIR));
    url.set_query(Some(&query));
}

/// Encodes one segment of a path, the slash included.
pub fn encode_segment(text: &str) -> String {
    utf8_percent_encode(text, PAIR).to_string()
}

/// What is secret in a URL whose path holds one of `secret_paths`: the rest of the path, and all values
/// of the query, as they stand and decoded.
pub fn secrets(url: &Url, secret_paths: &[&str]) -> Vec<String> {
    let path = url.path();
    let Some((fragment, at)) = secret_paths.iter().find_map(|f| Some((f, path.find(f)?))) else {
        return Vec::new();
    };
    let rest = path[at + fragment.len()..].split('/').map(str::to_owned);
    let raw =
        url.query().unwrap_or_default().split('&').map(|pair| pair.split_once('=').unwrap_or(("", pair)).1);
    let decoded = url.query_pairs().map(|(_, value)| value.into_owned());
    rest.chain(raw.map(str::to_owned)).chain(decoded).filter(|text| !text.is_empty()).collect()
}

/// A URL as a person may see it: origin and path, secrets in path and query hidden.
pub fn shown(url: &Url, secret_paths: &[&str]) -> String {
    let Some(origin) = Origin::of(url) else { return "[url]".to_owned() };
    let mut path = url.path().to_owned();
    for fragment in secret_paths {
        if let Some(at) = path.find(fragment).filter(|at| path.len() > at + fragment.len()) {
            path.truncate(at + fragment.len());
            path.push('…');
        }
    }
    // Names of query pairs help a reader; values may be tokens and signatures.
    let query: Vec<String> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').map_or("…".to_owned(), |(name, _)| format!("{name}=…")))
        .collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let limit = |text: String| text.chars().take(300).collect::<String>();
    limit(format!("{origin}{path}{query}"))
}
