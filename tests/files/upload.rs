//! Bodies from files: as they are, as parts of a form, and `crux_upload` of the services.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::ptr::null;
use std::thread;
use std::time::{Duration, Instant};

use sandbox::fault::{FaultServer, Step, header};
use sandbox::{API_KEY, Canned, Recorded, Sandbox};
use support::*;

fn anonymous(base: &str) -> Client {
    Client::with(&[("service", "custom"), ("base_url", base), ("proxy", "direct")])
}

fn crux(sandbox: &Sandbox) -> Client {
    let base = format!("{}/timp/", sandbox.http());
    Client::login("crux-connect", &base, Some("ada@example.com"), Some("correct horse")).expect(CRUX_OK)
}

fn crunch(sandbox: &Sandbox) -> Client {
    Client::login("crunch", &format!("{}/api/", sandbox.http()), None, Some(API_KEY)).expect(CRUX_OK)
}

fn last(sandbox: &Sandbox) -> Recorded {
    sandbox.requests().pop().expect("a request")
}

/// The parts of a form as they are on the wire: heads and contents.
fn parts(sent: &Recorded) -> Vec<(String, Vec<u8>)> {
    let kind = sent.header("content-type").expect("a type");
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").expect(kind);
    let text = String::from_utf8(sent.body.clone()).expect("the tests' parts are text");
    assert_eq!(sent.header("content-length"), Some(text.len().to_string().as_str()));
    let inside = text.strip_prefix(&format!("--{boundary}\r\n")).expect("a first boundary");
    let inside = inside.strip_suffix(&format!("\r\n--{boundary}--\r\n")).expect("a last boundary");
    let split = |part: &str| part.split_once("\r\n\r\n").map(|(head, body)| (head.to_owned(), body.into()));
    inside.split(&format!("\r\n--{boundary}\r\n")).map(|part| split(part).expect("a blank line")).collect()
}

#[test]
fn a_file_as_the_body() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = anonymous(&sandbox.http());
    let content: Vec<u8> = (0..500_000).map(|index| (index % 253) as u8).collect();
    for (content, kind, want) in [
        (&content[..], None, Some("application/octet-stream")),
        (b"a,b\n", Some("text/csv"), Some("text/csv")),
        (b"", Some(""), None),
    ] {
        let file = folder.file("body", content);
        let call = client.call("PUT", "echo/x");
        assert_eq!(call.file(&file, kind), CRUX_OK);
        for _ in 0..2 {
            call.send().expect(CRUX_OK);
            let sent = last(&sandbox);
            assert!(sent.body == content, "{} bytes came", sent.body_length);
            assert_eq!(sent.header("content-type"), want);
            assert_eq!(sent.header("content-length"), Some(content.len().to_string().as_str()));
            assert_eq!(sent.header("transfer-encoding"), None);
        }
    }
}

// Quotes in the names of files.
#[cfg(unix)]
#[test]
fn a_form_with_files_and_texts() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = anonymous(&sandbox.http());
    let call = client.call("POST", "echo/x");
    assert_eq!(call.text_part("name", "Zoë \"quoted\"", None), CRUX_OK);
    assert_eq!(call.text_part("odd \"field\"", "{}", Some("application/json")), CRUX_OK);
    assert_eq!(call.file_part("a", &folder.file("数据 \"1\".csv", b"x,y\n"), None), CRUX_OK);
    assert_eq!(call.file_part("b", &folder.file("plain", b"\0\r\n--"), Some("text/rtf")), CRUX_OK);
    assert_eq!(call.file_part("c", &folder.file("empty.SAV", b""), None), CRUX_OK);
    call.send().expect(CRUX_OK);
    let disposition = "Content-Disposition: form-data; name=";
    let want = [
        (format!("{disposition}\"name\""), "Zoë \"quoted\""),
        (format!("{disposition}\"odd %22field%22\"\r\nContent-Type: application/json"), "{}"),
        (format!("{disposition}\"a\"; filename=\"数据 %221%22.csv\"\r\nContent-Type: text/csv"), "x,y\n"),
        (format!("{disposition}\"b\"; filename=\"plain\"\r\nContent-Type: text/rtf"), "\0\r\n--"),
        (format!("{disposition}\"c\"; filename=\"empty.SAV\"\r\nContent-Type: application/x-spss-sav"), ""),
    ];
    let got = parts(&last(&sandbox));
    assert_eq!(got, want.map(|(head, body)| (head, body.as_bytes().to_vec())));
}

