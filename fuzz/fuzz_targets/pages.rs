//! Pages of a list: the address of the request, a Link header, and the page behind them. Whatever it says of the next
//! one, the request of that goes to an origin of the client's, and is another request.
#![no_main]

use std::sync::{Arc, LazyLock};

use crux::Response;
use crux::address::resolve;
use crux::client::Client;
use crux::flows::page::next;
use crux::send::request::{Finished, Request};
use crux::transport::exchange::Exchange;
use crux::transport::head::Head;
use crux::transport::http::request_body::RequestBody;
use fuzz::{client, is_sentence, prepare};
use http::Method;
use libfuzzer_sys::fuzz_target;

static CLIENTS: LazyLock<[Arc<Client>; 3]> = LazyLock::new(|| {
    [
        client(&[]),
        client(&[("service", "crux-connect"), ("origins", "https://files.test")]),
        client(&[("service", "crunch"), ("page.next_pointer", "/next")]),
    ]
});

/// How often the same page is given again.
const ROUNDS: usize = 4;

fn run(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == b'\n');
    let (Some(path), Some(link), Some(body)) = (parts.next(), parts.next(), parts.next()) else { return };
    let client = &CLIENTS[path.len() % CLIENTS.len()];
    let Ok(url) = resolve(&client.base, &String::from_utf8_lossy(path)) else { return };
    let method = if body.len().is_multiple_of(2) { Method::GET } else { Method::POST };
    let mut request = Arc::new(Request::new(method, url));
    for _ in 0..ROUNDS {
        let response = Finished {
            status: 200,
            head: Head::of(200, [("Link", link)]),
            body: body.to_vec(),
            ..Finished::default()
        };
        let page = Response::of(
            client.clone(),
            Exchange::new(client.settings.limits),
            response,
            Some(request.clone()),
        );
        match next(client, &page) {
            Ok(Some(following)) => {
                goes_on(client, &request, &following);
                request = Arc::new(following);
            }
            Ok(None) => return,
            Err(error) => return is_sentence(&error),
        }
    }
}

fn goes_on(client: &Client, before: &Request, request: &Request) {
    // Also where the first page came from another origin, which gets no token: a page by number stays there.
    let stays = before.url.url().origin() == request.url.url().origin();
    assert!(client.covers(&request.url) || stays, "{}", request.url.as_str());
    assert!(request.method == before.method || request.method == Method::GET);
    let bytes = |request: &Request| match &request.body {
        Some((RequestBody::Bytes(bytes), _)) => bytes.to_vec(),
        _ => Vec::new(),
    };
    let is_same = request.method == before.method && request.url.as_str() == before.url.as_str();
    assert!(!is_same || bytes(request) != bytes(before), "the same request again");
    if !bytes(request).is_empty() {
        assert!(serde_json::from_slice::<serde_json::Value>(&bytes(request)).is_ok());
    }
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
