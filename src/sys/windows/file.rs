//! Files that are this user's alone, and files that one download holds.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::windows::ffi::{OsStrExt, OsStringExt};
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::{AsRawHandle, FromRawHandle};
use std::path::{self, Path};
use std::ptr::null_mut;
use std::thread;
use std::time::{Duration, Instant};

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_LOCK_VIOLATION, ERROR_SHARING_VIOLATION, GENERIC_READ, GENERIC_WRITE,
    INVALID_HANDLE_VALUE,
};
use windows_sys::Win32::Security::SECURITY_ATTRIBUTES;
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, CreateFileW, FILE_ATTRIBUTE_NORMAL, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT,
    FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_TYPE_DISK, GetFileType, READ_CONTROL,
};

use super::access::{Access, Account};
use crate::sys::file::refused;

/// How to make a file private, for a message.
pub const MAKE_PRIVATE: &str = "allow it to your own account only";

/// Others may read, rename and delete a file that is open, but not write it.
const SHARED: u32 = FILE_SHARE_READ | FILE_SHARE_DELETE;
/// Longest path that needs no prefix; a folder must leave room for a file of 12 characters.
const SHORT_PATH: usize = 248;

/// How long a file that others have open is waited for, and how long one that is only looked at.
const PATIENCE: Duration = Duration::from_secs(1);
const LOOK: Duration = Duration::from_millis(200);

