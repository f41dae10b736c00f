//! The controls over HTTP, for programs in other languages. Unauthenticated and never recorded.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::Shared;
use crate::server::call::Call;
use crate::server::record::Canned;
use crate::server::reply::{Outcome, Reply};
use crate::server::world::{SWITCHES, World};

pub const PREFIX: &str = "/_sandbox/";

type Control = fn(&mut World, &Map<String, Value>) -> Outcome;

const CONTROLS: &[(&str, &str, Control)] = &[
    ("GET", "requests", requests),
    ("POST", "answer", set_canned),
    ("POST", "forget", forget),
    ("POST", "clear", clear),
    ("POST", "advance", advance),
    ("POST", "revoke", revoke),
    ("POST", "switch", switch),
    ("POST", "password", password),
    ("POST", "set", set),
    ("POST", "change-files", change_files),
];

pub fn respond(shared: &Shared, call: &Call) -> Reply {
    let name = call.path[PREFIX.len()..].trim_end_matches('/');
    let mut rows = CONTROLS.iter().filter(|(_, n, _)| *n == name);
    let Some((method, _, run)) = rows.next() else {
        return Reply::detail(404, "no such control");
    };
    if call.method != *method {
        return Reply::detail(405, "another method is needed").header("allow", method);
    }
    if !call.body.is_empty() && !call.json().is_some_and(|body| body.is_object()) {
        return Reply::detail(400, "the body is not a JSON object");
    }
    run(&mut shared.world(), &call.object()).unwrap_or_else(|refusal| refusal)
}

fn done() -> Outcome {
    Ok(Reply::empty(204))
}

fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a str, Reply> {
    let missing = || Reply::detail(400, &format!("`{name}` must be a text"));
    body.get(name).and_then(Value::as_str).ok_or_else(missing)
}

fn requests(world: &mut World, _: &Map<String, Value>) -> Outcome {
    let list: Vec<Value> = world.journal.requests().iter().map(|r| r.to_json()).collect();
    Ok(Reply::json(200, &list.into()))
}

fn set_canned(world: &mut World, body: &Map<String, Value>) -> Outcome {
    let method = body.get("method").and_then(Value::as_str).unwrap_or("*");
    let path = text(body, "path")?;
    let number = |name: &str| body.get(name).and_then(Value::as_u64);
    let mut response = Canned::status(number("status").unwrap_or(0) as u16);
    response.delay = Duration::from_millis(number("delay_ms").unwrap_or(0));
    response.times = number("times").map(|times| times as usize);
    response.reason = body.get("reason").and_then(Value::as_str).map(str::to_string);
    response.headers = header_list(body.get("headers"));
    match body.get("body") {
        None | Some(Value::Null) => {}
        Some(Value::String(body)) => response.body = body.clone().into_bytes(),
        Some(document) => {
            response = response.body(document.to_string()).header("content-type", "application/json");
        }
    }
    world.journal.respond(method, path, response);
    done()
}

/// Headers as an object, or as a list of pairs when one name comes twice.
fn header_list(headers: Option<&Value>) -> Vec<(String, String)> {
    let pair = |name: &str, value: &Value| (name.to_string(), value.as_str().unwrap_or("").to_string());
    match headers {
        Some(Value::Object(members)) => members.iter().map(|(n, v)| pair(n, v)).collect(),
        Some(Value::Array(pairs)) => pairs.iter().map(|p| pair(p[0].as_str().unwrap_or(""), &p[1])).collect(),
        _ => Vec::new(),
    }
}

fn forget(world: &mut World, _: &Map<String, Value>) -> Outcome {
    world.journal.forget_canned();
    done()
}

fn clear(world: &mut World, _: &Map<String, Value>) -> Outcome {
    world.journal.clear();
    done()
}

fn advance(world: &mut World, body: &Map<String, Value>) -> Outcome {
    let seconds = body.get("seconds").and_then(Value::as_f64);
    let by = seconds.and_then(|s| Duration::try_from_secs_f64(s).ok());
    world.advance(by.ok_or_else(|| Reply::detail(400, "`seconds` must be a number from 0"))?);
    done()
}

fn revoke(world: &mut World, _: &Map<String, Value>) -> Outcome {
    world.revoke_tokens();
    done()
}

/// `{"name": "HtmlErrors", "on": true}`
fn switch(world: &mut World, body: &Map<String, Value>) -> Outcome {
    let name = text(body, "name")?;
    let mut rows = SWITCHES.iter().filter(|(n, _, _)| *n == name);
    let Some((_, switch, _)) = rows.next() else {
        let names: Vec<&str> = SWITCHES.iter().map(|(n, _, _)| *n).collect();
        return Err(Reply::json(404, &json!({ "detail": "no such switch", "switches": names })));
    };
    world.set_switch(*switch, body.get("on").and_then(Value::as_bool).unwrap_or(true));
    done()
}

fn password(world: &mut World, body: &Map<String, Value>) -> Outcome {
    if world.set_password(text(body, "user")?, text(body, "password")?) {
        return done();
    }
    Err(Reply::detail(404, "no such user"))
}

/// Any of `export_polls`, `file_misses`, `export_bytes` (null: a CSV again), `progress` (a list).
fn set(world: &mut World, body: &Map<String, Value>) -> Outcome {
    let settings = &mut world.settings;
    for (name, value) in body {
        match (name.as_str(), value.as_u64(), value.as_array()) {
            ("export_polls", Some(polls), _) => settings.export_polls = polls as u32,
            ("file_misses", Some(misses), _) => settings.file_misses = misses as u32,
            ("export_bytes", length, _) => settings.export_bytes = length,
            ("progress", _, Some(steps)) => settings.progress = steps.clone(),
            _ => {
                return Err(Reply::detail(400, &format!("`{name}` cannot be set to that")));
            }
        }
    }
    done()
}

fn change_files(world: &mut World, _: &Map<String, Value>) -> Outcome {
    world.files.change_all();
    done()
}
