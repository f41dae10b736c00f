//! The ends of a session, and a password that was forgotten.

use sandbox::{Canned, Sandbox};
use support::{
    CRUX_ERR_ARGUMENT, CRUX_ERR_AUTH, CRUX_ERR_HTTP, CRUX_OK, Client, Response, TempFile, c, crux_logout,
    crux_reset_password, crux_set_token,
};

const GRACE: (&str, &str) = ("grace@example.com", "battery staple");
const ADA: (&str, &str) = ("ada@example.com", "correct horse");

fn crunch(sandbox: &Sandbox) -> Client {
    let base = format!("{}/api/", sandbox.http());
    Client::login("crunch", &base, Some(GRACE.0), Some(GRACE.1)).expect(CRUX_OK)
}

fn log_out(client: &Client) -> Response {
    Response(unsafe { crux_logout(client.0) })
}

fn reset(client: &Client, email: &str) -> Response {
    Response(unsafe { crux_reset_password(client.0, c(email).as_ptr()) })
}

/// docs/services.md, 43.
#[test]
fn crunch_is_told_and_the_token_is_dropped_in_spite_of_a_fresh_cookie() {
    let sandbox = Sandbox::start();
    let me = crunch(&sandbox);
    let token = String::from_utf8(me.copy("token")).unwrap();
    sandbox.clear();
    let response = log_out(&me).expect(CRUX_OK);
    assert_eq!(response.status(), 204);
    assert!(response.message().contains("has ended"), "{}", response.message());
    assert!(response.header("set-cookie").is_some(), "the sandbox hands out a cookie, as the service did");
    let sent = sandbox.requests();
    assert_eq!((sent.len(), sent[0].method.as_str(), sent[0].path.as_str()), (1, "GET", "/api/logout/"));
    assert_eq!(sent[0].header("authorization"), Some(format!("Bearer {token}").as_str()));
    assert!(me.copy("token").is_empty());
    sandbox.clear();
    me.get("datasets/").expect(CRUX_ERR_AUTH);
    let sent = sandbox.requests();
    assert_eq!(sent.len(), 1, "no login either");
    assert_eq!((sent[0].header("authorization"), sent[0].header("cookie")), (None, None));
    assert!(log_out(&me).expect(CRUX_OK).message().contains("no session"));
    assert_eq!(sandbox.requests().len(), 1, "nothing to tell the server any more");
}

#[test]
fn whatever_the_server_answers_the_token_is_gone_and_asked_once() {
    for (status, code) in
        [(500, CRUX_ERR_HTTP), (503, CRUX_ERR_HTTP), (401, CRUX_ERR_AUTH), (302, CRUX_ERR_HTTP)]
    {
        let sandbox = Sandbox::start();
        let me = crunch(&sandbox);
        sandbox.clear();
        sandbox.respond("GET", "/api/logout/", Canned::status(status));
        log_out(&me).expect(code);
        assert!(me.copy("token").is_empty(), "{status}");
        assert_eq!(sandbox.requests().len(), 1, "{status}");
    }
}

#[test]
fn crux_connect_has_nobody_to_tell_and_says_so() {
    let sandbox = Sandbox::start();
    let base = format!("{}/timp/", sandbox.http());
    let me = Client::login("crux-connect", &base, Some(ADA.0), Some(ADA.1)).expect(CRUX_OK);
    sandbox.clear();
    let response = log_out(&me).expect(CRUX_OK);
    assert!(response.message().contains("no logout call"), "{}", response.message());
    assert_eq!(response.status(), 0);
    assert!(sandbox.requests().is_empty());
    me.get("organizations/").expect(CRUX_ERR_AUTH);
    assert_eq!(unsafe { crux_set_token(me.0, c("another").as_ptr()) }, CRUX_OK);
    assert_eq!(me.copy("token"), b"another", "a new session may begin");
}

