//! Projects of Crunch: each dataset lies in one, and projects lie in projects.

use serde_json::{Map, Value, json};

use crate::crunch::account::{email_of, user_url};
use crate::crunch::datasets::by_id_mut;
use crate::crunch::sources::id_of;
use crate::crunch::{
    attributes, bad, catalog, created, datasets, entity, forbidden, indexed, invalid, link, missing,
    wrapped_body,
};
use crate::server::call::Call;
use crate::server::data::{Kind, hex_id};
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("GET", "/projects/", list),
    route("POST", "/projects/", create),
    route("GET", "/projects/{}/", detail),
    route("POST", "/projects/{}/", create),
    route("PATCH", "/projects/{}/", change),
    route("DELETE", "/projects/{}/", delete),
    route("GET", "/projects/{}/datasets/", datasets_of),
    route("GET", "/projects/{}/members/", members),
    route("PATCH", "/projects/{}/members/", change_members),
];

pub struct Project {
    pub id: String,
    name: String,
    description: String,
    parent: Option<String>,
    /// Whose personal project it is.
    personal: Option<String>,
    /// E-mail, and whether it may edit.
    members: Vec<(String, bool)>,
}

/// Where the given datasets lie.
pub fn given_id(n: usize) -> String {
    hex_id(Kind::Project, n)
}

pub fn given() -> Vec<Project> {
    let grace = || vec![("grace@example.com".to_string(), true)];
    let project = |n: usize, name: &str, personal: Option<&str>| Project {
        id: given_id(n),
        name: name.into(),
        description: String::new(),
        parent: None,
        personal: personal.map(str::to_string),
        members: grace(),
    };
    vec![project(0, "Personal", Some("grace@example.com")), project(1, "市场研究", None)]
}

/// The place of the project in the list that a URL or path names; `personal` is the caller's own.
pub fn find(world: &mut World, call: &Call, id: &str) -> Option<usize> {
    let own = |project: &Project| project.personal.as_deref() == Some(&call.user);
    if id == "personal" && !world.crunch.projects.iter().any(own) {
        let id = world.hex(32);
        let (personal, members) = (Some(call.user.clone()), vec![(call.user.clone(), true)]);
        let (name, description) = ("Personal".into(), String::new());
        world.crunch.projects.push(Project { id, name, description, parent: None, personal, members });
    }
    let mut projects = world.crunch.projects.iter();
    projects.position(|project| if id == "personal" { own(project) } else { project.id == id })
}

fn get<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Project, Reply> {
    let found = find(world, call, call.param(0));
    let refusal = missing(world, call);
    found.map(|n| &mut world.crunch.projects[n]).ok_or(refusal)
}

pub fn url(call: &Call, id: &str) -> String {
    link(call, &format!("projects/{id}/"))
}

fn tuple(project: &Project) -> Value {
    json!({ "id": project.id, "name": project.name, "description": project.description, "type": "project",
        "permissions": { "edit": true, "view": true } })
}

/// The projects that lie in this one, or nowhere.
fn inside(world: &World, call: &Call, parent: Option<&str>) -> Map<String, Value> {
    let all = world.crunch.projects.iter();
    let found = all.filter(|project| project.parent.as_deref() == parent);
    let known = found.filter(|project| project.personal.as_ref().is_none_or(|owner| *owner == call.user));
    known.map(|project| (url(call, &project.id), tuple(project))).collect()
}

fn datasets_in(world: &World, call: &Call, id: &str) -> Map<String, Value> {
    let found = world.crunch.datasets.iter().filter(|dataset| dataset.project == id);
    found.map(|dataset| (datasets::url(call, &dataset.id), dataset.tuple(call))).collect()
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let catalogs = json!({ "catalogs": { "personal": url(call, "personal") } });
    Ok(catalog(call, inside(world, call, None), catalogs))
}

