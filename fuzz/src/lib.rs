//! What the fuzz targets share: a process in which every panic is a finding, clients that need no network, sentences.

pub mod argument;
pub mod c;
pub mod peer;
pub mod service;

use std::backtrace::Backtrace;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::{env, panic, process};

use crux::Options;
use crux::client::Client;
use crux::clock::FakeClock;
use crux::error::Error;
use crux::hooks::Hooks;

/// Where the clients of targets without a network believe their service to be.
pub const BASE: &str = "https://api.test/v1/";
/// The longest URL that is sent.
pub const MOST_URL: usize = 65_534;

/// Prepares the process; each target begins with it.
pub fn prepare() {
    // What this machine is set to must not decide what a target reaches.
    for (name, _) in env::vars() {
        let lower = name.to_ascii_lowercase();
        if lower.ends_with("_proxy")
            || crux::options::environment::variables().any(|own| name.starts_with(own))
        {
            // SAFETY: no other thread runs yet.
            unsafe { env::remove_var(name) };
        }
    }
    // From its first function on the library keeps its own panics silent. Here each of them ends the process.
    crux::ffi::library::crux_version();
    panic::set_hook(Box::new(|info| {
        eprintln!("{info}\n{}", Backtrace::force_capture());
        process::abort();
    }));
}

/// A client that touches no network until it sends.
pub fn client(options: &[(&str, &str)]) -> Arc<Client> {
    let mut set = Options::new();
    for (key, value) in [("service", "custom"), ("base_url", BASE), ("proxy", "direct")].iter().chain(options)
    {
        set.set(key, Some(value)).expect("the options of a target are good");
    }
    Client::new(&set, &Hooks::default(), Arc::new(FakeClock::default())).expect("a client")
}

/// Asserts that an error is a sentence for a person.
pub fn is_sentence(error: &Error) {
    assert!(says_well(&error.message), "{error:?}");
}

/// Whether a message is a sentence: it has an end, and no control character.
pub fn says_well(message: &str) -> bool {
    message.ends_with(['.', ')', '…']) && !message.chars().any(char::is_control)
}

const CANARY: &str = "c4n4ry-in-a-secret";

/// What stands where a secret would, beside one input: none can hold its own, in whatever spelling or in pieces, though
/// the engine reads texts out of comparisons.
pub fn canary(data: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    data.hash(&mut hasher);
    format!("{CANARY}-{:016x}", hasher.finish())
}
