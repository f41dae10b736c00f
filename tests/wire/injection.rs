//! Texts that would change what goes over the wire: refused, nothing sent, and never repeated in a message.

use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::*;

/// Stands in every bad text; no message may hold it.
const CANARY: &str = "kAnArIeNvOgEl";

/// What splits a line, ends it early, or cannot stand in a header.
const BREAKS: &[&str] = &["\r\n", "\n", "\r", "\r\n\r\n", "\r\n ", "\u{1}", "\u{7f}", "\u{b}", "\u{1b}[0m"];

fn started() -> (Sandbox, String) {
    let sandbox = Sandbox::start();
    sandbox.respond("*", "/api/*", Canned::json(200, &json!({})));
    let base = format!("{}/api/", sandbox.http());
    (sandbox, base)
}

fn client(base: &str) -> Client {
    Client::login("custom", base, None, Some("t0ken")).expect(CRUX_OK)
}

#[track_caller]
fn is_discreet(message: &str) {
    assert!(!message.contains(CANARY), "it repeats what was given: {message}");
    assert!(message.ends_with('.') && !message.contains('\n'), "not one sentence: {message:?}");
}

/// The headers of the only request that arrived.
#[track_caller]
fn only_request(sandbox: &Sandbox) -> sandbox::Recorded {
    let mut requests = sandbox.requests();
    assert_eq!(requests.len(), 1, "one request was expected");
    requests.remove(0)
}

#[test]
fn header_values() {
    let (sandbox, base) = started();
    let client = client(&base);
    for broken in BREAKS {
        let call = client.call("GET", "x/");
        for value in [format!("a{broken}X-Evil: {CANARY}"), format!("{CANARY}{broken}b")] {
            assert_eq!(call.header("X-Note", &value), CRUX_ERR_ARGUMENT, "{value:?}");
            assert!(call.message().contains("x-note"), "which header? {}", call.message());
            is_discreet(&call.message());
        }
        assert_eq!(call.header("X-Kept", "yes"), CRUX_OK);
        call.send().expect(CRUX_ERR_ARGUMENT);
    }
    assert_eq!(sandbox.requests().len(), 0);
    // A call that refused a header is as it was before, and can be sent once that header is set well.
    let call = client.call("GET", "x/");
    assert_eq!(call.header("X-Note", &format!("a\r\nX-Evil: {CANARY}")), CRUX_ERR_ARGUMENT);
    assert_eq!(call.header("X-Fine", " \tü and\ttab\t "), CRUX_OK);
    call.send().expect(CRUX_ERR_ARGUMENT);
    assert_eq!(call.header("X-Note", "fine"), CRUX_OK);
    call.send().expect(CRUX_OK);
    let request = only_request(&sandbox);
    assert_eq!((request.header("x-note"), request.header("x-evil")), (Some("fine"), None));
    assert_eq!(request.header("x-fine"), Some("ü and\ttab"));
}

#[test]
fn header_names() {
    let (sandbox, base) = started();
    let client = client(&base);
    for broken in BREAKS.iter().chain(&[" ", ":", "\t", "ü", "\"", "/", "(", "@", "{", ","]) {
        let call = client.call("GET", "x/");
        let name = format!("X-{CANARY}{broken}A");
        assert_eq!(call.header(&name, "1"), CRUX_ERR_ARGUMENT, "{name:?}");
        is_discreet(&call.message());
    }
    assert_eq!(client.call("GET", "x/").header("", "1"), CRUX_ERR_ARGUMENT);
    for name in [
        "Authorization",
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Upgrade",
        "TE",
        "Trailer",
        "Keep-Alive",
        "Expect",
        "Proxy-Authorization",
        "Proxy-Connection",
    ] {
        for name in [name.to_owned(), name.to_uppercase(), name.to_lowercase()] {
            let call = client.call("GET", "x/");
            assert_eq!(call.header(&name, CANARY), CRUX_ERR_ARGUMENT, "{name}");
            assert!(call.message().contains(&name.to_lowercase()), "which? {}", call.message());
            is_discreet(&call.message());
        }
    }
    client.get("x/").expect(CRUX_OK);
    assert_eq!(only_request(&sandbox).header("authorization"), Some("Bearer t0ken"));
}

