//! What is installed and shipped: make install and its use, the command crux beyond its first words, the manual
//! pages, the completions, the licences, the documentation.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use sandbox::{Answer, Recorded, Sandbox};
use serde_json::json;
use support::program::{Ran, command, compile, fresh, project, run};

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

fn said(ran: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr))
}

#[track_caller]
fn passes(command: &mut Command) -> String {
    let ran = command.current_dir(project("")).output().unwrap();
    assert!(ran.status.success(), "{command:?}: {}", said(&ran));
    said(&ran)
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
fn a_part_of_the_response_by_its_pointer() {
    let sandbox = Sandbox::start();
    let document = json!({"name": "ü\n", "list": [1, 2], "n": 5});
    sandbox.answer("GET", "/api/x/", Answer::json(200, &document));
    for (pointer, printed) in
        [("/name", "ü\n\n"), ("/list", "[\n    1,\n    2\n]\n"), ("/n", "5\n"), ("/list/1", "2\n")]
    {
        assert_eq!(crux(&sandbox, &["x/", "--json", pointer]).expect(0).out, printed);
    }
    crux(&sandbox, &["x/", "--json", "/none"]).expect(6).says("nothing stands there in the response: /none");
    crux(&sandbox, &["x/", "--json", "name"]).expect(1).says("a JSON pointer begins with a slash");
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
    sandbox.answer(
        "GET",
        "/api/files/rows.csv",
        Answer::status(200).header("content-type", "text/csv").body(&*body),
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
    let answer = Answer::json(200, &json!({}))
        .header("set-cookie", "token=verysecret")
        .header("location", "https://s3.example.com/f?X-Amz-Signature=verysecret")
        .header("x-note", "plain? yes")
        .header("x-db-pwd", "verysecret")
        .header("x-passphrase", "verysecret")
        .header("x-credentials", "verysecret")
        .header("content-location", "/f?token=verysecret")
        .header("x-next", "g?token=verysecret")
        .header("link", "<h/?token=verysecret>; rel=\"next\"");
    sandbox.answer("POST", "/api/x/", answer);
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
    let cases: [(&[&str], &str); 16] = [
        (&["--servce", "crunch", "x"], "--servce: there is no such option; did you mean --service?"),
        (&["--down", "f", "x"], "--down: there is no such option; did you mean --download?"),
        (&["--xyzzy", "x"], "--xyzzy: there is no such option; crux --help lists them"),
        (&["-k", "x"], "-k: write --ca FILE to trust an authority of your own"),
        (&["--user", "", "x"], "--user: its value is empty"),
        (&["--base=", "x"], "--base: its value is empty"),
        (&["--session", "x"], "--session: write --token-file FILE"),
        (&["-G", "x"], "-G: write a pair of the query as name==value"),
        (&["-u", "me:verysecret", "x"], "can be read by others"),
        (&["-d", "a=b", "x"], "a=b: this is not JSON; write field=text"),
        (&["x", "word"], "word: this is neither a pair, a header nor a field; write name==value"),
        (&["x", "y==1", "==1"], "there is no name before it"),
        (&["-m", "soon", "x"], "soon: this is no number of seconds"),
        (&["--wait=1", "x"], "--wait: it has no value"),
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
    sandbox.answer("GET", "/api/slow/", Answer::real().delay(Duration::from_secs(5)));
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
    assert_eq!(services, ["crux-connect", "crux-connect-sandbox", "crunch", "custom"]);
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

#[test]
fn what_is_generated_is_not_stale() {
    passes(Command::new("python3").arg("packaging/manual.py"));
    passes(Command::new("python3").arg("packaging/licences.py"));
    let site = fresh("site");
    passes(Command::new("python3").arg("packaging/site.py").arg(&site));
    let reference = fs::read_to_string(site.join("reference.html")).unwrap();
    assert!(reference.contains("<h3 id=\"crux_login\">"));
    let languages = fs::read_to_string(site.join("languages.html")).unwrap();
    assert!(languages.contains("<a href=\"python.html\">python</a>"));
}

#[test]
fn every_example_of_the_reference_runs() {
    let sandbox = Sandbox::start();
    let program = compile(&project("docs/examples.c"));
    let folder = fresh("reference");
    fs::write(folder.join("rows.csv"), "id\n1\n").unwrap();
    let base = format!("{}/api/", sandbox.https());
    let arguments = [base.as_str(), sandbox.ca_file().to_str().unwrap(), "battery staple"];
    let ran = command(&program, &arguments, &[]).current_dir(&folder).output().unwrap();
    let said = said(&ran);
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("== crux_call_logout") && said.contains("The password is right."), "{said}");
}

#[test]
fn make_explains_itself_and_an_old_rust() {
    let help = passes(Command::new("make").arg("help"));
    for target in ["install", "uninstall", "check", "dist", "packages", "docs", "clean"] {
        assert!(help.contains(&format!("make {target} ")), "{target}: {help}");
    }
    let folder = fresh("rust");
    let old = folder.join("rustc");
    fs::write(&old, "#!/bin/sh\necho 'rustc 1.40.0 (73528e339 2019-12-16)'\n").unwrap();
    fs::set_permissions(&old, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let check = |rustc: &str| {
        let script = project("packaging/rust.sh");
        let ran = Command::new("sh").arg(script).env("RUSTC", rustc).output().unwrap();
        (ran.status.success(), said(&ran))
    };
    let (good, sentence) = check(old.to_str().unwrap());
    assert!(
        !good && sentence.contains("or later, and this is Rust 1.40.0: type \"rustup update\""),
        "{sentence}"
    );
    let (good, sentence) = check("/no/such/rustc");
    assert!(!good && sentence.contains("https://rustup.rs"), "{sentence}");
    assert_eq!(check("rustc"), (true, String::new()));
}

/// A copy of the files that an order of packaging/ needs, in a folder of that name.
fn copy_of(name: &str, files: &[&str]) -> PathBuf {
    let folder = fresh(name);
    for file in files {
        let to = folder.join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(project(file), to).unwrap();
    }
    folder
}

fn executable(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

/// Where an installation is staged, so that nothing of this computer is renewed.
fn stage(folder: &Path) -> PathBuf {
    folder.join("stage/usr")
}

/// packaging/install.sh for what stands for the things that make has made.
fn installer(folder: &Path, what: &str) -> Command {
    let made = folder.join("made");
    fs::create_dir_all(&made).unwrap();
    for name in ["libcrux.so.0.0.1", "libcrux.a", "crux"] {
        fs::write(made.join(name), name).unwrap();
    }
    let mut command = Command::new("sh");
    command.arg(project("packaging/install.sh")).arg(what).env("VERSION", "0.0.1").env("MADE", made);
    command.env("PREFIX", "/usr").env("DESTDIR", folder.join("stage")).env_remove("PC_PREFIX");
    for (name, folder) in [
        ("BINDIR", "bin"),
        ("LIBDIR", "lib"),
        ("INCLUDEDIR", "include"),
        ("DATADIR", "share"),
        ("MANDIR", "share/man"),
        ("DOCDIR", "share/doc/crux"),
    ] {
        command.env(name, Path::new("/usr").join(folder));
    }
    command
}

/// Every file and folder below this one, by its path from there.
fn below(folder: &Path) -> Vec<String> {
    let found = passes(Command::new("find").arg(folder).args(["-mindepth", "1", "-printf", "%P\n"]));
    let mut found: Vec<_> = found.lines().map(str::to_owned).collect();
    found.sort();
    found
}

#[test]
fn two_installations_at_once_into_one_folder() {
    let folder = fresh("twice");
    let prefix = stage(&folder);
    passes(&mut installer(&folder, "install"));
    let alone = below(&prefix);
    assert!(alone.contains(&"lib/cmake/crux/crux-config.cmake".to_owned()), "{alone:?}");
    for _ in 0..8 {
        fs::remove_dir_all(&prefix).unwrap();
        let both = [(); 2].map(|()| {
            let mut command = installer(&folder, "install");
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        });
        for one in both {
            let ran = one.wait_with_output().unwrap();
            assert!(ran.status.success(), "{}", said(&ran));
        }
        assert_eq!(below(&prefix), alone);
    }
    // What goes again: every file, and the folders that nothing else fills.
    passes(&mut installer(&folder, "uninstall"));
    let left = below(&prefix);
    assert!(left.iter().all(|path| prefix.join(path).is_dir()), "{left:?}");
    for own in ["share/doc/crux", "lib/cmake", "lib/pkgconfig"] {
        assert!(!left.iter().any(|path| path.starts_with(own)), "{own} is left: {left:?}");
    }
}

#[test]
fn links_of_installed_pages_lead_to_what_is_installed() {
    let folder = fresh("links");
    passes(&mut installer(&folder, "install"));
    let docs = stage(&folder).join("share/doc/crux");
    let (mut dead, mut looked) = (Vec::new(), 0);
    for page in below(&docs).iter().filter(|name| name.ends_with(".md")) {
        let text = fs::read_to_string(docs.join(page)).unwrap();
        let links = text.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap());
        for link in links.filter(|link| !link.is_empty() && !link.contains("://")) {
            looked += 1;
            if !docs.join(link).exists() {
                dead.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(looked > 15, "only {looked} links were found");
}

const DIST: [&str; 3] = ["packaging/dist.sh", "packaging/rust.sh", "Cargo.toml"];

#[test]
fn make_dist_refuses_a_folder_with_a_blank() {
    let folder = copy_of("a blank", &DIST);
    let ran = Command::new("sh").arg(folder.join("packaging/dist.sh")).output().unwrap();
    assert!(!ran.status.success() && said(&ran).contains("choose one without a blank"), "{}", said(&ran));
    assert!(!folder.join("target").exists());
}

#[test]
fn what_make_dist_skips_is_not_left_from_an_earlier_build() {
    let folder = copy_of("skipped", &DIST);
    let script = fs::read_to_string(project(DIST[0])).unwrap();
    let version = |name: &str| {
        let at = script.find(&format!("{name}=")).expect("a version") + name.len() + 1;
        script[at..].split_whitespace().next().unwrap().to_owned()
    };
    let zig =
        format!("target/zig-{}-{}/bin/cargo-zigbuild", version("zig_version"), version("zigbuild_version"));
    executable(&folder.join(zig), "#!/bin/sh\nexit 1\n");
    let old = ["target/libcrux/no-such-machine/lib", "target/libcrux/no-such-machine.made"];
    for old in old {
        fs::create_dir_all(folder.join(old)).unwrap();
    }
    let ran = Command::new("sh").arg(folder.join(DIST[0])).arg("no-such-machine").output().unwrap();
    assert!(ran.status.success() && said(&ran).contains("dist: no-such-machine SKIPPED: "), "{}", said(&ran));
    assert!(old.iter().all(|old| !folder.join(old).exists()));
}

#[test]
fn symbols_have_the_release_that_brought_them() {
    let script = |words: &[&str]| passes(Command::new("sh").arg("packaging/symbols.sh").args(words));
    let header = fs::read_to_string(project("include/crux.json")).unwrap();
    let header: serde_json::Value = serde_json::from_str(&header).unwrap();
    let printed = script(&[]);
    for function in header["functions"].as_array().unwrap() {
        let name = function["name"].as_str().unwrap();
        assert!(printed.contains(&format!("\n {name}@CRUX_0 0.")), "{name}: {printed}");
    }
    let later = fresh("symbols").join("later.h");
    let text = "@since 0.1\nint32_t crux_old(void);\n@since 0.11\nconst char *crux_new(int a,\n    int b);\n\
                @since 1.0.3\nvoid crux_newer(void);\n";
    fs::write(&later, text).unwrap();
    let later = later.to_str().unwrap();
    let lines = [
        "libcrux.so.0 libcrux0 #MINVER#",
        "* Build-Depends-Package: libcrux-dev",
        " CRUX_0@CRUX_0 0.2.0",
        " crux_new@CRUX_0 0.11.0",
        " crux_newer@CRUX_0 1.0.3",
        " crux_old@CRUX_0 0.2.0",
        "",
    ];
    assert_eq!(script(&[later]), lines.join("\n"));
    assert_eq!(script(&["--newest", later]), "1.0.3\n");
}
