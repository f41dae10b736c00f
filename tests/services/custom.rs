//! A service that is not built in, described by options alone.

use std::sync::Arc;

use sandbox::Sandbox;
use support::library::service::{
    ANY_EXPIRED, ANY_ONCE, ANY_PAGES, ANY_SECRET_PATHS, Encoding, Env, Login, Service, Upload,
};
use support::library::{self, FakeClock, Hooks, Profile};
use support::*;

/// A third service as CONTRIBUTING.md says: data, and nothing else.
const DEPOT: Service = Service {
    name: "depot",
    title: "the depot",
    base_url: None,
    login: Login {
        path: "enter",
        method: "POST",
        encoding: Encoding::Json,
        user_field: "name",
        secret_field: "phrase",
        extra: "",
        token_pointer: "/session/key",
        scheme: "Key",
        header: "X-Depot-Key",
        lifetime_ms: 0,
        method_path: "",
    },
    logout_path: "leave",
    reset_path: "",
    json_type: "application/json",
    always_typed: false,
    upload: Upload { path: "", field: "", name_field: "" },
    jobs: None,
    pages: ANY_PAGES,
    ids: &[],
    env: &[Env { base_url: "DEPOT_API", token: "DEPOT_KEY", user: "", secret: "" }],
    expired: ANY_EXPIRED,
    once: ANY_ONCE,
    secret_paths: ANY_SECRET_PATHS,
    messages: &["/trouble"],
    notes: &[],
    advice: &[],
};

#[test]
fn a_new_service_is_data_alone() {
    let sandbox = Sandbox::start();
    let mut options = library::Options::new();
    let base = format!("{}/depot/", sandbox.http());
    for (key, value) in [("base_url", &*base), ("user", "kim"), ("secret", "open sesame")] {
        options.set(key, Some(value)).unwrap();
    }
    let clock = Arc::new(FakeClock::default());
    let profile = Profile::of(&DEPOT, &options);
    let client = library::Client::of(profile, &options, &Hooks::default(), clock).unwrap();
    library::first_login(&client).unwrap();
    let ask = |path| {
        let call = library::Call::new(client.clone(), "GET", path).unwrap();
        library::send(&client, &call, &library::exchange(&client))
    };
    assert_eq!(ask("things").status, 200);
    let lost = ask("nowhere");
    assert_eq!(lost.server_message.as_deref(), Some("There is no such place."));
    assert!(lost.error.unwrap().message.starts_with("the depot answered 404"));
    let heads: Vec<_> = sandbox.requests().iter().map(|r| r.header("x-depot-key").is_some()).collect();
    assert_eq!(heads, [false, true, true]);
}

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
