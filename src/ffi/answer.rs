//! The response that a handle stands for: itself, or for a client that of its last login.

use std::sync::Arc;

use crate::client::Client;
use crate::ffi::handle::{self, ClientObject, KeptLogin, Logins, Object, ResponseObject};
use crate::ffi::text::Texts;
use crate::response::Response;
use crate::response::facts::Subject;

impl Logins {
    fn last(&self, client: &Arc<Client>, lends: bool) -> Option<Arc<ResponseObject>> {
        let login = client.last_login()?;
        let mut kept = self.0.lock();
        if !kept.last().is_some_and(|last| Arc::ptr_eq(&last.login, &login)) {
            kept.retain(|older| older.lent);
            let response = Response::of_login(client.clone(), &login);
            let object = ResponseObject { response, hooks: Default::default(), texts: Texts::default() };
            kept.push(KeptLogin { login, object: Arc::new(object), lent: false });
        }
        let last = kept.last_mut()?;
        last.lent |= lends;
        Some(last.object.clone())
    }
}

impl ClientObject {
    /// The response of the last login; `lends` if pointers into it will be handed out.
    fn last_login(&self, lends: bool) -> Option<Arc<ResponseObject>> {
        self.logins.last(self.client.as_ref().ok()?, lends)
    }
}

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
