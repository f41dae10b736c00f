//! Crunch: the behaviours of docs/services.md that can be seen through the C interface, by number.

mod lists;
mod responses;

use std::env;
use std::ptr::null;

use sandbox::{API_KEY, API_KEY_OAUTH, Canned, Recorded, Sandbox, Switch};
use serde_json::json;
use support::*;

const GRACE: (&str, &str) = ("grace@example.com", "battery staple");
const LOGIN: &str = "/api/public/login/";

fn base(sandbox: &Sandbox) -> String {
    format!("{}/api/", sandbox.http())
}

fn log_in(sandbox: &Sandbox) -> Client {
    Client::login("crunch", &base(sandbox), Some(GRACE.0), Some(GRACE.1)).expect(CRUX_OK)
}

fn with_key(sandbox: &Sandbox, key: &str) -> Client {
    Client::login("crunch", &base(sandbox), None, Some(key)).expect(CRUX_OK)
}

fn anonymous(sandbox: &Sandbox) -> Client {
    Client::login("crunch", &base(sandbox), None, None).expect(CRUX_OK)
}

/// The only request that arrived since the last look.
fn only(sandbox: &Sandbox) -> Recorded {
    let mut all = sandbox.requests();
    assert_eq!(all.len(), 1, "{all:#?}");
    sandbox.clear();
    all.remove(0)
}

fn logins(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|r| r.method == "POST" && r.path.ends_with("/public/login/")).count()
}

/// docs/services.md, 33.
#[test]
fn a_bearer_is_asked_for_with_a_boolean() {
    let sandbox = Sandbox::start();
    let _me = log_in(&sandbox);
    let login = only(&sandbox);
    assert_eq!((login.method.as_str(), login.target.as_str()), ("POST", LOGIN));
    assert_eq!(login.json(), json!({ "email": GRACE.0, "password": GRACE.1, "token": true }));
    assert_eq!(login.header("content-type"), Some("application/json"));
    assert_eq!(login.header("authorization"), None);
}

/// docs/services.md, 34.
#[test]
fn later_calls_carry_the_bearer() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox);
    sandbox.clear();
    let token = String::from_utf8(me.copy("token")).unwrap();
    let root = me.get("").expect(CRUX_OK);
    assert_eq!(only(&sandbox).header("authorization"), Some(&*format!("Bearer {token}")));
    assert_eq!(root.info("token_source").as_deref(), Some("login"));
    // An absolute link out of the response, as hypermedia wants it.
    me.get(&root.json("/catalogs/datasets").unwrap()).expect(CRUX_OK);
    assert_eq!(only(&sandbox).header("authorization"), Some(&*format!("Bearer {token}")));
}

/// docs/services.md, 35.
#[test]
fn cookie_mode_returns_name_and_value_only() {
    let sandbox = Sandbox::start();
    sandbox.switch(Switch::CookieOnEveryResponse, true);
    let pairs = [
        ("service", "crunch"),
        ("base_url", &*base(&sandbox)),
        ("user", GRACE.0),
        ("secret", GRACE.1),
        ("login.mode", "cookie"),
    ];
    let me = Client::with(&pairs).expect(CRUX_OK);
    let login = only(&sandbox);
    assert_eq!(login.json(), json!({ "email": GRACE.0, "password": GRACE.1 }));
    assert_eq!(login.status, 204);
    let token = String::from_utf8(me.copy("token")).unwrap();
    for path in ["", "datasets/"] {
        me.get(path).expect(CRUX_OK);
        let request = only(&sandbox);
        assert_eq!(request.header("cookie"), Some(&*format!("token={token}")));
        assert_eq!(request.header("authorization"), None);
    }
    // Attributes and other cookies stay where they are.
    let response = Canned::status(204).header("set-cookie", "other=1; Path=/").header(
        "set-cookie",
        "token=\"a+b/c=\"; Domain=.crunch.io; Max-Age=31536000; Path=/; Secure; HttpOnly",
    );
    sandbox.respond("POST", LOGIN, response.times(1));
    let me = Client::with(&pairs).expect(CRUX_OK);
    assert_eq!(me.copy("token"), b"a+b/c=");
    // A bearer token for one who asked for a cookie is no login.
    let bearer = json!({ "access_token": "abc", "token_type": "Bearer" });
    sandbox.respond("POST", LOGIN, Canned::json(200, &bearer).times(1));
    let me = Client::with(&pairs).expect(CRUX_ERR_PROTOCOL);
    assert!(me.message().contains("login.mode"), "{}", me.message());
}

