//! The file that keeps a token between runs.

use std::ffi::c_void;
use std::fs::{self, Permissions};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::{ADA, GRACE, PLACE, counts, log_in_with};
use sandbox::Sandbox;
use sandbox::fault::{FaultServer, Step};
use support::*;

/// A folder of its own for a test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("libcrux-token-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self) -> String {
        self.0.join("token").to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn read(file: &str) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// Makes the token in the file older.
fn age(file: &str, seconds: i64) {
    let mut document = read(file);
    document["issued"] = (document["issued"].as_i64().unwrap() - seconds).into();
    fs::write(file, document.to_string()).unwrap();
}

fn with_file(sandbox: &Sandbox, file: &str) -> Client {
    log_in_with(sandbox, &[("token_file", file)])
}

#[test]
fn the_second_run_needs_no_login() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let file = folder.file();
    let first = with_file(&sandbox, &file).expect(CRUX_OK);
    assert_eq!(counts(&sandbox), (1, 0));
    #[cfg(unix)]
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(read(&file)["token"].as_str().unwrap().as_bytes(), first.copy("token"));
    assert!(!fs::read_to_string(&file).unwrap().contains(ADA.1), "never the password");
    drop(first);

    let second = with_file(&sandbox, &file).expect(CRUX_OK);
    assert_eq!(counts(&sandbox), (0, 0));
    let response = second.get(PLACE).expect(CRUX_OK);
    assert_eq!(response.info("token_source"), Some(format!("token file {file}")));
    assert_eq!(counts(&sandbox), (0, 1));
    // The file alone is enough.
    let base = crate::base(&sandbox);
    let third = Client::with(&[("base_url", &base), ("token_file", &file)]).expect(CRUX_OK);
    third.get(PLACE).expect(CRUX_OK);
    assert_eq!(counts(&sandbox), (0, 1));
    sandbox.revoke_tokens();
    let response = third.get(PLACE).expect(CRUX_ERR_AUTH);
    assert!(response.message().contains(&format!("token file {file}")), "{}", response.message());
}

#[test]
fn the_age_of_a_token_is_kept() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let file = folder.file();
    let first = with_file(&sandbox, &file).expect(CRUX_OK);
    assert!((7195..=7200).contains(&first.number("token_expires_in_s")));
    for (older, left) in [(3000, 4200), (2000, 2200), (1400, 800)] {
        age(&file, older);
        let me = with_file(&sandbox, &file).expect(CRUX_OK);
        let expires = me.number("token_expires_in_s");
        assert!((left - 5..=left).contains(&expires), "{expires} after {older} s more");
    }
    assert_eq!(counts(&sandbox), (1, 0));
}

#[test]
fn a_token_that_is_old_or_dead_is_replaced() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let file = folder.file();
    let before = with_file(&sandbox, &file).expect(CRUX_OK).copy("token");
    // Due for renewal, dead for long, and from the future: the login comes at once.
    for older in [6700, 7200, 1_000_000, -86_400] {
        age(&file, older);
        counts(&sandbox);
        let me = with_file(&sandbox, &file).expect(CRUX_OK);
        assert_eq!(counts(&sandbox), (1, 0), "{older}");
        assert_ne!(me.copy("token"), before);
        assert_eq!(read(&file)["token"].as_str().unwrap().as_bytes(), me.copy("token"));
    }
    // A wrong password is told by the login, not by the first request.
    age(&file, 7200);
    let base = crate::base(&sandbox);
    let wrong = [("base_url", &*base), ("user", ADA.0), ("secret", "wrong"), ("token_file", &*file)];
    Client::with(&wrong).expect(CRUX_ERR_AUTH);
    // Fresh by its date, but the server knows better.
    with_file(&sandbox, &file).expect(CRUX_OK);
    sandbox.revoke_tokens();
    counts(&sandbox);
    let me = with_file(&sandbox, &file).expect(CRUX_OK);
    me.get(PLACE).expect(CRUX_OK);
    assert_eq!(counts(&sandbox), (1, 2));
    assert_eq!(read(&file)["token"].as_str().unwrap().as_bytes(), me.copy("token"));
}

