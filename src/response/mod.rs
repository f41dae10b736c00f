//! What came of a call: the answer, and facts about it.

use std::io::{PipeReader, PipeWriter, Write};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use once_cell::sync::OnceCell;

use crate::client::Client;
use crate::client::running::{Reachable, Running};
use crate::error::{Code, Error};
use crate::json::{Index, Json};
use crate::log::Waiting;
use crate::send::request::{Finished, Request};
use crate::session::Source;
use crate::sync::{Lock, Signal};
use crate::sys::fork;
use crate::transport::exchange::Exchange;
use crate::transport::http::response_body::ResponseBody;
use crate::transport::limits::Limits;

/// The answer to one call; read by any number of threads.
#[derive(Debug)]
pub struct Response {
    pub client: Option<Arc<Client>>,
    pub exchange: Arc<Exchange>,
    finished: OnceCell<Finished>,
    /// What went wrong after the head, while a stream was read.
    late: OnceLock<Error>,
    stream: Lock<Option<(Box<ResponseBody>, Reachable)>>,
    /// Whether there is a stream; told without waiting for the one who reads it.
    streaming: AtomicBool,
    index: Index,
    /// What was sent, for the next page.
    request: Option<Arc<Request>>,
    /// Exchanges that other calls make on this response's behalf.
    pub watching: Running,
    done: Signal,
    /// The process whose thread will finish it.
    process: u64,
    event: Lock<Option<(PipeReader, PipeWriter)>>,
    /// Log lines of a background call that nobody has taken yet.
    lines: Lock<Waiting>,
    /// How much of a body in memory `read` has given out.
    given: AtomicUsize,
}

impl Response {
    /// A response whose request has not run yet.
    pub fn pending(
        client: Option<Arc<Client>>,
        exchange: Arc<Exchange>,
        request: Option<Arc<Request>>,
    ) -> Response {
        Response {
            client,
            exchange,
            finished: OnceCell::new(),
            late: OnceLock::new(),
            stream: Lock::new(None),
            streaming: AtomicBool::new(false),
            index: Index::default(),
            request,
            watching: Running::default(),
            done: Signal::default(),
            process: fork::generation(),
            event: Lock::new(None),
            lines: Lock::default(),
            given: AtomicUsize::new(0),
        }
    }

    /// The response to what has been done; with what was sent, if that is needed for the next page.
    pub fn of(
        client: Arc<Client>,
        exchange: Arc<Exchange>,
        mut finished: Finished,
        request: Option<Arc<Request>>,
    ) -> Arc<Response> {
        if finished.stream.is_some() {
            let response = Arc::new(Response::pending(Some(client), exchange, request));
            response.finish(finished);
            return response;
        }
        // As `finish` does it; but nobody else knows of it yet, nobody waits.
        finished.body.push(0);
        let finished = OnceCell::with_value(finished);
        Arc::new(Response { finished, ..Response::pending(Some(client), exchange, request) })
    }

    /// A response to a call that could not even be made.
    pub fn failed(client: Option<Arc<Client>>, error: Error) -> Arc<Response> {
        let response = Arc::new(Response::pending(client, Exchange::new(Limits::default()), None));
        response.finish(Finished { error: Some(error), ..Finished::default() });
        response
    }

    pub fn finish(&self, mut finished: Finished) {
        // For callers in C.
        finished.body.push(0);
        if let (Some(stream), Some(client)) = (finished.stream.take(), &self.client) {
            *self.stream.lock() = Some((stream, client.running.enter(&self.exchange)));
            self.streaming.store(true, Relaxed);
        }
        // Only one thread runs a request.
        let _ = self.finished.set(finished);
        self.done.raise();
        if let Some((_, writer)) = &mut *self.event.lock() {
            let _ = writer.write_all(&[1]);
        }
    }

    pub fn request(&self) -> Option<&Request> {
        self.request.as_deref()
    }

    /// Waits until it is finished; true if it is.
    pub fn wait(&self, limit: Duration) -> bool {
        if self.finished.get().is_none() && self.process != fork::generation() {
            let lost = "The call was started before this process was forked; it goes on in the parent.";
            let error = Some(Error::new(Code::Internal, lost));
            self.finish(Finished { error, ..Finished::default() });
        }
        self.finished.get().is_some() || self.done.wait(limit)
    }

