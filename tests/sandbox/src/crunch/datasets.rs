//! Datasets of Crunch and their savepoints.

use serde_json::{Map, Value, json};

use crate::crunch::account::{user_id, user_url};
use crate::crunch::batches::Batch;
use crate::crunch::jobs::{self, End};
use crate::crunch::{
    accepted, attributes, bad, catalog, conflict, created, entity, forbidden, here, invalid, link, missing,
    view, window, wrapped_body,
};
use crate::server::call::{Call, unescape};
use crate::server::data::{COMPANIES, Kind, PRODUCTS, START, hex_id, iso, nth};
use crate::server::reply::{JSON_UTF8, Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::{Switch, World};

pub const ROUTES: &[Route] = &[
    route("GET", "/datasets/", list),
    route("POST", "/datasets/", create),
    route("PATCH", "/datasets/", change_many),
    route("GET", "/datasets/order/", order),
    route("GET", "/datasets/by_name/{}/", by_name),
    route("GET", "/datasets/{}/", detail),
    route("PATCH", "/datasets/{}/", change),
    route("DELETE", "/datasets/{}/", delete),
    route("GET", "/datasets/{}/savepoints/", savepoints),
    route("POST", "/datasets/{}/savepoints/", save),
    route("GET", "/datasets/{}/savepoints/{}/", savepoint),
    route("POST", "/datasets/{}/savepoints/{}/revert/", revert),
];

/// Names a client has to take care with stand among the others.
const SPECIAL: [&str; 4] = ["a/b ü", "100% 问卷?#&=", "ชุดข้อมูล ๑", "مسح السوق 📊"];
const DATASETS: usize = 40;
/// Somebody else is editing this one.
const OCCUPIED: usize = 6;
/// And this one is for reading only.
const READ_ONLY: usize = 7;

pub struct Dataset {
    pub id: String,
    pub name: String,
    pub rows: usize,
    /// Attributes that are kept as they were sent.
    more: Map<String, Value>,
    editor: Option<String>,
    read_only: bool,
    /// Changed since the last savepoint.
    pub changed: bool,
    savepoints: Vec<Savepoint>,
    pub streaming: bool,
    pub pending_rows: usize,
    pub batches: Vec<Batch>,
    pub variables: Vec<Value>,
    created: u64,
}

struct Savepoint {
    id: String,
    description: String,
    at: u64,
}

impl Dataset {
    fn new(id: String, name: &str, editor: Option<String>, created: u64) -> Dataset {
        Dataset {
            id,
            name: name.into(),
            rows: 0,
            more: Map::new(),
            editor,
            read_only: false,
            changed: true,
            savepoints: Vec::new(),
            streaming: false,
            pending_rows: 0,
            batches: Vec::new(),
            variables: Vec::new(),
            created,
        }
    }

    fn tuple(&self, call: &Call) -> Value {
        let mut tuple = json!({
            "id": self.id, "name": self.name, "description": "", "archived": false,
            "is_published": true,
            "owner_name": nth(COMPANIES, self.rows), "permissions": { "edit": !self.read_only,
            "view": true },
            "size": { "rows": self.rows, "columns": crate::crunch::variables::count(self) },
            "creation_time": iso(self.created), "modification_time": iso(self.created),
            "current_editor": self.editor.as_ref().map(|email| user_url(call, email)),
            "streaming": if self.streaming { "streaming" } else { "no" },
        });
        for (name, value) in &self.more {
            tuple[name] = value.clone();
        }
        tuple
    }
}

pub fn given() -> Vec<Dataset> {
    let dataset = |n: usize| {
        let name = match SPECIAL.get(n) {
            Some(name) => name.to_string(),
            None => format!("{} {n}", nth(PRODUCTS, n)),
        };
        let editor = if n == OCCUPIED { "pavel@example.com" } else { "grace@example.com" };
        let mut made = Dataset::new(hex_id(Kind::Dataset, n), &name, Some(editor.into()), START + n as u64);
        made.rows = if n == 0 { 2500 } else { 120 + n };
        made.read_only = n == READ_ONLY;
        let points = if n == 0 { 30 } else { 1 };
        let point = |i: usize| Savepoint {
            id: hex_id(Kind::Savepoint, 100 * n + i),
            description: format!("第 {i} 版"),
            at: START + 3600 * i as u64,
        };
        made.savepoints = (0..points).map(point).collect();
        made.changed = false;
        made
    };
    (0..DATASETS).map(dataset).collect()
}

pub fn get<'a>(world: &'a World, call: &Call) -> Result<&'a Dataset, Reply> {
    let found = world.crunch.datasets.iter().find(|dataset| dataset.id == call.param(0));
    found.ok_or_else(|| missing(world, call))
}

pub fn get_mut<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Dataset, Reply> {
    let refusal = missing(world, call);
    let mut list = world.crunch.datasets.iter_mut();
    list.find(|dataset| dataset.id == call.param(0)).ok_or(refusal)
}

pub fn url(call: &Call, id: &str) -> String {
    link(call, &format!("datasets/{id}/"))
}

/// The keys of the index are absolute, relative to the catalog, or relative by way of its parent.
fn list(world: &mut World, call: &Call) -> Outcome {
    let key = |n: usize, id: &str| match n % 3 {
        0 => url(call, id),
        1 => format!("{id}/"),
        _ => format!("../datasets/{id}/"),
    };
    let rows = world.crunch.datasets.iter().enumerate();
    let index = rows.map(|(n, dataset)| (key(n, &dataset.id), dataset.tuple(call)));
    let more = json!({
        "orders": { "order": link(call, "datasets/order/") },
        "catalogs": { "by_name": link(call, "datasets/by_name/{name}/") },
    });
    Ok(catalog(call, index.collect(), more))
}

