//! The examples that save files and that deal with passwords, as a user compiles and runs them.

use std::fs;
use std::io::Read;
use std::os::fd::FromRawFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::example;
use sandbox::{API_KEY, Canned, INVITATIONS, Sandbox, Switch};
use serde_json::json;
use support::program::{self, Ran, command, fresh, run, run_with_input};
use support::{
    CRUX_ERR_ARGUMENT, CRUX_ERR_AUTH, CRUX_ERR_CANCELLED, CRUX_ERR_FILE, CRUX_ERR_HTTP, CRUX_ERR_JOB,
    CRUX_ERR_TLS, CRUX_OK, Client,
};

struct Export {
    program: &'static str,
    path: &'static str,
    user: &'static str,
    password: &'static str,
}

const BOTH: [Export; 2] = [
    Export {
        program: "export_crunch.c",
        path: "/api/",
        user: "grace@example.com",
        password: "battery staple",
    },
    Export { program: "export_crux.c", path: "/timp/", user: "ada@example.com", password: "correct horse" },
];

/// A file that is not there yet, in a folder of its own.
fn target() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    fresh(&format!("export-{}", NEXT.fetch_add(1, Relaxed))).join("文件.csv")
}

fn left_in(file: &Path) -> Vec<String> {
    let entries = fs::read_dir(file.parent().unwrap()).unwrap();
    let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

impl Export {
    fn run(&self, sandbox: &Sandbox, origin: &str, file: &Path, more: &[&str]) -> Ran {
        let base = format!("{origin}{}", self.path);
        let mut words = vec![base.as_str(), self.user, file.to_str().unwrap()];
        words.extend(more);
        let ca = sandbox.ca_file().to_str().unwrap();
        run(&example(self.program), &words, &[("CRUX_PASSWORD", self.password), ("SSL_CERT_FILE", ca)])
    }
}

#[test]
fn the_file_is_complete_over_http_and_https() {
    let sandbox = Sandbox::start();
    let length = 3_000_017;
    sandbox.export_bytes(Some(length));
    let expected: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
    for export in &BOTH {
        for origin in [sandbox.http(), sandbox.https()] {
            sandbox.clear();
            let file = target();
            let ran = export.run(&sandbox, &origin, &file, &[]).expect(CRUX_OK);
            assert!(fs::read(&file).unwrap() == expected, "{} from {origin}", export.program);
            assert_eq!(left_in(&file), ["文件.csv"]);
            assert_eq!(
                ran.out,
                format!("{}: {length} bytes\n", file.display()),
                "nothing else without a terminal"
            );
            assert_eq!(ran.err, "");
            let requests = sandbox.requests();
            let fetched: Vec<_> = requests.iter().filter(|r| r.path.starts_with("/_s3/")).collect();
            assert_eq!(fetched.len(), 1);
            assert_eq!(fetched[0].header("authorization"), None, "no token for the storage service");
        }
    }
}

#[test]
fn a_csv_replaces_the_old_one() {
    let sandbox = Sandbox::start();
    for (export, first) in BOTH.iter().zip(["0001,性别,อายุ", "item_id,title,brand"]) {
        let file = target();
        fs::write(&file, "old").unwrap();
        export.run(&sandbox, &sandbox.http(), &file, &[]).expect(CRUX_OK);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with(first) && text.ends_with('\n'), "{}", &text[..200]);
    }
}

#[test]
fn datasets_are_found_by_any_name() {
    let sandbox = Sandbox::start();
    for name in ["a/b ü", "100% 问卷?#&=", "ชุดข้อมูล ๑", "مسح السوق 📊"] {
        let file = target();
        BOTH[0].run(&sandbox, &sandbox.http(), &file, &[name]).expect(CRUX_OK);
        assert_eq!(left_in(&file), ["文件.csv"], "{name}");
    }
    let file = target();
    let ran = BOTH[0].run(&sandbox, &sandbox.http(), &file, &["No such"]).expect(CRUX_ERR_ARGUMENT);
    assert_eq!(ran.err, "There is no dataset of that name.\n");
    assert!(left_in(&file).is_empty());
}

