//! Visual Basic 6, and VBA in 32 and 64 bit: declarations, and the way of a text over and back. Both call the stdcall
//! twin of the library in 32 bit, `crux_std.dll`, and VBA in 64 bit `crux.dll`.

use std::fmt::Write;

use crate::interface::{Argument, Function, Interface};

/// One kind of Visual Basic.
struct Dialect {
    declare: &'static str,
    library: &'static str,
    pointer: &'static str,
    /// In 32 bit there is no integer of 64: Currency counts ten-thousandths.
    wide: &'static str,
}

const VB6: Dialect =
    Dialect { declare: "Declare", library: "crux_std.dll", pointer: "Long", wide: "Currency" };
const VBA_32: Dialect =
    Dialect { declare: "Declare PtrSafe", library: "crux_std.dll", pointer: "LongPtr", wide: "Currency" };
const VBA_64: Dialect =
    Dialect { declare: "Declare PtrSafe", library: "crux.dll", pointer: "LongPtr", wide: "LongLong" };

/// Words that cannot name an argument.
const RESERVED: &[&str] = &[
    "any",
    "as",
    "boolean",
    "byref",
    "byte",
    "byval",
    "call",
    "case",
    "const",
    "currency",
    "date",
    "declare",
    "dim",
    "do",
    "double",
    "each",
    "else",
    "empty",
    "end",
    "enum",
    "erase",
    "error",
    "event",
    "exit",
    "false",
    "for",
    "friend",
    "function",
    "get",
    "global",
    "go",
    "if",
    "imp",
    "implements",
    "in",
    "input",
    "integer",
    "is",
    "len",
    "let",
    "like",
    "line",
    "lock",
    "long",
    "loop",
    "me",
    "mid",
    "mod",
    "name",
    "new",
    "next",
    "not",
    "nothing",
    "null",
    "object",
    "on",
    "open",
    "option",
    "optional",
    "or",
    "print",
    "private",
    "property",
    "public",
    "put",
    "read",
    "redim",
    "resume",
    "return",
    "seek",
    "select",
    "set",
    "single",
    "static",
    "step",
    "stop",
    "string",
    "sub",
    "tab",
    "text",
    "then",
    "time",
    "to",
    "true",
    "type",
    "until",
    "variant",
    "wend",
    "while",
    "width",
    "with",
    "write",
    "xor",
];

/// `vb6/crux.bas`
pub fn vb6(interface: &Interface) -> String {
    let mut out = head(interface, "Visual Basic 6");
    out += &declarations(interface, &VB6);
    out += &system(&VB6);
    out += HELPERS.replace("POINTER", VB6.pointer).as_str();
    out.replace('\n', "\r\n")
}

/// `vb6/crux_vba.bas`
pub fn vba(interface: &Interface) -> String {
    let mut out = head(interface, "VBA, 32 and 64 bit");
    let _ = write!(out, "#If Win64 Then\n{}{}", declarations(interface, &VBA_64), system(&VBA_64));
    let _ = write!(out, "#ElseIf VBA7 Then\n{}{}", declarations(interface, &VBA_32), system(&VBA_32));
    let _ = write!(out, "#Else\n{}{}#End If\n", declarations(interface, &VB6), system(&VB6));
    // What takes a pointer differs before VBA 7.
    let _ = write!(out, "\n#If VBA7 Then\n{}#Else\n", HELPERS.replace("POINTER", "LongPtr"));
    let _ = writeln!(out, "{}#End If", HELPERS.replace("POINTER", "Long"));
    out.replace('\n', "\r\n")
}

/// Names have no case there, and CRUX_ABI is that of a function too.
fn constant_name(name: &str) -> &str {
    if name == "CRUX_ABI" { "CRUX_ABI_OF_HEADER" } else { name }
}

fn head(interface: &Interface, what: &str) -> String {
    let mut out = String::from("Attribute VB_Name = \"Crux\"\n");
    let _ = writeln!(
        out,
        "' libcrux {} for {what}. Made from include/crux.json by \"make bindings\".",
        interface.version
    );
    out += "'\n\
' A text is a pointer to UTF-8 bytes with a NUL: VarPtr(bytes(0)) of bytes = CruxBytes(text). What comes back is read\n\
' with CruxText. An argument that may be NULL is 0 then. A number of 64 bits is a LongLong in 64 bit, and in 32 bit a\n\
' Currency that holds ten-thousandths of it: times 10000 is the number. A hook is an AddressOf. Call crux_abi first.\n\
Option Explicit\n\n";
    for constant in &interface.constants {
        let name = constant_name(&constant.name);
        let _ = writeln!(out, "Public Const {name} As Long = {} ' {}", constant.value, constant.doc);
    }
    out + "\n"
}

