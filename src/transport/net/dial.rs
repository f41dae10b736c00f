//! Makes connections: addresses, proxy, TLS; each step bounded and cancellable.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;

use crate::error::{Code, Error, Result};
use crate::sys::memory::Space;
use crate::sys::socket::{self as sys, Socket};
use crate::transport::attempt::Attempt;
use crate::transport::buffers::WireBuffers;
use crate::transport::limits::{Phase, Until};
use crate::transport::net::connection::Connection;
use crate::transport::net::pool::Pool;
use crate::transport::net::proxy::{Kind, Proxy};
use crate::transport::net::resolver::Resolver;
use crate::transport::net::route::Route;
use crate::transport::net::timed::{Got, read, write_all};
use crate::transport::net::tunnel;
use crate::transport::tls::stream::{Ready, TlsStream};
use crate::transport::tls::trust::{Trust, explain};

/// How long one address may keep the next one waiting (RFC 8305).
const HEAD_START: Duration = Duration::from_millis(250);
/// How often a wait without a socket looks whether it was cancelled.
const SLICE: Duration = Duration::from_millis(50);

/// Makes the connections of one client.
#[derive(Debug)]
pub struct Dialer {
    pub pool: Arc<Pool>,
    pub resolver: Resolver,
    pub trust: Trust,
}

impl Dialer {
    /// An idle connection, else a new one.
    pub fn lend(&self, attempt: &Attempt, route: Arc<Route>) -> Result<Box<Connection>> {
        if !attempt.fresh_only
            && let Some(mut connection) = self.pool.take(&route)
        {
            attempt.reused.store(true, Relaxed);
            connection.route = route;
            let attached = attempt.attach(&connection.socket);
            if attached.is_err() {
                attempt.detach();
            }
            return attached.map(|()| connection);
        }
        let made = self.dial(attempt, route);
        if made.is_err() {
            attempt.detach();
        }
        made
    }

    fn dial(&self, attempt: &Attempt, route: Arc<Route>) -> Result<Box<Connection>> {
        let (host, port) = match &route.proxy {
            Some(proxy) => (proxy.host.as_str(), proxy.port),
            None => (route.origin.bare_host(), route.origin.port),
        };
        let addresses = self.resolver.resolve(host, port, attempt)?;
        attempt.set_phase(Phase::Connect);
        let until = attempt.until(attempt.limits.connect);
        let socket = match race(&addresses, attempt, &until, host) {
            Ok(socket) => Arc::new(socket),
            Err(e) => {
                self.resolver.forget(host);
                return Err(Self::blame(e, &route));
            }
        };
        attempt.attach(&socket)?;
        if let Some(proxy) = &route.proxy {
            attempt.set_phase(Phase::Proxy);
            self.pass(proxy, &socket, attempt, &until, &route)?;
        }
        let mut buffers = WireBuffers::default();
        let tls = match route.origin.https {
            true => {
                attempt.set_phase(Phase::Handshake);
                Some(self.shake_hands(&socket, attempt, &until, &route, &mut buffers)?)
            }
            false => None,
        };
        Ok(Box::new(Connection { socket, tls, buffers, route }))
    }

    /// A failure on the way to a proxy is not the server's.
    fn blame(mut error: Error, route: &Route) -> Error {
        if route.proxy.is_some() && error.code == Code::Connect {
            error.message = format!("The proxy could not be reached: {}", error.message);
        }
        error
    }

    fn pass(
        &self,
        proxy: &Proxy,
        socket: &Socket,
        attempt: &Attempt,
        until: &Until,
        route: &Route,
    ) -> Result<()> {
        match proxy.kind {
            Kind::Socks5 => tunnel::socks5(proxy, socket, attempt, until, route),
            Kind::Http if route.origin.https => tunnel::connect(proxy, socket, attempt, until, route),
            // Plain requests are forwarded one by one.
            Kind::Http => Ok(()),
        }
    }

    fn shake_hands(
        &self,
        socket: &Socket,
        attempt: &Attempt,
        until: &Until,
        route: &Route,
        buffers: &mut WireBuffers,
    ) -> Result<TlsStream> {
        let host = route.origin.bare_host();
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Error::argument(format!("{host} is not a name that TLS can check.")))?;
        let wrong = |e: rustls::Error| explain(&e, host);
        let mut tls = TlsStream::new(self.trust.config()?, name).map_err(wrong)?;
        loop {
            let state = tls.advance(&mut Space::none(), &mut buffers.inbox);
            if !tls.outgoing().is_empty() {
                // An alert that says why is sent even when the handshake has failed.
                let sent = write_all(socket, tls.outgoing(), attempt, until, route);
                tls.clear_outgoing();
                if state.is_ok() {
                    sent?;
                }
            }
            if state.map_err(wrong)? == Ready::Traffic {
                return Ok(tls);
            }
            match read(socket, &mut Space::of(tls.free()), attempt, until, route, true)? {
                Got::Bytes(amount) if amount > 0 => tls.filled(amount),
                _ => {
                    return Err(Error::new(
                        Code::Tls,
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
fn race(addresses: &[SocketAddr], attempt: &Attempt, until: &Until, host: &str) -> Result<Socket> {
    let mut waiting = addresses.iter();
    let mut racing: Vec<Socket> = Vec::new();
    let mut next_start = Instant::now();
    let mut last_error = io::Error::from(ErrorKind::NotFound);
    loop {
        if attempt.is_cancelled() {
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
        attempt.tick(false)?;
        let left = until.left().unwrap_or(SLICE);
        if left.is_zero() {
            return Err(attempt.timeout(until, host));
        }
        let ready =
            sys::poll(&racing.iter().collect::<Vec<_>>(), sys::Ready::Write, left.min(attempt.slice(SLICE)))
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
    Error::new(Code::Connect, format!("No connection to {host} port {port} could be made: {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::attempt::BodySize;
    use crate::transport::exchange::Exchange;
    use crate::transport::limits::Limits;
    use sandbox::fault::{Blackhole, Refusing};

    #[test]
    fn dead_addresses_hold_up_nobody() {
        let alive = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let alive = alive.local_addr().unwrap();
        let (hole, refusing) = (Blackhole::start(), Refusing::start());
        let attempt = Attempt::new(Exchange::new(Limits::default()), BodySize::None, false);
        let until = attempt.until(Some(Duration::from_secs(10)));
        let started = Instant::now();
        let addresses = [hole.address(), refusing.address(), hole.address(), alive];
        assert!(race(&addresses, &attempt, &until, "some.test").is_ok());
        let took = started.elapsed();
        assert!(took < Duration::from_secs(3), "{took:?}");
        let error = race(&[refusing.address()], &attempt, &until, "some.test").unwrap_err();
        assert_eq!(error.code, Code::Connect);
    }

    #[test]
    fn a_cancel_ends_the_race() {
        let hole = Blackhole::start();
        let attempt = Attempt::new(Exchange::new(Limits::default()), BodySize::None, false);
        let until = attempt.until(None);
        let started = Instant::now();
        std::thread::scope(|scope| {
            let racing = scope.spawn(|| race(&[hole.address()], &attempt, &until, "some.test"));
            attempt.cancel();
            assert_eq!(racing.join().unwrap().unwrap_err().code, Code::Cancelled);
        });
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}
