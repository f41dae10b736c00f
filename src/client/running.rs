//! What is under way, so that a cancel reaches it: of a client, a call or a response.

use std::sync::{Arc, Weak};

use crate::sync::Lock;
use crate::transport::exchange::Exchange;

/// The exchanges that one `cancel` ends.
#[derive(Clone, Debug, Default)]
pub struct Running(Arc<Lock<State>>);

#[derive(Debug, Default)]
struct State {
    exchanges: Vec<Weak<Exchange>>,
    /// A cancel that came when nothing was under way: it ends the next one.
    ends_next: bool,
}

impl Running {
    /// Keeps an exchange within reach of `cancel` while the guard lives.
    pub fn enter(&self, exchange: &Arc<Exchange>) -> Reachable {
        let ends_at_once = {
            let mut state = self.0.lock();
            state.exchanges.push(Arc::downgrade(exchange));
            std::mem::take(&mut state.ends_next)
        };
        if ends_at_once {
            exchange.cancel();
        }
        Reachable { list: self.0.clone(), exchange: Arc::as_ptr(exchange).addr() }
    }

    /// What has been under way for longest.
    pub fn first(&self) -> Option<Arc<Exchange>> {
        self.0.lock().exchanges.iter().find_map(Weak::upgrade)
    }

    /// How much is under way.
    pub fn count(&self) -> usize {
        let mut addresses: Vec<_> = self.0.lock().exchanges.iter().map(|weak| weak.as_ptr().addr()).collect();
        // One exchange may be entered by a call and by its request.
        addresses.sort_unstable();
        addresses.dedup();
        addresses.len()
    }

    /// Ends whatever is under way.
    pub fn cancel(&self) {
        let running = self.0.lock().exchanges.clone();
        end(running);
    }

    /// Ends whatever is under way, else what begins next.
    pub fn cancel_now_or_next(&self) {
        let running = {
            let mut state = self.0.lock();
            state.ends_next = state.exchanges.is_empty();
            state.exchanges.clone()
        };
        end(running);
    }
}

/// Without the lock: what is ended may want to leave the list at once.
fn end(running: Vec<Weak<Exchange>>) {
    let running: Vec<_> = running.iter().filter_map(Weak::upgrade).collect();
    // Mark all first, then interrupt: a worker freed by the first cancel must not start the next call.
    running.iter().for_each(|exchange| exchange.forbid());
    running.iter().for_each(|exchange| exchange.cancel());
}

/// An exchange that `cancel` reaches until this is dropped.
#[derive(Debug)]
pub struct Reachable {
    list: Arc<Lock<State>>,
    /// Its address, which no other can have while it is in the list.
    exchange: usize,
}

impl Drop for Reachable {
    fn drop(&mut self) {
        let list = &mut self.list.lock().exchanges;
        if let Some(at) = list.iter().position(|weak| weak.as_ptr().addr() == self.exchange) {
            list.remove(at);
        }
    }
}
