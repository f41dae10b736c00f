//! What the system's verifier of certificates means by its refusals: here rustls has a name for each.

/// Whether variables such as `SSL_CERT_FILE` name authorities.
pub const BY_VARIABLES: bool = true;

/// Returns true if a chain ends before any authority that the system knows, in words of the system's own.
pub fn is_unknown_issuer(_refusal: &str) -> bool {
    false
}

/// The system's words for a refusal that has no name.
pub fn words(_refusal: &str) -> Option<String> {
    None
}
