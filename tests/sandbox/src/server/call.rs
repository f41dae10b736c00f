//! One request as the handlers see it.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::server::multipart::Part;

/// A request, its body already read.
#[derive(Default)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub query: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub body_length: u64,
    /// The parts of a multipart body, or why it cannot be read.
    pub parts: Option<Result<Vec<Part>, String>>,
    pub scheme: &'static str,
    /// Host and port as the client named them.
    pub authority: String,
    pub connection: usize,
    /// What the placeholders of the route matched, as sent.
    pub params: Vec<String>,
    /// Who is calling, once that is known.
    pub user: String,
    /// The URL generation, for Crux Connect.
    pub generation: Generation,
    /// What the route allows, for the `Allow` header.
    pub allow: String,
}

/// The three URL generations of Crux Connect.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Generation {
    Seed,
    #[default]
    V1,
    Timp,
}

impl Call {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Scheme and authority.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }

    /// The n-th placeholder as it was sent; empty if there is none.
    pub fn param(&self, nth: usize) -> &str {
        self.params.get(nth).map_or("", String::as_str)
    }

    /// The media type of the body in lower case, without parameters.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(value.split(';').next().unwrap_or("").trim().to_ascii_lowercase())
    }

    /// The body as JSON. `None` when there is none or it is not JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as a JSON object; empty when it is something else.
    pub fn object(&self) -> Map<String, Value> {
        match self.json() {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        }
    }

    /// Names and values of the query, decoded.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        form_pairs(&self.query)
    }

    /// The last value of that name.
    pub fn query_value(&self, name: &str) -> Option<String> {
        let pairs = self.query_pairs();
        pairs.into_iter().rev().find(|(n, _)| n == name).map(|(_, v)| v)
    }
}

/// Reads `application/x-www-form-urlencoded` text.
pub fn form_pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(n, v)| (decode(n), decode(v)))
        .collect()
}

fn decode(text: &str) -> String {
    unescape(&text.replace('+', " "))
}

/// Undoes percent-encoding; what is not UTF-8 becomes replacement characters.
pub fn unescape(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
