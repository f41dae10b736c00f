//! Bodies that come from files: one file as it is, or several parts as multipart/form-data.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;

use crate::call::json_body::Node;
use crate::call::types::type_of;
use crate::error::{Code, Error, Result};
use crate::sys::file;
use crate::transport::http::host_source::HostSource;
use crate::transport::http::request_body::{RequestBody, Source, in_file, unreadable};

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

    /// Each file is opened once beforehand: what cannot be read is known before anything is sent.
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        for piece in &self.0 {
            if let Piece::File { path, .. } = piece {
                file::open(Path::new(path)).map_err(|why| in_file(path, &why))?;
            }
        }
        Ok(Box::new(PieceReader { pieces: self.0.iter(), now: Now::Text(&[]) }))
    }

    fn name(&self) -> String {
        let file = self.0.iter().find_map(|piece| match piece {
            Piece::File { path, .. } => Some(path.clone()),
            Piece::Text(_) | Piece::Data(_) => None,
        });
        file.unwrap_or_else(|| "of the body".to_owned())
    }
}

/// Reads pieces one after the other: of all files, one is open at a time.
struct PieceReader<'a> {
    pieces: std::slice::Iter<'a, Piece>,
    now: Now<'a>,
}

enum Now<'a> {
    Text(&'a [u8]),
    File(Exactly<'a>),
}

impl PieceReader<'_> {
    /// Goes to the next piece; false if there is none.
    fn advance(&mut self) -> io::Result<bool> {
        // The last file is closed before the next one is opened.
        self.now = Now::Text(&[]);
        match self.pieces.next() {
            None => return Ok(false),
            Some(Piece::Text(text)) => self.now = Now::Text(text),
            Some(Piece::Data(bytes)) => self.now = Now::Text(bytes),
            Some(Piece::File { path, length }) => {
                let file = file::open(Path::new(path)).map_err(|why| in_file(path, &why))?;
                self.now = Now::File(Exactly { path, file, left: *length });
            }
        }
        Ok(true)
    }
}

impl Read for PieceReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let amount = match &mut self.now {
                Now::Text(text) => text.read(buffer)?,
                Now::File(file) => file.read(buffer)?,
            };
            if amount > 0 || buffer.is_empty() || !self.advance()? {
                return Ok(amount);
            }
        }
    }
}

/// A file that must be as long as it was.
struct Exactly<'a> {
    path: &'a str,
    file: File,
    left: u64,
}

impl Read for Exactly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // One byte more than is left shows a file that has grown.
        let want = buffer.len().min(usize::try_from(self.left.saturating_add(1)).unwrap_or(usize::MAX));
        let amount = match self.file.read(&mut buffer[..want]) {
            // Tried again by the reader of the body.
            Err(why) if why.kind() == io::ErrorKind::Interrupted => return Err(why),
            read => read.map_err(|why| in_file(self.path, &why))?,
        };
        let changed = || in_file(self.path, &io::ErrorKind::InvalidData.into());
        if amount == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(changed());
        }
        self.left = self.left.checked_sub(amount as u64).ok_or_else(changed)?;
        Ok(amount)
    }
}

/// Files that claim this much or less are read once before they are sent: that costs nothing, and special files
/// (`/proc`, `/sys`) claim nothing, or a page of memory.
const PROBED: u64 = 64 * 1024;

/// Returns the length of a file that can be read and is as long as it claims.
fn length_of(path: &str) -> Result<u64> {
    let no_file = |what: &str| {
        let advice = "read it in your program, and send the bytes with crux_call_source";
        Err(Error::new(Code::File, format!("{path} {what}; {advice}.")))
    };
    // Opening a pipe would wait for whoever writes to it.
    let facts = fs::metadata(path).map_err(|why| unreadable(path, &why))?;
    if facts.is_dir() {
        return Err(Error::new(Code::File, format!("{path} is a folder, not a file.")));
    }
    if !facts.is_file() {
        return no_file("is not a regular file");
    }
    let file = File::open(path).map_err(|why| unreadable(path, &why))?;
    // As it is now: between the two it may have been replaced.
    let length = file.metadata().map_err(|why| unreadable(path, &why))?.len();
    if length > PROBED {
        return Ok(length);
    }
    let held = io::copy(&mut file.take(PROBED + 1), &mut io::sink()).map_err(|why| unreadable(path, &why))?;
    match held == length {
        true => Ok(length),
        false => no_file(&format!("claims {length} bytes but holds another number, as special files do")),
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
        let file = std::env::temp_dir().join(format!("crux body ü {}.csv", std::process::id()));
        fs::write(&file, "a,b\n").unwrap();
        let path = file.to_str().unwrap();
        let mut body = Body::None;
        body.add_part(Part {
            field: "file\"name\"".into(), kind: None, content: Content::Value("ü".into())
        })
        .unwrap();
        body.add_part(Part { field: "file".into(), kind: None, content: Content::File(path.into()) })
            .unwrap();
        // A name that not every system's files can have.
        let odd = Content::Data { filename: "a \"b\".csv".into(), bytes: Bytes::from_static(b"c") };
        body.add_part(Part { field: "data".into(), kind: None, content: odd }).unwrap();
        let (text, kind, length) = read(&body);
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        let name = file_name(path);
        assert_eq!(length, text.len() as u64);
        assert_eq!(
            text,
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"file%22name%22\"\r\n\r\nü\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: text/csv\r\n\r\na,b\n\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a %22b%22.csv\"\r\n\
                 Content-Type: text/csv\r\n\r\nc\r\n--{boundary}--\r\n"
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
            assert!(read.unwrap_err().to_string().contains("changed its size"));
        }
        fs::remove_file(&file).unwrap();
        assert_eq!(Body::file(path, None).unwrap_err().code, Code::File);
        assert_eq!(Body::file("/", None).unwrap_err().code, Code::File);
    }
}
