//! Appending rows to a Crunch dataset: batches and streams.

use serde_json::{Value, json};

use crate::crunch::datasets::{by_id, get, get_mut, url};
use crate::crunch::jobs::{End, begin_with, failure, step};
use crate::crunch::rows::{self, Row};
use crate::crunch::sources::id_of;
use crate::crunch::{
    accepted, bad, catalog, conflict, created, entity, invalid, missing, view, wrapped_body,
};
use crate::server::call::Call;
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{Media, Route, route};
use crate::server::world::{Switch, World};

pub const ROUTES: &[Route] = &[
    route("GET", "/datasets/{}/batches/", batches),
    route("POST", "/datasets/{}/batches/", append),
    route("GET", "/datasets/{}/batches/compare/", compare),
    route("GET", "/datasets/{}/batches/{}/", batch),
    route("DELETE", "/datasets/{}/batches/{}/", drop_batch),
    route("GET", "/datasets/{}/stream/", stream_state),
    route("POST", "/datasets/{}/stream/", stream).media(Media::Any),
];

pub struct Batch {
    pub id: String,
    pub status: &'static str,
    /// What it becomes when its job is through; "gone" removes it.
    pub outcome: &'static str,
    source: String,
    job: String,
    /// What it brings, until it is appended.
    pub content: Vec<Row>,
    rows: usize,
}

/// What becomes of a batch whose origin has `part` in its name, and how its job ends.
struct Fate {
    part: &'static str,
    outcome: &'static str,
    end: fn() -> Value,
}

const FATES: &[Fate] = &[
    Fate { part: "conflict", outcome: "conflict", end: || json!(100) },
    Fate { part: "error", outcome: "error", end: || json!(100) },
    Fate { part: "gone", outcome: "gone", end: || json!(100) },
    Fate {
        part: "refused",
        outcome: "error",
        end: || refused(json!("The file could not be read: 文件损坏")),
    },
    Fate { part: "script", outcome: "error", end: || refused(failure()) },
];

fn refused(message: Value) -> Value {
    json!({ "progress": -1, "message": message })
}

fn batches(world: &mut World, call: &Call) -> Outcome {
    let list = get(world, call)?.batches.iter();
    let tuple = |b: &Batch| json!({ "id": b.id, "status": b.status, "source_id": id_of(&b.source) });
    Ok(catalog(call, list.map(|b| (format!("{}/", b.id), tuple(b))).collect(), json!({})))
}

fn append(world: &mut World, call: &Call) -> Outcome {
    let body = wrapped_body(call)?;
    let dataset = get(world, call)?;
    let streams = body.get("type").is_some_and(|kind| kind == "ldjson") && body.contains_key("stream");
    if dataset.batches.iter().any(|batch| batch.status == "importing") {
        return Err(conflict("An append is running."));
    }
    if dataset.streaming && !streams {
        return Err(conflict("The dataset is streaming."));
    }
    if streams && dataset.pending.is_empty() {
        return Err(conflict("There are no pending rows."));
    }
    let kinds = ["source", "dataset", "url", "table"];
    let text = |name: &&str| body.get(*name).and_then(Value::as_str);
    let named = kinds.iter().find_map(text);
    if named.is_none() && !streams && body.get("element").is_none_or(|e| e != "crunch:table") {
        return Err(invalid("One of source, dataset, url or stream is needed."));
    }
    let origin = named.unwrap_or("").to_string();
    let mut name = origin.clone();
    let content = if body.contains_key("source") {
        let source = world.crunch.sources.by_id.get_mut(id_of(&origin));
        let source = source.ok_or_else(|| invalid("There is no such source."))?;
        source.used = true;
        name = source.name.clone();
        source.rows.clone()
    } else if streams {
        let pending = &mut get_mut(world, call)?.pending;
        let count = body.get("stream").and_then(Value::as_u64).map_or(pending.len(), |count| count as usize);
        pending.drain(..count.min(pending.len())).collect()
    } else if body.contains_key("dataset") {
        by_id(world, id_of(&origin)).ok_or_else(|| invalid("There is no such dataset."))?.all_rows()
    } else {
        rows::of_table(body.get("data"))
    };
    import(world, call, origin, &name, content)
}

