//! Long bodies: those that are sent from where they are arrive whole, however they fall into pieces, and so do
//! those below the size from which that is done; those that are received cost few wake-ups and no byte.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use sandbox::Sandbox;
use sandbox::fault::{Cert, FOREVER, FaultServer, Step, Tls};
use support::{CRUX_ERR_IO, CRUX_ERR_TIMEOUT, CRUX_OK, Client, Response};

const K: usize = 1024;
const MIB: usize = K * K;

fn client(server: &FaultServer, tls: &Tls, more: &[(&str, &str)]) -> Client {
    let url = server.url();
    let usual = [("service", "custom"), ("base_url", url.as_str()), ("proxy", "direct"), ("retry.max", "0")];
    Client::with(&[&usual[..], &[("tls.ca_pem", tls.ca_pem.as_str())], more].concat())
}

/// Text in which no two pieces are alike.
fn text(length: usize) -> String {
    let mut text: String = (0..length / 8 + 1).map(|number| format!("{number:08x}")).collect();
    text.truncate(length);
    text
}

#[test]
fn a_long_body_arrives_whole() {
    let sandbox = Sandbox::start();
    for origin in [sandbox.http(), sandbox.https()] {
        let me = Client::ready(&origin, &[("tls.ca_file", sandbox.ca_file().to_str().unwrap())]);
        for length in [128 * K - 1, 128 * K, 128 * K + 1, 256 * K, 700 * K + 3] {
            let body = text(length);
            let call = me.call("PUT", "echo/");
            assert_eq!(call.body(body.as_bytes(), Some("text/plain")), CRUX_OK);
            // Twice: the second travels on a connection that has sent one before.
            for _ in 0..2 {
                let response = call.send().expect(CRUX_OK);
                assert_eq!(response.json_int("/body_length"), length as i64);
                let echoed = response.json("/body").unwrap();
                assert!(echoed == body, "{length} at {origin}");
                assert_eq!(response.number("sent"), length as i64);
            }
            let short = me.request("POST", "echo/", Some("{}")).expect(CRUX_OK);
            assert_eq!(short.json("/body").as_deref(), Some("{}"));
        }
    }
}

/// A response that says it is so long, and brings so much of it.
fn response(says: usize, brings: usize) -> Step {
    let mut bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: {says}\r\n\r\n").into_bytes();
    bytes.extend(text(brings).as_bytes());
    Step::Send(bytes)
}

#[test]
fn after_a_long_response_its_connection_serves_at_once() {
    let short = Step::Repeat(5, vec![Step::ReadRequest, response(5, 5)]);
    let one = vec![Step::ReadRequest, response(MIB, MIB), short];
    let tls = Tls::new(Cert::Good);
    for server in [
        FaultServer::start(vec![Step::Repeat(FOREVER, one.clone())]),
        FaultServer::start_tls(&tls, vec![Step::Repeat(FOREVER, one)]),
    ] {
        let me = client(&server, &tls, &[]);
        for turn in 0..3 {
            let long = me.request("GET", "long", None).expect(CRUX_OK);
            assert!(long.body() == text(MIB).as_bytes(), "turn {turn}");
            // A socket that went on waiting for a long response would give up after a while, each time.
            let quickest = (0..5).map(|_| {
                let begun = Instant::now();
                assert_eq!(me.request("GET", "short", None).expect(CRUX_OK).body(), b"00000");
                begun.elapsed()
            });
            let quickest = quickest.min().unwrap();
            assert!(quickest < Duration::from_millis(90), "{quickest:?}");
        }
        assert_eq!((server.connections(), server.requests()), (1, 18));
    }
}

#[test]
fn of_a_long_response_every_byte_counts() {
    let tls = Tls::new(Cert::Good);
    for end in [Step::Fin, Step::DropTls, Step::Reset] {
        for server in [
            FaultServer::start(vec![Step::ReadRequest, response(MIB, MIB - 1), end.clone()]),
            FaultServer::start_tls(&tls, vec![Step::ReadRequest, response(MIB, MIB / 3), end.clone()]),
        ] {
            let cut = client(&server, &tls, &[]).request("GET", "x", None);
            assert_eq!(cut.code(), CRUX_ERR_IO, "{end:?}: {}", cut.message());
        }
    }
    // What follows it is not taken for the next response.
    let surplus = vec![Step::ReadRequest, response(MIB, MIB + 10), Step::Stall];
    let server = FaultServer::start(surplus);
    let me = client(&server, &tls, &[]);
    for _ in 0..2 {
        assert!(me.request("GET", "x", None).expect(CRUX_OK).body() == text(MIB).as_bytes());
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_slow_server_is_heard_and_not_taken_for_a_silent_one() {
    const FIRST: usize = 100 * K;
    let every = Duration::from_millis(100);
    let slowly = Step::SendSlowly { bytes: vec![b'x'; 400 * K], piece: 100, every };
    let server = FaultServer::start(vec![Step::ReadRequest, response(MIB, FIRST), slowly]);
    let me = client(&server, &Tls::new(Cert::Good), &[("timeout.idle_ms", "300")]);
    let body = me.call("GET", "x").stream().expect(CRUX_OK);
    let (mut buffer, mut came, mut pieces) = (vec![0; 256 * K], 0, 0);
    let begun = Instant::now();
    while came < FIRST + 1000 {
        let amount = body.read(&mut buffer);
        assert!(amount > 0, "after {came} bytes: {}", body.message());
        came += amount as usize;
        pieces += 1;
    }
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert!(pieces > 5, "what trickles in is passed on before long, not in {pieces} pieces");
}

#[test]
fn a_long_response_that_stalls_keeps_its_limit() {
    let server = FaultServer::start(vec![Step::ReadRequest, response(MIB, 60 * K), Step::Stall]);
    let tls = Tls::new(Cert::Good);
    for idle in [1500, 500] {
        let me = client(&server, &tls, &[("timeout.idle_ms", &idle.to_string())]);
        let begun = Instant::now();
        assert_eq!(me.request("GET", "x", None).code(), CRUX_ERR_TIMEOUT);
        let (took, idle) = (begun.elapsed(), Duration::from_millis(idle));
        assert!(took >= idle && took < idle + Duration::from_millis(400), "{took:?} for {idle:?}");
    }
}

#[test]
fn a_stream_freed_with_its_thread_is_closed() {
    struct Last(RefCell<Option<Response>>);
    impl Drop for Last {
        fn drop(&mut self) {
            assert!(self.0.take().is_some());
        }
    }
    thread_local! {
        static LAST: Last = const { Last(RefCell::new(None)) };
    }
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    let first = vec![Step::ReadRequest, response(5, 5), Step::ReadRequest, Step::send(chunked), Step::Stall];
    let server = FaultServer::start(first);
    let me = client(&server, &Tls::new(Cert::Good), &[]);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Made before the library's own, and so dropped after them.
            LAST.with(|_| ());
            me.request("GET", "x", None).expect(CRUX_OK);
            let stream = me.call("GET", "x").stream().expect(CRUX_OK);
            LAST.with(|last| *last.0.borrow_mut() = Some(stream));
        });
    });
    server.wait_until(|record| record.open() == 0);
}
