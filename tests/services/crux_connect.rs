//! Crux Connect: the behaviours of docs/services.md that can be seen through the C interface, by number.

use std::collections::BTreeMap;
use std::time::Duration;

use sandbox::{Canned, INVITATIONS, Recorded, Sandbox, Switch};
use serde_json::{Value, json};
use support::*;

type Who = (&'static str, &'static str);

const SUPPLIER: Who = ("ada@example.com", "correct horse");
const RETAILER: Who = ("zoë@example.com", "пароль-密码");
const VIEWER: Who = ("niran@example.com", "no rights here");

const LOGIN: &str = "/timp/organizations/user-login/";
const USERS: &str = "organizations/users/all/";

fn base(sandbox: &Sandbox) -> String {
    format!("{}/timp/", sandbox.http())
}

fn log_in(sandbox: &Sandbox, who: Who) -> Client {
    Client::login("crux-connect", &base(sandbox), Some(who.0), Some(who.1)).expect(CRUX_OK)
}

fn anonymous(sandbox: &Sandbox) -> Client {
    Client::login("crux-connect", &base(sandbox), None, None).expect(CRUX_OK)
}

/// The only request that arrived since the last look.
fn only(sandbox: &Sandbox) -> Recorded {
    let mut all = sandbox.requests();
    assert_eq!(all.len(), 1, "{all:#?}");
    sandbox.clear();
    all.remove(0)
}

fn count(request: &Recorded, name: &str) -> usize {
    request.headers.iter().filter(|(n, _)| n == name).count()
}

/// docs/services.md, 1.
#[test]
fn login_sends_two_members_and_no_token() {
    let sandbox = Sandbox::start();
    let _me = log_in(&sandbox, RETAILER);
    let login = only(&sandbox);
    assert_eq!((login.method.as_str(), login.target.as_str()), ("POST", LOGIN));
    assert_eq!(login.json(), json!({ "username": RETAILER.0, "password": RETAILER.1 }));
    assert_eq!(count(&login, "authorization") + count(&login, "cookie"), 0);
    assert_eq!(login.header("content-type"), Some("application/json; charset=utf-8"));
}

/// docs/services.md, 2.
#[test]
fn only_the_prefix_differs() {
    let sandbox = Sandbox::start();
    let mut seen = Vec::new();
    for prefix in ["/api", "", "/timp"] {
        // With and without the slash at the end of the base.
        for slash in ["", "/"] {
            let base = format!("{}{prefix}{slash}", sandbox.http());
            let me = Client::login("crux-connect", &base, Some(SUPPLIER.0), Some(SUPPLIER.1)).expect(CRUX_OK);
            me.get(USERS).expect(CRUX_OK);
            let told = sandbox.requests().into_iter().map(|request| {
                let hidden = |name: &str, value: String| match name {
                    "authorization" => "Token …".to_owned(),
                    _ => value,
                };
                let headers: BTreeMap<_, _> =
                    request.headers.into_iter().map(|(n, v)| (n.clone(), hidden(&n, v))).collect();
                let path = request.path.strip_prefix(prefix).unwrap().to_owned();
                (request.method, path, headers, request.body)
            });
            seen.push(told.collect::<Vec<_>>());
            sandbox.clear();
        }
    }
    assert_eq!(seen[0].len(), 2);
    assert!(seen.iter().all(|other| *other == seen[0]), "{seen:#?}");
}

/// docs/services.md, 3.
#[test]
fn a_login_response_without_permissions() {
    let sandbox = Sandbox::start();
    let seed = format!("{}/api/", sandbox.http());
    let me = Client::login("crux-connect", &seed, Some(SUPPLIER.0), Some(SUPPLIER.1)).expect(CRUX_OK);
    me.get(USERS).expect(CRUX_OK);
    // The least that can be told.
    sandbox.respond("POST", LOGIN, Canned::json(200, &json!({ "auth_token": "0123abcd" })).times(1));
    let me = log_in(&sandbox, SUPPLIER);
    assert_eq!(me.copy("token"), b"0123abcd");
}

/// docs/services.md, 4.
#[test]
fn an_empty_uuid_is_told_from_none() {
    let sandbox = Sandbox::start();
    let me = anonymous(&sandbox);
    let body = json!({ "username": SUPPLIER.0, "password": SUPPLIER.1 }).to_string();
    let response = me.request("POST", "organizations/user-login/", Some(&body)).expect(CRUX_OK);
    assert_eq!(response.json("/retailer_uuid").as_deref(), Some(""));
    assert_eq!(response.json("/supplier_uuid").map(|uuid| uuid.len()), Some(36));
    assert_eq!(response.json("/no_such_uuid"), None);
}

