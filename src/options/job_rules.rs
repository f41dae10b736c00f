//! How a long-running job is recognized and followed: the service's way, with options laid over it.

use crate::json::{Json, Type};
use crate::options::Options;
use crate::service::{ProgressShape, ResultShape, Service, said};

/// Words of a status that end a job, where the service names none.
const DONE: &str = "done complete completed finished success succeeded";
/// What a failed status holds.
const FAILED: &str = "fail error cancel abort reject";

/// What a client knows of its service's jobs.
#[derive(Debug)]
pub struct JobRules {
    /// Whether only a response with status 202 starts a job.
    pub only_accepted: bool,
    /// Pointers to the job in the response that started it: its address, or its id.
    pub handles: Vec<String>,
    /// Path of the progress document, with `{}` for the id; empty = the handle is an address.
    pub path: &'static str,
    pub result: Option<&'static ResultShape>,
    /// Whether options say how a job is followed: then a Location alone leads to it.
    pub by_options: bool,
    /// Whether a 202 that names no job is an error.
    pub unnamed_is_error: bool,
    percent: Option<String>,
    message: Option<String>,
    status: Option<String>,
    /// Where a record has the address of the result, without which it is not done.
    url: Option<String>,
    /// Where an option says that a finished job names its result.
    pub named: Option<String>,
    /// Where an option says that a document has its text for people.
    said: Vec<String>,
    done: Vec<String>,
    failed: Vec<String>,
}

/// What one look has shown.
#[derive(Debug, PartialEq)]
pub enum Progress {
    Running(Option<f64>),
    Done(Option<String>),
    Failed(String),
}

