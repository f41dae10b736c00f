//! Connections between retailers and suppliers, the discovery catalog, and the seed's accounting.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::crux::account::{org_uuid, side_uuid};
use crate::crux::people::{organization_json, person};
use crate::crux::{Page, required};
use crate::server::call::Call;
use crate::server::data::{COMPANIES, Kind, START, hex_id, iso, nth, uuid};
use crate::server::reply::{Outcome, Reply};
use crate::server::route::{BEFORE_TIMP, LATER, Route, SEED, route};
use crate::server::world::World;

pub const ROUTES: &[Route] = &[
    route("GET", "/organizations/connections/", connections).among(LATER),
    route("GET", "/organizations/relationships/", connections).among(SEED),
    route("POST", "/organizations/connections/request/", ask).only("RETAILER").among(LATER),
    route("GET", "/organizations/connections/request/", requests).only("RETAILER").among(LATER),
    route("GET", "/organizations/connections/request/{}/", request).only("RETAILER").among(LATER),
    route("PATCH", "/organizations/connections/request/{}/", change).only("RETAILER").among(LATER),
    route("POST", "/discovery/suppliers/", suppliers).only("RETAILER").among(LATER),
    route("GET", "/discovery/participation/{}/", participation).among(LATER),
    route("POST", "/discovery/participation/{}/", participate).among(LATER),
    route("GET", "/accounting/payment-methods/", payment_methods).among(BEFORE_TIMP),
    route("GET", "/accounting/transactions/", transactions).among(BEFORE_TIMP),
    route("GET", "/accounting/transactions/{}/", transaction).among(BEFORE_TIMP),
];

const SUPPLIERS: usize = 130;
/// A larger limit is cut to this.
const LIMIT: usize = 100;

#[derive(Default)]
pub struct Trade {
    requests: Vec<Value>,
    /// Whether an organisation takes part in the discovery catalog.
    participating: HashMap<String, bool>,
}

fn connections(_: &mut World, call: &Call) -> Outcome {
    let side = |supplier| {
        json!({ "uuid": side_uuid(supplier),
        "organization": organization_json(supplier, call.generation),
            "contact": person(usize::from(!supplier)) })
    };
    let connection = |n: usize| {
        json!({ "uuid": uuid(Kind::Connection, n), "retailer": side(false), "supplier": side(true),
            "status": if n == 0 { "ACTIVE" } else { "PENDING" }, "account_manager": person(5),
            "allocation_type": "Manual", "suppliers_retailer_account_number": format!("R-{n:04}"),
            "retailers_supplier_account_number": format!("S-{n:04}"), "deactivated_date": null })
    };
    Ok(Reply::json(200, &(0..3).map(connection).collect::<Vec<_>>().into()))
}

/// The page of discovery and of connection requests: 50 unless told, 100 at most, and a start
/// beyond the end is pulled down to it.
fn clamped(page: Page, total: usize) -> Page {
    Page { start: page.start.min(total), limit: page.limit.min(LIMIT) }
}

fn ask(world: &mut World, call: &Call) -> Outcome {
    let mut body = call.object();
    required(&body, "organization_name")?;
    required(&body, "primary_contact_name")?;
    let (id, date) = (world.uuid(), iso(world.now()));
    body.insert("record_uuid".into(), json!(id));
    body.insert("request_date".into(), json!(date));
    world.crux.trade.requests.push(Value::Object(body));
    Ok(Reply::json(200, &json!({ "request_uuid": id, "request_date": date })))
}

/// A request as the detail page shows it: other names than those it was made with (C14).
fn request_json(sent: &Value) -> Value {
    let text = |name: &str| sent.get(name).cloned().unwrap_or_else(|| json!(""));
    let integrations = sent.get("integrations").and_then(Value::as_array).cloned().unwrap_or_default();
    let integrations: Vec<Value> = integrations
        .iter()
        .enumerate()
        .map(|(n, sent)| {
            json!({ "record_uuid": uuid(Kind::Connection, 1000 + n), "integration_type": sent["type"],
            "update_frequency": sent["update_frequency"],
            "feed_source_file_locations": sent["file_locations"],
            "file_specs": sent["file_specs"], "rules": sent["rules"], "date_created": iso(START) })
        })
        .collect();
    json!({
        "record_uuid": text("record_uuid"), "request_date": text("request_date"),
        "org_name": text("organization_name"),
        "org_contact_full_name": text("primary_contact_name"),
        "primary_contact_phone": text("primary_contact_phone"),
        "primary_contact_email": text("primary_contact_email"),
        "retailer_account_number": text("retailer_account_number"),
        "additional_information": text("additional_information"), "integrations": integrations,
        "uploaded_files": sent.get("uploaded_files").cloned().unwrap_or_else(|| json!([])),
        "is_approved": false, "approved_by": null,
    })
}

