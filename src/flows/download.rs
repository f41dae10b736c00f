//! A body that ends up as a file: whole, or not under its name at all.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderValue, header};

use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::flows::partial::{BLOCK, PartialFile, Tag};
use crate::flows::ranges::{self, Asked, ContentRange, Next, Part};
use crate::options::settings::Settings;
use crate::send;
use crate::send::request::{Finished, Request, Want};
use crate::status;
use crate::transport::exchange::Exchange;

/// How long a foreign place may answer 404 for a file that is only just ready.
const LAG: Duration = Duration::from_secs(3);
const LAG_PAUSE: Duration = Duration::from_millis(300);
/// A server may send a file in pieces, but not in ever so many small ones: each costs a request.
const SMALL_PIECE: u64 = 64 * 1024;
const MOST_SMALL_PIECES: u32 = 16;
/// Headers of the caller that make a request conditional.
const CONDITIONS: &[&str] = &["if-none-match", "if-modified-since", "if-match", "if-unmodified-since"];

/// Runs a request whose body goes into a file; `again` says what would go on with what is left of it.
pub fn run(
    client: &Arc<Client>,
    mut request: Request,
    exchange: &Arc<Exchange>,
    file: &str,
    again: &str,
) -> Finished {
    let settings = request.settings.as_deref().unwrap_or(&client.settings).clone();
    request.identity = true;
    let _running = client.running.enter(exchange);
    let opened = PartialFile::open(Path::new(file), &request, &settings);
    match opened {
        Err(error) => Finished::failed(error),
        Ok(part) => {
            let finished = Finished::default();
            let mut download = Download { client, exchange, settings: &settings, request, part, finished };
            let outcome = download.fill();
            let outcome = match download.part.leave(&settings) {
                Some(part) => outcome.map_err(|error| kept(error, part, download.part.length, again)),
                None => outcome,
            };
            download.ended(outcome)
        }
    }
}

struct Download<'a> {
    client: &'a Arc<Client>,
    exchange: &'a Arc<Exchange>,
    settings: &'a Settings,
    request: Request,
    part: PartialFile,
    finished: Finished,
}

