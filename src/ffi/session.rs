//! The session: tokens from elsewhere.

use std::ffi::c_char;

use crate::error::Outcome;
use crate::ffi::simple::live_client;
use crate::ffi::text;
use crate::ffi::types::crux_client;

/// Gives a client a token from elsewhere, such as one pasted from a browser. Requests that start later
/// carry it; a login that was refused is forgotten.
///
/// @param client  from crux_login, also while other threads use it
/// @param token   the token; blanks at its end are dropped
/// @return CRUX_OK; CRUX_ERR_ARGUMENT if it is NULL, empty, or holds what cannot stand in a header, and
///         then the client keeps the token it has
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `client` is any pointer; `token` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_set_token(client: *const crux_client, token: *const c_char) -> i32 {
    guard!(Outcome::Internal.number(), {
        let outcome = live_client(client).and_then(|client| {
            // SAFETY: the caller's promise.
            let token = unsafe { text::required(token, "token") }?;
            client.may_hold_token()?;
            client.set_token(token, "crux_set_token".to_owned())
        });
        outcome.map_or_else(|error| error.code, |()| Outcome::Ok).number()
    })
}
