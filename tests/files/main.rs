//! Files that come and files that go: whole or not at all.

mod download;
mod resume;
mod upload;
