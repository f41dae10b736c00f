//! Canaries: secrets that are told from everything else, wherever they turn up.

/// What every secret of a test holds, in some case.
pub const WORD: &str = "canary";

/// The word as it is, in hexadecimal, as a list of bytes, and in base64 at each alignment.
const FORMS: [&str; 6] =
    [WORD, "63616e617279", "99, 97, 110, 97, 114, 121", "y2fuyxj5", "nhbmfye", "jyw5hcn"];

/// Returns true if a text holds a canary, in any form.
pub fn has_canary(text: &str) -> bool {
    let text = text.to_lowercase();
    FORMS.iter().any(|form| text.contains(form))
}

/// A secret as programs that search their own memory want it (`tests/secrets/scan.h`): in hexadecimal, each byte turned
/// around, so that their arguments do not hold what is searched for.
pub fn disguise(secret: &[u8]) -> String {
    secret.iter().map(|byte| format!("{:02x}", !byte)).collect()
}
