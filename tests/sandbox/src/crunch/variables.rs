//! Variables of a Crunch dataset, their values, and the table. The identifiers are encoded on
//! purpose: a client that decodes one and encodes it again asks for something else.

use serde_json::{Map, Value, json};

use crate::crunch::datasets::{Dataset, get, get_mut};
use crate::crunch::rows::no_data;
use crate::crunch::sources::id_of;
use crate::crunch::{
    attributes, bad, catalog, created, entity, here, indexed, invalid, missing, view, window, wrapped_body,
};
use crate::server::call::Call;
use crate::server::data::{CITIES, PEOPLE, nth};
use crate::server::reply::{JSON_UTF8, Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("GET", "/datasets/{}/variables/", list),
    route("POST", "/datasets/{}/variables/", create),
    route("PATCH", "/datasets/{}/variables/", change_many),
    route("GET", "/datasets/{}/variables/hier/", order),
    route("GET", "/datasets/{}/variables/{}/", detail),
    route("PATCH", "/datasets/{}/variables/{}/", change),
    route("GET", "/datasets/{}/variables/{}/values/", values),
    route("GET", "/datasets/{}/table/", table),
];

/// The segment of the path, the identifier, the type.
const VARIABLES: &[(&str, &str, &str)] = &[
    ("0001", "0001", "numeric"),
    ("%E6%80%A7%E5%88%AB", "性别", "categorical"),
    ("%E0%B8%AD%E0%B8%B2%E0%B8%A2%E0%B8%B8", "อายุ", "numeric"),
    ("%D8%A7%D9%84%D9%85%D8%AF%D9%8A%D9%86%D8%A9", "المدينة", "text"),
    ("na%C3%AFve%20caf%C3%A9", "naïve café", "text"),
    ("grid%3A1%24x", "grid:1$x", "numeric"),
    ("A%2FB", "A/B", "categorical"),
    ("%F0%9F%98%80", "😀", "datetime"),
];

pub fn count(dataset: &Dataset) -> usize {
    base(dataset).len() + dataset.variables.len()
}

/// A dataset somebody made has only the variables they gave it.
fn base(dataset: &Dataset) -> &'static [(&'static str, &'static str, &'static str)] {
    if dataset.given > 0 { VARIABLES } else { &[] }
}

fn definition(id: &str, kind: &str) -> Value {
    let mut definition = json!({ "id": id, "alias": id, "name": id, "description": "变量",
    "type": kind, "discarded": false, "derived": false, "notes": "" });
    if kind == "categorical" {
        definition["categories"] = json!([
            { "id": 1, "name": "女", "missing": false }, { "id": 2, "name": "ชาย",
            "missing": false },
            { "id": -1, "name": "No Data", "missing": true },
        ]);
    }
    definition
}

/// Segment and definition of each.
pub fn all(dataset: &Dataset) -> Vec<(String, Value)> {
    let given = base(dataset).iter().map(|(segment, id, kind)| (segment.to_string(), definition(id, kind)));
    let made = dataset.variables.iter();
    let made = made.map(|variable| (variable["id"].as_str().unwrap_or("").to_string(), variable.clone()));
    given.chain(made).collect()
}

/// The variables of the `crunch:table` a dataset is made with.
pub fn from_table(table: Option<&Value>) -> Vec<Value> {
    let metadata = table.and_then(|table| table.get("metadata")).and_then(Value::as_object);
    let columns = metadata.into_iter().flatten().enumerate();
    columns.map(|(n, (alias, sent))| made(n, alias, sent.as_object().cloned().unwrap_or_default())).collect()
}

pub fn made(n: usize, alias: &str, sent: Map<String, Value>) -> Value {
    let kind = sent.get("type").and_then(Value::as_str).unwrap_or("text");
    let mut made = definition(alias, kind);
    for (name, value) in sent {
        made[name] = value;
    }
    made["id"] = format!("{:06}", n + 1).into();
    made
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let all = all(get(world, call)?).into_iter().enumerate();
    let key = |n: usize, segment: &str| match n % 2 {
        0 => format!("{segment}/"),
        _ => format!("{}{segment}/", here(call)),
    };
    let index = all.map(|(n, (segment, tuple))| (key(n, &segment), tuple));
    Ok(catalog(call, index.collect(), json!({ "orders": { "hier": format!("{}hier/", here(call)) } })))
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let mut body = wrapped_body(call)?;
    let dataset = get_mut(world, call)?;
    let name = body.get("name").and_then(Value::as_str).map(str::to_string);
    let name = name.ok_or_else(|| invalid("'name' is required and must be a string."))?;
    body.entry("alias").or_insert_with(|| json!(name));
    let values = body.remove("values").and_then(|values| values.as_array().cloned());
    let made = made(dataset.variables.len(), &name, body);
    let location = format!("{}{}/", here(call), made["id"].as_str().unwrap_or(""));
    let alias = made["alias"].as_str().unwrap_or("").to_string();
    dataset.take_column(&alias, values.unwrap_or_default());
    dataset.variables.push(made);
    dataset.changed = true;
    Ok(created(world, &location))
}

