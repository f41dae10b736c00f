//! What is left in memory when everything was freed: a C program logs in, ends all, and reads its own
//! memory for the password.

use std::path::Path;

use serde_json::json;
use support::program::{self, Build};

use sandbox::{Answer, Sandbox};

const ADA: &str = "ada@example.com";
const LOGIN: &str = "/timp/organizations/user-login/";

/// A text as the program wants it: in hexadecimal, each byte turned around, so that the arguments do
/// not hold what is searched for.
fn disguise(text: &str) -> String {
    text.bytes().map(|byte| format!("{:02x}", !byte)).collect()
}

/// Runs the program; how often it found the password and the token while the client lived, and when
/// all was freed.
fn count(program: &Path, sandbox: &Sandbox, base: &str, password: &str, token: &str) -> [usize; 4] {
    let words = [base, sandbox.ca_file().to_str().unwrap(), ADA, &disguise(password), &disguise(token)];
    let text = program::run(program, &words, &[]).expect(0).out;
    let numbers: Vec<usize> = text.split_whitespace().map(|word| word.parse().unwrap()).collect();
    numbers.try_into().unwrap()
}

#[test]
fn nothing_secret_is_left_in_freed_memory() {
    let build = Build::c("c99").flags(&["-D_GNU_SOURCE", "-O1"]);
    let source = program::project("tests/secrets/memory.c");
    let program = build.build(&program::scratch("bin").join("memory"), &[source]);
    let sandbox = Sandbox::start();
    let token = "tkn-5b1f0c9d7e3a4826-f00dfeed8badcafe";
    // One that fits into any buffer, and one that makes buffers grow and needs escapes.
    let long = format!("long\"\\ {} end", (0..40).map(|n| format!("{n:x}-word\t")).collect::<String>());
    for password in ["short-8c1d77f2-but-not-too-short", &long] {
        for origin in [sandbox.http(), sandbox.https()] {
            let base = format!("{origin}/timp/");
            sandbox.forget_answers();
            sandbox.answer("POST", LOGIN, Answer::json(200, &json!({ "auth_token": token })));
            sandbox.answer("POST", "/timp/x/", Answer::status(204));
            let [p_before, t_before, p_after, t_after] = count(&program, &sandbox, &base, password, token);
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
            sandbox.forget_answers();
            sandbox.answer("POST", LOGIN, Answer::json(401, &echo));
            let [.., p_after, _] = count(&program, &sandbox, &base, password, token);
            assert_eq!(p_after, 0, "password, refusal at {base}");
        }
    }
}
