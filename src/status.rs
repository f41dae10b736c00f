//! What a status means, for a person.

/// What to do about a status, whatever the service.
const ADVICE: &[(u16, &str)] = &[
    (400, "Something in the request is missing or wrong."),
    (403, "The account is known but lacks the permission for this."),
    (404, "Either there is no such thing, or this account may not see it."),
    (405, "This address does not take this method."),
    (406, "The server cannot give the response in the form asked for."),
    (409, "It conflicts with the present state; something else must be done first."),
    (410, "This address has been removed for good; a newer version of the program is needed."),
    (413, "What was sent is too big for the server."),
    (415, "The server does not take this Content-Type."),
    (422, "This cannot be done to the thing named."),
    (423, "It is locked at the moment."),
    (429, "Too many requests; wait a while."),
    (500, "The server failed; try again later, or tell its operators."),
    (502, "Something between here and the server failed; try again later."),
    (503, "The server is busy; try again later."),
    (504, "The server took too long; try again later."),
];

/// What to do about a status; empty if there is nothing to say.
pub fn advice(status: u16) -> &'static str {
    ADVICE.iter().find(|row| row.0 == status).map_or("", |row| row.1)
}

/// The usual name of a status; the server's own reason phrase may say anything.
pub fn name(status: u16) -> &'static str {
    http::StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or("unknown status")
}

/// A server's text in one line of bearable length.
pub fn one_line(text: &str) -> String {
    const MOST: usize = 500;
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Most of what a page says.
const SHOWN: usize = 200;

/// One line of what a page or a text says: its title, else its text, else the reason phrase.
pub fn words(reason: &str, body: &[u8]) -> String {
    let body = String::from_utf8_lossy(body);
    // Lower case changes no length here.
    let lower = body.to_ascii_lowercase();
    let between = |from: &str, to: &str| {
        let start = lower.find(from)? + from.len();
        Some(body[start..start + lower[start..].find(to)?].to_owned())
    };
    let found = match body.contains('<') {
        true => between("<title>", "</title>").or_else(|| between("<h1>", "</h1>")),
        false => Some(body.into_owned()),
    };
    let line = |text: &str| one_line(text).chars().take(SHOWN).collect::<String>();
    let found = line(&found.unwrap_or_default());
    let said = if found.is_empty() { line(reason) } else { found };
    said.trim_end_matches('.').to_owned()
}

/// Statuses that may be gone the next time.
pub fn is_passing(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_in_one_line() {
        assert_eq!(words("Forbidden", b""), "Forbidden");
        assert_eq!(words("No", b"Blocked\r\nby\x07 policy.\n"), "Blocked by policy");
        assert_eq!(words("No", b"<html><TITLE>Access\n denied</TITLE>..."), "Access denied");
        assert_eq!(words("No", "ä".repeat(9000).as_bytes()).chars().count(), SHOWN);
        assert_eq!(words("No", b"<p>x"), "No");
    }
}
