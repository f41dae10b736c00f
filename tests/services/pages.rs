//! `crux_next_page`: every page shape of the services, to the end and no further.

use std::ptr::null;

use sandbox::{API_KEY, Canned, Sandbox};
use serde_json::{Value, json};
use support::*;

fn crux(sandbox: &Sandbox, prefix: &str, user: (&str, &str)) -> Client {
    let base = format!("{}{prefix}", sandbox.http());
    Client::login("crux-connect", &base, Some(user.0), Some(user.1)).expect(CRUX_OK)
}

const SUPPLIER: (&str, &str) = ("ada@example.com", "correct horse");
const RETAILER: (&str, &str) = ("zoë@example.com", "пароль-密码");

fn crunch(sandbox: &Sandbox) -> Client {
    Client::login("crunch", &format!("{}/api/", sandbox.http()), None, Some(API_KEY)).expect(CRUX_OK)
}

/// All pages from this one on; each must be a success, and their number bounded.
#[track_caller]
fn pages(client: &Client, first: Response) -> Vec<Response> {
    let mut all = vec![first.expect(CRUX_OK)];
    while let Some(next) = client.next_page(&all[all.len() - 1]) {
        all.push(next.expect(CRUX_OK));
        assert!(all.len() < 200, "it never ends");
    }
    all
}

/// The elements under a pointer, page after page.
fn elements(pages: &[Response], pointer: &str) -> Vec<Value> {
    let list = |page: &Response| serde_json::from_str::<Vec<Value>>(&page.json(pointer).expect(pointer));
    pages.iter().flat_map(|page| list(page).expect("a list")).collect()
}

fn lengths(pages: &[Response], pointer: &str) -> Vec<usize> {
    pages.iter().map(|page| page.json_count(pointer)).collect()
}

/// A list of the sandbox in one page, and the same in pages of `limit`.
fn same_in_pages(
    sandbox: &Sandbox,
    client: &Client,
    name: &str,
    ask: impl Fn(usize) -> Response,
    limit: usize,
) {
    let pointer = format!("/{name}");
    let whole = elements(&pages(client, ask(500)), &pointer);
    assert!(whole.len() > limit, "{name}: only {} of them", whole.len());
    sandbox.clear();
    let paged = pages(client, ask(limit));
    assert!(elements(&paged, &pointer) == whole, "{name}");
    assert_eq!(sandbox.requests().len(), whole.len().div_ceil(limit), "{name}: no request too many");
}

/// docs/services.md, 19.
#[test]
fn a_bare_list_is_its_only_page() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/api/", SUPPLIER);
    for path in ["products/items/", "products/skus/", "organizations/users/all/"] {
        let all = pages(&client, client.get(path));
        assert_eq!((all.len(), all[0].json_type("")), (1, CRUX_JSON_ARRAY), "{path}");
    }
}

/// docs/services.md, 20.
#[test]
fn a_next_index_is_followed_until_it_is_null() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    let page = |start: usize, next: Value| {
        let items: Vec<usize> = (start..start + 200).collect();
        let pagination = json!({"total_count": 400, "start": start, "limit": 200, "next_start_index": next});
        Canned::json(200, &json!({"pagination": pagination, "items": items})).times(1)
    };
    sandbox.respond("GET", "/timp/products/items/", page(0, json!(200)));
    sandbox.respond("GET", "/timp/products/items/", page(200, Value::Null));
    sandbox.clear();
    let all = pages(&client, client.get("products/items/?limit=200&x=%3A"));
    assert!(elements(&all, "/items") == (0..400).map(Value::from).collect::<Vec<_>>());
    let queries: Vec<_> = sandbox.requests().into_iter().map(|r| r.query).collect();
    assert_eq!(queries, ["limit=200&x=%3A", "limit=200&x=%3A&start=200"]);
    for path in ["products/items/", "products/skus/"] {
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap();
        let ask = |limit: usize| client.get(&format!("{path}?limit={limit}"));
        same_in_pages(&sandbox, &client, name, ask, 70);
    }
}

