//! What the two sides do to an order after it was placed.

use serde_json::{Value, json};

use crate::crux::orders::{all, detail_json, named};
use crate::crux::{number_text, required};
use crate::server::call::Call;
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{LATER, Route, TIMP, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("PATCH", "/orders/cancel/", cancel).only("RETAILER"),
    route("PUT", "/orders/acknowledge/", acknowledge).among(TIMP),
    route("PATCH", "/orders/cancel/{}/confirm/", settle).only("SUPPLIER").among(TIMP),
    route("PATCH", "/orders/cancel/{}/reject/", settle).only("SUPPLIER").among(TIMP),
    route("DELETE", "/orders/items/cancel/{}/", cancel_line).only("RETAILER"),
    route("PATCH", "/orders/items/cancel/{}/confirm/", settle_line).only("SUPPLIER").among(TIMP),
    route("PATCH", "/orders/items/cancel/{}/reject/", settle_line).only("SUPPLIER").among(TIMP),
    route("PUT", "/orders/allocation/{}/", allocate).only("SUPPLIER").among(LATER),
    route("POST", "/orders/tracking/{}/", track).only("SUPPLIER").among(LATER),
    route("GET", "/orders/{}/fees/", notes_of).among(TIMP),
    route("POST", "/orders/{}/fees/", note).among(TIMP),
    route("GET", "/orders/{}/attributes/", notes_of).among(TIMP),
    route("POST", "/orders/{}/attributes/", note).among(TIMP),
    route("GET", "/orders/{}/invoices/", invoices).among(TIMP),
    route("POST", "/orders/{}/invoices/", invoice).only("SUPPLIER").among(TIMP),
];

fn cancel(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let id = required(&body, "order_uuid")?;
    named(world, id)?;
    cancel_once(world, id)
}

fn cancel_once(world: &mut World, id: &str) -> Outcome {
    if world.crux.orders.cancelled.insert(id.to_string()) {
        return Ok(Reply::empty(204));
    }
    Err(Reply::detail(422, "It is cancelled already."))
}

fn has_line(world: &World, id: &str) -> Result<(), Reply> {
    let lines = |order: &Value| order["line_items"].as_array().cloned().unwrap_or_default();
    let known = all(world).any(|order| lines(order).iter().any(|l| l["line_item_uuid"] == id));
    known.then_some(()).ok_or_else(|| Reply::detail(422, "No such line item."))
}

fn cancel_line(world: &mut World, call: &Call) -> Outcome {
    has_line(world, call.param(0))?;
    cancel_once(world, call.param(0))
}

/// Confirms or refuses; either way the request to cancel is gone.
fn settle(world: &mut World, call: &Call) -> Outcome {
    named(world, call.param(0))?;
    settle_line(world, call)
}

fn settle_line(world: &mut World, call: &Call) -> Outcome {
    if world.crux.orders.cancelled.remove(call.param(0)) {
        return Ok(Reply::empty(204));
    }
    Err(Reply::detail(422, "Nobody asked to cancel it."))
}

fn acknowledge(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let list = body.get("uuids").and_then(Value::as_array);
    let list = list.ok_or_else(|| Reply::field("uuids", "This field is required."))?;
    for entry in list {
        named(world, entry["order_uuid"].as_str().unwrap_or(""))?;
    }
    Ok(Reply::empty(204))
}

/// The `line_items` of the body, each of which must be of the order; accepted, rejected and
/// backordered must add up to what was ordered.
fn allocate(world: &mut World, call: &Call) -> Outcome {
    let order = named(world, call.param(0))?;
    let body = call.object();
    let sent = body.get("line_items").and_then(Value::as_array);
    let sent = sent.ok_or_else(|| Reply::field("line_items", "This field is required."))?;
    let lines = order["line_items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut response = Vec::new();
    for line in lines {
        let id = line["line_item_uuid"].as_str().unwrap_or("");
        let Some(sent) = sent.iter().find(|sent| sent["line_item_uuid"] == id) else {
            return Err(Reply::field("line_items", &format!("Line item {id} is missing.")));
        };
        let part = |name: &str| {
            let text = sent["allocation"].get(name).and_then(number_text);
            let number = text.and_then(|text| text.parse::<u64>().ok());
            number.ok_or_else(|| Reply::field(name, "A valid integer is required."))
        };
        let sum = part("quantity_accepted")? + part("quantity_rejected")? + part("quantity_backordered")?;
        if number_text(&line["quantity"]) != Some(sum.to_string()) {
            return Err(Reply::detail(422, "The quantities do not add up to the quantity ordered."));
        }
        response.push(json!({ id: "Allocated" }));
    }
    Ok(Reply::json(200, &response.into()))
}

fn track(world: &mut World, call: &Call) -> Outcome {
    named(world, call.param(0))?;
    let body = call.object();
    required(&body, "tracking_number")?;
    if !body.get("line_items").is_some_and(Value::is_array) {
        return Err(Reply::field("line_items", "This field is required."));
    }
    Ok(Reply::json(200, &json!({ "package_uuid": world.uuid() })))
}

/// Fees and attributes are kept as they were posted.
fn note_key(call: &Call) -> (String, String) {
    let last = call.path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    (call.param(0).to_string(), last.to_string())
}

fn notes_of(world: &mut World, call: &Call) -> Outcome {
    let order = named(world, call.param(0))?;
    let lines = order["line_items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let lines: Vec<Value> = lines
        .iter()
        .map(|l| {
            json!({ "line_item_uuid": l["line_item_uuid"],
        "supplier_provided_sku_cost": "3.10" })
        })
        .collect();
    let mut response = json!({ "line_items": lines });
    for (name, value) in world.crux.orders.notes.get(&note_key(call)).into_iter().flatten() {
        response[name] = value.clone();
    }
    Ok(Reply::json(200, &response))
}

fn note(world: &mut World, call: &Call) -> Outcome {
    named(world, call.param(0))?;
    world.crux.orders.notes.entry(note_key(call)).or_default().extend(call.object());
    Ok(Reply::empty(204))
}

fn invoices(world: &mut World, call: &Call) -> Outcome {
    let mut response = detail_json(named(world, call.param(0))?, call.generation);
    let list = world.crux.orders.invoices.get(call.param(0)).cloned().unwrap_or_default();
    response["invoices"] = list.into();
    response["invoice_attributes"] = json!([]);
    Ok(Reply::json(200, &response))
}

fn invoice(world: &mut World, call: &Call) -> Outcome {
    named(world, call.param(0))?;
    let mut body = call.object();
    required(&body, "invoice_number")?;
    let id = world.uuid();
    body.insert("invoice_uuid".into(), json!(id));
    let list = world.crux.orders.invoices.entry(call.param(0).to_string()).or_default();
    list.push(Value::Object(body));
    Ok(Reply::json(200, &json!({ "invoice_uuid": id })))
}
