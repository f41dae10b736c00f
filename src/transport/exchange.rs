//! One request under way, as other threads see it: limits, progress, cancellation.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, Outcome};
use crate::sync::{Lock, Signal};
use crate::sys::socket::Socket;
use crate::transport::lines::Lines;
use crate::transport::outgoing::Outgoing;
use crate::transport::target::Target;

/// Time limits of one call; `None` = for ever, which must have been asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    pub resolve: Option<Duration>,
    pub connect: Option<Duration>,
    pub head: Option<Duration>,
    pub idle: Option<Duration>,
    pub total: Option<Duration>,
}

/// Where an exchange is; names the limit in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    Resolve,
    Connect,
    Proxy,
    Handshake,
    Send,
    Head,
    Body,
}

type LimitOf = fn(&Limits) -> Option<Duration>;

/// In the order of `Phase`: what is done, the limit, and the option that sets it.
const PHASES: [(&str, LimitOf, &str); 7] = [
    ("looking up the address of", |limits| limits.resolve, "timeout.resolve_ms"),
    ("connecting to", |limits| limits.connect, "timeout.connect_ms"),
    ("waiting for the proxy on the way to", |limits| limits.connect, "timeout.connect_ms"),
    ("agreeing on TLS with", |limits| limits.connect, "timeout.connect_ms"),
    ("sending the request to", |limits| limits.idle, "timeout.idle_ms"),
    ("waiting for the answer of", |limits| limits.head, "timeout.head_ms"),
    ("waiting for more of the body from", |limits| limits.idle, "timeout.idle_ms"),
];

/// How the stream of an answer's bytes ended, where it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum End {
    Open,
    /// FIN, or close_notify on TLS.
    Clean,
    /// Reset, or a TLS connection that ended without close_notify.
    Broken,
}

/// What a cancel does besides, once.
struct OnCancel(Box<dyn FnOnce() + Send>);

impl fmt::Debug for OnCancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnCancel")
    }
}

/// One call: shared by the thread that runs it and those that watch or cancel it.
#[derive(Debug)]
pub struct Exchange {
    pub limits: Limits,
    pub begun: Instant,
    pub deadline: Option<Instant>,
    cancelled: AtomicBool,
    /// Wakes the waits that have no socket.
    woken: Signal,
    socket: Lock<Option<Arc<Socket>>>,
    /// A login on behalf of this call; ends with it.
    child: Lock<Option<Arc<Exchange>>>,
    /// For a call that no thread runs yet, so that nobody would see the cancel.
    on_cancel: Lock<Option<OnCancel>>,
    failure: Lock<Option<Error>>,
    phase: AtomicU8,
    end: AtomicU8,
    /// Bytes of the request that went to the socket, head included, in this attempt.
    pub wire_sent: AtomicU64,
    /// Whether any byte of this attempt's answer came.
    pub answered: AtomicBool,
    /// Whether this attempt runs on a connection that served before.
    pub reused: AtomicBool,
    /// Whether any attempt's request may have reached the server.
    pub maybe_sent: AtomicBool,
    /// Whether this attempt has a body that its reader has not been asked for yet.
    pub body_pending: AtomicBool,
    /// Whether the server answered, or hung up, before the whole body was sent.
    pub body_cut: AtomicBool,
    /// Whether this attempt must not use an idle connection: the last one was stale.
    pub fresh_only: AtomicBool,
    /// Whether this attempt was refused on the way for a reason that a repeat would meet again.
    pub refused: AtomicBool,
    /// Whether more of the body was wanted when the connection had ended.
    pub starved: AtomicBool,
    /// Whether the head of this attempt's answer is complete.
    pub head_done: AtomicBool,
    /// A body that the connection sends from where it is, on its way there.
    pub lent: Lock<Option<Outgoing>>,
    /// Longest line of the head that will be written.
    pub longest_line: AtomicU64,
    /// Length of this attempt's body; −1 = none.
    pub body_length: AtomicI64,
    /// How much was read of the body of this attempt's answer, wanted or not.
    pub body_read: AtomicI64,
    // Progress, as callers see it: of all attempts the one that came furthest, and of all answers the one that
    // counts, so that it never goes back.
    pub sent: AtomicI64,
    pub send_total: AtomicI64,
    pub received: AtomicI64,
    pub receive_total: AtomicI64,
    pub percent: AtomicI64,
}

