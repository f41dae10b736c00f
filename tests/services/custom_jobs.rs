//! Jobs of a service that only options describe: where their results are, and why they failed.

use sandbox::{Canned, Recorded, Sandbox};
use serde_json::{Value, json};
use support::*;

const STATE: (&str, &str) = ("job.status_pointer", "/state");
const RESULT: (&str, &str) = ("job.result_pointer", "/links/file");

fn client(sandbox: &Sandbox, more: &[(&str, &str)]) -> Client {
    let base = format!("{}/api/", sandbox.http());
    let own = [("service", "custom"), ("base_url", &*base), ("proxy", "direct"), ("retry.max", "0")];
    Client::with(&[&own[..], more].concat()).expect(CRUX_OK)
}

/// A sandbox where `jobs` starts a job, whose progress is answered so.
fn with_job(progress: Canned) -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.respond("POST", "/api/jobs", Canned::json(202, &json!({})).header("location", "/api/jobs/7"));
    sandbox.respond("GET", "/api/jobs/7", progress);
    sandbox
}

fn csv(body: &str) -> Canned {
    Canned::status(200).header("content-type", "text/csv").body(body)
}

/// Starts the job, waits for it, and saves its result.
fn saved(client: &Client, method: &str, path: &str) -> (Response, String) {
    let folder = Folder::new();
    let (file, call) = (folder.path("result"), client.call(method, path));
    for (key, value) in [("await", "1"), ("save", file.to_str().unwrap()), ("job.timeout_ms", "20000")] {
        assert_eq!(call.set(key, value), CRUX_OK);
    }
    let ended = call.send();
    (ended, std::fs::read_to_string(&file).unwrap_or_default())
}

/// Starts the job and waits for it.
fn awaited(client: &Client) -> Response {
    let accepted = client.request("POST", "jobs", Some("{}")).expect(CRUX_OK);
    client.wait_for_job(&accepted, 2_000)
}

fn paths(sandbox: &Sandbox) -> Vec<String> {
    sandbox.requests().into_iter().map(|Recorded { method, path, .. }| format!("{method} {path}")).collect()
}

#[test]
fn an_option_says_where_a_finished_job_names_its_result() {
    for (link, place) in [("/files/7.csv", "/files/7.csv"), ("result.csv", "/api/jobs/result.csv")] {
        let sandbox =
            with_job(Canned::json(200, &json!({"state": "running", "links": {"file": null}})).times(1));
        sandbox.respond(
            "GET",
            "/api/jobs/7",
            Canned::json(200, &json!({"state": "done", "links": {"file": link}})),
        );
        sandbox.respond("GET", place, csv("a,b\n"));
        let me = client(&sandbox, &[STATE, RESULT]);
        let ended = awaited(&me).expect(CRUX_OK);
        assert_eq!(
            ended.info("location"),
            Some(format!("{}{place}", sandbox.http())),
            "relative to the document"
        );
        let (ended, body) = saved(&me, "POST", "jobs");
        assert_eq!((ended.code(), &*body), (CRUX_OK, "a,b\n"), "{}", ended.message());
        assert_eq!(ended.info("job_url"), Some(format!("{}/api/jobs/7", sandbox.http())));
        let (ended, body) = saved(&me, "GET", "jobs/7");
        assert_eq!((ended.code(), &*body), (CRUX_OK, "a,b\n"), "{}", ended.message());
    }
}

#[test]
fn a_job_that_names_no_result_says_which_option_would() {
    let sandbox = with_job(Canned::json(200, &json!({"state": "done"})));
    for more in [&[STATE][..], &[STATE, RESULT]] {
        let me = client(&sandbox, more);
        let ended = awaited(&me).expect(CRUX_OK);
        assert_eq!(ended.info("location"), None);
        let (ended, _) = saved(&me, "POST", "jobs");
        assert_eq!(ended.code(), CRUX_ERR_PROTOCOL);
        assert!(ended.message().contains("option \"job.result_pointer\""), "{}", ended.message());
    }
}

#[test]
fn a_progress_that_is_named_twice_is_no_result() {
    let sandbox = with_job(Canned::json(200, &json!({"state": "done"})));
    let accepted = Canned::json(202, &json!({"status_url": "7"})).header("location", "/api/jobs/7");
    sandbox.respond("POST", "/api/jobs/", accepted);
    let me = client(&sandbox, &[STATE]);
    let (ended, body) = saved(&me, "POST", "jobs/");
    assert_eq!((ended.code(), &*body), (CRUX_ERR_PROTOCOL, ""), "{}", ended.message());
}

