//! A service that only options describe: how its login is sent, what its token lives, what its headers are.

use std::time::Duration;

use sandbox::{Canned, Recorded, Sandbox};
use serde_json::{Value, json};
use support::*;

const USER: &[(&str, &str)] = &[("user", "ada@example.com"), ("secret", "pass word&1")];

/// A sandbox whose login answers so; everything else is found.
fn answering(login: &Canned) -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.respond("*", "/api/login", login.clone());
    sandbox.respond("*", "/api/*", Canned::json(200, &json!({"some": "thing"})));
    sandbox
}

fn plain() -> Canned {
    Canned::json(200, &json!({"token": "t-one"}))
}

fn client(sandbox: &Sandbox, more: &[(&str, &str)]) -> Client {
    let base = format!("{}/api/", sandbox.http());
    let own = [("service", "custom"), ("base_url", &*base), ("proxy", "direct"), ("retry.max", "0")];
    Client::with(&[&own[..], more].concat())
}

fn with_user(sandbox: &Sandbox, more: &[(&str, &str)]) -> Client {
    client(sandbox, &[USER, more].concat())
}

fn first(sandbox: &Sandbox) -> Recorded {
    sandbox.requests().remove(0)
}

fn last(sandbox: &Sandbox) -> Recorded {
    sandbox.requests().pop().expect("a request")
}

#[test]
fn a_login_is_a_form() {
    let sandbox = answering(&plain());
    let extra = r#"{"grant_type": "password", "n": 1}"#;
    with_user(&sandbox, &[("login.encoding", "form"), ("login.extra", extra)]).expect(CRUX_OK);
    let login = first(&sandbox);
    assert_eq!(login.header("content-type"), Some("application/x-www-form-urlencoded"));
    let body = String::from_utf8(login.body).unwrap();
    assert_eq!(body, "username=ada%40example.com&password=pass%20word%261&grant_type=password&n=1");
}

#[test]
fn a_login_is_basic() {
    let sandbox = answering(&plain());
    let more = [("login.encoding", "basic"), ("login.method", "GET")];
    let me = with_user(&sandbox, &more).expect(CRUX_OK);
    let login = first(&sandbox);
    assert_eq!((login.method.as_str(), login.body_length), ("GET", 0));
    assert_eq!(login.header("authorization"), Some("Basic YWRhQGV4YW1wbGUuY29tOnBhc3Mgd29yZCYx"));
    me.get("x").expect(CRUX_OK);
    assert_eq!(last(&sandbox).header("authorization"), Some("Bearer t-one"));
    let refused = with_user(&sandbox, &[("login.method", "GET")]).expect(CRUX_ERR_ARGUMENT);
    assert!(refused.message().contains("login.encoding"), "{}", refused.message());
    // A login by GET is sent once too, whatever the retries.
    let busy = answering(&Canned::status(503));
    let more = [&more[..], &[("retry.max", "3"), ("idempotent", "1")]].concat();
    with_user(&busy, &more).expect(CRUX_ERR_HTTP);
    assert_eq!(busy.requests().len(), 1);
}

#[test]
fn a_token_goes_bare_where_the_scheme_is_empty() {
    let sandbox = answering(&plain());
    let more = [("token", "abc-123"), ("auth.scheme", ""), ("auth.header", "X-Api-Key")];
    client(&sandbox, &more).expect(CRUX_OK).get("x").expect(CRUX_OK);
    assert_eq!(last(&sandbox).header("x-api-key"), Some("abc-123"));
    for (scheme, want) in [(" ", "abc-123"), ("Token ", "Token abc-123"), (" Key", "Key abc-123")] {
        client(&sandbox, &[("token", "abc-123"), ("auth.scheme", scheme)])
            .expect(CRUX_OK)
            .get("x")
            .expect(CRUX_OK);
        assert_eq!(last(&sandbox).header("authorization"), Some(want), "blanks are no part of a scheme");
    }
}

