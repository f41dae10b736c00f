//! Idle connections of one client, by route.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::sync::Lock;
use crate::sys::fork;
use crate::transport::net::connection::Connection;
use crate::transport::net::route::Route;

/// Firewalls forget idle connections without telling; servers close them after a while.
const OLDEST: Duration = Duration::from_secs(15);

/// Connections that may serve again.
#[derive(Debug)]
pub struct Pool {
    idle: Lock<Vec<(Instant, Box<Connection>)>>,
    most_per_route: usize,
    /// The process that the connections belong to.
    process: AtomicU64,
}

impl Pool {
    pub fn new(most_per_route: usize) -> Pool {
        Pool { idle: Lock::new(Vec::new()), most_per_route, process: AtomicU64::new(fork::generation()) }
    }

    /// The connection used last, if it still lives.
    pub fn take(&self, route: &Route) -> Option<Box<Connection>> {
        self.leave_to_parent();
        loop {
            let (since, mut connection) = {
                let mut idle = self.idle.lock();
                let at = idle.iter().rposition(|(_, c)| c.route.is_same(route))?;
                // The order stays: the first is the oldest.
                idle.remove(at)
            };
            if since.elapsed() < OLDEST && connection.is_fresh() {
                return Some(connection);
            }
        }
    }

    pub fn put(&self, connection: Box<Connection>) {
        if fork::generation() != self.process.load(Ordering::Acquire) {
            return;
        }
        let mut dropped = Vec::new();
        let mut idle = self.idle.lock();
        let now = Instant::now();
        if idle.first().is_some_and(|(since, _)| now.duration_since(*since) > OLDEST) {
            let (old, young) = idle.drain(..).partition(|(since, _)| now.duration_since(*since) > OLDEST);
            (dropped, *idle) = (old, young);
        }
        let same = idle.iter().filter(|(_, c)| c.route.is_same(&connection.route)).count();
        if same < self.most_per_route {
            idle.push((now, connection));
        }
        drop(idle);
        // Closing takes system calls; not under the lock.
        drop(dropped);
    }

    /// Drops what is idle.
    pub fn clear(&self) {
        self.leave_to_parent();
        let dropped = std::mem::take(&mut *self.idle.lock());
        drop(dropped);
    }

    /// Drops what is idle to a route whose responses cannot be told apart any more.
    pub fn forget(&self, route: &Route) {
        let mut idle = self.idle.lock();
        let (dropped, kept): (Vec<_>, _) = idle.drain(..).partition(|(_, c)| c.route.is_same(route));
        *idle = kept;
        drop(idle);
        drop(dropped);
    }

    /// After a fork the sockets serve the parent; here they are closed without a word on them.
    fn leave_to_parent(&self) {
        let now = fork::generation();
        if self.process.swap(now, Ordering::AcqRel) != now {
            let inherited = std::mem::take(&mut *self.idle.lock());
            drop(inherited);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::socket::Socket;
    use crate::transport::buffers::WireBuffers;
    use crate::transport::counters::{Counters, OpenConnection};
    use crate::transport::net::channel::Channel;
    use crate::transport::net::proxy::Proxies;
    use std::sync::Arc;
    use url::Url;

    fn connection(host: &str, port: u16) -> Box<Connection> {
        let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        let socket = Socket::start_connect(&([127, 0, 0, 1], port).into()).unwrap();
        Box::new(Connection {
            channel: Channel::new(Arc::new(socket)),
            tls: None,
            buffers: WireBuffers::default(),
            route: Route::of(&url, None, true, &Proxies::default()).unwrap(),
            counted: OpenConnection::new(&Arc::new(Counters::default())),
        })
    }

    #[test]
    fn the_oldest_is_closed_though_others_alternate() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let pool = Pool::new(2);
        for host in ["a.test", "b.test", "c.test"] {
            pool.put(connection(host, port));
        }
        let old = Instant::now().checked_sub(OLDEST + Duration::from_secs(1)).expect("a clock that runs");
        pool.idle.lock()[1].0 = old;
        let other = connection("a.test", port).route.clone();
        let taken = pool.take(&other).expect("a connection that waits");
        pool.put(taken);
        let left: Vec<_> = pool.idle.lock().iter().map(|(_, c)| c.host().to_owned()).collect();
        assert_eq!(left, ["c.test", "a.test"]);
    }
}
