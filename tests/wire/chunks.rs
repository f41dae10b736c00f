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

/// What README says of the size line of a chunk; ureq sets it.
const LONGEST_LINE: usize = 20;

#[test]
fn a_size_line_is_read_up_to_its_limit() {
    for (length, code) in [(LONGEST_LINE, CRUX_OK), (LONGEST_LINE + 1, CRUX_ERR_PROTOCOL)] {
        let body = format!("{:0length$}\r\nhello\r\n0\r\n\r\n", 5);
        let server =
            FaultServer::start(vec![Step::ReadHead, Step::send(format!("{HEAD}{body}")), Step::Stall]);
        let response = Client::ready(&server.url(), &[]).get("x").expect(code);
        assert!(code != CRUX_OK || response.body() == b"hello", "{length}");
    }
}
