//! TLS over a connection: rustls without its own buffers, so that bytes are copied once.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::UnbufferedClientConnection;
use rustls::pki_types::ServerName;
use rustls::unbuffered::{ConnectionState, EncodeError, EncryptError, UnbufferedStatus};

use crate::error::Error;
use crate::secret::{lengthen, wipe};
use crate::sys::memory::Space;
use crate::transport::buffers::Inbox;
use crate::transport::foreign;
use crate::transport::tls::explain::{self, Seen};
use crate::transport::tls::trust::take_asked;

/// Space for one whole record.
const RECORD: usize = 18 * 1024;
const BULK: usize = 6 * RECORD;
/// Most reads of a look at an idle connection; a server that still sends after so many may never stop.
const LOOKS: usize = 8;

/// What the session can do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ready {
    /// The handshake needs more from the server.
    Handshake,
    /// Data may travel.
    Traffic,
}

pub struct TlsStream {
    /// Boxed: it is handed up through frames of a stack that may be small.
    session: Box<UnbufferedClientConnection>,
    incoming: Vec<u8>,
    start: usize,
    end: usize,
    /// Never made shorter: to make it longer again would zero it first.
    outgoing: Vec<u8>,
    sealed: usize,
    closed: bool,
    /// Whether the server has asked for a client certificate, and whether there is one.
    asked: bool,
    own: bool,
}

impl Drop for TlsStream {
    fn drop(&mut self) {
        // Records are decrypted where they lie.
        wipe(&mut self.incoming);
    }
}

impl fmt::Debug for TlsStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsStream")
    }
}

impl TlsStream {
    pub fn new(config: Arc<ClientConfig>, name: ServerName<'static>) -> Result<TlsStream, rustls::Error> {
        let own = config.client_auth_cert_resolver.has_certs();
        take_asked();
        Ok(TlsStream {
            session: Box::new(UnbufferedClientConnection::new(config, name)?),
            incoming: vec![0; RECORD],
            start: 0,
            end: 0,
            outgoing: Vec::new(),
            sealed: 0,
            closed: false,
            asked: false,
            own,
        })
    }

    /// Whether the server has said goodbye.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Where ciphertext is to be read into.
    pub fn free(&mut self) -> &mut [u8] {
        // A read that filled everything was part of something big.
        let full = self.end == self.incoming.len();
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        } else if self.end > self.incoming.len() / 2 {
            self.incoming.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if full && self.incoming.len() < BULK || self.end == self.incoming.len() {
            lengthen(&mut self.incoming, BULK.max(2 * self.end));
        }
        &mut self.incoming[self.end..]
    }

    pub fn filled(&mut self, amount: usize) {
        self.end += amount;
    }

    /// Works off all whole records: plaintext goes to the room, then to the inbox; replies to `outgoing`.
    pub fn advance(&mut self, room: &mut Space<'_>, inbox: &mut Inbox) -> Result<Ready, rustls::Error> {
        let ready = self.work_off(room, inbox);
        // The session asks on the thread that works for it.
        self.asked |= take_asked();
        ready
    }

    /// The error of a session that failed; `pins`: whether they count for this server.
    pub fn explain(&self, error: &rustls::Error, who: &str, pins: bool) -> Error {
        let came = &self.incoming[self.start..self.end];
        let first = &came[..came.len().min(foreign::ENOUGH)];
        explain::explain(error, who, &Seen { asked: self.asked, own: self.own, pins, first })
    }

    /// Whether the server asked for a client certificate, and there is none.
    pub fn lacks_certificate(&self) -> bool {
        self.asked && !self.own
    }

    /// Whether the server asked for a client certificate.
    pub fn is_asked(&self) -> bool {
        self.asked
    }

    fn work_off(&mut self, room: &mut Space<'_>, inbox: &mut Inbox) -> Result<Ready, rustls::Error> {
        loop {
            let UnbufferedStatus { mut discard, state, .. } =
                self.session.process_tls_records(&mut self.incoming[self.start..self.end]);
            let ready = match state? {
                ConnectionState::ReadTraffic(mut records) => {
                    while let Some(record) = records.next_record() {
                        let record = record?;
                        discard += record.discard;
                        let taken = room.push(record.payload);
                        inbox.push(&record.payload[taken..]);
                    }
                    None
                }
                ConnectionState::EncodeTlsData(mut reply) => {
                    let mut room = 1024;
                    loop {
                        match reply.encode(room_behind(&mut self.outgoing, self.sealed, room)) {
                            Ok(size) => break self.sealed += size,
                            Err(EncodeError::InsufficientSize(need)) => room = need.required_size,
                            Err(EncodeError::AlreadyEncoded) => break,
                        }
                    }
                    None
                }
                // During a handshake the caller sends `outgoing` before it reads again; later it goes with the
                // next request, which is soon enough for what a server may ask then.
                ConnectionState::TransmitTlsData(sent) => {
                    sent.done();
                    None
                }
                ConnectionState::PeerClosed => {
                    self.closed = true;
                    None
                }
                ConnectionState::Closed => {
                    self.closed = true;
                    Some(Ready::Traffic)
                }
                ConnectionState::BlockedHandshake => Some(Ready::Handshake),
                ConnectionState::WriteTraffic(_) => Some(Ready::Traffic),
                _ => return Err(rustls::Error::General("unexpected TLS state".into())),
            };
            self.start += discard;
            if let Some(ready) = ready {
                return Ok(ready);
            }
        }
    }

