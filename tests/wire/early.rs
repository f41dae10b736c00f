//! The option "event.early": an event loop is woken as soon as something has come, and crux_next_finished reads it.

use std::ptr::null_mut;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::{Duration, Instant};

use sandbox::fault::{FOREVER, FaultServer, Step};
use support::*;

use crate::in_flight::{ok, script, warm};

const EARLY: (&str, &str) = ("event.early", "1");
const SOON: Duration = Duration::from_millis(300);

fn event(client: &Client) -> isize {
    unsafe { crux_event(client.0.cast()) }
}

fn look(client: &Client) -> *mut crux_response {
    unsafe { crux_next_finished(client.0, 0) }
}

/// What an event loop does until one has finished.
fn turn(client: &Client) -> *mut crux_response {
    loop {
        assert!(becomes_readable(event(client), 20_000));
        let finished = look(client);
        if !finished.is_null() {
            return finished;
        }
    }
}

/// The response to a call that an event loop has started.
pub fn by_loop(client: &Client, call: &Call) -> Response {
    event(client);
    let response = call.start();
    assert_eq!(turn(client), response.0);
    response
}

/// A server that answers whatever comes.
fn fine() -> Vec<Step> {
    let each = [Step::send(ok("\"fine\"")), Step::ReadRequest];
    script(&[Step::Repeat(FOREVER, each.to_vec())])
}

/// A client with idle connections, whose thread knows that a loop reads.
fn looped(server: &FaultServer, more: &[(&str, &str)], connections: usize) -> Client {
    let client = warm(server, &[&[EARLY], more].concat(), connections);
    while !look(&client).is_null() {}
    event(&client);
    until("the thread to know of the loop", || look(&client).is_null() && !is_readable(event(&client)));
    client
}

// Elsewhere the option changes nothing.
#[cfg(target_os = "linux")]
#[test]
fn a_part_wakes_the_loop() {
    let parts = [
        Step::Gate("head"),
        Step::send("HTTP/1.1 200 OK\r\nContent-"),
        Step::Gate("rest"),
        Step::send("Length: 2\r\n\r\n{}"),
    ];
    // The thread that stands by may have begun to read already, and come first.
    let woken = || {
        let server = FaultServer::start(script(&parts));
        let client = looped(&server, &[], 1);
        let response = client.call("GET", "x").start();
        until("its rest", || look(&client).is_null() && !is_readable(event(&client)));
        server.open_gate("head");
        let is_woken = becomes_readable(event(&client), 1000);
        assert_eq!((look(&client), response.code()), (null_mut(), CRUX_PENDING));
        assert!(!is_readable(event(&client)), "what has come was read");
        is_woken.then_some((server, client, response))
    };
    let (server, client, response) = (0..10).find_map(|_| woken()).expect("a part that wakes it");
    server.open_gate("rest");
    assert!(becomes_readable(event(&client), 20_000));
    assert_eq!((look(&client), response.code()), (response.0, CRUX_OK));
    assert!(!is_readable(event(&client)) && look(&client).is_null());
}

#[test]
fn a_burst_comes_whole_and_once() {
    let server = FaultServer::start(script(&[Step::Gate("go"), Step::send(ok("\"fine\""))]));
    // More than are read at once.
    const MANY: usize = 150;
    let most = [("background.max", "150"), ("pool.max_idle", "150")];
    let client = looped(&server, &most, MANY);
    let call = client.call("GET", "x");
    let started: Vec<_> = (0..MANY).map(|_| call.start()).collect();
    server.wait_until(|seen| seen.requests() == 2 * MANY);
    server.open_gate("go");
    let mut came: Vec<_> = (0..MANY).map(|_| turn(&client)).collect();
    assert!(look(&client).is_null() && !is_readable(event(&client)));
    let mut handles: Vec<_> = started.iter().map(|response| response.0).collect();
    came.sort_unstable();
    handles.sort_unstable();
    assert_eq!(came, handles);
    started.into_iter().for_each(|response| drop(response.expect(CRUX_OK)));
}

/// The host may look at the response instead, wait for it or for any, or come to its loop late.
#[test]
fn whoever_waits_in_another_way_is_served() {
    let server = FaultServer::start(fine());
    let client = looped(&server, &[], 1);
    let call = client.call("GET", "x");
    for _ in 0..2 {
        let since = Instant::now();
        let looked_at = call.start();
        until("the thread to read", || looked_at.code() == CRUX_OK);
        assert_eq!(turn(&client), looked_at.0);
        let waited_for = call.start().finished().expect(CRUX_OK);
        assert_eq!(turn(&client), waited_for.0);
        let next = call.start();
        assert_eq!(unsafe { crux_next_finished(client.0, 20_000) }, next.0);
        let by_its_own = call.start();
        assert!(becomes_readable(by_its_own.event(), 20_000));
        assert_eq!(turn(&client), by_its_own.0);
        assert!(since.elapsed() < 4 * SOON, "{:?}", since.elapsed());
    }
}

