//! Space for bytes to come, without the zeroes that nobody reads.

use std::mem::MaybeUninit;

pub use super::os::will_be_long;

/// Memory that is filled from its beginning.
pub struct Space<'a> {
    bytes: &'a mut [MaybeUninit<u8>],
    filled: usize,
}

impl<'a> Space<'a> {
    pub fn of(bytes: &'a mut [u8]) -> Space<'a> {
        let (start, length) = (bytes.as_mut_ptr().cast(), bytes.len());
        // SAFETY: the same memory for as long; what is written to it is never uninitialized.
        Space { bytes: unsafe { std::slice::from_raw_parts_mut(start, length) }, filled: 0 }
    }

    /// Space in memory of C's, which may never have been written to.
    ///
    /// # Safety
    /// So many bytes at `start` can be written, and nothing else uses them meanwhile.
    pub unsafe fn at(start: *mut u8, length: usize) -> Space<'a> {
        // SAFETY: the caller's promise; such bytes may be uninitialized.
        Space { bytes: unsafe { std::slice::from_raw_parts_mut(start.cast(), length) }, filled: 0 }
    }

    /// No room: what comes is kept elsewhere.
    pub fn none() -> Space<'a> {
        Space { bytes: &mut [], filled: 0 }
    }

    /// Lets `work` append at most so many bytes, as far as there is capacity.
    pub fn behind<T>(bytes: &mut Vec<u8>, most: usize, work: impl FnOnce(&mut Space<'_>) -> T) -> T {
        let spare = bytes.spare_capacity_mut();
        let most = most.min(spare.len());
        let mut room = Space { bytes: &mut spare[..most], filled: 0 };
        let mut result = None;
        let amount = room.within(most, |room| result = Some(work(room)));
        // SAFETY: so many bytes behind the old end have been written, within the capacity.
        unsafe { bytes.set_len(bytes.len() + amount) };
        result.expect("it has just been set")
    }

    /// How many bytes came.
    pub fn filled(&self) -> usize {
        self.filled
    }

    /// How many bytes have room still.
    pub fn left(&self) -> usize {
        self.bytes.len() - self.filled
    }

    /// Takes what fits, and says how much that is.
    pub fn push(&mut self, bytes: &[u8]) -> usize {
        let amount = bytes.len().min(self.left());
        let (free, from) = (self.bytes[self.filled..].as_mut_ptr(), bytes.as_ptr());
        // SAFETY: both are valid for so many bytes; one is borrowed mutably, so they do not overlap.
        unsafe { std::ptr::copy_nonoverlapping(from, free.cast(), amount) };
        self.filled += amount;
        amount
    }

    /// Lets `work` fill so many bytes at most, and says how many it did.
    pub fn within(&mut self, most: usize, work: impl FnOnce(&mut Space<'_>)) -> usize {
        let most = most.min(self.left());
        let bytes = &mut self.bytes[self.filled..][..most];
        let start = bytes.as_ptr();
        let mut part = Space { bytes, filled: 0 };
        work(&mut part);
        // Another room in its place would have filled other memory.
        assert!(part.bytes.as_ptr() == start && part.filled <= most);
        let amount = part.filled;
        self.filled += amount;
        amount
    }

    /// Lets `work` fill so many bytes at most through a slice, for which they are zeroed first.
    pub fn zeroed<E>(
        &mut self,
        most: usize,
        work: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<usize, E> {
        let most = most.min(self.left());
        let free = &mut self.bytes[self.filled..][..most];
        free.fill(MaybeUninit::new(0));
        let start = free.as_mut_ptr().cast();
        // SAFETY: the same memory, all of it just written.
        let amount = work(unsafe { std::slice::from_raw_parts_mut(start, most) })?;
        assert!(amount <= most);
        self.filled += amount;
        Ok(amount)
    }

    /// Shows `write` where to write; it returns how much it has written.
    ///
    /// # Safety
    /// So many bytes, from the first, have been written.
    pub(super) unsafe fn fill(&mut self, write: impl FnOnce(&mut [MaybeUninit<u8>]) -> usize) -> usize {
        let free = &mut self.bytes[self.filled..];
        let most = free.len();
        let amount = write(free);
        assert!(amount <= most);
        self.filled += amount;
        amount
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_takes_what_fits() {
        let mut bytes = [7; 4];
        let mut room = Space::of(&mut bytes);
        assert_eq!((room.push(b"ab"), room.push(b"cde"), room.push(b"f")), (2, 2, 0));
        assert_eq!((room.filled(), room.left()), (4, 0));
        assert_eq!(&bytes, b"abcd");
        let mut room = Space::of(&mut bytes);
        assert_eq!(room.within(1, |part| assert_eq!(part.push(b"xy"), 1)), 1);
        assert_eq!((room.push(b"z"), room.within(9, |part| assert_eq!(part.left(), 2))), (1, 0));
        assert_eq!(&bytes, b"xzcd");
        let mut room = Space::of(&mut bytes);
        let put = |bytes: &mut [u8]| {
            assert_eq!(bytes, [0; 3]);
            bytes[0] = b'p';
            Ok::<_, ()>(1)
        };
        assert_eq!((room.zeroed(3, put), room.zeroed(9, |_| Err(()))), (Ok(1), Err(())));
        assert_eq!((room.push(b"q"), room.filled()), (1, 2));
        assert_eq!(&bytes, b"pq\0\0");
    }

    #[test]
    fn bytes_behind_a_vector_count_when_they_are_written() {
        let mut bytes = Vec::with_capacity(6);
        bytes.extend_from_slice(b"ab");
        assert_eq!(Space::behind(&mut bytes, 3, |room| room.push(b"cdefg")), 3);
        assert_eq!(bytes, b"abcde");
        assert_eq!(Space::behind(&mut bytes, 9, |room| (room.left(), room.push(b"f"))), (1, 1));
        assert_eq!(Space::behind(&mut bytes, 9, |room| room.push(b"g")), 0);
        assert_eq!((bytes.as_slice(), bytes.capacity()), (&b"abcdef"[..], 6));
    }
}
