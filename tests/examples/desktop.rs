//! The desktop example, built as a user builds it and driven by scripts on a screen that nobody sees. A machine
//! without GTK or Xvfb fails these tests: a window that was never shown would look like a good one.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::screen::{Screen, Seen};
use sandbox::{API_KEY, Canned, Sandbox};
use serde_json::json;
use support::program::{fresh, project};

/// What the main loop may be late while the network is slow.
const LATEST_MS: u64 = 50;

/// The lines that log in to Crunch, or to Crux Connect.
fn log_in(sandbox: &Sandbox, service: &str) -> String {
    let (path, user, password) = match service {
        "crunch" => ("/api/", "grace@example.com", "battery staple"),
        _ => ("/timp/", "ada@example.com", "correct horse"),
    };
    let address = sandbox.http() + path;
    format!(
        "fill service {service}\nfill address {address}\nfill user {user}\nfill password {password}\nlogin\n"
    )
}

fn drive(folder: &Path, script: &str) -> Seen {
    Screen::get().drive(folder, script)
}

#[test]
fn a_dataset_and_an_item_are_exported() {
    let sandbox = Sandbox::start();
    let length = 2_000_003;
    sandbox.export_bytes(Some(length));
    let expected: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
    sandbox.progress(vec![json!(12.5), json!(61), json!(100)]);
    let folder = fresh("exported");
    for (service, row, found) in [
        ("crunch", "100% 问卷?#&=", "says: These are all 40 datasets."),
        ("crux-connect", "Rubber duck 🦆 №4", "says: These are 100 of 400 items."),
    ] {
        let file = folder.join(format!("{service} 文件.csv"));
        let name = file.display();
        let script = format!("{}wait\nselect {row}\nexport {name}\nwait\nquit\n", log_in(&sandbox, service));
        let seen = drive(&folder, &script);
        let complete = format!("says: {name} is complete: {length} bytes.");
        let lines = ["says: Logging in.", "says: Getting the list.", found, "says: Exporting.", &complete];
        assert_eq!(seen.lines, lines, "{service}");
        assert!(fs::read(&file).unwrap() == expected, "{service}");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3, "the script and two files, no litter");
}

#[test]
fn the_bar_follows_the_job() {
    let sandbox = Sandbox::start();
    sandbox.progress(vec![json!(20.9), json!(60), json!(60), json!(60), json!(100)]);
    let folder = fresh("bar");
    let file = folder.join("out.csv");
    let script = format!(
        "{}wait\nselect a/b ü\nexport {}\nuntil 20\nbar\nuntil 60\nbar\nwait\nbar\nquit\n",
        log_in(&sandbox, "crunch"),
        file.display()
    );
    let seen = drive(&folder, &script);
    let bars: Vec<_> = seen.lines.iter().filter(|line| line.starts_with("bar: ")).collect();
    assert_eq!(
        bars,
        ["bar: The service makes the file. 20 %", "bar: The service makes the file. 60 %", "bar:  "]
    );
}

#[test]
fn errors_are_sentences_in_the_window() {
    let sandbox = Sandbox::start();
    sandbox.progress(vec![json!(0), json!({ "progress": -1, "message": "The column 性别 has no values." })]);
    let folder = fresh("errors");
    let file = folder.join("out.csv");
    let good = log_in(&sandbox, "crunch");
    let bad = good.replace("battery staple", "wrong");
    let nobody = good.replace(&sandbox.http(), "http://127.0.0.1:1");
    let file = file.display();
    let script =
        format!("{bad}wait\n{nobody}wait\n{good}wait\nselect Fußball 5\nexport {file}\nwait\nquit\n");
    let seen = drive(&folder, &script);
    let errors: Vec<_> = seen.lines.iter().filter_map(|line| line.strip_prefix("error: ")).collect();
    assert_eq!(errors.len(), 3, "{:#?}", seen.lines);
    assert!(errors[0].contains("refused the login of grace@example.com"), "{errors:?}");
    assert!(errors[1].starts_with("No connection to 127.0.0.1 port 1 could be made"), "{errors:?}");
    assert_eq!(errors[2], "Crunch says that the job failed: The column 性别 has no values.");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "only the script");
}

#[test]
fn a_cancelled_export_leaves_no_file_and_the_window_goes_on() {
    let sandbox = Sandbox::start();
    sandbox.progress(vec![json!(30)]);
    let folder = fresh("cancelled");
    let file = folder.join("out.csv");
    let script = format!(
        "{}wait\nselect Fußball 5\nexport {1}\nuntil 30\ncancel\nwait\nexport {1}\ncancel\nwait\nreload\nwait\nquit\n",
        log_in(&sandbox, "crunch"),
        file.display()
    );
    let seen = drive(&folder, &script);
    let cancelled = seen.lines.iter().filter(|line| *line == "says: Cancelled.").count();
    assert_eq!(cancelled, 2, "{:#?}", seen.lines);
    assert_eq!(seen.lines.last().unwrap(), "says: These are all 40 datasets.");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "only the script");
}

/// Each place where a server can stall: the window draws, listens, and takes the Cancel.
#[test]
fn a_stalled_server_does_not_hold_the_window_up() {
    let folder = fresh("stalled");
    let file = folder.join("out.csv");
    // The machine itself may be late when it is busy, which is not the program's fault, and no two tries
    // are unlucky for the same reason. A program that waits for the network is late by seconds in every one.
    let tries: Vec<_> =
        (0..5).map(|_| latency_of_stalls(&folder, &file)).take_while(|ms| *ms >= LATEST_MS).collect();
    assert!(tries.len() < 5, "the main loop was late by {tries:?} ms in five tries");
}

