//! The token, the password and what else may be a secret arrive at the own origin and nowhere else, whatever URL a
//! caller gives, wherever a redirect, a link, a page or a job leads.

use std::cell::Cell;

use proptest::prelude::*;
use support::{CRUX_OK, Client, Folder, c};

use crate::Trial;
use crate::scripted::{Arrived, Reply, Servers};

/// Secrets of a client; each begins alike, so that one look finds them all, encoded or not.
const MARK: &str = "c4n4ry";
const TOKEN: &str = "c4n4ry-token-1";

/// A link as servers and callers may write it. `OWN` and `OTHER` stand for the ports of the two servers.
const LINKS: &[&str] = &[
    "x",
    "../x/y",
    "/x",
    "?q=1",
    "//127.0.0.1:OTHER/x",
    "//127.0.0.1:OWN/x",
    "http://127.0.0.1:OWN/x",
    "http://127.0.0.1:OTHER/x",
    "HTTP://127.0.0.1:OTHER",
    "http://localhost:OWN/x",
    "http://LOCALHOST:OTHER/x",
    "http://127.1:OTHER/x",
    "http://127.1:OWN/x",
    "http://2130706433:OTHER/x",
    "http://0x7f.0.0.1:OWN/x",
    "http://127.0.0.1.:OTHER/x",
    "http://127.0.0.2:OWN/x",
    "http://127.0.0.1:OWN@127.0.0.1:OTHER/x",
    "http://c4n4ry@127.0.0.1:OTHER/x",
    "http://127.0.0.1:OTHER/http://127.0.0.1:OWN/",
    "http://127.0.0.1:OTHER?http://127.0.0.1:OWN/",
    "http://127.0.0.1:OTHER#@127.0.0.1:OWN/",
    "http://127.0.0.1:OTHER\\@127.0.0.1:OWN/",
    "http:\\\\127.0.0.1:OTHER\\x",
    "/\\127.0.0.1:OTHER/x",
    "\\\\127.0.0.1:OTHER/x",
    "http:/127.0.0.1:OTHER/x",
    "http:127.0.0.1:OTHER/x",
    "http:x",
    "///127.0.0.1:OTHER/x",
    " http://127.0.0.1:OTHER/x",
    "\thttp://127.0.0.1:OTHER/x",
    "ht\ttp://127.0.0.1:OTHER/x",
    "http://[::ffff:127.0.0.1]:OTHER/x",
    "http://[::1]:OWN/x",
    "https://127.0.0.1:OWN/x",
    "ftp://127.0.0.1:OTHER/x",
    "javascript:x",
    "http://127.0.0.1:0/x",
    "http://127.0.0.1:OTHER/%2e%2e/x",
    "http://127.0.0.1:OTHER/login",
    "",
];

