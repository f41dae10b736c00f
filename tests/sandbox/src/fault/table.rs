//! Replies good and bad, byte for byte, each with the outcome it must have. Every one is a whole response to one request.
//! A case whose reply does not end the connection leaves it open, so that a client which waits for more times out.

use super::cases::Then::{DropTls, Fin, Reset, Stay};
use super::cases::code::{AUTH, HTTP, IO, PROTOCOL, TOO_LARGE};
use super::cases::*;
use super::script::Step;
use flate2::{Compress, Compression, Crc, FlushCompress, write::GzEncoder};
use std::io::Write;
use std::time::Duration;

pub fn wire_cases() -> Vec<WireCase> {
    let groups = [
        lengths(),
        chunks(),
        cut_chunks(),
        ends(),
        starts(),
        statuses(),
        headers(),
        floods(),
        bodiless(),
        gzip(),
        slow(),
    ];
    groups.into_iter().flatten().collect()
}

#[rustfmt::skip]
fn lengths() -> Vec<WireCase> {
    let last = "Content-Length: 5\r\nConnection: close";
    let both = "Transfer-Encoding: chunked\r\nContent-Length: 5";
    let two = [
        reply("Content-Length: 5", "hello"),
        reply("Content-Length: 6", "second"),
    ];
    let mut cases = vec![
        case("length right", reply("Content-Length: 5", "hello"), Stay, HELLO).reused(),
        case("length zero", reply("Content-Length: 0", ""), Stay, ok("")).reused(),
        case("length with blanks", reply("Content-Length: \t 5 \t", "hello"), Stay, HELLO),
        case("length with leading zeros", reply("Content-Length: 005", "hello"), Stay, HELLO),
        case("length and Connection: close", reply(last, "hello"), Stay, HELLO).not_reused(),
        case("length, body cut by FIN", reply("Content-Length: 9", "hello"), Fin, BROKEN),
        case("length, body cut by RST", reply("Content-Length: 9", "hello"), Reset, BROKEN),
        case("length, no body at all", reply("Content-Length: 9", ""), Fin, BROKEN),
        case("bytes after the body", reply("Content-Length: 5", "hello world"), Stay, HELLO).not_reused(),
        case("two replies at once", two.concat(), Stay, HELLO).not_reused(),
        case("length twice, equal", reply("Content-Length: 5\r\nContent-Length: 5", "hello"), Stay, HELLO),
        case("length as a list of equals", reply("Content-Length: 5, 5", "hello"), Stay, TOLERATED),
        case("length twice, different", reply("Content-Length: 5\r\nContent-Length: 6", "hello!"), Stay, REFUSED),
        case("length and chunked", reply(both, "5\r\nhello\r\n0\r\n\r\n"), Stay, REFUSED),
        case("length zero and chunked", reply("Content-Length: 0\r\nTransfer-Encoding: chunked", ""), Stay, REFUSED).not_reused(),
        case("length over the cap", reply("Content-Length: 67108865", ""), Stay, TOO_BIG),
        case("length of 8 EiB", reply("Content-Length: 9223372036854775808", ""), Stay, TOO_BIG),
        case("length of 16 EiB", reply("Content-Length: 18446744073709551616", ""), Stay, LIMITED),
    ];
    for bad in ["-5", "+5", "5x", "0x5", "5.0", "5 5", "5, 6", ",", "", "five", "\u{665}"] {
        let bytes = reply(&format!("Content-Length: {bad}"), "hello");
        cases.push(case(format!("length {bad:?}"), bytes, Stay, REFUSED));
    }
    cases
}

