//! The one lock of the library: never poisoned.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A mutex that outlives a panic of its holder: what it guards is valid after every step.
#[derive(Debug, Default)]
pub struct Lock<T>(Mutex<T>);

impl<T> Lock<T> {
    pub const fn new(value: T) -> Lock<T> {
        Lock(Mutex::new(value))
    }

    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A flag that threads can wait for.
#[derive(Debug, Default)]
pub struct Signal {
    state: Lock<Raised>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Raised {
    raised: bool,
    /// Waking takes a system call, which nobody needs whom nobody waits for.
    waiting: usize,
}

impl Signal {
    pub fn raise(&self) {
        let mut state = self.state.lock();
        state.raised = true;
        if state.waiting > 0 {
            self.changed.notify_all();
        }
    }

    /// Waits until raised or the time is over; true if raised.
    pub fn wait(&self, limit: Duration) -> bool {
        let mut state = self.state.lock();
        state.waiting += 1;
        let waited = self.changed.wait_timeout_while(state, limit, |state| !state.raised);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        state.raised
    }
}
