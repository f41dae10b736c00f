//! Sources of Crunch: uploaded files, and files fetched from a URL.

use std::collections::HashMap;
use std::io::Read as _;

use serde_json::{Map, Value, json};

use crate::crunch::account::user_id;
use crate::crunch::rows::{self, Row};
use crate::crunch::{attributes, bad, catalog, created, entity, here, invalid, missing};
use crate::server::call::{Call, form_pairs, unescape};
use crate::server::data::iso;
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{Media, Route, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("GET", "/sources/", list),
    route("POST", "/sources/", create).media(Media::Any),
    route("GET", "/sources/{}/", detail),
    route("PATCH", "/sources/{}/", change),
    route("DELETE", "/sources/{}/", delete),
];

/// The media type of the part selects the parser.
const PARSERS: &[(&str, &str)] = &[
    ("text/csv", "csv"),
    ("application/csv", "csv"),
    ("application/x-spss-sav", "spss"),
    ("application/x-parquet", "parquet"),
    ("text/xml", "triples"),
];

pub struct Source {
    pub name: String,
    description: String,
    kind: &'static str,
    owner: String,
    filename: String,
    settings: Value,
    length: u64,
    /// What a CSV file holds. Nothing else is read here.
    pub rows: Vec<Row>,
    created: u64,
    /// A batch was made of it.
    pub used: bool,
}

#[derive(Default)]
pub struct Sources {
    pub by_id: HashMap<String, Source>,
}

/// The id at the end of a source's URL, absolute or relative.
pub fn id_of(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or("")
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let own = world.crunch.sources.by_id.iter().filter(|(_, source)| source.owner == call.user);
    let index = own.map(|(id, source)| {
        (format!("{id}/"), json!({ "name": source.name, "description": source.description }))
    });
    Ok(catalog(call, index.collect::<Map<_, _>>(), json!({})))
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let source = match call.media_type().as_deref() {
        Some("multipart/form-data") => from_parts(call)?,
        Some("application/x-www-form-urlencoded") => {
            let pairs = form_pairs(&String::from_utf8_lossy(&call.body));
            let url = pairs.into_iter().find(|(name, _)| name == "source_url");
            from_url(&url.ok_or_else(|| bad("'source_url' is missing."))?.1)?
        }
        Some("application/json" | "application/shoji") => {
            let body = attributes(call);
            let text = |name: &str| body.get(name).and_then(Value::as_str);
            let url = text("location").ok_or_else(|| invalid("'location' is missing."))?;
            let mut source = from_url(url)?;
            source.name = text("name").unwrap_or(&source.name).to_string();
            source.description = text("description").unwrap_or("").to_string();
            source
        }
        _ => {
            return Err(bad("Content-Type must be multipart/form-data or application/json."));
        }
    };
    let id = world.hex(32);
    let source = Source { owner: call.user.clone(), created: world.now(), ..source };
    world.crunch.sources.by_id.insert(id.clone(), source);
    Ok(created(world, &format!("{}{id}/", here(call))))
}

fn from_parts(call: &Call) -> Result<Source, Reply> {
    let parts = match &call.parts {
        Some(Ok(parts)) => parts,
        Some(Err(problem)) => return Err(bad(problem)),
        None => return Err(bad("The body is not multipart/form-data.")),
    };
    if let Some(part) = parts.iter().find(|part| part.name == "source_url") {
        return from_url(&part.text());
    }
    let part = parts.iter().find(|part| part.name == "uploaded_file");
    let part = part.ok_or_else(|| bad("'uploaded_file' is missing."))?;
    let Some(filename) = part.filename.as_deref().filter(|name| !name.is_empty()) else {
        return Err(bad("'uploaded_file' has no file name."));
    };
    let sent = part.media_type.as_deref().unwrap_or("");
    let parser = PARSERS.iter().find(|(media_type, _)| *media_type == sent);
    let Some((_, kind)) = parser else {
        return Err(bad(&format!("There is no parser for '{sent}'.")));
    };
    let rows = if *kind == "csv" { rows::of_csv(&unzipped(&part.head)) } else { Vec::new() };
    Ok(Source { length: part.length, rows, ..source(filename, kind) })
}

/// A CSV file may come compressed. What is beyond the part that was kept is left out.
fn unzipped(file: &[u8]) -> String {
    let mut text = Vec::new();
    if file.starts_with(b"\x1f\x8b") {
        let _ = flate2::read::GzDecoder::new(file).read_to_end(&mut text);
    } else {
        text.extend_from_slice(file);
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn from_url(url: &str) -> Result<Source, Reply> {
    if !["http://", "https://", "s3://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(bad("The location must be http or s3."));
    }
    let path = url.split(['?', '#']).next().unwrap_or("");
    let name = unescape(id_of(path));
    let kind = if name.ends_with(".sav") { "spss" } else { "csv" };
    Ok(source(&name, kind))
}

fn source(name: &str, kind: &'static str) -> Source {
    Source {
        name: name.into(),
        description: String::new(),
        kind,
        owner: String::new(),
        filename: name.into(),
        settings: if kind == "csv" { json!({ "strict": 1 }) } else { json!({}) },
        length: 0,
        rows: Vec::new(),
        created: 0,
        used: false,
    }
}

fn detail(world: &mut World, call: &Call) -> Outcome {
    let Some(source) = world.crunch.sources.by_id.get(call.param(0)) else {
        return Err(missing(world, call));
    };
    let body = json!({
        "name": source.name, "description": source.description, "type": source.kind,
        "user_id": user_id(&source.owner),
        "location": format!("crunchfile:///{}", call.param(0)), "filename": source.filename,
        "settings": source.settings,
        "creation_time": iso(source.created), "size": source.length,
    });
    Ok(entity(call, body, json!({ "urls": { "raw_file_url": format!("{}file/", here(call)) } })))
}

fn change(world: &mut World, call: &Call) -> Outcome {
    let refusal = missing(world, call);
    let source = world.crunch.sources.by_id.get_mut(call.param(0)).ok_or(refusal)?;
    for (name, value) in attributes(call) {
        match (name.as_str(), value.as_str()) {
            ("name", Some(text)) => source.name = text.into(),
            ("description", Some(text)) => source.description = text.into(),
            ("settings", None) => source.settings = value,
            _ => return Err(bad(&format!("'{name}' cannot be changed to that."))),
        }
    }
    Ok(Reply::empty(204))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    match world.crunch.sources.by_id.get(call.param(0)) {
        None => Err(missing(world, call)),
        Some(source) if source.used => Err(bad("The source is in use.")),
        Some(_) => {
            world.crunch.sources.by_id.remove(call.param(0));
            Ok(Reply::empty(204))
        }
    }
}
