//! Redirects, by hand: who may be sent on, where to, and with what.

use crate::{is_bare, taken};
use sandbox::{API_KEY, Canned, Sandbox};
use support::*;

const FROM: &str = "/api/from/";

/// Two servers and a client of the first, by http or https.
struct World {
    home: Sandbox,
    other: Sandbox,
    client: Client,
}

impl World {
    fn new(https: bool, more: &[(&str, &str)]) -> World {
        let (home, other) = (Sandbox::start(), Sandbox::start());
        let origin = if https { home.https() } else { home.http() };
        let base = format!("{origin}/api/");
        let authorities = [&home, &other].map(|s| std::fs::read_to_string(s.ca_file()).unwrap()).concat();
        let mut pairs = vec![
            ("service", "crunch"),
            ("base_url", &*base),
            ("token", API_KEY),
            ("tls.ca_pem", &*authorities),
        ];
        pairs.extend(more);
        let client = Client::with(&pairs).expect(CRUX_OK);
        World { home, other, client }
    }

    fn send(&self, method: &str, status: u16, to: &str) -> Response {
        self.home.forget_canned();
        self.home.respond("*", FROM, Canned::status(status).header("location", to));
        let call = self.client.call(method, "from/");
        assert_eq!(call.header("X-Api-Key", "k3y"), CRUX_OK);
        assert_eq!(call.header("Cookie", "session=c00k1e"), CRUX_OK);
        assert_eq!(call.header("Accept-Language", "th"), CRUX_OK);
        if !["GET", "HEAD"].contains(&method) {
            assert_eq!(call.body(b"{\"n\":1}", None), CRUX_OK);
        }
        call.send()
    }
}

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// Behaviours 50 to 53, over the whole table.
fn table(https: bool) {
    let world = World::new(https, &[]);
    let (home, other) = (&world.home, &world.other);
    // Where to, whether that is our own origin, whether it may be followed at all.
    let places = match https {
        false => vec![
            ("../../echo/".to_owned(), true, true),
            (format!("{}/echo/", home.http()), true, true),
            (format!("{}/echo/", other.http()), false, true),
            (format!("{}/echo/", home.http().replace("127.0.0.1", "localhost")), false, true),
            (format!("{}/echo/", home.https()), false, true),
        ],
        true => vec![
            ("/echo/".to_owned(), true, true),
            (format!("{}/echo/", other.https()), false, true),
            (format!("{}/echo/", home.https().replace("localhost", "127.0.0.1")), false, true),
            (format!("{}/echo/", home.http()), false, false),
            (format!("{}/echo/", other.http()), false, false),
        ],
    };
    for method in METHODS {
        for status in STATUSES {
            for (place, own, allowed) in &places {
                let case = format!("{method} {status} {place}");
                let response = world.send(method, status, place);
                let mut all = taken(home);
                all.extend(taken(other));
                let reads = ["GET", "HEAD"].contains(&method);
                let followed = *allowed && (reads || (method == "POST" && status == 303));
                assert_eq!(all.len(), if followed { 2 } else { 1 }, "{case}");
                assert!(!is_bare(&all[0]), "{case}");
                let location = response.info("location");
                if !followed {
                    assert_eq!(
                        (response.code(), response.status()),
                        (CRUX_ERR_HTTP, status.into()),
                        "{case}"
                    );
                    assert!(location.is_some_and(|url| url.ends_with("/echo/")), "{case}");
                    assert!(response.message().contains("redirect"), "{}", response.message());
                    continue;
                }
                assert_eq!(response.code(), CRUX_OK, "{case}: {}", response.message());
                let second = &all[1];
                assert_eq!(second.method, if method == "HEAD" { "HEAD" } else { "GET" }, "{case}");
                assert_eq!((second.path.as_str(), second.body_length), ("/echo/", 0), "{case}");
                assert_eq!(second.header("content-type"), None, "{case}");
                assert_eq!(is_bare(second), !own, "{case}: {:?}", second.headers);
                assert_eq!(second.header("accept-language"), Some("th"), "{case}");
                assert!(response.info("url").is_some_and(|url| url.ends_with("/echo/")), "{case}");
                // A POST that was sent on tells where to: what was to be made exists already.
                assert_eq!(location.is_some(), method == "POST", "{case}");
            }
        }
    }
}

/// docs/services.md, 50 to 52.
#[test]
fn the_whole_table() {
    table(false);
}

/// docs/services.md, 53.
#[test]
fn the_whole_table_over_https() {
    table(true);
}

