//! Names and their addresses: why there are none, what is tried again, scopes, and look-ups that hang.

use std::io::{Read, Write};
use std::net::{Ipv6Addr, SocketAddrV6, TcpListener};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use sandbox::fault::{FOREVER, FaultServer, Step};
use support::{
    CRUX_ERR_ARGUMENT, CRUX_ERR_RESOLVE, CRUX_ERR_TIMEOUT, CRUX_OK, Client, Options, alone,
    program::{self, Build},
    skipped,
};

/// Builds the resolver that answers as it is told.
fn resolver(test: &str) -> PathBuf {
    let library = program::scratch(test).join("libnames.so");
    let build = Build::c("gnu99").unlinked().flags(&["-shared", "-fPIC"]).libraries(&["-ldl"]);
    build.build(&library, &[program::project("tests/wire/names.c")])
}

fn in_process_with_resolver(test: &str, more: &[(&str, &str)]) -> bool {
    let library = match std::env::var_os("LD_PRELOAD") {
        None => resolver(test),
        Some(library) => library.into(),
    };
    let mut variables = vec![("LD_PRELOAD", library.to_str().expect("a path in UTF-8"))];
    variables.extend(more);
    alone(&format!("names::{test}"), &variables)
}

#[test]
fn why_there_is_no_address() {
    if !in_process_with_resolver("why_there_is_no_address", &[]) {
        return;
    }
    let mut told = Vec::new();
    for (name, words, attempts) in [
        ("again.test", "temporary failure in name resolution", 3),
        ("fail.test", "non-recoverable failure in name resolution", 3),
        ("system.test", "too many open files", 3),
        ("unknown.test", "is not known", 1),
        ("nodata.test", "is not known", 1),
    ] {
        let quick = [("retry.max", "2"), ("retry.max_wait_ms", "5")];
        let response = Client::ready(&format!("https://{name}"), &quick).get("x").expect(CRUX_ERR_RESOLVE);
        let message = response.message();
        assert!(message.contains(words) && message.contains(name), "{message}");
        assert_eq!(response.number("attempts"), attempts, "{message}");
        let retryable = i64::from(attempts > 1);
        assert_eq!((response.number("retryable"), response.number("maybe_sent")), (retryable, 0), "{name}");
        told.push(message.replace(name, ""));
    }
    told.dedup();
    assert_eq!(told.len(), 4, "{told:#?}");
}

#[test]
fn a_passing_failure_passes() {
    let ok = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let server = FaultServer::start(vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, ok])]);
    if in_process_with_resolver("a_passing_failure_passes", &[("PORT", &server.port().to_string())]) {
        let url = format!("http://later.test:{}", std::env::var("PORT").unwrap());
        let more = [("allow_http", "1"), ("retry.max", "3"), ("retry.max_wait_ms", "5")];
        let client = Client::ready(&url, &more);
        // Nothing has left this computer, so a write may try again as well.
        let response = client.request("POST", "x", Some("{}")).expect(CRUX_OK);
        assert_eq!(response.number("attempts"), 3);
    }
}

/// The first address that answers is taken, whatever else the name stands for.
#[test]
fn a_name_with_several_addresses() {
    let server = FaultServer::start(vec![Step::ReadHead, Step::send("HTTP/1.1 204 No Content\r\n\r\n")]);
    let test = "a_name_with_several_addresses";
    if in_process_with_resolver(test, &[("PORT", &server.port().to_string())]) {
        // ::1, where nothing listens, and then 127.0.0.1.
        let url = format!("http://several.test:{}", std::env::var("PORT").unwrap());
        let response = Client::ready(&url, &[("allow_http", "1")]).get("x").expect(CRUX_OK);
        assert_eq!(response.number("attempts"), 1);
    }
}

