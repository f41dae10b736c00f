//! What differs between services, as rows of data. No other file names a service.

use std::collections::HashMap;

use ureq::http::{HeaderName, header};

use crate::error::{Error, Result};
use crate::options::Options;
use crate::secret::Secret;

/// How a login hands over its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginMode {
    /// A member of the JSON answer; later requests carry it in a header.
    Bearer,
    /// A `token` cookie; later requests carry only `token=VALUE`.
    Cookie,
}

/// What a progress document looks like; the texts are JSON pointers.
#[derive(Debug)]
pub enum Progress {
    /// A number: below 0 failed, 100 done.
    Percent { percent: &'static str, message: &'static str },
    /// A status in words, and the address of the result.
    Record { status: &'static str, url: &'static str },
}

/// How a long-running job is watched.
#[derive(Debug)]
pub struct Watch {
    /// Whether only an answer with status 202 starts a job.
    pub only_accepted: bool,
    /// Pointers to the job in the answer that started it: its address, or its id.
    pub handles: &'static [&'static str],
    /// Path of the progress document, with `{}` for the id; empty = the handle is an address.
    pub path: &'static str,
    pub progress: Progress,
    /// Whether a job counts as done only when its result can be read, and says so.
    pub confirms: bool,
}

/// Where files go, and under which names.
#[derive(Debug)]
pub struct Upload {
    pub path: &'static str,
    pub field: &'static str,
    /// Part that repeats the file's name as text; empty = none.
    pub name_field: &'static str,
}

/// The fixed part of a service; `custom` fills in the rest from options.
#[derive(Debug)]
pub struct Row {
    pub name: &'static str,
    /// For a person.
    pub title: &'static str,
    pub base_url: Option<&'static str>,
    pub login_path: &'static str,
    pub user_field: &'static str,
    pub secret_field: &'static str,
    /// Further members of the login body, as JSON object text.
    pub login_extra: &'static str,
    /// Where the login answer holds the token, as RFC 6901 pointer.
    pub token_pointer: &'static str,
    pub scheme: &'static str,
    pub header: &'static str,
    /// 0 = unknown: renew on 401 only.
    pub lifetime_ms: u64,
    pub json_type: &'static str,
    /// Whether requests without a body name a type too, as the service's own samples do.
    pub always_typed: bool,
    /// GET that ends a session; empty = there is none: forgetting the token is all there is.
    pub logout_path: &'static str,
    /// POST that mails a link for a new password; empty = none that is known.
    pub reset_path: &'static str,
    pub upload: Upload,
    pub watch: Option<Watch>,
    /// GET with `email` and `redirect_uri` that tells how an account logs in; empty = none.
    pub method_path: &'static str,
    /// Variables that hold base URL, API key, user and password; `_ACCOUNT` may be appended to each.
    pub env: Env,
    /// Path fragments whose GET has an effect: such a call is never repeated.
    pub once: &'static [&'static str],
    /// Pointers to a person's text in an error document, tried in order.
    pub messages: &'static [&'static str],
}

/// Names of environment variables; empty = none.
#[derive(Debug)]
pub struct Env {
    pub base_url: &'static str,
    pub token: &'static str,
    pub user: &'static str,
    pub secret: &'static str,
}

/// See `Row::once`; the same for all services so far.
/// Path fragments behind which a token stands.
pub const SECRET_PATHS: &[&str] = &[
    "/accept-invite/",
    "/complete-password/",
    "/reset-password/",
    "/otp/login/",
    "/otp/authorize/",
    "/password_reset/",
    "/password_change/",
    "/password/change/",
];

pub const ONCE: &[&str] =
    &["/logout", "/otp/login", "/otp/generate", "/accept-invite/", "/complete-password/"];

/// Every place where protocol.md has seen a text for people, most specific first. A row for all
/// services: a proxy in front of one may answer in another's shape.
const MESSAGES: &[&str] = &[
    "/message",
    "/description",
    "/detail",
    "/exception/0",
    "/error_description",
    "/error/message",
    "/error",
    "/title",
];

const CRUX_CONNECT: Row = Row {
    name: "crux-connect",
    title: "Crux Connect",
    base_url: Some("https://api.cruxconnect.com/api/"),
    login_path: "organizations/user-login/",
    user_field: "username",
    secret_field: "password",
    login_extra: "",
    token_pointer: "/auth_token",
    scheme: "Token",
    header: "Authorization",
    lifetime_ms: 7_200_000,
    json_type: "application/json; charset=utf-8",
    always_typed: true,
    logout_path: "",
    reset_path: "organizations/reset-password/",
    upload: Upload { path: "organizations/files/upload/", field: "file", name_field: "filename" },
    watch: Some(Watch {
        only_accepted: false,
        handles: &["/export/uuid", "/uuid"],
        path: "data/export/{}/",
        progress: Progress::Record { status: "/status", url: "/url" },
        confirms: false,
    }),
    method_path: "",
    env: Env { base_url: "CRUX_API", token: "CRUX_TOKEN", user: "CRUX_USER", secret: "CRUX_PASSWORD" },
    once: ONCE,
    messages: MESSAGES,
};

