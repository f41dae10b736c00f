//! Reading a request's body: counted to its end whatever its length, kept only as far as needed.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_util::stream::poll_fn;
use hyper::body::{Body, Bytes, Incoming};

use crate::server::call::Call;
use crate::server::record::BODY_KEPT;

/// JSON is kept whole up to here, because the handlers have to read it.
const JSON_KEPT: usize = 64 << 20;
/// Of each part so much is kept.
const PART_KEPT: usize = 64 << 10;

/// One part of a multipart body.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub name: String,
    pub filename: Option<String>,
    pub media_type: Option<String>,
    pub length: u64,
    /// The first bytes.
    pub head: Vec<u8>,
}

impl Part {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.head).into_owned()
    }
}

struct Source {
    body: Incoming,
    kept: Vec<u8>,
    limit: usize,
    length: u64,
}

type Shared = Arc<Mutex<Source>>;
type Chunk = Option<Result<Bytes, hyper::Error>>;

fn poll(source: &Shared, context: &mut Context<'_>) -> Poll<Chunk> {
    let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let frame = match Pin::new(&mut source.body).poll_frame(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
            Poll::Ready(Some(Ok(frame))) => frame,
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        source.length += data.len() as u64;
        let room = source.limit.saturating_sub(source.kept.len()).min(data.len());
        source.kept.extend_from_slice(&data[..room]);
        return Poll::Ready(Some(Ok(data)));
    }
}

/// Reads the body to its end into the call. An error means that the client broke off.
pub async fn read(call: &mut Call, body: Incoming) -> Result<(), hyper::Error> {
    let media_type = call.media_type().unwrap_or_default();
    let limit = if media_type.ends_with("json") { JSON_KEPT } else { BODY_KEPT };
    let source = Source { body, kept: Vec::new(), limit, length: 0 };
    let source = Arc::new(Mutex::new(source));
    if media_type == "multipart/form-data" {
        call.parts = Some(parts(call, &source).await);
    }
    // Also the rest of a multipart body that could not be understood.
    while let Some(chunk) = std::future::poll_fn(|context| poll(&source, context)).await {
        chunk?;
    }
    let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
    call.body = std::mem::take(&mut source.kept);
    call.body_length = source.length;
    Ok(())
}

async fn parts(call: &Call, source: &Shared) -> Result<Vec<Part>, String> {
    let content_type = call.header("content-type").unwrap_or("");
    let boundary = multer::parse_boundary(content_type).map_err(|e| e.to_string())?;
    let source = source.clone();
    let stream = poll_fn(move |context| poll(&source, context));
    let mut reader = multer::Multipart::new(stream, boundary);
    let mut parts = Vec::new();
    while let Some(mut field) = reader.next_field().await.map_err(|e| e.to_string())? {
        let mut part = Part {
            name: field.name().map(unquote).unwrap_or_default(),
            filename: field.file_name().map(unquote),
            media_type: field.content_type().map(|t| t.essence_str().to_string()),
            ..Part::default()
        };
        while let Some(chunk) = field.chunk().await.map_err(|e| e.to_string())? {
            part.length += chunk.len() as u64;
            let room = PART_KEPT.saturating_sub(part.head.len()).min(chunk.len());
            part.head.extend_from_slice(&chunk[..room]);
        }
        parts.push(part);
    }
    Ok(parts)
}

/// Browsers write a quote and line ends inside a name as these three, and nothing else.
fn unquote(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}
