//! A call under way: waited for, read piece by piece, left to itself, ended.

use std::ffi::c_void;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::call::{run, start};
use crate::client::finished::left;
use crate::error::Error;
use crate::ffi::handle::{self, Object, ResponseObject};
use crate::ffi::simple::{failed_response, give_response, live_client};
use crate::ffi::types::{crux_call, crux_client, crux_response};
use crate::response::Response;
use crate::send::request::Want;
use crate::sys::memory::Space;

/// Sends a call and waits, within reach of `crux_cancel` on its handle.
fn waited(call: *mut crux_call, want: Want) -> *mut crux_response {
    let sent = handle::call(call).and_then(|object| {
        object.refused.check()?;
        let call = object.call.lock().clone()?;
        let hooks = object.hooks.lock().clone();
        Ok((run::send(call, want, Some(&object.running)), hooks))
    });
    match sent {
        Ok((response, hooks)) => give_response(response, hooks),
        Err(error) => failed_response(error),
    }
}

/// Sends the request and waits for the whole response. May be repeated. With the option "save", the body
/// goes to a file, as with crux_download.
///
/// @param call  from crux_call_new
/// @return a response, never NULL; crux_code(response) says how it went
/// @owner   the caller; end it with crux_free
/// @threads one at a time; crux_cancel(call) from any
/// @waits   for the whole response
/// @since   0.1
///
/// # Safety
/// `call` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_send(call: *mut crux_call) -> *mut crux_response {
    guard!(failed_response(Error::fault()), { waited(call, Want::Buffer) })
}

/// Sends the request and waits for the head of the response; its body is read with crux_read, in as little
/// memory as you like. Free the response when you have had enough of it. A stream takes no option
/// "save", and the option "await" has no effect on it.
///
/// @param call  from crux_call_new
/// @return a response, never NULL; crux_code(response) says how it went so far
/// @owner   the caller; end it with crux_free
/// @threads one at a time; crux_cancel(call) from any
/// @waits   for the head of the response
/// @since   0.1
///
/// # Safety
/// `call` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_stream(call: *mut crux_call) -> *mut crux_response {
    guard!(failed_response(Error::fault()), { waited(call, Want::Stream) })
}

/// Sends the request in the background and returns at once. The response is CRUX_PENDING until it is
/// finished: crux_wait, crux_event and crux_next_finished say when. With the option "stream", it is finished
/// when the head is there, and crux_read takes the body without waiting. Freeing it before ends the request.
/// At most "background.max" requests of a client run at once; a request whose "timeout.total_ms" is over
/// before its turn is never sent. Log lines of the request reach the hook in crux_wait, crux_next_finished
/// or crux_free.
///
/// @param call  from crux_call_new and its kin; may be freed, changed or sent again meanwhile
/// @return a response, never NULL; crux_next_finished brings it, also if the call cannot be sent as it is,
///         which crux_code(response) says at once. Out of no queue comes only what is no call of a client,
///         and what a client made whose options were refused: it has no queue, and crux_event returns -1
/// @owner   the caller; end it with crux_free
/// @threads one at a time
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `call` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_call_start(call: *mut crux_call) -> *mut crux_response {
    guard!(failed_response(Error::fault()), {
        let object = match handle::call(call) {
            Ok(object) => object,
            Err(error) => return failed_response(error),
        };
        let call = object.call.lock().clone();
        let client = call.as_ref().ok().map(|call| call.client.clone());
        let client = client.or_else(|| object.unmade_for.clone());
        let hooks = object.hooks.lock().clone();
        let mut handle = std::ptr::null_mut();
        let register = |response: &Arc<Response>| {
            handle = give_response(response.clone(), hooks);
            response.set_number(handle.addr());
        };
        match (object.refused.check().and(call), client) {
            (Ok(call), _) => start::start(call, Some(&object.running), register),
            (Err(error), Some(client)) => start::refuse(client, error, register),
            (Err(error), None) => return failed_response(error),
        }
        handle
    })
}

/// Reads a piece of the body of a streamed response.
///
/// @param response  from crux_call_stream, or from crux_call_start with the option "stream"
/// @param buffer    receives the bytes
/// @param capacity  its size in bytes; 256 KiB cost less for each byte than 16 do
/// @return how many bytes were read; 0 at the end of a complete body; -1 on an error, which crux_code and
///         crux_message then say: what was read before is not the whole; -2 if a started stream has nothing
///         yet, not even its head: crux_wait and crux_event say when it has
/// @threads one at a time; crux_cancel(response) from any
/// @waits   for the next bytes; never for a stream that was started
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
        if buffer.is_null() {
            return -1;
        }
        if object.response.finished().is_none() {
            return if object.response.will_stream { -2 } else { -1 };
        }
        // Not zeroed first, which would cost a tenth of a download.
        // SAFETY: the caller's promise.
        let mut space = unsafe { Space::at(buffer.cast(), capacity.min(1 << 30)) };
        match object.response.read(&mut space) {
            Ok(Some(amount)) => amount as isize,
            Ok(None) => -2,
            Err(_) => -1,
        }
    })
}

