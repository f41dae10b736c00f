//! The next page of a list, in every shape the services have.

use std::collections::BTreeMap;

use ::url::Url;
use bytes::Bytes;
use http::{HeaderValue, Method};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::address;
use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::json::{Json, Type, escape};
use crate::response::Response;
use crate::send::request::Request;
use crate::transport::http::request_body::RequestBody;

/// Members that link to the next page.
const LINKS: &[&str] = &["/next", "/pagination/next", "/links/next", "/urls/next_url", "/views/next"];

/// Where the next page is.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    None,
    Link(String),
    /// Start (or `offset`) of the next page.
    At(&'static str, i64),
}

/// The request of the page after a page; `None` after the last one, and after one that failed.
pub fn next(client: &Client, page: &Response) -> Result<Option<Request>> {
    if page.error().is_some() {
        return Ok(None);
    }
    let Some(before) = page.request() else { return Ok(None) };
    let mut request = before.clone();
    match find(&page.json(), &request)? {
        Next::None => return Ok(None),
        Next::Link(link) => {
            let to = address::resolve(&request.url, &link)?;
            if !client.covers(&to) {
                return Err(Error::new(
                    Code::Protocol,
                    "The link to the next page leads to a foreign server.",
                ));
            }
            if to == *request.url {
                return Err(stuck());
            }
            // A link is complete in itself.
            (request.method, request.body, request.url) = (Method::GET, None, to.into());
        }
        Next::At(name, start) => {
            let nested = page.json().kind("/pagination") == Type::Object;
            go_to(&mut request, name, start, nested, client.profile.service.json_type)?;
        }
    }
    Ok(Some(request))
}

fn stuck() -> Error {
    Error::new(Code::Protocol, "The server does not advance: the next page would be the same one again.")
}

fn find(page: &Json<'_>, request: &Request) -> Result<Next> {
    if let Some(link) = LINKS.iter().find_map(|pointer| page.string(pointer)) {
        return Ok(if link.is_empty() { Next::None } else { Next::Link(link.into_owned()) });
    }
    let here = asked_for(request, "start");
    if page.kind("/pagination") == Type::Object {
        let start = page.int("/pagination/start").or(here).unwrap_or(0);
        if let Some(asked) = here
            && start < asked
            && length(page) > 0
        {
            return Err(stuck());
        }
        return Ok(match page.kind("/pagination/next_start_index") {
            Type::Null => Next::None,
            Type::None => counted(page, start, page.int("/pagination/total_count"), "start"),
            _ => match page.int("/pagination/next_start_index") {
                Some(next) if next > start => Next::At("start", next),
                _ => return Err(stuck()),
            },
        });
    }
    if page.kind("/total_results") == Type::Number {
        return Ok(counted(page, here.unwrap_or(0), page.int("/total_results"), "start"));
    }
    if let Some(limit) = asked_for(request, "limit").or_else(|| asked_for(request, "offset").map(|_| 1)) {
        // A short page is the last one.
        let short = (length(page) as i64) < limit;
        let offset = asked_for(request, "offset").unwrap_or(0);
        return Ok(if short { Next::None } else { counted(page, offset, None, "offset") });
    }
    Ok(Next::None)
}

fn counted(page: &Json<'_>, start: i64, total: Option<i64>, name: &'static str) -> Next {
    let length = length(page) as i64;
    let next = start.saturating_add(length);
    if length == 0 || total.is_some_and(|total| next >= total) { Next::None } else { Next::At(name, next) }
}

/// How many elements a page has: those of the whole, of Crunch's index, or of its first list.
fn length(page: &Json<'_>) -> usize {
    if page.kind("") == Type::Array {
        return page.count("");
    }
    for pointer in ["/index", "/value", "/graph"] {
        if matches!(page.kind(pointer), Type::Array | Type::Object) {
            return page.count(pointer);
        }
    }
    // A table: columns, all equally long.
    if page.kind("/data") == Type::Object {
        return page.key("/data", 0).map_or(0, |key| page.count(&format!("/data/{}", escape(&key))));
    }
    let keys = (0..page.count("")).filter_map(|index| page.key("", index));
    let lists =
        keys.map(|key| format!("/{}", escape(&key))).filter(|pointer| page.kind(pointer) == Type::Array);
    lists.map(|pointer| page.count(&pointer)).next().unwrap_or(0)
}

