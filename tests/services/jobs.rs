//! `crux_await`: jobs of the services, through whatever happens meanwhile.

use std::ptr::null;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sandbox::fault::{FOREVER, FaultServer, Step};
use sandbox::{Canned, Sandbox, Switch};
use serde_json::json;
use support::crunch_jobs::*;
use support::*;

/// docs/services.md, 57.
#[test]
fn accepted_without_a_place_or_without_a_document() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    sandbox.progress(vec![json!(100)]);
    let publish = format!("{}publish/", dataset(&client));
    let accepted = client.request("POST", &publish, Some("{}")).expect(CRUX_OK);
    let done = client.wait_for_job(&accepted, 20_000).expect(CRUX_OK);
    assert_eq!((accepted.status(), done.info("location")), (202, None));
    assert_eq!(looks(&sandbox), 1);

    sandbox.switch(Switch::EmptyAccepted, true);
    sandbox.clear();
    let accepted = start(&sandbox, &client, &[json!(100)]);
    let done = client.wait_for_job(&accepted, 20_000).expect(CRUX_OK);
    assert_eq!((done.info("location"), looks(&sandbox)), (accepted.info("location"), 0));
    assert!(done.info("location").is_some());
    // A response that is final already.
    let list = client.get("datasets/all/").expect(CRUX_OK);
    let same = client.wait_for_job(&list, 20_000).expect(CRUX_OK);
    assert_eq!((same.status(), same.body()), (200, list.body()));
}

/// docs/services.md, 59.
#[test]
fn a_job_that_fails_says_why() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let failure = json!({"progress": -1, "message": "The file could not be read: 文件损坏"});
    let accepted = start(&sandbox, &client, &[failure]);
    let failed = client.wait_for_job(&accepted, 20_000).expect(CRUX_ERR_JOB);
    assert!(failed.message().contains("文件损坏"), "{}", failed.message());
    assert_eq!(failed.info("job_url"), accepted.json("/value"));
    assert_eq!(accepted.code(), CRUX_OK, "the request itself went well");

    sandbox.progress(vec![json!(100)]);
    let script = format!("{}scripts/", dataset(&client));
    let body = r#"{"element":"shoji:entity","body":{"body":"FAIL"}}"#;
    let accepted = client.request("POST", &script, Some(body)).expect(CRUX_OK);
    let failed = client.wait_for_job(&accepted, 20_000).expect(CRUX_ERR_JOB);
    for part in ["Errors processing the script", "line 2: Invalid variable: 变量", "line 3: Unknown command"]
    {
        assert!(failed.message().contains(part), "{}", failed.message());
    }
}

/// docs/services.md, 60.
#[test]
fn an_unknown_job_is_not_believed_blindly() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let base = format!("{}/api/", sandbox.http());
    let accepted = |location: &str| {
        let document = json!({"element": "shoji:view", "value": format!("{base}progress/nobody-knows/")});
        sandbox.respond(
            "POST",
            "/api/x/",
            Canned::json(202, &document).header("location", location).times(1),
        );
        client.request("POST", "x/", Some("{}")).expect(CRUX_OK)
    };
    let there = format!("{base}{}", dataset(&client));
    let done = client.wait_for_job(&accepted(&there), 20_000).expect(CRUX_OK);
    assert_eq!(done.info("location"), Some(there));
    let gone = accepted(&format!("{base}datasets/00000000/"));
    let failed = client.wait_for_job(&gone, 20_000).expect(CRUX_ERR_JOB);
    assert!(failed.message().contains("not there"), "{}", failed.message());
    // A result that is no document, and larger than what is held in memory, is there all the same.
    let strict = Client::with(&[
        ("service", "crunch"),
        ("base_url", &base),
        ("user", "grace@example.com"),
        ("secret", "battery staple"),
        ("max_body", "2000"),
    ]);
    let large = accepted(&format!("{}/bytes/5000000", sandbox.http()));
    strict.wait_for_job(&large, 20_000).expect(CRUX_OK);
}

