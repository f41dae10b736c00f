//! One login: by a refresh token or a password. Goes to the configured base only.

use std::sync::Arc;

use http::{Method, header};
use zeroize::Zeroize;

use crate::address;
use crate::address::link::Link;
use crate::client::Client;
use crate::error::{Code, Error};
use crate::hooks;
use crate::json::{Index, Json};
use crate::log::Level;
use crate::options::settings::Settings;
use crate::secret::Secret;
use crate::send::request::{Finished, Request, Want};
use crate::send::{login_request, login_response, redacted};
use crate::session::{Credentials, Failure, LoggedIn, Password, Source, Token, TokenSource};
use crate::status;
use crate::transport::counters::Counters;
use crate::transport::exchange::Exchange;
use crate::transport::net::proxy::Proxy;

type Outcome = Result<LoggedIn, Failure>;

/// Largest token that a host may give.
const MOST_TOKEN: usize = 16 * 1024;

/// Gets a token: by the refresh token, if there is one, by the password if not or if it is refused, or from the
/// host, who is told which token was refused. Each is sent once.
pub fn perform(
    client: &Client,
    credentials: &Credentials,
    refused: Option<&Token>,
    caller: &Exchange,
) -> Outcome {
    match credentials {
        Credentials::Password(password) => by_password(client, password, caller),
        Credentials::Source(source) => Ok(from_host(client, source, refused)?.into()),
        Credentials::Refresh { user, token, password } => {
            let outcome = by_refresh(client, user, token, caller);
            match (outcome, password) {
                (Err(failure), Some(password)) if is_refusal(&failure) => {
                    client.log.log(Level::Info, || {
                        "the refresh token was not accepted; logging in with the password".to_owned()
                    });
                    client.session.forget_refresh(token);
                    by_password(client, password, caller)
                }
                (outcome, _) => outcome,
            }
        }
    }
}

fn is_refusal(failure: &Failure) -> bool {
    let status = failure.facts.as_ref().map_or(0, |facts| facts.status);
    matches!(status, 400..=499) && !matches!(status, 408 | 429)
}

pub fn by_password(client: &Client, password: &Password, caller: &Exchange) -> Outcome {
    let request = login_request::login(client, password)?;
    client.log.log(Level::Info, || format!("logging in at {}", client.shown(&request.url)));
    let explain = |response: &Finished, error: &Error, said: &str| {
        refusal(client, password, response, error, said, caller)
    };
    send(client, &request, &password.secret, None, caller, explain)
}

fn by_refresh(client: &Client, user: &str, token: &Secret, caller: &Exchange) -> Outcome {
    let Some(refresh) = &client.profile.refresh else {
        return Err(Error::argument("A refresh token needs the option \"refresh.path\".").into());
    };
    let request = login_request::refresh(client, refresh, token)?;
    client.log.log(Level::Info, || format!("refreshing the token at {}", client.shown(&request.url)));
    let explain = |response: &Finished, error: &Error, said: &str| {
        if !matches!(response.status, 400 | 401 | 403) {
            return error.clone();
        }
        let (title, origin) = (client.profile.service.title, &client.origin);
        let (status, name) = (response.status, status::name(response.status));
        let words = format!(
            "{title} at {origin} refused the refresh token of {user} ({status} {name}){said}. Log in again."
        );
        Error::new(Code::Auth, words)
    };
    send(client, &request, token, Some(token), caller, explain)
}

/// Sends what carries credentials, and keeps what the client tells of its last login.
fn send(
    client: &Client,
    request: &Request,
    secret: &Secret,
    refresh: Option<&Secret>,
    caller: &Exchange,
    explain: impl Fn(&Finished, &Error, &str) -> Error,
) -> Outcome {
    let born = client.session.clock.now();
    Counters::add(&client.transport.counters.logins, 1);
    let mut response =
        caller.with_child(|exchange| Box::new(crate::send::run(client, request, exchange, Want::Buffer)));
    // User name and password, as Basic writes them.
    let basic = request.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let basic = basic.and_then(|value| value.strip_prefix("Basic ")).map(Secret::new);
    // A forwarding proxy, or a server behind it, may echo what the proxy was sent.
    let of_proxy = proxy(client).map(|proxy| proxy.secrets()).unwrap_or_default();
    let mut secrets: Vec<&Secret> =
        [Some(secret), refresh, basic.as_ref()].into_iter().flatten().chain(&of_proxy).collect();
    let outcome = match &response.error {
        Some(error) => {
            let words = response.server_message.clone();
            Err(explain(&response, error, &said(client, words, &response, &secrets)))
        }
        None => login_response::take(client, &response, born, refresh).map_err(|error| {
            let words = login_response::sentence(&response.body);
            match said(client, words, &response, &secrets) {
                words if words.is_empty() => error,
                words => Error::new(error.code, format!("{} It says{words}.", error.message)),
            }
        }),
    };
    let logged_in = outcome.as_ref().ok();
    secrets.extend(logged_in.map(|logged_in| &logged_in.token.text));
    secrets.extend(logged_in.and_then(|logged_in| logged_in.refresh.as_ref()));
    let error = outcome.as_ref().err().cloned();
    let url = response.moved_to.take().unwrap_or_else(|| request.url.as_str().to_owned());
    let told = Arc::new(redacted::of_login(&response, url, error, &client.profile, &secrets));
    // It holds the token, or may echo the password.
    response.body.zeroize();
    client.set_last_login(told.clone());
    outcome.map_err(|error| Failure { error, facts: Some(told) })
}

