//! Everything the sandbox remembers, behind one lock.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::crunch::Crunch;
use crate::crux::Crux;
use crate::server::call::Call;
use crate::server::record::Journal;
use crate::server::s3::Files;
use crate::shop::Shop;

/// What can be turned on and off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Switch {
    /// Crux Connect puts the reset token into the reply, as a development environment does.
    ResetTokenInReply,
    /// Every 4xx of the services comes without a body.
    EmptyErrors,
    /// Every 4xx of the services comes as an HTML page.
    HtmlErrors,
    /// Crunch sets the token cookie anew on every authenticated 2xx and 400.
    CookieOnEveryResponse,
    /// Accounts have API access at all. On at the start.
    SecureApiAccess,
    /// The login URL in Crunch's 401 names another origin.
    ForeignLoginUrl,
    /// POST datasets/ answers 202 instead of 201.
    DatasetAccepted,
    /// POST batches/ answers 202 rather than 201. On at the start.
    BatchAccepted,
    /// Crunch's 201 has the body `null`.
    NullCreated,
    /// Crunch's 201 has no body. Goes before `NullCreated`.
    EmptyCreated,
    /// Crunch's 202 has no body.
    EmptyAccepted,
    /// The export formats come under `value` (as recorded) instead of `views` (as documented).
    FormatsUnderValue,
    /// A 404 of Crunch carries an object as its message (E3). On at the start.
    ObjectMessages,
    /// Crunch takes a new dataset only if it names its project. On at the start; else it goes to the personal one.
    ProjectRequired,
}

/// The names in the HTTP control, and which are on at the start.
pub const SWITCHES: [(&str, Switch, bool); 14] = [
    ("ResetTokenInReply", Switch::ResetTokenInReply, false),
    ("EmptyErrors", Switch::EmptyErrors, false),
    ("HtmlErrors", Switch::HtmlErrors, false),
    ("CookieOnEveryResponse", Switch::CookieOnEveryResponse, false),
    ("SecureApiAccess", Switch::SecureApiAccess, true),
    ("ForeignLoginUrl", Switch::ForeignLoginUrl, false),
    ("DatasetAccepted", Switch::DatasetAccepted, false),
    ("BatchAccepted", Switch::BatchAccepted, true),
    ("NullCreated", Switch::NullCreated, false),
    ("EmptyCreated", Switch::EmptyCreated, false),
    ("EmptyAccepted", Switch::EmptyAccepted, false),
    ("FormatsUnderValue", Switch::FormatsUnderValue, false),
    ("ObjectMessages", Switch::ObjectMessages, true),
    ("ProjectRequired", Switch::ProjectRequired, true),
];

/// What can be set to a value.
pub struct Settings {
    pub export_polls: u32,
    pub file_misses: u32,
    pub export_bytes: Option<u64>,
    pub progress: Vec<Value>,
}

pub struct World {
    pub settings: Settings,
    pub journal: Journal,
    pub files: Files,
    pub crux: Crux,
    pub crunch: Crunch,
    pub shop: Shop,
    switches: HashSet<Switch>,
    ahead: Duration,
    random: u64,
    http_port: u16,
    https_port: u16,
}

impl World {
    pub fn new(http_port: u16, https_port: u16) -> World {
        let settings = Settings {
            export_polls: 2,
            file_misses: 0,
            export_bytes: None,
            progress: vec![json!(0), json!(22.6), json!(100)],
        };
        let on = SWITCHES.iter().filter(|(_, _, on)| *on);
        World {
            settings,
            journal: Journal::default(),
            files: Files::default(),
            crux: Crux::new(),
            crunch: Crunch::new(),
            shop: Shop::default(),
            switches: on.map(|(_, switch, _)| *switch).collect(),
            ahead: Duration::ZERO,
            random: RandomState::new().build_hasher().finish(),
            http_port,
            https_port,
        }
    }

    /// Seconds since 1970 by the sandbox's clock.
    pub fn now(&self) -> u64 {
        let real = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        (real + self.ahead).as_secs()
    }

    pub fn advance(&mut self, by: Duration) {
        self.ahead = self.ahead.saturating_add(by);
    }

    pub fn is_on(&self, switch: Switch) -> bool {
        self.switches.contains(&switch)
    }

    pub fn set_switch(&mut self, switch: Switch, on: bool) {
        if on {
            self.switches.insert(switch);
        } else {
            self.switches.remove(&switch);
        }
    }

    pub fn revoke_tokens(&mut self) {
        self.crux.accounts.revoke();
        self.crunch.accounts.revoke();
    }

    /// True if somebody of that name exists.
    pub fn set_password(&mut self, user: &str, password: &str) -> bool {
        let crux = self.crux.accounts.set_password(user, password);
        let crunch = self.crunch.accounts.set_password(user, password);
        crux || crunch
    }

    /// Host and port of our own listener for `scheme`.
    pub fn own_authority(&self, scheme: &str) -> String {
        match scheme {
            "https" => format!("localhost:{}", self.https_port),
            _ => format!("127.0.0.1:{}", self.http_port),
        }
    }

    /// An origin that reaches this same server and yet is another one than the caller's.
    pub fn foreign_origin(&self, call: &Call) -> String {
        let port = if call.scheme == "https" { self.https_port } else { self.http_port };
        let other = if call.authority.starts_with("localhost") { "127.0.0.1" } else { "localhost" };
        format!("{}://{other}:{port}", call.scheme)
    }

    /// Good enough for tokens that open nothing but synthetic data (splitmix64).
    fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        crate::server::data::mix(self.random)
    }

    pub fn hex(&mut self, length: usize) -> String {
        self.pick(b"0123456789abcdef", length)
    }

    pub fn pick(&mut self, alphabet: &[u8], length: usize) -> String {
        let size = alphabet.len() as u64;
        (0..length).map(|_| alphabet[(self.next_random() % size) as usize] as char).collect()
    }

    /// 44 characters of base64 that end in `=`: 32 bytes.
    pub fn base64_token(&mut self) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let head = self.pick(ALPHABET, 42);
        // The last character before the padding carries four bits only.
        head + &self.pick(b"AEIMQUYcgkosw048", 1) + "="
    }

    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.next_random(), self.next_random());
        crate::server::data::uuid_of(high, low)
    }
}
