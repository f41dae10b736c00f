//! Through proxies: who is asked, by whom the name is looked up, who sees which credentials, and what a refusal says.

use sandbox::fault::{Answer, Cert, FOREVER, FaultServer, ProxyServer, Refusing, Step, Tls, header};
use support::{CRUX_ERR_CONNECT, CRUX_OK, Client, Options, alone};

const TURN: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn serve(tls: Option<&Tls>) -> FaultServer {
    FaultServer::scripts(tls, vec![vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, Step::send(TURN)])]])
}

/// A host that only a proxy of ours can find.
fn nowhere(server: &FaultServer) -> (String, String) {
    let target = format!("nowhere.example:{}", server.port());
    (format!("http://{target}"), target)
}

fn by(proxy: &str) -> [(&str, &str); 2] {
    [("proxy", proxy), ("allow_http", "1")]
}

/// What was meant for the proxy did not reach the server, and what was meant for the server did.
fn assert_clean(server: &FaultServer) {
    for head in server.record().heads() {
        assert!(!head.to_ascii_lowercase().contains("proxy-"), "{head}");
        assert!(head.starts_with("GET /x HTTP/1.1\r\n"), "{head}");
        assert_eq!(header(&head, "authorization").as_deref(), Some("Bearer abc-123"));
    }
}

#[test]
fn plain_requests_are_forwarded() {
    let (server, proxy) = (serve(None), ProxyServer::http(None, Answer::Serve));
    let (url, target) = nowhere(&server);
    let client = Client::ready(&url, &by(&proxy.url()));
    for _ in 0..3 {
        assert_eq!(client.get("x").expect(CRUX_OK).body(), b"ok");
    }
    assert_eq!(proxy.targets(), [target.as_str(), &target, &target]);
    assert_eq!(proxy.connections(), 1, "it is kept");
    for head in proxy.record().heads() {
        assert!(head.starts_with(&format!("GET http://{target}/x HTTP/1.1\r\n")), "{head}");
        assert_eq!(header(&head, "host"), Some(target.clone()));
        assert_eq!(header(&head, "proxy-authorization"), None);
    }
    assert_clean(&server);
}

#[test]
fn a_tunnel_for_https() {
    let tls = Tls::new(Cert::Good);
    let (server, proxy) = (serve(Some(&tls)), ProxyServer::http(None, Answer::Serve));
    let target = format!("localhost:{}", server.port());
    // Trust and way have nothing to do with each other.
    let more = [("proxy", proxy.url()), ("tls.ca_pem", tls.ca_pem.clone())];
    let more: Vec<_> = more.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let client = Client::ready(&format!("https://{target}"), &more);
    for _ in 0..2 {
        assert_eq!(client.get("x").expect(CRUX_OK).body(), b"ok");
    }
    assert_eq!((proxy.targets(), proxy.connections()), (vec![target.clone()], 1));
    let head = proxy.record().heads().remove(0);
    assert!(head.starts_with(&format!("CONNECT {target} HTTP/1.1\r\n")), "{head}");
    assert!(!head.to_ascii_lowercase().contains("authorization"), "{head}");
    assert_clean(&server);
}

#[test]
fn socks() {
    let tls = Tls::new(Cert::Good);
    let (plain, secure) = (serve(None), serve(Some(&tls)));
    for user in [None, Some("us@er:p:w")] {
        let proxy = ProxyServer::socks5(user, Answer::Serve);
        let written = if user.is_some() { proxy.url_with("us%40er:p%3Aw") } else { proxy.url() };
        let (url, target) = nowhere(&plain);
        Client::ready(&url, &by(&written)).get("x").expect(CRUX_OK);
        let secure_target = format!("localhost:{}", secure.port());
        let more = [("proxy", written.as_str()), ("tls.ca_pem", &tls.ca_pem)];
        Client::ready(&format!("https://{secure_target}"), &more).get("x").expect(CRUX_OK);
        let by_number = format!("127.0.0.1:{}", plain.port());
        Client::ready(&format!("http://{by_number}"), &by(&written)).get("x").expect(CRUX_OK);
        // Names, not addresses: the proxy looks them up.
        assert_eq!(proxy.targets(), [target, secure_target, by_number]);
        assert_eq!(proxy.credentials(), vec!["us@er:p:w"; if user.is_some() { 3 } else { 0 }]);
    }
    assert_clean(&plain);
    assert_clean(&secure);
}

