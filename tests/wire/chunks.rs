//! Chunked bodies on a connection that stays open: what is framed wrong is told at once, what is framed well passes
//! in whatever pieces it comes.

use std::time::{Duration, Instant};

use sandbox::fault::{FaultServer, Step};
use support::{CRUX_ERR_PROTOCOL, CRUX_OK, Client};

const HEAD: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

#[test]
fn lines_that_end_with_lf_alone_are_told_at_once() {
    for body in
        ["5\nhello\n0\n\n", "\n", "5\r\nhello\r\n0\n\n", "5\r\nhello\r\n0\r\nT: x\n\n", "5;a=b\nhello"]
    {
        let server =
            FaultServer::start(vec![Step::ReadHead, Step::send(format!("{HEAD}{body}")), Step::Stall]);
        let client = Client::ready(&server.url(), &[("timeout.idle_ms", "3000")]);
        let started = Instant::now();
        let response = client.get("x");
        assert_eq!(response.code(), CRUX_ERR_PROTOCOL, "{body:?}: {}", response.message());
        assert!(started.elapsed() < Duration::from_secs(2), "{body:?}: {:?}", started.elapsed());
        assert!(response.message().contains("framed"), "{body:?}: {}", response.message());
    }
}

#[test]
fn what_is_no_chunk_is_told_at_once() {
    for body in
        ["zz\r\n", "zz", "7\r{", "5\r\nhelloX", "-5\r\n", "\r\n", "5\rhello\r0\r\r", "fffffffffffffffff\r\n"]
    {
        let server =
            FaultServer::start(vec![Step::ReadHead, Step::send(format!("{HEAD}{body}")), Step::Stall]);
        let client = Client::ready(&server.url(), &[("timeout.idle_ms", "9000")]);
        let started = Instant::now();
        let response = client.get("x");
        assert_eq!(response.code(), CRUX_ERR_PROTOCOL, "{body:?}: {}", response.message());
        assert!(started.elapsed() < Duration::from_secs(5), "{body:?}: {:?}", started.elapsed());
    }
}

/// RFC 9112, 7.1.1: a recipient ignores extensions that it does not know.
#[test]
fn extensions_of_any_usual_length_are_passed_over() {
    for extension in
        [";".to_owned() + &"e".repeat(64), "; a=\"b;c\"".to_owned(), format!(";x={}", "y".repeat(16_000))]
    {
        let zeros = "0".repeat(30);
        let body = format!("{zeros}5{extension}\r\nhello\r\n0{extension}\r\nT: x\r\n\r\n");
        for piece in [7, 4096, 100_000] {
            let bytes = [HEAD, &body].concat().into_bytes();
            let slowly = Step::SendSlowly { bytes, piece, every: Duration::from_micros(10) };
            let server = FaultServer::start(vec![Step::ReadHead, slowly, Step::Stall]);
            let response = Client::ready(&server.url(), &[]).get("x").expect(CRUX_OK);
            assert_eq!((response.body(), response.number("verified")), (b"hello".to_vec(), 1), "{piece}");
        }
    }
}

#[test]
fn long_chunks_come_whole_and_the_connection_serves_again() {
    let data: Vec<u8> = (0..1_000_000u32).map(|n| (n % 251) as u8).collect();
    let mut body = HEAD.as_bytes().to_vec();
    for chunk in [&data[..300_000], &data[300_000..300_001], &data[300_001..]] {
        body.extend(format!("{:x}\r\n", chunk.len()).bytes().chain(chunk.iter().copied()).chain(*b"\r\n"));
    }
    body.extend(*b"0\r\n\r\n");
    let one = [Step::ReadHead, Step::Send(body)];
    let server = FaultServer::start([one.clone(), one].concat());
    let client = Client::ready(&server.url(), &[("retry.max", "0")]);
    for _ in 0..2 {
        assert!(client.get("x").expect(CRUX_OK).body() == data);
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn lf_in_the_data_is_data_in_whatever_pieces_it_comes() {
    let body = "7;a=b\r\n\nhe\nllo\r\n1\r\n\n\r\n2\r\n\r\n\r\n0\r\nT: x\r\n\r\n";
    for piece in [1, 2, 3, 5, 7] {
        let bytes = [HEAD, body].concat().into_bytes();
        let slowly = Step::SendSlowly { bytes, piece, every: Duration::from_millis(2) };
        let server = FaultServer::start(vec![Step::ReadHead, slowly, Step::Stall]);
        let response = Client::ready(&server.url(), &[]).get("x").expect(CRUX_OK);
        assert_eq!(response.body(), b"\nhe\nllo\n\r\n", "in pieces of {piece}");
    }
}
