//! Datasets of Crunch: the lists, and each by itself.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::crunch::account::{user_id, user_url};
use crate::crunch::batches::Batch;
use crate::crunch::jobs::{self, End};
use crate::crunch::parts::Part;
use crate::crunch::rows::{self, Row};
use crate::crunch::savepoints::{self, Savepoint};
use crate::crunch::sources::id_of;
use crate::crunch::{
    accepted, attributes, bad, catalog, conflict, created, entity, forbidden, here, invalid, link, missing,
    projects, variables, wrapped_body,
};
use crate::server::call::{Call, unescape};
use crate::server::data::{COMPANIES, Kind, PRODUCTS, START, hex_id, iso, nth};
use crate::server::reply::{JSON_UTF8, Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::{Switch, World};

pub const ROUTES: &[Route] = &[
    route("GET", "/datasets/", nothing_listed),
    route("GET", "/datasets/all/", list),
    route("POST", "/datasets/", create),
    route("PATCH", "/datasets/", change_many),
    route("GET", "/datasets/order/", order),
    route("GET", "/datasets/by_name/{}/", by_name),
    route("GET", "/datasets/{}/", detail),
    route("PATCH", "/datasets/{}/", change),
    route("DELETE", "/datasets/{}/", delete),
];

/// Names a client has to take care with stand among the others.
const SPECIAL: [&str; 4] = ["a/b ü", "100% 问卷?#&=", "ชุดข้อมูล ๑", "مسح السوق 📊"];
const DATASETS: usize = 40;
/// Somebody else is editing this one.
const OCCUPIED: usize = 6;
/// And this one is for reading only.
const READ_ONLY: usize = 7;
/// The catalogs below each dataset.
const CATALOGS: [&str; 8] =
    ["variables", "batches", "savepoints", "permissions", "filters", "folders", "multitables", "decks"];

pub struct Dataset {
    pub id: String,
    pub name: String,
    /// The project it lies in.
    pub project: String,
    /// The rows it came with; what stands in them follows from their number.
    pub given: usize,
    /// The rows that were sent since.
    pub sent: Vec<Row>,
    /// Columns that were sent for the rows it came with, by alias.
    pub columns: HashMap<String, Vec<Value>>,
    /// Attributes that are kept as they were sent.
    more: Map<String, Value>,
    editor: Option<String>,
    pub read_only: bool,
    /// Changed since the last savepoint.
    pub changed: bool,
    pub savepoints: Vec<Savepoint>,
    pub streaming: bool,
    /// Rows of the stream that no batch has taken yet, and how many came in all.
    pub pending: Vec<Row>,
    pub received: usize,
    pub batches: Vec<Batch>,
    pub variables: Vec<Value>,
    /// Filters, multitables and decks.
    pub parts: Vec<Part>,
    pub settings: Map<String, Value>,
    /// E-mail and permissions of whom it is shared with.
    pub shares: Vec<(String, Value)>,
    created: u64,
}

impl Dataset {
    fn new(id: String, name: &str, project: String, editor: Option<String>, created: u64) -> Dataset {
        Dataset {
            id,
            name: name.into(),
            project,
            given: 0,
            sent: Vec::new(),
            columns: HashMap::new(),
            more: Map::new(),
            editor,
            read_only: false,
            changed: true,
            savepoints: Vec::new(),
            streaming: false,
            pending: Vec::new(),
            received: 0,
            batches: Vec::new(),
            variables: Vec::new(),
            parts: Vec::new(),
            settings: Map::new(),
            shares: Vec::new(),
            created,
        }
    }

    pub fn tuple(&self, call: &Call) -> Value {
        let project = projects::url(call, &self.project);
        let mut tuple = json!({
            "id": self.id, "name": self.name, "description": "", "archived": false, "type": "dataset",
            "is_published": true, "notes": "", "start_date": null, "end_date": null,
            "owner": project, "owner_id": project,
            "owner_name": nth(COMPANIES, self.given), "permissions": { "edit": !self.read_only,
            "view": true },
            "size": { "rows": self.rows(), "columns": variables::count(self),
            "unfiltered_rows": self.rows() },
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
        let project = projects::given_id(usize::from(n % 4 == 3));
        let (id, created) = (hex_id(Kind::Dataset, n), START + n as u64);
        let mut made = Dataset::new(id, &name, project, Some(editor.into()), created);
        made.given = if n == 0 { 2500 } else { 120 + n };
        made.read_only = n == READ_ONLY;
        made.savepoints = savepoints::given(n);
        made.changed = false;
        made
    };
    (0..DATASETS).map(dataset).collect()
}

pub fn by_id<'a>(world: &'a World, id: &str) -> Option<&'a Dataset> {
    world.crunch.datasets.iter().find(|dataset| dataset.id == id)
}

pub fn by_id_mut<'a>(world: &'a mut World, id: &str) -> Option<&'a mut Dataset> {
    world.crunch.datasets.iter_mut().find(|dataset| dataset.id == id)
}

/// The one that the path names.
pub fn get<'a>(world: &'a World, call: &Call) -> Result<&'a Dataset, Reply> {
    by_id(world, call.param(0)).ok_or_else(|| missing(world, call))
}

