//! Cubes and summaries of Crunch: counts of the rows there are.

use serde_json::{Map, Value, json};

use crate::crunch::datasets::{Dataset, get};
use crate::crunch::expression::kept;
use crate::crunch::rows::{is_missing, text};
use crate::crunch::{invalid, variables, view};
use crate::server::call::Call;
use crate::server::reply::{JSON_UTF8, Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("GET", "/datasets/{}/summary/", summary),
    route("GET", "/datasets/{}/cube/", cube),
    route("POST", "/datasets/{}/cube/", cube),
    route("GET", "/datasets/{}/variables/{}/summary/", summary_of_variable),
];

/// A numeric variable is cut into so many pieces at most.
const BINS: usize = 10;

/// The JSON of a parameter; null if it is not given.
fn parameter(call: &Call, name: &str) -> Result<Value, Reply> {
    match call.query_value(name).filter(|text| !text.is_empty()) {
        Some(text) if text.starts_with("http") => Ok(Value::String(text)),
        Some(text) => serde_json::from_str(&text).map_err(|_| invalid(&format!("'{name}' is not JSON."))),
        None => Ok(call.object().remove(name).unwrap_or_default()),
    }
}

fn selected(dataset: &Dataset, call: &Call) -> Result<Vec<usize>, Reply> {
    kept(dataset, &parameter(call, "filter")?).map_err(|problem| invalid(&problem))
}

/// As it was recorded: no document around it.
fn summary(world: &mut World, call: &Call) -> Outcome {
    let dataset = get(world, call)?;
    let counts = json!({ "filtered": selected(dataset, call)?.len(), "total": dataset.rows() });
    let body = json!({ "rows": counts, "weighted": counts, "unweighted": counts });
    Ok(Reply::text(200, JSON_UTF8, body.to_string()))
}

