//! The JSON body made member by member, one `pointer value` a line: what is put reads back, by serde_json and by the
//! library's own reader; what is refused changes nothing.
#![no_main]

use crux::call::json_body::Node;
use crux::error::Result;
use crux::json::{Index, Json};
use fuzz::{is_sentence, prepare};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use serde_json::value::RawValue;

/// As JSON if it is some, else as text, a number being both.
fn node(value: &str, turn: usize) -> Result<Node> {
    match value.parse::<i64>() {
        Ok(number) if turn.is_multiple_of(2) => return Ok(Node::int(number)),
        Ok(_) | Err(_) => {}
    }
    match value.parse::<f64>() {
        Ok(number) if turn.is_multiple_of(3) => Node::double(number),
        _ => Node::json(value).or_else(|_| Node::text(value)),
    }
}

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut body: Option<Node> = None;
    for (turn, line) in text.split('\n').take(32).enumerate() {
        let (pointer, value) = line.split_once(' ').unwrap_or((line, "null"));
        let value = match node(value, turn) {
            Ok(value) => value,
            Err(error) => {
                is_sentence(&error);
                continue;
            }
        };
        let put = value.written();
        let before = body.as_ref().map(Node::written);
        let outcome = match &mut body {
            Some(body) => body.put(pointer, value),
            None => Node::new(pointer, value).map(|made| body = Some(made)),
        };
        let now = body.as_ref().map(Node::written);
        match outcome {
            Ok(()) => reads_back(&now.expect("a body"), pointer, &put),
            Err(error) => {
                is_sentence(&error);
                assert_eq!(meaning(&now), meaning(&before), "what is refused changes nothing");
            }
        }
    }
}

/// What a body says, blanks and names that stand twice aside: on the way to a place they are lost.
fn meaning(written: &Option<String>) -> Option<Value> {
    written.as_deref().and_then(|text| serde_json::from_str(text).ok())
}

fn reads_back(written: &str, pointer: &str, put: &str) {
    assert!(serde_json::from_str::<&RawValue>(written).is_ok(), "{written}");
    if pointer.split('/').any(|token| token == "-") {
        return;
    }
    if let (Ok(whole), Ok(put)) = (serde_json::from_str::<Value>(written), serde_json::from_str::<Value>(put))
    {
        assert_eq!(whole.pointer(pointer), Some(&put), "{pointer} in {written}");
    }
    let index = Index::default();
    let found = Json::new(written.as_bytes(), &index).get(pointer);
    assert!(found.is_some(), "{pointer} in {written}");
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
