//! What a client tells its host while it works: one hook for each client, nothing global. Lines are
//! made of parts that are known to hold no secret; nothing that the crates below say reaches them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::mem::ManuallyDrop;
use std::sync::{Arc, Weak};

use crate::hooks::{self, LogHook};

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

/// Lines of a background call that wait to be taken, and how many found no room.
#[derive(Debug, Default)]
pub struct Waiting {
    lines: VecDeque<(Level, String)>,
    lost: usize,
}
const MOST_WAITING: usize = 1000;

impl Waiting {
    fn push(&mut self, level: Level, line: &str) {
        match self.lines.len() < MOST_WAITING {
            true => self.lines.push_back((level, line.to_owned())),
            false => self.lost += 1,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.lost == 0
    }

    /// Adds later lines, as far as there is room.
    pub fn extend(&mut self, later: Waiting) {
        later.lines.iter().for_each(|(level, line)| self.push(*level, line));
        self.lost += later.lost;
    }
}

/// The log of one client.
#[derive(Clone, Default)]
pub struct Logger {
    level: i32,
    hook: Option<Weak<LogHook>>,
}

impl fmt::Debug for Logger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Logger(level {})", self.level)
    }
}

thread_local! {
    /// On a thread of ours lines are put aside: the host's hook runs on the host's threads only.
    /// Without a destructor, so that it can be used while the thread ends, when those of others have run.
    static ASIDE: RefCell<Option<ManuallyDrop<Waiting>>> = const { RefCell::new(None) };
}

impl Logger {
    pub fn new(level: i32, hook: Option<&Arc<LogHook>>) -> Logger {
        Logger { level, hook: hook.map(Arc::downgrade) }
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
            waiting.push(level, &line);
            true
        });
        if !aside {
            self.call(level, &line);
        }
    }

    fn call(&self, level: Level, line: &str) {
        if let Some(hook) = self.hook.as_ref().and_then(Weak::upgrade) {
            hooks::call(|| hook(level as i32, line));
        }
    }

    /// Hands over lines that were put aside.
    pub fn replay(&self, lines: Waiting) {
        for (level, line) in lines.lines {
            self.call(level, &line);
        }
        if lines.lost > 0 {
            self.call(
                Level::Warning,
                &format!("{} log lines were lost: nothing took them in time", lines.lost),
            );
        }
    }
}

/// Runs work, and returns the lines that are to be handed over after it; `None` on a thread that puts its lines
/// aside anyway.
pub fn put_aside_all<T>(work: impl FnOnce() -> T) -> (T, Option<Waiting>) {
    if ASIDE.with_borrow(Option::is_some) {
        return (work(), None);
    }
    let (result, lines) = put_aside(work);
    (result, Some(lines))
}

/// Runs work of ours, and returns the lines that it put aside.
pub fn put_aside<T>(work: impl FnOnce() -> T) -> (T, Waiting) {
    // What a panic has left there.
    drop(ASIDE.take().map(ManuallyDrop::into_inner));
    ASIDE.set(Some(ManuallyDrop::new(Waiting::default())));
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
        let hook: Arc<LogHook> = Arc::new(move |_, line: &str| sink.lock().push(line.to_owned()));
        let logger = Logger::new(3, Some(&hook));
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
        let hook: Arc<LogHook> = Arc::new(move |_, _: &str| {
            *counter.lock() += 1;
            let again = inner.lock().clone();
            if let Some(logger) = again {
                logger.log(Level::Info, || "again".into());
            }
        });
        let logger = Logger::new(5, Some(&hook));
        *own.lock() = Some(logger.clone());
        logger.log(Level::Info, || "first".into());
        assert_eq!(*count.lock(), 1);
    }
}