fn summary_of_variable(world: &mut World, call: &Call) -> Outcome {
    let definition = variables::named(world, call)?;
    let dataset = get(world, call)?;
    let values: Vec<Value> =
        selected(dataset, call)?.into_iter().map(|row| dataset.value(&definition, row)).collect();
    let missing = values.iter().filter(|value| is_missing(value)).count();
    let mut body = json!({ "name": definition["name"], "type": definition["type"], "n": values.len(),
        "missing_count": missing, "valid_count": values.len() - missing });
    let numbers: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
    if text(&definition, "type") == "numeric" && !numbers.is_empty() {
        body["mean"] = json!(numbers.iter().sum::<f64>() / numbers.len() as f64);
        body["min"] = json!(numbers.iter().copied().fold(f64::INFINITY, f64::min));
        body["max"] = json!(numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    }
    Ok(Reply::text(200, JSON_UTF8, body.to_string()))
}

/// A dimension as the service writes it, and the element of each value.
struct Dimension {
    document: Value,
    missing: Vec<bool>,
    place: Box<dyn Fn(&Value) -> usize>,
}

fn cube(world: &mut World, call: &Call) -> Outcome {
    let dataset = get(world, call)?;
    let query = parameter(call, "query")?;
    let wanted = query["dimensions"].as_array().ok_or_else(|| invalid("'dimensions' is missing."))?;
    let rows = selected(dataset, call)?;
    let mut dimensions = Vec::new();
    for one in wanted {
        let definition = referenced(dataset, one)?;
        dimensions.push((dimension(dataset, &definition), definition));
    }
    let cells: usize = dimensions.iter().map(|(dimension, _)| dimension.missing.len()).product();
    let (mut counts, mut missing) = (vec![0_u64; cells], 0);
    for row in &rows {
        let (mut at, mut out) = (0, false);
        for (dimension, definition) in &dimensions {
            let place = (dimension.place)(&dataset.value(definition, *row));
            at = at * dimension.missing.len() + place;
            out |= dimension.missing[place];
        }
        counts[at] += 1;
        missing += u64::from(out);
    }
    let mut measures = Map::new();
    for (name, measure) in query["measures"].as_object().into_iter().flatten() {
        if measure["function"] != "cube_count" {
            return Err(invalid(&format!("The measure '{name}' is not served here: only cube_count is.")));
        }
        let kind = json!({ "class": "numeric", "integer": true, "missing_rules": {}, "missing_reasons": { "No Data": -1 } });
        let metadata = json!({ "references": {}, "derived": true, "type": kind });
        let measure = json!({ "data": counts, "n_missing": missing, "metadata": metadata });
        measures.insert(name.clone(), measure);
    }
    let documents: Vec<&Value> = dimensions.iter().map(|(dimension, _)| &dimension.document).collect();
    let result = json!({ "element": "crunch:cube", "dimensions": documents, "measures": measures, "counts": counts,
        "missing": missing, "n": rows.len() });
    Ok(view(call, json!({ "query": query, "query_environment": { "filter": [] }, "result": result })))
}

/// The variable that a dimension is about: bare, or inside a function of one argument.
fn referenced(dataset: &Dataset, dimension: &Value) -> Result<Value, Reply> {
    let inner = if dimension.get("function").is_some() { &dimension["args"][0] } else { dimension };
    let url = inner["variable"].as_str().ok_or_else(|| invalid("A dimension must be about a variable."))?;
    variables::by_url(dataset, url).ok_or_else(|| invalid(&format!("There is no variable {url}.")))
}

fn dimension(dataset: &Dataset, definition: &Value) -> Dimension {
    let references = json!({ "alias": definition["alias"], "name": definition["name"] });
    let document =
        |kind: Value, derived: bool| json!({ "references": references, "derived": derived, "type": kind });
    if let Some(mut categories) = definition["categories"].as_array().cloned() {
        // Where what fits nowhere is counted.
        if categories.last().is_none_or(|category| category["missing"] != true) {
            categories.push(json!({ "id": -1, "name": "No Data", "missing": true, "numeric_value": null }));
        }
        let kind = json!({ "class": "categorical", "ordinal": false, "categories": categories });
        let missing = categories.iter().map(|category| category["missing"] == true).collect();
        let place = move |value: &Value| {
            let id = if is_missing(value) { &value["?"] } else { value };
            let last = categories.len().saturating_sub(1);
            categories.iter().position(|category| category["id"] == *id).unwrap_or(last)
        };
        return Dimension { document: document(kind, false), missing, place: Box::new(place) };
    }
    let all = (0..dataset.rows()).map(|row| dataset.value(definition, row));
    let values: Vec<Value> = all.filter(|value| !is_missing(value)).collect();
    let subtype =
        json!({ "class": definition["type"], "missing_rules": {}, "missing_reasons": { "No Data": -1 } });
    let (elements, place): Places = match text(definition, "type") {
        "numeric" => bins(&values),
        _ => distinct(values),
    };
    let missing: Vec<bool> = (0..elements.len()).map(|_| false).chain([true]).collect();
    let numbered = elements.iter().enumerate();
    let mut elements: Vec<Value> =
        numbered.map(|(n, value)| json!({ "id": n + 1, "value": value, "missing": false })).collect();
    elements.push(json!({ "id": -1, "value": { "?": -1 }, "missing": true }));
    let kind = json!({ "class": "enum", "subtype": subtype, "elements": elements });
    Dimension { document: document(kind, true), missing, place }
}

type Places = (Vec<Value>, Box<dyn Fn(&Value) -> usize>);

/// Equal pieces from the least to the greatest; the place behind the last is for what is missing.
fn bins(values: &[Value]) -> Places {
    let numbers: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let count = if numbers.is_empty() { 0 } else { BINS };
    let width = if high > low { (high - low) / BINS as f64 } else { 1.0 };
    let edge = move |n: usize| low + width * n as f64;
    let place = move |value: &Value| match value.as_f64() {
        Some(number) if count > 0 => (((number - low) / width) as usize).min(count - 1),
        _ => count,
    };
    ((0..count).map(|n| json!([edge(n), edge(n + 1)])).collect(), Box::new(place))
}

fn distinct(mut values: Vec<Value>) -> Places {
    values.sort_by_key(ToString::to_string);
    values.dedup();
    let known = values.clone();
    let place = move |value: &Value| known.iter().position(|one| one == value).unwrap_or(known.len());
    (values, Box::new(place))
}
