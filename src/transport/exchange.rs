//! A call under way, as other threads see it: deadline, progress, cancel.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicU8, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Code, Error};
use crate::sync::{Lock, Signal};
use crate::sys::socket::{Socket, TICK};
use crate::transport::limits::{Limits, Phase, Until};
use crate::transport::ticker::{Stage, Ticker};

/// What a cancel does besides, once.
struct OnCancel(Box<dyn FnOnce() + Send>);

impl fmt::Debug for OnCancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnCancel")
    }
}

/// A call: shared by the thread that runs it and those that watch or cancel it.
#[derive(Debug)]
pub struct Exchange {
    pub limits: Limits,
    pub begun: Instant,
    pub deadline: Option<Instant>,
    cancelled: AtomicBool,
    /// Wakes the waits that have no socket.
    woken: Signal,
    socket: Lock<Option<Arc<Socket>>>,
    /// A login on behalf of this call; ends with it.
    child: Lock<Option<Arc<Exchange>>>,
    /// For a call that no thread runs yet, so that nobody would see the cancel.
    on_cancel: Lock<Option<OnCancel>>,
    phase: AtomicU8,
    /// What is shown of the phase; 0 = nothing has begun.
    stage: AtomicI32,
    /// Called by the thread that runs it, if the host wants that.
    ticker: Option<Arc<Ticker>>,
    /// Whether any attempt's request may have reached the server.
    pub maybe_sent: AtomicBool,
    // Progress, as callers see it: of all attempts the one that came furthest, and of all responses the one that
    // counts, so that it never goes back.
    pub sent: AtomicI64,
    pub send_total: AtomicI64,
    pub received: AtomicI64,
    pub receive_total: AtomicI64,
    pub percent: AtomicI64,
}

impl Exchange {
    pub fn new(limits: Limits) -> Arc<Exchange> {
        Exchange::ticking(limits, None)
    }

    pub fn ticking(limits: Limits, ticker: Option<Arc<Ticker>>) -> Arc<Exchange> {
        let begun = Instant::now();
        Arc::new(Exchange {
            limits,
            begun,
            deadline: limits.total.and_then(|total| begun.checked_add(total)),
            cancelled: AtomicBool::new(false),
            woken: Signal::default(),
            socket: Lock::new(None),
            child: Lock::new(None),
            on_cancel: Lock::new(None),
            phase: AtomicU8::new(0),
            stage: AtomicI32::new(0),
            ticker,
            maybe_sent: AtomicBool::new(false),
            sent: AtomicI64::new(0),
            send_total: AtomicI64::new(-1),
            received: AtomicI64::new(0),
            receive_total: AtomicI64::new(-1),
            percent: AtomicI64::new(-1),
        })
    }

    /// Lets nothing new begin; what is under way goes on until `cancel`.
    pub fn forbid(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }

    /// Ends the exchange from any thread, whatever it waits for.
    pub fn cancel(&self) {
        self.forbid();
        self.woken.raise();
        if let Some(socket) = &*self.socket.lock() {
            socket.shutdown();
        }
        let child = self.child.lock().clone();
        if let Some(child) = child {
            child.cancel();
        }
        let besides = self.on_cancel.lock().take();
        if let Some(OnCancel(besides)) = besides {
            besides();
        }
    }

    /// Runs `besides` on cancel, at once if it has come already.
    pub fn when_cancelled(&self, besides: impl FnOnce() + Send + 'static) {
        *self.on_cancel.lock() = Some(OnCancel(Box::new(besides)));
        if self.is_cancelled() {
            self.cancel();
        }
    }

    /// Runs an exchange that this one waits for: cancelled with it, and no later than it.
    pub fn with_child<T>(&self, work: impl FnOnce(&Arc<Exchange>) -> T) -> T {
        let left = self.deadline.map(|end| end.saturating_duration_since(Instant::now()));
        let whole = self.limits.whole.or(self.limits.total);
        self.with_child_of(Limits { total: left, whole, ..self.limits }, Stage::Login, work)
    }

