//! Started calls on idle connections, which have no thread while they wait: whatever comes, comes as it does to a call that
//! waits; and limits, cancels and turns are kept.

use std::time::{Duration, Instant};

use sandbox::Sandbox;
use sandbox::fault::{Cert, EchoServer, FaultServer, Step, Tls};
use support::*;

use crate::early::by_loop;

const SOON: Duration = Duration::from_millis(300);

pub fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A server that answers the first request of each connection, and then does this.
pub fn script(then: &[Step]) -> Vec<Step> {
    let first = [Step::ReadRequest, Step::Gate("warm"), Step::send(ok("\"warm\"")), Step::ReadRequest];
    [&first[..], then].concat()
}

/// A client of this server with so many idle connections.
pub fn warm(server: &FaultServer, more: &[(&str, &str)], connections: usize) -> Client {
    let client = Client::ready(&server.url(), more);
    let calls: Vec<_> = (0..connections).map(|_| client.call("GET", "warm").start()).collect();
    server.wait_until(|seen| seen.requests() == connections);
    server.open_gate("warm");
    calls.into_iter().for_each(|call| drop(call.finished().expect(CRUX_OK)));
    client
}

/// Ports and times differ, also in how long they are.
fn without_numbers(text: &str) -> String {
    let parts = text.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("#")
}

/// What came of a response, all of it.
fn outcome(response: &Response) -> (i32, i32, Vec<u8>, String, Option<String>, [i64; 3]) {
    let facts = ["attempts", "verified", "retryable"].map(|name| response.number(name));
    let message = response.message();
    (response.code(), response.status(), response.body(), message, response.header("x-last"), facts)
}