impl Download<'_> {
    fn ended(mut self, outcome: Result<()>) -> Finished {
        if let Err(error) = outcome {
            // A file that broke off may come the next time, as any body may.
            self.finished.retryable |= matches!(error.code, Code::Io | Code::Timeout)
                && send::is_repeatable(
                    self.client,
                    &self.request.method,
                    &self.request.url,
                    self.settings.idempotent,
                );
            self.finished.error = Some(error);
        }
        self.finished
    }

    /// Asks until the file is there: for the rest while it can be resumed, and for the whole at most once.
    fn fill(&mut self) -> Result<()> {
        let started = Instant::now();
        let mut asked = if self.part.tag.is_some() { Asked::Rest } else { Asked::Whole };
        let mut small_pieces = 0;
        loop {
            self.ask(asked)?;
            if self.is_late(started) {
                self.exchange.sleep(LAG_PAUSE)?;
                continue;
            }
            let before = self.part.length;
            let complete = match self.judge(asked) {
                Next::Over => return self.outcome(),
                Next::NotWhole => {
                    let what = "The server sent a piece of the file though the whole was requested; try again, or check the proxies in between.";
                    return Err(Error::new(Code::Protocol, what));
                }
                Next::Whole => {
                    self.part.read_back()?;
                    self.let_go();
                    self.finished.body.clear();
                    self.finished.server_message = None;
                    self.finished.note = Some("The file was complete already.".to_owned());
                    Some(true)
                }
                Next::Resume => self.append()?,
                Next::Fresh => self.replace(self.known(asked).and_then(|tag| tag.total))?,
                Next::Changed => self.replace(None)?,
                Next::Doubtful => {
                    self.let_go();
                    asked = Asked::Whole;
                    continue;
                }
                Next::Refused => None,
            };
            match complete {
                Some(true) => return self.part.commit(self.settings),
                Some(false) => small_pieces += u32::from(self.part.length - before < SMALL_PIECE),
                // Only a request for the rest comes here.
                None => {
                    self.let_go();
                    self.part.start_again()?;
                    asked = Asked::Whole;
                }
            }
            if small_pieces > MOST_SMALL_PIECES {
                let what = "The server sends the file in ever so small pieces; it was given up.";
                return Err(Error::new(Code::Io, what));
            }
        }
    }

    /// Sends the request for the whole, or for what is missing.
    fn ask(&mut self, asked: Asked) -> Result<()> {
        self.request.headers.remove(header::RANGE);
        self.request.headers.remove(header::IF_RANGE);
        if let (Asked::Rest, Some(tag)) = (asked, &self.part.tag) {
            let etag = HeaderValue::from_str(&tag.etag)
                .map_err(|_| Error::argument("The file's tag cannot be sent."))?;
            let range = HeaderValue::from_str(&format!("bytes={}-", self.part.length))
                .map_err(|_| Error::argument("The range cannot be sent."))?;
            self.request.headers.insert(header::IF_RANGE, etag);
            self.request.headers.insert(header::RANGE, range);
        }
        let attempts = self.finished.attempts;
        self.finished = send::run(self.client, &self.request, self.exchange, Want::Stream);
        self.finished.attempts += attempts;
        Ok(())
    }

    /// What the response must agree with: for the whole, nothing.
    fn known(&self, asked: Asked) -> Option<&Tag> {
        self.part.tag.as_ref().filter(|_| asked == Asked::Rest)
    }

    fn judge(&self, asked: Asked) -> Next {
        let Finished { error, status, head, stream, .. } = &self.finished;
        // A failure on the way says nothing of the range.
        if error.as_ref().is_some_and(|error| error.code != Code::Http) {
            return Next::Over;
        }
        let tag = self.known(asked);
        let own = &self.request.headers;
        let part = Part {
            length: tag.map_or(0, |_| self.part.length),
            total: tag.and_then(|tag| tag.total),
            validator: tag.map(|tag| tag.etag.as_str()),
            conditional: CONDITIONS.iter().any(|name| own.contains_key(*name)),
        };
        let length = stream.as_ref().and_then(|body| body.length());
        ranges::judge(asked, &part, *status, head, length)
    }

    /// Whether the response came from another origin than the base's; a redirect may have led there.
    fn is_foreign(&self) -> bool {
        let moved = self.finished.moved_to.as_deref().and_then(|url| url.parse().ok());
        let place = moved.unwrap_or_else(|| self.request.url.url().clone());
        !self.client.covers(&place)
    }

    /// Whether a storage service does not have the file yet, and may have it in a moment.
    fn is_late(&self, started: Instant) -> bool {
        self.finished.status == 404
            && self.finished.error.is_some()
            && started.elapsed() < LAG
            && self.is_foreign()
    }

    /// Drops a response that is not used.
    fn let_go(&mut self) {
        self.finished.stream = None;
        self.finished.error = None;
    }

    /// The end of a download that brought no file.
    fn outcome(&mut self) -> Result<()> {
        match self.finished.error.take() {
            Some(error) => Err(expired(error, self.finished.status, self.is_foreign())),
            None => self.no_file(),
        }
    }

    /// A success without a file, such as "accepted": the target stays as it is.
    fn no_file(&mut self) -> Result<()> {
        if let Some(mut body) = self.finished.stream.take() {
            self.finished.body = body.read_all(self.settings.max_body, false)?;
        }
        match self.finished.status {
            // Only who asked for it by a header of their own can make sense of it.
            304 if self.request.headers.contains_key(header::IF_NONE_MATCH)
                || self.request.headers.contains_key(header::IF_MODIFIED_SINCE) =>
            {
                Ok(())
            }
            code => Err(Error::new(
                Code::Protocol,
                format!("The server answered {code} {} where a file was expected.", status::name(code)),
            )),
        }
    }

    /// Takes the file from its first byte; `None` if a known length did not come out.
    fn replace(&mut self, known: Option<u64>) -> Result<Option<bool>> {
        self.part.start_again()?;
        let Some(body) = &self.finished.stream else { return Err(no_body()) };
        let (length, decoded) = (body.length(), body.is_decoded());
        // The offsets of decoded bytes mean nothing to the server.
        if !decoded {
            self.part.mark(&self.finished.head, length, self.settings);
        }
        self.take(0, length)?;
        let fits = known.is_none_or(|known| known == self.part.length);
        Ok(fits.then_some(true))
    }

    /// Takes a piece; true if it was the last one, `None` if it is not as long as its range.
    fn append(&mut self) -> Result<Option<bool>> {
        self.part.read_back()?;
        let before = self.part.length;
        let range = ContentRange::of(&self.finished.head);
        let known = self.part.tag.as_ref().and_then(|tag| tag.total);
        let total = range.and_then(|range| range.total).or(known);
        self.take(before, total)?;
        let fits = range.and_then(|range| range.length()) == Some(self.part.length - before);
        Ok(fits.then_some(total == Some(self.part.length)))
    }

    /// Takes a body to its end; what was there already counts as received.
    fn take(&mut self, before: u64, total: Option<u64>) -> Result<()> {
        let Some(mut body) = self.finished.stream.take() else { return Err(no_body()) };
        body.count(before, total);
        let mut block = vec![0; BLOCK];
        loop {
            match body.read(&mut block)? {
                0 => return Ok(()),
                amount => self.part.write(&block[..amount])?,
            }
        }
    }
}

fn no_body() -> Error {
    Error::new(Code::Protocol, "The response has no body.")
}

/// The same error, with what is there already.
fn kept(error: Error, part: &Path, length: u64, again: &str) -> Error {
    if matches!(error.code, Code::File | Code::Argument) {
        return error;
    }
    let part = part.display();
    let advice = format!("The first {length} bytes are kept in {part}; {again} resumes there.");
    Error::new(error.code, format!("{} {advice}", error.message))
}

/// A link with a signature in it that is no longer good.
fn expired(error: Error, status: u16, foreign: bool) -> Error {
    if status != 403 || !foreign {
        return error;
    }
    let advice = "The link has probably expired; ask for a new export.";
    Error::new(error.code, format!("{} {advice}", error.message))
}
