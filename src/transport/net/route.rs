//! Where a connection leads: an origin, and the way there.

use std::sync::Arc;

use http::uri::{Authority, Parts, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use url::{Position, Url};

use crate::address::link::Link;
use crate::address::origin::Origin;
use crate::error::{Error, Result};
use crate::transport::net::proxy::{Proxies, Proxy};

/// The longest URL that the parser of request lines takes.
const MOST_URL: usize = 65_534;

/// An origin with the route to it; connections are pooled by it.
#[derive(Debug)]
pub struct Route {
    pub origin: Origin,
    pub proxy: Option<Arc<Proxy>>,
    /// The interface of an IPv6 address that means another host on each.
    pub zone: Option<String>,
    /// Whether the origin is one of the client's own, which see its certificate and whose keys may be pinned.
    pub own: bool,
    /// What the header Host says, and the front of every URL; made once, not for each request.
    pub host: HeaderValue,
    scheme: Scheme,
    authority: Authority,
}

impl Route {
    pub fn of(url: &Url, zone: Option<String>, own: bool, proxies: &Proxies) -> Result<Arc<Route>> {
        let origin =
            Origin::of(url).ok_or_else(|| Error::argument("Only http and https URLs can be called."))?;
        let proxy = proxies.route(&origin)?;
        let scheme = if origin.https { Scheme::HTTPS } else { Scheme::HTTP };
        let front = &url[Position::BeforeHost..Position::AfterPort];
        let unusable = || Error::argument("The host of the URL cannot be written in a request.");
        let authority = Authority::try_from(front).map_err(|_| unusable())?;
        let host = HeaderValue::from_str(front).map_err(|_| unusable())?;
        Ok(Arc::new(Route { origin, proxy, zone, own, host, scheme, authority }))
    }

    /// A URL of this origin as ureq wants it; only what differs from request to request is parsed.
    pub fn uri(&self, link: &Link) -> Result<Uri> {
        let path = PathAndQuery::try_from(link.request_target());
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = path.ok().filter(|_| link.as_str().len() <= MOST_URL);
        let whole = parts.path_and_query.is_some().then(|| Uri::from_parts(parts).ok());
        whole.flatten().ok_or_else(|| {
            Error::argument(
                "The URL cannot be sent; it is too long, or holds a character that is not allowed.",
            )
        })
    }

    /// Whether a connection to one serves the other.
    pub fn is_same(&self, other: &Route) -> bool {
        std::ptr::eq(self, other)
            || self.origin == other.origin
                && self.zone == other.zone
                && match (&self.proxy, &other.proxy) {
                    (None, None) => true,
                    (Some(a), Some(b)) => std::sync::Arc::ptr_eq(a, b),
                    _ => false,
                }
    }

    /// Host and port of the origin, as a proxy is told and messages name them.
    pub fn place(&self) -> String {
        format!("{}:{}", self.origin.host, self.origin.port)
    }

    /// Who responds to a request, as messages name it.
    pub fn responder(&self) -> String {
        match &self.proxy {
            Some(proxy) if self.is_forwarded() => format!("The proxy {}", proxy.place()),
            _ => self.place(),
        }
    }

    /// Where a connection is made to: the proxy, else the origin.
    pub fn first_stop(&self) -> (String, u16) {
        match (&self.proxy, &self.zone) {
            (Some(proxy), _) => (proxy.host.clone(), proxy.port),
            (None, Some(zone)) => (format!("{}%{zone}", self.origin.bare_host()), self.origin.port),
            (None, None) => (self.origin.bare_host().to_owned(), self.origin.port),
        }
    }

    /// Whether the proxy forwards each request, rather than a tunnel through it.
    pub fn is_forwarded(&self) -> bool {
        !self.origin.https && self.proxy.as_ref().is_some_and(|proxy| proxy.is_http())
    }
}