/// docs/services.md, 63.
#[test]
fn what_became_of_an_append() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = crunch(&sandbox);
    let list = client.get("datasets/all/").expect(CRUX_OK);
    let append = |dataset: usize, name: &str| {
        let source = client.upload(None, None, &folder.file(name, b"a\n1\n"), None).expect(CRUX_OK);
        let body = json!({"element": "shoji:entity", "body": {"source": source.info("result")}}).to_string();
        let key = list.json_key("/index", dataset).unwrap();
        let id = key.trim_end_matches('/').rsplit('/').next().unwrap();
        let accepted =
            client.request("POST", &format!("datasets/{id}/batches/"), Some(&body)).expect(CRUX_OK);
        (client.wait_for_job(&accepted, 20_000), accepted)
    };
    sandbox.progress(vec![json!(100)]);
    let (done, accepted) = append(10, "fine.csv");
    let done = done.expect(CRUX_OK);
    assert_eq!(done.info("location"), accepted.info("location"));
    for (number, (name, says)) in [
        ("conflict.csv", "conflict: 性别: Types differ"),
        ("error.csv", "数据错误"),
        ("gone.csv", "rolled back"),
    ]
    .iter()
    .enumerate()
    {
        let (failed, _) = append(11 + number, name);
        let failed = failed.expect(CRUX_ERR_JOB);
        assert!(failed.message().contains(says), "{name}: {}", failed.message());
        assert!(failed.info("location").is_some() && failed.info("job_url").is_some());
    }
}

#[test]
fn what_passes_is_survived() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let accepted = start(&sandbox, &client, &[json!(50), json!(100)]);
    let path = accepted.json("/value").unwrap();
    let path = path.strip_prefix(&sandbox.http()).unwrap();
    for status in [502, 408, 503] {
        sandbox.respond("GET", path, Canned::status(status).times(1));
    }
    sandbox.respond("GET", path, Canned::status(429).header("retry-after", "0").times(1));
    sandbox.clear();
    // The token dies in the middle: the sandbox forgets it before the second look.
    thread::scope(|scope| {
        let waiting = scope.spawn(|| client.wait_for_job(&accepted, 30_000));
        until("the first look", || looks(&sandbox) > 0);
        sandbox.revoke_tokens();
        waiting.join().unwrap().expect(CRUX_OK);
    });
    let seen: Vec<_> = sandbox.requests().iter().map(|r| r.status).collect();
    assert!([502, 408, 503, 429, 401].iter().all(|status| seen.contains(status)), "{seen:?}");
    assert_eq!(sandbox.requests().iter().filter(|r| r.path.ends_with("/public/login/")).count(), 1);
}

#[test]
fn lost_connections_are_survived() {
    let progress = |percent: &str| {
        let body = format!("{{\"value\":{{\"progress\":{percent}}}}}");
        Step::send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
    };
    let accepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 20\r\n\r\n{\"value\":\"progress\"}";
    let server = FaultServer::scripts(
        None,
        vec![
            vec![
                Step::ReadRequest,
                Step::send(accepted),
                Step::ReadRequest,
                progress("10"),
                Step::ReadHead,
                Step::Reset,
            ],
            vec![Step::ReadHead, Step::send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"), Step::Fin],
            vec![Step::ReadHead, Step::send("this is no HTTP\r\n\r\n"), Step::Fin],
            vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, progress("100")])],
        ],
    );
    let client = Client::with(&[("service", "custom"), ("base_url", &server.url()), ("proxy", "direct")]);
    let accepted = client.request("POST", "x", Some("{}")).expect(CRUX_OK);
    client.wait_for_job(&accepted, 30_000).expect(CRUX_OK);
    assert_eq!(server.connections(), 4);
}

#[test]
fn a_job_that_cannot_be_looked_at_has_not_failed() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let accepted = start(&sandbox, &client, &[json!(10)]);
    for (status, code) in [(403, CRUX_ERR_HTTP), (404, CRUX_ERR_HTTP), (410, CRUX_ERR_HTTP)] {
        sandbox.respond("GET", "/api/progress/*", Canned::status(status).times(1));
        let result = client.wait_for_job(&accepted, 20_000);
        assert_eq!((result.code(), result.status()), (code, status.into()), "{}", result.message());
        assert_eq!(result.info("job_url"), accepted.json("/value"));
    }
    let key = Client::login("crunch", &format!("{}/api/", sandbox.http()), None, Some("no-such-key"));
    key.wait_for_job(&accepted, 20_000).expect(CRUX_ERR_AUTH);
    // It can be awaited all the same, once it can be looked at.
    let result = client.wait_for_job(&accepted, 0).expect(CRUX_ERR_TIMEOUT);
    assert_eq!(result.number("percent"), 10);
}

