//! The zone of an IPv6 address in a URL, such as `[fe80::1%25eth0]` (RFC 6874), which the URL parser does not know.

use std::borrow::Cow;

/// Takes the zone out of a URL, or of its authority: the text without it, and the zone. `None` if one stands there that
/// names no interface.
pub fn split(text: &str) -> Option<(Cow<'_, str>, Option<String>)> {
    let scheme = |at: &usize| text[..*at].bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let start = match text.find("://").filter(scheme) {
        Some(at) => at + 3,
        None if text.starts_with('[') => 0,
        None => return Some((text.into(), None)),
    };
    let end = text[start..].find(['/', '?', '#', '\\']).map_or(text.len(), |at| start + at);
    let authority = &text[start..end];
    let brackets = authority.rfind('[').and_then(|open| Some((open, open + authority[open..].find(']')?)));
    let Some((open, close)) = brackets else { return Some((text.into(), None)) };
    let Some(percent) = authority[open..close].find('%').map(|at| open + at) else {
        return Some((text.into(), None));
    };
    let zone = &authority[percent + 1..close];
    // Written plainly, as other programs take it too, or as a URL should have it.
    let zone = zone.strip_prefix("25").filter(|rest| !rest.is_empty()).unwrap_or(zone);
    let named = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    if zone.is_empty() || !zone.bytes().all(named) {
        return None;
    }
    let without = [&text[..start + percent], &text[start + close..]].concat();
    Some((without.into(), Some(zone.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones() {
        for (text, without, zone) in [
            ("http://[fe80::1%25lo]/", "http://[fe80::1]/", Some("lo")),
            ("http://[fe80::1%25eth0.2]:81/a%20b", "http://[fe80::1]:81/a%20b", Some("eth0.2")),
            ("[fe80::1%2]:3128", "[fe80::1]:3128", Some("2")),
            ("x?u=http://[fe80::1%25lo]/", "x?u=http://[fe80::1%25lo]/", None),
            ("http://[::1]/[%25x]", "http://[::1]/[%25x]", None),
            ("http://a.test/?q=[a%25b]", "http://a.test/?q=[a%25b]", None),
        ] {
            assert_eq!(split(text), Some((without.into(), zone.map(str::to_owned))), "{text}");
        }
        assert_eq!(split("http://[fe80::1%25]/").and_then(|(_, zone)| zone).as_deref(), Some("25"));
        for wrong in ["http://[fe80::1%]/", "http://[fe80::1%25a%20b]/"] {
            assert!(split(wrong).is_none(), "{wrong}");
        }
    }
}
