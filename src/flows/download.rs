//! A body that ends up as a file: whole, or not under its name at all.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue, header};

use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::flows::partial::{BLOCK, PartialFile};
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

/// Runs a request whose body goes into a file.
pub fn run(client: &Arc<Client>, mut request: Request, exchange: &Arc<Exchange>, file: &str) -> Finished {
    let settings = request.settings.as_deref().unwrap_or(&client.settings).clone();
    request.identity = true;
    let _running = client.running.enter(exchange);
    let opened = PartialFile::open(Path::new(file), &request, &settings);
    let (outcome, mut finished) = match opened {
        Err(error) => (Err(error), Finished::default()),
        Ok(part) => {
            let finished = Finished::default();
            let mut download = Download { client, exchange, settings: &settings, request, part, finished };
            let outcome = download.fill();
            download.part.leave(&settings);
            (outcome, download.finished)
        }
    };
    if let Err(error) = outcome {
        finished.error = Some(error);
    }
    finished
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
    fn fill(&mut self) -> Result<()> {
        let started = Instant::now();
        let mut small_pieces = 0;
        loop {
            self.ask()?;
            // A redirect may have led away.
            let moved = self.finished.moved_to.as_deref().and_then(|url| url.parse().ok());
            let place = moved.unwrap_or_else(|| self.request.url.url().clone());
            let foreign = !self.client.covers(&place);
            match self.finished.error.take() {
                None => {}
                Some(_) if self.finished.status == 416 && self.part.tag.is_some() => {
                    if self.is_whole() {
                        self.part.read_back()?;
                        self.part.commit(self.settings)?;
                        self.finished.note = Some("The file was complete already.".to_owned());
                        return Ok(());
                    }
                    self.part.start_again()?;
                    continue;
                }
                Some(_) if self.finished.status == 404 && foreign && started.elapsed() < LAG => {
                    self.exchange.sleep(LAG_PAUSE)?;
                    continue;
                }
                Some(error) => return Err(expired(error, self.finished.status, foreign)),
            }
            let total = match (self.finished.status, self.part.tag.is_some()) {
                (206, true) => match self.total_of_piece() {
                    Some(total) => {
                        self.part.read_back()?;
                        Some(total)
                    }
                    None => {
                        // Not the piece that was asked for, or of another file.
                        self.finished.stream = None;
                        self.part.start_again()?;
                        continue;
                    }
                },
                (206, false) => {
                    let what = "The server sent a piece of the file though the whole was asked for.";
                    return Err(Error::new(Code::Protocol, what));
                }
                (200 | 201 | 203, _) => {
                    self.part.start_again()?;
                    None
                }
                _ => return self.no_file(),
            };
            let before = self.part.length;
            if self.take(total)? {
                return self.part.commit(self.settings);
            }
            small_pieces += u32::from(self.part.length - before < SMALL_PIECE);
            if small_pieces > MOST_SMALL_PIECES {
                let what = "The server sends the file in ever so small pieces; it was given up.";
                return Err(Error::new(Code::Io, what));
            }
        }
    }

    /// Asks for the file, or for what is missing of it.
    fn ask(&mut self) -> Result<()> {
        self.request.headers.remove(header::RANGE);
        self.request.headers.remove(header::IF_RANGE);
        if let Some(tag) = &self.part.tag {
            let etag = HeaderValue::from_str(&tag.etag)
                .map_err(|_| Error::argument("The file's tag cannot be sent."))?;
            let range = HeaderValue::from_str(&format!("bytes={}-", self.part.length))
                .map_err(|_| Error::argument("The range cannot be sent."))?;
            self.request.headers.insert(header::IF_RANGE, etag);
            self.request.headers.insert(header::RANGE, range);
        }
        self.finished = send::run(self.client, &self.request, self.exchange, Want::Stream);
        Ok(())
    }

    /// Whether the server says, or does not deny, that its file is the one that we have a part of.
    fn is_same(&self) -> bool {
        let theirs = self.finished.headers.get(header::ETAG);
        let ours = self.part.tag.as_ref().map(|tag| tag.etag.as_bytes());
        theirs.is_none_or(|theirs| Some(theirs.as_bytes()) == ours)
    }

    /// The length of the whole file, if this piece of it starts where ours ends.
    fn total_of_piece(&self) -> Option<u64> {
        let known = self.part.tag.as_ref()?.total;
        let (start, total) = content_range(&self.finished.headers)?;
        let fits = start? == self.part.length && (known.is_none() || total.is_none() || known == total);
        total.or(known).filter(|_| fits && self.is_same())
    }

    /// Whether "range not satisfiable" means that nothing is missing.
    fn is_whole(&self) -> bool {
        let known = self.part.tag.as_ref().and_then(|tag| tag.total);
        let total = content_range(&self.finished.headers).and_then(|(_, total)| total);
        total == Some(self.part.length) && (known.is_none() || known == total) && self.is_same()
    }

    /// A success without a file, such as "accepted": the target stays as it is.
    fn no_file(&mut self) -> Result<()> {
        if let Some(mut body) = self.finished.stream.take() {
            self.finished.body = body.read_all(self.settings.max_body)?;
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

    /// Takes a body to its end; false if it was a piece, and more is to come. `total` is given for pieces.
    fn take(&mut self, total: Option<u64>) -> Result<bool> {
        let Some(mut body) = self.finished.stream.take() else {
            return Err(Error::new(Code::Protocol, "The answer has no body."));
        };
        let before = self.part.length;
        if total.is_none() {
            self.part.mark(&self.finished.headers, body.length(), self.settings)?;
        }
        // What was there already counts as received.
        body.count(before, total.or(body.length()));
        let mut block = vec![0; BLOCK];
        loop {
            match body.read(&mut block)? {
                0 => break,
                amount => self.part.write(&block[..amount])?,
            }
        }
        let Some(total) = total else { return Ok(true) };
        if self.part.length > total || self.part.length == before {
            self.part.tag = None;
            return Err(Error::new(Code::Io, "The file that came is not as long as it was announced."));
        }
        Ok(self.part.length == total)
    }
}

/// A link with a signature in it that is no longer good.
fn expired(error: Error, status: u16, foreign: bool) -> Error {
    if status != 403 || !foreign {
        return error;
    }
    let advice = "The link has probably expired; ask for a new export.";
    Error::new(error.code, format!("{} {advice}", error.message))
}

/// The start and the total of `bytes 5-9/10`, or of `bytes */10`.
fn content_range(headers: &HeaderMap) -> Option<(Option<u64>, Option<u64>)> {
    let text = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = text.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
    let start = match range.split_once('-') {
        Some((start, _)) => Some(start.trim().parse().ok()?),
        None if range.trim() == "*" => None,
        None => return None,
    };
    Some((start, total.trim().parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn ranges() {
        for (text, want) in [
            ("bytes 5-9/10", Some((Some(5), Some(10)))),
            ("bytes 0-9/*", Some((Some(0), None))),
            ("bytes */10", Some((None, Some(10)))),
            ("bytes 9", None),
            ("items 0-1/2", None),
            ("bytes x-9/10", None),
        ] {
            assert_eq!(content_range(&headers(header::CONTENT_RANGE, text)), want, "{text}");
        }
    }
}
