//! The end of a session, and a password that was forgotten.

use std::sync::Arc;

use ureq::http::{HeaderValue, Method};

use crate::client::Client;
use crate::error::{Error, Result};
use crate::job::{Finished, Job, Want};
use crate::response::Response;
use crate::send;
use crate::transport::exchange::Exchange;
use crate::transport::outgoing::Outgoing;
use crate::url;

/// Ends the session: at the server if it has a call for that, and here whatever it answers.
pub fn log_out(client: &Arc<Client>) -> Result<Arc<Response>> {
    let exchange = Exchange::new(client.settings.limits);
    let Some(token) = client.forget() else {
        return Ok(said(client, exchange, "There was no session to end.".to_owned()));
    };
    let path = &client.service.logout_path;
    if path.is_empty() {
        let title = client.service.row.title;
        let words =
            format!("The token was forgotten here; {title} has no logout call, so it dies by itself.");
        return Ok(said(client, exchange, words));
    }
    let mut job = Job::new(Method::GET, url::resolve(&client.base, path)?);
    // The token goes along by hand: the session has none any more, and must not get a new one.
    job.anonymous = true;
    job.headers.insert(&token.header.0, token.header.1.clone());
    let finished = send::run(client, &job, &exchange, Want::Buffer);
    Ok(Response::of(client.clone(), exchange, finished, None))
}

fn said(client: &Arc<Client>, exchange: Arc<Exchange>, note: String) -> Arc<Response> {
    Response::of(client.clone(), exchange, Finished { note: Some(note), ..Finished::default() }, None)
}

/// Asks for a mail with a new password; needs no login.
pub fn reset_password(client: &Arc<Client>, email: &str) -> Result<Arc<Response>> {
    let path = &client.service.reset_path;
    if path.is_empty() {
        return Err(Error::argument(
            "This service has no password reset that is known; name its path with the option reset.path.",
        ));
    }
    let quoted =
        serde_json::to_string(email).map_err(|_| Error::argument("The e-mail address cannot be sent."))?;
    let mut job = Job::new(Method::POST, url::resolve(&client.base, path)?);
    job.anonymous = true;
    let body = format!("{{\"email\":{quoted}}}");
    job.body = Some((
        Outgoing::Bytes(body.into_bytes().into()),
        Some(HeaderValue::from_static(client.service.row.json_type)),
    ));
    let exchange = Exchange::new(client.settings.limits);
    let finished = send::run(client, &job, &exchange, Want::Buffer);
    Ok(Response::of(client.clone(), exchange, finished, None))
}
