//! What the system's verifier of certificates means by its refusals.

use windows_sys::Win32::Foundation::{CERT_E_CHAINING, CERT_E_REVOCATION_FAILURE};

/// Whether variables such as `SSL_CERT_FILE` name authorities.
pub const BY_VARIABLES: bool = false;

/// How a chain is refused that ends before any authority that the system knows. Revocation that cannot be checked is
/// allowed; where it is reported all the same, there is no issuer to ask.
const ENDS_EARLY: [i32; 2] = [CERT_E_CHAINING, CERT_E_REVOCATION_FAILURE];

/// Returns true if a chain ends before any authority that the system knows.
pub fn is_unknown_issuer(refusal: &str) -> bool {
    ENDS_EARLY.into_iter().any(|code| number(refusal) == Some(code))
}

/// The system's words for a refusal that has no name; its number where it has no words either.
pub fn words(refusal: &str) -> Option<String> {
    let words = refusal.split(" (os error").next().unwrap_or_default().trim_end_matches('.');
    Some(match number(refusal) {
        Some(code) if words.starts_with(NO_WORDS) => format!("error 0x{code:08X}"),
        _ => words.to_owned(),
    })
}

/// How std begins its text of an error for which the system has none.
const NO_WORDS: &str = "OS Error ";

/// The number in a text of std's: `Words. (os error -1)`, or `OS Error -1 (...)`.
fn number(refusal: &str) -> Option<i32> {
    let rest = refusal.rsplit_once("(os error ").map(|(_, rest)| rest);
    let rest = rest.or_else(|| refusal.strip_prefix(NO_WORDS))?;
    let end = rest.find(|c: char| c != '-' && !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_a_name_or_words_or_a_number() {
        for code in ENDS_EARLY {
            assert!(is_unknown_issuer(&std::io::Error::from_raw_os_error(code).to_string()));
        }
        let words_of = |refusal: &str| words(refusal).unwrap();
        assert_eq!(words_of("No good. (os error -2146762494)"), "No good");
        let without = "OS Error -2146869244 (FormatMessageW() returned error 317) (os error -2146869244)";
        assert_eq!(words_of(without), "error 0x80096004");
        assert!(!is_unknown_issuer(without));
    }
}
