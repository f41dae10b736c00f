//! The ways to a server, the ways to be known to it, and the secrets that each of them has.

use base64::{Engine, prelude::BASE64_STANDARD};
use sandbox::fault::{Cert, ProxyReply, ProxyServer, Tls, TlsFront};
use support::Folder;
use support::canary::disguise;

const USER: &str = "ada@example.com";
const PASSWORD: &str = "Canary-9f3a77d1-pa55word-0b2c6e84-end";
pub const TOKEN: &str = "tkn-canary-5b1f0c9d7e3a4826-f00dfeed8badcafe";
const KEY: &str = "apk-canary-1d4f7a90c3b6e852-0123456789abcdef";
const PROXY_PASSWORD: &str = "canary-proxy-77aa01-passw0rd-0f";
const PROXY_USER: &str = "grace:canary-proxy-77aa01-passw0rd-0f";

/// Whether a secret is in memory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lives {
    /// As long as the client lives, and no longer.
    WithClient,
    /// Only while it is made and sent.
    InPassing,
    /// As `WithClient`, and afterwards where TLS has decrypted it.
    AfterTls,
}

/// A secret that is searched for.
#[derive(Clone)]
pub struct Sought {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub lives: Lives,
}

impl Sought {
    pub fn new(name: &'static str, secret: impl AsRef<[u8]>, lives: Lives) -> Sought {
        Sought { name, bytes: secret.as_ref().to_vec(), lives }
    }

    /// Returns true if 16 bytes of it in a row, from a multiple of 16, are in a text.
    pub fn is_in(&self, text: &str) -> bool {
        let pieces = self.bytes.chunks_exact(16);
        pieces.filter_map(|piece| str::from_utf8(piece).ok()).any(|piece| text.contains(piece))
    }
}

/// A way to the server.
pub struct Way<'a> {
    pub name: &'static str,
    pub tls: Option<&'a Tls>,
    /// Options, of which those that are secrets come disguised.
    pub options: Vec<String>,
    pub secrets: Vec<Sought>,
    /// The server sends back what it was sent. The bodies are the program's: their memory is not judged.
    pub echoes: bool,
}

/// A way to be known to the server.
pub struct Account {
    pub name: &'static str,
    pub options: Vec<String>,
    pub secrets: Vec<Sought>,
    /// A login brings a token.
    pub logs_in: bool,
}

fn hidden(key: &str, value: &str) -> String {
    format!("hidden:{key}={}", disguise(value.as_bytes()))
}

pub fn option(key: &str, value: &str) -> String {
    format!("option:{key}={value}")
}

pub fn accounts() -> [Account; 4] {
    let login = |name, encoding, more: &[Sought]| {
        let own = [option("login.path", "login"), option("user", USER), hidden("secret", PASSWORD)];
        let options = own.into_iter().chain([option("login.encoding", encoding)]).collect();
        let password = Sought::new("password", PASSWORD, Lives::WithClient);
        Account { name, options, secrets: [&[password], more].concat(), logs_in: true }
    };
    let basic = BASE64_STANDARD.encode(format!("{USER}:{PASSWORD}"));
    [
        login("a password", "json", &[]),
        login("a form", "form", &[]),
        login("Basic", "basic", &[Sought::new("Basic of the login", basic, Lives::InPassing)]),
        Account {
            name: "an API key",
            options: vec![hidden("token", KEY)],
            secrets: vec![Sought::new("API key", KEY, Lives::WithClient)],
            logs_in: false,
        },
    ]
}

/// The secret half of a key in PEM: its text, without what is the same in all keys, and the number itself.
fn of_key(pem: &str) -> Vec<Sought> {
    let lines: Vec<&str> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64_STANDARD.decode(lines.concat()).expect("base64");
    // PKCS #8 of P-256: the number of 32 bytes is behind its tag and its length.
    let at = der.windows(2).position(|pair| pair == [4, 32]).expect("a number of 32 bytes") + 2;
    let first = at.div_ceil(3) * 4;
    vec![
        Sought::new("key's text", &lines.concat()[first..first + 40], Lives::InPassing),
        Sought::new("key's first line", &lines[0][first..], Lives::InPassing),
        Sought::new("key's number", &der[at..at + 32], Lives::InPassing),
    ]
}

