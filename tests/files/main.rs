//! Files that come and files that go: whole or not at all.

// What only the tests of Unix use.
#![cfg_attr(windows, allow(unused_imports))]

mod download;
mod odd_files;
mod ranges;
mod resume;
mod upload;
