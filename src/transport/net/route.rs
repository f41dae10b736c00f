//! Where a connection leads: an origin, and the way there.

use std::sync::Arc;

use http::HeaderValue;
use url::{Position, Url};

use crate::address::origin::Origin;
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::transport::net::proxy::{Proxies, Proxy};

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
}

impl Route {
    pub fn of(url: &Url, zone: Option<String>, own: bool, proxies: &Proxies) -> Result<Arc<Route>> {
        let origin =
            Origin::of(url).ok_or_else(|| Error::argument("Only http and https URLs can be called."))?;
        let proxy = proxies.route(&origin)?;
        let front = &url[Position::BeforeHost..Position::AfterPort];
        let unusable = || Error::argument("The host of the URL cannot be written in a request.");
        let host = HeaderValue::from_str(front).map_err(|_| unusable())?;
        Ok(Arc::new(Route { origin, proxy, zone, own, host }))
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

    /// What the proxy asks for to forward a request.
    pub fn credentials(&self) -> Option<Secret> {
        self.proxy.as_ref().filter(|_| self.is_forwarded()).and_then(|proxy| proxy.basic())
    }

    /// Whether the proxy forwards each request, rather than a tunnel through it.
    pub fn is_forwarded(&self) -> bool {
        !self.origin.https && self.proxy.as_ref().is_some_and(|proxy| proxy.is_http())
    }
}
