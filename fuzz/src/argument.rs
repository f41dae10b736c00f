//! Calls of C functions by their types alone: each parameter takes what its type wants out of the input, be it an
//! object of any kind, freed or none at all, and each object that is returned goes where others find it.

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::{null, null_mut, without_provenance_mut};
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering::Relaxed};

use crux::ffi::simple::{crux_code, crux_free, crux_message};
use crux::ffi::*;

/// Bytes of a buffer, and of data to be sent; a NUL stands behind them.
const ROOM: usize = 64;
/// How many objects are in reach of all threads.
const SLOTS: usize = 32;

/// The objects that all threads work with, and all that were ever made.
#[derive(Default)]
pub struct Objects {
    slots: [AtomicPtr<c_void>; SLOTS],
    made: Mutex<Vec<usize>>,
}

impl Objects {
    /// Puts an object where it will be found; the one that was there lives on, and may be in use.
    pub fn keep(&self, object: *mut c_void, slot: u8) {
        self.slots[usize::from(slot) % SLOTS].store(object, Relaxed);
        self.made.lock().expect("no panic goes on").push(object.addr());
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        for address in self.made.lock().expect("no panic goes on").drain(..) {
            // SAFETY: any pointer may be freed, also twice.
            unsafe { crux_free(without_provenance_mut(address)) };
        }
    }
}

/// The part of the input that one thread acts on.
pub struct Source<'a> {
    bytes: std::slice::Iter<'a, u8>,
    words: &'a [CString],
    objects: &'a Objects,
    /// Which parameter is next: the first is an object, others of its type are memory.
    place: usize,
    buffer: Box<[u8; ROOM + 1]>,
    texts: Box<[*const c_char; 4]>,
    size: Box<usize>,
    code: Box<i32>,
}

impl<'a> Source<'a> {
    pub fn new(bytes: &'a [u8], words: &'a [CString], objects: &'a Objects) -> Source<'a> {
        let mut buffer = Box::new([b'7'; ROOM + 1]);
        buffer[ROOM] = 0;
        Source {
            bytes: bytes.iter(),
            words,
            objects,
            place: 0,
            buffer,
            texts: Box::new([null(); 4]),
            size: Box::default(),
            code: Box::default(),
        }
    }

    /// Which function is next; `None` at the end.
    pub fn function(&mut self) -> Option<usize> {
        self.place = 0;
        self.bytes.next().map(|byte| usize::from(*byte))
    }

    fn byte(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or(0)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::from(self.byte()) % all.len()]
    }

    fn object(&mut self) -> *mut c_void {
        let byte = self.byte();
        let known = self.objects.slots[usize::from(byte) % SLOTS].load(Relaxed);
        match byte {
            ..=0xef => known,
            0xf0..=0xf3 => null_mut(),
            0xf4..=0xf7 => known.wrapping_byte_add(8),
            0xf8..=0xfb => without_provenance_mut(usize::from(byte)),
            _ => self.buffer.as_mut_ptr().cast(),
        }
    }
}