fn declarations(interface: &Interface, dialect: &Dialect) -> String {
    let mut out = String::new();
    for function in &interface.functions {
        let _ = writeln!(out, "' {}", function.doc);
        let kind = if function.result == "void" { "Sub" } else { "Function" };
        let arguments: Vec<String> = function.arguments.iter().map(|a| argument(a, dialect)).collect();
        let _ = write!(
            out,
            "Public {} {kind} {} Lib \"{}\" ({})",
            dialect.declare,
            function.name,
            dialect.library,
            arguments.join(", "),
        );
        let _ = match kind {
            "Sub" => writeln!(out),
            _ => writeln!(out, " As {}", result(function, dialect)),
        };
    }
    out
}

fn argument(argument: &Argument, dialect: &Dialect) -> String {
    let reserved = RESERVED.contains(&argument.name.as_str());
    let name = if reserved { format!("{}_", argument.name) } else { argument.name.clone() };
    match argument.kind.as_str() {
        "int32_t *" => format!("ByRef {name} As Long"),
        "const char **" | "size_t *" => format!("ByRef {name} As {}", dialect.pointer),
        kind => format!("ByVal {name} As {}", value(kind, dialect)),
    }
}

fn result<'a>(function: &Function, dialect: &'a Dialect) -> &'a str {
    value(&function.result, dialect)
}

fn value<'a>(kind: &str, dialect: &'a Dialect) -> &'a str {
    match kind {
        "int32_t" => "Long",
        "int64_t" => dialect.wide,
        "double" => "Double",
        // Pointers, hooks, size_t, ptrdiff_t.
        _ => dialect.pointer,
    }
}

/// What the helpers need of Windows.
fn system(dialect: &Dialect) -> String {
    let (declare, pointer) = (dialect.declare, dialect.pointer);
    format!(
        "Private {declare} Function WideCharToMultiByte Lib \"kernel32\" (ByVal page As Long, ByVal flags As Long, \
ByVal wide As {pointer}, ByVal wide_length As Long, ByVal narrow As {pointer}, ByVal narrow_size As Long, \
ByVal missing As {pointer}, ByVal used As {pointer}) As Long
Private {declare} Function MultiByteToWideChar Lib \"kernel32\" (ByVal page As Long, ByVal flags As Long, \
ByVal narrow As {pointer}, ByVal narrow_length As Long, ByVal wide As {pointer}, ByVal wide_size As Long) As Long
Private {declare} Function lstrlenA Lib \"kernel32\" (ByVal narrow As {pointer}) As Long
"
    )
}

const HELPERS: &str = r#"
' A text as UTF-8 with a NUL behind it. A NUL inside is refused, for the library would end the text there.
Public Function CruxBytes(ByVal source As String) As Byte()
    Dim bytes() As Byte, size As Long
    If InStr(source, vbNullChar) > 0 Then Err.Raise 5, "Crux", "A text holds a NUL."
    If Len(source) > 0 Then size = WideCharToMultiByte(65001, 0, StrPtr(source), Len(source), 0, 0, 0, 0)
    ReDim bytes(0 To size)
    If size > 0 Then WideCharToMultiByte 65001, 0, StrPtr(source), Len(source), VarPtr(bytes(0)), size, 0, 0
    CruxBytes = bytes
End Function

' The text at a pointer; empty for NULL.
Public Function CruxText(ByVal pointer As POINTER) As String
    Dim wide As String, length As Long, size As Long
    If pointer <> 0 Then length = lstrlenA(pointer)
    If length > 0 Then
        size = MultiByteToWideChar(65001, 0, pointer, length, 0, 0)
        wide = String$(size, vbNullChar)
        MultiByteToWideChar 65001, 0, pointer, length, StrPtr(wide), size
    End If
    CruxText = wide
