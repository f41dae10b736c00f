//! The head of a response: its bytes as they came, and spans over them for whoever asks for a field.

use std::fmt;
use std::mem::MaybeUninit;
use std::ops::Range;

use httparse::{EMPTY_HEADER, Error, ParserConfig, Response, Status};

use crate::secret::wipe;

/// Fields for which there is room on the stack.
const FEW: usize = 48;

/// Bytes that are no head of HTTP/1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Where a field stands.
#[derive(Clone, Copy)]
struct Field {
    name: Span,
    value: Span,
}

#[derive(Clone, Copy)]
struct Span {
    start: u32,
    length: u32,
}

impl Span {
    /// Where a part of `whole` stands in it.
    fn of(part: &[u8], whole: &[u8]) -> Span {
        let start = part.as_ptr().addr() - whole.as_ptr().addr();
        Span { start: start as u32, length: part.len() as u32 }
    }

    fn range(self) -> Range<usize> {
        let start = self.start as usize;
        start..start + self.length as usize
    }
}

/// Status and fields; wiped in the end, because a cookie may be a token.
#[derive(Clone, Default)]
pub struct Head {
    pub status: u16,
    /// Whether it is of HTTP/1.0. A later minor version counts as 1.1.
    pub is_http10: bool,
    bytes: Vec<u8>,
    fields: Vec<Field>,
    /// The lengths that names have, as bits: most names that are asked for are not there.
    lengths: u32,
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Head({} with {} fields)", self.status, self.fields.len())
    }
}

impl Drop for Head {
    fn drop(&mut self) {
        wipe(&mut self.bytes);
    }
}

impl Head {
    /// Reads the head that the bytes begin with; `None` if it is not complete. Its bytes are the first `length()`.
    pub fn parse(bytes: &[u8]) -> Result<Option<Head>, Malformed> {
        let parsed = parse_with(&ParserConfig::default(), bytes, bytes);
        parsed.or_else(|_| Head::parse_odd(bytes)).map_err(|_| Malformed)
    }

    /// Takes what RFC 9112 lets a client take: folded lines, and control bytes in values, which stay in them. It does
    /// not take NUL or a bare CR, which others may take for an end, nor anything odd in a name or around a colon.
    fn parse_odd(bytes: &[u8]) -> Result<Option<Head>, Error> {
        let mut plain = bytes.to_vec();
        for byte in plain.iter_mut().filter(|byte| byte.is_ascii_control()) {
            if !matches!(byte, b'\t' | b'\r' | b'\n' | 0) {
                // May stand in a value, and nowhere else.
                *byte = 0xff;
            }
        }
        if let Some(minor) = plain.get_mut(7).filter(|minor| minor.is_ascii_digit() && **minor > b'1') {
            *minor = b'1';
        }
        let mut config = ParserConfig::default();
        config.allow_obsolete_multiline_headers_in_responses(true);
        let parsed = parse_with(&config, &plain, bytes);
        wipe(&mut plain);
        parsed.map(|head| head.map(Head::unfolded))
    }

    /// The same head with each fold of a value as one blank.
    fn unfolded(mut self) -> Head {
        for field in &mut self.fields {
            let value = &mut self.bytes[field.value.range()];
            if value.contains(&b'\n') {
                field.value.length = unfold(value) as u32;
            }
        }
        self
    }

