//! Paths of no service, for programs that want to see what they send: `/echo/…`, `/bytes/N`,
//! `/chunks/N`, `/status/NNN`, `/redirect/NNN?to=URL`. None of them needs a token.
//!
//! And a service that is like no other, `/depot/`: `enter` takes `name` and `phrase` and gives a key at
//! `/session/key`; with it in `X-Depot-Key: Key KEY`, `things` is a list of two pages that can be added to, and `pack`
//! starts a job whose result is a parcel. docs/custom-service.md describes it by options.

use serde_json::{Map, Value, json};

use crate::server::call::Call;
use crate::server::reply::{Payload, Reply};
use crate::server::s3;

pub fn respond(call: &Call, first: &str) -> Reply {
    let rest = call.path.split('/').nth(2).unwrap_or("");
    match (first, rest.parse::<u64>()) {
        ("echo", _) => echo(call),
        ("bytes", Ok(length)) => {
            s3::ranged(call, &Payload::pattern(length, 0), &format!("\"bytes-{length}\""))
        }
        ("chunks", Ok(length)) => chunks(length),
        ("status", Ok(status @ 200..=999)) => status_page(status as u16),
        ("redirect", Ok(status @ 300..=399)) => {
            let to = call.query_value("to").unwrap_or_default();
            Reply::empty(status as u16).header("location", &to)
        }
        ("depot", _) => depot(call, rest),
        _ => Reply::detail(404, "Not found."),
    }
}

/// The only account of the depot, and its key.
const DEPOT: [&str; 3] = ["kim", "open sesame", "depot-key-0123456789"];

fn depot(call: &Call, place: &str) -> Reply {
    let [name, phrase, key] = DEPOT;
    let said = call.json().unwrap_or_default();
    if place == "enter" {
        return match said["name"] == name && said["phrase"] == phrase {
            true => Reply::json(200, &json!({ "session": { "key": key } })),
            false => Reply::json(401, &json!({ "trouble": "No such name and phrase." })),
        };
    }
    if call.header("x-depot-key") != Some(&format!("Key {key}")) {
        return Reply::json(401, &json!({ "trouble": "Enter first." }));
    }
    match (call.method.as_str(), place, call.query_value("from").as_deref()) {
        ("GET", "leave", _) => Reply::empty(204),
        ("GET", "things", None) => {
            Reply::json(200, &json!({ "things": [1, 2], "more": "/depot/things?from=2" }))
        }
        ("GET", "things", Some(_)) => Reply::json(200, &json!({ "things": [3], "more": null })),
        ("POST", "pack", _) => Reply::json(202, &json!({ "ticket": "/depot/ticket" })),
        ("POST", "things", _) => Reply::json(201, &json!({ "thing": { "number": "t-7" } })),
        ("GET", "ticket", _) => Reply::json(200, &json!({ "state": "packed", "parcel": "/depot/parcel" })),
        ("GET", "parcel", _) => Reply::text(200, "text/csv", "number,name\nt-7,rope\n"),
        _ => Reply::json(404, &json!({ "trouble": "There is no such place." })),
    }
}

fn echo(call: &Call) -> Reply {
    let mut headers = Map::new();
    for (name, value) in &call.headers {
        let joined = match headers.get(name) {
            Some(Value::String(before)) => format!("{before}, {value}"),
            _ => value.clone(),
        };
        headers.insert(name.clone(), joined.into());
    }
    Reply::json(
        200,
        &json!({
            "method": call.method, "target": call.target, "path": call.path, "query": call.query,
            "headers": headers, "body": String::from_utf8_lossy(&call.body),
            "body_length": call.body_length, "scheme": call.scheme,
        }),
    )
}

fn chunks(length: u64) -> Reply {
    let mut reply = Reply::empty(200).header("content-type", "application/octet-stream");
    reply.payload = Payload::pattern(length, 0);
    if let Payload::Pattern(pattern) = &mut reply.payload {
        pattern.sized = false;
    }
    reply
}

fn status_page(status: u16) -> Reply {
    match status {
        204 | 304 => Reply::empty(status),
        _ => Reply::json(status, &json!({ "status": status })),
    }
}
