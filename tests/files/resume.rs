//! A download that goes on from what an earlier one has left, where that is safe.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::thread;

use ring::digest::{SHA256, digest};
use sandbox::Sandbox;
use sandbox::fault::{FaultServer, Step, header};
use support::files::*;
use support::*;

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02X}")).collect()
}

#[test]
fn what_came_is_kept_only_if_it_can_be_gone_on_with() {
    let strong = "ETag: \"one\"";
    for (headers, options, kept) in [
        (strong, &[][..], true),
        (strong, &[("resume", "0")], false),
        ("ETag: W/\"one\"", &[], false),
        ("ETag: one", &[], false),
        ("Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT", &[], false),
        (strong, &[("sha256", "00"), ("resume", "0")], false),
    ] {
        let (server, folder) = (FaultServer::start(first_half(headers)), Folder::new());
        let target = folder.file("target", b"old");
        let sum = "0".repeat(64);
        let options: Vec<_> =
            options.iter().map(|(k, v)| (*k, if *k == "sha256" { &sum } else { *v })).collect();
        let cut = save(&anonymous(&server.url()), "x", &target, &options).expect(CRUX_ERR_IO);
        let (message, part) = (cut.message(), folder.path("target.part"));
        assert!(message.contains("5 of 10 bytes came."), "{message}");
        let advice =
            format!("The first 5 bytes are kept in {}; the same call resumes there.", part.display());
        assert_eq!(message.ends_with(&advice), kept, "{message}");
        let want: &[&str] = if kept { &["target", "target.part", "target.part.tag"] } else { &["target"] };
        assert_eq!(folder.names(), want, "{headers} {options:?}");
        assert_eq!(read(&target), "old");
    }
}

/// What it is, the later answers, the Range that each request then asks for, what the file holds in the end.
type Case<'a> = (&'a str, Vec<Vec<Step>>, &'a [Option<&'a str>], &'a str);

/// How a second try goes on from the first five of ten bytes.
#[test]
fn going_on() {
    let piece = |range: &str, more: &str, body: &str| {
        let head = format!("Content-Length: {}\r\nContent-Range: bytes {range}{more}", body.len());
        reply("206 Partial Content", &head, body)
    };
    let tag = "\r\nETag: \"one\"";
    let again = || reply("200 OK", "Content-Length: 3\r\nETag: \"two\"", "NEW");
    let no_range = |total: &str| {
        reply("416 Range Not Satisfiable", &format!("Content-Length: 0\r\nContent-Range: bytes {total}"), "")
    };
    let (rest, none) = (Some("bytes=5-"), None);
    let cases: &[Case] = &[
        ("the rest", vec![piece("5-9/10", tag, "56789")], &[rest], "0123456789"),
        ("the rest without a tag", vec![piece("5-9/10", "", "56789")], &[rest], "0123456789"),
        ("a total that is not told", vec![piece("5-9/*", tag, "56789")], &[rest], "0123456789"),
        (
            "the rest in two pieces",
            vec![piece("5-6/10", tag, "56"), piece("7-9/10", tag, "789")],
            &[rest, Some("bytes=7-")],
            "0123456789",
        ),
        ("another start", vec![piece("4-9/10", tag, "456789"), again()], &[rest, none], "NEW"),
        ("another total", vec![piece("5-9/11", tag, "56789"), again()], &[rest, none], "NEW"),
        ("another tag", vec![piece("5-9/10", "\r\nETag: \"two\"", "56789"), again()], &[rest, none], "NEW"),
        ("a weak tag", vec![piece("5-9/10", "\r\nETag: W/\"one\"", "56789"), again()], &[rest, none], "NEW"),
        (
            "no range told",
            vec![reply("206 Partial Content", "Content-Length: 5", "56789"), again()],
            &[rest, none],
            "NEW",
        ),
        ("Range is ignored", vec![again()], &[rest], "NEW"),
        ("416, and something else is there", vec![no_range("*/7"), again()], &[rest, none], "NEW"),
        ("416, and nothing is told", vec![no_range("*/*"), again()], &[rest, none], "NEW"),
    ];
    for (what, replies, asks, want) in cases {
        let mut scripts = vec![first_half(&tag[2..])];
        scripts.extend(replies.clone());
        let (server, folder) = (FaultServer::scripts(None, scripts), Folder::new());
        let target = folder.file("target", b"old");
        let client = anonymous(&server.url());
        // The signature in a query is another one each time.
        client.download("x?sig=1", &target).expect(CRUX_ERR_IO);
        let response = client.download("x?sig=2", &target);
        assert_eq!(response.code(), CRUX_OK, "{what}: {}", response.message());
        assert_eq!((read(&target).as_str(), folder.names()), (*want, vec!["target".to_owned()]), "{what}");
        assert_eq!(response.number("received"), want.len() as i64, "{what}");
        let heads = server.record().heads();
        let asked: Vec<_> = heads[1..].iter().map(|head| header(head, "range")).collect();
        assert_eq!(asked, asks.iter().map(|ask| ask.map(str::to_owned)).collect::<Vec<_>>(), "{what}");
        for (head, ask) in heads[1..].iter().zip(*asks) {
            assert_eq!(header(head, "if-range"), ask.map(|_| "\"one\"".to_owned()), "{what}");
        }
    }
}