#[test]
fn a_token_file_goes_with_its_session() {
    let sandbox = Sandbox::start();
    let file = TempFile::new("");
    std::fs::remove_file(file.path()).unwrap();
    let base = format!("{}/api/", sandbox.http());
    let pairs = [
        ("service", "crunch"),
        ("base_url", base.as_str()),
        ("user", GRACE.0),
        ("secret", GRACE.1),
        ("token_file", file.path()),
    ];
    let me = Client::with(&pairs).expect(CRUX_OK);
    assert!(std::path::Path::new(file.path()).exists());
    log_out(&me).expect(CRUX_OK);
    assert!(!std::path::Path::new(file.path()).exists());
}

/// docs/services.md, 27.
#[test]
fn a_reset_needs_no_login_and_takes_any_success() {
    let sandbox = Sandbox::start();
    for (service, prefix, path) in [
        ("crux-connect", "/timp/", "/timp/organizations/reset-password/"),
        ("crunch", "/api/", "/api/public/password_reset/"),
    ] {
        let nobody =
            Client::login(service, &format!("{}{prefix}", sandbox.http()), None, None).expect(CRUX_OK);
        for response in [None, Some(200), Some(204)] {
            sandbox.clear();
            sandbox.forget_canned();
            if let Some(status) = response {
                sandbox.respond("POST", path, Canned::status(status));
            }
            reset(&nobody, "zoë@example.com").expect(CRUX_OK);
            let sent = sandbox.requests();
            assert_eq!((sent.len(), sent[0].method.as_str(), sent[0].path.as_str()), (1, "POST", path));
            assert_eq!(sent[0].json(), serde_json::json!({ "email": "zoë@example.com" }));
            assert_eq!(sent[0].header("authorization"), None);
        }
        sandbox.respond("POST", path, Canned::status(503));
        sandbox.clear();
        reset(&nobody, "a@example.com").expect(CRUX_ERR_HTTP);
        assert_eq!(sandbox.requests().len(), 1, "it would mail again");
    }
}

#[test]
fn the_token_of_a_session_stays_out_of_a_reset() {
    let sandbox = Sandbox::start();
    let me = crunch(&sandbox);
    sandbox.clear();
    reset(&me, GRACE.0).expect(CRUX_OK);
    assert_eq!(sandbox.requests()[0].header("authorization"), None);
    assert!(!me.copy("token").is_empty());
}

#[test]
fn other_services_name_the_paths_themselves() {
    let sandbox = Sandbox::start();
    let base = format!("{}/echo/", sandbox.http());
    let common = [("service", "custom"), ("base_url", base.as_str()), ("token", "t")];
    let plain = Client::with(&common).expect(CRUX_OK);
    let refused = reset(&plain, "a@example.com").expect(CRUX_ERR_ARGUMENT);
    assert!(refused.message().contains("reset.path"), "{}", refused.message());
    assert!(log_out(&plain).expect(CRUX_OK).message().contains("no logout call"));
    let named = [&common[..], &[("reset.path", "forgot"), ("logout.path", "bye")]].concat();
    let named = Client::with(&named).expect(CRUX_OK);
    sandbox.clear();
    reset(&named, "a@example.com").expect(CRUX_OK);
    log_out(&named).expect(CRUX_OK);
    let paths: Vec<_> = sandbox.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/echo/forgot", "/echo/bye"]);
}

/// The token was sent, whatever the session knows by then.
#[test]
fn a_logout_that_is_refused_says_what_was_sent() {
    let sandbox = Sandbox::start();
    let me = crunch(&sandbox);
    sandbox.respond("GET", "/api/logout/", Canned::json(401, &serde_json::json!({"message": "Expired."})));
    let response = log_out(&me).expect(CRUX_ERR_AUTH);
    let message = response.message();
    for words in ["did not accept the token", "Expired. The session had ended before", "forgotten here"] {
        assert!(message.contains(words), "{words}: {message}");
    }
    assert!(!message.contains("No token was sent"), "{message}");
    assert!(sandbox.requests().last().unwrap().header("authorization").is_some());
}
