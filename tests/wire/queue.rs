//! Started calls of one client: the queue of those that finish, its descriptor, deadlines, streams.

use std::fs;
use std::ptr::null;
use std::time::{Duration, Instant};

use sandbox::Sandbox;
use sandbox::fault::{FOREVER, FaultServer, Step};
use support::*;

fn anonymous(base: &str, more: &[(&str, &str)]) -> Client {
    let own = [("service", "custom"), ("base_url", base), ("proxy", "direct")];
    Client::with(&[&own[..], more].concat()).expect(CRUX_OK)
}

fn ok(body: &str) -> Step {
    Step::send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

fn patient() -> FaultServer {
    FaultServer::start(vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, Step::Gate("go"), ok("\"fine\"")])])
}

fn next(client: &Client, timeout_ms: i32) -> *mut crux_response {
    unsafe { crux_next_finished(client.0, timeout_ms) }
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("Linux tells").count()
}

#[test]
fn the_handles_that_were_started_come_back_in_order_of_finishing() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http(), &[]);
    assert!(next(&client, -1).is_null(), "nothing is under way");
    assert_eq!(unsafe { crux_wait(client.0.cast(), -1) }, 1);
    let first = client.call("GET", "echo/1").start();
    assert_eq!(next(&client, 20_000), first.0);
    let second = client.call("GET", "echo/2").start();
    assert_eq!(unsafe { crux_wait(client.0.cast(), 20_000) }, 1);
    assert_eq!(next(&client, 0), second.0);
    assert!(next(&client, 0).is_null());
    // One that waits on its own is told all the same; one that is freed is not.
    let third = client.call("GET", "echo/3").start().finished();
    drop(client.call("GET", "echo/4").start().finished());
    assert_eq!(next(&client, 20_000), third.0);
    assert!(next(&client, 50).is_null());
    assert!(unsafe { crux_next_finished(null(), 10) }.is_null());
}

#[test]
fn a_call_that_cannot_be_sent_comes_back_as_any_other() {
    let client = anonymous("http://127.0.0.1:1/", &[]);
    let event = unsafe { crux_event(client.0.cast()) };
    let refused = client.call("GET", "x");
    assert_eq!(refused.set("timeout.total_ms", "soon"), CRUX_ERR_ARGUMENT);
    // Refused when it is made, when it is set, and when it is sent.
    for call in [client.call("GET", "http://["), refused, client.call("GET", "x/{never}/")] {
        let started = call.start();
        assert_eq!(started.code(), CRUX_ERR_ARGUMENT, "{}", started.message());
        assert!(is_readable(event));
        assert_eq!(next(&client, -1), started.0);
        assert!(!is_readable(event) && next(&client, -1).is_null());
    }
    Call(unsafe { crux_call_new(null(), c("GET").as_ptr(), c("x").as_ptr()) })
        .start()
        .expect(CRUX_ERR_ARGUMENT);
    assert!(next(&client, 0).is_null());
}

// Descriptors and threads as Linux counts them.
#[cfg(unix)]
#[test]
fn one_descriptor_serves_any_number_of_requests() {
    if !alone("queue::one_descriptor_serves_any_number_of_requests", &[]) {
        return;
    }
    let server = patient();
    let client = anonymous(&server.url(), &[("background.max", "200")]);
    let before = descriptors();
    let event = unsafe { crux_event(client.0.cast()) };
    assert!(event > 2 && !is_readable(event));
    let started: Vec<_> = (0..100).map(|_| client.call("GET", "x").start()).collect();
    server.wait_until(|seen| seen.requests() == 100);
    // In this process are both ends of each connection.
    let most = before + 2 * 100 + 4;
    assert!(descriptors() <= most, "{} descriptors, at most {most} were expected", descriptors());
    server.open_gate("go");
    let mut all = Vec::new();
    while all.len() < started.len() {
        until("a finished one", || is_readable(event));
        all.push(next(&client, 0));
        assert!(!all.last().unwrap().is_null());
    }
    assert!(!is_readable(event));
    all.sort_unstable();
    let mut handles: Vec<_> = started.iter().map(|response| response.0).collect();
    handles.sort_unstable();
    assert_eq!(all, handles);
    assert_eq!(unsafe { crux_event(client.0.cast()) }, event, "it stays the same");
}

// Descriptors and threads as Linux counts them.
#[cfg(unix)]
#[test]
fn a_descriptor_of_a_response_is_made_when_asked_and_given_back() {
    if !alone("queue::a_descriptor_of_a_response_is_made_when_asked_and_given_back", &[]) {
        return;
    }
    let server = patient();
    let client = anonymous(&server.url(), &[]);
    let response = client.call("GET", "x").start();
    server.wait_until(|seen| seen.requests() == 1);
    let before = descriptors();
    let event = response.event();
    assert!(event > 2 && !is_readable(event));
    assert_eq!(descriptors(), before + 2);
    server.open_gate("go");
    until("the end", || is_readable(event));
    assert_eq!(response.wait(0), 1);
    until("both ends given back", || descriptors() <= before);
}

