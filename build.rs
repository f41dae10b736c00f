//! Makes the header, chapter by chapter, and gives the shared library its name.

#[path = "build/description.rs"]
mod description;

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Source file and title of each chapter, in the order of the book.
const CHAPTERS: &[(&str, &str)] = &[
    ("simple", "The simple path"),
    ("facts", "Facts about a response"),
    ("json", "JSON"),
    ("options", "Options"),
    ("session", "The session"),
    ("call", "A call in detail"),
    ("body", "What a call sends"),
    ("send", "A call under way"),
    ("flow", "Flows: jobs, pages, files"),
    ("library", "About the library"),
];

/// Types that no function of their own file names.
const TYPES: [&str; 10] = [
    "crux_client",
    "crux_options",
    "crux_call",
    "crux_response",
    "crux_log_fn",
    "crux_tick_fn",
    "crux_release_fn",
    "crux_read_fn",
    "crux_json_fn",
    "crux_token_fn",
];

const OPENING: &str = include_str!("src/ffi/crux.h.in");

fn main() {
    println!("cargo::rerun-if-changed=src/ffi");
    println!("cargo::rerun-if-changed=build");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let header = header();
    fs::write(out.join("crux.json.part"), description::of(&header)).expect("OUT_DIR can be written");
    fs::write(out.join("crux.h"), header).expect("OUT_DIR can be written");
    let unix = env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family.contains("unix"));
    let apple = env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|vendor| vendor == "apple");
    if unix && !apple {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libcrux.so.0");
        // Threads and exit handlers of ours may outlive a dlclose.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
        name_beside(&out);
    }
}

/// A program linked against the library looks for its SONAME, which cargo does not make.
fn name_beside(out: &Path) {
    #[cfg(unix)]
    for folder in
        out.ancestors().nth(3).into_iter().flat_map(|profile| [profile.to_owned(), profile.join("deps")])
    {
        // There from an earlier build, or a target folder of another shape: both are fine.
        let _ = std::os::unix::fs::symlink("libcrux.so", folder.join("libcrux.so.0"));
    }
}

fn header() -> String {
    let mut text = OPENING.to_owned();
    let functions = [cbindgen::ItemType::Functions];
    let others =
        [cbindgen::ItemType::Constants, cbindgen::ItemType::OpaqueItems, cbindgen::ItemType::Typedefs];
    text += "/* The version of this header. */\n";
    for part in ["MAJOR", "MINOR", "PATCH"] {
        let number = env::var(format!("CARGO_PKG_VERSION_{part}")).expect("cargo sets the version");
        text += &format!("#define CRUX_VERSION_{part} {number}\n\n");
    }
    text += &generate("types", &others);
    for (file, title) in CHAPTERS {
        text += &format!("\n/* {} {title} {} */\n\n", "=".repeat(8), "=".repeat(66 - title.len()));
        text += &generate(file, &functions);
    }
    text += "\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* CRUX_H */\n";
    text
}

fn generate(file: &str, items: &[cbindgen::ItemType]) -> String {
    let config = cbindgen::Config {
        language: cbindgen::Language::C,
        no_includes: true,
        usize_is_size_t: true,
        documentation_style: cbindgen::DocumentationStyle::C,
        style: cbindgen::Style::Type,
        line_length: 100,
        export: cbindgen::ExportConfig {
            item_types: items.to_vec(),
            include: TYPES.map(str::to_owned).to_vec(),
            ..Default::default()
        },
        ..Default::default()
    };
    let source = Path::new("src/ffi").join(file).with_extension("rs");
    let bindings = cbindgen::Builder::new()
        .with_src(&source)
        .with_config(config)
        .generate()
        .unwrap_or_else(|why| panic!("{}: {why}", source.display()));
    let mut bytes = Vec::new();
    bindings.write(&mut bytes);
    let text = String::from_utf8(bytes).expect("the sources are UTF-8");
    tidy(&text)
}

/// Leaves out what Rust wants to know about safety, which the parameters say, and makes comments of
/// one line one line.
fn tidy(text: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    let mut skipping = false;
    for line in text.lines() {
        let ends = line.trim() == "*/";
        skipping = (skipping || line.trim() == "# Safety") && !ends;
        if skipping {
            continue;
        }
        if ends {
            while kept.last().is_some_and(|last| last.trim().is_empty()) {
                kept.pop();
            }
            if kept.len() >= 2 && kept[kept.len() - 2] == "/*" {
                let only = kept.pop().unwrap_or_default();
                kept.pop();
                kept.push(format!("/* {} */", only.trim()));
                continue;
            }
        }
        // A negative constant must stay one operand wherever it is put.
        match line.rsplit_once(' ') {
            Some((define, number)) if define.starts_with("#define") && number.starts_with('-') => {
                kept.push(format!("{define} ({number})"));
            }
            _ => kept.push(line.trim_end().to_owned()),
        }
    }
    kept.join("\n").trim().to_owned() + "\n"
}
