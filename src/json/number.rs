//! Decimal numbers as whole ones, exactly.

/// A decimal number as a whole one; `None` if it has a fraction or does not fit.
pub fn whole(text: &str) -> Option<i64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{before}{after}");
    if before.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let leading = digits.len() - digits.trim_start_matches('0').len();
    let digits = &digits[leading..];
    if digits.is_empty() {
        return Some(0);
    }
    // How many digits stand before the point once the exponent has moved it.
    let point = (before.len() as i64 - leading as i64).checked_add(exponent.parse().ok()?)?;
    // Nineteen digits hold every number that fits.
    let point = usize::try_from(point).ok().filter(|point| (1..=19).contains(point))?;
    let (kept, fraction) = digits.split_at(point.min(digits.len()));
    if fraction.bytes().any(|b| b != b'0') {
        return None;
    }
    format!("{}{kept:0<point$}", if negative { "-" } else { "" }).parse().ok()
}
