//! Through proxies: who is asked, by whom the name is looked up, who sees which credentials, and what a refusal says.

use base64::{Engine, prelude::BASE64_STANDARD};
use sandbox::fault::{
    Cert, FOREVER, FaultServer, ProxyReply, ProxyServer, Refusing, Step, Tls, TlsFront, header,
};
use support::{CRUX_ERR_CONNECT, CRUX_OK, Client, Options, TempFile, alone};
#[cfg(unix)]
use support::{canary::disguise, program, program::Build};

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
    let (server, proxy) = (serve(None), ProxyServer::http(None, ProxyReply::Serve));
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
    let (server, proxy) = (serve(Some(&tls)), ProxyServer::http(None, ProxyReply::Serve));
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
    assert!(header(&head, "user-agent").is_some_and(|agent| agent.starts_with("libcrux/")), "{head}");
    assert_clean(&server);
}

#[test]
fn socks() {
    let tls = Tls::new(Cert::Good);
    let (plain, secure) = (serve(None), serve(Some(&tls)));
    for user in [None, Some("us@er:p:w")] {
        let proxy = ProxyServer::socks5(user, ProxyReply::Serve);
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
    let proxy = ProxyServer::http(Some("us@er:p:w"), ProxyReply::Serve);
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
        let proxy = ProxyServer::http(Some("ann:right"), ProxyReply::Serve);
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
        let proxy = ProxyServer::socks5(user, ProxyReply::Serve);
        let written = if given.is_empty() { proxy.url() } else { proxy.url_with(given) };
        let client = Client::ready("https://nowhere.example", &[&again[..], &[("proxy", &written)]].concat());
        let response = client.get("x").expect(CRUX_ERR_CONNECT);
        assert_eq!((proxy.connections(), response.number("retryable")), (1, 0), "{}", response.message());
    }
}

