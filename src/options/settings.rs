//! Options as the send loop wants them: parsed once for a client, again only for a call with its own.

use std::time::Duration;

use crate::options::Options;
use crate::transport::limits::Limits;

/// Largest response to a login, and largest progress document.
const MOST_DOCUMENT: u64 = 1024 * 1024;

/// What governs one call.
#[derive(Clone, Debug)]
pub struct Settings {
    pub limits: Limits,
    /// Whether the whole call's time was set by hand: a stream is bounded only then.
    pub total_by_hand: bool,
    pub retry_max: u32,
    pub retry_max_wait: Duration,
    pub redirect_max: u32,
    pub max_body: u64,
    /// What is read, where no option bounds it: an error names this.
    pub document: Option<&'static str>,
    pub idempotent: bool,
    pub save: Option<String>,
    pub awaits: bool,
    pub streams: bool,
    pub tick_every: Duration,
    /// How long a job is waited for; `None` = for as long as it takes.
    pub job_timeout: Option<Duration>,
    pub resume: bool,
    pub sha256: Option<String>,
}

impl Settings {
    pub fn from_options(options: &Options) -> Settings {
        let ms = |key| options.number(key).filter(|ms| *ms > 0).map(Duration::from_millis);
        let count = |key| options.number(key).unwrap_or(0) as u32;
        Settings {
            limits: Limits {
                resolve: ms("timeout.resolve_ms"),
                connect: ms("timeout.connect_ms"),
                head: ms("timeout.head_ms"),
                idle: ms("timeout.idle_ms"),
                total: ms("timeout.total_ms"),
                whole: None,
            },
            total_by_hand: options.is_set("timeout.total_ms"),
            retry_max: count("retry.max"),
            retry_max_wait: Duration::from_millis(options.number("retry.max_wait_ms").unwrap_or(0)),
            redirect_max: count("redirect.max"),
            max_body: options.number("max_body").unwrap_or(1),
            document: None,
            idempotent: options.flag("idempotent"),
            awaits: options.flag("await"),
            streams: options.flag("stream"),
            tick_every: Duration::from_millis(options.number("tick.every_ms").unwrap_or(100)),
            job_timeout: ms("job.timeout_ms"),
            save: options.text("save").map(str::to_owned),
            resume: options.flag("resume"),
            sha256: options.text("sha256").map(str::to_ascii_lowercase),
        }
    }

    /// The same for a document that is small wherever the base URL is right.
    pub fn for_document(&self, document: &'static str) -> Settings {
        match self.max_body > MOST_DOCUMENT {
            true => Settings { max_body: MOST_DOCUMENT, document: Some(document), ..self.clone() },
            false => self.clone(),
        }
    }

    /// The limits of a body that is not held in memory, which may take as long as it takes.
    pub fn stream_limits(&self) -> Limits {
        Limits { total: self.limits.total.filter(|_| self.total_by_hand), ..self.limits }
    }
}
