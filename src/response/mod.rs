//! What came of a call: the response, and facts about it.

pub mod ahead;
pub mod facts;
mod reading;

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use http::Method;
use once_cell::sync::OnceCell;

use crate::client::Client;
use crate::client::finished::{Started, left};
use crate::client::running::{Reachable, Running};
use crate::error::{Code, Error};
use crate::json::{Index, Json};
use crate::log::Waiting;
use crate::response::ahead::ReadAhead;
use crate::send::request::{Finished, Request, Want};
use crate::session::LastLogin;
use crate::sync::{Lock, Signal};
use crate::sys::event::Event;
use crate::sys::fork;
use crate::transport::exchange::Exchange;
use crate::transport::head::Head;
use crate::transport::http::response_body::ResponseBody;
use crate::transport::limits::Limits;
use crate::transport::ticker::Ticker;

/// The response to one call; read by any number of threads.
#[derive(Debug)]
pub struct Response {
    pub client: Option<Arc<Client>>,
    pub exchange: Arc<Exchange>,
    finished: OnceCell<Finished>,
    /// What went wrong after the head, while a stream was read.
    late: OnceLock<Error>,
    stream: Lock<Option<Box<Stream>>>,
    /// Whether there is a stream; told without waiting for the one who reads it.
    streaming: AtomicBool,
    index: Index,
    /// What was sent, for the next page.
    request: Option<Arc<Request>>,
    /// Exchanges that other calls make on this response's behalf.
    watching: OnceLock<Running>,
    /// Those of calls that go on without it.
    awaited_by: OnceLock<Running>,
    done: Signal,
    /// The process whose thread will finish it.
    process: u64,
    event: Lock<Option<Event>>,
    /// The body of a started stream.
    ahead: OnceLock<ReadAhead>,
    /// Of one that was started: whether its body is to be a stream, and what is called by whoever waits for it.
    pub will_stream: bool,
    ticker: Option<Arc<Ticker>>,
    /// The number by which the host knows it; 0 = no longer.
    number: AtomicUsize,
    /// Whether the client has been told that it is finished.
    announced: AtomicBool,
    /// Log lines of a background call that nobody has taken yet.
    lines: Lock<Waiting>,
    /// How much of a body in memory `read` has given out.
    given: AtomicUsize,
}

