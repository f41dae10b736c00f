//! A server of one's own routes, plain or over TLS, whose bytes meet planned faults. It keeps nothing of what it has
//! served, so that what grows in its process is not its own.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};
use sandbox::fault::{Tls, header};

use crate::fault::{Fault, Line, Plan, Sent, drain, strike};

/// A peer that neither speaks nor goes is left after this.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Request {
    pub method: String,
    /// With its query.
    pub path: String,
    pub head: String,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.head, name)
    }
}

pub enum Reply {
    /// The connection stays.
    Stay(Vec<u8>),
    /// The connection ends after it.
    Close(Vec<u8>),
    /// Nothing of it, and this instead.
    Strike(Fault),
}

/// The length of a response, and what is before it and behind it.
pub fn reply(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub fn json(status: &str, body: &str) -> Reply {
    Reply::Stay(reply(status, "Content-Type: application/json\r\n", body.as_bytes()))
}

struct Shared<R> {
    routes: R,
    plan: Arc<Plan>,
    line: Line,
    tls: Option<Arc<rustls::ServerConfig>>,
    open: Arc<AtomicUsize>,
}

/// A running server. Dropping it ends it once its connections have ended.
pub struct Origin {
    address: SocketAddr,
    scheme: &'static str,
    plan: Arc<Plan>,
    open: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Origin {
    pub fn start(
        line: Line,
        tls: Option<&Tls>,
        routes: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Origin {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback listener");
        let address = listener.local_addr().expect("its address");
        let (plan, open, stop) = (Arc::<Plan>::default(), Arc::default(), Arc::<AtomicBool>::default());
        let config = tls.map(|tls| tls.config.clone());
        let scheme = if config.is_some() { "https" } else { "http" };
        let shared =
            Arc::new(Shared { routes, plan: plan.clone(), line, tls: config, open: Arc::clone(&open) });
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            while let Ok((socket, _)) = listener.accept() {
                if stopped.load(SeqCst) {
                    break;
                }
                let shared = shared.clone();
                let guest = Guest::new(&shared.open);
                thread::spawn(move || {
                    // An error says that the peer has gone, or that a fault has struck.
                    let _ = serve(&shared, socket);
                    drop(guest);
                });
            }
        });
        Origin { address, scheme, plan, open, stop, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Connections that the peer has not let go.
    pub fn open(&self) -> usize {
        self.open.load(SeqCst)
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.stop.store(true, SeqCst);
        // `accept` cannot be interrupted, but it can be given something to accept.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Counts a connection while it lives.
struct Guest(Arc<AtomicUsize>);

impl Guest {
    fn new(count: &Arc<AtomicUsize>) -> Guest {
        count.fetch_add(1, SeqCst);
        Guest(count.clone())
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

/// A socket whose bytes meet the faults, if they are to strike here.
struct Raw {
    socket: TcpStream,
    plan: Option<Arc<Plan>>,
    dead: bool,
}

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.read(buffer)
    }
}

impl Write for Raw {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // rustls comes again with what it could not write.
        if self.dead {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let Some(plan) = &self.plan else { return self.socket.write(bytes) };
        let mut out = bytes.to_vec();
        let fault = plan.apply(&mut out);
        self.socket.write_all(&out)?;
        let Some(fault) = fault else { return Ok(bytes.len()) };
        self.dead = true;
        strike(&self.socket, fault)?;
        Err(ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Stream {
    Plain(Raw),
    Tls(Box<StreamOwned<ServerConnection, Raw>>),
}

impl Stream {
    fn socket(&self) -> &TcpStream {
        match self {
            Stream::Plain(raw) => &raw.socket,
            Stream::Tls(tls) => &tls.sock.socket,
        }
    }

    fn close_notify(&mut self) -> io::Result<()> {
        let Stream::Tls(tls) = self else { return Ok(()) };
        tls.conn.send_close_notify();
        while tls.conn.wants_write() {
            tls.conn.write_tls(&mut tls.sock)?;
        }
        Ok(())
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(raw) => raw.read(buffer),
            Stream::Tls(tls) => tls.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(raw) => raw.write(bytes),
            Stream::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Plain(raw) => raw.flush(),
            Stream::Tls(tls) => tls.flush(),
        }
    }
}

fn serve<R: Fn(&Request) -> Reply>(shared: &Shared<R>, socket: TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let plan = (shared.line == Line::Records).then(|| shared.plan.clone());
    let raw = Raw { socket, plan, dead: false };
    let stream = match &shared.tls {
        None => Stream::Plain(raw),
        Some(config) => {
            let session = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
            Stream::Tls(Box::new(StreamOwned::new(session, raw)))
        }
    };
    let mut stream = BufReader::new(stream);
    loop {
        let request = read_request(&mut stream)?;
        match (shared.routes)(&request) {
            Reply::Stay(bytes) => send(shared, stream.get_mut(), bytes, false)?,
            Reply::Close(bytes) => return send(shared, stream.get_mut(), bytes, true),
            Reply::Strike(fault) => return strike(stream.get_ref().socket(), fault),
        }
    }
}

/// Sends a response, and ends the connection if it is the last one or a fault wants it.
fn send<R>(shared: &Shared<R>, stream: &mut Stream, mut bytes: Vec<u8>, last: bool) -> io::Result<()> {
    let fault = match shared.line {
        Line::Plain | Line::Inside => shared.plan.apply(&mut bytes),
        Line::Records => None,
    };
    let is_end = match fault {
        Some(Fault::Cut) => shared.line == Line::Plain,
        Some(Fault::End) => true,
        Some(_) => false,
        None => last,
    };
    shared.plan.note(Sent { bytes: bytes.clone(), ended: is_end });
    stream.write_all(&bytes)?;
    stream.flush()?;
    if is_end {
        stream.close_notify()?;
    }
    match fault {
        Some(fault) => {
            strike(stream.socket(), fault)?;
            Err(ErrorKind::BrokenPipe.into())
        }
        None if last => {
            stream.socket().shutdown(Shutdown::Write)?;
            drain(stream.socket())
        }
        None => Ok(()),
    }
}

fn read_request(stream: &mut impl BufRead) -> io::Result<Request> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
    let mut words = head.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut body = Vec::new();
    if header(&head, "transfer-encoding").is_some() {
        while read_chunk(stream, &mut body)? {}
    } else {
        let length: Option<u64> = header(&head, "content-length").and_then(|text| text.parse().ok());
        read_exactly(stream, length.unwrap_or(0), &mut body)?;
    }
    Ok(Request { method, path, head, body })
}

fn read_exactly(stream: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    match stream.take(length).read_to_end(body)? as u64 == length {
        true => Ok(()),
        false => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// Returns false after the last one.
fn read_chunk(stream: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<bool> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let size = u64::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
    read_exactly(stream, size, body)?;
    line.clear();
    stream.read_line(&mut line)?;
    Ok(size > 0)
}