#[test]
fn a_word_pasted_before_the_token_is_left_out() {
    let sandbox = answering(&plain());
    for pasted in ["bearer abc-123", "Bearer  abc-123", "Bearer\tabc-123\r\n"] {
        let me = client(&sandbox, &[("token", pasted)]).expect(CRUX_OK);
        me.get("x").expect(CRUX_OK);
        assert_eq!(last(&sandbox).header("authorization"), Some("Bearer abc-123"), "{pasted:?}");
    }
    for word in ["Token", "JWT", "ApiKey", "Authorization:"] {
        let pasted = format!("{word} abc-123");
        let refused = client(&sandbox, &[("token", &pasted)]).expect(CRUX_ERR_ARGUMENT);
        let message = refused.message();
        assert!(message.contains(&format!("the word {word}")) && !message.contains("abc-123"), "{message}");
    }
}

#[test]
fn own_headers_go_to_the_own_origin_only() {
    let (sandbox, other) = (answering(&plain()), answering(&plain()));
    let lines = "X-Api-Version: 2\nX-Api-Key: canary-key\n\nAccept: text/csv";
    let me = with_user(&sandbox, &[("headers", lines)]).expect(CRUX_OK);
    me.get("x").expect(CRUX_OK);
    me.request("POST", "x", Some("{}")).expect(CRUX_OK);
    let call = me.call("GET", "x");
    assert_eq!(call.header("X-Api-Version", "3"), CRUX_OK);
    call.send().expect(CRUX_OK);
    let seen: Vec<_> = sandbox.requests();
    assert_eq!(seen.len(), 4);
    for (request, version) in seen.iter().zip(["2", "2", "2", "3"]) {
        assert_eq!(request.header("x-api-version"), Some(version), "{}", request.path);
        assert_eq!(request.header("x-api-key"), Some("canary-key"));
        assert_eq!(request.header("accept"), Some("text/csv"));
    }
    me.get(&format!("{}/api/y", other.http())).expect(CRUX_OK);
    assert_eq!(last(&other).header("x-api-key"), None);
    assert_ne!(last(&other).header("accept"), Some("text/csv"));
    for bad in ["Authorization: x", "Host: a", "Content-Length: 1", "X Y: 1", "nonsense", "X: \u{1}"] {
        client(&sandbox, &[]);
        let options = Options::new();
        assert_eq!(options.set("headers", Some(bad)), CRUX_ERR_ARGUMENT, "{bad}");
    }
    let refused =
        client(&sandbox, &[("auth.header", "X-Api-Key"), ("headers", lines)]).expect(CRUX_ERR_ARGUMENT);
    assert!(!refused.message().contains("canary"), "{}", refused.message());
}

/// A JWT that says this.
fn jwt(claims: &Value) -> String {
    let text = claims.to_string();
    let mut bits = 0u32;
    let (mut held, mut out) = (0, String::new());
    for byte in text.bytes() {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 6 {
            held -= 6;
            out.push(DIGITS[(bits >> held) as usize & 63] as char);
        }
    }
    if held > 0 {
        out.push(DIGITS[(bits << (6 - held)) as usize & 63] as char);
    }
    format!("e30.{out}.c2ln")
}
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[test]
fn a_lifetime_is_told_by_the_response_or_by_the_token() {
    let within = |client: &Client, wanted: i64| {
        let left = client.number("token_expires_in_s");
        assert!((wanted - 5..=wanted).contains(&left), "{left} for {wanted}");
    };
    let told = Canned::json(200, &json!({"token": "t-one", "in": {"s": "600"}}));
    let sandbox = answering(&told);
    within(&with_user(&sandbox, &[("token.expires_pointer", "/in/s")]).expect(CRUX_OK), 600);
    assert_eq!(with_user(&sandbox, &[]).expect(CRUX_OK).number("token_expires_in_s"), -1);
    // The clock of this computer is decades away from that of the token.
    let token = jwt(&json!({"iat": 1_000_000_000, "exp": 1_000_000_300, "sub": "ada"}));
    let sandbox = answering(&Canned::json(200, &json!({"token": token})));
    let me = with_user(&sandbox, &[]).expect(CRUX_OK);
    within(&me, 300);
    for _ in 0..3 {
        me.get("x").expect(CRUX_OK);
    }
    assert_eq!(sandbox.requests().len(), 4, "one login");
    let set = [("token.lifetime_ms", "50000")];
    within(&with_user(&sandbox, &set).expect(CRUX_OK), 50);
}

