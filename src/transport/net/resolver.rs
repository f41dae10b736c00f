//! Names to addresses: bounded in time and threads, cancellable, with a short memory.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Code, Error, Result};
use crate::sync::Lock;
use crate::sys::fork;
use crate::sys::names::{self, NoAddress};
use crate::threads;
use crate::transport::attempt::Attempt;
use crate::transport::limits::Phase;

/// How long an answer is used again.
const MEMORY: Duration = Duration::from_secs(10);
/// Look-ups of one lane that may hang at the same time; the system's resolver cannot be interrupted.
const MOST_THREADS: usize = 8;
/// After this a look-up that hangs no longer holds up others; its thread is left to the system.
const GIVEN_UP: Duration = Duration::from_secs(30);
/// Threads of one lane, given up or not.
const MOST_AT_ALL: usize = 64;
const MOST_NAMES: usize = 64;

type Known = HashMap<String, (Instant, Vec<SocketAddr>)>;
type LookUp = fn(&str) -> std::result::Result<Vec<SocketAddr>, NoAddress>;

/// The resolver of one client.
#[derive(Debug)]
pub struct Resolver {
    /// The host that nearly all requests go to, or its proxy; has a lane of its own.
    main: String,
    known: Lock<Known>,
    running: Lock<Running>,
    ask: LookUp,
}

impl Resolver {
    pub fn new(main: String) -> Resolver {
        Resolver::by(main, names::look_up)
    }

    fn by(main: String, ask: LookUp) -> Resolver {
        Resolver { main, known: Lock::default(), running: Lock::default(), ask }
    }

    /// The addresses of a host, in the order the system prefers.
    pub fn resolve(&self, host: &str, port: u16, attempt: &Attempt) -> Result<Vec<SocketAddr>> {
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        if let Some((ip, zone)) = host.split_once('%')
            && let Ok(ip) = ip.parse()
        {
            let scope = names::interface(zone).ok_or_else(|| {
                attempt.refused.store(true, Ordering::Relaxed);
                let what = format!("The address {host} names the network interface {zone}, which this computer does not have.");
                Error::new(Code::Resolve, what)
            })?;
            return Ok(vec![SocketAddrV6::new(ip, port, 0, scope).into()]);
        }
        let with_port = |found: &[SocketAddr]| {
            let mut found = found.to_vec();
            found.iter_mut().for_each(|address| address.set_port(port));
            found
        };
        if let Some((when, found)) = self.known.lock().get(host)
            && when.elapsed() < MEMORY
        {
            return Ok(with_port(found));
        }
        let found = self.look_up(host, attempt)?;
        let addresses = with_port(&found);
        let mut known = self.known.lock();
        if known.len() >= MOST_NAMES {
            known.clear();
        }
        known.insert(host.to_owned(), (Instant::now(), found));
        Ok(addresses)
    }

    /// Forgets a host whose addresses did not answer.
    pub fn forget(&self, host: &str) {
        self.known.lock().remove(host);
    }

    fn look_up(&self, host: &str, attempt: &Attempt) -> Result<Vec<SocketAddr>> {
        attempt.set_phase(Phase::Resolve);
        let failed = |what: &str| {
            Error::new(Code::Resolve, format!("The address of {host} could not be looked up: {what}."))
        };
        let unknown = || {
            // The same name will not be there the next time either.
            attempt.refused.store(true, Ordering::Relaxed);
            Error::new(
                Code::Resolve,
                format!(
                    "The host {host} is not known; check the name in the URL and the network connection."
                ),
            )
        };
        if !can_be_a_name(host) {
            return Err(unknown());
        }
        let lane = Lane::of(&self.running, host == self.main);
        let slot = Slot::take(&lane).ok_or_else(|| failed("too many look-ups hang already; wait a while"))?;
        let (answer, answered) = sync_channel(1);
        let (name, ask) = (host.to_owned(), self.ask);
        let work = move || {
            let _slot = slot;
            // After a timeout or a cancel nothing waits any more, which is fine.
            let _ = answer.send(fork::briefly_inside(|| ask(&name)));
        };
        threads::start("crux-resolve", Some(256 * 1024), work)
            .map_err(|_| failed("the system refused to start a thread"))?;
        let until = attempt.until(attempt.limits.resolve);
        loop {
            let slice = Duration::from_millis(50);
            let left = until.left().unwrap_or(slice);
            attempt.tick(false)?;
            match fork::outside(|| answered.recv_timeout(left.min(attempt.slice(slice)))) {
                Ok(Ok(found)) => return Ok(found),
                Ok(Err(NoAddress::Unknown)) => return Err(unknown()),
                Ok(Err(NoAddress::Passing(why))) => {
                    let advice = "check the network connection and its name server";
                    return Err(failed(&format!("{why}; {advice}")));
                }
                Err(RecvTimeoutError::Disconnected) => return Err(failed("the thread for it ended early")),
                Err(RecvTimeoutError::Timeout) => {
                    if attempt.is_cancelled() {
                        return Err(Error::cancelled());
                    }
                    if left.is_zero() {
                        return Err(attempt.timeout(&until, host));
                    }
                }
            }
        }
    }
}

