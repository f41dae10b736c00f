//! The socket, through libc.

use std::io;
use std::mem;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use libc::{c_int, c_void, socklen_t};

use crate::sys::fork;
use crate::sys::memory::Space;

/// A connected, blocking TCP socket whose reads and writes return after `TICK` at the latest.
///
/// A child that inherited it can do nothing with it but close it: the connection is the parent's.
#[derive(Debug)]
pub struct Socket {
    fd: OwnedFd,
    /// How long a read or write waits at the most, in ms.
    tick_ms: AtomicU32,
    process: u64,
}

/// How long one read or write may block before limits and cancellation are looked at again.
pub const TICK: Duration = Duration::from_millis(1000);
/// How long a read may wait for much when there is a little.
pub const PATIENCE: Duration = Duration::from_millis(100);

fn timeval(limit: Duration) -> libc::timeval {
    libc::timeval { tv_sec: limit.as_secs() as _, tv_usec: limit.subsec_micros() as _ }
}

/// Turns the −1 of a system call into its error.
fn checked(result: libc::ssize_t) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}

impl Socket {
    /// Starts to connect, without waiting.
    pub fn start_connect(address: &SocketAddr) -> io::Result<Socket> {
        let family = if address.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
        // SAFETY: socket(2) takes no pointers.
        let fd = checked(unsafe { libc::socket(family, SOCK_FLAGS, 0) } as isize)? as c_int;
        // SAFETY: the descriptor was just made and has no other owner.
        let socket = Socket {
            fd: unsafe { OwnedFd::from_raw_fd(fd) },
            tick_ms: AtomicU32::new(TICK.as_millis() as u32),
            process: fork::generation(),
        };
        platform_setup(fd)?;
        let started = match address {
            SocketAddr::V4(v4) => {
                // SAFETY: all-zero is a valid sockaddr_in; the fields that matter follow.
                let mut raw: libc::sockaddr_in = unsafe { mem::zeroed() };
                raw.sin_family = libc::AF_INET as libc::sa_family_t;
                raw.sin_port = v4.port().to_be();
                raw.sin_addr.s_addr = u32::from_ne_bytes(v4.ip().octets());
                connect(fd, (&raw const raw).cast(), size_of_val(&raw))
            }
            SocketAddr::V6(v6) => {
                // SAFETY: all-zero is a valid sockaddr_in6; the fields that matter follow.
                let mut raw: libc::sockaddr_in6 = unsafe { mem::zeroed() };
                raw.sin6_family = libc::AF_INET6 as libc::sa_family_t;
                raw.sin6_port = v6.port().to_be();
                raw.sin6_addr.s6_addr = v6.ip().octets();
                raw.sin6_scope_id = v6.scope_id();
                connect(fd, (&raw const raw).cast(), size_of_val(&raw))
            }
        };
        match started {
            Err(e) if !matches!(e.raw_os_error(), Some(libc::EINPROGRESS | libc::EINTR)) => Err(e),
            _ => Ok(socket),
        }
    }

    /// Tells how a started connection went, once the socket polls writable.
    pub fn finish_connect(&self) -> io::Result<()> {
        let mut code: c_int = 0;
        let mut size = size_of::<c_int>() as socklen_t;
        // SAFETY: both pointers are to locals of the sizes given.
        checked(unsafe {
            libc::getsockopt(
                self.fd(),
                libc::SOL_SOCKET,
                libc::SO_ERROR,
                (&raw mut code).cast(),
                &raw mut size,
            )
        } as isize)?;
        if code != 0 {
            return Err(io::Error::from_raw_os_error(code));
        }
        let tick = timeval(TICK);
        self.set(libc::SOL_SOCKET, libc::SO_RCVTIMEO, &tick)?;
        self.set(libc::SOL_SOCKET, libc::SO_SNDTIMEO, &tick)?;
        let on: c_int = 1;
        self.set(libc::IPPROTO_TCP, libc::TCP_NODELAY, &on)?;
        // SAFETY: fcntl with F_GETFL and F_SETFL takes no pointers.
        unsafe {
            let flags = libc::fcntl(self.fd(), libc::F_GETFL);
            checked(libc::fcntl(self.fd(), libc::F_SETFL, flags & !libc::O_NONBLOCK) as isize)?;
        }
        Ok(())
    }

