//! Ticks: when they come, what they show, what they end; and hooks whose context is released once.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use sandbox::fault::{FOREVER, FaultServer, Step};
use support::*;

/// What a tick has seen, what it returns, and how often its context was released.
#[derive(Default)]
struct Seen {
    ticks: Mutex<Vec<(i32, i64, i64)>>,
    threads: Mutex<Vec<thread::ThreadId>>,
    returns: AtomicI32,
    /// Returns non-zero from this phase on; 0 = never.
    ends_at: AtomicI32,
    released: AtomicUsize,
    released_on: Mutex<Option<thread::ThreadId>>,
}

unsafe extern "C" fn tick(context: *mut c_void, phase: i32, done: i64, total: i64) -> i32 {
    let seen = unsafe { &*context.cast::<Seen>() };
    seen.ticks.lock().unwrap().push((phase, done, total));
    seen.threads.lock().unwrap().push(thread::current().id());
    match seen.ends_at.load(SeqCst) {
        end if end != 0 && phase == end => 1,
        _ => seen.returns.load(SeqCst),
    }
}

unsafe extern "C" fn release(context: *mut c_void) {
    let seen = unsafe { Arc::from_raw(context.cast::<Seen>()) };
    *seen.released_on.lock().unwrap() = Some(thread::current().id());
    seen.released.fetch_add(1, SeqCst);
}

impl Seen {
    fn context(self: &Arc<Seen>) -> *mut c_void {
        Arc::into_raw(self.clone()).cast_mut().cast()
    }

    fn phases(&self) -> Vec<i32> {
        let mut phases: Vec<i32> = self.ticks.lock().unwrap().iter().map(|tick| tick.0).collect();
        phases.dedup();
        phases
    }
}

fn options(url: &str, seen: &Arc<Seen>, more: &[(&str, &str)]) -> Options {
    let base = [("service", "custom"), ("base_url", url), ("proxy", "direct"), ("tick.every_ms", "10")];
    let options = Options::of(&[&base[..], more].concat());
    assert_eq!(unsafe { crux_options_tick(options.0, Some(tick), seen.context(), Some(release)) }, CRUX_OK);
    options
}

fn ok(body: &str) -> Step {
    Step::send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

/// Answers each request once the gate is open.
fn patient() -> FaultServer {
    FaultServer::start(vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, Step::Gate("go"), ok("\"fine\"")])])
}

#[test]
fn a_request_shows_its_phases_in_order_and_its_bytes() {
    let server = patient();
    let seen = Arc::new(Seen::default());
    let client = options(&server.url(), &seen, &[]).login();
    thread::scope(|scope| {
        let asking = scope.spawn(|| client.request("PUT", "x", Some("{}")).expect(CRUX_OK));
        until("several ticks while it waits", || {
            seen.ticks.lock().unwrap().iter().filter(|tick| tick.0 == CRUX_PHASE_WAIT).count() > 3
        });
        server.open_gate("go");
        let waiting = asking.thread().id();
        asking.join().unwrap();
        assert!(seen.threads.lock().unwrap().iter().all(|id| *id == waiting), "on the thread that waits");
    });
    let phases = seen.phases();
    assert_eq!(phases, [CRUX_PHASE_CONNECT, CRUX_PHASE_SEND, CRUX_PHASE_WAIT, CRUX_PHASE_RECEIVE]);
    let ticks = seen.ticks.lock().unwrap().clone();
    assert!(ticks.iter().any(|t| t.0 == CRUX_PHASE_SEND && t.2 == 2), "{ticks:?}");
    assert!(ticks.iter().all(|t| t.0 != CRUX_PHASE_WAIT || (t.1, t.2) == (-1, -1)), "{ticks:?}");
}

