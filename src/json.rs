//! JSON read by RFC 6901 pointers, straight from the body. Only the outermost container and those on the
//! way to what is asked for are indexed, each once, so a catalogue of 100 MiB costs no tree.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::sync::Lock;

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Index")
    }
}

/// What stands at a pointer; the numbers cross the C boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Type {
    None = 0,
    Null = 1,
    Bool = 2,
    Number = 3,
    String = 4,
    Array = 5,
    Object = 6,
}

/// How deep a pointer may lead.
const MOST_LEVELS: usize = 128;

/// Where a value stands in the body.
type Span = Range<usize>;

/// The members of one array or object.
struct Members {
    /// Empty for an array.
    keys: Vec<String>,
    spans: Vec<Span>,
    /// The last of equal keys wins, as in most parsers.
    by_key: HashMap<String, usize>,
    has_duplicates: bool,
}

/// What has been found out about a body so far.
#[derive(Default)]
pub struct Index {
    /// The whole value, once it is known to be JSON; `Some(None)` = it is not.
    root: Lock<Option<Option<Span>>>,
    /// By where the container starts.
    members: Lock<HashMap<usize, std::sync::Arc<Members>>>,
}

/// A body, with its index, as JSON.
#[derive(Clone, Copy)]
pub struct Json<'a> {
    body: &'a [u8],
    index: &'a Index,
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({} bytes)", self.body.len())
    }
}

impl<'a> Json<'a> {
    pub fn new(body: &'a [u8], index: &'a Index) -> Json<'a> {
        Json { body, index }
    }

    fn root(&self) -> Option<Span> {
        self.index.root.lock().get_or_insert_with(|| self.judge()).clone()
    }

    /// Where the whole value stands, if the body is JSON; its members come with the same pass.
    fn judge(&self) -> Option<Span> {
        // A byte order mark is no JSON, but some servers send one.
        let body = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.body);
        let is_text = |b: &u8| !b" \t\r\n".contains(b);
        let mark = self.body.len() - body.len();
        let span = mark + body.iter().position(is_text)?..mark + body.iter().rposition(is_text)? + 1;
        match self.type_of(&span) {
            Type::Array | Type::Object if self.members(&span).is_some() => Some(span),
            // Or it has a key that is no text, and is JSON all the same.
            _ => serde_json::from_slice(body).ok().map(|raw| self.span(raw)),
        }
    }

    fn span(&self, raw: &RawValue) -> Span {
        let start = raw.get().as_ptr() as usize - self.body.as_ptr() as usize;
        start..start + raw.get().len()
    }

    fn text(&self, span: &Span) -> &'a str {
        std::str::from_utf8(&self.body[span.clone()]).unwrap_or_default()
    }

    fn members(&self, span: &Span) -> Option<std::sync::Arc<Members>> {
        if let Some(known) = self.index.members.lock().get(&span.start) {
            return Some(known.clone());
        }
        let mut parser = serde_json::Deserializer::from_slice(&self.body[span.clone()]);
        let found = parser.deserialize_any(Collect(self)).ok()?;
        parser.end().ok()?;
        let found = std::sync::Arc::new(found);
        self.index.members.lock().insert(span.start, found.clone());
        Some(found)
    }

    fn find(&self, pointer: &str) -> Option<Span> {
        let mut span = self.root()?;
        if pointer.is_empty() {
            return Some(span);
        }
        for (level, token) in pointer.strip_prefix('/')?.split('/').enumerate() {
            if level >= MOST_LEVELS || !matches!(self.type_of(&span), Type::Array | Type::Object) {
                return None;
            }
            let members = self.members(&span)?;
            let at = match self.type_of(&span) {
                Type::Object => *members.by_key.get(&*unescape(token)?)?,
                _ => array_index(token)?,
            };
            span = members.spans.get(at)?.clone();
        }
        Some(span)
    }

    fn type_of(&self, span: &Span) -> Type {
        match self.body[span.start] {
            b'n' => Type::Null,
            b't' | b'f' => Type::Bool,
            b'"' => Type::String,
            b'[' => Type::Array,
            b'{' => Type::Object,
            _ => Type::Number,
        }
    }

    pub fn kind(&self, pointer: &str) -> Type {
        self.find(pointer).map_or(Type::None, |span| self.type_of(&span))
    }

    /// The text of a string; of anything else the JSON as it stands, digits unaltered.
    pub fn get(&self, pointer: &str) -> Option<Cow<'a, str>> {
        let span = self.find(pointer)?;
        let text = self.text(&span);
        match self.type_of(&span) {
            Type::String => serde_json::Deserializer::from_str(text).deserialize_bytes(Characters).ok(),
            _ => Some(Cow::Borrowed(text)),
        }
    }

    /// The text of a string only.
    pub fn string(&self, pointer: &str) -> Option<Cow<'a, str>> {
        if self.kind(pointer) == Type::String { self.get(pointer) } else { None }
    }

    /// A whole number in range; also one written as `1.0` or `1e3`, or as the text of a string.
    pub fn int(&self, pointer: &str) -> Option<i64> {
        let text = self.number_text(pointer)?;
        text.parse().ok().or_else(|| whole(&text))
    }

    pub fn double(&self, pointer: &str) -> Option<f64> {
        self.number_text(pointer)?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn number_text(&self, pointer: &str) -> Option<Cow<'a, str>> {
        match self.kind(pointer) {
            Type::Number => self.get(pointer),
            // Quantities and money travel as strings in some generations of the services.
            Type::String => self.get(pointer).filter(|text| {
                !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b))
            }),
            Type::Bool => Some(Cow::Borrowed(if self.get(pointer)? == "true" { "1" } else { "0" })),
            _ => None,
        }
    }

    /// How many members an array or object has; 0 for anything else.
    pub fn count(&self, pointer: &str) -> usize {
        match self.find(pointer) {
            Some(span) if matches!(self.type_of(&span), Type::Array | Type::Object) => {
                self.members(&span).map_or(0, |members| members.spans.len())
            }
            _ => 0,
        }
    }

    /// The key of an object's member, in the order they stand in.
    pub fn key(&self, pointer: &str, index: usize) -> Option<String> {
        let span = self.find(pointer)?;
        if self.type_of(&span) != Type::Object {
            return None;
        }
        self.members(&span)?.keys.get(index).cloned()
    }

    /// Whether an object names a key twice, which no honest login answer does.
    pub fn has_duplicates(&self, pointer: &str) -> bool {
        let members =
            self.find(pointer).filter(|s| self.type_of(s) == Type::Object).and_then(|s| self.members(&s));
        members.is_some_and(|members| members.has_duplicates)
    }
}

