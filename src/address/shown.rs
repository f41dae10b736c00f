//! A URL as it may stand in a message or a log, and the secrets in it.

use url::Url;

use crate::address::origin::Origin;

/// What is secret in a URL whose path holds one of `secret_paths`: the rest of the path, and all values
/// of the query, as they stand and decoded.
pub fn secrets(url: &Url, secret_paths: &[&str], signed: bool) -> Vec<String> {
    let path = url.path();
    let rest = secret_paths.iter().find_map(|fragment| Some(&path[path.find(fragment)? + fragment.len()..]));
    if rest.is_none() && !signed {
        return Vec::new();
    }
    let rest = rest.unwrap_or_default().split('/').map(str::to_owned);
    let raw =
        url.query().unwrap_or_default().split('&').map(|pair| pair.split_once('=').unwrap_or(("", pair)).1);
    let decoded = url.query_pairs().map(|(_, value)| value.into_owned());
    rest.chain(raw.map(str::to_owned)).chain(decoded).filter(|text| !text.is_empty()).collect()
}

/// A URL as a person may see it: origin and path, secrets in path and query hidden.
pub fn shown(url: &Url, secret_paths: &[&str]) -> String {
    let Some(origin) = Origin::of(url) else { return "[url]".to_owned() };
    let mut path = url.path().to_owned();
    for fragment in secret_paths {
        if let Some(at) = path.find(fragment).filter(|at| path.len() > at + fragment.len()) {
            path.truncate(at + fragment.len());
            path.push('…');
        }
    }
    // Names of query pairs help a reader; values may be tokens and signatures.
    let query: Vec<String> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').map_or("…".to_owned(), |(name, _)| format!("{name}=…")))
        .collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let limit = |text: String| text.chars().take(300).collect::<String>();
    limit(format!("{origin}{path}{query}"))
}

/// The origin alone: for `Debug`, which does not know what else may be shown.
pub fn origin_of(url: &Url) -> String {
    Origin::of(url).map_or_else(|| "[url]".to_owned(), |origin| format!("{origin}/…"))
}
