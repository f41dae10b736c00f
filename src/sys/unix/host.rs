//! The last error of the host's thread, and the signals of the host's process.

use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr;

/// errno, to be put back.
pub struct LastError(libc::c_int);

impl LastError {
    pub fn save() -> LastError {
        // SAFETY: the address of the thread's errno is valid for the life of the thread.
        LastError(unsafe { *errno() })
    }

    pub fn restore(&self) {
        // SAFETY: as above.
        unsafe { *errno() = self.0 };
    }

    #[cfg(test)]
    pub fn set(number: i32) {
        LastError(number).restore();
    }

    #[cfg(test)]
    pub fn number(&self) -> i32 {
        self.0
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
unsafe fn errno() -> *mut libc::c_int {
    // SAFETY: takes no arguments and cannot fail.
    unsafe { libc::__errno_location() }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
unsafe fn errno() -> *mut libc::c_int {
    // SAFETY: takes no arguments and cannot fail.
    unsafe { libc::__error() }
}

/// Which signals a thread has blocked.
#[derive(Clone, Copy)]
pub struct Signals(libc::sigset_t);

thread_local! {
    /// On a thread of ours, those of the thread that started it.
    static OF_HOST: Cell<Option<Signals>> = const { Cell::new(None) };
}

impl Signals {
    fn all() -> Signals {
        let mut all = MaybeUninit::uninit();
        // SAFETY: the call fills the local.
        unsafe {
            libc::sigfillset(all.as_mut_ptr());
            Signals(all.assume_init())
        }
    }

    /// Blocks these and no others, until the guard is dropped.
    fn block(self) -> Blocked {
        let mut before = MaybeUninit::uninit();
        // SAFETY: the pointers are to locals; what is read has been filled.
        unsafe {
            libc::sigemptyset(before.as_mut_ptr());
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, before.as_mut_ptr());
            Blocked(Signals(before.assume_init()))
        }
    }

    /// Keeps these for `with_signals`, on a thread of ours.
    pub fn keep(self) {
        OF_HOST.set(Some(self));
    }
}

/// Starts a thread that never runs a handler of the host's; `start` is given what the host's thread has blocked. Signals
/// that come meanwhile are kept for the host's thread.
pub fn without_signals<T>(start: impl FnOnce(Signals) -> T) -> T {
    let blocked = Signals::all().block();
    start(blocked.0)
}

/// Runs a function of the host's. On a thread of ours too it has the signals of the host: there are runtimes that
/// stop a thread by one, and wait until it has stopped.
pub fn with_signals<T>(hook: impl FnOnce() -> T) -> T {
    let _as_host = OF_HOST.get().map(Signals::block);
    hook()
}

/// What was blocked before; put back when dropped.
struct Blocked(Signals);

impl Drop for Blocked {
    fn drop(&mut self) {
        // SAFETY: the pointer is to what the system said before.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0.0, ptr::null_mut()) };
    }
}

/// Returns true if the thread runs no handler of a signal that can be blocked.
#[cfg(test)]
pub fn all_signals_are_blocked() -> bool {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the pointers are to locals or NULL; what is read has been filled.
    unsafe {
        libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), set.as_mut_ptr());
        let set = set.assume_init();
        (1..32)
            .filter(|signal| ![libc::SIGKILL, libc::SIGSTOP].contains(signal))
            .all(|signal| libc::sigismember(&raw const set, signal) == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn a_thread_started_without_signals_stays_so_and_the_starter_does_not() {
        let before = all_signals_are_blocked();
        let started = without_signals(|_| thread::spawn(all_signals_are_blocked));
        assert!(started.join().unwrap() && !before && !all_signals_are_blocked());
        let lost = std::panic::catch_unwind(|| without_signals(|_| std::panic::resume_unwind(Box::new(()))));
        assert!(lost.is_err() && !all_signals_are_blocked());
    }

    #[test]
    fn a_hook_has_the_signals_of_the_thread_that_started_ours() {
        assert!(!with_signals(all_signals_are_blocked));
        let started = without_signals(|of_host| {
            thread::spawn(move || {
                of_host.keep();
                (with_signals(all_signals_are_blocked), all_signals_are_blocked())
            })
        });
        assert_eq!(started.join().unwrap(), (false, true));
    }

    #[test]
    fn the_last_error_comes_back() {
        LastError::set(42);
        let saved = LastError::save();
        LastError::set(7);
        saved.restore();
        assert_eq!(LastError::save().number(), 42);
    }
}
