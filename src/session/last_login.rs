//! What came of a client's last login, without its secrets.

use std::fmt;
use std::time::Duration;

use crate::error::Error;
use crate::session::Source;
use crate::transport::head::Head;

/// The response of a login; its token, password and cookies are not in it.
#[derive(Clone, Default)]
pub struct LastLogin {
    /// `None` = it brought a token.
    pub error: Option<Error>,
    pub status: u16,
    pub head: Head,
    pub body: Vec<u8>,
    pub url: String,
    pub location: Option<String>,
    pub warning: Option<String>,
    pub server_message: Option<String>,
    pub attempts: u32,
    pub elapsed: Duration,
    pub retry_after: Option<Duration>,
    pub retryable: bool,
    pub maybe_sent: bool,
    pub verified: bool,
    pub token_source: Option<Source>,
}

impl fmt::Debug for LastLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LastLogin({}, {} bytes)", self.status, self.body.len())
    }
}
