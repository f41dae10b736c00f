//! Crux Connect: who may call what, and how a refusal looks.

pub mod account;
mod exports;
mod order_steps;
mod orders;
mod people;
mod products;
mod stock;
mod trade;

use serde_json::{Map, Value, json};

use self::account::Accounts;
use self::exports::Exports;
use self::orders::Orders;
use self::people::People;
use self::products::Products;
use self::trade::Trade;
use crate::crunch;
use crate::server::call::{Call, Generation};
use crate::server::reply::{Payload, Reply};
use crate::server::route::{self, Media, Route};
use crate::server::world::{Switch, World};
use hyper::body::Bytes;

/// All that Crux Connect remembers.
pub struct Crux {
    pub accounts: Accounts,
    pub people: People,
    pub trade: Trade,
    pub orders: Orders,
    pub products: Products,
    pub exports: Exports,
}

impl Crux {
    pub fn new() -> Crux {
        Crux {
            accounts: Accounts::new(),
            people: People::new(),
            trade: Trade::default(),
            orders: Orders::default(),
            products: Products::default(),
            exports: Exports::default(),
        }
    }
}

/// The exports stand first: `/orders/export/` is not an order.
const TABLES: &[&[Route]] = &[
    exports::ROUTES,
    account::ROUTES,
    people::ROUTES,
    trade::ROUTES,
    order_steps::ROUTES,
    orders::ROUTES,
    products::ROUTES,
    stock::ROUTES,
];

pub fn routes() -> impl Iterator<Item = &'static Route> {
    TABLES.iter().copied().flatten()
}

/// The first segments of its paths; Crunch has none of them.
const SEGMENTS: &[&str] =
    &["organizations", "notifications", "orders", "products", "discovery", "data", "accounting"];

/// Whether a request below `/api` is for Crux Connect rather than Crunch: by its path, and where
/// the path is nobody's, by the scheme of its token.
pub fn is_ours(call: &Call, rest: &str) -> bool {
    let first = rest.split('/').nth(1).unwrap_or("");
    let scheme = call.header("authorization").unwrap_or("");
    SEGMENTS.contains(&first) || (scheme.starts_with("Token ") && !crunch::has(rest))
}

pub fn respond(world: &mut World, call: &mut Call, generation: Generation, rest: &str) -> Reply {
    call.generation = generation;
    let reply = judge(world, call, rest).unwrap_or_else(|refusal| refusal);
    disguise(world, reply)
}

fn judge(world: &mut World, call: &mut Call, rest: &str) -> Result<Reply, Reply> {
    let routes = TABLES.iter().copied().flatten();
    let routes = routes.filter(|route| route.generations.contains(&call.generation));
    let found = route::find(routes, &call.method, rest);
    if found.allow.is_empty() {
        return Err(Reply::detail(404, "Not found."));
    }
    call.params = found.params;
    call.allow = found.allow;
    // The password and invitation calls and the login do not look at a token, not even a bad one.
    if !found.open {
        call.user = account::authenticate(world, call)?;
    }
    let Some(route) = found.route else {
        let detail = format!("Method \"{}\" not allowed.", call.method);
        return Err(Reply::detail(405, &detail).header("allow", &call.allow));
    };
    if !route.open {
        permit(world, call, route)?;
    }
    check_media(call, route.media)?;
    (route.run)(world, call)
}

fn permit(world: &World, call: &Call, route: &Route) -> Result<(), Reply> {
    let org_type = world.crux.accounts.org_type(&call.user);
    if route.only.is_some_and(|only| only != org_type) {
        let detail = format!("A {org_type} organization cannot do this.");
        return Err(Reply::detail(409, &detail).reason("Critical"));
    }
    let lacking = route.needs.iter().any(|name| !world.crux.people.holds(&call.user, name));
    if lacking {
        return Err(Reply::detail(403, "You do not have permission to perform this action."));
    }
    Ok(())
}