fn detail(world: &mut World, call: &Call) -> Outcome {
    let project = get(world, call)?;
    let (id, parent, mut body) = (project.id.clone(), project.parent.clone(), tuple(project));
    if let Some(members) = body.as_object_mut() {
        members.remove("type");
    }
    let mut index = inside(world, call, Some(&id));
    index.extend(datasets_in(world, call, &id));
    let graph: Vec<&String> = index.keys().collect();
    let below = |name: &str| format!("{}{name}/", url(call, &id));
    let parent = parent.map_or_else(|| link(call, "projects/"), |parent| url(call, &parent));
    let more = json!({ "graph": graph, "index": index, "self": url(call, &id), "catalogs": {
        "datasets": below("datasets"), "members": below("members"), "project": parent } });
    Ok(entity(call, body, more))
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let body = wrapped_body(call)?;
    let name =
        body.get("name").and_then(Value::as_str).ok_or_else(|| invalid("'name' is required."))?.to_string();
    let parent = match call.params.is_empty() {
        true => None,
        false => Some(get(world, call)?.id.clone()),
    };
    let description = body.get("description").and_then(Value::as_str).unwrap_or("").to_string();
    let id = world.hex(32);
    let members = vec![(call.user.clone(), true)];
    world.crunch.projects.push(Project {
        id: id.clone(),
        name,
        description,
        parent,
        personal: None,
        members,
    });
    Ok(created(world, &url(call, &id)))
}

/// Changed attributes in the body; an index moves datasets and projects here, or with null out of here.
fn change(world: &mut World, call: &Call) -> Outcome {
    let project = get(world, call)?;
    let id = project.id.clone();
    let changes = attributes(call);
    let text = |name: &str| changes.get(name).and_then(Value::as_str).map(str::to_string);
    project.name = text("name").unwrap_or_else(|| std::mem::take(&mut project.name));
    project.description = text("description").unwrap_or_else(|| std::mem::take(&mut project.description));
    let moved = call.object().remove("index");
    for (key, tuple) in moved.as_ref().and_then(Value::as_object).into_iter().flatten() {
        let place = if tuple.is_null() { String::new() } else { id.clone() };
        if let Some(dataset) = by_id_mut(world, id_of(key)) {
            dataset.project = place;
        } else if let Some(project) =
            world.crunch.projects.iter_mut().find(|project| project.id == id_of(key))
        {
            project.parent = Some(place).filter(|place| !place.is_empty());
        } else {
            return Err(bad(&format!("There is no {key}.")));
        }
    }
    Ok(Reply::empty(204))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let project = get(world, call)?;
    let id = project.id.clone();
    if project.personal.is_some() || world.crunch.datasets.iter().any(|dataset| dataset.project == id) {
        return Err(forbidden("Only an empty project can be deleted."));
    }
    world.crunch.projects.retain(|project| project.id != id);
    Ok(Reply::empty(204))
}

fn datasets_of(world: &mut World, call: &Call) -> Outcome {
    let id = get(world, call)?.id.clone();
    Ok(catalog(call, datasets_in(world, call, &id), json!({})))
}

fn members(world: &mut World, call: &Call) -> Outcome {
    let members = get(world, call)?.members.clone();
    let index = members.into_iter().map(|(email, edit)| {
        let tuple = json!({ "name": world.crunch.accounts.name(&email), "email": email, "permissions": { "edit": edit, "view": true } });
        (user_url(call, &email), tuple)
    });
    Ok(catalog(call, index.collect(), json!({})))
}

/// Tuples by user URL, bare or in an index; null removes the member.
fn change_members(world: &mut World, call: &Call) -> Outcome {
    for (key, tuple) in indexed(call) {
        let email = email_of(world, &key).ok_or_else(|| bad(&format!("There is no user {key}.")))?;
        let members = &mut get(world, call)?.members;
        members.retain(|(member, _)| *member != email);
        if !tuple.is_null() {
            members.push((email, tuple["permissions"]["edit"] == true));
        }
    }
    Ok(Reply::empty(204))
}
