//! A body that ends up as a file: whole, or not under its name at all.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ring::digest::{Context, SHA256};
use ureq::http::{HeaderMap, HeaderValue, Method, header};

use crate::client::Client;
use crate::error::{Error, Outcome, Result};
use crate::json::{Index, Json};
use crate::send::{self, Finished, Job, Want};
use crate::settings::Settings;
use crate::transport::exchange::Exchange;

/// How long a foreign place may answer 404 for a file that is only just ready.
const LAG: Duration = Duration::from_secs(3);
const LAG_PAUSE: Duration = Duration::from_millis(300);
const BLOCK: usize = 128 * 1024;

/// Runs a job whose body goes into a file.
pub fn run(client: &Arc<Client>, mut job: Job, exchange: &Arc<Exchange>, file: &str) -> Finished {
    let settings = job.settings.clone().unwrap_or_else(|| client.settings.clone());
    job.identity = true;
    let _running = client.running(exchange);
    let target = Path::new(file);
    let mut finished = Finished::default();
    let outcome = Part::open(target, &job, &settings).and_then(|mut part| {
        let outcome = part.fill(client, &mut job, exchange, &settings, &mut finished);
        part.leave(&outcome, &settings);
        outcome
    });
    if let Err(error) = outcome {
        finished.error = Some(error);
    }
    finished
}

/// What identifies the bytes that a part holds, kept beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tag {
    /// Origin and path, without the query, which holds a signature that changes.
    place: String,
    etag: String,
    total: Option<u64>,
}

impl Tag {
    /// Only a strong validator says that bytes are the same.
    fn of(place: &str, headers: &HeaderMap, total: Option<u64>) -> Option<Tag> {
        let etag = headers.get(header::ETAG)?.to_str().ok()?;
        let strong = etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"');
        strong.then(|| Tag { place: place.to_owned(), etag: etag.to_owned(), total })
    }

    fn load(path: &Path) -> Option<Tag> {
        let bytes = fs::read(path).ok()?;
        let index = Index::default();
        let json = Json::new(&bytes, &index);
        Some(Tag {
            place: json.string("/place")?.into_owned(),
            etag: json.string("/etag")?.into_owned(),
            total: json.int("/total").and_then(|total| u64::try_from(total).ok()),
        })
    }

    fn save(&self, path: &Path) -> io::Result<()> {
        fs::write(
            path,
            serde_json::json!({"place": self.place, "etag": self.etag, "total": self.total}).to_string(),
        )
    }
}

/// The file beside the target that fills up.
struct Part {
    target: PathBuf,
    path: PathBuf,
    tag_path: PathBuf,
    file: File,
    /// What the bytes that are there belong to.
    tag: Option<Tag>,
    place: String,
    length: u64,
    digest: Option<Context>,
}

fn local(path: &Path, doing: &str, why: &io::Error) -> Error {
    let reason = match why.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "the quota is used up".to_owned(),
        kind => kind.to_string(),
    };
    Error::new(Outcome::File, format!("The file {} could not be {doing}: {reason}.", path.display()))
}

fn beside(target: &Path, ending: &str) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

