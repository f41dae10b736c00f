//! What the environment says about base URL and credentials. Each test is alone in a process: the environment is
//! the whole process's.

use std::env;
use std::ffi::OsString;

use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::*;

/// Stands in every secret of a test; no message may hold it.
const CANARY: &str = "kAnArIeNvOgEl";

/// The environment of a process that runs one test.
struct Variables;

impl Variables {
    fn set(&mut self, name: &str, value: impl Into<OsString>) {
        // No other test runs, and the sandbox's thread does not look.
        unsafe { env::set_var(name, value.into()) };
    }
}

/// `None` if the test ran in a process of its own instead.
#[track_caller]
fn started(test: &str) -> Option<(Sandbox, String, Variables)> {
    if !alone(&format!("environment::{test}"), &[]) {
        return None;
    }
    let sandbox = Sandbox::start();
    sandbox.respond("*", "/api/*", Canned::json(200, &json!({})));
    let base = format!("{}/api/", sandbox.http());
    Some((sandbox, base, Variables))
}

/// The outcome of reading the environment, and the options.
fn read(account: Option<&str>) -> (i32, Options) {
    let options = Options::new();
    let code = unsafe { crux_options_env(options.0, or_null(&account.map(c))) };
    (code, options)
}

#[track_caller]
fn log_in(account: Option<&str>) -> Client {
    let (code, options) = read(account);
    assert_eq!(code, CRUX_OK, "{}", options.message());
    options.login().expect(CRUX_OK)
}

/// What the last request carried.
fn authorization(sandbox: &Sandbox) -> Option<String> {
    let requests = sandbox.requests();
    requests.last().expect("a request").header("authorization").map(str::to_owned)
}

#[test]
fn crunch_by_its_own_variables() {
    let Some((sandbox, base, mut variables)) = started("crunch_by_its_own_variables") else { return };
    variables.set("R_CRUNCH_API", &base);
    variables.set("R_CRUNCH_API_KEY", "plain-key");
    let client = log_in(None);
    assert_eq!(sandbox.requests().len(), 0, "a key needs no login");
    assert_eq!(client.info("service").as_deref(), Some("crunch"));
    assert_eq!(client.info("base_url"), Some(base));
    assert_eq!(client.info("token_source").as_deref(), Some("environment variable R_CRUNCH_API_KEY"));
    client.get("datasets/all/").expect(CRUX_OK);
    assert_eq!(authorization(&sandbox).as_deref(), Some("Bearer plain-key"));
}

#[test]
fn crunch_by_the_variables_of_scrunch() {
    let Some((sandbox, base, mut variables)) = started("crunch_by_the_variables_of_scrunch") else { return };
    variables.set("CRUNCH_URL", &base);
    variables.set("CRUNCH_API_KEY", "scrunch-key");
    let client = log_in(None);
    assert_eq!(client.info("token_source").as_deref(), Some("environment variable CRUNCH_API_KEY"));
    client.get("datasets/all/").expect(CRUX_OK);
    assert_eq!(authorization(&sandbox).as_deref(), Some("Bearer scrunch-key"));
    // A key never goes with the base of the other family.
    variables.set("R_CRUNCH_API", &base);
    assert_eq!(log_in(None).info("token_source"), None);
}

#[test]
fn an_account_has_variables_of_its_own() {
    let Some((sandbox, base, mut variables)) = started("an_account_has_variables_of_its_own") else { return };
    variables.set("R_CRUNCH_API", "https://not-this-one.invalid/");
    variables.set("R_CRUNCH_API_KEY", "not-this-one");
    for (account, api, key) in [
        ("acme", "R_CRUNCH_API_ACME", "R_CRUNCH_API_KEY_ACME"),
        ("AcMe", "R_CRUNCH_API_ACME", "R_CRUNCH_API_KEY_ACME"),
        ("my.team", "R_CRUNCH_API_MY_TEAM", "R_CRUNCH_API_KEY_MY_TEAM"),
        ("my-team_2", "R_CRUNCH_API_MY_TEAM_2", "R_CRUNCH_API_KEY_MY_TEAM_2"),
    ] {
        variables.set(api, &base);
        variables.set(key, format!("key-of-{account}"));
        let client = log_in(Some(account));
        client.get("datasets/all/").expect(CRUX_OK);
        assert_eq!(authorization(&sandbox), Some(format!("Bearer key-of-{account}")));
        assert_eq!(client.info("token_source"), Some(format!("environment variable {key}")));
    }
}

