//! The C examples, and the programs in the documentation: each compiles without a warning and does what it
//! says against a sandbox.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::example;
use sandbox::{API_KEY, Sandbox};
use support::lacking;
use support::program::{self, Ran, compile, fresh, project, run, scratch};

const ARGUMENT: i32 = 1;
const TLS: i32 = 4;
const AUTH: i32 = 9;
const HTTP: i32 = 10;

fn with_password(name: &str, password: &str, arguments: &[&str]) -> Ran {
    run(&example(name), arguments, &[("CRUX_PASSWORD", password)])
}

/// The examples name no certificate authority, so the sandbox's takes the place of the system's.
fn over_https(sandbox: &Sandbox, name: &str, password: &str, arguments: &[&str]) -> Ran {
    let ca = sandbox.ca_file().to_str().unwrap();
    run(&example(name), arguments, &[("CRUX_PASSWORD", password), ("SSL_CERT_FILE", ca)])
}

#[test]
fn every_example_compiles() {
    let files = std::fs::read_dir(project("examples-c")).unwrap().map(|entry| entry.unwrap().path());
    let sources: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "c")).collect();
    assert!(sources.len() >= 5, "{sources:?}");
    for source in sources {
        compile(&source);
    }
}

#[test]
fn login_speaks_to_both_services_over_http_and_https() {
    let sandbox = Sandbox::start();
    let crux = ["crux-connect", "", "ada@example.com", "organizations/"];
    let crunch = ["crunch", "", "grace@example.com", "feature_flag/"];
    for (origin, is_secure) in [(sandbox.http(), false), (sandbox.https(), true)] {
        let ask = |words: [&str; 4], path: &str, password| {
            let base = format!("{origin}{path}");
            let words = [words[0], &base, words[2], words[3]];
            match is_secure {
                true => over_https(&sandbox, "login.c", password, &words),
                false => with_password("login.c", password, &words),
            }
        };
        ask(crux, "/timp/", "correct horse").expect(0).says("北京光明贸易有限公司");
        ask(crunch, "/api", "battery staple").expect(0).says("old_projects_order");
    }
}