fn latency_of_stalls(folder: &Path, file: &Path) -> u64 {
    let sandbox = Sandbox::start();
    sandbox.progress(vec![json!(40)]);
    let stall = |method, path| sandbox.respond(method, path, Canned::real().delay(Duration::from_secs(60)));
    let (good, file) = (log_in(&sandbox, "crunch"), file.display());
    // One script for each place, because a response cannot be changed while the program runs.
    let mut latest = 0;
    let stalled: [(&str, &str, String); 5] = [
        ("POST", "/api/public/login/", format!("measure\n{good}sleep 700\ncancel\nwait\nquit\n")),
        ("GET", "/api/datasets/all/", format!("measure\n{good}sleep 700\ncancel\nwait\nquit\n")),
        ("POST", "/api/datasets/*", stalled_export(&good, &file)),
        ("GET", "/api/progress/*", stalled_export(&good, &file)),
        ("GET", "/_s3/*", stalled_export(&good, &file)),
    ];
    for (method, path, script) in stalled {
        sandbox.forget_canned();
        if path == "/_s3/*" {
            sandbox.progress(vec![json!(100)]);
        }
        stall(method, path);
        let seen = drive(folder, &script);
        assert_eq!(seen.lines.last().unwrap(), "says: Cancelled.", "{path}: {:#?}", seen.lines);
        assert!(seen.took < Duration::from_secs(20), "{path}: a Cancel is not the server's to grant");
        eprintln!("{path}: {} ms", seen.latency_ms);
        latest = latest.max(seen.latency_ms);
    }
    assert_eq!(fs::read_dir(folder).unwrap().count(), 1, "only the script");
    latest
}

/// The list is drawn before it counts: fonts are loaded then, which is no affair of the network.
fn stalled_export(good: &str, file: &dyn std::fmt::Display) -> String {
    format!(
        "{good}wait\nselect Fußball 5\nsleep 500\nmeasure\nexport {file}\nsleep 1200\ncancel\nwait\nquit\n"
    )
}

#[test]
fn an_api_key_logs_in_without_a_user() {
    let sandbox = Sandbox::start();
    let folder = fresh("api-key");
    let script = format!(
        "fill service crunch\nfill address {}/api/\nfill password {API_KEY}\nlogin\nwait\nquit\n",
        sandbox.http()
    );
    assert_eq!(
        drive(&folder, &script).lines,
        ["says: Logging in.", "says: Getting the list.", "says: These are all 40 datasets."]
    );
    assert!(sandbox.requests().iter().all(|request| request.path != "/api/public/login/"));
}

/// All that waits is started by the library; a thread of the program would be one pattern too many.
#[test]
fn it_has_no_thread_of_its_own() {
    let source = fs::read_to_string(project("examples-c/desktop.c")).unwrap();
    for waits in
        ["g_task_", "g_thread_", "pthread", "crux_login(", "crux_await(", "crux_call_send(", "crux_request("]
    {
        assert!(!source.contains(waits), "{waits}");
    }
}

#[test]
fn a_window_closed_in_the_middle_ends_soon() {
    let sandbox = Sandbox::start();
    sandbox.progress(vec![json!(40)]);
    let folder = fresh("closed");
    let file = folder.join("out.csv");
    let script = format!(
        "{}wait\nselect Fußball 5\nexport {}\nuntil 40\nquit\n",
        log_in(&sandbox, "crunch"),
        file.display()
    );
    let seen = drive(&folder, &script);
    assert_eq!(seen.lines.last().unwrap(), "says: Cancelled.");
    sandbox.respond("POST", "/api/public/login/", Canned::real().delay(Duration::from_secs(60)));
    let seen = drive(&folder, &format!("{}sleep 200\nquit\n", log_in(&sandbox, "crunch")));
    assert!(seen.took < Duration::from_secs(10), "{:?}", seen.took);
}

/// With CRUX_SCREENSHOT=FILE the picture is kept there; docs/desktop.png was made so.
#[test]
fn the_window_can_be_looked_at() {
    let port = std::env::var("CRUX_SCREENSHOT").map_or(0, |_| 8080);
    let sandbox = Sandbox::start_on(port, 0, None).unwrap();
    sandbox.progress(vec![json!(62)]);
    let folder = fresh("screenshot");
    let kept = std::env::var("CRUX_SCREENSHOT").map(PathBuf::from);
    let (picture, file) = (kept.unwrap_or(folder.join("window.png")), folder.join("out.csv"));
    let script = format!(
        "{}wait\nselect مسح السوق 📊\nexport {}\nuntil 62\nsleep 400\nscreenshot {}\ncancel\nwait\nquit\n",
        log_in(&sandbox, "crunch"),
        file.display(),
        picture.display()
    );
    drive(&folder, &script);
    let bytes = fs::read(&picture).unwrap();
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 10_000, "{} bytes", bytes.len());
    let size = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    assert!(size(16) >= 560 && size(20) >= 640, "{} x {}", size(16), size(20));
    assert!(fs::metadata(project("docs/desktop.png")).unwrap().len() <= 100_000);
}
