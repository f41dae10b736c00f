//! Whom the library trusts, and what it says of those it does not.

use sandbox::fault::{Cert, FOREVER, FaultServer, Step, Tls};
use support::{
    CRUX_ERR_ARGUMENT, CRUX_ERR_FILE, CRUX_ERR_TLS, CRUX_OK, Client, Lines, Options, TempFile, alone,
};

fn serve(tls: &Tls) -> FaultServer {
    let reply = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    FaultServer::start_tls(tls, vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, reply])])
}

/// The outcome of a GET with these options, and its message.
fn outcome(url: &str, options: &[(&str, &str)]) -> (i32, String) {
    let response = Client::ready(url, options).get("x");
    if response.code() == CRUX_ERR_TLS {
        assert_eq!(response.number("maybe_sent"), 0, "{}", response.message());
        assert_eq!(response.number("retryable"), 0, "{}", response.message());
    }
    (response.code(), response.message())
}

#[test]
fn an_authority_that_was_added_is_trusted() {
    let tls = Tls::new(Cert::Good);
    let server = serve(&tls);
    let file = TempFile::new(&format!("some text before\n{}{}", Tls::new(Cert::Good).ca_pem, tls.ca_pem));
    for (key, value) in [("tls.ca_pem", tls.ca_pem.as_str()), ("tls.ca_file", file.path())] {
        assert_eq!(outcome(&server.url(), &[(key, value)]).0, CRUX_OK, "{key}");
        let by_name = format!("https://localhost:{}", server.port());
        assert_eq!(outcome(&by_name, &[(key, value)]).0, CRUX_OK, "{key}");
    }
    assert_eq!(server.conn(1).sni.as_deref(), Some("localhost"));
    assert_eq!(server.conn(0).tls_version.as_deref(), Some("TLSv1_3"));
}

/// What `openssl req -x509` makes, added as it is: trusted for its names and its dates.
#[test]
fn a_certificate_that_was_added_byte_for_byte() {
    for cert in [Cert::CaAsLeaf, Cert::SelfSigned] {
        let tls = Tls::new(cert);
        let server = serve(&tls);
        let file = TempFile::new(&format!("{}{}", Tls::new(Cert::Good).ca_pem, tls.leaf_pem));
        for (key, value) in [("tls.ca_pem", tls.leaf_pem.as_str()), ("tls.ca_file", file.path())] {
            let (code, message) = outcome(&server.url(), &[(key, value)]);
            assert_eq!(code, CRUX_OK, "{cert:?}: {message}");
        }
        let other = Tls::new(cert);
        let (code, message) = outcome(&server.url(), &[("tls.ca_pem", &other.leaf_pem)]);
        assert_eq!(code, CRUX_ERR_TLS, "{cert:?}: {message}");
    }
    // For no more than that.
    for (cert, word) in
        [(Cert::Expired, "expired"), (Cert::NotYetValid, "not valid yet"), (Cert::WrongHost, "another host")]
    {
        let tls = Tls::new(cert);
        let (code, message) = outcome(&serve(&tls).url(), &[("tls.ca_pem", &tls.leaf_pem)]);
        assert_eq!(code, CRUX_ERR_TLS);
        assert!(message.contains(word), "{cert:?}: {message}");
    }
}

/// Added, not put in place of the system's.
// Variables that name authorities.
#[cfg(unix)]
#[test]
fn the_systems_authorities_stay_trusted() {
    let (system, own) = (Tls::new(Cert::Good), Tls::new(Cert::Good));
    let file = TempFile::new(&system.ca_pem);
    let (first, second) = (serve(&system), serve(&own));
    let urls = format!("{} {}", first.url(), second.url());
    let variables = [("SSL_CERT_FILE", file.path()), ("URLS", &urls), ("CA", &own.ca_pem)];
    if !alone("tls::the_systems_authorities_stay_trusted", &variables) {
        return;
    }
    let given = |name| std::env::var(name).expect("a variable of the first process");
    for url in given("URLS").split(' ') {
        let (code, message) = outcome(url, &[("tls.ca_pem", &given("CA"))]);
        assert_eq!(code, CRUX_OK, "{message}");
    }
}