/// docs/services.md, 51.
#[test]
fn a_create_that_exists_already_tells_where() {
    let world = World::new(false, &[]);
    let place = format!("{}/api/datasets/all/", world.home.http());
    let response = world.send("POST", 303, &place).expect(CRUX_OK);
    assert_eq!(response.status(), 200);
    assert!(response.json_count("/index") > 3, "the thing itself follows");
    assert_eq!(response.info("location").as_deref(), Some(&*place));
    // A Location in the response to the second request is not the one that was asked about.
    world.home.respond("GET", "/api/datasets/all/", Canned::real().header("location", "/elsewhere/"));
    let response = world.send_again("POST", 303, &place).expect(CRUX_OK);
    assert_eq!(response.info("location").as_deref(), Some(&*place));
    // With no redirects allowed the 303 itself is the success.
    let call = world.client.call("POST", "from/");
    assert_eq!(call.set("redirect.max", "0"), CRUX_OK);
    taken(&world.home);
    let response = call.send().expect(CRUX_OK);
    assert_eq!((response.status(), response.info("location").as_deref()), (303, Some(&*place)));
    assert_eq!(taken(&world.home).len(), 1);
}

impl World {
    /// As `send`, keeping the answers that were set.
    fn send_again(&self, method: &str, status: u16, to: &str) -> Response {
        self.home.respond("*", FROM, Canned::status(status).header("location", to));
        self.client.request(method, "from/", Some("{}"))
    }
}

/// docs/services.md, 54.
#[test]
fn loops_end() {
    let world = World::new(false, &[]);
    let response = world.send("GET", 302, FROM).expect(CRUX_ERR_HTTP);
    assert_eq!(taken(&world.home).len(), 6, "five redirects are followed");
    assert_eq!((response.status(), response.number("attempts")), (302, 6));
    assert!(response.message().contains("redirect.max"), "{}", response.message());
    assert!(response.info("location").is_some_and(|url| url.ends_with(FROM)));
    // From one to the other and back.
    let there = format!("{}/there/", world.other.http());
    let back = format!("{}{FROM}", world.home.http());
    world.other.respond("GET", "/there/", Canned::status(307).header("location", &back));
    world.send("GET", 308, &there).expect(CRUX_ERR_HTTP);
    let (here, there) = (taken(&world.home), taken(&world.other));
    assert_eq!((here.len(), there.len()), (3, 3));
    assert!(here.iter().all(|r| !is_bare(r)), "decided anew at every hop");
    assert!(there.iter().all(is_bare));
    for (most, requests) in [("0", 1), ("1", 2), ("20", 21)] {
        let call = world.client.call("GET", "from/");
        assert_eq!(call.set("redirect.max", most), CRUX_OK);
        world.home.respond("*", FROM, Canned::status(302).header("location", FROM));
        call.send().expect(CRUX_ERR_HTTP);
        assert_eq!(taken(&world.home).len(), requests);
    }
}

#[test]
fn a_dead_token_on_the_way_is_renewed_there() {
    let sandbox = Sandbox::start();
    let me = crate::log_in(&sandbox);
    sandbox.revoke_tokens();
    sandbox.clear();
    let to = Canned::status(302).header("location", crate::PLACE_PATH);
    sandbox.respond("GET", "/timp/from/", to);
    me.get("from/").expect(CRUX_OK);
    let told: Vec<_> = taken(&sandbox).iter().map(|r| (r.path.clone(), r.status)).collect();
    let place = crate::PLACE_PATH.to_owned();
    let login = crate::LOGIN_PATH.to_owned();
    assert_eq!(told, [("/timp/from/".to_owned(), 302), (place.clone(), 401), (login, 200), (place, 200)]);
}

#[test]
fn places_that_are_not_gone_to() {
    let world = World::new(false, &[]);
    for place in [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://user:pw@127.0.0.1/",
        "http:\\\\127.0.0.1\\",
        "http://[::",
        "//",
    ] {
        let response = world.send("GET", 302, place);
        assert_eq!(response.code(), CRUX_ERR_HTTP, "{place}: {}", response.message());
        assert_eq!(taken(&world.home).len(), 1, "{place}");
        assert!(!response.message().contains("user:pw"), "{}", response.message());
    }
    world.home.forget_canned();
    world.home.respond("GET", FROM, Canned::status(302));
    let response = world.client.get("from/").expect(CRUX_ERR_HTTP);
    assert!(response.message().contains("does not say where to"), "{}", response.message());
    for status in [300, 305, 306] {
        let response = world.send("GET", status, "/echo/").expect(CRUX_ERR_HTTP);
        assert_eq!(response.status(), i32::from(status));
    }
    world.send("GET", 304, "/echo/").expect(CRUX_OK);
}

#[test]
fn a_logout_that_leads_elsewhere_takes_no_token_along() {
    for (header, scheme) in [("Authorization", "Bearer"), ("X-Auth", "")] {
        let (home, other) = (Sandbox::start(), Sandbox::start());
        let place = format!("{}/echo/", other.http());
        home.respond("GET", "/api/out", Canned::status(302).header("location", &place));
        let more = [("logout.path", "out"), ("auth.header", header), ("auth.scheme", scheme)];
        let me = Client::ready(&format!("{}/api", home.http()), &more);
        Response(unsafe { crux_logout(me.0) }).expect(CRUX_OK);
        assert!(taken(&home)[0].header(header).is_some_and(|value| value.contains("abc-123")));
        let seen = taken(&other);
        assert_eq!(seen.len(), 1);
        assert!(!format!("{:?}", seen[0].headers).contains("abc-123"), "{:?}", seen[0].headers);
    }
}
