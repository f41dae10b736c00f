//! What programs do all day.

use std::sync::Arc;

use serde_json::json;
use support::library::{
    self, Credentials, FakeClock, Hooks, Password, Proxy, Secret, Source, Token, Verdict,
};

use crate::{KEY, PASSWORD, RESET, SIGNED, Sink, TOKEN};
use sandbox::{Canned, Sandbox, Switch};
use support::*;

const ADA: &str = "ada@example.com";
const LOGIN: &str = "/timp/organizations/user-login/";
const USERS: &str = "organizations/users/all/";

pub fn run(sink: &mut Sink) {
    let sandbox = Sandbox::start();
    sandbox.set_password(ADA, PASSWORD);
    sandbox.set_password("grace@example.com", PASSWORD);
    sandbox.respond("POST", LOGIN, Canned::json(200, &json!({ "auth_token": TOKEN })).times(2));
    log_in_and_renew(sink, &sandbox);
    password_flow(sink, &sandbox);
    redirects(sink, &sandbox);
    crunch(sink, &sandbox);
    token_file(sink, &sandbox);
    rust_types(sink, &sandbox);
}

fn crux(sink: &mut Sink, sandbox: &Sandbox, more: &[(&str, &str)]) -> Client {
    let (base, ca) = (format!("{}/timp/", sandbox.http()), sandbox.ca_file().to_str().unwrap().to_owned());
    let mut pairs = vec![("base_url", &*base), ("tls.ca_file", &*ca), ("retry.max_wait_ms", "1")];
    pairs.extend(more);
    sink.client(&pairs)
}

fn log_in_and_renew(sink: &mut Sink, sandbox: &Sandbox) {
    sink.begin("log in");
    let me = crux(sink, sandbox, &[("user", ADA), ("secret", PASSWORD)]).expect(CRUX_OK);
    assert_eq!(me.copy("token"), TOKEN.as_bytes());
    // The sandbox does not know that token: one more login, the same token, the 401 is the response.
    let echo = json!({ "detail": format!("The token {TOKEN} is not known, {PASSWORD}.") });
    sandbox.respond("GET", "/timp/echoing/", Canned::json(401, &echo));
    sink.send(&me, "GET", "echoing/", None).expect(CRUX_ERR_AUTH);
    // Now real tokens: the old one is echoed although the session has another.
    sandbox.respond("GET", "/timp/old/", Canned::json(401, &echo).times(1));
    let more = Canned::json(409, &echo).header("warning", &format!("299 - \"{TOKEN}\""));
    sandbox.respond("GET", "/timp/old/", more);
    sink.send(&me, "GET", "old/", None).expect(CRUX_ERR_HTTP);
    sink.send(&me, "POST", "orders/", Some("{\"limit\":1}")).expect(CRUX_OK);
    sandbox.respond(
        "*",
        "/timp/busy/",
        Canned::status(503).header("retry-after", "0").body(PASSWORD).times(2),
    );
    sandbox.respond("*", "/timp/busy/", Canned::status(404));
    let busy = sink.send(&me, "GET", &format!("busy/?{SIGNED}"), None);
    assert_eq!((busy.status(), busy.number("attempts")), (404, 3));
    sink.send(&me, "GET", "/bytes/100000", None).expect(CRUX_OK);
    let call = me.call("GET", &format!("/bytes/100000?{SIGNED}"));
    call.set("max_body", "10");
    sink.response(&call.send().expect(CRUX_ERR_TOO_LARGE));
    let without = crux(sink, sandbox, &[("user", ADA), ("secret", PASSWORD), ("keep_password", "0")]);
    let without = without.expect(CRUX_OK);
    sandbox.revoke_tokens();
    sink.send(&without, "GET", USERS, None).expect(CRUX_ERR_AUTH);
}

