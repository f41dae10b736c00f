//! What is the host's alone: the descriptors of its standard streams, its signals, and the end of its threads.

use std::ffi::c_void;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering::SeqCst};

use sandbox::fault::{Cert, EchoServer, FaultServer, Step, Tls};
use support::{CRUX_OK, Call, Client, Lines, Options, Response, alone, crux_event, crux_read, until};

fn given(name: &str) -> String {
    std::env::var(name).expect("a variable of the first process")
}

/// The standard streams are closed while this lives.
struct Closed(Vec<i32>);

impl Closed {
    fn now() -> Closed {
        let kept = (0..3).map(|number| unsafe { libc::fcntl(number, libc::F_DUPFD_CLOEXEC, 100) }).collect();
        (0..3).for_each(|number| assert_eq!(unsafe { libc::close(number) }, 0));
        Closed(kept)
    }

    /// What has taken their place.
    fn taken() -> Vec<String> {
        let target = |number| fs::read_link(format!("/proc/self/fd/{number}")).ok();
        (0..3).filter_map(target).map(|target| target.display().to_string()).collect()
    }
}

impl Drop for Closed {
    fn drop(&mut self) {
        self.0.iter().zip(0..).for_each(|(kept, number)| assert!(unsafe { libc::dup2(*kept, number) } >= 0));
    }
}

#[test]
fn nothing_takes_the_place_of_a_closed_standard_stream() {
    let (tls, folder) = (Tls::new(Cert::Good), support::TempFile::new(""));
    let (plain, secure) = (EchoServer::start(None), EchoServer::start(Some(&tls)));
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"a\"\r\n\r\n01234";
    let stalling = FaultServer::start(vec![Step::ReadRequest, Step::send(half), Step::Stall]);
    let deaf = FaultServer::start(vec![Step::ReadHead, Step::Stall]);
    let urls = [plain.url(), secure.url(), stalling.url(), deaf.url()];
    let [plain, secure, stalling, deaf] = urls.each_ref().map(String::as_str);
    let variables = [
        ("PLAIN", plain),
        ("SECURE", secure),
        ("STALLING", stalling),
        ("DEAF", deaf),
        ("CA", tls.ca_pem.as_str()),
        ("TARGET", folder.path()),
    ];
    if !alone("descriptors::nothing_takes_the_place_of_a_closed_standard_stream", &variables) {
        return;
    }
    let client = |name: &str| Client::ready(&given(name), &[("tls.ca_pem", &given("CA"))]);
    let clients = ["PLAIN", "SECURE", "STALLING", "DEAF"].map(client);
    let (target, upload) = (given("TARGET"), given("TARGET") + ".upload");
    fs::write(&upload, vec![b'u'; 8 << 20]).unwrap();
    let mut seen = Vec::new();
    let closed = Closed::now();
    let mut look = |what: &str| seen.push((what.to_owned(), Closed::taken()));

    let codes = [clients[0].get("x").code(), clients[1].get("x").code()];
    look("idle connections");

    let call = clients[2].call("GET", "file");
    call.set("save", &target);
    let download = Response(unsafe { support::crux_call_start(call.0) });
    let part = target.clone() + ".part";
    until("the part", || fs::metadata(&part).is_ok_and(|facts| facts.len() == 5));
    look("a download");
    let number = unsafe { crux_event(download.0.cast()) };
    look("an event");

    let call: Call = clients[3].call("POST", "file");
    let file = support::c(&upload);
    let code = unsafe { support::crux_call_file(call.0, file.as_ptr(), std::ptr::null()) };
    let sending = Response(unsafe { support::crux_call_start(call.0) });
    until("the body", || sending.number("sent") > 0);
    look("an upload");

    drop((sending, download));
    drop(closed);
    fs::remove_file(upload).unwrap();
    let _ = [".part", ".part.tag"].map(|ending| fs::remove_file(target.clone() + ending));
    assert_eq!((codes, code), ([CRUX_OK; 2], CRUX_OK));
    assert!(number > 2, "{number}");
    for (what, taken) in seen {
        assert!(taken.is_empty(), "{what}: {taken:?}");
    }
}

/// Names of the threads that have run the handler.
static RAN_ON: [AtomicU64; 2] = [const { AtomicU64::new(0) }; 2];
static RUNS: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(_: i32) {
    let mut name = [0_u8; 16];
    unsafe { libc::prctl(libc::PR_GET_NAME, name.as_mut_ptr()) };
    for (half, place) in name.as_chunks::<8>().0.iter().zip(&RAN_ON) {
        place.store(u64::from_ne_bytes(*half), SeqCst);
    }
    RUNS.fetch_add(1, SeqCst);
}

/// The signals that a thread has blocked, by its folder.
fn blocked_in(thread: &Path) -> Option<u64> {
    let status = fs::read_to_string(thread.join("status")).ok()?;
    let blocked = status.lines().find_map(|line| line.strip_prefix("SigBlk:"))?;
    u64::from_str_radix(blocked.trim(), 16).ok()
}

