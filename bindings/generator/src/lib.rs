//! Writes the low layer of every language from `include/crux.json`: `make bindings`. A test fails if a file of it
//! is stale. A language is a file here that turns the interface into text, and a row of `FILES`.

mod csharp;
pub mod interface;

use std::path::{Path, PathBuf};
use std::{fs, io};

use interface::Interface;

/// What is made: its place below `bindings/`, and who writes it.
pub const FILES: &[(&str, fn(&Interface) -> String)] = &[("csharp/src/Interface.g.cs", csharp::text)];

/// The folder `bindings/`.
fn bindings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the generator lies in bindings/").to_path_buf()
}

pub fn interface() -> io::Result<Interface> {
    let file = bindings().join("../include/crux.json");
    Ok(serde_json::from_slice(&fs::read(file)?)?)
}

/// Writes every file that is stale, and names it.
pub fn write() -> io::Result<Vec<&'static str>> {
    let interface = interface()?;
    let stale = FILES.iter().filter(|(place, text)| !is_fresh(place, &text(&interface)));
    stale
        .map(|(place, text)| {
            let file = bindings().join(place);
            fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
            fs::write(file, text(&interface))?;
            Ok(*place)
        })
        .collect()
}

fn is_fresh(place: &str, text: &str) -> bool {
    fs::read_to_string(bindings().join(place)).is_ok_and(|there| there == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_is_stale() {
        let interface = interface().unwrap();
        for (place, text) in FILES {
            assert!(is_fresh(place, &text(&interface)), "bindings/{place} is stale: make bindings");
        }
    }
}
