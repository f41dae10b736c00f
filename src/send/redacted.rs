//! The response of a login without its secrets, kept so that a program can look at it.

use zeroize::{Zeroize, Zeroizing};

use crate::error::Error;
use crate::json::{Index, Json, Type};
use crate::options::profile::Profile;
use crate::secret::{self, Secret};
use crate::send::request::Finished;
use crate::session::LastLogin;
use crate::session::Source;
use crate::transport::head::Head;

/// What stands where a secret stood.
const HIDDEN: &str = "[secret]";

/// Members whose texts are secrets, whatever the service; compared without case, `-` and `_`.
const SECRET_MEMBERS: &[&str] = &[
    "token",
    "key",
    "bearer",
    "sessionid",
    "jwt",
    "access",
    "refresh",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "sessiontoken",
    "apikey",
    "password",
    "passwd",
    "secret",
    "clientsecret",
];

/// A copy of a login's response: no token, no password, no cookie, none of the secrets that were `used`. `error`
/// is how the login went.
pub fn of_login(
    response: &Finished,
    url: String,
    error: Option<Error>,
    profile: &Profile,
    used: &[&Secret],
) -> LastLogin {
    let secrets = secrets(response, profile, used);
    let source = error.is_none().then_some(Source::Login);
    LastLogin {
        status: response.status,
        head: head(&response.head, &secrets),
        body: body(&response.body, &secrets),
        url,
        location: response.location.clone().filter(|text| !holds(text, &secrets)),
        warning: response.warning.clone(),
        server_message: response.server_message.clone(),
        attempts: response.attempts,
        elapsed: response.elapsed,
        retry_after: response.retry_after,
        retryable: response.retryable,
        maybe_sent: response.maybe_sent,
        verified: response.verified,
        token_source: source,
        error,
    }
}

fn is_secret_member(key: &[u8]) -> bool {
    let plain: String = String::from_utf8_lossy(key)
        .chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    SECRET_MEMBERS.contains(&&*plain)
}

/// Every text that must not be seen, as it is and as JSON writes it.
fn secrets(response: &Finished, profile: &Profile, used: &[&Secret]) -> Vec<Secret> {
    let mut found: Vec<Secret> = used.iter().map(|secret| (*secret).clone()).collect();
    found.extend(profile.extra_texts.iter().cloned());
    let index = Index::default();
    let json = Json::new(&response.body, &index);
    let pointers = profile.refresh.iter().map(|refresh| &refresh.pointer).chain([&profile.token_pointer]);
    found.extend(pointers.filter_map(|pointer| json.string(pointer)).map(Secret::new));
    if let Some(start) = json.place("") {
        json.walk(start, |step| {
            if step.kind == Type::String
                && step.key.is_some_and(is_secret_member)
                && let Some(text) = step.text
            {
                found.push(Secret::new(String::from_utf8_lossy(text)));
            }
            0
        });
    }
    let as_json: Vec<Secret> = found.iter().map(|text| Secret::quoted(text.expose())).collect();
    let as_form: Vec<Secret> = found.iter().map(|text| Secret::form(text.expose())).collect();
    found.extend(as_json.iter().map(|text| Secret::new(text.expose().trim_matches('"'))));
    found.extend(as_form);
    found.retain(|text| !text.is_empty());
    // The longest first: a short one may be a part of it.
    found.sort_by_key(|text| std::cmp::Reverse(text.expose().len()));
    found
}

fn holds(text: &str, secrets: &[Secret]) -> bool {
    secrets.iter().any(|secret| text.contains(secret.expose()))
}

/// Whether a text of a JSON document is a secret, or holds one, that other escapes than those of `Secret::quoted` hide.
fn holds_escaped(text: &str, secrets: &[Secret]) -> bool {
    let index = Index::default();
    let json = Json::new(text.as_bytes(), &index);
    let is_one = |bytes: &[u8]| holds(&Zeroizing::new(String::from_utf8_lossy(bytes).into_owned()), secrets);
    json.place("").is_some_and(|start| {
        json.walk(start, |step| i32::from([step.key, step.text].into_iter().flatten().any(is_one))) != 0
    })
}

fn head(all: &Head, secrets: &[Secret]) -> Head {
    let is_fit = |(name, value): &(&str, &[u8])| {
        let name = name.to_ascii_lowercase();
        let text = Zeroizing::new(String::from_utf8_lossy(value).into_owned());
        let names_session = ["set-cookie", "authorization"].contains(&&*name);
        !names_session && !name.contains("token") && !holds(&text, secrets)
    };
    Head::of(all.status, all.fields().filter(is_fit))
}

/// The body with each secret replaced; nothing of one that is no text, or that holds a secret too short
/// to be replaced.
fn body(bytes: &[u8], secrets: &[Secret]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let mut clean = Zeroizing::new(text.to_owned());
    for secret in secrets {
        let hidden = secret::hide(secret.expose(), std::mem::take(&mut *clean));
        *clean = hidden;
    }
    let left = Zeroizing::new(clean.replace(HIDDEN, ""));
    if holds(&left, secrets) || holds_escaped(&left, secrets) {
        clean.zeroize();
    }
    clean.as_bytes().to_vec()
}