/// The servers on the way, at work as long as this lives.
pub struct Servers {
    tls: Tls,
    /// Asks for a client certificate.
    asking: Tls,
    proxy: ProxyServer,
    socks: ProxyServer,
    front: TlsFront,
}

impl Servers {
    pub fn start() -> Servers {
        let tls = Tls::new(Cert::Good);
        let proxy = ProxyServer::http(Some(PROXY_USER), ProxyReply::Serve);
        let front = TlsFront::start(&tls, proxy.address());
        let socks = ProxyServer::socks5(Some(PROXY_USER), ProxyReply::Serve);
        Servers { tls, asking: Tls::new(Cert::Good).ask_client_cert(), proxy, socks, front }
    }

    /// Which of them were never asked with their credentials.
    pub fn unused(&self) -> Vec<String> {
        let all = [("the proxy", &self.proxy), ("the SOCKS proxy", &self.socks)];
        let unused =
            all.iter().filter(|(_, proxy)| !proxy.credentials().iter().any(|given| given == PROXY_USER));
        unused.map(|(name, _)| format!("{name} was not used")).collect()
    }

    pub fn ways(&self, folder: &Folder) -> Vec<Way<'_>> {
        let trust = |tls: Option<&Tls>| tls.map(|tls| option("tls.ca_pem", &tls.ca_pem));
        let direct = |name, tls: Option<&'_ Tls>| -> (&'static str, Vec<String>) {
            (name, [option("proxy", "direct")].into_iter().chain(trust(tls)).collect())
        };
        let secure = Some(&self.tls);
        let plain = |(name, options), tls, echoes| Way { name, tls, options, secrets: Vec::new(), echoes };
        let through = |name, tls, url: &str| {
            let options = [hidden("proxy", url)].into_iter().chain(trust(secure)).collect();
            let basic = BASE64_STANDARD.encode(PROXY_USER);
            let secrets = vec![
                Sought::new("proxy's password", PROXY_PASSWORD, Lives::WithClient),
                Sought::new("Basic of the proxy", basic, Lives::InPassing),
            ];
            Way { name, tls, options, secrets, echoes: false }
        };
        let (proxy, socks) = (self.proxy.url_with(PROXY_USER), self.socks.url_with(PROXY_USER));
        let front = format!("https://{PROXY_USER}@localhost:{}", self.front.port());
        vec![
            plain(direct("HTTP", None), None, false),
            plain(direct("HTTPS", secure), secure, false),
            plain(direct("HTTP with an echo", None), None, true),
            plain(direct("HTTPS with an echo", secure), secure, true),
            through("HTTP through a proxy", None, &proxy),
            through("HTTPS through a proxy", secure, &proxy),
            through("HTTPS through SOCKS", secure, &socks),
            through("HTTPS through a proxy over TLS", secure, &front),
            self.certified(folder),
        ]
    }

    fn certified(&self, folder: &Folder) -> Way<'_> {
        let Tls { ca_pem, client_pem, client_key_pem, .. } = &self.asking;
        let file = |name, pem: &str| folder.file(name, pem.as_bytes()).display().to_string();
        let options = vec![
            option("proxy", "direct"),
            option("tls.ca_pem", ca_pem),
            option("tls.client_cert_file", &file("cert.pem", client_pem)),
            option("tls.client_key_file", &file("key.pem", client_key_pem)),
        ];
        let secrets = of_key(client_key_pem);
        Way { name: "HTTPS with a certificate", tls: Some(&self.asking), options, secrets, echoes: false }
    }
}
