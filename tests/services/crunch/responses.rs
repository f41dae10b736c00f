//! What comes of Crunch's answers: errors, warnings, links.

use serde_json::{Value, json};

use super::{base, log_in, only, with_key};
use sandbox::{API_KEY, Canned, Sandbox};
use support::*;

/// docs/services.md, 66.
#[test]
fn a_bare_504_is_an_error_of_the_server() {
    let sandbox = Sandbox::start();
    let me = with_key(&sandbox, API_KEY);
    sandbox.respond("*", "/api/datasets/", Canned::status(504));
    // A POST is not repeated; a GET would be.
    let response = me.request("POST", "datasets/", Some("{}")).expect(CRUX_ERR_HTTP);
    assert_eq!((response.status(), response.body().len()), (504, 0));
    assert_eq!(response.number("retryable"), 1);
    assert!(response.message().contains("504 Gateway Timeout"), "{}", response.message());
    assert_eq!(response.json("/message"), None);
    only(&sandbox);
}

/// docs/services.md, 67.
#[test]
fn warnings_reach_the_hook_and_change_nothing() {
    let sandbox = Sandbox::start();
    let options = Options::of(&[("service", "crunch"), ("base_url", &*base(&sandbox)), ("token", API_KEY)]);
    let lines = Lines::default();
    lines.listen(&options, 3);
    let me = options.login().expect(CRUX_OK);
    for (warning, word) in
        [("299 - \"This resource goes.\"", "removed"), ("298 - \"Slow today.\"", "warning")]
    {
        sandbox.respond("GET", "/api/datasets/all/", Canned::real().header("warning", warning).times(1));
        let before = lines.all().len();
        let response = me.get("datasets/all/").expect(CRUX_OK);
        assert_eq!(response.info("warning").as_deref(), Some(warning));
        assert!(response.json_count("/index") > 3);
        let told: Vec<_> =
            lines.all().split_off(before).into_iter().filter(|(level, _)| *level == 2).collect();
        assert!(
            told.len() == 1 && told[0].1.contains(word) && told[0].1.contains("/api/datasets/all/"),
            "{told:?}"
        );
    }
}

/// docs/services.md, 68 and 69.
#[test]
fn gone_and_not_found_name_the_url() {
    let sandbox = Sandbox::start();
    let me = with_key(&sandbox, API_KEY);
    sandbox.respond("GET", "/api/old/", Canned::status(410));
    let gone = me.get("old/").expect(CRUX_ERR_HTTP);
    assert_eq!(gone.status(), 410);
    assert!(gone.message().contains(&format!("{}old/", base(&sandbox))), "{}", gone.message());
    assert!(gone.message().contains("removed for good"), "{}", gone.message());
    let missing = me.get("datasets/nosuch/").expect(CRUX_ERR_HTTP);
    assert_eq!(missing.status(), 404);
    let message = missing.message();
    assert!(message.contains(&format!("{}datasets/nosuch/", base(&sandbox))), "{message}");
    assert!(message.contains("may not see it"), "{message}");
    // E3: its message is an object, which is no text for people.
    assert!(!message.contains('{') && !message.contains("[object"), "{message}");
}

/// docs/services.md, 70.
#[test]
fn every_shape_of_error_document() {
    let sandbox = Sandbox::start();
    let me = with_key(&sandbox, API_KEY);
    let shapes: [(u16, Value, Option<&str>); 7] = [
        (
            400,
            json!({ "exception": ["BadRequest: x"], "message": "E1 says", "status": "400 Bad Request" }),
            Some("E1 says"),
        ),
        (
            400,
            json!({ "exception": ["ValidationError: y\n"], "message": "E2 says", "status": 400 }),
            Some("E2 says"),
        ),
        (404, json!({ "message": { "id": "a" }, "status": 404, "url": "/p/" }), None),
        (403, json!({ "message": "E4 says", "status": "403 Forbidden" }), Some("E4 says")),
        (401, json!({ "status": "401", "urls": {}, "exception": ["E5 says"] }), Some("E5 says")),
        (
            400,
            json!({ "element": "crunch:error", "type": "script:syntax", "description": "E6 says",
            "resolutions": [{ "message": "m", "command": 1, "line": 2 }] }),
            Some("E6 says; line 2: m"),
        ),
        (409, Value::Null, None),
    ];
    for (status, body, said) in shapes {
        sandbox.respond("GET", "/api/odd/", Canned::json(status, &body).times(1));
        let response = me.get("odd/");
        assert_eq!(response.status(), i32::from(status));
        assert_eq!(response.code(), if status == 401 { CRUX_ERR_AUTH } else { CRUX_ERR_HTTP });
        assert_eq!(response.info("server_message").as_deref(), said, "{body}");
        assert!(said.is_none_or(|said| response.message().contains(said)), "{}", response.message());
        assert_eq!(response.body(), body.to_string().as_bytes());
    }
    // The status is that of the HTTP line, whatever the document says.
    sandbox.respond("GET", "/api/odd/", Canned::json(500, &json!({ "status": "200 OK" })).times(1));
    assert_eq!(me.request("POST", "odd/", None).status(), 404);
    assert_eq!(me.get("odd/").expect(CRUX_ERR_HTTP).status(), 500);
}