#[test]
fn pages_by_query_with_a_count() {
    let sandbox = Sandbox::start();
    let supplier = crux(&sandbox, "/timp/", SUPPLIER);
    let ask = |limit: usize| supplier.get(&format!("products/catalogs/?limit={limit}"));
    same_in_pages(&sandbox, &supplier, "catalogs", ask, 2);
    // Without any limit the server's own is gone by.
    let rest = pages(&supplier, supplier.get("products/catalogs/?start=1"));
    let total = rest[0].json_int("/pagination/total_count") as usize;
    assert_eq!(elements(&rest, "/catalogs").len(), total - 1);
}

#[test]
fn pages_by_body() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    let post = |path: &str, body: Value| client.request("POST", path, Some(&body.to_string()));
    let nested = |limit| {
        post("products/items/search/", json!({"search_term": "", "pagination": {"start": 0, "limit": limit}}))
    };
    same_in_pages(&sandbox, &client, "items", nested, 9);
    let last = sandbox.requests().pop().unwrap().json();
    assert_eq!(
        (&last["search_term"], &last["pagination"]["limit"]),
        (&json!(""), &json!(9)),
        "what else was asked stays"
    );
    // The form that asks for no page at all: the start goes where such a search has it.
    let whole = pages(&client, post("products/items/search/", json!({"search_term": ""})));
    let total = whole[0].json_int("/pagination/total_count") as usize;
    assert_eq!(elements(&whole, "/items").len(), total);
    assert!(whole.len() > 1, "{total} items are one page");
}

