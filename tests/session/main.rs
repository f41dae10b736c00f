//! A session that lives: renewal, where the token may go, redirects, the token file.

// What only the tests of Unix use.
#![cfg_attr(windows, allow(unused_imports))]

mod expiry;
mod host_tokens;
mod redirects;
mod references;
mod renewal;
mod scope;
mod sharing;
mod token_file;

use sandbox::{Recorded, Sandbox};
use support::*;

pub const ADA: (&str, &str) = ("ada@example.com", "correct horse");
pub const GRACE: (&str, &str) = ("grace@example.com", "battery staple");
/// A small page that needs a token.
pub const PLACE: &str = "organizations/";
pub const PLACE_PATH: &str = "/timp/organizations/";
pub const LOGIN_PATH: &str = "/timp/organizations/user-login/";

pub fn base(sandbox: &Sandbox) -> String {
    format!("{}/timp/", sandbox.http())
}

pub fn log_in(sandbox: &Sandbox) -> Client {
    Client::login("crux-connect", &base(sandbox), Some(ADA.0), Some(ADA.1)).expect(CRUX_OK)
}

/// Ada's client with further options.
pub fn log_in_with(sandbox: &Sandbox, more: &[(&str, &str)]) -> Client {
    let base = base(sandbox);
    let mut pairs = vec![("base_url", &*base), ("user", ADA.0), ("secret", ADA.1)];
    pairs.extend(more);
    Client::with(&pairs)
}

/// What arrived since the last look.
pub fn taken(sandbox: &Sandbox) -> Vec<Recorded> {
    let all = sandbox.requests();
    sandbox.clear();
    all
}

pub fn is_login(request: &Recorded) -> bool {
    request.method == "POST" && request.path.ends_with("login/")
}

/// Logins and other requests since the last look.
pub fn counts(sandbox: &Sandbox) -> (usize, usize) {
    let all = taken(sandbox);
    let logins = all.iter().filter(|r| is_login(r)).count();
    (logins, all.len() - logins)
}

/// Whether anything in a request may be a credential of ours.
pub fn is_bare(request: &Recorded) -> bool {
    ["authorization", "cookie", "x-api-key"].iter().all(|name| request.header(name).is_none())
}
