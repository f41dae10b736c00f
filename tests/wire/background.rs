//! Calls in the background: `crux_call_start`, `crux_wait`, `crux_event`, progress, and the threads behind them.

use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sandbox::Sandbox;
use sandbox::fault::{FOREVER, FaultServer, Gone, Step};
use support::*;

fn anonymous(base: &str) -> Client {
    Client::with(&[("service", "custom"), ("base_url", base), ("proxy", "direct")])
}

fn ok(body: &str) -> Step {
    Step::send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

/// A server that answers a request once `open_gate("go")` was called.
fn patient() -> FaultServer {
    let response = vec![Step::ReadRequest, Step::Gate("go"), ok("\"fine\"")];
    FaultServer::start(vec![Step::Repeat(FOREVER, response)])
}

#[test]
fn it_is_pending_until_it_is_finished() {
    let server = patient();
    let client = anonymous(&server.url());
    let since = Instant::now();
    let response = client.call("GET", "x").start();
    assert!(since.elapsed() < Duration::from_millis(200), "starting took {:?}", since.elapsed());
    server.wait_until(|seen| seen.requests() == 1);
    assert_eq!(response.code(), CRUX_PENDING);
    assert!(!response.message().is_empty());
    assert_eq!((response.status(), response.body(), response.header("content-length")), (0, vec![], None));
    assert_eq!((response.number("attempts"), response.info("url")), (-1, None));
    assert_eq!(response.read(&mut [0; 8]), -1, "there is nothing to read yet");
    assert_eq!(response.wait(0), 0);
    let since = Instant::now();
    assert_eq!(response.wait(50), 0);
    assert!(since.elapsed() >= Duration::from_millis(50));
    thread::scope(|scope| {
        let waiting = [0, 1, 2].map(|_| scope.spawn(|| response.wait(-1)));
        server.open_gate("go");
        assert!(waiting.into_iter().all(|thread| thread.join().unwrap() == 1));
    });
    for timeout in [0, 1, -1, i32::MIN, i32::MAX] {
        assert_eq!(response.wait(timeout), 1);
    }
    assert_eq!((response.code(), response.status(), response.body()), (CRUX_OK, 200, b"\"fine\"".to_vec()));
}

#[test]
fn whatever_else_is_finished_already() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    let done = client.get("echo/x").expect(CRUX_OK);
    assert_eq!((done.wait(-1), is_readable_by_all(done.event())), (1, true));
    let wrong = client.call("BAD METHOD", "x").start();
    assert_eq!(
        (wrong.code(), wrong.wait(-1), is_readable_by_all(wrong.event())),
        (CRUX_ERR_ARGUMENT, 1, true)
    );
    assert_eq!(unsafe { crux_wait(null(), -1) }, 1);
    assert_eq!(unsafe { crux_wait(client.0.cast(), -1) }, 1);
    assert_eq!(unsafe { crux_event(null()) }, -1);
    assert_eq!(Response(unsafe { crux_call_start(null_mut()) }).code(), CRUX_ERR_ARGUMENT);
}

/// Whether select(2) says that a descriptor is readable.
#[cfg(unix)]
fn select(descriptor: isize) -> bool {
    unsafe {
        let mut set: libc::fd_set = std::mem::zeroed();
        libc::FD_SET(descriptor as i32, &raw mut set);
        let mut none = libc::timeval { tv_sec: 0, tv_usec: 0 };
        libc::select(descriptor as i32 + 1, &raw mut set, null_mut(), null_mut(), &raw mut none) == 1
    }
}

fn is_readable_by_all(event: isize) -> bool {
    let readable = is_readable(event);
    #[cfg(unix)]
    assert_eq!(readable, select(event));
    readable
}

#[test]
fn the_event_turns_readable_when_it_is_finished() {
    let server = patient();
    let client = anonymous(&server.url());
    let early = client.call("GET", "x").start();
    let late = client.call("GET", "y").start();
    let event = early.event();
    assert!(event >= 0);
    server.wait_until(|seen| seen.requests() == 2);
    assert!(!is_readable_by_all(event));
    thread::scope(|scope| {
        let polling = scope.spawn(|| (becomes_readable(event, 20_000), Instant::now()));
        let since = Instant::now();
        server.open_gate("go");
        let (woken, at) = polling.join().unwrap();
        assert!(woken && at - since < Duration::from_secs(2), "it is woken, not timed out");
    });
    assert_eq!(early.code(), CRUX_OK, "readable means finished");
    assert!(is_readable_by_all(event), "and it stays so");
    assert_eq!(early.event(), event, "there is one for each response");
    assert_eq!(late.wait(20_000), 1);
    assert!(is_readable_by_all(late.event()), "also if it was asked for only then");
    #[cfg(unix)]
    {
        let flags = unsafe { libc::fcntl(event as i32, libc::F_GETFD) };
        assert_eq!(flags & libc::FD_CLOEXEC, libc::FD_CLOEXEC, "children do not inherit it");
    }
}

