//! What a row of the table of wire cases is, and how rows are written. The rows are in `table.rs`.

use super::script::{FOREVER, FaultServer, Step};
use super::tls::Tls;

/// The timeouts that a runner of the table sets: `timeout.head_ms` and `timeout.idle_ms`. The cases that must end with
/// TIMEOUT are silent, or drip, for longer than either; the slow ones that must succeed never pause for so long.
pub const HEAD_MS: u64 = if cfg!(windows) { 5000 } else { 1500 };
pub const IDLE_MS: u64 = 1500;

/// The outcomes, by the numbers of `include/crux.h`, as far as one exchange can have them.
pub mod code {
    pub const OK: i32 = 0;
    pub const IO: i32 = 5;
    pub const PROTOCOL: i32 = 6;
    pub const TIMEOUT: i32 = 7;
    pub const AUTH: i32 = 9;
    pub const HTTP: i32 = 10;
    pub const TOO_LARGE: i32 = 11;
}
use code::{IO, OK, PROTOCOL, TIMEOUT, TOO_LARGE};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    Ok {
        body: &'static str,
        verified: bool,
    },
    Code(i32),
    /// Where the standard leaves a choice. If OK is among them, its body must still be `hello`.
    OneOf(&'static [i32]),
}

impl Expect {
    pub fn met_by(&self, code: i32, body: &[u8], verified: bool) -> bool {
        match self {
            Expect::Ok { body: wanted, verified: framed } => {
                code == OK && body == wanted.as_bytes() && verified == *framed
            }
            Expect::Code(wanted) => code == *wanted,
            Expect::OneOf(codes) => codes.contains(&code) && (code != OK || body == b"hello"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct WireCase {
    pub name: String,
    pub method: &'static str,
    pub tls: bool,
    pub reply: Vec<Step>,
    pub expect: Expect,
    /// Whether a second request must (`true`) or must not (`false`) use the same connection; `None`: either is fine.
    pub reuse: Option<bool>,
}

impl WireCase {
    /// What every connection does: it answers each request with the reply, as long as the reply leaves it open.
    pub fn script(&self) -> Vec<Step> {
        let mut steps = vec![Step::ReadHead];
        steps.extend(self.reply.iter().cloned());
        vec![Step::Repeat(FOREVER, steps)]
    }

    pub fn serve(&self, tls: &Tls) -> FaultServer {
        FaultServer::scripts(self.tls.then_some(tls), vec![self.script()])
    }

    pub(super) fn over_tls(mut self) -> WireCase {
        self.tls = true;
        self.name += " (TLS)";
        self
    }
    pub(super) fn by_head(mut self) -> WireCase {
        self.method = "HEAD";
        self
    }
    pub(super) fn reused(mut self) -> WireCase {
        self.reuse = Some(true);
        self
    }
    pub(super) fn not_reused(mut self) -> WireCase {
        self.reuse = Some(false);
        self
    }
}

/// What happens after the bytes of a reply.
pub(super) enum Then {
    Stay,
    Fin,
    Reset,
    /// FIN without close_notify.
    DropTls,
    /// The same write over and over.
    Endless(Vec<u8>),
}
use Then::*;

pub(super) fn case(name: impl Into<String>, reply: impl AsRef<[u8]>, then: Then, expect: Expect) -> WireCase {
    let mut steps = vec![Step::send(reply)];
    match then {
        Stay => {}
        Fin => steps.push(Step::Fin),
        Reset => steps.push(Step::Reset),
        DropTls => steps.push(Step::DropTls),
        Endless(bytes) => steps.push(Step::Repeat(FOREVER, vec![Step::Send(bytes)])),
    }
    WireCase { name: name.into(), method: "GET", tls: false, reply: steps, expect, reuse: None }
}

pub(super) const HELLO: Expect = ok("hello");
pub(super) const HELLO_UNVERIFIED: Expect = Expect::Ok { body: "hello", verified: false };
pub(super) const REFUSED: Expect = Expect::Code(PROTOCOL);
pub(super) const BROKEN: Expect = Expect::Code(IO);
pub(super) const TOO_BIG: Expect = Expect::Code(TOO_LARGE);
pub(super) const TOO_LATE: Expect = Expect::Code(TIMEOUT);
/// Allowed by the standard, or by tolerance, but not required.
pub(super) const TOLERATED: Expect = Expect::OneOf(&[OK, PROTOCOL]);
/// Endless where no body belongs: some limit must strike, whichever is first.
pub(super) const LIMITED: Expect = Expect::OneOf(&[TOO_LARGE, PROTOCOL]);

pub(super) const fn ok(body: &'static str) -> Expect {
    Expect::Ok { body, verified: true }
}

/// These bytes over and over, many with each write.
pub(super) fn endless(bytes: impl AsRef<[u8]>) -> Then {
    let bytes = bytes.as_ref();
    Endless(bytes.repeat((16 * 1024 / bytes.len()).max(1)))
}

/// A 200 with these header lines and these bytes after the blank line.
pub(super) fn reply(headers: &str, rest: impl AsRef<[u8]>) -> Vec<u8> {
    let head = match headers {
        "" => "HTTP/1.1 200 OK\r\n\r\n".to_owned(),
        _ => format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n"),
    };
    [head.as_bytes(), rest.as_ref()].concat()
}

/// An otherwise good reply whose head has these bytes as a line.
pub(super) fn with_line(line: &[u8]) -> Vec<u8> {
    let start = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n";
    [start, line, b"\r\n\r\nhello"].concat()
}

/// An otherwise good reply with this status line.
pub(super) fn with_status(line: &[u8]) -> Vec<u8> {
    [line, b"\r\nContent-Length: 5\r\n\r\nhello"].concat()
}

pub(super) fn chunked(rest: impl AsRef<[u8]>) -> Vec<u8> {
    reply("Transfer-Encoding: chunked", rest)
}
