//! `crux_download` and the option `save`: whole or not at all.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use sandbox::fault::{FaultServer, Step};
use sandbox::{Canned, Sandbox};
use support::files::*;
use support::*;

#[test]
fn a_whole_file_replaces_what_was_there() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = anonymous(&sandbox.http());
    for path in ["bytes/100000", "chunks/100000", "bytes/0"] {
        let target = folder.file("target", b"old");
        let response = client.download(path, &target).expect(CRUX_OK);
        let length: usize = path.rsplit('/').next().unwrap().parse().unwrap();
        assert!(fs::read(&target).unwrap() == pattern(length), "{path}");
        assert_eq!(response.body(), b"");
        assert_eq!((response.status(), response.number("received")), (200, length as i64));
        assert_eq!(folder.names(), ["target"], "no litter");
        let sent = sandbox.requests().pop().unwrap();
        assert_eq!((sent.header("accept-encoding"), sent.header("range")), (Some("identity"), None));
    }
    let saved = save(&client, "bytes/5", &folder.path("other"), &[]).expect(CRUX_OK);
    assert_eq!((saved.body(), fs::read(folder.path("other")).unwrap()), (vec![], pattern(5)));
}

/// Facts are those of the whole download, not of the head that it began with.
#[test]
fn facts_of_a_download() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".to_vec();
    let body = Step::SendSlowly { bytes: b"0123456789".to_vec(), piece: 1, every: Duration::from_millis(30) };
    let slow = vec![Step::ReadRequest, Step::Send(bytes), body];
    let (server, folder) = (FaultServer::start(slow), Folder::new());
    let whole = anonymous(&server.url()).download("x", &folder.path("a")).expect(CRUX_OK);
    assert!(whole.number("elapsed_ms") >= 200, "{}", whole.number("elapsed_ms"));
    assert_eq!((whole.number("retryable"), whole.number("percent")), (0, 100));
    // What broke off goes on the next time.
    let server = FaultServer::start(first_half("ETag: \"one\""));
    let cut = anonymous(&server.url()).download("x", &folder.path("b")).expect(CRUX_ERR_IO);
    assert_eq!(cut.number("retryable"), 1);
    // Of an empty file the length is known.
    let server = FaultServer::start(reply("200 OK", "Content-Length: 0", ""));
    let empty = anonymous(&server.url()).download("x", &folder.path("c")).expect(CRUX_OK);
    assert_eq!((empty.number("percent"), empty.number("receive_total")), (100, 0));
}

/// What is compressed in the store, and not on the way.
#[test]
fn a_compressed_file_arrives_as_it_is_stored() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let stored = [0x1f, 0x8b, 8, 0, 1, 2, 3];
    sandbox.respond(
        "GET",
        "/x.csv.gz",
        Canned::status(200).header("content-type", "application/gzip").body(stored),
    );
    let target = folder.path("x.csv.gz");
    anonymous(&sandbox.http()).download("x.csv.gz", &target).expect(CRUX_OK);
    assert_eq!(fs::read(target).unwrap(), stored);
}

#[test]
fn a_failure_leaves_the_old_file_and_no_litter() {
    for (steps, code) in [
        (reply("403 Forbidden", "Content-Length: 5", "error"), CRUX_ERR_HTTP),
        (reply("404 Not Found", "Content-Length: 5", "error"), CRUX_ERR_HTTP),
        (reply("500 Internal Server Error", "Content-Length: 5", "error"), CRUX_ERR_HTTP),
        (reply("302 Found", "Content-Length: 0", ""), CRUX_ERR_HTTP),
        (first_half(""), CRUX_ERR_IO),
        (reply("200 OK", "Transfer-Encoding: chunked", "5\r\n01234\r\n"), CRUX_ERR_IO),
        (
            reply("206 Partial Content", "Content-Length: 5\r\nContent-Range: bytes 0-4/9", "01234"),
            CRUX_ERR_PROTOCOL,
        ),
        // What brings no file is no file, whatever its status.
        (reply("202 Accepted", "Content-Length: 2", "{}"), CRUX_ERR_PROTOCOL),
        (reply("204 No Content", "", ""), CRUX_ERR_PROTOCOL),
        (reply("205 Reset Content", "Content-Length: 0", ""), CRUX_ERR_PROTOCOL),
    ] {
        let (server, folder) = (FaultServer::start(steps.clone()), Folder::new());
        let target = folder.file("target", b"old");
        let response = anonymous(&server.url()).download("x", &target);
        assert_eq!(response.code(), code, "{steps:?}: {}", response.message());
        assert_eq!((read(&target).as_str(), folder.names()), ("old", vec!["target".to_owned()]), "{steps:?}");
    }
}

#[test]
fn not_modified_is_no_empty_file() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let target = folder.file("target", b"old");
    let call = anonymous(&sandbox.http()).call("GET", "bytes/10");
    assert_eq!(call.header("If-None-Match", "\"bytes-10\""), CRUX_OK);
    assert_eq!(call.set("save", target.to_str().unwrap()), CRUX_OK);
    assert_eq!(call.send().expect(CRUX_OK).status(), 304);
    assert_eq!((read(&target).as_str(), folder.names()), ("old", vec!["target".to_owned()]));
}