#[test]
fn what_is_no_part_and_no_file_is_refused() {
    let folder = Folder::new();
    let client = anonymous("http://127.0.0.1:9/");
    let call = client.call("POST", "x");
    let file = folder.file("file", b"1");
    let (name, path) = (c("f"), c_path(&file));
    for (field, value, file) in [
        (null(), name.as_ptr(), null()),
        (name.as_ptr(), null(), null()),
        (name.as_ptr(), name.as_ptr(), path.as_ptr()),
    ] {
        assert_eq!(unsafe { crux_call_part(call.0, field, value, file, null()) }, CRUX_ERR_ARGUMENT);
    }
    assert_eq!(call.text_part("f", "v", Some("text/plain\r\nX: y")), CRUX_ERR_ARGUMENT);
    call.send().expect(CRUX_ERR_ARGUMENT);
    let missing = folder.path("missing");
    for bad in [&missing, Path::new("/"), Path::new("")] {
        assert_eq!(call.file(bad, None), CRUX_ERR_FILE, "{}", bad.display());
        assert_eq!(call.file_part("f", bad, None), CRUX_ERR_FILE, "{}", bad.display());
        assert_eq!(call.code(), CRUX_ERR_ARGUMENT, "the first refusal stays");
        let response = client.upload(Some("x"), Some("f"), bad, None).expect(CRUX_ERR_FILE);
        assert_eq!(response.number("maybe_sent"), 0);
    }
    let call = client.call("POST", "x");
    assert!(
        call.file(&missing, None) == CRUX_ERR_FILE && call.message().contains("missing"),
        "{}",
        call.message()
    );
    client.upload(None, Some("f"), &file, None).expect(CRUX_ERR_ARGUMENT);
    client.upload(Some("x"), None, &file, None).expect(CRUX_ERR_ARGUMENT);
}

#[test]
fn a_file_is_taken_as_it_is_when_the_call_is_sent() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = anonymous(&sandbox.http());
    let file = folder.file("body", b"12345");
    let (plain, form) = (client.call("POST", "echo/x"), client.call("POST", "echo/x"));
    assert_eq!(plain.file(&file, None), CRUX_OK);
    assert_eq!(form.file_part("f", &file, None), CRUX_OK);
    for content in ["123", "1234567"] {
        fs::write(&file, content).unwrap();
        plain.send().expect(CRUX_OK);
        assert_eq!(last(&sandbox).body, content.as_bytes());
        form.send().expect(CRUX_OK);
        assert_eq!(parts(&last(&sandbox))[0].1, content.as_bytes());
    }
    fs::remove_file(&file).unwrap();
    let before = sandbox.requests().len();
    for call in [plain, form] {
        let response = call.send().expect(CRUX_ERR_FILE);
        assert!(response.message().contains("body"), "{}", response.message());
    }
    assert_eq!(sandbox.requests().len(), before);
}

/// A server that has taken a first part and waits for `open_gate("on")` to take the rest.
fn half_way() -> FaultServer {
    FaultServer::start(vec![Step::ReadHead, Step::ReadSome(1 << 20), Step::Gate("on"), Step::Stall])
}

