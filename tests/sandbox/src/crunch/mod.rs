//! Crunch: who is calling, and the documents everything is wrapped in.

mod account;
mod batches;
mod cube;
mod datasets;
mod expression;
mod jobs;
mod keys;
mod parts;
mod projects;
mod rows;
mod savepoints;
mod sources;
mod variables;

use serde_json::{Map, Value, json};

use self::account::Accounts;
use self::datasets::Dataset;
use self::jobs::Jobs;
use self::projects::Project;
use self::sources::Sources;
use crate::crux::disguise;
use crate::server::call::Call;
use crate::server::reply::{JSON, JSON_UTF8, Outcome, Reply};
use crate::server::route::{self, Media, Route, route};
use crate::server::world::{Switch, World};

/// All that Crunch remembers.
pub struct Crunch {
    pub accounts: Accounts,
    pub datasets: Vec<Dataset>,
    pub projects: Vec<Project>,
    pub sources: Sources,
    pub jobs: Jobs,
}

impl Crunch {
    pub fn new() -> Crunch {
        Crunch {
            accounts: Accounts::new(),
            datasets: datasets::given(),
            projects: projects::given(),
            sources: Sources::default(),
            jobs: Jobs::default(),
        }
    }
}

const ROUTES: &[Route] = &[
    route("GET", "/", root),
    route("GET", "/account/", account),
    route("GET", "/search/", search),
    route("GET", "/feature_flag/", feature_flag),
];

const TABLES: &[&[Route]] = &[
    ROUTES,
    account::ROUTES,
    keys::ROUTES,
    batches::ROUTES,
    jobs::ROUTES,
    sources::ROUTES,
    projects::ROUTES,
    datasets::ROUTES,
    savepoints::ROUTES,
    cube::ROUTES,
    parts::ROUTES,
    parts::FILTERS,
    parts::MULTITABLES,
    parts::DECKS,
    variables::ROUTES,
];

pub fn routes() -> impl Iterator<Item = &'static Route> {
    TABLES.iter().copied().flatten()
}

/// Whether there is such a path, whatever the method.
pub fn has(rest: &str) -> bool {
    !route::find(TABLES.iter().copied().flatten(), "", rest).allow.is_empty()
}

pub fn respond(world: &mut World, call: &mut Call, rest: &str) -> Reply {
    let mut reply = judge(world, call, rest).unwrap_or_else(|refusal| refusal);
    let known = !call.user.is_empty();
    if known && world.is_on(Switch::CookieOnEveryResponse) && matches!(reply.status, 200..=299 | 400) {
        reply = account::with_cookie(world, call, reply);
    }
    let mut reply = disguise(world, reply.gzip_for(call)).header("vary", "Cookie, Accept-Encoding");
    if !call.allow.is_empty() {
        reply = reply.header("allow", &call.allow);
    }
    reply
}

fn judge(world: &mut World, call: &mut Call, rest: &str) -> Outcome {
    let found = route::find(TABLES.iter().copied().flatten(), &call.method, rest);
    call.params = found.params;
    call.allow = found.allow;
    if !found.open {
        call.user = match account::authenticate(world, call) {
            Some(user) => user,
            None => return Err(unauthorized(world, call)),
        };
    }
    let Some(route) = found.route else {
        return Err(match call.allow.is_empty() {
            true => missing(world, call),
            false => error(405, "Method Not Allowed", &format!("{} is not allowed here.", call.method)),
        });
    };
    check_media(call, route.media)?;
    (route.run)(world, call)
}

fn check_media(call: &Call, media: Media) -> Result<(), Reply> {
    if media != Media::Json || call.body_length == 0 {
        return Ok(());
    }
    let sent = call.media_type().unwrap_or_default();
    if !matches!(call.method.as_str(), "POST" | "PUT" | "PATCH") {
        return Ok(());
    }
    if sent != "application/json" && sent != "application/shoji" {
        return Err(bad(&format!("Content-Type '{sent}' is not application/json.")));
    }
    match call.json() {
        Some(_) => Ok(()),
        None => Err(bad("The body is not JSON.")),
    }
}

/// E1: `exception`, `message`, and a status in words.
pub fn error(status: u16, words: &str, message: &str) -> Reply {
    document(
        status,
        &json!({ "exception": [format!("{words}: {message}")], "message": message,
            "status": format!("{status} {words}") }),
    )
}

