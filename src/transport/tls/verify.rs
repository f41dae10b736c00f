//! Verifies a server's certificate: by authority, by pinned key, or byte for byte; and finds out why not.

use std::sync::Arc;

use once_cell::sync::OnceCell;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use crate::sync::Lock;
use crate::sys::trust;
use crate::transport::tls::certificate::{Facts, oid};
use crate::transport::tls::explain::{Cause, unsupported_key};
use crate::transport::tls::pem::{endless_variable, oddly_written, unreadable_variable};

type Outcome<T> = std::result::Result<T, Error>;

/// What the verifiers have in common: signatures by the algorithms of the provider.
macro_rules! by_provider {
    ($($more:ident)*) => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            leaf: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Outcome<HandshakeSignatureValid> {
            let known = &self.provider.signature_verification_algorithms;
            verify_tls12_signature(message, leaf, signed, known).map_err(|why| of_signature(why, leaf))
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            leaf: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Outcome<HandshakeSignatureValid> {
            let known = &self.provider.signature_verification_algorithms;
            verify_tls13_signature(message, leaf, signed, known).map_err(|why| of_signature(why, leaf))
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            let known = self.provider.signature_verification_algorithms.supported_schemes();
            [&known[..], &[$(SignatureScheme::$more),*]].concat()
        }
    };
}

fn of_signature(why: Error, leaf: &CertificateDer<'_>) -> Error {
    match Facts::of(leaf) {
        Some(facts) if facts.version != 3 => Cause::Version1.into(),
        Some(facts) => unsupported_key(&facts).map_or(why, Error::from),
        None => why,
    }
}

/// The usual verifier. Authorities that were added are asked first: a server of theirs needs none of the system's,
/// whose hundred and forty certificates take milliseconds and a megabyte.
#[derive(Debug)]
pub struct ByAuthority {
    added: Vec<CertificateDer<'static>>,
    by_added: Option<Arc<WebPkiServerVerifier>>,
    by_system: OnceCell<rustls_platform_verifier::Verifier>,
    provider: Arc<CryptoProvider>,
}

impl ByAuthority {
    pub fn new(
        added: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> std::result::Result<ByAuthority, rustls::server::VerifierBuilderError> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(added.iter().cloned());
        let by_added = match roots.is_empty() {
            true => None,
            false => {
                Some(WebPkiServerVerifier::builder_with_provider(roots.into(), provider.clone()).build()?)
            }
        };
        Ok(ByAuthority { added, by_added, by_system: OnceCell::new(), provider })
    }

    /// Whether it can do without the system's authorities.
    pub fn has_own(&self) -> bool {
        self.by_added.is_some()
    }

    pub fn system(&self) -> Outcome<&rustls_platform_verifier::Verifier> {
        self.by_system.get_or_try_init(|| match endless_variable() {
            Some(why) => Err(Cause::Authorities(why).into()),
            None => rustls_platform_verifier::Verifier::new_with_extra_roots(
                [&self.added[..], &oddly_written()].concat(),
                self.provider.clone(),
            ),
        })
    }
}

impl ServerCertVerifier for ByAuthority {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Outcome<ServerCertVerified> {
        let by_added = self.by_added.as_ref().map(|by| by.verify_server_cert(leaf, chain, name, ocsp, now));
        if let Some(Ok(verified)) = by_added {
            return Ok(verified);
        }
        // Trusted as it is: what is left to be checked is its host and its dates.
        if self.added.iter().any(|added| added.as_ref() == leaf.as_ref()) {
            return verify_known(leaf, name, now);
        }
        let by_system = self.system().and_then(|by| by.verify_server_cert(leaf, chain, name, ocsp, now));
        let by_system = match by_system {
            Ok(verified) => return Ok(verified),
            Err(why) => by_name(why, leaf, now),
        };
        // The error of the side that knows the issuer is the closer one.
        let why = match by_added {
            Some(Err(why)) if !is_unknown_issuer(&why) => why,
            _ => by_system,
        };
        Err(cause(&why, leaf, chain, &self.added, seconds(now)).map_or(why, Error::from))
    }

    by_provider!();
}

/// Gives a refusal of the system the name that rustls has for it.
fn by_name(why: Error, leaf: &[u8], now: UnixTime) -> Error {
    let Error::InvalidCertificate(refusal) = &why else { return why };
    let Some(facts) = Facts::of(leaf) else { return why };
    match refusal {
        CertificateError::Expired if seconds(now) < facts.not_before => CertificateError::NotValidYet.into(),
        CertificateError::Other(inner) => {
            let inner = inner.to_string();
            // Whatever else is wrong with it, no authority vouches for one that is its own.
            let alone = facts.is_self_issued() && trust::words(&inner).is_some();
            match alone || trust::is_unknown_issuer(&inner) {
                true => CertificateError::UnknownIssuer.into(),
                false => why,
            }
        }
        _ => why,
    }
}

fn seconds(now: UnixTime) -> i64 {
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}

fn is_unknown_issuer(why: &Error) -> bool {
    matches!(why, Error::InvalidCertificate(CertificateError::UnknownIssuer))
}

/// Checks a certificate that is itself among those trusted.
fn verify_known(
    leaf: &CertificateDer<'_>,
    name: &ServerName<'_>,
    now: UnixTime,
) -> Outcome<ServerCertVerified> {
    let unreadable = Error::from(CertificateError::BadEncoding);
    let facts = Facts::of(leaf).ok_or(unreadable.clone())?;
    let now = seconds(now);
    match (now < facts.not_before, now > facts.not_after) {
        (true, _) => return Err(CertificateError::NotValidYet.into()),
        (_, true) => return Err(CertificateError::Expired.into()),
        _ => {}
    }
    if facts.version != 3 {
        return Err(Cause::Version1.into());
    }
    let parsed = webpki::EndEntityCert::try_from(leaf).map_err(|_| unreadable)?;
    match parsed.verify_is_valid_for_subject_name(name) {
        Ok(()) => Ok(ServerCertVerified::assertion()),
        Err(_) if !facts.has_names => Err(Cause::NoNames.into()),
        Err(_) => Err(CertificateError::NotValidForName.into()),
    }
}

