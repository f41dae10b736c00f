//! A call as the caller describes it, piece by piece.

pub mod body;
mod types;
pub mod upload;

use std::fmt;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method};

use crate::address;
use crate::address::link::Link;
use crate::call::body::{Body, Content, Part};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::headers;
use crate::options::Options;
use crate::options::settings::Settings;
use crate::send::request::Request;
use crate::transport::http::request_body::RequestBody;

/// The longest path, query included, that is sent.
const MOST_URL: usize = 60_000;

/// A request that can be sent, more than once if need be.
#[derive(Clone)]
pub struct Call {
    pub client: Arc<Client>,
    /// What it is so far, ready to be sent but for files.
    request: Request,
    files: Body,
    own: Options,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({} {})", self.request.method, self.client.shown(&self.request.url))
    }
}

impl Call {
    pub fn new(client: Arc<Client>, method: &str, path: &str) -> Result<Call> {
        let method = Method::from_bytes(method.as_bytes())
            .ok()
            .filter(|method| *method != Method::CONNECT)
            .ok_or_else(|| Error::argument("The method must be a word such as GET or POST."))?;
        let url = Link::resolve(&client.base, path)?;
        if url.as_str().len() > MOST_URL {
            return Err(Error::argument(format!("The URL is longer than {MOST_URL} bytes.")));
        }
        Ok(Call { client, request: Request::new(method, url), files: Body::None, own: Options::new() })
    }

    pub fn query(&mut self, name: &str, value: &str) -> Result<()> {
        let mut url = self.request.url.url().clone();
        address::add_query(&mut url, name, value);
        if url.as_str().len() > MOST_URL {
            return Err(Error::argument(format!("With this query the URL is longer than {MOST_URL} bytes.")));
        }
        self.request.url = url.into();
        Ok(())
    }

    /// Adds a header; its value is never repeated in an error.
    pub fn header(&mut self, name: &str, value: &str) -> Result<()> {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Error::argument("The header's name must be made of letters, digits and dashes."))?;
        if headers::is_reserved(&name) || self.client.profile.is_token_header(&name) {
            return Err(Error::argument(format!("The header {name} is set by libcrux itself.")));
        }
        let value = value.trim_matches([' ', '\t']);
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            Error::argument(format!("The value of the header {name} holds a control character."))
        })?;
        self.request
            .headers
            .try_append(name, value)
            .map_err(|_| Error::argument("The call has too many headers."))?;
        Ok(())
    }

    /// Sets the body; without a type, it is the service's JSON.
    pub fn body(&mut self, bytes: &[u8], kind: Option<&str>) -> Result<()> {
        let kind = self.checked_type(kind)?;
        self.request.body = Some((RequestBody::Bytes(bytes.into()), kind));
        self.files = Body::None;
        Ok(())
    }

    /// Takes the body away.
    pub fn no_body(&mut self) {
        self.request.body = None;
        self.files = Body::None;
    }

    /// Sends a file as it is.
    pub fn file(&mut self, path: &str, kind: Option<&str>) -> Result<()> {
        let kind = self.checked_type(Some(kind.unwrap_or("application/octet-stream")))?;
        self.files = Body::file(path, kind)?;
        Ok(())
    }

    /// Adds a part to a form.
    pub fn part(&mut self, field: &str, content: Content, kind: Option<&str>) -> Result<()> {
        if let Some(kind) = kind {
            self.checked_type(Some(kind))?;
        }
        self.files.add_part(Part { field: field.to_owned(), kind: kind.map(str::to_owned), content })
    }

    fn checked_type(&self, kind: Option<&str>) -> Result<Option<HeaderValue>> {
        match kind {
            None => Ok(Some(HeaderValue::from_static(self.client.profile.service.json_type))),
            Some("") => Ok(None),
            Some(kind) => HeaderValue::from_str(kind).map(Some).map_err(|_| {
                Error::argument("The body's type holds a character that cannot stand in a header.")
            }),
        }
    }

    pub fn set(&mut self, key: &str, value: Option<&str>) -> Result<()> {
        self.own.set_for_call(key, value)?;
        self.request.settings =
            (!self.own.is_empty()).then(|| Box::new(self.client.settings_with(&self.own)));
        Ok(())
    }

    /// What is to be sent, as it is now: the lengths of files are taken here.
    pub fn request(&self) -> Result<Request> {
        self.clone().into_request()
    }

    pub fn into_request(self) -> Result<Request> {
        let mut request = self.request;
        if let Some(body) = self.files.prepare()? {
            request.body = Some(body);
        }
        Ok(request)
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        self.request.settings.as_deref().unwrap_or(&self.client.settings)
    }
}
