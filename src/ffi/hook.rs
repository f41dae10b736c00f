//! Functions of the host: called with their context, which is released once when that is over.

use std::ffi::{CString, c_char, c_void};
use std::sync::Arc;

use crate::ffi::guard::later;
use crate::ffi::types::{crux_log_fn, crux_release_fn, crux_tick_fn, crux_token_fn};
use crate::hooks::{LogHook, TickHook, TokenHook};
use crate::secret::SecretBytes;

/// A context of the host's; released when the last that could use it is gone.
pub struct HookContext {
    context: *mut c_void,
    release: crux_release_fn,
}

// SAFETY: the header says on which threads hooks run, and that their context must bear it.
unsafe impl Send for HookContext {}
// SAFETY: as above.
unsafe impl Sync for HookContext {}

impl HookContext {
    pub fn new(context: *mut c_void, release: crux_release_fn) -> HookContext {
        HookContext { context, release }
    }

    pub fn get(&self) -> *mut c_void {
        self.context
    }
}

impl Drop for HookContext {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            let context = self.context;
            // SAFETY: the promise of the function that took the hook; this happens once.
            later(move || unsafe { release(context) });
        }
    }
}

/// The log hook of a host; `None` if it gave none.
pub fn log_hook(log: crux_log_fn, context: HookContext) -> Option<Arc<LogHook>> {
    let log = log?;
    Some(Arc::new(move |level: i32, line: &str| {
        let line = CString::new(line.replace('\0', " ")).unwrap_or_default();
        let line: *const c_char = line.as_ptr();
        // SAFETY: the promise of crux_options_log.
        unsafe { log(context.get(), level, line) };
    }))
}

/// The tick of a host; `None` if it gave none.
pub fn tick_hook(tick: crux_tick_fn, context: HookContext) -> Option<Arc<TickHook>> {
    let tick = tick?;
    Some(Arc::new(move |phase: i32, done: i64, total: i64| {
        // SAFETY: the promise of crux_options_tick and crux_call_tick.
        unsafe { tick(context.get(), phase, done, total) == 0 }
    }))
}

/// The token source of a host; `None` if it gave none.
pub fn token_hook(fetch: crux_token_fn, context: HookContext) -> Option<Arc<TokenHook>> {
    let fetch = fetch?;
    Some(Arc::new(move |refused: Option<&str>, buffer: &mut [u8]| {
        // Wiped when it is dropped: it holds a token.
        let refused = refused.map(|token| SecretBytes::new([token.as_bytes(), b"\0"].concat()));
        let refused = refused.as_ref().map_or(std::ptr::null(), |token| token.expose().as_ptr().cast());
        // SAFETY: the promise of crux_options_token; the buffer is as long as it says.
        unsafe { fetch(context.get(), refused, buffer.as_mut_ptr().cast(), buffer.len()) }
    }))
}