fn password_flow(sink: &mut Sink, sandbox: &Sandbox) {
    sink.begin("password flow");
    let nobody = crux(sink, sandbox, &[]).expect(CRUX_OK);
    sandbox.switch(Switch::ResetTokenInReply, true);
    let email = json!({ "email": ADA }).to_string();
    sink.send(&nobody, "POST", "organizations/reset-password/", Some(&email)).expect(CRUX_OK);
    let check = format!("organizations/complete-password/?token={RESET}");
    sink.send(&nobody, "GET", &check, None).expect(CRUX_ERR_HTTP);
    let body = json!({ "token": RESET, "password": PASSWORD }).to_string();
    sink.send(&nobody, "POST", "organizations/complete-password/", Some(&body)).expect(CRUX_ERR_HTTP);
    let invite = format!("organizations/accept-invite/{RESET}/");
    sink.send(&nobody, "GET", &invite, None).expect(CRUX_ERR_HTTP);
    sink.send(&nobody, "POST", &invite, Some(&body)).expect(CRUX_ERR_HTTP);
    // A server that says which one it did not like.
    let echo = Canned::json(404, &json!({ "detail": format!("{RESET} is not valid.") }));
    sandbox.respond("GET", "/timp/organizations/complete-password/", echo.clone());
    sandbox.respond("*", &format!("/timp/{invite}"), echo);
    sink.send(&nobody, "GET", &check, None).expect(CRUX_ERR_HTTP);
    sink.send(&nobody, "GET", &invite, None).expect(CRUX_ERR_HTTP);
    sink.send(&nobody, "POST", &invite, Some(&body)).expect(CRUX_ERR_HTTP);
}

fn redirects(sink: &mut Sink, sandbox: &Sandbox) {
    sink.begin("redirects");
    let me = crux(sink, sandbox, &[("token", TOKEN)]).expect(CRUX_OK);
    let foreign = sandbox.http().replace("127.0.0.1", "localhost");
    for place in [
        format!("{foreign}/bytes/10?{SIGNED}"),
        format!("{foreign}/status/403?{SIGNED}"),
        format!("{}/echo/?{SIGNED}", sandbox.https()),
        format!("http://u:canary@127.0.0.1/?{SIGNED}"),
        format!("ftp://x/?{SIGNED}"),
        format!("/timp/loop/?{SIGNED}"),
    ] {
        sandbox.respond("*", "/timp/loop/", Canned::status(302).header("location", &place));
        sandbox.respond("POST", "/timp/loop/", Canned::status(303).header("location", &place));
        for method in ["GET", "POST", "PUT", "DELETE"] {
            sink.send(
                &me,
                method,
                &format!("loop/?{SIGNED}"),
                (method != "GET").then_some("{\"a\":\"canary\"}"),
            );
        }
    }
    // From https to plain http.
    let base = format!("{}/timp/", sandbox.https());
    let ca = sandbox.ca_file().to_str().unwrap().to_owned();
    let me = sink.client(&[("base_url", &base), ("token", TOKEN), ("tls.ca_file", &ca)]).expect(CRUX_OK);
    let down = format!("{foreign}/echo/?{SIGNED}");
    sandbox.respond("*", "/timp/loop/", Canned::status(302).header("location", &down));
    sink.send(&me, "GET", "loop/", None).expect(CRUX_ERR_HTTP);
}

fn crunch(sink: &mut Sink, sandbox: &Sandbox) {
    sink.begin("Crunch");
    let base = format!("{}/api/", sandbox.http());
    let key = [("service", "crunch"), ("base_url", &*base), ("secret", KEY)];
    let me = sink.client(&key).expect(CRUX_OK);
    sink.send(&me, "GET", "datasets/", None).expect(CRUX_ERR_AUTH);
    let grace =
        [("service", "crunch"), ("base_url", &*base), ("user", "grace@example.com"), ("secret", PASSWORD)];
    for mode in ["bearer", "cookie"] {
        let mut pairs = grace.to_vec();
        pairs.push(("login.mode", mode));
        let me = sink.client(&pairs).expect(CRUX_OK);
        sandbox.switch(Switch::CookieOnEveryResponse, true);
        sink.send(&me, "GET", "datasets/", None).expect(CRUX_OK);
        sandbox.revoke_tokens();
        sink.send(&me, "GET", "datasets/", None).expect(CRUX_OK);
        assert_eq!(unsafe { crux_set_token(me.0, c(KEY).as_ptr()) }, CRUX_OK);
        sink.send(&me, "GET", "apikeys/", None).expect(CRUX_ERR_AUTH);
        assert_ne!(unsafe { crux_set_token(me.0, c("canary and blanks").as_ptr()) }, CRUX_OK);
    }
    sink.send(&me, "GET", &format!("otp/login/?token={RESET}"), None);
    // An OAuth user who tries a password.
    let olga =
        [("service", "crunch"), ("base_url", &*base), ("user", "olga@example.com"), ("secret", PASSWORD)];
    sink.client(&olga).expect(CRUX_ERR_AUTH);
}