/// A body on GET is tolerated whatever it is; the documentation's own samples send one.
fn check_media(call: &Call, media: Media) -> Result<(), Reply> {
    let writes = matches!(call.method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE");
    let expected = match media {
        Media::Json => "application/json",
        Media::Multipart => "multipart/form-data",
        Media::Any => return Ok(()),
    };
    if !writes || call.body_length == 0 {
        return Ok(());
    }
    let sent = call.media_type().unwrap_or_default();
    if sent != expected {
        return Err(Reply::detail(415, &format!("Unsupported media type \"{sent}\" in request.")));
    }
    if media == Media::Json && call.json().is_none() {
        return Err(Reply::field("non_field_errors", "JSON parse error"));
    }
    Ok(())
}

/// Errors without a body, or as a page of HTML, when a test wants to see how a client takes it.
pub fn disguise(world: &World, mut reply: Reply) -> Reply {
    if reply.status < 400 {
        return reply;
    }
    let (media_type, body) = if world.is_on(Switch::EmptyErrors) {
        (None, String::new())
    } else if world.is_on(Switch::HtmlErrors) {
        (Some("text/html; charset=utf-8"), format!("<html><h1>Error {}</h1></html>\n", reply.status))
    } else {
        return reply;
    };
    reply.headers.retain(|(name, _)| name != "content-type" && name != "content-encoding");
    reply.payload = Payload::Bytes(Bytes::from(body));
    match media_type {
        Some(media_type) => reply.header("content-type", media_type),
        None => reply,
    }
}

/// A member that must be there as a non-blank text.
pub fn required<'a>(body: &'a Map<String, Value>, field: &str) -> Result<&'a str, Reply> {
    match body.get(field) {
        None | Some(Value::Null) => Err(Reply::field(field, "This field is required.")),
        Some(Value::String(text)) if text.is_empty() => {
            Err(Reply::field(field, "This field may not be blank."))
        }
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Reply::field(field, "Not a valid string.")),
    }
}

/// Start and page size, from the query or from the body.
#[derive(Clone, Copy)]
pub struct Page {
    pub start: usize,
    pub limit: usize,
}

impl Page {
    /// `limit` from 1; numbers come as JSON numbers or as text.
    pub fn read(get: impl Fn(&str) -> Option<String>, fallback: usize) -> Result<Page, Reply> {
        let number = |name: &str, fallback| match get(name) {
            None => Ok(fallback),
            Some(text) => {
                text.parse::<usize>().map_err(|_| Reply::field(name, "A valid integer is required."))
            }
        };
        let page = Page { start: number("start", 0)?, limit: number("limit", fallback)? };
        if page.limit == 0 {
            return Err(Reply::field("limit", "Ensure this value is greater than or equal to 1."));
        }
        Ok(page)
    }

    pub fn of_query(call: &Call, fallback: usize) -> Result<Page, Reply> {
        Page::read(|name| call.query_value(name), fallback)
    }

    pub fn of_object(body: Option<&Value>, fallback: usize) -> Result<Page, Reply> {
        Page::read(|name| body.and_then(|b| number_text(b.get(name)?)), fallback)
    }

    pub fn cut<T: Clone>(&self, list: &[T]) -> Vec<T> {
        list.iter().skip(self.start).take(self.limit).cloned().collect()
    }

    /// The three members every generation of the `pagination` object has.
    pub fn object(&self, total: usize) -> Value {
        json!({ "total_count": total, "start": self.start, "limit": self.limit })
    }

    /// The same with `next_start_index`, null on the last page.
    pub fn object_with_next(&self, total: usize) -> Value {
        let mut object = self.object(total);
        let next = self.start.saturating_add(self.limit);
        object["next_start_index"] = if next < total { json!(next) } else { Value::Null };
        object
    }
}

/// Quantities and the like come as numbers or as texts.
pub fn number_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The texts in a list; empty when it is none.
pub fn texts(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_string).collect()
}