    /// The same with limits of its own; what is shown meanwhile is `stage`.
    pub fn with_child_of<T>(
        &self,
        limits: Limits,
        stage: Stage,
        work: impl FnOnce(&Arc<Exchange>) -> T,
    ) -> T {
        let child = Exchange::ticking(limits, self.ticker.clone());
        self.stage.store(stage as i32, Ordering::Relaxed);
        *self.child.lock() = Some(child.clone());
        if self.is_cancelled() {
            child.cancel();
        }
        let result = match &self.ticker {
            Some(ticker) => ticker.under(stage, || work(&child)),
            None => work(&child),
        };
        *self.child.lock() = None;
        result
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Makes a socket cancellable; fails if the cancel has come already.
    pub fn attach(&self, socket: &Arc<Socket>) -> Result<(), Error> {
        *self.socket.lock() = Some(socket.clone());
        socket.set_tick(self.tick_interval().map_or(TICK, |every| every.min(TICK)));
        if self.is_cancelled() {
            self.detach();
            return Err(Error::cancelled());
        }
        Ok(())
    }

    /// Lets go of the socket: it goes back to the pool, or is closed.
    pub fn detach(&self) {
        *self.socket.lock() = None;
    }

    pub fn set_phase(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
        self.set_stage(phase.stage());
    }

    /// Shows another stage, at once.
    pub fn set_stage(&self, stage: Stage) {
        let before = self.stage.swap(stage as i32, Ordering::Relaxed);
        if self.ticker.is_some() && before != stage as i32 {
            let _ = self.tick(false);
        }
    }

    /// The number of the stage; 0 = nothing has begun.
    pub fn stage(&self) -> i32 {
        self.stage.load(Ordering::Relaxed)
    }

    /// The stage for one who waits for a started call: it pauses until a thread has come to it.
    pub fn shown_stage(&self) -> i32 {
        match self.stage() {
            0 => Stage::Pause as i32,
            stage => stage,
        }
    }

    /// Shows how far the job is that the call waits for; never backwards.
    pub fn show_percent(&self, percent: i64) {
        let before = self.percent.fetch_max(percent, Ordering::Relaxed);
        if let Some(ticker) = &self.ticker {
            ticker.set_percent(before.max(percent));
        }
    }

    /// How much of how much is done at this stage; −1 = unknown.
    pub fn progress(&self) -> (i64, i64) {
        let of = |done: &AtomicI64, total: &AtomicI64| {
            (done.load(Ordering::Relaxed), total.load(Ordering::Relaxed))
        };
        match self.stage() {
            stage if stage == Stage::Send as i32 => of(&self.sent, &self.send_total),
            stage if stage == Stage::Receive as i32 => of(&self.received, &self.receive_total),
            stage if stage == Stage::Job as i32 => (self.percent.load(Ordering::Relaxed), 100),
            _ => (-1, -1),
        }
    }

    /// Calls the host's tick if it is due, or at once; fails if the host wants an end.
    pub fn tick(&self, at_once: bool) -> Result<(), Error> {
        match &self.ticker {
            None => Ok(()),
            Some(_) => {
                let (done, total) = self.progress();
                self.tick_with(self.stage(), done, total, at_once)
            }
        }
    }

    fn tick_with(&self, stage: i32, done: i64, total: i64, at_once: bool) -> Result<(), Error> {
        let goes_on = self.ticker.as_ref().is_none_or(|ticker| ticker.tick(stage, done, total, at_once));
        if goes_on {
            return Ok(());
        }
        self.cancel();
        Err(Error::cancelled())
    }

    /// How long one wait may take before the next tick.
    pub fn slice(&self, wait: Duration) -> Duration {
        // Never so short that a wait becomes a busy loop.
        let left = || self.ticker.as_ref().map(|ticker| ticker.left().max(Duration::from_millis(1)));
        left().map_or(wait, |left| wait.min(left))
    }

    /// How often the tick is called, if there is one.
    pub fn tick_interval(&self) -> Option<Duration> {
        self.ticker.as_ref().map(|ticker| ticker.every())
    }

    /// Waits before a retry, and shows it.
    pub fn pause(&self, wait: Duration) -> Result<(), Error> {
        self.stage.store(Stage::Pause as i32, Ordering::Relaxed);
        self.wait(wait, |waited| (waited.as_millis() as i64, wait.as_millis() as i64))
    }

    /// Waits without a socket; fails on cancel or when the whole call's time is over.
    pub fn sleep(&self, wait: Duration) -> Result<(), Error> {
        self.wait(wait, |_| self.progress())
    }

    fn wait(&self, wait: Duration, progress: impl Fn(Duration) -> (i64, i64)) -> Result<(), Error> {
        let started = Instant::now();
        let left = self.deadline.map(|end| end.saturating_duration_since(started));
        let whole = left.map_or(wait, |left| left.min(wait));
        loop {
            let waited = started.elapsed();
            let (done, total) = progress(waited.min(whole));
            self.tick_with(self.stage(), done, total, false)?;
            let rest = whole.saturating_sub(waited);
            if self.woken.wait(self.slice(rest)) || self.is_cancelled() {
                return Err(Error::cancelled());
            }
            if started.elapsed() >= whole {
                break;
            }
        }
        match left {
            Some(left) if left <= wait => Err(self.limits.total_timeout()),
            _ => Ok(()),
        }
    }

    /// When a phase that starts now must end.
    pub fn until(&self, limit: Option<Duration>) -> Until {
        let own = limit.and_then(|limit| Instant::now().checked_add(limit));
        match (own, self.deadline) {
            (Some(own), Some(total)) if own <= total => Until { at: Some(own), whole_call: false },
            (Some(own), None) => Until { at: Some(own), whole_call: false },
            (_, total) => Until { at: total, whole_call: true },
        }
    }

    /// The error of a limit that was reached in the present phase.
    pub fn timeout(&self, until: &Until, place: &str) -> Error {
        self.limits.timeout(self.phase.load(Ordering::Relaxed), until, place)
    }
}

impl Error {
    pub fn cancelled() -> Error {
        Error::new(Code::Cancelled, "The call was cancelled.")
    }
}
