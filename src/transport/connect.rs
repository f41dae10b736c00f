//! Makes connections: addresses, proxy, TLS; each step bounded and cancellable.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use ureq::unversioned::transport::{ConnectionDetails, Connector};

use crate::error::{Error, Outcome, Result};
use crate::sys::room::Room;
use crate::sys::socket::{self as sys, Socket};
use crate::transport::bounded::{Got, broken, read, write_all};
use crate::transport::buffers::WireBuffers;
use crate::transport::connection::Connection;
use crate::transport::exchange::{Exchange, Phase, Scope, Until};
use crate::transport::pool::Pool;
use crate::transport::proxy::{Kind, Proxy};
use crate::transport::resolver::Resolver;
use crate::transport::target::Target;
use crate::transport::tls::{Ready, TlsStream};
use crate::transport::trust::{Trust, explain};
use crate::transport::tunnel;
use crate::transport::wire::Wire;

/// How long one address may keep the next one waiting (RFC 8305).
const HEAD_START: Duration = Duration::from_millis(250);
/// How often a wait without a socket looks whether it was cancelled.
const SLICE: Duration = Duration::from_millis(50);

/// What ureq asks for connections; one per client.
#[derive(Debug)]
pub struct Dialer {
    pub pool: Arc<Pool>,
    pub resolver: Resolver,
    pub trust: Trust,
}

impl Connector for Dialer {
    type Out = Wire;

    fn connect(
        &self,
        _: &ConnectionDetails,
        _: Option<()>,
    ) -> std::result::Result<Option<Wire>, ureq::Error> {
        let Some(Scope { exchange, target, lines }) = Scope::take() else { return Ok(None) };
        match self.lend(&exchange, target) {
            Ok(connection) => Ok(Some(Wire::new(connection, exchange, self.pool.clone(), lines))),
            Err(e) => Err(exchange.fail(e)),
        }
    }
}

impl Dialer {
    /// An idle connection, else a new one.
    fn lend(&self, exchange: &Exchange, target: Arc<Target>) -> Result<Box<Connection>> {
        if !exchange.fresh_only.load(Relaxed)
            && let Some(mut connection) = self.pool.take(&target)
        {
            exchange.reused.store(true, Relaxed);
            connection.target = target;
            let attached = exchange.attach(&connection.socket);
            if attached.is_err() {
                exchange.detach();
            }
            return attached.map(|()| connection);
        }
        let made = self.dial(exchange, target);
        if made.is_err() {
            exchange.detach();
        }
        made
    }

    fn dial(&self, exchange: &Exchange, target: Arc<Target>) -> Result<Box<Connection>> {
        let (host, port) = match &target.proxy {
            Some(proxy) => (proxy.host.as_str(), proxy.port),
            None => (target.origin.bare_host(), target.origin.port),
        };
        let addresses = self.resolver.resolve(host, port, exchange)?;
        exchange.set_phase(Phase::Connect);
        let until = exchange.until(exchange.limits.connect);
        let socket = match race(&addresses, exchange, &until, host) {
            Ok(socket) => Arc::new(socket),
            Err(e) => {
                self.resolver.forget(host);
                return Err(Self::blame(e, &target));
            }
        };
        exchange.attach(&socket)?;
        if let Some(proxy) = &target.proxy {
            exchange.set_phase(Phase::Proxy);
            self.pass(proxy, &socket, exchange, &until, &target)?;
        }
        let mut buffers = WireBuffers::default();
        let tls = match target.origin.https {
            true => {
                exchange.set_phase(Phase::Handshake);
                Some(self.shake_hands(&socket, exchange, &until, &target, &mut buffers)?)
            }
            false => None,
        };
        Ok(Box::new(Connection { socket, tls, buffers, target }))
    }

    /// A failure on the way to a proxy is not the server's.
    fn blame(mut error: Error, target: &Target) -> Error {
        if target.proxy.is_some() && error.code == Outcome::Connect {
            error.message = format!("The proxy could not be reached: {}", error.message);
        }
        error
    }

    fn pass(
        &self,
        proxy: &Proxy,
        socket: &Socket,
        exchange: &Exchange,
        until: &Until,
        target: &Target,
    ) -> Result<()> {
        match proxy.kind {
            Kind::Socks5 => tunnel::socks5(proxy, socket, exchange, until, target),
            Kind::Http if target.origin.https => tunnel::connect(proxy, socket, exchange, until, target),
            // Plain requests are forwarded one by one.
            Kind::Http => Ok(()),
        }
    }

