//! The rules of the house: the layers of `src/`, one source for the codes, a reader for each option.

mod codes;
mod layers;
mod readers;
