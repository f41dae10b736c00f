//! Uploads: a response that comes early is the response, `Expect` is never sent, and nothing is sent twice that may
//! have arrived.

use std::time::Duration;

use sandbox::fault::{Cert, FOREVER, FaultServer, Refusing, Step, Tls};
use support::{
    CRUX_ERR_AUTH, CRUX_ERR_CONNECT, CRUX_ERR_FILE, CRUX_ERR_HTTP, CRUX_ERR_IO, CRUX_OK, Client, TempFile,
};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const LARGE: usize = 32 << 20;

fn refusal(status: &str) -> String {
    let body = r#"{"message": "not like this"}"#;
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn an_early_response_is_the_response() {
    let tls = Tls::new(Cert::Good);
    let body = "x".repeat(LARGE);
    let statuses = [
        ("401 Unauthorized", CRUX_ERR_AUTH),
        ("413 Content Too Large", CRUX_ERR_HTTP),
        ("429 Too Many Requests", CRUX_ERR_HTTP),
    ];
    // The server hangs up, with what it has not read still on the way; says that it is done, and reads on; stays; breaks off.
    let ends = [vec![Step::Close], vec![Step::Fin], vec![Step::Stall], vec![Step::Reset], vec![Step::Freeze]];
    for secure in [None, Some(&tls)] {
        for (status, code) in statuses {
            for end in &ends {
                let early = [Step::ReadHead, Step::ReadBody(64 * 1024), Step::send(refusal(status))];
                let server = FaultServer::scripts(secure, vec![[&early[..], end].concat()]);
                let client = Client::ready(&server.url(), &[("tls.ca_pem", &tls.ca_pem)]);
                let response = client.request("POST", "x", Some(&body));
                let what = format!("{status}, {end:?}, TLS {}", secure.is_some());
                assert_eq!(response.code(), code, "{what}: {}", response.message());
                assert_eq!(response.json("/message").as_deref(), Some("not like this"), "{what}");
                assert!(response.message().contains("not like this"), "{what}: {}", response.message());
                assert_eq!(response.number("maybe_sent"), 1, "{what}");
                assert!(response.number("sent") < LARGE as i64, "{what}: it all went");
                assert_eq!(response.number("send_total"), LARGE as i64);
                assert!(!server.conn(0).heads[0].to_ascii_lowercase().contains("\r\nexpect:"));
            }
        }
    }
}

/// A connection on which a body was broken off cannot be told where the next request starts.
#[test]
fn after_an_early_response_a_new_connection_is_taken() {
    let early = vec![
        Step::ReadHead,
        Step::ReadBody(64 * 1024),
        Step::send(refusal("413 Content Too Large")),
        Step::Stall,
    ];
    let server = FaultServer::scripts(None, vec![early, vec![Step::ReadRequest, Step::send(OK)]]);
    let client = Client::ready(&server.url(), &[]);
    client.request("POST", "x", Some(&"x".repeat(LARGE))).expect(CRUX_ERR_HTTP);
    server.wait_until(|seen| seen.open() == 0);
    client.request("POST", "x", Some("{}")).expect(CRUX_OK);
    assert_eq!(server.connections(), 2);
}

/// An informational response while the body is on its way changes nothing.
#[test]
fn a_promise_of_a_response_is_none() {
    let server = FaultServer::start(vec![
        Step::ReadHead,
        Step::send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"),
        Step::ReadBody(LARGE as u64),
        Step::send(OK),
    ]);
    let response =
        Client::ready(&server.url(), &[]).request("PUT", "x", Some(&"x".repeat(LARGE))).expect(CRUX_OK);
    assert_eq!(response.body(), b"ok");
    assert_eq!((response.number("sent"), response.number("send_total")), (LARGE as i64, LARGE as i64));
    assert_eq!(server.record().body_len(), LARGE as u64);
}

#[test]
fn a_server_that_only_hangs_up() {
    for end in [Step::Close, Step::Reset] {
        let server = FaultServer::start(vec![Step::ReadHead, Step::ReadBody(64 * 1024), end]);
        let client = Client::ready(&server.url(), &[("retry.max", "3")]);
        let response = client.request("POST", "x", Some(&"x".repeat(LARGE))).expect(CRUX_ERR_IO);
        let facts = ["maybe_sent", "attempts", "retryable"].map(|fact| response.number(fact));
        assert_eq!(facts, [1, 1, 0], "{}", response.message());
        assert_eq!(server.connections(), 1);
    }
}

/// Serves one request, reads the next one and hangs up without a word; later connections are served.
fn stale(end: Step) -> FaultServer {
    let first = vec![Step::ReadRequest, Step::send(OK), Step::ReadRequest, end];
    FaultServer::scripts(
        None,
        vec![first, vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, Step::send(OK)])]],
    )
}

#[test]
fn a_write_on_a_connection_that_went_stale_is_not_repeated() {
    for end in [Step::Close, Step::Reset] {
        for method in ["POST", "PATCH"] {
            let server = stale(end.clone());
            let client = Client::ready(&server.url(), &[("retry.max", "3")]);
            client.get("warm").expect(CRUX_OK);
            let response = client.request(method, "x", Some("{}")).expect(CRUX_ERR_IO);
            let facts = ["maybe_sent", "attempts", "retryable"].map(|fact| response.number(fact));
            assert_eq!(facts, [1, 1, 0], "{}", response.message());
            assert_eq!((server.requests(), server.connections()), (2, 1));
        }
    }
}