    fn shake_hands(
        &self,
        socket: &Socket,
        exchange: &Exchange,
        until: &Until,
        target: &Target,
        buffers: &mut WireBuffers,
    ) -> Result<TlsStream> {
        let host = target.origin.bare_host();
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Error::argument(format!("{host} is not a name that TLS can check.")))?;
        let wrong = |e: rustls::Error| explain(&e, host);
        let mut tls = TlsStream::new(self.trust.config()?, name).map_err(wrong)?;
        loop {
            let state = tls.advance(&mut Room::none(), &mut buffers.inbox);
            if !tls.outgoing().is_empty() {
                // An alert that says why is sent even when the handshake has failed.
                let sent = write_all(socket, tls.outgoing(), exchange, until, target);
                tls.clear_outgoing();
                if state.is_ok() {
                    sent?;
                }
            }
            if state.map_err(wrong)? == Ready::Traffic {
                return Ok(tls);
            }
            match read(socket, &mut Room::of(tls.free()), exchange, until, target, true)? {
                Got::Bytes(amount) if amount > 0 => tls.filled(amount),
                _ => {
                    return Err(Error::new(
                        Outcome::Tls,
                        format!(
                            "{host} closed the connection during the TLS handshake; the port may not speak TLS."
                        ),
                    ));
                }
            }
        }
    }
}

/// Connects to the first address that answers. Each gets a short head start before the next joins
/// in, so that a dead one (often IPv6) costs a quarter of a second.
fn race(addresses: &[SocketAddr], exchange: &Exchange, until: &Until, host: &str) -> Result<Socket> {
    let mut waiting = addresses.iter();
    let mut racing: Vec<Socket> = Vec::new();
    let mut next_start = Instant::now();
    let mut last_error = io::Error::from(ErrorKind::NotFound);
    loop {
        if exchange.is_cancelled() {
            return Err(Error::cancelled());
        }
        if racing.is_empty() || Instant::now() >= next_start {
            match waiting.next().map(Socket::start_connect) {
                Some(Ok(socket)) => racing.push(socket),
                Some(Err(e)) => {
                    last_error = e;
                    continue;
                }
                None if racing.is_empty() => return Err(unreachable(host, addresses, &last_error)),
                None => {}
            }
            next_start = Instant::now() + HEAD_START;
        }
        let left = until.left().unwrap_or(SLICE);
        if left.is_zero() {
            return Err(exchange.timeout(until, host));
        }
        let ready = sys::poll(&racing.iter().collect::<Vec<_>>(), sys::Ready::Write, left.min(SLICE))
            .map_err(|e| unreachable(host, addresses, &e))?;
        let mut ready = ready.into_iter();
        let mut winner = None;
        let lost = &mut last_error;
        racing = racing
            .into_iter()
            .filter_map(|socket| match ready.next() == Some(true) && winner.is_none() {
                false => Some(socket),
                true => {
                    match socket.finish_connect() {
                        Ok(()) => winner = Some(socket),
                        Err(e) => *lost = e,
                    }
                    None
                }
            })
            .collect();
        if let Some(socket) = winner {
            return Ok(socket);
        }
    }
}

fn unreachable(host: &str, addresses: &[SocketAddr], error: &io::Error) -> Error {
    let port = addresses.first().map_or(0, SocketAddr::port);
    let why = match error.kind() {
        ErrorKind::ConnectionRefused => "nothing listens there, or a firewall refuses".to_owned(),
        kind => kind.to_string(),
    };
    Error::new(Outcome::Connect, format!("No connection to {host} port {port} could be made: {why}."))
}

/// The error of a step before the request that the other side broke off.
pub fn hung_up(target: &Target) -> Error {
    broken(&ErrorKind::UnexpectedEof.into(), target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::exchange::Limits;
    use sandbox::fault::{Blackhole, Refusing};

    #[test]
    fn dead_addresses_hold_up_nobody() {
        let alive = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let alive = alive.local_addr().unwrap();
        let (hole, refusing) = (Blackhole::start(), Refusing::start());
        let exchange = Exchange::new(Limits::default());
        let until = exchange.until(Some(Duration::from_secs(10)));
        let started = Instant::now();
        let addresses = [hole.address(), refusing.address(), hole.address(), alive];
        assert!(race(&addresses, &exchange, &until, "some.test").is_ok());
        let took = started.elapsed();
        assert!(took < Duration::from_secs(3), "{took:?}");
        let error = race(&[refusing.address()], &exchange, &until, "some.test").unwrap_err();
        assert_eq!(error.code, Outcome::Connect);
    }

    #[test]
    fn a_cancel_ends_the_race() {
        let hole = Blackhole::start();
        let exchange = Exchange::new(Limits::default());
        let until = exchange.until(None);
        let started = Instant::now();
        std::thread::scope(|scope| {
            let racing = scope.spawn(|| race(&[hole.address()], &exchange, &until, "some.test"));
            exchange.cancel();
            assert_eq!(racing.join().unwrap().unwrap_err().code, Outcome::Cancelled);
        });
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}