#[test]
fn tokens() {
    let (sandbox, base) = started();
    let client = client(&base);
    for broken in BREAKS.iter().chain(&[" ", "\t", "ü", "\u{a0}", "\u{200b}"]) {
        let token = format!("{CANARY}{broken}b");
        assert_eq!(unsafe { crux_set_token(client.0, c(&token).as_ptr()) }, CRUX_ERR_ARGUMENT, "{token:?}");
        let refused = Client::login("custom", &base, None, Some(&token)).expect(CRUX_ERR_ARGUMENT);
        is_discreet(&refused.message());
        is_discreet(&refused.get("x/").expect(CRUX_ERR_ARGUMENT).message());
        let pairs = [("service", "custom"), ("base_url", &base), ("token", &token)];
        is_discreet(&Client::with(&pairs).expect(CRUX_ERR_ARGUMENT).message());
    }
    for empty in ["", " ", "\r\n"] {
        assert_eq!(unsafe { crux_set_token(client.0, c(empty).as_ptr()) }, CRUX_ERR_ARGUMENT);
    }
    assert_eq!(sandbox.requests().len(), 0);
    // What a paste brings along at the end is dropped; the token before it is the one that is sent.
    assert_eq!(unsafe { crux_set_token(client.0, c("pasted \t\r\n").as_ptr()) }, CRUX_OK);
    client.get("x/").expect(CRUX_OK);
    assert_eq!(only_request(&sandbox).header("authorization"), Some("Bearer pasted"));
}

#[test]
fn tokens_that_a_login_brings() {
    let (sandbox, base) = started();
    for token in ["a\r\nX-Evil: kAnArIeNvOgEl", "a\0kAnArIeNvOgEl", "kAnArIeNvOgEl b", "", "ü"] {
        sandbox.respond("POST", "/api/login", Canned::json(200, &json!({"token": token})));
        sandbox.clear();
        let client = Client::login("custom", &base, Some("ada"), Some("horse")).expect(CRUX_ERR_PROTOCOL);
        is_discreet(&client.message());
        assert_eq!(only_request(&sandbox).path, "/api/login");
    }
}