/// A cause that says more than the error does.
fn cause(
    why: &Error,
    leaf: &[u8],
    chain: &[CertificateDer<'_>],
    added: &[CertificateDer<'_>],
    now: i64,
) -> Option<Cause> {
    let own = Facts::of(leaf)?;
    let all = || std::iter::once(leaf).chain(chain.iter().map(AsRef::as_ref)).filter_map(Facts::of);
    let Error::InvalidCertificate(why) = why else {
        return unreadable_variable().map(Cause::Authorities);
    };
    // The authority itself need not be in the chain.
    let issuers = || {
        let added = added.iter().filter_map(|der| Facts::of(der));
        added.filter(|root| all().any(|facts| facts.issuer == root.subject))
    };
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            (now <= own.not_after).then_some(Cause::ExpiredIssuer)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            (now >= own.not_before).then_some(Cause::EarlyIssuer)
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            (!own.has_names).then_some(Cause::NoNames)
        }
        CertificateError::UnknownIssuer if own.is_self_issued() => Some(Cause::SelfSigned),
        CertificateError::UnknownIssuer => unreadable_variable().map(Cause::Authorities),
        CertificateError::Other(OtherError(inner)) => match inner.downcast_ref::<webpki::Error>() {
            Some(webpki::Error::UnsupportedCertVersion) => Some(Cause::Version1),
            Some(webpki::Error::CaUsedAsEndEntity) if own.is_self_issued() => Some(Cause::SelfSigned),
            Some(webpki::Error::MaximumPathDepthExceeded) => Some(Cause::TooDeep),
            _ if all().any(|facts| facts.version != 3) => Some(Cause::Version1),
            _ => None,
        },
        CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmContext { .. } => {
            let root = issuers().find_map(|root| unsupported_key(&root));
            // Signed by another kind of key than the authority of that name has.
            let by_other = || {
                let differs = |facts: &Facts<'_>| {
                    issuers().any(|root| facts.issuer == root.subject && !facts.may_be_signed_by(&root))
                };
                all().any(|facts| differs(&facts)).then_some(Cause::OtherKey)
            };
            root.or_else(|| of_algorithms(all())).or_else(by_other)
        }
        CertificateError::BadSignature => {
            let short = all().chain(issuers()).find(|facts| (1..2048).contains(&facts.rsa_bits));
            Some(short.map_or(Cause::OtherKey, |facts| Cause::ShortKey(facts.rsa_bits)))
        }
        CertificateError::BadEncoding if own.version != 3 => Some(Cause::Version1),
        _ => None,
    }
}

/// The first of a chain's algorithms that cannot be used. A key comes first: it is why its signatures are odd.
fn of_algorithms<'a>(chain: impl Iterator<Item = Facts<'a>> + Clone) -> Option<Cause> {
    let mut keys = chain.clone().filter_map(|facts| unsupported_key(&facts));
    let signatures = chain.map(|facts| match facts.signature {
        oid::SHA1_RSA | oid::SHA1_ECDSA => Some(Cause::WeakHash("SHA-1")),
        oid::MD5_RSA => Some(Cause::WeakHash("MD5")),
        oid::SHA512_ECDSA => Some(Cause::Sha512),
        oid::SHA224_RSA | oid::SHA224_ECDSA => Some(Cause::Signature("SHA-224")),
        oid::SHA512_256_RSA => Some(Cause::Signature("SHA-512/256")),
        oid::RIPEMD160_RSA => Some(Cause::Signature("RIPEMD-160")),
        signature if signature.starts_with(oid::SHA3) => Some(Cause::Signature("SHA-3")),
        oid::RSA_PSS => Some(Cause::Signature("RSA-PSS of unusual parameters")),
        _ => None,
    });
    keys.next().or_else(|| signatures.flatten().next())
}

/// Accepts the holder of a pinned key; without pins (`tls.verify=0`) accepts anyone.
#[derive(Debug)]
pub struct ByKey {
    pub pins: Vec<[u8; 32]>,
    pub provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for ByKey {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Outcome<ServerCertVerified> {
        if !self.pins.is_empty() {
            let bad = Error::InvalidCertificate(CertificateError::BadEncoding);
            let key = webpki::EndEntityCert::try_from(leaf).map_err(|_| bad)?.subject_public_key_info();
            let digest = ::ring::digest::digest(&::ring::digest::SHA256, key.as_ref());
            if !self.pins.iter().any(|pin| pin == digest.as_ref()) {
                return Err(Cause::NotPinned.into());
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    by_provider!();
}

/// Looks at the certificate of a server with which no algorithm was agreed on, and accepts nothing.
#[derive(Debug)]
pub struct Onlooker {
    pub seen: Lock<Option<Cause>>,
    pub provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Onlooker {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Outcome<ServerCertVerified> {
        *self.seen.lock() = Facts::of(leaf).and_then(|facts| unsupported_key(&facts));
        Err(Error::General("only looking".into()))
    }

    // Signatures are never asked for: no certificate is accepted.
    by_provider!(ECDSA_NISTP521_SHA512 ED448 ECDSA_SHA1_Legacy RSA_PKCS1_SHA1);
}
