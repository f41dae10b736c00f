//! Credentials: what brings a token, and what came of using them.

use std::ops::Deref;
use std::sync::{Arc, Weak};

use crate::error::Error;
use crate::hooks::TokenHook;
use crate::secret::Secret;
use crate::session::{LastLogin, Token};

/// A user name and a password.
#[derive(Clone, Debug)]
pub struct Password {
    pub user: String,
    pub secret: Secret,
}

/// The host's own source of tokens; held weakly, as every hook is.
#[derive(Clone)]
pub struct TokenSource(pub Weak<TokenHook>);

impl std::fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenSource")
    }
}

/// What brings a token.
#[derive(Clone, Debug)]
pub enum Credentials {
    Password(Password),
    /// A refresh token, and the password for when it is refused.
    Refresh {
        user: String,
        token: Secret,
        password: Option<Password>,
    },
    /// The host is asked.
    Source(TokenSource),
}

impl Credentials {
    pub fn user(&self) -> &str {
        match self {
            Credentials::Password(password) => &password.user,
            Credentials::Refresh { user, .. } => user,
            Credentials::Source(_) => "",
        }
    }

    pub fn password(&self) -> Option<&Password> {
        match self {
            Credentials::Password(password) => Some(password),
            Credentials::Refresh { password, .. } => password.as_ref(),
            Credentials::Source(_) => None,
        }
    }

    /// What must not be seen.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let refresh = match self {
            Credentials::Refresh { token, .. } => Some(token),
            _ => None,
        };
        refresh.into_iter().chain(self.password().map(|password| &password.secret))
    }
}

/// What credentials have brought.
#[derive(Debug)]
pub struct LoggedIn {
    /// Boxed: a login is deep in the stack, which may be small.
    pub token: Box<Token>,
    /// The refresh token from now on.
    pub refresh: Option<Secret>,
}

impl From<Token> for LoggedIn {
    fn from(token: Token) -> LoggedIn {
        LoggedIn { token: Box::new(token), refresh: None }
    }
}

/// Why there is no token, and the response that said so.
#[derive(Clone, Debug)]
pub struct Failure {
    pub error: Error,
    pub facts: Option<Arc<LastLogin>>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { error, facts: None }
    }
}

impl Deref for Failure {
    type Target = Error;

    fn deref(&self) -> &Error {
        &self.error
    }
}
