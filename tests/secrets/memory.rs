//! What is left in memory when everything was freed: a C program logs in, ends all, and reads its own
//! memory for the password.

use std::path::PathBuf;

use serde_json::json;
use support::TempFile;
use support::program::{self, Build};

use base64::prelude::{BASE64_STANDARD, Engine};
use sandbox::fault::{self, Cert, FaultServer, ProxyServer, Step, Tls};
use sandbox::{Answer, Sandbox};

const ADA: &str = "ada@example.com";
const LOGIN: &str = "/timp/organizations/user-login/";

/// A text as the program wants it: in hexadecimal, each byte turned around, so that the arguments do
/// not hold what is searched for.
fn disguise(text: impl AsRef<[u8]>) -> String {
    text.as_ref().iter().map(|byte| format!("{:02x}", !byte)).collect()
}

/// How often a secret was found while the client lived, and when all was freed.
type Found = (usize, usize);

/// Runs the program with options and looks for these secrets.
fn look(base: &str, ca: &str, password: &str, options: &[(&str, &str)], secrets: &[&[u8]]) -> Vec<Found> {
    let (password, dash) = (disguise(password), "--".to_owned());
    let given = options.iter().flat_map(|(key, value)| [(*key).to_owned(), disguise(value)]);
    let given: Vec<_> = given.chain([dash]).chain(secrets.iter().map(|secret| disguise(secret))).collect();
    let words = [base, ca, ADA, &password].into_iter().chain(given.iter().map(String::as_str));
    let words: Vec<&str> = words.collect();
    let text = program::run(&built(), &words, &[]).expect(0).out;
    let pair = |line: &str| {
        let (before, after) = line.split_once(' ').expect("two numbers");
        (before.parse().unwrap(), after.parse().unwrap())
    };
    text.lines().map(pair).collect()
}

fn built() -> PathBuf {
    let program = program::scratch("bin").join("memory");
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let source = program::project("tests/secrets/memory.c");
        Build::c("c99").flags(&["-D_GNU_SOURCE", "-O1"]).build(&program, &[source]);
    });
    program
}

#[test]
fn nothing_secret_is_left_in_freed_memory() {
    let sandbox = Sandbox::start();
    let ca = sandbox.ca_file().to_str().unwrap();
    let token = "tkn-5b1f0c9d7e3a4826-f00dfeed8badcafe";
    // One that fits into any buffer, and one that makes buffers grow and needs escapes.
    let long = format!("long\"\\ {} end", (0..40).map(|n| format!("{n:x}-word\t")).collect::<String>());
    for password in ["short-8c1d77f2-but-not-too-short", &long] {
        for origin in [sandbox.http(), sandbox.https()] {
            let base = format!("{origin}/timp/");
            sandbox.forget_answers();
            sandbox.answer("POST", LOGIN, Answer::json(200, &json!({ "auth_token": token })));
            sandbox.answer("POST", "/timp/x/", Answer::status(204));
            let found = look(&base, ca, password, &[], &[password.as_bytes(), token.as_bytes()]);
            assert!(found.iter().all(|(before, _)| *before > 0), "the search works: {found:?}");
            assert_eq!(found[0].1, 0, "password, login at {base}");
            // What the server says lies decrypted in memory of rustls', which frees it as it is: over TLS
            // only what is sent can be promised.
            if origin.starts_with("https:") {
                continue;
            }
            assert_eq!(found[1].1, 0, "token, login at {base}");
            // Refused, and echoed; escapes would be undone in memory of serde_json's.
            if password == long {
                continue;
            }
            let echo = json!({ "detail": format!("'{password}' is not the password.") });
            sandbox.forget_answers();
            sandbox.answer("POST", LOGIN, Answer::json(401, &echo));
            let found = look(&base, ca, password, &[], &[password.as_bytes()]);
            assert_eq!(found[0].1, 0, "password, refusal at {base}");
        }
    }
}

/// The password of a proxy, plain and as Basic, whether it forwards or tunnels, and a token that was given.
#[test]
fn nothing_of_a_proxy_is_left_in_freed_memory() {
    const USER: &str = "grace:pr0xy-8c1d77f2-but-not-too-short";
    let sandbox = Sandbox::start();
    sandbox.answer("POST", "/timp/x/", Answer::status(204));
    let ca = sandbox.ca_file().to_str().unwrap();
    let (password, coded) = (USER.split_once(':').unwrap().1, BASE64_STANDARD.encode(USER));
    let token = "tkn-9d7e3a4826-f00dfeed8badcafe-5b1f";
    for origin in [sandbox.http(), sandbox.https().replace("localhost", "127.0.0.1")] {
        let proxy = ProxyServer::http(Some(USER), fault::Answer::Serve);
        let (base, url) = (format!("{origin}/timp/"), proxy.url_with(USER));
        let secrets = [password, &coded, token].map(str::as_bytes);
        let found = look(&base, ca, "never-sent-password", &[("proxy", &url), ("token", token)], &secrets);
        assert!(
            !proxy.credentials().is_empty() && proxy.credentials().iter().all(|sent| sent == USER),
            "{base}"
        );
        assert!(found[0].0 > 0 && found[2].0 > 0, "the search works: {found:?}");
        assert!(found.iter().all(|(_, after)| *after == 0), "{base}: {found:?}");
    }
}

#[test]
fn nothing_of_the_file_of_a_clients_key_is_left_in_freed_memory() {
    let tls = Tls::new(Cert::Good).ask_client_cert();
    let server = FaultServer::start_tls(&tls, vec![Step::ReadRequest, Step::send("HTTP/1.1 204 No\r\n\r\n")]);
    let files = [&tls.ca_pem, &tls.client_pem, &tls.client_key_pem].map(|pem| TempFile::new(pem));
    let lines: Vec<&str> = tls.client_key_pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64_STANDARD.decode(lines.concat()).unwrap();
    // The number itself stands behind 36 bytes. It is found at no time: ring keeps it in a form for calculations.
    let number: Vec<u8> = der[36..68].to_vec();
    let options = [
        ("token", "tkn-9d7e3a4826-f00dfeed8badcafe-5b1f"),
        ("tls.client_cert_file", files[1].path()),
        ("tls.client_key_file", files[2].path()),
    ];
    let base = format!("{}/", server.url());
    let secrets = [lines[0].as_bytes(), &number];
    let found = look(&base, files[0].path(), "never-sent-password", &options, &secrets);
    assert!(server.requests() > 0);
    assert!(found.iter().all(|(_, after)| *after == 0), "{found:?}");
}
