//! Crux Connect and Crunch as their users meet them: logins, results, jobs, pages, exports.

mod account;
mod crunch;
mod crux_connect;
mod custom;
mod exports;
mod jobs;
mod pages;
mod results;