#[test]
fn limits_and_cancels_wake_the_loop() {
    let server = FaultServer::start(script(&[Step::Stall]));
    let client = looped(&server, &[], 3);
    // One that waits for longer is there already.
    let patient = client.call("GET", "patient").start();
    let late = client.call("GET", "late");
    late.set("timeout.head_ms", "120");
    let since = Instant::now();
    let late = by_loop(&client, &late).expect(CRUX_ERR_TIMEOUT);
    assert!(since.elapsed() < 2 * SOON, "{:?}", since.elapsed());
    assert!(late.message().contains("timeout.head_ms"), "{}", late.message());
    let since = Instant::now();
    let cancelled = client.call("GET", "cancelled").start();
    cancelled.cancel();
    assert_eq!(turn(&client), cancelled.0);
    cancelled.expect(CRUX_ERR_CANCELLED);
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    assert_eq!(patient.code(), CRUX_PENDING);
    let connections = server.record().open();
    drop(patient);
    server.wait_until(|seen| seen.open() < connections);
}

// Wakes as Linux counts them.
#[cfg(target_os = "linux")]
#[test]
fn a_long_wait_costs_nothing_and_is_ended_by_whatever_comes() {
    if !alone("early::a_long_wait_costs_nothing_and_is_ended_by_whatever_comes", &[]) {
        return;
    }
    let step = [Step::Gate("go"), Step::send(ok("\"fine\"")), Step::ReadRequest, Step::Stall];
    let server = FaultServer::start(script(&step));
    let client = looped(&server, &[], 3);
    let wait_long = || {
        assert!(!becomes_readable(event(&client), 900));
        let before = wakes("crux-wait");
        assert!(!becomes_readable(event(&client), 1000));
        let count = wakes("crux-wait") - before;
        assert!(count <= 3, "{count} times in a second");
    };
    let first = client.call("GET", "first").start();
    let second = client.call("GET", "second").start();
    wait_long();
    let since = Instant::now();
    let late = client.call("GET", "late");
    late.set("timeout.head_ms", "120");
    by_loop(&client, &late).expect(CRUX_ERR_TIMEOUT);
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    wait_long();
    // Nobody reads, and one waits in another way.
    server.open_gate("go");
    let since = Instant::now();
    until("the thread to read", || first.code() == CRUX_OK);
    second.finished().expect(CRUX_OK);
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    assert_eq!(turn(&client), first.0);
    // Since then the loop has not read.
    let third = client.call("GET", "third").start();
    wait_long();
    let since = Instant::now();
    third.cancel();
    assert_eq!(turn(&client), third.0);
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
}

// Threads as Linux counts them.
#[cfg(target_os = "linux")]
#[test]
fn what_has_come_makes_room_for_the_next() {
    if !alone("early::what_has_come_makes_room_for_the_next", &[]) {
        return;
    }
    let server = FaultServer::start(fine());
    let client = looped(&server, &[("background.max", "2")], 2);
    let call = client.call("GET", "x");
    let needs_no_thread = || {
        until("idle threads to leave", || threads("crux-call") == 0);
        for _ in 0..50 {
            let before = server.requests();
            let first = [call.start(), call.start()];
            server.wait_until(|seen| seen.requests() == before + 2);
            assert!(becomes_readable(event(&client), 20_000));
            // Both may have come by now, and one has.
            let third = call.start();
            let came = [turn(&client), turn(&client), turn(&client)];
            assert!(first.iter().chain([&third]).all(|response| came.contains(&response.0)));
        }
        threads("crux-call") == 0
    };
    // The thread that stands by may just have read it, and not yet have made the room.
    assert!((0..5).any(|_| needs_no_thread()));
}

