//! One worker's server, client and folder, and the judgement of each thing that the client has got.

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use prove::fault::{Fault, Line};
use prove::origin::Origin;
use sandbox::fault::Tls;
use support::*;

use crate::exchanges::Exchange;
use crate::reader;
use crate::site::{self, Site};

/// The deadline of a wait that must end at it.
pub const SHORT_MS: u64 = 500;
/// The deadline of a wait that nothing may need: a connection that ends is seen at once.
const LONG_MS: u64 = 20_000;
/// The same for a call.
pub const PATIENT: [(&str, &str); 3] =
    [("timeout.connect_ms", "20000"), ("timeout.head_ms", "20000"), ("timeout.idle_ms", "20000")];
/// What a busy machine may add.
const SLACK: Duration = Duration::from_secs(3);

/// One fault in one exchange.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    pub exchange: &'static Exchange,
    pub line: Line,
    pub fault: Fault,
    pub at: usize,
    /// On a connection that has served before.
    pub warm: bool,
}

/// What became of trials.
#[derive(Default)]
pub struct Tally {
    pub complete: usize,
    pub refused: usize,
    /// Bits that were turned on the way, and that nothing could tell from what was meant.
    pub as_sent: usize,
    /// The latest end behind the deadline that a stall had.
    pub latest: Duration,
    pub wrong: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, other: Tally) {
        self.complete += other.complete;
        self.refused += other.refused;
        self.as_sent += other.as_sent;
        self.latest = self.latest.max(other.latest);
        self.wrong.extend(other.wrong);
    }

    pub fn require(&mut self, holds: bool, why: &str, found: &dyn Debug) {
        if !holds {
            self.wrong.insert(0, format!("{why}: {found:?}"));
        }
    }
}

pub struct Bench {
    pub origin: Origin,
    pub folder: Folder,
    pub site: Arc<Site>,
    ca_pem: String,
}

/// An exchange under way.
pub struct Turn<'a> {
    pub bench: &'a Bench,
    pub client: &'a Client,
    trial: Option<Trial>,
    wrong: Vec<String>,
    /// The outcome of the last thing asked.
    code: i32,
    as_sent: bool,
}

impl Bench {
    pub fn new(line: Line, tls: &Tls) -> Bench {
        let site = Arc::<Site>::default();
        let served = site.clone();
        let tls = (line != Line::Plain).then_some(tls);
        let origin = Origin::start(line, tls, move |request| site::respond(&served, request));
        let ca_pem = tls.map_or_else(String::new, |tls| tls.ca_pem.clone());
        Bench { origin, folder: Folder::new(), site, ca_pem }
    }

    pub fn target(&self) -> PathBuf {
        self.folder.path("target.bin")
    }

    fn client(&self, exchange: &Exchange, deadline_ms: u64) -> Client {
        let (base, deadline) = (self.origin.url() + "/", deadline_ms.to_string());
        let mut pairs =
            vec![("service", "custom"), ("base_url", &*base), ("proxy", "direct"), ("retry.max", "0")];
        pairs.extend(
            ["timeout.connect_ms", "timeout.head_ms", "timeout.idle_ms"].map(|key| (key, &*deadline)),
        );
        if !self.ca_pem.is_empty() {
            pairs.push(("tls.ca_pem", &self.ca_pem));
        }
        pairs.extend(exchange.options);
        Client::with(&pairs)
    }

    /// How many bytes the server sends in an undisturbed exchange.
    pub fn length(&self, exchange: &Exchange, warm: bool) -> usize {
        let client = self.client(exchange, LONG_MS);
        let mut turn = Turn::new(self, &client, None);
        turn.prepare(exchange, warm);
        self.origin.plan().disarm();
        (exchange.run)(&mut turn);
        let length = self.origin.plan().count();
        self.clear();
        assert!(turn.code == CRUX_OK && turn.wrong.is_empty(), "{}: {:?}", exchange.name, turn.wrong);
        length
    }

    fn clear(&self) {
        for name in self.folder.names() {
            std::fs::remove_file(self.folder.path(&name)).expect("to remove a file of one's own");
        }
    }

    /// Runs a trial and judges it.
    pub fn run(&self, trial: Trial, tally: &mut Tally) {
        let waits = matches!(trial.fault, Fault::Stall | Fault::Flip(_));
        let client = self.client(trial.exchange, if waits { SHORT_MS } else { LONG_MS });
        let mut turn = Turn::new(self, &client, Some(trial));
        turn.prepare(trial.exchange, trial.warm);
        self.site.uploads.store(0, SeqCst);
        let plan = self.origin.plan();
        plan.arm(trial.fault, trial.at);
        let since = Instant::now();
        (trial.exchange.run)(&mut turn);
        let took = since.elapsed();
        let struck = plan.struck();
        plan.disarm();
        turn.within_bounds(trial, struck, took);
        turn.afterwards(trial.exchange);
        let (code, mut wrong, as_sent) = (turn.code, turn.wrong, turn.as_sent);
        drop(client);
        if !becomes_true(|| self.origin.open() == 0) {
            wrong.push(format!("{} connections are left", self.origin.open()));
        }
        self.clear();
        tally.complete += usize::from(code == CRUX_OK);
        tally.refused += usize::from(code != CRUX_OK);
        tally.as_sent += usize::from(as_sent);
        if struck && trial.fault == Fault::Stall && code == CRUX_ERR_TIMEOUT {
            tally.latest = tally.latest.max(took.saturating_sub(Duration::from_millis(SHORT_MS)));
        }
        tally.wrong.extend(wrong.iter().map(|why| format!("{trial:?}: {why}")));
    }
}

