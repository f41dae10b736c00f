//! What is sent again, how often, after how long, and what never is.

use std::time::{Duration, SystemTime};

use sandbox::fault::{FOREVER, FaultServer, Refusing, Step};
use support::{CRUX_ERR_CONNECT, CRUX_ERR_HTTP, CRUX_ERR_TIMEOUT, CRUX_OK, Client, Response};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn status(code: u16, more: &str) -> Step {
    Step::send(format!("HTTP/1.1 {code} Oops\r\n{more}Content-Length: 0\r\n\r\n"))
}

/// Answers every request with this.
fn always(reply: Step) -> FaultServer {
    FaultServer::start(vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, reply])])
}

/// Answers the first request with this and all others with 200.
fn once(reply: Step) -> FaultServer {
    let rest = Step::Repeat(FOREVER, vec![Step::ReadRequest, Step::send(OK)]);
    FaultServer::start(vec![Step::ReadRequest, reply, rest])
}

/// Repeats twice, without waiting for long.
fn quick(server: &FaultServer) -> Client {
    Client::ready(&server.url(), &[("retry.max", "2"), ("retry.max_wait_ms", "5")])
}

fn send(client: &Client, method: &str, idempotent: bool) -> Response {
    let call = client.call(method, "x");
    if ["PUT", "POST", "PATCH"].contains(&method) {
        assert_eq!(call.body(b"{}", None), CRUX_OK);
    }
    assert_eq!(call.set("idempotent", if idempotent { "1" } else { "0" }), CRUX_OK);
    call.send()
}

#[test]
fn statuses_and_methods() {
    let safe = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"];
    let unsafe_ones = ["POST", "PATCH", "MERGE"];
    for code in [429, 502, 503, 504, 500, 501, 404, 409] {
        let passing = [429, 502, 503, 504].contains(&code);
        let server = always(status(code, ""));
        let client = quick(&server);
        let mut before = 0;
        for (method, idempotent) in safe
            .map(|method| (method, false))
            .into_iter()
            .chain(unsafe_ones.map(|method| (method, false)))
            .chain(unsafe_ones.map(|method| (method, true)))
        {
            let response = send(&client, method, idempotent).expect(CRUX_ERR_HTTP);
            let what = format!("{method} {code} idempotent={idempotent}");
            let repeats = passing && (safe.contains(&method) || idempotent);
            let expected = if repeats { 3 } else { 1 };
            assert_eq!(server.requests() - before, expected, "{what}");
            assert_eq!(response.number("attempts"), expected as i64, "{what}");
            assert_eq!(response.number("retryable"), i64::from(passing), "{what}");
            assert_eq!(response.number("retry_after_ms"), -1, "{what}");
            assert_eq!(response.status(), i32::from(code), "{what}");
            before = server.requests();
        }
        assert_eq!(server.connections(), 1, "a repeat needs no new connection");
    }
}

/// A server that gave up an idle connection has not seen the request; on a new one it means what it says.
#[test]
fn a_408_on_a_connection_that_served_before() {
    for (method, attempts) in [("GET", 2), ("PUT", 2), ("POST", 1)] {
        let gone =
            Step::send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let first = vec![Step::ReadRequest, Step::send(OK), Step::ReadRequest, gone.clone(), Step::Fin];
        let server = FaultServer::scripts(None, vec![first, vec![Step::ReadRequest, Step::send(OK)]]);
        let client = quick(&server);
        client.get("warm").expect(CRUX_OK);
        let response = send(&client, method, false);
        assert_eq!(response.number("attempts"), attempts, "{method}");
        assert_eq!(response.code() == CRUX_OK, attempts == 2, "{method}");
        let server = always(gone);
        assert_eq!(send(&quick(&server), method, false).number("attempts"), 1, "{method}, the first time");
    }
}

/// Lost before the head: whether it arrived is unknown, and where a call may be repeated that does not matter.
#[test]
fn a_connection_lost_before_the_head() {
    for ends in [Step::Fin, Step::Reset, Step::Close] {
        for (method, attempts) in [("GET", 2), ("DELETE", 2), ("POST", 1), ("PATCH", 1)] {
            let scripts =
                vec![vec![Step::ReadRequest, ends.clone()], vec![Step::ReadRequest, Step::send(OK)]];
            let server = FaultServer::scripts(None, scripts);
            let response = send(&quick(&server), method, false);
            assert_eq!(response.number("attempts"), attempts, "{method}: {}", response.message());
            assert_eq!(response.code() == CRUX_OK, attempts == 2, "{method}");
        }
    }
    // Within retry.max, and not once a head has come.
    let server = always(Step::Close);
    assert_eq!(send(&quick(&server), "GET", false).number("attempts"), 3);
    let part = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    let server = FaultServer::start(vec![Step::ReadRequest, part, Step::Fin]);
    assert_eq!(send(&quick(&server), "GET", false).number("attempts"), 1);
}

