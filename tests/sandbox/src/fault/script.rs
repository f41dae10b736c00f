//! The fault server: every connection follows a script.

use super::hub::{Hub, Running, Socket};
use super::tls::Tls;
use super::wire::Wire;
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

/// For `Step::Repeat`: until the peer goes.
pub const FOREVER: usize = usize::MAX;

/// One thing a connection does. A script that has run out ends like `Fin` and takes what still comes; a script that
/// fails, because the peer went, closes the connection.
#[derive(Clone, Debug)]
pub enum Step {
    /// Reads up to and with the blank line, and counts a request.
    ReadHead,
    /// Reads so many bytes and counts them as body.
    ReadBody(u64),
    /// Reads a head and the body it announces, by length or in chunks.
    ReadRequest,
    /// Reads exactly so many bytes, whatever they are part of: half a head, a third of an upload.
    ReadSome(u64),
    Send(Vec<u8>),
    /// Sends in pieces of so many bytes, with a pause after each.
    SendSlowly {
        bytes: Vec<u8>,
        piece: usize,
        every: Duration,
    },
    /// Says nothing more, but takes what comes, until the peer goes.
    Stall,
    /// Does not even read, so that a sender blocks. Ends only with the server: behind unread bytes no FIN is seen.
    Freeze,
    /// Waits for `server.open_gate(name)`.
    Gate(&'static str),
    /// TLS: close_notify; then FIN. The script goes on and may read.
    Fin,
    /// TLS: FIN without close_notify.
    DropTls,
    /// Closes both directions at once, as careless servers do: with request bytes unread the peer gets an RST.
    Close,
    /// RST.
    Reset,
    Repeat(usize, Vec<Step>),
    /// From here on connections are refused; the next steps run when that is so.
    CloseListener,
}

impl Step {
    pub fn send(bytes: impl AsRef<[u8]>) -> Step {
        Step::Send(bytes.as_ref().to_vec())
    }
}

pub struct FaultServer(Running);

impl Deref for FaultServer {
    type Target = Running;
    fn deref(&self) -> &Running {
        &self.0
    }
}

impl FaultServer {
    /// The same script for every connection.
    pub fn start(steps: Vec<Step>) -> FaultServer {
        FaultServer::scripts(None, vec![steps])
    }

    pub fn start_tls(tls: &Tls, steps: Vec<Step>) -> FaultServer {
        FaultServer::scripts(Some(tls), vec![steps])
    }

    /// The nth connection follows the nth script; the last one serves all that come after.
    pub fn scripts(tls: Option<&Tls>, scripts: Vec<Vec<Step>>) -> FaultServer {
        assert!(!scripts.is_empty(), "a server needs a script");
        let tls = tls.map(|tls| tls.config.clone());
        let scheme = if tls.is_some() { "https" } else { "http" };
        let scripts = Arc::new(scripts);
        FaultServer(Running::start(scheme, move |hub, index, socket| {
            let steps = &scripts[index.min(scripts.len() - 1)];
            // An error only says that the peer went, and that is in the record.
            let _ = serve(hub, index, socket, tls.as_ref(), steps);
        }))
    }
}

fn serve(
    hub: &Arc<Hub>,
    index: usize,
    socket: Socket,
    tls: Option<&Arc<rustls::ServerConfig>>,
    steps: &[Step],
) -> io::Result<()> {
    let address = socket.local_addr()?;
    let mut wire = match tls {
        Some(config) => Wire::tls(hub, index, socket, config)?,
        None => Wire::plain(hub, index, socket),
    };
    match run(hub, &mut wire, steps, address)? {
        Next::Finish => wire.finish(),
        Next::Close => wire.close_notify()?,
        Next::Reset => wire.reset()?,
    }
    Ok(())
}

enum Next {
    Finish,
    Close,
    Reset,
}

fn run(hub: &Arc<Hub>, wire: &mut Wire, steps: &[Step], address: SocketAddr) -> io::Result<Next> {
    for step in steps {
        match step {
            Step::ReadHead => drop(wire.head()?),
            Step::ReadBody(count) => wire.count_body(*count, |_| Ok(()))?,
            Step::ReadRequest => {
                let head = wire.head()?;
                wire.body(&head, |_| Ok(()))?;
            }
            Step::ReadSome(count) => wire.exactly(*count, |_| Ok(()))?,
            Step::Send(bytes) => wire.send(bytes)?,
            Step::SendSlowly { bytes, piece, every } => {
                for part in bytes.chunks(*piece) {
                    wire.send(part)?;
                    hub.pause(*every)?;
                }
            }
            Step::Stall => wire.drain()?,
            Step::Freeze => hub.pause(Duration::MAX)?,
            Step::Gate(gate) => hub.pass_gate(gate)?,
            Step::Fin => wire.fin()?,
            Step::DropTls => wire.drop_tls()?,
            Step::Close => return Ok(Next::Close),
            Step::Reset => return Ok(Next::Reset),
            Step::Repeat(times, steps) => {
                for _ in 0..*times {
                    match run(hub, wire, steps, address)? {
                        Next::Finish => {}
                        end => return Ok(end),
                    }
                }
            }
            Step::CloseListener => hub.close_listener(address),
        }
    }
    Ok(Next::Finish)
}
