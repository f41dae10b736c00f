//! A long-running job: looked at until it has ended, through bad gateways and expired tokens.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use ::url::Url;
use http::Method;

use crate::address;
use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::json::{Index, Json, Type};
use crate::response::Response;
use crate::send;
use crate::send::request::{Finished, Request, Want};
use crate::service::{Jobs, ProgressShape};
use crate::status;
use crate::transport::exchange::Exchange;
use crate::transport::limits::Limits;
use crate::transport::ticker::Stage;

const FIRST: Duration = Duration::from_millis(500);
const GROWTH: f64 = 1.2;
const LONGEST: Duration = Duration::from_secs(30);
/// Largest progress document or record; what is larger is the result itself.
const MOST_BODY: u64 = 1024 * 1024;

/// How long to wait after look number `look` (from 0); `chance` is from 0 to 1.
fn pause(look: u32, chance: f64) -> Duration {
    let grown = FIRST.as_secs_f64() * GROWTH.powi(look.min(60) as i32);
    // Up to a tenth less, so that many programs do not look at the same moment.
    Duration::from_secs_f64(grown.min(LONGEST.as_secs_f64()) * (1.0 - chance / 10.0))
}

/// A job, as far as it is known.
struct JobHandle {
    shape: &'static Jobs,
    progress: Url,
    /// Where its result is, if that was told.
    result: Option<String>,
}

/// What one look has shown.
enum Progress {
    Running(Option<f64>),
    Done(Option<String>),
    Failed(String),
}

/// Waits until the job of an accepted response has ended, or the time is over.
pub fn run(client: &Arc<Client>, accepted: &Response, timeout_ms: i32) -> Result<Arc<Response>> {
    let limit = match timeout_ms {
        ..0 => client.job_timeout,
        ms => Some(Duration::from_millis(ms as u64)),
    };
    let exchange = Exchange::new(Limits { total: None, ..client.settings.limits });
    // What an earlier wait has seen still holds.
    exchange.percent.store(accepted.exchange.percent.load(Relaxed), Relaxed);
    let _watching = accepted.watching().enter(&exchange);
    let _running = client.running.enter(&exchange);
    let until = limit.and_then(|limit| Instant::now().checked_add(limit));
    while !accepted.wait(Duration::from_millis(50)) {
        exchange.sleep(Duration::ZERO)?;
        if until.is_some_and(|end| Instant::now() >= end) {
            return Err(Error::new(
                Code::Timeout,
                "The request that starts the job has not been answered yet.",
            ));
        }
    }
    let known = accepted.info("job_url");
    if let Some(error) = accepted.error()
        && known.is_none()
    {
        return Err(error.clone());
    }
    let Some(handle) = handle_of(client, accepted, known)? else {
        // Nothing to wait for: the answer was final, and its Location, if any, is the result.
        let finished = Finished {
            status: accepted.status(),
            location: accepted.info("location"),
            body: accepted.body().to_vec(),
            headers: accepted.headers().cloned().unwrap_or_default(),
            moved_to: accepted.info("url"),
            verified: true,
            ..Finished::default()
        };
        return Ok(Response::of(client.clone(), exchange, finished, None));
    };
    let once = timeout_ms == 0;
    let mut poll =
        Poll { client, accepted, exchange: &exchange, handle, until, limit, once, last: Finished::default() };
    let outcome = poll.keep();
    let mut finished = poll.last;
    finished.job_url = Some(poll.handle.progress.to_string());
    finished.location = poll.handle.result.take().or(finished.location);
    finished.error = outcome.err();
    Ok(Response::of(client.clone(), exchange, finished, None))
}

