//! The low layer of the gem: `interface.rb` with error classes, options and constants, `interface.h` with what C must
//! know of the library, and `functions.c` with a method of `Crux::Native` for each function that neither takes a hook
//! nor writes into its arguments.

use std::fmt::Write;

use crate::interface::{Argument, Error, Function, Interface, camel, declared};

const MADE: &str = "Made from include/crux.json by `make bindings`; do not edit.";

/// `lib/libcrux/interface.rb`
pub fn text(interface: &Interface) -> String {
    let mut out = format!("# frozen_string_literal: true\n\n# {MADE}\n\nmodule Crux\n");
    let _ = write!(
        out,
        "  # The version of the interface that this gem was made for.\n  VERSION = \"{}\"\n\n  \
         # The least `crux_abi` that this gem can use.\n  ABI = {}\n\n  \
         # The name under which the system's loader knows the library.\n  SONAME = \"{}\"\n",
        interface.version, interface.abi, interface.soname
    );
    let failures = || interface.failures();
    for error in failures() {
        let (name, parent) = class(error);
        let _ = write!(
            out,
            "\n  # {}\n  class {name} < ::{parent}\n    include Error\n\n    # The number of this outcome.\n    \
             CODE = {}\n  end\n",
            error.text, error.code
        );
    }
    out += "\n  # The class of each outcome, by its number.\n  ERRORS = {\n";
    for error in failures() {
        let _ = writeln!(out, "    {} => {},", error.code, class(error).0);
    }
    out += "  }.freeze\n\n  # What a request does now: the first argument of a `progress:`.\n  PHASES = {\n";
    for phase in &interface.constants {
        if let Some(name) = phase.name.strip_prefix("CRUX_PHASE_") {
            let _ = writeln!(out, "    {} => :{},", phase.value, name.to_ascii_lowercase());
        }
    }
    out += "  }.freeze\n\n  # Every option, by its keyword; those marked *call* may also be given to a single request.\n";
    out += "  OPTIONS = {\n";
    for option in &interface.options {
        let default = match option.default.as_str() {
            "" => String::new(),
            default => format!("; default {default}"),
        };
        let scope = if option.scope == "call" { "*call* " } else { "" };
        let _ = write!(
            out,
            "    # {scope}{} ({}{default}).\n    {}: \"{}\",\n",
            option.help.trim_end_matches('.'),
            option.values,
            option.word(),
            option.key
        );
    }
    out += "  }.freeze\n\n  # The options whose values must not be shown.\n  SECRETS = %i[\n";
    for option in interface.options.iter().filter(|option| option.secret) {
        let _ = writeln!(out, "    {}", option.word());
    }
    out += "  ].freeze\n\n  # The keys of options that are numbers.\n  NUMBERS = %w[\n";
    for option in interface.options.iter().filter(|option| option.kind == "number") {
        let _ = writeln!(out, "    {}", option.key);
    }
    out + "  ].freeze\n\n  private_constant :SONAME, :ERRORS, :NUMBERS\nend\n"
}

/// The class of an outcome, and the one of Ruby that it is too.
fn class(error: &Error) -> (String, &'static str) {
    let word = error.word();
    let (name, parent) = match word.as_str() {
        // No name of Ruby's own, which would hide that one inside of Crux.
        "argument" => ("InvalidArgument", "ArgumentError"),
        "io" => ("BrokenConnection", "IOError"),
        "resolve" => ("Resolve", "SocketError"),
        "connect" => ("Connect", "SocketError"),
        "tls" => ("TLS", "StandardError"),
        "http" => ("HTTP", "StandardError"),
        "timeout" => ("Timeout", "Timeout::Error"),
        "file" => ("File", "IOError"),
        _ => return (format!("{}Error", camel(&word)), "StandardError"),
    };
    (format!("{name}Error"), parent)
}

/// `ext/libcrux/interface.h`
pub fn header(interface: &Interface) -> String {
    let mut out = format!("/* {MADE} */\n#ifndef CRUX_INTERFACE_H\n#define CRUX_INTERFACE_H\n\n");
    out += "#include <stddef.h>\n#include <stdint.h>\n\n";
    for constant in &interface.constants {
        let _ = writeln!(out, "#define {} ({})", constant.name, constant.value);
    }
    out.push('\n');
    for object in &interface.objects {
        let _ = writeln!(out, "typedef struct {0} {0};", object.name);
    }
    out.push('\n');
    for hook in &interface.hooks {
        let arguments = hook.c_arguments();
        let _ = writeln!(out, "typedef {} (*{})({arguments});", hook.result, hook.name);
    }
    out += "\n/* Every function of the library: its result, its name, its arguments. */\n#define CRUX_FUNCTIONS(F)";
    for function in &interface.functions {
        let arguments = function.c_arguments();
        let _ = write!(out, " \\\n    F({}, {}, ({arguments}))", function.result.trim_end(), function.name);
    }
    out + "\n\n#endif\n"
}

