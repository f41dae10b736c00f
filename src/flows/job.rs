//! A long-running job: looked at until it has ended, through bad gateways and expired tokens.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use ::url::Url;
use http::Method;

use crate::address;
use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::flows::job_handle::{Accepted, JobHandle, handle_of};
use crate::json::{Index, Json};
use crate::options::job_rules::Progress;
use crate::options::settings::Settings;
use crate::response::Response;
use crate::send;
use crate::send::request::{Finished, Request, Want};
use crate::service::said;
use crate::status;
use crate::transport::exchange::Exchange;
use crate::transport::ticker::Stage;

const FIRST: Duration = Duration::from_millis(500);
const GROWTH: f64 = 1.2;
const LONGEST: Duration = Duration::from_secs(30);

/// How long to wait after look number `look` (from 0); `chance` is from 0 to 1.
fn pause(look: u32, chance: f64) -> Duration {
    let grown = FIRST.as_secs_f64() * GROWTH.powi(look.min(60) as i32);
    // Up to a tenth less, so that many programs do not look at the same moment.
    Duration::from_secs_f64(grown.min(LONGEST.as_secs_f64()) * (1.0 - chance / 10.0))
}

/// How long to follow a job.
#[derive(Clone, Copy)]
pub struct Patience {
    pub limit: Option<Duration>,
    pub since: Instant,
    /// Looks once, however long that takes.
    pub once: bool,
    /// Leaves a result that the progress leads to where it is: it is to be saved.
    pub saves: bool,
}

impl Patience {
    /// As the options say, from now on.
    pub fn of(settings: &Settings) -> Patience {
        let saves = settings.save.is_some();
        Patience { limit: settings.job_timeout, since: Instant::now(), once: false, saves }
    }

    /// When it is over; `None` = never.
    fn until(&self) -> Option<Instant> {
        self.since.checked_add(self.limit?)
    }
}

/// Waits until the job of an accepted response has ended, or the time is over.
pub fn run(client: &Client, accepted: &Response, patience: Patience, exchange: &Arc<Exchange>) -> Finished {
    // What an earlier wait has seen still holds.
    exchange.percent.store(accepted.exchange.percent.load(Relaxed), Relaxed);
    let until = patience.until();
    while !accepted.wait_unseen(Duration::from_millis(50)) {
        let waited = exchange.sleep(Duration::ZERO);
        let late = "The request that starts the job has not been answered yet.";
        let late = until.filter(|end| Instant::now() >= *end).map(|_| Error::new(Code::Timeout, late));
        if let Some(error) = waited.err().or(late) {
            return Finished::failed(error);
        }
    }
    let known = accepted.info("job_url");
    if let Some(error) = accepted.error()
        && known.is_none()
    {
        return Finished::failed(error.clone());
    }
    let facts = Accepted {
        status: accepted.status(),
        url: accepted.info("url").and_then(|text| text.parse().ok()).unwrap_or_else(|| client.base.clone()),
        location: accepted.info("location"),
        job_url: known,
        body: accepted.body(),
        is_read: accepted.request().is_some_and(|request| request.method == Method::GET),
    };
    match follow(client, &facts, exchange, Some(&accepted.exchange), patience) {
        Ok(Some(finished)) => finished,
        // Nothing to wait for: the response was final, and its Location, if any, is the result.
        Ok(None) => as_it_was(accepted, &facts),
        Err(error) => Finished { error: Some(error), ..as_it_was(accepted, &facts) },
    }
}

/// What the accepted response has told, for a wait that makes no request.
fn as_it_was(accepted: &Response, facts: &Accepted<'_>) -> Finished {
    Finished {
        status: facts.status,
        location: facts.location.clone(),
        body: facts.body.to_vec(),
        head: accepted.head().cloned().unwrap_or_default(),
        moved_to: accepted.info("url"),
        verified: true,
        ..Finished::default()
    }
}

/// Follows the job of a response to its end; `None` if it has none. `shown` sees the progress as well.
pub fn follow(
    client: &Client,
    accepted: &Accepted<'_>,
    exchange: &Arc<Exchange>,
    shown: Option<&Exchange>,
    patience: Patience,
) -> Result<Option<Finished>> {
    let Some(handle) = handle_of(client, accepted)? else { return Ok(None) };
    let until = patience.until();
    let mut poll = Poll {
        client,
        shown,
        exchange,
        handle,
        until,
        patience,
        met: None,
        goes_by_202: false,
        last: Finished::default(),
    };
    exchange.set_stage(Stage::Job);
    let outcome = poll.keep();
    let mut finished = poll.last;
    finished.job_url = Some(poll.handle.progress.to_string());
    finished.moved_to = finished.job_url.clone();
    finished.location = poll.handle.result.take().or(finished.location);
    finished.error = outcome.err();
    Ok(Some(finished))
}

/// What a look asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Progress,
    /// What a job has made, which may be unfinished in its turn.
    Confirmation,
    Result,
}

