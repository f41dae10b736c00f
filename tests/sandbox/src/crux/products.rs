//! Items of Crux Connect, and what an item and a SKU look like.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::crux::account::side_uuid;
use crate::crux::{Page, required};
use crate::server::call::{Call, Generation};
use crate::server::data::{BRANDS, CITIES, COMPANIES, Kind, PRODUCTS, START, iso, nth, uuid};
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{Route, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("GET", "/products/items/", items),
    route("POST", "/products/items/", create).only("SUPPLIER"),
    route("POST", "/products/items/search/", search),
    route("GET", "/products/items/{}/", detail),
];

pub const ITEMS: usize = 400;
/// Every third item has a second SKU: more than one page of 500 holds.
const EXTRA_SKUS: usize = ITEMS.div_ceil(3);

#[derive(Default)]
pub struct Products {
    pub items: Vec<Value>,
    pub skus: Vec<Value>,
    pub catalogs: Vec<Value>,
    pub inventory_lists: Vec<Value>,
}

pub fn given_skus() -> &'static [Value] {
    static GIVEN: OnceLock<Vec<Value>> = OnceLock::new();
    GIVEN.get_or_init(|| (0..ITEMS + EXTRA_SKUS).map(sku).collect())
}

pub fn given_items() -> &'static [Value] {
    static GIVEN: OnceLock<Vec<Value>> = OnceLock::new();
    GIVEN.get_or_init(|| (0..ITEMS).map(item).collect())
}

/// Images carry `url` or `uri` (C13).
fn image(n: usize) -> Value {
    let address = format!("https://images.example.com/{n}.png");
    let name = if n.is_multiple_of(2) { "url" } else { "uri" };
    json!({ "uuid": uuid(Kind::Image, n), name: address, "uri_type": "image/png", "width": 640,
    "height": 480 })
}

fn sku(n: usize) -> Value {
    let item = if n < ITEMS { n } else { (n - ITEMS) * 3 };
    let measure = json!({ "weight": "1.25", "weight_units": "kg", "length": "10", "width": "10",
    "height": "12", "dimension_units": "cm" });
    json!({
        "uuid": uuid(Kind::Sku, n), "sku_id": format!("SKU-{n:05}"),
        "item": { "uuid": uuid(Kind::Item, item) },
        "restrictions": if n.is_multiple_of(50) { "discontd" } else { "" }, "condition": "new",
        "sku_distinguishing_attributes": { "颜色": "蓝" }, "sku_nondistinguishing_attributes": {},
        "minimum_advertised_price": format!("{}.99", 10 + n % 50),
        "msrp": format!("{}.00", 20 + n % 50),
        "price_tiers": [{ "handling_cost": "0.50", "shipping_cost_type": "flat",
        "catalog": { "name": "目录", "uuid": uuid(Kind::Catalog, 0) },
            "shipping_cost_is_estimate": false, "cost": "5.00", "cost_per_unit": "5.00",
            "shipping_cost": "2.00", "minimum_tier_quantity": 1 }],
        "product_images": [image(n)], "product_videos": [], "measurements": { "sku": measure,
        "package": measure },
        "product_identifiers": { "upca": format!("{:012}", 36_000_000_000 + n as u64),
        "ean13": null, "gtin14": null, "isbn": null, "asin": null, "mpn": format!("M{n}") },
        "catalogs": [{ "uuid": uuid(Kind::Catalog, 0), "name": "目录" }],
        "created": iso(START), "last_updated": iso(START + n as u64),
        "quantity_in_stock": n % 97, "quantity_on_backorder": 0, "number_of_units_bundled": 1,
    })
}

fn item(n: usize) -> Value {
    let mut skus = vec![sku(n)];
    if n.is_multiple_of(3) {
        skus.push(sku(ITEMS + n / 3));
    }
    let range = json!({ "min": "5.00", "max": "59.00" });
    json!({
        "uuid": uuid(Kind::Item, n), "skus": skus, "restrict_from_marketplaces": [],
        "supplier": { "uuid": side_uuid(true), "name": COMPANIES[0] }, "cost_range": range,
        "minimum_advertised_price_range": range, "msrp_range": range,
        "product_images": [image(n)], "product_videos": [],
        "categories": [{ "uuid": uuid(Kind::Catalog, 500), "path": ["家居", "Küche"],
        "description": "ห้องครัว" }],
        "created": iso(START), "last_updated": iso(START + 60 * n as u64),
        "item_id": format!("ITEM-{n:04}"),
        "title": format!("{} №{n}", nth(PRODUCTS, n)),
        "description": "手工制作 · ทำด้วยมือ · صناعة يدوية", "warranty": "1 an",
        "return_policy": "30 días", "manufacturer": nth(COMPANIES, n), "brand": nth(BRANDS, n),
        "country_of_origin": nth(CITIES, n).2, "shipping_origin_country": "US",
        "other_marketplace_restriction": "",
        "fba_certified": n.is_multiple_of(2), "item_attributes": { "材料": "陶瓷" },
    })
}

fn all(world: &World) -> Vec<Value> {
    given_items().iter().chain(&world.crux.products.items).cloned().collect()
}

/// A bare array in the seed's generation, pages with a next index later.
fn items(world: &mut World, call: &Call) -> Outcome {
    let list = all(world);
    if call.generation == Generation::Seed {
        return Ok(Reply::json(200, &list.into()));
    }
    let page = Page::of_query(call, 100)?;
    let pagination = page.object_with_next(list.len());
    Ok(Reply::json(200, &json!({ "pagination": pagination, "items": page.cut(&list) })))
}

fn detail(world: &mut World, call: &Call) -> Outcome {
    let mut list = given_items().iter().chain(&world.crux.products.items);
    let found = list.find(|item| item["uuid"] == call.param(0));
    let found = found.ok_or_else(|| Reply::detail(404, "Not found."))?;
    Ok(Reply::json(200, found))
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    required(&body, "item_id")?;
    required(&body, "title")?;
    let country = body.get("country_of_origin").and_then(Value::as_str);
    if country.is_some_and(|country| country.len() != 2) {
        return Err(Reply::field("country_of_origin", "Two letters are needed."));
    }
    let mut made = item(ITEMS + world.crux.products.items.len());
    made["uuid"] = world.uuid().into();
    made["skus"] = json!([]);
    for (name, value) in body.into_iter().filter(|(name, _)| name != "uuid" && name != "skus") {
        made[name] = value;
    }
    world.crux.products.items.push(made.clone());
    Ok(Reply::json(200, &made))
}

fn search(world: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let term = body.get("search_term").and_then(Value::as_str).unwrap_or("");
    let mut list = all(world);
    list.retain(|item| {
        let holds = |name: &str| item[name].as_str().is_some_and(|text| text.contains(term));
        term.is_empty() || holds("title") || holds("brand") || holds("item_id")
    });
    let page = Page::of_object(body.get("pagination"), 50)?;
    Ok(Reply::json(
        200,
        &json!({
            "items": page.cut(&list), "pagination": page.object(list.len()), "search_term": term,
            "facets": { "supplier": [{ "name": COMPANIES[0], "count": list.len() }] },
            "filters": body.get("filters").cloned().unwrap_or_else(|| json!({})),
            "sort": ["title", "created"],
        }),
    ))
}
