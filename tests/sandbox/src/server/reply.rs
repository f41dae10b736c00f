//! What the handlers respond with, and how it becomes bytes.

use std::convert::Infallible;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;

use flate2::{Compression, write::GzEncoder};
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::ext::ReasonPhrase;
use hyper::{Response, StatusCode, header::HeaderName, header::HeaderValue};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::server::call::Call;
use crate::server::record::Canned;

pub const JSON: &str = "application/json";
/// How Crunch names it.
pub const JSON_UTF8: &str = "application/json;charset=utf-8";

/// A handler ends with its response; an early one goes by `?`.
pub type Outcome = Result<Reply, Reply>;

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub reason: Option<String>,
    pub headers: Vec<(String, String)>,
    pub payload: Payload,
    /// How long it is held back.
    pub delay: Duration,
}

impl Reply {
    pub fn empty(status: u16) -> Reply {
        Reply {
            status,
            reason: None,
            headers: Vec::new(),
            payload: Payload::Bytes(Bytes::new()),
            delay: Duration::ZERO,
        }
    }

    pub fn json(status: u16, body: &Value) -> Reply {
        Reply::text(status, JSON, body.to_string())
    }

    pub fn text(status: u16, media_type: &str, body: impl Into<Bytes>) -> Reply {
        let mut reply = Reply::empty(status).header("content-type", media_type);
        reply.payload = Payload::Bytes(body.into());
        reply
    }

    /// `{"detail": …}`, the error document of Crux Connect.
    pub fn detail(status: u16, detail: &str) -> Reply {
        Reply::json(status, &json!({ "detail": detail }))
    }

    /// `{field: [complaint]}`, its 400.
    pub fn field(field: &str, complaint: &str) -> Reply {
        Reply::json(400, &json!({ field: [complaint] }))
    }

    pub fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn reason(mut self, reason: &str) -> Reply {
        self.reason = Some(reason.into());
        self
    }

    /// Compresses the body if the client said it takes gzip. The real service does so even when
    /// it does not pay.
    pub fn gzip_for(mut self, call: &Call) -> Reply {
        let Payload::Bytes(body) = &self.payload else {
            return self;
        };
        if body.is_empty() || !accepts_gzip(call) {
            return self;
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let packed = encoder.write_all(body).and_then(|()| encoder.finish());
        if let Ok(packed) = packed {
            self.payload = Payload::Bytes(packed.into());
            return self.header("content-encoding", "gzip");
        }
        self
    }

    /// For hyper. A header that cannot be one is left out: the answers of tests come in here too.
    pub fn into_response(self) -> Response<Payload> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::new(self.payload);
        if matches!(status.as_u16(), 100..=199 | 204 | 304) {
            *response.body_mut() = Payload::Bytes(Bytes::new());
        }
        *response.status_mut() = status;
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            let value = HeaderValue::from_bytes(value.as_bytes());
            if let (Ok(name), Ok(value)) = (name, value) {
                response.headers_mut().append(name, value);
            }
        }
        if let Some(Ok(reason)) = self.reason.map(|r| ReasonPhrase::try_from(r.into_bytes())) {
            response.extensions_mut().insert(reason);
        }
        response
    }
}

impl From<Canned> for Reply {
    fn from(response: Canned) -> Reply {
        let mut reply = Reply::empty(response.status);
        // The framing is hyper's affair; a lie about it is the fault server's.
        let framing = ["content-length", "transfer-encoding"];
        reply.headers = response.headers;
        reply.headers.retain(|(name, _)| !framing.iter().any(|f| name.eq_ignore_ascii_case(f)));
        reply.payload = Payload::Bytes(response.body.into());
        reply.reason = response.reason;
        reply
    }
}

fn accepts_gzip(call: &Call) -> bool {
    let offers = call.headers("accept-encoding").flat_map(|value| value.split(','));
    offers.map(|offer| offer.replace(' ', "").to_ascii_lowercase()).any(|offer| {
        let (coding, quality) = offer.split_once(";q=").unwrap_or((&offer, "1"));
        matches!(coding, "gzip" | "x-gzip" | "*") && quality.parse::<f32>().is_ok_and(|q| q > 0.0)
    })
}

/// A body: bytes at hand, or a pattern of any length that is never in memory.
#[derive(Clone, Debug)]
pub enum Payload {
    Bytes(Bytes),
    Pattern(Pattern),
    Drip(Drip),
}

/// Zeros, a block every 20 ms, for those who want to break off in the middle.
#[derive(Clone, Debug)]
pub struct Drip {
    left: u64,
    next: Instant,
}

const DRIP: u64 = 4096;
const PAUSE: Duration = Duration::from_millis(20);

/// Bytes `at..end` of an endless sequence whose byte i is `(i + salt) % 251`.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub at: u64,
    pub end: u64,
    pub salt: u64,
    /// Whether to tell the length beforehand; chunks otherwise.
    pub sized: bool,
}

const PERIOD: usize = 251;
const BLOCK: usize = PERIOD * 256;

impl Payload {
    pub fn pattern(length: u64, salt: u64) -> Payload {
        Payload::Pattern(Pattern { at: 0, end: length, salt, sized: true })
    }

    pub fn drip(length: u64) -> Payload {
        Payload::Drip(Drip { left: length, next: Instant::now() })
    }

    pub fn len(&self) -> u64 {
        match self {
            Payload::Drip(drip) => drip.left,
            Payload::Bytes(bytes) => bytes.len() as u64,
            Payload::Pattern(p) => p.end - p.at,
        }
    }

    /// The part from `from` up to, not including, `to`.
    pub fn slice(&self, from: u64, to: u64) -> Payload {
        match self {
            Payload::Drip(drip) => Payload::Drip(Drip { left: to - from, ..*drip }),
            Payload::Bytes(bytes) => Payload::Bytes(bytes.slice(from as usize..to as usize)),
            Payload::Pattern(p) => Payload::Pattern(Pattern { at: p.at + from, end: p.at + to, ..p.clone() }),
        }
    }
}

impl Pattern {
    fn next(&mut self) -> Bytes {
        static CYCLE: OnceLock<Bytes> = OnceLock::new();
        let cycle = CYCLE.get_or_init(|| (0..BLOCK + PERIOD).map(|i| (i % PERIOD) as u8).collect());
        let phase = ((self.at + self.salt) % PERIOD as u64) as usize;
        let length = (self.end - self.at).min(BLOCK as u64) as usize;
        self.at += length as u64;
        cycle.slice(phase..phase + length)
    }
}

impl Drip {
    /// The next block, once its time has come.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Bytes> {
        if Instant::now() < self.next {
            let (time, waker) = (self.next, context.waker().clone());
            tokio::spawn(async move {
                tokio::time::sleep_until(time).await;
                waker.wake();
            });
            return Poll::Pending;
        }
        let length = self.left.min(DRIP);
        self.left -= length;
        self.next += PAUSE;
        Poll::Ready(vec![0; length as usize].into())
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        let data = match &mut *self {
            Payload::Bytes(bytes) => std::mem::take(bytes),
            Payload::Pattern(pattern) => pattern.next(),
            Payload::Drip(drip) => match drip.poll(context) {
                Poll::Ready(bytes) => bytes,
                Poll::Pending => return Poll::Pending,
            },
        };
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.len() == 0
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Payload::Pattern(p) if !p.sized => SizeHint::default(),
            _ => SizeHint::with_exact(self.len()),
        }
    }
}
