//! JSON as a C program reads it: pointers, exact digits, odd texts, and bodies that are no JSON.

use std::time::{Duration, Instant};

use sandbox::{Canned, Sandbox};
use support::*;

/// What a client gets when the server answers with these bytes.
#[track_caller]
fn response(status: u16, body: impl Into<Vec<u8>>) -> Response {
    let sandbox = Sandbox::start();
    sandbox.respond("GET", "/api/document/", Canned::status(status).body(body));
    let client = Client::login("custom", &format!("{}/api/", sandbox.http()), None, Some("t0ken"));
    client.expect(CRUX_OK).get("document/")
}

#[track_caller]
fn document(body: impl Into<Vec<u8>>) -> Response {
    response(200, body).expect(CRUX_OK)
}

fn int(response: &Response, pointer: &str, fallback: i64) -> i64 {
    unsafe { crux_json_int(response.0.cast(), c(pointer).as_ptr(), fallback) }
}

fn double(response: &Response, pointer: &str, fallback: f64) -> f64 {
    unsafe { crux_json_double(response.0.cast(), c(pointer).as_ptr(), fallback) }
}

#[test]
fn pointers_with_escapes_and_any_letters() {
    let doc = document(
        r#"{"a/b": 1, "m~n": 2, "~1": 3, "": {"": 4}, "ü🦊": [5], "\u4f60": 6, " ": 7, "a\"b": 8, "0": 9}"#,
    );
    for (pointer, number) in [
        ("/a~1b", 1),
        ("/m~0n", 2),
        // Escapes are undone once, not twice.
        ("/~01", 3),
        ("//", 4),
        ("/ü🦊/0", 5),
        ("/你", 6),
        ("/ ", 7),
        ("/a\"b", 8),
        ("/0", 9),
    ] {
        assert_eq!(int(&doc, pointer, -1), number, "{pointer}");
        assert_eq!(doc.json_type(pointer), CRUX_JSON_NUMBER, "{pointer}");
    }
    for pointer in
        ["a~1b", "/a/b", "/m~n", "/m~2n", "/~", "/ü🦊/1", "/ü🦊/00", "/ü🦊/-", "/ü🦊/0/x", "#/ ", "/A~1B"]
    {
        assert_eq!(doc.json_type(pointer), CRUX_JSON_NONE, "{pointer}");
        assert_eq!(doc.json(pointer), None, "{pointer}");
        assert_eq!(int(&doc, pointer, -1), -1, "{pointer}");
        assert!(doc.copy(&format!("json:{pointer}")).is_empty(), "{pointer}");
    }
    assert_eq!(doc.json_count(""), 9);
    assert_eq!(doc.json_key("", 4).as_deref(), Some("ü🦊"));
    assert_eq!(doc.json_key("", 5).as_deref(), Some("你"));
    assert_eq!(doc.json_key("/", 0).as_deref(), Some(""));
}

