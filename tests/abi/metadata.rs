//! `include/crux.json`: the header, the options, the facts and the errors as data, equal to their sources.

use std::ffi::c_char;
use std::ptr::{null, null_mut};

use serde_json::Value;
use support::library::{CODES, FACTS, ROWS, VERSION};
use support::*;

use crate::header::compare;

#[path = "../../build/description.rs"]
mod description;

use description::{object, text as quoted};

/// The whole file: what build.rs read from the header, and the tables that only the library has.
fn whole() -> String {
    let options = ROWS.iter().map(|row| {
        let info = |what: &str| quoted(&row.info(what).unwrap_or_default());
        object(&[
            ("key", quoted(row.key)),
            ("type", info("type")),
            ("values", info("values")),
            ("default", info("default")),
            ("scope", info("scope")),
            ("secret", row.is_secret().to_string()),
            ("help", info("help")),
        ])
    });
    let facts = FACTS.iter().map(|row| {
        object(&[
            ("name", quoted(row.name)),
            ("kind", quoted(row.kind.word())),
            ("of", quoted(row.of())),
            ("help", quoted(row.help)),
        ])
    });
    let errors = CODES.iter().map(|row| {
        object(&[("code", row.number.to_string()), ("name", quoted(row.name)), ("text", quoted(row.text))])
    });
    let table = |name: &str, rows: Vec<String>| format!("  \"{name}\": [\n    {}\n  ]", rows.join(",\n    "));
    let tables = [
        table("options", options.collect()),
        table("facts", facts.collect()),
        table("errors", errors.collect()),
    ];
    format!(
        "{{\n  \"name\": \"libcrux\",\n  \"version\": \"{VERSION}\",\n  \"abi\": {},\n  \"soname\": \"libcrux.so.0\",\n{}{}\n}}\n",
        crux_abi(),
        include_str!(concat!(env!("OUT_DIR"), "/crux.json.part")),
        tables.join(",\n"),
    )
}

#[test]
fn the_description_is_what_the_sources_say() {
    compare("include/crux.json", &whole(), "make header");
}

#[test]
fn the_description_is_json_and_complete() {
    let all: Value = serde_json::from_str(&whole()).expect("it is JSON");
    let names = |list: &str| -> Vec<&str> {
        let rows = all[list].as_array().unwrap();
        rows.iter().map(|row| row["name"].as_str().unwrap()).collect()
    };
    let header = support::header::text();
    let functions = support::header::functions(&header);
    assert_eq!(names("functions"), functions.iter().map(|function| &*function.name).collect::<Vec<_>>());
    let constants = support::header::constants(&header);
    assert_eq!(names("constants"), constants.iter().map(|(name, _)| &**name).collect::<Vec<_>>());
    for (row, (name, number)) in all["constants"].as_array().unwrap().iter().zip(&constants) {
        assert_eq!(row["value"], *number, "{name}");
    }
    let typedefs: Vec<&str> = header.lines().filter(|line| line.starts_with("typedef")).collect();
    assert_eq!(names("hooks").len() + names("objects").len(), typedefs.len());
    for (row, function) in all["functions"].as_array().unwrap().iter().zip(&functions) {
        let name = &function.name;
        assert_eq!(row["result"], *function.result, "{name}");
        assert!(!row["chapter"].as_str().unwrap().is_empty() && !row["since"].as_str().unwrap().is_empty());
        let arguments = row["arguments"].as_array().unwrap();
        assert_eq!(arguments.len(), function.parameters.len(), "{name}");
        for (argument, parameter) in arguments.iter().zip(&function.parameters) {
            assert_eq!(argument["name"], *parameter.name, "{name}");
            assert_eq!(argument["type"], *parameter.kind, "{name}");
            assert_eq!(argument["doc"], *parameter.help, "{name}");
        }
    }
    for hook in all["hooks"].as_array().unwrap() {
        for field in ["threads", "since"] {
            assert!(!hook[field].as_str().unwrap().is_empty(), "{}: @{field}", hook["name"]);
        }
        for argument in hook["arguments"].as_array().unwrap() {
            assert!(!argument["doc"].as_str().unwrap().is_empty(), "{}: {}", hook["name"], argument["name"]);
        }
    }
}

