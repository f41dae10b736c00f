//! Requests that have gone out: one thread waits for the responses to all of them. It never waits for a single one.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::sync::{Lock, OfProcess};
use crate::sys::fork;
use crate::sys::readiness::Readiness;
use crate::sys::socket::Socket;
use crate::threads::{self, guarded};

/// How long the thread stays when there is nothing to wait for.
const LINGER: Duration = Duration::from_millis(500);

/// The part of a number that is the place; there are fewer places than "background.max" may be.
const PLACE_BITS: u32 = 16;

/// What is done when something has come, or nothing came in time, and must not wait; told whether it was parked at all.
type Work = Box<dyn FnOnce(bool) + Send>;

struct Parked {
    number: u64,
    socket: Arc<Socket>,
    until: Option<Instant>,
    work: Work,
}

#[derive(Default)]
struct State {
    parked: Vec<Option<Parked>>,
    free: Vec<usize>,
    /// How often one was parked.
    count: u64,
    runs: bool,
    closed: bool,
    /// No later than the time of any is over, so that the thread looks for the late ones.
    looks_at: Option<Instant>,
    /// When the thread ends, with nothing to wait for.
    leaves_at: Option<Instant>,
}

impl State {
    /// Gives it a number that none had before: a socket may be told of late, when its place is another's.
    fn add(&mut self, parked: Parked) -> u64 {
        let place = self.free.pop().unwrap_or(self.parked.len());
        if place == self.parked.len() {
            self.parked.push(None);
        }
        self.count += 1;
        let number = self.count << PLACE_BITS | place as u64;
        self.parked[place] = Some(Parked { number, ..parked });
        number
    }

    fn take(&mut self, number: u64) -> Option<Parked> {
        let place = (number & ((1 << PLACE_BITS) - 1)) as usize;
        let parked = self.parked.get_mut(place)?.take_if(|parked| parked.number == number)?;
        self.free.push(place);
        Some(parked)
    }

    fn is_empty(&self) -> bool {
        self.free.len() == self.parked.len()
    }
}

struct Shared {
    state: Lock<State>,
    readiness: Readiness,
}

/// The parked requests of one client. A forked child has none, and leaves those of its parent alone.
#[derive(Default)]
pub struct Waiting(OfProcess<Shared>);

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waiting")
    }
}

impl Shared {
    /// Fails where one thread cannot wait for many, or for want of descriptors.
    fn new() -> io::Result<Shared> {
        Ok(Shared { state: Lock::default(), readiness: Readiness::new()? })
    }

    /// Makes the thread run, and stay for a while; false if the system refuses it.
    fn stays(self: &Arc<Shared>, state: &mut State) -> bool {
        if !state.runs {
            let own = self.clone();
            state.runs = threads::start("crux-wait", None, move || own.run()).is_ok();
        }
        state.leaves_at = None;
        state.runs
    }

    /// Gives back what cannot be parked.
    fn park(self: &Arc<Shared>, parked: Parked) -> Option<Parked> {
        let mut state = self.state.lock();
        if !self.stays(&mut state) {
            return Some(parked);
        }
        let sooner = parked.until.is_some_and(|until| state.looks_at.is_none_or(|at| until < at));
        if sooner {
            state.looks_at = parked.until;
        }
        let socket = parked.socket.clone();
        let number = state.add(parked);
        drop(state);
        // Without the lock, which the thread wants as soon as it is told of the socket.
        if self.readiness.watch(&socket, number).is_err() {
            return self.state.lock().take(number);
        }
        if sooner {
            self.readiness.ring();
        }
        None
    }

    /// What the thread does.
    fn run(&self) {
        let mut ready = Vec::new();
        while let Some(limit) = fork::inside(|| self.serve(&mut ready)) {
            self.readiness.wait(&mut ready, limit);
        }
    }

    /// Does the work of those that are ready or late; returns how long to wait for more, `None` = no longer.
    fn serve(&self, ready: &mut Vec<u64>) -> Option<Duration> {
        for parked in self.take(ready) {
            guarded(|| (parked.work)(true));
        }
        let mut state = self.state.lock();
        let now = Instant::now();
        if state.is_empty() && (state.closed || state.leaves_at.is_some_and(|at| at <= now)) {
            state.runs = false;
            return None;
        }
        state.leaves_at = state.is_empty().then(|| state.leaves_at.unwrap_or(now + LINGER));
        let next = [state.looks_at, state.leaves_at].into_iter().flatten().min();
        Some(next.map_or(Duration::MAX, |next| next.saturating_duration_since(now)))
    }

    /// Takes those that are ready, and those whose time is over.
    fn take(&self, ready: &mut Vec<u64>) -> Vec<Parked> {
        let mut state = self.state.lock();
        let mut taken: Vec<Parked> = ready.drain(..).filter_map(|number| state.take(number)).collect();
        let now = Instant::now();
        if state.looks_at.is_some_and(|at| at <= now) {
            let late = |parked: &&Parked| parked.until.is_some_and(|until| until <= now);
            let numbers = state.parked.iter().flatten().filter(late).map(|parked| parked.number);
            for number in numbers.collect::<Vec<_>>() {
                taken.extend(state.take(number));
            }
            state.looks_at = state.parked.iter().flatten().filter_map(|parked| parked.until).min();
        }
        taken
    }
}

impl Waiting {
    fn shared(&self) -> Option<Arc<Shared>> {
        self.0.try_get(Shared::new).ok()
    }

    /// Whether requests can be parked here from now on: there is a thread that waits.
    pub fn is_ready(&self) -> bool {
        self.shared().is_some_and(|shared| shared.stays(&mut shared.state.lock()))
    }

    /// Does the work on the thread that waits, once the socket has something or the time is over; here and now if that
    /// cannot be.
    pub fn park(
        &self,
        socket: Arc<Socket>,
        until: Option<Instant>,
        work: impl FnOnce(bool) + Send + 'static,
    ) {
        let parked = Parked { number: 0, socket, until, work: Box::new(work) };
        let refused = match self.shared() {
            Some(shared) => shared.park(parked),
            None => Some(parked),
        };
        if let Some(parked) = refused {
            (parked.work)(false);
        }
    }
}

impl Waiting {
    /// Lets the thread end, once nothing is parked any more, and lets go of what it waits with.
    pub fn close(&self) {
        if let Some(shared) = self.0.take() {
            shared.state.lock().closed = true;
            shared.readiness.ring();
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.close();
    }
}
