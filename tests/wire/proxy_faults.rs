//! Proxies that respond early, say too much, or colour their words: what is taken of that, and what a message shows.

use std::cell::Cell;
use std::time::{Duration, Instant};

use base64::{Engine, prelude::BASE64_STANDARD};
use sandbox::fault::{Cert, FaultServer, ProxyReply, ProxyServer, Step, Tls};
use support::{CRUX_ERR_CONNECT, CRUX_ERR_HTTP, Client, Lines, Options, alone, until};

/// How much of a body is read before it is refused.
const BEGUN: u64 = 100_000;
const PASSWORD: &str = "hunter2secretpassword";

/// The CPU time of this process.
#[cfg(unix)]
fn cpu() -> Duration {
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    assert_eq!(unsafe { libc::getrusage(libc::RUSAGE_SELF, &raw mut usage) }, 0);
    let time = |t: libc::timeval| Duration::new(t.tv_sec as u64, t.tv_usec as u32 * 1000);
    time(usage.ru_utime) + time(usage.ru_stime)
}

/// A proxy that takes no more of a long body and says why: with a part of its response there, the rest is waited for
/// without work.
#[cfg(unix)]
#[test]
fn an_early_response_inside_the_tls_of_a_proxy() {
    if !alone("proxy_faults::an_early_response_inside_the_tls_of_a_proxy", &[]) {
        return;
    }
    let tls = Tls::new(Cert::Good);
    let script = vec![
        Step::ReadHead,
        Step::ReadBody(BEGUN),
        Step::Gate("begin"),
        // Each piece acknowledges, upon which the system takes a little more of the body, up to its limit.
        Step::SendSlowly { bytes: b"HTTP/1.1".to_vec(), piece: 1, every: Duration::from_millis(40) },
        Step::Gate("end"),
        Step::send(" 413 Content Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge"),
        Step::Freeze,
    ];
    let proxy = FaultServer::start_tls(&tls, script);
    let written = format!("https://localhost:{}", proxy.port());
    let more = [("proxy", written.as_str()), ("tls.ca_pem", &tls.ca_pem), ("allow_http", "1")];
    let client =
        Client::ready("http://nowhere.example", &[&more[..], &[("timeout.idle_ms", "5000")]].concat());
    let call = client.call("POST", "x");
    assert_eq!(call.body(&vec![b'x'; 32 << 20], None), 0);
    let response = call.start();
    let (sent, since) = (Cell::new(-1), Cell::new(Instant::now()));
    until("a body that goes no further", || {
        if sent.replace(response.number("sent")) != sent.get() {
            since.set(Instant::now());
        }
        proxy.record().body_len() == BEGUN && since.get().elapsed() > Duration::from_millis(200)
    });
    assert!(sent.get() < 32 << 20, "the body was to be too long for what the system takes");
    let before = cpu();
    proxy.open_gate("begin");
    assert!(!proxy.wait_for(Duration::from_millis(500), |seen| seen.open() == 0));
    proxy.open_gate("end");
    let response = response.finished().expect(CRUX_ERR_HTTP);
    assert_eq!((response.status(), response.body()), (413, b"large".to_vec()));
    let used = cpu() - before;
    assert!(used < Duration::from_millis(150), "{used:?} of work for a wait");
}

/// The message of a request to `url` through a proxy that answers like this and was given this password.
#[track_caller]
fn message(url: &str, password: &str, reply: impl Into<Vec<u8>>) -> String {
    let proxy = ProxyServer::http(None, ProxyReply::Reply(reply.into()));
    let written = proxy.url_with(&format!("ann:{password}"));
    let client = Client::ready(url, &[("proxy", &written), ("allow_http", "1")]);
    let response = client.get("x").expect(CRUX_ERR_CONNECT);
    let message = response.message();
    assert!(message.len() < 500, "{} bytes: {message}", message.len());
    assert!(!message.contains(char::is_control), "{message:?}");
    message
}