pub fn bad(message: &str) -> Reply {
    error(400, "Bad Request", message)
}

/// E2: as E1, but the status is a number and the exception ends its line.
pub fn invalid(message: &str) -> Reply {
    document(
        400,
        &json!({ "exception": [format!("ValidationError: {message}\n")], "message": message,
        "status": 400 }),
    )
}

/// E3: the message of this 404 is an object.
pub fn missing(world: &World, call: &Call) -> Reply {
    let message = match world.is_on(Switch::ObjectMessages) {
        true => json!({ "id": call.params.last() }),
        false => json!("Not found"),
    };
    document(404, &json!({ "message": message, "status": 404, "url": call.path }))
}

/// E4.
pub fn forbidden(message: &str) -> Reply {
    document(403, &json!({ "message": message, "status": "403 Forbidden" }))
}

pub fn conflict(message: &str) -> Reply {
    error(409, "Conflict", message)
}

/// The 401 of everything: links, no message, and no charset in the media type.
pub fn unauthorized(world: &World, call: &Call) -> Reply {
    let base = format!("{}/api", call.origin());
    let login = match world.is_on(Switch::ForeignLoginUrl) {
        true => format!("{}/api", world.foreign_origin(call)),
        false => base.clone(),
    };
    let body = json!({
        "status": "401 Unauthorized",
        "urls": {
            "login_url": format!("{login}/public/login/"),
            "password_reset_url": format!("{base}/public/password_reset/"),
            "password_change_url": format!("{base}/public/password_change/"),
            "email_change_url": format!("{base}/public/change_email/"),
            "public_url": format!("{base}/public/"),
            "collect_inquires": format!("{base}/public/inquire/"),
            "otp_authorize": format!("{base}/otp/authorize"),
            "otp_login": format!("{base}/otp/login"),
        },
    });
    Reply::text(401, JSON, body.to_string())
}

fn document(status: u16, body: &Value) -> Reply {
    Reply::text(status, JSON_UTF8, body.to_string())
}

/// Where the call went.
pub fn here(call: &Call) -> String {
    format!("{}{}", call.origin(), call.path)
}

/// An absolute URL below `/api/`.
pub fn link(call: &Call, path: &str) -> String {
    format!("{}/api/{path}", call.origin())
}

pub fn view(call: &Call, value: Value) -> Reply {
    document(200, &json!({ "element": "shoji:view", "self": here(call), "value": value }))
}

/// An entity, or with `index` a catalog; `more` are the members beside it.
pub fn entity(call: &Call, body: Value, more: Value) -> Reply {
    wrapped(call, "shoji:entity", "body", body, more)
}

pub fn catalog(call: &Call, index: Map<String, Value>, more: Value) -> Reply {
    wrapped(call, "shoji:catalog", "index", Value::Object(index), more)
}

fn wrapped(call: &Call, element: &str, name: &str, principal: Value, more: Value) -> Reply {
    let mut document_ = json!({ "element": element, "self": here(call) });
    document_[name] = principal;
    if let Value::Object(members) = more {
        for (name, value) in members {
            document_[name] = value;
        }
    }
    document(200, &document_)
}

/// 201 in one of its three recorded forms.
pub fn created(world: &World, location: &str) -> Reply {
    let reply = if world.is_on(Switch::EmptyCreated) {
        Reply::empty(201)
    } else if world.is_on(Switch::NullCreated) {
        document(201, &Value::Null)
    } else {
        document(201, &json!({ "element": "shoji:view", "self": location }))
    };
    reply.header("location", location)
}

/// 202: the progress URL in the body, and the place of the result if there will be one.
pub fn accepted(world: &World, call: &Call, progress: &str, location: Option<&str>) -> Reply {
    let body = json!({ "element": "shoji:view", "self": here(call), "value": progress });
    let reply = match world.is_on(Switch::EmptyAccepted) {
        true => Reply::empty(202),
        false => document(202, &body),
    };
    match location {
        Some(location) => reply.header("location", location),
        None => reply,
    }
}

