//! Tokens that die, and passwords that change.

use std::sync::Barrier;
use std::time::Duration;

use serde_json::json;

use crate::{ADA, GRACE, LOGIN_PATH, PLACE, PLACE_PATH, base, counts, is_login, log_in, log_in_with, taken};
use sandbox::{API_KEY, Canned, Sandbox, Switch};
use support::*;

/// Lets `threads` threads ask at the same moment; their outcomes and messages.
fn all_at_once(client: &Client, threads: usize) -> Vec<(i32, String)> {
    let barrier = Barrier::new(threads);
    std::thread::scope(|scope| {
        let ask = || {
            barrier.wait();
            let response = client.get(PLACE);
            (response.code(), response.message())
        };
        let asked: Vec<_> = (0..threads).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// docs/services.md, 11.
#[test]
fn one_login_one_replay_then_the_401() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox);
    sandbox.revoke_tokens();
    sandbox.clear();
    let response = me.get(PLACE).expect(CRUX_OK);
    assert_eq!(response.number("attempts"), 2);
    assert_eq!(response.info("server_message"), None, "of the 401 nothing is left");
    let all = taken(&sandbox);
    let told: Vec<_> = all.iter().map(|r| (is_login(r), r.status)).collect();
    assert_eq!(told, [(false, 401), (true, 200), (false, 200)]);
    assert_ne!(all[0].header("authorization"), all[2].header("authorization"));

    // A server that takes no token at all.
    sandbox.respond("*", PLACE_PATH, Canned::json(401, &json!({ "detail": "Never." })));
    for _ in 0..3 {
        let response = me.get(PLACE).expect(CRUX_ERR_AUTH);
        assert_eq!((response.status(), response.number("attempts")), (401, 2));
        assert!(response.message().contains("fresh login"), "{}", response.message());
        assert_eq!(response.info("server_message").as_deref(), Some("Never."));
        assert_eq!(counts(&sandbox), (1, 2));
    }
    // A write is replayed with its body: the first one had no effect.
    sandbox.forget_canned();
    sandbox.revoke_tokens();
    let response = me.request("POST", "orders/", Some("{\"limit\":2}")).expect(CRUX_OK);
    assert_eq!(response.status(), 200);
    let writes: Vec<_> = taken(&sandbox).into_iter().filter(|r| !is_login(r)).collect();
    assert_eq!(writes.len(), 2);
    assert!(writes.iter().all(|r| r.body == b"{\"limit\":2}"));
}

/// docs/services.md, 13.
#[test]
fn threads_that_meet_a_dead_token_log_in_once() {
    for (threads, by_time) in [(8, true), (32, false), (100, false)] {
        let sandbox = Sandbox::start();
        let me = log_in(&sandbox);
        match by_time {
            true => sandbox.advance(Duration::from_secs(7201)),
            false => sandbox.revoke_tokens(),
        }
        sandbox.clear();
        // So late that most have asked before the first is told.
        sandbox.respond("GET", PLACE_PATH, Canned::real().delay(Duration::from_millis(50)).times(threads));
        let outcomes = all_at_once(&me, threads);
        assert!(outcomes.iter().all(|(code, _)| *code == CRUX_OK), "{outcomes:?}");
        let (logins, others) = counts(&sandbox);
        assert_eq!(logins, 1);
        assert!((threads + 1..=2 * threads).contains(&others), "{others}");
    }
}

#[test]
fn threads_share_a_refusal_and_nobody_tries_again() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox);
    sandbox.revoke_tokens();
    sandbox.set_password(ADA.0, "changed meanwhile");
    sandbox.clear();
    let outcomes = all_at_once(&me, 32);
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
    let (code, message) = &outcomes[0];
    assert_eq!(*code, CRUX_ERR_AUTH);
    assert!(message.contains("refused the login of ada@example.com"), "{message}");
    assert_eq!(counts(&sandbox).0, 1);
    // Remembered, though the password would be right again by now.
    sandbox.set_password(ADA.0, ADA.1);
    for _ in 0..5 {
        let response = me.get(PLACE).expect(CRUX_ERR_AUTH);
        assert_eq!(response.message(), *message);
        // The response that the message is about, and not the one that led to it.
        assert!(
            response.info("url").is_some_and(|url| url.ends_with(LOGIN_PATH)),
            "{:?}",
            response.info("url")
        );
        assert!(message.contains(&response.status().to_string()), "{message} {}", response.status());
    }
    assert_eq!(counts(&sandbox).0, 0);
    // Until a token is given, or somebody logs in anew.
    let other = log_in(&sandbox);
    let token = String::from_utf8(other.copy("token")).unwrap();
    assert_eq!(unsafe { crux_set_token(me.0, c(&token).as_ptr()) }, CRUX_OK);
    let response = me.get(PLACE).expect(CRUX_OK);
    assert_eq!(response.info("token_source").as_deref(), Some("crux_set_token"));
}

#[test]
fn a_login_that_fails_for_a_passing_reason_is_tried_by_the_next_request() {
    let sandbox = Sandbox::start();
    let me = log_in(&sandbox);
    for status in [429, 500, 503] {
        sandbox.revoke_tokens();
        sandbox.clear();
        let busy = Canned::status(status).header("retry-after", "0");
        sandbox.respond("POST", LOGIN_PATH, busy.times(1));
        let response = me.get(PLACE).expect(CRUX_ERR_HTTP);
        assert!(response.message().contains(&status.to_string()), "{}", response.message());
        assert_eq!(counts(&sandbox), (1, 1), "a login is not repeated");
        me.get(PLACE).expect(CRUX_OK);
        assert_eq!(counts(&sandbox), (1, 2));
    }
    // The very first one alike: the client exists, and its next request logs in.
    sandbox.respond("POST", LOGIN_PATH, Canned::status(503).times(1));
    let me = Client::login("crux-connect", &base(&sandbox), Some(ADA.0), Some(ADA.1)).expect(CRUX_ERR_HTTP);
    me.get(PLACE).expect(CRUX_OK);
}