/// Members in any order, a dataset without an id, and keys of any length and kind.
#[test]
fn a_dataset_is_found_whatever_the_list_is_like() {
    let sandbox = Sandbox::start();
    let long = format!("https://example.com/{}/~/", "k".repeat(3000));
    let list = json!({ "index": {
        "/a/": { "name": "No id" },
        "/b/": { "id": 5, "name": "A number" },
        long: { "name": "Long key", "id": "no/such?id" },
    }});
    sandbox.respond("GET", "/api/datasets/all/", Canned::json(200, &list));
    let file = target();
    for name in ["No id", "A number"] {
        let ran = BOTH[0].run(&sandbox, &sandbox.http(), &file, &[name]).expect(CRUX_ERR_ARGUMENT);
        assert_eq!(ran.err, "There is no dataset of that name.\n", "{name}");
    }
    for words in [&["Long key"][..], &[]] {
        BOTH[0].run(&sandbox, &sandbox.http(), &file, words).expect(CRUX_ERR_HTTP);
        assert_eq!(sandbox.requests().pop().unwrap().path, "/api/datasets/no%2Fsuch%3Fid/export/csv/");
    }
    sandbox.respond("GET", "/api/datasets/all/", Canned::json(200, &json!({ "index": {} })));
    BOTH[0].run(&sandbox, &sandbox.http(), &file, &[]).expect(CRUX_ERR_ARGUMENT);
}

#[test]
fn an_api_key_instead_of_a_password() {
    let sandbox = Sandbox::start();
    let file = target();
    let base = format!("{}/api/", sandbox.http());
    let words = [base.as_str(), "", file.to_str().unwrap()];
    run(&example("export_crunch.c"), &words, &[("CRUX_PASSWORD", API_KEY)]).expect(CRUX_OK);
    assert_eq!(left_in(&file), ["文件.csv"]);
}

#[test]
fn a_failed_job_gives_the_servers_words_and_no_file() {
    let sandbox = Sandbox::start();
    sandbox.progress(vec![json!(0), json!({ "progress": -1, "message": "The column 性别 has no values." })]);
    let failed = json!({ "uuid": "x", "status": "FAILED", "url": null });
    sandbox.respond("GET", "/timp/data/export/*", Canned::json(200, &failed));
    for (export, words) in BOTH.iter().zip(["failed: The column 性别 has no values.", "failed"]) {
        let file = target();
        let ran = export.run(&sandbox, &sandbox.http(), &file, &[]).expect(CRUX_ERR_JOB).says(words);
        assert_eq!((left_in(&file).len(), ran.out.as_str()), (0, ""), "{ran:?}");
    }
}

#[test]
fn a_refused_download_leaves_the_old_file_alone() {
    let sandbox = Sandbox::start();
    sandbox.respond(
        "GET",
        "/_s3/*",
        Canned::status(403).body("<Error><Message>Request has expired</Message></Error>"),
    );
    for export in &BOTH {
        let file = target();
        fs::write(&file, "old").unwrap();
        let ran = export.run(&sandbox, &sandbox.http(), &file, &[]).expect(CRUX_ERR_HTTP);
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        // The storage service has refused the link, not Crunch the account.
        assert!(ran.err.starts_with("localhost answered 403 Forbidden to GET "), "{ran:?}");
        assert!(ran.err.contains("Signature=…&") && !ran.err.contains("permission"), "{ran:?}");
        assert!(ran.err.ends_with(". The link has probably expired; ask for a new export.\n"), "{ran:?}");
        let nowhere = file.join("below-a-file.csv");
        export.run(&sandbox, &sandbox.http(), &nowhere, &[]).expect(CRUX_ERR_FILE);
    }
}

#[test]
fn exports_say_why_nothing_came() {
    let sandbox = Sandbox::start();
    for export in &BOTH {
        let file = target();
        sandbox.clear();
        let wrong = Export { password: "wrong", ..*export };
        wrong.run(&sandbox, &sandbox.http(), &file, &[]).expect(CRUX_ERR_AUTH).says("refused the login");
        assert!(sandbox.requests().len() <= 2, "a refused password is not tried again");
        let base = format!("{}{}", sandbox.https(), export.path);
        let words = [base.as_str(), export.user, file.to_str().unwrap()];
        run(&example(export.program), &words, &[("CRUX_PASSWORD", export.password)]).expect(CRUX_ERR_TLS);
        run(&example(export.program), &words[..2], &[]).expect(CRUX_ERR_ARGUMENT).says("usage:");
        assert!(left_in(&file).is_empty());
    }
}