#[test]
fn a_token_is_renewed_at_the_end_of_its_lifetime() {
    let sandbox = answering(&Canned::json(200, &json!({"token": "t-one", "expires_in": 1})));
    let more = [("token.expires_pointer", "/expires_in"), ("token.renew_before_ms", "0")];
    let me = with_user(&sandbox, &more).expect(CRUX_OK);
    me.get("x").expect(CRUX_OK);
    std::thread::sleep(Duration::from_millis(1100));
    me.get("x").expect(CRUX_OK);
    let paths: Vec<_> = sandbox.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/api/login", "/api/x", "/api/login", "/api/x"]);
}

#[test]
fn a_login_waits_for_the_first_request() {
    let sandbox = answering(&plain());
    let me = with_user(&sandbox, &[("login.when", "first_use")]).expect(CRUX_OK);
    assert_eq!(sandbox.requests().len(), 0);
    me.get("x").expect(CRUX_OK);
    assert_eq!(sandbox.requests().len(), 2);
}

#[test]
fn a_login_that_is_answered_otherwise_says_what_to_do() {
    for (response, code, part) in [
        (Canned::status(404), CRUX_ERR_HTTP, "check the base URL"),
        (
            Canned::status(204).header("set-cookie", "token=abc123; Path=/"),
            CRUX_ERR_PROTOCOL,
            "\"login.mode\"",
        ),
        (Canned::json(200, &json!({"other": 1})), CRUX_ERR_PROTOCOL, "check the base URL"),
        (Canned::json(200, &json!({"x": "y".repeat(2_000_000)})), CRUX_ERR_TOO_LARGE, "larger than 1 MiB"),
    ] {
        let sandbox = answering(&response);
        let refused = with_user(&sandbox, &[]).expect(code);
        assert!(refused.message().contains(part), "{}", refused.message());
    }
    let cookie = Canned::status(204)
        .header("set-cookie", "token=deleted; Max-Age=0")
        .header("set-cookie", "token=real123; Path=/");
    let sandbox = answering(&cookie);
    with_user(&sandbox, &[("login.mode", "cookie")]).expect(CRUX_OK).get("x").expect(CRUX_OK);
    assert_eq!(last(&sandbox).header("cookie"), Some("token=real123"));
    let sandbox = answering(&Canned::status(204).header("set-cookie", "token=deleted; Max-Age=0"));
    with_user(&sandbox, &[("login.mode", "cookie")]).expect(CRUX_ERR_PROTOCOL);
}

#[test]
fn a_refused_login_says_what_may_be_wrong() {
    let said = json!({"detail": "Field required: email"});
    let refused = |status: u16, more: &[(&str, &str)]| {
        let sandbox = answering(&Canned::json(status, &said));
        let refused = with_user(&sandbox, more);
        assert_ne!(refused.code(), CRUX_OK);
        refused.message()
    };
    let password = "user name and password";
    for (status, has, hasnt) in [
        (400, &[password, "\"login.path\"", "\"login.user_field\"", "\"login.encoding\""][..], ""),
        (401, &[password], "login."),
        (403, &[password], "login."),
        (404, &["base URL", "\"login.path\""], password),
        (405, &["base URL", "\"login.path\"", "\"login.method\""], password),
        (415, &["\"login.encoding\""], password),
        (
            422,
            &["\"login.user_field\"", "\"login.secret_field\"", "\"login.encoding\""],
            "Check the user name",
        ),
    ] {
        let message = refused(status, &[]);
        let own_words = message.find("Field required: email").unwrap_or_else(|| panic!("{message}"));
        for part in has {
            let at = message.find(part).unwrap_or_else(|| panic!("{status} {part}: {message}"));
            assert!(own_words < at, "the server's own words come first: {message}");
        }
        assert!(hasnt.is_empty() || !message.contains(hasnt), "{status} {hasnt}: {message}");
    }
    // Of a built-in service all that is right, unless options say otherwise.
    let connect = |more: &[(&str, &str)]| {
        let sandbox = Sandbox::start();
        sandbox.respond("POST", "/api/organizations/*", Canned::json(400, &said));
        with_user(&sandbox, &[&[("service", "crux-connect")], more].concat()).expect(CRUX_ERR_AUTH).message()
    };
    let message = connect(&[]);
    assert!(message.contains(password) && !message.contains("login."), "{message}");
    let message = connect(&[("login.user_field", "email")]);
    assert!(message.contains("\"login.user_field\""), "{message}");
}

