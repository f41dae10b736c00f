//! Where the token may go: to the exact origin of the base, and nowhere else.

use support::library::{Origin, parse_base};

use crate::{GRACE, is_bare, is_login, taken};
use sandbox::{API_KEY, Canned, Recorded, Sandbox};
use support::*;

/// A client that reaches every http host through the sandbox, which takes the part of all of them.
fn everywhere(sandbox: &Sandbox, base: &str, more: &[(&str, &str)]) -> Client {
    let proxy = sandbox.http();
    let mut pairs = vec![("service", "crunch"), ("base_url", base), ("proxy", &*proxy), ("allow_http", "1")];
    pairs.extend(more);
    Client::with(&pairs)
}

/// A GET with headers that may be credentials, and one that is none.
fn ask(client: &Client, url: &str) -> Response {
    let call = client.call("GET", url);
    assert_eq!(call.header("X-Api-Key", "k3y"), CRUX_OK);
    // Refused where the token itself is a cookie.
    if call.header("Cookie", "session=c00k1e") != CRUX_OK {
        let call = client.call("GET", url);
        assert_eq!(call.header("X-Api-Key", "k3y"), CRUX_OK);
        assert_eq!(call.header("Accept-Language", "th"), CRUX_OK);
        return call.send();
    }
    assert_eq!(call.header("Accept-Language", "th"), CRUX_OK);
    call.send()
}

