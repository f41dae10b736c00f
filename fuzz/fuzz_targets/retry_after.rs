//! Retry-After as seconds or as a date, and the ends of tokens: never negative, never above a cap, digits as they
//! stand.
#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use crux::send::retry::{parse_retry_after, wait};
use crux::session::jwt;
use fuzz::prepare;
use libfuzzer_sys::fuzz_target;

/// Some day in 2026.
const NOW: u64 = 1_795_000_000;
/// The last second of the year 9999, beyond which no date of HTTP goes.
const LAST: u64 = 253_402_300_799;

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let now = UNIX_EPOCH + Duration::from_secs(NOW);
    let asked = parse_retry_after(&text, now);
    let plain = text.trim();
    if let Some(asked) = asked {
        let digits = plain.bytes().all(|byte| byte.is_ascii_digit());
        let most = if digits { u32::MAX.into() } else { LAST - NOW };
        assert!(asked.as_secs() <= most, "{text:?} asks for {asked:?}");
        // Whoever reads it later is asked to wait as much less.
        let later = parse_retry_after(&text, now + Duration::from_secs(60)).expect("it still asks");
        assert_eq!(later, if digits { asked } else { asked.saturating_sub(Duration::from_secs(60)) });
    }
    if let Ok(seconds) = plain.parse::<u32>()
        && !plain.starts_with('+')
    {
        assert_eq!(asked, Some(Duration::from_secs(seconds.into())));
    }
    for longest in [Duration::ZERO, Duration::from_millis(1), Duration::from_secs(120)] {
        for repeat in [0, 1, 20, u32::MAX] {
            assert!(wait(repeat, asked, longest, 1.0) <= longest);
        }
    }
    for clock in [None, Some(0), Some(NOW as i64), Some(i64::MAX)] {
        let whole = jwt::lifetime(&text, clock);
        assert!(whole.is_none_or(|life| life > Duration::ZERO && life.as_secs() < 1_000_000_000_000));
        assert!(jwt::remaining(&text, clock) <= whole);
    }
}

fuzz_target!(init: prepare(), |data: &[u8]| run(data));
