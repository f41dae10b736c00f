//! Flows: jobs, pages, files.

use std::ffi::c_char;

use crate::call::run::Task;
use crate::call::{Call, run, upload};
use crate::error::{Error, Result};
use crate::ffi::call::{give_call, no_call};
use crate::ffi::handle::{self, ResponseObject};
use crate::ffi::simple::{failed_response, give_outcome, live_client};
use crate::ffi::text;
use crate::ffi::types::{crux_call, crux_client, crux_response};
use crate::flows::page;
use crate::hooks::Hooks;
use crate::send::request::Want;

/// Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost
/// connections and expired tokens in between are survived. crux_number(accepted, "percent") is
/// meanwhile how far it is; crux_cancel(accepted) ends the waiting, not the job.
///
/// @param client      from crux_login
/// @param accepted    the response of the request that started the job, an export record, or the response of
///                    an earlier crux_await, or of a call with the option "await", that timed out or was
///                    cancelled
/// @param timeout_ms  how long to wait; 0 = look once; -1 = as the option "job.timeout_ms" says
/// @return a response, never NULL: the last progress document or record, with crux_info "location" (the
///         result) and "job_url". CRUX_ERR_JOB if the server says that the job failed; CRUX_ERR_TIMEOUT if it
///         goes on
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   as long as timeout_ms says
/// @since   0.1
///
/// # Safety
/// `client` and `accepted` are any pointers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_await(
    client: *const crux_client,
    accepted: *const crux_response,
    timeout_ms: i32,
) -> *mut crux_response {
    guard!(failed_response(Error::fault()), {
        give_outcome((|| {
            let ((client, hooks), accepted) = (live_client(client)?, handle::response(accepted)?);
            Ok((run::wait_for_job(client, &accepted.response, timeout_ms), hooks))
        })())
    })
}

/// Returns the call that waits for the job of an accepted request, as crux_await does, to be sent or started;
/// the call's option "job.timeout_ms" says how long. crux_number(accepted, "percent") is meanwhile how far the
/// job is; crux_cancel of the call, of its response or of `accepted` ends the waiting, not the job.
///
/// @param client    from crux_login
/// @param accepted  as for crux_await; may be freed before the call is
/// @return a call, never NULL; its response is as that of crux_await. With the option "save", the result is
///         saved
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `client` and `accepted` are any pointers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_await(
    client: *const crux_client,
    accepted: *const crux_response,
) -> *mut crux_call {
    guard!(no_call(), {
        let call = live_client(client).and_then(|(client, hooks)| {
            let accepted = handle::response(accepted)?.response.clone();
            Ok((Call::task(client, Task::Await(accepted)), hooks))
        });
        give_call(call, || live_client(client).ok())
    })
}

/// Requests the page after a page of a list, in any form the services have: `pagination` objects, totals,
/// offset and limit, links; in the query or in the body.
///
/// @param client  from crux_login
/// @param page    a response that holds a page, from crux_request, crux_call_send or this function
/// @return a response; NULL after the last page, after a page that failed, and while the page is pending
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   for the whole response
/// @since   0.1
///
/// # Safety
/// `client` and `page` are any pointers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_next_page(
    client: *const crux_client,
    page: *const crux_response,
) -> *mut crux_response {
    guard!(failed_response(Error::fault()), {
        let outcome = next_call(client, page).transpose();
        match outcome {
            Some(next) => give_outcome(next.and_then(|(call, hooks)| {
                // Within reach of a cancel of the page that it follows.
                let page = handle::response(page)?;
                Ok((run::send(call, Want::Buffer, Some(page.response.watching())), hooks))
            })),
            None => std::ptr::null_mut(),
        }
    })
}

/// The call of the page after a page; `None` after the last one.
fn next_call(client: *const crux_client, page: *const crux_response) -> Result<Option<(Call, Hooks)>> {
    let page = handle::response(page)?;
    // Before the client, which may have failed as well: a loop over pages ends.
    if page.response.error().is_some() {
        return Ok(None);
    }
    let (client, hooks) = live_client(client)?;
    let next = page::next(&client, &page.response)?;
    Ok(next.map(|request| (Call::of(client, request), hooks)))
}

/// Returns the call of the page after a page of a list, as crux_next_page does, to be sent, started or awaited.
///
/// @param client  from crux_login
/// @param page    a response that holds a page
/// @return a call, never sent yet; NULL after the last page, after a page that failed, and while the page is
///         pending
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `client` and `page` are any pointers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_next(
    client: *const crux_client,
    page: *const crux_response,
) -> *mut crux_call {
    guard!(no_call(), {
        match next_call(client, page).transpose() {
            Some(next) => give_call(next, || live_client(client).ok()),
            None => std::ptr::null_mut(),
        }
    })
}

