//! Outcomes: one table of codes, and the error that carries a code and a sentence.

use std::fmt;
use std::io::{self, ErrorKind};

/// One row of the outcome table.
pub struct CodeRow {
    /// The number that crosses the C boundary; never reused.
    pub number: i32,
    /// The name of its `#define`.
    pub name: &'static str,
    /// What it means, for a person.
    pub text: &'static str,
}

macro_rules! codes {
    ($($id:ident = $number:literal, $name:literal, $text:literal;)*) => {
        /// What became of an operation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(i32)]
        pub enum Code { $(#[doc = $text] $id = $number,)* }

        /// Every outcome, in the order of its number.
        pub const CODES: &[CodeRow] = &[$(CodeRow { number: $number, name: $name, text: $text },)*];
    };
}

codes! {
    Pending = -1, "CRUX_PENDING", "The operation has not finished yet.";
    Ok = 0, "CRUX_OK", "The operation succeeded.";
    Argument = 1, "CRUX_ERR_ARGUMENT", "An argument or option is not usable; nothing was sent.";
    Resolve = 2, "CRUX_ERR_RESOLVE", "The host name could not be resolved.";
    Connect = 3, "CRUX_ERR_CONNECT", "No connection could be made.";
    Tls = 4, "CRUX_ERR_TLS", "A trusted, encrypted connection could not be made.";
    Io = 5, "CRUX_ERR_IO", "The connection broke.";
    Protocol = 6, "CRUX_ERR_PROTOCOL", "The server's response is not valid HTTP, or not what the service promises.";
    Timeout = 7, "CRUX_ERR_TIMEOUT", "A time limit was reached.";
    Cancelled = 8, "CRUX_ERR_CANCELLED", "The operation was cancelled.";
    Auth = 9, "CRUX_ERR_AUTH", "The login was refused, or the server did not accept the token.";
    Http = 10, "CRUX_ERR_HTTP", "The server answered with an error status, or a redirect that is not followed.";
    TooLarge = 11, "CRUX_ERR_TOO_LARGE", "The response is larger than the limit.";
    Job = 12, "CRUX_ERR_JOB", "The server says that its job failed.";
    File = 13, "CRUX_ERR_FILE", "A local file could not be read or written.";
    Internal = 14, "CRUX_ERR_INTERNAL", "A fault inside libcrux.";
}

impl Code {
    /// The number that crosses the C boundary.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// The row of the table.
    pub fn row(self) -> &'static CodeRow {
        &CODES[(self as i32 + 1) as usize]
    }
}

/// An outcome other than success, with one sentence for a person. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub code: Code,
    pub message: String,
}

impl Error {
    pub fn new(code: Code, message: impl Into<String>) -> Error {
        Error { code, message: message.into() }
    }

    pub fn argument(message: impl Into<String>) -> Error {
        Error::new(Code::Argument, message)
    }

    /// For a panic; its own text may quote what must not be seen.
    pub fn fault() -> Error {
        Error::new(Code::Internal, "A fault inside libcrux; please report what led to it.")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

pub type Result<T> = std::result::Result<T, Error>;

/// A failed system call in the system's words, or in ours where there are any, as the end of a sentence.
pub fn in_words(error: &io::Error) -> String {
    // Words of ours that an opener has put there.
    if let Some(ours) = error.get_ref() {
        return ours.to_string();
    }
    let words = match error.kind() {
        ErrorKind::NotFound => "no such file or folder",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::IsADirectory => "it is a folder",
        ErrorKind::UnexpectedEof => "the other side closed it",
        kind => match error.raw_os_error() {
            None => return kind.to_string(),
            Some(_) => {
                let text = error.to_string();
                let text = text.split(" (os error").next().unwrap_or_default().trim_end_matches('.');
                let mut letters = text.chars();
                // "Too many open files" stands in the middle of a sentence here.
                let first = letters.next().map(|c| c.to_ascii_lowercase());
                return first.into_iter().chain(letters).collect();
            }
        },
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_names_are_unique() {
        for (index, row) in CODES.iter().enumerate() {
            assert_eq!(row.number, index as i32 - 1, "{}", row.name);
            assert!(row.name.starts_with("CRUX_") && row.text.ends_with('.'));
        }
        assert_eq!(Code::Internal.row().name, "CRUX_ERR_INTERNAL");
        assert_eq!(Code::Pending.row().name, "CRUX_PENDING");
    }
}
