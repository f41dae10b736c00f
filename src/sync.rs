//! The one lock of the library: never poisoned.

use std::convert::Infallible;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use crate::sys::fork;

/// A mutex that outlives a panic of its holder: what it guards is valid after every step. To be taken
/// inside of what a fork waits for, and never held outside of it.
#[derive(Debug, Default)]
pub struct Lock<T>(Mutex<T>);

impl<T> Lock<T> {
    pub const fn new(value: T) -> Lock<T> {
        Lock(Mutex::new(value))
    }

    /// The same if nobody holds it.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.0.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(guard)) => Some(guard.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What threads of this process share. They do not follow into a forked child, and may hold its locks at any time: a child
/// makes its own, and leaves that of its parent alone.
#[derive(Debug)]
pub struct OfProcess<T>(Lock<Option<(u64, Arc<T>)>>);

impl<T> Default for OfProcess<T> {
    fn default() -> OfProcess<T> {
        OfProcess(Lock::new(None))
    }
}

impl<T> OfProcess<T> {
    /// What was made in this process, else made now.
    pub fn get(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let Ok(shared) = self.try_get(|| Ok::<T, Infallible>(make()));
        shared
    }

    /// The same of what may fail, and is then tried again the next time.
    pub fn try_get<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let mut made = self.0.lock();
        match &*made {
            Some((process, shared)) if *process == fork::generation() => Ok(shared.clone()),
            _ => {
                let own = Arc::new(make()?);
                // What the parent's threads work on ends with them; freeing it here would end it.
                mem::forget(made.replace((fork::generation(), own.clone())));
                Ok(own)
            }
        }
    }

    /// What was made in this process, if anything was.
    pub fn made(&self) -> Option<Arc<T>> {
        let made = self.0.lock();
        made.as_ref().filter(|(process, _)| *process == fork::generation()).map(|(_, shared)| shared.clone())
    }

    /// Takes out what was made in this process.
    pub fn take(&self) -> Option<Arc<T>> {
        let mut made = self.0.lock();
        let own = made.take_if(|(process, _)| *process == fork::generation());
        own.map(|(_, shared)| shared)
    }
}

/// A flag that threads can wait for.
#[derive(Debug)]
pub struct Signal {
    raised: AtomicBool,
    /// How many sleep. One who wakes up takes this lock outside of what a fork waits for, so a child
    /// leaves it alone; nobody can sleep there.
    sleepers: Mutex<usize>,
    changed: Condvar,
    process: u64,
}

impl Default for Signal {
    fn default() -> Signal {
        Signal {
            raised: AtomicBool::new(false),
            sleepers: Mutex::new(0),
            changed: Condvar::new(),
            process: fork::generation(),
        }
    }
}

impl Signal {
    pub fn raise(&self) {
        self.raised.store(true, Ordering::SeqCst);
        // Whoever has looked at the flag and is about to sleep holds the lock until he does. Waking
        // takes a system call, which nobody needs whom nobody waits for.
        if self.process == fork::generation() && *self.sleepers() > 0 {
            self.changed.notify_all();
        }
    }

    fn sleepers(&self) -> MutexGuard<'_, usize> {
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_raised(&self) -> bool {
        self.raised.load(Ordering::SeqCst)
    }

    /// Waits until raised or the time is over; true if raised.
    pub fn wait(&self, limit: Duration) -> bool {
        if self.is_raised() || limit.is_zero() {
            return self.is_raised();
        }
        fork::outside(|| match self.process == fork::generation() {
            true => self.sleep(limit),
            false => self.wait_in_child(limit),
        });
        self.is_raised()
    }

    fn sleep(&self, limit: Duration) {
        // Going to sleep and being woken costs more than to let others run for once.
        thread::yield_now();
        if self.is_raised() {
            return;
        }
        let mut sleepers = self.sleepers();
        *sleepers += 1;
        let woken = self.changed.wait_timeout_while(sleepers, limit, |_| !self.is_raised());
        *woken.unwrap_or_else(PoisonError::into_inner).0 -= 1;
    }

    /// Waits for a thread of this process to raise what was made in the parent.
    fn wait_in_child(&self, limit: Duration) {
        const SLICE: Duration = Duration::from_millis(20);
        let end = Instant::now().checked_add(limit);
        while !self.is_raised() {
            let left = end.map_or(SLICE, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return;
            }
            thread::sleep(left.min(SLICE));
        }
    }
}

/// A number that no two living threads share; to be had in every moment of a thread's life.
pub fn thread_mark() -> usize {
    thread_local! {
        static HERE: u8 = const { 0 };
    }
    HERE.with(|here| std::ptr::from_ref(here).addr())
}

/// How deep the thread's stack is: what is called from here on has a lower mark. A function that was entered at a mark
/// as low as another's, or lower, is gone: something has jumped over it.
#[inline(never)]
pub fn stack_mark() -> usize {
    let here = 0u8;
    std::hint::black_box(std::ptr::from_ref(&here)).addr()
}
