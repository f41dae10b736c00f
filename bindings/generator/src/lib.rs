//! Writes the low layer of every language from `include/crux.json`: `make bindings`. A test fails if a file of it
//! is stale. A language is a file here that turns the interface into text, and a row of `FILES`.

mod csharp;
mod go;
pub mod interface;
mod java;
mod lua;
mod node;
mod pascal;
mod python;
mod r;
mod ruby;
mod stdcall;
mod vb;

use std::path::{Path, PathBuf};
use std::{fs, io};

use interface::Interface;

/// A file that is made: its place below `bindings/`, and who writes it.
type File = (&'static str, fn(&Interface) -> String);

pub const FILES: &[File] = &[
    ("csharp/src/Interface.g.cs", csharp::text),
    ("go/crux_abi.h", go::header),
    ("go/generated.go", go::text),
    ("java/src/main/java/org/libcrux/ArgumentException.java", |interface| java::error(interface, "argument")),
    ("java/src/main/java/org/libcrux/AuthException.java", |interface| java::error(interface, "auth")),
    ("java/src/main/java/org/libcrux/CancelledException.java", |interface| {
        java::error(interface, "cancelled")
    }),
    ("java/src/main/java/org/libcrux/ConnectException.java", |interface| java::error(interface, "connect")),
    ("java/src/main/java/org/libcrux/Constants.java", java::constants),
    ("java/src/main/java/org/libcrux/Errors.java", java::errors),
    ("java/src/main/java/org/libcrux/FileException.java", |interface| java::error(interface, "file")),
    ("java/src/main/java/org/libcrux/HttpException.java", |interface| java::error(interface, "http")),
    ("java/src/main/java/org/libcrux/InternalException.java", |interface| java::error(interface, "internal")),
    ("java/src/main/java/org/libcrux/IoException.java", |interface| java::error(interface, "io")),
    ("java/src/main/java/org/libcrux/JobException.java", |interface| java::error(interface, "job")),
    ("java/src/main/java/org/libcrux/Low.java", java::text),
    ("java/src/main/java/org/libcrux/Option.java", java::options),
    ("java/src/main/java/org/libcrux/ProtocolException.java", |interface| java::error(interface, "protocol")),
    ("java/src/main/java/org/libcrux/ResolveException.java", |interface| java::error(interface, "resolve")),
    ("java/src/main/java/org/libcrux/TimeoutException.java", |interface| java::error(interface, "timeout")),
    ("java/src/main/java/org/libcrux/TlsException.java", |interface| java::error(interface, "tls")),
    ("java/src/main/java/org/libcrux/TooLargeException.java", |interface| {
        java::error(interface, "too_large")
    }),
    ("java/src/main/java22/org/libcrux/Low.java", java::foreign),
    ("lua/crux/ffi_functions.lua", lua::ffi),
    ("lua/crux/interface.lua", lua::text),
    ("lua/src/crux_api.h", lua::api),
    ("lua/src/crux_functions.h", lua::c),
    ("node/lib/generated.d.ts", node::types),
    ("node/lib/generated.js", node::script),
    ("node/src/crux_table.h", node::table),
    ("pascal/cruxapi.pas", pascal::text),
    ("python/libcrux/_interface.py", python::text),
    ("python/libcrux/errors.py", python::errors),
    ("r/R/interface.R", r::tables),
    ("r/man/crux_errors.Rd", r::errors_page),
    ("r/man/crux_options.Rd", r::options_page),
    ("r/src/crux_api.h", r::header),
    ("ruby/ext/libcrux/functions.c", ruby::functions),
    ("ruby/ext/libcrux/interface.h", ruby::header),
    ("ruby/lib/libcrux/interface.rb", ruby::text),
    ("vb6/crux.bas", vb::vb6),
    ("vb6/crux_std.c", stdcall::thunks),
    ("vb6/crux_std.def", stdcall::definition),
    ("vb6/crux_vba.bas", vb::vba),
];

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
