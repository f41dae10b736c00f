//! C#: `bindings/csharp/src/Interface.g.cs`, what `include/crux.json` says in the words of .NET.

use crate::interface::{Argument, Error, Function, Interface, Opt, camel};

/// Outcomes whose plain name would hide a class that every program imports.
const TAKEN: &[(&str, &str)] = &[
    ("argument", "CruxArgumentException"),
    ("io", "CruxIOException"),
    ("timeout", "CruxTimeoutException"),
    ("internal", "CruxInternalException"),
];

/// Options that the package sets itself, where a method or a property of its own says the same.
const OWN: &[&str] = &["log.level", "save", "await", "stream", "tick.every_ms"];

pub fn text(interface: &Interface) -> String {
    let mut text = format!(
        "// Written by bindings/generator from include/crux.json: make bindings.\n\
         #pragma warning disable 1591\n\
         using System;\nusing System.Collections.Generic;\nusing System.Reflection;\nusing System.Runtime.InteropServices;\n\n\
         [assembly: AssemblyVersion(\"{}.0\")]\n\n\
         namespace Crux\n{{\n",
        interface.version
    );
    text += &native(interface);
    text += &outcomes(interface);
    text += &exceptions(interface);
    text += &options(interface, "Options", "client");
    text += &options(interface, "Call", "call");
    text += &keys(interface);
    text.truncate(text.trim_end().len());
    text + "\n}\n"
}

fn native(interface: &Interface) -> String {
    let mut text = format!(
        "    /// <summary>The functions of libcrux, as <c>crux.h</c> declares them.</summary>\n    internal static class Native\n    {{\n        \
         internal const int Abi = {};\n        internal const string Soname = \"{}\";\n\n",
        interface.abi, interface.soname
    );
    for constant in &interface.constants {
        let name = camel(&constant.name.trim_start_matches("CRUX_").to_ascii_lowercase());
        if !name.starts_with("Err") && !name.starts_with("Version") && name != "Abi" {
            text += &format!("        internal const int {name} = {};\n", constant.value);
        }
    }
    text += "\n        // Makes the fields below wait until Library.Require has said what is wrong with the library.\n        static Native() { }\n\n";
    for hook in &interface.hooks {
        text += &delegate(hook, &hook_name(&hook.name), true);
    }
    for function in &interface.functions {
        let kind = format!("{}_fn", function.name);
        text += "\n";
        text += &summary("        ", &function.doc);
        text += &format!(
            "        internal static readonly {kind} {0} = Library.Function<{kind}>(\"{0}\");\n",
            function.name
        );
        text += &delegate(function, &kind, false);
    }
    text + "    }\n\n"
}

fn delegate(function: &Function, name: &str, is_hook: bool) -> String {
    let arguments: Vec<_> = function
        .arguments
        .iter()
        .map(|argument| format!("{} {}", parameter(function, argument, is_hook), variable(&argument.name)))
        .collect();
    format!(
        "        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]\n        internal delegate {} {name}({});\n",
        scalar(&function.result),
        arguments.join(", ")
    )
}

/// The .NET type of an argument: texts and bytes go in as arrays, objects as handles that stay alive during the call.
fn parameter(function: &Function, argument: &Argument, is_hook: bool) -> String {
    let kind = argument.kind.as_str();
    match kind {
        _ if is_hook => scalar(kind),
        "const char *" | "const void *" if argument.name != "object" => "byte[]".into(),
        "const void *" => "Handle".into(),
        "void *" => "IntPtr".into(),
        "const char **" => "out IntPtr".into(),
        "size_t *" => "out UIntPtr".into(),
        "int32_t *" => "out int".into(),
        _ if kind.ends_with("_fn") => hook_name(kind),
        _ if kind.ends_with('*') => "Handle".into(),
        _ => {
            debug_assert!(!kind.contains('*'), "{} takes a {kind}", function.name);
            scalar(kind)
        }
    }
}

fn scalar(kind: &str) -> String {
    match kind {
        "void" => "void",
        "int32_t" => "int",
        "int64_t" => "long",
        "double" => "double",
        "size_t" => "UIntPtr",
        _ => "IntPtr",
    }
    .into()
}

