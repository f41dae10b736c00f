//! Refresh tokens: what is sent instead of the password, and when the password is sent after all.

use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::*;

const OPTIONS: &[(&str, &str)] = &[
    ("service", "custom"),
    ("proxy", "direct"),
    ("retry.max", "0"),
    ("user", "ada"),
    ("secret", "s3cret-passw0rd"),
    ("login.path", "token/"),
    ("login.token_pointer", "/access"),
    ("refresh.path", "token/refresh/"),
];

/// A login that brings a refresh token; `x` is refused once, or as often as `times` says.
fn started(times: usize) -> Sandbox {
    let sandbox = Sandbox::start();
    let login = json!({"access": "access-one", "refresh": "refresh-one"});
    sandbox.respond("POST", "/api/token/", Canned::json(200, &login));
    sandbox.respond("GET", "/api/x", Canned::status(401).times(times));
    sandbox.respond("GET", "/api/x", Canned::json(200, &json!({})));
    sandbox
}

fn client(sandbox: &Sandbox, more: &[(&str, &str)]) -> Client {
    let base = format!("{}/api/", sandbox.http());
    Client::with(&[OPTIONS, &[("base_url", &*base)], more].concat())
}

fn paths(sandbox: &Sandbox) -> Vec<String> {
    let all = sandbox.requests().into_iter().map(|request| request.path).collect();
    sandbox.clear();
    all
}

#[test]
fn a_refresh_token_goes_instead_of_the_password() {
    let sandbox = started(2);
    sandbox.respond(
        "POST",
        "/api/token/refresh/",
        Canned::json(200, &json!({"access": "access-two", "refresh": "refresh-two"})).times(1),
    );
    sandbox.respond("POST", "/api/token/refresh/", Canned::json(200, &json!({"access": "access-three"})));
    let me = client(&sandbox, &[]).expect(CRUX_OK);
    sandbox.clear();
    me.get("x").expect(CRUX_ERR_AUTH);
    let seen = sandbox.requests();
    assert_eq!(seen[1].json(), json!({"refresh": "refresh-one"}));
    assert_eq!(seen[1].header("authorization"), None);
    // The server has replaced the refresh token; without a new one the old one stays.
    sandbox.clear();
    me.get("x").expect(CRUX_OK);
    let refreshes: Vec<_> =
        sandbox.requests().into_iter().filter(|r| r.path.ends_with("refresh/")).map(|r| r.json()).collect();
    assert!(refreshes.iter().all(|body| *body == json!({"refresh": "refresh-two"})), "{refreshes:?}");
}

#[test]
fn a_refresh_token_that_is_refused_gives_way_to_the_password() {
    let sandbox = started(1);
    sandbox.respond("POST", "/api/token/refresh/", Canned::status(401));
    let me = client(&sandbox, &[]).expect(CRUX_OK);
    sandbox.clear();
    me.get("x").expect(CRUX_OK);
    assert_eq!(paths(&sandbox), ["/api/x", "/api/token/refresh/", "/api/token/", "/api/x"]);
    // Without the password, that is the end, and it is remembered.
    let sandbox = started(9);
    sandbox.respond(
        "POST",
        "/api/token/refresh/",
        Canned::json(401, &json!({"detail": "refresh-one is bad"})),
    );
    let me = client(&sandbox, &[("keep_password", "0")]).expect(CRUX_OK);
    sandbox.clear();
    let refused = me.get("x").expect(CRUX_ERR_AUTH);
    let message = refused.message();
    assert!(
        message.contains("refused the refresh token of ada") && !message.contains("refresh-one"),
        "{message}"
    );
    me.get("x").expect(CRUX_ERR_AUTH);
    assert_eq!(paths(&sandbox).iter().filter(|path| path.ends_with("refresh/")).count(), 1);
}

