//! The version that stands by hand beside that of `Cargo.toml`.

use std::fs;

use support::program::project;

/// A file, and how the version stands in it; `@` is the version, in names of files too, `~` without its last number.
const PLACES: &[(&str, &str)] = &[
    ("fuzz/Cargo.lock", "name = \"libcrux\"\nversion = \"@\"\n"),
    ("bindings/go/examples/go.mod", "libcrux.example/crux v@\n"),
    ("bindings/java/README.md", "libcrux-@.jar"),
    ("bindings/java/pom.xml", "<version>@</version>"),
    ("bindings/lua/libcrux-@-1.rockspec", "version = \"@-1\""),
    ("bindings/lua/libcrux-@-1.rockspec", "tag = \"v@\""),
    ("bindings/node/package.json", "\"version\": \"@\""),
    ("bindings/node/package.json", "\"@libcrux/linux-x64\": \"@\""),
    ("bindings/node/package.json", "\"@libcrux/linux-arm64\": \"@\""),
    ("bindings/python/pyproject.toml", "version = \"@\""),
    ("bindings/r/DESCRIPTION", "Version: @\n"),
    ("bindings/r/DESCRIPTION", "libcrux (>= ~)"),
    ("bindings/r/README.md", "libcrux_@.tar.gz"),
];

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn every_version_is_that_of_cargo_toml() {
    let told = |text: &str| {
        let text = text.replace("@libcrux/", "%").replace('@', VERSION).replace('%', "@libcrux/");
        text.replace('~', VERSION.rsplit_once('.').expect("three numbers").0)
    };
    for (file, text) in PLACES {
        let file = told(file);
        let held = fs::read_to_string(project(&file)).unwrap_or_else(|why| panic!("{file}: {why}"));
        assert!(held.contains(&told(text)), "{file} does not say {}", told(text));
    }
}
