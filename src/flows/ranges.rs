//! The state machine of a download: what each response to a whole or ranged request means. No sockets, no files.

use crate::transport::head::Head;
use crate::transport::http::framing::Coding;

/// What the request asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The whole file.
    Whole,
    /// The rest after a part, on condition that the file is still the same.
    Rest,
}

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The body is the file from its first byte; a length known of it must come out.
    Fresh,
    /// The body is another file from its first byte; what was known does not hold.
    Changed,
    /// The body is the rest, or a piece of it, and is appended.
    Resume,
    /// The part is complete already.
    Whole,
    /// The server cannot resume this part: the part is dropped, the whole is asked for once.
    Refused,
    /// The range may be at fault or not: the whole is asked for once, and the part stays until it comes.
    Doubtful,
    /// The response is the outcome: an error, or a success without a file. The part stays.
    Over,
    /// A piece was sent though the whole was asked for.
    NotWhole,
}

use Asked::{Rest as AskedRest, Whole as AskedWhole};
use Length::{Differs, Fits, Untold};
use Range::{Absent, All, Done, Following, Other, Unclear, Void};
use Status::{Account, Body, Condition, Nothing, Piece, Server, Unsatisfiable};
use Validator::{Alike, Another, Same, Unnamed};
use Wrap::{Coded, Plain};

/// Statuses that mean the same for a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// 200, 201, 203: the file.
    Body,
    /// 206.
    Piece,
    /// 416.
    Unsatisfiable,
    /// The request as such was not taken, perhaps for its range or its condition: 304, most of 4xx, 501, 505.
    Condition,
    /// A failure that may come of the range or not: 403, 500 and the like, a success without a file.
    Server,
    /// 202: there is no file yet.
    Nothing,
    /// The account, the place or the moment is at fault: 401, 404, 429, 503 and the like, refused redirects.
    Account,
}

/// What Content-Range says, seen from the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Range {
    /// There is none, or it is of another unit.
    Absent,
    /// From the first byte to the last.
    All,
    /// From where the part ends, within the file.
    Following,
    /// `*/total`, and the part is as long.
    Done,
    /// `*/total`, and the part is not.
    Void,
    /// Any other piece, several pieces, or two ranges at once.
    Other,
    /// One that cannot be read: the body may be a piece.
    Unclear,
}

/// The length of the body, against what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Fits,
    /// Known only at the end, where it is checked.
    Untold,
    Differs,
}

/// The validator of the response, against that of the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Validator {
    Same,
    Unnamed,
    /// The weak form of ours: the same file, perhaps in other bytes.
    Alike,
    Another,
}

/// Whether the body has a content coding: its bytes are not those of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrap {
    Plain,
    Coded,
}

const RANGES: &[Range] = &[Absent, All, Following, Done, Void, Other, Unclear];
const LENGTHS: &[Length] = &[Fits, Untold, Differs];
const FITTING: &[Length] = &[Fits, Untold];
const VALIDATORS: &[Validator] = &[Same, Unnamed, Alike, Another];
const OURS: &[Validator] = &[Same, Unnamed];
const NOT_OURS: &[Validator] = &[Alike, Another];
const NOT_ANOTHER: &[Validator] = &[Same, Unnamed, Alike];
const WRAPS: &[Wrap] = &[Plain, Coded];
/// What a body that is called the whole may say of its range.
const NOT_A_PIECE: &[Range] = &[Absent, All, Done, Void];
const A_PIECE: &[Range] = &[Following, Other];
const MAYBE_A_PIECE: &[Range] = &[Following, Other, Unclear];

type Row = (Asked, Status, &'static [Range], &'static [Length], &'static [Validator], &'static [Wrap], Next);

