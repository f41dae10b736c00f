//! Orders of Crux Connect: search, detail, creation, and the changes each side may make.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use crate::crux::account::side_uuid;
use crate::crux::trade::descending;
use crate::crux::{Page, number_text, required, texts};
use crate::server::call::{Call, Generation};
use crate::server::data::{CITIES, COMPANIES, Kind, PEOPLE, PRODUCTS, START, iso, nth, uuid};
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{BEFORE_TIMP, Route, TIMP, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("POST", "/orders/", search),
    route("POST", "/orders/create/", create).only("RETAILER"),
    route("POST", "/orders/fees/", estimate).among(BEFORE_TIMP),
    route("GET", "/orders/po/{}/", by_po).among(TIMP),
    route("GET", "/orders/{}/", detail),
];

const ORDERS: usize = 250;
const STATUSES: &[&str] = &["Unallocated", "Allocated", "Rejected", "HasTracking", "Backordered"];

/// What was done to the orders since the start.
#[derive(Default)]
pub struct Orders {
    created: Vec<Value>,
    pub cancelled: HashSet<String>,
    /// What was posted to a path below an order, by order and last segment.
    pub notes: HashMap<(String, String), Map<String, Value>>,
    pub invoices: HashMap<String, Vec<Value>>,
}

/// The orders every sandbox starts with, in the order of their creation.
fn given() -> &'static [Value] {
    static GIVEN: OnceLock<Vec<Value>> = OnceLock::new();
    GIVEN.get_or_init(|| (0..ORDERS).map(order).collect())
}

pub fn all(world: &World) -> impl Iterator<Item = &Value> {
    given().iter().chain(&world.crux.orders.created)
}

fn address(n: usize) -> Value {
    let (city, state, country) = nth(CITIES, n);
    let (first, last) = nth(PEOPLE, n);
    json!({ "name": format!("{first} {last}"), "business_name": nth(COMPANIES, n),
    "address1": format!("{n} 南京路"),
        "address2": "", "city": city, "state": state, "postal_code": format!("{:05}", 10_000 + n),
        "phone_number": "+1 555 0100", "country": country })
}

fn line(n: usize, position: usize) -> Value {
    let number = n * 2 + position;
    json!({
        "line_item_uuid": uuid(Kind::Line, number), "status": nth(STATUSES, n),
        "line_item_designation": nth(STATUSES, n),
        "item_uuid": uuid(Kind::Item, number % 400), "item_name": nth(PRODUCTS, number),
        "sku_uuid": uuid(Kind::Sku, number % 400), "sku_id": format!("SKU-{:05}", number % 400),
        "sku_name": nth(PRODUCTS, number), "sku_title_variants": [],
        "product_codes": { "upca": null, "ean13": null, "isbn": null, "gtin14": null,
        "asin": null, "mpn": null },
        "retailer_provided_line_item_notes": "", "supplier_provided_line_item_notes": "",
        "retailer_provided_sku_cost": format!("{}.{:02}", 5 + n % 90, n % 100),
        "supplier": { "uuid": side_uuid(true), "organization_name": COMPANIES[0],
        "order_submitted_by": null },
        "retailer_provided_line_item_attributes": [], "supplier_provided_line_item_attributes": [],
        "quantity": 1 + n % 5, "tracking": [], "allocation": null,
    })
}

/// An order with all it is known by; [`shown`] picks what a page shows.
fn order(n: usize) -> Value {
    json!({
        "uuid": uuid(Kind::Order, n), "is_allocated": !n.is_multiple_of(5),
        "purchase_order_id": format!("PO-{n:05}"),
        "created_date": iso(START + 3600 * n as u64), "retailer_notes": "请小心轻放",
        "supplier_notes": "",
        "retailer_attributes": [], "supplier_attributes": [],
        "fees": { "estimated_shipping_cost": "4.50", "drop_ship_fee": "1.00", "order_fee": "0.25" },
        "retailer": { "name": COMPANIES[1], "uuid": side_uuid(false),
            "user": { "name": "Zoë Brontë", "email": "zoë@example.com" } },
        "address": address(n), "requested_shipping": { "shipping_carrier": "顺丰",
        "shipping_method": "Ground" },
        "invoices": [], "line_items": [line(n, 0), line(n, 1)],
    })
}

/// The list form; the seed's has a status and notes of its own.
fn shown(order: &Value, generation: Generation) -> Value {
    let mut order = order.clone();
    if generation == Generation::Seed {
        order["status"] = "New".into();
        order["notes"] = order["retailer_notes"].clone();
    }
    order
}

