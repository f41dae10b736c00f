//! Whether a body is JSON, and if not, why not, in words.

use serde_json::value::RawValue;

use crate::error::{Code, Error, Result};

/// What some programs write though JSON does not have it.
const FOREIGN: &[(&str, &str)] = &[
    ("NaN", "NaN is no JSON value"),
    ("nan", "nan is no JSON value"),
    ("Infinity", "Infinity is no JSON value"),
    ("undefined", "undefined is no JSON value"),
    ("None", "None is Python's null, not JSON's"),
    ("True", "True is Python's true, not JSON's"),
    ("False", "False is Python's false, not JSON's"),
    ("//", "JSON has no comments"),
    ("/*", "JSON has no comments"),
    ("'", "JSON wants double quotes"),
];

/// Where the one value of a body stands. A byte order mark is no JSON, but some servers send one.
pub fn judge(body: &[u8]) -> Result<std::ops::Range<usize>> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.len() > u32::MAX as usize {
        return Err(wrong("The body is longer than 4 GiB, too long to be read as JSON."));
    }
    match serde_json::from_slice::<&RawValue>(text) {
        Ok(raw) => {
            let start = raw.get().as_ptr() as usize - body.as_ptr() as usize;
            Ok(start..start + raw.get().len())
        }
        Err(error) => Err(wrong(why(text, &error))),
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(Code::Protocol, message)
}

fn why(text: &[u8], error: &serde_json::Error) -> String {
    let plain = text.trim_ascii();
    if plain.is_empty() {
        return "The body is empty, so it is not JSON.".to_owned();
    }
    if plain.starts_with(b"<") {
        return "The body is HTML or XML, not JSON.".to_owned();
    }
    let place = format!("at line {}, column {}", error.line(), error.column());
    let Ok(valid) = std::str::from_utf8(text) else {
        return "The body is not JSON: it is not valid UTF-8.".to_owned();
    };
    if error.is_eof() {
        return format!("The body is not JSON: it ends too early, {place}; it may have been cut off.");
    }
    let found = valid.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let rest = (0..4).find_map(|back| {
        let rest = found.get(error.column().saturating_sub(back)..)?;
        FOREIGN.iter().find(|(word, _)| rest.starts_with(word))
    });
    match rest {
        Some((_, words)) => format!("The body is not JSON: {words} ({place})."),
        None => {
            // The parser's words name a place as well; ours comes last.
            let words = error.to_string();
            let words = words.split(" at line ").next().unwrap_or_default().to_owned();
            format!("The body is not JSON: {words} {place}.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_and_where() {
        for (body, part) in [
            ("", "empty"),
            (" \n", "empty"),
            ("<html>", "HTML"),
            ("{\"a\": 1", "ends too early, at line 1, column 7"),
            ("{\n \"a\": NaN}", "NaN is no JSON value (at line 2, column"),
            ("[1, Infinity]", "Infinity"),
            ("{'a': 1}", "double quotes"),
            ("[True]", "Python"),
            ("// x\n1", "comments"),
            ("[1,]", "at line 1, column 4"),
            ("1 2", "trailing characters at line 1, column 3"),
        ] {
            let message = judge(body.as_bytes()).unwrap_err().message;
            assert!(message.contains(part), "{body:?}: {message}");
        }
        assert!(judge(b"\"\xff\"").unwrap_err().message.contains("UTF-8"));
        assert_eq!(judge(b"\xef\xbb\xbf [1] ").unwrap(), 4..7);
    }
}
