//! The life of a token: where it came from, when it dies, who renews it, and when nobody may.

mod credentials;
pub mod jwt;
mod last_login;
mod renewal;
mod token;
pub mod token_file;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::error::{Code, Error};
use crate::secret::Secret;
pub use crate::session::credentials::{Credentials, Failure, LoggedIn, Password, TokenSource};
pub use crate::session::last_login::LastLogin;
pub use crate::session::token::{Source, Token};
use crate::sync::{Lock, Signal, stack_mark, thread_mark};
use crate::sys::fork;
use crate::transport::exchange::Exchange;
use crate::transport::ticker::Stage;
use renewal::{Renewal, RenewalGuard};

/// How long a renewal ahead of time that failed is not tried again.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

type Result<T> = std::result::Result<T, Failure>;

/// How much later than its time a login may end.
const GRACE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
struct State {
    token: Option<Arc<Token>>,
    /// Counts tokens; a thread that met a dead one knows by it whether another has renewed it.
    generation: u64,
    credentials: Option<Credentials>,
    /// The login was refused; not tried again before new credentials come.
    refused: Option<Failure>,
    renewal: Option<Arc<Renewal>>,
    /// A renewal ahead of time has failed; until then the living token serves, and the service is left in
    /// peace.
    not_before: Duration,
}

/// The session of one client.
#[derive(Debug)]
pub struct Session {
    state: Lock<State>,
    pub clock: Arc<dyn Clock>,
    lifetime: Option<Duration>,
    renew_before: Duration,
    keep_password: bool,
}

impl Session {
    pub fn new(
        clock: Arc<dyn Clock>,
        lifetime_ms: u64,
        renew_before_ms: u64,
        keep_password: bool,
    ) -> Session {
        let lifetime = (lifetime_ms > 0).then(|| Duration::from_millis(lifetime_ms));
        Session {
            state: Lock::default(),
            clock,
            lifetime,
            renew_before: Duration::from_millis(renew_before_ms),
            keep_password,
        }
    }

    /// Puts in a token; whatever was known before is void.
    pub fn set_token(&self, token: Token) {
        let mut state = self.state.lock();
        let keeps = token.source != Source::Login && !matches!(token.source, Source::TokenFile(_));
        if keeps {
            state.credentials = None;
        }
        state.generation += 1;
        state.refused = None;
        state.token = Some(Arc::new(Token { generation: state.generation, ..token }));
    }

    pub fn set_credentials(&self, credentials: Credentials) {
        let mut state = self.state.lock();
        state.refused = None;
        state.credentials = Some(credentials);
    }

    /// Forgets everything: what follows is anonymous.
    pub fn clear(&self) -> Option<Arc<Token>> {
        let mut state = self.state.lock();
        state.generation += 1;
        state.credentials = None;
        state.refused = None;
        state.token.take()
    }

    /// The token as it is, without any attempt to get one.
    pub fn token(&self) -> Option<Arc<Token>> {
        self.state.lock().token.clone()
    }

    /// Counts the tokens so far.
    pub fn generation(&self) -> u64 {
        self.state.lock().generation
    }

    /// Whether there are credentials of the caller's own, which can be tried at once.
    pub fn can_log_in(&self) -> bool {
        let state = self.state.lock();
        matches!(&state.credentials, Some(Credentials::Password(_) | Credentials::Refresh { .. }))
            || state.refused.is_some()
    }

    /// Puts in a refresh token that was kept between two runs, beside the password if there is one.
    pub fn set_refresh(&self, user: &str, token: Secret) {
        let mut state = self.state.lock();
        let password = state.credentials.as_ref().and_then(Credentials::password).cloned();
        state.credentials = Some(Credentials::Refresh { user: user.to_owned(), token, password });
    }

    /// Forgets a refresh token that was refused; the password stays.
    pub fn forget_refresh(&self, refused: &Secret) {
        let mut state = self.state.lock();
        if let Some(Credentials::Refresh { token, password: Some(password), .. }) = &state.credentials
            && token == refused
        {
            state.credentials = Some(Credentials::Password(password.clone()));
        }
    }

