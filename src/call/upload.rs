//! A file for the service: where it goes, and under which names, is the service's row.

use std::sync::Arc;

use crate::call::Call;
use crate::call::body::{Content, file_name};
use crate::client::Client;
use crate::error::{Error, Result};

/// The call that uploads a file. What is not given is the service's usual way.
pub fn call(
    client: &Arc<Client>,
    path: Option<&str>,
    field: Option<&str>,
    file: &str,
    kind: Option<&str>,
) -> Result<Call> {
    let usual = &client.profile.service.upload;
    let missing = |what: &str| {
        Error::argument(format!("The argument \"{what}\" is missing, and this service has no usual one."))
    };
    let or_usual = |given: Option<&str>, usual: &str, what: &str| match given {
        Some(given) => Ok(given.to_owned()),
        None if usual.is_empty() => Err(missing(what)),
        None => Ok(usual.to_owned()),
    };
    let mut call = Call::new(client.clone(), "POST", &or_usual(path, usual.path, "path")?)?;
    if !usual.name_field.is_empty() {
        call.part(usual.name_field, Content::Value(file_name(file).to_owned()), None)?;
    }
    call.part(
        &or_usual(field, &client.profile.upload_field, "field")?,
        Content::File(file.to_owned()),
        kind,
    )?;
    Ok(call)
}
