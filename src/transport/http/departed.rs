//! A request that has gone out before anybody waits for its response, so that one thread can wait for many. ureq sends and
//! waits in one call, and is called when there is something to read.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use crate::error::{Code, Result};
use crate::sys::socket::Socket;
use crate::transport::attempt::Attempt;
use crate::transport::http::adapter::Adapter;
use crate::transport::http::chunked_body;
use crate::transport::http::framing::{Coding, Framing};
use crate::transport::limits::Phase;

/// A coded body of so many bytes is decoded in less time than anybody notices.
const QUICK: usize = 4 * 1024;

/// A request under way, and the connection that will bring its response.
pub struct Departed {
    pub(super) adapter: Adapter,
    /// Whether the body of the response is decoded.
    pub(super) decodes: bool,
    /// Whether all of it has gone out, and nothing went wrong.
    is_out: bool,
}

/// What has come of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Come {
    /// Not even its whole head.
    Nothing,
    /// A part, or nothing more will, or what takes long to decode: somebody has to wait for the rest, or for the error.
    Part,
    /// All of it, with this status.
    Whole(u16),
    /// Its time is over, or its cancel has come: whoever asks for it is told at once.
    Over,
}

impl fmt::Debug for Departed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Departed")
    }
}

impl Departed {
    /// Sends what is in the outbox, and a short body, as far as that needs no wait.
    pub(super) fn new(mut adapter: Adapter, body: &[u8], decodes: bool) -> Departed {
        adapter.connection().buffers.outbox.write(body);
        adapter.attempt.body_pending.store(false, Relaxed);
        adapter.attempt.sent.fetch_max(body.len() as i64, Relaxed);
        adapter.departed = true;
        adapter.failed = adapter.flush(false).err().map(Box::new);
        let is_out = adapter.failed.is_none() && adapter.gone.is_none();
        if is_out {
            adapter.attempt.set_phase(Phase::Head);
            adapter.head_until = Some(adapter.attempt.until(adapter.attempt.limits.head));
        }
        Departed { adapter, decodes, is_out }
    }

    pub fn attempt(&self) -> &Arc<Attempt> {
        &self.adapter.attempt
    }

    /// What shows that more of the response has come, and until when it may; `None` = it must be looked after now.
    pub fn awaited(&self) -> Option<(Arc<Socket>, Option<Instant>)> {
        let shows = self.is_out && !self.adapter.ended;
        let connection = self.adapter.lent.as_ref().filter(|lent| shows && !lent.channel.has_waiting())?;
        Some((connection.channel.socket.clone(), self.adapter.head_until.and_then(|until| until.at)))
    }

    /// Looks what has come, without waiting.
    pub fn look(&mut self) -> Come {
        match self.read() {
            Ok(Come::Nothing) if self.is_late() => Come::Over,
            Ok(come) => come,
            Err(error) => {
                let is_cancel = error.code == Code::Cancelled;
                // For whoever waits for the response.
                self.adapter.failed = Some(Box::new(error));
                if is_cancel { Come::Over } else { Come::Part }
            }
        }
    }

    fn is_late(&self) -> bool {
        self.adapter.head_until.is_some_and(|until| until.left().is_some_and(|left| left.is_zero()))
    }

    fn read(&mut self) -> Result<Come> {
        let adapter = &mut self.adapter;
        adapter.read_head(false)?;
        if !adapter.find_head()? {
            return Ok(Come::Nothing);
        }
        let framing = adapter.framing;
        let come = adapter.connection().buffers.inbox.waiting();
        let is_whole = match framing {
            Some(Framing::Empty) => true,
            Some(Framing::Length(length)) => length <= come.len() as u64,
            Some(Framing::Chunked) => chunked_body::is_whole(come),
            Some(Framing::UntilClose) | None => false,
        };
        let is_short = come.len() <= QUICK;
        let head = adapter.attempt.head.lock();
        let Some((head, _)) = head.as_ref().filter(|_| is_whole) else { return Ok(Come::Part) };
        // A thousand times as much may be made of it.
        let takes_long = self.decodes && !is_short && Coding::of(head) != Coding::None;
        Ok(if takes_long { Come::Part } else { Come::Whole(head.status) })
    }
}
