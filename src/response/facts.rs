//! The table of facts: what crux_info and crux_number know of a response or a client, by name.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;

use crate::client::Client;
use crate::error::Code;
use crate::json::Type;
use crate::response::Response;
use crate::send::request::Finished;
use crate::session::Source;

/// Whether a fact is a text or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Number => "number",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value<'a> {
    Text(Cow<'a, str>),
    Number(i64),
}

/// How a response is asked.
enum OfResponse {
    Never,
    /// Once it has finished; also of the last login of a client.
    Finished(for<'a> fn(&'a Response, &'a Finished) -> Option<Value<'a>>),
    /// At any time.
    Live(for<'a> fn(&'a Response) -> Option<Value<'a>>),
}

/// One fact.
pub struct FactRow {
    pub name: &'static str,
    pub kind: Kind,
    pub help: &'static str,
    of_response: OfResponse,
    of_client: Option<for<'a> fn(&'a Client) -> Option<Value<'a>>>,
}

impl FactRow {
    /// What it is a fact of: `response`, `client` or `response and client`.
    pub fn of(&self) -> &'static str {
        match (&self.of_response, &self.of_client) {
            (OfResponse::Never, _) => "client",
            (_, None) => "response",
            (_, Some(_)) => "response and client",
        }
    }
}

/// What is asked: a response, or a client with the response of its last login.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    Response(&'a Response),
    Client(&'a Client, Option<&'a Response>),
}

fn text<'a>(text: impl Into<Cow<'a, str>>) -> Option<Value<'a>> {
    Some(Value::Text(text.into()))
}

fn number(number: impl Into<i64>) -> Option<Value<'static>> {
    Some(Value::Number(number.into()))
}

fn live(counter: &AtomicI64) -> Option<Value<'static>> {
    number(counter.load(Relaxed))
}

fn expires_in_s(client: &Client) -> Option<Value<'_>> {
    client.session.expires_in().and_then(|left| number(left.as_secs() as i64))
}

macro_rules! facts {
    ($($name:literal, $kind:ident, $of_response:expr, $of_client:expr, $help:literal;)*) => {
        &[$(FactRow {
            name: $name, kind: Kind::$kind, help: $help, of_response: $of_response, of_client: $of_client,
        },)*]
    };
}

use OfResponse::{Finished as Done, Live, Never};

/// Every fact: texts first, then numbers.
pub const FACTS: &[FactRow] = facts! {
    "service", Text, Done(|r, _| text(r.client.as_ref()?.profile.service.name)),
        Some(|c| text(c.profile.service.name)), "The service, as the option service names it.";
    "base_url", Text, Done(|r, _| text(r.client.as_ref()?.base.as_str())),
        Some(|c| text(c.base.as_str())), "The base of all paths.";
    "url", Text, Done(|r, f| url(r, f).map(Value::Text)), None, "Where the response came from, after redirects.";
    "server_message", Text, Done(|_, f| text(f.server_message.as_deref()?)), None,
        "What the server says about an error, without secrets.";
    "location", Text, Done(|_, f| text(f.location.as_deref().or(f.made.as_deref())?)), None,
        "The Location of the response as a whole URL; of a 201 without one, where the id that it names should be; of a job, its result.";
    "warning", Text, Done(|_, f| text(f.warning.as_deref()?)), None, "The Warning of the response.";
    "job_url", Text, Done(|_, f| text(f.job_url.as_deref()?)), None, "The URL of the job that was waited for.";
    "json_error", Text, Done(|r, _| r.json().error().and_then(|e| text(e.message))), None,
        "Why the body is not JSON; unknown if it is.";
    "token_source", Text, Done(|_, f| f.token_source.as_ref().and_then(|s| text(s.words()))),
        Some(|c| c.session.token().and_then(|token| text(Source::words(&token.source)))),
        "Where the token came from.";
    "result", Text, Done(|r, f| result(r, f).map(Value::Text)), None, "The address or the id of what was made.";
    "attempts", Number, Done(|_, f| number(f.attempts)), None, "How many requests it took, retries and redirects included.";
    "elapsed_ms", Number, Done(|_, f| number(f.elapsed.as_millis() as i64)), None, "How long it took, in ms.";
    "retry_after_ms", Number, Done(|_, f| f.retry_after.and_then(|wait| number(wait.as_millis() as i64))), None,
        "How long the server asks to wait, in ms.";
    "retryable", Number, Done(|_, f| number(f.retryable)), None, "1 if the same request may succeed later, else 0.";
    "maybe_sent", Number, Done(|_, f| number(f.maybe_sent)), None, "1 if the request may have reached the server, else 0.";
    "verified", Number, Done(verified), None, "1 if the end of the body was marked, by its length or by chunks; 0 if it ended with its connection.";
    "token_expires_in_s", Number, Live(|r| expires_in_s(r.client.as_ref()?)), Some(expires_in_s),
        "How long the token lives, in seconds.";
    "phase", Number, Live(|r| number(r.exchange.stage())), None,
        "What the request does now or did last, one of CRUX_PHASE_...; 0 before it begins.";
    "percent", Number, Live(|r| number(r.percent())), None,
        "How far the job is, or the transfer if its length is known.";
    "sent", Number, Live(|r| live(&r.exchange.sent)), None, "Bytes of the body that were sent.";
    "send_total", Number, Live(|r| live(&r.exchange.send_total)), None, "Length of the body to send.";
    "received", Number, Live(|r| live(&r.exchange.received)), None, "Bytes of the body that were received.";
    "receive_total", Number, Live(|r| live(&r.exchange.receive_total)), None, "Length of the body to receive.";
    "requests", Number, Never, Some(|c| live(&c.transport.counters.requests)),
        "Requests of the client so far; retries, redirects and logins are among them.";
    "retries", Number, Never, Some(|c| live(&c.transport.counters.retries)), "Retries of the client so far.";
    "logins", Number, Never, Some(|c| live(&c.transport.counters.logins)), "Logins of the client so far, failed ones included.";
    "bytes_sent", Number, Never, Some(|c| live(&c.transport.counters.bytes_sent)),
        "Bytes that finished requests sent, heads included.";
    "bytes_received", Number, Never, Some(|c| live(&c.transport.counters.bytes_received)),
        "Bytes of bodies that finished requests received, as they came.";
    "open_connections", Number, Never, Some(|c| live(&c.transport.counters.open_connections)),
        "Connections that are open now, idle ones included.";
    "under_way", Number, Never, Some(|c| number(c.running.count() as i64)), "Requests, logins and streams that are under way now.";
};

