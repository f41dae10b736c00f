//! Proxies that take note of what they are asked. Whatever host is asked for, they go to loopback at its port: a test
//! can name a host that does not exist and see that the name was left to the proxy.

use super::hub::{Hub, Running, Socket};
use super::wire::{Wire, header};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::io::{self, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::ops::Deref;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// What a proxy does once it knows what is wanted.
#[derive(Clone, Debug)]
pub enum ProxyReply {
    Serve,
    /// The same, with these bytes as the response to CONNECT.
    ServeAfter(&'static [u8]),
    /// Never answers the CONNECT (SOCKS: the request), nor a forwarded request.
    Stall,
    /// Sends these bytes in place of its response, then FIN. SOCKS: the reply, such as `[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]`.
    Reply(Vec<u8>),
}

impl ProxyReply {
    /// A company proxy that wants Windows credentials.
    pub fn ntlm() -> ProxyReply {
        ProxyReply::Reply(
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n\
              Proxy-Authenticate: NTLM\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .to_vec(),
        )
    }
}

const WANTS_BASIC: &[u8] = b"HTTP/1.1 407 Proxy Authentication Required\r\n\
    Proxy-Authenticate: Basic realm=\"test proxy\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const BAD_GATEWAY: &[u8] = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// What a proxy wants and does.
#[derive(Clone)]
struct Rules {
    /// `user:password`, if it asks.
    user: Option<&'static str>,
    reply: ProxyReply,
}

pub struct ProxyServer(Running);

impl Deref for ProxyServer {
    type Target = Running;
    fn deref(&self) -> &Running {
        &self.0
    }
}

impl ProxyServer {
    /// An HTTP proxy: CONNECT, and absolute-form requests. `user` is `user:password`, if it is to ask for them.
    pub fn http(user: Option<&'static str>, reply: ProxyReply) -> ProxyServer {
        let rules = Rules { user, reply };
        ProxyServer(Running::start("http", move |hub, index, socket| {
            let _ = serve_http(hub, Wire::plain(hub, index, socket), &rules);
        }))
    }

    /// A SOCKS5 proxy; with `user` it insists on the user/password method.
    pub fn socks5(user: Option<&'static str>, reply: ProxyReply) -> ProxyServer {
        let rules = Rules { user, reply };
        ProxyServer(Running::start("socks5", move |hub, index, socket| {
            let _ = serve_socks(hub, Wire::plain(hub, index, socket), &rules);
        }))
    }

    /// A SOCKS4 proxy, which takes names (4a) too; with `user` it insists on that user.
    pub fn socks4(user: Option<&'static str>, reply: ProxyReply) -> ProxyServer {
        let rules = Rules { user, reply };
        ProxyServer(Running::start("socks4a", move |hub, index, socket| {
            let _ = serve_socks4(hub, Wire::plain(hub, index, socket), &rules);
        }))
    }

    /// The URL with `user:password` in it, percent-encoded by the caller where that is needed.
    pub fn url_with(&self, user: &str) -> String {
        self.url().replacen("://", &format!("://{user}@"), 1)
    }

    pub fn targets(&self) -> Vec<String> {
        self.record().targets()
    }
    pub fn credentials(&self) -> Vec<String> {
        self.record().credentials()
    }
}

/// Connects to the port that `host:port` names, on loopback.
fn reach(hub: &Arc<Hub>, target: &str) -> io::Result<Socket> {
    let port = target.rsplit(':').next().and_then(|port| port.parse().ok());
    let port: u16 = port.ok_or(io::ErrorKind::InvalidInput)?;
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    hub.adopt(TcpStream::connect_timeout(&address, Duration::from_secs(2))?)
}

/// Carries the server's bytes to the client until they end, and the end with them.
fn carry_back(mut server: Socket, mut client: Socket) {
    let how = match io::copy(&mut server, &mut client) {
        Ok(_) => Shutdown::Write,
        Err(_) => Shutdown::Both,
    };
    let _ = client.shutdown(how);
}

fn tunnel(mut client: Wire, mut server: Socket) -> io::Result<()> {
    thread::scope(|scope| {
        let (from, to) = (server.clone(), client.socket().clone());
        scope.spawn(move || carry_back(from, to));
        while let Ok(piece) = client.piece() {
            if server.write_all(&piece).is_err() {
                break;
            }
        }
        server.shutdown(Shutdown::Write)
    })
}

fn serve_http(hub: &Arc<Hub>, mut client: Wire, rules: &Rules) -> io::Result<()> {
    let head = client.head()?;
    let given = header(&head, "proxy-authorization").map(|value| decoded(&value));
    let Some(wanted) = Wanted::parse(&head) else {
        return refuse(client, BAD_GATEWAY);
    };
    client.note(|conn| {
        conn.targets.push(wanted.target.clone());
        conn.credentials.extend(given.clone());
    });
    if rules.user.is_some() && given.as_deref() != rules.user {
        return refuse(client, WANTS_BASIC);
    }
    let mut established: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";
    match &rules.reply {
        ProxyReply::Serve => {}
        ProxyReply::ServeAfter(bytes) => established = bytes,
        ProxyReply::Stall => return client.drain(),
        ProxyReply::Reply(bytes) => return refuse(client, bytes),
    }
    let Ok(server) = reach(hub, &wanted.target) else {
        return refuse(client, BAD_GATEWAY);
    };
    if wanted.connect {
        client.send(established)?;
        return tunnel(client, server);
    }
    thread::scope(|scope| {
        let (from, to) = (server.clone(), client.socket().clone());
        scope.spawn(move || carry_back(from, to));
        let _ = forward(&mut client, &mut server.clone(), head, wanted);
        server.shutdown(Shutdown::Write)
    })
}

/// Hands on request after request. All must be for one server: replies of several would have to be put in order.
fn forward(client: &mut Wire, server: &mut Socket, mut head: String, mut wanted: Wanted) -> io::Result<()> {
    loop {
        server.write_all(wanted.origin_form(&head).as_bytes())?;
        client.body(&head, |piece| server.write_all(piece))?;
        head = client.head()?;
        let next = Wanted::parse(&head).filter(|next| next.target == wanted.target);
        wanted = next.ok_or(io::ErrorKind::InvalidInput)?;
        let given = header(&head, "proxy-authorization").map(|value| decoded(&value));
        client.note(|conn| {
            conn.targets.push(wanted.target.clone());
            conn.credentials.extend(given);
        });
    }
}

fn refuse(mut client: Wire, reply: &[u8]) -> io::Result<()> {
    client.send(reply)?;
    client.finish();
    Ok(())
}

/// What a request to a proxy asks for.
struct Wanted {
    connect: bool,
    /// `host:port`.
    target: String,
    url: String,
    path: String,
}

impl Wanted {
    fn parse(head: &str) -> Option<Wanted> {
        let mut words = head.split(' ');
        let connect = words.next()? == "CONNECT";
        let url = words.next()?.to_owned();
        let rest = match connect {
            true => &url,
            false => url.strip_prefix("http://")?,
        };
        let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let has_port = host.rsplit(']').next()?.contains(':');
        let port = if has_port { "" } else { ":80" };
        let slash = if path.starts_with('/') { "" } else { "/" };
        Some(Wanted { connect, target: format!("{host}{port}"), path: format!("{slash}{path}"), url })
    }

    /// The head as the server is to see it: its path alone, and nothing that was meant for the proxy.
    fn origin_form(&self, head: &str) -> String {
        let kept = |line: &&str| !line.to_ascii_lowercase().starts_with("proxy-");
        let lines: Vec<&str> = head.split("\r\n").filter(kept).collect();
        lines.join("\r\n").replacen(&self.url, &self.path, 1)
    }
}

fn decoded(value: &str) -> String {
    value
        .strip_prefix("Basic ")
        .and_then(|coded| BASE64_STANDARD.decode(coded).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| value.to_owned())
}

const NO_AUTH: u8 = 0;
const USER_PASSWORD: u8 = 2;

/// RFC 1928 and RFC 1929.
fn serve_socks(hub: &Arc<Hub>, mut client: Wire, rules: &Rules) -> io::Result<()> {
    let greeting = take(&mut client, 2)?;
    let methods = take(&mut client, greeting[1].into())?;
    let wanted = if rules.user.is_some() { USER_PASSWORD } else { NO_AUTH };
    if greeting[0] != 5 || !methods.contains(&wanted) {
        return refuse(client, &[5, 0xff]);
    }
    client.send(&[5, wanted])?;
    if wanted == USER_PASSWORD {
        take(&mut client, 1)?;
        let user = take_text(&mut client)?;
        let password = take_text(&mut client)?;
        let given = format!("{user}:{password}");
        let right = rules.user == Some(&given);
        client.note(|conn| conn.credentials.push(given));
        if !right {
            return refuse(client, &[1, 1]);
        }
        client.send(&[1, 0])?;
    }
    let request = take(&mut client, 4)?;
    let host = match request[3] {
        1 => {
            let part = take(&mut client, 4)?;
            format!("{}.{}.{}.{}", part[0], part[1], part[2], part[3])
        }
        3 => take_text(&mut client)?,
        _ => {
            let part = take(&mut client, 16)?;
            let part: [u8; 16] = part.try_into().map_err(|_| io::ErrorKind::InvalidData)?;
            format!("[{}]", std::net::Ipv6Addr::from(part))
        }
    };
    let port = take(&mut client, 2)?;
    let target = format!("{host}:{}", u16::from_be_bytes([port[0], port[1]]));
    client.note(|conn| conn.targets.push(target.clone()));
    match &rules.reply {
        ProxyReply::Serve | ProxyReply::ServeAfter(_) => {}
        ProxyReply::Stall => return client.drain(),
        ProxyReply::Reply(bytes) => return refuse(client, bytes),
    }
    let Ok(server) = reach(hub, &target) else {
        return refuse(client, &[5, 5, 0, 1, 0, 0, 0, 0, 0, 0]);
    };
    client.send(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0])?;
    tunnel(client, server)
}

fn serve_socks4(hub: &Arc<Hub>, mut client: Wire, rules: &Rules) -> io::Result<()> {
    let head = take(&mut client, 8)?;
    let user = take_line(&mut client)?;
    let by_name = head[4..7] == [0, 0, 0] && head[7] != 0;
    let host = match by_name {
        true => take_line(&mut client)?,
        false => format!("{}.{}.{}.{}", head[4], head[5], head[6], head[7]),
    };
    let target = format!("{host}:{}", u16::from_be_bytes([head[2], head[3]]));
    client.note(|conn| {
        conn.targets.push(target.clone());
        conn.credentials.extend((!user.is_empty()).then(|| user.clone()));
    });
    if head[..2] != [4, 1] || rules.user.is_some_and(|wanted| wanted != user) {
        return refuse(client, &[0, 0x5d, 0, 0, 0, 0, 0, 0]);
    }
    match &rules.reply {
        ProxyReply::Serve | ProxyReply::ServeAfter(_) => {}
        ProxyReply::Stall => return client.drain(),
        ProxyReply::Reply(bytes) => return refuse(client, bytes),
    }
    let Ok(server) = reach(hub, &target) else {
        return refuse(client, &[0, 0x5b, 0, 0, 0, 0, 0, 0]);
    };
    client.send(&[0, 0x5a, 0, 0, 127, 0, 0, 1])?;
    tunnel(client, server)
}

/// A text up to a NUL.
fn take_line(client: &mut Wire) -> io::Result<String> {
    let mut text = Vec::new();
    loop {
        match take(client, 1)?[0] {
            0 => return Ok(String::from_utf8_lossy(&text).into_owned()),
            byte => text.push(byte),
        }
    }
}

fn take(client: &mut Wire, count: u64) -> io::Result<Vec<u8>> {
    let mut taken = Vec::new();
    client.exactly(count, |piece| {
        taken.extend_from_slice(piece);
        Ok(())
    })?;
    Ok(taken)
}

/// A text with its length in the byte before it.
fn take_text(client: &mut Wire) -> io::Result<String> {
    let length = take(client, 1)?[0];
    Ok(String::from_utf8_lossy(&take(client, length.into())?).into_owned())
}
