//! Java: `Low`, once for JNA and once for the foreign functions of Java 22, with the same methods; the constants, the
//! options, and one exception an outcome. Only primitives and arrays cross: an address is a `long`, which is why the
//! package is for 64 bits only.

use std::fmt::Write;

use crate::interface::{Argument, Function, Interface};

const HEAD: &str = "// Made by bindings/generator from include/crux.json.\n\npackage org.libcrux;\n\n";

/// The Java type of an argument or a result.
fn java(argument: &Argument) -> &'static str {
    match (argument.kind.as_str(), argument.name.as_str()) {
        ("const char *", _) | ("const void *", "body" | "data") => "byte[]",
        ("const char **" | "size_t *", _) => "long[]",
        ("int32_t *", _) => "int[]",
        (kind, _) => scalar(kind),
    }
}

/// That of a value which is no array.
fn scalar(kind: &str) -> &'static str {
    match kind {
        "void" => "void",
        "int32_t" => "int",
        "double" => "double",
        _ => "long",
    }
}

/// A text that may stand in a Javadoc comment.
fn doc(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace("*/", "* /")
}

/// `TOO_LARGE` or `too_large` as `TooLarge`.
fn camel(name: &str) -> String {
    name.split(['_', '.'])
        .map(|word| word[..1].to_ascii_uppercase() + &word[1..].to_ascii_lowercase())
        .collect()
}

/// `crux_log_fn` as `log`: the method of `Hooks` that the hook calls.
fn hook(name: &str) -> &str {
    name.trim_start_matches("crux_").trim_end_matches("_fn")
}

fn parameters(function: &Function, java: fn(&Argument) -> &'static str) -> String {
    let each = function.arguments.iter().map(|one| format!("{} {}", java(one), one.name));
    each.collect::<Vec<_>>().join(", ")
}

/// Hooks get addresses, where functions take arrays.
fn raw(argument: &Argument) -> &'static str {
    scalar(&argument.kind)
}

fn comment(text: &mut String, function: &Function) {
    let waits = if function.waits { " It may wait." } else { "" };
    _ = writeln!(text, "    /** {}{waits} */", doc(&function.doc));
}

/// The functions, by direct mapping of JNA.
pub fn text(interface: &Interface) -> String {
    let mut text = String::from(HEAD);
    text += "import com.sun.jna.Callback;\n\n";
    text +=
        "/** The functions of libcrux as they are. Texts are UTF-8 and end in a NUL. */\nfinal class Low {\n";
    _ = writeln!(
        text,
        "    /** The CRUX_ABI that this file was made from. */\n    static final int ABI = {};",
        interface.abi
    );
    _ = writeln!(
        text,
        "\n    static final String SONAME = \"{}\";\n\n    private Low() {{}}",
        interface.soname
    );
    for function in &interface.functions {
        text.push('\n');
        comment(&mut text, function);
        let result = scalar(&function.result);
        _ = writeln!(text, "    static native {result} {}({});", function.name, parameters(function, java));
    }
    for function in &interface.hooks {
        let (name, result) = (hook(&function.name), scalar(&function.result));
        let interface = camel(name) + "Fn";
        text.push('\n');
        comment(&mut text, function);
        _ = writeln!(text, "    interface {interface} extends Callback {{");
        _ = writeln!(text, "        {result} invoke({});\n    }}\n", parameters(function, raw));
        _ = writeln!(text, "    static long {name}Hook() {{");
        _ = writeln!(text, "        return Ffi.hook(({interface}) Hooks::{name});\n    }}");
    }
    text + "}\n"
}

/// The same functions by java.lang.foreign.
pub fn foreign(interface: &Interface) -> String {
    let mut text = String::from(HEAD);
    text += "import java.lang.foreign.Arena;\nimport java.lang.invoke.MethodHandle;\n\n";
    text +=
        "/** The functions of libcrux as they are. Texts are UTF-8 and end in a NUL. */\nfinal class Low {\n";
    _ = writeln!(
        text,
        "    /** The CRUX_ABI that this file was made from. */\n    static final int ABI = {};",
        interface.abi
    );
    _ = writeln!(
        text,
        "\n    static final String SONAME = \"{}\";\n\n    private Low() {{}}",
        interface.soname
    );
    for function in &interface.functions {
        text.push('\n');
        foreign_function(&mut text, function);
    }
    for function in &interface.hooks {
        let (name, result) = (hook(&function.name), scalar(&function.result));
        let kinds: Vec<String> =
            function.arguments.iter().map(|one| format!(", {}.class", raw(one))).collect();
        text.push('\n');
        comment(&mut text, function);
        _ = writeln!(text, "    static long {name}Hook() {{");
        _ = writeln!(text, "        return Ffi.hook(\"{name}\", {result}.class{});\n    }}", kinds.concat());
    }
    text + "}\n"
}

