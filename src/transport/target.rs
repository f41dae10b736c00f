//! Where a connection leads: an origin, and the way there.

use std::sync::Arc;

use url::Url;

use crate::error::{Error, Result};
use crate::transport::proxy::{Proxies, Proxy};
use crate::url::Origin;

/// An origin with the route to it; connections are pooled by it.
#[derive(Debug)]
pub struct Target {
    pub origin: Origin,
    pub proxy: Option<Arc<Proxy>>,
}

impl Target {
    pub fn of(url: &Url, proxies: &Proxies) -> Result<Arc<Target>> {
        let origin =
            Origin::of(url).ok_or_else(|| Error::argument("Only http and https URLs can be called."))?;
        let proxy = proxies.route(&origin);
        Ok(Arc::new(Target { origin, proxy }))
    }

    /// Whether a connection to one serves the other.
    pub fn is_same(&self, other: &Target) -> bool {
        std::ptr::eq(self, other)
            || self.origin == other.origin
                && match (&self.proxy, &other.proxy) {
                    (None, None) => true,
                    (Some(a), Some(b)) => std::sync::Arc::ptr_eq(a, b),
                    _ => false,
                }
    }

    /// Whether the proxy forwards each request, rather than a tunnel through it.
    pub fn is_forwarded(&self) -> bool {
        !self.origin.https && self.proxy.as_ref().is_some_and(|proxy| proxy.is_http())
    }
}
