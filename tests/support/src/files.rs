//! Files and folders that go with their test, and what tests of downloads share.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use sandbox::fault::Step;

use crate::interface::*;
use crate::library::c_interface::CRUX_OK;

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

/// One response on a connection of its own.
pub fn reply(status: &str, headers: &str, body: &str) -> Vec<Step> {
    let lines = ["HTTP/1.1 ", status, "\r\n", headers.trim_end(), "\r\nConnection: close"].concat();
    let head = lines.replace("\r\n\r\n", "\r\n") + "\r\n\r\n";
    vec![Step::ReadRequest, Step::send(format!("{head}{body}")), Step::Fin]
}

/// The first five of ten bytes, with this header besides.
pub fn first_half(headers: &str) -> Vec<Step> {
    reply("200 OK", &format!("Content-Length: 10\r\n{headers}"), "01234")
}

/// A folder that goes with its test.
pub struct Folder(PathBuf);

impl Default for Folder {
    fn default() -> Folder {
        Folder::new()
    }
}

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("libcrux-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder of one's own");
        Folder(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A file in it with this content.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("to write a file");
        path
    }

    /// What is in it, in order.
    pub fn names(&self) -> Vec<String> {
        let all = fs::read_dir(&self.0).expect("the folder");
        let mut names: Vec<_> = all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file that goes with its owner.
pub struct TempFile(PathBuf);

impl TempFile {
    pub fn new(content: &str) -> TempFile {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("libcrux-test-{}-{number}", std::process::id()));
        fs::write(&path, content).expect("to write a temporary file");
        TempFile(path)
    }

    pub fn path(&self) -> &str {
        self.0.to_str().expect("a path in UTF-8")
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
