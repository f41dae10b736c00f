//! Where tests find the project, and where they make things.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.expect("the kit stands in tests/support").join(path)
}

/// A folder for what the tests of this binary make.
pub fn scratch(name: &str) -> PathBuf {
    let exe = env::current_exe().expect("a path of this program");
    let target = exe.ancestors().nth(3).expect("target/PROFILE/deps/PROGRAM");
    let folder = target.join("tmp").join(exe.file_stem().expect("a name")).join(name);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// The same, with nothing in it that an earlier run has left.
pub fn fresh(name: &str) -> PathBuf {
    fs::remove_dir_all(scratch(name)).expect("the folder can be emptied");
    scratch(name)
}
