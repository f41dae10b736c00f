//! Replies good and bad, byte for byte: each has the outcome that it must have, in time and without growing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use sandbox::fault::{Cert, FaultServer, HEAD_MS, IDLE_MS, Step, Tls, WireCase, wire_cases};
use support::{CRUX_ERR_HTTP, CRUX_ERR_IO, CRUX_ERR_TOO_LARGE, Client};

/// Counts what the calling thread holds. A call runs on its caller's thread, the servers on their own.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(change: isize) {
    let held = HELD.get() + change;
    HELD.set(held);
    PEAK.set(PEAK.get().max(held));
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most bytes that were held at a time while `work` ran.
fn peak_of<T>(work: impl FnOnce() -> T) -> (T, isize) {
    let before = HELD.get();
    PEAK.set(before);
    let result = work();
    (result, PEAK.get() - before)
}

/// What a call may need beside a body that it is asked to hold.
const SPARE: isize = 2 << 20;
/// Replies that are too large because of their body, and so fill it up to `max_body`.
const LARGE_BODIES: [&str; 3] = ["no length, endless", "endless chunks", "gzip bomb"];

fn client_of(case: &WireCase, server: &FaultServer, tls: &Tls, more: &[(&str, &str)]) -> Client {
    let (head, idle) = (HEAD_MS.to_string(), IDLE_MS.to_string());
    let own = [("timeout.head_ms", head.as_str()), ("timeout.idle_ms", &idle), ("tls.ca_pem", &tls.ca_pem)];
    let own = if case.tls { &own[..] } else { &own[..2] };
    Client::ready(&server.url(), &[own, more].concat())
}

/// What is wrong with the outcome of a case.
fn judge(case: &WireCase, tls: &Tls) -> Option<String> {
    let server = case.serve(tls);
    let client = client_of(case, &server, tls, &[]);
    let started = Instant::now();
    let (response, peak) = peak_of(|| client.request(case.method, "x", None));
    let took = started.elapsed();
    let (code, body) = (response.code(), response.body());
    let verified = response.number("verified") == 1;
    if !case.expect.met_by(code, &body, verified) {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        return Some(format!("{code}, {shown:?}, verified {verified}: {}", response.message()));
    }
    // Generous, because the machine may be busy; what hangs takes the whole call's 300 s.
    if took > Duration::from_millis(HEAD_MS + IDLE_MS) + Duration::from_secs(30) {
        return Some(format!("took {took:?}"));
    }
    let most = if LARGE_BODIES.contains(&case.name.as_str()) { 96 << 20 } else { 0 };
    if peak > most + SPARE {
        return Some(format!("held {peak} bytes"));
    }
    if !response.message().ends_with('.') {
        return Some(format!("no sentence: {}", response.message()));
    }
    let reuse = case.reuse?;
    let second = client.request(case.method, "y", None);
    if !case.expect.met_by(second.code(), &second.body(), second.number("verified") == 1) {
        return Some(format!("the second time: {}", second.message()));
    }
    let reused = server.connections() == 1;
    (reused != reuse).then(|| format!("connection reused: {reused}"))
}

#[test]
fn every_reply_has_its_outcome() {
    let tls = Tls::new(Cert::Good);
    let cases = wire_cases();
    let next = Mutex::new(cases.iter());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let Some(case) = next.lock().unwrap().next() else { break };
                    if let Some(why) = judge(case, &tls) {
                        wrong.lock().unwrap().push(format!("{}: {why}", case.name));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn a_body_over_the_cap_costs_no_more_than_the_cap() {
    const CAP: isize = 1 << 20;
    let tls = Tls::new(Cert::Good);
    for case in wire_cases().iter().filter(|case| LARGE_BODIES.contains(&case.name.as_str())) {
        let server = case.serve(&tls);
        let client = client_of(case, &server, &tls, &[("max_body", "1048576")]);
        let (response, peak) = peak_of(|| client.get("x").expect(CRUX_ERR_TOO_LARGE));
        assert!(response.message().contains("max_body"), "{}", response.message());
        assert!(peak < 2 * CAP + SPARE / 2, "{}: held {peak} bytes", case.name);
    }
}

/// A hostile length costs no more than an honest one before the bytes come.
#[test]
fn a_length_is_not_believed() {
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\nhello";
    let server = FaultServer::start(vec![Step::ReadHead, Step::send(reply), Step::Fin]);
    let client = Client::ready(&server.url(), &[("max_body", "200000000000")]);
    let (_, peak) = peak_of(|| client.get("x").expect(CRUX_ERR_IO));
    assert!(peak < (64 << 20) + SPARE, "held {peak} bytes");
}

/// An error says enough, and its document is kept as it came where it cannot be decoded.
#[test]
fn an_error_with_an_unreadable_body_is_still_that_error() {
    for coding in ["br", "deflate", "binary", "gzip", "gzip, identity", "UTF-8", "zstd, gzip"] {
        for framing in ["Content-Length: 19", "Connection: close"] {
            let head = format!("HTTP/1.1 400 Bad Request\r\nContent-Encoding: {coding}\r\n{framing}\r\n\r\n");
            let reply = head + "{\"detail\":\"no way\"}";
            let server = FaultServer::start(vec![Step::ReadHead, Step::send(reply), Step::Fin]);
            let response = Client::ready(&server.url(), &[]).get("x").expect(CRUX_ERR_HTTP);
            assert_eq!(
                (response.status(), response.body()),
                (400, b"{\"detail\":\"no way\"}".to_vec()),
                "{coding}"
            );
            assert!(response.message().contains("no way"), "{}", response.message());
        }
    }
}
