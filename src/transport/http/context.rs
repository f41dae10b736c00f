//! What the connector needs to know of a request. ureq passes it only a URI, so the rest travels in a
//! thread-local.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::sync::Arc;

use bytes::Bytes;

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
    pub lent: Option<Bytes>,
    /// Longest line of the head that ureq will write.
    pub longest_line: usize,
    /// Whether it is HEAD, so that its response has no body.
    pub is_head: bool,
}

thread_local! {
    /// Without a destructor, so that it can be used while the thread ends, when those of others have run.
    static CONTEXT: Cell<Option<ManuallyDrop<RequestContext>>> = const { Cell::new(None) };
}

impl RequestContext {
    /// Runs `work` with this context in force on the thread.
    pub fn run<T>(self, work: impl FnOnce() -> T) -> T {
        struct Leave(Option<RequestContext>);
        impl Drop for Leave {
            fn drop(&mut self) {
                RequestContext::swap(self.0.take());
            }
        }
        let _leave = Leave(RequestContext::swap(Some(self)));
        work()
    }

    /// Takes the context in force: a request makes one connection.
    pub fn take() -> Option<RequestContext> {
        RequestContext::swap(None)
    }

    fn swap(new: Option<RequestContext>) -> Option<RequestContext> {
        CONTEXT.replace(new.map(ManuallyDrop::new)).map(ManuallyDrop::into_inner)
    }
}
