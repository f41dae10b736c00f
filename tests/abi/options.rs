//! Options through the C interface: every row of the table, its range, its default, and keys that are not there.

use std::ffi::c_char;
use std::ptr::{null, null_mut};

use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::library::{Kind, ROWS, Row};
use support::*;

/// Stands in every value that is refused; no message may hold it.
const CANARY: &str = "kAnArIeNvOgEl";

/// The table as the C interface tells it: key, default, help.
fn told() -> Vec<[String; 3]> {
    let row = |index| {
        let mut texts: [*const c_char; 3] = [null(); 3];
        let [key, fallback, help] = &mut texts;
        let there = unsafe { crux_option_at(index, key, fallback, help) };
        (there == 1).then(|| texts.map(|text| self::text(text).expect("never NULL")))
    };
    (0..).map_while(row).collect()
}

#[test]
fn the_table_is_told_row_by_row() {
    let told = told();
    assert_eq!(told.len(), ROWS.len());
    for ([key, fallback, help], row) in told.iter().zip(ROWS) {
        assert_eq!((&**key, &**fallback, &**help), (row.key, row.fallback, row.help));
        assert!(help.ends_with('.') && help.len() > 15, "{key}: {help}");
        let dotted = key.split('.').all(|part| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        });
        assert!(dotted, "{key} is no dotted name");
    }
    let at = |index| unsafe { crux_option_at(index, null_mut(), null_mut(), null_mut()) };
    assert_eq!((at(0), at(ROWS.len() - 1), at(ROWS.len()), at(usize::MAX)), (1, 1, 0, 0));
    let mut keys: Vec<_> = told.iter().map(|row| &row[0]).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), told.len(), "a key stands twice");
}

#[test]
fn the_outcomes_are_told_row_by_row() {
    let mut numbers = Vec::new();
    for index in 0.. {
        let (mut code, mut name, mut words) = (99, null(), null());
        if unsafe { crux_error_at(index, &mut code, &mut name, &mut words) } == 0 {
            assert_eq!(code, 99, "past the end nothing is written");
            break;
        }
        assert_eq!(unsafe { crux_constant(name, -99) }, code, "{:?}", text(name));
        assert!(text(words).unwrap().ends_with('.'));
        numbers.push(code);
    }
    assert_eq!(numbers, (CRUX_PENDING..=CRUX_ERR_INTERNAL).collect::<Vec<_>>());
    let at = |index| unsafe { crux_error_at(index, null_mut(), null_mut(), null_mut()) };
    assert_eq!((at(0), at(usize::MAX)), (1, 0));
}

