//! Living through `fork`. The child has one thread, and every lock that another one held stays locked
//! in it for ever. So a fork waits, for a moment, until no thread is inside the library, where locks
//! are taken, our own and those of the crates below; a thread that waits for the network is outside.
//!
//! * Every exported function, and every task on a thread of ours, runs in `inside`.
//! * Whatever may take long, and every call of the host's code, runs in `outside`, without a lock.
//! * A look-up of a name, which takes locks of the C library's and may take long, runs in `briefly_inside`.
//! * A thread of ours that begins or ends takes locks of Rust's library before our code and after it: `Passage`.
//! * What belongs to the parent, sockets and threads above all, is told by its `generation`.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use super::os;

/// A fork does not wait for longer; then it is as it would be without us.
const PATIENCE: Duration = Duration::from_secs(2);
/// Nor for longer for a look-up: by then it waits for the network, and holds no lock of the C library's.
const GLANCE: Duration = Duration::from_millis(50);
const DOORS: usize = 32;

/// How many threads are inside through one door; several doors, so that threads seldom share one.
#[repr(align(128))]
struct Door(AtomicUsize);

static INSIDE: [Door; DOORS] = [const { Door(AtomicUsize::new(0)) }; DOORS];
/// How many threads look a name up.
static BRIEFLY: AtomicUsize = AtomicUsize::new(0);
/// How many threads of ours are beginning or ending.
static PASSING: AtomicUsize = AtomicUsize::new(0);
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
    INSIDE.iter().for_each(|door| wait_for_none(&door.0, end));
    wait_for_none(&PASSING, end);
    wait_for_none(&BRIEFLY, end.min(Instant::now() + GLANCE));
}

fn wait_for_none(count: &AtomicUsize, end: Instant) {
    let mut turns = 0;
    while count.load(SeqCst) > 0 && Instant::now() < end {
        turns += 1;
        if turns < 100 { thread::yield_now() } else { thread::sleep(Duration::from_micros(100)) }
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
    BRIEFLY.store(0, SeqCst);
    PASSING.store(0, SeqCst);
    FORKING.store(0, SeqCst);
}

/// A number that differs between a process and the children it forks.
pub fn generation() -> u64 {
    watch();
    GENERATION.load(SeqCst)
}

/// Counts the thread in, once no fork is under way.
fn enter(count: &AtomicUsize) {
    loop {
        count.fetch_add(1, SeqCst);
        if FORKING.load(SeqCst) == 0 {
            return;
        }
        count.fetch_sub(1, SeqCst);
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
            enter(door());
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

/// Runs what takes locks of the C library's that a child would find taken for ever, and may then wait for long without
/// one: a fork waits for a moment. The thread is not inside.
pub fn briefly_inside<T>(work: impl FnOnce() -> T) -> T {
    watch();
    enter(&BRIEFLY);
    let _end = Leaving(&BRIEFLY);
    work()
}

/// Counts a thread out, also after a panic.
struct Leaving(&'static AtomicUsize);

impl Drop for Leaving {
    fn drop(&mut self) {
        // None is counted in a child that a look-up itself has forked.
        let _ = self.0.fetch_update(SeqCst, SeqCst, |count| count.checked_sub(1));
    }
}

/// A thread that is about to begin; dropped by it when it runs code of ours.
pub struct Passage(#[allow(dead_code)] Leaving);

impl Passage {
    /// Before the thread is made, inside.
    pub fn begin() -> Passage {
        PASSING.fetch_add(1, SeqCst);
        Passage(Leaving(&PASSING))
    }

    /// Where no code of ours follows on this thread, and it is not inside. Over when Rust's library is done with it: it
    /// drops what is the thread's own last.
    pub fn end() {
        struct Last;
        impl Drop for Last {
            fn drop(&mut self) {
                drop(Leaving(&PASSING));
            }
        }
        thread_local! {
            static LAST: Last = const { Last };
        }
        enter(&PASSING);
        LAST.with(|_| ());
    }
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
    #[test]
    fn a_fork_waits_for_a_look_up_and_not_for_long() {
        // One that ends soon, and one that does not.
        for (takes, is_long) in [(5, false), (3000, true)] {
            let (begun, begins) = std::sync::mpsc::channel();
            let over = AtomicBool::new(false);
            thread::scope(|scope| {
                let looks = scope.spawn(|| {
                    briefly_inside(|| {
                        begun.send(()).unwrap();
                        thread::park_timeout(Duration::from_millis(takes));
                        over.store(true, SeqCst);
                    });
                });
                begins.recv().unwrap();
                let since = Instant::now();
                before();
                let (took, was_over) = (since.elapsed(), over.load(SeqCst));
                in_parent();
                looks.thread().unpark();
                assert!(was_over || took >= GLANCE, "{took:?}");
                assert!(!(is_long && was_over), "{took:?}");
            });
        }
    }
}
