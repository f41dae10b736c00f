//! The head of a response: complete with its empty line and not before, the same whatever follows, no line end or NUL
//! in a field; and how its body ends is known or refused.
#![no_main]

use crux::transport::foreign::guess;
use crux::transport::head::{Head, visible};
use crux::transport::http::framing::{self, Coding, Framing};
use fuzz::{is_sentence, prepare};
use libfuzzer_sys::fuzz_target;

fn run(data: &[u8]) {
    guess(data);
    let Ok(Some(head)) = Head::parse(data) else { return };
    let length = head.length();
    assert!(length <= data.len() && (100..=999).contains(&head.status));
    for end in [length - 1, length / 2, length.saturating_sub(3)] {
        assert!(matches!(Head::parse(&data[..end]), Ok(None)), "complete after {end} of {length} bytes");
    }
    let alone = Head::parse(&data[..length]).ok().flatten().expect("the same without what follows");
    assert!(alone.fields().eq(head.fields()) && alone.status == head.status);
    for (name, value) in head.fields() {
        assert!(
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':'),
            "{name:?}"
        );
        assert!(!value.iter().any(|byte| b"\r\n\0".contains(byte)), "{name}: {value:?}");
        assert!(head.all(&name.to_ascii_uppercase()).any(|other| other == value));
        assert!(visible(value).is_none_or(|text| text.as_bytes() == value));
    }
    assert!(!head.reason().contains(&b'\n'));
    judged(&head);
}

fn judged(head: &Head) {
    let lengths = head.all("content-length").count();
    let codings = head.all("transfer-encoding").count();
    match framing::of(head, false) {
        Ok(Framing::Length(length)) => {
            assert!(length > 0 && lengths > 0 && codings == 0);
            assert!(
                head.all("content-length").all(|text| String::from_utf8_lossy(text).parse() == Ok(length))
            );
        }
        Ok(Framing::Chunked) => assert!(codings == 1 && lengths == 0 && !head.is_http10),
        Ok(Framing::UntilClose) => assert!(codings == 0 && lengths == 0),
        Ok(Framing::Empty) => {}
        Err(error) => is_sentence(&error),
    }
    match framing::of(head, true) {
        Ok(framing) => assert_eq!(framing, Framing::Empty),
        Err(_) => assert_eq!(head.status, 101),
    }
    assert!(!head.is_http10 || !framing::keeps_open(head));
    assert!(head.get("content-encoding").is_some() || Coding::of(head) == Coding::None);
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