#[test]
fn a_tick_other_than_zero_ends_it_at_once_in_each_phase() {
    let pieces = vec![
        Step::ReadRequest,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"),
        Step::Gate("never"),
    ];
    for (phase, script) in [
        (CRUX_PHASE_CONNECT, vec![Step::ReadRequest]),
        (CRUX_PHASE_WAIT, vec![Step::ReadRequest, Step::Gate("never")]),
        (CRUX_PHASE_RECEIVE, pieces),
    ] {
        let server = FaultServer::start(script);
        let seen = Arc::new(Seen::default());
        seen.ends_at.store(phase, SeqCst);
        let client = options(&server.url(), &seen, &[]).login();
        let since = Instant::now();
        let response = client.get("x").expect(CRUX_ERR_CANCELLED);
        assert!(since.elapsed() < Duration::from_millis(500), "{phase}: {:?}", since.elapsed());
        assert_eq!(seen.phases().last(), Some(&phase));
        drop(response);
    }
    // Before a retry: what is shown are milliseconds.
    let busy = Step::send("HTTP/1.1 503 No\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");
    let server = FaultServer::start(vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, busy])]);
    let seen = Arc::new(Seen::default());
    seen.ends_at.store(CRUX_PHASE_PAUSE, SeqCst);
    options(&server.url(), &seen, &[]).login().get("x").expect(CRUX_ERR_CANCELLED);
    assert_eq!(seen.ticks.lock().unwrap().last().unwrap().2, 60_000);
}

#[test]
fn a_login_is_one_phase_and_can_be_ended() {
    let server = patient();
    let seen = Arc::new(Seen::default());
    seen.ends_at.store(CRUX_PHASE_LOGIN, SeqCst);
    let own = [("user", "ada"), ("secret", "s3cret-passw0rd")];
    let client = options(&server.url(), &seen, &own).login();
    assert_eq!(client.code(), CRUX_ERR_CANCELLED, "{}", client.message());
    assert_eq!(seen.phases(), [CRUX_PHASE_LOGIN]);
}

#[test]
fn a_started_request_ticks_in_the_wait_for_it() {
    let server = patient();
    let (of_client, of_call) = (Arc::new(Seen::default()), Arc::new(Seen::default()));
    let client = options(&server.url(), &of_client, &[]).login();
    let call = client.call("GET", "x");
    let set = unsafe { crux_call_tick(call.0, Some(tick), of_call.context(), Some(release)) };
    assert_eq!(set, CRUX_OK);
    let response = call.start();
    server.wait_until(|seen| seen.requests() == 1);
    assert_eq!(of_call.ticks.lock().unwrap().len(), 0, "on no thread of the library");
    assert_eq!(response.wait(60), 0);
    assert_eq!(response.number("phase"), i64::from(CRUX_PHASE_WAIT));
    assert!(of_call.ticks.lock().unwrap().len() > 2);
    assert!(of_call.threads.lock().unwrap().iter().all(|id| *id == thread::current().id()));
    assert_eq!(of_client.ticks.lock().unwrap().len(), 0, "the call has its own");
    of_call.returns.store(-7, SeqCst);
    let response = response.finished().expect(CRUX_ERR_CANCELLED);
    drop(response);
    drop(call);
    assert_eq!((of_call.released.load(SeqCst), of_client.released.load(SeqCst)), (1, 0));
    // However often one comes to wait for any of them, the tick keeps its interval.
    let slow = options(&server.url(), &of_client, &[("tick.every_ms", "150")]).login();
    let waited_for = slow.call("GET", "z").start();
    let (since, before) = (Instant::now(), of_client.ticks.lock().unwrap().len());
    while since.elapsed() < Duration::from_millis(400) {
        assert!(unsafe { crux_next_finished(slow.0, 5) }.is_null());
    }
    let ticks = of_client.ticks.lock().unwrap().split_off(before);
    assert!((1..=5).contains(&ticks.len()), "{ticks:?}");
    drop(waited_for);
    drop(slow);
    // Of those that are waited for together, the client's tick ends all.
    let started: Vec<_> = (0..3).map(|_| client.call("GET", "y").start()).collect();
    of_client.returns.store(1, SeqCst);
    for _ in 0..3 {
        let next = unsafe { crux_next_finished(client.0, 20_000) };
        assert!(started.iter().any(|response| response.0 == next));
        assert_eq!(unsafe { crux_code(next.cast_const().cast()) }, CRUX_ERR_CANCELLED);
    }
    assert!(unsafe { crux_next_finished(client.0, -1) }.is_null(), "nothing is under way");
    // That was the end of those; the next ones are ticked anew.
    of_client.returns.store(0, SeqCst);
    let next = client.call("GET", "z").start();
    assert!(unsafe { crux_next_finished(client.0, 50) }.is_null());
    assert_eq!(next.code(), CRUX_PENDING);
    drop(next);
    drop(client);
    assert_eq!(of_client.released.load(SeqCst), 1, "responses are there still");
    drop(started);
    assert_eq!(of_client.released.load(SeqCst), 2);
}

