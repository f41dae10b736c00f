//! Where a client's credentials come from, and when they may travel at all.

use crate::address::origin::{self, Origin};
use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::headers;
use crate::hooks::Hooks;
use crate::log::Level;
use crate::options::Options;
use crate::secret::Secret;
use crate::session::token_file;
use crate::session::{Credentials, Password, Source, Token, TokenSource};
use crate::transport::net::proxy::Proxy;

/// Lets credentials travel encrypted, or without leaving this computer, or where the caller insists.
pub(super) fn protect(origin: &Origin, proxy: Option<&Proxy>, allow_http: bool) -> Result<()> {
    let stays_here = origin.is_loopback() && proxy.is_none_or(|proxy| origin::is_loopback(&proxy.host));
    if origin.https || stays_here || allow_http {
        return Ok(());
    }
    let way = if proxy.is_some() { " through a proxy" } else { "" };
    Err(Error::new(
        Code::Argument,
        format!(
            "Credentials would travel unprotected to {origin}{way}; use https, or set the option allow_http to 1 if you must."
        ),
    ))
}

/// A refresh token out of a file, and whose it is.
type KeptRefresh = (String, Secret);

impl Client {
    pub(super) fn take_credentials(&self, options: &Options, hooks: &Hooks, allow_http: bool) -> Result<()> {
        let (user, secret, token) = (options.text("user"), options.text("secret"), options.text("token"));
        let none = user.is_none() && secret.is_none() && token.is_none() && self.token_file.is_none();
        let own = &self.profile.own_headers;
        let bare = own.iter().all(|(name, _)| headers::is_harmless(name));
        if none && hooks.token.is_none() && bare {
            return Ok(());
        }
        protect(&self.origin, self.base_route.proxy.as_deref(), allow_http)?;
        let given = |text: &str, key: &str| {
            let words = match options.variable(key) {
                Some(variable) => format!("environment variable {variable}"),
                None => format!("option {key}"),
            };
            self.set_token(text, words)
        };
        if let Some(source) = &hooks.token {
            if token.is_some() || secret.is_some() {
                return Err(Error::argument(
                    "A token source and a token or password were given; the client can have only one of them.",
                ));
            }
            let source = TokenSource(std::sync::Arc::downgrade(source));
            self.session.set_credentials(Credentials::Source(source));
            return Ok(());
        }
        match (user, secret, token) {
            // A token in hand beats a login.
            (_, _, Some(token)) => given(token, "token"),
            // By hand it may be a token; in the environment a token has a variable of its own.
            (None, Some(secret), None) => match options.variable("secret") {
                Some(variable) => Err(Error::argument(format!(
                    "The environment variable {variable} holds a password, but no user name was given."
                ))),
                None => given(secret, "secret"),
            },
            (Some(user), None, None) if self.token_file.is_some() => self.token_from_file_of(user),
            (Some(_), None, None) => {
                Err(Error::argument("The user name was given without a password (option \"secret\")."))
            }
            (Some(user), Some(secret), None) => {
                let password = Password { user: user.to_owned(), secret: Secret::new(secret) };
                self.session.set_credentials(Credentials::Password(password));
                self.load_token(user)
            }
            (None, None, None) => self.load_token(""),
        }
    }

    fn load_token(&self, user: &str) -> Result<()> {
        let warn = |error: Error| self.log.log(Level::Warning, || error.message.clone());
        let Some((token, refresh)) = self.kept_token(user, warn)? else { return Ok(()) };
        self.session.set_token(token);
        if let Some((user, refresh)) = refresh.filter(|_| self.profile.refresh.is_some()) {
            self.session.set_refresh(&user, refresh);
        }
        Ok(())
    }

