//! Many sockets that one thread waits for: epoll.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use libc::c_int;

use super::above_standard;
use super::socket::Socket;

/// How many of those that are ready are taken at once.
const AT_ONCE: usize = 64;
/// What the bell is told by; no socket has this number.
const BELL: u64 = u64::MAX;

/// Sockets of which one tells once that there is something to read, or that it has ended. A forked child must not use it:
/// it shares it with its parent.
#[derive(Debug)]
pub struct Readiness {
    epoll: OwnedFd,
    /// Readable for ever, and looked at only when it is rung.
    bell: OwnedFd,
}

impl Readiness {
    pub fn new() -> io::Result<Readiness> {
        // SAFETY: neither takes a pointer; each descriptor was just made and has no other owner.
        let (epoll, bell) = unsafe {
            let epoll = OwnedFd::from_raw_fd(checked(libc::epoll_create1(libc::EPOLL_CLOEXEC))?);
            let bell = checked(libc::eventfd(1, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK))?;
            (epoll, OwnedFd::from_raw_fd(bell))
        };
        let readiness = Readiness { epoll: above_standard(epoll)?, bell: above_standard(bell)? };
        readiness.control(libc::EPOLL_CTL_ADD, readiness.bell.as_raw_fd(), 0, BELL)?;
        Ok(readiness)
    }

    /// Lets `wait` tell of a socket, once, by this number.
    pub fn watch(&self, socket: &Socket, number: u64) -> io::Result<()> {
        let fd = socket.fd();
        // What was watched before is known still, unless it was closed.
        match self.control(libc::EPOLL_CTL_MOD, fd, libc::EPOLLIN, number) {
            Err(e) if e.raw_os_error() == Some(libc::ENOENT) => {
                self.control(libc::EPOLL_CTL_ADD, fd, libc::EPOLLIN, number)
            }
            outcome => outcome,
        }
    }

    /// Ends a wait, or else the next one.
    pub fn ring(&self) {
        // It can fail only for want of memory, and then the wait ends by itself.
        let _ = self.control(libc::EPOLL_CTL_MOD, self.bell.as_raw_fd(), libc::EPOLLIN, BELL);
    }

    fn control(&self, operation: c_int, fd: c_int, events: c_int, number: u64) -> io::Result<()> {
        let mut event = libc::epoll_event { events: (events | libc::EPOLLONESHOT) as u32, u64: number };
        // SAFETY: the pointer is to a local.
        checked(unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), operation, fd, &raw mut event) }).map(drop)
    }

    /// Waits until some are ready, and adds their numbers.
    pub fn wait(&self, ready: &mut Vec<u64>, limit: Duration) {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; AT_ONCE];
        // Rounded up, so that a wait never turns into a busy loop.
        let limit = limit.as_micros().div_ceil(1000).min(60_000) as c_int;
        // SAFETY: the pointer and count are those of a local. A signal ends the wait early.
        let count =
            unsafe { libc::epoll_wait(self.epoll.as_raw_fd(), events.as_mut_ptr(), AT_ONCE as c_int, limit) };
        let events = &events[..usize::try_from(count).unwrap_or_default()];
        let numbers = events.iter().map(|event| event.u64).filter(|number| *number != BELL);
        ready.extend(numbers);
    }
}

fn checked(result: c_int) -> io::Result<c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::socket::{Ready, TICK, poll};
    use std::io::Write;
    use std::net::TcpListener;

    #[test]
    fn each_watch_tells_once_and_the_bell_ends_a_wait() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let socket = Socket::start_connect(&listener.local_addr().unwrap()).unwrap();
        poll(&[&socket], Ready::Write, TICK).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        let readiness = Readiness::new().unwrap();
        let wait = |limit| {
            let mut ready = Vec::new();
            readiness.wait(&mut ready, limit);
            ready
        };
        let (long, number) = (Duration::from_secs(60), 7);
        assert!(wait(Duration::ZERO).is_empty());
        readiness.ring();
        assert!(wait(long).is_empty());
        readiness.watch(&socket, number).unwrap();
        assert!(wait(Duration::ZERO).is_empty());
        server.write_all(b"x").unwrap();
        assert_eq!(wait(long), [number]);
        assert!(wait(Duration::ZERO).is_empty());
        readiness.watch(&socket, number).unwrap();
        assert_eq!(wait(long), [number]);
        drop(server);
        readiness.watch(&socket, number).unwrap();
        assert_eq!(wait(long), [number]);
    }
}