/// What the response says about a job; `None` if it names none.
fn handle_of(client: &Client, accepted: &Response, known: Option<String>) -> Result<Option<JobHandle>> {
    let Some(shape) = client.profile.service.jobs.as_ref() else { return Ok(None) };
    let result = accepted.info("location");
    let base: Url =
        accepted.info("url").and_then(|text| text.parse().ok()).unwrap_or_else(|| client.base.clone());
    if let Some(known) = known {
        return Ok(Some(JobHandle { shape, progress: address::resolve(&base, &known)?, result }));
    }
    let json = accepted.json();
    if shape.only_accepted && accepted.status() != 202 {
        return Ok(None);
    }
    let Some(handle) = shape.handles.iter().find_map(|pointer| json.string(pointer)) else { return Ok(None) };
    let progress = match shape.path.split_once("{}") {
        Some((before, after)) => {
            address::resolve(&client.base, &format!("{before}{}{after}", address::encode_segment(&handle)))?
        }
        None => address::resolve(&base, &handle)?,
    };
    Ok(Some(JobHandle { shape, progress, result }))
}

struct Poll<'a> {
    client: &'a Arc<Client>,
    accepted: &'a Response,
    exchange: &'a Arc<Exchange>,
    handle: JobHandle,
    until: Option<Instant>,
    limit: Option<Duration>,
    /// Looks once, however long that takes.
    once: bool,
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
            if self.once
                || left.is_some_and(|left| left <= wait.min(FIRST)) && left.is_some_and(|left| left < wait)
            {
                // The rest of the time is too short for another look.
                self.exchange.sleep(left.filter(|_| !self.once).unwrap_or_default())?;
                return Err(self.not_yet());
            }
            self.exchange.sleep(left.map_or(wait, |left| left.min(wait)))?;
        }
    }

    fn not_yet(&self) -> Error {
        let percent = self.accepted.exchange.percent.load(Relaxed);
        let so_far = if percent >= 0 { format!(", {percent} percent are done") } else { String::new() };
        let limit = self.limit.unwrap_or_default().as_millis();
        Error::new(
            Code::Timeout,
            match self.once {
                true => format!("The job has not ended yet{so_far}; it can be awaited again."),
                false => format!("The job has not ended after {limit} ms{so_far}; it can be awaited again."),
            },
        )
    }

    fn failed(&self, words: String) -> Error {
        let words = self.client.session.scrub(&status::one_line(&words));
        let title = self.client.profile.service.title;
        let colon = if words.is_empty() { "" } else { ": " };
        Error::new(Code::Job, format!("{title} says that the job failed{colon}{words}"))
    }

    /// One request; `None` if it did not get through, which says nothing about the job.
    fn ask(&mut self, target: Url) -> Result<Option<Finished>> {
        let mut request = Request::new(Method::GET, target);
        // Repeats are the poll's own.
        let mut settings = self.client.settings.clone();
        settings.retry_max = 0;
        settings.max_body = settings.max_body.min(MOST_BODY);
        // One look takes as long as any request may.
        let left = self
            .until
            .filter(|_| !self.once)
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
        let Some(error) = finished.error.clone() else { return Ok(Some(finished)) };
        let passing = match error.code {
            Code::Resolve | Code::Connect | Code::Io | Code::Timeout | Code::Protocol => true,
            Code::Http => matches!(finished.status, 408 | 429 | 500..=599),
            _ => false,
        };
        self.last.retry_after = finished.retry_after;
        match (passing, error.code, finished.status) {
            (true, ..) => Ok(None),
            (false, Code::Http, 404) | (false, Code::TooLarge, _) => Ok(Some(finished)),
            _ => {
                self.last = finished;
                Err(error)
            }
        }
    }

    fn look(&mut self) -> Result<Option<Progress>> {
        let Some(finished) = self.ask(self.handle.progress.clone())? else { return Ok(None) };
        if let Some(error) = finished.error.clone() {
            self.last = finished;
            return Err(error);
        }
        let index = Index::default();
        let progress = judge(&self.handle.shape.progress, &Json::new(&finished.body, &index));
        self.last = finished;
        Ok(Some(progress))
    }

    /// A finished job is believed when its result says so too: an unknown job counts as finished.
    /// `None` = the result is still in the making.
    fn confirm(&mut self) -> Result<Option<Result<()>>> {
        let place =
            self.handle.result.as_ref().and_then(|text| address::resolve(&self.client.base, text).ok());
        let (Some(place), Some(shape)) =
            (place.filter(|place| self.client.covers(place)), &self.handle.shape.result)
        else {
            return Ok(Some(Ok(())));
        };
        let Some(result) = self.ask(place)? else { return Ok(None) };
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
            let told = shape.messages.iter().find_map(|pointer| json.string(pointer));
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
        for exchange in [&self.accepted.exchange, self.exchange] {
            exchange.percent.fetch_max(percent, Relaxed);
        }
    }
}

