//! A login under way: who makes it, for how long, and those who wait for it.

use std::sync::Arc;
use std::time::Instant;

use super::{Result, Session, Token};
use crate::error::{Code, Error};
use crate::sync::{Lock, Signal, stack_mark, thread_mark};
use crate::sys::fork;
use crate::transport::limits::Limits;

/// A login under way, which others wait for.
#[derive(Debug)]
pub(super) struct Renewal {
    pub(super) done: Signal,
    /// `None` when it is done: the call that logged in ended before its login did.
    pub(super) result: Lock<Option<Result<Arc<Token>>>>,
    /// The thread that logs in does not exist in a forked child.
    pub(super) process: u64,
    /// What bounds the call that logs in, besides its own end.
    pub(super) limits: Limits,
    /// A hook that it runs meanwhile must not wait for it.
    pub(super) thread: usize,
    /// How deep the stack of that thread was, and when it has ended at the latest: a hook that jumps out of it, which
    /// is forbidden, leaves it behind.
    pub(super) depth: usize,
    pub(super) ends: Option<Instant>,
}

impl Renewal {
    /// Whether a thread of this process still makes it.
    pub(super) fn goes_on(&self) -> bool {
        let was_left = self.thread == thread_mark() && stack_mark() >= self.depth;
        let is_over = self.ends.is_some_and(|ends| Instant::now() > ends);
        self.process == fork::generation() && !was_left && !is_over
    }

    /// Whether this very thread makes it.
    pub(super) fn is_mine(&self) -> bool {
        self.goes_on() && self.thread == thread_mark()
    }
}

/// Makes sure that those who wait are woken, whatever happens to the one who logs in.
pub(super) struct RenewalGuard<'a> {
    pub(super) session: &'a Session,
    pub(super) renewal: &'a Arc<Renewal>,
    pub(super) settled: bool,
}

impl RenewalGuard<'_> {
    pub(super) fn with(mut self, result: Option<Result<Arc<Token>>>) {
        *self.renewal.result.lock() = result;
        self.settled = true;
    }
}

impl Drop for RenewalGuard<'_> {
    fn drop(&mut self) {
        let lost = || Err(Error::new(Code::Internal, "The login failed for a reason inside libcrux.").into());
        if !self.settled {
            *self.renewal.result.lock() = Some(lost());
        }
        let mut state = self.session.state.lock();
        if state.renewal.as_ref().is_some_and(|renewal| Arc::ptr_eq(renewal, self.renewal)) {
            state.renewal = None;
        }
        drop(state);
        self.renewal.done.raise();
    }
}
