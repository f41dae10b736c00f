//! Reads what a system's settings say about proxies: `HOST:PORT`, or a rule for each scheme.

/// The proxy for a scheme, as a text that names one; `None` = directly. For Windows, `socks=` means SOCKS4, unless its
/// value has a scheme.
pub fn for_scheme(scheme: &str, server: &str) -> Option<String> {
    let rules = || server.split([';', ' ']).filter(|rule| !rule.is_empty());
    let of = |scheme: &str| rules().find_map(|rule| rule.strip_prefix(scheme)?.strip_prefix('='));
    let any = || rules().find(|rule| !rule.contains('='));
    let socks = || {
        let place = of("socks")?;
        Some(if place.contains("://") { place.to_owned() } else { format!("socks4://{place}") })
    };
    of(scheme).or_else(any).map(str::to_owned).or_else(socks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_for_all_or_one_for_each() {
        let proxy = |scheme, server| for_scheme(scheme, server);
        assert_eq!(proxy("https", "p:1").as_deref(), Some("p:1"));
        let each = "http=a:1;https=b:2; socks=c:3";
        assert_eq!(proxy("http", each).as_deref(), Some("a:1"));
        assert_eq!(proxy("https", each).as_deref(), Some("b:2"));
        assert_eq!(proxy("https", "http=a:1;socks=c:3").as_deref(), Some("socks4://c:3"));
        assert_eq!(proxy("https", "socks=socks5://c:3").as_deref(), Some("socks5://c:3"));
        assert_eq!(proxy("https", "http=a:1"), None);
        assert_eq!(proxy("https", ""), None);
    }
}
