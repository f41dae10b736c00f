//! Python: `_interface.py`, the low layer on ctypes, and `errors.py`, a class for each outcome.

use crate::interface::{Error, Function, Interface, Opt};

const HEAD: &str = "# Made from include/crux.json by \"make bindings\": change it there.\n\n";

/// What each outcome is called, and what else it is. An outcome that is not here is named after its word.
const CLASSES: &[(&str, &str, &str)] = &[
    ("argument", "ArgumentError", "ValueError"),
    ("resolve", "ResolveError", "builtins.ConnectionError"),
    ("connect", "ConnectError", "builtins.ConnectionError"),
    ("tls", "TLSError", "builtins.ConnectionError"),
    ("io", "TransferError", "builtins.ConnectionError"),
    ("timeout", "TimeoutError", "builtins.TimeoutError"),
    ("auth", "AuthError", "builtins.PermissionError"),
    ("http", "HTTPError", ""),
    ("file", "FileError", "OSError"),
];

/// Options that the methods of a client set themselves.
const BY_METHODS: &[&str] = &["stream", "save", "await", "service", "base_url", "user", "secret", "token"];

/// `libcrux/_interface.py`: constants, prototypes, hooks, options.
pub fn text(interface: &Interface) -> String {
    let mut out = format!(
        "\"\"\"The functions, constants and options of libcrux {}, for ctypes.\"\"\"\n\n",
        interface.version
    );
    out += HEAD;
    out += "from __future__ import annotations\n\nimport ctypes\nfrom typing import TYPE_CHECKING, Any, Mapping, TypedDict\n\n";
    out += &format!("VERSION = \"{}\"\nSONAME = \"{}\"\n", interface.version, interface.soname);
    for constant in &interface.constants {
        let name = constant.name.trim_start_matches("CRUX_");
        if name == "VERSION_MAJOR" || name == "VERSION_MINOR" || name == "VERSION_PATCH" {
            continue;
        }
        if !constant.doc.is_empty() {
            out += &comment(&constant.doc, "");
        }
        out += &format!("{name} = {}\n", constant.value);
    }
    out += "\n\nclass Handle(ctypes.c_void_p):\n    \"\"\"An object of libcrux that is ended with its last reference.\"\"\"\n\n\n";
    out += &hooks(interface);
    out += &prototypes(interface);
    out += &functions(interface);
    out += &options(interface);
    out
}

/// `libcrux/errors.py`.
pub fn errors(interface: &Interface) -> String {
    let mut out =
        String::from("\"\"\"The errors of libcrux: a class for each outcome, all of them `Error`.\"\"\"\n\n");
    out += HEAD;
    out += "from __future__ import annotations\n\nimport builtins\n\nfrom ._error import Error\n";
    let failures: Vec<&Error> = interface.failures().collect();
    for error in &failures {
        let (name, also) = class(error);
        let bases = if also.is_empty() { "Error".to_string() } else { format!("Error, {also}") };
        out += &format!("\n\nclass {name}({bases}):\n{}", docstring(&error.text, "    "));
        out += &format!("\n    code = {}\n    word = \"{}\"\n", error.code, error.word());
    }
    out += "\n\nCLASSES: dict[int, type[Error]] = {\n";
    for error in &failures {
        out += &format!("    {}: {},\n", error.code, class(error).0);
    }
    out += "}\n\n__all__ = [\n    \"Error\",\n";
    for error in &failures {
        out += &format!("    \"{}\",\n", class(error).0);
    }
    out + "]\n"
}

fn class(error: &Error) -> (String, &'static str) {
    let word = error.word();
    if let Some((_, name, also)) = CLASSES.iter().find(|(known, ..)| *known == word) {
        return (name.to_string(), also);
    }
    let camel = word.split('_').map(|part| format!("{}{}", part[..1].to_uppercase(), &part[1..]));
    (camel.collect::<String>() + "Error", "")
}

fn hooks(interface: &Interface) -> String {
    let mut out = String::new();
    for hook in &interface.hooks {
        let types: Vec<&str> = hook.arguments.iter().map(|argument| ctype(&argument.kind)).collect();
        out += &comment(&hook.doc, "");
        out += &wrapped(&format!("{} = ctypes.CFUNCTYPE(", hook_name(&hook.name)), result(hook), &types, ")");
    }
    out + "\n"
}

