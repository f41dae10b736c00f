//! Windows, from 7 on: what has no file of its own here, keeping the library loaded and advice about memory.

use std::io;
use std::ptr::null_mut;

use windows_sys::Win32::System::LibraryLoader::{
    GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
};

mod access;
pub mod event;
pub mod file;
pub mod host;
pub mod names;
pub mod proxy;
pub mod socket;
pub mod trust;

/// Turns the 0 of a call into the thread's last error.
fn checked(done: i32) -> io::Result<()> {
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

type Handler = extern "C" fn();

/// Windows has no fork. That the library is in use shows here for the first time, so this is where it gets to stay in
/// the process: its threads, and what a thread leaves behind when it ends, may outlive a FreeLibrary.
pub fn on_fork(before: Handler, _in_parent: Handler, _in_child: Handler) {
    let mut module = null_mut();
    let flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN;
    // SAFETY: the address is one of ours, taken as such and not as a name.
    unsafe { GetModuleHandleExW(flags, (before as *const ()).cast(), &raw mut module) };
}

/// Large pages need a privilege here that users do not have.
pub fn will_be_long(_: &mut Vec<u8>) {}
