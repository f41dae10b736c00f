//! Secrets in wrong places, and values that are not usable.

use std::ptr::null;

use crate::{PASSWORD, Sink};
use support::*;

pub fn run(sink: &mut Sink) {
    sink.begin("misuse");
    values(sink);
    let me =
        sink.client(&[("service", "crunch"), ("base_url", "https://x.invalid/"), ("token", "canary.token")]);
    calls(sink, &me.expect(CRUX_OK));
    handles(sink);
}

/// Every option with a value that it cannot take, or that is a secret in the wrong place.
fn values(sink: &mut Sink) {
    let options = Options::new();
    let mut refused = 0;
    for index in 0.. {
        let mut key = null();
        if unsafe { crux_option_at(index, &raw mut key, std::ptr::null_mut(), std::ptr::null_mut()) } == 0 {
            break;
        }
        let key = text(key).unwrap();
        for value in
            ["canary", "https://u:canary@host/", "{\"canary\":", "canary\u{1}\r\n", "https://canary\\x/"]
        {
            if options.set(&key, Some(value)) != CRUX_OK {
                refused += 1;
            }
            sink.see(&key, options.message());
            // What was taken may still turn out to be of no use.
            if !["ca_file", "cert_file", "key_file", "token_file", "user"].iter().any(|k| key.ends_with(k)) {
                let mut pairs = vec![("service", "crunch"), ("base_url", "https://x.invalid/")];
                pairs.push((&*key, value));
                sink.client(&pairs);
            }
        }
        options.set(&key, None);
    }
    assert!(refused > 50, "{refused}");
    sink.client(&[("service", "custom"), ("secret", PASSWORD)]).expect(CRUX_ERR_ARGUMENT);
    sink.client(&[("service", "crunch"), ("user", "u")]).expect(CRUX_ERR_ARGUMENT);
    sink.client(&[("base_url", "http://far.invalid/"), ("user", "u"), ("secret", PASSWORD)])
        .expect(CRUX_ERR_ARGUMENT);
    let broken = b"canary\xff\0";
    let refused =
        Client(unsafe { crux_login(null(), null(), broken.as_ptr().cast(), broken.as_ptr().cast()) });
    sink.see("bytes that are no text", refused.expect(CRUX_ERR_ARGUMENT).message());
}

fn calls(sink: &mut Sink, me: &Client) {
    for path in [
        "https://u:canary@x.invalid/",
        "//canary@x.invalid/",
        "canary\r\n",
        "\\canary",
        "ftp://canary/",
        "https://canary:99999/",
        "https://[canary/",
    ] {
        let call = me.call("GET", path);
        sink.see(path, call.message());
        sink.response(&call.send().expect(CRUX_ERR_ARGUMENT));
        sink.response(&me.get(path).expect(CRUX_ERR_ARGUMENT));
    }
    let call = me.call("GET", "x/");
    for (name, value) in [
        ("Authorization", "Bearer canary"),
        ("Proxy-Authorization", "canary"),
        ("X-Api-Key", "canary\r\nX: 1"),
        ("X Api Key", "canary"),
    ] {
        assert_eq!(call.header(name, value), CRUX_ERR_ARGUMENT);
        sink.see(name, call.message());
    }
    assert_eq!(call.body(b"canary", Some("canary\r\n")), CRUX_ERR_ARGUMENT);
    sink.see("body", call.message());
    assert_eq!(call.query("q", &"canary".repeat(20_000)), CRUX_ERR_ARGUMENT);
    sink.see("query", call.message());
    for (key, value) in [("secret", "canary"), ("timeout.total_ms", "canary"), ("sha256", "canary")] {
        assert_eq!(call.set(key, value), CRUX_ERR_ARGUMENT);
        sink.see(key, call.message());
    }
}

fn handles(sink: &mut Sink) {
    let secret = c("canary in a buffer of the caller's");
    let pointer = secret.as_ptr();
    sink.see("foreign", text(unsafe { crux_message(pointer.cast()) }).unwrap());
    let response =
        Response(unsafe { crux_request(pointer.cast(), c("GET").as_ptr(), c("x").as_ptr(), null(), 0) });
    sink.response(&response.expect(CRUX_ERR_ARGUMENT));
    assert_eq!(unsafe { crux_set_token(pointer.cast(), pointer) }, CRUX_ERR_ARGUMENT);
    unsafe { crux_free(pointer.cast_mut().cast()) };
}
