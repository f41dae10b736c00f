//! Names to addresses: bounded in time and threads, cancellable, with a short memory.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Outcome, Result};
use crate::sync::Lock;
use crate::transport::exchange::{Exchange, Phase};

/// How long an answer is used again.
const MEMORY: Duration = Duration::from_secs(10);
/// Look-ups that may hang at the same time; the system's resolver cannot be interrupted.
const MOST_THREADS: usize = 8;
const MOST_NAMES: usize = 64;

type Known = HashMap<String, (Instant, Vec<IpAddr>)>;

/// The resolver of one client.
#[derive(Debug, Default)]
pub struct Resolver {
    known: Lock<Known>,
    running: Arc<AtomicUsize>,
}

impl Resolver {
    /// The addresses of a host, in the order the system prefers.
    pub fn resolve(&self, host: &str, port: u16, exchange: &Exchange) -> Result<Vec<SocketAddr>> {
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        let with_port = |ips: &[IpAddr]| ips.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
        if let Some((when, ips)) = self.known.lock().get(host)
            && when.elapsed() < MEMORY
        {
            return Ok(with_port(ips));
        }
        let ips = self.look_up(host, exchange)?;
        let addresses = with_port(&ips);
        let mut known = self.known.lock();
        if known.len() >= MOST_NAMES {
            known.clear();
        }
        known.insert(host.to_owned(), (Instant::now(), ips));
        Ok(addresses)
    }

    /// Forgets a host whose addresses did not answer.
    pub fn forget(&self, host: &str) {
        self.known.lock().remove(host);
    }

    fn look_up(&self, host: &str, exchange: &Exchange) -> Result<Vec<IpAddr>> {
        exchange.set_phase(Phase::Resolve);
        let busy = |what: &str| {
            Error::new(Outcome::Resolve, format!("The address of {host} could not be looked up: {what}."))
        };
        let slot = Slot::take(&self.running).ok_or_else(|| busy("too many look-ups hang already"))?;
        let (answer, answered) = sync_channel(1);
        let name = host.to_owned();
        thread::Builder::new()
            .name("crux-resolve".into())
            .stack_size(256 * 1024)
            .spawn(move || {
                let _slot = slot;
                let found = (name.as_str(), 0).to_socket_addrs();
                // Nobody waits any more after a timeout or a cancel; that is fine.
                let _ = answer.send(found.map(|all| all.map(|a| a.ip()).collect::<Vec<_>>()));
            })
            .map_err(|_| busy("the system refused to start a thread"))?;
        let until = exchange.until(exchange.limits.resolve);
        loop {
            let slice = Duration::from_millis(50);
            let left = until.left().unwrap_or(slice);
            match answered.recv_timeout(left.min(slice)) {
                Ok(Ok(ips)) if !ips.is_empty() => return Ok(ips),
                Ok(_) | Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::new(
                        Outcome::Resolve,
                        format!(
                            "The host {host} is not known; check the name in the URL and the network connection."
                        ),
                    ));
                }
                Err(RecvTimeoutError::Timeout) => {
                    if exchange.is_cancelled() {
                        return Err(Error::cancelled());
                    }
                    if left.is_zero() {
                        return Err(exchange.timeout(&until, host));
                    }
                }
            }
        }
    }
}

/// One of the few threads that may look up names.
struct Slot(Arc<AtomicUsize>);

impl Slot {
    fn take(running: &Arc<AtomicUsize>) -> Option<Slot> {
        let taken =
            running.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| (n < MOST_THREADS).then_some(n + 1));
        taken.ok().map(|_| Slot(running.clone()))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
