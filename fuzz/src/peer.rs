//! A server on loopback that says to each connection what it was told to say, whatever it is asked, and ends it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How long a peer that does not go is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves one connection after the other.
pub struct Peer {
    pub port: u16,
    said: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Peer {
    pub fn start() -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let port = listener.local_addr().expect("its address").port();
        let said = Arc::new(Mutex::new(Vec::new()));
        let peer = Peer { port, said: said.clone() };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let pieces = said.lock().expect("no panic goes on").clone();
                // Whoever is not interested may go.
                let _ = serve(stream, &pieces);
            }
        });
        peer
    }

    /// What connections get from now on, each piece by a write of its own.
    pub fn say(&self, pieces: &[&[u8]]) {
        *self.said.lock().expect("no panic goes on") = pieces.iter().map(|piece| piece.to_vec()).collect();
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Speaks without having been asked: what a client sends is none of its business. It reads to the end of that, since a
/// connection that is closed before would be reset, and what was said lost.
fn serve(mut stream: TcpStream, pieces: &[Vec<u8>]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    for piece in pieces {
        stream.write_all(piece)?;
        thread::yield_now();
    }
    stream.shutdown(Shutdown::Write)?;
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer)? > 0 {}
    Ok(())
}