/// A token of a pointer with `~1` and `~0` undone.
fn unescape(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('~') {
        return Some(Cow::Borrowed(token));
    }
    let mut plain = String::with_capacity(token.len());
    let mut chars = token.chars();
    while let Some(c) = chars.next() {
        plain.push(match (c, c == '~') {
            (_, true) => match chars.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            (c, false) => c,
        });
    }
    Some(Cow::Owned(plain))
}

/// Puts a key into a pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// RFC 6901: digits without leading zeros.
fn array_index(token: &str) -> Option<usize> {
    let plain = token == "0" || (!token.starts_with('0') && token.bytes().all(|b| b.is_ascii_digit()));
    if plain { token.parse().ok() } else { None }
}

/// A decimal number as a whole one, exactly; `None` if it has a fraction or does not fit.
fn whole(text: &str) -> Option<i64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{before}{after}");
    if before.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let leading = digits.len() - digits.trim_start_matches('0').len();
    let digits = &digits[leading..];
    if digits.is_empty() {
        return Some(0);
    }
    // How many digits stand before the point once the exponent has moved it.
    let point = (before.len() as i64 - leading as i64).checked_add(exponent.parse().ok()?)?;
    // Nineteen digits hold every number that fits.
    let point = usize::try_from(point).ok().filter(|point| (1..=19).contains(point))?;
    let (kept, fraction) = digits.split_at(point.min(digits.len()));
    if fraction.bytes().any(|b| b != b'0') {
        return None;
    }
    format!("{}{kept:0<point$}", if negative { "-" } else { "" }).parse().ok()
}

/// Takes the characters of a string; half a surrogate pair, which is no character, is replaced.
struct Characters;

impl<'de> Visitor<'de> for Characters {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Cow<'de, str>, E> {
        Ok(String::from_utf8_lossy(bytes))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(String::from_utf8_lossy(bytes).into_owned()))
    }
}

/// Collects the members of the outermost container without looking into them.
struct Collect<'a, 'j>(&'j Json<'a>);

impl<'de> Visitor<'de> for Collect<'de, '_> {
    type Value = Members;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Members, A::Error> {
        let mut spans = Vec::new();
        while let Some(raw) = seq.next_element::<&RawValue>()? {
            spans.push(self.0.span(raw));
        }
        Ok(Members { keys: Vec::new(), spans, by_key: HashMap::new(), has_duplicates: false })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let (mut keys, mut spans, mut by_key) = (Vec::new(), Vec::new(), HashMap::new());
        let mut has_duplicates = false;
        while let Some((key, raw)) = map.next_entry::<String, &RawValue>()? {
            has_duplicates |= by_key.insert(key.clone(), spans.len()).is_some();
            keys.push(key);
            spans.push(self.0.span(raw));
        }
        if keys.len() != spans.len() {
            return Err(A::Error::custom("keys and values differ in number"));
        }
        Ok(Members { keys, spans, by_key, has_duplicates })
    }
}

#[cfg(test)]
mod tests;