impl Part {
    fn open(target: &Path, job: &Job, settings: &Settings) -> Result<Part> {
        if target.is_dir() || target.file_name().is_none() {
            return Err(Error::new(
                Outcome::File,
                format!("{} is not the name of a file.", target.display()),
            ));
        }
        let (path, tag_path) = (beside(target, ".part"), beside(target, ".part.tag"));
        let fail = |why: &io::Error| local(&path, "opened", why);
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|why| fail(&why))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(
                    Outcome::File,
                    format!("Another download is writing {}.", path.display()),
                ));
            }
            // A file system without locks: two downloads of one name are the caller's affair.
            Err(TryLockError::Error(_)) => {}
        }
        let mut url = job.url.clone();
        url.set_query(None);
        let mut part = Part {
            target: target.to_owned(),
            length: file.metadata().map_err(|why| fail(&why))?.len(),
            tag: None,
            place: url.to_string(),
            digest: settings.sha256.as_ref().map(|_| Context::new(&SHA256)),
            path,
            tag_path,
            file,
        };
        let known = Tag::load(&part.tag_path).filter(|tag| tag.place == part.place);
        match known.filter(|_| settings.resume && job.method == Method::GET && part.length > 0) {
            Some(tag) => part.tag = Some(tag),
            None => part.start_again()?,
        }
        Ok(part)
    }

    fn start_again(&mut self) -> Result<()> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|why| local(&self.path, "written", &why))?;
        let _ = fs::remove_file(&self.tag_path);
        (self.length, self.tag) = (0, None);
        self.digest = self.digest.as_ref().map(|_| Context::new(&SHA256));
        Ok(())
    }

    fn fill(
        &mut self,
        client: &Arc<Client>,
        job: &mut Job,
        exchange: &Arc<Exchange>,
        settings: &Settings,
        finished: &mut Finished,
    ) -> Result<()> {
        let started = Instant::now();
        loop {
            job.headers.remove(header::RANGE);
            job.headers.remove(header::IF_RANGE);
            if let Some(tag) = &self.tag {
                let etag = HeaderValue::from_str(&tag.etag)
                    .map_err(|_| Error::argument("The file's tag cannot be sent."))?;
                let range = HeaderValue::from_str(&format!("bytes={}-", self.length));
                let range = range.map_err(|_| Error::argument("The range cannot be sent."))?;
                job.headers.insert(header::IF_RANGE, etag);
                job.headers.insert(header::RANGE, range);
            }
            *finished = send::run(client, job, exchange, Want::Stream);
            let foreign = !client.covers(&job.url);
            match finished.error.take() {
                None => {}
                Some(_) if finished.status == 416 && self.tag.is_some() => {
                    if self.is_whole(finished) {
                        self.read_back()?;
                        return self.commit(settings, finished);
                    }
                    self.start_again()?;
                    continue;
                }
                Some(_) if finished.status == 404 && foreign && started.elapsed() < LAG => {
                    exchange.sleep(LAG_PAUSE)?;
                    continue;
                }
                Some(error) => return Err(expired(error, finished.status, foreign)),
            }
            match (finished.status, self.tag.is_some()) {
                (206, true) if self.fits(finished) => self.read_back()?,
                (206, true) => {
                    // Not the piece that was asked for, or of another file.
                    finished.stream = None;
                    self.start_again()?;
                    continue;
                }
                (206, false) => {
                    let what = "The server sent a piece of the file though the whole was asked for.";
                    return Err(Error::new(Outcome::Protocol, what));
                }
                _ => self.start_again()?,
            }
            return self.take(exchange, settings, finished);
        }
    }

    /// Whether a piece starts where ours ends, and is of the same file.
    fn fits(&self, finished: &Finished) -> bool {
        let Some(tag) = &self.tag else { return false };
        let same =
            finished.headers.get(header::ETAG).is_none_or(|etag| etag.as_bytes() == tag.etag.as_bytes());
        let Some((Some(start), total)) = content_range(&finished.headers) else { return false };
        same && start == self.length && (tag.total.is_none() || total.is_none() || tag.total == total)
    }

    /// Whether "range not satisfiable" means that nothing is missing.
    fn is_whole(&self, finished: &Finished) -> bool {
        let known = self.tag.as_ref().and_then(|tag| tag.total);
        let total = content_range(&finished.headers).and_then(|(_, total)| total);
        total == Some(self.length) && (known.is_none() || known == total)
    }

    /// Goes to the end of what is there; a sum over the whole needs it read once more.
    fn read_back(&mut self) -> Result<()> {
        let fail = |why: io::Error| local(&self.path, "read", &why);
        if let Some(digest) = &mut self.digest {
            self.file.seek(SeekFrom::Start(0)).map_err(fail)?;
            let mut block = vec![0; BLOCK];
            loop {
                match self.file.read(&mut block).map_err(fail)? {
                    0 => break,
                    amount => digest.update(&block[..amount]),
                }
            }
        }
        self.file.seek(SeekFrom::Start(self.length)).map(|_| ()).map_err(fail)
    }

    fn take(&mut self, exchange: &Arc<Exchange>, settings: &Settings, finished: &mut Finished) -> Result<()> {
        use std::sync::atomic::Ordering::Relaxed;
        let Some(mut body) = finished.stream.take() else {
            return Err(Error::new(Outcome::Protocol, "The answer has no body."));
        };
        let rest = Some(exchange.receive_total.load(Relaxed)).and_then(|rest| u64::try_from(rest).ok());
        let total = rest.map(|rest| self.length + rest);
        if self.tag.is_none() {
            self.tag = Tag::of(&self.place, &finished.headers, total);
            if let Some(tag) = self.tag.as_ref().filter(|_| settings.resume) {
                tag.save(&self.tag_path).map_err(|why| local(&self.tag_path, "written", &why))?;
            }
        } else {
            // What was there already counts as received.
            exchange.receive_total.store(total.map_or(-1, |total| total as i64), Relaxed);
        }
        exchange.received.store(self.length as i64, Relaxed);
        let mut block = vec![0; BLOCK];
        loop {
            let amount = body.read(&mut block)?;
            if amount == 0 {
                break;
            }
            self.file.write_all(&block[..amount]).map_err(|why| local(&self.path, "written", &why))?;
            self.length += amount as u64;
            if let Some(digest) = &mut self.digest {
                digest.update(&block[..amount]);
            }
        }
        if let Some(known) = self.tag.as_ref().and_then(|tag| tag.total)
            && known != self.length
        {
            self.tag = None;
            return Err(Error::new(Outcome::Io, "The file that came is not as long as it was announced."));
        }
        self.commit(settings, finished)
    }

    /// Puts the whole file under its name.
    fn commit(&mut self, settings: &Settings, finished: &mut Finished) -> Result<()> {
        if let (Some(digest), Some(want)) = (self.digest.take(), &settings.sha256) {
            let have: String = digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
            if have != *want {
                // What is there is of no use to anybody.
                self.tag = None;
                return Err(Error::new(
                    Outcome::Protocol,
                    format!("The file that came is not the one expected: its SHA-256 is {have}."),
                ));
            }
        }
        self.file.sync_all().map_err(|why| local(&self.path, "written", &why))?;
        fs::rename(&self.path, &self.target).map_err(|why| local(&self.target, "written", &why))?;
        let _ = fs::remove_file(&self.tag_path);
        let folder =
            self.target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // The name is safe once the folder is; not every file system can be asked.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
        finished.error = None;
        if finished.status == 416 {
            finished.note = Some("The file was complete already.".to_owned());
        }
        Ok(())
    }

    /// Keeps what can be gone on with, and nothing else.
    fn leave(&self, outcome: &Result<()>, settings: &Settings) {
        if outcome.is_ok() {
            return;
        }
        let useful = settings.resume && self.length > 0 && self.tag.is_some();
        if !useful {
            let _ = fs::remove_file(&self.path);
            let _ = fs::remove_file(&self.tag_path);
        }
    }
}

/// A link with a signature in it that is no longer good.
fn expired(error: Error, status: u16, foreign: bool) -> Error {
    match (status, foreign) {
        (403, true) => Error::new(
            error.code,
            format!("{} The link has probably expired; ask for a new export.", error.message),
        ),
        _ => error,
    }
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

    #[test]
    fn only_strong_tags_count() {
        let tag = |text: &str| Tag::of("p", &headers(header::ETAG, text), None).map(|tag| tag.etag);
        assert_eq!(tag("\"abc\"").as_deref(), Some("\"abc\""));
        for weak in ["W/\"abc\"", "abc", "\"\"", "\""] {
            assert_eq!(tag(weak), None, "{weak}");
        }
    }
}
