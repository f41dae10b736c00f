//! The token of a request: at hand, or by a login now.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::error::{Error, Result};
use crate::log::{self, Level};
use crate::send::login;
use crate::send::request::Finished;
use crate::session::token_file::{self, Turn};
use crate::session::{Credentials, Failure, LoggedIn, Source, Token};
use crate::transport::exchange::Exchange;
use crate::transport::ticker::Stage;

type Authorized<T> = std::result::Result<T, Failure>;

/// How often it is asked whether another process has finished its login.
const LOOK: Duration = Duration::from_millis(20);
/// How long a process waits for another one's login.
const LONGEST_TURN: Duration = Duration::from_secs(60);

/// Logs in at once if there is a password and no token yet, or one that is about to expire; unless the first
/// request is to do so.
pub fn first_login(client: &Client, exchange: &Arc<Exchange>) -> Result<()> {
    if client.session.can_log_in() && !client.profile.login_late {
        token(client, exchange).map_err(|failure| failure.error)?;
    }
    Ok(())
}

/// Logs in whether or not there is a token, and says whether the credentials work.
pub fn log_in_now(client: &Client, exchange: &Arc<Exchange>) -> Finished {
    let dead = client.session.generation();
    let outcome = deferred(client, || {
        client.session.renew(dead, exchange, |credentials| {
            // A password shows more than a token that is good for others only.
            let credentials = match credentials.password() {
                Some(password) => &Credentials::Password(password.clone()),
                None => credentials,
            };
            let _turn = turn(client, exchange)?;
            log_in(client, credentials, exchange)
        })
    });
    let token_source = client.session.token().map(|token| token.source.clone());
    let mut finished = match (&outcome, client.last_login()) {
        (Err(failure), _) => Finished::of_failure(failure),
        (Ok(token), Some(facts)) if token.source == Source::Login => Finished::of_login(&facts),
        (Ok(_), _) => Finished { attempts: 1, ..Finished::default() },
    };
    finished.token_source = token_source;
    finished.elapsed = exchange.begun.elapsed();
    finished
}

/// The token for a request that is about to go; `None` if there is neither a token nor a password.
pub fn token(client: &Client, exchange: &Arc<Exchange>) -> Authorized<Option<Arc<Token>>> {
    // What most requests find.
    if let Some(token) = client.session.ready() {
        return Ok(Some(token));
    }
    deferred(client, || {
        client.session.token_for_request(exchange, |credentials| shared_login(client, credentials, exchange))
    })
}

/// Replaces the token of generation `dead`.
pub fn renew(client: &Client, dead: u64, exchange: &Arc<Exchange>) -> Authorized<Arc<Token>> {
    deferred(client, || {
        client.session.renew(dead, exchange, |credentials| shared_login(client, credentials, exchange))
    })
}

/// Runs what may be a renewal. A hook may call libcrux, which would wait for the renewal that runs the hook: its
/// lines come once that is over.
fn deferred<T>(client: &Client, work: impl FnOnce() -> T) -> T {
    let (outcome, lines) = log::put_aside_all(work);
    if let Some(lines) = lines {
        client.log.replay(lines);
    }
    outcome
}

/// Logs in once for all processes that share a token file.
fn shared_login(
    client: &Client,
    credentials: &Credentials,
    exchange: &Arc<Exchange>,
) -> Authorized<LoggedIn> {
    if matches!(credentials, Credentials::Source(_)) {
        return log_in(client, credentials, exchange);
    }
    let turn = turn(client, exchange)?;
    if turn.is_some()
        && let Some(found) = of_another_process(client, credentials)
    {
        client.log.log(Level::Info, || "another process has logged in; using its token".to_owned());
        return Ok(found);
    }
    log_in(client, credentials, exchange)
}

/// Waits for the turn to log in among those who share a token file; `None` if there is none, or no way to share.
fn turn(client: &Client, exchange: &Exchange) -> Result<Option<Turn>> {
    let Some(path) = &client.token_file else { return Ok(None) };
    exchange.set_stage(Stage::Login);
    let end = Instant::now() + LONGEST_TURN;
    loop {
        let why = match token_file::take_turn(path) {
            Ok(Some(turn)) => return Ok(Some(turn)),
            Ok(None) if Instant::now() < end => {
                exchange.sleep(LOOK)?;
                continue;
            }
            Ok(None) => format!("Another process holds the token file {path}; logging in without its leave."),
            Err(error) => {
                // The saving will fail as well, and tell it.
                client.log.log(Level::Debug, || error.message);
                return Ok(None);
            }
        };
        client.log.log(Level::Warning, || why);
        return Ok(None);
    }
}

/// A token that another process has put into the file, and that has not been tried here.
fn of_another_process(client: &Client, credentials: &Credentials) -> Option<LoggedIn> {
    let (token, kept) = client.kept_token(credentials.user(), |_| ()).ok()??;
    let tried = client.session.token().is_some_and(|tried| tried.text == token.text);
    let fresh = !tried && client.session.is_alive(&token, client.session.clock.now());
    let own = match credentials {
        Credentials::Refresh { token, .. } => Some(token.clone()),
        _ => None,
    };
    fresh.then(|| LoggedIn {
        token: Box::new(token),
        refresh: kept.map(|(_, refresh)| refresh).or(own).filter(|_| client.profile.refresh.is_some()),
    })
}

fn log_in(client: &Client, credentials: &Credentials, exchange: &Arc<Exchange>) -> Authorized<LoggedIn> {
    exchange.set_stage(Stage::Login);
    let refused = client.session.token();
    let logged_in = login::perform(client, credentials, refused.as_deref(), exchange)?;
    if let Some(path) = client.token_file.as_ref().filter(|_| logged_in.token.source == Source::Login) {
        let (service, base, user) = (client.profile.service.name, client.base.as_str(), credentials.user());
        let (token, refresh) = (&logged_in.token, logged_in.refresh.as_ref());
        let saved = token_file::save(path, service, base, user, &token.text, token.lifetime, refresh);
        if let Err(Error { message, .. }) = saved {
            client.log.log(Level::Warning, || message);
        }
        // Logged out meanwhile: what has been forgotten is not kept.
        if !client.session.can_renew() {
            token_file::remove(path);
        }
    }
    Ok(logged_in)
}
