//! The session: tokens from elsewhere, and its end.

use std::ffi::c_char;

use crate::error::Code;
use crate::ffi::guard::panicked;
use crate::ffi::send::give_outcome;
use crate::ffi::simple::{failed_response, live_client};
use crate::ffi::text;
use crate::ffi::types::{crux_client, crux_response};
use crate::flows::account;

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
    guard!(Code::Internal.number(), {
        let outcome = live_client(client).and_then(|client| {
            // SAFETY: the caller's promise.
            let token = unsafe { text::required(token, "token") }?;
            client.may_hold_token()?;
            client.set_token(token, "crux_set_token".to_owned())
        });
        outcome.map_or_else(|error| error.code, |()| Code::Ok).number()
    })
}

/// Ends the session. Token and password are forgotten here whatever the server answers; services without
/// a logout call are not asked. Later requests are anonymous until crux_set_token.
///
/// @param client  from crux_login
/// @return a response, never NULL; its message says what was done
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `client` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_logout(client: *const crux_client) -> *mut crux_response {
    guard!(failed_response(panicked()), {
        give_outcome(live_client(client).and_then(|client| account::log_out(&client)))
    })
}

/// Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and tells nothing
/// about whether there is such an account.
///
/// @param client  from crux_login, anonymous or not
/// @param email   whose password was forgotten
/// @return a response, never NULL
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `client` is any pointer; `email` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_reset_password(
    client: *const crux_client,
    email: *const c_char,
) -> *mut crux_response {
    guard!(failed_response(panicked()), {
        give_outcome((|| {
            let client = live_client(client)?;
            // SAFETY: the caller's promise.
            let email = unsafe { text::required(email, "email") }?;
            account::reset_password(&client, email)
        })())
    })
}