/// docs/services.md, 22.
#[test]
fn orders_are_counted_by_total_results() {
    let sandbox = Sandbox::start();
    for (prefix, body) in [("/api/", json!({})), ("/timp/", json!({})), ("/timp/", json!({"start": 0}))] {
        let client = crux(&sandbox, prefix, SUPPLIER);
        let ask = |limit: usize| {
            let mut body = body.clone();
            body["limit"] = json!(limit);
            client.request("POST", "orders/", Some(&body.to_string()))
        };
        same_in_pages(&sandbox, &client, "orders", ask, 6);
    }
    // Without a body there is one from the second page on.
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    let total = client.request("POST", "orders/", Some("{}")).json_int("/total_results");
    let all = pages(&client, client.request("POST", "orders/", None));
    assert_eq!(elements(&all, "/orders").len() as i64, total);
    // From the middle on.
    let rest = pages(&client, client.request("POST", "orders/", Some(r#"{"start":5,"limit":4}"#)));
    assert_eq!(elements(&rest, "/orders").len() as i64, total - 5);
}

/// docs/services.md, 21.
#[test]
fn a_limit_that_is_cut_and_a_start_beyond_the_end() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", RETAILER);
    let ask = |body: &str| client.request("POST", "discovery/suppliers/", Some(body));
    for body in [
        r#"{"limit":500}"#,
        r#"{"pagination":{"limit":500}}"#,
        r#"{"pagination":{"start":null,"limit":500}}"#,
    ] {
        let all = pages(&client, ask(body));
        let total = all[0].json_int("/pagination/total_count") as usize;
        assert_eq!((lengths(&all, "/suppliers")[0], all[0].json_int("/pagination/limit")), (100, 100));
        assert_eq!(elements(&all, "/suppliers").len(), total, "{body}");
    }
    for body in [r#"{"start":5000,"limit":10}"#, r#"{"pagination":{"start":5000,"limit":10}}"#] {
        assert_eq!(lengths(&pages(&client, ask(body)), "/suppliers"), [0]);
    }
}

#[test]
fn pages_of_crunch_by_offset_and_limit() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let list = client.get("datasets/all/").expect(CRUX_OK);
    let dataset = (0..list.json_count("/index")).map(|n| list.json_key("/index", n).unwrap());
    let dataset = dataset.map(|key| key.trim_end_matches('/').rsplit('/').next().unwrap().to_owned());
    let rows = |id: &String| client.get(&format!("datasets/{id}/savepoints/")).json_count("/index");
    let id = dataset.max_by_key(rows).unwrap();
    let points = pages(&client, client.get(&format!("datasets/{id}/savepoints/?limit=12&offset=0")));
    assert_eq!(lengths(&points, "/index"), [12, 12, 6]);
    let points = pages(&client, client.get(&format!("datasets/{id}/savepoints/?limit=15")));
    assert_eq!(lengths(&points, "/index")[..2], [15, 15]);
    let variables = client.get(&format!("datasets/{id}/variables/")).expect(CRUX_OK);
    let variable = variables.json_key("/index", 0).unwrap();
    let values = format!("datasets/{id}/variables/{variable}values/?offset=0&limit=1000");
    assert_eq!(lengths(&pages(&client, client.get(&values)), "/value"), [1000, 1000, 500]);
    let table = pages(&client, client.get(&format!("datasets/{id}/table/?offset=0&limit=1000")));
    assert_eq!(table.len(), 3);
    let queries: Vec<_> = sandbox.requests().into_iter().rev().take(2).map(|r| r.query).collect();
    assert_eq!(queries, ["limit=1000&offset=2000", "limit=1000&offset=1000"]);
    // Without a limit there is one page.
    assert_eq!(pages(&client, client.get("datasets/all/")).len(), 1);
}

#[test]
fn links_are_followed_on_the_own_server_only() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    let page = |next: Value| Canned::json(200, &json!({"next": next, "items": [1, 2]})).times(1);
    for link in ["?page=2", "/timp/list/?page=2", &format!("{}/timp/list/?page=2", sandbox.http())] {
        sandbox.respond("GET", "/timp/list/", page(json!(link)));
        sandbox.respond("GET", "/timp/list/", page(Value::Null));
        sandbox.clear();
        assert_eq!(pages(&client, client.get("list/")).len(), 2, "{link}");
        assert_eq!(sandbox.requests()[1].target, "/timp/list/?page=2");
    }
    let port = sandbox.http().rsplit(':').next().unwrap().to_owned();
    for (link, words) in [
        (format!("http://localhost:{port}/timp/list/"), format!("origin, http://localhost:{port};")),
        ("https://127.0.0.1/x".into(), "origin, https://127.0.0.1;".into()),
        ("//elsewhere.test/".into(), "origin, http://elsewhere.test;".into()),
        ("http://127.0.0.1:65536/".into(), "no address that can be called".into()),
        ("http://[::1/".into(), "no address that can be called".into()),
        ("ftp://127.0.0.1/x".into(), "no address that can be called".into()),
        ("http://u:p@127.0.0.1/x".into(), "no address that can be called".into()),
    ] {
        sandbox.respond("GET", "/timp/list/", page(json!(link)));
        let first = client.get("list/").expect(CRUX_OK);
        sandbox.clear();
        let refused = client.next_page(&first).expect("an outcome").expect(CRUX_ERR_PROTOCOL);
        assert!(refused.message().contains(&words), "{words}: {}", refused.message());
        assert_eq!(sandbox.requests().len(), 0);
    }
}

/// A second page that is none must not look like the end of the list.
#[test]
fn a_page_that_is_no_document_does_not_end_a_list() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    let first = || Canned::json(200, &json!({"next": "?page=2", "items": [1, 2]})).times(1);
    for (status, body, ends) in [
        (200, "", false),
        (200, "<html>Back soon</html>", false),
        (200, "null", false),
        (200, "7", false),
        (200, "\"Back soon\"", false),
        (200, "{\"items\":[3]", false),
        (200, "[]", true),
        (200, "{\"items\":[3]}", true),
        (204, "", true),
    ] {
        sandbox.respond("GET", "/timp/list/", first());
        sandbox.respond(
            "GET",
            "/timp/list/",
            Canned::status(status).header("Content-Type", "application/json").body(body).times(1),
        );
        let second = client.next_page(&client.get("list/").expect(CRUX_OK)).expect("a link").expect(CRUX_OK);
        match client.next_page(&second) {
            None => assert!(ends, "{status} {body:?} ended the list"),
            Some(end) => assert_eq!((end.code(), ends), (CRUX_ERR_PROTOCOL, false), "{status} {body:?}"),
        }
    }
}