/// No two of these need the same remedy, so no two may say the same.
#[test]
fn each_refusal_says_why() {
    let mut told = Vec::new();
    for (cert, word) in [
        (Cert::Expired, "expired"),
        (Cert::NotYetValid, "not valid yet"),
        (Cert::WrongHost, "another host"),
        (Cert::UnknownIssuer, "tls.ca_file"),
    ] {
        let tls = Tls::new(cert);
        let server = serve(&tls);
        let (code, message) = outcome(&server.url(), &[("tls.ca_pem", &tls.ca_pem)]);
        assert_eq!(code, CRUX_ERR_TLS, "{cert:?}: {message}");
        assert!(message.contains(word) && message.contains("127.0.0.1"), "{cert:?}: {message}");
        assert_eq!(server.requests(), 0);
        told.push(message);
    }
    let tls = Tls::new(Cert::SelfSigned);
    let (code, message) = outcome(&serve(&tls).url(), &[]);
    assert_eq!(code, CRUX_ERR_TLS);
    assert!(message.contains("self-signed"), "{message}");

    let hello = vec![Step::ReadSome(1), Step::send("HTTP/1.1 400 Bad Request\r\n\r\n")];
    let (code, message) = outcome(&FaultServer::start(hello).url_as("https"), &[]);
    assert_eq!(code, CRUX_ERR_TLS);
    assert!(message.contains("plain HTTP"), "{message}");
    told.push(message);

    for end in [Step::Fin, Step::Reset, Step::Close] {
        let (code, message) = outcome(&FaultServer::start(vec![Step::ReadSome(1), end]).url_as("https"), &[]);
        assert_eq!(code, CRUX_ERR_TLS);
        assert!(message.contains("during the TLS handshake"), "{message}");
        told.push(message);
    }
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 6, "{told:#?}");
}

/// Over http to a port that wants TLS.
#[test]
fn a_tls_port_is_no_http_port() {
    let tls = Tls::new(Cert::Good);
    let (code, message) = outcome(&serve(&tls).url_as("http"), &[]);
    assert_eq!(code, support::CRUX_ERR_PROTOCOL);
    assert!(message.contains("https"), "{message}");
}

#[test]
fn a_pin_stands_in_for_an_authority() {
    for cert in [Cert::CaAsLeaf, Cert::SelfSigned, Cert::UnknownIssuer, Cert::Good] {
        let tls = Tls::new(cert);
        let server = serve(&tls);
        let other = Tls::new(Cert::Good).pin;
        for pins in [
            tls.pin.clone(),
            format!("sha256//{}", tls.pin),
            format!("sha256//{other};sha256//{}", tls.pin),
            format!("{}; {other};", tls.pin),
        ] {
            let (code, message) = outcome(&server.url(), &[("tls.pin_sha256", &pins)]);
            assert_eq!(code, CRUX_OK, "{cert:?} {pins}: {message}");
        }
        let (code, message) = outcome(&server.url(), &[("tls.pin_sha256", &other)]);
        assert_eq!(code, CRUX_ERR_TLS, "{cert:?}");
        assert!(message.contains("none of those pinned"), "{message}");
        // A pin narrows, whatever else is trusted.
        let both = [("tls.pin_sha256", other.as_str()), ("tls.ca_pem", &tls.ca_pem), ("tls.verify", "0")];
        assert_eq!(outcome(&server.url(), &both).0, CRUX_ERR_TLS, "{cert:?}");
    }
}

#[test]
fn a_client_certificate() {
    let (cert, key);
    for versions in ["1.3", "1.2"] {
        let tls = Tls::new(Cert::Good).ask_client_cert();
        let tls = if versions == "1.2" { tls.only_tls12() } else { tls };
        let server = serve(&tls);
        let ca = ("tls.ca_pem", tls.ca_pem.as_str());
        let response = Client::ready(&server.url(), &[ca]).get("x").expect(CRUX_ERR_TLS);
        assert!(response.message().contains("tls.client_cert_file"), "{versions}: {}", response.message());

        let files = (TempFile::new(&tls.client_pem), TempFile::new(&tls.client_key_pem));
        let own = [ca, ("tls.client_cert_file", files.0.path()), ("tls.client_key_file", files.1.path())];
        let (code, message) = outcome(&server.url(), &own);
        assert_eq!(code, CRUX_OK, "{versions}: {message}");
        assert!(server.conn(1).client_cert);
    }
    let (one, other) = (Tls::new(Cert::Good), Tls::new(Cert::Good));
    (cert, key) = (TempFile::new(&one.client_pem), TempFile::new(&other.client_key_pem));
    let refused = |cert: &str, key: &str| {
        let base = [("service", "custom"), ("base_url", "https://localhost:9/"), ("token", "t")];
        let files = [("tls.client_cert_file", cert), ("tls.client_key_file", key)];
        let client = Client::with(&[&base[..], &files].concat());
        (client.code(), client.message())
    };
    // Told at once, rather than by the first request.
    let (code, message) = refused(cert.path(), key.path());
    assert_eq!(code, CRUX_ERR_ARGUMENT);
    assert!(message.contains("do not belong together"), "{message}");
    let (code, message) = refused(cert.path(), "/nowhere/key.pem");
    assert_eq!(code, CRUX_ERR_FILE);
    assert!(message.contains("/nowhere/key.pem") && message.contains("tls.client_key_file"), "{message}");
    let (code, message) = refused("/nowhere/cert.pem", key.path());
    assert_eq!(code, CRUX_ERR_FILE);
    assert!(message.contains("/nowhere/cert.pem") && message.contains("tls.client_cert_file"), "{message}");
    assert_eq!(refused(cert.path(), cert.path()).0, CRUX_ERR_FILE);
    let half = Client::with(&[("tls.client_cert_file", cert.path()), ("token", "t")]);
    assert_eq!(half.code(), CRUX_ERR_ARGUMENT);
}