/// Waits until a request that was started in the background has finished, or a started stream has more.
/// Meanwhile its tick is called on this thread.
///
/// @param object      a response or a client; a response of crux_call_start until it is finished or has more to
///                    read, any other is finished already; a client until crux_next_finished has one
/// @param timeout_ms  how long to wait; 0 = only look; -1 = as long as it takes
/// @return 1 if so, 0 if not yet; 1 for what is no client or response, and for a client with nothing under way:
///         there is nothing to wait for
/// @threads any number at once
/// @waits   up to timeout_ms
/// @since   0.1
///
/// # Safety
/// `object` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_wait(object: *const c_void, timeout_ms: i32) -> i32 {
    guard!(1, {
        match handle::find(object) {
            Some(Object::Response(object)) => {
                let finished = object.response.wait(limit(timeout_ms));
                object.response.replay_lines();
                if finished {
                    object.response.close_event();
                }
                finished.into()
            }
            Some(Object::Client(object)) => match &object.client {
                Ok(client) => i32::from(run::wait_for_any(client, limit(timeout_ms)) != Some(false)),
                Err(_) => 1,
            },
            _ => 1,
        }
    })
}

/// Returns the next request of a client that was started in the background and has finished, in order of
/// finishing, each once. Those that were freed are passed over. Meanwhile the client's tick is called on
/// this thread, with the progress of the request that was started first; if it ends them, it ends all.
///
/// @param client      from crux_login
/// @param timeout_ms  how long to wait; 0 = only look; -1 = as long as it takes
/// @return the very handle that crux_call_start gave; NULL if none has finished in time, or nothing is under way
/// @owner   the caller, since crux_call_start; end it with crux_free
/// @threads any number at once; each finished request goes to one of them
/// @waits   up to timeout_ms
/// @since   0.2
///
/// # Safety
/// `client` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_next_finished(
    client: *const crux_client,
    timeout_ms: i32,
) -> *mut crux_response {
    guard!(std::ptr::null_mut(), {
        let Ok((client, _)) = live_client(client) else { return std::ptr::null_mut() };
        let end = Instant::now().checked_add(limit(timeout_ms));
        loop {
            while let Some(number) = client.next_finished() {
                let handle: *mut crux_response = std::ptr::with_exposed_provenance_mut(number);
                if let Ok(object) = handle::response(handle) {
                    object.response.replay_lines();
                    return handle;
                }
            }
            // Another thread may take what this one has waited for.
            if run::wait_for_any(&client, left(end).unwrap_or_default()) != Some(true) {
                return std::ptr::null_mut();
            }
        }
    })
}

/// How long to wait for so many milliseconds; below 0 for ever.
pub(super) fn limit(timeout_ms: i32) -> Duration {
    match timeout_ms {
        ..0 => Duration::MAX,
        ms => Duration::from_millis(ms as u64),
    }
}

/// Returns something to wait for in an event loop: select, poll, epoll, GLib, libuv. It is made when it is
/// first asked for. It is the object's, at the longest until that is freed: do not read from it and do not
/// close it. That of a response ends with the crux_wait that returns 1: stop watching it before.
///
/// @param object  a response or a client; that of a response is readable once it is finished, and given back by
///                the crux_wait that says so; that of a started stream while there is more to read; that of a
///                client while crux_next_finished has one, however many requests there are; with the option
///                "event.early" also when some of a response has come, which crux_next_finished with 0 reads
/// @return a descriptor; on Windows the HANDLE of an event, set while a descriptor would be readable; -1 if it
///         could not be made, for a client whose options were refused, or for what is neither client nor
///         response
/// @threads any number at once
/// @waits   no
/// @since   0.1
///
/// # Safety
/// `object` is any pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crux_event(object: *const c_void) -> isize {
    guard!(-1, {
        let event = match handle::find(object) {
            Some(Object::Response(object)) => object.response.event(),
            Some(Object::Client(object)) => match &object.client {
                Ok(client) => client.event(),
                Err(_) => return -1,
            },
            _ => return -1,
        };
        event.unwrap_or(-1)
    })
}

/// Ends what is under way, whatever it waits for: it returns CRUX_ERR_CANCELLED within 200 ms.
///
/// @param object  a call: what is under way of it; if nothing is, the next crux_call_send, _stream or _start
///                of it ends at once, once. A response: its request, its stream, or a crux_await on it. A
///                client: all its requests; it stays usable. Anything else is ignored
/// @threads any, also while another thread is inside a function with the same object; not from a signal
///          handler
/// @waits   no
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
            Some(Object::Call(object)) => object.running.cancel_now_or_next(),
            Some(Object::Response(object)) => object.response.cancel(),
            Some(Object::Options(_)) | None => {}
        }
    })
}

/// A request whose response nobody will look at is ended; what it had to say is said before.
impl Drop for ResponseObject {
    fn drop(&mut self) {
        self.response.replay_lines();
        self.response.abandon();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ffi::handle::{CallObject, ClientObject, OptionsObject};

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
