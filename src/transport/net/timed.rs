//! Reads and writes of a socket that keep their limit and can be cancelled.

use std::io::{self, ErrorKind};

use crate::error::{Code, Error, Result, in_words};
use crate::sys::memory::Space;
use crate::sys::socket::{self as sys, PATIENCE, Ready, TICK};
use crate::transport::exchange::Exchange;
use crate::transport::limits::Until;
use crate::transport::net::channel::Channel;
use crate::transport::net::route::Route;

/// What one read brought.
pub enum Got {
    Bytes(usize),
    Nothing,
    Broken,
}

/// Reads once, in ticks, until something comes, the time is over or the exchange is cancelled.
pub fn read(
    channel: &mut Channel,
    room: &mut Space<'_>,
    exchange: &Exchange,
    until: &Until,
    route: &Route,
    wait: bool,
) -> Result<Got> {
    loop {
        exchange.tick(false)?;
        let left = if wait { until.left() } else { None };
        let outcome = match left {
            _ if !wait || channel.has_waiting() => channel.read(room, wait),
            Some(left) if left.is_zero() => return Err(exchange.timeout(until, route.origin.bare_host())),
            // The socket's own tick is too coarse for what is left.
            Some(left) if left < TICK => {
                match sys::poll(&[&channel.socket], Ready::Read, left.min(PATIENCE)) {
                    // Less may have come than the socket waits for.
                    Ok(_) => channel.read(room, false),
                    Err(e) => Err(e),
                }
            }
            _ => channel.read(room, true),
        };
        match outcome {
            _ if exchange.is_cancelled() => return Err(Error::cancelled()),
            Ok(amount) => return Ok(Got::Bytes(amount)),
            Err(e) if !wait && e.kind() == ErrorKind::WouldBlock => return Ok(Got::Nothing),
            Err(e) if e.kind() == ErrorKind::WouldBlock => {}
            // A signal: the host may want to look at it.
            Err(e) if e.kind() == ErrorKind::Interrupted => exchange.tick(true)?,
            Err(_) => return Ok(Got::Broken),
        }
    }
}

/// Writes all of it: for what is said before a request, where nothing can come in between.
pub fn write_all(
    channel: &mut Channel,
    mut data: &[u8],
    exchange: &Exchange,
    until: &Until,
    route: &Route,
) -> Result<()> {
    while !data.is_empty() || !channel.is_flushed() {
        match channel.write(data, true) {
            Ok(amount) => data = &data[amount..],
            _ if exchange.is_cancelled() => return Err(Error::cancelled()),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                exchange.tick(e.kind() == ErrorKind::Interrupted)?;
                if until.left().is_some_and(|left| left.is_zero()) {
                    return Err(exchange.timeout(until, route.origin.bare_host()));
                }
            }
            Err(e) => return Err(broken(&e, route)),
        }
    }
    Ok(())
}

/// A connection that broke while it was being made.
fn broken(error: &io::Error, route: &Route) -> Error {
    Error::new(
        Code::Connect,
        format!("The connection to {} broke while it was being made: {}.", route.origin, in_words(error)),
    )
}
