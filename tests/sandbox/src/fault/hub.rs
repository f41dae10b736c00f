//! What every fault server stands on: the record of what arrived, waiting for it, and an end that always comes.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::ops::Deref;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

/// The longest a test waits for a server, and a server for its threads.
const PATIENCE: Duration = Duration::from_secs(10);
/// Of the bytes of one connection, how many are kept; the rest is only counted, so that a large upload costs nothing.
pub const KEEP: usize = 256 * 1024;

/// How the peer's side of a connection ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gone {
    #[default]
    No,
    /// FIN; on TLS, after a close_notify.
    Clean,
    /// TLS: FIN without a close_notify.
    Cut,
    /// RST, or writing to it failed.
    Reset,
}

/// One connection, as the server saw it. On TLS the bytes are those inside.
#[derive(Clone, Debug, Default)]
pub struct Conn {
    pub bytes: Vec<u8>,
    pub received: u64,
    pub heads: Vec<String>,
    pub body_len: u64,
    pub gone: Gone,
    /// The server is done with it: its socket is closed.
    pub closed: bool,
    pub sni: Option<String>,
    pub tls_version: Option<String>,
    pub client_cert: bool,
    /// The TLS session was one of an earlier connection.
    pub resumed: bool,
    pub tls_error: Option<String>,
    /// Proxies: what was asked for, `host:port`, once per tunnel or forwarded request.
    pub targets: Vec<String>,
    /// Proxies: `user:password` as decoded, or the header as it stood when it was not Basic.
    pub credentials: Vec<String>,
}

/// Everything a server saw, in the order of accepting.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub conns: Vec<Conn>,
}

impl Record {
    pub fn connections(&self) -> usize {
        self.conns.len()
    }
    /// Complete request heads, over all connections.
    pub fn requests(&self) -> usize {
        self.conns.iter().map(|conn| conn.heads.len()).sum()
    }
    pub fn heads(&self) -> Vec<String> {
        self.conns.iter().flat_map(|conn| conn.heads.clone()).collect()
    }
    /// Connections of which the peer has not let go.
    pub fn open(&self) -> usize {
        self.conns.iter().filter(|conn| conn.gone == Gone::No && !conn.closed).count()
    }
    pub fn received(&self) -> u64 {
        self.conns.iter().map(|conn| conn.received).sum()
    }
    pub fn body_len(&self) -> u64 {
        self.conns.iter().map(|conn| conn.body_len).sum()
    }
    pub fn targets(&self) -> Vec<String> {
        self.conns.iter().flat_map(|conn| conn.targets.clone()).collect()
    }
    pub fn credentials(&self) -> Vec<String> {
        self.conns.iter().flat_map(|conn| conn.credentials.clone()).collect()
    }
}

#[derive(Default)]
struct State {
    record: Record,
    sockets: Vec<Weak<TcpStream>>,
    threads: usize,
    listening: bool,
    /// No further connection, but those there are live on.
    closing: bool,
    /// The server is being dropped.
    stop: bool,
    gates: BTreeSet<&'static str>,
}

#[derive(Default)]
pub struct Hub {
    state: Mutex<State>,
    changed: Condvar,
}

impl Hub {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let done = change(&mut self.lock());
        self.changed.notify_all();
        done
    }

    /// Waits until the condition holds, at most so long; says whether it does.
    fn wait(&self, bound: Duration, holds: impl Fn(&State) -> bool) -> bool {
        let (state, _) = self
            .changed
            .wait_timeout_while(self.lock(), bound, |state| !holds(state))
            .unwrap_or_else(PoisonError::into_inner);
        holds(&state)
    }

    pub fn note(&self, index: usize, note: impl FnOnce(&mut Conn)) {
        self.change(|state| note(&mut state.record.conns[index]));
    }

    /// Lets time pass for a script; an error when the server is dropped meanwhile.
    pub fn pause(&self, time: Duration) -> io::Result<()> {
        match self.wait(time, |state| state.stop) {
            true => Err(io::ErrorKind::Interrupted.into()),
            false => Ok(()),
        }
    }

    pub fn pass_gate(&self, gate: &str) -> io::Result<()> {
        self.wait(Duration::MAX, |state| state.stop || state.gates.contains(gate));
        self.pause(Duration::ZERO)
    }

    /// Lets the hub end every wait on this socket. Refused once the server is being dropped.
    pub fn adopt(&self, stream: TcpStream) -> io::Result<Socket> {
        stream.set_nodelay(true)?;
        let socket = Socket(Arc::new(stream));
        let mut state = self.lock();
        if state.stop {
            return Err(io::ErrorKind::Interrupted.into());
        }
        state.sockets.retain(|known| known.strong_count() > 0);
        state.sockets.push(Arc::downgrade(&socket.0));
        Ok(socket)
    }

    pub fn spawn(self: &Arc<Self>, work: impl FnOnce(&Arc<Hub>) + Send + 'static) {
        let hub = self.clone();
        self.change(|state| state.threads += 1);
        let count = ThreadCount(self.clone());
        // When the system refuses a thread, the closure is dropped, and with it the count and the connection.
        let _ = thread::Builder::new().name("fault".into()).spawn(move || {
            let _count = count;
            work(&hub);
        });
    }

    /// Stops listening and returns when that is so: a connection tried after this is refused.
    pub fn close_listener(&self, address: SocketAddr) {
        self.change(|state| state.closing = true);
        // `accept` cannot be interrupted, but it can be given something to accept.
        let _ = TcpStream::connect_timeout(&address, Duration::from_secs(1));
        self.wait(PATIENCE, |state| !state.listening);
    }

    fn stop(&self, address: SocketAddr) {
        self.change(|state| {
            state.stop = true;
            for socket in state.sockets.iter().filter_map(Weak::upgrade) {
                let _ = socket.shutdown(Shutdown::Both);
            }
        });
        self.close_listener(address);
        self.wait(PATIENCE, |state| state.threads == 0);
    }
}

