//! Canaries for every secret: a C program does what programs do, over HTTP, HTTPS, proxies with credentials and with a
//! client certificate. Nothing that it is told holds a canary, and once it has freed everything none is in its memory,
//! up to where rustls begins: what TLS has decrypted is rustls's own.
//!
//!     PROVE=short secrets

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use base64::{Engine, prelude::BASE64_STANDARD};
use prove::fault::{Fault, Line};
use prove::origin::{Origin, Reply, Request, json, reply};
use sandbox::fault::{Answer, Cert, ProxyServer, Tls, TlsFront};
use support::Folder;
use support::canary::{disguise, has_canary};
use support::program::{self, Build};

const USER: &str = "ada@example.com";
const PASSWORD: &str = "Canary-9f3a77d1-pa55word-0b2c6e84-end";
const TOKEN: &str = "tkn-canary-5b1f0c9d7e3a4826-f00dfeed8badcafe";
const KEY: &str = "apk-canary-1d4f7a90c3b6e852-0123456789abcdef";
const PROXY_PASSWORD: &str = "canary-proxy-77aa01-passw0rd-0f";
const PROXY_USER: &str = "grace:canary-proxy-77aa01-passw0rd-0f";

/// What programs do, and what servers do to them.
const STEPS: &[&str] = &[
    "GET:json",
    "POST:json",
    "stream:json",
    "GET:cut",
    "GET:reset",
    "GET:redirect",
    "GET:away",
    "GET:busy",
    "GET:expired",
    "GET:error",
    "POST:error",
    "GET:missing",
    "job:export",
    "login:refused",
    "login:cut",
    "login:broken",
    "GET:json",
];

/// A secret: its name, its bytes, and whether copies may stay behind.
struct Sought {
    name: &'static str,
    bytes: Vec<u8>,
    may_stay: bool,
}

fn sought(name: &'static str, text: &str) -> Sought {
    Sought { name, bytes: text.as_bytes().to_vec(), may_stay: false }
}

/// A way to the server.
struct Way {
    name: &'static str,
    origin: Origin,
    /// Options, of which those that are secrets come disguised.
    options: Vec<String>,
    secrets: Vec<Sought>,
    /// The server sends back what it was sent. The bodies are the program's: their memory is not judged.
    echoes: bool,
}