#[test]
fn a_cancel_is_an_end_too() {
    let server = patient();
    let client = anonymous(&server.url());
    let response = client.call("GET", "x").start();
    let event = response.event();
    server.wait_until(|seen| seen.requests() == 1);
    response.cancel();
    assert!(becomes_readable(event, 5_000));
    assert_eq!(response.code(), CRUX_ERR_CANCELLED);
}

/// Progress as it is seen from another thread while `work` runs: nothing goes back or over its total.
fn watched<T>(response: &Response, work: impl FnOnce() -> T) -> T {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let _over = Over(&over);
        scope.spawn(|| {
            let mut before = (0, 0);
            while !over.load(Ordering::Relaxed) {
                // The totals after what they bound: they may become known in between.
                let now = (response.number("sent"), response.number("received"));
                let (send_total, receive_total) =
                    (response.number("send_total"), response.number("receive_total"));
                assert!(now.0 >= before.0 && now.1 >= before.1, "{before:?} then {now:?}");
                assert!(send_total < 0 || now.0 <= send_total, "{now:?} of {send_total}");
                assert!(receive_total < 0 || now.1 <= receive_total, "{now:?} of {receive_total}");
                before = now;
            }
        });
        work()
    })
}

#[test]
fn progress_of_a_download_and_of_an_upload() {
    const SIZE: usize = 32 << 20;
    let half = vec![b'x'; 1 << 20];
    let server = FaultServer::start(vec![
        Step::ReadHead,
        Step::ReadBody(1 << 20),
        Step::Gate("take"),
        Step::ReadBody((SIZE - (1 << 20)) as u64),
        Step::send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 2 << 20)),
        Step::Send(half.clone()),
        Step::Gate("give"),
        Step::Send(half),
        Step::Stall,
    ]);
    let client = anonymous(&server.url());
    let call = client.call("POST", "x");
    assert_eq!(call.body(&vec![b'x'; SIZE], Some("")), CRUX_OK);
    let response = call.start();
    watched(&response, || {
        server.wait_until(|seen| seen.body_len() == 1 << 20);
        let sent = response.number("sent");
        assert!(sent >= 1 << 20 && sent < SIZE as i64, "{sent}");
        assert_eq!(response.number("send_total"), SIZE as i64);
        assert_eq!((response.number("received"), response.number("receive_total")), (0, -1));
        server.open_gate("take");
        until("half of it", || response.number("received") == 1 << 20);
        assert_eq!(response.number("sent"), SIZE as i64);
        assert_eq!(response.number("receive_total"), 2 << 20);
        assert_eq!(response.wait(0), 0);
        server.open_gate("give");
        assert_eq!(response.wait(20_000), 1);
    });
    assert_eq!(response.code(), CRUX_OK);
    assert_eq!((response.number("received"), response.number("receive_total")), (2 << 20, 2 << 20));
}

#[test]
fn progress_does_not_go_back_when_a_request_is_replayed() {
    const SIZE: usize = 32 << 20;
    let token = || [Step::ReadRequest, ok("{\"token\":\"abcdefgh\"}")];
    let refusal = "x".repeat(5_000);
    let refused = format!("HTTP/1.1 401 Unauthorized\r\nContent-Length: 5000\r\n\r\n{refusal}");
    let mut steps = token().to_vec();
    steps.extend([Step::ReadRequest, Step::send(refused)]);
    steps.extend(token());
    steps.extend([
        Step::ReadHead,
        Step::ReadBody(1000),
        Step::Gate("take"),
        Step::ReadBody(SIZE as u64 - 1000),
    ]);
    steps.extend([ok("{}"), Step::Stall]);
    let server = FaultServer::start(steps);
    let client = Client::login("custom", &server.url(), Some("ada"), Some("pass word")).expect(CRUX_OK);
    let call = client.call("PUT", "x");
    assert_eq!(call.body(&vec![b'x'; SIZE], Some("")), CRUX_OK);
    let response = call.start();
    watched(&response, || {
        server.wait_until(|seen| seen.requests() == 4 && seen.body_len() >= 1000);
        assert_eq!(response.number("sent"), SIZE as i64, "the furthest it came");
        assert_eq!(response.number("received"), 0, "the refusal is not what was asked for");
        server.open_gate("take");
        assert_eq!(response.wait(20_000), 1);
    });
    assert_eq!(response.code(), CRUX_OK, "{}", response.message());
    assert_eq!((response.number("received"), response.number("receive_total")), (2, 2));
    assert_eq!(response.number("attempts"), 2);
}

#[test]
fn progress_without_a_total() {
    let server = FaultServer::start(vec![
        Step::ReadRequest,
        Step::send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"),
        Step::Gate("go"),
        Step::send("2\r\n67\r\n0\r\n\r\n"),
        Step::Stall,
    ]);
    let response = anonymous(&server.url()).call("GET", "x").start();
    until("a chunk", || response.number("received") == 5);
    assert_eq!((response.number("receive_total"), response.number("send_total")), (-1, -1));
    server.open_gate("go");
    let response = response.finished().expect(CRUX_OK);
    assert_eq!((response.number("received"), response.number("receive_total")), (7, -1));
}

