//! Tells a forked child from its parent without a system call.

#![allow(unsafe_code)]

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

static GENERATION: AtomicU64 = AtomicU64::new(0);
static WATCH: Once = Once::new();

extern "C" fn in_child() {
    GENERATION.fetch_add(1, Ordering::SeqCst);
}

/// A number that differs between a process and the children it forks.
pub fn generation() -> u64 {
    WATCH.call_once(|| {
        // SAFETY: the handler only adds to an atomic, which is allowed after a fork; the library is
        // linked with nodelete, so it stays where it is.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
    GENERATION.load(Ordering::Acquire)
}