#[test]
fn a_refusal_that_proxies_seldom_give_has_a_hint() {
    for (status, hint) in [
        ("401 Unauthorized", "this looks like a web server or a gateway"),
        ("403 Forbidden", "a web server or a gateway may stand at the proxy's address"),
    ] {
        let head =
            format!("HTTP/1.1 {status}\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n");
        let message = message("https://nowhere.example", PASSWORD, head);
        assert!(message.contains(hint) && message.contains("answers 407"), "{message}");
    }
    let message =
        message("https://nowhere.example", PASSWORD, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    assert!(!message.contains("407"), "{message}");
}

/// What is shown of its words is cut, and what is read of them; a password that stands there is cut by neither.
#[test]
fn the_words_of_a_refusal_hold_no_part_of_a_password() {
    let coded = BASE64_STANDARD.encode(format!("ann:{PASSWORD}"));
    let (letters, blanks) = ("A".repeat(185), " ".repeat(4090));
    for (reason, body, length) in [
        ("No", format!("{letters} {PASSWORD} and more"), None),
        ("No", format!("{letters} {coded}"), None),
        ("No", format!("<html><title>{letters} {PASSWORD}</title>"), None),
        (&format!("{letters} {PASSWORD}"), String::new(), None),
        // More than is read, and less than was meant.
        ("No", format!("{blanks}{PASSWORD} and more"), None),
        ("No", format!("for {PASSWORD}"), Some(10)),
    ] {
        let length = length.unwrap_or(body.len());
        let head = format!("HTTP/1.1 403 {reason}\r\nContent-Length: {length}\r\n\r\n");
        let message = message("https://nowhere.example", PASSWORD, head + &body);
        assert!(message.contains("(403)"), "{message}");
        for part in [&PASSWORD[..4], &coded[..4], &coded[coded.len() - 6..]] {
            assert!(!message.contains(part), "{part}: {message}");
        }
    }
    // As it was written into the option.
    let written = "50%25%20off%20%26%20more";
    for echoed in [written, "50% off & more"] {
        let response = format!("HTTP/1.1 403 No\r\nContent-Length: {}\r\n\r\n{echoed}", echoed.len());
        let message = message("https://nowhere.example", written, response);
        assert!(message.contains("(403): [secret]. Its rules"), "{message}");
    }
}

#[test]
fn the_schemes_of_a_407_are_bounded_and_clean() {
    let coded = BASE64_STANDARD.encode(format!("ann:{PASSWORD}"));
    let letters = "Z".repeat(5000);
    let offers = [
        format!("{letters}, Basic realm=x"),
        format!("Negotiate, {letters}"),
        "\u{9b}31mred, Basic realm=x".to_owned(),
        format!("{PASSWORD} realm=x, Basic realm=x"),
        format!("X{PASSWORD}, {coded}"),
        format!("{}, {PASSWORD}", "Y".repeat(185)),
    ];
    for url in ["http://nowhere.example", "https://nowhere.example"] {
        for offer in &offers {
            let response =
                format!("HTTP/1.1 407 No\r\nProxy-Authenticate: {offer}\r\nContent-Length: 0\r\n\r\n");
            let message = message(url, PASSWORD, response);
            assert!(message.contains("wants credentials (407)"), "{message}");
            for part in [&PASSWORD[..4], &coded[..4]] {
                assert!(!message.contains(part), "{url}: {message}");
            }
            let basic = offer.contains("Basic");
            assert_eq!(message.contains("did not accept the user name and password"), basic, "{message}");
        }
        // A password that looks like several schemes.
        let response =
            "HTTP/1.1 407 No\r\nProxy-Authenticate: open sesame, quickly\r\nContent-Length: 0\r\n\r\n";
        let message = message(url, "open%20sesame,%20quickly", response);
        assert!(!message.contains("open") && !message.contains("quickly"), "{url}: {message}");
    }
    // As a header of HTTP no parser would let that through.
    let response = "HTTP/1.1 407 No\r\nProxy-Authenticate: \u{1b}[31mred, Basic realm=x\r\n\r\n";
    assert!(!message("https://nowhere.example", PASSWORD, response).contains("31mred"));
}

/// A proxy of plain requests answers in the server's place, as JSON if it likes: what it echoes shows no credentials.
#[test]
fn a_forwarded_refusal_shows_no_credentials_of_the_proxy() {
    let coded = BASE64_STANDARD.encode(format!("ann:{PASSWORD}"));
    for echo in [format!("not for {PASSWORD}"), format!("not for Basic {coded}, alas")] {
        let body = format!("{{\"message\": \"{echo}\"}}");
        let reply = format!(
            "HTTP/1.1 403 No\r\nWarning: 299 - {echo}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let proxy = ProxyServer::http(None, ProxyReply::Reply(reply.into()));
        let written = proxy.url_with(&format!("ann:{PASSWORD}"));
        let (options, lines) = (
            Options::of(&[
                ("service", "custom"),
                ("base_url", "http://nowhere.example"),
                ("token", "t-one"),
                ("allow_http", "1"),
                ("proxy", &written),
            ]),
            Lines::default(),
        );
        lines.listen(&options, 5);
        let response = options.login().get("x").expect(CRUX_ERR_HTTP);
        assert_eq!(proxy.credentials(), [format!("ann:{PASSWORD}")]);
        let facts = ["server_message", "warning"].map(|fact| response.info(fact).expect("the proxy's words"));
        let lines: String = lines.all().into_iter().map(|(_, line)| line).collect();
        for told in [response.message(), lines].iter().chain(&facts) {
            assert!(told.contains("not for "), "{told}");
            assert!(!told.contains(&PASSWORD[..4]) && !told.contains(&coded[..4]), "{told}");
        }
    }
}

/// What a proxy that forwards refuses looks like a response of the server's, so it is named, with its words.
#[test]
fn a_forwarded_refusal_names_the_proxy() {
    for (kind, body, said) in [
        ("text/html", "<html><title>Blocked by policy</title>x</html>", "Blocked by policy"),
        ("text/plain", "Destination not permitted.", "Destination not permitted"),
    ] {
        let reply = format!(
            "HTTP/1.1 403 Forbidden\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let proxy = ProxyServer::http(None, ProxyReply::Reply(reply.into()));
        let (written, place) = (proxy.url(), format!("the proxy 127.0.0.1:{}", proxy.port()));
        let client = Client::with(&[
            ("service", "custom"),
            ("base_url", "http://nowhere.example"),
            ("allow_http", "1"),
            ("proxy", &written),
        ]);
        let message = client.get("x").expect(CRUX_ERR_HTTP).message();
        for words in [said, place.as_str()] {
            assert!(message.contains(words), "{words}: {message}");
        }
    }
}
