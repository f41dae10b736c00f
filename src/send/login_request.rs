//! What a login and a refresh send: JSON, a form, or the header of Basic.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderValue, Method, header};

use crate::address;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::options::profile::{Refresh, members};
use crate::options::settings::Settings;
use crate::secret::{Secret, SecretBytes};
use crate::send::request::Request;
use crate::service::Encoding;
use crate::session::Password;
use crate::transport::http::request_body::RequestBody;

const FORM: &str = "application/x-www-form-urlencoded";

/// The request that logs in with a password.
pub fn login(client: &Client, password: &Password) -> Result<Box<Request>> {
    let profile = &client.profile;
    let mut request = to(client, profile.login_method.clone(), &profile.login_path, "login.path")?;
    let (user, secret) = (&password.user, password.secret.expose());
    let own = [(&*profile.user_field, user.as_str()), (&*profile.secret_field, secret)];
    match profile.encoding {
        Encoding::Basic => {
            if user.contains(':') {
                return Err(Error::argument(
                    "A user name with a colon cannot log in where the option \"login.encoding\" is basic.",
                ));
            }
            request.headers.insert(header::AUTHORIZATION, basic(user, secret)?);
            let extra = profile.login_extra.expose().trim();
            if !matches!(extra, "" | "{}") {
                request.body = body(client, Encoding::Json, &[], &profile.login_extra);
            }
        }
        encoding => request.body = body(client, encoding, &own, &profile.login_extra),
    }
    Ok(request)
}

/// The request that brings a new token for a refresh token.
pub fn refresh(client: &Client, refresh: &Refresh, token: &Secret) -> Result<Box<Request>> {
    let mut request = to(client, Method::POST, &refresh.path, "refresh.path")?;
    let own = [(&*refresh.field, token.expose())];
    request.body = body(client, client.profile.encoding, &own, &refresh.extra);
    Ok(request)
}

/// A request that carries credentials: to the base, once, wherever the response leads.
fn to(client: &Client, method: Method, path: &str, option: &str) -> Result<Box<Request>> {
    let target = address::resolve(&client.base, path)?;
    if !client.origin.covers(&target) {
        return Err(Error::argument(format!(
            "The option \"{option}\" leads away from the base; credentials go nowhere else."
        )));
    }
    // Boxed, as what follows may find little stack.
    let mut request = Box::new(Request::new(method, target));
    request.anonymous = true;
    request.once = true;
    // Uncompressed: the memory of a decompressor cannot be wiped.
    (request.confidential, request.identity) = (true, true);
    request.settings = Some(Box::new(Settings { redirect_max: 0, idempotent: false, ..settings(client) }));
    Ok(request)
}

/// Of whatever belongs to a login, only a small response is read.
pub fn settings(client: &Client) -> Settings {
    client.settings.for_document("response to the login")
}

/// Written by hand, so that no map keeps a copy of a secret.
fn body(
    client: &Client,
    encoding: Encoding,
    own: &[(&str, &str)],
    extra: &Secret,
) -> Option<(RequestBody, Option<HeaderValue>)> {
    let (bytes, kind) = match encoding {
        Encoding::Form => (form(own, extra), FORM),
        Encoding::Json | Encoding::Basic => (json(own, extra), client.profile.service.json_type),
    };
    let bytes = SecretBytes::from(bytes);
    Some((RequestBody::Secret(bytes.into()), Some(HeaderValue::from_static(kind))))
}

fn json(own: &[(&str, &str)], extra: &Secret) -> Secret {
    let quoted: Vec<_> =
        own.iter().map(|(name, value)| (Secret::quoted(name), Secret::quoted(value))).collect();
    // The text of an object, as was checked when it was set.
    let extra = extra.expose().trim();
    let extra = extra.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default().trim();
    let mut parts = vec!["{"];
    for (at, (name, value)) in quoted.iter().enumerate() {
        parts.extend([if at > 0 { "," } else { "" }, name.expose(), ":", value.expose()]);
    }
    let comma = if extra.is_empty() || quoted.is_empty() { "" } else { "," };
    parts.extend([comma, extra, "}"]);
    Secret::concat(&parts)
}

fn form(own: &[(&str, &str)], extra: &Secret) -> Secret {
    let extra = members(extra);
    let extra = extra.iter().map(|(name, value)| (name.as_str(), value.expose()));
    let pairs: Vec<_> = own
        .iter()
        .copied()
        .chain(extra)
        .map(|(name, value)| (Secret::form(name), Secret::form(value)))
        .collect();
    let mut parts = Vec::new();
    for (at, (name, value)) in pairs.iter().enumerate() {
        parts.extend([if at > 0 { "&" } else { "" }, name.expose(), "=", value.expose()]);
    }
    Secret::concat(&parts)
}

fn basic(user: &str, secret: &str) -> Result<HeaderValue> {
    let plain = Secret::concat(&[user, ":", secret]);
    let mut line = vec![0; 6 + plain.expose().len().div_ceil(3) * 4];
    line[..6].copy_from_slice(b"Basic ");
    let fault = |_| Error::argument("The user name or the password cannot be sent in a header.");
    STANDARD
        .encode_slice(plain.expose(), &mut line[6..])
        .map_err(|_| Error::argument("The user name or the password is too long."))?;
    let line = Bytes::from_owner(SecretBytes::new(line));
    let mut value = HeaderValue::from_maybe_shared(line).map_err(fault)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies() {
        let (own, extra) = ([("u ü", "a&b"), ("p", "x y")], Secret::new(r#"{"n": 1, "t": "é="}"#));
        assert_eq!(json(&own, &extra).expose(), r#"{"u ü":"a&b","p":"x y","n": 1, "t": "é="}"#);
        assert_eq!(json(&own[..1], &Secret::new("")).expose(), r#"{"u ü":"a&b"}"#);
        assert_eq!(json(&[], &Secret::new(r#"{"a":1}"#)).expose(), r#"{"a":1}"#);
        assert_eq!(form(&own, &extra).expose(), "u%20%C3%BC=a%26b&p=x%20y&n=1&t=%C3%A9%3D");
        assert_eq!(basic("Aladdin", "open sesame").unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }
}