/// What a program shows on a terminal.
fn on_a_terminal(program: &Path, words: &[&str], environment: &[(&str, &str)]) -> String {
    let (mut ours, mut theirs) = (-1, -1);
    let null = std::ptr::null_mut();
    let made = unsafe { libc::openpty(&raw mut ours, &raw mut theirs, null, null.cast(), null.cast()) };
    assert_eq!(made, 0, "a pseudo-terminal can be made");
    let (mut ours, theirs) = unsafe { (fs::File::from_raw_fd(ours), fs::File::from_raw_fd(theirs)) };
    let mut child = command(program, words, environment).stdout(theirs).spawn().unwrap();
    let mut shown = Vec::new();
    // Ends with EIO once the program has gone; the command, which held our copy of its end, is dropped.
    let _ = ours.read_to_end(&mut shown);
    assert!(child.wait().unwrap().success());
    String::from_utf8(shown).unwrap()
}

#[test]
fn a_bar_on_a_terminal() {
    let sandbox = Sandbox::start();
    sandbox.progress(vec![json!(12.5), json!(60), json!(100)]);
    sandbox.respond("GET", "/_s3/*", Canned::real().delay(std::time::Duration::from_millis(300)));
    for export in &BOTH {
        let file = target();
        let base = format!("{}{}", sandbox.http(), export.path);
        let words = [base.as_str(), export.user, file.to_str().unwrap()];
        let shown = on_a_terminal(&example(export.program), &words, &[("CRUX_PASSWORD", export.password)]);
        let lines: Vec<_> = shown.split('\r').collect();
        assert!(lines.iter().any(|l| l.starts_with("In the works")), "{shown:?}");
        assert!(lines.iter().any(|l| l.starts_with("Downloading")), "{shown:?}");
        if export.path == "/api/" {
            assert!(lines.iter().any(|l| l.contains("[####      ") && l.contains(" 12 %")), "{shown:?}");
            assert!(lines.iter().any(|l| l.contains(" 60 %")), "{shown:?}");
        }
        let end = lines[lines.len() - 2];
        assert!(end.ends_with(" bytes") && end.starts_with(file.to_str().unwrap()), "{shown:?}");
    }
}

#[test]
fn a_key_ends_a_download_of_one_thread() {
    let sandbox = Sandbox::start();
    let base = format!("{}/api/", sandbox.http());
    let file = target();
    let words = [base.as_str(), "grace@example.com", "datasets/all/", file.to_str().unwrap()];
    let console = |keys: &[u8]| {
        let environment = [("CRUX_PASSWORD", "battery staple")];
        run_with_input(&example("console_tool.c"), &words, &environment, keys)
    };
    console(b"x").expect(CRUX_OK);
    let list: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert!(list["index"].as_object().is_some_and(|index| !index.is_empty()), "{list}");
    fs::remove_file(&file).unwrap();

    sandbox.respond("GET", "/api/datasets/all/", Canned::real().delay(std::time::Duration::from_secs(30)));
    let began = std::time::Instant::now();
    console(b"x\x1b").expect(CRUX_ERR_CANCELLED);
    assert!(began.elapsed().as_secs() < 10 && !file.exists());

    // A login that gets no response ends as soon, by the key and by Ctrl-C, and is not tried again.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/api/", silent.local_addr().unwrap());
    let words = [base.as_str(), "grace@example.com", "datasets/all/", file.to_str().unwrap()];
    let environment = [("CRUX_PASSWORD", "battery staple")];
    for keys in [&b"\x1b"[..], b""] {
        let began = std::time::Instant::now();
        let mut command = command(&example("console_tool.c"), &words, &environment);
        let mut child = program::start({
            command.stdin(std::process::Stdio::piped());
            command
        });
        let _connection = silent.accept().unwrap();
        match keys {
            b"" => assert_eq!(unsafe { libc::kill(child.id() as libc::pid_t, libc::SIGINT) }, 0),
            _ => std::io::Write::write_all(child.stdin.as_mut().unwrap(), keys).unwrap(),
        }
        program::finish(child).expect(CRUX_ERR_CANCELLED);
        assert!(began.elapsed().as_secs() < 10 && !file.exists());
        silent.set_nonblocking(true).unwrap();
        assert!(silent.accept().is_err(), "one login");
        silent.set_nonblocking(false).unwrap();
    }
}