/// Makes the batch; the name of its origin tells what becomes of it.
fn import(world: &mut World, call: &Call, source: String, name: &str, content: Vec<Row>) -> Outcome {
    let fate = FATES.iter().find(|fate| name.contains(fate.part));
    let outcome = fate.map_or("imported", |fate| fate.outcome);
    let mut steps = world.settings.progress.clone();
    if let (Some(fate), Some(last)) = (fate, steps.last_mut()) {
        *last = (fate.end)();
    }
    let id = world.hex(32);
    let dataset = call.param(0).to_string();
    let end = End::Batch(dataset.clone(), id.clone());
    let task = format!("import_batch:{dataset}");
    let (job, progress) = begin_with(world, call, &task, end, steps);
    let rows = content.len();
    let batch = Batch { id: id.clone(), status: "importing", outcome, source, job, content, rows };
    get_mut(world, call)?.batches.push(batch);
    let location = format!("{}batches/{id}/", url(call, &dataset));
    Ok(match world.is_on(Switch::BatchAccepted) {
        true => accepted(world, call, &progress, Some(&location)),
        false => created(world, &location),
    })
}

fn named<'a>(world: &'a World, call: &Call) -> Result<&'a Batch, Reply> {
    let mut list = get(world, call)?.batches.iter();
    list.find(|batch| batch.id == call.param(1)).ok_or_else(|| missing(world, call))
}

/// Looking at a batch moves its job on as well: some clients never look at the progress. A batch
/// that was rolled back is gone.
fn batch(world: &mut World, call: &Call) -> Outcome {
    let found = named(world, call)?;
    let job = found.job.clone();
    let value = match found.status {
        "importing" => step(world, &job),
        _ => None,
    };
    let batch = named(world, call)?;
    let body = json!({
        "id": batch.id, "status": batch.status, "source": batch.source,
        "progress": value.map_or(json!(100), |value| value["progress"].clone()),
        "source_rows": batch.rows, "target_rows": batch.rows,
        "error": if batch.status == "error" { json!("The append failed: 数据错误") } else { Value::Null },
        "conflicts": match batch.status {
            "conflict" => json!({ "性别": [{ "message": "Types differ" }] }),
            _ => json!({}),
        },
    });
    Ok(entity(call, body, json!({})))
}

fn drop_batch(world: &mut World, call: &Call) -> Outcome {
    let refusal = missing(world, call);
    let dataset = get_mut(world, call)?;
    let at = dataset.batches.iter().position(|batch| batch.id == call.param(1)).ok_or(refusal)?;
    if !matches!(dataset.batches[at].status, "error" | "conflict") {
        return Err(bad("Only a failed batch can be dropped."));
    }
    dataset.batches.remove(at);
    Ok(Reply::empty(204))
}

fn compare(world: &mut World, call: &Call) -> Outcome {
    get(world, call)?;
    let other = call.query_value("dataset").unwrap_or_default();
    let clash = by_id(world, id_of(&other)).is_some_and(|dataset| dataset.name.contains("conflict"));
    Ok(view(call, if clash { json!({ "current": {}, "incoming": {}, "union": {} }) } else { json!({}) }))
}

fn stream_state(world: &mut World, call: &Call) -> Outcome {
    let dataset = get(world, call)?;
    let body = json!({ "pending_messages": dataset.pending.len(), "received_messages": dataset.received });
    Ok(entity(call, body, json!({ "description": "A stream for this dataset" })))
}

/// One JSON object on each line.
fn stream(world: &mut World, call: &Call) -> Outcome {
    let text = String::from_utf8_lossy(&call.body).into_owned();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let mut rows = Vec::new();
    for (n, line) in lines {
        match serde_json::from_str(line) {
            Ok(Value::Object(row)) => rows.push(row),
            _ => return Err(bad(&format!("Line {}: not a JSON object.", n + 1))),
        }
    }
    let dataset = get_mut(world, call)?;
    dataset.received += rows.len();
    dataset.pending.append(&mut rows);
    Ok(Reply::empty(202))
}