// Modes of files.
#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_refused() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let file = folder.file();
    with_file(&sandbox, &file).expect(CRUX_OK);
    counts(&sandbox);
    for mode in [0o640, 0o604, 0o644, 0o620, 0o666, 0o610] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let refused = with_file(&sandbox, &file).expect(CRUX_ERR_FILE);
        assert!(
            refused.message().contains("0600") && refused.message().contains(&file),
            "{}",
            refused.message()
        );
        refused.get(PLACE).expect(CRUX_ERR_FILE);
    }
    assert_eq!(counts(&sandbox), (0, 0));
    let folder_itself = with_file(&sandbox, folder.0.to_str().unwrap()).expect(CRUX_ERR_FILE);
    assert!(folder_itself.message().contains("not a file"), "{}", folder_itself.message());
}

#[test]
fn a_file_of_somebody_else_is_not_used() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let file = folder.file();
    with_file(&sandbox, &file).expect(CRUX_OK);
    let (timp, api) = (crate::base(&sandbox), format!("{}/api/", sandbox.http()));
    counts(&sandbox);
    for (service, base, who) in [
        ("crux-connect", &timp, ("zoë@example.com", "пароль-密码")),
        ("crux-connect", &api, ADA),
        ("crunch", &api, GRACE),
        ("crux-connect-sandbox", &timp, ADA),
    ] {
        let pairs = [
            ("service", service),
            ("base_url", &**base),
            ("user", who.0),
            ("secret", who.1),
            ("token_file", &*file),
        ];
        Client::with(&pairs).expect(CRUX_OK);
        assert_eq!(counts(&sandbox), (1, 0), "{service} {base}");
        assert_eq!(read(&file)["user"], who.0);
    }
    // What is no token file at all is overwritten by the next login.
    for junk in ["", "{", "[]", "{\"token\":7}", "{\"token\":\"a b\",\"issued\":9}"] {
        fs::write(&file, junk).unwrap();
        with_file(&sandbox, &file).expect(CRUX_OK);
        assert_eq!(counts(&sandbox), (1, 0), "{junk}");
        assert_eq!(read(&file)["user"], ADA.0);
    }
}

#[test]
fn a_token_in_the_file_that_cannot_be_sent_is_as_if_absent() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let file = folder.file();
    with_file(&sandbox, &file).expect(CRUX_OK);
    let mut document = read(&file);
    document["token"] = "a b\r\nX: y".into();
    fs::write(&file, document.to_string()).unwrap();
    counts(&sandbox);
    with_file(&sandbox, &file).expect(CRUX_OK);
    assert_eq!(counts(&sandbox), (1, 0));
}

#[test]
fn a_file_that_cannot_be_written_is_a_warning() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let file = folder.0.join("no/such/folder/token").to_str().unwrap().to_owned();
    let base = crate::base(&sandbox);
    let options =
        Options::of(&[("base_url", &base), ("user", ADA.0), ("secret", ADA.1), ("token_file", &file)]);
    let lines = Lines::default();
    lines.listen(&options, 2);
    options.login().expect(CRUX_OK).get(PLACE).expect(CRUX_OK);
    let told = lines.all();
    assert!(told.len() == 1 && told[0].0 == 2 && told[0].1.contains(&file), "{told:?}");
}

#[test]
fn a_file_that_holds_no_token_is_a_warning() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let (file, base) = (folder.file(), crate::base(&sandbox));
    for (content, warnings) in [
        ("{\"token\": \"cut o", 1),
        ("garbage", 1),
        ("[]", 1),
        ("{\"token\": 5, \"issued\": 7}", 1),
        ("", 0),
        ("\n", 0),
    ] {
        with_file(&sandbox, &file).expect(CRUX_OK);
        fs::write(&file, content).unwrap();
        let options =
            Options::of(&[("base_url", &base), ("user", ADA.0), ("secret", ADA.1), ("token_file", &file)]);
        let lines = Lines::default();
        lines.listen(&options, 2);
        options.login().expect(CRUX_OK).get(PLACE).expect(CRUX_OK);
        let told = lines.all();
        assert_eq!(told.len(), warnings, "{content}: {told:?}");
        assert!(
            told.iter().all(|(_, line)| line.contains(&file) && line.contains("no token that can be read"))
        );
    }
}

