//! The send loop: authorize, transport, judge, and once more where that is safe.

pub mod authorize;
pub mod hop;
mod hop_headers;
mod login;
mod login_request;
pub mod login_response;
mod outcome;
mod redacted;
pub mod redirect;
pub mod request;
pub mod retry;

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant, SystemTime};

use ::url::Url;
use http::{HeaderValue, Method};

use crate::address::link::Link;
use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::json::{Index, Json};
use crate::log::Level;
use crate::options::settings::Settings;
use crate::send::redirect::Verdict;
use crate::send::request::{Finished, Request, Want};
use crate::session::{Failure, Source, Token};
use crate::status;
use crate::transport::HttpResponse;
use crate::transport::attempt::Attempt;
use crate::transport::counters::Counters;
use crate::transport::exchange::Exchange;
use crate::transport::http::request_body::RequestBody;
use crate::transport::http::response_body::ResponseBody;
use hop::Begun;
use outcome::text;

/// Most of a body that is read only to keep its connection.
const DRAIN: u64 = 64 * 1024;

/// Runs a request to its end.
pub fn run(client: &Client, request: &Request, exchange: &Arc<Exchange>, want: Want) -> Finished {
    run_from(client, request, exchange, want, None)
}

/// Runs a request to its end, whose first attempt may be under way.
pub fn run_from(
    client: &Client,
    request: &Request,
    exchange: &Arc<Exchange>,
    want: Want,
    begun: Option<Begun>,
) -> Finished {
    let _running = client.running.enter(exchange);
    let mut run = Run::new(client, request, exchange, want);
    let outcome = run.go_on_to_the_end(begun);
    let mut finished = run.finished;
    if let Err(error) = outcome {
        finished.error = Some(error);
    }
    finished.elapsed = exchange.begun.elapsed();
    finished.maybe_sent = exchange.maybe_sent.load(Relaxed);
    if let Some(error) = &finished.error {
        finished.retryable = match error.code {
            Code::Http => status::is_passing(finished.status),
            _ if run.refused => false,
            Code::Resolve | Code::Connect | Code::Io | Code::Timeout => {
                !finished.maybe_sent
                    || !request.once
                        && is_repeatable(client, &request.method, &request.url, run.settings.idempotent)
            }
            _ => false,
        };
        client.log.log(Level::Error, || format!("{} ({})", error.message, error.code.row().name));
    }
    finished
}

/// Whether a request may be sent again though it may have arrived.
pub fn is_repeatable(client: &Client, method: &Method, url: &Url, idempotent: bool) -> bool {
    idempotent || retry::is_idempotent(method) && !client.profile.service.only_once(url.path())
}

struct Run<'a> {
    client: &'a Client,
    request: &'a Request,
    exchange: &'a Arc<Exchange>,
    settings: &'a Settings,
    want: Want,
    method: Method,
    url: Cow<'a, Link>,
    body: Option<&'a (RequestBody, Option<HeaderValue>)>,
    hops: u32,
    repeats: u32,
    renewed: bool,
    /// Whether a token of another process has been tried.
    tried_file: bool,
    /// Whether the document of the latest response has been read, and is an error's.
    kept: bool,
    token_was_refused: bool,
    /// The token of the latest attempt, and the one that it replaced.
    sent: Option<Arc<Token>>,
    dead: Option<Arc<Token>>,
    /// The latest status after which the server asked for a wait, and how long that was.
    waited: Option<(u16, Duration)>,
    /// Whether the latest attempt was refused for a reason that a retry would meet again.
    refused: bool,
    finished: Finished,
}

