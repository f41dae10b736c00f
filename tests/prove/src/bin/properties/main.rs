//! What holds for any input: made-up calls against made-up servers, through the C interface. PROVE_SEED chooses other
//! inputs than the usual ones; an input that breaks a property is shrunk before it is shown.

mod progress;
mod repeats;
mod scope;
mod scripted;
mod sentences;
mod splits;
mod writing;

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use prove::{amount, verdict};

/// How many cases of a property there are in the short form; and how many times as many in the long one.
const SHORT: usize = 400;
const LONGER: usize = 250;

/// A property: its name, and what tries it.
type Property = (&'static str, fn(&Trial) -> Result<(), String>);

const PROPERTIES: &[Property] = &[
    ("the token stays with its origin", scope::check),
    ("nothing that may have taken effect is repeated", repeats::check),
    ("progress never falls", progress::check),
    ("an error is a sentence without a secret", sentences::check),
    ("written JSON reads back", writing::check),
    ("the same bytes in other pieces are the same response", splits::check),
];

/// How inputs are made.
pub struct Trial {
    seed: u64,
    cases: usize,
}

impl Trial {
    /// Tries a property with inputs of a strategy; `Err` shows the smallest that was found to break it.
    pub fn holds<S: Strategy>(&self, inputs: &S, property: impl Fn(S::Value)) -> Result<(), String> {
        let config = Config {
            cases: u32::try_from(self.cases).unwrap_or(u32::MAX),
            failure_persistence: None,
            max_shrink_iters: 300,
            ..Config::default()
        };
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_le_bytes());
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
        let tried = runner.run(inputs, |input| {
            property(input);
            Ok::<(), TestCaseError>(())
        });
        tried.map_err(|why| why.to_string())
    }
}

fn main() -> ExitCode {
    let seed = env::var("PROVE_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let trial = Trial { seed, cases: amount(SHORT, SHORT * LONGER) };
    // What this machine is set to must not decide where requests go.
    for (name, _) in env::vars().filter(|(name, _)| name.to_ascii_lowercase().ends_with("_proxy")) {
        // SAFETY: no other thread runs yet.
        unsafe { env::remove_var(name) };
    }
    let mut broken = 0;
    for (name, check) in PROPERTIES {
        let began = Instant::now();
        match check(&trial) {
            Ok(()) => println!("{name}: {} cases in {:.1} s", trial.cases, began.elapsed().as_secs_f64()),
            Err(why) => {
                broken += 1;
                println!("{name}: BROKEN: {why}");
            }
        }
    }
    let tried = PROPERTIES.len() * trial.cases;
    verdict(
        broken,
        &format!("{} properties, {tried} cases of seed {seed}, {broken} broken", PROPERTIES.len()),
    )
}
