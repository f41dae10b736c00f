//! A table of causes: each made on a real server, each with a sentence of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use sandbox::fault::{Blackhole, Cert, FaultServer, ProxyReply, ProxyServer, Refusing, Step, Tls};
use support::{
    CRUX_ERR_ARGUMENT, CRUX_ERR_CONNECT, CRUX_ERR_FILE, CRUX_ERR_HTTP, CRUX_ERR_IO, CRUX_ERR_PROTOCOL,
    CRUX_ERR_RESOLVE, CRUX_ERR_TLS, CRUX_OK, Client, Options, TempFile, alone, is_alone, lacking, program,
    skipped,
};

/// What was told, by cause. No two may say the same once places are taken out.
#[derive(Default)]
struct Told(BTreeMap<String, String>);

impl Told {
    /// Notes a message that must hold all of these words.
    #[track_caller]
    fn note(&mut self, cause: &str, message: &str, words: &[&str]) {
        for word in words {
            assert!(message.contains(word), "{cause}: {word:?} is not in: {message}");
        }
        assert!(
            message.len() < 600 && !message.contains('\n') && message.ends_with('.'),
            "{cause}: {message}"
        );
        for vague in [" us ", " our ", "entity not found", "TLS connection to", "uncategorized"] {
            assert!(!message.contains(vague), "{cause}: {vague:?} is in: {message}");
        }
        println!("{cause}: {message}");
        // Ports differ each time.
        let number = |word: &str| word.len() > 3 && word.bytes().all(|b| b.is_ascii_digit());
        let plain: Vec<_> = message.split([' ', ':', ';', '.']).filter(|word| !number(word)).collect();
        let plain = plain.join(" ");
        if let Some(other) = self.0.insert(plain, cause.to_owned()) {
            assert_eq!(other, cause, "two causes say the same: {message}");
        }
    }
}

/// Certificates and keys by the openssl program, in a folder of their own.
struct Forge(PathBuf);

