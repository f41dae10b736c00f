//! The interface of C: its header, its symbols, its handles, its options and what it says of JSON.

// What only the tests of Unix use.
#![cfg_attr(windows, allow(unused_imports))]

mod environment;
// Compilers of C, and the sources.
#[cfg(unix)]
mod header;
mod json;
mod lifetimes;
// The same on every system: what the header and the sources say.
#[cfg(unix)]
mod metadata;
// A C program.
#[cfg(unix)]
mod misuse;
mod options;
// What readelf and nm say.
#[cfg(unix)]
mod symbols;
