//! A JSON body made member by member; what is put keeps its order, and numbers their digits.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::{Error, Result};

/// How deep a pointer may lead; as deep as serde_json reads.
const MOST_LEVELS: usize = 120;

/// A value of the body.
#[derive(Clone)]
pub enum Node {
    /// JSON as it stands; looked into only when something is put inside.
    Raw(String),
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Node")
    }
}

/// The members of an object in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Members<'de>, A::Error> {
                let mut members: Vec<(String, &RawValue)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
                    match members.iter_mut().find(|(known, _)| *known == key) {
                        Some(member) => member.1 = value,
                        None => members.push((key, value)),
                    }
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

impl Node {
    pub fn text(value: &str) -> Result<Node> {
        let quoted = serde_json::to_string(value).map_err(|_| Error::argument("The text cannot be sent."))?;
        Ok(Node::Raw(quoted))
    }

    pub fn int(value: i64) -> Node {
        Node::Raw(value.to_string())
    }

    pub fn double(value: f64) -> Result<Node> {
        if !value.is_finite() {
            return Err(Error::argument(format!("JSON has no number {value}; send null or a text instead.")));
        }
        let digits =
            serde_json::to_string(&value).map_err(|_| Error::argument("The number cannot be sent."))?;
        Ok(Node::Raw(digits))
    }

    pub fn json(value: &str) -> Result<Node> {
        let raw: &RawValue = serde_json::from_str(value).map_err(|why| {
            Error::argument(format!(
                "The text is no JSON: it is wrong at line {} column {}.",
                why.line(),
                why.column()
            ))
        })?;
        Ok(Node::Raw(raw.get().to_owned()))
    }

    /// Puts a value at a pointer; what is missing on the way there is made.
    pub fn put(&mut self, pointer: &str, value: Node) -> Result<()> {
        let tokens = tokens(pointer)?;
        // What is refused is refused at a node that was there: nothing has been added before.
        self.place(&tokens, value)
    }

    /// The body that `pointer` alone describes.
    pub fn new(pointer: &str, value: Node) -> Result<Node> {
        let tokens = tokens(pointer)?;
        let mut root = Node::empty_for(tokens.first());
        root.place(&tokens, value)?;
        Ok(root)
    }

    /// The container that a token leads into.
    fn empty_for(token: Option<&String>) -> Node {
        match token.map(String::as_str) {
            Some("-" | "0") => Node::Array(Vec::new()),
            _ => Node::Object(Vec::new()),
        }
    }

    fn place(&mut self, tokens: &[String], value: Node) -> Result<()> {
        let Some((token, rest)) = tokens.split_first() else {
            *self = value;
            return Ok(());
        };
        self.open()?;
        match self {
            Node::Object(members) => {
                let at = members.iter().position(|(key, _)| key == token).unwrap_or_else(|| {
                    members.push((token.clone(), Node::empty_for(rest.first())));
                    members.len() - 1
                });
                members[at].1.place(rest, value)
            }
            Node::Array(elements) => {
                let at = index(token, elements.len())?;
                if at == elements.len() {
                    elements.push(Node::empty_for(rest.first()));
                }
                elements[at].place(rest, value)
            }
            Node::Raw(scalar) => Err(Error::argument(format!(
                "The pointer leads to \"{}\" inside of {}, which is neither an object nor an array.",
                shortened(token),
                shortened(scalar)
            ))),
        }
    }

    /// Turns a container that is still text into its members.
    fn open(&mut self) -> Result<()> {
        let Node::Raw(text) = self else { return Ok(()) };
        let deep = |_| Error::argument("The JSON is nested too deeply to put something inside.");
        let raw = |value: &RawValue| Node::Raw(value.get().to_owned());
        let opened = match text.trim_start().as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text).map_err(deep)?;
                Node::Object(members.into_iter().map(|(key, value)| (key, raw(value))).collect())
            }
            Some(b'[') => {
                let elements: Vec<&RawValue> = serde_json::from_str(text).map_err(deep)?;
                Node::Array(elements.into_iter().map(raw).collect())
            }
            _ => return Ok(()),
        };
        *self = opened;
        Ok(())
    }

    /// The body as it travels.
    pub fn written(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match self {
            Node::Raw(raw) => text.push_str(raw),
            Node::Object(members) => {
                text.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    text.push_str(if index > 0 { "," } else { "" });
                    // A key is text, which can always be written.
                    text.push_str(&serde_json::to_string(key).unwrap_or_default());
                    text.push(':');
                    value.write(text);
                }
                text.push('}');
            }
            Node::Array(elements) => {
                text.push('[');
                for (index, value) in elements.iter().enumerate() {
                    text.push_str(if index > 0 { "," } else { "" });
                    value.write(text);
                }
                text.push(']');
            }
        }
    }
}

