//! The session: tokens from elsewhere, logins as calls, and the end of it.

use std::ffi::c_char;

use crate::call::Call;
use crate::call::run::{self, Task};
use crate::error::{Code, Error, Result};
use crate::ffi::call::{give_call, no_call};
use crate::ffi::simple::{failed_response, give_outcome, live_client};
use crate::ffi::text;
use crate::ffi::types::{crux_call, crux_client, crux_response};
use crate::flows::account;
use crate::hooks::Hooks;
use crate::send::request::Want;

/// Sets the token of a client to one from elsewhere, such as one pasted from a browser. Requests that
/// start later carry it; a login that was refused is forgotten. crux_code(client) stays as the login left it.
///
/// @param client  from crux_login, also while other threads use it
/// @param token   the token; blanks at its end are dropped
/// @return CRUX_OK; CRUX_ERR_ARGUMENT if it is NULL, empty, or holds what cannot stand in a header, and
///         then the client keeps the token it has
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `client` is any pointer; `token` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_set_token(client: *const crux_client, token: *const c_char) -> i32 {
    guard!(Code::Internal.number(), {
        let outcome = live_client(client).and_then(|(client, _)| {
            // SAFETY: the caller's promise.
            let token = unsafe { text::required(token, "token") }?;
            client.may_hold_token()?;
            client.set_token(token, "crux_set_token".to_owned())
        });
        outcome.map_or_else(|error| error.code, |()| Code::Ok).number()
    })
}

/// Returns a call that logs in, now or again, and so says whether the credentials work. Sent or started, it
/// can be ticked, bounded and cancelled like any other; with the option "login.when" set to first_use, it is
/// the first login. Its phase is CRUX_PHASE_LOGIN from start to end. A token that is there, also one of
/// "token_file", is replaced. A password that was refused is not sent again: new credentials need a new client.
///
/// @param client  from crux_login or crux_login_with
/// @return a call, never NULL; its response carries the outcome of the login
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `client` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_login(client: *const crux_client) -> *mut crux_call {
    guard!(no_call(), { give_call(task(client, Task::Login), || live_client(client).ok()) })
}

/// Ends the session. Token and password are forgotten here whatever the server responds; services without
/// a logout call are not asked. Later requests are anonymous until crux_set_token.
///
/// @param client  from crux_login
/// @return a response, never NULL; its message says what was done
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   for the whole response
/// @since   0.1
///
/// # Safety
/// `client` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_logout(client: *const crux_client) -> *mut crux_response {
    guard!(failed_response(Error::fault()), {
        let call = task(client, Task::Logout);
        give_outcome(call.map(|(call, hooks)| (run::send(call, Want::Buffer, None), hooks)))
    })
}

/// Returns the call that ends the session, as crux_logout does, to be sent or started.
///
/// @param client  from crux_login
/// @return a call, never NULL
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `client` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_logout(client: *const crux_client) -> *mut crux_call {
    guard!(no_call(), { give_call(task(client, Task::Logout), || live_client(client).ok()) })
}

fn task(client: *const crux_client, task: Task) -> Result<(Call, Hooks)> {
    let (client, hooks) = live_client(client)?;
    Ok((Call::task(client, task), hooks))
}

/// Asks the service to mail a link for a new password. Needs no login; any 2xx is success, and does not
/// show whether there is such an account.
///
/// @param client  from crux_login, anonymous or not
/// @param email   whose password was forgotten
/// @return a response, never NULL
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   for the whole response
/// @since   0.1
///
/// # Safety
/// `client` is any pointer; `email` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_reset_password(
    client: *const crux_client,
    email: *const c_char,
) -> *mut crux_response {
    guard!(failed_response(Error::fault()), {
        // SAFETY: the caller's promise.
        let call = unsafe { reset_call(client, email) };
        give_outcome(call.map(|(call, hooks)| (run::send(call, Want::Buffer, None), hooks)))
    })
}

/// Returns the call that asks for a mail with a new password, as crux_reset_password does, to be sent or
/// started.
///
/// @param client  from crux_login; needs no login
/// @param email   the address of the account
/// @return a call, never NULL; crux_code(call) says whether the service has such a call
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `client` is any pointer; `email` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_reset_password(
    client: *const crux_client,
    email: *const c_char,
) -> *mut crux_call {
    // SAFETY: the caller's promise.
    guard!(no_call(), { give_call(unsafe { reset_call(client, email) }, || live_client(client).ok()) })
}

/// # Safety
/// `client` is any pointer; `email` is NULL or NUL-terminated.
unsafe fn reset_call(client: *const crux_client, email: *const c_char) -> Result<(Call, Hooks)> {
    let (client, hooks) = live_client(client)?;
    // SAFETY: the caller's promise.
    let email = unsafe { text::required(email, "email") }?;
    let request = account::reset_password(&client, email)?;
    Ok((Call::of(client, request), hooks))
}