/// One row for each response. No two rows meet, and none is missing: the test walks all of them.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    // asked     status         Content-Range  length      validator   coding     what happens
    (AskedWhole, Body,          NOT_A_PIECE,   FITTING,    VALIDATORS, WRAPS,     Next::Fresh),
    (AskedWhole, Body,          NOT_A_PIECE,   &[Differs], VALIDATORS, WRAPS,     Next::NotWhole),
    (AskedWhole, Body,          &[Unclear],    LENGTHS,    VALIDATORS, WRAPS,     Next::Fresh),
    (AskedWhole, Body,          A_PIECE,       LENGTHS,    VALIDATORS, WRAPS,     Next::NotWhole),
    (AskedWhole, Piece,         RANGES,        LENGTHS,    VALIDATORS, WRAPS,     Next::NotWhole),
    (AskedWhole, Unsatisfiable, RANGES,        LENGTHS,    VALIDATORS, WRAPS,     Next::Over),
    (AskedWhole, Condition,     RANGES,        LENGTHS,    VALIDATORS, WRAPS,     Next::Over),
    (AskedWhole, Server,        RANGES,        LENGTHS,    VALIDATORS, WRAPS,     Next::Over),
    (AskedWhole, Nothing,       RANGES,        LENGTHS,    VALIDATORS, WRAPS,     Next::Over),
    (AskedWhole, Account,       RANGES,        LENGTHS,    VALIDATORS, WRAPS,     Next::Over),

    // The whole in place of the rest: believed if it is the whole.
    (AskedRest,  Body,          MAYBE_A_PIECE, LENGTHS,    VALIDATORS, WRAPS,     Next::Refused),
    (AskedRest,  Body,          NOT_A_PIECE,   LENGTHS,    &[Another], WRAPS,     Next::Changed),
    (AskedRest,  Body,          NOT_A_PIECE,   FITTING,    NOT_ANOTHER, WRAPS,    Next::Fresh),
    (AskedRest,  Body,          NOT_A_PIECE,   &[Differs], NOT_ANOTHER, WRAPS,    Next::Refused),

    // The rest: believed if it follows the part, and is of the same file.
    (AskedRest,  Piece,         &[Following],  FITTING,    OURS,       &[Plain],  Next::Resume),
    (AskedRest,  Piece,         &[Following],  &[Differs], OURS,       &[Plain],  Next::Refused),
    (AskedRest,  Piece,         &[Following],  LENGTHS,    NOT_OURS,   &[Plain],  Next::Refused),
    (AskedRest,  Piece,         &[Following],  LENGTHS,    VALIDATORS, &[Coded],  Next::Refused),
    (AskedRest,  Piece,         &[Absent, All, Done, Void, Other, Unclear],
                                               LENGTHS,    VALIDATORS, WRAPS,     Next::Refused),

    // Nothing follows the part: because it is the whole, or because it is of another file.
    (AskedRest,  Unsatisfiable, &[Done],       LENGTHS,    OURS,       WRAPS,     Next::Whole),
    (AskedRest,  Unsatisfiable, &[Done],       LENGTHS,    NOT_OURS,   WRAPS,     Next::Refused),
    (AskedRest,  Unsatisfiable, &[Absent, All, Following, Void, Other, Unclear],
                                               LENGTHS,    VALIDATORS, WRAPS,     Next::Refused),

    (AskedRest,  Condition,     RANGES,        LENGTHS,    VALIDATORS, WRAPS,     Next::Refused),
    (AskedRest,  Server,        RANGES,        LENGTHS,    VALIDATORS, WRAPS,     Next::Doubtful),
    (AskedRest,  Nothing,       RANGES,        LENGTHS,    VALIDATORS, WRAPS,     Next::Over),
    (AskedRest,  Account,       RANGES,        LENGTHS,    VALIDATORS, WRAPS,     Next::Over),
];

/// What is known of the part that the request is about.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// How many bytes of it there are.
    pub length: u64,
    /// How long the whole is.
    pub total: Option<u64>,
    /// Its strong validator: an entity tag, or a date of last change.
    pub validator: Option<&'a str>,
    /// Whether the caller's own headers make the request conditional.
    pub conditional: bool,
}

/// Judges a response. `body` is the announced length of its body.
pub fn judge(asked: Asked, part: &Part<'_>, status: u16, head: &Head, body: Option<u64>) -> Next {
    let wrap = if Coding::of(head) == Coding::None { Plain } else { Coded };
    let found = ContentRange::of(head);
    let range = range(found, head, part);
    let status = class(status, part.conditional);
    let must = match (status, found) {
        (Piece, Some(found)) => found.length(),
        // An entity that is the whole of its range is as long as that says.
        (_, Some(found)) if range == All => found.total.or(part.total),
        _ => part.total,
    };
    let length = match (body, must) {
        _ if wrap == Coded => Untold,
        (None, _) => Untold,
        (Some(body), Some(must)) if body != must => Differs,
        (Some(_), _) => Fits,
    };
    next(asked, status, range, length, validator(head, part), wrap)
}

