//! One request of the send loop: what is to be sent, and what came of it.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method};

use crate::address::link::Link;
use crate::address::shown;
use crate::error::Error;
use crate::options::settings::Settings;
use crate::session::{Failure, LastLogin, Source};
use crate::transport::head::Head;
use crate::transport::http::request_body::RequestBody;
use crate::transport::http::response_body::ResponseBody;

/// What is to be sent.
#[derive(Clone)]
pub struct Request {
    pub method: Method,
    pub url: Link,
    pub headers: HeaderMap,
    /// The body and its Content-Type.
    pub body: Option<(RequestBody, Option<HeaderValue>)>,
    /// Never sent again once it may have arrived, whatever its method.
    pub once: bool,
    /// Goes without a token, and so without a login.
    pub anonymous: bool,
    /// Settings other than the client's.
    pub settings: Option<Box<Settings>>,
    /// Takes a 303 for the response: what it leads to is another thing than what was asked for.
    pub keeps_see_other: bool,
    /// Asks for the bytes as they are stored.
    pub identity: bool,
    /// Whether the response may hold a secret, so that memory through which it passes is wiped.
    pub confidential: bool,
    /// Whether the body is the caller's own memory, for as long as the caller waits.
    pub borrows: bool,
    /// The page that this one follows, for lists that do not advance.
    pub equal_pages: Option<EqualPages>,
    /// A page that the links to this one must not lead back to.
    pub mark: Option<Box<Mark>>,
}

/// How often a page came in a row, and may at most.
#[derive(Clone, Copy)]
pub struct EqualPages {
    pub hash: u64,
    pub count: u32,
    /// `None` = any number.
    pub most: Option<u32>,
}

/// A page that was seen, for lists whose links go in a circle: kept for so many steps, then the page at hand is taken
/// instead, for twice as many (Brent's algorithm).
#[derive(Clone)]
pub struct Mark {
    url: String,
    steps: u32,
    most: u32,
}

impl Mark {
    /// The first page of a list; a circle of usual length through it ends before a page comes twice.
    pub fn new(url: &str) -> Mark {
        Mark { url: url.to_owned(), steps: 0, most: 64 }
    }

    /// One link on; `None` if it leads to the mark.
    pub fn step(mut self, url: &str) -> Option<Mark> {
        if self.url == url {
            return None;
        }
        self.steps += 1;
        if self.steps == self.most {
            self = Mark { url: url.to_owned(), steps: 0, most: self.most.saturating_mul(2) };
        }
        Some(self)
    }
}

impl Request {
    pub fn new(method: Method, url: impl Into<Link>) -> Request {
        Request {
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            body: None,
            once: false,
            anonymous: false,
            settings: None,
            keeps_see_other: false,
            identity: false,
            confidential: false,
            borrows: false,
            equal_pages: None,
            mark: None,
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {})", self.method, shown::origin_of(&self.url))
    }
}

/// What becomes of the body of a successful response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Held in memory.
    Buffer,
    /// Left to the caller.
    Stream,
}

/// What came of a request, whatever it was.
#[derive(Default)]
pub struct Finished {
    /// `None` = success.
    pub error: Option<Error>,
    /// A sentence that goes with a success.
    pub note: Option<String>,
    pub status: u16,
    pub head: Head,
    /// With room for a NUL behind it.
    pub body: Vec<u8>,
    pub stream: Option<Box<ResponseBody>>,
    /// Where a redirect has led to; `None` = it came from the URL of the request.
    pub moved_to: Option<String>,
    pub location: Option<String>,
    /// Where what was made should be, by its id: of a 201 without Location.
    pub made: Option<String>,
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

impl Finished {
    /// A failure of which nothing else is known.
    pub fn failed(error: Error) -> Finished {
        Finished { error: Some(error), ..Finished::default() }
    }

    /// Returns true if it is a web page, such as that of a login.
    pub fn is_page(&self) -> bool {
        let begins = |bytes: &[u8], with: &[u8]| {
            bytes.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
        };
        let kind = self.head.text("content-type").unwrap_or_default();
        let body = self.body.trim_ascii_start();
        begins(kind.trim_start().as_bytes(), b"text/html") || begins(body, b"<html") || begins(body, b"<!doc")
    }

    /// The facts about a login.
    pub fn of_login(login: &LastLogin) -> Finished {
        Finished {
            error: login.error.clone(),
            status: login.status,
            head: login.head.clone(),
            body: login.body.clone(),
            moved_to: Some(login.url.clone()),
            server_message: login.server_message.clone(),
            location: login.location.clone(),
            token_source: login.token_source.clone(),
            warning: login.warning.clone(),
            attempts: login.attempts,
            elapsed: login.elapsed,
            retry_after: login.retry_after,
            retryable: login.retryable,
            maybe_sent: login.maybe_sent,
            verified: login.verified,
            ..Finished::default()
        }
    }

    /// Why there is no token, with the response that said so.
    pub fn of_failure(failure: &Failure) -> Finished {
        let known = failure.facts.as_ref().map(|facts| Finished::of_login(facts)).unwrap_or_default();
        Finished { error: Some(failure.error.clone()), ..known }
    }
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.error.as_ref().map(|error| error.code);
        write!(f, "Finished({} {code:?}, {} bytes)", self.status, self.body.len())
    }
}
