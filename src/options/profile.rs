//! A service with the caller's options laid over it.

use std::collections::HashMap;

use http::{HeaderName, header};

use crate::error::{Error, Result};
use crate::options::Options;
use crate::options::job_rules::JobRules;
use crate::secret::Secret;
use crate::service::{self, Service};

/// How a login hands over its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginMode {
    /// A member of the JSON response; later requests carry it in a header.
    Bearer,
    /// A `token` cookie; later requests carry only `token=VALUE`.
    Cookie,
}

/// What a client knows of its service.
#[derive(Debug)]
pub struct Profile {
    pub service: &'static Service,
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
        Ok(Profile::of(service, options))
    }

    /// The same for a service that need not be one of the list.
    pub fn of(service: &'static Service, options: &Options) -> Profile {
        let login = &service.login;
        let text = |key: &str, fallback: &str| options.text(key).unwrap_or(fallback).to_owned();
        let mode = match options.text("login.mode") {
            Some("cookie") => LoginMode::Cookie,
            _ => LoginMode::Bearer,
        };
        // In cookie form the members that ask for a token in the body are left out.
        let extra = if mode == LoginMode::Cookie { "" } else { login.extra };
        let extra = Secret::new(options.text("login.extra").unwrap_or(extra));
        let members: HashMap<String, serde_json::Value> =
            serde_json::from_str(extra.expose()).unwrap_or_default();
        let extra_texts = members.into_values().filter_map(|value| match value {
            serde_json::Value::String(text) => Some(Secret::new(text)),
            _ => None,
        });
        Profile {
            service,
            extra_texts: extra_texts.collect(),
            login_path: text("login.path", login.path),
            logout_path: text("logout.path", service.logout_path),
            reset_path: text("reset.path", service.reset_path),
            user_field: text("login.user_field", login.user_field),
            secret_field: text("login.secret_field", login.secret_field),
            login_extra: extra,
            token_pointer: text("login.token_pointer", login.token_pointer),
            login_mode: mode,
            scheme: text("auth.scheme", login.scheme),
            header: text("auth.header", login.header),
            lifetime_ms: options.number("token.lifetime_ms").unwrap_or(login.lifetime_ms),
            jobs: JobRules::of(service, options),
            ids: match options.text("result.pointers") {
                Some(list) => list.split(' ').filter(|p| !p.is_empty()).map(str::to_owned).collect(),
                None => service.ids.iter().map(|p| (*p).to_owned()).collect(),
            },
            messages: match options.text("error.pointers") {
                Some(list) => list.split(' ').filter(|p| !p.is_empty()).map(str::to_owned).collect(),
                None => service.messages.iter().map(|p| (*p).to_owned()).collect(),
            },
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
