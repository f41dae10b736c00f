//! Files that are this user's alone, and files that one download holds.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::above_standard;
use crate::sys::file::refused;

/// How to make a file private, for a message.
pub const MAKE_PRIVATE: &str = "give it mode 0600";
/// How often a name is looked at until it stays with one file; there are file systems where it never does.
const MOST_LOOKS: u32 = 100;

fn opened(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    above_standard(options.open(path)?)
}

/// Opens what may be anything by now, and only if it is a file: no link is followed, no pipe waited for.
fn plain(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let file = opened(options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK), path);
    let file = file.map_err(|e| match e.raw_os_error() {
        // The second is what some systems say of a link.
        Some(libc::ELOOP | libc::EMLINK) => refused(ErrorKind::InvalidInput, "it is a link"),
        _ => e,
    })?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(refused(ErrorKind::InvalidInput, "it is not a file")),
    }
}

/// Opens a file that the caller names, to read.
pub fn open(path: &Path) -> io::Result<File> {
    opened(OpenOptions::new().read(true), path)
}

/// Opens a file that is believed because it is this user's, to read. Neither a link nor a pipe is opened.
pub fn open_own(path: &Path) -> io::Result<File> {
    let file = plain(OpenOptions::new().read(true), path)?;
    match is_mine(&file)? {
        true => Ok(file),
        false => Err(refused(ErrorKind::PermissionDenied, "it belongs to another user")),
    }
}

fn is_mine(file: &File) -> io::Result<bool> {
    // SAFETY: takes no arguments and cannot fail.
    Ok(file.metadata()?.uid() == unsafe { libc::geteuid() })
}

/// Returns true if nobody but its owner, and who administers the system, can read or write it.
pub fn is_private(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.mode() & 0o077 == 0)
}

/// Makes a new private file, to write. What has its name already is an error, a link as well.
pub fn create_private(path: &Path) -> io::Result<File> {
    opened(OpenOptions::new().write(true).create_new(true).mode(0o600), path)
}

/// Opens a file, made if need be, for one holder at a time; `None` if somebody else holds it. One of another
/// user's is replaced by a new one, if that is allowed.
pub fn hold(path: &Path) -> io::Result<Option<File>> {
    hold_as(path, 0o666)
}

/// The same with a file that nobody else can open.
pub fn hold_private(path: &Path) -> io::Result<Option<File>> {
    hold_as(path, 0o600)
}

fn hold_as(path: &Path, mode: u32) -> io::Result<Option<File>> {
    for _ in 0..MOST_LOOKS {
        let mut options = OpenOptions::new();
        options.read(true).write(true).mode(mode);
        let (file, made) = match opened(options.clone().create_new(true), path) {
            Ok(file) => (file, true),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => match plain(&mut options, path) {
                Err(e) if e.kind() == ErrorKind::NotFound => continue,
                outcome => (outcome?, false),
            },
            Err(e) => return Err(e),
        };
        match file.try_lock() {
            // Between the two its holder may have finished, and what was opened bears another name.
            Ok(()) if !is_at(path, &file)? => continue,
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            // A file system without locks: two downloads of one name are the caller's affair.
            Err(TryLockError::Error(_)) => {}
        }
        // Where the system shows another owner for all files, those that were just made are ours all the same.
        if made || is_mine(&file)? {
            return Ok(Some(file));
        }
        fs::remove_file(path)
            .map_err(|_| refused(ErrorKind::PermissionDenied, "it belongs to another user"))?;
    }
    Err(refused(ErrorKind::Other, "another file bears its name at each look"))
}

/// Lets go of a file that is held. By hand: a process that was forked meanwhile has it open too.
pub fn release(file: &File) {
    let _ = file.unlock();
}

/// Returns true if a path names this file.
fn is_at(path: &Path, file: &File) -> io::Result<bool> {
    let open = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(named) => Ok((named.dev(), named.ino()) == (open.dev(), open.ino())),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

/// Lets those read the file at `path` who may read `other`, if that is there.
pub fn open_to_same(file: &File, _path: &Path, other: &Path) -> io::Result<()> {
    match fs::metadata(other) {
        // Its owner must be able to go on with it.
        Ok(facts) => file.set_permissions(fs::Permissions::from_mode(facts.mode() | 0o600)),
        Err(_) => Ok(()),
    }
}

/// Puts a file in the place of another.
pub fn replace(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Waits until the names in the folder of a file are safe; not every file system can be asked.
pub fn settle(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Makes a file what `is_private` is false for.
#[cfg(test)]
pub fn let_others_read(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o640)).unwrap();
}

/// Makes a file another user's; false if that is not allowed, since only an administrator may.
#[cfg(test)]
pub fn give_away(path: &Path) -> bool {
    std::os::unix::fs::chown(path, Some(1), None).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::in_words;
    use crate::sys::file::tests::{folder, refusal};
    use std::io::Write;
    use std::os::unix::fs::symlink;

    #[test]
    fn neither_a_link_nor_a_pipe_is_believed() {
        let folder = folder("plain");
        let [own, link, pipe] = ["own", "link", "pipe"].map(|name| folder.join(name));
        create_private(&own).unwrap();
        symlink(&own, &link).unwrap();
        assert_eq!(refusal(open_own(&link)), "it is a link");
        assert!(open(&link).is_ok());
        symlink("/dev/zero", folder.join("zero")).unwrap();
        assert_eq!(refusal(open_own(&folder.join("zero"))), "it is a link");
        let name = std::ffi::CString::new(pipe.to_str().unwrap()).unwrap();
        // SAFETY: the name ends in a NUL.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        assert_eq!(refusal(open_own(&pipe)), "it is not a file");
        assert_eq!(in_words(&hold(&pipe).unwrap_err()), "it is not a file");
        assert_eq!(in_words(&hold(&link).unwrap_err()), "it is a link");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_of_another_user_is_not_believed() {
        let folder = folder("foreign");
        let file = folder.join("file");
        create_private(&file).unwrap().write_all(b"theirs").unwrap();
        if !give_away(&file) {
            return;
        }
        assert_eq!(refusal(open_own(&file)), "it belongs to another user");
        let held = hold(&file).unwrap().unwrap();
        assert!(is_mine(&held).unwrap() && is_at(&file, &held).unwrap());
        assert_eq!(held.metadata().unwrap().len(), 0);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn who_holds_it_holds_what_bears_the_name() {
        let folder = folder("named");
        let file = folder.join("file");
        let first = hold(&file).unwrap().unwrap();
        replace(&file, &folder.join("target")).unwrap();
        let second = hold(&file).unwrap().unwrap();
        assert!(is_at(&file, &second).unwrap() && !is_at(&file, &first).unwrap());
        fs::remove_dir_all(folder).unwrap();
    }
}
