//! The command crux beyond its first words: what curl and HTTPie do, terminals, completions, the manual page.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use sandbox::{Canned, Recorded, Sandbox};
use serde_json::json;
use support::program::{Ran, command, compile, fresh, project, run};

use crate::{passes, said};

const PASSWORD: (&str, &str) = ("CRUX_PASSWORD", "battery staple");

fn tool() -> PathBuf {
    compile(&project("examples-c/crux.c"))
}

fn words(sandbox: &Sandbox, more: &[&str]) -> Vec<String> {
    let base = format!("{}/api/", sandbox.http());
    let first = ["--service", "crunch", "--user", "grace@example.com", "--base", &base];
    first.iter().chain(more).map(|&word| word.to_owned()).collect()
}

/// As grace, at Crunch.
fn crux(sandbox: &Sandbox, more: &[&str]) -> Ran {
    let words = words(sandbox, more);
    run(&tool(), &words.iter().map(String::as_str).collect::<Vec<_>>(), &[PASSWORD])
}

fn last(sandbox: &Sandbox) -> Recorded {
    sandbox.requests().pop().expect("a request arrived")
}

/// Runs it in a pseudo-terminal of its own, which is its standard output and its standard error.
fn on_a_terminal(sandbox: &Sandbox, more: &[&str], environment: &[(&str, &str)]) -> String {
    let quoted = |word: &str| format!("'{word}'");
    let line: Vec<_> = [tool().display().to_string()]
        .into_iter()
        .chain(words(sandbox, more))
        .map(|word| quoted(&word))
        .collect();
    let arguments = ["-qec", &line.join(" "), "/dev/null"];
    let environment = [&[PASSWORD, ("TERM", "xterm")][..], environment].concat();
    let ran = command(Path::new("script"), &arguments, &environment).output().expect("script is needed");
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn methods_and_bodies_as_in_curl() {
    let sandbox = Sandbox::start();
    for spelling in [
        &["-X", "PUT", "/echo/x"][..],
        &["-XPUT", "/echo/x"],
        &["put", "/echo/x"],
        &["--request=put", "/echo/x"],
    ] {
        crux(&sandbox, &[spelling, &["-d", r#"{"a":1}"#]].concat()).expect(0);
        let sent = last(&sandbox);
        assert_eq!((&*sent.method, &*sent.body), ("PUT", &br#"{"a":1}"#[..]), "{spelling:?}");
        assert_eq!(sent.header("content-type"), Some("application/json"));
    }
    crux(&sandbox, &["-sSfL", "--compressed", "-H", "X-Note: a:b", "--url", "/echo/x"]).expect(0);
    assert_eq!((&*last(&sandbox).method, last(&sandbox).header("x-note")), ("GET", Some("a:b")));
    crux(&sandbox, &["-I", "/echo/x"]).expect(0).says("HTTP 200");
    assert_eq!(last(&sandbox).method, "HEAD");

    let folder = fresh("bodies");
    let rows = folder.join("rows.csv");
    fs::write(&rows, "id\n1\n").unwrap();
    let rows = rows.to_str().unwrap();
    // -X wins over -T, in any order.
    for spelling in [&["-T", rows, "-X", "POST", "/echo/x"][..], &["-X", "post", "-T", rows, "/echo/x"]] {
        crux(&sandbox, spelling).expect(0);
        assert_eq!(
            (&*last(&sandbox).method, &*last(&sandbox).body),
            ("POST", &b"id\n1\n"[..]),
            "{spelling:?}"
        );
    }
    for spelling in [&["-T", rows, "/echo/x"][..], &["put", "/echo/x", &format!("@{rows}")]] {
        crux(&sandbox, spelling).expect(0);
        let sent = last(&sandbox);
        assert_eq!(
            (&*sent.method, &*sent.body, sent.header("content-type")),
            ("PUT", &b"id\n1\n"[..], Some("text/csv"))
        );
    }
}

#[test]
fn forms_and_files() {
    let sandbox = Sandbox::start();
    let rows = fresh("forms").join("rows.csv");
    fs::write(&rows, "id\n1\n").unwrap();
    let (file, curl) = (format!("f@{}", rows.display()), format!("f=@{}", rows.display()));
    let typed = format!("{curl};type=text/x-mine");
    for (spelling, kind) in [
        (&["/echo/x", "a=b", &*file][..], "text/csv"),
        (&["/echo/x", "-F", "a=b", "-F", &*curl], "text/csv"),
        (&["/echo/x", "-Fa=b", "-F", &*typed], "text/x-mine"),
    ] {
        crux(&sandbox, spelling).expect(0);
        let sent = last(&sandbox);
        let body = String::from_utf8(sent.body.clone()).unwrap();
        assert_eq!(sent.method, "POST");
        assert!(
            sent.header("content-type").unwrap().starts_with("multipart/form-data; boundary="),
            "{spelling:?}"
        );
        for part in
            ["name=\"a\"\r\n\r\nb\r\n", "name=\"f\"; filename=\"rows.csv\"", kind, "\r\n\r\nid\n1\n\r\n"]
        {
            assert!(body.contains(part), "{spelling:?}: {part:?} is missing in {body}");
        }
    }
    crux(&sandbox, &["/echo/x", "--form", "a=b"]).expect(0);
    assert!(last(&sandbox).header("content-type").unwrap().starts_with("multipart/form-data"));
    crux(&sandbox, &["/echo/x", "--form", "a:=5"]).expect(1).says("a form has texts and files only");
    crux(&sandbox, &["/echo/x", "f@/no/such/file"]).expect(13).says("No such file");
}

#[test]
fn a_pipe_with_a_name_is_read_once() {
    let sandbox = Sandbox::start();
    let pipe = fresh("pipe").join("body");
    passes(Command::new("mkfifo").arg(&pipe));
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::write(pipe, "id\n1\n").unwrap()
    });
    crux(&sandbox, &["/echo/x", &format!("@{}", pipe.display())]).expect(0);
    writer.join().unwrap();
    assert_eq!(last(&sandbox).body, b"id\n1\n");
}

#[test]
fn a_body_on_the_command_line_is_utf_8() {
    let sandbox = Sandbox::start();
    let words = words(&sandbox, &["/echo/x"]);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    for bad in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80"] {
        for before in [&b"a="[..], b"a:=\"", b"-d\""] {
            let after = if before == b"a=" { &b""[..] } else { b"\"" };
            let word = [before, bad, after].concat();
            let ran = command(&tool(), &words, &[PASSWORD]).arg(OsStr::from_bytes(&word)).output().unwrap();
            assert_eq!(ran.status.code(), Some(1), "{word:?}: {ran:?}");
        }
    }
    assert!(sandbox.requests().is_empty());
    crux(&sandbox, &["/echo/x", "a=é€😀", "b:=\"ø\""]).expect(0);
    assert_eq!(last(&sandbox).body, "{\"a\":\"é€😀\",\"b\":\"ø\"}".as_bytes());
}

#[test]
fn a_part_of_the_response_by_its_pointer() {
    let sandbox = Sandbox::start();
    let document = json!({"name": "ü\n", "list": [1, 2], "n": 5});
    sandbox.respond("GET", "/api/x/", Canned::json(200, &document));
    for (pointer, printed) in
        [("/name", "ü\n\n"), ("/list", "[\n    1,\n    2\n]\n"), ("/n", "5\n"), ("/list/1", "2\n")]
    {
        assert_eq!(crux(&sandbox, &["x/", "--json", pointer]).expect(0).out, printed);
    }
    crux(&sandbox, &["x/", "--json", "/none"]).expect(6).says("nothing stands there in the response: /none");
    crux(&sandbox, &["x/", "--json", "name"]).expect(1).says("a JSON pointer begins with a slash");
    sandbox.respond("GET", "/api/page/", Canned::status(200).body("<html>Hello</html>"));
    crux(&sandbox, &["page/", "--json", "/a"]).expect(6).says("the response is not JSON: ");
}

#[test]
fn a_job_is_waited_for_and_its_result_saved() {
    let sandbox = Sandbox::start();
    let listed = crux(&sandbox, &["datasets/all/"]).expect(0).out;
    let id = listed.split("../../datasets/").nth(1).unwrap().split('/').next().unwrap();
    let export = format!("datasets/{id}/export/csv/");
    let file = fresh("job").join("rows.csv");
    let file = file.to_str().unwrap();

    sandbox.progress(vec![json!(50), json!(100)]);
    let waited = crux(&sandbox, &["--wait", "post", &export, "-d", "{}"]).expect(0);
    assert!(waited.out.contains("\"progress\": 100"), "{waited:?}");
    sandbox.progress(vec![json!(100)]);
    crux(&sandbox, &["--wait", "--download", file, "post", &export, "-d", "{}"]).expect(0);
    assert!(fs::metadata(file).unwrap().len() > 10);

    // An older file of that name is no result.
    for path in ["/echo/x", "feature_flag/"] {
        let method = if path == "/echo/x" { "post" } else { "get" };
        let refused = crux(&sandbox, &["--wait", "--download", file, method, path]).expect(1);
        assert!(refused.err.contains("the response names no result that could be saved"), "{refused:?}");
    }

    // A bar while it runs, and nothing of it remains; without a terminal there is none.
    sandbox.progress(vec![json!(10), json!(40), json!(100)]);
    let seen = on_a_terminal(&sandbox, &["--wait", "post", &export, "-d", "{}"], &[]);
    assert!(seen.contains("\r\x1b[KJob ") && seen.contains("40 %"), "{seen:?}");
    let bar = seen.rfind(" %").unwrap();
    assert!(seen[bar..].starts_with(" %\r\x1b[K"), "the bar is wiped before the result: {seen:?}");
    assert!(!waited.err.contains('%'), "{waited:?}");
}

#[test]
fn all_pages() {
    let sandbox = Sandbox::start();
    let base = format!("{}/timp/", sandbox.http());
    let all =
        ["--base", &base, "--user", "ada@example.com", "--all", "products/items/search/", "search_term="];
    let printed = run(&tool(), &all, &[("CRUX_PASSWORD", "correct horse")]).expect(0);
    let one = run(&tool(), &[&all[..4], &all[5..]].concat(), &[("CRUX_PASSWORD", "correct horse")]).expect(0);
    let pages = printed.out.lines().filter(|line| *line == "{").count();
    assert!(pages > 1 && printed.out.starts_with(&one.out), "{pages} pages");

    // Nobody reads them any more: the next page is not asked for.
    sandbox.clear();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = command(&tool(), &all, &[("CRUX_PASSWORD", "correct horse")]);
    assert_eq!(command.stdout(full).status().unwrap().code(), Some(13));
    let asked = sandbox.requests().iter().filter(|request| request.path.ends_with("/search/")).count();
    assert!(asked <= 2, "{asked} of {pages} pages");
}

#[test]
fn downloads_under_a_name() {
    let sandbox = Sandbox::start();
    let folder = fresh("downloads");
    let body = "x".repeat(1000);
    sandbox.respond(
        "GET",
        "/api/files/rows.csv",
        Canned::status(200).header("content-type", "text/csv").body(&*body),
    );
    for spelling in [["-o", "a.csv"], ["--download", "b.csv"], ["-O", "--"]] {
        let all = words(&sandbox, &[&spelling[..], &["files/rows.csv"]].concat());
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        let ran = command(&tool(), &all, &[PASSWORD]).current_dir(&folder).output().unwrap();
        assert!(ran.status.success() && ran.stdout.is_empty(), "{}", said(&ran));
    }
    for name in ["a.csv", "b.csv", "rows.csv"] {
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), body, "{name}");
    }
    crux(&sandbox, &["-O", "files/"]).expect(1).says("no name of a file at its end");
    crux(&sandbox, &["-O", "files/.."]).expect(1).says("no name of a file at its end");
}

#[test]
fn heads_are_shown_without_secrets() {
    let sandbox = Sandbox::start();
    let response = Canned::json(200, &json!({}))
        .header("set-cookie", "token=verysecret")
        .header("location", "https://s3.example.com/f?X-Amz-Signature=verysecret")
        .header("x-note", "plain? yes")
        .header("x-db-pwd", "verysecret")
        .header("x-passphrase", "verysecret")
        .header("x-credentials", "verysecret")
        .header("content-location", "/f?token=verysecret")
        .header("x-next", "g?token=verysecret")
        .header("link", "<h/?token=verysecret>; rel=\"next\"");
    sandbox.respond("POST", "/api/x/", response);
    let shown =
        crux(&sandbox, &["-v", "post", "x/", "q==verysecret", "X-Api-Key:verysecret", "X-Mine:me", "a=b"])
            .expect(0);
    for line in [
        "> POST ",
        "/api/x/?...",
        "> X-Mine: me",
        "> X-Api-Key: (not shown)",
        "< HTTP 200",
        "< x-note: plain? yes",
        "< x-db-pwd: (not shown)",
        "< x-passphrase: (not shown)",
        "< x-credentials: (not shown)",
        "< content-location: /f?...",
        "< x-next: g?...",
        "< link: <h/?...",
        "< set-cookie: (not shown)",
        "s3.example.com/f?...",
    ] {
        assert!(shown.err.contains(line), "{line}: {}", shown.err);
    }
    assert!(!shown.err.contains("verysecret") && !shown.err.contains("battery"), "{}", shown.err);
}

#[test]
fn colours_are_for_terminals() {
    let sandbox = Sandbox::start();
    let coloured = on_a_terminal(&sandbox, &["-i", "feature_flag/"], &[]);
    assert!(
        coloured.contains("\x1b[1mHTTP 200\x1b[0m")
            && coloured.contains("\x1b[34m\"element\"\x1b[0m: \x1b[32m"),
        "{coloured:?}"
    );
    for off in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        assert!(!on_a_terminal(&sandbox, &["-i", "feature_flag/"], &[off]).contains("\x1b["), "{off:?}");
    }
    assert!(on_a_terminal(&sandbox, &["feature_flag/"], &[("NO_COLOR", "")]).contains("\x1b["));
    assert!(!crux(&sandbox, &["-i", "feature_flag/"]).expect(0).out.contains('\x1b'));
}

