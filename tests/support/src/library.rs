//! Every name of the library that tests use. Where the library moves one, only this file follows.

use std::sync::Arc;

pub use crux::VERSION;
pub use crux::call::Call;
pub use crux::client::Client;
pub use crux::clock::{Clock, FakeClock};
pub use crux::error::{CODES, Error};
pub use crux::job::Finished;
pub use crux::log::Hook;
pub use crux::options::{Kind, Options, ROWS, Row, reference_page};
pub use crux::redirect::Verdict;
pub use crux::response::Response;
pub use crux::secret::Secret;
pub use crux::session::{Credentials, Source, Token};
pub use crux::transport::exchange::Exchange;
pub use crux::transport::proxy::Proxy;
pub use crux::url::{Origin, parse_base};

/// Logs a client of the core in, as its making through the C interface does.
pub fn first_login(client: &Arc<Client>) -> Result<(), Error> {
    client.first_login(&exchange(client))
}

/// An exchange with the limits of a client.
pub fn exchange(client: &Client) -> Arc<Exchange> {
    Exchange::new(client.settings.limits)
}

/// Sends a call; its whole body comes with what it finished as.
pub fn send(client: &Arc<Client>, call: &Call, exchange: &Arc<Exchange>) -> Finished {
    crux::send::run(client, &call.job().expect("a call that can be sent"), exchange, crux::job::Want::Buffer)
}

/// The functions and constants of the header.
pub mod c_interface {
    pub use crux::ffi::call::*;
    pub use crux::ffi::facts::*;
    pub use crux::ffi::flow::*;
    pub use crux::ffi::json::*;
    pub use crux::ffi::library::*;
    pub use crux::ffi::options::*;
    pub use crux::ffi::run::*;
    pub use crux::ffi::session::*;
    pub use crux::ffi::simple::*;
    pub use crux::ffi::*;
}
