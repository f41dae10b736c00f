//! Error documents of any shape, as each service reads them: what is said is text of the document, and not without end.
#![no_main]

use crux::json::{Index, Json};
use crux::service::SERVICES;
use crux::service::said;
use fuzz::prepare;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// How much of a document is searched for a text that was told.
const MOST_NODES: usize = 1000;

fn run(data: &[u8]) {
    let index = Index::default();
    let json = Json::new(data, &index);
    let whole = serde_json::from_slice::<Value>(data).ok();
    for service in SERVICES {
        let pointers: Vec<String> = service.messages.iter().map(|at| (*at).to_owned()).collect();
        let Some(told) = said::text(&json, &pointers) else { continue };
        assert!(!told.trim().is_empty(), "{}: it says nothing", service.name);
        if let Some(whole) = &whole {
            assert!(has_part(whole, &told), "{}: {told:?} is not in the document", service.name);
        }
    }
}

/// Whether some text of the document is part of what is told.
fn has_part(value: &Value, told: &str) -> bool {
    let mut left = vec![value];
    for _ in 0..MOST_NODES {
        match left.pop() {
            None => return false,
            Some(Value::String(text))
                if !text.trim().is_empty() && told.contains(text.trim_end_matches(['.', ' ', ':'])) =>
            {
                return true;
            }
            Some(Value::Array(elements)) => left.extend(elements),
            Some(Value::Object(members)) => left.extend(members.values()),
            Some(_) => {}
        }
    }
    true
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
