//! Exports of the services: asked for, awaited, fetched from a storage that must not see the token.

use std::fs;
use std::time::Duration;

use sandbox::{Canned, Sandbox, Switch};
use serde_json::json;
use support::crunch_jobs::*;
use support::*;

fn crux(sandbox: &Sandbox) -> Client {
    let base = format!("{}/timp/", sandbox.http());
    Client::login("crux-connect", &base, Some("ada@example.com"), Some("correct horse")).expect(CRUX_OK)
}

/// docs/services.md, 81.
#[test]
fn the_formats_are_found() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let place = format!("{}export/", dataset(&client));
    for (under_value, pointer) in [(false, "/views/csv"), (true, "/value/csv")] {
        sandbox.switch(Switch::FormatsUnderValue, under_value);
        sandbox.progress(vec![json!(100)]);
        let formats = client.get(&place).expect(CRUX_OK);
        let csv = formats.json(pointer).expect(pointer);
        let accepted = client.request("POST", &csv, Some("{}")).expect(CRUX_OK);
        assert!(client.wait_for_job(&accepted, 20_000).expect(CRUX_OK).info("location").is_some());
    }
}

/// docs/services.md, 57, 58, 82 and 83.
#[test]
fn an_export_of_crunch() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = crunch(&sandbox);
    let accepted = start(&sandbox, &client, &[json!(0), json!(22.6), json!(100)]);
    let done = client.wait_for_job(&accepted, 20_000).expect(CRUX_OK);
    assert_eq!(looks(&sandbox), 3);
    let file = done.info("location").expect("where the file is");
    assert_eq!(Some(&file), accepted.info("location").as_ref());
    assert_eq!(done.info("job_url"), accepted.json("/value"));
    assert_eq!(done.json("/value/progress").as_deref(), Some("100"), "the last document it saw");
    assert_eq!((done.number("percent"), accepted.number("percent")), (100, 100));
    assert!(sandbox.requests().iter().all(|r| !r.path.starts_with("/_s3")), "not before it is there");
    let target = folder.path("export.csv");
    client.download(&file, &target).expect(CRUX_OK);
    assert!(fs::read_to_string(target).unwrap().lines().count() > 100);
    let fetched = sandbox.requests().pop().unwrap();
    assert!(fetched.path.starts_with("/_s3"));
    assert_eq!((fetched.header("authorization"), fetched.header("cookie")), (None, None));
}

/// docs/services.md, 23 and 24.
#[test]
fn an_export_of_crux_connect() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = crux(&sandbox);
    sandbox.export_polls(1);
    for (ask, body) in
        [("orders/export/", r#"{"uuids":[]}"#), ("products/items/export/", r#"{"item_uuids":[]}"#)]
    {
        sandbox.clear();
        let asked = client.request("POST", ask, Some(body)).expect(CRUX_OK);
        let done = client.wait_for_job(&asked, 20_000).expect(CRUX_OK);
        let polls: Vec<_> =
            sandbox.requests().into_iter().filter(|r| r.path.contains("/data/export/")).collect();
        assert_eq!(polls.len(), 2);
        assert!(polls.iter().all(|r| r.header("authorization").is_some_and(|h| h.starts_with("Token "))));
        assert_eq!(done.json("/status").as_deref(), Some("COMPLETED"));
        assert_eq!(done.info("location"), done.json("/url"));
        assert!(done.info("job_url").unwrap().contains("/timp/data/export/"));
        let target = folder.path("export.csv");
        client.download(&done.info("location").unwrap(), &target).expect(CRUX_OK);
        let fetched = sandbox.requests().pop().unwrap();
        assert_eq!((fetched.header("authorization"), fetched.header("cookie")), (None, None));
        assert!(fs::read_to_string(target).unwrap().starts_with("item_id,"));
        // The record itself can be awaited as well.
        let record = client.get(&done.info("job_url").unwrap()).expect(CRUX_OK);
        assert_eq!(client.wait_for_job(&record, 0).expect(CRUX_OK).info("location"), done.info("location"));
    }
}

#[test]
fn what_is_read_and_has_an_id_is_no_job() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox);
    sandbox.respond("GET", "/timp/thing/", Canned::json(200, &json!({"uuid": "0a57b21e"})));
    let read = client.get("thing/").expect(CRUX_OK);
    sandbox.clear();
    let same = client.wait_for_job(&read, 0).expect(CRUX_OK);
    assert_eq!((same.body(), sandbox.requests().len()), (read.body(), 0));
}

#[test]
fn an_export_that_fails_at_crux_connect() {
    let sandbox = Sandbox::start();
    let client = crux(&sandbox);
    let asked = client.request("POST", "orders/export/", Some(r#"{"uuids":[]}"#)).expect(CRUX_OK);
    let path = format!("/timp/data/export/{}/", asked.info("result").expect("an id"));
    let record = |status: &str| Canned::json(200, &json!({"status": status, "url": null})).times(1);
    for status in ["FAILED", "Export Error"] {
        sandbox.respond("GET", &path, record(status));
        let failed = client.wait_for_job(&asked, 20_000).expect(CRUX_ERR_JOB);
        assert!(failed.message().to_lowercase().contains(&status.to_lowercase()), "{}", failed.message());
    }
    // What is not known is not ready.
    sandbox.respond("GET", &path, record("QUEUED?"));
    client.wait_for_job(&asked, 0).expect(CRUX_ERR_TIMEOUT);
}

/// docs/services.md, 84 and 85.
#[test]
fn the_storage_lags_and_the_link_dies() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = crunch(&sandbox);
    let target = folder.path("export.csv");
    sandbox.file_misses(2);
    let accepted = start(&sandbox, &client, &[json!(100)]);
    let url = client.wait_for_job(&accepted, 20_000).expect(CRUX_OK).info("location").unwrap();
    sandbox.clear();
    client.download(&url, &target).expect(CRUX_OK);
    let seen: Vec<_> = sandbox.requests().iter().map(|r| r.status).collect();
    assert_eq!(seen, [404, 404, 200]);
    fs::write(&target, "old").unwrap();
    sandbox.advance(Duration::from_secs(3601));
    let dead = client.download(&url, &target).expect(CRUX_ERR_HTTP);
    assert_eq!(dead.status(), 403);
    assert!(dead.message().contains("ask for a new export"), "{}", dead.message());
    assert!(dead.message().contains("Signature=…&"), "{}", dead.message());
    assert!(!dead.message().contains("account"), "{}", dead.message());
    assert_eq!(
        (fs::read(&target).unwrap(), folder.names()),
        (b"old".to_vec(), vec!["export.csv".to_owned()])
    );
}
