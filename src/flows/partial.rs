//! The file beside a download's target that fills up, and what tells whether it can be gone on with.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf, is_separator};
use std::time::Duration;

use ::url::Url;
use http::Method;
use ring::digest::{Context, SHA256, digest};

use crate::error::{Code, Error, Result, in_words};
use crate::json::{Index, Json};
use crate::options::settings::Settings;
use crate::send::request::Request;
use crate::sys::{file, fork};
use crate::transport::head::{Head, visible};

pub const BLOCK: usize = 256 * 1024;
/// Longest tag that is read.
const MOST_OF_TAG: u64 = 64 * 1024;

/// What identifies the bytes that a part holds, kept beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// What `place_of` says of the URL.
    place: String,
    /// The strong validator: an entity tag or, where there is none, a date of last change.
    pub etag: String,
    pub total: Option<u64>,
}

impl Tag {
    /// Only a strong validator says that bytes are the same.
    fn of(place: &str, head: &Head, total: Option<u64>) -> Option<Tag> {
        let etag = match head.get("etag") {
            Some(etag) => visible(etag).filter(|etag| is_strong_tag(etag))?,
            None => strong_date(head)?,
        };
        Some(Tag { place: place.to_owned(), etag: etag.to_owned(), total })
    }

    fn load(path: &Path) -> Option<Tag> {
        let mut bytes = Vec::new();
        file::open_own(path).ok()?.take(MOST_OF_TAG).read_to_end(&mut bytes).ok()?;
        let index = Index::default();
        let json = Json::new(&bytes, &index);
        Some(Tag {
            place: json.string("/place")?.into_owned(),
            etag: json.string("/etag")?.into_owned(),
            total: json.int("/total").and_then(|total| u64::try_from(total).ok()),
        })
    }

    fn save(&self, path: &Path) -> io::Result<()> {
        let text =
            serde_json::json!({"place": self.place, "etag": self.etag, "total": self.total}).to_string();
        // What stands there may lead elsewhere.
        let _ = fs::remove_file(path);
        file::create_private(path)?.write_all(text.as_bytes())
    }
}

/// Names in a query that differ each time though the file is the same: signatures and their validity, of S3, Google,
/// CloudFront, Azure and Alibaba.
const SIGNED: &[&str] = &[
    "sig",
    "signature",
    "token",
    "security-token",
    "expires",
    "policy",
    "key-pair-id",
    "awsaccesskeyid",
    "googleaccessid",
    "ossaccesskeyid",
    "sv",
    "se",
    "st",
    "sp",
    "sr",
    "spr",
    "skoid",
    "sktid",
    "skt",
    "ske",
    "sks",
    "skv",
];
const SIGNED_PREFIXES: &[&str] = &["x-amz-", "x-goog-", "x-oss-"];

/// Origin and path, and what of the query says which file it is: as a sum, since a key may stand there too.
fn place_of(url: &Url) -> String {
    let is_signed = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
        name.is_empty()
            || SIGNED.contains(&&*name)
            || SIGNED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
    };
    let mut place = url.clone();
    place.set_query(None);
    let kept: Vec<_> = url.query().unwrap_or_default().split('&').filter(|pair| !is_signed(pair)).collect();
    match kept.is_empty() {
        true => place.to_string(),
        false => format!("{place}?{}", hex(digest(&SHA256, kept.join("&").as_bytes()).as_ref())),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_strong_tag(etag: &str) -> bool {
    etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"')
}

/// The date of last change, if it is a strong validator (RFC 9110, 8.8.2.2): a file that changed a minute
/// before the response or earlier did not change twice within the second that the date names.
fn strong_date(head: &Head) -> Option<&str> {
    let (changed, sent) = (head.text("last-modified")?, head.text("date")?);
    let [then, now] = [changed, sent].map(|text| httpdate::parse_http_date(text).ok());
    (then?.checked_add(Duration::from_secs(60))? <= now?).then_some(changed)
}

/// The part, open and locked.
pub struct PartialFile {
    target: PathBuf,
    path: PathBuf,
    tag_path: PathBuf,
    file: File,
    /// What the bytes that are there belong to.
    pub tag: Option<Tag>,
    place: String,
    pub length: u64,
    digest: Option<Context>,
    /// Whether it bears the target's name by now.
    committed: bool,
}

fn local(path: &Path, doing: &str, why: &io::Error) -> Error {
    let reason = match why.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "the quota is used up".to_owned(),
        _ => in_words(why),
    };
    Error::new(Code::File, format!("The file {} could not be {doing}: {reason}.", path.display()))
}

fn beside(target: &Path, ending: &str) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Opens a part for this download alone.
fn hold(path: &Path) -> Result<File> {
    file::hold(path).map_err(|why| local(path, "opened", &why))?.ok_or_else(|| {
        let what = format!("Another download is writing {}.", path.display());
        Error::new(Code::File, what)
    })
}