/// What a write brings: the body of an entity, or the attributes bare.
pub fn attributes(call: &Call) -> Map<String, Value> {
    let mut members = call.object();
    match members.get_mut("body") {
        Some(Value::Object(body)) => std::mem::take(body),
        _ => members,
    }
}

/// What a PATCH of a catalog changes: tuples by URL, in an index or bare.
pub fn indexed(call: &Call) -> Map<String, Value> {
    let mut members = call.object();
    match members.get_mut("index") {
        Some(Value::Object(index)) => std::mem::take(index),
        _ => {
            members.retain(|name, _| name != "element" && name != "self");
            members
        }
    }
}

/// The body of an entity; a create takes nothing less.
pub fn wrapped_body(call: &Call) -> Result<Map<String, Value>, Reply> {
    match call.object().remove("body") {
        Some(Value::Object(body)) => Ok(body),
        _ => Err(invalid("An entity with a body is needed.")),
    }
}

/// `offset` and `limit` in plain digits: `1e+05` is refused.
pub fn window(call: &Call, limit: usize) -> Result<(usize, usize), Reply> {
    let number = |name: &str, fallback: usize| match call.query_value(name) {
        None => Ok(fallback),
        Some(text) => text.parse().map_err(|_| bad(&format!("{name} must be an integer."))),
    };
    Ok((number("offset", 0)?, number("limit", limit)?))
}

fn root(_: &mut World, call: &Call) -> Outcome {
    let url = |path: &str| link(call, path);
    let document_ = json!({
        "element": "shoji:catalog", "self": here(call), "description": "沙盒 · แซนด์บ็อกซ์",
        "catalogs": { "datasets": url("datasets/"), "users": url("users/"),
        "projects": url("projects/"),
            "sources": url("sources/"), "apikeys": url("apikeys/"),
            "datasets_by_name": url("datasets/by_name/{name}/") },
        "views": { "user": url(&format!("users/{}/", account::user_id(&call.user))),
        "account": url("account/"),
            "feature_flag": url("feature_flag/"), "search": url("search/"),
            "progress": url("progress/"),
            "migration": url("migration/") },
        "urls": { "logout_url": url("logout/"),
        "user_url": url(&format!("users/{}/", account::user_id(&call.user))),
            "account_url": url("account/"), "public_url": url("public/"),
            "config_url": url("public/config/") },
    });
    Ok(document(200, &document_))
}

fn account(_: &mut World, call: &Call) -> Outcome {
    let catalogs = json!({ "catalogs": { "users": link(call, "account/users/"), "datasets": link(call,
    "datasets/all/"), "projects": link(call, "projects/") } });
    Ok(entity(call, json!({ "id": "00001", "name": "沙盒研究院", "subdomain": "sandbox" }), catalogs))
}

fn search(world: &mut World, call: &Call) -> Outcome {
    let Some(term) = call.query_value("q").filter(|term| !term.is_empty()) else {
        return Err(bad("q is missing."));
    };
    let (offset, limit) = window(call, 10)?;
    let found = world.crunch.datasets.iter().filter(|dataset| dataset.name.contains(&term));
    let page = found.clone().skip(offset).take(limit);
    let datasets: Map<String, Value> =
        page.map(|dataset| (datasets::url(call, &dataset.id), dataset.tuple(call))).collect();
    let totals = json!({ "datasets": found.count(), "variables": 0 });
    let group = json!({ "group": "Search Results", "datasets": datasets, "variables": {}, "totals": totals });
    Ok(view(call, json!({ "groups": [group] })))
}

const FLAGS: [(&str, bool); 2] = [("clients_strict_subvariable_syntax", true), ("old_projects_order", false)];

/// An unknown flag has no `active` at all.
fn feature_flag(_: &mut World, call: &Call) -> Outcome {
    let Some(name) = call.query_value("feature_name") else {
        let (on, off): (Vec<_>, Vec<_>) = FLAGS.iter().partition(|(_, active)| *active);
        let names = |flags: Vec<(&str, bool)>| flags.iter().map(|(name, _)| json!(name)).collect::<Vec<_>>();
        return Ok(view(call, json!({ "on": names(on), "off": names(off), "labs": [] })));
    };
    let flag = FLAGS.iter().find(|(known, _)| *known == name);
    Ok(view(call, flag.map_or(json!({}), |(_, active)| json!({ "active": active }))))
}