/// Those named by the option "origins" are own origins too.
#[test]
fn another_origin_gets_no_client_certificate() {
    let tls = Tls::new(Cert::Good).ask_client_cert();
    let (base, other) = (serve(&tls), serve(&tls));
    let files = (TempFile::new(&tls.client_pem), TempFile::new(&tls.client_key_pem));
    let mine = [
        ("tls.ca_pem", tls.ca_pem.as_str()),
        ("tls.client_cert_file", files.0.path()),
        ("tls.client_key_file", files.1.path()),
    ];
    let url = other.url();
    let client = Client::ready(&base.url(), &mine);
    client.get("x").expect(CRUX_OK);
    let refused = client.get(&format!("{url}/x")).expect(CRUX_ERR_TLS);
    for part in ["wants a client certificate", "its origin", "\"origins\""] {
        assert!(refused.message().contains(part), "{part}: {}", refused.message());
    }
    assert!(base.conn(0).client_cert && !other.conn(0).client_cert);
    assert_eq!(other.requests(), 0);
    let named = Client::ready(&base.url(), &[&mine[..], &[("origins", &url)]].concat());
    named.get(&format!("{url}/x")).expect(CRUX_OK);
    assert!(other.conn(1).client_cert);
}

/// A link to where a file is stored is followed by a client that has pinned the service's key.
#[test]
fn pins_are_of_the_own_origins() {
    let (tls, of_other) = (Tls::new(Cert::SelfSigned), Tls::new(Cert::Good));
    let other = serve(&of_other);
    let url = other.url();
    let moved = format!("HTTP/1.1 302 Found\r\nLocation: {url}/file\r\nContent-Length: 0\r\n\r\n");
    let base =
        FaultServer::start_tls(&tls, vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, Step::send(moved)])]);
    // The first hop has been sent.
    let outcome = |options: &[(&str, &str)]| {
        let response = Client::ready(&base.url(), options).get("x");
        (response.code(), response.message())
    };
    let pinned = [("tls.pin_sha256", tls.pin.as_str()), ("tls.ca_pem", &of_other.ca_pem)];
    let (code, message) = outcome(&pinned);
    assert_eq!(code, CRUX_OK, "{message}");
    let (code, message) = outcome(&[&pinned[..], &[("origins", &url)]].concat());
    assert_eq!(code, CRUX_ERR_TLS);
    assert!(message.contains("none of those pinned"), "{message}");
    // A pin stands in for no authority elsewhere.
    let both = format!("{};{}", tls.pin, of_other.pin);
    let (code, message) = outcome(&[("tls.pin_sha256", &both)]);
    assert_eq!(code, CRUX_ERR_TLS);
    assert!(message.contains("authority that this computer does not know"), "{message}");
    assert_eq!(other.requests(), 1);
}

/// Advice to pin a key is given where a pin would help.
#[test]
fn a_pin_is_advised_for_own_origins_alone() {
    for cert in [Cert::SelfSigned, Cert::CaAsLeaf] {
        let (base, other) = (serve(&Tls::new(Cert::Good)), serve(&Tls::new(cert)));
        let by_proxy = [("proxy", &*format!("https://127.0.0.1:{}", other.port()))];
        for (options, own) in
            [(&[][..], false), (&[("origins", &*other.url())][..], true), (&by_proxy[..], false)]
        {
            let refused = Client::ready(&base.url(), options).get(&format!("{}/x", other.url()));
            let message = refused.expect(CRUX_ERR_TLS).message();
            assert!(message.contains("\"tls.ca_file\""), "{cert:?}: {message}");
            assert_eq!(message.contains("tls.pin_sha256"), own, "{cert:?} {options:?}: {message}");
        }
    }
}

