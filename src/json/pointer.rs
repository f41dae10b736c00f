//! RFC 6901: the tokens of a pointer.

use std::borrow::Cow;

/// How deep a pointer may lead.
pub const MOST_LEVELS: usize = 128;

/// The tokens of a pointer, still escaped; `None` if it is none. The empty pointer has no token.
pub fn tokens(pointer: &str) -> Option<impl Iterator<Item = &str>> {
    let rest = match pointer {
        "" => None,
        _ => Some(pointer.strip_prefix('/')?.split('/')),
    };
    Some(rest.into_iter().flatten())
}

/// A token with `~1` and `~0` undone.
pub fn unescape(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('~') {
        return Some(Cow::Borrowed(token));
    }
    let mut plain = String::with_capacity(token.len());
    let mut chars = token.chars();
    while let Some(c) = chars.next() {
        plain.push(match (c, c == '~') {
            (_, true) => match chars.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            (c, false) => c,
        });
    }
    Some(Cow::Owned(plain))
}

/// Puts a key into a pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A token as an index: digits without leading zeros.
pub fn array_index(token: &str) -> Option<usize> {
    let plain = token == "0" || (!token.starts_with('0') && token.bytes().all(|b| b.is_ascii_digit()));
    if plain { token.parse().ok() } else { None }
}
