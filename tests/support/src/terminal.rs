//! A terminal for programs that want one: a pseudo-terminal, as a person's screen and keyboard.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::program;

pub struct Terminal {
    person: File,
    /// Kept open, so that the terminal outlives the programs on it.
    program: File,
    seen: Vec<u8>,
}

impl Terminal {
    pub fn open() -> Terminal {
        let (mut person, mut program) = (-1, -1);
        let null = std::ptr::null_mut();
        let made =
            unsafe { libc::openpty(&raw mut person, &raw mut program, null, null.cast(), null.cast()) };
        assert_eq!(made, 0, "a pseudo-terminal can be made");
        for end in [person, program] {
            // No other program that a test starts shall hold an end.
            unsafe { libc::fcntl(end, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
        // Nothing is waited for: `read_until` asks again.
        unsafe { libc::fcntl(person, libc::F_SETFL, libc::O_NONBLOCK) };
        let file = |end| unsafe { File::from_raw_fd(end) };
        Terminal { person: file(person), program: file(program), seen: Vec::new() }
    }

    /// Starts a program whose controlling terminal this is; its standard streams are elsewhere.
    pub fn start(&mut self, program: &Path, words: &[&str]) -> Child {
        let mut command = program::command(program, words, &[]);
        let end = self.program.as_raw_fd();
        unsafe {
            // After the setsid of `command`.
            command.pre_exec(move || match libc::ioctl(end, libc::TIOCSCTTY, 0) {
                0 => Ok(()),
                _ => Err(std::io::Error::last_os_error()),
            });
        }
        self.seen.clear();
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// What is shown from here to the first such text, it included.
    pub fn read_until(&mut self, text: &str) -> String {
        for _ in 0..2000 {
            self.read();
            let shown = String::from_utf8_lossy(&self.seen).into_owned();
            if let Some(at) = shown.find(text) {
                self.seen.drain(..at + text.len());
                return shown[..at + text.len()].to_owned();
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("{text:?} was not shown, but {:?}", String::from_utf8_lossy(&self.seen));
    }

    /// What was shown since.
    pub fn rest(&mut self) -> String {
        self.read();
        String::from_utf8_lossy(&std::mem::take(&mut self.seen)).into_owned()
    }

    fn read(&mut self) {
        let mut piece = [0; 1024];
        while let Ok(count @ 1..) = self.person.read(&mut piece) {
            self.seen.extend(&piece[..count]);
        }
    }

    pub fn type_in(&mut self, keys: &str) {
        self.person.write_all(keys.as_bytes()).unwrap();
    }

    pub fn has_echo(&self) -> bool {
        let mut state = std::mem::MaybeUninit::uninit();
        assert_eq!(unsafe { libc::tcgetattr(self.program.as_raw_fd(), state.as_mut_ptr()) }, 0);
        unsafe { state.assume_init() }.c_lflag & libc::ECHO != 0
    }
}
