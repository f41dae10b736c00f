//! Exceptions from the proxy: those of no_proxy (names, .suffixes, addresses, CIDR, ports) and those of a system.

use std::net::IpAddr;

use crate::address::origin::Origin;

/// What hosts a rule lets past the proxy.
#[derive(Debug, PartialEq, Eq)]
enum Host {
    All,
    /// A name and everything below it.
    Name(String),
    /// A network: address and prefix length.
    Net(IpAddr, u8),
    /// A name with `*` for anything.
    Pattern(String),
    /// Names without a dot.
    Plain,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Exception {
    host: Host,
    port: Option<u16>,
}

impl Exception {
    pub fn parse(text: &str) -> Option<Exception> {
        let text = text.trim().trim_start_matches('.').trim_start_matches("*.").to_ascii_lowercase();
        if text.is_empty() {
            return None;
        }
        if text == "*" {
            return Some(Exception { host: Host::All, port: None });
        }
        let whole = |text: &str| text.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        if let Some((net, bits)) = text.split_once('/') {
            let ip = whole(net)?;
            let bits = bits.parse().ok().filter(|bits| *bits <= if ip.is_ipv4() { 32 } else { 128 })?;
            return Some(Exception { host: Host::Net(ip, bits), port: None });
        }
        let host = |text: &str| match whole(text) {
            Some(ip) => Host::Net(ip, if ip.is_ipv4() { 32 } else { 128 }),
            None => Host::Name(text.trim_end_matches('.').to_owned()),
        };
        if whole(&text).is_some() {
            return Some(Exception { host: host(&text), port: None });
        }
        match text.rsplit_once(':') {
            Some((name, port)) => Some(Exception { host: host(name), port: Some(port.parse().ok()?) }),
            None => Some(Exception { host: host(&text), port: None }),
        }
    }

    /// A rule as the system's settings have it, which also know `<local>` and a `*` anywhere. A name is itself alone
    /// there, unless it begins with a dot.
    pub fn of_system(text: &str) -> Option<Exception> {
        let text = text.trim().to_ascii_lowercase();
        // Those with a scheme are rare, and name the same host.
        let text = text.split_once("://").map_or(text.as_str(), |(_, host)| host);
        let host = match text {
            "<local>" => Host::Plain,
            "*" => Host::All,
            _ if text.contains('*') => Host::Pattern(text.to_owned()),
            _ => {
                let rule = Exception::parse(text)?;
                return Some(match rule.host {
                    Host::Name(name) if !text.starts_with('.') => {
                        Exception { host: Host::Pattern(name), ..rule }
                    }
                    _ => rule,
                });
            }
        };
        Some(Exception { host, port: None })
    }

    pub fn covers(&self, origin: &Origin) -> bool {
        let name = origin.bare_host().trim_end_matches('.');
        let host = match &self.host {
            Host::All => true,
            Host::Name(tail) => {
                name == tail || name.strip_suffix(tail.as_str()).is_some_and(|rest| rest.ends_with('.'))
            }
            Host::Net(net, bits) => name.parse().is_ok_and(|ip: IpAddr| in_net(ip, *net, *bits)),
            Host::Pattern(pattern) => fits(pattern, name),
            Host::Plain => !name.contains(['.', ':']),
        };
        host && self.port.is_none_or(|port| port == origin.port)
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => name.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| fits(tail, rest)))
        }),
    }
}

fn in_net(ip: IpAddr, net: IpAddr, bits: u8) -> bool {
    let (ip, net, width) = match (ip, net) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()), u128::from(b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits(), 128),
        _ => return false,
    };
    bits == 0 || (ip ^ net) >> (width - u32::from(bits)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_a_system() {
        let past = "<local>;10.*;*.corp.test;https://*.near.test;exact.test";
        let rules: Vec<_> = past.split(';').filter_map(Exception::of_system).collect();
        let covers = |host: &str| {
            let url = url::Url::parse(&format!("http://{host}/")).unwrap();
            rules.iter().any(|rule| rule.covers(&Origin::of(&url).unwrap()))
        };
        for direct in ["printer", "10.1.2.3", "a.corp.test", "b.near.test", "exact.test"] {
            assert!(covers(direct), "{direct}");
        }
        for through in ["11.0.0.1", "corp.test.example", "corp.test", "a.exact.test", "[2001:db8::1]"] {
            assert!(!covers(through), "{through}");
        }
    }
}
