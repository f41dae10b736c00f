//! What hangs on a Crunch dataset: permissions, settings, folders, and the catalogs of filters, multitables and decks.

use serde_json::{Map, Value, json};

use crate::crunch::account::{email_of, user_url};
use crate::crunch::datasets::{Dataset, get, get_mut};
use crate::crunch::rows::text;
use crate::crunch::sources::id_of;
use crate::crunch::{
    attributes, bad, catalog, created, entity, forbidden, here, indexed, invalid, missing, variables,
    wrapped_body,
};
use crate::server::call::Call;
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("GET", "/datasets/{}/permissions/", permissions),
    route("PATCH", "/datasets/{}/permissions/", share),
    route("GET", "/datasets/{}/settings/", settings),
    route("PATCH", "/datasets/{}/settings/", change_settings),
    route("GET", "/datasets/{}/exclusion/", exclusion),
    route("PATCH", "/datasets/{}/exclusion/", exclude),
    route("GET", "/datasets/{}/folders/", folders),
    route("GET", "/datasets/{}/folders/public/", public_folder),
    route("GET", "/datasets/{}/folders/hidden/", hidden_folder),
    route("GET", "/datasets/{}/folders/script/", script_of_folders),
];

/// The routes of a catalog whose entities keep what they are given.
macro_rules! kept {
    ($catalog:literal) => {
        &[
            route("GET", concat!("/datasets/{}/", $catalog, "/"), list),
            route("POST", concat!("/datasets/{}/", $catalog, "/"), create),
            route("PATCH", concat!("/datasets/{}/", $catalog, "/"), change_many),
            route("GET", concat!("/datasets/{}/", $catalog, "/{}/"), detail),
            route("PATCH", concat!("/datasets/{}/", $catalog, "/{}/"), change),
            route("DELETE", concat!("/datasets/{}/", $catalog, "/{}/"), delete),
        ]
    };
}
pub const FILTERS: &[Route] = kept!("filters");
pub const MULTITABLES: &[Route] = kept!("multitables");
pub const DECKS: &[Route] = kept!("decks");

/// An entity of one of these catalogs.
pub struct Part {
    pub kind: String,
    pub id: String,
    pub body: Map<String, Value>,
}

/// The catalog that the path names: the segment behind the dataset's id.
fn kind(call: &Call) -> &str {
    call.path.split('/').nth(4).unwrap_or("")
}

fn part_mut<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Part, Reply> {
    let refusal = missing(world, call);
    let mut parts = get_mut(world, call)?.parts.iter_mut();
    parts.find(|part| part.kind == kind(call) && part.id == call.param(1)).ok_or(refusal)
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let parts = get(world, call)?.parts.iter().filter(|part| part.kind == kind(call));
    let tuple = |part: &Part| {
        let mut tuple = json!({ "id": part.id, "is_public": false, "owner_id": user_url(call, &call.user) });
        for name in ["name", "is_public", "description"] {
            if let Some(value) = part.body.get(name) {
                tuple[name] = value.clone();
            }
        }
        (format!("{}/", part.id), tuple)
    };
    Ok(catalog(call, parts.map(tuple).collect(), json!({})))
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let body = wrapped_body(call)?;
    if !body.get("name").is_some_and(Value::is_string) {
        return Err(invalid("'name' is required and must be a string."));
    }
    let id = world.hex(32);
    get_mut(world, call)?.parts.push(Part { kind: kind(call).into(), id: id.clone(), body });
    Ok(created(world, &format!("{}{id}/", here(call))))
}

/// Changed tuples by URL; null removes.
fn change_many(world: &mut World, call: &Call) -> Outcome {
    let parts = &mut get_mut(world, call)?.parts;
    for (key, tuple) in indexed(call) {
        let at = parts.iter().position(|part| part.kind == kind(call) && part.id == id_of(&key));
        let at = at.ok_or_else(|| bad(&format!("There is no {key}.")))?;
        match tuple {
            Value::Null => drop(parts.remove(at)),
            Value::Object(changes) => parts[at].body.extend(changes),
            _ => return Err(invalid("A tuple is an object or null.")),
        }
    }
    Ok(Reply::empty(204))
}

fn detail(world: &mut World, call: &Call) -> Outcome {
    let part = part_mut(world, call)?;
    let mut body = part.body.clone();
    body.insert("id".into(), part.id.clone().into());
    Ok(entity(call, body.into(), json!({})))
}

fn change(world: &mut World, call: &Call) -> Outcome {
    part_mut(world, call)?.body.extend(attributes(call));
    Ok(Reply::empty(204))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let id = part_mut(world, call)?.id.clone();
    get_mut(world, call)?.parts.retain(|part| part.id != id);
    Ok(Reply::empty(204))
}

