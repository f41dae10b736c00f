//! After `fork` both processes go on, each by itself: the child opens connections of its own, says nothing on those
//! it inherited, and finds no lock held by a thread that did not come along.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use sandbox::fault::{Cert, EchoServer, FOREVER, FaultServer, Step, Tls};
use support::{
    CRUX_OK, Call, Client, Forked, Response, alone, crux_call_start, crux_call_stream, crux_read, is_alone,
    until,
};

fn given(name: &str) -> String {
    std::env::var(name).expect("a variable of the first process")
}

/// A client of the server of the first process.
fn client(url: &str) -> Client {
    Client::ready(&given(url), &[("tls.ca_pem", &given("CA"))])
}

#[track_caller]
fn ask(client: &Client, who: &str, round: usize) {
    let path = format!("{who}/{round}");
    let body = client.request("POST", &path, Some(&path)).expect(CRUX_OK).body();
    assert_eq!(String::from_utf8_lossy(&body), format!("POST /{path}  {path}"));
}

#[test]
fn both_sides_go_on() {
    let tls = Tls::new(Cert::Good);
    let (plain, secure) = (EchoServer::start(None), EchoServer::start(Some(&tls)));
    let urls = (plain.url(), secure.url());
    let variables = [("PLAIN", urls.0.as_str()), ("SECURE", &urls.1), ("CA", &tls.ca_pem)];
    if alone("fork::both_sides_go_on", &variables) {
        let clients = [client("PLAIN"), client("SECURE")];
        let rounds = |who: &str| (0..100).for_each(|round| clients.iter().for_each(|c| ask(c, who, round)));
        clients.iter().for_each(|client| ask(client, "warm", 0));
        let child = Forked::start(|| {
            rounds("child");
            // A grandchild is a child as well.
            Forked::start(|| rounds("grandchild")).join();
            rounds("child");
        });
        rounds("parent");
        child.join();
        rounds("parent");
        return;
    }
    for server in [&plain, &secure] {
        assert_eq!(server.requests(), 501);
        assert_eq!(server.connections(), 3, "one for each process");
        let record = server.record();
        for conn in &record.conns {
            let who = |head: &String| head.split('/').nth(1).map(|who| who.replace("warm", "parent"));
            let first = who(&conn.heads[0]);
            assert!(conn.heads.iter().all(|head| who(head) == first), "two processes on one connection");
        }
    }
}

/// Neither farewell nor anything else: the connection is the parent's.
#[test]
fn a_child_that_frees_says_nothing() {
    let tls = Tls::new(Cert::Good);
    let (plain, secure) = (EchoServer::start(None), EchoServer::start(Some(&tls)));
    let urls = (plain.url(), secure.url());
    let variables = [("PLAIN", urls.0.as_str()), ("SECURE", &urls.1), ("CA", &tls.ca_pem)];
    if alone("fork::a_child_that_frees_says_nothing", &variables) {
        for url in ["PLAIN", "SECURE"] {
            let client = client(url);
            ask(&client, "warm", 0);
            let raw = client.0;
            Forked::start(|| unsafe {
                support::crux_cancel(raw.cast());
                support::crux_free(raw.cast());
            })
            .join();
            ask(&client, "parent", 1);
        }
        return;
    }
    for server in [&plain, &secure] {
        assert_eq!((server.connections(), server.requests()), (1, 2));
        let conn = server.conn(0);
        let expected: usize = conn.heads.iter().map(String::len).sum();
        assert_eq!(conn.received, expected as u64 + conn.body_len, "something else was said");
    }
}

/// A body that the parent is reading cannot be read, nor broken off, by a child.
#[test]
fn a_stream_stays_with_its_reader() {
    let tls = Tls::new(Cert::Good);
    let body: Vec<u8> = (0..200_000).map(|index| (index % 251) as u8).collect();
    let head = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n");
    let turn = vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, head, Step::send(&body)])];
    let (plain, secure) = (FaultServer::start(turn.clone()), FaultServer::start_tls(&tls, turn));
    let urls = (plain.url(), secure.url());
    let variables = [("PLAIN", urls.0.as_str()), ("SECURE", &urls.1), ("CA", &tls.ca_pem)];
    if !alone("fork::a_stream_stays_with_its_reader", &variables) {
        return;
    }
    for url in ["PLAIN", "SECURE"] {
        let client = client(url);
        let call = client.call("GET", "x");
        let stream = Response(unsafe { crux_call_stream(call.0) }).expect(CRUX_OK);
        let mut got = read_once(&stream);
        let raw = (client.0, stream.0);
        Forked::start(|| {
            // What had come already it may get; never what comes later.
            let stream = Response(raw.1);
            let mut got = 0;
            let end = loop {
                match read_once(&stream).len() {
                    0 => break stream.code(),
                    amount => got += amount,
                }
            };
            assert_eq!((end, got < 199_000), (support::CRUX_ERR_IO, true), "{got}: {}", stream.message());
            unsafe {
                support::crux_cancel(raw.1.cast());
                support::crux_cancel(raw.0.cast());
                support::crux_free(raw.0.cast());
            }
        })
        .join();
        loop {
            match read_once(&stream) {
                more if more.is_empty() => break,
                more => got.extend(more),
            }
        }
        assert_eq!(stream.code(), CRUX_OK, "{}", stream.message());
        assert!(got == body, "bytes were lost");
    }
}

