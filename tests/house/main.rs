//! The rules of the house: the layers of `src/`, one source for the codes, a reader for each option, a reason for each crate,
//! one version.

mod codes;
mod dependencies;
mod layers;
mod readers;
mod versions;
