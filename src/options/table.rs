//! The table of options: key, default, values, scope, help. It makes the parser, the introspection and
//! `docs/options.md`.

use url::Url;

use crate::address;
use crate::error::{Error, Result};
use crate::headers;
use crate::service;

/// What a value must look like.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any text.
    Text,
    /// Any text, never shown again.
    Secret,
    /// `0` or `1`.
    Bool,
    /// A whole number in a range, both ends included.
    Number(u64, u64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An absolute http or https URL.
    Url,
    /// An RFC 6901 pointer: empty or starting with a slash.
    Pointer,
    /// The text of a JSON object.
    JsonObject,
    /// A header name.
    HeaderName,
    /// Visible ASCII and blanks, so that it can stand in a header.
    HeaderText,
    /// `Name: value`, one a line; never shown again.
    HeaderLines,
    /// 64 hexadecimal digits.
    Sha256,
}

/// One option.
pub struct OptionRow {
    pub key: &'static str,
    /// The value that stands when none is set; empty = depends, or none.
    pub fallback: &'static str,
    pub kind: Kind,
    /// Whether `crux_call_set` takes it too.
    pub per_call: bool,
    pub help: &'static str,
}

const NEVER_TO_A_MONTH: Kind = Kind::Number(0, 2_678_400_000);
const BYTES: Kind = Kind::Number(1, 1 << 47);

macro_rules! table {
    ($($key:literal, $fallback:expr, $kind:expr, $scope:ident, $help:literal;)*) => {
        &[$(OptionRow { key: $key, fallback: $fallback, kind: $kind, per_call: table!(@ $scope), help: $help },)*]
    };
    (@ client) => { false };
    (@ call) => { true };
}

