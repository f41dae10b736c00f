//! Files that come and files that go: whole or not at all.

mod download;
mod odd_files;
mod ranges;
mod resume;
mod upload;
