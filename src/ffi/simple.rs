//! The simple path: log in, request, look, free.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use bytes::Bytes;

use crate::call::{Call, run};
use crate::client::Client;
use crate::clock::SystemClock;
use crate::error::{Error, Result};
use crate::ffi::handle::{self, ClientObject, Object, ResponseObject};
use crate::ffi::subject;
use crate::ffi::text::{self, Texts};
use crate::ffi::types::{crux_client, crux_response};
use crate::hooks::Hooks;
use crate::options::Options;
use crate::response::Response;
use crate::send::request::Want;
use crate::transport::http::request_body::LENT_FROM;

/// Makes a client and logs it in; the outcome is the handle's.
pub(super) fn log_in(options: Result<Options>, hooks: Hooks) -> *mut crux_client {
    let client = options.and_then(|options| Client::new(&options, &hooks, Arc::new(SystemClock::default())));
    let login = match &client {
        Ok(client) => run::first_login(client),
        Err(error) => Err(error.clone()),
    };
    let (logins, texts) = Default::default();
    handle::give(Object::Client(Arc::new(ClientObject { client, login, hooks, logins, texts })))
}

/// A handle for a response, which keeps the hooks that may be called for it.
pub(super) fn give_response(response: Arc<Response>, hooks: (Hooks, Hooks)) -> *mut crux_response {
    handle::give(Object::Response(ResponseObject::new(response, hooks)))
}

pub(super) fn failed_client(error: Error) -> *mut crux_client {
    handle::give(Object::Client(Arc::new(ClientObject {
        client: Err(error.clone()),
        login: Err(error),
        hooks: Hooks::default(),
        logins: Default::default(),
        texts: Texts::default(),
    })))
}

pub(super) fn failed_response(error: Error) -> *mut crux_response {
    give_response(Response::failed(None, error), Default::default())
}

/// The client behind a handle, if it could be made, and its hooks.
pub(super) fn live_client(handle: *const crux_client) -> Result<(Arc<Client>, Hooks)> {
    let object = handle::client(handle)?;
    Ok((object.client.clone()?, object.hooks.clone()))
}

/// The outcome of something that waited, as a handle.
pub(super) fn give_outcome(outcome: Result<(Arc<Response>, Hooks)>) -> *mut crux_response {
    match outcome {
        Ok((response, hooks)) => give_response(response, (hooks, Hooks::default())),
        Err(error) => failed_response(error),
    }
}

/// Logs in, and returns the client that makes all requests.
///
/// @param service   a built-in service such as "crux-connect" or "crunch", or "custom"; crux_option_info with
///                  "service" and "values" lists them; NULL = "crux-connect"
/// @param base_url  where the API lives; NULL = the service's own address
/// @param user      user name or e-mail address: logs in with a password, at once;
///                  NULL = `secret` is a ready token or API key, and nothing is sent yet
/// @param secret    the password, token or API key; NULL as well = anonymous, for public endpoints
/// @return a client, never NULL; crux_code(client) says how it went, crux_message(client) in words
/// @owner   the caller; end it with crux_free
/// @threads any; the client may then be used by many at once
/// @waits   for the login; no if there is no user
/// @since   0.1
///
/// # Safety
/// Each argument is NULL or a NUL-terminated string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_login(
    service: *const c_char,
    base_url: *const c_char,
    user: *const c_char,
    secret: *const c_char,
) -> *mut crux_client {
    guard!(failed_client(Error::fault()), {
        let options = (|| {
            let mut options = Options::new();
            for (key, value) in
                [("service", service), ("base_url", base_url), ("user", user), ("secret", secret)]
            {
                // SAFETY: the caller's promise.
                let value = unsafe { text::optional(value, key) }?;
                if key == "user" && value == Some("") {
                    // Taken for "not given", it would turn the password into a token.
                    return Err(Error::argument(
                        "The user name is empty; pass NULL if the secret is a token.",
                    ));
                }
                if let Some(value) = value {
                    options.set(key, Some(value))?;
                }
            }
            Ok(options)
        })();
        log_in(options, Hooks::default())
    })
}