#[test]
fn windows_credentials_are_told_to_be_unsupported() {
    let proxy = ProxyServer::http(None, ProxyReply::ntlm());
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
        let retries = [("retry.max", "1"), ("retry.max_wait_ms", "5")];
        // A head that is too long is read byte by byte, which takes Wine some seconds.
        let more = [&retries[..], &[("proxy", proxy), ("allow_http", "1"), ("timeout.connect_ms", "60000")]];
        let response = Client::ready(&format!("{scheme}://nowhere.example"), &more.concat()).get("x");
        assert_eq!(response.code(), CRUX_ERR_CONNECT, "{}", response.message());
        (response.message(), response.number("attempts"))
    };
    let nobody = Refusing::start();
    for scheme in ["http", "https"] {
        let (message, attempts) = connect(scheme, &nobody.url_as("http"));
        assert!(message.contains("proxy could not be reached"), "{message}");
        assert_eq!(attempts, 2);
    }
    let reply = |text: &str| ProxyReply::Reply(text.as_bytes().to_vec());
    for (reply, words, attempts) in [
        (reply("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), "(403)", 1),
        (reply("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n"), "(502)", 2),
        (reply("no HTTP at all\r\n\r\n"), "did not answer in HTTP", 1),
        (reply(&format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(100_000))), "too long", 1),
        (reply("HTTP/1.1 200 OK\r\n"), "closed the connection when", 2),
        (reply(""), "closed the connection when", 2),
    ] {
        let proxy = ProxyServer::http(None, reply);
        let outcome = connect("https", &proxy.url());
        assert!(outcome.0.contains(words), "{words}: {}", outcome.0);
        assert_eq!(outcome.1, attempts, "{words}");
    }
    for (code, words, attempts) in
        [(5, "refused by the host", 2), (2, "does not allow", 1), (99, "failed", 2)]
    {
        let proxy = ProxyServer::socks5(None, ProxyReply::Reply(vec![5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
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
    let (server, proxy) = (serve(None), ProxyServer::http(None, ProxyReply::Serve));
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

// Names of variables that differ in case alone.
#[cfg(unix)]
#[test]
fn the_environment() {
    let tls = Tls::new(Cert::Good);
    let (server, secure, proxy) =
        (serve(None), serve(Some(&tls)), ProxyServer::http(None, ProxyReply::Serve));
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
        let base = [
            ("service", "custom"),
            ("base_url", "http://nowhere.example/"),
            ("token", "t"),
            ("allow_http", "1"),
        ];
        let client = Client::with(&base).expect(support::CRUX_ERR_ARGUMENT);
        assert!(client.message().contains("environment variable http_proxy"), "{}", client.message());
        // Where it would not be used, it does not matter.
        for base in ["http://localhost/", "https://nowhere.example/"] {
            Client::with(&[("service", "custom"), ("base_url", base), ("token", "t")]).expect(CRUX_OK);
        }
        assert!(!client.message().contains("hidden"), "{}", client.message());
        Client::with(&[&base[..], &[("proxy", "direct")]].concat()).expect(CRUX_OK);
    }
}

/// TLS to the proxy; within it requests are forwarded, or TLS to the server.
#[test]
fn a_proxy_reached_by_tls() {
    let (tls, of_proxy) = (Tls::new(Cert::Good), Tls::new(Cert::Good));
    let (plain, secure) = (serve(None), serve(Some(&tls)));
    let proxy = ProxyServer::http(Some("us@er:p:w"), ProxyReply::Serve);
    let front = TlsFront::start(&of_proxy, proxy.address());
    let written = format!("https://us%40er:p%3Aw@localhost:{}", front.port());
    let both = format!("{}{}", tls.ca_pem, of_proxy.ca_pem);
    let more = [("proxy", written.as_str()), ("tls.ca_pem", &both), ("allow_http", "1")];
    let (plain_url, target) = nowhere(&plain);
    let secure_target = format!("localhost:{}", secure.port());
    for url in [&plain_url, &format!("https://{secure_target}")] {
        let client = Client::ready(url, &more);
        for _ in 0..3 {
            assert_eq!(client.get("x").expect(CRUX_OK).body(), b"ok");
        }
    }
    assert_eq!(proxy.targets(), [target.as_str(), &target, &target, &secure_target]);
    assert_eq!(proxy.connections(), 2, "they are kept");
    assert_eq!(proxy.credentials(), vec!["us@er:p:w"; 4]);
    assert_clean(&plain);
    assert_clean(&secure);
    // A pin is the server's; the proxy needs an authority.
    let pinned =
        [("proxy", written.as_str()), ("tls.pin_sha256", &tls.pin), ("tls.ca_pem", &of_proxy.ca_pem)];
    Client::ready(&format!("https://{secure_target}"), &pinned).get("x").expect(CRUX_OK);
    let unknown = [("proxy", written.as_str()), ("tls.ca_pem", &tls.ca_pem), ("allow_http", "1")];
    let refused = Client::ready(&plain_url, &unknown).get("x").expect(support::CRUX_ERR_TLS);
    assert!(refused.message().contains("the proxy localhost:"), "{}", refused.message());
    assert!(!refused.message().contains("p:w"), "{}", refused.message());
}

/// Bodies of many records in both directions, through two layers of TLS.
#[test]
fn much_through_a_proxy_reached_by_tls() {
    let tls = Tls::new(Cert::Good);
    let long = "y".repeat(3_000_000);
    let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{long}", long.len());
    let turn = vec![Step::ReadRequest, Step::send(reply)];
    let secure = FaultServer::scripts(Some(&tls), vec![vec![Step::Repeat(FOREVER, turn.clone())]]);
    let plain = FaultServer::scripts(None, vec![vec![Step::Repeat(FOREVER, turn)]]);
    let proxy = ProxyServer::http(None, ProxyReply::Serve);
    let front = TlsFront::start(&tls, proxy.address());
    let written = format!("https://localhost:{}", front.port());
    let more = [("proxy", written.as_str()), ("tls.ca_pem", &tls.ca_pem), ("allow_http", "1")];
    for url in [nowhere(&plain).0, format!("https://localhost:{}", secure.port())] {
        let client = Client::ready(&url, &more);
        for _ in 0..2 {
            let response = client.request("PUT", "x", Some(&long)).expect(CRUX_OK);
            assert_eq!(response.body().len(), long.len());
        }
    }
    for server in [&plain, &secure] {
        assert_eq!(server.record().body_len(), 2 * long.len() as u64);
    }
}

#[test]
fn socks4() {
    let tls = Tls::new(Cert::Good);
    let (plain, secure) = (serve(None), serve(Some(&tls)));
    for user in [None, Some("me")] {
        let proxy = ProxyServer::socks4(user, ProxyReply::Serve);
        let by_name = if let Some(user) = user { proxy.url_with(user) } else { proxy.url() };
        let by_number = by_name.replacen("socks4a", "socks4", 1);
        let (url, target) = nowhere(&plain);
        Client::ready(&url, &by(&by_name)).get("x").expect(CRUX_OK);
        let here = format!("localhost:{}", secure.port());
        let more = [("proxy", by_number.as_str()), ("tls.ca_pem", &tls.ca_pem)];
        Client::ready(&format!("https://{here}"), &more).get("x").expect(CRUX_OK);
        // The name is looked up by the proxy, or before it is asked.
        assert_eq!(proxy.targets(), [target, format!("127.0.0.1:{}", secure.port())]);
        assert_eq!(proxy.credentials(), vec!["me"; if user.is_some() { 2 } else { 0 }]);
    }
    let proxy = ProxyServer::socks4(Some("me"), ProxyReply::Serve);
    let response = Client::ready(&nowhere(&plain).0, &by(&proxy.url())).get("x").expect(CRUX_ERR_CONNECT);
    assert!(response.message().contains("socks4://USER@"), "{}", response.message());
    let message = Client::with(&[("proxy", "socks4://me:pw@localhost:1"), ("token", "t")]).message();
    assert!(message.contains("no password") && !message.contains("pw@"), "{message}");
}

#[test]
fn a_user_name_with_a_backslash() {
    let (server, proxy) = (serve(None), ProxyServer::http(Some(r"dom\user:pw"), ProxyReply::Serve));
    for user in [r"dom\user:pw", "dom%5Cuser:pw"] {
        Client::ready(&nowhere(&server).0, &by(&proxy.url_with(user))).get("x").expect(CRUX_OK);
    }
    assert_eq!(proxy.credentials(), [r"dom\user:pw", r"dom\user:pw"]);
}

/// What proxies of all ages say to a CONNECT, and mean a tunnel by.
#[test]
fn responds_to_connect() {
    let tls = Tls::new(Cert::Good);
    let secure = serve(Some(&tls));
    let url = format!("https://localhost:{}", secure.port());
    let many: String = (0..200).map(|n| format!("X-{n}: {n}\r\n")).collect();
    let many: &'static str = Box::leak(format!("HTTP/1.1 200 OK\r\n{many}\r\n").into_boxed_str());
    for response in [
        "HTTP/1.0 200 OK\n\n",
        "HTTP/1.0 200 Connection established\r\nProxy-agent: x\n\n",
        "HTTP/1.1 200 OK\r\nX: a,\r\n  b\r\n\r\n",
        "HTTP/1.1 200 \x01\r\nX: a\x01\r\n\r\n",
        "HTTP/1.1 200\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 204 None\r\nTransfer-Encoding: chunked\r\n\r\n",
        many,
    ] {
        let proxy = ProxyServer::http(None, ProxyReply::ServeAfter(response.as_bytes()));
        let more = [("proxy", proxy.url()), ("tls.ca_pem", tls.ca_pem.clone())];
        let more: Vec<_> = more.iter().map(|(key, value)| (*key, value.as_str())).collect();
        Client::ready(&url, &more).get("x").expect(CRUX_OK);
    }
}

#[test]
fn several_challenges_in_one_line() {
    let line = "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate, NTLM, Basic realm=\"a, b\"\r\nContent-Length: 0\r\n\r\n";
    let proxy = ProxyServer::http(None, ProxyReply::Reply(line.as_bytes().to_vec()));
    for url in ["http://nowhere.example", "https://nowhere.example"] {
        let response = Client::ready(url, &by(&proxy.url())).get("x").expect(CRUX_ERR_CONNECT);
        for part in ["Negotiate, NTLM, Basic;", "USER:PASSWORD@"] {
            assert!(response.message().contains(part), "{}", response.message());
        }
    }
}

/// A long body follows its head from where it lies, also where the head is addressed to a proxy.
#[test]
fn a_long_body_is_forwarded() {
    let (server, proxy) = (serve(None), ProxyServer::http(Some("me:pw"), ProxyReply::Serve));
    let long = "y".repeat(3_000_000);
    let client = Client::ready(&nowhere(&server).0, &by(&proxy.url_with("me:pw")));
    for _ in 0..2 {
        client.request("PUT", "x", Some(&long)).expect(CRUX_OK);
    }
    assert_eq!(server.record().body_len(), 2 * long.len() as u64);
}

/// What is left in memory of a proxy's password and a client's key when everything was freed.
#[cfg(unix)]
#[test]
fn nothing_of_a_password_or_key_is_left_in_freed_memory() {
    const PASSWORD: &str = "pw-5b1f0c9d7e3a4826-f00dfeed8badcafe-0123456789";
    let build = Build::c("c99").flags(&["-D_GNU_SOURCE", "-O1"]);
    let source = program::project("tests/wire/connections.c");
    let program = build.build(&program::scratch("bin").join("connections"), &[source]);
    let tls = Tls::new(Cert::Good).ask_client_cert();
    let (plain, secure) = (serve(None), serve(Some(&tls)));
    let (ca, cert) = (TempFile::new(&tls.ca_pem), TempFile::new(&tls.client_pem));
    let key = TempFile::new(&tls.client_key_pem);
    let body: String = tls.client_key_pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = BASE64_STANDARD.decode(&body).expect("a key in PEM form");
    // In PKCS#8 of P-256 the secret number stands there; what is around it is no secret.
    let coded = BASE64_STANDARD.encode(format!("me:{PASSWORD}"));
    let (http, socks) =
        (ProxyServer::http(None, ProxyReply::Serve), ProxyServer::socks5(None, ProxyReply::Serve));
    for base in [format!("{}/", nowhere(&plain).0), format!("https://localhost:{}/", secure.port())] {
        for proxy in [&http, &socks] {
            let url = proxy.url_with(&format!("me:{PASSWORD}"));
            let secrets =
                [url.as_bytes(), PASSWORD.as_bytes(), coded.as_bytes(), body.as_bytes(), &der[36..68]];
            let secrets = secrets.map(disguise);
            let mut arguments = vec![base.as_str(), ca.path(), cert.path(), key.path()];
            arguments.extend(secrets.iter().map(String::as_str));
            let said = program::run(&program, &arguments, &[]).expect(0).out;
            let found: Vec<_> = said.lines().map(|line| line.split_once(' ').expect("two numbers")).collect();
            assert!(found[0].0 != "0", "the search works: {said}");
            for (what, (_, after)) in ["password", "its base64", "key as text", "key"].iter().zip(&found) {
                assert_eq!(*after, "0", "{what} for {base} by {}: {said}", proxy.url());
            }
        }
    }
}