/// Users, and not entities: there is nothing behind these URLs but the user.
fn permissions(world: &mut World, call: &Call) -> Outcome {
    let dataset = get(world, call)?;
    let owner = json!({ "view": true, "edit": true, "change_permissions": true });
    let all = [("grace@example.com".to_string(), owner)].into_iter().chain(dataset.shares.clone());
    let index = all.enumerate().map(|(n, (email, permissions))| {
        let tuple = json!({ "dataset_permissions": permissions, "is_owner": n == 0, "email": email,
            "name": world.crunch.accounts.name(&email) });
        (user_url(call, &email), tuple)
    });
    Ok(catalog(
        call,
        index.collect(),
        json!({ "description": "Lists all the users that have access to this dataset" }),
    ))
}

/// What stands among the tuples and is none.
const BESIDE: [&str; 4] = ["send_notification", "message", "url_base", "dataset_url"];

/// Tuples by user URL or e-mail, bare or in an index, with the mail's text among them. An unknown e-mail is invited; null
/// removes.
fn share(world: &mut World, call: &Call) -> Outcome {
    if get(world, call)?.read_only {
        return Err(forbidden("You may only view this dataset."));
    }
    for (key, tuple) in indexed(call).into_iter().filter(|(key, _)| !BESIDE.contains(&key.as_str())) {
        let invited = || key.contains('@').then(|| key.clone());
        let email = email_of(world, &key).or_else(invited);
        let email = email.ok_or_else(|| bad(&format!("There is no user {key}.")))?;
        world.crunch.accounts.invite(&email);
        let shares = &mut get_mut(world, call)?.shares;
        shares.retain(|(other, _)| *other != email);
        if !tuple.is_null() {
            shares.push((email, tuple["dataset_permissions"].clone()));
        }
    }
    Ok(Reply::empty(204))
}

fn settings(world: &mut World, call: &Call) -> Outcome {
    let mut body = json!({ "viewers_can_export": false, "viewers_can_change_weight": true, "viewers_can_share": true,
        "weight": null, "variable_folders": true, "dashboard_deck": null });
    for (name, value) in get(world, call)?.settings.iter().filter(|(name, _)| *name != "exclusion") {
        body[name] = value.clone();
    }
    Ok(entity(call, body, json!({})))
}

fn change_settings(world: &mut World, call: &Call) -> Outcome {
    let changes = attributes(call);
    get_mut(world, call)?.settings.extend(changes);
    Ok(Reply::empty(204))
}

fn exclusion(world: &mut World, call: &Call) -> Outcome {
    let expression = get(world, call)?.settings.get("exclusion").cloned().unwrap_or_else(|| json!({}));
    Ok(entity(call, json!({ "expression": expression }), json!({})))
}

fn exclude(world: &mut World, call: &Call) -> Outcome {
    let expression =
        attributes(call).remove("expression").ok_or_else(|| invalid("'expression' is missing."))?;
    get_mut(world, call)?.settings.insert("exclusion".into(), expression);
    Ok(Reply::empty(204))
}

fn folders(_: &mut World, call: &Call) -> Outcome {
    let below = |name: &str| format!("{}{name}/", here(call));
    let more = json!({ "body": { "name": "" }, "size": 0, "graph": [],
        "catalogs": { "public": below("public"), "hidden": below("hidden") } });
    Ok(catalog(call, Map::new(), more))
}

/// Every variable lies in the public folder.
fn public_folder(world: &mut World, call: &Call) -> Outcome {
    let all = variables::all(get(world, call)?);
    Ok(folder(call, "public", all))
}

fn hidden_folder(world: &mut World, call: &Call) -> Outcome {
    get(world, call)?;
    Ok(folder(call, "hidden", Vec::new()))
}

fn folder(call: &Call, name: &str, variables: Vec<(String, Value)>) -> Reply {
    let index: Map<String, Value> = variables
        .into_iter()
        .map(|(segment, tuple)| (format!("../../variables/{segment}/"), tuple))
        .collect();
    let graph: Vec<&String> = index.keys().collect();
    let more = json!({ "body": { "name": name }, "size": index.len(), "graph": graph,
        "catalogs": { "folder": here(call).replace(&format!("{name}/"), "") } });
    catalog(call, index, more)
}

/// The commands that would make these folders: text, and not JSON.
fn script_of_folders(world: &mut World, call: &Call) -> Outcome {
    let all = variables::all(get(world, call)?);
    let aliases: Vec<&str> = all.iter().map(|(_, definition)| text(definition, "alias")).collect();
    let script = format!("ORGANIZE {} INTO \"|\";\n", aliases.join(", "));
    Ok(Reply::text(200, "text/plain", script))
}

impl Dataset {
    /// The fragments that the detail of a dataset lists.
    pub const FRAGMENTS: [&str; 5] = ["table", "stream", "settings", "exclusion", "pk"];
}