#[test]
fn what_hangs_holds_up_others_only_so_far() {
    let ok = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let server = FaultServer::start(vec![Step::Repeat(FOREVER, vec![Step::ReadRequest, ok])]);
    let test = "what_hangs_holds_up_others_only_so_far";
    if in_process_with_resolver(test, &[("PORT", &server.port().to_string())]) {
        let url = format!("http://base.test:{}", std::env::var("PORT").unwrap());
        let client = Client::ready(&url, &[("allow_http", "1"), ("timeout.resolve_ms", "50")]);
        for number in 0..8 {
            client.get(&format!("http://hang{number}.test/")).expect(CRUX_ERR_TIMEOUT);
        }
        let ninth = client.get("http://hang8.test/").expect(CRUX_ERR_RESOLVE);
        assert!(ninth.message().contains("too many look-ups hang"), "{}", ninth.message());
        let started = Instant::now();
        client.get("x").expect(CRUX_OK);
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}

/// A link-local address of this computer, with the name of its interface.
fn link_local() -> Option<(Ipv6Addr, u32, String)> {
    let table = std::fs::read_to_string("/proc/net/if_inet6").ok()?;
    let line = table.lines().find(|line| line.starts_with("fe80"))?;
    let words: Vec<_> = line.split_whitespace().collect();
    let address = u128::from_str_radix(words.first()?, 16).ok()?;
    Some((address.into(), u32::from_str_radix(words.get(1)?, 16).ok()?, (*words.last()?).to_owned()))
}

fn serve_one_after_another(listener: TcpListener) {
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = vec![0; 4096];
            let size = stream.read(&mut head).unwrap_or(0);
            let host = String::from_utf8_lossy(&head[..size]).to_lowercase();
            let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("").to_owned();
            let reply = format!(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{host}",
                host.len()
            );
            let _ = stream.write_all(reply.as_bytes());
        }
    });
}

#[test]
fn addresses_with_a_zone() {
    let open = [("allow_http", "1")];
    let listener = TcpListener::bind("[::1]:0").expect("IPv6 on loopback");
    let port = listener.local_addr().unwrap().port();
    serve_one_after_another(listener);
    for base in [format!("http://[::1%25lo]:{port}"), format!("http://[::1%lo]:{port}")] {
        let client = Client::ready(&base, &open);
        for path in ["x", &format!("{base}/y"), &format!("http://[::1]:{port}/z")] {
            // The zone means something on this computer alone (RFC 6874).
            assert_eq!(client.get(path).expect(CRUX_OK).body(), format!("[::1]:{port}").as_bytes());
        }
    }
    // Further origins have zones of their own.
    let elsewhere = FaultServer::start(vec![Step::ReadRequest]);
    let origins = format!("http://[::1%25lo]:{port}");
    let client = Client::ready(&elsewhere.url(), &[("origins", &origins)]);
    for url in [format!("{origins}/x"), format!("http://[::1]:{port}/y")] {
        let response = client.get(&url).expect(CRUX_OK);
        assert_eq!(response.body(), format!("[::1]:{port}").as_bytes());
        assert!(response.info("token_source").is_some(), "the token goes there");
    }
    let named = [("origins", "http://[fe80::1%25no-such]:9"), ("allow_http", "1")];
    let response =
        Client::ready(&elsewhere.url(), &named).get("http://[fe80::1]:9/").expect(CRUX_ERR_RESOLVE);
    assert!(response.message().contains("interface no-such"), "{}", response.message());

    let response = Client::ready("http://[fe80::1%25no-such]:9", &open).get("x").expect(CRUX_ERR_RESOLVE);
    assert!(response.message().contains("interface no-such"), "{}", response.message());
    let bare = Client::ready("http://[fe80::1]:9", &open).get("x");
    assert!(bare.message().contains("[fe80::1%25eth0]"), "{}", bare.message());
    for wrong in ["http://[fe80::1%25]:x/", "http://[fe80::1%]/", "http://[::1%25a b]/"] {
        assert_eq!(Options::new().set("base_url", Some(wrong)), CRUX_ERR_ARGUMENT, "{wrong}");
    }

    let Some((ip, scope, name)) = link_local() else {
        skipped("an IPv6 address with a zone", "this computer has no link-local one");
        return;
    };
    let listener = TcpListener::bind(SocketAddrV6::new(ip, 0, 0, scope)).expect("a port there");
    let port = listener.local_addr().unwrap().port();
    serve_one_after_another(listener);
    for zone in [&name, &scope.to_string()] {
        let client = Client::ready(&format!("http://[{ip}%25{zone}]:{port}"), &open);
        client.get("x").expect(CRUX_OK);
        client.get("x").expect(CRUX_OK);
    }
}

/// A name whose address means another host on each interface.
#[test]
fn a_name_with_a_scope() {
    let Some((ip, scope, name)) = link_local() else {
        skipped("an IPv6 address with a zone", "this computer has no link-local one");
        return;
    };
    let listener = TcpListener::bind(SocketAddrV6::new(ip, 0, 0, scope)).expect("a port there");
    let port = listener.local_addr().unwrap().port().to_string();
    serve_one_after_another(listener);
    let scoped = format!("{ip}%{name}");
    if in_process_with_resolver("a_name_with_a_scope", &[("SCOPED", &scoped), ("PORT", &port)]) {
        let url = format!("http://scoped.test:{}", std::env::var("PORT").unwrap());
        Client::ready(&url, &[("allow_http", "1")]).get("x").expect(CRUX_OK);
    }
}
