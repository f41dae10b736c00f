//! Makes connections: addresses, proxy, TLS; each step bounded and cancellable.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{AlertDescription, ClientConfig};

use crate::error::{Code, Error, Result, in_words};
use crate::sys::memory::Space;
use crate::sys::socket::{self as sys, Socket};
use crate::transport::attempt::Attempt;
use crate::transport::buffers::{Inbox, WireBuffers};
use crate::transport::counters::{Counters, OpenConnection};
use crate::transport::limits::{Phase, Until};
use crate::transport::net::channel::Channel;
use crate::transport::net::connection::Connection;
use crate::transport::net::pool::Pool;
use crate::transport::net::proxy::{Kind, Proxy};
use crate::transport::net::proxy_handshake::ProxyHandshake;
use crate::transport::net::resolver::Resolver;
use crate::transport::net::route::Route;
use crate::transport::net::timed::{Got, read, write_all};
use crate::transport::net::{socks, tunnel};
use crate::transport::tls::stream::{Ready, TlsStream};
use crate::transport::tls::trust::Trust;

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
    pub counters: Arc<Counters>,
    /// What CONNECT says of who asks.
    pub agent: String,
}

impl Dialer {
    /// An idle connection, else a new one.
    pub fn lend(&self, attempt: &Attempt, route: Arc<Route>) -> Result<Box<Connection>> {
        if !attempt.fresh_only
            && let Some(connection) = self.idle(attempt, &route)
        {
            return Ok(connection);
        }
        if attempt.is_cancelled() {
            return Err(Error::cancelled());
        }
        let made = self.dial(attempt, route);
        if made.is_err() {
            attempt.detach();
        }
        made
    }

    /// An idle connection, if there is one and the exchange goes on.
    pub fn idle(&self, attempt: &Attempt, route: &Arc<Route>) -> Option<Box<Connection>> {
        let mut connection = self.pool.take(route)?;
        attempt.reused.store(true, Relaxed);
        connection.route = route.clone();
        if attempt.attach(&connection.channel.socket).is_err() {
            attempt.detach();
            return None;
        }
        Some(connection)
    }

    fn dial(&self, attempt: &Attempt, route: Arc<Route>) -> Result<Box<Connection>> {
        let (mut channel, until) = self.reach(attempt, &route)?;
        let mut buffers = WireBuffers::default();
        let counted = OpenConnection::new(&self.counters);
        if !route.origin.https {
            return Ok(Box::new(Connection { channel, tls: None, buffers, route, counted }));
        }
        attempt.set_phase(Phase::Handshake);
        let host = route.origin.bare_host();
        let way = Way { attempt, until: &until, route: &route };
        let config = if route.own { self.trust.config()? } else { self.trust.config_for_others()? };
        match way.shake_hands(&mut channel, config, host, (host, route.own), &mut buffers.inbox) {
            Ok(tls) => Ok(Box::new(Connection { channel, tls: Some(tls), buffers, route, counted })),
            Err(Failed { error, nothing_in_common: true }) => {
                drop(channel);
                let seen = self.look_again(attempt, &route);
                Err(if attempt.is_cancelled() { Error::cancelled() } else { seen.unwrap_or(error) })
            }
            Err(Failed { error, .. }) => Err(error),
        }
    }

    /// A channel to the server, or to the proxy that forwards requests to it.
    fn reach(&self, attempt: &Attempt, route: &Arc<Route>) -> Result<(Channel, Until)> {
        let (host, port) = route.first_stop();
        let addresses = self.resolver.resolve(&host, port, attempt).map_err(|e| Self::blame(e, route))?;
        let inner = match &route.proxy {
            Some(proxy) => self.for_socks4(proxy.kind, route, attempt)?,
            None => None,
        };
        attempt.set_phase(Phase::Connect);
        let until = attempt.until(attempt.limits.connect);
        let socket = match race(&addresses, attempt, &until, &host) {
            Ok(socket) => Arc::new(socket),
            Err(e) => {
                self.resolver.forget(&host);
                return Err(Self::blame(e, route));
            }
        };
        attempt.attach(&socket)?;
        let mut channel = Channel::new(socket);
        if let Some(proxy) = &route.proxy {
            attempt.set_phase(Phase::Proxy);
            self.pass(proxy, &mut channel, Way { attempt, until: &until, route }, inner)?;
        }
        Ok((channel, until))
    }

    /// The address that a SOCKS4 proxy is told, which takes no other; `None` = it looks up the name.
    fn for_socks4(&self, kind: Kind, route: &Route, attempt: &Attempt) -> Result<Option<Ipv4Addr>> {
        let host = route.origin.bare_host();
        match kind {
            Kind::Socks4 => {}
            Kind::Socks4a => return Ok(host.parse().ok()),
            _ => return Ok(None),
        }
        let found = self.resolver.resolve(host, 0, attempt)?;
        let mut found = found.iter().filter_map(|address| match address.ip() {
            IpAddr::V4(ip) => Some(ip),
            IpAddr::V6(ip) => ip.to_ipv4_mapped(),
        });
        found.next().map(Some).ok_or_else(|| {
            attempt.refused.store(true, Relaxed);
            let what = format!("{host} has no IPv4 address, and SOCKS4 takes no other; use socks5:// in the option \"proxy\".");
            Error::new(Code::Connect, what)
        })
    }

