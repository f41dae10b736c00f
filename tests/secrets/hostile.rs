//! Servers that echo what they were sent, or respond with nonsense.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use serde_json::{Value, json};

use crate::{KEY, PASSWORD, SIGNED, Sink, TOKEN};
use sandbox::{Canned, Sandbox};
use support::*;

const ADA: &str = "ada@example.com";
const LOGIN: &str = "/timp/organizations/user-login/";

pub fn run(sink: &mut Sink) {
    let sandbox = Sandbox::start();
    echoes_of_the_password(sink, &sandbox);
    nonsense_for_a_login(sink, &sandbox);
    nonsense_on_the_wire(sink);
    no_way_there(sink, &sandbox);
    proxies(sink, &sandbox);
}

fn echoes_of_the_password(sink: &mut Sink, sandbox: &Sandbox) {
    sink.begin("echo");
    let base = format!("{}/timp/", sandbox.http());
    // Where the text is cut, it must not be cut inside the password.
    let at_the_cut = format!("{}{PASSWORD}", "x".repeat(490));
    let shapes: [Value; 8] = [
        json!({ "detail": format!("{ADA}: {PASSWORD}") }),
        json!({ "message": PASSWORD }),
        json!({ "description": format!("The word '{PASSWORD}' is too weak; {PASSWORD}?") }),
        json!({ "exception": [PASSWORD] }),
        json!({ "password": [format!("{PASSWORD} is not right")], "client_secret": ["canary-extra-secret"] }),
        json!({ PASSWORD: ["unknown member"] }),
        json!({ "detail": at_the_cut }),
        json!({ "error": { "message": format!("Bad canary-extra-secret, {PASSWORD}") } }),
    ];
    for status in [400, 401, 403, 404, 409, 429, 500] {
        for shape in &shapes {
            sandbox.respond("POST", LOGIN, Canned::json(status, shape).times(1));
            let pairs = [
                ("base_url", &*base),
                ("user", ADA),
                ("secret", PASSWORD),
                ("login.extra", "{\"client_secret\":\"canary-extra-secret\",\"n\":1}"),
            ];
            let me = sink.client(&pairs);
            assert_ne!(me.code(), CRUX_OK);
            if matches!(status, 400 | 401 | 403) {
                sink.send(&me, "GET", "x/", None).expect(CRUX_ERR_AUTH);
            }
        }
    }
}

fn nonsense_for_a_login(sink: &mut Sink, sandbox: &Sandbox) {
    sink.begin("nonsense for a login");
    let base = format!("{}/timp/", sandbox.http());
    for body in [
        format!("{{\"auth_token\":[\"{TOKEN}\"]}}"),
        format!("{{\"auth_token\":\"{TOKEN} with blanks\"}}"),
        format!("{{\"auth_token\":\"{TOKEN}\",\"auth_token\":\"{TOKEN}\"}}"),
        format!("{{\"auth_token\":\"{TOKEN}"),
        format!("{{\"auth_token\":{TOKEN}}}"),
        format!("{{\"{TOKEN}\":1}}"),
        TOKEN.to_owned(),
        format!("\u{1f}\u{8b}{TOKEN}"),
    ] {
        for coding in ["identity", "gzip"] {
            let response = Canned::status(200).header("content-encoding", coding).body(body.as_bytes());
            sandbox.respond("POST", LOGIN, response.times(1));
            let me = sink.client(&[("base_url", &base), ("user", ADA), ("secret", PASSWORD)]);
            me.expect(CRUX_ERR_PROTOCOL);
        }
    }
    for place in [format!("https://u:canary@x.test/?{SIGNED}"), format!("/x/?{SIGNED}")] {
        sandbox.respond("POST", LOGIN, Canned::status(302).header("location", &place).times(1));
        sink.client(&[("base_url", &base), ("user", ADA), ("secret", PASSWORD)]).expect(CRUX_ERR_HTTP);
    }
}