/// A parameter's type.
pub trait Argument {
    fn take(source: &mut Source<'_>) -> Self;
}

macro_rules! arguments {
    ($($type:ty => |$source:ident| $take:expr;)*) => {
        $(impl Argument for $type {
            fn take($source: &mut Source<'_>) -> $type { $take }
        })*
    };
}

arguments! {
    *const crux_client => |source| source.object().cast();
    *const crux_options => |source| source.object().cast();
    *mut crux_options => |source| source.object().cast();
    *mut crux_call => |source| source.object().cast();
    *const crux_response => |source| source.object().cast();
    *mut crux_response => |source| source.object().cast();
    *mut c_void => |source| match source.place {
        0 => source.object(),
        _ => source.buffer.as_mut_ptr().cast(),
    };
    *const c_void => |source| match source.place {
        0 => source.object(),
        _ => source.buffer.as_mut_ptr().cast(),
    };
    *const c_char => |source| match usize::from(source.byte()) {
        0 => null(),
        byte => source.words[byte % source.words.len()].as_ptr(),
    };
    // Each is written only, so all may be the same.
    *mut *const c_char => |source| if source.byte().is_multiple_of(8) { null_mut() } else { source.texts.as_mut_ptr() };
    *mut usize => |source| &raw mut *source.size;
    *mut i32 => |source| &raw mut *source.code;
    // Also how long to wait, in ms.
    i32 => |source| source.one_of(&[0, 0, 0, 1, 2, 3, 5, 14]);
    i64 => |source| source.one_of(&[-1, 0, 1, 5, 64, i64::MIN, i64::MAX]);
    usize => |source| usize::from(source.byte()) % (ROOM + 1);
    isize => |source| isize::from(source.byte()).rem_euclid(ROOM as isize + 2) - 1;
    f64 => |source| source.one_of(&[0.0, -0.5, 1e300, f64::NAN, f64::INFINITY]);
    crux_log_fn => |source| source.one_of(&[None, Some(log as unsafe extern "C" fn(_, _, _))]);
    crux_tick_fn => |source| source.one_of(&[None, Some(tick as unsafe extern "C" fn(_, _, _, _) -> _)]);
    crux_release_fn => |source| source.one_of(&[None, Some(release as unsafe extern "C" fn(_))]);
    crux_read_fn => |source| source.one_of(&[None, Some(read as unsafe extern "C" fn(_, _, _) -> _)]);
    crux_token_fn => |source| source.one_of(&[None, Some(fetch as unsafe extern "C" fn(_, _, _, _) -> _)]);
    crux_json_fn => |source| source.one_of(&[None, Some(visit as unsafe extern "C" fn(_, _, _, _, _, _, _) -> _)]);
}

/// Decides for hooks, which have no input of their own, in turn.
fn turn(of: u32) -> u32 {
    static TURNS: AtomicU32 = AtomicU32::new(0);
    TURNS.fetch_add(1, Relaxed) % of
}

unsafe extern "C" fn log(_: *mut c_void, _: i32, line: *const c_char) {
    // SAFETY: a text, good during the call.
    let line = unsafe { CStr::from_ptr(line) }.to_str().expect("a line is UTF-8");
    assert!(!line.contains(['\n', '\r', '\0']), "{line:?}");
}

unsafe extern "C" fn tick(_: *mut c_void, _: i32, _: i64, _: i64) -> i32 {
    i32::from(turn(50) == 0)
}

unsafe extern "C" fn release(_: *mut c_void) {}

unsafe extern "C" fn visit(
    _: *mut c_void,
    _: i32,
    _: i32,
    _: *const c_char,
    _: usize,
    _: *const c_char,
    _: usize,
) -> i32 {
    i32::from(turn(20) == 0)
}

unsafe extern "C" fn read(_: *mut c_void, buffer: *mut c_void, capacity: usize) -> isize {
    match turn(7) {
        0 => -1,
        1..4 => 0,
        _ => fill(buffer, capacity),
    }
}

unsafe extern "C" fn fetch(_: *mut c_void, _: *const c_char, buffer: *mut c_void, capacity: usize) -> isize {
    if turn(5) == 0 { 0 } else { fill(buffer, capacity) }
}

fn fill(buffer: *mut c_void, capacity: usize) -> isize {
    let amount = capacity.min(8);
    // SAFETY: so much room is there.
    unsafe { buffer.cast::<u8>().write_bytes(b't', amount) };
    amount as isize
}

/// What a function returns.
pub trait Outcome {
    fn judge(self, source: &mut Source<'_>);
}

macro_rules! ignored {
    ($($type:ty)*) => { $(impl Outcome for $type { fn judge(self, _: &mut Source<'_>) {} })* };
}

// What is borrowed may be freed by another thread before it can be looked at.
ignored! { () i32 i64 usize isize f64 *const c_char }

macro_rules! kept {
    ($($type:ty)*) => {
        $(impl Outcome for *mut $type {
            fn judge(self, source: &mut Source<'_>) {
                if self.is_null() {
                    return;
                }
                // SAFETY: any pointer may be asked about; the text is not looked at.
                let code = unsafe { crux_message(self.cast()); crux_code(self.cast()) };
                assert_ne!(code, CRUX_ERR_INTERNAL);
                let slot = source.byte();
                source.objects.keep(self.cast(), slot);
            }
        })*
    };
}

kept! { crux_client crux_options crux_call crux_response }

/// A function of the header.
pub trait Function: Send + Sync {
    fn call(&self, source: &mut Source<'_>);
}

macro_rules! functions {
    ($(($($type:ident)*))*) => {
        $(impl<R: Outcome, $($type: Argument),*> Function for unsafe extern "C" fn($($type),*) -> R {
            #[allow(non_snake_case, reason = "a parameter is named like its type")]
            fn call(&self, source: &mut Source<'_>) {
                $(let $type = $type::take(source); source.place += 1;)*
                // SAFETY: texts end, memory is as large as the numbers next to it say, and all else may be anything.
                unsafe { self($($type),*) }.judge(source);
            }
        })*
    };
}

functions! { () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }
