//! A service with the caller's options laid over it.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, Method, header};

use crate::error::{Error, Result};
use crate::headers;
use crate::options::Options;
use crate::options::job_rules::JobRules;
use crate::secret::Secret;
use crate::service::{self, Encoding, Service};

/// Options that say how a login is sent.
const OF_LOGIN: &[&str] = &[
    "login.path",
    "login.method",
    "login.encoding",
    "login.user_field",
    "login.secret_field",
    "login.extra",
];

/// How a login hands over its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginMode {
    /// A member of the JSON response; later requests carry it in a header.
    Bearer,
    /// A `token` cookie; later requests carry only `token=VALUE`.
    Cookie,
}

/// How a refresh token becomes a token.
#[derive(Debug)]
pub struct Refresh {
    pub path: String,
    pub field: String,
    pub pointer: String,
    /// Further members of the body, as the text of a JSON object.
    pub extra: Secret,
}

/// What a client knows of its service.
#[derive(Debug)]
pub struct Profile {
    pub service: &'static Service,
    pub login_path: String,
    pub login_method: Method,
    pub encoding: Encoding,
    /// Whether options say how a login is sent, so that they may say it wrongly.
    pub login_is_described: bool,
    /// Whether a login waits for the first request that needs it.
    pub login_late: bool,
    pub logout_path: String,
    pub reset_path: String,
    pub user_field: String,
    pub secret_field: String,
    /// May hold secrets of its own.
    pub login_extra: Secret,
    /// Texts of the caller's that may be secrets: in further members of logins, in headers.
    pub extra_texts: Vec<Secret>,
    pub refresh: Option<Refresh>,
    /// Headers of every request to the client's own origins.
    pub own_headers: Vec<(HeaderName, HeaderValue)>,
    pub expires_pointer: Option<String>,
    pub next_pointer: Option<String>,
    pub upload_field: String,
    pub token_pointer: String,
    pub login_mode: LoginMode,
    pub scheme: String,
    pub header: String,
    pub lifetime_ms: u64,
    /// Whether the lifetime was set explicitly: then a JWT is not asked.
    pub lifetime_is_set: bool,
    pub messages: Vec<String>,
    /// `None` = the service has no jobs.
    pub jobs: Option<JobRules>,
    /// Pointers to the id of what was made.
    pub ids: Vec<String>,
}

impl Profile {
    pub fn from_options(options: &Options) -> Result<Profile> {
        let service = match options.text("service") {
            Some(name) => service::named(name)?,
            None => service::SERVICES[0],
        };
        let profile = Profile::of(service, options);
        if profile.login_method == Method::GET && profile.encoding != Encoding::Basic {
            return Err(Error::argument(
                "The option \"login.method\" can be GET only if \"login.encoding\" is basic: a password does not travel in a URL.",
            ));
        }
        if let Some((name, _)) = profile.own_headers.iter().find(|(name, _)| profile.is_token_header(name)) {
            return Err(Error::argument(format!(
                "The option \"headers\" names {name}, which carries the token; use the option \"token\"."
            )));
        }
        Ok(profile)
    }