/// Whether the system need be asked at all (RFC 1035, 2.3.4).
fn can_be_a_name(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()))
}

/// The look-ups that run, and in which process: threads do not follow into a forked child.
#[derive(Debug, Default)]
struct Running {
    process: u64,
    main: Arc<Lane>,
    others: Arc<Lane>,
}

/// Look-ups that share a limit. No lock: its threads end when they like, also during a fork.
#[derive(Debug)]
struct Lane {
    begun: Instant,
    /// When each began, in ms since `begun`; `FREE` = none.
    slots: [AtomicU64; MOST_AT_ALL],
    /// So that two never count at the same time.
    counting: AtomicBool,
}

const FREE: u64 = u64::MAX;

impl Default for Lane {
    fn default() -> Lane {
        Lane {
            begun: Instant::now(),
            slots: std::array::from_fn(|_| AtomicU64::new(FREE)),
            counting: AtomicBool::new(false),
        }
    }
}

impl Lane {
    fn of(running: &Lock<Running>, main: bool) -> Arc<Lane> {
        let mut running = running.lock();
        if running.process != fork::generation() {
            *running = Running { process: fork::generation(), ..Running::default() };
        }
        if main { running.main.clone() } else { running.others.clone() }
    }

    fn young(&self, now: u64) -> usize {
        let started = self.slots.iter().map(|slot| slot.load(Ordering::SeqCst));
        started.filter(|start| *start != FREE && now - start.min(&now) < GIVEN_UP.as_millis() as u64).count()
    }
}

/// One of the few threads that may look up names.
struct Slot(Arc<Lane>, usize);

impl Slot {
    fn take(lane: &Arc<Lane>) -> Option<Slot> {
        Slot::take_at(lane, lane.begun.elapsed().as_millis() as u64)
    }

