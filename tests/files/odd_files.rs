//! Files that are hard to send: many at once, special ones, ones that change; and how far a file is.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::thread;

use sandbox::Sandbox;
use sandbox::fault::{FaultServer, Step};
#[cfg(target_os = "linux")]
use support::program::{self, Build};
use support::*;

fn anonymous(base: &str) -> Client {
    Client::with(&[("service", "custom"), ("base_url", base), ("proxy", "direct")])
}

/// A server that has taken a first part and waits for `open_gate("on")` to take the rest.
fn half_way() -> FaultServer {
    FaultServer::start(vec![Step::ReadHead, Step::ReadSome(1 << 20), Step::Gate("on"), Step::Stall])
}

/// Files of the system that claim to be empty, or a page long, and are not.
#[cfg(unix)]
#[test]
fn special_files_are_refused_with_advice() {
    let client = anonymous("http://127.0.0.1:9/");
    let call = client.call("POST", "x");
    let folder = Folder::new();
    let pipe = folder.path("pipe");
    assert_eq!(unsafe { libc::mkfifo(c_path(&pipe).as_ptr(), 0o600) }, 0);
    let special =
        ["/proc/version", "/proc/self/status", "/sys/kernel/mm/transparent_hugepage/enabled", "/dev/null"];
    for path in special.iter().map(Path::new).chain([pipe.as_path()]).filter(|path| path.exists()) {
        assert_eq!(call.file(path, None), CRUX_ERR_FILE, "{}", path.display());
        assert!(call.message().contains(path.to_str().unwrap()), "{}", call.message());
        assert!(call.message().contains("crux_call_source"), "{}", call.message());
        assert_eq!(call.file_part("f", path, None), CRUX_ERR_FILE);
        client.upload(Some("x"), Some("f"), path, None).expect(CRUX_ERR_FILE);
    }
}

/// More files than the process may have open.
#[cfg(unix)]
#[test]
fn a_form_opens_one_file_at_a_time() {
    if !alone("odd_files::a_form_opens_one_file_at_a_time", &[]) {
        return;
    }
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = anonymous(&sandbox.http());
    let call = client.call("POST", "echo/x");
    for index in 0..300 {
        let file = folder.file(&format!("{index}.csv"), format!("{index}\n").as_bytes());
        assert_eq!(call.file_part("f", &file, None), CRUX_OK);
    }
    let limit = libc::rlimit { rlim_cur: 100, rlim_max: 100 };
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) }, 0);
    call.send().expect(CRUX_OK);
    let sent = sandbox.requests().pop().expect("a request").body;
    let sent = String::from_utf8(sent).expect("the files are text");
    assert_eq!(sent.matches("Content-Type: text/csv\r\n").count(), 300);
    assert!((0..300).all(|index| sent.contains(&format!("\r\n\r\n{index}\n\r\n--"))));
}

/// Of several files, the one that failed is named.
#[test]
fn the_file_that_changed_is_named() {
    let folder = Folder::new();
    let (first, second) = (folder.file("first", &[b'1'; 100_000]), folder.path("second"));
    File::create(&second).unwrap().set_len(48 << 20).unwrap();
    let server = half_way();
    let client = anonymous(&server.url());
    let call = client.call("POST", "x");
    assert_eq!((call.file_part("a", &first, None), call.file_part("b", &second, None)), (CRUX_OK, CRUX_OK));
    let response = thread::scope(|scope| {
        let sending = scope.spawn(|| call.send());
        server.wait_until(|seen| seen.received() >= 1 << 20);
        OpenOptions::new().write(true).open(&second).unwrap().set_len(24 << 20).unwrap();
        server.open_gate("on");
        sending.join().unwrap()
    });
    assert_eq!(response.code(), CRUX_ERR_FILE);
    assert!(response.message().contains("second changed its size"), "{}", response.message());
}

/// While it is sent, the percentage is that of the sending.
#[test]
fn the_percentage_of_an_upload() {
    let folder = Folder::new();
    let file = folder.path("large");
    File::create(&file).unwrap().set_len(48 << 20).unwrap();
    let server = half_way();
    let client = anonymous(&server.url());
    let call = client.call("PUT", "x");
    assert_eq!(call.file(&file, None), CRUX_OK);
    let sending = call.start();
    until("a first percent", || sending.number("percent") > 0);
    let (percent, sent) = (sending.number("percent"), sending.number("sent"));
    assert!(percent < 100 && percent <= sent * 100 / (48 << 20), "{percent}, {sent}");
    sending.cancel();
    assert_eq!(sending.wait(5_000), 1);
}

/// Whether a name still stands for the file that was opened is asked again, but not for ever.
#[cfg(target_os = "linux")]
#[test]
fn a_file_system_whose_numbers_do_not_agree() {
    let library = match std::env::var_os("LD_PRELOAD") {
        None => {
            let library = program::scratch("numbers").join("libnumbers.so");
            let build = Build::c("gnu99").unlinked().flags(&["-shared", "-fPIC"]).libraries(&["-ldl"]);
            build.build(&library, &[program::project("tests/files/numbers.c")])
        }
        Some(library) => library.into(),
    };
    let preload = [("LD_PRELOAD", library.to_str().expect("a path in UTF-8"))];
    if !alone("odd_files::a_file_system_whose_numbers_do_not_agree", &preload) {
        return;
    }
    // SAFETY: takes no pointers. An endless look ends the process.
    unsafe { libc::alarm(30) };
    let folder = Folder::new();
    let saved =
        files::save(&anonymous("http://127.0.0.1:9/"), "x", &folder.path("file"), &[]).expect(CRUX_ERR_FILE);
    assert!(saved.message().contains("another file bears its name"), "{}", saved.message());
}
