//! A call under way: waited for, read piece by piece, left to itself, ended.

use std::ffi::c_void;
use std::sync::Arc;
use std::time::Duration;

use crate::call::Call;
use crate::error::{Error, Result};
use crate::ffi::guard::panicked;
use crate::ffi::handle::{self, CallObject, Object, ResponseObject};
use crate::ffi::simple::{failed_response, give_response};
use crate::ffi::types::{crux_call, crux_response};
use crate::flows::download;
use crate::log;
use crate::response::Response;
use crate::send;
use crate::send::request::{Finished, Request, Want};
use crate::sys::memory::Space;
use crate::transport::exchange::Exchange;

/// A request with all that its run needs.
struct Prepared {
    call: Call,
    request: Arc<Request>,
    save: Option<String>,
    exchange: Arc<Exchange>,
}

impl Prepared {
    fn new(call: Call, want: Want) -> Result<Prepared> {
        let request = Arc::new(call.request()?);
        let settings = call.settings();
        let save = settings.save.clone().filter(|_| want == Want::Buffer);
        let in_memory = want == Want::Buffer && save.is_none();
        let limits = if in_memory { settings.limits } else { settings.stream_limits() };
        Ok(Prepared { exchange: Exchange::new(limits), request, save, call })
    }

    fn run(&self, want: Want) -> Finished {
        match &self.save {
            Some(file) => {
                download::run(&self.call.client, Request::clone(&self.request), &self.exchange, file)
            }
            None => send::run(&self.call.client, &self.request, &self.exchange, want),
        }
    }
}

/// Sends a call and waits, within reach of `crux_cancel` on its handle.
fn send_and_wait(object: &Arc<CallObject>, want: Want) -> Result<Arc<Response>> {
    let prepared = Prepared::new(object.call.lock().clone()?, want)?;
    let _reachable = object.running(&prepared.exchange);
    let _running = prepared.call.client.running.enter(&prepared.exchange);
    let finished = prepared.run(want);
    let Prepared { call, request, exchange, .. } = prepared;
    Ok(Response::of(call.client, exchange, finished, Some(request)))
}

fn waited(call: *mut crux_call, want: Want) -> *mut crux_response {
    match handle::call(call).and_then(|object| send_and_wait(&object, want)) {
        Ok(response) => give_response(response),
        Err(error) => failed_response(error),
    }
}

/// Sends the request and waits for the whole answer. May be repeated. With the option "save", the body
/// goes to a file, as with crux_download.
///
/// @param call  from crux_call_new
/// @return a response, never NULL; crux_code(response) says how it went
/// @owner   the caller; end it with crux_free
/// @threads one at a time; crux_cancel(call) from any
/// @since   0.1
///
/// # Safety
/// `call` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_send(call: *mut crux_call) -> *mut crux_response {
    guard!(failed_response(panicked()), { waited(call, Want::Buffer) })
}

/// Sends the request and waits for the head of the answer; its body is read with crux_read, in as little
/// memory as you like. Free the response when you have had enough of it.
///
/// @param call  from crux_call_new
/// @return a response, never NULL; crux_code(response) says how it went so far
/// @owner   the caller; end it with crux_free
/// @threads one at a time; crux_cancel(call) from any
/// @since   0.1
///
/// # Safety
/// `call` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_stream(call: *mut crux_call) -> *mut crux_response {
    guard!(failed_response(panicked()), { waited(call, Want::Stream) })
}

/// Sends the request on a thread of libcrux and returns at once. The response is CRUX_PENDING until
/// crux_wait says that it is finished; freeing it before ends the request. Log lines of the request reach
/// the hook during crux_wait.
///
/// @param call  from crux_call_new; may be freed, changed or sent again meanwhile
/// @return a response, never NULL
/// @owner   the caller; end it with crux_free
/// @threads one at a time
/// @since   0.1
///
/// # Safety
/// `call` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_start(call: *mut crux_call) -> *mut crux_response {
    guard!(failed_response(panicked()), {
        let started = handle::call(call).and_then(|object| {
            let call = object.call.lock().clone()?;
            start(&object, Prepared::new(call, Want::Buffer)?)
        });
        match started {
            Ok(response) => give_response(response),
            Err(error) => failed_response(error),
        }
    })
}

fn start(object: &Arc<CallObject>, prepared: Prepared) -> Result<Arc<Response>> {
    let (client, exchange) = (prepared.call.client.clone(), prepared.exchange.clone());
    let request = Some(prepared.request.clone());
    let response = Arc::new(Response::pending(Some(client.clone()), exchange.clone(), request));
    // Within reach of a cancel from now on, not only once a thread has come to it.
    let within_reach = (object.running(&exchange), client.running.enter(&exchange));
    let running = response.clone();
    let number = client.workers.run(move || {
        let _within_reach = within_reach;
        // Whatever happens, those who wait are told.
        let finish = FinishAnyhow(&running);
        let (finished, lines) = log::put_aside(|| prepared.run(Want::Buffer));
        running.put_aside(lines);
        finish.with(finished);
    })?;
    let (client, waiting) = (Arc::downgrade(&client), Arc::downgrade(&response));
    exchange.when_cancelled(move || {
        if let (Some(client), Some(response)) = (client.upgrade(), waiting.upgrade())
            && client.workers.withdraw(number)
        {
            response.finish(Finished { error: Some(Error::cancelled()), ..Finished::default() });
        }
    });
    Ok(response)
}

