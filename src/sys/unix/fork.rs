//! Word of a fork.

type Handler = extern "C" fn();

/// Calls these before a fork, and after it in both processes, for as long as the process lives.
pub fn install(before: Handler, in_parent: Handler, in_child: Handler) {
    // SAFETY: the library is linked with nodelete, so the handlers stay where they are.
    unsafe {
        libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child));
    }
}