/// How a value of Ruby becomes an argument.
enum Way {
    Handle,
    Text {
        null: bool,
    },
    /// A pointer and the length behind it.
    Bytes,
    Number(&'static str),
}

/// The arguments as Ruby gives them; `None` if they are more than generated code can serve.
fn ways(function: &Function) -> Option<Vec<(&Argument, Way)>> {
    let mut ways = Vec::new();
    let mut arguments = function.arguments.iter().peekable();
    while let Some(argument) = arguments.next() {
        let counted = arguments.peek().is_some_and(|next| next.kind == "ptrdiff_t");
        let way = match argument.kind.as_str() {
            "const void *" if counted => {
                arguments.next();
                Way::Bytes
            }
            "const void *" => Way::Handle,
            "const char *" => Way::Text { null: argument.null },
            "int32_t" => Way::Number("NUM2INT"),
            "int64_t" => Way::Number("NUM2LL"),
            "size_t" => Way::Number("NUM2SIZET"),
            "double" => Way::Number("NUM2DBL"),
            kind if kind.contains("crux_") && kind.ends_with('*') => Way::Handle,
            _ => return None,
        };
        ways.push((argument, way));
    }
    Some(ways)
}

/// Whether the generated code serves a function. What waits takes no text: another thread might change it meanwhile.
/// What gives back a handle that is known already needs more care, too.
fn is_served(function: &Function) -> bool {
    let Some(ways) = ways(function) else { return false };
    let plain = ways.iter().all(|(_, way)| matches!(way, Way::Handle | Way::Number(_)));
    function.name != "crux_next_finished" && (!function.waits || plain)
}

/// `ext/libcrux/functions.c`
pub fn functions(interface: &Interface) -> String {
    let mut out = format!("/* {MADE} */\n#include \"native.h\"\n");
    let served: Vec<&Function> = interface.functions.iter().filter(|function| is_served(function)).collect();
    for function in &served {
        out += &if function.waits { waiting(function) } else { direct(function) };
    }
    out += "\nvoid define_functions(VALUE native)\n{\n";
    for function in &served {
        let name = function.short();
        let count = ways(function).map_or(0, |ways| ways.len());
        let _ = writeln!(out, "    rb_define_singleton_method(native, \"{name}\", native_{name}, {count});");
    }
    out + "}\n"
}

fn is_handle(kind: &str) -> bool {
    kind.contains("crux_")
}

/// The head of a method up to its brace.
fn head(function: &Function, ways: &[(&Argument, Way)]) -> String {
    let mut values = String::from("VALUE self");
    for (argument, _) in ways {
        let _ = write!(values, ", VALUE {}", argument.name);
    }
    let doc = function.doc.split_inclusive('.').next().unwrap_or_default();
    let name = function.short();
    format!("\n/* {doc} */\nstatic VALUE native_{name}({values})\n{{\n")
}

/// A method that calls and keeps the lock of the interpreter.
fn direct(function: &Function) -> String {
    let ways = ways(function).unwrap_or_default();
    let mut out = head(function, &ways);
    let mut given = Vec::new();
    let mut guards = String::new();
    for (argument, way) in &ways {
        let name = &argument.name;
        match way {
            Way::Handle => given.push(format!("handle_in({name})")),
            Way::Number(convert) => given.push(format!("{convert}({name})")),
            Way::Bytes => {
                let _ = writeln!(out, "    bytes_in(&{name});");
                given.push(format!("bytes_start({name}), bytes_length({name})"));
            }
            Way::Text { null } => {
                let convert = if *null { "text_or_null" } else { "text_in" };
                let _ = writeln!(out, "    const char *{name}_text = {convert}(&{name});");
                given.push(format!("{name}_text"));
            }
        }
        let _ = writeln!(guards, "    RB_GC_GUARD({name});");
    }
    let call = format!("library.{}({})", function.name, given.join(", "));
    let result = function.result.trim_end();
    if is_handle(result) {
        let _ = writeln!(out, "    struct handle *made;\n    VALUE object = handle_new(&made);");
        let _ = writeln!(
            out,
            "    made->pointer = {call};\n{guards}    return made->pointer ? object : Qnil;\n}}"
        );
        return out;
    }
    if result == "void" {
        let _ = writeln!(out, "    {call};\n{guards}    return Qnil;\n}}");
        return out;
    }
    let _ =
        writeln!(out, "    VALUE result = {}({call});\n{guards}    return result;\n}}", convert_out(result));
    out
}

fn convert_out(result: &str) -> &'static str {
    match result {
        "const char *" => "text_out",
        "int64_t" => "LL2NUM",
        "size_t" => "SIZET2NUM",
        "ptrdiff_t" => "SSIZET2NUM",
        "double" => "DBL2NUM",
        _ => "INT2NUM",
    }
}

/// A method that gives the lock back while it waits.
fn waiting(function: &Function) -> String {
    let ways = ways(function).unwrap_or_default();
    let name = function.short();
    let result = function.result.trim_end();
    let makes = is_handle(result);
    let kept = if makes { "struct handle *made;".to_owned() } else { format!("{result} result;") };
    let mut out = format!("\nstruct {name} {{\n    {kept}\n");
    let (mut given, mut set, mut guards) = (Vec::new(), String::new(), String::new());
    for (argument, way) in &ways {
        let label = &argument.name;
        let (kind, convert) = match way {
            Way::Number(convert) => (argument.kind.as_str(), *convert),
            _ => ("void *", "handle_in"),
        };
        let _ = writeln!(out, "    {};", declared(kind, label));
        let _ = writeln!(set, "    given.{label} = {convert}({label});");
        let _ = writeln!(guards, "    RB_GC_GUARD({label});");
        given.push(format!("given->{label}"));
    }
    let target = if makes { "given->made->pointer" } else { "given->result" };
    let _ = write!(
        out,
        "}};\n\nstatic void run_{name}(void *data)\n{{\n    struct {name} *given = data;\n    {target} = library.{}({});\n}}\n",
        function.name,
        given.join(", ")
    );
    out += &head(function, &ways);
    let _ = writeln!(out, "    struct {name} given;");
    if makes {
        let _ = writeln!(out, "    VALUE object = handle_new(&given.made);");
    }
    let end = if makes {
        "given.made->pointer ? object : Qnil".to_owned()
    } else {
        format!("{}(given.result)", convert_out(result))
    };
    let _ = writeln!(out, "{set}    without_lock(run_{name}, &given);\n{guards}    return {end};\n}}");
    out
}