/// Memory of the caller's, which is there for as long as the caller waits: the request that borrows it is let go
/// before crux_request returns.
struct CallersBytes(&'static [u8]);

impl AsRef<[u8]> for CallersBytes {
    fn as_ref(&self) -> &[u8] {
        self.0
    }
}

/// Sends a request and waits for the whole response.
///
/// @param client    from crux_login
/// @param method    such as "GET" or "POST"
/// @param path      a path below the base ("users/"), from the root ("/api/users/"), or a whole URL out
///                  of a response; only the client's own origin ever gets the token
/// @param body      what to send, as the service's JSON; NULL = nothing
/// @param body_len  its length in bytes; -1 = up to the NUL
/// @return a response, never NULL; crux_code(response) says how it went
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   for the whole response
/// @since   0.1
///
/// # Safety
/// `client` is any pointer; the texts are NULL or NUL-terminated; `body` has `body_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_request(
    client: *const crux_client,
    method: *const c_char,
    path: *const c_char,
    body: *const c_void,
    body_len: isize,
) -> *mut crux_response {
    guard!(failed_response(Error::fault()), {
        give_outcome((|| {
            let (client, hooks) = live_client(client)?;
            // SAFETY: the caller's promise.
            let (method, path, body) = unsafe {
                (
                    text::required(method, "method")?,
                    text::required(path, "path")?,
                    text::bytes(body, body_len, "body")?,
                )
            };
            let mut call = Call::new(client, method, path)?;
            match body {
                Some(body) if body.len() >= LENT_FROM => call.lend(Bytes::from_owner(CallersBytes(body))),
                Some(body) => call.body(body, None)?,
                None => {}
            }
            Ok((run::send(call, Want::Buffer, None), hooks))
        })())
    })
}

/// Ends an object of any kind, in any order; what was made from it stays good until it is freed itself. With a
/// client end its idle connections and its crux_event.
///
/// @param object  a client, response, call or options; NULL is fine; a pointer that was freed before, or
///                is not ours, is refused without harm
/// @threads any; other threads must not be using this same handle
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_free(object: *mut c_void) {
    guard!((), {
        handle::end(object);
    })
}

/// Returns the outcome of an object.
///
/// @param object  a client, response, call or options
/// @return CRUX_OK, CRUX_PENDING, or one of CRUX_ERR_...; for a client, how crux_login or crux_login_with
///         went: a later login is an outcome of the request that needed it; for a call or options, the first
///         refused setting that was not set well since; CRUX_ERR_ARGUMENT if the object is NULL, freed or
///         not ours
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_code(object: *const c_void) -> i32 {
    guard!(Error::fault().code.number(), {
        let last = |error: Option<Error>| error.map_or(0, |error| error.code.number());
        match handle::find(object) {
            None => crate::error::Code::Argument.number(),
            Some(Object::Client(client)) => last(client.login.clone().err()),
            Some(Object::Response(object)) => object.response.code().number(),
            Some(Object::Call(call)) => last(call.refused.first()),
            Some(Object::Options(options)) => last(options.refused.first()),
        }
    })
}

/// Returns the outcome of an object in one English sentence, for the person at the screen. It holds no secret.
///
/// @param object  a client, response, call or options
/// @return the sentence, about what crux_code returns: of several refused settings, about the first; never NULL
/// @owner   the object, until it is freed
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_message(object: *const c_void) -> *const c_char {
    guard!(c"A fault inside libcrux.".as_ptr(), {
        let Some(object) = handle::find(object) else {
            return c"The handle is NULL, was freed before, or is not one of libcrux.".as_ptr();
        };
        let done = crate::error::Code::Ok.row().text;
        let words = |error: Option<Error>| error.map_or(done.to_owned(), |error| error.message);
        let message = match &object {
            Object::Client(client) => words(client.login.clone().err()),
            Object::Response(object) => object.response.message().to_owned(),
            Object::Call(call) => words(call.refused.first()),
            Object::Options(options) => words(options.refused.first()),
        };
        object.texts().keep(&message)
    })
}

/// Returns the HTTP status of a response.
///
/// @param object  a response, or a client: the response of its last login
/// @return such as 200 or 404; 0 if there was no response
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_status(object: *const c_void) -> i32 {
    guard!(0, { subject::find(object, false).map_or(0, |object| object.response.status().into()) })
}

/// Returns the body of a response, decoded from gzip. In that of a login, "[secret]" stands for each secret.
///
/// @param object  a response, or a client: the response of its last login
/// @param length  receives the number of bytes; may be NULL
/// @return the bytes with a NUL behind them, "" if there are none; never NULL
/// @owner   the object, until it is freed
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer; `length` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_body(object: *const c_void, length: *mut usize) -> *const c_char {
    let set = |size: usize| {
        if !length.is_null() {
            // SAFETY: the caller's promise.
            unsafe { *length = size };
        }
    };
    guard!(c"".as_ptr(), {
        set(0);
        match subject::find(object, true) {
            Some(object) if object.response.finished().is_some() => {
                set(object.response.body().len());
                object.response.body_with_nul().as_ptr().cast()
            }
            _ => c"".as_ptr(),
        }
    })
}
