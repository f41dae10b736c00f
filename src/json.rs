//! JSON read by RFC 6901 pointers, straight from the body. Only the outermost container and those on the
//! way to what is asked for are indexed, each once, so a catalogue of 100 MiB costs no tree.

mod arena;
mod index;
mod judge;
mod number;
pub mod pointer;
mod scan;
mod walk;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use crate::error::Error;
use crate::json::index::{Found, State};
use crate::sync::Lock;
use crate::sys::fork;

pub use pointer::escape;
pub use walk::Step;

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

/// What has been found out about a body so far, and the texts of it that were handed out.
pub struct Index {
    state: Lock<State>,
    /// The process that may wait for its lock; in a child whoever held it at the fork holds it for ever.
    process: u64,
    of_child: OnceLock<Box<Index>>,
}

impl Default for Index {
    fn default() -> Index {
        Index { state: Lock::default(), process: fork::generation(), of_child: OnceLock::new() }
    }
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

    /// Why nothing stands in the body: what is wrong with it, and where.
    pub fn error(&self) -> Option<Error> {
        let mut state = self.index.state();
        state.root(self.body).err().or_else(|| state.failed())
    }

    /// Asks about what stands at a pointer.
    fn at<T>(&self, pointer: &str, ask: impl FnOnce(&mut State, Found) -> Option<T>) -> Option<T> {
        let mut state = self.index.state();
        let found = state.find(self.body, pointer).ok()??;
        ask(&mut state, found)
    }

    fn text(&self, found: &Found) -> &'a str {
        std::str::from_utf8(&self.body[found.span.clone()]).unwrap_or_default()
    }

    fn type_of(&self, found: &Found) -> Type {
        scan::type_of(self.body, found.span.start)
    }

    pub fn kind(&self, pointer: &str) -> Type {
        self.at(pointer, |_, found| Some(self.type_of(&found))).unwrap_or(Type::None)
    }

    /// The text of a string; of anything else the JSON as it stands, digits unaltered.
    pub fn get(&self, pointer: &str) -> Option<Cow<'a, str>> {
        let found = self.at(pointer, |_, found| Some(found))?;
        let text = self.text(&found);
        match self.type_of(&found) {
            Type::String => Some(scan::decode(&text.as_bytes()[1..text.len() - 1])),
            _ => Some(Cow::Borrowed(text)),
        }
    }

    /// The same with a NUL behind it, up to the first NUL in it: an address that is good as long as the index.
    pub fn c_text(&self, pointer: &str) -> Option<*const u8> {
        self.at(pointer, |state, found| state.text(self.body, &found))
    }

    /// The text of a string only.
    pub fn string(&self, pointer: &str) -> Option<Cow<'a, str>> {
        if self.kind(pointer) == Type::String { self.get(pointer) } else { None }
    }

    /// A whole number in range; also one written as `1.0` or `1e3`, or as the text of a string.
    pub fn int(&self, pointer: &str) -> Option<i64> {
        let text = self.number_text(pointer)?;
        text.parse().ok().or_else(|| number::whole(&text))
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

    /// How many members an array or object has; 0 for anything else. A name that stands twice counts once.
    pub fn count(&self, pointer: &str) -> usize {
        let count = self.at(pointer, |state, found| match self.type_of(&found) {
            Type::Array | Type::Object => state.count(self.body, &found).ok(),
            _ => None,
        });
        count.unwrap_or(0)
    }

    fn raw_key(&self, state: &mut State, found: &Found, index: usize) -> Option<&'a [u8]> {
        if self.type_of(found) != Type::Object {
            return None;
        }
        state.key(self.body, found, index).ok()?
    }

    /// The key of an object's member, in the order they stand in.
    pub fn key(&self, pointer: &str, index: usize) -> Option<Cow<'a, str>> {
        self.at(pointer, |state, found| self.raw_key(state, &found, index)).map(scan::decode)
    }

    /// The same as `c_text` gives texts.
    pub fn c_key(&self, pointer: &str, index: usize) -> Option<*const u8> {
        self.at(pointer, |state, found| {
            let key = self.raw_key(state, &found, index)?;
            state.key_text(key)
        })
    }

    /// Whether an object names a key twice, which no honest login response does.
    pub fn has_duplicates(&self, pointer: &str) -> bool {
        let told = self.at(pointer, |state, found| match self.type_of(&found) {
            Type::Object => state.has_dropped(self.body, &found).ok(),
            _ => None,
        });
        told.unwrap_or(false)
    }

    /// Where the value at a pointer starts, for `walk`.
    pub fn place(&self, pointer: &str) -> Option<Place> {
        self.at(pointer, |_, found| Some(Place(found.span)))
    }

    /// Visits a value and all below it until `visit` returns something other than 0. Takes no lock.
    pub fn walk(&self, from: Place, visit: impl FnMut(Step<'_>) -> i32) -> i32 {
        walk::walk(&self.body[..from.0.end], from.0.start, visit)
    }
}

/// Where a value stands.
#[derive(Debug)]
pub struct Place(Range<usize>);

#[cfg(test)]
mod tests;