/// The reference tokens of an RFC 6901 pointer.
fn tokens(pointer: &str) -> Result<Vec<String>> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let Some(inside) = pointer.strip_prefix('/') else {
        return Err(Error::argument(format!(
            "The pointer \"{}\" must be empty or start with a slash.",
            shortened(pointer)
        )));
    };
    let tokens = inside.split('/').map(unescaped).collect::<Result<Vec<_>>>()?;
    match tokens.len() {
        ..=MOST_LEVELS => Ok(tokens),
        _ => Err(Error::argument(format!("The pointer leads more than {MOST_LEVELS} levels deep."))),
    }
}

fn unescaped(token: &str) -> Result<String> {
    let mut rest = token;
    while let Some(at) = rest.find('~') {
        if !matches!(rest.as_bytes().get(at + 1), Some(b'0' | b'1')) {
            return Err(Error::argument("In a pointer, ~ is written ~0, and a slash inside of a name ~1."));
        }
        rest = &rest[at + 2..];
    }
    Ok(token.replace("~1", "/").replace("~0", "~"))
}

/// Where in an array a token leads; its length = behind the end.
fn index(token: &str, length: usize) -> Result<usize> {
    if token == "-" {
        return Ok(length);
    }
    let digits = !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit());
    let plain = digits && (token == "0" || !token.starts_with('0'));
    token.parse().ok().filter(|at| plain && *at <= length).ok_or_else(|| {
        Error::argument(format!(
            "\"{}\" is no place in an array of {length}; \"-\" appends.",
            shortened(token)
        ))
    })
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_elements_are_put_in_time() {
        let mut body = Node::new("/rows/-", Node::int(0)).unwrap();
        let began = std::time::Instant::now();
        (1..50_000).for_each(|n| body.put("/rows/-", Node::int(n)).unwrap());
        assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
        assert!(body.written().ends_with(",49999]}"));
    }

    fn made(steps: &[(&str, &str)]) -> Result<String> {
        let (first, rest) = steps.split_first().unwrap();
        let mut body = Node::new(first.0, Node::json(first.1)?)?;
        for (pointer, json) in rest {
            body.put(pointer, Node::json(json)?)?;
        }
        Ok(body.written())
    }

    #[test]
    fn members_are_put_where_the_pointer_says() {
        for (steps, want) in [
            (&[("/a", "1"), ("/b/c", "\"x\"")][..], r#"{"a":1,"b":{"c":"x"}}"#),
            (&[("/z", "1"), ("/a", "2"), ("/z", "3")], r#"{"z":3,"a":2}"#),
            (&[("/tags/-", "\"a\""), ("/tags/-", "null"), ("/tags/0", "1.50")], r#"{"tags":[1.50,null]}"#),
            (&[("", "[1]"), ("/1/x", "2")], r#"[1,{"x":2}]"#),
            (&[("", r#"{"k":{"x":1,"x":2}}"#), ("/k/y", "3")], r#"{"k":{"x":2,"y":3}}"#),
            (&[("", "{}"), ("/a~1b", "1"), ("/m~0n", "2"), ("/", "3")], r#"{"a/b":1,"m~n":2,"":3}"#),
            (&[("/0", "1"), ("/-", "2")], "[1,2]"),
            (&[("", "12345678901234567890.10")], "12345678901234567890.10"),
            (&[("/a/0/-", "1")], r#"{"a":[[1]]}"#),
        ] {
            assert_eq!(made(steps).unwrap(), want);
        }
    }

    #[test]
    fn what_cannot_be_put_is_refused_and_changes_nothing() {
        for steps in [
            &[("a", "1")][..],
            &[("/a~2", "1")],
            &[("/a", "1"), ("/a/b", "1")],
            &[("", "[1]"), ("/3", "1")],
            &[("", "[1]"), ("/01", "1")],
            &[("", "[1]"), ("/x", "1")],
            &[("", "nul")],
            &[("", "1 2")],
            &[("", "NaN")],
        ] {
            assert!(made(steps).is_err(), "{steps:?}");
        }
        let mut body = Node::new("/a", Node::int(1)).unwrap();
        assert!(body.put("/a/b", Node::int(1)).is_err());
        assert_eq!(body.written(), r#"{"a":1}"#);
        assert!(Node::double(f64::NAN).is_err() && Node::double(f64::INFINITY).is_err());
        assert_eq!(Node::double(0.1).unwrap().written(), "0.1");
        assert!(Node::new(&"/x".repeat(121), Node::int(1)).is_err());
    }

    #[test]
    fn a_refusal_names_what_is_wrong_in_one_line_of_bearable_length() {
        let long = format!("/a/b\n\0{}", "c".repeat(10_000));
        for steps in [&[("/a", "1"), (&*long, "1")][..], &[("/a", "[]"), (&*long, "1")], &[(&long[1..], "1")]]
        {
            let message = made(steps).unwrap_err().message;
            assert!(message.len() < 200 && !message.contains(char::is_control), "{message:?}");
        }
    }
}
