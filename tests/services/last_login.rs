//! What a client says of its last login, and what it counts: facts, status, headers, body, JSON.

use std::ffi::c_char;
use std::ptr::null;

use sandbox::{API_KEY, Canned, Sandbox};
use serde_json::{Value, json};
use support::*;

const ADA: (&str, &str) = ("ada@example.com", "correct horse");

fn log_in(sandbox: &Sandbox, user: &str, secret: &str) -> Client {
    let base = format!("{}/timp/", sandbox.http());
    Client::login("crux-connect", &base, Some(user), Some(secret))
}

fn facts(object: &Client) -> Value {
    serde_json::from_slice(&object.copy("facts")).expect("facts are JSON")
}

fn status(client: &Client) -> i32 {
    unsafe { crux_status(client.0.cast()) }
}

fn body(client: &Client) -> String {
    let mut size = 0;
    let body = unsafe { crux_body(client.0.cast(), &raw mut size) };
    let body = text(body).expect("a body is never NULL");
    assert_eq!((body.len(), body.as_bytes()), (size, &*client.copy("body")));
    body
}

fn json_text(client: &Client, pointer: &str) -> Option<String> {
    text(unsafe { crux_json_text(client.0.cast(), c(pointer).as_ptr()) })
}

fn header(client: &Client, name: &str) -> Option<String> {
    text(unsafe { crux_header(client.0.cast(), c(name).as_ptr(), 0) })
}

#[test]
fn a_login_is_told_without_its_secrets() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, ADA.0, ADA.1).expect(CRUX_OK);
    let token = String::from_utf8(me.copy("token")).unwrap();
    assert!(token.len() > 3);
    assert_eq!(status(&me), 200);
    assert!(body(&me).contains("[secret]"), "{}", body(&me));
    assert!(!body(&me).contains(&token), "{}", body(&me));
    assert!(json_text(&me, "").is_some() && me.info("json_error").is_none());
    assert!(header(&me, "content-type").unwrap().contains("json"));
    assert_eq!(header(&me, "set-cookie"), None);
    assert!(me.info("url").unwrap().ends_with("/user-login/"), "{:?}", me.info("url"));
    assert_eq!((me.number("attempts"), me.number("retryable"), me.number("maybe_sent")), (1, 0, 1));
    let all = facts(&me);
    assert_eq!(all["service"], "crux-connect");
    assert_eq!((&all["attempts"], &all["logins"]), (&1.into(), &1.into()));
    assert_eq!(all["token_source"], "login");
    assert!(!all.to_string().contains(&token) && !all.to_string().contains(ADA.1));
    // What a request that runs would tell is none of a login's.
    assert_eq!((me.number("phase"), me.number("sent"), me.number("percent")), (-1, -1, -1));
}

#[test]
fn a_refused_login_keeps_its_response() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, ADA.0, "a wrong \"password\"").expect(CRUX_ERR_AUTH);
    assert!((400..500).contains(&status(&me)), "{}", status(&me));
    assert!(!body(&me).is_empty());
    assert_eq!((me.number("attempts"), me.number("retryable"), me.number("logins")), (1, 0, 1));
    assert!(me.info("server_message").is_some());
    assert_eq!(me.info("token_source"), None);
    assert_eq!(facts(&me).get("token_source"), None);
}

#[test]
fn what_a_server_echoes_is_hidden() {
    let secret = "pass\"wörd\\1";
    let sandbox = Sandbox::start();
    let echo = json!({
        "message": format!("no user with {secret}"), "password": "another one", "refresh_token": "r-e-f-r-e-s-h",
        "deep": [{"Api-Key": "k-e-y-k-e-y"}], "kind": "plain",
    });
    let response = Canned::json(403, &echo)
        .header("X-Auth-Token", "t-o-k-e-n")
        .header("X-Echo", "r-e-f-r-e-s-h")
        .header("X-Plain", "yes")
        .header("Set-Cookie", "token=c-o-o-k-i-e");
    sandbox.respond("POST", "/*", response);
    let me = log_in(&sandbox, ADA.0, secret).expect(CRUX_ERR_AUTH);
    let kept = body(&me);
    for hidden in ["wörd", "another one", "r-e-f-r-e-s-h", "k-e-y-k-e-y"] {
        assert!(!kept.contains(hidden), "{kept}");
    }
    assert_eq!(json_text(&me, "/kind").as_deref(), Some("plain"));
    assert_eq!(json_text(&me, "/message").as_deref(), Some("no user with [secret]"));
    assert_eq!(json_text(&me, "/deep/0/Api-Key").as_deref(), Some("[secret]"));
    for name in ["x-auth-token", "x-echo", "set-cookie"] {
        assert_eq!(header(&me, name), None, "{name}");
    }
    assert_eq!(header(&me, "x-plain").as_deref(), Some("yes"));
    let mut listed = Vec::new();
    loop {
        let (mut name, mut value): (*const c_char, *const c_char) = (null(), null());
        if unsafe { crux_header_at(me.0.cast(), listed.len(), &raw mut name, &raw mut value) } == 0 {
            break;
        }
        listed.push((text(name).unwrap(), text(value).unwrap()));
    }
    assert!(listed.iter().any(|(name, _)| name == "x-plain"));
    assert!(!format!("{listed:?}").contains("c-o-o-k-i-e"));
    // A secret that is too short to be replaced leaves nothing of the body.
    let me = log_in(&sandbox, ADA.0, "n").expect(CRUX_ERR_AUTH);
    assert_eq!((status(&me), &*body(&me)), (403, ""));
}