/// A body that is still to be read, within reach of every cancel.
#[derive(Debug)]
struct Stream {
    body: Box<ResponseBody>,
    _of_client: Reachable,
    _of_call: Option<Reachable>,
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
            watching: OnceLock::new(),
            awaited_by: OnceLock::new(),
            done: Signal::default(),
            process: fork::generation(),
            event: Lock::new(None),
            ahead: OnceLock::new(),
            ticker: None,
            will_stream: false,
            number: AtomicUsize::new(0),
            announced: AtomicBool::new(false),
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
        response.finish(Finished::failed(error));
        response
    }

    /// The response of a client's last login.
    pub fn of_login(client: Arc<Client>, login: &LastLogin) -> Arc<Response> {
        let finished = Finished::of_login(login);
        Response::of(client, Exchange::new(Limits::default()), finished, None)
    }

    pub fn finish(&self, mut finished: Finished) {
        // For callers in C.
        finished.body.push(0);
        if let (Some(stream), Some(client)) = (finished.stream.take(), &self.client) {
            let of_client = client.running.enter(&self.exchange);
            *self.stream.lock() =
                Some(Box::new(Stream { body: stream, _of_client: of_client, _of_call: None }));
            self.streaming.store(true, Relaxed);
        }
        // Only one thread runs a request.
        let _ = self.finished.set(finished);
        self.done.raise();
        self.show_news();
    }

    pub fn request(&self) -> Option<&Request> {
        self.request.as_deref()
    }

    /// Says what becomes of its body, and what is called for whoever waits for it.
    pub fn started(self, want: Want, ticker: Option<Arc<Ticker>>) -> Response {
        Response { will_stream: want == Want::Stream, ticker, ..self }
    }

    /// What other calls do on this response's behalf, within reach of its cancel.
    pub fn watching(&self) -> &Running {
        self.watching.get_or_init(Running::default)
    }

    /// What calls do on its behalf that a cancel of it ends, but not that it is freed.
    pub fn awaited_by(&self) -> &Running {
        self.awaited_by.get_or_init(Running::default)
    }

    /// Says by which number the host knows it.
    pub fn set_number(&self, number: usize) {
        self.number.store(number, Relaxed);
    }

    /// Ends what is under way: no handle leads to it any more.
    pub fn abandon(&self) {
        self.number.store(0, Relaxed);
        self.cancel_own();
    }

    /// Keeps a stream within reach of its call's cancel, too.
    pub fn keep_in_reach(&self, of_call: Option<Reachable>) {
        if self.streaming.load(Relaxed)
            && let Some(stream) = &mut *self.stream.lock()
        {
            stream._of_call = of_call;
        }
    }

    /// The client to be told that it is finished, the first time.
    pub fn announce(&self) -> Option<&Arc<Client>> {
        self.client.as_ref().filter(|_| !self.announced.swap(true, Relaxed))
    }

    /// Makes room for a body that is read ahead.
    pub fn reads_ahead(&self) {
        self.ahead.get_or_init(ReadAhead::default);
    }

    /// Reads a body ahead, until it ends or is no longer wanted; `within_reach` keeps it in the lists until then.
    pub fn fill(&self, body: ResponseBody, within_reach: impl Sized) {
        if let Some(ahead) = self.ahead.get() {
            ahead.fill((body, within_reach), &self.exchange, || self.show_news());
        }
    }

    /// Whether there is anything for the one who waits: the response, or more of its body.
    fn has_news(&self) -> bool {
        self.finished.get().is_some() && self.ahead.get().is_none_or(ReadAhead::has_news)
    }

    fn show_news(&self) {
        let mut event = self.event.lock();
        let Some(event) = &mut *event else { return };
        match self.has_news() {
            // If it cannot be raised, `wait` says so all the same.
            true => drop(event.raise()),
            false => drop(event.clear()),
        }
    }

    /// Waits until it is finished, or a started stream has more; true if so.
    pub fn wait(&self, limit: Duration) -> bool {
        self.wait_for(limit, self.ticker.as_ref())
    }

    /// The same on a thread whose caller is ticked by something else, or by nothing.
    pub fn wait_unseen(&self, limit: Duration) -> bool {
        self.wait_for(limit, None)
    }

    fn wait_for(&self, limit: Duration, ticker: Option<&Arc<Ticker>>) -> bool {
        self.disown_stream();
        if self.finished.get().is_none() && self.is_inherited() {
            let lost = "The call was started before this process was forked; it goes on in the parent.";
            self.finish(Finished::failed(Error::new(Code::Internal, lost)));
        }
        let end = Instant::now().checked_add(limit);
        loop {
            if self.has_news() {
                return true;
            }
            let Some(left) = left(end).filter(|_| !limit.is_zero()) else { return false };
            let slice = ticker.map_or(left, |ticker| ticker.left().min(left)).max(Duration::from_millis(1));
            self.client.iter().for_each(|client| client.leaves_loop());
            match (self.finished.get(), self.ahead.get()) {
                (Some(_), Some(ahead)) => ahead.wait(slice),
                _ => drop(self.done.wait(slice)),
            }
            if let Some(ticker) = ticker {
                self.tick(ticker);
            }
        }
    }

    /// Calls the tick, if it is due; its word ends the request.
    fn tick(&self, ticker: &Ticker) {
        let (done, total) = self.exchange.progress();
        if !self.has_news() && !ticker.tick(self.exchange.shown_stage(), done, total, false) {
            self.cancel();
        }
    }

    /// A descriptor that is readable once it is finished; of a started stream, while there is more.
    pub fn event(&self) -> std::io::Result<isize> {
        self.client.iter().for_each(|client| client.leaves_loop());
        let mut event = self.event.lock();
        if event.is_none() {
            let mut made = Event::new()?;
            // Under the lock, so that `finish` either sees it or is seen here.
            if self.has_news() {
                made.raise()?;
            }
            *event = Some(made);
        }
        Ok(event.as_ref().map_or(-1, Event::number))
    }

    /// Gives the descriptor back once there is nothing more to wait for.
    pub fn close_event(&self) {
        if self.finished.get().is_some() && self.ahead.get().is_none() {
            let event = self.event.lock().take();
            drop(event);
        }
    }

    /// Ends what is under way for this response; nothing else.
    pub fn cancel(&self) {
        self.cancel_own();
        if let Some(calls) = self.awaited_by.get() {
            calls.cancel();
        }
    }

    fn cancel_own(&self) {
        if self.finished.get().is_none() || self.streaming.load(Relaxed) || self.ahead.get().is_some() {
            self.exchange.cancel();
        }
        if let Some(watching) = self.watching.get() {
            watching.cancel();
        }
    }

    pub fn put_aside(&self, lines: Waiting) {
        self.lines.lock().extend(lines);
    }

    /// Hands over log lines on the caller's thread.
    pub fn replay_lines(&self) {
        let lines = std::mem::take(&mut *self.lines.lock());
        if lines.is_empty() {
            return;
        }
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

    /// The body, which is empty until the response is there.
    pub fn body(&self) -> &[u8] {
        self.body_with_nul().split_last().map_or(&[], |(_, body)| body)
    }

    /// The body and the NUL that follows it for callers in C.
    pub fn body_with_nul(&self) -> &[u8] {
        self.finished.get().map_or(&[0], |finished| &finished.body)
    }

    pub fn head(&self) -> Option<&Head> {
        self.finished.get().map(|finished| &finished.head)
    }

    /// The nth header of a name.
    pub fn header(&self, name: &str, nth: usize) -> Option<&[u8]> {
        self.head().and_then(|head| head.all(name).nth(nth))
    }

    pub fn json(&self) -> Json<'_> {
        Json::new(self.body(), &self.index)
    }

    /// How far a job is, else a transfer whose length is known; rounded down, −1 if unknown.
    fn percent(&self) -> i64 {
        let exchange = &self.exchange;
        let job = exchange.percent.load(Relaxed);
        let reads = self.request().is_none_or(|request| request.method == Method::GET);
        let (done, total) = match reads {
            true => (&exchange.received, &exchange.receive_total),
            false => (&exchange.sent, &exchange.send_total),
        };
        let (done, total) = (done.load(Relaxed), total.load(Relaxed));
        // What was sent says nothing of the job that it has started.
        let finished = self.finished.get();
        let ended = !reads && finished.is_some();
        match job {
            0.. => job,
            // Of nothing, nothing is missing once it is there.
            _ if total == 0 && reads && finished.is_some_and(|finished| finished.error.is_none()) => 100,
            _ if total <= 0 || ended => -1,
            _ => 100 * done.clamp(0, total) / total,
        }
    }
}

impl Started for Response {
    fn number(&self) -> usize {
        self.number.load(Relaxed)
    }
}