fn password(sandbox: &Sandbox, words: &[&str], token: &str, new: &str) -> Ran {
    let base = format!("{}{}", sandbox.https(), if words[0] == "crunch" { "/api/" } else { "/timp/" });
    let mut all = vec![words[0], base.as_str()];
    all.extend(&words[1..]);
    let ca = sandbox.ca_file().to_str().unwrap();
    let environment = [("CRUX_PASSWORD", new), ("SSL_CERT_FILE", ca)];
    let ran = run_with_input(&example("password.c"), &all, &environment, format!(" {token}\r\n").as_bytes());
    let said = format!("{}{}", ran.out, ran.err);
    assert!(token.is_empty() || !said.contains(token), "a token is a secret: {ran:?}");
    assert!(new.is_empty() || !said.contains(new), "a password is a secret: {ran:?}");
    for request in sandbox.requests() {
        assert_eq!(request.header("authorization"), None, "{} {}", request.method, request.target);
    }
    ran
}

/// As a development environment tells it; a real one mails it.
fn reset_token(sandbox: &Sandbox) -> String {
    sandbox.switch(Switch::ResetTokenInReply, true);
    let nobody = Client::login("crux-connect", &format!("{}/timp/", sandbox.http()), None, None);
    let body = r#"{"email":"ada@example.com"}"#;
    let response = nobody.request("POST", "organizations/reset-password/", Some(body)).expect(CRUX_OK);
    response.json("/reset_token").unwrap()
}

#[test]
fn a_forgotten_password_of_crux_connect() {
    let sandbox = Sandbox::start();
    let asked = password(&sandbox, &["crux-connect", "ask", "ada@example.com"], "", "").expect(CRUX_OK);
    assert_eq!(asked.out, "If there is such an account, a mail is on its way to it.\n");
    password(&sandbox, &["crux-connect", "ask", "nobody@example.com"], "", "").expect(CRUX_ERR_HTTP);

    let token = reset_token(&sandbox);
    password(&sandbox, &["crux-connect", "check"], &token, "").expect(CRUX_OK).says("The token is good.");
    let checked = sandbox.requests().pop().unwrap();
    assert_eq!((checked.method.as_str(), checked.query), ("GET", format!("token={token}")));

    let new = "neu \"é\" \\ 密码\t!";
    password(&sandbox, &["crux-connect", "change"], &token, new).expect(CRUX_OK).says("The password is set.");
    assert_eq!(sandbox.requests().pop().unwrap().json(), json!({ "token": token, "password": new }));
    let base = format!("{}/timp/", sandbox.http());
    Client::login("crux-connect", &base, Some("ada@example.com"), Some(new)).expect(CRUX_OK);

    // A token is good once.
    sandbox.clear();
    for action in ["check", "change"] {
        password(&sandbox, &["crux-connect", action], &token, new)
            .expect(CRUX_ERR_HTTP)
            .says("Token not valid");
    }
}

#[test]
fn the_token_may_come_from_the_environment() {
    let sandbox = Sandbox::start();
    let token = reset_token(&sandbox);
    let base = format!("{}/timp/", sandbox.http());
    let words = ["crux-connect", base.as_str(), "check"];
    run(&example("password.c"), &words, &[("CRUX_RESET_TOKEN", &token)]).expect(CRUX_OK);
    let none = run(&example("password.c"), &words, &[]).expect(CRUX_ERR_ARGUMENT);
    assert_eq!(none.err, "There is no token in CRUX_RESET_TOKEN, and none on standard input.\n");
}

