//! The last error of the host's thread; there are no signals.

use windows_sys::Win32::Foundation::{GetLastError, SetLastError};

/// The last error of Windows and of its sockets, which are one, to be put back. The errno of the host's C
/// library is never touched: nothing here uses it.
pub struct LastError(u32);

impl LastError {
    pub fn save() -> LastError {
        // SAFETY: reads a field of the thread.
        LastError(unsafe { GetLastError() })
    }

    pub fn restore(&self) {
        // SAFETY: writes a field of the thread.
        unsafe { SetLastError(self.0) };
    }

    #[cfg(test)]
    pub fn set(number: i32) {
        LastError(number as u32).restore();
    }

    #[cfg(test)]
    pub fn number(&self) -> i32 {
        self.0 as i32
    }
}

/// Which signals a thread has blocked: there are none.
#[derive(Clone, Copy)]
pub struct Signals;

impl Signals {
    /// Keeps these for `with_signals`, on a thread of ours.
    pub fn keep(self) {}
}

/// Starts a thread that never runs a handler of the host's.
pub fn without_signals<T>(start: impl FnOnce(Signals) -> T) -> T {
    start(Signals)
}

/// Runs a function of the host's.
pub fn with_signals<T>(hook: impl FnOnce() -> T) -> T {
    hook()
}

/// Returns true: no thread runs a handler here.
#[cfg(test)]
pub fn all_signals_are_blocked() -> bool {
    true
}