#[test]
fn a_server_that_ignores_limits_is_an_error() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    sandbox.respond("GET", "/timp/list/", Canned::json(200, &json!([1, 2, 3, 4, 5])));
    let whole = client.get("list/?limit=2").expect(CRUX_OK);
    let end = client.next_page(&whole).expect("the server may have longer pages than asked for");
    assert_eq!((end.code(), end.status()), (CRUX_ERR_PROTOCOL, 200), "what came is not delivered again");
    assert!(end.message().contains("does not advance"), "{}", end.message());
    assert!(client.next_page(&end).is_none());
    // The same of a call that is started, and of values.
    let next = Call(unsafe { crux_call_next(client.0, whole.0) }).start();
    assert_eq!(next.finished().code(), CRUX_ERR_PROTOCOL);
    // Of a page as long as was asked for a second one may be equal; a first one that is shorter is all there is.
    for (target, count, equal) in [("list/?limit=100", 20, 0), ("list/?limit=5", 5, 1)] {
        let items: Vec<_> = (0..count).map(|id| json!({ "id": id })).collect();
        sandbox.respond("GET", "/timp/list/", Canned::json(200, &json!(items)));
        let mut page = client.get(target).expect(CRUX_OK);
        for _ in 0..equal {
            page = client.next_page(&page).expect("another").expect(CRUX_OK);
        }
        client.next_page(&page).expect("it is no proper end").expect(CRUX_ERR_PROTOCOL);
    }
    // So few elements are rather a short list, of a server that knows no limit, than all that it gives at once.
    sandbox.respond("GET", "/timp/list/", Canned::json(200, &json!([1, 2, 3])));
    let page = client.get("list/?limit=100").expect(CRUX_OK);
    assert!(client.next_page(&page).is_none());
}

/// A server may give fewer elements than were asked for, and say nothing of it.
#[test]
fn nothing_of_a_list_is_lost_where_a_server_cuts_its_pages() {
    for (cap, size) in [(10, 25), (12, 30), (50, 120), (20, 20)] {
        let sandbox = Sandbox::start();
        let me = Client::ready(&format!("{}/api", sandbox.http()), &[]);
        let ids: Vec<usize> = (0..size).collect();
        // An empty page is the last one where the last full page is not a shorter one.
        for ids in ids.chunks(cap).chain([&[][..]]) {
            let things: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
            sandbox.respond("GET", "/api/list", Canned::json(200, &json!({ "items": things })).times(1));
        }
        let all = pages(&me, me.get("list?limit=100&offset=0"));
        assert_eq!(elements(&all, "/items").len(), size, "{size} in pages of {cap}");
    }
}

#[test]
fn a_long_search_keeps_no_body_for_its_next_page() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    sandbox.respond("POST", "/timp/list/", Canned::json(200, &json!({"total_results": 9, "items": [1, 2]})));
    let search = json!({ "term": "x".repeat(200_000) }).to_string();
    let page = client.request("POST", "list/", Some(&search)).expect(CRUX_OK);
    let next = client.next_page(&page).expect("an outcome").expect(CRUX_ERR_ARGUMENT);
    assert!(next.message().contains("crux_call_body"), "{}", next.message());
    let asked = sandbox.requests().iter().filter(|request| request.target == "/timp/list/").count();
    assert_eq!(asked, 1, "nothing is sent");
}

#[test]
fn a_server_that_does_not_advance_is_an_error() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    let list = |members: Value| Canned::json(200, &members);
    for (what, members) in [
        (
            "the same next index",
            json!({"pagination": {"start": 0, "limit": 2, "next_start_index": 0}, "items": [1]}),
        ),
        (
            "one that goes back",
            json!({"pagination": {"start": 0, "limit": 2, "next_start_index": -5}, "items": [1]}),
        ),
        (
            "one that is none",
            json!({"pagination": {"start": 0, "limit": 2, "next_start_index": "x"}, "items": [1]}),
        ),
        (
            "the first page again",
            json!({"pagination": {"start": 0, "limit": 2, "total_count": 9}, "items": [1, 2]}),
        ),
        ("a link to itself", json!({"next": "/timp/list/", "items": [1]})),
    ] {
        sandbox.respond("GET", "/timp/list/", list(members));
        let mut page = client.get("list/").expect(CRUX_OK);
        for turn in 0.. {
            assert!(turn < 3, "{what}: it goes on");
            page = client.next_page(&page).expect("it is no proper end");
            if page.code() != CRUX_OK {
                break;
            }
        }
        assert_eq!(page.code(), CRUX_ERR_PROTOCOL, "{what}: {}", page.message());
        assert!(page.message().contains("does not advance"), "{what}: {}", page.message());
    }
}