/// docs/services.md, 5.
#[test]
fn the_token_header_is_exact() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, SUPPLIER);
    sandbox.clear();
    let token = String::from_utf8(me.copy("token")).unwrap();
    assert_eq!(token.len(), 40);
    for (method, path, body) in [
        ("GET", USERS, None),
        ("POST", "orders/", Some("{}")),
        ("DELETE", "nowhere/", None),
        ("PATCH", "x/", None),
    ] {
        me.request(method, path, body);
        let request = only(&sandbox);
        assert_eq!(request.header("authorization"), Some(&*format!("Token {token}")));
        assert_eq!(count(&request, "authorization"), 1);
        assert_eq!(count(&request, "cookie"), 0);
    }
}

/// docs/services.md, 6.
#[test]
fn a_body_is_json_in_utf8() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, RETAILER);
    sandbox.clear();
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        me.request(method, "echo/", Some("{\"name\":\"价格\"}"));
        let request = only(&sandbox);
        assert_eq!(request.header("content-type"), Some("application/json; charset=utf-8"), "{method}");
        assert_eq!(request.json(), json!({ "name": "价格" }));
        assert_eq!(request.header("content-length"), Some("17"));
    }
}

/// docs/services.md, 7.
#[test]
fn another_type_is_415() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, SUPPLIER);
    sandbox.clear();
    let call = me.call("POST", "orders/");
    assert_eq!(call.body(b"{}", Some("text/plain")), CRUX_OK);
    let response = call.send().expect(CRUX_ERR_HTTP);
    assert_eq!(response.status(), 415);
    assert!(response.message().contains("Content-Type"), "{}", response.message());
    assert_eq!(only(&sandbox).header("content-type"), Some("text/plain"));
    // The usual type is let in, whatever its parameters.
    for kind in [None, Some("application/json"), Some("Application/JSON;charset=UTF-8")] {
        assert_eq!(call.body(b"{}", kind), CRUX_OK);
        call.send().expect(CRUX_OK);
    }
}

/// docs/services.md, 8.
#[test]
fn a_get_has_no_body() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, SUPPLIER);
    sandbox.clear();
    me.get(USERS).expect(CRUX_OK);
    let request = only(&sandbox);
    assert_eq!((request.method.as_str(), request.body_length), ("GET", 0));
    for name in ["content-length", "transfer-encoding", "expect"] {
        assert_eq!(request.header(name), None, "{name}");
    }
}

/// docs/services.md, 9.
#[test]
fn a_body_on_get_changes_nothing() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, SUPPLIER);
    let plain = me.get(USERS).expect(CRUX_OK);
    sandbox.clear();
    let odd = me.request("GET", USERS, Some("{}")).expect(CRUX_OK);
    assert_eq!(odd.body(), plain.body());
    let request = only(&sandbox);
    assert_eq!((request.method.as_str(), &*request.body), ("GET", &b"{}"[..]));
}

/// docs/services.md, 10.
#[test]
fn no_wrong_and_old_tokens_are_401() {
    let sandbox = Sandbox::start();
    let nobody = anonymous(&sandbox);
    let response = nobody.get(USERS).expect(CRUX_ERR_AUTH);
    assert_eq!(response.status(), 401);
    assert!(response.message().contains("No token was sent"), "{}", response.message());
    assert_eq!(sandbox.requests()[0].header("authorization"), None);

    let wrong =
        Client::login("crux-connect", &base(&sandbox), None, Some("0123456789abcdef")).expect(CRUX_OK);
    assert_eq!(wrong.get(USERS).expect(CRUX_ERR_AUTH).status(), 401);

    let pairs = [
        ("base_url", &*base(&sandbox)),
        ("user", SUPPLIER.0),
        ("secret", SUPPLIER.1),
        ("keep_password", "0"),
    ];
    let me = Client::with(&pairs).expect(CRUX_OK);
    sandbox.advance(Duration::from_secs(7190));
    me.get(USERS).expect(CRUX_OK);
    sandbox.advance(Duration::from_secs(10));
    let response = me.get(USERS).expect(CRUX_ERR_AUTH);
    assert_eq!(response.info("server_message").as_deref(), Some("Token has expired."));
}