#[test]
fn login_says_in_a_sentence_why_it_failed() {
    let sandbox = Sandbox::start();
    let base = format!("{}/timp/", sandbox.http());
    let words = ["crux-connect", base.as_str(), "ada@example.com", "organizations/"];

    let refused = with_password("login.c", "wrong", &words).expect(AUTH);
    assert_eq!(refused.out, "");
    assert!(refused.err.contains("refused the login of ada@example.com"), "{refused:?}");
    assert!(refused.err.contains("Unable to log in with provided credentials. Check"), "{refused:?}");
    assert!(!refused.err.contains("wrong"), "{refused:?}");
    // The request that followed did not try the refused password again.
    assert_eq!(sandbox.requests().len(), 1);

    run(&example("login.c"), &words, &[]).expect(ARGUMENT).says("without a password");
    run(&example("login.c"), &words[..2], &[]).expect(ARGUMENT).says("usage:");
    let secure = format!("{}/timp/", sandbox.https());
    let words = ["crux-connect", secure.as_str(), "ada@example.com", "organizations/"];
    with_password("login.c", "correct horse", &words).expect(TLS).says("certificate");
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn permissions_of_all_three_generations() {
    let sandbox = Sandbox::start();
    for (path, has_groups) in [("/api/", false), ("/", true), ("/timp/", true)] {
        let base = format!("{}{path}", sandbox.https());
        let listed = over_https(&sandbox, "permissions.c", "correct horse", &[&base, "ada@example.com"]);
        let listed = listed.expect(0).says("18 permissions").says("Edit supplier catalogs");
        assert!(listed.out.starts_with("NAME"), "{listed:?}");
        assert_eq!(listed.out.contains("PRODINVLIST"), has_groups, "{listed:?}");
        assert!(!listed.out.contains("create_order"), "a supplier's list: {listed:?}");
    }
    let base = format!("{}/api/", sandbox.http());
    let retailer = with_password("permissions.c", "пароль-密码", &[&base, "zoë@example.com"]).expect(0);
    assert!(retailer.out.contains("create_order"), "{retailer:?}");
    with_password("permissions.c", "no rights here", &[&base, "niran@example.com"])
        .expect(HTTP)
        .says("Ask an administrator");
    let wrong = format!("{}/echo/", sandbox.http());
    with_password("permissions.c", "correct horse", &[&wrong, "ada@example.com"])
        .expect(6)
        .says("holds no token at /auth_token");
}

#[test]
fn datasets_by_absolute_and_relative_links() {
    let sandbox = Sandbox::start();
    for user in ["grace@example.com", ""] {
        sandbox.clear();
        let base = format!("{}/api/", sandbox.https());
        let secret = if user.is_empty() { API_KEY } else { "battery staple" };
        let listed = over_https(&sandbox, "datasets.c", secret, &[&base, user, "40"]).expect(0);
        // The catalogue that the root links to lists nothing, and says so.
        assert!(
            listed.err.starts_with("The service warns: 299 - ") && listed.err.lines().count() == 1,
            "{listed:?}"
        );
        for name in ["a/b ü", "100% 问卷?#&=", "ชุดข้อมูล ๑", "مسح السوق 📊", "Rubber duck 🦆 4"]
        {
            assert!(listed.out.contains(name), "{name}: {listed:?}");
        }
        assert!(listed.out.contains("  2500 rows   30 savepoints  a/b ü\n"), "{listed:?}");
        // The catalogue's three kinds of keys, and where they led.
        let ways: Vec<_> = listed.out.lines().filter_map(|line| line.trim().split_once(" -> ")).collect();
        assert_eq!(ways.len(), 40);
        for (key, url) in &ways {
            let id = key.trim_end_matches('/').rsplit('/').next().unwrap();
            assert_eq!(*url, format!("{base}datasets/{id}/"));
        }
        let count = |start: &str| ways.iter().filter(|(key, _)| key.starts_with(start)).count();
        assert_eq!((count("https://"), count("../../datasets/")), (14, 13));
        let requests = sandbox.requests();
        let logins = requests.iter().filter(|request| request.path == "/api/public/login/").count();
        assert_eq!(logins, usize::from(!user.is_empty()));
        assert_eq!(requests.len(), logins + 3 + 40 + 40);
        assert!(requests.iter().all(|request| request.status == 200), "all links led somewhere");
    }
}

#[test]
fn datasets_without_opening_them() {
    let sandbox = Sandbox::start();
    let base = format!("{}/api/", sandbox.http());
    let words = [base.as_str(), "grace@example.com", "0"];
    let listed = with_password("datasets.c", "battery staple", &words).expect(0);
    assert_eq!(listed.out.lines().count(), 40);
    assert!(listed.out.contains("100% 问卷?#&=\n") && !listed.out.contains("->"), "{listed:?}");
    with_password("datasets.c", "wrong", &words).expect(AUTH).says("refused the login");
}

#[test]
fn errors_shows_every_outcome_it_can() {
    let sandbox = Sandbox::start();
    let (http, https) = (format!("{}/api/", sandbox.http()), format!("{}/api/", sandbox.https()));
    let words = [http.as_str(), https.as_str(), "grace@example.com"];
    let shown = with_password("errors.c", "battery staple", &words).expect(0);
    assert_eq!(shown.err, "");
    assert!(!shown.out.contains("UNEXPECTED") && !shown.out.contains("(unknown)"), "{}", shown.out);
    // Each code of the table stands there, and all but these were provoked.
    let (provoked, rest) = shown.out.split_once("Not provoked here:\n").unwrap();
    for code in support::library::CODES {
        let there = |text: &str| text.lines().any(|line| line.starts_with(&format!("{}: ", code.name)));
        let left =
            matches!(code.name, "CRUX_PENDING" | "CRUX_ERR_CANCELLED" | "CRUX_ERR_JOB" | "CRUX_ERR_INTERNAL");
        assert_eq!((there(provoked), there(rest)), (!left, left), "{}", code.name);
    }
    // The facts behind the advice.
    let advice = |what: &str| {
        let at = shown.out.find(what).unwrap();
        shown.out[at..].lines().nth(2).unwrap().to_owned()
    };
    assert!(advice("a server that is busy").contains("retry_after_ms"), "{}", shown.out);
    assert!(advice("a dataset that is not there").contains("Show the sentence"), "{}", shown.out);
    assert!(advice("a server that hangs up").contains("See what the server has done"), "{}", shown.out);
    assert!(!shown.out.contains("battery staple") && !shown.out.contains("not the password"));
}

/// The text of each block of a language in a page.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(named)) => open = Some((named.trim() == language, String::new())),
            (Some(_), Some(_)) => {
                let (wanted, text) = open.take().unwrap();
                found.extend(wanted.then_some(text));
            }
            (Some((_, text)), None) => *text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block without an end");
    found
}

