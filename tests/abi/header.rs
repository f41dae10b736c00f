//! `include/crux.h`: made from the sources, clean in every dialect, fully documented, easy to bind.

use std::{env, fs};

use support::header::{self, Function};
use support::program::{self, Build};

/// Compares a checked-in file with what it is made from; with `CRUX_REWRITE` set, writes it.
#[track_caller]
pub fn compare(file: &str, made: &str, command: &str) {
    let path = program::project(file);
    if env::var_os("CRUX_REWRITE").is_some() {
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder can be made");
        fs::write(&path, made).expect("it can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    if let Some((number, (kept, made))) =
        kept.lines().zip(made.lines()).enumerate().find(|(_, (kept, made))| kept != made)
    {
        panic!("{file}:{}: has {kept:?}, the sources say {made:?}; run `{command}`", number + 1);
    }
    assert!(kept == made, "{file} and the sources differ in length; run `{command}`");
}

#[test]
fn the_header_is_what_the_sources_say() {
    compare("include/crux.h", include_str!(concat!(env!("OUT_DIR"), "/crux.h")), "make header");
}

#[test]
fn the_reference_of_options_is_what_the_table_says() {
    compare("docs/options.md", &support::library::reference_page(), "make docs");
}

/// A source that uses every function and every constant; with another `unit` it links with itself.
fn source(unit: &str, functions: &[Function], constants: &[(String, i32)]) -> String {
    let mut text = String::from("#include <crux.h>\n#include <crux.h>\n\ntypedef void (*function)(void);\n");
    text += &format!("extern const function {unit}_functions[];\nconst function {unit}_functions[] = {{\n");
    functions.iter().for_each(|function| text += &format!("    (function) {},\n", function.name));
    text += &format!("    0\n}};\n\nint {unit}(void);\nint {unit}(void)\n{{\n");
    text += &format!("    int i;\n    for (i = 0; i < {}; i++)\n", functions.len());
    text += &format!("        if (!{unit}_functions[i]) return 1;\n");
    for (name, number) in constants {
        text += &format!("    if (crux_constant(\"{name}\", -99) != {name}) return 2;\n");
        text += &format!("    if ({name} - 1 != {}) return 3;\n", number - 1);
    }
    text + "    return crux_constant(\"CRUX_NONE\", -99) == -99 ? 0 : 4;\n}\n"
}

const MAIN: &str = "int one(void);\nint two(void);\n\
                    int main(void) { int failed = one(); return failed ? failed : two() * 10; }\n";

#[track_caller]
fn compiles(compiler: &str, standards: &[&str], extension: &str, more: &[&str]) {
    let (functions, constants) = (header::functions(&header::text()), header::constants(&header::text()));
    let folder = program::fresh(&format!("header-{}-{extension}", compiler.replace('/', "_")));
    let texts =
        [("one", source("one", &functions, &constants)), ("two", source("two", &functions, &constants))];
    let mut sources = vec![folder.join("main").with_extension(extension)];
    fs::write(&sources[0], MAIN).unwrap();
    for (name, text) in texts {
        let path = folder.join(name).with_extension(extension);
        fs::write(&path, text).unwrap();
        sources.push(path);
    }
    for standard in standards {
        let program = folder.join("program");
        // A cast between function types is what the table of functions is made of.
        let flags = ["-pedantic", "-Wundef", "-Wshadow", "-Wno-cast-function-type"];
        Build::by(compiler, standard).flags(&flags).flags(more).build(&program, &sources);
        program::run_quietly(&program, &[]);
    }
}

#[test]
fn every_dialect_of_c_takes_it() {
    let standards = ["c90", "c99", "c11"];
    compiles(&program::tool("CC", "cc"), &standards, "c", &["-Wstrict-prototypes", "-Wmissing-prototypes"]);
    if program::is_there("clang") {
        compiles("clang", &standards, "c", &["-Wstrict-prototypes", "-Wmissing-prototypes"]);
    }
}

/// `crux.hpp` in each standard that it promises.
#[test]
fn the_header_for_cpp_is_clean_in_each_standard() {
    let program = "#include <crux.hpp>\nint main() {\n    auto use = [](const crux::client &me) {\n        \
                   for (const crux::response &page : me.call(\"GET\", \"x/\").query(\"limit\", 3).pages()) (void) page.text();\n    };\n    \
                   (void) use;\n}\n";
    let source = program::scratch("crux-hpp").join("main.cc");
    std::fs::write(&source, program).unwrap();
    for standard in ["c++17", "c++20", "c++2b"] {
        let mut compiler = std::process::Command::new(program::tool("CXX", "c++"));
        compiler.arg(format!("-std={standard}"));
        compiler.args(["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror", "-fsyntax-only", "-I"]);
        program::run_tool(compiler.arg(program::project("include")).arg(&source));
    }
}

#[test]
fn every_dialect_of_cpp_takes_it() {
    let standards = ["c++98", "c++17"];
    compiles(&program::tool("CXX", "c++"), &standards, "cc", &[]);
    if program::is_there("clang++") {
        compiles("clang++", &standards, "cc", &[]);
    }
}

#[test]
fn every_function_is_documented() {
    let all = header::functions(&header::text());
    assert!(all.len() > 30, "only {} functions were found", all.len());
    for function in all {
        let name = &function.name;
        let said = function.comment.trim_start_matches("/*").trim().split('@').next().unwrap_or_default();
        assert!(said.trim().ends_with('.') && said.len() > 12, "{name}: what does it do? {said:?}");
        for parameter in &function.parameters {
            assert!(!parameter.help.is_empty(), "{name}: @param {} is missing", parameter.name);
        }
        let listed: Vec<&str> = function
            .comment
            .lines()
            .filter_map(|line| line.trim().strip_prefix("@param "))
            .filter_map(|rest| rest.split_whitespace().next())
            .collect();
        let declared: Vec<&str> = function.parameters.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(listed, declared, "{name}: @param and parameters differ");
        assert_eq!(function.tag("return").is_some(), function.result != "void", "{name}: @return");
        let lends =
            function.result.ends_with('*') || function.parameters.iter().any(|p| p.kind.ends_with("**"));
        assert_eq!(function.tag("owner").is_some(), lends, "{name}: @owner");
        let owner = function.tag("owner").unwrap_or_else(|| "the caller".to_owned());
        let owner = owner.strip_prefix("the ").unwrap_or_else(|| panic!("{name}: @owner the ..."));
        let owner = owner.split([',', ';', ' ']).next().unwrap_or_default();
        let known = ["caller", "library"].contains(&owner) || declared.contains(&owner);
        assert!(known, "{name}: @owner is neither the caller, the library nor an argument: {owner}");
        if function.result.ends_with('*') {
            let said = function.tag("return").unwrap_or_default();
            assert!(said.contains("NULL"), "{name}: @return may it be NULL?");
        }
        for parameter in &function.parameters {
            let kind = &*parameter.kind;
            let written = kind.ends_with("**")
                || kind == "void *" && parameter.name == "buffer"
                || ["size_t *", "int32_t *", "int64_t *"].contains(&kind);
            let said = parameter.help.starts_with("receives");
            assert_eq!(
                said, written,
                "{name}: {}: what is written to \"receives\" something",
                parameter.name
            );
        }
        let waits = function.tag("waits").unwrap_or_default();
        assert!(!waits.is_empty(), "{name}: @waits no, or what it waits for");
        let does = said.trim().split([' ', ',']).next().unwrap_or_default();
        let shunned = ["Gives", "Tells", "Says", "Makes"].contains(&does);
        assert!(
            does.ends_with('s') && !shunned,
            "{name}: begins with {does:?}, not Returns, Waits, Sends, Sets"
        );
        assert!(function.tag("threads").is_some_and(|text| !text.is_empty()), "{name}: @threads");
        let since = function.tag("since").unwrap_or_default();
        assert!(since.starts_with(|c: char| c.is_ascii_digit()) && since.contains('.'), "{name}: @since");
    }
}

#[test]
fn only_types_that_every_language_has_cross() {
    const RESULTS: &[&str] = &["void", "int32_t", "int64_t", "size_t", "ptrdiff_t", "intptr_t", "double"];
    const POINTERS: &[&str] =
        &["const char *", "const void *", "void *", "size_t *", "int32_t *", "int64_t *", "const char **"];
    let text = header::text();
    let objects: Vec<String> = code_of_typedefs(&text);
    assert_eq!(objects, ["crux_call", "crux_client", "crux_options", "crux_response"]);
    let is_object = |kind: &str| {
        let name = kind.strip_prefix("const ").unwrap_or(kind);
        name.strip_suffix(" *").is_some_and(|name| objects.iter().any(|object| object == name))
    };
    for function in header::functions(&text) {
        let fits = RESULTS.contains(&&*function.result)
            || function.result == "const char *"
            || (is_object(&function.result) && !function.result.starts_with("const"));
        assert!(fits, "{} returns {}", function.name, function.result);
        for parameter in &function.parameters {
            let kind = &*parameter.kind;
            let fits = (kind != "void" && RESULTS.contains(&kind))
                || POINTERS.contains(&kind)
                || is_object(kind)
                || (kind.starts_with("crux_") && kind.ends_with("_fn"));
            assert!(fits, "{}: {} is a {kind}", function.name, parameter.name);
        }
    }
    let code = header::code(&text);
    for word in code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        let shunned =
            ["bool", "_Bool", "enum", "union", "long", "unsigned", "short", "int", "float", "inline"];
        assert!(!shunned.contains(&word), "the header holds {word:?}");
    }
    assert!(!code.contains("...") && !code.contains('['), "no variable arguments, no arrays");
}

fn code_of_typedefs(text: &str) -> Vec<String> {
    let code = header::code(text);
    let typedefs = code.lines().filter_map(|line| line.strip_prefix("typedef struct "));
    typedefs
        .map(|rest| {
            let (tag, name) = rest.trim_end_matches(';').split_once(' ').expect("an opaque struct");
            assert_eq!(tag, name);
            name.to_owned()
        })
        .collect()
}

#[test]
fn every_constant_is_numbered_once_and_listed() {
    let constants = header::constants(&header::text());
    assert!(constants.len() > 25);
    let mut names: Vec<_> = constants.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), constants.len(), "a name stands twice");
    for group in ["CRUX_ERR_", "CRUX_JSON_", "CRUX_LOG_"] {
        let mut numbers: Vec<_> =
            constants.iter().filter(|(n, _)| n.starts_with(group)).map(|c| c.1).collect();
        let count = numbers.len();
        numbers.dedup();
        assert!(count > 4 && numbers.len() == count, "{group}: a number stands twice");
    }
    let version = ["MAJOR", "MINOR", "PATCH"].map(|part| {
        let name = format!("CRUX_VERSION_{part}");
        constants.iter().find(|(known, _)| *known == name).expect("the version is there").1.to_string()
    });
    assert_eq!(version.join("."), support::library::VERSION);
}