/// docs/services.md, 36.
#[test]
fn the_documentations_own_login_text_is_400() {
    let sandbox = Sandbox::start();
    let body = r#"{"email": "grace@example.com", "password": "battery staple", "token", true}"#;
    let response = anonymous(&sandbox).request("POST", "public/login/", Some(body)).expect(CRUX_ERR_HTTP);
    assert_eq!(response.status(), 400);
    assert_eq!(only(&sandbox).body, body.as_bytes());
}

/// docs/services.md, 37.
#[test]
fn wrong_credentials_are_tried_once() {
    let sandbox = Sandbox::start();
    let me = Client::login("crunch", &base(&sandbox), Some(GRACE.0), Some("wrong")).expect(CRUX_ERR_AUTH);
    assert_eq!(logins(&sandbox), 1);
    let message = me.message();
    assert!(message.contains("Crunch") && message.contains(GRACE.0) && message.contains("401"), "{message}");
    assert!(!message.contains("wrong"), "{message}");
    // The question which way the account logs in carries no secret, and is the only other request.
    let others: Vec<_> = sandbox.requests().into_iter().filter(|r| r.method != "POST").collect();
    assert!(
        others.len() <= 1 && others.iter().all(|r| r.path == LOGIN && r.header("authorization").is_none())
    );
    sandbox.clear();
    for _ in 0..3 {
        me.get("datasets/").expect(CRUX_ERR_AUTH);
    }
    assert!(sandbox.requests().is_empty());
    // As a call of its own the 401 keeps its document.
    let body = json!({ "email": GRACE.0, "password": "wrong", "token": true }).to_string();
    let response = anonymous(&sandbox).request("POST", "public/login/", Some(&body)).expect(CRUX_ERR_AUTH);
    assert_eq!(response.json("/status").as_deref(), Some("401 Unauthorized"));
    assert!(response.json("/urls/login_url").is_some());
    assert_eq!(logins(&sandbox), 1);
}

#[test]
fn an_oauth_user_is_told_what_to_do() {
    let sandbox = Sandbox::start();
    let me = Client::login("crunch", &base(&sandbox), Some("olga@example.com"), Some("hers"))
        .expect(CRUX_ERR_AUTH);
    let message = me.message();
    assert!(message.contains("OAuth") && message.contains("secondary password"), "{message}");
    assert!(message.contains("API key"), "{message}");
    // Once the secondary password is set, it opens.
    sandbox.set_password("olga@example.com", "hers");
    Client::login("crunch", &base(&sandbox), Some("olga@example.com"), Some("hers")).expect(CRUX_OK);
}

/// docs/services.md, 39.
#[test]
fn a_refused_key_says_where_it_came_from() {
    let sandbox = Sandbox::start();
    let key = "apk-0123456789-wrong-9876543210=";
    let me = with_key(&sandbox, key);
    assert!(sandbox.requests().is_empty(), "a key needs no login");
    let response = me.get("datasets/").expect(CRUX_ERR_AUTH);
    assert_eq!(only(&sandbox).header("authorization"), Some(&*format!("Bearer {key}")));
    let message = response.message();
    assert!(message.contains(&base(&sandbox)) && message.contains("option secret"), "{message}");
    assert!(!message.contains("apk-") && !message.contains("9876543210"), "{message}");
    assert_eq!(response.info("token_source").as_deref(), Some("option secret"));
}

/// docs/services.md, 40.
#[test]
fn a_base_with_a_port_gets_the_key() {
    let sandbox = Sandbox::start();
    with_key(&sandbox, API_KEY).get("datasets/").expect(CRUX_OK);
    let request = only(&sandbox);
    assert!(request.header("host").unwrap().contains(':'));
    assert_eq!(request.header("authorization"), Some(&*format!("Bearer {API_KEY}")));
}