#[test]
fn whatever_comes_comes_as_to_a_call_that_waits() {
    let slowly = |bytes: &[u8]| {
        let every = Duration::from_millis(3);
        Step::SendSlowly { bytes: bytes.to_vec(), piece: bytes.len().div_ceil(9), every }
    };
    let long = ok(&"\"long\"".repeat(20_000));
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n\"ab\r\n2\r\nc\"\r\n0\r\nX: y\r\n\r\n";
    let cases: Vec<(&str, Vec<Step>)> = vec![
        ("whole", vec![Step::send(ok("\"fine\""))]),
        ("in pieces", vec![slowly(&ok("\"fine\""))]),
        ("long", vec![Step::send(&long)]),
        ("long, in pieces", vec![slowly(&long)]),
        ("chunked", vec![Step::send(chunked)]),
        ("chunked, in pieces", vec![slowly(chunked)]),
        ("chunked and wrong", vec![Step::send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n")]),
        (
            "a coding",
            vec![Step::send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")],
        ),
        ("nothing", vec![Step::send("HTTP/1.1 204 No Content\r\nX-Last: yes\r\n\r\n")]),
        ("until the end", vec![Step::send("HTTP/1.1 200 OK\r\nX-Last: yes\r\n\r\n\"fine\""), Step::Fin]),
        ("hints before", vec![Step::send("HTTP/1.1 103 Early Hints\r\n\r\n"), slowly(&ok("\"fine\""))]),
        ("a failure", vec![Step::send("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}")]),
        (
            "a passing failure",
            vec![Step::send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"), Step::ReadRequest],
        ),
        (
            "a redirect",
            vec![
                Step::send("HTTP/1.1 302 Found\r\nLocation: y\r\nContent-Length: 0\r\n\r\n"),
                Step::ReadRequest,
                Step::send(ok("\"there\"")),
            ],
        ),
        (
            "two lengths",
            vec![Step::send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")],
        ),
        ("no HTTP", vec![Step::send("SSH-2.0-OpenSSH_9\r\n"), Step::Stall]),
        ("half a head", vec![Step::send("HTTP/1.1 200 OK\r\nX-La"), Step::Close]),
        ("half a body", vec![Step::send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), Step::Close]),
        ("a reset", vec![Step::Reset]),
        ("no answer", vec![Step::Close]),
    ];
    let tls = Tls::new(Cert::Good);
    for (name, then) in cases {
        for method in ["GET", "POST"] {
            for secure in [false, true] {
                let came: Vec<_> = ["sent", "started", "read by a loop"]
                    .map(|how| {
                        let scripts =
                            vec![script(&then), vec![Step::ReadRequest, Step::send(ok("\"again\""))]];
                        let server = FaultServer::scripts(secure.then_some(&tls), scripts);
                        let early = if how == "read by a loop" { "1" } else { "0" };
                        let more = [("tls.ca_pem", &*tls.ca_pem), ("event.early", early)];
                        let client = warm(&server, &more, 1);
                        let call = client.call(method, "x");
                        if method == "POST" {
                            call.body(b"{}", None);
                        }
                        outcome(&match how {
                            "sent" => call.send(),
                            "started" => call.start().finished(),
                            _ => by_loop(&client, &call),
                        })
                    })
                    .into_iter()
                    .map(|mut came| {
                        came.3 = without_numbers(&came.3);
                        came
                    })
                    .collect();
                assert_eq!(came[0], came[1], "{name}, {method}, TLS {secure}");
                assert_eq!(came[0], came[2], "{name}, {method}, TLS {secure}, by a loop");
            }
        }
    }
}

#[test]
fn bodies_arrive_whole() {
    let tls = Tls::new(Cert::Good);
    for (server, pem) in [(EchoServer::start(None), None), (EchoServer::start(Some(&tls)), Some(&tls.ca_pem))]
    {
        let more: Vec<_> = pem.iter().map(|pem| ("tls.ca_pem", pem.as_str())).collect();
        let client = Client::ready(&server.url(), &more);
        client.request("POST", "warm", Some("")).expect(CRUX_OK);
        for length in [0, 1, 8191, 8192, 8193, 70_000] {
            for header in [1, 30_000] {
                let call = client.call("PUT", "x");
                let body = "b".repeat(length);
                call.header("X-Long", &"h".repeat(header));
                call.body(body.as_bytes(), Some("text/plain"));
                let response = call.start().finished().expect(CRUX_OK);
                assert!(response.body().ends_with(format!(" {body}").as_bytes()), "{length}");
                assert_eq!(response.number("sent"), length as i64);
            }
        }
        assert_eq!(server.connections(), 1);
    }
}

/// What has come inside the TLS of a proxy no longer shows on the socket.
#[test]
fn a_long_head_inside_the_tls_of_a_proxy() {
    let tls = Tls::new(Cert::Good);
    let long = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\nContent-Length: 4\r\n\r\nfine", "h".repeat(100_000));
    let proxy = FaultServer::start_tls(&tls, script(&[Step::send(long), Step::Stall]));
    let written = format!("https://localhost:{}", proxy.port());
    let more = [("proxy", written.as_str()), ("tls.ca_pem", &tls.ca_pem), ("allow_http", "1")];
    let client =
        Client::ready("http://nowhere.example", &[&more[..], &[("timeout.head_ms", "3000")]].concat());
    let call = client.call("GET", "warm").start();
    proxy.open_gate("warm");
    call.finished().expect(CRUX_OK);
    let since = Instant::now();
    assert_eq!(client.call("GET", "x").start().finished().expect(CRUX_OK).body(), b"fine");
    assert!(since.elapsed() < 2 * SOON, "it took {:?}", since.elapsed());
}

/// The wait for a response begins when the request is out.
#[test]
fn a_server_that_is_slow_to_read_has_its_time_to_answer() {
    let then = [Step::Gate("read"), Step::ReadRequest, Step::send(ok("\"fine\""))];
    let first = [Step::ReadRequest, Step::Gate("warm"), Step::send(ok("\"warm\""))];
    let server = FaultServer::start([&first[..], &then].concat());
    let client = warm(&server, &[("timeout.head_ms", "1000")], 1);
    let call = client.call("GET", "x");
    // More than the system takes before the server reads.
    for n in 0..100 {
        assert_eq!(call.header(&format!("X-Long-{n}"), &"h".repeat(50_000)), CRUX_OK);
    }
    let response = call.start();
    std::thread::sleep(4 * SOON);
    server.open_gate("read");
    response.finished().expect(CRUX_OK);
}

#[test]
fn limits_are_kept() {
    let limits = [("timeout.head_ms", "timeout.head_ms"), ("timeout.total_ms", "timeout.total_ms")];
    for (limit, named) in limits {
        for then in [vec![Step::Stall], vec![Step::send("HTTP/1.1 200 OK\r\n"), Step::Stall]] {
            let server = FaultServer::start(script(&then));
            let client = warm(&server, &[], 2);
            // One that waits for longer is there already.
            let patient = client.call("GET", "patient").start();
            server.wait_until(|seen| seen.requests() == 3);
            let call = client.call("GET", "x");
            call.set(limit, "120");
            let since = Instant::now();
            let response = call.start().finished().expect(CRUX_ERR_TIMEOUT);
            let took = since.elapsed();
            assert!(took >= Duration::from_millis(115) && took < 2 * SOON, "{limit}: {took:?}");
            assert!(response.message().contains(named), "{}", response.message());
            assert_eq!(patient.code(), CRUX_PENDING);
        }
    }
}

#[test]
fn a_cancel_ends_one_or_all() {
    type Cancel = fn(&Client, &Call, &Response);
    let ways: [(&str, Cancel); 3] = [
        ("response", |_, _, response| response.cancel()),
        ("call", |_, call, _| call.cancel()),
        ("client", |client, _, _| client.cancel()),
    ];
    for (name, cancel) in ways {
        let server = FaultServer::start(script(&[Step::Stall]));
        let client = warm(&server, &[], 2);
        let (call, other) = (client.call("GET", "x"), client.call("GET", "y").start());
        let response = call.start();
        server.wait_until(|seen| seen.requests() == 4);
        let since = Instant::now();
        cancel(&client, &call, &response);
        let response = response.finished().expect(CRUX_ERR_CANCELLED);
        assert!(since.elapsed() < SOON, "{name}: {:?}", since.elapsed());
        assert_eq!(response.number("maybe_sent"), 1);
        let (patience, ended) = if name == "client" { (20_000, 1) } else { (0, 0) };
        assert_eq!(other.wait(patience), ended);
        drop(other);
        server.wait_until(|seen| seen.open() == 0);
    }
}

/// One that comes before the start, sends nothing and costs no connection.
#[test]
fn a_cancel_before_the_start() {
    let server = FaultServer::start(script(&[Step::send(ok("\"fine\""))]));
    let client = warm(&server, &[], 1);
    let call = client.call("GET", "x");
    call.cancel();
    call.start().finished().expect(CRUX_ERR_CANCELLED);
    call.start().finished().expect(CRUX_OK);
    assert_eq!((server.requests(), server.connections()), (2, 1));
}

#[test]
fn what_is_freed_closes_its_connection() {
    let server = FaultServer::start(script(&[Step::Stall]));
    let client = warm(&server, &[], 1);
    let response = client.call("GET", "x").start();
    server.wait_until(|seen| seen.requests() == 2);
    drop(response);
    server.wait_until(|seen| seen.open() == 0);
    assert!(unsafe { crux_next_finished(client.0, 0) }.is_null());
}

#[test]
fn each_waits_for_its_turn() {
    let gated = [Step::Gate("go"), Step::send(ok("\"fine\""))];
    let server = FaultServer::start(script(&gated));
    let client = warm(&server, &[("background.max", "2")], 2);
    let before = server.requests();
    let mut started: Vec<_> = (0..5).map(|_| client.call("GET", "x").start()).collect();
    server.wait_until(|seen| seen.requests() == before + 2);
    let late = client.call("GET", "late");
    late.set("timeout.total_ms", "50");
    late.start().finished().expect(CRUX_ERR_TIMEOUT);
    assert_eq!(server.requests(), before + 2, "more than two at once");
    // The one that ends makes room for the next.
    started.remove(0).cancel();
    server.wait_until(|seen| seen.requests() >= before + 3);
    server.open_gate("go");
    for response in started {
        response.finished().expect(CRUX_OK);
    }
}

#[test]
fn a_dead_token_is_renewed() {
    let sandbox = Sandbox::start();
    let base = format!("{}/timp/", sandbox.http());
    let client = Client::login("crux-connect", &base, Some("ada@example.com"), Some("correct horse"));
    client.get("organizations/").expect(CRUX_OK);
    sandbox.revoke_tokens();
    let started: Vec<_> = (0..8).map(|_| client.call("GET", "organizations/").start()).collect();
    for response in started {
        response.finished().expect(CRUX_OK);
    }
    assert_eq!(client.number("logins"), 2, "one login for all");
}

/// Lines come from the thread that waits, as of any started call.
#[test]
fn its_log_is_complete() {
    let server = EchoServer::start(None);
    let (options, lines) = (Options::of(&[("service", "custom"), ("proxy", "direct")]), Lines::default());
    options.set("base_url", Some(&server.url()));
    lines.listen(&options, 5);
    let client = options.login().expect(CRUX_OK);
    let mut heard = [false, true].map(|started| {
        client.get("warm").expect(CRUX_OK);
        let before = lines.all().len();
        let call = client.call("GET", "x");
        drop(if started { call.start().finished() } else { call.send() });
        let said = lines.all().split_off(before).into_iter();
        said.map(|(level, line)| (level, without_numbers(&line))).collect::<Vec<_>>()
    });
    assert!(!heard[0].is_empty());
    let [waited, started] = heard.each_mut().map(std::mem::take);
    assert_eq!(waited, started);
}

// Limits of a process.
#[cfg(unix)]
#[test]
fn without_a_thread_to_wait_nothing_is_sent() {
    if !alone("in_flight::without_a_thread_to_wait_nothing_is_sent", &[]) {
        return;
    }
    let server = FaultServer::start(script(&[Step::Gate("go"), Step::send(ok("\"fine\""))]));
    let client = Client::ready(&server.url(), &[("timeout.total_ms", "3000")]);
    server.open_gate("warm");
    client.get("warm").expect(CRUX_OK);
    let limit = start_no_threads();
    let since = Instant::now();
    let refused = client.call("GET", "x").start();
    assert!(since.elapsed() < SOON, "a start waited for {:?}", since.elapsed());
    let refused = refused.expect(CRUX_ERR_INTERNAL);
    assert_eq!((refused.number("maybe_sent"), server.requests()), (0, 1));
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NPROC, &raw const limit) }, 0);
    let started = client.call("GET", "x").start();
    server.open_gate("go");
    started.finished().expect(CRUX_OK);
}

/// It is looked for again with each start.
#[cfg(target_os = "linux")]
#[test]
fn a_want_of_descriptors_passes() {
    if !alone("in_flight::a_want_of_descriptors_passes", &[]) {
        return;
    }
    let server = EchoServer::start(None);
    let client = Client::ready(&server.url(), &[]);
    client.get("warm").expect(CRUX_OK);
    let few = libc::rlimit { rlim_cur: 256, rlim_max: 256 };
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const few) }, 0);
    let mut all = Vec::new();
    while let Ok(file) = std::fs::File::open("/dev/null") {
        all.push(file);
    }
    client.call("GET", "x").start().finished().expect(CRUX_OK);
    drop(all);
    assert_eq!((threads("crux-wait"), threads("crux-call")), (0, 1));
    client.call("GET", "x").start().finished().expect(CRUX_OK);
    assert_eq!((threads("crux-wait"), server.connections()), (1, 1));
}

