//! The head of a request, written in one go to where its connection sends from.

use std::io::Write;

use http::{HeaderMap, HeaderValue, Method, header};

use crate::secret::Secret;
use crate::transport::attempt::BodySize;
use crate::transport::buffers::Outbox;
use crate::transport::http::head_lines::HeadLines;
use crate::transport::net::route::Route;

/// What stands in a head besides host and credentials of the route: the longest parts of lines that are written here.
const FIXED: usize = 256;

/// What a head says.
pub struct RequestHead<'a> {
    pub method: &'a Method,
    /// Path and query.
    pub target: &'a str,
    /// Lines that are ready-made.
    pub lines: Option<&'a HeadLines>,
    pub headers: &'a HeaderMap,
    /// The type of the body, if neither of them has it.
    pub kind: Option<&'a HeaderValue>,
    pub body: BodySize,
    pub route: &'a Route,
    /// What a forwarding proxy asks for.
    pub credentials: Option<Secret>,
}

impl RequestHead<'_> {
    /// Room that is enough for it.
    pub fn room(&self) -> usize {
        let own = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
        let lines = self.lines.map_or(0, |lines| lines.bytes().len());
        let credentials = self.credentials.as_ref().map_or(0, |credentials| credentials.expose().len());
        let kind = self.kind.map_or(0, HeaderValue::len);
        let place = self.method.as_str().len() + self.target.len() + 2 * self.route.host.len();
        FIXED + place + credentials + lines + kind + own.sum::<usize>()
    }

    /// Writes it where nothing has gathered yet, and where there is room for it.
    pub fn write(&self, outbox: &mut Outbox) {
        outbox.write(self.method.as_str().as_bytes());
        outbox.write(b" ");
        if self.route.is_forwarded() {
            outbox.write(b"http://");
            outbox.write(self.route.host.as_bytes());
        }
        outbox.write(self.target.as_bytes());
        outbox.write(b" HTTP/1.1\r\n");
        if let Some(credentials) = &self.credentials {
            line(outbox, "proxy-authorization", credentials.expose().as_bytes());
        }
        // First of the headers, as RFC 9110 recommends.
        line(outbox, "host", self.route.host.as_bytes());
        if let Some(lines) = self.lines {
            outbox.write(lines.bytes());
        }
        for (name, value) in self.headers {
            line(outbox, name.as_str(), value.as_bytes());
        }
        if let Some(kind) = self.kind {
            line(outbox, header::CONTENT_TYPE.as_str(), kind.as_bytes());
        }
        match self.body {
            BodySize::Known(length) => length_line(outbox, length),
            BodySize::None if [Method::POST, Method::PUT, Method::PATCH].contains(self.method) => {
                length_line(outbox, 0);
            }
            BodySize::None => {}
            BodySize::Unknown => line(outbox, header::TRANSFER_ENCODING.as_str(), b"chunked"),
        }
        outbox.write(b"\r\n");
    }
}

fn line(outbox: &mut Outbox, name: &str, value: &[u8]) {
    outbox.write(name.as_bytes());
    outbox.write(b": ");
    outbox.write(value);
    outbox.write(b"\r\n");
}

fn length_line(outbox: &mut Outbox, length: u64) {
    let mut digits = [0; 20];
    let mut room = &mut digits[..];
    // Twenty digits are the longest number.
    let _ = write!(room, "{length}");
    let left = room.len();
    line(outbox, header::CONTENT_LENGTH.as_str(), &digits[..20 - left]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::net::proxy::Proxies;
    use url::Url;

    /// The head of a request to http://a.test:8080/x with a header of its own and ready-made lines.
    fn written(method: Method, body: BodySize, proxy: Option<&str>) -> String {
        let proxies = Proxies::new(proxy, None, |_| None).unwrap();
        let url = Url::parse("http://a.test:8080/x").unwrap();
        let route = Route::of(&url, None, true, &proxies).unwrap();
        let with = |name, value| HeaderMap::from_iter([(name, HeaderValue::from_static(value))]);
        let kind = HeaderValue::from_static("text/plain");
        let head = RequestHead {
            method: &method,
            target: "/x?y",
            lines: Some(&HeadLines::of(&with(header::ACCEPT, "*/*"))),
            headers: &with(header::RANGE, "bytes=5-"),
            kind: (!body.is_empty()).then_some(&kind),
            body,
            route: &route,
            credentials: route.credentials(),
        };
        let mut outbox = Outbox::default();
        outbox.start(head.room(), 0);
        head.write(&mut outbox);
        assert!(outbox.ready().len() <= head.room());
        String::from_utf8(outbox.ready().to_vec()).unwrap()
    }

    #[test]
    fn heads_as_they_travel() {
        let own = "host: a.test:8080\r\naccept: */*\r\nrange: bytes=5-\r\n";
        for (method, body, end) in [
            (Method::GET, BodySize::None, ""),
            (Method::POST, BodySize::None, "content-length: 0\r\n"),
            (Method::DELETE, BodySize::Known(0), "content-length: 0\r\n"),
            (
                Method::PUT,
                BodySize::Known(u64::MAX),
                "content-type: text/plain\r\ncontent-length: 18446744073709551615\r\n",
            ),
            (Method::PATCH, BodySize::Unknown, "content-type: text/plain\r\ntransfer-encoding: chunked\r\n"),
        ] {
            let want = format!("{method} /x?y HTTP/1.1\r\n{own}{end}\r\n");
            assert_eq!(written(method, body, None), want);
        }
    }

    #[test]
    fn a_proxy_that_forwards_gets_the_whole_url() {
        let head = written(Method::GET, BodySize::None, Some("http://u:p@proxy.test:3128"));
        let start =
            "GET http://a.test:8080/x?y HTTP/1.1\r\nproxy-authorization: Basic dTpw\r\nhost: a.test:8080\r\n";
        assert!(head.starts_with(start), "{head}");
    }
}