/// docs/services.md, 61.
#[test]
fn a_timeout_never_loses_the_job() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let accepted = start(&sandbox, &client, &[json!(10), json!(20), json!(5), json!(100)]);
    let mut before = accepted;
    for (look, percent) in [(1, 10), (2, 20), (3, 20)] {
        // 0 looks once.
        let result = client.wait_for_job(&before, 0).expect(CRUX_ERR_TIMEOUT);
        assert_eq!(
            (looks(&sandbox), result.number("percent"), before.number("percent")),
            (look, percent, percent)
        );
        assert!(result.message().contains(&format!("{percent} percent")), "{}", result.message());
        assert_eq!(result.info("location"), before.info("location"));
        let job = before.info("job_url").or(before.json("/value"));
        assert_eq!(result.info("job_url"), job);
        before = result;
    }
    // And what is known is kept even when a look brings nothing.
    sandbox.respond("GET", "/api/progress/*", Canned::status(502).times(1));
    let result = client.wait_for_job(&before, 0).expect(CRUX_ERR_TIMEOUT);
    assert_eq!(result.number("percent"), 20);
    let done = client.wait_for_job(&result, 0).expect(CRUX_OK);
    assert_eq!((done.number("percent"), done.info("location")), (100, before.info("location")));
}

#[test]
fn a_limit_is_kept() {
    let sandbox = Sandbox::start();
    let base = format!("{}/api/", sandbox.http());
    let client = Client::with(&[
        ("service", "crunch"),
        ("base_url", &base),
        ("user", "grace@example.com"),
        ("secret", "battery staple"),
        ("job.timeout_ms", "700"),
    ]);
    let accepted = start(&sandbox, &client, &[json!(3)]);
    for (timeout, least) in [(300, 300), (-1, 700)] {
        let since = Instant::now();
        let result = client.wait_for_job(&accepted, timeout).expect(CRUX_ERR_TIMEOUT);
        let took = since.elapsed().as_millis();
        assert!((least..least + 1000).contains(&took), "{took} ms: {}", result.message());
    }
    // A server that says nothing does not lengthen it much.
    sandbox.respond("GET", "/api/progress/*", Canned::real().delay(Duration::from_secs(60)));
    let since = Instant::now();
    client.wait_for_job(&accepted, 300).expect(CRUX_ERR_TIMEOUT);
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
}

#[test]
fn cancelled_and_gone_on_with() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let accepted = start(&sandbox, &client, &[json!(40), json!(100)]);
    let result = thread::scope(|scope| {
        let waiting = scope.spawn(|| client.wait_for_job(&accepted, 20_000));
        until("the first look", || accepted.number("percent") == 40);
        accepted.cancel();
        waiting.join().unwrap()
    });
    assert_eq!((result.code(), result.number("percent")), (CRUX_ERR_CANCELLED, 40), "{}", result.message());
    assert_eq!(client.wait_for_job(&result, 0).expect(CRUX_OK).info("location"), accepted.info("location"));
}

#[test]
fn percent_is_live_and_never_goes_back() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let accepted = start(&sandbox, &client, &[json!(10), json!(50.9), json!(30), json!(99.9), json!(100)]);
    let over = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let ended = Over(&over);
        let watching = scope.spawn(|| {
            let mut seen = vec![-1];
            while !over.load(Ordering::Relaxed) {
                let now = accepted.number("percent");
                if now != seen[seen.len() - 1] {
                    seen.push(now);
                }
                thread::sleep(Duration::from_micros(100));
            }
            seen
        });
        client.wait_for_job(&accepted, 20_000).expect(CRUX_OK);
        until("the watcher to see it", || accepted.number("percent") == 100);
        thread::sleep(Duration::from_millis(20));
        drop(ended);
        watching.join().unwrap()
    });
    assert_eq!(seen, [-1, 10, 50, 99, 100]);
}

