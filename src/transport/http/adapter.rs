//! A connection as ureq uses it: one socket, TLS or not, with limits, cancellation and honest ends.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;
use http::Method;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use crate::error::{Error, Result};
use crate::sys::memory::Space;
use crate::sys::socket::{self as sys, Ready, TICK};
use crate::transport::attempt::{Attempt, BodySize};
use crate::transport::foreign;
use crate::transport::head::{Head, Malformed};
use crate::transport::http::chunked_body::ChunkedBody;
use crate::transport::http::errors;
use crate::transport::http::framing::{self, Framing};
use crate::transport::http::handover::RETURNED;
use crate::transport::http::request_head::RequestHead;
use crate::transport::http::response_body::Reader;
use crate::transport::http::sized_body::SizedBody;
use crate::transport::limits::{Phase, Until};
use crate::transport::net::connection::{Connection, too_large};
use crate::transport::net::pool::Pool;

/// How much of a long body is sent between two looks at whether the server answers already.
const WATCH_EVERY: usize = 256 * 1024;
/// Most that may come before a final head is complete, informational responses included.
const MOST_BEFORE_HEAD: usize = 1024 * 1024;

/// A connection lent to one attempt; goes back to the pool when it is dropped, if it may.
pub struct Adapter {
    /// `None` only while dropping.
    pub(super) lent: Option<Box<Connection>>,
    pub(super) attempt: Arc<Attempt>,
    pool: Arc<Pool>,
    /// Whether ureq has written its own head, which goes nowhere.
    had_head: bool,
    /// When the head of the response must be complete; known when the request has gone out.
    pub(super) head_until: Option<Until>,
    before_head: usize,
    is_head: bool,
    /// How the body ends; known when the head is complete.
    pub(super) framing: Option<Framing>,
    /// Whether ureq has been shown a head.
    shown: bool,
    /// Whether the whole request has been taken over, so that ureq has nothing to send.
    pub(super) departed: bool,
    /// How much has gone out of what is ready for the socket; `None` = it is not ready yet.
    pub(super) gone: Option<usize>,
    /// What went wrong before ureq was there to be told.
    pub(super) failed: Option<Box<Error>>,
    unwatched: usize,
    pub(super) ended: bool,
    /// The server has answered or hung up: what is still to be sent is dropped.
    deaf: bool,
    write_failed: bool,
    /// Whether the head lets the connection serve again after the body.
    keeps_open: bool,
    reusable: bool,
}

impl Adapter {
    /// With the head of the request in the connection's outbox, and a body that is sent from where it is.
    pub fn new(
        mut connection: Box<Connection>,
        attempt: &Arc<Attempt>,
        pool: &Arc<Pool>,
        head: &RequestHead<'_>,
        lent: Option<Bytes>,
    ) -> Adapter {
        let known = match attempt.body {
            BodySize::Known(length) => length,
            BodySize::None | BodySize::Unknown => 0,
        };
        connection.buffers.start(head.room(), known);
        head.write(&mut connection.buffers.outbox);
        connection.buffers.outbox.lend(lent);
        Adapter {
            lent: Some(connection),
            attempt: attempt.clone(),
            pool: pool.clone(),
            had_head: false,
            head_until: None,
            before_head: 0,
            is_head: *head.method == Method::HEAD,
            framing: None,
            shown: false,
            departed: false,
            gone: None,
            failed: None,
            unwatched: 0,
            ended: false,
            deaf: false,
            write_failed: false,
            keeps_open: false,
            reusable: false,
        }
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        self.lent.as_mut().expect("only drop takes the connection")
    }

    /// Whether the body's reader has been asked: what is sent now is body.
    fn is_sending_body(&self) -> bool {
        !self.attempt.body.is_empty() && !self.attempt.body_pending.load(Relaxed)
    }

