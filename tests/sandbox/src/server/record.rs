//! What arrived, and what is to be answered instead of the real thing.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};

use crate::server::call::Call;

/// How many requests are kept; the oldest go first, so that a soak does not eat the machine.
pub const KEPT: usize = 50_000;
/// How much of one body is kept.
pub const BODY_KEPT: usize = 1 << 20;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub method: String,
    /// Without the query, as it was sent: nothing is decoded.
    pub path: String,
    pub query: String,
    /// As in the request line.
    pub target: String,
    /// Names in lower case, in order of arrival.
    pub headers: Vec<(String, String)>,
    /// At most the first `BODY_KEPT` bytes.
    pub body: Vec<u8>,
    pub body_length: u64,
    pub scheme: &'static str,
    /// The ordinal of its TCP connection, from 1.
    pub connection: usize,
    /// What was answered; 0 while nothing is.
    pub status: u16,
}

impl Recorded {
    pub fn new(call: &Call) -> Recorded {
        Recorded {
            method: call.method.clone(),
            path: call.path.clone(),
            query: call.query.clone(),
            target: call.target.clone(),
            headers: call.headers.clone(),
            body: Vec::new(),
            body_length: 0,
            scheme: call.scheme,
            connection: call.connection,
            status: 0,
        }
    }

    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The body as JSON; `null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn to_json(&self) -> Value {
        json!({
            "method": self.method, "path": self.path, "query": self.query, "target": self.target,
            "headers": self.headers, "body": String::from_utf8_lossy(&self.body),
            "body_length": self.body_length, "scheme": self.scheme,
            "connection": self.connection, "status": self.status,
        })
    }
}

/// A response to give instead of the real one. Status 0: the real one, late or with more headers.
#[derive(Clone, Debug, Default)]
pub struct Canned {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub delay: Duration,
    /// `None`: for ever. After so many uses the response is gone.
    pub times: Option<usize>,
    /// The words after the status; the usual ones unless given.
    pub reason: Option<String>,
}

impl Canned {
    pub fn status(status: u16) -> Canned {
        Canned { status, ..Canned::default() }
    }

    /// The real response; for a delay or additional headers.
    pub fn real() -> Canned {
        Canned::default()
    }

    /// A JSON body with its media type.
    pub fn json(status: u16, body: &Value) -> Canned {
        Canned::status(status).header("content-type", "application/json").body(body.to_string())
    }

    pub fn header(mut self, name: &str, value: &str) -> Canned {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Canned {
        self.body = body.into();
        self
    }

    pub fn delay(mut self, delay: Duration) -> Canned {
        self.delay = delay;
        self
    }

    pub fn times(mut self, times: usize) -> Canned {
        self.times = Some(times);
        self
    }

    pub fn reason(mut self, reason: &str) -> Canned {
        self.reason = Some(reason.into());
        self
    }
}

struct Override {
    method: String,
    path: String,
    response: Canned,
}

impl Override {
    fn is_prefix(&self) -> bool {
        self.path.ends_with('*')
    }

    fn fits(&self, method: &str, path: &str) -> bool {
        let path_fits = match self.path.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path == self.path,
        };
        path_fits && (self.method == "*" || self.method.eq_ignore_ascii_case(method))
    }
}

/// The recorded requests and the overrides.
#[derive(Default)]
pub struct Journal {
    requests: VecDeque<(u64, Recorded)>,
    next: u64,
    overrides: Vec<Override>,
}

impl Journal {
    /// Notes a request whose head has arrived; the number is for [`Journal::entry`].
    pub fn arrive(&mut self, call: &Call) -> u64 {
        if self.requests.len() >= KEPT {
            self.requests.pop_front();
        }
        self.next += 1;
        self.requests.push_back((self.next, Recorded::new(call)));
        self.next
    }

    /// The entry of that number, unless it was cleared meanwhile.
    pub fn entry(&mut self, number: u64) -> Option<&mut Recorded> {
        let at = self.requests.binary_search_by_key(&number, |(n, _)| *n).ok()?;
        Some(&mut self.requests[at].1)
    }

    pub fn requests(&self) -> Vec<Recorded> {
        self.requests.iter().map(|(_, r)| r.clone()).collect()
    }

    pub fn clear(&mut self) {
        self.requests.clear();
    }

    pub fn respond(&mut self, method: &str, path: &str, response: Canned) {
        self.overrides.retain(|o| o.method != method || o.path != path || o.response.times.is_some());
        if response.times != Some(0) {
            self.overrides.push(Override { method: method.into(), path: path.into(), response });
        }
    }

    pub fn forget_canned(&mut self) {
        self.overrides.clear();
    }

    /// The response set for this request, one use of it spent. An exact path goes before a prefix.
    pub fn take_canned(&mut self, method: &str, path: &str) -> Option<Canned> {
        let fits = |exact: bool| move |o: &Override| o.is_prefix() != exact && o.fits(method, path);
        let at = self.overrides.iter().position(fits(true));
        let at = at.or_else(|| self.overrides.iter().position(fits(false)))?;
        let response = self.overrides[at].response.clone();
        match response.times {
            Some(0 | 1) => drop(self.overrides.remove(at)),
            Some(left) => self.overrides[at].response.times = Some(left - 1),
            None => {}
        }
        Some(response)
    }
}
