//! SKUs, stock levels, catalogs and inventory lists of Crux Connect.

use serde_json::{Map, Value, json};

use crate::crux::account::side_uuid;
use crate::crux::products::{Products, given_skus};
use crate::crux::{Page, number_text, required, texts};
use crate::server::call::{Call, Generation};
use crate::server::data::{Kind, PRODUCTS, START, iso, nth, uuid};
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{Route, SEED, TIMP, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("GET", "/products/skus/", skus),
    route("POST", "/products/skus/", create_sku).only("SUPPLIER"),
    route("POST", "/products/skus/inventory/", set_stock).only("SUPPLIER").among(TIMP),
    route("POST", "/products/skus/inventory/bulk/", set_stocks).only("SUPPLIER").among(TIMP),
    route("POST", "/products/skus/search/completion/", complete).among(SEED),
    route("GET", "/products/skus/{}/", sku),
    route("GET", "/products/catalogs/", |w, c| list(w, c, &CATALOGS)),
    route("POST", "/products/catalogs/", |w, c| create(w, c, &CATALOGS)).only("SUPPLIER"),
    route("GET", "/products/catalogs/{}/", |w, c| detail(w, c, &CATALOGS)),
    route("POST", "/products/catalogs/{}/{}/", |w, c| fill(w, c, &CATALOGS)).only("SUPPLIER"),
    route("GET", "/products/inventory-lists/", |w, c| list(w, c, &INVENTORY)).only("RETAILER"),
    route("POST", "/products/inventory-lists/", |w, c| create(w, c, &INVENTORY)).only("RETAILER"),
    route("GET", "/products/inventory-lists/{}/", |w, c| detail(w, c, &INVENTORY)).only("RETAILER"),
    route("POST", "/products/inventory-lists/{}/{}/", |w, c| fill(w, c, &INVENTORY)).only("RETAILER"),
];

/// What tells catalogs and inventory lists apart; otherwise they are the same thing.
struct Shelf {
    name: &'static str,
    given: usize,
    make: fn(usize) -> Value,
    made: fn(&mut Products) -> &mut Vec<Value>,
}

const CATALOGS: Shelf =
    Shelf { name: "catalogs", given: 60, make: catalog, made: |products| &mut products.catalogs };
const INVENTORY: Shelf = Shelf {
    name: "inventory_lists",
    given: 12,
    make: inventory,
    made: |products| &mut products.inventory_lists,
};

fn catalog(n: usize) -> Value {
    json!({
        "uuid": uuid(Kind::Catalog, n), "name": format!("目录 {n} {}", nth(PRODUCTS, n)),
        "description": "แคตตาล็อก",
        "supplier": { "uuid": side_uuid(true) }, "skus": [{ "uuid": uuid(Kind::Sku, n) }],
        "num_skus": 1,
        "default_shipping_cost": "2.00", "default_handling_cost": "0.50",
        "retailers": [{ "uuid": side_uuid(false) }],
        "created": iso(START), "last_updated": iso(START), "is_discoverable": n == 0,
    })
}

fn inventory(n: usize) -> Value {
    json!({
        "uuid": uuid(Kind::Inventory, n), "name": format!("清单 {n}"), "description": "قائمة الجرد",
        "retailer": { "uuid": side_uuid(false) }, "skus": [{ "uuid": uuid(Kind::Sku, n) }],
        "created": iso(START), "last_updated": iso(START),
    })
}

/// All of a shelf: those given, as far as no changed copy stands for them, and those made.
fn stock(world: &mut World, shelf: &Shelf) -> Vec<Value> {
    let made = (shelf.made)(&mut world.crux.products).clone();
    let given = (0..shelf.given).map(shelf.make);
    let mut all: Vec<Value> = given.filter(|g| !made.iter().any(|m| m["uuid"] == g["uuid"])).collect();
    all.extend(made);
    all
}

fn list(world: &mut World, call: &Call, shelf: &Shelf) -> Outcome {
    let all = stock(world, shelf);
    if call.generation == Generation::Seed {
        return Ok(Reply::json(200, &all.into()));
    }
    let page = Page::of_query(call, 50)?;
    let mut response = json!({ "pagination": page.object(all.len()) });
    response[shelf.name] = page.cut(&all).into();
    Ok(Reply::json(200, &response))
}

fn named(world: &mut World, call: &Call, shelf: &Shelf) -> Result<Value, Reply> {
    let mut all = stock(world, shelf).into_iter();
    let found = all.find(|entry| entry["uuid"] == call.param(0));
    found.ok_or_else(|| Reply::detail(404, "Not found."))
}

fn detail(world: &mut World, call: &Call, shelf: &Shelf) -> Outcome {
    Ok(Reply::json(200, &named(world, call, shelf)?))
}

fn create(world: &mut World, call: &Call, shelf: &Shelf) -> Outcome {
    let body = call.object();
    required(&body, "name")?;
    let mut made = (shelf.make)(shelf.given);
    made["uuid"] = world.uuid().into();
    made["skus"] = json!([]);
    for name in ["name", "description", "default_shipping_cost", "default_handling_cost"] {
        if let Some(value) = body.get(name) {
            made[name] = value.clone();
        }
    }
    (shelf.made)(&mut world.crux.products).push(made.clone());
    Ok(Reply::json(200, &made))
}