struct FinishAnyhow<'a>(&'a Response);

impl FinishAnyhow<'_> {
    fn with(self, finished: Finished) {
        self.0.finish(finished);
    }
}

impl Drop for FinishAnyhow<'_> {
    fn drop(&mut self) {
        if self.0.finished().is_none() {
            self.0.finish(Finished { error: Some(panicked()), ..Finished::default() });
        }
    }
}

/// Reads a piece of the body of a streamed answer.
///
/// @param response  from crux_call_stream
/// @param buffer    where to
/// @param capacity  its size in bytes; 256 KiB cost less for each byte than 16 do
/// @return how many bytes were read; 0 at the end of a complete body; -1 on an error, which crux_code and
///         crux_message then tell: what was read before is not the whole
/// @threads one at a time; crux_cancel(response) from any
/// @since   0.1
///
/// # Safety
/// `response` is any pointer; `buffer` is NULL or has `capacity` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_read(
    response: *mut crux_response,
    buffer: *mut c_void,
    capacity: usize,
) -> isize {
    guard!(-1, {
        let Ok(object) = handle::response(response) else { return -1 };
        if buffer.is_null() || object.response.finished().is_none() {
            return -1;
        }
        // Not zeroed first, which would cost a tenth of a download.
        // SAFETY: the caller's promise.
        let mut space = unsafe { Space::at(buffer.cast(), capacity.min(1 << 30)) };
        object.response.read(&mut space).map_or(-1, |amount| amount as isize)
    })
}

/// Waits until a request that was started in the background has finished.
///
/// @param response    from crux_call_start; any other is finished already
/// @param timeout_ms  how long to wait; 0 = only look; -1 = as long as it takes
/// @return 1 if it is finished, 0 if not yet; 1 for what is no response, since there is nothing to wait for
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `response` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_wait(response: *const crux_response, timeout_ms: i32) -> i32 {
    guard!(1, {
        let Ok(object) = handle::response(response) else { return 1 };
        let limit = match timeout_ms {
            ..0 => Duration::MAX,
            ms => Duration::from_millis(ms as u64),
        };
        let finished = object.response.wait(limit);
        object.response.replay_lines();
        finished.into()
    })
}

/// Gives something to wait for in an event loop.
///
/// @param response  from crux_call_start; any other is finished already
/// @return a descriptor that turns readable once the request is finished, for select, poll, epoll, GLib or
///         libuv; do not read from it and do not close it: it is the response's, until that is freed. -1 if
///         it could not be made
/// @threads any number at once
/// @since   0.1
///
/// # Safety
/// `response` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_event(response: *const crux_response) -> libc::intptr_t {
    guard!(-1, {
        let event = handle::response(response).map(|object| object.response.event());
        match event {
            Ok(Ok(number)) => number as libc::intptr_t,
            _ => -1,
        }
    })
}

/// Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms. When
/// nothing is under way, nothing happens, now or later.
///
/// @param object  a call: what crux_call_send, _stream or _start of it does; a response: its request, its
///                stream, or a crux_await on it; a client: all its requests; anything else is ignored
/// @threads any, also while another thread is inside a function with the same object; not from a signal
///          handler
/// @since   0.1
///
/// # Safety
/// `object` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_cancel(object: *const c_void) {
    guard!((), {
        match handle::find(object) {
            Some(Object::Client(object)) => {
                if let Ok(client) = &object.client {
                    client.running.cancel();
                }
            }
            Some(Object::Call(object)) => object.cancel(),
            Some(Object::Response(object)) => object.response.cancel(),
            Some(Object::Options(_)) | None => {}
        }
    })
}

impl CallObject {
    /// Keeps an exchange within reach of `cancel` while the guard lives.
    fn running(self: &Arc<Self>, exchange: &Arc<Exchange>) -> Reachable {
        self.running.lock().push(Arc::downgrade(exchange));
        Reachable { object: self.clone(), exchange: exchange.clone() }
    }

    fn cancel(&self) {
        let running: Vec<_> = self.running.lock().iter().filter_map(std::sync::Weak::upgrade).collect();
        running.iter().for_each(|exchange| exchange.cancel());
    }
}

struct Reachable {
    object: Arc<CallObject>,
    exchange: Arc<Exchange>,
}

impl Drop for Reachable {
    fn drop(&mut self) {
        self.object.running.lock().retain(|weak| weak.as_ptr() != Arc::as_ptr(&self.exchange));
    }
}

/// A request whose response nobody will look at is ended.
impl Drop for ResponseObject {
    fn drop(&mut self) {
        self.response.cancel();
    }
}

/// The outcome of a flow as a handle.
pub(super) fn give_outcome(outcome: Result<Arc<Response>>) -> *mut crux_response {
    match outcome {
        Ok(response) => give_response(response),
        Err(error) => failed_response(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ffi::handle::{ClientObject, OptionsObject};

    /// What the header promises of threads, to the compiler.
    #[test]
    fn objects_may_be_shared() {
        fn shared<T: Send + Sync>() {}
        shared::<ClientObject>();
        shared::<OptionsObject>();
        shared::<CallObject>();
        shared::<ResponseObject>();
    }
}
