//! The text for people in an error document, in every shape that has been seen.

use crate::json::{Json, Type, escape};

/// Most complaints that are told of one document.
const MOST: usize = 10;
/// How deep complaints are nested.
const DEEPEST: usize = 6;
/// Members of a complaint that hold its text.
const TEXTS: &[&str] = &["message", "msg", "detail", "description", "title", "error", "reason", "text"];

/// Members below which each text is a complaint about what it is named after.
const OF_COMPLAINTS: &[&str] = &["errors", "resolutions"];
/// The same, where it is not named like a fact.
const OF_BOTH: &[&str] = &["detail", "message"];
const FACTS: &[&str] = &["id", "uuid", "code", "status", "type", "url"];

/// What an error document says; `pointers` come first, `None` if it says nothing.
pub fn text(json: &Json<'_>, pointers: &[String]) -> Option<String> {
    if let Some(told) = of_script(json, "", DEEPEST) {
        return Some(told);
    }
    let said = pointers.iter().find_map(|pointer| at(json, pointer));
    let details = at(json, "/errors");
    match (said, details) {
        (Some(said), Some(details)) if !said.contains(&details) => {
            Some(format!("{}: {details}", said.trim_end_matches(['.', ' ', ':'])))
        }
        (Some(said), _) => Some(said),
        (None, Some(details)) => Some(details),
        (None, None) => match json.kind("") {
            Type::Array | Type::String => at(json, ""),
            // Of some services the type of the error is its only text.
            _ => fields(json, "", DEEPEST).or_else(|| plain(json, "/type").filter(|text| text.contains(' '))),
        },
    }
}

/// The text of what stands at a pointer: a text, a list of complaints, or one complaint.
pub fn at(json: &Json<'_>, pointer: &str) -> Option<String> {
    below(json, pointer, DEEPEST)
}

fn below(json: &Json<'_>, pointer: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match json.kind(pointer) {
        Type::String => plain(json, pointer),
        Type::Array => {
            let all = 0..json.count(pointer).min(MOST);
            joined(all.filter_map(|index| below(json, &format!("{pointer}/{index}"), depth)))
        }
        Type::Object => of_script(json, pointer, depth).or_else(|| {
            let text = TEXTS.iter().find_map(|name| below(json, &format!("{pointer}/{name}"), depth));
            let Some(text) = text else { return fields(json, pointer, depth) };
            // Where in the request it is, as some frameworks say.
            let place = format!("{pointer}/loc");
            let last = json.count(&place).checked_sub(1);
            let place = last.and_then(|last| json.get(&format!("{place}/{last}")));
            let place = place.or_else(|| json.string(&format!("{pointer}/field")));
            Some(place.map_or(text.clone(), |place| format!("{place}: {text}")))
        }),
        _ => None,
    }
}

/// The description of a script's errors, and one text for each line, or for each name.
fn of_script(json: &Json<'_>, pointer: &str, depth: usize) -> Option<String> {
    let resolutions = format!("{pointer}/resolutions");
    let count = json.count(&resolutions);
    if count == 0 {
        return None;
    }
    let heading =
        ["description", "message"].iter().find_map(|name| plain(json, &format!("{pointer}/{name}")));
    if json.kind(&resolutions) == Type::Object {
        return joined(heading.into_iter().chain(fields(json, &resolutions, depth)));
    }
    let lines = (0..count.min(MOST)).filter_map(|index| {
        let one = format!("{resolutions}/{index}");
        let text = plain(json, &one).or_else(|| below(json, &format!("{one}/message"), depth));
        let text = text.or_else(|| plain(json, &format!("{one}/description")))?;
        match json.int(&format!("{one}/line")) {
            Some(line) => Some(format!("line {line}: {text}")),
            None => Some(text),
        }
    });
    joined(heading.into_iter().chain(lines))
}

/// Complaints by the name of the field that they are about.
fn fields(json: &Json<'_>, pointer: &str, depth: usize) -> Option<String> {
    let all = (0..json.count(pointer).min(MOST)).filter_map(|index| {
        let key = json.key(pointer, index)?;
        let place = format!("{pointer}/{}", escape(&key));
        let is_below = |names: &[&str]| pointer.split('/').any(|name| names.contains(&name));
        // Elsewhere a text next to others is a fact, and a list a complaint.
        let complains = || is_below(OF_COMPLAINTS) || is_below(OF_BOTH) && !FACTS.contains(&&*key);
        let told = match json.kind(&place) {
            Type::String if !complains() => None,
            _ => below(json, &place, depth),
        };
        Some(format!("{key}: {}", told?))
    });
    joined(all)
}

fn plain(json: &Json<'_>, pointer: &str) -> Option<String> {
    json.string(pointer).filter(|text| !text.trim().is_empty()).map(|text| text.into_owned())
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
}