#[test]
fn a_login_is_one_request_whatever_it_is_answered() {
    let sandbox = Sandbox::start();
    let place = format!("{}/echo/", sandbox.http());
    for (status, code) in [
        (301, CRUX_ERR_HTTP),
        (302, CRUX_ERR_HTTP),
        (303, CRUX_ERR_PROTOCOL),
        (307, CRUX_ERR_HTTP),
        (308, CRUX_ERR_HTTP),
        (400, CRUX_ERR_AUTH),
        (403, CRUX_ERR_AUTH),
        (404, CRUX_ERR_HTTP),
        (502, CRUX_ERR_HTTP),
        (504, CRUX_ERR_HTTP),
    ] {
        sandbox.respond("POST", LOGIN_PATH, Canned::status(status).header("location", &place).times(1));
        // Even a caller for whom every POST is idempotent.
        let me = log_in_with(&sandbox, &[("idempotent", "1")]);
        assert_eq!(me.code(), code, "{status}: {}", me.message());
        assert_eq!(counts(&sandbox), (1, 0), "{status}");
    }
}

#[test]
fn without_the_password_a_dead_token_is_an_error() {
    let sandbox = Sandbox::start();
    let me = log_in_with(&sandbox, &[("keep_password", "0")]).expect(CRUX_OK);
    me.get(PLACE).expect(CRUX_OK);
    sandbox.revoke_tokens();
    sandbox.clear();
    for _ in 0..3 {
        let response = me.get(PLACE).expect(CRUX_ERR_AUTH);
        assert!(response.message().contains("the password was not kept"), "{}", response.message());
        assert!(response.message().contains(&base(&sandbox)));
        assert_eq!(counts(&sandbox), (0, 1));
    }
}

#[test]
fn a_key_or_pasted_token_is_never_renewed() {
    let sandbox = Sandbox::start();
    let me = Client::login("crunch", &format!("{}/api/", sandbox.http()), Some(GRACE.0), Some(GRACE.1));
    let me = me.expect(CRUX_OK);
    sandbox.clear();
    assert_eq!(unsafe { crux_set_token(me.0, c("pasted-and-dead").as_ptr()) }, CRUX_OK);
    for _ in 0..3 {
        let response = me.get("datasets/").expect(CRUX_ERR_AUTH);
        let message = response.message();
        assert!(message.contains("crux_set_token") && message.contains(&sandbox.http()), "{message}");
        assert!(!message.contains("pasted-and-dead"), "{message}");
        assert_eq!(counts(&sandbox), (0, 1));
    }
    assert_eq!(unsafe { crux_set_token(me.0, c(API_KEY).as_ptr()) }, CRUX_OK);
    me.get("datasets/").expect(CRUX_OK);
}

#[test]
fn a_token_is_set_while_others_call() {
    let sandbox = Sandbox::start();
    let me =
        Client::login("crunch", &format!("{}/api/", sandbox.http()), None, Some("apk-dead")).expect(CRUX_OK);
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    // Ends once the good token is in force; a hang would be the failure.
                    while me.get("public/config/").code() == CRUX_OK && me.get("datasets/").code() != CRUX_OK
                    {
                    }
                })
            })
            .collect();
        for n in 0..50 {
            assert_eq!(unsafe { crux_set_token(me.0, c(&format!("apk-dead-{n}")).as_ptr()) }, CRUX_OK);
        }
        assert_eq!(unsafe { crux_set_token(me.0, c(API_KEY).as_ptr()) }, CRUX_OK);
        asking.into_iter().for_each(|thread| thread.join().unwrap());
    });
    let sent = taken(&sandbox).into_iter().filter_map(|r| r.header("authorization").map(str::to_owned));
    let whole = |value: &str| value.starts_with("Bearer apk-dead") || value == format!("Bearer {API_KEY}");
    assert!(sent.into_iter().all(|value| whole(&value)));
}

/// docs/services.md, 38.
#[test]
fn a_login_url_in_a_401_gets_nothing() {
    let (sandbox, hostile) = (Sandbox::start(), Sandbox::start());
    sandbox.switch(Switch::ForeignLoginUrl, true);
    let me = Client::login("crunch", &format!("{}/api/", sandbox.http()), Some(GRACE.0), Some(GRACE.1));
    let me = me.expect(CRUX_OK);
    sandbox.revoke_tokens();
    sandbox.clear();
    me.get("datasets/").expect(CRUX_OK);
    let own = sandbox.http().replace("http://", "");
    assert!(taken(&sandbox).iter().all(|r| r.header("host") == Some(&*own)));
    // And one on a server that listens there.
    let urls = json!({ "login_url": format!("{}/api/public/login/", hostile.http()) });
    sandbox.respond("GET", "/api/datasets/", Canned::json(401, &json!({ "status": "401", "urls": urls })));
    me.get("datasets/").expect(CRUX_ERR_AUTH);
    assert_eq!(hostile.connections(), 0);
    // A path that leads away from the base is refused before anything is sent.
    let away = format!("{}/api/public/login/", hostile.http());
    sandbox.clear();
    let refused = log_in_with(&sandbox, &[("login.path", &away)]).expect(CRUX_ERR_ARGUMENT);
    assert!(refused.message().contains("login.path"), "{}", refused.message());
    assert_eq!(hostile.connections(), 0);
}
