//! `crux_cancel` in every phase of a call, from another thread.

use std::ffi::c_void;
use std::fs;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sandbox::fault::{Blackhole, FOREVER, FaultServer, Gone, ProxyReply, ProxyServer, Step};
use sandbox::{API_KEY, Canned, Sandbox};
use serde_json::json;
use support::*;

/// What is promised is 200 ms; a busy machine and a slow build get as much again.
const SOON: Duration = Duration::from_millis(400);
const OK_HEAD: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[1";

fn anonymous(base: &str) -> Client {
    Client::with(&[("service", "custom"), ("base_url", base), ("proxy", "direct")])
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// Runs `work` on another thread, cancels once `ready` returns, and gives back what came of it.
#[track_caller]
fn cancelled<T: Send>(cancel: impl FnOnce(), ready: impl FnOnce(), work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let working = scope.spawn(|| {
            let result = work();
            (result, Instant::now())
        });
        ready();
        assert!(!working.is_finished(), "it was over before the cancel");
        let cancelled_at = Instant::now();
        cancel();
        let (result, ended_at) = working.join().expect("no panic");
        let took = ended_at.saturating_duration_since(cancelled_at);
        assert!(took < SOON, "the cancel took {took:?}");
        result
    })
}

/// A server whose first connection follows the steps and whose later ones respond properly.
fn once_then_fine(steps: Vec<Step>) -> FaultServer {
    let fine = vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, Step::send(ok("\"fine\""))])];
    FaultServer::scripts(None, vec![steps, fine])
}

/// Cancels a GET on this server once `ready`; the socket must go, and the client must serve on.
fn cancel_a_get(server: &FaultServer, client: &Client, body: &[u8], ready: impl FnOnce()) {
    let call = client.call("POST", "x");
    assert_eq!(call.body(body, None), CRUX_OK);
    let response = cancelled(|| call.cancel(), ready, || call.send());
    assert_eq!(response.code(), CRUX_ERR_CANCELLED, "{}", response.message());
    server.open_gate("on");
    server.wait_until(|seen| seen.conns[0].gone != Gone::No);
    assert_eq!(client.get("y").expect(CRUX_OK).body(), b"\"fine\"");
}

/// Whether this process is waiting for a connection to that port.
fn is_connecting(port: u16) -> bool {
    let table = fs::read_to_string("/proc/net/tcp").expect("Linux tells");
    table.lines().skip(1).any(|line| {
        let mut words = line.split_whitespace().skip(2);
        words.next().is_some_and(|remote| remote.ends_with(&format!(":{port:04X}")))
            && words.next() == Some("02")
    })
}

#[test]
fn while_connecting() {
    let hole = Blackhole::start();
    let client = anonymous(&hole.url_as("http"));
    let call = client.call("GET", "x");
    let port = hole.address().port();
    let ready = || until("a connection under way", || is_connecting(port));
    cancelled(|| call.cancel(), ready, || call.send()).expect(CRUX_ERR_CANCELLED);
    assert!(!is_connecting(port), "the socket was left behind");
}

#[test]
fn while_a_proxy_says_nothing() {
    for proxy in [ProxyServer::http(None, ProxyReply::Stall), ProxyServer::socks5(None, ProxyReply::Stall)] {
        let base = "https://nowhere.test/";
        let client = Client::with(&[("service", "custom"), ("base_url", base), ("proxy", &proxy.url())]);
        let call = client.call("GET", "x");
        let ready = || proxy.wait_until(|seen| !seen.targets().is_empty());
        cancelled(|| call.cancel(), ready, || call.send()).expect(CRUX_ERR_CANCELLED);
        proxy.wait_until(|seen| seen.conns[0].gone != Gone::No);
    }
}

#[test]
fn while_shaking_hands() {
    let server = FaultServer::start(vec![Step::Stall]);
    let client = anonymous(&server.url_as("https"));
    let call = client.call("GET", "x");
    let ready = || server.wait_until(|seen| seen.received() > 0);
    cancelled(|| call.cancel(), ready, || call.send()).expect(CRUX_ERR_CANCELLED);
    server.wait_until(|seen| seen.conns[0].gone != Gone::No);
}