/// docs/services.md, 12.
#[test]
fn a_refused_login_is_one_request() {
    let sandbox = Sandbox::start();
    let me =
        Client::login("crux-connect", &base(&sandbox), Some(SUPPLIER.0), Some("wrong")).expect(CRUX_ERR_AUTH);
    let message = me.message();
    assert_eq!(only(&sandbox).path, LOGIN);
    for part in ["Crux Connect", SUPPLIER.0, "401", "Unable to log in", "Check the user name and password"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    // Remembered: what follows fails alike and sends nothing.
    let response = me.get(USERS).expect(CRUX_ERR_AUTH);
    assert_eq!(response.message(), message);
    assert_eq!(response.status(), 0);
    assert!(sandbox.requests().is_empty());
}

/// docs/services.md, 14.
#[test]
fn refusals_differ_and_are_not_repeated() {
    let sandbox = Sandbox::start();
    let line = "/timp/orders/items/cancel/1/";
    sandbox.respond("DELETE", line, Canned::json(422, &json!({ "detail": "It has been shipped." })));
    let mut messages = Vec::new();
    for (who, method, path, status) in [
        (VIEWER, "GET", USERS, 403),
        (RETAILER, "POST", "products/items/", 409),
        (RETAILER, "DELETE", "orders/items/cancel/1/", 422),
    ] {
        let me = log_in(&sandbox, who);
        sandbox.clear();
        let response = me.request(method, path, (method == "POST").then_some("{}")).expect(CRUX_ERR_HTTP);
        assert_eq!(response.status(), status);
        assert_eq!(response.number("attempts"), 1);
        assert_eq!(response.number("retryable"), 0);
        assert!(response.message().contains(&status.to_string()), "{}", response.message());
        only(&sandbox);
        messages.push(response.message().rsplit_once(". ").map(|(_, advice)| advice.to_owned()).unwrap());
    }
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), 3, "{messages:?}");
}

/// docs/services.md, 15.
#[test]
fn the_number_counts_not_the_words() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, RETAILER);
    // The sandbox says "409 Critical".
    let response = me.request("POST", "products/items/", Some("{}")).expect(CRUX_ERR_HTTP);
    assert_eq!(response.status(), 409);
    assert!(response.message().contains("409 Conflict"), "{}", response.message());
    assert!(!response.message().contains("Critical"));
    sandbox.respond("GET", "/timp/odd/", Canned::status(200).reason("Not Found"));
    me.get("odd/").expect(CRUX_OK);
}

/// docs/services.md, 16.
#[test]
fn any_error_document_is_survived() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, VIEWER);
    let told = me.get(USERS).expect(CRUX_ERR_HTTP);
    let detail = "You do not have permission to perform this action.";
    assert_eq!(told.info("server_message").as_deref(), Some(detail));
    for switch in [Switch::EmptyErrors, Switch::HtmlErrors] {
        sandbox.switch(switch, true);
        let response = me.get(USERS).expect(CRUX_ERR_HTTP);
        sandbox.switch(switch, false);
        assert_eq!(response.status(), 403);
        assert_eq!(response.info("server_message"), None);
        assert_eq!(response.body().is_empty(), switch == Switch::EmptyErrors);
        assert!(
            response.message().starts_with("Crux Connect answered 403 Forbidden"),
            "{}",
            response.message()
        );
        assert!(!response.message().contains('<'));
    }
    let odd: [Value; 7] = [
        json!({ "detail": "x".repeat(1_000_000) }),
        json!({ "detail": { "deep": [1, 2] } }),
        json!({ "detail": "two\nlines\u{0}and a NUL" }),
        json!(["a", "list"]),
        json!("a text"),
        json!({ "name": ["This field is required."], "": [""] }),
        json!(null),
    ];
    for body in odd {
        sandbox.respond("GET", "/timp/odd/", Canned::json(400, &body));
        let response = me.get("odd/").expect(CRUX_ERR_HTTP);
        assert_eq!(response.status(), 400);
        assert!(response.message().len() < 1200, "{}", response.message().len());
        assert!(!response.message().contains(char::is_control));
    }
    sandbox.respond("GET", "/timp/odd/", Canned::json(400, &json!({ "name": ["This field is required."] })));
    let response = me.get("odd/").expect(CRUX_ERR_HTTP);
    assert_eq!(response.info("server_message").as_deref(), Some("name: This field is required."));
}

/// docs/services.md, 27.
#[test]
fn a_reset_needs_no_token_in_the_response() {
    let sandbox = Sandbox::start();
    let me = anonymous(&sandbox);
    for shown in [false, true] {
        sandbox.switch(Switch::ResetTokenInReply, shown);
        let body = json!({ "email": SUPPLIER.0 }).to_string();
        let response = me.request("POST", "organizations/reset-password/", Some(&body)).expect(CRUX_OK);
        assert_eq!(response.status(), 200);
        assert_eq!(response.json("/reset_token").is_some(), shown);
        assert_eq!(only(&sandbox).header("authorization"), None);
    }
}

