//! The TCP socket: what socket2 offers, and what it does not: polling, low-water marks, and word of a fork.

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use libc::c_int;
use socket2::{Domain, Protocol, Type};

use super::above_standard;
use crate::sys::fork;
use crate::sys::memory::Space;
pub use crate::sys::{PATIENCE, Ready, TICK};

/// A connected, blocking TCP socket whose reads and writes return after `TICK` at the latest.
///
/// A child that inherited it can do nothing with it but close it: the connection is the parent's.
#[derive(Debug)]
pub struct Socket {
    inner: socket2::Socket,
    /// How long a read or write waits at the most, in ms.
    tick_ms: AtomicU32,
    process: u64,
}

impl Socket {
    /// Starts to connect, without waiting.
    pub fn start_connect(address: &SocketAddr) -> io::Result<Socket> {
        let inner = above_standard(create(Domain::for_address(*address))?)?;
        let socket =
            Socket { inner, tick_ms: AtomicU32::new(TICK.as_millis() as u32), process: fork::generation() };
        match socket.inner.connect(&(*address).into()) {
            Err(e) if !matches!(e.raw_os_error(), Some(libc::EINPROGRESS | libc::EINTR)) => Err(e),
            _ => Ok(socket),
        }
    }

    /// Returns how a started connection went, once the socket polls writable.
    pub fn finish_connect(&self) -> io::Result<()> {
        if let Some(error) = self.inner.take_error()? {
            return Err(error);
        }
        self.inner.set_read_timeout(Some(self.tick()))?;
        self.inner.set_write_timeout(Some(self.tick()))?;
        self.inner.set_tcp_nodelay(true)?;
        self.inner.set_nonblocking(false)
    }

    /// Sets how much must be there before a read that waits ends; after `PATIENCE` it ends with what there is.
    /// With 1, anything will do, for up to a `TICK`.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub fn wait_for(&self, amount: usize) {
        // In a forked child it is the parent's, and so are its settings.
        if self.is_ours().is_ok() {
            let limit = if amount > 1 { PATIENCE.min(self.tick()) } else { self.tick() };
            // Where it cannot be set, reads end earlier, which is no harm.
            if self.inner.set_read_timeout(Some(limit)).is_ok() {
                let amount = amount as c_int;
                let size = size_of_val(&amount) as libc::socklen_t;
                // SAFETY: the pointer is to a local of the size given.
                unsafe {
                    let amount = (&raw const amount).cast();
                    libc::setsockopt(self.fd(), libc::SOL_SOCKET, libc::SO_RCVLOWAT, amount, size)
                };
            }
        }
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    pub fn wait_for(&self, _: usize) {}

    fn tick(&self) -> Duration {
        Duration::from_millis(self.tick_ms.load(Ordering::Relaxed).into())
    }

    /// Sets how long a read or write waits at the most; a connection keeps it from request to request.
    pub fn set_tick(&self, tick: Duration) {
        let ms = tick.as_millis() as u32;
        if self.tick_ms.swap(ms, Ordering::Relaxed) != ms && self.is_ours().is_ok() {
            // Where it cannot be set, a tick comes later, which is no harm.
            let _ = self.inner.set_read_timeout(Some(tick));
            let _ = self.inner.set_write_timeout(Some(tick));
        }
    }

    pub(super) fn fd(&self) -> RawFd {
        self.inner.as_raw_fd()
    }

