//! Through a SOCKS proxy: SOCKS5 (RFC 1928, 1929), SOCKS4 and SOCKS4a.

use std::net::{IpAddr, Ipv4Addr};

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::transport::net::proxy_handshake::{ProxyHandshake, refused};

/// Asks a SOCKS5 proxy for a connection; the proxy looks up the name.
pub fn socks5(mut shake: ProxyHandshake<'_>) -> Result<()> {
    const NO_CREDENTIALS: u8 = 0;
    const USER_PASSWORD: u8 = 2;
    let proxy = shake.proxy;
    let (user, password) = (proxy.user.expose(), proxy.password.expose());
    let host = shake.route.origin.bare_host();
    let fits = |text: &str| u8::try_from(text.len()).ok();
    let (Some(user_size), Some(password_size), Some(host_size)) = (fits(user), fits(password), fits(host))
    else {
        return Err(Error::argument("A name for the SOCKS5 proxy is longer than 255 bytes."));
    };
    let greeting: &[u8] = if proxy.has_credentials() {
        &[5, 2, NO_CREDENTIALS, USER_PASSWORD]
    } else {
        &[5, 1, NO_CREDENTIALS]
    };
    shake.send(greeting)?;
    match shake.receive_exactly::<2>()? {
        [5, NO_CREDENTIALS] => {}
        [5, USER_PASSWORD] if proxy.has_credentials() => {
            let mut words = Zeroizing::new(Vec::with_capacity(3 + user.len() + password.len()));
            words.extend([1, user_size]);
            words.extend(user.bytes());
            words.push(password_size);
            words.extend(password.bytes());
            shake.send(&words)?;
            if shake.receive_exactly::<2>()?[1] != 0 {
                return Err(shake.refused("did not accept the user name and password given"));
            }
        }
        [5, _] if proxy.has_credentials() => {
            return Err(shake.refused("wants credentials of a kind that is not supported"));
        }
        [5, _] => {
            return Err(shake.refused(
                "wants credentials; write them into the option \"proxy\" as socks5://USER:PASSWORD@HOST:PORT",
            ));
        }
        other => return Err(no_socks(&mut shake, "SOCKS5", &other)),
    }
    let mut ask = vec![5, 1, 0];
    match host.parse() {
        Ok(IpAddr::V4(ip)) => {
            ask.push(1);
            ask.extend(ip.octets());
        }
        Ok(IpAddr::V6(ip)) => {
            ask.push(4);
            ask.extend(ip.octets());
        }
        Err(_) => {
            ask.extend([3, host_size]);
            ask.extend(host.bytes());
        }
    }
    ask.extend(shake.route.origin.port.to_be_bytes());
    shake.send(&ask)?;
    let head @ [version, code, _, kind] = shake.receive_exactly::<4>()?;
    if version != 5 {
        return Err(no_socks(&mut shake, "SOCKS5", &head));
    }
    if code != 0 {
        const WHY: [&str; 9] = [
            "",
            "failed",
            "does not allow the connection",
            "cannot reach the network",
            "cannot reach the host",
            "was refused by the host",
            "waited too long",
            "does not know the command",
            "does not know this kind of address",
        ];
        let why = WHY.get(code as usize).copied().unwrap_or("failed");
        let why = format!("{why} ({}, SOCKS5 code {code})", shake.route.place());
        let for_good = matches!(code, 2 | 7 | 8);
        return Err(if for_good { shake.refused(why) } else { refused(proxy, why) });
    }
    // The address it bound, which says nothing here.
    match kind {
        1 => shake.receive_exactly::<6>().map(|_| ()),
        4 => shake.receive_exactly::<18>().map(|_| ()),
        3 => {
            let [size] = shake.receive_exactly::<1>()?;
            (0..usize::from(size) + 2).try_for_each(|_| shake.receive_exactly::<1>().map(|_| ()))
        }
        _ => Err(no_socks(&mut shake, "SOCKS5", &head)),
    }
}

/// Asks a SOCKS4 proxy for a connection to an address, or to a name that it looks up (4a).
pub fn socks4(mut shake: ProxyHandshake<'_>, address: Option<Ipv4Addr>) -> Result<()> {
    const GRANTED: u8 = 0x5a;
    let (user, host) = (shake.proxy.user.expose(), shake.route.origin.bare_host());
    if user.contains('\0') {
        return Err(Error::argument("The user name for the SOCKS4 proxy holds a NUL."));
    }
    let mut ask = Zeroizing::new(Vec::with_capacity(10 + user.len() + host.len()));
    ask.extend([4, 1]);
    ask.extend(shake.route.origin.port.to_be_bytes());
    // An address that cannot be says that a name follows.
    ask.extend(address.unwrap_or(Ipv4Addr::new(0, 0, 0, 1)).octets());
    ask.extend(user.bytes());
    ask.push(0);
    if address.is_none() {
        ask.extend(host.bytes());
        ask.push(0);
    }
    shake.send(&ask)?;
    let head @ [version, code] = shake.receive_exactly::<2>()?;
    if version != 0 || !(GRANTED..=GRANTED + 3).contains(&code) {
        return Err(no_socks(&mut shake, "SOCKS4", &head));
    }
    shake.receive_exactly::<6>()?;
    let place = shake.route.place();
    match code {
        GRANTED => Ok(()),
        0x5b => {
            Err(refused(shake.proxy, format_args!("refused or could not reach {place} (SOCKS4 code 91)")))
        }
        _ => Err(shake.refused(format_args!(
            "does not accept the user name (SOCKS4 code {code}); write it as socks4://USER@HOST:PORT"
        ))),
    }
}

fn no_socks(shake: &mut ProxyHandshake<'_>, expected: &str, begun: &[u8]) -> Error {
    let mut came = begun.to_vec();
    came.extend(shake.receive_some(crate::transport::foreign::ENOUGH));
    shake.foreign(expected, &came)
}
