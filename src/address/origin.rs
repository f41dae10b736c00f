//! Scheme, host and port: what a token is bound to.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use url::Url;

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