#[test]
fn a_refresh_that_is_put_off_is_no_refusal() {
    let sandbox = started(9);
    sandbox.respond("POST", "/api/token/refresh/", Canned::status(503).header("retry-after", "4"));
    let me = client(&sandbox, &[]).expect(CRUX_OK);
    sandbox.clear();
    let response = me.get("x").expect(CRUX_ERR_HTTP);
    assert_eq!((response.status(), response.number("retry_after_ms")), (503, 4000));
    assert_eq!(paths(&sandbox), ["/api/x", "/api/token/refresh/"], "the password stays here");
}

#[test]
fn many_threads_refresh_once() {
    let sandbox = started(16);
    let refreshed = Canned::json(200, &json!({"access": "access-two", "refresh": "refresh-two"}));
    sandbox.respond("POST", "/api/token/refresh/", refreshed.delay(std::time::Duration::from_millis(300)));
    let me = client(&sandbox, &[]).expect(CRUX_OK);
    sandbox.clear();
    let barrier = std::sync::Barrier::new(16);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                barrier.wait();
                me.get("x").expect(CRUX_OK);
            });
        }
    });
    assert_eq!(paths(&sandbox).iter().filter(|path| path.ends_with("refresh/")).count(), 1);
}

#[test]
fn a_form_has_its_own_members() {
    let sandbox = started(1);
    sandbox.respond("POST", "/api/token/refresh/", Canned::json(200, &json!({"access": "access-two"})));
    let more = [
        ("login.encoding", "form"),
        ("login.extra", r#"{"grant_type": "password"}"#),
        ("refresh.field", "refresh_token"),
        ("refresh.extra", r#"{"grant_type": "refresh_token"}"#),
    ];
    let me = client(&sandbox, &more).expect(CRUX_OK);
    me.get("x").expect(CRUX_OK);
    let seen = sandbox.requests();
    assert_eq!(seen[0].body, b"username=ada&password=s3cret-passw0rd&grant_type=password");
    assert_eq!(seen[2].body, b"refresh_token=refresh-one&grant_type=refresh_token");
}

#[test]
fn a_refresh_token_is_kept_in_the_token_file() {
    let (sandbox, folder) = (started(0), Folder::new());
    sandbox.respond("POST", "/api/token/refresh/", Canned::json(200, &json!({"access": "access-two"})));
    let file = folder.path("token");
    let more = [("token_file", file.to_str().unwrap())];
    client(&sandbox, &more).expect(CRUX_OK);
    sandbox.forget_canned();
    sandbox.respond("GET", "/api/x", Canned::status(401).times(1));
    sandbox.respond("GET", "/api/x", Canned::json(200, &json!({})));
    sandbox.respond("POST", "/api/token/refresh/", Canned::json(200, &json!({"access": "access-two"})));
    sandbox.clear();
    // The next run has no password.
    let base = format!("{}/api/", sandbox.http());
    let own: Vec<_> = OPTIONS.iter().copied().filter(|(key, _)| *key != "secret").collect();
    let me = Client::with(&[&own[..], &[("base_url", &*base)], &more].concat()).expect(CRUX_OK);
    me.get("x").expect(CRUX_OK);
    assert_eq!(paths(&sandbox), ["/api/x", "/api/token/refresh/", "/api/x"]);
    assert_eq!(me.copy("token"), b"access-two");
}

#[test]
fn a_refresh_token_that_was_refused_is_not_sent_again() {
    let sandbox = started(9);
    sandbox.respond("POST", "/api/token/refresh/", Canned::status(401));
    let me = client(&sandbox, &[]).expect(CRUX_OK);
    sandbox.clear();
    // The login that follows fails for a reason of its own.
    sandbox.respond("POST", "/api/token/", Canned::status(503));
    for _ in 0..3 {
        assert_eq!(me.get("x").expect(CRUX_ERR_HTTP).status(), 503);
    }
    let first = ["/api/x", "/api/token/refresh/", "/api/token/"];
    let later = ["/api/x", "/api/token/"];
    assert_eq!(paths(&sandbox), [&first[..], &later, &later].concat());
}
