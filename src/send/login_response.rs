//! The token in the response to a login, and the response without it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::json::{Index, Json};
use crate::options::profile::LoginMode;
use crate::secret::Secret;
use crate::send::request::Finished;
use crate::session::{LoggedIn, Source, Token, jwt};
use crate::transport::head::{Head, visible};

/// The token, and the refresh token, of a response that is a success. `born` is when it was asked for.
pub fn take(
    client: &Client,
    response: &Finished,
    born: Duration,
    before: Option<&Secret>,
) -> Result<LoggedIn> {
    let profile = &client.profile;
    let index = Index::default();
    let json = Json::new(&response.body, &index);
    let text = match profile.login_mode {
        LoginMode::Bearer => token_in_body(client, response, &json)?,
        LoginMode::Cookie => token_in_cookie(&response.head)?,
    };
    let token = Token::new(text.expose(), Source::Login, born, profile).map_err(|_| {
        Error::new(Code::Protocol, "The login was answered with a token that cannot be sent in a header.")
    })?;
    let told = profile.expires_pointer.as_ref().and_then(|pointer| json.double(pointer));
    let told = told.filter(|seconds| (1e-3..1e10).contains(seconds)).map(Duration::from_secs_f64);
    let read = || {
        let date = date_of(&response.head).unwrap_or_else(SystemTime::now);
        let now = date.duration_since(UNIX_EPOCH).ok().map(|now| now.as_secs() as i64);
        jwt::lifetime(text.expose(), now).filter(|_| !profile.lifetime_is_set)
    };
    let lifetime = told.or_else(read);
    let refresh = profile.refresh.as_ref().and_then(|refresh| {
        let new = json.string(&refresh.pointer).filter(|text| !text.is_empty()).map(Secret::new);
        new.or_else(|| before.cloned())
    });
    Ok(LoggedIn { token: Box::new(Token { lifetime, ..token }), refresh })
}

/// When a response was sent, by the server's own clock.
fn date_of(head: &Head) -> Option<SystemTime> {
    httpdate::parse_http_date(head.text("date")?).ok()
}

fn token_in_body(client: &Client, response: &Finished, json: &Json<'_>) -> Result<Secret> {
    let pointer = &client.profile.token_pointer;
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    if json.has_duplicates(parent) {
        return Err(Error::new(
            Code::Protocol,
            "The login was answered with a document that names a member twice.",
        ));
    }
    json.string(pointer).map(Secret::new).ok_or_else(|| {
        let advice = match token_in_cookie(&response.head) {
            Ok(_) => "it sets a token cookie: try the option \"login.mode\" with the value cookie",
            Err(_) => "check the base URL and the service",
        };
        Error::new(
            Code::Protocol,
            format!(
                "The login at {} was answered with {}, but holds no token at {pointer}; {advice}.",
                client.origin, response.status
            ),
        )
    })
}

fn token_in_cookie(head: &Head) -> Result<Secret> {
    let now = date_of(head).unwrap_or_else(SystemTime::now);
    let cookies = head.all("set-cookie").filter_map(visible);
    // The last of a name is the one that stays; one that has expired does not count.
    let last =
        cookies.filter_map(|cookie| cookie.trim_start().strip_prefix("token=")).fold(None, |found, rest| {
            let (value, attributes) = rest.split_once(';').unwrap_or((rest, ""));
            let value = value.trim().trim_matches('"');
            let lives = !matches!(value, "" | "deleted") && !has_expired(attributes, now);
            if lives { Some(value) } else { found }
        });
    last.map(Secret::new).ok_or_else(|| {
        Error::new(
            Code::Protocol,
            "The login was answered without a token cookie; try the option \"login.mode\" with the value bearer.",
        )
    })
}

/// Whether the attributes of a cookie say that it is to be deleted: Max-Age counts before Expires.
fn has_expired(attributes: &str, now: SystemTime) -> bool {
    let named = |wanted: &str| {
        let mut all = attributes.split(';').filter_map(|pair| pair.split_once('='));
        all.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
    };
    if let Some(seconds) = named("max-age").and_then(|text| text.parse::<i64>().ok()) {
        return seconds <= 0;
    }
    let Some(text) = named("expires") else { return false };
    // Browsers take dashes where RFC 9110 wants blanks.
    let date =
        httpdate::parse_http_date(text).or_else(|_| httpdate::parse_http_date(&text.replace('-', " ")));
    date.is_ok_and(|date| date <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_cookie_that_lives() {
        let token = |cookies: &[&str]| {
            let mut fields = vec![("Date", "Sun, 06 Nov 1994 08:49:37 GMT")];
            fields.extend(cookies.iter().map(|cookie| ("Set-Cookie", *cookie)));
            token_in_cookie(&Head::of(200, fields)).ok().map(|token| token.expose().to_owned())
        };
        let real = Some("real123".to_owned());
        for (cookies, want) in [
            (&["token=deleted; Max-Age=0", "token=real123"][..], real.clone()),
            (&["token=old1", "token=real123; Path=/; HttpOnly"], real.clone()),
            (&["token=real123", "token=deleted; Max-Age=0"], real.clone()),
            (&["token=x123; expires=Thu, 01-Jan-1970 00:00:00 GMT", "token=\"real123\""], real.clone()),
            (&["token=real123; Expires=Sun, 06 Nov 1994 08:50:00 GMT"], real.clone()),
            (&["token=real123; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], real),
            (&["token=x123; Expires=Sun, 06 Nov 1994 08:49:00 GMT"], None),
            (&["token=x123; max-age=-1"], None),
            (&["token=deleted"], None),
            (&["token="], None),
            (&["other=x123"], None),
        ] {
            assert_eq!(token(cookies), want, "{cookies:?}");
        }
    }
}
