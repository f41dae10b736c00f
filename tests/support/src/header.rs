//! `crux.h` as data, so that tests cover whatever it declares.

use std::fs;

use crate::places::project;

/// A parameter: its type as C writes it, blanks normalized, and its name.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub kind: String,
    pub name: String,
    /// What the comment says about it.
    pub help: String,
}

/// A declared function with the comment above it.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub result: String,
    pub parameters: Vec<Parameter>,
    pub comment: String,
}

impl Function {
    /// The text behind `@tag` up to the next tag; `None` if there is no such tag.
    pub fn tag(&self, tag: &str) -> Option<String> {
        tag_of(&self.comment, tag)
    }
}

pub fn text() -> String {
    fs::read_to_string(project("include/crux.h")).expect("the header is there and is UTF-8")
}

/// The header cut into comments and code, in order.
pub fn pieces(text: &str) -> Vec<(bool, String)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("/*") {
        let end = rest[start..].find("*/").expect("every comment ends") + start + 2;
        pieces.push((false, rest[..start].to_owned()));
        pieces.push((true, rest[start..end].to_owned()));
        rest = &rest[end..];
    }
    pieces.push((false, rest.to_owned()));
    pieces
}

/// The header without its comments.
pub fn code(text: &str) -> String {
    pieces(text).into_iter().filter(|(comment, _)| !comment).map(|(_, code)| code).collect()
}

/// `#define NAME NUMBER`, in order.
pub fn constants(text: &str) -> Vec<(String, i32)> {
    let defines = text.lines().filter_map(|line| line.strip_prefix("#define "));
    let pairs = defines.filter_map(|define| define.split_once(' '));
    pairs
        .map(|(name, number)| {
            let number = number.trim_matches(['(', ')']);
            (name.to_owned(), number.parse().unwrap_or_else(|_| panic!("{name} is no number: {number}")))
        })
        .collect()
}

/// Every function, in order.
pub fn functions(text: &str) -> Vec<Function> {
    let mut found = Vec::new();
    let mut comment = String::new();
    for (is_comment, piece) in pieces(text) {
        if is_comment {
            comment = piece;
            continue;
        }
        // The preprocessor's lines and the typedefs declare no function.
        let code: Vec<&str> = piece.lines().filter(|line| !line.starts_with('#')).collect();
        let code = code.join(" ").replace("extern \"C\" {", " ");
        for statement in code.split(';').map(str::trim).filter(|s| s.contains('(') && !s.contains("typedef"))
        {
            found.push(function(statement, std::mem::take(&mut comment)));
        }
    }
    found
}

fn function(statement: &str, comment: String) -> Function {
    let (head, rest) = statement.split_once('(').expect("a function has parameters");
    let inside = rest.strip_suffix(')').unwrap_or_else(|| panic!("not a prototype: {statement}"));
    let (result, name) = split_name(head);
    let listed = match normalized(inside).as_str() {
        "void" => Vec::new(),
        _ => split_parameters(inside),
    };
    let parameters = listed.into_iter().map(|text| parameter(&text, &comment)).collect();
    Function { name, result, parameters, comment }
}

/// At the commas that are not inside parentheses.
fn split_parameters(text: &str) -> Vec<String> {
    let (mut all, mut depth) = (vec![String::new()], 0);
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                all.push(String::new());
                continue;
            }
            _ => {}
        }
        all.last_mut().expect("never empty").push(c);
    }
    all
}

fn parameter(text: &str, comment: &str) -> Parameter {
    let (kind, name) = match text.split_once("(*") {
        Some((before, after)) => {
            let (name, after) = after.split_once(')').expect("a function pointer has a name");
            (format!("{before}(*){after}"), name.trim().to_owned())
        }
        None => split_name(text),
    };
    let help = tag_of(comment, &format!("param {name}")).unwrap_or_default();
    Parameter { kind: normalized(&kind), name, help }
}

/// `const char *name` into type and name.
fn split_name(text: &str) -> (String, String) {
    let text = text.trim();
    let start = text.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    (normalized(&text[..start]), text[start..].to_owned())
}

fn normalized(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tag_of(comment: &str, tag: &str) -> Option<String> {
    let mut said: Option<String> = None;
    for line in comment.trim_end_matches("*/").lines().map(str::trim) {
        match (line.strip_prefix('@'), &mut said) {
            (Some(_), Some(_)) => break,
            (Some(rest), None) => {
                said = rest
                    .strip_prefix(tag)
                    .filter(|text| text.is_empty() || text.starts_with(' '))
                    .map(|text| text.trim().to_owned());
            }
            (None, Some(said)) => *said = format!("{said} {line}").trim().to_owned(),
            (None, None) => {}
        }
    }
    said
}