#[test]
fn an_account_without_variables_does_not_get_those_of_another() {
    let Some((_sandbox, base, mut variables)) =
        started("an_account_without_variables_does_not_get_those_of_another")
    else {
        return;
    };
    variables.set("R_CRUNCH_API", &base);
    variables.set("R_CRUNCH_API_KEY", CANARY);
    let (code, options) = read(Some("other"));
    assert_eq!(code, CRUX_OK);
    let client = options.login();
    assert_ne!(client.info("base_url"), Some(base));
    assert!(client.copy("token").is_empty());
}

#[test]
fn an_empty_key_means_none() {
    let Some((sandbox, base, mut variables)) = started("an_empty_key_means_none") else { return };
    variables.set("R_CRUNCH_API", &base);
    variables.set("R_CRUNCH_API_KEY", "");
    let client = log_in(None);
    assert_eq!(client.info("token_source"), None);
    client.get("public/").expect(CRUX_OK);
    assert_eq!(authorization(&sandbox), None);
}

#[test]
fn crux_connect_and_custom_services_share_their_variables() {
    let Some((sandbox, base, mut variables)) =
        started("crux_connect_and_custom_services_share_their_variables")
    else {
        return;
    };
    variables.set("CRUX_API", &base);
    variables.set("CRUX_TOKEN", "t0ken");
    let client = log_in(None);
    assert_eq!(client.info("service").as_deref(), Some("crux-connect"));
    client.get("x/").expect(CRUX_OK);
    assert_eq!(authorization(&sandbox).as_deref(), Some("Token t0ken"));
    for (service, wanted) in [("custom", "Bearer t0ken"), ("crux-connect-sandbox", "Token t0ken")] {
        let (_, options) = read(None);
        assert_eq!(options.set("service", Some(service)), CRUX_OK);
        options.login().expect(CRUX_OK).get("x/").expect(CRUX_OK);
        assert_eq!(authorization(&sandbox).as_deref(), Some(wanted));
    }
}

#[test]
fn user_and_password_log_in() {
    let Some((sandbox, base, mut variables)) = started("user_and_password_log_in") else { return };
    sandbox.respond(
        "POST",
        "/api/organizations/user-login/",
        Canned::json(200, &json!({"auth_token": "fresh"})),
    );
    variables.set("CRUX_API_SHOP", &base);
    variables.set("CRUX_USER_SHOP", "zoë");
    variables.set("CRUX_PASSWORD_SHOP", "пароль");
    let client = log_in(Some("shop"));
    let sent = sandbox.requests().remove(0).json();
    assert_eq!((sent["username"].as_str(), sent["password"].as_str()), (Some("zoë"), Some("пароль")));
    assert_eq!(client.info("token_source").as_deref(), Some("login"));
}

#[test]
fn the_service_that_is_set_decides_whose_variables_count() {
    let Some((_sandbox, base, mut variables)) =
        started("the_service_that_is_set_decides_whose_variables_count")
    else {
        return;
    };
    variables.set("CRUX_API", "https://not-this-one.invalid/");
    variables.set("CRUX_TOKEN", "not-this-one");
    variables.set("R_CRUNCH_API", &base);
    variables.set("R_CRUNCH_API_KEY", "the-key");
    let (_, options) = read(None);
    assert_eq!(options.set("service", Some("crunch")), CRUX_OK);
    let client = options.login().expect(CRUX_OK);
    assert_eq!(client.info("base_url"), Some(base));
    assert_eq!(client.copy("token"), b"the-key");
}

#[test]
fn what_is_set_by_hand_wins_whenever_it_is_set() {
    let Some((sandbox, base, mut variables)) = started("what_is_set_by_hand_wins_whenever_it_is_set") else {
        return;
    };
    variables.set("R_CRUNCH_API", "https://not-this-one.invalid/");
    variables.set("R_CRUNCH_API_KEY", "not-this-one");
    for first in [true, false] {
        let options = Options::of(&[("service", "crunch")]);
        let by_hand = |options: &Options| {
            assert_eq!(options.set("base_url", Some(&base)), CRUX_OK);
            assert_eq!(options.set("token", Some("by-hand")), CRUX_OK);
        };
        if first {
            by_hand(&options);
        }
        assert_eq!(unsafe { crux_options_env(options.0, std::ptr::null()) }, CRUX_OK);
        if !first {
            by_hand(&options);
        }
        let client = options.login().expect(CRUX_OK);
        assert_eq!(client.info("token_source").as_deref(), Some("option token"));
        client.get("x/").expect(CRUX_OK);
        assert_eq!(authorization(&sandbox).as_deref(), Some("Bearer by-hand"));
        // NULL takes the value by hand away again, and the environment's counts.
        assert_eq!(options.set("token", None), CRUX_OK);
        assert_eq!(options.login().expect(CRUX_OK).copy("token"), b"not-this-one");
    }
}