fn next(
    asked: Asked,
    status: Status,
    range: Range,
    length: Length,
    validator: Validator,
    wrap: Wrap,
) -> Next {
    let fits = |row: &&Row| {
        (row.0, row.1) == (asked, status)
            && row.2.contains(&range)
            && row.3.contains(&length)
            && row.4.contains(&validator)
            && row.5.contains(&wrap)
    };
    TABLE.iter().find(fits).map_or(Next::Over, |row| row.6)
}

fn class(status: u16, conditional: bool) -> Status {
    match status {
        200 | 201 | 203 => Body,
        206 => Piece,
        416 => Unsatisfiable,
        202 => Nothing,
        // The caller's own condition, not that of the range.
        304 | 412 if conditional => Account,
        304 => Condition,
        401 | 402 | 404 | 407 | 408 | 410 | 423 | 425 | 429 | 451 | 502..=504 => Account,
        403 => Server,
        400..=499 | 501 | 505 => Condition,
        200..=299 | 500.. => Server,
        _ => Account,
    }
}

fn range(found: Option<ContentRange>, head: &Head, part: &Part<'_>) -> Range {
    let several = b"multipart/byteranges";
    let is_several = |kind: &[u8]| kind.get(..several.len()).is_some_and(|s| s.eq_ignore_ascii_case(several));
    let mut values = head.all("content-range");
    let first = values.next();
    if head.all("content-type").any(is_several) || values.any(|other| Some(other) != first) {
        return Other;
    }
    let Some(ContentRange { span, total }) = found else {
        return if first.is_some_and(counts_bytes) { Unclear } else { Absent };
    };
    let agrees = part.total.is_none() || total.is_none() || part.total == total;
    let whole = total.or(part.total);
    match span {
        None if total == Some(part.length) && agrees => Done,
        None => Void,
        Some((0, end)) if total.is_none_or(|total| end.checked_add(1) == Some(total)) => All,
        // Without any total, no piece is known to be the last one.
        Some((start, end)) if start == part.length && agrees && whole.is_some_and(|whole| end < whole) => {
            Following
        }
        Some(_) => Other,
    }
}

/// Whether a range that cannot be read may be one of bytes: it names that unit, or none.
fn counts_bytes(value: &[u8]) -> bool {
    let value = value.trim_ascii_start();
    value.get(..5).is_some_and(|unit| unit.eq_ignore_ascii_case(b"bytes"))
        || value.first().is_some_and(|byte| matches!(byte, b'0'..=b'9' | b'*' | b'-'))
}

fn validator(head: &Head, part: &Part<'_>) -> Validator {
    let Some(ours) = part.validator else { return Unnamed };
    let name = if ours.starts_with('"') { "etag" } else { "last-modified" };
    match head.get(name) {
        None => Unnamed,
        Some(theirs) if theirs == ours.as_bytes() => Same,
        Some(theirs) if theirs.strip_prefix(b"W/") == Some(ours.as_bytes()) => Alike,
        Some(_) => Another,
    }
}

/// `bytes 5-9/10`, `bytes 5-9/*` or `bytes */10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentRange {
    /// First and last byte.
    span: Option<(u64, u64)>,
    pub total: Option<u64>,
}

impl ContentRange {
    pub fn of(head: &Head) -> Option<ContentRange> {
        let text = head.text("content-range")?.trim();
        let unit = text.get(..5).filter(|unit| unit.eq_ignore_ascii_case("bytes"))?;
        // Servers are known that copy the sign of the request.
        let rest = text[unit.len()..].trim_start_matches([' ', '\t', '=']);
        let (range, total) = rest.split_once('/')?;
        let span = match range.split_once('-') {
            Some((start, end)) => {
                let (start, end) = (start.trim().parse().ok()?, end.trim().parse().ok()?);
                Some((start, end)).filter(|(start, end)| start <= end)?.into()
            }
            None if range.trim() == "*" => None,
            None => return None,
        };
        Some(ContentRange { span, total: total.trim().parse().ok() })
    }