#[test]
fn versions() {
    let tls = Tls::new(Cert::Good).only_tls12();
    let server = serve(&tls);
    let ca = ("tls.ca_pem", tls.ca_pem.as_str());
    assert_eq!(outcome(&server.url(), &[ca]).0, CRUX_OK);
    assert_eq!(server.conn(0).tls_version.as_deref(), Some("TLSv1_2"));
    let (code, message) = outcome(&server.url(), &[ca, ("tls.min_version", "1.3")]);
    assert_eq!(code, CRUX_ERR_TLS);
    assert!(message.contains("tls.min_version"), "{message}");
    assert_eq!(server.requests(), 1);
}

#[test]
fn no_verification_is_asked_for_and_told() {
    for cert in [Cert::Expired, Cert::WrongHost, Cert::UnknownIssuer, Cert::SelfSigned, Cert::CaAsLeaf] {
        let tls = Tls::new(cert);
        let server = serve(&tls);
        let base = format!("{}/", server.url());
        let options = Options::of(&[("service", "custom"), ("base_url", &base), ("proxy", "direct")]);
        assert_eq!(options.set("tls.verify", Some("0")), CRUX_OK);
        let lines = Lines::default();
        lines.listen(&options, 2);
        let client = options.login().expect(CRUX_OK);
        client.get("x").expect(CRUX_OK);
        let heard = lines.all();
        assert!(heard.iter().any(|(level, line)| *level == 2 && line.contains("tls.verify=0")), "{heard:?}");
    }
}

/// What other programs read to turn checks off does nothing here.
#[test]
fn the_environment_cannot_turn_it_off() {
    let tls = Tls::new(Cert::UnknownIssuer);
    let server = serve(&tls);
    let url = server.url();
    let variables = [
        ("URL", url.as_str()),
        ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
        ("PYTHONHTTPSVERIFY", "0"),
        ("R_TEST_VERIFY_SSL", "FALSE"),
        ("GIT_SSL_NO_VERIFY", "1"),
        ("CURL_INSECURE", "1"),
        ("TLS_VERIFY", "0"),
        ("CRUX_TLS_VERIFY", "0"),
        ("CRUX_VERIFY", "0"),
    ];
    if alone("tls::the_environment_cannot_turn_it_off", &variables) {
        let url = std::env::var("URL").expect("a variable of the first process");
        let base = format!("{url}/");
        let options = Options::of(&[("service", "custom"), ("base_url", &base), ("proxy", "direct")]);
        assert_eq!(unsafe { support::crux_options_env(options.0, std::ptr::null()) }, CRUX_OK);
        options.login().get("x").expect(CRUX_ERR_TLS);
    }
}

#[test]
fn authorities_that_cannot_be_read() {
    let base = [("service", "custom"), ("base_url", "https://localhost:9/"), ("token", "t")];
    let refused = |key: &str, value: &str| {
        let client = Client::with(&[&base[..], &[(key, value)]].concat());
        assert!(client.message().contains(key), "{}", client.message());
        client.code()
    };
    assert_eq!(refused("tls.ca_file", "/nowhere/ca.pem"), CRUX_ERR_FILE);
    for garbage in
        ["", "this is no certificate", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"]
    {
        let file = TempFile::new(garbage);
        assert_eq!(refused("tls.ca_file", file.path()), CRUX_ERR_FILE, "{garbage}");
        if !garbage.is_empty() {
            assert_eq!(refused("tls.ca_pem", garbage), CRUX_ERR_ARGUMENT, "{garbage}");
        }
    }
    let folder = std::env::temp_dir();
    assert_eq!(refused("tls.ca_file", folder.to_str().unwrap()), CRUX_ERR_FILE);
    for garbage in ["abc", "sha256//", ";"] {
        assert_eq!(refused("tls.pin_sha256", garbage), CRUX_ERR_ARGUMENT, "{garbage}");
    }
}

/// A second connection takes up the session of the first, and with it saves a round trip.
#[test]
fn sessions_are_resumed() {
    for versions in ["1.3", "1.2"] {
        let tls = Tls::new(Cert::Good);
        let tls = if versions == "1.2" { tls.only_tls12() } else { tls };
        let server = serve(&tls);
        let client = Client::ready(&server.url(), &[("tls.ca_pem", &tls.ca_pem), ("pool.max_idle", "0")]);
        client.get("x").expect(CRUX_OK);
        client.get("x").expect(CRUX_OK);
        assert_eq!(server.connections(), 2);
        assert!(!server.conn(0).resumed);
        assert!(server.conn(1).resumed, "{versions}");
    }
}
