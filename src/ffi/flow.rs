//! Flows: jobs, pages, files.

use std::ffi::c_char;
use std::sync::Arc;

use crate::call::Call;
use crate::call::upload;
use crate::error::Result;
use crate::ffi::guard::panicked;
use crate::ffi::handle;
use crate::ffi::send::give_outcome;
use crate::ffi::simple::{failed_response, live_client, send};
use crate::ffi::text;
use crate::ffi::types::{crux_client, crux_response};
use crate::flows::{download, job, page};
use crate::response::Response;
use crate::transport::exchange::Exchange;

/// Waits until the job of an accepted request has ended, however long that takes: bad gateways, lost
/// connections and expired tokens in between are survived. crux_number(accepted, "percent") tells
/// meanwhile how far it is; crux_cancel(accepted) ends the waiting, not the job.
///
/// @param client      from crux_login
/// @param accepted    the response of the request that started the job, an export record, or the result of
///                    an earlier crux_await that timed out or was cancelled
/// @param timeout_ms  how long to wait; 0 = look once; -1 = as the option "job.timeout_ms" says
/// @return a response, never NULL: the last progress document or record, with crux_info "location" (the
///         result) and "job_url". CRUX_ERR_JOB if the server says that the job failed; CRUX_ERR_TIMEOUT if it
///         goes on
/// @owner   the caller; end it with crux_free
/// @threads any number at once
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
    guard!(failed_response(panicked()), {
        give_outcome((|| {
            let (client, accepted) = (live_client(client)?, handle::response(accepted)?);
            job::run(&client, &accepted.response, timeout_ms)
        })())
    })
}

/// Gets the page after a page of a list, in any form the services have: `pagination` objects, totals,
/// offset and limit, links; in the query or in the body.
///
/// @param client  from crux_login
/// @param page    a response that holds a page, from crux_request, crux_call_send or this function
/// @return a response; NULL after the last page
/// @owner   the caller; end it with crux_free
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `client` and `page` are any pointers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_next_page(
    client: *const crux_client,
    page: *const crux_response,
) -> *mut crux_response {
    guard!(failed_response(panicked()), {
        let next = (|| {
            let (client, page) = (live_client(client)?, handle::response(page)?);
            page::after(&client, &page.response)
        })();
        match next.transpose() {
            Some(outcome) => give_outcome(outcome),
            None => std::ptr::null_mut(),
        }
    })
}

/// Downloads a file. What is not complete never bears its name: it grows as FILE.part, beside a FILE.part.tag
/// that says what it is a part of. With the option "resume" (the default) a later try goes on from there if
/// the server can show that it is the same file. To watch the progress, or not to wait, use crux_call_start
/// with the option "save" instead.
///
/// @param client  from crux_login
/// @param url     a path, or a whole URL; to a foreign place, such as a storage service, no token goes
/// @param file    where to; a file that is there is replaced once the new one is complete
/// @return a response without a body, never NULL; CRUX_ERR_FILE if the disk is to blame
/// @owner   the caller; end it with crux_free
/// @threads any number at once, each with a file of its own
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
    guard!(failed_response(panicked()), {
        give_outcome((|| -> Result<Arc<Response>> {
            let client = live_client(client)?;
            // SAFETY: the caller's promise.
            let (url, file) = unsafe { (text::required(url, "url")?, text::required(file, "file")?) };
            let request = Call::new(client.clone(), "GET", url)?.request()?;
            let exchange = Exchange::new(client.settings.stream_limits());
            let finished = download::run(&client, request, &exchange, file);
            Ok(Response::of(client, exchange, finished, None))
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
    guard!(failed_response(panicked()), {
        give_outcome((|| {
            let client = live_client(client)?;
            // SAFETY: the caller's promise.
            let (path, field, file, kind) = unsafe {
                (
                    text::optional(path, "path")?,
                    text::optional(field, "field")?,
                    text::required(file, "file")?,
                    text::optional(r#type, "type")?,
                )
            };
            let call = upload::call(&client, path, field, file, kind)?;
            let limits = call.settings().stream_limits();
            send(call, limits)
        })())
    })
}