End Function
"#;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A declaration as it is read back: what passes each argument, the types, and the result.
    type Declared = (Vec<(String, String)>, Option<String>, String);

    /// Reads the declarations of `crux_` functions in a part of a module; each may stand there once.
    fn read(module: &str) -> BTreeMap<String, Declared> {
        let mut found = BTreeMap::new();
        for line in module.lines().filter(|line| line.starts_with("Public Declare")) {
            let (before, rest) = line.split_once('(').unwrap();
            let (inside, after) = rest.split_once(')').unwrap();
            let words: Vec<&str> = before.split_whitespace().collect();
            let place = words.iter().position(|word| *word == "Lib").unwrap();
            let arguments = inside.split(", ").filter(|one| !one.is_empty());
            let arguments = arguments.map(|one| match *one.split(' ').collect::<Vec<_>>() {
                [way @ ("ByVal" | "ByRef"), name, "As", kind] => {
                    assert!(!RESERVED.contains(&name.to_lowercase().as_str()), "{name} is reserved: {line}");
                    (way.to_string(), kind.to_string())
                }
                _ => panic!("no argument: {one}"),
            });
            let result = after.strip_prefix(" As ").map(str::to_string);
            assert_eq!(words[place - 2] == "Function", result.is_some(), "{line}");
            let library = format!("{} {}", words[1..place - 2].join(" "), words[place + 1]);
            let before = found.insert(words[place - 1].to_string(), (arguments.collect(), result, library));
            assert!(before.is_none(), "twice: {line}");
        }
        found
    }

    /// What C's type must be, said apart from how it is made: by value or by reference, and how many bytes (0 = a
    /// pointer's); `f` = floating.
    fn wanted(kind: &str) -> (&'static str, &'static str) {
        match kind {
            "int32_t" => ("ByVal", "4"),
            "int64_t" => ("ByVal", "8"),
            "double" => ("ByVal", "f"),
            "size_t" | "ptrdiff_t" => ("ByVal", "0"),
            "int32_t *" => ("ByRef", "4"),
            "size_t *" | "const char **" => ("ByRef", "0"),
            hook if hook.ends_with("_fn") => ("ByVal", "0"),
            pointer if pointer.ends_with('*') => ("ByVal", "0"),
            other => panic!("{other} is new: what is it in Visual Basic?"),
        }
    }

    fn check(module: &str, library: &str, sizes: &[(&str, &str)]) {
        let interface = crate::interface().unwrap();
        let declared = read(module);
        assert_eq!(declared.len(), interface.functions.len());
        let is = |kind: &str, size: &str| sizes.contains(&(kind, size));
        for function in &interface.functions {
            let name = &function.name;
            let (arguments, result, from) = declared.get(name).unwrap_or_else(|| panic!("{name} is missing"));
            assert_eq!(from, library, "{name}");
            assert_eq!(arguments.len(), function.arguments.len(), "arity of {name}");
            for ((way, kind), argument) in arguments.iter().zip(&function.arguments) {
                let (wanted_way, wanted_size) = wanted(&argument.kind);
                assert!(
                    way == wanted_way && is(kind, wanted_size),
                    "{name}, {}: {way} {kind}",
                    argument.name
                );
            }
            match function.result.as_str() {
                "void" => assert!(result.is_none(), "{name}"),
                kind => assert!(is(result.as_deref().unwrap(), wanted(kind).1), "result of {name}"),
            }
        }
    }

    fn between<'a>(module: &'a str, from: &str, to: &str) -> &'a str {
        module.split_once(from).unwrap().1.split_once(to).unwrap().0
    }

    #[test]
    fn every_declaration_has_the_arity_and_types_of_the_interface() {
        let interface = crate::interface().unwrap();
        // In 32 bit a Long is as wide as a pointer.
        let sizes_vb6 = [("Long", "4"), ("Long", "0"), ("Currency", "8"), ("Double", "f")];
        check(&vb6(&interface), "Declare \"crux_std.dll\"", &sizes_vb6);
        let vba = vba(&interface);
        let sizes_64 = [("Long", "4"), ("LongPtr", "0"), ("LongLong", "8"), ("Double", "f")];
        let sizes_32 = [("Long", "4"), ("LongPtr", "0"), ("Currency", "8"), ("Double", "f")];
        check(between(&vba, "#If Win64 Then", "#ElseIf VBA7"), "Declare PtrSafe \"crux.dll\"", &sizes_64);
        check(between(&vba, "#ElseIf VBA7 Then", "#Else\r"), "Declare PtrSafe \"crux_std.dll\"", &sizes_32);
        check(between(&vba, "#Else\r", "#End If"), "Declare \"crux_std.dll\"", &sizes_vb6);
    }

    #[test]
    fn a_module_is_one_that_the_editor_takes() {
        let interface = crate::interface().unwrap();
        for module in [vb6(&interface), vba(&interface)] {
            assert!(module.is_ascii(), "the editor reads the code page of the system");
            assert!(module.starts_with("Attribute VB_Name"));
            assert_eq!(module.matches('\n').count(), module.matches("\r\n").count());
            assert!(module.lines().all(|line| line.len() <= 1023), "a line is too long");
            for constant in &interface.constants {
                let line =
                    format!("Public Const {} As Long = {} ", constant_name(&constant.name), constant.value);
                assert_eq!(module.matches(&line).count(), 1, "{line}");
            }
            let constants =
                module.lines().filter_map(|line| line.strip_prefix("Public Const ")?.split(' ').next());
            for name in constants {
                let (function, sub) = (format!(" function {name} "), format!(" sub {name} "));
                let clashes = |line: &&str| {
                    let line = line.to_lowercase();
                    line.contains(&function.to_lowercase()) || line.contains(&sub.to_lowercase())
                };
                assert_eq!(module.lines().find(clashes), None, "{name} is the name of a function, too");
            }
        }
    }
}