    fn take_at(lane: &Arc<Lane>, now: u64) -> Option<Slot> {
        while lane.counting.swap(true, Ordering::SeqCst) {
            thread::yield_now();
        }
        let free = || lane.slots.iter().position(|slot| slot.load(Ordering::SeqCst) == FREE);
        let found = if lane.young(now) < MOST_THREADS { free() } else { None };
        if let Some(at) = found {
            lane.slots[at].store(now, Ordering::SeqCst);
        }
        lane.counting.store(false, Ordering::SeqCst);
        found.map(|at| Slot(lane.clone(), at))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.slots[self.1].store(FREE, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::attempt::BodySize;
    use crate::transport::exchange::Exchange;
    use crate::transport::limits::Limits;
    use std::sync::atomic::AtomicUsize;
    use std::sync::mpsc::{Receiver, SyncSender};

    /// Look-ups hang until their client goes away with its end of a channel.
    struct Hang(Lock<Vec<SyncSender<()>>>);
    static HANGING: Hang = Hang(Lock::new(Vec::new()));

    fn hang(name: &str) -> std::result::Result<Vec<SocketAddr>, NoAddress> {
        if name == "base.test" {
            return Ok(vec![SocketAddr::from(([192, 0, 2, 7], 0))]);
        }
        let (keep, wait): (_, Receiver<()>) = sync_channel(0);
        HANGING.0.lock().push(keep);
        let _ = wait.recv();
        Err(NoAddress::Unknown)
    }

    fn attempt(limits: Limits) -> Arc<Attempt> {
        Attempt::new(Exchange::new(limits), BodySize::None, false)
    }

    fn let_go(count: usize) {
        let mut hanging = HANGING.0.lock();
        assert_eq!(hanging.len(), count);
        hanging.clear();
    }

    /// One test, because what hangs is shared.
    #[test]
    fn a_look_up_that_hangs_is_bounded_in_time_and_number() {
        let resolver = Resolver::by("base.test".to_owned(), hang);
        let short = Limits { resolve: Some(Duration::from_millis(100)), ..Limits::default() };
        for _ in 0..MOST_THREADS - 1 {
            let error = resolver.resolve("slow.test", 80, &attempt(short)).unwrap_err();
            assert_eq!(error.code, Code::Timeout);
            assert_eq!(
                error.message,
                "Gave up looking up the address of slow.test after 100 ms (option \"timeout.resolve_ms\")."
            );
        }
        let endless = attempt(Limits::default());
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
        let error = resolver.resolve("slow.test", 80, &attempt(short)).unwrap_err();
        assert_eq!(error.code, Code::Resolve);
        assert!(error.message.contains("too many look-ups hang"), "{}", error.message);
        // Those of other names are no obstacle to the base's own.
        assert!(resolver.resolve("base.test", 80, &attempt(short)).is_ok());
        let_go(MOST_THREADS);
    }

    #[test]
    fn what_hangs_does_not_count_for_ever() {
        let lane = Arc::new(Lane::default());
        let give_up = GIVEN_UP.as_millis() as u64;
        let hanging: Vec<_> = (0..MOST_THREADS).map(|_| Slot::take_at(&lane, 5).unwrap()).collect();
        assert!(Slot::take_at(&lane, give_up + 4).is_none());
        let more: Vec<_> = (1..MOST_AT_ALL / MOST_THREADS)
            .flat_map(|round| (0..MOST_THREADS).map(move |_| round as u64))
            .map(|round| Slot::take_at(&lane, 5 + round * give_up).unwrap())
            .collect();
        assert!(Slot::take_at(&lane, u64::MAX / 2).is_none(), "there is an end");
        drop((hanging, more));
        assert!(Slot::take_at(&lane, 5).is_some());
    }

    #[test]
    fn an_answer_is_remembered_until_it_is_forgotten() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let resolver = Resolver::by(String::new(), |_| {
            ASKED.fetch_add(1, Ordering::SeqCst);
            Ok(vec![SocketAddr::from(([192, 0, 2, 1], 0))])
        });
        for (port, asked) in [(80, 1), (81, 1), (82, 2)] {
            let found = resolver.resolve("known.test", port, &attempt(Limits::default())).unwrap();
            assert_eq!(found, [SocketAddr::from(([192, 0, 2, 1], port))]);
            assert_eq!(ASKED.load(Ordering::SeqCst), asked);
            if port == 81 {
                resolver.forget("known.test");
            }
        }
    }

    #[test]
    fn a_look_up_takes_no_signals_of_the_host() {
        let resolver = Resolver::by(String::new(), |_| match crate::sys::host::all_signals_are_blocked() {
            true => Ok(vec![SocketAddr::from(([192, 0, 2, 1], 0))]),
            false => Err(NoAddress::Unknown),
        });
        assert!(resolver.resolve("quiet.test", 80, &attempt(Limits::default())).is_ok());
    }

    #[test]
    fn why_there_is_no_address() {
        let resolver = Resolver::by(String::new(), |name| match name {
            "passing.test" => Err(NoAddress::Passing("temporary failure".to_owned())),
            _ => Err(NoAddress::Unknown),
        });
        for (name, words, for_good) in [
            ("passing.test", "looked up: temporary failure;", false),
            ("unknown.test", "is not known", true),
            ("a..test", "is not known", true),
            ("fe80::1%no-such-if", "which this computer does not have", true),
        ] {
            let attempt = attempt(Limits::default());
            let error = resolver.resolve(name, 1, &attempt).unwrap_err();
            assert!(error.message.contains(words), "{}", error.message);
            assert_eq!((error.code, attempt.refused.load(Ordering::Relaxed)), (Code::Resolve, for_good));
        }
    }

    #[test]
    fn a_scope_stays_with_its_address() {
        let scoped = SocketAddr::from(SocketAddrV6::new("fe80::1".parse().unwrap(), 0, 0, 7));
        let resolver = Resolver::by(String::new(), |_| {
            Ok(vec![SocketAddrV6::new("fe80::1".parse().unwrap(), 0, 0, 7).into()])
        });
        for host in ["printer.local", "fe80::1%7"] {
            let mut found = resolver.resolve(host, 81, &attempt(Limits::default())).unwrap();
            found[0].set_port(0);
            assert_eq!(found, [scoped], "{host}");
        }
    }

    #[test]
    fn an_address_needs_no_look_up() {
        let resolver = Resolver::by(String::new(), |_| unreachable!());
        for text in ["192.0.2.1", "2001:db8::1"] {
            let found = resolver.resolve(text, 1, &attempt(Limits::default())).unwrap();
            assert_eq!(found[0].ip().to_string(), text);
        }
    }
}