// Modes of files, and the umask.
#[cfg(unix)]
#[test]
fn the_file_is_private_from_its_first_byte_and_whole_at_every_moment() {
    // The umask is the whole process's.
    if !alone("token_file::the_file_is_private_from_its_first_byte_and_whole_at_every_moment", &[]) {
        return;
    }
    unsafe { libc::umask(0) };
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let file = folder.file();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut looks = 0;
            while !done.load(Ordering::Relaxed) || looks == 0 {
                for entry in fs::read_dir(&folder.0).unwrap().flatten() {
                    let Ok(facts) = fs::metadata(entry.path()) else { continue };
                    assert_eq!(facts.permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
                }
                if Path::new(&file).exists() {
                    let document = read(&file);
                    assert_eq!(document["user"], ADA.0);
                    looks += 1;
                }
            }
        });
        let writers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let base = crate::base(&sandbox);
                    for _ in 0..25 {
                        let pairs = [("base_url", &*base), ("user", ADA.0), ("secret", ADA.1)];
                        let options = Options::of(&pairs);
                        assert_eq!(options.set("token_file", Some(&file)), CRUX_OK);
                        let lines = Lines::default();
                        lines.listen(&options, 2);
                        let me = options.login().expect(CRUX_OK);
                        // What the others do may cost it this response; it is the saving that counts.
                        sandbox.revoke_tokens();
                        me.get(PLACE);
                        assert!(lines.all().iter().all(|(level, _)| *level == 1), "{:?}", lines.all());
                    }
                })
            })
            .collect();
        let outcomes: Vec<_> = writers.into_iter().map(|writer| writer.join()).collect();
        done.store(true, Ordering::Relaxed);
        watcher.join().unwrap();
        outcomes.into_iter().for_each(|outcome| outcome.unwrap());
    });
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    assert!(read(&file)["issued"].as_u64().is_some_and(|issued| now - issued < 60));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_logout_during_a_login_leaves_no_token_behind() {
    let body = "{\"token\": \"t-one\"}";
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    let server = FaultServer::start(vec![Step::ReadRequest, Step::Gate("login"), Step::send(head + body)]);
    let (folder, base) = (Folder::new(), server.url() + "/");
    let file = folder.file();
    let own = [("service", "custom"), ("base_url", &*base), ("proxy", "direct"), ("token_file", &*file)];
    let late = [("user", ADA.0), ("secret", ADA.1), ("login.when", "first_use")];
    let me = Client::with(&[&own[..], &late].concat()).expect(CRUX_OK);
    let started = me.call("GET", "x").start();
    server.wait_until(|seen| seen.requests() == 1);
    Response(unsafe { crux_logout(me.0) }).expect(CRUX_OK);
    server.open_gate("login");
    started.finished().expect(CRUX_ERR_AUTH);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
    assert_eq!(me.copy("token"), b"");
}

unsafe extern "C" fn count(ticks: *mut c_void, _: i32, _: i64, _: i64) -> i32 {
    unsafe { &*ticks.cast::<AtomicUsize>() }.fetch_add(1, Ordering::Relaxed);
    0
}

/// Makes a file that another process seems to hold.
#[cfg(unix)]
fn locked(path: &Path) -> fs::File {
    let lock = fs::File::create(path).unwrap();
    lock.set_permissions(Permissions::from_mode(0o600)).unwrap();
    lock.lock().unwrap();
    lock
}

#[cfg(windows)]
fn locked(path: &Path) -> fs::File {
    use std::os::windows::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create_new(true).share_mode(0).open(path).unwrap()
}

#[test]
fn a_logout_before_the_turn_of_a_login_leaves_no_token_behind() {
    let (sandbox, folder, ticks) = (Sandbox::start(), Folder::new(), AtomicUsize::new(0));
    let file = folder.file();
    let me = with_file(&sandbox, &file).expect(CRUX_OK);
    // Another process logs in meanwhile.
    let lock = locked(Path::new(&format!("{file}.lock")));
    sandbox.revoke_tokens();
    sandbox.clear();
    let call = me.call("GET", PLACE);
    assert_eq!(call.set("tick.every_ms", "10"), CRUX_OK);
    let context = std::ptr::from_ref(&ticks).cast_mut().cast();
    assert_eq!(unsafe { crux_call_tick(call.0, Some(count), context, None) }, CRUX_OK);
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| call.send().code());
        until("the old token is refused", || sandbox.requests().iter().any(|seen| seen.status == 401));
        let before = ticks.load(Ordering::Relaxed);
        until("it waits for its turn", || ticks.load(Ordering::Relaxed) > before + 4);
        Response(unsafe { crux_logout(me.0) });
        drop(lock);
        assert_eq!(asked.join().unwrap(), CRUX_ERR_AUTH);
    });
    assert!(!Path::new(&file).exists());
}