/// What a parent waits for on one thread, a child neither brings to an end nor breaks off, and it starts its own.
#[test]
fn what_is_in_flight_stays_with_its_parent() {
    let turn = |body: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let name = "fork::what_is_in_flight_stays_with_its_parent";
    if !is_alone() {
        let warm = [Step::ReadRequest, Step::send(turn("warm")), Step::ReadRequest, Step::Gate("go")];
        let parents = [&warm[..], &[Step::send(turn("fine"))]].concat();
        let others = vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, Step::send(turn("own"))])];
        let server = FaultServer::scripts(None, vec![parents, others]);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // The child's, and then the parent's, which says that the child is gone.
                server.wait_until(|seen| seen.requests() == 4);
                server.open_gate("go");
            });
            assert!(!alone(name, &[("PLAIN", &server.url())]));
        });
        assert_eq!(server.connections(), 3, "nobody uses the connection of another");
        return;
    }
    let client = Client::ready(&given("PLAIN"), &[]);
    client.get("warm").expect(CRUX_OK);
    let call = client.call("GET", "x");
    let start = || Response(unsafe { crux_call_start(call.0) });
    let parents = start();
    Forked::start(|| {
        assert_eq!(start().finished().expect(CRUX_OK).body(), b"own", "a child has a thread of its own");
        unsafe {
            support::crux_cancel(parents.0.cast());
            support::crux_cancel(client.0.cast());
        }
    })
    .join();
    assert_eq!(client.get("alone").expect(CRUX_OK).body(), b"own");
    assert_eq!(parents.finished().expect(CRUX_OK).body(), b"fine");
}

/// A thread that waits for more of a stream holds it; the child, where that thread is not, gets an outcome.
#[test]
fn a_stream_that_is_being_read_is_none_of_the_childs() {
    const TEST: &str = "fork::a_stream_that_is_being_read_is_none_of_the_childs";
    let head = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    let server = FaultServer::start(vec![Step::ReadRequest, head, Step::Stall]);
    if !alone(TEST, &[("PLAIN", &server.url()), ("CA", "")]) {
        return;
    }
    let client = Client::ready(&given("PLAIN"), &[]);
    for started in [false, true] {
        let call = client.call("GET", "x");
        if started {
            assert_eq!(call.set("stream", "1"), CRUX_OK);
        }
        let stream = if started { call.start().finished() } else { call.stream() };
        let stream = stream.expect(CRUX_OK);
        let raw = stream.0.addr();
        let (thread, told) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut got = 0;
                while got < 3 {
                    got += read_once(&stream).len();
                }
                thread.send(unsafe { libc::gettid() }).unwrap();
                // There is no more: it waits in crux_read, or in crux_wait for a stream that was started.
                if started {
                    stream.wait(-1);
                }
                read_once(&stream).len()
            });
            let stat = format!("/proc/self/task/{}/stat", told.recv().unwrap());
            until("it sleeps", || std::fs::read_to_string(&stat).is_ok_and(|stat| stat.contains(") S ")));
            Forked::start(|| {
                let stream = Response(std::ptr::without_provenance_mut(raw));
                assert_eq!(stream.wait(-1), 1);
                assert_eq!(stream.read(&mut [0; 9]), -1);
                assert_eq!(stream.code(), support::CRUX_ERR_IO, "{}", stream.message());
                assert!(stream.message().contains("forked"), "{}", stream.message());
                stream.cancel();
                drop(stream);
                drop(Client(client.0));
            })
            .join();
            assert!(!reader.is_finished(), "the parent's own goes on");
            stream.cancel();
            assert_eq!(reader.join().unwrap(), 0);
        });
        assert_eq!(stream.code(), support::CRUX_ERR_CANCELLED, "{}", stream.message());
    }
}

