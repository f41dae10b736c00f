//! All of ureq: a request as it wants it, the response as it gives it.

mod adapter;
mod chunked_body;
pub mod departed;
mod errors;
pub mod framing;
mod handover;
pub mod head_lines;
pub mod host_source;
mod lender;
pub mod request_body;
mod request_head;
pub mod response_body;
mod sized_body;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, Request, Uri, header};
use ureq::{Agent, Body, SendBody};

use crate::error::{Error, Result};
use crate::transport::attempt::{Attempt, BodySize};
use crate::transport::buffers::Inbox;
use crate::transport::counters::Counters;
use crate::transport::head::Head;
use crate::transport::http::adapter::Adapter;
use crate::transport::http::departed::Departed;
use crate::transport::http::framing::{Coding, Framing};
use crate::transport::http::handover::{RETURNED, Slot};
use crate::transport::http::head_lines::HeadLines;
use crate::transport::http::lender::{LENT, Lender, NoResolver};
use crate::transport::http::request_body::{Feeder, RequestBody};
use crate::transport::http::request_head::RequestHead;
use crate::transport::http::response_body::{Reader, ResponseBody};
use crate::transport::limits::Phase;
use crate::transport::net::connection::Connection;
use crate::transport::net::dial::Dialer;
use crate::transport::net::pool::Pool;
use crate::transport::net::proxy::Proxies;
use crate::transport::net::resolver::Resolver;
use crate::transport::net::route::Route;
use crate::transport::tls::trust::Trust;

/// A request, ready for the wire.
pub struct Message<'a> {
    pub method: &'a Method,
    /// Path and query.
    pub target: &'a str,
    /// Headers of this request, besides those that a connection needs.
    pub headers: Cow<'a, HeaderMap>,
    /// What goes with them, ready-made.
    pub lines: Option<HeadLines>,
    /// The type of the body, if neither of them has it.
    pub kind: Option<&'a HeaderValue>,
    pub body: Option<&'a RequestBody>,
    /// Decodes the body even if Accept-Encoding did not ask for gzip.
    pub decodes: bool,
}

impl Message<'_> {
    /// Whether the body of the response is decoded. A caller that sets Accept-Encoding gets the bytes as they come.
    fn decodes(&self) -> bool {
        let asks = || self.headers.get(header::ACCEPT_ENCODING).is_some_and(|asked| asked == "gzip");
        self.decodes || self.lines.is_some() || asks()
    }
}

/// The head of a response, and its body still to be read.
pub struct HttpResponse {
    pub head: Head,
    pub body: ResponseBody,
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({} with {} headers)", self.method, self.headers.len())
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpResponse({:?})", self.head)
    }
}

/// Sends requests for one client.
#[derive(Debug)]
pub struct Transport {
    agent: Agent,
    dialer: Dialer,
    /// All that ureq is told of where a request goes.
    nowhere: Uri,
    pub counters: Arc<Counters>,
    pub proxies: Proxies,
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
        let counters = Arc::new(Counters::default());
        let dialer = Dialer {
            pool: Arc::new(Pool::new(max_idle)),
            resolver: Resolver::new(main),
            trust,
            counters: counters.clone(),
            agent,
        };
        let agent = Agent::with_parts(config, Lender, NoResolver);
        Transport { agent, dialer, nowhere: Uri::from_static("http://x/"), counters, proxies }
    }

    /// Closes the connections that are idle.
    pub fn close_idle(&self) {
        self.dialer.pool.clear();
    }

    /// Sends one request on one connection and waits for the head of its response.
    pub fn send(
        &self,
        attempt: &Arc<Attempt>,
        route: &Arc<Route>,
        message: Message<'_>,
    ) -> Result<HttpResponse> {
        if attempt.is_cancelled() {
            return Err(Error::cancelled());
        }
        let body = message.body.filter(|body| body.length() != Some(0));
        let feeder = body.map(|body| Feeder::new(body, attempt.clone())).transpose()?;
        let decodes = message.decodes();
        let connection = self.dialer.lend(attempt, route.clone())?;
        LENT.with(|slot| slot.put(self.adapter(connection, attempt, route, &message)));
        self.receive(attempt, feeder, decodes)
    }

    /// Sends a request at once, on an idle connection; `None` if there is none, or the body is not at hand or too long.
    pub fn depart(
        &self,
        attempt: &Arc<Attempt>,
        route: &Arc<Route>,
        message: &Message<'_>,
    ) -> Option<Departed> {
        let body = message.body.map_or(Some(&[][..]), RequestBody::short)?;
        let connection = self.dialer.idle(attempt, route)?;
        let adapter = self.adapter(connection, attempt, route, message);
        Some(Departed::new(adapter, body, message.decodes()))
    }

    /// Waits for the head of the response to a request that has departed.
    pub fn arrive(&self, departed: Departed) -> Result<HttpResponse> {
        let Departed { adapter, decodes, .. } = departed;
        let attempt = adapter.attempt.clone();
        LENT.with(|slot| slot.put(adapter));
        self.receive(&attempt, None, decodes)
    }

    /// A connection with the head of the request in its outbox.
    #[inline(never)]
    fn adapter(
        &self,
        connection: Box<Connection>,
        attempt: &Arc<Attempt>,
        route: &Arc<Route>,
        message: &Message<'_>,
    ) -> Adapter {
        let head = RequestHead {
            method: message.method,
            target: message.target,
            lines: message.lines.as_ref(),
            headers: &message.headers,
            kind: message.kind,
            body: attempt.body,
            route,
            credentials: route.credentials(),
        };
        let lent = message.body.and_then(RequestBody::lent);
        Adapter::new(connection, attempt, &self.dialer.pool, &head, lent)
    }

    /// Lets ureq work with what was lent.
    fn receive(
        &self,
        attempt: &Arc<Attempt>,
        feeder: Option<Feeder<'_>>,
        decodes: bool,
    ) -> Result<HttpResponse> {
        let response = self.exchange(attempt, feeder);
        let returned = RETURNED.with(Slot::take);
        let response = response.map_err(|e| {
            // In case that ureq has not even asked for it.
            drop(LENT.with(Slot::take));
            errors::of_request(e, attempt)
        })?;
        attempt.set_phase(Phase::Body);
        let Some((head, framing)) = attempt.head.lock().take() else { return Err(Error::fault()) };
        let coding = if decodes { Coding::of(&head) } else { Coding::None };
        let reader = match (framing, returned) {
            (Framing::Length(_) | Framing::Chunked, None) => return Err(errors::cut_body(attempt)),
            (Framing::Length(_) | Framing::Chunked, Some(reader)) => reader,
            _ => Reader::Framed(response.into_body().into_reader()),
        };
        let body = ResponseBody::new(reader, attempt.clone(), framing, coding);
        Ok(HttpResponse { head, body })
    }

    /// Lets ureq send the body, and read the other one if nothing but its connection ends it; of the request it is told
    /// nothing else.
    fn exchange(
        &self,
        attempt: &Attempt,
        feeder: Option<Feeder<'_>>,
    ) -> std::result::Result<http::Response<Body>, ureq::Error> {
        let mut request = Request::new(());
        *request.uri_mut() = self.nowhere.clone();
        let Some(mut feeder) = feeder else { return self.agent.run(request) };
        *request.method_mut() = Method::POST;
        if let BodySize::Known(length) = attempt.body {
            let headers = request.headers_mut();
            // With this one ureq need not make it out of the URL.
            headers.insert(header::HOST, HeaderValue::from_static("x"));
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        self.agent.run(request.map(|()| SendBody::from_reader(&mut feeder)))
    }
}
