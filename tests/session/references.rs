//! Paths and headers that try to lead elsewhere.

use crate::taken;
use sandbox::{API_KEY, Sandbox};
use support::*;

/// A client of http://home.test/api/ for which the sandbox takes the part of every http host.
fn home(sandbox: &Sandbox) -> Client {
    let proxy = sandbox.http();
    let pairs = [
        ("service", "crunch"),
        ("base_url", "http://home.test/api/"),
        ("token", API_KEY),
        ("proxy", &*proxy),
        ("allow_http", "1"),
        ("redirect.max", "0"),
    ];
    Client::with(&pairs).expect(CRUX_OK)
}

/// Sends a GET, and checks that whatever left for another place than home left without the token.
fn probe(sandbox: &Sandbox, client: &Client, reference: &str) -> Option<String> {
    let response = client.get(reference);
    let all = taken(sandbox);
    if all.is_empty() {
        assert_eq!(response.code(), CRUX_ERR_ARGUMENT, "{reference:?}: {}", response.message());
        assert!(!response.message().contains("s3cret"), "{}", response.message());
        return None;
    }
    assert_eq!(all.len(), 1, "{reference:?}");
    let own = all[0].target.starts_with("http://home.test/");
    assert_eq!(all[0].header("authorization").is_some(), own, "{reference:?} went to {}", all[0].target);
    Some(all[0].target.clone())
}

#[test]
fn references_resolve_as_rfc_3986_says() {
    let sandbox = Sandbox::start();
    let me = home(&sandbox);
    for (reference, target) in [
        ("", "http://home.test/api/"),
        ("x/", "http://home.test/api/x/"),
        ("./x/", "http://home.test/api/x/"),
        ("../x/", "http://home.test/x/"),
        ("../../../x/", "http://home.test/x/"),
        ("/x/", "http://home.test/x/"),
        ("/a/../b", "http://home.test/b"),
        ("/a/%2e%2E/b", "http://home.test/b"),
        ("?q=1", "http://home.test/api/?q=1"),
        ("x%20y/ü", "http://home.test/api/x%20y/%C3%BC"),
        ("a%2Fb%3a/", "http://home.test/api/a%2Fb%3a/"),
        ("//other.test/x", "http://other.test/x"),
        ("http://other.test:81/x", "http://other.test:81/x"),
        ("http:x/", "http://home.test/api/x/"),
        ("http:///x.test/", "http://x.test/"),
        ("@other.test/", "http://home.test/api/@other.test/"),
        (".other.test/", "http://home.test/api/.other.test/"),
        ("http://home.test.other.test/", "http://home.test.other.test/"),
        ("http://home.test:80/x", "http://home.test/x"),
    ] {
        assert_eq!(probe(&sandbox, &me, reference).as_deref(), Some(target), "{reference:?}");
    }
    for refused in [
        "\\\\other.test\\",
        "/\\other.test/",
        "http://home.test\\@other.test/",
        "http://s3cret:s3cret@home.test/",
        "http://s3cret@other.test/",
        "//s3cret@home.test/",
        "http://home.test@other.test/",
        "\thttp://other.test/",
        "ht\ntp://other.test/",
        "/x\r\nHost: other.test",
        "/x\u{1}",
        "ftp://home.test/",
        "file:///etc/passwd",
        "javascript:1",
        "data:,x",
        "http://",
        "http://home.test:99999/",
        "http://[::/",
        "http://home test/",
    ] {
        assert_eq!(probe(&sandbox, &me, refused), None, "{refused:?}");
    }
}

#[test]
fn no_mixture_of_tricks_takes_the_token_elsewhere() {
    let sandbox = Sandbox::start();
    let me = home(&sandbox);
    let parts = [
        "http:",
        "https:",
        "//",
        "/",
        "\\",
        "@",
        ":",
        "home.test",
        "other.test",
        "%2f",
        "%5c",
        "%00",
        "..",
        ".",
        "?",
        "#",
        "ü",
        "。",
        "\u{ad}",
        "\u{200d}",
        " ",
        "\t",
        ":80",
        ":81",
        "[::1]",
        "127.0.0.1",
        "HOME.TEST",
        "x",
        "%",
        "home.test.",
    ];
    // Always the same mixtures (a linear congruential generator).
    let mut state = 20_180_111_u64;
    let mut next = |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % most
    };
    let (mut own, mut elsewhere) = (0, 0);
    for _ in 0..1500 {
        let start = ["", "", "http://", "//", "/", "http:", "http:/", "/\u{9}/"][next(8)];
        let rest: String = (0..1 + next(6)).map(|_| parts[next(parts.len())]).collect();
        let reference = format!("{start}{rest}");
        // Over https there is no proxy that can listen: those must fail, and before any request.
        if reference.to_lowercase().starts_with("https:") {
            continue;
        }
        match probe(&sandbox, &me, &reference) {
            Some(target) if target.starts_with("http://home.test/") => own += 1,
            Some(_) => elsewhere += 1,
            None => {}
        }
    }
    assert!(own > 100 && elsewhere > 20, "{own} {elsewhere}");
}

