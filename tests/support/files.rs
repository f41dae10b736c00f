//! What tests of downloads share: clients, files, and answers of one connection each.

use std::fs;
use std::path::Path;

use crate::fault::Step;
use crate::support::*;

pub fn anonymous(base: &str) -> Client {
    Client::with(&[("service", "custom"), ("base_url", base), ("proxy", "direct"), ("retry.max", "0")])
}

/// What the sandbox's files consist of.
pub fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}

pub fn read(path: &Path) -> String {
    String::from_utf8(fs::read(path).expect("the file is there")).expect("a test's file is text")
}

pub fn save(client: &Client, path: &str, target: &Path, options: &[(&str, &str)]) -> Response {
    let call = client.call("GET", path);
    for (key, value) in options.iter().chain(&[("save", target.to_str().unwrap())]) {
        assert_eq!(call.set(key, value), CRUX_OK, "{}", call.message());
    }
    call.send()
}

/// One answer on a connection of its own.
pub fn answer(status: &str, headers: &str, body: &str) -> Vec<Step> {
    let lines = ["HTTP/1.1 ", status, "\r\n", headers.trim_end(), "\r\nConnection: close"].concat();
    let head = lines.replace("\r\n\r\n", "\r\n") + "\r\n\r\n";
    vec![Step::ReadRequest, Step::send(format!("{head}{body}")), Step::Fin]
}

/// The first five of ten bytes, with this header besides.
pub fn first_half(headers: &str) -> Vec<Step> {
    answer("200 OK", &format!("Content-Length: 10\r\n{headers}"), "01234")
}
