//! Files that are this user's alone, and files that one download holds: what they are on every system.

use std::io::{self, ErrorKind};

pub use super::os::file::{
    MAKE_PRIVATE, create_private, hold, hold_private, is_private, open, open_own, open_to_same, release,
    replace, settle,
};
#[cfg(test)]
pub use super::os::file::{give_away, let_others_read};

/// A refusal in words that follow a colon.
pub(super) fn refused(kind: ErrorKind, why: &str) -> io::Error {
    io::Error::new(kind, why)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::error::in_words;
    use std::fs::{self, File};
    use std::io::Write;
    use std::path::PathBuf;

    pub fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("crux-file-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    pub fn refusal(outcome: io::Result<File>) -> String {
        in_words(&outcome.expect_err("it was believed"))
    }

    #[test]
    fn only_a_file_of_ones_own_is_believed() {
        let folder = folder("own");
        let own = folder.join("own");
        create_private(&own).unwrap().write_all(b"x").unwrap();
        assert!(is_private(&open_own(&own).unwrap()).unwrap());
        assert_eq!(create_private(&own).unwrap_err().kind(), ErrorKind::AlreadyExists);
        let_others_read(&own);
        assert!(!is_private(&open_own(&own).unwrap()).unwrap());
        assert_eq!(refusal(open_own(&folder)), "it is not a file");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn one_holds_it_at_a_time() {
        let folder = folder("held");
        let file = folder.join("file");
        let first = hold(&file).unwrap().unwrap();
        assert!(hold(&file).unwrap().is_none() && hold_private(&file).unwrap().is_none());
        release(&first);
        drop(first);
        let mut second = hold(&file).unwrap().unwrap();
        second.write_all(b"x").unwrap();
        // Finished: whoever comes now begins another.
        replace(&file, &folder.join("target")).unwrap();
        let third = hold_private(&file).unwrap().unwrap();
        assert_eq!((second.metadata().unwrap().len(), third.metadata().unwrap().len()), (1, 0));
        drop((second, third));
        fs::remove_dir_all(folder).unwrap();
    }
}
