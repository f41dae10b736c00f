//! What takes Crunch longer: progress, batches, streams, exports, scripts.

use std::collections::HashMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::crunch::datasets::{Dataset, by_id_mut, get};
use crate::crunch::expression::kept;
use crate::crunch::{
    accepted, bad, catalog, entity, here, invalid, link, missing, rows, variables, view, wrapped_body,
};
use crate::server::call::Call;
use crate::server::reply::{JSON_UTF8, Outcome, Reply};
use crate::server::route::{Media, Route, route};
use crate::server::s3;
use crate::server::world::{Switch, World};

pub const ROUTES: &[Route] = &[
    route("GET", "/progress/{}/", progress),
    route("GET", "/progress/{}/result/", result),
    route("GET", "/datasets/{}/export/", formats),
    route("POST", "/datasets/{}/export/{}/", export).media(Media::Any),
    route("GET", "/datasets/{}/scripts/", scripts),
    route("POST", "/datasets/{}/scripts/", script),
    route("POST", "/datasets/{}/actions/", act),
    route("POST", "/datasets/{}/publish/", act),
    route("GET", "/datasets/{}/pk/", primary_key),
    route("POST", "/datasets/{}/pk/", act),
];

const FORMATS: [&str; 3] = ["csv", "spss", "parquet"];

/// What the end of a job brings about.
#[derive(Clone)]
pub enum End {
    Nothing,
    /// The file at this path is there.
    File(String),
    /// The batch (dataset, batch) gets its outcome.
    Batch(String, String),
}

struct Job {
    steps: Vec<Value>,
    at: usize,
    end: End,
}

/// The jobs by their id as it stands in the URL.
#[derive(Default)]
pub struct Jobs {
    by_segment: HashMap<String, Job>,
}

/// E6: what is wrong with a script, line by line.
pub fn failure() -> Value {
    json!({
        "type": "script:validation", "description": "Errors processing the script",
        "resolutions": [{ "message": "Invalid variable: 变量", "command": 1, "line": 2, "column": 7,
        "hint": "性别" },
            { "message": "Unknown command", "command": 2, "line": 3 }],
    })
}

/// Starts a job and gives its progress URL.
pub fn begin(world: &mut World, call: &Call, task: &str, end: End) -> String {
    let steps = world.settings.progress.clone();
    begin_with(world, call, task, end, steps).1
}

pub fn begin_with(
    world: &mut World,
    call: &Call,
    task: &str,
    end: End,
    steps: Vec<Value>,
) -> (String, String) {
    // Every reserved character is encoded, and has to come back encoded.
    let task = format!("{task}${}", world.hex(32));
    let segment = utf8_percent_encode(&task, NON_ALPHANUMERIC).to_string().replace("%5F", "_");
    world.crunch.jobs.by_segment.insert(segment.clone(), Job { steps, at: 0, end });
    let url = link(call, &format!("progress/{segment}/"));
    (segment, url)
}

/// The job's state, one step further each time; `None` if nothing is known of it.
pub fn step(world: &mut World, segment: &str) -> Option<Value> {
    let job = world.crunch.jobs.by_segment.get_mut(segment)?;
    let value = match job.steps.get(job.at) {
        Some(Value::Object(value)) => Value::Object(value.clone()),
        Some(number) => json!({ "progress": number, "message": "处理中" }),
        None => json!({ "progress": 100, "message": "complete" }),
    };
    job.at = (job.at + 1).min(job.steps.len().saturating_sub(1));
    let at = value["progress"].as_f64().unwrap_or(0.0);
    if !(0.0..100.0).contains(&at) {
        let end = std::mem::replace(&mut job.end, End::Nothing);
        finish(world, end, at >= 100.0);
    }
    Some(value)
}

fn finish(world: &mut World, end: End, well: bool) {
    match end {
        End::File(path) if well => world.files.finish(&path),
        End::Nothing | End::File(_) => {}
        End::Batch(dataset, id) => {
            let Some(dataset) = by_id_mut(world, &dataset) else { return };
            dataset.batches.retain(|batch| batch.id != id || batch.outcome != "gone");
            let Some(batch) = dataset.batches.iter_mut().find(|batch| batch.id == id) else {
                return;
            };
            batch.status = if well { batch.outcome } else { "error" };
            if batch.status == "imported" {
                let content = std::mem::take(&mut batch.content);
                dataset.append(content);
            }
        }
    }
}

