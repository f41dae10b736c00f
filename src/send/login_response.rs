//! The token in the response to a login, and the response without it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::json::{Index, Json, Type};
use crate::options::profile::LoginMode;
use crate::secret::Secret;
use crate::send::request::Finished;
use crate::session::{LoggedIn, Source, Token, jwt};
use crate::status;
use crate::transport::head::{Head, visible};

/// Words of so many bytes may be tokens.
const SHORTEST_TOKEN: usize = 16;

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
        LoginMode::Cookie => token_in_cookie(&response.head, client.base.path())?,
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
    let found = json.string(pointer).map(Secret::new).or_else(|| plain_text(pointer, response, json));
    let found = found.filter(|text| !text.expose().trim().is_empty());
    found.map(|text| without_scheme(&text, &client.profile.scheme)).ok_or_else(|| {
        let advice = match token_in_cookie(&response.head, client.base.path()) {
            Ok(_) => "it sets a token cookie: try the option \"login.mode\" with the value cookie",
            Err(_) => "check the base URL and the service",
        };
        let place = if pointer.is_empty() { String::new() } else { format!(" at {pointer}") };
        let advice = elsewhere(json).map_or(advice.to_owned(), |at| {
            format!(
                "it has a text at {at}: if that is the token, say so with the option \"login.token_pointer\""
            )
        });
        Error::new(
            Code::Protocol,
            format!(
                "The login at {} was answered with {}, but holds no token{place}; {advice}.",
                client.origin, response.status
            ),
        )
    })
}

/// The token that is the whole body, as a text that is no JSON.
fn plain_text(pointer: &str, response: &Finished, json: &Json<'_>) -> Option<Secret> {
    let is_text = pointer.is_empty() && json.kind("") == Type::None && !response.is_page();
    let text = std::str::from_utf8(&response.body).ok().filter(|_| is_text)?;
    Some(Secret::new(text.trim()))
}

/// A token without the word that is sent before it, which some services write with it.
fn without_scheme(text: &Secret, scheme: &str) -> Secret {
    let rest = text.expose().split_once(' ').filter(|(word, _)| word.eq_ignore_ascii_case(scheme));
    rest.map_or_else(|| text.clone(), |(_, rest)| Secret::new(rest.trim()))
}

/// What a document that holds no token where one is looked for says: a sentence, without a word that may be one.
pub fn sentence(body: &[u8]) -> Option<String> {
    let index = Index::default();
    let json = Json::new(body, &index);
    let places = ["/error_description", "/error/message", "/error", "/message", "/detail", "/msg", "/reason"];
    let is_plain = |text: &str| text.contains(' ') && text.split(' ').all(|word| word.len() < SHORTEST_TOKEN);
    let said = places.iter().filter_map(|at| json.string(at)).find(|text| is_plain(text));
    said.map(|text| status::one_line(&text))
}

/// Where else a text stands that is called a token.
fn elsewhere(json: &Json<'_>) -> Option<String> {
    const NAMES: &[&str] =
        &["access_token", "token", "accessToken", "auth_token", "jwt", "id_token", "key", "access"];
    let all = ["", "/data", "/result", "/user", "/session", "/auth"];
    let all = all.iter().flat_map(|at| NAMES.iter().map(move |name| format!("{at}/{name}")));
    all.into_iter().find(|at| json.kind(at) == Type::String)
}