#[test]
fn while_sending() {
    let server = once_then_fine(vec![Step::ReadHead, Step::ReadSome(1 << 20), Step::Gate("on"), Step::Stall]);
    let client = anonymous(&server.url());
    let body = vec![b'x'; 64 << 20];
    cancel_a_get(&server, &client, &body, || server.wait_until(|seen| seen.received() > 1 << 20));
}

#[test]
fn while_waiting_for_the_head() {
    let server = once_then_fine(vec![Step::ReadRequest, Step::Stall]);
    let client = anonymous(&server.url());
    cancel_a_get(&server, &client, b"{}", || server.wait_until(|seen| seen.body_len() == 2));
}

#[test]
fn while_the_body_comes() {
    let refused = OK_HEAD.replace("200 OK", "500 Internal Server Error");
    for head in [OK_HEAD, &refused] {
        let server = once_then_fine(vec![Step::ReadRequest, Step::send(head), Step::Stall]);
        let lines = Lines::default();
        let options = Options::of(&[("service", "custom"), ("base_url", &server.url())]);
        lines.listen(&options, CRUX_LOG_DEBUG);
        let client = options.login();
        cancel_a_get(&server, &client, b"{}", || lines.wait_for("attempt 1"));
    }
}

#[test]
fn while_waiting_to_repeat() {
    let sandbox = Sandbox::start();
    sandbox.respond("GET", "/echo/x", Canned::status(503).header("retry-after", "60").times(1));
    let lines = Lines::default();
    let options = Options::of(&[("service", "custom"), ("base_url", &sandbox.http())]);
    lines.listen(&options, CRUX_LOG_INFO);
    let client = options.login();
    let call = client.call("GET", "echo/x");
    let response = cancelled(|| call.cancel(), || lines.wait_for("repeat 1 in 60000 ms"), || call.send());
    assert_eq!(response.code(), CRUX_ERR_CANCELLED);
    assert_eq!(sandbox.requests().len(), 1);
    call.send().expect(CRUX_OK);
}

#[test]
fn while_a_job_is_watched() {
    let sandbox = Sandbox::start();
    sandbox.progress(vec![json!(0)]);
    let client =
        Client::login("crunch", &format!("{}/api/", sandbox.http()), None, Some(API_KEY)).expect(CRUX_OK);
    let list = client.get("datasets/all/").expect(CRUX_OK);
    let dataset = list.json_key("/index", 0).expect("a dataset");
    let id = dataset.trim_end_matches('/').rsplit('/').next().expect("an id");
    let export = format!("datasets/{id}/export/csv/");
    let accepted = client.request("POST", &export, Some("{}")).expect(CRUX_OK);
    let looked = || {
        let seen = sandbox.requests();
        seen.iter().filter(|r| r.path.contains("/progress/") && r.status == 200).count()
    };
    for cancel in [|_: &Client, r: &Response| r.cancel(), |c: &Client, _: &Response| c.cancel()] {
        let before = looked();
        let ready = || until("a look at the job", || looked() > before);
        let watch = || client.wait_for_job(&accepted, 60_000);
        let result = cancelled(|| cancel(&client, &accepted), ready, watch);
        assert_eq!(result.code(), CRUX_ERR_CANCELLED, "{}", result.message());
        // Cancelled is not lost.
        assert!(result.info("job_url").is_some_and(|url| url.contains("/progress/")));
        assert_eq!(result.info("location"), accepted.info("location"));
        assert_eq!(accepted.code(), CRUX_OK);
    }
}