#[test]
fn one_that_waits_for_its_turn_past_its_deadline_is_never_sent() {
    let server = patient();
    let client = anonymous(&server.url(), &[("background.max", "1")]);
    let busy = client.call("GET", "busy").start();
    server.wait_until(|seen| seen.requests() == 1);
    let late = client.call("POST", "late");
    assert_eq!((late.body(b"{}", None), late.set("timeout.total_ms", "200")), (CRUX_OK, CRUX_OK));
    let since = Instant::now();
    let late = late.start();
    assert_eq!(next(&client, 20_000), late.0);
    let took = since.elapsed();
    assert!(took >= Duration::from_millis(200) && took < Duration::from_secs(2), "{took:?}");
    assert_eq!((late.code(), late.number("maybe_sent")), (CRUX_ERR_TIMEOUT, 0), "{}", late.message());
    server.open_gate("go");
    busy.finished().expect(CRUX_OK);
    assert_eq!(server.requests(), 1, "{:?}", server.record().heads());
}

#[test]
fn each_of_those_that_wait_has_its_own_deadline() {
    let steps = vec![Step::ReadRequest, ok("1"), Step::ReadRequest, Step::Stall];
    let server = FaultServer::start(steps);
    let client = anonymous(&server.url(), &[("background.max", "1")]);
    // Its thread lingers, and takes the first of the three at once.
    client.call("GET", "first").start().finished().expect(CRUX_OK);
    let begun = [("100", "a"), ("0", "b"), ("150", "c")].map(|(total, path)| {
        let call = client.call("GET", path);
        assert_eq!(call.set("timeout.total_ms", total), CRUX_OK);
        call.start()
    });
    let since = Instant::now();
    assert_eq!(begun[2].wait(10_000), 1);
    assert_eq!(begun[2].code(), CRUX_ERR_TIMEOUT);
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
}

// Descriptors and threads as Linux counts them.
#[cfg(unix)]
#[test]
fn no_thread_stays_for_a_deadline_that_is_nobodys() {
    if !alone("queue::no_thread_stays_for_a_deadline_that_is_nobodys", &[]) {
        return;
    }
    let server = patient();
    let client = anonymous(&server.url(), &[("background.max", "1"), ("timeout.total_ms", "600000")]);
    let busy = client.call("GET", "busy").start();
    server.wait_until(|seen| seen.requests() == 1);
    let waiting = client.call("GET", "waiting").start();
    until("both threads", || threads("crux") == 2);
    drop((busy, waiting, client));
    until("none", || threads("crux") == 0);
}

#[test]
fn a_started_stream_is_read_without_waiting() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n";
    let steps =
        vec![Step::ReadRequest, Step::Gate("head"), Step::send(head), Step::Gate("a"), Step::send("abcd")];
    let server = FaultServer::start([steps, vec![Step::Gate("b"), Step::send("efgh")]].concat());
    let client = anonymous(&server.url(), &[]);
    let call = client.call("GET", "x");
    assert_eq!(call.set("stream", "1"), CRUX_OK);
    let response = call.start();
    let mut buffer = [0; 16];
    assert_eq!(
        (response.read(&mut buffer), response.code()),
        (-2, CRUX_PENDING),
        "not even its head is there"
    );
    server.open_gate("head");
    assert_eq!(next(&client, 20_000), response.0, "with its head it is finished");
    assert_eq!((response.code(), response.status()), (CRUX_OK, 200));
    assert_eq!(response.read(&mut buffer), -2);
    let event = response.event();
    assert!(!is_readable(event));
    assert_eq!(response.wait(20), 0);
    server.open_gate("a");
    until("the first bytes", || is_readable(event));
    assert_eq!(response.wait(-1), 1);
    assert_eq!((response.read(&mut buffer[..3]), &buffer[..3]), (3, &b"abc"[..]));
    assert_eq!((response.read(&mut buffer), buffer[0]), (1, b'd'));
    assert_eq!(response.read(&mut buffer), -2);
    assert!(!is_readable(event));
    server.open_gate("b");
    until("the rest", || response.wait(100) == 1);
    assert_eq!((response.read(&mut buffer), &buffer[..4]), (4, &b"efgh"[..]));
    until("the end", || response.wait(100) == 1);
    assert_eq!(response.read(&mut buffer), 0);
    assert_eq!(response.code(), CRUX_OK);
    assert!(is_readable(event), "the end stays to be read");
}

#[test]
fn a_started_stream_that_breaks_or_is_cancelled_says_so() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nab";
    let server = FaultServer::scripts(
        None,
        vec![
            vec![Step::ReadRequest, Step::send(head)],
            vec![Step::ReadRequest, Step::send(head), Step::Gate("never")],
        ],
    );
    let client = anonymous(&server.url(), &[("retry.max", "0")]);
    for (cancel, code) in [(false, CRUX_ERR_IO), (true, CRUX_ERR_CANCELLED)] {
        let call = client.call("GET", "x");
        assert_eq!(call.set("stream", "1"), CRUX_OK);
        let response = call.start().finished();
        if cancel {
            response.cancel();
        }
        let mut buffer = [0; 16];
        let mut outcome = -2;
        until("an end", || {
            outcome = response.read(&mut buffer);
            outcome <= 0 && outcome != -2
        });
        assert_eq!((outcome, response.code()), (-1, code), "{}", response.message());
    }
    // A large one that nobody reads is bounded, and ends with its handle.
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http(), &[]);
    let call = client.call("GET", "bytes/8000000");
    assert_eq!(call.set("stream", "1"), CRUX_OK);
    let response = call.start().finished();
    drop(response);
    drop(call);
    drop(client);
}