impl Exchange {
    pub fn new(limits: Limits) -> Arc<Exchange> {
        let begun = Instant::now();
        Arc::new(Exchange {
            limits,
            begun,
            deadline: limits.total.and_then(|total| begun.checked_add(total)),
            cancelled: AtomicBool::new(false),
            woken: Signal::default(),
            socket: Lock::new(None),
            child: Lock::new(None),
            on_cancel: Lock::new(None),
            failure: Lock::new(None),
            phase: AtomicU8::new(0),
            end: AtomicU8::new(0),
            wire_sent: AtomicU64::new(0),
            answered: AtomicBool::new(false),
            reused: AtomicBool::new(false),
            maybe_sent: AtomicBool::new(false),
            body_pending: AtomicBool::new(false),
            body_cut: AtomicBool::new(false),
            fresh_only: AtomicBool::new(false),
            refused: AtomicBool::new(false),
            starved: AtomicBool::new(false),
            head_done: AtomicBool::new(false),
            lent: Lock::new(None),
            longest_line: AtomicU64::new(0),
            body_length: AtomicI64::new(-1),
            body_read: AtomicI64::new(0),
            sent: AtomicI64::new(0),
            send_total: AtomicI64::new(-1),
            received: AtomicI64::new(0),
            receive_total: AtomicI64::new(-1),
            percent: AtomicI64::new(-1),
        })
    }

    /// Makes ready for one more attempt, or one more hop.
    pub fn begin_attempt(&self, body_length: Option<u64>) {
        *self.failure.lock() = None;
        self.end.store(End::Open as u8, Ordering::Relaxed);
        self.wire_sent.store(0, Ordering::Relaxed);
        self.answered.store(false, Ordering::Relaxed);
        self.reused.store(false, Ordering::Relaxed);
        self.body_pending.store(body_length.is_some_and(|n| n > 0), Ordering::Relaxed);
        self.body_cut.store(false, Ordering::Relaxed);
        self.head_done.store(false, Ordering::Relaxed);
        self.refused.store(false, Ordering::Relaxed);
        self.starved.store(false, Ordering::Relaxed);
        self.body_read.store(0, Ordering::Relaxed);
        self.body_length.store(body_length.map_or(-1, |n| n as i64), Ordering::Relaxed);
        if let Some(length) = body_length {
            self.send_total.store(length as i64, Ordering::Relaxed);
        }
    }

    /// Lets nothing new begin; what is under way goes on until `cancel`.
    pub fn forbid(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }

    /// Ends the exchange from any thread, whatever it waits for.
    pub fn cancel(&self) {
        self.forbid();
        self.woken.raise();
        if let Some(socket) = &*self.socket.lock() {
            socket.shutdown();
        }
        let child = self.child.lock().clone();
        if let Some(child) = child {
            child.cancel();
        }
        let besides = self.on_cancel.lock().take();
        if let Some(OnCancel(besides)) = besides {
            besides();
        }
    }

    /// Runs `besides` on cancel, at once if it has come already.
    pub fn when_cancelled(&self, besides: impl FnOnce() + Send + 'static) {
        *self.on_cancel.lock() = Some(OnCancel(Box::new(besides)));
        if self.is_cancelled() {
            self.cancel();
        }
    }

    /// Runs an exchange that this one waits for: cancelled with it, and no later than it.
    pub fn with_child<T>(&self, work: impl FnOnce(&Arc<Exchange>) -> T) -> T {
        let left = self.deadline.map(|end| end.saturating_duration_since(Instant::now()));
        self.with_child_of(Limits { total: left, ..self.limits }, work)
    }

