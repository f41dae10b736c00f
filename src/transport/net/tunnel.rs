//! Through a proxy to the server: CONNECT (RFC 9110) and SOCKS5 (RFC 1928, 1929).

use std::sync::atomic::Ordering::Relaxed;

use crate::error::{Code, Error, Result};
use crate::secret::SecretBytes;
use crate::status;
use crate::sys::memory::Space;
use crate::sys::socket::Socket;
use crate::transport::attempt::Attempt;
use crate::transport::limits::Until;
use crate::transport::net::proxy::Proxy;
use crate::transport::net::route::Route;
use crate::transport::net::timed::{Got, hung_up, read, write_all};

/// Most of a proxy's answer that is read.
const MOST: usize = 16 * 1024;

/// One conversation with a proxy.
struct Talk<'a> {
    socket: &'a Socket,
    attempt: &'a Attempt,
    until: &'a Until,
    route: &'a Route,
}

impl Talk<'_> {
    fn say(&self, bytes: &[u8]) -> Result<()> {
        write_all(self.socket, bytes, self.attempt, self.until, self.route)
    }

    /// Reads at most `buffer.len()` bytes: what follows belongs to the server.
    fn hear(&self, buffer: &mut [u8]) -> Result<usize> {
        match read(self.socket, &mut Space::of(buffer), self.attempt, self.until, self.route, true)? {
            Got::Bytes(amount) if amount > 0 => Ok(amount),
            _ => Err(hung_up(self.route)),
        }
    }

    fn hear_exactly<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        let mut filled = 0;
        while filled < N {
            filled += self.hear(&mut bytes[filled..])?;
        }
        Ok(bytes)
    }

    /// A refusal that a repeat would meet again; with a wrong password it might even lock an account.
    fn refused(&self, proxy: &Proxy, why: impl std::fmt::Display) -> Error {
        self.attempt.refused.store(true, Relaxed);
        refused(proxy, why)
    }
}

fn refused(proxy: &Proxy, why: impl std::fmt::Display) -> Error {
    Error::new(Code::Connect, format!("The proxy {}:{} {why}.", proxy.host, proxy.port))
}

/// The sentence for a proxy that wants to know who asks.
pub fn wants_credentials(proxy: &Proxy, offers: &[String]) -> Error {
    let schemes: Vec<&str> = offers.iter().filter_map(|offer| offer.split_whitespace().next()).collect();
    let offered = if schemes.is_empty() { "no scheme it names".to_owned() } else { schemes.join(", ") };
    let basic = schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic"));
    let advice = match (basic, proxy.has_credentials()) {
        (true, true) => "it did not accept the user name and password given",
        (true, false) => "write them into the option proxy as http://USER:PASSWORD@HOST:PORT",
        (false, _) => {
            "of these none is supported (NTLM and Negotiate need a local proxy such as cntlm in front, named in the option proxy)"
        }
    };
    refused(proxy, format_args!("wants credentials (407) by {offered}; {advice}"))
}

/// Asks an HTTP proxy for a tunnel.
pub fn connect(
    proxy: &Proxy,
    socket: &Socket,
    attempt: &Attempt,
    until: &Until,
    route: &Route,
) -> Result<()> {
    let talk = Talk { socket, attempt, until, route };
    let place = format!("{}:{}", route.origin.host, route.origin.port);
    let mut ask = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
    if let Some(basic) = proxy.basic() {
        ask += &format!("Proxy-Authorization: {}\r\n", basic.expose());
    }
    ask += "\r\n";
    talk.say(SecretBytes::new(ask.into_bytes()).expose())?;
    let mut answer = Vec::new();
    // Byte by byte, once per connection: nothing of the server's may be taken.
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() >= MOST {
            return Err(talk.refused(proxy, "answered with a head that is too long"));
        }
        answer.extend(talk.hear_exactly::<1>()?);
    }
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut headers);
    let parsed = head.parse(&answer);
    match (parsed, head.code) {
        (Ok(_), Some(200..=299)) => Ok(()),
        (Ok(_), Some(407)) => {
            let named = head.headers.iter().filter(|h| h.name.eq_ignore_ascii_case("proxy-authenticate"));
            let offers: Vec<_> = named.map(|h| String::from_utf8_lossy(h.value).into_owned()).collect();
            attempt.refused.store(true, Relaxed);
            Err(wants_credentials(proxy, &offers))
        }
        (Ok(_), Some(code)) => {
            let why = format_args!("did not let us through to {place} ({code})");
            Err(if status::is_passing(code) { refused(proxy, why) } else { talk.refused(proxy, why) })
        }
        _ => Err(talk.refused(proxy, "did not answer in HTTP")),
    }
}

/// Asks a SOCKS5 proxy for a connection; the proxy looks up the name.
pub fn socks5(proxy: &Proxy, socket: &Socket, attempt: &Attempt, until: &Until, route: &Route) -> Result<()> {
    const NO_CREDENTIALS: u8 = 0;
    const USER_PASSWORD: u8 = 2;
    let talk = Talk { socket, attempt, until, route };
    let (user, password) = (proxy.user.expose(), proxy.password.expose());
    let host = route.origin.bare_host();
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
    talk.say(greeting)?;
    match talk.hear_exactly::<2>()? {
        [5, NO_CREDENTIALS] => {}
        [5, USER_PASSWORD] if proxy.has_credentials() => {
            let mut words = vec![1, user_size];
            words.extend(user.bytes());
            words.push(password_size);
            words.extend(password.bytes());
            talk.say(SecretBytes::new(words).expose())?;
            if talk.hear_exactly::<2>()?[1] != 0 {
                return Err(talk.refused(proxy, "did not accept the user name and password given"));
            }
        }
        [5, _] => {
            return Err(talk.refused(proxy, "wants credentials of a kind that is not given or not supported"));
        }
        _ => return Err(talk.refused(proxy, "did not answer in SOCKS5")),
    }
    let mut ask = vec![5, 1, 0];
    match host.parse() {
        Ok(std::net::IpAddr::V4(ip)) => {
            ask.push(1);
            ask.extend(ip.octets());
        }
        Ok(std::net::IpAddr::V6(ip)) => {
            ask.push(4);
            ask.extend(ip.octets());
        }
        Err(_) => {
            ask.extend([3, host_size]);
            ask.extend(host.bytes());
        }
    }
    ask.extend(route.origin.port.to_be_bytes());
    talk.say(&ask)?;
    let [version, code, _, kind] = talk.hear_exactly::<4>()?;
    if version != 5 {
        return Err(talk.refused(proxy, "did not answer in SOCKS5"));
    }
    if code != 0 {
        const WHY: [&str; 9] = [
            "",
            "failed",
            "does not allow this connection",
            "cannot reach the network",
            "cannot reach the host",
            "was refused by the host",
            "waited too long",
            "does not know the command",
            "does not know this kind of address",
        ];
        let why = WHY.get(code as usize).copied().unwrap_or("failed");
        let for_good = matches!(code, 2 | 7 | 8);
        return Err(if for_good { talk.refused(proxy, why) } else { refused(proxy, why) });
    }
    // The address it bound, which says nothing to us.
    match kind {
        1 => talk.hear_exactly::<6>().map(|_| ()),
        4 => talk.hear_exactly::<18>().map(|_| ()),
        3 => {
            let [size] = talk.hear_exactly::<1>()?;
            (0..usize::from(size) + 2).try_for_each(|_| talk.hear_exactly::<1>().map(|_| ()))
        }
        _ => Err(talk.refused(proxy, "did not answer in SOCKS5")),
    }
}
