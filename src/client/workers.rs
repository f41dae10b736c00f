//! Threads of ours for background calls: few, named, started on first use, gone soon after the last.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::error::{Code, Error, Result};
use crate::sync::Lock;
use crate::sys::{fork, host};

/// Most threads of one client.
const MOST: usize = 16;
/// How long a thread without work stays.
const LINGER: Duration = Duration::from_millis(500);

type Task = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct State {
    waiting: VecDeque<(u64, Task)>,
    /// Number of the next task.
    next: u64,
    threads: usize,
    idle: usize,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What one thread does.
    fn work(&self) {
        let mut state = self.state();
        loop {
            if let Some((_, task)) = state.waiting.pop_front() {
                drop(state);
                // A panic is the task's own failure; those who wait for it are told by its guard.
                let task = std::panic::AssertUnwindSafe(|| fork::inside(task));
                let _ = std::panic::catch_unwind(task);
                state = self.state();
                continue;
            }
            if state.closed {
                break;
            }
            state.idle += 1;
            let waited = self.changed.wait_timeout(state, LINGER).unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            state.idle -= 1;
            if waited.1.timed_out() && state.waiting.is_empty() {
                break;
            }
        }
        state.threads -= 1;
    }
}

/// The threads of one client, and the process that they belong to. They do not follow into a forked
/// child, and may hold their lock at any time: a child starts afresh, and leaves theirs alone.
pub struct Workers(Lock<(u64, Arc<Shared>)>);

impl Default for Workers {
    fn default() -> Workers {
        Workers(Lock::new((fork::generation(), Arc::default())))
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Workers")
    }
}

impl Workers {
    /// What is shared with the threads of this process.
    fn shared(&self) -> Arc<Shared> {
        let mut mine = self.0.lock();
        if mine.0 != fork::generation() {
            // The tasks of the parent end with it; freeing them here would end what they work on.
            std::mem::forget(std::mem::replace(&mut *mine, (fork::generation(), Arc::default())));
        }
        mine.1.clone()
    }

    /// Runs a task on a thread of ours, soon; the number is for `withdraw`.
    pub fn run(&self, task: impl FnOnce() + Send + 'static) -> Result<u64> {
        let shared = self.shared();
        let mut state = shared.state();
        if state.idle <= state.waiting.len() && state.threads < MOST {
            let worker = shared.clone();
            let thread = thread::Builder::new().name("crux-call".into());
            let started = host::without_signals(|| thread.spawn(move || worker.work()));
            match started {
                Ok(_) => state.threads += 1,
                // Those that there are will come to it.
                Err(_) if state.threads > 0 => {}
                Err(_) => {
                    return Err(Error::new(
                        Code::Internal,
                        "The system refused to start a thread for a background call; use a call that waits.",
                    ));
                }
            }
        }
        let number = state.next;
        state.next += 1;
        state.waiting.push_back((number, Box::new(task)));
        drop(state);
        shared.changed.notify_one();
        Ok(number)
    }

    /// Drops a task that no thread has begun; false if one has.
    pub fn withdraw(&self, number: u64) -> bool {
        let shared = self.shared();
        let mut state = shared.state();
        let at = state.waiting.binary_search_by_key(&number, |(number, _)| *number).ok();
        let task = at.and_then(|at| state.waiting.remove(at));
        drop(state);
        // The task is dropped outside the lock: these workers may end with it.
        task.is_some()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        let shared = self.shared();
        shared.state().closed = true;
        shared.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn tasks_run_on_few_threads_and_a_panic_harms_none() {
        let workers = Workers::default();
        let (done, all) = channel();
        for number in 0..100 {
            let done = done.clone();
            workers
                .run(move || {
                    assert_eq!(thread::current().name(), Some("crux-call"));
                    done.send(number).unwrap();
                    if number % 10 == 0 {
                        std::panic::resume_unwind(Box::new(()));
                    }
                })
                .unwrap();
        }
        let mut seen: Vec<i32> = all.iter().take(100).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
        assert!(workers.shared().state().threads <= MOST);
    }

    #[test]
    fn what_has_not_begun_can_be_withdrawn() {
        let workers = Workers::default();
        let (go, gate) = channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        for _ in 0..MOST {
            let gate = gate.clone();
            workers.run(move || gate.lock().unwrap().recv().unwrap_or_default()).unwrap();
        }
        let (done, finished) = channel();
        let number = workers.run(move || done.send(()).unwrap()).unwrap();
        assert!(workers.withdraw(number));
        assert!(!workers.withdraw(number));
        drop(go);
        assert!(finished.recv().is_err(), "it ran all the same");
    }

    #[test]
    fn threads_leave_when_the_client_goes() {
        let workers = Workers::default();
        let (done, finished) = channel();
        workers.run(move || done.send(()).unwrap()).unwrap();
        finished.recv().unwrap();
        let shared = workers.shared();
        drop(workers);
        while shared.state().threads > 0 {
            thread::yield_now();
        }
    }
}