/// Values that a row takes, and values that it does not.
fn examples(row: &Row) -> (Vec<String>, Vec<String>) {
    let own = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let (good, mut bad) = match row.kind {
        Kind::Text | Kind::Secret => (own(&["", "any text", "ü🦊"]), Vec::new()),
        Kind::Bool => (own(&["0", "1"]), own(&["2", "true", "yes", "01", " 1", "1 ", "-1"])),
        Kind::Number(low, high) => {
            let mut bad =
                own(&["-1", "+1", "1.0", "0x1", " 1", "1 ", "1e3", "1s", "99999999999999999999", "١"]);
            bad.push((high + 1).to_string());
            bad.extend(low.checked_sub(1).map(|below| below.to_string()));
            (vec![low.to_string(), high.to_string()], bad)
        }
        Kind::Choice(words) => (own(words), own(&[&format!("{}x", words[0]), " "])),
        Kind::Url => (
            own(&["https://example.com", "http://127.0.0.1:8080/a/b/", "https://bücher.example/"]),
            own(&[
                "example.com",
                "ftp://example.com/",
                "https://",
                "https:/example.com",
                "https://u:p@example.com/",
                "https://example.com/?q=1",
                "https://example.com/#f",
                " https://example.com/",
                "https://a b/",
                "https://example.com:99999/",
                "//example.com/",
                "https:\\\\example.com",
            ]),
        ),
        Kind::Pointer => (own(&["", "/a/0", "/"]), own(&["a", "#/a"])),
        Kind::JsonObject => {
            (own(&["{}", r#"{"a": [1, {"b": null}]}"#]), own(&["[]", "1", "{", "{'a': 1}", "{} {}"]))
        }
        Kind::HeaderName => (own(&["X-Token", "authorization"]), own(&["X Token", "X:", "ü", "X\n"])),
        Kind::HeaderText => (own(&["", "Token", "my app/1.0 (x)"]), own(&["a\nb", "ü", "\t", "\u{7f}"])),
        Kind::HeaderLines => (
            own(&["", "X-Api-Version: 2", "A: b\nX-C:\n\n"]),
            own(&["X", ": b", "X Y: 1", "Host: a", "authorization: x", "Cookie: a=b", "A: \u{1}"]),
        ),
        Kind::Sha256 => (
            own(&[&"0".repeat(64), &"aF".repeat(32)]),
            own(&[&"0".repeat(63), &"0".repeat(65), &"g".repeat(64)]),
        ),
    };
    if !matches!(row.kind, Kind::Text | Kind::Secret | Kind::HeaderText) {
        bad.push(CANARY.to_owned() + " ");
    }
    (good, bad)
}

#[test]
fn every_key_takes_what_its_row_says_and_nothing_else() {
    let call = Client::with(&[("service", "crunch")]).call("GET", "x/").expect(CRUX_OK);
    for row in ROWS {
        let options = Options::new();
        let (good, bad) = examples(row);
        for value in &good {
            assert_eq!(
                options.set(row.key, Some(value)),
                CRUX_OK,
                "{}={value}: {}",
                row.key,
                options.message()
            );
            let wanted = if row.per_call { CRUX_OK } else { CRUX_ERR_ARGUMENT };
            assert_eq!(call.set(row.key, value), wanted, "{}: {}", row.key, call.message());
        }
        for value in &bad {
            assert_eq!(options.set(row.key, Some(value)), CRUX_ERR_ARGUMENT, "{}={value:?}", row.key);
            let message = options.message();
            assert!(message.contains(&format!("\"{}\"", row.key)), "which option? {message}");
            assert!(!message.contains(CANARY) && message.ends_with('.'), "{message}");
        }
        assert_eq!(options.set(row.key, None), CRUX_OK, "NULL restores the default");
        assert_eq!(options.code(), CRUX_OK, "what was refused is set well");
    }
}

#[test]
fn an_unknown_key_names_the_nearest_one() {
    let client = Client::with(&[("service", "crunch")]);
    for (key, nearest) in [
        ("base-url", "base_url"),
        ("baseurl", "base_url"),
        ("timeout.total", "timeout.total_ms"),
        ("timeouts.connect_ms", "timeout.connect_ms"),
        ("retries.max", "retry.max"),
        ("tls.cafile", "tls.ca_file"),
        ("PROXY", "proxy"),
        ("pasword", "user"),
        ("", "user"),
    ] {
        let (options, call) = (Options::new(), client.call("GET", "x/").expect(CRUX_OK));
        assert_eq!(options.set(key, Some("1")), CRUX_ERR_ARGUMENT, "{key}");
        options.login().expect(CRUX_ERR_ARGUMENT);
        let message = options.message();
        assert!(message.starts_with(&format!("There is no option \"{key}\"")), "{message}");
        // Of the last two nothing is near; something known is named all the same.
        let some = ROWS.iter().any(|row| message.ends_with(&format!("is \"{}\".", row.key)));
        let this = message.ends_with(&format!("is \"{nearest}\"."));
        assert!(this || (some && matches!(key, "" | "pasword" | "PROXY")), "{message}");
        assert_eq!(call.set(key, "1"), CRUX_ERR_ARGUMENT);
        assert!(call.message().contains("There is no option"), "{}", call.message());
    }
    let options = Options::new();
    let long = "x".repeat(100_000);
    assert_eq!(options.set(&long, Some("1")), CRUX_ERR_ARGUMENT);
    assert!(options.message().len() < 300, "a message is one sentence");
    let options = Options::new();
    assert_eq!(options.set("proxy\r\n\u{1b}[2J", Some("1")), CRUX_ERR_ARGUMENT);
    assert!(!options.message().contains(char::is_control), "{:?}", options.message());
}

fn started() -> (Sandbox, String) {
    let sandbox = Sandbox::start();
    sandbox.respond("*", "/api/*", Canned::json(200, &json!({})));
    let base = format!("{}/api/", sandbox.http());
    (sandbox, base)
}

#[test]
fn a_refused_value_leaves_the_option_as_it_was_and_null_restores_the_default() {
    let (sandbox, base) = started();
    let options = Options::of(&[("service", "custom"), ("base_url", &base), ("user_agent", "tool/1")]);
    assert_eq!(options.set("base_url", Some("nonsense")), CRUX_ERR_ARGUMENT);
    assert_eq!(options.set("user_agent", Some("to\nol")), CRUX_ERR_ARGUMENT);
    assert_eq!(options.code(), CRUX_ERR_ARGUMENT);
    options.login().expect(CRUX_ERR_ARGUMENT);
    assert_eq!(options.set("base_url", Some(&base)), CRUX_OK);
    options.login().expect(CRUX_ERR_ARGUMENT);
    assert_eq!(options.set("user_agent", Some("tool/1")), CRUX_OK);
    options.login().expect(CRUX_OK).get("one/").expect(CRUX_OK);
    assert_eq!(options.set("user_agent", None), CRUX_OK);
    options.login().expect(CRUX_OK).get("two/").expect(CRUX_OK);
    let agents: Vec<_> =
        sandbox.requests().iter().map(|request| request.header("user-agent").unwrap().to_owned()).collect();
    let own = format!("libcrux/{}", support::library::VERSION);
    assert_eq!(agents, [format!("{own} tool/1"), own]);
    // Without a base there is no place to go to.
    assert_eq!(options.set("base_url", None), CRUX_OK);
    let nowhere = options.login().expect(CRUX_ERR_ARGUMENT);
    assert!(nowhere.message().contains("base_url"), "{}", nowhere.message());
}

#[test]
fn a_client_keeps_the_options_it_was_made_with() {
    let (sandbox, base) = started();
    let options = Options::of(&[("service", "custom"), ("base_url", &base), ("token", "first")]);
    let client = options.login().expect(CRUX_OK);
    assert_eq!(options.set("token", Some("second")), CRUX_OK);
    let other = options.login().expect(CRUX_OK);
    drop(options);
    client.get("x/").expect(CRUX_OK);
    other.get("x/").expect(CRUX_OK);
    let sent: Vec<_> = sandbox
        .requests()
        .iter()
        .map(|request| request.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(sent, ["Bearer first", "Bearer second"]);
}

#[test]
fn a_call_has_options_of_its_own() {
    let (sandbox, base) = started();
    sandbox.respond("GET", "/api/large/", Canned::status(200).body("x".repeat(2000)));
    let client = Client::with(&[("service", "custom"), ("base_url", &base), ("max_body", "1000")]);
    let call = client.call("GET", "large/");
    call.send().expect(CRUX_ERR_TOO_LARGE);
    assert_eq!(call.set("max_body", "4000"), CRUX_OK);
    call.send().expect(CRUX_OK);
    assert_eq!(call.set("max_body", "lots"), CRUX_ERR_ARGUMENT);
    call.send().expect(CRUX_ERR_ARGUMENT);
    assert_eq!(unsafe { crux_call_set(call.0, c("max_body").as_ptr(), null()) }, CRUX_OK);
    call.send().expect(CRUX_ERR_TOO_LARGE);
    assert_eq!(call.set("base_url", &base), CRUX_ERR_ARGUMENT);
    assert!(call.message().contains("before the login"), "{}", call.message());
}

#[test]
fn the_log_hears_no_more_than_it_asked_for() {
    let (_sandbox, base) = started();
    for level in CRUX_LOG_OFF..=CRUX_LOG_TRACE {
        let lines = Lines::default();
        let options = Options::of(&[("service", "custom"), ("base_url", &base), ("secret", CANARY)]);
        lines.listen(&options, level);
        options.login().expect(CRUX_OK).get(&format!("x/?token={CANARY}")).expect(CRUX_OK);
        for (heard, line) in lines.all() {
            assert!((CRUX_LOG_ERROR..=level).contains(&heard), "{heard}: {line}");
            assert!(!line.contains(CANARY) && !line.contains('\n'), "{line}");
        }
        assert_eq!(lines.all().is_empty(), level < CRUX_LOG_DEBUG, "at level {level}");
    }
}