/// `crux_log_fn` as `LogHook`.
fn hook_name(name: &str) -> String {
    let word = name.trim_start_matches("crux_").trim_end_matches("_fn");
    format!("{}{}Hook", word[..1].to_uppercase(), &word[1..])
}

/// A line, or a bracket with one item a line where that would be too long.
fn wrapped(before: &str, first: &str, rest: &[&str], after: &str) -> String {
    let items: Vec<&str> = std::iter::once(first).chain(rest.iter().copied()).collect();
    let line = format!("{before}{}{after}", items.join(", "));
    if line.len() <= 120 {
        return line + "\n";
    }
    format!("{before}\n    {},\n{after}\n", items.join(",\n    "))
}

fn prototypes(interface: &Interface) -> String {
    let mut out = String::from(
        "# Of each function: whether it may wait, its result, its arguments.\nPROTOTYPES: dict[str, tuple[bool, Any, list[Any]]] = {\n",
    );
    for function in &interface.functions {
        let waits = if function.waits { "True" } else { "False" };
        let types: Vec<&str> = function.arguments.iter().map(|argument| ctype(&argument.kind)).collect();
        let line =
            format!("    \"{}\": ({waits}, {}, [{}]),\n", function.name, result(function), types.join(", "));
        if line.len() <= 121 {
            out += &line;
        } else {
            let types = types.join(",\n            ");
            out += &format!(
                "    \"{}\": (\n        {waits},\n        {},\n        [\n            {types},\n        ],\n    ),\n",
                function.name,
                result(function)
            );
        }
    }
    out + "}\n\n\n"
}

fn ctype(kind: &str) -> &'static str {
    match kind {
        "int32_t" => "ctypes.c_int32",
        "int64_t" => "ctypes.c_int64",
        "size_t" => "ctypes.c_size_t",
        "ptrdiff_t" => "ctypes.c_ssize_t",
        "double" => "ctypes.c_double",
        "const char *" => "ctypes.c_char_p",
        "const char **" => "ctypes.POINTER(ctypes.c_char_p)",
        "int32_t *" => "ctypes.POINTER(ctypes.c_int32)",
        "size_t *" => "ctypes.POINTER(ctypes.c_size_t)",
        "void" => "None",
        // Handles, bytes, hooks: ctypes takes for them what is one.
        _ => "ctypes.c_void_p",
    }
}

/// A function that makes an object hands out an owner of it. One that hands out what another function has made does
/// not, and bytes with a length beside them must not be cut at a NUL.
fn result(function: &Function) -> &'static str {
    let counted = function.arguments.iter().any(|argument| argument.kind == "size_t *");
    match function.result.as_str() {
        "const char *" if counted => "ctypes.c_void_p",
        kind if kind.starts_with("crux_") && function.name != "crux_next_finished" => "Handle",
        kind => ctype(kind),
    }
}

/// The same functions for people and type checkers.
fn functions(interface: &Interface) -> String {
    let mut out = String::from(
        "class Functions:\n    \"\"\"The functions of the library, by their names without `crux_`.\"\"\"\n\n    if TYPE_CHECKING:\n",
    );
    for (index, function) in interface.functions.iter().enumerate() {
        let name = python_name(function.name.trim_start_matches("crux_"));
        let mut arguments = String::from("self");
        let mut doc = function.doc.clone();
        for argument in &function.arguments {
            let kind = hint(&argument.kind, argument.null);
            arguments += &format!(", {}: {kind}", python_name(&argument.name));
            doc += &format!("\n\n{}: {}", argument.name, argument.doc);
        }
        if !function.result_doc.is_empty() {
            doc += &format!("\n\nReturns {}", function.result_doc);
        }
        let returns = match result(function) {
            "Handle" => "Handle",
            "None" => "None",
            "ctypes.c_char_p" => "bytes | None",
            "ctypes.c_void_p" => "int | None",
            "ctypes.c_double" => "float",
            _ => "int",
        };
        out += if index == 0 { "" } else { "\n" };
        out +=
            &format!("\n        def {name}({arguments}) -> {returns}:\n{}", docstring(&doc, "            "));
        out += "            ...\n";
    }
    out + "\n\n"
}

