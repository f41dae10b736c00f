//! The front door: sends a call and waits, or streams it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Method;
use url::Url;

use crate::address;
use crate::call::Call;
use crate::client::Client;
use crate::client::finished::left;
use crate::client::running::Running;
use crate::error::{Code, Error, Result};
use crate::flows::job::Patience;
use crate::flows::job_handle::Accepted;
use crate::flows::{account, download, job, page, partial};
use crate::options::settings::Settings;
use crate::response::Response;
use crate::send;
use crate::send::authorize;
use crate::send::hop::{self, Begun};
use crate::send::request::{Finished, Request, Want};
use crate::transport::exchange::Exchange;
use crate::transport::limits::Limits;
use crate::transport::ticker::Ticker;

/// What a call does.
#[derive(Clone, Debug, Default)]
pub enum Task {
    /// Sends its request.
    #[default]
    Request,
    /// Logs in, now or again.
    Login,
    /// Ends the session.
    Logout,
    /// Waits for the job of a response.
    Await(Arc<Response>),
}

/// A call as it is now, with all that its run needs.
pub(super) struct Plan {
    pub(super) client: Arc<Client>,
    task: Task,
    request: Arc<Request>,
    pub(super) exchange: Arc<Exchange>,
    want: Want,
}

impl Plan {
    pub(super) fn new(call: Call, want: Want, background: bool) -> Result<(Plan, Option<Arc<Ticker>>)> {
        let (client, task, tick) = (call.client.clone(), call.task.clone(), call.tick.clone());
        let request = Arc::new(call.into_request()?);
        let settings = request.settings.as_deref().unwrap_or(&client.settings);
        if want == Want::Stream && settings.save.is_some() {
            let what = "A stream is read by its caller, and a file is written by libcrux: leave out the option \"save\" or the stream.";
            return Err(Error::argument(what));
        }
        let awaits = settings.awaits || matches!(task, Task::Await(_));
        let in_memory = want == Want::Buffer && settings.save.is_none() && !awaits;
        let limits = if in_memory { settings.limits } else { settings.stream_limits() };
        let ticker = client.ticker(tick.as_ref(), settings.tick_every);
        let (runs_with, shown_by) = if background { (None, ticker) } else { (ticker, None) };
        let plan = Plan { exchange: Exchange::ticking(limits, runs_with), client, task, request, want };
        Ok((plan, shown_by))
    }

    /// The request whose response this will be; a wait for a job makes many, and none of them is the caller's.
    pub(super) fn asked(&self) -> Option<Arc<Request>> {
        (!matches!(self.task, Task::Await(_))).then(|| self.request.clone())
    }

    /// Whether it only sends its request, and keeps the response in memory.
    pub(super) fn is_plain(&self) -> bool {
        let settings = self.settings();
        let is_request = matches!(self.task, Task::Request) && !settings.awaits && settings.save.is_none();
        is_request && self.want == Want::Buffer && !self.exchange.is_cancelled()
    }

    /// Sends its request at once, if nothing has to be waited for before.
    pub(super) fn begin(&self) -> Option<Begun> {
        hop::begin(&self.client, &self.request, &self.exchange)
    }

    fn settings(&self) -> &Settings {
        self.request.settings.as_deref().unwrap_or(&self.client.settings)
    }

    /// Runs it to its end; its request may be under way.
    pub(super) fn run(&self, begun: Option<Begun>) -> Finished {
        let mut finished = self.run_task(begun);
        finished.elapsed = self.exchange.begun.elapsed();
        finished
    }

    fn run_task(&self, begun: Option<Begun>) -> Finished {
        let (client, exchange) = (&self.client, &self.exchange);
        let settings = self.settings();
        match &self.task {
            Task::Login => authorize::log_in_now(client, exchange),
            Task::Logout => account::log_out(client, exchange),
            Task::Await(accepted) => {
                let _watching = accepted.awaited_by().enter(exchange);
                self.await_job(accepted, settings)
            }
            Task::Request if settings.awaits && self.want == Want::Buffer => self.run_to_its_end(settings),
            Task::Request => match settings.save.as_deref().filter(|_| self.want == Want::Buffer) {
                Some(file) => {
                    download::run(client, Request::clone(&self.request), exchange, file, "the same call")
                }
                None => {
                    let mut finished = send::run_from(client, &self.request, exchange, self.want, begun);
                    page::check(&self.request, &mut finished);
                    finished
                }
            },
        }
    }
}

impl Plan {
    /// Goes on until the job that the request starts, or asks for, has ended; then its result is saved, if that
    /// is wanted.
    fn run_to_its_end(&self, settings: &Settings) -> Finished {
        let (client, exchange) = (&*self.client, &self.exchange);
        if let Err(error) = check_file(settings) {
            return Finished::failed(error);
        }
        let first = match self.request.method == Method::GET && client.profile.jobs.is_some() {
            // It may ask for a job that has ended.
            true => {
                let request = Request { keeps_see_other: true, ..Request::clone(&self.request) };
                send::run(client, &request, exchange, Want::Buffer)
            }
            false => send::run(client, &self.request, exchange, Want::Buffer),
        };
        if first.error.is_some() {
            return first;
        }
        let mut ended = self.follow_to_its_end(first, settings);
        if ended.error.is_some() && self.request.method != Method::GET {
            // The same call would start another job.
            (ended.maybe_sent, ended.retryable) = (true, false);
        }
        ended
    }

