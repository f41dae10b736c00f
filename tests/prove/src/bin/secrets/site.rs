//! What the server of the secrets serves: logins that bring a token, are refused or break off, and all that may happen
//! to a request afterwards.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use prove::fault::{Fault, Line};
use prove::origin::{Origin, Reply, Request, json, reply};
use sandbox::fault::Tls;

use crate::ways::TOKEN;

/// Starts a server. One that echoes puts all that it was sent into what it says.
pub fn start(tls: Option<&Tls>, echoes: bool) -> Origin {
    let visits = AtomicUsize::new(0);
    let line = if tls.is_some() { Line::Inside } else { Line::Plain };
    Origin::start(line, tls, move |request| {
        let seen = match echoes {
            true => format!("{} {}", request.head, String::from_utf8_lossy(&request.body)),
            false => String::new(),
        };
        respond(&seen, &visits, request)
    })
}

fn respond(seen: &str, visits: &AtomicUsize, request: &Request) -> Reply {
    let said = serde_json::json!({ "detail": format!("said: {seen}") }).to_string();
    let is_first = || visits.fetch_add(1, SeqCst).is_multiple_of(2);
    let moved = |to: &str| Reply::Stay(reply("302 Found", &format!("Location: {to}\r\n"), b""));
    match request.path.as_str() {
        "/login" => json("200 OK", &format!("{{\"token\":\"{TOKEN}\"}}")),
        "/refused" => json("401 Unauthorized", &said),
        "/expired" if is_first() => json("401 Unauthorized", &said),
        "/cut" => {
            let is_login = request.header("authorization").is_none_or(|given| given.starts_with("Basic"));
            let token = if is_login { TOKEN } else { "" };
            let whole = reply("200 OK", "", format!("{{\"token\":\"{token}\"}}").as_bytes());
            Reply::Close(whole[..whole.len() - 2].to_vec())
        }
        "/broken" => json("200 OK", &said[..said.len() - 1]),
        "/reset" => Reply::Strike(Fault::Reset),
        "/redirect" => moved("/json?to=here"),
        "/away" => moved("http://localhost:9/nowhere"),
        "/busy" if is_first() => Reply::Stay(reply("503 Busy", "Retry-After: 0\r\n", said.as_bytes())),
        "/error" => {
            let line = seen.lines().collect::<Vec<_>>().join(" ").replace('"', "'");
            Reply::Stay(reply("400 Bad Request", &format!("Warning: 299 - \"{line}\"\r\n"), said.as_bytes()))
        }
        "/missing" => json("404 Not Found", &said),
        "/upload" => json("201 Created", "{\"id\":\"u-1\"}"),
        "/export" => Reply::Stay(reply("202 Accepted", "Location: /job\r\n", b"{\"status\":\"queued\"}")),
        "/job" => json("200 OK", "{\"status\":\"done\"}"),
        _ => json("200 OK", "{\"some\":\"thing\"}"),
    }
}
