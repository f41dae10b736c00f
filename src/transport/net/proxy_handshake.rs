//! The handshake with a proxy before the first request: bounded reads and writes, and the sentences of its failures.

use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use crate::error::{Code, Error, Result};
use crate::sys::memory::Space;
use crate::transport::attempt::Attempt;
use crate::transport::foreign;
use crate::transport::limits::Until;
use crate::transport::net::channel::Channel;
use crate::transport::net::proxy::Proxy;
use crate::transport::net::route::Route;
use crate::transport::net::timed::{Got, read, write_all};

/// How long the words that go with a refusal are waited for.
const PATIENCE: Duration = Duration::from_millis(500);

/// One handshake with a proxy.
pub struct ProxyHandshake<'a> {
    pub proxy: &'a Proxy,
    pub channel: &'a mut Channel,
    pub attempt: &'a Attempt,
    pub until: &'a Until,
    pub route: &'a Route,
}

impl ProxyHandshake<'_> {
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        let sent = write_all(self.channel, bytes, self.attempt, self.until, self.route);
        sent.map_err(|e| if e.code == Code::Connect { self.hung_up() } else { e })
    }

    /// Reads at most `buffer.len()` bytes: what follows belongs to the server.
    fn receive(&mut self, buffer: &mut [u8]) -> Result<usize> {
        match read(self.channel, &mut Space::of(buffer), self.attempt, self.until, self.route, true)? {
            Got::Bytes(amount) if amount > 0 => Ok(amount),
            _ => Err(self.hung_up()),
        }
    }

    pub fn receive_exactly<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        let mut filled = 0;
        while filled < N {
            filled += self.receive(&mut bytes[filled..])?;
        }
        Ok(bytes)
    }

    /// What comes of so many bytes within a moment: words that go with a refusal.
    pub fn receive_some(&mut self, most: usize) -> Vec<u8> {
        let soon = Instant::now() + PATIENCE;
        let at = self.until.at.map_or(soon, |at| at.min(soon));
        let until = Until { at: Some(at), whole_call: false };
        let mut words = vec![0; most];
        let mut filled = 0;
        while filled < most {
            let room = &mut Space::of(&mut words[filled..]);
            match read(self.channel, room, self.attempt, &until, self.route, true) {
                Ok(Got::Bytes(amount)) if amount > 0 => filled += amount,
                _ => break,
            }
        }
        words.truncate(filled);
        words
    }

    /// A refusal that a retry would meet again; with a wrong password it might even lock an account.
    pub fn refused(&self, why: impl std::fmt::Display) -> Error {
        self.attempt.refused.store(true, Relaxed);
        refused(self.proxy, why)
    }

    /// A proxy that does not speak as it should.
    pub fn foreign(&self, expected: &str, came: &[u8]) -> Error {
        let advice = match foreign::guess(came) {
            Some("TLS") => {
                "what came looks like TLS; write https:// before its host, if it is reached by TLS".to_owned()
            }
            Some(name) => format!("what came looks like {name}; check its scheme and port"),
            None => "check its scheme and port".to_owned(),
        };
        self.refused(format_args!("did not answer in {expected}; {advice}"))
    }

    fn hung_up(&self) -> Error {
        let place = self.route.place();
        refused(
            self.proxy,
            format_args!(
                "closed the connection when it was asked for {place}; check its scheme, port and rules"
            ),
        )
    }
}

/// The sentence of a failure that the proxy answers for.
pub fn refused(proxy: &Proxy, why: impl std::fmt::Display) -> Error {
    Error::new(Code::Connect, format!("The proxy {} {why}.", proxy.place()))
}
