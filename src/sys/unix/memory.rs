//! Advice to the system about memory.

/// Asks the system for large pages behind what is there: fresh small ones cost more than what is read into
/// them. Only where the memory is so much that it is no part of the heap, and the advice ends with it; where
/// there are no large pages, nothing changes.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn will_be_long(bytes: &mut Vec<u8>) {
    const LARGE_PAGE: usize = 2 << 20;
    const NO_HEAP: usize = 32 << 20;
    if bytes.capacity() <= NO_HEAP {
        return;
    }
    let room = bytes.spare_capacity_mut();
    let offset = room.as_ptr().align_offset(LARGE_PAGE);
    let length = room.len().saturating_sub(offset) / LARGE_PAGE * LARGE_PAGE;
    if length > 0 {
        let start = room[offset..].as_mut_ptr();
        // SAFETY: whole pages within the capacity; it is advice, contents stay as they are.
        unsafe { libc::madvise(start.cast(), length, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn will_be_long(_: &mut Vec<u8>) {}