    /// How much must be there before a read that waits ends; after `PATIENCE` it ends with what there is.
    /// With 1, anything will do, for up to a `TICK`.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub fn wait_for(&self, amount: usize) {
        // In a forked child it is the parent's, and so are its settings.
        if self.is_ours().is_ok() {
            let limit = timeval(if amount > 1 { PATIENCE.min(self.tick()) } else { self.tick() });
            // Where it cannot be set, reads end earlier, which is no harm.
            if self.set(libc::SOL_SOCKET, libc::SO_RCVTIMEO, &limit).is_ok() {
                let _ = self.set(libc::SOL_SOCKET, libc::SO_RCVLOWAT, &(amount as c_int));
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
            let limit = timeval(tick);
            // Where it cannot be set, a tick comes later, which is no harm.
            let _ = self.set(libc::SOL_SOCKET, libc::SO_RCVTIMEO, &limit);
            let _ = self.set(libc::SOL_SOCKET, libc::SO_SNDTIMEO, &limit);
        }
    }

    fn set<T>(&self, level: c_int, name: c_int, value: &T) -> io::Result<()> {
        let size = size_of::<T>() as socklen_t;
        // SAFETY: the pointer is to a value of the size given.
        checked(unsafe {
            libc::setsockopt(self.fd(), level, name, (&raw const *value).cast::<c_void>(), size)
        } as isize)
        .map(|_| ())
    }

    fn fd(&self) -> c_int {
        self.fd.as_raw_fd()
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
        room.fill(|start, length| {
            received = may_wait(flags & libc::MSG_DONTWAIT == 0, || {
                // More than fits an int is refused by some systems.
                let length = length.min(1 << 30);
                // SAFETY: the room lends this memory for the call.
                checked(unsafe { libc::recv(self.fd(), start.cast(), length, flags) })
            });
            *received.as_ref().unwrap_or(&0)
        });
        received
    }

    /// Writes a part; never raises SIGPIPE.
    pub fn write(&self, data: &[u8], wait: bool) -> io::Result<usize> {
        self.is_ours()?;
        let flags = SEND_FLAGS | if wait { 0 } else { libc::MSG_DONTWAIT };
        // SAFETY: the pointer and length are those of a live slice.
        may_wait(wait, || checked(unsafe { libc::send(self.fd(), data.as_ptr().cast(), data.len(), flags) }))
    }

    /// Ends both directions, so that a thread blocked on the socket returns at once.
    pub fn shutdown(&self) {
        if self.is_ours().is_ok() {
            // SAFETY: shutdown(2) takes no pointers; an error means that there is nothing to end.
            unsafe { libc::shutdown(self.fd(), libc::SHUT_RDWR) };
        }
    }
}

/// A system call that may block holds up no fork.
fn may_wait<T>(waits: bool, call: impl FnOnce() -> T) -> T {
    if waits { fork::outside(call) } else { call() }
}

fn connect(fd: c_int, address: *const libc::sockaddr, size: usize) -> io::Result<()> {
    // SAFETY: the caller passes a pointer to a socket address of that size.
    checked(unsafe { libc::connect(fd, address, size as socklen_t) } as isize).map(|_| ())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
const SOCK_FLAGS: c_int = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
#[cfg(any(target_os = "linux", target_os = "android"))]
const SEND_FLAGS: c_int = libc::MSG_NOSIGNAL;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const SOCK_FLAGS: c_int = libc::SOCK_STREAM;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const SEND_FLAGS: c_int = 0;

#[cfg(any(target_os = "linux", target_os = "android"))]
fn platform_setup(_: c_int) -> io::Result<()> {
    Ok(())
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn platform_setup(fd: c_int) -> io::Result<()> {
    let on: c_int = 1;
    // SAFETY: fcntl takes no pointers here; setsockopt gets one to a local of the size given.
    unsafe {
        libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC);
        libc::fcntl(fd, libc::F_SETFL, libc::O_NONBLOCK);
        #[cfg(any(target_os = "macos", target_os = "ios"))]
        libc::setsockopt(
            fd,
            libc::SOL_SOCKET,
            libc::SO_NOSIGPIPE,
            (&raw const on).cast(),
            size_of_val(&on) as socklen_t,
        );
    }
    let _ = on;
    Ok(())
}

/// What to wait for on a socket.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    Read,
    Write,
    Either,
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
        checked(unsafe { libc::poll(polled.as_mut_ptr(), polled.len() as libc::nfds_t, limit) } as isize)
    });
    match count {
        Err(e) if e.kind() == io::ErrorKind::Interrupted => Ok(vec![false; sockets.len()]),
        Err(e) => Err(e),
        Ok(_) => Ok(polled.iter().map(|p| p.revents != 0).collect()),
    }
}
