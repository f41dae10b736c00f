//! The token of a request: at hand, or by a login now.

use std::sync::Arc;

use crate::client::Client;
use crate::error::Result;
use crate::log::Level;
use crate::send::login;
use crate::send::request::Finished;
use crate::session::token_file;
use crate::session::{Credentials, Token};
use crate::transport::exchange::Exchange;

/// Logs in at once if there is a password and no token yet, or one that is about to expire.
pub fn first_login(client: &Client, exchange: &Arc<Exchange>) -> Result<()> {
    if client.session.can_renew() {
        token(client, exchange)?;
    }
    Ok(())
}

/// Logs in whether or not there is a token, and says whether the credentials work.
pub fn log_in_now(client: &Client, exchange: &Arc<Exchange>) -> Finished {
    let outcome = renew(client, client.session.generation(), exchange);
    let token_source = client.session.token().map(|token| token.source.clone());
    Finished { error: outcome.err(), token_source, attempts: 1, ..Finished::default() }
}

/// The token for a request that is about to go; `None` if there is neither a token nor a password.
pub fn token(client: &Client, exchange: &Arc<Exchange>) -> Result<Option<Arc<Token>>> {
    client.session.token_for_request(exchange, |credentials| log_in(client, credentials, exchange))
}

/// Replaces the token of generation `dead`.
pub fn renew(client: &Client, dead: u64, exchange: &Arc<Exchange>) -> Result<Arc<Token>> {
    client.session.renew(dead, exchange, |credentials| log_in(client, credentials, exchange))
}

fn log_in(client: &Client, credentials: &Credentials, exchange: &Arc<Exchange>) -> Result<Token> {
    let token = login::perform(client, credentials, exchange)?;
    if let Some(path) = &client.token_file {
        let service = client.profile.service.name;
        let saved = token_file::save(path, service, client.base.as_str(), &credentials.user, &token.text);
        if let Err(error) = saved {
            client.log.log(Level::Warning, || error.message.clone());
        }
    }
    Ok(token)
}
