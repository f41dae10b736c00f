//! Something to wait for in an event loop: a descriptor that is readable while it is raised.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsRawFd;

/// A pipe that holds one byte while it is raised.
#[derive(Debug)]
pub struct Event {
    reader: PipeReader,
    writer: PipeWriter,
    raised: bool,
}

impl Event {
    pub fn new() -> io::Result<Event> {
        let (reader, writer) = io::pipe()?;
        Ok(Event { reader, writer, raised: false })
    }

    pub fn raise(&mut self) -> io::Result<()> {
        if !self.raised {
            self.writer.write_all(&[1])?;
            self.raised = true;
        }
        Ok(())
    }

    pub fn clear(&mut self) {
        if self.raised {
            // There is exactly one byte, so this does not wait.
            let _ = self.reader.read(&mut [0]);
            self.raised = false;
        }
    }

    /// The descriptor.
    pub fn number(&self) -> isize {
        self.reader.as_raw_fd() as isize
    }
}
