//! Paths of no service, for programs that want to see what they send: `/echo/…`, `/bytes/N`,
//! `/chunks/N`, `/status/NNN`, `/redirect/NNN?to=URL`. None of them needs a token.

use serde_json::{Map, Value, json};

use crate::server::call::Call;
use crate::server::reply::{Payload, Reply};
use crate::server::s3;

pub fn answer(call: &Call, first: &str) -> Reply {
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
        _ => Reply::detail(404, "Not found."),
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