fn words(list: &str) -> Vec<String> {
    list.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

impl JobRules {
    /// `None` for a service without jobs, unless options describe them.
    pub fn of(service: &'static Service, options: &Options) -> Option<JobRules> {
        const OWN: [&str; 6] = [
            "job.location_pointer",
            "job.status_pointer",
            "job.percent_pointer",
            "job.result_pointer",
            "job.done",
            "job.failed",
        ];
        let own = |key: &str| options.text(key).map(str::to_owned);
        let by_options = OWN.iter().any(|key| options.is_set(key));
        let jobs = service.jobs.as_ref();
        if jobs.is_none() && !by_options {
            return None;
        }
        let (mut percent, mut message, mut status, mut url) = (None, None, None, None);
        match jobs.map(|jobs| &jobs.progress) {
            Some(ProgressShape::Percent { percent: p, message: m }) => {
                (percent, message) = (Some((*p).to_owned()), Some((*m).to_owned()));
            }
            Some(ProgressShape::Record { status: s, url: u }) => {
                (status, url) = (Some((*s).to_owned()), Some((*u).to_owned()));
            }
            None => {}
        }
        let handles = match own("job.location_pointer") {
            Some(pointer) => vec![pointer],
            None => jobs.map_or(&[][..], |jobs| jobs.handles).iter().map(|p| (*p).to_owned()).collect(),
        };
        Some(JobRules {
            only_accepted: jobs.is_none_or(|jobs| jobs.only_accepted)
                && !options.is_set("job.location_pointer"),
            handles,
            path: jobs.filter(|_| !by_options).map_or("", |jobs| jobs.path),
            result: jobs.filter(|_| !by_options).and_then(|jobs| jobs.result.as_ref()),
            by_options,
            unnamed_is_error: jobs.is_none_or(|jobs| jobs.unnamed_is_error),
            percent: own("job.percent_pointer").or(percent),
            message,
            status: own("job.status_pointer").or(status),
            url: url.filter(|_| !by_options),
            named: own("job.result_pointer"),
            said: options
                .text("error.pointers")
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            done: words(options.text("job.done").unwrap_or(DONE)),
            failed: words(options.text("job.failed").unwrap_or(FAILED)),
        })
    }

    /// Whether a document is one of progress: then where it came from is the job.
    pub fn is_progress(&self, json: &Json<'_>) -> bool {
        let stands = |pointer: &Option<String>| {
            pointer.as_ref().is_some_and(|pointer| json.kind(pointer) != Type::None)
        };
        match &self.url {
            // A record of something else may have a status too.
            Some(_) => stands(&self.status) && stands(&self.url),
            None => stands(&self.percent) || stands(&self.status),
        }
    }

    /// Reads one progress document.
    pub fn judge(&self, json: &Json<'_>) -> Progress {
        let percent = self.percent.as_ref().and_then(|pointer| {
            let with_sign = || json.string(pointer)?.trim().strip_suffix('%')?.trim_end().parse().ok();
            json.double(pointer).or_else(with_sign)
        });
        let named =
            || self.named.as_ref().and_then(|pointer| json.string(pointer)).map(|url| url.into_owned());
        let named = || named().filter(|url| !url.is_empty());
        if let Some(pointer) = &self.status {
            let told = json.get(pointer).unwrap_or_default();
            let status = told.trim().to_lowercase();
            let url =
                self.url.as_ref().and_then(|pointer| json.string(pointer)).filter(|url| !url.is_empty());
            let has_failed = self.failed.iter().any(|word| status.contains(word.as_str()));
            let is_done = self.done.contains(&status);
            match (self.url.is_some(), url) {
                _ if has_failed && !is_done => {
                    // A sentence keeps its capital letters.
                    let words = if told.contains(' ') { told.into_owned() } else { status };
                    return Progress::Failed(self.with_reason(json, pointer, words));
                }
                (true, Some(url)) if is_done => return Progress::Done(Some(url.into_owned())),
                (false, _) if is_done => return Progress::Done(named()),
                _ => {}
            }
        }
        match percent {
            Some(number) if number < 0.0 => {
                let message = self.message.as_deref().unwrap_or("/message");
                // Lines of a script may stand next to it.
                let around = message.rsplit_once('/').map_or("", |(around, _)| around);
                let told = said::at(json, message).or_else(|| said::at(json, around));
                Progress::Failed(told.or_else(|| self.reason(json, around)).unwrap_or_default())
            }
            // Where a status is told, it decides.
            Some(number) if number >= 100.0 && self.status.is_none() => Progress::Done(named()),
            other => Progress::Running(other),
        }
    }

    /// What a document says of a job that goes on, or why it says nothing; `None` where only a number is told.
    pub fn state(&self, json: &Json<'_>) -> Option<String> {
        if !self.is_progress(json) {
            let places = self.status.iter().chain(&self.percent).cloned().collect::<Vec<_>>().join(" or ");
            return Some(format!(
                "What came tells nothing of a job, at {places}: the options of its pointers may be wrong, or it is the page of a login, or of a proxy."
            ));
        }
        let status = self.status.as_ref().and_then(|pointer| json.get(pointer))?;
        let status = status.chars().take(60).filter(|c| !c.is_control()).collect::<String>();
        Some(format!("Its status is \"{status}\"."))
    }

    /// Why a job failed, by a document of it; `place` is where to look first.
    pub fn reason(&self, json: &Json<'_>, place: &str) -> Option<String> {
        let said = self.said.iter().find_map(|pointer| said::at(json, pointer));
        said.or_else(|| said::of_failed_job(json, place))
    }

    /// The status of a failed job and, if its document says more, why.
    fn with_reason(&self, json: &Json<'_>, status: &str, words: String) -> String {
        let around = status.rsplit_once('/').map_or("", |(around, _)| around);
        match self.reason(json, around) {
            Some(reason) if reason.to_lowercase().starts_with(&words.to_lowercase()) => reason,
            Some(reason) => format!("{words}: {reason}"),
            None => words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Index;
    use crate::service;

    fn see(name: &str, options: &[(&str, &str)], body: &str) -> String {
        let mut chosen = Options::new();
        options.iter().for_each(|(key, value)| chosen.set(key, Some(value)).unwrap());
        let index = Index::default();
        let rules = JobRules::of(service::named(name).unwrap(), &chosen).unwrap();
        match rules.judge(&Json::new(body.as_bytes(), &index)) {
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
                r#"{"value":{"progress":-1,"message":"","resolutions":[{"message":"bad","line":3}]}}"#,
                "failed line 3: bad",
            ),
            (
                r#"{"value":{"progress":-1,"message":{"description":"Errors","resolutions":[{"message":"bad","line":3},{"message":"odd"}]}}}"#,
                "failed Errors; line 3: bad; odd",
            ),
            ("{}", "running None"),
            ("", "running None"),
        ] {
            assert_eq!(see("crunch", &[], body), want, "{body}");
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
            assert_eq!(see("crux-connect", &[], body), want, "{body}");
        }
    }

    #[test]
    fn jobs_that_options_describe() {
        let own = [("job.status_pointer", "/state"), ("job.done", "ready"), ("job.percent_pointer", "/pct")];
        for (body, want) in [
            (r#"{"state":"RUNNING","pct":30}"#, "running Some(30.0)"),
            (r#"{"state":"running","pct":100}"#, "running Some(100.0)"),
            (r#"{"state":"Ready"}"#, "done None"),
            (r#"{"state":"failed: no disk"}"#, "failed failed: no disk"),
            (r#"{"state":"done"}"#, "running None"),
        ] {
            assert_eq!(see("custom", &own, body), want, "{body}");
        }
        assert_eq!(
            see("custom", &[("job.failed", "broken"), ("job.status_pointer", "/s")], r#"{"s":"broken"}"#),
            "failed broken"
        );
    }
}
