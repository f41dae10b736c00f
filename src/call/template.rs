//! A path with names in braces, each of which is filled before the call is sent (RFC 6570, simple expansion).

use std::collections::BTreeMap;

use crate::address::encode_segment;
use crate::error::{Error, Result};

/// A path, and what its names stand for.
#[derive(Clone, Debug, Default)]
pub struct Template {
    pub path: String,
    filled: BTreeMap<String, String>,
}

/// The names in braces, in their order; an error where braces do not match.
fn names(path: &str) -> Result<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(start) = rest.find(['{', '}']) {
        let inside = &rest[start + 1..];
        let end = inside.find('}').filter(|_| rest.as_bytes()[start] == b'{');
        let name = end.map(|end| &inside[..end]).filter(|name| is_name(name));
        let (Some(name), Some(end)) = (name, end) else {
            return Err(Error::argument(
                "The path holds a brace that encloses no name; write %7B or %7D if it is meant.",
            ));
        };
        names.push(name);
        rest = &inside[end + 1..];
    }
    Ok(names)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

impl Template {
    /// Takes a path that has braces; `None` for one that has none.
    pub fn of(path: &str) -> Result<Option<Template>> {
        if !path.contains(['{', '}']) {
            return Ok(None);
        }
        names(path)?;
        Ok(Some(Template { path: path.to_owned(), filled: BTreeMap::new() }))
    }

    pub fn fill(&mut self, name: &str, value: &str) -> Result<()> {
        if !names(&self.path)?.contains(&name) {
            return Err(no_such(name));
        }
        if value == "." || value == ".." {
            return Err(Error::argument(format!(
                "The value of {{{name}}} is a step in the path; it cannot be sent as a name."
            )));
        }
        self.filled.insert(name.to_owned(), encode_segment(value));
        Ok(())
    }

    /// The path with its names replaced; an error if one is left.
    pub fn expand(&self) -> Result<String> {
        let mut path = self.path.clone();
        for name in names(&self.path)? {
            let value = self.filled.get(name).ok_or_else(|| {
                Error::argument(format!(
                    "The path names {{{}}}, which was not filled; use crux_call_fill, or write %7B if a brace is meant.",
                    shortened(name)
                ))
            })?;
            path = path.replace(&format!("{{{name}}}"), value);
        }
        Ok(path)
    }
}

/// The error of a name that the path does not have.
pub fn no_such(name: &str) -> Error {
    Error::argument(format!("The path has no {{{}}} to fill.", shortened(name)))
}

fn shortened(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_percent_encoded() {
        let mut path = Template::of("by_name/{name}/x/{n}/{name}").unwrap().unwrap();
        path.fill("n", "{name}").unwrap();
        assert!(path.expand().unwrap_err().message.contains("{name}"));
        path.fill("name", "a/b#ü 1").unwrap();
        assert_eq!(path.expand().unwrap(), "by_name/a%2Fb%23%C3%BC%201/x/%7Bname%7D/a%2Fb%23%C3%BC%201");
        assert!(path.fill("other", "x").is_err());
        assert!(path.fill("n", "..").is_err());
        assert!(Template::of("plain/").unwrap().is_none());
        for wrong in ["a{", "a}", "{}", "{a b}", "{{a}}"] {
            assert!(Template::of(wrong).is_err(), "{wrong}");
        }
    }
}