    /// Sends what has gathered. A response that comes before all is sent ends the sending. Without `wait`, some may be left.
    pub(super) fn flush(&mut self, wait: bool) -> Result<()> {
        self.attempt.set_phase(Phase::Send);
        let body = self.is_sending_body();
        let mut until = None;
        let mut sent = match self.gone.take() {
            Some(sent) => sent,
            None => self.connection().seal().map(|()| 0)?,
        };
        while !self.deaf {
            let connection = self.lent.as_mut().expect("only drop takes the connection");
            if connection.outgoing().len() == sent && connection.channel.is_flushed() {
                break;
            }
            // Without blocking, so that an early response is seen while a body stalls.
            match connection.send(sent) {
                Ok(amount) => {
                    self.attempt.maybe_sent.store(true, Relaxed);
                    self.attempt.wire_sent.fetch_add(amount as u64, Relaxed);
                    sent += amount;
                    until = None;
                }
                _ if self.attempt.is_cancelled() => return Err(Error::cancelled()),
                Err(e) if !wait && e.kind() == ErrorKind::WouldBlock => {
                    self.gone = Some(sent);
                    return Ok(());
                }
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                    let until = until.get_or_insert_with(|| self.attempt.until(self.attempt.limits.idle));
                    let left = until.left().unwrap_or(TICK);
                    if left.is_zero() {
                        return Err(self.attempt.timeout(until, connection.host()));
                    }
                    let ready = if body && !self.ended { Ready::Either } else { Ready::Write };
                    let wait = left.min(self.attempt.slice(TICK));
                    let _ = sys::poll(&[&connection.channel.socket], ready, wait);
                    self.attempt.tick(false)?;
                    if body {
                        self.look_for_response()?;
                    }
                }
                Err(_) => {
                    self.write_failed = true;
                    self.turn_deaf();
                }
            }
        }
        self.connection().clear_outgoing();
        Ok(())
    }

    fn turn_deaf(&mut self) {
        self.deaf = true;
        self.attempt.body_cut.store(true, Relaxed);
    }

    /// Takes what the server has said while a body is being sent.
    fn look_for_response(&mut self) -> Result<()> {
        self.read_more(false)?;
        if self.ended || self.connection().buffers.inbox.holds_final_response() {
            self.turn_deaf();
        }
        Ok(())
    }

    /// Reads once; true if plaintext came.
    fn read_more(&mut self, wait: bool) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let attempt = self.attempt.clone();
        let until = self.head_until.unwrap_or_else(|| attempt.until(attempt.limits.idle));
        let connection = self.connection();
        let before = connection.buffers.inbox.waiting().len();
        let ended = connection.receive(&mut Space::none(), &attempt, &until, wait)?;
        let came = connection.buffers.inbox.waiting().len() > before;
        self.ended = ended.is_some();
        Ok(came)
    }

    fn await_response(&mut self) -> Result<bool> {
        if let Some(error) = self.failed.take() {
            return Err(*error);
        }
        if !self.connection().outgoing().is_empty() || !self.connection().buffers.outbox.ready().is_empty() {
            self.flush(true)?;
        }
        if self.shown {
            self.attempt.set_phase(Phase::Body);
            self.head_until = None;
            return self.read_more(true);
        }
        self.attempt.set_phase(Phase::Head);
        while !self.find_head()? {
            self.read_head(true)?;
        }
        self.shown = true;
        Ok(true)
    }

    /// Takes the head and judges it, if it is complete.
    pub(super) fn find_head(&mut self) -> Result<bool> {
        if self.framing.is_some() {
            return Ok(true);
        }
        let Some(head) = self.take_head()? else { return Ok(false) };
        let framing = framing::of(&head, self.is_head).inspect_err(|_| self.forget_route())?;
        self.keeps_open = framing::keeps_open(&head);
        self.framing = Some(framing);
        self.connection().buffers.shown = framing.shown();
        self.attempt.head_done.store(true, Relaxed);
        *self.attempt.head.lock() = Some((head, framing));
        Ok(true)
    }

    /// Drops idle connections of a route whose responses cannot be told apart any more.
    fn forget_route(&self) {
        if let Some(connection) = &self.lent {
            self.pool.forget(&connection.route);
        }
    }

    /// Takes the final head out of what came; `None` if it is not complete.
    fn take_head(&mut self) -> Result<Option<Head>> {
        let Connection { buffers, route, .. } = self.connection();
        loop {
            let waiting = buffers.inbox.waiting();
            if waiting.is_empty() {
                return Ok(None);
            }
            let first = &waiting[..waiting.len().min(foreign::ENOUGH)];
            let head = Head::parse(waiting).map_err(|Malformed| errors::foreign(first, route))?;
            let Some(head) = head else { return Ok(None) };
            buffers.inbox.consume(head.length());
            // What is said in between is not the response, except where it offers another protocol.
            if !matches!(head.status, 100 | 102..=199) {
                return Ok(Some(head));
            }
        }
    }

    /// Reads more of the head; without `wait`, what there is.
    pub(super) fn read_head(&mut self, wait: bool) -> Result<()> {
        if self.head_until.is_none() {
            self.head_until = Some(self.attempt.until(self.attempt.limits.head));
        }
        let before = self.connection().buffers.inbox.waiting().len();
        let came = self.read_more(wait)?;
        let inbox = self.connection().buffers.inbox.waiting().len();
        self.before_head += inbox - before;
        if self.before_head > MOST_BEFORE_HEAD {
            return Err(too_large(&self.connection().route, "head", MOST_BEFORE_HEAD));
        }
        if came || !wait && !self.ended {
            return Ok(());
        }
        let doing = match (self.write_failed, inbox + self.before_head > 0) {
            (true, _) => "while the request was being sent",
            (_, true) => "in the middle of the response's head",
            _ => "before a response came",
        };
        Err(errors::hung_up(self.connection(), doing))
    }
}

