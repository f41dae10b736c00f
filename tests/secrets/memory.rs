//! What is left in memory when everything was freed: a C program logs in, ends all, and reads its own
//! memory for the password.

use std::path::{Path, PathBuf};

use serde_json::json;
use support::program::{self, Build};

use sandbox::{Canned, Sandbox};

const ADA: &str = "ada@example.com";
const LOGIN: &str = "/timp/organizations/user-login/";

/// A text as the program wants it: in hexadecimal, each byte turned around, so that the arguments do
/// not hold what is searched for.
fn disguise(text: &str) -> String {
    text.bytes().map(|byte| format!("{:02x}", !byte)).collect()
}

/// Runs the program; how often it found the password and the token while the client lived, and when
/// all was freed.
fn count(
    program: &Path,
    sandbox: &Sandbox,
    mode: &str,
    base: &str,
    password: &str,
    token: &str,
) -> [usize; 4] {
    let (password, token, ca_file) = (disguise(password), disguise(token), sandbox.ca_file());
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
        count(&program, &sandbox, "cookie", &base, "short-8c1d77f2-but-not-too-short", TOKEN);
    assert!(t_before > 0, "the search works: {t_before}");
    assert_eq!(t_after, 0);
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
                count(&program, &sandbox, "bearer", &base, password, token);
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
            let [.., p_after, _] = count(&program, &sandbox, "bearer", &base, password, token);
            assert_eq!(p_after, 0, "password, refusal at {base}");
        }
    }
}
