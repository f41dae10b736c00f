//! One login: what is sent, and the token in what comes back. Goes to the configured base only.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, header};
use zeroize::Zeroize;

use crate::address;
use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::json::{Index, Json};
use crate::log::Level;
use crate::options::profile::LoginMode;
use crate::options::settings::Settings;
use crate::secret::{Secret, SecretBytes};
use crate::send::redacted;
use crate::send::request::{Finished, Request, Want};
use crate::session::{Credentials, Source, Token};
use crate::status;
use crate::transport::counters::Counters;
use crate::transport::exchange::Exchange;
use crate::transport::http::request_body::RequestBody;

/// Logs in with a user name and password; one request, never repeated once it may have arrived.
pub fn perform(client: &Client, credentials: &Credentials, caller: &Exchange) -> Result<Token> {
    let service = &client.profile;
    let born = client.session.clock.now();
    let target = address::resolve(&client.base, &service.login_path)?;
    if !client.origin.covers(&target) {
        return Err(Error::argument(
            "The option \"login.path\" leads away from the base; credentials go nowhere else.",
        ));
    }
    client.log.log(Level::Info, || format!("logging in at {}", crate::address::shown::shown(&target, &[])));
    let url = target.to_string();
    Counters::add(&client.transport.counters.logins, 1);
    let mut request = Request::new(Method::POST, target);
    request.anonymous = true;
    // Whatever the answer, it is the answer: a password is not sent twice, nor the login sent on.
    let settings = client.settings.clone();
    request.settings = Some(Box::new(Settings { redirect_max: 0, idempotent: false, ..settings }));
    let kind = HeaderValue::from_static(service.service.json_type);
    request.body = Some((RequestBody::Secret(body(client, credentials).into()), Some(kind)));
    let mut answer = caller.with_child(|exchange| crate::send::run(client, &request, exchange, Want::Buffer));
    let token = take_token(client, credentials, &answer, born, caller);
    let error = token.as_ref().err().cloned();
    client.set_last_login(redacted::of_login(&answer, url, error, service, credentials));
    // It holds the token, or may echo the password.
    answer.body.zeroize();
    token
}

fn take_token(
    client: &Client,
    credentials: &Credentials,
    answer: &Finished,
    born: Duration,
    caller: &Exchange,
) -> Result<Token> {
    let service = &client.profile;
    if let Some(error) = &answer.error {
        return Err(refusal(client, credentials, answer, error, caller));
    }
    let text = match service.login_mode {
        LoginMode::Bearer => token_in_body(client, answer)?,
        LoginMode::Cookie => token_in_cookie(&answer.headers)?,
    };
    Token::new(text.expose(), Source::Login, born, service).map_err(|_| {
        Error::new(Code::Protocol, "The login was answered with a token that cannot be sent in a header.")
    })
}

/// The JSON of a login, written by hand so that no map keeps a copy of the password.
fn body(client: &Client, credentials: &Credentials) -> SecretBytes {
    let service = &client.profile;
    let [user_field, user, secret_field, secret] =
        [&service.user_field, &credentials.user, &service.secret_field, credentials.secret.expose()]
            .map(Secret::quoted);
    // The text of an object, as was checked when it was set.
    let extra = service.login_extra.expose().trim();
    let extra = extra.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default().trim();
    let comma = if extra.is_empty() { "" } else { "," };
    let (user_field, user) = (user_field.expose(), user.expose());
    let (secret_field, secret) = (secret_field.expose(), secret.expose());
    Secret::concat(&["{", user_field, ":", user, ",", secret_field, ":", secret, comma, extra, "}"]).into()
}

fn token_in_body(client: &Client, answer: &Finished) -> Result<Secret> {
    let pointer = &client.profile.token_pointer;
    let index = Index::default();
    let json = Json::new(&answer.body, &index);
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    if json.has_duplicates(parent) {
        return Err(Error::new(
            Code::Protocol,
            "The login was answered with a document that names a member twice.",
        ));
    }
    json.string(pointer).map(Secret::new).ok_or_else(|| {
        Error::new(
            Code::Protocol,
            format!("The login at {} was answered with {}, but holds no token at {pointer}; check the base URL and the service.", client.origin, answer.status),
        )
    })
}

fn token_in_cookie(headers: &HeaderMap) -> Result<Secret> {
    let cookies = headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .filter_map(|cookie| cookie.trim_start().strip_prefix("token="))
        .filter_map(|rest| rest.split(';').next())
        .map(|value| value.trim().trim_matches('"'))
        .find(|value| !value.is_empty())
        .map(Secret::new)
        .ok_or_else(|| {
            Error::new(
                Code::Protocol,
                "The login was answered without a token cookie; try the option login.mode=bearer.",
            )
        })
}

/// The error of a login that brought no token.
fn refusal(
    client: &Client,
    credentials: &Credentials,
    answer: &Finished,
    error: &Error,
    caller: &Exchange,
) -> Error {
    if !matches!(answer.status, 400 | 401 | 403) {
        return error.clone();
    }
    let title = client.profile.service.title;
    let said = answer.server_message.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
    // It may echo what was sent.
    let said = credentials.secret.hide_in(said);
    let said = said.trim_end_matches(['.', ' ']);
    let advice = match uses_oauth(client, credentials, caller) {
        true => {
            "This account logs in through OAuth: set a secondary password with a password reset, or use an API key"
        }
        false => "Check the user name and password; it is not tried again until new ones are given",
    };
    let (status, name, origin) = (answer.status, status::name(answer.status), &client.origin);
    Error::new(
        Code::Auth,
        format!(
            "{title} at {origin} refused the login of {} ({status} {name}){said}. {advice}.",
            credentials.user
        ),
    )
}

/// Whether the service says that an account has no password of its own.
fn uses_oauth(client: &Client, credentials: &Credentials, caller: &Exchange) -> bool {
    let path = client.profile.service.login.method_path;
    if path.is_empty() {
        return false;
    }
    let Ok(mut target) = address::resolve(&client.base, path) else { return false };
    address::add_query(&mut target, "email", &credentials.user);
    address::add_query(&mut target, "redirect_uri", client.base.as_str());
    let mut request = Request::new(Method::GET, target);
    request.anonymous = true;
    request.settings = Some(Box::new(Settings { retry_max: 0, ..client.settings.clone() }));
    let answer = caller.with_child(|exchange| crate::send::run(client, &request, exchange, Want::Buffer));
    let index = Index::default();
    let json = Json::new(&answer.body, &index);
    answer.error.is_none()
        && json.string("/value/method").or(json.string("/method")).is_some_and(|m| m == "oauth")
}
