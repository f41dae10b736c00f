//! Unix.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

pub mod event;
pub mod file;
pub mod fork;
pub mod host;
pub mod memory;
pub mod socket;

/// The first descriptor that is not standard input, output or error.
const FIRST_FREE: i32 = libc::STDERR_FILENO + 1;

/// Moves a descriptor above those of standard input, output and error. A host that has closed these may still
/// print, and would write into what has taken their numbers.
fn above_standard<T: From<OwnedFd> + Into<OwnedFd> + AsRawFd>(low: T) -> io::Result<T> {
    if low.as_raw_fd() >= FIRST_FREE {
        return Ok(low);
    }
    // SAFETY: fcntl takes no pointers here.
    let high = unsafe { libc::fcntl(low.as_raw_fd(), libc::F_DUPFD_CLOEXEC, FIRST_FREE) };
    if high < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor was just made and has no other owner.
    Ok(unsafe { OwnedFd::from_raw_fd(high) }.into())
}
