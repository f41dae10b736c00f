//! What stands behind a handle.

use std::ffi::c_char;
use std::sync::{Arc, OnceLock};

use crate::client::Client;
use crate::client::running::Running;
use crate::error::Error;
use crate::ffi::header_texts::HeaderTexts;
use crate::ffi::sticky::Sticky;
use crate::ffi::text::Texts;
use crate::hooks::Hooks;
use crate::options::Options;
use crate::response::Response;
use crate::session::LastLogin;
use crate::sync::Lock;

pub struct ClientObject {
    pub client: Result<Arc<crate::client::Client>, Error>,
    /// How the login went.
    pub login: Result<(), Error>,
    /// Kept for as long as anything of this client may be waited for through a handle.
    pub hooks: Hooks,
    pub logins: Logins,
    pub texts: Texts,
}

pub struct OptionsObject {
    pub options: Lock<Options>,
    pub hooks: Lock<Hooks>,
    /// What was refused while it was described.
    pub refused: Sticky,
    pub texts: Texts,
}

pub struct CallObject {
    pub call: Lock<Result<crate::call::Call, Error>>,
    /// Whose it would be, if it could not be made.
    pub unmade_for: Option<Arc<Client>>,
    /// What was refused while it was described.
    pub refused: Sticky,
    /// What of it is under way.
    pub running: Running,
    /// Those of its client, and its own tick.
    pub hooks: Lock<(Hooks, Hooks)>,
    pub texts: Texts,
}

pub struct ResponseObject {
    pub response: Arc<crate::response::Response>,
    pub hooks: (Hooks, Hooks),
    headers: OnceLock<HeaderTexts>,
    pub texts: Texts,
}

impl ResponseObject {
    pub fn new(response: Arc<Response>, hooks: (Hooks, Hooks)) -> Arc<ResponseObject> {
        Arc::new(ResponseObject { response, hooks, headers: OnceLock::new(), texts: Texts::default() })
    }

    /// Name and value of the nth header, once there is a response.
    pub(super) fn header(&self, index: usize) -> Option<(*const c_char, *const c_char)> {
        let head = self.response.head()?;
        self.headers.get_or_init(|| HeaderTexts::new(head)).at(index)
    }
}

/// What a live cell holds.
#[derive(Clone)]
pub enum Object {
    Client(Arc<ClientObject>),
    Options(Arc<OptionsObject>),
    Call(Arc<CallObject>),
    Response(Arc<ResponseObject>),
}

impl Object {
    pub fn kind(&self) -> &'static str {
        match self {
            Object::Client(_) => "client",
            Object::Options(_) => "options",
            Object::Call(_) => "call",
            Object::Response(_) => "response",
        }
    }

    pub fn texts(&self) -> &Texts {
        match self {
            Object::Client(object) => &object.texts,
            Object::Options(object) => &object.texts,
            Object::Call(object) => &object.texts,
            Object::Response(object) => &object.texts,
        }
    }
}

/// Responses of logins that were asked for. One that was lent stays until the client is freed, because
/// the program may hold pointers into it.
#[derive(Default)]
pub struct Logins(Lock<Vec<Kept>>);

struct Kept {
    login: Arc<LastLogin>,
    object: Arc<ResponseObject>,
    lent: bool,
}

impl Logins {
    fn last(&self, client: &Arc<Client>, lends: bool) -> Option<Arc<ResponseObject>> {
        let login = client.last_login()?;
        let mut kept = self.0.lock();
        if !kept.last().is_some_and(|last| Arc::ptr_eq(&last.login, &login)) {
            kept.retain(|older| older.lent);
            let response = Response::of_login(client.clone(), &login);
            kept.push(Kept { login, object: ResponseObject::new(response, Default::default()), lent: false });
        }
        let last = kept.last_mut()?;
        last.lent |= lends;
        Some(last.object.clone())
    }
}

impl Drop for ClientObject {
    fn drop(&mut self) {
        if let Ok(client) = &self.client {
            client.let_go();
        }
    }
}

impl ClientObject {
    /// The response of the last login; `lends` if pointers into it will be handed out.
    pub(super) fn last_login(&self, lends: bool) -> Option<Arc<ResponseObject>> {
        self.logins.last(self.client.as_ref().ok()?, lends)
    }
}
