//! What tests of Crunch's jobs share: a session, and something that takes a while.

use sandbox::Sandbox;
use serde_json::Value;

use crate::interface::*;
use crate::library::c_interface::CRUX_OK;

pub fn crunch(sandbox: &Sandbox) -> Client {
    let base = format!("{}/api/", sandbox.http());
    Client::login("crunch", &base, Some("grace@example.com"), Some("battery staple")).expect(CRUX_OK)
}

/// The address of the first dataset.
pub fn dataset(client: &Client) -> String {
    let list = client.get("datasets/all/").expect(CRUX_OK);
    format!("datasets/{}", list.json_key("/index", 1).expect("a dataset").rsplit("datasets/").next().unwrap())
}

/// Something that takes a while, with a progress of these steps.
pub fn start(sandbox: &Sandbox, client: &Client, steps: &[Value]) -> Response {
    sandbox.progress(steps.to_vec());
    let export = format!("{}export/csv/", dataset(client));
    let accepted = client.request("POST", &export, Some("{}")).expect(CRUX_OK);
    assert_eq!(accepted.status(), 202);
    accepted
}

pub fn looks(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|r| r.path.contains("/progress/")).count()
}
