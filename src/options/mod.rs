//! Options: key and value, both text.

pub mod environment;
pub mod job_rules;
pub mod profile;
pub mod settings;
pub mod table;

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::options::environment::FromEnv;
use crate::options::table::{Kind, OptionRow, row};
use crate::secret::Secret;
use crate::service;

/// Options whose empty value is a value of its own.
const EMPTY_COUNTS: &[&str] = &["login.token_pointer", "auth.scheme", "refresh.pointer"];

/// The options of one client, or those of one call laid over its client's.
#[derive(Clone, Debug, Default)]
pub struct Options {
    set: BTreeMap<&'static str, Secret>,
    env: Vec<FromEnv>,
}

impl Options {
    pub fn new() -> Options {
        Options::default()
    }

    /// Sets an option of a client; `None` restores its default.
    pub fn set(&mut self, key: &str, value: Option<&str>) -> Result<()> {
        self.store(row(key)?, value)
    }

    /// Sets an option of a call; `None` restores the client's value.
    pub fn set_for_call(&mut self, key: &str, value: Option<&str>) -> Result<()> {
        let row = row(key)?;
        if !row.per_call {
            return Err(Error::argument(format!(
                "The option \"{key}\" belongs to the client; set it before the login."
            )));
        }
        self.store(row, value)
    }

    fn store(&mut self, row: &'static OptionRow, value: Option<&str>) -> Result<()> {
        let Some(value) = value else {
            self.set.remove(row.key);
            return Ok(());
        };
        // An empty value means the default, wherever empty is not a value of its own.
        let plain = matches!(
            row.kind,
            Kind::Text | Kind::Secret | Kind::HeaderText | Kind::HeaderLines | Kind::Pointer
        );
        if value.is_empty() && !plain {
            self.set.remove(row.key);
            return Ok(());
        }
        row.check(value).map_err(|want| {
            // The typing error in a name is best seen; what is neither a plain word nor begins like a service may be a
            // password in the wrong place.
            let word = value.bytes().all(|b| b.is_ascii_alphabetic() || b"-_".contains(&b));
            let begins =
                |name: &&str| value.get(..4).is_some_and(|start| name.starts_with(&start.to_lowercase()));
            let begins =
                value.bytes().all(|b| (b' '..=b'~').contains(&b)) && service::NAMES.iter().any(begins);
            let given = match row.key == "service" && value.len() <= 24 && (word || begins) {
                true => format!("; \"{value}\" is none"),
                false => String::new(),
            };
            Error::argument(format!("The option \"{}\" must be {want}{given}.", row.key))
        })?;
        self.set.insert(row.key, Secret::new(value));
        Ok(())
    }

    /// The environment's part for the service in force: the one set, else the first one found.
    fn env_in_force(&self) -> Option<&FromEnv> {
        match self.set.get("service") {
            Some(name) => self.env.iter().find(|env| env.service == name.expose()),
            None => self.env.first(),
        }
    }

    /// A value that was set, or that the environment holds.
    pub fn text(&self, key: &str) -> Option<&str> {
        if let Some(value) = self.set.get(key) {
            return Some(value.expose()).filter(|value| !value.is_empty() || EMPTY_COUNTS.contains(&key));
        }
        let env = self.env_in_force()?;
        if key == "service" {
            return Some(env.service);
        }
        // A token or a user set by hand makes the environment's credentials void.
        let by_hand = ["user", "secret", "token"].iter().any(|key| self.set.contains_key(key));
        if by_hand && key != "base_url" {
            return None;
        }
        env.values.iter().find(|(name, ..)| *name == key).map(|(_, _, value)| value.expose())
    }

    /// The variable that a value came from.
    pub fn variable(&self, key: &str) -> Option<&str> {
        if self.set.contains_key(key) {
            return None;
        }
        let env = self.env_in_force()?;
        env.values.iter().find(|(name, ..)| *name == key).map(|(_, variable, _)| variable.as_str())
    }

    /// Whether a value was set by hand.
    pub fn is_set(&self, key: &str) -> bool {
        self.set.contains_key(key)
    }

    /// A number: the value, else the default; `None` when there is neither.
    pub fn number(&self, key: &str) -> Option<u64> {
        self.text(key).or_else(|| row(key).ok().map(|row| row.fallback)).and_then(|text| text.parse().ok())
    }

    /// A switch: the value, else the default.
    pub fn flag(&self, key: &str) -> bool {
        self.number(key) == Some(1)
    }

    /// These options laid over others.
    pub fn over(&self, below: &Options) -> Options {
        let mut merged = below.clone();
        merged.set.extend(self.set.iter().map(|(key, value)| (*key, value.clone())));
        merged
    }

    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.env.is_empty()
    }
}
