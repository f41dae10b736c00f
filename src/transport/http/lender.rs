//! What ureq asks for: a connection, which has been made, addresses, which it does not need, and buffers.

use std::fmt;

use http::Uri;
use ureq::config::Config;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout};

use crate::transport::buffers::WireBuffers;
use crate::transport::http::adapter::Adapter;
use crate::transport::http::handover::Slot;

thread_local! {
    /// The connection that ureq is to use.
    pub static LENT: Slot<Adapter> = const { Slot::empty() };
}

/// Gives ureq the connection that was made for it.
#[derive(Debug)]
pub struct Lender;

impl Connector for Lender {
    type Out = Adapter;

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<Adapter>, ureq::Error> {
        Ok(LENT.with(Slot::take))
    }
}

/// Names are looked up by the dialer, and only when it makes a connection.
#[derive(Debug)]
pub struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

impl fmt::Debug for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Adapter")
    }
}

impl Buffers for WireBuffers {
    fn output(&mut self) -> &mut [u8] {
        self.outbox.free()
    }

    fn input(&self) -> &[u8] {
        if self.shown.is_empty() { self.inbox.waiting() } else { self.shown }
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.inbox.free()
    }

    fn input_appended(&mut self, amount: usize) {
        self.inbox.filled(amount);
    }

    fn input_consume(&mut self, amount: usize) {
        match self.shown.is_empty() {
            true => self.inbox.parsed(amount),
            // All of it; what came with the head may be parsed then.
            false => {
                self.shown = b"";
                self.inbox.parse_on();
            }
        }
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        // A body without a length passes through here, and no room would look like its end.
        self.inbox.make_room();
        (self.inbox.free(), self.outbox.free())
    }

    fn can_use_input(&self) -> bool {
        self.inbox.has_more_to_parse()
    }
}