/// The services known by name.
pub const ROWS: &[Row] = &[
    CRUX_CONNECT,
    Row {
        name: "crux-connect-sandbox",
        title: "the Crux Connect sandbox",
        base_url: Some("https://api-sandbox.cruxconnect.com/api/"),
        ..CRUX_CONNECT
    },
    Row {
        name: "crunch",
        title: "Crunch",
        base_url: Some("https://app.crunch.io/api/"),
        login_path: "public/login/",
        user_field: "email",
        secret_field: "password",
        login_extra: r#"{"token":true}"#,
        token_pointer: "/access_token",
        scheme: "Bearer",
        header: "Authorization",
        lifetime_ms: 0,
        json_type: "application/json",
        always_typed: false,
        logout_path: "logout/",
        reset_path: "public/password_reset/",
        upload: Upload { path: "sources/", field: "uploaded_file", name_field: "" },
        watch: Some(Watch {
            only_accepted: true,
            handles: &["/value"],
            path: "",
            progress: Progress::Percent { percent: "/value/progress", message: "/value/message" },
            confirms: true,
        }),
        method_path: "public/login/",
        env: Env { base_url: "R_CRUNCH_API", token: "R_CRUNCH_API_KEY", user: "", secret: "" },
        once: ONCE,
        messages: MESSAGES,
    },
    Row {
        name: "custom",
        title: "the service",
        base_url: None,
        login_path: "login",
        user_field: "username",
        secret_field: "password",
        login_extra: "",
        token_pointer: "/token",
        scheme: "Bearer",
        header: "Authorization",
        lifetime_ms: 0,
        json_type: "application/json",
        always_typed: false,
        logout_path: "",
        reset_path: "",
        upload: Upload { path: "", field: "", name_field: "" },
        watch: Some(Watch {
            only_accepted: true,
            handles: &["/value", "/progress_url", "/status_url"],
            path: "",
            progress: Progress::Percent { percent: "/value/progress", message: "/value/message" },
            confirms: true,
        }),
        method_path: "",
        env: Env { base_url: "CRUX_API", token: "CRUX_TOKEN", user: "CRUX_USER", secret: "CRUX_PASSWORD" },
        once: ONCE,
        messages: MESSAGES,
    },
];

/// The row of a service's name.
pub fn row(name: &str) -> Result<&'static Row> {
    ROWS.iter().find(|row| row.name == name).ok_or_else(|| {
        let known: Vec<_> = ROWS.iter().map(|row| row.name).collect();
        Error::argument(format!("The service \"{name}\" is not known; use one of {}.", known.join(", ")))
    })
}

/// A row with the caller's options laid over it.
#[derive(Debug)]
pub struct Service {
    pub row: &'static Row,
    pub login_path: String,
    pub logout_path: String,
    pub reset_path: String,
    pub user_field: String,
    pub secret_field: String,
    /// May hold secrets of its own.
    pub login_extra: Secret,
    /// The texts in it.
    pub extra_texts: Vec<Secret>,
    pub token_pointer: String,
    pub login_mode: LoginMode,
    pub scheme: String,
    pub header: String,
    pub lifetime_ms: u64,
    pub messages: Vec<String>,
}

impl Service {
    pub fn from_options(options: &Options) -> Result<Service> {
        let row = row(options.text("service").unwrap_or(ROWS[0].name))?;
        let text = |key: &str, fallback: &str| options.text(key).unwrap_or(fallback).to_owned();
        let mode = match options.text("login.mode") {
            Some("cookie") => LoginMode::Cookie,
            _ => LoginMode::Bearer,
        };
        // In cookie form the members that ask for a token in the body are left out.
        let extra = if mode == LoginMode::Cookie { "" } else { row.login_extra };
        let extra = Secret::new(options.text("login.extra").unwrap_or(extra));
        let members: HashMap<String, serde_json::Value> =
            serde_json::from_str(extra.expose()).unwrap_or_default();
        let extra_texts = members.into_values().filter_map(|value| match value {
            serde_json::Value::String(text) => Some(Secret::new(text)),
            _ => None,
        });
        Ok(Service {
            row,
            extra_texts: extra_texts.collect(),
            login_path: text("login.path", row.login_path),
            logout_path: text("logout.path", row.logout_path),
            reset_path: text("reset.path", row.reset_path),
            user_field: text("login.user_field", row.user_field),
            secret_field: text("login.secret_field", row.secret_field),
            login_extra: extra,
            token_pointer: text("login.token_pointer", row.token_pointer),
            login_mode: mode,
            scheme: text("auth.scheme", row.scheme),
            header: text("auth.header", row.header),
            lifetime_ms: options.number("token.lifetime_ms").unwrap_or(row.lifetime_ms),
            messages: match options.text("error.pointers") {
                Some(list) => list.split(' ').filter(|p| !p.is_empty()).map(str::to_owned).collect(),
                None => row.messages.iter().map(|p| (*p).to_owned()).collect(),
            },
        })
    }

    /// The header that carries the token.
    pub fn token_header(&self) -> Result<HeaderName> {
        match self.login_mode {
            LoginMode::Cookie => Ok(header::COOKIE),
            LoginMode::Bearer => HeaderName::from_bytes(self.header.as_bytes())
                .map_err(|_| Error::argument("The option \"auth.header\" must be a header name.")),
        }
    }

    /// Whether a GET of this path has an effect and must not be repeated.
    pub fn only_once(&self, path: &str) -> bool {
        self.row.once.iter().any(|fragment| path.contains(fragment))
    }
}
