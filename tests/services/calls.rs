//! Calls of edition 1, one by one, as they arrive: names in paths, JSON member by member, parts from memory, links
//! that are followed, pages, resets and uploads as calls; and documents that are walked.

use std::ffi::{CString, c_char, c_void};
use std::ptr::{null, null_mut};

use sandbox::{Canned, Recorded, Sandbox};
use serde_json::{Value, json};
use support::*;

/// A sandbox that takes anything below /api, and a client for it.
fn ready() -> (Sandbox, Client) {
    let sandbox = Sandbox::start();
    sandbox.respond("*", "/api/*", Canned::json(200, &json!({})));
    let client = Client::ready(&format!("{}/api", sandbox.http()), &[]);
    (sandbox, client)
}

fn last(sandbox: &Sandbox) -> Recorded {
    sandbox.requests().pop().expect("a request")
}

fn fill(call: &Call, name: &str, value: Option<&str>) -> i32 {
    let value = value.map(c);
    unsafe { crux_call_fill(call.0, c(name).as_ptr(), or_null(&value)) }
}

#[test]
fn names_in_a_path_stay_one_piece_of_it() {
    let (sandbox, client) = ready();
    for (value, want) in
        [("plain", "plain"), ("a/b ü?", "a%2Fb%20%C3%BC%3F"), ("100%25", "100%2525"), ("{id}", "%7Bid%7D")]
    {
        let call = client.call("GET", "by_name/{name}/x");
        assert_eq!(call.send().code(), CRUX_ERR_ARGUMENT, "a name is left");
        assert_eq!(fill(&call, "name", Some(value)), CRUX_OK);
        call.send().expect(CRUX_OK);
        assert_eq!(last(&sandbox).target, format!("/api/by_name/{want}/x"));
    }
    let call = client.call("GET", "by_name/{name}/");
    assert_eq!(fill(&call, "name", Some("..")), CRUX_ERR_ARGUMENT, "a step up, in any spelling");
    assert_eq!(fill(&call, "other", Some("x")), CRUX_ERR_ARGUMENT, "there is no such name");
    assert_eq!(fill(&call, "name", Some("x")), CRUX_OK);
    let count = sandbox.requests().len();
    call.send().expect(CRUX_ERR_ARGUMENT);
    assert_eq!(sandbox.requests().len(), count, "nothing is sent while a refusal stands");
}

#[test]
fn json_member_by_member() {
    let (sandbox, client) = ready();
    let call = client.call("POST", "things");
    let at = |pointer: &str| c(pointer);
    unsafe {
        assert_eq!(crux_call_put_text(call.0, at("/name").as_ptr(), c("Ü\"\\\n").as_ptr()), CRUX_OK);
        assert_eq!(crux_call_put_text(call.0, at("/none").as_ptr(), null()), CRUX_OK);
        assert_eq!(crux_call_put_int(call.0, at("/n/least").as_ptr(), i64::MIN), CRUX_OK);
        assert_eq!(crux_call_put_double(call.0, at("/n/half").as_ptr(), 0.5), CRUX_OK);
        assert_eq!(crux_call_put_json(call.0, at("/tags/-").as_ptr(), c("[1.10, true]").as_ptr()), CRUX_OK);
        assert_eq!(crux_call_put_int(call.0, at("/tags/-").as_ptr(), 7), CRUX_OK);
        assert_eq!(crux_call_put_int(call.0, at("/a~1b/~0").as_ptr(), 1), CRUX_OK);
        assert_eq!(crux_call_put_double(call.0, at("/nan").as_ptr(), f64::NAN), CRUX_ERR_ARGUMENT);
        assert_eq!(crux_call_put_double(call.0, at("/nan").as_ptr(), 1.0), CRUX_OK);
    }
    call.send().expect(CRUX_OK);
    let sent = last(&sandbox);
    assert_eq!(sent.header("content-type"), Some("application/json"));
    let body = String::from_utf8(sent.body).unwrap();
    assert!(body.contains("1.10"), "digits stay as they are: {body}");
    let want = json!({
        "name": "Ü\"\\\n", "none": null, "n": {"least": i64::MIN, "half": 0.5},
        "tags": [[1.10, true], 7], "a/b": {"~": 1}, "nan": 1.0,
    });
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), want);
}

