//! One attempt of a request: what its connection has found out. Made anew for each, never reset.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering};

use crate::error::Error;
use crate::sync::Lock;
use crate::transport::counters::Counters;
use crate::transport::exchange::Exchange;
use crate::transport::head::Head;
use crate::transport::http::framing::Framing;

/// How the stream of a response's bytes ended, where it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum End {
    Open,
    /// FIN, or close_notify on TLS.
    Clean,
    /// Reset, or a TLS connection that ended without close_notify.
    Broken,
}

/// How much body a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodySize {
    None,
    Known(u64),
    /// It is sent in chunks.
    Unknown,
}

impl BodySize {
    pub fn is_empty(self) -> bool {
        matches!(self, BodySize::None | BodySize::Known(0))
    }
}

/// One attempt, or one hop, of a call.
#[derive(Debug)]
pub struct Attempt {
    pub exchange: Arc<Exchange>,
    /// Whether it must not use an idle connection: the last one was stale.
    pub fresh_only: bool,
    pub body: BodySize,
    failure: Lock<Option<Error>>,
    /// The head of the response and what it says of the body, from when it is complete until it is taken.
    pub head: Lock<Option<(Head, Framing)>>,
    end: AtomicU8,
    /// Bytes of the request that went to the socket, head included.
    pub wire_sent: AtomicU64,
    /// Whether any byte of the response came.
    pub answered: AtomicBool,
    /// Whether it runs on a connection that served before.
    pub reused: AtomicBool,
    /// Whether it has a body that its reader has not been asked for yet.
    pub body_pending: AtomicBool,
    /// Whether the server responded, or hung up, before the whole body was sent.
    pub body_cut: AtomicBool,
    /// Whether it was refused on the way for a reason that a retry would meet again.
    pub refused: AtomicBool,
    /// Whether the head of the response is complete.
    pub head_done: AtomicBool,
    /// How much was read of the response's body, wanted or not.
    pub body_read: AtomicI64,
    /// The announced length of that body; -1 = none.
    pub body_length: AtomicI64,
    /// Where its bytes are counted in the end.
    counters: Option<Arc<Counters>>,
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Some(counters) = &self.counters {
            Counters::add(&counters.bytes_sent, *self.wire_sent.get_mut() as i64);
            Counters::add(&counters.bytes_received, *self.body_read.get_mut());
        }
    }
}

impl Attempt {
    pub fn new(exchange: Arc<Exchange>, body: BodySize, fresh_only: bool) -> Arc<Attempt> {
        Attempt::counted(exchange, body, fresh_only, None)
    }

    /// An attempt of a client that counts.
    pub fn counted(
        exchange: Arc<Exchange>,
        body: BodySize,
        fresh_only: bool,
        counters: Option<Arc<Counters>>,
    ) -> Arc<Attempt> {
        if let BodySize::Known(length) = body {
            exchange.send_total.store(length as i64, Ordering::Relaxed);
        }
        Arc::new(Attempt {
            exchange,
            fresh_only,
            body,
            failure: Lock::new(None),
            head: Lock::default(),
            end: AtomicU8::new(End::Open as u8),
            wire_sent: AtomicU64::new(0),
            answered: AtomicBool::new(false),
            reused: AtomicBool::new(false),
            body_pending: AtomicBool::new(!body.is_empty()),
            body_cut: AtomicBool::new(false),
            refused: AtomicBool::new(false),
            head_done: AtomicBool::new(false),
            body_read: AtomicI64::new(0),
            body_length: AtomicI64::new(-1),
            counters,
        })
    }

    pub fn set_end(&self, end: End) {
        self.end.store(end as u8, Ordering::Relaxed);
    }

    pub fn end(&self) -> End {
        match self.end.load(Ordering::Relaxed) {
            0 => End::Open,
            1 => End::Clean,
            _ => End::Broken,
        }
    }

    /// Keeps the first failure, which says more than what an HTTP parser makes of it.
    pub fn fail(&self, error: Error) {
        self.failure.lock().get_or_insert(error);
    }

    pub fn take_failure(&self) -> Option<Error> {
        self.failure.lock().take()
    }
}

impl Deref for Attempt {
    type Target = Exchange;

    fn deref(&self) -> &Exchange {
        &self.exchange
    }
}