// Threads and descriptors as Linux counts them.
#[cfg(target_os = "linux")]
#[test]
fn a_client_that_is_freed_lets_go() {
    if !alone("early::a_client_that_is_freed_lets_go", &[]) {
        return;
    }
    let open = || std::fs::read_dir("/proc/self/fd").expect("Linux tells").count();
    let server = FaultServer::start(script(&[Step::Gate("go"), Step::send(ok("\"fine\""))]));
    let before = open();
    for with_one_under_way in [false, true] {
        let client = looped(&server, &[], 1);
        let pending = with_one_under_way.then(|| client.call("GET", "x").start());
        drop(client);
        server.open_gate("go");
        drop(pending.map(|response| response.finished().expect(CRUX_OK)));
        server.wait_until(|seen| seen.open() == 0);
        until("the thread to leave", || threads("crux") == 0);
        until("descriptors to be given back", || open() <= before);
    }
}

/// A thread that waits for something else by then is told of the loop, which would not wake it for limits.
#[test]
fn limits_are_kept_for_a_loop_that_begins_late() {
    let server = FaultServer::start(script(&[Step::Stall]));
    let client = warm(&server, &[EARLY], 2);
    while !look(&client).is_null() {}
    let patient = client.call("GET", "patient").start();
    server.wait_until(|seen| seen.requests() == 3);
    event(&client);
    assert!(look(&client).is_null());
    let late = client.call("GET", "late");
    late.set("timeout.head_ms", "120");
    let since = Instant::now();
    by_loop(&client, &late).expect(CRUX_ERR_TIMEOUT);
    assert!(since.elapsed() < 2 * SOON, "{:?}", since.elapsed());
    assert_eq!(patient.code(), CRUX_PENDING);
}

/// Whoever looks, waits, cancels and frees, from threads of their own, each at any time.
#[test]
fn many_threads_at_once_lose_none() {
    let server = FaultServer::start(fine());
    let client = looped(&server, &[], 8);
    let over = AtomicBool::new(false);
    let came = AtomicUsize::new(0);
    let event = event(&client);
    std::thread::scope(|scope| {
        let _ends = Over(&over);
        let (over, came, client) = (&over, &came, &client);
        for waits in [0, 0, 3, -1] {
            scope.spawn(move || {
                while !over.load(Relaxed) {
                    let handle = match waits {
                        0 if !becomes_readable(event, 5) => continue,
                        0 => look(client),
                        -1 => {
                            unsafe { crux_wait(client.0.cast(), 2) };
                            continue;
                        }
                        waits => unsafe { crux_next_finished(client.0, waits) },
                    };
                    if !handle.is_null() {
                        came.fetch_add(1, Relaxed);
                    }
                }
            });
        }
        let call = client.call("GET", "x");
        for round in 1..=1000 {
            let since = Instant::now();
            let started: Vec<_> = (0..4).map(|_| call.start()).collect();
            if round % 3 == 0 {
                started[0].cancel();
            }
            if round % 5 == 0 {
                drop(client.call("GET", "freed").start());
            }
            // One that is freed before it is taken is nobody's.
            until("all of them", || came.load(Relaxed) >= 4 * round);
            assert!(since.elapsed() < SOON, "round {round}: {:?}", since.elapsed());
        }
    });
}

/// What is readable is readable for a reason: a loop that looks as often as it is woken comes to rest.
#[test]
fn a_loop_comes_to_rest() {
    let server = FaultServer::start(fine());
    let client = looped(&server, &[], 2);
    let call = client.call("GET", "x");
    for round in 0..2000 {
        let first = call.start();
        // Every other time the thread reads again, and is woken for limits by a bell.
        unsafe { crux_wait(first.0.cast(), round % 2) };
        assert_eq!(turn(&client), first.0);
        let mut looks = 0;
        while is_readable(event(&client)) {
            assert!(look(&client).is_null());
            looks += 1;
            assert!(looks < 10, "round {round}");
        }
    }
}

// Descriptors as Linux counts them.
#[cfg(target_os = "linux")]
#[test]
fn for_want_of_descriptors_there_is_none_yet() {
    if !alone("early::for_want_of_descriptors_there_is_none_yet", &[]) {
        return;
    }
    let server = FaultServer::start(fine());
    let client = warm(&server, &[EARLY], 1);
    while !look(&client).is_null() {}
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    assert_eq!(unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) }, 0);
    let few = libc::rlimit { rlim_cur: 200, ..limit };
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const few) }, 0);
    let mut all: Vec<_> = (0..200).map_while(|_| std::fs::File::open("/dev/null").ok()).collect();
    // As many as a pipe takes; what stands for more than that would take one more.
    all.truncate(all.len() - 2);
    assert_eq!(event(&client), -1);
    drop(all);
    let later = event(&client);
    assert!(later >= 0);
    drop(by_loop(&client, &client.call("GET", "x")).expect(CRUX_OK));
    assert_eq!(event(&client), later);
}