/// docs/services.md, 41.
#[test]
fn base64_with_padding_is_sent_unaltered() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox);
    let token = String::from_utf8(me.copy("token")).unwrap();
    assert!(token.len() == 44 && token.ends_with('='), "{token}");
    for token in ["AbC+/=", "a.b_c-d~e", "apk---9vbGdhIHNpZ25zIGluIGJ5IG9hdXRoIG9ubHkhISE="] {
        sandbox.clear();
        with_key(&sandbox, token).get("");
        assert_eq!(only(&sandbox).header("authorization"), Some(&*format!("Bearer {token}")));
    }
}

/// docs/services.md, 42.
#[test]
fn a_token_with_blanks_or_control_bytes_is_refused() {
    let sandbox = Sandbox::start();
    let bad = ["a b", "a\rb", "a\nb", "a\r\nX: y", "a\tb", " ab", "ü", "a\u{7f}", "\u{1}", " ", "\n"];
    for token in bad {
        let me = Client::login("crunch", &base(&sandbox), None, Some(token)).expect(CRUX_ERR_ARGUMENT);
        assert!(me.message().contains("token"), "{}", me.message());
        me.get("datasets/").expect(CRUX_ERR_ARGUMENT);
    }
    let me = with_key(&sandbox, API_KEY);
    for token in bad.into_iter().chain([""]) {
        assert_eq!(unsafe { crux_set_token(me.0, c(token).as_ptr()) }, CRUX_ERR_ARGUMENT, "{token:?}");
    }
    assert_eq!(unsafe { crux_set_token(me.0, null()) }, CRUX_ERR_ARGUMENT);
    assert_eq!(me.copy("token"), API_KEY.as_bytes(), "the token it had stays");
    // Blanks at the end come with a paste.
    assert_eq!(unsafe { crux_set_token(me.0, c("pasted \r\n").as_ptr()) }, CRUX_OK);
    assert_eq!(me.copy("token"), b"pasted");
    // A server that hands out such a token has not logged anybody in.
    for token in bad {
        let body = json!({ "access_token": token, "token_type": "Bearer" });
        sandbox.respond("POST", LOGIN, Canned::json(200, &body).times(1));
        let me = Client::login("crunch", &base(&sandbox), Some(GRACE.0), Some(GRACE.1));
        assert_eq!(me.code(), CRUX_ERR_PROTOCOL, "{token:?}: {}", me.message());
    }
}

#[test]
fn malformed_login_responses_are_no_login() {
    let sandbox = Sandbox::start();
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "{\"access_token\":",
        "{\"access_token\":null}",
        "{\"access_token\":42}",
        "{\"access_token\":\"\"}",
        "{\"access_token\":\"one\",\"access_token\":\"two\"}",
        "<html>",
    ] {
        sandbox.respond("POST", LOGIN, Canned::status(200).body(body).times(1));
        let me = Client::login("crunch", &base(&sandbox), Some(GRACE.0), Some(GRACE.1));
        assert_eq!(me.code(), CRUX_ERR_PROTOCOL, "{body}: {}", me.message());
    }
}

/// docs/services.md, 44.
#[test]
fn an_unknown_address_gets_a_method() {
    let sandbox = Sandbox::start();
    let call = anonymous(&sandbox).call("GET", "public/login/");
    assert_eq!(call.query("email", "unknown+é@example.com"), CRUX_OK);
    let response = call.send().expect(CRUX_OK);
    assert_eq!(response.json("/value/method").as_deref(), Some("pwhash"));
    assert_eq!(only(&sandbox).query, "email=unknown%2B%C3%A9%40example.com");
}

/// docs/services.md, 45.
#[test]
fn an_empty_configuration_parses() {
    let sandbox = Sandbox::start();
    let response = anonymous(&sandbox).get("public/config/").expect(CRUX_OK);
    assert_eq!(response.json_type("/body"), CRUX_JSON_OBJECT);
    assert_eq!(response.json_count("/body"), 0);
}

