//! Many sockets that one thread waits for: epoll.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use libc::c_int;

use super::socket::Socket;
use super::{above_standard, checked, never_wait};

/// How many of those that are ready are taken at once.
pub const AT_ONCE: usize = 64;
/// What the bell is told by; no socket has this number.
const BELL: u64 = u64::MAX;

/// Sockets of which one tells once that there is something to read, or that it has ended. A forked child must not use it:
/// it shares it with its parent.
#[derive(Debug)]
pub struct Readiness {
    epoll: OwnedFd,
    /// Readable once it was rung, and told of once each time.
    bell: OwnedFd,
}

/// What an event loop can wait for: readable while an event is raised, or a socket has something to tell of.
#[derive(Debug)]
pub struct Either(OwnedFd);

impl Either {
    pub fn number(&self) -> isize {
        self.0.as_raw_fd() as isize
    }
}

impl Readiness {
    pub fn new() -> io::Result<Readiness> {
        // SAFETY: it takes no pointer; the descriptor was just made and has no other owner.
        let bell = unsafe {
            OwnedFd::from_raw_fd(checked(libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK))?)
        };
        let readiness = Readiness { epoll: new_epoll()?, bell: above_standard(bell)? };
        readiness.control(libc::EPOLL_CTL_ADD, readiness.bell.as_raw_fd(), 0, BELL)?;
        Ok(readiness)
    }

    /// What tells of these sockets, and of an event.
    pub fn or(&self, event: isize) -> io::Result<Either> {
        let both = new_epoll()?;
        // As that of an event: some loops take only what does not wait.
        never_wait(&both)?;
        for fd in [self.epoll.as_raw_fd(), event as c_int] {
            control(&both, libc::EPOLL_CTL_ADD, fd, libc::EPOLLIN, 0)?;
        }
        Ok(Either(both))
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

    /// Ends a wait, or else the next one; and the `expect` of another thread, whoever waits meanwhile.
    pub fn ring(&self) {
        let one = 1_u64;
        // SAFETY: the pointer is to a local of so many bytes. It fails only if it is readable for long.
        unsafe { libc::write(self.bell.as_raw_fd(), (&raw const one).cast(), size_of::<u64>()) };
        // It can fail only for want of memory, and then the wait ends by itself.
        let _ = self.control(libc::EPOLL_CTL_MOD, self.bell.as_raw_fd(), libc::EPOLLIN, BELL);
    }

    fn control(&self, operation: c_int, fd: c_int, events: c_int, number: u64) -> io::Result<()> {
        control(&self.epoll, operation, fd, events | libc::EPOLLONESHOT, number)
    }

    /// Whether there is something to tell of, which stays to be told.
    pub fn is_ready(&self) -> bool {
        let mut polled = libc::pollfd { fd: self.epoll.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: the pointer is to a local, and one is what it counts.
        unsafe { libc::poll(&raw mut polled, 1, 0) == 1 }
    }

    /// Forgets that the bell was rung, before `expect`.
    pub fn hush(&self) {
        let mut count = 0_u64;
        // SAFETY: the pointer is to a local of so many bytes; it never waits.
        unsafe { libc::read(self.bell.as_raw_fd(), (&raw mut count).cast(), size_of::<u64>()) };
    }

    /// Waits until there is something to tell of, which stays to be told, or the bell is rung; false if neither came.
    pub fn expect(&self, limit: Duration) -> bool {
        let mut polled = [&self.epoll, &self.bell].map(|fd| libc::pollfd {
            fd: fd.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        });
        // SAFETY: the pointer is to a local, and two are what it counts. A signal ends the wait early.
        unsafe { libc::poll(polled.as_mut_ptr(), 2, in_ms(limit)) > 0 }
    }

    /// Waits until some are ready, and adds their numbers.
    pub fn wait(&self, ready: &mut Vec<u64>, limit: Duration) {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; AT_ONCE];
        // SAFETY: the pointer and count are those of a local. A signal ends the wait early.
        let count = unsafe {
            libc::epoll_wait(self.epoll.as_raw_fd(), events.as_mut_ptr(), AT_ONCE as c_int, in_ms(limit))
        };
        let events = &events[..usize::try_from(count).unwrap_or_default()];
        let numbers = events.iter().map(|event| event.u64).filter(|number| *number != BELL);
        ready.extend(numbers);
    }
}

/// Rounded up, so that a wait never turns into a busy loop.
fn in_ms(limit: Duration) -> c_int {
    limit.as_micros().div_ceil(1000).min(60_000) as c_int
}

fn new_epoll() -> io::Result<OwnedFd> {
    // SAFETY: it takes no pointer; the descriptor was just made and has no other owner.
    above_standard(unsafe { OwnedFd::from_raw_fd(checked(libc::epoll_create1(libc::EPOLL_CLOEXEC))?) })
}

fn control(epoll: &OwnedFd, operation: c_int, fd: c_int, events: c_int, number: u64) -> io::Result<()> {
    let mut event = libc::epoll_event { events: events as u32, u64: number };
    // SAFETY: the pointer is to a local.
    checked(unsafe { libc::epoll_ctl(epoll.as_raw_fd(), operation, fd, &raw mut event) }).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::event::Event;
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
        assert!(!readiness.is_ready() && wait(Duration::ZERO).is_empty());
        readiness.watch(&socket, number).unwrap();
        assert!(readiness.is_ready() && readiness.is_ready());
        assert_eq!(wait(long), [number]);
        drop(server);
        readiness.watch(&socket, number).unwrap();
        assert_eq!(wait(long), [number]);
    }

    #[test]
    fn nobody_takes_the_bell_from_whoever_expects_it() {
        let readiness = Readiness::new().unwrap();
        assert!(!readiness.expect(Duration::ZERO));
        readiness.ring();
        readiness.wait(&mut Vec::new(), Duration::ZERO);
        assert!(!readiness.is_ready() && readiness.expect(Duration::from_secs(60)));
        readiness.hush();
        readiness.hush();
        assert!(!readiness.expect(Duration::ZERO));
    }

    #[test]
    fn either_tells_of_a_socket_and_of_an_event() {
        let mut event = Event::new().unwrap();
        let readiness = Readiness::new().unwrap();
        let either = readiness.or(event.number()).unwrap();
        let is_readable = || {
            let mut polled = libc::pollfd { fd: either.number() as c_int, events: libc::POLLIN, revents: 0 };
            // SAFETY: the pointer is to a local, and one is what it counts.
            unsafe { libc::poll(&raw mut polled, 1, 0) == 1 }
        };
        assert!(!is_readable());
        event.raise().unwrap();
        assert!(is_readable());
        event.clear().unwrap();
        assert!(!is_readable());
        readiness.ring();
        assert!(is_readable());
        readiness.wait(&mut Vec::new(), Duration::ZERO);
        assert!(!is_readable());
    }
}