/// Returns a call to a link as it stands in a response. A relative one is resolved against the URL that the
/// response came from, which need not be the base.
///
/// @param from    a finished response
/// @param method  such as "GET"
/// @param link    the link, out of the body or a header
/// @return a call, never NULL; crux_code(call) says whether the link is usable
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `from` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_follow(
    from: *const crux_response,
    method: *const c_char,
    link: *const c_char,
) -> *mut crux_call {
    guard!(no_call(), {
        let call = handle::response(from).and_then(|from| {
            // SAFETY: the caller's promise.
            let (method, link) =
                unsafe { (text::required(method, "method")?, text::required(link, "link")?) };
            let ResponseObject { response, hooks, .. } = &*from;
            Ok((Call::follow(response, method, link)?, hooks.0.clone()))
        });
        give_call(call, || {
            let from = handle::response(from).ok()?;
            Some((from.response.client.clone()?, from.hooks.0.clone()))
        })
    })
}

/// Downloads a file. An incomplete file never has the final name: data goes to FILE.part, and FILE.part.tag
/// identifies its source. With the option "resume" (the default) a later try goes on from there if
/// the server can show that it is the same file. To watch the progress, or not to wait, use crux_call_start
/// with the option "save" instead.
///
/// @param client  from crux_login
/// @param url     a path, or a whole URL; to another origin, such as a storage service, no token goes
/// @param file    where to; a file that is there is replaced once the new one is complete
/// @return a response without a body, never NULL; CRUX_ERR_FILE if the disk is to blame
/// @owner   the caller; end it with crux_free
/// @threads any number at once, each with a file of its own
/// @waits   for the whole file
/// @since   0.1
///
/// # Safety
/// `client` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_download(
    client: *const crux_client,
    url: *const c_char,
    file: *const c_char,
) -> *mut crux_response {
    guard!(failed_response(Error::fault()), {
        give_outcome((|| {
            let (client, hooks) = live_client(client)?;
            // SAFETY: the caller's promise.
            let (url, file) = unsafe { (text::required(url, "url")?, text::required(file, "file")?) };
            if file.is_empty() {
                return Err(Error::argument("The argument \"file\" is empty."));
            }
            let mut call = Call::new(client, "GET", url)?;
            call.set("save", Some(file))?;
            Ok((run::send(call, Want::Buffer, None), hooks))
        })())
    })
}

/// Uploads a file as a form, straight from the disk.
///
/// @param client  from crux_login
/// @param path    where to; NULL = where the service takes files
/// @param field   the name of the form's field; NULL = the one the service wants
/// @param file    the file
/// @param type    its type, such as "text/csv"; NULL = by its ending
/// @return a response, never NULL; crux_info(response, "result") is the address or the id of what was made
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   for the whole response
/// @since   0.1
///
/// # Safety
/// `client` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_upload(
    client: *const crux_client,
    path: *const c_char,
    field: *const c_char,
    file: *const c_char,
    r#type: *const c_char,
) -> *mut crux_response {
    guard!(failed_response(Error::fault()), {
        // SAFETY: the caller's promise.
        let call = unsafe { upload_call(client, path, field, file, r#type) };
        give_outcome(call.map(|(call, hooks)| (run::send(call, Want::Buffer, None), hooks)))
    })
}

/// Returns the call that uploads a file as a form, as crux_upload does, to be sent or started.
///
/// @param client  from crux_login
/// @param path    where to; NULL = where the service takes files
/// @param field   the name of the form's field; NULL = the one the service wants
/// @param file    the file
/// @param type    its type, such as "text/csv"; NULL = by its ending
/// @return a call, never NULL; crux_code(call) says whether the file can be read
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @waits   no
/// @since   0.2
///
/// # Safety
/// `client` is any pointer; the texts are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_upload(
    client: *const crux_client,
    path: *const c_char,
    field: *const c_char,
    file: *const c_char,
    r#type: *const c_char,
) -> *mut crux_call {
    // SAFETY: the caller's promise.
    guard!(no_call(), {
        give_call(unsafe { upload_call(client, path, field, file, r#type) }, || live_client(client).ok())
    })
}

/// # Safety
/// `client` is any pointer; the texts are NULL or NUL-terminated.
unsafe fn upload_call(
    client: *const crux_client,
    path: *const c_char,
    field: *const c_char,
    file: *const c_char,
    kind: *const c_char,
) -> Result<(Call, Hooks)> {
    let (client, hooks) = live_client(client)?;
    // SAFETY: the caller's promise.
    let (path, field, file, kind) = unsafe {
        (
            text::optional(path, "path")?,
            text::optional(field, "field")?,
            text::required(file, "file")?,
            text::optional(kind, "type")?,
        )
    };
    Ok((upload::call(&client, path, field, file, kind)?, hooks))
}