#[test]
fn a_file_that_changes_while_it_is_sent() {
    const SIZE: u64 = 48 << 20;
    let folder = Folder::new();
    for new_size in [SIZE / 2, SIZE + 1, 0] {
        for form in [false, true] {
            let server = half_way();
            let file = folder.path("large");
            File::create(&file).unwrap().set_len(SIZE).unwrap();
            let client = anonymous(&server.url());
            let call = client.call("POST", "x");
            let set = if form { call.file_part("f", &file, None) } else { call.file(&file, None) };
            assert_eq!(set, CRUX_OK);
            let response = thread::scope(|scope| {
                let sending = scope.spawn(|| call.send());
                server.wait_until(|seen| seen.received() >= 1 << 20);
                OpenOptions::new().write(true).open(&file).unwrap().set_len(new_size).unwrap();
                server.open_gate("on");
                let since = Instant::now();
                let response = sending.join().unwrap();
                assert!(since.elapsed() < Duration::from_secs(5), "no spinning until a time limit");
                response
            });
            let case = format!("{new_size} form={form}: {}", response.message());
            assert_eq!(response.code(), CRUX_ERR_FILE, "{case}");
            assert!(response.message().contains("changed its size"), "{case}");
            assert_eq!(response.number("maybe_sent"), 1);
            assert_eq!(server.connections(), 1, "it is not sent again");
            // The server never gets what it could take for the whole.
            let head = server.record().heads().remove(0);
            let length: u64 = header(&head, "content-length").unwrap().parse().unwrap();
            let conn = server.conn(0);
            assert!(conn.received < head.len() as u64 + length, "{case}");
        }
    }
}

#[test]
fn the_body_is_rewound_for_a_replay() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = crux(&sandbox);
    let file = folder.file("notes.rtf", &[b'x'; 300_000]);
    sandbox.revoke_tokens();
    sandbox.clear();
    let response = client.upload(None, None, &file, None).expect(CRUX_OK);
    assert_eq!(response.number("attempts"), 2);
    let seen = sandbox.requests();
    let paths: Vec<_> = seen.iter().map(|r| (r.path.rsplit('/').nth(1).unwrap(), r.status)).collect();
    assert_eq!(paths, [("upload", 401), ("user-login", 200), ("upload", 200)]);
    assert_eq!(seen[0].body, seen[2].body);
    assert_eq!(parts(&seen[2])[1].1.len(), 300_000);

    // And for a repeat, where the method allows one.
    let call = client.call("PUT", "/echo/x");
    assert_eq!(call.file(&file, None), CRUX_OK);
    sandbox.respond("PUT", "/echo/x", Canned::status(503).header("retry-after", "0").times(2));
    let response = call.send().expect(CRUX_OK);
    assert_eq!(response.number("attempts"), 3);
    assert_eq!(response.json_int("/body_length"), 300_000);
}

// Quotes in the names of files.
#[cfg(unix)]
#[test]
fn an_upload_to_crux_connect() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = crux(&sandbox);
    let file = folder.file("合同 \"A\".rtf", b"{\\rtf1}");
    let first = client.upload(None, None, &file, None).expect(CRUX_OK);
    let sent = last(&sandbox);
    assert_eq!((sent.method.as_str(), sent.path.as_str()), ("POST", "/timp/organizations/files/upload/"));
    let disposition = "Content-Disposition: form-data; name=";
    assert_eq!(
        parts(&sent),
        [
            (format!("{disposition}\"filename\""), "合同 \"A\".rtf".into()),
            (
                format!("{disposition}\"file\"; filename=\"合同 %22A%22.rtf\"\r\nContent-Type: text/rtf"),
                b"{\\rtf1}".to_vec()
            ),
        ]
    );
    assert_eq!(first.info("result"), first.json("/uuid"));
    let second = client.upload(None, None, &file, None).expect(CRUX_OK);
    assert_ne!(first.info("result").expect("an id"), second.info("result").expect("an id"));
}

