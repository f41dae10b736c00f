//! Time limits of a call: which there are, and what a phase may take.

use std::time::{Duration, Instant};

use crate::error::{Code, Error};
use crate::transport::ticker::Stage;

/// Time limits of one call; `None` = for ever, which must have been asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    pub resolve: Option<Duration>,
    pub connect: Option<Duration>,
    pub head: Option<Duration>,
    pub idle: Option<Duration>,
    pub total: Option<Duration>,
    /// The total as it was set, where only the rest of it is left.
    pub whole: Option<Duration>,
}

impl Limits {
    /// What bounds the steps of a request, one by one.
    pub fn phases(&self) -> [Option<Duration>; 4] {
        [self.resolve, self.connect, self.head, self.idle]
    }
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
    ("waiting for the response of", |limits| limits.head, "timeout.head_ms"),
    ("waiting for more of the body from", |limits| limits.idle, "timeout.idle_ms"),
];

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

impl Limits {
    /// The error of a call that has used up its time.
    pub fn total_timeout(&self) -> Error {
        Error::total_timeout(self.whole.or(self.total))
    }

    /// The error of a limit that was reached in a phase.
    pub fn timeout(&self, phase: u8, until: &Until, place: &str) -> Error {
        if until.whole_call {
            return self.total_timeout();
        }
        let (doing, limit, option) = PHASES[usize::from(phase).min(PHASES.len() - 1)];
        let limit = limit(self).unwrap_or_default().as_millis();
        Error::new(Code::Timeout, format!("Gave up {doing} {place} after {limit} ms (option \"{option}\")."))
    }
}

impl Phase {
    /// What a host sees of it.
    pub fn stage(self) -> Stage {
        match self {
            Phase::Resolve | Phase::Connect | Phase::Proxy | Phase::Handshake => Stage::Connect,
            Phase::Send => Stage::Send,
            Phase::Head => Stage::Wait,
            Phase::Body => Stage::Receive,
        }
    }
}

impl Error {
    pub fn total_timeout(total: Option<Duration>) -> Error {
        let limit = total.unwrap_or_default().as_millis();
        Error::new(
            Code::Timeout,
            format!("The call was not finished after {limit} ms in all (option \"timeout.total_ms\")."),
        )
    }
}
