//! What a certificate says of itself: version, names, dates, algorithms. For sentences, and for a certificate that is
//! trusted byte for byte; chains are verified by webpki.

/// Object identifiers, in DER.
pub mod oid {
    pub const MD5_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4];
    pub const SHA1_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5];
    pub const SHA1_ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1];
    pub const SHA512_ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4];
    pub const SHA224_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14];
    pub const SHA224_ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1];
    pub const SHA512_256_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 16];
    pub const RIPEMD160_RSA: &[u8] = &[0x2b, 0x24, 3, 3, 1, 2];
    /// How the signatures of this family begin.
    pub const SHA3: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3];
    /// How the signatures of these keys begin.
    pub const BY_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
    pub const BY_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4];
    pub const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    pub const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
    pub const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    pub const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    pub const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
    pub const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];
    pub const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
    pub const ED448: &[u8] = &[0x2b, 0x65, 0x71];
    pub const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
    pub const ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 2;
const OID: u8 = 6;

/// What is read of a certificate.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// 1 or 3.
    pub version: u8,
    pub signature: &'a [u8],
    pub issuer: &'a [u8],
    pub subject: &'a [u8],
    /// Seconds since 1970.
    pub not_before: i64,
    pub not_after: i64,
    /// Algorithm of the key, and its curve if it has one.
    pub key: &'a [u8],
    pub curve: &'a [u8],
    /// Length of an RSA key; 0 for others.
    pub rsa_bits: usize,
    /// Whether its subjectAltName holds hosts or addresses, which alone count as names.
    pub has_names: bool,
}

/// Length of the first element, head included.
pub fn length(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    take(&mut rest)?;
    Some(bytes.len() - rest.len())
}

/// Takes one element: its tag and content.
fn take<'a>(input: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (tag, rest) = input.split_first()?;
    let (first, mut rest) = rest.split_first()?;
    let length = match *first {
        short @ 0..=0x7f => usize::from(short),
        long @ 0x81..=0x84 => {
            let (digits, after) = rest.split_at_checked(usize::from(long & 0x7f))?;
            rest = after;
            digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit))
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    *input = rest;
    Some((*tag, content))
}

fn take_if<'a>(input: &mut &'a [u8], wanted: u8) -> Option<&'a [u8]> {
    let mut rest = *input;
    let (tag, content) = take(&mut rest)?;
    (tag == wanted).then(|| {
        *input = rest;
        content
    })
}

impl<'a> Facts<'a> {
    pub fn of(der: &'a [u8]) -> Option<Facts<'a>> {
        let mut facts = Facts::default();
        let mut whole = take_if(&mut &*der, SEQUENCE)?;
        let mut body = take_if(&mut whole, SEQUENCE)?;
        // [0] EXPLICIT; without it, it is version 1.
        let version = take_if(&mut body, 0xa0).and_then(|mut v| take_if(&mut v, INTEGER)?.last().copied());
        facts.version = version.unwrap_or(0).saturating_add(1);
        take_if(&mut body, INTEGER)?;
        facts.signature = take_if(&mut take_if(&mut body, SEQUENCE)?, OID)?;
        facts.issuer = take_if(&mut body, SEQUENCE)?;
        let mut dates = take_if(&mut body, SEQUENCE)?;
        facts.not_before = time(take(&mut dates)?)?;
        facts.not_after = time(take(&mut dates)?)?;
        facts.subject = take_if(&mut body, SEQUENCE)?;
        let mut key = take_if(&mut body, SEQUENCE)?;
        let mut algorithm = take_if(&mut key, SEQUENCE)?;
        facts.key = take_if(&mut algorithm, OID)?;
        facts.curve = take_if(&mut algorithm, OID).unwrap_or_default();
        if facts.key == oid::RSA || facts.key == oid::RSA_PSS {
            // A bit string starts with the number of bits that are too many.
            let bits = take_if(&mut key, 3)?.get(1..)?;
            let modulus = take_if(&mut take_if(&mut &*bits, SEQUENCE)?, INTEGER)?;
            let zeroes = modulus.iter().take_while(|b| **b == 0).count();
            let top = modulus.get(zeroes).map_or(0, |b| b.leading_zeros() as usize);
            facts.rsa_bits = (modulus.len() - zeroes) * 8 - top;
        }
        while let Some((tag, mut content)) = take(&mut body) {
            if tag == 0xa3 {
                let mut all = take_if(&mut content, SEQUENCE)?;
                while let Some(mut one) = take_if(&mut all, SEQUENCE) {
                    facts.has_names |= take_if(&mut one, OID) == Some(oid::ALT_NAME) && names_hosts(one);
                }
            }
        }
        Some(facts)
    }

    /// Whether the issuer's key is of the kind that signed this certificate; true if that is not known.
    pub fn may_be_signed_by(&self, issuer: &Facts<'_>) -> bool {
        let by = [(oid::BY_RSA, oid::RSA), (oid::BY_EC, oid::EC)];
        let known = by.iter().find(|(signature, _)| self.signature.starts_with(signature));
        known.is_none_or(|(_, key)| issuer.key == *key)
    }

    /// Whether it names itself as its issuer.
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }
}

/// Whether there is a host or an address among the names of an extension, of which a mark may come first.
fn names_hosts(mut rest: &[u8]) -> bool {
    take_if(&mut rest, 1);
    let names = take_if(&mut rest, 4).and_then(|mut value| take_if(&mut value, SEQUENCE));
    let Some(mut names) = names else { return true };
    while let Some((tag, _)) = take(&mut names) {
        if matches!(tag, 0x82 | 0x87) {
            return true;
        }
    }
    false
}

/// UTCTime or GeneralizedTime, in seconds since 1970.
fn time((tag, text): (u8, &[u8])) -> Option<i64> {
    let (century, text) = match tag {
        0x17 => (None, text),
        0x18 => {
            let (century, text) = text.split_at_checked(2)?;
            (Some(number(century)?), text)
        }
        _ => return None,
    };
    let [year, month, day, hour, minute, second] =
        std::array::from_fn(|at| number(text.get(2 * at..2 * at + 2).unwrap_or_default()));
    let year = year?;
    let year = century.map_or(if year >= 50 { 1900 + year } else { 2000 + year }, |c| c * 100 + year);
    let (month, day) = (month?, day?);
    // Days of the civil calendar, counted from a year that starts in March.
    let shifted = if month > 2 { year } else { year - 1 };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * 86_400 + hour? * 3600 + minute? * 60 + second.unwrap_or(0))
}

fn number(digits: &[u8]) -> Option<i64> {
    let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    all.then(|| digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(time((0x17, b"700101000000Z")), Some(0));
        assert_eq!(time((0x17, b"240229120001Z")), Some(1_709_208_001));
        assert_eq!(time((0x18, b"40000101000000Z")), Some(64_060_588_800));
        assert_eq!(time((0x18, b"x")), None);
    }

    #[test]
    fn nothing_in_a_certificate_makes_it_panic() {
        let pem = rcgen::generate_simple_self_signed(["a.test".to_owned()]).unwrap();
        let der = pem.cert.der();
        let facts = Facts::of(der).unwrap();
        assert!(facts.version == 3 && facts.has_names && facts.is_self_issued());
        assert!(facts.key == oid::EC && facts.curve == oid::P256 && facts.not_before < facts.not_after);
        assert_eq!(length(der), Some(der.len()));
        for at in 0..der.len() {
            let _ = Facts::of(&der[..at]);
            let mut wrong = der.to_vec();
            for byte in [0, 0x80, 0xff] {
                wrong[at] = byte;
                let _ = Facts::of(&wrong);
            }
        }
    }
}
