//! Node: the table of functions that the addon fills, and what its JavaScript and its types know by name.

use std::fmt::Write;

use crate::interface::{Error, Fact, Interface, Opt, declared};

const MADE: &str = "Made from include/crux.json by `make bindings`.";

/// The C of the addon: a pointer for each function, found by name when the library is loaded.
pub fn table(interface: &Interface) -> String {
    let mut text = format!(
        "/* {MADE} */\n\n#ifndef CRUX_TABLE_H\n#define CRUX_TABLE_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n\
         #define CRUX_NEEDED_ABI {}\n",
        interface.abi
    );
    for constant in &interface.constants {
        let _ = writeln!(text, "#define {} ({})", constant.name, constant.value);
    }
    text.push('\n');
    for object in &interface.objects {
        let _ = writeln!(text, "typedef struct {0} {0};", object.name);
    }
    for hook in &interface.hooks {
        let _ =
            writeln!(text, "typedef {}(*{})({});", declared(&hook.result, ""), hook.name, hook.c_arguments());
    }
    text += "\nstruct crux_table {\n";
    for function in &interface.functions {
        let name = function.short();
        let _ =
            writeln!(text, "    {}(*{name})({});", declared(&function.result, ""), function.c_arguments());
    }
    text += "};\n\n/* Where each is, and by which name it is found. */\n#define CRUX_TABLE(X)";
    for function in &interface.functions {
        let _ = write!(text, " \\\n    X({})", function.short());
    }
    text + "\n\n#endif\n"
}

/// The JavaScript: numbers, names of options and facts, classes of errors.
pub fn script(interface: &Interface) -> String {
    let mut text = format!("'use strict';\n// {MADE}\n\n");
    let _ = writeln!(text, "exports.version = '{}';", interface.version);
    let _ = writeln!(text, "exports.abi = {};", interface.abi);
    let _ = writeln!(text, "exports.soname = '{}';", interface.soname);
    text += "\nexports.constants = Object.freeze({\n";
    for constant in &interface.constants {
        let _ = writeln!(text, "  {}: {},", constant.name.trim_start_matches("CRUX_"), constant.value);
    }
    text += "});\n\n/** Name of an option here: its key in the library. */\nexports.options = {\n  __proto__: null,\n";
    for option in &interface.options {
        let _ = writeln!(text, "  {}: '{}',", camel(&option.word()), option.key);
    }
    text += "};\n\n/** Options whose value is a JSON document. */\nexports.documents = new Set([";
    let documents = interface.options.iter().filter(|option| option.kind == "json");
    text += &documents.map(|option| format!("'{}'", option.key)).collect::<Vec<_>>().join(", ");
    text += "]);\n\n/** Options whose value is a number. */\nexports.numbers = new Set([\n";
    for option in interface.options.iter().filter(|option| option.kind == "number") {
        let _ = writeln!(text, "  '{}',", option.key);
    }
    text += "]);\n\n/** Name of a fact in the library: its name here. */\nexports.facts = {\n  __proto__: null,\n";
    for fact in &interface.facts {
        let _ = writeln!(text, "  {}: '{}',", fact.name, camel(&fact.name));
    }
    text += "};\n\n/** Makes the class of each outcome under the base `Base`, by number. */\n";
    text += "exports.errors = (Base) => ({\n";
    for error in interface.failures() {
        let _ = writeln!(text, "  {}: class {} extends Base {{}},", error.code, class(error));
    }
    text += "});\n\n/** What stands in `error.code`, by number. */\nexports.codes = {\n";
    for error in interface.failures() {
        let _ = writeln!(text, "  {}: '{}',", error.code, error.name);
    }
    text + "};\n"
}

/// The types of the same.
pub fn types(interface: &Interface) -> String {
    let mut text = format!("// {MADE}\n\nimport {{ CruxError }} from './index.js';\n\n");
    text += "/** What an option takes as a value: it is handed to the library as text. */\n";
    text += "export type OptionValue = string | number | boolean | bigint | null;\n\n";
    let of_client: Vec<&Opt> = interface.options.iter().collect();
    let of_call: Vec<&Opt> = interface.options.iter().filter(|option| option.scope == "call").collect();
    text += "/** The library's options for a client. */\nexport interface LibraryOptions {\n";
    of_client.iter().for_each(|option| text += &property(option, false));
    text += "}\n\n/** Those that a single call may have too. */\nexport interface LibraryCallOptions {\n";
    of_call.iter().for_each(|option| text += &property(option, true));
    text += "}\n\n/** What is known of a response beside status, headers and body. */\n";
    text += &facts("ResponseFacts", interface.facts.iter().filter(|fact| fact.of.contains("response")));
    text += "\n/** What is known of a client. */\n";
    text += &facts("ClientFacts", interface.facts.iter().filter(|fact| fact.of.contains("client")));
    for error in interface.failures() {
        let _ = writeln!(
            text,
            "\n/** `{}`: {} Since 0.2. */\nexport class {} extends CruxError {{}}",
            error.name,
            error.text,
            class(error)
        );
    }
    text += "\n/** What stands in `error.code`. */\nexport type ErrorCode =\n";
    for error in interface.failures() {
        let _ = writeln!(text, "  | '{}'", error.name);
    }
    text.truncate(text.trim_end().len());
    text + ";\n"
}

/// `timeout_total_ms` as `timeoutTotalMs`.
fn camel(word: &str) -> String {
    let mut parts = word.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + &capital(part))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// `too_large` as `TooLargeError`; abbreviations stay large.
fn class(error: &Error) -> String {
    let word = error.word();
    let name = match word.as_str() {
        "http" | "tls" | "io" => word.to_ascii_uppercase(),
        _ => capital(&camel(&word)),
    };
    name + "Error"
}

fn property(option: &Opt, of_call: bool) -> String {
    let kind = match (option.kind.as_str(), option.key.as_str()) {
        (_, "headers") => "string | Record<string, string>".to_owned(),
        ("flag", _) => "boolean | 0 | 1".to_owned(),
        ("number", _) => "number | bigint".to_owned(),
        ("json", _) => "string | object".to_owned(),
        ("choice", _) => {
            let choices = option.values.split(", ").map(|choice| format!("'{choice}'"));
            choices.collect::<Vec<_>>().join(" | ")
        }
        _ => "string".to_owned(),
    };
    let default = match option.default.as_str() {
        "" => String::new(),
        default => format!(" Default: {default}."),
    };
    let restored = if of_call { "the client's value" } else { "the default" };
    let help = option.help.replace("*/", "* /");
    format!(
        "  /** `{}`: {help} Takes {}.{default} null: {restored}. */\n  {}?: {kind} | null;\n",
        option.key,
        option.values,
        camel(&option.word())
    )
}

fn facts<'a>(name: &str, facts: impl Iterator<Item = &'a Fact>) -> String {
    let mut text = format!("export interface {name} {{\n");
    for fact in facts {
        let kind = if fact.kind == "number" { "number" } else { "string" };
        let _ = writeln!(text, "  /** {} */\n  {}?: {kind};", fact.help, camel(&fact.name));
    }
    text + "}\n"
}
