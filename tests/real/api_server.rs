//! Django REST framework with djoser and simplejwt: token logins, JWT with refresh, and its ways to refuse.

use std::process::Command;

use support::*;

use crate::started::{Started, python, that_tells_its_port};

/// The server, and the folder of its data.
pub struct ApiServer {
    started: Started,
    folder: Folder,
}

impl ApiServer {
    /// None, after naming `what`, if Python lacks what it needs.
    pub fn start(what: &str) -> Option<ApiServer> {
        let python = python(what)?;
        let folder = Folder::new();
        let mut command = Command::new(python);
        command.arg(program::project("tests/real/api_server.py")).arg(folder.path(""));
        Some(ApiServer { started: that_tells_its_port(&mut command), folder })
    }

    pub fn port(&self) -> u16 {
        self.started.port
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port())
    }

    /// A file beside its data.
    pub fn file(&self, name: &str, content: &[u8]) -> std::path::PathBuf {
        self.folder.file(name, content)
    }

    /// Makes every token that was accepted so far a bad one.
    fn revoke(&self) {
        let nobody = Client::with(&[("service", "custom"), ("base_url", &self.url()), ("proxy", "direct")]);
        assert_eq!(nobody.request("POST", "control/revoke/", None).expect(CRUX_OK).status(), 204);
    }
}

/// The options of a login with djoser's tokens.
pub const TOKEN: &[(&str, &str)] = &[
    ("service", "custom"),
    ("proxy", "direct"),
    ("user", "ada"),
    ("secret", "correct horse"),
    ("login.path", "auth/token/login/"),
    ("login.token_pointer", "/auth_token"),
    ("auth.scheme", "Token"),
];

/// The same with simplejwt.
const JWT: &[(&str, &str)] = &[
    ("service", "custom"),
    ("proxy", "direct"),
    ("user", "ada"),
    ("secret", "correct horse"),
    ("login.path", "auth/jwt/create/"),
    ("login.token_pointer", "/access"),
    ("auth.scheme", "JWT"),
    ("refresh.path", "auth/jwt/refresh/"),
];

fn client(server: &ApiServer, options: &[(&str, &str)], more: &[(&str, &str)]) -> Client {
    let base = format!("{}/api/", server.url());
    Client::with(&[options, &[("base_url", base.as_str())], more].concat())
}