/// Every option, in the order of the reference page.
pub const ROWS: &[OptionRow] = table! {
    "service", service::NAMES[0], Kind::Choice(&service::NAMES), client, "Which service to speak: one of the built-in rows, or custom for any other.";
    "base_url", "", Kind::Url, client, "Where the API lives; a missing trailing slash is added. Empty: the service's own.";
    "user", "", Kind::Text, client, "User name or e-mail address for a password login.";
    "secret", "", Kind::Secret, client, "The password for `user`; without a user, a ready token or API key.";
    "token", "", Kind::Secret, client, "A ready token or API key; no login is made.";
    "token_file", "", Kind::Text, client, "File that keeps the token between runs, for this user alone (mode 0600). Empty: the token stays in memory.";
    "keep_password", "1", Kind::Bool, client, "0 wipes the password after the first login; an expired token is then an error.";
    "allow_http", "0", Kind::Bool, client, "1 lets credentials travel over plain http to a host that is not loopback.";
    "origins", "", Kind::Text, client, "Further origins that get the token, separated by blanks, such as https://files.example.com.";
    "user_agent", "", Kind::HeaderText, client, "Text that is added to `User-Agent: libcrux/VERSION`.";
    "max_body", "67108864", BYTES, call, "Largest body held in memory, in bytes, counted after decompression. Streams and downloads are not bounded by it.";
    "log.level", "2", Kind::Number(0, 5), client, "What reaches the log hook: 0 off, 1 error, 2 warning, 3 info, 4 debug, 5 trace.";
    "login.path", "", Kind::Text, client, "Path of the login, relative to the base.";
    "login.method", "", Kind::Choice(&["POST", "PUT", "GET"]), client, "Method of the login, POST unless set; GET only with `login.encoding` basic.";
    "login.encoding", "", Kind::Choice(&["json", "form", "basic"]), client, "How the login carries user name and password: as a JSON body, as a form, or in the header Authorization. Empty: json.";
    "login.when", "now", Kind::Choice(&["now", "first_use"]), client, "When a password login is made: with the client, or by the first request that needs a token.";
    "login.user_field", "", Kind::Text, client, "Member of the login body that holds the user name.";
    "login.secret_field", "", Kind::Text, client, "Member of the login body that holds the password.";
    "login.extra", "", Kind::JsonObject, client, "JSON object whose members are added to the login body.";
    "login.token_pointer", "", Kind::Pointer, client, "RFC 6901 pointer to the token in the login's response; empty: the whole document.";
    "login.mode", "bearer", Kind::Choice(&["bearer", "cookie"]), client, "Whether the login brings a token in its body, or in a `token` cookie.";
    "logout.path", "", Kind::Text, client, "Path of the GET that ends a session at the server, relative to the base.";
    "reset.path", "", Kind::Text, client, "Path of the POST that mails a link for a new password, relative to the base.";
    "auth.scheme", "", Kind::HeaderText, client, "The word before the token, such as Bearer or Token. Set to the empty text: the bare token.";
    "auth.header", "", Kind::HeaderName, client, "The header that carries the token.";
    "headers", "", Kind::HeaderLines, client, "Headers of every request to the client's own origins, `Name: value`, one a line; other origins never get them.";
    "token.expires_pointer", "", Kind::Pointer, client, "RFC 6901 pointer to the token's lifetime in seconds in the login's response. Without it the `exp` of a JWT is read.";
    "token.lifetime_ms", "", NEVER_TO_A_MONTH, client, "How long a token lives, in ms, counted from the start of the login. 0: unknown.";
    "token.renew_before_ms", "600000", NEVER_TO_A_MONTH, client, "How long before its end a token is renewed, in ms; at most half its life.";
    "refresh.path", "", Kind::Text, client, "Path of the POST that brings a new token for a refresh token, relative to the base. Empty: the password is sent again.";
    "refresh.field", "refresh", Kind::Text, client, "Member of the refresh body that holds the refresh token.";
    "refresh.pointer", "/refresh", Kind::Pointer, client, "RFC 6901 pointer to the refresh token in the responses of login and refresh.";
    "refresh.extra", "", Kind::JsonObject, client, "JSON object whose members are added to the refresh body, such as a grant_type.";
    "page.next_pointer", "", Kind::Pointer, client, "RFC 6901 pointer to the link to the next page. Empty: every usual place is looked at, the Link header among them.";
    "upload.field", "", Kind::Text, client, "Name of the form field that carries the file of an upload. Empty: the service's own.";
    "error.pointers", "", Kind::Text, client, "Pointers to the text for people in an error document, separated by blanks, tried in order.";
    "timeout.resolve_ms", "5000", NEVER_TO_A_MONTH, call, "Longest wait for the host's address, in ms. 0: no limit.";
    "timeout.connect_ms", "10000", NEVER_TO_A_MONTH, call, "Longest wait for a connection, TLS included, in ms. 0: no limit.";
    "timeout.head_ms", "30000", NEVER_TO_A_MONTH, call, "Longest wait from the end of the request to the end of the response's head, in ms. 0: no limit.";
    "timeout.idle_ms", "30000", NEVER_TO_A_MONTH, call, "Longest pause while a body is sent or received, in ms. 0: no limit.";
    "timeout.total_ms", "300000", NEVER_TO_A_MONTH, call, "Longest duration of a whole call, repeats included, in ms. 0: no limit. Streams and downloads have none unless it is set.";
    "retry.max", "3", Kind::Number(0, 20), call, "How often a call that may safely be repeated is repeated.";
    "retry.max_wait_ms", "120000", NEVER_TO_A_MONTH, call, "Longest wait before a repeat, in ms, whatever the server asks for. 0: repeats at once.";
    "redirect.max", "5", Kind::Number(0, 20), call, "How many redirects a call follows.";
    "tls.ca_file", "", Kind::Text, client, "PEM file of certificate authorities that are trusted in addition to the system's.";
    "tls.ca_pem", "", Kind::Text, client, "The same as text.";
    "tls.pin_sha256", "", Kind::Text, client, "SHA-256 of the server's public key in base64, several separated by `;`: of the own origins (base and `origins`) only such a server is accepted, and its issuer need not be known.";
    "tls.client_cert_file", "", Kind::Text, client, "PEM file of the client certificate chain; the own origins (base and `origins`) alone get to see it.";
    "tls.client_key_file", "", Kind::Text, client, "PEM file of the client certificate's private key.";
    "tls.min_version", "1.2", Kind::Choice(&["1.2", "1.3"]), client, "Lowest TLS version that is accepted.";
    "tls.verify", "1", Kind::Bool, client, "0 accepts any certificate: for tests only, and logged as a warning.";
    "proxy", "", Kind::Text, client, "URL of a proxy (http, https, socks5, socks4 or socks4a), or `direct` for none. Empty: as the environment says; on Windows, if it names none, as Internet Options say.";
    "no_proxy", "", Kind::Text, client, "Hosts that are reached without the proxy: names, .suffixes, addresses, CIDR, each with an optional port.";
    "pool.max_idle", "64", Kind::Number(0, 1000), client, "How many idle connections are kept for each host.";
    "job.timeout_ms", "900000", NEVER_TO_A_MONTH, call, "How long a job is waited for, in ms: by crux_call_await, by the option `await`, and by crux_await when it is given -1. 0: no limit.";
    "job.location_pointer", "", Kind::Pointer, client, "RFC 6901 pointer to the address of a job's progress in the response that starts it. Empty: the service's own, else its Location.";
    "job.status_pointer", "", Kind::Pointer, client, "RFC 6901 pointer to the status in a progress document.";
    "job.percent_pointer", "", Kind::Pointer, client, "RFC 6901 pointer to the percentage in a progress document; below 0 says that the job failed, 100 that it is done where there is no status.";
    "job.result_pointer", "", Kind::Pointer, client, "RFC 6901 pointer to the address of the result in the progress document of a job that is done. Empty: the service's own, else where a 303 of the progress leads, or the Location.";
    "job.done", "", Kind::Text, client, "Words of the status that say that the job is done, separated by blanks.";
    "job.failed", "", Kind::Text, client, "Words that the status holds when the job has failed, separated by blanks.";
    "result.pointers", "", Kind::Text, client, "Pointers to the id of what was made, separated by blanks, tried in order; for crux_info \"result\".";
    "idempotent", "0", Kind::Bool, call, "1 says that a POST or PATCH may safely be repeated.";
    "save", "", Kind::Text, call, "File that the body is written to, as crux_download does; with `await`, and by crux_call_await, the result of the job. A stream takes none.";
    "await", "0", Kind::Bool, call, "1: a call that starts a job goes on until the job has ended; with `save`, its result is then downloaded.";
    "stream", "0", Kind::Bool, call, "1: a call that is started finishes with the head of its response; the body is read with crux_read, which never waits.";
    "tick.every_ms", "100", Kind::Number(10, 10_000), call, "How often the tick hook is called while a call waits, in ms.";
    "background.max", "64", Kind::Number(1, 1024), client, "How many started calls of a client run at once; the others wait in order.";
    "event.early", "0", Kind::Bool, client, "1: the client's crux_event also wakes when a part of a response has come, which crux_next_finished with 0 ms then reads: cheaper, and it may bring none. For event loops; on Linux.";
    "resume", "1", Kind::Bool, call, "0 keeps no FILE.part of a download that failed.";
    "sha256", "", Kind::Sha256, call, "SHA-256 in hexadecimal that a downloaded file must have.";
};

