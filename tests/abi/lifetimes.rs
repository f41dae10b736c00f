//! How long handles and what was borrowed from them live: freed twice, in any order, on any thread.

use std::ffi::c_void;
use std::ptr::{null, null_mut};
use std::sync::mpsc;
use std::thread;

use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::*;

/// A handle as a number, which may travel between threads.
fn address<T>(handle: *mut T) -> usize {
    handle as usize
}

fn code(handle: usize) -> i32 {
    unsafe { crux_code(handle as *const c_void) }
}

fn message(handle: usize) -> String {
    text(unsafe { crux_message(handle as *const c_void) }).unwrap()
}

fn free(handle: usize) {
    unsafe { crux_free(handle as *mut c_void) };
}

fn started() -> (Sandbox, String) {
    let sandbox = Sandbox::start();
    sandbox.respond("*", "/api/*", Canned::json(200, &json!({"name": "Zoë", "number": 12})));
    let base = format!("{}/api/", sandbox.http());
    (sandbox, base)
}

/// One of each kind, in this order: options, client, call, response.
fn one_of_each(base: &str) -> [usize; 4] {
    let options = crux_options_new();
    for (key, value) in [("service", "custom"), ("base_url", base), ("token", "t0ken")] {
        assert_eq!(unsafe { crux_options_set(options, c(key).as_ptr(), c(value).as_ptr()) }, CRUX_OK);
    }
    let client = unsafe { crux_login_with(options) };
    let call = unsafe { crux_call_new(client, c("GET").as_ptr(), c("called/").as_ptr()) };
    let response = unsafe { crux_request(client, c("GET").as_ptr(), c("asked/").as_ptr(), null(), 0) };
    [address(options), address(client), address(call), address(response)]
}

/// Uses an object of a kind as its maker would; it must work as if nothing had happened.
fn works(kind: usize, handle: usize) {
    assert_eq!(code(handle), CRUX_OK, "{}", message(handle));
    match kind {
        0 => {
            let made = Client(unsafe { crux_login_with(handle as *const crux_options) }).expect(CRUX_OK);
            assert_eq!(made.info("service").as_deref(), Some("custom"));
        }
        1 => {
            let name = c("x/");
            let reply = unsafe {
                crux_request(handle as *const crux_client, c("GET").as_ptr(), name.as_ptr(), null(), 0)
            };
            Response(reply).expect(CRUX_OK);
        }
        2 => {
            let reply = Response(unsafe { crux_call_send(handle as *mut crux_call) }).expect(CRUX_OK);
            assert_eq!(reply.json("/name").as_deref(), Some("Zoë"));
        }
        _ => {
            let response = handle as *const crux_response;
            assert_eq!(unsafe { crux_status(response.cast()) }, 200);
            assert_eq!(
                text(unsafe { crux_json_text(response.cast(), c("/name").as_ptr()) }).as_deref(),
                Some("Zoë")
            );
            let url = text(unsafe { crux_info(response.cast(), c("url").as_ptr()) }).unwrap();
            assert!(url.ends_with("/api/asked/"), "{url}");
            assert_eq!(
                text(unsafe { crux_info(response.cast(), c("service").as_ptr()) }).as_deref(),
                Some("custom")
            );
        }
    }
}

#[test]
fn objects_are_freed_in_any_order() {
    let (_sandbox, base) = started();
    for number in 0..24 {
        // The numberth permutation.
        let (mut left, mut order, mut rest) = (vec![0, 1, 2, 3], Vec::new(), number);
        for size in (1..=4).rev() {
            order.push(left.remove(rest % size));
            rest /= size;
        }
        let all = one_of_each(&base);
        for (gone, kind) in order.iter().enumerate() {
            free(all[*kind]);
            assert_eq!(code(all[*kind]), CRUX_ERR_ARGUMENT);
            order[gone + 1..].iter().for_each(|kind| works(*kind, all[*kind]));
        }
    }
}

#[test]
fn freeing_twice_is_refused() {
    let (_sandbox, base) = started();
    let (kept, freed) = (one_of_each(&base), one_of_each(&base));
    for handle in freed {
        for _ in 0..3 {
            free(handle);
            assert_eq!(code(handle), CRUX_ERR_ARGUMENT);
            assert!(message(handle).contains("was freed before"), "{}", message(handle));
        }
    }
    let response = unsafe { crux_call_send(freed[2] as *mut crux_call) };
    let response = Response(response).expect(CRUX_ERR_ARGUMENT);
    assert!(
        response.message().contains("call") && response.message().contains("freed"),
        "{}",
        response.message()
    );
    // Nobody else was hit.
    kept.iter().enumerate().for_each(|(kind, handle)| works(kind, *handle));
    kept.into_iter().for_each(free);
}

#[test]
fn a_wrong_kind_is_told_by_name() {
    let (_sandbox, base) = started();
    let all = one_of_each(&base);
    let response = Response(unsafe {
        crux_request(all[3] as *const crux_client, c("GET").as_ptr(), c("x").as_ptr(), null(), 0)
    });
    assert_eq!(response.code(), CRUX_ERR_ARGUMENT);
    assert_eq!(response.message(), "A client was expected, but the handle is that of a response.");
    all.into_iter().for_each(free);
}

