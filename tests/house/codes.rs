//! One source for the outcome codes: the table of the library, which header and pages repeat.

use std::ptr::null;
use std::{fs, path::Path};

use support::program::project;
use support::{crux_constant, crux_error_at, header, text};

/// Number and name of each outcome, as the C interface gives them.
fn table() -> Vec<(String, i32)> {
    let row = |index| {
        let (mut code, mut name, mut words) = (99, null(), null());
        let there = unsafe { crux_error_at(index, &raw mut code, &raw mut name, &raw mut words) };
        (there == 1).then(|| (text(name).expect("a name"), code))
    };
    (0..).map_while(row).collect()
}

#[test]
fn the_header_defines_the_codes_of_the_table() {
    let defined: Vec<_> = header::constants(&header::text())
        .into_iter()
        .filter(|(name, _)| name.starts_with("CRUX_ERR_") || name == "CRUX_OK" || name == "CRUX_PENDING")
        .collect();
    assert!(defined.len() > 14);
    assert_eq!(defined, table());
    for (name, code) in table() {
        assert_eq!(unsafe { crux_constant(support::c(&name).as_ptr(), -99) }, code, "{name}");
    }
}

#[test]
fn pages_and_examples_name_only_constants_that_exist() {
    let known: Vec<String> = header::constants(&header::text()).into_iter().map(|(name, _)| name).collect();
    let mut looked = 0;
    let mut look = |path: &Path| {
        let page = fs::read_to_string(path).unwrap();
        for word in page.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
            if ["CRUX_ERR_", "CRUX_JSON_", "CRUX_LOG_"]
                .iter()
                .any(|group| word.len() > group.len() && word.starts_with(group))
            {
                assert!(known.iter().any(|name| name == word), "{}: there is no {word}", path.display());
                looked += 1;
            }
        }
    };
    look(&project("README.md"));
    for folder in ["docs", "examples-c"] {
        for entry in fs::read_dir(project(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| ["md", "c", "h"].iter().any(|known| end == *known)) {
                look(&path);
            }
        }
    }
    assert!(looked > 10, "only {looked} constants were found");
}