/// Sets all hooks of the options that are its context.
unsafe extern "C" fn release_into_options(context: *mut c_void) {
    let options = context.cast::<crux_options>();
    unsafe {
        assert_eq!(crux_options_tick(options, None, null_mut(), None), CRUX_OK);
        assert_eq!(crux_options_token(options, None, null_mut(), None), CRUX_OK);
        assert_eq!(crux_options_log(options, CRUX_LOG_OFF, None, null_mut(), None), CRUX_OK);
    }
}

/// Changes the call that is its context.
unsafe extern "C" fn release_into_call(context: *mut c_void) {
    let call = context.cast::<crux_call>();
    unsafe {
        assert_eq!(crux_call_tick(call, None, null_mut(), None), CRUX_OK);
        assert_eq!(crux_call_query(call, c"a".as_ptr(), c"b".as_ptr()), CRUX_OK);
    }
}

unsafe extern "C" fn nothing_to_read(_: *mut c_void, _: *mut c_void, _: usize) -> isize {
    0
}

#[test]
fn a_release_may_call_the_library() {
    let options = Options::of(&[("service", "custom"), ("base_url", "http://127.0.0.1:9/")]);
    let client = options.login();
    let call = client.call("POST", "x");
    let (into_options, into_call) = (options.0 as usize, call.0 as usize);
    let (done, is_done) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let (options, call) = (into_options as *mut crux_options, into_call as *mut crux_call);
        let (of_options, of_call) = (into_options as *mut c_void, into_call as *mut c_void);
        let source = |length| unsafe {
            let release = Some(release_into_call as unsafe extern "C" fn(_));
            crux_call_source(call, Some(nothing_to_read), of_call, release, length, std::ptr::null())
        };
        let set = unsafe {
            [
                crux_options_tick(options, None, of_options, Some(release_into_options)),
                crux_options_token(options, None, of_options, Some(release_into_options)),
                crux_options_log(options, CRUX_LOG_OFF, None, of_options, Some(release_into_options)),
                crux_call_tick(call, None, of_call, Some(release_into_call)),
                // Out of range; set; replaced by another; replaced by none.
                source(-7),
                source(-1),
                source(-1),
                crux_call_body(call, std::ptr::null(), 0, std::ptr::null()),
            ]
        };
        done.send(set).unwrap();
    });
    let set = is_done.recv_timeout(Duration::from_secs(20)).expect("it waits for itself");
    assert_eq!(set, [0, 0, 0, 0, CRUX_ERR_ARGUMENT, 0, 0, 0]);
}

#[test]
fn a_context_is_released_once_whatever_becomes_of_its_hook() {
    let seen = Arc::new(Seen::default());
    let released = || seen.released.load(SeqCst);
    let set = |options: *mut crux_options| unsafe {
        crux_options_tick(options, Some(tick), seen.context(), Some(release))
    };
    let options = Options::new();
    assert_eq!((set(null_mut()), released()), (CRUX_ERR_ARGUMENT, 1));
    assert_eq!((set(options.0), released()), (CRUX_OK, 1));
    assert_eq!((set(options.0), released()), (CRUX_OK, 2), "the one before gives way");
    let none = unsafe { crux_options_tick(options.0, None, seen.context(), Some(release)) };
    assert_eq!((none, released()), (CRUX_OK, 4), "none, and the one before");
    assert_eq!((set(options.0), released()), (CRUX_OK, 4));
    assert_eq!(options.set("service", Some("custom")), CRUX_OK);
    let failed = options.login();
    assert_eq!(failed.code(), CRUX_ERR_ARGUMENT, "there is no base URL");
    drop(options);
    assert_eq!(released(), 4, "the client that was made from them keeps it");
    drop(failed);
    assert_eq!(released(), 5);
    // One for a call that cannot be sent, and so will never be called.
    let client = Client::ready("http://127.0.0.1:9/", &[]);
    let call = client.call("GET", "http://[");
    let refused = unsafe { crux_call_tick(call.0, Some(tick), seen.context(), Some(release)) };
    assert_eq!((refused, released()), (CRUX_ERR_ARGUMENT, 6));
    assert_eq!(Arc::strong_count(&seen), 1);
}