#[test]
fn the_text_is_plain() {
    let text = header::text();
    assert!(text.is_ascii(), "some compilers and most generators read ASCII only");
    for (number, line) in text.lines().enumerate() {
        assert!(line.len() <= 110, "line {}: {} columns", number + 1, line.len());
        assert!(line == line.trim_end() && !line.contains('\t'), "line {}: blanks", number + 1);
    }
    for (is_comment, piece) in header::pieces(&text) {
        let inside = piece.trim_start_matches("/*").trim_end_matches("*/");
        assert!(!inside.contains("/*") && !inside.contains("*/"), "a comment is broken: {piece}");
        assert!(is_comment || !(inside.contains('@') || inside.contains("//")), "not code: {piece}");
        assert!(!piece.contains("# Safety") && !piece.contains('`') || is_comment, "Rust in it: {piece}");
    }
}

/// The matrix of misuse sends nothing, so it does not count.
#[test]
fn every_function_is_used_by_a_test() {
    let mut text = String::new();
    let mut folders = vec![program::project("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match () {
                () if path.is_dir() && name != "target" => folders.push(path),
                () if name.ends_with(".rs") && name != "misuse.rs" => {
                    text += &fs::read_to_string(path).unwrap()
                }
                () => {}
            }
        }
    }
    let words: std::collections::HashSet<&str> =
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    let unused: Vec<_> = header::functions(&header::text())
        .into_iter()
        .filter(|function| !words.contains(&*function.name))
        .map(|function| function.name)
        .collect();
    assert!(unused.is_empty(), "no test calls {unused:?}");
}
