//! What is left in memory when everything was freed: a C program logs in, ends all, and reads its own
//! memory for the password.

use std::path::{Path, PathBuf};

use sandbox::fault::{Cert, FOREVER, FaultServer, Step, Tls, header};
use serde_json::json;
use support::canary::disguise;
use support::program::{self, Build};
use support::{CRUX_OK, Client, TempFile};

use sandbox::{Canned, Sandbox};

const ADA: &str = "ada@example.com";
const LOGIN: &str = "/timp/organizations/user-login/";

/// Runs the program; how often it found the password and the token while the client lived, and when
/// all was freed.
fn count(program: &Path, ca_file: &Path, mode: &str, base: &str, password: &str, token: &str) -> [usize; 4] {
    let (password, token) = (disguise(password.as_bytes()), disguise(token.as_bytes()));
    let words = [base, ca_file.to_str().unwrap(), ADA, &password, &token, mode];
    let text = program::run(program, &words, &[]).expect(0).out;
    let numbers: Vec<usize> = text.split_whitespace().map(|word| word.parse().unwrap()).collect();
    numbers.try_into().unwrap()
}

/// The program, compiled under a name of its own for each test.
fn built(name: &str) -> PathBuf {
    let build = Build::c("c99").flags(&["-D_GNU_SOURCE", "-O1"]);
    let source = program::project("tests/secrets/memory.c");
    build.build(&program::scratch("bin").join(name), &[source])
}

const TOKEN: &str = "tkn-5b1f0c9d7e3a4826-f00dfeed8badcafe";

/// A head that sets a cookie is wiped like a body that holds a token.
#[test]
fn no_cookie_is_left_in_freed_memory() {
    let (program, sandbox) = (built("cookie"), Sandbox::start());
    let base = format!("{}/timp/", sandbox.http());
    let cookie = format!("token={TOKEN}; Path=/; HttpOnly");
    // A head so long that its memory does not serve for something else at once.
    let response =
        Canned::json(200, &json!({})).header("X-Long", &"x".repeat(100_000)).header("Set-Cookie", &cookie);
    sandbox.respond("POST", LOGIN, response);
    sandbox.respond("POST", "/timp/x/", Canned::status(204));
    let [.., t_before, _, t_after] =
        count(&program, sandbox.ca_file(), "cookie", &base, "short-8c1d77f2-but-not-too-short", TOKEN);
    assert!(t_before > 0, "the search works: {t_before}");
    assert_eq!(t_after, 0);
}

/// A key that travels as a header of its own is wiped like a token.
#[test]
fn no_header_of_the_client_is_left_in_freed_memory() {
    let (program, sandbox) = (built("headers"), Sandbox::start());
    sandbox.respond("POST", "/timp/x/", Canned::status(204));
    for origin in [sandbox.http(), sandbox.https()] {
        let base = format!("{origin}/timp/");
        let key = "key-8c1d77f2-but-not-too-short-to-find";
        let [before, _, after, _] = count(&program, sandbox.ca_file(), "headers", &base, key, TOKEN);
        assert!(before > 0, "the search works: {before}");
        assert_eq!(after, 0, "{base}");
        assert_eq!(sandbox.requests().last().unwrap().header("x-api-key"), Some(key));
    }
}

#[test]
fn nothing_secret_is_left_in_freed_memory() {
    let (program, sandbox, token) = (built("memory"), Sandbox::start(), TOKEN);
    // One that fits into any buffer, and one that makes buffers grow and needs escapes.
    let long = format!("long\"\\ {} end", (0..40).map(|n| format!("{n:x}-word\t")).collect::<String>());
    for password in ["short-8c1d77f2-but-not-too-short", &long] {
        for origin in [sandbox.http(), sandbox.https()] {
            let base = format!("{origin}/timp/");
            sandbox.forget_canned();
            sandbox.respond("POST", LOGIN, Canned::json(200, &json!({ "auth_token": token })));
            sandbox.respond("POST", "/timp/x/", Canned::status(204));
            let [p_before, t_before, p_after, t_after] =
                count(&program, sandbox.ca_file(), "bearer", &base, password, token);
            assert!(p_before > 0 && t_before > 0, "the search works: {p_before} {t_before}");
            assert_eq!(p_after, 0, "password, login at {base}");
            // What the server says lies decrypted in memory of rustls', which frees it as it is: over TLS
            // only what is sent can be promised.
            if origin.starts_with("https:") {
                continue;
            }
            assert_eq!(t_after, 0, "token, login at {base}");
            // Refused, and echoed; escapes would be undone in memory of serde_json's.
            if password == long {
                continue;
            }
            let echo = json!({ "detail": format!("'{password}' is not the password.") });
            sandbox.forget_canned();
            sandbox.respond("POST", LOGIN, Canned::json(401, &echo));
            let [.., p_after, _] = count(&program, sandbox.ca_file(), "bearer", &base, password, token);
            assert_eq!(p_after, 0, "password, refusal at {base}");
        }
    }
}

