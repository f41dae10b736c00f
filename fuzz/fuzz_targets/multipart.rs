//! Forms of one `field=value` or `field@filename=content` a line, a type behind a tab: an independent reader finds the
//! same parts, and no value gets out of its place.
#![no_main]

use std::io::Read;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use crux::Call;
use crux::call::body::Content;
use crux::client::Client;
use crux::transport::http::request_body::RequestBody;
use fuzz::{client, is_sentence, prepare};
use libfuzzer_sys::fuzz_target;

static CLIENT: LazyLock<Arc<Client>> = LazyLock::new(|| client(&[]));

/// A part as it should arrive.
struct Sent {
    content: Vec<u8>,
    is_file: bool,
    has_type: bool,
}

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut call = Call::new(CLIENT.clone(), "POST", "form/").expect("a plain call");
    let mut sent = Vec::new();
    // Lines end in a byte that no text has to hold, so that line ends may stand in all parts.
    for line in text.split('\u{1}').take(20) {
        let (line, kind) = line.split_once('\t').map_or((line, None), |(line, kind)| (line, Some(kind)));
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        let (field, content) = match name.split_once('@') {
            Some((field, filename)) => {
                let bytes = Bytes::copy_from_slice(value.as_bytes());
                (field, Content::Data { filename: filename.to_owned(), bytes })
            }
            None => (name, Content::Value(value.to_owned())),
        };
        let is_file = matches!(content, Content::Data { .. });
        match call.part(field, content, kind) {
            Ok(()) => sent.push(Sent {
                content: value.as_bytes().to_vec(),
                is_file,
                has_type: is_file || kind.is_some(),
            }),
            Err(error) => is_sentence(&error),
        }
    }
    if sent.is_empty() {
        return;
    }
    let request = call.request().expect("nothing of it is a file");
    let Some((RequestBody::Source(source), Some(kind))) = &request.body else { panic!("a form is a source") };
    let mut body = Vec::new();
    source.open().and_then(|mut reader| reader.read_to_end(&mut body)).expect("it can be read");
    assert_eq!(source.length(), Some(body.len() as u64), "its length is known");
    let kind = kind.to_str().expect("a type is visible ASCII");
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").expect("the type of a form");
    arrives(&body, boundary, &sent);
}

/// Reads the form as RFC 7578 has it.
fn arrives(body: &[u8], boundary: &str, sent: &[Sent]) {
    let delimiter = format!("--{boundary}");
    let mut rest = body.strip_prefix(delimiter.as_bytes()).expect("it begins with a boundary");
    let delimiter = format!("\r\n{delimiter}");
    for part in sent {
        rest = rest.strip_prefix(b"\r\n").expect("a line end behind the boundary");
        let end = find(rest, b"\r\n\r\n").expect("a part has a head");
        let head = std::str::from_utf8(&rest[..end]).expect("a head is text");
        let mut lines = head.split("\r\n");
        let first = lines.next().expect("a first line");
        assert!(first.starts_with("Content-Disposition: form-data; name=\""), "{first:?}");
        assert!(!first.contains(['\r', '\n']), "{first:?}");
        let is_file = first.contains("\"; filename=\"");
        assert_eq!(
            (first.matches('"').count(), is_file),
            if part.is_file { (4, true) } else { (2, false) },
            "{first}"
        );
        let kind = lines.next();
        assert_eq!(kind.is_some_and(|line| line.starts_with("Content-Type: ")), part.has_type, "{head:?}");
        assert_eq!(lines.next(), None, "a head has no further line");
        rest = &rest[end + 4..];
        assert!(rest.starts_with(&part.content), "the content as it was given");
        rest = rest[part.content.len()..]
            .strip_prefix(delimiter.as_bytes())
            .expect("a boundary behind each part");
    }
    assert_eq!(rest, b"--\r\n");
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
