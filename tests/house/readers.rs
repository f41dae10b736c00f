//! Every option has a reader: each is set in two ways, and the difference is seen on the wire or in an outcome.

use std::collections::BTreeSet;
use std::ffi::{c_char, c_void};
use std::fmt::Debug;
use std::ptr::{from_ref, null, null_mut};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sandbox::fault::{Blackhole, Cert, FOREVER, FaultServer, ProxyReply, ProxyServer, Step, Tls};
use sandbox::{Canned, Recorded, Sandbox};
use serde_json::json;
use support::files::first_half;
use support::library::ROWS;
use support::*;

/// One option with one value, set for a client or for a call.
struct Try {
    key: &'static str,
    value: &'static str,
    on_call: bool,
}

impl Try {
    /// A client of `base` with these options, and with the one tried; `value` stands for it.
    fn client_as(&self, base: &str, more: &[(&str, &str)], value: &str) -> Client {
        Client::with(&self.pairs(base, more, value))
    }

    fn client(&self, base: &str, more: &[(&str, &str)]) -> Client {
        self.client_as(base, more, self.value)
    }

    fn pairs<'a>(
        &self,
        base: &'a str,
        more: &[(&'a str, &'a str)],
        value: &'a str,
    ) -> Vec<(&'a str, &'a str)> {
        let own = [("service", "custom"), ("base_url", base), ("proxy", "direct"), ("retry.max", "0")];
        let mut pairs = [&own[..], more].concat();
        if !self.on_call {
            pairs.push((self.key, value));
        }
        pairs
    }

    /// A call of such a client.
    fn call(&self, base: &str, more: &[(&str, &str)], method: &str) -> Call {
        self.call_as(base, more, method, self.value)
    }

    fn call_as(&self, base: &str, more: &[(&str, &str)], method: &str, value: &str) -> Call {
        let call = self.client_as(base, more, value).expect(CRUX_OK).call(method, "x");
        if self.on_call {
            assert_eq!(call.set(self.key, value), CRUX_OK, "{}", call.message());
        }
        call
    }
}

