//! What an event loop can wait for: the handle of an event that stays set until it is reset.

use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::null;

use windows_sys::Win32::System::Threading::{CreateEventW, ResetEvent, SetEvent};

use super::checked;

/// An event that is set from `raise` to `clear`.
#[derive(Debug)]
pub struct Event(OwnedHandle);

/// Makes a raised event seen, which it is here already.
#[derive(Debug)]
pub struct Bell;

impl Bell {
    pub fn ring(self) -> io::Result<()> {
        Ok(())
    }
}

impl Event {
    pub fn new() -> io::Result<Event> {
        // SAFETY: neither attributes nor a name are given.
        let handle = unsafe { CreateEventW(null(), 1, 0, null()) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the handle was just made and has no other owner.
        Ok(Event(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    /// Wakes whoever waits, now and later.
    pub fn raise(&mut self) -> io::Result<()> {
        // SAFETY: the handle is ours and open.
        checked(unsafe { SetEvent(self.0.as_raw_handle()) })
    }

    /// The same once the bell is rung; here at once.
    pub fn raise_by_bell(&mut self) -> io::Result<Bell> {
        self.raise().map(|()| Bell)
    }

    /// Lets those who come wait again.
    pub fn clear(&mut self) -> io::Result<()> {
        // SAFETY: the handle is ours and open.
        checked(unsafe { ResetEvent(self.0.as_raw_handle()) })
    }

    /// The handle to wait for.
    pub fn number(&self) -> isize {
        self.0.as_raw_handle() as isize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use windows_sys::Win32::Foundation::WAIT_OBJECT_0;
    use windows_sys::Win32::System::Threading::WaitForSingleObject;

    #[test]
    fn set_from_raise_to_clear() {
        let mut event = Event::new().unwrap();
        // SAFETY: the handle is open.
        let is_set =
            |event: &Event| unsafe { WaitForSingleObject(event.0.as_raw_handle(), 0) } == WAIT_OBJECT_0;
        assert!(event.number() > 0 && !is_set(&event));
        for _ in 0..3 {
            event.raise().unwrap();
            event.raise().unwrap();
            assert!(is_set(&event) && is_set(&event));
            event.clear().unwrap();
            assert!(!is_set(&event));
        }
    }
}
