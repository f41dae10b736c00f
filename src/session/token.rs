//! A token: where it came from, and the header that carries it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use crate::error::{Error, Result};
use crate::options::profile::{LoginMode, Profile};
use crate::secret::{Secret, SecretBytes};
use crate::transport::http::head_lines::HeadLines;

/// Where a token came from; the text of the fact `token_source`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Login,
    TokenFile(Arc<str>),
    /// Asked of the host.
    Host,
    /// Given ready-made; holds the words for where.
    Given(Arc<str>),
}

impl Source {
    pub fn words(&self) -> String {
        match self {
            Source::Login => "login".to_owned(),
            Source::Host => "token source of the program".to_owned(),
            Source::TokenFile(path) => format!("token file {path}"),
            Source::Given(words) => words.to_string(),
        }
    }
}

/// A token, ready to be sent.
#[derive(Debug)]
pub struct Token {
    pub text: Secret,
    pub header: (HeaderName, HeaderValue),
    /// What every request that carries it says, this header among it, without and with the type of a
    /// JSON body; made by the first of them.
    pub lines: [OnceLock<HeadLines>; 2],
    pub source: Source,
    /// By the session's clock: the start of the login that brought it.
    pub born: Duration,
    /// How long it lives from then on, if that is known of this one.
    pub lifetime: Option<Duration>,
    pub generation: u64,
}

impl Token {
    pub fn new(text: &str, source: Source, born: Duration, profile: &Profile) -> Result<Token> {
        let wrong = || {
            Error::argument(
                "The token holds a blank, a control character or a character that is not ASCII; copy it again.",
            )
        };
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(wrong());
        }
        if profile.login_mode == LoginMode::Cookie && text.contains([';', ',', '"', '\\']) {
            return Err(Error::argument("The token holds a character that cannot stand in a cookie."));
        }
        let name = profile.token_header()?;
        let line = match profile.login_mode {
            LoginMode::Cookie => Secret::concat(&["token=", text]),
            LoginMode::Bearer => {
                let gap = if profile.scheme.is_empty() { "" } else { " " };
                Secret::concat(&[&profile.scheme, gap, text])
            }
        };
        // Shared by all requests, and wiped with the last of them.
        let line = Bytes::from_owner(SecretBytes::from(line));
        let mut value = HeaderValue::from_maybe_shared(line).map_err(|_| wrong())?;
        value.set_sensitive(true);
        Ok(Token {
            text: Secret::new(text),
            header: (name, value),
            lines: Default::default(),
            source,
            born,
            lifetime: None,
            generation: 0,
        })
    }
}
