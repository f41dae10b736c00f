//! Where the members of the containers stand that were asked about, in numbers of four bytes: an index that is
//! complete is about as large as the body. Texts that were handed out are kept beside it.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::ops::Range;

use crate::error::{Code, Error, Result};
use crate::json::arena::{Arena, Place, slot};
use crate::json::judge::judge;
use crate::json::pointer::{MOST_LEVELS, array_index, tokens, unescape};
use crate::json::scan::{self, Members};
use crate::json::{Index, Type};
use crate::sys::fork;

/// Objects of up to so many members are searched one by one.
const FEW: usize = 24;
/// Of a container: how many members (with a mark if some were dropped), and where its table is: of an object that of
/// its keys, of an array what is known of its elements, made once something is.
const HEAD: usize = 2;
/// Of a member: where it starts, and what is known of it.
const MEMBER: usize = 2;
/// Of an element of an array: where it starts. Of a long list of short numbers more would be many times its text.
const ELEMENT: usize = 1;
/// The shortest member and element, with a comma.
const SHORTEST: [usize; 2] = [5, 2];
const DROPPED: u32 = 1 << 31;

/// What has been found out about a body so far.
#[derive(Default)]
pub struct State {
    judged: Option<Result<Range<usize>>>,
    /// Whether there was no memory to look into some container.
    failed: bool,
    /// The entry of the whole, then containers: head, members, table. What is known of a member is, for a container
    /// that was looked into, where that is; for a scalar whose text was handed out, that place plus one.
    pool: Vec<u32>,
    /// Texts of containers that were handed out, by their start.
    containers: HashMap<u32, Place>,
    arena: Arena,
    hasher: RandomState,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Index")
    }
}

impl Index {
    pub(super) fn state(&self) -> std::sync::MutexGuard<'_, State> {
        if self.process == fork::generation() {
            return self.state.lock();
        }
        self.state.try_lock().unwrap_or_else(|| self.of_child.get_or_init(Box::default).state())
    }
}

/// A value that was found.
#[derive(Clone)]
pub struct Found {
    known: Known,
    pub span: Range<usize>,
}

/// Where the pool has, or will have, what is known of a value.
#[derive(Clone, Copy)]
enum Known {
    At(usize),
    /// In the table of an array.
    Of(Container, usize),
}

/// A container that was looked into.
#[derive(Clone, Copy)]
struct Container {
    at: usize,
    count: usize,
    dropped: bool,
    /// What each member takes in the pool.
    words: usize,
}

fn no_memory() -> Error {
    Error::new(Code::TooLarge, "There is not enough memory to look into this JSON.")
}

impl State {
    /// Where the whole value stands, if the body is JSON.
    pub fn root(&mut self, body: &[u8]) -> Result<Found> {
        if self.judged.is_none() {
            let judged = judge(body);
            if let Ok(span) = &judged {
                self.reserve(2, 0, 2)?;
                self.pool.extend([span.start as u32, 0]);
            }
            self.judged = Some(judged);
        }
        let span = self.judged.clone().unwrap_or_else(|| Err(no_memory()))?;
        Ok(Found { known: Known::At(1), span })
    }

    /// The bytes that the index takes, without the texts that were handed out.
    #[cfg(test)]
    pub fn size(&self) -> usize {
        self.pool.capacity() * size_of::<u32>()
    }

    /// Why something was not found that may be there.
    pub fn failed(&self) -> Option<Error> {
        self.failed.then(no_memory)
    }