#[test]
fn what_is_awaited_may_be_under_way_itself() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let place = format!("/api/{}export/csv/", dataset(&client));
    sandbox.progress(vec![json!(100)]);
    let call = client.call("POST", &place);
    assert_eq!(call.body(b"{}", None), CRUX_OK);
    let accepted = call.start();
    client.wait_for_job(&accepted, 20_000).expect(CRUX_OK);

    sandbox.respond("POST", &place, Canned::real().delay(Duration::from_secs(60)).times(1));
    let stalled = call.start();
    for timeout in [0, 100] {
        client.wait_for_job(&stalled, timeout).expect(CRUX_ERR_TIMEOUT);
    }
    assert_eq!(stalled.code(), CRUX_PENDING);
    drop(stalled);

    // The time to wait is one, whatever it is spent on.
    sandbox.progress(vec![json!(1)]);
    sandbox.respond("POST", &place, Canned::real().delay(Duration::from_millis(700)).times(1));
    let (slow, began) = (call.start(), Instant::now());
    client.wait_for_job(&slow, 1000).expect(CRUX_ERR_TIMEOUT);
    assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
}

#[test]
fn a_job_is_awaited_by_a_call() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let accepted = start(&sandbox, &client, &[json!(10), json!(100)]);
    let (job_url, place) = (accepted.json("/value"), accepted.info("location"));
    let call = client.job(&accepted);
    drop(accepted);
    let done = call.send().expect(CRUX_OK);
    assert_eq!((done.info("location"), done.info("job_url")), (place, job_url));
    assert_eq!(done.number("percent"), 100);
    // Again, in the background, by way of the queue.
    let started = call.start();
    assert_eq!(unsafe { crux_next_finished(client.0, 20_000) }, started.0);
    started.expect(CRUX_OK);

    // It goes on without what it awaits.
    let accepted = start(&sandbox, &client, &[json!(1), json!(100)]);
    sandbox.clear();
    let started = client.job(&accepted).start();
    until("a look at the job", || looks(&sandbox) > 0);
    drop(accepted);
    started.finished().expect(CRUX_OK);

    // Its own time; then it goes on.
    let accepted = start(&sandbox, &client, &[json!(1)]);
    let call = client.job(&accepted);
    assert_eq!(call.set("job.timeout_ms", "100"), CRUX_OK);
    let late = call.start().finished().expect(CRUX_ERR_TIMEOUT);
    assert_eq!(late.info("job_url"), accepted.json("/value"));
    let again = client.job(&late);
    assert_eq!(again.set("job.timeout_ms", "100"), CRUX_OK);
    again.send().expect(CRUX_ERR_TIMEOUT);
}

/// Whoever awaits it: what follows the response of a wait is not asked of the base.
#[test]
fn no_page_follows_the_response_of_a_wait() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let list = json!({"element": "shoji:catalog", "pagination": {"next_start_index": 2}});
    sandbox.respond("POST", "/api/odd/", Canned::json(200, &list));
    let accepted = client.request("POST", "odd/", Some("{}")).expect(CRUX_OK);
    let by_function = client.wait_for_job(&accepted, 0).expect(CRUX_OK);
    let by_call = client.job(&accepted).send().expect(CRUX_OK);
    let started = client.job(&accepted).start().finished().expect(CRUX_OK);
    sandbox.clear();
    for response in [by_function, by_call, started] {
        assert!(client.next_page(&response).is_none());
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn a_call_that_awaits_is_cancelled_from_each_side() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let accepted = start(&sandbox, &client, &[json!(1)]);
    let call = client.job(&accepted);
    for side in ["before", "call", "response", "accepted", "client"] {
        if side == "before" {
            call.cancel();
        }
        sandbox.clear();
        let started = call.start();
        if side != "before" {
            until("a look at the job", || looks(&sandbox) > 0);
        }
        match side {
            "call" => call.cancel(),
            "response" => started.cancel(),
            "accepted" => accepted.cancel(),
            "client" => client.cancel(),
            _ => {}
        }
        let began = Instant::now();
        started.finished().expect(CRUX_ERR_CANCELLED);
        assert!(began.elapsed() < Duration::from_secs(1), "{side}: {:?}", began.elapsed());
    }
    assert_eq!(accepted.code(), CRUX_OK);
}

