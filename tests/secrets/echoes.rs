//! Servers that send back what they were sent, in the form in which it travelled: neither a message nor a line shows it.

use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::*;

/// Of an echo, what is no secret: it shows that the rest of the sentence arrived.
const SAID: &str = "this arrived";

fn base(sandbox: &Sandbox) -> String {
    format!("{}/api/", sandbox.http())
}

/// Answers everything with a refusal that holds `echo`.
fn echoing(status: u16, echo: &str) -> Sandbox {
    let sandbox = Sandbox::start();
    let response = Canned::json(status, &json!({ "message": format!("{SAID}: {echo}") }));
    sandbox.respond("*", "/*", response.header("warning", &format!("299 - {SAID}: {echo}")));
    sandbox
}

/// All that a person may see of a client and of what is asked with it.
fn told(options: &[(&str, &str)], ask: impl FnOnce(&Client) -> Option<Response>) -> String {
    let own = [("service", "custom"), ("proxy", "direct"), ("retry.max", "0")];
    let (options, lines) = (Options::of(&[&own[..], options].concat()), Lines::default());
    lines.listen(&options, 5);
    let client = options.login();
    let mut told = vec![client.message(), client.info("server_message").unwrap_or_default()];
    if let Some(response) = ask(&client) {
        let facts = ["server_message", "warning"].map(|fact| response.info(fact).unwrap_or_default());
        told.extend([response.message(), facts.concat()]);
    }
    drop(client);
    told.extend(lines.all().into_iter().map(|(_, line)| line));
    told.join("\n")
}

#[track_caller]
fn hides(told: &str, secrets: &[&str]) {
    assert!(told.contains(SAID), "the server's words: {told}");
    for secret in secrets {
        assert!(!told.contains(secret), "{secret} in: {told}");
    }
}

#[test]
fn a_login_that_is_echoed_shows_no_secret() {
    let extra = r#"{"client": {"keys": ["nested-key"], "id": {"pin": 1234567}}}"#;
    for (more, password, echo, secrets) in [
        (
            ("login.encoding", "basic"),
            "canary pass&word",
            "Basic YWRhOmNhbmFyeSBwYXNzJndvcmQ=",
            &["YWRhOmNhbmFyeSBwYXNzJndvcmQ"][..],
        ),
        (
            ("login.encoding", "form"),
            "canary pass&word",
            "username=ada&password=canary%20pass%26word",
            &["canary", "word%", "%26word"],
        ),
        (
            ("login.encoding", "json"),
            "canary\"pass\\word",
            r#"{"username":"ada","password":"canary\"pass\\word"}"#,
            &["canary", "pass\\\\word"],
        ),
        (("login.extra", extra), "sesame", "nested-key and 1234567", &["nested-key", "1234567"]),
    ] {
        for status in [400, 401, 403, 409, 500] {
            let sandbox = echoing(status, echo);
            let base = base(&sandbox);
            let options = [("base_url", &*base), ("user", "ada"), ("secret", password), more];
            hides(&told(&options, |_| None), secrets);
        }
    }
}

