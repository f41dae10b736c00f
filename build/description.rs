//! `crux.json`, the header as data for those who generate bindings: functions, hooks, objects, constants.
//!
//! It is read from the finished header. Nothing is guessed: what C's types do not say stands in the
//! comments, in words that have a meaning here and that a test of the header requires.
//!
//! * An argument that starts with "receives" is written to by the function.
//! * An argument or result whose text holds the word NULL may be NULL, unless it says "never NULL".
//! * `@owner` starts with "the caller", "the library", or "the" and the argument that a result belongs to.
//! * `@waits` is "no", or what the function waits for.

use std::fmt::Write;

/// A declared function or hook with the comment above it.
struct Prototype<'a> {
    chapter: &'a str,
    name: &'a str,
    result: String,
    arguments: Vec<(String, &'a str)>,
    comment: Vec<&'a str>,
}

/// Everything between the comments of the header, in order: the comment and the code that follows it.
fn pieces(header: &str) -> Vec<(&str, &str)> {
    header
        .split("/*")
        .skip(1)
        .filter_map(|piece| piece.split_once("*/"))
        .map(|(comment, code)| (comment, code.trim()))
        .collect()
}

/// The description, but for the tables that only the library has; `{` and `}` around it are not in it.
pub fn of(header: &str) -> String {
    let (mut functions, mut hooks, mut objects, mut constants) = (vec![], vec![], vec![], vec![]);
    let mut chapter = "";
    for (comment, code) in pieces(header) {
        let comment: Vec<&str> = comment.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if let Some(title) = comment.first().and_then(|line| line.strip_prefix("======== ")) {
            chapter = title.trim_end_matches(['=', ' ']);
            continue;
        }
        let about = sentence(&comment);
        let statement = code.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join(" ");
        let statement = statement.split(';').next().unwrap_or_default().trim();
        if let Some(name) = statement.strip_prefix("typedef struct ") {
            let name = name.split(' ').next().unwrap_or_default();
            objects.push(object(&[("name", text(name)), ("doc", text(&about))]));
        } else if let Some((result, rest)) =
            statement.strip_prefix("typedef ").and_then(|rest| rest.split_once("(*"))
        {
            let (name, rest) = rest.split_once(')').expect("a hook has a name");
            hooks.push(described(&prototype(chapter, result, name, rest, comment), false));
        } else if let Some((head, rest)) = statement.split_once('(') {
            let (result, name) = split_name(head);
            functions.push(described(&prototype(chapter, &result, name, rest, comment), true));
        } else {
            constants.extend(defines(code, &about));
        }
    }
    let mut json = String::new();
    for (name, rows) in
        [("functions", functions), ("hooks", hooks), ("objects", objects), ("constants", constants)]
    {
        let _ = write!(json, "  \"{name}\": [\n    {}\n  ],\n", rows.join(",\n    "));
    }
    json
}

/// The constants of a block; the comment above it is that of the first.
fn defines(code: &str, about: &str) -> Vec<String> {
    let defines = code.lines().filter_map(|line| line.strip_prefix("#define "));
    let pairs = defines.filter_map(|define| define.split_once(' '));
    let row = |(at, (name, number)): (usize, (&str, &str))| {
        let number = number.trim_matches(['(', ')']);
        let doc = if at == 0 { about } else { "" };
        object(&[("name", text(name)), ("value", number.to_owned()), ("doc", text(doc))])
    };
    pairs.enumerate().map(row).collect()
}

fn prototype<'a>(
    chapter: &'a str,
    result: &str,
    name: &'a str,
    arguments: &'a str,
    comment: Vec<&'a str>,
) -> Prototype<'a> {
    let inside = arguments.trim().trim_start_matches('(').trim_end_matches(')').trim();
    let listed = inside.split(',').filter(|argument| !matches!(argument.trim(), "" | "void"));
    let arguments = listed.map(split_name).collect();
    Prototype { chapter, name, result: result.trim().to_owned(), arguments, comment }
}

