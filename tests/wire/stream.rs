//! `crux_call_stream` and `crux_read`: constant memory, honest ends.

use std::io::Write;
use std::time::Duration;

use sandbox::fault::{FOREVER, FaultServer, Gone, Step};
use sandbox::{Canned, Sandbox};
use support::*;

fn anonymous(base: &str) -> Client {
    Client::with(&[("service", "custom"), ("base_url", base), ("proxy", "direct"), ("retry.max", "0")])
}

fn stream(client: &Client, path: &str) -> Response {
    client.call("GET", path).stream()
}

/// What the sandbox's files consist of.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_large_body_in_constant_memory() {
    if !alone("stream::a_large_body_in_constant_memory", &[]) {
        return;
    }
    const SIZE: u64 = 512 << 20;
    let block = vec![b'x'; 1 << 20];
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n");
    let server = FaultServer::start(vec![
        Step::ReadRequest,
        Step::send(head),
        Step::Repeat((SIZE >> 20) as usize, vec![Step::Send(block)]),
    ]);
    let client = anonymous(&server.url());
    let body = stream(&client, "x").expect(CRUX_OK);
    let mut buffer = [0; 4096];
    let (mut total, mut before) = (0, 0);
    loop {
        match body.read(&mut buffer) {
            amount if amount > 0 => total += amount as u64,
            end => break assert_eq!(end, 0, "{}", body.message()),
        }
        if before == 0 && total > 4 << 20 {
            before = memory("VmRSS");
        }
    }
    assert_eq!(total, SIZE);
    let grown = memory("VmRSS").saturating_sub(before);
    assert!(grown < 8 << 20, "{grown} bytes more");
    assert_eq!(body.number("received"), SIZE as i64);
    assert_eq!(body.number("receive_total"), SIZE as i64);
}

#[test]
fn every_framing_to_its_end() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    let want = pattern(100_000);
    for (path, total) in [("bytes/100000", 100_000), ("chunks/100000", -1)] {
        let body = stream(&client, path).expect(CRUX_OK);
        assert_eq!((body.status(), body.number("receive_total")), (200, total));
        assert_eq!(body.body(), b"", "the body is not held as well");
        for piece in [1, 1000, 70_000] {
            let body = stream(&client, path).expect(CRUX_OK);
            let (all, end) = body.read_all(piece);
            assert_eq!((all == want, end), (true, 0), "{path} in pieces of {piece}");
            assert_eq!(body.number("verified"), 1);
            assert_eq!(body.number("received"), 100_000);
        }
    }
    let until_close = FaultServer::start(vec![
        Step::ReadRequest,
        Step::send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end"),
    ]);
    let body = stream(&anonymous(&until_close.url()), "x").expect(CRUX_OK);
    assert_eq!(body.read_all(4), (b"to the end".to_vec(), 0));
    assert_eq!(body.number("verified"), 0);
}

#[test]
fn a_cut_body_is_an_error() {
    for (head, sent, end) in [
        ("Content-Length: 10", "12345", Step::Fin),
        ("Content-Length: 10", "12345", Step::Reset),
        ("Transfer-Encoding: chunked", "5\r\n12345\r\n", Step::Fin),
        ("Transfer-Encoding: chunked", "a\r\n12345", Step::Fin),
        ("Connection: close", "12345", Step::Reset),
    ] {
        // The end waits until what came before has been read: a reset would overtake it.
        let server = FaultServer::start(vec![
            Step::ReadRequest,
            Step::send(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{sent}")),
            Step::Gate("end"),
            end.clone(),
        ]);
        let body = stream(&anonymous(&server.url()), "x").expect(CRUX_OK);
        let mut buffer = [0; 5];
        assert_eq!(body.read(&mut buffer), 5, "{head} {end:?}: {}", body.message());
        assert_eq!(&buffer, b"12345");
        server.open_gate("end");
        assert_eq!(body.read(&mut buffer), -1, "{head} {end:?}");
        assert_eq!(body.code(), CRUX_ERR_IO, "{head} {end:?}: {}", body.message());
        let how_much =
            if head.contains("10") { "5 of 10 bytes came." } else { "5 bytes came, of a length that" };
        assert!(body.message().contains(how_much), "{head} {end:?}: {}", body.message());
        assert_eq!(body.read(&mut buffer), -1, "and it stays one");
        assert_eq!(body.status(), 200);
    }
}

#[test]
fn gzip_is_decoded_as_it_comes() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    let want = pattern(300_000);
    let small = gzip(&want);
    let coded = Canned::status(200).header("content-encoding", "gzip");
    sandbox.respond("GET", "/whole", coded.clone().body(small.clone()));
    sandbox.respond("GET", "/cut", coded.clone().body(&small[..small.len() / 2]));
    sandbox.respond("GET", "/wrong", coded.body("this is no gzip"));
    let body = stream(&client, "whole").expect(CRUX_OK);
    assert_eq!(body.read_all(777), (want, 0));
    // Progress is told in the bytes on the wire, which is what the total counts.
    assert_eq!(body.number("receive_total"), small.len() as i64);
    assert_eq!(body.number("received"), small.len() as i64);
    for path in ["cut", "wrong"] {
        let body = stream(&client, path).expect(CRUX_OK);
        assert_eq!(body.read_all(777).1, -1);
        assert_eq!(body.code(), CRUX_ERR_PROTOCOL, "{path}: {}", body.message());
    }
}