#[test]
fn what_was_borrowed_of_a_login_outlives_the_next_one() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, ADA.0, ADA.1).expect(CRUX_OK);
    let first = unsafe { crux_body(me.0.cast(), std::ptr::null_mut()) };
    let kept = text(first);
    let kind = unsafe { crux_header(me.0.cast(), c("content-type").as_ptr(), 0) };
    for round in 0..3 {
        sandbox.revoke_tokens();
        me.get("organizations/").expect(CRUX_OK);
        assert_eq!(me.number("logins"), 2 + round);
        assert_eq!(status(&me), 200);
    }
    assert_eq!(text(first), kept);
    assert!(text(kind).unwrap().contains("json"));
    let later = unsafe { crux_body(me.0.cast(), std::ptr::null_mut()) };
    assert_ne!(first, later, "that of the login that was last");
}

#[test]
fn without_a_login_there_is_no_response_of_one() {
    let sandbox = Sandbox::start();
    let base = format!("{}/api/", sandbox.http());
    let me = Client::login("crunch", &base, None, Some(API_KEY)).expect(CRUX_OK);
    assert_eq!((status(&me), &*body(&me), header(&me, "content-type")), (0, "", None));
    assert_eq!((me.number("attempts"), me.info("url"), json_text(&me, "")), (-1, None, None));
    assert_eq!(me.info("service").as_deref(), Some("crunch"));
    assert_eq!(unsafe { crux_json_type(me.0.cast(), c("").as_ptr()) }, CRUX_JSON_NONE);
    let options = Options::new();
    assert_eq!(options.copy("facts"), b"{}");
    assert_eq!((unsafe { crux_status(options.0.cast()) }, options.copy("body")), (0, Vec::new()));
    let unusable = Client::login("custom", "", None, None).expect(CRUX_ERR_ARGUMENT);
    assert_eq!(
        (status(&unusable), unusable.number("requests"), unusable.copy("facts")),
        (0, -1, b"{}".to_vec())
    );
}

#[test]
fn a_client_counts() {
    let sandbox = Sandbox::start();
    sandbox.respond("GET", "/api/fine/", Canned::json(200, &json!({"a": 1})));
    let base = format!("{}/api", sandbox.http());
    let me = Client::ready(&base, &[("retry.max", "2"), ("retry.max_wait_ms", "1")]);
    let counted = |name: &str| me.number(name);
    for name in
        ["requests", "retries", "logins", "bytes_sent", "bytes_received", "open_connections", "under_way"]
    {
        assert_eq!(counted(name), 0, "{name}");
    }
    drop(me.get("fine/").expect(CRUX_OK));
    assert_eq!((counted("requests"), counted("retries"), counted("under_way")), (1, 0, 0));
    assert_eq!((counted("open_connections"), counted("bytes_received")), (1, 7));
    let sent = counted("bytes_sent");
    assert!((50..2000).contains(&sent), "{sent}");
    drop(me.request("POST", "fine/", Some(&"x".repeat(5000))));
    assert!(counted("bytes_sent") > sent + 5000);
    sandbox.respond("GET", "/api/busy/", Canned::status(503));
    drop(me.get("busy/").expect(CRUX_ERR_HTTP));
    assert_eq!((counted("requests"), counted("retries")), (5, 2));
    let response = me.get("fine/").expect(CRUX_OK);
    let all: Value = serde_json::from_slice(&response.copy("facts")).unwrap();
    assert!(all.get("requests").is_none() && all["attempts"] == 1 && all["received"] == 7);
    assert_eq!(response.number("requests"), -1, "of a client only");
    let stream = me.call("GET", "fine/");
    let stream = Response(unsafe { crux_call_stream(stream.0) }).expect(CRUX_OK);
    assert_eq!(counted("under_way"), 1, "its body is still to be read");
    drop(stream);
    assert_eq!(counted("under_way"), 0);
}

