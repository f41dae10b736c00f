//! What stands around every exported function: panics end here, and the host finds its thread as it
//! left it.

use std::cell::{Cell, RefCell};
use std::mem::{ManuallyDrop, take};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::hooks;
use crate::sys::fork;
use crate::sys::host::HostState;

type Later = RefCell<Vec<Box<dyn FnOnce()>>>;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// Calls of the host that wait until no lock is held. Empty between two functions, so it needs no destructor,
    /// which would keep the library from being unloaded.
    static HAS_LATER: Cell<bool> = const { Cell::new(false) };
    static LATER: ManuallyDrop<Later> = const { ManuallyDrop::new(RefCell::new(Vec::new())) };
}

/// Calls the host at the end of the function that the thread is inside of, when no lock is held; on a thread of
/// the library at once.
pub fn later(work: impl FnOnce() + 'static) {
    match DEPTH.get() {
        0 => hooks::supply(work),
        _ => {
            LATER.with(|later| later.borrow_mut().push(Box::new(work)));
            HAS_LATER.set(true);
        }
    }
}

/// Keeps the text of our own panics off stderr. A host written in Rust shares its hook with us, so
/// what panics outside our functions is handed on to it.
fn quiet_our_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hosts = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if DEPTH.get() == 0 {
                hosts(info);
            }
        }));
    });
}

/// Counts the functions of ours that the thread is inside of.
struct Depth;

impl Depth {
    fn enter() -> Depth {
        DEPTH.set(DEPTH.get() + 1);
        Depth
    }
}

impl Drop for Depth {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// Runs a function's body, and the fallback if it panicked. If that panics as well, NULL or 0 is returned.
pub fn run<T: Default>(body: impl FnOnce() -> T, fallback: impl FnOnce() -> T) -> T {
    // All that follows may change the last error, so the host's state is saved around it.
    let _host = HostState::save();
    let _depth = Depth::enter();
    fork::inside(|| {
        quiet_our_panics();
        let caught = panic::catch_unwind(AssertUnwindSafe(body));
        let value = caught.or_else(|_| panic::catch_unwind(AssertUnwindSafe(fallback))).unwrap_or_default();
        while HAS_LATER.replace(false) {
            LATER.with(|later| take(&mut *later.borrow_mut())).into_iter().for_each(fork::outside);
        }
        value
    })
}

/// Wraps the body of an exported function: `guard!(what to return after a panic, { body })`.
macro_rules! guard {
    ($fallback:expr, $body:block) => {
        $crate::ffi::guard::run(|| $body, || $fallback)
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::host::LastError;

    #[test]
    fn a_panic_becomes_the_fallback_and_errno_is_kept() {
        LastError::set(42);
        let value = guard!(-1, {
            LastError::set(7);
            if DEPTH.get() == 1 {
                panic!("secret")
            }
            0
        });
        assert_eq!(value, -1);
        assert_eq!(LastError::save().number(), 42);
        assert_eq!(DEPTH.get(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn what_a_thread_of_ours_releases_has_the_signals_of_the_host() {
        use crate::sys::host::all_signals_are_blocked;
        let (told, heard) = std::sync::mpsc::channel();
        let body = move || later(move || told.send(all_signals_are_blocked()).unwrap());
        crate::threads::start("crux-test", None, body).unwrap();
        assert_eq!(heard.recv(), Ok(false));
    }

    #[test]
    fn a_fallback_that_panics_ends_here_too() {
        assert_eq!(guard!(panic!("again"), { if DEPTH.get() == 1 { panic!("secret") } else { 7 } }), 0);
        assert!(guard!(panic!("again"), { std::ptr::null_mut::<u8>() }).is_null());
        assert_eq!(DEPTH.get(), 0);
    }
}