/// A page says no more than a line: what is cut off there may begin in the middle of a secret.
#[test]
fn a_page_in_place_of_a_login_shows_no_part_of_a_secret() {
    let to_the_edge = "x".repeat(190 - SAID.len());
    for (more, password, echo, secret) in [
        (("login.encoding", "json"), "canary-pass-word", format!("{to_the_edge} canary-pass-word"), "canary"),
        (("login.encoding", "json"), "canary  pass", "canary  pass".to_owned(), "canary"),
        (
            ("login.encoding", "basic"),
            "sesame-of-ada",
            "Basic YWRhOnNlc2FtZS1vZi1hZGE=".to_owned(),
            "YWRhOnNlc2",
        ),
        (("login.extra", r#"{"key": "nested-key"}"#), "sesame", "nested-key".to_owned(), "nested-key"),
    ] {
        let sandbox = Sandbox::start();
        let page = format!("<html><title>{SAID} {echo}</title></html>");
        sandbox.respond("*", "/*", Canned::status(403).header("content-type", "text/html").body(page));
        let base = base(&sandbox);
        let options = [("base_url", &*base), ("user", "ada"), ("secret", password), more];
        hides(&told(&options, |_| None), &[secret]);
    }
}

/// The document of a login is kept for the program: without what a forwarding proxy was sent.
#[test]
fn a_login_through_a_proxy_keeps_nothing_of_its_credentials() {
    let coded = "Z3JhY2U6cHJveHktcGE1NXdvcmQ=";
    for (status, kind) in [(200, "application/json"), (401, "application/json"), (403, "text/html")] {
        let echo = format!("<title>{SAID} Basic {coded} proxy-pa55word</title>");
        let body = match kind {
            "text/html" => echo.clone(),
            _ => json!({ "token": "t-one", "seen": format!("Basic {coded}"), "detail": echo }).to_string(),
        };
        // Its response comes in place of what it should forward.
        let proxy = Sandbox::start();
        proxy.respond(
            "*",
            "/*",
            Canned::status(status).header("content-type", kind).body(body).header("x-seen", coded),
        );
        let through = proxy.http().replace("http://", "http://grace:proxy-pa55word@");
        let client = Client::with(&[
            ("service", "custom"),
            ("base_url", "http://127.0.0.1:9/api/"),
            ("proxy", &through),
            ("user", "ada"),
            ("secret", "sesame-of-ada"),
            ("retry.max", "0"),
        ]);
        assert_eq!(proxy.requests()[0].header("proxy-authorization"), Some(&*format!("Basic {coded}")));
        let body = String::from_utf8(client.copy("body")).unwrap();
        let facts = String::from_utf8(client.copy("facts")).unwrap();
        let told = [client.message(), body, facts, String::from_utf8(client.copy("header:x-seen")).unwrap()]
            .concat();
        hides(&told, &[coded, "proxy-pa55word"]);
        assert_eq!(client.message().contains("proxy 127.0.0.1:"), status != 200, "{}", client.message());
    }
}

#[test]
fn a_token_that_a_logout_echoes_is_hidden() {
    for (scheme, header) in [("Bearer", "Authorization"), ("", "X-Auth"), ("Token", "X-Auth")] {
        for echo in ["Bearer tok-en-123456", "it is tok-en-123456"] {
            let sandbox = echoing(400, echo);
            let base = base(&sandbox);
            let options = [
                ("base_url", &*base),
                ("token", "tok-en-123456"),
                ("logout.path", "out"),
                ("auth.scheme", scheme),
                ("auth.header", header),
            ];
            let told = told(&options, |client| Some(Response(unsafe { crux_logout(client.0) })));
            assert_eq!(sandbox.requests().len(), 1);
            hides(&told, &["tok-en"]);
        }
    }
}

#[test]
fn a_header_of_a_call_that_is_echoed_is_hidden() {
    for (name, value, echo) in [
        ("X-Api-Key", "s3cr3t-key-77", "unknown key s3cr3t-key-77"),
        ("X-Auth", "Key s3cr3t-key-77", "unknown key s3cr3t-key-77"),
        ("Cookie", "session=s3cr3t-key-77", "no session s3cr3t-key-77"),
    ] {
        let sandbox = echoing(400, echo);
        let base = base(&sandbox);
        let told = told(&[("base_url", &*base)], |client| {
            let call = client.call("GET", "x");
            assert_eq!(call.header(name, value), CRUX_OK);
            // What is no secret stays readable.
            assert_eq!(call.header("Accept-Language", "this"), CRUX_OK);
            Some(call.send())
        });
        hides(&told, &["s3cr3t"]);
    }
}

#[test]
fn a_signed_link_to_another_origin_that_is_echoed_is_hidden() {
    let (home, other) = (Sandbox::start(), echoing(403, "dead/beef1234 and dead%2Fbeef1234 and CANARYID"));
    let link = format!("{}/f?X-Amz-Signature=dead%2Fbeef1234&X-Amz-Credential=CANARYID", other.http());
    home.respond("GET", "/api/x", Canned::status(302).header("location", &link));
    let base = base(&home);
    for path in [&*link, "x"] {
        let told = told(&[("base_url", &*base), ("token", "abc-123")], |client| Some(client.get(path)));
        hides(&told, &["beef1234", "CANARYID"]);
    }
}

#[test]
fn no_line_of_a_login_shows_the_rest_of_a_secret_path() {
    let sandbox = Sandbox::start();
    let tokens = json!({ "token": "t-one", "refresh": "refresh-one" });
    sandbox.respond("POST", "/api/otp/login/S3CRETLINK/", Canned::json(200, &tokens));
    sandbox.respond("POST", "/api/otp/login/0THERLINK/", Canned::json(200, &tokens));
    sandbox.respond("GET", "/api/x", Canned::status(401));
    let base = base(&sandbox);
    let options = [
        ("base_url", &*base),
        ("user", "ada"),
        ("secret", "sesame"),
        ("login.path", "otp/login/S3CRETLINK/"),
        ("refresh.path", "otp/login/0THERLINK/"),
    ];
    let told = told(&options, |client| Some(client.get("x")));
    for line in ["logging in at", "refreshing the token at"] {
        assert!(told.contains(&format!("{line} {base}otp/login/…")), "{told}");
    }
    for secret in ["S3CRETLINK", "0THERLINK"] {
        assert!(!told.contains(secret), "{told}");
    }
}