/// `const char *name` into type and name.
fn split_name(declared: &str) -> (String, &str) {
    let declared = declared.trim();
    let start = declared.rfind([' ', '*']).map_or(0, |at| at + 1);
    let kind: Vec<&str> = declared[..start].split_whitespace().collect();
    (kind.join(" "), &declared[start..])
}

/// The comment up to its first tag, as one line.
fn sentence(comment: &[&str]) -> String {
    comment.iter().take_while(|line| !line.starts_with('@')).copied().collect::<Vec<_>>().join(" ")
}

/// The text behind a tag, as one line.
fn tag(comment: &[&str], tag: &str) -> Option<String> {
    let is_it = |line: &&str| {
        line.strip_prefix('@')
            .and_then(|rest| rest.strip_prefix(tag))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let at = comment.iter().position(is_it)?;
    let first = comment[at][1 + tag.len()..].trim();
    let more = comment[at + 1..].iter().take_while(|line| !line.starts_with('@')).copied();
    Some(std::iter::once(first).chain(more).collect::<Vec<_>>().join(" "))
}

fn may_be_null(said: &str) -> bool {
    said.contains("NULL") && !said.contains("never NULL")
}

/// Whose something is that a function hands out: `caller`, `library`, or the name of an argument.
fn owner(said: &str) -> &str {
    let rest = said.strip_prefix("the ").unwrap_or(said);
    rest.split([',', ';', ' ']).next().unwrap_or_default()
}

fn described(prototype: &Prototype<'_>, is_function: bool) -> String {
    let said = |name: &str| tag(&prototype.comment, name).unwrap_or_default();
    let arguments = prototype.arguments.iter().map(|(kind, name)| {
        let doc = said(&format!("param {name}"));
        let direction = if doc.starts_with("receives") { "out" } else { "in" };
        let null = (kind.ends_with('*') || kind.ends_with("_fn")) && may_be_null(&doc);
        object(&[
            ("name", text(name)),
            ("type", text(kind)),
            ("direction", text(direction)),
            ("null", null.to_string()),
            ("doc", text(&doc)),
        ])
    });
    let arguments: Vec<String> = arguments.collect();
    let arguments = match arguments.is_empty() {
        true => "[]".to_owned(),
        false => format!("[\n        {}\n      ]", arguments.join(",\n        ")),
    };
    let returned = said("return");
    let null = prototype.result.ends_with('*') && may_be_null(&returned);
    let mut rows = vec![("name", text(prototype.name))];
    if is_function {
        rows.push(("chapter", text(prototype.chapter)));
    }
    rows.extend([
        ("doc", text(&sentence(&prototype.comment))),
        ("arguments", arguments),
        ("result", text(&prototype.result)),
        ("result_null", null.to_string()),
        ("result_doc", text(&returned)),
    ]);
    if is_function {
        let owned = said("owner");
        let waits = said("waits");
        rows.extend([
            ("owner", if owned.is_empty() { "null".to_owned() } else { text(owner(&owned)) }),
            ("owner_doc", text(&owned)),
            ("waits", (waits != "no").to_string()),
            ("waits_doc", text(&waits)),
        ]);
    }
    rows.extend([("threads", text(&said("threads"))), ("since", text(&said("since")))]);
    let rows: Vec<String> = rows.iter().map(|(name, value)| format!("{}: {value}", text(name))).collect();
    format!("{{\n      {}\n    }}", rows.join(",\n      "))
}

/// An object on one line, its members in this order.
pub fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("{}: {value}", text(name))).collect();
    format!("{{{}}}", members.join(", "))
}

/// A text as JSON.
pub fn text(plain: &str) -> String {
    let mut json = String::from("\"");
    for c in plain.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\0'..='\x1f' => {
                let _ = write!(json, "\\u{:04x}", u32::from(c));
            }
            _ => json.push(c),
        }
    }
    json + "\""
}
