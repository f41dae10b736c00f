//! ureq's errors in our words. Its own may quote URLs, header values and bodies.

use std::io;
use std::sync::atomic::Ordering::Relaxed;

use ureq::Error as U;

use crate::error::{Code, Error};
use crate::transport::attempt::Attempt;
use crate::transport::foreign;
use crate::transport::net::connection::Connection;
use crate::transport::net::route::Route;

/// The other side closed its connection before the head was complete; `doing` says when.
pub fn hung_up(connection: &Connection, doing: &str) -> Error {
    let Connection { route, tls, .. } = connection;
    let advice = match tls.as_ref().is_some_and(|tls| tls.lacks_certificate()) {
        true => {
            "; it had asked for a client certificate, and there is none for its origin (options \"tls.client_cert_file\", \"tls.client_key_file\" and \"origins\")"
        }
        // What many servers of TLS do with a request in the clear.
        false if tls.is_none() && route.proxy.is_none() && doing.starts_with("before") => {
            "; if its port expects TLS, write https:// in the URL"
        }
        false => "",
    };
    let who = if route.is_forwarded() { route.responder() } else { route.origin.to_string() };
    Error::new(Code::Io, format!("{who} closed the connection {doing}{advice}."))
}

/// Keeps an error of ours for the caller of ureq, whose own errors say less.
pub fn keep(attempt: &Attempt, error: Error) -> U {
    attempt.fail(error);
    U::ConnectionFailed
}

/// A body that ended too early: how much of it came, on the wire, and how much was announced.
pub fn cut_body(attempt: &Attempt) -> Error {
    let came = attempt.body_read.load(Relaxed);
    let how_much = match attempt.body_length.load(Relaxed) {
        length @ 0.. => format!("{came} of {length} bytes came"),
        _ => format!("{came} bytes came, of a length that was not announced"),
    };
    Error::new(Code::Io, format!("The connection ended before the body was complete: {how_much}."))
}

/// A body that is framed wrong.
pub fn misframed() -> Error {
    Error::new(Code::Protocol, "The body of the response is not framed as HTTP/1.1 wants it.")
}

/// The error of a request that brought no head.
pub fn of_request(error: U, attempt: &Attempt) -> Error {
    attempt.take_failure().unwrap_or_else(|| translate(&error))
}

/// The error of a body that could not be read to its end.
pub fn of_body(error: io::Error, attempt: &Attempt) -> Error {
    if attempt.is_cancelled() {
        return Error::cancelled();
    }
    attempt.take_failure().unwrap_or_else(|| {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<U>()) {
            Some(U::Protocol(_)) => misframed(),
            _ => cut_body(attempt),
        }
    })
}

/// A head that is no HTTP/1.1: whose it is, and what it looks like.
pub fn foreign(first: &[u8], route: &Route) -> Error {
    let who = route.responder();
    let what = match foreign::guess(first) {
        Some("TLS") if route.is_forwarded() => {
            format!("{who} responded in TLS; write https:// before its host (option \"proxy\").")
        }
        Some("TLS") => format!("{} responded in TLS; the URL must start with https://.", route.origin),
        Some("plain HTTP/1") | None => {
            format!("{who} sent a response that is not valid HTTP/1.1; check what serves that port.")
        }
        Some(what) => format!(
            "{who} sent a response that is not valid HTTP/1.1; it looks like {what}. Check the host and the port."
        ),
    };
    Error::new(Code::Protocol, what)
}

fn translate(error: &U) -> Error {
    let protocol = |text: &str| Error::new(Code::Protocol, text);
    match error {
        U::Http(_) | U::BadUri(_) => Error::argument("The request cannot be written as HTTP."),
        U::Io(_) => Error::new(Code::Io, "The connection broke."),
        U::Timeout(_) => Error::new(Code::Timeout, "A time limit was reached."),
        U::BodyExceedsLimit(_) => protocol("The response's body is larger than its length says."),
        U::BodyStalled => Error::new(Code::Io, "The body of the response stopped coming."),
        _ => Error::new(Code::Io, "The request failed."),
    }
}