/// A session whose other end has forgotten it: what comes is no TLS any more.
#[test]
fn tls_that_fails_on_a_connection_that_served_before() {
    let tls = sandbox::fault::Tls::new(sandbox::fault::Cert::Good);
    for broken in [Step::DropTls, Step::Reset] {
        let first = vec![
            Step::ReadRequest,
            Step::send(OK),
            Step::ReadRequest,
            broken,
            Step::send("no TLS"),
            Step::Fin,
        ];
        let server = FaultServer::scripts(Some(&tls), vec![first, vec![Step::ReadRequest, Step::send(OK)]]);
        let more = [("tls.ca_pem", tls.ca_pem.as_str()), ("retry.max", "2"), ("retry.max_wait_ms", "5")];
        let client = Client::ready(&server.url(), &more);
        client.get("warm").expect(CRUX_OK);
        client.get("x").expect(CRUX_OK);
        assert_eq!(server.connections(), 2);
    }
}

/// A server's clock may be wrong; what it says of a moment is measured by it.
#[test]
fn a_date_to_retry_after_is_read_by_the_servers_clock() {
    for ahead in [-3600, 3600] {
        let now = std::time::SystemTime::now();
        let wrong = match ahead < 0 {
            true => now - Duration::from_secs(3600),
            false => now + Duration::from_secs(3600),
        };
        let date = |at| httpdate::fmt_http_date(at);
        let later = wrong + Duration::from_secs(7);
        let head = format!("Date: {}\r\nRetry-After: {}\r\n", date(wrong), date(later));
        let server = always(status(503, &head));
        let client = Client::ready(&server.url(), &[("retry.max", "0")]);
        assert_eq!(client.get("x").number("retry_after_ms"), 7000, "{ahead}");
    }
}

#[test]
fn a_passing_error_passes() {
    for code in [429, 502, 503, 504] {
        let server = once(status(code, "Retry-After: 0\r\n"));
        let response = quick(&server).get("x").expect(CRUX_OK);
        assert_eq!((response.body(), response.number("attempts")), (b"ok".to_vec(), 2));
        assert_eq!(response.number("retry_after_ms"), -1, "that was another answer");
    }
}

/// The error document of an attempt that is repeated does not spoil the connection, whatever its form.
#[test]
fn a_long_error_document_is_no_obstacle() {
    for size in [1000, 60_000, 1_000_000] {
        let head = format!("HTTP/1.1 503 Oops\r\nContent-Length: {size}\r\n\r\n");
        let first = vec![Step::ReadRequest, Step::send(head), Step::send("x".repeat(size))];
        let again = vec![Step::ReadRequest, Step::send(OK)];
        let one = [first.clone(), again.clone()].concat();
        let server = FaultServer::scripts(None, vec![one, again]);
        let response = quick(&server).get("x").expect(CRUX_OK);
        assert_eq!(response.number("attempts"), 2, "{size}");
    }
}

