//! Every wait ends: in each phase, by the limit that belongs to it, with a message that names both.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

use sandbox::fault::{Blackhole, Cert, FOREVER, FaultServer, ProxyReply, ProxyServer, Step, Tls};
use support::{CRUX_ERR_RESOLVE, CRUX_ERR_TIMEOUT, CRUX_OK, Client, Response};

const LIMIT_MS: u64 = 300;
/// A busy machine may be this late.
const LATE: Duration = Duration::from_secs(5);

/// Runs a call that must give up within its limit, and say so in these words.
#[track_caller]
fn gives_up(words: &str, option: &str, call: impl FnOnce() -> Response) {
    let started = Instant::now();
    let response = call().expect(CRUX_ERR_TIMEOUT);
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(LIMIT_MS) && took < LATE, "{took:?}");
    let message = response.message();
    for part in [words, option, &format!("{LIMIT_MS} ms")] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(response.number("retryable"), 1);
}

/// The same stall twice: once ended by the limit of its phase, once by that of the whole call.
#[track_caller]
fn ends_both_ways(words: &str, option: &str, client: impl Fn(&str) -> Client, body: Option<&str>) {
    let method = if body.is_some() { "PUT" } else { "GET" };
    gives_up(words, option, || client(option).request(method, "x", body));
    let total = "timeout.total_ms";
    gives_up("in all", total, || client(total).request(method, "x", body));
}

fn limited(url: &str, option: &str, more: &[(&str, &str)]) -> Client {
    Client::ready(url, &[&[(option, LIMIT_MS.to_string().as_str())], more].concat())
}

#[test]
fn connecting() {
    let hole = Blackhole::start();
    let url = hole.url_as("http");
    ends_both_ways("connecting to 127.0.0.1", "timeout.connect_ms", |o| limited(&url, o, &[]), None);
}

#[test]
fn the_handshake() {
    let server = FaultServer::start(vec![Step::Stall]);
    let url = server.url_as("https");
    ends_both_ways("agreeing on TLS with", "timeout.connect_ms", |o| limited(&url, o, &[]), None);
    server.wait_until(|seen| seen.open() == 0);
}

#[test]
fn proxies() {
    let secure = "https://localhost:9";
    let http = ProxyServer::http(None, ProxyReply::Stall);
    let through = |option: &str, url: &str, proxy: &str| limited(url, option, &[("proxy", proxy)]);
    let words = "waiting for the proxy on the way to";
    ends_both_ways(words, "timeout.connect_ms", |o| through(o, secure, &http.url()), None);
    let socks = ProxyServer::socks5(None, ProxyReply::Stall);
    ends_both_ways(words, "timeout.connect_ms", |o| through(o, secure, &socks.url()), None);
    // Its own TLS, and CONNECT inside that.
    let mute = FaultServer::start(vec![Step::Stall]);
    let url = mute.url_as("https");
    gives_up(words, "timeout.connect_ms", || through("timeout.connect_ms", secure, &url).get("x"));
    let tls = Tls::new(Cert::Good);
    let stalling = FaultServer::start_tls(&tls, vec![Step::ReadHead, Step::Stall]);
    let (url, ca) = (stalling.url(), ("tls.ca_pem", tls.ca_pem.as_str()));
    gives_up(words, "timeout.connect_ms", || {
        limited(secure, "timeout.connect_ms", &[("proxy", &url), ca]).get("x")
    });
    assert_eq!(stalling.requests(), 1, "it was asked for a tunnel");
    // What it forwards, it answers itself.
    let plain = "http://localhost:9";
    ends_both_ways("waiting for the response", "timeout.head_ms", |o| through(o, plain, &http.url()), None);
    http.wait_until(|seen| seen.open() == 0);
}

#[test]
fn sending() {
    let server = FaultServer::start(vec![Step::Freeze]);
    let body = "x".repeat(64 << 20);
    let url = server.url();
    ends_both_ways("sending the request to", "timeout.idle_ms", |o| limited(&url, o, &[]), Some(&body));
}

#[test]
fn sending_over_tls() {
    let tls = Tls::new(Cert::Good);
    let server = FaultServer::start_tls(&tls, vec![Step::Freeze]);
    let client = limited(&server.url(), "timeout.idle_ms", &[("tls.ca_pem", &tls.ca_pem)]);
    let body = "x".repeat(32 << 20);
    gives_up("sending the request to", "timeout.idle_ms", || client.request("PUT", "x", Some(&body)));
}

#[test]
fn the_head_and_the_body() {
    let tls = Tls::new(Cert::Good);
    let ca = [("tls.ca_pem", tls.ca_pem.as_str())];
    let part = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
    for secure in [None, Some(&tls)] {
        let silent = FaultServer::scripts(secure, vec![vec![Step::ReadHead, Step::Stall]]);
        let words = "waiting for the response of";
        ends_both_ways(words, "timeout.head_ms", |o| limited(&silent.url(), o, &ca), None);
        let cut = FaultServer::scripts(secure, vec![vec![Step::ReadHead, part.clone(), Step::Stall]]);
        let words = "waiting for more of the body from";
        ends_both_ways(words, "timeout.idle_ms", |o| limited(&cut.url(), o, &ca), None);
        for server in [silent, cut] {
            server.wait_until(|seen| seen.open() == 0);
        }
    }
}

