//! Pages of services that are no built-in one, to the end and no further.

use sandbox::fault::{FaultServer, Step};
use sandbox::{Canned, Sandbox};
use serde_json::{Value, json};
use support::*;

fn client(sandbox: &Sandbox, more: &[(&str, &str)]) -> Client {
    Client::ready(&format!("{}/api", sandbox.http()), more)
}

/// The targets of all pages from `target` on, where the pages are these, in order.
#[track_caller]
fn targets(more: &[(&str, &str)], target: &str, pages: &[Canned]) -> Vec<String> {
    let sandbox = Sandbox::start();
    for page in pages {
        sandbox.respond("GET", "/api/list", page.clone().times(1));
    }
    let me = client(&sandbox, more);
    let mut page = me.get(target).expect(CRUX_OK);
    while let Some(next) = me.next_page(&page) {
        page = next.expect(CRUX_OK);
    }
    sandbox.requests().into_iter().map(|request| request.target).collect()
}

fn page(body: Value) -> Canned {
    Canned::json(200, &body)
}

#[test]
fn links_wherever_they_stand() {
    let end = page(json!({"items": [3]}));
    let header = page(json!([1, 2])).header("link", "</api/list?p=0>; rel=\"prev\", <?p=2>; rel=\"next\"");
    for first in [
        header,
        page(json!({"_links": {"next": {"href": "/api/list?p=2"}}})),
        page(json!({"links": {"next": {"href": "list?p=2"}}})),
        page(json!({"links": {"next": "/api/list?p=2"}})),
        page(json!({"@odata.nextLink": "list?p=2"})),
        page(json!({"next_page_url": "/api/list?p=2"})),
        page(json!({"meta": {"next": "?p=2"}})),
        page(json!({"paging": {"next": "?p=2"}})),
    ] {
        let seen = targets(&[], "list", &[first.clone(), end.clone()]);
        assert_eq!(seen, ["/api/list", "/api/list?p=2"], "{}", String::from_utf8_lossy(&first.body));
    }
    let named = page(json!({"more": "?p=2", "next": "/wrong"}));
    assert_eq!(targets(&[("page.next_pointer", "/more")], "list", &[named, end]).len(), 2);
}

/// Where bytes that are no ASCII stand in a head, the list does not end there.
#[test]
fn a_link_keeps_its_bytes() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nLink: </caf\xe9?p=2>; rel=next; title=\"n\xe4chste\"\r\n\r\n[1]";
    let server = FaultServer::start(vec![
        Step::ReadRequest,
        Step::send(head),
        Step::ReadRequest,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"),
    ]);
    let me = Client::ready(&server.url(), &[]);
    let next = me.next_page(&me.get("x").expect(CRUX_OK)).expect("a next page").expect(CRUX_OK);
    assert_eq!(next.info("url"), Some(format!("{}/caf%E9?p=2", server.url().trim_end_matches('/'))));
}

#[test]
fn numbers_and_counts() {
    let by_number = |n: i64| page(json!({"pagination": {"page": n, "pages": 2}, "items": [1]}));
    assert_eq!(targets(&[], "list", &[by_number(1), by_number(2)]), ["/api/list", "/api/list?page=2"]);
    let single = page(json!({"pagination": {"page": 1, "pages": 1}, "items": [1]}));
    assert_eq!(targets(&[], "list", &[single]).len(), 1);
    let counted = |offset: i64| page(json!({"total": 5, "limit": 2, "offset": offset, "items": [1, 2]}));
    let end = page(json!({"total": 5, "limit": 2, "offset": 4, "items": [1]}));
    let seen = targets(&[], "list?limit=100", &[counted(0), counted(2), end]);
    assert_eq!(seen[1..], ["/api/list?limit=100&offset=2", "/api/list?limit=100&offset=4"]);
    // A page equal to the one before is a page.
    let same = page(json!({"value": [1, 1]}));
    let seen = targets(&[], "list?offset=0&limit=2", &[same.clone(), same, page(json!({"value": [1]}))]);
    assert_eq!(seen.len(), 3);
    // A server that gives fewer than were asked for.
    let (full, rest) = (page(json!({"value": vec![1; 50]})), page(json!({"value": vec![1; 20]})));
    let seen = targets(&[], "list?offset=0&limit=500", &[full.clone(), full, rest]);
    assert_eq!(seen[1..], ["/api/list?offset=50&limit=50", "/api/list?limit=50&offset=100"]);
}