    /// Whether a dead token can be replaced.
    pub fn can_renew(&self) -> bool {
        let state = self.state.lock();
        state.credentials.is_some() || state.refused.is_some()
    }

    /// Time until the token dies; `None` if there is none or nobody knows.
    pub fn expires_in(&self) -> Option<Duration> {
        let death = self.death(&*self.token()?)?;
        Some(death.saturating_sub(self.clock.now()))
    }

    /// How long a token lives, as far as is known: of one that was given, only what it says itself.
    fn lifetime(&self, token: &Token) -> Option<Duration> {
        let given = matches!(token.source, Source::Given(_) | Source::Host);
        token.lifetime.or(self.lifetime.filter(|_| !given))
    }

    /// When a token dies.
    fn death(&self, token: &Token) -> Option<Duration> {
        Some(token.born + self.lifetime(token)?)
    }

    fn is_due(&self, token: &Token, now: Duration) -> bool {
        // A margin that eats the whole life would mean a login for each request.
        let half = self.lifetime(token).unwrap_or_default() / 2;
        self.death(token).is_some_and(|death| now >= death - self.renew_before.min(half))
    }

    pub fn is_alive(&self, token: &Token, now: Duration) -> bool {
        self.death(token).is_none_or(|death| now < death)
    }

    /// The token, if a request can go with it as it is.
    pub fn ready(&self) -> Option<Arc<Token>> {
        let state = self.state.lock();
        let token = state.token.as_ref()?;
        if state.credentials.is_some() {
            let now = self.clock.now();
            // While another renews it, a token that lives serves.
            let may_wait = self.is_alive(token, now) && (now < state.not_before || state.renewal.is_some());
            if self.is_due(token, now) && !may_wait {
                return None;
            }
        }
        Some(token.clone())
    }

    /// The token of a request that is not to wait, or that there is none and none to come; `None` = it may have to wait.
    pub fn at_hand(&self) -> Option<Option<Arc<Token>>> {
        if let Some(token) = self.ready() {
            return Some(Some(token));
        }
        let state = self.state.lock();
        let comes_none = state.token.is_none() && state.credentials.is_none() && state.refused.is_none();
        comes_none.then_some(None)
    }

    /// The token for a request that is about to go: renewed if it is about to die.
    pub fn token_for_request<T: Into<LoggedIn>, E: Into<Failure>>(
        &self,
        exchange: &Exchange,
        log_in: impl Fn(&Credentials) -> std::result::Result<T, E>,
    ) -> Result<Option<Arc<Token>>> {
        if let Some(token) = self.ready() {
            return Ok(Some(token));
        }
        let (token, generation) = {
            let state = self.state.lock();
            if state.credentials.is_none() {
                // With neither, it is the token as it is.
                // Nothing is sent, so that there is no response to tell of.
                let refused = state.refused.as_ref().map(|refused| refused.error.clone().into());
                return refused.map_or(Ok(state.token.clone()), Err);
            }
            (state.token.clone(), state.generation)
        };
        let renewed = self.renew(generation, exchange, log_in);
        match (renewed, token) {
            (Ok(token), _) => Ok(Some(token)),
            // A login that failed is no reason to throw away a token that lives.
            (Err(e), Some(token)) if e.code != Code::Cancelled => {
                // The login has taken its time.
                let now = self.clock.now();
                if !self.is_alive(&token, now) {
                    return Err(e);
                }
                // Of a hook inside a renewal, nothing has failed.
                if e.code != Code::Argument {
                    self.state.lock().not_before = now + RENEWAL_PAUSE;
                }
                Ok(Some(token))
            }
            (Err(e), _) => Err(e),
        }
    }