#[test]
fn what_can_be_repeated_takes_a_new_connection() {
    for end in [Step::Close, Step::Reset] {
        for (method, idempotent) in
            [("GET", "0"), ("PUT", "0"), ("DELETE", "0"), ("HEAD", "0"), ("POST", "1")]
        {
            let server = stale(end.clone());
            // Not a repeat in the sense of this option: the server never had a chance.
            let client = Client::ready(&server.url(), &[("retry.max", "0")]);
            client.get("warm").expect(CRUX_OK);
            let call = client.call(method, "x");
            assert_eq!(call.set("idempotent", idempotent), CRUX_OK);
            if method == "PUT" || method == "POST" {
                assert_eq!(call.body(b"{}", None), CRUX_OK);
            }
            let response = call.send();
            // The reply has a body that HEAD must not have; that is the server's fault, not ours.
            assert_eq!(response.code(), CRUX_OK, "{method}: {}", response.message());
            assert_eq!(response.number("attempts"), 2);
            assert_eq!((server.requests(), server.connections()), (3, 2));
        }
    }
}

/// A stale connection is taken once: the second failure is one.
#[test]
fn a_server_that_never_answers_is_not_asked_for_ever() {
    let server = FaultServer::scripts(
        None,
        vec![
            vec![Step::ReadRequest, Step::send(OK), Step::ReadRequest, Step::Close],
            vec![Step::ReadRequest, Step::Close],
        ],
    );
    let client = Client::ready(&server.url(), &[]);
    client.get("warm").expect(CRUX_OK);
    let response = client.get("x").expect(CRUX_ERR_IO);
    assert_eq!((response.number("attempts"), response.number("retryable")), (2, 1));
}

/// Part of a response came, so the request was worked on.
#[test]
fn a_connection_that_breaks_inside_the_response_is_not_stale() {
    for cut in ["H", "HTTP/1.1 200 OK\r\nContent-Le"] {
        let turn = vec![Step::ReadRequest, Step::send(OK), Step::ReadRequest, Step::send(cut), Step::Close];
        let server = FaultServer::start(turn);
        let client = Client::ready(&server.url(), &[]);
        client.get("warm").expect(CRUX_OK);
        let response = client.get("x").expect(CRUX_ERR_IO);
        assert_eq!((response.number("attempts"), server.connections()), (1, 1), "{}", response.message());
    }
}

/// A connection that was closed while it was idle is noticed before anything is said on it.
#[test]
fn a_closed_connection_is_not_used() {
    for end in [Step::Close, Step::Reset] {
        let first = vec![Step::ReadRequest, Step::send(OK), Step::Gate("end"), end];
        let rest = vec![Step::ReadRequest, Step::send(OK)];
        let server = FaultServer::scripts(None, vec![first, rest]);
        let client = Client::ready(&server.url(), &[]);
        client.request("POST", "x", Some("{}")).expect(CRUX_OK);
        server.open_gate("end");
        server.wait_until(|seen| seen.conns[0].closed);
        let response = client.request("POST", "x", Some("{}")).expect(CRUX_OK);
        assert_eq!((response.number("attempts"), server.requests(), server.connections()), (1, 2, 2));
    }
}

#[test]
fn what_never_left_says_so() {
    let nobody = Refusing::start();
    let client = Client::ready(&nobody.url_as("http"), &[]);
    let response = client.request("POST", "x", Some("{}")).expect(CRUX_ERR_CONNECT);
    assert_eq!((response.number("maybe_sent"), response.number("retryable")), (0, 1));
    assert!(response.message().contains("nothing listens there"), "{}", response.message());
}

/// Sending is bounded by progress, not by its length.
#[test]
fn a_slow_reader_is_waited_for() {
    let pieces = (0..8).flat_map(|_| {
        let rest = Step::SendSlowly {
            bytes: b"HTTP/1.1 102 P\r\n\r\n".to_vec(),
            piece: 100,
            every: Duration::from_millis(100),
        };
        [Step::ReadBody(4 << 20), rest]
    });
    let mut script = vec![Step::ReadHead];
    script.extend(pieces);
    script.push(Step::send(OK));
    let server = FaultServer::start(script);
    let client = Client::ready(&server.url(), &[("timeout.idle_ms", "600")]);
    let response = client.request("PUT", "x", Some(&"x".repeat(32 << 20))).expect(CRUX_OK);
    assert!(response.number("elapsed_ms") >= 700);
}

/// A file that changes its size while it is sent is no whole file, and nobody waits for what does not come.
#[test]
fn a_file_that_shrinks_or_grows() {
    for size in [1 << 20, LARGE as u64 + 1] {
        let file = TempFile::new(&"x".repeat(LARGE));
        let server = FaultServer::start(vec![
            Step::ReadHead,
            Step::ReadBody(64 * 1024),
            Step::Gate("go"),
            Step::ReadBody((LARGE - 64 * 1024) as u64),
            Step::send(OK),
        ]);
        let client = Client::ready(&server.url(), &[]);
        let call = client.call("PUT", "x");
        assert_eq!(call.file(file.path().as_ref(), None), CRUX_OK);
        std::thread::scope(|scope| {
            let sending = scope.spawn(|| call.send().expect(CRUX_ERR_FILE).message());
            server.wait_until(|seen| seen.body_len() >= 64 * 1024);
            std::fs::OpenOptions::new().write(true).open(file.path()).unwrap().set_len(size).unwrap();
            server.open_gate("go");
            let message = sending.join().unwrap();
            assert!(message.contains("changed its size"), "{message}");
        });
        server.wait_until(|seen| seen.open() == 0);
        assert!(server.record().body_len() < LARGE as u64, "the whole of a file that is none");
    }
}
