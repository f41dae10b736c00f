//! A screen in memory, and the desktop example on it.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use support::program::{command, compile, project};

/// A program that does not end is ended.
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of a script.
#[derive(Debug)]
pub struct Seen {
    /// Each sentence that the window showed.
    pub lines: Vec<String>,
    /// How late the main loop was at worst.
    pub latency_ms: u64,
    pub took: Duration,
}

/// An X server of our own; it ends when it is dropped.
pub struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    /// One for each window, so that tests side by side do not cover each other.
    pub fn get() -> Screen {
        // The server takes a free number and writes it to its standard output.
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"]);
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut server = started.expect("Xvfb is needed for the desktop example");
        let mut display = String::from(":");
        let mut byte = [0];
        let out = server.stdout.as_mut().unwrap();
        while matches!(out.read(&mut byte), Ok(1)) && byte[0] != b'\n' {
            display.push(byte[0].into());
        }
        assert!(display.len() > 1, "Xvfb did not start");
        Screen { server, display }
    }

    /// Runs the example with a script, which is kept in the folder.
    pub fn drive(&self, folder: &Path, script: &str) -> Seen {
        // One at a time: they measure how responsive they are.
        static ALONE: Mutex<()> = Mutex::new(());
        let program = compile(&project("examples-c/desktop.c"));
        let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let file = folder.join("script");
        fs::write(&file, script).unwrap();
        let environment = [
            ("DISPLAY", self.display.as_str()),
            ("GDK_BACKEND", "x11"),
            // Neither the tester's settings nor a service of the session that is not there.
            ("GSETTINGS_BACKEND", "memory"),
            ("GTK_THEME", "Adwaita"),
            ("NO_AT_BRIDGE", "1"),
            ("LC_ALL", "C.UTF-8"),
        ];
        let mut command = command(&program, &["--script", file.to_str().unwrap()], &environment);
        let began = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while child.try_wait().unwrap().is_none() {
            if began.elapsed() > PATIENCE {
                let _ = child.kill();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let took = began.elapsed();
        let ended = child.wait_with_output().unwrap();
        let out = String::from_utf8(ended.stdout).unwrap();
        let err = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{:?}\n{out}{err}", ended.status);
        assert!(!err.contains("CRITICAL"), "GTK complains:\n{err}{out}");
        let mut lines: Vec<_> = out.lines().map(str::to_owned).collect();
        let last = lines.pop().unwrap_or_default();
        let latency = last.strip_prefix("latency_ms ").and_then(|ms| ms.parse().ok());
        Seen { latency_ms: latency.unwrap_or_else(|| panic!("no latency at the end:\n{out}")), lines, took }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
