//! All values of a document, one after the other, without an index.

use crate::json::Type;
use crate::json::scan::{self, decode_into, skip_blanks, skip_string, skip_word, type_of};

/// One value on the way.
#[derive(Debug)]
pub struct Step<'a> {
    /// 0 for the value that the walk started from, 1 for its members, and so on.
    pub depth: usize,
    pub kind: Type,
    /// Of a member of an object.
    pub key: Option<&'a [u8]>,
    /// Of anything that is no array and no object.
    pub text: Option<&'a [u8]>,
}

/// The characters of the string that starts here, and its end; a buffer takes them if they were escaped.
fn string<'a>(body: &'a [u8], start: usize, buffer: &'a mut Vec<u8>) -> (&'a [u8], usize) {
    let (end, escaped) = skip_string(body, start);
    let inside = &body[start + 1..end - 1];
    if !escaped {
        return (inside, end);
    }
    buffer.clear();
    decode_into(inside, buffer);
    (buffer, end)
}

/// Visits a value and all below it until `visit` returns something other than 0, which is then returned.
pub fn walk(body: &[u8], start: usize, mut visit: impl FnMut(Step<'_>) -> i32) -> i32 {
    let (mut key_buffer, mut text_buffer) = (Vec::new(), Vec::new());
    // Whether each container on the way is an object.
    let mut open: Vec<bool> = Vec::new();
    let mut at = start;
    loop {
        let mut key = None;
        if open.last() == Some(&true) {
            let (name, end) = string(body, at, &mut key_buffer);
            key = Some(name);
            at = skip_blanks(body, skip_blanks(body, end) + 1);
        }
        let kind = type_of(body, at);
        let (text, end) = match kind {
            Type::Array | Type::Object => (None, at + 1),
            Type::String => {
                let (text, end) = string(body, at, &mut text_buffer);
                (Some(text), end)
            }
            _ => {
                let end = skip_word(body, at);
                (Some(&body[at..end]), end)
            }
        };
        let stop = visit(Step { depth: open.len(), kind, key, text });
        if stop != 0 {
            return stop;
        }
        at = end;
        if text.is_none() {
            at = skip_blanks(body, at);
            if !matches!(body[at], b']' | b'}') {
                open.push(kind == Type::Object);
                continue;
            }
            at += 1;
        }
        // Out of every container that ends here.
        loop {
            if open.is_empty() {
                return 0;
            }
            at = scan::skip_blanks(body, at);
            match body[at] {
                b',' => {
                    at = skip_blanks(body, at + 1);
                    break;
                }
                _ => {
                    open.pop();
                    at += 1;
                }
            }
        }
    }
}
