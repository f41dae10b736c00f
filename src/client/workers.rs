//! Threads of ours for started calls: made as needed, named, gone soon after the last call.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Code, Error, Result};
use crate::sync::Lock;
use crate::sys::fork;
use crate::threads;

/// How long a thread without work stays.
const LINGER: Duration = Duration::from_millis(500);

/// What a thread does with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Run,
    /// Its time was over before a thread came to it.
    Expired,
}

type Work = Box<dyn FnOnce(Turn) + Send>;

struct Task {
    number: u64,
    deadline: Option<Instant>,
    work: Work,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Task>,
    /// Number of the next task.
    next: u64,
    threads: usize,
    idle: usize,
    /// Threads that look once more before they sleep: they need not be woken.
    awake: usize,
    /// Whether a thread watches the deadlines of those that wait.
    watched: bool,
    closed: bool,
}

impl State {
    /// Threads that will come to what waits.
    fn free(&self) -> usize {
        self.idle + self.awake
    }

    fn earliest(&self) -> Option<Instant> {
        self.waiting.iter().filter_map(|task| task.deadline).min()
    }
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// There is work, or the client is gone.
    changed: Condvar,
    /// A deadline may be nearer than the watching thread knows.
    sooner: Condvar,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What one thread does.
    fn work(&self) {
        let mut state = self.state();
        loop {
            if let Some(task) = state.waiting.pop_front() {
                self.let_watcher_go(&state);
                drop(state);
                run(task);
                state = self.state();
                continue;
            }
            if state.closed {
                break;
            }
            // A host that takes one response often starts the next request at once.
            state.awake += 1;
            drop(state);
            thread::yield_now();
            state = self.state();
            state.awake -= 1;
            if state.closed || !state.waiting.is_empty() {
                continue;
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

    /// With nothing left to watch, its thread ends now and not at a deadline that is nobody's.
    fn let_watcher_go(&self, state: &State) {
        if state.watched && state.earliest().is_none() {
            self.sooner.notify_one();
        }
    }

    /// Ends tasks that no thread has come to in their time; for as long as any such may wait.
    fn watch(&self) {
        let mut state = self.state();
        while let Some(earliest) = state.earliest() {
            let now = Instant::now();
            if earliest > now {
                let waited = self.sooner.wait_timeout(state, earliest - now);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            let late = |task: &Task| task.deadline.is_some_and(|deadline| deadline <= now);
            let Some(at) = state.waiting.iter().position(late) else { continue };
            let task = state.waiting.remove(at);
            drop(state);
            task.into_iter().for_each(run);
            state = self.state();
        }
        state.watched = false;
    }
}

/// A panic is the task's own failure; those who wait for it are told by its guard.
fn run(task: Task) {
    let expired = task.deadline.is_some_and(|deadline| deadline <= Instant::now());
    let turn = if expired { Turn::Expired } else { Turn::Run };
    let work = std::panic::AssertUnwindSafe(|| fork::inside(|| (task.work)(turn)));
    let _ = std::panic::catch_unwind(work);
}

/// The threads of one client, and the process that they belong to. They do not follow into a forked
/// child, and may hold their lock at any time: a child starts afresh, and leaves theirs alone.
pub struct Workers {
    mine: Lock<(u64, Arc<Shared>)>,
    most: usize,
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Workers")
    }
}

impl Workers {
    pub fn new(most: usize) -> Workers {
        Workers { mine: Lock::new((fork::generation(), Arc::default())), most }
    }

    /// What is shared with the threads of this process.
    fn shared(&self) -> Arc<Shared> {
        let mut mine = self.mine.lock();
        if mine.0 != fork::generation() {
            // The tasks of the parent end with it; freeing them here would end what they work on.
            std::mem::forget(std::mem::replace(&mut *mine, (fork::generation(), Arc::default())));
        }
        mine.1.clone()
    }

    /// Runs a task on a thread of ours, soon; the number is for `withdraw`.
    pub fn run(&self, deadline: Option<Instant>, work: impl FnOnce(Turn) + Send + 'static) -> Result<u64> {
        let shared = self.shared();
        let mut state = shared.state();
        if state.free() <= state.waiting.len() && state.threads < self.most {
            match spawn(&shared, "crux-call", Shared::work) {
                Ok(()) => state.threads += 1,
                // Those that there are will come to it.
                Err(_) if state.threads > 0 => {}
                Err(error) => return Err(error),
            }
        }
        let number = state.next;
        state.next += 1;
        let sooner = deadline.is_some_and(|mine| state.earliest().is_none_or(|other| mine < other));
        state.waiting.push_back(Task { number, deadline, work: Box::new(work) });
        let must_wait = state.waiting.len() > state.free() && state.threads >= self.most;
        if must_wait && deadline.is_some() && !state.watched {
            state.watched = spawn(&shared, "crux-deadline", Shared::watch).is_ok();
        }
        let is_seen = state.awake >= state.waiting.len();
        drop(state);
        if !is_seen {
            shared.changed.notify_one();
        }
        if must_wait && sooner {
            shared.sooner.notify_one();
        }
        Ok(number)
    }

    /// Drops a task that no thread has begun; false if one has.
    pub fn withdraw(&self, number: u64) -> bool {
        let shared = self.shared();
        let mut state = shared.state();
        let at = state.waiting.iter().position(|task| task.number == number);
        let task = at.and_then(|at| state.waiting.remove(at));
        shared.let_watcher_go(&state);
        drop(state);
        // The task is dropped outside the lock: these workers may end with it.
        task.is_some()
    }
}

fn spawn(shared: &Arc<Shared>, name: &str, body: fn(&Shared)) -> Result<()> {
    let shared = shared.clone();
    threads::start(name, None, move || body(&shared)).map_err(|_| {
        Error::new(
            Code::Internal,
            "The system refused to start a thread for a background call; use a call that waits.",
        )
    })
}

impl Drop for Workers {
    fn drop(&mut self) {
        let shared = self.shared();
        shared.state().closed = true;
        shared.changed.notify_all();
        // Whoever watches lets go of tasks whose handles are gone.
        shared.sooner.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    const MOST: usize = 16;

    #[test]
    fn tasks_run_on_few_threads_and_a_panic_ends_none_of_them() {
        let workers = Workers::new(MOST);
        let (done, all) = channel();
        for number in 0..100 {
            let done = done.clone();
            workers
                .run(None, move |turn| {
                    assert_eq!((turn, thread::current().name()), (Turn::Run, Some("crux-call")));
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
    fn what_has_not_begun_can_be_withdrawn_and_expires_in_time() {
        let workers = Workers::new(MOST);
        let (go, gate) = channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        for _ in 0..MOST {
            let gate = gate.clone();
            workers.run(None, move |_| gate.lock().unwrap().recv().unwrap_or_default()).unwrap();
        }
        let (done, finished) = channel();
        let withdrawn = done.clone();
        let number = workers.run(None, move |turn| withdrawn.send(turn).unwrap()).unwrap();
        assert!(workers.withdraw(number));
        assert!(!workers.withdraw(number));
        let soon = Instant::now() + Duration::from_millis(20);
        workers.run(Some(soon), move |turn| done.send(turn).unwrap()).unwrap();
        // All threads are busy still.
        assert_eq!(finished.recv().unwrap(), Turn::Expired);
        assert!(Instant::now() >= soon);
        drop(go);
        assert!(finished.recv().is_err(), "it ran all the same");
    }

    #[test]
    fn threads_leave_when_the_client_goes() {
        let workers = Workers::new(MOST);
        let (done, finished) = channel();
        workers.run(None, move |_| done.send(()).unwrap()).unwrap();
        finished.recv().unwrap();
        let shared = workers.shared();
        drop(workers);
        while shared.state().threads > 0 {
            thread::yield_now();
        }
    }
}