    /// The same for a service that need not be one of the list.
    pub fn of(service: &'static Service, options: &Options) -> Profile {
        let login = &service.login;
        let text = |key: &str, fallback: &str| options.text(key).unwrap_or(fallback).to_owned();
        let pointers = |key: &str, fallback: &[&str]| -> Vec<String> {
            match options.text(key) {
                Some(list) => list.split(' ').filter(|p| !p.is_empty()).map(str::to_owned).collect(),
                None => fallback.iter().map(|p| (*p).to_owned()).collect(),
            }
        };
        let mode = match options.text("login.mode") {
            Some("cookie") => LoginMode::Cookie,
            _ => LoginMode::Bearer,
        };
        // In cookie form the members that ask for a token in the body are left out.
        let extra = if mode == LoginMode::Cookie { "" } else { login.extra };
        let extra = Secret::new(options.text("login.extra").unwrap_or(extra));
        let refresh = options.text("refresh.path").map(|path| Refresh {
            path: path.to_owned(),
            field: text("refresh.field", "refresh"),
            pointer: text("refresh.pointer", "/refresh"),
            extra: Secret::new(options.text("refresh.extra").unwrap_or_default()),
        });
        let own_headers = headers::lines(options.text("headers").unwrap_or_default()).unwrap_or_default();
        let mut extra_texts = texts_of(&extra);
        extra_texts.extend(refresh.iter().flat_map(|refresh| texts_of(&refresh.extra)));
        let secret = own_headers.iter().filter(|(name, _)| !headers::is_harmless(name));
        extra_texts.extend(secret.filter_map(|(_, value)| value.to_str().ok()).map(Secret::new));
        Profile {
            service,
            extra_texts,
            refresh,
            own_headers,
            expires_pointer: options.text("token.expires_pointer").map(str::to_owned),
            next_pointer: options.text("page.next_pointer").map(str::to_owned),
            upload_field: text("upload.field", service.upload.field),
            login_path: text("login.path", login.path),
            login_method: Method::from_bytes(text("login.method", login.method).as_bytes())
                .unwrap_or(Method::POST),
            encoding: match options.text("login.encoding") {
                Some("json") => Encoding::Json,
                Some("form") => Encoding::Form,
                Some("basic") => Encoding::Basic,
                _ => login.encoding,
            },
            login_is_described: service.base_url.is_none() || OF_LOGIN.iter().any(|key| options.is_set(key)),
            login_late: options.text("login.when") == Some("first_use"),
            logout_path: text("logout.path", service.logout_path),
            reset_path: text("reset.path", service.reset_path),
            user_field: text("login.user_field", login.user_field),
            secret_field: text("login.secret_field", login.secret_field),
            login_extra: extra,
            token_pointer: text("login.token_pointer", login.token_pointer),
            login_mode: mode,
            scheme: text("auth.scheme", login.scheme).trim().to_owned(),
            header: text("auth.header", login.header),
            lifetime_ms: options.number("token.lifetime_ms").unwrap_or(login.lifetime_ms),
            lifetime_is_set: options.is_set("token.lifetime_ms"),
            jobs: JobRules::of(service, options),
            ids: pointers("result.pointers", service.ids),
            messages: pointers("error.pointers", service.messages),
        }
    }

    /// The header that carries the token.
    pub fn token_header(&self) -> Result<HeaderName> {
        match self.login_mode {
            LoginMode::Cookie => Ok(header::COOKIE),
            LoginMode::Bearer => HeaderName::from_bytes(self.header.as_bytes())
                .map_err(|_| Error::argument("The option \"auth.header\" must be a header name.")),
        }
    }

    /// Whether a header carries the token, so that callers must not set it.
    pub fn is_token_header(&self, name: &HeaderName) -> bool {
        match self.login_mode {
            LoginMode::Bearer => name.as_str().eq_ignore_ascii_case(&self.header),
            LoginMode::Cookie => *name == header::COOKIE,
        }
    }
}

/// The members of a JSON object, texts without their quotes, anything else as it stands.
pub fn members(object: &Secret) -> BTreeMap<String, Secret> {
    let members: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(object.expose()).unwrap_or_default();
    let text = |value| match value {
        serde_json::Value::String(text) => Secret::new(text),
        other => Secret::new(other.to_string()),
    };
    members.into_iter().map(|(name, value)| (name, text(value))).collect()
}

/// The texts in a JSON object.
fn texts_of(object: &Secret) -> Vec<Secret> {
    let members: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(object.expose()).unwrap_or_default();
    let mut texts = Vec::new();
    let mut left: Vec<_> = members.into_values().collect();
    while let Some(value) = left.pop() {
        match value {
            serde_json::Value::String(text) => texts.push(Secret::new(text)),
            // One of few digits, such as a version, would take others out.
            serde_json::Value::Number(number) if number.to_string().len() >= 4 => {
                texts.push(Secret::new(number.to_string()));
            }
            serde_json::Value::Array(items) => left.extend(items),
            serde_json::Value::Object(items) => left.extend(items.into_iter().map(|(_, item)| item)),
            _ => {}
        }
    }
    texts
}
