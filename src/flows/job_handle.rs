//! The job that a response names: where its progress is, by the service's way or by options.

use ::url::Url;

use crate::address;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::json::{Index, Json};
use crate::options::job_rules::JobRules;

/// A job, as far as it is known.
pub struct JobHandle<'a> {
    pub rules: &'a JobRules,
    pub progress: Url,
    /// Where its result is, if that was told.
    pub result: Option<String>,
}

impl JobHandle<'_> {
    /// A link of a progress document, which came from `place` if it has moved, as a whole.
    pub fn resolved(&self, place: Option<&str>, link: String) -> String {
        let place = place.and_then(|url| Url::parse(url).ok());
        let whole = address::resolve(place.as_ref().unwrap_or(&self.progress), &link);
        match (Url::parse(&link), whole) {
            // As it stands: it may be signed.
            (Err(_), Ok(whole)) => whole.to_string(),
            _ => link,
        }
    }
}

/// What a response says of a job.
pub struct Accepted<'a> {
    pub status: u16,
    /// Where it came from.
    pub url: Url,
    pub location: Option<String>,
    /// The job, if an earlier wait has named it.
    pub job_url: Option<String>,
    pub body: &'a [u8],
    /// Whether it answers a GET: then it may itself be the progress of a job.
    pub is_read: bool,
}

/// What the response says about a job; `None` if it names none.
pub fn handle_of<'a>(client: &'a Client, accepted: &Accepted<'_>) -> Result<Option<JobHandle<'a>>> {
    let Some(rules) = client.profile.jobs.as_ref() else { return Ok(None) };
    let result = accepted.location.clone();
    if let Some(known) = &accepted.job_url {
        return Ok(Some(JobHandle { rules, progress: address::resolve(&accepted.url, known)?, result }));
    }
    let index = Index::default();
    let json = Json::new(accepted.body, &index);
    let leads_on = accepted.status == 303 && accepted.location.is_some();
    if accepted.is_read && (leads_on || accepted.status == 200 && rules.is_progress(&json)) {
        return Ok(Some(JobHandle { rules, progress: accepted.url.clone(), result: None }));
    }
    // What was made may be the job itself.
    if rules.by_options
        && !accepted.is_read
        && accepted.status != 202
        && rules.is_progress(&json)
        && let Some(location) = &accepted.location
    {
        let progress = address::resolve(&accepted.url, location)?;
        return Ok(Some(JobHandle { rules, progress, result: None }));
    }
    // What is read has an id, too; the services start jobs by other methods.
    let is_just_read = accepted.is_read && accepted.status == 200 && !rules.by_options;
    if is_just_read || rules.only_accepted && accepted.status != 202 {
        return Ok(None);
    }
    let named = rules.handles.iter().find_map(|pointer| json.string(pointer));
    let Some(handle) = named else { return unnamed(rules, accepted) };
    let progress = match rules.path.split_once("{}") {
        Some((before, after)) => {
            address::resolve(&client.base, &format!("{before}{}{after}", address::encode_segment(&handle)))?
        }
        None => address::resolve(&accepted.url, &handle)?,
    };
    // Some services name the progress in both places.
    let whole = |place: &String| address::resolve(&accepted.url, place).ok();
    let result = result.filter(|place| whole(place).as_ref() != Some(&progress));
    Ok(Some(JobHandle { rules, progress, result }))
}

/// A job that the body does not name: where options describe jobs, the Location is its progress.
fn unnamed<'a>(rules: &'a JobRules, accepted: &Accepted<'_>) -> Result<Option<JobHandle<'a>>> {
    match (&accepted.location, accepted.status) {
        (Some(location), 202) if rules.by_options => {
            let progress = address::resolve(&accepted.url, location)?;
            Ok(Some(JobHandle { rules, progress, result: None }))
        }
        (_, 202) if rules.unnamed_is_error => Err(Error::argument(format!(
            "The server has accepted a job (202), but its response names no progress that is known (looked for at {}); set the options \"job.location_pointer\" and \"job.status_pointer\".",
            rules.handles.join(", ")
        ))),
        _ => Ok(None),
    }
}