/// A limit of each read would never see it.
#[test]
fn a_head_that_drips() {
    let every = Duration::from_millis(20);
    let head = format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 0\r\n\r\n", "x".repeat(1000));
    let drip = Step::SendSlowly { bytes: head.into_bytes(), piece: 1, every };
    let server = FaultServer::start(vec![Step::ReadHead, drip]);
    let url = server.url();
    ends_both_ways("waiting for the response of", "timeout.head_ms", |o| limited(&url, o, &[]), None);
}

/// As long as something comes, a body may take as long as it takes.
#[test]
fn a_body_that_drips_passes() {
    let every = Duration::from_millis(100);
    let drip = Step::SendSlowly { bytes: vec![b'x'; 30], piece: 1, every };
    let head = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n");
    let server = FaultServer::start(vec![Step::ReadHead, head, drip]);
    let short = [("timeout.idle_ms", "1000"), ("timeout.head_ms", "1000"), ("timeout.connect_ms", "1000")];
    let response = Client::ready(&server.url(), &short).get("x").expect(CRUX_OK);
    assert_eq!(response.body().len(), 30);
    assert!(response.number("elapsed_ms") >= 2900, "it was to be slow");
}

#[test]
fn a_call_has_limits_of_its_own_and_0_is_none() {
    let response = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let turn = vec![Step::ReadHead, Step::Gate("go"), response];
    let server = FaultServer::start(vec![Step::Repeat(FOREVER, turn)]);
    let client = Client::ready(&server.url(), &[]);
    let call = client.call("GET", "x");
    assert_eq!(call.set("timeout.head_ms", &LIMIT_MS.to_string()), CRUX_OK);
    gives_up("waiting for the response", "timeout.head_ms", || call.send());

    let client = limited(&server.url(), "timeout.head_ms", &[("timeout.total_ms", "0")]);
    let call = client.call("GET", "x");
    assert_eq!(call.set("timeout.head_ms", "0"), CRUX_OK);
    std::thread::scope(|scope| {
        let patient = scope.spawn(|| call.send().expect(CRUX_OK).body());
        server.wait_until(|seen| seen.requests() == 2);
        // The client's limit passes.
        assert!(!server.wait_for(Duration::from_millis(2 * LIMIT_MS), |seen| seen.open() == 0));
        server.open_gate("go");
        assert_eq!(patient.join().unwrap(), b"ok");
    });
}

#[test]
fn a_name_that_nobody_can_know() {
    // Too long for a label, so that nobody is asked.
    let url = format!("https://{}.example", "x".repeat(64));
    let response = Client::ready(&url, &[]).get("x").expect(CRUX_ERR_RESOLVE);
    assert!(response.message().contains("is not known"), "{}", response.message());
    assert_eq!((response.number("maybe_sent"), response.number("retryable")), (0, 0));
}

/// Signals that interrupt every system call, a thousand a second, in every phase.
#[cfg(unix)]
#[test]
fn a_storm_of_signals() {
    static HEARD: AtomicU64 = AtomicU64::new(0);
    extern "C" fn hear(_: libc::c_int) {
        HEARD.fetch_add(1, SeqCst);
    }
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = hear as *const () as usize;
        libc::sigaction(libc::SIGUSR1, &raw const action, std::ptr::null_mut());
    }
    let tls = Tls::new(Cert::Good);
    let every = Duration::from_millis(2);
    let slow = |size: usize| Step::SendSlowly { bytes: vec![b'x'; size], piece: size / 20, every };
    let head = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\nConnection: close\r\n\r\n");
    let turn = vec![Step::ReadRequest, head, slow(200_000)];
    let (plain, secure) = (FaultServer::start(turn.clone()), FaultServer::start_tls(&tls, turn));
    let urls = [format!("http://localhost:{}", plain.port()), secure.url()];
    let done = AtomicBool::new(false);
    let me = unsafe { libc::pthread_self() };
    let upload = "x".repeat(8 << 20);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(SeqCst) {
                unsafe { libc::pthread_kill(me, libc::SIGUSR1) };
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let outcomes: Vec<_> = (0..10)
            .flat_map(|_| &urls)
            .map(|url| {
                let client = Client::ready(url, &[("tls.ca_pem", &tls.ca_pem)]);
                let response = client.request("PUT", "x", Some(&upload));
                (response.code(), response.body().len(), response.message())
            })
            .collect();
        // The storm ends even when the test fails.
        done.store(true, SeqCst);
        for outcome in outcomes {
            assert_eq!((outcome.0, outcome.1), (CRUX_OK, 200_000), "{}", outcome.2);
        }
    });
    assert!(HEARD.load(SeqCst) > 100, "there was no storm");
}
