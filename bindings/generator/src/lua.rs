//! Lua: the tables and the declarations for LuaJIT, and the functions of the low layer, once in C and once in Lua.

use std::fmt::Write;

use crate::interface::{Argument, Function, Interface, declared};

const MADE: &str = "Made from include/crux.json by \"make bindings\".";

/// `crux/interface.lua`: constants, outcomes, options, facts, and the declarations that LuaJIT reads.
pub fn text(interface: &Interface) -> String {
    let mut out = format!("-- {MADE}\n\n{}local interface = {{\n", annotations(interface));
    let _ = writeln!(out, "  version = {},", quoted(&interface.version));
    let _ = writeln!(out, "  abi = {},", interface.abi);
    let _ = writeln!(out, "  soname = {},", quoted(&interface.soname));
    out += "}\n\n-- The #defines of crux.h, without CRUX_.\ninterface.constants = {\n";
    for constant in &interface.constants {
        let name = constant.name.trim_start_matches("CRUX_");
        let _ = writeln!(out, "  {name} = {}, -- {}", constant.value, constant.doc);
    }
    out += "}\n\n-- The outcomes by number.\ninterface.errors = {\n";
    for error in &interface.errors {
        let (code, text) = (quoted(&error.word()), quoted(&error.text));
        let _ = writeln!(out, "  [{}] = {{ code = {code}, text = {text} }},", error.code);
    }
    out += "}\n\n-- The options by their Lua names.\ninterface.options = {\n";
    for option in &interface.options {
        let _ = writeln!(
            out,
            "  {} = {{ key = {}, type = {}, values = {}, default = {}, scope = {}, secret = {}, help = {} }},",
            option.word(),
            quoted(&option.key),
            quoted(&option.kind),
            quoted(&option.values),
            quoted(&option.default),
            quoted(&option.scope),
            option.secret,
            quoted(&option.help),
        );
    }
    out += "}\n\n-- What fact() knows.\ninterface.facts = {\n";
    for fact in &interface.facts {
        let (kind, of, help) = (quoted(&fact.kind), quoted(&fact.of), quoted(&fact.help));
        let _ = writeln!(out, "  {} = {{ kind = {kind}, of = {of}, help = {help} }},", fact.name);
    }
    let _ = write!(out, "}}\n\ninterface.cdef = [[\n{}]]\n\nreturn interface\n", declarations(interface));
    out
}

/// Types of the options for the Lua language server.
fn annotations(interface: &Interface) -> String {
    let mut out = String::new();
    for (class, scopes) in
        [("crux.CallOptions", &["call"][..]), ("crux.ClientOptions", &["call", "client"][..])]
    {
        let _ = writeln!(out, "---@class {class}");
        for option in interface.options.iter().filter(|option| scopes.contains(&option.scope.as_str())) {
            let kind = match option.kind.as_str() {
                "number" => "integer",
                "flag" => "boolean",
                _ => "string",
            };
            let _ = writeln!(out, "---@field {}? {kind} {}", option.word(), option.help);
        }
        out += "\n";
    }
    out
}

/// Types and hooks, as C has them.
fn types(interface: &Interface) -> String {
    let mut out = String::new();
    for object in &interface.objects {
        let _ = writeln!(out, "typedef struct {0} {0};", object.name);
    }
    for hook in &interface.hooks {
        let _ = writeln!(out, "typedef {} (*{})({});", hook.result, hook.name, hook.c_arguments());
    }
    out
}