#[test]
fn bad_input_is_named_and_answered() {
    let sandbox = Sandbox::start();
    let cases: [(&[&str], &str); 34] = [
        (&["--servce", "crunch", "x"], "--servce: there is no such option; did you mean --service?"),
        (&["--down", "f", "x"], "--down: there is no such option; did you mean --download?"),
        (&["--xyzzy", "x"], "--xyzzy: there is no such option; crux --help lists them"),
        (&["-k", "x"], "-k: write --ca FILE to trust an authority of your own"),
        (&["--user", "", "x"], "--user: its value is empty"),
        (&["--download", "", "x"], "--download: its value is empty; name a file"),
        (&["--download", "-", "x"], "-: the body goes to standard output by itself"),
        (&["--form", "-d", "{}", "post", "x"], "--form: the body is given already"),
        (&["delete", ""], "the PATH is empty: write . for the base itself"),
        (&["-O", "http://127.0.0.1:9"], "http://127.0.0.1:9: there is no name of a file at its end"),
        (&["--base=", "x"], "--base: its value is empty"),
        (&["--session", "x"], "--session: write --token-file FILE"),
        (&["-G", "x"], "-G: write a pair of the query as name==value"),
        (&["-u", "me:verysecret", "x"], "can be read by others"),
        (&["-d", "a=b", "x"], "a=b: this is not JSON; write field=text"),
        (&["x", "word"], "word: this is neither a pair, a header nor a field; write name==value"),
        (&["x", "y==1", "==1"], "there is no name before it"),
        (&["post", "x", "y@"], "the name of a file is missing: write field@FILE"),
        (&["gett", "users/"], "gett: there is no such method; did you mean get?"),
        (&["users/{id}/"], "users/{id}/: what stands in braces is not filled in; write its value"),
        (&["-o", "--raw", "x"], "-o: a value is missing; what follows is an option"),
        (&["--user", "-v", "x"], "--user: a value is missing; what follows is an option"),
        (&["-m", "soon", "x"], "soon: this is no number of seconds"),
        (&["--wait=1", "x"], "--wait: it has no value"),
        (&["x/?a=b c"], "x/?a=b c: no blank and no # can stand in a path; write %20 or %23"),
        (&["x/#there"], "x/#there: no blank and no # can stand in a path; write %20 or %23"),
        (&["post", "x", "{\"a\":1}"], "{\"a\":1}: this is no item; write -d JSON for a whole body"),
        (&["-u", "me:", "x"], "me:: an empty password is not sent; write --user NAME"),
        (&["-X", "POST", "-I", "x"], "-I: it asks with HEAD, another method is given; write -i"),
        (&["-I", "-d", "{}", "x"], "HEAD: a body is given, which nobody reads; leave it out"),
        (
            &["--json", "/a", "--download", "f", "x"],
            "--json: it prints a part of the body, which goes to a file",
        ),
        (&["post", "x", "f@/dev/null"], "/dev/null: this is no plain file; write what comes from there"),
        (&["--all", "-O", "x/y"], "--all: it prints the pages"),
        (&["-o", "retry.mx=1", "x"], "\"retry.mx\"; the nearest one is \"retry.max\""),
    ];
    for (words, sentence) in cases {
        let refused = crux(&sandbox, words).expect(1);
        assert!(
            refused.err.starts_with("crux: ") && refused.err.contains(sentence),
            "{words:?}: {}",
            refused.err
        );
        assert!(refused.err.lines().count() == 1 && refused.out.is_empty(), "{words:?}: {refused:?}");
        assert!(!refused.err.contains("verysecret"));
    }
    assert!(sandbox.requests().is_empty());
    sandbox.respond("GET", "/api/slow/", Canned::real().delay(Duration::from_secs(5)));
    crux(&sandbox, &["-m", "0.3", "slow/"]).expect(7);
}

