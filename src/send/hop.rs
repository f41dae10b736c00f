//! One attempt of a request: sent and waited for, or begun now and waited for later.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::error::Result;
use crate::log::Level;
use crate::send::hop_headers::HopHeaders;
use crate::send::request::{Request, Want};
use crate::send::{Run, authorize};
use crate::session::Token;
use crate::transport::attempt::{Attempt, BodySize};
use crate::transport::counters::Counters;
use crate::transport::exchange::Exchange;
use crate::transport::http::departed::Departed;
use crate::transport::http::request_body::RequestBody;
use crate::transport::{HttpResponse, Message};

/// What an attempt has found out, and what came of it.
type Outcome = (Arc<Attempt>, Result<HttpResponse>);

/// A request whose first attempt is under way.
#[derive(Debug)]
pub struct Begun {
    token: Option<Arc<Token>>,
    pub departed: Departed,
    at: Instant,
}

/// Sends a request at once, if its token, an idle connection and its body are at hand.
pub fn begin(client: &Client, request: &Request, exchange: &Arc<Exchange>) -> Option<Begun> {
    let mut run = Run::new(client, request, exchange, Want::Buffer);
    let (own, route) = client.way_to(&run.url).ok()?;
    if own && !request.anonymous {
        run.sent = client.session.at_hand()?;
    }
    let (attempt, message) = run.attempt(own, false).ok()?;
    let departed = client.transport.depart(&attempt, &route, &message)?;
    Counters::add(&client.transport.counters.requests, 1);
    Some(Begun { token: run.sent, departed, at: Instant::now() })
}

impl Run<'_> {
    /// Sends the request, with a token if it may have one.
    pub(super) fn make_attempt(&mut self, fresh_only: bool) -> Result<Outcome> {
        let (own, route) = self.client.way_to(&self.url)?;
        let token = match own && !self.request.anonymous {
            true => self.authorized(authorize::token(self.client, self.exchange))?,
            false => None,
        };
        self.take_token(token);
        let (attempt, message) = self.attempt(own, fresh_only)?;
        Counters::add(&self.client.transport.counters.requests, 1);
        let began = self.client.log.wants(Level::Debug).then(Instant::now);
        let outcome = self.client.transport.send(&attempt, &route, message);
        self.finished.attempts += 1;
        if let Some(began) = began {
            self.log_attempt(&outcome, began.elapsed());
        }
        Ok((attempt, outcome))
    }

    /// Waits for the response to what was begun.
    pub(super) fn finish_attempt(&mut self, begun: Begun) -> Outcome {
        self.take_token(begun.token);
        let attempt = begun.departed.attempt().clone();
        let outcome = self.client.transport.arrive(begun.departed);
        self.finished.attempts += 1;
        if self.client.log.wants(Level::Debug) {
            self.log_attempt(&outcome, begun.at.elapsed());
        }
        (attempt, outcome)
    }

    fn take_token(&mut self, token: Option<Arc<Token>>) {
        if let Some(token) = &token {
            self.finished.token_source = Some(token.source.clone());
        }
        self.sent = token;
    }

    /// One attempt, and what it sends, with the token at hand.
    fn attempt(&self, own: bool, fresh_only: bool) -> Result<(Arc<Attempt>, Message<'_>)> {
        let target = self.url.sendable()?;
        let HopHeaders { headers, lines, kind } = self.headers(own, self.sent.as_deref());
        let body = self.body.map(|(body, _)| body);
        let size = match body.map(RequestBody::length) {
            Some(Some(length)) => BodySize::Known(length),
            Some(None) => BodySize::Unknown,
            None => BodySize::None,
        };
        let counters = &self.client.transport.counters;
        let attempt = Attempt::counted(self.exchange.clone(), size, fresh_only, Some(counters.clone()));
        let decodes = self.request.identity;
        Ok((attempt, Message { method: &self.method, target, headers, lines, kind, body, decodes }))
    }

    fn log_attempt(&self, outcome: &Result<HttpResponse>, took: Duration) {
        self.client.log.log(Level::Debug, || {
            let what = match outcome {
                Ok(response) => response.head.status.to_string(),
                Err(error) => error.code.row().name.to_owned(),
            };
            let place = self.client.shown(&self.url);
            format!(
                "{} {place} -> {what} in {} ms, attempt {}",
                self.method,
                took.as_millis(),
                self.finished.attempts
            )
        });
    }
}
