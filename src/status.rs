//! What a status means, for a person.

/// What to do about a status, whatever the service.
const ADVICE: &[(u16, &str)] = &[
    (400, "Something in the request is missing or wrong."),
    (403, "The account is known but lacks the permission for this."),
    (404, "Either there is no such thing, or this account may not see it."),
    (405, "This address does not take this method."),
    (406, "The server cannot give the answer in the form asked for."),
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

/// Statuses that may be gone the next time.
pub fn is_passing(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}