/// A path as the system takes it, of any length, with a NUL behind it.
fn wide(path: &Path) -> io::Result<Vec<u16>> {
    let whole = path::absolute(path)?;
    let units: Vec<u16> = whole.as_os_str().encode_wide().collect();
    let text = OsString::from_wide(&units);
    let text = text.to_string_lossy();
    let prefix = match () {
        () if units.len() < SHORT_PATH || text.starts_with(r"\\?\") || text.starts_with(r"\\.\") => "",
        () if text.starts_with(r"\\") => r"\\?\UNC",
        () => r"\\?\",
    };
    let skipped = if prefix.ends_with("UNC") { 1 } else { 0 };
    Ok(prefix.encode_utf16().chain(units[skipped..].iter().copied()).chain([0]).collect())
}

/// Tries again for so long while `passes` says that an error will pass: virus scanners and indexers hold files open
/// for moments, and a file that is being deleted cannot be opened until that is done.
fn patiently<T>(
    limit: Duration,
    passes: fn(&io::Error) -> bool,
    work: impl Fn() -> io::Result<T>,
) -> io::Result<T> {
    let end = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    loop {
        match work() {
            Err(e) if passes(&e) && Instant::now() < end => thread::sleep(pause),
            outcome => return outcome,
        }
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

fn is_in_use(error: &io::Error) -> bool {
    let code = error.raw_os_error().unwrap_or(0) as u32;
    matches!(code, ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION)
}

fn is_denied(error: &io::Error) -> bool {
    error.raw_os_error() == Some(ERROR_ACCESS_DENIED as i32)
}

fn is_either(error: &io::Error) -> bool {
    is_in_use(error) || is_denied(error)
}

/// Refuses pipes and devices, which might wait.
fn on_disk(file: File) -> io::Result<File> {
    // SAFETY: the handle is open.
    match unsafe { GetFileType(file.as_raw_handle()) } {
        FILE_TYPE_DISK => Ok(file),
        _ => Err(refused(ErrorKind::InvalidInput, "it is not a file")),
    }
}

/// Opens what may be anything by now, and only if it is a file: no link is followed.
fn plain(options: &OpenOptions, path: &Path) -> io::Result<File> {
    // The second opens folders too, which are then told from files.
    let flags = FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS;
    let file = on_disk(options.clone().custom_flags(flags).open(path)?)?;
    let kind = file.metadata()?.file_type();
    match () {
        () if kind.is_symlink() => Err(refused(ErrorKind::InvalidInput, "it is a link")),
        () if kind.is_file() => Ok(file),
        () => Err(refused(ErrorKind::InvalidInput, "it is not a file")),
    }
}

/// Opens a file that the caller names, to read.
pub fn open(path: &Path) -> io::Result<File> {
    on_disk(File::open(path)?)
}

/// Opens a file that is believed because it is this user's, to read. Neither a link nor a pipe is opened.
pub fn open_own(path: &Path) -> io::Result<File> {
    let file = patiently(LOOK, is_either, || plain(OpenOptions::new().read(true), path))?;
    match is_mine(&file)? {
        true => Ok(file),
        false => Err(refused(ErrorKind::PermissionDenied, "it belongs to another user")),
    }
}

fn is_mine(file: &File) -> io::Result<bool> {
    Ok(Access::of(file)?.belongs_to(&Account::mine()?))
}

/// Returns true if nobody but its owner, and who administers the system, can read or write it.
pub fn is_private(file: &File) -> io::Result<bool> {
    Ok(Access::of(file)?.is_only_for(&Account::mine()?))
}

/// Makes a new private file, to write. What has its name already is an error, a link as well.
pub fn create_private(path: &Path) -> io::Result<File> {
    let rights = Account::mine()?.alone()?;
    let attributes = SECURITY_ATTRIBUTES {
        nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
        lpSecurityDescriptor: rights.as_descriptor(),
        bInheritHandle: 0,
    };
    let (name, access) = (wide(path)?, GENERIC_READ | GENERIC_WRITE | READ_CONTROL);
    let attributes = &raw const attributes;
    // Given when it is made: a list that is set later may be without effect, and leaves a moment open.
    // SAFETY: the name ends in a NUL; the attributes and what they point to live on.
    let handle = unsafe {
        CreateFileW(name.as_ptr(), access, SHARED, attributes, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, null_mut())
    };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle was just made and has no other owner.
    let file = unsafe { File::from_raw_handle(handle) };
    // On a file system without such lists it cannot be kept from others.
    if !is_private(&file)? {
        drop(file);
        let _ = fs::remove_file(path);
        return Err(refused(ErrorKind::PermissionDenied, "it cannot be kept from other accounts there"));
    }
    Ok(file)
}

/// Opens a file, made if need be, for one holder at a time; `None` if somebody else holds it. One of another
/// user's is replaced by a new one, if that is allowed.
///
/// Being open is the lock: nobody else can open it to write, only to read, to rename or to delete.
pub fn hold(path: &Path) -> io::Result<Option<File>> {
    let make = |path: &Path| {
        OpenOptions::new().read(true).write(true).create_new(true).share_mode(SHARED).open(path)
    };
    hold_as(path, make)
}

/// The same with a file that nobody else can open.
pub fn hold_private(path: &Path) -> io::Result<Option<File>> {
    hold_as(path, create_private)
}

fn hold_as(path: &Path, make: impl Fn(&Path) -> io::Result<File>) -> io::Result<Option<File>> {
    loop {
        let made = patiently(PATIENCE, is_denied, || match make(path) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(None),
            outcome => outcome.map(Some),
        })?;
        if made.is_some() {
            return Ok(made);
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).share_mode(SHARED);
        let file = match patiently(PATIENCE, is_denied, || plain(&options, path)) {
            Ok(file) => file,
            Err(e) if is_in_use(&e) => return Ok(None),
            Err(e) if e.kind() == ErrorKind::NotFound => continue,
            Err(e) => return Err(e),
        };
        if is_mine(&file)? {
            return Ok(Some(file));
        }
        drop(file);
        fs::remove_file(path)
            .map_err(|_| refused(ErrorKind::PermissionDenied, "it belongs to another user"))?;
    }
}

/// Lets go of a file that is held; closing it does.
pub fn release(_file: &File) {}

/// Lets those read the file at `path` who may read `other`, if that is there.
pub fn open_to_same(file: &File, path: &Path, other: &Path) -> io::Result<()> {
    let Ok(other) = OpenOptions::new().access_mode(READ_CONTROL).open(other) else { return Ok(()) };
    let wanted = Access::of(&other)?;
    match wanted.bytes() == Access::of(file)?.bytes() {
        true => Ok(()),
        false => wanted.give_to(&wide(path)?),
    }
}

/// Puts a file in the place of another.
pub fn replace(from: &Path, to: &Path) -> io::Result<()> {
    patiently(PATIENCE, is_either, || fs::rename(from, to))
}

/// Waits until the names in the folder of a file are safe; the file system sees to that here.
pub fn settle(_path: &Path) {}

/// Makes a file what `is_private` is false for.
#[cfg(test)]
pub fn let_others_read(path: &Path) {
    let everyone = super::access::descriptor("D:P(A;;FA;;;WD)").unwrap();
    everyone.give_to(&wide(path).unwrap()).unwrap();
}

/// Makes a file another user's; false if that is not allowed, since only an administrator may.
#[cfg(test)]
pub fn give_away(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::file::tests::{folder, refusal};
    use std::io::Write;
    use std::os::windows::fs::symlink_file;

    #[test]
    fn neither_a_link_nor_a_device_is_believed() {
        let folder = folder("plain");
        let [own, link] = ["own", "link"].map(|name| folder.join(name));
        create_private(&own).unwrap();
        // Links need a privilege, and Wine makes files of them.
        if symlink_file(&own, &link).is_ok()
            && fs::symlink_metadata(&link).is_ok_and(|facts| facts.is_symlink())
        {
            assert_eq!(refusal(open_own(&link)), "it is a link");
            assert!(open(&link).is_ok());
        }
        assert_eq!(refusal(open(Path::new("NUL"))), "it is not a file");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_private_file_stays_private_when_it_is_replaced() {
        let folder = folder("same");
        let [part, target] = ["part", "target"].map(|name| folder.join(name));
        create_private(&target).unwrap();
        let held = hold(&part).unwrap().unwrap();
        // The folder hands down that others may read.
        assert!(!is_private(&held).unwrap());
        open_to_same(&held, &part, &target).unwrap();
        assert!(is_private(&held).unwrap());
        drop(held);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_path_may_be_long_and_in_any_script() {
        let mut place = folder("long");
        let root = place.clone();
        for _ in 0..6 {
            place.push("ж語".repeat(30));
        }
        fs::create_dir_all(&place).unwrap();
        let (one, two) = (place.join("Ä"), place.join("ü"));
        create_private(&one).unwrap().write_all(b"x").unwrap();
        replace(&one, &two).unwrap();
        assert!(is_private(&open_own(&two).unwrap()).unwrap());
        open_to_same(&open(&two).unwrap(), &two, &two).unwrap();
        assert!(wide(&two).unwrap().len() > 300);
        fs::remove_dir_all(root).unwrap();
    }
}
