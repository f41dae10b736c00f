//! The end of a session, and a password that was forgotten.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method};

use crate::address;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::send;
use crate::send::request::{Finished, Request, Want};
use crate::transport::exchange::Exchange;
use crate::transport::http::request_body::RequestBody;

/// Ends the session: at the server if it has a call for that, and here whatever it responds.
pub fn log_out(client: &Client, exchange: &Arc<Exchange>) -> Finished {
    let Some(token) = client.forget() else {
        return said("There was no session to end.".to_owned());
    };
    let path = &client.profile.logout_path;
    if path.is_empty() {
        let title = client.profile.service.title;
        return said(format!(
            "The token was forgotten here; {title} has no logout call, so it expires by itself."
        ));
    }
    let mut request = match address::resolve(&client.base, path) {
        Ok(url) => Request::new(Method::GET, url),
        Err(error) => return Finished::failed(error),
    };
    // The token goes along explicitly: the session has none any more, and must not get a new one.
    request.anonymous = true;
    request.headers.insert(&token.header.0, token.header.1.clone());
    let mut finished = send::run(client, &request, exchange, Want::Buffer);
    match &mut finished.error {
        None => {
            let title = client.profile.service.title;
            finished.note =
                Some(format!("The session at {title} has ended, and the token was forgotten here."));
        }
        Some(error) => {
            if finished.status == 401 {
                // The send loop knows of no token, because the session has none any more.
                let title = client.profile.service.title;
                let said = finished.server_message.as_deref().map(|said| format!(": {said}"));
                let said = said.unwrap_or_default();
                let said = said.trim_end_matches(['.', ' ']);
                error.message = format!(
                    "{title} did not accept the token at its logout (401 Unauthorized){said}. The session had ended before."
                );
            }
            error.message.push_str(" The token was forgotten here all the same.");
        }
    }
    finished
}

fn said(note: String) -> Finished {
    Finished { note: Some(note), ..Finished::default() }
}

/// The request that asks for a mail with a new password; needs no login.
pub fn reset_password(client: &Client, email: &str) -> Result<Request> {
    let path = &client.profile.reset_path;
    if path.is_empty() {
        return Err(Error::argument(
            "This service has no password reset that is known; name its path with the option \"reset.path\".",
        ));
    }
    let quoted =
        serde_json::to_string(email).map_err(|_| Error::argument("The e-mail address cannot be sent."))?;
    let mut request = Request::new(Method::POST, address::resolve(&client.base, path)?);
    request.anonymous = true;
    let body = format!("{{\"email\":{quoted}}}");
    request.body = Some((
        RequestBody::Bytes(Bytes::from(body)),
        Some(HeaderValue::from_static(client.profile.service.json_type)),
    ));
    Ok(request)
}