#[test]
fn a_login_without_a_token_says_what_came_instead() {
    for (response, part) in [
        (json!({"data": {"access_token": "t-one"}}), "a text at /data/access_token: if that is the token"),
        (json!({"access_token": "t-one"}), "\"login.token_pointer\""),
        (json!({"error": "The account is locked."}), "It says: The account is locked."),
        (json!({"token": "", "message": "Wrong pass word&1, ada."}), "It says: Wrong [secret], ada."),
        (json!({"message": "t-one"}), "check the base URL and the service."),
        (
            json!({"detail": "Your token is t-one-9944b09199c62bcf9418."}),
            "check the base URL and the service.",
        ),
        (json!({"message": "Bearer t-one.9944b09199c6.2bcf9418"}), "check the base URL and the service."),
    ] {
        let sandbox = answering(&Canned::json(200, &response));
        let message = with_user(&sandbox, &[]).expect(CRUX_ERR_PROTOCOL).message();
        assert!(message.contains(part), "{response}: {message}");
        assert!(!message.contains("t-one") && !message.contains("word&1"), "{message}");
    }
}

#[test]
fn a_token_is_found_as_services_write_it() {
    let text = |body: &str| Canned::status(200).header("content-type", "text/plain").body(body);
    for (response, more) in [
        (Canned::json(200, &json!({"token": "Bearer t-one"})), &[][..]),
        (text("t-one\n"), &[("login.token_pointer", "")]),
        (Canned::json(200, &json!("t-one")), &[("login.token_pointer", "")]),
    ] {
        let sandbox = answering(&response);
        let me = with_user(&sandbox, more).expect(CRUX_OK);
        assert!(!String::from_utf8(me.copy("body")).unwrap().contains("t-one"));
        me.get("x").expect(CRUX_OK);
        assert_eq!(last(&sandbox).header("authorization"), Some("Bearer t-one"));
    }
    let page = Canned::status(200).header("content-type", "text/html").body("<html>Log in</html>");
    with_user(&answering(&page), &[("login.token_pointer", "")]).expect(CRUX_ERR_PROTOCOL);
}

#[test]
fn the_words_of_a_server_that_failed_are_told() {
    let sandbox = Sandbox::start();
    let me = client(&sandbox, &[]).expect(CRUX_OK);
    let text = Canned::status(500).header("content-type", "text/plain").body("ValueError: no such column");
    sandbox.respond("GET", "/api/x", text);
    let message = me.get("x").expect(CRUX_ERR_HTTP).message();
    assert!(message.contains("ValueError: no such column"), "{message}");
    // JSON in another charset is read as far as it goes.
    let json = Canned::status(400).header("content-type", "application/json");
    sandbox.respond("GET", "/api/y", json.body(&b"{\"message\": \"caf\xe9 is closed\"}"[..]));
    let message = me.get("y").expect(CRUX_ERR_HTTP).message();
    assert!(message.contains("is closed"), "{message}");
}