/// A way to be known to the server: its name, its options, what they hold, and whether a login brings a token.
type Account = (&'static str, Vec<String>, Vec<Sought>, bool);

fn respond(echoes: bool, visits: &AtomicUsize, request: &Request) -> Reply {
    let seen = if echoes {
        format!("{} {}", request.head, String::from_utf8_lossy(&request.body))
    } else {
        String::new()
    };
    let said = serde_json::json!({ "detail": format!("said: {seen}") }).to_string();
    let is_first = || visits.fetch_add(1, SeqCst) % 2 == 0;
    let moved = |to: &str| Reply::Stay(reply("302 Found", &format!("Location: {to}\r\n"), b""));
    match request.path.as_str() {
        "/login" => json("200 OK", &format!("{{\"token\":\"{TOKEN}\"}}")),
        "/refused" | "/expired" if request.path == "/refused" || is_first() => {
            json("401 Unauthorized", &said)
        }
        "/cut" => {
            let is_login = request.header("authorization").is_none_or(|given| given.starts_with("Basic"));
            let token = if is_login { TOKEN } else { "" };
            let whole = reply("200 OK", "", format!("{{\"token\":\"{token}\"}}").as_bytes());
            Reply::Close(whole[..whole.len() - 2].to_vec())
        }
        "/broken" => json("200 OK", &said[..said.len() - 1]),
        "/reset" => Reply::Strike(Fault::Reset),
        "/redirect" => moved("/json?to=here"),
        "/away" => moved("http://localhost:9/nowhere"),
        "/busy" if is_first() => Reply::Stay(reply("503 Busy", "Retry-After: 0\r\n", said.as_bytes())),
        "/error" => {
            let headers = format!(
                "Warning: 299 - \"{}\"\r\n",
                seen.lines().collect::<Vec<_>>().join(" ").replace('"', "'")
            );
            Reply::Stay(reply("400 Bad Request", &headers, said.as_bytes()))
        }
        "/missing" => json("404 Not Found", &said),
        "/upload" => json("201 Created", "{\"id\":\"u-1\"}"),
        "/export" => Reply::Stay(reply("202 Accepted", "Location: /job\r\n", b"{\"status\":\"queued\"}")),
        "/job" => json("200 OK", "{\"status\":\"done\"}"),
        _ => json("200 OK", "{\"some\":\"thing\"}"),
    }
}

fn origin(tls: Option<&Tls>, echoes: bool) -> Origin {
    let visits = AtomicUsize::new(0);
    let line = if tls.is_some() { Line::Inside } else { Line::Plain };
    Origin::start(line, tls, move |request| respond(echoes, &visits, request))
}

fn hidden(key: &str, value: &str) -> String {
    format!("hidden:{key}={}", disguise(value.as_bytes()))
}

fn option(key: &str, value: &str) -> String {
    format!("option:{key}={value}")
}

/// The secret half of a key in PEM: its text, without what is the same in all keys, and the number itself.
fn of_key(pem: &str) -> Vec<Sought> {
    let lines: Vec<&str> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64_STANDARD.decode(lines.concat()).expect("base64");
    // PKCS #8 of P-256: the number of 32 bytes is behind its tag and its length.
    let at = der.windows(2).position(|pair| pair == [4, 32]).expect("a number of 32 bytes") + 2;
    let first = at.div_ceil(3) * 4;
    vec![
        sought("key's text", &lines.concat()[first..first + 40]),
        sought("key's first line", &lines[0][first..64]),
        Sought { name: "key's number", bytes: der[at..at + 32].to_vec(), may_stay: false },
    ]
}

fn proxy_secrets() -> Vec<Sought> {
    vec![
        sought("proxy's password", PROXY_PASSWORD),
        sought("Basic of the proxy", &BASE64_STANDARD.encode(PROXY_USER)),
    ]
}

fn accounts() -> Vec<Account> {
    let login = |more: &[(&str, &str)]| {
        let mut options =
            vec![option("login.path", "login"), option("user", USER), hidden("secret", PASSWORD)];
        options.extend(more.iter().map(|(key, value)| option(key, value)));
        options
    };
    let basic = BASE64_STANDARD.encode(format!("{USER}:{PASSWORD}"));
    let password = || sought("password", PASSWORD);
    vec![
        ("password", login(&[]), vec![password()], true),
        ("form", login(&[("login.encoding", "form")]), vec![password()], true),
        (
            "Basic",
            login(&[("login.encoding", "basic")]),
            vec![password(), sought("Basic of the login", &basic)],
            true,
        ),
        ("API key", vec![hidden("token", KEY)], vec![sought("API key", KEY)], false),
    ]
}

/// What was found, of all runs.
#[derive(Default)]
struct Tally {
    texts: usize,
    runs: usize,
    /// Secrets that were in memory while they were needed.
    needed: usize,
    /// Copies that rustls has left of what it decrypted.
    decrypted: usize,
    wrong: Vec<String>,
}

/// Runs the program on one way with one account.
fn run(program: &std::path::Path, way: &Way, account: &Account, folder: &Folder, total: &Mutex<Tally>) {
    let (name, options, own, logs_in) = account;
    let mut secrets: Vec<&Sought> = way.secrets.iter().chain(own).collect();
    let is_tls = way.origin.url().starts_with("https:");
    let token = Sought { may_stay: is_tls, ..sought("token", TOKEN) };
    secrets.extend(logs_in.then_some(&token));
    let mut words: Vec<String> =
        secrets.iter().map(|secret| format!("secret:{}", disguise(&secret.bytes))).collect();
    let base = way.origin.url() + "/";
    let common = [
        ("service", "custom"),
        ("base_url", &*base),
        ("retry.max", "1"),
        ("retry.max_wait_ms", "1"),
        ("job.status_pointer", "/status"),
        ("job.done", "done"),
    ];
    words.extend(common.iter().map(|(key, value)| option(key, value)));
    words.extend(way.options.iter().chain(options).cloned());
    words.extend(
        STEPS.iter().filter(|step| *logs_in || !step.starts_with("login:")).map(|step| (*step).to_owned()),
    );
    let file = folder.file(&format!("{}-{name}.csv", way.name), b"a,b\n1,2\n");
    words.push(format!("upload:{}", file.display()));
    words.push(format!("save:{}", file.with_extension("json").display()));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = program::run(program, &words, &[]).expect(0).out;

    let mut tally = total.lock().unwrap();
    let what = format!("{} with {name}", way.name);
    let mut wrong = Vec::new();
    let (counts, texts): (Vec<&str>, Vec<&str>) = output.lines().partition(|line| line.starts_with("= "));
    // What a server puts into a header is the program's, as its body is.
    let shown = texts.iter().filter(|text| !way.echoes || !text.starts_with("header "));
    wrong.extend(shown.filter(|text| has_canary(text)).map(|text| format!("{what} shows {text}")));
    // A program that got nowhere would show nothing.
    for needed in
        ["client ended with 0", "json ended with 0", "job ended with 0", "save ended with 0", "log 4:"]
    {
        if !texts.iter().any(|text| text.starts_with(needed)) {
            wrong.push(format!("{what}: no {needed:?} in {output}"));
        }
    }
    for (secret, line) in secrets.iter().zip(&counts) {
        let numbers: Vec<usize> = line[2..].split(' ').map(|word| word.parse().expect("a number")).collect();
        tally.needed += usize::from(numbers[0] > 0);
        if secret.may_stay || way.echoes {
            tally.decrypted += numbers[1];
        } else if numbers[1] > 0 {
            wrong.push(format!("{what}: {} copies of the {} are left", numbers[1], secret.name));
        }
    }
    if counts.len() != secrets.len() {
        wrong.push(format!("{what}: {} counts of {} secrets", counts.len(), secrets.len()));
    }
    tally.texts += texts.len();
    tally.runs += 1;
    tally.wrong.extend(wrong);
}

fn main() -> ExitCode {
    let (tls, asking) = (Tls::new(Cert::Good), Tls::new(Cert::Good).ask_client_cert());
    let folder = Folder::new();
    let own =
        std::env::current_exe().expect("a path of this program").with_file_name("prove-secrets-program");
    let source = program::project("tests/prove/secrets.c");
    let program = Build::c("c99").flags(&["-D_GNU_SOURCE", "-O1"]).build(&own, &[source]);

    let proxy = ProxyServer::http(Some(PROXY_USER), Answer::Serve);
    let socks = ProxyServer::socks5(Some(PROXY_USER), Answer::Serve);
    let front = TlsFront::start(&tls, proxy.address());
    let through = |url: String| hidden("proxy", &url);
    let secure_proxy = format!("https://{PROXY_USER}@localhost:{}", front.port());
    let (direct, ca) = (option("proxy", "direct"), option("tls.ca_pem", &tls.ca_pem));
    let cert = folder.file("cert.pem", asking.client_pem.as_bytes());
    let key = folder.file("key.pem", asking.client_key_pem.as_bytes());
    let certified = vec![
        direct.clone(),
        option("tls.ca_pem", &asking.ca_pem),
        option("tls.client_cert_file", cert.to_str().expect("UTF-8")),
        option("tls.client_key_file", key.to_str().expect("UTF-8")),
    ];
    let way = |name, tls: Option<&Tls>, options, secrets| Way {
        name,
        origin: origin(tls, false),
        options,
        secrets,
        echoes: false,
    };
    let echoing = |name, tls: Option<&Tls>| Way {
        name,
        origin: origin(tls, true),
        options: vec![direct.clone(), ca.clone()],
        secrets: Vec::new(),
        echoes: true,
    };
    let ways = [
        way("HTTP", None, vec![direct.clone()], Vec::new()),
        way("HTTPS", Some(&tls), vec![direct.clone(), ca.clone()], Vec::new()),
        way("HTTP through a proxy", None, vec![through(proxy.url_with(PROXY_USER))], proxy_secrets()),
        way(
            "HTTPS through a proxy",
            Some(&tls),
            vec![through(proxy.url_with(PROXY_USER)), ca.clone()],
            proxy_secrets(),
        ),
        way(
            "HTTPS through SOCKS",
            Some(&tls),
            vec![through(socks.url_with(PROXY_USER)), ca.clone()],
            proxy_secrets(),
        ),
        way(
            "HTTPS through a proxy over TLS",
            Some(&tls),
            vec![through(secure_proxy), ca.clone()],
            proxy_secrets(),
        ),
        way("HTTPS with a certificate", Some(&asking), certified, of_key(&asking.client_key_pem)),
        echoing("HTTP, echoed", None),
        echoing("HTTPS, echoed", Some(&tls)),
    ];
    let accounts = accounts();
    let pairs: Vec<_> =
        ways.iter().flat_map(|way| accounts.iter().map(move |account| (way, account))).collect();
    let (next, total) = (AtomicUsize::new(0), Mutex::<Tally>::default());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((way, account)) = pairs.get(next.fetch_add(1, SeqCst)) {
                    run(&program, way, account, &folder, &total);
                }
            });
        }
    });
    let mut tally = total.into_inner().unwrap();
    for (name, server) in [("proxy", &proxy), ("SOCKS proxy", &socks)] {
        if !server.credentials().iter().any(|given| given == PROXY_USER) {
            tally.wrong.push(format!("the {name} was not used"));
        }
    }
    tally.wrong.iter().take(40).for_each(|why| println!("{why}"));
    prove::verdict(
        tally.wrong.len(),
        &format!(
            "{} runs on {} ways with {} accounts: {} sentences, log lines, facts and headers without a canary; {} \
             secrets in memory while they were needed, {} found where none may be; {} decrypted copies are rustls's \
             or the program's",
            tally.runs,
            ways.len(),
            accounts.len(),
            tally.texts,
            tally.needed,
            tally.wrong.len(),
            tally.decrypted,
        ),
    )
}