#[derive(Clone, Debug)]
enum Step {
    Redirect(u16, &'static str),
    Page(&'static str),
    Job(&'static str),
    Status(u16),
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Request,
    Follow,
    Download,
    Stream,
}

fn link() -> impl Strategy<Value = &'static str> {
    prop::sample::select(LINKS)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (prop::sample::select(&[301, 302, 303, 307, 308][..]), link()).prop_map(|(code, to)| Step::Redirect(code, to)),
        1 => link().prop_map(Step::Page),
        1 => link().prop_map(Step::Job),
        1 => prop::sample::select(&[200, 401, 403, 404, 503][..]).prop_map(Step::Status),
    ]
}

fn way() -> impl Strategy<Value = Way> {
    prop::sample::select(&[Way::Request, Way::Request, Way::Follow, Way::Download, Way::Stream][..])
}

pub fn check(trial: &Trial) -> Result<(), String> {
    let servers = Servers::start(2);
    let folder = Folder::new();
    let inputs = (
        link(),
        way(),
        prop::sample::select(&["GET", "POST", "PUT"][..]),
        prop::collection::vec(step(), 0..5),
        any::<bool>(),
    );
    let elsewhere = Cell::new(0);
    trial.holds(&inputs, |(link, way, method, steps, late)| {
        let place = |link: &str| {
            link.replace("OWN", &servers.ports[0].to_string()).replace("OTHER", &servers.ports[1].to_string())
        };
        // What leads on comes first, so that a link is there to be followed.
        let first = matches!(way, Way::Follow).then(|| Reply::framed("200 OK", "", "{}"));
        let replies = steps.iter().map(|step| reply(step, &place));
        let login = Reply::framed("200 OK", "", &format!(r#"{{"token":"{TOKEN}"}}"#));
        servers.play(first.into_iter().chain(replies), login);
        call(&servers, &folder, &place(link), way, method, late);
        for request in servers.arrived() {
            elsewhere.set(elsewhere.get() + usize::from(!stays(&servers, &request)));
        }
    })?;
    // Servers that nothing leads to would prove nothing.
    match elsewhere.get() * 10 > trial.cases {
        true => Ok(()),
        false => Err(format!("only {} requests went to another origin", elsewhere.get())),
    }
}

fn reply(step: &Step, place: &impl Fn(&str) -> String) -> Reply {
    // A header holds no control character but a tab.
    let header = |link: &str| place(link).replace(['\r', '\n'], "");
    match step {
        Step::Redirect(code, to) => {
            Reply::framed(&format!("{code} Go"), &format!("Location: {}\r\n", header(to)), "")
        }
        Step::Page(to) => Reply::framed(
            "200 OK",
            "",
            &serde_json::json!({ "next": place(to), "results": [{}] }).to_string(),
        ),
        Step::Job(to) => Reply::framed("202 Accepted", &format!("Location: {}\r\n", header(to)), "{}"),
        Step::Status(code) => Reply::framed(&format!("{code} So"), "Retry-After: 0\r\n", "{}"),
    }
}

fn call(servers: &Servers, folder: &Folder, link: &str, way: Way, method: &str, late: bool) {
    let client = Client::with(&[
        ("service", "custom"),
        ("base_url", &servers.base()),
        ("user", "ada"),
        ("secret", "c4n4ry-password"),
        ("login.path", "login"),
        ("login.when", if late { "first_use" } else { "now" }),
        ("headers", "X-Key: c4n4ry-key"),
        ("retry.max", "1"),
        ("retry.max_wait_ms", "1"),
        ("timeout.connect_ms", "2000"),
    ])
    .expect(CRUX_OK);
    let response = match way {
        Way::Request => client.request(method, link, Some("{}")),
        Way::Follow => {
            let from = client.get("from");
            let call = support::Call(unsafe {
                support::crux_call_follow(from.0, c(method).as_ptr(), c(link).as_ptr())
            });
            call.header("X-Private", "c4n4ry-private");
            call.send()
        }
        Way::Download => client.download(link, &folder.path("file")),
        Way::Stream => {
            let call = client.call(method, link);
            call.header("Cookie", "c4n4ry=1");
            let response = call.stream();
            response.read_all(100);
            response
        }
    };
    // Wherever it leads from here.
    client.wait_for_job(&response, 0);
    let mut page = client.next_page(&response);
    for _ in 0..3 {
        page = page.and_then(|page| client.next_page(&page));
    }
}

/// A request holds a secret only if it is one to the own origin, by its port and by the host that it names; whether it
/// is.
#[track_caller]
fn stays(servers: &Servers, request: &Arrived) -> bool {
    let own = format!("127.0.0.1:{}", servers.ports[0]);
    let is_own = request.port == servers.ports[0] && request.header("host") == Some(&own);
    let whole = [request.head.as_bytes(), &request.body].concat();
    let holds = String::from_utf8_lossy(&whole).to_ascii_lowercase().contains(MARK);
    assert!(is_own || !holds, "a secret at {} of port {}: {}", request.target, request.port, request.head);
    // The password goes with a login, and a login to where it is configured.
    assert!(
        !whole.windows(8).any(|part| part == b"password") || request.target == "/v1/login",
        "{}",
        request.head
    );
    is_own
}