#[rustfmt::skip]
fn chunks() -> Vec<WireCase> {
    let twice = "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked";
    let good = "5\r\nhello\r\n0\r\n\r\n";
    let trailers = format!("5\r\nhello\r\n0\r\n{}\r\n", "X-Sum: 1\r\n".repeat(200));
    let mut cases = vec![
        case("one chunk", chunked(good), Stay, HELLO).reused(),
        case("five chunks", chunked("1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n"), Stay, HELLO).reused(),
        case("no chunk", chunked("0\r\n\r\n"), Stay, ok("")).reused(),
        case("chunk size in hexadecimal", chunked("A\r\nhellohello\r\n0\r\n\r\n"), Stay, ok("hellohello")),
        case("chunk size with leading zeros", chunked("0005\r\nhello\r\n000\r\n\r\n"), Stay, HELLO),
        case("chunk extensions", chunked("5;a=b;c=\"d\"\r\nhello\r\n0;end\r\n\r\n"), Stay, HELLO),
        case("chunk size and a blank", chunked("5 \r\nhello\r\n0\r\n\r\n"), Stay, TOLERATED),
        case("folded trailer with a control byte", chunked("5\r\nhello\r\n0\r\nX-Sum: 1\r\n \x012\r\n\r\n"), Stay, HELLO).reused(),
        case("200 trailers", chunked(trailers), Stay, HELLO).reused(),
        case("trailers", chunked("5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n"), Stay, HELLO).reused(),
        case("Chunked in capitals", reply("Transfer-Encoding: Chunked", good), Stay, HELLO),
        case("bytes after the last chunk", chunked("5\r\nhello\r\n0\r\n\r\nmore"), Stay, HELLO).not_reused(),
        case("chunk of 8 EiB", chunked("7fffffffffffffff\r\nhello"), Fin, Expect::OneOf(&[IO, TOO_LARGE, PROTOCOL])),
        case("chunk size past 64 bits", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"), Stay, LIMITED),
        case("chunk longer than its size", chunked("5\r\nhelloXX0\r\n\r\n"), Stay, REFUSED),
        case("chunked twice", reply(twice, good), Stay, REFUSED),
    ];
    // Rust's own number parser takes the sign, and with it the HTTP parser that uses it. There is one way to read it.
    cases.push(case("chunk size \"+5\"", chunked("+5\r\nhello\r\n0\r\n\r\n"), Stay, TOLERATED));
    for bad in ["zz", "-5", "0x5", "", "5 5", "g"] {
        let bytes = chunked(format!("{bad}\r\nhello\r\n0\r\n\r\n"));
        cases.push(case(format!("chunk size {bad:?}"), bytes, Stay, REFUSED));
    }
    for coding in ["identity", "gzip, chunked", "chunked, gzip", "xchunked", "chunked, chunked", ""] {
        let bytes = reply(&format!("Transfer-Encoding: {coding}"), good);
        cases.push(case(format!("transfer encoding {coding:?}"), bytes, Fin, REFUSED));
    }
    cases
}

/// Chunked bodies cut at every place where something is still to come.
#[rustfmt::skip]
fn cut_chunks() -> Vec<WireCase> {
    let whole = "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n";
    let cut = |at: usize| {
        let name = format!("chunked, cut after {:?}", &whole[..at]);
        case(name, chunked(&whole[..at]), Fin, BROKEN)
    };
    let mut cases: Vec<WireCase> = (0..whole.len()).map(cut).collect();
    cases.extend([
        case("chunked, RST inside a chunk", chunked("5\r\nhel"), Reset, BROKEN),
        case("chunked, RST before the last line end", chunked("5\r\nhello\r\n0\r\n"), Reset, BROKEN),
        case("chunked, close_notify before the last line end", chunked("5\r\nhello\r\n0\r\n"), Fin, BROKEN).over_tls(),
        case("chunked, dropped inside a chunk", chunked("5\r\nhel"), DropTls, BROKEN).over_tls(),
        case("chunked, dropped when complete", chunked("5\r\nhello\r\n0\r\n\r\n"), DropTls, HELLO).over_tls(),
    ]);
    cases
}

/// Bodies without a length, and the ways in which a connection ends.
#[rustfmt::skip]
fn ends() -> Vec<WireCase> {
    let old = b"HTTP/1.0 200 OK\r\n\r\nhello";
    vec![
        case("no length, FIN", reply("", "hello"), Fin, HELLO_UNVERIFIED),
        case("no length, no body, FIN", reply("", ""), Fin, Expect::Ok { body: "", verified: false }),
        case("no length, RST", reply("", "hello"), Reset, BROKEN),
        case("no length, HTTP/1.0, FIN", old, Fin, HELLO_UNVERIFIED),
        case("no length, close_notify", reply("", "hello"), Fin, HELLO_UNVERIFIED).over_tls(),
        case("no length, no close_notify", reply("", "hello"), DropTls, BROKEN).over_tls(),
        case("no length, RST", reply("", "hello"), Reset, BROKEN).over_tls(),
        case("no length, endless", reply("", ""), endless(b"0123456789abcdef"), TOO_BIG),
        case("length right", reply("Content-Length: 5", "hello"), Stay, HELLO).over_tls().reused(),
        case("length right, no close_notify", reply("Content-Length: 5", "hello"), DropTls, HELLO).over_tls(),
        case("length, cut by close_notify", reply("Content-Length: 9", "hello"), Fin, BROKEN).over_tls(),
        case("length, cut without close_notify", reply("Content-Length: 9", "hello"), DropTls, BROKEN).over_tls(),
        case("nothing, FIN", "", Fin, BROKEN),
        case("nothing, RST", "", Reset, BROKEN),
        case("nothing, close_notify", "", Fin, BROKEN).over_tls(),
        case("nothing, no close_notify", "", DropTls, BROKEN).over_tls(),
        case("status line cut", "HTTP/1.1 20", Fin, BROKEN),
        case("head cut after the status line", "HTTP/1.1 200 OK\r\n", Fin, BROKEN),
        case("head cut inside a header", "HTTP/1.1 200 OK\r\nContent-Le", Fin, BROKEN),
        case("head cut before the blank line", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", Fin, BROKEN),
        case("head cut, RST", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", Reset, BROKEN),
    ]
}

/// What comes where the status line should be.
#[rustfmt::skip]
fn starts() -> Vec<WireCase> {
    let good = reply("Content-Length: 5", "hello");
    let after = |junk: &[u8]| [junk, &good].concat();
    vec![
        case("junk line first", after(b"garbage\r\n"), Stay, REFUSED),
        case("junk bytes first", after(b"\x00\xff\xfe"), Stay, REFUSED),
        case("byte order mark first", after("\u{feff}".as_bytes()), Stay, REFUSED),
        case("blank first", after(b" "), Stay, REFUSED),
        case("empty line first", after(b"\r\n"), Stay, TOLERATED),
        case("bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", Stay, HELLO),
        case("HTTP/0.9", "<html><body>hello</body></html>\r\n", Fin, REFUSED),
        case("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Stay, REFUSED),
        case("HTTP/2 settings frame", b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64", Stay, REFUSED),
        case("SSH banner", "SSH-2.0-OpenSSH_9.6\r\n", Stay, REFUSED),
        case("mail banner", "220 mail.example ESMTP\r\n", Stay, REFUSED),
        case("TLS alert", b"\x15\x03\x01\x00\x02\x02\x46", Stay, REFUSED),
    ]
}

#[rustfmt::skip]
fn statuses() -> Vec<WireCase> {
    let upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n";
    let missing = "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nhello";
    let informed = &b"HTTP/1.1 100 Continue\r\nX-Node: 1\r\n\r\n"[..];
    let mut cases = vec![
        case("no reason phrase", with_status(b"HTTP/1.1 200 "), Stay, HELLO),
        case("no reason phrase, no blank", with_status(b"HTTP/1.1 200"), Stay, HELLO),
        case("tab in the reason phrase", with_status(b"HTTP/1.1 200 Tr\tbien"), Stay, HELLO),
        case("control byte in the reason phrase", with_status(b"HTTP/1.1 200 O\x01K"), Stay, HELLO),
        case("HTTP/1.2", with_status(b"HTTP/1.2 200 OK"), Stay, HELLO).reused(),
        case("100 with headers, then the reply", [informed, &reply("Content-Length: 5", "hello")].concat(), Stay, HELLO).reused(),
        case("latin-1 reason phrase", with_status(b"HTTP/1.1 200 Tr\xe8s bien"), Stay, HELLO),
        case("NUL in the reason phrase", with_status(b"HTTP/1.1 200 O\0K"), Stay, REFUSED),
        case("status 206 unasked", with_status(b"HTTP/1.1 206 Partial Content"), Stay, HELLO),
        case("status 101 unasked", upgrade, Stay, REFUSED),
        case("status 302 without Location", with_status(b"HTTP/1.1 302 Found"), Stay, Expect::Code(HTTP)),
        case("status 401", with_status(b"HTTP/1.1 401 Unauthorized"), Stay, Expect::Code(AUTH)),
        case("status 404", with_status(b"HTTP/1.1 404 Not Found"), Stay, Expect::Code(HTTP)).reused(),
        case("status 500", with_status(b"HTTP/1.1 500 Oops"), Stay, Expect::Code(HTTP)),
        case("status 404, body cut", missing, Fin, Expect::OneOf(&[HTTP, IO])),
        // RFC 9110, 15: a status outside 100 to 599 counts as a 5xx, if it can be held at all.
        case("status 999", with_status(b"HTTP/1.1 999 Odd"), Stay, Expect::OneOf(&[HTTP, PROTOCOL])),
    ];
    let bad: [&[u8]; 13] = [
        b"HTTP/1.1 000 Zero",
        b"HTTP/1.1 099 Low",
        b"HTTP/1.1 20 Short",
        b"HTTP/1.1 2000 Long",
        b"HTTP/1.1 2x0 Odd",
        b"HTTP/1.1 -20 Odd",
        b"HTTP/1.1  200 Two blanks",
        b"HTTP/1.1\t200 Tab",
        b"http/1.1 200 Small",
        b"HTTP/2 200 OK",
        b"HTTP/2.0 200 OK",
        b"ICY 200 OK",
        b"200 OK",
    ];
    for line in bad {
        let name = format!("status line {:?}", String::from_utf8_lossy(line));
        cases.push(case(name, with_status(line), Stay, REFUSED));
    }
    cases
}

#[rustfmt::skip]
fn headers() -> Vec<WireCase> {
    let many = "X-Many: 1\r\n".repeat(100);
    let long = format!("X-Long: {}", "x".repeat(8 * 1024));
    let two_hundred = "X-Many: 1\r\n".repeat(200);
    vec![
        case("latin-1 in a header", with_line(b"X-Name: Andr\xe9"), Stay, HELLO).reused(),
        case("UTF-8 in a header", with_line("X-Name: André".as_bytes()), Stay, HELLO),
        case("tab in a header", with_line(b"X-Tab: a\tb"), Stay, HELLO),
        case("empty header", with_line(b"X-Empty:"), Stay, HELLO),
        case("header of 8 KiB", with_line(long.as_bytes()), Stay, HELLO),
        case("100 headers", with_line(many.trim_end().as_bytes()), Stay, HELLO),
        case("200 headers", with_line(two_hundred.trim_end().as_bytes()), Stay, HELLO).reused(),
        case("folded header", with_line(b"X-Fold: a\r\n b"), Stay, HELLO).reused(),
        case("header folded twice, with tabs", with_line(b"X-Fold: a \t\r\n\t b\r\n c"), Stay, HELLO),
        case("header folded from its first line on", with_line(b"X-Fold:\r\n b"), Stay, HELLO),
        case("length folded", reply("Content-Length:\r\n 5", "hello"), Stay, TOLERATED),
        case("length that a fold takes apart", reply("Content-Length: 5\r\n 0", "hello"), Stay, REFUSED),
        case("length in a fold", reply("X-Fold: a\r\n Content-Length: 2\r\nContent-Length: 5", "hello"), Stay, HELLO).reused(),
        case("chunked, folded", reply("Transfer-Encoding: gzip,\r\n chunked", "5\r\nhello\r\n0\r\n\r\n"), Fin, REFUSED),
        case("control byte in a header", with_line(b"X-Ctl: a\x01b\x1f\x7f"), Stay, HELLO).reused(),
        case("control byte in a header's name", with_line(b"X-\x01: a"), Stay, REFUSED),
        case("control byte in a length", reply("Content-Length: 5\x01", "hello"), Stay, REFUSED),
        case("control byte in a transfer encoding", reply("Transfer-Encoding: chunked\x0b", "5\r\nhello\r\n0\r\n\r\n"), Stay, REFUSED),
        case("control byte in a second length", reply("Content-Length: 5\r\nContent-Length: 5\x7f", "hello"), Stay, REFUSED),
        case("fold before the first header", "HTTP/1.1 200 OK\r\n X: a\r\nContent-Length: 5\r\n\r\nhello", Stay, REFUSED),
        case("NUL in a header", with_line(b"X-Nul: a\0b"), Stay, REFUSED),
        case("NUL in a header's name", with_line(b"X-\0ul: a"), Stay, REFUSED),
        case("carriage return in a header", with_line(b"X-Cr: a\rb"), Stay, REFUSED),
        case("blank before the colon", with_line(b"X-Blank : a"), Stay, REFUSED),
        case("blank before the colon of a length", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello", Fin, REFUSED),
        case("blank in a header's name", with_line(b"X Blank: a"), Stay, REFUSED),
        case("header without a name", with_line(b": a"), Stay, REFUSED),
        case("header without a colon", with_line(b"X-None"), Stay, REFUSED),
    ]
}

/// More than anyone can want. Endless ones must end by a limit, not by a timeout, and without growing.
#[rustfmt::skip]
fn floods() -> Vec<WireCase> {
    let many = "X-Many: 1\r\n".repeat(300);
    let big = format!("X-Big: {}", "x".repeat(250 * 1024));
    let short = "x:1\r\n".repeat(25_000);
    let long = format!("X-Long: {}", "x".repeat(1024 * 1024));
    let informed = [
        &b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"[..],
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
        &reply("Content-Length: 5", "hello"),
    ];
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    vec![
        case("300 headers", with_line(many.trim_end().as_bytes()), Stay, HELLO).reused(),
        case("head of 250 KiB", with_line(big.as_bytes()), Stay, HELLO),
        case("25,000 headers", with_line(short.trim_end().as_bytes()), Stay, HELLO),
        case("header of 1 MiB", with_line(long.as_bytes()), Stay, TOO_BIG),
        case("endless header", "HTTP/1.1 200 OK\r\nX: ", endless(b"x"), TOO_BIG),
        case("endless headers", "HTTP/1.1 200 OK\r\n", endless(b"X-Many: 1\r\n"), TOO_BIG),
        case("endless reason phrase", "HTTP/1.1 200 ", endless(b"x"), LIMITED),
        case("endless empty lines", "", endless(b"\r\n"), LIMITED),
        case("three 1xx, then the reply", informed.concat(), Stay, HELLO).reused(),
        case("endless 1xx", "", endless(b"HTTP/1.1 100 Continue\r\n\r\n"), LIMITED),
        case("endless 1xx with headers", "", endless(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), LIMITED),
        case("endless chunks", chunked(""), endless(chunk), TOO_BIG),
        case("endless chunk size", chunked(""), endless(b"0"), LIMITED),
        case("endless chunk extension", chunked("5;"), endless(b"x"), LIMITED),
        case("endless trailers", chunked("5\r\nhello\r\n0\r\n"), endless(b"X-Many: 1\r\n"), LIMITED),
        case("endless trailer", chunked("5\r\nhello\r\n0\r\nX: "), endless(b"x"), LIMITED),
    ]
}

/// Replies that have no body, whatever their headers say.
#[rustfmt::skip]
fn bodiless() -> Vec<WireCase> {
    let none = "HTTP/1.1 204 No Content\r\n\r\n";
    let same = "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n";
    let same_length = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n";
    vec![
        case("204", none, Stay, ok("")).reused(),
        case("204 and bytes", format!("{none}hello"), Stay, ok("")).not_reused(),
        case("304", same, Stay, ok("")).reused(),
        case("304 with a length", same_length, Stay, ok("")).reused(),
        case("304 and bytes", format!("{same_length}hello"), Stay, ok("")).not_reused(),
        case("HEAD, length", reply("Content-Length: 5", ""), Stay, ok("")).by_head().reused(),
        case("HEAD, chunked", chunked(""), Stay, ok("")).by_head().reused(),
        case("HEAD, gzip", reply("Content-Length: 5\r\nContent-Encoding: gzip", ""), Stay, ok("")).by_head(),
        case("HEAD, length over the cap", reply("Content-Length: 67108865", ""), Stay, ok("")).by_head(),
        case("HEAD and bytes", reply("Content-Length: 5", "hello"), Stay, ok("")).by_head().not_reused(),
    ]
}

/// Framed by length, so that only the gzip in it is at fault.
#[rustfmt::skip]
fn gzip() -> Vec<WireCase> {
    let good = zip(b"hello");
    let size = good.len();
    let whole = |name: &str, body: &[u8], expect| {
        let headers = format!("Content-Encoding: gzip\r\nContent-Length: {}", body.len());
        case(name, reply(&headers, body), Stay, expect)
    };
    let mut wrong_sum = good.clone();
    wrong_sum[size - 8] ^= 1;
    let mut wrong_size = good.clone();
    wrong_size[size - 1] ^= 1;
    let mut wrong_data = good.clone();
    wrong_data[11] ^= 0xff;
    let two_members = [zip(b"hel"), zip(b"lo")].concat();
    let short = format!("Content-Encoding: gzip\r\nContent-Length: {size}");
    vec![
        whole("gzip", &good, HELLO).reused(),
        whole("gzip of nothing", &zip(b""), ok("")),
        whole("gzip, no bytes", b"", ok("")),
        whole("gzip of two members", &two_members, HELLO),
        whole("gzip and more bytes", &[&good[..], b"more"].concat(), REFUSED),
        whole("gzip cut in its header", &good[..6], REFUSED),
        whole("gzip cut in its data", &good[..size - 10], REFUSED),
        whole("gzip cut in its checksum", &good[..size - 3], REFUSED),
        whole("gzip with a wrong checksum", &wrong_sum, REFUSED),
        whole("gzip with a wrong size", &wrong_size, REFUSED),
        whole("gzip with wrong data", &wrong_data, REFUSED),
        whole("gzip that is plain", b"hello, this is no gzip at all", REFUSED),
        whole("gzip bomb", &bomb(), TOO_BIG),
        case("gzip, the connection cut", reply(&short, &good[..size - 3]), Fin, BROKEN),
        case("gzip, no length", reply("Content-Encoding: gzip", &good), Fin, HELLO_UNVERIFIED),
        case("x-gzip", reply(&short.replace("gzip", "X-GZip"), &good), Stay, HELLO),
        case("encoding identity", reply("Content-Encoding: identity\r\nContent-Length: 5", "hello"), Stay, HELLO),
        case("encoding unknown", reply("Content-Encoding: br\r\nContent-Length: 5", "hello"), Stay, REFUSED),
        case("encoding deflate", reply("Content-Encoding: deflate\r\nContent-Length: 5", "hello"), Stay, REFUSED),
        case("encoding zstd, chunked", reply("Content-Encoding: zstd\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"), Stay, REFUSED),
        case("encoding zstd, no bytes", reply("Content-Encoding: zstd\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), Stay, ok("")),
        case("encoding twice", reply("Content-Encoding: gzip, gzip\r\nContent-Length: 5", "hello"), Stay, REFUSED),
        case("encoding gzip, identity", reply(&short.replace("gzip", "gzip, identity"), &good), Stay, HELLO),
        case("encoding identity, gzip", reply(&short.replace("gzip", "identity,x-gzip"), &good), Stay, HELLO),
        case("encoding UTF-8", reply("Content-Encoding: UTF-8\r\nContent-Length: 5", "hello"), Stay, HELLO),
        case("encoding none", reply("Content-Encoding: none\r\nContent-Length: 5", "hello"), Stay, HELLO),
        case("encoding binary", reply("Content-Encoding: binary\r\nContent-Length: 5", "hello"), Stay, HELLO),
        case("encoding aws-chunked", reply("Content-Encoding: aws-chunked\r\nContent-Length: 5", "hello"), Stay, HELLO),
        case("gzip, no bytes, chunked", reply("Content-Encoding: gzip\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), Stay, ok("")),
        case("gzip, no bytes, cut chunks", reply("Content-Encoding: gzip\r\nTransfer-Encoding: chunked", "0\r\n"), Fin, BROKEN),
        case("gzip, no bytes, no length", reply("Content-Encoding: gzip", ""), Fin, Expect::Ok { body: "", verified: false }),
        case("gzip, no bytes, reset", reply("Content-Encoding: gzip", ""), Reset, BROKEN),
    ]
}

/// Silence and drops of bytes, against the clock.
#[rustfmt::skip]
fn slow() -> Vec<WireCase> {
    let tick = Duration::from_millis(100);
    let drip = |bytes: Vec<u8>| Step::SendSlowly { bytes, piece: 1, every: tick };
    let dripping = |name: &str, bytes: Vec<u8>, expect| {
        let mut case = case(name, "", Stay, expect);
        case.reply = vec![drip(bytes)];
        case
    };
    let whole = reply("Content-Length: 5", "");
    let mut dripped_body = case("dripping body", &whole, Stay, HELLO);
    dripped_body.reply.push(drip(b"hello".to_vec()));
    let hundred = b"HTTP/1.1 100 Continue\r\n\r\n";
    vec![
        case("silence", "", Stay, TOO_LATE),
        case("silence after the handshake", "", Stay, TOO_LATE).over_tls(),
        case("silence inside the head", "HTTP/1.1 200 OK\r\nContent-Le", Stay, TOO_LATE),
        case("silence after a 1xx", hundred, Stay, TOO_LATE),
        case("silence before the body", &whole, Stay, TOO_LATE),
        case("silence inside the body", reply("Content-Length: 5", "hel"), Stay, TOO_LATE),
        case("silence inside a chunk", chunked("5\r\nhel"), Stay, TOO_LATE),
        case("silence after the last chunk", chunked("5\r\nhello\r\n"), Stay, TOO_LATE),
        case("silence before the last line end", chunked("5\r\nhello\r\n0\r\n"), Stay, TOO_LATE),
        case("silence instead of FIN", reply("", "hello"), Stay, TOO_LATE),
        // A timeout of each read, rather than of the whole head, never sees this one.
        dripping("dripping head", with_line(&[b"X: ", &[b'x'; 600][..]].concat()), TOO_LATE),
        dripping("dripping 1xx", hundred.repeat(40), TOO_LATE),
        dripped_body,
    ]
}

fn zip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).expect("to write to memory");
    encoder.finish().expect("to write to memory")
}

/// 200 MiB of zeros in 200 kB, as one gzip member. One MiB is compressed, up to a point where the stream can be cut, and
/// repeated: to compress them all takes a debug build many seconds.
fn bomb() -> Vec<u8> {
    static PIECE: [u8; 1 << 20] = [0; 1 << 20];
    const TIMES: u32 = 200;
    let mut piece = Vec::with_capacity(64 * 1024);
    Compress::new(Compression::best(), false)
        .compress_vec(&PIECE, &mut piece, FlushCompress::Full)
        .expect("room for it");
    let mut of_piece = Crc::new();
    of_piece.update(&PIECE);
    let mut sum = Crc::new();
    (0..TIMES).for_each(|_| sum.combine(&of_piece));

    let mut bomb = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    bomb.extend(piece.repeat(TIMES as usize));
    bomb.extend([3, 0]); // an empty last block
    bomb.extend(sum.sum().to_le_bytes());
    bomb.extend((TIMES << 20).to_le_bytes());
    bomb
}