/// What the local disk has against it.
#[cfg(unix)]
#[test]
fn a_target_that_cannot_be() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = anonymous(&sandbox.http());
    let fifo = folder.path("fifo");
    assert_eq!(unsafe { libc::mkfifo(c_path(&fifo).as_ptr(), 0o600) }, 0);
    fs::create_dir(folder.path("folder")).unwrap();
    folder.file("file", b"");
    let before = folder.names();
    for name in ["", "folder", "fifo", "missing/target", "file/target", "/proc/target", ".."] {
        let response = client.download("bytes/10", &folder.path(name)).expect(CRUX_ERR_FILE);
        assert!(!response.message().contains("os error"), "{}", response.message());
    }
    let folder_to_be = client.download("bytes/10", &folder.path("new/")).expect(CRUX_ERR_FILE);
    assert!(
        folder_to_be.message().ends_with("new/ is not the name of a file."),
        "{}",
        folder_to_be.message()
    );
    assert_eq!(folder.names(), before);
    assert_eq!(sandbox.requests().len(), 0, "it is known before anything is sent");
    assert_eq!(
        unsafe { crux_code(crux_download(client.0, c("x").as_ptr(), std::ptr::null()).cast()) },
        CRUX_ERR_ARGUMENT
    );
}

// Limits of a process.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full() {
    if !alone("download::a_disk_that_is_full", &[]) {
        return;
    }
    // The limit on a file's size meets a write just as the end of the disk does.
    let limit = libc::rlimit { rlim_cur: 1 << 20, rlim_max: libc::RLIM_INFINITY };
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit), 0);
    }
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let target = folder.file("target", b"old");
    let response = save(&anonymous(&sandbox.http()), "bytes/9000000", &target, &[("resume", "0")]);
    assert_eq!(response.code(), CRUX_ERR_FILE, "{}", response.message());
    assert!(response.message().contains("target.part"), "{}", response.message());
    assert_eq!((read(&target).as_str(), folder.names()), ("old", vec!["target".to_owned()]));
}

#[test]
fn a_download_needs_a_name() {
    let client = anonymous("http://127.0.0.1:1");
    for name in [Some(c("")), None] {
        let file = name.as_ref().map_or(std::ptr::null(), |name| name.as_ptr());
        Response(unsafe { crux_download(client.0, c("x").as_ptr(), file) }).expect(CRUX_ERR_ARGUMENT);
    }
}

#[test]
fn two_downloads_of_one_name() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"one\"\r\n\r\n01234";
    let slow = vec![Step::ReadRequest, Step::send(head), Step::Gate("go"), Step::send("56789"), Step::Stall];
    let (server, folder) = (FaultServer::start(slow), Folder::new());
    let (target, client) = (folder.path("target"), anonymous(&server.url()));
    thread::scope(|scope| {
        let first = scope.spawn(|| client.download("x", &target));
        until("its part", || fs::metadata(folder.path("target.part")).is_ok_and(|part| part.len() == 5));
        let second = client.download("x", &target).expect(CRUX_ERR_FILE);
        assert!(second.message().contains("Another download"), "{}", second.message());
        server.open_gate("go");
        first.join().unwrap().expect(CRUX_OK);
    });
    assert_eq!((read(&target).as_str(), folder.names()), ("0123456789", vec!["target".to_owned()]));
}

#[test]
fn many_downloads_of_one_name_never_show_half_a_file() {
    // On Windows each waits, for up to a second, until a moment when no reader has the target open.
    const ROUNDS: usize = if cfg!(windows) { 25 } else { 150 };
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = anonymous(&sandbox.http());
    let target = folder.path("target");
    client.download("bytes/1000", &target).expect(CRUX_OK);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let _over = Over(&over);
        let loading = ["bytes/1000", "bytes/2000", "bytes/3000"].map(|path| {
            let (client, target) = (&client, &target);
            scope.spawn(move || {
                let outcomes = (0..ROUNDS).map(|_| client.download(path, target).code());
                let done =
                    outcomes.inspect(|code| assert!([CRUX_OK, CRUX_ERR_FILE].contains(code), "{code}"));
                done.filter(|code| *code == CRUX_OK).count()
            })
        });
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let length = fs::read(&target).expect("there is always one").len();
                assert!([1000, 2000, 3000].contains(&length), "{length} bytes were to be seen");
            }
        });
        let done: usize = loading.map(|thread| thread.join().unwrap()).iter().sum();
        assert!(done > 0);
    });
    // One that came to a target that another had open (Windows) has left its part to the next.
    client.download("bytes/1000", &target).expect(CRUX_OK);
    assert_eq!(folder.names(), ["target"]);
}

/// Ends a process in the middle of a download, again and again.
#[test]
fn killed_at_any_moment() {
    const SIZE: usize = 30_000_000;
    const PLACE: &str = "LIBCRUX_TEST_DOWNLOAD";
    let path = format!("bytes/{SIZE}");
    if is_alone() {
        let place = std::env::var(PLACE).expect("a variable of the first process");
        let (base, target) = place.split_once(' ').expect("two words");
        anonymous(base).download(&path, Path::new(target)).expect(CRUX_OK);
        return;
    }
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let target = folder.file("target", b"old");
    let place = format!("{} {}", sandbox.http(), target.to_str().unwrap());
    let part = folder.path("target.part");
    let mut completed = 0;
    for round in 0..20_u64 {
        let mut child = again("download::killed_at_any_moment")
            .env(PLACE, &place)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // From before the first byte to after the last one.
        let wanted = round * SIZE as u64 / 18;
        let grown = || fs::metadata(&part).is_ok_and(|part| part.len() >= wanted);
        while !grown() && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(200));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let now = fs::read(&target).unwrap();
        if now != b"old" {
            assert!(now == pattern(SIZE), "round {round}: neither the old file nor the new one");
            completed += 1;
            fs::write(&target, "old").unwrap();
        }
    }
    assert!(completed < 20, "none was killed in time");
    anonymous(&sandbox.http()).download(&path, &target).expect(CRUX_OK);
    assert!(fs::read(&target).unwrap() == pattern(SIZE), "what was gone on with is whole");
    assert!(
        sandbox.requests().iter().any(|request| request.header("range").is_some()),
        "nothing was gone on with"
    );
    assert_eq!(folder.names(), ["target"]);
}
