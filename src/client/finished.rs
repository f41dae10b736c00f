//! Started calls that have finished, in that order, for whoever asks the client for the next one.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use crate::sync::{Lock, Signal};
use crate::sys::event::{Bell, Event};
use crate::sys::fork;
use crate::threads::guarded;

/// A started call, as its handle is known to the host.
pub trait Started: Send + Sync {
    /// The number by which the host knows it; 0 = none any more.
    fn number(&self) -> usize;
}

#[derive(Default)]
struct State {
    /// Weak: a call whose handle was freed is nobody's business, and takes no room.
    queue: VecDeque<Weak<dyn Started>>,
    under_way: usize,
    waiting: Vec<Arc<Signal>>,
    event: Option<Event>,
    /// How many of those who ask look themselves whether one finishes: they need not be woken.
    looking: usize,
    /// Length at which those that are gone are swept out.
    sweep_at: usize,
    /// Threads and their calls do not follow into a forked child.
    process: u64,
}

/// The queue of one client.
#[derive(Default)]
pub struct FinishedQueue(Lock<State>);

impl fmt::Debug for FinishedQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FinishedQueue")
    }
}

impl State {
    fn of_this_process(&mut self) -> &mut State {
        if self.process != fork::generation() {
            *self = State { process: fork::generation(), ..State::default() };
        }
        self
    }

    /// The first that still has a handle; those without are dropped.
    fn front(&mut self) -> Option<usize> {
        while let Some(first) = self.queue.front() {
            match first.upgrade().map_or(0, |started| started.number()) {
                0 => drop(self.queue.pop_front()),
                number => return Some(number),
            }
        }
        if let Some(event) = &mut self.event {
            let _ = event.clear();
        }
        None
    }

    /// Takes the next one out; the event tells whether there are more.
    fn pop(&mut self) -> Option<usize> {
        let number = self.front()?;
        self.queue.pop_front();
        if self.front().is_some()
            && let Some(event) = &mut self.event
        {
            let _ = event.raise();
        }
        Some(number)
    }
}

impl FinishedQueue {
    /// Counts a call that is about to start.
    pub fn begin(&self) {
        self.0.lock().of_this_process().under_way += 1;
    }

    /// Takes a call that has finished.
    pub fn push(&self, started: Weak<dyn Started>) {
        let (bell, waiting) = {
            let mut state = self.0.lock();
            let state = state.of_this_process();
            state.under_way = state.under_way.saturating_sub(1);
            if state.queue.len() >= state.sweep_at {
                state.queue.retain(|started| started.strong_count() > 0);
                state.sweep_at = (2 * state.queue.len()).max(64);
            }
            state.queue.push_back(started);
            let is_first = state.queue.len() == 1 && state.looking == 0;
            let event = state.event.as_mut().filter(|_| is_first);
            (event.and_then(|event| event.raise_by_bell().ok()), std::mem::take(&mut state.waiting))
        };
        // Without the lock: whoever is woken wants it. If it cannot be rung, whoever waits here is woken all the same.
        let _ = bell.map(Bell::ring);
        waiting.iter().for_each(|signal| signal.raise());
    }

    /// Takes the next one out.
    pub fn pop(&self) -> Option<usize> {
        self.0.lock().of_this_process().pop()
    }

    /// The same after `look`, on this thread, which may let some finish.
    pub fn pop_after(&self, look: impl FnOnce()) -> Option<usize> {
        self.0.lock().of_this_process().looking += 1;
        guarded(look);
        let mut state = self.0.lock();
        let state = state.of_this_process();
        state.looking = state.looking.saturating_sub(1);
        state.pop()
    }

    /// Whether one has finished, and whether one may finish yet.
    pub fn look(&self) -> (bool, bool) {
        let mut state = self.0.lock();
        let state = state.of_this_process();
        (state.front().is_some(), state.under_way > 0)
    }

    /// Waits until one more has finished, or the time is over.
    pub fn wait(&self, limit: Duration) {
        let signal = Arc::new(Signal::default());
        {
            let mut state = self.0.lock();
            let state = state.of_this_process();
            // Nobody would wake it if the last one has been taken since the caller looked.
            if state.front().is_some() || state.under_way == 0 {
                return;
            }
            state.waiting.push(signal.clone());
        }
        signal.wait(limit);
        self.0.lock().waiting.retain(|other| !Arc::ptr_eq(other, &signal));
    }

    /// Gives the descriptor back.
    pub fn close_event(&self) {
        let event = self.0.lock().of_this_process().event.take();
        drop(event);
    }

    /// A descriptor that is readable while there is a finished one; made when it is first asked for.
    pub fn event(&self) -> io::Result<isize> {
        let mut state = self.0.lock();
        let state = state.of_this_process();
        if state.event.is_none() {
            let mut event = Event::new()?;
            if state.front().is_some() {
                event.raise()?;
            }
            state.event = Some(event);
        }
        Ok(state.event.as_ref().map_or(-1, Event::number))
    }
}

/// What is left of a wait; `None` = it is over.
pub fn left(end: Option<Instant>) -> Option<Duration> {
    let left = end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
    (!left.is_zero()).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Number(usize);
    impl Started for Number {
        fn number(&self) -> usize {
            self.0
        }
    }

    #[test]
    fn the_order_is_that_of_finishing_and_what_is_gone_is_passed_over() {
        let queue = FinishedQueue::default();
        let all: Vec<Arc<dyn Started>> = (1..=3).map(|n| Arc::new(Number(n)) as Arc<dyn Started>).collect();
        assert_eq!(queue.look(), (false, false));
        all.iter().for_each(|_| queue.begin());
        all.iter().rev().for_each(|one| queue.push(Arc::downgrade(one)));
        assert_eq!(queue.look(), (true, false));
        let mut all = all;
        all.remove(1);
        assert_eq!([queue.pop(), queue.pop(), queue.pop()], [Some(3), Some(1), None]);
    }

    #[cfg(unix)]
    #[test]
    fn whoever_looks_is_not_woken_but_told_of_more() {
        let queue = FinishedQueue::default();
        let event = queue.event().unwrap();
        let is_raised = || queue.0.lock().event.as_ref().unwrap().is_raised();
        let all: Vec<Arc<dyn Started>> = (1..=3).map(|n| Arc::new(Number(n)) as Arc<dyn Started>).collect();
        let push = |one: &Arc<dyn Started>| {
            queue.begin();
            queue.push(Arc::downgrade(one));
        };
        assert_eq!(queue.pop_after(|| push(&all[0])), Some(1));
        assert!(!is_raised());
        let two = || {
            all[1..].iter().for_each(push);
            assert!(!is_raised());
        };
        assert_eq!(queue.pop_after(two), Some(2));
        assert!(is_raised());
        assert_eq!((queue.pop(), queue.pop(), queue.event().unwrap()), (Some(3), None, event));
        assert!(!is_raised());
    }

    #[test]
    fn with_nothing_under_way_nobody_waits() {
        let began = Instant::now();
        FinishedQueue::default().wait(Duration::from_secs(20));
        assert!(began.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn those_that_nobody_takes_take_no_room_once_they_are_freed() {
        let queue = FinishedQueue::default();
        for n in 1..10_000 {
            let one: Arc<dyn Started> = Arc::new(Number(n));
            queue.begin();
            queue.push(Arc::downgrade(&one));
        }
        assert!(queue.0.lock().queue.len() <= 128);
    }
}
