//! What the system's verifier of certificates means by its refusals.

use windows_sys::Win32::Foundation::CERT_E_CHAINING;

/// Whether variables such as `SSL_CERT_FILE` name authorities.
pub const BY_VARIABLES: bool = false;

/// Returns true if a chain ends before any authority that the system knows, for which it has a number of its own.
pub fn is_unknown_issuer(refusal: &str) -> bool {
    refusal.contains(&format!("(os error {CERT_E_CHAINING})"))
}

/// The system's words for a refusal that has no name.
pub fn words(refusal: &str) -> Option<&str> {
    refusal.split(" (os error").next().map(|words| words.trim_end_matches('.'))
}