/// A number that the request asked for, in its query or its body.
fn asked_for(request: &Request, name: &str) -> Option<i64> {
    let in_query =
        request.url.query_pairs().find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok());
    in_query.or_else(|| {
        let body = body_of(request)?;
        body.get("pagination").and_then(|p| p.get(name)).or_else(|| body.get(name))?.as_i64()
    })
}

fn body_of(request: &Request) -> Option<Value> {
    match &request.body {
        Some((RequestBody::Bytes(bytes), _)) => serde_json::from_slice(bytes).ok().filter(Value::is_object),
        _ => None,
    }
}

/// The members of a body, each as it was written: a number keeps its digits.
type Members = BTreeMap<String, Box<RawValue>>;

fn put(mut members: Members, name: &str, value: &impl Serialize) -> serde_json::Result<Members> {
    members.insert(name.to_owned(), to_raw_value(value)?);
    Ok(members)
}

/// Asks for another start, wherever this request says where to start, or else would.
fn go_to(
    request: &mut Request,
    name: &'static str,
    start: i64,
    nested: bool,
    json_type: &'static str,
) -> Result<()> {
    let says_in = |pair: &str| request.url.query_pairs().any(|(key, _)| key == pair);
    let has_place = body_of(request).is_some() || request.body.is_none() && writes(&request.method);
    if says_in(name) || says_in("limit") || !has_place {
        let mut url = request.url.url().clone();
        set_query(&mut url, name, start);
        request.url = url.into();
        return Ok(());
    }
    let members = match &request.body {
        Some((RequestBody::Bytes(bytes), _)) => serde_json::from_slice(bytes).unwrap_or_default(),
        _ => Members::default(),
    };
    let flat = [name, "limit"].iter().any(|key| members.contains_key(*key));
    let pagination: Option<Members> =
        members.get("pagination").and_then(|raw| serde_json::from_str(raw.get()).ok());
    let changed = match pagination {
        Some(pagination) => {
            put(pagination, name, &start).and_then(|inner| put(members, "pagination", &inner))
        }
        None if nested && !flat => {
            put(Members::default(), name, &start).and_then(|inner| put(members, "pagination", &inner))
        }
        None => put(members, name, &start),
    };
    let bytes = changed
        .and_then(|members| serde_json::to_vec(&members))
        .map_err(|_| Error::argument("The body of the request cannot be changed."))?;
    let kind = match request.body.take() {
        Some((_, kind)) => kind,
        None => Some(HeaderValue::from_static(json_type)),
    };
    request.body = Some((RequestBody::Bytes(Bytes::from(bytes)), kind));
    Ok(())
}

/// Whether a request of this method says in its body what it wants.
fn writes(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method)
}

