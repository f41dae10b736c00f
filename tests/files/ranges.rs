//! Every response that a server can give to a ranged request, and what a resumed download makes of it.

use flate2::Compression;
use flate2::write::GzEncoder;
use sandbox::fault::{FaultServer, Step, header};
use std::io::Write;
use support::files::*;
use support::*;

const TAG: &str = "ETag: \"one\"";
/// The first five of ten bytes are there: what is asked for, and how a request for the whole is shown.
const REST: Option<&str> = Some("bytes=5-");
const ALL: Option<&str> = None;

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn bytes(status: &str, headers: &str, body: &[u8]) -> Vec<Step> {
    let mut steps = reply(status, headers, "");
    steps.insert(2, Step::Send(body.to_vec()));
    steps
}

/// The whole file, as a request without Range gets it.
fn whole() -> Vec<Step> {
    reply("200 OK", "Content-Length: 3\r\nETag: \"two\"", "NEW")
}

struct Outcome {
    response: Response,
    asked: Vec<Option<String>>,
    names: Vec<String>,
    file: String,
}

/// Downloads twice: the first try is cut after five bytes, the second one gets these responses.
fn resume(first: Vec<Step>, later: &[Vec<Step>]) -> Outcome {
    let scripts = [&[first], later].concat();
    let (server, folder) = (FaultServer::scripts(None, scripts), Folder::new());
    let target = folder.file("target", b"old");
    let client = anonymous(&server.url());
    client.download("x", &target).expect(CRUX_ERR_IO);
    let response = client.download("x", &target);
    let asked = server.record().heads()[1..].iter().map(|head| header(head, "range")).collect();
    Outcome { response, asked, names: folder.names(), file: read(&target) }
}

