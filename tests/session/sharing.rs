//! One login between processes that share a token file, between a thread and its own hooks, and by the host.

use std::ffi::{c_char, c_void};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::library::{self, Hooks};
use support::*;

const USER: &[(&str, &str)] = &[("user", "ada"), ("secret", "s3cret-passw0rd")];
const PROCESSES: usize = 64;

fn pairs<'a>(base: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let own = [("service", "custom"), ("base_url", base), ("proxy", "direct"), ("retry.max", "0")];
    [&own[..], more].concat()
}

/// A service that takes one token, and that locks an account out after three logins.
fn started() -> Sandbox {
    let sandbox = Sandbox::start();
    let token = Canned::json(200, &json!({"token": "t-one"})).delay(Duration::from_millis(200));
    sandbox.respond("POST", "/api/login", token.times(3));
    sandbox.respond("POST", "/api/login", Canned::json(403, &json!({"detail": "locked out"})));
    sandbox.respond("GET", "/api/x", Canned::json(200, &json!({})));
    sandbox
}

fn logins(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path == "/api/login").count()
}

#[test]
fn processes_that_share_a_token_file_log_in_once() {
    const NAME: &str = "sharing::processes_that_share_a_token_file_log_in_once";
    if is_alone() {
        let (base, file) = (std::env::var("SHARED_BASE").unwrap(), std::env::var("SHARED_FILE").unwrap());
        let me = Client::with(&pairs(&base, &[USER, &[("token_file", &*file)]].concat())).expect(CRUX_OK);
        me.get("x").expect(CRUX_OK);
        return;
    }
    let (sandbox, folder) = (started(), Folder::new());
    let file = folder.path("token");
    let start = |_| {
        let mut command = again(NAME);
        command.env("SHARED_BASE", format!("{}/api/", sandbox.http())).env("SHARED_FILE", &file);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process")
    };
    let all: Vec<Child> = (0..PROCESSES).map(start).collect();
    let failed = all.into_iter().map(|mut child| child.wait().unwrap()).filter(|end| !end.success()).count();
    assert_eq!((failed, logins(&sandbox)), (0, 1));
    assert_eq!(folder.names(), ["token"], "nothing is left beside it");
}

#[test]
fn a_token_that_another_process_has_left_is_tried_before_a_login() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let base = format!("{}/api/", sandbox.http());
    let file = folder.path("token");
    let more = [USER, &[("token_file", file.to_str().unwrap())]].concat();
    let login = |token: &str| Canned::json(200, &json!({"token": token})).times(1);
    ["t-one", "t-two", "t-three"]
        .iter()
        .for_each(|token| sandbox.respond("POST", "/api/login", login(token)));
    let (one, two) = (Client::with(&pairs(&base, &more)), Client::with(&pairs(&base, &more)));
    assert_eq!(logins(&sandbox), 1, "the second one finds the token of the first");
    let refused = || sandbox.respond("GET", "/api/x", Canned::status(401).times(1));
    let taken = |times| sandbox.respond("GET", "/api/x", Canned::json(200, &json!({})).times(times));
    refused();
    taken(1);
    one.get("x").expect(CRUX_OK);
    refused();
    taken(1);
    two.get("x").expect(CRUX_OK);
    assert_eq!((logins(&sandbox), two.copy("token")), (2, b"t-two".to_vec()));
    // Where that one is refused as well, a login follows, once.
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap().replace("t-two", "t-odd")).unwrap();
    refused();
    refused();
    taken(1);
    two.get("x").expect(CRUX_OK);
    assert_eq!((logins(&sandbox), two.copy("token")), (3, b"t-three".to_vec()));
}

// A file in the place of a folder is no error of its own elsewhere.
#[cfg(unix)]
#[test]
fn a_token_file_that_cannot_be_read_is_a_warning() {
    let (sandbox, folder) = (started(), Folder::new());
    let base = format!("{}/api/", sandbox.http());
    let below = folder.file("plain", b"x").join("token");
    let options = Options::of(&pairs(&base, &[USER, &[("token_file", below.to_str().unwrap())]].concat()));
    let lines = Lines::default();
    lines.listen(&options, 2);
    options.login().expect(CRUX_OK).get("x").expect(CRUX_OK);
    let told = lines.all();
    assert!(told.iter().any(|(level, line)| *level == 2 && line.contains("could not be read")), "{told:?}");
}

/// A hook that makes a request with its own client while that logs in.
struct Nested {
    client: AtomicPtr<crux_client>,
    code: AtomicI32,
    calls: AtomicUsize,
}

