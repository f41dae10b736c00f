#[path = "sandbox/mod.rs"]
mod sandbox;
mod support;

use sandbox::Sandbox;
use support::{CRUX_OK, Client};

#[test]
fn both_services_over_http() {
    let sandbox = Sandbox::start();
    let base = format!("{}/timp/", sandbox.http());
    let me =
        Client::login("crux-connect", &base, Some("ada@example.com"), Some("correct horse")).expect(CRUX_OK);
    let users = me.get("organizations/users/all/").expect(CRUX_OK);
    assert_eq!(users.status(), 200);
    assert!(users.json_count("") > 3);
}
