//! Sockets: the listeners, one task for each connection, and the way of one request.

pub mod call;
mod control;
pub mod data;
mod generic;
mod multipart;
pub mod record;
pub mod reply;
pub mod route;
pub mod s3;
pub mod tls;
pub mod world;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::Shared;
use crate::server::call::Call;
use crate::server::record::{BODY_KEPT, Canned};
use crate::server::reply::{Payload, Reply};

/// How often a free port is asked for that is free on ::1 as well.
const PORT_TRIES: usize = 20;

pub struct Listeners {
    http: StdListener,
    https: Vec<StdListener>,
    pub http_port: u16,
    pub https_port: u16,
}

impl Listeners {
    pub fn bind(http: u16, https: u16) -> io::Result<Listeners> {
        let http = StdListener::bind((Ipv4Addr::LOCALHOST, http))?;
        let http_port = http.local_addr()?.port();
        let https = bind_both(https)?;
        let https_port = https[0].local_addr()?.port();
        for listener in https.iter().chain([&http]) {
            listener.set_nonblocking(true)?;
        }
        Ok(Listeners { http, https, http_port, https_port })
    }
}

/// 127.0.0.1 and, where the machine has it, ::1 with the same port: `localhost` may mean either.
fn bind_both(port: u16) -> io::Result<Vec<StdListener>> {
    for _ in 0..PORT_TRIES {
        let v4 = StdListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, v4.local_addr()?.port()));
        match StdListener::bind(v6) {
            Ok(v6) => return Ok(vec![v4, v6]),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port == 0 => {}
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            Err(_) => return Ok(vec![v4]),
        }
    }
    Err(io::Error::from(io::ErrorKind::AddrInUse))
}

/// Serves until told to stop.
pub async fn serve(
    listeners: Listeners,
    tls: Arc<ServerConfig>,
    shared: Arc<Shared>,
    stopped: oneshot::Receiver<()>,
) {
    let tls = TlsAcceptor::from(tls);
    tokio::spawn(accept(listeners.http, None, shared.clone()));
    for listener in listeners.https {
        tokio::spawn(accept(listener, Some(tls.clone()), shared.clone()));
    }
    let _ = stopped.await;
}

async fn accept(listener: StdListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let connection = shared.connections.fetch_add(1, Ordering::SeqCst) + 1;
                tokio::spawn(converse(stream, tls.clone(), shared.clone(), connection));
            }
            // Out of descriptors, most likely: give the connections there are time to end.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn converse(stream: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>, number: usize) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => exchange(stream, "http", shared, number).await,
        // A client that does not trust us ends here; that is its right.
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                exchange(stream, "https", shared, number).await;
            }
        }
    }
}

async fn exchange<S>(stream: S, scheme: &'static str, shared: Arc<Shared>, connection: usize)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| {
        let shared = shared.clone();
        async move { respond(shared, scheme, connection, request).await }
    });
    let mut protocol = http1::Builder::new();
    protocol.header_read_timeout(None);
    let _ = protocol.serve_connection(TokioIo::new(stream), service).await;
}

async fn respond(
    shared: Arc<Shared>,
    scheme: &'static str,
    connection: usize,
    request: Request<Incoming>,
) -> Result<Response<Payload>, hyper::Error> {
    let (head, body) = request.into_parts();
    let mut call = read_head(&shared, scheme, connection, &head);
    if call.path.starts_with(control::PREFIX) {
        multipart::read(&mut call, body).await?;
        return Ok(control::respond(&shared, &call).into_response());
    }
    let entry = shared.world().journal.arrive(&call);
    multipart::read(&mut call, body).await?;
    let response = {
        let mut world = shared.world();
        if let Some(recorded) = world.journal.entry(entry) {
            recorded.body = call.body[..call.body.len().min(BODY_KEPT)].to_vec();
            recorded.body_length = call.body_length;
        }
        world.journal.take_canned(&call.method, &call.path)
    };
    if let Some(response) = &response {
        tokio::time::sleep(response.delay).await;
    }
    let reply = reply(&shared, &mut call, response);
    if let Some(recorded) = shared.world().journal.entry(entry) {
        recorded.status = reply.status;
    }
    tokio::time::sleep(reply.delay).await;
    Ok(reply.into_response())
}

fn reply(shared: &Shared, call: &mut Call, response: Option<Canned>) -> Reply {
    let mut world = shared.world();
    match response {
        Some(Canned { status: 0, headers, .. }) => {
            let mut reply = route::dispatch(&mut world, call);
            reply.headers.extend(headers);
            reply
        }
        Some(response) => Reply::from(response),
        None => route::dispatch(&mut world, call),
    }
}

fn read_head(
    shared: &Shared,
    scheme: &'static str,
    connection: usize,
    head: &hyper::http::request::Parts,
) -> Call {
    let headers = head.headers.iter();
    let headers: Vec<_> = headers
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    let host = head.uri.authority().map(ToString::to_string);
    let host = host.or_else(|| head.headers.get("host")?.to_str().ok().map(ToString::to_string));
    let authority = host.filter(|host| is_authority(host));
    Call {
        method: head.method.to_string(),
        path: head.uri.path().to_string(),
        query: head.uri.query().unwrap_or("").to_string(),
        target: head.uri.to_string(),
        headers,
        scheme,
        connection,
        authority: authority.unwrap_or_else(|| shared.world().own_authority(scheme)),
        ..Call::default()
    }
}

/// Whether it can stand in a URL: it comes from the client and goes into every link we write.
fn is_authority(host: &str) -> bool {
    !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._~:[]".contains(c))
}