#[test]
fn token_logins_and_refusals_of_the_framework() {
    let Some(server) = ApiServer::start("Django REST framework") else { return };
    let me = client(&server, TOKEN, &[("retry.max", "0")]).expect(CRUX_OK);

    // Pages of ten by their links.
    let mut page = me.get("things/").expect(CRUX_OK);
    assert_eq!(page.json_int("/count"), 25);
    let mut lengths = vec![page.json_count("/results")];
    while let Some(next) = me.next_page(&page) {
        page = next.expect(CRUX_OK);
        lengths.push(page.json_count("/results"));
    }
    assert_eq!(lengths, [10, 10, 5]);

    // What it says of a wrong field, in words.
    let made = me.request("POST", "things/", Some(r#"{"name": "new", "count": 1}"#)).expect(CRUX_OK);
    assert_eq!(made.status(), 201);
    let wrong = me.request("POST", "things/", Some(r#"{"name": "new", "count": -1}"#)).expect(CRUX_ERR_HTTP);
    assert_eq!(wrong.status(), 400);
    assert!(
        wrong.message().contains("count") && wrong.message().contains("greater than or equal to 0"),
        "{}",
        wrong.message()
    );

    // A slash that is missing: followed by a GET, named to a POST.
    assert_eq!(me.get("things").expect(CRUX_OK).json_int("/count"), 26);
    let slash = me.request("POST", "things", Some("{}")).expect(CRUX_ERR_HTTP);
    assert!(slash.message().contains("only a slash is missing"), "{}", slash.message());

    let forbidden = me.get("forbidden/").expect(CRUX_ERR_HTTP);
    assert_eq!(forbidden.status(), 403);
    assert!(forbidden.message().contains("You do not have permission"), "{}", forbidden.message());
    assert_eq!(me.get("nowhere/").expect(CRUX_ERR_HTTP).status(), 404);
    assert_eq!(me.request("DELETE", "things/", None).expect(CRUX_ERR_HTTP).status(), 405);
    me.get("throttled/").expect(CRUX_OK);
    let throttled = me.get("throttled/").expect(CRUX_ERR_HTTP);
    assert_eq!((throttled.status(), throttled.number("retryable")), (429, 1));
    assert!(
        (1..=60_000).contains(&throttled.number("retry_after_ms")),
        "{}",
        throttled.number("retry_after_ms")
    );

    let file = server.file("rows.csv", b"a,b\n1,2\n");
    let sent = me.upload(Some("uploads/"), Some("file"), &file, None).expect(CRUX_OK);
    assert_eq!(
        (sent.json("/name"), sent.json("/type"), sent.json_int("/size")),
        (Some("rows.csv".into()), Some("text/csv".into()), 8)
    );

    // Tokens that have become bad: one login and one replay, whether it is refused with 401 or with 403.
    for path in ["things/", "forbidding/"] {
        server.revoke();
        let logins = me.number("logins");
        let again = me.get(path).expect(CRUX_OK);
        assert_eq!((again.json_int("/count"), me.number("logins") - logins), (26, 1), "{path}");
    }
    // A token that was given is not renewed. The 403 says what it is about.
    let pasted: &[(&str, &str)] =
        &[("service", "custom"), ("proxy", "direct"), ("token", "0000"), ("auth.scheme", "Token")];
    let stale = client(&server, pasted, &[]);
    assert_eq!(stale.get("things/").expect(CRUX_ERR_AUTH).status(), 401);
    let refused = stale.get("forbidding/").expect(CRUX_ERR_AUTH);
    assert_eq!(refused.status(), 403);
    assert!(refused.message().contains("Invalid token"), "{}", refused.message());

    let wrong = client(&server, TOKEN, &[("secret", "wrong horse")]).expect(CRUX_ERR_AUTH);
    assert!(wrong.message().contains("Unable to log in with provided credentials"), "{}", wrong.message());
    assert!(!wrong.message().contains("wrong horse"), "{}", wrong.message());
}

#[test]
fn jwt_with_refresh() {
    let Some(server) = ApiServer::start("simplejwt") else { return };
    let me = client(&server, JWT, &[]).expect(CRUX_OK);
    let first = me.copy("token");
    // It ends in an hour, as it says itself.
    let left = me.number("token_expires_in_s");
    assert!((3500..=3600).contains(&left), "{left}");
    me.get("things/").expect(CRUX_OK);

    // What is sent for a token that was refused is the refresh token, which the server replaces each time.
    for _ in 0..2 {
        server.revoke();
        assert_eq!(me.get("things/").expect(CRUX_OK).number("attempts"), 2);
    }
    assert_ne!(me.copy("token"), first);

    // Without the password the refresh token alone keeps the session; a refused one ends it.
    let keyless = client(&server, JWT, &[("keep_password", "0")]).expect(CRUX_OK);
    keyless.get("things/").expect(CRUX_OK);
    server.revoke();
    keyless.get("things/").expect(CRUX_OK);

    // A margin that eats the whole life is cut to half of it: a token that is fresh is sent as it is.
    let early = client(&server, JWT, &[("token.renew_before_ms", "3600000")]).expect(CRUX_OK);
    let token = early.copy("token");
    assert_eq!(early.get("things/").expect(CRUX_OK).number("attempts"), 1);
    assert_eq!((early.copy("token"), early.number("logins")), (token, 1));

    let wrong = client(&server, JWT, &[("secret", "wrong horse")]).expect(CRUX_ERR_AUTH);
    assert!(wrong.message().contains("No active account found"), "{}", wrong.message());
}
