//! What a host finds after libcrux was at work in it, and after `fork`.

mod descriptors;
mod fork;
mod process;