#[test]
fn credentials_stop_at_the_proxy() {
    let tls = Tls::new(Cert::Good);
    let (plain, secure) = (serve(None), serve(Some(&tls)));
    let proxy = ProxyServer::http(Some("us@er:p:w"), Answer::Serve);
    let written = proxy.url_with("us%40er:p%3Aw");
    Client::ready(&nowhere(&plain).0, &by(&written)).get("x").expect(CRUX_OK);
    let url = format!("https://localhost:{}", secure.port());
    let more = [("proxy", written.as_str()), ("tls.ca_pem", &tls.ca_pem)];
    Client::ready(&url, &more).get("x").expect(CRUX_OK);
    assert_eq!(proxy.credentials(), ["us@er:p:w", "us@er:p:w"]);
    assert_clean(&plain);
    assert_clean(&secure);
}

/// An account that is tried four times with a wrong password may be locked.
#[test]
fn a_refused_password_is_not_tried_again() {
    let again = [("retry.max", "3"), ("retry.max_wait_ms", "5"), ("allow_http", "1")];
    for url in ["http://nowhere.example", "https://nowhere.example"] {
        let proxy = ProxyServer::http(Some("ann:right"), Answer::Serve);
        for (written, advice) in [
            (proxy.url_with("ann:wrong"), "did not accept the user name and password"),
            (proxy.url(), "USER:PASSWORD@"),
        ] {
            let before = proxy.requests();
            let client = Client::ready(url, &[&again[..], &[("proxy", &written)]].concat());
            let response = client.get("x").expect(CRUX_ERR_CONNECT);
            let message = response.message();
            assert!(
                message.contains("407") && message.contains("Basic") && message.contains(advice),
                "{message}"
            );
            assert!(!message.contains("wrong"), "{message}");
            assert_eq!((proxy.requests() - before, response.number("attempts")), (1, 1), "{url}");
            assert_eq!(response.number("retryable"), 0, "{url}");
        }
    }
    for (user, given) in [(Some("ann:right"), "ann:wrong"), (Some("ann:right"), "")] {
        let proxy = ProxyServer::socks5(user, Answer::Serve);
        let written = if given.is_empty() { proxy.url() } else { proxy.url_with(given) };
        let client = Client::ready("https://nowhere.example", &[&again[..], &[("proxy", &written)]].concat());
        let response = client.get("x").expect(CRUX_ERR_CONNECT);
        assert_eq!((proxy.connections(), response.number("retryable")), (1, 0), "{}", response.message());
    }
}

#[test]
fn windows_credentials_are_told_to_be_unsupported() {
    let proxy = ProxyServer::http(None, Answer::ntlm());
    for url in ["http://nowhere.example", "https://nowhere.example"] {
        let response = Client::ready(url, &by(&proxy.url())).get("x").expect(CRUX_ERR_CONNECT);
        let message = response.message();
        for part in ["407", "Negotiate, NTLM", "none is supported", "local proxy"] {
            assert!(message.contains(part), "{part}: {message}");
        }
    }
}