#[test]
fn nothing_of_the_environment_counts_unasked() {
    let Some((sandbox, base, mut variables)) = started("nothing_of_the_environment_counts_unasked") else {
        return;
    };
    for (name, value) in [("R_CRUNCH_API_KEY", CANARY), ("CRUX_TOKEN", CANARY), ("CRUX_API", "nonsense")] {
        variables.set(name, value);
    }
    let client = Client::with(&[("service", "crunch"), ("base_url", &base)]).expect(CRUX_OK);
    client.get("x/").expect(CRUX_OK);
    assert_eq!(authorization(&sandbox), None);
}

#[test]
fn names_of_accounts() {
    let Some((_sandbox, base, mut variables)) = started("names_of_accounts") else { return };
    variables.set("R_CRUNCH_API_KEY", CANARY);
    variables.set("R_CRUNCH_API", &base);
    for account in ["key", "KEY", "Key"] {
        let (code, options) = read(Some(account));
        assert_eq!(code, CRUX_ERR_ARGUMENT, "the key would be taken for a URL");
        assert!(options.message().contains("\"key\"") && !options.message().contains(CANARY));
    }
    for account in ["a b", "a=b", "a/b", "a\nb", "ü", "=", "$HOME"] {
        let (code, options) = read(Some(account));
        assert_eq!(code, CRUX_ERR_ARGUMENT, "{account:?}");
        assert!(options.message().contains("name"), "{}", options.message());
    }
    // An account without a name is no account.
    assert_eq!(log_in(Some("")).info("base_url"), Some(base));
}

// Bytes in a variable that are no text.
#[cfg(unix)]
#[test]
fn a_variable_that_is_not_usable_is_named_and_not_shown() {
    use std::os::unix::ffi::OsStringExt;
    let Some((sandbox, base, mut variables)) =
        started("a_variable_that_is_not_usable_is_named_and_not_shown")
    else {
        return;
    };
    variables.set("R_CRUNCH_API_BAD", format!("{CANARY} is no URL"));
    let (code, options) = read(Some("bad"));
    assert_eq!(code, CRUX_ERR_ARGUMENT);
    assert!(options.message().contains("R_CRUNCH_API_BAD"), "{}", options.message());
    assert!(!options.message().contains(CANARY), "{}", options.message());

    let not_utf8 = OsString::from_vec([CANARY.as_bytes(), b"\xff"].concat());
    variables.set("R_CRUNCH_API_KEY_LATIN", not_utf8);
    let (code, options) = read(Some("latin"));
    assert_eq!(code, CRUX_ERR_ARGUMENT);
    assert!(options.message().contains("R_CRUNCH_API_KEY_LATIN"), "{}", options.message());
    assert!(!options.message().contains(CANARY), "{}", options.message());

    variables.set("R_CRUNCH_API_SPLIT", &base);
    variables.set("R_CRUNCH_API_KEY_SPLIT", format!("{CANARY}\r\nX-Evil: 1"));
    let (_, options) = read(Some("split"));
    let client = options.login().expect(CRUX_ERR_ARGUMENT);
    assert!(!client.message().contains(CANARY), "{}", client.message());
    client.get("x/").expect(CRUX_ERR_ARGUMENT);
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn reading_again_replaces_what_was_read() {
    let Some((_sandbox, base, mut variables)) = started("reading_again_replaces_what_was_read") else {
        return;
    };
    variables.set("R_CRUNCH_API_ONE", &base);
    variables.set("R_CRUNCH_API_KEY_ONE", "one");
    variables.set("R_CRUNCH_API_TWO", &base);
    variables.set("R_CRUNCH_API_KEY_TWO", "two");
    let (_, options) = read(Some("one"));
    assert_eq!(unsafe { crux_options_env(options.0, c("two").as_ptr()) }, CRUX_OK);
    assert_eq!(options.login().expect(CRUX_OK).copy("token"), b"two");
    // A name that is refused changes nothing, but no client is made before one is taken.
    assert_eq!(unsafe { crux_options_env(options.0, c("key").as_ptr()) }, CRUX_ERR_ARGUMENT);
    options.login().expect(CRUX_ERR_ARGUMENT);
    assert_eq!(unsafe { crux_options_env(options.0, c("two").as_ptr()) }, CRUX_OK);
    assert_eq!(options.login().expect(CRUX_OK).copy("token"), b"two");
}
