//! What a host is called for while it waits. The library holds hooks weakly: whoever made them keeps them
//! for as long as they may be called, and so they end on a thread of the host.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use crate::sys::{fork, host};

/// Takes a level and a line.
pub type LogHook = dyn Fn(i32, &str) + Send + Sync;
/// Takes a stage, and how much of how much is done; true goes on, false ends the request.
pub type TickHook = dyn Fn(i32, i64, i64) -> bool + Send + Sync;

/// Takes the token that was refused, if there was one, and a buffer for another; returns its length, or a number
/// below 0 if there is none.
pub type TokenHook = dyn Fn(Option<&str>, &mut [u8]) -> isize + Send + Sync;

/// The hooks of a client, or of one call.
#[derive(Clone, Default)]
pub struct Hooks {
    pub log: Option<Arc<LogHook>>,
    pub tick: Option<Arc<TickHook>>,
    pub token: Option<Arc<TokenHook>>,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hooks(log {}, tick {})", self.log.is_some(), self.tick.is_some())
    }
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs a hook outside of what a fork waits for; `None` on a thread that is inside one already, so that no
/// hook recurses.
pub fn call<T>(hook: impl FnOnce() -> T) -> Option<T> {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            INSIDE.set(false);
        }
    }
    if INSIDE.replace(true) {
        return None;
    }
    let _leave = Leave;
    Some(supply(hook))
}

/// Runs a hook that the request cannot do without, whatever other hook it is made in.
pub fn supply<T>(hook: impl FnOnce() -> T) -> T {
    fork::outside(|| host::with_signals(hook))
}