/// docs/services.md, 46.
#[test]
fn one_key_each_and_only_with_access() {
    let sandbox = Sandbox::start();
    let new = json!({ "element": "shoji:entity", "body": { "name": "另一个" } }).to_string();
    let response = log_in(&sandbox).request("POST", "apikeys/", Some(&new)).expect(CRUX_ERR_HTTP);
    assert_eq!(
        (response.status(), response.info("server_message").as_deref()),
        (400, Some("There is a key already."))
    );
    let pavel = Client::login("crunch", &base(&sandbox), Some("pavel@example.com"), Some("no api here"))
        .expect(CRUX_OK);
    let response = pavel.request("POST", "apikeys/", Some(&new)).expect(CRUX_ERR_HTTP);
    assert_eq!(response.status(), 404);
    // Without one, it is made, and the Location is the result.
    let olga = with_key(&sandbox, API_KEY_OAUTH);
    let index = olga.get("apikeys/").expect(CRUX_OK);
    let own = index.json_key("/index", 0).unwrap();
    assert_eq!(olga.request("DELETE", &own, None).expect(CRUX_OK).status(), 204);
    sandbox.set_password("olga@example.com", "hers");
    let olga =
        Client::login("crunch", &base(&sandbox), Some("olga@example.com"), Some("hers")).expect(CRUX_OK);
    let made = olga.request("POST", "apikeys/", Some(&new)).expect(CRUX_OK);
    assert_eq!(made.status(), 201);
    olga.get(&made.info("location").unwrap()).expect(CRUX_OK);
}

/// docs/services.md, 47.
#[test]
fn base_and_key_come_from_the_environment() {
    if is_alone() {
        return by_environment(&env::var("ACCOUNT").unwrap(), &env::var("EXPECTED").unwrap());
    }
    let sandbox = Sandbox::start();
    let (base, other) = (base(&sandbox), "http://127.0.0.1:9/api/".to_owned());
    let run = |variables: &[(&str, &str)], account: &str, expected: &str| {
        const NAME: &str = "crunch::base_and_key_come_from_the_environment";
        let more = [("ACCOUNT", account), ("EXPECTED", expected)];
        succeeds(NAME, again(NAME).envs(more).envs(variables.iter().copied()));
    };
    let plain = "environment variable R_CRUNCH_API_KEY";
    run(&[("R_CRUNCH_API", &base), ("R_CRUNCH_API_KEY", API_KEY)], "", plain);
    let acme = [
        ("R_CRUNCH_API", &*other),
        ("R_CRUNCH_API_KEY", "apk-not-this-one"),
        ("R_CRUNCH_API_ACME_EU", &*base),
        ("R_CRUNCH_API_KEY_ACME_EU", API_KEY),
    ];
    run(&acme, "acme.eu", "environment variable R_CRUNCH_API_KEY_ACME_EU");
    run(&[("R_CRUNCH_API", &base), ("R_CRUNCH_API_KEY", "")], "", "none");
}

/// Logs in as the environment says; the token must come from there.
fn by_environment(account: &str, expected: &str) {
    let options = Options::new();
    let name = c(account);
    let name = if account.is_empty() { null() } else { name.as_ptr() };
    assert_eq!(unsafe { crux_options_env(options.0, name) }, CRUX_OK);
    let me = options.login().expect(CRUX_OK);
    assert_eq!(me.info("service").as_deref(), Some("crunch"));
    let response = me.get("datasets/");
    if expected == "none" {
        assert_eq!(response.code(), CRUX_ERR_AUTH);
        assert!(response.message().contains("No token was sent"), "{}", response.message());
        return;
    }
    let response = response.expect(CRUX_OK);
    assert_eq!(response.info("token_source").as_deref(), Some(expected));
    // What is set by hand wins.
    assert_eq!(options.set("token", Some("apk-by-hand")), CRUX_OK);
    let response = options.login().get("datasets/").expect(CRUX_ERR_AUTH);
    assert_eq!(response.info("token_source").as_deref(), Some("option token"));
    assert!(response.info("base_url").is_some_and(|base| base.starts_with("http://127.0.0.1:")));
}