#[test]
fn what_cannot_be_awaited() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let missing = client.get("datasets/no-such/").expect(CRUX_ERR_HTTP);
    let result = client.wait_for_job(&missing, 20_000).expect(CRUX_ERR_HTTP);
    assert_eq!(result.message(), missing.message());
    for accepted in [null(), client.0.cast_const().cast()] {
        Response(unsafe { crux_await(client.0, accepted, 0) }).expect(CRUX_ERR_ARGUMENT);
    }
    Response(unsafe { crux_await(null(), missing.0, 0) }).expect(CRUX_ERR_ARGUMENT);
    client.job(&missing).send().expect(CRUX_ERR_HTTP);
    Call(unsafe { crux_call_await(client.0, null()) })
        .expect(CRUX_ERR_ARGUMENT)
        .send()
        .expect(CRUX_ERR_ARGUMENT);
    Call(unsafe { crux_call_await(null(), missing.0) }).expect(CRUX_ERR_ARGUMENT);
    // A job at a foreign place is looked at without the token.
    let foreign = FaultServer::start(vec![
        Step::ReadRequest,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{\"value\":{\"progress\":100}} "),
    ]);
    let document = json!({"value": format!("{}/progress/1/", foreign.url())});
    sandbox.respond("POST", "/api/x/", Canned::json(202, &document));
    let accepted = client.request("POST", "x/", Some("{}")).expect(CRUX_OK);
    client.wait_for_job(&accepted, 5_000).expect(CRUX_OK);
    assert_eq!(foreign.requests(), 1, "it is looked at");
    assert!(!foreign.record().heads().concat().to_lowercase().contains("authorization"));
}

#[test]
fn a_progress_document_is_at_most_a_mebibyte() {
    let sandbox = Sandbox::start();
    let client = Client::ready(&format!("{}/api", sandbox.http()), &[]);
    sandbox.respond("POST", "/api/x", Canned::json(202, &json!({"value": "/api/progress/"})));
    let follow = |size: usize| {
        let mut document = r#"{"value": {"progress": 100}}"#.to_owned();
        document.push_str(&" ".repeat(size - document.len()));
        sandbox.respond("GET", "/api/progress/", Canned::json(200, &json!("")).body(document));
        client.wait_for_job(&client.request("POST", "x", Some("{}")).expect(CRUX_OK), 20_000)
    };
    follow(1 << 20).expect(CRUX_OK);
    let message = follow((1 << 20) + 1).expect(CRUX_ERR_TOO_LARGE).message();
    assert!(message.contains("progress of the job is larger than 1 MiB"), "{message}");
    assert!(message.contains("base URL") && !message.contains("max_body"), "{message}");
}

