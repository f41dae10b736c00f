//! Steps over JSON text that is known to be valid: where a value, a key or a member ends.

use std::borrow::Cow;

use crate::json::Type;

/// The type of the value that starts here.
pub fn type_of(body: &[u8], start: usize) -> Type {
    match body[start] {
        b'n' => Type::Null,
        b't' | b'f' => Type::Bool,
        b'"' => Type::String,
        b'[' => Type::Array,
        b'{' => Type::Object,
        _ => Type::Number,
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The first byte from here on that is no blank.
pub fn skip_blanks(body: &[u8], mut at: usize) -> usize {
    while is_blank(body[at]) {
        at += 1;
    }
    at
}

/// The end of the string that starts here, and whether it holds an escape.
pub fn skip_string(body: &[u8], start: usize) -> (usize, bool) {
    let mut at = start + 1;
    let mut escaped = false;
    loop {
        match body[at] {
            b'"' => return (at + 1, escaped),
            b'\\' => {
                escaped = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
}

/// The end of the number or word that starts here.
pub fn skip_word(body: &[u8], start: usize) -> usize {
    let ends = |b: &u8| is_blank(*b) || matches!(b, b',' | b']' | b'}');
    body[start..].iter().position(ends).map_or(body.len(), |length| start + length)
}

/// The end of the value that starts here.
pub fn skip_value(body: &[u8], start: usize) -> usize {
    match body[start] {
        b'"' => skip_string(body, start).0,
        b'[' | b'{' => skip_container(body, start),
        _ => skip_word(body, start),
    }
}

fn skip_container(body: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0usize);
    loop {
        match body[at] {
            b'"' => at = skip_string(body, at).0,
            b'[' | b'{' => {
                depth += 1;
                at += 1;
            }
            b']' | b'}' => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
}

/// Where the value of a member starts whose key starts here.
pub fn value_of_key(body: &[u8], key: usize) -> usize {
    let colon = skip_blanks(body, skip_string(body, key).0);
    skip_blanks(body, colon + 1)
}

/// Where the value ends that is all there is before this place but for blanks and a comma.
pub fn end_before(body: &[u8], place: usize) -> usize {
    let mut end = place;
    while is_blank(body[end - 1]) || body[end - 1] == b',' {
        end -= 1;
    }
    end
}

/// Starts of the members of a container, one by one: of the key in an object, of the value in an array.
pub struct Members<'a> {
    body: &'a [u8],
    at: usize,
    is_object: bool,
}

impl<'a> Members<'a> {
    pub fn new(body: &'a [u8], container: usize) -> Members<'a> {
        let is_object = body[container] == b'{';
        Members { body, at: skip_blanks(body, container + 1), is_object }
    }
}

impl Iterator for Members<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if matches!(self.body[self.at], b']' | b'}') {
            return None;
        }
        let start = self.at;
        let value = if self.is_object { value_of_key(self.body, start) } else { start };
        let after = skip_blanks(self.body, skip_value(self.body, value));
        self.at = if self.body[after] == b',' { skip_blanks(self.body, after + 1) } else { after };
        Some(start)
    }
}

/// What stands between the quotes of the string that starts here.
pub fn inside(body: &[u8], start: usize) -> &[u8] {
    &body[start + 1..skip_string(body, start).0 - 1]
}

/// The characters of a string, from what stands between its quotes.
pub fn decode(inside: &[u8]) -> Cow<'_, str> {
    if !inside.contains(&b'\\') {
        // It was checked with the whole body.
        return String::from_utf8_lossy(inside);
    }
    let mut plain = Vec::with_capacity(inside.len());
    decode_into(inside, &mut plain);
    Cow::Owned(String::from_utf8_lossy(&plain).into_owned())
}

/// The same, as bytes, behind what a buffer holds.
pub fn decode_into(inside: &[u8], plain: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(length) = inside[at..].iter().position(|b| *b == b'\\') {
        plain.extend(&inside[at..at + length]);
        at += length + 2;
        plain.push(match inside[at - 1] {
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let (letter, used) = unicode(&inside[at..]);
                at += used;
                plain.extend(letter.encode_utf8(&mut [0; 4]).bytes());
                continue;
            }
            same => same,
        });
    }
    plain.extend(&inside[at..]);
}

/// The character of four digits, or of a pair of surrogates; half a pair is no character and is replaced.
fn unicode(digits: &[u8]) -> (char, usize) {
    let unit = |digits: Option<&[u8]>| u32::from_str_radix(std::str::from_utf8(digits?).ok()?, 16).ok();
    let first = unit(digits.get(..4)).unwrap_or(0xfffd);
    if (0xd800..0xdc00).contains(&first)
        && digits.get(4..6) == Some(b"\\u")
        && let Some(second) = unit(digits.get(6..10)).filter(|unit| (0xdc00..0xe000).contains(unit))
    {
        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return (char::from_u32(code).unwrap_or('\u{fffd}'), 10);
    }
    (char::from_u32(first).unwrap_or('\u{fffd}'), 4)
}