impl<'a> Turn<'a> {
    fn new(bench: &'a Bench, client: &'a Client, trial: Option<Trial>) -> Turn<'a> {
        Turn { bench, client, trial, wrong: Vec::new(), code: -1, as_sent: false }
    }

    fn prepare(&mut self, exchange: &Exchange, warm: bool) {
        (exchange.prepare)(self);
        if warm {
            let first = self.patient_get();
            self.require(first.code() == CRUX_OK, &format!("the first request fails: {}", first.message()));
        }
    }

    /// A request whose deadlines are none of the trial's: a busy machine may take its time.
    fn patient_get(&self) -> Response {
        let call = self.client.call("GET", "json");
        for (key, value) in PATIENT {
            assert_eq!(call.set(key, value), CRUX_OK);
        }
        call.send()
    }

    pub fn require(&mut self, holds: bool, why: &str) {
        if !holds {
            self.wrong.push(why.to_owned());
        }
    }

    /// Judges a response whose body is held; returns true if it is complete.
    pub fn take(&mut self, response: &Response) -> bool {
        let body = if response.code() == CRUX_OK { response.body() } else { Vec::new() };
        self.judge(response, &body)
    }

    /// Judges a response and what of its body has been read.
    pub fn judge(&mut self, response: &Response, body: &[u8]) -> bool {
        if !self.outcome(response) {
            return false;
        }
        let last = self.bench.origin.plan().last();
        let Some(reading) = reader::read(&last) else {
            self.wrong.push("taken for complete, and is not".to_owned());
            return true;
        };
        self.require(body == reading.body, "another body than was sent");
        self.require(response.status() == reading.status, "another status than was sent");
        self.require(
            (response.number("verified") == 1) == reading.framed,
            "verified without an end, or with one",
        );
        self.note_as_sent();
        true
    }

    /// Notes that a turned bit has passed: in plain HTTP nothing tells it from what was meant.
    pub fn note_as_sent(&mut self) {
        let turned =
            matches!(self.trial, Some(Trial { line: Line::Plain | Line::Inside, fault: Fault::Flip(_), .. }));
        self.as_sent |= turned && self.bench.origin.plan().struck();
    }

    /// Judges the outcome itself; returns true if it is OK.
    pub fn outcome(&mut self, response: &Response) -> bool {
        self.code = response.code();
        let message = response.message();
        self.require(message.ends_with('.'), &format!("no sentence: {message:?}"));
        let Some(trial) = self.trial else { return self.code == CRUX_OK };
        let allowed: &[i32] = match trial.fault {
            Fault::Cut | Fault::End | Fault::Reset => {
                &[CRUX_ERR_CONNECT, CRUX_ERR_IO, CRUX_ERR_PROTOCOL, CRUX_ERR_TLS]
            }
            Fault::Stall => &[CRUX_ERR_TIMEOUT],
            Fault::Flip(_) => &[
                CRUX_ERR_CONNECT,
                CRUX_ERR_IO,
                CRUX_ERR_PROTOCOL,
                CRUX_ERR_TLS,
                CRUX_ERR_TIMEOUT,
                CRUX_ERR_AUTH,
                CRUX_ERR_HTTP,
                CRUX_ERR_TOO_LARGE,
                CRUX_ERR_FILE,
                CRUX_ERR_JOB,
                // A response that names no job: the library asks for the option that names its place.
                CRUX_ERR_ARGUMENT,
            ],
        };
        let fits = self.code == CRUX_OK || allowed.contains(&self.code);
        self.require(fits, &format!("ends with {}: {message}", self.code));
        self.code == CRUX_OK
    }

    fn within_bounds(&mut self, trial: Trial, struck: bool, took: Duration) {
        let own = Duration::from_millis(trial.exchange.waits_ms);
        let deadline = Duration::from_millis(SHORT_MS);
        let most = match trial.fault {
            // A turned bit can make a client wait, and then its next question too.
            Fault::Stall => deadline,
            Fault::Flip(_) => 2 * deadline,
            _ => Duration::ZERO,
        };
        self.require(took <= own + most + SLACK, &format!("took {took:?}"));
        if struck && trial.fault == Fault::Stall && self.code == CRUX_ERR_TIMEOUT {
            self.require(took >= deadline.mul_f64(0.9), &format!("gave up after {took:?}"));
        }
        let uploads = self.bench.site.uploads.load(SeqCst);
        self.require(uploads <= 1, &format!("{uploads} uploads"));
    }

    /// The same client goes on as if nothing had been.
    fn afterwards(&mut self, exchange: &Exchange) {
        let mut response = self.patient_get();
        // A login that the server seemed to refuse is not tried again until a token comes.
        let turned = matches!(self.trial, Some(Trial { fault: Fault::Flip(_), .. }));
        if turned && response.code() == CRUX_ERR_AUTH {
            let told = unsafe { crux_set_token(self.client.0, c(site::TOKEN).as_ptr()) };
            self.require(told == CRUX_OK, "a token is refused");
            response = self.patient_get();
        }
        let right = response.code() == CRUX_OK && response.body() == site::document("json").as_bytes();
        self.require(right, &format!("the next request fails: {}", response.message()));
        (exchange.afterwards)(self);
    }
}

/// Waits until it is so, for at most ten seconds.
pub fn becomes_true(holds: impl Fn() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(10);
    while !holds() {
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    true
}