/// The detail form of the later generations, as its sample has it.
pub fn detail_json(order: &Value, generation: Generation) -> Value {
    if generation == Generation::Seed {
        return shown(order, generation);
    }
    json!({
        "order_uuid": order["uuid"], "po_number": order["purchase_order_id"],
        "created_date": order["created_date"], "address": order["address"],
        "sent_to_supplier": true,
        "retailer": { "uuid": side_uuid(false), "organization_name": COMPANIES[1],
        "order_submitted_by": "Zoë Brontë" },
        "retailer_provided_order_notes": order["retailer_notes"],
        "supplier_provided_order_notes": order["supplier_notes"],
        "retailer_provided_fees": { "order_fee": "0.25", "order_tax": "0.00",
        "shipping_cost": "4.50", "dropship_fee": "1.00" },
        "retailer_provided_order_attributes": [], "supplier_provided_order_attributes": [],
        "invoices": order["invoices"], "line_items": order["line_items"],
    })
}

fn has_status(order: &Value, wanted: &[String]) -> bool {
    let lines = order["line_items"].as_array().map(Vec::as_slice).unwrap_or_default();
    wanted.is_empty() || lines.iter().any(|l| wanted.iter().any(|w| l["status"] == w.as_str()))
}

fn search(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let member = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("");
    let statuses = body.get("line_item_allocation_statuses").or_else(|| body.get("line_item_status"));
    let statuses = texts(statuses);
    // `YYYY-MM-DD hh:mm:ss` or ISO: after this both compare as text.
    let moment = |name: &str| member(name).replace(' ', "T");
    let (from, to) = (moment("start_date"), moment("end_date"));
    let fits = |order: &&Value| {
        let text = |name: &str| order[name].as_str().unwrap_or("");
        let po = text("purchase_order_id");
        let date = text("created_date");
        let name = order["address"]["name"].as_str().unwrap_or("");
        (member("po_number").is_empty() || po == member("po_number"))
            && (po.contains(member("term")) || name.contains(member("term")))
            && date >= from.as_str()
            && (to.is_empty() || date <= to.as_str())
            && has_status(order, &statuses)
    };
    let mut found: Vec<&Value> = all(world).filter(fits).collect();
    if descending(&body) {
        found.reverse();
    }
    let total = found.len();
    let page = Page::of_object(Some(&Value::Object(body)), 50)?;
    let orders: Vec<Value> = page.cut(&found).into_iter().map(|o| shown(o, call.generation)).collect();
    Ok(Reply::json(200, &json!({ "total_results": total, "orders": orders })))
}

fn missing() -> Reply {
    Reply::detail(404, "Not found.")
}

pub fn named<'a>(world: &'a World, id: &str) -> Result<&'a Value, Reply> {
    all(world).find(|order| order["uuid"] == id).ok_or_else(missing)
}

fn detail(world: &mut World, call: &Call) -> Outcome {
    Ok(Reply::json(200, &detail_json(named(world, call.param(0))?, call.generation)))
}

fn by_po(world: &mut World, call: &Call) -> Outcome {
    let wanted = crate::server::call::unescape(call.param(0));
    let found = all(world).filter(|order| order["purchase_order_id"] == wanted.as_str());
    let found: Vec<Value> = found.map(|order| detail_json(order, call.generation)).collect();
    Ok(Reply::json(200, &found.into()))
}

/// 201 and the whole order in the seed's generation, 200 and its uuid later.
fn create(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let seed = call.generation != Generation::Timp;
    let po = required(&body, if seed { "purchase_order_id" } else { "po_number" })?;
    let lines = body.get("skus").and_then(Value::as_array).filter(|lines| !lines.is_empty());
    let lines = lines.ok_or_else(|| Reply::field("skus", "This field is required."))?;
    if !body.get("address").is_some_and(Value::is_object) {
        return Err(Reply::field("address", "This field is required."));
    }
    let supplier = if seed { "supplier_id" } else { "supplier_org_uuid" };
    for sent in lines {
        for name in ["quantity", supplier] {
            if sent.get(name).and_then(number_text).is_none() {
                return Err(Reply::field("skus", &format!("{name}: this field is required.")));
            }
        }
    }
    let n = ORDERS + world.crux.orders.created.len();
    let mut made = order(n);
    made["uuid"] = world.uuid().into();
    made["purchase_order_id"] = po.into();
    made["created_date"] = iso(world.now()).into();
    made["address"] = body["address"].clone();
    made["line_items"] = lines
        .iter()
        .enumerate()
        .map(|(position, sent)| {
            let mut line = line(n, position);
            line["sku_id"] = sent.get("sku_id").cloned().unwrap_or_default();
            line["quantity"] = sent["quantity"].clone();
            line["status"] = "Unallocated".into();
            line
        })
        .collect();
    let reply = if seed {
        Reply::json(201, &shown(&made, Generation::Seed))
    } else {
        Reply::json(200, &json!({ "order_uuid": made["uuid"], "messages": ["已创建订单"] }))
    };
    world.crux.orders.created.push(made);
    Ok(reply)
}

fn estimate(_: &mut World, call: &Call) -> Outcome {
    if !call.object().get("skus").is_some_and(Value::is_array) {
        return Err(Reply::field("skus", "This field is required."));
    }
    Ok(Reply::json(
        200,
        &json!({ "estimated_shipping_cost": "4.50", "drop_ship_fee": "1.00", "order_fee": "0.25" }),
    ))
}