fn token_file(sink: &mut Sink, sandbox: &Sandbox) {
    sink.begin("token file");
    let folder = std::env::temp_dir().join(format!("libcrux-secrets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("token").to_str().unwrap().to_owned();
    let token = json!({ "auth_token": TOKEN });
    for place in [&file, &format!("{file}/below")] {
        sandbox.respond("POST", LOGIN, Canned::json(200, &token).times(1));
        let pairs = [("user", ADA), ("secret", PASSWORD), ("token_file", &**place)];
        let me = crux(sink, sandbox, &pairs);
        sandbox.respond("POST", LOGIN, Canned::status(403).body(PASSWORD).times(1));
        sink.send(&me, "GET", USERS, None);
    }
    sandbox.forget_canned();
    #[cfg(unix)]
    {
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        crux(sink, sandbox, &[("token_file", &file)]).expect(CRUX_ERR_FILE);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

fn rust_types(sink: &mut Sink, sandbox: &Sandbox) {
    sink.begin("Debug");
    let mut options = library::Options::new();
    let base = format!("{}/timp/", sandbox.http());
    for (key, value) in [
        ("base_url", &*base),
        ("user", ADA),
        ("secret", PASSWORD),
        ("login.extra", "{\"client_secret\":\"canary-extra\"}"),
        ("no_proxy", "127.0.0.1"),
        ("proxy", "http://u:canary-proxy@proxy.test:1"),
    ] {
        options.set(key, Some(value)).unwrap();
    }
    sandbox.respond("POST", LOGIN, Canned::json(200, &json!({ "auth_token": TOKEN })).times(1));
    let client = library::Client::new(&options, &Hooks::default(), Arc::new(FakeClock::default())).unwrap();
    library::first_login(&client).unwrap();
    let exchange = library::exchange(&client);
    let mut call = library::Call::new(client.clone(), "POST", &format!("/echo/?{SIGNED}")).unwrap();
    call.header("X-Api-Key", "canary-header").unwrap();
    call.body(b"{\"password\":\"canary-body\"}", None).unwrap();
    let finished = library::send(&client, &call, &exchange);
    assert!(finished.error.is_none() && finished.body.windows(6).any(|part| part == b"canary"));
    sink.see_debug("options", &options);
    sink.see_debug("client", &client);
    sink.see_debug("session", &client.session);
    sink.see_debug("token", &client.session.token());
    sink.see_debug("call", &call);
    sink.see_debug("request", &call.request());
    sink.see_debug("exchange", &exchange);
    sink.see_debug("finished", &finished);
    let response = library::Response::of(client.clone(), exchange.clone(), finished, None);
    response.json().string("/body");
    sink.see_debug("response", &response);
    sink.see_debug("json", &response.json());
    let secret = Secret::new(PASSWORD);
    sink.see_debug("credentials", &Credentials::Password(Password { user: ADA.into(), secret }));
    let token = Token::new(KEY, Source::Login, std::time::Duration::ZERO, &client.profile).unwrap();
    sink.see_debug("token", &token);
    sink.see_debug("profile", &client.profile);
    sink.see_debug("proxy", &Proxy::parse("http://u:canary@proxy.test:1").unwrap());
    let place = format!("https://a.test/?{SIGNED}").parse().unwrap();
    sink.see_debug("verdict", &Verdict::Follow("GET".parse().unwrap(), place));
}
