//! Names to addresses by the system's resolver, with the reason why there are none.

use std::ffi::{CStr, CString};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::ptr;

pub use crate::sys::NoAddress;

/// The addresses of a host, in the order the system prefers; their port is 0. Takes as long as the system does.
pub fn look_up(host: &str) -> Result<Vec<SocketAddr>, NoAddress> {
    let name = CString::new(host).map_err(|_| NoAddress::Unknown)?;
    // SAFETY: all-zero is a valid addrinfo: no wishes.
    let mut hints: libc::addrinfo = unsafe { std::mem::zeroed() };
    hints.ai_socktype = libc::SOCK_STREAM;
    let mut found: *mut libc::addrinfo = ptr::null_mut();
    // SAFETY: a C string, no service, and pointers to locals.
    let code = unsafe { libc::getaddrinfo(name.as_ptr(), ptr::null(), &raw const hints, &raw mut found) };
    if code != 0 {
        let system = io::Error::last_os_error();
        return Err(match code {
            // The system's resolver opens files and sockets, and knows no name if it cannot.
            _ if no_descriptor_left() => {
                NoAddress::Passing(crate::error::in_words(&io::Error::from_raw_os_error(libc::EMFILE)))
            }
            libc::EAI_NONAME => NoAddress::Unknown,
            #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
            libc::EAI_NODATA => NoAddress::Unknown,
            // The name is there, but has no address of the kind that was asked for.
            #[cfg(target_os = "linux")]
            -9 => NoAddress::Unknown,
            libc::EAI_SYSTEM => NoAddress::Passing(crate::error::in_words(&system)),
            code => {
                // SAFETY: it gives a static C string for any number.
                let words = unsafe { CStr::from_ptr(libc::gai_strerror(code)) };
                NoAddress::Passing(words.to_string_lossy().to_lowercase())
            }
        });
    }
    let mut addresses = Vec::new();
    let mut next = found;
    while !next.is_null() {
        // SAFETY: an entry of the list that the system gave, which lives until it is freed.
        let entry = unsafe { &*next };
        // SAFETY: its address is one of the family it names.
        addresses.extend(unsafe { address(entry) });
        next = entry.ai_next;
    }
    // SAFETY: freed once, and not used after.
    unsafe { libc::freeaddrinfo(found) };
    if addresses.is_empty() { Err(NoAddress::Unknown) } else { Ok(addresses) }
}

/// Whether this process, or the system, has as many files open as it may.
fn no_descriptor_left() -> bool {
    let full = |error: io::Error| matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE));
    std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).is_err_and(full)
}

/// # Safety
/// The entry is one that getaddrinfo gave.
unsafe fn address(entry: &libc::addrinfo) -> Option<SocketAddr> {
    match entry.ai_family {
        libc::AF_INET => {
            // SAFETY: that is what an address of this family is.
            let raw = unsafe { entry.ai_addr.cast::<libc::sockaddr_in>().read_unaligned() };
            let ip = Ipv4Addr::from(raw.sin_addr.s_addr.to_ne_bytes());
            Some(SocketAddrV4::new(ip, 0).into())
        }
        libc::AF_INET6 => {
            // SAFETY: that is what an address of this family is.
            let raw = unsafe { entry.ai_addr.cast::<libc::sockaddr_in6>().read_unaligned() };
            // A link-local address means another host on each interface.
            let ip = Ipv6Addr::from(raw.sin6_addr.s6_addr);
            Some(SocketAddrV6::new(ip, 0, 0, raw.sin6_scope_id).into())
        }
        _ => None,
    }
}

/// The number of a network interface, by name or number.
pub fn interface(zone: &str) -> Option<u32> {
    if let Ok(number) = zone.parse() {
        return Some(number);
    }
    let name = CString::new(zone).ok()?;
    // SAFETY: a C string.
    let number = unsafe { libc::if_nametoindex(name.as_ptr()) };
    (number != 0).then_some(number)
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