/// However the response of a login arrives, nothing of it stays where it was held on the way.
#[test]
fn no_part_of_a_login_is_left_where_it_was_read() {
    const PASSWORD: &str = "short-8c1d77f2-but-not-too-short";
    let (program, ca_file) = (built("parts"), TempFile::new(&Tls::new(Cert::Good).ca_pem));
    // So long that buffers grow on its way, and that what is left of it is not used again at once.
    let long = |word: &str| {
        let (before, after) = ("x".repeat(3000), "y".repeat(50_000));
        format!("{{\"x\":\"{before}\",\"auth_token\":\"{word}\",\"y\":\"{after}\",\"again\":\"{word}\"}}")
    };
    let (told, echoed) = (long(TOKEN), long(PASSWORD).replace("auth_token", "detail"));
    let sized =
        |length: usize, body: &[u8]| [format!("Content-Length: {length}\r\n\r\n").as_bytes(), body].concat();
    let chunked = |body: &str| {
        let chunks = body
            .as_bytes()
            .chunks(1000)
            .map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
        [
            b"Transfer-Encoding: chunked\r\n\r\n".to_vec(),
            chunks.collect::<Vec<_>>().concat(),
            b"0\r\n\r\n".to_vec(),
        ]
        .concat()
    };
    let mut left = Vec::new();
    for (name, status, rest) in [
        ("whole", "200 OK", sized(told.len(), told.as_bytes())),
        ("cut", "200 OK", sized(told.len() + 1, told.as_bytes())),
        ("chunked", "200 OK", chunked(&told)),
        ("chunked and cut", "200 OK", chunked(&told)[..40_000].to_vec()),
        ("up to the end of the connection", "200 OK", [b"\r\n", told.as_bytes()].concat()),
        ("refused", "401 Unauthorized", sized(echoed.len(), echoed.as_bytes())),
        ("refused in chunks", "401 Unauthorized", chunked(&echoed)),
    ] {
        let reply = [format!("HTTP/1.1 {status}\r\nConnection: close\r\n").as_bytes(), &rest].concat();
        let script = |reply: Vec<u8>| vec![Step::ReadRequest, Step::Send(reply), Step::Fin];
        let nothing = b"HTTP/1.1 204 Done\r\nConnection: close\r\n\r\n".to_vec();
        let server = FaultServer::scripts(None, vec![script(reply), script(nothing)]);
        let base = format!("{}/timp/", server.url());
        let [.., password, token] =
            count(&program, Path::new(ca_file.path()), "bearer", &base, PASSWORD, TOKEN);
        left.extend((password + token > 0).then(|| format!("{name}: password {password}, token {token}")));
    }
    assert!(left.is_empty(), "{left:#?}");
}

/// The memory of a decompressor cannot be wiped.
#[test]
fn a_login_asks_for_no_compression() {
    let login = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"token\":\"t\"}";
    let server = FaultServer::start(vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, Step::send(login)])]);
    let (base, custom) = (server.url(), [("service", "custom"), ("user", "ada"), ("secret", "sesame")]);
    let me =
        Client::with(&[&custom[..], &[("base_url", &base), ("proxy", "direct")]].concat()).expect(CRUX_OK);
    me.get("x").expect(CRUX_OK);
    let asked: Vec<_> = server.record().heads().iter().map(|head| header(head, "accept-encoding")).collect();
    assert_eq!(asked, [Some("identity".to_owned()), Some("gzip".to_owned())]);
}
