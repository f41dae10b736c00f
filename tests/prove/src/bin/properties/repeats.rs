//! A request that is not idempotent arrives once, whatever becomes of it, unless a 401 says that nothing was done. One
//! that is arrives as often as the options allow, and no login is made more than once more.

use proptest::prelude::*;
use support::{CRUX_OK, Client};

use crate::Trial;
use crate::scripted::{Arrived, End, Reply, Servers};

/// Methods, and whether one of them may be repeated.
const METHODS: &[(&str, bool)] = &[
    ("POST", false),
    ("PATCH", false),
    ("LOCK", false),
    ("GET", true),
    ("PUT", true),
    ("DELETE", true),
    ("OPTIONS", true),
];

/// What becomes of a request that has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Status(u16),
    Redirect(u16),
    Nothing,
    Reset,
    HalfAHead,
    HalfABody,
    ResetInTheBody,
    NoHttp,
}

const FATES: &[Fate] = &[
    Fate::Status(200),
    Fate::Status(401),
    Fate::Status(403),
    Fate::Status(408),
    Fate::Status(425),
    Fate::Status(429),
    Fate::Status(500),
    Fate::Status(502),
    Fate::Status(503),
    Fate::Status(504),
    Fate::Redirect(301),
    Fate::Redirect(302),
    Fate::Redirect(303),
    Fate::Redirect(307),
    Fate::Redirect(308),
    Fate::Nothing,
    Fate::Reset,
    Fate::HalfAHead,
    Fate::HalfABody,
    Fate::ResetInTheBody,
    Fate::NoHttp,
];

impl Fate {
    fn reply(self) -> Reply {
        let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
        let reset = |bytes: &str| Reply { end: End::Reset, ..Reply::of(bytes) };
        match self {
            Fate::Status(code) => Reply::framed(&format!("{code} So"), "Retry-After: 0\r\n", "{}"),
            Fate::Redirect(code) => Reply::framed(&format!("{code} Go"), "Location: elsewhere\r\n", ""),
            Fate::Nothing => Reply::default(),
            Fate::Reset => reset(""),
            Fate::HalfAHead => Reply::of(&half[..30]),
            Fate::HalfABody => Reply::of(half),
            Fate::ResetInTheBody => reset(half),
            Fate::NoHttp => Reply::of("+OK ready\r\n"),
        }
    }
}

pub fn check(trial: &Trial) -> Result<(), String> {
    let servers = Servers::start(1);
    let fates = prop::collection::vec(prop::sample::select(FATES), 1..8);
    let inputs = (prop::sample::select(METHODS), fates, 0..4_usize, any::<bool>(), any::<bool>());
    trial.holds(&inputs, |((method, idempotent), fates, retries, allowed, started)| {
        let login = Reply::framed("200 OK", "", r#"{"token":"t0k3n"}"#);
        servers.play(fates.iter().map(|fate| fate.reply()), login);
        let client = Client::with(&[
            ("service", "custom"),
            ("base_url", &servers.base()),
            ("user", "ada"),
            ("secret", "pw"),
            ("login.path", "login"),
            ("retry.max", &retries.to_string()),
            ("retry.max_wait_ms", "1"),
        ])
        .expect(CRUX_OK);
        let call = client.call(method, "place");
        call.body(b"{}", None);
        if allowed {
            call.set("idempotent", "1");
        }
        let response = if started { call.start().finished() } else { call.send() };
        let arrived = servers.arrived();
        let same: Vec<&Arrived> = arrived
            .iter()
            .filter(|request| request.method == method && request.target == "/v1/place")
            .collect();
        assert!(!same.is_empty() && same.iter().all(|request| request.body == b"{}"));
        let renewed = fates.iter().take(same.len() - 1).filter(|fate| **fate == Fate::Status(401)).count();
        if idempotent || allowed {
            assert!(same.len() <= 1 + retries + renewed, "{} times", same.len());
        } else {
            assert_eq!(same.len(), 1 + renewed, "only what a 401 has refused is sent again");
        }
        assert!(renewed <= 1, "one replay");
        let logins = arrived.iter().filter(|request| request.target == "/v1/login").count();
        assert!(logins <= 2, "{logins} logins");
        // Whatever went wrong after it had arrived, it may have taken effect.
        let last = fates.get(same.len() - 1).copied().unwrap_or(Fate::Status(200));
        let vague = matches!(
            last,
            Fate::Nothing | Fate::Reset | Fate::HalfAHead | Fate::HalfABody | Fate::ResetInTheBody
        );
        if vague {
            assert_ne!(response.code(), CRUX_OK);
            assert_eq!(response.number("maybe_sent"), 1, "{last:?}: {}", response.message());
        }
    })
}