impl Kind {
    /// The type of a value in one word.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text | Kind::Secret => "text",
            Kind::Bool => "flag",
            Kind::Number(..) => "number",
            Kind::Choice(_) => "choice",
            Kind::Url => "url",
            Kind::Pointer => "pointer",
            Kind::JsonObject => "json",
            Kind::HeaderName => "header",
            Kind::HeaderText => "ascii",
            Kind::HeaderLines => "headers",
            Kind::Sha256 => "sha256",
        }
    }

    /// The values that it takes, for a person.
    pub fn values(self) -> String {
        match self {
            Kind::Text => "text".to_owned(),
            Kind::Secret => "text, secret".to_owned(),
            Kind::Bool => "0, 1".to_owned(),
            Kind::Number(low, high) => format!("{low} to {high}"),
            Kind::Choice(words) => words.join(", "),
            Kind::Url => "URL".to_owned(),
            Kind::Pointer => "JSON pointer".to_owned(),
            Kind::JsonObject => "JSON object".to_owned(),
            Kind::HeaderName => "header name".to_owned(),
            Kind::HeaderText => "visible ASCII".to_owned(),
            Kind::HeaderLines => "header lines, secret".to_owned(),
            Kind::Sha256 => "64 hexadecimal digits".to_owned(),
        }
    }
}

impl OptionRow {
    /// What the table says of the option under a name; `None` if there is nothing of that name.
    pub fn info(&self, what: &str) -> Option<String> {
        Some(match what {
            "type" => self.kind.word().to_owned(),
            "values" => self.kind.values(),
            "scope" => if self.per_call { "call" } else { "client" }.to_owned(),
            "secret" => if self.is_secret() { "1" } else { "0" }.to_owned(),
            "default" => self.fallback.to_owned(),
            "help" => self.help.to_owned(),
            _ => return None,
        })
    }

