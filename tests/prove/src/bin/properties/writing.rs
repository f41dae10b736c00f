//! A JSON body that is put member by member arrives as it was meant, and its echo is read back by pointers.

use proptest::prelude::*;
use serde_json::{Map, Value};
use support::{CRUX_OK, Call, Response, c};

use crate::Trial;
use crate::scripted::Servers;

/// Documents of which no part holds a NUL, which no text of C does.
fn document() -> impl Strategy<Value = Value> {
    let text = || "[^\\x00]{0,12}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (any::<f64>().prop_filter("JSON has no others", |number| number.is_finite())).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..6)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Puts a document leaf by leaf, elements at the end of their list or by their number.
fn put(call: &Call, pointer: &str, value: &Value, by_number: bool) {
    let place = c(pointer);
    let code = match value {
        Value::String(text) => unsafe {
            support::crux_call_put_text(call.0, place.as_ptr(), c(text).as_ptr())
        },
        Value::Number(number) if number.is_i64() => unsafe {
            support::crux_call_put_int(call.0, place.as_ptr(), number.as_i64().expect("a whole number"))
        },
        Value::Number(number) => unsafe {
            support::crux_call_put_double(call.0, place.as_ptr(), number.as_f64().expect("a number"))
        },
        Value::Null | Value::Bool(_) => unsafe {
            support::crux_call_put_json(call.0, place.as_ptr(), c(&value.to_string()).as_ptr())
        },
        // An empty container first: what its first member would make depends on that member's name.
        Value::Array(_) => unsafe { support::crux_call_put_json(call.0, place.as_ptr(), c("[]").as_ptr()) },
        Value::Object(_) => unsafe { support::crux_call_put_json(call.0, place.as_ptr(), c("{}").as_ptr()) },
    };
    assert_eq!(code, CRUX_OK, "{pointer:?}: {}", call.message());
    match value {
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                // Inside of an element that "-" has added there is no way back but by its number.
                let is_leaf = !element.is_array() && !element.is_object();
                let token = if by_number || !is_leaf { at.to_string() } else { "-".to_owned() };
                put(call, &format!("{pointer}/{token}"), element, by_number);
            }
        }
        Value::Object(members) => {
            members.iter().for_each(|(key, member)| {
                put(call, &format!("{pointer}/{}", escaped(key)), member, by_number)
            });
        }
        _ => {}
    }
}

pub fn check(trial: &Trial) -> Result<(), String> {
    let servers = Servers::start(1);
    let base = servers.base();
    let client = support::Client::ready(base.trim_end_matches('/'), &[]);
    trial.holds(&(document(), any::<bool>()), |(document, by_number)| {
        servers.echo();
        let call = client.call("POST", "echo");
        put(&call, "", &document, by_number);
        let response = call.send().expect(CRUX_OK);
        let arrived = servers.arrived();
        let body = &arrived.last().expect("a request").body;
        // Both by the same reader, which may be off by the last bit of a double; what is read below may not.
        let meant = serde_json::from_str::<Value>(&document.to_string()).ok();
        assert_eq!(serde_json::from_slice::<Value>(body).ok(), meant, "as it arrived");
        read(&response, "", &document);
    })
}

/// Reads all of a document back, each value as what it is.
fn read(response: &Response, pointer: &str, value: &Value) {
    let kind = match value {
        Value::Null => support::CRUX_JSON_NULL,
        Value::Bool(_) => support::CRUX_JSON_BOOL,
        Value::Number(_) => support::CRUX_JSON_NUMBER,
        Value::String(_) => support::CRUX_JSON_STRING,
        Value::Array(_) => support::CRUX_JSON_ARRAY,
        Value::Object(_) => support::CRUX_JSON_OBJECT,
    };
    assert_eq!(response.json_type(pointer), kind, "{pointer:?}");
    match value {
        Value::String(text) => assert_eq!(response.json(pointer).as_ref(), Some(text)),
        Value::Number(number) if number.is_i64() => {
            assert_eq!(Some(response.json_int(pointer)), number.as_i64())
        }
        Value::Number(number) => {
            let read = unsafe { support::crux_json_double(response.0.cast(), c(pointer).as_ptr(), f64::NAN) };
            assert_eq!(Some(read), number.as_f64(), "{pointer:?}");
        }
        Value::Array(elements) => {
            assert_eq!(response.json_count(pointer), elements.len());
            elements
                .iter()
                .enumerate()
                .for_each(|(at, element)| read(response, &format!("{pointer}/{at}"), element));
        }
        Value::Object(members) => {
            assert_eq!(response.json_count(pointer), members.len());
            for (at, (key, member)) in members.iter().enumerate() {
                assert_eq!(
                    response.json_key(pointer, at).as_ref(),
                    Some(key),
                    "in the order in which they were put"
                );
                read(response, &format!("{pointer}/{}", escaped(key)), member);
            }
        }
        Value::Null | Value::Bool(_) => assert_eq!(response.json(pointer), Some(value.to_string())),
    }
}