fn declarations(interface: &Interface) -> String {
    let mut out = types(interface);
    for function in &interface.functions {
        let _ = writeln!(out, "{}({});", declared(&function.result, &function.name), function.c_arguments());
    }
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// What Lua gives or gets for an argument of C.
enum Role<'a> {
    Handle(&'a Argument),
    Text(&'a Argument),
    /// A pointer, and the length behind it.
    Bytes(&'a Argument),
    Number(&'a Argument),
    OutText(&'a Argument),
    OutNumber(&'a Argument),
}

fn roles(function: &Function) -> Vec<Role<'_>> {
    let mut roles = Vec::new();
    let mut rest = function.arguments.iter();
    while let Some(argument) = rest.next() {
        roles.push(match argument.kind.as_str() {
            "const char *" => Role::Text(argument),
            "const char **" => Role::OutText(argument),
            "size_t *" | "int32_t *" => Role::OutNumber(argument),
            "const void *" if argument.name == "data" || argument.name == "body" => {
                rest.next();
                Role::Bytes(argument)
            }
            kind if kind.ends_with('*') => Role::Handle(argument),
            _ => Role::Number(argument),
        });
    }
    roles
}

/// Functions with hooks and buffers are written by hand, and those that say which handle it was.
fn is_by_hand(function: &Function) -> bool {
    matches!(function.name.as_str(), "crux_free" | "crux_next_finished")
        || function.arguments.iter().any(|a| a.kind.ends_with("_fn") || a.name == "buffer")
}

fn makes_object(function: &Function) -> bool {
    function.result.starts_with("crux_")
}

/// `src/crux_api.h`: the functions of the library as pointers.
pub fn api(interface: &Interface) -> String {
    let mut out = format!("/* {MADE} */\n#include <stddef.h>\n#include <stdint.h>\n\n{}\n", types(interface));
    let _ = writeln!(out, "#define CRUX_ABI {}", interface.abi);
    for constant in interface.constants.iter().filter(|c| c.name.starts_with("CRUX_JSON_")) {
        let _ = writeln!(out, "#define {} {}", constant.name, constant.value);
    }
    out += "\ntypedef struct crux_api {\n";
    for function in &interface.functions {
        let _ = writeln!(
            out,
            "    {}({});",
            declared(&function.result, &format!("(*{})", function.name)),
            function.c_arguments()
        );
    }
    out += "} crux_api;\n\nstatic const struct { const char *name; size_t place; } crux_symbols[] = {\n";
    for function in &interface.functions {
        let _ = writeln!(out, "    {{\"{0}\", offsetof(crux_api, {0})}},", function.name);
    }
    out + "};\n"
}

/// `src/crux_functions.h`: what calls them from Lua.
pub fn c(interface: &Interface) -> String {
    let mut out = format!("/* {MADE} */\n");
    let made: Vec<&Function> = interface.functions.iter().filter(|f| !is_by_hand(f)).collect();
    for function in &made {
        out += &c_function(function);
    }
    out += "\nstatic const luaL_Reg made_functions[] = {\n";
    for function in &made {
        let _ = writeln!(out, "    {{\"{0}\", low_{0}}},", function.short());
    }
    out + "    {NULL, NULL},\n};\n"
}

fn c_function(function: &Function) -> String {
    let (mut before, mut given, mut outs) = (String::new(), Vec::new(), Vec::new());
    let mut place = 0;
    for role in roles(function) {
        if !matches!(role, Role::OutText(_) | Role::OutNumber(_)) {
            place += 1;
        }
        match role {
            Role::Handle(a) => {
                let _ = writeln!(before, "    void *{} = handle_at(L, {place});", a.name);
                given.push(a.name.clone());
            }
            Role::Text(a) => {
                let _ = writeln!(
                    before,
                    "    const char *{} = text_at(L, {place}, {});",
                    a.name,
                    i32::from(a.null)
                );
                given.push(a.name.clone());
            }
            Role::Bytes(a) => {
                let _ = writeln!(before, "    size_t {0}_size = 0;", a.name);
                let _ = writeln!(
                    before,
                    "    const char *{0} = luaL_optlstring(L, {place}, NULL, &{0}_size);",
                    a.name
                );
                given.push(a.name.clone());
                given.push(format!("(ptrdiff_t){}_size", a.name));
            }
            Role::Number(a) => {
                let from = if a.kind == "double" { "luaL_checknumber" } else { "integer_at" };
                let _ = writeln!(before, "    {0} {1} = ({0}){from}(L, {place});", a.kind, a.name);
                given.push(a.name.clone());
            }
            Role::OutText(a) => {
                let _ = writeln!(before, "    const char *{} = NULL;", a.name);
                given.push(format!("&{}", a.name));
                outs.push(format!("    lua_pushstring(L, {});\n", a.name));
            }
            Role::OutNumber(a) => {
                let _ = writeln!(before, "    {} {} = 0;", a.kind.trim_end_matches(" *"), a.name);
                given.push(format!("&{}", a.name));
                outs.push(format!("    push_integer(L, {});\n", a.name));
            }
        }
    }
    let call = format!("core->api.{}({})", function.name, given.join(", "));
    let name = function.short();
    let mut out =
        format!("\nstatic int low_{name}(lua_State *L)\n{{\n    core *core = core_of(L);\n{before}");
    let results = if makes_object(function) {
        let _ = write!(
            out,
            "    void **made = new_handle(L);\n    enter(core, L);\n    *made = {call};\n    leave(core, L);\n"
        );
        out += "    if (!*made)\n        lua_pushnil(L);\n";
        1
    } else if function.result == "void" {
        let _ = write!(out, "    enter(core, L);\n    {call};\n    leave(core, L);\n");
        0
    } else {
        let _ = write!(
            out,
            "    {}result;\n    enter(core, L);\n    result = {call};\n    leave(core, L);\n",
            declared(&function.result, "")
        );
        match function.result.as_str() {
            "const char *" if !outs.is_empty() => out += "    lua_pushlstring(L, result, length);\n",
            "const char *" => out += "    lua_pushstring(L, result);\n",
            "double" => out += "    lua_pushnumber(L, result);\n",
            _ if !outs.is_empty() => {
                out += "    if (!result)\n        return 0;\n";
                out += &outs.concat();
                return out + &format!("    return {};\n}}\n", outs.len());
            }
            _ => out += "    push_integer(L, result);\n",
        }
        1
    };
    out + &format!("    return {results};\n}}\n")
}

/// `crux/ffi_functions.lua`: the same functions for LuaJIT.
pub fn ffi(interface: &Interface) -> String {
    let mut out =
        format!("-- {MADE}\n\n-- What is called may call hooks, and compiled code may not be re-entered.\n");
    out += "if jit then jit.off(true, true) end\n\n---@param lib table the library, by ffi.load\n";
    out +=
        "---@param as table how values go over and come back\n---@param low table receives the functions\n";
    out += "return function(lib, as, low)\n  local handle, text, optional, own, leave = as.handle, as.text, as.optional, as.own, as.leave\n";
    out += "  local string, integer, number, bytes = as.string, as.integer, as.number, as.bytes\n";
    for function in interface.functions.iter().filter(|f| !is_by_hand(f)) {
        out += &ffi_function(function);
    }
    out + "end\n"
}

fn ffi_function(function: &Function) -> String {
    let (mut names, mut given, mut checked, mut outs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut before = String::new();
    for role in roles(function) {
        let (a, check) = match role {
            Role::Handle(a) => (a, "handle"),
            Role::Text(a) if a.null => (a, "optional"),
            Role::Text(a) => (a, "text"),
            Role::Number(a) => (a, "number"),
            Role::Bytes(a) => {
                given.push(format!("{}_c", a.name));
                given.push(format!("{0} and #{0} or 0", a.name));
                (a, "bytes")
            }
            Role::OutText(a) => {
                let _ = writeln!(before, "    local {} = as.new_text()", a.name);
                given.push(a.name.clone());
                outs.push(format!("string({}[0])", a.name));
                continue;
            }
            Role::OutNumber(a) => {
                let _ = writeln!(before, "    local {} = as.new_{}()", a.name, a.kind.trim_end_matches(" *"));
                given.push(a.name.clone());
                outs.push(format!("integer({}[0])", a.name));
                continue;
            }
        };
        names.push(a.name.clone());
        checked.push(format!("{check}({})", a.name));
        if check != "bytes" {
            given.push(format!("{}_c", a.name));
        }
    }
    // Under names of their own: the handles must not be collected meanwhile.
    if !names.is_empty() {
        let _ = writeln!(before, "    local {}_c = {}", names.join("_c, "), checked.join(", "));
    }
    // What waits may call hooks.
    if function.waits {
        before += "    as.enter()\n";
    }
    let call = format!("lib.{}({})", function.name, given.join(", "));
    let mut out = format!("\n  function low.{}({})\n{before}", function.short(), names.join(", "));
    if makes_object(function) {
        let _ = writeln!(out, "    return leave(own({call}))");
    } else {
        match function.result.as_str() {
            "void" => {
                let _ = writeln!(out, "    {call}\n    leave()");
            }
            "const char *" if !outs.is_empty() => {
                let _ =
                    writeln!(out, "    local result = {call}\n    return leave(string(result, length[0]))");
            }
            "const char *" => {
                let _ = writeln!(out, "    return leave(string({call}))");
            }
            "double" => {
                let _ = writeln!(out, "    return leave({call})");
            }
            _ if !outs.is_empty() => {
                let _ = writeln!(
                    out,
                    "    if {call} == 0 then return leave() end\n    return leave({})",
                    outs.join(", ")
                );
            }
            _ => {
                let _ = writeln!(out, "    return leave(integer({call}))");
            }
        }
    }
    out + "  end\n"
}
