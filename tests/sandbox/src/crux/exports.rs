//! Exports and uploads of Crux Connect.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::crux::products::given_items;
use crate::server::call::{Call, Generation};
use crate::server::data::cell;
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{BEFORE_TIMP, LATER, Media, Route, SEED, route};
use crate::server::s3;
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("POST", "/orders/export/", orders_export),
    route("POST", "/orders/search/export/", search_export).among(LATER),
    route("POST", "/orders/{}/export/", search_export).among(SEED),
    route("POST", "/products/items/export/", items_export),
    route("POST", "/products/items/search/export/", items_search_export),
    route("POST", "/accounting/transactions/export/", search_export).among(BEFORE_TIMP),
    route("GET", "/data/export/{}/", record),
    route("POST", "/organizations/files/upload/", upload).media(Media::Multipart),
];

struct Export {
    /// Looks that still find it pending.
    polls: u32,
    url: Option<String>,
}

#[derive(Default)]
pub struct Exports {
    by_uuid: HashMap<String, Export>,
}

fn begin(world: &mut World) -> String {
    let id = world.uuid();
    let polls = world.settings.export_polls;
    world.crux.exports.by_uuid.insert(id.clone(), Export { polls, url: None });
    id
}

/// In the seed's generation this takes a search, later a list of ids.
fn orders_export(world: &mut World, call: &Call) -> Outcome {
    if call.generation == Generation::Timp && !call.object().get("uuids").is_some_and(Value::is_array) {
        return Err(Reply::field("uuids", "This field is required."));
    }
    search_export(world, call)
}

fn search_export(world: &mut World, _: &Call) -> Outcome {
    Ok(Reply::json(200, &json!({ "uuid": begin(world) })))
}

fn items_export(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let field = if call.generation == Generation::Seed { "uuids" } else { "item_uuids" };
    if !body.get(field).is_some_and(Value::is_array) {
        return Err(Reply::field(field, "This field is required."));
    }
    items_search_export(world, call)
}

fn items_search_export(world: &mut World, _: &Call) -> Outcome {
    Ok(Reply::json(200, &json!({ "export": { "uuid": begin(world) } })))
}

/// Pending with a null url for a while, then a signed URL on a foreign origin.
fn record(world: &mut World, call: &Call) -> Outcome {
    let id = call.param(0);
    let Some(export) = world.crux.exports.by_uuid.get_mut(id) else {
        return Err(Reply::detail(404, "Not found."));
    };
    if export.polls > 0 {
        export.polls -= 1;
        return Ok(Reply::json(200, &json!({ "uuid": id, "status": "pending", "url": null })));
    }
    let url = match export.url.clone() {
        Some(url) => url,
        None => s3::store(world, call, "export.csv", csv(), true).1,
    };
    if let Some(export) = world.crux.exports.by_uuid.get_mut(id) {
        export.url = Some(url.clone());
    }
    Ok(Reply::json(200, &json!({ "uuid": id, "status": "COMPLETED", "url": url })))
}

fn csv() -> String {
    let mut text = String::from("item_id,title,brand,description\r\n");
    for item in given_items() {
        let names = ["item_id", "title", "brand", "description"];
        let row = names.map(|name| cell(item[name].as_str().unwrap_or("")));
        text += &row.join(",");
        text += "\r\n";
    }
    text
}

/// The same file sent twice is two uploads.
fn upload(world: &mut World, call: &Call) -> Outcome {
    let parts = match &call.parts {
        Some(Ok(parts)) => parts,
        Some(Err(problem)) => return Err(Reply::field("non_field_errors", problem)),
        None => return Err(Reply::field("file", "No file was submitted.")),
    };
    let part = |name: &str| parts.iter().find(|part| part.name == name);
    if part("filename").is_none_or(|part| part.text().is_empty()) {
        return Err(Reply::field("filename", "This field is required."));
    }
    if part("file").is_none_or(|part| part.filename.is_none()) {
        return Err(Reply::field("file", "No file was submitted."));
    }
    Ok(Reply::json(200, &json!({ "uuid": world.uuid() })))
}
