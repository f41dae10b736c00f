//! Every name of the library that tests use. Where the library moves one, only this file follows.

use std::sync::Arc;

pub use crux::VERSION;
pub use crux::address::{origin::Origin, parse_base};
pub use crux::call::Call;
pub use crux::client::Client;
pub use crux::clock::{Clock, FakeClock};
pub use crux::error::{CODES, Error};
pub use crux::hooks::{Hooks, LogHook, TokenHook};
pub use crux::options::Options;
pub use crux::options::profile::Profile;
pub use crux::options::table::{Kind, OptionRow as Row, ROWS, reference_page};
pub use crux::response::Response;
pub use crux::response::facts::FACTS;
pub use crux::secret::Secret;
pub use crux::send::redirect::Verdict;
pub use crux::send::request::Finished;
pub use crux::service;
pub use crux::session::{Credentials, Password, Source, Token};
pub use crux::transport::exchange::Exchange;
pub use crux::transport::net::proxy::Proxy;

/// Logs a client of the core in, as its making through the C interface does.
pub fn first_login(client: &Arc<Client>) -> Result<(), Error> {
    crux::send::authorize::first_login(client, &exchange(client))
}

/// An exchange with the limits of a client.
pub fn exchange(client: &Client) -> Arc<Exchange> {
    Exchange::new(client.settings.limits)
}

/// Sends a call; its whole body comes with what it finished as.
pub fn send(client: &Arc<Client>, call: &Call, exchange: &Arc<Exchange>) -> Finished {
    crux::send::run(
        client,
        &call.request().expect("a call that can be sent"),
        exchange,
        crux::send::request::Want::Buffer,
    )
}

/// The functions and constants of the header.
pub mod c_interface {
    pub use crux::ffi::body::*;
    pub use crux::ffi::call::*;
    pub use crux::ffi::facts::*;
    pub use crux::ffi::flow::*;
    pub use crux::ffi::json::*;
    pub use crux::ffi::library::*;
    pub use crux::ffi::options::*;
    pub use crux::ffi::send::*;
    pub use crux::ffi::session::*;
    pub use crux::ffi::simple::*;
    pub use crux::ffi::*;
}