impl Transport for Adapter {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.connection().buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> std::result::Result<(), ureq::Error> {
        if self.deaf || self.departed {
            return Ok(());
        }
        // There is room for all of it at once.
        let amount = if std::mem::replace(&mut self.had_head, true) { amount } else { 0 };
        let head_before_body = self.attempt.body_pending.load(Relaxed);
        let outbox = &mut self.connection().buffers.outbox;
        let lent = outbox.has_lent() && !head_before_body;
        let mut sent = match lent && !outbox.ready().is_empty() {
            // A lent body cannot travel in one write with its head.
            true => self.flush(true),
            false => Ok(()),
        };
        let outbox = &mut self.connection().buffers.outbox;
        match lent {
            true => outbox.next_piece(amount),
            false => outbox.gather(amount),
        }
        let outbox = &mut self.connection().buffers.outbox;
        if head_before_body && outbox.has_room_for_body() {
            return Ok(());
        }
        sent = sent.and_then(|()| self.flush(true));
        self.unwatched += amount;
        if sent.is_ok() && self.unwatched >= WATCH_EVERY && !self.deaf {
            self.unwatched = 0;
            sent = self.look_for_response();
        }
        sent.map_err(|e| errors::keep(&self.attempt, e))
    }

    fn await_input(&mut self, _: NextTimeout) -> std::result::Result<bool, ureq::Error> {
        self.await_response().map_err(|e| errors::keep(&self.attempt, e))
    }

    /// Asked once, when the response is complete: whether the connection may serve again. Whether it
    /// still lives is looked at when it does, which saves a system call. ureq always hears no: the
    /// connection goes to our pool when it lets go, and need not pass through its own, and its lock.
    fn is_open(&mut self) -> bool {
        self.reusable = self.keeps_open && !self.ended;
        false
    }

    fn is_tls(&self) -> bool {
        self.lent.as_ref().is_some_and(|connection| connection.tls.is_some())
    }
}

impl Drop for Adapter {
    fn drop(&mut self) {
        let Some(mut connection) = self.lent.take() else { return };
        connection.buffers.outbox.wipe();
        let reusable = !self.deaf && !self.attempt.is_cancelled();
        if let Some(framing @ (Framing::Length(_) | Framing::Chunked)) = self.framing {
            let (attempt, pool) = (self.attempt.clone(), self.pool.clone());
            let reusable = reusable && self.keeps_open;
            let body = |length| SizedBody::new(connection, attempt, pool, length, self.ended, reusable);
            let reader = match framing {
                Framing::Length(length) => Reader::SizedBody(body(length)),
                _ => Reader::ChunkedBody(ChunkedBody::new(body(0))),
            };
            return RETURNED.with(|slot| slot.put(reader));
        }
        self.attempt.detach();
        if self.reusable && reusable {
            self.pool.put(connection);
        }
    }
}
