//! The TCP socket: what socket2 offers, and waits that another thread can end.

use std::io::{self, ErrorKind};
use std::net::{Shutdown, SocketAddr};
use std::os::windows::io::AsRawSocket;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Type};
use windows_sys::Win32::Networking::WinSock as ws;

use crate::sys::memory::Space;
pub use crate::sys::{PATIENCE, Ready, TICK};

/// How soon a thread that waits sees that another one has ended the connection: a shutdown need not wake it here,
/// and closing would leave the number free for another socket.
const SLICE: Duration = Duration::from_millis(50);
/// How many sockets one wait takes.
const MOST: usize = 64;
/// No wait is longer.
const LONGEST: Duration = Duration::from_secs(60);

/// A connected TCP socket whose reads and writes return after `TICK` at the latest. It never blocks by
/// itself; what waits is `wait`.
#[derive(Debug)]
pub struct Socket {
    inner: socket2::Socket,
    /// How long a read or write waits at the most, in ms.
    tick_ms: AtomicU32,
    connected: AtomicBool,
    /// Ended by this side.
    ended: AtomicBool,
    /// Broken off by the peer. Seen while waiting; reading may not show it any more.
    broken: AtomicBool,
}

impl Socket {
    /// Starts to connect, without waiting.
    pub fn start_connect(address: &SocketAddr) -> io::Result<Socket> {
        let inner = socket2::Socket::new(Domain::for_address(*address), Type::STREAM, Some(Protocol::TCP))?;
        inner.set_nonblocking(true)?;
        let started = inner.connect(&(*address).into());
        let socket = Socket {
            inner,
            tick_ms: AtomicU32::new(TICK.as_millis() as u32),
            connected: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            broken: AtomicBool::new(false),
        };
        match started {
            Err(e) if e.kind() != ErrorKind::WouldBlock => Err(e),
            _ => Ok(socket),
        }
    }

    /// Returns how a started connection went, once the socket polls writable.
    pub fn finish_connect(&self) -> io::Result<()> {
        if let Some(error) = self.inner.take_error()? {
            return Err(error);
        }
        self.inner.set_tcp_nodelay(true)?;
        self.connected.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// There is no low-water mark here: reads end earlier, which is no harm.
    pub fn wait_for(&self, _: usize) {}

    fn tick(&self) -> Duration {
        Duration::from_millis(self.tick_ms.load(Ordering::Relaxed).into())
    }

    /// Sets how long a read or write waits at the most; a connection keeps it from request to request.
    pub fn set_tick(&self, tick: Duration) {
        self.tick_ms.store(tick.as_millis() as u32, Ordering::Relaxed);
    }

    fn raw(&self) -> ws::SOCKET {
        self.inner.as_raw_socket() as ws::SOCKET
    }

    /// Reads what there is; waits up to `TICK` for something. `WouldBlock` = nothing yet.
    pub fn read(&self, room: &mut Space<'_>) -> io::Result<usize> {
        match self.receive(room, 0) {
            Err(e) if e.kind() == ErrorKind::WouldBlock => {
                self.wait(Ready::Read, self.tick())?;
                self.receive(room, 0)
            }
            outcome => outcome,
        }
    }

    /// Reads what there is, without waiting.
    pub fn read_now(&self, room: &mut Space<'_>) -> io::Result<usize> {
        self.receive(room, 0)
    }

    /// Looks at what there is, without waiting and without taking it.
    pub fn peek_now(&self) -> io::Result<usize> {
        self.receive(&mut Space::of(&mut [0]), ws::MSG_PEEK)
    }

    fn receive(&self, room: &mut Space<'_>, flags: i32) -> io::Result<usize> {
        let mut received = Ok(0);
        let receive = |free: &mut [_]| {
            received = self.inner.recv_with_flags(free, flags);
            *received.as_ref().unwrap_or(&0)
        };
        // SAFETY: so much the system has written.
        unsafe { room.fill(receive) };
        match received {
            Ok(0) if self.is_broken() => Err(ErrorKind::ConnectionReset.into()),
            received => received,
        }
    }

    /// Writes a part; waits up to `TICK` for room if it may.
    pub fn write(&self, data: &[u8], wait: bool) -> io::Result<usize> {
        match self.inner.send(data) {
            Err(e) if wait && e.kind() == ErrorKind::WouldBlock => {
                self.wait(Ready::Write, self.tick())?;
                self.inner.send(data)
            }
            outcome => outcome,
        }
    }

    /// Ends both directions; a thread that waits for the socket sees it within a `SLICE`.
    pub fn shutdown(&self) {
        self.ended.store(true, Ordering::SeqCst);
        // An error means that there is nothing to end.
        let _ = self.inner.shutdown(Shutdown::Both);
    }

    /// Returns true if what looks like the end is none: whoever has looked at an error may have taken it.
    fn is_broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst)
            || self.look(ws::POLLRDNORM, Duration::ZERO).is_ok_and(|seen| seen & ws::POLLERR != 0)
    }

    /// What WSAPoll sees; it tells a connection that was reset from one that was closed, as select does not.
    fn look(&self, events: i16, limit: Duration) -> io::Result<i16> {
        let mut polled = ws::WSAPOLLFD { fd: self.raw(), events, revents: 0 };
        // Rounded up, so that a wait never turns into a busy loop.
        let limit = limit.as_micros().div_ceil(1000) as i32;
        // SAFETY: the pointer is to a local, and one is what it counts.
        checked(unsafe { ws::WSAPoll(&raw mut polled, 1, limit) })?;
        Ok(polled.revents)
    }

    fn wait(&self, ready: Ready, limit: Duration) -> io::Result<bool> {
        let events = match ready {
            Ready::Read => ws::POLLRDNORM,
            Ready::Write => ws::POLLWRNORM,
            Ready::Either => ws::POLLRDNORM | ws::POLLWRNORM,
        };
        let end = Instant::now() + limit.min(LONGEST);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let seen = self.look(events, left.min(SLICE))?;
            if seen & ws::POLLERR != 0 {
                self.broken.store(true, Ordering::SeqCst);
            }
            if seen != 0 || self.ended.load(Ordering::SeqCst) {
                return Ok(true);
            }
            if left.is_zero() {
                return Ok(false);
            }
        }
    }
}

