//! Savepoints of a Crunch dataset, and the way back to one.

use serde_json::{Value, json};

use crate::crunch::datasets::{get, get_mut};
use crate::crunch::{attributes, catalog, created, entity, forbidden, here, link, missing, window};
use crate::server::call::Call;
use crate::server::data::{Kind, START, hex_id, iso};
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("GET", "/datasets/{}/savepoints/", savepoints),
    route("POST", "/datasets/{}/savepoints/", save),
    route("GET", "/datasets/{}/savepoints/{}/", savepoint),
    route("POST", "/datasets/{}/savepoints/{}/revert/", revert),
];

pub struct Savepoint {
    id: String,
    description: String,
    at: u64,
    /// How many rows had been sent.
    sent: usize,
}

/// Those that the dataset number `n` comes with.
pub fn given(n: usize) -> Vec<Savepoint> {
    let point = |i: usize| Savepoint {
        id: hex_id(Kind::Savepoint, 100 * n + i),
        description: format!("第 {i} 版"),
        at: START + 3600 * i as u64,
        sent: 0,
    };
    (0..if n == 0 { 30 } else { 1 }).map(point).collect()
}

fn savepoint_json(call: &Call, savepoint: &Savepoint) -> Value {
    let revert = link(call, &format!("datasets/{}/savepoints/{}/revert/", call.param(0), savepoint.id));
    json!({ "description": savepoint.description, "creation_time": iso(savepoint.at),
    "user_display_name": "王小明", "revert": revert })
}

fn savepoints(world: &mut World, call: &Call) -> Outcome {
    let dataset = get(world, call)?;
    let (offset, limit) = window(call, 1000)?;
    let page = dataset.savepoints.iter().skip(offset).take(limit);
    let index = page.map(|savepoint| (format!("{}/", savepoint.id), savepoint_json(call, savepoint)));
    Ok(catalog(call, index.collect(), json!({})))
}

/// 303 to the last one when nothing has changed since.
fn save(world: &mut World, call: &Call) -> Outcome {
    let id = world.hex(32);
    let at = world.now();
    let dataset = get_mut(world, call)?;
    if dataset.read_only {
        return Err(forbidden("You may only view this dataset."));
    }
    if let Some(last) = dataset.savepoints.last().filter(|_| !dataset.changed) {
        let location = format!("{}{}/", here(call), last.id);
        return Ok(Reply::empty(303).header("location", &location));
    }
    let description = attributes(call).get("description").and_then(Value::as_str).unwrap_or("").to_string();
    let location = format!("{}{id}/", here(call));
    dataset.savepoints.push(Savepoint { id, description, at, sent: dataset.sent.len() });
    dataset.changed = false;
    Ok(created(world, &location))
}

fn named<'a>(world: &'a World, call: &Call) -> Result<&'a Savepoint, Reply> {
    let found = get(world, call)?.savepoints.iter().find(|savepoint| savepoint.id == call.param(1));
    found.ok_or_else(|| missing(world, call))
}

fn savepoint(world: &mut World, call: &Call) -> Outcome {
    let body = savepoint_json(call, named(world, call)?);
    let revert = format!("{}revert/", here(call));
    Ok(entity(call, body, json!({ "views": { "revert": revert }, "urls": { "revert_url": revert } })))
}

fn revert(world: &mut World, call: &Call) -> Outcome {
    let sent = named(world, call)?.sent;
    let dataset = get_mut(world, call)?;
    dataset.sent.truncate(sent);
    dataset.changed = false;
    Ok(Reply::empty(204))
}
