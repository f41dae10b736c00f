//! The certificate authority a sandbox makes for itself, and the leaf it serves.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, date_time_ymd,
};
use tokio_rustls::rustls::{ServerConfig, crypto, pki_types};

/// The names the leaf is valid for.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
const DAY: u64 = 86_400;

pub struct Identity {
    pub ca_pem: String,
    pub config: Arc<ServerConfig>,
    /// DER of the leaf's SubjectPublicKeyInfo.
    pub leaf_key: Vec<u8>,
}

impl Identity {
    pub fn new() -> io::Result<Identity> {
        let (ca_pem, issuer) = authority().map_err(io::Error::other)?;
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let leaf = leaf().map_err(io::Error::other)?;
        let leaf = leaf.signed_by(&key, &issuer).map_err(io::Error::other)?;

        let secret = pki_types::PrivatePkcs8KeyDer::from(key.serialize_der());
        let provider = Arc::new(crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], secret.into())
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Identity { ca_pem, config: Arc::new(config), leaf_key: key.subject_public_key_info() })
    }
}

fn authority() -> Result<(String, Issuer<'static, KeyPair>), rcgen::Error> {
    let mut params = dated(CertificateParams::default());
    params.distinguished_name.push(DnType::CommonName, "libcrux sandbox CA (loopback only)");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate()?;
    let pem = params.self_signed(&key)?.pem();
    Ok((pem, Issuer::new(params, key)))
}

fn leaf() -> Result<CertificateParams, rcgen::Error> {
    let names: Vec<String> = NAMES.iter().map(ToString::to_string).collect();
    let mut params = dated(CertificateParams::new(names)?);
    params.distinguished_name.push(DnType::CommonName, "libcrux sandbox");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

/// From yesterday (clocks differ) for a year: some verifiers refuse a leaf of many years.
fn dated(mut params: CertificateParams) -> CertificateParams {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let today = date_time_ymd(1970, 1, 1) + now;
    params.not_before = today - Duration::from_secs(DAY);
    params.not_after = today + Duration::from_secs(365 * DAY);
    params
}