/// Turns the −1 of a call into its error.
fn checked(result: i32) -> io::Result<usize> {
    // SAFETY: reads a field of the thread.
    usize::try_from(result).map_err(|_| io::Error::from_raw_os_error(unsafe { ws::WSAGetLastError() }))
}

fn set_of(sockets: &[&Socket], wanted: bool) -> ws::FD_SET {
    let mut set = ws::FD_SET { fd_count: 0, fd_array: [0; MOST] };
    if wanted {
        for socket in sockets.iter().take(MOST) {
            set.fd_array[set.fd_count as usize] = socket.raw();
            set.fd_count += 1;
        }
    }
    set
}

fn holds(set: &ws::FD_SET, socket: &Socket) -> bool {
    set.fd_array[..set.fd_count as usize].contains(&socket.raw())
}

/// Waits until one of the sockets is ready; true if one is.
pub fn poll(sockets: &[&Socket], ready: Ready, limit: Duration) -> io::Result<Vec<bool>> {
    match sockets {
        [socket] if socket.connected.load(Ordering::SeqCst) => Ok(vec![socket.wait(ready, limit)?]),
        _ => poll_connecting(sockets, ready, limit),
    }
}

/// By select, because WSAPoll reported no connection that failed until Windows 10 of 2020.
fn poll_connecting(sockets: &[&Socket], ready: Ready, limit: Duration) -> io::Result<Vec<bool>> {
    let end = Instant::now() + limit.min(LONGEST);
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let mut read = set_of(sockets, ready != Ready::Write);
        let mut write = set_of(sockets, ready != Ready::Read);
        let mut failed = set_of(sockets, true);
        let micros = left.min(SLICE).as_micros().div_ceil(1000) * 1000;
        let slice = ws::TIMEVAL { tv_sec: 0, tv_usec: micros as i32 };
        // SAFETY: all pointers are to locals; the first argument is ignored.
        let count = checked(unsafe {
            ws::select(0, &raw mut read, &raw mut write, &raw mut failed, &raw const slice)
        })?;
        let ended = |socket: &Socket| socket.ended.load(Ordering::SeqCst);
        if count > 0 || left.is_zero() || sockets.iter().any(|socket| ended(socket)) {
            let is_ready = |s: &&Socket| holds(&read, s) || holds(&write, s) || holds(&failed, s) || ended(s);
            return Ok(sockets.iter().map(is_ready).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::TcpListener;

    fn connected() -> (Socket, std::net::TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let socket = Socket::start_connect(&listener.local_addr().unwrap()).unwrap();
        assert_eq!(poll(&[&socket], Ready::Write, TICK).unwrap(), [true]);
        socket.finish_connect().unwrap();
        (socket, listener.accept().unwrap().0)
    }

    #[test]
    fn what_comes_is_read_and_an_end_is_one() {
        let (socket, mut peer) = connected();
        let mut bytes = [0; 8];
        assert_eq!(socket.read_now(&mut Space::of(&mut bytes)).unwrap_err().kind(), ErrorKind::WouldBlock);
        peer.write_all(b"abc").unwrap();
        assert_eq!(socket.read(&mut Space::of(&mut bytes)).unwrap(), 3);
        assert_eq!(&bytes[..3], b"abc");
        drop(peer);
        assert_eq!(socket.read(&mut Space::of(&mut bytes)).unwrap(), 0);
    }

    #[test]
    fn a_reset_is_no_end() {
        let (socket, peer) = connected();
        let peer = socket2::Socket::from(peer);
        peer.set_linger(Some(Duration::ZERO)).unwrap();
        drop(peer);
        poll(&[&socket], Ready::Read, TICK).unwrap();
        assert!(socket.read(&mut Space::of(&mut [0; 8])).is_err());
        assert!(socket.read(&mut Space::of(&mut [0; 8])).is_err());
    }

    #[test]
    fn a_shutdown_ends_the_wait_of_another_thread() {
        let (socket, _peer) = connected();
        let began = Instant::now();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| socket.read(&mut Space::of(&mut [0; 8])));
            socket.shutdown();
            let _ = waiting.join().unwrap();
        });
        assert!(began.elapsed() < TICK / 2);
    }
}
