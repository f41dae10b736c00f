//! Names to addresses by the system's resolver, with the reason why there are none.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use windows_sys::Win32::Networking::WinSock::{WSAHOST_NOT_FOUND, WSANO_DATA};

use crate::error::in_words;
pub use crate::sys::NoAddress;

/// The addresses of a host, in the order the system prefers; their port is 0. Takes as long as the system does.
pub fn look_up(host: &str) -> Result<Vec<SocketAddr>, NoAddress> {
    let found = (host, 0).to_socket_addrs().map_err(|why| meaning(&why))?;
    let addresses: Vec<_> = found.collect();
    if addresses.is_empty() { Err(NoAddress::Unknown) } else { Ok(addresses) }
}

fn meaning(why: &io::Error) -> NoAddress {
    match why.raw_os_error() {
        Some(WSAHOST_NOT_FOUND | WSANO_DATA) => NoAddress::Unknown,
        None if why.kind() == io::ErrorKind::InvalidInput => NoAddress::Unknown,
        _ => NoAddress::Passing(in_words(why)),
    }
}

/// The number of a network interface. Here an address names it by number only.
pub fn interface(zone: &str) -> Option<u32> {
    zone.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_computer_has_addresses() {
        let found = look_up("localhost").unwrap();
        assert!(found.iter().all(|address| address.ip().is_loopback()), "{found:?}");
        assert_eq!(look_up("a\0b"), Err(NoAddress::Unknown));
        assert_eq!((interface("7"), interface("no-such-interface")), (Some(7), None));
    }
}
