//! A server that says what it was asked, so that no two requests have the same reply.

use super::hub::Running;
use super::tls::Tls;
use super::wire::{Wire, header};
use std::ops::Deref;

/// Replies with the method, the path, the header `X-Id` and the body of each request, a blank between them.
pub struct EchoServer(Running);

impl Deref for EchoServer {
    type Target = Running;
    fn deref(&self) -> &Running {
        &self.0
    }
}

impl EchoServer {
    pub fn start(tls: Option<&Tls>) -> EchoServer {
        let tls = tls.map(|tls| tls.config.clone());
        let scheme = if tls.is_some() { "https" } else { "http" };
        EchoServer(Running::start(scheme, move |hub, index, socket| {
            let wire = match &tls {
                Some(config) => Wire::tls(hub, index, socket, config),
                None => Ok(Wire::plain(hub, index, socket)),
            };
            // It ends when the peer goes, which the record tells.
            let _ = wire.and_then(serve);
        }))
    }
}

fn serve(mut wire: Wire) -> std::io::Result<()> {
    loop {
        let head = wire.head()?;
        let mut said = head.split(' ').take(2).collect::<Vec<_>>().join(" ").into_bytes();
        said.push(b' ');
        said.extend(header(&head, "x-id").unwrap_or_default().bytes());
        said.push(b' ');
        wire.body(&head, |piece| {
            said.extend_from_slice(piece);
            Ok(())
        })?;
        let mut reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", said.len()).into_bytes();
        reply.extend(said);
        wire.send(&reply)?;
    }
}