/// `add-items`, `remove-skus`, `add-items-by-search` and so on.
fn fill(world: &mut World, call: &Call, shelf: &Shelf) -> Outcome {
    let mut entry = named(world, call, shelf)?;
    let body = call.object();
    let (adds, what) = match call.param(1).split_once('-') {
        Some((verb @ ("add" | "remove"), what)) => (verb == "add", what),
        _ => return Err(Reply::detail(404, "Not found.")),
    };
    let field = match what {
        "items" => "item_uuids",
        "skus" => "sku_uuids",
        "items-by-search" => "",
        _ => return Err(Reply::detail(404, "Not found.")),
    };
    if !field.is_empty() && !body.get(field).is_some_and(Value::is_array) {
        return Err(Reply::field(field, "This field is required."));
    }
    let wanted = texts(body.get(field));
    let chosen = |sku: &&Value| {
        let is = |id: &Value| wanted.iter().any(|w| id == w.as_str());
        what == "items-by-search" || is(&sku["uuid"]) || is(&sku["item"]["uuid"])
    };
    let chosen: Vec<Value> =
        given_skus().iter().filter(chosen).map(|sku| json!({ "uuid": sku["uuid"] })).collect();
    let mut skus = entry["skus"].as_array().cloned().unwrap_or_default();
    skus.retain(|sku| !chosen.contains(sku));
    if adds {
        skus.extend(chosen);
    }
    entry["skus"] = skus.into();
    let made = (shelf.made)(&mut world.crux.products);
    made.retain(|other| other["uuid"] != entry["uuid"]);
    made.push(entry.clone());
    Ok(Reply::json(200, &entry))
}

/// One page holds 500 at most, and asking for more is an error, unlike in discovery.
fn skus(world: &mut World, call: &Call) -> Outcome {
    let suppliers = call.query_pairs().into_iter().filter(|(name, _)| name == "supplier_uuids");
    let suppliers: Vec<String> =
        suppliers.flat_map(|(_, v)| v.split(',').map(str::to_string).collect::<Vec<_>>()).collect();
    let ours = suppliers.is_empty() || suppliers.contains(&side_uuid(true));
    let all = given_skus().iter().chain(&world.crux.products.skus).filter(|_| ours);
    let list: Vec<Value> = all.cloned().collect();
    if call.generation == Generation::Seed {
        return Ok(Reply::json(200, &list.into()));
    }
    let page = Page::of_query(call, 100)?;
    if page.limit > 500 {
        return Err(Reply::field("limit", "Ensure this value is less than or equal to 500."));
    }
    let pagination = page.object_with_next(list.len());
    Ok(Reply::json(200, &json!({ "pagination": pagination, "skus": page.cut(&list) })))
}

fn sku(world: &mut World, call: &Call) -> Outcome {
    let mut all = given_skus().iter().chain(&world.crux.products.skus);
    let found = all.find(|sku| sku["uuid"] == call.param(0));
    Ok(Reply::json(200, found.ok_or_else(|| Reply::detail(404, "Not found."))?))
}

fn create_sku(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    required(&body, "sku_id")?;
    if body.get("item").and_then(|item| item["uuid"].as_str()).is_none() {
        return Err(Reply::field("item", "This field is required."));
    }
    let mut made = given_skus()[0].clone();
    made["uuid"] = world.uuid().into();
    for (name, value) in body.into_iter().filter(|(name, _)| name != "uuid") {
        made[name] = value;
    }
    world.crux.products.skus.push(made.clone());
    Ok(Reply::json(200, &made))
}

/// Matches on `sku_id` only.
fn complete(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let partial = required(&body, "partial")?;
    let all = given_skus().iter().chain(&world.crux.products.skus);
    let fits = |sku: &&Value| sku["sku_id"].as_str().is_some_and(|id| id.starts_with(partial));
    let found: Vec<&Value> = all.filter(fits).take(20).collect();
    Ok(Reply::json(200, &json!({ "skus": found })))
}

const IDENTIFIERS: [&str; 5] = ["sku_id", "upca", "ean13", "gtin14", "isbn"];

/// What a stock entry comes to: a status of its own and a message.
fn judge(world: &World, entry: &Map<String, Value>) -> (u16, String) {
    let named = IDENTIFIERS.iter().find_map(|kind| Some((*kind, entry.get(*kind).and_then(number_text)?)));
    let Some((kind, value)) = named else {
        return (400, format!("One of {} is needed.", IDENTIFIERS.join(", ")));
    };
    let stock = entry.get("quantity_in_stock").and_then(number_text);
    if stock.is_none_or(|text| text.parse::<u64>().is_err()) {
        return (400, "quantity_in_stock: a valid integer is required.".into());
    }
    let mut all = given_skus().iter().chain(&world.crux.products.skus);
    let place = |sku: &Value| {
        if kind == "sku_id" { sku[kind].clone() } else { sku["product_identifiers"][kind].clone() }
    };
    if all.any(|sku| place(sku) == value.as_str()) {
        return (200, "success".into());
    }
    (404, format!("No SKU with {kind} '{value}'. Valid kinds: {}.", IDENTIFIERS.join(", ")))
}

fn set_stock(world: &mut World, call: &Call) -> Outcome {
    match judge(world, &call.object()) {
        (200, message) => Ok(Reply::json(200, &json!({ "message": message }))),
        (400, message) => Err(Reply::field("non_field_errors", &message)),
        (status, message) => Err(Reply::detail(status, &message)),
    }
}

/// Always 200: each entry has its own status.
fn set_stocks(world: &mut World, call: &Call) -> Outcome {
    let Some(Value::Array(entries)) = call.json() else {
        return Err(Reply::field("non_field_errors", "Expected a list of items."));
    };
    let judged = entries.iter().map(|entry| {
        let (status, message) = judge(world, entry.as_object().unwrap_or(&Map::new()));
        json!({ "status_code": status, "message": message })
    });
    Ok(Reply::json(200, &judged.collect::<Vec<_>>().into()))
}
