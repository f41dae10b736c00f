//! A second reader of HTTP/1.1, slow and simple: what the standard reads in the bytes that were sent. What the library
//! takes for complete must be complete here too, and the same.

use std::io::Read;

use flate2::bufread::GzDecoder;
use prove::fault::Sent;

#[derive(Debug, PartialEq, Eq)]
pub struct Reading {
    pub status: i32,
    pub body: Vec<u8>,
    /// Its end was framed by a length or by chunks.
    pub framed: bool,
}

/// Returns what was sent as a whole response; `None` if it is none, or not whole.
pub fn read(sent: &Sent) -> Option<Reading> {
    let end = end_of_head(&sent.bytes)?;
    let (head, rest) = sent.bytes.split_at(end);
    let head = String::from_utf8_lossy(head);
    let status: i32 = head.lines().next()?.split(' ').nth(1)?.parse().ok()?;
    let header = |name| sandbox::fault::header(&head, name);
    let (body, framed) = if matches!(status, 100..=199 | 204 | 304) {
        (Vec::new(), true)
    } else if let Some(coding) = header("transfer-encoding") {
        (coding.eq_ignore_ascii_case("chunked").then(|| chunks(rest))??, true)
    } else if let Some(length) = header("content-length") {
        (rest.get(..length.parse().ok()?)?.to_vec(), true)
    } else {
        (sent.ended.then(|| rest.to_vec())?, false)
    };
    let body = match header("content-encoding") {
        // No bytes at all are an empty body in any coding.
        Some(coding) if coding.eq_ignore_ascii_case("gzip") && !body.is_empty() => unpacked(&body)?,
        _ => body,
    };
    Some(Reading { status, body, framed })
}

/// A line may end with LF alone (RFC 9112, 2.2).
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    (0..bytes.len()).find_map(|at| {
        let rest = bytes[at..].strip_prefix(b"\n")?;
        let blank = [&b"\r\n"[..], b"\n"].into_iter().find(|blank| rest.starts_with(blank))?;
        Some(at + 1 + blank.len())
    })
}

fn chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = take_line(&mut rest)?;
        let digits = std::str::from_utf8(line).ok()?.split(';').next()?.trim_end();
        let size = usize::from_str_radix(digits, 16).ok()?;
        if size == 0 {
            while !take_line(&mut rest)?.is_empty() {}
            return Some(body);
        }
        body.extend(rest.get(..size)?);
        rest = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

fn take_line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.windows(2).position(|window| window == b"\r\n")?;
    let line = &rest[..end];
    *rest = &rest[end + 2..];
    Some(line)
}

/// Its checksum and its length are part of it.
fn unpacked(body: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let mut coder = GzDecoder::new(body);
    coder.read_to_end(&mut text).ok()?;
    coder.into_inner().is_empty().then_some(text)
}

/// A reader that took everything would find nothing wrong.
pub fn check() {
    let whole = |text: &str| Sent { bytes: text.as_bytes().to_vec(), ended: false };
    let told = |text: &str| read(&whole(text)).map(|reading| String::from_utf8(reading.body).expect("text"));
    let (length, chunks) = (
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    assert_eq!(told(&format!("{length}ab")).as_deref(), Some("ab"));
    assert_eq!(told(&format!("{length}a")), None);
    assert_eq!(told("HTTP/1.1 200 OK\nContent-Length: 2\n\nab").as_deref(), Some("ab"));
    assert_eq!(told(&format!("{chunks}2\r\nab\r\n0\r\n\r\n")).as_deref(), Some("ab"));
    assert_eq!(told(&format!("{chunks}2\r\nab\r\n0\r\n")), None);
    assert_eq!(told("HTTP/1.1 200 OK\r\n\r\nab"), None);
}