/// RFC 9110, 15.4.4: what a 303 leads to is another resource, that of which the status told.
#[test]
fn a_303_from_the_status_of_a_job_is_its_result() {
    let large = "x".repeat(3 << 20);
    for (file, held) in [("a,b\n", "a,b\n"), (&*large, &*large)] {
        let sandbox = with_job(Canned::json(200, &json!({"state": "running"})).times(1));
        sandbox.respond("GET", "/api/jobs/7", Canned::status(303).header("location", "../files/7"));
        sandbox.respond("GET", "/api/files/7", csv(file));
        let me = client(&sandbox, &[STATE]);
        let ended = awaited(&me).expect(CRUX_OK);
        assert_eq!(ended.info("location"), Some(format!("{}/api/files/7", sandbox.http())));
        assert_eq!((ended.status(), ended.body()), (200, held.into()));
        for (method, path) in [("POST", "jobs"), ("GET", "jobs/7")] {
            sandbox.clear();
            let (ended, body) = saved(&me, method, path);
            assert_eq!(ended.code(), CRUX_OK, "{}", ended.message());
            assert!(body == file, "{} bytes", body.len());
            let files = paths(&sandbox).iter().filter(|path| path.ends_with("/files/7")).count();
            assert_eq!(files, 1, "a link may be good for one request: {:?}", paths(&sandbox));
        }
    }
}