impl<'a> Run<'a> {
    #[inline(never)]
    fn new(client: &'a Client, request: &'a Request, exchange: &'a Arc<Exchange>, want: Want) -> Run<'a> {
        Run {
            client,
            request,
            exchange,
            settings: request.settings.as_deref().unwrap_or(&client.settings),
            want,
            method: request.method.clone(),
            url: Cow::Borrowed(&request.url),
            body: request.body.as_ref(),
            hops: 0,
            repeats: 0,
            renewed: false,
            tried_file: false,
            kept: false,
            token_was_refused: false,
            sent: None,
            dead: None,
            waited: None,
            refused: false,
            finished: Finished::default(),
        }
    }

    fn go_on_to_the_end(&mut self, mut begun: Option<Begun>) -> Result<()> {
        let mut fresh_only = false;
        loop {
            let (attempt, outcome) = match begun.take() {
                Some(begun) => self.finish_attempt(begun),
                None => self.make_attempt(fresh_only)?,
            };
            self.refused = attempt.refused.load(Relaxed);
            let again = match outcome {
                Err(error) => self.after_failure(error, &attempt)?,
                Ok(response) => self.after_response(response, &attempt)?,
            };
            fresh_only = again == Again::OnNewConnection;
            if again == Again::No {
                return Ok(());
            }
        }
    }

    /// Notes where the response came from, if a redirect has led away.
    fn note_url(&mut self) {
        self.finished.moved_to = match &self.url {
            Cow::Borrowed(_) => None,
            Cow::Owned(link) => Some(link.as_str().to_owned()),
        };
    }

    fn is_repeatable(&self) -> bool {
        if self.request.once || self.body.is_some_and(|(body, _)| body.is_spent()) {
            return false;
        }
        let by_hand = self.settings.idempotent && self.method == self.request.method;
        is_repeatable(self.client, &self.method, &self.url, by_hand)
    }

    fn after_failure(&mut self, error: Error, attempt: &Attempt) -> Result<Again> {
        let nothing_left = attempt.wire_sent.load(Relaxed) == 0;
        // A session whose other end has forgotten it fails in TLS.
        let broken = matches!(error.code, Code::Io | Code::Tls);
        let stale =
            broken && attempt.reused.load(Relaxed) && !attempt.answered.load(Relaxed) && !attempt.fresh_only;
        let spent = self.body.is_some_and(|(body, _)| body.is_spent());
        if stale && !spent && (nothing_left || self.is_repeatable()) {
            Counters::add(&self.client.transport.counters.retries, 1);
            self.client
                .log
                .log(Level::Debug, || "an idle connection had been closed; taking a new one".to_owned());
            return Ok(Again::OnNewConnection);
        }
        // Nothing left this computer, so any method may try again.
        let unsent = matches!(error.code, Code::Connect | Code::Resolve) && !self.refused && !spent;
        // Whether it arrived is unknown, and does not matter.
        let lost = error.code == Code::Io && !attempt.head_done.load(Relaxed) && self.is_repeatable();
        if (unsent || lost)
            && let Some(wait) = self.wait_before_repeat(None)
        {
            self.pause(wait)?;
            return Ok(if lost { Again::OnNewConnection } else { Again::Yes });
        }
        self.note_url();
        Err(error)
    }

    /// How long to wait before one more repeat; `None` if there is none left, or no time for it.
    fn wait_before_repeat(&self, asked: Option<Duration>) -> Option<Duration> {
        let wait = retry::wait(self.repeats, asked, self.settings.retry_max_wait, fastrand::f64());
        let in_time = self.exchange.deadline.is_none_or(|end| Instant::now() + wait < end);
        (self.repeats < self.settings.retry_max && in_time).then_some(wait)
    }

    fn pause(&mut self, wait: Duration) -> Result<()> {
        self.repeats += 1;
        Counters::add(&self.client.transport.counters.retries, 1);
        self.client.log.log(Level::Info, || format!("repeat {} in {} ms", self.repeats, wait.as_millis()));
        self.exchange.pause(wait)
    }

    fn after_response(&mut self, mut response: HttpResponse, attempt: &Attempt) -> Result<Again> {
        let code = response.head.status;
        self.kept = false;
        self.token_was_refused = self.token_refused(&mut response);
        if self.token_was_refused
            && let Some(token) = self.sent.clone()
            && !self.renewed
            && !self.body.is_some_and(|(body, _)| body.is_spent())
            && self.client.session.can_renew()
            && !matches!(token.source, Source::Given(_))
        {
            // Read, so that the connection can serve the replay; kept, in case there is none.
            if !self.kept {
                self.keep_error(&mut response);
            }
            self.client.log.log(Level::Info, || "the token was not accepted; logging in again".to_owned());
            let renewed = authorize::renew(self.client, token.generation, self.exchange);
            let renewed = self.authorized(renewed)?;
            // What another process has left in a file may be dead too; after that, a login is made.
            let from_file = matches!(renewed.source, Source::TokenFile(_)) && !self.tried_file;
            self.tried_file |= from_file;
            self.renewed = !from_file;
            self.dead = Some(token);
            self.forget_response();
            return Ok(Again::Yes);
        }
        self.finished.retry_after = None;
        if (300..400).contains(&code) {
            return self.after_redirect(response);
        }
        // A server that gave up an idle connection, and has not seen the request on it.
        let given_up = code == 408 && attempt.reused.load(Relaxed);
        if status::is_passing(code) || given_up {
            // By the server's own clock, which may be wrong.
            let date = text(&response.head, "date");
            let now = date.and_then(|date| httpdate::parse_http_date(date.trim()).ok());
            let asked = text(&response.head, "retry-after");
            let asked =
                asked.and_then(|text| retry::parse_retry_after(&text, now.unwrap_or_else(SystemTime::now)));
            self.finished.retry_after = asked;
            if self.is_repeatable()
                && let Some(wait) = self.wait_before_repeat(asked)
            {
                drain(&mut response.body);
                self.pause(wait)?;
                if asked.is_some_and(|asked| !asked.is_zero()) {
                    self.waited = Some((code, wait));
                    // What was a living token before the wait may have expired in it.
                    self.renewed = false;
                }
                return Ok(if given_up { Again::OnNewConnection } else { Again::Yes });
            }
        }
        self.finish(response, None).map(|()| Again::No)
    }

    /// Takes over what a login that failed was told: its response is what stands in the way.
    fn authorized<T>(&mut self, outcome: std::result::Result<T, Failure>) -> Result<T> {
        outcome.map_err(|failure| {
            if failure.facts.is_some() {
                let before = std::mem::take(&mut self.finished);
                self.finished = Finished {
                    attempts: before.attempts,
                    token_source: before.token_source,
                    location: before.location,
                    ..Finished::of_failure(&failure)
                };
            }
            failure.error
        })
    }

    /// Whether a response refuses the token itself; keeps its document.
    fn token_refused(&mut self, response: &mut HttpResponse) -> bool {
        let (code, service) = (response.head.status, self.client.profile.service);
        if self.sent.is_none() || !(code == 401 || service.expired.iter().any(|row| row.status == code)) {
            return false;
        }
        if code == 401 {
            return true;
        }
        self.keep_error(response);
        self.kept = true;
        let index = Index::default();
        let json = Json::new(&self.finished.body, &index);
        service.token_expired(code, |pointer| match pointer {
            "" => self.finished.server_message.clone(),
            code => json.string(code).map(|text| text.into_owned()),
        })
    }

    /// Of a response that led to a replay, nothing is left.
    fn forget_response(&mut self) {
        self.finished = Finished {
            attempts: self.finished.attempts,
            token_source: self.finished.token_source.take(),
            location: self.finished.location.take(),
            ..Finished::default()
        };
    }

    fn after_redirect(&mut self, mut response: HttpResponse) -> Result<Again> {
        let (code, location) = (response.head.status, outcome::location(&response.head));
        let hops_left = self.settings.redirect_max.saturating_sub(self.hops);
        match redirect::judge(&self.method, code, &self.url, location.as_deref(), hops_left, &|to| {
            self.client.shown(to)
        }) {
            Verdict::Keep | Verdict::Exists => self.finish(response, None).map(|()| Again::No),
            Verdict::Refuse(why) => self.finish(response, Some(&why)).map(|()| Again::No),
            Verdict::Follow(..) if code == 303 && self.request.keeps_see_other => {
                self.finish(response, None).map(|()| Again::No)
            }
            Verdict::Follow(method, to) => {
                self.client.log.log(Level::Debug, || format!("{code} leads to {}", self.client.shown(&to)));
                if code == 303 && self.method == Method::POST {
                    self.finished.location = Some(to.to_string());
                }
                if method != self.method {
                    self.body = None;
                }
                drain(&mut response.body);
                self.hops += 1;
                (self.method, self.url) = (method, Cow::Owned(to.into()));
                Ok(Again::Yes)
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    No,
    Yes,
    OnNewConnection,
}

/// Reads a body that nobody wants, if it is small, so that its connection can serve again.
fn drain(body: &mut ResponseBody) {
    body.read_some(DRAIN);
}
