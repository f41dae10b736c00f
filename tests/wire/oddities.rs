//! What a stranger found who only had the header: each was wrong once.

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::{
    CRUX_ERR_ARGUMENT, CRUX_ERR_FILE, CRUX_ERR_PROTOCOL, CRUX_ERR_TIMEOUT, CRUX_OK, Client, Options,
    Response, TempFile, c, crux_await, crux_call_file, crux_download, crux_next_page,
};

fn crunch(sandbox: &Sandbox) -> Client {
    Client::login("crunch", &format!("{}/api/", sandbox.http()), None, Some("t0ken")).expect(CRUX_OK)
}

fn download(client: &Client, path: &str, file: &str) -> Response {
    Response(unsafe { crux_download(client.0, c(path).as_ptr(), c(file).as_ptr()) })
}

#[test]
fn nothing_new_is_no_file() {
    let sandbox = Sandbox::start();
    sandbox.respond("GET", "/api/x", Canned::status(304));
    let file = TempFile::new("old");
    download(&crunch(&sandbox), "x", file.path()).expect(CRUX_ERR_PROTOCOL);
    assert_eq!(std::fs::read(file.path()).unwrap(), b"old");
}

// Modes of files.
#[cfg(unix)]
#[test]
fn a_private_file_stays_private_when_it_is_replaced() {
    let sandbox = Sandbox::start();
    let file = TempFile::new("old");
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    download(&crunch(&sandbox), "/bytes/10", file.path()).expect(CRUX_OK);
    assert_eq!(std::fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(file.path()).unwrap().len(), 10);
}

// Links need a privilege elsewhere.
#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_part_leads_nowhere() {
    let sandbox = Sandbox::start();
    let (precious, file) = (TempFile::new("precious"), TempFile::new("old"));
    let part = format!("{}.part", file.path());
    std::os::unix::fs::symlink(precious.path(), &part).unwrap();
    download(&crunch(&sandbox), "/bytes/10", file.path()).expect(CRUX_ERR_FILE);
    assert_eq!(std::fs::read(precious.path()).unwrap(), b"precious");
    std::fs::remove_file(part).unwrap();
}

/// The tag tells whether the part can be gone on with; what stands in its place is neither waited for, nor read
/// without end, nor written to.
#[cfg(unix)]
#[test]
fn what_stands_in_place_of_the_tag_is_no_tag() {
    let sandbox = Sandbox::start();
    let (precious, file) = (TempFile::new("precious"), TempFile::new("old"));
    let (part, tag) = (format!("{}.part", file.path()), format!("{}.part.tag", file.path()));
    let pipe = || assert_eq!(unsafe { libc::mkfifo(c(&tag).as_ptr(), 0o600) }, 0);
    let endless = || std::os::unix::fs::symlink("/dev/zero", &tag).unwrap();
    let link = || std::os::unix::fs::symlink(precious.path(), &tag).unwrap();
    let long = || std::fs::write(&tag, vec![b'['; 1 << 20]).unwrap();
    for make in [&pipe as &dyn Fn(), &endless, &link, &long] {
        std::fs::write(&part, "01234").unwrap();
        make();
        let began = std::time::Instant::now();
        download(&crunch(&sandbox), "/bytes/10", file.path()).expect(CRUX_OK);
        assert!(began.elapsed() < Duration::from_secs(5));
        assert_eq!(std::fs::metadata(file.path()).unwrap().len(), 10);
        assert!(std::fs::symlink_metadata(&tag).is_err() && std::fs::symlink_metadata(&part).is_err());
    }
    assert_eq!(std::fs::read(precious.path()).unwrap(), b"precious");
}

/// Opening it would wait for somebody to write into it.
#[cfg(unix)]
#[test]
fn a_pipe_is_not_a_file() {
    let sandbox = Sandbox::start();
    let pipe = TempFile::new("");
    std::fs::remove_file(pipe.path()).unwrap();
    assert_eq!(unsafe { libc::mkfifo(c(pipe.path()).as_ptr(), 0o600) }, 0);
    let me = crunch(&sandbox);
    let call = me.call("POST", "x");
    let code = unsafe { crux_call_file(call.0, c(pipe.path()).as_ptr(), std::ptr::null()) };
    assert_eq!(code, CRUX_ERR_FILE);
    for key in ["token_file", "tls.ca_file"] {
        let base = format!("{}/api/", sandbox.http());
        Client::with(&[("service", "crunch"), ("base_url", &base), (key, pipe.path())]).expect(CRUX_ERR_FILE);
    }
}

#[test]
fn an_await_keeps_short_limits_and_one_look_takes_its_time() {
    let sandbox = Sandbox::start();
    let me = crunch(&sandbox);
    let progress = json!({"element": "shoji:view", "value": format!("{}/api/progress/p/", sandbox.http())});
    sandbox.respond("POST", "/api/jobs/", Canned::json(202, &progress));
    let done = json!({"element": "shoji:view", "value": {"progress": 100}});
    let slow = Canned::json(200, &done).delay(Duration::from_millis(1300));
    sandbox.respond("GET", "/api/progress/p/", slow);
    let accepted = me.request("POST", "jobs/", Some("{}")).expect(CRUX_OK);
    let await_job = |ms| Response(unsafe { crux_await(me.0, accepted.0, ms) });
    let started = Instant::now();
    await_job(200).expect(CRUX_ERR_TIMEOUT);
    assert!(started.elapsed() < Duration::from_millis(900), "{:?}", started.elapsed());
    await_job(0).expect(CRUX_OK);
}

#[test]
fn the_next_page_is_asked_for_with_the_digits_as_they_were() {
    let sandbox = Sandbox::start();
    let me = crunch(&sandbox);
    let page = json!({"total_results": 4, "orders": [1, 2]});
    sandbox.respond("POST", "/api/orders/", Canned::json(200, &page));
    let body = r#"{"start":0,"limit":2,"sku":12345678901234567890123,"price":0.1000}"#;
    let first = me.request("POST", "orders/", Some(body)).expect(CRUX_OK);
    drop(Response(unsafe { crux_next_page(me.0, first.0) }));
    let sent = String::from_utf8(sandbox.requests().last().unwrap().body.clone()).unwrap();
    assert!(sent.contains("12345678901234567890123") && sent.contains("0.1000"), "{sent}");
    assert!(sent.contains("\"start\":2"), "{sent}");
}

#[test]
fn the_token_goes_into_no_header_that_frames_the_request() {
    for name in ["Host", "content-length", "Transfer-Encoding", "connection"] {
        let options = Options::new();
        assert_eq!(options.set("auth.header", Some(name)), CRUX_ERR_ARGUMENT, "{name}");
    }
    assert_eq!(Options::new().set("auth.header", Some("X-Api-Key")), CRUX_OK);
}

#[test]
fn tokens_in_paths_are_not_shown() {
    let sandbox = Sandbox::start();
    let me = crunch(&sandbox);
    for path in
        ["otp/login/S3CRET/", "public/password_reset/S3CRET/", "organizations/complete-password/S3CRET/"]
    {
        let message = me.get(path).message();
        assert!(!message.contains("S3CRET"), "{message}");
    }
}

#[test]
fn what_did_not_come_is_not_verified() {
    let sandbox = Sandbox::start();
    let me = crunch(&sandbox);
    let call = me.call("GET", "/bytes/1000");
    assert_eq!(call.set("max_body", "10"), CRUX_OK);
    assert_eq!(call.send().number("verified"), 0);
    assert_eq!(me.get("/bytes/1000").number("verified"), 1);
}