#[test]
fn links_that_go_in_a_circle_are_an_error() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    // From `first` a few pages that come once, then a circle.
    for (first, length) in [(0, 2), (0, 3), (1, 2), (70, 5), (3, 150)] {
        for n in 0..first + length {
            let next = if n + 1 == first + length { first } else { n + 1 };
            let page = json!({ "next": format!("/timp/list/{next}/"), "items": [n] });
            sandbox.respond("GET", &format!("/timp/list/{n}/"), Canned::json(200, &page));
        }
        sandbox.clear();
        let mut page = client.get("list/0/").expect(CRUX_OK);
        while page.code() == CRUX_OK {
            page = client.next_page(&page).expect("it is no proper end");
        }
        assert_eq!(page.code(), CRUX_ERR_PROTOCOL);
        assert!(page.message().contains("in a circle"), "{}", page.message());
        // Through the first page it is seen at once; later in three times the pages that there are, at most.
        let asked = sandbox.requests().len();
        let most = if first == 0 { length } else { 3 * (first + length).max(64) };
        assert!(asked <= most, "{first} {length}: {asked}");
        sandbox.forget_canned();
    }
    // A search that goes on at its own address, by GET, is none.
    let page = |next: Value| Canned::json(200, &json!({ "next": next, "items": [1] }));
    sandbox.respond("POST", "/timp/list/", page(json!("/timp/list/")));
    sandbox.respond("GET", "/timp/list/", page(Value::Null));
    assert_eq!(pages(&client, client.request("POST", "list/", Some("{}"))).len(), 2);
}

#[test]
fn what_has_no_next_page() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    for (kind, body) in [
        ("application/json", "{}"),
        ("application/json", ""),
        ("application/json", "{\"pagination\":null}"),
        ("application/json", "{\"pagination\":{}}"),
        ("application/json", "{\"total_results\":0,\"orders\":[]}"),
        ("application/json", "{\"total_results\":9,\"orders\":[]}"),
        ("application/json", "{\"next\":\"\",\"items\":[1]}"),
    ] {
        sandbox.respond("GET", "/timp/list/", Canned::status(200).header("content-type", kind).body(body));
        assert!(client.next_page(&client.get("list/").expect(CRUX_OK)).is_none(), "{body}");
    }
    let missing = client.get("no-such/").expect(CRUX_ERR_HTTP);
    assert!(client.next_page(&missing).is_none(), "what failed is no page");
    let next = |client, page| Response(unsafe { crux_next_page(client, page) });
    next(client.0, null()).expect(CRUX_ERR_ARGUMENT);
    next(null(), missing.0).expect(CRUX_ERR_ARGUMENT);
    next(client.0, client.0.cast_const().cast()).expect(CRUX_ERR_ARGUMENT);
}

#[test]
fn a_page_keeps_what_its_call_was_given() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox, "/timp/", SUPPLIER);
    let call = client.call("GET", "products/items/");
    assert_eq!(
        (call.query("limit", "3"), call.header("X-Trace", "7"), call.set("max_body", "1000000")),
        (0, 0, 0)
    );
    let first = call.start().finished().expect(CRUX_OK);
    drop(call);
    client.next_page(&first).expect("a page").expect(CRUX_OK);
    assert_eq!(sandbox.requests().pop().unwrap().header("x-trace"), Some("7"));
    sandbox.revoke_tokens();
    let second = client.next_page(&first).expect("a page").expect(CRUX_OK);
    assert_eq!(second.number("attempts"), 2, "the login is renewed on the way");
}
