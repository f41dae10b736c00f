//! The command line, examples-c/crux.c.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::example;
use sandbox::{API_KEY, Canned, Recorded, Sandbox};
use support::program::{self, Ran, fresh, run, run_with_input};
use support::terminal::Terminal;

const USER: [&str; 4] = ["--service", "crunch", "--user", "grace@example.com"];
const PASSWORD: (&str, &str) = ("CRUX_PASSWORD", "battery staple");

fn tool() -> PathBuf {
    example("crux.c")
}

/// As grace, at Crunch, with the password in the environment.
fn crux(sandbox: &Sandbox, words: &[&str]) -> Ran {
    crux_with(sandbox, words, &[PASSWORD])
}

fn crux_with(sandbox: &Sandbox, words: &[&str], environment: &[(&str, &str)]) -> Ran {
    let base = format!("{}/api/", sandbox.http());
    run(&tool(), &[&USER[..], &["--base", &base], words].concat(), environment)
}

fn last(sandbox: &Sandbox) -> Recorded {
    sandbox.requests().pop().expect("a request arrived")
}

fn logins(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path == "/api/public/login/").count()
}

#[test]
fn items_become_query_headers_and_body() {
    let sandbox = Sandbox::start();
    let items =
        ["a==1", "b c==问&卷", "X-Note:a:b=c", "name=\"ü\"\n\\", "big:=12345678901234567890.10", r"k\:=\=v"];
    crux(&sandbox, &[&["/echo/x"], &items[..]].concat()).expect(0);
    let sent = last(&sandbox);
    assert_eq!(sent.method, "POST", "there is a body");
    assert_eq!(sent.query, "a=1&b%20c=%E9%97%AE%26%E5%8D%B7");
    assert_eq!(sent.header("x-note"), Some("a:b=c"));
    assert_eq!(sent.header("content-type"), Some("application/json"));
    let body = String::from_utf8(sent.body).unwrap();
    assert_eq!(body, r#"{"name":"\"ü\"\n\\","big":12345678901234567890.10,"k:":"\\=v"}"#);

    crux(&sandbox, &["datasets/all/"]).expect(0);
    assert_eq!(last(&sandbox).method, "GET");
    assert_eq!(last(&sandbox).header("content-type"), None);
    crux(&sandbox, &["PATCH", "/echo/x", r#"list:=[1, {"x": null}]"#, "empty="]).expect(0);
    assert_eq!(last(&sandbox).method, "PATCH");
    assert_eq!(last(&sandbox).body, br#"{"list":[1, {"x": null}],"empty":""}"#);
    // A word that starts with a dash, and the root.
    crux(&sandbox, &["--", "", "-a==-1"]).expect(0);
    assert_eq!((&*last(&sandbox).path, &*last(&sandbox).query), ("/api/", "-a=-1"));
}

#[test]
fn a_body_comes_from_a_file_or_standard_input() {
    let sandbox = Sandbox::start();
    let base = format!("{}/api/", sandbox.http());
    let bytes = b"id,\0name\n1,\xe9\n";
    let file = fresh("body").join("rows.csv");
    fs::write(&file, bytes).unwrap();
    crux(&sandbox, &["/echo/x", "Content-Type:text/csv", &format!("@{}", file.display())]).expect(0);
    assert_eq!(last(&sandbox).body, bytes);
    assert_eq!(last(&sandbox).header("content-type"), Some("text/csv"));
    let words = [&USER[..], &["--base", &base, "PUT", "/echo/x", "@-"]].concat();
    run_with_input(&tool(), &words, &[PASSWORD], bytes).expect(0);
    assert_eq!((&*last(&sandbox).method, &last(&sandbox).body[..]), ("PUT", &bytes[..]));
    // An empty one is a body too.
    run_with_input(&tool(), &words, &[PASSWORD], b"").expect(0);
    assert_eq!(last(&sandbox).header("content-length"), Some("0"));
    sandbox.clear();
    crux(&sandbox, &["/echo/x", "@/no/such/file"]).expect(13).says("No such file");
    crux(&sandbox, &["/echo/x", "a=1", "@-"]).expect(1).says("twice");
    crux(&sandbox, &["/echo/x", "@-", "a=1"]).expect(1).says("twice");
    assert!(sandbox.requests().is_empty());
}

#[test]
fn json_is_indented_and_nothing_else_about_it_changes() {
    let sandbox = Sandbox::start();
    let body = "  {\"z\":12345678901234567890123.4500E+00,\"a\" : [ ],\"\\u4f60\":\"\\u00fc {x:[1,2]} \\\"\",\n\
        \"o\":{ },\"l\":[true,false,null,-0.0,{\"z\":1,\"z\":2}]}\r\n";
    let response = |body: &str| Canned::status(200).header("content-type", "application/json").body(body);
    sandbox.respond("GET", "/api/text/", response(body));
    let printed = crux(&sandbox, &["text/"]).expect(0);
    let lines = [
        "{",
        "    \"z\": 12345678901234567890123.4500E+00,",
        "    \"a\": [],",
        "    \"\\u4f60\": \"\\u00fc {x:[1,2]} \\\"\",",
        "    \"o\": {},",
        "    \"l\": [",
        "        true,",
        "        false,",
        "        null,",
        "        -0.0,",
        "        {",
        "            \"z\": 1,",
        "            \"z\": 2",
        "        }",
        "    ]",
        "}",
        "",
    ];
    assert_eq!(printed.out, lines.join("\n"));
    assert_eq!(crux(&sandbox, &["--raw", "text/"]).expect(0).out, body);

    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let no_json = [
        "[1,]",
        "{\"a\" 1}",
        "{\"a\":1",
        "01",
        "1.",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12\"",
        "{\"\\u00g0\":1}",
        "\"\\",
        "nul",
        "{} {}",
        "<html>",
        "",
        &deep,
    ];
    for body in no_json {
        sandbox.respond("GET", "/api/text/", response(body));
        assert_eq!(crux(&sandbox, &["text/"]).expect(0).out, body, "what is no JSON is printed as it is");
    }
    for scalar in ["\"\"", "-1e5", "true", " null "] {
        sandbox.respond("GET", "/api/text/", response(scalar));
        assert_eq!(crux(&sandbox, &["text/"]).expect(0).out, format!("{}\n", scalar.trim()));
    }
}

#[test]
fn status_and_headers_on_request() {
    let sandbox = Sandbox::start();
    let shown = crux(&sandbox, &["-i", "feature_flag/"]).expect(0);
    let (head, body) = shown.out.split_once("\n\n").unwrap();
    assert!(head.starts_with("HTTP 200\n") && head.contains("\ncontent-type: application/json"), "{head}");
    assert!(body.starts_with("{\n    \"element\""), "{body}");
    let missing = crux(&sandbox, &["--include", "datasets/0/"]).expect(10).says("HTTP 404\n");
    assert!(missing.err.starts_with("crux: Crunch answered 404") && missing.err.lines().count() == 1);
}

#[test]
fn the_exit_status_is_the_outcome() {
    let sandbox = Sandbox::start();
    let https = format!("{}/api/", sandbox.https());
    let ca = sandbox.ca_file().to_str().unwrap();
    sandbox.respond("GET", "/api/slow/", Canned::real().delay(std::time::Duration::from_secs(5)));
    let cases: [(i32, &[&str]); 12] = [
        (0, &["datasets/all/"]),
        (1, &["-o", "timeout.totl_ms=1", "datasets/all/"]),
        (1, &["Authorization:Bearer x", "datasets/all/"]),
        (3, &["--base", "http://127.0.0.1:1/", "-o", "retry.max=0", "x"]),
        (4, &["--base", &https, "datasets/all/"]),
        (0, &["--base", &https, "--ca", ca, "datasets/all/"]),
        (7, &["--option", "timeout.head_ms=300", "slow/"]),
        (9, &["-o", "user=nobody@example.com", "datasets/all/"]),
        (10, &["datasets/0/"]),
        (10, &["DELETE", "feature_flag/"]),
        (11, &["-o", "max_body=1000", "datasets/all/"]),
        (13, &["--ca", "/no/such/file", "datasets/all/"]),
    ];
    for (code, words) in cases {
        let ran = crux(&sandbox, words);
        assert_eq!(ran.code, code, "{words:?}: {ran:?}");
        assert_eq!(ran.err.is_empty(), code == 0, "{words:?}: {ran:?}");
    }
    // What cannot be written is not a success.
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let base = format!("{}/api/", sandbox.http());
    let words = [&USER[..], &["--base", &base, "datasets/all/"]].concat();
    for words in [&words[..], &["--help"], &["--version"], &["--options"]] {
        let full = full.try_clone().unwrap();
        let ran = program::command(&tool(), words, &[PASSWORD]).stdout(full).output().unwrap();
        assert_eq!(ran.status.code(), Some(13), "{words:?}");
        assert!(String::from_utf8_lossy(&ran.stderr).contains("standard output"), "{words:?}: {ran:?}");
    }
}

#[test]
fn what_is_not_understood_sends_nothing() {
    let sandbox = Sandbox::start();
    for words in [
        &["datasets/all/", "word"][..],
        &["datasets/all/", "a:=text"],
        &["datasets/all/", "a:=1,2"],
        &["datasets/all/", "a=1", "a:=2"],
        &["datasets/all/", "Bad Name:1"],
        &["datasets/all/", "X:a\r\nb"],
        &["--no-such-option", "datasets/all/"],
        &["datasets/all/", "-o", "retry.max"],
        &["-o", "retry.max=x", "datasets/all/"],
        &["--user"],
        &["--service", "munch", "datasets/all/"],
        &[],
    ] {
        let refused = crux(&sandbox, words).expect(1);
        assert!(refused.out.is_empty() && refused.err.starts_with("crux: "), "{words:?}: {refused:?}");
    }
    // The login is made before the header is looked at; the request itself is not.
    assert!(sandbox.requests().iter().all(|request| request.path == "/api/public/login/"));
}

#[test]
fn no_secret_is_taken_from_the_command_line_or_shown() {
    let sandbox = Sandbox::start();
    for words in [
        &["--password", "battery staple", "x"][..],
        &["--token=battery staple", "x"],
        &["--token", "battery staple", "x"],
        &["-o", "secret=battery staple", "x"],
        &["--option=token=battery staple", "x"],
    ] {
        let refused = crux_with(&sandbox, words, &[]).expect(1).says("can be read by others");
        assert!(!format!("{refused:?}").contains("battery"), "{refused:?}");
    }
    assert!(sandbox.requests().is_empty());
    let told = crux(&sandbox, &["-vvvv", "feature_flag/"]).expect(0).says("crux: info: logging in");
    let token = last(&sandbox).header("authorization").unwrap().trim_start_matches("Bearer ").to_owned();
    assert!(!told.err.contains("battery") && !told.err.contains(&token), "{told:?}");
    assert_eq!(crux(&sandbox, &["feature_flag/"]).expect(0).err, "");
}

#[test]
fn credentials_from_the_environment() {
    let sandbox = Sandbox::start();
    let (base, timp) = (format!("{}/api/", sandbox.http()), format!("{}/timp/", sandbox.http()));
    let tool = tool();
    let keys = [("R_CRUNCH_API_ACME", base.as_str()), ("R_CRUNCH_API_KEY_ACME", API_KEY)];
    run(&tool, &["--account", "acme", "datasets/all/"], &keys).expect(0);
    assert_eq!(last(&sandbox).header("authorization"), Some(&*format!("Bearer {API_KEY}")));
    assert_eq!(logins(&sandbox), 0);
    let user =
        [("CRUX_API", timp.as_str()), ("CRUX_USER", "ada@example.com"), ("CRUX_PASSWORD", "correct horse")];
    run(&tool, &["organizations/"], &user).expect(0).says("北京光明贸易有限公司");
    // The password of an account is its own, not that of another one.
    let account = [
        ("CRUX_API_ACME_2", timp.as_str()),
        ("CRUX_PASSWORD_ACME_2", "correct horse"),
        ("CRUX_PASSWORD", "another one"),
    ];
    let words = ["--account", "acme.2", "--user", "ada@example.com", "organizations/"];
    run(&tool, &words, &account).expect(0).says("北京光明贸易有限公司");
    sandbox.clear();
    run(&tool, &words, &[account[0], account[2]]).expect(1).says("no terminal to ask");
    assert!(sandbox.requests().is_empty());
    // A password is no token, even where nobody says whose it is.
    sandbox.clear();
    run(&tool, &["organizations/"], &[user[0], user[2]]).expect(1).says("no user name was given");
    assert!(sandbox.requests().is_empty());
    // Anonymous.
    run(&tool, &["--service=crunch", "--base", &base, "public/"], &[]).expect(0);
    run(&tool, &["--service=crunch", "--base", &base, "datasets/all/"], &[])
        .expect(9)
        .says("No token was sent");
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_token_file_saves_the_next_login_and_the_password() {
    let sandbox = Sandbox::start();
    let file = fresh("tokens").join("grace.token");
    let words = ["--token-file", file.to_str().unwrap(), "feature_flag/"];
    crux(&sandbox, &words).expect(0);
    assert_eq!((logins(&sandbox), mode(&file)), (1, 0o600));
    let kept = fs::read_to_string(&file).unwrap();
    assert!(!kept.contains("battery staple"));

    // With the password and without it, no login.
    crux(&sandbox, &words).expect(0);
    crux_with(&sandbox, &words, &[]).expect(0);
    assert_eq!(logins(&sandbox), 1);
    // The token is grace's alone.
    let other = [&words[..], &["--user", "pavel@example.com"]].concat();
    crux_with(&sandbox, &other, &[]).expect(1).says("no terminal to ask");
    assert_eq!(sandbox.requests().len(), 4);

    // A dead one: replaced when there is a password.
    sandbox.revoke_tokens();
    crux_with(&sandbox, &words, &[]).expect(1).says("no terminal to ask");
    crux(&sandbox, &words).expect(0);
    assert_eq!((logins(&sandbox), mode(&file)), (2, 0o600));
    assert_ne!(fs::read_to_string(&file).unwrap(), kept);
    crux_with(&sandbox, &words, &[]).expect(0);
    assert_eq!(logins(&sandbox), 2);

    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    crux_with(&sandbox, &words, &[]).expect(13).says("0600");
    assert_eq!(logins(&sandbox), 2);
}

#[test]
fn the_password_is_asked_for_without_an_echo() {
    let sandbox = Sandbox::start();
    let base = format!("{}/api/", sandbox.http());
    let words = [&USER[..], &["--base", &base, "feature_flag/"]].concat();
    let mut terminal = Terminal::open();
    let child = terminal.start(&tool(), &words);
    assert_eq!(terminal.read_until(": "), "Password of grace@example.com: ");
    terminal.type_in("battery staple\n");
    let ran = child.wait_with_output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(String::from_utf8(ran.stdout).unwrap().contains("old_projects_order"));
    assert_eq!(terminal.rest(), "\r\n", "nothing but the line end is echoed");
    assert!(terminal.has_echo());

    // Ctrl-C, Ctrl-\ and signals leave the terminal as it was.
    for (keys, signal) in
        [("batt\x03", libc::SIGINT), ("batt\x1c", libc::SIGQUIT), ("batt", libc::SIGTERM), ("", libc::SIGHUP)]
    {
        let child = terminal.start(&tool(), &words);
        terminal.read_until(": ");
        assert!(!terminal.has_echo());
        terminal.type_in(keys);
        if !keys.ends_with(char::is_control) {
            assert_eq!(unsafe { libc::kill(child.id() as libc::pid_t, signal) }, 0);
        }
        let ran = child.wait_with_output().unwrap();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&ran.status), Some(signal));
        assert!(terminal.has_echo(), "after signal {signal}");
    }

    // What does not fit is refused, not cut.
    sandbox.clear();
    for (length, code) in [(1023, 9), (1024, 1), (3000, 1)] {
        let child = terminal.start(&tool(), &words);
        terminal.read_until(": ");
        terminal.type_in(&format!("{}\n", "p".repeat(length)));
        let ran = child.wait_with_output().unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(code), "{length}: {said}");
        assert_eq!(said.contains("the password is too long"), code == 1, "{said}");
        assert!(!said.contains("pppp"));
    }
    let sent = sandbox.requests().iter().filter(|request| request.method == "POST").count();
    assert_eq!(sent, 1, "only the one that was whole");
}

#[test]
fn it_describes_itself() {
    let tool = tool();
    let said = |words: &[&str]| run(&tool, words, &[]).expect(0).out;
    assert!(said(&["--help"]).starts_with("usage: crux "));
    assert_eq!(said(&["--version"]), format!("crux {}\n", env!("CARGO_PKG_VERSION")));
    for row in support::library::CODES {
        assert!(said(&["--errors"]).contains(&format!("{:>2}  {:<19} {}", row.number, row.name, row.text)));
    }
    let options = said(&["--options"]);
    for row in support::library::ROWS {
        assert!(options.contains(row.key) && options.contains(row.help));
    }
}
