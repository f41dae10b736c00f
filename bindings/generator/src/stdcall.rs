//! The stdcall twin for Windows of 32 bit, which Visual Basic 6 and its kin call: `crux_std.c` has a function for each of
//! the library, `crux_std.def` names them.

use std::fmt::Write;

use crate::interface::{Argument, Function, Interface, declared};

/// How many bytes of the stack an argument takes.
fn size(kind: &str) -> usize {
    if ["int64_t", "double"].contains(&kind) { 8 } else { 4 }
}

fn is_hook(kind: &str) -> bool {
    kind.ends_with("_fn")
}

/// `crux_log_fn` as `std_log_fn`.
fn hook_name(kind: &str) -> String {
    kind.replace("crux_", "std_")
}

/// The hook of a function, if it takes one; a release alone is none.
fn hook_of(function: &Function) -> Option<&Argument> {
    function.arguments.iter().find(|one| is_hook(&one.kind) && one.kind != RELEASE)
}

const RELEASE: &str = "crux_release_fn";

/// `vb6/crux_std.def`
pub fn definition(interface: &Interface) -> String {
    let mut out =
        String::from("; Made from include/crux.json by \"make bindings\".\nLIBRARY crux_std.dll\nEXPORTS\n");
    for function in &interface.functions {
        let bytes: usize = function.arguments.iter().map(|one| size(&one.kind)).sum();
        let name = &function.name;
        let _ = writeln!(out, "    {name} = std_{name}@{bytes}");
    }
    out
}

/// `vb6/crux_std.c`
pub fn thunks(interface: &Interface) -> String {
    let mut out = String::from(HEAD);
    for hook in interface.hooks.iter().filter(|hook| hook.name != RELEASE) {
        out += &call_of_hook(hook);
    }
    for function in &interface.functions {
        out += &thunk(function);
    }
    out
}

const HEAD: &str = r#"/*
 * The library with the calling convention stdcall, as Visual Basic 6, VBA in 32 bit and their kin call it: crux_std.dll.
 * Made from include/crux.json by "make bindings".
 */
#include <crux.h>
#include <stdlib.h>

#define STD __attribute__((stdcall))

typedef void (STD *std_release_fn)(void *context);

/* A hook that is called with stdcall, and what it is called with. The library has this as its context. */
struct hook {
    void (*call)(void);
    void *context;
    std_release_fn release;
};

static struct hook *keep(void (*call)(void), void *context, std_release_fn release)
{
    struct hook *kept = malloc(sizeof *kept);
    if (kept == NULL) abort();
    kept->call = call, kept->context = context, kept->release = release;
    return kept;
}

/* The library calls this once for each hook, also for one that it refused. */
static void give_back(void *kept)
{
    struct hook hook = *(struct hook *) kept;
    free(kept);
    if (hook.release != NULL) hook.release(hook.context);
}
"#;

/// What the library calls in the place of a hook.
fn call_of_hook(hook: &Function) -> String {
    let own = hook_name(&hook.name);
    let types: Vec<String> = hook.arguments.iter().map(|one| declared(&one.kind, &one.name)).collect();
    let values: Vec<&str> = hook.arguments.iter().skip(1).map(|one| one.name.as_str()).collect();
    let give = if hook.result == "void" { "" } else { "return " };
    let all = types.join(", ");
    let rest: String = values.iter().map(|name| format!(", {name}")).collect();
    format!(
        "\ntypedef {result} (STD *{own})({all});\n\nstatic {head}({all})\n{{\n    struct hook *hook = context;\n    \
         {give}(({own}) hook->call)(hook->context{rest});\n}}\n",
        result = hook.result,
        head = declared(&hook.result, &own.replace("std_", "call_")),
    )
}

fn thunk(function: &Function) -> String {
    let name = &function.name;
    let own = |kind: &str| if is_hook(kind) { hook_name(kind) } else { kind.to_owned() };
    let arguments: Vec<String> =
        function.arguments.iter().map(|one| declared(&own(&one.kind), &one.name)).collect();
    let arguments = if arguments.is_empty() { "void".to_owned() } else { arguments.join(", ") };
    let releases = function.arguments.iter().any(|one| one.kind == RELEASE);
    let value = |one: &Argument| match hook_of(function) {
        Some(hook) if one.name == hook.name => {
            format!("{0} != NULL ? {1} : NULL", hook.name, hook_name(&hook.kind).replace("std_", "call_"))
        }
        Some(_) if one.kind == RELEASE => "give_back".into(),
        Some(_) if one.name == "context" => "hook".into(),
        _ => one.name.clone(),
    };
    let values: Vec<String> = function.arguments.iter().map(value).collect();
    let call = format!("{name}({})", values.join(", "));
    let mut body = String::new();
    if let Some(hook) = hook_of(function) {
        let _ = match releases {
            true => writeln!(
                body,
                "    struct hook *hook = keep((void (*)(void)) {}, context, release);",
                hook.name
            ),
            // It is over when the function returns.
            false => writeln!(
                body,
                "    struct hook own = {{(void (*)(void)) {}, context, NULL}}, *hook = &own;",
                hook.name
            ),
        };
    }
    let give = if function.result == "void" { "" } else { "return " };
    let head = declared(&function.result, &format!("STD std_{name}"));
    format!("\n{head}({arguments});\n{head}({arguments})\n{{\n{body}    {give}{call};\n}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_the_bytes_of_its_arguments() {
        let definition = definition(&crate::interface().unwrap());
        for line in [
            "crux_free = std_crux_free@4",
            "crux_login = std_crux_login@16",
            "crux_version = std_crux_version@0",
            "crux_call_source = std_crux_call_source@28",
            "crux_json_double = std_crux_json_double@16",
        ] {
            assert!(definition.contains(&format!("    {line}\n")), "{line}");
        }
    }

    #[test]
    fn hooks_go_through_a_thunk_that_is_given_back() {
        let thunks = thunks(&crate::interface().unwrap());
        assert!(thunks.contains("log != NULL ? call_log_fn : NULL, hook, give_back)"));
        assert!(thunks.contains("return ((std_tick_fn) hook->call)(hook->context, phase, done, total);"));
        // One that takes no release keeps nothing.
        assert!(
            thunks.contains("crux_json_walk(object, pointer, visit != NULL ? call_json_fn : NULL, hook)")
        );
    }
}
