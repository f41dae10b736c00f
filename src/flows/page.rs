//! The request of the next page. What a page says of the next one is in `page_shapes`.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use ::url::{Position, Url};
use bytes::Bytes;
use http::{HeaderValue, Method};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::address::{self, origin::Origin};
use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::flows::page_shapes::{Next, Page, stuck};
use crate::json::Type;
use crate::response::Response;
use crate::send::request::{EqualPages, Finished, Mark, Request};
use crate::transport::http::request_body::RequestBody;

/// The request of the page after a page; `None` after the last one, and after one that failed.
pub fn next(client: &Client, page: &Response) -> Result<Option<Request>> {
    if page.error().is_some() {
        return Ok(None);
    }
    let Some(before) = page.request() else { return Ok(None) };
    let mut links = page.head().into_iter().flat_map(|head| head.all("link"));
    let link = links.find_map(|line| next_in_header(&address::link_text(line)));
    let json = page.json();
    let is_page = match json.kind("") {
        Type::Array | Type::Object => true,
        Type::None if !page.body().is_empty() => false,
        // After a page comes a page, or a 204: a list must not end early with nothing, or with a number.
        _ => page.status() == 204 || before.equal_pages.is_none() && before.mark.is_none(),
    };
    if link.is_none() && !is_page {
        return Err(Error::new(
            Code::Protocol,
            "The page is not a JSON document with a list or an object, so whether another one follows it cannot be told.",
        ));
    }
    let said = body_of(before);
    let shape = Page {
        json,
        pages: &client.profile.service.pages,
        next_pointer: client.profile.next_pointer.as_deref(),
        link,
        first: before.equal_pages.is_none(),
        asked: &|name| asked_for(before, said.as_ref(), name),
    };
    let mut request = before.clone();
    request.equal_pages = None;
    match shape.next()? {
        Next::None => return Ok(None),
        Next::Link(link) => {
            let from = page.info("url").and_then(|url| Url::parse(&url).ok());
            let to = address::resolve(from.as_ref().unwrap_or(before.url.url()), &link).map_err(|_| {
                Error::new(Code::Protocol, "The link to the next page is no address that can be called.")
            })?;
            if !client.covers(&to) {
                // Scheme and port, too: the host may be the service's own.
                let origin = Origin::of(&to).map_or_else(String::new, |origin| origin.to_string());
                return Err(Error::new(
                    Code::Protocol,
                    format!(
                        "The link to the next page leads to another origin, {origin}; the option \"origins\" can name it if it belongs to the service."
                    ),
                ));
            }
            // A link is complete in itself.
            (request.method, request.body, request.url) = (Method::GET, None, to.into());
            request.borrows = false;
            if is_same(before, &request) {
                return Err(stuck());
            }
            request.mark = Some(Box::new(mark_beyond(before, request.url.as_str())?));
        }
        Next::At { name, start, size, probe } => {
            if before.borrows {
                return Err(Error::argument(
                    "The body of this request was too long to be kept for the next page; send it with crux_call_body.",
                ));
            }
            let hash = hash_of(page.body());
            let count =
                before.equal_pages.filter(|pages| pages.hash == hash).map_or(1, |pages| pages.count + 1);
            request.equal_pages = Some(EqualPages { hash, count, most: shape.most_equal(probe) });
            let nested = json.kind("/pagination") == Type::Object;
            go_to(&mut request, &name, start, nested, client.profile.service.json_type)?;
            if let Some((name, size)) = size {
                go_to(&mut request, name, size, nested, client.profile.service.json_type)?;
            }
        }
    }
    if is_same(before, &request) {
        return Err(stuck());
    }
    Ok(Some(request))
}

/// Makes an error of a page that came before, as a server gives it that does not know what it was asked for: what
/// has been delivered is not delivered again.
pub fn check(request: &Request, finished: &mut Finished) {
    let too_many = |pages: &EqualPages| pages.most.is_some_and(|most| pages.count + 1 > most);
    if let Some(pages) = request.equal_pages.filter(too_many)
        && finished.error.is_none()
        && finished.stream.is_none()
        && hash_of(&finished.body) == pages.hash
    {
        finished.error = Some(stuck());
    }
}

