//! What answers mean beyond their status, read through the C interface: behaviours of docs/services.md, by number.

use sandbox::{API_KEY, Sandbox, Switch};
use serde_json::{Value, json};
use support::*;

const SUPPLIER: (&str, &str) = ("ada@example.com", "correct horse");
const RETAILER: (&str, &str) = ("zoë@example.com", "пароль-密码");

fn crux(sandbox: &Sandbox, prefix: &str, user: (&str, &str)) -> Client {
    let base = format!("{}{prefix}", sandbox.http());
    Client::login("crux-connect", &base, Some(user.0), Some(user.1)).expect(CRUX_OK)
}

fn crunch(sandbox: &Sandbox) -> Client {
    Client::login("crunch", &format!("{}/api/", sandbox.http()), None, Some(API_KEY)).expect(CRUX_OK)
}

fn post(client: &Client, path: &str, body: &Value) -> Response {
    client.request("POST", path, Some(&body.to_string()))
}

fn entity(body: &Value) -> Value {
    json!({"element": "shoji:entity", "body": body})
}

/// Address of a dataset, from the base.
fn dataset(client: &Client, index: usize) -> String {
    let key = client.get("datasets/all/").expect(CRUX_OK).json_key("/index", index).expect("a dataset");
    format!("datasets/{}/", key.trim_end_matches('/').rsplit('/').next().unwrap())
}

/// docs/services.md, 17.
#[test]
fn an_order_is_made_in_two_ways() {
    let sandbox = Sandbox::start();
    let address = json!({"name": "王小明"});
    let seed =
        json!({"purchase_order_id": "P1", "address": address, "skus": [{"quantity": 1, "supplier_id": "s"}]});
    let timp =
        json!({"po_number": "P1", "address": address, "skus": [{"quantity": 1, "supplier_org_uuid": "s"}]});
    for (prefix, body, status, pointer) in
        [("/api/", seed, 201, "/uuid"), ("/timp/", timp, 200, "/order_uuid")]
    {
        let client = crux(&sandbox, prefix, RETAILER);
        let made = post(&client, "orders/create/", &body).expect(CRUX_OK);
        assert_eq!((made.status(), made.info("result")), (status, made.json(pointer)), "{prefix}");
        client.get(&format!("orders/{}/", made.info("result").expect("an id"))).expect(CRUX_OK);
    }
}

/// docs/services.md, 18.
#[test]
fn each_entry_of_a_bulk_response_has_a_status() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    let entry = |id: &str| json!({"sku_id": id, "quantity_in_stock": 5});
    let body = json!([entry("SKU-00000"), entry("NONE"), entry("SKU-00001")]);
    let response = post(&client, "products/skus/inventory/bulk/", &body).expect(CRUX_OK);
    let codes: Vec<_> =
        (0..response.json_count("")).map(|n| response.json_int(&format!("/{n}/status_code"))).collect();
    assert_eq!((response.status(), codes), (200, vec![200, 404, 200]));
}

/// docs/services.md, 31.
#[test]
fn images_have_a_url_or_a_uri() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    let skus = client.get("products/skus/?limit=2").expect(CRUX_OK);
    let place = |n: usize, name: &str| skus.json(&format!("/skus/{n}/product_images/0/{name}"));
    for n in 0..2 {
        assert!(place(n, "url").or(place(n, "uri")).expect("an address").starts_with("https://images."));
        assert!(place(n, "url").is_none() || place(n, "uri").is_none());
    }
}

/// docs/services.md, 56.
#[test]
fn the_place_of_what_was_made() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let make = || {
        post(&client, "datasets/", &entity(&json!({"name": "数据", "project": "/api/projects/personal/"})))
            .expect(CRUX_OK)
    };
    for (switch, body) in [(None, "{"), (Some(Switch::NullCreated), "null"), (Some(Switch::EmptyCreated), "")]
    {
        if let Some(switch) = switch {
            sandbox.switch(switch, true);
        }
        let made = make();
        assert_eq!(made.status(), 201);
        let came = String::from_utf8(made.body()).unwrap();
        assert!(came.starts_with(body) && came.is_empty() == body.is_empty(), "{switch:?}: {came}");
        let place = made.info("result").expect("a place");
        assert_eq!(
            (Some(&place), made.header("location").as_ref()),
            (made.info("location").as_ref(), Some(&place))
        );
        client.get(&place).expect(CRUX_OK);
    }
}

/// docs/services.md, 80.
#[test]
fn appends_that_cannot_be() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    // A job that never ends keeps the dataset busy.
    sandbox.progress(vec![json!(1)]);
    let batches = |n: usize| format!("{}batches/", dataset(&client, n));
    let rows = entity(&json!({"element": "crunch:table", "table": "x"}));
    post(&client, &batches(1), &rows).expect(CRUX_OK);
    let busy = post(&client, &batches(1), &rows).expect(CRUX_ERR_HTTP);
    assert_eq!((busy.status(), busy.number("attempts")), (409, 1));
    assert!(busy.message().contains("append is running"), "{}", busy.message());
    let streaming =
        entity(&json!({"name": "流", "streaming": "streaming", "project": "/api/projects/personal/"}));
    let made = post(&client, "datasets/", &streaming).expect(CRUX_OK).info("result").unwrap();
    assert_eq!(post(&client, &format!("{made}batches/"), &rows).expect(CRUX_ERR_HTTP).status(), 409);
    let pending = entity(&json!({"stream": null, "type": "ldjson"}));
    assert_eq!(post(&client, &batches(2), &pending).expect(CRUX_ERR_HTTP).status(), 409);
}

/// docs/services.md, 86.
#[test]
fn a_feature_that_is_missing_is_off() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let all = client.get("feature_flag/").expect(CRUX_OK);
    let flag = |name: &str| client.get(&format!("feature_flag/?feature_name={name}")).expect(CRUX_OK);
    let active = |name: &str| unsafe { crux_json_int(flag(name).0.cast(), c("/value/active").as_ptr(), 0) };
    assert_eq!(active(&all.json("/value/on/0").expect("one that is on")), 1);
    assert_eq!(active(&all.json("/value/off/0").expect("one that is off")), 0);
    assert_eq!(active("no-such-feature"), 0);
    assert_eq!(flag("no-such-feature").json_type("/value/active"), CRUX_JSON_NONE);
}

/// docs/services.md, 87.
#[test]
fn missing_values_and_names_of_any_script() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let place = dataset(&client, 0);
    let variables = client.get(&format!("{place}variables/")).expect(CRUX_OK);
    let keys = (0..variables.json_count("/index")).map(|n| variables.json_key("/index", n).unwrap());
    let missing = keys.map(|key| {
        let base = if key.starts_with("http") { key } else { format!("{place}variables/{key}") };
        let values = client.get(&format!("{base}values/?offset=0&limit=1000")).expect(CRUX_OK);
        (0..values.json_count("/value")).filter(|n| values.json_int(&format!("/value/{n}/?")) == -1).count()
    });
    assert!(missing.sum::<usize>() > 0, "there are missing values, and they are told from others");
    let body = entity(&json!({"name": "变量", "alias": "变量", "type": "text"}));
    let made = post(&client, &format!("{place}variables/"), &body).expect(CRUX_OK);
    let read = client.get(&made.info("result").unwrap()).expect(CRUX_OK);
    assert_eq!(read.json("/body/alias").as_deref(), Some("变量"));
}
