//! Bodies that come from files: one file as it is, or several parts as multipart/form-data.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;

use crate::call::json_body::Node;
use crate::error::{Code, Error, Result};
use crate::sys::file;
use crate::transport::http::host_source::HostSource;
use crate::transport::http::request_body::{RequestBody, Source, unreadable};

/// A piece of a body.
#[derive(Clone, Debug)]
enum Piece {
    Text(Vec<u8>),
    Data(Bytes),
    File { path: String, length: u64 },
}

/// Pieces one after the other; their lengths are taken once, and kept while they are sent.
#[derive(Debug)]
struct Pieces(Vec<Piece>);

impl Source for Pieces {
    fn length(&self) -> Option<u64> {
        let length = |piece: &Piece| match piece {
            Piece::Text(text) => text.len() as u64,
            Piece::Data(bytes) => bytes.len() as u64,
            Piece::File { length, .. } => *length,
        };
        Some(self.0.iter().map(length).sum())
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        let mut whole: Box<dyn Read> = Box::new(io::empty());
        for piece in &self.0 {
            whole = match piece {
                Piece::Text(text) => Box::new(whole.chain(text.as_slice())),
                Piece::Data(bytes) => Box::new(whole.chain(bytes.as_ref())),
                Piece::File { path, length } => {
                    Box::new(whole.chain(Exactly { file: file::open(Path::new(path))?, left: *length }))
                }
            };
        }
        Ok(whole)
    }

    fn name(&self) -> String {
        let file = self.0.iter().find_map(|piece| match piece {
            Piece::File { path, .. } => Some(path.clone()),
            Piece::Text(_) | Piece::Data(_) => None,
        });
        file.unwrap_or_else(|| "of the body".to_owned())
    }
}

/// A file that must be as long as it was.
struct Exactly {
    file: File,
    left: u64,
}

impl Read for Exactly {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // One byte more than is left shows a file that has grown.
        let want = buffer.len().min(usize::try_from(self.left.saturating_add(1)).unwrap_or(usize::MAX));
        let amount = self.file.read(&mut buffer[..want])?;
        let changed = || {
            io::Error::new(io::ErrorKind::InvalidData, "the file changed its size while it was being sent")
        };
        if amount == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(changed());
        }
        self.left = self.left.checked_sub(amount as u64).ok_or_else(changed)?;
        Ok(amount)
    }
}

fn length_of(path: &str) -> Result<u64> {
    // Opening a pipe would wait for whoever writes to it.
    let facts = fs::metadata(path).and_then(|facts| match facts.is_file() {
        true => File::open(path).map(|_| facts),
        false => Ok(facts),
    });
    match facts {
        Ok(facts) if facts.is_file() => Ok(facts.len()),
        Ok(_) => Err(Error::new(Code::File, format!("{path} is not a file."))),
        Err(why) => Err(unreadable(path, &why)),
    }
}

/// What a call is to send.
#[derive(Clone, Debug, Default)]
pub enum Body {
    #[default]
    None,
    File {
        path: String,
        kind: Option<HeaderValue>,
    },
    Parts {
        boundary: String,
        parts: Vec<Part>,
    },
    /// A JSON document made member by member.
    Json(Node),
    /// What a function of the host gives.
    Source {
        source: Arc<HostSource>,
        kind: Option<HeaderValue>,
    },
}

/// One part of a form.
#[derive(Clone, Debug)]
pub struct Part {
    pub field: String,
    pub kind: Option<String>,
    pub content: Content,
}

#[derive(Clone, Debug)]
pub enum Content {
    Value(String),
    /// Bytes that the server sees as a file of that name.
    Data {
        filename: String,
        bytes: Bytes,
    },
    File(String),
}

/// Types of files whose parser is chosen by it; anything else is just bytes.
const TYPES: &[(&str, &str)] = &[
    ("csv", "text/csv"),
    ("sav", "application/x-spss-sav"),
    ("parquet", "application/x-parquet"),
    ("xml", "text/xml"),
    ("json", "application/json"),
    ("txt", "text/plain"),
    ("rtf", "text/rtf"),
    ("pdf", "application/pdf"),
];

fn type_of(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    TYPES
        .iter()
        .find(|(known, _)| Some(*known) == ending.as_deref())
        .map_or("application/octet-stream", |row| row.1)
}

/// The last part of a path: what the server gets to know of it.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A name in a part's head, the way browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

impl Body {
    /// Checks that a file can be sent, which is better told now than later.
    pub fn file(path: &str, kind: Option<HeaderValue>) -> Result<Body> {
        length_of(path)?;
        Ok(Body::File { path: path.to_owned(), kind })
    }