#[test]
fn a_cookie_of_another_path_is_no_session_of_the_api() {
    let login = |cookies: &[&str]| {
        let start = Canned::status(204);
        let response = cookies.iter().fold(start, |response, cookie| response.header("set-cookie", cookie));
        let sandbox = answering(&response);
        let me = with_user(&sandbox, &[("login.mode", "cookie")]);
        me.get("x");
        (me.code(), me.message(), last(&sandbox).header("cookie").map(str::to_owned))
    };
    let (code, message, sent) = login(&["token=abc123; Path=/other"]);
    assert_eq!((code, sent), (CRUX_ERR_PROTOCOL, None));
    assert!(message.contains("/other") && !message.contains("abc123"), "{message}");
    for cookies in [
        &["token=abc123; Path=/other", "token=real123; Path=/api"][..],
        &["token=real123; Path=/", "token=abc123; Path=/other"],
        &["token=real123; Path=/", "token=abc123; Path=/api/login"],
        &["token=real123; Path=/api/; Domain=other.test"],
    ] {
        let (code, message, sent) = login(cookies);
        assert_eq!((code, sent.as_deref()), (CRUX_OK, Some("token=real123")), "{cookies:?} {message}");
    }
}

/// A token of seconds may expire while a server's limit of requests is waited for.
#[test]
fn a_token_that_expires_in_a_wait_is_renewed_after_it() {
    let sandbox = answering(&plain());
    sandbox.forget_canned();
    sandbox.respond("POST", "/api/login", plain());
    let busy = || Canned::status(429).header("retry-after", "1").times(1);
    let expired = || Canned::status(401).times(1);
    for response in [expired(), busy(), expired(), busy(), expired()] {
        sandbox.respond("GET", "/api/x", response);
    }
    sandbox.respond("GET", "/api/x", Canned::json(200, &json!({})));
    let limits = [("retry.max", "3"), ("retry.max_wait_ms", "10")];
    let me = with_user(&sandbox, &limits).expect(CRUX_OK);
    me.get("x").expect(CRUX_OK);
    let logins = sandbox.requests().iter().filter(|request| request.path == "/api/login").count();
    assert_eq!(logins, 4, "the first, and one after each wait");
    // Without a wait there is one renewal, and a token that cannot be renewed has its reason told.
    sandbox.forget_canned();
    sandbox.respond("POST", "/api/login", plain());
    for response in [expired(), busy()] {
        sandbox.respond("GET", "/api/x", response);
    }
    sandbox.respond("GET", "/api/x", Canned::status(401));
    let refused = me.get("x").expect(CRUX_ERR_AUTH);
    assert!(refused.message().contains("429 Too Many Requests"), "{}", refused.message());
    sandbox.respond("GET", "/api/y", busy());
    sandbox.respond("GET", "/api/y", Canned::status(401));
    let given = client(&sandbox, &[&limits[..], &[("token", "abc-123")]].concat());
    let refused = given.get("y").expect(CRUX_ERR_AUTH);
    assert!(refused.message().contains("429 Too Many Requests"), "{}", refused.message());
    sandbox.respond("GET", "/api/z", Canned::status(401));
    let refused = me.get("z").expect(CRUX_ERR_AUTH);
    assert!(!refused.message().contains("429"), "{}", refused.message());
}

