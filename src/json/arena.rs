//! Texts with a NUL behind them, one after the other in a few pieces of memory that never move.

use std::collections::TryReserveError;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// Size of the first piece and of the largest that several texts share.
const FIRST: usize = 256;
const MOST: usize = 1 << 16;
/// Longer texts have a piece of their own.
const LONG: usize = MOST / 4;
/// A place is a piece's number and, in its lower half, where in it.
const PIECES: usize = (1 << 16) - 1;

/// Where a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(pub u32);

#[derive(Default)]
pub struct Arena {
    pieces: Vec<Vec<u8>>,
    /// The piece that has room.
    open: Option<usize>,
    /// Places, plus one, of texts that are kept once whoever asks, by hash.
    known: Vec<u32>,
    known_count: usize,
    hasher: RandomState,
}

impl Arena {
    /// Keeps a text up to its first NUL; `None` if there is no room for it.
    pub fn keep(&mut self, text: &[u8]) -> Option<Place> {
        let end = text.iter().position(|b| *b == 0).unwrap_or(text.len());
        let text = &text[..end];
        let piece = self.piece_for(text.len() + 1)?;
        let bytes = &mut self.pieces[piece];
        let place = Place((piece << 16 | bytes.len()) as u32);
        bytes.extend(text);
        bytes.push(0);
        Some(place)
    }

    fn piece_for(&mut self, size: usize) -> Option<usize> {
        let has_room = |piece: &Vec<u8>| piece.capacity() - piece.len() >= size && piece.len() < MOST;
        if let Some(open) = self.open.filter(|open| has_room(&self.pieces[*open])) {
            return Some(open);
        }
        let number = self.pieces.len();
        if number == PIECES {
            return None;
        }
        let usual = self.open.map_or(FIRST, |open| (self.pieces[open].capacity() * 2).min(MOST));
        self.add_piece(if size > LONG { size } else { usual.max(size) }).ok()?;
        if size <= LONG {
            self.open = Some(number);
        }
        Some(number)
    }

    fn add_piece(&mut self, capacity: usize) -> Result<(), TryReserveError> {
        let mut piece = Vec::new();
        piece.try_reserve_exact(capacity)?;
        self.pieces.try_reserve(1)?;
        self.pieces.push(piece);
        Ok(())
    }

    /// The address of a text; it stays as long as the arena.
    pub fn address(&self, place: Place) -> *const u8 {
        self.pieces[place.0 as usize >> 16][place.0 as usize & 0xffff..].as_ptr()
    }

    fn text(&self, place: Place) -> &[u8] {
        let rest = &self.pieces[place.0 as usize >> 16][place.0 as usize & 0xffff..];
        &rest[..rest.iter().position(|b| *b == 0).unwrap_or(rest.len())]
    }

    /// Keeps a text once, however often it is asked for.
    pub fn keep_once(&mut self, text: &[u8]) -> Option<Place> {
        let end = text.iter().position(|b| *b == 0).unwrap_or(text.len());
        let text = &text[..end];
        if (self.known_count + 1) * 4 > self.known.len() * 3 {
            self.grow_known()?;
        }
        let mut at = slot(self.hasher.hash_one(text), self.known.len());
        while let Some(place) = self.known[at].checked_sub(1).map(Place) {
            if self.text(place) == text {
                return Some(place);
            }
            at = (at + 1) % self.known.len();
        }
        let place = self.keep(text)?;
        self.known[at] = place.0 + 1;
        self.known_count += 1;
        Some(place)
    }

    fn grow_known(&mut self) -> Option<()> {
        let size = (self.known.len() * 2).max(16);
        let mut grown: Vec<u32> = Vec::new();
        grown.try_reserve_exact(size).ok()?;
        grown.resize(size, 0);
        for entry in std::mem::take(&mut self.known).into_iter().filter(|entry| *entry > 0) {
            let mut at = slot(self.hasher.hash_one(self.text(Place(entry - 1))), size);
            while grown[at] > 0 {
                at = (at + 1) % size;
            }
            grown[at] = entry;
        }
        self.known = grown;
        Some(())
    }
}

/// Where in a table of this size the search for a hash begins.
pub fn slot(hash: u64, size: usize) -> usize {
    ((hash as u32 as u64 * size as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_where_they_are() {
        let mut arena = Arena::default();
        let texts: Vec<String> =
            (0..5000).map(|n| format!("{n}").repeat(1 + n % 7 + 9000 * usize::from(n % 500 == 3))).collect();
        let places: Vec<_> = texts.iter().map(|text| arena.keep(text.as_bytes()).unwrap()).collect();
        let addresses: Vec<_> = places.iter().map(|place| arena.address(*place)).collect();
        for _ in 0..2000 {
            arena.keep(&[b'x'; 100]).unwrap();
        }
        for ((text, place), address) in texts.iter().zip(places).zip(addresses) {
            assert_eq!(arena.text(place), text.as_bytes());
            assert_eq!(arena.address(place), address);
        }
    }

    #[test]
    fn a_text_is_kept_once() {
        let mut arena = Arena::default();
        let place = |arena: &mut Arena, n: usize| arena.keep_once(format!("key {n}").as_bytes()).unwrap();
        let first: Vec<_> = (0..1000).map(|n| place(&mut arena, n)).collect();
        let second: Vec<_> = (0..1000).map(|n| place(&mut arena, n)).collect();
        assert_eq!(first, second);
        assert_eq!(arena.keep_once(b"a\0b"), arena.keep_once(b"a"));
        assert_eq!(arena.keep_once(b""), arena.keep_once(b"\0"));
    }
}