    /// The value at a pointer; `Ok(None)` if nothing stands there.
    pub fn find(&mut self, body: &[u8], pointer: &str) -> Result<Option<Found>> {
        let mut found = self.root(body)?;
        let Some(tokens) = tokens(pointer) else { return Ok(None) };
        for (level, token) in tokens.enumerate() {
            if level >= MOST_LEVELS {
                return Ok(None);
            }
            let at = match scan::type_of(body, found.span.start) {
                Type::Object => {
                    let Some(key) = unescape(token) else { return Ok(None) };
                    let container = self.container(body, &found)?;
                    self.by_key(body, container, key.as_bytes()).map(|at| (container, at))
                }
                Type::Array => {
                    let container = self.container(body, &found)?;
                    let index = array_index(token).filter(|index| *index < container.count);
                    index.map(|at| (container, at))
                }
                _ => None,
            };
            match at {
                Some((container, at)) => found = self.member(body, &found, container, at),
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    /// Makes room for so many words of the container at `at`, to which `most` may still come. Grows by a quarter, but by
    /// no more than that if the container is most of all there is: many small ones must not make room one by one.
    fn reserve(&mut self, words: usize, at: usize, most: usize) -> Result<()> {
        let length = self.pool.len();
        if self.pool.capacity() - length < words {
            let quarter = (length / 4).max(16);
            let is_main = 2 * (length - at + most) >= length;
            let more = if is_main { quarter.min(most) } else { quarter };
            self.pool.try_reserve_exact(more.max(words)).map_err(|_| no_memory())?;
        }
        Ok(())
    }

    fn head(&self, at: usize, words: usize) -> Container {
        let count = self.pool[at];
        Container { at, count: (count & !DROPPED) as usize, dropped: count & DROPPED != 0, words }
    }

    fn start_of(&self, container: Container, member: usize) -> usize {
        self.pool[container.at + HEAD + member * container.words] as usize
    }

    /// What is known of a value; 0 if nothing is.
    fn known(&self, found: &Found) -> u32 {
        match found.known {
            Known::At(at) => self.pool[at],
            Known::Of(array, element) => match self.pool[array.at + 1] as usize {
                0 => 0,
                table => self.pool[table + element],
            },
        }
    }

    fn learn(&mut self, found: &Found, known: u32) -> Result<()> {
        let at = match found.known {
            Known::At(at) => at,
            Known::Of(array, element) => self.table_of(array)? + element,
        };
        self.pool[at] = known;
        Ok(())
    }

    /// The table of what is known of the elements of an array.
    fn table_of(&mut self, array: Container) -> Result<usize> {
        if self.pool[array.at + 1] == 0 {
            let table = self.pool.len();
            let at = u32::try_from(table).map_err(|_| no_memory())?;
            self.reserve(array.count, table, array.count)?;
            self.pool.resize(table + array.count, 0);
            self.pool[array.at + 1] = at;
        }
        Ok(self.pool[array.at + 1] as usize)
    }

    /// Looks into an array or object, once.
    fn container(&mut self, body: &[u8], found: &Found) -> Result<Container> {
        let words = if body[found.span.start] == b'[' { ELEMENT } else { MEMBER };
        match self.known(found) {
            0 => {}
            known => return Ok(self.head(known as usize, words)),
        }
        let at = self.pool.len();
        let outcome = self.look_into(body, &found.span, at, words);
        let outcome = outcome.and_then(|()| u32::try_from(self.pool.len()).map_err(|_| no_memory()));
        match outcome.and_then(|_| self.learn(found, at as u32)) {
            Ok(()) => Ok(self.head(at, words)),
            Err(error) => {
                self.pool.truncate(at);
                self.failed = true;
                Err(error)
            }
        }
    }

    fn look_into(&mut self, body: &[u8], span: &Range<usize>, at: usize, words: usize) -> Result<()> {
        self.reserve(HEAD, at, span.len())?;
        self.pool.extend([0; HEAD]);
        for member in Members::new(body, span.start) {
            let most = (span.end - member) / SHORTEST[usize::from(words == ELEMENT)] + 1;
            self.reserve(words, at, most * words)?;
            self.pool.push(member as u32);
            self.pool.resize(self.pool.len() + words - 1, 0);
        }
        let count = (self.pool.len() - at - HEAD) / words;
        self.pool[at] = count as u32;
        if words == MEMBER && count > 1 {
            let dropped = if count > FEW { self.make_table(body, at)? } else { self.drop_few(body, at) };
            if dropped {
                self.pool[at] |= DROPPED;
            }
        }
        Ok(())
    }

    /// Drops members whose name comes again later: the last one counts.
    fn drop_few(&mut self, body: &[u8], at: usize) -> bool {
        let container = self.head(at, MEMBER);
        let mut keys = [(0, &body[..0]); FEW];
        for (member, key) in keys.iter_mut().enumerate().take(container.count) {
            let start = self.start_of(container, member);
            *key = (start, scan::inside(body, start));
        }
        let keys = &keys[..container.count];
        let comes_again = |at: usize| keys[at + 1..].iter().any(|(_, later)| same_key(later, keys[at].1));
        if !(0..keys.len()).any(comes_again) {
            return false;
        }
        self.pool.truncate(at + HEAD);
        for (_, (start, _)) in keys.iter().enumerate().filter(|(at, _)| !comes_again(*at)) {
            self.pool.extend([*start as u32, 0]);
        }
        self.pool[at] = ((self.pool.len() - at - HEAD) / MEMBER) as u32;
        true
    }

    /// Makes the table that finds the members of a large object; true if a name stood there twice.
    fn make_table(&mut self, body: &[u8], at: usize) -> Result<bool> {
        let mut dropped = false;
        loop {
            let container = self.head(at, MEMBER);
            let table = self.pool.len();
            let size = container.count + container.count / 3 + 1;
            self.pool.try_reserve_exact(size).map_err(|_| no_memory())?;
            self.pool.resize(table + size, 0);
            let mut twice = Vec::new();
            for member in 0..container.count {
                let key = scan::decode(scan::inside(body, self.start_of(container, member)));
                let mut place = slot(self.hasher.hash_one(key.as_bytes()), size);
                while let Some(other) = self.pool[table + place].checked_sub(1) {
                    let other = other as usize;
                    if is_key(scan::inside(body, self.start_of(container, other)), key.as_bytes()) {
                        twice.push(other);
                        break;
                    }
                    place = (place + 1) % size;
                }
                self.pool[table + place] = member as u32 + 1;
            }
            if twice.is_empty() {
                self.pool[at + 1] = table as u32;
                return Ok(dropped);
            }
            dropped = true;
            twice.sort_unstable();
            let starts: Vec<u32> = (0..container.count)
                .filter(|member| twice.binary_search(member).is_err())
                .map(|member| self.start_of(container, member) as u32)
                .collect();
            self.pool.truncate(at + HEAD);
            self.pool.extend(starts.iter().flat_map(|start| [*start, 0]));
            self.pool[at] = starts.len() as u32;
        }
    }

    fn by_key(&self, body: &[u8], container: Container, key: &[u8]) -> Option<usize> {
        let is = |member: &usize| is_key(scan::inside(body, self.start_of(container, *member)), key);
        let table = self.pool[container.at + 1] as usize;
        if table == 0 {
            return (0..container.count).find(is);
        }
        let size = container.count + container.count / 3 + 1;
        let mut place = slot(self.hasher.hash_one(key), size);
        while let Some(member) = self.pool[table + place].checked_sub(1) {
            if is(&(member as usize)) {
                return Some(member as usize);
            }
            place = (place + 1) % size;
        }
        None
    }

    /// A member of a container that was looked into.
    fn member(&self, body: &[u8], parent: &Found, container: Container, member: usize) -> Found {
        let start = self.start_of(container, member);
        let (start, known) = match container.words {
            ELEMENT => (start, Known::Of(container, member)),
            _ => (
                scan::value_of_key(body, start),
                Known::At(container.at + HEAD + member * container.words + 1),
            ),
        };
        let end = match member + 1 < container.count {
            _ if container.dropped => scan::skip_value(body, start),
            true => scan::end_before(body, self.start_of(container, member + 1)),
            false => scan::end_before(body, parent.span.end - 1),
        };
        Found { known, span: start..end }
    }

    /// How many members an array or object has.
    pub fn count(&mut self, body: &[u8], found: &Found) -> Result<usize> {
        self.container(body, found).map(|container| container.count)
    }

    /// Whether an object names a key twice.
    pub fn has_dropped(&mut self, body: &[u8], found: &Found) -> Result<bool> {
        self.container(body, found).map(|container| container.dropped)
    }

    /// What stands between the quotes of an object's key.
    pub fn key<'a>(&mut self, body: &'a [u8], found: &Found, index: usize) -> Result<Option<&'a [u8]>> {
        let container = self.container(body, found)?;
        let start = (index < container.count).then(|| self.start_of(container, index));
        Ok(start.map(|start| scan::inside(body, start)))
    }

    /// The text of a value with a NUL behind it, made the first time that it is asked for.
    pub fn text(&mut self, body: &[u8], found: &Found) -> Option<*const u8> {
        let start = found.span.start;
        let kind = scan::type_of(body, start);
        let is_container = matches!(kind, Type::Array | Type::Object);
        let known = match is_container {
            true => self.containers.get(&(start as u32)).copied(),
            false => self.known(found).checked_sub(1).map(Place),
        };
        if let Some(place) = known {
            return Some(self.arena.address(place));
        }
        let span = &body[found.span.clone()];
        let place = match kind {
            Type::String => self.arena.keep(scan::decode(&span[1..span.len() - 1]).as_bytes()),
            _ => self.arena.keep(span),
        }?;
        if is_container {
            self.containers.try_reserve(1).ok()?;
            self.containers.insert(start as u32, place);
        } else {
            self.learn(found, place.0 + 1).ok()?;
        }
        Some(self.arena.address(place))
    }

    /// The text of a key, kept once for all objects that have it.
    pub fn key_text(&mut self, inside: &[u8]) -> Option<*const u8> {
        let place = self.arena.keep_once(scan::decode(inside).as_bytes())?;
        Some(self.arena.address(place))
    }
}

/// Whether a key, as it stands between its quotes, is this text.
fn is_key(inside: &[u8], key: &[u8]) -> bool {
    match inside.len() >= key.len() && inside.contains(&b'\\') {
        true => scan::decode(inside).as_bytes() == key,
        false => inside == key,
    }
}

/// Whether two keys, as they stand between their quotes, are the same text.
fn same_key(one: &[u8], other: &[u8]) -> bool {
    match one.contains(&b'\\') || other.contains(&b'\\') {
        true => scan::decode(one) == scan::decode(other),
        false => one == other,
    }
}