#[test]
fn completions_know_the_tables_of_the_library() {
    let tool = tool();
    let offered = |words: &[&str]| {
        let all = [&["--complete"], words].concat();
        let out = run(&tool, &all, &[]).expect(0).out;
        out.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let services: Vec<_> = offered(&["--service", ""]);
    assert_eq!(services, crux::service::NAMES);
    let keys = offered(&["-o", "tls"]);
    for row in crux::options::table::ROWS {
        assert!(keys.contains(&format!("{}=", row.key)), "{}", row.key);
    }
    assert!(offered(&["-"]).contains(&"--download".to_owned()));
    assert!(offered(&[""]).contains(&"DELETE".to_owned()));
    assert!(offered(&["--download", ""]).is_empty(), "the shell offers files");

    // Bash with the file itself, as far as its own functions go.
    let folder = tool.parent().unwrap().display().to_string();
    let script = format!(
        "PATH={folder}:$PATH; . packaging/completions/crux.bash; COMP_WORDS=(crux --service cru); COMP_CWORD=2; _crux; \
         echo \"${{COMPREPLY[@]}}\""
    );
    assert_eq!(
        passes(Command::new("bash").args(["--norc", "-c", &script])),
        "crux-connect crux-connect-sandbox crunch\n"
    );
}

#[test]
fn the_manual_page_has_every_option() {
    let page = fs::read_to_string(project("packaging/crux.1")).unwrap().replace("\\-", "-");
    let help = run(&tool(), &["-h"], &[]).expect(0).out;
    let options: Vec<_> = help.split_whitespace().filter(|word| word.starts_with("--")).collect();
    assert!(options.len() > 20);
    for option in options {
        let option = option.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        assert!(page.contains(option), "crux.1 does not describe {option}");
    }
}
