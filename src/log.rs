//! What a client tells its host while it works: one hook for each client, nothing global. HeadLines are
//! made of parts that are known to hold no secret; nothing that the crates below say reaches them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::mem::ManuallyDrop;
use std::sync::Arc;

use crate::sys::fork;

/// How much a line matters; the numbers cross the C boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Level {
    Error = 1,
    Warning = 2,
    Info = 3,
    Debug = 4,
    Trace = 5,
}

pub type Hook = Arc<dyn Fn(i32, &str) + Send + Sync>;

/// Lines of a background call that wait for somebody to take them.
pub type Waiting = VecDeque<(Level, String)>;
const MOST_WAITING: usize = 1000;

/// The log of one client.
#[derive(Clone, Default)]
pub struct Logger {
    level: i32,
    hook: Option<Hook>,
}

impl fmt::Debug for Logger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Logger(level {})", self.level)
    }
}

thread_local! {
    /// Whether a hook runs on this thread: what it calls logs nothing, so that it cannot recurse.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// On a thread of ours lines are put aside: the host's hook runs on the host's threads only.
    /// Without a destructor, so that it can be used while the thread ends, when those of others have run.
    static ASIDE: RefCell<Option<ManuallyDrop<Waiting>>> = const { RefCell::new(None) };
}

impl Logger {
    pub fn new(level: i32, hook: Option<Hook>) -> Logger {
        Logger { level, hook }
    }

    /// Whether anybody listens.
    pub fn wants(&self, level: Level) -> bool {
        self.hook.is_some() && (level as i32) <= self.level
    }

    /// Logs a line; it is made only if somebody listens.
    pub fn log(&self, level: Level, line: impl FnOnce() -> String) {
        if !self.wants(level) {
            return;
        }
        let line = line();
        let aside = ASIDE.with_borrow_mut(|waiting| {
            let Some(waiting) = waiting else { return false };
            if waiting.len() < MOST_WAITING {
                waiting.push_back((level, line.clone()));
            }
            true
        });
        if !aside {
            self.call(level, &line);
        }
    }

    fn call(&self, level: Level, line: &str) {
        if let Some(hook) = &self.hook
            && !INSIDE.replace(true)
        {
            fork::outside(|| hook(level as i32, line));
            INSIDE.set(false);
        }
    }

    /// Hands over lines that were put aside.
    pub fn replay(&self, lines: Waiting) {
        for (level, line) in lines {
            self.call(level, &line);
        }
    }
}

/// Runs work of ours, and returns the lines that it put aside.
pub fn put_aside<T>(work: impl FnOnce() -> T) -> (T, Waiting) {
    // What a panic has left there.
    drop(ASIDE.take().map(ManuallyDrop::into_inner));
    ASIDE.set(Some(ManuallyDrop::new(Waiting::new())));
    let result = work();
    (result, ASIDE.take().map(ManuallyDrop::into_inner).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Lock;

    #[test]
    fn levels_nesting_and_putting_aside() {
        let seen: Arc<Lock<Vec<String>>> = Arc::default();
        let sink = seen.clone();
        let logger = Logger::new(3, Some(Arc::new(move |_, line: &str| sink.lock().push(line.to_owned()))));
        logger.log(Level::Info, || "one".into());
        logger.log(Level::Debug, || panic!("nobody listens"));
        let ((), lines) = put_aside(|| logger.log(Level::Info, || "two".into()));
        assert_eq!(*seen.lock(), ["one"]);
        logger.replay(lines);
        assert_eq!(*seen.lock(), ["one", "two"]);
    }

    #[test]
    fn a_hook_that_logs_is_not_called_again() {
        let own: Arc<Lock<Option<Logger>>> = Arc::default();
        let (inner, count) = (own.clone(), Arc::new(Lock::new(0)));
        let counter = count.clone();
        let logger = Logger::new(
            5,
            Some(Arc::new(move |_, _: &str| {
                *counter.lock() += 1;
                let again = inner.lock().clone();
                if let Some(logger) = again {
                    logger.log(Level::Info, || "again".into());
                }
            })),
        );
        *own.lock() = Some(logger.clone());
        logger.log(Level::Info, || "first".into());
        assert_eq!(*count.lock(), 1);
    }
}