/// docs/services.md, 28.
#[test]
fn the_reset_token_is_in_the_query_and_in_no_log() {
    let sandbox = Sandbox::start();
    let (options, lines) = (Options::of(&[("base_url", &*base(&sandbox))]), Lines::default());
    lines.listen(&options, 5);
    let me = options.login().expect(CRUX_OK);
    let call = me.call("GET", "organizations/complete-password/");
    assert_eq!(call.query("token", "k3pt-fr0m-l0gs"), CRUX_OK);
    let response = call.send().expect(CRUX_ERR_HTTP);
    assert_eq!(response.status(), 404);
    assert_eq!(only(&sandbox).query, "token=k3pt-fr0m-l0gs");
    assert!(response.info("url").unwrap().ends_with("?token=k3pt-fr0m-l0gs"), "the fact is exact");
    let told = format!("{:?}{}", lines.all(), response.message());
    assert!(told.contains("complete-password") && !told.contains("k3pt"), "{told}");
}

/// docs/services.md, 29.
#[test]
fn an_expired_invitation_is_not_a_creation() {
    let sandbox = Sandbox::start();
    let me = anonymous(&sandbox);
    let [(fresh, email), (expired, _)] = INVITATIONS;
    let response = me.get(&format!("organizations/accept-invite/{fresh}/")).expect(CRUX_OK);
    assert_eq!((response.status(), response.json("/email").as_deref()), (200, Some(email)));
    let usual = response.message();
    let response = me.get(&format!("organizations/accept-invite/{expired}/")).expect(CRUX_OK);
    assert_eq!(response.status(), 201);
    assert!(response.message().contains("expired") && response.message().contains("new e-mail"));
    assert_ne!(response.message(), usual);
    let response = me.get("organizations/accept-invite/nosuch/").expect(CRUX_ERR_HTTP);
    assert_eq!(response.status(), 404);
}

/// docs/services.md, 30.
#[test]
fn a_delete_carries_a_body() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, SUPPLIER);
    let user = me.get(USERS).expect(CRUX_OK).json("/0/uuid").unwrap();
    let path = format!("organizations/users/permissions/{user}/");
    let held = me.get(&path).expect(CRUX_OK);
    let first = held.json("/permissions/5/permission/uuid").unwrap();
    sandbox.clear();
    let body = json!({ "permission_uuids": [first] }).to_string();
    assert_eq!(me.request("DELETE", &path, Some(&body)).expect(CRUX_OK).status(), 204);
    let request = only(&sandbox);
    assert_eq!((request.method.as_str(), &*request.body), ("DELETE", body.as_bytes()));
    assert_eq!(request.header("content-type"), Some("application/json; charset=utf-8"));
    let now = me.get(&path).expect(CRUX_OK);
    assert_eq!(now.json("/permissions/5/assigned").as_deref(), Some("false"));
    assert_eq!(me.request("PATCH", &path, Some(&body)).expect(CRUX_OK).status(), 204);
}

/// docs/services.md, 32.
#[test]
fn names_of_all_scripts_round_trip() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox, SUPPLIER);
    let users = me.get(USERS).expect(CRUX_OK);
    let names: Vec<_> =
        (0..users.json_count("")).filter_map(|n| users.json(&format!("/{n}/person/first_name"))).collect();
    assert!(names.iter().any(|name| name == "小明") || names.iter().any(|name| name == "สมชาย"), "{names:?}");
    for title in ["青花瓷茶壶", "ร่มไม้ไผ่", "مصباح نحاسي", "Łódź 🦆 \"quoted\" \\ \u{7f}"]
    {
        let body = json!({ "item_id": "1", "title": title }).to_string();
        let made = me.request("POST", "products/items/", Some(&body)).expect(CRUX_OK);
        assert_eq!(made.json("/title").as_deref(), Some(title));
        let path = format!("products/items/{}/", made.json("/uuid").unwrap());
        assert_eq!(me.get(&path).expect(CRUX_OK).json("/title").as_deref(), Some(title));
        // In a query too, whatever of it needs encoding.
        let call = me.call("GET", "/echo/");
        assert_eq!(call.query("name", title), CRUX_OK);
        call.send().expect(CRUX_OK);
        let query = sandbox.requests().pop().unwrap().query;
        assert_eq!(sandbox_value(&query), title);
    }
}

fn sandbox_value(query: &str) -> String {
    let value = query.split_once('=').unwrap().1;
    percent_encoding::percent_decode_str(value).decode_utf8().unwrap().into_owned()
}
