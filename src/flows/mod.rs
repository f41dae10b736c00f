//! What takes more than one request: jobs, pages, files, and the ends of a session.

pub mod account;
pub mod await_job;
pub mod download;
pub mod page;
mod part;
pub mod upload;
