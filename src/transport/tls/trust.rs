//! Whom to trust: the system's authorities, added ones, pinned keys; and why a server is not.

use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine};
use once_cell::sync::OnceCell;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, InvalidMessage,
    PeerIncompatible, RootCertStore, SignatureScheme,
};

use crate::error::{Code, Error, Result};

/// What the options say about TLS.
#[derive(Clone, Debug, Default)]
pub struct TlsOptions {
    pub ca_file: Option<String>,
    pub ca_pem: Option<String>,
    pub pins: Option<String>,
    pub client_cert_file: Option<String>,
    pub client_key_file: Option<String>,
    pub only_tls13: bool,
    pub accept_any: bool,
}

/// The TLS set-up of one client, made when it first needs TLS: reading the system's certificates
/// takes milliseconds and can fail, and then be tried again.
#[derive(Debug, Default)]
pub struct Trust {
    options: TlsOptions,
    pins: Vec<[u8; 32]>,
    config: OnceCell<Arc<ClientConfig>>,
}

impl Trust {
    /// Checks what can be checked without touching a file.
    pub fn new(options: TlsOptions) -> Result<Trust> {
        let pins = match &options.pins {
            Some(text) => parse_pins(text)?,
            None => Vec::new(),
        };
        if options.client_cert_file.is_some() != options.client_key_file.is_some() {
            return Err(Error::argument(
                "A client certificate needs both options, \"tls.client_cert_file\" and \"tls.client_key_file\".",
            ));
        }
        let trust = Trust { options, pins, config: OnceCell::new() };
        // A file that was named and cannot be read must not wait for the first request to be told.
        trust.extra_roots()?;
        trust.own_certificate(&ring::default_provider())?;
        Ok(trust)
    }

    pub fn config(&self) -> Result<Arc<ClientConfig>> {
        self.config.get_or_try_init(|| self.build()).cloned()
    }

    fn build(&self) -> Result<Arc<ClientConfig>> {
        let provider = Arc::new(ring::default_provider());
        let versions: &[&rustls::SupportedProtocolVersion] =
            if self.options.only_tls13 { &[&rustls::version::TLS13] } else { rustls::ALL_VERSIONS };
        let judge: Arc<dyn ServerCertVerifier> = if self.options.accept_any || !self.pins.is_empty() {
            Arc::new(ByKey { pins: self.pins.clone(), provider: provider.clone() })
        } else {
            let added = self.extra_roots()?;
            let judge = ByAuthority {
                by_added: by_added(&added, &provider)?,
                added,
                provider: provider.clone(),
                by_system: OnceCell::new(),
            };
            if judge.by_added.is_none() {
                judge.system().map_err(|_| tls("The system's certificate authorities could not be read."))?;
            }
            Arc::new(judge)
        };
        let own = self.own_certificate(&provider)?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .map_err(|_| tls("TLS could not be set up."))?
            .dangerous()
            .with_custom_certificate_verifier(judge);
        Ok(Arc::new(match own {
            Some(own) => builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(own))),
            None => builder.with_no_client_auth(),
        }))
    }

    fn extra_roots(&self) -> Result<Vec<CertificateDer<'static>>> {
        let mut roots = Vec::new();
        if let Some(path) = &self.options.ca_file {
            roots.extend(certificates_in(path, "tls.ca_file")?);
        }
        if let Some(pem) = &self.options.ca_pem {
            roots.extend(certificates(pem.as_bytes()).ok_or_else(|| {
                Error::argument("The option \"tls.ca_pem\" holds no certificate in PEM form.")
            })?);
        }
        // The verifier would refuse all of them for one that is not an authority's.
        for root in &roots {
            webpki::anchor_from_trusted_cert(root).map_err(|_| {
                Error::argument("One of the added certificate authorities is not a valid certificate.")
            })?;
        }
        Ok(roots)
    }

    /// The client's certificate and key, if it has one; they are known to belong together.
    fn own_certificate(&self, provider: &CryptoProvider) -> Result<Option<CertifiedKey>> {
        let (Some(cert), Some(key)) = (&self.options.client_cert_file, &self.options.client_key_file) else {
            return Ok(None);
        };
        let chain = certificates_in(cert, "tls.client_cert_file")?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(|_| {
            Error::new(
                Code::File,
                format!("No private key in PEM form could be read from {key} (option tls.client_key_file)."),
            )
        })?;
        CertifiedKey::from_der(chain, key, provider).map(Some).map_err(|_| {
            Error::argument("The client certificate and its private key do not belong together.")
        })
    }
}

fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let found: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    found.ok().filter(|all| !all.is_empty())
}

fn certificates_in(path: &str, option: &str) -> Result<Vec<CertificateDer<'static>>> {
    // A pipe would wait for whoever writes to it.
    let pem = match std::fs::metadata(path) {
        Ok(facts) if !facts.is_file() => Err(std::io::ErrorKind::InvalidInput.into()),
        _ => std::fs::read(path),
    };
    let pem = pem.map_err(|why| {
        Error::new(
            Code::File,
            format!("The file {path} (option {option}) could not be read: {}.", why.kind()),
        )
    })?;
    certificates(&pem).ok_or_else(|| {
        Error::new(Code::File, format!("The file {path} (option {option}) holds no certificate in PEM form."))
    })
}