#[test]
fn a_header_is_read_as_it_is_meant() {
    let sample = "/* An \"object\". */\ntypedef struct a a;\n\n/* ======== One chapter ==== */\n\n\
                  /*\n Does it.\n\n @param x  receives it;\n           may be NULL\n @return a text; NULL if none\n\
                   @owner  the x, for ever\n @threads any\n @waits  for it\n @since  0.2\n */\n\
                  const char *f(const char **x,\n              size_t y);\n";
    let all: Value =
        serde_json::from_str(&format!("{{{}\"end\":0}}", description::of(sample))).expect("it is JSON");
    assert_eq!(all["objects"][0]["doc"], "An \"object\".");
    let function = &all["functions"][0];
    assert_eq!((&function["name"], &function["chapter"]), (&"f".into(), &"One chapter".into()));
    assert_eq!((&function["owner"], &function["waits"]), (&"x".into(), &true.into()));
    assert_eq!(function["result_null"], true);
    let argument = &function["arguments"][0];
    assert_eq!((&argument["type"], &argument["direction"]), (&"const char **".into(), &"out".into()));
    assert_eq!((&argument["null"], &argument["doc"]), (&true.into(), &"receives it; may be NULL".into()));
    assert_eq!(function["arguments"][1]["null"], false);
}

fn option_info(key: &str, what: &str) -> Option<String> {
    text(unsafe { crux_option_info(c(key).as_ptr(), c(what).as_ptr()) })
}

#[test]
fn options_say_what_they_take() {
    for row in ROWS {
        for what in ["type", "values", "scope", "secret", "default", "help"] {
            assert_eq!(option_info(row.key, what), row.info(what), "{} {what}", row.key);
        }
    }
    assert_eq!(option_info("token", "secret").as_deref(), Some("1"));
    assert_eq!(option_info("retry.max", "values").as_deref(), Some("0 to 20"));
    assert_eq!(option_info("retry.max", "scope").as_deref(), Some("call"));
    assert_eq!(option_info("service", "scope").as_deref(), Some("client"));
    assert_eq!(option_info("idempotent", "type").as_deref(), Some("flag"));
    assert_eq!(option_info("login.mode", "values").as_deref(), Some("bearer, cookie"));
    assert_eq!(option_info("no.such", "type"), None);
    assert_eq!(option_info("token", "no such"), None);
    // Static: the same address each time, of every thread.
    let ask = || unsafe { crux_option_info(c("token").as_ptr(), c("help").as_ptr()) } as usize;
    let here = ask();
    assert!(std::thread::spawn(ask).join().unwrap() == here && ask() == here);
    assert!(unsafe { crux_option_info(null(), c("type").as_ptr()) }.is_null());
    assert!(unsafe { crux_option_info(c("token").as_ptr(), null()) }.is_null());
}

#[test]
fn errors_have_names() {
    for row in CODES {
        assert_eq!(text(crux_error_name(row.number)).as_deref(), Some(row.name));
    }
    for unknown in [i32::MIN, -2, 1000, i32::MAX] {
        assert_eq!(text(crux_error_name(unknown)), None, "{unknown}");
    }
}

#[test]
fn facts_are_listed() {
    let mut listed = Vec::new();
    loop {
        let (mut name, mut help): (*const c_char, *const c_char) = (null(), null());
        if unsafe { crux_fact_at(listed.len(), &raw mut name, &raw mut help) } == 0 {
            assert!(name.is_null() && help.is_null());
            break;
        }
        listed.push((text(name).unwrap(), text(help).unwrap()));
    }
    assert_eq!(listed.len(), FACTS.len());
    for ((name, help), row) in listed.iter().zip(FACTS) {
        assert_eq!(name, row.name);
        assert_eq!(*help, format!("{}, {}: {}", row.kind.word(), row.of(), row.help));
    }
    assert_eq!(unsafe { crux_fact_at(0, null_mut(), null_mut()) }, 1);
}

#[test]
fn the_version_is_that_of_the_package() {
    let version = text(crux_version()).unwrap();
    assert!(version.split_whitespace().any(|word| word == env!("CARGO_PKG_VERSION")), "{version}");
}