fn url<'a>(response: &'a Response, finished: &'a Finished) -> Option<Cow<'a, str>> {
    let asked = || Some(response.request().filter(|_| finished.attempts > 0)?.url.as_str());
    finished.moved_to.as_deref().or_else(asked).map(Cow::Borrowed)
}

/// What was made: its address, or the id that stands for it.
fn result<'a>(response: &'a Response, finished: &'a Finished) -> Option<Cow<'a, str>> {
    finished.location.as_deref().map(Cow::Borrowed).or_else(|| {
        let ids = &response.client.as_ref()?.profile.ids;
        let json = response.json();
        let is_id = |pointer: &&String| matches!(json.kind(pointer), Type::String | Type::Number);
        let id = ids
            .iter()
            .filter(is_id)
            .find_map(|pointer| json.get(pointer))
            .map(|id| Cow::Owned(id.into_owned()));
        id.or_else(|| finished.made.as_deref().map(Cow::Borrowed))
    })
}

fn verified<'a>(response: &'a Response, finished: &'a Finished) -> Option<Value<'a>> {
    if finished.status == 0 {
        return None;
    }
    let came = response.error().is_none_or(|e| matches!(e.code, Code::Http | Code::Auth));
    number(finished.verified && came)
}

impl<'a> Subject<'a> {
    fn value(self, row: &FactRow) -> Option<Value<'a>> {
        let found = match self {
            Subject::Response(response) => of_response(row, response, true),
            Subject::Client(client, login) => match row.of_client {
                Some(read) => read(client),
                None => of_response(row, login?, false),
            },
        };
        // Numbers that are unknown are -1 where they are kept.
        found.filter(|value| *value != Value::Number(-1))
    }

    fn named(self, name: &str) -> Option<Value<'a>> {
        FACTS.iter().find(|row| row.name == name).and_then(|row| self.value(row))
    }

    /// A fact that is a text; `None` if it is not known.
    pub fn text(self, name: &str) -> Option<Cow<'a, str>> {
        match self.named(name)? {
            Value::Text(text) => Some(text),
            Value::Number(_) => None,
        }
    }

    /// A fact that is a number; −1 if it is not known.
    pub fn number(self, name: &str) -> i64 {
        match self.named(name) {
            Some(Value::Number(number)) => number,
            _ => -1,
        }
    }

    /// All that is known, as one JSON object.
    pub fn all(self) -> String {
        let mut all = String::with_capacity(512);
        for (row, value) in FACTS.iter().filter_map(|row| Some((row, self.value(row)?))) {
            let before = if all.is_empty() { '{' } else { ',' };
            // Writing to memory does not fail.
            let _ = write!(all, "{before}\"{}\":", row.name);
            let _ = match value {
                Value::Text(text) => all.write_str(&serde_json::to_string(&text).unwrap_or_default()),
                Value::Number(number) => write!(all, "{number}"),
            };
        }
        if all.is_empty() {
            all.push('{');
        }
        all + "}"
    }
}

/// A fact of a response; `live` lets those be asked that change while it runs.
fn of_response<'a>(row: &FactRow, response: &'a Response, live: bool) -> Option<Value<'a>> {
    match &row.of_response {
        OfResponse::Finished(read) => read(response, response.finished()?),
        OfResponse::Live(read) if live => read(response),
        OfResponse::Live(_) | OfResponse::Never => None,
    }
}

impl Response {
    /// A fact that never changes once it is known.
    pub fn info(&self, name: &str) -> Option<String> {
        Subject::Response(self).text(name).map(Cow::into_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn names_stand_once_and_kinds_are_kept() {
        let mut names: Vec<_> = FACTS.iter().map(|row| row.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FACTS.len());
        let response = Response::failed(None, Error::cancelled());
        for row in FACTS {
            assert!(row.help.ends_with('.'), "{}", row.name);
            match Subject::Response(&response).value(row) {
                Some(Value::Text(_)) => assert_eq!(row.kind, Kind::Text, "{}", row.name),
                Some(Value::Number(_)) => assert_eq!(row.kind, Kind::Number, "{}", row.name),
                None => {}
            }
        }
    }

    #[test]
    fn what_is_unknown_is_left_out() {
        let response = Response::failed(None, Error::cancelled());
        let all: serde_json::Value = serde_json::from_str(&Subject::Response(&response).all()).unwrap();
        assert_eq!(all["attempts"], 0);
        assert!(all.get("requests").is_none() && all.get("send_total").is_none() && all.get("url").is_none());
    }
}
