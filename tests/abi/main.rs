//! The interface of C: its header, its symbols, its handles, its options and what it says of JSON.

mod environment;
mod header;
mod json;
mod lifetimes;
mod metadata;
mod misuse;
mod options;
mod symbols;