/// README.md and all pages of docs/, by name.
fn pages() -> Vec<(String, String)> {
    let docs = std::fs::read_dir(project("docs")).unwrap().map(|entry| entry.unwrap().path());
    let all =
        docs.chain([project("README.md")]).filter(|path| path.extension().is_some_and(|end| end == "md"));
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).ok()?;
        Some((path.file_stem().unwrap().to_str().unwrap().to_owned(), text))
    };
    all.filter_map(read).collect()
}

#[test]
fn whole_programs_in_the_documentation_compile() {
    let mut programs = 0;
    for (page, text) in pages() {
        let whole = blocks(&text, "c").into_iter().filter(|block| block.contains("int main"));
        for (number, program) in whole.enumerate() {
            let source = scratch("docs").join(format!("{page}-{number}.c"));
            std::fs::write(&source, program).unwrap();
            compile(&source);
            programs += 1;
        }
    }
    assert!(programs >= 7, "only {programs} programs were found");
}

#[test]
fn command_lines_in_the_documentation_work() {
    let sandbox = Sandbox::start();
    let (crux, crunch) = (format!("{}/api/", sandbox.http()), format!("{}/api/", sandbox.http()));
    let tool = example("crux.c");
    let folder = fresh("command-lines");
    let mut lines = 0;
    let manual = std::fs::read_to_string(project("packaging/crux.1")).unwrap().replace("\\-", "-");
    let examples =
        manual.split(".SH EXAMPLES\n").nth(1).unwrap().replace(".nf", "```sh").replace(".fi", "```");
    for (page, text) in pages().into_iter().chain([("crux.1".to_owned(), examples)]) {
        // README.md has them indented, crux.1 with dashes of its own.
        let indented = text.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned).collect();
        let all = [blocks(&text, "sh"), if page == "README" { indented } else { Vec::new() }].concat();
        for line in all.iter().flat_map(|block| block.lines()).filter(|l| l.starts_with("crux ")) {
            // A base that is written out is somebody's real one.
            let line = line.replace("--base https://acme.crunch.io/api/ ", "");
            let is_crunch = line.contains("--service crunch");
            let environment = [
                ("CRUX_API", crux.as_str()),
                ("R_CRUNCH_API", crunch.as_str()),
                ("R_CRUNCH_API_KEY", API_KEY),
                ("CRUX_PASSWORD", if is_crunch { "battery staple" } else { "correct horse" }),
            ];
            let mut command = program::command("sh".as_ref(), &["-c", &line], &environment);
            let path = std::env::var("PATH").unwrap_or_default();
            command.env("PATH", format!("{}:{path}", tool.parent().unwrap().display())).current_dir(&folder);
            let said = command.output().unwrap();
            let told = String::from_utf8_lossy(&said.stderr);
            let is_saved = line.contains("--download");
            assert!(said.status.success() && said.stdout.is_empty() == is_saved, "{page}: {line}: {told}");
            lines += 1;
        }
    }
    assert!(lines >= 14, "only {lines} command lines were found");
}

/// The Perl of docs/binding.md, as it stands there.
#[test]
fn perl_without_a_package() {
    let has_platypus = Command::new("perl").args(["-MFFI::Platypus 2", "-e", "1"]).output();
    if !has_platypus.is_ok_and(|output| output.status.success()) {
        return lacking("perl_without_a_package", "there is no Perl with FFI::Platypus");
    }
    let page = std::fs::read_to_string(project("docs/binding.md")).unwrap();
    let (_, rest) = page.split_once("```perl\n").unwrap();
    let script = scratch("perl").join("binding.pl");
    std::fs::write(&script, rest.split_once("```").unwrap().0).unwrap();
    let sandbox = Sandbox::start();
    let (base, library) = (format!("{}/api/", sandbox.http()), program::library());
    let ask = |password| {
        let variables = [
            ("CRUX_BASE", base.as_str()),
            ("CRUX_LIBRARY", library.to_str().unwrap()),
            ("CRUX_PASSWORD", password),
        ];
        run(Path::new("perl"), &[script.to_str().unwrap()], &variables)
    };
    ask("battery staple").expect(0).says("shoji:catalog");
    ask("wrong").expect(AUTH).says("Check the user name and password");
}