#[test]
fn a_part_that_was_complete_already() {
    // All ten bytes come, and then the end of the body does not.
    let cut = || reply("200 OK", "ETag: \"one\"\r\nTransfer-Encoding: chunked", "a\r\n0123456789\r\n");
    let no_range = |more: &str| {
        reply(
            "416 Range Not Satisfiable",
            &format!("Content-Length: 0\r\nContent-Range: bytes */10{more}"),
            "",
        )
    };
    let again = || reply("200 OK", "Content-Length: 3", "NEW");
    for (responses, want) in [
        (vec![cut(), no_range("")], "0123456789"),
        (vec![cut(), no_range("\r\nETag: \"one\"")], "0123456789"),
        (vec![cut(), no_range("\r\nETag: \"two\""), again()], "NEW"),
        // Without any total nobody knows whether a piece is the last one.
        (
            vec![
                cut(),
                reply("206 Partial Content", "Content-Length: 1\r\nContent-Range: bytes 10-10/*", "X"),
                again(),
            ],
            "NEW",
        ),
    ] {
        let (server, folder) = (FaultServer::scripts(None, responses), Folder::new());
        let target = folder.path("target");
        let client = anonymous(&server.url());
        client.download("x", &target).expect(CRUX_ERR_IO);
        assert_eq!(fs::read(folder.path("target.part")).unwrap(), b"0123456789");
        let options = [("sha256", sha256(want.as_bytes()))];
        save(&client, "x", &target, &options.each_ref().map(|(k, v)| (*k, v.as_str()))).expect(CRUX_OK);
        assert_eq!((read(&target).as_str(), folder.names()), (want, vec!["target".to_owned()]));
    }
}

#[test]
fn a_part_of_something_else_is_not_gone_on_with() {
    let fresh = || reply("200 OK", "Content-Length: 3", "NEW");
    for (path, options, spoil) in [("y", &[][..], false), ("x", &[("resume", "0")], false), ("x", &[], true)]
    {
        let scripts = vec![first_half("ETag: \"one\""), fresh()];
        let (server, folder) = (FaultServer::scripts(None, scripts), Folder::new());
        let (target, client) = (folder.path("target"), anonymous(&server.url()));
        client.download("x", &target).expect(CRUX_ERR_IO);
        if spoil {
            folder.file("target.part.tag", b"{\"place\":");
        }
        save(&client, path, &target, options).expect(CRUX_OK);
        assert_eq!((read(&target).as_str(), folder.names()), ("NEW", vec!["target".to_owned()]));
        assert_eq!(header(&server.record().heads()[1], "range"), None);
    }
}

#[test]
fn the_sum_is_that_of_the_whole() {
    for resumed in [false, true] {
        for right in [true, false] {
            let piece = "Content-Length: 5\r\nContent-Range: bytes 5-9/10";
            let scripts = match resumed {
                true => vec![first_half("ETag: \"one\""), reply("206 Partial Content", piece, "56789")],
                false => vec![reply("200 OK", "Content-Length: 10\r\nETag: \"one\"", "0123456789")],
            };
            let (server, folder) = (FaultServer::scripts(None, scripts), Folder::new());
            let (target, client) = (folder.file("target", b"old"), anonymous(&server.url()));
            if resumed {
                client.download("x", &target).expect(CRUX_ERR_IO);
            }
            let sum = sha256(if right { b"0123456789" } else { b"other" });
            let response = save(&client, "x", &target, &[("sha256", &sum)]);
            assert_eq!(response.code(), if right { CRUX_OK } else { CRUX_ERR_PROTOCOL });
            assert!(right || response.message().contains("SHA-256"), "{}", response.message());
            assert_eq!(read(&target), if right { "0123456789" } else { "old" });
            assert_eq!(folder.names(), ["target"], "what is wrong is not gone on with");
        }
    }
}

