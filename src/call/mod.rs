//! A call as the caller describes it, piece by piece.

pub mod body;
pub mod json_body;
pub mod run;
pub mod start;
mod template;
mod types;
pub mod upload;

use std::fmt;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use url::Url;

use crate::address;
use crate::address::link::Link;
use crate::call::body::{Body, Content, Part};
use crate::call::json_body::Node;
use crate::call::run::Task;
use crate::call::template::Template;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::headers;
use crate::hooks::TickHook;
use crate::options::Options;
use crate::options::settings::Settings;
use crate::response::Response;
use crate::send::request::Request;
use crate::transport::http::host_source::HostSource;
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
    /// The path, while it has names to fill.
    template: Option<Template>,
    own: Options,
    pub task: Task,
    /// Called while it waits, instead of the client's.
    pub tick: Option<Weak<TickHook>>,
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
        if let Some(template) = Template::of(path)? {
            let request = Request::new(method, client.base.clone());
            return Ok(Call { template: Some(template), ..Call::of(client, request) });
        }
        let url = resolved(&client, path)?;
        Ok(Call::of(client, Request::new(method, url)))
    }

    /// A call of a request that is made already.
    pub fn of(client: Arc<Client>, request: Request) -> Call {
        let (files, own) = (Body::None, Options::new());
        Call { client, request, files, own, template: None, task: Task::Request, tick: None }
    }

    /// A call that does something else than send a request of the caller's.
    pub fn task(client: Arc<Client>, task: Task) -> Call {
        let request = Request::new(Method::GET, client.base.clone());
        Call { task, ..Call::of(client, request) }
    }

    /// A link as it stands in a response, relative ones against its URL.
    pub fn follow(from: &Response, method: &str, link: &str) -> Result<Call> {
        let client = from.client.clone();
        let client =
            client.ok_or_else(|| Error::argument("The response has no client: it was never made."))?;
        let here = from.info("url").and_then(|url| Url::parse(&url).ok());
        let here = here.ok_or_else(|| {
            Error::argument(
                "The response has no URL yet that a link could be relative to; wait for it first.",
            )
        })?;
        let to = address::resolve(&here, link)?;
        let mut call = Call::new(client, method, "")?;
        call.request.url = to.into();
        Ok(call)
    }

    /// Says what a {name} of the path stands for.
    pub fn fill(&mut self, name: &str, value: &str) -> Result<()> {
        self.template.as_mut().ok_or_else(|| template::no_such(name))?.fill(name, value)
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

    /// Puts a value into the JSON body.
    pub fn put(&mut self, pointer: &str, value: Node) -> Result<()> {
        match &mut self.files {
            Body::Json(body) => body.put(pointer, value)?,
            _ => {
                self.files = Body::Json(Node::new(pointer, value)?);
                self.request.body = None;
            }
        }
        Ok(())
    }

    /// Lets a function of the host give the body.
    pub fn source(&mut self, source: HostSource, kind: Option<&str>) -> Result<()> {
        let kind = self.checked_type(Some(kind.unwrap_or("application/octet-stream")))?;
        self.files = Body::Source { source: Arc::new(source), kind };
        self.request.body = None;
        Ok(())
    }

    /// Sends bytes from where they are; whoever lends them takes them back from the request.
    pub fn lend(&mut self, bytes: Bytes) {
        let kind = HeaderValue::from_static(self.client.profile.service.json_type);
        self.request.body = Some((RequestBody::Bytes(bytes), Some(kind)));
        self.request.borrows = true;
    }

    /// Sets the body; without a type, it is the service's JSON.
    pub fn body(&mut self, bytes: &[u8], kind: Option<&str>) -> Result<()> {
        let kind = self.checked_type(kind)?;
        self.request.body = Some((RequestBody::Bytes(Bytes::copy_from_slice(bytes)), kind));
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
        if let Some(template) = &self.template {
            let query = request.url.query().map(str::to_owned);
            let mut url = resolved(&self.client, &template.expand()?)?.url().clone();
            if let Some(added) = query {
                let own = url.query().map(|own| format!("{own}&")).unwrap_or_default();
                url.set_query(Some(&(own + &added)));
            }
            request.url = url.into();
        }
        if let Some(body) = self.files.prepare(self.client.profile.service.json_type)? {
            request.body = Some(body);
        }
        Ok(request)
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        self.request.settings.as_deref().unwrap_or(&self.client.settings)
    }
}

/// A path of the caller's against the base.
fn resolved(client: &Client, path: &str) -> Result<Link> {
    if let Some(found) = path.find(['#', ' ']) {
        let (shown, written) = if path.as_bytes()[found] == b'#' { ("#", "%23") } else { ("blank", "%20") };
        return Err(Error::argument(format!(
            "The path holds a {shown}; write {written}, or put a {{name}} there and use crux_call_fill."
        )));
    }
    let url = Link::resolve(&client.base, path)?;
    if url.as_str().len() > MOST_URL {
        return Err(Error::argument(format!("The URL is longer than {MOST_URL} bytes.")));
    }
    Ok(url)
}