/// Responds to each connection with the next of these, and hangs up.
fn raw(responses: &[String]) -> (SocketAddr, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let responses = responses.to_vec();
    let thread = std::thread::spawn(move || {
        for response in responses {
            let (mut socket, _) = listener.accept().unwrap();
            let mut head: Vec<u8> = Vec::new();
            let mut buffer = [0; 4096];
            while !head.windows(4).any(|w| w == b"\r\n\r\n") {
                match socket.read(&mut buffer) {
                    Ok(size) if size > 0 => head.extend(&buffer[..size]),
                    _ => break,
                }
            }
            let _ = socket.write_all(response.as_bytes());
        }
    });
    (address, thread)
}

fn nonsense_on_the_wire(sink: &mut Sink) {
    sink.begin("nonsense on the wire");
    let responses: Vec<String> = [
        "",
        "canary",
        "HTTP/1.1 canary\r\n\r\n",
        "HTTP/1.1 200 canary\r\nContent-Length: canary\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\ncanary",
        "HTTP/1.1 200 OK\r\nX canary: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ncanary\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: canary\r\n\r\ncanary\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\ncanary",
        "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\ncanary",
        "HTTP/1.1 302 Found\r\nLocation: http://canary.test\\@canary/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: canary:canary\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 401 canary\r\nWWW-Authenticate: canary\r\nSet-Cookie: token=canary\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 418 canary\r\nContent-Length: 6\r\n\r\ncanary",
        "SSH-2.0-canary\r\n",
    ]
    .map(str::to_owned)
    .to_vec();
    let (address, thread) = raw(&responses);
    let place = format!("http://{address}/");
    let pairs = [("base_url", &*place), ("token", KEY), ("retry.max", "0"), ("timeout.total_ms", "5000")];
    let me = sink.client(&pairs).expect(CRUX_OK);
    for response in &responses {
        let came = sink.send(&me, "POST", &format!("x/?{SIGNED}"), Some("\"canary\""));
        assert_ne!(came.code(), CRUX_OK, "{response}");
    }
    // On a busy machine a request may end before it has connected; its connection is made up for.
    while !thread.is_finished() {
        drop(TcpStream::connect(address));
    }
    thread.join().unwrap();
}

fn no_way_there(sink: &mut Sink, sandbox: &Sandbox) {
    sink.begin("no way there");
    // Nobody listens, or only to plain http, or with a certificate of nobody's, or too slowly.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    sandbox.respond("*", "/slow/*", Canned::real().delay(std::time::Duration::from_secs(20)));
    for (base, code) in [
        (format!("http://{closed}/"), CRUX_ERR_CONNECT),
        (sandbox.https(), CRUX_ERR_TLS),
        (sandbox.http().replace("http:", "https:"), CRUX_ERR_TLS),
        (format!("{}/slow/", sandbox.http()), CRUX_ERR_TIMEOUT),
        ("https://no-such-host.invalid/".to_owned(), CRUX_ERR_RESOLVE),
    ] {
        let short =
            [("timeout.head_ms", "100"), ("retry.max", "0"), ("proxy", "direct"), ("base_url", &*base)];
        let mut login = short.to_vec();
        login.extend([("user", ADA), ("secret", PASSWORD)]);
        sink.client(&login).expect(code);
        let mut ready = short.to_vec();
        ready.push(("token", TOKEN));
        let me = sink.client(&ready).expect(CRUX_OK);
        sink.send(&me, "GET", &format!("x/?{SIGNED}"), None).expect(code);
    }
    sandbox.forget_canned();
}

fn proxies(sink: &mut Sink, sandbox: &Sandbox) {
    sink.begin("proxy");
    let with = |place: &str| format!("http://user:canary%2Bproxy@{}", place.replace("http://", ""));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let refusing = Canned::status(407).header("proxy-authenticate", "Basic realm=\"canary\"");
    sandbox.respond("*", "/api/*", refusing);
    for proxy in [with(&sandbox.http()), with(&closed), with(&closed).replace("http:", "socks5:")] {
        for base in ["http://far.test/api/", "https://far.test/api/"] {
            let pairs = [
                ("service", "crunch"),
                ("base_url", base),
                ("token", KEY),
                ("proxy", &*proxy),
                ("allow_http", "1"),
                ("retry.max", "0"),
            ];
            let me = sink.client(&pairs).expect(CRUX_OK);
            let response = sink.send(&me, "GET", &format!("x/?{SIGNED}"), None);
            assert_ne!(response.code(), CRUX_OK);
        }
    }
}