unsafe extern "C" fn log_and_ask(context: *mut c_void, _: i32, line: *const c_char) {
    let nested = unsafe { &*context.cast::<Nested>() };
    let client = nested.client.load(SeqCst);
    if !client.is_null() && text(line).unwrap().contains("logging in") {
        nested.calls.fetch_add(1, SeqCst);
        let response =
            Response(unsafe { crux_request(client, c"GET".as_ptr(), c"x".as_ptr(), std::ptr::null(), 0) });
        nested.code.store(response.code(), SeqCst);
    }
}

#[test]
fn a_log_hook_may_use_its_client_during_a_login() {
    let sandbox = started();
    let base = format!("{}/api/", sandbox.http());
    let more = [("login.when", "first_use"), ("timeout.total_ms", "5000")];
    let options = Options::of(&pairs(&base, &[USER, &more].concat()));
    let nested =
        Nested { client: AtomicPtr::default(), code: AtomicI32::new(-9), calls: AtomicUsize::new(0) };
    let context = std::ptr::from_ref(&nested).cast_mut().cast();
    assert_eq!(unsafe { crux_options_log(options.0, 5, Some(log_and_ask), context, None) }, CRUX_OK);
    let me = options.login().expect(CRUX_OK);
    nested.client.store(me.0, SeqCst);
    let begun = std::time::Instant::now();
    me.get("x").expect(CRUX_OK);
    assert_eq!((nested.calls.load(SeqCst), nested.code.load(SeqCst)), (1, CRUX_OK));
    assert!(begun.elapsed() < Duration::from_secs(3), "it waited for itself");
    nested.client.store(std::ptr::null_mut(), SeqCst);
}

unsafe extern "C" fn tick_and_ask(context: *mut c_void, phase: i32, _: i64, _: i64) -> i32 {
    let nested = unsafe { &*context.cast::<Nested>() };
    let client = nested.client.load(SeqCst);
    if !client.is_null() && phase == CRUX_PHASE_LOGIN && nested.calls.fetch_add(1, SeqCst) == 0 {
        let response =
            Response(unsafe { crux_request(client, c"GET".as_ptr(), c"x".as_ptr(), std::ptr::null(), 0) });
        nested.code.store(response.code(), SeqCst);
    }
    0
}

#[test]
fn a_tick_hook_that_uses_its_client_during_a_login_is_told_so() {
    let sandbox = started();
    let base = format!("{}/api/", sandbox.http());
    let more = [("login.when", "first_use"), ("timeout.total_ms", "5000"), ("tick.every_ms", "10")];
    let options = Options::of(&pairs(&base, &[USER, &more].concat()));
    let nested =
        Nested { client: AtomicPtr::default(), code: AtomicI32::new(-9), calls: AtomicUsize::new(0) };
    let context = std::ptr::from_ref(&nested).cast_mut().cast();
    assert_eq!(unsafe { crux_options_tick(options.0, Some(tick_and_ask), context, None) }, CRUX_OK);
    let me = options.login().expect(CRUX_OK);
    nested.client.store(me.0, SeqCst);
    me.get("x").expect(CRUX_OK);
    assert_eq!(nested.code.load(SeqCst), CRUX_ERR_ARGUMENT);
    nested.client.store(std::ptr::null_mut(), SeqCst);
}

#[test]
fn a_limit_that_a_login_has_used_up_is_told_in_full() {
    let sandbox = started();
    sandbox.forget_canned();
    sandbox.respond("POST", "/api/login", Canned::status(200).delay(Duration::from_secs(5)));
    let base = format!("{}/api/", sandbox.http());
    let me = Client::with(&pairs(&base, &[USER, &[("timeout.total_ms", "300")]].concat()))
        .expect(CRUX_ERR_TIMEOUT);
    assert!(me.message().contains("after 300 ms"), "{}", me.message());
    assert_eq!(me.number("maybe_sent"), 1);
}

