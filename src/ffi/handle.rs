//! Handles: real addresses of small cells that are never given back to the system, so that a wrong,
//! freed or foreign pointer is told from a live one without touching what it points to.

use std::cell::Cell;
use std::collections::VecDeque;
use std::ffi::c_void;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::Error;
pub use crate::ffi::object::{CallObject, ClientObject, Object, OptionsObject, ResponseObject};
use crate::sync::Lock;

/// A freed cell rests for this many later frees before it is handed out again.
const REST: usize = 4096;
const FIRST_CHUNK: usize = 1024;
const MOST_CHUNKS: usize = 24;
const SHARDS: usize = 16;
const BLOCK: usize = 16;

/// One cell.
struct Slot {
    object: RwLock<Option<Object>>,
    /// The shard that it belongs to, known once it is dealt out.
    home: AtomicUsize,
}

/// Chunk `k` holds `FIRST_CHUNK << k` cells.
static CHUNKS: [AtomicPtr<Slot>; MOST_CHUNKS] = [const { AtomicPtr::new(std::ptr::null_mut()) }; MOST_CHUNKS];
static CHUNK_COUNT: AtomicUsize = AtomicUsize::new(0);
/// How many cells of the last chunk are given out to shards.
static GIVEN: Lock<usize> = Lock::new(0);

/// Cells ready for use and cells at rest; one for each of a few groups of threads.
struct Shard {
    ready: Vec<&'static Slot>,
    resting: VecDeque<&'static Slot>,
}

static FREE: [Lock<Shard>; SHARDS] =
    [const { Lock::new(Shard { ready: Vec::new(), resting: VecDeque::new() }) }; SHARDS];

fn shard_of_thread() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static MINE: Cell<usize> = const { Cell::new(usize::MAX) };
    }
    if MINE.get() == usize::MAX {
        MINE.set(NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS);
    }
    MINE.get()
}

/// A block of new cells for a shard.
fn new_cells(home: usize) -> Vec<&'static Slot> {
    let mut given = GIVEN.lock();
    let count = CHUNK_COUNT.load(Ordering::Acquire);
    let size = FIRST_CHUNK << count.saturating_sub(1);
    if count == 0 || *given == size {
        let size = FIRST_CHUNK << count;
        // Homes are dealt out in blocks, in the order in which shards come for them.
        let cells: Vec<Slot> =
            (0..size).map(|_| Slot { object: RwLock::new(None), home: AtomicUsize::new(0) }).collect();
        CHUNKS[count].store(Box::leak(cells.into_boxed_slice()).as_mut_ptr(), Ordering::Release);
        CHUNK_COUNT.store(count + 1, Ordering::Release);
        *given = 0;
    }
    let count = CHUNK_COUNT.load(Ordering::Acquire);
    let base = CHUNKS[count - 1].load(Ordering::Acquire);
    let from = *given;
    *given += BLOCK;
    drop(given);
    (from..from + BLOCK)
        .map(|index| {
            // SAFETY: the index is inside the chunk, and chunks live for ever.
            let slot = unsafe { &*base.add(index) };
            slot.home.store(home, Ordering::Relaxed);
            slot
        })
        .collect()
}

/// Makes a handle.
pub fn give<T>(object: Object) -> *mut T {
    let home = shard_of_thread();
    let slot = {
        let mut shard = FREE[home].lock();
        let rested = if shard.resting.len() > REST { shard.resting.pop_front() } else { None };
        match rested.or_else(|| shard.ready.pop()) {
            Some(slot) => slot,
            None => {
                shard.ready = new_cells(home);
                shard.ready.pop().expect("a block is never empty")
            }
        }
    };
    *slot.object.write().unwrap_or_else(PoisonError::into_inner) = Some(object);
    std::ptr::from_ref(slot).cast_mut().cast()
}

