//! The C interface: the only unsafe code beside `sys`. Text in and out, handles, a guard
//! against panics; no decisions. `include/crux.h` is made from it, a chapter for each file.

#![allow(unsafe_code, non_camel_case_types)]

mod subject;
#[macro_use]
mod guard;
mod handle;
mod header_texts;
mod hook;
mod object;
mod sticky;
mod text;
mod types;

pub mod body;
pub mod call;
pub mod facts;
pub mod flow;
pub mod json;
pub mod library;
pub mod options;
pub mod send;
pub mod session;
pub mod simple;
#[cfg(test)]
mod tests;

pub use types::*;