struct ThreadCount(Arc<Hub>);

impl Drop for ThreadCount {
    fn drop(&mut self) {
        self.0.change(|state| state.threads -= 1);
    }
}

/// A socket that several threads may use and the hub can shut. The last one to drop it closes it.
#[derive(Clone)]
pub struct Socket(Arc<TcpStream>);

impl Deref for Socket {
    type Target = TcpStream;
    fn deref(&self) -> &TcpStream {
        &self.0
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(buffer)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.0).write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A server at work; what `FaultServer` and `ProxyServer` dereference to. Dropping it ends it, and
/// is over within twenty seconds whatever hangs.
pub struct Running {
    hub: Arc<Hub>,
    address: SocketAddr,
    scheme: &'static str,
}

impl Running {
    /// Serves each accepted connection, given its number and its socket, on a thread of its own.
    pub fn start(
        scheme: &'static str,
        serve: impl Fn(&Arc<Hub>, usize, Socket) + Clone + Send + 'static,
    ) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback listener");
        let address = listener.local_addr().expect("its address");
        let hub = Arc::new(Hub::default());
        hub.change(|state| state.listening = true);
        hub.spawn(move |hub| {
            while let Ok((stream, _)) = listener.accept() {
                if hub.change(|state| state.closing) {
                    break;
                }
                let Ok(socket) = hub.adopt(stream) else { break };
                let index = hub.change(|state| {
                    state.record.conns.push(Conn::default());
                    state.record.conns.len() - 1
                });
                let serve = serve.clone();
                hub.spawn(move |hub| {
                    serve(hub, index, socket);
                    hub.note(index, |conn| conn.closed = true);
                });
            }
            drop(listener);
            hub.change(|state| state.listening = false);
        });
        Running { hub, address, scheme }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
    pub fn port(&self) -> u16 {
        self.address.port()
    }
    pub fn url(&self) -> String {
        self.url_as(self.scheme)
    }
    /// For a client that is to take this server for something else, such as TLS.
    pub fn url_as(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }

    /// Lets every connection pass that stands, or will stand, at this gate.
    pub fn open_gate(&self, gate: &'static str) {
        self.hub.change(|state| state.gates.insert(gate));
    }

    /// Waits until it is so; panics with what the server has seen when ten seconds do not make it so.
    #[track_caller]
    pub fn wait_until(&self, holds: impl Fn(&Record) -> bool) {
        if !self.wait_for(PATIENCE, holds) {
            panic!("the server did not see it; what it saw: {:#?}", self.brief());
        }
    }

    /// Waits until it is so, at most so long; says whether it is. For proving that something does *not* happen.
    pub fn wait_for(&self, bound: Duration, holds: impl Fn(&Record) -> bool) -> bool {
        self.hub.wait(bound, |state| holds(&state.record))
    }

    pub fn record(&self) -> Record {
        self.hub.lock().record.clone()
    }
    #[track_caller]
    pub fn conn(&self, index: usize) -> Conn {
        self.hub.lock().record.conns[index].clone()
    }
    pub fn connections(&self) -> usize {
        self.hub.lock().record.connections()
    }
    pub fn requests(&self) -> usize {
        self.hub.lock().record.requests()
    }

    fn brief(&self) -> Record {
        let mut record = self.record();
        for conn in &mut record.conns {
            conn.bytes.clear();
        }
        record
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.hub.stop(self.address);
    }
}
