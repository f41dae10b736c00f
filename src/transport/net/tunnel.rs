//! A tunnel through an HTTP proxy: CONNECT (RFC 9110), its response, and why it was refused.

use std::sync::atomic::Ordering::Relaxed;

use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::status;
use crate::transport::head::Head;
use crate::transport::net::proxy::Proxy;
use crate::transport::net::proxy_handshake::{ProxyHandshake, refused};

/// Most of a proxy's head that is read.
const MOST: usize = 64 * 1024;
/// Most of its words about a refusal that are read, and that are shown.
const MOST_WORDS: usize = 4 * 1024;
const SHOWN: usize = 200;

/// Whether a head is complete: an empty line has come after something.
fn is_complete(head: &[u8]) -> bool {
    let done = head.ends_with(b"\n\n") || head.ends_with(b"\n\r\n");
    done && !head.trim_ascii().is_empty()
}

/// Asks an HTTP proxy for a tunnel.
pub fn connect(mut shake: ProxyHandshake<'_>, agent: &str) -> Result<()> {
    let proxy = shake.proxy;
    let place = shake.route.place();
    let basic = proxy.basic();
    let credentials = match &basic {
        Some(basic) => ["Proxy-Authorization: ", basic.expose(), "\r\n"],
        None => ["", "", ""],
    };
    let start = ["CONNECT ", &place, " HTTP/1.1\r\nHost: ", &place, "\r\nUser-Agent: ", agent, "\r\n"];
    let ask = Secret::concat(&[&start[..], &credentials, &["\r\n"]].concat());
    shake.send(ask.expose().as_bytes())?;
    let head = loop {
        let head = receive_head(&mut shake)?;
        // What is said in between is not the response.
        if head.status >= 200 {
            break head;
        }
    };
    match head.status {
        200..=299 => Ok(()),
        407 => {
            let offers =
                head.all("proxy-authenticate").map(|offer| String::from_utf8_lossy(offer).into_owned());
            let offers: Vec<_> = offers.collect();
            shake.attempt.refused.store(true, Relaxed);
            Err(wants_credentials(proxy, &offers))
        }
        code => {
            let length = head.text("content-length").and_then(|text| text.parse().ok());
            let body = shake.receive_some(length.unwrap_or(MOST_WORDS).min(MOST_WORDS));
            // Before it is cut: half a password is one that is not found.
            let body = plain_words(&head, &body);
            let body = proxy.hide_in(String::from_utf8_lossy(&body).into_owned());
            let reason = proxy.hide_in(String::from_utf8_lossy(head.reason()).into_owned());
            let said = status::words(&reason, body.as_bytes());
            let colon = if said.is_empty() { "" } else { ": " };
            let hint = hint(code);
            let why = format_args!("refused a tunnel to {place} ({code}){colon}{said}{hint}");
            Err(if status::is_passing(code) { refused(proxy, why) } else { shake.refused(why) })
        }
    }
}

/// What a refusal means that a proxy seldom gives: one that wants a password answers 407.
fn hint(code: u16) -> &'static str {
    match code {
        401 => {
            ". A proxy that wants a password answers 407: this looks like a web server or a gateway at the proxy's address; check the host and port of the option \"proxy\", or of the variable that names it"
        }
        403 => {
            ". Its rules may forbid this host or port; if it has none, a web server or a gateway may stand at the proxy's address, as a proxy that wants a password answers 407"
        }
        _ => "",
    }
}

/// The words of a refusal without the sizes of their chunks; none that are compressed.
fn plain_words(head: &Head, body: &[u8]) -> Vec<u8> {
    if head.get("content-encoding").is_some() {
        return Vec::new();
    }
    let chunked = head.text("transfer-encoding").is_some_and(|t| t.trim().eq_ignore_ascii_case("chunked"));
    if !chunked {
        return body.to_vec();
    }
    let (mut words, mut rest) = (Vec::new(), body);
    while let Some(end) = rest.iter().position(|b| *b == b'\n') {
        let line = String::from_utf8_lossy(&rest[..end]);
        let size = line.split(';').next().unwrap_or_default().trim();
        let Ok(size @ 1..) = usize::from_str_radix(size, 16) else { break };
        let chunk = &rest[end + 1..];
        words.extend_from_slice(&chunk[..size.min(chunk.len())]);
        rest = chunk.get(size..).unwrap_or_default().trim_ascii_start();
    }
    words
}

