//! ureq's errors in our words. Its own may quote URLs, header values and bodies.

use std::io;

use ureq::Error as U;

use crate::error::{Code, Error};
use crate::transport::attempt::Attempt;

/// Keeps an error of ours for the caller of ureq, whose own errors say less.
pub fn keep(attempt: &Attempt, error: Error) -> U {
    attempt.fail(error);
    U::ConnectionFailed
}

/// A body that ended too early.
pub fn cut_body() -> Error {
    Error::new(Code::Io, "The connection ended before the body was complete; what came is not to be trusted.")
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
            Some(U::Protocol(_)) => {
                Error::new(Code::Protocol, "The body of the answer is not framed as HTTP/1.1 wants it.")
            }
            _ => cut_body(),
        }
    })
}

fn translate(error: &U) -> Error {
    let protocol = |text: &str| Error::new(Code::Protocol, text);
    match error {
        U::LargeResponseHeader(..) => Error::new(Code::TooLarge, "The head of the answer is too large."),
        U::Protocol(inner) if format!("{inner:?}").contains("TooManyHeaders") => {
            Error::new(Code::TooLarge, "The answer has more headers than are accepted (128).")
        }
        U::Protocol(_) => protocol("The answer is not valid HTTP/1.1."),
        U::Http(_) | U::BadUri(_) => Error::argument("The request cannot be written as HTTP."),
        U::Io(_) => Error::new(Code::Io, "The connection broke."),
        U::Timeout(_) => Error::new(Code::Timeout, "A time limit was reached."),
        U::BodyExceedsLimit(_) => protocol("The answer's body is larger than its length says."),
        U::BodyStalled => Error::new(Code::Io, "The body of the answer stopped coming."),
        _ => Error::new(Code::Io, "The request failed."),
    }
}
