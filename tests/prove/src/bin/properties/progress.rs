//! What is shown of a transfer or a job while it runs never falls and never passes its total, through retries,
//! replays, redirects and resumed downloads.

use proptest::prelude::*;
use support::{CRUX_OK, Client, Folder, Response};

use crate::Trial;
use crate::scripted::{End, Reply, Servers};

#[derive(Clone, Copy, Debug)]
enum Turn {
    Busy,
    Expired,
    Moved,
    Cut,
    Broken,
    Whole,
}

const TURNS: &[Turn] = &[Turn::Busy, Turn::Expired, Turn::Moved, Turn::Cut, Turn::Broken, Turn::Whole];

/// Of what may be resumed. The server ends each connection, and says so.
const FIRST: &str = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nConnection: close\r\n";

fn reply(turn: Turn, body: &[u8], chunked: bool) -> Reply {
    let length = body.len();
    let mut bytes = match turn {
        Turn::Busy => return Reply::framed("503 Busy", "Retry-After: 0\r\n", &"busy".repeat(100)),
        Turn::Expired => return Reply::framed("401 Who", "", &"who".repeat(100)),
        Turn::Moved => return Reply::framed("307 Go", "Location: elsewhere\r\n", &"go".repeat(100)),
        _ if chunked => format!("{FIRST}Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n"),
        _ => format!("{FIRST}Content-Length: {length}\r\n\r\n"),
    }
    .into_bytes();
    let head = bytes.len();
    bytes.extend(body);
    if chunked {
        bytes.extend(b"\r\n0\r\n\r\n");
    }
    if !matches!(turn, Turn::Whole) {
        bytes.truncate(head + length / 2);
    }
    let end = if matches!(turn, Turn::Broken) { End::Reset } else { End::Fin };
    Reply { pieces: bytes.chunks(length / 4 + 100).map(<[u8]>::to_vec).collect(), end }
}

pub fn check(trial: &Trial) -> Result<(), String> {
    let servers = Servers::start(1);
    let folder = Folder::new();
    let turns = prop::collection::vec(prop::sample::select(TURNS), 0..5);
    let percents = prop::collection::vec(-1..=100_i64, 1..6);
    let inputs = (turns, 0..200_000_usize, 1..200_000_usize, any::<bool>(), 0..3_u8, percents);
    trial.holds(&inputs, |(turns, up, down, chunked, way, percents)| {
        let body = vec![b'x'; down];
        let replies = turns.iter().chain(&[Turn::Whole]).map(|turn| reply(*turn, &body, chunked));
        servers.play(replies, Reply::framed("200 OK", "", r#"{"token":"t0k3n"}"#));
        let client = client(&servers);
        let call = client.call("PUT", "place");
        match way {
            0 => drop(call.body(&vec![b'y'; up], Some(""))),
            1 => drop(call.set("save", folder.path("file").to_str().expect("a name in UTF-8"))),
            _ => drop(call.set("stream", "1")),
        }
        let response = call.start();
        let mut seen = Seen::default();
        while response.wait(0) == 0 {
            seen.look(&response);
            std::thread::yield_now();
        }
        seen.look(&response);
        if way == 2 {
            let mut buffer = [0; 5000];
            while !matches!(response.read(&mut buffer), 0 | -1) {
                seen.look(&response);
            }
        }
        seen.look(&response);
        job(&servers, &client, &percents);
    })
}

fn client(servers: &Servers) -> Client {
    Client::with(&[
        ("service", "custom"),
        ("base_url", &servers.base()),
        ("user", "ada"),
        ("secret", "pw"),
        ("login.path", "login"),
        ("retry.max_wait_ms", "1"),
        ("job.percent_pointer", "/percent"),
        ("job.status_pointer", "/status"),
        ("job.done", "done"),
        ("job.failed", "failed"),
    ])
    .expect(CRUX_OK)
}

/// What was seen of a response so far.
#[derive(Default)]
struct Seen {
    sent: i64,
    received: i64,
    percent: i64,
}

impl Seen {
    #[track_caller]
    fn look(&mut self, response: &Response) {
        for (name, total, before) in
            [("sent", "send_total", &mut self.sent), ("received", "receive_total", &mut self.received)]
        {
            let now = response.number(name);
            // The total after what it bounds: it may become known in between.
            let total = response.number(total);
            assert!(now >= *before, "{name}: {before} then {now}");
            assert!(total < 0 || now <= total, "{name}: {now} of {total}");
            *before = now;
        }
        let percent = response.number("percent");
        assert!((-1..=100).contains(&percent), "{percent} %");
        // Unknown until a total is.
        assert!(percent >= self.percent || percent == -1, "{} % then {percent} %", self.percent);
        self.percent = self.percent.max(percent);
    }
}

/// A job that is looked at again and again.
fn job(servers: &Servers, client: &Client, percents: &[i64]) {
    let document =
        |percent| Reply::framed("200 OK", "", &format!(r#"{{"status":"runs","percent":{percent}}}"#));
    let accepted = Reply::framed("202 Accepted", "Location: progress\r\n", "{}");
    let replies = std::iter::once(accepted).chain(percents.iter().map(|percent| document(*percent)));
    servers.play(replies, Reply::framed("200 OK", "", r#"{"token":"t0k3n"}"#));
    let accepted = client.request("POST", "jobs", Some("{}")).expect(CRUX_OK);
    let mut before = -1;
    for percent in percents {
        let looked = client.wait_for_job(&accepted, 0);
        let now = accepted.number("percent");
        assert!(now >= before, "{before} % then {now} % at {percent}: {}", looked.message());
        assert!((-1..=100).contains(&now), "{now} %");
        before = now;
    }
}
