//! Where a request goes: the base, and references resolved against it.

pub mod link;
pub mod origin;
pub mod shown;
pub mod zone;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::address::origin::Origin;
use crate::error::{Error, Result};

/// What a WHATWG parser would quietly drop or turn into something else.
fn has_tricks(text: &str) -> bool {
    text.bytes().any(|b| b < 0x20 || b == 0x7f || b == b'\\')
}

/// Parses a base URL; `Err` is the half sentence that says what it should be.
pub fn parse_base(text: &str) -> std::result::Result<Url, &'static str> {
    parse_zoned_base(text).map(|(url, _)| url)
}

/// The same with the zone of its host, if that is an IPv6 address with one.
pub fn parse_zoned_base(text: &str) -> std::result::Result<(Url, Option<String>), &'static str> {
    const BROKEN: &str = "an absolute URL, and its host or port is not valid";
    const WANT: &str = "an absolute URL that starts with https:// or http://";
    if has_tricks(text) || text.trim() != text {
        return Err("a URL without control characters, backslashes or blanks around it");
    }
    let (text, zone) = zone::split(text).ok_or(BROKEN)?;
    let begun = text.get(..8).unwrap_or(&text).to_ascii_lowercase();
    let begun = ["https://", "http://"].iter().any(|scheme| begun.starts_with(scheme));
    let mut url = Url::parse(&text).map_err(|_| if begun { BROKEN } else { WANT })?;
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
    Ok((url, zone))
}

/// Parses one origin of the option `origins`, with the zone of its host.
pub fn parse_origin(text: &str) -> Result<(Origin, Option<String>)> {
    let (url, zone) = parse_zoned_base(text)
        .map_err(|want| Error::argument(format!("Each of the option \"origins\" must be {want}.")))?;
    let origin = Origin::of(&url).filter(|_| url.path() == "/").ok_or_else(|| {
        Error::argument("Each of the option \"origins\" must be an origin: scheme, host and port, no path.")
    })?;
    Ok((origin, zone))
}

/// A link out of a header as text. Bytes that are no UTF-8 are percent-encoded one by one: replaced, they would name
/// another place.
pub fn link_text(bytes: &[u8]) -> String {
    let encode = |byte: &u8| match byte.is_ascii() {
        true => char::from(*byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(encode).collect(), str::to_owned)
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
    // The zones are those of the base and of the option `origins`.
    let (reference, _) = match reference.contains("://") {
        true => zone::split(reference)
            .ok_or_else(|| Error::argument("The zone of the address in the URL is not valid."))?,
        false => (reference.into(), None),
    };
    let mut url = base.join(&reference).map_err(bad)?;
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