fn hint(kind: &str, null: bool) -> &'static str {
    match (ctype(kind), null) {
        ("ctypes.c_char_p", true) => "bytes | None",
        ("ctypes.c_char_p", false) => "bytes",
        ("ctypes.c_double", _) => "float",
        ("ctypes.c_int32" | "ctypes.c_int64" | "ctypes.c_size_t" | "ctypes.c_ssize_t", _) => "int",
        _ => "Any",
    }
}

fn python_name(name: &str) -> String {
    let taken = ["await", "from"].contains(&name);
    if taken { format!("{name}_") } else { name.to_string() }
}

/// The options: of a call and of a client, as keywords, and the key of each.
fn options(interface: &Interface) -> String {
    let of = |scope: &'static str| {
        let options = interface.options.iter();
        options.filter(move |option| option.scope == scope && !BY_METHODS.contains(&option.key.as_str()))
    };
    let mut out = String::from(
        "class CallOptions(TypedDict, total=False):\n    \"\"\"Options that a single request may have.\"\"\"\n",
    );
    of("call").for_each(|option| out += &member(option));
    out += "\n\nclass ClientOptions(CallOptions, total=False):\n    \"\"\"Options of a client; those of a call hold for all its requests.\"\"\"\n";
    of("client").for_each(|option| out += &member(option));
    out += "\n\n# The key of each keyword.\nOPTIONS: dict[str, str] = {\n";
    for option in &interface.options {
        out += &format!("    \"{}\": \"{}\",\n", option.word(), option.key);
    }
    out += "}\n\n# Keywords whose values must not be shown.\nSECRETS = frozenset(\n    {\n";
    for option in interface.options.iter().filter(|option| option.secret) {
        out += &format!("        \"{}\",\n", option.word());
    }
    out += "    }\n)\n\n# Keys of options that are numbers.\nNUMBERS = frozenset(\n    {\n";
    for option in interface.options.iter().filter(|option| option.kind == "number") {
        out += &format!("        \"{}\",\n", option.key);
    }
    out + "    }\n)\n"
}

fn member(option: &Opt) -> String {
    let kind = match (option.kind.as_str(), option.key.ends_with("_file")) {
        ("flag", _) => "bool",
        ("number", _) => "int",
        ("headers", _) => "str | Mapping[str, str]",
        (_, true) => "Any",
        _ => "str",
    };
    let default = match option.default.as_str() {
        "" => String::new(),
        default => format!(" Default: {default}."),
    };
    let doc = format!("{} Values: {}.{default}", option.help, option.values);
    format!("\n{}    {}: {kind}\n", comment(&doc, "    "), option.word())
}

fn fold(text: &str, indent: &str, lead: &str) -> Vec<String> {
    let mut lines = vec![];
    for paragraph in text.split('\n') {
        let mut line = format!("{indent}{lead}");
        let empty = line.len();
        for word in paragraph.split_whitespace() {
            if line.len() > empty && line.chars().count() + 1 + word.chars().count() > 118 {
                lines.push(std::mem::replace(&mut line, format!("{indent}{lead}")));
            }
            if line.len() > empty {
                line.push(' ');
            }
            line += word;
        }
        lines.push(line.trim_end().to_string());
    }
    lines
}

fn comment(text: &str, indent: &str) -> String {
    fold(text, indent, "# ").join("\n") + "\n"
}

fn docstring(text: &str, indent: &str) -> String {
    let text = text.replace('\\', "\\\\");
    let lines = fold(&text, indent, "");
    let lines: Vec<String> = lines.iter().map(|line| line.trim_start().to_string()).collect();
    let many = lines.len() > 1;
    let mut out = format!("{indent}\"\"\"");
    for (index, line) in lines.iter().enumerate() {
        out += &match (index, line.is_empty()) {
            (0, _) => line.clone(),
            (_, true) => "\n".to_string(),
            _ => format!("\n{indent}{line}"),
        };
    }
    // A quote before the closing quotes would belong to them.
    if many || out.ends_with('"') {
        out += &format!("\n{indent}");
    }
    out + "\"\"\"\n"
}
