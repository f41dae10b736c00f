//! The last error of the host's thread, and the signals of the host's process.

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

/// Runs `start` with all signals blocked; a thread that it starts never runs a handler of the host's. Signals
/// that come meanwhile are kept for the host's thread.
pub fn without_signals<T>(start: impl FnOnce() -> T) -> T {
    let _blocked = Blocked::all();
    start()
}

/// The signals that were blocked before; put back when dropped.
struct Blocked(Option<libc::sigset_t>);

impl Blocked {
    fn all() -> Blocked {
        let mut all = MaybeUninit::uninit();
        let mut before = MaybeUninit::uninit();
        // SAFETY: the pointers are to locals, which are read only once the calls have filled them.
        unsafe {
            libc::sigfillset(all.as_mut_ptr());
            let done = libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
            Blocked((done == 0).then(|| before.assume_init()))
        }
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            // SAFETY: the pointer is to what the system said before.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before, ptr::null_mut()) };
        }
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
        let started = without_signals(|| thread::spawn(all_signals_are_blocked));
        assert!(started.join().unwrap() && !before && !all_signals_are_blocked());
        let lost = std::panic::catch_unwind(|| without_signals(|| std::panic::resume_unwind(Box::new(()))));
        assert!(lost.is_err() && !all_signals_are_blocked());
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