#[test]
fn an_upload_to_crunch() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let client = crunch(&sandbox);
    let file = folder.file("données 1.csv", b"a,b\n1,2\n");
    let response = client.upload(None, None, &file, None).expect(CRUX_OK);
    assert_eq!(response.status(), 201);
    let sent = parts(&last(&sandbox));
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0].0.contains("name=\"uploaded_file\"; filename=\"données 1.csv\"\r\nContent-Type: text/csv")
    );
    // What the server made of it.
    let source = client.get(&response.info("result").expect("an address")).expect(CRUX_OK);
    let text = |pointer: &str| source.json(pointer).expect(pointer);
    assert_eq!((text("/body/filename"), text("/body/type")), ("données 1.csv".into(), "csv".into()));
    assert_eq!(source.json_int("/body/size"), 8);

    let typed = client.upload(None, None, &file, Some("application/x-spss-sav")).expect(CRUX_OK);
    let source = client.get(&typed.info("result").unwrap()).expect(CRUX_OK);
    assert_eq!(source.json("/body/type").as_deref(), Some("spss"));
    let refused = client.upload(None, None, &file, Some("text/html")).expect(CRUX_ERR_HTTP);
    assert_eq!(refused.status(), 400);
    let elsewhere = client.upload(Some("/echo/x"), Some("other"), &file, None).expect(CRUX_OK);
    assert!(elsewhere.json("/body").unwrap().contains("name=\"other\""));

    for body in [
        r#"{"element":"shoji:entity","body":{"location":"https://files.test/a.csv","name":"A"}}"#,
        r#"{"location":"s3://bucket/a.csv"}"#,
    ] {
        let made = client.request("POST", "sources/", Some(body)).expect(CRUX_OK);
        assert!(made.info("result").is_some_and(|place| place.contains("/sources/")), "{body}");
    }
    let form = client.call("POST", "sources/");
    assert_eq!(form.text_part("source_url", "https://files.test/a.csv", None), CRUX_OK);
    assert!(form.send().expect(CRUX_OK).info("result").is_some());
}

#[test]
fn a_response_that_comes_early_is_kept() {
    let folder = Folder::new();
    let file = folder.path("large");
    File::create(&file).unwrap().set_len(64 << 20).unwrap();
    let refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 22\r\n\r\n{\"detail\":\"too large\"}";
    let server = FaultServer::start(vec![Step::ReadHead, Step::ReadSome(65_536), Step::send(refusal)]);
    let response = anonymous(&server.url()).upload(Some("x"), Some("f"), &file, None).expect(CRUX_ERR_HTTP);
    assert_eq!((response.status(), response.json("/detail").as_deref()), (413, Some("too large")));
    assert!(response.number("sent") < 64 << 20);
}

/// Takes one request and tells how long its body was.
fn swallow(listener: &TcpListener) -> u64 {
    let (mut stream, _) = listener.accept().unwrap();
    let (mut buffer, mut head, mut total) = (vec![0; 1 << 20], Vec::new(), 0_u64);
    loop {
        let amount = stream.read(&mut buffer).unwrap();
        assert!(amount > 0, "the client left after {total} bytes");
        if head.len() < 4096 {
            head.extend_from_slice(&buffer[..amount.min(4096)]);
        }
        total += amount as u64;
        let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let length = header(&String::from_utf8_lossy(&head[..end + 4]), "content-length").unwrap();
        if total == end as u64 + 4 + length.parse::<u64>().unwrap() {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").unwrap();
            return total - end as u64 - 4;
        }
    }
}

#[test]
fn a_large_file_in_constant_memory() {
    if alone("upload::a_large_file_in_constant_memory", &[]) {
        upload_in_constant_memory(512 << 20);
    }
}

#[test]
#[ignore = "the system needs up to half a minute to make up five gigabytes"]
fn five_gigabytes_in_constant_memory() {
    upload_in_constant_memory(5 << 30);
}

fn upload_in_constant_memory(size: u64) {
    let folder = Folder::new();
    let file = folder.path("large.csv");
    File::create(&file).unwrap().set_len(size).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = anonymous(&format!("http://{}", listener.local_addr().unwrap()));
    let taken = thread::spawn(move || swallow(&listener));
    let call = client.call("POST", "x");
    assert_eq!(call.file_part("f", &file, None), CRUX_OK);
    let sending = call.start();
    until("the first 64 MiB", || sending.number("sent") > 64 << 20);
    let before = memory("VmRSS");
    while sending.wait(100) == 0 {
        let grown = memory("VmRSS").saturating_sub(before);
        assert!(grown < 8 << 20, "{grown} bytes more");
    }
    assert_eq!(sending.code(), CRUX_OK, "{}", sending.message());
    let body = taken.join().unwrap();
    assert!(body > size && body < size + 500, "{body}");
    assert_eq!(sending.number("sent"), body as i64);
    assert_eq!(sending.number("send_total"), body as i64);
}
