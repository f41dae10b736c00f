//! Servers on loopback that share a script: each request takes the next reply, whatever its port, and is kept.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long a connection on which nothing happens is kept.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a connection ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// As servers do: with a FIN.
    #[default]
    Fin,
    /// With an RST.
    Reset,
}

/// What one request gets.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// Each by a write of its own.
    pub pieces: Vec<Vec<u8>>,
    pub end: End,
}

impl Reply {
    pub fn of(bytes: impl Into<Vec<u8>>) -> Reply {
        Reply { pieces: vec![bytes.into()], end: End::Fin }
    }

    /// A reply with its length, of a status line's end, further header lines, and a body.
    pub fn framed(status: &str, headers: &str, body: &str) -> Reply {
        let length = body.len();
        Reply::of(format!(
            "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }
}

/// A request as it arrived, whole.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub port: u16,
    pub method: String,
    pub target: String,
    /// First line and fields.
    pub head: String,
    pub body: Vec<u8>,
}

impl Arrived {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

#[derive(Default)]
struct State {
    replies: VecDeque<Reply>,
    login: Option<Reply>,
    echoes: bool,
    arrived: Vec<Arrived>,
}

/// Servers that run as long as the process.
pub struct Servers {
    pub ports: Vec<u16>,
    state: Arc<Mutex<State>>,
}

impl Servers {
    pub fn start(count: usize) -> Servers {
        let state = Arc::new(Mutex::new(State::default()));
        let ports = (0..count).map(|_| listen(state.clone())).collect();
        Servers { ports, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a case: the replies in turn, and an empty 200 behind the last. A request to `login` gets its own.
    pub fn play(&self, replies: impl IntoIterator<Item = Reply>, login: Reply) {
        *self.state() =
            State { replies: replies.into_iter().collect(), login: Some(login), ..State::default() };
    }

    /// Begins a case in which each request gets back its body.
    pub fn echo(&self) {
        *self.state() = State { echoes: true, ..State::default() };
    }

    /// What arrived so far, logins included.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.state().arrived.clone()
    }

    /// The base of a client whose own origin is the first server.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/v1/", self.ports[0])
    }
}

fn listen(state: Arc<Mutex<State>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
    let port = listener.local_addr().expect("its address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let state = state.clone();
            // An error says that the client has gone, as it may.
            thread::spawn(move || serve(&stream, port, &state));
        }
    });
    port
}

fn serve(mut stream: &TcpStream, port: u16, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let request = read(&mut reader, port)?;
    let reply = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.arrived.push(request.clone());
        match &state.login {
            _ if state.echoes => {
                let body = String::from_utf8_lossy(&request.body);
                Reply::framed("200 OK", "Content-Type: application/json\r\n", &body)
            }
            Some(login) if request.target.ends_with("/login") => login.clone(),
            _ => state.replies.pop_front().unwrap_or_else(|| Reply::framed("200 OK", "", "")),
        }
    };
    for piece in &reply.pieces {
        stream.write_all(piece)?;
        thread::yield_now();
    }
    if reply.end == End::Reset {
        return reset(stream);
    }
    stream.shutdown(Shutdown::Write)?;
    // A connection that is closed with bytes unread would be reset, and the reply lost.
    std::io::copy(&mut reader, &mut std::io::sink()).map(drop)
}

fn read(reader: &mut impl BufRead, port: u16) -> std::io::Result<Arrived> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let mut words = head.split(' ').map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut request = Arrived { port, method, target, head, body: Vec::new() };
    if request.header("transfer-encoding").is_some() {
        while !request.body.ends_with(b"0\r\n\r\n") && reader.read_until(b'\n', &mut request.body)? > 0 {}
    } else if let Some(length) = request.header("content-length").and_then(|digits| digits.parse().ok()) {
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        request.body = body;
    }
    Ok(request)
}

/// Closes with an RST.
fn reset(stream: &TcpStream) -> std::io::Result<()> {
    let linger = libc::linger { l_onoff: 1, l_linger: 0 };
    let size = std::mem::size_of::<libc::linger>() as libc::socklen_t;
    // SAFETY: a descriptor that is open, and an option of this size.
    let set = unsafe {
        libc::setsockopt(
            stream.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_LINGER,
            (&raw const linger).cast(),
            size,
        )
    };
    if set == 0 { Ok(()) } else { Err(std::io::Error::last_os_error()) }
}
