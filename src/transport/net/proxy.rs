//! Which proxy a request goes through: an option, else the environment, else the system's settings; by our own rules.

use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine};
use percent_encoding::percent_decode_str;
use url::Url;
use zeroize::Zeroizing;

use crate::address::origin::Origin;
use crate::address::zone;
use crate::error::{Error, Result};
use crate::secret::{Secret, hide};
use crate::sys::proxy as system;
use crate::transport::net::no_proxy::Exception;
use crate::transport::net::system_proxy;

/// How to talk to a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Http,
    /// The same inside TLS.
    Https,
    /// SOCKS4, which takes an IPv4 address.
    Socks4,
    /// SOCKS4a; the proxy looks up names.
    Socks4a,
    /// SOCKS5; the proxy looks up names.
    Socks5,
}

/// A proxy and the credentials for it, which never go anywhere else.
#[derive(Debug)]
pub struct Proxy {
    pub kind: Kind,
    /// A name or an address, the latter with its zone if it has one.
    pub host: String,
    pub port: u16,
    pub user: Secret,
    pub password: Secret,
}

/// Why a text names no proxy; the half sentence says what it should be.
type Unusable = &'static str;

const FORM: Unusable = "write http://HOST:PORT, https://, socks5://, socks4a:// or socks4://, with USER:PASSWORD@ before the host if it needs them";
const ENCODING: Unusable = "the user name or password holds a % that encodes nothing; write it as %25";
const NO_PASSWORD: Unusable = "SOCKS4 knows a user name but no password; use socks5://";

/// The least of a password that is one: less would take ordinary words out.
const SHORTEST: usize = 4;