/// Replaces one pair and leaves the others as they stand, byte for byte.
fn set_query(url: &mut Url, name: &str, value: i64) {
    let prefix = format!("{name}=");
    let kept = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with(&prefix));
    let query: Vec<String> = kept.map(str::to_owned).chain([format!("{name}={value}")]).collect();
    url.set_query(Some(&query.join("&")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Index;

    fn next(query: &str, sent: Option<&str>, page: &str) -> Result<Next> {
        let mut request =
            Request::new(Method::GET, Url::parse(&format!("https://a.test/items/{query}")).unwrap());
        request.body = sent.map(|body| (RequestBody::Bytes(Bytes::copy_from_slice(body.as_bytes())), None));
        let index = Index::default();
        find(&Json::new(page.as_bytes(), &index), &request)
    }

    #[test]
    fn every_shape_of_page() {
        let at = |n| Ok(Next::At("start", n));
        for (query, sent, page, want) in [
            (
                "",
                None,
                r#"{"pagination":{"total_count":400,"start":0,"limit":200,"next_start_index":200},"items":[1]}"#,
                at(200),
            ),
            (
                "?start=200",
                None,
                r#"{"pagination":{"total_count":400,"start":200,"limit":200,"next_start_index":null},"items":[1]}"#,
                Ok(Next::None),
            ),
            ("", None, r#"{"pagination":{"total_count":3,"start":0,"limit":2},"catalogs":[1,2]}"#, at(2)),
            (
                "?start=2",
                None,
                r#"{"pagination":{"total_count":3,"start":2,"limit":2},"catalogs":[3]}"#,
                Ok(Next::None),
            ),
            (
                "?start=9",
                None,
                r#"{"pagination":{"total_count":3,"start":3,"limit":2},"catalogs":[]}"#,
                Ok(Next::None),
            ),
            ("", Some(r#"{"start":0,"limit":2}"#), r#"{"total_results":3,"orders":[1,2]}"#, at(2)),
            ("", Some(r#"{"start":2,"limit":2}"#), r#"{"total_results":3,"orders":[3]}"#, Ok(Next::None)),
            ("?offset=0&limit=2", None, r#"{"value":[1,2]}"#, Ok(Next::At("offset", 2))),
            ("?offset=2&limit=2", None, r#"{"value":[3]}"#, Ok(Next::None)),
            ("?limit=2", None, r#"{"index":{"a/":{},"b/":{}}}"#, Ok(Next::At("offset", 2))),
            ("?limit=2", None, r#"{"data":{"0":[1,2],"1":[1,2]}}"#, Ok(Next::At("offset", 2))),
            ("", None, "[1,2,3]", Ok(Next::None)),
            ("", None, r#"{"next":"?page=2","items":[1]}"#, Ok(Next::Link("?page=2".into()))),
            ("", None, r#"{"next":null,"items":[1]}"#, Ok(Next::None)),
            (
                "?start=5",
                None,
                r#"{"pagination":{"total_count":9,"start":0,"limit":5},"items":[1]}"#,
                Err(stuck()),
            ),
            ("", None, r#"{"pagination":{"start":5,"next_start_index":5},"items":[1]}"#, Err(stuck())),
        ] {
            assert_eq!(next(query, sent, page), want, "{query} {page}");
        }
    }

    #[test]
    fn the_start_is_put_where_it_was() {
        let request = |method, query: &str| {
            Request::new(method, Url::parse(&format!("https://a.test/{query}")).unwrap())
        };
        let mut by_query = request(Method::GET, "?x=%3A&start=1&y=2");
        go_to(&mut by_query, "start", 7, true, "j").unwrap();
        assert_eq!(by_query.url.as_str(), "https://a.test/?x=%3A&y=2&start=7");
        for (query, before, nested, want) in [
            (
                "",
                Some(r#"{"pagination":{"start":0,"limit":5}}"#),
                true,
                r#"{"pagination":{"limit":5,"start":7}}"#,
            ),
            ("", Some(r#"{"limit":5}"#), true, r#"{"limit":5,"start":7}"#),
            ("", Some(r#"{"term":"x"}"#), true, r#"{"pagination":{"start":7},"term":"x"}"#),
            ("", Some(r#"{"term":"x"}"#), false, r#"{"start":7,"term":"x"}"#),
            ("", Some(r#"{"limit":5,"n":1.10}"#), true, r#"{"limit":5,"n":1.10,"start":7}"#),
            ("", None, false, r#"{"start":7}"#),
            ("?limit=5", Some(r#"{"term":"x"}"#), true, r#"{"term":"x"}"#),
        ] {
            let mut request = request(Method::POST, query);
            request.body =
                before.map(|body| (RequestBody::Bytes(Bytes::copy_from_slice(body.as_bytes())), None));
            go_to(&mut request, "start", 7, nested, "j").unwrap();
            let Some((RequestBody::Bytes(bytes), _)) = &request.body else { panic!("no body") };
            assert_eq!(std::str::from_utf8(bytes).unwrap(), want);
            assert_eq!(request.url.query().is_some_and(|q| q.ends_with("start=7")), !query.is_empty());
        }
    }
}