#[test]
fn while_another_thread_logs_in() {
    let sandbox = Sandbox::start();
    let base = format!("{}/timp/", sandbox.http());
    let client =
        Client::login("crux-connect", &base, Some("ada@example.com"), Some("correct horse")).expect(CRUX_OK);
    sandbox.revoke_tokens();
    sandbox.clear();
    let slow = Canned::real().delay(Duration::from_secs(60));
    sandbox.respond("POST", "/timp/organizations/user-login/", slow);
    let refused = |count: usize| {
        let seen = sandbox.requests();
        let refusals = seen.iter().filter(|r| r.status == 401).count();
        let logins = seen.iter().filter(|r| r.path.ends_with("user-login/")).count();
        refusals == count && logins == 1
    };
    let calls = [0, 1].map(|_| client.call("GET", "organizations/users/all/"));
    thread::scope(|scope| {
        let first = scope.spawn(|| calls[0].send());
        until("the login", || refused(1));
        let ready = || until("the second refusal", || refused(2));
        let second = cancelled(|| calls[1].cancel(), ready, || calls[1].send());
        assert_eq!(second.code(), CRUX_ERR_CANCELLED, "{}", second.message());
        assert!(!first.is_finished(), "only the one that was meant ends");
        calls[0].cancel();
        assert_eq!(first.join().unwrap().code(), CRUX_ERR_CANCELLED);
    });
    sandbox.forget_canned();
    client.get("organizations/users/all/").expect(CRUX_OK);
}

/// Cancels by each handle that can, and waits for the end.
#[track_caller]
fn ends_soon(response: &Response, cancel: impl FnOnce()) {
    assert_eq!(response.code(), CRUX_PENDING);
    let since = Instant::now();
    cancel();
    assert_eq!(response.wait(10_000), 1);
    assert!(since.elapsed() < SOON, "the cancel took {:?}", since.elapsed());
    assert_eq!(response.code(), CRUX_ERR_CANCELLED, "{}", response.message());
}

#[test]
fn in_the_background_running() {
    let server = FaultServer::start(vec![Step::ReadRequest, Step::Stall]);
    let client = anonymous(&server.url());
    let call = client.call("GET", "x");
    let by: [&dyn Fn(&Response); 3] = [&|r| r.cancel(), &|_| call.cancel(), &|_| client.cancel()];
    for (number, cancel) in by.into_iter().enumerate() {
        let response = call.start();
        server.wait_until(|seen| seen.requests() == number + 1);
        ends_soon(&response, || cancel(&response));
        server.wait_until(|seen| seen.open() == 0);
    }
}

#[test]
fn in_the_background_just_started() {
    let server = FaultServer::start(vec![Step::ReadRequest, Step::Stall]);
    let client = anonymous(&server.url());
    let call = client.call("GET", "x");
    let by: [&dyn Fn(&Response); 3] = [&|r| r.cancel(), &|_| call.cancel(), &|_| client.cancel()];
    for round in 0..60 {
        let response = call.start();
        ends_soon(&response, || by[round % 3](&response));
    }
}

#[test]
fn in_the_background_queued() {
    let server = FaultServer::start(vec![Step::ReadRequest, Step::Stall]);
    let few =
        [("service", "custom"), ("base_url", &*server.url()), ("proxy", "direct"), ("background.max", "16")];
    let client = Client::with(&few);
    let call = client.call("GET", "x");
    let running: Vec<_> = (0..16).map(|_| call.start()).collect();
    server.wait_until(|seen| seen.requests() == 16);
    let other = client.call("GET", "y");
    let queued: Vec<_> = (0..3).map(|_| other.start()).collect();
    ends_soon(&queued[0], || queued[0].cancel());
    assert_eq!(queued[1].code(), CRUX_PENDING);
    ends_soon(&queued[1], || other.cancel());
    assert_eq!(queued[2].code(), CRUX_ERR_CANCELLED);
    let last = other.start();
    ends_soon(&last, || client.cancel());
    for response in &running {
        assert_eq!(response.wait(5_000), 1);
        assert_eq!(response.code(), CRUX_ERR_CANCELLED);
    }
    assert_eq!(server.requests(), 16, "what was queued was never sent");
}