#[test]
fn a_child_leaves_its_parents_connection_as_it_is() {
    const LENGTH: usize = 1 << 20;
    let long = Step::send(format!("HTTP/1.1 200 OK\r\nContent-Length: {LENGTH}\r\n\r\n"));
    let short = vec![Step::ReadRequest, Step::send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")];
    let server = FaultServer::start(vec![
        Step::ReadRequest,
        long,
        Step::Send(vec![b'x'; LENGTH]),
        Step::Repeat(FOREVER, short),
    ]);
    let url = server.url();
    if !alone("fork::a_child_leaves_its_parents_connection_as_it_is", &[("PLAIN", &url), ("CA", "")]) {
        return;
    }
    let client = Client::ready(&given("PLAIN"), &[]);
    let stream = client.call("GET", "x").stream().expect(CRUX_OK);
    let (mut reader, mut writer) = std::io::pipe().unwrap();
    let handle = stream.0;
    let child = Forked::start(move || {
        reader.read_exact(&mut [0]).unwrap();
        // It fails, and must not tell the socket to wait for much, which the parent would have to do then.
        let stream = Response(handle);
        while !read_once(&stream).is_empty() {}
    });
    let (all, end) = stream.read_all(256 * 1024);
    assert_eq!((all.len(), end), (LENGTH, 0), "{}", stream.message());
    writer.write_all(&[1]).unwrap();
    child.join();
    let quickest = (0..5).map(|_| {
        let begun = Instant::now();
        client.request("GET", "x", None).expect(CRUX_OK);
        begun.elapsed()
    });
    let quickest = quickest.min().unwrap();
    assert!(quickest < Duration::from_millis(90), "{quickest:?}");
}

/// A part of a stream; nothing at its end, whatever that is.
fn read_once(stream: &Response) -> Vec<u8> {
    let mut buffer = vec![0; 1000];
    let amount = unsafe { crux_read(stream.0, buffer.as_mut_ptr().cast(), buffer.len()) };
    buffer.truncate(usize::try_from(amount).unwrap_or(0));
    buffer
}

/// Forks at any moment, while other threads are anywhere inside the library.
#[test]
fn no_lock_is_left_held() {
    let tls = Tls::new(Cert::Good);
    let (plain, secure) = (EchoServer::start(None), EchoServer::start(Some(&tls)));
    let urls = (plain.url(), secure.url());
    let variables = [("PLAIN", urls.0.as_str()), ("SECURE", &urls.1), ("CA", &tls.ca_pem)];
    if !alone("fork::no_lock_is_left_held", &variables) {
        return;
    }
    // New connections all the time, so that every lock there is gets its share.
    let busy = [("tls.ca_pem", given("CA")), ("pool.max_idle", "1".into())];
    let busy: Vec<_> = busy.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let by_name = given("PLAIN").replace("127.0.0.1", "localhost");
    let clients = [&by_name, &given("SECURE")].map(|url| Client::ready(url, &busy));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (clients, done, busy, by_name) = (&clients, &done, &busy, &by_name);
            scope.spawn(move || {
                let mut round = 0;
                let early = early(by_name);
                while !done.load(Relaxed) {
                    let client = &clients[(thread + round) % 2];
                    match thread % 4 {
                        0 => ask(&Client::ready(by_name, busy), "thread", round),
                        1 => background(client, round),
                        2 => looped(&early, round),
                        _ => ask(client, "thread", round),
                    }
                    round += 1;
                }
            });
        }
        let early = early(&by_name);
        looped(&early, 0);
        let forked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for round in 0..100 {
                let started = Instant::now();
                let child = Forked::start(|| {
                    clients.iter().for_each(|client| ask(client, "child", round));
                    background(&clients[round % 2], round);
                    looped(&early, round);
                    ask(&Client::ready(&by_name, &busy), "child", round);
                    clients.iter().for_each(|client| unsafe {
                        support::crux_cancel(client.0.cast());
                        support::crux_free(client.0.cast());
                    });
                });
                let took = started.elapsed();
                assert!(took < Duration::from_secs(1), "the fork itself took {took:?}");
                child.join();
            }
        }));
        done.store(true, Relaxed);
        if let Err(why) = forked {
            std::panic::resume_unwind(why);
        }
    });
}

/// A call that is left to a thread of the library's.
#[track_caller]
fn background(client: &Client, round: usize) {
    let call: Call = client.call("GET", &format!("background/{round}"));
    let response = Response(unsafe { crux_call_start(call.0) });
    assert_eq!(unsafe { support::crux_wait(response.0.cast(), 20_000) }, 1);
    let body = response.expect(CRUX_OK).body();
    assert_eq!(String::from_utf8_lossy(&body), format!("GET /background/{round}  "));
}

/// A client whose responses an event loop reads.
fn early(url: &str) -> Client {
    Client::ready(url, &[("event.early", "1")])
}

