//! What the server of the torture serves: one response of each kind that a client has to read.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use flate2::{Compression, write::GzEncoder};
use prove::origin::{Reply, Request, json, reply};

pub const USER: &str = "ada@example.com";
pub const PASSWORD: &str = "correct horse battery";
pub const TOKEN: &str = "t0k3n-0f-th3-w1r3";
pub const FILE_SIZE: usize = 700;
const ETAG: &str = "\"e-1\"";

#[derive(Default)]
pub struct Site {
    /// How many uploads have arrived.
    pub uploads: AtomicUsize,
    /// The next response with the file ends in its middle.
    pub halve: AtomicBool,
    polls: AtomicUsize,
}

/// A JSON document of some length, another one for each name.
pub fn document(name: &str) -> String {
    let items: Vec<_> = (0..12).map(|n| format!("{{\"id\":{n},\"name\":\"{name} {}\"}}", n * 7919)).collect();
    format!("{{\"items\":[{}]}}", items.join(","))
}

/// The bytes of the file that is downloaded, and of the one that is uploaded.
pub fn file() -> Vec<u8> {
    (0..FILE_SIZE).map(|index| (index * 131 % 251) as u8).collect()
}

pub fn respond(site: &Site, request: &Request) -> Reply {
    let path = request.path.split('?').next().unwrap_or_default();
    if path == "/login" {
        let asked: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let right = asked["username"] == USER && asked["password"] == PASSWORD;
        return match right {
            true => json("200 OK", &format!("{{\"token\":\"{TOKEN}\"}}")),
            false => json("401 Unauthorized", "{\"detail\":\"no\"}"),
        };
    }
    if request.header("authorization").as_deref() != Some(&format!("Bearer {TOKEN}")) {
        return json("401 Unauthorized", "{\"detail\":\"no token\"}");
    }
    match (&*request.method, path) {
        ("GET", "/json") => json("200 OK", &document("json")),
        ("GET", "/gzip") => Reply::Stay(gzip(&document("gzip"))),
        ("GET", "/chunked") => Reply::Stay(chunked(&document("chunked"))),
        ("GET", "/close") => {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
            Reply::Close([head, &document("close")].concat().into_bytes())
        }
        ("POST", "/upload") => {
            site.uploads.fetch_add(1, SeqCst);
            let file = file();
            match request.body.windows(FILE_SIZE).any(|window| window == file) {
                true => json("201 Created", "{\"id\":\"u-1\"}"),
                false => json("400 Bad Request", "{\"detail\":\"another file\"}"),
            }
        }
        ("GET", "/file") => {
            let mut bytes = part_of_file(request);
            if site.halve.swap(false, SeqCst) {
                bytes.truncate(bytes.len() - FILE_SIZE / 2);
                return Reply::Close(bytes);
            }
            Reply::Stay(bytes)
        }
        ("POST", "/export") => {
            site.polls.store(0, SeqCst);
            let accepted = "Location: /job\r\nContent-Type: application/json\r\n";
            Reply::Stay(reply("202 Accepted", accepted, b"{\"status\":\"queued\"}"))
        }
        ("GET", "/job") => {
            let done = site.polls.fetch_add(1, SeqCst) > 0;
            let (status, percent) = if done { ("done", 100) } else { ("running", 50) };
            json("200 OK", &format!("{{\"status\":\"{status}\",\"percent\":{percent}}}"))
        }
        ("GET", "/pages") => {
            let page = request.path.rsplit('=').next().and_then(|text| text.parse().ok()).unwrap_or(1);
            let next = if page < 3 { format!("\"/pages?page={}\"", page + 1) } else { "null".into() };
            json("200 OK", &format!("{{\"results\":[{page},{page}],\"next\":{next}}}"))
        }
        _ => json("404 Not Found", "{\"detail\":\"nothing here\"}"),
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut coder = GzEncoder::new(Vec::new(), Compression::default());
    coder.write_all(text.as_bytes()).expect("memory can be written to");
    let body = coder.finish().expect("memory can be written to");
    reply("200 OK", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", &body)
}

fn chunked(text: &str) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in text.as_bytes().chunks(100) {
        bytes.extend(format!("{:x}\r\n", piece.len()).bytes());
        bytes.extend([piece, b"\r\n"].concat());
    }
    bytes.extend(b"0\r\nX-End: 1\r\n\r\n");
    bytes
}

/// The whole file, or the rest of it from where the client has it, if it has the same one.
fn part_of_file(request: &Request) -> Vec<u8> {
    let file = file();
    let headers =
        format!("Content-Type: application/octet-stream\r\nETag: {ETAG}\r\nAccept-Ranges: bytes\r\n");
    let range = request.header("range").filter(|_| request.header("if-range").is_none_or(|tag| tag == ETAG));
    let from = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    match from.filter(|from| *from < FILE_SIZE) {
        None => reply("200 OK", &headers, &file),
        Some(from) => {
            let part = format!("Content-Range: bytes {from}-{}/{FILE_SIZE}\r\n{headers}", FILE_SIZE - 1);
            reply("206 Partial Content", &part, &file[from..])
        }
    }
}
