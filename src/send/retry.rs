//! Whether, and when, a request is sent again. No sockets, no clock.

use std::time::{Duration, SystemTime};

use http::Method;

/// First upper bound of a wait; doubles with each repeat.
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

/// Methods that may be repeated whatever became of the first time.
pub fn is_idempotent(method: &Method) -> bool {
    ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"].contains(&method.as_str())
}

/// Retry-After: seconds, or one of the three HTTP dates. Anything else is as if it were absent.
pub fn parse_retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are a long time, not a mistake.
        return Some(Duration::from_secs(text.parse::<u64>().unwrap_or(u64::MAX).min(u32::MAX.into())));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// How long to wait before repeat number `repeat` (from 0): what the server asks for, else full
/// jitter; `chance` is from 0 to 1.
pub fn wait(repeat: u32, asked: Option<Duration>, longest: Duration, chance: f64) -> Duration {
    let own = FIRST.saturating_mul(1 << repeat.min(10)).min(LONGEST).mul_f64(chance.clamp(0.0, 1.0));
    asked.unwrap_or(own).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_strict() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let seconds = |n| Some(Duration::from_secs(n));
        for (text, want) in [
            ("0", seconds(0)),
            ("120", seconds(120)),
            (" 7 ", seconds(7)),
            ("1000000000", seconds(1_000_000_000)),
            ("99999999999999999999999", seconds(u32::MAX.into())),
            ("Sun, 06 Nov 1994 08:49:47 GMT", seconds(10)),
            ("Sunday, 06-Nov-94 08:49:47 GMT", seconds(10)),
            ("Sun Nov  6 08:49:47 1994", seconds(10)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", seconds(0)),
            ("-5", None),
            ("120junk", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(parse_retry_after(text, now), want, "{text:?}");
        }
    }

    #[test]
    fn waits_grow_and_are_clamped() {
        let ms = |repeat| wait(repeat, None, Duration::MAX, 1.0).as_millis();
        assert_eq!([ms(0), ms(1), ms(2), ms(9), ms(99)], [200, 400, 800, 5000, 5000]);
        assert_eq!(wait(3, None, Duration::MAX, 0.0), Duration::ZERO);
        let cap = Duration::from_secs(120);
        assert_eq!(wait(0, Some(Duration::from_secs(1_000_000_000)), cap, 1.0).as_secs(), 120);
        assert_eq!(wait(0, Some(Duration::from_secs(1)), cap, 0.0).as_secs(), 1);
    }
}
