//! The text for people in an error document, in every shape that has been seen.

use std::cell::Cell;

use crate::json::{Json, Type, escape};

/// Most complaints that are told of one document.
const MOST: usize = 10;
/// How deep complaints are nested.
const DEEPEST: usize = 6;
/// Members of a complaint that hold its text.
const TEXTS: &[&str] =
    &["message", "msg", "detail", "description", "title", "error", "reason", "text", "conflicts"];
/// Where the name of a thing stands that is known by an id.
const NAME: &str = "/metadata/name";

/// Members below which each text is a complaint about what it is named after.
const OF_COMPLAINTS: &[&str] = &["errors", "resolutions"];
/// The same, where it is not named like a fact.
const OF_BOTH: &[&str] = &["detail", "message"];
const FACTS: &[&str] = &["id", "uuid", "code", "status", "type", "url"];

/// How many values of one document are looked at: what is told is cut anyway, and a hostile document may hold a million.
const MOST_LOOKS: usize = 2000;

/// What an error document says; `pointers` come first, `None` if it says nothing.
pub fn text(json: &Json<'_>, pointers: &[String]) -> Option<String> {
    let document = Document::of(json);
    if let Some(told) = document.of_script("", DEEPEST) {
        return Some(told);
    }
    let said = pointers.iter().find_map(|pointer| document.below(pointer, DEEPEST));
    let details = document.below("/errors", DEEPEST);
    match (said, details) {
        (Some(said), Some(details)) if !said.contains(&details) => {
            Some(format!("{}: {details}", said.trim_end_matches(['.', ' ', ':'])))
        }
        (Some(said), _) => Some(said),
        (None, Some(details)) => Some(details),
        (None, None) => match json.kind("") {
            Type::Array | Type::String => document.below("", DEEPEST),
            // Of some services the type of the error is its only text.
            _ => {
                let told = document.fields("", DEEPEST);
                told.or_else(|| document.plain("/type").filter(|text| text.contains(' ')))
            }
        },
    }
}

/// The text of what stands at a pointer: a text, a list of complaints, or one complaint.
pub fn at(json: &Json<'_>, pointer: &str) -> Option<String> {
    Document::of(json).below(pointer, DEEPEST)
}

/// Members of a job's document that say why it failed, the most telling first.
const REASONS: &[&str] = &[
    "error",
    "errors",
    "failure",
    "exception",
    "exc_message",
    "message",
    "detail",
    "details",
    "msg",
    "reason",
    "status_message",
    "statusMessage",
    "error_message",
    "errorMessage",
    "failure_reason",
    "failureReason",
];
/// Members that hold what a job has come to; a failure may stand in there.
const OUTCOMES: &[&str] = &["result", "status", "job", "output", "response", "data", "value"];

/// Why a job failed, by its document: what is said at a place in it, else anywhere; `None` if it does not say.
pub fn of_failed_job(json: &Json<'_>, place: &str) -> Option<String> {
    let document = Document::of(json);
    let inner = |place: &str| OUTCOMES.iter().find_map(|name| document.reason(&format!("{place}/{name}")));
    let told = document.reason(place).or_else(|| document.reason("")).or_else(|| inner(place));
    let told = told.or_else(|| inner(""));
    // Some services put the failure in the place of the result.
    told.or_else(|| document.plain("/result"))
}

/// A document, and how many of its values may still be looked at.
struct Document<'a> {
    json: Json<'a>,
    looks: Cell<usize>,
}