/// How an option is tried: a value and what is seen of it, another value and what is seen then.
type Row = (&'static str, [(&'static str, &'static str); 2], fn(&Try) -> String);

const READERS: &[Row] = &[
    (
        "service",
        [("crunch", "/api/public/login/"), ("crux-connect", "/api/organizations/user-login/")],
        |t| login(t).path,
    ),
    ("base_url", [("api/", "/api/x"), ("other/", "/other/x")], |t| {
        let sandbox = started();
        let base = format!("{}/{}", sandbox.http(), t.value);
        t.client_as(&base, &[], &base).get("x");
        last(&sandbox).path
    }),
    ("user", [("ada", "ada"), ("eve", "eve")], |t| member(t, "/username")),
    ("secret", [("one", "one"), ("two", "two")], |t| member(t, "/password")),
    ("token", [("abc", "Bearer abc"), ("def", "Bearer def")], |t| {
        sent(t, &[]).header("authorization").unwrap().into()
    }),
    ("token_file", [("given", "true"), ("", "false")], |t| {
        let (sandbox, folder) = (started(), Folder::new());
        let file = folder.path("token");
        let value = if t.value.is_empty() { "" } else { file.to_str().unwrap() };
        t.client_as(&api(&sandbox), USER, value).expect(CRUX_OK);
        say(file.exists())
    }),
    ("keep_password", [("1", "2"), ("0", "1")], |t| {
        let sandbox = answering(Canned::status(401).times(1));
        let client = t.client(&api(&sandbox), USER).expect(CRUX_OK);
        client.get("x");
        say(logins(&sandbox))
    }),
    ("allow_http", [("1", "0"), ("0", "1")], |t| {
        let sandbox = started();
        let through = [("token", "abc"), ("proxy", &*sandbox.http())];
        let client = t.client("http://service.test/api/", &through);
        say(client.code().max(client.get("x").code()))
    }),
    ("origins", [("given", "true"), ("", "false")], |t| {
        let (sandbox, other) = (started(), started());
        let value = if t.value.is_empty() { String::new() } else { other.http() };
        t.client_as(&api(&sandbox), &[("token", "abc")], &value).get(&format!("{}/api/y", other.http()));
        say(last(&other).header("authorization").is_some())
    }),
    ("user_agent", [("tool/1", "true"), ("", "false")], |t| {
        say(sent(t, &[]).header("user-agent").unwrap().ends_with(" tool/1"))
    }),
    ("max_body", [("5", "11"), ("1000", "0")], |t| {
        let sandbox = started();
        say(t.call(&api(&sandbox), &[], "GET").send().code())
    }),
    ("log.level", [("5", "true"), ("0", "false")], |t| {
        let (sandbox, lines) = (started(), Lines::default());
        let options = Options::of(&t.pairs(&api(&sandbox), &[], t.value));
        lines.listen(&options, 1);
        assert_eq!(options.set(t.key, Some(t.value)), CRUX_OK);
        options.login().get("x").expect(CRUX_OK);
        say(!lines.all().is_empty())
    }),
    ("login.path", [("in", "/api/in"), ("enter/", "/api/enter/")], |t| login(t).path),
    ("login.method", [("PUT", "PUT"), ("POST", "POST")], |t| login(t).method),
    ("login.encoding", [("form", "false"), ("json", "true")], |t| say(login(t).json().is_object())),
    ("login.when", [("now", "1"), ("first_use", "0")], |t| logins_before(t)),
    ("login.user_field", [("mail", "ada"), ("", "null")], |t| member(t, "/mail")),
    ("login.secret_field", [("word", "s3cret-passw0rd"), ("", "null")], |t| member(t, "/word")),
    ("login.extra", [(r#"{"more": "yes"}"#, "yes"), ("", "null")], |t| member(t, "/more")),
    ("login.token_pointer", [("/other", "Bearer t-two"), ("/token", "Bearer t-one")], |t| {
        after_login(t, "authorization")
    }),
    ("login.mode", [("cookie", "token=t-three"), ("bearer", "none")], |t| after_login(t, "cookie")),
    ("logout.path", [("out", "/api/out"), ("leave/", "/api/leave/")], |t| {
        let sandbox = started();
        let client = t.client(&api(&sandbox), &[("token", "abc")]);
        Response(unsafe { crux_logout(client.0) });
        last(&sandbox).path
    }),
    ("reset.path", [("lost", "/api/lost"), ("forgot/", "/api/forgot/")], |t| {
        let sandbox = started();
        let client = t.client(&api(&sandbox), &[]);
        Response(unsafe { crux_reset_password(client.0, c("ada@example.com").as_ptr()) });
        last(&sandbox).path
    }),
    ("auth.scheme", [("Token", "Token abc"), ("Key", "Key abc")], |t| {
        sent(t, &[("token", "abc")]).header("authorization").unwrap().into()
    }),
    ("auth.header", [("X-Auth", "true"), ("Authorization", "false")], |t| {
        say(sent(t, &[("token", "abc")]).header("x-auth").is_some())
    }),
    ("headers", [("X-Own: yes", "true"), ("", "false")], |t| {
        say(sent(t, &[("token", "abc")]).header("x-own").is_some())
    }),
    ("token.expires_pointer", [("/lives", "true"), ("", "false")], |t| {
        let client = t.client(&api(&started()), USER).expect(CRUX_OK);
        say(client.number("token_expires_in_s") > 0)
    }),
    ("refresh.path", [("enter/", "/api/enter/"), ("in", "/api/in")], |t| refreshed(t, &[]).path),
    ("refresh.field", [("renew", "t-two"), ("", "null")], |t| {
        let body = refreshed(t, &[("refresh.path", "in")]).json();
        body.get("renew").map_or("null".into(), |text| text.as_str().unwrap().into())
    }),
    ("refresh.pointer", [("/some", "/api/login"), ("/other", "/api/in")], |t| {
        refreshed(t, &[("refresh.path", "in")]).path
    }),
    ("refresh.extra", [(r#"{"more": "yes"}"#, "true"), ("", "false")], |t| {
        say(refreshed(t, &[("refresh.path", "in")]).json().get("more").is_some())
    }),
    ("page.next_pointer", [("/then", "true"), ("", "false")], |t| {
        let sandbox = answering(Canned::json(200, &json!({"then": "y"})));
        let client = t.client(&api(&sandbox), &[]).expect(CRUX_OK);
        say(client.next_page(&client.get("x")).is_some())
    }),
    ("upload.field", [("field", "0"), ("", "1")], |t| {
        let (sandbox, folder) = (started(), Folder::new());
        let client = t.client(&api(&sandbox), &[]);
        say(client.upload(Some("x"), None, &folder.file("a.csv", b"a\n"), None).code())
    }),
    ("token.lifetime_ms", [("1", "2"), ("0", "1")], |t| logins_after(t, &[], 30)),
    // Half of the lifetime at most.
    ("token.renew_before_ms", [("2000", "2"), ("0", "1")], |t| {
        logins_after(t, &[("token.lifetime_ms", "4000")], 2200)
    }),
    ("error.pointers", [("/why", "no tea"), ("/where", "none")], |t| {
        let sandbox = answering(Canned::json(400, &json!({"why": "no tea"})));
        t.client(&api(&sandbox), &[]).get("x").info("server_message").unwrap_or("none".into())
    }),
    ("timeout.resolve_ms", [("50", "timeout.resolve_ms"), ("0", "timeout.total_ms")], |t| {
        limit(t, "http://slow.test")
    }),
    ("timeout.connect_ms", [("50", "timeout.connect_ms"), ("0", "timeout.total_ms")], |t| {
        limit(t, &Blackhole::start().url_as("http"))
    }),
    ("timeout.head_ms", [("50", "timeout.head_ms"), ("0", "timeout.total_ms")], |t| {
        limit(t, &FaultServer::start(vec![Step::ReadRequest, Step::Stall]).url())
    }),
    ("timeout.idle_ms", [("50", "timeout.idle_ms"), ("0", "timeout.total_ms")], |t| {
        limit(t, &FaultServer::start(vec![Step::ReadRequest, head(9), Step::Stall]).url())
    }),
    ("timeout.total_ms", [("50", "timeout.total_ms"), ("20000", "timeout.head_ms")], |t| {
        let server = FaultServer::start(vec![Step::ReadRequest, Step::Stall]);
        named(&t.call(&server.url(), &[("timeout.head_ms", "300")], "GET").send())
    }),
    ("retry.max", [("0", "1"), ("2", "3")], |t| busy(t, "GET", &[("retry.max_wait_ms", "1")])),
    ("retry.max_wait_ms", [("0", "0"), ("60000", "7")], |t| {
        let sandbox = answering(Canned::status(503).header("retry-after", "50").times(1));
        let more = [("retry.max", "1"), ("timeout.total_ms", "3000")];
        let code = t.call(&api(&sandbox), &more, "GET").send().code();
        // Some clients would give up at once rather than wait for what cannot come.
        say(if code == CRUX_ERR_HTTP { CRUX_ERR_TIMEOUT } else { code })
    }),
    ("redirect.max", [("0", "302"), ("1", "200")], |t| {
        let sandbox = answering(Canned::status(302).header("location", "y"));
        say(t.call(&api(&sandbox), &[], "GET").send().status())
    }),
    ("tls.ca_file", [("given", "0"), ("", "4")], |t| {
        let sandbox = started();
        let value = if t.value.is_empty() { "" } else { sandbox.ca_file().to_str().unwrap() };
        say(t.client_as(&sandbox.https(), &[], value).get("api/x").code())
    }),
    ("tls.ca_pem", [("given", "0"), ("", "4")], |t| {
        secure(t, Tls::new(Cert::Good), |tls| tls.ca_pem.clone())
    }),
    ("tls.pin_sha256", [("given", "0"), ("", "4")], |t| {
        secure(t, Tls::new(Cert::SelfSigned), |tls| tls.pin.clone())
    }),
    ("tls.client_cert_file", [("given", "0"), ("", "1")], |t| certified(t, true)),
    ("tls.client_key_file", [("given", "0"), ("", "1")], |t| certified(t, false)),
    ("tls.min_version", [("1.2", "0"), ("1.3", "4")], |t| {
        let tls = Tls::new(Cert::Good).only_tls12();
        let server = FaultServer::start_tls(&tls, fine());
        say(t.client(&server.url(), &[("tls.ca_pem", &tls.ca_pem)]).get("x").code())
    }),
    ("tls.verify", [("0", "0"), ("1", "4")], |t| secure(t, Tls::new(Cert::SelfSigned), |_| t.value.into())),
    ("proxy", [("given", "1"), ("direct", "0")], |t| {
        let (sandbox, proxy) = (started(), ProxyServer::http(None, ProxyReply::Serve));
        let value = if t.value == "given" { proxy.url() } else { t.value.into() };
        let base = if t.value == "given" { "http://service.test/api/".into() } else { api(&sandbox) };
        t.client_as(&base, &[], &value).get("x");
        say(proxy.requests())
    }),
    ("no_proxy", [("service.test", "0"), ("other.test", "1")], |t| {
        let proxy = ProxyServer::http(
            None,
            ProxyReply::Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec()),
        );
        let more = [("proxy", &*proxy.url()), ("timeout.resolve_ms", "2000")];
        t.client("http://service.test/", &more).get("x");
        say(proxy.requests())
    }),
    ("pool.max_idle", [("0", "2"), ("32", "1")], |t| {
        let server = FaultServer::start(vec![Step::Repeat(FOREVER, fine())]);
        let client = t.client(&server.url(), &[]);
        client.get("x").expect(CRUX_OK);
        client.get("x").expect(CRUX_OK);
        say(server.connections())
    }),
    ("job.timeout_ms", [("1", "7"), ("20000", "0")], |t| {
        let sandbox = Sandbox::start();
        let more = [("service", "crunch"), ("user", "grace@example.com"), ("secret", "battery staple")];
        let client = t.client(&api(&sandbox), &more).expect(CRUX_OK);
        let accepted = crunch_jobs::start(&sandbox, &client, &[json!(0), json!(100)]);
        let call = client.job(&accepted);
        if t.on_call {
            assert_eq!(call.set(t.key, t.value), CRUX_OK);
        }
        say(call.send().code())
    }),
    ("job.location_pointer", [("/job/url", "/api/jobs/1"), ("/job/other", "/api/jobs/2")], |t| {
        let accepted = json!({"state": "done", "job": {"url": "jobs/1", "other": "jobs/2"}});
        followed(t, &[("job.status_pointer", "/state")], accepted).1
    }),
    ("job.status_pointer", [("/state", "0"), ("/phase", "12")], |t| {
        let document = json!({"value": "jobs/1", "state": "done", "phase": "failed"});
        followed(t, &[], document).0
    }),
    ("job.percent_pointer", [("/pct", "0"), ("/bad", "12")], |t| {
        followed(t, &[], json!({"value": "jobs/1", "pct": 100, "bad": -1})).0
    }),
    ("job.result_pointer", [("/one", "/api/one"), ("/two", "/api/two")], |t| {
        let sandbox = Sandbox::start();
        let document = json!({"value": "jobs/1", "state": "done", "one": "/api/one", "two": "/api/two"});
        sandbox.respond("POST", "/api/x", Canned::json(202, &document));
        sandbox.respond("GET", "/api/jobs/1", Canned::json(200, &document));
        let client = t.client(&api(&sandbox), &[("job.status_pointer", "/state")]);
        let ended = client.wait_for_job(&client.request("POST", "x", Some("{}")), -1).expect(CRUX_OK);
        ended.info("location").unwrap().replace(&sandbox.http(), "")
    }),
    ("job.done", [("ready", "0"), ("never", "7")], |t| {
        let more = [("job.status_pointer", "/state"), ("job.timeout_ms", "1000")];
        followed(t, &more, json!({"value": "jobs/1", "state": "ready"})).0
    }),
    ("job.failed", [("broken", "12"), ("other", "7")], |t| {
        let more = [("job.status_pointer", "/state"), ("job.timeout_ms", "1000")];
        followed(t, &more, json!({"value": "jobs/1", "state": "broken"})).0
    }),
    ("result.pointers", [("/made", "Some(\"m\")"), ("/other", "Some(\"o\")")], |t| {
        let sandbox = answering(Canned::json(200, &json!({"made": "m", "other": "o"})));
        say(t.client(&api(&sandbox), &[]).get("x").info("result"))
    }),
    ("idempotent", [("0", "1"), ("1", "2")], |t| {
        busy(t, "POST", &[("retry.max", "1"), ("retry.max_wait_ms", "1")])
    }),
    ("save", [("given", "true"), ("", "false")], |t| {
        let (sandbox, folder) = (started(), Folder::new());
        let file = folder.path("saved");
        let value = if t.value.is_empty() { "" } else { file.to_str().unwrap() };
        t.call_as(&api(&sandbox), &[], "GET", value).send().expect(CRUX_OK);
        say(file.exists())
    }),
    ("await", [("1", "true"), ("0", "false")], |t| {
        let sandbox = answering(Canned::json(202, &json!({"value": "/api/progress/"})));
        t.call(&api(&sandbox), &[("job.timeout_ms", "50")], "POST").send();
        say(last(&sandbox).path == "/api/progress/")
    }),
    ("stream", [("1", "1"), ("0", "0")], |t| {
        let server = FaultServer::start(vec![Step::ReadRequest, head(9), Step::Gate("go")]);
        let response = t.call(&server.url(), &[], "GET").start();
        server.wait_until(|seen| seen.requests() == 1);
        say(response.wait(if t.value == "1" { 20_000 } else { 200 }))
    }),
    ("tick.every_ms", [("10", "true"), ("10000", "false")], |t| {
        unsafe extern "C" fn tick(ticks: *mut c_void, _: i32, _: i64, _: i64) -> i32 {
            unsafe { &*ticks.cast::<AtomicUsize>() }.fetch_add(1, Relaxed);
            0
        }
        let (ticks, server) = (AtomicUsize::new(0), FaultServer::start(vec![Step::ReadRequest, Step::Stall]));
        let call = t.call(&server.url(), &[("timeout.head_ms", "400")], "GET");
        let context = from_ref(&ticks).cast_mut().cast();
        assert_eq!(unsafe { crux_call_tick(call.0, Some(tick), context, None) }, CRUX_OK);
        call.send().expect(CRUX_ERR_TIMEOUT);
        say(ticks.load(Relaxed) > 4)
    }),
    ("background.max", [("1", "1"), ("2", "2")], |t| {
        let server = FaultServer::start(vec![Step::ReadRequest, Step::Stall]);
        let client = t.client(&server.url(), &[]);
        let started = [client.call("GET", "x").start(), client.call("GET", "x").start()];
        server.wait_until(|seen| seen.requests() > 0);
        server.wait_for(Duration::from_millis(if t.value == "1" { 200 } else { 20_000 }), |seen| {
            seen.requests() > 1
        });
        // The first that is cancelled lets the other one go.
        let seen = say(server.requests());
        started.iter().for_each(Response::cancel);
        seen
    }),
    // Elsewhere it changes nothing.
    #[cfg(target_os = "linux")]
    ("event.early", [("0", "false"), ("1", "true")], |t| {
        let client = t.client("http://127.0.0.1:9/", &[]);
        let event = unsafe { crux_event(client.0.cast()) };
        let what = std::fs::read_link(format!("/proc/self/fd/{event}")).expect("Linux tells");
        say(what.ends_with("anon_inode:[eventpoll]"))
    }),
    ("resume", [("1", "true"), ("0", "false")], |t| {
        let (server, folder) = (FaultServer::start(first_half("ETag: \"one\"\r\n")), Folder::new());
        let call = t.call(&server.url(), &[], "GET");
        assert_eq!(call.set("save", folder.path("saved").to_str().unwrap()), CRUX_OK);
        assert_ne!(call.send().code(), CRUX_OK);
        say(folder.path("saved.part").exists())
    }),
    ("sha256", [(NONE, "false"), ("", "true")], |t| {
        let (sandbox, folder) = (started(), Folder::new());
        let call = t.call(&api(&sandbox), &[], "GET");
        assert_eq!(call.set("save", folder.path("saved").to_str().unwrap()), CRUX_OK);
        say(call.send().code() == CRUX_OK)
    }),
];

/// Options that stand in the table before the code that reads them. One that is read must leave this list.
const UNREAD: &[&str] = &[];

/// Follows a job whose every document is the same: the outcome, and where it was looked for last.
fn followed(t: &Try, more: &[(&str, &str)], document: serde_json::Value) -> (String, String) {
    let sandbox = Sandbox::start();
    sandbox.respond("POST", "/api/x", Canned::json(202, &document));
    sandbox.respond("*", "/api/*", Canned::json(200, &document));
    let client = t.client(&api(&sandbox), more);
    let accepted = client.request("POST", "x", Some("{}"));
    let code = client.wait_for_job(&accepted, -1).code();
    (say(code), last(&sandbox).path)
}

/// The hash of no body here.
const NONE: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const USER: &[(&str, &str)] = &[("user", "ada"), ("secret", "s3cret-passw0rd")];

fn say(seen: impl Debug) -> String {
    format!("{seen:?}")
}

/// A sandbox where every login succeeds with three tokens to choose from.
fn started() -> Sandbox {
    answering(Canned::json(200, &json!({"some": "thing"})))
}

/// One that answers so; when it no longer does, with success.
fn answering(response: Canned) -> Sandbox {
    let sandbox = Sandbox::start();
    let tokens = json!({"token": "t-one", "other": "t-two", "auth_token": "t-one", "lives": 600});
    for path in ["/api/login", "/api/in", "/api/enter/", "/api/organizations/*"] {
        sandbox.respond(
            "POST",
            path,
            Canned::json(200, &tokens).header("set-cookie", "token=t-three; Path=/"),
        );
    }
    sandbox.respond("*", "/api/x", response);
    sandbox.respond("GET", "/api/progress/", Canned::json(200, &json!({"value": {"progress": 100}})));
    sandbox.respond("*", "/api/*", Canned::json(200, &json!({"some": "thing"})));
    sandbox
}

fn api(sandbox: &Sandbox) -> String {
    format!("{}/api/", sandbox.http())
}

fn last(sandbox: &Sandbox) -> Recorded {
    sandbox.requests().pop().expect("a request")
}

fn logins(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path == "/api/login").count()
}

/// The login that it makes.
fn login(t: &Try) -> Recorded {
    let sandbox = started();
    let own: Vec<_> = USER.iter().filter(|(key, _)| *key != t.key).copied().collect();
    t.client(&api(&sandbox), &own);
    sandbox.requests().into_iter().next().expect("a login")
}

fn member(t: &Try, pointer: &str) -> String {
    let body = login(t).json();
    let found = body.pointer(pointer).cloned().unwrap_or_default();
    found.as_str().map_or(found.to_string(), str::to_owned)
}

/// A header of the request after the login.
fn after_login(t: &Try, name: &str) -> String {
    let sandbox = started();
    t.client(&api(&sandbox), USER).expect(CRUX_OK).get("x").expect(CRUX_OK);
    last(&sandbox).header(name).unwrap_or("none").into()
}

/// How many logins there were when a request was sent some time after the first one.
fn logins_after(t: &Try, more: &[(&str, &str)], ms: u64) -> String {
    let sandbox = started();
    let client = t.client(&api(&sandbox), &[USER, more].concat()).expect(CRUX_OK);
    std::thread::sleep(Duration::from_millis(ms));
    client.get("x").expect(CRUX_OK);
    say(logins(&sandbox))
}

/// How many logins there were before the first request.
fn logins_before(t: &Try) -> String {
    let sandbox = started();
    t.client(&api(&sandbox), USER).expect(CRUX_OK);
    say(logins(&sandbox))
}

/// What brought another token after the first one was refused.
fn refreshed(t: &Try, more: &[(&str, &str)]) -> Recorded {
    let sandbox = answering(Canned::status(401).times(1));
    let pointer = [("refresh.pointer", "/other")];
    let pointer = if t.key == pointer[0].0 { &pointer[..0] } else { &pointer[..] };
    t.client(&api(&sandbox), &[USER, pointer, more].concat()).expect(CRUX_OK).get("x");
    sandbox.requests().swap_remove(2)
}

/// The only request that it sends.
fn sent(t: &Try, more: &[(&str, &str)]) -> Recorded {
    let sandbox = started();
    t.client(&api(&sandbox), more).expect(CRUX_OK).get("x").expect(CRUX_OK);
    last(&sandbox)
}

/// How often a server that is busy is asked.
fn busy(t: &Try, method: &str, more: &[(&str, &str)]) -> String {
    let sandbox = answering(Canned::status(503));
    t.call(&api(&sandbox), more, method).send().expect(CRUX_ERR_HTTP);
    say(sandbox.requests().len())
}

/// Which limit a call met, of its own and one of a second.
fn limit(t: &Try, url: &str) -> String {
    named(&t.call(url, &[("timeout.total_ms", "1000")], "GET").send())
}

fn named(response: &Response) -> String {
    assert_eq!(response.code(), CRUX_ERR_TIMEOUT, "{}", response.message());
    let message = response.message();
    let words = message.split(|c: char| !(c.is_ascii_lowercase() || c == '_' || c == '.'));
    words
        .map(|word| word.trim_matches('.'))
        .find(|word| word.starts_with("timeout."))
        .expect("an option")
        .into()
}

/// Begins a body of this length.
fn head(length: usize) -> Step {
    Step::send(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nabc"))
}

fn fine() -> Vec<Step> {
    vec![Step::ReadRequest, head(3)]
}

/// The outcome at a server with this identity, with what `value` makes of it or without.
fn secure(t: &Try, tls: Tls, value: impl Fn(&Tls) -> String) -> String {
    let server = FaultServer::start_tls(&tls, fine());
    let value = if t.value.is_empty() { String::new() } else { value(&tls) };
    say(t.client_as(&server.url(), &[], &value).get("x").code())
}

/// The outcome with the other half of a client certificate set in any case.
fn certified(t: &Try, certificate: bool) -> String {
    let tls = Tls::new(Cert::Good).ask_client_cert();
    let server = FaultServer::start_tls(&tls, fine());
    let (cert, key) = (TempFile::new(&tls.client_pem), TempFile::new(&tls.client_key_pem));
    let (own, other) = match certificate {
        true => (cert.path(), ("tls.client_key_file", key.path())),
        false => (key.path(), ("tls.client_cert_file", cert.path())),
    };
    let value = if t.value.is_empty() { "" } else { own };
    let client = t.client_as(&server.url(), &[("tls.ca_pem", &*tls.ca_pem), other], value);
    say(client.code().max(client.get("x").code()))
}

/// Takes the place of the system's in this program: it knows a name that takes long.
#[unsafe(no_mangle)]
unsafe extern "C" fn getaddrinfo(
    name: *const c_char,
    service: *const c_char,
    hints: *const libc::addrinfo,
    found: *mut *mut libc::addrinfo,
) -> i32 {
    type Real = unsafe extern "C" fn(
        *const c_char,
        *const c_char,
        *const libc::addrinfo,
        *mut *mut libc::addrinfo,
    ) -> i32;
    if text(name).as_deref() == Some("slow.test") {
        std::thread::sleep(Duration::from_secs(3));
        return libc::EAI_NONAME;
    }
    let real = unsafe { libc::dlsym(libc::RTLD_NEXT, c"getaddrinfo".as_ptr()) };
    assert!(!real.is_null(), "the C library looks up names");
    unsafe { std::mem::transmute::<*mut c_void, Real>(real)(name, service, hints, found) }
}

/// The keys that the C interface lists.
fn listed() -> Vec<String> {
    let row = |index| {
        let mut key: *const c_char = null();
        (unsafe { crux_option_at(index, &raw mut key, null_mut(), null_mut()) } == 1)
            .then(|| text(key).expect("a key"))
    };
    (0..).map_while(row).collect()
}

#[test]
fn every_option_is_tried() {
    let tried: BTreeSet<&str> = READERS.iter().map(|row| row.0).collect();
    let listed = listed();
    let listed: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    assert_eq!(tried, listed, "the rows of READERS and the options differ");
}

/// Tries both values, and requires what is to be seen; nothing at all of an option without a reader.
fn check((key, tries, see): &Row, on_call: bool) {
    let seen = tries.map(|(value, _)| see(&Try { key, value, on_call }));
    if UNREAD.contains(key) {
        return assert_eq!(seen[0], seen[1], "{key} has a reader: it leaves the list UNREAD");
    }
    for ((value, expected), seen) in tries.iter().zip(seen) {
        assert_eq!(seen, *expected, "{key}={value}, on a call: {on_call}");
    }
}

/// Checks rows side by side: most of what they do is wait.
fn check_all<'a>(rows: impl Iterator<Item = &'a Row> + Send, on_call: bool) {
    let rows = Mutex::new(rows);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(row) = { rows.lock().unwrap_or_else(PoisonError::into_inner).next() } {
                    check(row, on_call);
                }
            });
        }
    });
}

#[test]
fn every_option_has_an_effect() {
    check_all(READERS.iter(), false);
}

#[test]
fn every_option_of_a_call_has_an_effect_on_that_call() {
    let per_call: Vec<_> = ROWS.iter().filter(|row| row.per_call).map(|row| row.key).collect();
    assert!(per_call.len() > 10, "{per_call:?}");
    check_all(READERS.iter().filter(|(key, ..)| per_call.contains(key)), true);
}

#[test]
fn what_is_seen_differs() {
    for (key, [one, other], _) in READERS {
        assert!(one.1 != other.1 && one.0 != other.0, "{key}: both look alike");
    }
}