fn foreign_function(text: &mut String, function: &Function) {
    let (name, result) = (&function.name, scalar(&function.result));
    let kinds: Vec<String> = function.arguments.iter().map(|one| format!(", {}.class", flat(one))).collect();
    let handle = name.to_ascii_uppercase();
    _ = writeln!(
        text,
        "    private static final MethodHandle {handle} =\n        Ffi.function(\"{name}\", {result}.class{});\n",
        kinds.concat()
    );
    comment(text, function);
    _ = writeln!(text, "    static {result} {name}({}) {{", parameters(function, java));
    let arrays: Vec<&Argument> = function.arguments.iter().filter(|one| java(one).ends_with("[]")).collect();
    let given: Vec<String> = function
        .arguments
        .iter()
        .map(|one| if java(one).ends_with("[]") { format!("{}At", one.name) } else { one.name.clone() })
        .collect();
    let out: Vec<&&Argument> = arrays.iter().filter(|one| java(one) != "byte[]").collect();
    let call = format!("{handle}.invokeExact({})", given.join(", "));
    text.push_str(if arrays.is_empty() {
        "        try {\n"
    } else {
        "        try (Arena arena = Arena.ofConfined()) {\n"
    });
    for one in &arrays {
        _ = writeln!(text, "            long {0}At = Ffi.lend(arena, {0});", one.name);
    }
    match (result, out.is_empty()) {
        ("void", _) => _ = writeln!(text, "            {call};"),
        (_, true) => _ = writeln!(text, "            return ({result}) {call};"),
        (_, false) => {
            _ = writeln!(text, "            {result} result = ({result}) {call};");
            for one in out {
                _ = writeln!(text, "            Ffi.take({0}At, {0});", one.name);
            }
            text.push_str("            return result;\n");
        }
    }
    text.push_str(
        "        } catch (Throwable error) {\n            throw Ffi.never(error);\n        }\n    }\n",
    );
}

/// The type in C: an array is an address there.
fn flat(argument: &Argument) -> &'static str {
    match java(argument) {
        array if array.ends_with("[]") => "long",
        other => other,
    }
}

/// Every `#define`, without its prefix.
pub fn constants(interface: &Interface) -> String {
    let mut text = String::from(HEAD);
    text += "/**\n * The numbers of libcrux: outcomes, types of JSON, phases and levels of the log.\n *\n * @since 0.2\n */\n";
    text += "public final class Constants {\n    private Constants() {}\n";
    for one in &interface.constants {
        let name = one.name.trim_start_matches("CRUX_");
        let said = if one.doc.is_empty() { format!("The number of {}.", one.name) } else { doc(&one.doc) };
        _ = writeln!(text, "\n    /** {said} */\n    public static final int {name} = {};", one.value);
    }
    text + "}\n"
}

/// The keys of the options, what they are, and which are secret.
pub fn options(interface: &Interface) -> String {
    let mut text = String::from(HEAD);
    text += "import java.util.Arrays;\nimport java.util.HashMap;\nimport java.util.HashSet;\nimport java.util.Map;\nimport java.util.Set;\n\n";
    text += "/**\n * The keys of all options, for {@link Options} and {@link Call#option}.\n *\n * @since 0.2\n */\n";
    text += "public final class Option {\n";
    for one in &interface.options {
        let scope = if one.scope == "call" { "client or call" } else { "client" };
        let otherwise =
            if one.default.is_empty() { String::new() } else { format!("; {} if not set", one.default) };
        _ = writeln!(
            text,
            "    /** {} Of a {scope}: {} ({}){}. */",
            doc(&one.help),
            doc(&one.kind),
            doc(&one.values),
            doc(&otherwise)
        );
        _ = writeln!(
            text,
            "    public static final String {} = \"{}\";\n",
            one.word().to_ascii_uppercase(),
            one.key
        );
    }
    let list = |secret: bool| {
        let chosen = interface.options.iter().filter(|one| one.secret || !secret);
        chosen.map(|one| format!("        \"{}\"", one.key)).collect::<Vec<_>>().join(",\n")
    };
    _ = writeln!(text, "    private static final Map<String, String> KEYS = new HashMap<>();\n");
    _ = writeln!(
        text,
        "    private static final Set<String> SECRETS = new HashSet<>(Arrays.asList(\n{}));\n",
        list(true)
    );
    _ = writeln!(
        text,
        "    static {{\n        for (String key : new String[] {{\n{}\n        }}) {{",
        list(false).replace("        \"", "            \"")
    );
    text +=
        "            KEYS.put(key.replace('.', '_'), key);\n        }\n    }\n\n    private Option() {}\n\n";
    text += "    /** A key with underscores for its points as libcrux spells it; any other as it is. */\n";
    text += "    static String key(String word) {\n        return KEYS.getOrDefault(word, word);\n    }\n\n";
    text += "    static boolean isSecret(String key) {\n        return SECRETS.contains(key);\n    }\n";
    text + "}\n"
}

/// The exception of an outcome.
pub fn error(interface: &Interface, word: &str) -> String {
    let one = interface.failures().find(|one| one.word() == word).expect("crux.json has this outcome");
    let name = camel(word) + "Exception";
    format!(
        "{HEAD}/**\n * {}\n *\n * @since 0.2\n */\npublic class {name} extends CruxException {{\n    private static final long serialVersionUID = 1L;\n\n    \
         {name}(String message, Response response) {{\n        super(Constants.{}, message, response);\n    }}\n}}\n",
        doc(&one.text),
        one.name.trim_start_matches("CRUX_"),
    )
}

/// The exception of a number.
pub fn errors(interface: &Interface) -> String {
    let mut text = String::from(HEAD);
    text += "/** Turns outcomes into exceptions. */\nfinal class Errors {\n    private Errors() {}\n\n";
    text += "    static CruxException of(int code, String message, Response response) {\n        switch (code) {\n";
    for one in interface.failures() {
        let name = camel(&one.word()) + "Exception";
        let constant = one.name.trim_start_matches("CRUX_");
        _ = writeln!(
            text,
            "            case Constants.{constant}:\n                return new {name}(message, response);"
        );
    }
    text += "            default:\n                return new CruxException(code, message, response);\n        }\n    }\n";
    text + "}\n"
}