/// Reads one progress document.
fn judge(progress: &ProgressShape, json: &Json<'_>) -> Progress {
    match progress {
        ProgressShape::Percent { percent, message } => match json.double(percent) {
            Some(number) if number < 0.0 => Progress::Failed(failure_text(json, message)),
            Some(number) if number >= 100.0 => Progress::Done(None),
            other => Progress::Running(other),
        },
        ProgressShape::Record { status, url } => {
            let status = json.string(status).unwrap_or_default().to_ascii_lowercase();
            let url = json.string(url).filter(|url| !url.is_empty());
            match (status.as_str(), url) {
                (bad, _) if bad.contains("fail") || bad.contains("error") => Progress::Failed(status),
                ("complete" | "completed", Some(url)) => Progress::Done(Some(url.into_owned())),
                _ => Progress::Running(None),
            }
        }
    }
}

/// The text of a failure: a string, or the resolutions of a script's error document.
fn failure_text(json: &Json<'_>, pointer: &str) -> String {
    if json.kind(pointer) != Type::Object {
        return json.string(pointer).unwrap_or_default().into_owned();
    }
    let mut told: Vec<String> =
        json.string(&format!("{pointer}/description")).map(|t| t.into_owned()).into_iter().collect();
    for index in 0..json.count(&format!("{pointer}/resolutions")).min(10) {
        let one = format!("{pointer}/resolutions/{index}");
        let Some(text) = json.string(&format!("{one}/message")) else { continue };
        match json.int(&format!("{one}/line")) {
            Some(line) => told.push(format!("line {line}: {text}")),
            None => told.push(text.into_owned()),
        }
    }
    told.extend(
        json.string(&format!("{pointer}/message")).filter(|_| told.is_empty()).map(|t| t.into_owned()),
    );
    told.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERCENT: ProgressShape =
        ProgressShape::Percent { percent: "/value/progress", message: "/value/message" };
    const RECORD: ProgressShape = ProgressShape::Record { status: "/status", url: "/url" };

    fn see(progress: &ProgressShape, body: &str) -> String {
        let index = Index::default();
        match judge(progress, &Json::new(body.as_bytes(), &index)) {
            Progress::Running(percent) => format!("running {percent:?}"),
            Progress::Done(url) => format!("done {url:?}"),
            Progress::Failed(words) => format!("failed {words}"),
        }
    }

    #[test]
    fn progress_documents() {
        for (body, want) in [
            (r#"{"value":{"progress":0}}"#, "running Some(0.0)"),
            (r#"{"value":{"progress":22.6}}"#, "running Some(22.6)"),
            (r#"{"value":{"progress":100,"message":"complete"}}"#, "done None"),
            (r#"{"value":{"progress":-1,"message":"no such column"}}"#, "failed no such column"),
            (r#"{"value":{"progress":-1}}"#, "failed "),
            (
                r#"{"value":{"progress":-1,"message":{"description":"Errors","resolutions":[{"message":"bad","line":3},{"message":"odd"}]}}}"#,
                "failed Errors; line 3: bad; odd",
            ),
            ("{}", "running None"),
            ("", "running None"),
        ] {
            assert_eq!(see(&PERCENT, body), want, "{body}");
        }
    }

    #[test]
    fn export_records() {
        for (body, want) in [
            (r#"{"status":"pending","url":null}"#, "running None"),
            (r#"{"status":"COMPLETED","url":"https://s3.test/x"}"#, "done Some(\"https://s3.test/x\")"),
            (r#"{"status":"complete","url":null}"#, "running None"),
            (r#"{"status":"FAILED","url":null}"#, "failed failed"),
            (r#"{"status":"Export_Error"}"#, "failed export_error"),
            (r#"{"uuid":"x"}"#, "running None"),
        ] {
            assert_eq!(see(&RECORD, body), want, "{body}");
        }
    }

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
