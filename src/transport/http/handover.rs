//! What passes between ureq and its caller: ureq makes connections itself, and takes and gives nothing else but bytes. So
//! a connection travels there and back in a thread-local.

use std::cell::Cell;
use std::mem::ManuallyDrop;

use crate::transport::http::response_body::Reader;

/// A place for one thing. Without a destructor, so that it can be used while the thread ends, when those of others have
/// run.
pub struct Slot<T>(Cell<Option<ManuallyDrop<T>>>);

impl<T> Slot<T> {
    pub const fn empty() -> Slot<T> {
        Slot(Cell::new(None))
    }

    /// What a panic has left there is dropped.
    pub fn put(&self, thing: T) {
        let left = self.0.replace(Some(ManuallyDrop::new(thing)));
        drop(left.map(ManuallyDrop::into_inner));
    }

    pub fn take(&self) -> Option<T> {
        self.0.take().map(ManuallyDrop::into_inner)
    }
}

thread_local! {
    /// A connection that ureq has let go of, with a body that is read without it.
    pub static RETURNED: Slot<Reader> = const { Slot::empty() };
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn what_is_left_in_a_slot_is_dropped() {
        let (slot, thing) = (Slot::empty(), Rc::new(()));
        slot.put(thing.clone());
        slot.put(thing.clone());
        assert_eq!(Rc::strong_count(&thing), 2);
        assert!(slot.take().is_some() && slot.take().is_none());
        assert_eq!(Rc::strong_count(&thing), 1);
    }
}
