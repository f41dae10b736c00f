//! Reading a body piece by piece: a stream, one that is read ahead, or what is in memory.

use std::sync::atomic::Ordering::Relaxed;

use crate::error::{Code, Error};
use crate::response::Response;
use crate::response::ahead::{ReadAhead, Taken};
use crate::sys::fork;
use crate::sys::memory::Space;

fn inherited() -> Error {
    Error::new(
        Code::Io,
        "The stream was opened before this process was forked; the rest of it belongs to the parent.",
    )
}

impl Response {
    /// Reads a part of a stream: 0 at its honest end, `None` if a started one has nothing yet.
    pub fn read(&self, space: &mut Space<'_>) -> Result<Option<usize>, Error> {
        if let Some(error) = self.error() {
            return Err(error.clone());
        }
        if let Some(ahead) = self.ahead.get() {
            self.disown_stream();
            return self.read_ahead(ahead, space);
        }
        // A thread of the parent's may hold it, which does not let go of it here.
        let stream = match self.is_inherited() {
            true => self.stream.try_lock(),
            false => Some(self.stream.lock()),
        };
        let Some(mut stream) = stream else {
            let _ = self.late.set(inherited());
            return Err(inherited());
        };
        let Some(incoming) = stream.as_mut() else {
            return Ok(Some(self.read_buffered(space)));
        };
        // What has come already is not given out after a cancel either.
        let wanted = space.left() > 0;
        let outcome = match self.exchange.is_cancelled() {
            true => Err(Error::cancelled()),
            false => incoming.body.read_into(space),
        };
        if !matches!(outcome, Ok(amount) if amount > 0 || !wanted) {
            // At the end, or broken: either way there is nothing left to read or to cancel.
            self.streaming.store(false, Relaxed);
            *stream = None;
        }
        drop(stream);
        if let Err(error) = &outcome {
            let _ = self.late.set(error.clone());
        }
        outcome.map(Some)
    }

    /// Whether it was made in a process that has forked this one.
    pub(super) fn is_inherited(&self) -> bool {
        self.process != fork::generation()
    }

    /// Ends a stream whose bytes come from a thread of the parent's.
    pub(super) fn disown_stream(&self) {
        if self.is_inherited()
            && let Some(ahead) = self.ahead.get()
        {
            ahead.end(Err(inherited()));
        }
    }

    fn read_ahead(&self, ahead: &ReadAhead, space: &mut Space<'_>) -> Result<Option<usize>, Error> {
        let taken = ahead.take(|bytes| space.push(bytes));
        self.show_news();
        match taken {
            Taken::Bytes(amount) => Ok(Some(amount)),
            Taken::End => Ok(Some(0)),
            Taken::NothingYet => Ok(None),
            Taken::Broken(error) => {
                let _ = self.late.set(error.clone());
                Err(error)
            }
        }
    }

    fn read_buffered(&self, space: &mut Space<'_>) -> usize {
        let body = self.body();
        let from = self.given.load(Relaxed).min(body.len());
        let amount = space.push(&body[from..]);
        self.given.store(from + amount, Relaxed);
        amount
    }
}