#[test]
fn a_changed_file_starts_again() {
    let (sandbox, folder) = (Sandbox::start(), Folder::new());
    let target = folder.path("export.csv");
    let base = format!("{}/timp/", sandbox.http());
    let client = Client::login("crux-connect", &base, Some("ada@example.com"), Some("correct horse"));
    sandbox.export_polls(0);
    sandbox.export_bytes(Some(40_000_000));
    let asked = client.request("POST", "orders/export/", Some(r#"{"uuids":[]}"#)).expect(CRUX_OK);
    let url = client.wait_for_job(&asked, 5_000).expect(CRUX_OK).info("location").expect("a place");
    thread::scope(|scope| {
        let loading = scope.spawn(|| client.download(&url, &target));
        let part = folder.path("export.csv.part");
        until("a first part", || fs::metadata(&part).is_ok_and(|part| part.len() > 0));
        client.cancel();
        loading.join().unwrap().expect(CRUX_ERR_CANCELLED);
    });
    sandbox.change_files();
    let response = client.download(&url, &target).expect(CRUX_OK);
    assert_eq!((response.status(), response.number("received")), (200, 40_000_000));
    let other = fs::read(&target).unwrap();
    assert!(
        other.len() == 40_000_000 && other[..1000] != pattern(1000),
        "the new bytes from the first one on"
    );
    assert_eq!(folder.names(), ["export.csv"]);
}

#[test]
fn a_part_of_another_file_is_not_gone_on_with() {
    // Two files below one path, which a query tells apart; their validators are numbers of revisions.
    let (first, other) = ("x?id=1&x-amz-signature=a", "x?id=2&x-amz-signature=a");
    let again = || reply("200 OK", "Content-Length: 3\r\nETag: \"one\"", "NEW");
    let rest = || reply("206 Partial Content", "Content-Range: bytes 5-9/10\r\nContent-Length: 5", "56789");
    for (second, range, script, want) in
        [(other, None, again(), "NEW"), ("x?x-amz-signature=b&id=1", Some("bytes=5-"), rest(), "0123456789")]
    {
        let (server, folder) =
            (FaultServer::scripts(None, vec![first_half("ETag: \"one\""), script]), Folder::new());
        let target = folder.path("target");
        let client = anonymous(&server.url());
        client.download(first, &target).expect(CRUX_ERR_IO);
        let tag = read(&folder.path("target.part.tag"));
        assert!(!tag.contains("id="), "a key may stand in a query: {tag}");
        client.download(second, &target).expect(CRUX_OK);
        assert_eq!(header(&server.record().heads()[1], "range").as_deref(), range, "{second}");
        assert_eq!(read(&target), want);
    }
}

// Modes of files.
#[cfg(unix)]
#[test]
fn a_part_of_a_file_that_is_read_only_can_be_gone_on_with() {
    let rest = reply("206 Partial Content", "Content-Range: bytes 5-9/10\r\nContent-Length: 5", "56789");
    let scripts = vec![first_half("ETag: \"one\""), rest];
    let (server, folder) = (FaultServer::scripts(None, scripts), Folder::new());
    let target = folder.file("target", b"old");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o444)).unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let client = anonymous(&server.url());
    client.download("x", &target).expect(CRUX_ERR_IO);
    assert_eq!(mode(folder.path("target.part")), 0o644);
    client.download("x", &target).expect(CRUX_OK);
    assert_eq!((mode(target.clone()), read(&target).as_str()), (0o444, "0123456789"));
}

#[test]
fn a_tag_that_cannot_be_written_stops_nothing() {
    let whole = reply("200 OK", "ETag: \"one\"\r\nContent-Length: 3", "NEW");
    let (server, folder) = (FaultServer::start(whole), Folder::new());
    fs::create_dir(folder.path("target.part.tag")).unwrap();
    anonymous(&server.url()).download("x", &folder.path("target")).expect(CRUX_OK);
    assert_eq!(read(&folder.path("target")), "NEW");
}