    fn is_ours(&self) -> io::Result<()> {
        match self.process == fork::generation() {
            true => Ok(()),
            false => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Reads what there is; waits up to `TICK` for something. `WouldBlock` = nothing yet.
    pub fn read(&self, room: &mut Space<'_>) -> io::Result<usize> {
        self.receive(room, 0)
    }

    /// Reads what there is, without waiting.
    pub fn read_now(&self, room: &mut Space<'_>) -> io::Result<usize> {
        self.receive(room, libc::MSG_DONTWAIT)
    }

    /// Looks at what there is, without waiting and without taking it.
    pub fn peek_now(&self) -> io::Result<usize> {
        self.receive(&mut Space::of(&mut [0]), libc::MSG_DONTWAIT | libc::MSG_PEEK)
    }

    fn receive(&self, room: &mut Space<'_>, flags: c_int) -> io::Result<usize> {
        self.is_ours()?;
        let mut received = Ok(0);
        let receive = |free: &mut [_]| {
            received = may_wait(flags & libc::MSG_DONTWAIT == 0, || self.inner.recv_with_flags(free, flags));
            *received.as_ref().unwrap_or(&0)
        };
        // SAFETY: so much the system has written.
        unsafe { room.fill(receive) };
        received
    }

    /// Writes a part; never raises SIGPIPE.
    pub fn write(&self, data: &[u8], wait: bool) -> io::Result<usize> {
        self.is_ours()?;
        let flags = SEND_FLAGS | if wait { 0 } else { libc::MSG_DONTWAIT };
        may_wait(wait, || self.inner.send_with_flags(data, flags))
    }

    /// Ends both directions, so that a thread blocked on the socket returns at once.
    pub fn shutdown(&self) {
        if self.is_ours().is_ok() {
            // An error means that there is nothing to end.
            let _ = self.inner.shutdown(Shutdown::Both);
        }
    }
}

/// A system call that may block holds up no fork.
fn may_wait<T>(waits: bool, call: impl FnOnce() -> T) -> T {
    if waits { fork::outside(call) } else { call() }
}

#[cfg(not(target_vendor = "apple"))]
const SEND_FLAGS: c_int = libc::MSG_NOSIGNAL;
/// There is no such flag there; socket2 sets SO_NOSIGPIPE.
#[cfg(target_vendor = "apple")]
const SEND_FLAGS: c_int = 0;

/// A socket that does not wait, in one system call where that is possible.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn create(domain: Domain) -> io::Result<socket2::Socket> {
    socket2::Socket::new(domain, Type::STREAM.nonblocking(), Some(Protocol::TCP))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn create(domain: Domain) -> io::Result<socket2::Socket> {
    let socket = socket2::Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Waits until one of the sockets is ready; true if one is. A signal ends the wait early.
pub fn poll(sockets: &[&Socket], ready: Ready, limit: Duration) -> io::Result<Vec<bool>> {
    let events = match ready {
        Ready::Read => libc::POLLIN,
        Ready::Write => libc::POLLOUT,
        Ready::Either => libc::POLLIN | libc::POLLOUT,
    };
    let mut polled: Vec<libc::pollfd> =
        sockets.iter().map(|s| libc::pollfd { fd: s.fd(), events, revents: 0 }).collect();
    // Rounded up, so that a wait never turns into a busy loop.
    let limit = limit.as_micros().div_ceil(1000).min(60_000) as c_int;
    let count = fork::outside(|| {
        // SAFETY: the pointer and count are those of a live vector.
        let count = unsafe { libc::poll(polled.as_mut_ptr(), polled.len() as libc::nfds_t, limit) };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    });
    match count {
        Err(e) if e.kind() == io::ErrorKind::Interrupted => Ok(vec![false; sockets.len()]),
        Err(e) => Err(e),
        Ok(_) => Ok(polled.iter().map(|p| p.revents != 0).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv6Addr, SocketAddrV6, TcpListener};

    /// An address of one link only leads somewhere with the link's number.
    #[test]
    #[cfg(target_os = "linux")]
    fn the_scope_of_an_address_reaches_the_system() {
        let Ok(facts) = std::fs::read_to_string("/proc/net/if_inet6") else { return };
        let link_local = facts.lines().find(|line| line.starts_with("fe80"));
        let Some((address, scope)) = link_local.and_then(|line| {
            let mut words = line.split_whitespace();
            let address = Ipv6Addr::from(u128::from_str_radix(words.next()?, 16).ok()?);
            Some((address, u32::from_str_radix(words.next()?, 16).ok()?))
        }) else {
            return;
        };
        let listener = TcpListener::bind(SocketAddrV6::new(address, 0, 0, scope)).unwrap();
        let socket = Socket::start_connect(&listener.local_addr().unwrap()).unwrap();
        assert_eq!(poll(&[&socket], Ready::Write, TICK).unwrap(), [true]);
        socket.finish_connect().unwrap();
        let lost = SocketAddrV6::new(address, listener.local_addr().unwrap().port(), 0, 0);
        assert!(Socket::start_connect(&lost.into()).is_err());
    }
}
