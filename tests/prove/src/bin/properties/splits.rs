//! A response that comes in any pieces, held in memory, read as a stream or saved, is the same response: what its bytes
//! say it is.

use std::fs;

use proptest::prelude::*;
use support::{CRUX_OK, Client, Folder, Response};

use crate::Trial;
use crate::scripted::{End, Reply, Servers};

#[derive(Clone, Debug)]
enum Framing {
    Length,
    /// Sizes of the chunks, the last one for all that follow, and whether extensions and trailers come along.
    Chunks(Vec<usize>, bool),
    Close,
}

fn framing() -> impl Strategy<Value = Framing> {
    let sizes = prop::collection::vec(1..3000_usize, 1..6);
    prop_oneof![
        Just(Framing::Length),
        (sizes, any::<bool>()).prop_map(|(sizes, more)| Framing::Chunks(sizes, more)),
        Just(Framing::Close),
    ]
}

/// A response as a server writes it.
fn written(framing: &Framing, hints: usize, line_end: &str, body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 103 Hints{line_end}Link: <x>{line_end}{line_end}").repeat(hints);
    head += &format!(
        "HTTP/1.1 200 OK{line_end}Connection: close{line_end}X-One: a{line_end}x-two:\t\"b\" {line_end}"
    );
    let (field, body) = match framing {
        Framing::Length => (format!("Content-Length: {}{line_end}", body.len()), body.to_vec()),
        Framing::Close => (String::new(), body.to_vec()),
        Framing::Chunks(sizes, more) => {
            let (mut rest, mut coded, mut sizes) = (body, Vec::new(), sizes.iter().cycle());
            while !rest.is_empty() {
                let (chunk, after) = rest.split_at((*sizes.next().expect("a size")).min(rest.len()));
                coded.extend(format!("{:X}{}\r\n", chunk.len(), if *more { ";a=\"b\"" } else { "" }).bytes());
                coded.extend(chunk);
                coded.extend(b"\r\n");
                rest = after;
            }
            coded.extend(if *more { &b"0\r\nX-Late: 1\r\n\r\n"[..] } else { b"0\r\n\r\n" });
            (format!("Transfer-Encoding: chunked{line_end}"), coded)
        }
    };
    let mut whole = (head + &field + line_end).into_bytes();
    whole.extend(body);
    whole
}

fn pieces(bytes: &[u8], cuts: &[prop::sample::Index]) -> Vec<Vec<u8>> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places.windows(2).map(|pair| bytes[pair[0]..pair[1]].to_vec()).collect()
}

pub fn check(trial: &Trial) -> Result<(), String> {
    let servers = Servers::start(1);
    let folder = Folder::new();
    let client = Client::ready(servers.base().trim_end_matches('/'), &[]);
    let inputs = (
        framing(),
        0..3_usize,
        prop::sample::select(&["\r\n", "\n"][..]),
        prop::collection::vec(any::<u8>(), 0..6000),
        prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        1..5000_usize,
    );
    trial.holds(&inputs, |(framing, hints, line_end, body, cuts, size)| {
        let bytes = written(&framing, hints, line_end, &body);
        let whole = Reply::of(bytes.clone());
        let cut = Reply { pieces: pieces(&bytes, &cuts), end: End::Fin };
        servers.play([whole, cut.clone(), cut.clone(), cut], Reply::default());
        let expected = told(&client.get("x"));
        let held = client.get("x");
        assert_eq!(told(&held), expected);
        assert_eq!(held.body(), body, "held in memory");
        let stream = client.call("GET", "x").stream();
        let (read, end) = stream.read_all(size);
        assert_eq!((told(&stream), end), (expected.clone(), 0));
        assert_eq!(read, body, "read as a stream");
        let saved = folder.path("file");
        let download = client.download("x", &saved);
        assert_eq!(told(&download)[..2], expected[..2]);
        assert_eq!(fs::read(&saved).ok(), Some(body), "saved");
    })
}

/// What is known of a response besides its body.
fn told(response: &Response) -> [Option<String>; 6] {
    assert_eq!(response.code(), CRUX_OK, "{}", response.message());
    [
        Some(response.status().to_string()),
        Some(response.number("verified").to_string()),
        response.header("x-one"),
        response.header("X-Two"),
        response.header("link"),
        response.header("content-length"),
    ]
}