/// The token among the cookies of a login, for a base with this path. It goes to the origin that set it and nowhere
/// else, so that a Domain cannot lead it astray; a cookie of another path is another application's.
fn token_in_cookie(head: &Head, base: &str) -> Result<Secret> {
    let now = date_of(head).unwrap_or_else(SystemTime::now);
    let tokens = head.all("set-cookie").filter_map(visible).filter_map(|cookie| {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (_, value) = pair.split_once('=').filter(|(name, _)| name.trim() == "token")?;
        let value = value.trim().trim_matches('"');
        // One that has expired does not count.
        let lives = !matches!(value, "" | "deleted") && !has_expired(attributes, now);
        lives.then(|| (value, named(attributes, "path").next_back().filter(|path| path.starts_with('/'))))
    });
    let tokens: Vec<_> = tokens.collect();
    // The last of a name is the one that stays.
    let last = |fits: &dyn Fn(&str) -> bool| tokens.iter().rfind(|(_, path)| path.is_none_or(fits));
    let found = last(&|path| path_matches(base, path)).or_else(|| last(&|path| path_matches(path, base)));
    if let Some((token, _)) = found {
        return Ok(Secret::new(*token));
    }
    let what = match tokens.last().and_then(|(_, path)| *path) {
        Some(path) => {
            let path = status::one_line(path);
            format!("The login set a token cookie for {path} alone, where the base URL is not; check the base URL.")
        }
        None => {
            "The login was answered without a token cookie; try the option \"login.mode\" with the value bearer."
                .to_owned()
        }
    };
    Err(Error::new(Code::Protocol, what))
}

