//! Calls under way, jobs, pages and files through the C interface.

use std::ffi::CString;
use std::path::Path;
use std::ptr::null;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::interface::*;
use crate::library::c_interface::*;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until it is so; fails the test if it never is.
#[track_caller]
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "it never came to: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Sets a flag that others look at until it is set, also when the test fails in between.
pub struct Over<'a>(pub &'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A file's name as C gives it.
pub fn c_path(path: &Path) -> CString {
    c(path.to_str().expect("a test's path is UTF-8"))
}

impl Client {
    pub fn cancel(&self) {
        unsafe { crux_cancel(self.0.cast()) };
    }

    pub fn wait_for_job(&self, accepted: &Response, timeout_ms: i32) -> Response {
        Response(unsafe { crux_await(self.0, accepted.0, timeout_ms) })
    }

    /// The call that waits for the job of a response.
    pub fn job(&self, accepted: &Response) -> Call {
        Call(unsafe { crux_call_await(self.0, accepted.0) })
    }

    pub fn next_page(&self, page: &Response) -> Option<Response> {
        let next = unsafe { crux_next_page(self.0, page.0) };
        (!next.is_null()).then_some(Response(next))
    }

    pub fn download(&self, url: &str, file: &Path) -> Response {
        Response(unsafe { crux_download(self.0, c(url).as_ptr(), c_path(file).as_ptr()) })
    }

    pub fn upload(
        &self,
        path: Option<&str>,
        field: Option<&str>,
        file: &Path,
        kind: Option<&str>,
    ) -> Response {
        let (path, field, kind, file) = (path.map(c), field.map(c), kind.map(c), c_path(file));
        Response(unsafe {
            crux_upload(self.0, or_null(&path), or_null(&field), file.as_ptr(), or_null(&kind))
        })
    }
}

impl Call {
    pub fn cancel(&self) {
        unsafe { crux_cancel(self.0.cast()) };
    }

    pub fn stream(&self) -> Response {
        Response(unsafe { crux_call_stream(self.0) })
    }

    pub fn start(&self) -> Response {
        Response(unsafe { crux_call_start(self.0) })
    }

    pub fn file(&self, file: &Path, kind: Option<&str>) -> i32 {
        let kind = kind.map(c);
        unsafe { crux_call_file(self.0, c_path(file).as_ptr(), or_null(&kind)) }
    }

    pub fn text_part(&self, field: &str, value: &str, kind: Option<&str>) -> i32 {
        let kind = kind.map(c);
        unsafe { crux_call_part(self.0, c(field).as_ptr(), c(value).as_ptr(), null(), or_null(&kind)) }
    }

    pub fn file_part(&self, field: &str, file: &Path, kind: Option<&str>) -> i32 {
        let kind = kind.map(c);
        unsafe { crux_call_part(self.0, c(field).as_ptr(), null(), c_path(file).as_ptr(), or_null(&kind)) }
    }
}

impl Response {
    pub fn cancel(&self) {
        unsafe { crux_cancel(self.0.cast()) };
    }

    pub fn wait(&self, timeout_ms: i32) -> i32 {
        unsafe { crux_wait(self.0.cast(), timeout_ms) }
    }

    /// Waits to the end, which must come.
    #[track_caller]
    pub fn finished(self) -> Response {
        assert_eq!(self.wait(20_000), 1, "it did not finish");
        self
    }

    pub fn event(&self) -> isize {
        unsafe { crux_event(self.0.cast()) }
    }

    pub fn read(&self, buffer: &mut [u8]) -> isize {
        unsafe { crux_read(self.0, buffer.as_mut_ptr().cast(), buffer.len()) }
    }

    /// Reads to the end: the bytes, and the 0 or −1 that ended them.
    pub fn read_all(&self, piece: usize) -> (Vec<u8>, isize) {
        let (mut all, mut buffer) = (Vec::new(), vec![0; piece]);
        loop {
            match self.read(&mut buffer) {
                amount if amount > 0 => all.extend_from_slice(&buffer[..amount as usize]),
                end => return (all, end),
            }
        }
    }
}

impl Lines {
    /// Waits for a line that holds this text.
    #[track_caller]
    pub fn wait_for(&self, part: &str) {
        until(&format!("a line with {part:?}"), || self.all().iter().any(|(_, line)| line.contains(part)));
    }
}

/// Whether an event loop is told that there is something.
pub fn is_readable(event: isize) -> bool {
    becomes_readable(event, 0)
}

/// The same, within so much time.
#[cfg(unix)]
pub fn becomes_readable(descriptor: isize, timeout_ms: i32) -> bool {
    let fd = i32::try_from(descriptor).expect("a descriptor");
    let mut polled = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    let count = unsafe { libc::poll(&raw mut polled, 1, timeout_ms) };
    assert!(count >= 0 && polled.revents & !libc::POLLIN == 0, "it is a healthy descriptor");
    count == 1
}

#[cfg(windows)]
pub fn becomes_readable(handle: isize, timeout_ms: i32) -> bool {
    use windows_sys::Win32::{Foundation::WAIT_OBJECT_0, System::Threading::WaitForSingleObject};
    unsafe { WaitForSingleObject(handle as *mut _, timeout_ms as u32) == WAIT_OBJECT_0 }
}