#[test]
fn a_part_from_memory_is_a_file_to_the_server() {
    let (sandbox, client) = ready();
    let call = client.call("POST", "form");
    assert_eq!(call.text_part("note", "two", None), CRUX_OK);
    let bytes = b"a,b\n\0\xff";
    let add = |name: &str, data: *const c_void, length: isize| unsafe {
        crux_call_part_data(call.0, c("data").as_ptr(), c(name).as_ptr(), data, length, null())
    };
    assert_eq!(add("données.csv", bytes.as_ptr().cast(), bytes.len() as isize), CRUX_OK);
    assert_eq!(add("empty.bin", null(), 0), CRUX_OK);
    call.send().expect(CRUX_OK);
    let sent = last(&sandbox);
    assert!(sent.header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
    let body = String::from_utf8_lossy(&sent.body);
    assert!(
        body.contains("name=\"data\"; filename=\"données.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\n\0"),
        "{body}"
    );
    assert!(body.contains("filename=\"empty.bin\""), "{body}");
    assert!(sent.body.windows(bytes.len()).any(|window| window == bytes));
}

fn follow(from: &Response, link: &str) -> Call {
    Call(unsafe { crux_call_follow(from.0, c("GET").as_ptr(), c(link).as_ptr()) })
}

#[test]
fn links_are_resolved_against_their_document() {
    let (sandbox, client) = ready();
    let document = client.get("datasets/1/index").expect(CRUX_OK);
    for (link, want) in [
        ("rows/", "/api/datasets/1/rows/"),
        ("../2/", "/api/datasets/2/"),
        ("/api/users/", "/api/users/"),
        ("?page=2", "/api/datasets/1/index?page=2"),
        (&format!("{}/api/x", sandbox.http()), "/api/x"),
    ] {
        follow(&document, link).send().expect(CRUX_OK);
        assert_eq!(last(&sandbox).target, want, "{link}");
    }
    let other = Sandbox::start();
    other.respond("*", "/*", Canned::json(200, &json!({})));
    follow(&document, &format!("{}/x", other.http())).send().expect(CRUX_OK);
    assert_eq!(last(&other).header("authorization"), None, "the token stays with its origin");
    assert_eq!(follow(&document, "http://[").code(), CRUX_ERR_ARGUMENT);
}

#[test]
fn the_next_page_as_a_call() {
    let (sandbox, client) = ready();
    sandbox.respond(
        "GET",
        "/api/list",
        Canned::json(200, &json!({"next": "list?page=2", "items": [1]})).times(1),
    );
    sandbox.respond("GET", "/api/list", Canned::json(200, &json!({"next": null, "items": [2]})));
    let first = client.get("list").expect(CRUX_OK);
    let call = Call(unsafe { crux_call_next(client.0, first.0) });
    let second = call.start().finished().expect(CRUX_OK);
    assert_eq!(
        (last(&sandbox).target.as_str(), second.json("/items/0").as_deref()),
        ("/api/list?page=2", Some("2"))
    );
    assert!(unsafe { crux_call_next(client.0, second.0) }.is_null());
}

#[test]
fn a_reset_and_an_upload_as_calls() {
    let (sandbox, _) = ready();
    let base = format!("{}/api", sandbox.http());
    let nobody = Client::ready(&base, &[("reset.path", "forgot")]);
    let call = Call(unsafe { crux_call_reset_password(nobody.0, c("zoë@example.com").as_ptr()) });
    call.start().finished().expect(CRUX_OK);
    let sent = last(&sandbox);
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("POST", "/api/forgot"));
    assert!(String::from_utf8(sent.body).unwrap().contains("zoë@example.com"));

    let folder = support::files::Folder::new();
    let file = folder.file("a.csv", b"1,2\n");
    let upload = |file: *const c_char| {
        Call(unsafe { crux_call_upload(nobody.0, c("files").as_ptr(), c("f").as_ptr(), file, null()) })
    };
    upload(c_path(&file).as_ptr()).start().finished().expect(CRUX_OK);
    let body = String::from_utf8(last(&sandbox).body).unwrap();
    assert!(body.contains("name=\"f\"; filename=\"a.csv\"") && body.contains("\r\n\r\n1,2\n\r\n"), "{body}");
    assert_eq!(upload(c_path(&folder.path("none")).as_ptr()).code(), CRUX_ERR_FILE);
}

/// What a walk has visited, one line each, and after how many it stops.
struct Walk {
    seen: Vec<String>,
    most: usize,
}

unsafe extern "C" fn visit(
    context: *mut c_void,
    depth: i32,
    kind: i32,
    key: *const c_char,
    key_length: usize,
    text: *const c_char,
    length: usize,
) -> i32 {
    let walk = unsafe { &mut *context.cast::<Walk>() };
    let string = |from: *const c_char, length: usize| match from.is_null() {
        true => "-".to_owned(),
        false => {
            String::from_utf8(unsafe { std::slice::from_raw_parts(from.cast(), length) }.to_vec()).unwrap()
        }
    };
    walk.seen.push(format!("{depth} {kind} {} {}", string(key, key_length), string(text, length)));
    i32::from(walk.seen.len() >= walk.most) * 42
}

fn walk(response: &Response, pointer: &CString, most: usize) -> (i32, Vec<String>) {
    let mut walk = Walk { seen: Vec::new(), most };
    let context: *mut Walk = &raw mut walk;
    let outcome = unsafe { crux_json_walk(response.0.cast(), pointer.as_ptr(), Some(visit), context.cast()) };
    (outcome, walk.seen)
}

#[test]
fn a_walk_visits_everything_in_order() {
    let (sandbox, client) = ready();
    let body = r#"{"a":[1.10,"x\u0000y",null],"b\/":{"c":true},"d":{}}"#;
    sandbox.respond(
        "GET",
        "/api/x",
        Canned::status(200).header("content-type", "application/json").body(body),
    );
    let response = client.get("x").expect(CRUX_OK);
    let (outcome, seen) = walk(&response, &c(""), usize::MAX);
    let want =
        ["0 6 - -", "1 5 a -", "2 3 - 1.10", "2 4 - x\0y", "2 1 - null", "1 6 b/ -", "2 2 c true", "1 6 d -"];
    assert_eq!((outcome, seen), (0, want.map(str::to_owned).to_vec()));
    assert_eq!(walk(&response, &c("/a"), 2), (42, vec!["0 5 - -".to_owned(), "1 3 - 1.10".to_owned()]));
    assert_eq!(walk(&response, &c("/nowhere"), 9), (-1, vec![]));
    assert_eq!(unsafe { crux_json_walk(response.0.cast(), c("").as_ptr(), None, null_mut()) }, -1);
}