fn receive_head(shake: &mut ProxyHandshake<'_>) -> Result<Head> {
    let mut head = Vec::new();
    // Byte by byte, once per connection: nothing of the server's may be taken.
    while !is_complete(&head) {
        if head.len() >= MOST {
            return Err(shake.refused("answered with a head that is too long"));
        }
        let [byte] = shake.receive_exactly::<1>()?;
        head.push(byte);
        // What is no HTTP has no end that could be waited for.
        let begun = head.trim_ascii_start();
        let fits = begun.iter().zip(b"HTTP/1.").all(|(came, wanted)| came == wanted);
        if !fits {
            head.extend(shake.receive_some(crate::transport::foreign::ENOUGH));
            return Err(shake.foreign("HTTP", &head));
        }
    }
    Head::parse(&head).ok().flatten().ok_or_else(|| shake.foreign("HTTP", &head))
}

/// The schemes of `Proxy-Authenticate` lines, each of which may hold several challenges (RFC 9110, 11.6.1).
fn schemes(offers: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for offer in offers {
        for part in split_outside_quotes(offer) {
            let part = part.trim();
            let (word, rest) = part.split_once([' ', '\t']).unwrap_or((part, ""));
            // `name=value` goes on with the challenge before; a token68 may end with `=`, and stands after a blank.
            let begins =
                !word.is_empty() && word.bytes().all(is_token) && !rest.trim_start().starts_with('=');
            if begins && !found.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                found.push(word.to_owned());
            }
        }
    }
    found
}

/// Whether a byte may stand in the name of a scheme (RFC 9110, 5.6.2).
fn is_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b)
}

fn split_outside_quotes(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// The sentence for a proxy that wants to know who asks.
pub fn wants_credentials(proxy: &Proxy, offers: &[String]) -> Error {
    // Before they are taken apart: a password may hold a blank or a comma.
    let clean: Vec<_> = offers.iter().map(|offer| proxy.hide_in(offer.clone())).collect();
    let named = schemes(&clean).join(", ").chars().take(SHOWN).collect::<String>();
    let offered = if named.is_empty() { "no scheme it names" } else { &named };
    let basic = schemes(offers).iter().any(|scheme| scheme.eq_ignore_ascii_case("basic"));
    let advice = match (basic, proxy.has_credentials()) {
        (true, true) => "it did not accept the user name and password given",
        (true, false) => "write them into the option \"proxy\" as http://USER:PASSWORD@HOST:PORT",
        (false, _) => {
            "of these none is supported (NTLM and Negotiate need a local proxy such as cntlm in front, named in the option \"proxy\")"
        }
    };
    refused(proxy, format_args!("wants credentials (407) by {offered}; {advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_in_one_line_and_in_several() {
        for (offers, found) in [
            (&[r#"Negotiate, NTLM, Basic realm="a, b""#][..], &["Negotiate", "NTLM", "Basic"][..]),
            (&["Negotiate", "NTLM", r#"Basic realm="x""#], &["Negotiate", "NTLM", "Basic"]),
            (&[r#"Digest realm="a, Basic b", nonce="c", qop = "auth", BASIC realm=x"#], &["Digest", "BASIC"]),
            (&[r#"Newauth realm="a\", Basic c", type=1"#], &["Newauth"]),
            (&["Negotiate YWJj==, basic"], &["Negotiate", "basic"]),
            (&[", ,Basic realm=\"\""], &["Basic"]),
            (&[""], &[]),
        ] {
            let offers: Vec<String> = offers.iter().map(|offer| (*offer).to_owned()).collect();
            assert_eq!(schemes(&offers), found, "{offers:?}");
        }
    }

    #[test]
    fn words_without_their_framing() {
        let chunked = Head::of(403, [("Transfer-Encoding", "chunked")]);
        for (body, words) in [
            (&b"6\r\ndenied\r\n0\r\n\r\n"[..], "denied"),
            (b"3;x=y\r\nnot\r\n8\r\n allowed\r\n0\r\n\r\n", "not allowed"),
            (b"ff\r\ncut o", "cut o"),
            (b"no size\r\n", ""),
        ] {
            assert_eq!(plain_words(&chunked, body), words.as_bytes());
        }
        assert_eq!(plain_words(&Head::of(403, [("X", "y")]), b"6\r\nplain"), b"6\r\nplain");
        assert!(plain_words(&Head::of(403, [("Content-Encoding", "gzip")]), b"\x1f\x8b").is_empty());
    }

    #[test]
    fn heads_of_all_kinds() {
        for text in
            ["HTTP/1.0 200 OK\n\n", "HTTP/1.1 200\r\n\r\n", "\r\nHTTP/1.1 200 Fine\r\nA: b\r\n c\r\n\r\n"]
        {
            assert!(is_complete(text.as_bytes()), "{text:?}");
            assert_eq!(Head::parse(text.as_bytes()).unwrap().map(|head| head.status), Some(200), "{text:?}");
        }
        assert!(!is_complete(b"\r\n\r\n") && !is_complete(b"HTTP/1.1 200 OK\r\n"));
    }
}