fn parse_pins(text: &str) -> Result<Vec<[u8; 32]>> {
    let wrong = || {
        Error::argument(
            "The option \"tls.pin_sha256\" must hold the SHA-256 of a public key in base64, several separated by \";\".",
        )
    };
    let pins: Result<Vec<[u8; 32]>> = text
        .split(';')
        .map(|pin| pin.trim())
        .filter(|pin| !pin.is_empty())
        .map(|pin| BASE64_STANDARD.decode(pin.strip_prefix("sha256//").unwrap_or(pin)).map_err(|_| wrong()))
        .map(|pin| pin?.try_into().map_err(|_| wrong()))
        .collect();
    pins.and_then(|pins| if pins.is_empty() { Err(wrong()) } else { Ok(pins) })
}

/// The usual judge, which tells a self-signed certificate from one of an unknown issuer. Who was added by
/// hand is asked first: a server of theirs needs none of the system's authorities, whose hundred and forty
/// certificates take milliseconds and a megabyte.
#[derive(Debug)]
struct ByAuthority {
    added: Vec<CertificateDer<'static>>,
    by_added: Option<Arc<WebPkiServerVerifier>>,
    by_system: OnceCell<rustls_platform_verifier::Verifier>,
    provider: Arc<CryptoProvider>,
}

fn by_added(
    added: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<WebPkiServerVerifier>>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(added.iter().cloned());
    if roots.is_empty() {
        return Ok(None);
    }
    let built = WebPkiServerVerifier::builder_with_provider(roots.into(), provider.clone()).build();
    built.map(Some).map_err(|_| tls("TLS could not be set up."))
}

impl ByAuthority {
    fn system(&self) -> std::result::Result<&rustls_platform_verifier::Verifier, rustls::Error> {
        self.by_system.get_or_try_init(|| {
            rustls_platform_verifier::Verifier::new_with_extra_roots(
                self.added.clone(),
                self.provider.clone(),
            )
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
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if let Some(added) = &self.by_added
            && let Ok(verified) = added.verify_server_cert(leaf, chain, name, ocsp, now)
        {
            return Ok(verified);
        }
        self.system()?.verify_server_cert(leaf, chain, name, ocsp, now).map_err(|why| {
            let own_issuer = webpki::EndEntityCert::try_from(leaf).is_ok_and(|c| c.issuer() == c.subject());
            let untrusted = matches!(
                why,
                rustls::Error::InvalidCertificate(
                    CertificateError::UnknownIssuer | CertificateError::Other(_)
                )
            );
            if own_issuer && untrusted { rustls::Error::General(SELF_SIGNED.into()) } else { why }
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, leaf, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, leaf, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Accepts the holder of a pinned key; without pins (`tls.verify=0`) accepts anyone.
#[derive(Debug)]
struct ByKey {
    pins: Vec<[u8; 32]>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for ByKey {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if !self.pins.is_empty() {
            let bad = rustls::Error::InvalidCertificate(CertificateError::BadEncoding);
            let key = webpki::EndEntityCert::try_from(leaf).map_err(|_| bad)?.subject_public_key_info();
            let digest = ::ring::digest::digest(&::ring::digest::SHA256, key.as_ref());
            if !self.pins.iter().any(|pin| pin == digest.as_ref()) {
                return Err(rustls::Error::General(NOT_PINNED.into()));
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, leaf, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, leaf, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

const SELF_SIGNED: &str = "self-signed";
const NOT_PINNED: &str = "not pinned";

fn tls(message: impl Into<String>) -> Error {
    Error::new(Code::Tls, message)
}

/// The sentence for a failed handshake. rustls' own words stay inside: they may quote the peer.
pub fn explain(error: &rustls::Error, host: &str) -> Error {
    use CertificateError as C;
    use rustls::Error as E;
    tls(match error {
        E::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => {
            format!(
                "The certificate of {host} has expired; its owner must renew it, or this computer's clock is wrong."
            )
        }
        E::InvalidCertificate(C::NotValidYet | C::NotValidYetContext { .. }) => {
            format!("The certificate of {host} is not valid yet; check this computer's clock.")
        }
        E::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. }) => {
            format!("The certificate shown is for another host than {host}; check the name in the URL.")
        }
        E::InvalidCertificate(C::UnknownIssuer) => format!(
            "The certificate of {host} was issued by an authority that this computer does not know; \
             if it is your company's, name its file in tls.ca_file."
        ),
        E::InvalidCertificate(C::Revoked) => format!("The certificate of {host} has been revoked."),
        E::General(why) if why == SELF_SIGNED => format!(
            "The certificate of {host} is self-signed, so nobody vouches for it; if you know the server, pin its key with tls.pin_sha256."
        ),
        E::General(why) if why == NOT_PINNED => {
            format!(
                "The key of {host} is none of those pinned with tls.pin_sha256; somebody may be in between."
            )
        }
        E::InvalidCertificate(_) => format!("The certificate of {host} is not valid."),
        E::InvalidMessage(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion) => {
            format!("{host} did not answer in TLS; the port may speak plain http, or a proxy is in between.")
        }
        E::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        )
        | E::AlertReceived(AlertDescription::ProtocolVersion) => {
            format!("{host} offers no TLS version that is allowed (option tls.min_version).")
        }
        E::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        ) => format!(
            "{host} did not accept us without a client certificate it knows (options tls.client_cert_file and tls.client_key_file)."
        ),
        E::AlertReceived(_) => format!("{host} refused the TLS connection."),
        _ => format!("The TLS connection to {host} failed."),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_with_and_without_prefix() {
        let one = BASE64_STANDARD.encode([1; 32]);
        let two = BASE64_STANDARD.encode([2; 32]);
        assert_eq!(parse_pins(&format!("sha256//{one}; {two};")).unwrap(), vec![[1; 32], [2; 32]]);
        for wrong in ["", ";", "abc", "sha256//", &BASE64_STANDARD.encode([1; 31])] {
            assert!(parse_pins(wrong).is_err(), "{wrong}");
        }
    }
}
