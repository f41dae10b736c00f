//! Crux Connect and Crunch as their users meet them: logins, results, jobs, pages, exports.

mod account;
mod calls;
mod crunch;
mod crux_connect;
mod custom;
mod custom_jobs;
mod custom_services;
mod exports;
mod jobs;
mod last_login;
mod page_shapes;
mod pages;
mod refresh;
mod results;