#[test]
fn a_303_to_a_result_that_is_a_document_of_its_own() {
    let sandbox = with_job(Canned::status(303).header("location", "/api/reports/1"));
    // It has a state too, which is not that of the job.
    sandbox.respond("GET", "/api/reports/1", Canned::json(200, &json!({"state": "draft"})));
    let ended = awaited(&client(&sandbox, &[STATE])).expect(CRUX_OK);
    assert_eq!(ended.body(), br#"{"state":"draft"}"#);
    // One that cannot be read is an error; one that passes is not.
    sandbox.respond("GET", "/api/reports/1", Canned::status(404));
    let sandbox = with_job(Canned::status(303).header("location", "/api/reports/1"));
    sandbox.respond("GET", "/api/reports/1", Canned::status(502).times(1));
    sandbox.respond("GET", "/api/reports/1", Canned::status(404).times(1));
    let ended = awaited(&client(&sandbox, &[STATE])).expect(CRUX_ERR_HTTP);
    assert_eq!(ended.status(), 404);
    assert!(ended.info("location").is_some_and(|place| place.ends_with("/api/reports/1")));
}

#[test]
fn another_redirect_of_a_status_may_lead_to_the_result_too() {
    let large = "x".repeat(3 << 20);
    for file in ["a,b\n", &*large] {
        let sandbox = with_job(Canned::status(302).header("location", "/files/7"));
        sandbox.respond("GET", "/files/7", csv(file));
        let me = client(&sandbox, &[STATE]);
        let ended = awaited(&me).expect(CRUX_OK);
        assert_eq!(ended.info("location"), Some(format!("{}/files/7", sandbox.http())));
        assert!(saved(&me, "POST", "jobs").1 == file);
    }
    // A status that has moved is still one, and a page to log in is none.
    let sandbox = with_job(Canned::status(307).header("location", "/api/queue/7"));
    sandbox.respond("GET", "/api/queue/7", Canned::json(200, &json!({"state": "running"})).times(1));
    sandbox.respond("GET", "/api/queue/7", Canned::json(200, &json!({"state": "done"})));
    awaited(&client(&sandbox, &[STATE])).expect(CRUX_OK);
    let sandbox = with_job(Canned::status(302).header("location", "/login"));
    let page = Canned::status(200).header("content-type", "text/html").body("<html>Log in</html>");
    sandbox.respond("GET", "/login", page);
    awaited(&client(&sandbox, &[STATE])).expect(CRUX_ERR_TIMEOUT);
}

#[test]
fn a_result_may_take_the_place_of_the_progress() {
    for running in [Canned::json(202, &json!({"state": "running"})), Canned::status(202)] {
        let sandbox = with_job(running.times(1));
        sandbox.respond("GET", "/api/jobs/7", csv("a,b\n"));
        let (ended, body) = saved(&client(&sandbox, &[STATE]), "POST", "jobs");
        assert_eq!((ended.code(), &*body), (CRUX_OK, "a,b\n"), "{}", ended.message());
    }
}

#[test]
fn a_failed_job_says_why_in_every_shape() {
    let failed = |more: Value| {
        let mut document = json!({"state": "failed", "id": "7"});
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        document
    };
    let says = |document: &Value, more: &[(&str, &str)]| {
        let sandbox = with_job(Canned::json(200, document));
        awaited(&client(&sandbox, more)).expect(CRUX_ERR_JOB).message()
    };
    for more in [
        json!({"error": {"message": "no such column"}}),
        json!({"error": {"code": 7, "detail": "no such column"}}),
        json!({"errors": [{"message": "no such column"}]}),
        json!({"errors": ["no such column"]}),
        json!({"error": "no such column"}),
        json!({"detail": "no such column"}),
        json!({"reason": "no such column"}),
        json!({"msg": "no such column"}),
        json!({"message": "no such column"}),
        json!({"status_message": "no such column"}),
        json!({"statusMessage": "no such column"}),
        json!({"error_message": "no such column"}),
        json!({"failure_reason": "no such column"}),
        json!({"result": {"error": "no such column"}}),
        json!({"result": {"error": {"message": "no such column"}}}),
        json!({"result": {"exc_type": "ValueError", "exc_message": ["no such column"]}}),
        json!({"result": "no such column"}),
        json!({"job": {"failure": {"reason": "no such column"}}}),
        json!({"message": "Export 7", "error": {"message": "no such column"}}),
        json!({"message": "", "detail": null, "error": "no such column"}),
    ] {
        let message = says(&failed(more.clone()), &[STATE]);
        assert!(message.ends_with("that the job failed: failed: no such column"), "{more}: {message}");
    }
    for (document, more) in [
        (
            json!({"status": {"code": "failed", "message": "no such column"}}),
            &[("job.status_pointer", "/status/code")][..],
        ),
        (json!({"value": {"progress": -1}, "error": {"message": "no such column"}}), &[]),
        (json!({"value": {"progress": -1, "detail": "no such column"}}), &[]),
        (json!({"pct": -1, "errors": [{"detail": "no such column"}]}), &[("job.percent_pointer", "/pct")]),
        (failed(json!({"warum": "no such column"})), &[STATE, ("error.pointers", "/warum")]),
        (
            json!({"data": {"state": "failed", "reason": "no such column"}}),
            &[("job.status_pointer", "/data/state")],
        ),
    ] {
        let location = ("job.location_pointer", "/nowhere");
        let message = says(&document, &[more, &[location]].concat());
        assert!(message.contains("no such column"), "{document}: {message}");
    }
    // With nothing to say, the word is all there is.
    let message = says(&failed(json!({"name": "Export", "owner": {"name": "ada"}})), &[STATE]);
    assert!(message.ends_with("says that the job failed: failed"), "{message}");
}

#[test]
fn odd_words_of_a_status_are_understood() {
    let file = csv("a,b\n");
    for (state, more) in
        [(json!(" Done "), &[][..]), (json!(2), &[("job.done", "2")]), (json!(true), &[("job.done", "true")])]
    {
        let sandbox = with_job(Canned::json(200, &json!({"state": state, "links": {"file": "/files/7"}})));
        sandbox.respond("GET", "/files/7", file.clone());
        let (ended, body) = saved(&client(&sandbox, &[&[STATE, RESULT], more].concat()), "POST", "jobs");
        assert_eq!((ended.code(), &*body), (CRUX_OK, "a,b\n"), "{state} {}", ended.message());
    }
    let sandbox = with_job(Canned::json(200, &json!({"pct": "100 %"})));
    awaited(&client(&sandbox, &[("job.percent_pointer", "/pct")])).expect(CRUX_OK);
    for state in ["ABORTED", "rejected"] {
        let sandbox = with_job(Canned::json(200, &json!({"state": state, "reason": "by ada"})));
        let message = awaited(&client(&sandbox, &[STATE])).expect(CRUX_ERR_JOB).message();
        assert!(message.ends_with(&format!("{}: by ada", state.to_lowercase())), "{message}");
    }
}

#[test]
fn a_job_that_does_not_end_tells_its_status_or_where_none_is() {
    let late = |document: &Value, more: &[(&str, &str)]| {
        let sandbox = with_job(Canned::json(200, document));
        awaited(&client(&sandbox, more)).expect(CRUX_ERR_TIMEOUT).message()
    };
    let message = late(&json!({"state": "erledigt"}), &[STATE]);
    assert!(message.ends_with("Its status is \"erledigt\"."), "{message}");
    let message = late(&json!({"state": "done"}), &[("job.status_pointer", "/stat")]);
    assert!(message.contains("tells nothing of a job, at /stat"), "{message}");
}

/// A service may make a job as any other thing, and show it at once.
#[test]
fn a_job_may_start_without_a_202() {
    for (status, more, document, location) in [
        (201, &[][..], json!({"state": "queued"}), Some("/api/jobs/7")),
        (200, &[], json!({"state": "queued"}), Some("/api/jobs/7")),
        (200, &[("job.location_pointer", "/job")], json!({"job": "/api/jobs/7"}), None),
    ] {
        let done = json!({"state": "done", "links": {"file": "/files/7"}});
        let sandbox = with_job(Canned::json(200, &done));
        sandbox.respond("GET", "/files/7", csv("a,b\n"));
        let accepted = Canned::json(status, &document);
        let accepted = location.iter().fold(accepted, |accepted, place| accepted.header("location", place));
        sandbox.respond("POST", "/api/start", accepted);
        let me = client(&sandbox, &[&[STATE, RESULT], more].concat());
        let (ended, body) = saved(&me, "POST", "start");
        assert_eq!((ended.code(), &*body), (CRUX_OK, "a,b\n"), "{status} {document} {}", ended.message());
    }
    // What was made without a state is no job.
    let sandbox = Sandbox::start();
    let made = Canned::json(201, &json!({"name": "x"})).header("location", "/api/things/7");
    sandbox.respond("POST", "/api/jobs", made);
    let ended = awaited(&client(&sandbox, &[STATE])).expect(CRUX_OK);
    assert_eq!((ended.status(), sandbox.requests().len()), (201, 1));
}
