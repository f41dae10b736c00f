//! Threads of ours for started calls: made as needed, named, gone soon after the last call.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Code, Error, Result};
use crate::sync::OfProcess;
use crate::threads::{self, guarded};

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
    /// Whether it has its place already.
    placed: bool,
    work: Work,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Task>,
    /// Places that are taken, by tasks of threads or by holders.
    taken: usize,
    /// Number of the latest task.
    numbers: u64,
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

    /// Makes a thread for one more task, if none is free and there may be more.
    fn add_thread(&mut self, shared: &Arc<Shared>) -> Result<()> {
        if self.free() <= self.waiting.len() && self.threads < shared.most {
            match spawn(shared, "crux-call", Shared::work) {
                Ok(()) => self.threads += 1,
                // Those that there are will come to it.
                Err(_) if self.threads > 0 => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn next_number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// Whether a task may run now.
    fn has_next(&self, most: usize) -> bool {
        self.waiting.front().is_some_and(|task| task.placed || self.taken < most)
    }

    /// The next task, and its place.
    fn next(&mut self, most: usize) -> Option<Task> {
        let task = if self.has_next(most) { self.waiting.pop_front()? } else { return None };
        self.taken += usize::from(!task.placed);
        Some(task)
    }

    fn earliest(&self) -> Option<Instant> {
        self.waiting.iter().filter_map(|task| task.deadline).min()
    }
}

struct Shared {
    state: Mutex<State>,
    /// How many places there are.
    most: usize,
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
            if let Some(task) = state.next(self.most) {
                self.let_watcher_go(&state);
                drop(state);
                run(task);
                state = self.state();
                state.taken -= 1;
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
            if state.closed || state.has_next(self.most) {
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

fn run(task: Task) {
    let expired = !task.placed && task.deadline.is_some_and(|deadline| deadline <= Instant::now());
    let turn = if expired { Turn::Expired } else { Turn::Run };
    guarded(|| (task.work)(turn));
}

/// The threads of one client.
pub struct Workers {
    shared: OfProcess<Shared>,
    most: usize,
}

/// A place among those that run, held without a thread.
pub struct Place {
    shared: Arc<Shared>,
    /// Whether a task has it now.
    given: bool,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.given {
            return;
        }
        let mut state = self.shared.state();
        state.taken -= 1;
        if !state.waiting.is_empty() {
            self.shared.changed.notify_one();
        }
    }
}

impl Place {
    /// Runs work on a thread, at once; on this one if the system refuses another.
    pub fn run(mut self, work: impl FnOnce() + Send + 'static) {
        let shared = &self.shared;
        let mut state = shared.state();
        if let Err(_refused) = state.add_thread(shared) {
            drop(state);
            return guarded(work);
        }
        let number = state.next_number();
        state.waiting.push_front(Task { number, deadline: None, placed: true, work: Box::new(|_| work()) });
        drop(state);
        shared.changed.notify_one();
        self.given = true;
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Workers")
    }
}

impl Workers {
    pub fn new(most: usize) -> Workers {
        Workers { shared: OfProcess::default(), most }
    }

    fn shared(&self) -> Arc<Shared> {
        self.shared.get(|| Shared {
            state: Mutex::default(),
            most: self.most,
            changed: Condvar::new(),
            sooner: Condvar::new(),
        })
    }

    /// A place for one that is to run at once; `None` = others come first, or as many as may run already.
    pub fn place(&self) -> Option<Place> {
        let shared = self.shared();
        let mut state = shared.state();
        if !state.waiting.is_empty() || state.taken >= self.most {
            return None;
        }
        state.taken += 1;
        drop(state);
        Some(Place { shared, given: false })
    }

    /// Runs a task on a thread of ours, soon; the number is for `withdraw`.
    pub fn run(&self, deadline: Option<Instant>, work: impl FnOnce(Turn) + Send + 'static) -> Result<u64> {
        let shared = self.shared();
        let mut state = shared.state();
        state.add_thread(&shared)?;
        let number = state.next_number();
        let sooner = deadline.is_some_and(|mine| state.earliest().is_none_or(|other| mine < other));
        state.waiting.push_back(Task { number, deadline, placed: false, work: Box::new(work) });
        let is_full = state.waiting.len() > state.free() && state.threads >= self.most;
        let must_wait = is_full || state.taken >= self.most;
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
    threads::start(name, None, move || body(&shared)).map(drop).map_err(|_| {
        Error::new(
            Code::Internal,
            "The system refused to start a thread for a background call; use a call that waits.",
        )
    })
}

impl Drop for Workers {
    fn drop(&mut self) {
        let Some(shared) = self.shared.take() else { return };
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
    fn what_has_a_place_waits_for_no_other() {
        let workers = Workers::new(1);
        let (done, finished) = channel();
        for _ in 0..2000 {
            let place = loop {
                match workers.place() {
                    Some(place) => break place,
                    None => thread::yield_now(),
                }
            };
            let done = done.clone();
            let since = Instant::now();
            place.run(move || done.send(()).unwrap());
            finished.recv().unwrap();
            assert!(since.elapsed() < LINGER / 2, "it came to it after {:?}", since.elapsed());
        }
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