impl<'a> Document<'a> {
    fn of(json: &Json<'a>) -> Document<'a> {
        Document { json: *json, looks: Cell::new(MOST_LOOKS) }
    }

    fn below(&self, pointer: &str, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        self.looks.set(self.looks.get().checked_sub(1)?);
        match self.json.kind(pointer) {
            Type::String => self.plain(pointer),
            Type::Array => {
                let all = 0..self.json.count(pointer).min(MOST);
                joined(all.filter_map(|index| self.below(&format!("{pointer}/{index}"), depth)))
            }
            Type::Object => self.of_script(pointer, depth).or_else(|| {
                let text = TEXTS.iter().find_map(|name| self.below(&format!("{pointer}/{name}"), depth));
                let Some(text) = text else { return self.fields(pointer, depth) };
                // Where in the request it is, as some frameworks say.
                let place = format!("{pointer}/loc");
                let last = self.json.count(&place).checked_sub(1);
                let place = last.and_then(|last| self.json.get(&format!("{place}/{last}")));
                let place = place.or_else(|| self.json.string(&format!("{pointer}/field")));
                Some(place.map_or(text.clone(), |place| format!("{place}: {text}")))
            }),
            _ => None,
        }
    }

    /// The heading of a script's errors, and one text for each line, or for each name.
    fn of_script(&self, pointer: &str, depth: usize) -> Option<String> {
        let resolutions = format!("{pointer}/resolutions");
        let count = self.json.count(&resolutions);
        if count == 0 {
            return None;
        }
        let heading =
            ["description", "message"].iter().find_map(|name| self.plain(&format!("{pointer}/{name}")));
        if self.json.kind(&resolutions) == Type::Object {
            return joined(heading.into_iter().chain(self.fields(&resolutions, depth)));
        }
        let lines = (0..count.min(MOST)).filter_map(|index| {
            let one = format!("{resolutions}/{index}");
            let text = self.plain(&one).or_else(|| self.below(&format!("{one}/message"), depth));
            let text = text.or_else(|| self.plain(&format!("{one}/description")))?;
            match self.json.int(&format!("{one}/line")) {
                Some(line) => Some(format!("line {line}: {text}")),
                None => Some(text),
            }
        });
        joined(heading.into_iter().chain(lines))
    }

    /// Complaints by the name of the field that they are about.
    fn fields(&self, pointer: &str, depth: usize) -> Option<String> {
        let all = (0..self.json.count(pointer).min(MOST)).filter_map(|index| {
            let key = self.json.key(pointer, index)?;
            let place = format!("{pointer}/{}", escape(&key));
            let is_below = |names: &[&str]| pointer.split('/').any(|name| names.contains(&name));
            // Elsewhere a text next to others is a fact, and a list a complaint.
            let complains = || is_below(OF_COMPLAINTS) || is_below(OF_BOTH) && !FACTS.contains(&&*key);
            let told = match self.json.kind(&place) {
                Type::String if !complains() => None,
                _ => self.below(&place, depth),
            };
            let name = self.json.string(&format!("{place}{NAME}")).unwrap_or(key);
            Some(format!("{name}: {}", told?))
        });
        joined(all)
    }

    /// What an object says of a failure: a sentence or a complaint rather than a mere code.
    fn reason(&self, place: &str) -> Option<String> {
        let said = |name: &&str| self.below(&format!("{place}/{name}"), DEEPEST);
        let is_sentence = |text: &String| text.contains(' ');
        let script = self.of_script(place, DEEPEST);
        script
            .or_else(|| REASONS.iter().filter_map(said).find(is_sentence))
            .or_else(|| REASONS.iter().find_map(said))
    }

    fn plain(&self, pointer: &str) -> Option<String> {
        self.json.string(pointer).filter(|text| !text.trim().is_empty()).map(|text| text.into_owned())
    }
}

fn joined(all: impl Iterator<Item = String>) -> Option<String> {
    let all: Vec<_> = all.collect();
    if all.is_empty() { None } else { Some(all.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Index;
    use crate::service::ANY_MESSAGES;

    #[test]
    fn every_shape_of_an_error() {
        let pointers: Vec<_> = ANY_MESSAGES.iter().map(|pointer| (*pointer).to_owned()).collect();
        for (document, want) in [
            (r#"{"message":"","detail":"the real text"}"#, "the real text"),
            (r#"{"description":"","resolutions":{},"type":"Cannot cast it"}"#, "Cannot cast it"),
            (r#"["Only a list"]"#, "Only a list"),
            (r#"["One", "Two"]"#, "One; Two"),
            (r#"{"detail":[{"loc":["body","name"],"msg":"field required"}]}"#, "name: field required"),
            (r#"{"detail":[{"msg":"value is not valid"}]}"#, "value is not valid"),
            (r#"{"errors":[{"detail":"No such item","status":"404"}]}"#, "No such item"),
            (r#"{"errors":[{"title":"Bad"},{"message":"Worse"}]}"#, "Bad; Worse"),
            (r#"{"errors":{"name":["is too short","is odd"]}}"#, "name: is too short; is odd"),
            (r#"{"errors":{"name":"is too short"}}"#, "name: is too short"),
            (r#"{"message":"Invalid.","errors":{"name":["short"]}}"#, "Invalid: name: short"),
            (r#"{"errors":["plain"]}"#, "plain"),
            (r#"{"msg":"said so"}"#, "said so"),
            (r#"{"error":{"code":7,"message":"inside"}}"#, "inside"),
            (r#"{"error":"flat"}"#, "flat"),
            (r#"{"email":["Enter a valid address."]}"#, "email: Enter a valid address."),
            (r#"{"items":[{"sku":["unknown"]}]}"#, "items: sku: unknown"),
            (
                r#"{"description":"Errors","resolutions":[{"message":"bad","line":3},{"message":"odd"}]}"#,
                "Errors; line 3: bad; odd",
            ),
            (
                r#"{"message":{"description":"Errors","resolutions":[{"message":"bad","line":2}]}}"#,
                "Errors; line 2: bad",
            ),
            (r#"{"type":"about:blank","title":"Not acceptable"}"#, "Not acceptable"),
            (r#"{"detail":{"name":"short"}}"#, "name: short"),
            (r#"{"message":{"name":"short","id":"x7"}}"#, "name: short"),
            (r#"{"errors":{"code":"short"}}"#, "code: short"),
            (r#""just a text""#, "just a text"),
            (r#"{"error_message":"x"}"#, "x"),
            (r#"{"Message":"x"}"#, "x"),
            (r#"{"fault":{"faultstring":"x"}}"#, "x"),
            (r#"{"description":"Desc","resolutions":{"a":["x"]}}"#, "Desc; a: x"),
            (r#"{"description":"Desc","resolutions":{"a":"x","b":"y"}}"#, "Desc; a: x; b: y"),
            (r#"{"message":{"description":"Desc","resolutions":{"a":["x"]}}}"#, "Desc; a: x"),
            (
                r#"{"message":"The script failed","resolutions":[{"message":"bad","line":1}]}"#,
                "The script failed; line 1: bad",
            ),
            (r#"{"resolutions":[{"description":"bad","line":1}]}"#, "line 1: bad"),
            (r#"{"exception":"ValueError: bad"}"#, "ValueError: bad"),
            (r#"{"exception":["ValueError","bad"]}"#, "ValueError; bad"),
            (r#"{"Error":"x"}"#, "x"),
            (r#"{"Error":{"Message":"x"}}"#, "x"),
            (r#"{"ErrorMessage":"x"}"#, "x"),
            (r#"{"details":"x"}"#, "x"),
            (r#"{"details":[{"message":"x"}]}"#, "x"),
            (r#"{"errorSummary":"x","errorCode":"E1"}"#, "x"),
            (r#"{"faultstring":"x"}"#, "x"),
            (
                r#"{"errors":{"0001":{"metadata":{"name":"Age"},"conflicts":[{"message":"Types differ"}]},"0002":{"conflicts":[{"message":"No"}]}}}"#,
                "Age: Types differ; 0002: No",
            ),
            (r#"[{"field":"name","message":"bad"}]"#, "name: bad"),
            (r#"{"errors":[{"field":"name","message":"bad"},{"message":"odd"}]}"#, "name: bad; odd"),
        ] {
            let index = Index::default();
            let told = text(&Json::new(document.as_bytes(), &index), &pointers);
            assert_eq!(told.as_deref(), Some(want), "{document}");
        }
        for nothing in [
            "",
            "{}",
            "[]",
            "7",
            "\" \"",
            "<html>",
            r#"{"id":"x"}"#,
            r#"{"message":{"id":"x"}}"#,
            r#"{"type":"about:blank"}"#,
            "[[[[[[[[1]]]]]]]]",
        ] {
            let index = Index::default();
            assert_eq!(text(&Json::new(nothing.as_bytes(), &index), &pointers), None, "{nothing}");
        }
    }
    /// Ten complaints on each level are a hundred thousand in half a megabyte, and seconds of work.
    #[test]
    fn a_document_of_nothing_but_complaints_is_not_read_to_its_end() {
        let list =
            (1..DEEPEST).fold("\"x\"".to_owned(), |inner, _| format!("[{}]", vec![inner; MOST].join(",")));
        let document = format!("{{\"errors\":{list}}}");
        let index = Index::default();
        let told = text(&Json::new(document.as_bytes(), &index), &[]).unwrap();
        assert!((100..=MOST_LOOKS).contains(&told.matches('x').count()), "{} bytes", told.len());
    }
}
