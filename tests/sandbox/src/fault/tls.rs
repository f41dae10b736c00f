//! Certificates good and bad, and the server settings that use them. Made afresh each time, so that none expires.

use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, date_time_ymd,
};
use ring::digest::{SHA256, digest};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use rustls::{RootCertStore, SupportedProtocolVersion, version};
use std::sync::Arc;

/// What the server shows. `ca_pem` is what a client would be told to trust; only `Good` and `SelfSigned` then pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cert {
    /// For `localhost`, `127.0.0.1` and `::1`, signed by the CA.
    Good,
    Expired,
    NotYetValid,
    /// For `elsewhere.example` alone.
    WrongHost,
    /// Signed by a CA that is not the one in `ca_pem`.
    UnknownIssuer,
    /// Signed by itself, not a CA; `ca_pem` is itself.
    SelfSigned,
    /// What `openssl req -x509` makes: a CA certificate, signed by itself, used as the server's own.
    CaAsLeaf,
}

pub struct Tls {
    pub config: Arc<ServerConfig>,
    pub ca_pem: String,
    pub leaf_pem: String,
    /// SHA-256 of the leaf's SubjectPublicKeyInfo in base64, as `tls.pin_sha256` takes it.
    pub pin: String,
    /// A client certificate that `ask_client_cert` accepts, and its key.
    pub client_pem: String,
    pub client_key_pem: String,
    parts: Parts,
}

struct Parts {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
    client_ca: CertificateDer<'static>,
    ask_client: bool,
    versions: &'static [&'static SupportedProtocolVersion],
}

impl Tls {
    pub fn new(cert: Cert) -> Tls {
        let key = KeyPair::generate().expect("a key");
        let (ca, ca_cert) = authority("libcrux test CA");
        let host = match cert {
            Cert::WrongHost => vec!["elsewhere.example".into()],
            _ => vec!["localhost".into(), "127.0.0.1".into(), "::1".into()],
        };
        let mut params = params("libcrux test server", host);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        match cert {
            Cert::Expired => params.not_after = date_time_ymd(2001, 1, 1),
            Cert::NotYetValid => params.not_before = date_time_ymd(4000, 1, 1),
            Cert::CaAsLeaf => make_ca(&mut params),
            _ => {}
        }
        let leaf = match cert {
            Cert::SelfSigned | Cert::CaAsLeaf => params.self_signed(&key),
            Cert::UnknownIssuer => params.signed_by(&key, &authority("libcrux other CA").0),
            _ => params.signed_by(&key, &ca),
        };
        let leaf = leaf.expect("a certificate");

        let client_key = KeyPair::generate().expect("a key");
        let mut client = self::params("libcrux test client", vec!["client.example".into()]);
        client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let client = client.signed_by(&client_key, &ca).expect("a certificate");

        let ca_pem = match cert {
            Cert::SelfSigned | Cert::CaAsLeaf => leaf.pem(),
            _ => ca_cert.pem(),
        };
        let parts = Parts {
            chain: vec![leaf.der().clone()],
            client_ca: ca_cert.der().clone(),
            ask_client: false,
            versions: rustls::ALL_VERSIONS,
            key,
        };
        Tls {
            config: parts.config(),
            ca_pem,
            leaf_pem: leaf.pem(),
            pin: BASE64_STANDARD.encode(digest(&SHA256, &parts.key.subject_public_key_info())),
            client_pem: client.pem(),
            client_key_pem: client_key.serialize_pem(),
            parts,
        }
    }

    /// The key of the leaf, for a server that reads it from a file.
    pub fn leaf_key_pem(&self) -> String {
        self.parts.key.serialize_pem()
    }

    /// Refuses a client that does not show a certificate of the CA.
    pub fn ask_client_cert(mut self) -> Tls {
        self.parts.ask_client = true;
        self.config = self.parts.config();
        self
    }

    pub fn only_tls12(mut self) -> Tls {
        self.parts.versions = ONLY_TLS12;
        self.config = self.parts.config();
        self
    }
}

static ONLY_TLS12: &[&SupportedProtocolVersion] = &[&version::TLS12];

impl Parts {
    fn config(&self) -> Arc<ServerConfig> {
        let provider = Arc::new(default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(self.versions)
            .expect("versions that ring knows");
        let builder = if self.ask_client {
            let mut roots = RootCertStore::empty();
            roots.add(self.client_ca.clone()).expect("a CA");
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let config = builder.with_single_cert(self.chain.clone(), key);
        Arc::new(config.expect("a certificate that matches its key"))
    }
}

fn params(name: &str, hosts: Vec<String>) -> CertificateParams {
    let mut params = CertificateParams::new(hosts).expect("names");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2000, 1, 1);
    params
}

fn make_ca(params: &mut CertificateParams) {
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
}

fn authority(name: &str) -> (Issuer<'static, KeyPair>, rcgen::Certificate) {
    let key = KeyPair::generate().expect("a key");
    let mut params = params(name, Vec::new());
    make_ca(&mut params);
    let cert = params.self_signed(&key).expect("a certificate");
    (Issuer::new(params, key), cert)
}
