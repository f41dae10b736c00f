//! Whom to trust: the system's authorities, added ones, pinned keys; and the client's own certificate.

use std::cell::Cell;
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine};
use once_cell::sync::OnceCell;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, InconsistentKeys, SignatureScheme};
use zeroize::Zeroizing;

use crate::error::{Code, Error, Result, in_words};
use crate::sync::Lock;
use crate::transport::tls::certificate::{Facts, length};
use crate::transport::tls::explain::tls;
use crate::transport::tls::pem::{Block, certificates, read_file, text_of, unreadable_variable};
use crate::transport::tls::verify::{ByAuthority, ByKey, Onlooker};

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
    for_others: OnceCell<Arc<ClientConfig>>,
}

thread_local! {
    /// Whether a handshake on this thread was asked for a client certificate.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Takes the word of a handshake on this thread that was asked for a client certificate.
pub fn take_asked() -> bool {
    ASKED.take()
}

/// The client's certificate and key, if it has one; notes that a server asked.
#[derive(Debug)]
struct Own(Option<Arc<CertifiedKey>>);

impl ResolvesClientCert for Own {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        ASKED.set(true);
        self.0.clone()
    }

    fn has_certs(&self) -> bool {
        self.0.is_some()
    }
}

impl Trust {
    /// Checks what can be checked without touching the network.
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
        let trust = Trust { options, pins, ..Trust::default() };
        // A file that was named and cannot be read must not wait for the first request to be told.
        trust.extra_roots()?;
        trust.own_certificate()?;
        Ok(trust)
    }

    /// The set-up for the client's own origins.
    pub fn config(&self) -> Result<Arc<ClientConfig>> {
        let make = || {
            let provider = Arc::new(ring::default_provider());
            let own = self.own_certificate()?;
            let verifier = match self.pins.is_empty() {
                true => self.by_authority(&provider)?,
                false => Arc::new(ByKey { pins: self.pins.clone(), provider: provider.clone() }),
            };
            self.build(provider, verifier, own)
        };
        self.config.get_or_try_init(make).cloned()
    }

    /// The set-up for other origins and for proxies, which have other keys, and no business with the client's own.
    pub fn config_for_others(&self) -> Result<Arc<ClientConfig>> {
        let make = || {
            let provider = Arc::new(ring::default_provider());
            let verifier = self.by_authority(&provider)?;
            self.build(provider, verifier, None)
        };
        self.for_others.get_or_try_init(make).cloned()
    }

    /// A set-up that only looks at a server's certificate, and what it saw.
    pub fn config_for_a_look(&self) -> Result<(Arc<ClientConfig>, Arc<Onlooker>)> {
        let provider = Arc::new(ring::default_provider());
        let onlooker = Arc::new(Onlooker { seen: Lock::default(), provider: provider.clone() });
        let mut config = Arc::unwrap_or_clone(self.build(provider, onlooker.clone(), None)?);
        config.resumption = rustls::client::Resumption::disabled();
        Ok((Arc::new(config), onlooker))
    }

    fn by_authority(&self, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
        if self.options.accept_any {
            return Ok(Arc::new(ByKey { pins: Vec::new(), provider: provider.clone() }));
        }
        let verifier = ByAuthority::new(self.extra_roots()?, provider.clone())
            .map_err(|_| tls("The certificate authorities that were added could not be set up."))?;
        if !verifier.has_own() {
            verifier.system().map_err(|_| match unreadable_variable() {
                Some(why) => tls(format!(
                    "The system's certificate authorities could not be read: {why}. Correct or unset it."
                )),
                None => tls(
                    "The system has no certificate authorities that could be read; install them (often the package ca-certificates), or name a file in the option \"tls.ca_file\".",
                ),
            })?;
        }
        Ok(Arc::new(verifier))
    }

    fn build(
        &self,
        provider: Arc<CryptoProvider>,
        verifier: Arc<dyn ServerCertVerifier>,
        own: Option<CertifiedKey>,
    ) -> Result<Arc<ClientConfig>> {
        let versions: &[&rustls::SupportedProtocolVersion] =
            if self.options.only_tls13 { &[&rustls::version::TLS13] } else { rustls::ALL_VERSIONS };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .map_err(|_| tls("TLS could not be set up."))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        Ok(Arc::new(builder.with_client_cert_resolver(Arc::new(Own(own.map(Arc::new))))))
    }

    fn extra_roots(&self) -> Result<Vec<CertificateDer<'static>>> {
        let mut roots = Vec::new();
        if let Some(path) = &self.options.ca_file {
            roots.extend(certificates_in(path, "tls.ca_file")?);
        }
        if let Some(pem) = &self.options.ca_pem {
            let found = certificates(pem);
            roots.extend(found.map_err(|why| {
                Error::argument(format!("The option \"tls.ca_pem\" is not usable: {why}."))
            })?);
        }
        Ok(roots)
    }

    /// The client's certificate and key, if it has one; they are known to belong together.
    fn own_certificate(&self) -> Result<Option<CertifiedKey>> {
        let (Some(cert), Some(key)) = (&self.options.client_cert_file, &self.options.client_key_file) else {
            return Ok(None);
        };
        let chain = certificates_in(cert, "tls.client_cert_file")?;
        let wrong = |why: &str| {
            Error::new(Code::File, format!("The file {key} (option \"tls.client_key_file\") {why}."))
        };
        let text = read(key, "tls.client_key_file")?;
        let text = text_of(&text);
        let block = Block::all(&text).into_iter().find(Block::is_key);
        let block = block.ok_or_else(|| wrong("holds no private key in PEM form"))?;
        if block.is_encrypted() {
            return Err(wrong(
                "holds a key that is encrypted with a password; store it without one, for example with: openssl pkey",
            ));
        }
        if block.label == "OPENSSH PRIVATE KEY" {
            return Err(wrong(
                "holds a key in the form of OpenSSH; convert a copy of it, for example with: ssh-keygen -p -m PEM -f COPY",
            ));
        }
        let whole = block.bytes().filter(|bytes| length(bytes) == Some(bytes.len()));
        let bytes = whole.ok_or_else(|| wrong("holds a private key that is damaged"))?;
        // Some tools write the label of another form.
        let forms = [
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(&bytes[..])),
            PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(&bytes[..])),
            PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(&bytes[..])),
        ];
        let signer = forms.iter().find_map(|der| ring::sign::any_supported_type(der).ok());
        let signer = signer.ok_or_else(|| {
            wrong(
                "holds a private key of a kind that is not supported; RSA of 2048 to 8192 bits, P-256, P-384 and Ed25519 are",
            )
        })?;
        if chain.first().and_then(|leaf| Facts::of(leaf)).is_some_and(|facts| facts.version != 3) {
            return Err(Error::argument(format!(
                "The client certificate in {cert} (option \"tls.client_cert_file\") is of X.509 version 1; get one of version 3."
            )));
        }
        let own = CertifiedKey::new(chain, signer);
        match own.keys_match() {
            Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(Some(own)),
            Err(_) => Err(Error::argument(format!(
                "The client certificate in {cert} and the private key in {key} do not belong together (options \"tls.client_cert_file\" and \"tls.client_key_file\")."
            ))),
        }
    }
}

fn certificates_in(path: &str, option: &str) -> Result<Vec<CertificateDer<'static>>> {
    let pem = read(path, option)?;
    certificates(&text_of(&pem)).map_err(|why| {
        Error::new(Code::File, format!("The file {path} (option \"{option}\") is not usable: {why}."))
    })
}

fn read(path: &str, option: &str) -> Result<Zeroizing<Vec<u8>>> {
    read_file(path).map_err(|why| {
        let why = in_words(&why);
        Error::new(Code::File, format!("The file {path} (option \"{option}\") could not be read: {why}."))
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
