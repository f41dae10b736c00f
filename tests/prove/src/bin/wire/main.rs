//! Torture by wire: exchanges of every kind, and at every byte that the server sends a cut, a reset, a stall, a turned
//! bit; in plain HTTP, inside TLS, and in the records of TLS. Each ends in time with an outcome that is true, and leaves
//! a client that goes on and a process that holds nothing more.
//!
//!     PROVE=short PROVE_SEED=7 wire [EXCHANGE...]

mod bench;
mod exchanges;
mod reader;
mod site;

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use prove::fault::{Fault, Line};
use prove::level::{Counting, Level, slope};
use sandbox::fault::{Cert, Tls};

use bench::{Bench, Tally, Trial, becomes_true};
use exchanges::{EXCHANGES, Exchange};

#[global_allocator]
static COUNTING: Counting = Counting;

/// Most of them wait most of the time.
const WORKERS: usize = 32;
const BATCHES: usize = 8;
const SHORT: usize = 3000;
/// Bytes for each trial that a level may seem to rise by: what tables that grow in steps make of one.
const NOISE: f64 = 16.0;

const FAULTS: [(Line, &[Fault]); 3] = [
    (Line::Plain, &[Fault::Cut, Fault::Reset, Fault::Stall, Fault::Flip(0)]),
    (Line::Inside, &[Fault::Cut, Fault::End, Fault::Reset, Fault::Stall, Fault::Flip(0)]),
    (Line::Records, &[Fault::Cut, Fault::Reset, Fault::Stall, Fault::Flip(0)]),
];

/// The trials of one exchange with one fault on one line, over all its bytes.
struct Cell {
    exchange: &'static Exchange,
    line: Line,
    fault: Fault,
    warm: bool,
    length: usize,
}

impl Cell {
    fn trial(&self, at: usize, lot: &mut fastrand::Rng) -> Trial {
        let fault = match self.fault {
            Fault::Flip(_) => Fault::Flip(lot.u8(..8)),
            other => other,
        };
        Trial { exchange: self.exchange, line: self.line, fault, at, warm: self.warm }
    }
}

/// Measures how many bytes each exchange is long.
fn cells(tls: &Tls, wanted: &[String]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (line, faults) in FAULTS {
        let bench = Bench::new(line, tls);
        for exchange in
            EXCHANGES.iter().filter(|row| wanted.is_empty() || wanted.iter().any(|name| name == row.name))
        {
            for warm in [false, true] {
                let length = bench.length(exchange, warm);
                cells.extend(faults.iter().map(|&fault| Cell { exchange, line, fault, warm, length }));
            }
        }
    }
    cells
}

/// The trials in the order in which they run: all of them, or as many of each cell.
fn trials(cells: &[Cell], lot: &mut fastrand::Rng) -> Vec<Trial> {
    let mut trials: Vec<Trial> = match prove::is_long() {
        true => cells
            .iter()
            .flat_map(|cell| (0..cell.length).map(move |at| (cell, at)))
            .map(|(cell, at)| cell.trial(at, lot))
            .collect(),
        false => (0..SHORT)
            .map(|index| &cells[index % cells.len()])
            .map(|cell| cell.trial(lot.usize(..cell.length), lot))
            .collect(),
    };
    lot.shuffle(&mut trials);
    trials
}

/// Waits until threads that are about to end have ended; what is held then.
fn settled(done: usize, idle: &Level) -> Level {
    becomes_true(|| Level::now(done).threads <= idle.threads);
    Level::now(done)
}

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    reader::check();
    let seed = prove::seed();
    println!("PROVE_SEED={seed}");
    let tls = Tls::new(Cert::Good);
    let mut lot = fastrand::Rng::with_seed(seed);
    let cells = cells(&tls, &wanted);
    let trials = trials(&cells, &mut lot);
    prove::fill_handles();
    let benches: Vec<[Bench; 3]> =
        (0..WORKERS).map(|_| FAULTS.map(|(line, _)| Bench::new(line, &tls))).collect();
    let total = Mutex::new(Tally::default());
    let mut levels = Vec::with_capacity(BATCHES);
    // Each server has one, and the program.
    becomes_true(|| Level::now(0).threads == 1 + WORKERS * FAULTS.len());
    let idle = Level::now(0);
    let mut done = 0;
    for batch in trials.chunks(trials.len().div_ceil(BATCHES)) {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for bench in &benches {
                scope.spawn(|| {
                    let mut tally = Tally::default();
                    while let Some(trial) = batch.get(next.fetch_add(1, SeqCst)) {
                        bench[trial.line as usize].run(*trial, &mut tally);
                    }
                    total.lock().unwrap().add(tally);
                });
            }
        });
        done += batch.len();
        levels.push(settled(done, &idle));
        println!("{:?}", levels[levels.len() - 1]);
    }
    let mut tally = total.into_inner().unwrap();
    let later = &levels[levels.len() / 2..];
    let last = levels[levels.len() - 1];
    let rise = slope(later, |level| level.held as f64);
    let resident = slope(later, |level| level.resident as f64);
    tally.require(last.descriptors <= idle.descriptors, "descriptors are left", &levels);
    tally.require(last.threads <= idle.threads, "threads are left", &levels);
    tally.require(rise <= NOISE, "memory is left", &levels);
    tally.wrong.iter().take(40).for_each(|why| println!("{why}"));
    prove::verdict(
        tally.wrong.len(),
        &format!(
            "{done} faults in {} exchanges, seed {seed}: {} complete and right ({} with a turned bit that HTTP cannot \
             tell), {} refused, {} wrong; a stall ended at most {} ms late; {:+.1} bytes held and {:+.0} resident a \
             fault, {:+} descriptors, {:+} threads",
            EXCHANGES.iter().filter(|row| cells.iter().any(|cell| cell.exchange.name == row.name)).count(),
            tally.complete,
            tally.as_sent,
            tally.refused,
            tally.wrong.len(),
            tally.latest.as_millis(),
            rise,
            resident,
            last.descriptors as i64 - idle.descriptors as i64,
            last.threads as i64 - idle.threads as i64,
        ),
    )
}
