//! The functions of the header in any order, with objects of any kind, from eight threads at once. Whatever they do to
//! each other, no call fails for a reason inside of the library, and in the end nothing of it is left.
#![no_main]

use std::ffi::CString;
use std::sync::LazyLock;
use std::{env, fs, thread};

use crux::ffi::body::*;
use crux::ffi::call::*;
use crux::ffi::facts::*;
use crux::ffi::flow::*;
use crux::ffi::json::*;
use crux::ffi::library::*;
use crux::ffi::options::*;
use crux::ffi::send::*;
use crux::ffi::session::*;
use crux::ffi::simple::*;
use fuzz::argument::{Function, Objects, Source};
use fuzz::{prepare, service};
use libfuzzer_sys::fuzz_target;

const THREADS: usize = 8;
/// How many calls a thread makes at most.
const MOST_CALLS: usize = 40;
/// How long threads of the library may take to end, in ms.
const PATIENCE: i32 = 20_000;

macro_rules! functions {
    ($($name:ident($($gap:tt),*);)*) => {
        vec![$((stringify!($name), Box::new($name as unsafe extern "C" fn($($gap),*) -> _) as Box<dyn Function>)),*]
    };
}

static FUNCTIONS: LazyLock<Vec<(&str, Box<dyn Function>)>> = LazyLock::new(|| {
    functions! {
        crux_login(_, _, _, _); crux_request(_, _, _, _, _); crux_free(_); crux_code(_); crux_message(_);
        crux_status(_); crux_body(_, _); crux_header(_, _, _); crux_header_at(_, _, _, _); crux_info(_, _);
        crux_number(_, _); crux_copy(_, _, _, _); crux_json_type(_, _); crux_json_text(_, _); crux_json_int(_, _, _);
        crux_json_double(_, _, _); crux_json_count(_, _); crux_json_key(_, _, _); crux_json_walk(_, _, _, _);
        crux_options_new(); crux_options_set(_, _, _); crux_options_env(_, _); crux_options_log(_, _, _, _, _);
        crux_options_tick(_, _, _, _); crux_options_token(_, _, _, _); crux_login_with(_); crux_set_token(_, _);
        crux_call_login(_); crux_logout(_); crux_call_logout(_); crux_reset_password(_, _);
        crux_call_reset_password(_, _); crux_call_new(_, _, _); crux_call_fill(_, _, _); crux_call_query(_, _, _);
        crux_call_header(_, _, _); crux_call_set(_, _, _); crux_call_tick(_, _, _, _); crux_call_body(_, _, _, _);
        crux_call_put_text(_, _, _); crux_call_put_int(_, _, _); crux_call_put_double(_, _, _);
        crux_call_put_json(_, _, _); crux_call_file(_, _, _); crux_call_part(_, _, _, _, _);
        crux_call_part_data(_, _, _, _, _, _); crux_call_source(_, _, _, _, _, _); crux_call_send(_);
        crux_call_stream(_); crux_call_start(_); crux_read(_, _, _); crux_wait(_, _); crux_next_finished(_, _);
        crux_event(_); crux_cancel(_); crux_await(_, _, _); crux_call_await(_, _); crux_next_page(_, _);
        crux_call_next(_, _); crux_call_follow(_, _, _); crux_download(_, _, _); crux_upload(_, _, _, _, _);
        crux_call_upload(_, _, _, _, _); crux_version(); crux_abi(); crux_shutdown(_); crux_constant(_, _);
        crux_error_at(_, _, _, _); crux_error_name(_); crux_option_at(_, _, _, _); crux_option_info(_, _);
        crux_fact_at(_, _, _);
    }
});

/// Texts that mean something somewhere. None leads out of this machine, or to a file outside of the scratch folder.
const WORDS: &str = "custom crunch GET POST PUT HEAD json job page chunked close cut moved who busy odd {name} name \
    ada pw token t0 base_url user secret service timeout.total_ms 300 login.when first_use login.mode cookie \
    retry.max 2 await 1 0 stream save max_body 40 background.max resume page.next_pointer tick.every_ms 10 \
    /nodes/list /nodes/list/0 /nodes/list/- /nodes/text /nodes/- [1,{}] {\"a\":1} X-Name text/csv url attempts percent \
    body message facts json:/nodes/text header:link CRUX_OK help \u{e9}\u{301} a,b";

