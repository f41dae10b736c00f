//! What the connector needs to know of a request. ureq passes it only a URI, so the rest travels in a
//! thread-local.

use std::cell::RefCell;
use std::sync::Arc;

use crate::transport::attempt::Attempt;
use crate::transport::http::head_lines::HeadLines;
use crate::transport::net::route::Route;

/// The request that ureq runs on this thread.
pub struct RequestContext {
    pub attempt: Arc<Attempt>,
    pub route: Arc<Route>,
    /// Lines that the connection adds to the head that ureq writes.
    pub lines: Option<HeadLines>,
    /// A body that the connection sends from where it is.
    pub lent: Option<Arc<[u8]>>,
    /// Longest line of the head that ureq will write.
    pub longest_line: usize,
}

thread_local! {
    static CONTEXT: RefCell<Option<RequestContext>> = const { RefCell::new(None) };
}

impl RequestContext {
    /// Runs `work` with this context in force on the thread.
    pub fn run<T>(self, work: impl FnOnce() -> T) -> T {
        struct Leave(Option<RequestContext>);
        impl Drop for Leave {
            fn drop(&mut self) {
                CONTEXT.set(self.0.take());
            }
        }
        let _leave = Leave(CONTEXT.replace(Some(self)));
        work()
    }

    /// Takes the context in force: a request makes one connection.
    pub fn take() -> Option<RequestContext> {
        CONTEXT.take()
    }
}
