//! The state of a host's thread, which finds it as it was: the last error of the system and the floating-point
//! control.

#[cfg(test)]
pub use super::os::host::all_signals_are_blocked;
pub use super::os::host::{LastError, with_signals, without_signals};

/// What is saved of the host's thread; put back when dropped.
///
/// To be made before, and dropped after, any use of a variable of the thread: on Windows a look at one of these
/// sets the last error.
pub struct HostState {
    error: LastError,
    float: Float,
}

impl HostState {
    pub fn save() -> HostState {
        HostState { error: LastError::save(), float: Float::save_and_mask() }
    }
}

impl Drop for HostState {
    fn drop(&mut self) {
        self.float.restore();
        self.error.restore();
    }
}

/// Floating-point exceptions: hosts such as Delphi unmask them, and code made by Rust may not expect
/// a division to fault. Miri has no assembler, and no such control.
#[cfg(all(any(target_arch = "x86_64", target_arch = "x86"), not(miri)))]
struct Float {
    sse: u32,
    x87: u16,
}

/// Every exception masked, everything else as programs usually start.
#[cfg(all(any(target_arch = "x86_64", target_arch = "x86"), not(miri)))]
const SSE_MASKED: u32 = 0x1f80;
#[cfg(all(any(target_arch = "x86_64", target_arch = "x86"), not(miri)))]
const X87_MASKED: u16 = 0x037f;

#[cfg(all(any(target_arch = "x86_64", target_arch = "x86"), not(miri)))]
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

#[cfg(not(all(any(target_arch = "x86_64", target_arch = "x86"), not(miri))))]
struct Float;

#[cfg(not(all(any(target_arch = "x86_64", target_arch = "x86"), not(miri))))]
impl Float {
    fn save_and_mask() -> Float {
        Float
    }

    fn restore(&self) {}
}
