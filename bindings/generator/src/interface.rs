//! `include/crux.json` in types: what every language is made from.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Interface {
    pub version: String,
    pub abi: i32,
    pub soname: String,
    pub functions: Vec<Function>,
    /// Functions of the program that the library calls.
    pub hooks: Vec<Function>,
    pub objects: Vec<Named>,
    pub constants: Vec<Constant>,
    pub options: Vec<Opt>,
    pub facts: Vec<Fact>,
    pub errors: Vec<Error>,
}

#[derive(Deserialize)]
pub struct Function {
    pub name: String,
    pub doc: String,
    pub arguments: Vec<Argument>,
    /// Its C type.
    pub result: String,
    pub result_doc: String,
    /// Whether it may block.
    #[serde(default)]
    pub waits: bool,
}

#[derive(Deserialize)]
pub struct Argument {
    pub name: String,
    /// Its C type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether NULL may be given.
    pub null: bool,
    pub doc: String,
}

#[derive(Deserialize)]
pub struct Named {
    pub name: String,
    pub doc: String,
}

#[derive(Deserialize)]
pub struct Constant {
    pub name: String,
    pub value: i32,
    pub doc: String,
}

#[derive(Deserialize)]
pub struct Opt {
    pub key: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub values: String,
    pub default: String,
    /// `client`, or `call` if a single request may have it too.
    pub scope: String,
    pub secret: bool,
    pub help: String,
}

#[derive(Deserialize)]
pub struct Fact {
    pub name: String,
    /// `text` or `number`.
    pub kind: String,
    pub of: String,
    pub help: String,
}

#[derive(Deserialize)]
pub struct Error {
    pub code: i32,
    pub name: String,
    pub text: String,
}

impl Error {
    /// `CRUX_ERR_TOO_LARGE` as `too_large`; `CRUX_OK` as `ok`.
    pub fn word(&self) -> String {
        let name = self.name.trim_start_matches("CRUX_");
        name.trim_start_matches("ERR_").to_ascii_lowercase()
    }
}

impl Opt {
    /// `timeout.total_ms` as `timeout_total_ms`.
    pub fn word(&self) -> String {
        self.key.replace('.', "_")
    }
}

impl Interface {
    /// The outcomes that are errors.
    pub fn failures(&self) -> impl Iterator<Item = &Error> {
        self.errors.iter().filter(|error| error.code > 0)
    }
}

impl Function {
    /// `crux_call_send` as `call_send`.
    pub fn short(&self) -> &str {
        self.name.trim_start_matches("crux_")
    }

    /// What stands between the brackets of its declaration in C.
    pub fn c_arguments(&self) -> String {
        let all: Vec<String> = self.arguments.iter().map(|one| declared(&one.kind, &one.name)).collect();
        if all.is_empty() { "void".into() } else { all.join(", ") }
    }
}

/// A type of C and a name: `int32_t code`, but `void *object`.
pub fn declared(kind: &str, name: &str) -> String {
    let blank = if kind.ends_with('*') { "" } else { " " };
    format!("{kind}{blank}{name}")
}

/// `too_large` as `TooLarge`.
pub fn camel(word: &str) -> String {
    word.split('_').map(|part| part[..1].to_ascii_uppercase() + &part[1..]).collect()
}
