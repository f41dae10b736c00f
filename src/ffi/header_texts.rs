//! The headers of a response for callers in C: made once, all at once, when the first is asked for.

use std::ffi::c_char;

use crate::secret::wipe;
use crate::transport::head::Head;

/// Names in lower case and values, each with a NUL behind it; wiped in the end, because a cookie may be a token.
#[derive(Debug)]
pub struct HeaderTexts {
    bytes: Vec<u8>,
    /// Where each name and its value start.
    starts: Vec<(usize, usize)>,
}

impl HeaderTexts {
    pub fn new(head: &Head) -> HeaderTexts {
        let fields = head.fields();
        let length = fields.clone().map(|(name, value)| name.len() + value.len() + 2).sum();
        // Taken once: memory that grows leaves copies of itself behind.
        let mut bytes = Vec::with_capacity(length);
        let mut starts = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let start = bytes.len();
            bytes.extend(name.bytes().map(|byte| byte.to_ascii_lowercase()));
            bytes.push(0);
            starts.push((start, bytes.len()));
            bytes.extend_from_slice(value);
            bytes.push(0);
        }
        HeaderTexts { bytes, starts }
    }

    /// The nth header: its name, and its value.
    pub fn at(&self, index: usize) -> Option<(*const c_char, *const c_char)> {
        let (name, value) = *self.starts.get(index)?;
        Some((self.text(name), self.text(value)))
    }

    fn text(&self, start: usize) -> *const c_char {
        self.bytes[start..].as_ptr().cast()
    }
}

impl Drop for HeaderTexts {
    fn drop(&mut self) {
        wipe(&mut self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;

    #[test]
    #[allow(unsafe_code)]
    fn each_ends_where_it_should() {
        let texts = HeaderTexts::new(&Head::of(200, [("ETag", "\"x\""), ("Empty", "")]));
        let read = |index| {
            let (name, value) = texts.at(index)?;
            // SAFETY: each is followed by a NUL in the same memory.
            Some(unsafe { [CStr::from_ptr(name), CStr::from_ptr(value)] })
        };
        assert_eq!([read(0), read(1), read(2)], [Some([c"etag", c"\"x\""]), Some([c"empty", c""]), None]);
        assert!(HeaderTexts::new(&Head::default()).at(0).is_none());
    }
}