/// The cell at an address, if it is one of ours.
fn slot_at(address: *const c_void) -> Option<&'static Slot> {
    let address = address as usize;
    for (index, chunk) in CHUNKS.iter().enumerate().take(CHUNK_COUNT.load(Ordering::Acquire)) {
        let base = chunk.load(Ordering::Acquire);
        let offset = address.wrapping_sub(base as usize);
        if offset < (FIRST_CHUNK << index) * size_of::<Slot>() && offset.is_multiple_of(size_of::<Slot>()) {
            // SAFETY: the address is that of a cell of a chunk, and chunks live for ever.
            return Some(unsafe { &*base.add(offset / size_of::<Slot>()) });
        }
    }
    None
}

/// The object behind a handle.
pub fn find<T>(handle: *const T) -> Option<Object> {
    slot_at(handle.cast())?.object.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Ends a handle; false if it was none, or ended before.
pub fn end(handle: *mut c_void) -> bool {
    let Some(slot) = slot_at(handle) else { return false };
    let ended = slot.object.write().unwrap_or_else(PoisonError::into_inner).take();
    if ended.is_none() {
        return false;
    }
    FREE[slot.home.load(Ordering::Relaxed)].lock().resting.push_back(slot);
    if let Some(Object::Response(object)) = &ended {
        // Also while another thread waits on it, which then returns.
        object.response.abandon();
    }
    // Dropped outside all locks: it may close sockets.
    drop(ended);
    true
}

fn wrong(handle: *const c_void, wanted: &str) -> Error {
    Error::argument(match find(handle) {
        _ if handle.is_null() => format!("The {wanted} is NULL."),
        Some(object) => format!("A {wanted} was expected, but the handle is that of a {}.", object.kind()),
        None => format!("The {wanted} is not a handle of libcrux, or it was freed before."),
    })
}

macro_rules! finder {
    ($name:ident, $kind:ident, $object:ty, $word:literal) => {
        pub fn $name<T>(handle: *const T) -> Result<Arc<$object>, Error> {
            match find(handle) {
                Some(Object::$kind(object)) => Ok(object),
                _ => Err(wrong(handle.cast(), $word)),
            }
        }
    };
}

finder!(client, Client, ClientObject, "client");
finder!(options, Options, OptionsObject, "options");
finder!(call, Call, CallObject, "call");
finder!(response, Response, ResponseObject, "response");

#[cfg(test)]
mod tests {
    use std::ptr::{without_provenance, without_provenance_mut};

    use super::*;
    use crate::ffi::sticky::Sticky;
    use crate::ffi::text::Texts;
    use crate::sync::Lock;

    fn make() -> *mut c_void {
        give(Object::Options(Arc::new(OptionsObject {
            options: Lock::default(),
            hooks: Lock::default(),
            refused: Sticky::default(),
            texts: Texts::default(),
        })))
    }

    #[test]
    fn a_freed_cell_rests() {
        let first = make();
        assert!(options(first.cast_const()).is_ok());
        assert!(end(first));
        assert!(!end(first));
        for _ in 0..REST {
            let other = make();
            assert_ne!(other, first);
            assert!(end(other));
        }
        assert!(find(first.cast_const()).is_none());
    }

    #[test]
    fn foreign_addresses_are_refused_without_a_look_at_them() {
        let inside = make().wrapping_byte_add(8);
        for address in
            [std::ptr::null_mut(), without_provenance_mut(1), without_provenance_mut(usize::MAX), inside]
        {
            assert!(find(address.cast_const()).is_none());
            assert!(!end(address));
        }
    }

    #[test]
    fn many_live_handles_and_threads() {
        // Miri is slower by thousands of times.
        let amount = if cfg!(miri) { 60 } else { 20_000 };
        let work = move || {
            let all: Vec<usize> = (0..amount).map(|_| make().addr()).collect();
            all.iter().for_each(|handle| assert!(find(without_provenance::<c_void>(*handle)).is_some()));
            all.into_iter().for_each(|handle| assert!(end(without_provenance_mut(handle))));
        };
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(work)).collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