#[test]
fn a_stream_between_reads_and_during_one() {
    let server = once_then_fine(vec![Step::ReadRequest, Step::send(OK_HEAD.repeat(10)), Step::Stall]);
    let client = anonymous(&server.url());
    let call = client.call("GET", "x");
    let stream = call.stream().expect(CRUX_OK);
    let mut buffer = [0; 2];
    assert_eq!(stream.read(&mut buffer), 2);
    stream.cancel();
    // Even what has come already is not given out any more.
    assert_eq!(stream.read(&mut buffer), -1);
    assert_eq!(stream.code(), CRUX_ERR_CANCELLED);
    assert_eq!(stream.read(&mut buffer), -1);
    server.wait_until(|seen| seen.conns[0].gone != Gone::No);
    assert_eq!(client.get("y").expect(CRUX_OK).body(), b"\"fine\"");

    let stalling = FaultServer::start(vec![Step::ReadRequest, Step::send(OK_HEAD), Step::Stall]);
    let client = anonymous(&stalling.url());
    for by_client in [false, true] {
        let stream = client.call("GET", "x").stream().expect(CRUX_OK);
        let started = AtomicBool::new(false);
        let cancel = || if by_client { client.cancel() } else { stream.cancel() };
        let read = || {
            assert_eq!(stream.read(&mut [0; 2]), 2);
            started.store(true, Ordering::SeqCst);
            stream.read(&mut [0; 100])
        };
        let ready = || until("a read", || started.load(Ordering::SeqCst));
        assert_eq!(cancelled(cancel, ready, read), -1);
        assert_eq!(stream.code(), CRUX_ERR_CANCELLED, "{}", stream.message());
        stalling.wait_until(|seen| seen.open() == 0);
    }
    // By its call: what is under way of it is the stream, and the next request is another matter.
    let call = client.call("GET", "x");
    let stream = call.stream().expect(CRUX_OK);
    assert_eq!(stream.read(&mut [0; 2]), 2);
    let reading = AtomicBool::new(false);
    let read = || {
        reading.store(true, Ordering::SeqCst);
        stream.read(&mut [0; 100])
    };
    let ready = || until("a read", || reading.load(Ordering::SeqCst));
    assert_eq!(cancelled(|| call.cancel(), ready, read), -1);
    assert_eq!(stream.code(), CRUX_ERR_CANCELLED);
    call.stream().expect(CRUX_OK);
}

#[test]
fn the_next_page() {
    let page = ok("{\"total_results\":9,\"orders\":[1,2]}");
    let server =
        FaultServer::start(vec![Step::ReadRequest, Step::send(page), Step::ReadRequest, Step::Stall]);
    let client = anonymous(&server.url());
    for by_client in [false, true] {
        let page = client.get("orders").expect(CRUX_OK);
        let before = server.requests();
        let cancel = || if by_client { client.cancel() } else { page.cancel() };
        let ready = || server.wait_until(|seen| seen.requests() == before + 1);
        let next = cancelled(cancel, ready, || client.next_page(&page)).expect("an outcome");
        assert_eq!(next.code(), CRUX_ERR_CANCELLED);
        assert_eq!(page.code(), CRUX_OK);
    }
}

#[test]
fn a_download() {
    let server = FaultServer::start(vec![Step::ReadRequest, Step::send(OK_HEAD), Step::Stall]);
    let client = anonymous(&server.url());
    let folder = Folder::new();
    let target = folder.file("target", b"old");
    let has_begun =
        || until("the first bytes", || fs::metadata(folder.path("target.part")).is_ok_and(|f| f.len() > 0));
    let result = cancelled(|| client.cancel(), has_begun, || client.download("x", &target));
    assert_eq!(result.code(), CRUX_ERR_CANCELLED, "{}", result.message());

    let call = client.call("GET", "x");
    assert_eq!(call.set("save", target.to_str().unwrap()), CRUX_OK);
    let result = cancelled(|| call.cancel(), has_begun, || call.send());
    assert_eq!(result.code(), CRUX_ERR_CANCELLED, "{}", result.message());
    assert_eq!(fs::read(&target).unwrap(), b"old");
    server.wait_until(|seen| seen.open() == 0);
}

#[test]
fn a_client_cancels_its_own_requests_and_no_others() {
    let server = FaultServer::start(vec![Step::ReadRequest, Step::Stall]);
    let (mine, other) = (anonymous(&server.url()), anonymous(&server.url()));
    let started: Vec<_> = (0..5).map(|_| mine.call("GET", "x").start()).collect();
    let left_alone = other.call("GET", "x").start();
    server.wait_until(|seen| seen.requests() == 6);
    mine.cancel();
    for response in &started {
        assert_eq!(response.wait(5_000), 1);
        assert_eq!(response.code(), CRUX_ERR_CANCELLED);
    }
    assert_eq!(left_alone.wait(50), 0);
    left_alone.cancel();
    left_alone.finished().expect(CRUX_ERR_CANCELLED);
}