    /// Whether its value may hold a secret, and must not be shown.
    pub fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret | Kind::HeaderLines)
            || ["login.extra", "refresh.extra", "proxy"].contains(&self.key)
    }

    /// Checks a value; `Err` is the half sentence that says what it should be.
    pub(super) fn check(&self, value: &str) -> std::result::Result<(), String> {
        let visible = |c: char| c == ' ' || c.is_ascii_graphic();
        match self.kind {
            Kind::Text | Kind::Secret if value.contains('\0') => Err("text without NUL".into()),
            Kind::Text | Kind::Secret => Ok(()),
            Kind::Bool => matches!(value, "0" | "1").then_some(()).ok_or("0 or 1".into()),
            Kind::Number(low, high) => {
                let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
                let fits = digits && value.parse().is_ok_and(|n| (low..=high).contains(&n));
                fits.then_some(()).ok_or_else(|| format!("a whole number from {low} to {high}"))
            }
            Kind::Choice(words) => {
                words.contains(&value).then_some(()).ok_or_else(|| format!("one of {}", words.join(", ")))
            }
            Kind::Url => address::parse_base(value).map(|_: Url| ()).map_err(|why| why.to_owned()),
            Kind::Pointer => (value.is_empty() || value.starts_with('/'))
                .then_some(())
                .ok_or("empty or a pointer that starts with a slash".into()),
            Kind::JsonObject => {
                let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(value);
                object.map(|_| ()).map_err(|_| "the text of a JSON object".into())
            }
            Kind::HeaderName if headers::frames(value) => {
                Err("a header that does not belong to HTTP itself".into())
            }
            Kind::HeaderName => {
                http::HeaderName::from_bytes(value.as_bytes()).map(|_| ()).map_err(|_| "a header name".into())
            }
            Kind::HeaderLines => headers::lines(value).map(|_| ()),
            Kind::HeaderText => value.chars().all(visible).then_some(()).ok_or("visible ASCII".into()),
            Kind::Sha256 => (value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()))
                .then_some(())
                .ok_or("64 hexadecimal digits".into()),
        }
    }
}

/// The row of a key; an unknown key's error names the nearest known one.
pub fn row(key: &str) -> Result<&'static OptionRow> {
    ROWS.iter().find(|row| row.key == key).ok_or_else(|| {
        // Also what is compared: the work grows with the length of the text, which may be anything.
        let shown: String = key.chars().take(60).filter(|c| !c.is_control()).collect();
        let near =
            ROWS.iter().min_by_key(|row| strsim::damerau_levenshtein(row.key, &shown)).unwrap_or(&ROWS[0]);
        Error::argument(format!("There is no option \"{shown}\"; the nearest one is \"{}\".", near.key))
    })
}

/// The reference page, `docs/options.md`.
pub fn reference_page() -> String {
    let mut page = String::from(
        "# Options\n\nMade from the table in `src/options/table.rs` by `make docs`; the tests compare the two.\n\
         Keys and values are text. Times are in milliseconds, sizes in bytes.\n\
         *Call* marks what `crux_call_set` takes too.\n\n\
         | key | default | values | call | meaning |\n| --- | --- | --- | --- | --- |\n",
    );
    for row in ROWS {
        let mut values = row.kind.values();
        if row.is_secret() && !values.ends_with("secret") {
            values += ", secret";
        }
        let call = if row.per_call { "yes" } else { "" };
        page += &format!("| `{}` | {} | {values} | {call} | {} |\n", row.key, row.fallback, row.help);
    }
    page += "\n## Environment\n\n\
             The variables that `crux_options_env` reads. Of a service's rows, the first of which one is set counts.\n\n\
             | service | `base_url` | `token` | `user` | `secret` |\n| --- | --- | --- | --- | --- |\n";
    let cell = |name: &str| if name.is_empty() { String::new() } else { format!("`{name}`") };
    for (service, env) in service::SERVICES.iter().flat_map(|one| one.env.iter().map(move |env| (one, env))) {
        let cells = [env.base_url, env.token, env.user, env.secret].map(cell).join(" | ");
        page += &format!("| `{}` | {cells} |\n", service.name);
    }
    page
}
