//! What a peer speaks when it does not speak what was expected: TLS, HTTP/2, SSH, SOCKS and others, by first bytes.

/// How many of the first bytes are needed to tell.
pub const ENOUGH: usize = 24;

const BY_PREFIX: &[(&[u8], &str)] = &[
    (b"SSH-", "SSH"),
    (b"PRI * HTTP/2", "HTTP/2"),
    (b"HTTP/2", "HTTP/2"),
    (b"HTTP/3", "HTTP/3"),
    (b"HTTP/1.", "plain HTTP/1"),
    (b"HTTP/0.", "an HTTP older than HTTP/1"),
    (b"ICY ", "an ICY radio stream"),
    (b"RTSP/", "RTSP"),
    (b"SIP/", "SIP"),
    (b"ICAP/", "ICAP"),
    (b"+OK", "POP3"),
    (b"* OK", "IMAP"),
    (b"* BYE", "IMAP"),
    (b"RFB ", "VNC"),
    (b"AMQP", "AMQP"),
    (b"@RSYNCD:", "rsync"),
    (b"ERROR\r\n", "memcached"),
    (b"It looks like you are tr", "MongoDB"),
    (b"GET ", "an HTTP request instead of a response"),
    (b"POST ", "an HTTP request instead of a response"),
    (b"CONNECT ", "an HTTP request instead of a response"),
    (b"<", "a document without a status line"),
    (b"{", "a document without a status line"),
];

/// Whether the bytes begin a TLS record.
pub fn is_tls(bytes: &[u8]) -> bool {
    matches!(bytes, [0x14..=0x17, 3, 0..=4, ..])
}

/// The protocol that these first bytes belong to, as far as they show it.
pub fn guess(bytes: &[u8]) -> Option<&'static str> {
    if is_tls(bytes) {
        return Some("TLS");
    }
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    if let Some((_, name)) = BY_PREFIX.iter().find(|(start, _)| text.starts_with(start)) {
        return Some(name);
    }
    match text {
        // A code of three digits and its text.
        [b'2'..=b'5', b'0'..=b'5', b'0'..=b'9', b' ' | b'-', ..] => return Some("SMTP or FTP"),
        [b'-', b'A'..=b'Z', b'A'..=b'Z', ..] => return Some("Redis"),
        // Whoever greets may do so behind a line for people.
        _ if text.windows(5).any(|window| window == b"\nSSH-") => return Some("SSH"),
        _ => {}
    }
    match bytes {
        // SETTINGS or GOAWAY of stream 0: a server that takes HTTP/2 without asking.
        [0, _, _, 4 | 7, 0 | 1, 0, 0, 0, 0, ..] => Some("HTTP/2"),
        [5, 0..=2 | 0xff, ..] => Some("SOCKS5"),
        [0, 0x5a..=0x5d, ..] => Some("SOCKS4"),
        [_, 0, 0, 0, 10, b'0'..=b'9', ..] | [_, 0, 0, 0, 0xff, ..] => Some("MySQL"),
        [b'E', 0, 0, _, _, b'S', ..] => Some("PostgreSQL"),
        [0xff, 0xfb..=0xfe, ..] => Some("Telnet"),
        [3, 0, 0, _, _, 0xd0, ..] => Some("RDP"),
        [0x20, 2, 0, ..] => Some("MQTT"),
        [0x16, 0xfe, 0xfd | 0xff, ..] => Some("DTLS"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes() {
        for (bytes, name) in [
            (&b"SSH-2.0-OpenSSH_9.2p1\r\n"[..], "SSH"),
            (b"\x15\x03\x03\0\x02\x02\x28", "TLS"),
            (b"\0\0\x12\x04\0\0\0\0\0", "HTTP/2"),
            (b"\0\0\x08\x07\0\0\0\0\0", "HTTP/2"),
            (b"HTTP/2 200\r\n", "HTTP/2"),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2"),
            (b"\x05\xff", "SOCKS5"),
            (b"\0\x5b\0\0", "SOCKS4"),
            (b"220 mail.test ESMTP\r\n", "SMTP or FTP"),
            (b"\r\n<html>", "a document without a status line"),
            (b"\x4a\0\0\0\x0a8.0.36", "MySQL"),
            (b"\x45\0\0\0\xff\x6a\x04Host '1'", "MySQL"),
            (b"421 too many", "SMTP or FTP"),
            (b"554-no", "SMTP or FTP"),
            (b"-WRONGPASS invalid", "Redis"),
            (b"* BYE", "IMAP"),
            (b"Welcome\r\nSSH-2.0-x\r\n", "SSH"),
            (b"E\0\0\0\x93SFATAL\0", "PostgreSQL"),
            (b"\xff\xfd\x18\xff\xfd", "Telnet"),
            (b"\x03\0\0\x13\x0e\xd0", "RDP"),
            (b"SIP/2.0 400 Bad", "SIP"),
            (b"\xef\xbb\xbf<html>", "a document without a status line"),
        ] {
            assert_eq!(guess(bytes), Some(name), "{bytes:?}");
        }
        for unknown in [&b""[..], b"\x16", b"hello", b"\0\0\0\0"] {
            assert_eq!(guess(unknown), None, "{unknown:?}");
        }
    }
}