    /// The same with limits of its own.
    pub fn with_child_of<T>(&self, limits: Limits, work: impl FnOnce(&Arc<Exchange>) -> T) -> T {
        let child = Exchange::new(limits);
        *self.child.lock() = Some(child.clone());
        if self.is_cancelled() {
            child.cancel();
        }
        let result = work(&child);
        *self.child.lock() = None;
        result
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Makes a socket cancellable; fails if the cancel has come already.
    pub fn attach(&self, socket: &Arc<Socket>) -> Result<(), Error> {
        *self.socket.lock() = Some(socket.clone());
        if self.is_cancelled() {
            self.detach();
            return Err(Error::cancelled());
        }
        Ok(())
    }

    /// Lets go of the socket: it goes back to the pool, or is closed.
    pub fn detach(&self) {
        *self.socket.lock() = None;
    }

    pub fn set_phase(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
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

    /// Keeps the first failure for the caller of ureq, whose own errors say less.
    pub fn fail(&self, error: Error) -> ureq::Error {
        self.failure.lock().get_or_insert(error);
        ureq::Error::ConnectionFailed
    }

    pub fn take_failure(&self) -> Option<Error> {
        self.failure.lock().take()
    }

    /// Waits without a socket; fails on cancel or when the whole call's time is over.
    pub fn sleep(&self, wait: Duration) -> Result<(), Error> {
        let left = self.deadline.map(|end| end.saturating_duration_since(Instant::now()));
        if self.woken.wait(left.map_or(wait, |left| left.min(wait))) || self.is_cancelled() {
            return Err(Error::cancelled());
        }
        match left {
            Some(left) if left <= wait => Err(Error::total_timeout(self.limits.total)),
            _ => Ok(()),
        }
    }

    /// When a phase that starts now must end.
    pub fn until(&self, limit: Option<Duration>) -> Until {
        let own = limit.and_then(|limit| Instant::now().checked_add(limit));
        match (own, self.deadline) {
            (Some(own), Some(total)) if own <= total => Until { at: Some(own), whole_call: false },
            (Some(own), None) => Until { at: Some(own), whole_call: false },
            (_, total) => Until { at: total, whole_call: true },
        }
    }

    /// The error of a limit that was reached.
    pub fn timeout(&self, until: &Until, place: &str) -> Error {
        if until.whole_call {
            return Error::total_timeout(self.limits.total);
        }
        let (doing, limit, option) = PHASES[self.phase.load(Ordering::Relaxed) as usize];
        let limit = limit(&self.limits).unwrap_or_default().as_millis();
        Error::new(Outcome::Timeout, format!("Gave up {doing} {place} after {limit} ms (option {option})."))
    }
}

/// The end of a phase.
#[derive(Clone, Copy, Debug)]
pub struct Until {
    pub at: Option<Instant>,
    /// Whether it is the whole call's time that ends then.
    pub whole_call: bool,
}

impl Until {
    /// What is left; `None` = for ever.
    pub fn left(&self) -> Option<Duration> {
        self.at.map(|at| at.saturating_duration_since(Instant::now()))
    }
}

impl Error {
    pub fn cancelled() -> Error {
        Error::new(Outcome::Cancelled, "The call was cancelled.")
    }

    pub fn total_timeout(total: Option<Duration>) -> Error {
        let limit = total.unwrap_or_default().as_millis();
        Error::new(
            Outcome::Timeout,
            format!("The call was not finished after {limit} ms in all (option timeout.total_ms)."),
        )
    }
}

/// What the connector needs to know of the request that ureq runs on this thread; ureq itself hands
/// on no more than a URI.
#[derive(Clone)]
pub struct Scope {
    pub exchange: Arc<Exchange>,
    pub target: Arc<Target>,
    /// Lines that the connection adds to the head that ureq writes.
    pub lines: Option<Lines>,
}

thread_local! {
    static SCOPE: RefCell<Option<Scope>> = const { RefCell::new(None) };
}

impl Scope {
    /// Runs `work` with this scope in force on the thread.
    pub fn run<T>(self, work: impl FnOnce() -> T) -> T {
        struct Leave(Option<Scope>);
        impl Drop for Leave {
            fn drop(&mut self) {
                SCOPE.set(self.0.take());
            }
        }
        let _leave = Leave(SCOPE.replace(Some(self)));
        work()
    }

    /// The scope in force.
    pub fn current() -> Option<Scope> {
        SCOPE.with_borrow(Option::clone)
    }
}