    /// Adds a part; whatever body there was before gives way to the first one.
    pub fn add_part(&mut self, part: Part) -> Result<()> {
        if let Content::File(path) = &part.content {
            length_of(path)?;
        }
        match self {
            Body::Parts { parts, .. } => parts.push(part),
            _ => {
                let boundary = format!("crux-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
                *self = Body::Parts { boundary, parts: vec![part] };
            }
        }
        Ok(())
    }

    /// The body as it is now, with its Content-Type; lengths are taken here.
    pub fn prepare(&self, json_type: &'static str) -> Result<Option<(RequestBody, Option<HeaderValue>)>> {
        Ok(match self {
            Body::None => None,
            Body::File { path, kind } => {
                let piece = Piece::File { path: path.clone(), length: length_of(path)? };
                Some((RequestBody::Source(Arc::new(Pieces(vec![piece]))), kind.clone()))
            }
            Body::Parts { boundary, parts } => {
                let pieces = Pieces(pieces(boundary, parts)?);
                let kind = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}")).ok();
                Some((RequestBody::Source(Arc::new(pieces)), kind))
            }
            Body::Json(node) => {
                let kind = HeaderValue::from_static(json_type);
                Some((RequestBody::Bytes(Bytes::from(node.written())), Some(kind)))
            }
            Body::Source { source, kind } => Some((RequestBody::Source(source.clone()), kind.clone())),
        })
    }
}

fn pieces(boundary: &str, parts: &[Part]) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    for part in parts {
        text += &format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&part.field));
        match &part.content {
            Content::Value(value) => {
                if let Some(kind) = &part.kind {
                    text += &format!("\r\nContent-Type: {kind}");
                }
                text += &format!("\r\n\r\n{value}\r\n");
            }
            Content::Data { filename, bytes } => {
                let head = file_head(part, filename);
                pieces.push(Piece::Text((std::mem::take(&mut text) + &head).into_bytes()));
                pieces.push(Piece::Data(bytes.clone()));
                text += "\r\n";
            }
            Content::File(path) => {
                let head = file_head(part, file_name(path));
                pieces.push(Piece::Text((std::mem::take(&mut text) + &head).into_bytes()));
                pieces.push(Piece::File { path: path.clone(), length: length_of(path)? });
                text += "\r\n";
            }
        }
    }
    text += &format!("--{boundary}--\r\n");
    pieces.push(Piece::Text(text.into_bytes()));
    Ok(pieces)
}

/// The rest of the head of a part that is a file.
fn file_head(part: &Part, filename: &str) -> String {
    let kind = part.kind.as_deref().unwrap_or_else(|| type_of(filename));
    format!("; filename=\"{}\"\r\nContent-Type: {kind}\r\n\r\n", quoted(filename))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &Body) -> (String, String, u64) {
        let Some((RequestBody::Source(source), kind)) = body.prepare("j").unwrap() else {
            panic!("no source")
        };
        let mut text = String::new();
        source.open().unwrap().read_to_string(&mut text).unwrap();
        (text, kind.unwrap().to_str().unwrap().to_owned(), source.length().unwrap())
    }

    #[test]
    fn a_form_is_written_as_browsers_do_and_its_length_is_known() {
        let file = std::env::temp_dir().join(format!("crux \"body\" ü {}.csv", std::process::id()));
        fs::write(&file, "a,b\n").unwrap();
        let path = file.to_str().unwrap();
        let mut body = Body::None;
        body.add_part(Part { field: "filename".into(), kind: None, content: Content::Value("ü".into()) })
            .unwrap();
        body.add_part(Part { field: "file".into(), kind: None, content: Content::File(path.into()) })
            .unwrap();
        let (text, kind, length) = read(&body);
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        let name = file_name(path).replace('"', "%22");
        assert_eq!(length, text.len() as u64);
        assert_eq!(
            text,
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"filename\"\r\n\r\nü\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: text/csv\r\n\r\na,b\n\r\n--{boundary}--\r\n"
            )
        );
        fs::remove_file(file).unwrap();
    }

    #[test]
    fn a_file_that_changes_is_told() {
        let file = std::env::temp_dir().join(format!("crux-change-{}", std::process::id()));
        let path = file.to_str().unwrap();
        for (now, later) in [("12345", "123"), ("12345", "1234567")] {
            fs::write(&file, now).unwrap();
            let Some((RequestBody::Source(source), _)) =
                Body::file(path, None).unwrap().prepare("j").unwrap()
            else {
                panic!("no source")
            };
            fs::write(&file, later).unwrap();
            let read = source.open().unwrap().read_to_end(&mut Vec::new());
            assert_eq!(read.unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
        fs::remove_file(&file).unwrap();
        assert_eq!(Body::file(path, None).unwrap_err().code, Code::File);
        assert_eq!(Body::file("/", None).unwrap_err().code, Code::File);
    }
}
