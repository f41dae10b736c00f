//! The low layer of the package for R: what its C glue calls, the tables of its R code, two pages of its manual.

use crate::interface::{Interface, declared};

const MADE: &str = "Made from include/crux.json by \"make bindings\".";

/// `src/crux_api.h`: types, constants, and each function as a pointer that the glue fills in when it loads the library.
pub fn header(interface: &Interface) -> String {
    let mut text = format!(
        "/* {MADE} */\n#ifndef CRUX_API_H\n#define CRUX_API_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n\
         #define CRUX_SONAME \"{}\"\n\n",
        interface.soname
    );
    for object in &interface.objects {
        text += &format!("typedef struct {0} {0};\n", object.name);
    }
    text += "\nenum {\n";
    for constant in &interface.constants {
        text += &format!("    {} = {},\n", constant.name, constant.value);
    }
    text += "};\n\n";
    for hook in &interface.hooks {
        text += &format!("typedef {}(*{})({});\n", declared(&hook.result, ""), hook.name, hook.c_arguments());
    }
    text += "\n#define CRUX_FUNCTIONS(X) \\\n";
    let rows = interface.functions.iter().map(|function| {
        let arguments = function.c_arguments();
        format!("    X({}, {}, ({arguments}))", function.result, function.name)
    });
    text += &rows.collect::<Vec<_>>().join(" \\\n");
    text + "\n\n#endif\n"
}

/// `R/interface.R`: names of options, words of outcomes, phases and levels.
pub fn tables(interface: &Interface) -> String {
    let options = interface.options.iter().map(|option| format!("{} = \"{}\"", option.word(), option.key));
    let json = interface.options.iter().filter(|option| option.kind == "json");
    let errors = interface.failures();
    let levels = numbered(interface, "CRUX_LOG_");
    let phases = numbered(interface, "CRUX_PHASE_");
    format!(
        "# {MADE}\n\n# An option as it is written in R, and its key.\noption_keys <- c(\n{}\n)\n\n\
         # The options that hold a JSON document.\njson_options <- c({})\n\n\
         # The word of each outcome, by its code.\noutcomes <- c(\n{}\n)\n\n\
         # The levels of the log.\nlog_levels <- c({levels})\n\n\
         # What a call does while it waits.\nphases <- c({phases})\n",
        lines(options),
        json.map(|option| format!("\"{}\"", option.word())).collect::<Vec<_>>().join(", "),
        lines(errors.map(|error| format!("\"{}\"", error.word()))),
    )
}

/// `man/crux_options.Rd`
pub fn options_page(interface: &Interface) -> String {
    let mut items = String::new();
    // For that there is crux_stream().
    for option in interface.options.iter().filter(|option| option.key != "stream") {
        let scope = match option.scope.as_str() {
            "call" => "client or single call",
            _ => "client",
        };
        let default = match option.default.as_str() {
            "" => String::new(),
            default => format!(" Default: {}.", escaped(default)),
        };
        items += &format!(
            "  \\item{{\\code{{{}}}}}{{{} Takes {}; of a {scope}.{default}}}\n",
            option.word(),
            escaped(&option.help),
            escaped(&option.values),
        );
    }
    format!(
        "% {MADE}\n\\name{{crux_options}}\n\\alias{{crux_options}}\n\\title{{Options of Clients and Calls}}\n\
         \\description{{\nAny of these may be passed by name to \\code{{\\link{{login}}}} and its kin; those that are \
         also of a single call to \\code{{\\link{{crux_get}}}} and its kin. Numbers, texts and \\code{{TRUE}} or \
         \\code{{FALSE}} are taken. What ends in \\code{{_ms}} is in milliseconds. Since 0.2.\n}}\n\
         \\details{{\\describe{{\n{items}}}}}\n\\seealso{{\\code{{\\link{{login}}}}, \\code{{\\link{{crux_get}}}}}}\n\
         \\keyword{{utilities}}\n"
    )
}

/// `man/crux_errors.Rd`
pub fn errors_page(interface: &Interface) -> String {
    let errors: Vec<_> = interface.failures().collect();
    let class = |error: &&crate::interface::Error| format!("crux_{}_error", error.word());
    let aliases: String = errors.iter().map(|error| format!("\\alias{{{}}}\n", class(error))).collect();
    let items: String = errors
        .iter()
        .map(|error| {
            format!("  \\item{{\\code{{{}}} ({})}}{{{}}}\n", class(error), error.code, escaped(&error.text))
        })
        .collect();
    format!(
        "% {MADE}\n\\name{{crux_errors}}\n\\alias{{crux_errors}}\n\\alias{{crux_error}}\n{aliases}\
         \\title{{Conditions of Failed Calls}}\n\\description{{\nEvery failure is an error condition of a class for its \
         outcome, below \\code{{crux_error}} and \\code{{error}}. Catch the one that you can answer with \
         \\code{{\\link{{tryCatch}}}}. Since 0.2.\n}}\n\\section{{Classes}}{{\\describe{{\n{items}}}}}\n\
         \\section{{Members}}{{\\describe{{\n\
         \\item{{\\code{{message}}}}{{One sentence for the person at the screen; it holds no secret.}}\n\
         \\item{{\\code{{code}}}}{{The number of the outcome, as above.}}\n\
         \\item{{\\code{{status}}}}{{The HTTP status; 0 if there was no response.}}\n\
         \\item{{\\code{{server_message}}}}{{The server's own words, or \\code{{NA}}.}}\n\
         \\item{{\\code{{retryable}}}}{{Whether the same request may succeed later.}}\n\
         \\item{{\\code{{maybe_sent}}}}{{Whether the request may have reached the server.}}\n\
         \\item{{\\code{{retry_after}}}}{{How many seconds the server asks to wait, or \\code{{NA}}.}}\n\
         \\item{{\\code{{attempts}}}}{{How many requests it took.}}\n\
         \\item{{\\code{{response}}}}{{The response as \\code{{\\link{{crux_get}}}} would return it, or \
         \\code{{NULL}}.}}\n}}}}\n\
         \\details{{What the user interrupts ends with R's own \\code{{interrupt}} condition, and what exceeds \
         \\code{{\\link{{setTimeLimit}}}} with R's own error. Conditions have no \\code{{call}}: it could show a \
         password.}}\n\\seealso{{\\code{{\\link{{login}}}}, \\code{{\\link{{crux_get}}}}}}\n\\keyword{{error}}\n"
    )
}

fn lines(items: impl Iterator<Item = String>) -> String {
    items.map(|item| format!("  {item}")).collect::<Vec<_>>().join(",\n")
}

/// The constants of a prefix as `word = 1L`.
fn numbered(interface: &Interface, prefix: &str) -> String {
    let named = interface.constants.iter().filter_map(|constant| {
        let word = constant.name.strip_prefix(prefix)?.to_ascii_lowercase();
        Some(format!("{word} = {}L", constant.value))
    });
    named.collect::<Vec<_>>().join(", ")
}

/// For a page of the manual.
fn escaped(text: &str) -> String {
    let mut code = false;
    text.chars()
        .map(|c| match c {
            '\\' | '%' | '{' | '}' => format!("\\{c}"),
            '`' => {
                code = !code;
                if code { "\\code{" } else { "}" }.to_string()
            }
            c => c.to_string(),
        })
        .collect()
}
