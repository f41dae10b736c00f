//! Header lines that are the same for every request of a client: written once, copied into each head.

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;

use crate::secret::SecretBytes;

/// Whole lines, the token's among them; shared by all requests, and wiped with the last of them.
#[derive(Clone)]
pub struct HeadLines(Arc<SecretBytes>);

impl fmt::Debug for HeadLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeadLines")
    }
}

impl HeadLines {
    pub fn of(headers: &HeaderMap) -> HeadLines {
        let length = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        // Taken once: memory that grows leaves copies of itself behind.
        let mut bytes = Vec::with_capacity(length);
        for (name, value) in headers {
            for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
                bytes.extend_from_slice(part);
            }
        }
        HeadLines(Arc::new(SecretBytes::new(bytes)))
    }

    pub fn bytes(&self) -> &[u8] {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header};

    #[test]
    fn lines_as_they_travel() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
        headers.append(header::COOKIE, HeaderValue::from_static("token=x"));
        assert_eq!(HeadLines::of(&headers).bytes(), b"accept: */*\r\ncookie: token=x\r\n");
        assert_eq!(format!("{:?}", HeadLines::of(&headers)), "HeadLines");
        assert!(HeadLines::of(&HeaderMap::new()).bytes().is_empty());
    }
}