    /// A failure on the way to a proxy is not the server's.
    fn blame(mut error: Error, route: &Route) -> Error {
        if route.proxy.is_some() && matches!(error.code, Code::Connect | Code::Resolve) {
            error.message = format!("The proxy could not be reached: {}", error.message);
        }
        error
    }

    fn pass(
        &self,
        proxy: &Proxy,
        channel: &mut Channel,
        way: Way<'_>,
        inner: Option<Ipv4Addr>,
    ) -> Result<()> {
        let Way { attempt, until, route } = way;
        if proxy.kind == Kind::Https {
            let (who, mut spare) = (format!("the proxy {}", proxy.place()), Inbox::default());
            let config = self.trust.config_for_others()?;
            let host = proxy.host.split('%').next().unwrap_or_default();
            let tls =
                way.shake_hands(channel, config, host, (&who, false), &mut spare).map_err(|e| e.error)?;
            channel.wrap(tls, spare);
        }
        let shake = ProxyHandshake { proxy, channel, attempt, until, route };
        match proxy.kind {
            Kind::Socks5 => socks::socks5(shake),
            Kind::Socks4 | Kind::Socks4a => socks::socks4(shake, inner),
            Kind::Http | Kind::Https if route.origin.https => tunnel::connect(shake, &self.agent),
            // Plain requests are forwarded one by one.
            Kind::Http | Kind::Https => Ok(()),
        }
    }

    /// Looks at the certificate of a server that ended the handshake because nothing fits, on a connection of its own:
    /// only that shows whether its key is of a kind that is not supported. Nothing is sent or accepted.
    fn look_again(&self, attempt: &Attempt, route: &Arc<Route>) -> Option<Error> {
        let (config, onlooker) = self.trust.config_for_a_look().ok()?;
        let (mut channel, until) = self.reach(attempt, route).ok()?;
        let host = route.origin.bare_host();
        let way = Way { attempt, until: &until, route };
        let _ = way.shake_hands(&mut channel, config, host, (host, false), &mut Inbox::default());
        let cause = onlooker.seen.lock().take()?;
        Some(crate::transport::tls::explain_cause(&cause, host))
    }
}

/// One connection being made: for whom, until when, and where to.
#[derive(Clone, Copy)]
struct Way<'a> {
    attempt: &'a Attempt,
    until: &'a Until,
    route: &'a Arc<Route>,
}

/// A handshake that failed.
struct Failed {
    error: Error,
    /// Whether the server said no more than that.
    nothing_in_common: bool,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed { error, nothing_in_common: false }
    }
}

impl Way<'_> {
    /// Makes a TLS session with `host`, which messages call `who`; `pins`: whether they count for it.
    fn shake_hands(
        &self,
        channel: &mut Channel,
        config: Arc<ClientConfig>,
        host: &str,
        (who, pins): (&str, bool),
        inbox: &mut Inbox,
    ) -> std::result::Result<TlsStream, Failed> {
        let Way { attempt, until, route } = *self;
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Error::argument(format!("{host} is not a name that TLS can check.")))?;
        let mut tls = TlsStream::new(config, name).map_err(|_| {
            Error::new(Code::Tls, format!("The TLS connection to {who} could not be set up."))
        })?;
        loop {
            let state = tls.advance(&mut Space::none(), inbox);
            if !tls.outgoing().is_empty() {
                // An alert that says why is sent even when the handshake has failed.
                let sent = write_all(channel, tls.outgoing(), attempt, until, route);
                tls.clear_outgoing();
                if state.is_ok() {
                    sent?;
                }
            }
            match state {
                Ok(Ready::Traffic) => return Ok(tls),
                Ok(Ready::Handshake) => {}
                Err(why) => {
                    let handshake_failure =
                        matches!(why, rustls::Error::AlertReceived(AlertDescription::HandshakeFailure));
                    let nothing_in_common = handshake_failure && !tls.is_asked();
                    return Err(Failed { error: tls.explain(&why, who, pins), nothing_in_common });
                }
            }
            match read(channel, &mut Space::of(tls.free()), attempt, until, route, true)? {
                Got::Bytes(amount) if amount > 0 => tls.filled(amount),
                _ => return Err(self.hung_up(who).into()),
            }
        }
    }

    /// The error of a handshake that the other side ended without a word.
    fn hung_up(&self, who: &str) -> Error {
        let advice = match &self.route.proxy {
            Some(proxy) => format!("the proxy {} or a firewall may not let it through", proxy.place()),
            None => "the port may not speak TLS, or a firewall may not let it through".to_owned(),
        };
        Error::new(Code::Tls, format!("{who} closed the connection during the TLS handshake; {advice}."))
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
    let without_zone = |address: &SocketAddr| match address {
        SocketAddr::V6(v6) => v6.ip().is_unicast_link_local() && v6.scope_id() == 0,
        SocketAddr::V4(_) => false,
    };
    let why = match error.kind() {
        ErrorKind::ConnectionRefused => "nothing listens there, or a firewall refuses".to_owned(),
        _ if addresses.iter().all(without_zone) => {
            "a link-local address needs its network interface; write it as [fe80::1%25eth0]".to_owned()
        }
        _ => in_words(error),
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
