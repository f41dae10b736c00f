//! The response that a handle stands for: itself, or for a client that of its last login.

use std::sync::Arc;

use crate::ffi::handle::{self, Object, ResponseObject};
use crate::response::facts::Subject;

/// The response behind an object; `lends` if pointers into it will be handed out.
pub fn of(object: &Object, lends: bool) -> Option<Arc<ResponseObject>> {
    match object {
        Object::Response(object) => Some(object.clone()),
        Object::Client(object) => object.last_login(lends),
        Object::Call(_) | Object::Options(_) => None,
    }
}

/// The response behind a handle; `lends` if pointers into it will be handed out.
pub fn find<T>(handle: *const T, lends: bool) -> Option<Arc<ResponseObject>> {
    match handle::find(handle)? {
        Object::Response(object) => Some(object),
        other => of(&other, lends),
    }
}

/// Asks about the facts of an object; `None` if it has none.
pub fn facts<T>(object: &Object, ask: impl FnOnce(Subject<'_>) -> T) -> Option<T> {
    match object {
        Object::Response(object) => Some(ask(Subject::Response(&object.response))),
        Object::Client(object) => {
            let client = object.client.as_ref().ok()?;
            let login = object.last_login(false);
            Some(ask(Subject::Client(client, login.as_ref().map(|login| &*login.response))))
        }
        Object::Call(_) | Object::Options(_) => None,
    }
}
