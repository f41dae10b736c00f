//! Threads of ours: named, without the signals of the host, known until they have ended.

use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, Builder, JoinHandle, Thread};
use std::time::{Duration, Instant};

use crate::sync::Lock;
use crate::sys::{fork, host};

/// How often `wait_for_none` looks.
const LOOK: Duration = Duration::from_millis(5);

/// The threads of a process.
struct Threads {
    process: u64,
    running: Vec<JoinHandle<()>>,
    /// The one that ended last. Each joins the one before it: what has ended and was not joined holds memory.
    ended: Option<JoinHandle<()>>,
}

static THREADS: Lock<Threads> = Lock::new(Threads { process: 0, running: Vec::new(), ended: None });

impl Threads {
    /// A forked child has none of its parent's.
    fn of_this_process(&mut self) -> &mut Threads {
        if self.process != fork::generation() {
            let own = Threads { process: fork::generation(), running: Vec::new(), ended: None };
            mem::forget(mem::replace(self, own));
        }
        self
    }

    /// Where this thread stands among those that run, if it is one of ours.
    fn mine(&self) -> Option<usize> {
        let me = thread::current().id();
        self.running.iter().position(|thread| thread.thread().id() == me)
    }
}

/// Starts a thread; `None` = the usual size of its stack.
pub fn start(name: &str, stack: Option<usize>, body: impl FnOnce() + Send + 'static) -> io::Result<Thread> {
    start_boxed(name, stack, Box::new(body))
}

/// The same for all, in the code of the library once.
fn start_boxed(name: &str, stack: Option<usize>, body: Box<dyn FnOnce() + Send>) -> io::Result<Thread> {
    let builder = Builder::new().name(name.into());
    let builder = stack.into_iter().fold(builder, Builder::stack_size);
    // Held, so that the thread finds itself among those that run when it ends.
    let mut threads = THREADS.lock();
    let begins = fork::Passage::begin();
    let thread = host::without_signals(|of_host| {
        builder.spawn(move || {
            drop(begins);
            let _ends = Ends;
            of_host.keep();
            body();
        })
    })?;
    let started = thread.thread().clone();
    threads.of_this_process().running.push(thread);
    Ok(started)
}

/// Runs work on a thread of ours. A panic is its own failure; those who wait for it are told by its guard.
pub fn guarded(work: impl FnOnce()) {
    let work = AssertUnwindSafe(|| fork::inside(work));
    let _ = catch_unwind(work);
}

struct Ends;

impl Drop for Ends {
    fn drop(&mut self) {
        let before = fork::inside(|| {
            let mut threads = THREADS.lock();
            let threads = threads.of_this_process();
            let place = threads.mine()?;
            threads.ended.replace(threads.running.swap_remove(place))
        });
        before.map(JoinHandle::join);
        fork::Passage::end();
    }
}

/// Waits until none is left that runs code of ours, or the time is over; true if so. One of them does not wait: it would
/// be for itself.
pub fn wait_for_none(limit: Duration) -> bool {
    let end = Instant::now().checked_add(limit);
    loop {
        let (is_last, ended) = {
            let mut threads = THREADS.lock();
            let threads = threads.of_this_process();
            if threads.mine().is_some() {
                return false;
            }
            (threads.running.is_empty(), threads.ended.take())
        };
        if let Some(ended) = ended {
            let _ = fork::outside(|| ended.join());
        }
        if is_last {
            return true;
        }
        let left = end.map_or(LOOK, |end| end.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            return false;
        }
        fork::outside(|| thread::sleep(left.min(LOOK)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn a_thread_of_ours_does_not_wait_for_itself() {
        let (told, heard) = channel();
        start("crux-test", None, move || told.send(wait_for_none(Duration::MAX)).unwrap()).unwrap();
        assert_eq!(heard.recv_timeout(Duration::from_secs(60)), Ok(false));
    }
}
