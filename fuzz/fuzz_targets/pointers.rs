//! A pointer in the first line, a document behind it: what stands there is what serde_json finds there, and a walk
//! comes past all of it.
#![no_main]

use crux::json::pointer::{escape, unescape};
use crux::json::{Index, Json, Type};
use fuzz::{is_sentence, prepare};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use serde_json::value::RawValue;

fn run(data: &[u8]) {
    let split = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (pointer, body) =
        (String::from_utf8_lossy(&data[..split]), data.get(split + 1..).unwrap_or_default());
    let index = Index::default();
    let json = Json::new(body, &index);
    let bare = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let is_json = serde_json::from_slice::<&RawValue>(bare).is_ok();
    if let Some(error) = json.error() {
        assert!(!is_json, "{}", error.message);
        is_sentence(&error);
    }
    assert_eq!(json.kind("") != Type::None, is_json);
    touch(&json, &pointer);
    // serde_json takes no half of a surrogate pair, no number beyond a double, and no depth beyond 128.
    let Ok(whole) = serde_json::from_slice::<Value>(bare) else { return };
    walked(&json, &whole);
    same(&json, "", &whole);
    let sound = pointer.split('/').all(|token| unescape(token).is_some());
    match whole.pointer(&pointer).filter(|_| sound) {
        Some(value) => same(&json, &pointer, value),
        None => assert_eq!(json.kind(&pointer), Type::None, "{pointer}"),
    }
}

/// Every question at a place that may be anything.
fn touch(json: &Json<'_>, pointer: &str) {
    let there = json.kind(pointer) != Type::None;
    assert_eq!(json.get(pointer).is_some(), there);
    assert_eq!(json.c_text(pointer), json.c_text(pointer));
    assert!(there || json.int(pointer).is_none() && json.double(pointer).is_none());
    assert!(json.double(pointer).is_none_or(f64::is_finite));
    let count = json.count(pointer);
    assert!(json.key(pointer, count).is_none() && json.c_key(pointer, count).is_none());
    json.has_duplicates(pointer);
}

fn same(json: &Json<'_>, pointer: &str, value: &Value) {
    let kind = match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::Number(_) => Type::Number,
        Value::String(_) => Type::String,
        Value::Array(_) => Type::Array,
        Value::Object(_) => Type::Object,
    };
    assert_eq!(json.kind(pointer), kind, "{pointer}");
    let text = json.get(pointer).expect("something stands there");
    match value {
        Value::String(string) => assert_eq!(&text, string),
        _ => assert_eq!(serde_json::from_str::<Value>(&text).as_ref().ok(), Some(value)),
    }
    if let Some(whole) = value.as_i64() {
        assert_eq!(json.int(pointer), Some(whole));
    }
    match value {
        Value::Array(elements) => assert_eq!(json.count(pointer), elements.len()),
        Value::Object(members) => {
            assert_eq!(json.count(pointer), members.len());
            for at in 0..members.len() {
                let key = json.key(pointer, at).expect("a key for each");
                assert!(members.contains_key(&*key), "{key}");
                assert_ne!(json.kind(&format!("{pointer}/{}", escape(&key))), Type::None);
            }
        }
        _ => {}
    }
}

/// A walk visits each value, those of a name that stands twice included.
fn walked(json: &Json<'_>, whole: &Value) {
    fn size(value: &Value) -> usize {
        1 + match value {
            Value::Array(elements) => elements.iter().map(size).sum(),
            Value::Object(members) => members.values().map(size).sum::<usize>(),
            _ => 0,
        }
    }
    let mut seen = 0;
    let ended = json.walk(json.place("").expect("a document"), |step| {
        assert_eq!(step.text.is_none(), matches!(step.kind, Type::Array | Type::Object));
        seen += 1;
        0
    });
    assert!(ended == 0 && seen >= size(whole), "{seen} of {}", size(whole));
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
