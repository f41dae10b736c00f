//! TLS in front of a server or proxy that speaks plainly: what an https proxy is.

use super::tls::Tls;
use rustls::ServerConnection;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

pub struct TlsFront {
    address: SocketAddr,
}

impl TlsFront {
    /// Takes connections until the test program ends, and carries what is in them to `behind` and back.
    pub fn start(tls: &Tls, behind: SocketAddr) -> TlsFront {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let address = listener.local_addr().expect("its address");
        let config = tls.config.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let config = config.clone();
                thread::spawn(move || {
                    let session = ServerConnection::new(config).expect("a session");
                    let _ = carry(session, client, behind);
                });
            }
        });
        TlsFront { address }
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

/// One thread for both directions: it looks at each in turn.
fn carry(mut session: ServerConnection, mut client: TcpStream, behind: SocketAddr) -> io::Result<()> {
    let mut server = TcpStream::connect(behind)?;
    client.set_nonblocking(true)?;
    server.set_read_timeout(Some(Duration::from_millis(1)))?;
    let mut buffer = vec![0; 16 * 1024];
    let waits = |e: &io::Error| matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
    loop {
        let came = match session.read_tls(&mut client) {
            Ok(0) => return Ok(()),
            Ok(_) => true,
            Err(e) if waits(&e) => false,
            Err(e) => return Err(e),
        };
        let processed = session.process_new_packets();
        while session.wants_write() {
            match session.write_tls(&mut client) {
                Err(e) if waits(&e) => thread::sleep(Duration::from_millis(1)),
                other => drop(other?),
            }
        }
        processed.map_err(io::Error::other)?;
        while let Ok(amount @ 1..) = session.reader().read(&mut buffer) {
            server.write_all(&buffer[..amount])?;
        }
        // A look at the other direction costs a wait.
        if came {
            continue;
        }
        match server.read(&mut buffer) {
            Ok(0) => {
                session.send_close_notify();
                while session.wants_write() {
                    match session.write_tls(&mut client) {
                        Err(e) if waits(&e) => thread::sleep(Duration::from_millis(1)),
                        other => drop(other?),
                    }
                }
                return Ok(());
            }
            Ok(amount) => session.writer().write_all(&buffer[..amount])?,
            Err(e) if waits(&e) => {}
            Err(e) => return Err(e),
        }
    }
}
