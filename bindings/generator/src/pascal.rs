//! `bindings/pascal/cruxapi.pas`: the C functions as procedure variables, the constants, and the loader.

use std::fmt::Write as _;

use crate::interface::{Function, Interface};

/// The type of a parameter or result; hooks by their own names.
fn kind(c: &str) -> String {
    match c {
        "void" => String::new(),
        "const char *" | "char *" => "PAnsiChar".into(),
        "const char **" => "PPAnsiChar".into(),
        "int32_t" => "LongInt".into(),
        "int32_t *" => "PLongInt".into(),
        "int64_t" => "Int64".into(),
        "double" => "Double".into(),
        "size_t" => "NativeUInt".into(),
        "size_t *" => "PNativeUInt".into(),
        "ptrdiff_t" => "NativeInt".into(),
        hook if hook.ends_with("_fn") => hook_name(hook),
        pointer if pointer.ends_with('*') => "Pointer".into(),
        other => panic!("Pascal has no type for {other}"),
    }
}

/// `crux_tick_fn` as `TCruxTickFn`.
fn hook_name(name: &str) -> String {
    let words = name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
    format!("T{}", words.collect::<String>())
}

/// What stands after the name; words of Pascal's own get an `A` before them.
fn signature(function: &Function) -> String {
    const OWN: [&str; 3] = ["file", "type", "object"];
    let named = |name: &str| if OWN.contains(&name) { format!("a_{name}") } else { name.to_string() };
    let arguments = function.arguments.iter().map(|a| format!("{}: {}", named(&a.name), kind(&a.kind)));
    let arguments = arguments.collect::<Vec<_>>().join("; ");
    let arguments = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
    match kind(&function.result) {
        nothing if nothing.is_empty() => format!("procedure{arguments}; cdecl"),
        result => format!("function{arguments}: {result}; cdecl"),
    }
}

pub fn text(interface: &Interface) -> String {
    let mut out = String::new();
    let mut line = |text: &str| writeln!(out, "{text}").expect("a String takes everything");
    line(
        "{ Made from include/crux.json by bindings/generator: do not edit. The C functions of libcrux, as crux.h has them. }",
    );
    line("unit cruxapi;");
    line("{$ifdef fpc}{$mode delphi}{$h+}{$endif}");
    line("\ninterface\n");
    line("const");
    for constant in &interface.constants {
        // Pascal does not tell CRUX_ABI from crux_abi.
        let is_taken = interface.functions.iter().any(|f| f.name.eq_ignore_ascii_case(&constant.name));
        let suffix = if is_taken { "_OF_HEADER" } else { "" };
        line(&format!("  {}{suffix} = {};", constant.name, constant.value));
    }
    line(&format!(
        "  CRUX_SONAME = {{$ifdef mswindows}}'crux.dll'{{$else}}'{}'{{$endif}};",
        interface.soname
    ));
    line("\ntype");
    line("  {$ifndef fpc}PPAnsiChar = ^PAnsiChar;{$endif}");
    line("  {$ifndef fpc}PNativeUInt = ^NativeUInt;{$endif}");
    for hook in &interface.hooks {
        line(&format!("  {{ {} }}", hook.doc));
        line(&format!("  {} = {};", hook_name(&hook.name), signature(hook)));
    }
    line("\nvar");
    for function in &interface.functions {
        line(&format!("  {{ {} }}", function.doc.replace(['{', '}'], "'")));
        line(&format!("  {}: {};", function.name, signature(function)));
    }
    line("\ntype");
    line("  TCruxFunction = record");
    line("    Name: string;");
    line("    Slot: PPointer;");
    line("  end;\n");
    line("{ The functions by name, for the loader. }");
    line(&format!(
        "const\n  CruxFunctions: array[0..{}] of TCruxFunction = (",
        interface.functions.len() - 1
    ));
    for (at, function) in interface.functions.iter().enumerate() {
        let comma = if at + 1 < interface.functions.len() { "," } else { "" };
        line(&format!("    (Name: '{0}'; Slot: @@{0}){comma}", function.name));
    }
    line("  );\n\nimplementation\n\nend.");
    out
}