pub fn get_mut<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Dataset, Reply> {
    let refusal = missing(world, call);
    by_id_mut(world, call.param(0)).ok_or(refusal)
}

pub fn url(call: &Call, id: &str) -> String {
    link(call, &format!("datasets/{id}/"))
}

const DEPRECATED: &str = "299 - \"This resource no longer lists datasets and is scheduled for removal: \
    use datasets/all/, datasets/by_name/ or projects/.\"";

/// Empty since 2021, and it says so. What it links to is still there.
fn nothing_listed(_: &mut World, call: &Call) -> Outcome {
    Ok(catalog(call, Map::new(), lists(call)).header("warning", DEPRECATED))
}

fn lists(call: &Call) -> Value {
    json!({
        "orders": { "order": link(call, "datasets/order/") },
        "catalogs": { "all": link(call, "datasets/all/"), "by_name": link(call, "datasets/by_name/{name}/") },
    })
}

/// The keys of the index are absolute, relative to the catalog, or relative by way of its parent.
fn list(world: &mut World, call: &Call) -> Outcome {
    let key = |n: usize, id: &str| match n % 3 {
        0 => url(call, id),
        1 => format!("../{id}/"),
        _ => format!("../../datasets/{id}/"),
    };
    let rows = world.crunch.datasets.iter().enumerate();
    let index = rows.map(|(n, dataset)| (key(n, &dataset.id), dataset.tuple(call)));
    Ok(catalog(call, index.collect(), lists(call)))
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
    let project = project_of(world, call, &mut body)?;
    let id = world.hex(32);
    let mut made = Dataset::new(id.clone(), &name, project, Some(call.user.clone()), world.now());
    made.streaming = is_streaming(body.remove("streaming").as_ref());
    let table = body.remove("table").unwrap_or_default();
    made.variables = variables::from_table(Some(&table));
    made.append(rows::of_table(table.get("data")));
    made.more = body;
    world.crunch.datasets.push(made);
    let location = url(call, &id);
    if world.is_on(Switch::DatasetAccepted) {
        let progress = jobs::begin(world, call, &format!("create_dataset:{id}"), End::Nothing);
        return Ok(accepted(world, call, &progress, Some(&location)));
    }
    Ok(created(world, &location))
}

/// The project that a new dataset names as `project` or `owner`.
fn project_of(world: &mut World, call: &Call, body: &mut Map<String, Value>) -> Result<String, Reply> {
    let named = [body.remove("project"), body.remove("owner")].into_iter().flatten();
    let named = named.filter_map(|value| value.as_str().map(str::to_string)).next();
    let place = match &named {
        Some(url) => url.contains("projects/").then(|| id_of(url).to_string()),
        None if world.is_on(Switch::ProjectRequired) => None,
        None => Some("personal".into()),
    };
    let found = place.and_then(|place| projects::find(world, call, &place));
    let found = found.ok_or_else(|| {
        let problem = if named.is_some() {
            "There is no such project."
        } else {
            "Datasets must be created in a project."
        };
        invalid(&format!("{problem} Name one as 'project', for example projects/personal/."))
    })?;
    Ok(world.crunch.projects[found].id.clone())
}

fn is_streaming(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Bool(true))) || value.is_some_and(|value| value == "streaming")
}

fn detail(world: &mut World, call: &Call) -> Outcome {
    let dataset = get(world, call)?;
    let below = |name: &&str| (name.to_string(), json!(format!("{}{name}/", here(call))));
    let listed = |names: &[&str]| names.iter().map(below).collect::<Map<_, _>>();
    let mut catalogs = listed(&CATALOGS);
    catalogs.insert("parent".into(), json!(link(call, "datasets/")));
    catalogs.insert("project".into(), json!(projects::url(call, &dataset.project)));
    let editor = dataset.editor.as_ref().map(|email| user_url(call, email));
    let more = json!({
        "description": "Detail for a given dataset",
        "catalogs": catalogs,
        "views": listed(&["export", "summary", "cube"]),
        "fragments": listed(&Dataset::FRAGMENTS),
        "urls": { "user_url": user_url(call, &call.user), "owner_url": projects::url(call, &dataset.project),
            "editor_url": editor },
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

/// A PATCH of the catalog: changed tuples by URL; null removes.
fn change_many(world: &mut World, call: &Call) -> Outcome {
    let Some(Value::Object(index)) = call.object().remove("index") else {
        return Err(bad("A catalog with an index is needed."));
    };
    for (key, changes) in index {
        let id = id_of(&key);
        let dataset = by_id_mut(world, id).ok_or_else(|| bad(&format!("There is no {key}.")))?;
        match changes {
            Value::Object(changes) => apply(dataset, call, changes)?,
            _ if dataset.read_only => return Err(forbidden("You may only view this dataset.")),
            _ => world.crunch.datasets.retain(|dataset| dataset.id != id),
        }
    }
    Ok(Reply::empty(204).header("warning", DEPRECATED))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    if get(world, call)?.read_only {
        return Err(forbidden("You may only view this dataset."));
    }
    world.crunch.datasets.retain(|dataset| dataset.id != call.param(0));
    Ok(Reply::empty(204))
}