#[test]
fn every_type_and_every_fallback() {
    let doc =
        document(r#"{"n": null, "t": true, "f": false, "i": 12, "s": "words", "a": [1, 2], "o": {"x": 1}}"#);
    let table = [
        // Pointer, type, text, whole number, number, members.
        ("/n", CRUX_JSON_NULL, Some("null"), -7, -0.5, 0),
        ("/t", CRUX_JSON_BOOL, Some("true"), 1, 1.0, 0),
        ("/f", CRUX_JSON_BOOL, Some("false"), 0, 0.0, 0),
        ("/i", CRUX_JSON_NUMBER, Some("12"), 12, 12.0, 0),
        ("/s", CRUX_JSON_STRING, Some("words"), -7, -0.5, 0),
        ("/a", CRUX_JSON_ARRAY, Some("[1, 2]"), -7, -0.5, 2),
        ("/o", CRUX_JSON_OBJECT, Some(r#"{"x": 1}"#), -7, -0.5, 1),
        ("/none", CRUX_JSON_NONE, None, -7, -0.5, 0),
    ];
    for (pointer, kind, text, whole, number, members) in table {
        assert_eq!(doc.json_type(pointer), kind, "{pointer}");
        assert_eq!(doc.json(pointer).as_deref(), text, "{pointer}");
        assert_eq!(doc.copy(&format!("json:{pointer}")), text.unwrap_or_default().as_bytes(), "{pointer}");
        assert_eq!(int(&doc, pointer, -7), whole, "{pointer}");
        assert_eq!(double(&doc, pointer, -0.5), number, "{pointer}");
        assert_eq!(doc.json_count(pointer), members, "{pointer}");
        assert_eq!(doc.json_key(pointer, 0).as_deref(), (pointer == "/o").then_some("x"), "{pointer}");
    }
    assert_eq!(doc.json_key("/o", 1), None);
    assert_eq!(doc.json_key("", 6).as_deref(), Some("o"));
}

#[test]
fn whole_numbers_are_exact_or_not_whole() {
    for (text, whole) in [
        ("9223372036854775807", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9223372036854775808", None),
        ("9007199254740993", Some(9_007_199_254_740_993)),
        ("9007199254740993.0", Some(9_007_199_254_740_993)),
        ("9.007199254740993e15", Some(9_007_199_254_740_993)),
        ("922337203685477580700e-2", Some(i64::MAX)),
        ("1e3", Some(1000)),
        ("1E+3", Some(1000)),
        ("1.50e1", Some(15)),
        ("-0", Some(0)),
        ("0e999999999999", Some(0)),
        ("0.000", Some(0)),
        ("1.0", Some(1)),
        ("-1.0", Some(-1)),
        ("1.5", None),
        ("0.99999999999999999999999", None),
        ("4503599627370497.00000000001", None),
        ("1e-1", None),
        ("1e19", None),
        ("1e999999999999", None),
        ("1e-999999999999", None),
        ("1e99999999999999999999999", None),
        ("123456789012345678901234567890", None),
    ] {
        let doc = document(format!(r#"{{"number": {text}, "text": "{text}"}}"#));
        assert_eq!(doc.json("/number").as_deref(), Some(text), "its digits stay as they are");
        for pointer in ["/number", "/text"] {
            assert_eq!(int(&doc, pointer, -77), whole.unwrap_or(-77), "{text} at {pointer}");
        }
    }
}

#[test]
fn numbers_with_fractions() {
    let doc = document(
        r#"{"tenth": 0.1, "huge": 1e308, "over": 1e999, "tiny": 5e-324, "under": 1e-999, "text": "22.60",
            "big": 123456789012345678901234567890, "empty": "", "word": "nan", "e": "e", "odd": "1.2.3"}"#,
    );
    for (pointer, number) in [
        ("/tenth", 0.1),
        ("/huge", 1e308),
        ("/over", -0.5),
        ("/tiny", 5e-324),
        ("/under", 0.0),
        ("/text", 22.6),
        ("/big", 123456789012345678901234567890.0),
        ("/empty", -0.5),
        ("/word", -0.5),
        ("/e", -0.5),
        ("/odd", -0.5),
    ] {
        assert_eq!(double(&doc, pointer, -0.5), number, "{pointer}");
    }
    assert!(double(&doc, "/none", f64::NAN).is_nan());
}

#[test]
fn of_equal_names_the_last_wins_and_counts_once() {
    let doc = document(r#"{"a": 1, "b": {"x": 1}, "a": 2, "b": {"y": 2}}"#);
    assert_eq!(int(&doc, "/a", -1), 2);
    assert_eq!(doc.json_type("/b/x"), CRUX_JSON_NONE);
    assert_eq!(int(&doc, "/b/y", -1), 2);
    let names: Vec<_> = (0..5).map_while(|index| doc.json_key("", index)).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(doc.json_count(""), names.len());
}

#[test]
fn a_nul_inside_ends_the_text_but_not_the_copy() {
    let doc = document(r#"{"s": "be\u0000hind", "only": "\u0000", "last": "x\u0000"}"#);
    assert_eq!(doc.json("/s").as_deref(), Some("be"));
    assert_eq!(doc.copy("json:/s"), b"be\0hind");
    assert_eq!(doc.json("/only").as_deref(), Some(""));
    assert_eq!(doc.copy("json:/only"), b"\0");
    assert_eq!(doc.copy("json:/last"), b"x\0");
    assert_eq!(doc.json_type("/s"), CRUX_JSON_STRING);
}

#[test]
fn strings_are_decoded() {
    let doc = document(r#"{"s": "\"\\\/\b\f\n\r\t\u00e9\ud83e\udd8a", "raw": "é🦊", "empty": ""}"#);
    assert_eq!(doc.json("/s").as_deref(), Some("\"\\/\u{8}\u{c}\n\r\té🦊"));
    assert_eq!(doc.json("/raw").as_deref(), Some("é🦊"));
    assert_eq!(doc.json("/empty").as_deref(), Some(""), "empty is not missing");
}

#[test]
fn half_a_surrogate_pair_does_not_hide_the_rest() {
    let doc = document(r#"{"half": "be\ud800hind", "tail": "\udc00", "next": 1}"#);
    assert_eq!(doc.json_type("/half"), CRUX_JSON_STRING);
    let half = doc.json("/half").expect("a string that stands there has a text");
    assert!(half.starts_with("be\u{fffd}") && half.ends_with("hind"), "{half:?}");
    assert!(doc.json("/tail").expect("this one as well").starts_with('\u{fffd}'));
    assert_eq!(int(&doc, "/next", -1), 1);
}

#[test]
fn deep_documents_do_no_harm() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let doc = document(nested(100));
    assert_eq!(int(&doc, &"/0".repeat(100), -1), 1);
    assert_eq!(doc.json_type(&"/0".repeat(101)), CRUX_JSON_NONE);
    let doc = document(nested(200_000));
    assert_eq!(doc.json_count(""), 1);
    assert_eq!(doc.json_type("/0/0/0"), CRUX_JSON_ARRAY);
    assert_eq!(doc.json_type(&"/0".repeat(150_000)), CRUX_JSON_NONE);
    // Cut off in the depth, it is no JSON; it ends nobody's stack either.
    assert_eq!(document("[".repeat(200_000)).json_type(""), CRUX_JSON_NONE);
    assert_eq!(document(r#"{"a":"#.repeat(100_000)).json_type("/a"), CRUX_JSON_NONE);
}

#[test]
fn a_large_catalogue_is_read_quickly() {
    let rows: Vec<String> = (0..50_000).map(|n| format!(r#"{{"id": {n}, "name": "item {n}"}}"#)).collect();
    let doc = document(format!(r#"{{"items": [{}]}}"#, rows.join(",\n")));
    let started = Instant::now();
    assert_eq!(doc.json_count("/items"), 50_000);
    for n in (0..50_000).step_by(97) {
        assert_eq!(int(&doc, &format!("/items/{n}/id"), -1), n);
    }
    assert_eq!(doc.json("/items/49999/name").as_deref(), Some("item 49999"));
    assert!(started.elapsed() < Duration::from_secs(10), "it took {:?}", started.elapsed());
}

#[test]
fn a_root_may_be_any_value() {
    for (body, kind, text) in [
        ("42", CRUX_JSON_NUMBER, "42"),
        ("\"text\"", CRUX_JSON_STRING, "text"),
        ("null", CRUX_JSON_NULL, "null"),
        (" \r\n\ttrue ", CRUX_JSON_BOOL, "true"),
        ("[]", CRUX_JSON_ARRAY, "[]"),
        ("{ }", CRUX_JSON_OBJECT, "{ }"),
        ("\u{feff}{\"a\": 1}", CRUX_JSON_OBJECT, "{\"a\": 1}"),
    ] {
        let doc = document(body);
        assert_eq!(doc.json_type(""), kind, "{body}");
        assert_eq!(doc.json("").as_deref(), Some(text), "{body}");
        assert_eq!(doc.body(), body.as_bytes(), "the body stays as it came");
        assert_eq!(doc.json_type("/0"), CRUX_JSON_NONE, "{body}");
    }
}

#[test]
fn what_is_no_json_has_nothing_at_any_pointer() {
    let bodies: &[&[u8]] = &[
        b"",
        b" ",
        b"<html><body>{\"a\": 1}</body></html>",
        b"{\"a\": 1",
        b"{\"a\": 1} {\"a\": 2}",
        b"{\"a\": 1,}",
        b"{'a': 1}",
        b"{\"a\": NaN}",
        b"{\"a\": 01}",
        b"{\"a\": +1}",
        b"{\"a\": \"\xe9\"}",
        b"{\"a\": \"line\nend\"}",
        b"{\"a\": \"\\x41\"}",
        b"\xff\xfe{\x00}\x00",
        b"{\"a\": 1}\0",
        b"\0",
        b"// note\n{\"a\": 1}",
    ];
    for body in bodies {
        let doc = document(*body);
        let shown = String::from_utf8_lossy(body);
        for pointer in ["", "/a", "/0"] {
            assert_eq!(doc.json_type(pointer), CRUX_JSON_NONE, "{shown:?}");
            assert_eq!(doc.json(pointer), None, "{shown:?}");
            assert_eq!(int(&doc, pointer, -1), -1, "{shown:?}");
            assert_eq!(double(&doc, pointer, -0.5), -0.5, "{shown:?}");
            assert_eq!(doc.json_count(pointer), 0, "{shown:?}");
            assert_eq!(doc.json_key(pointer, 0), None, "{shown:?}");
        }
        assert_eq!(doc.body(), *body, "the body is there all the same");
    }
}

#[test]
fn an_error_has_its_document_too() {
    let doc = response(422, r#"{"error": {"message": "no", "code": 7}}"#).expect(CRUX_ERR_HTTP);
    assert_eq!(doc.json("/error/message").as_deref(), Some("no"));
    assert_eq!(int(&doc, "/error/code", -1), 7);
}
