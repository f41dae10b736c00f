//! A long run: requests of sixteen threads and of a queue over HTTP and HTTPS, one in a hundred meets a fault, tokens
//! end all the time, children fork off in between. Each echo is right, and what the process holds stays level.
//!
//!     PROVE=short PROVE_SEED=7 soak

mod server;
mod work;

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Instant;

use prove::level::{Counting, Level, slope};
use support::*;

use server::Server;
use work::{Queue, Tally};

#[global_allocator]
static COUNTING: Counting = Counting;

const THREADS: usize = 16;
/// Of these threads, those that start calls and take finished ones from a queue.
const QUEUED: usize = 4;
/// So few that as many are idle after each round.
const IDLE: &str = "8";
const ROUNDS: usize = 10;

fn client(url: &str, ca_pem: &str) -> Client {
    let base = format!("{url}/");
    let lasting = [("retry.max", "3"), ("retry.max_wait_ms", "50"), ("token.expires_pointer", "/expires_in")];
    let few = [("pool.max_idle", IDLE)];
    let short = [("timeout.head_ms", "1500"), ("timeout.idle_ms", "1500")];
    let own = [
        ("service", "custom"),
        ("base_url", &*base),
        ("proxy", "direct"),
        ("login.path", "login"),
        ("user", "ada@example.com"),
        ("secret", "correct horse battery"),
        ("tls.ca_pem", ca_pem),
    ];
    Client::with(&[&own[..], &lasting, &few, &short].concat()).expect(CRUX_OK)
}

/// One round: all threads work on the numbers up to `end`, while this one forks.
fn round(clients: &[Client], next: &AtomicUsize, end: usize, forks: usize, tally: &Tally) {
    let queues: Vec<_> = clients.iter().map(Queue::of).collect();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let queues = &queues;
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, SeqCst);
                    if number >= end {
                        break;
                    }
                    match thread < QUEUED {
                        true => queues[number / 7 % queues.len()].one(number, tally),
                        false => work::one(&clients[number / 7 % clients.len()], number, tally),
                    }
                }
            });
        }
        for fork in 0..forks {
            // Numbers of children are above all others, and each is used once.
            let number = (1 << 40) + (end * forks + fork) * clients.len();
            if let Err(why) = Forked::start(|| work::in_child(clients, number)).ended() {
                tally.wrong(format!("fork {fork} before request {end}: {why}"));
            }
        }
    });
    queues.iter().for_each(|queue| queue.drain(tally));
    next.store(end, SeqCst);
}

fn settled(done: usize) -> Level {
    until("the threads of the library to end", || threads("crux") == 0);
    Level::now(done)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, seed] = &arguments[..]
        && command == "serve"
    {
        server::serve(seed.parse().expect("a seed"));
    }
    let (seed, total) = (prove::seed(), prove::amount(20_000, 1_000_000));
    println!("PROVE_SEED={seed}");
    prove::fill_handles();
    let mut server = Server::start(seed);
    let (tally, next, since) = (Tally::default(), AtomicUsize::new(0), Instant::now());
    let before = settled(0);
    let clients = [&server.urls[0], &server.urls[1]].map(|url| client(url, &server.ca_pem));
    let mut levels = Vec::with_capacity(ROUNDS);
    let forks = prove::amount(5, 100);
    for part in 1..=ROUNDS {
        round(&clients, &next, total * part / ROUNDS, forks, &tally);
        levels.push(settled(total * part / ROUNDS));
        println!("{:?}", levels[part - 1]);
    }
    drop(clients);
    // A thread that has no name yet, or no longer, is one of the library's too.
    until("as many threads as before", || Level::now(total).threads == before.threads);
    let after = settled(total);
    let later = &levels[ROUNDS / 2..];
    let held = slope(later, |level| level.held as f64);
    let resident = slope(later, |level| level.resident as f64);
    let descriptors = slope(later, |level| level.descriptors as f64) * 1000.0;
    let (right, failed) = (tally.right.load(SeqCst), tally.failed.load(SeqCst));
    let mut wrong = tally.wrong.into_inner().unwrap();
    let faults = server.count("faults");
    let mut require = |holds: bool, why: String| wrong.extend((!holds).then_some(why));
    require(right + failed == total, format!("{right} right and {failed} failed are not {total}"));
    require(failed <= faults, format!("{failed} failed, of {faults} faults"));
    require(server.count("repeated") == 0, "a POST took effect twice".to_owned());
    require(server.count("logins") > 2, "no token was renewed".to_owned());
    require(held <= prove::amount(64, 2) as f64, "memory rises".to_owned());
    require(resident <= prove::amount(256, 8) as f64, "resident memory rises".to_owned());
    require(descriptors.abs() <= 1.0, "descriptors rise".to_owned());
    require(after.descriptors == before.descriptors, format!("descriptors are left: {before:?} {after:?}"));
    require(after.threads == before.threads, format!("threads are left: {before:?} {after:?}"));
    wrong.iter().take(40).for_each(|why| println!("{why}"));
    prove::verdict(
        wrong.len(),
        &format!(
            "{total} requests on {THREADS} threads in {} s, seed {seed}: {right} echoes right, {failed} failed of {faults} \
             faults, {} wrong; {} logins, {} expired tokens met, {} forks; {held:+.2} bytes held and {resident:+.1} resident \
             a request, {descriptors:+.2} descriptors for 1,000, {:+} threads at the end",
            since.elapsed().as_secs(),
            wrong.len(),
            server.count("logins"),
            server.count("renewals"),
            forks * ROUNDS,
            after.threads as i64 - before.threads as i64,
        ),
    )
}
