//! Every exported function with every kind of bad argument, one at a time, all others good. The calls are made
//! from `crux.h`, as a C program: a function or a kind of parameter that this file does not know fails the test.

use std::path::{Path, PathBuf};
use std::{env, fs};

use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::header::{self, Function, Parameter};
use support::program::{self, Build, Ran};

const KINDS: [&str; 4] = ["client", "options", "call", "response"];

/// Addresses that were never handles.
const FOREIGN: &[(&str, &str)] = &[
    ("an address on the stack", "stack"),
    ("an address on the heap", "heap"),
    ("memory full of ones", "heap_ones"),
    ("static memory", "heap_zeros"),
    ("memory that cannot be read", "unmapped"),
    ("code", "(uintptr_t) crux_free"),
    ("memory of the library", "crux_version()"),
    ("the address 1", "1"),
    ("the address 4096", "4096"),
    ("the first address that is none", "FIRST_NO_ADDRESS"),
    ("the last address", "UINTPTR_MAX"),
    ("the last aligned address", "UINTPTR_MAX - 7"),
];

/// Texts that are not UTF-8.
const NOT_UTF8: &[(&str, &str)] = &[
    ("a byte that never occurs", r#""a\xff""#),
    ("a text that ends too soon", r#""a\xe2\x82""#),
    ("an overlong NUL", r#""\xc0\x80""#),
    ("half a surrogate pair", r#""\xed\xa0\x80""#),
    ("Latin-1", r#""caf\xe9 au lait""#),
];

/// Texts that are UTF-8, but hardly what a caller means.
const ODD_TEXTS: &[(&str, &str)] = &[
    ("an empty text", r#""""#),
    ("a million letters", "million_letters"),
    ("a million slashes", "million_slashes"),
    ("control characters", r#""\x01\x7f\x1b[2J""#),
    ("a line end", r#""a\r\nb""#),
    ("a percent sign", r#""%00%zz%""#),
    ("a formatting text", r#""%s%n%s%n""#),
    ("tricks of an address", r#""http://a@[::1]:99999/\\?#""#),
];

/// A text that is fine for a parameter. Function `*`: wherever a parameter has this name.
const GOOD_TEXTS: &[(&str, &str, &str)] = &[
    ("crux_header", "name", r#""content-type""#),
    ("crux_info", "name", r#""url""#),
    ("crux_number", "name", r#""attempts""#),
    ("crux_option_info", "what", r#""help""#),
    ("crux_call_query", "name", r#""name""#),
    ("crux_call_header", "name", r#""X-Name""#),
    ("crux_constant", "name", r#""CRUX_ERR_AUTH""#),
    ("crux_call_part", "file", "NULL"),
    ("crux_download", "file", "target_file"),
    ("crux_json_count", "pointer", r#""""#),
    ("crux_json_key", "pointer", r#""""#),
    ("crux_call_fill", "name", r#""name""#),
    ("crux_call_put_text", "pointer", r#""/a""#),
    ("crux_call_put_int", "pointer", r#""/a""#),
    ("crux_call_put_double", "pointer", r#""/a""#),
    ("crux_call_put_json", "pointer", r#""/a""#),
    ("*", "json", r#""[1]""#),
    ("*", "filename", r#""name.txt""#),
    ("*", "link", r#""must-not-arrive/""#),
    ("*", "pointer", r#""/number""#),
    ("*", "service", r#""custom""#),
    ("*", "base_url", "base"),
    ("*", "user", "NULL"),
    ("*", "secret", r#""token""#),
    ("*", "token", r#""token""#),
    ("*", "account", r#""NOBODY""#),
    ("*", "method", r#""GET""#),
    ("*", "path", r#""must-not-arrive/""#),
    ("*", "what", r#""body""#),
    ("*", "key", r#""timeout.total_ms""#),
    ("*", "value", r#""1000""#),
    ("*", "type", r#""text/plain""#),
    ("*", "url", r#""must-not-arrive/""#),
    ("*", "email", r#""ada@example.com""#),
    ("*", "field", r#""field""#),
    ("*", "file", "some_file"),
];

/// What must come of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// All arguments are good: it works.
    Good,
    /// One argument is bad: refused, and nothing is sent.
    Refused,
    /// Odd, but allowed: whatever comes of it, no crash and no noise.
    Odd,
}

struct Case {
    label: String,
    phase: Phase,
    arguments: Vec<String>,
    /// How many bytes of the buffer may be written.
    room: Option<usize>,
}

/// The kind of handle that a parameter takes; several for `object`.
fn kinds_of(parameter: &Parameter) -> Vec<&'static str> {
    let bare = parameter.kind.trim_start_matches("const ");
    match (bare, &*parameter.name) {
        ("void *", "object") => {
            let said = parameter.help.split(';').next().unwrap_or_default();
            let words: Vec<_> = said.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
            KINDS.into_iter().filter(|kind| words.contains(kind)).collect()
        }
        _ => KINDS.into_iter().filter(|kind| bare == format!("crux_{kind} *")).collect(),
    }
}

/// A good argument and bad ones, as C: what it is, the expression, what must come of it.
type Strategy = (String, Vec<(String, String, Phase)>);

fn strategy(function: &Function, parameter: &Parameter) -> Strategy {
    let kinds = kinds_of(parameter);
    let null = match parameter.help.contains("NULL") {
        true => ("NULL".into(), "NULL".into(), Phase::Odd),
        false => ("NULL".into(), "NULL".into(), Phase::Refused),
    };
    let listed = |cases: &[(&str, &str)], phase| -> Vec<(String, String, Phase)> {
        cases.iter().map(|(what, value)| ((*what).to_owned(), (*value).to_owned(), phase)).collect()
    };
    if !kinds.is_empty() {
        return handles(function, parameter, &kinds, null);
    }
    let (good, mut bad) = match (&*parameter.kind, &*parameter.name) {
        ("const char *", name) => {
            let mut rows = GOOD_TEXTS
                .iter()
                .filter(|(place, known, _)| *known == name && (*place == "*" || *place == function.name));
            let (_, _, good) =
                rows.next().unwrap_or_else(|| panic!("{}: no good text is known for {name}", function.name));
            let mut bad = listed(NOT_UTF8, Phase::Refused);
            bad.extend(listed(ODD_TEXTS, Phase::Odd));
            bad.push(null);
            (*good, bad)
        }
        // Two bytes, as the length beside it says: NULL is then no "nothing".
        ("const void *", "body" | "data") => (r#""{}""#, listed(&[("NULL", "NULL")], Phase::Refused)),
        ("ptrdiff_t", "body_len" | "length") => {
            let refused = [
                ("the length -2", "-2"),
                ("the lowest length", "PTRDIFF_MIN"),
                ("the first length that is too long", "FIRST_TOO_LONG"),
                ("the highest length", "PTRDIFF_MAX"),
            ];
            let odd = [("the length -1", "-1"), ("the length 0", "0")];
            ("2", [listed(&refused, Phase::Refused), listed(&odd, Phase::Odd)].concat())
        }
        ("size_t", "index" | "nth") => {
            let past = [("the highest index", "SIZE_MAX"), ("a high index", "SIZE_MAX / 2")];
            ("0", listed(&past, Phase::Refused))
        }
        ("size_t", "capacity") => {
            ("sizeof buffer", listed(&[("no room", "0"), ("room for one byte", "1")], Phase::Odd))
        }
        ("void *", "buffer") => ("buffer", vec![null]),
        ("void *", "context") => {
            ("NULL", listed(&[("the address 1", "(void *) 1"), ("the stack", "&stack")], Phase::Odd))
        }
        ("int32_t", "level") => {
            let bad = ["-1", "6", "INT32_MIN", "INT32_MAX"].map(|level| (level, level));
            ("2", listed(&bad, Phase::Refused))
        }
        ("int32_t", "code") => {
            ("0", listed(&[("lowest", "INT32_MIN"), ("highest", "INT32_MAX")], Phase::Refused))
        }
        ("int32_t", "timeout_ms") => {
            ("0", listed(&[("lowest", "INT32_MIN"), ("-1", "-1"), ("highest", "INT32_MAX")], Phase::Odd))
        }
        ("int32_t", "fallback") => ("7", listed(&[("lowest", "INT32_MIN"), ("-1", "-1")], Phase::Odd)),
        ("int64_t", "length") => {
            ("-1", listed(&[("-2", "-2"), ("highest", "INT64_MAX"), ("lowest", "INT64_MIN")], Phase::Refused))
        }
        ("int64_t", "value") => {
            ("7", listed(&[("lowest", "INT64_MIN"), ("highest", "INT64_MAX")], Phase::Odd))
        }
        ("double", "value") => ("7.5", listed(&[("NaN", "NAN"), ("infinity", "-INFINITY")], Phase::Refused)),
        ("int64_t", "fallback") => ("7", listed(&[("lowest", "INT64_MIN"), ("-1", "-1")], Phase::Odd)),
        ("double", "fallback") => ("7.0", listed(&[("NaN", "NAN"), ("infinity", "INFINITY")], Phase::Odd)),
        ("size_t *", _) => ("&out_size", vec![null]),
        ("int32_t *", _) => ("&out_number", vec![null]),
        ("const char **", _) => ("&out_text", vec![null]),
        ("crux_log_fn", _) => ("quiet_log", vec![null]),
        ("crux_tick_fn", _) => ("quiet_tick", vec![null]),
        ("crux_read_fn", _) => ("quiet_read", listed(&[("NULL", "NULL")], Phase::Refused)),
        ("crux_json_fn", _) => ("quiet_visit", listed(&[("NULL", "NULL")], Phase::Refused)),
        ("crux_token_fn", _) => ("quiet_fetch", vec![null]),
        ("crux_release_fn", _) => ("quiet_release", vec![null]),
        (kind, name) => panic!("{}: misuse of `{kind} {name}` is not known to this test", function.name),
    };
    bad.dedup();
    (good.to_owned(), bad)
}

fn handles(
    function: &Function,
    parameter: &Parameter,
    kinds: &[&'static str],
    null: (String, String, Phase),
) -> Strategy {
    let kind = if kinds.contains(&"response") { "response" } else { kinds[0] };
    let as_handle = |value: &str| format!("({}) (uintptr_t) ({value})", parameter.kind);
    let mut bad = vec![null];
    let mut refuse = |what: String, value: &str| bad.push((what, as_handle(value), Phase::Refused));
    for other in KINDS {
        refuse(format!("a freed {other}"), &format!("freed_{other}()"));
        if !kinds.contains(&other) {
            refuse(format!("a live {other}"), &format!("good.{other}"));
        }
        for offset in ["+ 1", "+ 4", "+ 8", "- 1"] {
            refuse(format!("a live {other} {offset}"), &format!("(char *) good.{other} {offset}"));
        }
    }
    FOREIGN.iter().for_each(|(what, value)| refuse((*what).to_owned(), value));
    // What is freed must not be what the other cases need.
    let good = if function.name == "crux_free" { "make_options()".into() } else { format!("good.{kind}") };
    (good, bad)
}

fn cases(function: &Function) -> Vec<Case> {
    let strategies: Vec<Strategy> = function.parameters.iter().map(|p| strategy(function, p)).collect();
    let good: Vec<String> = strategies.iter().map(|(good, _)| good.clone()).collect();
    let all_good = format!("{}: all good", function.name);
    let mut cases = vec![Case { label: all_good, phase: Phase::Good, arguments: good.clone(), room: None }];
    for (at, (_, bad)) in strategies.iter().enumerate() {
        for (what, value, phase) in bad {
            let mut arguments = good.clone();
            arguments[at] = value.clone();
            let name = &function.parameters[at].name;
            let room = value.parse().ok().filter(|_| name == "capacity");
            let label = format!("{}: {name}: {what}", function.name);
            cases.push(Case { label, phase: *phase, arguments, room });
        }
    }
    cases
}

/// What a function returns when it is refused, as the header says.
fn refused_value(function: &Function) -> &'static str {
    let said = function.tag("return").unwrap_or_default();
    match &*function.result {
        _ if function.parameters.iter().any(|p| p.name == "fallback" && !p.kind.ends_with('*')) => "7",
        "int32_t" if said.contains("CRUX_ERR_") => "CRUX_ERR_ARGUMENT",
        "int32_t" | "int64_t" | "ptrdiff_t" | "intptr_t" if said.contains("-1") => "-1",
        "int32_t" if said.contains("; 1 for what is no") => "1",
        "int32_t" | "int64_t" | "size_t" | "double" => "0",
        other => panic!("{}: what a refused {other} looks like is not known", function.name),
    }
}

/// The lines that look at the result.
fn checks(function: &Function, phase: Phase) -> String {
    let said = function.tag("return").unwrap_or_default();
    let mut lines = match (&*function.result, phase) {
        ("void", _) => String::new(),
        ("const char *", Phase::Good) => "if (!result) failed(\"NULL was returned\");".into(),
        ("const char *", _) if said.contains("never NULL") => {
            "if (!result || strlen(result) > 1000) failed(\"no text was returned\");".into()
        }
        ("const char *", Phase::Refused) => "if (result) failed(\"a text was returned\");".into(),
        ("const char *", Phase::Odd) => "if (result && strlen(result) > 2000000) failed(\"odd\");".into(),
        (object, _) if object.ends_with('*') && said.contains("NULL if none") => {
            "if (result) failed(\"something has finished\");".into()
        }
        (object, _) if object.ends_with('*') => {
            let code = ["CRUX_OK", "CRUX_ERR_ARGUMENT", "-1"][phase as usize];
            let or_null = if said.contains("NULL after") { "if (result) " } else { "" };
            format!("{or_null}object_is(result, {code});")
        }
        // While there are clients, some of their threads linger.
        _ if function.name == "crux_shutdown" => "if (result & ~1) failed(\"neither yes nor no\");".into(),
        // Nothing to wait for is no failure.
        (_, Phase::Good) if refused_value(function) == "1" => "(void) result;".into(),
        (_, Phase::Good) => {
            let refused = refused_value(function);
            format!("if (result == {refused}) failed(\"a good call was refused\");")
        }
        (_, Phase::Refused) => {
            let refused = refused_value(function);
            format!("if (result != {refused}) failed(\"the result is not {refused}\");")
        }
        (_, Phase::Odd) => "(void) result;".into(),
    };
    if phase == Phase::Refused {
        // A caller that reads as many bytes as it is told must be told none.
        if function.parameters.iter().any(|p| p.kind == "size_t *") {
            lines += "\n    if (out_size != 0) failed(\"a length was left behind\");";
        }
        if function.parameters.iter().any(|p| p.kind == "const char **") {
            lines += "\n    if (strcmp(out_text, \"untouched\")) failed(\"a text was left behind\");";
        }
    }
    lines
}

fn program(functions: &[Function]) -> String {
    let mut text = String::from("#include \"misuse.h\"\n#include <math.h>\n#include <unistd.h>\n\n");
    let mut table = [String::new(), String::new(), String::new()];
    let mut number = 0;
    for function in functions {
        for case in cases(function) {
            let call = format!("{}({})", function.name, case.arguments.join(", "));
            let result = match &*function.result {
                "void" => String::new(),
                other => format!("{other}{}result = ", if other.ends_with('*') { "" } else { " " }),
            };
            text += &format!(
                "static void case_{number}(void)\n{{\n    long stack[8] = {{ 0 }};\n    (void) stack;\n    begin({:?});\n",
                case.label
            );
            text += &format!("    {{\n    {result}{call};\n    errno_is_kept();\n    ");
            text += &checks(function, case.phase);
            if case.phase == Phase::Refused && case.arguments.iter().any(|value| value == "quiet_release") {
                text += "\n    if (released != 1) failed(\"its context was not released once\");";
            }
            if let Some(room) = case.room {
                text += &format!("\n    buffer_is_kept_from({room});");
            }
            text += "\n    }\n    finish();\n}\n\n";
            table[case.phase as usize] += &format!("    case_{number},\n");
            number += 1;
        }
    }
    for (name, rows) in ["all_good", "refused", "odd"].iter().zip(table) {
        text += &format!("static void (*const {name}[])(void) = {{\n{rows}    NULL\n}};\n\n");
    }
    text + r#"int main(int count, char **words)
{
    void (*const *cases)(void) = NULL;
    if (count != 4) return 2;
    base = words[2];
    /* Odd names become odd files; they belong here. */
    if (chdir(FOLDER)) return 4;
    report = fopen(words[3], "w");
    if (!report) return 3;
    snprintf(target_file, sizeof target_file, "%s.target", words[3]);
    snprintf(some_file, sizeof some_file, "%s", words[3]);
    switch (words[1][0]) {
    case 'g': cases = all_good; break;
    case 'r': cases = refused; break;
    default: cases = odd; break;
    }
    prepare();
    for (; *cases; cases++) (*cases)();
    return failures ? 1 : 0;
}
"#
}

/// Builds and runs programs for another system: `COMMAND build PROGRAM SOURCE` and `COMMAND run PROGRAM ARGUMENT...`.
const CROSS: &str = "CRUX_CROSS";

fn build(folder: &Path, source: PathBuf) -> PathBuf {
    let program = folder.join("program");
    if let Ok(cross) = env::var(CROSS) {
        let words = ["build", program.to_str().unwrap(), source.to_str().unwrap()];
        program::run(Path::new(&cross), &words, &[]).expect(0);
        return program;
    }
    let build = Build::c("gnu99").flags(&["-O1", "-pthread"]).libraries(&["-ldl", "-lm"]);
    build.build(&program, &[source])
}

fn run(program: &Path, words: &[&str]) -> Ran {
    match env::var(CROSS) {
        Ok(cross) => {
            program::run(Path::new(&cross), &[&["run", program.to_str().unwrap()], words].concat(), &[])
        }
        Err(_) => program::run(program, words, &[]),
    }
}

#[test]
fn no_argument_does_harm() {
    let functions = header::functions(&header::text());
    assert!(functions.len() > 30);
    let folder = program::fresh("misuse");
    let source = folder.join("cases.c");
    let place = format!("#define FOLDER {:?}\n", folder.to_str().unwrap());
    fs::write(&source, place + &program(&functions)).unwrap();
    let prelude = program::project("tests/abi/misuse.h");
    fs::copy(prelude, folder.join("misuse.h")).unwrap();
    let program = build(&folder, source);

    let sandbox = Sandbox::start();
    sandbox.respond("*", "/*", Canned::json(200, &json!({"number": 12, "text": "x"})));
    for phase in ["good", "refused", "odd"] {
        sandbox.clear();
        let report = folder.join(phase);
        let base = format!("{}/api/", sandbox.http());
        let output = run(&program, &[phase, &base, report.to_str().unwrap()]);
        let told = fs::read_to_string(&report).unwrap_or_default();
        let failed: Vec<&str> = told.lines().filter(|line| line.starts_with("FAILED")).collect();
        let last = told.lines().last().unwrap_or_default();
        assert!(output.code == 0, "{phase}: {}, last {last}\n{}", output.code, failed.join("\n"));
        assert!(output.out.is_empty() && output.err.is_empty(), "{phase}: something was printed");
        let arrived: Vec<String> = sandbox.requests().into_iter().map(|request| request.path).collect();
        if phase == "refused" {
            assert_eq!(arrived, ["/api/prepared/"], "a refused call sent something");
        }
        let tried = told.lines().count();
        assert!(tried >= functions.len(), "{phase}: only {tried} calls");
    }
}