    /// The token in the file, with its refresh token and whose that is; `None` if there is none that can be sent.
    pub fn kept_token(
        &self,
        user: &str,
        warn: impl Fn(Error),
    ) -> Result<Option<(Token, Option<KeptRefresh>)>> {
        let Some(path) = &self.token_file else { return Ok(None) };
        let loaded = token_file::load(path, self.profile.service.name, self.base.as_str(), user, warn)?;
        let Some(kept) = loaded else { return Ok(None) };
        let now = self.session.clock.now();
        // Older than the clock can tell: too old, if tokens grow old at all.
        let ages = self.profile.lifetime_ms > 0 || kept.lifetime.is_some();
        let is_known = kept.age <= now || !ages;
        let source = Source::TokenFile(path.as_str().into());
        let token = Token::new(kept.token.expose(), source, now.saturating_sub(kept.age), &self.profile);
        let token = token.ok().filter(|_| is_known);
        let refresh = kept.refresh.map(|refresh| (kept.user, refresh));
        Ok(token.map(|token| (Token { lifetime: kept.lifetime, ..token }, refresh)))
    }

    /// Without a password the file must do: what it kept for this service, base and user.
    fn token_from_file_of(&self, user: &str) -> Result<()> {
        self.load_token(user)?;
        if self.session.token().is_some() {
            return Ok(());
        }
        Err(Error::new(
            Code::Auth,
            format!(
                "The token file {} holds no token of {user} for {}; a password is needed (option \"secret\").",
                self.token_file.as_deref().unwrap_or_default(),
                self.base
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn plain_http_is_for_this_computer_only() {
        let origin = |text: &str| Origin::of(&text.parse().unwrap()).unwrap();
        let (near, far) = (Proxy::parse("127.0.0.1:3128").unwrap(), Proxy::parse("proxy.test:3128").unwrap());
        let here = origin("http://127.0.0.1:8080/");
        assert!(protect(&here, None, false).is_ok());
        assert!(protect(&here, Some(&near), false).is_ok());
        assert!(protect(&here, Some(&far), false).unwrap_err().message.contains("through a proxy"));
        assert!(protect(&here, Some(&far), true).is_ok());
        assert!(protect(&origin("http://a.test/"), None, false).is_err());
        assert!(protect(&origin("https://a.test/"), Some(&far), false).is_ok());
    }
    use crate::secret::Secret;

    fn made(options: &Options) -> Result<Arc<Client>> {
        Client::new(options, &Hooks::default(), Arc::new(SystemClock::default()))
    }

    #[test]
    fn a_password_of_the_environment_is_no_token() {
        let mut options = Options::new();
        let found = |name: &str| (name == "CRUX_PASSWORD").then(|| "hunter2".into());
        options.read_env(None, found).unwrap();
        let refused = made(&options).unwrap_err();
        assert_eq!(refused.code, Code::Argument);
        assert!(refused.message.contains("CRUX_PASSWORD") && !refused.message.contains("hunter2"));
        // By hand a secret without a user is a token, as crux_login says.
        options.set("secret", Some("t0ken")).unwrap();
        assert!(made(&options).unwrap().session.token().is_some());
    }

    #[test]
    fn a_token_file_does_without_the_password_for_its_own_user() {
        let path = std::env::temp_dir().join(format!("crux-client-{}-token", std::process::id()));
        let path = path.to_str().unwrap();
        let base = "https://api.test/";
        token_file::save(path, "crunch", base, "ada", &Secret::new("t0ken"), None, None).unwrap();
        let mut options = Options::new();
        for (key, value) in [("service", "crunch"), ("base_url", base), ("token_file", path), ("user", "ada")]
        {
            options.set(key, Some(value)).unwrap();
        }
        assert_eq!(made(&options).unwrap().session.token().unwrap().text.expose(), "t0ken");
        options.set("user", Some("bob")).unwrap();
        let refused = made(&options).unwrap_err();
        assert_eq!(refused.code, Code::Auth);
        assert!(refused.message.contains("no token of bob for https://api.test/"), "{}", refused.message);
        token_file::remove(path);
    }
}