#[test]
fn a_cancel_when_nothing_runs_ends_the_next_request_of_a_call_and_nothing_else() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    let call = client.call("GET", "echo/x");
    let done = call.send().expect(CRUX_OK);
    let started = call.start().finished().expect(CRUX_OK);
    for _ in 0..3 {
        client.cancel();
        done.cancel();
        started.cancel();
        call.send().expect(CRUX_OK);
        call.cancel();
        call.cancel();
        call.send().expect(CRUX_ERR_CANCELLED);
        call.send().expect(CRUX_OK);
        call.cancel();
        call.start().finished().expect(CRUX_ERR_CANCELLED);
        call.start().finished().expect(CRUX_OK);
        assert_eq!(call.stream().expect(CRUX_OK).read_all(100).1, 0);
    }
    assert_eq!(done.code(), CRUX_OK);
    assert_eq!(started.code(), CRUX_OK);
}

#[test]
fn what_has_finished_is_not_under_way() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    let call = client.call("GET", "echo/x");
    let streamed = client.call("GET", "echo/x");
    assert_eq!(streamed.set("stream", "1"), CRUX_OK);
    for _ in 0..300 {
        call.start().finished().expect(CRUX_OK);
        assert_eq!(client.number("under_way"), 0);
        call.cancel();
        call.send().expect(CRUX_ERR_CANCELLED);
        // A stream is under way until its end is read.
        let stream = streamed.start();
        while stream.wait(10_000) == 1 && stream.read_all(100).1 == -2 {}
        assert_eq!(client.number("under_way"), 0);
        streamed.cancel();
        streamed.send().expect(CRUX_ERR_CANCELLED);
    }
}

#[test]
fn whatever_is_no_request_is_ignored() {
    let options = Options::new();
    let failed = Client::login("no-such-service", "x", None, None);
    let freed = { anonymous("http://127.0.0.1:1/").0.cast::<c_void>() };
    let number = 7;
    let odd = [
        null_mut(),
        options.0.cast(),
        failed.0.cast(),
        freed,
        std::ptr::from_ref(&number).cast_mut().cast(),
        std::ptr::dangling_mut(),
        usize::MAX as *mut c_void,
    ];
    for object in odd {
        unsafe { crux_cancel(object) };
    }
    failed.call("GET", "x").cancel();
    failed.get("x").cancel();
}

#[test]
fn at_any_moment() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    let call = client.call("GET", "echo/x");
    // Moments within a request or a few, however long one takes here.
    call.send().expect(CRUX_OK);
    let began = Instant::now();
    call.send().expect(CRUX_OK);
    let span = (4 * began.elapsed().as_micros() as u64).max(1500);
    let over = AtomicBool::new(false);
    let (mut fine, mut ended) = (0, 0);
    thread::scope(|scope| {
        let _over = Over(&over);
        scope.spawn(|| {
            let mut wait = 1_u64;
            while !over.load(Ordering::Relaxed) {
                wait = wait * 48_271 % 1_000_003;
                let until = Instant::now() + Duration::from_micros(wait % span);
                while Instant::now() < until {
                    std::hint::spin_loop();
                }
                if wait.is_multiple_of(2) { call.cancel() } else { client.cancel() }
            }
        });
        for round in 0..500 {
            let response = if round % 2 == 0 { call.send() } else { call.start().finished() };
            match response.code() {
                CRUX_OK => {
                    assert_eq!(response.json("/path").as_deref(), Some("/echo/x"));
                    fine += 1;
                }
                code => {
                    assert_eq!(code, CRUX_ERR_CANCELLED, "{}", response.message());
                    ended += 1;
                }
            }
        }
    });
    assert!(ended > 0, "no cancel ever met a request");
    assert!(fine > 0, "no request was ever left alone");
    // The last cancel may have met nothing: then it ends the next request, once.
    let _ = call.send();
    call.send().expect(CRUX_OK);
}