#[test]
fn headers_that_are_not_the_callers_to_set() {
    let sandbox = Sandbox::start();
    let me = home(&sandbox);
    let call = me.call("GET", "x/");
    for name in [
        "Authorization",
        "authorization",
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Expect",
        "Proxy-Authorization",
        "Proxy-Connection",
        "TE",
        "Upgrade",
        "Bad Name",
        "Bad:Name",
        "Bad\r\nName",
        "",
        "Näme",
    ] {
        assert_eq!(call.header(name, "s3cret"), CRUX_ERR_ARGUMENT, "{name:?}");
        assert!(!call.message().contains("s3cret"));
    }
    for value in
        ["s3cret\r\nX-Evil: 1", "s3cret\nX-Evil: 1", "s3cret\r", "\n s3cret", "s3cret\u{7f}", "s3\u{1}cret"]
    {
        assert_eq!(call.header("X-Note", value), CRUX_ERR_ARGUMENT, "{value:?}");
        assert!(!call.message().contains("s3"), "{}", call.message());
    }
    // Bytes beyond ASCII and blanks at the ends are fine.
    assert_eq!(call.header("X-Note", "  grün "), CRUX_OK);
    assert_eq!(call.body(b"{}", Some("text/plain\r\nX-Evil: 1")), CRUX_ERR_ARGUMENT);
    for path in ["x\r\nX-Evil: 1", "x HTTP/1.1\r\n", "x\n"] {
        let refused = me.call("GET", path);
        assert_eq!(refused.code(), CRUX_ERR_ARGUMENT);
    }
    for method in ["GET /evil HTTP/1.1\r\n", "G T", "", "GÉT", "CONNECT"] {
        assert_eq!(me.call(method, "x").code(), CRUX_ERR_ARGUMENT, "{method:?}");
    }
    call.send().expect(CRUX_ERR_ARGUMENT);
    assert_eq!(taken(&sandbox).len(), 0, "what was refused is not sent without it");
    let call = me.call("GET", "x");
    assert_eq!(call.header("X-Note", "  grün "), CRUX_OK);
    call.send();
    let all = taken(&sandbox);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].header("x-note"), Some("grün"));
    assert_eq!(all[0].header("x-evil"), None);
    assert_eq!(all[0].header("authorization"), Some(&*format!("Bearer {API_KEY}")));
}

#[test]
fn a_token_header_of_ones_own_is_not_the_callers_to_set() {
    let sandbox = Sandbox::start();
    let base = format!("{}/api/", sandbox.http());
    let pairs = [
        ("service", "custom"),
        ("base_url", &*base),
        ("token", "t0ken"),
        ("auth.header", "X-Auth"),
        ("auth.scheme", "Key"),
    ];
    let me = Client::with(&pairs).expect(CRUX_OK);
    let call = me.call("GET", "/echo/");
    assert_eq!(call.header("x-auth", "other"), CRUX_ERR_ARGUMENT);
    call.send().expect(CRUX_ERR_ARGUMENT);
    me.get("/echo/").expect(CRUX_OK);
    let all = taken(&sandbox);
    assert_eq!(all[0].header("x-auth"), Some("Key t0ken"));
    assert_eq!(all[0].header("authorization"), None);
    let foreign = sandbox.http().replace("127.0.0.1", "localhost");
    me.get(&format!("{foreign}/echo/")).expect(CRUX_OK);
    assert_eq!(taken(&sandbox)[0].header("x-auth"), None);
}

#[test]
fn no_header_that_may_go_anywhere_carries_the_token() {
    for name in [
        "accept",
        "Accept-Encoding",
        "Accept-Language",
        "Content-Type",
        "Content-Language",
        "content-disposition",
        "Range",
        "If-Range",
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "Cache-Control",
        "USER-AGENT",
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Proxy-Authorization",
        "proxy-connection",
        "Proxy-Anything",
    ] {
        let options = Options::new();
        assert_eq!(options.set("auth.header", Some(name)), CRUX_ERR_ARGUMENT, "{name}");
    }
    for name in ["Authorization", "X-Api-Key", "X-Auth-Token"] {
        let options = Options::new();
        assert_eq!(options.set("auth.header", Some(name)), CRUX_OK, "{name}");
    }
}