    /// The length of the piece.
    pub fn length(&self) -> Option<u64> {
        self.span.and_then(|(start, end)| (end - start).checked_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_range(value: &str) -> Head {
        Head::of(206, [("Content-Range", value)])
    }

    #[test]
    fn every_combination_has_one_row_and_keeps_the_promises() {
        let statuses = [Body, Piece, Unsatisfiable, Condition, Server, Nothing, Account];
        let mut used = vec![false; TABLE.len()];
        for asked in [AskedWhole, AskedRest] {
            for (status, range) in statuses.iter().flat_map(|s| RANGES.iter().map(move |r| (*s, *r))) {
                for (length, validator) in
                    LENGTHS.iter().flat_map(|l| VALIDATORS.iter().map(move |v| (*l, *v)))
                {
                    for wrap in [Plain, Coded] {
                        let case = (asked, status, range, length, validator, wrap);
                        let rows: Vec<_> = (0..TABLE.len())
                            .filter(|row| {
                                let row = &TABLE[*row];
                                (row.0, row.1) == (asked, status)
                                    && row.2.contains(&range)
                                    && row.3.contains(&length)
                                    && row.4.contains(&validator)
                                    && row.5.contains(&wrap)
                            })
                            .collect();
                        assert_eq!(rows.len(), 1, "{case:?}");
                        used[rows[0]] = true;
                        let next = next(asked, status, range, length, validator, wrap);
                        let again = matches!(next, Next::Refused | Next::Doubtful);
                        assert!(!again || asked == AskedRest, "the whole is asked for once: {case:?}");
                        let appends = next == Next::Resume;
                        let may = asked == AskedRest && range == Following && wrap == Plain;
                        let ours = OURS.contains(&validator);
                        assert!(!appends || may && length != Differs && ours, "{case:?}");
                        let replaces = matches!(next, Next::Fresh | Next::Changed);
                        let pieces = if asked == AskedRest { MAYBE_A_PIECE } else { A_PIECE };
                        assert!(!replaces || status == Body && !pieces.contains(&range), "{case:?}");
                        assert!(next != Next::Whole || (status, range) == (Unsatisfiable, Done), "{case:?}");
                    }
                }
            }
        }
        assert!(used.iter().all(|used| *used), "a row is never reached");
    }

    #[test]
    fn content_ranges() {
        let found = |span, total| Some(ContentRange { span, total });
        for (text, want) in [
            ("bytes 5-9/10", found(Some((5, 9)), Some(10))),
            ("Bytes=5-9/10", found(Some((5, 9)), Some(10))),
            (" bytes  5 - 9 / 10 ", found(Some((5, 9)), Some(10))),
            ("bytes 0-9/*", found(Some((0, 9)), None)),
            ("bytes */10", found(None, Some(10))),
            ("bytes */*", found(None, None)),
            ("bytes 9", None),
            ("bytes 9/10", None),
            ("bytes 5-/10", None),
            ("bytes -5/10", None),
            ("bytes 9-5/10", None),
            ("items 0-1/2", None),
            ("bytes x-9/10", None),
            ("", None),
        ] {
            assert_eq!(ContentRange::of(&with_range(text.trim())), want, "{text}");
        }
        let longest = ContentRange { span: Some((0, u64::MAX)), total: None };
        assert_eq!(longest.length(), None);
    }

    #[test]
    fn a_part_that_is_longer_than_its_whole_is_no_whole() {
        let part = Part { length: 12, total: Some(10), validator: Some("\"one\""), conditional: false };
        assert_eq!(judge(AskedRest, &part, 416, &with_range("bytes */12"), Some(0)), Next::Refused);
    }

    #[test]
    fn a_condition_of_the_caller_is_the_caller_s() {
        let mut part = Part { length: 5, total: None, validator: Some("\"one\""), conditional: false };
        for (conditional, want) in [(false, Next::Refused), (true, Next::Over)] {
            part.conditional = conditional;
            for status in [304, 412] {
                assert_eq!(judge(AskedRest, &part, status, &Head::default(), None), want);
            }
        }
    }
}
