//! The exchanges that meet faults: each is a few calls of the C interface, and what must be true of each result.

use std::fs;
use std::sync::atomic::Ordering::SeqCst;

use support::*;

use crate::bench::{PATIENT, Turn};
use crate::reader;
use crate::site::{FILE_SIZE, PASSWORD, TOKEN, USER, file};

/// A row of the table.
pub struct Exchange {
    pub name: &'static str,
    pub options: &'static [(&'static str, &'static str)],
    /// How long it may wait on its own account.
    pub waits_ms: u64,
    pub prepare: fn(&mut Turn),
    pub run: fn(&mut Turn),
    /// After the client has asked for something else.
    pub afterwards: fn(&mut Turn),
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const READY: &[(&str, &str)] = &[("token", TOKEN)];
const LOGIN: &[(&str, &str)] =
    &[("login.path", "login"), ("login.when", "first_use"), ("user", USER), ("secret", PASSWORD)];
const RETRIED: &[(&str, &str)] = &[("token", TOKEN), ("retry.max", "2"), ("retry.max_wait_ms", "20")];
const JOB: &[(&str, &str)] = &[
    ("token", TOKEN),
    ("job.status_pointer", "/status"),
    ("job.percent_pointer", "/percent"),
    ("job.done", "done"),
    ("job.failed", "failed"),
];
const JOB_MS: u64 = 2500;

const fn row(name: &'static str, options: &'static [(&str, &str)], run: fn(&mut Turn)) -> Exchange {
    Exchange { name, options, waits_ms: 0, prepare: |_| {}, run, afterwards: |_| {} }
}

pub static EXCHANGES: [Exchange; 12] = [
    row("login", LOGIN, |turn| get(turn, "json")),
    row("json", READY, |turn| get(turn, "json")),
    Exchange { waits_ms: 2000, ..row("retried", RETRIED, |turn| get(turn, "json")) },
    row("gzip", READY, |turn| get(turn, "gzip")),
    row("chunked", READY, |turn| get(turn, "chunked")),
    row("until-close", READY, |turn| get(turn, "close")),
    row("upload", RETRIED, upload),
    Exchange { afterwards: whole_at_last, ..row("download", READY, |turn| download(turn, true)) },
    Exchange {
        prepare: half,
        afterwards: whole_at_last,
        ..row("resume", READY, |turn| download(turn, false))
    },
    Exchange { waits_ms: JOB_MS, ..row("job", JOB, job) },
    row("pages", READY, pages),
    row("stream", READY, stream),
];

fn get(turn: &mut Turn, path: &str) {
    turn.take(&turn.client.get(path));
}

fn upload(turn: &mut Turn) {
    let source = turn.bench.folder.file("source.bin", &file());
    turn.take(&turn.client.upload(Some("upload"), Some("file"), &source, None));
}

fn job(turn: &mut Turn) {
    let accepted = turn.client.request("POST", "export", Some("{}"));
    if turn.take(&accepted) {
        turn.take(&turn.client.wait_for_job(&accepted, JOB_MS as i32));
    }
}

fn pages(turn: &mut Turn) {
    let mut page = turn.client.get("pages");
    // A bit that has turned one link into another one could lead in circles.
    for _ in 0..5 {
        if !turn.take(&page) {
            break;
        }
        match turn.client.next_page(&page) {
            Some(next) => page = next,
            None => break,
        }
    }
}

fn stream(turn: &mut Turn) {
    let call = turn.client.call("GET", "json");
    assert_eq!(call.set("stream", "1"), CRUX_OK);
    let response = call.start();
    let (mut all, mut buffer) = (Vec::new(), [0; 100]);
    loop {
        if response.wait(20_000) != 1 {
            return turn.require(false, "a started stream does not go on");
        }
        match response.read(&mut buffer) {
            -2 => {}
            amount if amount > 0 => all.extend_from_slice(&buffer[..amount as usize]),
            end => {
                turn.require(
                    (end == 0) == (response.code() == CRUX_OK),
                    "the end of a stream is not its outcome",
                );
                break;
            }
        }
    }
    turn.judge(&response, &all);
}

/// SHA-256 of the file of the site.
const DIGEST: &str = "b756215929184216a35d6cde2b8589b0f4468db75379a286ecf530ac4493c688";

fn download(turn: &mut Turn, with_digest: bool) {
    let target = turn.bench.target();
    let before = fs::read(target.with_extension("bin.part")).unwrap_or_default();
    let digest: &[_] = if with_digest { &[("sha256", DIGEST)] } else { &[] };
    let response = files::save(turn.client, "file", &target, digest);
    let is_ok = turn.outcome(&response);
    turn.require(
        target.exists() == is_ok,
        "a file that is not whole has the final name, or a whole one has not",
    );
    if !is_ok {
        return;
    }
    let found = fs::read(&target).unwrap_or_default();
    match reader::read(&turn.bench.origin.plan().last()) {
        _ if with_digest => turn.require(found == file(), "another file than the digest's"),
        Some(sent) if sent.status == 206 => {
            turn.require(found == [before, sent.body].concat(), "other bytes than were sent");
            turn.require(found.len() == FILE_SIZE, "another length than the file's");
        }
        Some(sent) => turn.require(found == sent.body, "other bytes than were sent"),
        None => turn.require(false, "taken for complete, and is not"),
    }
    turn.note_as_sent();
}

/// A first attempt gets half of the file.
fn half(turn: &mut Turn) {
    turn.bench.site.halve.store(true, SeqCst);
    let response = files::save(turn.client, "file", &turn.bench.target(), &PATIENT);
    let kept = fs::metadata(turn.bench.target().with_extension("bin.part")).map_or(0, |facts| facts.len());
    let is_half = response.code() == CRUX_ERR_IO && kept == FILE_SIZE as u64 / 2;
    turn.require(is_half, &format!("a part of {kept} bytes is kept: {}", response.message()));
}

/// Whatever an attempt has left, the next one brings the file.
fn whole_at_last(turn: &mut Turn) {
    let target = turn.bench.target();
    let _ = fs::remove_file(&target);
    let options = [&PATIENT[..], &[("sha256", DIGEST)]].concat();
    let response = files::save(turn.client, "file", &target, &options);
    let right = response.code() == CRUX_OK && fs::read(&target).is_ok_and(|found| found == file());
    turn.require(right, &format!("the next download fails: {}", response.message()));
}