    /// A head out of fields.
    pub fn of<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        status: u16,
        fields: impl IntoIterator<Item = (N, V)> + Clone,
    ) -> Head {
        let length =
            fields.clone().into_iter().map(|(name, value)| name.as_ref().len() + value.as_ref().len());
        // Taken once: memory that grows leaves copies of itself behind.
        let mut bytes = Vec::with_capacity(length.sum());
        let mut add = |part: &[u8]| {
            let start = bytes.len() as u32;
            bytes.extend_from_slice(part);
            Span { start, length: part.len() as u32 }
        };
        let fields = fields.into_iter();
        let fields =
            fields.map(|(name, value)| Field { name: add(name.as_ref()), value: add(value.as_ref()) });
        let fields: Vec<_> = fields.collect();
        Head { status, is_http10: false, lengths: lengths(&fields), fields, bytes }
    }

    /// How many bytes it has, the empty line included.
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// Fields as they came: name, in whatever case, and value without the blanks around it.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (&str, &[u8])> + Clone {
        self.fields.iter().map(|field| {
            let name = &self.bytes[field.name.range()];
            (std::str::from_utf8(name).unwrap_or_default(), &self.bytes[field.value.range()])
        })
    }

    /// The values of all fields of a name, in any case.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let among = if self.lengths & length_bit(name.len() as u32) == 0 { &[][..] } else { &self.fields };
        let is_named = move |field: &&Field| {
            field.name.length as usize == name.len()
                && self.bytes[field.name.range()].eq_ignore_ascii_case(name.as_bytes())
        };
        among.iter().filter(is_named).map(|field| &self.bytes[field.value.range()])
    }

    /// The value of the first field of a name.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// The first value of a name, if it is visible ASCII.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(visible)
    }

    /// What the first line says behind the code.
    pub fn reason(&self) -> &[u8] {
        let start = self.bytes.trim_ascii_start();
        let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
        line.get("HTTP/1.1 200".len()..).unwrap_or_default().trim_ascii()
    }
}

fn length_bit(length: u32) -> u32 {
    1 << (length % 32)
}

fn lengths(fields: &[Field]) -> u32 {
    fields.iter().fold(0, |bits, field| bits | length_bit(field.name.length))
}

/// A value as text, if it is visible ASCII.
pub fn visible(value: &[u8]) -> Option<&str> {
    let is_visible = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~');
    std::str::from_utf8(value).ok().filter(|_| value.iter().all(is_visible))
}

/// Reads `bytes`, which differ from those that came only where it does not show.
fn parse_with(config: &ParserConfig, bytes: &[u8], came: &[u8]) -> Result<Option<Head>, Error> {
    let mut few = [const { MaybeUninit::uninit() }; FEW];
    let mut response = Response::new(&mut []);
    match config.parse_response_with_uninit_headers(&mut response, bytes, &mut few) {
        Err(Error::TooManyHeaders) => {}
        parsed => return of_parsed(parsed?, &response, bytes, came),
    }
    // Each takes a line at least.
    let mut many = vec![EMPTY_HEADER; bytes.iter().filter(|byte| **byte == b'\n').count()];
    let mut response = Response::new(&mut many);
    let parsed = config.parse_response(&mut response, bytes);
    of_parsed(parsed?, &response, bytes, came)
}

fn of_parsed(
    parsed: Status<usize>,
    response: &Response<'_, '_>,
    bytes: &[u8],
    came: &[u8],
) -> Result<Option<Head>, Error> {
    let Status::Complete(length) = parsed else { return Ok(None) };
    // Three digits may be less than the least that there is.
    let status = response.code.filter(|code| *code >= 100).ok_or(Error::Status)?;
    let spans = response.headers.iter().map(|header| Field {
        name: Span::of(header.name.as_bytes(), bytes),
        value: Span::of(header.value, bytes),
    });
    let fields: Vec<_> = spans.collect();
    Ok(Some(Head {
        status,
        is_http10: response.version == Some(0),
        lengths: lengths(&fields),
        fields,
        bytes: came[..length].to_vec(),
    }))
}

