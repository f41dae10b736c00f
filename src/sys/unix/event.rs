//! What an event loop can wait for: the reading end of a pipe.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::mem;
use std::os::fd::AsRawFd;
use std::sync::Arc;

use libc::c_int;

use super::{above_standard, checked, never_wait};
use crate::sys::fork;

/// How long `clear` waits for a byte that is on its way.
const SOON: c_int = 10;

/// A descriptor that is readable from `raise` to `clear`.
#[derive(Debug)]
pub struct Event {
    reader: PipeReader,
    writer: Arc<PipeWriter>,
    raised: bool,
    /// Bytes that are in the pipe, or on their way there.
    owed: usize,
    /// Whether the host has read from it, so that nothing is to be waited for.
    is_robbed: bool,
    process: u64,
}

/// Makes a raised event readable. Whoever is woken wants the lock of the one who rings, who has let go of it by then.
#[derive(Debug)]
pub struct Bell(Option<Arc<PipeWriter>>);

impl Bell {
    pub fn ring(self) -> io::Result<()> {
        self.0.map_or(Ok(()), |writer| (&*writer).write_all(&[1]))
    }
}

impl Event {
    pub fn new() -> io::Result<Event> {
        let (reader, writer) = io::pipe()?;
        let (reader, writer) = (above_standard(reader)?, above_standard(writer)?);
        // A host that reads from it, although it should not, makes `clear` find nothing; it must not wait.
        never_wait(&reader)?;
        never_wait(&writer)?;
        Ok(Event {
            reader,
            writer: Arc::new(writer),
            raised: false,
            owed: 0,
            is_robbed: false,
            process: fork::generation(),
        })
    }

    /// Wakes whoever waits, now and later.
    pub fn raise(&mut self) -> io::Result<()> {
        self.raise_by_bell()?.ring()
    }

    /// The same once the bell is rung, which must be soon.
    pub fn raise_by_bell(&mut self) -> io::Result<Bell> {
        self.part_from_parent()?;
        let is_new = !mem::replace(&mut self.raised, true);
        self.owed += usize::from(is_new);
        Ok(Bell(is_new.then(|| self.writer.clone())))
    }

    /// Lets those who come wait again.
    pub fn clear(&mut self) -> io::Result<()> {
        self.part_from_parent()?;
        self.raised = false;
        if self.owed > 0 && !self.take_bytes()? && !self.is_robbed {
            let mut polled = libc::pollfd { fd: self.reader.as_raw_fd(), events: libc::POLLIN, revents: 0 };
            // SAFETY: the pointer is to a local, and one is what it counts.
            unsafe { libc::poll(&raw mut polled, 1, SOON) };
            self.is_robbed = !self.take_bytes()?;
        }
        Ok(())
    }

    /// Takes what is in the pipe; false if that is nothing.
    fn take_bytes(&mut self) -> io::Result<bool> {
        match self.reader.read(&mut [0; 64]) {
            Ok(amount) => self.owed = self.owed.saturating_sub(amount),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(e) => return Err(e),
        }
        Ok(true)
    }

    #[cfg(test)]
    pub fn is_raised(&self) -> bool {
        self.raised
    }

    /// The number of what to wait for.
    pub fn number(&self) -> isize {
        self.reader.as_raw_fd() as isize
    }

    /// Puts a pipe of its own in the place of the one that a forked child shares with its parent, which would
    /// be woken too. The numbers stay.
    fn part_from_parent(&mut self) -> io::Result<()> {
        if self.process == fork::generation() {
            return Ok(());
        }
        let mut own = Event::new()?;
        if self.raised {
            own.raise()?;
        }
        put_in_place(&own.reader, &self.reader)?;
        put_in_place(&*own.writer, &*self.writer)?;
        (self.process, self.owed) = (own.process, own.owed);
        Ok(())
    }
}

/// Lets the number of `old` stand for what `new` is.
fn put_in_place(new: &impl AsRawFd, old: &impl AsRawFd) -> io::Result<()> {
    // SAFETY: dup2 and fcntl take no pointers here; the number keeps its owner.
    unsafe {
        checked(libc::dup2(new.as_raw_fd(), old.as_raw_fd()))?;
        checked(libc::fcntl(old.as_raw_fd(), libc::F_SETFD, libc::FD_CLOEXEC))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_readable(event: &Event) -> bool {
        let mut polled = libc::pollfd { fd: event.number() as i32, events: libc::POLLIN, revents: 0 };
        // SAFETY: the pointer is to a local, and one is what it counts.
        unsafe { libc::poll(&raw mut polled, 1, 0) == 1 }
    }

    #[test]
    fn readable_from_raise_to_clear() {
        let mut event = Event::new().unwrap();
        assert!(event.number() > 2 && !is_readable(&event));
        for _ in 0..3 {
            event.raise().unwrap();
            event.raise().unwrap();
            assert!(is_readable(&event));
            event.clear().unwrap();
            event.clear().unwrap();
            assert!(!is_readable(&event));
        }
    }

    #[test]
    fn a_byte_that_the_host_took_is_not_waited_for() {
        let mut event = Event::new().unwrap();
        event.raise().unwrap();
        assert_eq!(event.reader.read(&mut [0; 9]).unwrap(), 1);
        event.clear().unwrap();
        event.raise().unwrap();
        assert!(is_readable(&event));
    }

    #[test]
    fn a_bell_may_ring_late() {
        let mut event = Event::new().unwrap();
        let bells = [event.raise_by_bell().unwrap(), event.raise_by_bell().unwrap()];
        assert!(!is_readable(&event));
        bells.into_iter().for_each(|bell| bell.ring().unwrap());
        assert!(is_readable(&event));
        event.clear().unwrap();
        assert!(!is_readable(&event));
        // So late that it was given up.
        let late = event.raise_by_bell().unwrap();
        event.clear().unwrap();
        event.raise().unwrap();
        late.ring().unwrap();
        event.clear().unwrap();
        assert!(!is_readable(&event));
        let last = event.raise_by_bell().unwrap();
        event.clear().unwrap();
        last.ring().unwrap();
        event.clear().unwrap();
        assert!(!is_readable(&event));
    }

    #[test]
    fn a_child_has_a_pipe_of_its_own() {
        let (mut own, shared) = (Event::new().unwrap(), Event::new().unwrap());
        let number = own.number();
        put_in_place(&shared.reader, &own.reader).unwrap();
        put_in_place(&*shared.writer, &*own.writer).unwrap();
        own.process = u64::MAX;
        own.raise().unwrap();
        assert!(is_readable(&own) && !is_readable(&shared));
        assert_eq!((own.number(), own.process), (number, fork::generation()));
    }
}