#[test]
fn an_invitation_to_crux_connect() {
    let sandbox = Sandbox::start();
    let [(fresh, email), (expired, _)] = INVITATIONS;
    let good = password(&sandbox, &["crux-connect", "invitation"], fresh, "").expect(CRUX_OK);
    assert_eq!(good.out, format!("The invitation of {email} is good.\n"));
    // 201, which elsewhere means "created".
    password(&sandbox, &["crux-connect", "invitation"], expired, "")
        .expect(CRUX_ERR_AUTH)
        .says("The invitation has expired; a mail with a new one has been sent.");
    let asked = sandbox.requests().iter().filter(|r| r.path.contains(expired)).count();
    assert_eq!(asked, 1, "each look at an expired invitation sends a mail");
    password(&sandbox, &["crux-connect", "invitation"], "no/such?token", "").expect(CRUX_ERR_HTTP);
    assert!(sandbox.requests().pop().unwrap().path.ends_with("/accept-invite/no%2Fsuch%3Ftoken/"));

    password(&sandbox, &["crux-connect", "accept"], expired, "新 password").expect(CRUX_ERR_HTTP);
    password(&sandbox, &["crux-connect", "accept"], fresh, "新 password").expect(CRUX_OK);
    assert_eq!(sandbox.requests().pop().unwrap().json(), json!({ "password": "新 password" }));
    let base = format!("{}/timp/", sandbox.http());
    Client::login("crux-connect", &base, Some(email), Some("新 password")).expect(CRUX_OK);
}

#[test]
fn a_forgotten_password_of_crunch() {
    let sandbox = Sandbox::start();
    password(&sandbox, &["crunch", "ask", "grace@example.com"], "", "").expect(CRUX_OK);
    let asked = sandbox.requests().pop().unwrap();
    assert_eq!(
        (asked.path.as_str(), asked.json()),
        ("/api/public/password_reset/", json!({"email": "grace@example.com"}))
    );

    // Listed by the service, documented by nobody: what the example sends is what is tested here.
    sandbox.respond("POST", "/api/public/password_change/", Canned::status(204));
    password(&sandbox, &["crunch", "change"], "T0ken", "a new one").expect(CRUX_OK);
    let changed = sandbox.requests().pop().unwrap();
    assert_eq!(changed.json(), json!({ "token": "T0ken", "password": "a new one" }));
    password(&sandbox, &["crunch", "change"], "T0ken", "").expect(CRUX_ERR_ARGUMENT).says("CRUX_PASSWORD");
    for action in ["check", "invitation", "accept", "nonsense"] {
        password(&sandbox, &["crunch", action], "T0ken", "a new one")
            .expect(CRUX_ERR_ARGUMENT)
            .says("usage:");
    }
    password(&sandbox, &["crunch", "ask"], "", "").expect(CRUX_ERR_ARGUMENT).says("usage:");
}

/// The program of docs/custom-service.md, as that page says.
#[test]
fn a_service_of_your_own() {
    let sandbox = Sandbox::start();
    let (base, file) = (format!("{}/depot/", sandbox.http()), target());
    let enter = |user: &str, password| {
        let words = [base.as_str(), user, file.to_str().unwrap()];
        run(&example("custom_service.c"), &words, &[("CRUX_PASSWORD", password)])
    };
    let running = Canned::json(200, &json!({"state": "packing"}));
    sandbox.respond("GET", "/depot/ticket", running.times(1));
    let ran = enter("kim", "open sesame").expect(CRUX_OK);
    let parcel = "number,name\nt-7,rope\n";
    assert_eq!(fs::read_to_string(&file).unwrap(), parcel);
    let said = format!("thing 1\nthing 2\nthing 3\nadded t-7\n{}: {} bytes\n", file.display(), parcel.len());
    assert_eq!((ran.out, ran.err), (said, String::new()));
    let last = sandbox.requests().pop().unwrap();
    assert_eq!((last.path.as_str(), last.status), ("/depot/leave", 204));

    enter("kim", "sesame").expect(CRUX_ERR_AUTH).says("No such name and phrase. Check the user name");
    let torn = json!({"state": "torn", "trouble": "The box is too small."});
    sandbox.respond("GET", "/depot/ticket", Canned::json(200, &torn));
    enter("kim", "open sesame").expect(CRUX_ERR_JOB).says("failed: torn: The box is too small.");
}