#[test]
fn the_same_again() {
    let server = once(status(503, ""));
    let call = quick(&server).call("PUT", "a/b%2Fc?d=e");
    assert_eq!(call.query("q", "two words & more"), CRUX_OK);
    assert_eq!(call.header("X-Own", "value"), CRUX_OK);
    assert_eq!(call.body(br#"{"a": [1, 2]}"#, None), CRUX_OK);
    call.send().expect(CRUX_OK);
    let bytes = server.conn(0).bytes;
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let first = String::from_utf8_lossy(first);
    assert_eq!(first, String::from_utf8_lossy(second));
    assert!(first.starts_with("PUT /a/b%2Fc?d=e&q=two%20words%20%26%20more HTTP/1.1\r\n"), "{first}");
    assert!(first.contains("x-own: value\r\n") && first.ends_with(r#"{"a": [1, 2]}"#), "{first}");
}

/// A GET that has an effect is one that is sent once.
#[test]
fn calls_that_spend_something() {
    let server = always(status(503, "Retry-After: 0\r\n"));
    let client = quick(&server);
    let paths = [
        "public/logout/",
        "otp/login/?key=1",
        "otp/generate/",
        "users/accept-invite/abc/",
        "users/complete-password/abc/",
    ];
    for (index, path) in paths.iter().enumerate() {
        let response = client.get(path).expect(CRUX_ERR_HTTP);
        assert_eq!((response.number("attempts"), server.requests()), (1, index + 1), "{path}");
    }
}

#[test]
fn nor_is_such_a_call_repeated_on_a_stale_connection() {
    let first = vec![Step::ReadRequest, Step::send(OK), Step::ReadRequest, Step::Close];
    let server = FaultServer::scripts(None, vec![first, vec![Step::ReadRequest, Step::send(OK)]]);
    let client = quick(&server);
    client.get("warm").expect(CRUX_OK);
    let response = client.get("users/complete-password/abc/").expect(support::CRUX_ERR_IO);
    assert_eq!((response.number("attempts"), response.number("retryable")), (1, 0));
    assert_eq!(server.connections(), 1);
}

#[test]
fn what_the_server_asks_for() {
    let date = |seconds: i64| {
        let now = SystemTime::now();
        let by = Duration::from_secs(seconds.unsigned_abs());
        httpdate::fmt_http_date(if seconds < 0 { now - by } else { now + by })
    };
    let cases = [
        ("0", 0..=0),
        ("7", 7000..=7000),
        ("1000000000", 1_000_000_000_000..=1_000_000_000_000),
        ("999999999999999999999999", 1_000_000_000_000..=i64::MAX),
        (&date(-3600), 0..=0),
        (&date(3600), 3_500_000..=3_600_000),
        ("-5", -1..=-1),
        ("120junk", -1..=-1),
        ("1.5", -1..=-1),
        ("", -1..=-1),
        ("soon", -1..=-1),
    ];
    for (text, expected) in cases {
        let server = always(status(503, &format!("Retry-After: {text}\r\n")));
        let response = quick(&server).get("x").expect(CRUX_ERR_HTTP);
        assert!(
            expected.contains(&response.number("retry_after_ms")),
            "{text:?}: {}",
            response.number("retry_after_ms")
        );
        assert_eq!(response.number("attempts"), 3, "{text:?}");
        assert!(response.number("elapsed_ms") < 5000, "{text:?}: the longest wait is 5 ms");
    }
}

#[test]
fn a_wait_that_was_asked_for_is_kept() {
    let server = once(status(429, "Retry-After: 1\r\n"));
    let response = Client::ready(&server.url(), &[("retry.max", "1")]).get("x").expect(CRUX_OK);
    assert!(response.number("elapsed_ms") >= 1000);
}

/// Rather than wait for a time that the call does not have, it returns what there is.
#[test]
fn no_wait_reaches_past_the_end_of_the_call() {
    let server = always(status(503, "Retry-After: 100\r\n"));
    let client = Client::ready(&server.url(), &[("retry.max", "3"), ("timeout.total_ms", "20000")]);
    let response = client.get("x").expect(CRUX_ERR_HTTP);
    assert_eq!((response.number("attempts"), response.status()), (1, 503));
    assert!(response.number("elapsed_ms") < 5000);

    let nobody = Refusing::start();
    let more = [("retry.max", "20"), ("timeout.total_ms", "500")];
    let response = Client::ready(&nobody.url_as("http"), &more).get("x").expect(CRUX_ERR_CONNECT);
    assert!(response.number("elapsed_ms") < 5000);

    let endless = always(status(503, ""));
    let response = Client::ready(&endless.url(), &more).get("x");
    assert!([CRUX_ERR_HTTP, CRUX_ERR_TIMEOUT].contains(&response.code()), "{}", response.message());
    assert!(response.number("elapsed_ms") < 5000);
}

#[test]
fn a_refused_connection_is_tried_again() {
    let nobody = Refusing::start();
    let more = [("retry.max", "2"), ("retry.max_wait_ms", "5")];
    let client = Client::ready(&nobody.url_as("http"), &more);
    for method in ["GET", "POST", "PATCH"] {
        let response = send(&client, method, false).expect(CRUX_ERR_CONNECT);
        let facts = ["attempts", "maybe_sent", "retryable"].map(|fact| response.number(fact));
        assert_eq!(facts, [3, 0, 1], "{method}");
    }
    let response = Client::ready(&nobody.url_as("http"), &[]).get("x").expect(CRUX_ERR_CONNECT);
    assert_eq!(response.number("attempts"), 1, "retry.max=0");
}

/// The options of one call are its own.
#[test]
fn a_call_may_ask_for_more_or_less() {
    let server = always(status(503, "Retry-After: 0\r\n"));
    let client = quick(&server);
    for (most, attempts) in [("0", 1), ("1", 2), ("5", 6)] {
        let call = client.call("GET", "x");
        assert_eq!(call.set("retry.max", most), CRUX_OK);
        assert_eq!(call.send().number("attempts"), attempts);
    }
}
