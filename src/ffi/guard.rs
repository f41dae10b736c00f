//! What stands around every exported function: panics end here, and the host finds its thread as it
//! left it.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Keeps the text of our own panics off stderr. A host written in Rust shares its hook with us, so
/// what panics outside our functions is handed on to it.
fn quiet_our_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hosts = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if DEPTH.get() == 0 {
                hosts(info);
            }
        }));
    });
}

/// errno and the floating-point control of the host's thread; put back when dropped.
struct HostState {
    errno: i32,
    float: Float,
}

impl HostState {
    fn save() -> HostState {
        DEPTH.set(DEPTH.get() + 1);
        // SAFETY: the address of the thread's errno is valid for the life of the thread.
        HostState { errno: unsafe { *errno() }, float: Float::save_and_mask() }
    }
}

impl Drop for HostState {
    fn drop(&mut self) {
        self.float.restore();
        // SAFETY: as above.
        unsafe { *errno() = self.errno };
        DEPTH.set(DEPTH.get() - 1);
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
unsafe fn errno() -> *mut libc::c_int {
    // SAFETY: takes no arguments and cannot fail.
    unsafe { libc::__errno_location() }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
unsafe fn errno() -> *mut libc::c_int {
    // SAFETY: takes no arguments and cannot fail.
    unsafe { libc::__error() }
}

/// Floating-point exceptions: hosts such as Delphi unmask them, and code made by Rust may not expect
/// a division to fault.
#[cfg(target_arch = "x86_64")]
struct Float {
    sse: u32,
    x87: u16,
}

/// Every exception masked, everything else as programs usually start.
#[cfg(target_arch = "x86_64")]
const SSE_MASKED: u32 = 0x1f80;
#[cfg(target_arch = "x86_64")]
const X87_MASKED: u16 = 0x037f;

#[cfg(target_arch = "x86_64")]
impl Float {
    fn save_and_mask() -> Float {
        let mut state = Float { sse: 0, x87: 0 };
        let all_masked: (u32, u16) = (SSE_MASKED, X87_MASKED);
        // SAFETY: the instructions store to and load from locals of the right size.
        unsafe {
            std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut state.sse, options(nostack, preserves_flags));
            std::arch::asm!("fnstcw [{}]", in(reg) &raw mut state.x87, options(nostack, preserves_flags));
            if state.sse & !0x3f != all_masked.0 {
                std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const all_masked.0, options(nostack, preserves_flags));
            }
            if state.x87 != all_masked.1 {
                std::arch::asm!("fnclex", "fldcw [{}]", in(reg) &raw const all_masked.1, options(nostack, preserves_flags));
            }
        }
        state
    }

    fn restore(&self) {
        // SAFETY: the instructions load what was stored above; flags raised meanwhile are dropped, so
        // that unmasking them again cannot fault.
        unsafe {
            std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const self.sse, options(nostack, preserves_flags));
            if self.x87 != X87_MASKED {
                std::arch::asm!("fnclex", "fldcw [{}]", in(reg) &raw const self.x87, options(nostack, preserves_flags));
            }
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
struct Float;

#[cfg(not(target_arch = "x86_64"))]
impl Float {
    fn save_and_mask() -> Float {
        Float
    }

    fn restore(&self) {}
}

/// Runs a function's body, and the fallback if it panicked. If that panics as well, NULL or 0 is returned.
pub fn run<T: Default>(body: impl FnOnce() -> T, fallback: impl FnOnce() -> T) -> T {
    // Its entry and exit may change errno, so the host's state is saved around it.
    let _host = HostState::save();
    crate::sys::fork::inside(|| {
        quiet_our_panics();
        let caught = panic::catch_unwind(AssertUnwindSafe(body));
        caught.or_else(|_| panic::catch_unwind(AssertUnwindSafe(fallback))).unwrap_or_default()
    })
}

/// The sentence for a panic; its own text may quote what must not be seen.
pub fn panicked() -> crate::error::Error {
    crate::error::Error::new(
        crate::error::Code::Internal,
        "A fault inside libcrux; please report what led to it.",
    )
}

/// Wraps the body of an exported function: `guard!(what to return after a panic, { body })`.
macro_rules! guard {
    ($fallback:expr, $body:block) => {
        $crate::ffi::guard::run(|| $body, || $fallback)
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_the_fallback_and_errno_is_kept() {
        // SAFETY: the address of the thread's errno is valid.
        unsafe { *errno() = 42 };
        let value = guard!(-1, {
            // SAFETY: as above.
            unsafe { *errno() = 7 };
            if DEPTH.get() == 1 {
                panic!("secret")
            }
            0
        });
        assert_eq!(value, -1);
        // SAFETY: as above.
        assert_eq!(unsafe { *errno() }, 42);
        assert_eq!(DEPTH.get(), 0);
    }

    #[test]
    fn a_fallback_that_panics_ends_here_too() {
        assert_eq!(guard!(panic!("again"), { if DEPTH.get() == 1 { panic!("secret") } else { 7 } }), 0);
        assert!(guard!(panic!("again"), { std::ptr::null_mut::<u8>() }).is_null());
        assert_eq!(DEPTH.get(), 0);
    }
}
