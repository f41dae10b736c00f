//! The body of a started stream: a thread of ours reads ahead, up to a bound; the host takes what is there.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::secret;
use crate::sync::{Lock, Signal};
use crate::transport::exchange::Exchange;
use crate::transport::http::response_body::ResponseBody;

/// Most that is read ahead.
const MOST: usize = 1024 * 1024;
const BLOCK: usize = 64 * 1024;
/// How often a full buffer looks whether the call was cancelled.
const SLICE: Duration = Duration::from_millis(50);

#[derive(Default)]
struct State {
    bytes: VecDeque<u8>,
    ended: Option<Result<(), Error>>,
    /// Those that wait for bytes, and the one that waits for room.
    waiting: Vec<Arc<Signal>>,
}

/// Bytes between the thread that reads them and the host that takes them.
#[derive(Default)]
pub struct ReadAhead(Lock<State>);

/// What a look at the bytes has shown.
pub enum Taken {
    Bytes(usize),
    NothingYet,
    End,
    Broken(Error),
}

impl fmt::Debug for ReadAhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadAhead")
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let (front, back) = self.bytes.as_mut_slices();
        secret::wipe(front);
        secret::wipe(back);
    }
}

impl ReadAhead {
    /// Reads a body to its end, and calls `changed` whenever there is news. What is next to the body goes with it.
    pub fn fill<T>(&self, mut body: (ResponseBody, T), exchange: &Exchange, changed: impl Fn()) {
        // Whatever becomes of this thread, whoever waits is told.
        let _ends = Ends(self, &changed);
        let mut block = vec![0; BLOCK];
        let ended = loop {
            match body.0.read(&mut block) {
                Ok(0) => break Ok(()),
                Ok(amount) => {
                    if let Err(error) = self.push(&block[..amount], exchange, &changed) {
                        break Err(error);
                    }
                }
                Err(error) => break Err(error),
            }
        };
        secret::wipe(&mut block);
        // The connection is given back before the end is told.
        drop(body);
        self.end(ended);
    }

    /// Ends it, unless it has ended.
    pub fn end(&self, ended: Result<(), Error>) {
        let mut state = self.0.lock();
        state.ended.get_or_insert(ended);
        wake(&mut state);
    }

    fn push(&self, bytes: &[u8], exchange: &Exchange, changed: &impl Fn()) -> Result<(), Error> {
        loop {
            let room = Arc::new(Signal::default());
            {
                let mut state = self.0.lock();
                if exchange.is_cancelled() {
                    return Err(Error::cancelled());
                }
                if state.bytes.len() + bytes.len() <= MOST {
                    state.bytes.extend(bytes);
                    wake(&mut state);
                    break;
                }
                state.waiting.push(room.clone());
            }
            exchange.tick(false)?;
            room.wait(SLICE);
            self.0.lock().waiting.retain(|other| !Arc::ptr_eq(other, &room));
        }
        changed();
        Ok(())
    }

    /// Takes what is there; never waits.
    pub fn take(&self, write: impl FnOnce(&[u8]) -> usize) -> Taken {
        let mut state = self.0.lock();
        if state.bytes.is_empty() {
            return match &state.ended {
                None => Taken::NothingYet,
                Some(Ok(())) => Taken::End,
                Some(Err(error)) => Taken::Broken(error.clone()),
            };
        }
        // What is there is not given out after a failure: it is not the whole.
        if let Some(Err(error)) = &state.ended {
            return Taken::Broken(error.clone());
        }
        let amount = write(state.bytes.as_slices().0);
        state.bytes.drain(..amount);
        wake(&mut state);
        Taken::Bytes(amount)
    }

    /// Whether there is anything to take: bytes, or the end.
    pub fn has_news(&self) -> bool {
        let state = self.0.lock();
        !state.bytes.is_empty() || state.ended.is_some()
    }

    /// Waits for anything to take, or until the time is over.
    pub fn wait(&self, limit: Duration) {
        let signal = Arc::new(Signal::default());
        {
            let mut state = self.0.lock();
            if !state.bytes.is_empty() || state.ended.is_some() {
                return;
            }
            state.waiting.push(signal.clone());
        }
        signal.wait(limit);
        self.0.lock().waiting.retain(|other| !Arc::ptr_eq(other, &signal));
    }
}

struct Ends<'a, F: Fn()>(&'a ReadAhead, &'a F);

impl<F: Fn()> Drop for Ends<'_, F> {
    fn drop(&mut self) {
        self.0.end(Err(Error::fault()));
        (self.1)();
    }
}

fn wake(state: &mut State) {
    state.waiting.iter().for_each(|signal| signal.raise());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::transport::limits::Limits;

    fn taken(ahead: &ReadAhead, most: usize) -> String {
        let mut bytes = Vec::new();
        let outcome = ahead.take(|there| {
            bytes.extend_from_slice(&there[..there.len().min(most)]);
            bytes.len()
        });
        match outcome {
            Taken::Bytes(_) => String::from_utf8(bytes).unwrap(),
            Taken::NothingYet => "nothing yet".to_owned(),
            Taken::End => "end".to_owned(),
            Taken::Broken(error) => error.code.row().name.to_owned(),
        }
    }

    #[test]
    fn bytes_come_in_order_and_then_the_end() {
        let (ahead, exchange) = (ReadAhead::default(), Exchange::new(Limits::default()));
        assert_eq!(taken(&ahead, 9), "nothing yet");
        ahead.push(b"abc", &exchange, &|| ()).unwrap();
        ahead.push(b"de", &exchange, &|| ()).unwrap();
        assert!(ahead.has_news());
        assert_eq!([taken(&ahead, 2), taken(&ahead, 9)].concat(), "abcde");
        ahead.end(Ok(()));
        ahead.end(Err(Error::new(Code::Io, "too late")));
        assert_eq!(taken(&ahead, 9), "end");
    }

    #[test]
    fn a_thread_that_panics_ends_it_too() {
        let (ahead, told) = (ReadAhead::default(), std::cell::Cell::new(false));
        let lost = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _ends = Ends(&ahead, &|| told.set(true));
            std::panic::resume_unwind(Box::new(()));
        }));
        assert!(lost.is_err() && told.get());
        assert_eq!(taken(&ahead, 9), "CRUX_ERR_INTERNAL");
    }

    #[test]
    fn a_full_buffer_waits_and_can_be_cancelled() {
        let (ahead, exchange) = (ReadAhead::default(), Exchange::new(Limits::default()));
        let block = vec![b'x'; MOST];
        ahead.push(&block, &exchange, &|| ()).unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| ahead.push(b"y", &exchange, &|| ()));
            exchange.cancel();
            assert_eq!(waiting.join().unwrap().unwrap_err().code, Code::Cancelled);
        });
        ahead.end(Err(Error::cancelled()));
        assert_eq!(taken(&ahead, 9), "CRUX_ERR_CANCELLED");
    }
}
