//! Living through `fork`. The child has one thread, and every lock that another one held stays locked
//! in it for ever. So a fork waits, for a moment, until no thread is inside the library, where locks
//! are taken, our own and those of the crates below; a thread that waits for the network is outside.
//!
//! * Every exported function, and every task on a thread of ours, runs in `inside`.
//! * Whatever may take long, and every call of the host's code, runs in `outside`, without a lock.
//! * What belongs to the parent, sockets and threads above all, is told by its `generation`.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use super::os;

/// A fork does not wait for longer; then it is as it would be without us.
const PATIENCE: Duration = Duration::from_secs(2);
const DOORS: usize = 32;

/// How many threads are inside through one door; several doors, so that threads seldom share one.
#[repr(align(128))]
struct Door(AtomicUsize);

static INSIDE: [Door; DOORS] = [const { Door(AtomicUsize::new(0)) }; DOORS];
static FORKING: AtomicUsize = AtomicUsize::new(0);
static GENERATION: AtomicU64 = AtomicU64::new(0);
static WATCHING: AtomicBool = AtomicBool::new(false);

thread_local! {
    static AM_INSIDE: Cell<bool> = const { Cell::new(false) };
    static DOOR: Cell<usize> = const { Cell::new(usize::MAX) };
}

fn door() -> &'static AtomicUsize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    if DOOR.get() == usize::MAX {
        DOOR.set(NEXT.fetch_add(1, SeqCst) % DOORS);
    }
    &INSIDE[DOOR.get()].0
}

/// Installs the handlers. Whoever comes second does not wait for the first: a wait is a lock as well.
fn watch() {
    if !WATCHING.load(SeqCst) && !WATCHING.swap(true, SeqCst) {
        // The handlers touch nothing but atomics and variables of the thread that need no destructor.
        os::on_fork(before, in_parent, in_child);
    }
}

extern "C" fn before() {
    FORKING.fetch_add(1, SeqCst);
    // Forked in a signal handler: there is nobody who could wait for us.
    if AM_INSIDE.get() {
        return;
    }
    let end = Instant::now() + PATIENCE;
    for door in &INSIDE {
        let mut turns = 0;
        while door.0.load(SeqCst) > 0 && Instant::now() < end {
            turns += 1;
            if turns < 100 { thread::yield_now() } else { thread::sleep(Duration::from_micros(100)) }
        }
    }
}

extern "C" fn in_parent() {
    FORKING.fetch_sub(1, SeqCst);
}

extern "C" fn in_child() {
    GENERATION.fetch_add(1, SeqCst);
    for door in &INSIDE {
        door.0.store(0, SeqCst);
    }
    if AM_INSIDE.get() {
        door().store(1, SeqCst);
    }
    FORKING.store(0, SeqCst);
}

/// A number that differs between a process and the children it forks.
pub fn generation() -> u64 {
    watch();
    GENERATION.load(SeqCst)
}

fn enter() {
    let door = door();
    loop {
        door.fetch_add(1, SeqCst);
        if FORKING.load(SeqCst) == 0 {
            return;
        }
        door.fetch_sub(1, SeqCst);
        while FORKING.load(SeqCst) > 0 {
            thread::sleep(Duration::from_micros(50));
        }
    }
}

/// Puts the thread on one side, and back where it was when dropped.
struct Side {
    was_inside: bool,
}

impl Side {
    fn change(inside: bool) -> Side {
        let was_inside = AM_INSIDE.get();
        if was_inside != inside {
            Side::cross(inside);
        }
        Side { was_inside }
    }

    fn cross(inside: bool) {
        if inside {
            enter();
            AM_INSIDE.set(true);
        } else {
            AM_INSIDE.set(false);
            door().fetch_sub(1, SeqCst);
        }
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        if AM_INSIDE.get() != self.was_inside {
            Side::cross(self.was_inside);
        }
    }
}

/// Runs what takes locks: no fork happens meanwhile.
pub fn inside<T>(work: impl FnOnce() -> T) -> T {
    watch();
    let _side = Side::change(true);
    work()
}

/// Runs what may take long, holding no lock: a fork may happen meanwhile.
pub fn outside<T>(work: impl FnOnce() -> T) -> T {
    let _side = Side::change(false);
    work()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count() -> usize {
        door().load(SeqCst)
    }

    #[test]
    fn sides_nest_and_survive_panics() {
        // A door of our own, whatever other tests do.
        thread::spawn(|| {
            DOOR.set(DOORS - 1);
            let before = count();
            inside(|| {
                inside(|| assert!(AM_INSIDE.get()));
                outside(|| {
                    assert!(!AM_INSIDE.get());
                    outside(|| inside(|| assert!(AM_INSIDE.get())));
                    assert!(!AM_INSIDE.get());
                });
                assert!(AM_INSIDE.get());
                let lost = std::panic::catch_unwind(|| outside(|| std::panic::resume_unwind(Box::new(()))));
                assert!(lost.is_err() && AM_INSIDE.get());
            });
            assert!(!AM_INSIDE.get());
            assert_eq!(count(), before);
        })
        .join()
        .unwrap();
    }
}