    /// Replaces the token of generation `dead`. However many threads ask, one logs in, and all share
    /// what comes of it, failure included.
    pub fn renew<T: Into<LoggedIn>, E: Into<Failure>>(
        &self,
        dead: u64,
        exchange: &Exchange,
        log_in: impl Fn(&Credentials) -> std::result::Result<T, E>,
    ) -> Result<Arc<Token>> {
        loop {
            let (renewal, credentials) = {
                let mut state = self.state.lock();
                if let Some(refused) = &state.refused {
                    return Err(refused.clone());
                }
                if state.generation != dead
                    && let Some(token) = &state.token
                {
                    return Ok(token.clone());
                }
                let Some(credentials) = state.credentials.clone() else { return Err(no_password().into()) };
                match &state.renewal {
                    Some(renewal) if renewal.is_mine() => return Err(inside_a_login().into()),
                    Some(renewal) if renewal.goes_on() => (renewal.clone(), None),
                    _ => {
                        let renewal = Arc::new(Renewal {
                            done: Signal::default(),
                            result: Lock::new(None),
                            process: fork::generation(),
                            limits: exchange.limits,
                            thread: thread_mark(),
                            depth: stack_mark(),
                            ends: exchange.limits.total.and_then(|t| Instant::now().checked_add(t + GRACE)),
                        });
                        state.renewal = Some(renewal.clone());
                        (renewal, Some(credentials))
                    }
                }
            };
            if let Some(credentials) = credentials {
                let guard = RenewalGuard { session: self, renewal: &renewal, settled: false };
                let result = log_in(&credentials).map(T::into).map_err(E::into);
                let result = self.accept(dead, &credentials, result);
                let ended_early = result.is_err() && exchange.sleep(Duration::ZERO).is_err();
                guard.with((!ended_early).then(|| result.clone()));
                return result;
            }
            exchange.set_stage(Stage::Login);
            while renewal.goes_on() && !renewal.done.wait(Duration::from_millis(20)) {
                exchange.sleep(Duration::ZERO)?;
            }
            if let Some(result) = renewal.result.lock().clone() {
                // A limit of another call's own says nothing of a login under the limits of this one.
                let by_limit = matches!(&result, Err(e) if e.code == Code::Timeout);
                if !by_limit || renewal.limits.phases() == exchange.limits.phases() {
                    return result;
                }
            }
        }
    }

    fn accept(&self, dead: u64, used: &Credentials, result: Result<LoggedIn>) -> Result<Arc<Token>> {
        let mut state = self.state.lock();
        if state.generation != dead
            && let Some(token) = &state.token
        {
            // Somebody set a token meanwhile; theirs is newer.
            return Ok(token.clone());
        }
        match result {
            Ok(LoggedIn { token, refresh }) if state.generation == dead => {
                state.generation += 1;
                let token = Arc::new(Token { generation: state.generation, ..*token });
                state.token = Some(token.clone());
                let is_source = matches!(used, Credentials::Source(_));
                if !is_source {
                    let keeps = self.keep_password || token.source != Source::Login;
                    let password = used.password().filter(|_| keeps).cloned();
                    let user = used.user().to_owned();
                    state.credentials = match (refresh, password) {
                        (Some(token), password) => Some(Credentials::Refresh { user, token, password }),
                        (None, password) => password.map(Credentials::Password),
                    };
                }
                Ok(token)
            }
            // Logged out meanwhile: the response serves no one.
            Ok(_) => Err(no_password().into()),
            Err(e) => {
                let is_own = !matches!(used, Credentials::Source(_));
                if e.code == Code::Auth && state.generation == dead && is_own {
                    state.refused = Some(e.clone());
                    state.credentials = None;
                }
                Err(e)
            }
        }
    }

    /// Hides what must not be seen in a text that the server wrote.
    pub fn scrub(&self, text: &str) -> String {
        let state = self.state.lock();
        let token = state.token.as_ref().map(|token| &token.text);
        let secrets = state.credentials.iter().flat_map(Credentials::secrets);
        token.into_iter().chain(secrets).fold(text.to_owned(), |text, secret| secret.hide_in(text))
    }
}

fn no_password() -> Error {
    Error::new(Code::Auth, "There is no password to log in with; log in again, or set a token.")
}

fn inside_a_login() -> Error {
    Error::argument(
        "This request needs the login that its own thread is making; a hook that is called meanwhile cannot send it.",
    )
}

#[cfg(test)]
mod tests;