    fn follow_to_its_end(&self, first: Finished, settings: &Settings) -> Finished {
        let (client, exchange) = (&*self.client, &self.exchange);
        let moved = first.moved_to.as_deref().and_then(|url| Url::parse(url).ok());
        let accepted = Accepted {
            status: first.status,
            url: moved.unwrap_or_else(|| self.request.url.url().clone()),
            location: first.location.clone(),
            job_url: None,
            body: &first.body,
            is_read: self.request.method == Method::GET,
        };
        let last = job::follow(client, &accepted, exchange, None, Patience::of(settings));
        let url = accepted.url.clone();
        let mut ended = match last {
            Ok(last) => last.unwrap_or(first),
            // What was accepted stays accepted, and is told with the error.
            Err(error) => return Finished { error: Some(error), ..first },
        };
        ended.attempts = ended.attempts.max(1);
        self.save(ended, &url, settings)
    }

    /// Waits for the job of a response, and saves its result if that is wanted.
    fn await_job(&self, accepted: &Response, settings: &Settings) -> Finished {
        let client = &self.client;
        if let Err(error) = check_file(settings) {
            return Finished::failed(error);
        }
        let ended = job::run(client, accepted, Patience::of(settings), &self.exchange);
        let url = accepted.info("url").and_then(|url| Url::parse(&url).ok());
        self.save(ended, url.as_ref().unwrap_or(&client.base), settings)
    }

    /// Saves the result of a job that has ended well, or what a response without a job names, if that is wanted.
    fn save(&self, ended: Finished, url: &Url, settings: &Settings) -> Finished {
        let Some(file) = settings.save.as_deref().filter(|_| ended.error.is_none()) else { return ended };
        let target = match ended.location.as_deref() {
            Some(result) => address::resolve(url, result),
            None => Err(self.no_result(&ended)),
        };
        let target = match target {
            Ok(target) => target,
            Err(error) => return Finished { error: Some(error), ..ended },
        };
        let request =
            Request { settings: self.request.settings.clone(), ..Request::new(Method::GET, target) };
        let again = "crux_download of crux_info \"location\"";
        let saved = download::run(&self.client, request, &self.exchange, file, again);
        Finished { job_url: ended.job_url, location: ended.location, ..saved }
    }

    fn no_result(&self, ended: &Finished) -> Error {
        if ended.job_url.is_none() {
            let what = "The response starts no job, and names no result that could be saved; leave out the option \"await\" to save the response itself.";
            return Error::new(Code::Protocol, what);
        }
        let pointer = self.client.profile.jobs.as_ref().and_then(|rules| rules.named.as_deref());
        let advice = match pointer {
            Some(pointer) => format!("there is no address at {pointer}"),
            None => "if its progress does, say where".to_owned(),
        };
        let what = format!(
            "The job has ended, but the server names no result that could be saved; {advice} (option \"job.result_pointer\")."
        );
        Error::new(Code::Protocol, what)
    }
}

/// Whether what is to be saved can be, so that no job is started in vain.
fn check_file(settings: &Settings) -> Result<()> {
    settings.save.as_deref().map_or(Ok(()), |file| partial::check(Path::new(file)))
}

/// Sends a call and waits for the whole response, or for its head; `running` lets a cancel reach it.
pub fn send(call: Call, want: Want, running: Option<&Running>) -> Arc<Response> {
    let client = call.client.clone();
    let (plan, _) = match Plan::new(call, want, false) {
        Ok(plan) => plan,
        Err(error) => return Response::failed(Some(client), error),
    };
    let reachable = running.map(|running| running.enter(&plan.exchange));
    // A request is within reach by itself.
    let _running = (!matches!(plan.task, Task::Request)).then(|| client.running.enter(&plan.exchange));
    let finished = plan.run(None);
    let request = plan.asked().map(|request| match request.borrows {
        // Still marked: without its body the next page cannot be asked for.
        true => Arc::new(Request { body: None, ..Request::clone(&request) }),
        false => request,
    });
    let response = Response::of(client, plan.exchange, finished, request);
    response.keep_in_reach(reachable);
    response
}

/// Waits for the job of a response.
pub fn wait_for_job(client: Arc<Client>, accepted: &Response, timeout_ms: i32) -> Arc<Response> {
    let settings = &client.settings;
    let ticker = client.ticker(None, settings.tick_every);
    let exchange = Exchange::ticking(Limits { total: None, ..settings.limits }, ticker);
    let _running = client.running.enter(&exchange);
    let limit = match timeout_ms {
        ..0 => settings.job_timeout,
        ms => Some(Duration::from_millis(ms as u64)),
    };
    let patience = Patience { limit, once: timeout_ms == 0, saves: false, ..Patience::of(settings) };
    let _watching = accepted.watching().enter(&exchange);
    let finished = job::run(&client, accepted, patience, &exchange);
    Response::of(client.clone(), exchange, finished, None)
}

/// Logs a new client in, if it has a password and no token.
pub fn first_login(client: &Client) -> Result<()> {
    let settings = &client.settings;
    let exchange = Exchange::ticking(settings.limits, client.ticker(None, settings.tick_every));
    authorize::first_login(client, &exchange)
}

/// Waits until one of a client's started calls has finished; `None` if none is under way.
pub fn wait_for_any(client: &Client, limit: Duration) -> Option<bool> {
    let end = Instant::now().checked_add(limit);
    let ticker = client.queue_ticker();
    loop {
        match client.finished.look() {
            (true, _) => return Some(true),
            (false, false) => return None,
            (false, true) => {}
        }
        let Some(left) = left(end).filter(|_| !limit.is_zero()) else { return Some(false) };
        let slice = ticker.as_ref().map_or(left, |ticker| ticker.left().min(left));
        client.leaves_loop();
        client.finished.wait(slice.max(Duration::from_millis(1)));
        let first = ticker.as_ref().and_then(|ticker| Some((ticker, client.running.first()?)));
        if let Some((ticker, first)) = first {
            let (done, total) = first.progress();
            if !ticker.tick(first.shown_stage(), done, total, false) {
                client.running.cancel();
            }
        }
    }
}
