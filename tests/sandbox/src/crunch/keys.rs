//! API keys of Crunch: one a user, and shown in the clear to whoever holds it.

use serde_json::{Value, json};

use crate::crunch::account::{Key, User};
use crate::crunch::{attributes, bad, catalog, created, entity, here, missing, wrapped_body};
use crate::server::call::Call;
use crate::server::data::iso;
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::{Switch, World};

pub const ROUTES: &[Route] = &[
    route("GET", "/apikeys/", keys),
    route("POST", "/apikeys/", create_key),
    route("GET", "/apikeys/{}/", key),
    route("PATCH", "/apikeys/{}/", rename_key),
    route("DELETE", "/apikeys/{}/", delete_key),
    // The description of the API has them without the slash.
    route("GET", "/apikeys/{}", key),
    route("PATCH", "/apikeys/{}", rename_key),
    route("DELETE", "/apikeys/{}", delete_key),
];

/// The caller, provided that the account has API access at all: 404 says it has none.
fn key_owner<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut User, Reply> {
    let open = world.is_on(Switch::SecureApiAccess);
    let refusal = missing(world, call);
    let user = world.crunch.accounts.get_mut(&call.user);
    user.filter(|user| open && user.api_access).ok_or(refusal)
}

/// The caller's key, if it is the one the path names.
fn named_key<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Key, Reply> {
    let refusal = missing(world, call);
    let key = key_owner(world, call)?.key.as_mut();
    key.filter(|key| key.id == call.param(0)).ok_or(refusal)
}

fn key_tuple(key: &Key) -> Value {
    json!({ "name": key.name, "key": key.secret, "created": iso(key.created), "last_used": null,
        "data": { "remote_ip": "127.0.0.1" } })
}

fn keys(world: &mut World, call: &Call) -> Outcome {
    let user = key_owner(world, call)?;
    let index = user.key.iter().map(|key| (format!("{}{}/", here(call), key.id), key_tuple(key)));
    Ok(catalog(call, index.collect(), json!({})))
}

fn create_key(world: &mut World, call: &Call) -> Outcome {
    let name = wrapped_body(call)?.get("name").and_then(Value::as_str).unwrap_or("").to_string();
    let (id, created_at) = (world.hex(32), world.now());
    let secret = format!("apk-{}", world.base64_token().replace('+', "-").replace('/', "_"));
    let user = key_owner(world, call)?;
    if user.key.is_some() {
        return Err(bad("There is a key already."));
    }
    let location = format!("{}{id}/", here(call));
    user.key = Some(Key { id, name, secret, created: created_at });
    Ok(created(world, &location))
}

fn key(world: &mut World, call: &Call) -> Outcome {
    let body = key_tuple(named_key(world, call)?);
    Ok(entity(call, body, json!({})))
}

fn rename_key(world: &mut World, call: &Call) -> Outcome {
    let key = named_key(world, call)?;
    match attributes(call).get("name") {
        Some(Value::String(name)) => key.name = name.clone(),
        _ => return Err(bad("'name' must be a string.")),
    }
    Ok(Reply::empty(204))
}

fn delete_key(world: &mut World, call: &Call) -> Outcome {
    named_key(world, call)?;
    key_owner(world, call)?.key = None;
    Ok(Reply::empty(204))
}