#[test]
fn a_job_that_its_response_does_not_name_is_an_error_where_options_may_be_missing() {
    let sandbox = Sandbox::start();
    sandbox.respond("POST", "/api/x", Canned::json(202, &json!({"id": 7})));
    for (service, code) in [("custom", CRUX_ERR_ARGUMENT), ("crunch", CRUX_OK)] {
        let client = Client::ready(&format!("{}/api", sandbox.http()), &[("service", service)]);
        let accepted = client.request("POST", "x", Some("{}")).expect(CRUX_OK);
        let ended = client.wait_for_job(&accepted, 20_000).expect(code);
        assert_eq!(
            (ended.status(), ended.body()),
            (202, br#"{"id":7}"#.to_vec()),
            "what was accepted is told"
        );
        // The job has begun all the same: whoever waits for it by the option needs what was said of it.
        let call = client.call("POST", "x");
        assert_eq!(call.set("await", "1"), CRUX_OK);
        let ended = call.send().expect(code);
        assert_eq!(
            (ended.status(), ended.body(), ended.number("maybe_sent")),
            (202, br#"{"id":7}"#.to_vec(), 1)
        );
    }
}

/// A page to log in tells as little of a job as an error does, but it is what was met.
#[test]
fn a_look_that_finds_no_progress_is_told() {
    let sandbox = Sandbox::start();
    let client = crunch(&sandbox);
    let accepted = start(&sandbox, &client, &[json!(20)]);
    let page = Canned::status(200).header("Content-Type", "text/html").body("<html>Log in</html>");
    let place = accepted.json("/value").unwrap();
    let path = place.strip_prefix(&sandbox.http()).expect("an address of the sandbox");
    sandbox.respond("GET", path, page);
    let late = client.wait_for_job(&accepted, 700).expect(CRUX_ERR_TIMEOUT);
    assert!(late.message().contains("tells nothing of a job"), "{}", late.message());
    sandbox.forget_canned();
    let late = client.wait_for_job(&accepted, 700).expect(CRUX_ERR_TIMEOUT);
    assert!(!late.message().contains("last look"), "{}", late.message());
}

/// Whatever goes wrong once the job has begun: the same call would begin another one.
#[test]
fn a_call_that_has_begun_a_job_is_not_to_be_tried_again() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = Client::ready(&format!("{}/api", sandbox.http()), &[("service", "crunch")]);
    let value = json!({ "value": "/api/progress/p/" });
    sandbox.respond("GET", "/api/progress/p/", Canned::json(200, &json!({ "value": { "progress": 100 } })));
    sandbox.respond("GET", "/api/file", Canned::status(410));
    for (accepted, code) in [
        (Canned::json(202, &value), CRUX_ERR_PROTOCOL),
        (Canned::json(202, &value).header("location", "/api/file"), CRUX_ERR_HTTP),
    ] {
        sandbox.respond("POST", "/api/x", accepted.times(1));
        let call = client.call("POST", "x");
        for (key, text) in [
            ("await", "1"),
            ("job.timeout_ms", "20000"),
            ("retry.max", "0"),
            ("save", folder.path("f").to_str().unwrap()),
        ] {
            assert_eq!(call.set(key, text), CRUX_OK);
        }
        let ended = call.send().expect(code);
        assert_eq!((ended.number("maybe_sent"), ended.number("retryable")), (1, 0), "{}", ended.message());
        assert!(ended.info("job_url").is_some_and(|url| url.ends_with("/api/progress/p/")), "{code}");
    }
}

#[test]
fn what_is_to_be_saved_is_looked_at_before_a_job_is_started() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = crunch(&sandbox);
    let call = client.call("POST", &format!("{}export/csv/", dataset(&client)));
    for (key, text) in [("await", "1"), ("save", folder.path("none/f").to_str().unwrap())] {
        assert_eq!(call.set(key, text), CRUX_OK);
    }
    sandbox.clear();
    call.send().expect(CRUX_ERR_FILE);
    assert_eq!(sandbox.requests().len(), 0);
    // A stream has a reader already.
    assert_eq!(call.set("await", "0"), CRUX_OK);
    call.stream().expect(CRUX_ERR_ARGUMENT);
    assert_eq!(call.set("stream", "1"), CRUX_OK);
    call.start().finished().expect(CRUX_ERR_ARGUMENT);
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn the_result_of_a_job_that_is_awaited_by_a_call_is_saved() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = Client::ready(&format!("{}/api", sandbox.http()), &[("service", "crunch")]);
    let value = json!({ "value": "/api/progress/p/" });
    let accepted = Canned::json(202, &value).header("location", "/api/file");
    sandbox.respond("POST", "/api/x", accepted);
    sandbox.respond("GET", "/api/progress/p/", Canned::json(200, &json!({ "value": { "progress": 100 } })));
    sandbox.respond("GET", "/api/file", Canned::status(200).body("result"));
    sandbox.respond("GET", "/api/plain", Canned::json(200, &json!({})));
    let accepted = client.request("POST", "x", Some("{}")).expect(CRUX_OK);
    let call = client.job(&accepted);
    let file = folder.path("f");
    assert_eq!(call.set("save", file.to_str().unwrap()), CRUX_OK);
    call.send().expect(CRUX_OK);
    assert_eq!(std::fs::read(&file).unwrap(), b"result");
    let call = client.call("GET", "plain");
    for (key, text) in [("await", "1"), ("save", file.to_str().unwrap())] {
        assert_eq!(call.set(key, text), CRUX_OK);
    }
    let ended = call.send().expect(CRUX_ERR_PROTOCOL);
    assert!(ended.message().contains("starts no job"), "{}", ended.message());
    assert_eq!(std::fs::read(&file).unwrap(), b"result");
}