/// An id that nobody knows is done: so says the documentation.
fn progress(world: &mut World, call: &Call) -> Outcome {
    let value = step(world, call.param(0));
    let value = value.unwrap_or_else(|| json!({ "progress": 100, "message": "complete" }));
    let body = json!({ "element": "shoji:view", "self": here(call), "value": value,
        "views": { "result": format!("{}result/", here(call)) } });
    Ok(Reply::text(200, JSON_UTF8, body.to_string()))
}

fn result(_: &mut World, call: &Call) -> Outcome {
    Ok(view(call, json!({ "id": call.param(0), "type": "response" })))
}

fn formats(world: &mut World, call: &Call) -> Outcome {
    get(world, call)?;
    let links = FORMATS.iter().map(|format| (format.to_string(), json!(format!("{}{format}/", here(call)))));
    let name = if world.is_on(Switch::FormatsUnderValue) { "value" } else { "views" };
    let mut body = json!({ "element": "shoji:view", "self": here(call) });
    body[name] = Value::Object(links.collect());
    Ok(Reply::text(200, JSON_UTF8, body.to_string()))
}

/// The Location is the file to be, on a foreign origin, good for an hour from now.
fn export(world: &mut World, call: &Call) -> Outcome {
    let dataset = get(world, call)?;
    if !FORMATS.contains(&call.param(1)) {
        return Err(missing(world, call));
    }
    if call.body_length > 0 && !call.json().is_some_and(|body| body.is_object()) {
        return Err(bad("The body is not a JSON object."));
    }
    let body = call.object();
    let wanted = body.get("value").and_then(Value::as_object).unwrap_or(&body);
    let rows =
        kept(dataset, wanted.get("filter").unwrap_or(&Value::Null)).map_err(|problem| invalid(&problem))?;
    let definitions = match wanted.get("variables").and_then(Value::as_array) {
        None => variables::all(dataset).into_iter().map(|(_, definition)| definition).collect(),
        Some(urls) => chosen(dataset, urls)?,
    };
    let ids = wanted.get("options").is_some_and(|options| options["use_category_ids"] == true);
    let (csv, id) = (rows::csv(dataset, &definitions, rows.into_iter(), ids), dataset.id.clone());
    let extension = if call.param(1) == "spss" { "sav" } else { call.param(1) };
    let (path, location) = s3::store(world, call, &format!("{id}.{extension}"), csv, false);
    let progress = begin(world, call, &format!("export:{id}"), End::File(path));
    Ok(accepted(world, call, &progress, Some(&location)))
}

fn chosen(dataset: &Dataset, urls: &[Value]) -> Result<Vec<Value>, Reply> {
    let one = |url: &Value| variables::by_url(dataset, url.as_str().unwrap_or(""));
    let found =
        urls.iter().map(|url| one(url).ok_or_else(|| invalid(&format!("There is no variable {url}."))));
    found.collect()
}

fn scripts(world: &mut World, call: &Call) -> Outcome {
    get(world, call)?;
    Ok(catalog(call, Map::new(), json!({})))
}

fn primary_key(world: &mut World, call: &Call) -> Outcome {
    get(world, call)?;
    Ok(entity(call, json!({ "pk": [] }), json!({})))
}

/// `SYNTAX` in the text is refused at once, `FAIL` later, as a failed job.
fn script(world: &mut World, call: &Call) -> Outcome {
    get(world, call)?;
    let body = wrapped_body(call)?;
    let text = body.get("body").and_then(Value::as_str).ok_or_else(|| invalid("'body' is missing."))?;
    if text.contains("SYNTAX") {
        let mut error = failure();
        error["element"] = "crunch:error".into();
        error["self"] = here(call).into();
        error["type"] = "script:syntax".into();
        return Err(Reply::text(400, JSON_UTF8, error.to_string()));
    }
    let mut steps = world.settings.progress.clone();
    if let Some(last) = steps.last_mut().filter(|_| text.contains("FAIL")) {
        *last = json!({ "progress": -1, "message": failure() });
    }
    let task = format!("script:{}", call.param(0));
    let progress = begin_with(world, call, &task, End::Nothing, steps).1;
    Ok(accepted(world, call, &progress, None))
}

/// Accepted, and there is no place to look at afterwards.
fn act(world: &mut World, call: &Call) -> Outcome {
    get(world, call)?;
    let progress = begin(world, call, &format!("action:{}", call.param(0)), End::Nothing);
    Ok(accepted(world, call, &progress, None))
}