    /// Adds data, encrypted, to `outgoing`.
    pub fn encrypt(&mut self, data: &[u8], inbox: &mut Inbox) -> Result<(), rustls::Error> {
        self.advance(&mut Space::none(), inbox)?;
        let status = self.session.process_tls_records(&mut self.incoming[self.start..self.end]);
        self.start += status.discard;
        let ConnectionState::WriteTraffic(mut traffic) = status.state? else {
            return Err(rustls::Error::General("unexpected TLS state".into()));
        };
        // Header, tag, content type and explicit nonce of each record.
        let mut room = data.len() + (data.len() / 16384 + 2) * 40;
        loop {
            match traffic.encrypt(data, room_behind(&mut self.outgoing, self.sealed, room)) {
                Ok(size) => break self.sealed += size,
                Err(EncryptError::InsufficientSize(need)) => room = need.required_size,
                Err(EncryptError::EncryptExhausted) => return Err(rustls::Error::EncryptError),
            }
        }
        Ok(())
    }

    /// Ciphertext that is to be sent.
    pub fn outgoing(&self) -> &[u8] {
        &self.outgoing[..self.sealed]
    }

    pub fn clear_outgoing(&mut self) {
        self.sealed = 0;
    }

    /// Takes what came while the connection was idle; true if that was no more than session tickets.
    pub fn is_quiet(&mut self, mut read: impl FnMut(&mut Space<'_>) -> io::Result<usize>) -> bool {
        let mut inbox = Inbox::default();
        for _ in 0..LOOKS {
            let amount = match read(&mut Space::of(self.free())) {
                Err(e) => return e.kind() == io::ErrorKind::WouldBlock,
                Ok(amount) => amount,
            };
            self.filled(amount);
            let worked = self.advance(&mut Space::none(), &mut inbox);
            if amount == 0 || worked.is_err() || self.closed || !inbox.waiting().is_empty() {
                return false;
            }
        }
        false
    }
}

/// Space for so many bytes after those in use.
fn room_behind(bytes: &mut Vec<u8>, used: usize, room: usize) -> &mut [u8] {
    if bytes.len() < used + room {
        bytes.resize(used + room, 0);
    }
    &mut bytes[used..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::tls::trust::{TlsOptions, Trust};
    use rustls::ServerConnection;
    use sandbox::fault::{Cert, Tls};

    fn sent(server: &mut ServerConnection) -> Vec<u8> {
        let mut bytes = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut bytes).unwrap();
        }
        bytes
    }

    /// A session whose handshake is done, and the server's end of it.
    fn pair() -> (TlsStream, ServerConnection) {
        let tls = Tls::new(Cert::Good);
        let options = TlsOptions { ca_pem: Some(tls.ca_pem), ..TlsOptions::default() };
        let config = Trust::new(options).unwrap().config().unwrap();
        let mut client = TlsStream::new(config, "localhost".try_into().unwrap()).unwrap();
        let mut server = ServerConnection::new(tls.config).unwrap();
        let mut inbox = Inbox::default();
        while client.advance(&mut Space::none(), &mut inbox).unwrap() == Ready::Handshake
            || server.is_handshaking()
        {
            let mut to_server = client.outgoing();
            while !to_server.is_empty() {
                server.read_tls(&mut to_server).unwrap();
                server.process_new_packets().unwrap();
            }
            client.clear_outgoing();
            for piece in sent(&mut server).chunks(1000) {
                client.free()[..piece.len()].copy_from_slice(piece);
                client.filled(piece.len());
            }
        }
        (client, server)
    }

    /// How a session looks that reads these, one after another; without more, nothing is there.
    fn is_quiet(client: &mut TlsStream, reads: &mut dyn Iterator<Item = io::Result<Vec<u8>>>) -> bool {
        client.is_quiet(|room| {
            let bytes = reads.next().unwrap_or(Err(io::ErrorKind::WouldBlock.into()))?;
            assert_eq!(room.push(&bytes), bytes.len());
            Ok(bytes.len())
        })
    }

    #[test]
    fn a_few_records_without_data_are_quiet_and_a_flood_is_not() {
        let (mut client, mut server) = pair();
        assert!(is_quiet(&mut client, &mut std::iter::empty()));
        let mut update = || {
            server.refresh_traffic_keys().unwrap();
            Ok(sent(&mut server))
        };
        assert!(is_quiet(&mut client, &mut [update(), update()].into_iter()));
        let mut taken = 0;
        let mut flood = std::iter::repeat_with(update).take(100).inspect(|_| taken += 1);
        assert!(!is_quiet(&mut client, &mut flood));
        drop(flood);
        assert_eq!(taken, LOOKS);
    }

    #[test]
    fn data_an_end_and_an_error_are_not_quiet() {
        let (mut client, mut server) = pair();
        assert!(!is_quiet(&mut client, &mut [Err(io::ErrorKind::ConnectionReset.into())].into_iter()));
        assert!(!is_quiet(&mut client, &mut [Ok(Vec::new())].into_iter()));
        std::io::Write::write_all(&mut server.writer(), b"x").unwrap();
        let data = sent(&mut server);
        assert!(!is_quiet(&mut client, &mut [Ok(data)].into_iter()));
    }
}
