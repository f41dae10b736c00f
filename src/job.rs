//! One job of the send loop: what is to be sent, and what came of it.

use std::fmt;
use std::time::Duration;

use ureq::http::{HeaderMap, HeaderValue, Method};

use crate::error::Error;
use crate::link::Link;
use crate::service::SECRET_PATHS;
use crate::session::Source;
use crate::settings::Settings;
use crate::transport::incoming::Incoming;
use crate::transport::outgoing::Outgoing;
use crate::url;

/// What is to be sent.
#[derive(Clone)]
pub struct Job {
    pub method: Method,
    pub url: Link,
    pub headers: HeaderMap,
    /// The body and its Content-Type.
    pub body: Option<(Outgoing, Option<HeaderValue>)>,
    /// Goes without a token, and so without a login.
    pub anonymous: bool,
    /// Settings other than the client's.
    pub settings: Option<Box<Settings>>,
    /// Asks for the bytes as they are stored.
    pub identity: bool,
}

impl Job {
    pub fn new(method: Method, url: impl Into<Link>) -> Job {
        Job {
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            body: None,
            anonymous: false,
            settings: None,
            identity: false,
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Job({} {})", self.method, url::shown(&self.url, SECRET_PATHS))
    }
}

/// What becomes of the body of a successful answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Held in memory.
    Buffer,
    /// Left to the caller.
    Stream,
}

/// What came of a job, whatever it was.
#[derive(Default)]
pub struct Finished {
    /// `None` = success.
    pub error: Option<Error>,
    /// A sentence that goes with a success.
    pub note: Option<String>,
    pub status: u16,
    pub headers: HeaderMap,
    /// With room for a NUL behind it.
    pub body: Vec<u8>,
    pub stream: Option<Box<Incoming>>,
    pub url: String,
    pub location: Option<String>,
    pub warning: Option<String>,
    pub server_message: Option<String>,
    pub job_url: Option<String>,
    pub attempts: u32,
    pub elapsed: Duration,
    pub retry_after: Option<Duration>,
    pub retryable: bool,
    pub maybe_sent: bool,
    pub verified: bool,
    pub token_source: Option<Source>,
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.error.as_ref().map(|error| error.code);
        write!(f, "Finished({} {code:?}, {} bytes)", self.status, self.body.len())
    }
}
