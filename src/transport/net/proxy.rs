//! Which proxy a request goes through: an option, else the environment, by our own rules.

use std::net::IpAddr;
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::address::origin::Origin;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// How to talk to a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Http,
    /// SOCKS5; the proxy looks up names where `remote_dns` says so, which is always here.
    Socks5,
}

/// A proxy and the credentials for it, which never go anywhere else.
#[derive(Debug)]
pub struct Proxy {
    pub kind: Kind,
    pub host: String,
    pub port: u16,
    pub user: Secret,
    pub password: Secret,
}

impl Proxy {
    /// Parses `http://user:password@host:port`, `socks5://…`, `socks5h://…`, or a bare `host:port`.
    pub fn parse(text: &str) -> Result<Proxy> {
        let wrong = || {
            Error::argument(
                "The proxy is not understood; write http://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before the host if it needs them.",
            )
        };
        let text = text.trim();
        // The parser would drop line ends and tabs in silence.
        if text.bytes().any(|b| b.is_ascii_control()) {
            return Err(wrong());
        }
        let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = Url::parse(&full).map_err(|_| wrong())?;
        let (kind, usual) = match url.scheme() {
            "http" => (Kind::Http, 80),
            "socks5" | "socks5h" | "socks" => (Kind::Socks5, 1080),
            "https" => {
                return Err(Error::argument(
                    "A proxy that is itself reached over https is not supported; write http://HOST:PORT.",
                ));
            }
            _ => return Err(wrong()),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let decode = |part: &str| {
            percent_decode_str(part)
                .decode_utf8()
                .map(|text| Secret::new(text.into_owned()))
                .map_err(|_| wrong())
        };
        Ok(Proxy {
            kind,
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: url.port().unwrap_or(usual),
            user: decode(url.username())?,
            password: decode(url.password().unwrap_or_default())?,
        })
    }

    pub fn is_http(&self) -> bool {
        self.kind == Kind::Http
    }

    pub fn has_credentials(&self) -> bool {
        !self.user.is_empty() || !self.password.is_empty()
    }

    /// The value of `Proxy-Authorization`.
    pub fn basic(&self) -> Option<Secret> {
        self.has_credentials().then(|| {
            let pair = Secret::new(format!("{}:{}", self.user.expose(), self.password.expose()));
            Secret::new(format!("Basic {}", BASE64_STANDARD.encode(pair.expose())))
        })
    }
}

/// What hosts a rule lets past the proxy.
#[derive(Debug, PartialEq, Eq)]
enum Host {
    All,
    /// A name and everything below it.
    Name(String),
    /// A network: address and prefix length.
    Net(IpAddr, u8),
}

#[derive(Debug, PartialEq, Eq)]
struct Exception {
    host: Host,
    port: Option<u16>,
}

impl Exception {
    fn parse(text: &str) -> Option<Exception> {
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

    fn covers(&self, origin: &Origin) -> bool {
        let name = origin.bare_host().trim_end_matches('.');
        let host = match &self.host {
            Host::All => true,
            Host::Name(tail) => {
                name == tail || name.strip_suffix(tail.as_str()).is_some_and(|rest| rest.ends_with('.'))
            }
            Host::Net(net, bits) => name.parse().is_ok_and(|ip: IpAddr| in_net(ip, *net, *bits)),
        };
        host && self.port.is_none_or(|port| port == origin.port)
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

/// The proxies of one client.
#[derive(Debug, Default)]
pub struct Proxies {
    http: Option<Arc<Proxy>>,
    https: Option<Arc<Proxy>>,
    exceptions: Vec<Exception>,
    /// The environment never sends loopback through a proxy; who names one by hand may mean it.
    loopback_too: bool,
}

impl Proxies {
    pub fn new(
        option: Option<&str>,
        no_proxy: Option<&str>,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Proxies> {
        let either = |name: &str| {
            let value = lookup(name).or_else(|| lookup(&name.to_ascii_uppercase()))?;
            Some(value).filter(|value| !value.trim().is_empty())
        };
        let exceptions = |text: &str| text.split([',', ' ', '\t']).filter_map(Exception::parse).collect();
        let named = no_proxy.map(exceptions);
        match option {
            Some("direct") => Ok(Proxies::default()),
            Some(text) => {
                let proxy = Some(Arc::new(Proxy::parse(text)?));
                Ok(Proxies {
                    http: proxy.clone(),
                    https: proxy,
                    exceptions: named.unwrap_or_default(),
                    loopback_too: true,
                })
            }
            None => {
                // A server started through CGI would let a request's `Proxy:` header set HTTP_PROXY.
                let http = lookup("http_proxy")
                    .filter(|v| !v.trim().is_empty())
                    .or_else(|| lookup("REQUEST_METHOD").is_none().then(|| lookup("HTTP_PROXY")).flatten());
                let all = either("all_proxy");
                let parse = |text: Option<String>| {
                    let text = text.filter(|v| !v.trim().is_empty()).or_else(|| all.clone());
                    let told = |_| {
                        Error::argument(
                            "A proxy variable of the environment is not understood; correct it, or set the option \"proxy\" to a URL or to direct.",
                        )
                    };
                    text.map(|text| Proxy::parse(&text).map(Arc::new).map_err(told)).transpose()
                };
                Ok(Proxies {
                    http: parse(http)?,
                    https: parse(either("https_proxy"))?,
                    exceptions: named.unwrap_or_else(|| {
                        either("no_proxy").map(|text| exceptions(&text)).unwrap_or_default()
                    }),
                    loopback_too: false,
                })
            }
        }
    }

    /// The proxy for an origin; `None` = directly.
    pub fn route(&self, origin: &Origin) -> Option<Arc<Proxy>> {
        let proxy = if origin.https { &self.https } else { &self.http }.as_ref()?;
        let direct = !self.loopback_too && origin.is_loopback()
            || self.exceptions.iter().any(|exception| exception.covers(origin));
        (!direct).then(|| proxy.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::of(&Url::parse(text).unwrap()).unwrap()
    }

    fn env(pairs: &[(&str, &str)]) -> Proxies {
        let find = |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Proxies::new(None, None, find).unwrap()
    }

    fn host(proxies: &Proxies, url: &str) -> Option<String> {
        proxies.route(&origin(url)).map(|proxy| proxy.host.clone())
    }

    #[test]
    fn each_scheme_has_its_variable_and_all_proxy_is_the_last() {
        let both = env(&[("http_proxy", "http://a:1"), ("all_proxy", "socks5://c:3")]);
        assert_eq!(host(&both, "http://x.test/").as_deref(), Some("a"));
        assert_eq!(host(&both, "https://x.test/").as_deref(), Some("c"));
        let upper = env(&[("HTTPS_PROXY", "b:2"), ("HTTP_PROXY", "a:1"), ("REQUEST_METHOD", "GET")]);
        assert_eq!(host(&upper, "https://x.test/").as_deref(), Some("b"));
        assert_eq!(host(&upper, "http://x.test/"), None);
        assert_eq!(host(&env(&[("http_proxy", "a:1")]), "https://x.test/"), None);
    }

    #[test]
    fn exceptions() {
        let list = "localhost, 10.0.0.0/8 example.com,.corp.test, *.wild.test,host.test:8443,[fd00::]/8";
        let proxies = env(&[("all_proxy", "p:1"), ("no_proxy", list)]);
        for direct in [
            "http://10.1.2.3/",
            "http://example.com/",
            "http://a.example.com/",
            "http://EXAMPLE.com:99/",
            "http://corp.test/",
            "http://x.wild.test/",
            "https://host.test:8443/",
            "http://[fd00::1]/",
            "http://127.0.0.1:9/",
            "http://[::1]/",
        ] {
            assert_eq!(host(&proxies, direct), None, "{direct}");
        }
        for through in
            ["http://badexample.com/", "https://host.test/", "http://11.0.0.1/", "http://example.org/"]
        {
            assert!(host(&proxies, through).is_some(), "{through}");
        }
        assert_eq!(host(&env(&[("all_proxy", "p:1"), ("no_proxy", "*")]), "http://x.test/"), None);
    }

    #[test]
    fn the_option_beats_the_environment() {
        let env = |_: &str| Some("http://env:1".to_owned());
        let by_hand = Proxies::new(Some("http://hand:1"), None, env).unwrap();
        assert_eq!(host(&by_hand, "http://127.0.0.1/").as_deref(), Some("hand"));
        let direct = Proxies::new(Some("direct"), None, env).unwrap();
        assert_eq!(host(&direct, "http://x.test/"), None);
        let except = Proxies::new(Some("http://hand:1"), Some("x.test"), env).unwrap();
        assert_eq!(host(&except, "http://x.test/"), None);
    }

    #[test]
    fn credentials_are_decoded_and_not_shown() {
        let proxy = Proxy::parse("http://us%40er:p%3Aw@proxy.test:3128").unwrap();
        assert_eq!(proxy.basic().unwrap().expose(), format!("Basic {}", BASE64_STANDARD.encode("us@er:p:w")));
        assert!(!format!("{proxy:?}").contains("us@er"));
        for wrong in ["", "ftp://x", "http://", "https://x:1"] {
            assert!(Proxy::parse(wrong).is_err(), "{wrong}");
        }
    }
}
