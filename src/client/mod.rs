//! A client: who I am, where to, and what all requests share.

mod credentials;
pub mod finished;
pub mod running;
pub mod waiting;
pub mod workers;

use std::io::ErrorKind;
use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue, header};
use url::Url;

use crate::address;
use crate::address::link::Link;
use crate::address::origin::Origin;
use crate::client::running::Running;
use crate::client::waiting::Waiting;
use crate::client::workers::{Place, Workers};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::hooks::{Hooks, TickHook};
use crate::log::{Level, Logger};
use crate::options::Options;
use crate::options::profile::Profile;
use crate::options::settings::Settings;
use crate::session::token_file;
use crate::session::{LastLogin, Session, Source, Token, jwt};
use crate::sync::Lock;
use crate::transport::Transport;
use crate::transport::http::head_lines::HeadLines;
use crate::transport::net::proxy::Proxies;
use crate::transport::net::route::Route;
use crate::transport::ticker::Ticker;
use crate::transport::tls::trust::{TlsOptions, Trust};
use credentials::protect;
use finished::FinishedQueue;

/// One account at one service. Shared by all threads.
#[derive(Debug)]
pub struct Client {
    pub profile: Profile,
    pub base: Url,
    pub origin: Origin,
    /// Further origins that may have the token, each with the zone of its host.
    origins: Vec<(Origin, Option<String>)>,
    base_route: Arc<Route>,
    pub settings: Settings,
    /// What every request carries, whoever it goes to.
    headers: HeaderMap,
    /// What every request to the own origins carries.
    own_headers: HeaderMap,
    /// The same without a token, as it travels: to others, to the own origins; without and with the type of a JSON
    /// body.
    lines: [[OnceLock<HeadLines>; 2]; 2],
    pub session: Session,
    pub transport: Transport,
    pub log: Logger,
    options: Options,
    pub token_file: Option<String>,
    /// What `cancel` ends.
    pub running: Running,
    pub workers: Workers,
    /// Started calls that need no thread for now.
    pub waiting: Waiting,
    /// Whether the host's event loop reads what has come.
    event_early: bool,
    /// Started calls that have finished.
    pub finished: FinishedQueue,
    tick: Option<Weak<TickHook>>,
    queue_ticker: Lock<Option<Arc<Ticker>>>,
    /// The response of the last login, without its secrets.
    last_login: Lock<Option<Arc<LastLogin>>>,
}

/// Words that stand before a token in a header, in lower case; and the header itself.
const SCHEMES: &[&str] =
    &["bearer", "token", "basic", "jwt", "apikey", "api-key", "key", "digest", "authorization:"];

impl Client {
    /// Makes a client and checks all options; touches no network.
    pub fn new(options: &Options, hooks: &Hooks, clock: Arc<dyn Clock>) -> Result<Arc<Client>> {
        Client::of(Profile::from_options(options)?, options, hooks, clock)
    }

