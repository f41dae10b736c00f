//! What takes more than one request: jobs, pages, files, and the ends of a session.

pub mod account;
pub mod download;
pub mod job;
pub mod job_handle;
pub mod page;
mod page_shapes;
mod page_words;
pub mod partial;
mod ranges;
