//! Base URLs, origins, and references of any kind against a base: the two ways to resolve one lead to the same place,
//! and what is covered by an origin begins with it.
#![no_main]

use crux::address::link::Link;
use crux::address::origin::Origin;
use crux::address::shown::shown;
use crux::address::{parse_base, parse_origin, resolve};
use fuzz::{MOST_URL, canary, is_sentence, prepare};
use libfuzzer_sys::fuzz_target;
use url::Url;

/// A base in the first line, a reference in the second.
fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (first, reference) = text.split_once('\n').unwrap_or((&text, ""));
    let Ok(base) = parse_base(first) else { return };
    assert!(base.path().ends_with('/') && base.query().is_none() && base.fragment().is_none());
    assert_eq!(parse_base(base.as_str()).as_ref(), Ok(&base), "a base parsed twice is the same");
    let origin = Origin::of(&base).expect("a base has an origin");
    assert!(origin.covers(&base));
    let (again, _) = parse_origin(&origin.to_string()).expect("an origin can be written");
    assert_eq!(again, origin, "an origin parsed twice is the same");
    match (Link::resolve(&base, reference), resolve(&base, reference)) {
        (Ok(link), Ok(url)) => {
            same_place(&base, &origin, &link, &url);
            hides_queries(url, &canary(data));
        }
        (Err(one), Err(other)) => {
            is_sentence(&one);
            is_sentence(&other);
        }
        (link, url) => panic!("one way leads somewhere, the other nowhere: {link:?} {url:?}"),
    }
}

fn same_place(base: &Url, origin: &Origin, link: &Link, url: &Url) {
    assert_eq!(link.as_str(), url.as_str());
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
    // Text against text: whatever a parser makes of it, this is where a connection leads.
    let within = url.as_str().starts_with(&format!("{origin}/"));
    assert_eq!(origin.covers(url), within, "{origin} {url}");
    assert!(!link.is_surely_at(base) || within);
    if let Ok(target) = link.sendable() {
        assert!(target.starts_with('/') && target.bytes().all(|byte| byte.is_ascii_graphic()));
        assert!(link.as_str().len() <= MOST_URL);
    }
}

fn hides_queries(mut url: Url, secret: &str) {
    url.query_pairs_mut().append_pair("signature", secret);
    assert!(!shown(&url, &[]).contains(secret), "the value of a query is shown");
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
