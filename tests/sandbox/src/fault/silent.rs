//! Addresses that do not answer: one where connecting hangs, one where it is refused.

use socket2::{Domain, Socket, Type};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Connecting to it neither succeeds nor fails. Nobody accepts, and its queue is full: Linux drops the SYN of whoever
/// comes then, and the client's kernel goes on trying for minutes, as with a firewall that swallows packets.
pub struct Blackhole {
    address: SocketAddr,
    _listener: Socket,
    _queued: Vec<TcpStream>,
}

impl Blackhole {
    pub fn start() -> Blackhole {
        let (listener, address) = bound();
        listener.listen(0).expect("to listen");
        let mut queued = Vec::new();
        // On loopback a connection with room in the queue is made within the system call; half a second of nothing
        // means that the queue is full.
        while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(500)) {
            queued.push(stream);
            assert!(queued.len() < 64, "this system's listen queue never fills");
        }
        Blackhole { address, _listener: listener, _queued: queued }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
    pub fn url_as(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }
}

/// Connecting to it is refused. It is bound and does not listen, so nobody else can get the port meanwhile.
pub struct Refusing {
    address: SocketAddr,
    _bound: Socket,
}

impl Refusing {
    pub fn start() -> Refusing {
        let (bound, address) = bound();
        Refusing { address, _bound: bound }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
    pub fn url_as(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }
}

fn bound() -> (Socket, SocketAddr) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(&any_port.into()).expect("a loopback port");
    let address = socket.local_addr().expect("its address");
    let address = address.as_socket().expect("an IPv4 address");
    (socket, address)
}