fn last(sandbox: &Sandbox) -> Recorded {
    let mut all = taken(sandbox);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

/// docs/services.md, 48.
#[test]
fn links_to_other_origins_get_no_token() {
    let sandbox = Sandbox::start();
    let me = everywhere(&sandbox, "http://org.crunch.io/api/", &[("token", API_KEY)]).expect(CRUX_OK);
    for own in
        ["datasets/", "/api/datasets/", "http://org.crunch.io/api/datasets/", "HTTP://ORG.Crunch.IO:80/x/"]
    {
        ask(&me, own);
        let request = last(&sandbox);
        assert_eq!(request.header("authorization"), Some(&*format!("Bearer {API_KEY}")), "{own}");
        assert_eq!(request.header("x-api-key"), Some("k3y"));
    }
    for foreign in [
        "http://app.crunch.io/api/datasets/",
        "http://s.crunch.io/x/",
        "http://crunch.io/x/",
        "http://a.org.crunch.io/x/",
        "http://org.crunch.io:8443/api/datasets/",
        "http://org.crunch.io./api/datasets/",
        "http://org.crunch.io.evil.test/x/",
        "http://orgcrunch.io/x/",
        "//app.crunch.io/x/",
    ] {
        let response = ask(&me, foreign);
        let request = last(&sandbox);
        assert!(is_bare(&request), "{foreign}: {:?}", request.headers);
        assert_eq!(request.header("accept-language"), Some("th"));
        assert_eq!(response.info("token_source"), None);
        if response.status() == 401 {
            assert!(response.message().contains("The token was not sent there"), "{}", response.message());
        }
    }
}

/// docs/services.md, 49.
#[test]
fn no_suffix_of_a_name_or_address_counts() {
    let sandbox = Sandbox::start();
    for (base, foreign) in [
        ("http://foo.co.uk/api/", "http://bar.co.uk/api/"),
        ("http://127.0.0.1/api/", "http://10.0.0.1/api/"),
        ("http://10.0.0.1/api/", "http://10.0.0.11/api/"),
        ("http://[::1]/api/", "http://[::2]/api/"),
    ] {
        let me = everywhere(&sandbox, base, &[("token", API_KEY)]).expect(CRUX_OK);
        ask(&me, foreign);
        assert!(is_bare(&last(&sandbox)), "{foreign}");
        ask(&me, base);
        assert!(!is_bare(&last(&sandbox)), "{base}");
    }
}

#[test]
fn the_same_origin_is_the_same_however_it_is_written() {
    let same = [
        ("https://API.example.com/", "https://api.EXAMPLE.com:443/x?y#z"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://bücher.example/", "https://BÜCHER.example/"),
        ("http://127.1:80/", "http://127.0.0.1/"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]:80/"),
    ];
    let other = [
        ("https://a.example/", "http://a.example/"),
        ("https://a.example/", "https://a.example:444/"),
        ("https://a.example/", "https://a.example./"),
        ("https://a.example/", "https://u@a.example/"),
        ("https://a.example/", "https://:p@a.example/"),
        ("https://a.example/", "https://b.example/"),
        ("https://a.example/", "https://xa.example/"),
        ("https://a.example/", "wss://a.example/"),
        ("https://bücher.example/", "https://bucher.example/"),
    ];
    for (pairs, expected) in [(&same[..], true), (&other[..], false)] {
        for (base, url) in pairs {
            let origin = Origin::of(&parse_base(base).unwrap()).unwrap();
            assert_eq!(origin.covers(&url.parse().unwrap()), expected, "{base} {url}");
        }
    }
}

#[test]
fn origins_that_were_named_get_the_token() {
    let sandbox = Sandbox::start();
    let named = [("token", API_KEY), ("origins", "http://app.crunch.io, http://files.crunch.io:8080")];
    let me = everywhere(&sandbox, "http://org.crunch.io/api/", &named).expect(CRUX_OK);
    for (url, bare) in [
        ("http://app.crunch.io/x/", false),
        ("http://files.crunch.io:8080/x/", false),
        ("http://org.crunch.io/x/", false),
        ("http://files.crunch.io/x/", true),
        ("http://app.crunch.io:8080/x/", true),
    ] {
        ask(&me, url);
        assert_eq!(is_bare(&last(&sandbox)), bare, "{url}");
    }
    for wrong in
        ["app.crunch.io", "https://app.crunch.io/api/", "https://", "https://*.crunch.io/x", "ftp://a.b"]
    {
        let refused = everywhere(&sandbox, "http://org.crunch.io/", &[("origins", wrong)]);
        assert_eq!(refused.code(), CRUX_ERR_ARGUMENT, "{wrong}");
        assert!(refused.message().contains("origins"), "{}", refused.message());
    }
}

#[test]
fn a_cookie_stays_where_it_came_from() {
    let sandbox = Sandbox::start();
    let mode = [("user", GRACE.0), ("secret", GRACE.1), ("login.mode", "cookie")];
    let me = everywhere(&sandbox, "http://org.crunch.io/api/", &mode).expect(CRUX_OK);
    assert_eq!(last(&sandbox).target, "http://org.crunch.io/api/public/login/");
    for (url, bare) in
        [("datasets/", false), ("http://app.crunch.io/api/", true), ("http://org.crunch.io:81/", true)]
    {
        ask(&me, url);
        let request = last(&sandbox);
        assert_eq!(request.header("cookie").is_none(), bare, "{url}");
        assert_eq!(request.header("x-api-key").is_none(), bare, "{url}");
    }
}

#[test]
fn a_second_server_on_this_machine_is_a_stranger() {
    let (sandbox, second) = (Sandbox::start(), Sandbox::start());
    let base = format!("{}/api/", sandbox.http());
    let ca = sandbox.ca_file().to_str().unwrap().to_owned();
    let pairs = [("service", "crunch"), ("base_url", &*base), ("token", API_KEY), ("tls.ca_file", &*ca)];
    let me = Client::with(&pairs).expect(CRUX_OK);
    let other_name = sandbox.http().replace("127.0.0.1", "localhost");
    for (place, server) in [(second.http(), &second), (other_name, &sandbox), (sandbox.https(), &sandbox)] {
        ask(&me, &format!("{place}/echo/")).expect(CRUX_OK);
        assert!(is_bare(&last(server)), "{place}");
    }
    ask(&me, "/echo/").expect(CRUX_OK);
    assert!(!is_bare(&last(&sandbox)));
}

#[test]
fn a_401_from_a_stranger_logs_nobody_in() {
    let (sandbox, second) = (Sandbox::start(), Sandbox::start());
    let me = crate::log_in(&sandbox);
    taken(&sandbox);
    second.respond("GET", "/private/", Canned::status(401));
    let response = me.get(&format!("{}/private/", second.http())).expect(CRUX_ERR_AUTH);
    assert!(response.message().contains("belongs to"), "{}", response.message());
    assert!(is_bare(&last(&second)));
    assert!(taken(&sandbox).is_empty());
}

#[test]
fn credentials_over_plain_http_are_refused_before_any_packet() {
    let sandbox = Sandbox::start();
    let proxy = sandbox.http();
    let with = |base: &str, more: &[(&str, &str)]| {
        let mut pairs = vec![("service", "crunch"), ("base_url", base), ("proxy", &*proxy)];
        pairs.extend(more);
        Client::with(&pairs)
    };
    let far = ["http://org.crunch.io/", "http://10.0.0.1/", "http://128.0.0.1/", "http://localhost.example/"];
    let credentials: [&[(&str, &str)]; 4] = [
        &[("user", GRACE.0), ("secret", GRACE.1)],
        &[("secret", API_KEY)],
        &[("token", API_KEY)],
        &[("token_file", "/nowhere/token")],
    ];
    for base in far.into_iter().chain(["http://localhost./", "http://[::2]/", "http://127.0.0.1.example/"]) {
        for given in credentials {
            let me = with(base, given).expect(CRUX_ERR_ARGUMENT);
            assert!(me.message().contains("allow_http"), "{}", me.message());
            me.get("datasets/").expect(CRUX_ERR_ARGUMENT);
        }
        // Anonymous is fine, but takes no token either.
        let me = with(base, &[]).expect(CRUX_OK);
        assert_eq!(unsafe { crux_set_token(me.0, c(API_KEY).as_ptr()) }, CRUX_ERR_ARGUMENT);
    }
    let origins = [("origins", "http://far.example"), ("token", API_KEY)];
    with("https://org.crunch.io/", &origins).expect(CRUX_ERR_ARGUMENT);
    assert_eq!(sandbox.connections(), 0);

    for near in ["http://127.0.0.1/", "http://127.9.9.9:81/", "http://[::1]/", "http://LocalHost/"] {
        with(near, credentials[1]).expect(CRUX_OK);
    }
    let allowed = [("user", GRACE.0), ("secret", GRACE.1), ("allow_http", "1")];
    let me = with("http://org.crunch.io/api/", &allowed).expect(CRUX_OK);
    me.get("datasets/").expect(CRUX_OK);
    assert!(is_login(&taken(&sandbox)[0]));
}
