//! Unix: what has no file of its own here, the lowest descriptors, word of a fork and advice about memory.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use libc::c_int;

pub mod event;
pub mod file;
pub mod host;
pub mod names;
pub mod proxy;
#[cfg(any(target_os = "linux", target_os = "android"))]
pub mod readiness;
pub mod socket;
pub mod trust;

/// The first descriptor that is not standard input, output or error.
const FIRST_FREE: i32 = libc::STDERR_FILENO + 1;

/// Moves a descriptor above those of standard input, output and error. A host that has closed these may still
/// print, and would write into what has taken their numbers.
fn above_standard<T: From<OwnedFd> + Into<OwnedFd> + AsRawFd>(low: T) -> io::Result<T> {
    if low.as_raw_fd() >= FIRST_FREE {
        return Ok(low);
    }
    // SAFETY: fcntl takes no pointers here.
    let high = checked(unsafe { libc::fcntl(low.as_raw_fd(), libc::F_DUPFD_CLOEXEC, FIRST_FREE) })?;
    // SAFETY: the descriptor was just made and has no other owner.
    Ok(unsafe { OwnedFd::from_raw_fd(high) }.into())
}

fn checked(result: c_int) -> io::Result<c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

fn never_wait(end: &impl AsRawFd) -> io::Result<()> {
    // SAFETY: fcntl with F_GETFL and F_SETFL takes no pointers.
    unsafe {
        let flags = checked(libc::fcntl(end.as_raw_fd(), libc::F_GETFL))?;
        checked(libc::fcntl(end.as_raw_fd(), libc::F_SETFL, flags | libc::O_NONBLOCK))?;
    }
    Ok(())
}

type Handler = extern "C" fn();

/// Calls these before a fork, and after it in both processes, for as long as the process lives.
pub fn on_fork(before: Handler, in_parent: Handler, in_child: Handler) {
    // SAFETY: the library is linked with nodelete, so the handlers stay where they are.
    unsafe {
        libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child));
    }
}

/// Asks the system for large pages behind what is there: fresh small ones cost more than what is read into
/// them. Only where the memory is so much that it is no part of the heap, and the advice ends with it; where
/// there are no large pages, nothing changes.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn will_be_long(bytes: &mut Vec<u8>) {
    const LARGE_PAGE: usize = 2 << 20;
    const NO_HEAP: usize = 32 << 20;
    if bytes.capacity() <= NO_HEAP {
        return;
    }
    let room = bytes.spare_capacity_mut();
    let offset = room.as_ptr().align_offset(LARGE_PAGE);
    let length = room.len().saturating_sub(offset) / LARGE_PAGE * LARGE_PAGE;
    if length > 0 {
        let start = room[offset..].as_mut_ptr();
        // SAFETY: whole pages within the capacity; it is advice, contents stay as they are.
        unsafe { libc::madvise(start.cast(), length, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn will_be_long(_: &mut Vec<u8>) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::in_words;

    #[test]
    fn system_errors_in_words() {
        let full =
            if cfg!(target_env = "musl") { "no file descriptors available" } else { "too many open files" };
        for (number, words) in [
            (24, full),
            (2, "no such file or folder"),
            (13, "permission denied"),
            (28, "no space left on device"),
        ] {
            assert_eq!(in_words(&io::Error::from_raw_os_error(number)), words);
        }
        assert_eq!(in_words(&io::ErrorKind::InvalidInput.into()), "invalid input parameter");
    }
}
