//! A service on loopback for calls in any order: each path has its own kind of response, all of them at once.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

const THREADS: usize = 8;
/// How long a request that does not end is waited for.
const PATIENCE: Duration = Duration::from_millis(200);

/// The last part of a path, status and headers, and the body.
const RESPONSES: &[(&str, &str, &str)] = &[
    ("login", "200 OK\r\nContent-Length: 30", r#"{"token":"t0","access_token":1}"#),
    ("job", "202 Accepted\r\nLocation: /v1/progress\r\nContent-Length: 2", "{}"),
    ("progress", "200 OK\r\nContent-Length: 36", r#"{"status":"done","value":{"progress":100}}"#),
    ("page", "200 OK\r\nLink: <page?page=2>; rel=next\r\nContent-Length: 9", "[1,2,3,4]"),
    ("chunked", "200 OK\r\nTransfer-Encoding: chunked", "3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n"),
    ("close", "200 OK", "until the end"),
    ("cut", "200 OK\r\nContent-Length: 100", "less"),
    ("moved", "302 Found\r\nLocation: json\r\nContent-Length: 0", ""),
    ("who", "401 Unauthorized\r\nContent-Length: 0", ""),
    ("busy", "503 Busy\r\nRetry-After: 0\r\nContent-Length: 0", ""),
    ("odd", "600\r\n: \r\n", ""),
];
const USUAL: (&str, &str) =
    ("200 OK\r\nContent-Length: 46", r#"{"nodes":{"list":[1,2.5,"x"],"text":"\u0000é"}}"#);

/// Starts it; its port.
pub fn start() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
    let port = listener.local_addr().expect("its address").port();
    for _ in 0..THREADS {
        let listener = listener.try_clone().expect("a descriptor");
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Whoever is not interested may go.
                let _ = serve(&stream);
            }
        });
    }
    port
}

/// One request a connection, read to its end: a connection with bytes unread would be reset.
fn serve(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let (mut length, mut chunked) = (0, false);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? <= 2 {
            break;
        }
        let line = line.to_ascii_lowercase();
        chunked |= line.starts_with("transfer-encoding:");
        if let Some(digits) = line.strip_prefix("content-length:") {
            length = digits.trim().parse().unwrap_or(0);
        }
    }
    let mut body = Vec::new();
    match chunked {
        true => while !body.ends_with(b"0\r\n\r\n") && reader.read_until(b'\n', &mut body)? > 0 {},
        false => drop(reader.take(length).read_to_end(&mut body)?),
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let name = path.split('?').next().unwrap_or_default().trim_end_matches('/').rsplit('/').next();
    let found = RESPONSES.iter().find(|row| Some(row.0) == name).map_or(USUAL, |row| (row.1, row.2));
    let body = if first.starts_with("HEAD") { "" } else { found.1 };
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {}\r\nConnection: close\r\n\r\n{body}", found.0)?;
    stream.shutdown(Shutdown::Both)
}