/// What it is, status, headers, body; the requests that follow; what the file holds in the end.
type Row =
    (&'static str, &'static str, &'static str, &'static str, &'static [Option<&'static str>], &'static str);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // 206: the rest is taken if it is the rest of this file, and nothing else is.
    ("the rest", "206 P", "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nETag: \"one\"", "56789", &[REST], "0123456789"),
    ("the rest, another case and =", "206 P", "Content-Length: 5\r\nContent-Range: Bytes=5-9/10", "56789", &[REST], "0123456789"),
    ("the rest until the end", "206 P", "Content-Range: bytes 5-9/10", "56789", &[REST], "0123456789"),
    ("the rest, identity", "206 P", "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nContent-Encoding: identity", "56789", &[REST], "0123456789"),
    ("the rest, no coding", "206 P", "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nContent-Encoding: aws-chunked", "56789", &[REST], "0123456789"),
    ("a coded piece", "206 P", "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nContent-Encoding: gzip", "56789", &[REST, ALL], "NEW"),
    ("a piece in br", "206 P", "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nContent-Encoding: br", "56789", &[REST, ALL], "NEW"),
    ("a piece that is longer than its range", "206 P", "Content-Length: 6\r\nContent-Range: bytes 5-9/10", "56789X", &[REST, ALL], "NEW"),
    ("a piece that is shorter than its range", "206 P", "Content-Length: 4\r\nContent-Range: bytes 5-9/10", "5678", &[REST, ALL], "NEW"),
    ("a chunked piece longer than its range", "206 P", "Transfer-Encoding: chunked\r\nContent-Range: bytes 5-9/10", "6\r\n56789X\r\n0\r\n\r\n", &[REST, ALL], "NEW"),
    ("a chunked piece shorter than its range", "206 P", "Transfer-Encoding: chunked\r\nContent-Range: bytes 5-9/10", "4\r\n5678\r\n0\r\n\r\n", &[REST, ALL], "NEW"),
    ("a range beyond the total", "206 P", "Content-Length: 6\r\nContent-Range: bytes 5-10/10", "56789X", &[REST, ALL], "NEW"),
    ("a range that ends before it starts", "206 P", "Content-Length: 5\r\nContent-Range: bytes 5-4/10", "56789", &[REST, ALL], "NEW"),
    ("the whole as a piece", "206 P", "Content-Length: 10\r\nContent-Range: bytes 0-9/10", "0123456789", &[REST, ALL], "NEW"),
    ("several pieces", "206 P", "Content-Length: 5\r\nContent-Type: multipart/byteranges; boundary=b", "--b--", &[REST, ALL], "NEW"),
    ("several pieces with a range", "206 P", "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nContent-Type: Multipart/ByteRanges; boundary=b", "--b--", &[REST, ALL], "NEW"),
    ("two ranges", "206 P", "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nContent-Range: bytes 0-4/10", "56789", &[REST, ALL], "NEW"),
    ("another unit", "206 P", "Content-Length: 5\r\nContent-Range: items 5-9/10", "56789", &[REST, ALL], "NEW"),
    ("an empty piece", "206 P", "Content-Length: 0\r\nContent-Range: bytes 5-9/10", "", &[REST, ALL], "NEW"),
    // 200: believed if it is the whole.
    ("the tail called the whole", "200 OK", "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nETag: \"one\"", "56789", &[REST, ALL], "NEW"),
    ("the tail of another file", "200 OK", "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nETag: \"two\"", "56789", &[REST, ALL], "NEW"),
    ("the tail of another length", "200 OK", "Content-Length: 3\r\nContent-Range: bytes 7-9/10", "789", &[REST, ALL], "NEW"),
    ("the tail until the end", "200 OK", "Content-Range: bytes 5-9/10\r\nETag: \"one\"", "56789", &[REST, ALL], "NEW"),
    ("the head called the whole", "200 OK", "Content-Length: 5\r\nContent-Range: bytes 0-4/10", "01234", &[REST, ALL], "NEW"),
    ("our file, another length", "200 OK", "Content-Length: 5\r\nETag: \"one\"", "56789", &[REST, ALL], "NEW"),
    ("our file, another length, chunked", "200 OK", "Transfer-Encoding: chunked\r\nETag: \"one\"", "5\r\n56789\r\n0\r\n\r\n", &[REST, ALL], "NEW"),
    ("our file, another length, until the end", "200 OK", "ETag: \"one\"", "56789", &[REST, ALL], "NEW"),
    ("no tag, another length", "200 OK", "Content-Length: 5", "56789", &[REST, ALL], "NEW"),
    ("no tag, another length, chunked", "200 OK", "Transfer-Encoding: chunked", "5\r\n56789\r\n0\r\n\r\n", &[REST, ALL], "NEW"),
    ("the whole", "200 OK", "Content-Length: 10\r\nETag: \"one\"", "0123456789", &[REST], "0123456789"),
    ("the whole with its range", "200 OK", "Content-Length: 10\r\nContent-Range: bytes 0-9/10", "0123456789", &[REST], "0123456789"),
    ("the whole without a tag", "200 OK", "Content-Length: 10", "0123456789", &[REST], "0123456789"),
    ("the whole until the end", "200 OK", "", "0123456789", &[REST], "0123456789"),
    ("the whole, an odd range", "200 OK", "Content-Length: 10\r\nContent-Range: items 5-9/10", "0123456789", &[REST], "0123456789"),
    ("another file", "200 OK", "Content-Length: 4\r\nETag: \"two\"", "ELSE", &[REST], "ELSE"),
    ("another file with a weak tag", "203 N", "Content-Length: 4\r\nETag: W/\"two\"", "ELSE", &[REST], "ELSE"),
    ("our file by a weak tag", "200 OK", "Content-Length: 10\r\nETag: W/\"one\"", "0123456789", &[REST], "0123456789"),
    ("our file by a weak tag, another length", "200 OK", "Content-Length: 5\r\nETag: W/\"one\"", "56789", &[REST, ALL], "NEW"),
    ("our file by a weak tag, another length, chunked", "200 OK", "Transfer-Encoding: chunked\r\nETag: W/\"one\"", "5\r\n56789\r\n0\r\n\r\n", &[REST, ALL], "NEW"),
    ("the tail, its range without a unit", "200 OK", "Content-Length: 5\r\nContent-Range: 5-9/10\r\nETag: \"two\"", "56789", &[REST, ALL], "NEW"),
    ("the tail, its range without a total", "200 OK", "Content-Length: 5\r\nContent-Range: bytes 5-9\r\nETag: \"two\"", "56789", &[REST, ALL], "NEW"),
    ("the tail, half a range", "200 OK", "Content-Length: 5\r\nContent-Range: bytes 5-/10\r\nETag: \"two\"", "56789", &[REST, ALL], "NEW"),
    ("the rest by a weak tag", "206 P", "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nETag: W/\"one\"", "56789", &[REST, ALL], "NEW"),
    ("another file, chunked", "201 C", "Transfer-Encoding: chunked\r\nETag: \"two\"", "4\r\nELSE\r\n0\r\n\r\n", &[REST], "ELSE"),
    // 416.
    ("416 without a range", "416 R", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("416 and less is there", "416 R", "Content-Length: 0\r\nContent-Range: bytes */4", "", &[REST, ALL], "NEW"),
    ("416 and our total is denied", "416 R", "Content-Length: 0\r\nContent-Range: bytes */5", "", &[REST, ALL], "NEW"),
    ("416 and a range", "416 R", "Content-Length: 0\r\nContent-Range: bytes 5-9/10", "", &[REST, ALL], "NEW"),
    ("416 and another unit", "416 R", "Content-Length: 2\r\nContent-Range: items */10", "{}", &[REST, ALL], "NEW"),
    // What a server says that cannot do ranges, or does not take the condition.
    ("304", "304 Not Modified", "ETag: \"one\"", "", &[REST, ALL], "NEW"),
    ("400", "400 Bad Request", "Content-Length: 2", "{}", &[REST, ALL], "NEW"),
    ("405", "405 M", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("406", "406 N", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("409", "409 C", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("412", "412 P", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("417", "417 E", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("422", "422 U", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("431", "431 H", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("501", "501 Not Implemented", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("505", "505 V", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    // What may come of the range or not: asked once without.
    ("403", "403 F", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("500", "500 I", "Content-Length: 0", "", &[REST, ALL], "NEW"),
    ("204", "204 No Content", "", "", &[REST, ALL], "NEW"),
    ("207", "207 Multi-Status", "Content-Length: 2", "{}", &[REST, ALL], "NEW"),
];

#[test]
fn every_response_to_a_ranged_request() {
    let mut wrong = Vec::new();
    for (what, status, headers, body, asks, file) in TABLE {
        let got = resume(first_half(TAG), &[reply(status, headers, body), whole()]);
        let asked: Vec<_> = got.asked.iter().map(Option::as_deref).collect();
        let seen = (got.response.code(), &asked[..], got.file.as_str(), got.names.len());
        if seen != (CRUX_OK, asks, file, 1) {
            wrong.push(format!("{what}: {seen:?}: {}", got.response.message()));
        }
        // Each of them is one attempt.
        assert_eq!(got.response.number("attempts"), asked.len() as i64, "{what}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Statuses that say nothing of the range: one request, and the part waits for a better day.
#[test]
fn what_is_not_the_range_s_fault_keeps_the_part() {
    for (status, code) in [
        ("202 Accepted", CRUX_ERR_PROTOCOL),
        ("401 Unauthorized", CRUX_ERR_AUTH),
        ("404 Not Found", CRUX_ERR_HTTP),
        ("410 Gone", CRUX_ERR_HTTP),
        ("423 Locked", CRUX_ERR_HTTP),
        ("429 Too Many Requests", CRUX_ERR_HTTP),
        ("502 Bad Gateway", CRUX_ERR_HTTP),
        ("503 Service Unavailable", CRUX_ERR_HTTP),
        ("504 Gateway Timeout", CRUX_ERR_HTTP),
    ] {
        let got = resume(first_half(TAG), &[reply(status, "Content-Length: 0", "")]);
        assert_eq!((got.response.code(), got.asked.len()), (code, 1), "{status}: {}", got.response.message());
        assert_eq!(got.names, ["target", "target.part", "target.part.tag"], "{status}");
        assert_eq!(got.file, "old");
    }
}

/// Servers that say the same for ever, whatever is asked: a few requests, then an error.
#[test]
fn every_server_comes_to_an_end() {
    let tail = "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nETag: \"one\"";
    let coded = "Content-Length: 5\r\nContent-Range: bytes 5-9/10\r\nContent-Encoding: gzip";
    for (status, headers, body, code, kept) in [
        ("200 OK", tail, "56789", CRUX_ERR_PROTOCOL, false),
        ("206 Partial Content", coded, "56789", CRUX_ERR_PROTOCOL, false),
        ("206 Partial Content", "Content-Length: 5", "56789", CRUX_ERR_PROTOCOL, false),
        ("304 Not Modified", "", "", CRUX_ERR_PROTOCOL, false),
        ("400 Bad Request", "Content-Length: 0", "", CRUX_ERR_HTTP, false),
        ("416 Range Not Satisfiable", "Content-Length: 0", "", CRUX_ERR_HTTP, false),
        ("501 Not Implemented", "Content-Length: 0", "", CRUX_ERR_HTTP, false),
        ("500 Internal Server Error", "Content-Length: 0", "", CRUX_ERR_HTTP, true),
        ("403 Forbidden", "Content-Length: 0", "", CRUX_ERR_HTTP, true),
        ("204 No Content", "", "", CRUX_ERR_PROTOCOL, true),
    ] {
        let got = resume(first_half(TAG), &[reply(status, headers, body)]);
        let asked: Vec<_> = got.asked.iter().map(Option::as_deref).collect();
        assert_eq!(
            (got.response.code(), asked),
            (code, vec![REST, ALL]),
            "{status}: {}",
            got.response.message()
        );
        assert_eq!(got.names.len(), if kept { 3 } else { 1 }, "{status} {:?}", got.names);
        assert_eq!(got.file, "old");
    }
}

/// A fresh request is not believed blindly either.
#[test]
fn a_fresh_response_that_is_not_the_whole() {
    for headers in [
        "Content-Length: 5\r\nContent-Range: bytes 5-9/10",
        "Content-Length: 5\r\nContent-Range: bytes 0-4/10",
        "Content-Length: 9\r\nContent-Range: bytes 0-9/10",
    ] {
        let server = FaultServer::start(reply("200 OK", headers, "012345678"));
        let folder = Folder::new();
        let target = folder.file("target", b"old");
        let response = anonymous(&server.url()).download("x", &target);
        assert_eq!(response.code(), CRUX_ERR_PROTOCOL, "{headers}: {}", response.message());
        assert_eq!((server.requests(), folder.names()), (1, vec!["target".to_owned()]));
    }
}

/// A date of last change is as good as a tag if it is strong, and there is no tag.
#[test]
fn dates_as_validators() {
    let strong = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nDate: Sun, 06 Nov 1994 09:49:37 GMT";
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    for (first, resumed) in [
        (strong.to_owned(), true),
        (format!("{strong}\r\nETag: W/\"one\""), false),
        (format!("{strong}\r\nETag: one"), false),
        (format!("Last-Modified: {date}"), false),
        (format!("Last-Modified: {date}\r\nDate: {date}"), false),
        (format!("Last-Modified: {date}\r\nDate: Sun, 06 Nov 1994 08:49:40 GMT"), false),
        (format!("Last-Modified: {date}\r\nDate: soon"), false),
        (format!("Last-Modified: soon\r\nDate: {date}"), false),
    ] {
        let scripts = vec![first_half(&first), whole()];
        let (server, folder) = (FaultServer::scripts(None, scripts), Folder::new());
        let (target, client) = (folder.path("target"), anonymous(&server.url()));
        client.download("x", &target).expect(CRUX_ERR_IO);
        client.download("x", &target);
        let head = server.record().heads().remove(1);
        let want = resumed.then(|| date.to_owned());
        assert_eq!((header(&head, "if-range"), header(&head, "range").is_some()), (want, resumed), "{first}");
    }
    for (later, file, asks) in [
        (format!("Content-Range: bytes 5-9/10\r\nLast-Modified: {date}"), "0123456789", 1),
        ("Content-Range: bytes 5-9/10".to_owned(), "0123456789", 1),
        ("Content-Range: bytes 5-9/10\r\nLast-Modified: Mon, 07 Nov 1994 08:49:37 GMT".to_owned(), "NEW", 2),
    ] {
        let piece = reply("206 P", &format!("Content-Length: 5\r\n{later}"), "56789");
        let got = resume(first_half(strong), &[piece, whole()]);
        assert_eq!((got.file.as_str(), got.asked.len()), (file, asks), "{later}");
    }
}

/// What is coded although it was asked for as it is stored is decoded, and never resumed.
#[test]
fn a_coded_download_is_decoded() {
    let want = pattern(300_000);
    let coded = gzip(&want);
    let length = format!("{TAG}\r\nContent-Encoding: gzip\r\nContent-Length: {}", coded.len());
    for head in [length.as_str(), "Content-Encoding: gzip, identity"] {
        let server = FaultServer::start(bytes("200 OK", head, &coded));
        let folder = Folder::new();
        let target = folder.path("target.csv");
        let response = anonymous(&server.url()).download("x", &target).expect(CRUX_OK);
        assert!(std::fs::read(&target).unwrap() == want, "{head}");
        assert_eq!(response.number("received"), coded.len() as i64, "as for every coded body");
        assert_eq!(response.number("percent"), if head == length { 100 } else { -1 });
    }
    let server = FaultServer::start(bytes("200 OK", &length, &coded[..coded.len() / 2]));
    let folder = Folder::new();
    let target = folder.file("target", b"old");
    anonymous(&server.url()).download("x", &target).expect(CRUX_ERR_IO);
    assert_eq!(folder.names(), ["target"], "its part is of no use");
    // In place of the rest, too.
    for (tag, plain, file, asks) in [
        (TAG, "0123456789", "0123456789", 1),
        ("ETag: W/\"one\"", "0123456789", "0123456789", 1),
        ("ETag: \"two\"", "decoded", "decoded", 1),
        // The rest is not the whole because it is coded.
        (TAG, "56789", "NEW", 2),
        ("ETag: W/\"one\"", "56789", "NEW", 2),
        ("X: y", "56789", "NEW", 2),
    ] {
        let small = gzip(plain.as_bytes());
        let head = format!("{tag}\r\nContent-Encoding: gzip\r\nContent-Length: {}", small.len());
        let got = resume(first_half(TAG), &[bytes("200 OK", &head, &small), whole()]);
        assert_eq!((got.file.as_str(), got.asked.len()), (file, asks), "{tag}: {}", got.response.message());
    }
    let got =
        resume(first_half(TAG), &[reply("200 OK", "Content-Encoding: br\r\nContent-Length: 5", "hello")]);
    assert_eq!((got.response.code(), got.file.as_str()), (CRUX_ERR_PROTOCOL, "old"));
    assert!(got.response.message().contains("br"), "{}", got.response.message());
}

#[test]
fn progress_of_a_download_never_falls() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nETag: \"one\"\r\nConnection: close\r\n\r\n012";
    let steps = vec![Step::ReadRequest, Step::send(head), Step::Gate("go"), Step::send("34567"), Step::Fin];
    let (server, folder) = (FaultServer::start(steps), Folder::new());
    let client = anonymous(&server.url());
    let call = client.call("GET", "x");
    assert_eq!(call.set("save", folder.path("target").to_str().unwrap()), CRUX_OK);
    let response = call.start();
    until("three bytes", || response.number("received") == 3);
    assert_eq!((response.number("receive_total"), response.number("percent")), (8, 37));
    server.open_gate("go");
    assert_eq!(response.wait(5_000), 1);
    assert_eq!((response.expect(CRUX_OK).number("percent"), client.number("percent")), (100, -1));

    // A second piece comes to nothing, and the file is asked for anew.
    let later = [
        reply("206 P", "Content-Length: 2\r\nContent-Range: bytes 5-6/10", "56"),
        reply("206 P", "Content-Length: 2\r\nContent-Range: bytes 1-2/10", "12"),
        whole(),
    ];
    let got = resume(first_half(TAG), &later);
    assert_eq!((got.response.code(), got.file.as_str(), got.asked.len()), (CRUX_OK, "NEW", 3));
    assert_eq!((got.response.number("received"), got.response.number("receive_total")), (7, 10));
}

/// Offsets are not cut at four gigabytes. The part is a file of holes.
#[test]
fn the_rest_of_a_file_of_five_gigabytes() {
    const SIZE: u64 = 5 << 30;
    let have = SIZE - 5;
    let head = format!("Content-Length: 5\r\nContent-Range: bytes {have}-{}/{SIZE}\r\n{TAG}", SIZE - 1);
    let server = FaultServer::start(reply("206 Partial Content", &head, "56789"));
    let folder = Folder::new();
    let (target, part) = (folder.path("target"), folder.path("target.part"));
    std::fs::File::create(&part).unwrap().set_len(have).unwrap();
    let tag = format!(r#"{{"place":"{}","etag":"\"one\"","total":{SIZE}}}"#, server.url() + "/x");
    folder.file("target.part.tag", tag.replace("//x", "/x").as_bytes());
    let response = anonymous(&server.url()).download("x", &target).expect(CRUX_OK);
    assert_eq!(header(&server.record().heads()[0], "range"), Some(format!("bytes={have}-")));
    assert_eq!(std::fs::metadata(&target).unwrap().len(), SIZE);
    assert_eq!(
        ["received", "receive_total", "percent"].map(|fact| response.number(fact)),
        [SIZE as i64, SIZE as i64, 100]
    );
}