/// Makes one blank of each fold, with the blanks around it (RFC 9112, 5.2); returns the length that is left.
fn unfold(value: &mut [u8]) -> usize {
    let is_blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let (mut read, mut written) = (0, 0);
    while read < value.len() {
        let blanks = value[read..].iter().take_while(|byte| is_blank(**byte)).count();
        let (step, kept) = match blanks {
            0 => (1, 1),
            _ if value[read..read + blanks].contains(&b'\n') => {
                value[read] = b' ';
                (blanks, 1)
            }
            _ => (blanks, blanks),
        };
        value.copy_within(read..read + kept, written);
        (read, written) = (read + step, written + kept);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Head {
        Head::parse(text.as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn fields_of_any_name_by_any_case() {
        let text = "HTTP/1.1 404 Not here\r\nX-A: one\r\nETag:\t\"x\" \r\nx-a:two\r\nEmpty:\r\n\r\n";
        let head = parsed(&format!("{text}body"));
        assert_eq!((head.status, head.is_http10, head.length()), (404, false, text.len()));
        assert_eq!((head.reason(), head.text("etag")), (&b"Not here"[..], Some("\"x\"")));
        assert_eq!(head.all("x-A").collect::<Vec<_>>(), [b"one", b"two"]);
        assert_eq!((head.get("empty"), head.get("x")), (Some(&b""[..]), None));
        assert_eq!(head.fields().map(|(name, _)| name).collect::<Vec<_>>(), ["X-A", "ETag", "x-a", "Empty"]);
        assert_eq!(format!("{head:?}"), "Head(404 with 4 fields)");
    }

    #[test]
    fn a_head_out_of_fields() {
        let head = Head::of(200, [("A", "1"), ("b", "2")]);
        assert_eq!((head.get("a"), head.get("B")), (Some(&b"1"[..]), Some(&b"2"[..])));
        assert_eq!(Head::default().fields().len(), 0);
    }

    #[test]
    fn a_head_is_complete_with_its_empty_line() {
        let text = "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nD: \x01\r\n\r\n";
        for end in 0..text.len() {
            assert!(matches!(Head::parse(&text.as_bytes()[..end]), Ok(None)), "{:?}", &text[..end]);
        }
        assert_eq!(parsed(text).text("a"), Some("b c"));
    }

    #[test]
    fn what_is_odd_is_taken_where_it_does_not_matter() {
        for (line, value) in [
            ("X: a\r\n b", &b"a b"[..]),
            ("X: a \t\r\n\t b  c\r\n \r\n  d", b"a b  c d"),
            ("X:\r\n a", b"a"),
            ("X: a\n b", b"a b"),
            ("X: \x01a\x1f\x7f", b"\x01a\x1f\x7f"),
            ("X: a\x0b\r\n \x0cb", b"a\x0b \x0cb"),
            ("X: \u{e9}", b"\xc3\xa9"),
        ] {
            let head = parsed(&format!("HTTP/1.1 200 OK\r\nA: 1\r\n{line}\r\nZ: 2\r\n\r\n"));
            assert_eq!(head.get("x"), Some(value), "{line:?}");
            assert_eq!((head.text("a"), head.text("z")), (Some("1"), Some("2")), "{line:?}");
        }
        for (line, http10) in
            [("HTTP/1.0 200", true), ("HTTP/1.9 200 \x01", false), ("\r\nHTTP/1.1 200", false)]
        {
            let head = parsed(&format!("{line}\r\n\r\n"));
            assert_eq!((head.status, head.is_http10), (200, http10), "{line:?}");
        }
        assert_eq!(parsed(&format!("HTTP/1.1 200 OK\r\n{}\r\n", "a:\n".repeat(5000))).fields().len(), 5000);
    }

    #[test]
    fn what_may_be_a_trick_is_refused() {
        for line in [
            "X : a",
            "X\t: a",
            "X",
            ": a",
            "X Y: a",
            "X\x01: a",
            "X\u{e9}: a",
            "X\r\n : a",
            "X: a\rb",
            "X: a\r\r",
            "X: a\0",
            "X\0: a",
        ] {
            let text = format!("HTTP/1.1 200 OK\r\nA: 1\r\n{line}\r\n\r\n");
            assert_eq!(Head::parse(text.as_bytes()).err(), Some(Malformed), "{line:?}");
        }
        for text in [
            "HTTP/1.1 200 OK\r\n A: b\r\n\r\n",
            "HTTP/2.0 200\r\n\r\n",
            "HTTP/1.1 099\r\n\r\n",
            "HTTP/1.x 200\r\n\r\n",
            "\x15",
        ] {
            assert_eq!(Head::parse(text.as_bytes()).err(), Some(Malformed), "{text:?}");
        }
    }
}
