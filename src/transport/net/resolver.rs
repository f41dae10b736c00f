//! Names to addresses: bounded in time and threads, cancellable, with a short memory.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Code, Error, Result};
use crate::sync::Lock;
use crate::sys::{fork, host};
use crate::transport::exchange::Exchange;
use crate::transport::limits::Phase;

/// How long an answer is used again.
const MEMORY: Duration = Duration::from_secs(10);
/// Look-ups that may hang at the same time; the system's resolver cannot be interrupted.
const MOST_THREADS: usize = 8;
const MOST_NAMES: usize = 64;

type Known = HashMap<String, (Instant, Vec<IpAddr>)>;

/// How many look-ups run, and in which process: threads do not follow into a forked child.
type Running = (u64, Arc<AtomicUsize>);
type LookUp = fn(&str) -> io::Result<Vec<IpAddr>>;

/// The resolver of one client.
#[derive(Debug)]
pub struct Resolver {
    known: Lock<Known>,
    running: Lock<Running>,
    ask: LookUp,
}

impl Default for Resolver {
    fn default() -> Resolver {
        Resolver::by(|name| Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect()))
    }
}

impl Resolver {
    fn by(ask: LookUp) -> Resolver {
        Resolver { known: Lock::default(), running: Lock::default(), ask }
    }

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
            Error::new(Code::Resolve, format!("The address of {host} could not be looked up: {what}."))
        };
        let slot = Slot::take(&self.running).ok_or_else(|| busy("too many look-ups hang already"))?;
        let (answer, answered) = sync_channel(1);
        let (name, ask) = (host.to_owned(), self.ask);
        let thread = thread::Builder::new().name("crux-resolve".into()).stack_size(256 * 1024);
        let work = move || {
            let _slot = slot;
            // Nobody waits any more after a timeout or a cancel; that is fine.
            let _ = answer.send(ask(&name));
        };
        host::without_signals(|| thread.spawn(work))
            .map_err(|_| busy("the system refused to start a thread"))?;
        let until = exchange.until(exchange.limits.resolve);
        loop {
            let slice = Duration::from_millis(50);
            let left = until.left().unwrap_or(slice);
            exchange.tick(false)?;
            match fork::outside(|| answered.recv_timeout(left.min(exchange.slice(slice)))) {
                Ok(Ok(ips)) if !ips.is_empty() => return Ok(ips),
                Ok(_) | Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::new(
                        Code::Resolve,
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
    fn take(running: &Lock<Running>) -> Option<Slot> {
        let running = {
            let mut running = running.lock();
            if running.0 != fork::generation() {
                *running = (fork::generation(), Arc::default());
            }
            running.1.clone()
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::limits::Limits;
    use std::sync::mpsc::{Receiver, SyncSender};

    /// Look-ups hang until their client goes away with its end of a channel.
    struct Hang(Lock<Vec<SyncSender<()>>>);
    static HANGING: Hang = Hang(Lock::new(Vec::new()));

    fn hang(_: &str) -> io::Result<Vec<IpAddr>> {
        let (keep, wait): (_, Receiver<()>) = sync_channel(0);
        HANGING.0.lock().push(keep);
        let _ = wait.recv();
        Ok(Vec::new())
    }

    fn let_go(count: usize) {
        let mut hanging = HANGING.0.lock();
        assert_eq!(hanging.len(), count);
        hanging.clear();
    }

    /// One test, because what hangs is shared.
    #[test]
    fn a_look_up_that_hangs_is_bounded_in_time_and_number() {
        let resolver = Resolver::by(hang);
        let short = Limits { resolve: Some(Duration::from_millis(100)), ..Limits::default() };
        for _ in 0..MOST_THREADS - 1 {
            let error = resolver.resolve("slow.test", 80, &Exchange::new(short)).unwrap_err();
            assert_eq!(error.code, Code::Timeout);
            assert_eq!(
                error.message,
                "Gave up looking up the address of slow.test after 100 ms (option timeout.resolve_ms)."
            );
        }
        let endless = Exchange::new(Limits::default());
        let started = Instant::now();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| resolver.resolve("slow.test", 80, &endless).unwrap_err());
            while HANGING.0.lock().len() < MOST_THREADS {
                thread::yield_now();
            }
            endless.cancel();
            assert_eq!(waiting.join().unwrap().code, Code::Cancelled);
        });
        assert!(started.elapsed() < Duration::from_secs(2));
        let error = resolver.resolve("slow.test", 80, &Exchange::new(short)).unwrap_err();
        assert_eq!(error.code, Code::Resolve);
        assert!(error.message.contains("too many look-ups hang"), "{}", error.message);
        let_go(MOST_THREADS);
    }

    #[test]
    fn an_answer_is_remembered_until_it_is_forgotten() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let resolver = Resolver::by(|_| {
            ASKED.fetch_add(1, Ordering::SeqCst);
            Ok(vec![IpAddr::from([192, 0, 2, 1])])
        });
        let exchange = Exchange::new(Limits::default());
        for (port, asked) in [(80, 1), (81, 1), (82, 2)] {
            let found = resolver.resolve("known.test", port, &exchange).unwrap();
            assert_eq!(found, [SocketAddr::from(([192, 0, 2, 1], port))]);
            assert_eq!(ASKED.load(Ordering::SeqCst), asked);
            if port == 81 {
                resolver.forget("known.test");
            }
        }
    }

    #[test]
    fn a_look_up_takes_no_signals_of_the_host() {
        let resolver = Resolver::by(|_| match host::all_signals_are_blocked() {
            true => Ok(vec![IpAddr::from([192, 0, 2, 1])]),
            false => Err(io::ErrorKind::Other.into()),
        });
        assert!(!host::all_signals_are_blocked());
        assert!(resolver.resolve("quiet.test", 80, &Exchange::new(Limits::default())).is_ok());
    }

    #[test]
    fn an_address_needs_no_look_up() {
        let resolver = Resolver::by(|_| unreachable!());
        let exchange = Exchange::new(Limits::default());
        for text in ["192.0.2.1", "2001:db8::1"] {
            assert_eq!(resolver.resolve(text, 1, &exchange).unwrap()[0].ip().to_string(), text);
        }
    }
}