/// The variable that a URL of this dataset names.
pub fn by_url(dataset: &Dataset, url: &str) -> Option<Value> {
    let mut all = all(dataset).into_iter();
    all.find(|(segment, _)| segment == id_of(url)).map(|(_, definition)| definition)
}

/// Changed tuples by URL; null removes a variable that was made here.
fn change_many(world: &mut World, call: &Call) -> Outcome {
    let dataset = get_mut(world, call)?;
    for (key, tuple) in indexed(call) {
        by_url(dataset, &key).ok_or_else(|| bad(&format!("There is no {key}.")))?;
        let at = dataset.variables.iter().position(|variable| variable["id"] == id_of(&key));
        match (at, tuple) {
            (Some(at), Value::Null) => drop(dataset.variables.remove(at)),
            (Some(at), Value::Object(changes)) => {
                changes.into_iter().for_each(|(name, value)| dataset.variables[at][name] = value)
            }
            // The given ones are constant; a change of one is taken and forgotten.
            _ => {}
        }
    }
    dataset.changed = true;
    Ok(Reply::empty(204))
}

fn order(world: &mut World, call: &Call) -> Outcome {
    let all = all(get(world, call)?);
    let graph: Vec<String> = all.iter().map(|(segment, _)| format!("../{segment}/")).collect();
    let body = json!({ "element": "shoji:order", "self": here(call), "graph": graph });
    Ok(Reply::text(200, JSON_UTF8, body.to_string()))
}

/// The one the path names, byte for byte.
pub fn named(world: &World, call: &Call) -> Result<Value, Reply> {
    let mut all = all(get(world, call)?).into_iter();
    let found = all.find(|(segment, _)| segment == call.param(1));
    found.map(|(_, definition)| definition).ok_or_else(|| missing(world, call))
}

fn detail(world: &mut World, call: &Call) -> Outcome {
    let body = named(world, call)?;
    Ok(entity(
        call,
        body,
        json!({ "views": { "values": format!("{}values/", here(call)), "summary": format!("{}summary/", here(call)) } }),
    ))
}

fn change(world: &mut World, call: &Call) -> Outcome {
    let id = named(world, call)?["id"].clone();
    let dataset = get_mut(world, call)?;
    dataset.changed = true;
    // The given ones are constant; a change of one is taken and forgotten.
    if let Some(variable) = dataset.variables.iter_mut().find(|variable| variable["id"] == id) {
        for (name, value) in attributes(call).into_iter().filter(|(name, _)| name != "id") {
            variable[name] = value;
        }
    }
    Ok(Reply::empty(204))
}

/// What stands in a given row. Every fiftieth is missing; a variable that was made later has no data there.
pub fn cell(definition: &Value, row: usize) -> Value {
    let given = VARIABLES.iter().find(|(_, id, _)| definition["id"] == *id);
    match given.map(|(_, _, kind)| *kind) {
        _ if row % 50 == 49 => no_data(),
        None => no_data(),
        Some("numeric") => json!(row as f64 / 4.0),
        Some("categorical") => json!(row % 2 + 1),
        Some("datetime") => json!(format!("2018-02-{:02}", row % 28 + 1)),
        Some(_) => json!(format!("{} {}", nth(CITIES, row).0, nth(PEOPLE, row).0)),
    }
}

fn column(dataset: &Dataset, definition: &Value, rows: impl Iterator<Item = usize>) -> Vec<Value> {
    rows.map(|row| dataset.value(definition, row)).collect()
}

fn values(world: &mut World, call: &Call) -> Outcome {
    let definition = named(world, call)?;
    let dataset = get(world, call)?;
    let (offset, limit) = window(call, dataset.rows())?;
    let number =
        |name: &str, other: usize| call.query_value(name).and_then(|n| n.parse().ok()).unwrap_or(other);
    let (start, total) = (number("start", offset), number("total", limit));
    Ok(view(call, column(dataset, &definition, (0..dataset.rows()).skip(start).take(total)).into()))
}

/// Metadata only, unless `limit` is given and not zero.
fn table(world: &mut World, call: &Call) -> Outcome {
    let dataset = get(world, call)?;
    let (offset, limit) = window(call, 0)?;
    let (mut metadata, mut data) = (Map::new(), Map::new());
    for (_, definition) in all(dataset) {
        let id = definition["id"].as_str().unwrap_or("").to_string();
        if limit > 0 {
            let rows = (0..dataset.rows()).skip(offset).take(limit);
            data.insert(id.clone(), column(dataset, &definition, rows).into());
        }
        metadata.insert(id, definition);
    }
    let body = json!({ "element": "crunch:table", "self": here(call), "metadata": metadata,
    "data": data });
    Ok(Reply::text(200, JSON_UTF8, body.to_string()))
}