/// The token of the host's own source.
fn from_host(client: &Client, source: &TokenSource, refused: Option<&Token>) -> Result<Token, Error> {
    let none = || Error::new(Code::Auth, "The token source of the program gave no token.");
    let source = source.0.upgrade().ok_or_else(none)?;
    let mut buffer = vec![0; MOST_TOKEN];
    client.log.log(Level::Info, || "asking the program for a token".to_owned());
    let length = hooks::supply(|| source(refused.map(|token| token.text.expose()), &mut buffer));
    let born = client.session.clock.now();
    let token = match usize::try_from(length) {
        Ok(1..=MOST_TOKEN) => {
            let text = std::str::from_utf8(&buffer[..length as usize]).unwrap_or_default();
            // What keyrings and commands add.
            client.token(text, Source::Host, born)
        }
        Ok(0) | Err(_) => Err(none()),
        Ok(_) => Err(Error::argument(format!(
            "The token source of the program says that its token is longer than the {MOST_TOKEN} bytes it had."
        ))),
    };
    buffer.zeroize();
    token
}

/// The proxy that forwards a login, if one does.
fn proxy(client: &Client) -> Option<Arc<Proxy>> {
    let (_, route) = client.way_to(&Link::from(client.base.clone())).ok()?;
    route.proxy.clone().filter(|_| route.is_forwarded())
}

/// The server's words, or those of its page, without the secrets that it may echo.
fn said(client: &Client, words: Option<String>, response: &Finished, secrets: &[&Secret]) -> String {
    let hidden = |text: String| {
        let all = secrets.iter().copied().chain(&client.profile.extra_texts);
        let text = all.fold(text, |text, secret| secret.hide_in(text));
        match proxy(client) {
            Some(proxy) => proxy.hide_in(text),
            None => text,
        }
    };
    // Before a page is cut: a part of a secret is one that is not found.
    let said = words.unwrap_or_else(|| page_of(response, hidden));
    let colon = if said.is_empty() { "" } else { ": " };
    hidden(format!("{colon}{said}")).trim_end_matches(['.', ' ']).to_owned()
}

/// The words of a page beyond its status; nothing of a document.
fn page_of(response: &Finished, hidden: impl Fn(String) -> String) -> String {
    let kind = response.head.text("content-type");
    if !kind.is_some_and(|kind| kind.trim_start().starts_with("text/html")) {
        return String::new();
    }
    let page = hidden(String::from_utf8_lossy(&response.body).into_owned());
    let words = status::words("", page.as_bytes());
    let words = words.strip_prefix(&response.status.to_string()).unwrap_or(&words).trim_start();
    if words == status::name(response.status) { String::new() } else { words.to_owned() }
}

/// What to check about a refused login; `described` = options say how it is sent.
fn advice(status: u16, described: bool) -> &'static str {
    match (status, described) {
        // Of a built-in service the form is right.
        (401 | 403, _) | (400, false) => {
            "Check the user name and password; it is not tried again until new ones are given"
        }
        (400, true) => {
            "Check the user name and password, and how they are sent: to the right path (option \"login.path\"), under the right names (\"login.user_field\", \"login.secret_field\", \"login.extra\") and in the right form (\"login.encoding\"); it is not tried again until new ones are given"
        }
        (422, true) => {
            "Check the names under which the login sends user name and password (options \"login.user_field\", \"login.secret_field\" and \"login.extra\"), and its form (\"login.encoding\")."
        }
        (415, true) => "Check the form in which the login is sent: the option \"login.encoding\".",
        (405 | 501, true) => {
            "This is where the login was sent: check the base URL, and the options \"login.path\" and \"login.method\"."
        }
        (300..=399 | 404 | 405 | 410 | 501, _) => {
            "This is where the login was sent: check the base URL, and the option \"login.path\"."
        }
        _ => "",
    }
}

/// The error of a login that brought no token.
fn refusal(
    client: &Client,
    password: &Password,
    response: &Finished,
    error: &Error,
    said: &str,
    caller: &Exchange,
) -> Error {
    let advice = advice(response.status, client.profile.login_is_described);
    if !matches!(response.status, 400 | 401 | 403) {
        let gap = if advice.is_empty() { "" } else { " " };
        return Error::new(error.code, format!("{}{gap}{advice}", error.message.trim_end()));
    }
    let title = client.profile.service.title;
    let advice = match uses_oauth(client, password, caller) {
        true => {
            "This account logs in through OAuth: set a secondary password with a password reset, or use an API key"
        }
        false => advice,
    };
    let (status, name, origin) = (response.status, status::name(response.status), &client.origin);
    let user = &password.user;
    let through = proxy(client)
        .map(|proxy| format!(" It came through the proxy {}, which may be what refuses.", proxy.place()));
    let through = through.unwrap_or_default();
    Error::new(
        Code::Auth,
        format!(
            "{title} at {origin} refused the login of {user} ({status} {name}){said}. {advice}.{through}"
        ),
    )
}

/// Whether the service says that an account has no password of its own.
fn uses_oauth(client: &Client, password: &Password, caller: &Exchange) -> bool {
    let path = client.profile.service.login.method_path;
    if path.is_empty() {
        return false;
    }
    let Ok(mut target) = address::resolve(&client.base, path) else { return false };
    address::add_query(&mut target, "email", &password.user);
    address::add_query(&mut target, "redirect_uri", client.base.as_str());
    let mut request = Request::new(Method::GET, target);
    request.anonymous = true;
    request.settings = Some(Box::new(Settings { retry_max: 0, ..login_request::settings(client) }));
    let response = caller.with_child(|exchange| crate::send::run(client, &request, exchange, Want::Buffer));
    let index = Index::default();
    let json = Json::new(&response.body, &index);
    response.error.is_none()
        && json.string("/value/method").or(json.string("/method")).is_some_and(|m| m == "oauth")
}