impl Forge {
    fn openssl(&self, arguments: &str) -> bool {
        let arguments: Vec<_> = arguments.split(' ').collect();
        let output = Command::new("openssl").args(&arguments).current_dir(&self.0).output();
        let output = output.expect("openssl");
        if !output.status.success() {
            println!("openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        output.status.success()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("a path in UTF-8").to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("a file that was made")
    }

    fn key(&self, name: &str, kind: &str) -> bool {
        let kind = match kind.split_once(':') {
            Some(("rsa", bits)) => format!("RSA -pkeyopt rsa_keygen_bits:{bits}"),
            Some(("ec", curve)) => format!("EC -pkeyopt ec_paramgen_curve:{curve}"),
            _ => kind.to_owned(),
        };
        self.openssl(&format!("genpkey -algorithm {kind} -out {name}.key"))
    }

    /// An authority that signs itself.
    fn authority(&self, name: &str, kind: &str, subject: &str) -> bool {
        self.key(name, kind)
            && self.openssl(&format!(
                "req -x509 -new -key {name}.key -subj /CN={subject} -days 90 -out {name}.pem"
            ))
    }

    /// A certificate for a key of this kind, signed by an authority, with these extensions.
    fn certificate(&self, name: &str, kind: &str, by: &str, extensions: &str, more: &str) -> bool {
        fs::write(self.0.join(format!("{name}.ext")), extensions).expect("to write a file");
        let ext = if extensions.is_empty() { String::new() } else { format!(" -extfile {name}.ext") };
        let more = if more.is_empty() { String::new() } else { format!(" {more}") };
        let days = if more.contains("-days") { "" } else { " -days 90" };
        self.key(name, kind)
            && self.openssl(&format!("req -new -key {name}.key -subj /CN=localhost -out {name}.csr"))
            && self.openssl(&format!(
                "x509 -req -in {name}.csr -CA {by}.pem -CAkey {by}.key -set_serial 7{days}{ext}{more} -out {name}.pem"
            ))
    }

    fn serve(&self, name: &str, more: &str) -> Serving {
        let mut command = Command::new("openssl");
        command.args(["s_server", "-accept", "127.0.0.1:0", "-www"]);
        command.args(["-cert", &format!("{name}.pem"), "-key", &format!("{name}.key")]);
        command.args(more.split(' ').filter(|word| !word.is_empty())).current_dir(&self.0);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("openssl");
        let mut lines = BufReader::new(child.stdout.take().expect("its output"));
        // "ACCEPT 127.0.0.1:44607" once it listens.
        let mut line = String::new();
        while !line.starts_with("ACCEPT") {
            line.clear();
            let read = lines.read_line(&mut line).expect("a line");
            assert!(read > 0, "s_server does not listen: {name} {more}");
        }
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        // What it says later is of no interest, but must not stop it.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Serving { child, port }
    }
}

/// A server that ends with its owner.
struct Serving {
    child: Child,
    port: u16,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

/// The outcome of a GET with these options, and its message.
fn outcome(url: &str, options: &[(&str, &str)]) -> (i32, String) {
    let response = Client::ready(url, options).get("x");
    (response.code(), response.message())
}

#[track_caller]
fn refused(url: &str, options: &[(&str, &str)]) -> String {
    let (code, message) = outcome(url, options);
    assert_eq!(code, CRUX_ERR_TLS, "{message}");
    message
}

const NAMES: &str = "subjectAltName=DNS:localhost,IP:127.0.0.1\n";
const WEAK: &str = "-cipher ALL:@SECLEVEL=0";

#[test]
fn causes_of_tls() {
    let mut told = Told::default();
    assert!(Command::new("openssl").arg("version").output().is_ok(), "the program openssl is missing");
    let forge = Forge(program::scratch("causes-of-tls"));
    assert!(forge.authority("ca", "ec:P-256", "causes"));
    let ca = forge.read("ca.pem");
    let trusted = [("tls.ca_pem", ca.as_str())];

    // The plain way works.
    assert!(forge.certificate("good", "ec:P-256", "ca", NAMES, ""));
    let good = forge.serve("good", "");
    assert_eq!(outcome(&good.url(), &trusted).0, CRUX_OK);
    // The form that OpenSSL adds its own notes to.
    assert!(forge.openssl("x509 -in ca.pem -trustout -addtrust serverAuth -out trusted.pem"));
    assert!(forge.read("trusted.pem").contains("BEGIN TRUSTED"));
    assert_eq!(outcome(&good.url(), &[("tls.ca_file", &forge.path("trusted.pem"))]).0, CRUX_OK);

    told.note(
        "an unknown issuer",
        &refused(&good.url(), &[]),
        &["authority that this computer does not know"],
    );
    /// Cause, kind of key, extensions, how it is signed, how it is served, and words.
    type Row<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a [&'a str]);
    let rows: &[Row<'_>] = &[
        ("a P-521 key", "ec:P-521", NAMES, "", "", &["P-521", "not supported"]),
        ("an RSA key of 1024 bits", "rsa:1024", NAMES, "", WEAK, &["1024 bits", "too short"]),
        ("signed with SHA-512", "ec:P-256", NAMES, "-sha512", "", &["SHA-512"]),
        ("signed with SHA-1", "ec:P-256", NAMES, "-sha1", WEAK, &["SHA-1,", "forged"]),
        ("version 1", "ec:P-256", "", "", "", &["version 1"]),
        ("a name in CN alone", "ec:P-256", "keyUsage=digitalSignature\n", "", "", &["CN", "subjectAltName"]),
        (
            "a name in CN alone",
            "ec:P-256",
            "subjectAltName=email:a@b.test\n",
            "",
            "",
            &["CN", "subjectAltName"],
        ),
        ("another name", "ec:P-256", "subjectAltName=DNS:elsewhere.test\n", "", "", &["another host"]),
        ("signed with SHA-224", "ec:P-256", NAMES, "-sha224", "", &["SHA-224,", "not supported"]),
        ("expired", "ec:P-256", NAMES, "-days -1", "", &["has expired", "clock"]),
        (
            "not for servers",
            "ec:P-256",
            &[NAMES, "extendedKeyUsage=clientAuth\n"].concat(),
            "",
            "",
            &["not meant for servers"],
        ),
        (
            "an unknown critical extension",
            "ec:P-256",
            &[NAMES, "1.2.3.4=critical,ASN1:UTF8String:x\n"].concat(),
            "",
            "",
            &["critical extension"],
        ),
    ];
    for (number, (cause, kind, extensions, sign, serve, words)) in rows.iter().enumerate() {
        let name = format!("row{number}");
        if !forge.certificate(&name, kind, "ca", extensions, sign) {
            lacking(&format!("the cause {cause:?}"), "this openssl does not make such a certificate");
            continue;
        }
        let server = forge.serve(&name, serve);
        told.note(cause, &refused(&server.url(), &trusted), words);
    }

    // Chains.
    assert!(forge.authority("ca521", "ec:P-521", "causes-521"));
    assert!(forge.certificate("by521", "ec:P-256", "ca521", NAMES, ""));
    let message = refused(&forge.serve("by521", "").url(), &[("tls.ca_pem", &forge.read("ca521.pem"))]);
    told.note("a P-521 key", &message, &["P-521"]);

    assert!(forge.authority("ca1024", "rsa:1024", "causes-1024"));
    assert!(forge.certificate("by1024", "ec:P-256", "ca1024", NAMES, ""));
    let message = refused(&forge.serve("by1024", "").url(), &[("tls.ca_pem", &forge.read("ca1024.pem"))]);
    told.note("an RSA key of 1024 bits", &message, &["1024 bits"]);

    assert!(forge.authority("again", "ec:P-256", "causes"));
    let message = refused(&good.url(), &[("tls.ca_pem", &forge.read("again.pem"))]);
    told.note("an authority made anew under the same name", &message, &["not signed with its key", "anew"]);

    assert!(forge.authority("other-kind", "rsa:2048", "causes"));
    let message = refused(&good.url(), &[("tls.ca_pem", &forge.read("other-kind.pem"))]);
    told.note("an authority made anew under the same name", &message, &["not signed with its key", "anew"]);

    // A P-521 key usually signs with SHA-512; the key is what is wrong.
    assert!(forge.certificate("by521-sha512", "ec:P-256", "ca521", NAMES, "-sha512"));
    let message =
        refused(&forge.serve("by521-sha512", "").url(), &[("tls.ca_pem", &forge.read("ca521.pem"))]);
    told.note("a P-521 key", &message, &["P-521"]);
    assert!(forge.authority("ca448", "ED448", "causes-448"));
    assert!(forge.certificate("by448", "ec:P-256", "ca448", NAMES, ""));
    let message = refused(&forge.serve("by448", "").url(), &[("tls.ca_pem", &forge.read("ca448.pem"))]);
    told.note("an Ed448 key", &message, &["Ed448"]);

    const AUTHORITY: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n";
    assert!(forge.key("over", "ec:P-256"));
    fs::write(forge.path("over.ext"), AUTHORITY).unwrap();
    assert!(forge.openssl("req -new -key over.key -subj /CN=over -out over.csr"));
    assert!(forge.openssl(
        "x509 -req -in over.csr -CA ca.pem -CAkey ca.key -set_serial 7 -days -1 -extfile over.ext -out over.pem"
    ));
    assert!(forge.certificate("under", "ec:P-256", "over", NAMES, ""));
    let server = forge.serve("under", "-cert_chain over.pem");
    let message = refused(&server.url(), &trusted);
    told.note("an authority in between has expired", &message, &["an authority in its chain has expired"]);

    let mut chain = String::new();
    let mut by = "ca".to_owned();
    for depth in 0..9 {
        let name = format!("deep{depth}");
        let extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n";
        assert!(forge.key(&name, "ec:P-256"));
        fs::write(forge.path("deep.ext"), extensions).unwrap();
        assert!(forge.openssl(&format!("req -new -key {name}.key -subj /CN={name} -out {name}.csr")));
        assert!(forge.openssl(&format!(
            "x509 -req -in {name}.csr -CA {by}.pem -CAkey {by}.key -set_serial 7 -days 90 -extfile deep.ext -out {name}.pem"
        )));
        chain = forge.read(&format!("{name}.pem")) + &chain;
        by = name;
    }
    fs::write(forge.path("deep-chain.pem"), chain).unwrap();
    assert!(forge.certificate("deep", "ec:P-256", &by, NAMES, ""));
    let server = forge.serve("deep", "-cert_chain deep-chain.pem");
    told.note("a chain too deep", &refused(&server.url(), &trusted), &["more intermediate"]);

    assert!(forge.authority("own", "ec:P-256", "localhost"));
    told.note(
        "self-signed",
        &refused(&forge.serve("own", "").url(), &trusted),
        &["self-signed", "tls.ca_file"],
    );

    // Algorithms and versions.
    let server = forge.serve("good", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA");
    told.note("no algorithm in common", &refused(&server.url(), &trusted), &["no TLS algorithm in common"]);
    let server = forge.serve("good", &format!("-tls1_1 {WEAK}"));
    told.note(
        "no version in common",
        &refused(&server.url(), &trusted),
        &["no TLS version", "tls.min_version"],
    );

    causes_of_client_certificates(&forge, &mut told, &ca);
    causes_of_peers(&mut told);
}

fn causes_of_client_certificates(forge: &Forge, told: &mut Told, ca: &str) {
    let client = "extendedKeyUsage=clientAuth\n";
    assert!(forge.certificate("client", "ec:P-256", "ca", client, ""));
    assert!(forge.certificate("late", "ec:P-256", "ca", client, "-days -1"));
    assert!(forge.authority("strange", "ec:P-256", "strange"));
    assert!(forge.certificate("stranger", "ec:P-256", "strange", client, ""));
    let own = |name: &str| (forge.path(&format!("{name}.pem")), forge.path(&format!("{name}.key")));
    for version in ["-tls1_2", "-tls1_3"] {
        let server = forge.serve("good", &format!("{version} -Verify 3 -verify_return_error -CAfile ca.pem"));
        let with = |name: &str| {
            let (cert, key) = own(name);
            let mine = [("tls.ca_pem", ca), ("tls.client_cert_file", &cert), ("tls.client_key_file", &key)];
            outcome(&server.url(), &mine)
        };
        let (code, message) = with("client");
        assert_eq!(code, CRUX_OK, "{version}: {message}");
        let message = refused(&server.url(), &[("tls.ca_pem", ca)]);
        told.note("no client certificate", &message, &["wants a client certificate", "tls.client_cert_file"]);
        let (code, message) = with("late");
        assert_eq!(code, CRUX_ERR_TLS);
        told.note("a client certificate that has expired", &message, &["client certificate", "has expired"]);
        let (code, message) = with("stranger");
        assert_eq!(code, CRUX_ERR_TLS);
        told.note("a client certificate of a stranger", &message, &["authority that issued the client"]);
    }
    // What is wrong with the client's own files is told before anything is sent.
    let base = [("service", "custom"), ("base_url", "https://localhost:9/"), ("token", "t")];
    let made = |cert: &str, key: &str| {
        let files = [("tls.client_cert_file", cert), ("tls.client_key_file", key)];
        let client = Client::with(&[&base[..], &files].concat());
        (client.code(), client.message())
    };
    assert!(forge.openssl("pkcs8 -topk8 -in client.key -passout pass:hidden -out locked.key"));
    assert!(forge.openssl("ec -in client.key -aes128 -passout pass:hidden -out old-locked.key"));
    let (cert, key) = own("client");
    for locked in ["locked.key", "old-locked.key"] {
        let (code, message) = made(&cert, &forge.path(locked));
        assert_eq!(code, CRUX_ERR_FILE);
        told.note(
            "a key that is encrypted",
            &message.replace("old-", ""),
            &["encrypted", "tls.client_key_file"],
        );
    }
    for kind in ["ec:P-521", "ED448", "rsa:1024"] {
        assert!(forge.certificate("odd", kind, "ca", client, ""));
        let (odd_cert, odd_key) = own("odd");
        let (code, message) = made(&odd_cert, &odd_key);
        assert_eq!(code, CRUX_ERR_FILE);
        told.note("a key of an unsupported kind", &message, &["kind that is not supported", "P-384"]);
    }
    for kind in ["ec:P-384", "ED25519", "rsa:2048"] {
        assert!(forge.certificate("fine", kind, "ca", client, ""));
        let (cert, key) = own("fine");
        assert_eq!(made(&cert, &key).0, CRUX_OK, "{kind}");
    }
    assert!(forge.certificate("first", "ec:P-256", "ca", "", ""));
    let (first_cert, first_key) = own("first");
    let (code, message) = made(&first_cert, &first_key);
    assert_eq!(code, CRUX_ERR_ARGUMENT);
    told.note("a client certificate of version 1", &message, &["version 1", "tls.client_cert_file"]);
    let (code, message) = made(&cert, &own("stranger").1);
    assert_eq!(code, CRUX_ERR_ARGUMENT);
    told.note("a key of another certificate", &message, &["do not belong together"]);
    assert!(forge.openssl("rsa -in fine.key -traditional -out fine-old.key"));
    let old = forge.read("fine-old.key");
    // As it is, and under the label of another form.
    for text in [old.clone(), old.replace("RSA PRIVATE", "PRIVATE")] {
        let file = TempFile::new(&text);
        assert_eq!(made(&own("fine").0, file.path()).0, CRUX_OK, "{}", &text[..40]);
    }
    let cut = TempFile::new(&(old[..old.len() / 2].to_owned() + "\n"));
    told.note("a damaged key", &made(&own("fine").0, cut.path()).1.replace(cut.path(), ""), &["damaged"]);
    let ssh = old.replace("RSA PRIVATE", "OPENSSH PRIVATE");
    let ssh = TempFile::new(&ssh);
    told.note("a key in the form of OpenSSH", &made(&cert, ssh.path()).1, &["form of OpenSSH", "ssh-keygen"]);
    let (_, message) = made(&cert, &cert);
    told.note("a file without a key", &message, &["no private key in PEM form"]);
    let damaged = TempFile::new("-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n");
    let message = made(&cert, damaged.path()).1.replace(damaged.path(), "");
    told.note("a damaged key", &message, &["damaged"]);
    let (_, message) = made(&cert, "/nowhere/key.pem");
    told.note("a key file that is not there", &message, &["/nowhere/key.pem", "no such file or folder"]);
    let (_, message) = made(&forge.path(""), &key);
    told.note("a folder for a certificate", &message, &["it is a folder"]);
}

/// Peers that speak something else than TLS or HTTP/1.1.
fn causes_of_peers(told: &mut Told) {
    let says = |bytes: &[u8]| FaultServer::start(vec![Step::ReadSome(1), Step::send(bytes), Step::Fin]);
    let others: &[(&str, &[u8], &str)] = &[
        ("an SSH server", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH"),
        (
            "an HTTP/2 server",
            b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff",
            "HTTP/2",
        ),
        ("a SOCKS proxy", &[5, 0xff], "SOCKS5"),
        ("a mail server", b"220 mail.test ESMTP Postfix\r\n", "SMTP or FTP"),
        ("a database", b"\x4a\0\0\0\x0a8.0.36\0", "MySQL"),
        ("a document without a head", b"<html><body>hello</body></html>", "without a status line"),
        ("an unknown protocol", b"\xde\xad\xbe\xef and so on", "not valid HTTP/1.1"),
    ];
    for (cause, bytes, word) in others {
        let server = says(bytes);
        let (code, message) = outcome(&server.url(), &[]);
        assert_eq!(code, CRUX_ERR_PROTOCOL, "{message}");
        let place = format!("127.0.0.1:{}", server.port());
        told.note(cause, &message, &[word, &place]);
        // The same where a proxy should forward.
        let proxy = says(bytes);
        let (code, message) =
            outcome("http://nowhere.example", &[("proxy", &proxy.url()), ("allow_http", "1")]);
        assert_eq!(code, CRUX_ERR_PROTOCOL, "{message}");
        told.note(&format!("{cause} as a proxy"), &message, &[word, "The proxy 127.0.0.1:"]);
        let (code, message) = outcome(&says(bytes).url_as("https"), &[]);
        assert_eq!(code, CRUX_ERR_TLS, "{message}");
        told.note(&format!("{cause} where TLS should be"), &message, &["did not answer in TLS"]);
    }
    let tls = Tls::new(Cert::Good);
    let wants_tls = FaultServer::start_tls(&tls, vec![Step::ReadRequest]);
    let (_, message) = outcome(&wants_tls.url_as("http"), &[]);
    told.note("TLS at a plain URL", &message, &["must start with https://"]);
    let (_, message) =
        outcome("http://nowhere.example", &[("proxy", &wants_tls.url_as("http")), ("allow_http", "1")]);
    told.note("a proxy that wants TLS", &message, &["The proxy", "write https://"]);
    for (end, cause) in
        [(Step::Fin, "a hang-up in the handshake"), (Step::Reset, "a hang-up in the handshake")]
    {
        let server = FaultServer::start(vec![Step::ReadSome(1), end]);
        told.note(cause, &refused(&server.url_as("https"), &[]), &["during the TLS handshake"]);
    }
}

#[test]
fn causes_of_proxies() {
    let mut told = Told::default();
    let by = |url: &str, proxy: &str| {
        let (code, message) = outcome(url, &[("proxy", proxy), ("allow_http", "1")]);
        assert_eq!(code, CRUX_ERR_CONNECT, "{message}");
        assert!(!message.contains("pa55word"), "{message}");
        message
    };
    let far = "https://nowhere.example";
    let nobody = Refusing::start();
    told.note(
        "a proxy that is not there",
        &by(far, &nobody.url_as("http")),
        &["proxy could not be reached", "127.0.0.1"],
    );
    told.note(
        "a server that is not there",
        &outcome(&nobody.url_as("http"), &[]).1,
        &["nothing listens there"],
    );
    let gone = ProxyServer::http(None, ProxyReply::Reply(Vec::new()));
    let (code, message) = outcome("http://nowhere.example", &[("proxy", &gone.url()), ("allow_http", "1")]);
    assert_eq!(code, CRUX_ERR_IO);
    told.note(
        "a proxy that forwards nothing",
        &message,
        &["The proxy 127.0.0.1:", "closed the connection before"],
    );
    let page = "<html><head><title>Access denied by policy 7</title></head>…</html>";
    let responses: &[(&str, String, &[&str])] = &[
        ("hangs up", String::new(), &["closed the connection when it was asked for nowhere.example:443"]),
        (
            "403 with a page",
            format!("HTTP/1.1 403 Forbidden\r\nContent-Length: {}\r\n\r\n{page}", page.len()),
            &["(403): Access denied by policy 7."],
        ),
        (
            "403 with text",
            "HTTP/1.1 403 Forbidden\r\n\r\nPort 443\nis \x07closed for pa55word bWU6cGE1NXdvcmQ=".to_owned(),
            &["(403): Port 443 is closed for [secret]"],
        ),
        ("403 alone", "HTTP/1.1 403 No Entry\r\nContent-Length: 0\r\n\r\n".to_owned(), &["(403): No Entry."]),
        ("502", "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n".to_owned(), &["(502)"]),
        ("SSH", "SSH-2.0-x\r\n".to_owned(), &["did not answer in HTTP", "SSH"]),
        ("TLS", "\x15\x03\x01\0\x02\x02\x46".to_owned(), &["looks like TLS", "write https://"]),
        ("garbage", "hello\r\n".to_owned(), &["did not answer in HTTP; check"]),
    ];
    for (cause, response, words) in responses {
        let proxy = ProxyServer::http(None, ProxyReply::Reply(response.clone().into_bytes()));
        let place = format!("127.0.0.1:{}", proxy.port());
        told.note(
            &format!("a proxy: {cause}"),
            &by(far, &proxy.url_with("me:pa55word")),
            &[words, &[&place[..]][..]].concat(),
        );
    }
    let web = FaultServer::start(vec![Step::ReadSome(3), Step::send("HTTP/1.1 400 Bad Request\r\n\r\n")]);
    told.note("a web server for SOCKS5", &by(far, &web.url_as("socks5")), &["SOCKS5", "plain HTTP/1"]);
    let web = FaultServer::start(vec![Step::ReadSome(3), Step::send("HTTP/1.1 400 Bad Request\r\n\r\n")]);
    told.note("a web server for SOCKS4", &by(far, &web.url_as("socks4a")), &["SOCKS4", "plain HTTP/1"]);
}

#[test]
fn causes_in_files_of_authorities() {
    let mut told = Told::default();
    let tls = Tls::new(Cert::Good);
    let server = FaultServer::start_tls(&tls, vec![Step::ReadRequest, Step::send("HTTP/1.1 204 No\r\n\r\n")]);
    let made = |pem: &str| {
        let file = TempFile::new(pem);
        let base = [("service", "custom"), ("base_url", "https://localhost:9/"), ("token", "t")];
        let by_file = Client::with(&[&base[..], &[("tls.ca_file", file.path())]].concat());
        let by_text = Client::with(&[&base[..], &[("tls.ca_pem", pem)]].concat());
        assert_eq!((by_file.code(), by_text.code()), (CRUX_ERR_FILE, CRUX_ERR_ARGUMENT));
        assert!(by_file.message().contains(file.path()), "{}", by_file.message());
        (by_file.message().replace(file.path(), ""), by_text.message())
    };
    let good = &tls.ca_pem;
    let cut = good.replacen('M', "!", 3);
    for (cause, pem, words) in [
        ("the second is damaged", format!("{good}{cut}{good}"), "certificate number 2"),
        ("nothing", "hello".to_owned(), "no certificate in PEM form"),
    ] {
        let (file, text) = made(&pem);
        told.note(&format!("{cause}, in a file"), &file, &[words, "tls.ca_file"]);
        told.note(&format!("{cause}, in a text"), &text, &[words, "tls.ca_pem"]);
    }
    // What editors and other tools make of it is taken.
    for pem in [
        format!("\u{feff}{good}"),
        good.replace("CERTIFICATE", "X509 CERTIFICATE"),
        good.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
        good.replace('\n', "\r\n"),
        format!("Subject: Größe\n{good}"),
    ] {
        let file = TempFile::new(&pem);
        for (key, value) in [("tls.ca_pem", pem.as_str()), ("tls.ca_file", file.path())] {
            let base = format!("https://localhost:{}/", server.port());
            let options = [("service", "custom"), ("base_url", &base), ("token", "t"), (key, value)];
            Client::with(&options).expect(CRUX_OK);
        }
    }
    let (code, message) = outcome(&server.url(), &[("tls.ca_pem", &format!("\u{feff}{good}"))]);
    assert_eq!(code, CRUX_OK, "{message}");
    let system = "/etc/ssl/certs/ca-certificates.crt";
    match fs::metadata(system) {
        Ok(_) => drop(Client::with(&[("token", "t"), ("tls.ca_file", system)]).expect(CRUX_OK)),
        Err(_) => skipped("the system's own file of authorities", "there is none"),
    }
    assert_eq!(server.requests(), 1);
}

#[test]
fn causes_in_the_environment() {
    const TEST: &str = "causes::causes_in_the_environment";
    if is_alone() {
        let given = |name: &str| std::env::var(name).expect("a variable of the first process");
        let (variable, other) = (given("VARIABLE"), given("OTHER"));
        for options in [&[][..], &[("tls.ca_pem", other.as_str())]] {
            let message = refused(&given("URL"), options);
            for part in [&variable, &given(&variable), &given("WORDS")] {
                assert!(message.contains(part.as_str()), "{part}: {message}");
            }
        }
        return;
    }
    let (tls, known) = (Tls::new(Cert::Good), Tls::new(Cert::SelfSigned).ca_pem);
    let server = FaultServer::start_tls(&tls, vec![Step::ReadRequest]);
    let cut = known.replacen('M', "!", 3);
    let (empty, damaged) = (TempFile::new("nothing"), TempFile::new(&(known + &cut)));
    let (bare, folder) = (program::fresh("no-authorities"), program::fresh("damaged-authorities"));
    fs::write(folder.join("abcd1234.0"), &cut).unwrap();
    let [bare, folder] = [&bare, &folder].map(|path| path.to_str().expect("a path in UTF-8"));
    // An authority of another name.
    let (url, other) = (server.url(), Tls::new(Cert::SelfSigned).ca_pem);
    for (name, path, words) in [
        ("SSL_CERT_FILE", "/nowhere/ca.pem", "no such file or folder"),
        ("SSL_CERT_FILE", empty.path(), "no certificate in PEM form"),
        ("SSL_CERT_FILE", damaged.path(), "certificate number 2"),
        ("SSL_CERT_DIR", "/nowhere/certs", "no such file or folder"),
        ("SSL_CERT_DIR", bare, "nothing is in it"),
        ("SSL_CERT_DIR", folder, "abcd1234.0: certificate number 1"),
    ] {
        let variables =
            [(name, path), ("URL", &url), ("WORDS", words), ("VARIABLE", name), ("OTHER", &other)];
        alone(TEST, &variables);
    }
}

/// What `tls.ca_file` takes, the file and the folder that the environment names may hold as well.
#[test]
fn authorities_in_the_environment_however_they_are_written() {
    const TEST: &str = "causes::authorities_in_the_environment_however_they_are_written";
    if is_alone() {
        let url = std::env::var("URL").expect("a variable of the first process");
        let (code, message) = outcome(&url, &[]);
        assert_eq!(code, CRUX_OK, "{message}");
        return;
    }
    let tls = Tls::new(Cert::Good);
    let turn = vec![Step::ReadRequest, Step::send("HTTP/1.1 204 No\r\n\r\n")];
    let good = &tls.ca_pem;
    for pem in [
        format!("\u{feff}{good}"),
        good.replace("CERTIFICATE", "X509 CERTIFICATE"),
        good.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
    ] {
        let folder = program::fresh("odd-authorities");
        let file = folder.join("ca.pem");
        fs::write(&file, &pem).unwrap();
        for (name, path) in [("SSL_CERT_FILE", &file), ("SSL_CERT_DIR", &folder)] {
            let server = FaultServer::start_tls(&tls, turn.clone());
            let path = path.to_str().expect("a path in UTF-8");
            alone(TEST, &[(name, path), ("URL", &server.url())]);
        }
    }
}

/// Whoever opens a pipe waits for a writer, for ever.
#[test]
fn a_pipe_for_a_file_of_authorities() {
    const TEST: &str = "causes::a_pipe_for_a_file_of_authorities";
    if is_alone() {
        let given = |name: &str| std::env::var(name).expect("a variable of the first process");
        let other = Tls::new(Cert::SelfSigned).ca_pem;
        for options in [&[][..], &[("tls.ca_pem", other.as_str())]] {
            let response = Client::ready(&given("URL"), options).call("GET", "x").start();
            if response.wait(5000) == 0 {
                println!("the pipe is waited for");
                std::process::exit(1);
            }
            let response = response.expect(CRUX_ERR_TLS);
            for part in ["environment variable SSL_CERT_FILE", &given("SSL_CERT_FILE"), "fitting size"] {
                assert!(response.message().contains(part), "{part}: {}", response.message());
            }
        }
        return;
    }
    let server = FaultServer::start_tls(&Tls::new(Cert::Good), vec![Step::ReadRequest]);
    let pipe = program::fresh("a-pipe").join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    alone(TEST, &[("SSL_CERT_FILE", pipe.to_str().expect("a path in UTF-8")), ("URL", &server.url())]);
}

/// A process that has no descriptors left says so.
#[test]
fn causes_in_the_system() {
    if !alone("causes::causes_in_the_system", &[]) {
        return;
    }
    // No server: its thread would close its own socket if it had none for what it accepts.
    let client = Client::ready("http://127.0.0.1:9/", &[]);
    let mut held = Vec::new();
    let limit = libc::rlimit { rlim_cur: 64, rlim_max: 64 };
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) }, 0);
    while let Ok(file) = fs::File::open("/dev/null") {
        held.push(file);
    }
    // A name is looked up in files, or by a socket.
    let named = Client::ready("https://nowhere.invalid/", &[]);
    let responses = [(client.get("x"), CRUX_ERR_CONNECT), (named.get("x"), CRUX_ERR_RESOLVE)];
    drop(held);
    for (response, code) in responses {
        assert_eq!(response.code(), code);
        assert!(response.message().contains("too many open files"), "{}", response.message());
    }
}

/// What was meant is seen best next to what there is; what may be a password is not shown.
#[test]
fn causes_in_names_of_services() {
    for (name, shown) in [
        ("crunch.io", true),
        ("Crunch2", true),
        ("crux_connect", true),
        ("crunch ", true),
        ("nonsense", true),
        ("s3cret!pass", false),
        ("crunch\nx", false),
    ] {
        let options = Options::new();
        assert_eq!(options.set("service", Some(name)), CRUX_ERR_ARGUMENT, "{name}");
        let message = options.message();
        assert_eq!(message.contains(&format!("\"{name}\"")), shown, "{name}: {message}");
    }
}

#[test]
fn causes_in_urls() {
    for url in [
        "https://a.test:65536/",
        "https://a b.test/",
        "https://[::1/",
        "http://a.test:x/",
        "https://a.test:-1",
    ] {
        let options = Options::new();
        assert_eq!(options.set("base_url", Some(url)), CRUX_ERR_ARGUMENT, "{url}");
        assert!(options.message().contains("host or port is not valid"), "{url}: {}", options.message());
    }
}

#[test]
fn causes_of_redirects() {
    let moved = |to: &str| {
        let head = format!("HTTP/1.1 301 Moved\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
        FaultServer::start(vec![Step::ReadRequest, Step::send(head)])
    };
    let message = |to: &str| {
        let response =
            Client::ready(&moved(to).url(), &[]).request("POST", "x", Some("{}")).expect(CRUX_ERR_HTTP);
        assert!(response.info("location").is_some());
        response.message()
    };
    let slash = message("/x/");
    assert!(slash.contains("only a slash is missing") && slash.contains("/x/"), "{slash}");
    let same = message("/x");
    assert!(same.contains("to the same address again"), "{same}");
    // A login has a place of its own.
    let server = moved("/login/");
    let login = [("service", "custom"), ("base_url", &server.url()), ("user", "ann"), ("secret", "pa55word")];
    let login = Client::with(&login).expect(CRUX_ERR_HTTP).message();
    assert!(login.contains("check the base URL") && login.contains("login.path"), "{login}");
    let other = message("https://b.test/y?key=hidden");
    assert!(other.contains("https://b.test/y") && !other.contains("hidden"), "{other}");
}

/// Connections that are lost, each at its own place.
#[test]
fn causes_of_lost_connections() {
    let mut told = Told::default();
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc";
    for (cause, steps, word) in [
        ("before a response", vec![Step::ReadRequest, Step::Fin], "write https://"),
        ("in the head", vec![Step::ReadRequest, Step::send("HTTP/1.1 200 OK\r\nA:"), Step::Fin], "head"),
        ("in the body", vec![Step::ReadRequest, Step::send(head), Step::Fin], "body"),
    ] {
        let (code, message) = outcome(&FaultServer::start(steps).url(), &[]);
        assert_eq!(code, CRUX_ERR_IO, "{message}");
        told.note(cause, &message, &["connection", word]);
    }
    let hole = Blackhole::start();
    let (_, message) = outcome(&hole.url_as("http"), &[("timeout.connect_ms", "200")]);
    told.note("no answer to connecting", &message, &["timeout.connect_ms"]);
}