/// Names some of them only; the rest belongs at the end.
fn order(world: &mut World, call: &Call) -> Outcome {
    let some: Vec<String> = world.crunch.datasets.iter().rev().take(5).map(|d| url(call, &d.id)).collect();
    let graph = json!([some.first(), { "市场": some.get(1..) }]);
    let body = json!({ "element": "shoji:order", "self": here(call), "graph": graph });
    Ok(Reply::text(200, JSON_UTF8, body.to_string()))
}

fn by_name(world: &mut World, call: &Call) -> Outcome {
    let name = unescape(call.param(0));
    let found = world.crunch.datasets.iter().filter(|dataset| dataset.name == name);
    let index = found.map(|dataset| (url(call, &dataset.id), dataset.tuple(call)));
    Ok(catalog(call, index.collect(), json!({})))
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let mut body = wrapped_body(call)?;
    let Some(Value::String(name)) = body.remove("name") else {
        return Err(invalid("'name' is required and must be a string."));
    };
    let id = world.hex(32);
    let mut made = Dataset::new(id.clone(), &name, Some(call.user.clone()), world.now());
    made.streaming = is_streaming(body.remove("streaming").as_ref());
    made.variables = crate::crunch::variables::from_table(body.remove("table").as_ref());
    made.more = body;
    world.crunch.datasets.push(made);
    let location = url(call, &id);
    if world.is_on(Switch::DatasetAccepted) {
        let progress = jobs::begin(world, call, &format!("create_dataset:{id}"), End::Nothing);
        return Ok(accepted(world, call, &progress, Some(&location)));
    }
    Ok(created(world, &location))
}

fn is_streaming(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Bool(true))) || value.is_some_and(|value| value == "streaming")
}

fn detail(world: &mut World, call: &Call) -> Outcome {
    let dataset = get(world, call)?;
    let below = |name: &str| format!("{}{name}", here(call));
    let more = json!({
        "catalogs": { "variables": below("variables/"), "batches": below("batches/"),
        "savepoints": below("savepoints/"),
            "parent": "../" },
        "views": { "export": below("export/"), "summary": "summary/" },
        "fragments": { "table": "table/", "stream": "stream/" },
    });
    Ok(entity(call, dataset.tuple(call), more))
}

/// Applies changed attributes, if the caller may: 403 no right, 409 not the current editor.
fn apply(dataset: &mut Dataset, call: &Call, mut changes: Map<String, Value>) -> Result<(), Reply> {
    if dataset.read_only {
        return Err(forbidden("You may only view this dataset."));
    }
    if let Some(editor) = changes.remove("current_editor") {
        let own =
            editor.as_str().is_some_and(|url| url.trim_end_matches('/').ends_with(&user_id(&call.user)));
        match (editor.is_null(), own) {
            (true, _) => dataset.editor = None,
            (false, true) => dataset.editor = Some(call.user.clone()),
            (false, false) => return Err(forbidden("Only yourself can be made the editor.")),
        }
        if changes.is_empty() {
            return Ok(());
        }
    }
    if dataset.editor.as_deref() != Some(&call.user) {
        return Err(conflict("You are not the current editor of this dataset."));
    }
    if let Some(name) = changes.remove("name") {
        dataset.name = name.as_str().ok_or_else(|| invalid("'name' must be a string."))?.into();
    }
    if let Some(streaming) = changes.remove("streaming") {
        dataset.streaming = is_streaming(Some(&streaming));
    }
    dataset.more.extend(changes);
    dataset.changed = true;
    Ok(())
}

fn change(world: &mut World, call: &Call) -> Outcome {
    let dataset = get_mut(world, call)?;
    let changes = attributes(call);
    if changes.is_empty() {
        return Err(invalid("There is nothing to change."));
    }
    apply(dataset, call, changes)?;
    Ok(Reply::empty(204))
}

/// A PATCH of the catalog: changed tuples by URL.
fn change_many(world: &mut World, call: &Call) -> Outcome {
    let Some(Value::Object(index)) = call.object().remove("index") else {
        return Err(bad("A catalog with an index is needed."));
    };
    for (key, changes) in index {
        let id = crate::crunch::sources::id_of(&key);
        let dataset = world.crunch.datasets.iter_mut().find(|dataset| dataset.id == id);
        let dataset = dataset.ok_or_else(|| bad(&format!("There is no {key}.")))?;
        if let Value::Object(changes) = changes {
            apply(dataset, call, changes)?;
        }
    }
    Ok(Reply::empty(204))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    if get(world, call)?.read_only {
        return Err(forbidden("You may only view this dataset."));
    }
    world.crunch.datasets.retain(|dataset| dataset.id != call.param(0));
    Ok(Reply::empty(204))
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
    dataset.savepoints.push(Savepoint { id, description, at });
    dataset.changed = false;
    Ok(created(world, &location))
}

fn named<'a>(world: &'a World, call: &Call) -> Result<&'a Savepoint, Reply> {
    let found = get(world, call)?.savepoints.iter().find(|savepoint| savepoint.id == call.param(1));
    found.ok_or_else(|| missing(world, call))
}

fn savepoint(world: &mut World, call: &Call) -> Outcome {
    let body = savepoint_json(call, named(world, call)?);
    Ok(entity(call, body, json!({ "views": { "revert": format!("{}revert/", here(call)) } })))
}

fn revert(world: &mut World, call: &Call) -> Outcome {
    named(world, call)?;
    get_mut(world, call)?.changed = false;
    Ok(Reply::empty(204))
}

/// A view that is only there to be asked.
pub fn nothing(_: &mut World, call: &Call) -> Outcome {
    Ok(view(call, json!({})))
}