#[test]
fn freeing_it_ends_it() {
    let server = FaultServer::start(vec![Step::ReadRequest, Step::Stall]);
    let client = anonymous(&server.url());
    let response = client.call("GET", "x").start();
    server.wait_until(|seen| seen.requests() == 1);
    drop(response);
    server.wait_until(|seen| seen.conns[0].gone != Gone::No);
}

#[test]
fn the_rest_may_be_freed_while_it_runs() {
    for order in 0..2 {
        let server = patient();
        let client = anonymous(&server.url());
        let call = client.call("POST", "x");
        assert_eq!(call.body(b"{\"a\":1}", None), CRUX_OK);
        let response = call.start();
        // Changed and sent again: the one under way has its own copy.
        assert_eq!(call.body(b"", None), CRUX_OK);
        if order == 0 {
            drop(call);
            drop(client);
        } else {
            drop(client);
            drop(call);
        }
        server.wait_until(|seen| seen.body_len() == 7);
        server.open_gate("go");
        assert_eq!(response.finished().expect(CRUX_OK).body(), b"\"fine\"");
    }
}

#[test]
fn log_lines_come_while_the_caller_waits() {
    static THREADS: std::sync::Mutex<Vec<(thread::ThreadId, String)>> = std::sync::Mutex::new(Vec::new());
    unsafe extern "C" fn hear(_: *mut std::ffi::c_void, _: i32, line: *const std::ffi::c_char) {
        THREADS.lock().unwrap().push((thread::current().id(), text(line).unwrap()));
    }
    let sandbox = Sandbox::start();
    let options = Options::of(&[("service", "custom"), ("base_url", &sandbox.http())]);
    assert_eq!(unsafe { crux_options_log(options.0, CRUX_LOG_TRACE, Some(hear), null_mut(), None) }, CRUX_OK);
    let client = options.login();
    THREADS.lock().unwrap().clear();
    let response = client.call("GET", "echo/x").start();
    until("the end", || response.code() != CRUX_PENDING);
    assert_eq!(*THREADS.lock().unwrap(), [], "nobody is called outside a function of the library");
    assert_eq!(response.wait(0), 1);
    let heard = std::mem::take(&mut *THREADS.lock().unwrap());
    assert!(heard.iter().any(|(_, line)| line.contains("-> 200")), "{heard:?}");
    assert!(heard.iter().all(|(id, _)| *id == thread::current().id()), "{heard:?}");
    assert_eq!(response.wait(0), 1);
    assert_eq!(*THREADS.lock().unwrap(), [], "each line comes once");
    drop(client.call("GET", "echo/y").start());
    drop(client);
    // What was said until the free comes with it, or never.
    assert!(THREADS.lock().unwrap().iter().all(|(id, _)| *id == thread::current().id()));
}

// Threads as Linux counts them.
#[cfg(unix)]
#[test]
fn the_threads_are_few_named_and_gone_soon() {
    if !alone("background::the_threads_are_few_named_and_gone_soon", &[]) {
        return;
    }
    let server = patient();
    let few = [("service", "custom"), ("base_url", &*server.url()), ("background.max", "16")];
    let client = Client::with(&few);
    assert_eq!(threads("crux"), 0, "none before the first use");
    let call = client.call("GET", "x");
    let started: Vec<_> = (0..40).map(|_| call.start()).collect();
    server.wait_until(|seen| seen.requests() == 16);
    assert_eq!(threads("crux-call"), 16);
    server.open_gate("go");
    for response in started {
        response.finished().expect(CRUX_OK);
    }
    assert!(threads("crux-call") <= 16);
    let since = Instant::now();
    until("threads without work to leave", || threads("crux") == 0);
    assert!(since.elapsed() < Duration::from_secs(2), "it took {:?}", since.elapsed());
    call.start().finished().expect(CRUX_OK);
    drop(call);
    drop(client);
    let since = Instant::now();
    until("the last thread to leave", || threads("crux") == 0);
    assert!(since.elapsed() < Duration::from_millis(400), "it took {:?}", since.elapsed());
}

// Limits of a process.
#[cfg(unix)]
#[test]
fn a_system_that_starts_no_thread() {
    if !alone("background::a_system_that_starts_no_thread", &[]) {
        return;
    }
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    let call = client.call("GET", "echo/x");
    let limit = start_no_threads();
    assert!(thread::Builder::new().spawn(|| {}).is_err(), "the limit does not hold here");
    let refused = call.start();
    assert_eq!(refused.code(), CRUX_ERR_INTERNAL);
    assert!(refused.message().contains("thread"), "{}", refused.message());
    assert_eq!((refused.wait(-1), is_readable_by_all(refused.event())), (1, true));
    call.send().expect(CRUX_OK);
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NPROC, &raw const limit) }, 0);
    call.start().finished().expect(CRUX_OK);
}
