//! A service that is not built in, described by options alone.

use sandbox::Sandbox;
use support::*;

fn enter(sandbox: &Sandbox, phrase: &str) -> Client {
    Client::with(&[
        ("service", "custom"),
        ("base_url", &format!("{}/depot/", sandbox.http())),
        ("login.path", "enter"),
        ("login.user_field", "name"),
        ("login.secret_field", "phrase"),
        ("login.token_pointer", "/session/key"),
        ("auth.header", "X-Depot-Key"),
        ("auth.scheme", "Key"),
        ("error.pointers", "/trouble"),
        ("logout.path", "leave"),
        ("user", "kim"),
        ("secret", phrase),
    ])
}

#[test]
fn options_describe_a_service_like_no_other() {
    let sandbox = Sandbox::start();
    let client = enter(&sandbox, "open sesame").expect(CRUX_OK);
    let things = client.get("things").expect(CRUX_OK);
    assert_eq!(things.json_count("/things"), 2);
    let lost = client.get("nowhere").expect(CRUX_ERR_HTTP);
    assert_eq!(lost.info("server_message").as_deref(), Some("There is no such place."));
    Response(unsafe { crux_logout(client.0) }).expect(CRUX_OK);
    let paths: Vec<_> = sandbox.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/depot/enter", "/depot/things", "/depot/nowhere", "/depot/leave"]);
}

#[test]
fn a_refused_login_says_what_the_service_says() {
    let refused = enter(&Sandbox::start(), "sesame").expect(CRUX_ERR_AUTH);
    assert!(refused.message().contains("No such name and phrase."), "{}", refused.message());
}