#[test]
fn a_pending_request_that_is_freed_gives_its_hook_back_at_once() {
    let server = patient();
    let seen = Arc::new(Seen::default());
    let client = options(&server.url(), &seen, &[]).login();
    let response = client.call("GET", "x").start();
    server.wait_until(|record| record.requests() == 1);
    drop(client);
    assert_eq!(seen.released.load(SeqCst), 0);
    drop(response);
    assert_eq!(seen.released.load(SeqCst), 1);
    let on = *seen.released_on.lock().unwrap();
    assert_eq!(on, Some(thread::current().id()), "on the thread that frees the last handle");
    let ticks = seen.ticks.lock().unwrap().len();
    thread::sleep(Duration::from_millis(30));
    assert_eq!(seen.ticks.lock().unwrap().len(), ticks, "and nothing is called any more");
}

#[test]
fn a_tick_may_call_libcrux_and_free_its_own_call() {
    static AGAIN: AtomicBool = AtomicBool::new(false);
    struct Context {
        client: usize,
        call: usize,
    }
    unsafe extern "C" fn busy(context: *mut c_void, phase: i32, _: i64, _: i64) -> i32 {
        let context = unsafe { &*context.cast::<Context>() };
        if phase == CRUX_PHASE_WAIT && !AGAIN.swap(true, SeqCst) {
            let path = c("other");
            let get = c("GET");
            let client = context.client as *const crux_client;
            let other = unsafe { crux_request(client, get.as_ptr(), path.as_ptr(), std::ptr::null(), 0) };
            assert_eq!(unsafe { crux_code(other.cast_const().cast()) }, CRUX_OK);
            unsafe { crux_free(other.cast()) };
            unsafe { crux_free(context.call as *mut c_void) };
        }
        0
    }
    let reply = vec![Step::ReadRequest, ok("\"fine\"")];
    let server = FaultServer::start(vec![Step::Repeat(FOREVER, reply)]);
    let client = Client::with(&[("service", "custom"), ("base_url", &server.url()), ("proxy", "direct")]);
    let call = client.call("GET", "x");
    let context = Context { client: client.0 as usize, call: call.0 as usize };
    let pointer = std::ptr::from_ref(&context).cast_mut().cast();
    assert_eq!(unsafe { crux_call_tick(call.0, Some(busy), pointer, None) }, CRUX_OK);
    let response = call.send().expect(CRUX_OK);
    assert_eq!(response.body(), b"\"fine\"");
    assert!(AGAIN.load(SeqCst));
    std::mem::forget(call);
}

#[test]
fn what_waits_for_its_turn_is_ticked_and_ended() {
    let server = patient();
    let (of_client, of_call) = (Arc::new(Seen::default()), Arc::new(Seen::default()));
    let client = options(&server.url(), &of_client, &[("background.max", "1")]).login();
    let _busy = client.call("GET", "busy").start();
    server.wait_until(|seen| seen.requests() == 1);
    let late = client.call("GET", "late");
    of_call.returns.store(1, SeqCst);
    let set = unsafe { crux_call_tick(late.0, Some(tick), of_call.context(), Some(release)) };
    assert_eq!(set, CRUX_OK);
    late.start().finished().expect(CRUX_ERR_CANCELLED);
    assert_eq!((of_call.phases(), server.requests()), (vec![CRUX_PHASE_PAUSE], 1));
}