/// Whether there may be a file of this name, as far as that can be told before it is made.
pub fn check(target: &Path) -> Result<()> {
    let is_special = fs::metadata(target).is_ok_and(|facts| !facts.is_file());
    let is_folder = target.to_string_lossy().ends_with(is_separator);
    if is_special || is_folder || target.file_name().is_none() {
        return Err(Error::new(Code::File, format!("{} is not the name of a file.", target.display())));
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.map(fs::metadata) {
        Some(Err(why)) => Err(local(&beside(target, ".part"), "opened", &why)),
        _ => Ok(()),
    }
}

impl PartialFile {
    pub fn open(target: &Path, request: &Request, settings: &Settings) -> Result<PartialFile> {
        check(target)?;
        let (path, tag_path) = (beside(target, ".part"), beside(target, ".part.tag"));
        let file = hold(&path)?;
        // Who may read the old file may read the new one, and nobody else.
        file::open_to_same(&file, &path, target).map_err(|why| local(&path, "opened", &why))?;
        let mut part = PartialFile {
            target: target.to_owned(),
            length: file.metadata().map_err(|why| local(&path, "opened", &why))?.len(),
            tag: None,
            place: place_of(request.url.url()),
            digest: settings.sha256.as_ref().map(|_| Context::new(&SHA256)),
            committed: false,
            path,
            tag_path,
            file,
        };
        let known = Tag::load(&part.tag_path).filter(|tag| tag.place == part.place);
        match known.filter(|_| settings.resume && request.method == Method::GET && part.length > 0) {
            Some(tag) => part.tag = Some(tag),
            None => part.start_again()?,
        }
        Ok(part)
    }

    /// Throws away what is there.
    pub fn start_again(&mut self) -> Result<()> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|why| local(&self.path, "written", &why))?;
        let _ = fs::remove_file(&self.tag_path);
        (self.length, self.tag) = (0, None);
        self.digest = self.digest.as_ref().map(|_| Context::new(&SHA256));
        Ok(())
    }

    /// Goes to the end of what is there; a sum over the whole needs it read once more.
    pub fn read_back(&mut self) -> Result<()> {
        let PartialFile { file, digest, length, .. } = self;
        let read = fork::outside(|| {
            if let Some(digest) = digest {
                *digest = Context::new(&SHA256);
                file.seek(SeekFrom::Start(0))?;
                let mut block = vec![0; BLOCK];
                loop {
                    match file.read(&mut block)? {
                        0 => break,
                        amount => digest.update(&block[..amount]),
                    }
                }
            }
            file.seek(SeekFrom::Start(*length))
        });
        read.map(|_| ()).map_err(|why| local(&self.path, "read", &why))
    }

    /// Notes what the bytes to come belong to, if that can be told.
    pub fn mark(&mut self, head: &Head, total: Option<u64>, settings: &Settings) {
        self.tag = Tag::of(&self.place, head, total)
            // Where it cannot be written the file can still come, only not be gone on with.
            .filter(|tag| !settings.resume || tag.save(&self.tag_path).is_ok());
    }

    pub fn write(&mut self, block: &[u8]) -> Result<()> {
        self.file.write_all(block).map_err(|why| local(&self.path, "written", &why))?;
        self.length += block.len() as u64;
        if let Some(digest) = &mut self.digest {
            digest.update(block);
        }
        Ok(())
    }

    /// Puts the whole file under its name.
    pub fn commit(&mut self, settings: &Settings) -> Result<()> {
        if let (Some(digest), Some(want)) = (self.digest.take(), &settings.sha256) {
            let have = hex(digest.finish().as_ref());
            if have != *want {
                // What is there is of no use to anybody.
                self.tag = None;
                return Err(Error::new(
                    Code::Protocol,
                    format!("The file that came is not the one expected: its SHA-256 is {have}."),
                ));
            }
        }
        // It may take seconds, which no fork should have to wait for.
        fork::outside(|| self.file.sync_all()).map_err(|why| local(&self.path, "written", &why))?;
        if let Ok(facts) = fs::metadata(&self.target) {
            let _ = self.file.set_permissions(facts.permissions());
        }
        file::replace(&self.path, &self.target).map_err(|why| local(&self.target, "written", &why))?;
        self.committed = true;
        let _ = fs::remove_file(&self.tag_path);
        file::settle(&self.target);
        Ok(())
    }

    /// Keeps what can be gone on with, and nothing else. Returns where that is.
    pub fn leave(&self, settings: &Settings) -> Option<&Path> {
        let useful = settings.resume && self.length > 0 && self.tag.is_some();
        if !self.committed && !useful {
            let _ = fs::remove_file(&self.path);
            let _ = fs::remove_file(&self.tag_path);
        }
        (!self.committed && useful).then_some(&self.path)
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        file::release(&self.file);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strong_tags_count() {
        let head = |value: &str| Head::of(200, [("ETag", value)]);
        let tag = |text: &str| Tag::of("p", &head(text), None).map(|tag| tag.etag);
        assert_eq!(tag("\"abc\"").as_deref(), Some("\"abc\""));
        for weak in ["W/\"abc\"", "abc", "\"\"", "\""] {
            assert_eq!(tag(weak), None, "{weak}");
        }
    }
}