#[test]
fn a_body_that_is_no_json_says_why() {
    let sandbox = Sandbox::start();
    sandbox.respond("GET", "/api/broken/", Canned::json(200, &json!("")).body("{\"a\": tru}"));
    let me = Client::ready(&format!("{}/api", sandbox.http()), &[]);
    let response = me.get("broken/").expect(CRUX_OK);
    assert!(!response.info("json_error").expect("it is no JSON").is_empty());
    let all: Value = serde_json::from_slice(&response.copy("facts")).unwrap();
    assert_eq!(all["json_error"].as_str().map(str::to_owned), response.info("json_error"));
}

/// A custom service that answers its login like this, and what a client tells of it.
fn told_of(status: u16, document: &str, secret: &str, more: &[(&str, &str)]) -> String {
    let sandbox = Sandbox::start();
    sandbox.respond("POST", "/api/login", Canned::json(status, &json!("")).body(document));
    let base = format!("{}/api/", sandbox.http());
    let own = [("service", "custom"), ("base_url", &*base), ("user", "ada"), ("secret", secret)];
    let me = Client::with(&[&own[..], more].concat());
    assert_eq!(self::status(&me), i32::from(status));
    body(&me)
}

#[test]
fn no_way_of_writing_a_secret_shows_it() {
    let (json, form, basic) =
        (("login.encoding", "json"), ("login.encoding", "form"), ("login.encoding", "basic"));
    for (status, document, secret, encoding, hidden) in [
        // As PHP writes JSON.
        (200, r#"{"token":"abcd\/efgh\/ijkl","copy":"x abcd\/efgh\/ijkl"}"#, "sesame", json, "efgh"),
        (401, r#"{"detail":"no","given":"p\u00e4ssword1"}"#, "pässword1", json, "ssword1"),
        (401, r#"{"detail":"no","p\u00e4ss\/word1":1}"#, "päss/word1", json, "word1"),
        // As forms and Basic do.
        (401, r#"{"given":"sesame%20open%26"}"#, "sesame open&", form, "sesame"),
        (401, r#"{"given":"Basic YWRhOm9wZW4tc2VzYW1l"}"#, "open-sesame", basic, "YWRh"),
        // A token where no pointer leads.
        (200, r#"{"key":"live-token-123","id":1}"#, "sesame", json, "live"),
        (200, r#"{"bearer":"live-token-123","id":1}"#, "sesame", json, "live"),
        (200, r#"{"session_id":"live-token-123","id":1}"#, "sesame", json, "live"),
    ] {
        let told = told_of(status, document, secret, &[encoding]);
        assert!(!told.contains(hidden), "{told}");
    }
}

#[test]
fn a_short_number_of_a_login_takes_nothing_out_of_its_response() {
    let more = [("login.extra", r#"{"version": 1}"#)];
    let told = told_of(200, r#"{"token":"abc-123","id":11}"#, "sesame", &more);
    assert_eq!(told, r#"{"token":"[secret]","id":11}"#);
}

#[test]
fn the_response_to_a_login_is_at_most_a_mebibyte() {
    let sandbox = Sandbox::start();
    let base = format!("{}/api/", sandbox.http());
    let log_in = |size: usize, more: &[(&str, &str)]| {
        let mut document = r#"{"token":"abc-123"}"#.to_owned();
        document.push_str(&" ".repeat(size - document.len()));
        sandbox.respond("POST", "/api/login", Canned::json(200, &json!("")).body(document));
        let own = [("service", "custom"), ("base_url", &*base), ("user", "ada"), ("secret", "sesame")];
        Client::with(&[&own[..], more].concat())
    };
    log_in(1 << 20, &[]).expect(CRUX_OK);
    // No option raises it.
    for more in [&[][..], &[("max_body", "10000000")]] {
        let message = log_in((1 << 20) + 1, more).expect(CRUX_ERR_TOO_LARGE).message();
        assert!(message.contains("response to the login is larger than 1 MiB"), "{message}");
        assert!(message.contains("base URL") && !message.contains("max_body"), "{message}");
    }
    let message = log_in(1001, &[("max_body", "1000")]).expect(CRUX_ERR_TOO_LARGE).message();
    assert!(message.contains("max_body"), "{message}");
}
