//! What came of a call: the answer, and facts about it.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, OnceLock};

use ureq::http::{HeaderMap, HeaderValue};

use crate::client::{Client, Running};
use crate::error::{Error, Outcome};
use crate::json::{Index, Json};
use crate::send::Finished;
use crate::session::Source;
use crate::sync::Lock;
use crate::transport::exchange::{Exchange, Limits};
use crate::transport::incoming::Incoming;

/// The answer to one call; read by any number of threads.
#[derive(Debug)]
pub struct Response {
    pub client: Option<Arc<Client>>,
    pub exchange: Arc<Exchange>,
    finished: OnceLock<Finished>,
    /// What went wrong after the head, while a stream was read.
    late: OnceLock<Error>,
    stream: Lock<Option<(Incoming, Running)>>,
    index: Index,
}

/// The facts that never change, by name.
pub const FACTS: &[&str] =
    &["service", "base_url", "url", "server_message", "location", "warning", "job_url", "token_source"];

impl Response {
    /// A response whose job has not run yet.
    pub fn pending(client: Arc<Client>, exchange: Arc<Exchange>) -> Response {
        Response {
            client: Some(client),
            exchange,
            finished: OnceLock::new(),
            late: OnceLock::new(),
            stream: Lock::new(None),
            index: Index::default(),
        }
    }

    pub fn of(client: Arc<Client>, exchange: Arc<Exchange>, finished: Finished) -> Response {
        let response = Response::pending(client, exchange);
        response.finish(finished);
        response
    }

    /// A response to a call that could not even be made.
    pub fn failed(client: Option<Arc<Client>>, error: Error) -> Response {
        let finished = Finished { error: Some(error), body: vec![0], ..Finished::default() };
        Response {
            client,
            exchange: Exchange::new(Limits::default()),
            finished: OnceLock::from(finished),
            late: OnceLock::new(),
            stream: Lock::new(None),
            index: Index::default(),
        }
    }

    pub fn finish(&self, mut finished: Finished) {
        finished.body.push(0);
        if let (Some(stream), Some(client)) = (finished.stream.take(), &self.client) {
            *self.stream.lock() = Some((stream, client.running(&self.exchange)));
        }
        // Only one thread runs a job.
        let _ = self.finished.set(finished);
    }

    pub fn finished(&self) -> Option<&Finished> {
        self.finished.get()
    }

    pub fn error(&self) -> Option<&Error> {
        self.late.get().or_else(|| self.finished.get()?.error.as_ref())
    }

    pub fn code(&self) -> Outcome {
        match (self.error(), self.finished.get()) {
            (Some(error), _) => error.code,
            (None, Some(_)) => Outcome::Ok,
            (None, None) => Outcome::Pending,
        }
    }

    pub fn message(&self) -> &str {
        match self.error() {
            Some(error) => &error.message,
            None => self.finished.get().and_then(|f| f.note).unwrap_or(self.code().row().text),
        }
    }

    pub fn status(&self) -> u16 {
        self.finished.get().map_or(0, |finished| finished.status)
    }

    /// The body, which is empty until the answer is there.
    pub fn body(&self) -> &[u8] {
        self.body_with_nul().split_last().map_or(&[], |(_, body)| body)
    }

    /// The body and the NUL that follows it for callers in C.
    pub fn body_with_nul(&self) -> &[u8] {
        self.finished.get().map_or(&[0], |finished| &finished.body)
    }

    pub fn headers(&self) -> Option<&HeaderMap> {
        self.finished.get().map(|finished| &finished.headers)
    }

    /// The nth header of a name.
    pub fn header(&self, name: &str, nth: usize) -> Option<&HeaderValue> {
        self.headers()?.get_all(name).iter().nth(nth)
    }

    pub fn json(&self) -> Json<'_> {
        Json::new(self.body(), &self.index)
    }

    /// Reads a part of a stream; `Ok(0)` at its honest end.
    pub fn read(&self, buffer: &mut [u8]) -> Result<usize, Error> {
        if let Some(error) = self.error() {
            return Err(error.clone());
        }
        let mut stream = self.stream.lock();
        let Some((incoming, _)) = stream.as_mut() else { return Ok(0) };
        let outcome = incoming.read(buffer);
        if !matches!(outcome, Ok(amount) if amount > 0 || buffer.is_empty()) {
            // At the end, or broken: either way there is nothing left to read or to cancel.
            *stream = None;
        }
        drop(stream);
        if let Err(error) = &outcome {
            let _ = self.late.set(error.clone());
        }
        outcome
    }

    /// A fact that never changes once it is known.
    pub fn info(&self, name: &str) -> Option<String> {
        let finished = self.finished.get()?;
        let client = self.client.as_ref();
        match name {
            "service" => client.map(|client| client.service.row.name.to_owned()),
            "base_url" => client.map(|client| client.base.to_string()),
            "url" => Some(finished.url.clone()).filter(|url| !url.is_empty()),
            "server_message" => finished.server_message.clone(),
            "location" => finished.location.clone(),
            "warning" => finished.warning.clone(),
            "job_url" => finished.job_url.clone(),
            "token_source" => finished.token_source.as_ref().map(Source::words),
            _ => None,
        }
    }

    /// A fact that is, or becomes, a number; −1 if unknown.
    pub fn number(&self, name: &str) -> i64 {
        let exchange = &self.exchange;
        let live = match name {
            "sent" => Some(&exchange.sent),
            "send_total" => Some(&exchange.send_total),
            "received" => Some(&exchange.received),
            "receive_total" => Some(&exchange.receive_total),
            "percent" => Some(&exchange.percent),
            _ => None,
        };
        if let Some(number) = live {
            return number.load(Relaxed);
        }
        if name == "token_expires_in_s" {
            let left = self.client.as_ref().and_then(|client| client.session.expires_in());
            return left.map_or(-1, |left| left.as_secs() as i64);
        }
        let Some(finished) = self.finished.get() else { return -1 };
        match name {
            "attempts" => finished.attempts.into(),
            "elapsed_ms" => finished.elapsed.as_millis() as i64,
            "retry_after_ms" => finished.retry_after.map_or(-1, |wait| wait.as_millis() as i64),
            "retryable" => finished.retryable.into(),
            "maybe_sent" => finished.maybe_sent.into(),
            "verified" if finished.status == 0 => -1,
            "verified" => finished.verified.into(),
            _ => -1,
        }
    }
}
