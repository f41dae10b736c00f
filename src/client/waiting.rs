//! Requests that have gone out: one thread waits for the responses to all of them. It never waits for a single one. A host's
//! event loop that asks for it reads them itself; the thread then stands by, in case it does not come.

use std::fmt;
use std::io;
use std::mem;
use std::sync::Arc;
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use crate::sync::{Lock, OfProcess};
use crate::sys::fork;
use crate::sys::readiness::{AT_ONCE, Either, Readiness};
use crate::sys::socket::Socket;
use crate::threads::{guarded, start};

/// How long the thread stays when there is nothing to wait for.
const LINGER: Duration = Duration::from_millis(500);

/// How long what the host reads itself waits for it, at the least.
const STAND_BY: Duration = Duration::from_millis(20);

/// After so many times with nothing to do the thread looks no more, and is woken when something comes.
const STILL: u32 = 10;

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

/// What the thread waits for.
enum Next {
    /// Something to read.
    Wait(Duration),
    /// The host to read it.
    StandBy(Duration),
    /// Something that the host may read.
    Watch(Duration),
}

#[derive(Default)]
struct State {
    parked: Vec<Option<Parked>>,
    free: Vec<usize>,
    /// How often one was parked.
    count: u64,
    runs: Option<Thread>,
    closed: bool,
    /// What the host's loop waits for, if it reads itself.
    event: Option<Either>,
    /// Whether the thread waits for as long as there is nothing for it, since it knows of no event.
    unaware: bool,
    /// Whether the host reads.
    by_host: bool,
    /// Whether it has since the thread looked last.
    has_read: bool,
    /// Whether the thread stands by for longer, since there is nothing to read.
    sleeps: bool,
    /// Whether the thread waits for something that the host may read.
    watches: bool,
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

    /// The thread, if it must be woken to stand by for what is parked now.
    fn sleeper(&mut self) -> Option<Thread> {
        if mem::take(&mut self.sleeps) { self.runs.clone() } else { None }
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
        if state.runs.is_none() {
            let own = self.clone();
            state.runs = start("crux-wait", None, move || own.run()).ok();
        }
        state.leaves_at = None;
        state.runs.is_some()
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
        let wakes = sooner && (!state.by_host || state.watches);
        let sleeper = state.sleeper();
        let socket = parked.socket.clone();
        let number = state.add(parked);
        drop(state);
        sleeper.iter().for_each(Thread::unpark);
        // Without the lock, which the thread wants as soon as it is told of the socket.
        if self.readiness.watch(&socket, number).is_err() {
            return self.state.lock().take(number);
        }
        if wakes {
            self.readiness.ring();
        }
        None
    }

    /// What the thread does.
    fn run(&self) {
        let mut ready = Vec::new();
        let (mut was_left, mut still) = (false, 0);
        while let Some(next) = fork::inside(|| self.next(&mut ready, still >= STILL)) {
            let has_come = match next {
                Next::Wait(limit) => {
                    self.readiness.wait(&mut ready, limit);
                    !ready.is_empty()
                }
                Next::StandBy(limit) => {
                    thread::park_timeout(limit);
                    let is_ready = self.readiness.is_ready();
                    let has_read = fork::inside(|| self.has_read());
                    let is_left = is_ready && !has_read;
                    if is_left && was_left {
                        self.readiness.wait(&mut ready, Duration::ZERO);
                    }
                    was_left = is_left;
                    is_ready || has_read
                }
                Next::Watch(limit) => self.readiness.expect(limit),
            };
            still = if has_come { 0 } else { still + 1 };
        }
    }

    /// Does the work of those that are ready or late.
    fn serve(&self, ready: &mut Vec<u64>) {
        for parked in self.take(ready) {
            guarded(|| (parked.work)(true));
        }
    }

    /// What the thread does after that; `None` = it ends.
    fn next(&self, ready: &mut Vec<u64>, is_still: bool) -> Option<Next> {
        self.serve(ready);
        let mut state = self.state.lock();
        let now = Instant::now();
        let is_idle = state.is_empty();
        if is_idle && (state.closed || state.leaves_at.is_some_and(|at| at <= now)) {
            (state.runs, state.unaware) = (None, false);
            return None;
        }
        state.leaves_at = is_idle.then(|| state.leaves_at.unwrap_or(now + LINGER));
        let next = [state.looks_at, state.leaves_at].into_iter().flatten().min();
        let limit = next.map_or(Duration::MAX, |next| next.saturating_duration_since(now));
        state.unaware = state.event.is_none();
        state.sleeps = is_idle && state.by_host;
        state.watches = is_still && !is_idle && state.event.is_some();
        if state.watches {
            self.readiness.hush();
        }
        // The host may begin to read at any time, and does not wake the thread for it.
        let may_read = !state.unaware && !state.sleeps && !state.watches;
        let limit = if may_read { limit.min(STAND_BY) } else { limit };
        Some(match (state.watches, state.by_host) {
            (true, _) => Next::Watch(limit),
            (false, true) => Next::StandBy(limit),
            (false, false) => Next::Wait(limit),
        })
    }

    /// Whether the host has read since the thread looked last.
    fn has_read(&self) -> bool {
        mem::take(&mut self.state.lock().has_read)
    }

    /// What the host's thread does: reads what has come.
    fn read(&self) {
        let mut state = self.state.lock();
        // A thread that is to learn of it has been rung for, which the host would take from it.
        state.by_host = state.event.is_some() && !state.unaware;
        state.has_read = true;
        let mut is_more = state.by_host;
        drop(state);
        let mut ready = Vec::new();
        // Also with none parked: what was rung for, or given up while a forked child has it too, would show for ever.
        while is_more {
            self.readiness.wait(&mut ready, Duration::ZERO);
            is_more = ready.len() == AT_ONCE;
            self.serve(&mut ready);
        }
    }

    /// Lets the thread read again.
    fn let_thread_read(&self) {
        let mut state = self.state.lock();
        let sleeper = if mem::take(&mut state.by_host) { state.runs.clone() } else { None };
        drop(state);
        sleeper.iter().for_each(Thread::unpark);
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

    /// What shows that there is something to `read`, or that the queue's own event is raised. From then on the host reads.
    pub fn event(&self, of_queue: isize) -> io::Result<isize> {
        let shared = self.0.try_get(Shared::new)?;
        let mut state = shared.state.lock();
        if state.event.is_none() {
            state.event = Some(shared.readiness.or(of_queue)?);
            if state.unaware {
                shared.readiness.ring();
            }
        }
        Ok(state.event.as_ref().map_or(of_queue, Either::number))
    }

    /// Reads what has come, and does its work on this thread.
    pub fn read(&self) {
        if let Some(shared) = self.0.made() {
            shared.read();
        }
    }

    /// The host's thread waits in another way: its loop does not read meanwhile.
    pub fn let_thread_read(&self) {
        if let Some(shared) = self.0.made() {
            shared.let_thread_read();
        }
    }

    /// Lets the thread end, once nothing is parked any more, and lets go of what it waits with.
    pub fn close(&self) {
        if let Some(shared) = self.0.take() {
            let mut state = shared.state.lock();
            state.closed = true;
            let event = state.event.take();
            drop(state);
            drop(event);
            shared.let_thread_read();
            shared.readiness.ring();
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.close();
    }
}