#[test]
fn a_refusal_in_words_of_django_is_an_expired_token() {
    let sandbox = answering(&plain());
    let invalid = || Canned::json(403, &json!({"detail": "Invalid token."}));
    sandbox.respond("GET", "/api/old", invalid().times(1));
    sandbox.respond("GET", "/api/never", invalid());
    let shapes = [
        json!({"message": "Invalid token."}),
        json!({"error": "invalid_token", "error_description": "The access token expired"}),
        json!({"detail": {"detail": "Given token not valid", "code": "token_not_valid"}}),
        json!({"errors": [{"detail": "Token is expired"}]}),
    ];
    for (n, shape) in shapes.iter().enumerate() {
        sandbox.respond("GET", &format!("/api/shape{n}"), Canned::json(403, shape).times(1));
    }
    sandbox.respond("GET", "/api/tokenizer", Canned::json(403, &json!({"detail": "Invalid token count"})));
    let other = Canned::json(403, &json!({"detail": "You do not have permission to perform this action."}));
    sandbox.respond("GET", "/api/closed", other);
    // The first that fits counts.
    sandbox.respond("*", "/api/login", plain());
    let me = with_user(&sandbox, &[]).expect(CRUX_OK);
    let paths = |path: &str, code: i32| {
        sandbox.clear();
        let response = me.get(path).expect(code);
        let paths: Vec<_> = sandbox.requests().into_iter().map(|request| request.path).collect();
        (paths, response)
    };
    assert_eq!(paths("old", CRUX_OK).0, ["/api/old", "/api/login", "/api/old"]);
    for (n, shape) in shapes.iter().enumerate() {
        assert_eq!(paths(&format!("shape{n}"), CRUX_OK).0.len(), 3, "{shape}");
    }
    assert_eq!(paths("tokenizer", CRUX_ERR_HTTP).0, ["/api/tokenizer"]);
    let (seen, response) = paths("never", CRUX_ERR_AUTH);
    assert_eq!(seen, ["/api/never", "/api/login", "/api/never"], "one login, one replay");
    assert_eq!(response.info("server_message").as_deref(), Some("Invalid token."));
    let (seen, response) = paths("closed", CRUX_ERR_HTTP);
    assert_eq!(seen, ["/api/closed"]);
    assert!(response.message().contains("do not have permission"), "{}", response.message());
    assert_eq!(response.body(), br#"{"detail":"You do not have permission to perform this action."}"#);
    // A token that was given is not replaced.
    let given = client(&sandbox, &[("token", "abc-123")]).expect(CRUX_OK);
    let response = given.get("never").expect(CRUX_ERR_AUTH);
    assert!(response.message().contains("option token"), "{}", response.message());
}

#[test]
fn a_renewal_that_is_put_off_tells_its_own_response() {
    for (status, wait) in [(429, "7"), (503, "9")] {
        let sandbox = answering(&plain());
        let me = with_user(&sandbox, &[]).expect(CRUX_OK);
        sandbox.forget_canned();
        let busy = Canned::json(status, &json!({"message": "come back later"})).header("retry-after", wait);
        sandbox.respond("POST", "/api/login", busy);
        sandbox.respond("GET", "/api/x", Canned::json(401, &json!({"message": "expired"})));
        let response = me.get("x").expect(CRUX_ERR_HTTP);
        assert_eq!(response.status(), i32::from(status));
        assert_eq!(response.json("/message").as_deref(), Some("come back later"));
        assert_eq!(response.number("retry_after_ms"), wait.parse::<i64>().unwrap() * 1000);
        assert_eq!(response.number("retryable"), 1);
        assert_eq!(response.info("server_message").as_deref(), Some("come back later"));
        assert_eq!(response.header("retry-after").as_deref(), Some(wait));
    }
}

#[test]
fn what_was_made_is_named_by_its_id() {
    let sandbox = answering(&plain());
    let me = client(&sandbox, &[("token", "abc-123")]).expect(CRUX_OK);
    sandbox.forget_canned();
    sandbox.respond("POST", "/api/users/", Canned::json(201, &json!({"id": 7})));
    let made = me.request("POST", "users/", Some("{}")).expect(CRUX_OK);
    let place = format!("{}/api/users/7/", sandbox.http());
    assert_eq!((made.info("location"), made.info("result")), (Some(place.clone()), Some(place)));
    sandbox.respond("POST", "/api/one/", Canned::json(201, &json!({"id": 7})).header("location", "/else/"));
    let made = me.request("POST", "one/", Some("{}")).expect(CRUX_OK);
    assert_eq!(made.info("location"), Some(format!("{}/else/", sandbox.http())));
    // An id may be a number, of any length.
    let number = "12345678901234567890123";
    let body = format!("{{\"order\":{{\"number\":{number}}}}}");
    sandbox.respond("POST", "/api/two/", Canned::json(200, &json!({})).body(body));
    let me = client(&sandbox, &[("token", "abc-123"), ("result.pointers", "/order/id /order/number")]);
    assert_eq!(me.request("POST", "two/", Some("{}")).info("result").as_deref(), Some(number));
}

#[test]
fn an_upload_has_the_field_that_an_option_names() {
    let (sandbox, folder) = (answering(&plain()), Folder::new());
    let me = client(&sandbox, &[("token", "abc-123"), ("upload.field", "datei")]).expect(CRUX_OK);
    let file = folder.file("a.csv", b"a\n1\n");
    me.upload(Some("files/"), None, &file, None).expect(CRUX_OK);
    let body = String::from_utf8(last(&sandbox).body).unwrap();
    assert!(body.contains("name=\"datei\""), "{body}");
}

#[test]
fn a_service_that_is_unknown_is_named() {
    let options = Options::new();
    assert_eq!(options.set("service", Some("crunsh")), CRUX_ERR_ARGUMENT);
    assert!(options.message().contains("\"crunsh\""), "{}", options.message());
}

#[test]
fn a_redirect_keeps_the_bytes_of_its_place() {
    let sandbox = answering(&plain());
    let me = client(&sandbox, &[("token", "abc-123")]).expect(CRUX_OK);
    sandbox.forget_canned();
    let server = sandbox::fault::FaultServer::start(vec![
        sandbox::fault::Step::ReadRequest,
        sandbox::fault::Step::send(b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\nContent-Length: 0\r\n\r\n"),
        sandbox::fault::Step::ReadRequest,
        sandbox::fault::Step::send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ]);
    let response = me.get(&format!("{}/x", server.url())).expect(CRUX_OK);
    assert_eq!(response.info("url"), Some(format!("{}/caf%E9", server.url().trim_end_matches('/'))));
}

#[test]
fn a_job_whose_progress_leads_to_its_result_has_ended() {
    let sandbox = Sandbox::start();
    sandbox.respond("POST", "/api/jobs", Canned::json(202, &json!({})).header("location", "/api/progress"));
    sandbox.respond("GET", "/api/progress", Canned::json(200, &json!({"state": "running"})).times(1));
    sandbox.respond("GET", "/api/progress", Canned::status(303).header("location", "/api/result"));
    sandbox.respond("GET", "/api/result", Canned::json(200, &json!({"rows": [1, 2]})));
    let me = client(&sandbox, &[("job.status_pointer", "/state")]);
    let asked = me.request("POST", "jobs", Some("{}")).expect(CRUX_OK);
    let ended = me.wait_for_job(&asked, 20_000).expect(CRUX_OK);
    let result = ended.info("location").expect("where the result is");
    assert!(result.ends_with("/api/result"), "{result}");
}

#[test]
fn of_an_error_document_a_mebibyte_is_kept() {
    let sandbox = Sandbox::start();
    let me = client(&sandbox, &[]).expect(CRUX_OK);
    for (size, kept) in [(1 << 20, 1 << 20), ((1 << 20) + 1, 1 << 20), (3 << 20, 1 << 20)] {
        let mut document = r#"{"message": "no tea"}"#.to_owned();
        document.push_str(&" ".repeat(size - document.len()));
        sandbox.respond("GET", "/api/x", Canned::json(400, &json!("")).body(document));
        let refused = me.get("x").expect(CRUX_ERR_HTTP);
        assert_eq!(refused.body().len(), kept);
        assert_eq!(refused.info("server_message").as_deref(), Some("no tea"));
    }
}

#[test]
fn a_service_without_an_address_of_its_own_is_named() {
    let refused = Client::with(&[("service", "custom")]).expect(CRUX_ERR_ARGUMENT);
    assert!(refused.message().contains("The service \"custom\" has no base URL"), "{}", refused.message());
}

/// Without a token there is no account that could lack a permission.
#[test]
fn a_403_of_an_anonymous_request_is_told_as_such() {
    let sandbox = answering(&plain());
    sandbox.respond("GET", "/api/x/", Canned::status(403));
    let refused =
        support::files::anonymous(&format!("{}/api/", sandbox.http())).get("x/").expect(CRUX_ERR_HTTP);
    assert!(
        refused.message().ends_with("The client sent no token of its own; it may need to log in."),
        "{}",
        refused.message()
    );
}
