//! What takes more than one request: jobs, pages, files, and the ends of a session.

pub mod account;
pub mod download;
pub mod job;
pub mod page;
mod partial;
mod ranges;
