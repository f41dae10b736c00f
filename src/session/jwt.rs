//! The lifetime of a JWT, read out of it. Nothing is verified: the token is the server's affair.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::json::{Index, Json};
use crate::secret::SecretBytes;

/// Most of a token that is looked at.
const MOST: usize = 64 * 1024;

/// How long a token lives that has just been issued; `None` if it is no JWT or does not say. `now` is the
/// server's clock, in seconds since 1970: it counts only where the token does not say when it was issued, so that
/// a wrong clock of this computer ends no token.
pub fn lifetime(token: &str, now: Option<i64>) -> Option<Duration> {
    between(token, |issued| issued.or(now))
}

/// From a moment of the caller's.
fn lifetime_from(token: &str, now: i64) -> Option<Duration> {
    between(token, |_| Some(now))
}

fn between(token: &str, start: impl Fn(Option<i64>) -> Option<i64>) -> Option<Duration> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    if claims.len() > MOST {
        return None;
    }
    let claims = SecretBytes::new(URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?);
    let index = Index::default();
    let json = Json::new(claims.expose(), &index);
    // With a fraction in some issuers.
    let second = |pointer| json.double(pointer).filter(|n| (0.0..1e12).contains(n)).map(|n| n as i64);
    let issued = start(second("/iat").or(second("/nbf")))?;
    let lifetime = u64::try_from(second("/exp")? - issued).ok().filter(|seconds| *seconds > 0)?;
    Some(Duration::from_secs(lifetime))
}

/// How long a token lives that was issued some time ago; `None` if it does not say, or if the clock says that it
/// is over: the clock may be wrong, so that is left to the server.
pub fn remaining(token: &str, now: Option<i64>) -> Option<Duration> {
    let whole = lifetime(token, now)?;
    let left = lifetime_from(token, now?)?;
    Some(whole.min(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn what_a_token_says_of_its_end() {
        let secs = |n| Some(Duration::from_secs(n));
        for (claims, now, want) in [
            (r#"{"iat":1000,"exp":1300}"#, None, secs(300)),
            // This computer lives in another year.
            (r#"{"iat":1000,"exp":1300}"#, Some(2_000_000_000), secs(300)),
            (r#"{"iat":1000.5,"exp":1300.9}"#, None, secs(300)),
            (r#"{"exp":1300}"#, Some(1200), secs(100)),
            (r#"{"exp":1300}"#, Some(1400), None),
            (r#"{"exp":1300}"#, None, None),
            (r#"{"iat":1000}"#, Some(1200), None),
            (r#"{"iat":1000,"exp":1000}"#, None, None),
            (r#"{"iat":1000,"exp":"soon"}"#, None, None),
            ("no json", Some(1), None),
        ] {
            assert_eq!(lifetime(&token(claims), now), want, "{claims} {now:?}");
        }
        for other in ["", "abc", "a.b", "a.b.c", "a.b.c.d", "..", "e30.%%%.x"] {
            assert_eq!(lifetime(other, Some(0)), None, "{other}");
        }
    }
}
