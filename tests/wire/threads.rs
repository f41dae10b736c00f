//! One client, many threads: every reply belongs to its request, and no more connections stay than may.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use sandbox::fault::{Cert, EchoServer, FOREVER, FaultServer, Step, Tls};
use support::{CRUX_OK, Client};

const THREADS: usize = 32;
const ROUNDS: usize = 60;

/// Sends what no other thread sends, and compares.
#[track_caller]
fn ask(client: &Client, thread: usize, round: usize) {
    let id = format!("{thread}-{round}");
    let body = id.repeat(1 + round * 37 % 2000);
    let (method, sent) = if round.is_multiple_of(2) { ("GET", "") } else { ("POST", body.as_str()) };
    let call = client.call(method, &format!("of/{id}"));
    assert_eq!(call.header("X-Id", &id), CRUX_OK);
    if !sent.is_empty() {
        assert_eq!(call.body(sent.as_bytes(), None), CRUX_OK);
    }
    let response = call.send().expect(CRUX_OK);
    let expected = format!("{method} /of/{id} {id} {sent}");
    assert!(response.body() == expected.as_bytes(), "{id} got the reply of another");
}

fn at_once(work: impl Fn(usize) + Sync) {
    let start = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (start, work) = (&start, &work);
            scope.spawn(move || {
                start.wait();
                work(thread);
            });
        }
    });
}

#[test]
fn every_reply_belongs_to_its_request() {
    let tls = Tls::new(Cert::Good);
    for secure in [None, Some(&tls)] {
        let server = EchoServer::start(secure);
        let client = Client::ready(&server.url(), &[("tls.ca_pem", &tls.ca_pem)]);
        at_once(|thread| (0..ROUNDS).for_each(|round| ask(&client, thread, round)));
        assert_eq!(server.requests(), THREADS * ROUNDS);
        // By default every one of these threads may keep its connection.
        assert!(server.connections() <= THREADS, "{} connections", server.connections());
        drop(client);
        server.wait_until(|seen| seen.open() == 0);
    }
}

#[test]
fn no_more_stay_than_may() {
    for most in [0, 1, 4] {
        let server = EchoServer::start(None);
        let client = Client::ready(&server.url(), &[("pool.max_idle", &most.to_string())]);
        at_once(|thread| (0..5).for_each(|round| ask(&client, thread, round)));
        server.wait_until(|seen| seen.open() <= most);
        ask(&client, 0, 0);
        server.wait_until(|seen| seen.open() == most.min(1).max(seen.open().min(most)));
    }
}

/// The number is for each host, and each host has its own connections.
#[test]
fn servers_are_told_apart() {
    let servers: Vec<EchoServer> = (0..3).map(|_| EchoServer::start(None)).collect();
    let client = Client::ready(&servers[0].url(), &[("pool.max_idle", "1")]);
    for round in 0..20 {
        for server in &servers {
            let path = format!("{}/at/{round}", server.url());
            let reply = client.get(&path).expect(CRUX_OK).body();
            assert_eq!(reply, format!("GET /at/{round}  ").into_bytes());
        }
    }
    for server in &servers {
        assert_eq!((server.connections(), server.requests()), (1, 20));
    }
}

/// One slow response holds up nobody else.
#[test]
fn no_convoy() {
    let slow = vec![Step::ReadRequest, Step::Gate("go"), Step::send("HTTP/1.1 204 Done\r\n\r\n")];
    let slow = FaultServer::start(vec![Step::Repeat(FOREVER, slow)]);
    let quick = EchoServer::start(None);
    let client = Client::ready(&quick.url(), &[]);
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.get(&format!("{}/x", slow.url())).expect(CRUX_OK));
        }
        slow.wait_until(|seen| seen.requests() == 8);
        for thread in 0..8 {
            let (client, done) = (&client, &done);
            scope.spawn(move || {
                (0..20).for_each(|round| ask(client, thread, round));
                done.fetch_add(1, Relaxed);
            });
        }
        quick.wait_until(|seen| seen.requests() == 160);
        slow.open_gate("go");
    });
    assert_eq!(done.load(Relaxed), 8);
}

/// Clients made, used and freed by many threads at once.
#[test]
fn clients_come_and_go() {
    let server = EchoServer::start(None);
    at_once(|thread| {
        for round in 0..10 {
            let client = Client::ready(&server.url(), &[]);
            ask(&client, thread, round);
        }
    });
    server.wait_until(|seen| seen.open() == 0);
    assert_eq!(server.connections(), THREADS * 10);
}
