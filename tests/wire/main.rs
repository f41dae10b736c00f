//! One request on the wire: what is sent, what is believed, how long it may take, and who may be trusted.

// What only the tests of Unix use.
#![cfg_attr(windows, allow(dead_code, unused_imports))]

mod background;
mod bounds;
mod cancel;
// Certificates by the program openssl; limits of a process.
#[cfg(unix)]
mod causes;
mod chunks;
mod early;
mod heads;
mod in_flight;
mod injection;
mod long_bodies;
// A library of C in the place of the system's resolver.
#[cfg(unix)]
mod names;
mod oddities;
mod proxy;
mod proxy_faults;
mod queue;
mod retry;
mod source;
mod stream;
mod threads;
mod ticks;
mod tls;
mod upload;