/// A list must not end early because its next page is named in a way that is not understood.
#[test]
fn a_page_that_names_another_one_is_not_the_last() {
    for (body, part) in [
        (json!({"items": [1, 2], "nextPageToken": "abc"}), "by a cursor, at /nextPageToken"),
        (json!({"items": [1, 2], "meta": {"next_cursor": "abc"}}), "by a cursor, at /meta/next_cursor"),
        (json!({"items": [1, 2], "has_more": true}), "but not where it is"),
    ] {
        let sandbox = Sandbox::start();
        sandbox.respond("GET", "/api/list", page(body));
        let me = client(&sandbox, &[]);
        let target = if part.contains("meta") { "list?limit=2" } else { "list" };
        let next = me.next_page(&me.get(target).expect(CRUX_OK)).expect("no proper end");
        assert_eq!(next.code(), CRUX_ERR_PROTOCOL);
        assert!(next.message().contains(part), "{}", next.message());
    }
    let end = page(json!({"items": [3], "next_cursor": null, "has_more": false}));
    assert_eq!(targets(&[], "list", &[end]).len(), 1);
    // OData by its own words, other spellings of a size, a link to itself.
    let (full, rest) =
        (page(json!({"value": [1, 2], "@odata.count": 3})), page(json!({"value": [3], "@odata.count": 3})));
    let seen = targets(&[], "list?$top=2&%24skip=0", &[full, rest]);
    assert_eq!(seen[1..], ["/api/list?$top=2&$skip=2"]);
    let seen = targets(&[], "list?page=1&pageSize=2", &[page(json!([1, 2])), page(json!([3]))]);
    assert_eq!(seen[1..], ["/api/list?pageSize=2&page=2"]);
    let sandbox = Sandbox::start();
    let itself = page(json!({"items": [1], "next": "/api/list?offset=0&limit=2"}));
    sandbox.respond("GET", "/api/list", itself);
    let me = client(&sandbox, &[]);
    let next = me.next_page(&me.get("list?limit=2&offset=0").expect(CRUX_OK)).expect("no proper end");
    assert_eq!((next.code(), sandbox.requests().len()), (CRUX_ERR_PROTOCOL, 1), "{}", next.message());
}

/// What a server cuts pages to is asked for where the request has its limit.
#[test]
fn a_cut_page_of_a_request_with_a_body() {
    for (body, next) in [
        (json!({"start": 0, "limit": 500}), json!({"start": 50, "limit": 50})),
        (
            json!({"pagination": {"start": 0, "limit": 500}}),
            json!({"pagination": {"start": 50, "limit": 50}}),
        ),
    ] {
        let sandbox = Sandbox::start();
        for n in [50, 50, 20] {
            sandbox.respond("POST", "/api/list", page(json!({"items": vec![1; n]})).times(1));
        }
        let me = client(&sandbox, &[]);
        let (mut page, mut seen) = (me.request("POST", "list", Some(&body.to_string())).expect(CRUX_OK), 1);
        while let Some(next) = me.next_page(&page) {
            (page, seen) = (next.expect(CRUX_OK), seen + 1);
        }
        assert_eq!(seen, 3, "{body}");
        let second = &sandbox.requests()[1];
        assert_eq!(second.target, "/api/list");
        assert_eq!(serde_json::from_slice::<Value>(&second.body).unwrap(), next);
    }
}

#[test]
fn pages_of_crunch_by_its_own_counts() {
    let sandbox = Sandbox::start();
    let search = |n: usize| {
        let datasets: serde_json::Map<_, _> = (0..n).map(|i| (format!("{i}"), json!({}))).collect();
        page(json!({"value": {"groups": [{"datasets": datasets, "totals": {"datasets": 25}}]}})).times(1)
    };
    [10, 10, 5].into_iter().for_each(|n| sandbox.respond("GET", "/api/search/", search(n)));
    [4, 4, 2].into_iter().for_each(|n| {
        sandbox.respond("GET", "/api/values/", page(json!({"value": vec![7; n]})).times(1));
    });
    let me = Client::login("crunch", &format!("{}/api/", sandbox.http()), None, Some("key")).expect(CRUX_OK);
    for (first, count) in [("search/?limit=10&offset=0", 3), ("values/?start=0&total=4", 3)] {
        let (mut page, mut seen) = (me.get(first).expect(CRUX_OK), 1);
        while let Some(next) = me.next_page(&page) {
            (page, seen) = (next.expect(CRUX_OK), seen + 1);
        }
        assert_eq!(seen, count, "{first}");
    }
    assert_eq!(sandbox.requests().last().unwrap().target, "/api/values/?total=4&start=8");
}

#[test]
fn what_is_no_page_is_told() {
    let sandbox = Sandbox::start();
    let me = client(&sandbox, &[]);
    let html = Canned::status(200).header("content-type", "text/html").body("<html>busy</html>");
    for (response, part) in [
        (html, "not a JSON document"),
        (page(json!({"next": 2})), "/next"),
        (page(json!({"next": {"href": "/x"}})), "/next"),
        (page(json!({"next": "https://elsewhere.test/x"})), "elsewhere.test"),
        (page(json!({"next": "list", "items": [1]})), "does not advance"),
    ] {
        sandbox.respond("GET", "/api/list", response.times(1));
        let first = me.get("list").expect(CRUX_OK);
        let told = me.next_page(&first).expect("an outcome").expect(CRUX_ERR_PROTOCOL);
        assert!(told.message().contains(part), "{}", told.message());
        assert!(me.next_page(&told).is_none(), "after a page that failed there is none");
    }
}

/// A loop over pages ends, whatever it began with.
#[test]
fn no_page_follows_that_of_a_client_that_could_not_be_made() {
    let me = Client::with(&[
        ("service", "custom"),
        ("base_url", "http://127.0.0.1:9"),
        ("tls.ca_file", "/nowhere"),
    ]);
    assert_ne!(me.code(), CRUX_OK);
    let failed = me.get("list").expect(me.code());
    assert!(me.next_page(&failed).is_none());
    // The page is not to blame where the client is none.
    let none = std::ptr::null();
    let sandbox = Sandbox::start();
    sandbox.respond("GET", "/api/list", page(json!([])));
    let whole = client(&sandbox, &[]).get("list").expect(CRUX_OK);
    let told = Response(unsafe { crux_next_page(none, whole.0) }).expect(CRUX_ERR_ARGUMENT);
    assert!(unsafe { crux_next_page(none, told.0) }.is_null());
}