impl Proxy {
    /// Parses `http://user:password@host:port`, another scheme, or a bare `host:port`.
    pub fn parse(text: &str) -> std::result::Result<Proxy, Unusable> {
        let text = text.trim();
        // The parser would drop line ends and tabs in silence.
        if text.bytes().any(|b| b.is_ascii_control()) {
            return Err(FORM);
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        // Kept from the parser, which would leave copies behind, and would end a host at a backslash.
        let (user, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let (kind, usual) = match scheme.to_ascii_lowercase().as_str() {
            "http" => (Kind::Http, 80),
            "https" => (Kind::Https, 443),
            "socks4" => (Kind::Socks4, 1080),
            "socks4a" => (Kind::Socks4a, 1080),
            "socks5" | "socks5h" | "socks" => (Kind::Socks5, 1080),
            _ => return Err(FORM),
        };
        if place.contains('\\') {
            return Err(FORM);
        }
        let (place, zone) = zone::split(place).ok_or(FORM)?;
        let url = Url::parse(&format!("http://{place}")).map_err(|_| FORM)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(FORM)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let host = zone.map_or(bare.to_owned(), |zone| format!("{bare}%{zone}"));
        // A port that is written is not the usual one, unless it is 80.
        let port = url.port().unwrap_or_else(|| if names_port(&place) { 80 } else { usual });
        let proxy = Proxy { kind, host, port, user: decoded(user)?, password: decoded(password)? };
        if matches!(kind, Kind::Socks4 | Kind::Socks4a) && !proxy.password.is_empty() {
            return Err(NO_PASSWORD);
        }
        Ok(proxy)
    }

    /// Whether it speaks HTTP, be it inside TLS.
    pub fn is_http(&self) -> bool {
        matches!(self.kind, Kind::Http | Kind::Https)
    }

    pub fn has_credentials(&self) -> bool {
        !self.user.is_empty() || !self.password.is_empty()
    }

    /// The value of `Proxy-Authorization`.
    pub fn basic(&self) -> Option<Secret> {
        self.has_credentials().then(|| {
            let pair = Secret::concat(&[self.user.expose(), ":", self.password.expose()]);
            let coded = Zeroizing::new(BASE64_STANDARD.encode(pair.expose()));
            Secret::concat(&["Basic ", &coded])
        })
    }

    /// What must not be seen of it: the password, and what Basic makes of it.
    pub fn secrets(&self) -> Vec<Secret> {
        let coded = self.basic().and_then(|basic| basic.expose().strip_prefix("Basic ").map(Secret::new));
        [coded, Some(self.password.clone())].into_iter().flatten().filter(|text| !text.is_empty()).collect()
    }

    /// Takes the credentials out of a text of the proxy's, in each form in which they are echoed. Its end may be the
    /// beginning of one: what is read of a proxy's words is cut somewhere.
    pub fn hide_in(&self, text: String) -> String {
        let basic = self.basic();
        let coded =
            basic.as_ref().and_then(|basic| basic.expose().strip_prefix("Basic ")).unwrap_or_default();
        let credentials = [&self.password, &self.user].into_iter();
        let mut text = credentials.fold(hide(coded, text), |text, secret| secret.hide_in(text));
        // A character that was cut in two.
        text.truncate(text.trim_end_matches('\u{fffd}').len());
        let form = Secret::form(self.password.expose());
        let begun = [coded, self.password.expose(), form.expose()].into_iter().flat_map(|secret| {
            let ends = (SHORTEST..secret.len()).filter(|n| secret.is_char_boundary(*n));
            ends.filter(|n| text.ends_with(&secret[..*n]))
        });
        if let Some(length) = begun.max() {
            text.truncate(text.len() - length);
            text.push_str("[secret]");
        }
        text
    }

    /// Host and port, as messages name it.
    pub fn place(&self) -> String {
        let host = &self.host;
        if host.contains(':') { format!("[{host}]:{}", self.port) } else { format!("{host}:{}", self.port) }
    }
}

fn names_port(place: &str) -> bool {
    let host = place.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit(']').next().is_some_and(|end| end.contains(':'))
}

/// A part of the credentials, in memory that is taken once.
fn decoded(part: &str) -> std::result::Result<Secret, Unusable> {
    let mut bytes = Vec::with_capacity(part.len());
    bytes.extend(percent_decode_str(part));
    String::from_utf8(bytes).map(Secret::new).map_err(|wrong| {
        drop(Zeroizing::new(wrong.into_bytes()));
        ENCODING
    })
}

/// What is known of the way for one scheme.
#[derive(Debug, Default, Clone)]
enum Way {
    #[default]
    Direct,
    Through(Arc<Proxy>),
    /// A variable of the environment that names no proxy; matters only where it would be used.
    Unusable(String, Unusable),
}

/// The proxies of one client.
#[derive(Debug, Default)]
pub struct Proxies {
    http: Way,
    https: Way,
    exceptions: Vec<Exception>,
    /// The environment never sends loopback through a proxy; who names one explicitly may mean it.
    loopback_too: bool,
}

impl Proxies {
    pub fn new(
        option: Option<&str>,
        no_proxy: Option<&str>,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Proxies> {
        let exceptions = |text: &str| text.split([',', ' ', '\t']).filter_map(Exception::parse).collect();
        let named = no_proxy.map(exceptions);
        match option {
            Some("direct") => Ok(Proxies::default()),
            Some(text) => {
                let proxy = Proxy::parse(text)
                    .map_err(|why| Error::argument(format!("The option \"proxy\" is not usable: {why}.")))?;
                let way = Way::Through(Arc::new(proxy));
                Ok(Proxies {
                    http: way.clone(),
                    https: way,
                    exceptions: named.unwrap_or_default(),
                    loopback_too: true,
                })
            }
            None => {
                // A server started through CGI would let a request's `Proxy:` header set HTTP_PROXY, and where case
                // does not count, that is the other one too.
                let by_request = lookup("REQUEST_METHOD").is_some();
                let set_by_header =
                    |name: &str| name == "HTTP_PROXY" || !system::CASE_COUNTS && name == "http_proxy";
                let set = |name: &str| {
                    let value = Zeroizing::new(lookup(name)?);
                    (!value.trim().is_empty()).then_some(value)
                };
                let way = |names: &[&str]| {
                    let mut found = names.iter().filter(|name| !(by_request && set_by_header(name)));
                    let found = found.find_map(|name| Some((*name, set(name)?)));
                    found.map_or(Way::Direct, |(name, value)| match Proxy::parse(&value) {
                        Ok(proxy) => Way::Through(Arc::new(proxy)),
                        Err(why) => Way::Unusable(name.to_owned(), why),
                    })
                };
                let without = || set("no_proxy").or_else(|| set("NO_PROXY"));
                let (http, https) = (
                    way(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
                    way(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
                );
                if let (Way::Direct, Way::Direct, Some((server, past))) = (&http, &https, system::named()) {
                    return Ok(Proxies::of_system(&server, &past, named));
                }
                Ok(Proxies {
                    http,
                    https,
                    exceptions: named
                        .unwrap_or_else(|| without().map(|text| exceptions(&text)).unwrap_or_default()),
                    loopback_too: false,
                })
            }
        }
    }

    /// As the settings of the system say. What cannot be used there is as if it were not there.
    fn of_system(server: &str, past: &str, named: Option<Vec<Exception>>) -> Proxies {
        let way =
            |scheme: &str| match system_proxy::for_scheme(scheme, server).map(|text| Proxy::parse(&text)) {
                Some(Ok(proxy)) => Way::Through(Arc::new(proxy)),
                _ => Way::Direct,
            };
        let exceptions = || past.split([';', ' ']).filter_map(Exception::of_system).collect();
        Proxies {
            http: way("http"),
            https: way("https"),
            exceptions: named.unwrap_or_else(exceptions),
            loopback_too: false,
        }
    }

    /// The proxy for an origin; `None` = directly.
    pub fn route(&self, origin: &Origin) -> Result<Option<Arc<Proxy>>> {
        let way = if origin.https { &self.https } else { &self.http };
        let direct = !self.loopback_too && origin.is_loopback()
            || self.exceptions.iter().any(|exception| exception.covers(origin));
        match way {
            Way::Through(proxy) if !direct => Ok(Some(proxy.clone())),
            Way::Unusable(name, why) if !direct => Err(Error::argument(format!(
                "The environment variable {name}, which names the proxy for {origin}, is not usable: {why}; or set the option \"proxy\" to a URL or to direct."
            ))),
            _ => Ok(None),
        }
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
        proxies.route(&origin(url)).unwrap().map(|proxy| proxy.host.clone())
    }

    #[test]
    fn each_scheme_has_its_variable_and_all_proxy_is_the_last() {
        let both = env(&[("http_proxy", "http://a:1"), ("all_proxy", "socks5://c:3")]);
        assert_eq!(host(&both, "http://x.test/").as_deref(), Some("a"));
        assert_eq!(host(&both, "https://x.test/").as_deref(), Some("c"));
        let upper = env(&[("HTTPS_PROXY", "b:2"), ("HTTP_PROXY", "a:1"), ("REQUEST_METHOD", "GET")]);
        assert_eq!(host(&upper, "https://x.test/").as_deref(), Some("b"));
        assert_eq!(host(&upper, "http://x.test/"), None);
        let settings = Proxies::of_system("http=a:1;https=b:2", "x.test", None);
        assert_eq!(host(&settings, "https://y.test/").as_deref(), Some("b"));
        assert_eq!(host(&settings, "http://x.test/"), None);
        let socks = Proxies::of_system("http=a:1;socks=c:3", "", None);
        let through = socks.route(&origin("https://x.test/")).unwrap().unwrap();
        assert_eq!((through.kind, through.host.as_str(), through.port), (Kind::Socks4, "c", 3));
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
        for wrong in
            ["", "ftp://x", "http://", "http:\\\\x:1", "http://u:p@", "http://x:99999", "socks4://u:p@x:1"]
        {
            assert!(Proxy::parse(wrong).is_err(), "{wrong}");
        }
    }

    /// What Windows and password generators put before the `@`.
    #[test]
    fn credentials_with_odd_characters() {
        for (text, user, password) in [
            (r"http://dom\user:pw@127.0.0.1:3128", r"dom\user", "pw"),
            (r"dom\user:pw@127.0.0.1:3128", r"dom\user", "pw"),
            (r"http://dom%5Cuser:pw@127.0.0.1:3128", r"dom\user", "pw"),
            (r"http://u:a/b?c#d@e:f@127.0.0.1:3128", "u", "a/b?c#d@e:f"),
        ] {
            let proxy = Proxy::parse(text).unwrap();
            assert_eq!((proxy.user.expose(), proxy.password.expose()), (user, password), "{text}");
            assert_eq!((proxy.host.as_str(), proxy.port), ("127.0.0.1", 3128), "{text}");
        }
    }

    #[test]
    fn kinds_and_their_usual_ports() {
        for (text, kind, port) in [
            ("http://p", Kind::Http, 80),
            ("p", Kind::Http, 80),
            ("HTTPS://p", Kind::Https, 443),
            ("https://p:80", Kind::Https, 80),
            ("https://p:3128/", Kind::Https, 3128),
            ("socks4://me@p", Kind::Socks4, 1080),
            ("socks4a://p:80", Kind::Socks4a, 80),
            ("socks5h://p", Kind::Socks5, 1080),
        ] {
            let proxy = Proxy::parse(text).unwrap();
            assert_eq!((proxy.kind, proxy.host.as_str(), proxy.port), (kind, "p", port), "{text}");
        }
        let zoned = Proxy::parse("http://[fe80::1%25lo]:3128").unwrap();
        assert_eq!((zoned.host.as_str(), zoned.place().as_str()), ("fe80::1%lo", "[fe80::1%lo]:3128"));
    }

    /// A variable that would not be used does not matter.
    #[test]
    fn an_unusable_variable_is_judged_where_it_is_needed() {
        for (name, value) in [
            ("https_proxy", "ftp://user:hidden@p:1"),
            ("HTTPS_PROXY", "http://user:hidden@"),
            ("all_proxy", "socks9://user:hidden@p:1"),
        ] {
            let proxies = env(&[("http_proxy", "a:1"), (name, value), ("no_proxy", "free.test")]);
            assert_eq!(host(&proxies, "http://x.test/").as_deref(), Some("a"));
            assert_eq!(host(&proxies, "https://127.0.0.1/"), None);
            assert_eq!(host(&proxies, "https://free.test/"), None);
            let told = proxies.route(&origin("https://x.test/")).unwrap_err();
            assert!(told.message.contains(name), "{}", told.message);
            assert!(!told.message.contains("hidden"), "{}", told.message);
        }
    }
}