#[test]
fn a_coded_stream_is_there_as_soon_as_its_head() {
    let small = gzip(b"decoded");
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", small.len());
    let server = FaultServer::start(vec![
        Step::ReadRequest,
        Step::send(head),
        Step::Gate("body"),
        Step::Send(small),
        Step::Stall,
    ]);
    let body = stream(&anonymous(&server.url()), "x").expect(CRUX_OK);
    server.open_gate("body");
    assert_eq!(body.read_all(3), (b"decoded".to_vec(), 0));
}

#[test]
fn an_error_status_is_an_outcome_with_its_document() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    sandbox.respond("GET", "/no", Canned::json(404, &serde_json::json!({"detail": "not here"})));
    let body = stream(&client, "no").expect(CRUX_ERR_HTTP);
    assert_eq!((body.status(), body.json("/detail").as_deref()), (404, Some("not here")));
    assert_eq!(body.read(&mut [0; 10]), -1, "an error's document is no body of the file");
}

#[test]
fn reads_that_bring_nothing() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    let body = stream(&client, "bytes/10").expect(CRUX_OK);
    assert_eq!(body.read(&mut []), 0);
    assert_eq!(unsafe { crux_read(body.0, std::ptr::null_mut(), 10) }, -1);
    assert_eq!(body.read_all(4), (pattern(10), 0), "neither of them was the end");
    for _ in 0..3 {
        assert_eq!(body.read(&mut [0; 4]), 0, "after the end there is only the end");
    }
    assert_eq!(body.code(), CRUX_OK);
    assert_eq!(unsafe { crux_read(std::ptr::null_mut(), [0; 4].as_mut_ptr().cast(), 4) }, -1);
    for empty in ["bytes/0", "status/204"] {
        assert_eq!(stream(&client, empty).expect(CRUX_OK).read_all(4), (Vec::new(), 0));
    }
}

#[test]
fn a_body_in_memory_can_be_read_too() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    let whole = client.get("bytes/1000").expect(CRUX_OK);
    assert_eq!(whole.read_all(300), (pattern(1000), 0));
    assert_eq!(whole.read(&mut [0; 4]), 0);
    assert_eq!(whole.body(), pattern(1000), "it is still all there");
    let started = client.call("GET", "bytes/1000").start().finished().expect(CRUX_OK);
    assert_eq!(started.read_all(300), (pattern(1000), 0));
}

#[test]
fn an_abandoned_stream_harms_nobody() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    for round in 0..20 {
        let body = stream(&client, "bytes/5000000").expect(CRUX_OK);
        if round % 2 == 0 {
            assert!(body.read(&mut [0; 1000]) > 0);
        }
        drop(body);
        let echo = client.get(&format!("echo/{round}")).expect(CRUX_OK);
        assert_eq!(echo.json("/path"), Some(format!("/echo/{round}")));
    }
    let server = FaultServer::start(vec![
        Step::ReadRequest,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123"),
        Step::Stall,
    ]);
    drop(stream(&anonymous(&server.url()), "x").expect(CRUX_OK));
    server.wait_until(|seen| seen.conns[0].gone != Gone::No);
}

#[test]
fn a_stream_read_to_its_end_gives_its_connection_back() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    for path in ["bytes/1000", "chunks/1000"] {
        for _ in 0..5 {
            let body = stream(&client, path).expect(CRUX_OK);
            assert_eq!(body.read_all(4096).1, 0);
        }
    }
    assert_eq!(sandbox.connections(), 1);
}

#[test]
fn only_a_time_limit_set_by_hand_bounds_a_stream() {
    let slow = Step::SendSlowly { bytes: vec![b'x'; 40], piece: 1, every: Duration::from_millis(20) };
    let head = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n");
    let server = FaultServer::start(vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, head, slow])]);
    let client = anonymous(&server.url());
    let call = client.call("GET", "x");
    assert_eq!(call.set("timeout.total_ms", "300"), CRUX_OK);
    let body = call.stream().expect(CRUX_OK);
    assert_eq!(body.read_all(1).1, -1);
    assert_eq!(body.code(), CRUX_ERR_TIMEOUT, "{}", body.message());
    assert!(body.message().contains("timeout.total_ms"), "{}", body.message());
    // The client's own limit, not set by hand for the client, bounds buffered calls only.
    assert_eq!(stream(&client, "x").expect(CRUX_OK).read_all(1).1, 0);

    let pairs = [("service", "custom"), ("base_url", &server.url()), ("timeout.total_ms", "300")];
    let strict = Client::with(&pairs);
    assert_eq!(stream(&strict, "x").expect(CRUX_OK).read_all(1).1, -1);
}

#[test]
fn a_stream_outlives_its_call_and_its_client() {
    let sandbox = Sandbox::start();
    let client = anonymous(&sandbox.http());
    let body = stream(&client, "bytes/1000000").expect(CRUX_OK);
    drop(client);
    assert_eq!(body.read_all(10_000), (pattern(1_000_000), 0));
}