/// A call that an event loop starts, and reads the response to.
#[track_caller]
fn looped(client: &Client, round: usize) {
    let event = unsafe { support::crux_event(client.0.cast()) };
    let response = client.call("GET", &format!("looped/{round}")).start();
    loop {
        assert!(support::becomes_readable(event, 20_000), "round {round}: {}", response.message());
        let finished = unsafe { support::crux_next_finished(client.0, 0) };
        if finished == response.0 {
            break;
        }
        assert!(finished.is_null(), "another handle in round {round}");
    }
    let body = response.expect(CRUX_OK).body();
    assert_eq!(String::from_utf8_lossy(&body), format!("GET /looped/{round}  "));
}

/// Each has what it waits with, and reads what it has started.
#[test]
fn a_loop_goes_on_in_both() {
    let server = EchoServer::start(None);
    let url = server.url();
    if !alone("fork::a_loop_goes_on_in_both", &[("URL", &url)]) {
        return;
    }
    let client = early(&given("URL"));
    for round in 0..20 {
        looped(&client, round);
        let pending = client.call("GET", &format!("pending/{round}")).start();
        let child = Forked::start(|| {
            looped(&client, round);
            looped(&client, round + 1);
            unsafe { support::crux_free(client.0.cast()) };
        });
        child.join();
        let event = unsafe { support::crux_event(client.0.cast()) };
        while unsafe { support::crux_next_finished(client.0, 0) } != pending.0 {
            assert!(support::becomes_readable(event, 20_000), "round {round}");
        }
        drop(pending.expect(CRUX_OK));
    }
}

/// A child holds the connections of its parent open, also one that the parent has given up.
#[test]
fn a_loop_is_not_woken_for_ever() {
    if !alone("fork::a_loop_is_not_woken_for_ever", &[]) {
        return;
    }
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let warm = Step::Repeat(5, vec![Step::ReadRequest, Step::send(ok)]);
    let server = FaultServer::start(vec![warm, Step::ReadRequest, Step::Gate("late"), Step::send(ok)]);
    let client = early(&server.url());
    let event = unsafe { support::crux_event(client.0.cast()) };
    let turn = || {
        assert!(support::becomes_readable(event, 20_000));
        unsafe { support::crux_next_finished(client.0, 0) }
    };
    for _ in 0..5 {
        let warm = client.call("GET", "warm").start();
        while turn() != warm.0 {}
    }
    let call = client.call("GET", "given/up");
    call.set("timeout.head_ms", "100");
    let (mut parent, mut child) = std::io::pipe().unwrap();
    let late = call.start();
    server.wait_until(|seen| seen.requests() == 6);
    let forked = Forked::start(|| {
        // Until the parent has done.
        drop(std::mem::replace(&mut child, std::io::pipe().unwrap().1));
        let _ = std::io::Read::read(&mut parent, &mut [0]);
    });
    while turn() != late.0 {}
    late.expect(support::CRUX_ERR_TIMEOUT);
    server.open_gate("late");
    let woken = (0..100).take_while(|_| support::becomes_readable(event, 200));
    let count = woken.map(|_| unsafe { support::crux_next_finished(client.0, 0) }).count();
    assert!(count <= 2, "{count} times");
    drop(child);
    forked.join();
}

/// The handlers are there before the first fork, whatever was called first.
#[test]
fn a_fork_before_the_first_request() {
    let plain = EchoServer::start(None);
    let url = plain.url();
    if alone("fork::a_fork_before_the_first_request", &[("PLAIN", &url), ("CA", "")]) {
        let client = Client::ready(&given("PLAIN"), &[]);
        let child = Forked::start(|| ask(&client, "child", 1));
        ask(&client, "parent", 1);
        child.join();
    }
}

/// The thread that would finish it is the parent's.
#[test]
fn a_background_call_of_the_parent_is_none_of_the_childs() {
    let silent = FaultServer::start(vec![Step::Stall]);
    let url = silent.url();
    if alone("fork::a_background_call_of_the_parent_is_none_of_the_childs", &[("PLAIN", &url)]) {
        let call = Client::ready(&given("PLAIN"), &[]).call("GET", "never/");
        let response = Response(unsafe { crux_call_start(call.0) });
        Forked::start(|| {
            assert_eq!(unsafe { support::crux_wait(response.0.cast(), -1) }, 1);
            assert_eq!(response.code(), support::CRUX_ERR_INTERNAL);
            assert!(response.message().contains("forked"), "{}", response.message());
        })
        .join();
        assert_eq!(unsafe { support::crux_wait(response.0.cast(), 0) }, 0, "the parent's call goes on");
        unsafe { support::crux_cancel(response.0.cast()) };
        assert_eq!(unsafe { support::crux_wait(response.0.cast(), 10_000) }, 1);
        assert_eq!(response.code(), support::CRUX_ERR_CANCELLED);
    }
}