/// The names of our threads and what they have blocked.
fn ours() -> Vec<(String, u64)> {
    let facts = |thread: std::path::PathBuf| {
        let name = fs::read_to_string(thread.join("comm")).ok()?.trim_end().to_owned();
        blocked_in(&thread).map(|blocked| (name, blocked)).filter(|(name, _)| name.starts_with("crux-"))
    };
    fs::read_dir("/proc/self/task").unwrap().filter_map(|entry| facts(entry.ok()?.path())).collect()
}

#[test]
fn signals_are_handled_by_the_hosts_threads_alone() {
    let deaf = FaultServer::start(vec![Step::ReadHead, Step::Stall]);
    let url = deaf.url();
    if !alone("descriptors::signals_are_handled_by_the_hosts_threads_alone", &[("DEAF", &url)]) {
        return;
    }
    let client = Client::ready(&given("DEAF"), &[]);
    let calls = [client.call("GET", "x"), client.call("GET", "y")];
    let before = blocked_in("/proc/thread-self".as_ref());
    let responses = calls.each_ref().map(|call| Response(unsafe { support::crux_call_start(call.0) }));
    until("two threads", || ours().len() == 2);
    for (name, blocked) in ours() {
        for signal in [libc::SIGUSR1, libc::SIGTERM, libc::SIGCHLD, libc::SIGALRM, libc::SIGPROF] {
            assert!(blocked & 1 << (signal - 1) != 0, "{name} takes signal {signal}: {blocked:x}");
        }
    }
    assert_eq!(blocked_in("/proc/thread-self".as_ref()), before);
    unsafe {
        libc::signal(libc::SIGUSR1, note as *const () as libc::sighandler_t);
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGUSR1);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
        libc::kill(libc::getpid(), libc::SIGUSR1);
        std::thread::sleep(std::time::Duration::from_millis(100));
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, std::ptr::null_mut());
    }
    until("the handler", || RUNS.load(SeqCst) > 0);
    let name = RAN_ON.each_ref().map(|half| half.load(SeqCst).to_ne_bytes()).concat();
    assert!(!name.starts_with(b"crux-"), "{}", String::from_utf8_lossy(&name));
    drop(responses);
}

/// What the destructor of a thread's variable works with, and what came of it.
struct Leaving<'a> {
    clients: [&'a Client; 2],
    codes: Mutex<Vec<(i32, String)>>,
}

impl Leaving<'_> {
    /// Requests of each kind; the outcomes are noted.
    fn ask(&self) {
        for client in self.clients {
            let all = [
                client.get("x"),
                client.request("POST", "y", Some("body")),
                client.call("GET", "z").stream(),
                client.call("GET", "w").start(),
            ];
            unsafe { support::crux_wait(all[3].0.cast(), -1) };
            let mut buffer = [0_u8; 100];
            let amount = unsafe { crux_read(all[2].0, buffer.as_mut_ptr().cast(), buffer.len()) };
            let mut codes = self.codes.lock().unwrap();
            codes.extend(all.iter().map(|response| (response.code(), response.message())));
            codes.push((if amount > 0 { CRUX_OK } else { -1 }, "the stream".to_owned()));
        }
    }
}

unsafe extern "C" fn leave(leaving: *mut c_void) {
    unsafe { &*leaving.cast::<Leaving>() }.ask();
}

/// Variables of the thread have been destroyed by then.
#[test]
fn requests_work_while_a_thread_ends() {
    let tls = Tls::new(Cert::Good);
    let (plain, secure) = (EchoServer::start(None), EchoServer::start(Some(&tls)));
    let lines = Lines::default();
    let client = |url: String| {
        let base = url + "/";
        let options = Options::of(&[
            ("service", "custom"),
            ("base_url", &base),
            ("token", "abc-123"),
            ("proxy", "direct"),
            ("tls.ca_pem", &tls.ca_pem),
        ]);
        lines.listen(&options, 5);
        options.login().expect(CRUX_OK)
    };
    let clients = [client(plain.url()), client(secure.url())];
    let leaving = Leaving { clients: clients.each_ref(), codes: Mutex::default() };
    let mut key = 0;
    assert_eq!(unsafe { libc::pthread_key_create(&raw mut key, Some(leave)) }, 0);
    for used_before in [true, false] {
        let before = lines.all().len();
        std::thread::scope(|scope| {
            let work = || {
                if used_before {
                    leaving.ask();
                }
                let value = (&raw const leaving).cast();
                assert_eq!(unsafe { libc::pthread_setspecific(key, value) }, 0);
            };
            // A scope does not wait for destructors; a join of the thread does.
            scope.spawn(work).join().unwrap();
        });
        let mut codes = std::mem::take(&mut *leaving.codes.lock().unwrap());
        assert_eq!(codes.len(), if used_before { 20 } else { 10 });
        codes.retain(|(code, _)| *code != CRUX_OK);
        assert_eq!(codes, []);
        assert!(lines.all().len() > before);
    }
}