#[test]
fn methods() {
    let (sandbox, base) = started();
    let client = client(&base);
    for method in [
        "GET / HTTP/1.1\r\nX: kAnArIeNvOgEl",
        "kAnArIeNvOgEl\n",
        "GET kAnArIeNvOgEl",
        "",
        " ",
        "GÉT",
        "CONNECT",
    ] {
        let response = client.request(method, "x/", None).expect(CRUX_ERR_ARGUMENT);
        is_discreet(&response.message());
        let call = client.call(method, "x/").expect(CRUX_ERR_ARGUMENT);
        is_discreet(&call.message());
        // A call that could not be made stays refused, whatever is done to it.
        assert_eq!(call.header("X-A", "1"), CRUX_ERR_ARGUMENT);
        assert_eq!(call.body(b"{}", None), CRUX_ERR_ARGUMENT);
        is_discreet(&call.send().expect(CRUX_ERR_ARGUMENT).message());
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn paths() {
    let (sandbox, base) = started();
    let client = client(&base);
    let mut bad: Vec<String> =
        BREAKS.iter().map(|broken| format!("x/{CANARY}{broken} HTTP/1.1{broken}X-Evil: 1")).collect();
    bad.extend(BREAKS.iter().map(|broken| format!("{broken}{CANARY}")));
    bad.extend(BREAKS.iter().map(|broken| format!("x/?{CANARY}{broken}")));
    for start in
        ["\\\\", "http://u:", "ftp://", "file:///", "javascript:", "data:,", "http://[", "http://a:99999/"]
    {
        bad.push(format!("{start}{CANARY}@127.0.0.1/"));
    }
    bad.push(format!("x/{}{CANARY}", "y".repeat(70_000)));
    for path in &bad {
        let response = client.get(path).expect(CRUX_ERR_ARGUMENT);
        is_discreet(&response.message());
        is_discreet(&client.call("GET", path).expect(CRUX_ERR_ARGUMENT).message());
    }
    assert_eq!(sandbox.requests().len(), 0);
    for path in ["x y/", " x/", "x/ ", "x/?q=a b", "x#y/", "x/#"] {
        client.get(path).expect(CRUX_ERR_ARGUMENT);
    }
    // Letters of any script are encoded; what is encoded already goes out as it is.
    client.get("x%20y/é/%0d%0a%2e?q=a%20b").expect(CRUX_OK);
    assert_eq!(only_request(&sandbox).target, "/api/x%20y/%C3%A9/%0d%0a%2e?q=a%20b");
}

#[test]
fn queries_and_bodies_carry_anything() {
    let (sandbox, base) = started();
    let client = client(&base);
    let call = client.call("POST", "x/?kept=1");
    assert_eq!(call.query("a&b=\r\n", "1 2&c=3#\r\nX-Evil: 1\u{1}ü"), CRUX_OK);
    let body = b"line\r\n\r\nGET / HTTP/1.1\r\n\0\xff";
    assert_eq!(call.body(body, Some("application/octet-stream")), CRUX_OK);
    call.send().expect(CRUX_OK);
    let request = only_request(&sandbox);
    assert_eq!(request.query, "kept=1&a%26b%3D%0D%0A=1%202%26c%3D3%23%0D%0AX-Evil%3A%201%01%C3%BC");
    assert_eq!(request.body, body);
    assert_eq!(request.header("content-type"), Some("application/octet-stream"));
}

#[test]
fn types_of_bodies() {
    let (sandbox, base) = started();
    let client = client(&base);
    let call = client.call("POST", "x/");
    assert_eq!(call.body(b"first", Some("text/plain")), CRUX_OK);
    for broken in BREAKS {
        assert_eq!(call.body(b"second", Some(&format!("{CANARY}{broken}X-Evil: 1"))), CRUX_ERR_ARGUMENT);
        is_discreet(&call.message());
        call.send().expect(CRUX_ERR_ARGUMENT);
    }
    assert_eq!(call.body(b"first", Some("text/plain")), CRUX_OK);
    call.send().expect(CRUX_OK);
    let request = only_request(&sandbox);
    assert_eq!((&*request.body, request.header("content-type")), (&b"first"[..], Some("text/plain")));
}

#[test]
fn options_that_go_over_the_wire() {
    let (sandbox, base) = started();
    for broken in BREAKS {
        let bad = format!("{CANARY}{broken}X-Evil: 1");
        for key in ["user_agent", "auth.scheme", "auth.header", "service", "login.mode"] {
            let options = Options::new();
            assert_eq!(options.set(key, Some(&bad)), CRUX_ERR_ARGUMENT, "{key}");
            assert!(options.message().contains(key), "{}", options.message());
            is_discreet(&options.message());
        }
        let address = format!("http://127.0.0.1/{bad}");
        assert_eq!(Options::new().set("base_url", Some(&address)), CRUX_ERR_ARGUMENT);
        // These are looked at when the client is made, or when it logs in.
        for (key, value) in [("proxy", &address), ("origins", &address), ("login.path", &bad)] {
            let pairs = [("service", "custom"), ("base_url", &*base), ("user", "ada"), ("secret", "horse")];
            let options = Options::of(&pairs);
            if options.set(key, Some(value)) == CRUX_OK {
                let client = options.login();
                is_discreet(&client.expect(CRUX_ERR_ARGUMENT).message());
            }
            is_discreet(&options.message());
        }
    }
    assert_eq!(sandbox.requests().len(), 0);
    // User name, password and their members are JSON, and may hold anything.
    sandbox.respond("POST", "/api/login", Canned::json(200, &json!({"token": "t0ken"})));
    let pairs = [
        ("service", "custom"),
        ("base_url", &*base),
        ("user", "a\"\r\n\u{1}d"),
        ("secret", "\\\"p\n"),
        ("login.user_field", "u\"\n"),
    ];
    Client::with(&pairs).expect(CRUX_OK);
    let sent = only_request(&sandbox).json();
    assert_eq!(sent, json!({"u\"\n": "a\"\r\n\u{1}d", "password": "\\\"p\n"}));
}
