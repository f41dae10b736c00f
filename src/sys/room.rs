//! Room for bytes to come, without the zeroes that nobody reads.

use std::mem::MaybeUninit;

/// Memory that is filled from its beginning.
pub struct Room<'a> {
    bytes: &'a mut [MaybeUninit<u8>],
    filled: usize,
}

impl<'a> Room<'a> {
    pub fn of(bytes: &'a mut [u8]) -> Room<'a> {
        let (start, length) = (bytes.as_mut_ptr().cast(), bytes.len());
        // SAFETY: the same memory for as long; what is written to it is never uninitialized.
        Room { bytes: unsafe { std::slice::from_raw_parts_mut(start, length) }, filled: 0 }
    }

    /// No room: what comes is kept elsewhere.
    pub fn none() -> Room<'a> {
        Room { bytes: &mut [], filled: 0 }
    }

    /// Lets `work` append at most so many bytes, as far as there is capacity.
    pub fn behind<T>(bytes: &mut Vec<u8>, most: usize, work: impl FnOnce(&mut Room<'_>) -> T) -> T {
        let spare = bytes.spare_capacity_mut();
        let most = most.min(spare.len());
        let mut room = Room { bytes: &mut spare[..most], filled: 0 };
        let result = work(&mut room);
        let length = room.filled;
        // SAFETY: so many bytes behind the old end have been written, within the capacity.
        unsafe { bytes.set_len(bytes.len() + length) };
        result
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
        // SAFETY: both are valid for so many bytes; one is borrowed mutably, so they do not overlap.
        self.fill(|start, _| unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), start, amount);
            amount
        })
    }

    /// Lets `work` fill so many bytes at most, and says how many it did.
    pub fn within(&mut self, most: usize, work: impl FnOnce(&mut Room<'_>)) -> usize {
        let most = most.min(self.left());
        let mut part = Room { bytes: &mut self.bytes[self.filled..][..most], filled: 0 };
        work(&mut part);
        let amount = part.filled;
        self.filled += amount;
        amount
    }

    /// Shows `write` where to write and how much at most; it tells how much it has written.
    pub(super) fn fill(&mut self, write: impl FnOnce(*mut u8, usize) -> usize) -> usize {
        let free = &mut self.bytes[self.filled..];
        let amount = write(free.as_mut_ptr().cast(), free.len());
        debug_assert!(amount <= free.len());
        self.filled += amount;
        amount
    }
}

/// Asks the system for large pages behind what is there: a long body costs as much for each byte as a short
/// one then, not three times that for fresh pages. Where it has none, nothing changes.
pub fn will_be_long(bytes: &mut Vec<u8>) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        const LARGE_PAGE: usize = 2 << 20;
        let room = bytes.spare_capacity_mut();
        let offset = room.as_ptr().align_offset(LARGE_PAGE);
        if let Some(room) = room.get_mut(offset..).filter(|room| room.len() >= LARGE_PAGE) {
            // SAFETY: whole pages within the capacity of the vector; it is advice, contents stay as they are.
            unsafe { libc::madvise(room.as_mut_ptr().cast(), room.len(), libc::MADV_HUGEPAGE) };
        }
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = bytes;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_takes_what_fits() {
        let mut bytes = [7; 4];
        let mut room = Room::of(&mut bytes);
        assert_eq!((room.push(b"ab"), room.push(b"cde"), room.push(b"f")), (2, 2, 0));
        assert_eq!((room.filled(), room.left()), (4, 0));
        assert_eq!(&bytes, b"abcd");
        let mut room = Room::of(&mut bytes);
        assert_eq!(room.within(1, |part| assert_eq!(part.push(b"xy"), 1)), 1);
        assert_eq!((room.push(b"z"), room.within(9, |part| assert_eq!(part.left(), 2))), (1, 0));
        assert_eq!(&bytes, b"xzcd");
    }

    #[test]
    fn bytes_behind_a_vector_count_when_they_are_written() {
        let mut bytes = Vec::with_capacity(6);
        bytes.extend_from_slice(b"ab");
        assert_eq!(Room::behind(&mut bytes, 3, |room| room.push(b"cdefg")), 3);
        assert_eq!(bytes, b"abcde");
        assert_eq!(Room::behind(&mut bytes, 9, |room| (room.left(), room.push(b"f"))), (1, 1));
        assert_eq!(Room::behind(&mut bytes, 9, |room| room.push(b"g")), 0);
        assert_eq!((bytes.as_slice(), bytes.capacity()), (&b"abcdef"[..], 6));
    }
}