/// Whether a cookie of such a path is for a request of this one (RFC 6265, 5.1.4).
fn path_matches(request: &str, cookie: &str) -> bool {
    let rest = request.strip_prefix(cookie);
    rest.is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

/// The values of an attribute of a cookie.
fn named<'a>(attributes: &'a str, wanted: &'static str) -> impl DoubleEndedIterator<Item = &'a str> {
    let all = attributes.split(';').filter_map(|pair| pair.split_once('='));
    all.filter(move |(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
}

/// Whether the attributes of a cookie say that it is to be deleted: Max-Age counts before Expires.
fn has_expired(attributes: &str, now: SystemTime) -> bool {
    let named = |wanted: &'static str| named(attributes, wanted);
    // Of several of a name the last one that can be read counts; a number may be longer than any that fits.
    let mut ages = named("max-age").filter_map(|text| {
        let (digits, is_below) = text.strip_prefix('-').map_or((text, false), |digits| (digits, true));
        let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        is_number.then(|| is_below || digits.bytes().all(|digit| digit == b'0'))
    });
    if let Some(is_over) = ages.next_back() {
        return is_over;
    }
    named("expires").filter_map(cookie_date).next_back().is_some_and(|date| date <= now)
}

/// A date as cookies have it, in whatever order and with whatever between its parts (RFC 6265, 5.1.1).
fn cookie_date(text: &str) -> Option<SystemTime> {
    const MONTHS: &[&str] =
        &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(|c: char| !c.is_ascii_alphanumeric() && c != ':').filter(|part| !part.is_empty())
    {
        let digits = token.bytes().take_while(u8::is_ascii_digit).count();
        let number = || token[..digits].parse::<u64>().ok();
        let parts = || token.split(':').map(|part| part.parse::<u64>().ok().filter(|n| *n < 60)).collect();
        match digits {
            1..=2 if time.is_none() && token.contains(':') => time = parts(),
            1..=2 if day.is_none() => day = number(),
            0 if month.is_none() => {
                let name = token.get(..3).map(str::to_ascii_lowercase).unwrap_or_default();
                month = MONTHS.iter().position(|month| *month == name);
            }
            _ if (2..=4).contains(&digits) && year.is_none() => year = number(),
            _ => {}
        }
    }
    let time: Vec<u64> = time?;
    let [hour, minute, second] = time[..] else { return None };
    let (day, month) = (day?, month? as u64);
    let year = match year? {
        short @ 0..70 => short + 2000,
        short @ 70..100 => short + 1900,
        year => year,
    };
    // Days of the years that begin with March, as the leap day is then their last.
    let (years, months) = if month < 2 { (year.saturating_sub(1), month + 10) } else { (year, month - 2) };
    let days = 365 * years + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day;
    let seconds = 3600 * hour + 60 * minute + second;
    // What ended before 1970 has ended.
    Some(UNIX_EPOCH + Duration::from_secs((days.saturating_sub(719_469) * 86_400).saturating_add(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_cookies() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Tue, 29 Feb 2028 23:59:59 GMT",
            "Thu, 01 Jan 1970 00:00:00 GMT",
        ] {
            assert_eq!(cookie_date(text), httpdate::parse_http_date(text).ok(), "{text}");
        }
        for odd in [
            "",
            "soon",
            "06 Nov 1994",
            "06 Nov 1994 08:49",
            "Nov 1994 08:49:37",
            "06 Xyz 1994 08:49:37",
            "06 Nov 1994 08:99:37",
        ] {
            assert_eq!(cookie_date(odd), None, "{odd}");
        }
    }

    #[test]
    fn the_last_cookie_that_lives() {
        let token = |cookies: &[&str]| {
            let mut fields = vec![("Date", "Sun, 06 Nov 1994 08:49:37 GMT")];
            fields.extend(cookies.iter().map(|cookie| ("Set-Cookie", *cookie)));
            token_in_cookie(&Head::of(200, fields), "/api/").ok().map(|token| token.expose().to_owned())
        };
        let real = Some("real123".to_owned());
        for (cookies, want) in [
            (&["token=deleted; Max-Age=0", "token=real123"][..], real.clone()),
            (&["token=old1", "token=real123; Path=/; HttpOnly"], real.clone()),
            (&["token=real123", "token=deleted; Max-Age=0"], real.clone()),
            (&["token=x123; expires=Thu, 01-Jan-1970 00:00:00 GMT", "token=\"real123\""], real.clone()),
            (&["token=real123; Expires=Sun, 06 Nov 1994 08:50:00 GMT"], real.clone()),
            (&["token=real123; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], real.clone()),
            (&["token=x123; Expires=Sun, 06 Nov 1994 08:49:00 GMT"], None),
            (&["token=x123; max-age=-1"], None),
            (&["token=x123; max-age=-99999999999999999999"], None),
            (&["token=x123; max-age=0; max-age=60"], Some("x123".to_owned())),
            (&["token=x123; max-age=60; max-age=0"], None),
            (&["token=x123; max-age=+0"], Some("x123".to_owned())),
            (&[" token = real123 ; path=/"], Some("real123".to_owned())),
            (&["token=x123; Expires=Thu, 01-Jan-70 00:00:01 GMT"], None),
            (&["token=x123; expires=thu, 1 jan 1970 0:00:00 utc"], None),
            (&["token=x123; expires=Mon, 01-Jan-1601 00:00:00 GMT"], None),
            (&["token=x123; expires=Thu Jan  1 00:00:00 1970"], None),
            (&["token=x123; expires=Sunday, 06-Nov-94 08:49:36 GMT"], None),
            (&["token=x123; expires=Sunday, 06-Nov-94 08:49:38 GMT"], Some("x123".to_owned())),
            (&["token=x123; expires=Tue, 29 Feb 2028 00:00:00 GMT"], Some("x123".to_owned())),
            (&["token=x123; expires=soon"], Some("x123".to_owned())),
            (&["token=x123; path=/other"], None),
            (&["token=x123; path=/apis"], None),
            (&["token=x123; path=/api"], Some("x123".to_owned())),
            (&["token=x123; path=/api/v2"], Some("x123".to_owned())),
            (&["token=x123; path=other"], Some("x123".to_owned())),
            (&["token=x123; domain=other.test"], Some("x123".to_owned())),
            (&["token=real123; path=/", "token=x123; path=/other"], real.clone()),
            (&["token=real123; path=/", "token=x123; path=/api/login"], real.clone()),
            (&["token=x123; path=/", "token=real123; path=/api/"], real),
            (&["token=deleted"], None),
            (&["token="], None),
            (&["other=x123"], None),
        ] {
            assert_eq!(token(cookies), want, "{cookies:?}");
        }
    }
}
