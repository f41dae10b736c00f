//! Names to addresses by the system's resolver, with the reason why there are none.

use std::io;
use std::net::SocketAddr;

/// Why a name has no addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAddress {
    /// There is no such name, or it has no address.
    Unknown,
    /// It could not be found out for now; in the system's words.
    Passing(String),
}

/// The addresses of a host, in the order the system prefers; their port is 0. Takes as long as the system does.
#[cfg(unix)]
pub fn look_up(host: &str) -> Result<Vec<SocketAddr>, NoAddress> {
    use std::ffi::{CStr, CString};
    use std::ptr;

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

/// # Safety
/// The entry is one that getaddrinfo gave.
#[cfg(unix)]
unsafe fn address(entry: &libc::addrinfo) -> Option<SocketAddr> {
    use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};
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
#[cfg(unix)]
pub fn interface(zone: &str) -> Option<u32> {
    if let Ok(number) = zone.parse() {
        return Some(number);
    }
    let name = std::ffi::CString::new(zone).ok()?;
    // SAFETY: a C string.
    let number = unsafe { libc::if_nametoindex(name.as_ptr()) };
    (number != 0).then_some(number)
}

#[cfg(not(unix))]
pub fn look_up(host: &str) -> Result<Vec<SocketAddr>, NoAddress> {
    use std::net::ToSocketAddrs;
    const UNKNOWN: [i32; 2] = [11001, 11004];
    match (host, 0).to_socket_addrs() {
        Ok(found) => Some(found.collect::<Vec<_>>()).filter(|all| !all.is_empty()).ok_or(NoAddress::Unknown),
        Err(e) if e.raw_os_error().is_some_and(|code| UNKNOWN.contains(&code)) => Err(NoAddress::Unknown),
        Err(e) => Err(NoAddress::Passing(crate::error::in_words(&e))),
    }
}

#[cfg(not(unix))]
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