/// The texts, and the bases of clients.
static TEXTS: LazyLock<Vec<CString>> = LazyLock::new(|| {
    let base = BASE.as_str();
    let words = WORDS.split_whitespace().chain([base, "", "two words"]);
    let mut texts: Vec<CString> = words.map(|word| CString::new(word).expect("no NUL")).collect();
    texts.push(CString::new(b"\xff\xc0".as_slice()).expect("no NUL"));
    texts
});

static BASE: LazyLock<String> = LazyLock::new(|| format!("http://127.0.0.1:{}/v1/", service::start()));

fn begin() {
    prepare();
    let listed: Vec<&str> = FUNCTIONS.iter().map(|(name, _)| *name).collect();
    let header = include_str!("../../include/crux.h");
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    for (at, _) in header.match_indices('(') {
        let start = header[..at].rfind(|c| !is_name(c)).map_or(0, |before| before + 1);
        let name = &header[start..at];
        assert!(!name.starts_with("crux_") || listed.contains(&name), "{name} is not among the functions");
    }
    let scratch = env::temp_dir().join(format!("crux-fuzz-{}", std::process::id()));
    fs::create_dir_all(&scratch).and_then(|()| env::set_current_dir(&scratch)).expect("a scratch folder");
    // A service's own base leads to the one on loopback, which tunnels nowhere.
    let proxy = BASE.trim_end_matches("/v1/");
    for name in ["http_proxy", "https_proxy"] {
        // SAFETY: no thread runs yet that looks at the environment.
        unsafe { env::set_var(name, proxy) };
    }
}

/// Objects that work, where all threads find them.
fn furnish(objects: &Objects) {
    let text = |text: &str| CString::new(text).expect("no NUL");
    let set = |more: &[(&str, &str)]| {
        let options = crux_options_new();
        let own = [
            ("service", "custom"),
            ("base_url", &*BASE),
            ("timeout.total_ms", "1000"),
            ("retry.max_wait_ms", "1"),
        ];
        for (key, value) in own.iter().chain(more) {
            // SAFETY: a handle, and texts that end.
            unsafe { crux_options_set(options, text(key).as_ptr(), text(value).as_ptr()) };
        }
        options
    };
    let ready = set(&[("token", "t1")]);
    let late =
        set(&[("user", "ada"), ("secret", "pw"), ("login.path", "login"), ("login.when", "first_use")]);
    // SAFETY: handles, and texts that end.
    unsafe {
        let (one, other) = (crux_login_with(ready), crux_login_with(late));
        let (get, post) = (text("GET"), text("POST"));
        let read = crux_call_new(one, get.as_ptr(), text("json").as_ptr());
        let write = crux_call_new(other, post.as_ptr(), text("job").as_ptr());
        let page = crux_request(one, get.as_ptr(), text("page").as_ptr(), std::ptr::null(), 0);
        let all =
            [ready.cast(), late.cast(), one.cast(), other.cast(), read.cast(), write.cast(), page.cast()];
        for (slot, object) in all.into_iter().enumerate() {
            objects.keep(object, slot as u8);
        }
    }
}

fn run(data: &[u8]) {
    let objects = Objects::default();
    furnish(&objects);
    thread::scope(|scope| {
        for part in data.chunks(data.len().div_ceil(THREADS).max(1)) {
            let objects = &objects;
            scope.spawn(move || {
                let mut source = Source::new(part, &TEXTS, objects);
                for _ in 0..MOST_CALLS {
                    let Some(chosen) = source.function() else { return };
                    FUNCTIONS[chosen % FUNCTIONS.len()].1.call(&mut source);
                }
            });
        }
    });
    drop(objects);
    assert_eq!(crux_shutdown(PATIENCE), 1, "threads of the library are left");
}

fuzz_target!(init: begin(), |data: &[u8]| run(data));