fn hash_of(page: &[u8]) -> u64 {
    let mut hash = DefaultHasher::new();
    page.hash(&mut hash);
    hash.finish()
}

/// What the links must not lead back to, one link further.
fn mark_beyond(before: &Request, link: &str) -> Result<Mark> {
    let first = before.method == Method::GET && before.body.is_none();
    let known = before.mark.as_deref().cloned().or_else(|| first.then(|| Mark::new(before.url.as_str())));
    known.map_or_else(|| Some(Mark::new(link)), |mark| mark.step(link)).ok_or_else(|| {
        Error::new(
            Code::Protocol,
            "The links to the next pages go in a circle: this one leads to a page that was there before.",
        )
    })
}

/// Whether a request would be answered as the other was.
fn is_same(one: &Request, other: &Request) -> bool {
    let bytes = |request: &Request| match &request.body {
        Some((RequestBody::Bytes(bytes), _)) => Some(bytes.clone()),
        _ => None,
    };
    // A link may name what was asked for in another order.
    let (here, there) = (one.url.url(), other.url.url());
    let path = |url: &Url| url[..Position::AfterPath].to_owned();
    let has_all =
        |of: &Url, from: &Url| from.query_pairs().all(|pair| of.query_pairs().any(|own| own == pair));
    one.method == other.method
        && bytes(one) == bytes(other)
        && path(here) == path(there)
        && has_all(here, there)
        && has_all(there, here)
}

/// The target of `rel="next"` in a Link header, which may hold several links (RFC 8288).
fn next_in_header(line: &str) -> Option<String> {
    let mut rest = line;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, after) = after.split_once('>')?;
        // Inside quotes, commas and semicolons belong to a value.
        let outside = |wanted: char| {
            let mut quoted = false;
            move |c| {
                quoted ^= c == '"';
                c == wanted && !quoted
            }
        };
        let end = after.find(outside(','));
        let (parameters, next) = after.split_at(end.unwrap_or(after.len()));
        let mut pairs = parameters.split(outside(';')).filter_map(|pair| pair.split_once('='));
        let is_next = pairs.any(|(name, value)| {
            let mut kinds = value.trim().trim_matches('"').split_ascii_whitespace();
            name.trim().eq_ignore_ascii_case("rel") && kinds.any(|kind| kind.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(target.trim().to_owned());
        }
        rest = next;
    }
    None
}

/// A number that the request asked for, in its query or its body.
fn asked_for(request: &Request, body: Option<&Value>, name: &str) -> Option<i64> {
    let in_query =
        request.url.query_pairs().find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok());
    in_query.or_else(|| {
        let body = body?;
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

/// Puts a number, such as another start, wherever this request has it, or else would.
fn go_to(request: &mut Request, name: &str, start: i64, nested: bool, json_type: &'static str) -> Result<()> {
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
    let is_named = |pair: &&str| ::url::form_urlencoded::parse(pair.as_bytes()).any(|(key, _)| key == name);
    let pairs = url.query().unwrap_or_default().split('&');
    let kept = pairs.filter(|pair| !pair.is_empty() && !is_named(pair));
    let query: Vec<String> = kept.map(str::to_owned).chain([format!("{name}={value}")]).collect();
    url.set_query(Some(&query.join("&")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_in_a_header() {
        for (line, want) in [
            (r#"</x?page=2>; rel="next", </x?page=9>; rel="last""#, Some("/x?page=2")),
            (
                r#"</x?page=1>; rel="prev first"; title="a, b; rel=next", <?page=3>; rel=next"#,
                Some("?page=3"),
            ),
            (r#"<https://a.test/,x>;REL="prev NEXT""#, Some("https://a.test/,x")),
            (r#"</x>; rel="prev""#, None),
            (r#"</x>; rel="nextish""#, None),
            ("</x", None),
            ("", None),
        ] {
            assert_eq!(next_in_header(line).as_deref(), want, "{line}");
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
