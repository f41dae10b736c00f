//! What is under way, so that a cancel reaches it: of a client, a call or a response.

use std::sync::{Arc, Weak};

use crate::sync::Lock;
use crate::transport::exchange::Exchange;

/// The exchanges that one `cancel` ends.
#[derive(Clone, Debug, Default)]
pub struct Running(Arc<Lock<Vec<Weak<Exchange>>>>);

impl Running {
    /// Keeps an exchange within reach of `cancel` while the guard lives.
    pub fn enter(&self, exchange: &Arc<Exchange>) -> Reachable {
        self.0.lock().push(Arc::downgrade(exchange));
        Reachable { list: self.0.clone(), exchange: Arc::as_ptr(exchange).addr() }
    }

    /// Ends whatever is under way.
    pub fn cancel(&self) {
        let running: Vec<_> = self.0.lock().iter().filter_map(Weak::upgrade).collect();
        // Mark all first, then interrupt: a worker freed by the first cancel must not start the next call.
        running.iter().for_each(|exchange| exchange.forbid());
        running.iter().for_each(|exchange| exchange.cancel());
    }
}

/// An exchange that `cancel` reaches until this is dropped.
#[derive(Debug)]
pub struct Reachable {
    list: Arc<Lock<Vec<Weak<Exchange>>>>,
    /// Its address, which no other can have while it is in the list.
    exchange: usize,
}

impl Drop for Reachable {
    fn drop(&mut self) {
        let mut list = self.list.lock();
        if let Some(at) = list.iter().position(|weak| weak.as_ptr().addr() == self.exchange) {
            list.swap_remove(at);
        }
    }
}