    /// The same for a service that need not be one of the list.
    pub fn of(
        profile: Profile,
        options: &Options,
        hooks: &Hooks,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Client>> {
        let Some(base) = options.text("base_url").or(profile.service.base_url) else {
            return Err(Error::argument(format!(
                "The service \"{}\" has no base URL of its own; set the option \"base_url\".",
                profile.service.name
            )));
        };
        let (base, zone) = address::parse_zoned_base(base)
            .map_err(|want| Error::argument(format!("The option \"base_url\" must be {want}.")))?;
        let origin = Origin::of(&base).ok_or_else(|| Error::argument("The base URL has no host."))?;
        let allow_http = options.flag("allow_http");
        let named =
            options.text("origins").unwrap_or_default().split([' ', ',']).filter(|text| !text.is_empty());
        let origins = named.map(address::parse_origin).collect::<Result<Vec<_>>>()?;
        let proxies =
            Proxies::new(options.text("proxy"), options.text("no_proxy"), |name| std::env::var(name).ok())?;
        for (origin, _) in &origins {
            protect(origin, proxies.route(origin)?.as_deref(), allow_http)?;
        }
        let trust = Trust::new(TlsOptions {
            ca_file: options.text("tls.ca_file").map(str::to_owned),
            ca_pem: options.text("tls.ca_pem").map(str::to_owned),
            pins: options.text("tls.pin_sha256").map(str::to_owned),
            client_cert_file: options.text("tls.client_cert_file").map(str::to_owned),
            client_key_file: options.text("tls.client_key_file").map(str::to_owned),
            only_tls13: options.text("tls.min_version") == Some("1.3"),
            accept_any: !options.flag("tls.verify"),
        })?;
        let log = Logger::new(options.number("log.level").unwrap_or(0) as i32, hooks.log.as_ref());
        if !options.flag("tls.verify") {
            log.log(Level::Warning, || {
                "tls.verify=0: whoever answers is trusted; use tls.pin_sha256 instead".to_owned()
            });
        }
        let agent = match options.text("user_agent") {
            Some(added) => format!("libcrux/{} {added}", crate::VERSION),
            None => format!("libcrux/{}", crate::VERSION),
        };
        let agent = HeaderValue::from_str(&agent)
            .map_err(|_| Error::argument("The option \"user_agent\" must be visible ASCII."))?;
        let agent_text = agent.to_str().unwrap_or_default().to_owned();
        let base_route = Route::of(&base, zone, true, &proxies)?;
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(header::USER_AGENT, agent);
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json, */*;q=0.8"));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let mut own_headers = headers.clone();
        for (name, value) in &profile.own_headers {
            match headers.contains_key(name) {
                true => drop(own_headers.insert(name, value.clone())),
                false => drop(own_headers.append(name, value.clone())),
            }
        }
        let session = Session::new(
            clock,
            profile.lifetime_ms,
            options.number("token.renew_before_ms").unwrap_or(0),
            options.flag("keep_password"),
        );
        let max_idle = options.number("pool.max_idle").unwrap_or(0) as usize;
        let transport = Transport::new(trust, proxies, max_idle, base_route.first_stop().0, agent_text);
        let client = Client {
            base_route,
            settings: Settings::from_options(options),
            lines: Default::default(),
            headers,
            own_headers,
            session,
            transport,
            log,
            options: per_call_part(options),
            token_file: options.text("token_file").map(str::to_owned),
            running: Running::default(),
            workers: Workers::new(options.number("background.max").unwrap_or(1) as usize),
            waiting: Waiting::default(),
            event_early: options.flag("event.early"),
            finished: FinishedQueue::default(),
            last_login: Lock::default(),
            tick: hooks.tick.as_ref().map(Arc::downgrade),
            queue_ticker: Lock::default(),
            origins,
            origin,
            base,
            profile,
        };
        client.take_credentials(options, hooks, allow_http)?;
        Ok(Arc::new(client))
    }

    /// Puts in a token from elsewhere, such as a browser.
    pub fn set_token(&self, text: &str, words: String) -> Result<()> {
        let token = self.token(text, Source::Given(words.into()), self.session.clock.now())?;
        self.session.set_token(token);
        Ok(())
    }

    /// A token that somebody gave, who may have copied more than that.
    pub fn token(&self, text: &str, source: Source, now: Duration) -> Result<Token> {
        let text = text.trim_end_matches([' ', '\t', '\r', '\n']);
        let text = match text.split_once([' ', '\t']).map(|(word, rest)| (word, rest.trim_start())) {
            // The word comes along from where the header was copied; it is added again.
            Some((word, rest)) if !word.is_empty() && word.eq_ignore_ascii_case(&self.profile.scheme) => rest,
            Some((word, _)) if SCHEMES.contains(&&*word.to_ascii_lowercase()) => {
                return Err(Error::argument(format!(
                    "The token starts with the word {word}, which does not belong to it: leave it out, and name it by the option \"auth.scheme\" if the service wants it."
                )));
            }
            _ => text,
        };
        let token = Token::new(text, source, now, &self.profile)?;
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|now| now.as_secs() as i64);
        Ok(Token { lifetime: jwt::remaining(text, clock), ..token })
    }

    /// The response of the last login, without its secrets; `None` before the first one.
    pub fn last_login(&self) -> Option<Arc<LastLogin>> {
        self.last_login.lock().clone()
    }

    pub fn set_last_login(&self, login: Arc<LastLogin>) {
        *self.last_login.lock() = Some(login);
    }

    /// Whether a token may be put in at all.
    pub fn may_hold_token(&self) -> Result<()> {
        protect(&self.origin, self.base_route.proxy.as_deref(), self.options.flag("allow_http"))
    }

    /// Forgets token and password, and the file that keeps the token.
    pub fn forget(&self) -> Option<Arc<Token>> {
        let token = self.session.clear();
        // After it: a login that has just saved its token looks at the session and removes the file itself.
        if let Some(path) = &self.token_file {
            token_file::remove(path);
        }
        token
    }

    /// Whether a URL has an origin that the token may go to.
    pub fn covers(&self, url: &Url) -> bool {
        self.origin.covers(url) || self.named(url).is_some()
    }

    /// The origin of a URL among those that the option `origins` names.
    fn named(&self, url: &Url) -> Option<&(Origin, Option<String>)> {
        self.origins.iter().find(|(origin, _)| origin.covers(url))
    }

    /// Whether a link has an origin that the token may go to, and where its connection leads.
    pub fn way_to(&self, link: &Link) -> Result<(bool, Arc<Route>)> {
        match link.is_surely_at(&self.base) || self.origin.covers(link) {
            true => Ok((true, self.base_route.clone())),
            false => {
                let named = self.named(link);
                let zone = named.and_then(|(_, zone)| zone.clone());
                Ok((named.is_some(), Route::of(link, zone, named.is_some(), &self.transport.proxies)?))
            }
        }
    }

    /// A URL as it may stand in a message or a log.
    pub fn shown(&self, url: &Url) -> String {
        address::shown::shown(url, self.profile.service.secret_paths)
    }

    /// What is called while a call waits: the call's own tick, else the client's.
    pub fn ticker(&self, own: Option<&Weak<TickHook>>, every: Duration) -> Option<Arc<Ticker>> {
        let hook = own.or(self.tick.as_ref())?;
        Some(Ticker::new(hook.clone(), every))
    }

    /// The same for whoever waits for any call of the client: one, however often they come to wait.
    pub fn queue_ticker(&self) -> Option<Arc<Ticker>> {
        let mut ticker = self.queue_ticker.lock();
        if ticker.as_ref().is_none_or(|ticker| ticker.is_stopped()) {
            *ticker = self.ticker(None, self.settings.tick_every);
        }
        ticker.clone()
    }

    /// What a host's event loop waits for.
    pub fn event(&self) -> std::io::Result<isize> {
        let finished = self.finished.event()?;
        if !self.event_early {
            return Ok(finished);
        }
        match self.waiting.event(finished) {
            // Threads of ours do all there.
            Err(error) if error.kind() == ErrorKind::Unsupported => Ok(finished),
            event => event,
        }
    }

    /// The next started call that has finished.
    pub fn next_finished(&self) -> Option<usize> {
        let first = self.finished.pop();
        if first.is_some() || !self.event_early {
            first
        } else {
            self.finished.pop_after(|| self.waiting.read())
        }
    }

    /// A place for a call that is to run at once; what has come may make room for it.
    pub fn place(&self) -> Option<Place> {
        let place = self.workers.place();
        if place.is_some() || !self.event_early {
            return place;
        }
        self.waiting.read();
        self.workers.place()
    }

    /// The host is about to wait for something else than its event loop.
    pub fn leaves_loop(&self) {
        if self.event_early {
            self.waiting.let_thread_read();
        }
    }

    /// Gives back the descriptors of a client that has no handle any more. Its calls and responses may be there for long, and
    /// work on.
    pub fn let_go(&self) {
        self.transport.close_idle();
        self.waiting.close();
        self.finished.close_event();
    }

    /// The settings of a call that has options of its own.
    pub fn settings_with(&self, own: &Options) -> Settings {
        Settings::from_options(&own.over(&self.options))
    }

    /// What every request carries, but for the token; `own`: to the client's own origins.
    pub fn headers(&self, own: bool) -> &HeaderMap {
        if own { &self.own_headers } else { &self.headers }
    }

    /// What every request carries, as it travels; with the type of the service's JSON, if it has a body of that.
    pub fn lines(&self, token: Option<&Token>, own: bool, typed: bool) -> HeadLines {
        let make = || {
            let mut headers = self.headers(own).clone();
            if let Some(token) = token {
                headers.insert(&token.header.0, token.header.1.clone());
            }
            if typed {
                headers
                    .insert(header::CONTENT_TYPE, HeaderValue::from_static(self.profile.service.json_type));
            }
            HeadLines::of(&headers)
        };
        let lines = token.map_or(&self.lines[usize::from(own)], |token| &token.lines);
        lines[usize::from(typed)].get_or_init(make).clone()
    }

    /// Why a request may have been answered with 401.
    pub fn why_unauthorized(&self, source: Option<&Source>, url: &Url) -> String {
        let base = self.base.as_str();
        match source {
            None if !self.covers(url) => {
                format!(
                    "The token was not sent there: it belongs to {base} (the option \"origins\" names further places)."
                )
            }
            None => "No token was sent: log in, or set one.".to_owned(),
            Some(Source::Host) => {
                format!("The token that the program's own source gave for {base} was not accepted.")
            }
            Some(Source::Login) if self.session.can_renew() => {
                format!("The token of a fresh login at {base} was not accepted either.")
            }
            Some(Source::Login) => {
                format!(
                    "The token of the login at {base} is no longer accepted, and the password was not kept; log in again."
                )
            }
            Some(source) => format!(
                "The token that was sent to {base} came from: {}. It is not renewed by itself; check that it belongs to this address, or get a new one.",
                source.words()
            ),
        }
    }
}

/// Options that a call may override, with the client's values; no secrets among them.
fn per_call_part(options: &Options) -> Options {
    let mut part = Options::new();
    for row in crate::options::table::ROWS.iter().filter(|row| row.per_call || row.key == "allow_http") {
        if options.is_set(row.key) {
            // It was checked when it was set.
            let _ = part.set(row.key, options.text(row.key));
        }
    }
    part
}
