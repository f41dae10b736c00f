//! A call as the caller describes it, piece by piece.

use std::fmt;
use std::sync::Arc;

use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::options::Options;
use crate::scope;
use crate::send::Job;
use crate::transport::outgoing::Outgoing;
use crate::url as address;

/// The longest path, query included, that is sent.
const MOST_URL: usize = 60_000;

/// A request that can be sent, more than once if need be.
#[derive(Clone)]
pub struct Call {
    pub client: Arc<Client>,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<(Outgoing, String)>,
    own: Options,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({} {})", self.method, self.client.shown(&self.url))
    }
}

impl Call {
    pub fn new(client: Arc<Client>, method: &str, path: &str) -> Result<Call> {
        let method = Method::from_bytes(method.as_bytes())
            .ok()
            .filter(|method| *method != Method::CONNECT)
            .ok_or_else(|| Error::argument("The method must be a word such as GET or POST."))?;
        let url = address::resolve(&client.base, path)?;
        if url.as_str().len() > MOST_URL {
            return Err(Error::argument(format!("The URL is longer than {MOST_URL} bytes.")));
        }
        Ok(Call { client, method, url, headers: HeaderMap::new(), body: None, own: Options::new() })
    }

    pub fn query(&mut self, name: &str, value: &str) -> Result<()> {
        let mut url = self.url.clone();
        address::add_query(&mut url, name, value);
        if url.as_str().len() > MOST_URL {
            return Err(Error::argument(format!("With this query the URL is longer than {MOST_URL} bytes.")));
        }
        self.url = url;
        Ok(())
    }

    /// Adds a header; its value is never repeated in an error.
    pub fn header(&mut self, name: &str, value: &str) -> Result<()> {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Error::argument("The header's name must be made of letters, digits and dashes."))?;
        if scope::is_reserved(&name) || self.client.is_token_header(&name) {
            return Err(Error::argument(format!("The header {name} is set by libcrux itself.")));
        }
        let value = value.trim_matches([' ', '\t']);
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            Error::argument(format!("The value of the header {name} holds a control character."))
        })?;
        self.headers
            .try_append(name, value)
            .map_err(|_| Error::argument("The call has too many headers."))?;
        Ok(())
    }

    /// Sets the body; without a type, it is the service's JSON.
    pub fn body(&mut self, bytes: &[u8], kind: Option<&str>) -> Result<()> {
        let kind = self.checked_type(kind)?;
        self.body = Some((Outgoing::Bytes(bytes.into()), kind));
        Ok(())
    }

    /// Takes the body away.
    pub fn no_body(&mut self) {
        self.body = None;
    }

    fn checked_type(&self, kind: Option<&str>) -> Result<String> {
        let kind = kind.unwrap_or(self.client.service.row.json_type);
        HeaderValue::from_str(kind).map_err(|_| {
            Error::argument("The body's type holds a character that cannot stand in a header.")
        })?;
        Ok(kind.to_owned())
    }

    pub fn set(&mut self, key: &str, value: Option<&str>) -> Result<()> {
        self.own.set_for_call(key, value)
    }

    pub fn job(&self) -> Job {
        Job {
            method: self.method.clone(),
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            anonymous: false,
            settings: (!self.own.is_empty()).then(|| self.client.settings_with(&self.own)),
            identity: false,
        }
    }
}
