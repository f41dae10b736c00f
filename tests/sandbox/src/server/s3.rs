//! The foreign file store: exports are fetched here, by a URL that is signed in its query, under
//! another host name than the API's. Like S3 it refuses a request that brings credentials as well.

use std::collections::HashMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::server::call::Call;
use crate::server::reply::{Payload, Reply};
use crate::server::world::World;

pub const LIFETIME: u64 = 3600;
const OCTETS: &str = "application/octet-stream";
const KEY_ID: &str = "AKIASANDBOXEXAMPLE00";

#[derive(Default)]
pub struct Files {
    by_path: HashMap<String, File>,
}

struct File {
    payload: Payload,
    version: u64,
    signature: String,
    expires: u64,
    misses: u32,
    /// A file that is still being written is not there yet.
    ready: bool,
}

impl Files {
    pub fn change_all(&mut self) {
        for file in self.by_path.values_mut() {
            file.version += 1;
            file.payload = match &file.payload {
                Payload::Pattern(pattern) => {
                    let mut pattern = pattern.clone();
                    pattern.salt += 1;
                    Payload::Pattern(pattern)
                }
                // The same length: only the length would otherwise tell.
                Payload::Bytes(bytes) => Payload::Bytes(bytes.iter().rev().copied().collect()),
                Payload::Drip(_) => continue,
            };
        }
    }

    pub fn finish(&mut self, path: &str) {
        if let Some(file) = self.by_path.get_mut(path) {
            file.ready = true;
        }
    }
}

/// Stores a file and gives its path and the signed URL. It lives for an hour from now.
pub fn store(world: &mut World, call: &Call, name: &str, csv: String, ready: bool) -> (String, String) {
    let payload = match world.settings.export_bytes {
        Some(length) => Payload::pattern(length, 0),
        None => Payload::Bytes(csv.into_bytes().into()),
    };
    let path = format!("/_s3/export/{}/{name}", world.hex(16));
    let signature = world.base64_token();
    let expires = world.now() + LIFETIME;
    let url = format!(
        "{}{path}?Signature={}&Expires={expires}&AWSAccessKeyId={KEY_ID}",
        world.foreign_origin(call),
        utf8_percent_encode(&signature, NON_ALPHANUMERIC)
    );
    let misses = world.settings.file_misses;
    let file = File { payload, version: 1, signature, expires, misses, ready };
    world.files.by_path.insert(path.clone(), file);
    (path, url)
}

pub fn respond(world: &mut World, call: &Call) -> Reply {
    if !matches!(call.method.as_str(), "GET" | "HEAD") {
        return failure(405, "MethodNotAllowed", "The specified method is not allowed.");
    }
    if call.header("authorization").is_some() || call.header("cookie").is_some() {
        return failure(400, "InvalidArgument", "Only one auth mechanism allowed.");
    }
    let now = world.now();
    let Some(file) = world.files.by_path.get_mut(&call.path) else {
        return failure(403, "AccessDenied", "Access Denied");
    };
    let signed = call.query_value("Signature").as_deref() == Some(&file.signature)
        && call.query_value("Expires") == Some(file.expires.to_string())
        && call.query_value("AWSAccessKeyId").as_deref() == Some(KEY_ID);
    if !signed {
        return failure(403, "SignatureDoesNotMatch", "The signature does not match.");
    }
    if now > file.expires {
        return failure(403, "AccessDenied", "Request has expired");
    }
    if !file.ready || file.misses > 0 {
        file.misses = file.misses.saturating_sub(u32::from(file.ready));
        return failure(404, "NoSuchKey", "The specified key does not exist.");
    }
    let etag = format!("\"{:016x}\"", crate::server::data::mix(file.expires ^ file.version << 40));
    ranged(call, &file.payload, &etag)
}

fn failure(status: u16, code: &str, message: &str) -> Reply {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    Reply::text(status, "application/xml", body)
}

/// Serves a file with ranges: one `bytes=` range, judged by `If-Range`; several ranges, or other
/// units, get the whole file, as RFC 9110 allows.
pub fn ranged(call: &Call, payload: &Payload, etag: &str) -> Reply {
    let total = payload.len();
    let base = |status| {
        Reply::empty(status)
            .header("content-type", OCTETS)
            .header("accept-ranges", "bytes")
            .header("etag", etag)
    };
    if call.header("if-none-match") == Some(etag) {
        return base(304);
    }
    let same_file = call.header("if-range").is_none_or(|validator| validator == etag);
    let range = call.header("range").filter(|_| same_file).and_then(|r| parse_range(r, total));
    match range {
        None => Reply { payload: payload.clone(), ..base(200) },
        Some(Err(())) => base(416).header("content-range", &format!("bytes */{total}")),
        Some(Ok((from, to))) => {
            let reply = base(206).header("content-range", &format!("bytes {from}-{}/{total}", to - 1));
            Reply { payload: payload.slice(from, to), ..reply }
        }
    }
}

/// The half-open range; `None` to ignore it, `Err` if it cannot be satisfied.
fn parse_range(text: &str, total: u64) -> Option<Result<(u64, u64), ()>> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    if first.is_empty() {
        let suffix: u64 = last.parse().ok()?;
        let from = total.saturating_sub(suffix);
        return Some(if from < total { Ok((from, total)) } else { Err(()) });
    }
    let from: u64 = first.parse().ok()?;
    let to = if last.is_empty() { total } else { last.parse::<u64>().ok()?.saturating_add(1) };
    // An end before the start is no range at all; a start beyond the file is one, but in vain.
    if !last.is_empty() && to <= from {
        return None;
    }
    Some(if from < total { Ok((from, to.min(total))) } else { Err(()) })
}
