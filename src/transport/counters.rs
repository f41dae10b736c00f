//! Counters of one client: requests, retries, logins, bytes, open connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/// Totals since the client was made. Each is right on its own; they are not read at one instant.
#[derive(Debug, Default)]
pub struct Counters {
    /// Attempts: retries, redirects and logins are among them.
    pub requests: AtomicI64,
    pub retries: AtomicI64,
    pub logins: AtomicI64,
    /// What went to sockets, heads included; of TLS the bytes of the records.
    pub bytes_sent: AtomicI64,
    /// What was read of bodies, before any decoding.
    pub bytes_received: AtomicI64,
    pub open_connections: AtomicI64,
}

impl Counters {
    pub fn add(counter: &AtomicI64, amount: i64) {
        counter.fetch_add(amount, Relaxed);
    }
}

/// An open connection is counted while this lives.
#[derive(Debug)]
pub struct OpenConnection(Arc<Counters>);

impl OpenConnection {
    pub fn new(counters: &Arc<Counters>) -> OpenConnection {
        Counters::add(&counters.open_connections, 1);
        OpenConnection(counters.clone())
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        Counters::add(&self.0.open_connections, -1);
    }
}
