//! Options out of environment variables, whose names are the service's data.

use std::ffi::OsString;

use crate::error::{Error, Result};
use crate::options::Options;
use crate::options::table::row;
use crate::secret::Secret;
use crate::service::{Env, SERVICES};

/// The names of all variables that hold an account; with a name of the account behind them they are more.
pub fn variables() -> impl Iterator<Item = &'static str> {
    let names = |env: &'static Env| [env.base_url, env.token, env.user, env.secret];
    SERVICES.iter().flat_map(|service| service.env).flat_map(names).filter(|name| !name.is_empty())
}

/// What an account's environment variables hold for one service.
#[derive(Clone, Debug)]
pub(super) struct FromEnv {
    pub service: &'static str,
    /// Option key, variable, value.
    pub values: Vec<(&'static str, String, Secret)>,
}

impl Options {
    /// Takes what the environment says about every service; values set by hand win over it.
    pub fn read_env(
        &mut self,
        account: Option<&str>,
        lookup: impl Fn(&str) -> Option<OsString>,
    ) -> Result<()> {
        let suffix = match account {
            None | Some("") => String::new(),
            Some(name) if name.eq_ignore_ascii_case("key") => {
                return Err(Error::argument(
                    "An account cannot be called \"key\": its base URL would be read from the variable that holds an API key.",
                ));
            }
            Some(name) if name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) => {
                format!("_{}", name.to_ascii_uppercase().replace(['.', '-'], "_"))
            }
            Some(_) => {
                return Err(Error::argument(
                    "An account's name must be made of letters, digits, dots, dashes and underscores.",
                ));
            }
        };
        let mut env = Vec::new();
        for service in SERVICES {
            // The first family of variables of which one is set.
            for family in service.env {
                let values = values_of(family, &suffix, &lookup)?;
                if !values.is_empty() {
                    env.push(FromEnv { service: service.name, values });
                    break;
                }
            }
        }
        self.env = env;
        Ok(())
    }
}

/// Option key, variable, value: what is set of one family of variables.
fn values_of(
    family: &Env,
    suffix: &str,
    lookup: &impl Fn(&str) -> Option<OsString>,
) -> Result<Vec<(&'static str, String, Secret)>> {
    let names = [
        ("base_url", family.base_url),
        ("token", family.token),
        ("user", family.user),
        ("secret", family.secret),
    ];
    let mut values = Vec::new();
    for (key, name) in names.into_iter().filter(|(_, name)| !name.is_empty()) {
        let variable = format!("{name}{suffix}");
        let Some(value) = lookup(&variable).filter(|value| !value.is_empty()) else { continue };
        let value = value
            .into_string()
            .map_err(|_| Error::argument(format!("The variable {variable} is not valid UTF-8.")))?;
        row(key)?
            .check(&value)
            .map_err(|want| Error::argument(format!("The variable {variable} must be {want}.")))?;
        values.push((key, variable, Secret::new(value)));
    }
    Ok(values)
}