fn requests(world: &mut World, call: &Call) -> Outcome {
    let list: Vec<Value> = world.crux.trade.requests.iter().map(request_json).collect();
    let page = clamped(Page::of_query(call, 50)?, list.len());
    Ok(Reply::json(200, &json!({ "requests": page.cut(&list), "pagination": page.object(list.len()) })))
}

fn stored<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Value, Reply> {
    let mut list = world.crux.trade.requests.iter_mut();
    let found = list.find(|sent| sent["record_uuid"] == call.param(0));
    found.ok_or_else(|| Reply::detail(404, "Not found."))
}

fn request(world: &mut World, call: &Call) -> Outcome {
    Ok(Reply::json(200, &request_json(stored(world, call)?)))
}

fn change(world: &mut World, call: &Call) -> Outcome {
    let sent = stored(world, call)?;
    let fixed = ["record_uuid", "request_date"];
    for (name, value) in call.object().into_iter().filter(|(n, _)| !fixed.contains(&n.as_str())) {
        sent[name] = value;
    }
    Ok(Reply::json(200, &request_json(sent)))
}

fn supplier(n: usize) -> Value {
    json!({
        "uuid": uuid(Kind::Supplier, n), "name": format!("{} {n}", nth(COMPANIES, n)),
        "website": format!("https://supplier{n}.example.com/"), "description": "批发 · ขายส่ง · جملة",
        "fulfillment_percentage": 80 + n % 20, "number_of_skus": 10 * n, "contact": person(n),
    })
}

fn suppliers(_: &mut World, call: &Call) -> Outcome {
    let body = call.object();
    let initial = body.get("initial_character").and_then(Value::as_str).unwrap_or("");
    let mut list: Vec<Value> = (0..SUPPLIERS).map(supplier).collect();
    list.retain(|s| s["name"].as_str().is_some_and(|name| name.starts_with(initial)));
    if descending(&body) {
        list.reverse();
    }
    // The sample nests them; the prose does not.
    let whole = Value::Object(body);
    let page = Page::of_object(whole.get("pagination").or(Some(&whole)), 50)?;
    let page = clamped(page, list.len());
    Ok(Reply::json(200, &json!({ "suppliers": page.cut(&list), "pagination": page.object(list.len()) })))
}

/// `sort.dir` is `desc` or `des`; one sample calls it `value`.
pub fn descending(body: &Map<String, Value>) -> bool {
    let sort = body.get("sort");
    let direction = sort.and_then(|sort| sort.get("dir").or_else(|| sort.get("value")));
    matches!(direction.and_then(Value::as_str), Some("desc" | "des"))
}

fn participation(world: &mut World, call: &Call) -> Outcome {
    let is_in = world.crux.trade.participating.get(call.param(0)).copied().unwrap_or(true);
    Ok(Reply::json(
        200,
        &json!({ "supplier_uuid": call.param(0), "is_participating": is_in,
            "discovery_catalog_uuid": uuid(Kind::Catalog, 0), "date_joined": iso(START),
            "requested_by": person(0), "approved_by": person(5) }),
    ))
}

fn participate(world: &mut World, call: &Call) -> Outcome {
    if call.param(0) == org_uuid(false) || call.param(0) == side_uuid(false) {
        return Err(Reply::detail(409, "The organization is a retailer.").reason("Critical"));
    }
    let Some(is_in) = call.object().get("is_participating").and_then(Value::as_bool) else {
        return Err(Reply::field("is_participating", "This field is required."));
    };
    world.crux.trade.participating.insert(call.param(0).to_string(), is_in);
    Ok(Reply::empty(204))
}

fn payment_methods(_: &mut World, _: &Call) -> Outcome {
    Ok(Reply::json(200, &json!([{ "id": hex_id(Kind::Account, 900), "type": "card", "last_four": "4242" }])))
}

fn transaction_json(n: usize) -> Value {
    json!({ "id": hex_id(Kind::Account, n), "amount": format!("{}.{:02}", 10 + n, n),
    "description": nth(COMPANIES, n),
        "created_date": iso(START + 86_400 * n as u64) })
}

fn transactions(_: &mut World, _: &Call) -> Outcome {
    Ok(Reply::json(200, &(0..20).map(transaction_json).collect::<Vec<_>>().into()))
}

fn transaction(_: &mut World, call: &Call) -> Outcome {
    let found = (0..20).find(|n| hex_id(Kind::Account, *n) == call.param(0));
    let n = found.ok_or_else(|| Reply::detail(404, "Not found."))?;
    Ok(Reply::json(200, &transaction_json(n)))
}
