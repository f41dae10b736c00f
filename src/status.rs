//! What a status means, for a person.

/// One row: a status, a text the server's message must hold (empty = any), and what to do about it.
struct Advice(u16, &'static str, &'static str);

/// The first row that fits is used, so the special ones come first.
const ADVICE: &[Advice] = &[
    Advice(400, "", "Something in the request is missing or wrong."),
    Advice(403, "", "The account is known but lacks the permission for this."),
    Advice(404, "", "Either there is no such thing, or this account may not see it."),
    Advice(405, "", "This address does not take this method."),
    Advice(406, "", "The server cannot give the answer in the form asked for."),
    Advice(
        409,
        "current editor",
        "Make yourself the current editor first (PATCH current_editor), then try again.",
    ),
    Advice(
        409,
        "",
        "It conflicts with the present state, or the organization is of the wrong type; something else must be done first.",
    ),
    Advice(410, "", "This address has been removed for good; a newer version of the program is needed."),
    Advice(413, "", "What was sent is too big for the server."),
    Advice(415, "", "The server does not take this Content-Type."),
    Advice(422, "", "This cannot be done to the thing named."),
    Advice(423, "", "It is locked at the moment."),
    Advice(429, "", "Too many requests; wait a while."),
    Advice(500, "", "The server failed; try again later, or tell its operators."),
    Advice(502, "", "Something between here and the server failed; try again later."),
    Advice(503, "", "The server is busy; try again later."),
    Advice(504, "", "The server took too long; try again later."),
];

/// What to do about a status; empty if there is nothing to say.
pub fn advice(status: u16, server_message: &str) -> &'static str {
    ADVICE.iter().find(|row| row.0 == status && server_message.contains(row.1)).map_or("", |row| row.2)
}

/// The usual name of a status; the server's own reason phrase may say anything.
pub fn name(status: u16) -> &'static str {
    ureq::http::StatusCode::from_u16(status)
        .ok()
        .and_then(|s| s.canonical_reason())
        .unwrap_or("unknown status")
}