struct Poll<'a> {
    client: &'a Client,
    shown: Option<&'a Exchange>,
    exchange: &'a Arc<Exchange>,
    handle: JobHandle<'a>,
    until: Option<Instant>,
    patience: Patience,
    /// Why the latest look did not get through.
    met: Option<Error>,
    /// Whether the progress says by 202 that the job goes on.
    goes_by_202: bool,
    last: Finished,
}

impl Poll<'_> {
    fn keep(&mut self) -> Result<()> {
        let mut look = 0;
        loop {
            let progress = self.look()?;
            if let Some(progress) = &progress {
                self.show(progress);
            }
            let mut asked = self.last.retry_after;
            match progress {
                Some(Progress::Failed(words)) => return Err(self.failed(words)),
                Some(Progress::Done(result)) => {
                    if let Some(result) = result {
                        self.handle.result = Some(result);
                    }
                    match self.confirm()? {
                        Some(outcome) => return outcome,
                        None => asked = self.last.retry_after,
                    }
                }
                Some(Progress::Running(_)) | None => {}
            }
            let wait =
                asked.unwrap_or_default().min(Duration::from_secs(120)).max(pause(look, fastrand::f64()));
            look += 1;
            let left = self.until.map(|end| end.saturating_duration_since(Instant::now()));
            if self.patience.once
                || left.is_some_and(|left| left <= wait.min(FIRST)) && left.is_some_and(|left| left < wait)
            {
                // The rest of the time is too short for another look.
                self.exchange.sleep(left.filter(|_| !self.patience.once).unwrap_or_default())?;
                return Err(self.not_yet());
            }
            self.exchange.sleep(left.map_or(wait, |left| left.min(wait)))?;
        }
    }

    /// What the last look has told, beside a percentage.
    fn state(&self) -> Option<String> {
        let index = Index::default();
        let state = self.handle.rules.state(&Json::new(&self.last.body, &index));
        state.map(|text| self.client.session.scrub(&text))
    }

    fn not_yet(&self) -> Error {
        let percent = self.exchange.percent.load(Relaxed);
        let so_far = if percent >= 0 { format!(", {percent} percent are done") } else { String::new() };
        let limit = self.patience.limit.unwrap_or_default().as_millis();
        // What the last look met, if it did not get through, or else has shown.
        let met = self.met.as_ref().map(|met| format!(" The last look at it failed: {}", met.message));
        let met = met.or_else(|| self.state().map(|state| format!(" {state}")));
        let when = if self.patience.once { "yet".to_owned() } else { format!("after {limit} ms") };
        let met = met.unwrap_or_default();
        Error::new(
            Code::Timeout,
            format!("The job has not ended {when}{so_far}; it can be awaited again.{met}"),
        )
    }

    fn failed(&self, words: String) -> Error {
        let words = self.client.session.scrub(&status::one_line(&words));
        let title = self.client.profile.service.title;
        let colon = if words.is_empty() { "" } else { ": " };
        Error::new(Code::Job, format!("{title} says that the job failed{colon}{words}"))
    }

    /// One request; `None` if it did not get through, which says nothing about the job.
    fn ask(&mut self, target: Url, asked: Asked) -> Result<Option<Finished>> {
        let mut request = Request::new(Method::GET, target);
        request.keeps_see_other = asked == Asked::Progress;
        let mut settings = match asked {
            Asked::Progress | Asked::Confirmation => self.client.settings.for_document("progress of the job"),
            Asked::Result => self.client.settings.clone(),
        };
        // Repeats are the poll's own.
        settings.retry_max = 0;
        // One look takes as long as any request may.
        let left = self
            .until
            .filter(|_| !self.patience.once)
            .map(|end| end.saturating_duration_since(Instant::now()).max(Duration::from_millis(50)));
        settings.limits.total = match (settings.limits.total, left) {
            (Some(total), Some(left)) => Some(total.min(left)),
            (total, left) => total.or(left),
        };
        let limits = settings.limits;
        request.settings = Some(Box::new(settings));
        let finished = self.exchange.with_child_of(limits, Stage::Job, |exchange| {
            send::run(self.client, &request, exchange, Want::Buffer)
        });
        let Some(error) = finished.error.clone() else {
            self.met = None;
            return Ok(Some(finished));
        };
        let passing = match error.code {
            Code::Resolve | Code::Connect | Code::Io | Code::Timeout | Code::Protocol => true,
            Code::Http => matches!(finished.status, 408 | 429 | 500..=599),
            _ => false,
        };
        self.last.retry_after = finished.retry_after;
        match (passing, error.code, finished.status) {
            (true, ..) => {
                self.met = Some(error);
                Ok(None)
            }
            (false, Code::Http, 404) | (false, Code::TooLarge, _) => Ok(Some(finished)),
            _ => {
                self.last = finished;
                Err(error)
            }
        }
    }

    fn look(&mut self) -> Result<Option<Progress>> {
        let Some(finished) = self.ask(self.handle.progress.clone(), Asked::Progress)? else {
            return Ok(None);
        };
        if finished.status == 303
            && let Some(place) = finished.location.clone()
        {
            return self.go_to_result(finished, place);
        }
        self.goes_by_202 |= finished.status == 202;
        let result = self.moved_to_result(&finished);
        if let Some(error) = finished.error.clone().filter(|_| result.is_none()) {
            self.last = finished;
            return Err(error);
        }
        let index = Index::default();
        let judged = || self.handle.rules.judge(&Json::new(&finished.body, &index));
        let progress = match result.map_or_else(judged, |place| Progress::Done(Some(place))) {
            Progress::Done(Some(link)) => {
                Progress::Done(Some(self.handle.resolved(finished.moved_to.as_deref(), link)))
            }
            progress => progress,
        };
        self.last = Finished { error: None, ..finished };
        Ok(Some(progress))
    }

    /// Where a redirect has led from the progress to what is none: to the result. It may take the place of the progress,
    /// too, after a 202 at each look.
    fn moved_to_result(&self, finished: &Finished) -> Option<String> {
        let rules = self.handle.rules;
        let bare = |url: &str| url.trim_end_matches('/').to_owned();
        let to = finished.moved_to.as_ref().filter(|to| bare(to) != bare(self.handle.progress.as_str()));
        let in_place = self.goes_by_202 && finished.status == 200;
        let in_place = in_place.then(|| self.handle.progress.to_string());
        let to = to.cloned().or(in_place).filter(|_| rules.by_options)?;
        let index = Index::default();
        let json = Json::new(&finished.body, &index);
        let is_result = match &finished.error {
            Some(error) => error.code == Code::TooLarge,
            None => !finished.body.is_empty() && !finished.is_page() && !rules.is_progress(&json),
        };
        is_result.then_some(to)
    }

    /// A 303 says where the result is (RFC 9110, 15.4.4). One that is to be saved is not read here, and one that is too
    /// large for memory stays where it is.
    fn go_to_result(&mut self, finished: Finished, place: String) -> Result<Option<Progress>> {
        let target = address::resolve(&self.handle.progress, &place)?;
        self.handle.result = Some(place.clone());
        self.last = finished;
        if !self.patience.saves {
            let Some(result) = self.ask(target, Asked::Result)? else { return Ok(None) };
            match result.error.clone() {
                Some(error) if error.code == Code::TooLarge => {}
                Some(error) => {
                    self.last = result;
                    return Err(error);
                }
                None => self.last = result,
            }
        }
        Ok(Some(Progress::Done(Some(place))))
    }

    /// A finished job is believed when its result says so too: an unknown job counts as finished.
    /// `None` = the result is still in the making.
    fn confirm(&mut self) -> Result<Option<Result<()>>> {
        let place =
            self.handle.result.as_ref().and_then(|text| address::resolve(&self.client.base, text).ok());
        let (Some(place), Some(shape)) =
            (place.filter(|place| self.client.covers(place)), &self.handle.rules.result)
        else {
            return Ok(Some(Ok(())));
        };
        let Some(result) = self.ask(place, Asked::Confirmation)? else { return Ok(None) };
        if result.error.as_ref().is_some_and(|error| error.code == Code::TooLarge) {
            return Ok(Some(Ok(())));
        }
        if result.error.is_some() {
            let gone = "its result is not there; it was rolled back, or never was".to_owned();
            return Ok(Some(Err(self.failed(gone))));
        }
        let index = Index::default();
        let json = Json::new(&result.body, &index);
        let status = json.string(shape.status).unwrap_or_default().to_ascii_lowercase();
        if shape.running.contains(&status.as_str()) {
            return Ok(None);
        }
        if shape.failed.contains(&status.as_str()) {
            let told = shape.messages.iter().find_map(|pointer| said::at(&json, pointer));
            let told = told.or_else(|| self.handle.rules.reason(&json, ""));
            let told = told.map(|text| format!("{status}: {text}")).unwrap_or(status);
            return Ok(Some(Err(self.failed(told))));
        }
        Ok(Some(Ok(())))
    }

    /// Lets the watchers of the accepted response see how far the job is; never backwards.
    fn show(&self, progress: &Progress) {
        let percent = match progress {
            Progress::Running(Some(percent)) => percent.clamp(0.0, 99.0) as i64,
            Progress::Done(_) => 100,
            _ => return,
        };
        self.exchange.show_percent(percent);
        if let Some(shown) = self.shown {
            shown.show_percent(percent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_minute() {
        let secs = |look| pause(look, 0.0).as_secs_f64();
        assert_eq!(secs(0), 0.5);
        assert!((secs(1) - 0.6).abs() < 1e-9);
        assert_eq!(secs(30), 30.0);
        assert_eq!(secs(u32::MAX), 30.0);
        assert!(pause(0, 1.0) < pause(0, 0.0));
    }
}
