//! Calls the host's tick on the thread that waits: at each change of stage, and once an interval.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, Ordering::Relaxed};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use crate::hooks::{self, TickHook};
use crate::sync::Lock;

/// Where a call is, as its host sees it; the numbers cross the C boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Stage {
    Login = 1,
    Connect = 2,
    Send = 3,
    Wait = 4,
    Receive = 5,
    Pause = 6,
    Job = 7,
}

/// The tick of one call and of what is done on its behalf.
pub struct Ticker {
    hook: Weak<TickHook>,
    every: Duration,
    due: Lock<Instant>,
    shown: AtomicI32,
    /// A stage that covers those of the requests within it; 0 = none.
    cover: AtomicI32,
    /// How far the job is that covers.
    percent: AtomicI64,
    stopped: AtomicBool,
}

impl fmt::Debug for Ticker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticker(every {} ms)", self.every.as_millis())
    }
}

impl Ticker {
    pub fn new(hook: Weak<TickHook>, every: Duration) -> Arc<Ticker> {
        Arc::new(Ticker {
            hook,
            every,
            due: Lock::new(Instant::now()),
            shown: AtomicI32::new(0),
            cover: AtomicI32::new(0),
            percent: AtomicI64::new(-1),
            stopped: AtomicBool::new(false),
        })
    }

    pub fn every(&self) -> Duration {
        self.every
    }

    /// Whether the host has ended what it shows.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }

    /// Time until the next call is due.
    pub fn left(&self) -> Duration {
        self.due.lock().saturating_duration_since(Instant::now())
    }

    /// Calls the hook if it is due, or `at_once`, or at a new stage; false if the host wants an end.
    pub fn tick(&self, stage: i32, done: i64, total: i64, at_once: bool) -> bool {
        let (stage, done, total) = match self.cover.load(Relaxed) {
            0 => (stage, done, total),
            cover if cover == Stage::Job as i32 => (cover, self.percent.load(Relaxed), 100),
            cover => (cover, -1, -1),
        };
        if stage == 0 || self.stopped.load(Relaxed) {
            return !self.stopped.load(Relaxed);
        }
        let changed = self.shown.swap(stage, Relaxed) != stage;
        {
            let mut due = self.due.lock();
            let now = Instant::now();
            // A wait that ends a moment early is not worth another one.
            if !changed && !at_once && *due > now + self.every / 4 {
                return true;
            }
            *due = now + self.every;
        }
        // Gone with the last handle that could use it: nothing is left to ask.
        let hook = self.hook.upgrade();
        let goes_on = hook.and_then(|hook| hooks::call(|| hook(stage, done, total))).unwrap_or(true);
        if !goes_on {
            self.stopped.store(true, Relaxed);
        }
        goes_on
    }

    /// Shows `stage` for whatever `work` does; nested covers stay as they are.
    pub fn under<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        struct Uncover<'a>(&'a AtomicI32, i32);
        impl Drop for Uncover<'_> {
            fn drop(&mut self) {
                self.0.store(self.1, Relaxed);
            }
        }
        let before = self.cover.load(Relaxed);
        if before == 0 {
            self.cover.store(stage as i32, Relaxed);
        }
        let _uncover = Uncover(&self.cover, before);
        work()
    }

    pub fn set_percent(&self, percent: i64) {
        self.percent.store(percent, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_comes_at_each_stage_and_after_each_interval() {
        let seen: Arc<Lock<Vec<(i32, i64, i64)>>> = Arc::default();
        let sink = seen.clone();
        let hook = move |stage, done, total| {
            sink.lock().push((stage, done, total));
            stage != Stage::Receive as i32
        };
        let hook: Arc<TickHook> = Arc::new(hook);
        let ticker = Ticker::new(Arc::downgrade(&hook), Duration::from_secs(3600));
        assert!(ticker.tick(0, -1, -1, true), "nothing has begun");
        assert!(ticker.tick(Stage::Connect as i32, -1, -1, false));
        assert!(ticker.tick(Stage::Connect as i32, -1, -1, false), "not due yet");
        assert!(ticker.tick(Stage::Connect as i32, -1, -1, true));
        ticker.set_percent(40);
        ticker.under(Stage::Job, || {
            assert!(ticker.tick(Stage::Wait as i32, -1, -1, false));
            ticker.under(Stage::Login, || assert!(ticker.tick(Stage::Send as i32, 1, 2, false)));
        });
        assert!(!ticker.tick(Stage::Receive as i32, 1, 2, false));
        assert!(!ticker.tick(Stage::Pause as i32, 1, 2, false), "an end is an end");
        assert_eq!(*seen.lock(), [(2, -1, -1), (2, -1, -1), (7, 40, 100), (5, 1, 2)]);
    }
}