#[test]
fn a_stale_handle_is_not_mistaken_for_a_new_object() {
    let stale = address(crux_options_new());
    free(stale);
    for later in 0..4096 {
        let new = address(crux_options_new());
        assert_ne!(new, stale, "handed out again after {later} frees");
        assert_eq!(code(stale), CRUX_ERR_ARGUMENT);
        free(stale);
        assert_eq!(code(new), CRUX_OK, "the stale handle ended another object");
        free(new);
    }
}

#[test]
fn an_outcome_is_read_and_ended_on_other_threads() {
    let (_sandbox, base) = started();
    let [options, client, call, response] = one_of_each(&base);
    assert_eq!(
        unsafe { crux_options_set(options as *mut crux_options, c("retry.maxx").as_ptr(), null()) },
        CRUX_ERR_ARGUMENT
    );
    thread::spawn(move || {
        assert_eq!(code(options), CRUX_ERR_ARGUMENT);
        assert!(message(options).contains("\"retry.max\""), "{}", message(options));
        works(1, client);
        works(2, call);
        works(3, response);
    })
    .join()
    .unwrap();
    thread::spawn(move || [client, options, response, call].into_iter().for_each(free)).join().unwrap();
    for handle in [options, client, call, response] {
        assert_eq!(code(handle), CRUX_ERR_ARGUMENT);
    }
}

#[test]
fn what_was_borrowed_stays_until_its_object_goes() {
    let (_sandbox, base) = started();
    let [options, client, call, response] = one_of_each(&base);
    let reply = response as *const crux_response;
    let name = unsafe { crux_json_text(reply.cast(), c("/name").as_ptr()) };
    let body = unsafe { crux_body(reply.cast(), null_mut()) };
    let kind = unsafe { crux_header(reply.cast(), c("Content-Type").as_ptr(), 0) };
    let url = unsafe { crux_info(reply.cast(), c("url").as_ptr()) };
    unsafe { crux_options_set(options as *mut crux_options, c("proxi").as_ptr(), null()) };
    let first = unsafe { crux_message(options as *const c_void) };
    let first_words = text(first).unwrap();
    for number in 0..1000 {
        unsafe {
            crux_json_text(reply.cast(), c(&format!("/none/{number}")).as_ptr());
            crux_header(reply.cast(), c("content-length").as_ptr(), number);
            crux_options_set(options as *mut crux_options, c(&format!("k{number}")).as_ptr(), null());
            crux_message(options as *const c_void);
        }
    }
    free(client);
    free(call);
    assert_eq!(text(first), Some(first_words), "an older message is still readable");
    assert_eq!(text(name).as_deref(), Some("Zoë"));
    assert!(text(body).unwrap().contains("Zoë"));
    assert_eq!(text(kind).as_deref(), Some("application/json"));
    assert!(text(url).unwrap().ends_with("/asked/"));
    // Asked again, it is the same text, not another copy.
    assert_eq!(unsafe { crux_json_text(reply.cast(), c("/name").as_ptr()) }, name);
    assert_eq!(unsafe { crux_header(reply.cast(), c("CONTENT-TYPE").as_ptr(), 0) }, kind);
    assert_eq!(unsafe { crux_info(reply.cast(), c("url").as_ptr()) }, url);
    free(options);
    free(response);
}

/// Resident memory of this process in KiB.
#[cfg(target_os = "linux")]
fn resident() -> i64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<i64>().unwrap() * 4
}

/// Makes objects on four threads and frees each on another one.
#[cfg(target_os = "linux")]
fn churn(client: usize, rounds: usize) {
    let makers: Vec<_> = (0..4)
        .map(|_| {
            let (send, receive) = mpsc::sync_channel::<usize>(100);
            let ender = thread::spawn(move || receive.into_iter().for_each(free));
            let maker = thread::spawn(move || {
                let (get, path) = (c("GET"), c("x/"));
                let client = client as *const crux_client;
                for _ in 0..rounds {
                    let options = crux_options_new();
                    let call = unsafe { crux_call_new(client, get.as_ptr(), path.as_ptr()) };
                    let response = unsafe { crux_request(null(), null(), null(), null(), 0) };
                    assert_eq!(unsafe { crux_call_query(call, get.as_ptr(), path.as_ptr()) }, CRUX_OK);
                    let bad = unsafe { crux_options_set(options, get.as_ptr(), path.as_ptr()) };
                    assert_eq!(bad, CRUX_ERR_ARGUMENT);
                    for handle in [address(options), address(call), address(response)] {
                        assert!(!message(handle).is_empty());
                        send.send(handle).unwrap();
                    }
                }
            });
            [maker, ender]
        })
        .collect();
    makers.into_iter().flatten().for_each(|thread| thread.join().unwrap());
}

#[test]
#[cfg(target_os = "linux")]
fn a_hundred_thousand_objects_leave_no_trace() {
    if !alone("lifetimes::a_hundred_thousand_objects_leave_no_trace", &[]) {
        return;
    }
    let (_sandbox, base) = started();
    let [options, client, call, response] = one_of_each(&base);
    churn(client, 3000);
    let before = resident();
    churn(client, 8500);
    // What is asked for again and again is kept once.
    for _ in 0..100_000 {
        unsafe { crux_json_text(response as *const c_void, c("/number").as_ptr()) };
    }
    let grown = resident() - before;
    assert!(grown < 4096, "{grown} KiB more after 100,000 objects");
    [options, client, call, response].into_iter().for_each(free);
}
