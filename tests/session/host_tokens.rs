//! A token source of the host, through the C interface.

use std::ffi::{c_char, c_void};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::*;

#[derive(Default)]
struct Vault {
    asked: Mutex<Vec<Option<String>>>,
    released: AtomicUsize,
}

unsafe extern "C" fn fetch(
    context: *mut c_void,
    refused: *const c_char,
    buffer: *mut c_void,
    capacity: usize,
) -> isize {
    let vault = unsafe { &*context.cast::<Vault>() };
    let mut asked = vault.asked.lock().unwrap();
    asked.push(text(refused));
    let token = format!("vault-token-{}", asked.len());
    assert!(capacity >= token.len());
    unsafe { std::ptr::copy_nonoverlapping(token.as_ptr(), buffer.cast(), token.len()) };
    token.len() as isize
}

unsafe extern "C" fn release(context: *mut c_void) {
    unsafe { &*context.cast::<Vault>() }.released.fetch_add(1, SeqCst);
}

#[test]
fn it_is_asked_when_a_token_is_needed_or_was_refused() {
    let sandbox = Sandbox::start();
    sandbox.respond("GET", "/api/x/", Canned::json(401, &json!({"detail": "expired"})).times(1));
    sandbox.respond("*", "/api/*", Canned::json(200, &json!({})));
    let vault = Vault::default();
    let base = format!("{}/api/", sandbox.http());
    let options = Options::of(&[("service", "custom"), ("base_url", &base)]);
    let context = std::ptr::from_ref(&vault).cast_mut().cast();
    assert_eq!(unsafe { crux_options_token(options.0, Some(fetch), context, Some(release)) }, CRUX_OK);
    let client = options.login().expect(CRUX_OK);
    drop(options);
    client.get("x/").expect(CRUX_OK);
    client.get("y/").expect(CRUX_OK);
    let sent: Vec<_> =
        sandbox.requests().iter().map(|r| r.header("authorization").map(str::to_owned)).collect();
    let bearer = |n| Some(format!("Bearer vault-token-{n}"));
    assert_eq!(sent, [bearer(1), bearer(2), bearer(2)]);
    assert_eq!(*vault.asked.lock().unwrap(), [None, Some("vault-token-1".to_owned())]);
    assert_eq!(vault.released.load(SeqCst), 0);
    drop(client);
    assert_eq!(vault.released.load(SeqCst), 1);
}

/// A source that hangs when it is first asked, until it is let go.
#[derive(Default)]
struct Stuck {
    asked: AtomicUsize,
    free: AtomicBool,
}

unsafe extern "C" fn fetch_late(
    context: *mut c_void,
    _: *const c_char,
    buffer: *mut c_void,
    _: usize,
) -> isize {
    let stuck = unsafe { &*context.cast::<Stuck>() };
    let number = stuck.asked.fetch_add(1, SeqCst);
    if number == 0 {
        until("the way out", || stuck.free.load(SeqCst));
    }
    let token = format!("late-token-{number}");
    unsafe { std::ptr::copy_nonoverlapping(token.as_ptr(), buffer.cast(), token.len()) };
    token.len() as isize
}

#[test]
fn one_that_hangs_holds_up_its_own_request_only() {
    let sandbox = Sandbox::start();
    sandbox.respond("*", "/api/*", Canned::json(200, &json!({})));
    let (stuck, base) = (Stuck::default(), format!("{}/api/", sandbox.http()));
    let options = Options::of(&[("service", "custom"), ("base_url", &base), ("timeout.total_ms", "200")]);
    let context = std::ptr::from_ref(&stuck).cast_mut().cast();
    assert_eq!(unsafe { crux_options_token(options.0, Some(fetch_late), context, None) }, CRUX_OK);
    let client = options.login().expect(CRUX_OK);
    let late = client.call("GET", "x/").start();
    until("the source to be asked", || stuck.asked.load(SeqCst) == 1);
    client.get("x/").expect(CRUX_ERR_TIMEOUT);
    until("another to take its place", || client.get("x/").code() == CRUX_OK);
    assert_eq!((stuck.asked.load(SeqCst), late.code()), (2, CRUX_PENDING));
    stuck.free.store(true, SeqCst);
    assert_eq!(late.wait(20_000), 1);
    client.get("x/").expect(CRUX_OK);
    let last = sandbox.requests().last().and_then(|r| r.header("authorization").map(str::to_owned));
    assert_eq!(last.as_deref(), Some("Bearer late-token-1"), "the newer one stays");
}
