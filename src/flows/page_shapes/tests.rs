use ::url::Url;

use super::*;
use crate::json::Index;
use crate::service::named;

fn next_of(service: &str, pointer: Option<&str>, query: &str, page: &str) -> Result<Next> {
    with_page(service, pointer, query, page, true, |page| page.next())
}

fn with_page<T>(
    service: &str,
    pointer: Option<&str>,
    query: &str,
    page: &str,
    first: bool,
    ask: impl FnOnce(&Page<'_>) -> T,
) -> T {
    let index = Index::default();
    let url = Url::parse(&format!("https://a.test/items/{query}")).unwrap();
    let asked = |name: &str| {
        let pairs = url.query_pairs().find(|(key, _)| key == name);
        pairs.and_then(|(_, value)| value.parse().ok())
    };
    let pages = &named(service).unwrap().pages;
    let json = Json::new(page.as_bytes(), &index);
    ask(&Page { json, pages, next_pointer: pointer, link: None, first, asked: &asked })
}

fn capped(name: &str, start: i64, size: i64) -> Result<Next> {
    Ok(Next::At { name: name.to_owned(), start, size: Some(("limit", size)), probe: true })
}

fn twenty() -> String {
    serde_json::json!({ "value": vec![1; 20] }).to_string()
}

#[test]
fn every_shape_of_page() {
    let link = |link: &str| Ok(Next::Link(link.to_owned()));
    let at = |name: &str, start| Ok(at(name, start));
    let none = || Ok(Next::None);
    let connect = "crux-connect";
    let (crunch, custom) = ("crunch", "custom");
    for (service, query, page, want) in [
        (
            connect,
            "",
            r#"{"pagination":{"total_count":400,"start":0,"limit":200,"next_start_index":200},"items":[1]}"#,
            at("start", 200),
        ),
        (
            connect,
            "?start=200",
            r#"{"pagination":{"total_count":400,"start":200,"next_start_index":null},"items":[1]}"#,
            none(),
        ),
        (
            connect,
            "",
            r#"{"pagination":{"total_count":3,"start":0,"limit":2},"catalogs":[1,2]}"#,
            at("start", 2),
        ),
        (
            connect,
            "?start=2",
            r#"{"pagination":{"total_count":3,"start":2,"limit":2},"catalogs":[3]}"#,
            none(),
        ),
        (
            connect,
            "?start=9",
            r#"{"pagination":{"total_count":3,"start":3,"limit":2},"catalogs":[]}"#,
            none(),
        ),
        (connect, "", r#"{"total_results":3,"orders":[1,2]}"#, at("start", 2)),
        (connect, "?start=2", r#"{"total_results":3,"orders":[3]}"#, none()),
        (
            connect,
            "?start=5",
            r#"{"pagination":{"total_count":9,"start":0,"limit":5},"items":[1]}"#,
            Err(stuck()),
        ),
        (connect, "", r#"{"pagination":{"start":5,"next_start_index":5},"items":[1]}"#, Err(stuck())),
        (crunch, "?offset=0&limit=2", r#"{"value":[1,2]}"#, at("offset", 2)),
        (crunch, "?offset=2&limit=2", r#"{"value":[3]}"#, none()),
        (crunch, "?limit=2", r#"{"index":{"a/":{},"b/":{}}}"#, at("offset", 2)),
        (crunch, "?limit=2", r#"{"data":{"0":[1,2],"1":[1,2]}}"#, at("offset", 2)),
        (crunch, "?start=0&total=4", r#"{"value":[1,2,3,4]}"#, at("start", 4)),
        (crunch, "?start=8&total=4", r#"{"value":[1,2]}"#, none()),
        (
            crunch,
            "?limit=2&offset=0",
            r#"{"value":{"groups":[{"datasets":{"a":1,"b":2},"totals":{"datasets":5}}]}}"#,
            at("offset", 2),
        ),
        (
            crunch,
            "?limit=2&offset=4",
            r#"{"value":{"groups":[{"datasets":{"a":1},"totals":{"datasets":5}}]}}"#,
            none(),
        ),
        (crunch, "?limit=500&offset=0", &twenty(), capped("offset", 20, 20)),
        (crunch, "?limit=500&offset=100", &twenty(), capped("offset", 120, 20)),
        (crunch, "?page=1&limit=500", &twenty(), capped("page", 2, 20)),
        (
            crunch,
            "?q=a",
            r#"{"value":{"groups":[{"datasets":{"a":1,"b":2},"totals":{"datasets":5}}]}}"#,
            at("offset", 2),
        ),
        (
            crunch,
            "?limit=2",
            r#"{"value":{"groups":[{"variables":{"a":1,"b":2},"totals":{"variables":5}}]}}"#,
            at("offset", 2),
        ),
        (crunch, "?page=1&page_size=2", r#"{"value":[1,2]}"#, at("page", 2)),
        (crunch, "?limit=9", r#"{"value":[1,2],"total":5}"#, at("offset", 2)),
        (custom, "?offset=0&limit=2", r#"{"value":[1,1]}"#, at("offset", 2)),
        (custom, "?start=0&limit=2", r#"[1,2]"#, at("start", 2)),
        (custom, "", r#"{"total":25,"limit":2,"offset":4,"items":[1,2]}"#, at("offset", 6)),
        (custom, "", r#"{"total":6,"limit":2,"offset":4,"items":[1,2]}"#, none()),
        (custom, "?limit=100", r#"{"total":6,"items":[1,2]}"#, at("offset", 2)),
        (custom, "?limit=100", r#"{"limit":2,"items":[1,2]}"#, at("offset", 2)),
        (
            custom,
            "?limit=100",
            r#"{"has_more":true,"items":[1,2]}"#,
            capped("offset", 2, 2).map(|next| match next {
                Next::At { name, start, size, .. } => Next::At { name, start, size, probe: false },
                next => next,
            }),
        ),
        (custom, "?limit=2", r#"{"has_more":false,"items":[1,2]}"#, none()),
        (custom, "?limit=2", r#"{"last":true,"items":[1,2]}"#, none()),
        (custom, "", r#"{"total":99.5,"lines":[1,2]}"#, none()),
        (custom, "", r#"{"total":99,"lines":[1,2]}"#, none()),
        (custom, "", "[1,2,3]", none()),
        (custom, "", r#"{"pagination":{"page":1,"pages":1},"items":[1]}"#, none()),
        (custom, "", r#"{"pagination":{"page":1,"pages":3},"items":[1]}"#, at("page", 2)),
        (custom, "?p=2", r#"{"page":2,"total_pages":3,"items":[1]}"#, at("p", 3)),
        (custom, "", r#"{"meta":{"current_page":3,"last_page":3},"data":[1]}"#, none()),
        (custom, "", r#"{"number":0,"totalPages":2,"content":[1]}"#, at("page", 1)),
        (custom, "", r#"{"number":1,"totalPages":2,"content":[1]}"#, none()),
        (custom, "?page=1&per_page=2", "[1,2]", at("page", 2)),
        (custom, "?page=3&per_page=2", "[5]", none()),
        (custom, "?page=1&limit=2", "[1,2]", at("page", 2)),
        (custom, "?page=1&per_page=2", r#"{"page":1,"per_page":2,"total":5,"items":[1,2]}"#, at("page", 2)),
        (custom, "?page=3&per_page=2", r#"{"page":3,"per_page":2,"total":5,"items":[5]}"#, none()),
        (custom, "?page=2&per_page=2", r#"{"page":1,"per_page":2,"total":5,"items":[1,2]}"#, Err(stuck())),
        (custom, "?page=2&per_page=2", r#"{"total":5,"items":[3,4]}"#, at("page", 3)),
        (custom, "", r#"{"page":1,"per_page":2,"total":5,"items":[1,2]}"#, at("page", 2)),
        (custom, "", r#"{"page":3,"per_page":2,"total":5,"items":[5]}"#, none()),
        (custom, "", r#"{"pagination":{"page":1,"next":2},"items":[1]}"#, at("page", 2)),
        (custom, "?page=1", r#"{"page":1,"next_page":2,"items":[1]}"#, at("page", 2)),
        (custom, "", r#"{"meta":{"current_page":2,"next_page":null},"items":[1]}"#, none()),
        (custom, "", r#"{"pagination":{"page":1,"totalPages":3},"items":[1]}"#, at("page", 2)),
        (custom, "", r#"{"pagination":{"currentPage":3,"lastPage":3},"items":[1]}"#, none()),
        (custom, "", r#"{"page":{"number":0,"totalPages":2,"size":20},"items":[1]}"#, at("page", 1)),
        (custom, "", r#"{"pageInfo":{"page":1,"pages":2},"items":[1]}"#, at("page", 2)),
        (
            custom,
            "",
            r#"{"meta":{"pagination":{"current_page":1,"total_pages":2}},"data":[1]}"#,
            at("page", 2),
        ),
        (custom, "", r#"{"pagination":{"page":1,"pageSize":2,"total":3},"items":[1,2]}"#, at("page", 2)),
        (custom, "", r#"{"pagination":{"page":2,"pageSize":2,"total":3},"items":[1]}"#, none()),
        (custom, "", r#"{"pagination":{"page":1,"size":2,"total":3},"items":[1,2]}"#, at("page", 2)),
        (
            custom,
            "?page=1&per_page=500",
            &twenty(),
            Ok(Next::At { name: "page".to_owned(), start: 2, size: Some(("per_page", 20)), probe: true }),
        ),
        (custom, "", r#"{"pagination":{"next":2},"items":[1]}"#, at("page", 2)),
        (custom, "", r#"{"pagination":{"next":2},"items":[]}"#, none()),
        (custom, "", r#"{"pagination":{"next":2,"total":1},"items":[1]}"#, Ok(Next::None)),
        (custom, "", r#"{"page":1,"items":[1,2]}"#, none()),
        (custom, "", r#"{"next":null,"_links":{"next":{"href":"/x?2"}}}"#, link("/x?2")),
        (custom, "", r#"{"next":"?page=2","items":[1]}"#, link("?page=2")),
        (custom, "", r#"{"next":null,"items":[1]}"#, none()),
        (custom, "", r#"{"_links":{"next":{"href":"/x?2"}}}"#, link("/x?2")),
        (custom, "", r#"{"links":{"next":{"href":"/x?2"}}}"#, link("/x?2")),
        (custom, "", r#"{"links":{"next":"/x?2"}}"#, link("/x?2")),
        (custom, "", r#"{"links":[{"rel":"self","href":"/x"},{"rel":"next","href":"/x?2"}]}"#, link("/x?2")),
        (custom, "", r#"{"@odata.nextLink":"/x?2","value":[1]}"#, link("/x?2")),
        (custom, "", r#"{"next_page_url":"/x?2","data":[1]}"#, link("/x?2")),
        (custom, "", r#"{"meta":{"next":"/x?2"}}"#, link("/x?2")),
        (custom, "", r#"{"paging":{"next":"/x?2"}}"#, link("/x?2")),
        (custom, "", r#"{"_links":{"self":{"href":"/x"}},"items":[1]}"#, none()),
    ] {
        assert_eq!(next_of(service, None, query, page), want, "{service} {query} {page}");
    }
}

#[test]
fn a_short_page_is_the_last_one_unless_it_is_a_first_one_cut_to_a_limit() {
    let next = |length: usize, first: bool| {
        let page = serde_json::json!({ "value": vec![1; length] }).to_string();
        with_page("crunch", None, "?limit=500&offset=0", &page, first, |page| page.next().unwrap())
    };
    for length in [10, 12, 16, 24, 25, 32, 50, 64, 100, 128, 250, 256] {
        assert_ne!(next(length, true), Next::None, "{length}");
        assert_eq!(next(length, false), Next::None, "{length}");
    }
    for length in [0, 1, 3, 5, 8, 13, 101, 499] {
        assert_eq!(next(length, true), Next::None, "{length}");
    }
}

#[test]
fn equal_pages_of_values_are_pages_and_of_things_are_not() {
    let most = |page: &str| with_page("crunch", None, "?limit=2", page, true, |page| page.most_equal(false));
    for values in [r#"{"value":[1,2]}"#, r#"{"value":[{"?":-1},{"?":-1}]}"#, r#"{"value":[[1],[1]]}"#] {
        assert_eq!(most(values), None, "{values}");
    }
    for things in
        [r#"{"value":[{"id":1},{"id":2}]}"#, r#"{"index":{"a/":{},"b/":{}}}"#, r#"{"value":[{"id":1}]}"#]
    {
        assert_eq!(most(things), Some(2), "{things}");
    }
}

#[test]
fn a_link_that_is_none_is_an_error() {
    for page in [
        r#"{"next":2}"#,
        r#"{"next":{"href":"/x"}}"#,
        r#"{"next":["/x"]}"#,
        r#"{"next":true}"#,
        r#"{"_links":{"next":{}}}"#,
    ] {
        assert_eq!(next_of("custom", None, "", page).unwrap_err().code, Code::Protocol, "{page}");
    }
}

#[test]
fn an_option_names_the_one_place() {
    let next = |page| next_of("custom", Some("/more/at"), "?limit=1", page);
    assert_eq!(next(r#"{"more":{"at":"/x?2"},"next":"/wrong"}"#), Ok(Next::Link("/x?2".into())));
    for last in
        [r#"{"more":{"at":null}}"#, r#"{"more":{"at":""}}"#, r#"{"next":"/wrong"}"#, r#"{"items":[1]}"#]
    {
        assert_eq!(next(last), Ok(Next::None), "{last}");
    }
    assert_eq!(next(r#"{"more":{"at":7}}"#).unwrap_err().code, Code::Protocol);
}
