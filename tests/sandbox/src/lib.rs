//! The sandbox: a real HTTP and HTTPS server on loopback that speaks Crux Connect (all three URL
//! generations at once) and Crunch as `docs/services.md` describes them, with synthetic data of its own. `fault`
//! holds hostile peers.
//!
//! `Sandbox::start()` gives one to a test; `examples/sandbox.rs` gives one to a person. Nothing is
//! shared between two sandboxes of one process but the constant data.

mod crunch;
mod crux;
pub mod fault;
pub mod program;
mod server;
mod shop;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::oneshot;

use server::world::World;

pub use crux::account::INVITATIONS;
pub use server::data::{API_KEY, API_KEY_OAUTH, CREDENTIALS};
pub use server::record::{Canned, Recorded};
pub use server::world::Switch;

/// What the handle and the server's thread both see.
pub(crate) struct Shared {
    world: Mutex<World>,
    connections: AtomicUsize,
}

impl Shared {
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // A panic in one handler must not take the whole sandbox with it.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running sandbox. It stops, within moments, when it is dropped.
pub struct Sandbox {
    shared: Arc<Shared>,
    http_port: u16,
    https_port: u16,
    ca_file: PathBuf,
    ca_is_ours: bool,
    leaf_key: Vec<u8>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts on free ports with a temporary CA file. Panics when loopback cannot be bound.
    pub fn start() -> Sandbox {
        Sandbox::start_on(0, 0, None).expect("the sandbox could not bind loopback")
    }

    /// Starts on the given ports (0: any free one). The CA certificate is written to `ca`, if
    /// given, and stays there.
    pub fn start_on(http: u16, https: u16, ca: Option<&Path>) -> io::Result<Sandbox> {
        let identity = server::tls::Identity::new()?;
        let listeners = server::Listeners::bind(http, https)?;
        let (http_port, https_port) = (listeners.http_port, listeners.https_port);
        let ca_file = ca.map_or_else(temporary_ca, Path::to_path_buf);
        std::fs::write(&ca_file, &identity.ca_pem)?;

        let shared = Arc::new(Shared {
            world: Mutex::new(World::new(http_port, https_port)),
            connections: AtomicUsize::new(0),
        });
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let served = shared.clone();
        let config = identity.config;
        let thread = std::thread::Builder::new().name("sandbox".into()).spawn(move || {
            runtime.block_on(server::serve(listeners, config, served, stopped));
            // Whatever is still in flight is cut here; a test that ended does not wait for it.
            runtime.shutdown_background();
        })?;
        Ok(Sandbox {
            shared,
            http_port,
            https_port,
            ca_file,
            ca_is_ours: ca.is_none(),
            leaf_key: identity.leaf_key,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// `http://127.0.0.1:PORT`
    pub fn http(&self) -> String {
        format!("http://127.0.0.1:{}", self.http_port)
    }

    /// `https://localhost:PORT`
    pub fn https(&self) -> String {
        format!("https://localhost:{}", self.https_port)
    }

    /// The PEM file of the CA that signed the certificate; a temporary one goes with the sandbox.
    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// DER of the leaf's SubjectPublicKeyInfo: what a pin is the SHA-256 of.
    pub fn leaf_key(&self) -> &[u8] {
        &self.leaf_key
    }

    /// Everything that arrived so far, in order of arrival (at most the last `record::KEPT`).
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.world().journal.requests()
    }

    /// Forgets the recorded requests.
    pub fn clear(&self) {
        self.shared.world().journal.clear();
    }

    /// Answers `path` (no query; `*` at its end: any continuation) and `method` (`*`: any) with
    /// `response` instead. A second response for the same place waits until the first is used up, or
    /// replaces it when that one is for ever. Status 0 keeps the real response and only adds the
    /// delay and the headers.
    pub fn respond(&self, method: &str, path: &str, response: Canned) {
        self.shared.world().journal.respond(method, path, response);
    }

    /// Drops every response set by [`Sandbox::response`].
    pub fn forget_canned(&self) {
        self.shared.world().journal.forget_canned();
    }

    /// Moves the sandbox's own clock forward: tokens, reset tokens and file URLs grow older.
    pub fn advance(&self, by: Duration) {
        self.shared.world().advance(by);
    }

    /// Ends every session of the services at once. API keys live on.
    pub fn revoke_tokens(&self) {
        self.shared.world().revoke_tokens();
    }

    /// Changes the password of a user of either service; sessions live on.
    pub fn set_password(&self, user: &str, password: &str) {
        self.shared.world().set_password(user, password);
    }

    /// How many TCP connections were accepted so far, those of the controls included.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    pub fn switch(&self, switch: Switch, on: bool) {
        self.shared.world().set_switch(switch, on);
    }

    /// How many looks at a Crux Connect export find it pending (2 unless told).
    pub fn export_polls(&self, polls: u32) {
        self.shared.world().settings.export_polls = polls;
    }

    /// How many fetches of a finished export file get a 404 before it is there (0 unless told).
    pub fn file_misses(&self, misses: u32) {
        self.shared.world().settings.file_misses = misses;
    }

    /// Makes files of later exports this long, byte i being `i % 251`; `None`: a real CSV again.
    pub fn export_bytes(&self, length: Option<u64>) {
        self.shared.world().settings.export_bytes = length;
    }

    /// Changes every export file there is: other bytes, another ETag, the same length and URL.
    pub fn change_files(&self) {
        self.shared.world().files.change_all();
    }

    /// The script of the Crunch jobs that start from now on: a number, or a whole progress value
    /// such as `{"progress": -1, "message": "no"}`, for each poll; the last one stays.
    pub fn progress(&self, steps: Vec<Value>) {
        self.shared.world().settings.progress = steps;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        if self.ca_is_ours {
            let _ = std::fs::remove_file(&self.ca_file);
        }
    }
}

fn temporary_ca() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("libcrux-sandbox-{}-{number}-ca.pem", std::process::id());
    std::env::temp_dir().join(name)
}