/// `crux_log_fn` as `LogHook`.
fn hook_name(name: &str) -> String {
    camel(name.trim_start_matches("crux_").trim_end_matches("_fn")) + "Hook"
}

fn variable(name: &str) -> String {
    match name {
        "object" | "string" | "base" | "ref" | "out" => format!("@{name}"),
        _ => name.into(),
    }
}

fn outcomes(interface: &Interface) -> String {
    let mut text = String::from(
        "    /// <summary>What came of a call: the numbers of the library.</summary>\n    public enum Outcome\n    {\n",
    );
    for error in interface.errors.iter().filter(|error| error.code >= 0) {
        text += &summary("        ", &error.text);
        text += &format!("        {} = {},\n", camel(&error.word()), error.code);
    }
    text + "    }\n\n"
}

/// One class for each failure. A cancelled call is an OperationCanceledException, as everywhere in .NET.
fn exceptions(interface: &Interface) -> String {
    let failures: Vec<_> = interface.failures().filter(|error| error.word() != "cancelled").collect();
    let mut text = String::new();
    for error in &failures {
        let name = exception(error);
        text += &summary("    ", &error.text);
        text += &format!(
            "    public sealed class {name} : CruxException\n    {{\n        internal {name}(Failure failure) : base(failure) {{ }}\n    }}\n\n"
        );
    }
    text += "    public partial class CruxException\n    {\n        internal static CruxException Of(Failure failure)\n        {\n            switch (failure.Code)\n            {\n";
    for error in &failures {
        let word = camel(&error.word());
        text += &format!("                case Outcome.{word}: return new {}(failure);\n", exception(error));
    }
    text + "                default: return new CruxException(failure);\n            }\n        }\n    }\n\n"
}

fn exception(error: &Error) -> String {
    let word = error.word();
    match TAKEN.iter().find(|(taken, _)| *taken == word) {
        Some((_, name)) => name.to_string(),
        None => camel(&word) + "Exception",
    }
}

/// The options as properties: of a client all, of a call those that it may have.
fn options(interface: &Interface, class: &str, scope: &str) -> String {
    let mut text = format!("    public sealed partial class {class}\n    {{\n");
    let those =
        |option: &&Opt| (scope == "client" || option.scope == scope) && !OWN.contains(&option.key.as_str());
    for option in interface.options.iter().filter(those) {
        let (kind, get) = match option.kind.as_str() {
            "flag" => ("bool?", "settings.Flag"),
            "number" => ("long?", "settings.Number"),
            _ => ("string", "settings.Text"),
        };
        text += &summary("        ", &help(option));
        text += &format!(
            "        public {kind} {} {{ get {{ return {get}(\"{key}\"); }} set {{ settings.Set(\"{key}\", value); }} }}\n\n",
            camel(&option.word()),
            key = option.key
        );
    }
    text.truncate(text.trim_end().len());
    text + "\n    }\n\n"
}

fn help(option: &Opt) -> String {
    let default =
        if option.default.is_empty() { String::new() } else { format!(" Default: {}.", option.default) };
    format!("{} Takes {}.{default}", option.help, option.values)
}

/// The keys by the names that they have in programs: `timeout_total_ms` beside `timeout.total_ms`.
fn keys(interface: &Interface) -> String {
    let mut text = String::from(
        "    internal sealed partial class Settings\n    {\n        static readonly Dictionary<string, string> keys = new Dictionary<string, string>\n        {\n",
    );
    for option in &interface.options {
        text += &format!("            [\"{}\"] = \"{}\",\n", option.word(), option.key);
    }
    text +=
        "        };\n\n        static readonly HashSet<string> secrets = new HashSet<string>\n        {\n";
    for option in interface.options.iter().filter(|option| option.secret) {
        text += &format!("            \"{}\",\n", option.key);
    }
    text + "        };\n    }\n\n"
}

fn summary(indent: &str, doc: &str) -> String {
    let doc = doc.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', " ");
    format!("{indent}/// <summary>{doc}</summary>\n")
}