/// docs/services.md, 71.
#[test]
fn who_is_not_the_editor_is_told_so() {
    let sandbox = Sandbox::start();
    let me = with_key(&sandbox, API_KEY);
    let list = me.get("datasets/all/").expect(CRUX_OK);
    let own = format!("{}users/", base(&sandbox));
    let occupied = (0..list.json_count("/index")).filter_map(|n| list.json_key("/index", n)).find(|url| {
        let key = url.replace('~', "~0").replace('/', "~1");
        let editor = list.json(&format!("/index/{key}/current_editor")).unwrap_or_default();
        let grace = list.json(&format!("/index/{key}/name")).unwrap_or_default();
        editor.starts_with(&own) && grace.ends_with(" 6")
    });
    let occupied = occupied.expect("one dataset is edited by somebody else");
    let response = me.request("PATCH", &occupied, Some("{\"description\":\"x\"}")).expect(CRUX_ERR_HTTP);
    assert_eq!(response.status(), 409);
    assert!(response.message().contains("Make yourself the current editor"), "{}", response.message());
    sandbox.respond("POST", "/api/datasets/", Canned::json(409, &json!({ "message": "Busy." })).times(1));
    let other = me.request("POST", "datasets/", Some("{}")).expect(CRUX_ERR_HTTP);
    assert!(!other.message().contains("current editor"), "{}", other.message());
}

/// docs/services.md, 73.
#[test]
fn parameters_of_the_media_type_do_not_matter() {
    let sandbox = Sandbox::start();
    let me = with_key(&sandbox, API_KEY);
    for kind in ["application/json;charset=utf-8", "application/json", "text/plain", ""] {
        let response =
            Canned::status(200).header("content-type", kind).body("{\"element\":\"shoji:view\",\"value\":7}");
        sandbox.respond("GET", "/api/odd/", response.times(1));
        assert_eq!(me.get("odd/").expect(CRUX_OK).json_int("/value"), 7, "{kind}");
    }
}

/// docs/services.md, 76.
#[test]
fn a_name_in_a_path_is_encoded_once() {
    let sandbox = Sandbox::start();
    let me = with_key(&sandbox, API_KEY);
    sandbox.clear();
    let wanted = "/api/datasets/by_name/a%2Fb%20%C3%BC/";
    for path in ["datasets/by_name/a%2Fb%20%C3%BC/", "datasets/by_name/a%2Fb%20ü/"] {
        let response = me.get(path).expect(CRUX_OK);
        assert_eq!(only(&sandbox).target, wanted);
        assert_eq!(response.json_count("/index"), 1);
    }
}

/// docs/services.md, 77.
#[test]
fn a_location_is_called_byte_for_byte() {
    let sandbox = Sandbox::start();
    let me = with_key(&sandbox, API_KEY);
    let target = "/api/progress/import-batch%3Aab%24cd%7e/?x=%2f%2F";
    let place = format!("{}{target}", sandbox.http());
    sandbox.respond("POST", "/api/datasets/", Canned::status(202).header("location", &place).times(1));
    let response = me.request("POST", "datasets/", Some("{}")).expect(CRUX_OK);
    assert_eq!(response.info("location").as_deref(), Some(&*place));
    sandbox.clear();
    me.get(&response.info("location").unwrap()).expect(CRUX_OK);
    assert_eq!(only(&sandbox).target, target);
}

/// docs/services.md, 79.
#[test]
fn both_forms_of_patch() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox);
    let key = me.get("datasets/all/").expect(CRUX_OK).json_key("/index", 0).unwrap();
    // Keys may be relative to the catalogue, which lies one step below the base.
    let url = key.trim_start_matches("../").to_owned();
    let bare = json!({ "description": "裸" });
    let wrapped = json!({ "element": "shoji:entity", "body": { "description": "包" } });
    for (body, want) in [(bare, "裸"), (wrapped, "包")] {
        assert_eq!(me.request("PATCH", &url, Some(&body.to_string())).expect(CRUX_OK).status(), 204);
        assert_eq!(me.get(&url).expect(CRUX_OK).json("/body/description").as_deref(), Some(want));
    }
}