#[test]
fn proxies_that_fail() {
    let connect = |scheme: &str, proxy: &str| {
        let more = [("proxy", proxy), ("allow_http", "1"), ("retry.max", "1"), ("retry.max_wait_ms", "5")];
        let response = Client::ready(&format!("{scheme}://nowhere.example"), &more).get("x");
        assert_eq!(response.code(), CRUX_ERR_CONNECT, "{}", response.message());
        (response.message(), response.number("attempts"))
    };
    let nobody = Refusing::start();
    for scheme in ["http", "https"] {
        let (message, attempts) = connect(scheme, &nobody.url_as("http"));
        assert!(message.contains("proxy could not be reached"), "{message}");
        assert_eq!(attempts, 2);
    }
    let reply = |text: &str| Answer::Reply(text.as_bytes().to_vec());
    for (answer, words, attempts) in [
        (reply("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), "(403)", 1),
        (reply("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n"), "(502)", 2),
        (reply("no HTTP at all\r\n\r\n"), "did not answer in HTTP", 1),
        (reply(&format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(100_000))), "too long", 1),
        (reply("HTTP/1.1 200 OK\r\n"), "broke", 2),
        (reply(""), "broke", 2),
    ] {
        let proxy = ProxyServer::http(None, answer);
        let outcome = connect("https", &proxy.url());
        assert!(outcome.0.contains(words), "{words}: {}", outcome.0);
        assert_eq!(outcome.1, attempts, "{words}");
    }
    for (code, words, attempts) in
        [(5, "refused by the host", 2), (2, "does not allow", 1), (99, "failed", 2)]
    {
        let proxy = ProxyServer::socks5(None, Answer::Reply(vec![5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
        let outcome = connect("https", &proxy.url());
        assert!(outcome.0.contains(words), "{words}: {}", outcome.0);
        assert_eq!(outcome.1, attempts, "{words}");
    }
    // A web server where a SOCKS proxy should be.
    let web = FaultServer::start(vec![Step::ReadSome(3), Step::send("HTTP/1.1 400 Bad Request\r\n\r\n")]);
    let (message, _) = connect("https", &web.url_as("socks5"));
    assert!(message.contains("did not answer in SOCKS5"), "{message}");
}

/// The option names hosts that are reached without the proxy.
#[test]
fn exceptions() {
    let (server, proxy) = (serve(None), ProxyServer::http(None, Answer::Serve));
    let port = server.port();
    for (list, through) in [
        ("", true),
        ("localhost", true),
        ("127.0.0.1", false),
        ("10.0.0.0/8, 127.0.0.0/8", false),
        (&format!("127.0.0.1:{port}"), false),
        ("127.0.0.1:1", true),
        ("*", false),
    ] {
        let before = proxy.requests();
        let written = proxy.url();
        Client::ready(&server.url(), &[("proxy", &written), ("no_proxy", list)]).get("x").expect(CRUX_OK);
        assert_eq!(proxy.requests() > before, through, "{list:?}");
    }
}

fn given(name: &str) -> String {
    std::env::var(name).expect("a variable of the first process")
}

/// A client that leaves the way to the environment.
fn by_environment(url: &str, more: &[(&str, &str)]) -> Client {
    let base = format!("{url}/");
    let own = [("service", "custom"), ("base_url", base.as_str()), ("token", "abc-123"), ("allow_http", "1")];
    Options::of(&[&own[..], more].concat()).login().expect(CRUX_OK)
}

#[test]
fn the_environment() {
    let tls = Tls::new(Cert::Good);
    let (server, secure, proxy) = (serve(None), serve(Some(&tls)), ProxyServer::http(None, Answer::Serve));
    let (url, target) = nowhere(&server);
    let (plain_url, secure_url, proxy_url) = (server.url(), secure.url(), proxy.url());
    let nobody = Refusing::start().url_as("http");
    let variables = [
        ("NOWHERE", url.as_str()),
        ("PLAIN", &plain_url),
        ("SECURE", &secure_url),
        ("CA", &tls.ca_pem),
        ("http_proxy", &proxy_url),
        ("all_proxy", &nobody),
        ("HTTP_PROXY", &nobody),
        ("no_proxy", "other.example, 10.0.0.0/8"),
    ];
    if alone("proxy::the_environment", &variables) {
        by_environment(&given("NOWHERE"), &[]).get("x").expect(CRUX_OK);
        // Loopback is reached directly, whatever the environment says.
        by_environment(&given("PLAIN"), &[]).get("x").expect(CRUX_OK);
        by_environment(&given("SECURE"), &[("tls.ca_pem", &given("CA"))]).get("x").expect(CRUX_OK);
        // An option beats it.
        let nobody = given("all_proxy");
        by_environment(&given("NOWHERE"), &[("proxy", &nobody), ("retry.max", "0")])
            .get("x")
            .expect(CRUX_ERR_CONNECT);
        let direct =
            by_environment(&given("NOWHERE"), &[("proxy", "direct"), ("timeout.resolve_ms", "2000")]);
        let code = direct.get("x").code();
        assert!([support::CRUX_ERR_RESOLVE, support::CRUX_ERR_TIMEOUT].contains(&code), "{code}");
        let past =
            by_environment(&given("NOWHERE"), &[("no_proxy", ".example"), ("timeout.resolve_ms", "2000")]);
        assert_ne!(past.get("x").code(), CRUX_OK);
        return;
    }
    assert_eq!(proxy.targets(), [target]);
    assert_eq!((server.requests(), secure.requests()), (2, 1));
}

#[test]
fn a_variable_that_makes_no_sense_is_told() {
    if alone("proxy::a_variable_that_makes_no_sense_is_told", &[("http_proxy", "ftp://user:hidden@x")]) {
        let base = [("service", "custom"), ("base_url", "http://localhost/"), ("token", "t")];
        let client = Client::with(&base).expect(support::CRUX_ERR_ARGUMENT);
        assert!(client.message().contains("environment"), "{}", client.message());
        assert!(!client.message().contains("hidden"), "{}", client.message());
        Client::with(&[&base[..], &[("proxy", "direct")]].concat()).expect(CRUX_OK);
    }
}