    /// A descriptor that turns readable, once, when it is finished.
    #[cfg(unix)]
    pub fn event(&self) -> std::io::Result<std::os::fd::RawFd> {
        use std::os::fd::AsRawFd;
        let mut event = self.event.lock();
        if event.is_none() {
            let (reader, mut writer) = std::io::pipe()?;
            // Under the lock, so that `finish` either sees the pipe or is seen here.
            if self.finished.get().is_some() {
                writer.write_all(&[1])?;
            }
            *event = Some((reader, writer));
        }
        Ok(event.as_ref().map_or(-1, |(reader, _)| reader.as_raw_fd()))
    }

    /// Ends what is under way for this response; nothing else.
    pub fn cancel(&self) {
        if self.finished.get().is_none() || self.streaming.load(Relaxed) {
            self.exchange.cancel();
        }
        self.watching.cancel();
    }

    pub fn put_aside(&self, lines: Waiting) {
        self.lines.lock().extend(lines);
    }

    /// Hands over log lines on the caller's thread.
    pub fn replay_lines(&self) {
        let lines = std::mem::take(&mut *self.lines.lock());
        if let Some(client) = &self.client {
            client.log.replay(lines);
        }
    }

    pub fn finished(&self) -> Option<&Finished> {
        self.finished.get()
    }

    pub fn error(&self) -> Option<&Error> {
        self.late.get().or_else(|| self.finished.get()?.error.as_ref())
    }

    pub fn code(&self) -> Code {
        match (self.error(), self.finished.get()) {
            (Some(error), _) => error.code,
            (None, Some(_)) => Code::Ok,
            (None, None) => Code::Pending,
        }
    }

    pub fn message(&self) -> &str {
        match self.error() {
            Some(error) => &error.message,
            None => self.finished.get().and_then(|f| f.note.as_deref()).unwrap_or(self.code().row().text),
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
        let Some((incoming, _)) = stream.as_mut() else { return Ok(self.read_buffered(buffer)) };
        // What has come already is not given out after a cancel either.
        let outcome = match self.exchange.is_cancelled() {
            true => Err(Error::cancelled()),
            false => incoming.read(buffer),
        };
        if !matches!(outcome, Ok(amount) if amount > 0 || buffer.is_empty()) {
            // At the end, or broken: either way there is nothing left to read or to cancel.
            self.streaming.store(false, Relaxed);
            *stream = None;
        }
        drop(stream);
        if let Err(error) = &outcome {
            let _ = self.late.set(error.clone());
        }
        outcome
    }

    fn read_buffered(&self, buffer: &mut [u8]) -> usize {
        let body = self.body();
        let from = self.given.load(Relaxed).min(body.len());
        let amount = buffer.len().min(body.len() - from);
        buffer[..amount].copy_from_slice(&body[from..from + amount]);
        self.given.store(from + amount, Relaxed);
        amount
    }

    /// A fact that never changes once it is known.
    pub fn info(&self, name: &str) -> Option<String> {
        let finished = self.finished.get()?;
        let client = self.client.as_ref();
        match name {
            "service" => client.map(|client| client.profile.service.name.to_owned()),
            "base_url" => client.map(|client| client.base.to_string()),
            "url" => Some(finished.url.clone()).filter(|url| !url.is_empty()),
            "server_message" => finished.server_message.clone(),
            "location" => finished.location.clone(),
            "warning" => finished.warning.clone(),
            "job_url" => finished.job_url.clone(),
            "json_error" => self.json().error().map(|error| error.message),
            "token_source" => finished.token_source.as_ref().map(Source::words),
            // What was made: its address, or the id that stands for it.
            "result" => finished.location.clone().or_else(|| {
                let ids = client?.profile.service.ids;
                ids.iter().find_map(|pointer| self.json().string(pointer)).map(|id| id.into_owned())
            }),
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
            "verified" => {
                let came = self.error().is_none_or(|e| matches!(e.code, Code::Http | Code::Auth));
                (finished.verified && came).into()
            }
            _ => -1,
        }
    }
}
