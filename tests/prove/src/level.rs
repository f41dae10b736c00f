//! What a process holds, and whether that stays level: descriptors, threads, memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::sync::atomic::{AtomicIsize, Ordering::Relaxed};

static HELD: AtomicIsize = AtomicIsize::new(0);

/// The system's allocator, which counts what is held of it. A program makes it its own with `#[global_allocator]`.
pub struct Counting;

fn count(change: isize) {
    HELD.fetch_add(change, Relaxed);
}

// SAFETY: all the work is the system's; the rest counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        unsafe { System.realloc(block, layout, size) }
    }
}

/// What this process holds at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Level {
    /// How much work had been done by then.
    pub done: usize,
    pub descriptors: usize,
    pub threads: usize,
    /// Bytes allocated, where the program counts them.
    pub held: isize,
    /// Bytes resident.
    pub resident: u64,
}

impl Level {
    pub fn now(done: usize) -> Level {
        Level {
            done,
            descriptors: entries("/proc/self/fd"),
            threads: entries("/proc/self/task"),
            held: HELD.load(Relaxed),
            resident: support::memory("VmRSS"),
        }
    }
}

fn entries(folder: &str) -> usize {
    fs::read_dir(folder).expect("Linux tells").count()
}

/// How much of a figure each piece of work adds: the line that fits best (least squares).
pub fn slope(levels: &[Level], figure: impl Fn(&Level) -> f64) -> f64 {
    let count = levels.len() as f64;
    let mean = |of: &dyn Fn(&Level) -> f64| levels.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(&|level| level.done as f64), mean(&|level| figure(level)));
    let along = |level: &Level| level.done as f64 - x;
    let spread: f64 = levels.iter().map(|level| along(level).powi(2)).sum();
    levels.iter().map(|level| along(level) * (figure(level) - y)).sum::<f64>() / spread
}