/// So that limits of others are kept meanwhile.
#[cfg(target_os = "linux")]
#[test]
fn what_takes_long_to_decode_has_a_thread() {
    use flate2::Compression;
    use flate2::read::GzEncoder;
    use std::io::{Read, repeat};
    if !alone("in_flight::what_takes_long_to_decode_has_a_thread", &[]) {
        return;
    }
    for (length, has_thread) in [(1000, false), (10_000_000, true)] {
        let mut coded = Vec::new();
        GzEncoder::new(repeat(0).take(length), Compression::best()).read_to_end(&mut coded).unwrap();
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length:";
        let whole = [format!("{head} {}\r\n\r\n", coded.len()).into_bytes(), coded].concat();
        let server = FaultServer::start(script(&[Step::Send(whole)]));
        let client = warm(&server, &[], 1);
        until("idle threads to leave", || threads("crux-call") == 0);
        let response = client.call("GET", "x").start().finished().expect(CRUX_OK);
        assert_eq!((response.body().len() as u64, threads("crux-call") > 0), (length, has_thread));
    }
}

// Threads as Linux counts them; elsewhere each has its own.
#[cfg(target_os = "linux")]
#[test]
fn one_thread_waits_for_all() {
    if !alone("in_flight::one_thread_waits_for_all", &[]) {
        return;
    }
    let server = FaultServer::start(script(&[Step::Gate("go"), Step::send(ok("\"fine\""))]));
    const MANY: usize = 300;
    let client = warm(&server, &[("background.max", "600"), ("pool.max_idle", "600")], MANY);
    let call = client.call("GET", "x");
    let started: Vec<_> = (0..MANY).map(|_| call.start()).collect();
    server.wait_until(|seen| seen.requests() == 2 * MANY);
    until("idle threads to leave", || threads("crux-call") == 0);
    assert_eq!((threads("crux-wait"), server.connections()), (1, MANY));
    server.open_gate("go");
    for response in started {
        response.finished().expect(CRUX_OK);
    }
    until("the thread to leave", || threads("crux") == 0);
}

// Descriptors as Linux counts them.
#[cfg(target_os = "linux")]
#[test]
fn a_client_that_is_freed_gives_its_descriptors_back() {
    if !alone("in_flight::a_client_that_is_freed_gives_its_descriptors_back", &[]) {
        return;
    }
    let open = || std::fs::read_dir("/proc/self/fd").expect("Linux tells").count();
    let server = FaultServer::start(script(&[Step::Gate("go"), Step::send(ok("\"fine\""))]));
    let before = open();
    let client = warm(&server, &[], 2);
    unsafe { crux_event(client.0.cast()) };
    let call = client.call("GET", "x");
    let started = [call.start(), call.start()];
    server.open_gate("go");
    let kept = started.map(|response| response.finished().expect(CRUX_OK));
    drop(client);
    server.wait_until(|seen| seen.open() == 0);
    drop(server);
    until("descriptors to be given back", || open() <= before);
    kept.iter().for_each(|response| assert_eq!(response.body(), b"\"fine\""));
    drop(call);
}