#[test]
fn the_last_login_is_told_without_its_secrets() {
    let sandbox = Sandbox::start();
    let token = json!({"token": "t-one-secret", "refresh": "refresh-secret", "user": {"name": "ada"}});
    sandbox.respond("POST", "/api/login", Canned::json(200, &token).header("set-cookie", "sid=canary"));
    let base = format!("{}/api/", sandbox.http());
    let me = Client::with(&pairs(&base, USER)).expect(CRUX_OK);
    let login = Call(unsafe { crux_call_login(me.0) });
    let again = login.send().expect(CRUX_OK);
    assert_eq!((again.status(), again.json("/user/name").as_deref()), (200, Some("ada")));
    let body = String::from_utf8(again.body()).unwrap();
    assert!(!body.contains("secret\"") || body.contains("[secret]"), "{body}");
    for secret in ["t-one-secret", "refresh-secret"] {
        assert!(!body.contains(secret), "{body}");
    }
    assert_eq!(again.header("set-cookie"), None);
    assert_eq!(logins(&sandbox), 2);
    sandbox.forget_canned();
    sandbox.respond("POST", "/api/login", Canned::json(401, &json!({"detail": "no"})));
    let refused = login.send().expect(CRUX_ERR_AUTH);
    assert_eq!(refused.status(), 401);
    // It is remembered.
    login.send().expect(CRUX_ERR_AUTH);
    assert_eq!(logins(&sandbox), 3);
}

#[test]
fn the_host_is_asked_for_a_token() {
    let sandbox = Sandbox::start();
    let base = format!("{}/api/", sandbox.http());
    sandbox.respond("GET", "/api/x", Canned::status(401).times(1));
    sandbox.respond("GET", "/api/x", Canned::json(200, &json!({})));
    let asked: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
    let seen = asked.clone();
    let hook: Arc<support::library::TokenHook> = Arc::new(move |refused: Option<&str>, buffer: &mut [u8]| {
        let mut seen = seen.lock().unwrap();
        seen.push(refused.map(str::to_owned));
        let token = format!("host-{}\n", seen.len());
        buffer[..token.len()].copy_from_slice(token.as_bytes());
        token.len() as isize
    });
    let hooks = Hooks { token: Some(hook), ..Hooks::default() };
    let mut options = library::Options::new();
    for (key, value) in pairs(&base, &[]) {
        options.set(key, Some(value)).unwrap();
    }
    let clock = Arc::new(library::FakeClock::default());
    let client = library::Client::new(&options, &hooks, clock.clone()).unwrap();
    library::first_login(&client).unwrap();
    assert!(asked.lock().unwrap().is_empty(), "not before it is needed");
    let get = || {
        let call = library::Call::new(client.clone(), "GET", "x").unwrap();
        library::send(&client, &call, &library::exchange(&client))
    };
    assert!(get().error.is_none());
    assert_eq!(*asked.lock().unwrap(), [None, Some("host-1".to_owned())]);
    assert!(get().error.is_none());
    assert_eq!(asked.lock().unwrap().len(), 2);
    let sent: Vec<_> =
        sandbox.requests().iter().map(|r| r.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(sent, ["Bearer host-1", "Bearer host-2", "Bearer host-2"]);
    // Whoever has nothing to give now may have it later.
    let empty: Arc<support::library::TokenHook> = Arc::new(|_: Option<&str>, _: &mut [u8]| -1);
    let hooks = Hooks { token: Some(empty), ..Hooks::default() };
    let client = library::Client::new(&options, &hooks, clock).unwrap();
    for _ in 0..2 {
        let call = library::Call::new(client.clone(), "GET", "x").unwrap();
        let error = library::send(&client, &call, &library::exchange(&client)).error.unwrap();
        assert!(error.message.contains("gave no token"), "{}", error.message);
    }
}

#[test]
fn a_short_limit_of_one_call_is_not_that_of_another_that_waits_for_its_login() {
    let sandbox = Sandbox::start();
    let slow = Canned::json(200, &json!({"token": "t-one"})).delay(Duration::from_secs(20));
    sandbox.respond("POST", "/api/login", slow.times(1));
    sandbox.respond("POST", "/api/login", Canned::json(200, &json!({"token": "t-two"})));
    sandbox.respond("GET", "/api/x", Canned::json(200, &json!({})));
    let base = format!("{}/api/", sandbox.http());
    let me = Client::with(&pairs(&base, &[USER, &[("login.when", "first_use")]].concat())).expect(CRUX_OK);
    let first = me.call("GET", "x");
    assert_eq!(first.set("timeout.head_ms", "1000"), CRUX_OK);
    let first = first.start();
    until("the login of the first", || logins(&sandbox) == 1);
    let under_way = me.number("under_way");
    let second = me.call("GET", "x").start();
    until("the second one waits", || me.number("under_way") > under_way);
    assert_eq!(first.wait(0), 0, "the login of the first is under way");
    let first = first.finished().expect(CRUX_ERR_TIMEOUT);
    assert!(first.message().contains("1000 ms"), "{}", first.message());
    second.finished().expect(CRUX_OK);
    assert_eq!((logins(&sandbox), me.copy("token")), (2, b"t-two".to_vec()));
}
