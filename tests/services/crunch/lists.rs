//! Where Crunch lists datasets, and the shapes of its documents that were recorded.

use serde_json::json;

use super::{base, log_in};
use sandbox::{Sandbox, Switch};
use support::*;

#[test]
fn the_list_is_below_all_and_the_old_place_warns() {
    let sandbox = Sandbox::start();
    let options =
        Options::of(&[("service", "crunch"), ("base_url", &base(&sandbox)), ("token", sandbox::API_KEY)]);
    let lines = Lines::default();
    lines.listen(&options, 2);
    let me = options.login().expect(CRUX_OK);
    let old = me.get("datasets/").expect(CRUX_OK);
    assert_eq!(old.json_count("/index"), 0);
    assert!(
        old.info("warning").is_some_and(|warning| warning.starts_with("299 - ")),
        "{:?}",
        old.info("warning")
    );
    assert!(
        lines.all().iter().any(|(level, line)| *level == 2 && line.contains("datasets/all/")),
        "{:?}",
        lines.all()
    );
    let list = me.get("datasets/all/").expect(CRUX_OK);
    assert_eq!((list.json_count("/index"), list.info("warning")), (40, None));
}

#[test]
fn a_dataset_lies_in_a_project() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox);
    let make = |body: serde_json::Value| {
        me.request("POST", "datasets/", Some(&json!({ "element": "shoji:entity", "body": body }).to_string()))
    };
    let refused = make(json!({ "name": "nowhere" })).expect(CRUX_ERR_HTTP);
    assert_eq!(refused.status(), 400);
    assert!(refused.message().contains("must be created in a project"), "{}", refused.message());
    let made = make(json!({ "name": "somewhere", "project": "/api/projects/personal/" })).expect(CRUX_OK);
    let dataset = me.get(&made.info("result").unwrap()).expect(CRUX_OK);
    let project = me.get(&dataset.json("/catalogs/project").unwrap()).expect(CRUX_OK);
    assert!(String::from_utf8(project.body()).unwrap().contains("somewhere"));
    sandbox.switch(Switch::ProjectRequired, false);
    make(json!({ "name": "anywhere" })).expect(CRUX_OK);
}

#[test]
fn documents_are_as_recorded() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox);
    let root = me.get("").expect(CRUX_OK);
    assert!(root.json("/catalogs/datasets_by_name").unwrap().ends_with("/datasets/by_name/{name}/"));
    let list = me.get("datasets/all/").expect(CRUX_OK);
    let key = list.json_key("/index", 0).unwrap();
    let id = key.trim_end_matches('/').rsplit('/').next().unwrap();
    let dataset = me.get(&format!("datasets/{id}/")).expect(CRUX_OK);
    for group in ["catalogs", "fragments", "views", "urls"] {
        for n in 0..dataset.json_count(&format!("/{group}")) {
            let name = dataset.json_key(&format!("/{group}"), n).unwrap();
            let link = dataset.json(&format!("/{group}/{name}")).unwrap();
            assert!(link.starts_with(&base(&sandbox)), "{group} {name}: {link}");
            // Each can be read; a cube wants a query.
            let status = me.get(&link).status();
            assert_eq!(status, if name == "cube" { 400 } else { 200 }, "{link}");
        }
    }
    for link in ["user_url", "owner_url", "editor_url"] {
        assert!(dataset.json(&format!("/urls/{link}")).is_some(), "{link}");
    }
    let users = me.get("users/").expect(CRUX_OK);
    assert!(!String::from_utf8(users.body()).unwrap().contains("entity_url"));
    let user = me.get(&dataset.json("/urls/user_url").unwrap()).expect(CRUX_OK);
    assert!(user.json("/catalogs/sources").is_some());
    let found = me.get("search/?q=a&limit=2").expect(CRUX_OK);
    assert_eq!(found.json_count("/value/groups/0/datasets"), 2);
    assert!(found.json_int("/value/groups/0/totals/datasets") > 2);
    let script = me.get(&format!("datasets/{id}/folders/script/")).expect(CRUX_OK);
    assert_eq!(script.header("content-type").as_deref(), Some("text/plain"));
    // A tuple that is null in a PATCH goes.
    let drop = json!({ "element": "shoji:catalog", "index": { (key.as_str()): null } }).to_string();
    me.request("PATCH", "datasets/", Some(&drop)).expect(CRUX_OK);
    assert_eq!(me.get(&format!("datasets/{id}/")).status(), 404);
}
