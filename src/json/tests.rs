use super::*;

#[track_caller]
fn on<T>(body: &str, ask: impl Fn(Json<'_>) -> T) -> T {
    let index = Index::default();
    ask(Json::new(body.as_bytes(), &index))
}

#[test]
fn pointers_of_the_rfc() {
    let body =
        r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#;
    for (pointer, want) in [
        ("/foo/0", "bar"),
        ("/", "0"),
        ("/a~1b", "1"),
        ("/c%d", "2"),
        ("/e^f", "3"),
        ("/g|h", "4"),
        ("/i\\j", "5"),
        ("/k\"l", "6"),
        ("/ ", "7"),
        ("/m~0n", "8"),
        ("/foo", r#"["bar","baz"]"#),
    ] {
        assert_eq!(on(body, |j| j.get(pointer).map(Cow::into_owned)).as_deref(), Some(want), "{pointer}");
    }
    for pointer in
        ["/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/+1", "/foo/0/x", "/m~n", "/m~2n", "foo", "/none"]
    {
        assert_eq!(on(body, |j| j.kind(pointer)), Type::None, "{pointer}");
    }
    assert_eq!(on(body, |j| j.count("")), 10);
    assert_eq!(on(body, |j| j.key("", 9).map(Cow::into_owned)).as_deref(), Some("m~n"));
    assert!(on(body, |j| j.key("/foo", 0).is_none()));
}

#[test]
fn what_is_no_json_has_nothing_in_it() {
    for body in [
        "",
        " \n",
        "{}x",
        "[1",
        "{\"a\":1",
        "[1]]",
        "\x0c{}",
        "{}\x0c",
        "{\"a\":01}",
        "\u{feff}",
        "nul",
        "1 2",
    ] {
        assert_eq!(on(body, |j| j.kind("")), Type::None, "{body:?}");
        assert_eq!(on(body, |j| j.kind("/a")), Type::None, "{body:?}");
    }
    for (body, kind) in [("\u{feff} [1] ", Type::Array), ("\t{} \r\n", Type::Object), (" 7 ", Type::Number)] {
        assert_eq!(on(body, |j| j.kind("")), kind, "{body:?}");
        assert_eq!(
            on(body, |j| j.get("").map(Cow::into_owned)).as_deref(),
            Some(body.trim_matches(|c: char| !c.is_ascii_graphic()))
        );
    }
    let index = Index::default();
    assert_eq!(Json::new(b"{\"a\":\"\xff\"}", &index).kind("/a"), Type::None);
    // Half a surrogate pair is no text, but it is JSON.
    assert_eq!(
        on(r#" {"\ud800":1,"a":2} "#, |j| j.get("").map(Cow::into_owned)).as_deref(),
        Some(r#"{"\ud800":1,"a":2}"#)
    );
}

#[test]
fn numbers_keep_their_digits() {
    let body = r#"{"big":123456789012345678901234567890,"edge":9223372036854775807,"f":22.6,"e":1e3,"h":1e999,"s":"42","n":-0}"#;
    assert_eq!(
        on(body, |j| j.get("/big").map(Cow::into_owned)).as_deref(),
        Some("123456789012345678901234567890")
    );
    assert_eq!(on(body, |j| j.int("/edge")), Some(i64::MAX));
    assert_eq!(on(body, |j| j.int("/big")), None);
    assert_eq!(on(body, |j| j.int("/f")), None);
    assert_eq!(on(body, |j| j.double("/f")), Some(22.6));
    assert_eq!(on(body, |j| j.int("/e")), Some(1000));
    assert_eq!(on(body, |j| j.double("/h")), None);
    assert_eq!(on(body, |j| j.get("/h").map(Cow::into_owned)).as_deref(), Some("1e999"));
    assert_eq!(on(body, |j| j.int("/s")), Some(42));
    assert_eq!(on(body, |j| j.int("/n")), Some(0));
}

#[test]
fn strings_are_unescaped_with_nul_and_surrogates() {
    let body = r#"{"nul":"a\u0000b","face":"\ud83d\ude00","plain":"变量","lone":"\ud800"}"#;
    assert_eq!(on(body, |j| j.get("/nul").map(Cow::into_owned)).as_deref(), Some("a\0b"));
    assert_eq!(on(body, |j| j.get("/face").map(Cow::into_owned)).as_deref(), Some("😀"));
    assert_eq!(on(body, |j| j.get("/plain").map(Cow::into_owned)).as_deref(), Some("变量"));
    // It is a string, so it has a text; only what is no character is replaced.
    let lone = on(body, |j| j.get("/lone").map(Cow::into_owned)).unwrap();
    assert!(!lone.is_empty() && lone.chars().all(|c| c == '\u{fffd}'), "{lone:?}");
}

#[test]
fn the_last_duplicate_wins_and_is_told() {
    let body = r#"{"a":1,"b":2,"a":3}"#;
    assert_eq!(on(body, |j| j.int("/a")), Some(3));
    assert!(on(body, |j| j.has_duplicates("")));
    assert!(!on(r#"{"a":1}"#, |j| j.has_duplicates("")));
}

#[test]
fn what_is_no_json_has_no_type() {
    for body in ["", " ", "{", "{\"a\":}", "nul", "[1,]", "1 2", "\"\u{1}\"", "NaN", "'a'"] {
        assert_eq!(on(body, |j| j.kind("")), Type::None, "{body:?}");
    }
    let index = Index::default();
    assert_eq!(Json::new(b"\"\xff\"", &index).kind(""), Type::None);
    assert_eq!(on("\u{feff}[]", |j| j.kind("")), Type::Array);
}

#[test]
fn depth_neither_overflows_nor_is_followed_for_ever() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(on(&deep, |j| j.kind("")), Type::Array);
    assert_eq!(on(&deep, |j| j.kind(&"/0".repeat(127))), Type::Array);
    assert_eq!(on(&deep, |j| j.kind(&"/0".repeat(129))), Type::None);
}

#[test]
fn one_sign_stands_for_half_a_pair() {
    for (body, want) in [
        (r#""a\ud800b""#, "a\u{fffd}b"),
        (r#""\udc00""#, "\u{fffd}"),
        (r#""\ud800\ud800""#, "\u{fffd}\u{fffd}"),
        (r#""\ud800\u0041""#, "\u{fffd}A"),
        (r#""\ud83d\ude00\/\b\f\n\r\t\"\\""#, "😀/\u{8}\u{c}\n\r\t\"\\"),
    ] {
        assert_eq!(on(body, |j| j.get("").map(Cow::into_owned)).as_deref(), Some(want), "{body}");
    }
    assert_eq!(on(r#"{"a\ud800":1}"#, |j| j.int("/a\u{fffd}")), Some(1));
}

#[test]
fn a_name_that_stands_twice_counts_once_in_objects_of_any_size() {
    for count in [2, 10, 24, 25, 1000] {
        let mut members: Vec<String> = (0..count).map(|n| format!("\"key {n}\" : {n} ")).collect();
        members.insert(1, "\"key 1\" : [ -1 ] ".to_owned());
        members.insert(0, "\"\\u006bey 1\":-2".to_owned());
        let body = format!("{{ {} }}", members.join(" , "));
        assert_eq!(on(&body, |j| j.count("")), count);
        assert!(on(&body, |j| j.has_duplicates("")));
        let index = Index::default();
        let json = Json::new(body.as_bytes(), &index);
        for n in 0..count {
            assert_eq!(json.get(&format!("/key {n}")).unwrap(), n.to_string());
            assert_eq!(json.key("", n).unwrap(), format!("key {n}"));
        }
        assert_eq!(json.key("", count), None);
        assert_eq!(json.kind("/key"), Type::None);
    }
}

#[test]
fn every_value_has_its_span() {
    let body =
        " { \"a\" : [ 1 , [ ] , { } , \"x\\\"]\" , -2.5e3 , true , null ] , \"b\" : { \"c\" : [ [ 7 ] ] } } ";
    let index = Index::default();
    let json = Json::new(body.as_bytes(), &index);
    for (pointer, want) in [
        ("/a/0", "1"),
        ("/a/1", "[ ]"),
        ("/a/2", "{ }"),
        ("/a/3", "x\"]"),
        ("/a/4", "-2.5e3"),
        ("/a/5", "true"),
        ("/a/6", "null"),
        ("/b", "{ \"c\" : [ [ 7 ] ] }"),
        ("/b/c/0", "[ 7 ]"),
        ("/b/c/0/0", "7"),
    ] {
        assert_eq!(json.get(pointer).as_deref(), Some(want), "{pointer}");
        let address = json.c_text(pointer).unwrap();
        assert_eq!(json.c_text(pointer), Some(address), "{pointer}");
    }
    assert_eq!(json.c_key("/b", 0), json.c_key("/b", 0));
}

impl Json<'_> {
    fn walk_from(&self, pointer: &str, visit: impl FnMut(Step<'_>) -> i32) -> Option<i32> {
        self.place(pointer).map(|place| self.walk(place, visit))
    }
}

#[test]
fn a_walk_sees_all_in_order() {
    let body = r#" {"a":[1,{"b\u0000":"x\ud800\u0000y"},[]],"a":{},"":null} "#;
    let steps = |pointer: &str, most: usize| {
        let seen = std::cell::RefCell::new(Vec::new());
        let stopped = on(body, |j| {
            j.walk_from(pointer, |step| {
                let text = |bytes: Option<&[u8]>| bytes.map(|b| String::from_utf8(b.to_vec()).unwrap());
                seen.borrow_mut().push((step.depth, step.kind, text(step.key), text(step.text)));
                i32::from(seen.borrow().len() >= most) * 7
            })
        });
        (stopped, seen.into_inner())
    };
    let some = |text: &str| Some(text.to_owned());
    let all = vec![
        (0, Type::Object, None, None),
        (1, Type::Array, some("a"), None),
        (2, Type::Number, None, some("1")),
        (2, Type::Object, None, None),
        (3, Type::String, some("b\0"), some("x\u{fffd}\0y")),
        (2, Type::Array, None, None),
        (1, Type::Object, some("a"), None),
        (1, Type::Null, some(""), some("null")),
    ];
    assert_eq!(steps("", 99), (Some(0), all.clone()));
    assert_eq!(steps("", 3), (Some(7), all[..3].to_vec()));
    assert_eq!(steps("/none", 3).0, None);
    assert_eq!(steps("/", 3), (Some(0), vec![(0, Type::Null, None, some("null"))]));
    assert_eq!(on("7", |j| j.walk_from("", |_| 0)), Some(0));
    assert_eq!(on("x", |j| j.walk_from("", |_| 0)), None);
}

#[test]
fn keys_of_large_objects_with_backslashes() {
    // Decoded once: C:\dir7\ ends in a backslash, and x7\u0041 is not x7A.
    let folders: Vec<String> = (0..100).map(|n| format!(r#""C:\\dir{n}\\":{n}"#)).collect();
    let folders = format!("{{{}}}", folders.join(","));
    assert_eq!(on(&folders, |j| j.count("")), 100);
    let alike = (0..200).flat_map(|n| [format!(r#""x{n}A":{n}"#), format!(r#""x{n}\\u0041":{n}"#)]);
    let alike = format!("{{{}}}", alike.collect::<Vec<_>>().join(","));
    assert_eq!(on(&alike, |j| j.count("")), 400);
    for n in 0..100 {
        assert_eq!(on(&folders, |j| j.int(&format!("/C:\\dir{n}\\"))), Some(n));
        assert_eq!(on(&alike, |j| j.int(&format!("/x{n}\\u0041"))), Some(n));
    }
}

#[test]
fn a_child_does_not_wait_for_a_thread_of_its_parent() {
    let index = Index { process: crate::sys::fork::generation() + 1, ..Index::default() };
    let body = br#"{"a":[1,2,3]}"#;
    let _held_for_ever = index.state.lock();
    assert_eq!(Json::new(body, &index).count("/a"), 3);
    assert_eq!(Json::new(body, &index).int("/a/2"), Some(3));
}

/// Elements as short as can be, of which there are many.
#[test]
fn the_index_of_a_list_of_numbers_is_twice_its_text_at_most() {
    let body = format!("[{}7]", "1,".repeat(1_000_000));
    let index = Index::default();
    let json = Json::new(body.as_bytes(), &index);
    assert_eq!((json.count(""), json.int("/1000000"), json.int("/999999")), (1_000_001, Some(7), Some(1)));
    assert_eq!(json.int("/1000001"), None);
    let size = index.state().size();
    assert!(size <= 2 * body.len() + 1000, "{size} of {}", body.len());
    // Texts are kept beside it, each once.
    let text = json.c_text("/5");
    assert!(text.is_some() && text == json.c_text("/5"));
    assert_eq!(json.int("/5"), Some(1));
    // Containers inside a list, and lists inside those.
    let nested = br#"[[1,[2,3]],{"a":[4]},[]]"#;
    let index = Index::default();
    let json = Json::new(nested, &index);
    assert_eq!(
        (json.int("/0/1/1"), json.int("/1/a/0"), json.count("/2"), json.int("/0/0")),
        (Some(3), Some(4), 0, Some(1))
    );
    assert_eq!(json.get("/0/1").as_deref(), Some("[2,3]"));
}
