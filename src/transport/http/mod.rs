//! All of ureq: a request as it wants it, the response as it gives it.

mod adapter;
mod context;
mod errors;
pub mod framing;
pub mod head_lines;
pub mod host_source;
pub mod request_body;
pub mod response_body;
mod sized_body;

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, Request, Uri, header};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver as UreqResolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Agent, SendBody};

use crate::error::{Error, Result};
use crate::transport::attempt::{Attempt, BodySize};
use crate::transport::buffers::Inbox;
use crate::transport::counters::Counters;
use crate::transport::head::Head;
use crate::transport::http::adapter::Connector;
use crate::transport::http::context::RequestContext;
use crate::transport::http::framing::{Coding, Framing};
use crate::transport::http::head_lines::HeadLines;
use crate::transport::http::request_body::{Feeder, RequestBody};
use crate::transport::http::response_body::{Reader, ResponseBody};
use crate::transport::limits::Phase;
use crate::transport::net::dial::Dialer;
use crate::transport::net::pool::Pool;
use crate::transport::net::proxy::Proxies;
use crate::transport::net::resolver::Resolver;
use crate::transport::net::route::Route;
use crate::transport::tls::trust::Trust;

/// A request, ready for the wire.
pub struct Message<'a> {
    pub method: &'a Method,
    pub uri: Uri,
    /// Headers of this request; Host is put in here.
    pub headers: HeaderMap,
    /// What goes with them, ready-made.
    pub lines: Option<HeadLines>,
    pub body: Option<&'a RequestBody>,
    /// Decodes the body even if Accept-Encoding did not ask for gzip.
    pub decodes: bool,
}

/// The head of an answer, and its body still to be read.
pub struct Answer {
    pub head: Head,
    pub body: ResponseBody,
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({} with {} headers)", self.method, self.headers.len())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({:?})", self.head)
    }
}

/// Sends requests for one client.
#[derive(Debug)]
pub struct Transport {
    agent: Agent,
    pub counters: Arc<Counters>,
    pub proxies: Proxies,
}

/// Names are looked up by the dialer, and only when it makes a connection.
#[derive(Debug)]
struct NoResolver;

impl UreqResolver for NoResolver {
    fn resolve(
        &self,
        _: &Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> std::result::Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

impl Transport {
    /// `main` is the host that nearly all connections are made to.
    pub fn new(trust: Trust, proxies: Proxies, max_idle: usize, main: String, agent: String) -> Transport {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .proxy(None)
            // Connections are pooled by us, limits are kept by `Adapter` and `SizedBody`, headers come from the caller.
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .max_response_header_size(Inbox::MOST)
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .build();
        let pool = Arc::new(Pool::new(max_idle));
        let counters = Arc::new(Counters::default());
        let resolver = Resolver::new(main);
        let dialer = Dialer { pool, resolver, trust, counters: counters.clone(), agent };
        Transport { agent: Agent::with_parts(config, Connector(dialer), NoResolver), counters, proxies }
    }

    /// Sends one request on one connection and waits for the head of its answer.
    pub fn send(&self, attempt: &Arc<Attempt>, route: &Arc<Route>, message: Message<'_>) -> Result<Answer> {
        if attempt.is_cancelled() {
            return Err(Error::cancelled());
        }
        let Message { method, uri, mut headers, lines, body, decodes } = message;
        let path = uri.path_and_query().map_or(0, |path| path.as_str().len());
        let longest =
            headers.iter().map(|(name, value)| name.as_str().len() + value.len()).max().unwrap_or(0);
        let longest_line = longest.max(path) + 64;
        let needs_length = [Method::POST, Method::PUT, Method::PATCH].contains(method);
        let length = match attempt.body {
            BodySize::Known(length) => Some(length),
            BodySize::None => needs_length.then_some(0),
            BodySize::Unknown => None,
        };
        if let Some(length) = length {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        // A caller that sets Accept-Encoding gets the bytes as they come.
        let asks = || headers.get(header::ACCEPT_ENCODING).is_some_and(|asked| asked == "gzip");
        let decodes = decodes || lines.is_some() || asks();
        // It stands first already, unless the request has been sent on to another origin.
        if headers.iter().next() != Some((&header::HOST, &route.host)) {
            headers.insert(header::HOST, route.host.clone());
        }
        let mut request = Request::new(());
        *request.method_mut() = method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        let lent = body.and_then(RequestBody::lent);
        let (attempt_, route, is_head) = (attempt.clone(), route.clone(), *method == Method::HEAD);
        let context = RequestContext { attempt: attempt_, route, lines, lent, longest_line, is_head };
        let answer = context.run(|| match body.filter(|body| body.length() != Some(0)) {
            None => self.agent.run(request),
            Some(body) => {
                let mut feeder = Feeder::new(body, attempt.clone())?;
                self.agent.run(request.map(|()| SendBody::from_reader(&mut feeder)))
            }
        });
        let sized = adapter::take_sized();
        let answer = answer.map_err(|e| errors::of_request(e, attempt))?;
        attempt.set_phase(Phase::Body);
        let Some((head, framing)) = attempt.head.lock().take() else { return Err(Error::fault()) };
        let coding = if decodes { Coding::of(&head) } else { Coding::None };
        let reader = match (framing, sized) {
            (Framing::Length(_), None) => return Err(errors::cut_body()),
            (Framing::Length(_), Some(sized)) => Reader::SizedBody(sized),
            _ => Reader::Framed(answer.into_body().into_reader()),
        };
        let body = ResponseBody::new(reader, attempt.clone(), framing, coding);
        Ok(Answer { head, body })
    }
}
